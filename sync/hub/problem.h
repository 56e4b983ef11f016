/* Refusals, as application/problem+json (RFC 9457): one row each, with the code that kiosks and people go by. */
#pragma once

#include "sync/hub/hub.h"

enum problem {
    PROBLEM_MALFORMED,
    PROBLEM_SIGNATURE_MISSING,
    PROBLEM_SIGNATURE_WRONG,
    PROBLEM_DIGEST_WRONG,
    PROBLEM_HUB_OTHER,
    PROBLEM_CLOCK_STALE,
    PROBLEM_NONCE_USED,
    PROBLEM_DEVICE_UNKNOWN,
    PROBLEM_DEVICE_REVOKED,
    PROBLEM_ROUTE_UNKNOWN,
    PROBLEM_METHOD_WRONG,
    PROBLEM_BODY_LENGTH,
    PROBLEM_BODY_LARGE,
    PROBLEM_BODY_TYPE,
    PROBLEM_RATE,
    PROBLEM_BUNDLE,
    PROBLEM_BUNDLE_OTHER,
    PROBLEM_LINES_CONFLICT,
    PROBLEM_LINES_FOREIGN,
    PROBLEM_LINES_BAD,
    PROBLEM_CODE_WRONG,
    PROBLEM_CODE_USED,
    PROBLEM_CODE_EXPIRED,
    PROBLEM_CODE_TRIES,
    PROBLEM_SITE_OTHER,
    PROBLEM_EPOCH_OTHER,
    PROBLEM_CERT_WRONG,
    PROBLEM_FORKS,
    PROBLEM_STORE_FULL,
    PROBLEM_STORE,
    PROBLEM_BUSY,
    PROBLEM_HEADERS_LARGE,
    PROBLEM_FILE,
    PROBLEM_FILE_WRONG,
    PROBLEM_FILE_UNKNOWN,
    PROBLEM_FILE_ROOM,
    PROBLEM_CONTENT_UNKNOWN,
    PROBLEM_CONTENT_NONE,
    PROBLEM_CONTENT_ROOT,
    PROBLEM_CONTENT_VERSION,
    PROBLEM_CONTENT_MALFORMED,
    PROBLEM_CONTENT_UNSIGNED,
    PROBLEM_CONTENT_EXPIRED,
    PROBLEM_CONTENT_PATH,
    PROBLEM_CONTENT_UNWANTED,
    PROBLEM_CONTENT_WRONG,
    PROBLEM_CONTENT_ROOM,
    PROBLEM_COUNT,
};

/* A refusal's code and status, as they are answered. */
const char *problem_code(enum problem problem, int *out_status);
/* Its place in the list above; -1 for NULL, or what is none of ours. */
int problem_find(const char *code);
/* detail is for the person who reads it, NULL for none; carries the hub's time, so that a stale clock is answered
   with the right one. Never fails: without memory the body is empty and the status stands. */
void problem_reply(const struct hub *h, struct hub_request *q, enum problem problem,
                   const char *detail, struct hub_reply *out);
/* The same for what the store said. */
void problem_store(const struct hub *h, struct hub_request *q, enum err rc, const struct why *why,
                   struct hub_reply *out);
