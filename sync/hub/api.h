/* What the hub answers: one row a route. */
#pragma once

#include "sync/hub/auth.h"
#include "sync/hub/hub.h"

typedef void (*api_serve)(struct hub *h, struct hub_request *q, struct hub_reply *out);
struct api_route {
    const char *path;
    const char *method;
    enum auth_needs needs;
    size_t body_max;
    const char *type; /* the body's Content-Type, NULL none */
    api_serve serve;
};

/* NULL when there is none; then out_wrong_method says whether the path has another method. HEAD finds the row of GET:
   the library leaves the body out. */
const struct api_route *api_find(const char *method, const char *path, bool *out_wrong_method);
/* What a path that has no such method answers: which it has, as a refusal, or as what OPTIONS asked for. */
void api_methods(struct hub *h, struct hub_request *q, struct hub_reply *out);
/* Authenticates, serves. Fills out always. */
void api_answer(struct hub *h, const struct api_route *route, struct hub_request *q,
                struct hub_reply *out);

/* Gives a JSON text as the reply's body. */
void api_json(const struct hub *h, struct hub_request *q, const struct buf *json,
              struct hub_reply *out);

/* api_events.c, api_enrol.c, api_post.c */
void api_events_post(struct hub *h, struct hub_request *q, struct hub_reply *out);
void api_events_get(struct hub *h, struct hub_request *q, struct hub_reply *out);
void api_status_post(struct hub *h, struct hub_request *q, struct hub_reply *out);
void api_post_post(struct hub *h, struct hub_request *q, struct hub_reply *out);
void api_enrol_post(struct hub *h, struct hub_request *q, struct hub_reply *out);
