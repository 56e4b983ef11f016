#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/ui/audit.h"
#include "app/ui/chart.h"
#include "app/ui/theme.h"
#include "platform/base/arena.h"
#include "platform/base/attr.h"
#include "tests/app/ui/stage.h"

struct plot {
    struct ui_chart chart;
    struct rect r;
};

static void plot_page(struct ui *ui, void *state)
{
    const struct plot *p = state;
    (void)ui_heading(ui, (struct rect){ 10, 10, 300, 40 }, "title", "Readings", SIZE_BODY,
                     FONT_BOLD, TONE_PLAIN, ALIGN_LEFT);
    ui_chart(ui, p->r, &p->chart);
}

static const struct chart_point earth[] = {
    { .day = 20000, .value = 0.05, .has_high = true, .high = 0.1 },
    { .day = 20180, .value = 0.08, .has_high = true, .high = 0.1 },
    { .day = 20365, .value = 0.12, .bad = true, .has_high = true, .high = 0.1 },
    { .day = 20400, .value = 0.06, .has_high = true, .high = 0.2 },
};

static struct plot plot_of(const struct chart_point *points, size_t count)
{
    return (struct plot){ .chart = { .id = "earth",
                                     .label = "Earth bond: 0.06 ohm today, at most 0.2",
                                     .points = points,
                                     .count = count,
                                     .from = "Oct 2024",
                                     .to = "Nov 2025" },
                          .r = { 10, 60, 500, 300 } };
}

static size_t boxes(const struct stage *s, color fill, struct rect inside)
{
    size_t n = 0;
    for (size_t i = 0; i < s->list->count; i++) {
        const struct draw_cmd *c = &s->list->cmds[i];
        bool in = c->r.x >= inside.x && c->r.y >= inside.y &&
                  c->r.x + c->r.w <= inside.x + inside.w && c->r.y + c->r.h <= inside.y + inside.h;
        n += c->op == DRAW_BOX && c->fill == fill && in ? 1 : 0;
    }
    return n;
}

static void chart_says_in_words_what_it_draws(void **unused)
{
    (void)unused;
    struct plot p = plot_of(earth, COUNT_OF(earth));
    struct stage s;
    stage_open(&s, plot_page, &p);
    const struct ui_node *n = stage_node(&s, "/test/earth");
    assert_non_null(n);
    assert_string_equal(n->label, p.chart.label);
    assert_int_equal(n->role, ROLE_PICTURE);
    assert_true(ui_tree_shows(s.tree, "Oct 2024"));
    assert_true(ui_tree_shows(s.tree, "Nov 2025"));
    stage_close(&s);
}

static void limit_in_force_stands_at_the_axis(void **unused)
{
    (void)unused;
    struct plot p = plot_of(earth, COUNT_OF(earth));
    struct stage s;
    stage_open(&s, plot_page, &p);
    assert_string_equal(stage_node(&s, "/test/earth/tick0")->label, "0.2");
    stage_close(&s);
}

static void all_of_it_stays_inside_its_rectangle(void **unused)
{
    (void)unused;
    static const struct chart_point wild[] = {
        { .day = 1, .value = -1e12, .has_low = true, .low = 1e300 },
        { .day = 1, .value = 5 },
        { .day = 40000, .value = 1e12 },
    };
    struct plot plots[] = { plot_of(earth, COUNT_OF(earth)), plot_of(wild, COUNT_OF(wild)),
                            plot_of(earth, 1) };
    for (size_t i = 0; i < COUNT_OF(plots); i++) {
        struct stage s;
        stage_open(&s, plot_page, &plots[i]);
        struct rect r = ui_inset(plots[i].r, -10, -10);
        assert_true(boxes(&s, THEME_ACCENT, r) > 0);
        assert_int_equal(boxes(&s, THEME_ACCENT, r),
                         boxes(&s, THEME_ACCENT, (struct rect){ -9999, -9999, 99999, 99999 }));
        stage_close(&s);
    }
}

static void fail_is_a_square_in_red_and_not_a_dot(void **unused)
{
    (void)unused;
    struct plot p = plot_of(earth, COUNT_OF(earth));
    struct stage s;
    stage_open(&s, plot_page, &p);
    size_t squares = 0;
    for (size_t i = 0; i < s.list->count; i++) {
        const struct draw_cmd *c = &s.list->cmds[i];
        squares +=
            c->op == DRAW_BOX && c->fill == THEME_BAD && c->r.w == c->r.h && c->r.w > 6 ? 1 : 0;
        if (c->fill == THEME_BAD)
            assert_int_equal(c->radius, 0);
    }
    assert_int_equal(squares, 1);
    stage_close(&s);
}

static void trend_leads_past_the_last_reading(void **unused)
{
    (void)unused;
    struct plot p = plot_of(earth, 2);
    p.chart.has_trend = true;
    p.chart.trend_day = 20180;
    p.chart.trend_value = 0.08;
    p.chart.trend_to = 20400;
    p.chart.trend_to_value = 0.1;
    struct stage s;
    stage_open(&s, plot_page, &p);
    int right = 0;
    int last = 0;
    for (size_t i = 0; i < s.list->count; i++) {
        const struct draw_cmd *c = &s.list->cmds[i];
        if (c->op == DRAW_BOX && c->fill == THEME_INK_MUTED && c->r.h < 100 && c->r.w < 100)
            right = c->r.x > right ? c->r.x : right;
        if (c->op == DRAW_BOX && c->fill == THEME_ACCENT)
            last = c->r.x > last ? c->r.x : last;
    }
    assert_true(right > last + 100);
    stage_close(&s);
}

static void nothing_to_show_and_no_room_are_both_harmless(void **unused)
{
    (void)unused;
    struct plot none = plot_of(earth, 0);
    struct plot flat = plot_of(earth, COUNT_OF(earth));
    flat.r.h = 3;
    struct stage s;
    stage_open(&s, plot_page, &none);
    assert_non_null(stage_node(&s, "/test/earth"));
    stage_close(&s);
    stage_open(&s, plot_page, &flat);
    assert_non_null(stage_node(&s, "/test/earth"));
    stage_close(&s);
}

static void more_readings_than_are_drawn_show_the_newest(void **unused)
{
    (void)unused;
    static struct chart_point many[CHART_POINTS_MAX + 1];
    for (size_t i = 0; i < COUNT_OF(many); i++)
        many[i] = (struct chart_point){ .day = 100 + (int32_t)i, .value = (double)(i % 7) };
    many[0].value = 1e6; /* the one that is left out would stretch the scale */
    struct plot p = plot_of(many, COUNT_OF(many));
    struct stage s;
    stage_open(&s, plot_page, &p);
    assert_false(ui_tree_shows(s.tree, "1e+06"));
    assert_true(s.list->count < DRAW_CMDS_MAX);
    stage_close(&s);
}

static void chart_passes_the_audit_on_every_panel(void **unused)
{
    (void)unused;
    static const struct {
        int w, h;
        double w_mm, h_mm;
    } panels[] = { { 800, 480, 154.08, 85.92 },
                   { 1280, 800, 216.96, 135.6 },
                   { 720, 1280, 87, 154.5 } };
    struct plot p = plot_of(earth, COUNT_OF(earth));
    struct stage s;
    stage_open(&s, plot_page, &p);
    for (size_t i = 0; i < COUNT_OF(panels); i++) {
        stage_panel(&s, panels[i].w, panels[i].h, panels[i].w_mm, panels[i].h_mm);
        struct arena a;
        struct audit_faults faults;
        arena_init(&a, 1 << 20);
        assert_int_equal(audit_run(s.tree, &s.frame.scale, &a, &faults), ERR_OK);
        for (size_t k = 0; k < faults.count; k++)
            print_error("%s %s: %s\n", faults.faults[k].rule, faults.faults[k].path,
                        faults.faults[k].text);
        assert_int_equal(faults.count, 0);
        arena_done(&a);
    }
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chart_says_in_words_what_it_draws),
        cmocka_unit_test(limit_in_force_stands_at_the_axis),
        cmocka_unit_test(all_of_it_stays_inside_its_rectangle),
        cmocka_unit_test(fail_is_a_square_in_red_and_not_a_dot),
        cmocka_unit_test(trend_leads_past_the_last_reading),
        cmocka_unit_test(nothing_to_show_and_no_room_are_both_harmless),
        cmocka_unit_test(more_readings_than_are_drawn_show_the_newest),
        cmocka_unit_test(chart_passes_the_audit_on_every_panel),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
