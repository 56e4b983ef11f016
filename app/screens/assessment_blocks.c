#include "app/screens/assessment_blocks.h"

#include <string.h>

#include "app/domain/sign.h"
#include "app/ui/fill.h"
#include "app/ui/theme.h"
#include "platform/base/str.h"

int face_space(struct app *app)
{
    return ui_mm_y(app->ui, 2);
}

/* ---- level, mode, who issued it ---- */

/* A word on its colour, with an icon that says the same: no badge, as those stand for what is due. */
static int face_pill_width(struct app *app, const char *words)
{
    return ui_text_width(app->ui, words, SIZE_BODY, FONT_SEMIBOLD) +
           ui_line_height(app->ui, SIZE_BODY) + ui_mm(app->ui, 5);
}

static void face_pill(struct app *app, struct rect r, const char *id, const char *words,
                      uint32_t icon, enum ui_tone tone)
{
    struct ui *ui = app->ui;
    bool solid = tone == TONE_BAD;
    enum ui_tone ink = solid ? TONE_ON_DARK : tone == TONE_DUE ? TONE_DUE : TONE_INFO;
    int mark = ui_line_height(ui, SIZE_BODY);
    ui_push(ui, id, ROLE_GROUP, words, r);
    ui_card(ui, r, solid ? CARD_BAD_SOLID : tone == TONE_DUE ? CARD_DUE : CARD_INFO);
    r = ui_inset(r, ui_mm(ui, 1.5), 0);
    struct rect at = ui_cut_left(&r, mark);
    ui_icon(ui, (struct rect){ at.x, at.y + (at.h - mark) / 2, mark, mark }, icon, ink);
    (void)ui_cut_left(&r, ui_mm(ui, 1));
    (void)ui_label(ui, r, "word", words, SIZE_BODY, FONT_SEMIBOLD, ink, ALIGN_LEFT);
    ui_pop(ui);
}

int face_badges_width(struct app *app, const struct face *f)
{
    return face_pill_width(app, f->level) + ui_gap(app->ui) / 2 + face_pill_width(app, f->mode);
}

int face_badges(struct app *app, struct rect r, const struct face *f, bool draw)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui) / 2;
    int h = ui_badge_height(ui);
    int level_w = face_pill_width(app, f->level);
    int mode_w = face_pill_width(app, f->mode);
    bool two = level_w + gap + mode_w <= r.w;
    if (!draw)
        return two ? h : 2 * h + gap / 2;
    struct rect mode = { r.x + level_w + gap, r.y, mode_w, h };
    if (!two)
        mode = (struct rect){ r.x, r.y + h + gap / 2, mode_w < r.w ? mode_w : r.w, h };
    face_pill(app, (struct rect){ r.x, r.y, level_w, h }, "level", f->level,
              f->level_tone == TONE_INFO ? ICON_INFO : ICON_ALERT, f->level_tone);
    face_pill(app, mode, "mode", f->mode, ICON_PERSON, f->mode_tone);
    return two ? h : 2 * h + gap / 2;
}

/* Whose it is, which revision, and that it is an example: in one line where it has room. */
int face_issued(struct app *app, struct rect r, const struct face *f, bool draw)
{
    struct ui *ui = app->ui;
    int gap = ui_mm(ui, 2);
    int example_w = ui_text_width(ui, f->example, SIZE_SMALL, FONT_SEMIBOLD);
    int issued_w = ui_text_width(ui, f->issued, SIZE_SMALL, FONT_REGULAR);
    bool one = f->example[0] == '\0' || example_w + gap + issued_w <= r.w;
    int example_h =
        f->example[0] == '\0' ? 0 : ui_para_height(ui, r.w, f->example, SIZE_SMALL, FONT_SEMIBOLD);
    int issued_h = ui_para_height(ui, r.w, f->issued, SIZE_SMALL, FONT_REGULAR);
    int h = !one ? example_h + issued_h : example_h > issued_h ? example_h : issued_h;
    if (!draw)
        return h;
    if (example_h > 0)
        (void)ui_para(ui, (struct rect){ r.x, r.y, r.w, example_h }, "example", f->example,
                      SIZE_SMALL, FONT_SEMIBOLD, TONE_INFO);
    struct rect words = { r.x, r.y + (one ? 0 : example_h), r.w, issued_h };
    if (one && example_h > 0)
        (void)ui_cut_left(&words, example_w + gap);
    (void)ui_para(ui, words, "issued", f->issued, SIZE_SMALL, FONT_REGULAR, TONE_MUTED);
    return h;
}

/* Both, the words beside the badges where that leaves them half the width. */
int face_head(struct app *app, struct rect r, const struct face *f, bool draw)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int badge_h = face_badges(app, r, f, false);
    int badges_w = face_badges_width(app, f);
    struct rect words = { r.x + badges_w + gap, r.y, r.w - badges_w - gap, r.h };
    bool beside = words.w >= r.w / 2;
    if (!beside)
        words = (struct rect){ r.x, r.y + badge_h + ui_mm_y(ui, 1), r.w, r.h };
    int words_h = face_issued(app, words, f, false);
    int h = beside ? words_h : badge_h + ui_mm_y(ui, 1) + words_h;
    h = h < badge_h ? badge_h : h;
    if (!draw)
        return h;
    int drop = beside ? (h - badge_h) / 2 : 0;
    (void)face_badges(app, (struct rect){ r.x, r.y + drop, r.w, badge_h }, f, true);
    if (beside)
        words.y += (h - words_h) / 2;
    (void)face_issued(app, words, f, true);
    return h;
}

/* ---- do not ---- */

int face_strip(struct app *app, struct rect r, const struct face *f, enum ui_size size, bool draw)
{
    struct ui *ui = app->ui;
    int pad = ui_gap(ui);
    int pad_y = ui_mm_y(ui, 0.8);
    int mark = ui_line_height(ui, size);
    int between = ui_mm_y(ui, 0.4);
    int width = r.w - 2 * pad - mark - pad / 2;
    int h = 2 * pad_y;
    if (f->do_not_count == 0)
        return 0;
    for (size_t i = 0; i < f->do_not_count; i++)
        h += ui_para_height(ui, width, f->do_nots[i], size, FONT_BOLD) + (i > 0 ? between : 0);
    if (!draw)
        return h;
    r.h = h;
    ui_push(ui, "do_not", ROLE_GROUP, "Do not", r);
    ui_card(ui, r, CARD_BAD_SOLID);
    struct rect in = ui_inset(r, pad, pad_y);
    for (size_t i = 0; i < f->do_not_count; i++) {
        int line = ui_para_height(ui, width, f->do_nots[i], size, FONT_BOLD);
        struct rect row = ui_cut_top(&in, line);
        struct rect icon = ui_cut_left(&row, mark);
        icon.h = mark;
        ui_icon(ui, icon, ICON_CROSS, TONE_ON_DARK);
        (void)ui_cut_left(&row, pad / 2);
        (void)ui_para(ui, row, ui_text_f(ui, "line%zu", i), f->do_nots[i], size, FONT_BOLD,
                      TONE_ON_DARK);
        (void)ui_cut_top(&in, between);
    }
    ui_pop(ui);
    return h;
}

/* ---- if it goes wrong ---- */

/* «If it goes wrong» and the emergency button in one: the whole card is the target. */
int face_alarm(struct app *app, struct rect r, const struct face *f, enum ui_size size, bool draw)
{
    struct ui *ui = app->ui;
    int pad = ui_mm(ui, 2);
    int line_h = ui_line_height(ui, SIZE_TITLE);
    int band = line_h > ui_mm_y(ui, 8) ? line_h : ui_mm_y(ui, 8);
    int words_h = ui_para_height(ui, r.w - 2 * pad, f->if_wrong, size, FONT_MEDIUM);
    int h = band + words_h + 2 * ui_mm_y(ui, 1);
    if (!draw)
        return h;
    ui_push(ui, "if_wrong", ROLE_GROUP, "If it goes wrong", r);
    ui_card(ui, r, CARD_BAD);
    bool tapped = ui_touch(ui, r, "emergency", "Emergency");
    struct rect top = ui_cut_top(&r, band);
    ui_card(ui, top, CARD_BAD_SOLID);
    top = ui_inset(top, pad, 0);
    int mark = ui_line_height(ui, SIZE_TITLE);
    struct rect icon = ui_cut_left(&top, mark);
    ui_icon(ui, (struct rect){ icon.x, icon.y + (icon.h - mark) / 2, mark, mark }, ICON_ALERT,
            TONE_ON_DARK);
    (void)ui_cut_left(&top, ui_mm(ui, 1.5));
    (void)ui_label(ui, top, "word", "Emergency", SIZE_TITLE, FONT_BOLD, TONE_ON_DARK, ALIGN_LEFT);
    r = ui_inset(r, pad, ui_mm_y(ui, 1));
    int line = ui_line_height(ui, SIZE_SMALL);
    if (r.h >= words_h + line)
        (void)ui_heading(ui, ui_cut_top(&r, line), "title", "If it goes wrong", SIZE_SMALL,
                         FONT_BOLD, TONE_BAD, ALIGN_LEFT);
    (void)ui_para(ui, r, "words", f->if_wrong, size, FONT_MEDIUM, TONE_PLAIN);
    ui_pop(ui);
    if (tapped)
        router_push(app, "emergency", NULL);
    return h;
}

/* ---- what changes everything ---- */

static uint32_t face_alert_icon(enum ui_tone tone)
{
    return tone == TONE_BAD ? ICON_CROSS : tone == TONE_INFO ? ICON_INFO : ICON_ALERT;
}

int face_alerts(struct app *app, struct rect r, const struct face *f, enum ui_size size, bool draw)
{
    struct ui *ui = app->ui;
    int mark = ui_line_height(ui, size);
    int gap = ui_mm(ui, 1);
    int h = 0;
    for (size_t i = 0; i < f->alert_count; i++) {
        const struct face_alert *a = &f->alerts[i];
        int line = ui_para_height(ui, r.w - mark - gap, a->words, size, FONT_SEMIBOLD);
        h += line;
        if (!draw)
            continue;
        struct rect row = ui_cut_top(&r, line);
        struct rect icon = ui_cut_left(&row, mark);
        icon.h = mark;
        ui_icon(ui, icon, face_alert_icon(a->tone), a->tone);
        (void)ui_cut_left(&row, gap);
        (void)ui_para(ui, row, a->id, a->words, size, FONT_SEMIBOLD, a->tone);
    }
    return h;
}

/* All of them in one line, the first in words and the others counted; the rest of the page has them whole. */
struct face face_one_alert(struct app *app, const struct face *f, int width)
{
    struct ui *ui = app->ui;
    struct face out = *f;
    const char *text = f->alert_count == 0 ? "" : f->alerts[0].brief;
    int room = width - ui_line_height(ui, SIZE_SMALL) - ui_mm(ui, 1);
    for (size_t i = 1; i < f->alert_count; i++) {
        const char *more = ui_text_f(ui, "%s · %s", text, f->alerts[i].brief);
        text = ui_text_width(ui, more, SIZE_SMALL, FONT_SEMIBOLD) <= room
                   ? more
                   : ui_text_f(ui, "%s · and %zu more", text, f->alert_count - i);
        if (text != more)
            break;
    }
    out.alerts[0].words = text;
    out.alert_count = f->alert_count > 0 ? 1 : 0;
    return out;
}

int face_who(struct app *app, struct rect r, const struct face *f, enum ui_size size, bool draw)
{
    struct ui *ui = app->ui;
    int mark = ui_line_height(ui, size);
    int gap = ui_mm(ui, 1);
    if (f->who[0] == '\0')
        return 0;
    int h = ui_para_height(ui, r.w - mark - gap, f->who, size, FONT_SEMIBOLD);
    if (!draw)
        return h;
    struct rect icon = ui_cut_left(&r, mark);
    icon.h = mark;
    ui_icon(ui, icon, ICON_PEOPLE, TONE_ACCENT);
    (void)ui_cut_left(&r, gap);
    r.h = h;
    (void)ui_para(ui, r, "who", f->who, size, FONT_SEMIBOLD, TONE_PLAIN);
    return h;
}

/* ---- signs ---- */

struct face_cell {
    int w, words_h;
};

/* As narrow as its signs or, where the words want more, as lets them stand in two lines (four without a sign). */
static struct face_cell face_cell(struct app *app, const struct face_group *g, int side, int max)
{
    struct ui *ui = app->ui;
    int between = ui_mm(ui, 0.8);
    int least =
        g->count == 0 ? ui_mm(ui, 22) : (int)g->count * side + ((int)g->count - 1) * between;
    int lines = g->count == 0 ? 4 : 2;
    int limit = lines * ui_line_height(ui, SIZE_SMALL);
    int w = least;
    if (w < ui_mm(ui, 15.2))
        w = ui_mm(ui, 15.2);
    if (app->opt.large)
        limit *= 2;
    while (w < max && ui_para_height(ui, w, g->words, SIZE_SMALL, FONT_SEMIBOLD) > limit)
        w += ui_mm(ui, 2);
    /* No wider than its words need: a line of a long word would be broken inside it. */
    int word = 0;
    for (const char *at = g->words; *at != '\0';) {
        size_t len = strcspn(at, " ");
        int one = ui_text_width(ui, ui_text_f(ui, "%.*s", (int)len, at), SIZE_SMALL, FONT_SEMIBOLD);
        word = one > word ? one : word;
        at += len + strspn(at + len, " ");
    }
    w = w < word ? word + 1 : w;
    w = w > max ? max : w;
    return (struct face_cell){ w, ui_para_height(ui, w, g->words, SIZE_SMALL, FONT_SEMIBOLD) };
}

static int face_cell_height(struct app *app, const struct face_group *g, struct face_cell c,
                            int side)
{
    int h = g->count == 0 ? c.words_h : side + ui_mm_y(app->ui, 0.6) + c.words_h;
    int least = g->doc == NULL ? 0 : page_target(app);
    return h < least ? least : h;
}

static bool face_group(struct app *app, struct rect r, const struct face_group *g, int side)
{
    struct ui *ui = app->ui;
    bool tapped = false;
    struct rect words = r;
    ui_push(ui, g->id, ROLE_GROUP, g->words, r);
    if (g->doc != NULL)
        tapped = ui_touch(ui, r, "open", g->words);
    for (size_t i = 0; i < g->count; i++) {
        struct rect at = { r.x + (int)i * (side + ui_mm(ui, 0.8)), r.y, side, side };
        ui_svg(ui, at, ui_text_f(ui, "sign%zu", i), sign_words(g->signs[i]),
               ui_text_f(ui, "signs/%s.svg", g->signs[i]));
    }
    if (g->count > 0)
        (void)ui_cut_top(&words, side + ui_mm_y(ui, 0.6));
    (void)ui_para(ui, words, "words", g->words, SIZE_SMALL, FONT_SEMIBOLD, TONE_PLAIN);
    ui_pop(ui);
    return tapped;
}

static struct face_group face_rest(struct app *app, size_t left)
{
    return (struct face_group){ .id = "rest", .words = ui_text_f(app->ui, "+%zu more", left) };
}

/* The groups in lines; `most` hazards, then «+2 more». Returns the height; *tapped: the group that was. */
int face_signs(struct app *app, struct rect r, const struct face *f, int side, size_t most,
               int *tapped)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int x = 0, y = 0, line_h = 0;
    size_t hazards = 0, left = 0;
    for (size_t i = 0; i < f->group_count; i++)
        left += !f->groups[i].wear && ++hazards > most ? 1 : 0;
    hazards = 0;
    for (size_t i = 0; i <= f->group_count; i++) {
        bool rest = i == f->group_count;
        struct face_group g = rest ? face_rest(app, left) : f->groups[i];
        if ((rest && left == 0) || (!rest && !g.wear && ++hazards > most))
            continue;
        struct face_cell c = face_cell(app, &g, side, r.w);
        if (rest)
            c.w = ui_text_width(ui, g.words, SIZE_SMALL, FONT_SEMIBOLD) + 2;
        int h = face_cell_height(app, &g, c, side);
        if (x > 0 && x + c.w > r.w) {
            y += line_h + gap;
            x = line_h = 0;
        }
        struct rect at = { r.x + x, r.y + y, c.w, h };
        if (tapped != NULL && face_group(app, at, &g, side))
            *tapped = (int)i;
        x += c.w + gap;
        line_h = h > line_h ? h : line_h;
    }
    return y + line_h;
}

/* ---- what may be done with it ---- */

bool face_act(struct app *app, struct rect r, const struct face_action *a, bool brief)
{
    const char *label = brief ? a->brief : a->label;
    if (a->why_not != NULL)
        return ui_button_off(app->ui, r, a->id, label, a->icon, a->why_not);
    return ui_button(app->ui, r, a->id, label, a->icon, UI_PLAIN);
}

int face_columns(struct app *app, int width)
{
    int most =
        (width + ui_gap(app->ui)) / (ui_mm(app->ui, app->opt.large ? 66 : 17.5) + ui_gap(app->ui));
    return most < 1 ? 1 : most;
}

/* In lines of as many as stand abreast. Returns the height. */
int face_actions(struct app *app, struct rect r, const struct face *f, int columns, bool brief,
                 int *tapped)
{
    int gap = ui_gap(app->ui);
    int count = (int)f->action_count;
    int lines = (count + columns - 1) / columns;
    int abreast = lines == 0 ? 1 : (count + lines - 1) / lines;
    int h = page_target(app);
    if (count == 0)
        return 0;
    for (int i = 0; tapped != NULL && i < count; i++) {
        int here = i / abreast == lines - 1 ? count - (lines - 1) * abreast : abreast;
        struct rect line = { r.x, r.y + i / abreast * (h + gap), r.w, h };
        if (face_act(app, ui_col(line, i % abreast, here, gap), &f->actions[i], brief))
            *tapped = i;
    }
    return lines * h + (lines - 1) * gap;
}

/* ---- the whole ---- */

void face_step(struct app *app, struct ui_scroll *list, const char *id, int number,
               const char *words, const char *note)
{
    struct ui *ui = app->ui;
    int lead = ui_mm(ui, app->opt.large ? 14 : 8);
    int width = list->view.w - lead;
    int h = ui_para_height(ui, width, words, SIZE_BODY, FONT_REGULAR);
    int note_h = note[0] == '\0' ? 0 : ui_para_height(ui, width, note, SIZE_BODY, FONT_SEMIBOLD);
    struct rect r = ui_scroll_row(list, h + note_h + ui_mm_y(ui, 3));
    if (!ui_scroll_visible(list, r))
        return;
    ui_push(ui, id, ROLE_ROW, words, r);
    ui_line(ui, (struct rect){ r.x, r.y + r.h - 1, r.w, 1 });
    r = ui_inset(r, 0, ui_mm_y(ui, 1.3));
    struct rect mark = ui_cut_left(&r, lead);
    mark.h = ui_line_height(ui, SIZE_BODY);
    (void)ui_label(ui, mark, "number", number > 0 ? ui_text_f(ui, "%d", number) : "•", SIZE_BODY,
                   FONT_BOLD, TONE_ACCENT, ALIGN_LEFT);
    (void)ui_para(ui, ui_cut_top(&r, h), "words", words, SIZE_BODY, FONT_REGULAR, TONE_PLAIN);
    if (note_h > 0)
        (void)ui_para(ui, r, "note", note, SIZE_BODY, FONT_SEMIBOLD, TONE_BAD);
    ui_pop(ui);
}
