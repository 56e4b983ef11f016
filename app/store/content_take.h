/* What is taken from each kind of file into the index that is being made. Used by content_index.c
   and edition_make.c. */
#pragma once

#include "app/store/find_also.h"
#include "app/store/find_build.h"
#include "platform/base/arena.h"
#include "platform/base/db.h"
#include "platform/base/err.h"

struct content_employer;
struct indexer {
    struct db db;
    struct db old; /* handle NULL: none */
    const char *root;
    const char *constituency, *school; /* where the kiosk belongs; "" not known */
    struct arena a;                    /* one file at a time */
    struct arena *keep;                /* until all files are in */
    struct content_employer *employers;
    struct find_build *find;
    struct find_also also;
    bool twice; /* read again is a file whose id another one has: it makes nobody go */
    size_t faults;
    enum err rc; /* first failure of the disk's; faults of files are not failures */
    struct why why;
};

/* Whether it may be an id: letters, digits, dot, dash and underscore, at most 64. */
bool index_id_ok(const char *id);
/* Tells a fault of the content; the first failure of the disk's stays. */
void index_fault(struct indexer *x, const char *text);

/* ---- the making of an index (content_index.c) ---- */

/* Its tables, empty. */
MUST_USE enum err index_tables(struct db *db, struct why *why);
/* One file by its place in the folder, whole or not at all. ERR_NOT_FOUND: nothing reads it; ERR_INPUT, ERR_LIMIT and
   ERR_CONFLICT are the file's. */
MUST_USE enum err index_file(struct indexer *x, const char *path, const char *source, size_t len,
                             struct why *why);
/* The bytes of a file as they lie in an index, in the arena, NUL-terminated. ERR_NOT_FOUND, ERR_INPUT (damaged). */
MUST_USE enum err index_source(struct db *db, const char *path, struct arena *a, char **out,
                               size_t *out_len, struct why *why);
/* Keeps the bytes of a file in table file. */
MUST_USE enum err index_keep(struct indexer *x, const char *path, const char *source, size_t len,
                             struct why *why);
/* Only the words of a document that stands in the index already. */
MUST_USE enum err index_words(struct indexer *x, size_t place, const char *source, size_t len,
                              struct why *why);
/* Of each place whether its document is in force; with the indexer's keep. */
MUST_USE enum err index_in_force(struct indexer *x, uint8_t **out, size_t *out_places,
                                 struct why *why);

/* Each of these takes the source of one file into its table, or says why not. ERR_INPUT, ERR_LIMIT and
   ERR_CONFLICT (another file has its id) are the file's. */
enum err index_kinds(struct indexer *x, const char *path, const char *source, size_t len,
                     struct why *why);
enum err index_form(struct indexer *x, const char *path, const char *source, size_t len,
                    struct why *why);
enum err index_doc(struct indexer *x, const char *path, const char *source, size_t len,
                   struct why *why);
enum err index_synonyms(struct indexer *x, const char *path, const char *source, size_t len,
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
