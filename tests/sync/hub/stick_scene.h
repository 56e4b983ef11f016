/* A hub with a site, kiosks that are enrolled there, and a stick, which is a folder. */
#pragma once

#include "sync/client/stick_folder.h"
#include "sync/hub/courier.h"
#include "tests/sync/hub/hubstore_cases.h"

enum { SCENE_KIOSKS = 3, SCENE_TOLD = 64 * 1024 };

struct scene {
    struct store_bench *b;
    struct hub hub;
    char root[FS_PATH_MAX]; /* where the stick is mounted */
    char site[KEYS_RANDOM_ID];
    struct store_member kiosks[SCENE_KIOSKS];
    struct stick_folder folder;
    struct courier_tally tally; /* of the last take or give */
    char told[SCENE_TOLD];
};

int scene_new(void **state);
int scene_done(void **state);
void scene_empty(const char *dir); /* with the folder itself */
enum err scene_take(struct scene *s);
enum err scene_give(struct scene *s);

/* Lines first..last of a device, put on the stick by a kiosk and sealed to one key; gives the file's name. */
const char *scene_bundle(struct scene *s, const struct store_member *sender,
                         const struct store_device *d, size_t first, size_t last, const char *site,
                         const uint8_t (*to)[KEYS_PUBLIC]);
/* Its own, to the hub. */
const char *scene_sends(struct scene *s, struct store_member *k, size_t first, size_t last);
void scene_record(struct scene *s, struct store_member *k, size_t lines);
void scene_receipt(struct scene *s, const struct store_member *k, const char *epoch,
                   uint64_t cursor);
void scene_revoke(struct scene *s, const struct store_member *k);
/* The stick's files of a kind; how many. */
size_t scene_names(struct scene *s, const char *dir, enum stick_kind kind,
                   struct stick_entry **out);
/* The hub's bundles on the stick, as this kiosk reads them: how many lines, and the first and last number. */
size_t scene_reads(struct scene *s, const struct store_member *k, uint64_t *first, uint64_t *last);
