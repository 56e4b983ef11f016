#include "app/screens/tray.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app/screens/parts.h"
#include "platform/base/str.h"

/* The tray's own draft, so that a person who was signed out finds it again: a row for each item. */
#define TRAY_DRAFT "tray:"

const char *tray_refusal(struct app *app, const struct form *f)
{
    if (!f->tray && !f->quick_pass)
        return "Its answers belong to each item by itself.";
    if (f->makes[0] != '\0' || f->custody[0] != '\0')
        return "What it changes on the register belongs to each item by itself.";
    for (size_t i = 0; i < f->field_count; i++)
        if (f->fields[i].required && f->fields[i].instrument)
            return ui_text_f(app->ui, "Each item needs a scan of its own: %s.", f->fields[i].label);
    return "";
}

static void tray_say(struct tray_state *s, enum ui_tone tone, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

static void tray_say(struct tray_state *s, enum ui_tone tone, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(s->last, sizeof s->last, fmt, args);
    va_end(args);
    s->last_tone = tone;
}

/* ---- a row ---- */

/* A notice that came since it was put on the tray. */
static void tray_held(struct check_state *c)
{
    if (!c->failed && c->held != NULL)
        c->state.outcome = OUTCOME_OPEN;
}

static void tray_begin_row(struct app *app, const struct tray_state *s, const struct tray_row *row,
                           struct check_state *c)
{
    const struct route route = { .item = row->item, .form = s->form->id, .number = CHECK_FOR_TRAY };
    *c = (struct check_state){ .failed = false };
    checking_begin(app, c, &route, false);
    check_pass_rest(app, c);
    tray_held(c);
}

static const char *tray_missing(const struct check_state *c)
{
    for (size_t i = 0; i < c->form.field_count; i++)
        if (c->state.fields[i].missing || c->state.fields[i].fault != NULL)
            return c->state.fields[i].label;
    return "";
}

void tray_look(struct app *app, struct tray_state *s, size_t at)
{
    struct tray_row *row = &s->rows[at];
    struct check_state c;
    const struct route route = { .item = row->item, .form = s->form->id, .number = CHECK_FOR_TRAY };
    c = (struct check_state){ .failed = false };
    checking_begin(app, &c, &route, false);
    row->marked = c.text_count > 0;
    check_pass_rest(app, &c);
    tray_held(&c);
    row->held = c.held != NULL;
    row->outcome = c.failed ? OUTCOME_OPEN : c.state.outcome;
    row->left = c.failed ? 1 : c.state.left + c.state.faults;
    bool fails = row->outcome == OUTCOME_FAIL || row->outcome == OUTCOME_QUARANTINE;
    (void)str_copy(row->reason, sizeof row->reason,
                   c.failed                          ? c.why.text
                   : row->outcome == OUTCOME_OPEN    ? tray_missing(&c)
                   : fails && c.state.reason != NULL ? c.state.reason
                                                     : "");
    checking_end(&c);
}

static bool tray_save(struct app *app, struct tray_state *s, const struct tray_row *row,
                      const char *value)
{
    struct why why;
    if (store_draft_put(&app->store, app->now, app->session.person, TRAY_DRAFT, s->form->id,
                        s->form->version, row->item, value, &why) == ERR_OK)
        return true;
    app_toast(app, TONE_BAD, "%s is on the tray but not saved yet: %s", row->label, why.text);
    return false;
}

static void tray_put(struct app *app, struct tray_state *s, const struct item *item)
{
    struct tray_row *row = &s->rows[s->count++];
    *row = (struct tray_row){ .left = 0 };
    (void)str_copy(row->item, sizeof row->item, item->id);
    (void)str_copy(row->label, sizeof row->label, item->label);
    (void)str_copy(row->name, sizeof row->name, item->name);
    tray_look(app, s, s->count - 1);
}

/* ---- what may lie on it ---- */

static bool tray_has(const struct tray_state *s, const char *item)
{
    for (size_t i = 0; i < s->count; i++)
        if (str_eq(s->rows[i].item, item))
            return true;
    return false;
}

static const char *tray_kind(struct app *app, const char *id)
{
    const struct kind *kind = content_kind(app->content, id);
    return kind == NULL ? id : kind->name;
}

/* Whether the item may be on the tray; says why not. */
static bool tray_takes(struct app *app, struct tray_state *s, const struct item *item)
{
    struct status status;
    struct why why;
    if (!form_is_for(s->form->applies_to, item->kind)) {
        tray_say(s, TONE_BAD, "%s is no part of this: %s.", item->label,
                 tray_kind(app, item->kind));
        return false;
    }
    if (item->retired || item->lost) {
        tray_say(s, TONE_BAD, "%s is recorded as %s. Open it by itself.", item->label,
                 item->lost ? "lost" : "retired");
        return false;
    }
    if (parts_status(app, item, &app->scratch, &status, &why) != ERR_OK) {
        tray_say(s, TONE_BAD, "%s could not be read: %s", item->label, why.text);
        return false;
    }
    if (status.cause == CAUSE_RECALL) {
        tray_say(s, TONE_BAD, "%s: do not use, a notice holds it back. Open it by itself.",
                 item->label);
        return false;
    }
    if (status.fail_count > 0) {
        tray_say(s, TONE_BAD, "%s: do not use. It comes back by a check of its own.", item->label);
        return false;
    }
    return true;
}

void tray_add(struct app *app, struct tray_state *s, const char *code)
{
    struct item *items = NULL;
    size_t count = 0;
    struct why why;
    enum err rc = query_label(&app->store, code, &app->scratch, &items, &count, &why);
    if (rc != ERR_OK)
        tray_say(s, TONE_BAD, "%s could not be looked up: %s", code, why.text);
    else if (count == 0)
        tray_say(s, TONE_BAD, "%s is not on the register. Register it by itself first.", code);
    else if (count > 1)
        tray_say(s, TONE_BAD, "%s is on two items. Settle that by itself first.", code);
    else if (tray_has(s, items[0].id))
        tray_say(s, TONE_DUE, "%s is on the tray already.", items[0].label);
    else if (s->count == STORE_TRAY_MAX)
        tray_say(s, TONE_BAD, "%d is as many as a tray holds. Sign this one first.",
                 STORE_TRAY_MAX);
    else if (tray_takes(app, s, &items[0])) {
        tray_put(app, s, &items[0]);
        if (tray_save(app, s, &s->rows[s->count - 1], ui_text_f(app->ui, "%06zu", s->count)))
            tray_say(s, TONE_GOOD, "%s added", items[0].label);
    }
}

void tray_forgive(struct app *app, struct tray_state *s, size_t at)
{
    struct why why;
    if (store_draft_drop(&app->store, s->rows[at].item, s->form->id, &why) != ERR_OK)
        app_toast(app, TONE_BAD, "Not changed: %s", why.text);
    tray_look(app, s, at);
}

void tray_count(const struct tray_state *s, size_t *out_pass, size_t *out_fail, size_t *out_open)
{
    *out_pass = *out_fail = *out_open = 0;
    for (size_t i = 0; i < s->count; i++) {
        enum form_outcome o = s->rows[i].outcome;
        *out_open += o == OUTCOME_OPEN ? 1 : 0;
        *out_fail += o == OUTCOME_FAIL || o == OUTCOME_QUARANTINE ? 1 : 0;
    }
    *out_pass = s->count - *out_fail - *out_open;
}

void tray_drop_held(struct app *app, struct tray_state *s)
{
    size_t kept = 0;
    (void)app;
    for (size_t i = 0; i < s->count; i++) {
        if (s->rows[i].held)
            tray_say(s, TONE_BAD, "%s: do not use, a notice holds it back. Put it aside.",
                     s->rows[i].label);
        else
            s->rows[kept++] = s->rows[i];
    }
    s->count = kept;
}

/* ---- opening ---- */

/* The items that were scanned before, in their order. */
static void tray_open_draft(struct app *app, struct tray_state *s)
{
    struct draft draft;
    bool found = false;
    struct why why;
    if (store_draft_get(&app->store, TRAY_DRAFT, s->form->id, &s->arena, &draft, &found, &why) !=
            ERR_OK ||
        !found)
        return;
    for (size_t order = 1; order <= STORE_TRAY_MAX && s->count < STORE_TRAY_MAX; order++) {
        char want[16];
        struct item item;
        (void)str_format(want, sizeof want, "%06zu", order);
        for (size_t i = 0; i < draft.count; i++)
            if (str_eq(draft.values[i], want) &&
                query_item(&app->store, draft.fields[i], &s->arena, &item, &why) == ERR_OK &&
                !tray_has(s, item.id) && tray_takes(app, s, &item))
                tray_put(app, s, &item);
    }
    if (s->count > 0)
        tray_say(s, TONE_INFO, "%zu from before are back", s->count);
}

void tray_open(struct app *app, struct tray_state *s)
{
    const struct route *route = &router_top(app)->route;
    struct item item;
    enum err rc = content_form(app->content, route->form, &s->form, &s->why);
    s->rows = arena_array(&s->arena, STORE_TRAY_MAX, sizeof *s->rows);
    if (rc == ERR_OK && s->rows == NULL)
        rc = why_set(&s->why, ERR_NOMEM, 0, "tray: no memory");
    s->failed = rc != ERR_OK;
    if (s->failed || tray_refusal(app, s->form)[0] != '\0')
        return;
    tray_open_draft(app, s);
    if (route->item != NULL &&
        query_item(&app->store, route->item, &s->arena, &item, &s->why) == ERR_OK &&
        !tray_has(s, item.id))
        tray_add(app, s, item.label);
    tray_drop_held(app, s);
    if (route->text != NULL)
        tray_add(app, s, route->text);
}

/* ---- signing ---- */

static const char *tray_words(struct app *app, const struct tray_state *s)
{
    size_t pass, fail, open;
    tray_count(s, &pass, &fail, &open);
    if (s->gate.countersign[0] != '\0')
        return ui_text_f(app->ui, "%zu recorded. They count when they are countersigned: %s.",
                         s->count, competence_name(s->gate.countersign));
    if (fail > 0)
        return ui_text_f(app->ui, "%zu recorded: %zu pass, %zu fail. Put what failed aside.",
                         s->count, pass, fail);
    return ui_text_f(app->ui, "%zu recorded, all passed", s->count);
}

static enum err tray_build(struct app *app, struct tray_state *s, struct check_state *states,
                           struct check *checks, struct why *why)
{
    const char *name =
        arena_printf(&s->arena, "%lld-%.8s", (long long)app->now.wall_ms, s->rows[0].item);
    enum err rc = name == NULL ? why_set(why, ERR_NOMEM, 0, "no memory") : ERR_OK;
    for (size_t i = 0; i < s->count && rc == ERR_OK; i++) {
        struct check_state *c = &states[i];
        tray_begin_row(app, s, &s->rows[i], c);
        c->gate = s->gate;
        if (c->failed) {
            *why = c->why;
            rc = ERR_INPUT;
        } else {
            rc = checking_build(app, c, &checks[i], why);
        }
        /* What was shown is what is signed: between the two a form or an instrument may have changed. */
        if (rc == ERR_OK && c->state.outcome != s->rows[i].outcome)
            rc = why_set(why, ERR_CONFLICT, 0, "it is judged otherwise now; look at it again");
        if (rc == ERR_OK && checks[i].release_count > 0)
            rc = why_set(why, ERR_INPUT, 0, "it is out of use, and needs a check of its own");
        if (rc != ERR_OK)
            rc = why_in(why, rc, "%s", s->rows[i].label);
        checks[i].tray = name;
    }
    return rc;
}

static void tray_recorded(struct app *app, struct tray_state *s,
                          const char (*events)[EVENT_ID_TEXT])
{
    struct why why;
    size_t pass, fail, open;
    tray_count(s, &pass, &fail, &open);
    if (store_draft_drop(&app->store, TRAY_DRAFT, s->form->id, &why) != ERR_OK)
        app_toast(app, TONE_BAD, "The tray's list is still there: %s", why.text);
    app_toast_undo_many(app, tray_words(app, s), events, s->count);
    app->toast.tone = fail > 0 ? TONE_BAD : TONE_GOOD;
    app_changed(app);
    s->signed_all = true;
    router_pop(app);
}

bool tray_record(struct app *app, struct tray_state *s)
{
    struct why why;
    struct arena_mark mark = arena_mark(&s->arena);
    struct check_state *states = arena_array(&s->arena, s->count, sizeof *states);
    struct check *checks = arena_array(&s->arena, s->count, sizeof *checks);
    char(*events)[EVENT_ID_TEXT] = arena_array(&s->arena, s->count, sizeof *events);
    bool room = states != NULL && checks != NULL && events != NULL;
    enum err rc = room ? ERR_OK : why_set(&why, ERR_NOMEM, 0, "no memory");
    if (rc == ERR_OK)
        rc = tray_build(app, s, states, checks, &why);
    if (rc == ERR_OK)
        rc = store_record_checks(&app->store, app->now, app->session.person, checks, s->count,
                                 events, &why);
    if (rc == ERR_OK)
        tray_recorded(app, s, (const char(*)[EVENT_ID_TEXT])events);
    else
        app_toast(app, TONE_BAD, "Nothing was recorded: %s. The tray is kept here.", why.text);
    for (size_t i = 0; states != NULL && i < s->count; i++)
        checking_end(&states[i]);
    arena_rewind(&s->arena, mark);
    return rc == ERR_OK;
}
