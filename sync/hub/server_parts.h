/* The server's parts, for its own files only. */
#pragma once

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/str.h"
#include "sync/hub/api.h"
#include "sync/hub/committer.h"
#include "sync/hub/conns.h"
#include "sync/hub/server.h"

enum { SERVER_FIELDS_MAX = 48 };

struct server {
    struct hub *hub;
    struct MHD_Daemon *daemon;
    uint16_t port;
    struct conns conns;
    struct committer *committer;
    atomic_size_t busy;       /* requests under way */
    atomic_size_t body_bytes; /* of all of them */
    pthread_mutex_t lock;     /* over the readers that are free */
    struct hubstore *readers[SERVER_THREADS_MAX];
    size_t free_readers, reader_count;
};

struct server_fields {
    struct arena *a;
    struct httpsig_field fields[SERVER_FIELDS_MAX];
    size_t count;
    bool bad;
};

/* One request, from its first line to the end of its reply. */
struct server_request {
    char uri[SERVER_URI_MAX];
    bool uri_long, begun, large, crowded, no_length;
    size_t swallowed; /* bytes of a body that is refused already */
    const struct api_route *route;
    bool wrong_method;
    struct buf body;
    int status;
    const char *code;
    char method[12];
    int64_t begun_ms;
    size_t came; /* bytes of a body that is let go of already */
    size_t sent;
    /* What the request says, from when its body is in. */
    bool waits; /* the committer has it */
    struct MHD_Connection *connection;
    struct arena a;
    struct server_fields fields;
    struct hub_request q;
};

/* The library's callbacks (server_request.c); cls is the server. */
void *server_on_uri(void *cls, const char *uri, struct MHD_Connection *c);
enum MHD_Result server_on_request(void *cls, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_len, void **con_cls);
void server_on_completed(void *cls, struct MHD_Connection *c, void **con_cls,
                         enum MHD_RequestTerminationCode how);
