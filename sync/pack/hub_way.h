/* The way from the machine of whoever publishes to a hub, or to a web server: one connection for all that is asked, the
   authorities and the proxy that go with it, and words for what fails on it, which speak to a person at a keyboard where
   fault.h speaks to a kiosk. */
#pragma once

#include "sync/client/http.h"

struct hub_way {
    const char *to; /* as it was typed; borrowed */
    const char *ca; /* folder of further authorities; NULL none */
    struct proxy proxy;
    struct http_keep *keep;
    const char *todo; /* after a fault: what to do; NULL none */
};

/* Whether the words name a place of the network and no folder: "https://…", and whatever else has "://". */
bool hub_way_is(const char *to);
/* What is wrong with the address or the proxy, for args_wrong; NULL nothing. path: the address may go on behind its host. */
const char *hub_way_wrong(const char *to, const char *proxy, bool path);
/* proxy: as hub_way_wrong has found it good; NULL none. Close it with hub_way_close, which accepts a zeroed one. */
MUST_USE enum err hub_way_open(const char *to, const char *proxy, const char *ca,
                               struct hub_way *out, struct why *why);
void hub_way_close(struct hub_way *w);

/* One request by this way. ERR_OFFLINE: no whole answer came; todo says what to do. */
MUST_USE enum err hub_way_ask(struct hub_way *w, struct arena *a, struct http_request *q,
                              struct http_reply *out, struct why *why);
/* The same error for an answer that is none of a hub's. */
enum err hub_way_fault(struct hub_way *w, enum fault fault, const struct why *said,
                       struct why *why);
