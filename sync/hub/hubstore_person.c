#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"

/* People: what each was called, and who is to be named no longer. Both follow behind the lines, in whatever order these came:
   whichever comes second blanks the name. */

enum { PERSON_LINE_ARENA = 16 * 1024 * 1024, PERSON_HASHES = 64 /* a line */ };

/* ---- following the lines ---- */

/* The row stays, emptied: a bundle made before the erasure must not bring the name back. */
static enum err person_blank(struct hubstore *s, const char *site, const char *hash,
                             struct why *why)
{
    enum err rc = hubstore_blanking_in(s, why);

    if (rc != ERR_OK)
        return rc;
    return sql_run(s->sql, why,
                   "insert into blob(site, hash, salt, text) values($1, $2, '', '')"
                   " on conflict(site, hash) do update set salt = '', text = ''",
                   site, hash, NULL);
}

enum err hubstore_person_named(struct hubstore *s, const char *site, const struct event *e,
                               bool badge, struct why *why)
{
    const char *hash = json_str(e->body, badge ? "badge" : "name");
    bool erased = false;

    if (!hex_is(hash, KEYS_ID_TEXT - 1) || e->subject[0] == '\0')
        return ERR_OK;
    enum err rc = sql_run(s->sql, why,
                          badge ? "insert into named(site, hash, person, badge)"
                                  " values($1, $2, $3, 1) on conflict do nothing"
                                : "insert into named(site, hash, person, badge)"
                                  " values($1, $2, $3, 0) on conflict do nothing",
                          site, hash, e->subject, NULL);
    if (rc != ERR_OK)
        return rc;
    struct sql_stmt q = sql_prepare(s->sql, "select 1 from erased where site = $1 and person = $2");
    sql_bind_text(&q, 1, site);
    sql_bind_text(&q, 2, e->subject);
    erased = sql_step(&q);
    rc = sql_end(&q, why);
    return rc == ERR_OK && erased ? person_blank(s, site, hash, why) : rc;
}

struct person_hashes {
    char (*all)[KEYS_ID_TEXT];
    size_t count;
};

/* Gathered before anything is blanked: one connection answers one question at a time. */
static enum err person_hashes(struct hubstore *s, const char *site, const char *person,
                              struct arena *a, struct person_hashes *out, struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select hash, count(*) over () from named"
                                            " where site = $1 and person = $2 order by hash");

    *out = (struct person_hashes){ .count = 0 };
    sql_bind_text(&q, 1, site);
    sql_bind_text(&q, 2, person);
    while (sql_step(&q)) {
        if (out->all == NULL)
            out->all = arena_array(a, (size_t)sql_i64(&q, 1), sizeof(*out->all));
        if (out->all == NULL)
            break;
        (void)str_copy(out->all[out->count++], KEYS_ID_TEXT, sql_text(&q, 0));
    }
    enum err rc = sql_end(&q, why);
    return rc == ERR_OK && a->failed ? why_set(why, ERR_NOMEM, 0, "no room for a person's names")
                                     : rc;
}

enum err hubstore_person_erased(struct hubstore *s, const char *site, const struct event *e,
                                struct arena *a, struct why *why)
{
    const struct json *listed = json_get(e->body, "hashes");
    struct person_hashes known;

    if (e->subject[0] == '\0' || listed == NULL || listed->type != JNODE_ARRAY)
        return ERR_OK;
    enum err rc = sql_run(s->sql, why,
                          "insert into erased(site, person) values($1, $2) on conflict do nothing",
                          site, e->subject, NULL);
    if (rc == ERR_OK)
        rc = person_hashes(s, site, e->subject, a, &known, why);
    for (const struct json *n = listed->first; n != NULL && rc == ERR_OK; n = n->next)
        if (n->type == JNODE_STRING && hex_is(n->text, KEYS_ID_TEXT - 1))
            rc = person_blank(s, site, n->text, why);
    for (size_t i = 0; rc == ERR_OK && i < known.count; i++)
        rc = person_blank(s, site, known.all[i], why);
    return rc;
}

/* ---- what the hub knows of names ---- */

enum err hubstore_names(struct hubstore *s, const char *site_name, hub_name_visit visit, void *ctx,
                        struct why *why)
{
    struct sql_stmt q = sql_prepare_wide(
        s->sql, "select site.name, named.person, named.hash, coalesce(blob.text, '')"
                " from named join site on site.id = named.site left join blob"
                " on blob.site = named.site and blob.hash = named.hash"
                " where ($1 = '' or site.name = $1) and named.badge = 0"
                " order by site.name, named.person, named.hash");
    bool go_on = true;

    sql_bind_text(&q, 1, site_name == NULL ? "" : site_name);
    while (go_on && sql_step(&q)) {
        const struct hub_name name = { .site_name = sql_text(&q, 0),
                                       .person = sql_text(&q, 1),
                                       .hash = sql_text(&q, 2),
                                       .text = sql_text(&q, 3) };
        go_on = visit(ctx, &name);
    }
    return sql_end(&q, why);
}

/* ---- erasing ---- */

struct person_erase {
    const char *person, *reason;
    struct clock_now now;
    struct arena a;
    size_t sites;
};

static enum err person_say(struct hubstore *s, struct person_erase *of,
                           const struct hub_device *where, const struct person_hashes *known,
                           size_t *at, struct why *why)
{
    struct json_out j;
    struct buf body;

    buf_init(&body, EVENT_LINE_MAX / 2);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "reason", of->reason);
    json_out_array(&j, "hashes");
    for (size_t n = 0; *at < known->count && n < PERSON_HASHES; n++)
        json_out_str(&j, NULL, known->all[(*at)++]);
    json_out_end_array(&j);
    json_out_end_object(&j);
    enum err rc = buf_done(&body, why);
    if (rc == ERR_OK)
        rc = hubstore_say(s, where,
                          &(struct event_draft){
                              .kind = "person.erased", .subject = of->person, .body = body.data },
                          of->now, &of->a, why);
    buf_free(&body);
    return rc;
}

enum { PERSON_SITES_MAX = 64 };

static enum err person_sites(struct hubstore *s, const char *person, struct hub_device *out,
                             size_t *out_count, struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "select id, name, voice from site where id in"
                            " (select site from named where person = $1) order by id");

    *out_count = 0;
    sql_bind_text(&q, 1, person);
    while (*out_count < PERSON_SITES_MAX && sql_step(&q)) {
        struct hub_device *where = &out[(*out_count)++];
        *where = (struct hub_device){ .site = "" };
        (void)str_copy(where->site, sizeof(where->site), sql_text(&q, 0));
        (void)str_copy(where->site_name, sizeof(where->site_name), sql_text(&q, 1));
        (void)str_copy(where->voice, sizeof(where->voice), sql_text(&q, 2));
    }
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK && *out_count == 0)
        rc = why_set(why, ERR_NOT_FOUND, 0, "nobody here has the id %.100s", person);
    return rc;
}

static enum err person_erase_work(struct hubstore *s, void *ctx, struct why *why)
{
    struct person_erase *of = ctx;
    struct hub_device where[PERSON_SITES_MAX];
    struct person_hashes known;
    enum err rc = person_sites(s, of->person, where, &of->sites, why);

    for (size_t i = 0; i < of->sites && rc == ERR_OK; i++) {
        size_t at = 0;
        arena_reset(&of->a);
        rc = person_hashes(s, where[i].site, of->person, &of->a, &known, why);
        while (rc == ERR_OK && at < known.count)
            rc = person_say(s, of, &where[i], &known, &at, why);
    }
    return rc;
}

enum err hubstore_erase(struct hubstore *s, const char *person, const char *reason,
                        struct clock_now now, struct why *why)
{
    struct person_erase of = { .person = person, .reason = reason, .now = now };

    arena_init(&of.a, PERSON_LINE_ARENA);
    enum err rc = hubstore_follow(s, 0, why);
    if (rc == ERR_OK)
        rc = hubstore_in(s, true, person_erase_work, &of, why);
    arena_done(&of.a);
    /* The names themselves go behind the line, as they do on a hub that is told by a kiosk. */
    if (rc == ERR_OK)
        rc = hubstore_follow(s, 0, why);
    if (rc == ERR_OK)
        hubstore_tidy(s);
    return rc;
}
