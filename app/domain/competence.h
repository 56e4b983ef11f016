/* Who may sign a check: the grades of competence, what a form asks for and what a person holds.
   Pure.

   What a form asks for (`kiosk::competence`): codes of which any one is enough, parted by `/`, and
   after a `+` the code of somebody else who must countersign: `T`, `T/P`, `M3/T`, `T+R`. Empty, or
   U among them: anybody who is signed in. B, C and A stand for bodies outside the school: who holds
   T enters their report, and the record says whose it is. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"

enum { COMPETENCE_CODES_MAX = 8, COMPETENCE_CODE_SIZE = 24 };

/* Something a person was granted. */
struct grant {
    const char *code;
    int32_t until; /* the last good day; CALDATE_NONE: no end */
    const char *basis;
};

/* A form's wish, taken apart. */
struct competence_needs {
    char codes[COMPETENCE_CODES_MAX][COMPETENCE_CODE_SIZE]; /* any of; none: anybody */
    size_t count;
    char countersign[COMPETENCE_CODE_SIZE]; /* "" none */
};
/* Whether the text is of that form (NULL is ""). Spaces around codes are allowed. Writes *out only
   then. */
bool competence_parse(const char *needs, struct competence_needs *out);

/* "technician", "SSERC microbiology Level 3" (a level of SSERC's own code of practice and of no
   qualifications framework): the code itself when it is not a known one; "" for "". */
const char *competence_name(const char *code);
bool competence_known(const char *code);
/* Whether the code stands for a body outside the school. */
bool competence_outside(const char *code);
/* "technician or person competent in electrical inspection and testing, countersigned by radiation
   protection supervisor". In the arena, NULL when it is full. */
const char *competence_words(struct arena *a, const char *needs);
/* The same inside a sentence: "a technician trained and signed off in the task or an X". */
const char *competence_someone(struct arena *a, const char *needs);

enum gate {
    GATE_OPEN,
    GATE_COUNTERSIGN, /* may sign; another person must countersign before it counts */
    GATE_LAPSED,      /* held once: may sign as a trainee, countersigned */
    GATE_MISSING      /* never held: as a trainee, countersigned */
};
struct gate_answer {
    enum gate gate;
    const char *code;        /* the competence used; "" as a trainee. In the arena */
    const char *countersign; /* who must countersign; "" nobody. In the arena */
    const char *words;       /* a sentence or two for the signer, never NULL */
};
/* Wishes that cannot be read are answered as missing: nothing opens by a typing error. */
struct gate_answer gate_judge(struct arena *a, const char *needs, const struct grant *grants,
                              size_t count, int32_t today);
/* Whether a countersignature of that code may come from somebody with these grants. */
bool gate_may_countersign(const char *code, const struct grant *grants, size_t count,
                          int32_t today);
