/* Ways into the documents without typing, and the choices of a filter. */
#include "app/screens/find.h"
#include "platform/base/str.h"

static uint32_t find_subject_icon(const char *subject)
{
    static const struct {
        const char *name;
        uint32_t icon;
    } icons[] = {
        { "Biology", ICON_MICROSCOPE },
        { "Chemistry", ICON_FLASK },
        { "Physics", ICON_FLASH },
        { "Technology", ICON_WRENCH },
    };
    for (size_t i = 0; i < COUNT_OF(icons); i++)
        if (str_eq(icons[i].name, subject))
            return icons[i].icon;
    return ICON_SCHOOL;
}

static struct ui_tile find_subject_tile(struct app *app, const void *rows, size_t at)
{
    const struct find_group *g = (const struct find_group *)rows + at;
    return (struct ui_tile){ .id = g->name,
                             .title = g->name,
                             .icon = find_subject_icon(g->name),
                             .right = ui_text_f(app->ui, "%zu", g->count) };
}

static struct ui_tile find_stage_tile(struct app *app, const void *rows, size_t at)
{
    const struct find_group *g = (const struct find_group *)rows + at;
    return (struct ui_tile){ .id = g->name,
                             .title = g->name,
                             .right = ui_text_f(app->ui, "%zu", g->count) };
}

static struct ui_tile find_kind_tile(struct app *app, const void *rows, size_t at)
{
    const struct find_group *g = (const struct find_group *)rows + at;
    return (struct ui_tile){ .id = g->name,
                             .title = find_kind_title(g->name),
                             .icon = find_kind_icon(g->name),
                             .right = ui_text_f(app->ui, "%zu", g->count) };
}

/* Tiles in columns, in a list that is open. Returns the one that was tapped. */
static int find_grid(struct app *app, struct ui_scroll *list, const struct find_group *rows,
                     size_t count, int columns, parts_tile tile)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int tapped = PARTS_NONE;
    for (size_t from = 0; from < count; from += (size_t)columns) {
        int h = page_target(app);
        int width = (list->view.w - gap * (columns - 1)) / columns;
        for (size_t i = from; i < count && i < from + (size_t)columns; i++) {
            struct ui_tile t = tile(app, rows, i);
            int need = ui_tile_height(ui, width, &t);
            h = need > h ? need : h;
        }
        struct rect line = ui_scroll_row(list, h);
        for (size_t i = from; i < count && i < from + (size_t)columns; i++) {
            struct ui_tile t = tile(app, rows, i);
            if (ui_scroll_visible(list, line) &&
                ui_tile(ui, ui_col(line, (int)(i - from), columns, gap), &t))
                tapped = (int)i;
        }
        ui_scroll_space(list, gap);
    }
    return tapped;
}

void find_browse(struct app *app, struct find_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    bool narrow = ui_portrait(ui) || app->opt.large;
    struct ui_scroll list = ui_scroll_begin(ui, page, "browse");
    int subject = PARTS_NONE;
    int stage = PARTS_NONE;
    int kind = PARTS_NONE;
    if (parts_news_row(app, &list))
        router_push(app, "edition_news", NULL);
    if (s->kind[0] == '\0') {
        kind = find_grid(app, &list, s->kinds, s->kind_count, narrow ? 1 : 2, find_kind_tile);
    } else {
        subject =
            find_grid(app, &list, s->subjects, s->subject_count, narrow ? 1 : 2, find_subject_tile);
        if (s->stage_count > 0)
            stage =
                find_grid(app, &list, s->stages, s->stage_count, narrow ? 2 : 4, find_stage_tile);
        const struct ui_tile all = { .id = "all",
                                     .title = ui_text_f(ui, "All of them: %zu", s->count),
                                     .icon = find_kind_icon(s->kind) };
        if (parts_row(app, &list, &all)) {
            s->flat = true;
            app->busy = true;
        }
        const struct ui_tile others = { .id = "others",
                                        .title = "Other kinds of documents",
                                        .icon = ICON_SEARCH };
        if (parts_row(app, &list, &others))
            find_hold(app, s, s->kind, sizeof s->kind, "");
    }
    ui_scroll_end(ui, &list);
    if (subject >= 0)
        find_hold(app, s, s->subject, sizeof s->subject, s->subjects[subject].name);
    if (stage >= 0)
        find_hold(app, s, s->stage, sizeof s->stage, s->stages[stage].name);
    if (kind >= 0)
        find_hold(app, s, s->kind, sizeof s->kind, s->kinds[kind].name);
}

void find_choose(struct app *app, struct find_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    bool narrow = ui_portrait(ui) || app->opt.large;
    struct ui_scroll list = ui_scroll_begin(ui, page, "choices");
    const struct ui_tile any = { .id = "any",
                                 .title = s->pick == FIND_PICK_KIND      ? "Every kind"
                                          : s->pick == FIND_PICK_SUBJECT ? "Every subject"
                                                                         : "Every stage",
                                 .icon = ICON_SEARCH };
    char *filter = s->pick == FIND_PICK_KIND      ? s->kind
                   : s->pick == FIND_PICK_SUBJECT ? s->subject
                                                  : s->stage;
    size_t size = s->pick == FIND_PICK_KIND      ? sizeof s->kind
                  : s->pick == FIND_PICK_SUBJECT ? sizeof s->subject
                                                 : sizeof s->stage;
    const struct find_group *rows = s->pick == FIND_PICK_KIND      ? s->kinds
                                    : s->pick == FIND_PICK_SUBJECT ? s->subjects
                                                                   : s->stages;
    size_t count = s->pick == FIND_PICK_KIND      ? s->kind_count
                   : s->pick == FIND_PICK_SUBJECT ? s->subject_count
                                                  : s->stage_count;
    parts_tile tile = s->pick == FIND_PICK_KIND      ? find_kind_tile
                      : s->pick == FIND_PICK_SUBJECT ? find_subject_tile
                                                     : find_stage_tile;
    bool every = parts_row(app, &list, &any);
    int tapped = find_grid(app, &list, rows, count, narrow ? 1 : 2, tile);
    ui_scroll_end(ui, &list);
    if (every) {
        s->flat = true; /* somebody who asks for every kind wants a list, not the ways in again */
        find_hold(app, s, filter, size, "");
    } else if (tapped >= 0) {
        find_hold(app, s, filter, size, rows[tapped].name);
    }
}
