#include <string.h>

#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/hub/api.h"
#include "sync/hub/content.h"
#include "sync/hub/guard.h"
#include "sync/hub/problem.h"

/* Content: read by anybody, published by whoever has the keys, told of by kiosks. */

enum { API_CONTENT_ASK_MS = 60000 };

#define CONTENT_FOREVER "max-age=31536000,immutable"

static struct content_name *api_content_name(struct hub_request *q)
{
    struct content_name *n = arena_alloc(q->a, sizeof(*n));

    return n != NULL && content_name_read(q->message.path + strlen(PROTO_CONTENT), n) ? n : NULL;
}

/* ---- reading ---- */

static bool api_content_same(struct hub_request *q, const char *etag)
{
    const char *had = httpsig_header(&q->message, "if-none-match");

    return had != NULL && strstr(had, etag) != NULL;
}

/* Only the timestamp changes under its name. */
static enum err api_content_size(struct hub_request *q, const char **out_etag, struct why *why)
{
    const struct content_name *n = q->content;
    int64_t version = 0;

    if (n->kind != CONTENT_METADATA)
        return hubstore_content_size(q->store, n->text, &q->reply_bytes, why);
    enum err rc =
        hubstore_content_meta_size(q->store, n->role, n->version, &q->reply_bytes, &version, why);
    if (rc == ERR_OK && n->version == 0)
        *out_etag = arena_printf(q->a, "\"%lld\"", (long long)version);
    return rc;
}

bool api_content_ask(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    struct why why = { 0 };
    const char *etag = NULL;

    q->content = api_content_name(q);
    enum err rc = q->content != NULL ? api_content_size(q, &etag, &why) : ERR_NOT_FOUND;
    if (rc == ERR_NOT_FOUND) {
        problem_reply(h, q, PROBLEM_CONTENT_UNKNOWN, NULL, out);
        return false;
    }
    if (rc != ERR_OK) {
        log_line(LOG_ERROR, "content: %s", why.text);
        problem_reply(h, q, PROBLEM_STORE, NULL, out);
        return false;
    }
    if (etag != NULL && api_content_same(q, etag)) {
        *out = (struct hub_reply){
            .status = 304, .body = "", .open = true, .cache = "no-cache", .etag = etag
        };
        return false;
    }
    return true;
}

void api_content_give(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    const struct content_name *n = q->content;
    const bool json = n->kind == CONTENT_METADATA || n->kind == CONTENT_TARGET;
    struct hub_reply reply = {
        .status = 200,
        .type = json ? "application/json" : "application/zstd",
        .open = true,
        .cache = CONTENT_FOREVER,
    };
    struct hub_meta meta;
    struct why why = { 0 };
    enum err rc;

    if (n->kind == CONTENT_METADATA) {
        rc = hubstore_content_meta(q->store, n->role, n->version, true, q->a, &meta, &why);
        if (rc == ERR_OK) {
            reply.body = meta.body;
            reply.len = meta.len;
        }
        if (rc == ERR_OK && n->version == 0) {
            reply.cache = "no-cache";
            reply.etag = arena_printf(q->a, "\"%lld\"", (long long)meta.version);
        }
    } else {
        rc = hubstore_content_file(q->store, n->text, q->a, &reply.body, &reply.len, &why);
    }
    if (rc == ERR_OK) {
        *out = reply;
        return;
    }
    if (rc != ERR_NOT_FOUND)
        log_line(LOG_ERROR, "content: %s", why.text);
    problem_reply(h, q, rc == ERR_NOT_FOUND ? PROBLEM_CONTENT_UNKNOWN : PROBLEM_STORE, NULL, out);
}

bool api_content_root_ask(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    (void)h;
    (void)q;
    (void)out;
    return true;
}

/* The only piece of content that is given in the hub's own name: where everything that the kiosk will believe begins. */
void api_content_root_give(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    struct hub_meta meta;
    struct why why = { 0 };
    enum err rc = hubstore_content_root_first(q->store, q->a, &meta, &why);

    if (rc == ERR_OK)
        *out = (struct hub_reply){
            .status = 200, .type = "application/json", .body = meta.body, .len = meta.len
        };
    else if (rc == ERR_NOT_FOUND)
        problem_reply(h, q, PROBLEM_CONTENT_NONE, NULL, out);
    else
        problem_store(h, q, rc, &why, out);
}

/* ---- publishing ---- */

static void api_content_refuse(struct hub *h, struct hub_request *q, enum content_answer answer,
                               const struct why *reason, struct hub_reply *out)
{
    enum problem problem = PROBLEM_STORE;

    switch (answer) {
    case CONTENT_COUNTS:
    case CONTENT_STOOD:
    case CONTENT_MISSING:
        break;
    case CONTENT_UNTRUSTED:
        problem = PROBLEM_CONTENT_ROOT;
        break;
    case CONTENT_OLDER:
        problem = PROBLEM_CONTENT_VERSION;
        break;
    case CONTENT_MALFORMED:
        problem = PROBLEM_CONTENT_MALFORMED;
        break;
    case CONTENT_UNSIGNED:
        problem = PROBLEM_CONTENT_UNSIGNED;
        break;
    case CONTENT_EXPIRED:
        problem = PROBLEM_CONTENT_EXPIRED;
        break;
    case CONTENT_OUTSIDE:
        problem = PROBLEM_CONTENT_PATH;
        break;
    case CONTENT_UNWANTED:
        problem = PROBLEM_CONTENT_UNWANTED;
        break;
    case CONTENT_WRONG:
        problem = PROBLEM_CONTENT_WRONG;
        break;
    case CONTENT_NO_ROOM:
        problem = PROBLEM_CONTENT_ROOM;
        break;
    }
    problem_reply(h, q, problem, reason->text[0] != '\0' ? reason->text : NULL, out);
}

bool api_content_offered(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    q->content = api_content_name(q);
    if (!guard_offers(h, q, false, out))
        return false;
    if (q->content != NULL && q->content->kind == CONTENT_METADATA)
        return true;
    problem_reply(h, q, PROBLEM_CONTENT_MALFORMED, "metadata is called N.ROLE.json", out);
    return false;
}

static void api_content_refused(struct hub *h, struct hub_request *q, const struct content_offer *o,
                                struct hub_reply *out)
{
    log_line(LOG_WARN, "content: %s %lld is refused: %s", o->role, (long long)o->version,
             o->reason.text);
    q->held_version = o->held;
    api_content_refuse(h, q, o->answer, &o->reason, out);
}

/* What a stranger sends is held against its signatures here, before it comes to where kiosks' lines are written; and each
   time it fails costs his address something. */
bool api_content_offer(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    struct content_offer *o = arena_alloc(q->a, sizeof(*o));
    struct why why = { 0 };

    if (o == NULL) {
        problem_reply(h, q, PROBLEM_STORE, NULL, out);
        return false;
    }
    *o = (struct content_offer){
        .role = q->content->role,
        .version = q->content->version,
        .body = q->body,
        .len = q->len,
        .now_ms = q->job.now.wall_ms,
        .a = q->a,
    };
    enum err rc = content_offer_look(q->store, o, &why);
    if (rc != ERR_OK) {
        log_line(LOG_ERROR, "content: %s: %s", o->role, why.text);
        problem_reply(h, q, PROBLEM_STORE, NULL, out);
        return false;
    }
    if (o->answer == CONTENT_MALFORMED || o->answer == CONTENT_UNSIGNED)
        (void)guard_offers(h, q, true, out);
    if (o->answer != CONTENT_COUNTS && o->answer != CONTENT_STOOD && o->answer != CONTENT_MISSING) {
        api_content_refused(h, q, o, out);
        return false;
    }
    q->job.kind = COMMIT_OFFER;
    q->job.offer = o;
    return true;
}

static void api_content_missing(struct hub *h, struct hub_request *q, const struct content_offer *o,
                                struct hub_reply *out)
{
    struct json_out j;
    struct buf b;

    buf_init(&b, (size_t)(CONTENT_MISSING_MAX + 1) * CONTENT_NAME);
    json_out_init(&j, &b);
    json_out_object(&j, NULL);
    json_out_array(&j, "missing");
    for (size_t i = 0; i < o->missing_count; i++)
        json_out_str(&j, NULL, o->missing[i]);
    json_out_end_array(&j);
    json_out_end_object(&j);
    api_json(h, q, &b, out);
    buf_free(&b);
    if (out->status == 200)
        out->status = 202;
}

void api_content_counts(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    const struct content_offer *o = q->job.offer;
    struct json_out j;
    struct buf b;

    if (o->answer == CONTENT_MISSING) {
        api_content_missing(h, q, o, out);
        return;
    }
    if (o->answer != CONTENT_COUNTS && o->answer != CONTENT_STOOD) {
        api_content_refused(h, q, o, out);
        return;
    }
    if (o->answer == CONTENT_COUNTS)
        log_line(LOG_INFO, "content: %s %lld counts", o->role, (long long)o->version);
    buf_init(&b, 1024);
    json_out_init(&j, &b);
    json_out_object(&j, NULL);
    json_out_str(&j, "role", o->role);
    json_out_int(&j, "version", o->version);
    json_out_int(&j, "timestamp", o->timestamp);
    json_out_end_object(&j);
    api_json(h, q, &b, out);
    buf_free(&b);
    if (out->status == 200 && o->answer == CONTENT_COUNTS)
        out->status = 201;
}

static void api_content_held(struct hub *h, struct hub_request *q, const char *name, bool fresh,
                             struct hub_reply *out)
{
    struct json_out j;
    struct buf b;

    buf_init(&b, 1024);
    json_out_init(&j, &b);
    json_out_object(&j, NULL);
    json_out_str(&j, "held", name);
    json_out_end_object(&j);
    api_json(h, q, &b, out);
    buf_free(&b);
    if (out->status == 200 && fresh)
        out->status = 201;
}

/* Before its body comes: a stranger's bytes are taken only where somebody with keys has asked for them. */
bool api_content_wanted(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    struct hub_wanted w = { .named = false };
    struct why why = { 0 };

    q->content = api_content_name(q);
    if (q->content == NULL) {
        problem_reply(h, q, PROBLEM_CONTENT_UNWANTED, "the repository has no such names", out);
        return false;
    }
    if (q->content->kind == CONTENT_PATCH) {
        const char *name = NULL;
        enum err rc = hubstore_content_manifest(q->store, q->content->hash, q->a, &name, &why);
        if (rc == ERR_OK)
            return true;
        if (rc != ERR_NOT_FOUND)
            problem_store(h, q, rc, &why, out);
        else
            problem_reply(h, q, PROBLEM_CONTENT_UNWANTED, NULL, out);
        return false;
    }
    enum err rc = hubstore_content_wanted(q->store, q->content->text, &w, &why);
    if (rc != ERR_OK)
        problem_store(h, q, rc, &why, out);
    else if (!w.named)
        problem_reply(h, q, PROBLEM_CONTENT_UNWANTED, NULL, out);
    else if (w.held)
        api_content_held(h, q, q->content->text, false, out);
    return rc == ERR_OK && w.named && !w.held;
}

bool api_content_put(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    struct content_put *p = arena_alloc(q->a, sizeof(*p));
    struct why why = { 0 };

    if (p == NULL) {
        problem_reply(h, q, PROBLEM_STORE, NULL, out);
        return false;
    }
    *p = (struct content_put){ .name = *q->content, .body = q->body, .len = q->len, .a = q->a };
    enum err rc = content_file_look(q->store, p, &why);
    if (rc != ERR_OK) {
        log_line(LOG_ERROR, "content: %s: %s", p->name.text, why.text);
        problem_reply(h, q, PROBLEM_STORE, NULL, out);
        return false;
    }
    if (p->answer == CONTENT_STOOD)
        api_content_held(h, q, p->name.text, false, out);
    else if (p->answer != CONTENT_COUNTS)
        api_content_refuse(h, q, p->answer, &p->reason, out);
    if (p->answer != CONTENT_COUNTS)
        return false;
    q->job.kind = COMMIT_PUT;
    q->job.put = p;
    return true;
}

void api_content_stored(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    const struct content_put *p = q->job.put;

    if (p->answer == CONTENT_COUNTS) /* a publisher may have thousands */
        guard_welcome(h, q);
    if (p->answer == CONTENT_COUNTS || p->answer == CONTENT_STOOD)
        api_content_held(h, q, p->name.text, p->answer == CONTENT_COUNTS, out);
    else
        api_content_refuse(h, q, p->answer, &p->reason, out);
}

/* ---- what kiosks tell and are told ---- */

static bool api_content_plain(const char *text, size_t max)
{
    for (const char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return false;
    return strlen(text) < max;
}

static bool api_content_install(const struct json *node, struct hub_install *out)
{
    static const char *const states[] = { "installed", "waiting", "refused" };
    struct hub_install i = {
        .role = json_str(node, "role"),
        .edition = json_str(node, "edition"),
        .state = json_str(node, "state"),
        .why = json_str(node, "why"),
        .version = json_int(node, "version", 0),
    };
    bool known = false;

    if (i.why == NULL)
        i.why = "";
    if (i.role == NULL || i.edition == NULL || i.state == NULL || i.version < 0 ||
        !manifest_role_ok(i.role) || !api_content_plain(i.why, HUB_CONTENT_WHY) ||
        (i.edition[0] != '\0' && !manifest_edition_ok(i.edition)))
        return false;
    for (size_t n = 0; n < COUNT_OF(states); n++)
        known = known || strcmp(states[n], i.state) == 0;
    *out = i;
    return known;
}

/* What cannot be understood is passed over: a kiosk's status never fails for it. */
void api_content_told(struct hub_request *q, const struct json *status)
{
    const struct json *list = json_get(status, "content");
    struct hub_install *all = arena_array(q->a, HUB_CONTENT_INSTALLS_MAX, sizeof(*all));
    size_t count = 0;

    if (all == NULL || list == NULL || list->type != JNODE_ARRAY)
        return;
    for (const struct json *n = list->first; n != NULL && count < HUB_CONTENT_INSTALLS_MAX;
         n = n->next) {
        bool twice = false;
        if (!api_content_install(n, &all[count]))
            continue;
        for (size_t i = 0; i < count; i++)
            twice = twice || strcmp(all[i].role, all[count].role) == 0;
        count += twice ? 0 : 1;
    }
    q->job.installs = all;
    q->job.install_count = count;
}

/* Roles of which this kiosk has a later version than the hub, which then was put back from an older backup. One kiosk a minute
   is asked to give them back: the files are many, and all kiosks have the same. */
static void api_content_wants(struct hub *h, struct hub_request *q, struct json_out *j)
{
    int_least64_t asked_ms = atomic_load(&h->content_asked_ms);
    const int64_t now_ms = clock_mono_ms();
    bool any = false;

    for (size_t i = 0; i < q->job.install_count; i++) {
        const struct hub_install *has = &q->job.installs[i];
        int64_t version = 0;
        size_t size = 0;
        enum err rc = hubstore_content_meta_size(q->store, has->role, 0, &size, &version, NULL);
        if ((rc != ERR_OK && rc != ERR_NOT_FOUND) || has->version <= version)
            continue;
        if (!any && ((asked_ms != 0 && now_ms - asked_ms < API_CONTENT_ASK_MS) ||
                     !atomic_compare_exchange_strong(&h->content_asked_ms, &asked_ms, now_ms)))
            return;
        if (!any)
            json_out_array(j, "wants");
        any = true;
        json_out_str(j, NULL, has->role);
    }
    if (any)
        json_out_end_array(j);
}

void api_content_tell(struct hub *h, struct hub_request *q, struct json_out *j)
{
    struct hub_hold *holds = arena_array(q->a, HUB_CONTENT_ROLES_MAX, sizeof(*holds));
    size_t count = 0;
    size_t size = 0;
    int64_t version = 0;

    if (holds == NULL ||
        hubstore_content_meta_size(q->store, "timestamp", 0, &size, &version, NULL) != ERR_OK ||
        hubstore_content_holds(q->store, holds, &count, NULL) != ERR_OK)
        return;
    json_out_object(j, "content");
    json_out_int(j, "timestamp", version);
    json_out_object(j, "hold");
    for (size_t i = 0; i < count; i++)
        json_out_int(j, holds[i].role, holds[i].percent);
    json_out_end_object(j);
    api_content_wants(h, q, j);
    json_out_end_object(j);
}
