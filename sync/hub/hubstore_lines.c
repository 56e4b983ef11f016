#include <inttypes.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_sqlite.h"

enum {
    HUBSTORE_PULL_BYTES =
        2 * 1024 * 1024, /* of lines in one answer, so that it fits a bundle however it packs */
    HUBSTORE_LINE_ARENA = 4 * 1024 * 1024, /* to take one line apart */
};

/* Whose line it is: a device of this site, the hub's voice in it, or one that no site knows yet (a kiosk may bring
   what a lost kiosk or a lost hub held). Never one of another site. */
static enum err hubstore_may_bring(struct hubstore_sqlite *s, const char *device, const char *site,
                                   struct why *why)
{
    struct db_stmt q = db_prepare(
        &s->db, "select site from device where id = ?1 union all"
                " select id from site where voice = ?1 union all"
                " select site from (select site from site_line where device = ?1 limit 1)");
    bool other = false;

    db_bind_text(&q, 1, device);
    while (db_step(&q))
        other = other || strcmp(db_text(&q, 0), site) != 0;
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK && other)
        rc = why_set(why, ERR_DENIED, 0, "device %.8s belongs to another site", device);
    return rc;
}

static enum err hubstore_append_line(struct hubstore_sqlite *s, const struct hub_push *push,
                                     const struct bundle_line *line, struct arena *a,
                                     char known[KEYS_ID_TEXT], size_t *fresh, struct why *why)
{
    struct event e;
    enum evlog_took took;
    enum err rc = evlog_ingest(&s->db, line->line, line->len, push->now, a, &e, &took, why);
    if (rc != ERR_OK)
        return rc;
    if (took == EVLOG_DIFFERENT)
        return why_set(why, ERR_CONFLICT, 0, "device %.8s: another line %" PRIu64 " stands here",
                       e.device, e.seq);
    if (strcmp(known, e.device) != 0) {
        rc = hubstore_may_bring(s, e.device, push->site, why);
        if (rc != ERR_OK)
            return rc;
        (void)str_copy(known, KEYS_ID_TEXT, e.device);
    }
    if (took == EVLOG_KNOWN)
        return ERR_OK;
    (*fresh)++;
    return hubstore_number(s, push->site, e.device, e.seq, why);
}

/* Inside the transaction: all lines and blobs, or an error and nothing. */
static enum err hubstore_append_in(struct hubstore_sqlite *s, const struct hub_push *push,
                                   size_t *fresh, struct why *why)
{
    char known[KEYS_ID_TEXT] = "";
    enum err rc = ERR_OK;
    struct arena a;

    arena_init(&a, HUBSTORE_LINE_ARENA);
    for (size_t i = 0; i < push->bundle->line_count && rc == ERR_OK; i++) {
        arena_reset(&a);
        rc = hubstore_append_line(s, push, &push->bundle->lines[i], &a, known, fresh, why);
    }
    for (size_t i = 0; i < push->bundle->blob_count && rc == ERR_OK; i++)
        rc = evlog_blob_take(&s->db, push->bundle->blobs[i].salt, push->bundle->blobs[i].text, why);
    arena_done(&a);
    return rc;
}

enum err hubstore_append(void *ctx, const struct hub_push *push, struct hub_head *out,
                         struct why *why)
{
    struct hubstore_sqlite *s = ctx;
    struct hub_head head = { .seq = 0 };
    size_t fresh = 0;
    enum err rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return rc;

    rc = hubstore_append_in(s, push, &fresh, why);
    if (rc == ERR_OK)
        rc = hubstore_head(s, push->device, &head, why);
    rc = hubstore_end(s, rc, why);
    if (rc != ERR_OK)
        return rc;
    head.fresh = fresh;
    *out = head;
    return ERR_OK;
}

enum err hubstore_head(void *ctx, const char *device, struct hub_head *out, struct why *why)
{
    struct hubstore_sqlite *s = ctx;
    struct hub_head head = { .seq = 0 };
    enum err rc = evlog_head(&s->db, device, &head.seq, head.hash, why);

    if (rc == ERR_OK)
        *out = head;
    return rc;
}

enum err hubstore_head_signed(void *ctx, const char *device, const struct hub_head *head,
                              const char *signature, struct why *why)
{
    struct hubstore_sqlite *s = ctx;
    struct db_stmt q =
        db_prepare(&s->db, "update device set head_seq = ?2, head_hash = ?3, head_signature = ?4"
                           " where id = ?1");

    db_bind_text(&q, 1, device);
    db_bind_i64(&q, 2, (int64_t)head->seq);
    db_bind_text(&q, 3, head->hash);
    db_bind_text(&q, 4, signature);
    (void)db_step(&q);
    return db_end(&q, why);
}

static enum err hubstore_highest(struct hubstore_sqlite *s, const char *site, uint64_t *out,
                                 struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select next_no - 1 from site where id = ?1");
    uint64_t highest = 0;

    db_bind_text(&q, 1, site);
    if (db_step(&q))
        highest = (uint64_t)db_i64(&q, 0);
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK)
        *out = highest;
    return rc;
}

static bool hubstore_copy_line(struct db_stmt *q, struct arena *a, struct bundle_line *out)
{
    size_t len = 0;
    const void *text = db_blob(q, 1, &len);

    *out = (struct bundle_line){ .site_no = (uint64_t)db_i64(q, 0),
                                 .line = arena_strndup(a, text, len),
                                 .len = len };
    return out->line != NULL;
}

static enum err hubstore_since_in(struct hubstore_sqlite *s, const char *site, uint64_t after,
                                  size_t max, struct arena *a, struct bundle *out, struct why *why)
{
    size_t bytes = 0;
    bool full = false;
    uint64_t highest = 0;
    enum err rc = hubstore_highest(s, site, &highest, why);
    if (rc != ERR_OK)
        return rc;
    out->next = after < highest ? after : highest;
    out->lines = arena_array(a, max, sizeof(*out->lines));
    if (out->lines == NULL)
        return why_set(why, ERR_NOMEM, 0, "lines since %" PRIu64 ": no memory", after);

    struct db_stmt q =
        db_prepare(&s->db, "select n.no, l.line from site_line n"
                           " join log_line l on l.device = n.device and l.seq = n.seq"
                           " where n.site = ?1 and n.no > ?2 order by n.no limit ?3");
    db_bind_text(&q, 1, site);
    db_bind_i64(&q, 2, after > INT64_MAX ? INT64_MAX : (int64_t)after);
    db_bind_i64(&q, 3, (int64_t)max);
    while (!full && bytes < HUBSTORE_PULL_BYTES && db_step(&q)) {
        struct bundle_line *line = &out->lines[out->line_count];
        full = !hubstore_copy_line(&q, a, line);
        out->line_count++;
        bytes += line->len;
        out->next = line->site_no;
    }
    rc = db_end(&q, why);
    if (rc == ERR_OK && full)
        rc = why_set(why, ERR_NOMEM, 0, "lines since %" PRIu64 ": no memory", after);
    if (rc == ERR_OK)
        rc =
            proto_blobs(&s->db, a, out->lines, out->line_count, &out->blobs, &out->blob_count, why);
    return rc;
}

enum err hubstore_since(void *ctx, const char *site, uint64_t after, size_t max, struct arena *a,
                        struct bundle *out, struct why *why)
{
    struct hubstore_sqlite *s = ctx;
    struct bundle b = { .site = site };
    enum err rc = hubstore_since_in(s, site, after, max, a, &b, why);

    if (rc == ERR_OK)
        *out = b;
    return rc;
}
