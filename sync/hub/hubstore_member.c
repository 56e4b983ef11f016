#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/hub/cert.h"
#include "sync/hub/hubstore_member.h"

/* Who belongs to a site stands in lines, each with a text under the hub's own key. A hub that was put back from an older
   copy is given those lines back by its kiosks, and believes no word in them but what it signed itself. */

enum { MEMBER_SCRATCH = EVENT_ARENA + 64 * 1024 };

struct member {
    struct hubstore *s;
    const struct hub_push *push;
    const struct keypair *self;
    struct arena a;
};

/* One of another site stays there: then this is no evidence, and nothing else. */
static enum err member_own(const struct member *m, const char *device, bool *out_ours,
                           struct why *why)
{
    enum err rc = hubstore_own(m->s, device, m->push->site, why);

    *out_ours = rc == ERR_OK;
    return rc == ERR_DENIED ? ERR_OK : rc;
}

/* The kiosk is enrolled as it was. Whether it was revoked since is another line's to say, and stands if it came before. Which
   card it goes on from is needed where the answer to it got lost and is asked for again; a wrong word there gives nobody
   anything, as both keys sign that question. */
static enum err member_enrolled(const struct member *m, const struct event *e, const struct cert *c,
                                struct why *why)
{
    const char *name = json_str(e->body, "name");
    const char *was = json_str(e->body, "was");
    struct sql_stmt q = sql_prepare(
        m->s->sql, "insert into device(site, id, name, cert, enrolled_ms, was)"
                   " values($1, $2, $3, $4, $5, $6) on conflict(site, id) do update set was ="
                   " case when device.was = '' then excluded.was else device.was end");

    sql_bind_text(&q, 1, c->site);
    sql_bind_text(&q, 2, c->device);
    sql_bind_text(&q, 3, name != NULL && strlen(name) < PROTO_NAME_MAX ? name : "");
    sql_bind_text(&q, 4, json_str(e->body, "certificate"));
    sql_bind_i64(&q, 5, c->issued_ms);
    sql_bind_text(&q, 6, was != NULL && hex_is(was, KEYS_ID_TEXT - 1) ? was : "");
    return sql_done(&q, NULL, why);
}

enum err hubstore_revoked_in(struct hubstore *s, const char *site, const char *device,
                             int64_t at_ms, struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, "insert into device(site, id, name, cert, enrolled_ms, revoked_ms)"
                " values($1, $2, '', '', 0, $3) on conflict(site, id) do update set revoked_ms ="
                " case when device.revoked_ms = 0 then excluded.revoked_ms"
                " else device.revoked_ms end");

    sql_bind_text(&q, 1, site);
    sql_bind_text(&q, 2, device);
    sql_bind_i64(&q, 3, at_ms > 0 ? at_ms : 1);
    return sql_done(&q, NULL, why);
}

/* The texts that a line of each kind carries. Whose word is whose is settled by the signature, not by who wrote the line:
   any kiosk may bring it. */
static const struct member_kind {
    enum lines_member is;
    const char *member, *type;
} member_kinds[] = {
    { LINES_ENROLLED, "certificate", CERT_ENROLLED },
    { LINES_REVOKED, "revocation", CERT_REVOKED },
    { LINES_VOICE, "certificate", CERT_ENROLLED },
};

static enum err member_line(struct member *m, const struct lines_one *line,
                            const struct member_kind *kind, struct why *why)
{
    struct event e;
    struct cert c;
    bool ours = false;
    bool voice = false;

    arena_reset(&m->a);
    if (event_parse(&m->a, line->text, line->len, &e, NULL) != ERR_OK || e.body == NULL)
        return ERR_OK;
    enum err rc =
        cert_read(&m->a, json_str(e.body, kind->member), kind->type, m->self->id, &c, NULL);
    if (rc == ERR_NOMEM)
        return why_set(why, rc, 0, "certificate: no memory");
    if (rc != ERR_OK || strcmp(c.site, m->push->site) != 0 || strcmp(c.device, e.subject) != 0)
        return ERR_OK; /* kept as a line, and believed in nothing */
    rc = member_own(m, c.device, &ours, why);
    if (rc == ERR_OK)
        rc = member_own(m, c.voice, &voice, why);
    if (rc != ERR_OK || !ours)
        return rc;
    if (kind->is == LINES_ENROLLED)
        return member_enrolled(m, &e, &c, why);
    return kind->is == LINES_REVOKED ? hubstore_revoked_in(m->s, c.site, c.device, c.issued_ms, why)
                                     : ERR_OK;
}

static const struct member_kind *member_kind(const struct lines_one *line)
{
    for (size_t i = 0; i < COUNT_OF(member_kinds); i++)
        if (member_kinds[i].is == line->member)
            return &member_kinds[i];
    return NULL;
}

enum err hubstore_members_in(struct hubstore *s, const struct hub_push *push, struct why *why)
{
    struct member m = { .s = s, .push = push };
    const struct lines *l = push->lines;
    enum err rc = ERR_OK;
    size_t count = 0;

    for (size_t i = 0; i < l->count; i++)
        count += l->all[i].fresh && member_kind(&l->all[i]) != NULL ? 1 : 0;
    if (count == 0)
        return ERR_OK;
    rc = hubstore_self(s, &m.self, why);
    if (rc == ERR_CONFLICT)
        return ERR_OK; /* a hub that has lost its key can judge none of them */
    if (rc != ERR_OK)
        return rc;
    arena_init(&m.a, MEMBER_SCRATCH);
    for (size_t i = 0; i < l->count && rc == ERR_OK; i++) {
        const struct member_kind *kind = member_kind(&l->all[i]);
        if (l->all[i].fresh && kind != NULL)
            rc = member_line(&m, &l->all[i], kind, why);
    }
    arena_done(&m.a);
    return rc;
}

enum err hubstore_heads(struct hubstore *s, const char *site, hub_head_visit visit, void *ctx,
                        struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select device, head_seq, head_hash from author"
                                            " where site = $1 and head_seq > 0 order by no"
                                            " limit $2");
    bool go_on = true;

    sql_bind_text(&q, 1, site);
    sql_bind_i64(&q, 2, HUB_HEADS_MAX);
    while (go_on && sql_step(&q)) {
        struct hub_head head = { .seq = (uint64_t)sql_i64(&q, 1) };
        uint8_t hash[KEYS_HASH] = { 0 };
        hubstore_hash(&q, 2, hash);
        hex_put(head.hash, hash, sizeof(hash));
        go_on = visit(ctx, sql_text(&q, 0), &head);
    }
    return sql_end(&q, why);
}
