/* A check: the form's rows, what is left, and the signature. Each answer is saved as it is given; a draft that was left,
   or that a power cut interrupted, is offered back by being there again. */
#include "app/screens/check.h"

#include <string.h>

#include "app/screens/parts.h"
#include "platform/base/json.h"
#include "platform/base/str.h"

enum { FULL_LIST_EVERY = 10 /* one routine check in so many asks for each answer by itself */ };

/* ---- answers ---- */

static struct check_text *check_find(const struct check_state *s, const char *key)
{
    for (size_t i = 0; i < s->text_count; i++)
        if (str_eq(s->texts[i].key, key))
            return &s->texts[i];
    return NULL;
}

const char *check_text(const struct check_state *s, const char *key)
{
    const struct check_text *t = check_find(s, key);
    return t == NULL ? "" : t->text;
}

/* A default, and what the register filled in, stand as answers until somebody types: they are shown as such. */
const char *check_value(const struct check_state *s, size_t at)
{
    const char *value = s->values[at];
    if (value == NULL && !s->failed && s->form.fields[at].type != FIELD_CALCULATE)
        value = s->state.fields[at].value;
    return value == NULL ? "" : value;
}

const char *check_typed(const struct check_state *s, size_t at, const char *text)
{
    const char *given = s->values[at] == NULL ? check_value(s, at) : "";
    size_t len = strlen(given);
    return len > 0 && strlen(text) > len && str_starts(text, given) ? text + len : text;
}

uint64_t check_hash(uint64_t hash, const char *text)
{
    /* FNV-1a */
    hash = hash == 0 ? 0xcbf29ce484222325u : hash;
    for (const char *at = text; *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * 0x100000001b3u;
    return (hash ^ 0xffu) * 0x100000001b3u;
}

/* Keeps an answer in memory; false when there is no room for it. */
static bool check_keep(struct check_state *s, const char *key, const char *value)
{
    struct check_text *t = check_find(s, key);
    if (t == NULL && value[0] == '\0')
        return true;
    if (t == NULL) {
        if (s->text_count == s->text_max)
            return false;
        struct check_text fresh = { .key = arena_strdup(&s->arena, key),
                                    .text = arena_alloc(&s->arena, FORM_ANSWER_MAX + 1) };
        if (fresh.key == NULL || fresh.text == NULL)
            return false;
        t = &s->texts[s->text_count++];
        *t = fresh;
    }
    (void)str_copy(t->text, FORM_ANSWER_MAX + 1, value);
    return true;
}

void check_put(struct app *app, struct check_state *s, const char *key, const char *value)
{
    struct why why;
    s->dirty = true;
    if (!check_keep(s, key, value)) {
        app_toast(app, TONE_BAD, "This answer is not kept: the form holds no more");
        return;
    }
    enum err rc = store_draft_put(&app->store, app->now, app->session.person, s->draft_item,
                                  s->base->id, s->version, key, value, &why);
    if (rc != ERR_OK)
        app_toast(app, TONE_BAD, "This answer is on the screen but not saved yet: %s", why.text);
}

bool check_is_pass_fail(const struct form_field *f)
{
    if (f->type != FIELD_SELECT_ONE || f->choices == NULL)
        return false;
    bool fail = false;
    for (size_t i = 0; i < f->choices->count; i++) {
        const char *name = f->choices->rows[i].name;
        if (!str_eq(name, "pass") && !str_eq(name, "fail") && !str_eq(name, "na"))
            return false;
        fail = fail || str_eq(name, "fail");
    }
    return fail;
}

/* ---- judging ---- */

/* What is answered, for the engine to lay out repeats by. */
static struct form_answer *check_answers(struct check_state *s, size_t *out_count)
{
    struct form_answer *rows = arena_array(&s->judged, s->text_count + 1, sizeof *rows);
    *out_count = 0;
    for (size_t i = 0; rows != NULL && i < s->text_count; i++)
        if (s->texts[i].text[0] != '\0')
            rows[(*out_count)++] = (struct form_answer){ s->texts[i].key, s->texts[i].text };
    return rows;
}

/* The rows' answers by their place, through a table of hashes: a form may have thousands of both. */
static bool check_place(struct check_state *s)
{
    size_t slots = 64;
    while (slots < 2 * s->text_count + 2)
        slots *= 2;
    const struct check_text **table =
        arena_array(&s->judged, slots, sizeof(const struct check_text *));
    s->values = arena_array(&s->judged, s->form.field_count + 1, sizeof *s->values);
    if (table == NULL || s->values == NULL)
        return false;
    for (size_t i = 0; i < s->text_count; i++) {
        size_t at = (size_t)check_hash(0, s->texts[i].key) & (slots - 1);
        while (table[at] != NULL)
            at = (at + 1) & (slots - 1);
        table[at] = &s->texts[i];
    }
    for (size_t i = 0; i < s->form.field_count; i++) {
        const char *name = s->form.fields[i].name;
        size_t at = (size_t)check_hash(0, name) & (slots - 1);
        while (table[at] != NULL && !str_eq(table[at]->key, name))
            at = (at + 1) & (slots - 1);
        /* An answer that was emptied stays empty: its default does not come back. */
        if (table[at] != NULL)
            s->values[i] = table[at]->text;
    }
    return true;
}

static enum err check_judge_form(struct check_state *s)
{
    size_t count = 0;
    struct form_answer *rows = check_answers(s, &count);
    if (rows == NULL)
        return why_set(&s->why, ERR_NOMEM, 0, "check: no memory");
    enum err rc = form_unfold(s->base, rows, count, &s->facts, &s->judged, &s->form, &s->why);
    if (rc != ERR_OK)
        return rc;
    if (!check_place(s))
        return why_set(&s->why, ERR_NOMEM, 0, "check: no memory");
    struct answers answers = { .values = s->values };
    return form_judge(&s->form, &answers, &s->facts, &s->judged, &s->state, &s->why);
}

/* A place for each row that is laid out: a form grows with its repeats and its follow-up rows. */
static bool check_plan_room(struct check_state *s)
{
    if (s->plans == NULL || s->form.field_count <= s->plan_max)
        return true;
    size_t most = s->form.field_count + s->form.field_count / 2;
    struct row_plan *plans = arena_array(&s->arena, most, sizeof *plans);
    if (plans == NULL) {
        (void)why_set(&s->why, ERR_NOMEM, 0, "check: no memory");
        return false;
    }
    s->plans = plans;
    s->plan_max = most;
    return true;
}

void check_judge(struct app *app, struct check_state *s)
{
    check_read_facts(app, s);
    /* The picture of this frame still points into what it was drawn from. */
    struct arena older = s->before;
    s->before = s->judged;
    s->judged = older;
    arena_reset(&s->judged);
    s->failed = check_judge_form(s) != ERR_OK || !check_plan_room(s);
    s->dirty = false;
    s->judgement++;
}

/* ---- opening ---- */

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

static enum err check_read_draft(struct app *app, struct check_state *s, bool first)
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

/* A pass may bring up further rows, which then want theirs. */
void check_pass_rest(struct app *app, struct check_state *s)
{
    enum { ROUNDS_MAX = 10 };
    bool some = true;
    for (int round = 0; round < ROUNDS_MAX && some && !s->failed; round++) {
        some = false;
        for (size_t i = 0; i < s->form.field_count; i++)
            if (s->state.fields[i].missing && check_is_pass_fail(&s->form.fields[i]))
                some = check_keep(s, s->form.fields[i].name, "pass") || some;
        if (some)
            check_judge(app, s);
    }
}

static void check_enter(struct app *app, void *state)
{
    checking_begin(app, state, &router_top(app)->route, true);
}

static void check_leave(struct app *app, void *state)
{
    app->version++; /* the item below may have a draft now, or none any more */
    checking_end(state);
}

/* ---- the page ---- */

/* How far the form is, as a strip along the bar. */
void checking_progress(struct app *app, const struct check_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    int wanted = 0;
    int done = 0;
    for (size_t i = 0; i < s->form.field_count; i++) {
        /* A row may be needed by an expression, and a result that is missing counts with them. */
        bool needed = s->form.fields[i].required || s->state.fields[i].missing;
        wanted += needed && s->state.fields[i].relevant ? 1 : 0;
        done += needed && s->state.fields[i].relevant && !s->state.fields[i].missing ? 1 : 0;
    }
    struct rect strip = { 0, page.y - ui_gap(ui), page.w + 2 * page.x, ui_mm_y(ui, 1.4) };
    ui_progress(ui, strip, "progress", ui_text_f(ui, "%d of %d answered", done, wanted), done,
                wanted);
}

static void check_form(struct app *app, struct check_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    checking_progress(app, s, page);
    /* A third row in sight is worth more than the margin below it; above keys it is the page's already. */
    if (check_small(app) && !page_cramped(app))
        page.h += ui_mm_y(ui, 2.4);
    if (!ui_keyboard_open(ui)) {
        struct rect foot = ui_cut_bottom(&page, check_foot_height(app));
        (void)ui_cut_bottom(&page, ui_gap(ui));
        check_foot(app, s, foot);
        check_held_band(app, s, &page);
    }
    checking_rows(app, s, page);
    if (s->dirty)
        check_judge(app, s);
}

static const char *check_title(struct app *app, const struct check_state *s)
{
    if (s->failed)
        return "Check";
    if (s->gate_shown)
        return "Who may sign this?";
    return ui_text_f(app->ui, "%s%s · %s", s->corrects == NULL ? "" : "Correct: ", s->base->title,
                     s->item.name);
}

/* Past midnight a calibration may have run out, and what is counted from today reads otherwise. */
static void check_new_day(struct app *app, struct check_state *s)
{
    char today[CALDATE_TEXT];
    caldate_iso(today, app->today);
    if (s->failed || str_eq(s->today, today))
        return;
    check_held_look(app, s);
    check_judge(app, s);
}

void checking_refresh(struct app *app, struct check_state *s)
{
    if (!s->failed && screen_stale(app, &s->seen)) {
        /* A timer ran out, a picture was taken, a log was read in; or a scanned thing is not what it was. */
        check_held_look(app, s);
        s->failed = check_read_draft(app, s, false) != ERR_OK;
        if (!s->failed)
            check_judge(app, s);
    }
    check_new_day(app, s);
}

static void check_frame(struct app *app, void *state)
{
    struct check_state *s = state;
    checking_refresh(app, s);
    check_gate_lapse(app, s);
    if (!s->failed && s->wish != WISH_NONE)
        check_sign_again(app, s);
    if (app->check_row[0] != '\0')
        (void)str_copy(s->go, sizeof s->go, app->check_row);
    app->check_row[0] = '\0';
    struct rect page = page_begin(app, check_title(app, s));
    if (s->failed)
        page_fault(app, page, "This check could not be opened", &s->why);
    else if (s->gate_shown)
        check_gate(app, s, page);
    else
        check_form(app, s, page);
}

const struct screen screen_check = {
    .id = "check",
    .state_size = sizeof(struct check_state),
    .enter = check_enter,
    .frame = check_frame,
    .leave = check_leave,
    .scan = check_scan,
};
