/* Any bytes as a chemical's document, and as a strength. What is accepted answers every question with one of its own bands,
   never a weaker one than the strength calls for, and a row without a class is not the answer above all rows. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "app/domain/chemical.h"
#include "tests/fuzz/fuzz.h"

static void ask(struct arena *a, const struct chemical *c, double conc, const char *unit)
{
    struct chem_at at = chemical_band(c, conc, unit);
    assert(at.band >= c->bands && at.band < c->bands + c->band_count);
    assert(chemical_says(&at)[0] != '\0');
    assert((chemical_how_words(a, c, &at, unit)[0] == '\0') == (at.how == CHEM_IN));
    if (at.how == CHEM_BETWEEN && at.weaker != NULL && isnan(at.band->in[CHEM_MOL_L].from))
        assert(chemical_rank(at.band) >= chemical_rank(at.weaker));
    if (at.how == CHEM_ABOVE && at.band->h_code_count == 0)
        assert(strstr(chemical_says(&at), "ask") != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const double strengths[] = { 0, 0.001, 0.1, 1, 2, 10, 37, 100, 1e9, NAN };
    static const char *const units[] = { "mol/l", "%", "vol", "solid", "pure", "", "fine powder" };
    struct arena a;
    struct doc d;
    struct chemical c;
    char text[64], unit[CHEM_UNIT_MAX];
    double conc;
    size_t len = size < sizeof text - 1 ? size : sizeof text - 1;

    arena_init(&a, 32 * 1024 * 1024);
    memcpy(text, data, len);
    text[len] = '\0';
    if (!chemical_strength_read(text, &conc, unit))
        assert(isnan(conc));
    assert(strlen(chemical_formula(&a, text)) >= strlen(text));
    if (doc_parse_front(&a, (const char *)data, size, &d, NULL) == ERR_OK &&
        chemical_from_doc(&a, &d, &c, NULL) == ERR_OK) {
        assert(c.band_count > 0 && c.band_count <= CHEM_BANDS_MAX);
        for (size_t i = 0; i < COUNT_OF(strengths); i++)
            for (size_t k = 0; k < COUNT_OF(units); k++)
                ask(&a, &c, strengths[i], units[k]);
    }
    arena_done(&a);
    return 0;
}
