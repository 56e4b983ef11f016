#include "sync/hub/web/page.h"

#include <string.h>

#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/hub/guard.h"
#include "sync/hub/web/web_parts.h"

/* A cookie that no other host, path or plain connection can set or read. */
#define PAGE_COOKIE "__Host-canny"
#define PAGE_SAID "__Host-canny-said"

enum { PAGE_SEEN_MS = 60000 /* how often it is written down that a session is in use */ };

/* Nothing comes from anywhere else, no script stands in a page, and no other page may frame one of ours. */
static const char page_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

void page_header(struct page *p, const char *name, const char *value)
{
    if (p->header_count < PAGE_HEADERS_MAX && value != NULL)
        p->headers[p->header_count++] = (struct hub_header){ .name = name, .value = value };
}

static void page_reply(struct page *p, int status, const char *type, const void *body, size_t len)
{
    *p->reply = (struct hub_reply){
        .status = status, .type = type, .body = body, .len = len, .page = true
    };
}

/* ---- tokens ---- */

void page_token_new(struct page *p)
{
    uint8_t random[KEYS_HASH];

    keys_random(random, sizeof(random));
    hex_put(p->token, random, sizeof(random));
    keys_wipe(random, sizeof(random));
    p->token_new = true;
}

void page_token_hash(const struct page *p, uint8_t out[KEYS_HASH])
{
    keys_sha256(out, p->token, strlen(p->token));
}

/* What a form carries: made from the browser's token, which a page of somebody else's cannot read. */
static void page_form_token(const struct page *p, char out[KEYS_ID_TEXT])
{
    char of[16 + PAGE_TOKEN];

    (void)str_format(of, sizeof(of), "canny form %s", p->token);
    keys_sha256_hex(out, of, strlen(of));
    keys_wipe(of, sizeof(of));
}

void page_token(struct page *p)
{
    char token[KEYS_ID_TEXT];

    page_form_token(p, token);
    html(&p->out, "<input type=\"hidden\" name=\"token\" value=\"%s\">", token);
}

static bool page_own(const struct page *p)
{
    const char *site = httpsig_header(&p->q->message, "sec-fetch-site");
    const char *sent = fields_get(&p->form, "token");
    char token[KEYS_ID_TEXT];

    if (site != NULL && !str_eq(site, "same-origin") && !str_eq(site, "none"))
        return false;
    page_form_token(p, token);
    return strlen(sent) == strlen(token) && keys_equal(sent, token, strlen(token));
}

/* ---- answers ---- */

void page_go(struct page *p, const char *to, const char *said)
{
    struct html as = { 0 };

    if (said != NULL) {
        html_init(&as);
        html_url(&as, said);
        if (as.out.data != NULL)
            page_header(p, "Set-Cookie",
                        arena_printf(p->a,
                                     PAGE_SAID
                                     "=%s; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60",
                                     as.out.data));
        html_done(&as);
    }
    page_header(p, "Location", to);
    page_reply(p, 303, "text/plain; charset=utf-8", "", 0);
}

void page_refuse(struct page *p, int status, const char *title, const char *words)
{
    buf_reset(&p->out.out);
    p->head_open = false;
    page_begin(p, title);
    html(&p->out, "<p class=\"lead\">%s</p>", words);
    page_end(p);
    p->reply->status = status;
}

void page_failed(struct page *p, enum err rc, const struct why *why)
{
    if (rc == ERR_NOT_FOUND || rc == ERR_DENIED) {
        page_refuse(p, 404, "Not found", "There is no such page, or it is not yours to see.");
        return;
    }
    log_line(LOG_ERROR, "console: %s: %s", p->route != NULL ? p->route->path : "-", why->text);
    page_refuse(p, 500, "This did not work",
                "The hub could not read or write its records just now. Nothing was changed. Try "
                "again; if it stays, the hub's log says why.");
}

void page_file(struct page *p, const char *type, const void *bytes, size_t len, const char *name)
{
    if (name != NULL)
        page_header(p, "Content-Disposition",
                    arena_printf(p->a, "attachment; filename=\"%s\"", name));
    page_reply(p, 200, type, bytes, len);
}

struct hub_audit page_audit(const struct page *p, const char *act)
{
    return (struct hub_audit){
        .now = hub_now(p->hub),
        .actor = p->signed_in ? p->session.account : "",
        .act = act,
    };
}

/* ---- who asks ---- */

static bool page_grant(void *ctx, const struct hub_grant *grant)
{
    struct page *p = ctx;
    struct access_grant g;

    if (p->grants.count == ACCESS_GRANTS_MAX)
        return false;
    if (!access_role_find(grant->role, &g.role))
        return true; /* a later release's: it may nothing here */
    (void)str_copy(g.authority, sizeof(g.authority), grant->authority);
    (void)str_copy(g.site, sizeof(g.site), grant->site);
    p->grants.all[p->grants.count++] = g;
    return true;
}

static enum err page_who(struct page *p, struct why *why)
{
    uint8_t hash[KEYS_HASH];
    const char *cookie = fields_cookie(p->a, httpsig_header(&p->q->message, "cookie"), PAGE_COOKIE);
    if (!hex_is(cookie, PAGE_TOKEN - 1)) {
        page_token_new(p);
        return ERR_OK;
    }
    (void)str_copy(p->token, sizeof(p->token), cookie);
    page_token_hash(p, hash);
    enum err rc = hubstore_session(p->store, hash, p->now_ms, &p->session, why);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc != ERR_OK)
        return rc;
    p->signed_in = true;
    if (p->now_ms - p->session.seen_ms > PAGE_SEEN_MS)
        rc = hubstore_session_seen(p->store, hash, p->now_ms, why);
    return rc == ERR_OK ? hubstore_grants(p->store, p->session.account, page_grant, p, why) : rc;
}

/* ---- one request ---- */

static bool page_fields(struct page *p)
{
    const char *type = httpsig_header(&p->q->message, "content-type");
    const char *query = p->q->message.query;

    if (query != NULL && fields_read(p->a, query, strlen(query), &p->query, NULL) != ERR_OK)
        return false;
    if (p->q->len == 0)
        return true;
    return type != NULL && str_starts(type, "application/x-www-form-urlencoded") &&
           fields_read(p->a, p->q->body, p->q->len, &p->form, NULL) == ERR_OK;
}

/* Signed in, with a role that may, and (of a form) from a page of ours. */
static bool page_admit(struct page *p)
{
    const bool posts = str_eq(p->route->method, "POST");

    if (p->route->act != ACT_NONE && !p->signed_in) {
        struct html to;
        html_init(&to);
        html_url(&to, p->q->message.path);
        page_go(p, posts ? "/sign-in" : arena_printf(p->a, "/sign-in?to=%s", to.out.data), NULL);
        html_done(&to);
        return false;
    }
    if (!access_anywhere(&p->grants, p->route->act)) {
        page_refuse(
            p, 403, "Not yours to see",
            "Your role does not let you do this. Your authority's IT staff can say who may.");
        return false;
    }
    if (posts && !page_own(p)) {
        page_refuse(p, 403, "Please send that again",
                    "This form was too old, or did not come from a page of this hub. Nothing was "
                    "changed. Go back, load the page again, and send it once more.");
        return false;
    }
    access_roles(p->roles, p->route->act);
    return true;
}

static void page_serve(struct page *p)
{
    struct why why = { 0 };
    bool other = false;

    p->route = page_route_find(p->a, p->q->message.method, p->q->message.path, p->parts, &other);
    enum err rc = page_who(p, &why);
    if (rc != ERR_OK)
        page_failed(p, rc, &why);
    else if (p->route == NULL && other)
        page_refuse(p, 405, "Not here", "This address is for forms. Go back and try again.");
    else if (p->route == NULL)
        page_refuse(p, 404, "Not found", "There is no such page, or it is not yours to see.");
    else if (!page_fields(p))
        page_refuse(p, 400, "This could not be read",
                    "What the browser sent is not well-formed, or too long. Nothing was changed.");
    else if (page_admit(p))
        p->route->serve(p);
}

/* The headers of every page; the cookie where the browser has to learn its token. */
static void page_finish(struct page *p)
{
    if (p->token_new)
        page_header(p, "Set-Cookie",
                    arena_printf(p->a, PAGE_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Lax",
                                 p->token));
    page_header(p, "Content-Security-Policy", page_policy);
    page_header(p, "X-Content-Type-Options", "nosniff");
    page_header(p, "X-Frame-Options", "DENY");
    page_header(p, "Referrer-Policy", "no-referrer");
    page_header(p, "Cross-Origin-Opener-Policy", "same-origin");
    page_header(p, "Cross-Origin-Resource-Policy", "same-origin");
    page_header(p, "Permissions-Policy", "camera=(), microphone=(), geolocation=()");
    page_header(p, "Strict-Transport-Security", "max-age=31536000");
    struct hub_header *all = arena_array(p->a, p->header_count, sizeof(*all));
    if (all != NULL)
        memcpy(all, p->headers, p->header_count * sizeof(*all));
    p->reply->headers = all;
    p->reply->header_count = all != NULL ? p->header_count : 0;
}

void web_answer(struct hub *h, struct hubstore *s, struct pages_job *job)
{
    struct page p = {
        .hub = h,
        .q = job->q,
        .store = s,
        .a = job->q->a,
        .now_ms = hub_now(h).wall_ms,
        .reply = &job->reply,
    };

    if (s == NULL || !guard_before(h, job->q, &job->reply)) {
        if (s == NULL)
            guard_busy(h, job->q, &job->reply);
        return;
    }
    html_init(&p.out);
    page_serve(&p);
    page_finish(&p);
    job->route = p.route != NULL ? p.route->path : NULL;
    html_done(&p.out);
    keys_wipe(p.token, sizeof(p.token));
}
