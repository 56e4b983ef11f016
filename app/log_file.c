#include "app/log_file.h"

#include <string.h>

#include "platform/base/str.h"

enum { LOG_CELL_MAX = 40, LOG_DAY_MIN = 24 * 60 };

/* One cell without its quotes and blanks; *at moves past what parts it from the next. */
static bool log_cell(const char **at, const char *end, char out[LOG_CELL_MAX])
{
    const char *from = *at;
    const char *to = from;
    while (to < end && *to != ',' && *to != ';' && *to != '\t')
        to++;
    *at = to < end ? to + 1 : to;
    while (from < to && (*from == ' ' || *from == '"'))
        from++;
    while (to > from && (to[-1] == ' ' || to[-1] == '"' || to[-1] == '\r'))
        to--;
    if ((size_t)(to - from) >= LOG_CELL_MAX)
        return false;
    memcpy(out, from, (size_t)(to - from));
    out[to - from] = '\0';
    return true;
}

/* "10:42" or "10:42:30" or either behind a date, as minutes of the day. */
static bool log_clock(const char *text, double *out)
{
    const char *space = strrchr(text, ' ');
    const char *at = space != NULL                ? space + 1
                     : strrchr(text, 'T') != NULL ? strrchr(text, 'T') + 1
                                                  : text;
    double part[3] = { 0 };
    size_t n = 0;
    while (n < COUNT_OF(part) && *at >= '0' && *at <= '9') {
        while (*at >= '0' && *at <= '9')
            part[n] = part[n] * 10 + (*at++ - '0');
        n++;
        if (*at != ':')
            break;
        at++;
    }
    if (n < 2 || *at != '\0' || part[0] > 23 || part[1] > 59 || part[2] > 59)
        return false;
    *out = part[0] * 60 + part[1] + part[2] / 60;
    return true;
}

struct log_state {
    struct buf out;
    double first, last; /* clock minutes */
    double minutes;     /* of the last reading */
    bool clock;
    bool back; /* a reading is earlier than the one before it */
    size_t count;
};

static bool log_minutes(struct log_state *s, const char *text, double *out)
{
    double clock = 0;
    if (str_to_f64(text, out))
        return !s->clock;
    if (!log_clock(text, &clock) || (s->count > 0 && !s->clock))
        return false;
    if (s->count == 0)
        s->first = s->last = clock;
    s->clock = true;
    /* A run over midnight goes on; a clock that was put back does not. */
    while (clock < s->last)
        clock += LOG_DAY_MIN;
    s->back = s->back || clock - s->last > LOG_DAY_MIN / 2.0;
    s->last = clock;
    *out = clock - s->first;
    return true;
}

/* Returns whether the line is a reading. */
static bool log_line_read(struct log_state *s, const char *from, const char *end)
{
    char when[LOG_CELL_MAX], degrees[LOG_CELL_MAX];
    double minutes = 0;
    double value = 0;
    const char *at = from;
    if (!log_cell(&at, end, when) || !log_cell(&at, end, degrees) || !str_to_f64(degrees, &value) ||
        !log_minutes(s, when, &minutes))
        return false;
    s->back = s->back || (s->count > 0 && minutes < s->minutes);
    s->minutes = minutes;
    buf_printf(&s->out, "%s%.6g %.6g", s->count == 0 ? "" : " ", minutes, value);
    s->count++;
    return true;
}

static bool log_blank(const char *from, const char *end)
{
    for (; from < end; from++)
        if (*from != ' ' && *from != '\r' && *from != ',' && *from != ';' && *from != '\t')
            return false;
    return true;
}

enum err log_file_parse(struct arena *a, const char *text, size_t len, size_t max, char **out,
                        size_t *out_count, struct why *why)
{
    struct log_state s = { .count = 0 };
    const char *end = text + len;
    const char *at = text;
    enum err rc = ERR_OK;
    unsigned row = 0;
    buf_init(&s.out, max);
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        at += 3;
    while (at < end && rc == ERR_OK) {
        const char *line = memchr(at, '\n', (size_t)(end - at));
        const char *to = line == NULL ? end : line;
        row++;
        if (!log_blank(at, to) && !log_line_read(&s, at, to) && row > 1)
            rc = why_set(why, ERR_INPUT, 0,
                         "line %u is no reading: minutes or a time of day, then degrees", row);
        else if (s.back)
            rc = why_set(why, ERR_INPUT, 0,
                         "the time on line %u comes before that of the line above", row);
        at = to < end ? to + 1 : end;
    }
    if (rc == ERR_OK && s.count < 2)
        rc = why_set(why, ERR_INPUT, 0, "there are no readings in it");
    if (rc == ERR_OK && buf_done(&s.out, NULL) != ERR_OK)
        rc = why_set(why, ERR_LIMIT, 0,
                     "more readings than a record holds: let the logger write one a minute");
    char *copy = rc == ERR_OK ? arena_strndup(a, s.out.data, s.out.len) : NULL;
    buf_free(&s.out);
    if (rc != ERR_OK)
        return rc;
    if (copy == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for the log");
    *out = copy;
    *out_count = s.count;
    return ERR_OK;
}
