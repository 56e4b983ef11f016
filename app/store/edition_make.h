/* Fills the database of an edition: from nothing, or from a copy of the one before of which only what changed is taken in
   anew. Both leave the same rows, but for the numbers (place) that documents have in them. */
#pragma once

#include "app/store/content_take.h"
#include "app/store/edition_files.h"
#include "app/store/edition_list.h"
#include "platform/base/str.h"

struct edition_make {
    const struct edition_set *set;
    const struct edition_blobs *blobs;
    const struct edition_list *list;
    struct edition_refusal *refusal;
    struct indexer x;          /* db: the edition that is made; old: the one before, or none */
    struct edition_store held; /* of the one before, also where it is not begun from */
    const char *data_dir;
    struct edition_files *files; /* of all editions that are here; NULL until one is asked for */
    struct arena keep;           /* as long as it is made */
    struct buf damaged;          /* hashes of files that are held no more, one a line */
};

/* In one transaction each. ERR_INPUT with refusal filled: content that fails its checks; without: the one before is damaged,
   or another sort of database. ERR_NOT_FOUND: files are missing; `damaged` names those that only seemed to be there. */
MUST_USE enum err edition_make_all(struct edition_make *m, struct why *why);
/* x.db is a copy of x.old. */
MUST_USE enum err edition_make_changed(struct edition_make *m, struct why *why);
/* Whether the one before can be changed: the same format, and the same files that change how others are taken in. */
bool edition_make_can_change(struct edition_make *m);

/* What is new, changed and withdrawn against the one before, into table news (edition_news.c). was: its database's path. */
MUST_USE enum err edition_news(struct db *db, const char *was, struct why *why);
