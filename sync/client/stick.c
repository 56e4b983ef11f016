#include "sync/client/stick.h"

#include <stdarg.h>
#include <stdio.h>

#include "platform/base/str.h"
#include "sync/client/adopt.h"
#include "sync/client/state.h"
#include "sync/client/stick_files.h"
#include "sync/client/stick_parts.h"
#include "sync/log/admission.h"

enum err stick_setup(struct db *db, struct why *why)
{
    enum err rc = stick_files_setup(db, why);
    if (rc != ERR_OK)
        return rc;
    return db_exec(
        db,
        "create table if not exists stick_receipt(member text primary key, at_ms integer not null,"
        " read_ms integer not null) without rowid;"
        "create table if not exists stick_held(member text not null, device text not null,"
        " seq integer not null, primary key (member, device)) without rowid;"
        "create table if not exists stick_given(site text not null, name text not null,"
        " receivers text not null, primary key (site, name)) without rowid",
        why);
}

/* Of this connection alone, gone with it. */
static enum err stick_tables(struct db *db, struct why *why)
{
    return db_exec(
        db,
        "create temp table if not exists stick_seen(device text not null, seq integer not null,"
        " primary key (device, seq)) without rowid;"
        "create temp table if not exists stick_cover(device text not null, seq integer not null,"
        " primary key (device, seq)) without rowid;"
        "create temp table if not exists stick_to(id text primary key) without rowid;"
        "create temp table if not exists stick_need(device text primary key,"
        " low integer not null) without rowid;"
        "delete from temp.stick_seen",
        why);
}

void stick_note(struct stick_work *w, const char *name, const char *fmt, ...)
{
    struct stick_tally *t = &w->s->tally;
    va_list args;
    /* Looking tells as much as taking will: once is enough. */
    if (w->counting)
        return;
    if (t->note_count < STICK_NOTES_MAX) {
        struct stick_note *n = &t->notes[t->note_count];
        (void)str_copy(n->name, sizeof n->name, name);
        char what[512];
        va_start(args, fmt);
        (void)vsnprintf(what, sizeof what, fmt, args);
        va_end(args);
        (void)str_copy(n->what, sizeof n->what, what);
    }
    t->note_count++;
}

void stick_progress(struct stick_work *w)
{
    if (w->s->progress != NULL)
        w->s->progress(w->s->ctx, &w->s->tally);
}

bool stick_stopped(struct stick_work *w)
{
    return w->s->cancelled != NULL && w->s->cancelled(w->s->ctx);
}

bool stick_ends(enum err rc)
{
    return rc == ERR_IO || rc == ERR_NOMEM || rc == ERR_NOT_FOUND;
}

enum err stick_members(struct stick_work *w, struct why *why)
{
    struct stick *s = w->s;
    return s->ports->members(s->ports->ctx, s->db, s->site, &w->list, &w->members, &w->member_count,
                             why);
}

bool stick_belongs(const struct stick_work *w, const char *device)
{
    for (size_t i = 0; i < w->member_count; i++)
        if (str_eq(w->members[i].id, device))
            return w->members[i].now;
    /* The founder is known by the site's id itself, also before the first line has come. */
    char site[KEYS_RANDOM_ID];
    admission_site(site, device);
    return str_eq(site, w->s->site);
}

static enum err stick_begin(struct stick_work *w, struct stick *s, bool counting, struct why *why)
{
    *w = (struct stick_work){ .s = s, .counting = counting };
    arena_init(&w->list, STICK_LIST_ARENA);
    arena_init(&w->a, STICK_ARENA);
    enum err rc = stick_folder_of(&w->folder, s->root, s->site, why);
    if (rc == ERR_OK)
        rc = stick_tables(s->db, why);
    return rc == ERR_OK ? stick_members(w, why) : rc;
}

static void stick_end(struct stick_work *w)
{
    arena_done(&w->a);
    arena_done(&w->list);
}

/* ---- attachments ---- */

static bool stick_file_belongs(void *ctx, const char *device)
{
    return stick_belongs(ctx, device);
}

static bool stick_file_stopped(void *ctx)
{
    return stick_stopped(ctx);
}

static void stick_file_note(void *ctx, const char *name, const char *what)
{
    stick_note(ctx, name, "%s", what);
}

/* take: those of others, once the lines that name them are here; else ours. */
static enum err stick_move_files(struct stick_work *w, bool take, struct why *why)
{
    struct stick *s = w->s;
    struct stick_files f = {
        .files = { .db = s->db, .data = s->data },
        .self = s->self,
        .site = s->site,
        .hub = s->hub,
        .dir = w->folder.files,
        .receivers = (const uint8_t(*)[KEYS_PUBLIC])w->to,
        .receiver_count = w->to_count,
        .belongs = stick_file_belongs,
        .cancelled = stick_file_stopped,
        .note = stick_file_note,
        .ctx = w,
        .now_ms = clock_read(s->clock).wall_ms,
        .left = w->read < STICK_ROUND_MAX ? STICK_ROUND_MAX - w->read : 0,
    };
    if (s->data == NULL || s->tally.protected || (!take && w->to_count == 0))
        return ERR_OK;
    enum err rc = take ? ERR_OK : stick_folder_make(&w->folder, why);
    if (rc == ERR_OK)
        rc = take ? stick_files_take(&f, why) : stick_files_give(&f, why);
    *(take ? &s->tally.taken_files : &s->tally.given_files) += f.moved;
    s->tally.more = s->tally.more || f.more;
    s->tally.no_room += take ? f.no_room : 0;
    if (take)
        return rc;
    s->tally.full = s->tally.full || f.full || rc == ERR_FULL;
    s->tally.protected = s->tally.protected || rc == ERR_DENIED;
    return rc == ERR_FULL || rc == ERR_DENIED ? ERR_OK : rc;
}

/* The last line of this kiosk's own. */
static enum err stick_head(struct stick *s, int64_t *out, struct why *why)
{
    struct db_stmt q =
        db_prepare(s->db, "select coalesce(max(seq), 0) from log_line where device = ?1");
    db_bind_text(&q, 1, s->self->id);
    if (db_step(&q))
        *out = db_i64(&q, 0);
    return db_end(&q, why);
}

/* Notes for the screens when something was last taken and given. Given: all of our lines up to `head`, the last one before
   the writing began, are on the stick. The note names our key too, as a copied card goes on under another. */
static enum err stick_keep(struct stick_work *w, int64_t head, bool whole, struct why *why)
{
    struct stick *s = w->s;
    const struct stick_tally *t = &s->tally;
    int64_t now_ms = clock_read(s->clock).wall_ms;
    char given[KEYS_ID_TEXT + 24];
    enum err rc = ERR_OK;
    if (t->taken + t->taken_files > 0)
        rc = state_set_i64(s->db, "stick.taken_ms", now_ms, why);
    if (rc != ERR_OK || !whole || w->to_count == 0 || t->protected || t->full || t->more)
        return rc;
    if (!str_format(given, sizeof given, "%s:%lld", s->self->id, (long long)head))
        return why_set(why, ERR_LIMIT, 0, "stick: a long id");
    rc = state_set(s->db, "stick.given", given, why);
    return rc == ERR_OK ? state_set_i64(s->db, "stick.given_ms", now_ms, why) : rc;
}

enum err stick_look(struct stick *s, struct why *why)
{
    struct stick_work w;
    int64_t take = 0;
    s->tally = (struct stick_tally){ .take = 0 };
    enum err rc = stick_begin(&w, s, true, why);
    if (rc == ERR_OK)
        rc = stick_read_receipts(&w, why);
    if (rc == ERR_OK)
        rc = stick_read_bundles(&w, why);
    if (rc == ERR_OK)
        rc = db_one_i64(s->db, "select count(*) from temp.stick_seen", 0, &take, why);
    s->tally.take = (uint64_t)take;
    if (rc == ERR_OK)
        rc = stick_write_bundles(&w, why);
    stick_end(&w);
    s->tally.more = false;
    return rc;
}

static enum err stick_read(struct stick_work *w, struct why *why)
{
    enum err rc = stick_read_receipts(w, why);
    return rc == ERR_OK ? stick_read_bundles(w, why) : rc;
}

/* A line just taken may have made a hub known to us. Then the stick is read once more, for what that hub has put on it, and
   what we give is sealed to the hub as well: else the stick would have to go round twice. The second reading tells of the
   files again, so the first one's notes are dropped. */
static enum err stick_adopted(struct stick_work *w, struct why *why)
{
    struct stick *s = w->s;
    bool changed = false;
    enum err rc = adopt_taken(s->db, s->self, &changed, why);
    if (rc != ERR_OK || !changed)
        return rc;
    rc = state_get(s->db, "hub.key", &w->list, &s->hub, why);
    if (rc == ERR_OK)
        rc = stick_members(w, why);
    if (rc != ERR_OK)
        return rc;
    s->tally.note_count = 0;
    w->read = 0;
    return stick_read(w, why);
}

static enum err stick_take(struct stick_work *w, struct why *why)
{
    struct stick *s = w->s;
    enum err rc = stick_read(w, why);
    if (rc == ERR_OK)
        rc = stick_adopted(w, why);
    if (rc == ERR_OK && s->ports->revoked != NULL)
        rc = s->ports->revoked(s->ports->ctx, s->db, s->self->id, &s->tally.revoked, why);
    return rc == ERR_OK && !s->tally.revoked ? stick_move_files(w, true, why) : rc;
}

static enum err stick_give(struct stick_work *w, struct why *why)
{
    struct stick *s = w->s;
    enum err rc = stick_write_bundles(w, why);
    if (rc == ERR_OK)
        rc = stick_move_files(w, false, why);
    if (rc == ERR_OK)
        rc = stick_write_receipt(w, why);
    if (rc == ERR_OK && !s->tally.protected)
        rc = stick_folder_settle(s->root, why);
    return rc;
}

/* A kiosk that has no room left gives all the same: its own records may be nowhere else. out_given: all was given. */
static enum err stick_both(struct stick_work *w, bool *out_given, struct why *why)
{
    struct why said = { 0 };
    const enum err took = stick_take(w, &said);
    enum err rc = ERR_OK;
    w->s->tally.here_full = took == ERR_FULL;
    if ((took == ERR_OK || took == ERR_FULL) && !w->s->tally.revoked) {
        rc = stick_give(w, why);
        *out_given = rc == ERR_OK;
    }
    return rc == ERR_OK && took != ERR_OK ? why_set(why, took, said.sys, "%s", said.text) : rc;
}

enum err stick_exchange(struct stick *s, struct why *why)
{
    struct stick_work w;
    int64_t head = 0;
    s->tally = (struct stick_tally){ .take = s->tally.take, .give = s->tally.give };
    s->tally.all = s->tally.take + s->tally.give;
    enum err rc = stick_begin(&w, s, false, why);
    if (rc == ERR_OK)
        rc = stick_head(s, &head, why);
    bool given = false;
    if (rc == ERR_OK)
        rc = stick_both(&w, &given, why);
    struct why said = { 0 };
    enum err kept = stick_keep(&w, head, given, &said);
    if (rc == ERR_OK && kept != ERR_OK)
        rc = why_set(why, kept, said.sys, "%s", said.text);
    stick_end(&w);
    db_settle(s->db); /* an erasure may have come with it */
    return rc;
}
