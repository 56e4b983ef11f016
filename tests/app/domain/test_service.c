#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/caldate.h"
#include "app/domain/service.h"
#include "platform/base/str.h"

enum { ARENA_MAX = 4 * 1024 * 1024 };

struct made {
    struct arena a;
    struct doc d;
};

static const struct doc *make(struct made *m, const char *keys)
{
    struct why why = { 0 };
    const char *source;

    arena_init(&m->a, ARENA_MAX);
    source = arena_printf(&m->a, "---\nid: x\ntitle: X\n%s---\nText.\n", keys);
    assert_non_null(source);
    if (doc_parse_front(&m->a, source, strlen(source), &m->d, &why) != ERR_OK)
        fail_msg("%s: %s", keys, why.text);
    return &m->d;
}

static int32_t day_of(const char *iso)
{
    int32_t day = 0;

    assert_true(caldate_parse(iso, &day));
    return day;
}

/* The same wall time in the last week of summer time and in the first of winter time, and the other way about. */
static void sixteen_o_clock_stays_sixteen_o_clock_across_a_change_of_the_clocks(void **state)
{
    static const struct {
        const char *text, *words;
    } rows[] = {
        { "2026-10-22T16:00", "Thu 22 Oct 2026, 16:00" },
        { "2026-10-29T16:00", "Thu 29 Oct 2026, 16:00" },
        { "2027-03-25T16:00", "Thu 25 Mar 2027, 16:00" },
        { "2027-04-01T16:00", "Thu 1 Apr 2027, 16:00" },
        { "2026-12-02", "Wed 2 Dec 2026" },
    };
    struct arena a;

    (void)state;
    arena_init(&a, ARENA_MAX);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_string_equal(service_moment_words(&a, service_moment(rows[i].text)), rows[i].words);
    arena_done(&a);
}

static void what_is_no_moment_gives_none(void **state)
{
    static const char *const bad[] = { "",
                                       "soon",
                                       "2026-02-30",
                                       "2026-12-02T24:00",
                                       "2026-12-02T16:60",
                                       "2026-12-02 16:00",
                                       "2026-12-02T16:00Z",
                                       "2026-12-02T1x:00" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(service_moment(bad[i]).day, CALDATE_NONE);
}

static void event_is_over_when_its_end_has_gone_by(void **state)
{
    struct made m;
    const struct doc *d =
        make(&m, "kind: event\nstarts: \"2026-12-02T16:00\"\nends: \"2026-12-02T16:45\"\n");
    int32_t day = day_of("2026-12-02");

    (void)state;
    assert_false(service_over(d, day - 1, 23 * 60));
    assert_false(service_over(d, day, 16 * 60 + 45));
    assert_true(service_over(d, day, 16 * 60 + 46));
    assert_true(service_over(d, day + 1, 0));
    arena_done(&m.a);
    d = make(&m, "kind: event\n");
    assert_false(service_over(d, day, 0));
    arena_done(&m.a);
}

static void last_day_to_apply_still_counts(void **state)
{
    struct made m;
    const struct doc *d = make(&m, "kind: scheme\ncloses_on: 2026-10-30\n");
    int32_t day = day_of("2026-10-30");

    (void)state;
    assert_false(service_closed(d, day));
    assert_true(service_closed(d, day + 1));
    arena_done(&m.a);
}

static void course_is_rated_by_level_and_points_together_or_not_at_all(void **state)
{
    static const struct {
        const char *keys, *words;
    } rows[] = {
        { "scqf_level: 6\nscqf_points: 3\n", "SCQF level 6, 3 credit points" },
        { "scqf_level: 7\nscqf_points: 1\n", "SCQF level 7, 1 credit point" },
        { "", "Not credit-rated" },
        { "confidence: likely\n", "Not credit-rated" },
        { "confidence: verify\n", "SCQF rating not known here" },
        { "scqf_level: 6\n", "SCQF rating not known here" },
        { "scqf_points: 3\n", "SCQF rating not known here" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct made m;
        char keys[128];
        (void)str_format(keys, sizeof keys, "kind: course\n%s", rows[i].keys);
        const struct doc *d = make(&m, keys);
        assert_string_equal(service_rating_words(&m.a, d), rows[i].words);
        arena_done(&m.a);
    }
}

static void length_is_told_in_days_or_hours(void **state)
{
    static const struct {
        const char *keys, *words;
    } rows[] = {
        { "kind: course\ndays: 3\n", "3 days" },
        { "kind: course\ndays: 1\n", "1 day" },
        { "kind: course\nminutes: 45\n", "45 minutes" },
        { "kind: course\nminutes: 60\n", "1 hour" },
        { "kind: course\nminutes: 210\n", "3 hours 30 minutes" },
        { "kind: course\n", "" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct made m;
        const struct doc *d = make(&m, rows[i].keys);

        assert_string_equal(service_length_words(&m.a, d), rows[i].words);
        arena_done(&m.a);
    }
}

static void scheme_is_open_by_the_kind_of_the_constituency(void **state)
{
    static const struct {
        const char *kind;
        enum service_fit fit;
    } rows[] = {
        { "authority", FIT_YES }, { "sector", FIT_NO }, { "school", FIT_ASK }, { "", FIT_ASK }
    };
    struct made m;
    const struct doc *d = make(&m, "kind: scheme\neligible: [authority]\nask: [school]\n");

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(service_fit(d, rows[i].kind), rows[i].fit);
        assert_true(strlen(service_fit_words(rows[i].fit, rows[i].kind)) > 10);
    }
    arena_done(&m.a);
    d = make(&m, "kind: scheme\n");
    assert_int_equal(service_fit(d, "authority"), FIT_ASK);
    arena_done(&m.a);
}

static void nobody_is_named_without_consent(void **state)
{
    static const struct {
        const char *keys;
        enum service_contact who;
    } rows[] = {
        { "name: A\nconsent: \"yes\"\n", CONTACT_NAME },
        { "name: A\n", CONTACT_UNPUBLISHED },
        { "name: A\nconsent: \"no\"\n", CONTACT_UNPUBLISHED },
        { "name: A\nconsent: \"yes\"\nunpublished: \"yes\"\n", CONTACT_UNPUBLISHED },
        { "vacant: \"yes\"\n", CONTACT_VACANT },
        { "unpublished: \"yes\"\n", CONTACT_UNPUBLISHED },
        { "", CONTACT_UNPUBLISHED },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct made m;
        char keys[160];
        (void)str_format(keys, sizeof keys, "kind: person\nrole: stac\nas_of: 2026-01-01\n%s",
                         rows[i].keys);
        assert_int_equal(service_contact(make(&m, keys)), rows[i].who);
        arena_done(&m.a);
    }
}

static void what_was_looked_up_a_year_ago_may_have_changed(void **state)
{
    int32_t today = day_of("2026-11-23");

    (void)state;
    assert_false(service_aged(today - 365, today));
    assert_true(service_aged(today - 366, today));
    assert_false(service_aged(CALDATE_NONE, today));
}

static void accreditation_lapses_after_its_last_day(void **state)
{
    struct made m;
    const struct doc *d = make(&m, "kind: centre\naccredited_until: 2026-06-30\n");
    int32_t day = day_of("2026-06-30");

    (void)state;
    assert_false(service_lapsed(d, day));
    assert_true(service_lapsed(d, day + 1));
    arena_done(&m.a);
    d = make(&m, "kind: centre\n");
    assert_false(service_lapsed(d, day));
    arena_done(&m.a);
}

static void course_for_one_constituency_is_for_no_other(void **state)
{
    struct made m;
    const struct doc *d = make(&m, "kind: course\nconstituency: [S12000030]\n");

    (void)state;
    assert_true(service_for(d, "S12000030"));
    assert_false(service_for(d, "S12000049"));
    assert_false(service_for(d, ""));
    arena_done(&m.a);
    d = make(&m, "kind: course\n");
    assert_true(service_for(d, ""));
    arena_done(&m.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sixteen_o_clock_stays_sixteen_o_clock_across_a_change_of_the_clocks),
        cmocka_unit_test(what_is_no_moment_gives_none),
        cmocka_unit_test(event_is_over_when_its_end_has_gone_by),
        cmocka_unit_test(last_day_to_apply_still_counts),
        cmocka_unit_test(course_is_rated_by_level_and_points_together_or_not_at_all),
        cmocka_unit_test(length_is_told_in_days_or_hours),
        cmocka_unit_test(scheme_is_open_by_the_kind_of_the_constituency),
        cmocka_unit_test(nobody_is_named_without_consent),
        cmocka_unit_test(what_was_looked_up_a_year_ago_may_have_changed),
        cmocka_unit_test(accreditation_lapses_after_its_last_day),
        cmocka_unit_test(course_for_one_constituency_is_for_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
