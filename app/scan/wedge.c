#include "app/scan/wedge.h"

#include <string.h>

#include "platform/base/attr.h"
#include "platform/base/str.h"

enum {
    WEDGE_GAP_MS = 35,
    WEDGE_SILENCE_MS = 80,
    WEDGE_CHARS_MIN = 4,
    WEDGE_SILENT_CHARS_MIN = 6,
    WEDGE_REPEAT_MS =
        20, /* a held key repeats no faster; a scanner's keys come within a few milliseconds */
};

void wedge_init(struct wedge *w)
{
    memset(w, 0, sizeof(*w));
}

static void wedge_empty(struct wedge *w)
{
    w->len = 0;
    w->chars = 0;
    w->overflow = false;
}

static void wedge_give(struct wedge *w, const char **out_text)
{
    memcpy(w->given, w->held, w->len);
    w->given[w->len] = '\0';
    *out_text = w->given;
    wedge_empty(w);
}

/* A key that somebody leans on comes as fast as some scanners, but says one character only. */
static bool wedge_is_held_key(const struct wedge *w)
{
    if (w->last_ms - w->first_ms < (int64_t)(w->chars - 1) * WEDGE_REPEAT_MS)
        return false;
    for (size_t i = 1; i < w->len; i++)
        if (w->held[i] != w->held[0])
            return false;
    return true;
}

/* How long the burst waits for its end: one that is long enough to need no Enter waits for the
   silence. */
static int64_t wedge_patience_ms(const struct wedge *w)
{
    return w->chars >= WEDGE_SILENT_CHARS_MIN ? WEDGE_SILENCE_MS : WEDGE_GAP_MS;
}

/* The burst is over by silence. */
static enum wedge_verdict wedge_close(struct wedge *w, bool silent, const char **out_text)
{
    if (w->chars == 0)
        return WEDGE_NOTHING;
    if (w->overflow) {
        wedge_empty(w);
        return WEDGE_NOTHING;
    }
    bool scan = silent && w->chars >= WEDGE_SILENT_CHARS_MIN && !wedge_is_held_key(w);
    wedge_give(w, out_text);
    return scan ? WEDGE_SCAN : WEDGE_TYPED;
}

enum wedge_verdict wedge_text(struct wedge *w, const char *utf8, int64_t ms, const char **out_text)
{
    enum wedge_verdict before = WEDGE_WAIT;
    size_t len = strlen(utf8);

    if (len == 0)
        return w->chars > 0 ? WEDGE_WAIT : WEDGE_NOTHING;
    if (w->chars > 0 && ms - w->last_ms > WEDGE_GAP_MS) {
        enum wedge_verdict closed = wedge_close(w, ms - w->last_ms >= WEDGE_SILENCE_MS, out_text);
        before = closed == WEDGE_NOTHING ? WEDGE_WAIT : closed;
    }
    if (w->chars == 0)
        w->first_ms = ms;
    w->last_ms = ms;
    for (size_t pos = 0; pos < len; w->chars++)
        if (utf8_next(utf8, len, &pos) == 0)
            pos++;
    if (w->overflow || len > SCAN_PAYLOAD_MAX - w->len) {
        w->overflow = true;
        w->len = 0;
    } else {
        memcpy(w->held + w->len, utf8, len);
        w->len += len;
    }
    return before;
}

enum wedge_verdict wedge_enter(struct wedge *w, int64_t ms, const char **out_text,
                               bool *out_pass_enter)
{
    *out_pass_enter = true;
    if (w->chars == 0)
        return WEDGE_NOTHING;
    bool in_time = ms - w->last_ms <= wedge_patience_ms(w);
    if (w->overflow) {
        /* Its Enter belongs to it; one that comes later is a person's. */
        *out_pass_enter = !in_time;
        wedge_empty(w);
        return WEDGE_NOTHING;
    }
    if (!in_time)
        return wedge_close(w, true, out_text);
    bool scan = w->chars >= WEDGE_CHARS_MIN && !wedge_is_held_key(w);
    *out_pass_enter = !scan;
    wedge_give(w, out_text);
    return scan ? WEDGE_SCAN : WEDGE_TYPED;
}

enum wedge_verdict wedge_tick(struct wedge *w, int64_t ms, const char **out_text)
{
    if (w->chars == 0)
        return WEDGE_NOTHING;
    if (ms < wedge_due_ms(w))
        return WEDGE_WAIT;
    return wedge_close(w, true, out_text);
}

int64_t wedge_due_ms(const struct wedge *w)
{
    if (w->chars == 0)
        return INT64_MAX;
    /* One past the gap, so that a character just in time still belongs to the burst. */
    return w->last_ms + wedge_patience_ms(w) + (w->chars < WEDGE_SILENT_CHARS_MIN ? 1 : 0);
}
