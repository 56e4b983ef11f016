#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/caldate.h"
#include "app/domain/competence.h"
#include "platform/base/str.h"

enum { TODAY = 20780 /* 2026-11-23 */ };

struct gate_case {
    const char *needs;
    struct grant grants[3];
    enum gate gate;
    const char *code, *countersign, *words;
};

static const struct gate_case gate_cases[] = {
    { "", { { 0 } }, GATE_OPEN, "U", "", "anybody" },
    { "U", { { 0 } }, GATE_OPEN, "U", "", "anybody" },
    { "U / P", { { "P", CALDATE_NONE, "" } }, GATE_OPEN, "P", "", "inspect and test" },
    { "T", { { "T", CALDATE_NONE, "" } }, GATE_OPEN, "T", "", "technician" },
    { "T", { { "T", TODAY, "" } }, GATE_OPEN, "T", "", "technician" },
    { "T", { { "T", TODAY - 1, "" } }, GATE_LAPSED, "", "T", "lapsed on 22 Nov 2026" },
    /* Granted anew: the lapsed grant no longer matters. */
    { "T", { { "T", TODAY - 1, "" }, { "T", TODAY + 9, "" } }, GATE_OPEN, "T", "", "" },
    { "T/P", { { "P", CALDATE_NONE, "" } }, GATE_OPEN, "P", "", "" },
    { "T/P", { { "T", TODAY - 5, "" }, { "P", CALDATE_NONE, "" } }, GATE_OPEN, "P", "", "" },
    { "M3/T", { { "M3", CALDATE_NONE, "" }, { "T", CALDATE_NONE, "" } }, GATE_OPEN, "M3", "", "" },
    { "M3", { { "T", CALDATE_NONE, "" } }, GATE_MISSING, "", "M3", "SSERC microbiology Level 3" },
    { "T+R", { { "T", CALDATE_NONE, "" } }, GATE_COUNTERSIGN, "T", "R", "countersign" },
    /* The supervisor does not countersign for himself: another person does. */
    { "T+R",
      { { "T", CALDATE_NONE, "" }, { "R", CALDATE_NONE, "" } },
      GATE_COUNTERSIGN,
      "T",
      "R",
      "Another person" },
    { "T+R", { { 0 } }, GATE_MISSING, "", "R", "trainee" },
    /* Bodies outside: a technician enters their report. */
    { "C", { { "T", CALDATE_NONE, "" } }, GATE_OPEN, "C", "", "You enter the report" },
    { "B", { { "T", CALDATE_NONE, "" } }, GATE_OPEN, "B", "", "competent body" },
    { "C", { { "C", CALDATE_NONE, "" } }, GATE_OPEN, "C", "", "You sign as" },
    { "C", { { "P", CALDATE_NONE, "" } }, GATE_MISSING, "", "T", "trainee" },
    { "C", { { "T", TODAY - 1, "" } }, GATE_MISSING, "", "T", "trainee" },
    { "W/C", { { "T", CALDATE_NONE, "" } }, GATE_OPEN, "C", "", "You enter" },
    { "X9", { { "T", CALDATE_NONE, "" } }, GATE_MISSING, "", "X9", "X9" },
    { "X9", { { "X9", CALDATE_NONE, "" } }, GATE_OPEN, "X9", "", "X9" },
    /* What cannot be read opens nothing. */
    { "T or P", { { "T", CALDATE_NONE, "" } }, GATE_MISSING, "", "T", "cannot be read" },
    { "T/", { { "T", CALDATE_NONE, "" } }, GATE_MISSING, "", "T", "cannot be read" },
    { "T+", { { "T", CALDATE_NONE, "" } }, GATE_MISSING, "", "T", "cannot be read" },
    { "+R", { { "T", CALDATE_NONE, "" } }, GATE_MISSING, "", "T", "cannot be read" },
};

static size_t grant_count(const struct gate_case *c)
{
    size_t count = 0;

    while (count < COUNT_OF(c->grants) && c->grants[count].code != NULL)
        count++;
    return count;
}

static void gate_opens_by_what_is_held_and_says_what_is_missing(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(gate_cases); i++) {
        const struct gate_case *c = &gate_cases[i];
        struct gate_answer got;
        struct arena a;

        arena_init(&a, (size_t)64 * 1024);
        got = gate_judge(&a, c->needs, c->grants, grant_count(c), TODAY);
        if (got.gate != c->gate || !str_eq(got.code, c->code) ||
            !str_eq(got.countersign, c->countersign) || strstr(got.words, c->words) == NULL)
            fail_msg("case %zu: gate %d, code «%s», countersign «%s», «%s»", i, (int)got.gate,
                     got.code, got.countersign, got.words);
        arena_done(&a);
    }
}

static void gate_without_room_stays_shut(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(gate_cases); i++) {
        const struct gate_case *c = &gate_cases[i];
        struct gate_answer got;
        struct arena a;

        arena_init(&a, 1);
        got = gate_judge(&a, c->needs, c->grants, grant_count(c), TODAY);
        assert_int_equal(got.gate, GATE_MISSING);
        assert_string_equal(got.countersign, "T");
        assert_non_null(got.words);
        arena_done(&a);
    }
}

static void only_a_grant_in_date_may_countersign(void **state)
{
    static const struct grant grants[] = { { "R", TODAY, "" }, { "P", TODAY - 1, "" } };

    (void)state;
    assert_true(gate_may_countersign("R", grants, COUNT_OF(grants), TODAY));
    assert_false(gate_may_countersign("R", grants, COUNT_OF(grants), TODAY + 1));
    assert_false(gate_may_countersign("P", grants, COUNT_OF(grants), TODAY));
    assert_false(gate_may_countersign("", grants, COUNT_OF(grants), TODAY));
    assert_false(gate_may_countersign(NULL, grants, COUNT_OF(grants), TODAY));
}

static void microbiology_level_is_sserc_s_and_never_an_scqf_one(void **state)
{
    static const char *const codes[] = { "U", "T", "P", "M3", "R", "A", "B", "C", "W", "PT" };
    struct arena a;

    (void)state;
    arena_init(&a, (size_t)64 * 1024);
    assert_string_equal(competence_name("M3"), "SSERC microbiology Level 3");
    assert_non_null(strstr(competence_words(&a, "M3/T"), "SSERC microbiology Level 3"));
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        assert_true(competence_known(codes[i]));
        assert_null(strstr(competence_name(codes[i]), "SCQF"));
        assert_string_not_equal(competence_name(codes[i]), codes[i]);
    }
    assert_false(competence_known("X9"));
    assert_string_equal(competence_name("X9"), "X9");
    assert_true(competence_outside("C") && competence_outside("B") && competence_outside("A"));
    assert_false(competence_outside("R"));
    assert_string_equal(
        competence_words(&a, "T+R"),
        "technician trained and signed off in the task, countersigned by: radiation "
        "protection supervisor (RPS)");
    arena_done(&a);
}

static void inside_a_sentence_somebody_has_an_article(void **state)
{
    static const struct {
        const char *needs, *words;
    } rows[] = {
        { "M3", "a person trained to SSERC microbiology Level 3" },
        { "T/R+C", "a technician trained and signed off in the task or a radiation protection "
                   "supervisor (RPS), countersigned by a contractor or engineer" },
        { "U", "anybody after a short briefing" },
        { "PT", "somebody who may approve risk assessments" },
        { "", "anybody who is signed in" },
    };
    struct arena a;
    (void)state;
    arena_init(&a, (size_t)64 * 1024);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        assert_string_equal(competence_someone(&a, rows[i].needs), rows[i].words);
    arena_done(&a);
}

static void wishes_are_read_with_their_limits(void **state)
{
    struct competence_needs n;

    (void)state;
    assert_true(competence_parse(" T / P + R ", &n));
    assert_int_equal(n.count, 2);
    assert_string_equal(n.codes[1], "P");
    assert_string_equal(n.countersign, "R");
    assert_true(competence_parse(NULL, &n));
    assert_int_equal(n.count, 0);
    assert_true(competence_parse("A/B/C/D/E/F/G/H", &n));
    assert_false(competence_parse("A/B/C/D/E/F/G/H/I", &n));
    assert_true(competence_parse("abcdefghijklmnopqrstuvw", &n));
    assert_false(competence_parse("abcdefghijklmnopqrstuvwx", &n));
    assert_false(competence_parse("T+R+P", &n));
    assert_false(competence_parse("T,P", &n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inside_a_sentence_somebody_has_an_article),
        cmocka_unit_test(gate_opens_by_what_is_held_and_says_what_is_missing),
        cmocka_unit_test(gate_without_room_stays_shut),
        cmocka_unit_test(only_a_grant_in_date_may_countersign),
        cmocka_unit_test(microbiology_level_is_sserc_s_and_never_an_scqf_one),
        cmocka_unit_test(wishes_are_read_with_their_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
