/* Content given back to a hub that was put back from an older backup: it asks for the roles of which this kiosk has told a later
   version. Everything goes as its publishers signed it, by the requests that they publish by, so the hub need not trust this
   kiosk. Roots first, then targets, then each role with the files that the hub says it lacks. */
#include <inttypes.h>
#include <string.h>

#include "platform/base/json.h"
#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/client/content_give_parts.h"
#include "sync/client/proto.h"

enum {
    RETURN_ROUNDS_MAX = 64, /* offers of one role: each tells of up to a thousand files */
    RETURN_REPLY_MAX = 1024 * 1024,
};

struct returning {
    struct give *g;
    const struct content_hub *hub;
    struct arena reply; /* one answer */
    struct arena names; /* what it said is missing */
    size_t gave;
};

/* The status; 0: nobody answered. */
static int return_ask(struct returning *r, const char *method, const char *name, const void *bytes,
                      size_t len, struct http_reply *out)
{
    const struct content_hub *h = r->hub;
    const struct httpsig_field type = { "content-type", str_ends(name, ".json")
                                                            ? "application/json"
                                                            : "application/zstd" };
    struct buf url;
    size_t base = strlen(h->url);

    while (base > 0 && h->url[base - 1] == '/')
        base--;
    buf_init(&url, HTTP_URL_MAX - 1);
    buf_add(&url, h->url, base);
    buf_str(&url, PROTO_CONTENT);
    update_url(&url, name);
    const bool fits = buf_done(&url, r->g->why) == ERR_OK;
    const struct http_request q = {
        .method = method,
        .url = url.data,
        .fields = &type,
        .field_count = 1,
        .body = bytes,
        .len = len,
        .ca_dir = h->ca_dir,
        .cancelled = h->cancelled,
        .ctx = h->ctx,
        .total_ms = h->total_ms,
        .proxy = h->proxy,
        .cert_ms = h->cert_ms,
        .keep = h->keep,
        .reply_max = RETURN_REPLY_MAX,
        .bulk = true,
    };
    arena_reset(&r->reply);
    const bool came = fits && http_ask(&r->reply, &q, out, r->g->why) == FAULT_NONE;
    buf_free(&url);
    if (came && out->status != 200 && out->status != 201 && out->status != 202)
        (void)why_set(r->g->why, ERR_CONFLICT, 0, "%s %s: %d", method, name, out->status);
    return came ? out->status : 0;
}

static const struct give_file *return_file(const struct give *g, const char *name)
{
    for (size_t i = 0; i < g->count; i++)
        if (strcmp(g->files[i].name, name) == 0)
            return &g->files[i];
    return NULL;
}

/* ---- files ---- */

/* The file of the role with that blob's name, packed anew. */
static enum err return_blob(struct returning *r, const struct manifest *m, struct blob_codec *codec,
                            const char *name)
{
    struct blob_codec *plain_codec = NULL;
    struct blob_codec *by = codec;
    const struct manifest_file *found = NULL;
    struct http_reply reply;
    char mine[BLOB_NAME];
    uint8_t *plain = NULL;
    uint8_t *packed = NULL;
    size_t len = 0;
    enum err rc = blob_codec_new(NULL, 0, &plain_codec, r->g->why);

    if (rc != ERR_OK)
        return rc;
    if (m->has_dictionary) {
        blob_name(mine, plain_codec, m->dictionary.hash);
        if (strcmp(mine, name) == 0) {
            found = &m->dictionary;
            by = plain_codec;
        }
    }
    for (size_t i = 0; found == NULL && by != NULL && i < m->file_count; i++) {
        blob_name(mine, by, m->files[i].hash);
        if (strcmp(mine, name) == 0)
            found = &m->files[i];
    }
    arena_reset(&r->g->scratch);
    if (found == NULL)
        rc = why_set(r->g->why, ERR_NOT_FOUND, 0, "%s is not here", name);
    if (rc == ERR_OK)
        rc = give_plain(r->g, found, &plain);
    if (rc == ERR_OK)
        rc = blob_pack(by, &r->g->scratch, plain, found->len, &packed, &len, r->g->why);
    if (rc == ERR_OK) {
        const int status = return_ask(r, "PUT", name, packed, len, &reply);
        rc = status == 200 || status == 201 ? ERR_OK : ERR_OFFLINE;
        r->gave += status == 201;
    }
    blob_codec_free(plain_codec);
    return rc;
}

/* What the hub's answer says is missing. */
static enum err return_missing(struct returning *r, const struct manifest *m,
                               struct blob_codec *codec, const struct http_reply *answer)
{
    const struct json *node = NULL;
    enum err rc = json_parse(&r->names, (const char *)answer->body, answer->len, RETURN_REPLY_MAX,
                             &node, r->g->why);
    const struct json *list = rc == ERR_OK ? json_get(node, "missing") : NULL;

    if (list == NULL || list->type != JNODE_ARRAY)
        return rc != ERR_OK ? rc : why_set(r->g->why, ERR_INPUT, 0, "not an answer of a hub");
    for (const struct json *n = list->first; n != NULL && rc == ERR_OK; n = n->next) {
        struct http_reply reply;
        if (n->type != JNODE_STRING)
            return why_set(r->g->why, ERR_INPUT, 0, "not an answer of a hub");
        const struct give_file *f = return_file(r->g, n->text);
        if (f == NULL) {
            rc = return_blob(r, m, codec, n->text);
            continue;
        }
        const int status = return_ask(r, "PUT", f->name, f->bytes, f->len, &reply);
        rc = status == 200 || status == 201 ? ERR_OK : ERR_OFFLINE;
        r->gave += status == 201;
    }
    return rc;
}

/* ---- metadata ---- */

/* The stored metadata of a role: there is one of each. */
static const struct give_file *return_metadata(const struct give *g, const char *role)
{
    char quoted[TUF_QUOTED_MAX], end[TUF_QUOTED_MAX + 8];

    if (tuf_quote(quoted, sizeof quoted, role, NULL) != ERR_OK)
        return NULL;
    (void)str_format(end, sizeof end, ".%s.json", quoted);
    for (size_t i = 0; i < g->count; i++)
        if (str_starts(g->files[i].name, "metadata/") && str_ends(g->files[i].name, end))
            return &g->files[i];
    return NULL;
}

static enum err return_role(struct returning *r, const struct manifest *m)
{
    const struct give_file *f = return_metadata(r->g, m->role);
    struct blob_codec *codec = NULL;
    struct http_reply reply;
    int status = 202;
    enum err rc =
        f != NULL ? give_codec(r->g, m, &codec) : why_set(r->g->why, ERR_NOT_FOUND, 0, "no role");

    for (size_t i = 0; i < RETURN_ROUNDS_MAX && rc == ERR_OK && status == 202; i++) {
        status = return_ask(r, "POST", f->name, f->bytes, f->len, &reply);
        arena_reset(&r->names);
        if (status == 202)
            rc = return_missing(r, m, codec, &reply);
    }
    blob_codec_free(codec);
    if (rc != ERR_OK)
        return rc;
    return status == 200 || status == 201 || status == 409 ? ERR_OK : ERR_OFFLINE;
}

/* In their order; those that the hub has are refused as older, and that is fine. */
static enum err return_roots(struct returning *r)
{
    for (int64_t n = 1; n <= r->g->root_version && n <= 4 * TUF_ROOTS_MAX; n++) {
        char path[FS_PATH_MAX];
        struct http_reply reply;
        char *bytes = NULL;
        size_t len = 0;
        const char *name = arena_printf(&r->g->a, "metadata/%" PRId64 ".root.json", n);
        const struct give_file *own = name != NULL ? return_file(r->g, name) : NULL;

        arena_reset(&r->g->scratch);
        if (own == NULL &&
            (!str_format(path, sizeof path, "%s/%" PRId64 ".root.json", r->g->roots, n) ||
             fs_read(&r->g->scratch, path, TUF_ROOT_BYTES_MAX, &bytes, &len, NULL) != ERR_OK))
            continue; /* it was trusted first, or followed by a release that kept none */
        if (return_ask(r, "POST", name, own != NULL ? own->bytes : bytes,
                       own != NULL ? own->len : len, &reply) == 0)
            return ERR_OFFLINE;
    }
    return ERR_OK;
}

static enum err return_all(struct content_client *c, const struct content_hub *hub, struct why *why)
{
    struct returning r = { .hub = hub };
    struct http_reply reply;
    enum err rc = give_open(c, why, &r.g);

    if (r.g == NULL)
        return rc;
    arena_init(&r.reply, 2 * RETURN_REPLY_MAX);
    arena_init(&r.names, 8 * RETURN_REPLY_MAX);
    if (rc == ERR_OK)
        rc = return_roots(&r);
    const struct give_file *targets = rc == ERR_OK ? return_metadata(r.g, "targets") : NULL;
    if (targets != NULL &&
        return_ask(&r, "POST", targets->name, targets->bytes, targets->len, &reply) == 0)
        rc = ERR_OFFLINE;
    for (size_t i = 0; i < r.g->set.count && rc == ERR_OK; i++)
        rc = return_role(&r, &r.g->set.roles[i].m);
    /* Not to be served: the hub numbers what it signs above what it has signed before. */
    if (rc == ERR_OK && return_ask(&r, "POST", "metadata/timestamp.json", r.g->timestamp.bytes,
                                   r.g->timestamp.len, &reply) == 0)
        rc = ERR_OFFLINE;
    if (rc == ERR_OK)
        log_line(LOG_INFO, "content: the hub lay behind, and has it back: %zu files", r.gave);
    arena_done(&r.names);
    arena_done(&r.reply);
    give_close(r.g);
    return rc;
}

bool content_return(struct content_client *c, struct content_hub *hub)
{
    struct why why = { 0 };

    (void)pthread_mutex_lock(&c->lock);
    const bool wanted = c->wanted > 0;
    (void)pthread_mutex_unlock(&c->lock);
    if (!wanted)
        return true;
    enum err rc = http_keep_new(&hub->keep, &why);
    if (rc == ERR_OK)
        rc = return_all(c, hub, &why);
    http_keep_free(hub->keep);
    hub->keep = NULL;
    if (rc != ERR_OK)
        log_line(LOG_WARN, "content: give the hub back what it lost: %s", why.text);
    (void)pthread_mutex_lock(&c->lock);
    c->wanted = rc == ERR_OFFLINE ? c->wanted - 1 : 0;
    const bool again = c->wanted > 0;
    (void)pthread_mutex_unlock(&c->lock);
    return !again;
}
