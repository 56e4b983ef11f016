#include "sync/client/proto.h"

#include <stdint.h>
#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/log/event.h"
#include "sync/log/evlog.h"

static const struct httpsig_part proto_request[] = {
    { .name = "@method" },        { .name = "@path" },          { .name = "@query" },
    { .name = "content-digest" }, { .name = PROTO_HUB_HEADER }, { .name = PROTO_EPOCH_HEADER },
};
enum { PROTO_REQUEST_ALWAYS = COUNT_OF(proto_request) - 1 }; /* all but the epoch */
static const struct httpsig_part proto_reply[] = {
    { .name = "@status" },
    { .name = "content-digest" },
    { .name = PROTO_TIME_HEADER },
    { .name = "signature", .req = true },
};

static void proto_parts(struct httpsig_input *in, const struct httpsig_part *parts, size_t count)
{
    memcpy(in->parts, parts, count * sizeof(*parts));
    in->part_count = count;
    (void)str_copy(in->label, sizeof(in->label), PROTO_LABEL);
    (void)str_copy(in->alg, sizeof(in->alg), "ed25519");
}

static bool proto_covered(const struct httpsig_input *in, const struct httpsig_part *parts,
                          size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!httpsig_covers(in, parts[i].name, parts[i].req))
            return false;
    return in->created >= 0 && strcmp(in->alg, "ed25519") == 0;
}

void proto_request_parts(struct httpsig_input *in)
{
    proto_parts(in, proto_request, COUNT_OF(proto_request));
}

void proto_reply_parts(struct httpsig_input *in)
{
    proto_parts(in, proto_reply, COUNT_OF(proto_reply));
}

bool proto_request_covered(const struct httpsig_input *in)
{
    return in->nonce[0] != '\0' && proto_covered(in, proto_request, PROTO_REQUEST_ALWAYS);
}

bool proto_epoch_covered(const struct httpsig_input *in)
{
    return httpsig_covers(in, PROTO_EPOCH_HEADER, false);
}

void proto_order_parts(struct httpsig_input *in)
{
    proto_reply_parts(in);
    in->parts[in->part_count++] = (struct httpsig_part){ .name = PROTO_ORDER_HEADER };
}

bool proto_order_covered(const struct httpsig_input *in)
{
    return httpsig_covers(in, PROTO_ORDER_HEADER, false);
}

bool proto_reply_covered(const struct httpsig_input *in)
{
    return proto_covered(in, proto_reply, COUNT_OF(proto_reply));
}

struct proto_gather {
    struct db_stmt *find;
    struct arena *a;
    struct bundle_blob *blobs;
    const char **hashes;
    size_t count;
    bool failed;
};

static bool proto_is_hash(const struct json *node)
{
    return node->type == JNODE_STRING && node->len == KEYS_ID_TEXT - 1 &&
           hex_is(node->text, KEYS_ID_TEXT - 1);
}

static void proto_gather_one(struct proto_gather *g, const char *hash)
{
    for (size_t i = 0; i < g->count; i++)
        if (strcmp(g->hashes[i], hash) == 0)
            return;
    if (g->count >= BUNDLE_LINES_MAX)
        return;
    db_again(g->find);
    db_bind_text(g->find, 1, hash);
    if (!db_step(g->find))
        return;

    struct bundle_blob blob = { .salt = db_text_in(g->find, 0, g->a),
                                .text = db_text_in(g->find, 1, g->a) };
    const char *name = arena_strdup(g->a, hash);
    if (blob.salt == NULL || blob.text == NULL || name == NULL) {
        g->failed = true;
        return;
    }
    g->hashes[g->count] = name;
    g->blobs[g->count++] = blob;
}

/* Bounded by JSON_DEPTH_MAX, which the parser held the line to. */
static void proto_gather_node(struct proto_gather *g, const struct json *node)
{
    if (proto_is_hash(node)) {
        proto_gather_one(g, node->text);
        return;
    }
    if (node->type != JNODE_OBJECT && node->type != JNODE_ARRAY)
        return;
    for (const struct json *child = node->first; child != NULL && !g->failed; child = child->next)
        proto_gather_node(g, child);
}

enum err proto_blobs(struct db *db, struct arena *a, const struct bundle_line *lines, size_t count,
                     struct bundle_blob **out, size_t *out_count, struct why *why)
{
    struct db_stmt find =
        db_prepare(db, "select salt, text from log_blob where hash = ?1 and text <> ''");
    struct proto_gather g = {
        .find = &find,
        .a = a,
        .blobs = arena_array(a, BUNDLE_LINES_MAX, sizeof(struct bundle_blob)),
        .hashes = arena_array(a, BUNDLE_LINES_MAX, sizeof(char *)),
    };
    struct arena parse;

    arena_init(&parse, (size_t)4 * 1024 * 1024);
    g.failed = g.blobs == NULL || g.hashes == NULL;
    for (size_t i = 0; i < count && !g.failed; i++) {
        struct event e;
        if (!event_may_name(lines[i].line))
            continue;
        arena_reset(&parse);
        /* A line that cannot be read names nothing that could be found. */
        if (event_parse(&parse, lines[i].line, lines[i].len, &e, NULL) == ERR_OK && e.body != NULL)
            proto_gather_node(&g, e.body);
    }
    arena_done(&parse);
    enum err rc = db_end(&find, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "names beside the lines");
    if (g.failed)
        return why_set(why, ERR_NOMEM, 0, "names beside the lines: no memory");
    *out = g.blobs;
    *out_count = g.count;
    return ERR_OK;
}

enum err proto_blobs_take(struct db *db, const struct bundle *in, struct why *why)
{
    enum err rc = in->blob_count > 0 ? db_begin(db, why) : ERR_OK;

    if (rc != ERR_OK || in->blob_count == 0)
        return rc;
    for (size_t i = 0; i < in->blob_count && rc == ERR_OK; i++)
        rc = evlog_blob_take(db, in->blobs[i].salt, in->blobs[i].text, why);
    return db_finish(db, rc, why);
}

char *proto_head_text(struct arena *a, const char *hub, const char *epoch, const char *device,
                      uint64_t seq, const char *hash)
{
    return arena_printf(a, "canny head 2\n%s\n%s\n%s\n%llu\n%s\n", hub, epoch, device,
                        (unsigned long long)seq, hash);
}

char *proto_order_text(struct arena *a, const char *hub, const char *epoch, const char *site,
                       uint64_t no, const char *token)
{
    return arena_printf(a, "canny order 1\n%s\n%s\n%s\n%llu\n%s\n", hub, epoch, site,
                        (unsigned long long)no, token);
}
