/* A real hub, a kiosk of it, and a repository of content to publish there by HTTP. */
#pragma once

#include "platform/base/json.h"
#include "sync/client/http.h"
#include "sync/update/tuf_meta.h"
#include "tests/sync/hub/content_repo.h"
#include "tests/sync/hub/hub_fixture.h"

enum { TOWN_ARENA = 256 * 1024 * 1024 };

struct town {
    struct hub_process hub;
    struct kiosk k;
    struct arena a;
    struct repo r;
    char online[KEYS_ID_TEXT];
    struct repo_bytes root;
};

/* The status; 0: no answer came. Asserts nothing, so threads may. type: the body's, NULL none. */
int town_ask(struct arena *a, const char *url, const char *method, const char *name,
             const char *type, struct repo_bytes body, struct http_reply *out);
const char *town_type(const char *name); /* the Content-Type of a file */
/* Names are those behind /v1/content/. */
int town_get(struct town *t, const char *name, struct http_reply *out);
int town_put(struct town *t, const char *name, struct repo_bytes body);
int town_post(struct town *t, const char *name, struct repo_bytes body, struct http_reply *out);
const struct json *town_body(struct town *t, const struct http_reply *reply);
const char *town_code(struct town *t, const struct http_reply *reply);
/* `canny-hub content` with up to three words (NULL: fewer); the exit status. */
int town_content(struct town *t, char *said, size_t size, const char *one, const char *two,
                 const char *three);
/* An edition's manifest and files. false: one was not taken. */
bool town_put_all(struct arena *a, const char *url, const struct repo_edition *e);
const char *town_role_file(struct arena *a, const char *role, int64_t version);
/* From the first offer to the answer that ends it: the last status. */
int town_publish(struct arena *a, const char *url, const struct repo_role *r,
                 struct repo_bytes bytes);
/* Read, and nothing verified. */
struct tuf_meta town_metadata(struct town *t, const char *name, enum tuf_kind kind);
/* All that the timestamp leads to is there and belongs together, or the test fails. Gives the version of a role, 0 where none
   is listed. */
int64_t town_whole(struct town *t, const char *role);
/* A hub and a kiosk of it, and nobody's content yet. For a whole group. */
int town_new(void **state);
int town_done(void **state);
