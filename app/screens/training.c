/* My training: a person's own records, behind the PIN, on this kiosk alone. What runs out first, what it adds up to, the way
   to take it along, and the way to have it erased. */
#include "app/screens/training.h"

#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/service.h"
#include "app/screens/board.h"
#include "app/screens/handoff.h"
#include "platform/base/str.h"

struct training_screen {
    uint64_t seen;
    bool failed, erase;
    struct why why;
    struct arena arena;
    struct training_list list;
};

static int training_number(const struct mine_row *row, const char *key)
{
    int64_t n = 0;
    return str_to_i64(mine_value(row, key), &n) && n > 0 && n < 1000 ? (int)n : 0;
}

enum err training_read(struct app *app, struct arena *a, struct training_list *out, struct why *why)
{
    *out = (struct training_list){ .count = 0 };
    enum err rc =
        mine_list(&app->store, app->session.person, MINE_TRAINING, a, &out->rows, &out->count, why);
    if (rc != ERR_OK)
        return rc;
    out->training = arena_array(a, out->count + 1, sizeof *out->training);
    if (out->training == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the records");
    for (size_t i = 0; i < out->count; i++) {
        const struct mine_row *row = &out->rows[i];
        struct training *t = &out->training[i];
        struct doc d;
        *t = (struct training){ .course = mine_value(row, "course"),
                                .refreshes = "",
                                .day = CALDATE_NONE,
                                .expires = CALDATE_NONE,
                                .level = training_number(row, "scqf_level"),
                                .points = training_number(row, "scqf_points") };
        (void)caldate_parse(mine_value(row, "date"), &t->day);
        (void)caldate_parse(mine_value(row, "expires_on"), &t->expires);
        if (t->course[0] != '\0' && content_doc(app->content, t->course, a, &d, NULL) == ERR_OK)
            t->refreshes = doc_text(&d, "refreshes");
    }
    return ERR_OK;
}

const char *training_title(struct app *app, const struct mine_row *row)
{
    const char *course = mine_value(row, "course");
    const char *name = mine_value(row, "name");
    return course[0] == '\0' ? name : board_title(app, ui_arena(app->ui), course);
}

void training_due(const struct training_list *list, int32_t today, size_t *out_soon,
                  size_t *out_gone)
{
    *out_soon = *out_gone = 0;
    for (size_t i = 0; i < list->count; i++) {
        enum training_state state =
            training_state(training_expires(list->training, list->count, i), today);
        if (training_replaced(list->training, list->count, i))
            continue;
        *out_soon += state == TRAINING_SOON ? 1 : 0;
        *out_gone += state == TRAINING_RAN_OUT ? 1 : 0;
    }
}

static void training_again(struct app *app, struct training_screen *s)
{
    arena_begin(&s->arena, 8 * 1024 * 1024);
    s->list.count = 0;
    s->failed = board_private(app) && training_read(app, &s->arena, &s->list, &s->why) != ERR_OK;
}

static void training_leave(struct app *app, void *state)
{
    (void)app;
    struct training_screen *s = state;
    arena_done(&s->arena);
}

/* ---- taking it along, erasing it ---- */

static const char *const training_columns[] = {
    "course",      "name",       "date",       "certificate", "evidence",
    "verified_by", "expires_on", "scqf_level", "scqf_points",
};

static void training_export(struct app *app)
{
    const char *csv = NULL;
    struct why why = { 0 };
    if (mine_export(&app->store, app->session.person, MINE_TRAINING, training_columns,
                    COUNT_OF(training_columns), ui_arena(app->ui), &csv, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not exported: %s", why.text);
        return;
    }
    handoff_open(app, HANDOFF_TEXT, "My training, as a table", csv);
}

static void training_print(struct app *app, const struct training_screen *s)
{
    static const char *const head[] = { "Course", "Date", "Certificate", "Evidence", "Runs out" };
    struct paper paper;
    paper_init(&paper, ui_arena(app->ui));
    paper.footer = ui_text_f(app->ui, "Training of %s · printed %s", app->session.name,
                             page_date(app, app->today));
    paper_add(&paper, PAPER_TITLE, ui_text_f(app->ui, "Training of %s", app->session.name));
    paper_row(&paper, true, head, COUNT_OF(head));
    for (size_t i = 0; i < s->list.count; i++) {
        const struct mine_row *row = &s->list.rows[i];
        const char *const cells[] = { training_title(app, row), mine_value(row, "date"),
                                      mine_value(row, "certificate"), mine_value(row, "evidence"),
                                      mine_value(row, "expires_on") };
        paper_row(&paper, false, cells, COUNT_OF(cells));
    }
    app_print_own(app, &paper, "My training");
}

static void training_erase(struct app *app, struct training_screen *s)
{
    struct why why = { 0 };
    s->erase = false;
    if (mine_erase(&app->store, app->session.person, MINE_TRAINING, &why) == ERR_OK)
        app_toast(app, TONE_GOOD, "Your training records are gone from this kiosk");
    else
        app_toast(app, TONE_BAD, "Not erased: %s", why.text);
    app_changed(app);
}

/* ---- the list ---- */

static void training_record(struct app *app, const struct training_screen *s,
                            struct ui_scroll *list, size_t i)
{
    struct ui *ui = app->ui;
    const struct mine_row *row = &s->list.rows[i];
    const struct training *t = &s->list.training[i];
    bool old = training_replaced(s->list.training, s->list.count, i);
    int32_t end = training_expires(s->list.training, s->list.count, i);
    enum training_state state = training_state(end, app->today);
    const char *no = mine_value(row, "certificate");
    struct ui_tile tile = {
        .id = ui_text_f(ui, "row-%zu", i),
        .title = training_title(app, row),
        .words = ui_text_f(ui, "%s%s%s · %s", t->day == CALDATE_NONE ? "" : page_day(app, t->day),
                           no[0] == '\0' ? "" : " · certificate ", no,
                           str_eq(mine_value(row, "evidence"), "seen") ? "evidence seen"
                                                                       : "your own word"),
        .icon = ICON_SCHOOL,
        .card = old || state == TRAINING_HOLDS ? CARD_PLAIN : CARD_DUE,
    };
    if (old)
        tile.badge = "Taken again since";
    else if (end != CALDATE_NONE)
        tile.badge = ui_text_f(ui, state == TRAINING_RAN_OUT ? "Ran out %s" : "Until %s",
                               page_day(app, end));
    tile.badge_tone = old                         ? TONE_MUTED
                      : state == TRAINING_RAN_OUT ? TONE_LATE
                      : state == TRAINING_SOON    ? TONE_DUE
                                                  : TONE_INFO;
    if (parts_row(app, list, &tile))
        router_push(app, "training_add", &(struct route){ .text = row->key });
}

static void training_sums(struct app *app, const struct training_screen *s, struct ui_scroll *list)
{
    struct training_total totals[TRAINING_LEVELS];
    training_totals(s->list.training, s->list.count, totals);
    for (int level = TRAINING_LEVELS - 1; level >= 0; level--) {
        const struct training_total *t = &totals[level];
        const char *courses =
            ui_text_f(app->ui, t->courses == 1 ? "%zu course" : "%zu courses", t->courses);
        if (t->courses > 0)
            parts_line(app, list, ui_text_f(app->ui, "level%d", level),
                       level == 0 ? "Not credit-rated" : ui_text_f(app->ui, "SCQF level %d", level),
                       level == 0 ? courses
                                  : ui_text_f(app->ui, "%d credit point%s · %s", t->points,
                                              t->points == 1 ? "" : "s", courses),
                       TONE_PLAIN);
    }
}

static void training_ways(struct app *app, struct training_screen *s, struct ui_scroll *list)
{
    const struct ui_tile along = { .id = "along", .title = "Take it on my phone", .icon = ICON_QR };
    const struct ui_tile print = { .id = "print", .title = "Print", .icon = ICON_PRINT };
    const struct ui_tile send = { .id = "send",
                                  .title = "Send it to my authority",
                                  .words = "Only you can do this, and only what you write there",
                                  .icon = ICON_CLOUD };
    const struct ui_tile erase = { .id = "erase",
                                   .title = s->erase ? "Erase all of it now" : "Erase all of it",
                                   .words = s->erase ? "There is no way back. Take it along first"
                                                     : "From this kiosk, which is the only place",
                                   .icon = ICON_CROSS,
                                   .card = s->erase ? CARD_BAD : CARD_PLAIN };
    if (parts_row(app, list, &along))
        training_export(app);
    if (parts_row(app, list, &print))
        training_print(app, s);
    if (parts_row(app, list, &send))
        board_letter(app, "training-record", "");
    ui_scroll_space(list, ui_mm_y(app->ui, 6));
    if (!parts_row(app, list, &erase))
        return;
    if (s->erase)
        training_erase(app, s);
    else
        s->erase = true;
}

static void training_frame(struct app *app, void *state)
{
    struct training_screen *s = state;
    struct ui *ui = app->ui;
    if (screen_stale(app, &s->seen))
        training_again(app, s);
    struct rect page = page_begin(app, "My training");
    if (!board_private(app)) {
        s->erase = false;
        if (parts_foot(app, &page, "pin", "Sign in with my PIN", ICON_LOCK, NULL))
            board_ask_pin(app, "My training");
        page_empty(app, page, ICON_LOCK, "Your own, and nobody else's",
                   "Courses, certificates and when they run out. They stay on this kiosk, behind "
                   "your PIN, and go nowhere unless you send them.");
        return;
    }
    if (s->failed) {
        page_fault(app, page, "Your records could not be read", &s->why);
        return;
    }
    if (parts_foot(app, &page, "add", "Add a course", ICON_ADD, NULL))
        router_push(app, "training_add", NULL);
    struct ui_scroll list = ui_scroll_begin(ui, page, "list");
    if (s->list.count == 0)
        parts_words(app, &list, "none",
                    "Nothing recorded yet. Add what you have done: the kiosk reminds you 90 days "
                    "before a certificate runs out.",
                    TONE_MUTED);
    for (size_t i = s->list.count; i > 0; i--)
        training_record(app, s, &list, i - 1);
    if (s->list.count > 0) {
        parts_head(app, &list, "sums", "Together");
        training_sums(app, s, &list);
        ui_scroll_space(&list, ui_gap(ui));
        training_ways(app, s, &list);
    }
    ui_scroll_end(ui, &list);
}

const struct screen screen_training = {
    .id = "training",
    .state_size = sizeof(struct training_screen),
    .frame = training_frame,
    .leave = training_leave,
};
