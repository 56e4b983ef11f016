#include "sync/log/evlog_check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/log/event.h"

enum { VERIFY_HASH_SHOWN = 12 }; /* digits of a hash in a sentence */

static void verify_say(struct evlog_check *v, const char *fmt, va_list args) PRINTF_LIKE(2, 0);
static void verify_say(struct evlog_check *v, const char *fmt, va_list args)
{
    enum { SENTENCE_MAX = 400 };
    char device[EVLOG_SHORT];
    char text[SENTENCE_MAX];

    if (v->tell == NULL)
        return;
    evlog_short(device, v->device);
    (void)str_format(text, sizeof(text), "device %s: ", device);
    size_t used = strlen(text);
    (void)vsnprintf(text + used, sizeof(text) - used, fmt, args);
    v->tell(v->ctx, text);
}

static void verify_tell(struct evlog_check *v, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void verify_tell(struct evlog_check *v, const char *fmt, ...)
{
    va_list args;

    v->verdict.faults++;
    va_start(args, fmt);
    verify_say(v, fmt, args);
    va_end(args);
}

static void verify_gap(struct evlog_check *v, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void verify_gap(struct evlog_check *v, const char *fmt, ...)
{
    va_list args;

    v->verdict.gaps++;
    va_start(args, fmt);
    verify_say(v, fmt, args);
    va_end(args);
}

static void verify_missing(struct evlog_check *v, int64_t from, int64_t to)
{
    if (from == to)
        verify_tell(v, "line %" PRId64 " is missing", from);
    else
        verify_tell(v, "lines %" PRId64 " to %" PRId64 " are missing", from, to);
}

/* Lines stand above these. */
static void verify_between(struct evlog_check *v, int64_t from, int64_t to)
{
    int64_t came = v->whole < to ? v->whole : to;

    if (from <= came)
        verify_missing(v, from, came);
    from = from <= came ? came + 1 : from;
    if (from == to)
        verify_gap(v, "line %" PRId64 " has not come yet", from);
    else if (from < to)
        verify_gap(v, "lines %" PRId64 " to %" PRId64 " have not come yet", from, to);
}

/* next_prev is what the line after says the hash is, NULL when there is none to ask. */
static void verify_hash(struct evlog_check *v, const struct evlog_check_row *row,
                        const char *next_prev)
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

static void verify_chain(struct evlog_check *v, const struct evlog_check_row *row)
{
    const struct evlog_check_row *last = &v->last;
    bool row_sound = !row->misplaced && str_eq(row->stored, row->found);
    bool last_sound = !last->misplaced && str_eq(last->stored, last->found);

    if (last->seq == 0 || last->seq + 1 != row->seq) {
        if (last->seq > 0)
            verify_hash(v, last, NULL);
        if (last->seq + 1 < row->seq)
            verify_between(v, last->seq + 1, row->seq - 1);
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

static void verify_place(struct evlog_check *v, const struct evlog_check_line *at,
                         const struct event *e, struct evlog_check_row *row)
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
    if (at->hlc != NULL && !str_eq(hlc, at->hlc))
        column = "stamp";
    else if (at->kind != NULL && !str_eq(e->kind, at->kind))
        column = "kind";
    if (column != NULL && str_eq(row->stored, row->found))
        verify_tell(v, "the %s stored beside line %" PRId64 " is not the one in the line", column,
                    row->seq);
}

enum err evlog_check_line(struct evlog_check *v, const struct evlog_check_line *at, struct why *why)
{
    struct evlog_check_row row = { .seq = at->seq };
    struct event e;
    struct why cause = { 0 };

    (void)str_copy(row.stored, sizeof(row.stored), at->hash);
    keys_sha256_hex(row.found, at->line, at->len);
    v->verdict.lines++;
    if (row.seq < 1) {
        verify_tell(v, "a line stands under the number %" PRId64, row.seq);
        return ERR_OK;
    }
    arena_reset(&v->arena);
    enum err rc = event_parse(&v->arena, at->line, at->len, &e, &cause);
    if (rc == ERR_NOMEM)
        return why_set(why, rc, 0, "line %" PRId64 ": %s", row.seq, cause.text);
    if (rc != ERR_OK) {
        verify_tell(v, "line %" PRId64 " was changed and cannot be read (%s)", row.seq, cause.text);
        row.misplaced = true;
    } else {
        verify_place(v, at, &e, &row);
        (void)str_copy(row.prev, sizeof(row.prev), e.prev);
        row.hlc = e.hlc;
    }
    verify_chain(v, &row);
    v->last = row;
    return ERR_OK;
}

void evlog_check_device(struct evlog_check *v, const char *device, int64_t whole)
{
    (void)str_copy(v->device, sizeof(v->device), device);
    v->whole = whole;
    v->last = (struct evlog_check_row){ 0 };
    v->verdict.devices++;
}

void evlog_check_device_end(struct evlog_check *v, int64_t mark_seq, const char *mark_hash)
{
    const struct evlog_check_row *last = &v->last;

    if (last->seq > 0)
        verify_hash(v, last, NULL);
    if (mark_seq > last->seq)
        verify_missing(v, last->seq + 1, mark_seq);
    else if (mark_seq > 0 && mark_seq == last->seq && !last->misplaced &&
             str_eq(last->stored, last->found) && !str_eq(mark_hash, last->found))
        verify_tell(v,
                    "line %" PRId64 " was changed together with its stored hash: its hash is"
                    " %.*s… where %.*s… was recorded",
                    mark_seq, VERIFY_HASH_SHOWN, last->found, VERIFY_HASH_SHOWN, mark_hash);
}

void evlog_check_begin(struct evlog_check *v, evlog_tell tell, void *ctx)
{
    *v = (struct evlog_check){ .tell = tell, .ctx = ctx };
    arena_init(&v->arena, EVENT_ARENA);
}

void evlog_check_end(struct evlog_check *v)
{
    arena_done(&v->arena);
}
