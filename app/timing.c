#include "app/app.h"

/* Timers of rows: started on a check, run while other screens are used, told in the bar when they end. */

#include <string.h>

#include "platform/base/str.h"

/* What is kept beside the draft, so that a restart does not lose it; "" takes it away. */
static void app_timer_save(struct app *app, const struct timer *t, const char *text)
{
    struct why why;
    char key[128];
    if (timer_key(key, sizeof key, t->field) &&
        store_draft_put(&app->store, app->now, app->session.person, t->item, t->form, t->version,
                        key, text, &why) != ERR_OK)
        app_toast(app, TONE_BAD, "The timer runs, but is not saved: %s", why.text);
}

static bool app_timer_of(struct timer *t, const struct item *item, const struct form *form,
                         const char *field)
{
    (void)str_copy(t->name, sizeof t->name, item->name);
    store_draft_version(form, t->version);
    return str_copy(t->item, sizeof t->item, item->id) &&
           str_copy(t->form, sizeof t->form, form->id) &&
           str_copy(t->field, sizeof t->field, field);
}

bool app_timer_start(struct app *app, const struct item *item, const struct form *form,
                     const struct form_field *f)
{
    struct timer t = { .seconds = f->timer_s };
    char text[TIMERS_TEXT];
    (void)str_copy(t.label, sizeof t.label, f->label);
    (void)str_copy(t.unit, sizeof t.unit, f->unit);
    if (!app_timer_of(&t, item, form, f->name) || !timers_start(&app->timers, &t, app->now)) {
        app_toast(app, TONE_BAD, "%d timers run already. Stop one first.", TIMERS_MAX);
        return false;
    }
    const struct timer *kept = timers_find(&app->timers, t.item, t.form, t.field);
    timer_write(text, kept);
    app_timer_save(app, kept, text);
    return true;
}

void app_timer_resume(struct app *app, const struct timer *from, const struct item *item,
                      const struct form *form, const char *field)
{
    struct timer t = *from;
    int at = form_field_index(form, field);
    if (at < 0 || app->timers.count == TIMERS_MAX || !app_timer_of(&t, item, form, field))
        return;
    (void)str_copy(t.label, sizeof t.label, form->fields[at].label);
    (void)str_copy(t.unit, sizeof t.unit, form->fields[at].unit);
    app->timers.rows[app->timers.count++] = t;
}

void app_timer_stop(struct app *app, const char *item, const char *form, const char *field)
{
    const struct timer *t = timers_find(&app->timers, item, form, field);
    if (t == NULL)
        return;
    app_timer_save(app, t, "");
    timers_drop(&app->timers, item, form, field);
}

/* The form of a timer. What is half typed on another screen is not thrown away for it. */
static void app_open_check(struct app *app, const char *item, const char *form, const char *field)
{
    const struct router_entry *top = router_top(app);
    /* A timer of no form is a screen's own: the check-in of somebody who works alone. */
    if (form[0] == '\0') {
        if (!str_eq(top->screen->id, item))
            router_push(app, item, NULL);
        return;
    }
    (void)str_copy(app->check_row, sizeof app->check_row, field);
    if (str_eq(top->screen->id, "check") && str_eq(top->route.item, item) &&
        str_eq(top->route.form, form))
        return;
    for (size_t i = 0; i < app->router.depth; i++)
        if (app->router.stack[i].screen->stays) {
            app_toast(app, TONE_INFO, "Finish or leave this page first: the timer goes on.");
            return;
        }
    router_home(app);
    router_push(app, "item", &(struct route){ .item = item });
    router_push(app, "check", &(struct route){ .item = item, .form = form });
}

void app_timer_go(struct app *app)
{
    const struct timer *t = timers_first(&app->timers, app->now);
    if (t != NULL)
        app_open_check(app, t->item, t->form, t->field);
}

void app_timers_step(struct app *app)
{
    /* A message that can still be undone is not covered: this one comes after it. */
    if (app->toast.until_ms != 0 && app->toast.action[0] != '\0')
        return;
    struct why why;
    const struct timer *t = timers_due(&app->timers, app->now);
    if (t == NULL)
        return;
    char value[TIMERS_TEXT];
    enum err rc = ERR_OK;
    timer_value(value, t->unit, t->seconds);
    if (t->form[0] != '\0')
        rc = store_draft_put(&app->store, app->now, app->session.person, t->item, t->form,
                             t->version, t->field, value, &why);
    if (t->form[0] != '\0')
        app_timer_save(app, t, "");
    app->version++;
    if (rc != ERR_OK) {
        app_toast(app, TONE_BAD, "Time is up: %s · %s. It is in the form but not saved yet: %s",
                  t->label, t->name, why.text);
        return;
    }
    app_toast(app, TONE_DUE, "Time is up: %s · %s", t->label, t->name);
    app->toast.until_ms = app->now.mono_ms + APP_TIMER_TOAST_MS;
    (void)str_copy(app->toast.action, sizeof app->toast.action, "Open");
    (void)str_copy(app->toast.item, sizeof app->toast.item, t->item);
    (void)str_copy(app->toast.form, sizeof app->toast.form, t->form);
    (void)str_copy(app->toast.field, sizeof app->toast.field, t->field);
}

void app_toast_open(struct app *app)
{
    struct toast t = app->toast;
    app->toast = (struct toast){ .until_ms = 0 };
    app_open_check(app, t.item, t.form, t.field);
}
