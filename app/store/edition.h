/* Editions of signed content in DATA/content: what the manifests of a kiosk's roles name, made into one database with its
   index (HASH.db), beside the one in use. HASH stands for the manifests, for where the kiosk belongs and for what this
   program reads, so an edition that is there is whole and is the right one.

     HASH.db   an edition; never written to once it has this name
     HASH.sum  its SHA-256, by which damage of the card is found (edition_sum.h)
     HASH.aside an edition that was found damaged: only files that hold their hashes are taken from it, until it is made again
     aside     names the one that was in use and was set aside so, until a newly made one is in use
     next      names one that is made and waits for a moment when nobody is in the middle of anything
     current   names the one in use
     before    names the one that was in use before it: kept, and brought back when the new one does not open
     trying    names one that was opened and has not drawn a picture yet, and how often
     bad       which manifests did not open twice: they are not tried again
     refused   what the last edition was refused for
     damaged   files that only seem to be held, by their hashes
     making    is held while one is made
     pictures/ those that were drawn

   Each of the small files is replaced by rename and says one thing, so that a power cut anywhere leaves the old edition or
   the new one. Who verifies the signatures calls this with what they cover: nothing here knows of keys. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"

enum {
    EDITION_ROLES_MAX = 8,
    EDITION_OPENS_MAX = 2, /* how often one may fail to open */
    EDITION_NEWS_MAX = 1000,
};

struct edition_file {
    const char *path; /* below the role's own folder, as its manifest has it */
    const char *sha;  /* of its bytes; lower-case hex */
    size_t size;
};
struct edition_role {
    const char *role;     /* "national"; "employers/ID", whose paths are put below employers/ID/ */
    const char *edition;  /* as its manifest calls itself */
    const char *manifest; /* SHA-256 of the manifest; lower-case hex */
    const struct edition_file *files;
    size_t count;
};
struct edition_set {
    const struct edition_role *roles;
    size_t count;
    const char *constituency, *school; /* where the kiosk belongs; "" not known */
    /* The folder of the program's own pages, which every edition holds; NULL none. */
    const char *help;
};

/* What has been fetched. read gives the plain bytes of a file in the arena; they are held against its hash again. */
struct edition_blobs {
    bool (*has)(void *ctx, const char *sha);
    enum err (*read)(void *ctx, const struct edition_file *f, struct arena *a, const char **out,
                     size_t *out_len, struct why *why);
    void *ctx;
};

/* Those that are neither in the edition in use nor fetched, each hash once; files that this program does not read are not
   asked for. In the arena; they point into the set. */
MUST_USE enum err edition_missing(const char *data_dir, const struct edition_set *set,
                                  const struct edition_blobs *blobs, struct arena *a,
                                  const struct edition_file ***out, size_t *out_count,
                                  struct why *why);

/* Which file was refused, and of which of the set's roles: a set with that role as it is installed may pass. */
struct edition_refusal {
    size_t role;
    char path[256];
    char text[sizeof(((struct why *)0)->text)];
    /* The edition in use, or the one that waits, turned out to be damaged. Whatever else is told: it is not to be shown. */
    bool damaged;
};

/* Makes the edition and leaves it as `next`, on any thread. What is in the edition in use already is not parsed again.
   ERR_IO: also while another thread makes one.
   ERR_INPUT: content that fails its checks, which out_refusal tells: the edition is refused whole, as its publisher's lint
   has the same rules. ERR_NOT_FOUND: a file is missing after all. ERR_CONFLICT: these manifests failed to open here before.
   Whatever the error, what was there stays. An edition that is in use already is ERR_OK and does nothing. */
MUST_USE enum err edition_build(const char *data_dir, const struct edition_set *set,
                                const struct edition_blobs *blobs, char out_hash[KEYS_ID_TEXT],
                                struct edition_refusal *out_refusal, struct why *why);

/* What is in use, for reports and for sets that keep a role as it is. */
struct edition_installed {
    char hash[KEYS_ID_TEXT]; /* "": none */
    char next[KEYS_ID_TEXT]; /* made and waiting; "": none */
    const char *refused;     /* why the last one was refused or taken back; "": it was not */
    struct edition_set set;  /* in the arena */
};
/* with_files false: the roles' files are left out. */
MUST_USE enum err edition_installed(const char *data_dir, bool with_files, struct arena *a,
                                    struct edition_installed *out, struct why *why);

/* Makes the newest edition that is here anew where this program reads another format, has other pages of its own or the kiosk
   belongs elsewhere than when it was made: from its own files, nothing is fetched. Leaves it as `next`; does nothing where all
   is as it was, and where it does not hold its sum: its list of files may be what is wrong, and only the manifests tell. Main thread at start, and wherever the place changed. */
MUST_USE enum err edition_renew(const char *data_dir, const struct edition_set *place,
                                struct why *why);
