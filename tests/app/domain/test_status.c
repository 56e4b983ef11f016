#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/caldate.h"
#include "app/domain/status.h"
#include "platform/base/str.h"

static int32_t day_of(const char *iso)
{
    int32_t day = CALDATE_NONE;

    assert_true(*iso == '\0' || caldate_parse(iso, &day));
    return day;
}

struct status_case {
    const char *intervals[2], *last[2], *due[2];
    bool failed, retired;
    enum use use;
    const char *why;
};

static const struct status_case status_cases[] = {
    { { "use" }, { "" }, { "" }, .use = USE_DUE, .why = "Check it before you use it" },
    { { "use" }, { "2026-11-21" }, { "" }, .use = USE_DUE, .why = "Check it before you use it" },
    { { "use" },
      { "2026-11-22" },
      { "" },
      .use = USE_OK,
      .why = "Checked before use today · check again before the next use" },
    { { "12m" },
      { "" },
      { "" },
      .use = USE_NEVER_CHECKED,
      .why = "Not checked yet · Cooker before use" },
    { { "12m" },
      { "2026-01-22" },
      { "" },
      .use = USE_OK,
      .why = "Next: Cooker before use, 22 Jan 2027" },
    { { "12m" },
      { "2025-12-06" },
      { "" },
      .use = USE_DUE,
      .why = "Cooker before use · due 4 Dec, in 12 days" },
    { { "12m" }, { "2025-12-07" }, { "" }, .use = USE_OK, .why = "Next: Cooker before use, 7 Dec" },
    { { "12m" }, { "2025-11-22" }, { "" }, .use = USE_DUE, .why = "Cooker before use · due today" },
    { { "12m" },
      { "2025-11-23" },
      { "" },
      .use = USE_DUE,
      .why = "Cooker before use · due tomorrow" },
    { { "12m" },
      { "2025-11-21" },
      { "" },
      .use = USE_OVERDUE,
      .why = "Cooker before use · overdue by 1 day, was due 21 Nov" },
    { { "12m" },
      { "2026-11-01" },
      { "2026-11-20" },
      .use = USE_OVERDUE,
      .why = "Cooker before use · overdue by 2 days, was due 20 Nov" },
    { { "12m" },
      { "" },
      { "2027-11-20" },
      .use = USE_OK,
      .why = "Next: Cooker before use, 19 Nov 2027" },
    { { "" },
      { "" },
      { "" },
      .use = USE_NO_CHECKS,
      .why = "No check is laid down for it: look it over before you use it" },
    { { "" }, { "2026-11-20" }, { "" }, .use = USE_OK, .why = "No check is due" },
    { { "12q" },
      { "2026-11-20" },
      { "" },
      .use = USE_OVERDUE,
      .why = "Cooker before use · how often it is due cannot be read" },
    { { "12m" },
      { "2099-01-01" },
      { "" },
      .use = USE_OVERDUE,
      .why = "Cooker before use · last check is dated 1 Jan 2099, later than today" },
    { { "use", "12m" },
      { "2026-11-22", "2025-01-01" },
      { "", "" },
      .use = USE_OVERDUE,
      .why = "Yearly test · overdue by 325 days, was due 1 Jan" },
    { { "use", "12m" },
      { "2026-11-22", "" },
      { "", "" },
      .use = USE_NEVER_CHECKED,
      .why = "Not checked yet · Yearly test" },
    { { "use", "12m" },
      { "2026-11-22", "2025-01-01" },
      { "", "" },
      .failed = true,
      .retired = true,
      .use = USE_DO_NOT,
      .why = "Safety valve sticking · failed before-use check, 12 Nov" },
    { { "12m" },
      { "2026-11-22" },
      { "" },
      .retired = true,
      .use = USE_RETIRED,
      .why = "Taken out of service for good" },
};

/* Today is Sunday 22 November 2026. A date of guidance in months on a weekend is planned for the
   Friday before; the first cycle is "Cooker before use", the second "Yearly
   test". */
static void status_says_use_and_why_on_one_line(void **state)
{
    static const struct open_fail fail = {
        "d:3", "pr-use-ac", "Cooker before use", "Safety valve sticking", "M. Sample", 0
    };
    static const char *const names[] = { "Cooker before use", "Yearly test" };
    static const char *const forms[] = { "pr-use-ac", "el-cit" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(status_cases); i++) {
        const struct status_case *c = &status_cases[i];
        struct cycle cycles[2];
        struct open_fail fails[1] = { fail };
        struct arena a;
        struct status s;
        struct status_why why;
        size_t count = c->intervals[1] != NULL ? 2 : 1;

        fails[0].day = day_of("2026-11-12");
        for (size_t j = 0; j < count; j++)
            cycles[j] =
                (struct cycle){ forms[j],     names[j],           c->intervals[j],  BASIS_GUIDE,
                                "HSE HSG107", day_of(c->last[j]), day_of(c->due[j]) };
        arena_init(&a, (size_t)1024 * 1024);
        s = status_judge(&a, &(struct status_facts){ .retired = c->retired,
                                                     .cycles = cycles,
                                                     .cycle_count = count,
                                                     .fails = fails,
                                                     .fail_count = c->failed ? 1 : 0,
                                                     .use_by = CALDATE_NONE,
                                                     .today = day_of("2026-11-22") });
        if (s.use != c->use || !str_eq(s.why_short, c->why))
            fail_msg("case %zu: use %d, \"%s\"", i, (int)s.use, s.why_short);
        why = status_explain(&a, &s, day_of("2026-11-22"));
        assert_true(strlen(why.rule) > 10 && strlen(why.facts) > 10 && strlen(why.next) > 10);
        arena_done(&a);
    }
}

static void explanation_names_rule_source_facts_and_next_step(void **state)
{
    struct cycle cycle = { "fc-lev",           "LEV examination",    "14m",       BASIS_LAW,
                           "COSHH 2002 reg 9", day_of("2025-09-10"), CALDATE_NONE };
    struct arena a;
    struct status s;
    struct status_why why;

    (void)state;
    arena_init(&a, (size_t)1024 * 1024);
    s = status_judge(&a, &(struct status_facts){ .cycles = &cycle,
                                                 .cycle_count = 1,
                                                 .use_by = CALDATE_NONE,
                                                 .today = day_of("2026-11-22") });
    why = status_explain(&a, &s, day_of("2026-11-22"));
    assert_string_equal(
        why.rule, "A check that law or a scheme asks for stops use while it is late, was never "
                  "made, or found a fault. LEV examination: every 14 months. The law sets this "
                  "interval; a school may not "
                  "lengthen it. Source: COSHH 2002 reg 9.");
    assert_string_equal(
        why.facts,
        "Last passed on 10 Sep 2025. LEV examination was due on 10 Nov: overdue by 12 days.");
    assert_string_equal(why.next, "Do not use it until this check has passed: LEV examination.");
    arena_done(&a);
}

static void cycles_stand_most_urgent_first_in_any_order_given(void **state)
{
    struct cycle cycles[] = {
        { "a", "In date", "12m", BASIS_NONE, "", day_of("2026-10-01"), CALDATE_NONE },
        { "b", "Each use", "use", BASIS_NONE, "", CALDATE_NONE, CALDATE_NONE },
        { "c", "Overdue", "7d", BASIS_NONE, "", day_of("2026-11-01"), CALDATE_NONE },
        { "d", "Never", "1m", BASIS_NONE, "", CALDATE_NONE, CALDATE_NONE },
        { "e", "Due", "4w", BASIS_NONE, "", day_of("2026-11-01"), CALDATE_NONE },
        { "f", "Failed", "12m", BASIS_NONE, "", day_of("2026-11-01"), CALDATE_NONE },
    };
    static const char want[] = "fcdeba";
    struct open_fail fail = { "d:1", "f", "Failed", "", "", day_of("2026-11-20") };
    struct arena a;

    (void)state;
    arena_init(&a, (size_t)1024 * 1024);
    for (size_t turn = 0; turn < COUNT_OF(cycles); turn++) {
        struct status s = status_judge(&a, &(struct status_facts){ .cycles = cycles,
                                                                   .cycle_count = COUNT_OF(cycles),
                                                                   .fails = &fail,
                                                                   .fail_count = 1,
                                                                   .use_by = CALDATE_NONE,
                                                                   .today = day_of("2026-11-22") });
        struct cycle first = cycles[0];

        for (size_t i = 0; i < COUNT_OF(cycles); i++)
            assert_int_equal(*s.cycles[i].cycle->form, want[i]);
        memmove(cycles, cycles + 1, sizeof(cycles) - sizeof(*cycles));
        cycles[COUNT_OF(cycles) - 1] = first;
    }
    arena_done(&a);
}

/* A late leak test (ACOP) keeps a source in its store; a late look at a microscope holds nothing up. */
static void what_an_approved_code_wants_checked_does_not_leave_while_that_is_late(void **state)
{
    static const struct {
        enum form_basis basis;
        bool moves;
        enum cycle_state state;
        enum use use;
        bool leaves;
    } rows[] = {
        { BASIS_ACOP, false, CYCLE_OVERDUE, USE_OVERDUE, false },
        { BASIS_ACOP, false, CYCLE_DUE, USE_DUE, true },
        { BASIS_ACOP, true, CYCLE_OVERDUE, USE_OVERDUE, true },
        { BASIS_GUIDE, false, CYCLE_OVERDUE, USE_OVERDUE, true },
        { BASIS_GUIDE, false, CYCLE_IN_DATE, USE_DO_NOT, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        const struct cycle c = { .basis = rows[i].basis, .moves = rows[i].moves };
        struct cycle_status one = { .cycle = &c, .state = rows[i].state };
        const struct status s = { .use = rows[i].use, .cycles = &one, .cycle_count = 1 };

        assert_int_equal(status_may_leave(&s), rows[i].leaves);
    }
}

static void intervals_are_read_and_said(void **state)
{
    static const struct {
        const char *interval, *text;
    } good[] = {
        { "use", "before each use" }, { "7d", "every week" },       { "14d", "every 2 weeks" },
        { "1d", "every day" },        { "12m", "every 12 months" }, { "1m", "every month" },
        { "4y", "every 4 years" },    { "2w", "every 2 weeks" },
    };
    static const char *const bad[] = { "12",   "m",   "0m", "12q", "-1m", "12mm", "999999999999m",
                                       "1.5m", " 7d", "Use" };
    struct arena a;

    (void)state;
    arena_init(&a, (size_t)64 * 1024);
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(status_interval_valid(good[i].interval));
        assert_string_equal(status_interval_text(&a, good[i].interval), good[i].text);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(status_interval_valid(bad[i]));
    arena_done(&a);
}

static void nothing_looks_safe_when_memory_is_short(void **state)
{
    struct cycle cycle = { "a", "A", "12m", BASIS_NONE, "", day_of("2026-11-01"), CALDATE_NONE };
    struct arena a;
    struct status s;

    (void)state;
    arena_init(&a, 1);
    s = status_judge(&a, &(struct status_facts){ .cycles = &cycle,
                                                 .cycle_count = 1,
                                                 .use_by = CALDATE_NONE,
                                                 .today = day_of("2026-11-22") });
    assert_int_equal(s.use, USE_DO_NOT);
    assert_non_null(s.why_short);
    arena_done(&a);
}

static void a_recall_stands_over_everything_but_the_end_of_service(void **state)
{
    const char *now_do[] = { "Unplug it." };
    const struct stop_hit hits[] = {
        { .stop = { .key = "r1",
                    .title = "Live case",
                    .recall = true,
                    .now_do = now_do,
                    .do_count = 1 },
          .match = STOP_MAYBE,
          .missing = "serial number" },
        { .stop = { .key = "s1", .title = "Other", .now_do = now_do, .do_count = 1 },
          .match = STOP_IN,
          .missing = "",
          .answered = true,
          .day = day_of("2026-11-21") },
    };
    const struct open_fail fail = {
        .event = "a:1", .form = "a", .title = "A", .reason = "Cracked"
    };
    struct status_facts facts = { .stops = hits,
                                  .stop_count = 2,
                                  .fails = &fail,
                                  .fail_count = 1,
                                  .lost = true,
                                  .use_by = CALDATE_NONE,
                                  .today = day_of("2026-11-22") };
    struct status_why why;
    struct arena a;
    struct status s;

    (void)state;
    arena_init(&a, 1024 * 1024);
    s = status_judge(&a, &facts);
    assert_int_equal(s.cause, CAUSE_RECALL);
    assert_int_equal(s.use, USE_DO_NOT);
    assert_false(status_may_leave(&s));
    assert_string_equal(s.why_short, "May be recalled, look at the plate · Live case · and 1 more");
    why = status_explain(&a, &s, facts.today);
    assert_non_null(strstr(why.facts, "Recall r1: Live case. It may be one of those: look at the "
                                      "plate for its serial number. Nobody has answered"));
    assert_non_null(strstr(why.facts, "Stop notice s1: Other. It is one of those that the notice "
                                      "names. Answered on 21 Nov: found and taken out of use."));
    assert_non_null(strstr(why.next, "Unplug it. Look at its plate and write down its serial"));
    assert_non_null(strstr(why.next, "Who may release it: technician"));
    facts.retired = true;
    s = status_judge(&a, &facts);
    assert_int_not_equal(s.cause, CAUSE_RECALL);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status_says_use_and_why_on_one_line),
        cmocka_unit_test(explanation_names_rule_source_facts_and_next_step),
        cmocka_unit_test(cycles_stand_most_urgent_first_in_any_order_given),
        cmocka_unit_test(what_an_approved_code_wants_checked_does_not_leave_while_that_is_late),
        cmocka_unit_test(intervals_are_read_and_said),
        cmocka_unit_test(nothing_looks_safe_when_memory_is_short),
        cmocka_unit_test(a_recall_stands_over_everything_but_the_end_of_service),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
