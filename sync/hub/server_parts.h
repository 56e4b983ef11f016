/* The server's parts, for its own files only. */
#pragma once

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "platform/base/str.h"
#include "sync/hub/api.h"
#include "sync/hub/committer.h"
#include "sync/hub/conns.h"
#include "sync/hub/gate.h"
#include "sync/hub/pages.h"
#include "sync/hub/server.h"

enum { SERVER_FIELDS_MAX = 48 };

struct server {
    struct hub *hub;
    struct MHD_Daemon *daemon;
    uint16_t port;
    struct conns conns;
    struct committer *committer;
    struct gate *bodies;  /* by kiosk: bodies on their way, but small ones */
    struct gate *work;    /* by kiosk: taken apart, until committed */
    struct gate *replies; /* by kiosk: large ones, until sent */
    atomic_size_t busy;   /* requests under way */
    pthread_mutex_t lock; /* over the readers that are free, and the end */
    pthread_cond_t ends;
    bool ending;
    pthread_t sweeper;
    bool sweeps;
    struct hubstore *readers[SERVER_THREADS_MAX];
    size_t free_readers, reader_count;
};

struct server_fields {
    struct arena *a;
    struct httpsig_field fields[SERVER_FIELDS_MAX];
    size_t count, bytes;
    bool bad, large;
};

/* How far a request is. Where it says that it waits, the connection is put aside. */
enum server_step {
    STEP_NEW,    /* its first line is read */
    STEP_ROOM,   /* it waits for room for its body */
    STEP_BODY,   /* its body comes */
    STEP_WORK,   /* all of it is here and it may ask; it waits for room to be taken apart */
    STEP_COMMIT, /* it waits for the committer */
    STEP_REPLY,  /* it waits for room for a large reply */
    STEP_PAGE,   /* it waits for whoever makes pages */
};

/* One request, from its first line to the end of its reply. */
struct server_request {
    enum server_step step;
    bool uri_long, large, no_length;
    bool admitted, refused; /* before its body came */
    struct hub_reply refusal;
    size_t swallowed; /* bytes of a body that is refused already */
    const struct api_route *route;
    bool wrong_method;
    bool paged; /* for people: there is no route, and page is the job */
    struct pages_job page;
    struct buf body;
    int status;
    const char *code;
    char method[12];
    int64_t begun_ms;
    size_t came; /* bytes of a body that is let go of already */
    size_t sent;
    struct gate_pass body_pass, work_pass, reply_pass;
    /* What the request says, from when its body is in. */
    struct server *server;
    struct MHD_Connection *connection;
    struct arena a;
    struct server_fields fields;
    struct hub_request q;
    char uri[]; /* of SERVER_URI_MAX at most: as long as this one is */
};

/* The library's callbacks (server_request.c); cls is the server. */
void *server_on_uri(void *cls, const char *uri, struct MHD_Connection *c);
enum MHD_Result server_on_request(void *cls, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_len, void **con_cls);
void server_on_completed(void *cls, struct MHD_Connection *c, void **con_cls,
                         enum MHD_RequestTerminationCode how);

/* "ADDRESS:PORT" (server.c). */
MUST_USE enum err server_parse(const char *listen, struct sockaddr_storage *out, bool *out_v6,
                               struct why *why);
MUST_USE enum err server_not_listening(const char *option, const char *listen, int sys,
                                       struct why *why);

/* Who asks, and what the headers say (server_read.c). */
void server_address(const struct server *s, struct MHD_Connection *c, uint8_t out[LIMIT_ADDRESS]);
void server_read_fields(struct MHD_Connection *c, struct server_fields *f);
/* Answers, and lets go of what the request held but its reply (server_reply.c). */
enum MHD_Result server_send(struct server *s, struct server_request *r,
                            const struct hub_reply *reply);
