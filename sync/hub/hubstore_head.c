#include <assert.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"

/* What the hub holds of a device, and its name under that. */

void hubstore_hash(struct sql_stmt *q, int col, uint8_t out[KEYS_HASH])
{
    size_t len = 0;
    const void *data = sql_bytes(q, col, &len);

    if (len == KEYS_HASH)
        memcpy(out, data, KEYS_HASH);
}

enum err hubstore_author(struct hubstore *s, const char *site, struct lines_author *author,
                         struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "select no, head_seq, head_hash, mark_seq, mark_hash from author"
                            " where site = $1 and device = $2");

    author->known = author->changed = false;
    author->no = 0;
    author->head_seq = author->mark_seq = 0;
    sql_bind_text(&q, 1, site);
    sql_bind_text(&q, 2, author->device);
    if (sql_step(&q)) {
        author->known = true;
        author->no = sql_i64(&q, 0);
        author->head_seq = (uint64_t)sql_i64(&q, 1);
        hubstore_hash(&q, 2, author->head_hash);
        author->mark_seq = (uint64_t)sql_i64(&q, 3);
        hubstore_hash(&q, 4, author->mark_hash);
    }
    return sql_end(&q, why);
}

void hubstore_head_of(const struct lines_author *author, struct hub_head *out)
{
    out->seq = author->head_seq;
    if (author->head_seq > 0)
        hex_put(out->hash, author->head_hash, KEYS_HASH);
    else
        (void)str_copy(out->hash, sizeof(out->hash), EVENT_NO_PREV);
}

/* The name that was put under the same head before; NULL when there is none. */
static enum err hubstore_signed(struct hubstore *s, struct hub_push *push, struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "select head_signature from device where site = $1 and id = $2"
                            " and head_seq = $3 and head_hash = $4 and head_signature <> ''");

    push->signature = NULL;
    sql_bind_text(&q, 1, push->site);
    sql_bind_text(&q, 2, push->device);
    sql_bind_i64(&q, 3, (int64_t)push->head.seq);
    sql_bind_text(&q, 4, push->head.hash);
    if (sql_step(&q))
        push->signature = sql_text_in(&q, 0, push->a);
    return sql_end(&q, why);
}

enum err hubstore_sign_in(struct hubstore *s, struct hub_push *push, struct why *why)
{
    enum err rc = ERR_OK;

    push->signature = NULL;
    if (push->sign == NULL)
        return ERR_OK;
    if (push->head.seq > 0 && push->head.fresh == 0)
        rc = hubstore_signed(s, push, why);
    if (rc != ERR_OK || push->signature != NULL)
        return rc;
    rc = push->sign(push->ctx, push->a, push->epoch, push->device, &push->head, &push->signature,
                    why);
    if (rc != ERR_OK || push->head.seq == 0)
        return rc;
    struct sql_stmt q =
        sql_prepare(s->sql, "update device set head_seq = $3, head_hash = $4, head_signature = $5"
                            " where site = $1 and id = $2");
    sql_bind_text(&q, 1, push->site);
    sql_bind_text(&q, 2, push->device);
    sql_bind_i64(&q, 3, (int64_t)push->head.seq);
    sql_bind_text(&q, 4, push->head.hash);
    sql_bind_text(&q, 5, push->signature);
    return sql_done(&q, NULL, why);
}

enum err hubstore_head_in(struct hubstore *s, struct hub_push *push, struct why *why)
{
    struct lines_author author = { .no = 0 };

    (void)str_copy(author.device, sizeof(author.device), push->device);
    enum err rc = hubstore_author(s, push->site, &author, why);
    if (rc == ERR_OK)
        hubstore_head_of(&author, &push->head);
    return rc;
}

/* Whether the line that we once signed for is here. A hub never loses a line that it has acknowledged, but by being put back
   from a copy that was made before. */
static enum err hubstore_proof(struct hubstore *s, struct hub_push *push, struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "select l.hash from author a join line l on l.site = a.site and"
                            " l.author = a.no where a.site = $1 and a.device = $2 and l.seq = $3");
    size_t len = 0;
    bool here = false;

    sql_bind_text(&q, 1, push->site);
    sql_bind_text(&q, 2, push->device);
    sql_bind_i64(&q, 3, (int64_t)push->proof_seq);
    if (sql_step(&q)) {
        const void *hash = sql_bytes(&q, 0, &len);
        here = len == KEYS_HASH && memcmp(hash, push->proof_hash, KEYS_HASH) == 0;
    }
    enum err rc = sql_end(&q, why);
    push->put_back = rc == ERR_OK && !here;
    return rc;
}

/* Whether the number that it has read up to still means that line: a hub that was put back, and has taken lines in since, may
   well hold the sender's own by somebody else's hand, but not in the same place. */
static enum err hubstore_order(struct hubstore *s, struct hub_push *push, struct why *why)
{
    struct hub_place here = { .no = push->read.no };
    enum err rc = hubstore_place(s, push->site, &here, why);

    push->put_back = push->put_back || (rc == ERR_OK && strcmp(here.token, push->read.token) != 0);
    return rc;
}

enum err hubstore_status_in(struct hubstore *s, struct hub_push *push, const char *json, size_t len,
                            struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "insert into status(site, device, at_ms, json) values($1, $2, $3, $4)"
                            " on conflict(site, device) do update set at_ms = excluded.at_ms,"
                            " json = excluded.json");

    sql_bind_text(&q, 1, push->site);
    sql_bind_text(&q, 2, push->device);
    sql_bind_i64(&q, 3, push->now.wall_ms);
    sql_bind_text(&q, 4, json);
    assert(strlen(json) == len);
    enum err rc = sql_done(&q, NULL, why);
    push->head = (struct hub_head){ .seq = 0 };
    if (rc == ERR_OK)
        rc = hubstore_head_in(s, push, why);
    if (rc == ERR_OK && push->proof_seq > 0)
        rc = hubstore_proof(s, push, why);
    if (rc == ERR_OK && push->read.no > 0)
        rc = hubstore_order(s, push, why);
    return rc == ERR_OK ? hubstore_sign_in(s, push, why) : rc;
}

struct hubstore_status {
    struct hub_push *push;
    const char *json;
    size_t len;
};

static enum err hubstore_status_work(struct hubstore *s, void *ctx, struct why *why)
{
    struct hubstore_status *status = ctx;

    return hubstore_status_in(s, status->push, status->json, status->len, why);
}

enum err hubstore_status(struct hubstore *s, struct hub_push *push, const char *json, size_t len,
                         struct why *why)
{
    struct hubstore_status status = { .push = push, .json = json, .len = len };

    push->rc = ERR_OK;
    return hubstore_in(s, true, hubstore_status_work, &status, why);
}
