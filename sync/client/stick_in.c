#include <inttypes.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/client/epoch.h"
#include "sync/client/proto.h"
#include "sync/client/state.h"
#include "sync/client/stick_parts.h"
#include "sync/log/evlog.h"

/* What others have put on the stick. */

/* Why a file was left, for whoever stands before the kiosk. */
static const char *in_words(enum err rc, bool other)
{
    if (other)
        return "it was made by another version of Canny: update both kiosks";
    if (rc == ERR_LIMIT)
        return "it is too large to be a kiosk's";
    if (rc == ERR_DENIED)
        return "it is not sealed to this kiosk, or was changed";
    return "it is damaged, or was cut off when it was written";
}

/* ---- receipts ---- */

/* The hub says what it holds of us, with its counter-signature: the same proof as over the network. Only of the epoch that we
   know, and only forward: an old stick must not make us forget what the hub has said since. */
static enum err in_acked(struct stick_work *w, const struct receipt *r, struct why *why)
{
    const struct stick *s = w->s;
    uint8_t pub[KEYS_PUBLIC];
    uint8_t *sig = NULL;
    size_t sig_len = 0;
    int64_t acked = 0;
    char ours[KEYS_ID_TEXT] = "";
    uint64_t head = receipt_head_of(r, s->self->id);
    const struct receipt_head *h = NULL;
    for (size_t i = 0; i < r->head_count; i++)
        if (str_eq(r->heads[i].device, s->self->id))
            h = &r->heads[i];
    enum err rc = state_get_i64(s->db, "acked", 0, &acked, why);
    if (rc != ERR_OK || h == NULL || (int64_t)head <= acked || !str_eq(r->epoch, s->epoch))
        return rc;

    struct db_stmt q =
        db_prepare(s->db, "select hash from log_line where device = ?1 and seq = ?2");
    db_bind_text(&q, 1, s->self->id);
    db_bind_i64(&q, 2, (int64_t)head);
    if (db_step(&q))
        (void)str_copy(ours, sizeof ours, db_text(&q, 0));
    rc = db_end(&q, why);
    if (rc != ERR_OK)
        return rc;
    const char *text = proto_head_text(&w->a, s->hub, r->epoch, s->self->id, head, h->hash);
    if (text == NULL)
        return why_set(why, ERR_NOMEM, 0, "receipt: no memory");
    if (!str_eq(ours, h->hash) || !hex_get(pub, sizeof pub, s->hub) ||
        keys_unb64(&w->a, h->signature, &sig, &sig_len, NULL) != ERR_OK || sig_len != KEYS_SIG ||
        !keys_verify(sig, pub, text, strlen(text)))
        return ERR_OK;
    rc = state_set_i64(s->db, "acked", (int64_t)head, why);
    if (rc == ERR_OK)
        rc = state_set(s->db, "acked.head", h->hash, why);
    return rc == ERR_OK ? state_set(s->db, "acked.signature", h->signature, why) : rc;
}

/* An old stick must not lead back to a time of the hub that is over: what counts is later than all that we heard of it. */
static enum err in_epoch(struct stick_work *w, const struct receipt *r, int64_t last_ms,
                         struct why *why)
{
    struct stick *s = w->s;
    int64_t round_ms = 0;
    if (w->counting || str_eq(r->epoch, "none") || str_eq(r->epoch, s->epoch))
        return ERR_OK;
    enum err rc = state_get_i64(s->db, "last_success_ms", 0, &round_ms, why);
    if (rc != ERR_OK)
        return rc;
    if (s->epoch[0] != '\0' && (r->at_ms < last_ms || r->at_ms <= round_ms)) {
        stick_note(w, "The hub's receipt", "it is of an earlier time of the hub");
        return ERR_OK;
    }
    rc = s->epoch[0] == '\0' ? state_set(s->db, "epoch", r->epoch, why)
                             : epoch_begin(s->db, r->epoch, why);
    const char *epoch = arena_strdup(&w->list, r->epoch);
    if (rc == ERR_OK && epoch == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "receipt: no memory");
    if (rc == ERR_OK)
        s->epoch = epoch;
    return rc;
}

/* The hub's receipt names attachments that it holds: those of ours need not wait any longer. As above, only where the receipt is
   of the epoch that we know. */
static enum err in_held(struct stick_work *w, const struct receipt *r, struct why *why)
{
    const struct stick *s = w->s;
    if (w->counting || s->data == NULL || r->file_count == 0 || !str_eq(r->epoch, s->epoch))
        return ERR_OK;
    struct db_stmt q = db_prepare(
        s->db, "update log_file set state = 'held', moved = 0 where hash = ?1 and state = 'here'"
               " and exists (select 1 from log_file_name n where n.hash = log_file.hash)");
    for (size_t i = 0; i < r->file_count; i++) {
        db_again(&q);
        db_bind_text(&q, 1, r->files[i]);
        (void)db_step(&q);
    }
    return db_end(&q, why);
}

static enum err in_hub(struct stick_work *w, const struct receipt *r, int64_t last_ms,
                       struct why *why)
{
    (void)str_copy(w->epoch, sizeof w->epoch, str_eq(r->epoch, "none") ? "" : r->epoch);
    enum err rc = in_epoch(w, r, last_ms, why);
    if (rc == ERR_OK)
        rc = in_acked(w, r, why);
    return rc == ERR_OK ? in_held(w, r, why) : rc;
}

static enum err in_last(struct stick_work *w, const char *member, int64_t *out, struct why *why)
{
    struct db_stmt q = db_prepare(w->s->db, "select at_ms from stick_receipt where member = ?1");
    db_bind_text(&q, 1, member);
    *out = db_step(&q) ? db_i64(&q, 0) : 0;
    return db_end(&q, why);
}

/* What the receiver holds, as it says now: also if that is less than it once said, as of a card that was put back. */
static enum err in_keep(struct stick_work *w, const struct receipt *r, struct why *why)
{
    struct db *db = w->s->db;
    int64_t last_ms = 0;
    enum err rc = in_last(w, r->device, &last_ms, why);
    if (rc == ERR_OK)
        rc = db_begin(db, why);
    if (rc != ERR_OK)
        return rc;
    struct db_stmt q = db_prepare(db, "insert or replace into stick_receipt(member, at_ms, read_ms)"
                                      " values (?1, ?2, ?3)");
    db_bind_text(&q, 1, r->device);
    db_bind_i64(&q, 2, r->at_ms > last_ms ? r->at_ms : last_ms);
    db_bind_i64(&q, 3, clock_read(w->s->clock).wall_ms);
    (void)db_step(&q);
    rc = db_end(&q, why);
    if (rc == ERR_OK)
        rc = db_run(db, why, "delete from stick_held where member = ?1", r->device);
    q = db_prepare(db,
                   "insert or replace into stick_held(member, device, seq) values (?1, ?2, ?3)");
    for (size_t i = 0; i < r->head_count && rc == ERR_OK; i++) {
        db_again(&q);
        db_bind_text(&q, 1, r->device);
        db_bind_text(&q, 2, r->heads[i].device);
        db_bind_i64(&q, 3, (int64_t)r->heads[i].seq);
        (void)db_step(&q);
    }
    enum err ended = db_end(&q, rc == ERR_OK ? why : NULL);
    if (rc == ERR_OK)
        rc = ended;
    if (rc == ERR_OK && str_eq(r->device, w->s->hub))
        rc = in_hub(w, r, last_ms, why);
    return db_finish(db, rc, why);
}

static enum err in_receipt(struct stick_work *w, const struct stick_entry *e, struct why *why)
{
    char sender[STICK_ID];
    char *text = NULL;
    size_t len = 0;
    struct receipt r;
    struct why said = { 0 };
    arena_reset(&w->a);
    enum err rc =
        stick_folder_read(w->folder.site, e->name, RECEIPT_BYTES_MAX, &w->a, &text, &len, &said);
    if (rc == ERR_OK)
        rc = receipt_read(&w->a, text, len, &r, &said);
    if (stick_ends(rc)) {
        if (why != NULL)
            *why = said;
        return rc;
    }
    if (rc != ERR_OK) {
        stick_note(w, e->name, "%s", in_words(rc, false));
        return ERR_OK;
    }
    stick_name_sender(sender, r.device);
    if (!str_eq(sender, e->is.sender) || !str_eq(r.site, w->s->site)) {
        stick_note(w, e->name, "it is another kiosk's or another school's");
        return ERR_OK;
    }
    /* Whoever does not belong here (yet) is not asked what it holds: it gets nothing. */
    if (!stick_belongs(w, r.device) && !str_eq(r.device, w->s->hub))
        return ERR_OK;
    if (r.root != NULL && r.root_version > w->s->tally.root_version) {
        w->s->tally.root_version = r.root_version;
        (void)str_copy(w->s->tally.root_hash, sizeof w->s->tally.root_hash, r.root);
    }
    return in_keep(w, &r, why);
}

enum err stick_read_receipts(struct stick_work *w, struct why *why)
{
    struct stick_entry *rows = NULL;
    char self[STICK_ID];
    size_t count = 0;
    bool left = false;
    enum err rc = stick_folder_list(w->folder.site, STICK_RECEIPT, STICK_RECEIPTS_MAX, &w->list,
                                    &rows, &count, &left, why);
    stick_name_sender(self, w->s->self->id);
    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        if (!str_eq(rows[i].is.sender, self))
            rc = in_receipt(w, &rows[i], why);
    return rc;
}

/* ---- bundles ---- */

enum in_answer {
    IN_DONE,
    IN_LATER, /* its sender may belong to the site by what another bundle brings, or others of the hub stand before it */
    IN_LEFT,
};

struct in_bundle {
    const struct stick_entry *entry;
    bool settled;
    bool counted; /* its bytes, against the plug's bound */
};

/* Lines that are not here, each once whatever bundles it stands in. */
static enum err in_count(struct stick_work *w, const struct bundle *b, struct why *why)
{
    struct db *db = w->s->db;
    struct db_stmt here = db_prepare(db, "select 1 from log_line where device = ?1 and seq = ?2");
    struct db_stmt seen =
        db_prepare(db, "insert or ignore into temp.stick_seen(device, seq) values (?1, ?2)");
    struct arena line;
    arena_init(&line, EVENT_ARENA);
    for (size_t i = 0; i < b->line_count; i++) {
        struct event e;
        arena_reset(&line);
        if (event_parse(&line, b->lines[i].line, b->lines[i].len, &e, NULL) != ERR_OK)
            continue;
        db_again(&here);
        db_bind_text(&here, 1, e.device);
        db_bind_i64(&here, 2, (int64_t)e.seq);
        if (db_step(&here))
            continue;
        db_again(&seen);
        db_bind_text(&seen, 1, e.device);
        db_bind_i64(&seen, 2, (int64_t)e.seq);
        (void)db_step(&seen);
    }
    arena_done(&line);
    enum err rc = db_end(&here, why);
    enum err ended = db_end(&seen, rc == ERR_OK ? why : NULL);
    return rc == ERR_OK ? ended : rc;
}

/* The place in the hub's order after these lines: moved where none is jumped over, and the stick's numbers are of the epoch
   that our place is of. */
static enum err in_cursor(struct stick_work *w, const struct bundle *b, size_t from, size_t count,
                          struct why *why)
{
    int64_t cursor = 0;
    if (!str_eq(b->sender, w->s->hub) || w->epoch[0] == '\0' || !str_eq(w->epoch, w->s->epoch))
        return ERR_OK;
    enum err rc = state_get_i64(w->s->db, "cursor", 0, &cursor, why);
    int64_t to = cursor;
    for (size_t i = from; i < from + count && rc == ERR_OK; i++)
        if (b->lines[i].site_no == (uint64_t)to + 1)
            to++;
    if (rc == ERR_OK && to > cursor)
        rc = state_set_i64(w->s->db, "cursor", to, why);
    return rc;
}

/* What another kiosk brought is the hub's to have, which may never see that kiosk: it is given with what the hub is owed
   (outbox_owe.c), which asks for the hub's heads and sends what it lacks. */
static enum err in_owe(struct stick_work *w, const struct bundle *b, size_t fresh, struct why *why)
{
    if (fresh == 0 || w->s->hub[0] == '\0' || str_eq(b->sender, w->s->hub))
        return ERR_OK;
    return db_exec(w->s->db,
                   "insert into sync_state(key, value) values ('debt', '1') on conflict(key) do"
                   " update set value = cast(value as integer) + 1",
                   why);
}

/* One transaction: a kill leaves all of it or nothing. */
static enum err in_some(struct stick_work *w, const struct bundle *b, size_t from, size_t count,
                        struct why *why)
{
    const struct stick *s = w->s;
    struct event_line lines[STICK_INGEST_MAX];
    size_t fresh = 0;
    for (size_t i = 0; i < count; i++)
        lines[i] = (struct event_line){ .line = b->lines[from + i].line,
                                        .len = b->lines[from + i].len,
                                        .hash = b->lines[from + i].hash };
    enum err rc = db_begin(s->db, why);
    if (rc != ERR_OK)
        return rc;
    rc = s->ports->ingest(s->ports->ctx, s->db, clock_read(s->clock), lines, count, &fresh, why);
    if (rc == ERR_OK)
        rc = in_cursor(w, b, from, count, why);
    if (rc == ERR_OK)
        rc = in_owe(w, b, fresh, why);
    rc = db_finish(s->db, rc, why);
    if (rc == ERR_OK) {
        w->s->tally.taken += fresh;
        w->s->tally.done += fresh;
    }
    return rc;
}

static enum err in_take(struct stick_work *w, const struct stick_entry *e, const struct bundle *b,
                        struct why *why)
{
    struct why said = { 0 };
    enum err rc = proto_blobs_take(w->s->db, b, &said);
    for (size_t at = 0; at < b->line_count && rc == ERR_OK; at += STICK_INGEST_MAX) {
        size_t left = b->line_count - at;
        rc = in_some(w, b, at, left < STICK_INGEST_MAX ? left : STICK_INGEST_MAX, &said);
        stick_progress(w);
    }
    /* Another line stands where one of these belongs: a copied or a restored card. What came before it is taken. */
    if (rc == ERR_CONFLICT)
        w->s->tally.forked = true;
    if (rc == ERR_CONFLICT || rc == ERR_INPUT || rc == ERR_LIMIT) {
        stick_note(w, e->name, "%s", said.text);
        return ERR_OK;
    }
    if (rc != ERR_OK && why != NULL)
        *why = said;
    return rc;
}

/* The hub's numbers begin where we have read to, or below. */
static bool in_follows(struct stick_work *w, const struct bundle *b)
{
    int64_t cursor = 0;
    if (b->line_count == 0 || !str_eq(b->sender, w->s->hub))
        return true;
    if (state_get_i64(w->s->db, "cursor", 0, &cursor, NULL) != ERR_OK)
        return true;
    return b->lines[0].site_no <= (uint64_t)cursor + 1;
}

/* A bundle of somebody who does not belong here, as far as this kiosk knows. It may be a kiosk that joined after this one was
   revoked and heard no more. So one thing is taken from it: that this kiosk is revoked, which the hub's own signature proves. */
static enum err in_stranger(struct stick_work *w, const struct stick_entry *e,
                            const struct bundle *b, bool last, enum in_answer *out, struct why *why)
{
    const struct bundle_line *own = last ? stick_notice_own(w, b) : NULL;
    struct bundle_line line;
    *out = last ? IN_LEFT : IN_LATER;
    if (own == NULL) {
        if (last)
            stick_note(w, e->name, "its sender does not belong to this school");
        return ERR_OK;
    }
    line = (struct bundle_line){ .line = own->line, .len = own->len };
    const struct bundle one = {
        .sender = b->sender, .site = b->site, .lines = &line, .line_count = 1
    };
    *out = IN_DONE;
    return w->counting ? in_count(w, &one, why) : in_take(w, e, &one, why);
}

static enum err in_judge(struct stick_work *w, const struct stick_entry *e, const struct bundle *b,
                         bool last, enum in_answer *out, struct why *why)
{
    char sender[STICK_ID];
    bool hub = w->s->hub[0] != '\0' && str_eq(b->sender, w->s->hub);
    stick_name_sender(sender, b->sender);
    *out = IN_LEFT;
    if (!str_eq(sender, e->is.sender) || !str_eq(b->site, w->s->site)) {
        stick_note(w, e->name, "it is another kiosk's or another school's");
        return ERR_OK;
    }
    if (!hub && !stick_belongs(w, b->sender))
        return in_stranger(w, e, b, last, out, why);
    if (!w->counting && !last && !in_follows(w, b)) {
        *out = IN_LATER;
        return ERR_OK;
    }
    *out = IN_DONE;
    return w->counting ? in_count(w, b, why) : in_take(w, e, b, why);
}

static enum err in_bundle(struct stick_work *w, struct in_bundle *one, bool last,
                          enum in_answer *out, struct why *why)
{
    const struct stick_entry *e = one->entry;
    struct why said = { 0 };
    struct bundle b;
    char *bytes = NULL;
    size_t len = 0;
    *out = IN_LEFT;
    arena_reset(&w->a);
    enum err rc =
        stick_folder_read(w->folder.site, e->name, BUNDLE_BYTES_MAX, &w->a, &bytes, &len, &said);
    if (rc == ERR_OK && !one->counted && w->read + len > STICK_ROUND_MAX) {
        w->s->tally.more = true;
        *out = IN_DONE; /* at the next tap */
        return ERR_OK;
    }
    if (rc == ERR_OK && !one->counted) {
        w->read += len;
        one->counted = true;
    }
    bool other = rc == ERR_OK && bundle_of_other(bytes, len);
    w->s->tally.other += other ? 1 : 0;
    if (rc == ERR_OK)
        rc = bundle_decode(&w->a, bytes, len, w->s->self, &b, &said);
    if (rc == ERR_OK)
        return in_judge(w, e, &b, last, out, why);
    if (stick_ends(rc)) {
        if (why != NULL)
            *why = said;
        return rc;
    }
    stick_note(w, e->name, "%s", in_words(rc, other));
    return ERR_OK;
}

/* Again and again while something moves: a bundle may bring what another waits for. */
static enum err in_all(struct stick_work *w, struct in_bundle *all, size_t count, struct why *why)
{
    enum err rc = ERR_OK;
    bool moved = true;
    bool last = false;
    while (rc == ERR_OK && (moved || !last)) {
        last = !moved;
        moved = false;
        for (size_t i = 0; i < count && rc == ERR_OK; i++) {
            enum in_answer answer = IN_LATER;
            if (all[i].settled)
                continue;
            if (stick_stopped(w))
                return why_set(why, ERR_OFFLINE, 0, "stopped");
            rc = in_bundle(w, &all[i], last, &answer, why);
            all[i].settled = rc == ERR_OK && answer != IN_LATER;
            moved = moved || all[i].settled;
            if (rc == ERR_OK && answer == IN_DONE && !w->counting)
                rc = stick_members(w, why);
        }
    }
    return rc;
}

enum err stick_read_bundles(struct stick_work *w, struct why *why)
{
    struct stick_entry *rows = NULL;
    char self[STICK_ID];
    size_t count = 0;
    size_t all = 0;
    bool left = false;
    enum err rc = stick_folder_list(w->folder.site, STICK_BUNDLE, STICK_BUNDLES_MAX, &w->list,
                                    &rows, &count, &left, why);
    if (rc != ERR_OK)
        return rc;
    struct in_bundle *bundles = arena_array(&w->list, count + 1, sizeof *bundles);
    if (bundles == NULL)
        return why_set(why, ERR_NOMEM, 0, "stick: no memory");
    stick_name_sender(self, w->s->self->id);
    w->s->tally.more = w->s->tally.more || left;
    for (size_t i = 0; i < count; i++)
        if (!str_eq(rows[i].is.sender, self))
            bundles[all++].entry = &rows[i];
    return in_all(w, bundles, all, why);
}
