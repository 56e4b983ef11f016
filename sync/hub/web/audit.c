/* What was done at the hub, newest first. */
#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/hub/web/web_parts.h"

struct audit_view {
    struct page *p;
    int64_t shown, last;
};

/* What people call what was done. */
static const struct audit_word {
    const char *act, *words;
} audit_words[] = {
    { "account.added", "Added an account" },
    { "account.ended", "Ended an account" },
    { "account.again", "Opened an account again" },
    { "account.roles", "Their roles changed" },
    { "account.set-up", "Set up the account" },
    { "authority.added", "Added an authority" },
    { "authority.employer", "Said as whom an authority publishes" },
    { "content.held", "Held a roll-out at" },
    { "issuer.added", "Added an issuer of sign-ins" },
    { "issuer.map-added", "Mapped a claim to a role" },
    { "issuer.map-removed", "Took a claim's role away" },
    { "issuer.removed", "Removed an issuer of sign-ins" },
    { "school.joined", "Put a school under an authority" },
    { "sessions.ended", "Signed out everywhere" },
    { "sign-in", "Signed in" },
    { "sign-in.refused", "Sign-in refused" },
    { "sign-out", "Signed out" },
};

static const char *audit_word(const char *act)
{
    for (size_t i = 0; i < COUNT_OF(audit_words); i++)
        if (str_eq(audit_words[i].act, act))
            return audit_words[i].words;
    return act;
}

static const char *audit_text(const struct json *node, const char *key)
{
    const char *text = node != NULL ? json_str(node, key) : NULL;

    return text != NULL ? text : "";
}

static bool audit_row(void *ctx, const struct hub_audited *entry)
{
    struct audit_view *v = ctx;
    struct page *p = v->p;
    const struct json *node = NULL;
    int64_t at_ms = 0;

    if (v->shown++ == PAGE_ROWS)
        return false;
    v->last = entry->no;
    if (json_parse(p->a, entry->line, strlen(entry->line), HUB_AUDIT_LINE_MAX, &node, NULL) !=
            ERR_OK ||
        !clock_parse_iso(audit_text(node, "at"), &at_ms))
        node = NULL;
    html(&p->out, "<tr><th scope=\"row\">%s</th><td data-label=\"When\">",
         audit_word(audit_text(node, "act")));
    page_when(p, at_ms);
    html(&p->out,
         "</td><td data-label=\"Who\">%s</td><td data-label=\"What\">%s%s%s</td><td "
         "data-label=\"School\">%s</td></tr>",
         entry->actor_name[0] != '\0' ? entry->actor_name : "the hub", audit_text(node, "about"),
         audit_text(node, "about")[0] != '\0' && audit_text(node, "detail")[0] != '\0' ? ": " : "",
         audit_text(node, "detail"), entry->site_name);
    return true;
}

void audit_get(struct page *p)
{
    struct audit_view v = { .p = p };
    struct why why = { 0 };
    int64_t before = 0;

    if (!str_to_i64(fields_get(&p->query, "before"), &before) || before < 0)
        before = 0;
    page_begin(p, "Audit");
    html(&p->out, "<div class=\"table\"><table><thead><tr><th scope=\"col\">Done</th><th "
                  "scope=\"col\">When</th>"
                  "<th scope=\"col\">Who</th><th scope=\"col\">What</th><th "
                  "scope=\"col\">School</th></tr></thead><tbody>");
    enum err rc = hubstore_audited(p->store, p->session.account, p->roles, before, PAGE_ROWS + 1,
                                   audit_row, &v, &why);
    html(&p->out, "</tbody></table></div>");
    if (rc != ERR_OK) {
        page_failed(p, rc, &why);
        return;
    }
    if (v.shown > PAGE_ROWS)
        html(&p->out,
             "<nav class=\"turn\" aria-label=\"Pages of this table\"><a "
             "href=\"?before=%lld\">Older</a></nav>",
             (long long)v.last);
    page_end(p);
}
