#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/ui/ui.h"
#include "platform/base/attr.h"
#include "platform/base/str.h"
#include "tests/app/ui/stage.h"

struct words {
    const char *text;
    int width;
    int height_used;
};

static void para_page(struct ui *ui, void *state)
{
    struct words *w = state;

    w->height_used = ui_para(ui, (struct rect){ 10, 10, w->width, 400 }, "p", w->text, SIZE_BODY,
                             FONT_REGULAR, TONE_PLAIN);
}

static void label_page(struct ui *ui, void *state)
{
    struct words *w = state;

    (void)ui_label(ui, (struct rect){ 10, 10, w->width, 60 }, "l", w->text, SIZE_BODY, FONT_REGULAR,
                   TONE_PLAIN, ALIGN_LEFT);
}

static void shown_words(const struct stage *s, char *out, size_t size)
{
    struct buf b;

    buf_init(&b, size - 1);
    for (size_t i = 0; i < s->list->count; i++)
        if (s->list->cmds[i].op == DRAW_TEXT) {
            buf_str(&b, b.len > 0 ? "|" : "");
            buf_add(&b, s->list->cmds[i].text, s->list->cmds[i].len);
        }
    assert_int_equal(buf_done(&b, NULL), ERR_OK);
    assert_true(str_copy(out, size, b.data == NULL ? "" : b.data));
    buf_free(&b);
}

/* Body type is 23 px on this panel, so a character is 11.5 px wide. */
static void text_wraps_at_words_and_line_breaks(void **unused)
{
    static const struct {
        const char *text, *lines;
        int width;
    } cases[] = {
        { "one two three", "one two|three", 92 },
        { "one two three", "one two three", 400 },
        { "one\ntwo", "one|two", 400 },
        { "one\n\ntwo", "one|two", 400 },
        { "a  b", "a  b", 400 },
        { "unbreakable", "unbre|akabl|e", 58 },
        { "über größe", "über|größe", 70 },
        { "Anna-Maria", "Anna-|Maria", 92 },
        { "Eilidh Anna-Maria", "Eilidh|Anna-|Maria", 92 },
        { "see Anna-Maria", "see|Anna-Maria", 120 },
        { "Anna-Maria-Lou", "Anna-Maria-|Lou", 150 },
        { "-unbreakable", "-unbr|eakab|le", 58 },
        { "", "", 100 },
    };

    (void)unused;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct words w = { .text = cases[i].text, .width = cases[i].width };
        struct stage s;
        char got[128];

        stage_open(&s, para_page, &w);
        shown_words(&s, got, sizeof(got));
        assert_string_equal(got, cases[i].lines);
        assert_int_equal(w.height_used,
                         ui_para_height(s.ui, w.width, w.text, SIZE_BODY, FONT_REGULAR));
        stage_close(&s);
    }
}

static void label_too_long_is_shortened_whole_in_the_tree_and_marked(void **unused)
{
    struct words w = { .text = "Schlüsselgröße", .width = 100 };
    struct stage s;
    char got[64];

    (void)unused;
    stage_open(&s, label_page, &w);
    shown_words(&s, got, sizeof(got));
    assert_string_equal(got, "Schlüss…");
    assert_string_equal(stage_node(&s, "/test/l")->label, "Schlüsselgröße");
    assert_true(stage_node(&s, "/test/l")->state & STATE_CLIPPED);
    w.width = 300;
    stage_idle(&s);
    assert_false(stage_node(&s, "/test/l")->state & STATE_CLIPPED);
    stage_close(&s);
}

static void small_para_page(struct ui *ui, void *state)
{
    (void)state;
    (void)ui_para(ui, (struct rect){ 10, 10, 100, 40 }, "p", "one two three four five six",
                  SIZE_BODY, FONT_REGULAR, TONE_PLAIN);
}

static void paragraph_past_its_box_is_marked(void **unused)
{
    struct stage s;

    (void)unused;
    stage_open(&s, small_para_page, NULL);
    assert_true(stage_node(&s, "/test/p")->state & STATE_CLIPPED);
    stage_close(&s);
}

/* In large letters: room for a name's halves is room enough, and a label stays in one piece as long as smaller letters let
   it. */
static void name_goes_on_after_its_hyphen_before_its_letters_get_smaller(void **unused)
{
    struct words w = { .text = "Catherine-Elizabeth", .width = 260 };
    struct stage s;
    char got[64];

    (void)unused;
    stage_open(&s, para_page, &w);
    s.frame.scale.large = true;
    stage_idle(&s);
    shown_words(&s, got, sizeof(got));
    assert_string_equal(got, "Catherine-|Elizabeth");
    assert_int_equal(stage_node(&s, "/test/p")->text_px, ui_px(s.ui, SIZE_BODY));
    w.text = "AUTOCLAVE-0042";
    stage_idle(&s);
    shown_words(&s, got, sizeof(got));
    assert_string_equal(got, "AUTOCLAVE-0042");
    assert_true(stage_node(&s, "/test/p")->text_px < ui_px(s.ui, SIZE_BODY));
    stage_close(&s);
}

static void long_run_page(struct ui *ui, void *state)
{
    static const struct ui_run run = {
        .text = "NicLeod-Sullivan", .len = 16, .font = FONT_BOLD, .tone = TONE_PLAIN
    };

    (void)state;
    (void)ui_runs(ui, (struct rect){ 10, 10, 120, 400 }, "r", &run, 1, SIZE_BODY, true);
}

static void long_word_of_a_run_goes_on_after_its_hyphen(void **unused)
{
    struct stage s;
    char got[128];

    (void)unused;
    stage_open(&s, long_run_page, NULL);
    shown_words(&s, got, sizeof(got));
    assert_string_equal(got, "NicLeod-|Sullivan");
    stage_close(&s);
}

static int runs_height;

static void runs_page(struct ui *ui, void *state)
{
    static const struct ui_run runs[] = {
        { .text = "see magnes", .len = 10, .font = FONT_BOLD, .tone = TONE_PLAIN },
        { .text = "ium now",
          .len = 7,
          .font = FONT_REGULAR,
          .tone = TONE_MUTED,
          .underline = true },
    };

    (void)state;
    runs_height = ui_runs(ui, (struct rect){ 10, 10, 130, 400 }, "r", runs, 2, SIZE_BODY, true);
    assert_int_equal(runs_height, ui_runs(ui, (struct rect){ 10, 10, 130, 400 }, "r", runs, 2,
                                          SIZE_BODY, false));
}

static void word_over_the_end_of_a_run_is_not_broken(void **unused)
{
    struct stage s;
    char got[128];

    (void)unused;
    stage_open(&s, runs_page, NULL);
    shown_words(&s, got, sizeof(got));
    assert_string_equal(got, "see| |magnes|ium| |now");
    assert_int_equal(runs_height, 3 * ui_line_height(s.ui, SIZE_BODY));
    assert_string_equal(stage_node(&s, "/test/r")->label, "see magnesium now");
    stage_close(&s);
}

/* H2O with its figure low, and m3 with it high; the widths are of the fixed font of the stage. */
static void script_page(struct ui *ui, void *state)
{
    static const struct ui_run runs[] = {
        { .text = "H", .len = 1, .font = FONT_REGULAR },
        { .text = "2", .len = 1, .font = FONT_REGULAR, .script = SCRIPT_SUB },
        { .text = "O m", .len = 3, .font = FONT_REGULAR },
        { .text = "3", .len = 1, .font = FONT_REGULAR, .script = SCRIPT_SUP },
    };
    int word = 0;

    (void)state;
    (void)ui_runs(ui, (struct rect){ 10, 100, 400, 400 }, "r", runs, 4, SIZE_BODY, true);
    assert_true(ui_runs_width(ui, runs, 4, SIZE_BODY, &word) > word);
    assert_true(word > ui_text_width(ui, "HO", SIZE_BODY, FONT_REGULAR));
    assert_true(word < ui_text_width(ui, "H2O", SIZE_BODY, FONT_REGULAR));
}

static int baseline_of(const struct stage *s, const struct draw_cmd *cmd)
{
    (void)s;
    return cmd->r.y + stage_measure.metrics(stage_measure.ctx, cmd->font, cmd->size_px).ascent;
}

static void indices_are_small_and_off_the_baseline(void **unused)
{
    struct stage s;
    const struct draw_cmd *at[8] = { NULL };
    size_t count = 0;

    (void)unused;
    stage_open(&s, script_page, NULL);
    for (size_t i = 0; i < s.list->count && count < COUNT_OF(at); i++)
        if (s.list->cmds[i].op == DRAW_TEXT && *s.list->cmds[i].text != ' ')
            at[count++] = &s.list->cmds[i];
    assert_int_equal(count, 5); /* H 2 O m 3 */
    assert_true(at[1]->size_px < at[0]->size_px);
    assert_true(baseline_of(&s, at[1]) > baseline_of(&s, at[0]));
    assert_int_equal(baseline_of(&s, at[2]), baseline_of(&s, at[0]));
    assert_true(baseline_of(&s, at[4]) < baseline_of(&s, at[0]));
    assert_int_equal(at[1]->r.x, at[0]->r.x + at[0]->r.w);
    assert_string_equal(stage_node(&s, "/test/r")->label, "H2O m3");
    stage_close(&s);
}

static void no_page(struct ui *ui, void *state)
{
    (void)ui;
    (void)state;
}

static void sizes_follow_the_panels_millimetres(void **unused)
{
    static const struct {
        int w, h;
        double w_mm, h_mm;
        int body;
        bool small, portrait;
    } cases[] = {
        { 800, 480, 154.08, 85.92, 23, true, false },
        { 1280, 800, 216.96, 135.6, 24, false, false },
        { 720, 1280, 87, 154.5, 34, true, true },
    };

    (void)unused;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct stage s;

        stage_open(&s, no_page, NULL);
        stage_panel(&s, cases[i].w, cases[i].h, cases[i].w_mm, cases[i].h_mm);
        assert_int_equal(ui_px(s.ui, SIZE_BODY), cases[i].body);
        assert_true(ui_px(s.ui, SIZE_SMALL) * 0.727 / s.frame.scale.px_per_mm_y >= 2.4);
        assert_true(ui_gap(s.ui) / s.frame.scale.px_per_mm_x >= 3 &&
                    ui_gap(s.ui) / s.frame.scale.px_per_mm_y >= 3);
        assert_int_equal(ui_small(s.ui), cases[i].small);
        assert_int_equal(ui_portrait(s.ui), cases[i].portrait);
        s.frame.scale.large = true;
        stage_idle(&s);
        assert_true(ui_px(s.ui, SIZE_BODY) * 0.727 / s.frame.scale.px_per_mm_y > 6.05);
        stage_close(&s);
    }
}

static void large_words_without_room_get_smaller_and_stay_whole(void **unused)
{
    struct words w = { .text = "Clackmannanshire", .width = 300 };
    struct stage s;

    (void)unused;
    stage_open(&s, label_page, &w);
    s.frame.scale.large = true;
    stage_idle(&s);
    const struct ui_node *n = stage_node(&s, "/test/l");
    assert_non_null(n);
    assert_int_equal(n->state & STATE_CLIPPED, 0);
    assert_true(n->r.w <= w.width && n->text_px > 23);
    /* Never smaller than the body of the normal letters: there it is cut. */
    w.width = 100;
    stage_idle(&s);
    n = stage_node(&s, "/test/l");
    assert_int_equal(n->text_px, 23);
    assert_int_not_equal(n->state & STATE_CLIPPED, 0);
    s.page = para_page;
    w.width = 300;
    stage_idle(&s);
    n = stage_node(&s, "/test/p");
    assert_non_null(n);
    assert_int_equal(w.height_used, n->r.h);
    assert_true(w.height_used <= 2 * n->text_px);
    stage_close(&s);
}

static void cutting_never_gives_negative_room(void **unused)
{
    struct rect r = { 0, 0, 100, 50 };
    struct rect cut = ui_cut_top(&r, 70);

    (void)unused;
    assert_int_equal(cut.h, 50);
    assert_int_equal(r.h, 0);
    assert_int_equal(ui_cut_left(&r, -5).w, 0);
    assert_int_equal(ui_cut_right(&r, 30).x, 70);
    assert_int_equal(ui_inset(r, 100, 100).w, 0);
    cut = ui_col((struct rect){ 10, 0, 101, 9 }, 2, 3, 4);
    assert_int_equal(cut.x + cut.w, 111);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_wraps_at_words_and_line_breaks),
        cmocka_unit_test(label_too_long_is_shortened_whole_in_the_tree_and_marked),
        cmocka_unit_test(paragraph_past_its_box_is_marked),
        cmocka_unit_test(name_goes_on_after_its_hyphen_before_its_letters_get_smaller),
        cmocka_unit_test(long_word_of_a_run_goes_on_after_its_hyphen),
        cmocka_unit_test(word_over_the_end_of_a_run_is_not_broken),
        cmocka_unit_test(indices_are_small_and_off_the_baseline),
        cmocka_unit_test(sizes_follow_the_panels_millimetres),
        cmocka_unit_test(large_words_without_room_get_smaller_and_stay_whole),
        cmocka_unit_test(cutting_never_gives_negative_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
