/* One page on its way: who asks, what was sent, and what is answered. For the console's own files. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/attr.h"
#include "sync/hub/hub.h"
#include "sync/hub/hubstore_account.h"
#include "sync/hub/hubstore_audit.h"
#include "sync/hub/web/access.h"
#include "sync/hub/web/fields.h"
#include "sync/hub/web/html.h"

enum {
    PAGE_HEADERS_MAX = 16,
    PAGE_PARTS_MAX = 2, /* of an address */
    PAGE_ROWS = 50,     /* of a table, before it is told in pages */
    PAGE_TOKEN = 65,    /* hex of 32 random bytes, with NUL */
};

struct page_route;
struct page {
    struct hub *hub;
    struct hub_request *q;
    struct hubstore *store; /* to read and to write */
    struct arena *a;        /* the request's */
    const struct page_route *route;
    const char *parts[PAGE_PARTS_MAX]; /* what stands in the address for the route's {} */
    struct fields query, form;
    int64_t now_ms;
    bool head_open;         /* page_begin was called */
    char token[PAGE_TOKEN]; /* the browser's own: of its session, or of none yet */
    bool token_new;         /* the browser does not have it yet */
    bool signed_in;
    struct hub_session session;
    struct access_grants grants;
    char roles[ACCESS_ROLES_TEXT]; /* those that may do what the route does */
    struct html out;
    struct hub_reply *reply;
    struct hub_header headers[PAGE_HEADERS_MAX];
    size_t header_count;
};

/* A page's row: what it is at, who may, and what makes it. */
struct page_route {
    const char *method, *path; /* "/schools/{}" */
    enum access_act act;       /* that some role of his must allow; where is for the page to ask */
    void (*serve)(struct page *p);
    size_t body_max; /* 0: WEB_BODY_MAX of a POST */
};
/* Every route; NULL past the last (routes.c). */
const struct page_route *page_route_at(size_t at);
/* parts: what fills the {}, in the arena. NULL: there is none; *out_other: the path has another method. */
const struct page_route *page_route_find(struct arena *a, const char *method, const char *path,
                                         const char *parts[PAGE_PARTS_MAX], bool *out_other);

/* ---- the frame (layout.c) ---- */

/* What stands before and after what a page is about. title: of the window and the heading. */
void page_begin(struct page *p, const char *title);
void page_end(struct page *p);
/* The token of a form: each form that posts has it. */
void page_token(struct page *p);
/* A button that stands alone and posts: "Sign out". style: a class, "" the plain one. */
void page_button(struct page *p, const char *action, const char *label, const char *style);
/* «2 min ago», and the whole moment for who points at it. 0: «never». */
void page_when(struct page *p, int64_t at_ms);
/* A pill: state says the colour and its sign ("ok", "due", "bad", "info", "off"), the words say it too. */
void page_pill(struct page *p, const char *state, const char *words);
/* The links of a table in pages: `at` counts from 0; more: there is a further one. Keeps the other fields of the query. */
void page_turn(struct page *p, int64_t at, bool more);
/* Which page of a table is asked for, from the query. */
int64_t page_turned(const struct page *p);

/* ---- answers (page.c) ---- */

void page_header(struct page *p, const char *name, const char *value);
/* See other: what follows a form. `said` (NULL: nothing) is shown once at the top of the next page. */
void page_go(struct page *p, const char *to, const char *said);
/* What went wrong, as a page of its own, with the status. */
void page_refuse(struct page *p, int status, const char *title, const char *words);
/* Of what the store said: ERR_NOT_FOUND 404, ERR_DENIED 404 too (what one may not see is not there), else 500. */
void page_failed(struct page *p, enum err rc, const struct why *why);
/* A file: a picture, a style sheet, an export. name: what the browser saves it as; NULL: it is shown. */
void page_file(struct page *p, const char *type, const void *bytes, size_t len, const char *name);
/* What is to be written down of what this page does: actor, time and address filled in. */
struct hub_audit page_audit(const struct page *p, const char *act);
