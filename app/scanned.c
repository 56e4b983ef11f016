#include "app/app.h"

/* Where a scan leads: an item, a chemical or another document, a person, joining a hub, or words about what it is. */

#include <math.h>

#include "app/screens/chemical.h"
#include "app/screens/doc_open.h"
#include "app/store/site.h"
#include "platform/base/str.h"

void app_sign_in(struct app *app, const struct person *p, enum session_proof proof)
{
    session_start(&app->session, p->id, p->name, p->role, proof, app->now.mono_ms);
    app->version++;
}

void app_sign_out(struct app *app)
{
    (void)typed_home(app); /* while it is known whose it is */
    session_end(&app->session);
    app->version++;
}

static void app_badge(struct app *app, const char *code)
{
    struct person p;
    struct why why;
    enum err rc = query_badge(&app->store, code, &app->scratch, &p, &why);
    if (rc == ERR_NOT_FOUND) {
        app_toast(app, TONE_BAD,
                  "This badge is not known at this school. Sign in by name and PIN.");
        return;
    }
    if (rc != ERR_OK) {
        app_toast(app, TONE_BAD, "The badge could not be looked up: %s", why.text);
        return;
    }
    app_sign_in(app, &p, PROOF_BADGE);
    if (!str_eq(router_top(app)->screen->id, "sign_in"))
        app_toast(app, TONE_INFO, "Signed in: %s", p.name);
}

/* ---- where a scan leads ---- */

/* The page that is open goes. */
static void scanned_home(struct app *app)
{
    if (typed_home(app))
        app_toast(app, TONE_INFO, "What you typed is kept: open that page again to go on.");
}

/* A code of no item of ours that the content knows: a supplier's bottle by its CAS number, our own label of a chemical with
   its strength, a code that a document names. */
static bool app_document(struct app *app, const char *code)
{
    const char *doc = "";
    double conc = NAN;
    bool found = false;
    if (content_code(app->content, code, &app->scratch, &doc, &conc, &found, NULL) != ERR_OK ||
        !found)
        return false;
    scanned_home(app);
    if (isnan(conc))
        doc_open(app, doc);
    else
        chemical_open(app, doc, conc, NULL);
    return true;
}

static void app_label(struct app *app, const struct thing *thing)
{
    struct item *items = NULL;
    size_t count = 0;
    struct why why;
    enum err rc = query_label(&app->store, thing->code, &app->scratch, &items, &count, &why);
    if (rc != ERR_OK) {
        app_toast(app, TONE_BAD, "The label could not be looked up: %s", why.text);
        return;
    }
    /* The item that is on the screen, or whose check is being made: the label is still in the person's hand. */
    const struct router_entry *top = router_top(app);
    bool about = str_eq(top->screen->id, "item") || str_eq(top->screen->id, "check");
    if (count == 1 && about && str_eq(top->route.item, items[0].id))
        return;
    if (count == 0 && app_document(app, thing->code))
        return;
    scanned_home(app);
    if (count == 1)
        router_push(app, "item", &(struct route){ .item = items[0].id });
    else
        router_push(app, count == 0 ? "unknown" : "clash",
                    &(struct route){ .text = thing->code, .text2 = thing->shown });
}

/* The answer of a kiosk that admitted this one. */
static void app_admitted(struct app *app, const struct thing *thing)
{
    struct site_code code = { .at_ms = thing->at_ms };
    struct why why;
    (void)str_copy(code.site, sizeof code.site, thing->site);
    (void)str_copy(code.by, sizeof code.by, thing->key);
    (void)str_copy(code.to, sizeof code.to, thing->to);
    (void)str_copy(code.sig, sizeof code.sig, thing->sig);
    if (!str_copy(code.name, sizeof code.name, thing->name) ||
        site_join(&app->store, app->now, &code, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not joined: %s", why.text);
        return;
    }
    app_changed(app);
    porter_again(app->carry.porter);
    scanned_home(app);
    router_push(app, "kiosks", NULL);
    app_toast(app, TONE_GOOD, "This kiosk belongs to %s now", code.name);
}

/* Where a scan leads: an item, a person, joining a hub, or the screen for unknown labels. */
static void app_go(struct app *app, const struct thing *thing)
{
    switch (thing->kind) {
    case THING_LABEL:
        app_label(app, thing);
        return;
    case THING_BADGE:
        app_badge(app, thing->code);
        return;
    case THING_ENROL:
        scanned_home(app);
        router_push(
            app, "join",
            &(struct route){ .text = thing->code, .text2 = thing->hub, .event = thing->key });
        return;
    case THING_HELLO:
        scanned_home(app);
        router_push(app, "admit", &(struct route){ .text = thing->key, .text2 = thing->name });
        return;
    case THING_ADMIT:
        app_admitted(app, thing);
        return;
    case THING_LINK:
        app_toast(app, TONE_INFO, "A web link, not one of our labels: %s", thing->shown);
        return;
    case THING_ODD:
        app_toast(app, TONE_INFO, "%s%s",
                  thing->ours ? "" : "Not one of our labels: ", thing->reason);
        return;
    }
}

void app_enter_code(struct app *app, const char *text, size_t len, enum symbology symbology)
{
    struct thing thing;
    thing_resolve(text, len, symbology, &thing);
    struct router_entry *top = router_top(app);
    app->session.touched_ms = app->now.mono_ms;
    if (top->screen->scan != NULL && top->screen->scan(app, top->state, &thing))
        return;
    app_go(app, &thing);
}
