/* The head teacher's page: is this school in order? The same numbers as the technician's screens, on one side of A4, and
   nobody's name. */
#include <string.h>

#include "app/domain/caldate.h"
#include "app/screens/board.h"
#include "app/screens/due_list.h"
#include "app/screens/duty.h"
#include "app/screens/places.h"
#include "app/store/letters.h"
#include "platform/base/str.h"

enum { HEAD_LINES_MAX = 40 };

struct head_line {
    const char *name, *value;
    enum ui_tone tone;
};
struct head_state {
    uint64_t seen;
    struct query_when when;
    bool open;
    struct arena arena;
    struct head_line lines[HEAD_LINES_MAX];
    size_t count, checks, people, reading; /* where each part of the lines begins after the first */
};

static void head_add(struct head_state *s, const char *name, const char *value, enum ui_tone tone)
{
    if (s->count < HEAD_LINES_MAX && name != NULL && value != NULL)
        s->lines[s->count++] = (struct head_line){ name, value, tone };
}

static const char *head_count(struct head_state *s, size_t late, size_t due)
{
    if (late == 0 && due == 0)
        return "none";
    return arena_printf(&s->arena, "%zu late · %zu due", late, due);
}

/* The numbers on the tabs of the technician's list, counted by the same hand. */
static void head_items(struct head_state *s, const struct due_work *work)
{
    size_t stops = due_work_stops(work);
    size_t late = due_work_count(work, LIST_OVERDUE, 0);
    head_add(s, "Items not to be used", arena_printf(&s->arena, "%zu", stops),
             stops > 0 ? TONE_BAD : TONE_GOOD);
    head_add(s, "Items with a check due now",
             arena_printf(&s->arena, "%zu", due_work_count(work, LIST_NOW, 0)), TONE_PLAIN);
    head_add(s, "Items with a check overdue", arena_printf(&s->arena, "%zu", late),
             late > 0 ? TONE_LATE : TONE_GOOD);
}

static void head_checks(struct app *app, struct head_state *s)
{
    static const struct {
        enum form_basis basis;
        const char *name;
    } rows[] = { { BASIS_LAW, "Checks by law" },
                 { BASIS_SCHEME, "Checks by a written scheme" },
                 { BASIS_ACOP, "Checks by an approved code of practice" } };
    struct due_work work;
    size_t counts[COUNT_OF(rows) + 1][2] = { 0 };
    if (due_work_read(app, &s->arena, &work, NULL) != ERR_OK)
        return;
    for (size_t i = 0; i < work.count; i++) {
        const struct due_row *due = &work.rows[i];
        enum cycle_state state = due->status.state;
        bool late = state == CYCLE_OVERDUE || state == CYCLE_FAULT || state == CYCLE_FAILED;
        size_t at = COUNT_OF(rows);
        if ((due->lists & 1u << LIST_NOW) == 0 || !places_listed(work.school, due->item.school))
            continue;
        for (size_t b = 0; b < COUNT_OF(rows); b++)
            if (due->status.cycle != NULL && due->status.cycle->basis == rows[b].basis)
                at = b;
        counts[at][late ? 0 : 1]++;
    }
    head_items(s, &work);
    for (size_t b = 0; b <= COUNT_OF(rows); b++)
        head_add(
            s, b < COUNT_OF(rows) ? rows[b].name : "Checks by guidance and the employer's rule",
            head_count(s, counts[b][0], counts[b][1]), counts[b][0] > 0 ? TONE_LATE : TONE_PLAIN);
}

static void head_people(struct app *app, struct head_state *s)
{
    static const char *const codes[] = { "T", "P", "M3", "R", "W" };
    struct person *people = NULL;
    size_t count = 0;
    if (query_people(&app->store, &s->arena, &people, &count, NULL) != ERR_OK)
        return;
    for (size_t c = 0; c < COUNT_OF(codes); c++) {
        size_t in_date = 0;
        size_t soon = 0;
        size_t lapsed = 0;
        for (size_t i = 0; i < count; i++) {
            struct grant *grants = NULL;
            size_t n = 0;
            if (query_grants(&app->store, people[i].id, &s->arena, &grants, &n, NULL) != ERR_OK)
                continue;
            for (size_t g = 0; g < n; g++) {
                int32_t until = grants[g].until;
                if (!str_eq(grants[g].code, codes[c]))
                    continue;
                lapsed += until != CALDATE_NONE && until < app->today ? 1 : 0;
                in_date += until == CALDATE_NONE || until >= app->today ? 1 : 0;
                soon += until != CALDATE_NONE && until >= app->today && until - app->today <= 90
                            ? 1
                            : 0;
            }
        }
        head_add(s, parts_competence(app, codes[c]),
                 arena_printf(&s->arena, "%zu in date · %zu within 90 days · %zu lapsed", in_date,
                              soon, lapsed),
                 in_date == 0 ? TONE_DUE : TONE_PLAIN);
    }
}

/* Assessments whose own review day lies behind. */
static size_t head_review(struct app *app, struct head_state *s)
{
    struct doc_head *docs = NULL;
    size_t count = 0;
    size_t past = 0;
    if (content_docs(app->content, "assessment", "", "", &s->arena, &docs, &count, NULL) != ERR_OK)
        return 0;
    for (size_t i = 0; i < count; i++)
        past += docs[i].review_on != CALDATE_NONE && docs[i].review_on < app->today ? 1 : 0;
    return past;
}

static void head_reading(struct app *app, struct head_state *s)
{
    struct duty_facts facts;
    struct letters_ask ask = { .person = "", .about = "", .form = "ask-sserc" };
    struct letter *letters = NULL;
    size_t count = 0;
    size_t open = 0;
    duty_read(app, &s->arena, &facts);
    size_t past = head_review(app, s);
    head_add(s, "Risk assessments past their review day", arena_printf(&s->arena, "%zu", past),
             past > 0 ? TONE_LATE : TONE_GOOD);
    head_add(s, "Copies for a class that wait for somebody",
             arena_printf(&s->arena, "%zu", facts.due[1]), TONE_PLAIN);
    head_add(s, "Prep room assessments that wait", arena_printf(&s->arena, "%zu", facts.due[0]),
             TONE_PLAIN);
    head_add(s, "Bulletins and law not yet considered",
             arena_printf(&s->arena, "%zu", facts.due[3]), TONE_PLAIN);
    if (query_letters(&app->store, &ask, &s->arena, &letters, &count, NULL) != ERR_OK)
        count = 0;
    for (size_t i = 0; i < count; i++)
        open += letters[i].state == LETTER_QUEUED || letters[i].state == LETTER_SENT ? 1 : 0;
    head_add(s, "Questions to SSERC without an answer", arena_printf(&s->arena, "%zu", open),
             TONE_PLAIN);
}

static void head_again(struct app *app, struct head_state *s)
{
    arena_begin(&s->arena, (size_t)32 * 1024 * 1024);
    s->open = true;
    s->count = 0;
    head_checks(app, s);
    s->people = s->count;
    head_people(app, s);
    s->reading = s->count;
    head_reading(app, s);
    /* The lines outlive the frame in which their names were made. */
    for (size_t i = 0; i < s->count; i++) {
        char *kept = arena_strdup(&s->arena, s->lines[i].name);
        s->lines[i].name = kept == NULL ? "" : kept;
    }
}

static void head_leave(struct app *app, void *state)
{
    (void)app;
    struct head_state *s = state;
    arena_done(&s->arena);
}

static const char *head_part(const struct head_state *s, size_t i)
{
    if (i == 0)
        return "Checks";
    if (i == s->people)
        return "Who may do what";
    return i == s->reading ? "Assessments and questions" : NULL;
}

static void head_print(struct app *app, const struct head_state *s)
{
    struct paper paper;
    paper_init(&paper, ui_arena(app->ui));
    paper.footer = ui_text_f(app->ui,
                             "Counted on %s at %s from the kiosk's own records. The technician's "
                             "screens show the same numbers.",
                             page_date(app, app->today), page_time(app, app->now.wall_ms));
    paper_add(&paper, PAPER_TITLE,
              ui_text_f(app->ui, "%s: practical work",
                        app->school[0] == '\0' ? "This school" : app->school));
    paper_columns(&paper, (const int[]){ 3, 2 }, 2);
    for (size_t i = 0; i < s->count; i++) {
        const char *const cells[] = { s->lines[i].name, s->lines[i].value };
        if (head_part(s, i) != NULL)
            paper_add(&paper, PAPER_HEADING, head_part(s, i));
        paper_row(&paper, false, cells, COUNT_OF(cells));
    }
    app_print(app, &paper, 1, "For the head teacher");
}

static void head_frame(struct app *app, void *state)
{
    struct head_state *s = state;
    bool stale = screen_stale(app, &s->seen);
    struct rect page = page_begin(app, "For the head teacher");
    if (!board_private(app)) {
        if (parts_foot(app, &page, "pin", "Sign in with my PIN", ICON_LOCK, NULL))
            board_ask_pin(app, "For the head teacher");
        page_empty(app, page, ICON_SCHOOL, "Is this school in order?",
                   "What is due and late by law, whose training is in date, which assessments are "
                   "past their review: counted on one page, with nobody's name.");
        return;
    }
    if (parts_moved(app, &s->when, false) || stale || !s->open)
        head_again(app, s);
    if (parts_foot(app, &page, "print", "Print on one page", ICON_PRINT, NULL))
        head_print(app, s);
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "list");
    for (size_t i = 0; i < s->count; i++) {
        if (head_part(s, i) != NULL)
            parts_head(app, &list, ui_text_f(app->ui, "part%zu", i), head_part(s, i));
        parts_line(app, &list, ui_text_f(app->ui, "line%zu", i), s->lines[i].name,
                   s->lines[i].value, s->lines[i].tone);
    }
    ui_scroll_end(app->ui, &list);
}

const struct screen screen_head = {
    .id = "head",
    .state_size = sizeof(struct head_state),
    .frame = head_frame,
    .leave = head_leave,
};
