/* `canny-pack build`: what its files share. */
#pragma once

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "sync/pack/repo.h"
#include "sync/update/blob.h"
#include "sync/update/manifest.h"

enum {
    BUILD_MEMORY = 512 * 1024 * 1024,
    BUILD_DEPTH_MAX = MANIFEST_PARTS_MAX,
    BUILD_PATCHES = 30, /* editions back that a kiosk may come from by a patch */
    BUILD_STOP_MAX = 1024 * 1024,
    BUILD_NOTICES_MAX = 500,
    BUILD_NAMES_TOLD = 40,
    BUILD_TEMPORARY = 40, /* the name of a temporary folder, with NUL */
};

/* The files of a role, in the order of their paths' bytes. */
struct build_files {
    struct manifest_file *rows;
    size_t count;
    uint64_t total;
    size_t left_out; /* of kinds that no kiosk reads; told on stdout */
};
/* Reads the folder of a role. Everything in the arena. ERR_INPUT, ERR_LIMIT: a file that cannot be in content, and why
   names it. */
MUST_USE enum err build_files_read(struct arena *a, const char *dir, const char *role,
                                   struct build_files *out, struct why *why);
/* One of them, as it was read before; in the arena. ERR_CONFLICT: it has changed since. */
MUST_USE enum err build_file_bytes(struct arena *a, const char *dir, const struct manifest_file *f,
                                   char **out, struct why *why);

/* stop.json: the recalls and stop notices among them, added to out. */
MUST_USE enum err build_stop(const char *dir, const char *role, const struct build_files *files,
                             struct buf *out, size_t *out_count, struct why *why);

/* What blobs cost, for people. */
struct build_cost {
    size_t blobs, blobs_new;
    uint64_t bytes_new;
    size_t dictionary; /* its bytes, 0 none */
    bool dictionary_new;
    uint64_t tried_plain, tried_with; /* of the sample that decided about it; 0 nothing was tried */
    size_t patches, patch_smallest;
};
/* A dictionary where it pays, and all blobs. m has its files; its dictionary is set. before: the manifest that is published,
   NULL none; its dictionary is used again. */
MUST_USE enum err build_blobs(struct repo *r, const char *dir, const struct manifest *before,
                              bool fresh_dictionary, struct manifest *m, struct build_cost *cost,
                              struct why *why);
/* The manifest alone and by each of the last ones published. */
MUST_USE enum err build_patches(struct repo *r, const struct manifest *m, const struct buf *bytes,
                                struct build_cost *cost, struct why *why);

/* Which files of an edition are others than in the one before, on stdout; of many, how many. */
void build_tell_changes(const struct manifest *before, const struct manifest *now);

/* Holds what has changed against the edition before: a form has another version as soon as one of its cells is another, or a
   record would not say by which it was judged; a recall or stop notice has a later revision, or no kiosk would show what has
   changed in it. Faults and notes go to stdout; *out_faults: how many. */
MUST_USE enum err build_versions(struct repo *r, const char *dir, const struct manifest *before,
                                 const struct build_files *files, size_t *out_faults,
                                 struct why *why);

/* One file of an edition, plain, from its blob in the repository; in the arena. */
struct build_unpack {
    struct repo *r;
    struct blob_codec *plain, *codec;
};
MUST_USE enum err build_unpack_open(struct repo *r, const struct manifest *m, struct arena *a,
                                    struct build_unpack *out, struct why *why);
MUST_USE enum err build_unpack_file(struct build_unpack *u, struct arena *a,
                                    const struct manifest_file *f, uint8_t **out, struct why *why);
void build_unpack_close(struct build_unpack *u);

/* The manifest of a role's metadata, in the repository's arena; ERR_NOT_FOUND: it names none, or it is not here. */
MUST_USE enum err build_manifest_of(struct repo *r, const struct repo_meta *meta, char **out,
                                    size_t *out_len, uint8_t out_hash[KEYS_HASH], struct why *why);

/* The national content that is published, as files in a temporary folder, so that an employer's is held against it. Remove it
   with build_national_done. ERR_NOT_FOUND: none is published. */
MUST_USE enum err build_national(struct repo *r, char dir[BUILD_TEMPORARY], struct why *why);
void build_national_done(char dir[BUILD_TEMPORARY]);

/* The names of the blobs of a manifest's files, in the repository's arena; its dictionary has to be in the repository. */
MUST_USE enum err publish_blob_names(struct repo *r, const struct manifest *m, const char ***out,
                                     size_t *out_count, struct why *why);
