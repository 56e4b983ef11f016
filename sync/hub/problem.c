#include "sync/hub/problem.h"

#include <assert.h>
#include <string.h>

#include "platform/base/json.h"

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order in which the rows read */
struct problem_row {
    const char *code;
    int status;
    const char *title;
    int retry_after_s;
};

static const struct problem_row problems[PROBLEM_COUNT] = {
    [PROBLEM_MALFORMED] = { "request.malformed", 400, "The request cannot be read" },
    [PROBLEM_SIGNATURE_MISSING] = { "signature.missing", 401, "The request is not signed" },
    [PROBLEM_SIGNATURE_WRONG] = { "signature.wrong", 401,
                                  "The signature does not fit the request" },
    [PROBLEM_DIGEST_WRONG] = { "digest.wrong", 401, "The digest is not this body's" },
    [PROBLEM_HUB_OTHER] = { "hub.other", 401, "The request is meant for another hub" },
    [PROBLEM_CLOCK_STALE] = { "clock.stale", 401, "The request's time is too far from the hub's" },
    [PROBLEM_NONCE_USED] = { "nonce.used", 401, "This request was made before" },
    [PROBLEM_DEVICE_UNKNOWN] = { "device.unknown", 403, "This kiosk is not enrolled here" },
    [PROBLEM_DEVICE_REVOKED] = { "device.revoked", 403, "This kiosk was revoked" },
    [PROBLEM_ROUTE_UNKNOWN] = { "route.unknown", 404, "There is nothing here" },
    [PROBLEM_METHOD_WRONG] = { "method.wrong", 405, "Not with this method" },
    [PROBLEM_BODY_LENGTH] = { "body.length", 411, "The request does not say how long its body is" },
    [PROBLEM_BODY_LARGE] = { "body.large", 413, "The body is too large" },
    [PROBLEM_BODY_TYPE] = { "body.type", 415, "Not with this Content-Type" },
    [PROBLEM_RATE] = { "rate.limited", 429, "Too many requests", 1 },
    [PROBLEM_BUNDLE] = { "bundle.refused", 422, "The bundle fails its checks" },
    [PROBLEM_BUNDLE_OTHER] = { "bundle.other", 422,
                               "The bundle is another sender's or another site's" },
    [PROBLEM_LINES_CONFLICT] = { "lines.conflict", 409,
                                 "Another line stands under the same number" },
    [PROBLEM_LINES_FOREIGN] = { "lines.foreign", 422, "The bundle holds lines of another site" },
    [PROBLEM_LINES_BAD] = { "lines.bad", 422, "The bundle holds something that is no line" },
    [PROBLEM_CODE_WRONG] = { "code.wrong", 403, "There is no such enrolment code" },
    [PROBLEM_CODE_USED] = { "code.used", 403, "This enrolment code was used already" },
    [PROBLEM_CODE_EXPIRED] = { "code.expired", 403, "This enrolment code has run out" },
    [PROBLEM_CODE_TRIES] = { "code.tries", 429, "Too many wrong codes from this address", 60 },
    [PROBLEM_SITE_OTHER] = { "site.other", 409, "This kiosk belongs to another site" },
    [PROBLEM_CERT_WRONG] = { "certificate.wrong", 403,
                             "The certificate is not this hub's for this kiosk" },
    [PROBLEM_FORKS] = { "fork.many", 409, "This card was copied too often" },
    [PROBLEM_EPOCH_OTHER] = { "epoch.other", 409,
                              "The request was made for another epoch of this hub" },
    [PROBLEM_STORE_FULL] = { "store.full", 507, "The hub's disk is full", 300 },
    [PROBLEM_STORE] = { "store.failed", 503, "The hub cannot store anything at the moment", 30 },
    [PROBLEM_BUSY] = { "hub.busy", 503, "The hub has too much to do at the moment", 15 },
    [PROBLEM_HEADERS_LARGE] = { "headers.large", 431, "The headers are too large" },
    [PROBLEM_FILE] = { "file.refused", 422, "The piece of a file fails its checks" },
    [PROBLEM_FILE_WRONG] = { "file.wrong", 422, "The file is not what its name says" },
    [PROBLEM_FILE_UNKNOWN] = { "file.unknown", 404, "The hub does not hold this file" },
    [PROBLEM_CONTENT_UNKNOWN] = { "content.unknown", 404, "The hub does not hold this file" },
    [PROBLEM_CONTENT_NONE] = { "content.none", 404, "The hub holds no content" },
    [PROBLEM_CONTENT_ROOT] = { "content.root", 409,
                               "The hub trusts nobody yet who could have signed this" },
    [PROBLEM_CONTENT_VERSION] = { "content.version", 409, "The hub holds a later version" },
    [PROBLEM_CONTENT_MALFORMED] = { "content.malformed", 422, "This is no such metadata" },
    [PROBLEM_CONTENT_UNSIGNED] = { "content.unsigned", 422,
                                   "Too few of those who sign for it have signed it" },
    [PROBLEM_CONTENT_EXPIRED] = { "content.expired", 422, "It has expired" },
    [PROBLEM_CONTENT_PATH] = { "content.path", 422, "Who signed it may not say that" },
    [PROBLEM_CONTENT_UNWANTED] = { "content.unwanted", 422, "No role names this file" },
    [PROBLEM_CONTENT_WRONG] = { "content.wrong", 422, "The file is not what its name says" },
    [PROBLEM_CONTENT_ROOM] = { "content.room", 507, "The hub has no room left for content", 3600 },
    [PROBLEM_FILE_ROOM] = { "file.room", 507, "The site has no room left for files", 3600 },
};

const char *problem_code(enum problem problem, int *out_status)
{
    assert(problem < PROBLEM_COUNT);
    *out_status = problems[problem].status;
    return problems[problem].code;
}

int problem_find(const char *code)
{
    for (int i = 0; code != NULL && i < PROBLEM_COUNT; i++)
        if (strcmp(problems[i].code, code) == 0)
            return i;
    return -1;
}

void problem_reply(const struct hub *h, struct hub_request *q, enum problem problem,
                   const char *detail, struct hub_reply *out)
{
    assert(problem < PROBLEM_COUNT);
    const struct problem_row *row = &problems[problem];
    struct json_out j;
    struct buf b;
    char type[64];

    *out = (struct hub_reply){
        .status = row->status,
        .type = "application/problem+json",
        .code = row->code,
        .body = "",
        .retry_after_s = row->retry_after_s,
    };
    (void)str_format(type, sizeof(type), "urn:canny:problem:%s", row->code);
    buf_init(&b, 4096);
    json_out_init(&j, &b);
    json_out_object(&j, NULL);
    json_out_str(&j, "type", type);
    json_out_str(&j, "title", row->title);
    json_out_int(&j, "status", row->status);
    json_out_str(&j, "detail", detail != NULL ? detail : row->title);
    json_out_str(&j, "code", row->code);
    json_out_int(&j, "time_ms", hub_now(h).wall_ms);
    if (problem == PROBLEM_EPOCH_OTHER)
        json_out_str(&j, "epoch", q->where.epoch);
    if (problem == PROBLEM_CONTENT_VERSION)
        json_out_int(&j, "version", q->held_version);
    if (problem == PROBLEM_DEVICE_REVOKED)
        json_out_bool(&j, "wipe", true);
    json_out_end_object(&j);
    const char *body = buf_done(&b, NULL) == ERR_OK ? arena_strndup(q->a, b.data, b.len) : NULL;
    if (body != NULL) {
        out->body = body;
        out->len = b.len;
    }
    buf_free(&b);
}

void problem_store(const struct hub *h, struct hub_request *q, enum err rc, const struct why *why,
                   struct hub_reply *out)
{
    enum problem problem = PROBLEM_STORE;

    switch (rc) {
    case ERR_CONFLICT:
        problem = PROBLEM_LINES_CONFLICT;
        break;
    case ERR_DENIED:
        problem = PROBLEM_LINES_FOREIGN;
        break;
    case ERR_FULL:
        problem = PROBLEM_STORE_FULL;
        break;
    case ERR_OK:
    case ERR_NOMEM:
    case ERR_INPUT:
    case ERR_LIMIT:
    case ERR_IO:
    case ERR_NOT_FOUND:
    case ERR_OFFLINE:
        break;
    }
    /* What is wrong with the sender's bytes is the sender's to know; what is wrong with our disk is not. */
    bool theirs = problem != PROBLEM_STORE && problem != PROBLEM_STORE_FULL;
    problem_reply(h, q, problem, theirs ? why->text : NULL, out);
}
