#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/hub/cert.h"
#include "sync/hub/hubstore_parts.h"

/* What the hub itself has to say in a site: a line by the site's voice, in the voice's chain, taken in like any other. */

struct say_last {
    struct hlc hlc;
    int64_t at_ms;
    enum clock_trust clock;
};

static enum err say_last(struct hubstore *s, const struct hub_device *where,
                         const struct lines_author *voice, struct arena *a, struct say_last *out,
                         struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select line from line where site = $1 and author = $2"
                                            " order by seq desc limit 1");
    struct event e;

    sql_bind_text(&q, 1, where->site);
    sql_bind_i64(&q, 2, voice->no);
    if (voice->known && sql_step(&q)) {
        size_t len = 0;
        const char *text = sql_bytes(&q, 0, &len);
        if (event_parse(a, text, len, &e, NULL) == ERR_OK) {
            out->hlc = e.hlc;
            out->clock = e.clock;
            if (!clock_parse_iso(e.at, &out->at_ms))
                out->at_ms = 0;
        }
    }
    return sql_end(&q, why);
}

/* What the site's lines have moved the clock to. */
static enum err say_clock(struct hubstore *s, const char *site, struct hlc *out, struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select hlc from site where id = $1");

    sql_bind_text(&q, 1, site);
    if (sql_step(&q))
        (void)hlc_parse(sql_text(&q, 0), out);
    return sql_end(&q, why);
}

/* After a tail was lost, the next line is numbered after the lost ones and chains to them (the mark), so that they can be
   filled in again and nothing stands twice under one number. */
static enum err say_line(struct hubstore *s, const struct hub_device *where,
                         const struct keypair *key, const struct event_draft *draft,
                         struct clock_now now, struct arena *a, struct bundle_line *out,
                         struct why *why)
{
    struct lines_author voice = { .no = 0 };
    struct say_last last = { .at_ms = 0 };
    struct hlc clock = { 0 };
    char prev[KEYS_ID_TEXT] = EVENT_NO_PREV;
    char *line = NULL;

    (void)str_copy(voice.device, sizeof(voice.device), key->id);
    enum err rc = hubstore_author(s, where->site, &voice, why);
    if (rc == ERR_OK)
        rc = say_last(s, where, &voice, a, &last, why);
    if (rc == ERR_OK)
        rc = say_clock(s, where->site, &clock, why);
    if (rc != ERR_OK)
        return rc;
    if (hlc_cmp(last.hlc, clock) > 0)
        clock = last.hlc;
    (void)hlc_tick(&clock, now.wall_ms);
    if (now.trust <= last.clock && last.at_ms > now.wall_ms)
        now.wall_ms = last.at_ms;
    if (voice.mark_seq > 0)
        hex_put(prev, voice.mark_hash, KEYS_HASH);
    rc =
        event_build(a, draft, key->id, voice.mark_seq + 1, clock, now, prev, &line, &out->len, why);
    out->line = line;
    return rc;
}

static enum err say_draft(struct hubstore *s, const struct hub_device *where,
                          const struct event_draft *draft, struct clock_now now, struct arena *a,
                          struct why *why)
{
    struct keypair key;
    struct bundle_line line = { .site_no = 0 };
    struct bundle b = { .lines = &line, .line_count = 1 };
    struct lines lines;
    enum err rc = hubstore_voice(s, where->voice, &key, why);
    if (rc == ERR_OK)
        rc = sql_lock_site(s->sql, where->site, why);
    if (rc == ERR_OK)
        rc = say_line(s, where, &key, draft, now, a, &line, why);
    memset(key.secret, 0, sizeof(key.secret));
    if (rc == ERR_OK)
        rc = lines_parse(a, &b, &lines, why);
    if (rc != ERR_OK)
        return rc;

    struct hub_push push = {
        .device = where->voice, .site = where->site, .lines = &lines, .now = now
    };
    struct hub_push *pushes[] = { &push };
    rc = hubstore_append_in(s, pushes, 1, why);
    if (rc == ERR_OK && push.rc != ERR_OK) {
        rc = push.rc;
        if (why != NULL)
            *why = push.why;
    }
    return rc;
}

/* ---- a voice that nobody knows yet ---- */

/* Lines of an enrolment or a revocation carry a text that names the voice. Before any other, a new voice says whose it is,
   so that its lines can be given back to a hub that has lost it. */
static enum err say_wants_name(struct hubstore *s, const struct hub_device *where,
                               const struct event_draft *draft, bool *out_wants, struct why *why)
{
    static const char *const naming[] = { "kiosk.enrolled", "kiosk.revoked" };
    struct lines_author voice = { .no = 0 };
    bool names = false;

    for (size_t i = 0; i < COUNT_OF(naming); i++)
        names = names || strcmp(draft->kind, naming[i]) == 0;
    *out_wants = false;
    if (names)
        return ERR_OK;
    (void)str_copy(voice.device, sizeof(voice.device), where->voice);
    enum err rc = hubstore_author(s, where->site, &voice, why);
    *out_wants = rc == ERR_OK && voice.mark_seq == 0;
    return rc;
}

static enum err say_name(struct hubstore *s, const struct hub_device *where, struct clock_now now,
                         struct arena *a, struct why *why)
{
    const struct keypair *self = NULL;
    const char *text = NULL;
    struct cert c = cert_of(where, where->voice, now.wall_ms);
    struct json_out j;
    struct buf body;
    enum err rc = hubstore_self(s, &self, why);

    if (rc == ERR_OK)
        rc = cert_make(a, self, CERT_ENROLLED, &c, &text, why);
    if (rc != ERR_OK)
        return rc;
    buf_init(&body, EVENT_LINE_MAX / 2);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "certificate", text);
    json_out_end_object(&j);
    rc = buf_done(&body, why);
    if (rc == ERR_OK)
        rc = say_draft(s, where,
                       &(struct event_draft){
                           .kind = "hub.voice", .subject = where->voice, .body = body.data },
                       now, a, why);
    buf_free(&body);
    return rc;
}

enum err hubstore_say(struct hubstore *s, const struct hub_device *where,
                      const struct event_draft *draft, struct clock_now now, struct arena *a,
                      struct why *why)
{
    bool wants = false;
    enum err rc = sql_lock_site(s->sql, where->site, why);

    if (rc == ERR_OK)
        rc = say_wants_name(s, where, draft, &wants, why);
    if (rc == ERR_OK && wants)
        rc = say_name(s, where, now, a, why);
    return rc == ERR_OK ? say_draft(s, where, draft, now, a, why) : rc;
}
