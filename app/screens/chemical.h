/* What the files of the chemical's screen share. */
#pragma once

#include "app/domain/chemical.h"
#include "app/screens/parts.h"

struct chemical_state {
    bool failed, asking, typed_bad;
    struct why why;
    struct arena arena; /* of the document */
    struct doc doc;
    struct chemical chemical;
    /* The strength that is shown, and as it was asked for. */
    double conc;
    char unit[CHEM_UNIT_MAX];
    char asked[CHEM_UNIT_MAX];
    /* What is typed. */
    char text[24];
    enum chem_scale scale;
    uint64_t seen;
    struct arena used_arena;
    struct doc_head *used; /* assessments that name it */
    size_t used_count;
    bool old_card; /* the content holds the card about orange squares */
};

/* Goes to a chemical at a strength, as a code or words gave it: conc NAN asks for it. unit NULL: mol/l. */
void chemical_open(struct app *app, const char *doc, double conc, const char *unit);

/* chemical_face.c: the pictograms with their words, the signal word, what it does. */
void chemical_face(struct app *app, struct ui_scroll *list, const struct chem_at *at);
/* A row of the table in few words: "Danger · burns skin and eyes badly". */
const char *chemical_brief(struct app *app, const struct chem_band *band);
