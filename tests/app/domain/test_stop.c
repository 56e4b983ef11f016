#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/stop.h"
#include "platform/base/str.h"

enum { ARENA_MAX = 8 * 1024 * 1024 };

static void texts_are_compared_by_letters_and_digits_alone(void **state)
{
    static const struct {
        const char *named, *known;
        enum stop_match want;
    } rows[] = {
        { "PSU-30 B", "psu30b", STOP_IN },
        { "Philip & Sons", "PHILIP  & SONS.", STOP_IN },
        { "PSU-30", "PSU-31", STOP_OUT },
        { "PSU-30", "", STOP_MAYBE },
        { "PSU-30", NULL, STOP_MAYBE },
        { "PSU-30", " ? ", STOP_MAYBE },
        { "PSU-30", "Unknown", STOP_MAYBE },
        { "PSU-30", "n/a", STOP_MAYBE },
        /* One begins with the other. */
        { "PSU-30", "PSU-30A", STOP_MAYBE },
        { "PSU-30A", "PSU-30", STOP_MAYBE },
        { "X1", "X1 Pro", STOP_MAYBE },
        { "Example maker", "Example Maker Ltd", STOP_MAYBE },
        /* One holds the other, where it is long enough to mean something. */
        { "SL30", "Slope lamp (SL30)", STOP_MAYBE },
        { "X1", "AX1", STOP_OUT },
        { "MI-30", "MI-300", STOP_MAYBE },
        /* A slip of the keys frees nothing; another number does. */
        { "Example maker", "Exmaple maker", STOP_MAYBE },
        { "Example maker", "Example makr", STOP_MAYBE },
        { "Example 30", "Exampel 30", STOP_MAYBE },
        { "Example 30", "Exampel 31", STOP_OUT },
        { "PSUA-30", "PSUB-30", STOP_OUT },
        { "Example maker", "Sample makers", STOP_OUT },
        { "Bosch", "Bosh", STOP_MAYBE },
        { "Kern", "Karn", STOP_MAYBE },
        { "Kern", "Karl", STOP_OUT },
        { "RS", "RX", STOP_OUT },
        /* Signs that look alike, and a number alone. */
        { "LV-12", "LV-I2", STOP_MAYBE },
        { "PS0-5", "PSO-S", STOP_MAYBE },
        { "PSU-30", "30", STOP_MAYBE },
        { "PSU-30", "No 30", STOP_OUT },
        /* Whoever wrote it was not sure. */
        { "PSU-30", "PSU-31?", STOP_MAYBE },
        { "PSU-30", "plate worn off", STOP_MAYBE },
        { "PSU-30", "Maker unknown", STOP_MAYBE },
        { "PSU-30", "various", STOP_MAYBE },
        /* Letters beyond ASCII, however they are written. */
        { "Härtel", "Härtel", STOP_IN },
        { "Härtel", "HÄRTEL", STOP_MAYBE },
        { "Härtel", "Haertel", STOP_MAYBE },
        { "Härtel", "Example maker", STOP_OUT },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (stop_text(rows[i].named, rows[i].known) != rows[i].want)
            fail_msg("row %zu: \"%s\" against \"%s\"", i, rows[i].named,
                     rows[i].known == NULL ? "(none)" : rows[i].known);
}

static void a_maker_is_known_by_a_word_of_the_name(void **state)
{
    static const struct {
        const char *named, *known;
        enum stop_match want;
    } rows[] = {
        { "Philip Harris", "Harris, Philip", STOP_MAYBE },
        { "Philip Harris", "P. Harris Ltd", STOP_MAYBE },
        { "Philip Harris", "PH", STOP_MAYBE },
        { "PH", "Philip Harris", STOP_MAYBE },
        { "Griffin & George", "Griffin and George", STOP_MAYBE },
        { "Philip Harris", "Griffin", STOP_OUT },
        { "Fisher Scientific", "Unilab Scientific", STOP_OUT },
        { "Example maker", "Other makers", STOP_OUT },
        { "Philip Harris", "PX", STOP_OUT },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (stop_maker(rows[i].named, rows[i].known) != rows[i].want)
            fail_msg("row %zu: \"%s\" against \"%s\"", i, rows[i].named, rows[i].known);
}

static void serials_are_compared_run_by_run(void **state)
{
    static const struct {
        struct stop_range range;
        const char *known;
        enum stop_match want;
    } rows[] = {
        { { "1000", "1999" }, "1000", STOP_IN },
        { { "1000", "1999" }, "1999", STOP_IN },
        { { "1000", "1999" }, "999", STOP_OUT },
        { { "1000", "1999" }, "2000", STOP_OUT },
        { { "1000", "1999" }, "0001500", STOP_IN },
        { { "1000", "1999" }, "99999999999999999999999999999999", STOP_OUT },
        { { "1000", "1999" }, "SN1500", STOP_MAYBE },
        { { "SN1000", "SN1999" }, "sn 1500", STOP_IN },
        { { "SN1000", "SN1999" }, "1500", STOP_MAYBE },
        { { "SN1000", "SN1999" }, "SNA1500", STOP_MAYBE },
        { { "SN1000", "SN1999" }, "SO1500", STOP_OUT },
        { { "2024-0100", "2024-0200" }, "2024-150", STOP_IN },
        { { "2024-0100", "2024-0200" }, "2024-0201", STOP_OUT },
        { { "2024-0100", "2024-0200" }, "20240150", STOP_MAYBE },
        { { "A0100", "C0900" }, "B5000", STOP_IN },
        { { "A0100", "C0900" }, "AA100", STOP_MAYBE },
        { { "7", "7" }, "007", STOP_IN },
        { { "1000", "1999" }, "", STOP_MAYBE },
        { { "1000", "1999" }, "not known", STOP_MAYBE },
        /* A sign that could not be read, and noughts for none. */
        { { "A100", "A199" }, "A?50", STOP_MAYBE },
        { { "A100", "A199" }, "A5*0", STOP_MAYBE },
        { { "1000", "1999" }, "0000", STOP_MAYBE },
        { { "A100", "A199" }, "a-0150", STOP_IN },
        { { "A100", "A199" }, "AI50", STOP_MAYBE },
        { { "A100", "A199" }, "A150 or A250", STOP_MAYBE },
        { { "A100", "A199" }, "A1500", STOP_OUT },
        { { "1000", "1999" }, "1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1", STOP_MAYBE },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (stop_serial(&rows[i].range, rows[i].known) != rows[i].want)
            fail_msg("row %zu: \"%s\" in %s to %s", i, rows[i].known, rows[i].range.from,
                     rows[i].range.to);
}

/* Whatever is known with certainty to be another lets an item go, and nothing else does. */
static void an_item_goes_free_only_by_what_is_known(void **state)
{
    const char *kinds[] = { "power-supply" };
    const char *makers[] = { "Example maker", "Sample Bros" };
    const char *models[] = { "MI-30" };
    struct stop_range serials[] = { { "MI3000", "MI3499" }, { "MI4000", "MI4099" } };
    const struct stop s = { .kinds = kinds,
                            .kind_count = 1,
                            .makers = makers,
                            .maker_count = 2,
                            .models = models,
                            .model_count = 1,
                            .serials = serials,
                            .serial_count = 2 };
    static const struct {
        struct stop_item item;
        enum stop_match want;
        const char *missing;
    } rows[] = {
        { { "power-supply", "Example maker", "MI 30", "MI3001" }, STOP_IN, "" },
        { { "power-supply", "sample bros", "mi30", "MI4050" }, STOP_IN, "" },
        { { "power-supply", "", "", "" }, STOP_MAYBE, "maker, model and serial number" },
        { { "power-supply", NULL, NULL, NULL }, STOP_MAYBE, "maker, model and serial number" },
        { { "power-supply", "Example maker", "MI-30", "" }, STOP_MAYBE, "serial number" },
        { { "power-supply", "", "MI-30", "MI3001" }, STOP_MAYBE, "maker" },
        { { "power-supply", "Another", "MI-30", "MI3001" }, STOP_OUT, "" },
        { { "power-supply", "", "LV-12", "" }, STOP_OUT, "" },
        { { "power-supply", "", "", "MI3500" }, STOP_OUT, "" },
        { { "power-supply", "Example maker", "MI-30", "3001" }, STOP_MAYBE, "serial number" },
        { { "projector", "Example maker", "MI-30", "MI3001" }, STOP_OUT, "" },
        /* The two cells the wrong way round. */
        { { "power-supply", "MI-30", "Example Maker", "MI3001" }, STOP_MAYBE, "maker and model" },
    };
    struct arena a;

    (void)state;
    arena_init(&a, ARENA_MAX);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (stop_match(&s, &rows[i].item) != rows[i].want)
            fail_msg("row %zu", i);
        assert_string_equal(stop_missing(&a, &s, &rows[i].item), rows[i].missing);
    }
    arena_done(&a);
}

static void a_stopped_chemical_stops_every_bottle_of_it(void **state)
{
    const char *chemicals[] = { "ether" };
    const char *const in[] = { "water", "ether" };
    const struct stop s = { .chemicals = chemicals, .chemical_count = 1 };

    (void)state;
    assert_int_equal(
        stop_match(&s,
                   &(struct stop_item){ .kind = "bottle", .chemicals = in, .chemical_count = 2 }),
        STOP_IN);
    assert_int_equal(
        stop_match(&s,
                   &(struct stop_item){ .kind = "bottle", .chemicals = in, .chemical_count = 1 }),
        STOP_OUT);
    assert_true(stop_names_doc(&s, "ether"));
    assert_false(stop_names_doc(&s, "eth"));
}

static void a_notice_ends_on_its_day_but_not_by_a_clock_that_nobody_trusts(void **state)
{
    const struct stop s = { .ends = 100 };
    const struct stop open = { .ends = CALDATE_NONE };
    const struct stop back = { .ends = CALDATE_NONE, .withdrawn = true };

    (void)state;
    assert_true(stop_holds(&s, 100, false));
    assert_false(stop_holds(&s, 101, false));
    assert_true(stop_holds(&s, 101, true));
    assert_true(stop_holds(&open, 1000000, false));
    assert_false(stop_holds(&back, 1, true));
}

#define HEAD "---\nid: r\nkind: notice\ntitle: T\nnotice_kind: recall\n"

static enum err read_one(struct arena *a, const char *rest, struct stop *out, struct why *why)
{
    struct doc d;
    const char *source = arena_printf(a, HEAD "%s---\nx\n", rest);

    assert_int_equal(doc_parse(a, source, strlen(source), &d, why), ERR_OK);
    assert_true(stop_is(&d));
    return stop_from_doc(a, &d, out, why);
}

static void a_notice_is_read_whole(void **state)
{
    struct arena a;
    struct stop s;
    struct why why;

    (void)state;
    arena_init(&a, ARENA_MAX);
    assert_int_equal(
        read_one(&a,
                 "revision: 3\nstop_kinds: [power-supply]\nstop_makers: Example maker\n"
                 "stop_models: [A, B]\nstop_serials:\n  - from: A1\n    to: A9\n"
                 "stop_activities: [b03]\nstop_chemicals: [ether]\nstop_do: [Unplug it.]\n"
                 "stop_ends: 2027-01-31\n",
                 &s, &why),
        ERR_OK);
    assert_string_equal(s.id, "r");
    assert_int_equal(s.revision, 3);
    assert_true(s.recall);
    assert_int_equal(s.kind_count + s.maker_count + s.model_count + s.serial_count, 5);
    assert_string_equal(s.makers[0], "Example maker");
    assert_string_equal(s.serials[0].to, "A9");
    assert_string_equal(s.now_do[0], "Unplug it.");
    assert_string_equal(stop_about(&a, &s, NULL, NULL),
                        "power-supply · Example maker · A, B · serial A1 to A9");
    assert_true(stop_holds(&s, s.ends, false));
    assert_false(stop_holds(&s, s.ends + 1, false));
    /* What is taken back need not say what it was about. */
    assert_int_equal(read_one(&a, "withdrawn: \"A mistake\"\n", &s, &why), ERR_OK);
    assert_true(s.withdrawn);
    /* A made-up one asks nobody to look at a plate. */
    assert_int_equal(read_one(&a,
                              "example: \"yes\"\nstop_kinds: [k]\nstop_makers: [m]\n"
                              "stop_do: [x]\n",
                              &s, &why),
                     ERR_OK);
    assert_int_equal(stop_match(&s, &(struct stop_item){ .kind = "k" }), STOP_OUT);
    assert_int_equal(stop_match(&s, &(struct stop_item){ .kind = "k", .maker = "M" }), STOP_IN);
    arena_done(&a);
}

static void a_notice_that_nobody_could_follow_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *rest, *why;
    } rows[] = {
        { "", "line 5: notice_kind: say what it is about: stop_kinds, stop_activities or "
              "stop_chemicals" },
        { "stop_kinds: [a]\n",
          "line 5: notice_kind: say what to do now: stop_do, one to three short lines" },
        { "stop_do: [x]\nstop_makers: [m]\nstop_activities: [b]\n",
          "line 7: stop_makers: it narrows a kind of equipment: name the kinds, stop_kinds: "
          "[...]" },
        { "stop_do: [x]\nstop_kinds: [a]\nstop_makers: [\"?\"]\n",
          "line 8: stop_makers: an entry tells nothing; leave the key out where any is meant" },
        { "stop_do: [x]\nstop_kinds: [a]\nstop_serials: A1\n",
          "line 8: stop_serials: write each range as \"- from: PS1000\" and \"to: PS1999\"" },
        { "stop_do: [x]\nstop_kinds: [a]\nstop_serials:\n  - from: A1\n",
          "line 9: stop_serials: an entry has \"from\" and \"to\", the first and the last; one "
          "number alone stands in both" },
        { "stop_do: [x]\nstop_kinds: [a]\nstop_serials:\n  - from: A9\n    to: A1\n",
          "line 9: stop_serials: no serial lies from \"A9\" to \"A1\"; write both ends alike, the "
          "lower first, or make two ranges of it" },
        { "stop_do: [x]\nstop_kinds: [a]\nstop_serials:\n  - from: A1\n    to: 9\n",
          "line 9: stop_serials: no serial lies from \"A1\" to \"9\"; write both ends alike, the "
          "lower first, or make two ranges of it" },
        { "stop_do: [a, b, c, d]\nstop_kinds: [a]\n", "line 6: stop_do: at most three lines" },
    };
    struct arena a;
    struct stop s;

    (void)state;
    arena_init(&a, ARENA_MAX);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct why why;

        assert_int_equal(read_one(&a, rows[i].rest, &s, &why), ERR_INPUT);
        assert_string_equal(why.text, rows[i].why);
    }
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_compared_by_letters_and_digits_alone),
        cmocka_unit_test(a_maker_is_known_by_a_word_of_the_name),
        cmocka_unit_test(serials_are_compared_run_by_run),
        cmocka_unit_test(an_item_goes_free_only_by_what_is_known),
        cmocka_unit_test(a_stopped_chemical_stops_every_bottle_of_it),
        cmocka_unit_test(a_notice_ends_on_its_day_but_not_by_a_clock_that_nobody_trusts),
        cmocka_unit_test(a_notice_is_read_whole),
        cmocka_unit_test(a_notice_that_nobody_could_follow_is_refused_with_its_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
