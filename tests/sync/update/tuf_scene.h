/* A repository in an array, signed by one key, and a client in a folder of its own that has refreshed once: what tests of the
   client begin with. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"
#include "sync/update/tuf_client.h"
#include "sync/update/tuf_write.h"

#define TUF_SCENE_DAY ((int64_t)86400 * 1000)
#define TUF_SCENE_NOW ((int64_t)1790000000 * 1000)
#define TUF_SCENE_TARGET "national/manifest.json"

enum { TUF_SCENE_FILES = 32 };

struct tuf_scene_file {
    char name[160];
    const char *data;
    size_t len;
};

struct tuf_scene {
    struct arena a;
    char dir[64];
    struct keypair pair, stranger;
    struct tuf_write_key key;
    struct tuf_scene_file files[TUF_SCENE_FILES];
    size_t count;
    int64_t version; /* of all but the root */
    int64_t expires_ms;
    const struct keypair *national; /* who signs for it */
    enum err rc;                    /* not ERR_OK: what asking gives */
    unsigned asked;
    struct tuf_client *c;
};

/* Puts a file into the repository, in the place of one of that name; data NULL: there is none. Borrowed. */
struct tuf_scene_file *tuf_scene_put(struct tuf_scene *s, const char *name, const char *data,
                                     size_t len);
/* What stands in plain is signed and served; returns its name. */
const char *tuf_scene_serve(struct tuf_scene *s, const char *role, int64_t version,
                            const struct buf *plain, const struct keypair *by);
void tuf_scene_root(struct tuf_scene *s, int64_t version);
/* The next version of everything but the root. */
void tuf_scene_publish(struct tuf_scene *s);
/* An update_get; ctx is the scene. */
enum err tuf_scene_get(void *ctx, const char *name, size_t max, struct arena *a, uint8_t **out,
                       size_t *out_len, struct why *why);

/* Set up and torn down for each case. */
int tuf_scene_begin(void **state);
int tuf_scene_end(void **state);
