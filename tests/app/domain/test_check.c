#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/caldate.h"
#include "app/domain/check.h"
#include "tests/app/domain/form_rig.h"

static const char rows[] =
    ",note,intro,Read this,,,,,,,,\n,select_one pfn,valve,Valve,yes,,,,,,,yes\n"
    ",decimal,water,Water,yes,,,,0.25,2,,\n,text,odd,Odd text,,,,,,,,\n"
    ",text,hidden_row,Hidden,,${valve} = 'na',,,,,,\n";

static void make(struct form_rig *rig, struct check *out)
{
    int32_t day;

    rig_form(rig, rows);
    assert_int_equal(
        rig_judge(rig, (const struct rig_answer[]){ { "valve", "fail" },
                                                    { "valve_note", "Stuck" },
                                                    { "water", "0.1" },
                                                    { "odd", "a \"b\" \\ \xe2\x82\x82 %n" },
                                                    { "hidden_row", "left behind" },
                                                    { NULL } }),
        ERR_OK);
    assert_true(caldate_parse("2026-11-22", &day));
    assert_int_equal(
        check_from_form(&rig->arena, &rig->laid, &rig->state, "item-1", NULL, day, out, &rig->why),
        ERR_OK);
    out->competence = "T";
    out->signed_by = "badge+pin";
    out->releases = arena_array(&rig->arena, 1, sizeof(*out->releases));
    out->releases[0] = "dev:17";
    out->release_count = 1;
}

static void a_check_written_is_the_check_read(void **state)
{
    struct form_rig rig;
    struct check c, back;
    struct buf first, second;
    const struct json *body;

    (void)state;
    make(&rig, &c);
    assert_int_equal(c.answer_count, 4);
    buf_init(&first, 65536);
    buf_init(&second, 65536);
    check_write(&c, &first);
    assert_int_equal(buf_done(&first, NULL), ERR_OK);
    assert_int_equal(json_parse(&rig.arena, first.data, first.len, 65536, &body, &rig.why), ERR_OK);
    assert_int_equal(check_read(&rig.arena, body, &back, &rig.why), ERR_OK);
    check_write(&back, &second);
    assert_string_equal(first.data, second.data);
    assert_int_equal(back.outcome, OUTCOME_QUARANTINE);
    assert_int_equal(back.day, c.day);
    assert_string_equal(back.reason, "Stuck");
    assert_string_equal(back.form_version, "1");
    assert_true(back.answers[0].critical && back.answers[0].verdict == VERDICT_FAIL);
    assert_true(back.answers[2].has_low && back.answers[2].low == 0.25 &&
                back.answers[2].high == 2);
    assert_string_equal(back.answers[3].value, "a \"b\" \\ \xe2\x82\x82 %n");
    assert_string_equal(back.releases[0], "dev:17");
    buf_free(&first);
    buf_free(&second);
    rig_done(&rig);
}

static void an_open_form_makes_no_check(void **state)
{
    struct form_rig rig;
    struct check c;

    (void)state;
    rig_form(&rig, rows);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "valve", "pass" }, { NULL } }),
                     ERR_OK);
    assert_int_equal(check_from_form(&rig.arena, &rig.form, &rig.state, "i", NULL, 0, &c, &rig.why),
                     ERR_INPUT);
    rig_done(&rig);
}

#define HEAD "\"form\":\"f\",\"form_version\":\"1\",\"form_title\":\"F\",\"item\":\"i\""

static void bodies_that_are_no_check_are_refused(void **state)
{
    static const char *const cases[] = {
        "[]",
        "{}",
        "{" HEAD ",\"day\":\"2026-02-30\",\"outcome\":\"pass\",\"answers\":[]}",
        "{" HEAD ",\"day\":\"2026-02-20\",\"outcome\":\"open\",\"answers\":[]}",
        "{" HEAD ",\"day\":\"2026-02-20\",\"outcome\":\"good\",\"answers\":[]}",
        "{" HEAD ",\"day\":\"2026-02-20\",\"outcome\":\"pass\"}",
        "{" HEAD ",\"day\":\"2026-02-20\",\"outcome\":\"pass\",\"answers\":{}}",
        "{" HEAD ",\"day\":\"2026-02-20\",\"outcome\":\"pass\",\"answers\":[1]}",
        "{" HEAD ",\"day\":\"2026-02-20\",\"outcome\":\"pass\",\"answers\":[{\"field\":\"a\","
        "\"label\":\"A\"}]}",
        "{" HEAD ",\"day\":\"2026-02-20\",\"outcome\":\"pass\",\"answers\":[{\"field\":\"a\","
        "\"label\":\"A\",\"value\":\"1\","
        "\"verdict\":\"maybe\"}]}",
        "{" HEAD ",\"day\":\"2026-02-20\",\"outcome\":\"pass\",\"answers\":[{\"field\":\"a\","
        "\"label\":\"A\",\"value\":\"1\","
        "\"low\":\"2\"}]}",
        "{" HEAD ",\"day\":\"2026-02-20\",\"outcome\":\"pass\",\"answers\":[],\"releases\":[7]}",
    };
    static const char good[] =
        "{" HEAD ",\"day\":\"2026-02-20\",\"outcome\":\"pass\",\"answers\":[],\"new\":1}";
    struct check c;
    const struct json *body;
    struct arena a;

    (void)state;
    arena_init(&a, 1024 * 1024);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(json_parse(&a, cases[i], strlen(cases[i]), 65536, &body, NULL), ERR_OK);
        if (check_read(&a, body, &c, NULL) == ERR_OK)
            fail_msg("taken: %s", cases[i]);
    }
    assert_int_equal(json_parse(&a, good, sizeof(good) - 1, 65536, &body, NULL), ERR_OK);
    assert_int_equal(check_read(&a, body, &c, NULL), ERR_OK);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_check_written_is_the_check_read),
        cmocka_unit_test(an_open_form_makes_no_check),
        cmocka_unit_test(bodies_that_are_no_check_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
