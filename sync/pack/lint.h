/* `canny-pack lint`: what its files share. A fault is one line on stdout: "file:row: what is wrong, and
   what to do". */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "app/domain/form.h"
#include "platform/base/arena.h"
#include "platform/base/attr.h"
#include "platform/base/fs.h"
#include "sync/pack/lint_docs.h"

enum {
    LINT_ARENA = 64 * 1024 * 1024, /* for one file */
    LINT_KEPT = 64 * 1024 * 1024,  /* for names */
    LINT_FILES_MAX = 20000,        /* in all, as on a kiosk (CONTENT_FILES_MAX) */
    LINT_FILE_MAX = 16 * 1024 * 1024,
    LINT_IDS_MAX = 5000, /* forms in all */
    LINT_DEPTH_MAX = 8,
    LINT_EMPLOYERS_MAX = 200,
};

/* An id that was defined, or that a form points to. */
struct lint_id {
    const char *id, *path;
    const char *layer;     /* whose it is: "national" or "employers/ID" */
    unsigned row;          /* where it stands; 0 not known */
    enum form_basis basis; /* of a form */
};

/* Where an employer says it stands; held against the places when all is read. */
struct lint_employer {
    const char *path, *constituency;
    unsigned row;
};

struct lint {
    struct arena kept, file;
    struct lint_docs docs;
    struct lint_id *forms, *wanted;
    struct lint_id *kinds, *wanted_kinds; /* of kinds.csv, and those that forms name */
    struct lint_id *guides;               /* documents that kinds.csv names */
    struct lint_employer employers[LINT_EMPLOYERS_MAX];
    size_t form_count, wanted_count, kind_count, wanted_kind_count, guide_count, employer_count;
    size_t files, faults;
    size_t told_forms, told_docs; /* not those of --national */
    const char *root;             /* the folder that is being read; NULL: a file by itself */
    /* --national: read without a word, so that what it holds is known; NULL. */
    const char *national;
    bool employer_root; /* the folder is one employer's own */
    bool quiet;         /* reading what was given with --national */
    /* More than LINT_FILES_MAX: nothing more is read, and nothing is missing for that. */
    bool crowded;
};

/* A fault; row 0 speaks of the whole file. Nothing while it is quiet. */
void lint_say(struct lint *l, const char *path, unsigned row, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
/* The same with a row or line that a sentence begins with: "row 3: column name: ...". todo: what to do
   about it, where the sentence does not say; NULL or "". */
void lint_why(struct lint *l, const char *path, const char *text, const char *todo);
void lint_keep(struct lint *l, struct lint_id *rows, size_t *count, const char *id,
               const char *path, unsigned row);
const struct lint_id *lint_find(const struct lint_id *rows, size_t count, const char *id);
/* One of its kind: a second one in the same layer is a fault. */
void lint_define(struct lint *l, struct lint_id *rows, size_t *count, const char *id,
                 const char *path, unsigned row);
/* The path below the folder that is read. */
const char *lint_below(const struct lint *l, const char *path);

/* ---- lint_forms.c ---- */

void lint_form(struct lint *l, const char *path, const char *text, size_t len);

/* ---- lint_tree.c: what can be said of a file without reading it ---- */

/* Its name, its sort, its size, whether it is a link. False: it is not read. */
bool lint_tree(struct lint *l, const char *path, bool folder);

/* ---- lint_tables.c: tables and who an employer is ---- */

/* Reads the file if it is such a table; false: it is none. */
bool lint_table(struct lint *l, const char *path);
/* After everything is read: what tables point to. */
void lint_tables_end(struct lint *l);

/* ---- lint_over.c: employers' files that stand in for others ---- */

void lint_over_forms(struct lint *l);
