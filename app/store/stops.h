/* Recalls and stop notices as this kiosk has them: beside the log, by the role that signed them, replaced whole whenever
   that role's stop.json is another. What people answer to them is in the log (project_stop.c).

   A notice has a key, by which lines name it: its id, and for an employer's the role before it
   («employers/example-council/recall-1»), so that no employer speaks for another or for the nation. Notices that stand
   in a source folder (--content) count under the role «folder», as long as no stop.json of their own role was taken. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/domain/stop.h"
#include "app/store/content.h"
#include "app/store/store.h"

enum { STOPS_ROLE_MAX = 80 /* bytes */ };
#define STOPS_FOLDER "folder"

/* Takes the verified stop.json of a role in place of its last one, in one transaction; the bytes of last time change
   nothing. ERR_INPUT, ERR_LIMIT: a bad one is refused whole, and what was there stays. On any connection to the file. */
MUST_USE enum err stops_take(struct db *db, const char *role, const char *bytes, size_t len,
                             struct why *why);
/* Drops what roles said that are not the kiosk's any more; the folder's stays. */
MUST_USE enum err stops_keep_roles(struct db *db, const char *const *roles, size_t count,
                                   struct why *why);
/* The notices among a folder's documents, of every layer: an employer's document of the same id does not take the
   nation's recall away. One that cannot be read is left out (the linter tells it). */
MUST_USE enum err stops_take_content(struct db *db, struct content *c, struct why *why);

/* Inside the caller's transaction: moves the number of stops_version. */
MUST_USE enum err stops_changed(struct db *db, struct why *why);

struct stops {
    struct arena a;
    int64_t version; /* of the table that it was read from */
    struct stop *rows;
    size_t count;
};
/* All of them, by key; those that no longer hold too. Read again only when they changed. Borrowed until the next call. */
MUST_USE enum err stops_now(struct store *s, const struct stops **out, struct why *why);
/* A number that moves whenever they change. */
MUST_USE enum err stops_version(struct store *s, int64_t *out, struct why *why);
void stops_free(struct store *s);
