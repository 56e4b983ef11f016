/* The fleet: every kiosk that one may see, with what it last said of itself. */
#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/hub/hubstore_fleet.h"
#include "sync/hub/web/web_parts.h"

enum {
    KIOSKS_DAY_MS = 86400000,
    KIOSKS_QUIET_MS = 3 * KIOSKS_DAY_MS, /* so long unheard of, a weekend apart, one asks why */
};

struct kiosks {
    struct page *p;
    int64_t shown;
};

static void kiosks_tile(struct page *p, int64_t number, const char *words)
{
    html(&p->out, "<li><b>%lld</b> <span>%s</span></li>", (long long)number, words);
}

static void kiosks_tiles(struct page *p, const struct hub_fleet_count *c)
{
    html(&p->out, "<ul class=\"tiles\">");
    kiosks_tile(p, c->kiosks,
                arena_printf(p->a, "%s in %lld %s", c->kiosks == 1 ? "kiosk" : "kiosks",
                             (long long)c->schools, c->schools == 1 ? "school" : "schools"));
    kiosks_tile(p, c->seen, "seen in the last day");
    html(&p->out, "</ul>");
}

static void kiosks_clock(struct page *p, const struct json *status)
{
    const char *trust = status != NULL ? json_str(status, "clock") : NULL;

    if (trust == NULL)
        html(&p->out, "not told");
    else if (str_eq(trust, "hub") || str_eq(trust, "ntp"))
        html(&p->out, "trusted");
    else
        page_pill(p, "due", "not trusted");
}

static bool kiosks_row(void *ctx, const struct hub_fleet_kiosk *k)
{
    struct kiosks *v = ctx;
    struct page *p = v->p;
    const struct json *status = NULL;

    if (v->shown++ == PAGE_ROWS)
        return false;
    if (k->status[0] != '\0' &&
        json_parse(p->a, k->status, strlen(k->status), PROTO_SMALL_MAX, &status, NULL) != ERR_OK)
        status = NULL;
    html(&p->out,
         "<tr><th scope=\"row\">%s</th><td data-label=\"School\">%s</td><td data-label=\"Last "
         "seen\">",
         k->name, k->site_name);
    if (k->seen_ms > 0 && p->now_ms - k->seen_ms > KIOSKS_QUIET_MS)
        html(&p->out, "<span class=\"pill due\">");
    page_when(p, k->seen_ms);
    if (k->seen_ms > 0 && p->now_ms - k->seen_ms > KIOSKS_QUIET_MS)
        html(&p->out, "</span>");
    html(&p->out,
         "</td><td data-label=\"Waiting\">%lld</td><td data-label=\"Content\">%s</td><td "
         "data-label=\"Clock\">",
         (long long)(status != NULL ? json_int(status, "waiting", 0) : 0),
         k->edition[0] != '\0' ? k->edition : "not told");
    kiosks_clock(p, status);
    html(&p->out, "</td><td data-label=\"Version\">%s</td></tr>",
         status != NULL && json_str(status, "version") != NULL ? json_str(status, "version")
                                                               : "not told");
    return true;
}

static void kiosks_find(struct page *p)
{
    html(&p->out,
         "<form class=\"find\" method=\"get\" action=\"/kiosks\" role=\"search\">"
         "<label for=\"find\">Find a kiosk or school</label>"
         "<input id=\"find\" name=\"find\" type=\"search\" maxlength=\"60\" value=\"%s\">"
         "<button>Find</button></form>",
         fields_get(&p->query, "find"));
}

void kiosks_get(struct page *p)
{
    const struct hub_fleet_ask ask = {
        .who = { .account = p->session.account, .roles = p->roles },
        .words = fields_get(&p->query, "find"),
        .site = fields_get(&p->query, "school"),
        .from = page_turned(p) * PAGE_ROWS,
        .max = PAGE_ROWS + 1,
    };
    struct hub_fleet_count count;
    struct kiosks v = { .p = p };
    struct why why = { 0 };
    enum err rc = hubstore_fleet_count(p->store, &ask.who, p->now_ms - KIOSKS_DAY_MS, &count, &why);
    if (rc != ERR_OK) {
        page_failed(p, rc, &why);
        return;
    }
    page_begin(p, "Kiosks");
    kiosks_tiles(p, &count);
    kiosks_find(p);
    html(&p->out, "<div class=\"table\"><table><thead><tr><th scope=\"col\">Kiosk</th><th "
                  "scope=\"col\">School</th>"
                  "<th scope=\"col\">Last seen</th><th scope=\"col\">Waiting</th><th "
                  "scope=\"col\">Content</th>"
                  "<th scope=\"col\">Clock</th><th scope=\"col\">Version</th></tr></thead><tbody>");
    rc = hubstore_fleet(p->store, &ask, kiosks_row, &v, &why);
    html(&p->out, "</tbody></table></div>");
    if (rc != ERR_OK) {
        page_failed(p, rc, &why);
        return;
    }
    if (v.shown == 0)
        html(&p->out, "<p class=\"empty\">%s</p>",
             count.kiosks == 0 ? "No kiosk is enrolled yet." : "No kiosk fits these words.");
    page_turn(p, page_turned(p), v.shown > PAGE_ROWS);
    page_end(p);
}
