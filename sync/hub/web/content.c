/* Content: what is published and until when, how far each roll-out has got among the kiosks that one may see, and how far
   the hub lets it go. What is signed is not changed here: the hub can only hold it back. */
#include <stdio.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/content_show.h"
#include "sync/hub/hubstore_fleet.h"
#include "sync/hub/web/web_parts.h"

enum {
    PUBLISHED_AUTHORITIES_MAX = 500,
    PUBLISHED_DAY_MS = 86400000,
    /* How long before the end people are told: those who sign need to meet; the hub signs by itself. */
    PUBLISHED_SOON_DAYS = 42,
    PUBLISHED_HUB_SOON_DAYS = 14,
};
#define PUBLISHED_EMPLOYERS "employers/"

struct published_place {
    const char *id, *name, *employer;
    bool acts; /* he may hold its roll-outs back */
};

struct published {
    struct page *p;
    const struct content_role *roles;
    size_t role_count;
    struct published_place places[PUBLISHED_AUTHORITIES_MAX]; /* those that he reaches */
    size_t place_count;
    bool acts_everywhere;                 /* in every authority of this hub */
    const struct hub_fleet_install *says; /* what kiosks have, by role */
    size_t say_count;
};

/* ---- what is asked of the store ---- */

static bool published_place(void *ctx, const struct hub_fleet_authority *a)
{
    struct published *v = ctx;

    if (!a->reached || v->place_count == PUBLISHED_AUTHORITIES_MAX)
        return true;
    v->places[v->place_count++] = (struct published_place){
        .id = arena_strdup(v->p->a, a->id),
        .name = arena_strdup(v->p->a, a->name),
        .employer = arena_strdup(v->p->a, a->employer),
    };
    return true;
}

static bool published_acts(void *ctx, const struct hub_fleet_authority *a)
{
    struct published *v = ctx;

    v->acts_everywhere = v->acts_everywhere && a->reached;
    for (size_t i = 0; i < v->place_count; i++)
        v->places[i].acts = v->places[i].acts || (a->reached && str_eq(v->places[i].id, a->id));
    return true;
}

/* Which authorities he sees, and in which of them he may act. */
static enum err published_places(struct published *v, struct why *why)
{
    struct page *p = v->p;
    char may[ACCESS_ROLES_TEXT];
    char see[ACCESS_ROLES_TEXT];

    access_roles(see, ACT_SEE_CONTENT);
    access_roles(may, ACT_PUBLISH);
    enum err rc = hubstore_fleet_authorities(
        p->store, &(struct hub_looker){ .account = p->session.account, .roles = see },
        published_place, v, why);
    if (rc == ERR_OK && p->a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "content: no memory");
    v->acts_everywhere = true;
    if (rc == ERR_OK)
        rc = hubstore_fleet_authorities(
            p->store, &(struct hub_looker){ .account = p->session.account, .roles = may },
            published_acts, v, why);
    return rc;
}

struct published_says {
    struct arena *a;
    struct hub_fleet_install *all;
    size_t count;
};

static bool published_say(void *ctx, const struct hub_fleet_install *i)
{
    struct published_says *w = ctx;

    w->all[w->count++] = (struct hub_fleet_install){
        .role = arena_strdup(w->a, i->role),
        .edition = arena_strdup(w->a, i->edition),
        .state = arena_strdup(w->a, i->state),
        .why = arena_strdup(w->a, i->why),
        .kiosks = i->kiosks,
    };
    return w->count < HUB_FLEET_INSTALLS_MAX && !w->a->failed;
}

static enum err published_fleet(struct published *v, struct why *why)
{
    struct page *p = v->p;
    struct published_says w = { .a = p->a,
                                .all = arena_array(p->a, HUB_FLEET_INSTALLS_MAX, sizeof(*w.all)) };
    const struct hub_looker who = { .account = p->session.account, .roles = p->roles };
    enum err rc = w.all == NULL ? why_set(why, ERR_NOMEM, 0, "content: no memory")
                                : hubstore_fleet_installs(p->store, &who, published_say, &w, why);

    v->says = w.all;
    v->say_count = w.count;
    return rc == ERR_OK && p->a->failed ? why_set(why, ERR_NOMEM, 0, "content: no memory") : rc;
}

/* ERR_OK where nothing is published yet, too: there are no roles then. */
static enum err published_read(struct published *v, struct page *p, struct why *why)
{
    struct content_role *roles = NULL;

    *v = (struct published){ .p = p };
    enum err rc = content_roles(p->store, p->a, &roles, &v->role_count, why);
    if (rc == ERR_NOT_FOUND)
        rc = ERR_OK;
    v->roles = roles;
    if (rc == ERR_OK)
        rc = published_places(v, why);
    return rc == ERR_OK ? published_fleet(v, why) : rc;
}

/* ---- whose it is ---- */

/* The authority that publishes as this role; NULL: none that he may know of. */
static const struct published_place *published_whose(const struct published *v, const char *role)
{
    if (!str_starts(role, PUBLISHED_EMPLOYERS))
        return NULL;
    for (size_t i = 0; i < v->place_count; i++)
        if (str_eq(v->places[i].employer, role + strlen(PUBLISHED_EMPLOYERS)))
            return &v->places[i];
    return NULL;
}

static bool published_seen(const struct published *v, const char *role)
{
    return !str_starts(role, PUBLISHED_EMPLOYERS) || published_whose(v, role) != NULL;
}

/* National content reaches every authority of this hub: who acts in all of them may hold it back. */
static bool published_may(const struct published *v, const char *role)
{
    const struct published_place *whose = published_whose(v, role);

    return str_eq(role, "national") ? v->acts_everywhere && v->place_count > 0
                                    : whose != NULL && whose->acts;
}

static const char *published_name(const struct published *v, const char *role)
{
    const struct published_place *whose = published_whose(v, role);

    return whose != NULL ? whose->name : "National content";
}

/* ---- until when ---- */

static const struct published_sign {
    const char *role, *name, *whose;
    int soon_days;
} published_signs[] = {
    { "root", "Root", "its key holders sign it again: canny-pack key rotate --role root",
      PUBLISHED_SOON_DAYS },
    { "targets", "Who publishes what", "its key holders sign it again", PUBLISHED_SOON_DAYS },
    { "snapshot", "List of versions", "this hub signs it by itself", PUBLISHED_HUB_SOON_DAYS },
    { "timestamp", "What is newest", "this hub signs it by itself every day",
      PUBLISHED_HUB_SOON_DAYS },
};

static const struct published_sign *published_sign(const char *role)
{
    for (size_t i = 0; i < COUNT_OF(published_signs); i++)
        if (str_eq(published_signs[i].role, role))
            return &published_signs[i];
    return NULL;
}

static void published_until(struct page *p, int64_t expires_ms, int soon_days)
{
    const int64_t days = (expires_ms - p->now_ms) / PUBLISHED_DAY_MS;
    char iso[CLOCK_ISO];

    clock_iso(iso, expires_ms);
    iso[strlen("2026-11-22")] = '\0';
    const char *day = iso;
    if (expires_ms <= p->now_ms)
        page_pill(p, "bad", arena_printf(p->a, "ended %s: kiosks take nothing new", day));
    else if (days < soon_days)
        page_pill(
            p, "due",
            arena_printf(p->a, "%s, in %lld %s", day, (long long)days, days == 1 ? "day" : "days"));
    else
        html(&p->out, "%s", day);
}

static const struct content_role *published_find(const struct published *v, const char *role)
{
    for (size_t i = 0; i < v->role_count; i++)
        if (str_eq(v->roles[i].role, role))
            return &v->roles[i];
    return NULL;
}

/* The metadata that stands above the roles that publish. */
static void published_metadata(const struct published *v)
{
    struct page *p = v->p;

    html(&p->out,
         "<h2>Signatures</h2><div class=\"table\"><table><thead><tr><th scope=\"col\">What is "
         "signed</th><th scope=\"col\">Version</th><th scope=\"col\">Good until</th><th "
         "scope=\"col\">And then</th></tr></thead><tbody>");
    for (size_t i = 0; i < COUNT_OF(published_signs); i++) {
        const struct published_sign *sign = &published_signs[i];
        const struct content_role *r = published_find(v, sign->role);
        if (r == NULL)
            continue;
        html(&p->out,
             "<tr><th scope=\"row\">%s</th><td data-label=\"Version\">%lld</td><td "
             "data-label=\"Good until\">",
             sign->name, (long long)r->version);
        published_until(p, r->expires_ms, sign->soon_days);
        html(&p->out, "</td><td data-label=\"And then\">%s</td></tr>", sign->whose);
    }
    html(&p->out, "</tbody></table></div>");
}

/* ---- one role ---- */

/* edition: what it shows, whatever it says of the newest one. */
static void published_state(struct page *p, const struct content_role *r,
                            const struct hub_fleet_install *i)
{
    const bool refused = str_eq(i->state, "refused");
    const char *has =
        i->edition[0] != '\0' ? arena_printf(p->a, "%s in use", i->edition) : "nothing in use yet";

    if (str_eq(i->state, "installed") && str_eq(i->edition, r->edition))
        page_pill(p, "ok", has);
    else if (str_eq(i->state, "installed"))
        page_pill(p, "due", arena_printf(p->a, "%s, not the newest", has));
    else
        page_pill(p, refused ? "bad" : "info",
                  arena_printf(p->a, "%s, %s", has, refused ? "refused the newest" : "waits"));
}

static void published_kiosks(const struct published *v, const struct content_role *r)
{
    struct page *p = v->p;
    int64_t all = 0;
    int64_t have = 0;

    for (size_t i = 0; i < v->say_count; i++) {
        if (!str_eq(v->says[i].role, r->role))
            continue;
        all += v->says[i].kiosks;
        if (str_eq(v->says[i].state, "installed") && str_eq(v->says[i].edition, r->edition))
            have += v->says[i].kiosks;
    }
    if (all == 0) {
        html(&p->out, "<p class=\"empty\">No kiosk has told of it yet.</p>");
        return;
    }
    html(
        &p->out,
        "<p><b>%lld of %lld</b> %s %s in use. <meter min=\"0\" max=\"%lld\" value=\"%lld\">%lld of "
        "%lld</meter></p>",
        (long long)have, (long long)all, all == 1 ? "kiosk has" : "kiosks have", r->edition,
        (long long)all, (long long)have, (long long)have, (long long)all);
    html(&p->out, "<div class=\"table\"><table><thead><tr><th scope=\"col\">Kiosks</th><th "
                  "scope=\"col\">Edition</th><th scope=\"col\">Why not</th></tr></thead><tbody>");
    for (size_t i = 0; i < v->say_count; i++) {
        const struct hub_fleet_install *say = &v->says[i];
        if (!str_eq(say->role, r->role))
            continue;
        html(&p->out, "<tr><th scope=\"row\">%lld</th><td data-label=\"Edition\">",
             (long long)say->kiosks);
        published_state(p, r, say);
        html(&p->out, "</td><td data-label=\"Why not\">%s</td></tr>", say->why);
    }
    html(&p->out, "</tbody></table></div>");
}

static void published_step(struct page *p, int percent, bool here)
{
    html(&p->out, "<option value=\"%d\"%s>", percent, here ? " selected" : "");
    if (percent == 0)
        html(&p->out, "no further kiosk");
    else if (percent == 100)
        html(&p->out, "as many as its signers allow");
    else
        html(&p->out, "%d of a hundred kiosks", percent);
    html(&p->out, "</option>");
}

/* How far the hub lets it go: each step opens one ring more. One that was set by the command stands among them. */
static void published_steps(struct page *p, int held)
{
    static const int steps[] = { 0, 1, 10, 25, 50, 100 };

    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        if (i > 0 && held > steps[i - 1] && held < steps[i])
            published_step(p, held, true);
        published_step(p, steps[i], held == steps[i]);
    }
}

static void published_form(struct page *p, const struct content_role *r)
{
    html(&p->out, "<form class=\"row\" method=\"post\" action=\"/content/hold\">");
    page_token(p);
    html(&p->out, "<input type=\"hidden\" name=\"role\" value=\"%s\">", r->role);
}

static void published_hold(struct page *p, const struct content_role *r)
{
    published_form(p, r);
    html(&p->out,
         "<label for=\"far-%s\">Let it go to</label><select id=\"far-%s\" name=\"percent\">",
         r->role, r->role);
    published_steps(p, r->held < 0 ? 100 : r->held);
    html(&p->out, "</select><button>Set</button></form>");
    if (r->held == 0)
        return;
    published_form(p, r);
    html(&p->out, "<input type=\"hidden\" name=\"percent\" value=\"0\"><button "
                  "class=\"danger\">Stop the roll-out</button></form>");
}

static void published_far(struct page *p, const struct content_role *r)
{
    const int reach = r->held >= 0 && r->held < r->percent ? r->held : r->percent;

    if (r->held == 0)
        page_pill(p, "due", "stopped: no further kiosk takes it");
    else if (r->held >= 0 && r->held < r->percent)
        page_pill(p, "due", arena_printf(p->a, "held at %d of a hundred kiosks", reach));
    else if (r->percent == 0)
        page_pill(p, "info", "signed for no kiosk yet");
    else if (r->percent < 100)
        page_pill(p, "info", arena_printf(p->a, "signed for %d of a hundred kiosks", reach));
    else
        page_pill(p, "ok", "open to every kiosk");
}

static void published_role(const struct published *v, const struct content_role *r)
{
    struct page *p = v->p;

    html(&p->out, "<section class=\"card\"><h2>%s</h2>", published_name(v, r->role));
    if (r->edition[0] == '\0') {
        html(&p->out, "<p class=\"empty\">Signed for, and nothing is published yet.</p></section>");
        return;
    }
    html(&p->out, "<dl class=\"facts\"><dt>Edition</dt><dd>%s</dd><dt>Roll-out</dt><dd>",
         r->edition);
    published_far(p, r);
    html(&p->out, "</dd><dt>Good until</dt><dd>");
    published_until(p, r->expires_ms, PUBLISHED_SOON_DAYS);
    html(&p->out, "</dd></dl>");
    published_kiosks(v, r);
    if (published_may(v, r->role))
        published_hold(p, r);
    html(&p->out, "</section>");
}

/* The national one, or all others that he sees; how many. */
static size_t published_roles(const struct published *v, bool national)
{
    size_t shown = 0;

    for (size_t i = 0; i < v->role_count; i++) {
        const char *role = v->roles[i].role;
        if (published_sign(role) != NULL || !published_seen(v, role) ||
            str_eq(role, "national") != national)
            continue;
        published_role(v, &v->roles[i]);
        shown++;
    }
    return shown;
}

static bool published_behind(void *ctx, const struct hub_behind *b)
{
    const struct published *v = ctx;

    if (published_seen(v, b->role))
        html(&v->p->out,
             "<p class=\"wrong\">Kiosks hold a later version of «%s» (%lld) than this hub (%lld). "
             "Publish that version or a later one here again.</p>",
             b->role, (long long)b->version, (long long)b->held);
    return true;
}

/* ---- pages ---- */

void content_get(struct page *p)
{
    struct published *v = arena_alloc(p->a, sizeof(*v));
    struct why why = { 0 };
    enum err rc =
        v == NULL ? why_set(&why, ERR_NOMEM, 0, "content: no memory") : published_read(v, p, &why);

    if (rc == ERR_OK) {
        page_begin(p, "Content");
        rc = hubstore_content_behind(p->store, published_behind, v, &why);
    }
    if (rc != ERR_OK) {
        page_failed(p, rc, &why);
        return;
    }
    const size_t shown = published_roles(v, true) + published_roles(v, false);
    if (v->role_count == 0)
        html(&p->out, "<p class=\"empty\">This hub has no content yet: it trusts no root. "
                      "«canny-hub content trust» gives it the first one.</p>");
    else if (shown == 0)
        html(&p->out, "<p class=\"empty\">Nothing is published yet.</p>");
    if (v->role_count > 0)
        published_metadata(v);
    page_end(p);
}

void content_hold_post(struct page *p)
{
    const char *role = fields_get(&p->form, "role");
    const char *far = fields_get(&p->form, "percent");
    struct published *v = arena_alloc(p->a, sizeof(*v));
    struct hub_audit w = page_audit(p, "content.held");
    struct why why = { 0 };
    int64_t percent = 0;

    if (!manifest_role_ok(role) || !str_to_i64(far, &percent) || percent < 0 || percent > 100) {
        page_refuse(p, 422, "Not set", "Choose how far the roll-out may go.");
        return;
    }
    enum err rc =
        v == NULL ? why_set(&why, ERR_NOMEM, 0, "content: no memory") : published_read(v, p, &why);
    if (rc == ERR_OK && !published_may(v, role))
        rc = ERR_NOT_FOUND;
    if (rc == ERR_OK) {
        const struct published_place *whose = published_whose(v, role);
        w.authority = whose != NULL ? whose->id : v->places[0].id;
        w.about = published_name(v, role);
        w.detail = far;
        rc = hubstore_content_hold(p->store, role, percent == 100 ? -1 : (int)percent, &w, &why);
    }
    if (rc != ERR_OK) {
        page_failed(p, rc, &why);
        return;
    }
    page_go(p, "/content",
            percent == 0     ? "Stopped. No further kiosk takes the new edition."
            : percent == 100 ? "Set. Kiosks take the new edition as far as its signers allow."
                             : arena_printf(p->a,
                                            "Set. At most %lld of a hundred kiosks take the new "
                                            "edition.",
                                            (long long)percent));
}
