/* An employer's form or document that stands in the place of another one of the same id. What rests on
   the law or on a written scheme may be tightened there and never loosened; where advice stands, an
   employer decides, and readers are told what differs. Pure: the same function speaks to the author
   (canny-pack lint), to who builds and verifies content, and to the kiosk that indexes it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "app/domain/doc.h"
#include "app/domain/form.h"
#include "platform/base/arena.h"
#include "platform/base/err.h"

enum { OVERRIDE_ROWS_MAX = 400 };

enum override_kind {
    OVERRIDE_WORDS,    /* said in other words */
    OVERRIDE_STRICTER, /* asks for more */
    OVERRIDE_OTHER,    /* cannot be compared, or neither more nor less */
    OVERRIDE_LOOSER,
};

/* One thing that the two say differently. Texts are in the arena or borrowed from the two. */
struct override_row {
    enum override_kind kind;
    bool refused;       /* what it rests on forbids it */
    unsigned row;       /* in the override's file, of a document its line; 0: what it leaves out */
    const char *name;   /* of the form's row or the document's key; "" for the settings */
    const char *label;  /* what people call it; "" for the settings */
    const char *column; /* the heading that an author has to look at; "" the whole row */
    const char *what;   /* "most allowed", "interval" */
    const char *base;   /* what the lower one says; "" nothing */
    const char *over;   /* what stands in its place; "" nothing */
    enum form_basis basis; /* that the lower one's rests on */
    const char *todo;      /* refused: what its author does now; a sentence */
};
struct override_report {
    struct override_row *rows;
    size_t count, refused;
    size_t kinds[OVERRIDE_LOOSER + 1]; /* how many of each kind */
    bool more; /* there was no room for all of them; a refused one is always among them */
};

struct override_ask {
    const struct form *base; /* NULL: the employer's own form, which stands in for none */
    const struct form *over;
    /* The basis of another form by its id, for what a pass serves for besides; NULL: nobody knows,
       and every such form counts as set by law. */
    enum form_basis (*basis_of)(void *ctx, const char *form_id);
    void *ctx;
};

/* Compares two forms. ERR_NOMEM alone; a refused row is no error. */
MUST_USE enum err override_forms(struct arena *a, const struct override_ask *ask,
                                 struct override_report *out, struct why *why);
/* Compares two documents. A recall or a stop notice has no override at all. base may be NULL only
   where there is none of that id. */
MUST_USE enum err override_docs(struct arena *a, const struct doc *base, const struct doc *over,
                                struct override_report *out, struct why *why);

/* Whether the basis is one that an employer cannot loosen. */
bool override_binds(enum form_basis basis);
/* What a form rests on: its own basis, or one that binds of a row of it. */
enum form_basis override_basis(const struct form *f);
/* For its author: what is wrong, what stands below, and what to do. In the arena, NULL when it is
   full. */
const char *override_sentence(struct arena *a, const struct override_row *row);
/* For its reader: "Earth continuity, most allowed: 0.05 ohm in place of 0.1 ohm". In the arena, NULL
   when it is full. */
const char *override_words(struct arena *a, const struct override_row *row);
/* In two words: "stricter than", "other than", "worded otherwise than"; never "looser than" for what
   counts, because that is refused where it matters and «other» where it is the employer's to say. */
const char *override_verdict(const struct override_report *report);
