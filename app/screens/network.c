/* The network between this kiosk and its hub, for whoever looks after it: the proxy that the school wants, and what each step
   of the way says. Changing it wants badge and PIN of somebody who answers for the kiosk. */
#include <string.h>

#include "app/screens/parts.h"
#include "app/screens/way.h"
#include "platform/base/str.h"

enum {
    NETWORK_PROOF = PROOF_BADGE | PROOF_PIN,
    NETWORK_ARENA_MAX = 1024 * 1024,
    NETWORK_TRYING_MS = 40000, /* a round takes no longer; one that the hub put off begins later */
};

static const char *const network_roles[] = { "head", "admin", "authority" };

struct network_state {
    bool read, failed, pending, open;
    bool
        guarded; /* somebody here has one of the roles: without anybody, whoever sets the kiosk up may */
    bool password; /* one is kept */
    bool trying;
    int64_t tried_ms; /* monotonic */
    uint64_t rounds;  /* that had begun then */
    struct why why;
    struct proxy set;   /* as kept, without its password */
    struct proxy typed; /* while it is open */
};

static bool network_is_role(const char *role)
{
    for (size_t i = 0; i < COUNT_OF(network_roles); i++)
        if (str_eq(role, network_roles[i]))
            return true;
    return false;
}

static void network_read(struct app *app, struct network_state *s)
{
    struct person *people = NULL;
    size_t count = 0;
    struct arena a;
    arena_init(&a, NETWORK_ARENA_MAX);
    s->guarded = query_people(&app->store, &a, &people, &count, NULL) != ERR_OK;
    for (size_t i = 0; i < count; i++)
        s->guarded = s->guarded || network_is_role(people[i].role);
    arena_done(&a);
    s->failed = worker_proxy(app->worker, &s->set, &s->why) != ERR_OK;
    if (s->failed)
        s->set = (struct proxy){ .address = "" };
    s->password = s->set.password[0] != '\0';
    memset(s->set.password, 0, sizeof s->set.password);
    s->read = true;
}

static void network_open(struct app *app, struct network_state *s)
{
    if (s->guarded && !network_is_role(app->session.role)) {
        app_toast(app, TONE_BAD,
                  "Not opened: a head of department or the authority's officer sets this, not %s.",
                  app->session.name);
        return;
    }
    s->typed = s->set;
    s->open = true;
}

static void network_close(struct network_state *s)
{
    memset(&s->typed, 0, sizeof s->typed);
    s->open = false;
}

static void network_try(struct app *app, struct network_state *s)
{
    if (app_facts(app)->hub[0] == '\0') {
        app_toast(app, TONE_INFO,
                  "There is no hub yet to try: join one, and each step is told here.");
        return;
    }
    s->rounds = worker_begun(app->worker);
    s->tried_ms = app->now.mono_ms;
    s->trying = true;
    worker_wake(app->worker);
}

/* A password goes with its proxy and its user: whoever changes either types it again, so that none is sent to another machine
   than the one it was meant for. */
static void network_save(struct app *app, struct network_state *s)
{
    struct proxy p = { .address = "" };
    struct why why;
    bool same = proxy_address(s->typed.address, p.address) && str_eq(p.address, s->set.address) &&
                str_eq(s->typed.user, s->set.user);
    struct proxy kept = { .address = "" };
    bool keep =
        same && s->typed.password[0] == '\0' && worker_proxy(app->worker, &kept, &why) == ERR_OK;
    (void)str_copy(p.user, sizeof p.user, s->typed.user);
    (void)str_copy(p.password, sizeof p.password, keep ? kept.password : s->typed.password);
    enum err rc = worker_set_proxy(app->worker, &p, &why);
    memset(&p, 0, sizeof p);
    memset(&kept, 0, sizeof kept);
    if (rc != ERR_OK) {
        app_toast(app, TONE_BAD, "Not kept: %s", why.text);
        return;
    }
    network_close(s);
    network_read(app, s);
    app_toast(app, TONE_GOOD, s->set.address[0] == '\0' ? "Kept: no proxy" : "Kept: this proxy");
    if (app_facts(app)->hub[0] != '\0')
        network_try(app, s);
}

/* ---- what is set, and how the last try went ---- */

/* A round says what happened; an enrolment that failed has left its steps alone, and said the rest where it was asked for. */
static void network_told(struct app *app, struct network_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    const struct sync_facts *f = app_facts(app);
    bool joined = f->hub[0] != '\0';
    bool failed = joined && f->fault[0] != '\0';
    struct netcheck way;
    s->trying = s->trying && worker_rounds(app->worker, NULL) <= s->rounds &&
                app->now.mono_ms - s->tried_ms < NETWORK_TRYING_MS;
    if (s->trying) {
        parts_words(app, list, "trying", "Trying the way to the hub…", TONE_PLAIN);
        return;
    }
    if (!way_read(f, &way))
        return;
    parts_head(app, list, "told",
               failed   ? f->fault
               : joined ? "The last try reached the hub."
                        : "How far the last try to join a hub got:");
    way_draw(app, ui_scroll_row(list, way_height(app, list->view.w)), &way);
    ui_scroll_space(list, ui_gap(ui));
    if (failed)
        parts_words(app, list, "do", ui_text_f(ui, "%s (%s)", f->fault_do, f->fault_code),
                    TONE_PLAIN);
}

static void network_rows(struct app *app, struct network_state *s, struct ui_scroll *list)
{
    const struct proxy *p = &s->set;
    const char *hub = app_facts(app)->hub;
    if (s->failed)
        parts_words(
            app, list, "fault",
            ui_text_f(app->ui, "The proxy could not be read, so nothing is sent: %s", s->why.text),
            TONE_BAD);
    parts_line(app, list, "hub", "Hub", hub[0] == '\0' ? "None yet" : hub, TONE_PLAIN);
    parts_line(app, list, "proxy", "Proxy", p->address[0] == '\0' ? "None" : p->address,
               TONE_PLAIN);
    if (p->address[0] != '\0') {
        parts_line(app, list, "user", "User", p->user[0] == '\0' ? "None" : p->user, TONE_PLAIN);
        parts_line(app, list, "password", "Password", s->password ? "Kept, and not shown" : "None",
                   TONE_PLAIN);
    }
}

static void network_foot(struct app *app, struct network_state *s, struct rect *page)
{
    struct ui *ui = app->ui;
    struct rect foot = ui_cut_bottom(page, page_primary(app));
    (void)ui_cut_bottom(page, ui_gap(ui));
    struct rect left = ui_col(foot, 0, 2, ui_gap(ui));
    if (ui_button(ui, left, "change", "Change", ICON_PENCIL, UI_PLAIN) &&
        (!s->guarded || parts_sign(app, &s->pending, NETWORK_PROOF, "Network and proxy")))
        network_open(app, s);
    if (ui_button(ui, ui_col(foot, 1, 2, ui_gap(ui)), "try", "Try now", ICON_SYNC, UI_PRIMARY))
        network_try(app, s);
}

/* ---- changing it ---- */

static void network_secret(struct app *app, struct network_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    static const char label[] = "Password";
    int h = ui_para_height(ui, list->view.w, label, SIZE_BODY, FONT_SEMIBOLD);
    (void)ui_para(ui, ui_scroll_row(list, h), "password_label", label, SIZE_BODY, FONT_SEMIBOLD,
                  TONE_PLAIN);
    ui_scroll_space(list, ui_mm_y(ui, 0.5));
    struct ui_field field = { .id = "password",
                              .label = label,
                              .placeholder = s->password ? "The one that is kept" : "Tap to write",
                              .keyboard = KEYBOARD_TEXT,
                              .secret = true };
    (void)ui_field(ui, ui_scroll_row(list, ui_field_height(ui)), &field, s->typed.password,
                   sizeof s->typed.password, NULL);
    ui_scroll_space(list, ui_gap(ui));
}

static void network_form(struct app *app, struct network_state *s, struct rect page)
{
    char address[PROXY_ADDRESS_MAX];
    const char *why_not = proxy_address(s->typed.address, address)
                              ? NULL
                              : "Write the proxy with its port, as proxy.example:8080.";
    if (parts_foot(app, &page, "save", "Keep and try", ICON_SAVE, why_not)) {
        network_save(app, s);
        return;
    }
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "fields");
    (void)parts_field(app, &list, "address", "Proxy, as proxy.example:8080. Empty for none",
                      KEYBOARD_TEXT, s->typed.address, sizeof s->typed.address);
    (void)parts_field(app, &list, "user", "User, if it wants one", KEYBOARD_TEXT, s->typed.user,
                      sizeof s->typed.user);
    network_secret(app, s, &list);
    ui_scroll_end(app->ui, &list);
}

static void network_frame(struct app *app, void *state)
{
    struct network_state *s = state;
    if (!s->read)
        network_read(app, s);
    if (parts_signed(app, &s->pending, NETWORK_PROOF))
        network_open(app, s);
    if (s->open && s->guarded && !session_in(&app->session))
        network_close(s);
    struct rect page = page_begin(app, "Network and proxy");
    if (s->open) {
        network_form(app, s, page);
        return;
    }
    network_foot(app, s, &page);
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "rows");
    network_told(app, s, &list);
    network_rows(app, s, &list);
    ui_scroll_end(app->ui, &list);
}

static void network_leave(struct app *app, void *state)
{
    (void)app;
    network_close(state);
}

const struct screen screen_network = {
    .id = "network",
    .state_size = sizeof(struct network_state),
    .frame = network_frame,
    .leave = network_leave,
    .wants_ticks = true,
};
