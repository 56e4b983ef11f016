/* The shipped chemicals, for tests that ask them. */
#pragma once

#include "app/domain/chemical.h"

enum { CHEM_RIG_MAX = 256 };

struct chem_rig {
    struct arena arena;
    struct doc docs[CHEM_RIG_MAX];
    struct chemical all[CHEM_RIG_MAX];
    size_t count;
};

void chem_rig_begin(
    struct chem_rig *rig); /* every one is read without a fault, or the test fails */
void chem_rig_end(struct chem_rig *rig);
const struct chemical *chem_rig_get(const struct chem_rig *rig, const char *id);
const struct doc *chem_rig_doc(const struct chem_rig *rig, const char *id);
/* A file of the source tree, NUL-terminated. */
char *chem_rig_source(struct arena *a, const char *path, size_t *out_len);
