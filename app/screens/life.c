#include "app/screens/life.h"

#include <ctype.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/ui/fill.h"
#include "app/ui/theme.h"
#include "platform/base/str.h"

/* The order in which stages are shown; one that is not named stands before the end. */
static const char *const life_order[] = { "received",   "sub-cultured", "plated",   "poured",
                                          "inoculated", "incubated",    "observed", "stored" };

static size_t life_rank(const struct life_stage *s)
{
    size_t n = COUNT_OF(life_order);
    for (size_t i = 0; i < n; i++)
        if (str_eq(s->stage, life_order[i]))
            return i;
    return s->end ? n + 1 : n;
}

static struct life_stage *life_stage(struct life_line *line, const char *stage)
{
    for (size_t i = 0; i < line->count; i++)
        if (str_eq(line->stages[i].stage, stage))
            return &line->stages[i];
    if (line->count == LIFE_STAGES_MAX)
        return NULL;
    line->stages[line->count] = (struct life_stage){ .stage = stage, .day = CALDATE_NONE };
    return &line->stages[line->count++];
}

static void life_sort(struct life_line *line)
{
    for (size_t i = 1; i < line->count; i++) {
        struct life_stage s = line->stages[i];
        size_t k = i;
        for (; k > 0 && life_rank(&line->stages[k - 1]) > life_rank(&s); k--)
            line->stages[k] = line->stages[k - 1];
        line->stages[k] = s;
    }
}

/* A stage that was passed over does not stand between those that were. */
static void life_drop_skipped(struct life_line *line)
{
    size_t now = 0;
    size_t kept = 0;
    for (size_t i = 0; i < line->count; i++)
        now = line->stages[i].now ? i : now;
    for (size_t i = 0; i < line->count; i++)
        if (i >= now || line->stages[i].day != CALDATE_NONE)
            line->stages[kept++] = line->stages[i];
    line->count = kept;
}

void life_read(struct app *app, const struct item *item, const struct past_check *past,
               size_t past_count, struct life_line *out)
{
    const struct kind *kind = content_kind(app->content, item->kind);
    *out = (struct life_line){ .count = 0 };
    if (kind == NULL || kind->ends[0] == '\0')
        return;
    size_t count = 0;
    const struct form_brief *const *forms = content_forms_for(app->content, item->kind, &count);
    for (size_t i = 0; i < count; i++) {
        struct life_stage *s = forms[i]->life[0] == '\0' ? NULL : life_stage(out, forms[i]->life);
        if (s != NULL && s->form == NULL)
            s->form = forms[i]->id;
    }
    bool latest = true;
    for (size_t i = 0; i < past_count; i++) {
        const char *stage = past[i].counts ? past[i].life : "";
        struct life_stage *s = stage[0] == '\0' ? NULL : life_stage(out, stage);
        if (s == NULL)
            continue;
        s->day = s->day == CALDATE_NONE ? past[i].day : s->day;
        s->now = s->now || latest;
        latest = false;
    }
    for (size_t i = 0; i < out->count; i++) {
        out->stages[i].end = str_eq(out->stages[i].stage, kind->ends);
        out->ended = out->ended || (out->stages[i].end && out->stages[i].now);
    }
    life_sort(out);
    life_drop_skipped(out);
}

const struct life_stage *life_next(const struct life_line *line)
{
    for (size_t i = 0; i < line->count && !line->ended; i++)
        if (line->stages[i].day == CALDATE_NONE && line->stages[i].form != NULL)
            return &line->stages[i];
    return NULL;
}

/* ---- drawing ---- */

static const char *life_name(struct app *app, const struct life_stage *s)
{
    char *name = ui_text_f(app->ui, "%s", s->stage);
    if (name[0] != '\0')
        name[0] = (char)toupper((unsigned char)name[0]);
    return name;
}

static const char *life_when(struct app *app, const struct life_line *line,
                             const struct life_stage *s)
{
    if (s->day == CALDATE_NONE)
        return "not yet";
    bool lasts = s->now && !line->ended;
    return ui_text_f(app->ui, lasts ? "since %s" : "%s", page_day(app, s->day));
}

static void life_disc(struct app *app, struct rect r, const struct life_line *line,
                      const struct life_stage *s)
{
    struct ui *ui = app->ui;
    bool done = s->day != CALDATE_NONE;
    bool live = s->now && !line->ended;
    uint32_t icon = s->end ? ICON_FIRE : live ? ICON_CLOCK : done ? ICON_CHECK : ICON_NONE;
    color fill = live ? THEME_DUE_LINE : THEME_GOOD;
    if (done)
        ui_frame_box(ui, r, fill, r.w / 2, r.w / 2);
    else
        ui_frame_box(ui, r, THEME_INK_MUTED, ui_mm(ui, 0.5), r.w / 2);
    if (icon != ICON_NONE)
        ui_icon(ui, ui_inset(r, r.w / 5, r.h / 5), icon,
                live    ? TONE_PLAIN
                : !done ? TONE_MUTED
                        : TONE_ON_DARK);
}

static int life_disc_size(struct app *app)
{
    return ui_mm(app->ui, 9);
}

int life_across_height(struct app *app)
{
    return life_disc_size(app) + 2 * ui_line_height(app->ui, SIZE_BODY) + 4 * ui_mm_y(app->ui, 2);
}

void life_across(struct app *app, struct rect r, const struct life_line *line)
{
    struct ui *ui = app->ui;
    int size = life_disc_size(app);
    ui_card(ui, r, CARD_PLAIN);
    struct rect in = ui_inset(r, ui_gap(ui), ui_mm_y(ui, 2));
    int bar = ui_mm_y(ui, 1);
    for (size_t i = 0; i + 1 < line->count; i++) {
        struct rect a = ui_col(in, (int)i, (int)line->count, 0);
        struct rect b = ui_col(in, (int)i + 1, (int)line->count, 0);
        int x = a.x + a.w / 2 + size / 2;
        bool done = line->stages[i + 1].day != CALDATE_NONE;
        ui_fill(ui, (struct rect){ x, in.y + (size - bar) / 2, b.x + b.w / 2 - size / 2 - x, bar },
                done ? THEME_GOOD : THEME_TRACK);
    }
    for (size_t i = 0; i < line->count; i++) {
        const struct life_stage *s = &line->stages[i];
        struct rect col = ui_col(in, (int)i, (int)line->count, 0);
        ui_push(ui, ui_text_f(ui, "life%zu", i), ROLE_GROUP, life_name(app, s), col);
        struct rect top = ui_cut_top(&col, size + ui_mm_y(ui, 1));
        life_disc(app, (struct rect){ top.x + (top.w - size) / 2, top.y, size, size }, line, s);
        (void)ui_label(ui, ui_cut_top(&col, ui_line_height(ui, SIZE_BODY)), "stage",
                       life_name(app, s), SIZE_BODY, FONT_SEMIBOLD,
                       s->day == CALDATE_NONE ? TONE_MUTED : TONE_PLAIN, ALIGN_CENTRE);
        (void)ui_label(ui, ui_cut_top(&col, ui_line_height(ui, SIZE_BODY)), "when",
                       life_when(app, line, s), SIZE_BODY, FONT_REGULAR, TONE_MUTED, ALIGN_CENTRE);
        ui_pop(ui);
    }
}

void life_rows(struct app *app, struct ui_scroll *list, const struct life_line *line)
{
    struct ui *ui = app->ui;
    int size = life_disc_size(app);
    for (size_t i = 0; i < line->count; i++) {
        const struct life_stage *s = &line->stages[i];
        int words = list->view.w - size - ui_gap(ui);
        const char *text = ui_text_f(ui, "%s, %s", life_name(app, s), life_when(app, line, s));
        int h = ui_para_height(ui, words, text, SIZE_BODY, FONT_SEMIBOLD);
        struct rect row = ui_scroll_row(list, (h > size ? h : size) + ui_mm_y(ui, 1.5));
        ui_push(ui, ui_text_f(ui, "life%zu", i), ROLE_GROUP, life_name(app, s), row);
        row.h -= ui_mm_y(ui, 1.5);
        struct rect disc = ui_cut_left(&row, size);
        life_disc(app, (struct rect){ disc.x, disc.y + (disc.h - size) / 2, size, size }, line, s);
        (void)ui_cut_left(&row, ui_gap(ui));
        struct rect at = { row.x, row.y + (row.h - h) / 2, row.w, h };
        (void)ui_para(ui, at, "stage", text, SIZE_BODY, FONT_SEMIBOLD,
                      s->day == CALDATE_NONE ? TONE_MUTED : TONE_PLAIN);
        ui_pop(ui);
    }
    ui_scroll_space(list, ui_mm_y(ui, 2));
}
