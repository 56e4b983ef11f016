#include "app/app.h"

/* What the bar tells the person: messages and their Undo, the countdown before signing out, what is sent and what waits. */

#include <stdarg.h>
#include <stdio.h>

#include "platform/base/log.h"
#include "platform/base/str.h"

void app_changed(struct app *app)
{
    app->version++;
    if (app->worker != NULL)
        worker_wake(app->worker);
}

void app_toast(struct app *app, enum ui_tone tone, const char *fmt, ...)
{
    struct toast *t = &app->toast;
    /* From when it is said on: what it tells of may have kept the frame waiting for longer than it would stand. */
    *t = (struct toast){ .tone = tone, .until_ms = clock_read(app->clock).mono_ms + APP_TOAST_MS };
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(t->text, sizeof t->text, fmt, args);
    va_end(args);
}

void app_toast_undo(struct app *app, const char *text, const char *event)
{
    const int64_t until_ms = app->now.mono_ms + STORE_UNDO_MS;
    app_toast(app, TONE_GOOD, "%s", text);
    /* Its eight seconds are counted from the record's stamp. One that waited for most of them is told all the same. */
    if (until_ms <= clock_read(app->clock).mono_ms)
        return;
    (void)str_copy(app->toast.action, sizeof app->toast.action, "Undo");
    (void)str_copy(app->toast.event, sizeof app->toast.event, event);
    app->toast.until_ms = until_ms;
}

void app_toast_undo_many(struct app *app, const char *text, const char (*events)[EVENT_ID_TEXT],
                         size_t count)
{
    app_toast_undo(app, text, "");
    if (app->toast.action[0] == '\0')
        return;
    app->toast.many = count < STORE_TRAY_MAX ? count : STORE_TRAY_MAX;
    for (size_t i = 0; i < app->toast.many; i++)
        (void)str_copy(app->undo[i], sizeof app->undo[i], events[i]);
}

void app_toast_undo_stop(struct app *app, const char *text, const char (*events)[EVENT_ID_TEXT],
                         size_t count)
{
    app_toast_undo_many(app, text, events, count);
    app->toast.stop = app->toast.many > 0;
}

/* Takes answers about a notice back. */
static void notice_act_stop(struct app *app)
{
    struct why why;
    size_t many = app->toast.many;
    enum err rc = store_stop_withdraw(&app->store, app->now, app->session.person,
                                      (const char(*)[EVENT_ID_TEXT])app->undo, many, &why);
    app_changed(app);
    if (rc == ERR_OK)
        app_toast(app, TONE_INFO, "Taken back. The history says so; nothing else changed.");
    else
        app_toast(app, TONE_BAD, "Not taken back: %s", why.text);
}

void app_notice_act(struct app *app)
{
    struct why why;
    char event[EVENT_ID_TEXT];
    size_t many = app->toast.many;
    if (app->toast.item[0] != '\0') {
        app_toast_open(app);
        return;
    }
    if (app->toast.stop) {
        notice_act_stop(app);
        return;
    }
    (void)str_copy(event, sizeof event, app->toast.event);
    enum err rc =
        many > 0 ? store_withdraw_checks(&app->store, app->now, app->session.person,
                                         (const char(*)[EVENT_ID_TEXT])app->undo, many, &why)
                 : store_withdraw_check(&app->store, app->now, app->session.person, event, &why);
    app_changed(app);
    if (rc == ERR_OK && many > 0)
        app_toast(app, TONE_INFO, "All %zu taken back. The history says so.", many);
    else if (rc == ERR_OK)
        app_toast(app, TONE_INFO, "Taken back. The history says so; nothing else changed.");
    else
        app_toast(app, TONE_BAD, "Not taken back: %s", why.text);
}

const struct sync_facts *app_facts(struct app *app)
{
    if (!screen_stale(app, &app->facts_seen))
        return &app->facts;
    arena_reset(&app->facts_arena);
    struct why why;
    if (query_sync(&app->store, &app->facts_arena, &app->facts, &why) != ERR_OK) {
        log_line(LOG_ERROR, "state of sending: %s", why.text);
        app->facts = (struct sync_facts){
            .hub = "",
            .site = "",
            .site_name = "",
            .fault = "The state of sending could not be read",
            .fault_means = "What is recorded is safe on this kiosk.",
            .fault_do = "Tell IT the code.",
            .fault_code = "K-101",
            .unread = true,
        };
    }
    return &app->facts;
}

const char *app_notice(struct app *app, enum ui_tone *out_tone, const char **out_action)
{
    int left = session_countdown(&app->session, app->now.mono_ms);
    *out_action = "";
    *out_tone = TONE_DUE;
    if (left > 0)
        return ui_text_f(app->ui, "Still there? Tap to stay signed in: %d s", left);
    *out_tone = app->toast.tone;
    *out_action = app->toast.action;
    return app->toast.until_ms == 0 ? NULL : app->toast.text;
}
