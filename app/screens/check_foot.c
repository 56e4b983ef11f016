/* The foot of a check: what is left, what a fail will mean, and the one button that goes on. */
#include <string.h>

#include "app/domain/fail_action.h"
#include "app/screens/check.h"
#include "platform/base/str.h"

bool check_untouched(const struct check_state *s)
{
    for (size_t i = 0; i < s->text_count; i++)
        if (s->texts[i].text[0] != '\0')
            return false;
    return true;
}

/* A form without a needed row must not be signed for having been looked at: nobody would know what was done. */
static bool foot_empty(const struct check_state *s)
{
    if (!check_untouched(s))
        return false;
    for (size_t i = 0; i < s->form.field_count; i++)
        if (s->state.fields[i].relevant && !s->form.fields[i].read_only &&
            s->form.fields[i].type != FIELD_NOTE && s->form.fields[i].type != FIELD_CALCULATE &&
            s->form.fields[i].type != FIELD_HIDDEN && s->form.fields[i].type != FIELD_BEGIN_GROUP &&
            s->form.fields[i].type != FIELD_END_GROUP)
            return true;
    return false;
}

const char *check_left(struct app *app, const struct check_state *s)
{
    size_t left = s->state.left;
    if (s->state.faults > 0)
        return ui_text_f(
            app->ui, s->state.faults == 1 ? "%zu answer to put right" : "%zu answers to put right",
            s->state.faults);
    if (left == 0 && foot_empty(s))
        return "Nothing is answered yet";
    if (left > 0)
        return ui_text_f(app->ui, left == 1 ? "%zu question left" : "%zu questions left", left);
    return "All answered";
}

/* ---- all good ---- */

/* Whether only pass/fail questions are left: then one tap on a list that the person can read answers them. Those marked
   before keep what they say. */
static bool foot_may_all_good(const struct check_state *s)
{
    if (!s->all_good || s->state.faults > 0 || s->state.left == 0)
        return false;
    for (size_t i = 0; i < s->form.field_count; i++)
        if (s->state.fields[i].missing && !check_is_pass_fail(&s->form.fields[i]))
            return false;
    return true;
}

static bool foot_some_odd(const struct check_state *s)
{
    for (size_t i = 0; i < s->form.field_count; i++)
        if (check_is_pass_fail(&s->form.fields[i]) && s->state.fields[i].relevant &&
            (str_eq(check_value(s, i), "fail") || str_eq(check_value(s, i), "na")))
            return true;
    return false;
}

static void foot_all_good(struct app *app, struct check_state *s)
{
    for (size_t i = 0; i < s->form.field_count; i++)
        if (s->state.fields[i].missing && check_is_pass_fail(&s->form.fields[i]))
            check_put(app, s, s->form.fields[i].name, "pass");
    check_judge(app, s);
    if (!s->failed && s->state.outcome != OUTCOME_OPEN)
        check_sign(app, s, WISH_SIGN);
}

/* ---- what is missing ---- */

/* The first row that wants an answer, or another one; a row of results stands for its card. -1: none. */
static int foot_missing(const struct check_state *s)
{
    int results = -1;
    size_t end = 0;
    for (size_t i = 0; i < s->form.field_count; i++) {
        const struct field_state *state = &s->state.fields[i];
        if (check_is_results(&s->form.fields[i])) {
            results = (int)i;
            end = check_results_end(s, i);
        }
        if (state->relevant && (state->missing || state->fault != NULL))
            return results >= 0 && i < end ? results : (int)i;
    }
    return -1;
}

bool check_go_missing(struct check_state *s)
{
    int at = foot_missing(s);
    if (at < 0)
        return false;
    (void)str_copy(s->go, sizeof s->go, s->form.fields[at].name);
    (void)str_copy(s->wanted, sizeof s->wanted, s->form.fields[at].name);
    return true;
}

/* ---- the verdict ---- */

/* What the fails so far come to, before the last answer is in. */
static bool foot_stops(const struct check_state *s)
{
    if (s->state.outcome == OUTCOME_QUARANTINE)
        return true;
    for (size_t i = 0; i < s->form.field_count; i++)
        if (s->state.fields[i].verdict == VERDICT_FAIL &&
            (s->form.fields[i].critical || fail_action_rank(s->form.fields[i].fail_action) > 1))
            return true;
    return false;
}

struct foot_verdict {
    const char *word;  /* "" nothing fails */
    const char *words; /* what to do then */
};

static struct foot_verdict foot_verdict(const struct check_state *s)
{
    if (s->state.fails == 0)
        return (struct foot_verdict){ "", "" };
    bool stops = foot_stops(s);
    const char *action = s->state.fail_action == NULL ? "" : s->state.fail_action;
    return (struct foot_verdict){
        .word = stops ? "Do not use" : "Fail",
        .words = stops ? fail_action_name(action) : "",
    };
}

/* What is left leads there at a tap: an arrow beneath the words says so. */
static void foot_words(struct app *app, struct check_state *s, struct rect r)
{
    struct ui *ui = app->ui;
    struct foot_verdict v = foot_verdict(s);
    const char *left = check_left(app, s);
    if (foot_missing(s) >= 0) {
        if (ui_touch(ui, r, "next", ui_text_f(ui, "Next question, %s", left)))
            (void)check_go_missing(s);
        int side = ui_mm_y(ui, 4.6);
        int words = ui_para_height(ui, r.w, left, SIZE_SMALL, FONT_MEDIUM);
        if (v.word[0] == '\0' && r.h >= words + side)
            ui_icon(ui, ui_cut_bottom(&r, side), ICON_DOWN, TONE_ACCENT);
    }
    bool fails = v.word[0] != '\0';
    bool more = fails && v.words[0] != '\0' && !str_eq(v.words, v.word);
    const char *under = more ? v.words : left;
    /* Tall letters leave no room for the badge: its word alone, wrapped. */
    if (fails && ui_badge_width(ui, v.word, TONE_BAD) > r.w) {
        int h = ui_para_height(ui, r.w, v.word, SIZE_SMALL, FONT_BOLD);
        (void)ui_cut_top(&r, h < r.h ? (r.h - h) / 2 : 0);
        (void)ui_para(ui, r, "verdict", v.word, SIZE_SMALL, FONT_BOLD, TONE_BAD);
        return;
    }
    int line = ui_para_height(ui, r.w, under, SIZE_SMALL, FONT_MEDIUM);
    int badge = fails ? ui_badge_height(ui) : 0;
    /* Large letters leave room for one of the two: that it fails counts more than how many are left. */
    if (line + badge > r.h)
        line = 0;
    struct rect block = { r.x, r.y + (r.h - line - badge) / 2, r.w, badge };
    if (fails) {
        int w = ui_badge_width(ui, v.word, TONE_BAD);
        (void)ui_badge(ui, (struct rect){ r.x + (r.w > w ? (r.w - w) / 2 : 0), block.y, w, badge },
                       "verdict", v.word, TONE_BAD);
    }
    if (line == 0)
        return;
    struct rect words = { r.x, block.y + badge, r.w, line };
    bool whole = ui_text_width(ui, under, SIZE_SMALL, FONT_MEDIUM) <= r.w;
    if (whole)
        (void)ui_label(ui, words, "left", under, SIZE_SMALL, FONT_MEDIUM, TONE_MUTED, ALIGN_CENTRE);
    else
        (void)ui_para(ui, words, "left", under, SIZE_SMALL, FONT_MEDIUM, TONE_MUTED);
}

/* ---- the buttons ---- */

/* A tray signs: here the answers are only given. */
static void foot_tray(struct app *app, struct check_state *s, struct rect r)
{
    (void)s;
    if (ui_button(app->ui, r, "tray", "Back to the tray", ICON_CHECK, UI_PRIMARY))
        router_pop(app);
}

bool check_may_many(const struct check_state *s)
{
    return s->base->tray && !s->for_tray && s->corrects == NULL && s->fail_count == 0 &&
           check_untouched(s);
}

/* Every answer is saved as it is given: «Later» only says so. Before the first one there is nothing to save, and the same
   check may be made for many. */
static void foot_later(struct app *app, struct check_state *s, struct rect r, bool brief)
{
    struct ui *ui = app->ui;
    if (check_may_many(s)) {
        if (ui_button(ui, r, "many", "Check many", ICON_QR_SCAN, UI_PLAIN))
            router_replace(app, "tray", &(struct route){ .form = s->base->id, .item = s->item.id });
        return;
    }
    if (ui_button(ui, r, "later", brief ? "Later" : "Save for later", ICON_SAVE, UI_PLAIN))
        router_pop(app);
}

static void foot_main(struct app *app, struct check_state *s, struct rect r)
{
    struct ui *ui = app->ui;
    if (s->held != NULL) {
        (void)ui_button_off(ui, r, "sign", "Not while a notice holds it", ICON_CROSS,
                            "Do not use: a notice holds it back. Your answers are kept. The item's "
                            "own page says what to do.");
        return;
    }
    if (s->stopped && s->late) {
        (void)ui_button_off(ui, r, "sign", "Not while a check is late", ICON_CROSS,
                            "A check that an approved code asks for is late: it is made before "
                            "anybody takes this out.");
        return;
    }
    if (s->stopped) {
        /* What may not be used is not handed to anybody: its state would leave with it, unseen. */
        (void)ui_button_off(ui, r, "sign", "Not while it is out of use", ICON_CROSS,
                            "Do not use: nobody may take it. Sent for repair? «More», «Move» says "
                            "where it is.");
        return;
    }
    if (foot_may_all_good(s)) {
        const char *words = foot_some_odd(s) ? "The rest is good: sign" : "All good: sign";
        if (ui_button(ui, r, "all_good", words, ICON_CHECK, UI_PRIMARY))
            foot_all_good(app, s);
    } else if (s->state.outcome == OUTCOME_OPEN || foot_empty(s)) {
        if (foot_missing(s) < 0)
            (void)ui_button_off(ui, r, "sign", "Sign and record", ICON_PENCIL, check_left(app, s));
        else if (ui_button_wait(ui, r, "sign", "Sign and record", ICON_PENCIL))
            (void)check_go_missing(s);
    } else if (ui_button(ui, r, "sign", "Sign and record", ICON_PENCIL, UI_PRIMARY)) {
        check_sign(app, s, WISH_SIGN);
    }
}

int check_foot_height(struct app *app)
{
    int words = ui_line_height(app->ui, SIZE_SMALL) + ui_badge_height(app->ui);
    /* The words lead to what is missing: a finger's height. */
    int least = ui_mm_y(app->ui, 12.2);
    words = words > least ? words : least;
    return page_primary(app) + (ui_portrait(app->ui) ? words + ui_gap(app->ui) : 0);
}

void check_foot(struct app *app, struct check_state *s, struct rect r)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    bool portrait = ui_portrait(ui);
    if (portrait) {
        foot_words(app, s, ui_cut_top(&r, r.h - page_primary(app) - gap));
        (void)ui_cut_top(&r, gap);
    }
    bool short_word = portrait || ui_small(ui);
    struct rect later = ui_cut_left(&r, r.w * (portrait ? 34 : short_word ? 20 : 25) / 100);
    struct rect main = ui_cut_right(&r, portrait ? r.w - gap : r.w * 60 / 100);
    foot_later(app, s, later, short_word);
    if (!portrait)
        foot_words(app, s, ui_inset(r, gap, 0));
    if (s->for_tray)
        foot_tray(app, s, main);
    else
        foot_main(app, s, main);
}
