#include <stdio.h>
#include <string.h>
#include <time.h>

#include "platform/base/json.h"
#include "sync/pack/build.h"
#include "sync/pack/publish_hub_parts.h"
#include "sync/pack/verify.h"
#include "sync/update/update_get.h"

enum {
    HUB_ROUNDS_MAX = 64, /* offers of one role: each tells of up to a thousand files */
    HUB_TRIES_MAX = 5,   /* of one request that the hub was too busy for */
    HUB_WAIT_MAX_S = 30,
    HUB_REQUEST_ARENA = 32 * 1024 * 1024,
};

static int64_t retry_after_s(const struct http_reply *r)
{
    const char *said = http_header(r, "retry-after");
    int64_t seconds = 1;

    if (said != NULL && (!str_to_i64(said, &seconds) || seconds < 1))
        seconds = 1;
    return seconds > HUB_WAIT_MAX_S ? HUB_WAIT_MAX_S : seconds;
}

enum err hub_ask(struct hub *h, const char *method, const char *name, const void *data, size_t len,
                 struct hub_answer *out, struct why *why)
{
    const struct httpsig_field type = { "content-type", str_ends(name, ".zst")
                                                            ? "application/zstd"
                                                            : "application/json" };
    struct http_request q = {
        .method = method, .fields = &type, .field_count = 1, .body = data, .len = len
    };
    struct http_reply r;
    struct buf url;
    enum err rc;

    buf_init(&url, HTTP_URL_MAX);
    buf_str(&url, h->p->to);
    while (url.len > 0 && url.data[url.len - 1] == '/')
        url.len--;
    buf_str(&url, "/v1/content/");
    update_url(&url, name);
    q.url = buf_done(&url, why) == ERR_OK ? arena_strdup(&h->a, url.data) : NULL;
    buf_free(&url);
    if (q.url == NULL)
        return why_set(why, ERR_LIMIT, 0, "%s: the address is too long", h->p->to);
    for (int tries = 1;; tries++) {
        struct timespec wait = { 0 };

        rc = hub_way_ask(&h->way, &h->a, &q, &r, why);
        if (rc != ERR_OK)
            return rc;
        if ((r.status != 429 && r.status != 503) || tries == HUB_TRIES_MAX)
            break;
        wait.tv_sec = (time_t)retry_after_s(&r);
        (void)nanosleep(&wait, NULL);
    }
    *out = (struct hub_answer){ .status = r.status, .code = "", .raw = r.body, .len = r.len };
    if (r.len > 0 &&
        json_parse(&h->a, (const char *)r.body, r.len, HTTP_REPLY_MAX, &out->body, NULL) != ERR_OK)
        out->body = NULL;
    if (json_str(out->body, "code") != NULL)
        out->code = json_str(out->body, "code");
    /* A sign-in page or a redirect of whatever stands between answers in the hub's place. */
    return out->body == NULL ? hub_way_fault(&h->way, FAULT_PAGE, &(struct why){ 0 }, why) : ERR_OK;
}

static enum err hub_refused(const struct hub *h, const char *name, const struct hub_answer *at,
                            struct why *why)
{
    const char *detail = json_str(at->body, "detail");

    if (str_eq(at->code, "content.root"))
        return why_set(why, ERR_DENIED, 0,
                       "%s does not trust this repository: whoever keeps the hub runs canny-hub "
                       "content trust on metadata/1.root.json",
                       h->p->to);
    return why_set(why, ERR_DENIED, 0, "%s refuses %s: %s (%d %s)", h->p->to, name,
                   detail != NULL ? detail : "it does not say why", at->status, at->code);
}

static enum err hub_put(struct hub *h, const char *name, struct hub_answer *out, struct why *why)
{
    const char *path = repo_path(&h->p->repo, name);
    char *bytes = NULL;
    size_t len = 0;
    enum err rc;

    if (path == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory");
    rc = fs_read(&h->a, path, REPO_META_MAX, &bytes, &len, why);
    if (rc == ERR_NOT_FOUND)
        return why_set(why, rc, 0, "the hub asks for %s, which this repository lacks", name);
    if (rc == ERR_OK)
        rc = hub_ask(h, "PUT", name, bytes, len, out, why);
    if (rc == ERR_OK && (out->status == 200 || out->status == 201)) {
        h->sent += out->status == 201 ? 1 : 0;
        h->bytes += out->status == 201 ? len : 0;
    }
    return rc;
}

/* Names that came from the hub: only those that a repository has are asked for on our disk. */
static bool name_ok(const char *name)
{
    return name != NULL && tuf_path_ok(name) &&
           (str_starts(name, "targets/") || str_starts(name, "blobs/"));
}

static enum err hub_put_missing(struct hub *h, const struct json *missing, struct why *why)
{
    struct arena_mark mark = arena_mark(&h->a);
    enum err rc = ERR_OK;

    for (const struct json *at = missing->first; rc == ERR_OK && at != NULL; at = at->next) {
        struct hub_answer answer = { 0 };

        if (at->type != JNODE_STRING || !name_ok(at->text))
            return why_set(why, ERR_INPUT, 0, "%s asks for a file that no repository has",
                           h->p->to);
        rc = hub_put(h, at->text, &answer, why);
        if (rc == ERR_OK && answer.status != 200 && answer.status != 201)
            rc = hub_refused(h, at->text, &answer, why);
        arena_rewind(&h->a, mark);
    }
    return rc;
}

/* Offers one file of metadata, and gives what the hub lacks for it until it counts. *out_later: the hub has a later one. */
static enum err hub_offer(struct hub *h, const struct repo_meta *m, bool *out_later,
                          struct why *why)
{
    const char *name = repo_name(&h->p->repo, m->role, m->meta.version);

    *out_later = false;
    for (int round = 0; round < HUB_ROUNDS_MAX; round++) {
        struct hub_answer answer = { 0 };
        const struct json *missing = NULL;
        enum err rc;

        arena_reset(&h->a);
        rc = hub_ask(h, "POST", name, m->bytes, m->len, &answer, why);
        if (rc != ERR_OK)
            return rc;
        if (answer.status == 200 || answer.status == 201) {
            if (answer.status == 201)
                (void)printf("the hub has taken %s, version %lld\n", m->role,
                             (long long)m->meta.version);
            return ERR_OK;
        }
        *out_later = answer.status == 409 && str_eq(answer.code, "content.version");
        if (*out_later)
            return ERR_OK;
        missing = json_get(answer.body, "missing");
        if (answer.status != 202 || missing == NULL || missing->type != JNODE_ARRAY)
            return hub_refused(h, name, &answer, why);
        rc = hub_put_missing(h, missing, why);
        if (rc != ERR_OK)
            return rc;
    }
    return why_set(why, ERR_CONFLICT, 0, "%s asks for the same files of %s again and again",
                   h->p->to, m->role);
}

/* Patches spare kiosks bytes and are owed to nobody: one that the hub does not want is left. */
static enum err hub_patches(struct hub *h, const struct repo_meta *m, struct why *why)
{
    const char *dir = repo_path(&h->p->repo, "patches"), **names;
    char ending[KEYS_ID_TEXT + 8], hex[KEYS_ID_TEXT];
    uint8_t hash[KEYS_HASH];
    size_t count = 0, len = 0;
    char *bytes = NULL;
    enum err rc = build_manifest_of(&h->p->repo, m, &bytes, &len, hash, why);

    if (rc != ERR_OK || dir == NULL ||
        fs_list(&h->p->repo.a, dir, REPO_FILES_MAX, &names, &count, NULL) != ERR_OK)
        return rc;
    hex_put(hex, hash, KEYS_HASH);
    (void)str_format(ending, sizeof ending, "%s.zst", hex);
    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        char name[FS_PATH_MAX];
        struct hub_answer answer = { 0 };

        if (!str_ends(names[i], ending) || !str_format(name, sizeof name, "patches/%s", names[i]))
            continue;
        arena_reset(&h->a);
        rc = hub_put(h, name, &answer, why);
    }
    return rc;
}

/* What to say of a role of which the hub has a later version: ours has gone before, or it never was the hub's. */
static enum err hub_later(struct hub *h, const struct repo_meta *m, struct why *why)
{
    enum hub_same same = HUB_NONE;
    enum err rc = hub_compare(h, m, &same, why);

    if (rc != ERR_OK)
        return rc;
    if (same == HUB_OTHER || (same == HUB_NONE && publish_is_new(h->p, m->role)))
        return hub_overtaken(h, m->role, m->meta.version, why);
    (void)printf("the hub has a later %s: left as it is\n", m->role);
    return ERR_OK;
}

static enum err hub_role(struct hub *h, const char *role, struct why *why)
{
    struct repo_meta m = { 0 };
    bool later = false;
    enum err rc = repo_published(&h->p->repo, role, &m, why);

    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc == ERR_OK)
        rc = hub_offer(h, &m, &later, why);
    if (rc != ERR_OK)
        return rc;
    if (later)
        return hub_later(h, &m, why);
    return str_eq(role, "targets") ? ERR_OK : hub_patches(h, &m, why);
}

/* Whether a root that the hub has gone past is ours. */
static enum err hub_root_is_ours(struct hub *h, const struct repo_meta *m, struct why *why)
{
    enum hub_same same;
    enum err rc = hub_compare(h, m, &same, why);

    if (rc == ERR_OK && same != HUB_SAME)
        rc = hub_stranger(h, m->meta.version, why);
    return rc;
}

static enum err hub_roots(struct hub *h, struct why *why)
{
    struct repo_meta last = { 0 }, m = { 0 };
    bool later = false;
    enum err rc = repo_published(&h->p->repo, "root", &last, why);

    for (int64_t v = 1; rc == ERR_OK && v <= last.meta.version; v++) {
        rc = repo_version(&h->p->repo, "root", v, &m, why);
        if (rc == ERR_OK)
            rc = hub_offer(h, &m, &later, why);
        if (rc == ERR_OK && later)
            rc = hub_root_is_ours(h, &m, why);
    }
    return rc;
}

/* One that does not stand the hub would refuse, and the others would wait for it. */
static bool hub_wants(struct hub *h, const struct tuf_delegation *d)
{
    const struct verify v = { .r = &h->p->repo, .now_ms = h->p->now_ms };
    struct repo_meta m = { 0 };

    return repo_published(&h->p->repo, d->name, &m, NULL) == ERR_OK &&
           verify_stands(&v, d, &m, NULL) == ERR_OK;
}

static enum err hub_all(struct hub *h, struct why *why)
{
    struct repo_meta targets = { 0 };
    enum err rc = hub_roots(h, why);

    if (rc == ERR_OK)
        rc = hub_role(h, "targets", why);
    if (rc == ERR_OK)
        rc = repo_published(&h->p->repo, "targets", &targets, why);
    for (size_t i = 0; rc == ERR_OK && i < targets.meta.delegation_count; i++) {
        const struct tuf_delegation *d = &targets.meta.delegations[i];

        if (hub_wants(h, d))
            rc = hub_role(h, d->name, why);
    }
    return rc;
}

static enum err hub_open(struct publish *p, struct hub *out, struct why *why)
{
    enum err rc = hub_way_open(p->to, p->proxy, p->ca, &out->way, why);

    out->p = p;
    if (rc == ERR_OK)
        arena_init(&out->a, HUB_REQUEST_ARENA);
    return rc;
}

static void hub_close(struct hub *h)
{
    h->p->todo = h->way.todo;
    arena_done(&h->a);
    hub_way_close(&h->way);
}

enum err publish_hub_before(struct publish *p, const char *const *roles, const bool *complete,
                            size_t count, struct why *why)
{
    struct hub h = { 0 };
    enum err rc = hub_open(p, &h, why);

    if (rc != ERR_OK)
        return rc;
    rc = hub_before(&h, roles, complete, count, why);
    hub_close(&h);
    return rc;
}

enum err publish_hub(struct publish *p, struct why *why)
{
    struct hub h = { 0 };
    enum err rc = hub_open(p, &h, why);

    if (rc != ERR_OK)
        return rc;
    rc = hub_all(&h, why);
    hub_close(&h);
    if (h.sent > 0)
        (void)printf("%s: %zu files sent, %llu bytes\n", p->to, h.sent,
                     (unsigned long long)h.bytes);
    else if (rc == ERR_OK)
        (void)printf("%s: it had every file\n", p->to);
    return rc;
}
