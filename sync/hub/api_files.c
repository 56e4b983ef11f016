#include <string.h>

#include "platform/base/json.h"
#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/hub/api.h"
#include "sync/hub/hubstore_file.h"
#include "sync/hub/problem.h"

/* Attachments, in pieces. */

enum { FILES_VALUE_MAX = KEYS_ID_TEXT };

/* The value of one part of a query, as it stands there: none of ours needs an escape. */
static bool files_part(const char *query, const char *key, char out[FILES_VALUE_MAX])
{
    const size_t key_len = strlen(key);

    for (const char *at = query; at != NULL && *at != '\0';) {
        const size_t len = strcspn(at, "&");
        if (len > key_len && strncmp(at, key, key_len) == 0 && at[key_len] == '=') {
            const size_t value = len - key_len - 1;
            if (value >= FILES_VALUE_MAX)
                return false;
            memcpy(out, at + key_len + 1, value);
            out[value] = '\0';
            return true;
        }
        at += at[len] == '&' ? len + 1 : len;
    }
    return false;
}

static bool files_number(const char *query, const char *key, uint64_t *out)
{
    char value[FILES_VALUE_MAX];
    int64_t n = -1;

    if (!files_part(query, key, value) || value[0] == '-' || !str_to_i64(value, &n) || n < 0)
        return false;
    *out = (uint64_t)n;
    return true;
}

static bool files_hash(struct hub_request *q, const char **out)
{
    char value[FILES_VALUE_MAX];
    uint8_t hash[KEYS_HASH];

    if (!files_part(q->message.query, "sha256", value) || !hex_get(hash, sizeof hash, value))
        return false;
    char *text = arena_alloc(q->a, KEYS_ID_TEXT);
    if (text == NULL)
        return false;
    hex_put(text, hash, sizeof hash);
    *out = text;
    return true;
}

static bool files_query(struct hub_request *q, struct hub_file *f)
{
    char type[FILES_VALUE_MAX];

    return files_hash(q, &f->hash) && files_number(q->message.query, "bytes", &f->bytes) &&
           files_number(q->message.query, "at", &f->at) &&
           files_part(q->message.query, "type", type) && files_type_from(type, &f->type);
}

/* What the envelope holds is what the address says, from the kiosk that signed the request, for its own site. */
static bool files_same(const struct hub_request *q, const struct hub_file *f, const struct chunk *c)
{
    return strcmp(c->sender, q->device) == 0 && strcmp(c->site, q->where.site) == 0 &&
           strcmp(c->hash, f->hash) == 0 && c->type == f->type && c->bytes == f->bytes &&
           c->at == f->at;
}

bool api_files_take(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    struct hub_file f = {
        .site = q->where.site, .device = q->device, .now = q->job.now, .a = q->a
    };
    struct chunk c = { .len = 0 };
    struct why why = { 0 };

    if (!files_query(q, &f)) {
        problem_reply(h, q, PROBLEM_MALFORMED, "the query is sha256=, bytes=, at= and type=", out);
        return false;
    }
    if (f.bytes == 0 || f.bytes > files_type_max(f.type)) {
        problem_reply(h, q, PROBLEM_FILE, "the file is empty, or larger than its type may be", out);
        return false;
    }
    if (q->len > 0 && chunk_decode(q->a, q->body, q->len, &h->self, &c, &why) != ERR_OK) {
        problem_reply(h, q, PROBLEM_FILE, why.text, out);
        return false;
    }
    if (q->len > 0 && !files_same(q, &f, &c)) {
        problem_reply(h, q, PROBLEM_FILE, "the piece is another one than the address says", out);
        return false;
    }
    f.data = c.data;
    f.len = c.len;
    q->job.kind = COMMIT_FILE;
    q->job.file = arena_alloc(q->a, sizeof f);
    if (q->job.file == NULL) {
        problem_reply(h, q, PROBLEM_STORE, NULL, out);
        return false;
    }
    *q->job.file = f;
    return true;
}

void api_files_serve(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    const struct hub_file *f = q->job.file;
    struct json_out j;
    struct buf b;

    if (f->answer == HUB_FILE_WRONG) {
        log_line(LOG_WARN, "file %.16s: not what its name says", f->hash);
        problem_reply(h, q, PROBLEM_FILE_WRONG, NULL, out);
        return;
    }
    if (f->answer == HUB_FILE_NO_ROOM) {
        problem_reply(h, q, PROBLEM_FILE_ROOM, NULL, out);
        return;
    }
    buf_init(&b, 512);
    json_out_init(&j, &b);
    json_out_object(&j, NULL);
    json_out_str(&j, "sha256", f->hash);
    json_out_int(&j, "held", (int64_t)f->held);
    json_out_bool(&j, "whole", f->whole);
    json_out_end_object(&j);
    api_json(h, q, &b, out);
    buf_free(&b);
}

bool api_files_ask(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    struct hub_file *f = arena_alloc(q->a, sizeof *f);

    if (f != NULL && files_hash(q, &f->hash) && files_number(q->message.query, "at", &f->at)) {
        q->job.file = f;
        return true;
    }
    problem_reply(h, q, PROBLEM_MALFORMED, "the query is sha256= and at=", out);
    return false;
}

void api_files_give(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    const struct hub_file *f = q->job.file;
    struct chunk c;
    struct why why = { 0 };
    uint8_t receiver[1][KEYS_PUBLIC];
    uint8_t *bytes = NULL;
    size_t len = 0;
    enum err rc = hubstore_file_piece(q->store, q->where.site, f->hash, f->at, q->a, &c, &why);

    if (rc == ERR_NOT_FOUND || rc == ERR_LIMIT) {
        problem_reply(h, q, PROBLEM_FILE_UNKNOWN, why.text, out);
        return;
    }
    if (rc == ERR_OK && !hex_get(receiver[0], KEYS_PUBLIC, q->device))
        rc = why_set(&why, ERR_IO, 0, "the device's id is no key");
    if (rc == ERR_OK) {
        c.site = q->where.site;
        rc = chunk_encode(q->a, &c, &h->self, (const uint8_t(*)[KEYS_PUBLIC])receiver, 1, &bytes,
                          &len, &why);
    }
    if (rc != ERR_OK) {
        log_line(LOG_ERROR, "file %.16s: %s", f->hash, why.text);
        problem_reply(h, q, PROBLEM_STORE, NULL, out);
        return;
    }
    *out = (struct hub_reply){
        .status = 200, .type = "application/octet-stream", .body = bytes, .len = len
    };
}
