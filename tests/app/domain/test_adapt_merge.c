#include "tests/app/domain/adapt_rig.h"

static const struct adapt_row *row_of(const struct adapt_row *rows, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(rows[i].path, path))
            return &rows[i];
    }
    fail_msg("no row %s", path);
    return NULL;
}

/* The rig's model revised, compared with the copy in hand. */
static size_t revise(struct rig *r, const char *from, const char *to, struct adapt_lines *now,
                     struct adapt_row **rows)
{
    size_t count = 0;

    rig_read(r, rig_other(r, from, to));
    rig_ok(adapt_lines(&r->a, &r->m, r->x.stage, now, &r->why), &r->why);
    rig_ok(adapt_three_way(&r->a, r->x.base, *now, r->x.mine, rows, &count, &r->why), &r->why);
    return count;
}

static void model_that_did_not_change_gives_mine_alone(void **state)
{
    struct adapt_row *rows = NULL;
    size_t count = 0;
    struct rig r;

    (void)state;
    rig_open(&r, "N5");
    rig_ok(adapt_three_way(&r.a, r.x.base, r.x.base, r.x.mine, &rows, &count, &r.why), &r.why);
    assert_int_equal(count, 0);
    rig_ok(adapt_add(&r.a, &r.x, "control", "Stand up", NULL, &r.why), &r.why);
    rig_ok(adapt_three_way(&r.a, r.x.base, r.x.base, r.x.mine, &rows, &count, &r.why), &r.why);
    assert_int_equal(count, 1);
    assert_false(rows[0].conflict || rows[0].in_base || rows[0].in_now);
    assert_string_equal(rows[0].mine, "Stand up");
    rig_close(&r);
}

static void control_put_in_front_moves_the_others_and_changes_none(void **state)
{
    struct adapt_lines now;
    struct adapt_row *rows = NULL;
    struct rig r;

    (void)state;
    rig_open(&r, "N5");
    assert_int_equal(
        revise(&r, "controls:\n", "controls:\n  - { text: Gloves, type: ppe }\n", &now, &rows), 1);
    assert_string_equal(rows[0].path, "control/1");
    assert_string_equal(rows[0].model_now, "Gloves");
    assert_true(rows[0].in_now && !rows[0].in_base && !rows[0].in_mine && !rows[0].conflict);
    rig_ok(adapt_rebase(&r.a, &r.m, "N5", &r.x, &r.why), &r.why);
    assert_string_equal(rig_text(&r, "control/1"), "Gloves");
    assert_string_equal(rig_text(&r, "control/3"), "The flask stays open");
    assert_int_equal(rig_judge(&r), ADAPT_NOTHING);
    rig_close(&r);
}

static void reworded_line_is_found_again_and_mine_conflicts_with_it(void **state)
{
    const struct adapt_row *row;
    struct adapt_lines now;
    struct adapt_row *rows = NULL;
    size_t count;
    struct rig r;

    (void)state;
    rig_open(&r, "N5");
    rig_ok(adapt_text(&r.a, &r.x, "control/1", "Tiny volumes of weak acid", &r.why), &r.why);
    count =
        revise(&r, "Small volumes of weak acid", "Small volumes of very weak acid", &now, &rows);
    assert_int_equal(count, 1);
    row = row_of(rows, count, "control/1");
    assert_true(row->conflict);
    assert_string_equal(row->base, "Small volumes of weak acid");
    assert_string_equal(row->model_now, "Small volumes of very weak acid");
    assert_string_equal(row->mine, "Tiny volumes of weak acid");
    rig_ok(adapt_rebase(&r.a, &r.m, "N5", &r.x, &r.why), &r.why);
    assert_string_equal(rig_text(&r, "control/1"), "Tiny volumes of weak acid");
    assert_int_equal(rig_judge(&r), ADAPT_METHOD);
    rig_ok(adapt_reset(&r.a, &r.x, "control/1", &r.why), &r.why);
    assert_string_equal(rig_text(&r, "control/1"), "Small volumes of very weak acid");
    assert_int_equal(rig_judge(&r), ADAPT_NOTHING);
    rig_close(&r);
}

static void tightened_model_makes_a_tightened_copy_loosen(void **state)
{
    const struct adapt_row *row;
    struct adapt_lines now;
    struct adapt_row *rows = NULL;
    size_t count;
    struct rig r;

    (void)state;
    rig_open(&r, "N5");
    rig_ok(adapt_amount(&r.a, &r.x, "chemical/hydrochloric-acid/conc", 0.5, &r.why), &r.why);
    assert_int_equal(rig_judge(&r), ADAPT_TIGHTENS);
    count = revise(&r, "conc: 1, unit: mol/l", "conc: 0.4, unit: mol/l", &now, &rows);
    row = row_of(rows, count, "chemical/hydrochloric-acid/conc");
    assert_true(row->conflict);
    assert_string_equal(row->model_now, "0.4 mol/l");
    rig_ok(adapt_rebase(&r.a, &r.m, "N5", &r.x, &r.why), &r.why);
    assert_string_equal(rig_text(&r, "chemical/hydrochloric-acid/conc"), "0.5 mol/l");
    assert_int_equal(rig_judge(&r), ADAPT_LOOSENS);
    rig_close(&r);
}

static void both_changing_to_the_same_is_no_conflict(void **state)
{
    struct adapt_lines now;
    struct adapt_row *rows = NULL;
    struct rig r;

    (void)state;
    rig_open(&r, "N5");
    rig_ok(adapt_amount(&r.a, &r.x, "chemical/hydrochloric-acid/conc", 0.4, &r.why), &r.why);
    rig_ok(adapt_add(&r.a, &r.x, "control", "Gloves", NULL, &r.why), &r.why);
    assert_int_equal(revise(&r, "conc: 1, unit: mol/l", "conc: 0.4, unit: mol/l", &now, &rows), 2);
    assert_false(rows[0].conflict || rows[1].conflict);
    assert_int_equal(
        revise(&r, "controls:\n", "controls:\n  - { text: Gloves, type: ppe }\n", &now, &rows), 2);
    assert_true(row_of(rows, 2, "control/1")->in_mine);
    rig_ok(adapt_rebase(&r.a, &r.m, "N5", &r.x, &r.why), &r.why);
    /* Once, as the model's own. */
    assert_string_equal(rig_text(&r, "control/1"), "Gloves");
    assert_string_equal(rig_text(&r, "control/+1"), "(none)");
    rig_close(&r);
}

static void line_taken_from_the_model_stays_only_where_i_changed_it(void **state)
{
    struct adapt_lines now;
    struct adapt_row *rows = NULL;
    const struct adapt_row *row;
    size_t count;
    struct rig r;

    (void)state;
    rig_open(&r, "N5");
    rig_ok(adapt_text(&r.a, &r.x, "step/3", "Read the balance each half minute.", &r.why), &r.why);
    count = revise(&r, "3. Read the balance each minute.\n", "", &now, &rows);
    row = row_of(rows, count, "step/3");
    assert_true(row->conflict && !row->in_now && row->in_mine);
    rig_ok(adapt_rebase(&r.a, &r.m, "N5", &r.x, &r.why), &r.why);
    assert_string_equal(rig_text(&r, "step/+1"), "Read the balance each half minute.");
    assert_string_equal(rig_text(&r, "step/3"), "(none)");
    assert_int_equal(rig_judge(&r), ADAPT_METHOD);
    rig_close(&r);
}

static void line_i_took_away_and_the_model_changed_is_a_conflict(void **state)
{
    struct adapt_lines now;
    struct adapt_row *rows = NULL;
    const struct adapt_row *row;
    size_t count;
    struct rig r;

    (void)state;
    rig_open(&r, "N5");
    rig_ok(adapt_remove(&r.a, &r.x, "control/1", &r.why), &r.why);
    count =
        revise(&r, "Small volumes of weak acid", "Small volumes of very weak acid", &now, &rows);
    row = row_of(rows, count, "control/1");
    assert_true(row->conflict && !row->in_mine);
    rig_ok(adapt_rebase(&r.a, &r.m, "N5", &r.x, &r.why), &r.why);
    assert_string_equal(rig_text(&r, "control/1"), "(none)");
    assert_int_equal(rig_judge(&r), ADAPT_LOOSENS);
    rig_close(&r);
}

static void additions_keep_their_place_behind_the_line_they_followed(void **state)
{
    struct adapt_lines now;
    struct adapt_row *rows = NULL;
    size_t at;
    struct rig r;

    (void)state;
    rig_open(&r, "N5");
    rig_ok(adapt_add(&r.a, &r.x, "step", "Tap the flask.", "step/1", &r.why), &r.why);
    rig_ok(adapt_tick(&r.a, &r.m, &r.x, "asthma", true, &r.why), &r.why);
    rig_ok(adapt_groups(&r.a, &r.x, 6, &r.why), &r.why);
    (void)revise(&r, "1. Weigh the marble.\n", "1. Put goggles on.\n2. Weigh the marble.\n", &now,
                 &rows);
    rig_ok(adapt_rebase(&r.a, &r.m, "N5", &r.x, &r.why), &r.why);
    at = 0;
    while (!str_eq(r.x.mine.line[at].path, "step/1"))
        at++;
    assert_string_equal(r.x.mine.line[at].text, "Put goggles on.");
    assert_string_equal(r.x.mine.line[at + 1].text, "Weigh the marble.");
    assert_string_equal(r.x.mine.line[at + 2].text, "Tap the flask.");
    assert_string_equal(r.x.mine.line[at + 3].text, "Pour the acid on it.");
    assert_string_equal(rig_text(&r, "consider/asthma/1"), "Seat them by the window");
    assert_string_equal(rig_text(&r, "groups"), "6 groups");
    rig_close(&r);
}

/* Of every key: a model that had no such line, and one that had. */
static void every_line_that_the_model_gains_is_in_the_copy(void **state)
{
    static const struct {
        const char *from, *to;
    } cases[] = {
        { "do_nots: [Never stopper the flask]\n", "" },
        { "hazards:\n  - { what: Acid, who: Pupils, how: It splashes into an eye }\n", "" },
        { "groups: 10\n", "" },
        { "needs: T\n", "" },
        { "signs: [w001]\n", "" },
        { "ppe: [m004]\n", "" },
        { "rooms: [sink, ventilation]\n", "" },
        { "disposal: [Down the drain with water]\n", "" },
        { "prep: [Label the acid, Set out the flasks]\n", "" },
        { "quantities:\n  - { what: Flask, each: \"1\" }\n", "" },
        { ", stop_point: A stoppered flask bursts", "" },
        { "  - { text: Small volumes of weak acid, type: dilute }\n", "" },
        { "1. Weigh the marble.\n", "" },
        { "  - { chemical: calcium-carbonate, conc: \"\", unit: solid }\n", "" },
        { "[Never stopper the flask]", "[]" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rig r;
        struct assessment whole;
        struct doc doc;

        rig_open(&r, "N5");
        doc = r.doc;
        whole = r.m;
        whole.doc = &doc;
        rig_read(&r, rig_other(&r, cases[i].from, cases[i].to));
        rig_ok(adapt_begin(&r.a, &r.m, "N5", &r.x, &r.why), &r.why);
        rig_ok(adapt_add(&r.a, &r.x, "control", "Stand up", NULL, &r.why), &r.why);
        rig_ok(adapt_rebase(&r.a, &whole, "N5", &r.x, &r.why), &r.why);
        for (size_t k = 0; k < r.x.base.count; k++) {
            if (adapt_line_of(r.x.mine, r.x.base.line[k].path) == NULL)
                fail_msg("case %zu: %s was lost", i, r.x.base.line[k].path);
        }
        assert_int_equal(rig_judge(&r), ADAPT_TIGHTENS);
        rig_close(&r);
    }
}

static void choosing_the_stage_first_takes_nothing_away(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "");
    rig_ok(adapt_rebase(&r.a, &r.m, "N5", &r.x, &r.why), &r.why);
    assert_string_equal(rig_text(&r, "stage"), "N5");
    assert_int_equal(rig_judge(&r), ADAPT_NOTHING);
    assert_true(adapt_same(r.x.base, r.x.mine));
    rig_close(&r);
}

static void my_order_of_steps_holds_where_the_model_kept_its_own(void **state)
{
    struct adapt_lines now;
    struct adapt_row *rows = NULL;
    size_t at = 0;
    struct rig r;

    (void)state;
    rig_open(&r, "N5");
    rig_ok(adapt_move(&r.a, &r.x, "step/1", 1, &r.why), &r.why);
    (void)revise(&r, "conc: 1, unit: mol/l", "conc: 0.8, unit: mol/l", &now, &rows);
    rig_ok(adapt_rebase(&r.a, &r.m, "N5", &r.x, &r.why), &r.why);
    while (!str_eq(r.x.mine.line[at].key, "step"))
        at++;
    assert_string_equal(r.x.mine.line[at].path, "step/2");
    assert_string_equal(rig_text(&r, "chemical/hydrochloric-acid/conc"), "0.8 mol/l");
    assert_int_equal(rig_judge(&r), ADAPT_METHOD);
    rig_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(model_that_did_not_change_gives_mine_alone),
        cmocka_unit_test(control_put_in_front_moves_the_others_and_changes_none),
        cmocka_unit_test(reworded_line_is_found_again_and_mine_conflicts_with_it),
        cmocka_unit_test(tightened_model_makes_a_tightened_copy_loosen),
        cmocka_unit_test(both_changing_to_the_same_is_no_conflict),
        cmocka_unit_test(line_taken_from_the_model_stays_only_where_i_changed_it),
        cmocka_unit_test(line_i_took_away_and_the_model_changed_is_a_conflict),
        cmocka_unit_test(additions_keep_their_place_behind_the_line_they_followed),
        cmocka_unit_test(every_line_that_the_model_gains_is_in_the_copy),
        cmocka_unit_test(choosing_the_stage_first_takes_nothing_away),
        cmocka_unit_test(my_order_of_steps_holds_where_the_model_kept_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
