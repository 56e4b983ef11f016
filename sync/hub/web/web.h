/* The console: pages for an authority's people, made on the hub and whole without JavaScript. Threads of its own, each with
   a store of its own. */
#pragma once

#include "platform/base/err.h"
#include "sync/hub/hub.h"
#include "sync/hub/pages.h"

enum {
    WEB_THREADS = 3,
    WEB_WAITING_MAX = 256,    /* pages asked for and not begun; more are told to come later */
    WEB_BODY_MAX = 64 * 1024, /* of a form */
    WEB_PATH_PARTS = 2,       /* parts of an address that a page takes */
};

struct web;
/* The hub is borrowed until web_free. */
MUST_USE enum err web_start(struct hub *h, struct web **out, struct why *why);
/* What the hub's server asks; borrowed until web_free. */
const struct pages *web_pages(struct web *w);
void web_free(struct web *w); /* accepts NULL */
