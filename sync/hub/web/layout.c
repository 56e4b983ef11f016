/* What stands around every page: the head, the way to the others, and small things that many of them show. */
#include <stdlib.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "platform/base/str.h"
#include "sync/hub/web/web_parts.h"

static const struct nav {
    const char *path, *label, *icon;
    enum access_act act;
} navs[] = {
    { "/kiosks", "Kiosks", "monitor", ACT_SEE_KIOSKS },
    { "/content", "Content", "document", ACT_SEE_CONTENT },
    { "/audit", "Audit", "clipboard", ACT_SEE_AUDIT },
};

static bool nav_here(const struct page *p, const char *path)
{
    const size_t len = strlen(path);
    const char *at = p->q->message.path;

    return strncmp(at, path, len) == 0 && (at[len] == '\0' || at[len] == '/');
}

static void nav_list(struct page *p)
{
    html(&p->out, "<ul>");
    for (size_t i = 0; i < COUNT_OF(navs); i++) {
        if (!access_anywhere(&p->grants, navs[i].act))
            continue;
        html(&p->out,
             "<li><a href=\"%s\" aria-current=\"%s\"><span class=\"icon i-%s\" "
             "aria-hidden=\"true\"></span>%s</a></li>",
             navs[i].path, nav_here(p, navs[i].path) ? "page" : "false", navs[i].icon,
             navs[i].label);
    }
    html(&p->out, "</ul>");
}

static void nav_who(struct page *p)
{
    html(&p->out, "<div class=\"who\"><a href=\"/account\">%s</a>", p->session.name);
    page_button(p, "/sign-out", "Sign out", "quiet");
    html(&p->out, "</div>");
}

static void nav(struct page *p)
{
    html(&p->out, "<header class=\"side\"><a class=\"name\" href=\"/\">Canny hub</a>");
    if (p->signed_in) {
        html(&p->out,
             "<details class=\"menu\" open><summary>Menu</summary><nav aria-label=\"Pages\">");
        nav_list(p);
        html(&p->out, "</nav>");
        nav_who(p);
        html(&p->out, "</details>");
    }
    html(&p->out, "</header>");
}

/* What the page before has said, once. */
static void layout_said(struct page *p)
{
    const char *cookie =
        fields_cookie(p->a, httpsig_header(&p->q->message, "cookie"), "__Host-canny-said");
    struct fields f;

    if (cookie == NULL || !p->signed_in)
        return;
    page_header(p, "Set-Cookie",
                "__Host-canny-said=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    const char *as = arena_printf(p->a, "said=%s", cookie);
    if (as != NULL && fields_read(p->a, as, strlen(as), &f, NULL) == ERR_OK)
        html(&p->out, "<p class=\"said\" role=\"status\">%s</p>", fields_get(&f, "said"));
}

void page_begin(struct page *p, const char *title)
{
    p->head_open = true;
    html(&p->out,
         "<!doctype html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\">"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
         "<title>%s · Canny hub</title><link rel=\"stylesheet\" href=\"/assets/console.css\">"
         "<link rel=\"icon\" href=\"data:,\"><script src=\"/assets/console.js\" defer></script>"
         "</head><body class=\"%s\"><a class=\"skip\" href=\"#main\">Skip to the page</a>",
         title, p->signed_in ? "in" : "out");
    nav(p);
    html(&p->out, "<main id=\"main\" tabindex=\"-1\">");
    layout_said(p);
    html(&p->out, "<h1>%s</h1>", title);
}

void page_end(struct page *p)
{
    html(&p->out, "</main></body></html>\n");
    const char *body = buf_done(&p->out.out, NULL) == ERR_OK
                           ? arena_strndup(p->a, p->out.out.data, p->out.out.len)
                           : NULL;
    *p->reply = (struct hub_reply){
        .status = body != NULL ? 200 : 500,
        .type = "text/html; charset=utf-8",
        .body = body != NULL ? body : "",
        .len = body != NULL ? p->out.out.len : 0,
        .page = true,
    };
}

void page_button(struct page *p, const char *action, const char *label, const char *style)
{
    html(&p->out, "<form method=\"post\" action=\"%s\">", action);
    page_token(p);
    html(&p->out, "<button class=\"%s\">%s</button></form>", style, label);
}

void page_pill(struct page *p, const char *state, const char *words)
{
    html(&p->out, "<span class=\"pill %s\">%s</span>", state, words);
}

void page_when(struct page *p, int64_t at_ms)
{
    static const struct span {
        int64_t ms;
        const char *one, *many;
    } spans[] = {
        { INT64_C(86400000), "a day ago", "days ago" },
        { INT64_C(3600000), "an hour ago", "hours ago" },
        { INT64_C(60000), "a minute ago", "minutes ago" },
    };
    const int64_t gone = p->now_ms - at_ms;
    char iso[CLOCK_ISO];

    if (at_ms <= 0) {
        html(&p->out, "never");
        return;
    }
    clock_iso(iso, at_ms);
    html(&p->out, "<time datetime=\"%s\" title=\"%s\">", iso, iso);
    size_t i = 0;
    while (i < COUNT_OF(spans) && gone < spans[i].ms)
        i++;
    if (i == COUNT_OF(spans))
        html(&p->out, "just now");
    else if (gone / spans[i].ms == 1)
        html(&p->out, "%s", spans[i].one);
    else
        html(&p->out, "%lld %s", (long long)(gone / spans[i].ms), spans[i].many);
    html(&p->out, "</time>");
}

int64_t page_turned(const struct page *p)
{
    int64_t at = 0;

    return str_to_i64(fields_get(&p->query, "page"), &at) && at > 0 && at < 100000 ? at : 0;
}

static void page_turn_link(struct page *p, int64_t to, const char *label)
{
    html(&p->out, "<a href=\"?page=%lld", (long long)to);
    for (size_t i = 0; i < p->query.count; i++) {
        if (str_eq(p->query.all[i].name, "page") || p->query.all[i].value[0] == '\0')
            continue;
        html(&p->out, "&amp;");
        html_url(&p->out, p->query.all[i].name);
        html(&p->out, "=");
        html_url(&p->out, p->query.all[i].value);
    }
    html(&p->out, "\">%s</a>", label);
}

void page_turn(struct page *p, int64_t at, bool more)
{
    if (at == 0 && !more)
        return;
    html(&p->out, "<nav class=\"turn\" aria-label=\"Pages of this table\">");
    if (at > 0)
        page_turn_link(p, at - 1, "Back");
    html(&p->out, "<span>Page %lld</span>", (long long)at + 1);
    if (more)
        page_turn_link(p, at + 1, "More");
    html(&p->out, "</nav>");
}
