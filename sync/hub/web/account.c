/* One's own account: where it may do what, and ending its sessions everywhere. */
#include "platform/base/str.h"
#include "sync/hub/web/web_parts.h"

void home_get(struct page *p)
{
    static const struct {
        enum access_act act;
        const char *to;
    } ways[] = { { ACT_SEE_KIOSKS, "/kiosks" } };

    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        if (access_anywhere(&p->grants, ways[i].act)) {
            page_go(p, ways[i].to, NULL);
            return;
        }
    }
    page_go(p, "/account", NULL);
}

void account_get(struct page *p)
{
    page_begin(p, "Your account");
    html(&p->out, "<p class=\"lead\">%s</p><h2>What you may do</h2><ul class=\"plain\">",
         p->session.name);
    for (size_t i = 0; i < p->grants.count; i++)
        html(&p->out, "<li>%s</li>", access_role_name(p->grants.all[i].role));
    html(&p->out, "</ul><h2>Signed in</h2><p>You signed in ");
    page_when(p, p->session.made_ms);
    html(&p->out,
         ". A session ends by itself an hour after its last page, and after twelve hours.</p>");
    page_button(p, "/account/end", "Sign out everywhere", "danger");
    page_end(p);
}

void account_end_post(struct page *p)
{
    const struct hub_audit w = page_audit(p, "sessions.ended");
    struct why why = { 0 };
    enum err rc = hubstore_sessions_end(p->store, p->session.account, &w, &why);

    page_token_new(p);
    if (rc == ERR_OK)
        page_go(p, "/sign-in", NULL);
    else
        page_failed(p, rc, &why);
}
