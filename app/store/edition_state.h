/* Which edition is in use, which waits, which did not open and which is damaged: the small files of DATA/content (edition.h says
   what each is). What writes is for the main thread alone but for edition_wait and edition_refused, which the making of editions
   calls. */
#pragma once

#include "app/store/edition.h"
#include "platform/base/fs.h"

/* An edition and the manifests it was made of. */
struct edition_name {
    char hash[KEYS_ID_TEXT], key[KEYS_ID_TEXT];
};

/* DATA/content and the database of an edition in it. */
MUST_USE enum err edition_dir(const char *data_dir, char out[FS_PATH_MAX], struct why *why);
MUST_USE enum err edition_path(const char *data_dir, const char *hash, char out[FS_PATH_MAX],
                               struct why *why);

/* The one in use, and the one that waits and is not it; hash "" where there is none. One whose database is not there, or
   whose manifests are bad, does not wait. */
void edition_current(const char *data_dir, struct edition_name *out);
void edition_next(const char *data_dir, struct edition_name *out);
/* The newest that is there, whose files need neither be fetched nor parsed again. */
void edition_newest(const char *data_dir, struct edition_name *out);
/* Whether these manifests failed to open here. */
bool edition_is_bad(const char *data_dir, const char *key);
/* The sentence for people of the last edition that was refused or taken back, in the arena; "" none. */
const char *edition_refused_text(const char *data_dir, struct arena *a);

/* Lets it wait for its moment. */
MUST_USE enum err edition_wait(const char *data_dir, const struct edition_name *name,
                               struct why *why);
/* Keeps why an edition was refused; "": none is any more. */
void edition_refused(const char *data_dir, const char *text);

/* ---- one that is damaged ----

   Its database is renamed to HASH.aside: nobody opens it to show it, and the files in it that still hold their hashes are taken
   from it when it is made again. They go when a newly made edition has drawn its first picture. */

/* The one that was in use and was set aside, until a newly made one is in use; hash "" none. */
void edition_aside(const char *data_dir, struct edition_name *out);
/* By renames alone, so that a full disk lets it. */
MUST_USE enum err edition_set_aside(const char *data_dir, const struct edition_name *name,
                                    struct why *why);
/* Whether the last making found files in the newest edition that do not hold their hashes. */
bool edition_damaged_told(const char *data_dir);

/* ---- opening one ----

   edition_pick; edition_try; open it; edition_switch; draw; edition_stands. Where opening fails, edition_failed and again. */

/* What to open: the one that waits, else the one in use, else the one before, else none (""). One that was tried
   EDITION_OPENS_MAX times and never drew a picture is taken back first, and is bad from then on. */
MUST_USE enum err edition_pick(const char *data_dir, struct edition_name *out, struct why *why);
/* Counts that this one, which has never drawn a picture yet, is about to be opened; one that has is not counted, so that an
   ordinary start writes nothing. */
MUST_USE enum err edition_try(const char *data_dir, const struct edition_name *name,
                              struct why *why);
/* It did not open. The second time it is taken back. */
MUST_USE enum err edition_failed(const char *data_dir, const struct edition_name *name,
                                 const struct why *cause, struct why *why);
/* It is open: what was in use becomes the one before. */
MUST_USE enum err edition_switch(const char *data_dir, const struct edition_name *name,
                                 struct why *why);
/* The first picture of it was drawn: no longer on trial, and what is neither it nor the one before goes. */
void edition_stands(const char *data_dir, const struct edition_name *name);
