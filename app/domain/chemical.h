/* A chemical at a strength. A substance has bands: rows of one table, each with its own hazards. Whoever asks names substance
   and strength together, and gets the band that holds there. Where no band does, the next stronger is taken, and the words
   that say so belong on the screen with it. Nothing here ever says «safe»: a band without a class has no label, that is all.
   Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "app/domain/doc.h"
#include "app/domain/hazard_code.h"

enum { CHEM_BANDS_MAX = 16, CHEM_UNIT_MAX = 48, CHEM_WORDS_MAX = 256 };

/* In what a strength is told. */
enum chem_scale { CHEM_MOL_L, CHEM_PERCENT, CHEM_VOL, CHEM_SCALES };
/* from <= strength < to; both NAN: the band has no such range. to INFINITY: and above. */
struct chem_range {
    double from, to;
};

struct chem_band {
    const char *row;      /* its row in the table, "C042" */
    const char *strength; /* in words, as a chip has them: "2.7 to under 6.8 mol/l (10-25 %)" */
    const char *formula, *cas;
    struct chem_range in[CHEM_SCALES]; /* all NAN: a form (solid, neat, gas) */
    const char **pictograms;           /* sign ids: "ghs05" */
    size_t pictogram_count;
    enum hazard_signal signal;
    const char **h_codes; /* empty: not classified */
    size_t h_code_count;
    /* limit_basis: where the limit comes from. wel: own knowledge of EH40, "likely" whatever the confidence is; "" none.
       confidence: of the classification: "sure" "likely" "verify". note: "" none. */
    const char *limit_basis, *storage, *disposal, *wel, *confidence, *note;
};
struct chemical {
    const char *id, *name, *formula;
    const char **also; /* other names */
    size_t also_count;
    struct chem_band *bands; /* in the document's order, strongest first */
    size_t band_count;
};
/* ERR_INPUT names the line: no bands, a band without strength, a range that is none, an unknown pictogram or H-code, a
   signal word or pictograms that do not follow from the H-codes. In the arena; borrows from d's. */
MUST_USE enum err chemical_from_doc(struct arena *a, const struct doc *d, struct chemical *out,
                                    struct why *why);

/* How a band came to be the one. */
enum chem_how {
    CHEM_IN, /* the strength lies in it, or the form is it */
    CHEM_BETWEEN, /* between two bands, or stronger than every solution in the table: the next stronger one */
    CHEM_BELOW, /* weaker than all: the weakest */
    CHEM_ABOVE, /* stronger than all and nothing stronger is known: the strongest, which may say too little */
    CHEM_FORMS, /* several forms are possible: the one with the worse hazards */
    CHEM_UNKNOWN, /* no strength was given, or in a unit that the table has not: the one with the worst hazards */
};
struct chem_at {
    const struct chem_band *band; /* never NULL */
    enum chem_how how;
    const struct chem_band *weaker; /* CHEM_BETWEEN: the band below; NULL none */
};
/* The band at `conc` `unit`. unit: "mol/l", "%", "vol" (hydrogen peroxide), "solid", "pure"; or the words of a band's
   strength as they stand ("fine powder"). conc is NAN with a form. */
struct chem_at chemical_band(const struct chemical *c, double conc, const char *unit);
/* Whether the band may be told as the answer: not when it was only guessed (CHEM_ABOVE, CHEM_UNKNOWN). */
bool chemical_known(const struct chem_at *at);
/* One or two sentences that say how the band was chosen; "" for CHEM_IN. asked: the strength in words. In the arena. */
const char *chemical_how_words(struct arena *a, const struct chemical *c, const struct chem_at *at,
                               const char *asked);

/* "1 mol/l", "0.5M", "0,4 mol/L", "10 %", "20 vol", "solid", "pure", "" -> number and unit as chemical_band takes them. "1"
   alone is mol/l. False: cannot be read; then out_conc is NAN and the unit the text itself. */
bool chemical_strength_read(const char *text, double *out_conc, char out_unit[CHEM_UNIT_MAX]);

/* Worst first: for the three chips of a first screen. Greater is worse; 0: not classified. */
unsigned chemical_rank(const struct chem_band *band);
/* What a chip says beneath the name: "Danger", "Warning", "No GHS label: still wear eye protection", "Strength not known:
   ask", never a word that means safe. Static or in the arena. */
const char *chemical_says(const struct chem_at *at);
/* A formula as it is written: its counts lowered, "H₂SO₄(aq)"; other words stay as they are. In the arena. */
const char *chemical_formula(struct arena *a, const char *formula);
