#include "app/domain/chemical.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "platform/base/str.h"

static const struct {
    const char *word;
    const char *unit;
} unit_words[] = {
    { "mol/l", "mol/l" }, { "mol l-1", "mol/l" }, { "mol/dm3", "mol/l" }, { "mol dm-3", "mol/l" },
    { "m", "mol/l" },     { "mol", "mol/l" },     { "molar", "mol/l" },   { "", "mol/l" },
    { "%", "%" },         { "% w/v", "%" },       { "% w/w", "%" },       { "% v/v", "%" },
    { "percent", "%" },   { "per cent", "%" },    { "vol", "vol" },       { "vols", "vol" },
    { "volume", "vol" },
};

/* The digits at the head of the text; a comma is a point. Returns how many bytes they take, 0 when there are none. */
static size_t strength_digits(const char *text, double *out)
{
    char number[24];
    size_t len = 0;
    while (len + 1 < sizeof number &&
           (isdigit((unsigned char)text[len]) || text[len] == '.' || text[len] == ',')) {
        number[len] = text[len] == ',' ? '.' : text[len];
        len++;
    }
    number[len] = '\0';
    if (len == 0 || isdigit((unsigned char)text[len]))
        return 0;
    return str_to_f64(number, out) ? len : 0;
}

bool chemical_strength_read(const char *text, double *out_conc, char out_unit[CHEM_UNIT_MAX])
{
    double conc = NAN;
    while (*text == ' ')
        text++;
    *out_conc = NAN;
    if (!str_copy(out_unit, CHEM_UNIT_MAX, text))
        return false;
    for (size_t len = strlen(out_unit); len > 0 && out_unit[len - 1] == ' '; len--)
        out_unit[len - 1] = '\0';
    if (!isdigit((unsigned char)*text) && *text != '.')
        return out_unit[0] != '\0';
    const char *rest = out_unit + strength_digits(out_unit, &conc);
    /* Nothing in water is no strength to be told the hazards of: a number that was not finished. */
    if (rest == out_unit || conc <= 0)
        return false;
    while (*rest == ' ')
        rest++;
    for (size_t i = 0; i < COUNT_OF(unit_words); i++) {
        if (strcasecmp(rest, unit_words[i].word) != 0)
            continue;
        *out_conc = conc;
        return str_copy(out_unit, CHEM_UNIT_MAX, unit_words[i].unit);
    }
    return false;
}

const char *chemical_how_words(struct arena *a, const struct chemical *c, const struct chem_at *at,
                               const char *asked)
{
    const char *text = "";
    bool form = isnan(at->band->in[CHEM_MOL_L].from);
    switch (at->how) {
    case CHEM_IN:
        return "";
    case CHEM_BETWEEN:
        text =
            at->weaker == NULL || form
                ? arena_printf(a,
                               "The table has no solution for %s. Shown is the next stronger that "
                               "it has: %s.",
                               asked, at->band->strength)
                : arena_printf(a,
                               "%s lies between two rows of the table. Shown is the stronger: %s.",
                               asked, at->band->strength);
        break;
    case CHEM_BELOW:
        text =
            arena_printf(a, "%s is weaker than every row of the table. Shown is the weakest: %s.",
                         asked, at->band->strength);
        break;
    case CHEM_ABOVE:
        text = arena_printf(
            a,
            "%s is stronger than every row of the table. Shown is the strongest, %s, and "
            "it may be worse: go by the bottle's label, and ask.",
            asked, at->band->strength);
        break;
    case CHEM_FORMS:
        text =
            arena_printf(a,
                         "%s comes in several forms. Shown is the one with the worse hazards: %s. "
                         "Pick yours.",
                         c->name, at->band->strength);
        break;
    case CHEM_UNKNOWN:
        text =
            asked[0] == '\0'
                ? arena_printf(a,
                               "No strength was given. Shown is the worst of the table: %s. Pick "
                               "yours.",
                               at->band->strength)
                : arena_printf(a,
                               "The table does not have %s in \"%s\". Shown is the worst: %s. Pick "
                               "yours.",
                               c->name, asked, at->band->strength);
        break;
    }
    return text != NULL ? text : "Shown is the next stronger row of the table.";
}

const char *chemical_says(const struct chem_at *at)
{
    if (at->how == CHEM_ABOVE && at->band->h_code_count == 0)
        return "Not in the table at this strength: ask";
    if (at->how == CHEM_UNKNOWN && at->band->h_code_count == 0)
        return "Strength not known: ask";
    if (at->band->signal != HAZARD_NO_SIGNAL)
        return hazard_signal_words(at->band->signal);
    return at->band->h_code_count > 0 ? "No signal word: see what it does"
                                      : "No GHS label: still wear eye protection";
}

const char *chemical_formula(struct arena *a, const char *formula)
{
    static const char *const low[] = { "₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉" };
    enum { LOW_BYTES = 3 };
    size_t len = strlen(formula);
    char *out = arena_alloc(a, len * LOW_BYTES + 1);
    size_t used = 0;
    bool counts = false; /* the digits here count what stands before them */
    if (out == NULL)
        return "";
    for (size_t i = 0; i < len; i++) {
        bool digit = isdigit((unsigned char)formula[i]) != 0;
        if (!digit)
            counts = isalpha((unsigned char)formula[i]) || formula[i] == ')';
        if (digit && counts) {
            memcpy(out + used, low[formula[i] - '0'], LOW_BYTES);
            used += LOW_BYTES;
        } else {
            out[used++] = formula[i];
        }
    }
    out[used] = '\0';
    return out;
}
