/* What is taken from each kind of file into the index that is being made. Used by content_index.c
   alone. */
#pragma once

#include "platform/base/arena.h"
#include "platform/base/db.h"
#include "platform/base/err.h"

struct indexer {
    struct db db;
    struct db old; /* handle NULL: none */
    const char *root;
    struct arena a; /* one file at a time */
    size_t faults;
    enum err rc; /* first failure of the disk's; faults of files are not failures */
    struct why why;
};

/* Tells a fault of the content; the first failure of the disk's stays. */
void index_fault(struct indexer *x, const char *text);

/* Each of these takes the source of one file into its table, or says why not. ERR_INPUT and
   ERR_LIMIT are the file's. */
enum err index_kinds(struct indexer *x, const char *path, const char *source, size_t len,
                     struct why *why);
enum err index_form(struct indexer *x, const char *path, const char *source, size_t len,
                    struct why *why);
enum err index_doc(struct indexer *x, const char *path, const char *source, size_t len,
                   struct why *why);
enum err index_calendar(struct indexer *x, const char *path, const char *source, size_t len,
                        struct why *why);
enum err index_nuclides(struct indexer *x, const char *path, const char *source, size_t len,
                        struct why *why);

/* Settings of a form that are yes or no, as bits of form.flags. */
enum {
    FORM_IN_SESSION = 1,
    FORM_BIRTH = 2,
    FORM_CALIBRATION = 4,
    FORM_TRAY = 8,
    FORM_QUICK_PASS = 16,
};
