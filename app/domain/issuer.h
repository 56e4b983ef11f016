/* Who an employer's content comes from: employers/ID/issuer.yaml. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

enum { ISSUER_BYTES_MAX = 64 * 1024 };

struct issuer {
    const char *name, *kind;    /* kind: "authority", "sector" or "school" */
    const char *constituency;   /* code of a place document: "S12000030", "X-SCIS" */
    const char *site, *contact; /* site: the school's name, where the employer is one; "" */
    bool matrix;                /* its assessments show their matrix */
    bool receipts;              /* it asks for counts of what was read */
};

/* ERR_INPUT names the line, or what is missing. In the arena. */
MUST_USE enum err issuer_parse(struct arena *a, const char *source, size_t len, struct issuer *out,
                               struct why *why);
