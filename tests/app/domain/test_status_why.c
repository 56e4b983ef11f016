/* What decides an item's status, and what «Why?» says of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/status.h"
#include "platform/base/str.h"
#include "tests/app/domain/year.h"

/* 23 November 2026, 10:42 in London. */
static struct status_facts facts_today(void)
{
    return (struct status_facts){ .life_day = CALDATE_NONE,
                                  .out_day = CALDATE_NONE,
                                  .use_by = CALDATE_NONE,
                                  .today = year_day("2026-11-23"),
                                  .minutes = 10 * 60 + 42 };
}

static struct cycle yearly(enum form_basis basis, const char *last)
{
    return (struct cycle){ .form = "ra-leak",
                           .title = "Leak test",
                           .interval = "12m",
                           .basis = basis,
                           .basis_text = "Yearly for an old source.",
                           .last_day = year_day(last),
                           .due_day = CALDATE_NONE,
                           .first_day = CALDATE_NONE,
                           .competence = "T+R",
                           .source = "IRR17 reg 28(3)",
                           .edition = "2017",
                           .confidence = "verify" };
}

struct cause_case {
    enum status_cause cause;
    enum use use;
    const char *why_short, *rule, *facts, *next;
};

static void check_cause(struct arena *a, const struct status_facts *f,
                        const struct cause_case *want)
{
    struct status s = status_judge(a, f);
    struct status_why w = status_explain(a, &s, f->today);

    if (s.cause != want->cause || s.use != want->use || !str_eq(s.why_short, want->why_short))
        fail_msg("cause %d, use %d, «%s»", (int)s.cause, (int)s.use, s.why_short);
    if (strstr(w.rule, want->rule) == NULL)
        fail_msg("rule «%s»", w.rule);
    if (strstr(w.facts, want->facts) == NULL)
        fail_msg("facts «%s»", w.facts);
    if (strstr(w.next, want->next) == NULL)
        fail_msg("next «%s»", w.next);
}

static void open_fail_names_the_rule_the_action_whom_to_tell_and_who_releases(void **state)
{
    struct cycle cycle = yearly(BASIS_ACOP, "2026-01-15");
    struct open_fail fails[] = {
        { "d:1", "ra-leak", "Leak test", "1,200 Bq over 200 Bq", "M. Sample",
          year_day("2026-11-12"), "F4" },
        { "d:0", "gone", "Old form", "", "", year_day("2026-10-01"), "" },
    };
    struct status_facts f = facts_today();
    struct arena a;

    (void)state;
    f.cycles = &cycle;
    f.cycle_count = 1;
    f.fails = fails;
    f.fail_count = 2;
    f.retired = true; /* a fail comes before everything */
    f.lost = true;
    arena_init(&a, 64 * 1024);
    check_cause(&a, &f,
                &(struct cause_case){
                    CAUSE_FAIL, USE_DO_NOT,
                    "1,200 Bq over 200 Bq · failed Leak test, 12 Nov · and 1 more",
                    "names that fail and releases it. Leak test: every 12 months. An approved code "
                    "of practice gives this interval; a longer one needs the adviser's recorded "
                    "reason. Yearly for an old source. Source: IRR17 reg 28(3), edition: 2017. To "
                    "verify: nobody has confirmed",
                    "Failed Leak test on 12 Nov: 1,200 Bq over 200 Bq. Recorded by M. Sample. "
                    "Failed Old form on 1 Oct: no reason was given.",
                    "Tell the head of department, and the radiation protection supervisor (RPS), "
                    "who tells the radiation protection adviser (RPA). After repair, a passing "
                    "Leak test that names the fail puts it back in use. Who may release it: "
                    "technician trained and signed off in the task, countersigned by: radiation "
                    "protection supervisor (RPS)." });
    fails[0] = fails[1];
    f.fail_count = 1;
    check_cause(&a, &f,
                &(struct cause_case){ CAUSE_FAIL, USE_DO_NOT,
                                      "Failed its check · failed Old form, 1 Oct",
                                      "a fail that nobody has answered", "no reason was given",
                                      "Who may release it: somebody competent." });
    arena_done(&a);
}

static void lost_retired_and_ended_items_are_not_used(void **state)
{
    struct status_facts f = facts_today();
    struct arena a;

    (void)state;
    arena_init(&a, 64 * 1024);
    f.retired = true;
    f.retired_why = "beyond repair";
    check_cause(&a, &f,
                &(struct cause_case){ CAUSE_RETIRED, USE_RETIRED,
                                      "Taken out of service for good: beyond repair",
                                      "not used again", "taken out of service: beyond repair.",
                                      "register it again" });
    f.lost = true;
    check_cause(&a, &f,
                &(struct cause_case){ CAUSE_LOST, USE_DO_NOT,
                                      "Recorded as lost: if you have it here, tell who keeps the "
                                      "register",
                                      "until the register says where it is", "beyond repair",
                                      "recorded as found and checked" });
    f = facts_today();
    f.life_kind = true;
    f.life_ended = true;
    f.life = "destroyed";
    f.life_day = year_day("2026-11-12");
    check_cause(&a, &f,
                &(struct cause_case){ CAUSE_ENDED, USE_RETIRED, "Destroyed 12 Nov",
                                      "when it is destroyed", "destroyed, on 12 Nov",
                                      "Nothing is left to do" });
    arena_done(&a);
}

static void late_check_of_law_or_scheme_stops_use_and_names_whose_date_passed(void **state)
{
    struct cycle cycle = yearly(BASIS_LAW, "2025-11-11");
    struct status_facts f = facts_today();
    struct arena a;

    (void)state;
    arena_init(&a, 64 * 1024);
    f.cycles = &cycle;
    f.cycle_count = 1;
    check_cause(&a, &f,
                &(struct cause_case){
                    CAUSE_STOP, USE_DO_NOT,
                    "Leak test · the date of IRR17 reg 28(3) passed on 11 Nov, 12 days ago",
                    "stops use while it is late",
                    "Last passed on 11 Nov 2025. Leak test was due "
                    "on 11 Nov: overdue by 12 days.",
                    "Do not use it until this check has passed: Leak test. Who may sign it:" });
    cycle.source = "";
    check_cause(&a, &f,
                &(struct cause_case){ CAUSE_STOP, USE_DO_NOT,
                                      "Leak test · the law's date passed on 11 Nov, 12 days ago",
                                      "Source: Yearly for an old source.", "", "" });
    cycle.basis = BASIS_SCHEME;
    check_cause(&a, &f,
                &(struct cause_case){ CAUSE_STOP, USE_DO_NOT,
                                      "Leak test · the scheme's date passed on 11 Nov, 12 days ago",
                                      "only a change of that document", "", "" });
    cycle.last_day = CALDATE_NONE;
    check_cause(
        &a, &f,
        &(struct cause_case){ CAUSE_STOP, USE_DO_NOT,
                              "Leak test · never made, and its scheme asks for it before use", "",
                              "It has no check on record.", "Do not use it until" });
    cycle.basis = BASIS_LAW;
    check_cause(&a, &f,
                &(struct cause_case){ CAUSE_STOP, USE_DO_NOT,
                                      "Leak test · never made, and the law asks for it", "", "",
                                      "" });
    cycle.basis = BASIS_SCHEME;
    cycle.interval = "scheme";
    cycle.last_day = year_day("2026-01-15");
    check_cause(&a, &f,
                &(struct cause_case){ CAUSE_STOP, USE_DO_NOT,
                                      "Leak test · its next date is not entered",
                                      "by the date that the scheme",
                                      "next date under the scheme is not entered, and the kiosk "
                                      "works none out",
                                      "" });
    arena_done(&a);
}

static void open_fault_keeps_an_earlier_pass_from_counting(void **state)
{
    struct cycle cycle = yearly(BASIS_PRACTICE, "2026-11-01");
    struct open_fail faults[] = { { "d:1", "ra-leak", "Leak test", "Label unreadable", "",
                                    year_day("2026-11-12"), "F1" } };
    struct status_facts f = facts_today();
    struct arena a;

    (void)state;
    arena_init(&a, 64 * 1024);
    f.cycles = &cycle;
    f.cycle_count = 1;
    f.faults = faults;
    f.fault_count = 1;
    check_cause(&a, &f,
                &(struct cause_case){ CAUSE_FAULT, USE_OVERDUE,
                                      "Fault open since 12 Nov: Label unreadable",
                                      "no pass of that check counts until",
                                      "Failed Leak test on 12 Nov: Label unreadable.",
                                      "Put the fault right and make the Leak test again." });
    cycle.basis = BASIS_LAW;
    check_cause(&a, &f,
                &(struct cause_case){ CAUSE_STOP, USE_DO_NOT,
                                      "Leak test · Fault open since 12 Nov: Label unreadable",
                                      "found a fault", "Label unreadable",
                                      "until the fault is put right and this has passed" });
    cycle.form = "another"; /* the fault's form is gone from the content: it is open all the same */
    check_cause(&a, &f,
                &(struct cause_case){ CAUSE_FAULT, USE_OVERDUE,
                                      "Fault open since 12 Nov: Label unreadable", "", "",
                                      "somebody competent" });
    arena_done(&a);
}

static void culture_stays_amber_until_it_is_destroyed(void **state)
{
    struct status_facts f = facts_today();
    struct arena a;

    (void)state;
    arena_init(&a, 64 * 1024);
    f.life_kind = true;
    check_cause(&a, &f,
                &(struct cause_case){ CAUSE_LIVE, USE_DUE,
                                      "Live: no stage of its life is recorded yet",
                                      "amber until its destruction", "No stage of its life",
                                      "destroy it and record that" });
    f.life = "incubated";
    f.life_day = year_day("2026-11-12");
    check_cause(&a, &f,
                &(struct cause_case){ CAUSE_LIVE, USE_DUE, "Live: incubated since 12 Nov", "",
                                      "incubated, on 12 Nov", "" });
    f.life_ended = true;
    assert_int_equal(status_judge(&a, &f).cause, CAUSE_ENDED);
    arena_done(&a);
}

static void use_by_day_is_the_last_good_one(void **state)
{
    static const struct {
        const char *use_by;
        enum status_cause cause;
        enum use use;
        const char *why_short;
    } cases[] = {
        { "2026-11-22", CAUSE_USE_BY, USE_OVERDUE, "Past its use-by day, 22 Nov" },
        { "2026-11-23", CAUSE_USE_BY_SOON, USE_DUE, "Use it by 23 Nov" },
        { "2026-12-07", CAUSE_USE_BY_SOON, USE_DUE, "Use it by 7 Dec" },
        { "2026-12-08", CAUSE_OK, USE_OK, "Use it by 8 Dec" },
    };
    struct status_facts f = facts_today();
    struct arena a;

    (void)state;
    arena_init(&a, 64 * 1024);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        f.use_by = year_day(cases[i].use_by);
        check_cause(&a, &f,
                    &(struct cause_case){ cases[i].cause, cases[i].use, cases[i].why_short, "",
                                          "Its use-by day is", "" });
    }
    arena_done(&a);
}

static void item_that_is_out_says_who_has_it_and_when_it_is_late(void **state)
{
    struct cycle cycle = yearly(BASIS_GUIDE, "2026-11-01");
    struct status_facts f = facts_today();
    struct arena a;

    (void)state;
    arena_init(&a, 64 * 1024);
    f.out = true;
    f.out_who = "J. Smith";
    f.out_place = "Lab 3";
    f.out_day = year_day("2026-11-20");
    f.back_by_ms = ((int64_t)year_day("2026-11-23") * 86400 + 10 * 3600 + 42 * 60) * 1000;
    check_cause(&a, &f,
                &(struct cause_case){
                    CAUSE_OUT, USE_NO_CHECKS,
                    "Out: J. Smith, Lab 3 has it since 20 Nov, back by 10:42", "who has it",
                    "It is out since 20 Nov: J. Smith, Lab 3 has it. It is wanted back by 10:42.",
                    "record its return" });
    f.cycles = &cycle;
    f.cycle_count = 1;
    check_cause(&a, &f,
                &(struct cause_case){ CAUSE_OUT, USE_OK,
                                      "Out: J. Smith, Lab 3 has it since 20 Nov, back by 10:42",
                                      "Leak test: every 12 months", "is due on 1 Nov 2027", "" });
    f.minutes++;
    check_cause(&a, &f,
                &(struct cause_case){ CAUSE_NOT_BACK, USE_OVERDUE,
                                      "Not back: J. Smith, Lab 3 has it, wanted by 10:42",
                                      "wanted back by the time", "wanted back by 10:42",
                                      "if nobody can find it, record that" });
    f.back_by_ms = 0;
    cycle.last_day = year_day("2025-11-01");
    check_cause(&a, &f,
                &(struct cause_case){ CAUSE_OVERDUE, USE_OVERDUE,
                                      "Leak test · overdue by 22 days, was due 1 Nov · J. Smith, "
                                      "Lab 3 has it",
                                      "", "It is out since 20 Nov",
                                      "Make this check before it is used again" });
    arena_done(&a);
}

static void back_by_time_is_londons_on_both_sides_of_a_clock_change(void **state)
{
    struct status_facts f = facts_today();
    struct arena a;

    (void)state;
    arena_init(&a, 64 * 1024);
    f.out = true;
    f.today = year_day("2027-06-01");
    f.minutes = 15 * 60 + 30;
    /* 14:30 UTC is 15:30 in summer. */
    f.back_by_ms = ((int64_t)f.today * 86400 + 14 * 3600 + 30 * 60) * 1000;
    assert_int_equal(status_judge(&a, &f).cause, CAUSE_OUT);
    f.minutes++;
    assert_string_equal(status_judge(&a, &f).why_short,
                        "Not back: somebody has it, wanted by 15:30");
    arena_done(&a);
}

static void first_use_due_use_and_plain_statuses_have_their_words(void **state)
{
    struct cycle cycle = yearly(BASIS_GUIDE, "2026-01-15");
    struct status_facts f = facts_today();
    struct calendar c;
    struct arena a;

    (void)state;
    arena_init(&a, 64 * 1024);
    c = year_calendar(&a);
    check_cause(&a, &f,
                &(struct cause_case){ CAUSE_NO_CHECKS, USE_NO_CHECKS,
                                      "No check is laid down for it: look it over before you use "
                                      "it",
                                      "No check is set", "Nothing is due", "Look it over" });
    f.cycles = &cycle;
    f.cycle_count = 1;
    f.calendar = &c;
    check_cause(&a, &f,
                &(struct cause_case){ CAUSE_OK, USE_OK, "Next: Leak test, 15 Jan 2027",
                                      "a risk assessment may change it", "in 53 days",
                                      "You may use it." });
    f.today = year_day("2027-08-16");
    cycle.interval = "7d";
    cycle.in_session = true;
    cycle.last_day = year_day("2027-06-24");
    check_cause(&a, &f,
                &(struct cause_case){
                    CAUSE_FIRST_USE, USE_DUE, "Leak test · before first use, school opens today",
                    "after a closure it is due before first use",
                    "is due today. The school is closed on that day",
                    "Make this check before the first use after the closure: Leak test" });
    cycle = yearly(BASIS_LAW, "2026-06-10");
    cycle.interval = "14m";
    f.today = year_day("2027-06-20");
    check_cause(&a, &f,
                &(struct cause_case){
                    CAUSE_DUE, USE_DUE, "Leak test · due 25 Jun, in 5 days", "The law sets",
                    "is due on 25 Jun, in 5 days. The last good day is 10 Aug. The school is "
                    "closed on the last good day: it moves earlier, never later.",
                    "Make this check by its day: Leak test" });
    cycle.interval = "use";
    check_cause(&a, &f,
                &(struct cause_case){ CAUSE_EACH_USE, USE_DUE, "Check it before you use it",
                                      "before each use", "Last passed on 10 Jun 2026",
                                      "Make the before-use check" });
    cycle = yearly(BASIS_GUIDE, "");
    check_cause(&a, &f,
                &(struct cause_case){ CAUSE_NEVER, USE_NEVER_CHECKED, "Not checked yet · Leak test",
                                      "every 12 months", "no check on record",
                                      "Make the first check" });
    arena_done(&a);
}

/* With a clock that nobody has set, what a date makes safe is not called safe, and what a date has
   made unsafe stays so. */
static void untrusted_clock_makes_nothing_look_safer_than_it_is(void **state)
{
    static const struct {
        const char *interval, *last;
        enum status_cause cause;
        enum use use;
        bool said;
    } cases[] = {
        { "12m", "2026-11-01", CAUSE_CLOCK, USE_DUE, true },
        { "12m", "2025-12-01", CAUSE_DUE, USE_DUE, true },
        { "12m", "2025-11-01", CAUSE_OVERDUE, USE_OVERDUE, true },
        { "12m", "2027-11-01", CAUSE_OVERDUE, USE_OVERDUE, true },
        { "12m", "", CAUSE_NEVER, USE_NEVER_CHECKED, true },
        { "use", "2026-11-23", CAUSE_EACH_USE, USE_DUE, true },
        { "", "2026-11-01", CAUSE_OK, USE_OK, false },
    };
    struct arena a;

    (void)state;
    arena_init(&a, 256 * 1024);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct cycle cycle = yearly(BASIS_GUIDE, cases[i].last);
        struct status_facts f = facts_today();
        struct status_why w;
        struct status s;

        cycle.interval = cases[i].interval;
        f.cycles = &cycle;
        f.cycle_count = 1;
        f.clock_untrusted = true;
        s = status_judge(&a, &f);
        w = status_explain(&a, &s, f.today);
        if (s.cause != cases[i].cause || s.use != cases[i].use ||
            (strstr(s.why_short, "the date is not sure") != NULL) != cases[i].said)
            fail_msg("case %zu: cause %d, use %d, «%s»", i, (int)s.cause, (int)s.use, s.why_short);
        assert_non_null(strstr(w.facts, "today's date is not sure"));
        f.clock_untrusted = false;
        assert_true(s.use == status_judge(&a, &f).use || s.use == USE_DUE);
        assert_null(strstr(status_judge(&a, &f).why_short, "not sure"));
    }
    arena_done(&a);
}

static void every_status_explains_itself_when_memory_is_short(void **state)
{
    struct cycle cycle = yearly(BASIS_LAW, "2025-11-11");
    struct open_fail fail = { "d:1", "ra-leak", "", "", "", CALDATE_NONE, "F5" };
    struct status_facts f = facts_today();

    (void)state;
    f.cycles = &cycle;
    f.cycle_count = 1;
    f.fails = &fail;
    f.out = true;
    for (size_t room = 1; room < 6000; room += 61) {
        for (f.fail_count = 0; f.fail_count < 2; f.fail_count++) {
            struct arena a;
            struct status s;
            struct status_why w;

            arena_init(&a, room);
            s = status_judge(&a, &f);
            assert_int_equal(s.use, USE_DO_NOT);
            assert_non_null(s.why_short);
            w = status_explain(&a, &s, f.today);
            assert_true(w.rule != NULL && w.facts != NULL && w.next != NULL);
            arena_done(&a);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_fail_names_the_rule_the_action_whom_to_tell_and_who_releases),
        cmocka_unit_test(lost_retired_and_ended_items_are_not_used),
        cmocka_unit_test(late_check_of_law_or_scheme_stops_use_and_names_whose_date_passed),
        cmocka_unit_test(open_fault_keeps_an_earlier_pass_from_counting),
        cmocka_unit_test(culture_stays_amber_until_it_is_destroyed),
        cmocka_unit_test(use_by_day_is_the_last_good_one),
        cmocka_unit_test(item_that_is_out_says_who_has_it_and_when_it_is_late),
        cmocka_unit_test(back_by_time_is_londons_on_both_sides_of_a_clock_change),
        cmocka_unit_test(first_use_due_use_and_plain_statuses_have_their_words),
        cmocka_unit_test(untrusted_clock_makes_nothing_look_safer_than_it_is),
        cmocka_unit_test(every_status_explains_itself_when_memory_is_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
