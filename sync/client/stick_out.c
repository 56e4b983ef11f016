#include <string.h>

#include "platform/base/str.h"
#include "sync/client/proto.h"
#include "sync/client/state.h"
#include "sync/client/stick_parts.h"
#include "sync/log/evlog.h"

/* What others miss goes onto the stick: whom it is for, what is there already, and the rest. */

enum {
    OUT_PLAIN_MAX =
        2 * 1024 * 1024, /* bytes of lines in a bundle: sealed it stays below its maximum */
};

/* Lines that say who belongs to the site go first. */
#define OUT_MEMBERSHIP                                                                             \
    "('site.founded', 'kiosk.admitted', 'kiosk.enrolled', 'kiosk.revoked', 'person.erased')"
/* What some receiver misses and no bundle of ours on the stick brings. */
#define OUT_MISSING                                                                                \
    " from temp.stick_need n join log_line l on l.device = n.device and l.seq > n.low"             \
    " where not exists (select 1 from temp.stick_cover c where c.device = l.device"                \
    " and c.seq = l.seq)"

/* ---- for whom ---- */

static enum err out_receivers(struct stick_work *w, struct stick_to *to, struct why *why)
{
    struct db *db = w->s->db;
    struct buf ids;
    enum err rc = db_exec(db, "delete from temp.stick_to", why);
    struct db_stmt q = db_prepare(db, "insert or ignore into temp.stick_to(id) values (?1)");
    for (size_t i = 0; i <= w->member_count && rc == ERR_OK; i++) {
        const char *id = i < w->member_count ? w->members[i].id : w->s->hub;
        bool in = i < w->member_count ? w->members[i].now : id[0] != '\0';
        if (!in || str_eq(id, w->s->self->id))
            continue;
        db_again(&q);
        db_bind_text(&q, 1, id);
        (void)db_step(&q);
    }
    enum err ended = db_end(&q, rc == ERR_OK ? why : NULL);
    if (rc != ERR_OK || ended != ERR_OK)
        return rc != ERR_OK ? rc : ended;

    to->keys = arena_array(&w->list, w->member_count + 2, KEYS_PUBLIC);
    if (to->keys == NULL)
        return why_set(why, ERR_NOMEM, 0, "stick: no memory");
    buf_init(&ids, (size_t)(STICK_MEMBERS_MAX + 2) * KEYS_ID_TEXT);
    q = db_prepare(db, "select id from temp.stick_to order by id");
    while (db_step(&q)) {
        if (to->count <= w->member_count &&
            hex_get(to->keys[to->count], KEYS_PUBLIC, db_text(&q, 0)))
            to->count++;
        buf_str(&ids, db_text(&q, 0));
    }
    rc = db_end(&q, why);
    if (rc == ERR_OK)
        rc = buf_done(&ids, why);
    keys_sha256_hex(to->hash, ids.data == NULL ? "" : ids.data, ids.len);
    buf_free(&ids);
    return rc;
}

static enum err out_need(struct stick_work *w, struct why *why)
{
    return db_exec(w->s->db,
                   "delete from temp.stick_need;"
                   "insert into temp.stick_need(device, low) select m.device, (select"
                   " min(coalesce((select h.seq from stick_held h where h.member = t.id and"
                   " h.device = m.device), 0)) from temp.stick_to t) from log_mark m"
                   " where exists (select 1 from temp.stick_to)",
                   why);
}

/* ---- what is there already ---- */

/* out: the hash of the keys that our bundle of this name was sealed to (struct stick_to); "" when we have no note of it. */
static void out_sealed_to(struct stick_work *w, const char *name, char out[KEYS_ID_TEXT])
{
    out[0] = '\0';
    struct db_stmt q =
        db_prepare(w->s->db, "select receivers from stick_given where site = ?1 and name = ?2");
    db_bind_text(&q, 1, w->s->site);
    db_bind_text(&q, 2, name);
    if (db_step(&q))
        (void)str_copy(out, KEYS_ID_TEXT, db_text(&q, 0));
    if (db_end(&q, NULL) != ERR_OK)
        out[0] = '\0';
}

/* Notes the lines of one of our own bundles; *out_wanted: somebody misses one of them. */
static enum err out_cover(struct stick_work *w, const struct bundle *b, bool *out_wanted,
                          struct why *why)
{
    struct db *db = w->s->db;
    struct db_stmt low = db_prepare(db, "select low from temp.stick_need where device = ?1");
    struct db_stmt put =
        db_prepare(db, "insert or ignore into temp.stick_cover(device, seq) values (?1, ?2)");
    struct arena line;
    arena_init(&line, EVENT_ARENA);
    *out_wanted = false;
    for (size_t i = 0; i < b->line_count; i++) {
        struct event e;
        arena_reset(&line);
        if (event_parse(&line, b->lines[i].line, b->lines[i].len, &e, NULL) != ERR_OK)
            continue;
        db_again(&low);
        db_bind_text(&low, 1, e.device);
        if (db_step(&low) && (int64_t)e.seq > db_i64(&low, 0))
            *out_wanted = true;
        db_again(&put);
        db_bind_text(&put, 1, e.device);
        db_bind_i64(&put, 2, (int64_t)e.seq);
        (void)db_step(&put);
    }
    arena_done(&line);
    enum err rc = db_end(&low, why);
    enum err ended = db_end(&put, rc == ERR_OK ? why : NULL);
    return rc == ERR_OK ? ended : rc;
}

static enum err out_own(struct stick_work *w, const char *name, const struct stick_to *to,
                        bool *out_keep, struct why *why)
{
    struct bundle b;
    char *bytes = NULL;
    size_t len = 0;
    char sealed[KEYS_ID_TEXT];
    *out_keep = false;
    out_sealed_to(w, name, sealed);
    bool notice = w->notice.batch.count > 0 && str_eq(sealed, w->notice.to.hash);
    arena_reset(&w->a);
    enum err rc =
        stick_folder_read(w->folder.site, name, BUNDLE_BYTES_MAX, &w->a, &bytes, &len, why);
    if (rc == ERR_OK && !notice && !str_eq(sealed, to->hash))
        return ERR_OK;
    if (rc == ERR_OK)
        rc = bundle_decode(&w->a, bytes, len, w->s->self, &b, why);
    if (rc != ERR_OK)
        return stick_ends(rc) ? rc : ERR_OK;
    if (!str_eq(b.sender, w->s->self->id))
        return ERR_OK;
    /* The notice's lines do not count as given: each kiosk gets them by the ordinary bundles. */
    *out_keep = notice;
    w->notice.there += notice ? 1 : 0;
    return notice ? ERR_OK : out_cover(w, &b, out_keep, why);
}

/* Our own bundles: those that are still wanted count as given; the others are taken away, also what a cut left half
   written. */
static enum err out_look_own(struct stick_work *w, enum stick_kind kind, const struct stick_to *to,
                             struct why *why)
{
    struct stick_entry *rows = NULL;
    char self[STICK_ID];
    size_t count = 0;
    bool left = false;
    enum err rc = stick_folder_list(w->folder.site, kind, STICK_BUNDLES_MAX, &w->list, &rows,
                                    &count, &left, why);
    stick_name_sender(self, w->s->self->id);
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        bool keep = false;
        if (!str_eq(rows[i].is.sender, self))
            continue;
        if (kind == STICK_BUNDLE)
            rc = out_own(w, rows[i].name, to, &keep, why);
        if (rc != ERR_OK || keep || w->counting)
            continue;
        enum err gone = stick_folder_remove(w->folder.site, rows[i].name, why);
        if (gone == ERR_DENIED)
            w->s->tally.protected = true;
        else if (gone != ERR_OK)
            return gone;
        rc = db_run(w->s->db, why, "delete from stick_given where site = ?1 and name = ?2",
                    w->s->site, rows[i].name);
    }
    return rc;
}

/* ---- the rest ---- */

static enum err out_gather(struct stick_work *w, bool membership, struct stick_batch *out,
                           struct why *why)
{
    *out = (struct stick_batch){ .lines = arena_array(&w->a, BUNDLE_LINES_MAX,
                                                      sizeof(struct bundle_line)) };
    if (out->lines == NULL)
        return why_set(why, ERR_NOMEM, 0, "stick: no memory");
    struct db_stmt q =
        db_prepare(w->s->db, membership ? "select l.line, l.device, l.seq" OUT_MISSING
                                          " and l.kind in " OUT_MEMBERSHIP
                                          " order by l.device, l.seq limit 2000"
                                        : "select l.line, l.device, l.seq" OUT_MISSING
                                          " order by l.device, l.seq limit 2000");
    bool failed = false;
    while (!failed && out->count < BUNDLE_LINES_MAX && db_step(&q)) {
        const char *text = db_text(&q, 0);
        size_t len = strlen(text);
        if (out->count > 0 && out->bytes + len > OUT_PLAIN_MAX)
            break;
        char *copy = arena_strndup(&w->a, text, len);
        failed = copy == NULL;
        out->lines[out->count] = (struct bundle_line){ .line = copy, .len = len };
        out->count += failed ? 0 : 1;
        out->bytes += len;
    }
    enum err rc = db_end(&q, why);
    return rc == ERR_OK && failed ? why_set(why, ERR_NOMEM, 0, "stick: no memory") : rc;
}

/* One bundle for a group of receivers, sealed to ourselves too. Its row is kept first: a name without a row is taken away
   at the next plug, which costs nothing; a row without its file is never asked for. */
enum err stick_write_bundle(struct stick_work *w, const struct stick_batch *batch,
                            const struct stick_to *to, size_t from, struct why *why)
{
    struct bundle b = { .site = w->s->site, .lines = batch->lines, .line_count = batch->count };
    uint8_t keys[BUNDLE_RECEIVERS_MAX][KEYS_PUBLIC];
    size_t count = to->count - from < STICK_TO_MAX ? to->count - from : STICK_TO_MAX;
    char name[STICK_NAME_MAX];
    uint8_t *bytes = NULL;
    size_t len = 0;
    uint32_t dice = 0;
    memcpy(keys, to->keys[from], count * KEYS_PUBLIC);
    memcpy(keys[count], w->s->self->pub, KEYS_PUBLIC);
    enum err rc = proto_blobs(w->s->db, &w->a, b.lines, b.line_count, &b.blobs, &b.blob_count, why);
    if (rc == ERR_OK)
        rc = bundle_encode(&w->a, &b, w->s->self, (const uint8_t(*)[KEYS_PUBLIC])keys, count + 1,
                           &bytes, &len, why);
    if (rc != ERR_OK)
        return rc;
    if (w->read + len > STICK_ROUND_MAX) {
        w->s->tally.more = true;
        return ERR_LIMIT;
    }
    w->read += len;
    keys_random(&dice, sizeof dice);
    stick_name_bundle(name, w->s->self->id, dice);
    rc = db_run(w->s->db, why,
                "insert or replace into stick_given(site, name, receivers) values (?1, ?2, ?3)",
                w->s->site, name, to->hash);
    return rc == ERR_OK ? stick_folder_write(w->folder.site, name, bytes, len, why) : rc;
}

static enum err out_batch_done(struct stick_work *w, const struct stick_batch *batch,
                               struct why *why)
{
    struct bundle b = { .lines = batch->lines, .line_count = batch->count };
    bool wanted = false;
    w->s->tally.given += batch->count;
    w->s->tally.done += batch->count;
    stick_progress(w);
    return out_cover(w, &b, &wanted, why);
}

static enum err out_rest(struct stick_work *w, const struct stick_to *to, bool membership,
                         struct why *why)
{
    for (;;) {
        struct stick_batch batch;
        arena_reset(&w->a);
        if (stick_stopped(w))
            return why_set(why, ERR_OFFLINE, 0, "stopped");
        enum err rc = out_gather(w, membership, &batch, why);
        if (rc != ERR_OK || batch.count == 0)
            return rc;
        for (size_t from = 0; from < to->count && rc == ERR_OK; from += STICK_TO_MAX)
            rc = stick_write_bundle(w, &batch, to, from, why);
        if (rc == ERR_OK)
            rc = out_batch_done(w, &batch, why);
        if (rc != ERR_OK)
            return rc;
    }
}

/* What keeps the stick from taking more is told, and ends the giving alone. */
static enum err out_settled(struct stick_work *w, enum err rc)
{
    if (rc == ERR_FULL)
        w->s->tally.full = true;
    if (rc == ERR_DENIED)
        w->s->tally.protected = true;
    return rc == ERR_FULL || rc == ERR_DENIED || rc == ERR_LIMIT ? ERR_OK : rc;
}

enum err stick_write_bundles(struct stick_work *w, struct why *why)
{
    struct stick_to to = { .count = 0 };
    int64_t missing = 0;
    enum err rc = db_exec(w->s->db, "delete from temp.stick_cover", why);
    w->read = 0;
    if (rc == ERR_OK)
        rc = out_receivers(w, &to, why);
    w->to = to.keys;
    w->to_count = to.count;
    if (rc == ERR_OK)
        rc = out_need(w, why);
    if (rc == ERR_OK)
        rc = stick_notice_read(w, &to, why);
    if (rc == ERR_OK && !w->counting)
        rc = out_look_own(w, STICK_HALF, &to, why);
    if (rc == ERR_OK)
        rc = out_look_own(w, STICK_BUNDLE, &to, why);
    if (rc == ERR_OK)
        rc = db_one_i64(w->s->db, "select count(*)" OUT_MISSING, 0, &missing, why);
    if (rc != ERR_OK || w->counting) {
        w->s->tally.give = (uint64_t)missing + stick_notice_missing(w);
        return rc;
    }
    if (missing == 0 && stick_notice_missing(w) == 0)
        return ERR_OK;
    rc = stick_folder_make(&w->folder, why);
    /* Before what may fill the stick. */
    if (rc == ERR_OK)
        rc = stick_notice_write(w, why);
    if (rc == ERR_OK)
        rc = out_rest(w, &to, true, why);
    if (rc == ERR_OK)
        rc = out_rest(w, &to, false, why);
    return out_settled(w, rc);
}

/* ---- our receipt ---- */

static enum err out_heads(struct stick_work *w, struct receipt *r, struct why *why)
{
    struct receipt_head *heads = arena_array(&w->a, RECEIPT_HEADS_MAX, sizeof *heads);
    size_t count = 0;
    if (heads == NULL)
        return why_set(why, ERR_NOMEM, 0, "receipt: no memory");
    struct db_stmt q = db_prepare(w->s->db, "select device from log_mark order by device");
    while (count < RECEIPT_HEADS_MAX && db_step(&q))
        heads[count++].device = db_text_in(&q, 0, &w->a);
    enum err rc = db_end(&q, why);
    size_t kept = 0;
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        char hash[KEYS_ID_TEXT];
        struct receipt_head h = { .device = heads[i].device, .signature = "" };
        rc = evlog_head(w->s->db, h.device, &h.seq, hash, why);
        h.hash = arena_strdup(&w->a, hash);
        if (rc == ERR_OK && h.seq > 0)
            heads[kept++] = h;
    }
    r->heads = heads;
    r->head_count = kept;
    return rc == ERR_OK && w->a.failed ? why_set(why, ERR_NOMEM, 0, "receipt: no memory") : rc;
}

enum err stick_write_receipt(struct stick_work *w, struct why *why)
{
    int64_t cursor = 0;
    char name[STICK_NAME_MAX];
    char *text = NULL;
    size_t len = 0;
    struct receipt r = { .site = w->s->site,
                         .at_ms = clock_read(w->s->clock).wall_ms,
                         .epoch = w->s->epoch[0] == '\0' ? "none" : w->s->epoch,
                         .root = w->s->trusts,
                         .root_version = w->s->trusts_version };
    arena_reset(&w->a);
    enum err rc = state_get_i64(w->s->db, "cursor", 0, &cursor, why);
    r.cursor = cursor > 0 ? (uint64_t)cursor : 0;
    if (rc == ERR_OK)
        rc = out_heads(w, &r, why);
    if (rc == ERR_OK)
        rc = receipt_make(&w->a, &r, w->s->self, &text, &len, why);
    if (rc == ERR_OK)
        rc = stick_folder_make(&w->folder, why);
    stick_name_receipt(name, w->s->self->id);
    if (rc == ERR_OK)
        rc = stick_folder_write(w->folder.site, name, text, len, why);
    return out_settled(w, rc);
}
