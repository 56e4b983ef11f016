/* The lists of the noticeboard: what one section holds, in groups; what lies behind is folded away and never gone. */
#include <string.h>

#include "app/screens/board.h"
#include "app/screens/board_rows.h"
#include "app/screens/cards_parts.h"
#include "app/screens/doc_open.h"
#include "app/store/mine.h"
#include "platform/base/str.h"

enum { LIST_ARENA = 16 * 1024 * 1024 };

struct list_state {
    uint64_t seen;
    struct query_when when;
    struct arena arena;
    struct board_rows rows;
    bool failed, rated; /* rated: credit-rated courses only */
    unsigned unfolded;  /* by group */
    struct why why;
};

static void list_enter(struct app *app, void *state)
{
    (void)app;
    struct list_state *s = state;
    arena_init(&s->arena, LIST_ARENA);
}

static void list_leave(struct app *app, void *state)
{
    (void)app;
    struct list_state *s = state;
    arena_done(&s->arena);
}

static void list_read(struct app *app, struct list_state *s)
{
    const char *list = router_top(app)->route.text;
    arena_reset(&s->arena);
    s->failed =
        board_rows_read(app, list == NULL ? "" : list, &s->arena, &s->rows, &s->why) != ERR_OK;
}

static void list_row(struct app *app, struct ui_scroll *list, const struct board_row *row)
{
    struct ui_tile tile = { .id = row->key,
                            .title = row->title,
                            .words = row->words,
                            .icon = row->icon,
                            .badge = row->badge,
                            .badge_tone = row->tone,
                            .card = row->card };
    if (!parts_row(app, list, &tile))
        return;
    if (row->article[0] != '\0')
        router_push(app, "article", &(struct route){ .doc = row->doc, .text = row->article });
    else
        doc_open(app, row->doc);
}

/* Draws a group; a folded one is a row that says how many there are. */
static void list_group(struct app *app, struct list_state *s, struct ui_scroll *list, size_t group)
{
    const struct board_group *g = &s->rows.groups[group];
    size_t count = 0;
    for (size_t i = 0; i < s->rows.count; i++)
        count += s->rows.rows[i].group == group && (!s->rated || s->rows.rows[i].rated) ? 1 : 0;
    if (count == 0)
        return;
    bool open = !g->folded || (s->unfolded & 1u << group) != 0;
    const char *id = ui_text_f(app->ui, "group%zu", group);
    if (g->folded) {
        struct ui_tile fold = { .id = id,
                                .title = ui_text_f(app->ui, "%s (%zu)", g->name, count),
                                .icon = open ? ICON_UP : ICON_DOWN };
        if (parts_row(app, list, &fold))
            s->unfolded ^= 1u << group;
    } else if (g->name != NULL && g->name[0] != '\0') {
        parts_head(app, list, id, g->name);
    }
    for (size_t i = 0; open && i < s->rows.count; i++)
        if (s->rows.rows[i].group == group && (!s->rated || s->rows.rows[i].rated))
            list_row(app, list, &s->rows.rows[i]);
}

/* What is told above the rows, and the ways on that belong to this list. */
static void list_head(struct app *app, struct list_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    if (s->rows.hint[0] != '\0')
        parts_words(app, list, "hint", s->rows.hint, TONE_MUTED);
    if (!str_eq(s->rows.list, BOARD_COURSES))
        return;
    const struct ui_option options[] = {
        { "all", "All courses", TONE_PLAIN, !s->rated },
        { "rated", "Credit-rated only", TONE_PLAIN, s->rated },
    };
    int picked = ui_segments(ui, ui_scroll_row(list, page_target(app)), "rating", options,
                             COUNT_OF(options));
    ui_scroll_space(list, ui_gap(ui));
    if (picked >= 0)
        s->rated = picked == 1;
}

/* Who looks after every department ticks them all, and is offered courses in each; the list of checks due has them as
   «Mine». */
static void list_tail(struct app *app, const struct list_state *s, struct ui_scroll *list)
{
    static const struct {
        const char *key, *label;
    } subjects[] = { { BOARD_SUBJECT "biology", "Biology" },
                     { BOARD_SUBJECT "chemistry", "Chemistry" },
                     { BOARD_SUBJECT "physics", "Physics" },
                     { BOARD_SUBJECT "workshop", "Workshop" },
                     { BOARD_SUBJECT "av", "AV and stage" } };
    if (!str_eq(s->rows.list, BOARD_COURSES))
        return;
    parts_head(app, list, "subjects", "What I look after");
    for (size_t i = 0; i < COUNT_OF(subjects); i++)
        card_tick(app, list, MINE_PROFILE, subjects[i].key, "", subjects[i].label);
}

static void list_frame(struct app *app, void *state)
{
    struct list_state *s = state;
    bool stale = screen_stale(app, &s->seen);
    if (parts_moved(app, &s->when, true) || stale)
        list_read(app, s);
    struct rect page = page_begin(app, s->failed ? "Noticeboard" : s->rows.title);
    if (page_lacks_content(app, page))
        return;
    if (s->failed) {
        page_fault(app, page, "The noticeboard could not be read", &s->why);
        return;
    }
    if (s->rows.count == 0) {
        page_empty(app, page, ICON_BELL, s->rows.none,
                   "What is published comes with the content of your authority.");
        return;
    }
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "rows");
    list_head(app, s, &list);
    for (size_t g = 0; g < BOARD_GROUPS_MAX; g++)
        list_group(app, s, &list, g);
    list_tail(app, s, &list);
    ui_scroll_end(app->ui, &list);
}

const struct screen screen_board_list = {
    .id = "board_list",
    .state_size = sizeof(struct list_state),
    .enter = list_enter,
    .frame = list_frame,
    .leave = list_leave,
};
