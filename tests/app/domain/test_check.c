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

/* Every member of a record, as a kiosk of this release writes it. */
#define HASH "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static struct check full_check(void)
{
    static struct check_answer answers[] = {
        { .field = "earth",
          .label = "Earth",
          .value = "0.11",
          .unit = "ohm",
          .verdict = VERDICT_PASS,
          .limit = "at most 0.1468 ohm",
          .fact = "earth_ohm",
          .source = "Code of practice",
          .edition = "5",
          .confidence = "verify" },
    };
    static struct check_instrument instruments[] = {
        { .item = "i9",
          .label = "EXA-9",
          .name = "Meter",
          .serial = "77",
          .calibrated_day = 20000,
          .due_day = 20365 },
        { .item = "i8", .label = "EXA-8", .due_day = CALDATE_NONE },
    };
    static const char *releases[] = { "dev:1" };
    static const struct check_file files[] = {
        { .sha256 = HASH, .type = "image/jpeg", .bytes = 1234, .name = "a.jpg", .field = "damage" },
        { .sha256 = HASH, .type = "text/csv", .bytes = 99 },
    };

    return (struct check){
        .form = "f",
        .form_version = "2",
        .form_title = "Form",
        .item = "i",
        .day = 20779,
        .outcome = OUTCOME_ADVISE,
        .reason = "r",
        .competence = "T",
        .signed_by = "badge",
        .interval = "12m",
        .basis = "LAW",
        .answers = answers,
        .answer_count = 1,
        .releases = releases,
        .release_count = 1,
        .fail_action = "F4",
        .source = "Act",
        .edition = "2017",
        .confidence = "sure",
        .retention = "5y",
        .needs = "T+R",
        .life = "plated",
        .custody = "out",
        .next_due = 20900,
        .in_session = true,
        .calibration = true,
        .countersign = "R",
        .corrects = "dev:2",
        .corrects_why = "Wrong day",
        .tray = "tray-1",
        .instruments = instruments,
        .instrument_count = 2,
        .imported = true,
        .made = "child",
        .files = files,
        .file_count = COUNT_OF(files),
    };
}

/* A record stands whatever its list of files looks like: a fail must not go unread for a picture's sake. */
static void a_list_of_files_that_is_not_understood_leaves_the_record_readable(void **state)
{
    static const char head[] =
        "{\"form\":\"f\",\"form_version\":\"1\",\"form_title\":\"F\",\"item\":"
        "\"i\",\"day\":\"2026-11-23\",\"outcome\":\"fail\",\"answers\":[],";
    static const char *const lists[] = {
        "\"files\":7}",
        "\"files\":[1,null,{}]}",
        "\"files\":[{\"sha256\":5},{\"sha256\":\"../x\"}]}",
        "\"files\":[{\"sha256\":\"" HASH "\",\"type\":[],\"name\":{},\"bytes\":\"x\"}]}",
    };
    static const size_t counts[] = { 0, 0, 0, 1 };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        const struct json *body = NULL;
        struct check back;
        char text[1024];
        struct arena a;

        arena_init(&a, 1024 * 1024);
        assert_true(str_format(text, sizeof text, "%s%s", head, lists[i]));
        assert_int_equal(json_parse(&a, text, strlen(text), 65536, &body, NULL), ERR_OK);
        assert_int_equal(check_read(&a, body, &back, NULL), ERR_OK);
        assert_int_equal(back.outcome, OUTCOME_FAIL);
        assert_int_equal(back.file_count, counts[i]);
        arena_done(&a);
    }
}

static void every_member_of_a_record_comes_back(void **state)
{
    const struct check c = full_check();
    const struct json *body;
    struct check back;
    struct buf first, second;
    struct arena a;

    (void)state;
    arena_init(&a, 1024 * 1024);
    buf_init(&first, 65536);
    buf_init(&second, 65536);
    check_write(&c, &first);
    assert_int_equal(json_parse(&a, first.data, first.len, 65536, &body, NULL), ERR_OK);
    assert_int_equal(check_read(&a, body, &back, NULL), ERR_OK);
    check_write(&back, &second);
    assert_string_equal(first.data, second.data);
    assert_string_equal(back.needs, "T+R");
    assert_string_equal(back.retention, "5y");
    assert_string_equal(back.corrects_why, "Wrong day");
    assert_int_equal(back.next_due, 20900);
    assert_true(back.in_session && back.calibration && back.imported);
    assert_int_equal(back.instrument_count, 2);
    assert_int_equal(back.instruments[0].calibrated_day, 20000);
    assert_int_equal(back.instruments[1].due_day, CALDATE_NONE);
    assert_int_equal(back.instruments[1].calibrated_day, CALDATE_NONE);
    assert_string_equal(back.answers[0].limit, "at most 0.1468 ohm");
    assert_string_equal(check_answer(&back, "earth")->fact, "earth_ohm");
    assert_null(check_answer(&back, "none"));
    assert_int_equal(back.file_count, 2);
    assert_int_equal(check_file_of(&back, "damage")->bytes, 1234);
    assert_string_equal(back.files[1].name, "");
    assert_null(check_file_of(&back, "earth"));
    buf_free(&first);
    buf_free(&second);
    arena_done(&a);
}

static void body_of_an_older_release_reads_as_saying_nothing_more(void **state)
{
    static const char old[] =
        "{\"form\":\"f\",\"form_version\":\"1\",\"form_title\":\"F\",\"item\":\"i\","
        "\"day\":\"2026-02-20\",\"outcome\":\"fail\",\"reason\":\"x\",\"answers\":[{\"field\":"
        "\"a\",\"label\":\"A\",\"value\":\"1\"}]}";
    const struct json *body;
    struct check c;
    struct arena a;

    (void)state;
    arena_init(&a, 1024 * 1024);
    assert_int_equal(json_parse(&a, old, sizeof old - 1, 65536, &body, NULL), ERR_OK);
    assert_int_equal(check_read(&a, body, &c, NULL), ERR_OK);
    assert_string_equal(c.life, "");
    assert_string_equal(c.countersign, "");
    assert_int_equal(c.next_due, CALDATE_NONE);
    assert_int_equal(c.instrument_count, 0);
    assert_false(c.imported);
    assert_string_equal(c.answers[0].limit, "");
    assert_string_equal(c.answers[0].shown, "");
    arena_done(&a);
}

/* A supervisor countersigns words, and an old record reads right when its form is gone. */
static void a_choice_is_kept_by_its_code_and_by_its_words(void **state)
{
    static const char choices[] =
        "survey,type,name,label,required\n,select_one cls,class,Class,yes\n"
        ",select_multiple cls,seen,Seen,\n,select_one pf,ok,Good,yes\n"
        "choices,list_name,name,label\n,cls,i,Class I (earthed)\n,cls,ii,Class II\n"
        ",pf,pass,Pass\n,pf,fail,Fail\nsettings,form_id,form_title,version\n,t,T,1\n";
    struct form_rig rig;
    struct check c, back;
    struct buf body;
    const struct json *json;

    (void)state;
    assert_int_equal(rig_parse(&rig, choices), ERR_OK);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "class", "i" },
                                                                  { "seen", "i ii" },
                                                                  { "ok", "pass" },
                                                                  { NULL } }),
                     ERR_OK);
    assert_int_equal(
        check_from_form(&rig.arena, &rig.laid, &rig.state, "item-1", NULL, 20000, &c, &rig.why),
        ERR_OK);
    buf_init(&body, 65536);
    check_write(&c, &body);
    assert_int_equal(json_parse(&rig.arena, body.data, body.len, 65536, &json, &rig.why), ERR_OK);
    assert_int_equal(check_read(&rig.arena, json, &back, &rig.why), ERR_OK);
    assert_string_equal(check_answer(&back, "class")->value, "i");
    assert_string_equal(check_answer(&back, "class")->shown, "Class I (earthed)");
    assert_string_equal(check_answer(&back, "seen")->value, "i ii");
    assert_string_equal(check_answer(&back, "seen")->shown, "Class I (earthed), Class II");
    /* «Pass» says no more than its code: a line has only so many bytes. */
    assert_string_equal(check_answer(&back, "ok")->shown, "");
    buf_free(&body);
    rig_done(&rig);
}

static void readings_with_a_sign_are_numbers(void **state)
{
    static const struct {
        const char *text;
        bool number;
        double value;
    } cases[] = {
        { "3.2", true, 3.2 }, { ">19.99", true, 19.99 }, { "<0.01", true, 0.01 },
        { "> 2", true, 2 },   { "", false, 0 },          { "high", false, 0 },
        { ">", false, 0 },    { "1.2.3", false, 0 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        double value = 0;

        assert_int_equal(check_number(cases[i].text, &value), cases[i].number);
        assert_true(!cases[i].number || value == cases[i].value);
    }
}

static bool thing_of(void *ctx, const char *code, struct form_thing *out)
{
    (void)ctx;
    if (strcmp(code, "GM-1") != 0 && strcmp(code, "GM-2") != 0)
        return false;
    *out = (struct form_thing){ .known = true,
                                .item = code,
                                .label = code,
                                .name = "Counter",
                                .serial = "s",
                                .calibrated_day = 20700,
                                .calibration_due = 20800 };
    return true;
}

static void scanned_instruments_stand_in_the_record_once(void **state)
{
    struct form_field fields[] = {
        { .type = FIELD_BARCODE, .name = "meter", .label = "Meter", .instrument = true },
        { .type = FIELD_BARCODE, .name = "more", .label = "More", .instrument = true },
        { .type = FIELD_BARCODE, .name = "place", .label = "Place" },
    };
    struct field_state states[] = {
        { .relevant = true, .value = "GM-1", .label = "Meter" },
        { .relevant = true, .value = "GM-2 GM-1 NO-3", .label = "More" },
        { .relevant = true, .value = "GM-2", .label = "Place" },
    };
    const struct form f = {
        .id = "f", .version = "1", .title = "F", .fields = fields, .field_count = 3
    };
    const struct form_state s = { .fields = states, .outcome = OUTCOME_PASS };
    const struct form_facts facts = { .today = "2026-11-22", .thing = thing_of };
    struct check c;
    struct arena a;

    (void)state;
    arena_init(&a, 1024 * 1024);
    assert_int_equal(check_from_form(&a, &f, &s, "i", &facts, 20779, &c, NULL), ERR_OK);
    assert_int_equal(c.instrument_count, 2);
    assert_string_equal(c.instruments[0].item, "GM-1");
    assert_string_equal(c.instruments[1].item, "GM-2");
    assert_int_equal(c.instruments[1].due_day, 20800);
    assert_int_equal(c.answer_count, 3);
    arena_done(&a);
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
        cmocka_unit_test(every_member_of_a_record_comes_back),
        cmocka_unit_test(a_list_of_files_that_is_not_understood_leaves_the_record_readable),
        cmocka_unit_test(body_of_an_older_release_reads_as_saying_nothing_more),
        cmocka_unit_test(a_choice_is_kept_by_its_code_and_by_its_words),
        cmocka_unit_test(readings_with_a_sign_are_numbers),
        cmocka_unit_test(scanned_instruments_stand_in_the_record_once),
        cmocka_unit_test(an_open_form_makes_no_check),
        cmocka_unit_test(bodies_that_are_no_check_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
