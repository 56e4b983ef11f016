#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/log/evlog.h"

/* What must be remembered of a row until the next one of the same device says which of the two is
   wrong. */
struct verify_row {
    int64_t seq;
    char stored[KEYS_ID_TEXT]; /* the hash column */
    char found[KEYS_ID_TEXT];  /* the hash of the bytes that stand there */
    char prev[KEYS_ID_TEXT];
    struct hlc hlc;
    bool misplaced; /* unreadable, or another line than the row says: told already */
};

struct verify {
    struct db *db;
    struct arena arena;
    evlog_tell tell;
    void *ctx;
    struct evlog_verdict verdict;
    char device[KEYS_ID_TEXT];
    struct verify_row last; /* seq 0: none of this device yet */
};

enum { VERIFY_HASH_SHOWN = 12 }; /* digits of a hash in a sentence */

static void verify_tell(struct verify *v, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void verify_tell(struct verify *v, const char *fmt, ...)
{
    enum { SENTENCE_MAX = 400 };
    char device[EVLOG_SHORT];
    char text[SENTENCE_MAX];
    va_list args;

    v->verdict.faults++;
    if (v->tell == NULL)
        return;
    evlog_short(device, v->device);
    (void)str_format(text, sizeof(text), "device %s: ", device);
    size_t used = strlen(text);
    va_start(args, fmt);
    (void)vsnprintf(text + used, sizeof(text) - used, fmt, args);
    va_end(args);
    v->tell(v->ctx, text);
}

static void verify_missing(struct verify *v, int64_t from, int64_t to)
{
    if (from == to)
        verify_tell(v, "line %" PRId64 " is missing", from);
    else
        verify_tell(v, "lines %" PRId64 " to %" PRId64 " are missing", from, to);
}

/* next_prev is what the line after says the hash is, NULL when there is none to ask. */
static void verify_hash(struct verify *v, const struct verify_row *row, const char *next_prev)
{
    if (row->misplaced || str_eq(row->stored, row->found))
        return;
    if (next_prev == NULL)
        verify_tell(v, "line %" PRId64 " was changed: its hash is %.*s… where %.*s… is stored",
                    row->seq, VERIFY_HASH_SHOWN, row->found, VERIFY_HASH_SHOWN, row->stored);
    else if (str_eq(next_prev, row->found))
        verify_tell(v,
                    "the stored hash of line %" PRId64 " was changed to %.*s…: the line itself"
                    " is %.*s… and line %" PRId64 " says the same",
                    row->seq, VERIFY_HASH_SHOWN, row->stored, VERIFY_HASH_SHOWN, row->found,
                    row->seq + 1);
    else
        verify_tell(
            v, "line %" PRId64 " was changed: its hash is %.*s… where line %" PRId64 " says %.*s…",
            row->seq, VERIFY_HASH_SHOWN, row->found, row->seq + 1, VERIFY_HASH_SHOWN, next_prev);
}

static void verify_chain(struct verify *v, const struct verify_row *row)
{
    const struct verify_row *last = &v->last;
    bool row_sound = !row->misplaced && str_eq(row->stored, row->found);
    bool last_sound = !last->misplaced && str_eq(last->stored, last->found);

    if (last->seq == 0 || last->seq + 1 != row->seq) {
        if (last->seq > 0)
            verify_hash(v, last, NULL);
        if (last->seq + 1 < row->seq)
            verify_missing(v, last->seq + 1, row->seq - 1);
        return;
    }
    verify_hash(v, last, row_sound ? row->prev : NULL);
    if (!row_sound || !last_sound)
        return;
    if (!str_eq(row->prev, last->found))
        verify_tell(v,
                    "line %" PRId64 " was changed together with its stored hash, or line %" PRId64
                    " was: the hash is %.*s… where line %" PRId64 " says %.*s…",
                    last->seq, row->seq, VERIFY_HASH_SHOWN, last->found, row->seq,
                    VERIFY_HASH_SHOWN, row->prev);
    if (hlc_cmp(row->hlc, last->hlc) <= 0)
        verify_tell(v, "line %" PRId64 " is stamped earlier than line %" PRId64, row->seq,
                    last->seq);
}

/* A cut-off tail leaves no line after it to tell; the mark remembers the highest line ever
   stored. */
static enum err verify_mark(struct verify *v, struct why *why)
{
    struct db_stmt q = db_prepare(v->db, "select seq, hash from log_mark where device = ?1");
    const struct verify_row *last = &v->last;

    db_bind_text(&q, 1, v->device);
    if (db_step(&q)) {
        int64_t seq = db_i64(&q, 0);

        if (seq > last->seq)
            verify_missing(v, last->seq + 1, seq);
        else if (seq == last->seq && !last->misplaced && str_eq(last->stored, last->found) &&
                 !str_eq(db_text(&q, 1), last->found))
            verify_tell(v,
                        "line %" PRId64 " was changed together with its stored hash: its hash is"
                        " %.*s… where %.*s… was recorded",
                        seq, VERIFY_HASH_SHOWN, last->found, VERIFY_HASH_SHOWN, db_text(&q, 1));
    }
    return db_end(&q, why);
}

static enum err verify_device_end(struct verify *v, struct why *why)
{
    if (v->device[0] == '\0')
        return ERR_OK;
    if (v->last.seq > 0)
        verify_hash(v, &v->last, NULL);
    return verify_mark(v, why);
}

static void verify_place(struct verify *v, struct db_stmt *q, const struct event *e,
                         struct verify_row *row)
{
    char hlc[HLC_TEXT];
    const char *column = NULL;

    hlc_text(hlc, e->hlc);
    row->misplaced = true;
    if (!str_eq(e->device, v->device))
        verify_tell(v, "line %" PRId64 " is a line of device %.8s", row->seq, e->device);
    else if (e->seq != (uint64_t)row->seq)
        verify_tell(v, "in the place of line %" PRId64 " stands line %" PRIu64 " (swapped)",
                    row->seq, e->seq);
    else
        row->misplaced = false;
    if (row->misplaced)
        return;
    if (!str_eq(hlc, db_text(q, 2)))
        column = "stamp";
    else if (!str_eq(e->kind, db_text(q, 3)))
        column = "kind";
    if (column != NULL && str_eq(row->stored, row->found))
        verify_tell(v, "the %s stored beside line %" PRId64 " is not the one in the line", column,
                    row->seq);
}

/* Only memory can fail here; a line that cannot be read is a fault of the log, not of this look at
   it. */
static enum err verify_line(struct verify *v, struct db_stmt *q, struct why *why)
{
    struct verify_row row = { .seq = db_i64(q, 1) };
    size_t len = 0;
    const void *line = db_blob(q, 5, &len);
    struct event e;
    struct why cause = { 0 };

    (void)str_copy(row.stored, sizeof(row.stored), db_text(q, 4));
    keys_sha256_hex(row.found, line, len);
    v->verdict.lines++;
    if (row.seq < 1) {
        verify_tell(v, "a line stands under the number %" PRId64, row.seq);
        return ERR_OK;
    }
    arena_reset(&v->arena);
    enum err rc = event_parse(&v->arena, line, len, &e, &cause);
    if (rc == ERR_NOMEM)
        return why_set(why, rc, 0, "line %" PRId64 ": %s", row.seq, cause.text);
    if (rc != ERR_OK) {
        verify_tell(v, "line %" PRId64 " was changed and cannot be read (%s)", row.seq, cause.text);
        row.misplaced = true;
    } else {
        verify_place(v, q, &e, &row);
        (void)str_copy(row.prev, sizeof(row.prev), e.prev);
        row.hlc = e.hlc;
    }
    verify_chain(v, &row);
    v->last = row;
    return ERR_OK;
}

static enum err verify_lines(struct verify *v, struct why *why)
{
    struct db_stmt q = db_prepare(v->db, "select device, seq, hlc, kind, hash, line"
                                         " from log_line order by device, seq");
    enum err rc = ERR_OK;

    while (rc == ERR_OK && db_step(&q)) {
        if (v->verdict.lines == 0 || !str_eq(v->device, db_text(&q, 0))) {
            rc = verify_device_end(v, why);
            (void)str_copy(v->device, sizeof(v->device), db_text(&q, 0));
            v->last = (struct verify_row){ 0 };
            v->verdict.devices++;
        }
        if (rc == ERR_OK)
            rc = verify_line(v, &q, why);
    }
    enum err ended = db_end(&q, rc == ERR_OK ? why : NULL);
    if (rc == ERR_OK)
        rc = ended;
    return rc == ERR_OK ? verify_device_end(v, why) : rc;
}

/* Devices of which every line is gone. */
static enum err verify_lost(struct verify *v, struct why *why)
{
    struct db_stmt q =
        db_prepare(v->db, "select device, seq from log_mark where not exists"
                          " (select 1 from log_line l where l.device = log_mark.device)"
                          " order by device");

    while (db_step(&q)) {
        (void)str_copy(v->device, sizeof(v->device), db_text(&q, 0));
        v->verdict.devices++;
        verify_missing(v, 1, db_i64(&q, 1));
    }
    return db_end(&q, why);
}

enum err evlog_verify(struct db *db, evlog_tell tell, void *ctx, struct evlog_verdict *out,
                      struct why *why)
{
    struct verify v = { .db = db, .tell = tell, .ctx = ctx };

    arena_init(&v.arena, EVENT_ARENA);
    enum err rc = verify_lines(&v, why);
    if (rc == ERR_OK)
        rc = verify_lost(&v, why);
    arena_done(&v.arena);
    if (rc != ERR_OK)
        return why_in(why, rc, "verify the log");
    *out = v.verdict;
    return ERR_OK;
}
