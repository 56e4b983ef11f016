#include <stdlib.h>
#include <string.h>

#include "sync/client/stick_folder.h"
#include "sync/hub/courier_parts.h"
#include "sync/hub/hubstore_file.h"

/* Which attachments the receipt confirms. A kiosk that knows only sticks puts on each one what the hub has not confirmed yet;
   so what lies on this stick is what it wants to hear of, and nothing else need be listed. */

static int held_order(const void *left, const void *right)
{
    const struct stick_entry *x = left;
    const struct stick_entry *y = right;

    return strcmp(x->is.hash, y->is.hash);
}

/* Each once, in the order of the hashes. */
static size_t held_once(struct stick_entry *rows, size_t count)
{
    size_t kept = 0;

    if (count > 1)
        qsort(rows, count, sizeof(*rows), held_order);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || strcmp(rows[kept - 1].is.hash, rows[i].is.hash) != 0)
            rows[kept++] = rows[i];
    return kept;
}

enum err courier_held(struct courier *c, const char *site, const struct stick_folder *folder,
                      struct arena *a, struct receipt *out, struct why *why)
{
    struct stick_entry *rows = NULL;
    const char **files = arena_array(a, RECEIPT_FILES_MAX, sizeof(*files));
    size_t count = 0;
    size_t kept = 0;
    bool left = false;
    uint32_t dice = 0;
    enum err rc = files == NULL ? why_set(why, ERR_NOMEM, 0, "no memory") : ERR_OK;

    if (rc == ERR_OK)
        rc = stick_folder_list(folder->files, STICK_CHUNK, STICK_CHUNKS_MAX, a, &rows, &count,
                               &left, why);
    if (rc != ERR_OK)
        return rc;
    count = held_once(rows, count);
    keys_random(&dice, sizeof(dice));
    for (size_t i = 0; i < count && kept < RECEIPT_FILES_MAX && rc == ERR_OK; i++) {
        const struct stick_entry *e = &rows[(dice + i) % count];
        bool whole = false;
        rc = hubstore_file_whole(c->hub->store, site, e->is.hash, &whole, why);
        if (rc == ERR_OK && whole)
            files[kept++] = e->is.hash;
    }
    out->files = files;
    out->file_count = kept;
    return rc;
}
