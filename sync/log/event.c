#include "sync/log/event.h"

#include <inttypes.h>
#include <string.h>

#include "platform/base/str.h"

static bool event_is_kind(const char *text)
{
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789._-");

    return len > 0 && len <= EVENT_KIND_MAX && text[len] == '\0' && text[0] >= 'a' &&
           text[0] <= 'z';
}

/* A raw control character is not JSON inside a text, but may stand between two members: one line
   feed there would make two lines of one in an export, and neither of them would hash as the record
   does. */
static bool event_is_one_line(const char *line, size_t len)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t less = 0;
    size_t i = 0;

    /* Eight at a time: the high bit of a byte less than ' ' is set in (eight - ones * ' ') & ~eight, and of none where all are
       as much or more. */
    for (uint64_t eight; len - i >= 8; i += 8) {
        memcpy(&eight, line + i, sizeof eight);
        less |= (eight - ones * ' ') & ~eight;
    }
    if ((less & ones * 0x80) != 0)
        return false;
    for (; i < len; i++)
        if ((unsigned char)line[i] < ' ')
            return false;
    return true;
}

/* "" when it is not there or too long, or something before was: rc keeps the first failure. */
static const char *event_text(const struct json *o, const char *key, size_t max, enum err *rc,
                              struct why *why)
{
    const char *text = json_str(o, key);

    if (*rc != ERR_OK)
        return "";
    if (text == NULL)
        *rc = why_set(why, ERR_INPUT, 0, "line without a text \"%s\"", key);
    else if (strlen(text) > max)
        *rc = why_set(why, ERR_LIMIT, 0, "\"%s\" of %zu bytes, the maximum is %zu", key,
                      strlen(text), max);
    return *rc == ERR_OK && text != NULL ? text : "";
}

static enum err event_check(const struct event *e, int64_t version, int64_t seq, const char *hlc,
                            const char *clock, struct why *why)
{
    const char *bad = NULL;
    int64_t at_ms = 0;

    if (version < 1)
        bad = "v";
    else if (!hex_is(e->device, KEYS_ID_TEXT - 1))
        bad = "device";
    else if (seq < 1 || seq > EVENT_SEQ_MAX)
        bad = "seq";
    else if (!hlc_parse(hlc, &(struct hlc){ 0 }))
        bad = "hlc";
    else if (strlen(e->at) != CLOCK_ISO - 1 || e->at[10] != 'T' || e->at[CLOCK_ISO - 2] != 'Z' ||
             !clock_parse_iso(e->at, &at_ms))
        bad = "at";
    else if (!clock_trust_from(clock, &(enum clock_trust){ CLOCK_NONE }))
        bad = "clock";
    else if (!event_is_kind(e->kind))
        bad = "kind";
    else if (!event_is_one_line(e->subject, strlen(e->subject)))
        bad = "subject";
    else if (!event_is_one_line(e->actor, strlen(e->actor)))
        bad = "actor";
    else if (!hex_is(e->prev, KEYS_ID_TEXT - 1) || (seq == 1 && !str_eq(e->prev, EVENT_NO_PREV)))
        bad = "prev";
    else if (e->body == NULL || e->body->type != JNODE_OBJECT)
        bad = "body";
    if (bad != NULL)
        return why_set(why, ERR_INPUT, 0, "line with a wrong or missing \"%s\"", bad);
    return ERR_OK;
}

enum err event_from_json(const struct json *o, struct event *out, struct why *why)
{
    enum err rc = ERR_OK;
    struct event e = {
        .device = event_text(o, "device", KEYS_ID_TEXT - 1, &rc, why),
        .at = event_text(o, "at", CLOCK_ISO - 1, &rc, why),
        .kind = event_text(o, "kind", EVENT_KIND_MAX, &rc, why),
        .subject = event_text(o, "subject", EVENT_NAME_MAX, &rc, why),
        .actor = event_text(o, "actor", EVENT_NAME_MAX, &rc, why),
        .prev = event_text(o, "prev", KEYS_ID_TEXT - 1, &rc, why),
        .body = json_get(o, "body"),
        .version = json_int(o, "v", 0),
    };
    const char *hlc = event_text(o, "hlc", HLC_TEXT, &rc, why);
    const char *clock = event_text(o, "clock", CLOCK_ISO, &rc, why);
    int64_t seq = json_int(o, "seq", 0);

    if (rc == ERR_OK)
        rc = event_check(&e, e.version, seq, hlc, clock, why);
    if (rc != ERR_OK)
        return rc;
    e.seq = (uint64_t)seq;
    (void)hlc_parse(hlc, &e.hlc);
    (void)clock_trust_from(clock, &e.clock);
    *out = e;
    return ERR_OK;
}

enum err event_parse(struct arena *a, const char *line, size_t len, struct event *out,
                     struct why *why)
{
    const struct json *o = NULL;

    if (len > EVENT_LINE_MAX)
        return why_set(why, ERR_LIMIT, 0, "line of %zu bytes, the maximum is %d", len,
                       EVENT_LINE_MAX);
    if (!event_is_one_line(line, len))
        return why_set(why, ERR_INPUT, 0, "line with a control character");
    enum err rc = json_parse(a, line, len, EVENT_LINE_MAX, &o, why);
    if (rc != ERR_OK)
        return rc;
    if (o->type != JNODE_OBJECT)
        return why_set(why, ERR_INPUT, 0, "line that is not a JSON object");
    return event_from_json(o, out, why);
}

/* The body is checked by itself: "{},\"x\":{}" would be well-formed inside the line and mean
   something else. */
static enum err event_body(struct arena *a, const char *body, struct why *why)
{
    const struct json *node = NULL;
    struct arena_mark mark = arena_mark(a);
    enum err rc = json_parse(a, body, strlen(body), EVENT_LINE_MAX, &node, why);

    if (rc == ERR_OK && node->type != JNODE_OBJECT)
        rc = why_set(why, ERR_INPUT, 0, "it is not a JSON object");
    arena_rewind(a, mark);
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "body");
}

static void event_write(struct buf *to, const struct event *e, const char *body)
{
    char hlc[HLC_TEXT];
    struct json_out j;

    hlc_text(hlc, e->hlc);
    json_out_init(&j, to);
    json_out_object(&j, NULL);
    json_out_int(&j, "v", EVENT_VERSION);
    json_out_str(&j, "device", e->device);
    json_out_int(&j, "seq", (int64_t)e->seq);
    json_out_str(&j, "hlc", hlc);
    json_out_str(&j, "at", e->at);
    json_out_str(&j, "clock", clock_trust_name(e->clock));
    json_out_str(&j, "kind", e->kind);
    json_out_str(&j, "subject", e->subject);
    json_out_str(&j, "actor", e->actor);
    json_out_str(&j, "prev", e->prev);
    /* The body goes in byte for byte: written again from its nodes, 0.10 would become 0.1. */
    buf_str(to, ",\"body\":");
    buf_str(to, body);
    buf_char(to, '}');
}

/* NOLINTNEXTLINE(readability-function-size): the parameters are the contract with the log. */
enum err event_build(struct arena *a, const struct event_draft *draft, const char *device,
                     uint64_t seq, struct hlc stamp, struct clock_now now, const char *prev,
                     char **out_line, size_t *out_len, struct why *why)
{
    const char *body = draft->body != NULL ? draft->body : "{}";
    char at[CLOCK_ISO];
    struct buf text;
    struct event e = {
        .device = device,
        .seq = seq,
        .hlc = stamp,
        .at = at,
        .clock = now.trust,
        .kind = draft->kind,
        .subject = draft->subject != NULL ? draft->subject : "",
        .actor = draft->actor != NULL ? draft->actor : "",
        .prev = prev,
    };
    char *line = NULL;
    enum err rc = event_body(a, body, why);

    if (rc != ERR_OK)
        return why_in(why, rc, "event %s", draft->kind);
    clock_iso(at, now.wall_ms);
    buf_init(&text, EVENT_LINE_MAX);
    event_write(&text, &e, body);
    rc = buf_done(&text, why);
    if (rc == ERR_OK)
        line = arena_strndup(a, text.data, text.len);
    size_t len = text.len;
    buf_free(&text);
    if (rc == ERR_OK && line == NULL)
        return why_set(why, ERR_NOMEM, 0, "event %s: no memory", draft->kind);
    /* Read it as every other device will, so that nothing is recorded that nobody can read. */
    struct arena_mark mark = arena_mark(a);
    if (rc == ERR_OK)
        rc = event_parse(a, line, len, &e, why);
    arena_rewind(a, mark);
    if (rc != ERR_OK)
        return why_in(why, rc, "event %s", draft->kind);
    *out_line = line;
    *out_len = len;
    return ERR_OK;
}

void event_id(char out[EVENT_ID_TEXT], const char *device, uint64_t seq)
{
    (void)str_format(out, EVENT_ID_TEXT, "%s:%" PRIu64, device, seq);
}

bool event_id_read(const char *text, char out_device[KEYS_ID_TEXT], uint64_t *out_seq)
{
    enum { DEVICE = KEYS_ID_TEXT - 1 };
    int64_t seq = 0;

    /* Most texts are no names, and most of those are shorter. */
    if (strnlen(text, DEVICE + 1) <= DEVICE || text[DEVICE] != ':' ||
        strspn(text, "0123456789abcdef") != DEVICE || text[DEVICE + 1] < '1' ||
        text[DEVICE + 1] > '9' || !str_to_i64(text + DEVICE + 1, &seq) || seq > EVENT_SEQ_MAX)
        return false;
    memcpy(out_device, text, DEVICE);
    out_device[DEVICE] = '\0';
    *out_seq = (uint64_t)seq;
    return true;
}

/* A character written as \u could be part of a hash; such a line may name anything. */
bool event_may_name(const char *line)
{
    enum { CHAIN_HASHES = 2 /* texts of that shape in every line: device and prev */ };
    size_t found = 0;

    if (strstr(line, "\\u") != NULL)
        return true;
    for (const char *at = strchr(line, '"'); at != NULL; at = strchr(at + 1, '"')) {
        size_t digits = strspn(at + 1, "0123456789abcdef");

        if (digits == KEYS_ID_TEXT - 1 && at[1 + digits] == '"')
            found++;
        at += digits;
    }
    return found > CHAIN_HASHES;
}

static void event_collect(const struct json *node, const char **hashes, size_t *count)
{
    for (const struct json *child = node->first; child != NULL; child = child->next) {
        if (child->type == JNODE_STRING && *count < EVENT_HASHES_MAX &&
            hex_is(child->text, KEYS_ID_TEXT - 1))
            hashes[(*count)++] = child->text;
        event_collect(child, hashes, count); /* at most JSON_DEPTH_MAX deep */
    }
}

enum err event_hashes(struct arena *a, const struct event *e, const char *const **out,
                      size_t *out_count, struct why *why)
{
    const char **hashes = arena_array(a, EVENT_HASHES_MAX, sizeof(*hashes));
    size_t count = 0;

    if (hashes == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for the hashes of a line");
    event_collect(e->body, hashes, &count);
    *out = (const char *const *)hashes;
    *out_count = count;
    return ERR_OK;
}

bool event_stamp_trusted(const struct event *e)
{
    int64_t at_ms = 0;

    return e->clock >= CLOCK_NTP && clock_parse_iso(e->at, &at_ms) &&
           e->hlc.ms - HLC_AHEAD_MAX_MS <= at_ms;
}
