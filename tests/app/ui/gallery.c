/* Draws pages in the manner of the real screens at the three panel sizes, into PNG files, and
   audits each: to look at the toolkit with one's own eyes. gallery FOLDER */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ui/audit.h"
#include "app/ui/icons.h"
#include "app/ui/theme.h"
#include "app/ui/ui.h"
#include "platform/base/attr.h"
#include "platform/base/str.h"
#include "platform/window.h"

struct panel {
    const char *name;
    int w, h;
    double w_mm, h_mm;
    bool large;
};

static const struct panel panels[] = {
    { "800x480", 800, 480, 154.08, 85.92, false },
    { "1280x800", 1280, 800, 216.96, 135.6, false },
    { "720x1280", 720, 1280, 87, 154.5, false },
    { "large", 1280, 800, 216.96, 135.6, true },
};

static struct rect gallery_bar(struct ui *ui, struct rect *page, const char *title, bool back)
{
    struct rect bar = ui_cut_top(page, ui_mm_y(ui, 13));
    struct rect box = bar;
    int pad = ui_gap(ui);

    ui_card(ui, (struct rect){ bar.x - 40, bar.y - 40, bar.w + 80, bar.h + 40 }, CARD_DARK);
    box = ui_inset(bar, pad, ui_mm_y(ui, 0.4));
    if (back) {
        struct rect r = ui_cut_left(&box, ui_mm(ui, 15));

        (void)ui_button(ui, (struct rect){ r.x - pad / 2, r.y, r.w, r.h }, "back", "Back",
                        ICON_BACK, UI_ICON);
    }
    int clock = ui_text_width(ui, "10:42", SIZE_BODY, FONT_BOLD);
    (void)ui_label(ui, ui_cut_right(&box, clock), "clock", "10:42", SIZE_BODY, FONT_BOLD,
                   TONE_ON_DARK, ALIGN_RIGHT);
    (void)ui_cut_right(&box, pad);
    if (!ui_portrait(ui)) {
        int w =
            ui_text_width(ui, "12 safe here", SIZE_BODY, FONT_MEDIUM) + 4 * ui_px(ui, SIZE_BODY);

        (void)ui_button(ui, ui_cut_right(&box, w), "sync", "12 safe here", ICON_OFFLINE, UI_CHIP);
        (void)ui_cut_right(&box, pad);
    }
    (void)ui_heading(ui, box, "title", title, SIZE_BODY, FONT_BOLD, TONE_ON_DARK, ALIGN_LEFT);
    return ui_inset(*page, pad, pad);
}

static void gallery_camera(struct ui *ui, struct rect r)
{
    int pad = ui_gap(ui);
    struct rect foot, aim;

    ui_card(ui, r, CARD_DARK);
    aim = r;
    foot = ui_inset(ui_cut_bottom(&aim, ui_mm_y(ui, 15) + ui_line_height(ui, SIZE_TITLE) + 2 * pad),
                    pad, pad / 2);
    aim = ui_inset(aim, aim.w / 6, aim.h / 6);
    ui_frame_box(ui, aim, THEME_ON_DARK, ui_mm(ui, 0.7), ui_mm(ui, 3));
    (void)ui_button(ui, ui_cut_bottom(&foot, ui_mm_y(ui, 12)), "type", "Type the number", ICON_NONE,
                    UI_ON_DARK);
    (void)ui_label(ui, foot, "hold", "Show me a label", SIZE_TITLE, FONT_BOLD, TONE_ON_DARK,
                   ALIGN_LEFT);
}

static void gallery_home(struct ui *ui, char *text)
{
    static const struct ui_tile tiles[] = {
        { .id = "checks",
          .title = "Checks",
          .words = "2 overdue, 5 this week",
          .icon = ICON_CHECKLIST,
          .badge = "7 due",
          .badge_tone = TONE_DUE,
          .card = CARD_DUE,
          .tall = true },
        { .id = "risk",
          .title = "Risk assessments",
          .words = "Find an activity",
          .icon = ICON_FLASK,
          .tall = true },
        { .id = "guidance",
          .title = "Guidance",
          .words = "SSERC and council",
          .icon = ICON_BOOK,
          .tall = true },
        { .id = "notices",
          .title = "Notices",
          .words = "Bulletin, courses",
          .icon = ICON_BELL,
          .badge = "2 new",
          .badge_tone = TONE_INFO,
          .tall = true },
        { .id = "lab",
          .title = "Lab work",
          .words = "Cultures, sources",
          .icon = ICON_TUBE,
          .tall = true },
        { .id = "ask",
          .title = "Ask SSERC",
          .words = "1 answer waiting",
          .icon = ICON_ASK,
          .tall = true },
    };
    struct rect page = ui_page(ui);
    struct rect body = gallery_bar(ui, &page, "Chemistry prep", false);
    int gap = ui_gap(ui);
    bool large = ui_px(ui, SIZE_BODY) > 2 * ui_mm_y(ui, 3);
    struct rect camera =
        ui_portrait(ui) ? ui_cut_top(&body, body.h * 2 / 5) : ui_cut_left(&body, body.w * 44 / 100);

    (void)text;
    gallery_camera(ui, camera);
    (void)ui_cut_top(&body, ui_portrait(ui) ? gap : 0);
    (void)ui_cut_left(&body, ui_portrait(ui) ? 0 : gap);
    for (int i = 0; i < (int)COUNT_OF(tiles); i++) {
        struct ui_tile t = tiles[i];

        if (ui_small(ui) || large)
            t.words = NULL;
        if (large && i == 1)
            t.title = "Risks";
        (void)ui_tile(ui, ui_col(ui_row(body, i / 2, 3, gap), i % 2, 2, gap), &t);
    }
}

static void gallery_check_row(struct ui *ui, struct ui_scroll *s, const char *id, const char *name,
                              const char *date, const char *state, enum ui_tone tone)
{
    const struct ui_tile t = {
        .id = id, .title = name, .badge = state, .badge_tone = tone, .right = date
    };
    int h = ui_tile_height(ui, s->view.w, &t);

    (void)ui_tile(ui, ui_scroll_row(s, h), &t);
    ui_scroll_space(s, ui_gap(ui));
}

static void gallery_item(struct ui *ui, char *text)
{
    struct rect page = ui_page(ui);
    struct rect body = gallery_bar(ui, &page, "Pressure cooker 2", true);
    int gap = ui_gap(ui);
    const char *words = ui_portrait(ui) ? "Safety valve sticking\nFailed on 12 Nov"
                                        : "Safety valve sticking · failed on 12 Nov";
    struct rect banner =
        ui_cut_top(&body, ui_banner_height(ui, body.w, "Do not use", words, "Why?"));
    struct rect actions;
    struct ui_scroll s;

    (void)text;
    (void)ui_banner_action(ui, banner, "status", "Do not use", words, TONE_BAD, "Why?", ICON_NONE);
    (void)ui_cut_top(&body, gap);
    if (ui_portrait(ui)) {
        actions = ui_cut_bottom(&body, ui_mm_y(ui, 30) + 2 * gap);
        (void)ui_cut_bottom(&body, gap);
        (void)ui_button(ui, ui_cut_top(&actions, ui_mm_y(ui, 16)), "again",
                        "Check again after repair", ICON_WRENCH, UI_PRIMARY);
        (void)ui_cut_top(&actions, gap);
        (void)ui_button(ui, ui_col(actions, 0, 2, gap), "history", "History", ICON_HISTORY,
                        UI_PLAIN);
        (void)ui_button(ui, ui_col(actions, 1, 2, gap), "more", "More", ICON_MORE, UI_PLAIN);
    } else {
        actions = ui_cut_right(&body, body.w * 4 / 10);
        (void)ui_cut_right(&body, gap);
        (void)ui_button(ui, ui_cut_top(&actions, ui_mm_y(ui, 16)), "again",
                        "Check again after repair", ICON_WRENCH, UI_PRIMARY);
        (void)ui_cut_top(&actions, gap);
        (void)ui_button(ui, ui_cut_top(&actions, ui_mm_y(ui, 12)), "history", "History (23)",
                        ICON_HISTORY, UI_PLAIN);
        (void)ui_cut_top(&actions, gap);
        if (!ui_small(ui))
            (void)ui_button(ui, ui_cut_top(&actions, ui_mm_y(ui, 12)), "more",
                            "Move, retire, relabel", ICON_MORE, UI_PLAIN);
    }
    s = ui_scroll_begin(ui, body, "facts");
    struct rect row = ui_scroll_row(&s, ui_line_height(ui, SIZE_BODY));
    (void)ui_label(ui, row, "place", "EXA-0042 · 6 L · shelf B3", SIZE_BODY, FONT_REGULAR,
                   TONE_MUTED, ALIGN_LEFT);
    ui_scroll_space(&s, gap / 2);
    gallery_check_row(ui, &s, "before", "Before-use check", "12 Nov", "Failed", TONE_BAD);
    gallery_check_row(ui, &s, "full", "Full examination", "1 Dec", "Due in 9 days", TONE_DUE);
    gallery_check_row(ui, &s, "seal", "Seal replaced", "Mar 2027", "In date", TONE_GOOD);
    gallery_check_row(ui, &s, "pat", "Electrical inspection", "1 Nov", "3 weeks late", TONE_LATE);
    gallery_check_row(ui, &s, "note", "Recall notice", "5 Nov", "Read it", TONE_INFO);
    ui_scroll_end(ui, &s);
}

static void gallery_question(struct ui *ui, struct ui_scroll *s, const char *id, const char *words,
                             int answer)
{
    const struct ui_option options[] = {
        { .id = "pass", .label = "Pass", .tone = TONE_GOOD, .selected = answer == 1 },
        { .id = "fail", .label = "Fail", .tone = TONE_BAD, .selected = answer == 2 },
        { .id = "na", .label = "N/A", .tone = TONE_PLAIN, .selected = answer == 3 },
    };
    int pad = ui_mm_y(ui, 1.5);
    bool tall = ui_portrait(ui);
    int w = s->view.w - 2 * ui_gap(ui);
    int answers_w = tall ? w : ui_mm(ui, 66);
    int words_h =
        ui_para_height(ui, tall ? w : w - answers_w - ui_gap(ui), words, SIZE_BODY, FONT_MEDIUM);
    int h = tall ? words_h + ui_mm_y(ui, 12) + 3 * pad
                 : 2 * pad + (words_h > ui_mm_y(ui, 12) ? words_h : ui_mm_y(ui, 12));
    struct rect row = ui_scroll_row(s, h);
    struct rect in = ui_inset(row, ui_gap(ui), pad);

    ui_push(ui, id, ROLE_ROW, words, row);
    ui_card(ui, row, answer == 2 ? CARD_BAD : CARD_PLAIN);
    struct rect answers = tall ? ui_cut_bottom(&in, ui_mm_y(ui, 12)) : ui_cut_right(&in, answers_w);
    if (!tall) {
        (void)ui_cut_right(&in, ui_gap(ui));
        in = ui_inset(in, 0, (in.h - words_h) / 2);
    }
    (void)ui_para(ui, in, "words", words, SIZE_BODY, FONT_MEDIUM, TONE_PLAIN);
    (void)ui_segments(ui, answers, "answer", options, COUNT_OF(options));
    ui_pop(ui);
    ui_scroll_space(s, ui_gap(ui));
}

static void gallery_check(struct ui *ui, char *text)
{
    const struct ui_field note = {
        .id = "note", .label = "Note", .placeholder = "Note", .icon = ICON_PENCIL
    };
    struct rect page = ui_page(ui);
    struct rect body = gallery_bar(ui, &page, "Visual inspection", true);
    int gap = ui_gap(ui);
    struct ui_scroll s;

    if (!ui_keyboard_open(ui)) {
        struct rect foot = ui_cut_bottom(&body, ui_mm_y(ui, 15));

        (void)ui_cut_bottom(&body, gap);
        (void)ui_button(ui, ui_cut_left(&foot, foot.w * 35 / 100), "later", "Save for later",
                        ICON_NONE, UI_PLAIN);
        (void)ui_cut_left(&foot, gap);
        if (text[0] == 'x')
            (void)ui_button(ui, foot, "sign", "Sign and record", ICON_PENCIL, UI_PRIMARY);
        else
            (void)ui_button_off(ui, foot, "sign", "Sign and record", ICON_PENCIL,
                                "One question is left: the switch");
        ui_progress(ui, ui_cut_top(&body, ui_mm_y(ui, 2)), "progress", "3 of 4 answered", 3, 4);
        (void)ui_cut_top(&body, gap);
    }
    (void)ui_field(ui, ui_cut_top(&body, ui_field_height(ui)), &note, text, 64, NULL);
    (void)ui_cut_top(&body, gap);
    if (body.h < ui_mm_y(ui, 15))
        return;
    s = ui_scroll_begin(ui, body, "questions");
    gallery_question(ui, &s, "plug", "Plug: no cracks, pins straight, correct fuse (3 A)", 1);
    gallery_question(ui, &s, "flex", "Flex: no cuts, taping or strain at either end", 1);
    gallery_question(ui, &s, "case", "Case: intact, no scorching or liquid inside", 2);
    gallery_question(ui, &s, "switch", "Switch and indicator work", 3);
    ui_scroll_end(ui, &s);
}

static void gallery_widgets(struct ui *ui, char *text)
{
    static const struct {
        const char *id, *word;
        enum ui_tone tone;
    } badges[] = { { "good", "In date", TONE_GOOD },     { "due", "Due today", TONE_DUE },
                   { "late", "4 days late", TONE_LATE }, { "bad", "Failed", TONE_BAD },
                   { "info", "Set aside", TONE_INFO },   { "plain", "Scanned", TONE_PLAIN } };
    const struct ui_tile row = {
        .id = "selected", .title = "T. Person", .icon = ICON_PERSON, .card = CARD_SELECTED
    };
    const struct ui_tile more = {
        .id = "more", .title = "More people", .icon = ICON_PEOPLE, .right = "12"
    };
    struct rect page = ui_page(ui);
    struct rect body = gallery_bar(ui, &page, "Widgets", true);
    int gap = ui_gap(ui);
    struct ui_scroll s = ui_scroll_begin(ui, body, "all");

    (void)text;
    struct rect line = ui_scroll_row(&s, ui_badge_height(ui));
    for (size_t i = 0; i < COUNT_OF(badges); i++) {
        int w = ui_badge_width(ui, badges[i].word, badges[i].tone);

        if (w > line.w) {
            ui_scroll_space(&s, gap);
            line = ui_scroll_row(&s, ui_badge_height(ui));
        }
        (void)ui_badge(ui, ui_cut_left(&line, w), badges[i].id, badges[i].word, badges[i].tone);
        (void)ui_cut_left(&line, gap);
    }
    ui_scroll_space(&s, gap);
    for (int i = 0; i < 2; i++) {
        const char *word = i == 0 ? "Open: 12 plates not destroyed" : "You may use it";
        const char *words =
            i == 0 ? "Autoclave and record them by Friday." : "All three checks are in date.";
        int h = ui_banner_height(ui, s.view.w, word, words, NULL);

        ui_banner(ui, ui_scroll_row(&s, h), i == 0 ? "open" : "ok", word, words,
                  i == 0 ? TONE_DUE : TONE_GOOD);
        ui_scroll_space(&s, gap);
    }
    struct rect pair = ui_scroll_row(&s, ui_mm_y(ui, 15));
    (void)ui_tile(ui, ui_col(pair, 0, 2, gap), &row);
    (void)ui_tile(ui, ui_col(pair, 1, 2, gap), &more);
    ui_scroll_space(&s, 2 * gap);
    pair = ui_scroll_row(&s, ui_mm_y(ui, 15));
    (void)ui_cut_right(&pair, 2 * gap);
    (void)ui_button(ui, ui_col(pair, 0, 3, 2 * gap), "go", "Try now", ICON_SYNC, UI_PRIMARY);
    (void)ui_button(ui, ui_col(pair, 1, 3, 2 * gap), "plain_b", "Why?", ICON_HELP, UI_PLAIN);
    (void)ui_button(ui, ui_col(pair, 2, 3, 2 * gap), "retire", "Retire", ICON_CROSS,
                    ui_portrait(ui) ? UI_PLAIN : UI_DESTRUCTIVE);
    ui_scroll_space(&s, 2 * gap);
    (void)ui_pin_pad(ui, ui_scroll_row(&s, 4 * ui_mm_y(ui, 13) + 3 * gap), "pin", "Sign", false);
    ui_scroll_end(ui, &s);
    (void)ui_toast(ui, "Recorded: 12 checks", "Undo", TONE_GOOD);
}

static void gallery_pads(struct ui *ui, char *text)
{
    const struct ui_field number = {
        .id = "number", .label = "Count", .keyboard = KEYBOARD_NUMBER, .unit = "counts"
    };
    const struct ui_field code = { .id = "code",
                                   .label = "Number",
                                   .keyboard = KEYBOARD_CODE,
                                   .icon = ICON_BARCODE,
                                   .placeholder = "EXA-…",
                                   .bad = text[0] == '\0' };
    struct rect page = ui_page(ui);
    struct rect body = gallery_bar(ui, &page, "Type the number", true);
    struct rect line = ui_cut_top(&body, ui_field_height(ui));

    (void)ui_field(ui, ui_col(line, 0, 2, ui_gap(ui)), &number, text, 16, NULL);
    (void)ui_field(ui, ui_col(line, 1, 2, ui_gap(ui)), &code, text, 16, NULL);
}

struct scene {
    const char *name;
    void (*page)(struct ui *ui, char *text);
    const char *focus;
    const char *text;
};

static const struct scene scenes[] = {
    { "home", gallery_home, NULL, "" },
    { "item", gallery_item, NULL, "" },
    { "check", gallery_check, NULL, "" },
    { "check-keyboard", gallery_check, "/check-keyboard/note", "xScorched near the plug" },
    { "number", gallery_pads, "/number/number", "120" },
    { "code", gallery_pads, "/code/code", "" },
    { "widgets", gallery_widgets, NULL, "" },
};

static int gallery_scene(const char *folder, const struct panel *p, const struct scene *scene)
{
    const struct window_options options = {
        .title = "gallery", .w = p->w, .h = p->h, .memory = true, .assets = "assets"
    };
    const struct ui_frame frame = { .w = p->w,
                                    .h = p->h,
                                    .scale = { p->w / p->w_mm, p->h / p->h_mm, p->large },
                                    .screen = scene->name };
    const struct draw_list *list = NULL;
    const struct ui_tree *tree = NULL;
    struct audit_faults faults = { 0 };
    struct window *window = NULL;
    struct arena arena;
    struct why why = { 0 };
    char text[64], path[512];
    struct ui *ui;

    if (window_open(&options, &window, &why) != ERR_OK) {
        (void)fprintf(stderr, "gallery: %s\n", why.text);
        return 1;
    }
    ui = ui_new(window_measure(window));
    arena_init(&arena, 1 << 20);
    (void)str_copy(text, sizeof(text), scene->text);
    for (int i = 0; i < 6; i++) {
        ui_begin(ui, &frame);
        if (i == 0 && scene->focus != NULL)
            ui_focus(ui, scene->focus);
        scene->page(ui, text);
        ui_end(ui, &list, &tree);
    }
    (void)window_present(window, list);
    (void)str_format(path, sizeof(path), "%s/%s-%s.png", folder, scene->name, p->name);
    if (window_shot(window, path, &why) != ERR_OK)
        (void)fprintf(stderr, "gallery: %s\n", why.text);
    if (audit_run(tree, &frame.scale, &arena, &faults) != ERR_OK)
        (void)fprintf(stderr, "gallery: audit ran out of memory\n");
    for (size_t i = 0; i < faults.count; i++)
        printf("%s-%s: %s %s: %s\n", scene->name, p->name, faults.faults[i].rule,
               faults.faults[i].path, faults.faults[i].text);
    arena_done(&arena);
    ui_free(ui);
    window_close(window);
    return faults.count > 0;
}

int main(int argc, char **argv)
{
    int bad = 0;

    if (argc != 2) {
        (void)fprintf(stderr, "usage: gallery FOLDER\n");
        return 2;
    }
    for (size_t i = 0; i < COUNT_OF(panels); i++)
        for (size_t k = 0; k < COUNT_OF(scenes); k++)
            bad += gallery_scene(argv[1], &panels[i], &scenes[k]);
    return bad > 0;
}
