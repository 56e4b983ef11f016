#include "sync/client/outbox_files.h"

#include <inttypes.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/client/http.h"
#include "sync/client/proto.h"
#include "sync/client/state.h"
#include "sync/log/chunk.h"
#include "sync/log/files.h"

enum {
    /* One whole file, its piece on the way out, the answer on the way in. */
    FILES_ARENA_MAX = FILES_BYTES_MAX + 2 * CHUNK_ARENA + HTTP_REPLY_MAX,
    FILES_DAY_MS = 86400 * 1000,
    FILES_REST_MAX_MS = 2 * 3600 * 1000, /* that a full hub is left alone, whatever it says */
};

/* One direction of a round. */
struct moving {
    struct outbox *b;
    struct files files;
    struct arena *a;
    int64_t turn;
    size_t bytes, count;
    size_t done;         /* files that came to their end */
    const char *trouble; /* "" none; a sentence */
    bool stop;           /* no further file this round */
    bool ended;          /* nothing is left to move */
    struct why *why;
};

static bool moving_full(const struct moving *m)
{
    return m->bytes >= OUTBOX_FILE_BYTES_MAX || m->count >= OUTBOX_FILES_MAX;
}

/* Whether to come again soon: only while something moves, as many files that nobody will take, or that nobody has, would be
   asked for without end. */
static bool moving_more(const struct moving *m)
{
    return moving_full(m) && !m->stop && !m->ended && m->bytes + m->done > 0;
}

static void moving_tell(const struct moving *m)
{
    if (m->b->o->changed != NULL)
        m->b->o->changed(m->b->o->ctx);
}

/* ---- what the hub would not have ---- */

struct moving_refusal {
    const char *problem;
    const char *words;
    bool all; /* of every file, not of this one */
};
static const struct moving_refusal moving_refusals[] = {
    { "file.room", "The hub has no room left for this school's files.", true },
    { "store.full", "The hub's disk is full.", true },
    { "route.unknown", "The hub does not take files yet.", true },
    { "file.refused", "The hub refused a file.", false },
    { "file.wrong", "The hub refused a file.", false },
    { "file.unknown", "", false }, /* wanted, and nobody has sent it yet */
};

/* A signed word about files is no fault of the round; a full hub is left alone for as long as it says. Anything else
   (an epoch, a revocation) the next round's lines hear as well, and act upon. */
static enum fault moving_refused(struct moving *m, const struct link_answer *r, enum fault fault)
{
    for (size_t i = 0; i < COUNT_OF(moving_refusals); i++) {
        const struct moving_refusal *row = &moving_refusals[i];
        if (!str_eq(row->problem, r->problem))
            continue;
        if (row->words[0] != '\0')
            m->trouble = row->words;
        m->stop = m->stop || row->all;
        if (!row->all || r->retry_after_ms <= 0)
            return FAULT_NONE;
        int64_t rest_ms =
            r->retry_after_ms < FILES_REST_MAX_MS ? r->retry_after_ms : FILES_REST_MAX_MS;
        int64_t until_ms = clock_read(m->b->o->clock).wall_ms + rest_ms;
        return state_set_i64(m->b->db, "files_rest_ms", until_ms, m->why) == ERR_OK ? FAULT_NONE
                                                                                    : FAULT_STORE;
    }
    m->stop = true;
    return fault;
}

static enum fault moving_ask(struct moving *m, const struct link_ask *q, struct link_answer *out,
                             bool *out_refused)
{
    enum fault fault = link_ask(&m->b->link, m->a, q, out, m->why);

    *out_refused = out->status != 200 || fault != FAULT_NONE;
    if (!*out_refused)
        return FAULT_NONE;
    if (out->problem[0] != '\0')
        return moving_refused(m, out, fault);
    m->b->retry_after_ms = out->retry_after_ms;
    return fault;
}

/* ---- to the hub ---- */

/* A piece, or with len 0 the question how much is held. */
static enum fault send_piece(struct moving *m, const struct file_info *info, const char *bytes,
                             int64_t at, size_t len, int64_t *out_held, bool *out_whole)
{
    struct chunk c = {
        .site = m->b->site,
        .type = info->type,
        .bytes = (uint64_t)info->bytes,
        .at = (uint64_t)at,
        .data = (const uint8_t *)bytes + at,
        .len = len,
    };
    uint8_t hub[1][KEYS_PUBLIC];
    uint8_t *sealed = NULL;
    size_t sealed_len = 0;
    struct link_answer r = { .status = 0 };
    const struct json *node;
    bool refused = false;
    const char *query = arena_printf(m->a, "sha256=%s&bytes=%" PRId64 "&at=%" PRId64 "&type=%s",
                                     info->hash, info->bytes, at, files_type_name(info->type));

    (void)str_copy(c.hash, sizeof c.hash, info->hash);
    if (query == NULL || !hex_get(hub[0], KEYS_PUBLIC, m->b->link.hub))
        return FAULT_STORE;
    if (len > 0 && chunk_encode(m->a, &c, m->b->link.self, (const uint8_t(*)[KEYS_PUBLIC])hub, 1,
                                &sealed, &sealed_len, m->why) != ERR_OK)
        return FAULT_STORE;
    const struct link_ask q = { .method = "POST",
                                .path = PROTO_FILES,
                                .query = query,
                                .type = "application/octet-stream",
                                .body = sealed,
                                .len = sealed_len };
    enum fault fault = moving_ask(m, &q, &r, &refused);
    *out_held = -1;
    if (refused)
        return fault;
    if (json_parse(m->a, r.body, r.len, PROTO_SMALL_MAX, &node, m->why) != ERR_OK)
        return FAULT_NOT_HUB;
    int64_t held = json_int(node, "held", -1);
    if (held < 0 || held > info->bytes || !str_eq(json_str(node, "sha256"), info->hash))
        return FAULT_NOT_HUB;
    *out_held = held;
    *out_whole = json_bool(node, "whole", false);
    m->bytes += len;
    m->done += *out_whole;
    if (files_sent(&m->files, info->hash, held, *out_whole, m->why) != ERR_OK)
        return FAULT_STORE;
    moving_tell(m);
    return FAULT_NONE;
}

/* Asks first: another kiosk, a stick or an earlier try may have brought it there. A hub that takes a piece and holds no
   more than before is not asked a second time this round. */
static enum fault send_file(struct moving *m, const struct file_info *info)
{
    char *bytes = NULL;
    size_t len = 0;
    int64_t held = 0;
    bool whole = false;
    enum err rc = files_read(&m->files, info->hash, m->a, &bytes, &len, m->why);

    if (rc == ERR_CONFLICT || rc == ERR_NOT_FOUND)
        return FAULT_NONE; /* marked lost, or gone meanwhile */
    if (rc != ERR_OK)
        return FAULT_STORE;
    const struct arena_mark mark = arena_mark(m->a);
    enum fault fault = send_piece(m, info, bytes, 0, 0, &held, &whole);
    while (fault == FAULT_NONE && held >= 0 && !whole && m->bytes < OUTBOX_FILE_BYTES_MAX) {
        const int64_t at = held;
        size_t left = len - (size_t)at;
        arena_rewind(m->a, mark);
        fault = send_piece(m, info, bytes, at, left < CHUNK_DATA_MAX ? left : CHUNK_DATA_MAX, &held,
                           &whole);
        if (held <= at)
            break;
    }
    return fault;
}

/* ---- from the hub ---- */

static enum fault fetch_piece(struct moving *m, struct file_info *info, bool *out_moved)
{
    struct link_answer r = { .status = 0 };
    struct chunk c;
    bool refused = false;
    const int64_t before = info->moved;
    const char *query = arena_printf(m->a, "sha256=%s&at=%" PRId64, info->hash, info->moved);
    const struct link_ask q = { .method = "GET", .path = PROTO_FILES, .query = query };

    *out_moved = false;
    if (query == NULL)
        return FAULT_STORE;
    enum fault fault = moving_ask(m, &q, &r, &refused);
    if (refused)
        return fault;
    if (chunk_decode(m->a, r.body, r.len, m->b->link.self, &c, m->why) != ERR_OK)
        return FAULT_NOT_HUB;
    if (!str_eq(c.sender, m->b->link.hub) || !str_eq(c.site, m->b->site) ||
        !str_eq(c.hash, info->hash)) {
        (void)why_set(m->why, ERR_INPUT, 0, "the hub's piece is another file's or another's");
        return FAULT_NOT_HUB;
    }
    m->bytes += c.len;
    enum err rc = files_take(&m->files, &c, true, clock_read(m->b->o->clock).wall_ms, info, m->why);
    moving_tell(m);
    if (rc == ERR_FULL) {
        m->trouble = "This kiosk has no room left for files.";
        m->stop = true;
        return FAULT_NONE;
    }
    if (rc == ERR_CONFLICT)
        m->trouble = "The hub's copy of a file is damaged.";
    if (rc == ERR_CONFLICT || rc == ERR_NOT_FOUND)
        return FAULT_NONE; /* not asked for any more, until somebody does */
    *out_moved = info->moved != before || info->state == FILES_HELD || info->state == FILES_HERE;
    return rc == ERR_OK ? FAULT_NONE : FAULT_STORE;
}

static enum fault fetch_file(struct moving *m, const struct file_info *asked)
{
    struct file_info info = *asked;
    bool moved = true;
    enum fault fault = FAULT_NONE;
    const struct arena_mark mark = arena_mark(m->a);

    while (fault == FAULT_NONE && moved && m->bytes < OUTBOX_FILE_BYTES_MAX &&
           (info.state == FILES_NAMED || info.state == FILES_LOST)) {
        arena_rewind(m->a, mark);
        fault = fetch_piece(m, &info, &moved);
    }
    return fault;
}

/* ---- a round ---- */

typedef enum err (*moving_next)(const struct files *f, int64_t turn, struct file_info *out,
                                struct why *why);
typedef enum fault (*moving_one)(struct moving *m, const struct file_info *info);

/* One that is begun and not ended keeps its place, so that it goes on next round; one that was tried to its end goes behind
   the others. */
static enum fault moving_run(struct moving *m, moving_next next, moving_one one)
{
    struct file_info info;
    enum fault fault = FAULT_NONE;

    if (files_turn(&m->files, &m->turn, m->why) != ERR_OK)
        return FAULT_STORE;
    while (fault == FAULT_NONE && !m->stop && !moving_full(m)) {
        if (next(&m->files, m->turn, &info, m->why) != ERR_OK)
            return FAULT_STORE;
        m->ended = info.state == FILES_NONE;
        if (m->ended)
            break;
        m->count++;
        arena_reset(m->a);
        fault = one(m, &info);
        if (fault == FAULT_NONE && m->bytes < OUTBOX_FILE_BYTES_MAX &&
            files_tried(&m->files, info.hash, m->why) != ERR_OK)
            fault = FAULT_STORE;
    }
    return fault;
}

static enum fault files_both(struct outbox *b, const struct files *files, struct arena *a,
                             bool rest, bool *out_more, struct why *why)
{
    struct moving in = { .b = b, .files = *files, .a = a, .trouble = "", .why = why };
    struct moving out = in;
    enum fault fault = moving_run(&in, files_next_to_fetch, fetch_file);

    if (fault == FAULT_NONE && !rest)
        fault = moving_run(&out, files_next_to_send, send_file);
    if (fault != FAULT_NONE)
        return fault;
    *out_more = moving_more(&in) || moving_more(&out);
    const char *trouble = out.trouble[0] != '\0' ? out.trouble : in.trouble;
    if (rest)
        return FAULT_NONE; /* what was told of a full hub stands */
    return files_trouble(files, trouble, why) == ERR_OK ? FAULT_NONE : FAULT_STORE;
}

/* Whether a full hub is to be left alone yet. A clock that was put back does not make that longer. */
static enum err files_resting(struct outbox *b, int64_t now_ms, bool *out, struct why *why)
{
    int64_t until_ms = 0;
    enum err rc = state_get_i64(b->db, "files_rest_ms", 0, &until_ms, why);

    *out = now_ms < until_ms && until_ms - now_ms <= FILES_REST_MAX_MS;
    return rc;
}

/* Once a day, and soon after the first start. */
static enum err files_clear_up(struct outbox *b, const struct files *files, struct clock_now now,
                               struct why *why)
{
    int64_t last_ms = 0;
    enum err rc = state_get_i64(b->db, "files_tidied_ms", 0, &last_ms, why);

    if (rc != ERR_OK || (last_ms <= now.wall_ms && now.wall_ms - last_ms < FILES_DAY_MS))
        return rc;
    rc = files_tidy(files, now.trust >= CLOCK_NTP ? now.wall_ms : 0, why);
    return rc == ERR_OK ? state_set_i64(b->db, "files_tidied_ms", now.wall_ms, why) : rc;
}

enum fault outbox_files(struct outbox *b, bool *out_more, struct why *why)
{
    const struct files files = { .db = b->db, .data = b->o->data_dir };
    const struct clock_now now = clock_read(b->o->clock);
    bool rest = false;
    enum fault fault = FAULT_STORE;
    struct arena a;

    *out_more = false;
    if (b->link.self == NULL)
        b->link.self = &b->o->self;
    arena_init(&a, FILES_ARENA_MAX);
    if (files_resting(b, now.wall_ms, &rest, why) == ERR_OK &&
        files_clear_up(b, &files, now, why) == ERR_OK)
        fault = files_both(b, &files, &a, rest, out_more, why);
    arena_done(&a);
    return fault;
}
