/* One bounded HTTP request by libcurl: verified TLS, a deadline, a size limit, no redirects. Plain http only to this
   machine itself, and never by a proxy; what the environment says of proxies is not taken. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "sync/client/fault.h"
#include "sync/client/httpsig.h"
#include "sync/client/netcheck.h"
#include "sync/client/netstate.h"
#include "sync/client/proxy.h"

enum {
    HTTP_CONNECT_MS = 5000,
    HTTP_TOTAL_MS = 30000,
    HTTP_BULK_MS = 300000,
    HTTP_BULK_SLOW_BYTES = 200, /* a second, for HTTP_BULK_SLOW_S seconds: that is nothing */
    HTTP_BULK_SLOW_S = 20,
    HTTP_REPLY_MAX = 5 * 1024 * 1024,
    HTTP_HEADERS_MAX = 32,
    HTTP_HEADER_BYTES_MAX = 16 * 1024, /* all header lines of a reply */
    HTTP_URL_MAX = 1024,
    HTTP_CERT_ANY_DATE = -1,
};

/* Connections that are kept from one request to the next: for many small ones. One thread's. */
struct http_keep; /* opaque */
MUST_USE enum err http_keep_new(struct http_keep **out, struct why *why);
void http_keep_free(struct http_keep *k); /* accepts NULL */

struct http_request {
    const char *method; /* GET, POST or PUT */
    const char *url;
    const struct httpsig_field *fields;
    size_t field_count;
    const void *body; /* not of GET; may be NULL when len is 0 */
    size_t len;
    const char *ca_dir;           /* folder of further CAs (ca.h), NULL none */
    bool (*cancelled)(void *ctx); /* asked at least five times a second; may be NULL */
    void *ctx;
    int64_t total_ms;          /* 0: HTTP_TOTAL_MS */
    const struct proxy *proxy; /* NULL or without an address: none */
    struct net_way *way;       /* written in any case: how far it got; may be NULL */
    /* When certificates have to be valid: HTTP_CERT_ANY_DATE, or 0 for the machine's time. */
    int64_t cert_ms;
    struct http_keep *keep; /* NULL: a connection of its own */
    size_t reply_max;       /* bytes of the reply's body; 0: HTTP_REPLY_MAX */
    bool *over;             /* written in any case: it was longer; may be NULL */
    bool bulk;              /* a large file: may take HTTP_BULK_MS, as long as something comes */
};
/* Everything in the arena. Header names are in lower case, repeated ones joined by ", ". */
struct http_reply {
    int status;
    struct httpsig_field *fields;
    size_t field_count;
    uint8_t *body;
    size_t len;
};

/* Once, before any thread asks. */
MUST_USE enum err http_init(struct why *why);
/* FAULT_NONE when a whole reply came, whatever it says. why has libcurl's own words for the log. */
MUST_USE enum fault http_ask(struct arena *a, const struct http_request *q, struct http_reply *out,
                             struct why *why);
/* Whether the address may be used: https, or http to a loopback name; a host, no path, query, user or password. */
MUST_USE bool http_address_ok(const char *url);
/* The value of a header, or NULL. */
const char *http_header(const struct http_reply *r, const char *name);
/* How a transfer ended, as libcurl and the machine tell it. */
struct http_end {
    int code, sys; /* CURLE_…, and the errno of the connection */
    /* Without an address, a name that cannot be found says nothing about the name. */
    enum net_state net;
    struct net_way way;
    int verify;       /* OpenSSL's number for what was wrong with the certificate; 0 nothing */
    int proxy_status; /* what the proxy answered, 0 nothing */
    const char *text; /* libcurl's words; "" none */
};
enum fault http_fault_of(const struct http_end *e);
