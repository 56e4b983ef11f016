#include <string.h>

#include "platform/base/str.h"
#include "sync/client/stick_parts.h"
#include "sync/log/event.h"
#include "sync/log/signed.h"

/* The notice: one more bundle on the stick, sealed to the revoked kiosks. Nothing else there is sealed to them, and without a
   network a stick is the only way to hear of it.

   It carries the lines that revoke, and those that enrolled these kiosks: one that has not heard of the hub yet could not
   judge the hub's signature without them. It is sealed to all other kiosks too, so that none reports a file that it cannot
   open. They have the same lines in the ordinary bundles as well, and only those count for what they miss. */

enum { NOTICE_BYTES_MAX = 1024 * 1024, NOTICE_TEXT_MAX = 4096 };

static bool notice_revoked(const struct stick_work *w, const char *id)
{
    for (size_t i = 0; i < w->member_count; i++)
        if (str_eq(w->members[i].id, id))
            return !w->members[i].now;
    return false;
}

/* The revoked come first: a bundle takes 64 keys, and so they share one file as far as they can. */
static enum err notice_keys(struct stick_work *w, const struct stick_to *to, struct why *why)
{
    struct stick_notice *n = &w->notice;
    n->to = (struct stick_to){ .keys = arena_array(&w->list, w->member_count + to->count + 1,
                                                   KEYS_PUBLIC) };
    if (n->to.keys == NULL)
        return why_set(why, ERR_NOMEM, 0, "stick: no memory");
    for (size_t i = 0; i < w->member_count; i++)
        if (!w->members[i].now && !str_eq(w->members[i].id, w->s->self->id) &&
            hex_get(n->to.keys[n->to.count], KEYS_PUBLIC, w->members[i].id))
            n->to.count++;
    if (n->to.count == 0)
        return ERR_OK;
    if (to->count > 0)
        memcpy(n->to.keys[n->to.count], to->keys, to->count * KEYS_PUBLIC);
    n->to.count += to->count;
    return ERR_OK;
}

/* Newest first: should there ever be more than a bundle holds, the oldest are left out. */
static enum err notice_lines(struct stick_work *w, struct buf *hashes, struct why *why)
{
    struct stick_batch *out = &w->notice.batch;
    struct db_stmt q = db_prepare(w->s->db, "select line, hash from log_line where kind in"
                                            " ('kiosk.revoked', 'kiosk.enrolled')"
                                            " order by hlc desc, device desc, seq desc");
    struct arena line;
    bool failed = false;
    arena_init(&line, EVENT_ARENA);
    while (!failed && out->count < BUNDLE_LINES_MAX && db_step(&q)) {
        const char *text = db_text(&q, 0);
        size_t len = strlen(text);
        struct event e;
        arena_reset(&line);
        if (event_parse(&line, text, len, &e, NULL) != ERR_OK || !notice_revoked(w, e.subject) ||
            out->bytes + len > NOTICE_BYTES_MAX)
            continue;
        char *copy = arena_strndup(&w->list, text, len);
        failed = copy == NULL;
        buf_str(hashes, db_text(&q, 1));
        out->lines[out->count] = (struct bundle_line){ .line = copy, .len = len };
        out->count += failed ? 0 : 1;
        out->bytes += len;
    }
    arena_done(&line);
    enum err rc = db_end(&q, why);
    return rc == ERR_OK && failed ? why_set(why, ERR_NOMEM, 0, "stick: no memory") : rc;
}

enum err stick_notice_read(struct stick_work *w, const struct stick_to *to, struct why *why)
{
    struct stick_notice *n = &w->notice;
    struct buf hashes;
    *n = (struct stick_notice){ .there = 0 };
    enum err rc = notice_keys(w, to, why);
    if (rc != ERR_OK || n->to.count == 0)
        return rc;
    n->batch.lines = arena_array(&w->list, BUNDLE_LINES_MAX, sizeof(struct bundle_line));
    if (n->batch.lines == NULL)
        return why_set(why, ERR_NOMEM, 0, "stick: no memory");

    buf_init(&hashes, (size_t)(BUNDLE_LINES_MAX + 1) * KEYS_ID_TEXT + n->to.count * KEYS_PUBLIC);
    rc = notice_lines(w, &hashes, why);
    buf_add(&hashes, n->to.keys, n->to.count * KEYS_PUBLIC);
    if (rc == ERR_OK)
        rc = buf_done(&hashes, why);
    if (rc == ERR_OK)
        keys_sha256_hex(n->to.hash, hashes.data, hashes.len);
    buf_free(&hashes);
    return rc;
}

static size_t notice_bundles(const struct stick_notice *n)
{
    return (n->to.count + STICK_TO_MAX - 1) / STICK_TO_MAX;
}

size_t stick_notice_missing(const struct stick_work *w)
{
    const struct stick_notice *n = &w->notice;
    return n->there < notice_bundles(n) ? n->batch.count : 0;
}

enum err stick_notice_write(struct stick_work *w, struct why *why)
{
    struct stick_notice *n = &w->notice;
    enum err rc = ERR_OK;
    if (stick_notice_missing(w) == 0)
        return ERR_OK;
    for (size_t from = 0; from < n->to.count && rc == ERR_OK; from += STICK_TO_MAX) {
        arena_reset(&w->a);
        rc = stick_write_bundle(w, &n->batch, &n->to, from, why);
    }
    if (rc == ERR_OK) {
        w->s->tally.given += n->batch.count;
        w->s->tally.done += n->batch.count;
        stick_progress(w);
    }
    return rc;
}

/* ---- at the one that it is for ---- */

static bool notice_says(struct arena *a, const struct bundle_line *line, const struct stick *s)
{
    const struct json *said = NULL;
    struct event e;
    if (event_parse(a, line->line, line->len, &e, NULL) != ERR_OK || e.body == NULL ||
        !str_eq(e.kind, "kiosk.revoked"))
        return false;
    const char *text = json_str(e.body, "revocation");
    return text != NULL &&
           signed_read(a, text, strlen(text), NOTICE_TEXT_MAX, "canny.revocation", "hub", &said,
                       NULL) == ERR_OK &&
           str_eq(json_str(said, "hub"), s->hub) && str_eq(json_str(said, "site"), s->site) &&
           str_eq(json_str(said, "device"), s->self->id);
}

const struct bundle_line *stick_notice_own(struct stick_work *w, const struct bundle *b)
{
    const struct bundle_line *own = NULL;
    struct arena line;
    if (w->s->hub[0] == '\0')
        return NULL;
    arena_init(&line, EVENT_ARENA);
    for (size_t i = 0; i < b->line_count && own == NULL; i++) {
        arena_reset(&line);
        if (notice_says(&line, &b->lines[i], w->s))
            own = &b->lines[i];
    }
    arena_done(&line);
    return own;
}
