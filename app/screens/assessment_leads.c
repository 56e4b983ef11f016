/* The cards of an assessment's first screen that lead on, and its buttons. */
#include "app/screens/assessment_blocks.h"

/* ---- cards ---- */

struct card_cut {
    int lead, value; /* widths */
    bool below;      /* the value stands below the words */
};

static struct card_cut card_cut(struct app *app, const struct face_row *row, int width)
{
    struct ui *ui = app->ui;
    struct card_cut cut = { .lead = row->number > 0 || row->tone == TONE_BAD ? ui_mm(ui, 7) : 0 };
    if (row->value[0] == '\0')
        return cut;
    int words_w = ui_text_width(ui, row->words, SIZE_BODY, FONT_REGULAR);
    cut.value = ui_text_width(ui, row->value, SIZE_BODY, FONT_REGULAR) + 1;
    bool one = cut.lead + words_w + ui_gap(ui) + cut.value <= width;
    cut.below = !one && cut.value > width * 40 / 100;
    return cut;
}

static int card_row_height(struct app *app, const struct face_row *row, int width)
{
    struct ui *ui = app->ui;
    struct card_cut cut = card_cut(app, row, width);
    int words_w = width - cut.lead - (cut.below || cut.value == 0 ? 0 : cut.value + ui_gap(ui));
    int h = ui_para_height(ui, words_w, row->words, SIZE_BODY, FONT_REGULAR);
    if (cut.below)
        h += ui_para_height(ui, width - cut.lead, row->value, SIZE_SMALL, FONT_REGULAR);
    return h;
}

static void card_row(struct app *app, struct rect r, const struct face_row *row, const char *id)
{
    struct ui *ui = app->ui;
    struct card_cut cut = card_cut(app, row, r.w);
    int line = ui_line_height(ui, SIZE_BODY);
    ui_push(ui, id, ROLE_ROW, row->words, r);
    struct rect lead = ui_cut_left(&r, cut.lead);
    lead.h = line;
    if (row->number > 0)
        (void)ui_label(ui, lead, "number", ui_text_f(ui, "%d", row->number), SIZE_BODY, FONT_BOLD,
                       TONE_ACCENT, ALIGN_LEFT);
    else if (cut.lead > 0)
        ui_icon(ui, (struct rect){ lead.x, lead.y, line, line }, ICON_ALERT, TONE_BAD);
    if (cut.value > 0 && !cut.below) {
        struct rect value = ui_cut_right(&r, cut.value);
        value.h = line;
        (void)ui_label(ui, value, "value", row->value, SIZE_BODY, FONT_REGULAR, TONE_MUTED,
                       ALIGN_RIGHT);
        (void)ui_cut_right(&r, ui_gap(ui));
    }
    int used = ui_para(ui, r, "words", row->words, SIZE_BODY,
                       row->tone == TONE_BAD ? FONT_SEMIBOLD : FONT_REGULAR, row->tone);
    (void)ui_cut_top(&r, used);
    if (cut.below)
        (void)ui_para(ui, r, "value", row->value, SIZE_SMALL, FONT_REGULAR, TONE_MUTED);
    ui_pop(ui);
}

/* How many rows have room, with a line for those that have none. */
static size_t card_most(struct app *app, const struct face_card *c, struct rect in, int between)
{
    int more = ui_line_height(app->ui, SIZE_SMALL);
    int y = 0;
    size_t most = 0;
    for (size_t i = 0; i < c->count; i++) {
        y += card_row_height(app, &c->rows[i], in.w);
        if (y + (i + 1 < c->count ? more : 0) <= in.h)
            most = i + 1;
        y += between;
    }
    return most;
}

void face_card(struct app *app, struct rect r, const struct face_card *c, struct face_tap *tap)
{
    struct ui *ui = app->ui;
    int between = ui_mm_y(ui, 1.6);
    struct rect in = ui_inset(r, ui_gap(ui), ui_mm_y(ui, 1.4));
    struct rect head = ui_cut_top(&in, ui_line_height(ui, SIZE_BODY));
    (void)ui_cut_top(&in, ui_mm_y(ui, 1));
    size_t most = c->count == 0 || r.h < page_target(app) ? 0 : card_most(app, c, in, between);
    if (most == 0)
        return;
    ui_push(ui, c->id, ROLE_GROUP, c->title, r);
    ui_card(ui, r, CARD_PLAIN);
    if (ui_touch(ui, r, "open", c->title))
        tap->part = c->part;
    int mark = head.h;
    ui_icon(ui, ui_cut_right(&head, mark), ICON_RIGHT, TONE_ACCENT);
    (void)ui_heading(ui, head, "title", c->title, SIZE_BODY, FONT_BOLD, TONE_PLAIN, ALIGN_LEFT);
    for (size_t i = 0; i < most; i++) {
        int h = card_row_height(app, &c->rows[i], in.w);
        card_row(app, ui_cut_top(&in, h), &c->rows[i], ui_text_f(ui, "row%zu", i));
        struct rect rule = ui_cut_top(&in, between);
        if (i + 1 < most)
            ui_line(ui, (struct rect){ rule.x, rule.y + between / 2, rule.w, 1 });
    }
    if (most < c->count)
        (void)ui_label(ui,
                       (struct rect){ in.x, in.y - between, in.w, ui_line_height(ui, SIZE_SMALL) },
                       "more", ui_text_f(ui, "and %zu more", c->count - most), SIZE_SMALL,
                       FONT_SEMIBOLD, TONE_MUTED, ALIGN_LEFT);
    ui_pop(ui);
}

/* ---- what may be done with it ---- */

enum { ACTIONS_MAX = 8 };

int face_columns(struct app *app, int width)
{
    int least = ui_mm(app->ui, app->opt.large ? 66 : 15.2);
    int most = (width + ui_gap(app->ui)) / (least + ui_gap(app->ui));
    return most < 1 ? 1 : most;
}

/* The first two with all of their words, the others below them with one each. Returns the height. */
int face_actions_two(struct app *app, struct rect r, const struct face *f, struct face_tap *tap)
{
    enum { FIRST = 2 };
    struct ui_act acts[ACTIONS_MAX];
    int gap = ui_gap(app->ui);
    int count = (int)f->action_count < ACTIONS_MAX ? (int)f->action_count : ACTIONS_MAX;
    struct rect top = ui_cut_top(&r, page_target(app));
    (void)ui_cut_top(&r, gap);
    r.h = top.h;
    for (int i = 0; i < count; i++)
        acts[i] =
            (struct ui_act){ .r = i < FIRST ? ui_col(top, i, count < FIRST ? count : FIRST, gap)
                                            : ui_col(r, i - FIRST, count - FIRST, gap),
                             .id = f->actions[i].id,
                             .label = i < FIRST ? f->actions[i].label : f->actions[i].brief,
                             .icon = f->actions[i].icon };
    int tapped = ui_buttons(app->ui, acts, (size_t)count);
    if (tapped >= 0)
        tap->action = tapped;
    return count > FIRST ? 2 * top.h + gap : top.h;
}

/* In lines of as many as stand abreast. Returns the height. */
int face_actions(struct app *app, struct rect r, const struct face *f, int columns, bool brief,
                 struct face_tap *tap)
{
    struct ui_act acts[ACTIONS_MAX];
    int gap = ui_gap(app->ui);
    int count = (int)f->action_count < ACTIONS_MAX ? (int)f->action_count : ACTIONS_MAX;
    int lines = (count + columns - 1) / columns;
    int abreast = lines == 0 ? 1 : (count + lines - 1) / lines;
    int h = page_target(app);
    if (count == 0)
        return 0;
    for (int i = 0; i < count; i++) {
        int here = i / abreast == lines - 1 ? count - (lines - 1) * abreast : abreast;
        struct rect line = { r.x, r.y + i / abreast * (h + gap), r.w, h };
        acts[i] = (struct ui_act){ .r = ui_col(line, i % abreast, here, gap),
                                   .id = f->actions[i].id,
                                   .label = brief ? f->actions[i].brief : f->actions[i].label,
                                   .icon = f->actions[i].icon };
    }
    int tapped = tap == NULL ? -1 : ui_buttons(app->ui, acts, (size_t)count);
    if (tapped >= 0)
        tap->action = tapped;
    return lines * h + (lines - 1) * gap;
}
