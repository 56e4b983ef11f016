#include "app/log_file.h"

#include <math.h>
#include <string.h>

#include "platform/base/str.h"

enum {
    LOG_CELL_MAX = 40,
    LOG_DAY_MIN = 24 * 60,
    LOG_PAIR_BYTES = 12, /* of a pair, about: the search for how many fit begins there */
};

/* A temperature of two decimals, times 100, may be off a whole number by about this as a double: floor and ceil allow for it. */
#define LOG_HAIR 1e-6

struct log_reading {
    double min, c;
};

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
    struct buf out;     /* struct log_reading */
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
    const struct log_reading r = { minutes, value };
    buf_add(&s->out, &r, sizeof r);
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

/* ---- as pairs ---- */

static void log_pair(struct buf *out, double minutes, double c)
{
    buf_printf(out, "%s%.6g %.6g", out->len == 0 || out->data[out->len - 1] == '\n' ? "" : " ",
               minutes, c);
}

/* The lowest of the readings of part i of n, with those where it meets its neighbours. */
static double log_lowest(const struct log_reading *all, size_t count, size_t i, size_t n)
{
    double lowest = INFINITY;
    for (size_t k = i * (count - 1) / n; k <= (i + 1) * (count - 1) / n; k++)
        lowest = all[k].c < lowest ? all[k].c : lowest;
    return floor(lowest * 100 + LOG_HAIR) / 100;
}

/* Where two parts meet stands the lower of their two lowest readings, so that the line through these points is nowhere above the
   readings. The highest reading is put in at one of these points, for no time at all: it is told, and adds nothing to F0. */
static void log_parts(const struct log_reading *all, size_t count, size_t n, struct buf *out)
{
    double longest = 0;
    double before = INFINITY;
    size_t top = 0;
    bool topped = false;
    for (size_t i = 0; i < n; i++) {
        double step = all[(i + 1) * (count - 1) / n].min - all[i * (count - 1) / n].min;
        longest = step > longest ? step : longest;
    }
    for (size_t i = 1; i < count; i++)
        top = all[i].c > all[top].c ? i : top;
    bool seconds = longest < 1;
    buf_printf(out, "%zu readings, %.6g to %.6g min, kept as the lowest of each %.*f %s\n", count,
               all[0].min, all[count - 1].min, seconds ? 0 : 1, seconds ? longest * 60 : longest,
               seconds ? "s" : "min");
    for (size_t i = 0; i <= n; i++) {
        size_t at = i * (count - 1) / n;
        double low = i < n ? log_lowest(all, count, i, n) : INFINITY;
        double c = low < before ? low : before;
        log_pair(out, all[at].min, c);
        if (!topped && at >= top) {
            log_pair(out, all[at].min, ceil(all[top].c * 100 - LOG_HAIR) / 100);
            log_pair(out, all[at].min, c);
            topped = true;
        }
        before = low;
    }
}

static void log_summary(const struct log_reading *all, size_t count, size_t max, struct buf *out)
{
    for (size_t n = max / LOG_PAIR_BYTES; n > 0; n = n * 9 / 10) {
        buf_free(out);
        buf_init(out, max);
        if (n >= count)
            continue;
        log_parts(all, count, n, out);
        if (buf_done(out, NULL) == ERR_OK)
            return;
    }
}

static enum err log_pairs(struct arena *a, const struct log_state *s, size_t max, char **out,
                          struct why *why)
{
    const struct log_reading *all = (const void *)s->out.data;
    struct buf text;
    buf_init(&text, max);
    for (size_t i = 0; i < s->count; i++)
        log_pair(&text, all[i].min, all[i].c);
    if (buf_done(&text, NULL) != ERR_OK)
        log_summary(all, s->count, max, &text);
    enum err rc = buf_done(&text, NULL) == ERR_OK && text.len > 0
                      ? ERR_OK
                      : why_set(why, ERR_LIMIT, 0, "more readings than a record holds");
    if (rc == ERR_OK && (*out = arena_strndup(a, text.data, text.len)) == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "no memory for the log");
    buf_free(&text);
    return rc;
}

enum err log_file_parse(struct arena *a, const char *text, size_t len, size_t max, char **out,
                        size_t *out_count, struct why *why)
{
    struct log_state s = { .count = 0 };
    const char *end = text + len;
    const char *at = text;
    enum err rc = ERR_OK;
    unsigned row = 0;
    buf_init(&s.out, (LOG_FILE_MAX / 4 + 1) * sizeof(struct log_reading));
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
    if (rc == ERR_OK)
        rc = buf_done(&s.out, why);
    char *pairs = NULL;
    if (rc == ERR_OK)
        rc = log_pairs(a, &s, max, &pairs, why);
    buf_free(&s.out);
    if (rc != ERR_OK)
        return rc;
    *out = pairs;
    *out_count = s.count;
    return ERR_OK;
}
