/* A competence is recorded or renewed: which, until when, on what evidence. Signed with badge and PIN by somebody who
   answers for the school's people, and never by the person for themself. */
#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/competence.h"
#include "app/screens/check.h"
#include "app/screens/parts.h"
#include "platform/base/str.h"

static const char *const grant_codes[] = { "T", "P", "M3", "R", "W" };

struct grant_state {
    bool failed, pending;
    bool withdraw;
    bool held; /* it is on record already: it can be withdrawn */
    struct why why;
    struct arena arena;
    struct person person;
    char code[COMPETENCE_CODE_SIZE], until[16], basis[160];
};

static void grant_enter(struct app *app, void *state)
{
    struct grant_state *s = state;
    const struct route *route = &router_top(app)->route;
    arena_init(&s->arena, 1024 * 1024);
    s->failed = query_person(&app->store, route->text, &s->arena, &s->person, &s->why) != ERR_OK;
    if (route->text2 != NULL)
        s->held = str_copy(s->code, sizeof s->code, route->text2);
}

static void grant_leave(struct app *app, void *state)
{
    (void)app;
    struct grant_state *s = state;
    arena_done(&s->arena);
}

static void grant_record(struct app *app, struct grant_state *s)
{
    struct why why;
    if (!parts_may_people(app)) {
        app_toast(app, TONE_BAD,
                  "Not recorded: a head of department or the authority's officer signs this, not "
                  "%s. What you wrote is still here.",
                  app->session.name);
        return;
    }
    if (str_eq(app->session.person, s->person.id)) {
        app_toast(app, TONE_BAD, "Not recorded: nobody grants a competence to themself.");
        return;
    }
    if (store_grant(&app->store, app->now, app->session.person, s->person.id, s->code, s->until,
                    s->basis, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not recorded: %s. What you wrote is still here.", why.text);
        return;
    }
    int32_t day = CALDATE_NONE;
    bool gone = s->until[0] != '\0' && caldate_parse(s->until, &day) && day < app->today;
    app_toast(app, TONE_GOOD, gone ? "Withdrawn: %s, %s" : "Recorded: %s, %s", s->person.name,
              parts_competence(app, s->code));
    app_changed(app);
    router_pop(app);
}

static const char *grant_why_not(const struct grant_state *s)
{
    int32_t day;
    if (s->code[0] == '\0')
        return "Choose the competence first.";
    if (s->until[0] != '\0' && !caldate_parse(s->until, &day))
        return "Write the day as 31/8/2028 or 2028-08-31. Leave it empty for no end.";
    if (s->basis[0] == '\0' && s->withdraw)
        return "Write why it is withdrawn.";
    if (s->basis[0] == '\0')
        return "Write what shows it: the course and its date, or who trained them.";
    return NULL;
}

/* It ends with yesterday: the record of it stays, and what was signed by it. */
static void grant_withdraw(struct app *app, struct grant_state *s, struct ui_scroll *list)
{
    struct ui_tile tile = { .id = "withdraw",
                            .title = s->withdraw ? "To be withdrawn" : "Withdraw it",
                            .words = s->withdraw ? "It ended yesterday. Tap to keep it after all"
                                                 : "It counts from today no more",
                            .icon = ICON_SKIP,
                            .card = s->withdraw ? CARD_DUE : CARD_PLAIN };
    if (!s->held || !parts_row(app, list, &tile))
        return;
    s->withdraw = !s->withdraw;
    s->until[0] = '\0';
    if (s->withdraw)
        caldate_iso(s->until, app->today - 1);
}

static void grant_list(struct app *app, struct grant_state *s, struct ui_scroll *list)
{
    parts_head(app, list, "which", "Which competence?");
    for (size_t i = 0; i < COUNT_OF(grant_codes); i++) {
        bool on = str_eq(s->code, grant_codes[i]);
        struct ui_tile tile = { .id = ui_text_f(app->ui, "code-%s", grant_codes[i]),
                                .title = parts_competence(app, grant_codes[i]),
                                .icon = ICON_BADGE,
                                .card = on ? CARD_SELECTED : CARD_PLAIN };
        /* The one that is renewed or withdrawn stands fixed. */
        bool other = s->held && !on;
        if (!other && parts_row(app, list, &tile))
            (void)str_copy(s->code, sizeof s->code, grant_codes[i]);
    }
    grant_withdraw(app, s, list);
    char iso[CALDATE_TEXT];
    if (!s->withdraw &&
        parts_field(app, list, "until", "Until which day? Empty for no end", KEYBOARD_DATE,
                    s->until, sizeof s->until) &&
        strlen(s->until) >= strlen("1/1/2026") && check_day_of(s->until, iso))
        (void)str_copy(s->until, sizeof s->until, iso);
    (void)parts_field(app, list, "basis",
                      s->withdraw ? "Why is it withdrawn?"
                                  : "What shows it: course, date, who trained them",
                      KEYBOARD_TEXT, s->basis, sizeof s->basis);
    parts_words(app, list, "rule",
                "A day that has gone by takes the competence away. What was signed before stays "
                "as it is.",
                TONE_MUTED);
}

static void grant_frame(struct app *app, void *state)
{
    enum { GRANT_PROOF = PROOF_BADGE | PROOF_PIN };
    struct grant_state *s = state;
    struct ui *ui = app->ui;
    if (parts_signed(app, &s->pending, GRANT_PROOF) && !s->failed)
        grant_record(app, s);
    struct rect page = page_begin(
        app, s->failed ? "Competence" : ui_text_f(ui, "Competence · %s", s->person.name));
    if (s->failed) {
        page_fault(app, page, "This person could not be read", &s->why);
        return;
    }
    if (parts_foot(app, &page, "record", "Sign and record", ICON_PENCIL, grant_why_not(s)) &&
        parts_sign(app, &s->pending, GRANT_PROOF, "Competence"))
        grant_record(app, s);
    struct ui_scroll list = ui_scroll_begin(ui, page, "grant");
    grant_list(app, s, &list);
    ui_scroll_end(ui, &list);
}

const struct screen screen_grant = {
    .id = "grant",
    .state_size = sizeof(struct grant_state),
    .enter = grant_enter,
    .frame = grant_frame,
    .leave = grant_leave,
    .stays = true,
};
