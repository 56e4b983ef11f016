/* What the hub answers: one row a route. */
#pragma once

#include "platform/base/json.h"
#include "sync/hub/auth.h"
#include "sync/hub/hub.h"

/* A request goes three ways: what it says is taken apart, the store is told (a job, by another thread), and how that went
   is answered. */
typedef bool (*api_prepare)(struct hub *h, struct hub_request *q, struct hub_reply *out);
typedef void (*api_serve)(struct hub *h, struct hub_request *q, struct hub_reply *out);
struct api_route {
    const char *path;
    const char *method;
    enum auth_needs needs;
    size_t body_max;
    const char *type;    /* the body's Content-Type, NULL none */
    api_prepare prepare; /* false: refused, out says how; NULL: there is nothing to take apart */
    api_serve serve;     /* once the job is done, without a fault */
    bool prefix;         /* path is what the asked one begins with; a name follows */
    bool reads;          /* there is no job: nothing is written */
    api_prepare early; /* by the headers alone, before a body is taken; false: out is the answer */
};

/* Every route, for whoever compares them with their description; NULL past the last. */
const struct api_route *api_route_at(size_t at);
size_t api_route_place(const struct api_route *route); /* SIZE_MAX for NULL */
/* NULL when there is none; then out_wrong_method says whether the path has another method. HEAD finds the row of GET:
   the library leaves the body out. */
const struct api_route *api_find(const char *method, const char *path, bool *out_wrong_method);
/* What a path that has no such method answers: which it has, as a refusal, or as what OPTIONS asked for. */
void api_methods(struct hub *h, struct hub_request *q, struct hub_reply *out);
/* Who asks, and whether he may, by the headers. false: out is the answer. */
bool api_admit(struct hub *h, const struct api_route *route, struct hub_request *q,
               struct hub_reply *out);
/* Of one that was admitted a while ago, before its body came: whether he may still. false: out is the refusal. */
bool api_still(struct hub *h, const struct api_route *route, struct hub_request *q,
               struct hub_reply *out);
/* Takes apart what was admitted. API_WAITS: q->job is to be done, and then api_end to be called; else out is the answer. */
enum api_step { API_ANSWERED, API_WAITS };
enum api_step api_begin(struct hub *h, const struct api_route *route, struct hub_request *q,
                        struct hub_reply *out);
/* Fills out always. */
void api_end(struct hub *h, const struct api_route *route, struct hub_request *q,
             struct hub_reply *out);

/* Gives a JSON text as the reply's body. */
void api_json(const struct hub *h, struct hub_request *q, const struct buf *json,
              struct hub_reply *out);

/* api_content.c */
bool api_content_ask(struct hub *h, struct hub_request *q, struct hub_reply *out);
void api_content_give(struct hub *h, struct hub_request *q, struct hub_reply *out);
bool api_content_offered(struct hub *h, struct hub_request *q, struct hub_reply *out);
bool api_content_offer(struct hub *h, struct hub_request *q, struct hub_reply *out);
void api_content_counts(struct hub *h, struct hub_request *q, struct hub_reply *out);
bool api_content_wanted(struct hub *h, struct hub_request *q, struct hub_reply *out);
bool api_content_put(struct hub *h, struct hub_request *q, struct hub_reply *out);
void api_content_stored(struct hub *h, struct hub_request *q, struct hub_reply *out);
bool api_content_root_ask(struct hub *h, struct hub_request *q, struct hub_reply *out);
void api_content_root_give(struct hub *h, struct hub_request *q, struct hub_reply *out);
/* What a kiosk's status says of content, and what the reply to it does. */
void api_content_told(struct hub_request *q, const struct json *status);
void api_content_tell(struct hub *h, struct hub_request *q, struct json_out *j);

/* api_events.c, api_enrol.c, api_life.c, api_post.c, api_files.c */
bool api_events_take(struct hub *h, struct hub_request *q, struct hub_reply *out);
bool api_events_ask(struct hub *h, struct hub_request *q, struct hub_reply *out);
bool api_status_take(struct hub *h, struct hub_request *q, struct hub_reply *out);
bool api_post_take(struct hub *h, struct hub_request *q, struct hub_reply *out);
bool api_heads_ask(struct hub *h, struct hub_request *q, struct hub_reply *out);
bool api_fork_take(struct hub *h, struct hub_request *q, struct hub_reply *out);
void api_heads_serve(struct hub *h, struct hub_request *q, struct hub_reply *out);
bool api_enrol_take(struct hub *h, struct hub_request *q, struct hub_reply *out);
void api_head_serve(struct hub *h, struct hub_request *q, struct hub_reply *out);
void api_status_serve(struct hub *h, struct hub_request *q, struct hub_reply *out);
void api_events_serve(struct hub *h, struct hub_request *q, struct hub_reply *out);
void api_post_serve(struct hub *h, struct hub_request *q, struct hub_reply *out);
bool api_files_take(struct hub *h, struct hub_request *q, struct hub_reply *out);
bool api_files_ask(struct hub *h, struct hub_request *q, struct hub_reply *out);
void api_files_serve(struct hub *h, struct hub_request *q, struct hub_reply *out);
void api_files_give(struct hub *h, struct hub_request *q, struct hub_reply *out);
void api_enrol_serve(struct hub *h, struct hub_request *q, struct hub_reply *out);
/* The hub's name under a head, as hub_sign has it; the hub is its ctx. */
enum err api_head_sign(void *ctx, struct arena *a, const char *epoch, const char *device,
                       const struct hub_head *head, const char **out, struct why *why);

/* The head that a status shows, where this hub has signed it in this epoch. */
void api_proof(const struct hub *h, struct hub_request *q, const struct json *status);
/* api_adopt.c: what an enrolment says of a site that was founded without a hub; borrowed from the body. false: it cannot be
   read. */
bool api_founded(const struct json *body, struct hub_founded *out);
/* An address as a kiosk may be told it: no blanks, nothing that ends a text in a code. */
bool api_url_ok(const char *url);
