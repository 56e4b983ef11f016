/* The nine duties on one page, and each duty's own: what waits, what was done in the last year, and that as a sheet. */
#include <string.h>

#include "app/domain/caldate.h"
#include "app/screens/doc_open.h"
#include "app/screens/duty.h"
#include "platform/base/str.h"

enum { DUTY_LOG_DAYS = 365, DUTY_DOCS_MAX = 12 };

struct duties_state {
    uint64_t seen;
    struct query_when when;
    struct duty_facts facts;
};

static struct ui_tile duties_tile(struct app *app, const void *rows, size_t at)
{
    const struct duties_state *s = rows;
    const char *badge = duty_badge(app, &s->facts, at);
    return (struct ui_tile){ .id = duties[at].id,
                             .title = duties[at].title,
                             .icon = duties[at].icon,
                             .badge = badge,
                             .badge_tone = s->facts.late[at] > 0 ? TONE_LATE : TONE_DUE,
                             .card = badge == NULL ? CARD_PLAIN : CARD_DUE };
}

/* All nine at one look, three by three. */
static int duties_grid(struct app *app, struct rect page, const struct duties_state *s)
{
    int gap = ui_gap(app->ui);
    int tapped = PARTS_NONE;
    ui_push(app->ui, "duties", ROLE_GROUP, "Nine duties", page);
    for (int i = 0; i < DUTIES; i++) {
        struct ui_tile tile = duties_tile(app, s, (size_t)i);
        tile.tall = true;
        if (ui_tile(app->ui, ui_col(ui_row(page, i / 3, 3, gap), i % 3, 3, gap), &tile))
            tapped = i;
    }
    ui_pop(app->ui);
    return tapped;
}

static void duties_frame(struct app *app, void *state)
{
    struct duties_state *s = state;
    bool stale = screen_stale(app, &s->seen);
    if (parts_moved(app, &s->when, false) || stale) {
        struct arena_mark mark = arena_mark(&app->scratch);
        duty_read(app, &app->scratch, &s->facts);
        arena_rewind(&app->scratch, mark);
    }
    struct rect page = page_begin(app, "Nine duties");
    if (page_lacks_content(app, page))
        return;
    int at = app->opt.large || ui_portrait(app->ui)
                 ? parts_tiles(app, page, "duties", s, DUTIES, 1, duties_tile)
                 : duties_grid(app, page, s);
    if (at != PARTS_NONE)
        router_push(app, "duty", &(struct route){ .number = (unsigned)at });
}

const struct screen screen_duties = {
    .id = "duties",
    .state_size = sizeof(struct duties_state),
    .frame = duties_frame,
};

/* ---- one of them ---- */

struct duty_state {
    uint64_t seen;
    struct query_when when;
    bool failed;
    struct why why;
    struct arena arena;
    struct duty_facts facts;
    struct duty_entry *rows;
    size_t count;
    struct doc_head *docs;
    size_t doc_count;
};

static size_t duty_number(struct app *app)
{
    unsigned n = router_top(app)->route.number;
    return n < DUTIES ? n : 0;
}

static void duty_again(struct app *app, struct duty_state *s)
{
    size_t n = duty_number(app);
    arena_begin(&s->arena, (size_t)32 * 1024 * 1024);
    duty_read(app, &s->arena, &s->facts);
    s->failed = duty_log(app, n, app->today - DUTY_LOG_DAYS, &s->arena, &s->rows, &s->count,
                         &s->why) != ERR_OK;
    const char *key = arena_printf(&s->arena, "%zu", n + 1);
    if (key == NULL || content_docs(app->content, "guidance", "duty", key, &s->arena, &s->docs,
                                    &s->doc_count, NULL) != ERR_OK)
        s->doc_count = 0;
    if (s->doc_count > DUTY_DOCS_MAX)
        s->doc_count = DUTY_DOCS_MAX;
}

static void duty_leave(struct app *app, void *state)
{
    (void)app;
    struct duty_state *s = state;
    arena_done(&s->arena);
}

static const char *duty_entry_words(struct app *app, const struct duty_entry *e)
{
    const char *who = e->person[0] == '\0' ? "" : page_person(app, e->person);
    return ui_text_f(app->ui, "%s%s%s%s%s", page_day(app, e->day), e->words[0] == '\0' ? "" : " · ",
                     e->words, who[0] == '\0' ? "" : " · ", who);
}

static void duty_print(struct app *app, const struct duty_state *s)
{
    const struct duty *d = &duties[duty_number(app)];
    static const char *const head[] = { "Date", "What", "Result", "Who" };
    struct paper paper;
    paper_init(&paper, ui_arena(app->ui));
    paper.footer = ui_text_f(app->ui, "%s · duty %zu of nine · printed %s %s", app->school,
                             duty_number(app) + 1, page_date(app, app->today),
                             page_time(app, app->now.wall_ms));
    paper_add(&paper, PAPER_TITLE, d->title);
    const char *waits = duty_badge(app, &s->facts, duty_number(app));
    paper_add(&paper, PAPER_TEXT,
              ui_text_f(app->ui, "Waiting now: %s. Done in the last twelve months: %zu.",
                        waits == NULL ? "nothing" : waits, s->count));
    paper_columns(&paper, (const int[]){ 4, 12, 5, 6 }, COUNT_OF(head));
    paper_row(&paper, true, head, COUNT_OF(head));
    for (size_t i = 0; i < s->count; i++) {
        char iso[CALDATE_TEXT];
        caldate_iso(iso, s->rows[i].day);
        const char *const cells[] = { iso, s->rows[i].what, s->rows[i].words,
                                      s->rows[i].person[0] == '\0'
                                          ? ""
                                          : page_person(app, s->rows[i].person) };
        paper_row(&paper, false, cells, COUNT_OF(cells));
    }
    app_print(app, &paper, 0, ui_text_f(app->ui, "Duty %zu %s", duty_number(app) + 1, d->title));
}

static void duty_rows(struct app *app, struct duty_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    size_t n = duty_number(app);
    bool own = n == 2 || n == 8;
    for (size_t i = 0; i < s->doc_count; i++) {
        struct ui_tile tile = { .id = ui_text_f(ui, "doc-%s", s->docs[i].id),
                                .title = s->docs[i].title,
                                .icon = ICON_BOOK };
        if (parts_row(app, list, &tile))
            doc_open(app, s->docs[i].id);
    }
    parts_head(app, list, "done", "Done in the last twelve months");
    if (s->count == 0)
        parts_words(app, list, "none",
                    own && !s->facts.person ? "Sign in to see your own." : "Nothing yet.",
                    TONE_MUTED);
    for (size_t i = 0; i < s->count; i++)
        parts_line(app, list, ui_text_f(ui, "e%zu", i), s->rows[i].what,
                   duty_entry_words(app, &s->rows[i]), TONE_PLAIN);
}

static void duty_frame(struct app *app, void *state)
{
    struct duty_state *s = state;
    struct ui *ui = app->ui;
    const struct duty *d = &duties[duty_number(app)];
    bool stale = screen_stale(app, &s->seen);
    if (parts_moved(app, &s->when, false) || stale)
        duty_again(app, s);
    struct rect page = page_begin(app, d->title);
    if (page_lacks_content(app, page))
        return;
    if (s->failed) {
        page_fault(app, page, "What was done could not be read", &s->why);
        return;
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "list");
    parts_words(app, &list, "words", d->words, TONE_PLAIN);
    const char *badge = duty_badge(app, &s->facts, duty_number(app));
    struct ui_tile go = { .id = "go",
                          .title = d->go,
                          .icon = d->icon,
                          .badge = badge,
                          .badge_tone = s->facts.late[duty_number(app)] > 0 ? TONE_LATE : TONE_DUE,
                          .card = badge == NULL ? CARD_PLAIN : CARD_DUE };
    if (parts_row(app, &list, &go))
        router_push(app, d->screen, &d->route);
    struct ui_tile print = { .id = "print", .title = "Print this log", .icon = ICON_PRINT };
    if (parts_row(app, &list, &print))
        duty_print(app, s);
    duty_rows(app, s, &list);
    ui_scroll_end(ui, &list);
}

const struct screen screen_duty = {
    .id = "duty",
    .state_size = sizeof(struct duty_state),
    .frame = duty_frame,
    .leave = duty_leave,
};
