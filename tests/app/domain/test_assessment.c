#include <dirent.h>
#include <math.h>
#include <stdlib.h>

#include "platform/base/fs.h"
#include "tests/app/domain/adapt_rig.h"

static void document_becomes_an_assessment_with_every_part(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "");
    assert_int_equal(r.m.level, ASSESSMENT_CARE);
    assert_int_equal(r.m.mode, ASSESSMENT_PUPILS);
    assert_false(r.m.prep);
    assert_string_equal(r.m.source_kind, "model");
    assert_int_equal(r.m.do_not_count, 1);
    assert_int_equal(r.m.hazard_count, 1);
    assert_string_equal(r.m.hazards[0].how, "It splashes into an eye");
    assert_int_equal(r.m.control_count, 2);
    assert_int_equal(r.m.controls[1].type, ASSESSMENT_METHOD);
    assert_string_equal(r.m.controls[1].stop_point, "A stoppered flask bursts");
    assert_int_equal(r.m.stop_point_count, 1);
    assert_int_equal(r.m.chemical_count, 3);
    assert_string_equal(r.m.chemicals[0].volume_unit, "cm3");
    assert_true(r.m.chemicals[0].volume_amount == 20);
    assert_true(isnan(r.m.chemicals[1].conc));
    assert_string_equal(r.m.chemicals[2].volume, "100 cm³");
    assert_int_equal(r.m.equipment_count, 2);
    assert_string_equal(r.m.equipment[0].kind, "eyewash");
    assert_string_equal(r.m.equipment[1].name, "Balance");
    assert_string_equal(r.m.emergency[0].action, "eye");
    assert_int_equal(r.m.prep_step_count, 2);
    assert_int_equal(r.m.prep_minutes, 15);
    assert_int_equal(r.m.groups, 10);
    assert_string_equal(r.m.needs, "T");
    assert_int_equal(r.m.room_count, 2);
    assert_string_equal(r.m.considerations[0].adds, "Seat them by the window");
    rig_close(&r);
}

static void steps_are_the_list_under_what_to_do_alone(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "");
    assert_int_equal(r.m.step_count, 3);
    assert_string_equal(r.m.steps[0].text, "Weigh the marble.");
    assert_string_equal(r.m.steps[2].text, "Read the balance each minute.");
    assert_int_equal(r.doc.blocks[r.m.steps[1].block].kind, DOC_STEP);
    rig_close(&r);
}

static void step_takes_along_what_stands_inside_it(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "");
    rig_read(&r, rig_other(&r, "2. Pour the acid on it.", "2. Pour the acid\n\n   - slowly\n"));
    assert_int_equal(r.m.step_count, 3);
    assert_string_equal(r.m.steps[1].text, "Pour the acid slowly");
    rig_close(&r);
}

static void step_keeps_what_stands_high_or_low(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "");
    rig_read(&r, rig_other(&r, "2. Pour the acid on it.", "2. Pour 3 cm³ of H~2~SO~4~ on it."));
    assert_string_equal(r.m.steps[1].text, "Pour 3 cm³ of H₂SO₄ on it.");
    rig_close(&r);
}

static void stage_says_who_may_do_it_and_how_strong(void **state)
{
    static const struct {
        const char *stage;
        enum assessment_mode mode;
        double conc;
    } cases[] = {
        { "", ASSESSMENT_PUPILS, 1 },
        { "S2", ASSESSMENT_DEMONSTRATION, 0.5 }, /* N4's, the nearest older one */
        { "N3", ASSESSMENT_DEMONSTRATION, 0.5 },
        { "N4", ASSESSMENT_PUPILS, 0.5 },
        { "N5", ASSESSMENT_PUPILS, 1 }, /* not H's 2 */
        { "H", ASSESSMENT_PUPILS, 2 },
        { "Higher", ASSESSMENT_PUPILS, 2 },
        { "AH", ASSESSMENT_PUPILS, 1 },
        { "P7", ASSESSMENT_PUPILS, 1 },
    };
    struct rig r;

    (void)state;
    rig_open(&r, "");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(assessment_mode_for(&r.m, cases[i].stage), cases[i].mode);
        assert_true(assessment_conc_for(&r.m.chemicals[0], cases[i].stage) == cases[i].conc);
    }
    rig_close(&r);
}

static void demonstration_stays_one_at_every_stage(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "");
    rig_read(&r, rig_other(&r, "mode: pupils", "mode: demonstration"));
    assert_int_equal(assessment_mode_for(&r.m, "S1"), ASSESSMENT_DEMONSTRATION);
    assert_int_equal(assessment_mode_for(&r.m, "AH"), ASSESSMENT_DEMONSTRATION);
    assert_false(assessment_for_stage(&r.m, "S1"));
    assert_true(assessment_for_stage(&r.m, "AH"));
    rig_close(&r);
}

static void what_cannot_be_read_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *from, *to, *said;
    } cases[] = {
        { "kind: assessment", "kind: guidance\nx_was: x", "no risk assessment" },
        { "level: care", "level: 7", "line 8: level is" },
        { "mode: pupils", "mode: anyone", "line 9: mode is" },
        { "conc: 1, unit: mol/l", "conc: strong, unit: mol/l", "a number was wanted" },
        { "type: dilute", "type: luck", "type is none" },
        { "groups: 10", "groups: many", "whole number" },
        { "N4: 0.5", "P7: 0.5", "stage that is none" },
        { "[Never stopper the flask]", "[a, b, c, d]", "at most three" },
    };
    struct rig r;

    (void)state;
    rig_open(&r, "");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *source = rig_other(&r, cases[i].from, cases[i].to);
        struct why why = { 0 };
        struct assessment m;
        struct doc d;
        enum err rc = doc_parse(&r.a, source, strlen(source), &d, &why);

        if (rc == ERR_OK)
            rc = assessment_from_doc(&r.a, &d, &m, &why);
        assert_int_equal(rc, ERR_INPUT);
        /* The parser may refuse it before, in its own words. */
        assert_string_not_equal(why.text, "");
        if (strstr(why.text, "c99") != NULL && strstr(why.text, cases[i].said) == NULL)
            fail_msg("case %zu: %s", i, why.text);
    }
    rig_close(&r);
}

static void every_tick_adds_a_control_and_every_stage_is_ranked(void **state)
{
    size_t count = 0;
    const struct assessment_word *words = assessment_ticks(&count);

    (void)state;
    assert_int_equal(count, 14);
    for (size_t i = 0; i < count; i++)
        assert_string_not_equal(words[i].adds, "");
    words = assessment_stages(&count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(assessment_stage_rank(words[i].id), (int)i);
    assert_int_equal(assessment_stage_rank("P7"), -1);
    assert_string_equal(assessment_words("gas-isolation"), "Gas can be shut off");
    assert_string_equal(assessment_words("else"), "else");
}

/* A sample that is refused would be a page that nobody can open or adapt. */
static void every_sample_assessment_can_be_read_and_adapted(void **state)
{
    char folder[FS_PATH_MAX];
    const struct dirent *entry;
    size_t count = 0;
    DIR *dir;

    (void)state;
    assert_non_null(getenv("CANNY_SOURCE"));
    assert_int_equal(
        fs_join(folder, getenv("CANNY_SOURCE"), "assets/content/docs/assessments", NULL), ERR_OK);
    dir = opendir(folder);
    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        struct rig r = { 0 };
        char path[FS_PATH_MAX];
        char *source = NULL;
        size_t len = 0;

        if (!str_ends(entry->d_name, ".md"))
            continue;
        arena_init(&r.a, RIG_ARENA_MAX);
        rig_ok(fs_join(path, folder, entry->d_name, &r.why), &r.why);
        rig_ok(fs_read(&r.a, path, DOC_BYTES_MAX, &source, &len, &r.why), &r.why);
        rig_ok(doc_parse(&r.a, source, len, &r.doc, &r.why), &r.why);
        rig_ok(assessment_from_doc(&r.a, &r.doc, &r.m, &r.why), &r.why);
        assert_string_not_equal(r.m.if_wrong, "");
        assert_string_not_equal(r.m.who, "");
        if (r.m.step_count == 0 || r.m.control_count == 0)
            fail_msg("%s has no steps or no controls", entry->d_name);
        rig_ok(adapt_begin(&r.a, &r.m, "S1", &r.x, &r.why), &r.why);
        rig_ok(adapt_rebase(&r.a, &r.m, "N5", &r.x, &r.why), &r.why);
        count++;
        arena_done(&r.a);
    }
    assert_int_equal(closedir(dir), 0);
    assert_true(count >= 44);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(document_becomes_an_assessment_with_every_part),
        cmocka_unit_test(steps_are_the_list_under_what_to_do_alone),
        cmocka_unit_test(step_takes_along_what_stands_inside_it),
        cmocka_unit_test(step_keeps_what_stands_high_or_low),
        cmocka_unit_test(stage_says_who_may_do_it_and_how_strong),
        cmocka_unit_test(demonstration_stays_one_at_every_stage),
        cmocka_unit_test(what_cannot_be_read_is_refused_with_its_line),
        cmocka_unit_test(every_sample_assessment_can_be_read_and_adapted),
        cmocka_unit_test(every_tick_adds_a_control_and_every_stage_is_ranked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
