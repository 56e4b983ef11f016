#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/sign.h"
#include "platform/base/str.h"
#include "tests/app/domain/chem_rig.h"

static struct chem_rig rig;

static int begin(void **state)
{
    (void)state;
    chem_rig_begin(&rig);
    return 0;
}

static int end(void **state)
{
    (void)state;
    chem_rig_end(&rig);
    return 0;
}

static void asks(const char *id, double conc, const char *unit, const char *row, enum chem_how how)
{
    struct chem_at at = chemical_band(chem_rig_get(&rig, id), conc, unit);
    if (!str_eq(at.band->row, row) || at.how != how)
        fail_msg("%s at %g %s: row %s, how %d; wanted %s, %d", id, conc, unit, at.band->row, at.how,
                 row, how);
}

static void a_strength_within_a_band_gives_that_band(void **state)
{
    (void)state;
    asks("hydrochloric-acid", 1, "mol/l", "C004", CHEM_IN);
    asks("hydrochloric-acid", 3, "mol/l", "C003", CHEM_IN);
    asks("hydrochloric-acid", 12, "mol/l", "C001", CHEM_IN);
    asks("sulfuric-acid", 1, "mol/l", "C007", CHEM_IN);
    asks("sulfuric-acid", 2, "mol/l", "C006", CHEM_IN);
    asks("nitric-acid", 1, "mol/l", "C011", CHEM_IN);
    asks("sodium-hydroxide", 0.4, "mol/l", "C031", CHEM_IN);
    asks("copper-ii-sulfate", 0.5, "mol/l", "C099", CHEM_IN);
    asks("barium-chloride", 0.1, "mol/l", "C052", CHEM_IN);
}

/* Every edge of every band in every unit: the edge is the stronger one's, a hair below it is not. */
static void at_every_edge_the_stronger_band_holds(void **state)
{
    static const char *const units[CHEM_SCALES] = { "mol/l", "%", "vol" };
    size_t edges = 0;
    (void)state;
    for (size_t i = 0; i < rig.count; i++)
        for (size_t b = 0; b < rig.all[i].band_count; b++)
            for (size_t s = 0; s < CHEM_SCALES; s++) {
                const struct chem_band *band = &rig.all[i].bands[b];
                double from = band->in[s].from;
                if (isnan(from))
                    continue;
                struct chem_at on = chemical_band(&rig.all[i], from, units[s]);
                if (on.band != band || on.how != CHEM_IN)
                    fail_msg("%s at %g %s: row %s", rig.all[i].id, from, units[s], on.band->row);
                struct chem_at below = chemical_band(&rig.all[i], nextafter(from, -1), units[s]);
                if (from > 0 && below.band == band && below.how != CHEM_BETWEEN &&
                    below.how != CHEM_BELOW)
                    fail_msg("%s just under %g %s is still told as %s", rig.all[i].id, from,
                             units[s], band->row);
                edges++;
            }
    assert_true(edges > 100);
}

/* Whatever the strength, the band is never a weaker one than the strength calls for. */
static void between_two_bands_the_stronger_holds(void **state)
{
    (void)state;
    asks("copper-ii-chloride", 0.5, "mol/l", "C105", CHEM_IN);
    asks("copper-ii-chloride", 0.6, "mol/l", "C104", CHEM_BETWEEN);
    asks("silver-nitrate", 0.5, "mol/l", "C106", CHEM_BETWEEN);
    asks("barium-chloride", 0.4, "mol/l", "C051", CHEM_BETWEEN);
    asks("potassium-manganate-vii", 0.1, "mol/l", "C069", CHEM_BETWEEN);
    asks("lead-ii-nitrate", 0.5, "mol/l", "C109", CHEM_BETWEEN);
    asks("sodium-carbonate", 0.5, "mol/l", "C047", CHEM_BETWEEN);
    asks("phenolphthalein", 1, "%", "C169", CHEM_BETWEEN);
    for (size_t i = 0; i < rig.count; i++)
        for (double conc = 0.001; conc < 30; conc *= 1.07) {
            struct chem_at at = chemical_band(&rig.all[i], conc, "mol/l");
            const struct chem_range *r = &at.band->in[CHEM_MOL_L];
            if (at.how == CHEM_IN && !isnan(r->from))
                assert_true(conc >= r->from && conc <= r->to);
            if (at.how == CHEM_BETWEEN && !isnan(r->from))
                assert_true(conc < r->from);
            if (at.how == CHEM_BETWEEN && at.weaker != NULL)
                assert_true(chemical_rank(at.band) >= chemical_rank(at.weaker));
        }
}

static void below_all_the_weakest_and_above_all_nothing_is_known(void **state)
{
    (void)state;
    asks("hydrochloric-acid", 0.001, "mol/l", "C004", CHEM_BELOW);
    asks("phosphoric-acid", 0.5, "mol/l", "C019", CHEM_BELOW);
    asks("hydrochloric-acid", 13, "mol/l", "C001", CHEM_ABOVE);
    asks("limewater", 0.02, "mol/l", "C039", CHEM_IN);
    /* The only row is «not classified»: a stronger one must not be told so. */
    asks("ethanedioic-acid", 0.1, "mol/l", "C025", CHEM_ABOVE);
    struct chem_at at = chemical_band(chem_rig_get(&rig, "ethanedioic-acid"), 0.1, "mol/l");
    assert_false(chemical_known(&at));
    assert_string_equal(chemical_says(&at), "Not in the table at this strength: ask");
    at = chemical_band(chem_rig_get(&rig, "ethanedioic-acid"), 0.05, "mol/l");
    assert_true(chemical_known(&at));
}

static void per_cent_and_volume_strength_have_edges_of_their_own(void **state)
{
    (void)state;
    asks("hydrochloric-acid", 10, "%", "C003", CHEM_IN);
    asks("hydrochloric-acid", 9.9, "%", "C004", CHEM_IN);
    asks("hydrochloric-acid", 37, "%", "C001", CHEM_IN);
    asks("sodium-hydroxide", 2, "%", "C030", CHEM_IN);
    asks("sodium-hydroxide", 40, "%", "C030", CHEM_IN);
    asks("hydrogen-peroxide", 20, "vol", "C055", CHEM_IN);
    asks("hydrogen-peroxide", 100, "vol", "C053", CHEM_IN);
    asks("hydrogen-peroxide", 10, "vol", "C056", CHEM_IN);
    asks("hydrogen-peroxide", 30, "%", "C053", CHEM_IN);
    asks("sodium-chlorate-i", 4, "%", "C059", CHEM_IN);
    asks("phenolphthalein", 0.2, "%", "C170", CHEM_IN);
    /* A unit that the table has not for it: the worst, and said so. */
    asks("limewater", 1, "%", "C039", CHEM_UNKNOWN);
    asks("hydrochloric-acid", 20, "vol", "C001", CHEM_UNKNOWN);
    asks("hydrochloric-acid", NAN, "mol/l", "C001", CHEM_UNKNOWN);
    asks("hydrochloric-acid", -2, "mol/l", "C001", CHEM_UNKNOWN);
    asks("phenolphthalein", 0.1, "mol/l", "C169", CHEM_UNKNOWN);
}

static void a_form_is_asked_for_by_its_words_or_the_worse_one_holds(void **state)
{
    (void)state;
    asks("sodium-hydroxide", NAN, "solid", "C029", CHEM_IN);
    asks("methanol", NAN, "pure", "C143", CHEM_IN);
    asks("sulfuric-acid", NAN, "conc.", "C005", CHEM_IN);
    asks("magnesium", NAN, "ribbon or turnings", "C085", CHEM_IN);
    asks("magnesium", NAN, "solid", "C086", CHEM_FORMS);
    asks("zinc", NAN, "solid", "C090", CHEM_FORMS);
    asks("copper-ii-sulfate", NAN, "solid", "C096", CHEM_IN);
    asks("copper-ii-sulfate", NAN, "pure", "C096", CHEM_FORMS);
    asks("hydrochloric-acid", NAN, "", "C001", CHEM_UNKNOWN);
    asks("hydrochloric-acid", NAN, "solid", "C001", CHEM_UNKNOWN);
}

static void how_a_band_was_chosen_is_said_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *id, *asked, *part;
    } cases[] = {
        { "hydrochloric-acid", "13 mol/l", "stronger than every row" },
        { "hydrochloric-acid", "0.001 mol/l", "weaker than every row" },
        { "barium-chloride", "0.4 mol/l", "next stronger" },
        { "magnesium", "solid", "several forms" },
        { "limewater", "1 %", "does not have" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char unit[CHEM_UNIT_MAX];
        double conc = NAN;
        const struct chemical *c = chem_rig_get(&rig, cases[i].id);
        assert_true(chemical_strength_read(cases[i].asked, &conc, unit));
        struct chem_at at = chemical_band(c, conc, unit);
        const char *words = chemical_how_words(&rig.arena, c, &at, cases[i].asked);
        if (strstr(words, cases[i].part) == NULL)
            fail_msg("%s at %s: %s", cases[i].id, cases[i].asked, words);
        assert_non_null(strstr(words, at.band->strength));
    }
    struct chem_at in = chemical_band(chem_rig_get(&rig, "hydrochloric-acid"), 1, "mol/l");
    assert_string_equal(
        chemical_how_words(&rig.arena, chem_rig_get(&rig, "hydrochloric-acid"), &in, "1 mol/l"),
        "");
}

static void a_strength_is_read_as_people_write_it(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double conc;
        const char *unit;
    } cases[] = {
        { "1 mol/l", 1, "mol/l" }, { "0.5M", 0.5, "mol/l" }, { "0,4 mol/L", 0.4, "mol/l" },
        { "2 M", 2, "mol/l" },     { "2", 2, "mol/l" },      { " 10 % ", 10, "%" },
        { "5%", 5, "%" },          { "20 vol", 20, "vol" },  { "0.1 mol dm-3", 0.1, "mol/l" },
    };
    static const char *const bad[] = {
        "0", "0.0 mol/l", "", " ", "1 pint", "1.2.3 mol/l", "12345678901234567890123456 %"
    };
    char unit[CHEM_UNIT_MAX];
    double conc = 0;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (!chemical_strength_read(cases[i].text, &conc, unit))
            fail_msg("cannot read %s", cases[i].text);
        assert_true(fabs(conc - cases[i].conc) < 1e-9);
        assert_string_equal(unit, cases[i].unit);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (chemical_strength_read(bad[i], &conc, unit))
            fail_msg("read %s", bad[i]);
        assert_true(isnan(conc));
    }
    assert_true(chemical_strength_read("fine powder", &conc, unit));
    assert_true(isnan(conc));
    assert_string_equal(unit, "fine powder");
}

static void a_formula_is_written_with_its_counts_low(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "H2SO4(aq)", "H₂SO₄(aq)" },
        { "CuSO4·5H2O", "CuSO₄·5H₂O" },
        { "Ca(OH)2", "Ca(OH)₂" },
        { "C20H14O4", "C₂₀H₁₄O₄" },
        { "C2H5OH + ~4 % CH3OH", "C₂H₅OH + ~4 % CH₃OH" },
        { "—", "—" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(chemical_formula(&rig.arena, cases[i][0]), cases[i][1]);
}

/* «Not classified» is the word for a label, never a word for safe. */
static void nothing_that_is_said_means_safe(void **state)
{
    (void)state;
    struct chem_at none = chemical_band(chem_rig_get(&rig, "hydrochloric-acid"), 1, "mol/l");
    struct chem_at danger = chemical_band(chem_rig_get(&rig, "sulfuric-acid"), 2, "mol/l");
    struct chem_at codes =
        chemical_band(chem_rig_get(&rig, "potassium-manganate-vii"), 0.02, "mol/l");
    assert_string_equal(chemical_says(&none), "No GHS label: still wear eye protection");
    assert_string_equal(chemical_says(&danger), "Danger");
    assert_string_equal(chemical_says(&codes), "No signal word: see what it does");
    assert_true(chemical_rank(danger.band) > chemical_rank(codes.band));
    assert_true(chemical_rank(codes.band) > chemical_rank(none.band));
    assert_int_equal(chemical_rank(none.band), 0);
}

static enum err parsed(const char *bands, struct why *why)
{
    struct doc d;
    struct chemical c;
    const char *text =
        arena_printf(&rig.arena, "---\nid: x\nkind: chemical\ntitle: X\n%s---\n", bands);
    enum err rc = doc_parse(&rig.arena, text, strlen(text), &d, why);
    return rc == ERR_OK ? chemical_from_doc(&rig.arena, &d, &c, why) : rc;
}

static void a_document_that_contradicts_itself_is_refused_with_its_line(void **state)
{
    (void)state;
#define BAND(rest) "bands:\n  - strength: neat\n    confidence: sure\n" rest
    static const struct {
        const char *bands, *part;
    } cases[] = {
        { "", "has bands" },
        { BAND("    signal: danger\n    h_codes: [H314]\n    pictograms: [ghs07]\n"),
          "pictograms" },
        { BAND("    signal: warning\n    h_codes: [H314]\n    pictograms: [ghs05]\n"),
          "signal word" },
        { BAND("    signal: danger\n    h_codes: [H999]\n    pictograms: []\n"), "H999" },
        { BAND("    signal: warning\n    h_codes: []\n"), "signal word" },
        { BAND("    signal: none\n    from: 2\n    to: 1\n"), "ends below" },
        { BAND("    signal: none\n    to: 1\n"), "where it begins" },
        { BAND("    signal: maybe\n"), "danger, warning or none" },
        { BAND("    signal: none\n    from: 1\n    to: 3\n") "  - strength: b\n    confidence: "
                                                             "sure\n"
                                                             "    signal: none\n    from: 2\n    "
                                                             "to: 4\n",
          "overlaps" },
        { "bands:\n  - confidence: sure\n    signal: none\n    strength: \"\"\n", "strength" },
        { "bands:\n  - strength: neat\n    signal: none\n", "how sure" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct why why = { 0 };
        if (parsed(cases[i].bands, &why) != ERR_INPUT || strstr(why.text, cases[i].part) == NULL)
            fail_msg("case %zu: %s", i, why.text);
        if (i > 0)
            assert_non_null(strstr(why.text, "line "));
    }
    struct why why = { 0 };
    assert_int_equal(
        parsed(BAND("    signal: danger\n    h_codes: [H225]\n    pictograms: [ghs02]\n"), &why),
        ERR_OK);
}

static void little_memory_is_told_and_nothing_is_half_made(void **state)
{
    (void)state;
    const struct doc *d = chem_rig_doc(&rig, "copper-ii-sulfate");
    struct chemical c = { .id = NULL };
    enum err rc = ERR_NOMEM;
    size_t tries = 0;
    for (size_t max = 16; rc != ERR_OK; max += 64, tries++) {
        struct arena a;
        struct why why = { 0 };
        arena_init(&a, max);
        rc = chemical_from_doc(&a, d, &c, &why);
        assert_true(rc == ERR_OK || rc == ERR_NOMEM);
        assert_true(rc == ERR_OK || c.id == NULL);
        arena_done(&a);
    }
    assert_true(tries > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_strength_within_a_band_gives_that_band),
        cmocka_unit_test(at_every_edge_the_stronger_band_holds),
        cmocka_unit_test(between_two_bands_the_stronger_holds),
        cmocka_unit_test(below_all_the_weakest_and_above_all_nothing_is_known),
        cmocka_unit_test(per_cent_and_volume_strength_have_edges_of_their_own),
        cmocka_unit_test(a_form_is_asked_for_by_its_words_or_the_worse_one_holds),
        cmocka_unit_test(how_a_band_was_chosen_is_said_in_words),
        cmocka_unit_test(a_strength_is_read_as_people_write_it),
        cmocka_unit_test(a_formula_is_written_with_its_counts_low),
        cmocka_unit_test(nothing_that_is_said_means_safe),
        cmocka_unit_test(little_memory_is_told_and_nothing_is_half_made),
        cmocka_unit_test(a_document_that_contradicts_itself_is_refused_with_its_line),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
