/* The table of half-lives: content that an editor keeps (assets/content/nuclides.csv), each row with
   where it comes from and how far it is to be trusted. Half-lives are re-evaluated, so a record keeps
   the value it was worked out with. Pure. */
#pragma once

#include <stddef.h>

#include "app/domain/decay.h"
#include "platform/base/arena.h"
#include "platform/base/err.h"

enum { NUCLIDE_ROWS_MAX = 500, NUCLIDE_CELL_MAX = 400 };

struct nuclide {
    const char *id;         /* "Sr-90", "Ba-137m" */
    const char *value, *u;  /* as the table writes them, in `unit`; u is "" where not stated */
    const char *unit;       /* decay_unit_s knows it */
    const char *source;     /* the evaluation */
    const char *edition;    /* of the source; "verify" where nobody has looked it up */
    const char *confidence; /* "sure", "likely", "verify" */
    const char *version;    /* of this row in our table */
    const char *note;       /* may be "" */
    struct decay_half_life half_life;
};
struct nuclides {
    struct nuclide *rows;
    size_t count;
};

/* Reads the table; the header names the columns, in any order. All is in the arena. ERR_INPUT and
   ERR_LIMIT name the row: an unknown or missing column, a cell that is empty or no number, an id
   given twice. */
MUST_USE enum err nuclides_parse(struct arena *a, const char *text, size_t len,
                                 struct nuclides *out, struct why *why);

/* By id exactly; NULL when the table has no such row. Borrowed from the table. */
const struct nuclide *nuclides_find(const struct nuclides *table, const char *id);
