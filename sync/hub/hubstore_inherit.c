#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_copy.h"
#include "sync/hub/hubstore_member.h"
#include "sync/hub/hubstore_stick.h"

/* A restored backup is older than the hub that it replaces. Two things that the old hub has decided since must hold in the new
   one all the same: whose name is erased, and which kiosk is revoked. */

enum { INHERIT_LIST_ARENA = 32 * 1024 * 1024, INHERIT_ARENA = 2 * BUNDLE_ARENA };

/* ---- names ---- */

/* A name erased at the old hub is blanked in the backup too, before anybody is served from it. */
static enum err inherit_erased_in(struct sql *old, struct hubstore *s, int64_t *out_erased,
                                  struct why *why)
{
    struct sql_stmt q = sql_prepare_wide(old, "select site, person from erased");
    enum err rc = ERR_OK;

    while (rc == ERR_OK && sql_step(&q)) {
        rc = sql_run(s->sql, why,
                     "insert into erased(site, person) values($1, $2) on conflict do nothing",
                     sql_text(&q, 0), sql_text(&q, 1), NULL);
        (*out_erased)++;
    }
    enum err ended = sql_end(&q, rc == ERR_OK ? why : NULL);
    if (rc == ERR_OK && ended == ERR_OK)
        rc = sql_run(s->sql, why,
                     "insert into blob(site, hash, salt, text) select n.site, n.hash, '', ''"
                     " from named n join erased e on e.site = n.site and e.person = n.person"
                     " where true on conflict(site, hash) do update set salt = '', text = ''",
                     NULL);
    return rc == ERR_OK ? ended : rc;
}

static enum err inherit_erased(struct sql *old, struct hubstore *s, struct hub_restored *out,
                               struct why *why)
{
    enum err rc = hubstore_follow(s, 0, why); /* who is called what in the backup */

    if (rc == ERR_OK)
        rc = sql_exec(s->sql, "pragma secure_delete = on", why);
    if (rc == ERR_OK)
        rc = sql_begin(s->sql, why);
    if (rc == ERR_OK)
        rc = sql_finish(s->sql, inherit_erased_in(old, s, &out->erased, why), why);
    return rc;
}

/* ---- kiosks that are revoked ---- */

struct inherit {
    struct sql *old;
    struct hubstore *s;
    struct clock_now now;
    const struct inherit_site *site; /* that is worked on */
    struct arena list, a;
};
struct inherit_site {
    const char *id;
    const char *const *devices;
    size_t count;
};

/* Copies the old hub's own lines. Where the backup's chain does not take them, inherit_flags writes new ones. */
static enum err inherit_lines(struct inherit *h, const struct hub_site *at, struct why *why)
{
    struct why refused = { 0 };
    struct bundle b = { .line_count = 0 };
    struct lines lines;
    enum err rc =
        hubstore_notice_of(h->old, h->site->id, h->site->devices, h->site->count, &h->a, &b, why);
    if (rc != ERR_OK || b.line_count == 0)
        return rc;
    if (lines_parse(&h->a, &b, &lines, &refused) != ERR_OK)
        return ERR_OK;
    struct hub_push push = {
        .device = at->at.voice, .site = at->at.site, .lines = &lines, .now = h->now
    };
    return hubstore_append(h->s, &push, why);
}

/* Marks each device as revoked. Where the backup does not know the site yet there is no chain to write a line in: the mark
   alone then keeps the kiosk from bringing the site back. */
static enum err inherit_flags(struct hubstore *s, void *ctx, struct why *why)
{
    struct inherit *h = ctx;
    struct hub_site at;
    enum err known = hubstore_site(s, h->site->id, NULL, &at, why);
    enum err rc = known == ERR_NOT_FOUND ? ERR_OK : known;

    for (size_t i = 0; i < h->site->count && rc == ERR_OK; i++) {
        const char *device = h->site->devices[i];
        arena_reset(&h->a);
        rc = hubstore_own(s, device, h->site->id, why);
        if (rc == ERR_DENIED) {
            rc = ERR_OK; /* in the backup it is another site's */
            continue;
        }
        if (rc == ERR_OK)
            rc = known == ERR_OK ? hubstore_revoke_in(s, &at.at, device, h->now, &h->a, why)
                                 : hubstore_revoked_in(s, h->site->id, device, h->now.wall_ms, why);
    }
    return rc;
}

static enum err inherit_site(struct inherit *h, struct inherit_site *site, struct why *why)
{
    struct hub_site at;
    enum err rc = hubstore_revoked_of(h->old, site->id, HUB_KIOSKS_MAX, &h->list, &site->devices,
                                      &site->count, why);

    h->site = site;
    arena_reset(&h->a);
    if (rc == ERR_OK)
        rc = hubstore_site(h->s, site->id, NULL, &at, why);
    if (rc == ERR_OK)
        rc = inherit_lines(h, &at, why);
    if (rc == ERR_NOT_FOUND)
        rc = ERR_OK;
    return rc == ERR_OK ? hubstore_in(h->s, true, inherit_flags, h, why) : rc;
}

static enum err inherit_revoked(struct inherit *h, struct hub_restored *out, struct why *why)
{
    struct inherit_site sites[64];
    char after[KEYS_RANDOM_ID] = "";
    size_t count = 0;
    enum err rc = ERR_OK;

    do {
        arena_reset(&h->list);
        struct sql_stmt q = sql_prepare(h->old, "select distinct site from device where revoked_ms"
                                                " <> 0 and site > $1 order by site limit $2");
        sql_bind_text(&q, 1, after);
        sql_bind_i64(&q, 2, (int64_t)COUNT_OF(sites));
        for (count = 0; count < COUNT_OF(sites) && sql_step(&q); count++)
            sites[count] = (struct inherit_site){ .id = sql_text_in(&q, 0, &h->list) };
        rc = sql_end(&q, why);
        for (size_t i = 0; i < count && rc == ERR_OK; i++) {
            rc = inherit_site(h, &sites[i], why);
            out->revoked += (int64_t)sites[i].count;
            (void)str_copy(after, sizeof(after), sites[i].id);
        }
    } while (rc == ERR_OK && count == COUNT_OF(sites));
    return rc;
}

/* ---- all of it ---- */

enum err hubstore_inherit(struct sql *old, const char *db, int64_t now_ms, struct hub_restored *out,
                          struct why *why)
{
    struct inherit h = { .old = old, .now = { .wall_ms = now_ms, .trust = CLOCK_SET } };
    int64_t version = 0;

    if (sql_version(old, &version, NULL) != ERR_OK || version < HUBSTORE_ERASED)
        return ERR_OK;
    enum err rc = hubstore_open(&(struct hubstore_where){ .file = db }, HUBSTORE_LOOK, &h.s, why);
    arena_init(&h.list, INHERIT_LIST_ARENA);
    arena_init(&h.a, INHERIT_ARENA);
    if (rc == ERR_OK)
        rc = inherit_erased(old, h.s, out, why);
    if (rc == ERR_OK)
        rc = inherit_revoked(&h, out, why);
    if (rc == ERR_OK)
        rc = sql_exec(h.s->sql, hubstore_one_file, why);
    arena_done(&h.a);
    arena_done(&h.list);
    hubstore_close(h.s);
    return rc;
}
