#include "app/screens/assessment_blocks.h"

#include <string.h>

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

static int face_badges_width(struct app *app, const struct face *f)
{
    if (f->mode[0] == '\0')
        return face_pill_width(app, f->level);
    return face_pill_width(app, f->level) + ui_gap(app->ui) / 2 + face_pill_width(app, f->mode);
}

int face_badges(struct app *app, struct rect r, const struct face *f, bool draw)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui) / 2;
    int h = ui_badge_height(ui);
    int level_w = face_pill_width(app, f->level);
    int mode_w = face_pill_width(app, f->mode);
    bool two = f->mode[0] == '\0' || level_w + gap + mode_w <= r.w;
    if (!draw)
        return two ? h : 2 * h + gap / 2;
    struct rect mode = { r.x + level_w + gap, r.y, mode_w, h };
    if (!two)
        mode = (struct rect){ r.x, r.y + h + gap / 2, mode_w < r.w ? mode_w : r.w, h };
    face_pill(app, (struct rect){ r.x, r.y, level_w, h }, "level", f->level,
              f->level_tone == TONE_INFO ? ICON_INFO : ICON_ALERT, f->level_tone);
    if (f->mode[0] != '\0')
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

static const char *strip_line(const struct face *f, size_t at)
{
    size_t state = f->state_words == NULL ? 0 : 1;
    return at < state ? f->state_words : f->do_nots[at - state];
}

int face_strip(struct app *app, struct rect r, const struct face *f, enum ui_size size, bool draw)
{
    struct ui *ui = app->ui;
    int pad = ui_mm(ui, 1.8);
    int pad_y = ui_mm_y(ui, 0.8);
    int mark = ui_line_height(ui, size);
    int between = ui_mm_y(ui, 0.4);
    int width = r.w - 2 * pad - mark - pad / 2;
    int h = 2 * pad_y;
    size_t count = f->do_not_count + (f->state_words == NULL ? 0 : 1);
    if (count == 0)
        return 0;
    for (size_t i = 0; i < count; i++)
        h += ui_para_height(ui, width, strip_line(f, i), size, FONT_BOLD) + (i > 0 ? between : 0);
    if (!draw)
        return h;
    r.h = h;
    ui_push(ui, "do_not", ROLE_GROUP, "Do not", r);
    ui_card(ui, r, CARD_BAD_SOLID);
    struct rect in = ui_inset(r, pad, pad_y);
    for (size_t i = 0; i < count; i++) {
        const char *words = strip_line(f, i);
        struct rect row = ui_cut_top(&in, ui_para_height(ui, width, words, size, FONT_BOLD));
        struct rect icon = ui_cut_left(&row, mark);
        icon.h = mark;
        ui_icon(ui, icon, ICON_CROSS, TONE_ON_DARK);
        (void)ui_cut_left(&row, pad / 2);
        (void)ui_para(ui, row, ui_text_f(ui, "line%zu", i), words, size, FONT_BOLD, TONE_ON_DARK);
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
    h = r.h;
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
    r = ui_inset(r, pad, ui_mm_y(ui, 1));
    int line = ui_line_height(ui, SIZE_SMALL);
    bool both = r.h >= words_h + line;
    /* Where the words leave no line for their title, it takes the band. */
    const char *word = both ? "Emergency" : "If it goes wrong";
    enum ui_size word_size = ui_text_width(ui, word, SIZE_TITLE, FONT_BOLD) <= top.w  ? SIZE_TITLE
                             : ui_text_width(ui, word, SIZE_BODY, FONT_BOLD) <= top.w ? SIZE_BODY
                                                                                      : SIZE_SMALL;
    (void)ui_label(ui, top, "word", word, word_size, FONT_BOLD, TONE_ON_DARK, ALIGN_LEFT);
    if (both)
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

/* The worst of them stands first; of the same, the one that was told first. */
static size_t face_alert_first(const struct face *f)
{
    static const enum ui_tone worst[] = { TONE_BAD, TONE_DUE };
    for (size_t w = 0; w < COUNT_OF(worst); w++)
        for (size_t i = 0; i < f->alert_count; i++)
            if (f->alerts[i].tone == worst[w])
                return i;
    return 0;
}

/* The first, and as many others behind it as have room with the count of the rest. */
static const char *face_alert_join(struct app *app, const struct face *f, size_t first, int room,
                                   size_t *out_left)
{
    struct ui *ui = app->ui;
    const struct face_alert *a = &f->alerts[first];
    const char *text = a->words;
    size_t left = f->alert_count - 1;
    if (left > 0 || ui_text_width(ui, text, SIZE_SMALL, FONT_SEMIBOLD) > room)
        text = a->brief;
    for (size_t i = 0; i < f->alert_count && left > 0; i++) {
        if (i == first)
            continue;
        const char *more = ui_text_f(ui, "%s · %s", text, f->alerts[i].brief);
        const char *and = left == 1 ? "" : ui_text_f(ui, " · and %zu more", left - 1);
        int wide = ui_text_width(ui, ui_text_f(ui, "%s%s", more, and), SIZE_SMALL, FONT_SEMIBOLD);
        if (wide > room)
            break;
        text = more;
        left--;
    }
    *out_left = left;
    return text;
}

/* All of them in one line, the first in words and the others as far as they go; the steps have them whole. */
static const char *face_alert_words(struct app *app, const struct face *f, size_t first, int room)
{
    struct ui *ui = app->ui;
    size_t left = 0;
    const char *text = face_alert_join(app, f, first, room, &left);
    /* The count gives way before the words do. */
    const char *counts[] = { ui_text_f(ui, " · and %zu more", left), ui_text_f(ui, " · +%zu", left),
                             "" };
    for (size_t i = left > 0 ? 0 : COUNT_OF(counts) - 1; i < COUNT_OF(counts); i++) {
        const char *all = ui_text_f(ui, "%s%s", text, counts[i]);
        if (ui_text_width(ui, all, SIZE_SMALL, FONT_SEMIBOLD) <= room)
            return all;
    }
    return page_cut(app, text, room, 1, SIZE_SMALL, FONT_SEMIBOLD);
}

static enum ui_card face_alert_card(enum ui_tone tone)
{
    return tone == TONE_BAD ? CARD_BAD : tone == TONE_INFO ? CARD_INFO : CARD_DUE;
}

/* All alerts as one line. Above the level it takes a tap that reaches over what stands below it. */
static int face_alert(struct app *app, struct rect r, const struct face *f, struct face_tap *tap)
{
    struct ui *ui = app->ui;
    int mark = ui_line_height(ui, SIZE_SMALL);
    int gap = ui_mm(ui, 1);
    int h = mark + 2 * ui_mm_y(ui, 0.4);
    if (f->alert_count == 0)
        return 0;
    if (tap == NULL)
        return h;
    size_t first = face_alert_first(f);
    const struct face_alert *a = &f->alerts[first];
    const char *words = face_alert_words(app, f, first, r.w - 2 * mark - 4 * gap);
    struct rect line = { r.x, r.y, r.w, h };
    ui_push(ui, "alert", ROLE_GROUP, "", r);
    if (ui_touch(ui, (struct rect){ r.x, r.y, r.w, page_target(app) }, "open", words))
        tap->part = a->part;
    enum ui_tone ink = a->solid ? TONE_ON_DARK : a->tone;
    ui_card(ui, line, a->solid ? CARD_BAD_SOLID : face_alert_card(a->tone));
    line = ui_inset(line, gap, 0);
    struct rect icon = ui_cut_left(&line, mark);
    ui_icon(ui, ui_inset(icon, 0, (h - mark) / 2), face_alert_icon(a->tone), ink);
    ui_icon(ui, ui_inset(ui_cut_right(&line, mark), 0, (h - mark) / 2), ICON_RIGHT, ink);
    (void)ui_cut_left(&line, gap);
    (void)ui_label(ui, line, a->id, words, SIZE_SMALL, FONT_SEMIBOLD, ink, ALIGN_LEFT);
    ui_pop(ui);
    return h;
}

static int face_who(struct app *app, struct rect r, const struct face *f, enum ui_size size,
                    bool draw)
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

/* Level and mode with who may do it beside them, or below where that is less high. */
static int face_line(struct app *app, struct rect r, const struct face *f, bool draw)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int badge_h = face_badges(app, r, f, false);
    int badges_w = face_badges_width(app, f);
    struct rect who = { r.x + badges_w + gap, r.y, r.w - badges_w - gap, r.h };
    struct rect below = { r.x, r.y + badge_h + ui_mm_y(ui, 0.6), r.w, r.h };
    int beside_h = who.w > 0 ? face_who(app, who, f, SIZE_SMALL, false) : 0;
    int below_h = face_who(app, below, f, SIZE_SMALL, false);
    bool beside =
        who.w >= ui_mm(ui, 25) && (beside_h <= badge_h || beside_h <= below.y - r.y + below_h);
    int h = !beside ? below.y - r.y + below_h : beside_h > badge_h ? beside_h : badge_h;
    if (!draw)
        return h;
    int drop = beside ? (h - badge_h) / 2 : 0;
    (void)face_badges(app, (struct rect){ r.x, r.y + drop, r.w, badge_h }, f, true);
    who.y += (h - beside_h) / 2;
    (void)face_who(app, beside ? who : below, f, SIZE_SMALL, true);
    return h;
}

int face_told(struct app *app, struct rect r, const struct face *f, bool badges, enum ui_size size,
              struct face_tap *tap)
{
    bool draw = tap != NULL;
    int alert = face_alert(app, r, f, NULL);
    int top = alert == 0 ? 0 : alert + ui_mm_y(app->ui, 0.6);
    struct rect rest = { r.x, r.y + top, r.w, r.h - top };
    int h = top + (badges ? face_line(app, rest, f, false) : face_who(app, rest, f, size, false));
    /* The line alone is no height for a finger: the tap reaches over what stands below it. */
    int least = alert == 0 ? 0 : page_target(app);
    h = h < least ? least : h;
    if (!draw)
        return h;
    if (alert > 0)
        (void)face_alert(app, (struct rect){ r.x, r.y, r.w, h }, f, tap);
    (void)(badges ? face_line(app, rest, f, true) : face_who(app, rest, f, size, true));
    return h;
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
