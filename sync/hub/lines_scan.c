#include "sync/hub/lines_scan.h"

#include <string.h>

#include "platform/base/str.h"

/* Narrower than JSON wherever narrower is simpler: no escapes in names and in what the hub reads, no \u anywhere, no
   number that could be too large, no deep nesting, no object of many members. */
enum { SCAN_DEPTH_MAX = 12, SCAN_MEMBERS_MAX = 40, SCAN_DIGITS_MAX = 17, SCAN_TIME = CLOCK_ISO };

struct scan {
    const char *at, *end;
    bool wide; /* a byte that is not ASCII came */
};
struct scan_text {
    const char *at;
    size_t len;
    bool escaped;
};

static char scan_peek(const struct scan *s)
{
    return s->at < s->end ? *s->at : '\0';
}

static bool scan_char(struct scan *s, char c)
{
    if (scan_peek(s) != c)
        return false;
    s->at++;
    return true;
}

static void scan_space(struct scan *s)
{
    while (s->at < s->end && *s->at == ' ')
        s->at++;
}

/* Skips what needs no look, eight bytes at a time: no quote, no backslash, no control character, nothing beyond ASCII. Each
   subtraction sets the highest bit of a byte that is one of those. A borrow may set the next byte's too: that only stops the
   skipping early, and the slow loop goes on. */
static const char *scan_plain(const char *at, const char *end)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t high = ones * 0x80;
    uint64_t eight;

    for (; end - at >= (ptrdiff_t)sizeof(eight); at += sizeof(eight)) {
        memcpy(&eight, at, sizeof(eight));
        const uint64_t quote = eight ^ ones * '"';
        const uint64_t slash = eight ^ ones * '\\';
        if (((eight | (eight - ones * ' ') | (quote - ones) | (slash - ones)) & high) != 0)
            break;
    }
    return at;
}

static bool scan_string(struct scan *s, struct scan_text *out)
{
    if (!scan_char(s, '"'))
        return false;
    *out = (struct scan_text){ .at = s->at };
    for (s->at = scan_plain(s->at, s->end); s->at < s->end && *s->at != '"'; s->at++) {
        unsigned char c = (unsigned char)*s->at;
        if (c < ' ')
            return false;
        s->wide = s->wide || c >= 0x80;
        if (c != '\\')
            continue;
        out->escaped = true;
        s->at++;
        if (s->at >= s->end || strchr("\"\\/bfnrt", *s->at) == NULL || *s->at == '\0')
            return false;
    }
    out->len = (size_t)(s->at - out->at);
    return scan_char(s, '"');
}

static size_t scan_digits(struct scan *s)
{
    const char *from = s->at;

    while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
        s->at++;
    return (size_t)(s->at - from);
}

/* No exponents: what they could reach is not worth the care. */
static bool scan_number(struct scan *s, bool *out_whole)
{
    (void)scan_char(s, '-');
    bool zero = scan_peek(s) == '0';
    size_t digits = scan_digits(s);

    *out_whole = true;
    if (digits == 0 || digits > SCAN_DIGITS_MAX || (zero && digits > 1))
        return false;
    if (scan_char(s, '.')) {
        *out_whole = false;
        digits = scan_digits(s);
        if (digits == 0 || digits > SCAN_DIGITS_MAX)
            return false;
    }
    return scan_peek(s) != 'e' && scan_peek(s) != 'E';
}

static bool scan_word(struct scan *s, const char *word)
{
    size_t len = strlen(word);

    if ((size_t)(s->end - s->at) < len || memcmp(s->at, word, len) != 0)
        return false;
    s->at += len;
    return true;
}

static bool scan_value(struct scan *s, unsigned depth);

/* A name that stands twice is no JSON of ours. */
static bool scan_new(const struct scan_text *names, size_t count, const struct scan_text *name)
{
    if (name->escaped || count >= SCAN_MEMBERS_MAX)
        return false;
    for (size_t i = 0; i < count; i++)
        if (names[i].len == name->len && memcmp(names[i].at, name->at, name->len) == 0)
            return false;
    return true;
}

static bool scan_name(struct scan *s, struct scan_text *names, size_t *count)
{
    struct scan_text name;

    scan_space(s);
    if (!scan_string(s, &name) || !scan_new(names, *count, &name))
        return false;
    names[(*count)++] = name;
    scan_space(s);
    if (!scan_char(s, ':'))
        return false;
    scan_space(s);
    return true;
}

static bool scan_object(struct scan *s, unsigned depth)
{
    struct scan_text names[SCAN_MEMBERS_MAX];
    size_t count = 0;

    scan_space(s);
    if (scan_char(s, '}'))
        return true;
    do {
        if (!scan_name(s, names, &count) || !scan_value(s, depth + 1))
            return false;
        scan_space(s);
    } while (scan_char(s, ','));
    return scan_char(s, '}');
}

static bool scan_array(struct scan *s, unsigned depth)
{
    scan_space(s);
    if (scan_char(s, ']'))
        return true;
    do {
        scan_space(s);
        if (!scan_value(s, depth + 1))
            return false;
        scan_space(s);
    } while (scan_char(s, ','));
    return scan_char(s, ']');
}

static bool scan_value(struct scan *s, unsigned depth)
{
    struct scan_text text;
    bool whole;

    if (depth > SCAN_DEPTH_MAX)
        return false;
    switch (scan_peek(s)) {
    case '"':
        return scan_string(s, &text);
    case '{':
        s->at++;
        return scan_object(s, depth);
    case '[':
        s->at++;
        return scan_array(s, depth);
    case 't':
        return scan_word(s, "true");
    case 'f':
        return scan_word(s, "false");
    case 'n':
        return scan_word(s, "null");
    default:
        return scan_number(s, &whole);
    }
}

/* ---- the members of an event ---- */

enum {
    SCAN_V,
    SCAN_DEVICE,
    SCAN_SEQ,
    SCAN_HLC,
    SCAN_AT,
    SCAN_CLOCK,
    SCAN_KIND,
    SCAN_SUBJECT,
    SCAN_ACTOR,
    SCAN_PREV,
    SCAN_BODY,
    SCAN_COUNT
};
static const struct scan_member {
    const char *name;
    size_t len;
    char type; /* i, t, o */
    size_t max;
} scan_members[SCAN_COUNT] = {
    [SCAN_V] = { "v", 1, 'i', SCAN_DIGITS_MAX },
    [SCAN_DEVICE] = { "device", 6, 't', KEYS_ID_TEXT - 1 },
    [SCAN_SEQ] = { "seq", 3, 'i', 15 },
    [SCAN_HLC] = { "hlc", 3, 't', HLC_TEXT - 1 },
    [SCAN_AT] = { "at", 2, 't', CLOCK_ISO - 1 },
    [SCAN_CLOCK] = { "clock", 5, 't', 8 },
    [SCAN_KIND] = { "kind", 4, 't', EVENT_KIND_MAX },
    [SCAN_SUBJECT] = { "subject", 7, 't', EVENT_NAME_MAX },
    [SCAN_ACTOR] = { "actor", 5, 't', EVENT_NAME_MAX },
    [SCAN_PREV] = { "prev", 4, 't', KEYS_ID_TEXT - 1 },
    [SCAN_BODY] = { "body", 4, 'o', 0 },
};

static bool scan_is(size_t member, const struct scan_text *name)
{
    const struct scan_member *m = &scan_members[member];

    return m->len == name->len && memcmp(m->name, name->at, name->len) == 0;
}

/* A member that the hub does not know may hold anything. at: its place in the line, tried first, as lines are written in the
   order of scan_members. */
static bool scan_member(struct scan *s, size_t at, const struct scan_text *name,
                        struct scan_text found[SCAN_COUNT])
{
    size_t i = at < SCAN_COUNT && scan_is(at, name) ? at : 0;
    bool whole = false;

    while (i < SCAN_COUNT && !scan_is(i, name))
        i++;
    if (i == SCAN_COUNT)
        return scan_value(s, 1);
    const struct scan_member *m = &scan_members[i];
    found[i].at = s->at;
    switch (m->type) {
    case 't':
        return scan_string(s, &found[i]) && !found[i].escaped && found[i].len <= m->max;
    case 'i':
        if (!scan_number(s, &whole) || !whole)
            return false;
        found[i].len = (size_t)(s->at - found[i].at);
        return found[i].len <= m->max;
    default:
        return scan_peek(s) == '{' && scan_value(s, 1);
    }
}

static bool scan_event(struct scan *s, struct scan_text found[SCAN_COUNT])
{
    struct scan_text names[SCAN_MEMBERS_MAX];
    size_t count = 0;

    scan_space(s);
    if (!scan_char(s, '{'))
        return false;
    do {
        if (!scan_name(s, names, &count) || !scan_member(s, count - 1, &names[count - 1], found))
            return false;
        scan_space(s);
    } while (scan_char(s, ','));
    if (!scan_char(s, '}'))
        return false;
    scan_space(s);
    for (size_t i = 0; i < SCAN_COUNT; i++)
        if (found[i].at == NULL)
            return false;
    return s->at == s->end;
}

static void scan_copy(char *to, const struct scan_text *from)
{
    memcpy(to, from->at, from->len);
    to[from->len] = '\0';
}

static bool scan_int(const struct scan_text *text, int64_t *out)
{
    char digits[SCAN_DIGITS_MAX + 2];

    scan_copy(digits, text);
    return str_to_i64(digits, out);
}

static bool scan_kind(const char *kind)
{
    const char *c = kind;

    while ((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '.' || *c == '_' ||
           *c == '-')
        c++;
    return *c == '\0' && kind[0] >= 'a' && kind[0] <= 'z';
}

/* As event_parse judges them. */
static bool scan_judge(const struct scan_text found[SCAN_COUNT], struct lines_scan *out)
{
    char hlc[HLC_TEXT], at[SCAN_TIME], clock[9];
    int64_t version = 0;
    int64_t seq = 0;
    int64_t at_ms = 0;
    struct event e = { .seq = 0 };

    scan_copy(out->device, &found[SCAN_DEVICE]);
    scan_copy(out->prev, &found[SCAN_PREV]);
    scan_copy(out->kind, &found[SCAN_KIND]);
    scan_copy(hlc, &found[SCAN_HLC]);
    scan_copy(at, &found[SCAN_AT]);
    scan_copy(clock, &found[SCAN_CLOCK]);
    if (!scan_int(&found[SCAN_V], &version) || version < 1 || !scan_int(&found[SCAN_SEQ], &seq) ||
        seq < 1 || !hex_is(out->device, KEYS_ID_TEXT - 1) || !hex_is(out->prev, KEYS_ID_TEXT - 1) ||
        !scan_kind(out->kind) || !hlc_parse(hlc, &out->hlc) || !clock_trust_from(clock, &e.clock))
        return false;
    if (found[SCAN_AT].len != CLOCK_ISO - 1 || at[10] != 'T' || at[CLOCK_ISO - 2] != 'Z' ||
        !clock_parse_iso(at, &at_ms))
        return false;
    if (seq == 1 && strcmp(out->prev, EVENT_NO_PREV) != 0)
        return false;
    out->seq = (uint64_t)seq;
    e.hlc = out->hlc;
    e.at = at;
    out->moves = event_stamp_trusted(&e);
    return true;
}

bool lines_scan(const char *line, size_t len, struct lines_scan *out)
{
    struct scan s = { .at = line, .end = line + len };
    struct scan_text found[SCAN_COUNT] = { { .at = NULL } };

    if (len > EVENT_LINE_MAX || !scan_event(&s, found))
        return false;
    return (!s.wide || utf8_valid(line, len)) && scan_judge(found, out);
}
