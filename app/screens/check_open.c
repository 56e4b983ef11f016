/* A check is opened: the item, its form, what was answered before, and what stands against the item. */
#include "app/screens/check.h"

#include <string.h>

#include "app/screens/parts.h"
#include "platform/base/json.h"
#include "platform/base/str.h"

enum { FULL_LIST_EVERY = 10 /* one routine check in so many asks for each answer by itself */ };

/* A timer that was begun before the kiosk was switched off goes on. */
static void check_open_timer(struct app *app, struct check_state *s, const char *field,
                             const char *text)
{
    int at = form_field_index(s->base, field);
    struct timer t = { .seconds = 0 };
    if (at < 0 || timers_find(&app->timers, s->item.id, s->base->id, field) != NULL)
        return;
    if (!timer_read(text, app->now, &t)) {
        app_toast(app, TONE_INFO,
                  "A timer was running when the kiosk stopped, and the clock cannot say for how "
                  "long. Start it again.");
        check_put(app, s, ui_text_f(app->ui, "timer:%s", field), "");
        return;
    }
    app_timer_resume(app, &t, &s->item, s->base, field);
}

/* Whoever signs answers for what is there, so that another person's answers are told as such. */
static void check_tell_draft(struct app *app, const struct check_state *s,
                             const struct draft *draft)
{
    bool own = draft->person[0] == '\0' || str_eq(draft->person, app->session.person);
    bool same = str_eq(draft->form_version, s->version);
    app_toast(app, TONE_INFO, "%s answers of %s are back%s",
              own ? "Your" : ui_text_f(app->ui, "%s's", page_person(app, draft->person)),
              page_time(app, draft->saved_ms),
              !same ? ". The form was changed since: look at each one again"
              : own ? ""
                    : ": look at each one before you sign");
}

enum err check_read_draft(struct app *app, struct check_state *s, bool first)
{
    struct draft draft;
    bool found = false;
    struct arena_mark mark = arena_mark(&app->scratch);
    enum err rc = store_draft_get(&app->store, s->draft_item, s->base->id, &app->scratch, &draft,
                                  &found, &s->why);
    size_t kept = 0;
    for (size_t i = 0; rc == ERR_OK && found && i < draft.count; i++) {
        if (str_starts(draft.fields[i], "timer:")) {
            if (first && draft.values[i][0] != '\0')
                check_open_timer(app, s, draft.fields[i] + strlen("timer:"), draft.values[i]);
            continue;
        }
        if (str_eq(check_text(s, draft.fields[i]), draft.values[i]))
            continue;
        s->dirty = true;
        kept += check_keep(s, draft.fields[i], draft.values[i]) ? 1 : 0;
    }
    if (rc == ERR_OK && first && kept > 0 && s->plans != NULL && !s->for_tray)
        check_tell_draft(app, s, &draft);
    arena_rewind(&app->scratch, mark);
    return rc;
}

static enum err check_open_fails(struct app *app, struct check_state *s)
{
    struct status status;
    enum err rc = parts_status(app, &s->item, &s->arena, &status, &s->why);
    if (rc != ERR_OK)
        return rc;
    struct open_fail *mine = arena_array(&s->arena, status.fail_count + 1, sizeof *mine);
    if (mine == NULL)
        return why_set(&s->why, ERR_NOMEM, 0, "check: no memory");
    /* A correction writes down what was done then: it can take back its own fail, and none that came since. */
    for (size_t i = 0; i < status.fail_count; i++)
        if (str_eq(status.fails[i].form, s->base->id) &&
            (s->corrects == NULL || str_eq(status.fails[i].event, s->corrects)))
            mine[s->fail_count++] = status.fails[i];
    s->fails = mine;
    check_held_look(app, s);
    return ERR_OK;
}

/* The answers of the record that is being corrected, to begin with. */
static enum err check_open_correction(struct app *app, struct check_state *s, const char *event)
{
    struct past_check p;
    struct check c;
    const struct json *body = NULL;
    enum err rc = query_check(&app->store, event, &s->arena, &p, &s->why);
    if (rc == ERR_OK)
        rc = query_check_body(&app->store, event, &s->arena, &body, &s->why);
    if (rc == ERR_OK)
        rc = check_read(&s->arena, body, &c, &s->why);
    if (rc != ERR_OK)
        return rc;
    s->corrects = arena_strdup(&s->arena, event);
    s->corrected = c;
    (void)str_format(s->draft_item, sizeof s->draft_item, "correct:%s", event);
    for (size_t i = 0; i < c.answer_count; i++)
        if (!check_keep(s, c.answers[i].field, c.answers[i].value))
            return why_set(&s->why, ERR_NOMEM, 0, "check: no memory");
    for (size_t i = 0; i < c.file_count; i++)
        if (str_eq(c.files[i].type, "text/csv") &&
            !check_keep(s, arena_printf(&s->arena, CHECK_FILE "%s", c.files[i].field),
                        arena_printf(&s->arena, "%s %s", c.files[i].sha256, c.files[i].name)))
            return why_set(&s->why, ERR_NOMEM, 0, "check: no memory");
    return s->corrects == NULL ? why_set(&s->why, ERR_NOMEM, 0, "check: no memory") : ERR_OK;
}

static enum err check_open_parts(struct app *app, struct check_state *s)
{
    struct past_check *past = NULL;
    size_t count = 0;
    enum err rc = check_open_facts(app, s);
    if (rc == ERR_OK && !s->loose)
        rc = check_open_fails(app, s);
    if (rc == ERR_OK)
        rc = check_read_draft(app, s, true);
    if (rc != ERR_OK || s->plans == NULL || s->loose)
        return rc;
    rc = query_history(&app->store, s->item.id, &s->arena, &past, &count, &s->why);
    s->all_good = s->base->quick_pass && s->fail_count == 0 && s->corrects == NULL &&
                  count % FULL_LIST_EVERY != FULL_LIST_EVERY - 1;
    return rc;
}

/* A letter is about no item: its answers are kept under an id of its own. */
static enum err check_open_item(struct app *app, struct check_state *s, const char *id)
{
    s->loose = str_starts(id, LETTER_DRAFT);
    if (!s->loose)
        return query_item(&app->store, id, &s->arena, &s->item, &s->why);
    s->item = (struct item){ .id = arena_strdup(&s->arena, id),
                             .label = "",
                             .kind = "",
                             .name = "",
                             .detail = "",
                             .room = "",
                             .shelf = "",
                             .maker = "",
                             .model = "",
                             .serial = "",
                             .event = "",
                             .school = "",
                             .kit = "",
                             .retired_why = "" };
    return s->item.id == NULL ? why_set(&s->why, ERR_NOMEM, 0, "letter: no memory") : ERR_OK;
}

static enum err check_open(struct app *app, struct check_state *s, const struct route *route)
{
    enum err rc = check_open_item(app, s, route->item);
    if (rc == ERR_OK)
        rc = content_form(app->content, route->form, &s->base, &s->why);
    if (rc != ERR_OK)
        return rc;
    store_draft_version(s->base, s->version);
    (void)str_copy(s->draft_item, sizeof s->draft_item, s->item.id);
    s->texts = arena_array(&s->arena, s->text_max, sizeof *s->texts);
    if (s->texts == NULL)
        return why_set(&s->why, ERR_NOMEM, 0, "check: no memory");
    if (route->event != NULL)
        rc = check_open_correction(app, s, route->event);
    return rc == ERR_OK ? check_open_parts(app, s) : rc;
}

void checking_begin(struct app *app, struct check_state *s, const struct route *route, bool shown)
{
    s->app = app;
    s->for_tray = route->number == CHECK_FOR_TRAY;
    s->text_max = shown ? CHECK_TEXTS_MAX : CHECK_TEXTS_FEW;
    arena_init(&s->arena, (size_t)24 * 1024 * 1024);
    arena_init(&s->judged, (size_t)24 * 1024 * 1024);
    arena_init(&s->before, (size_t)24 * 1024 * 1024);
    arena_init(&s->learned, (size_t)8 * 1024 * 1024);
    if (shown) {
        s->plan_max = CHECK_PLANS_FIRST;
        s->plans = arena_array(&s->arena, s->plan_max, sizeof *s->plans);
    }
    s->failed = check_open(app, s, route) != ERR_OK;
    s->seen = app->version;
    if (!s->failed)
        check_judge(app, s);
    s->ready = true;
}

void checking_end(struct check_state *s)
{
    arena_done(&s->learned);
    arena_done(&s->judged);
    arena_done(&s->before);
    arena_done(&s->arena);
}
