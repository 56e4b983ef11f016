#include "app/domain/chemical.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "platform/base/str.h"

/* Words for a substance as it stands in the bottle, without a number. */
static const char *const form_words[] = { "solid",  "pure", "neat",  "gas",
                                          "liquid", "conc", "conc.", "concentrated" };

unsigned chemical_rank(const struct chem_band *band)
{
    unsigned gravest = 0, sum = 0;
    for (size_t i = 0; i < band->h_code_count; i++) {
        unsigned weight = hazard_code_weight(band->h_codes[i]);
        sum += weight;
        gravest = weight > gravest ? weight : gravest;
    }
    return (unsigned)band->signal * 10000 + gravest * 1000 + (sum > 999 ? 999 : sum);
}

static bool chem_ranged(const struct chem_band *b, enum chem_scale scale)
{
    return !isnan(b->in[scale].from);
}

/* Neither a solution in any unit: the substance as it is. */
static bool chem_form(const struct chem_band *b)
{
    return !chem_ranged(b, CHEM_MOL_L) && !chem_ranged(b, CHEM_PERCENT) &&
           !chem_ranged(b, CHEM_VOL);
}

static const struct chem_band *chem_worse(const struct chem_band *a, const struct chem_band *b)
{
    if (a == NULL)
        return b;
    return b != NULL && chemical_rank(b) > chemical_rank(a) ? b : a;
}

static const struct chem_band *chem_worst(const struct chemical *c)
{
    const struct chem_band *worst = NULL;
    for (size_t i = 0; i < c->band_count; i++)
        worst = chem_worse(worst, &c->bands[i]);
    return worst;
}

static const struct chem_band *chem_worst_form(const struct chemical *c, size_t *out_count)
{
    const struct chem_band *worst = NULL;
    *out_count = 0;
    for (size_t i = 0; i < c->band_count; i++) {
        if (!chem_form(&c->bands[i]))
            continue;
        worst = chem_worse(worst, &c->bands[i]);
        ++*out_count;
    }
    return worst;
}

/* The strongest band of a scale that begins at conc or below it; the weakest that begins above. */
static const struct chem_band *chem_from_below(const struct chemical *c, enum chem_scale s,
                                               double conc)
{
    const struct chem_band *best = NULL;
    for (size_t i = 0; i < c->band_count; i++) {
        const struct chem_band *b = &c->bands[i];
        if (chem_ranged(b, s) && b->in[s].from <= conc &&
            (best == NULL || b->in[s].from > best->in[s].from))
            best = b;
    }
    return best;
}

static const struct chem_band *chem_from_above(const struct chemical *c, enum chem_scale s,
                                               double conc)
{
    const struct chem_band *best = NULL;
    for (size_t i = 0; i < c->band_count; i++) {
        const struct chem_band *b = &c->bands[i];
        if (chem_ranged(b, s) && b->in[s].from > conc &&
            (best == NULL || b->in[s].from < best->in[s].from))
            best = b;
    }
    return best;
}

static struct chem_at chem_unknown(const struct chemical *c)
{
    return (struct chem_at){ .band = chem_worst(c), .how = CHEM_UNKNOWN };
}

/* Stronger than every solution of the scale: the solid or the neat liquid is what is known to be stronger. A band that ends
   at conc itself holds it: its row names that strength. */
static struct chem_at chem_beyond(const struct chemical *c, const struct chem_band *last,
                                  enum chem_scale s, double conc)
{
    size_t forms = 0;
    const struct chem_band *form = chem_worst_form(c, &forms);
    if (conc <= last->in[s].to)
        return (struct chem_at){ .band = last, .how = CHEM_IN };
    if (form == NULL || chemical_rank(form) < chemical_rank(last))
        return (struct chem_at){ .band = last, .how = CHEM_ABOVE, .weaker = last };
    return (struct chem_at){ .band = form, .how = CHEM_BETWEEN, .weaker = last };
}

static struct chem_at chem_on_scale(const struct chemical *c, enum chem_scale s, double conc)
{
    const struct chem_band *below = chem_from_below(c, s, conc);
    const struct chem_band *above = chem_from_above(c, s, conc);
    if (below == NULL && above == NULL) {
        size_t forms = 0;
        const struct chem_band *form = chem_worst_form(c, &forms);
        /* A solution in another unit may have hazards that the solid has not (its solvent burns): only where there is
           none is the solid certain to be the stronger. */
        if (form == NULL || forms != c->band_count)
            return chem_unknown(c);
        if (strstr(form->strength, "solution") != NULL)
            return (struct chem_at){ .band = form, .how = CHEM_IN };
        return (struct chem_at){ .band = form, .how = CHEM_BETWEEN };
    }
    if (below == NULL)
        return (struct chem_at){ .band = above, .how = CHEM_BELOW };
    if (above == NULL)
        return chem_beyond(c, below, s, conc);
    /* The upper edge of a band belongs to the next, which begins there; a row for one strength alone holds just that. */
    if (conc < below->in[s].to || (below->in[s].from == conc && below->in[s].to == conc))
        return (struct chem_at){ .band = below, .how = CHEM_IN };
    return (struct chem_at){ .band = above, .how = CHEM_BETWEEN, .weaker = below };
}

static struct chem_at chem_by_form(const struct chemical *c, const char *unit)
{
    size_t forms = 0;
    const struct chem_band *form = chem_worst_form(c, &forms);
    const struct chem_band *top = chem_from_below(c, CHEM_MOL_L, INFINITY);
    for (size_t i = 0; i < COUNT_OF(form_words); i++) {
        if (strcasecmp(form_words[i], unit) != 0)
            continue;
        if (forms > 0)
            return (struct chem_at){ .band = form, .how = forms > 1 ? CHEM_FORMS : CHEM_IN };
        if (top != NULL && !str_eq(form_words[i], "solid") && !str_eq(form_words[i], "gas"))
            return (struct chem_at){ .band = top, .how = CHEM_IN };
    }
    return chem_unknown(c);
}

struct chem_at chemical_band(const struct chemical *c, double conc, const char *unit)
{
    static const char *const scales[CHEM_SCALES] = { "mol/l", "%", "vol" };
    for (size_t i = 0; i < c->band_count; i++)
        if (strcasecmp(c->bands[i].strength, unit) == 0 || str_eq(c->bands[i].row, unit))
            return (struct chem_at){ .band = &c->bands[i], .how = CHEM_IN };
    for (size_t s = 0; s < CHEM_SCALES; s++)
        if (str_eq(scales[s], unit))
            return isnan(conc) || conc < 0 ? chem_unknown(c)
                                           : chem_on_scale(c, (enum chem_scale)s, conc);
    return chem_by_form(c, unit);
}

bool chemical_known(const struct chem_at *at)
{
    return at->how != CHEM_ABOVE && at->how != CHEM_UNKNOWN;
}
