#include <string.h>

#include "platform/base/str.h"
#include "sync/client/stick_folder.h"
#include "sync/hub/courier_parts.h"
#include "sync/hub/hubstore_file.h"

/* Pieces of attachments. By their names they come file by file and from the start on, so that each goes on where the one
   before ended; a piece that does not is for another time and changes nothing. */

enum { PIECES_LIST = 256, PIECES_ARENA = 2 * CHUNK_ARENA + 2 * FILES_BYTES_MAX };

/* By hash, then by where it begins, which as text would put 1000 before 200. */
static int pieces_by_place(const struct stick_entry *x, const struct stick_entry *y)
{
    int order = strcmp(x->is.hash, y->is.hash);

    if (order != 0)
        return order;
    return x->is.at < y->is.at ? -1 : x->is.at > y->is.at ? 1 : 0;
}

/* Names come sorted as texts, so almost in order: what stands wrong has a short way. */
static void pieces_sort(struct stick_entry *rows, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0 && pieces_by_place(&rows[k], &rows[k - 1]) < 0; k--) {
            struct stick_entry swap = rows[k];
            rows[k] = rows[k - 1];
            rows[k - 1] = swap;
        }
}

static const char *const pieces_no[] = {
    [HUB_FILE_WRONG] = "the whole file is not what its name says; it begins again",
    [HUB_FILE_NO_ROOM] = "the hub has no room for more attachments of this site",
};

/* Whether a piece may be taken from whoever sealed it; else bad says why not. */
static enum err pieces_sender(struct courier *c, const struct hub_site *site, const struct chunk *p,
                              struct why *bad, struct why *why)
{
    enum hub_standing is = HUB_STRANGER;
    enum err rc = hubstore_standing(c->hub->store, site->at.site, p->sender, &is, why);

    if (rc != ERR_OK)
        return rc;
    if (strcmp(p->site, site->at.site) != 0)
        (void)why_set(bad, ERR_DENIED, 0, "it is of another site");
    else if (is != HUB_BELONGS && is != HUB_KNOWN)
        (void)why_set(bad, ERR_DENIED, 0, "its sender does not belong to the site");
    return ERR_OK;
}

/* What the hub holds whole it needs no piece of, whoever put it there: as a rule the hub itself. */
static enum err pieces_held(struct courier *c, const struct hub_site *site, const char *hash,
                            struct arena *a, bool *out_held, struct why *why)
{
    struct hub_file f = { .site = site->at.site, .hash = hash, .now = hub_now(c->hub), .a = a };
    enum err rc = hubstore_file_take(c->hub->store, &f, why);

    *out_held = rc == ERR_OK && f.whole;
    return rc;
}

static enum err pieces_one(struct courier *c, const struct hub_site *site, const char *dir,
                           const struct stick_entry *row, struct arena *a, struct why *bad,
                           struct why *why)
{
    struct chunk p;
    char *bytes = NULL;
    size_t len = 0;
    bool held = false;
    enum err rc = pieces_held(c, site, row->is.hash, a, &held, why);

    *bad = (struct why){ .text = "" };
    if (rc != ERR_OK || held)
        return rc;
    if (stick_folder_read(dir, row->name, CHUNK_BYTES_MAX, a, &bytes, &len, bad) != ERR_OK ||
        chunk_decode(a, bytes, len, &c->hub->self, &p, bad) != ERR_OK)
        return ERR_OK;
    rc = pieces_sender(c, site, &p, bad, why);
    if (rc != ERR_OK || bad->text[0] != '\0')
        return rc;
    struct hub_file f = { .site = site->at.site,
                          .device = p.sender,
                          .hash = p.hash,
                          .type = p.type,
                          .bytes = p.bytes,
                          .at = p.at,
                          .data = p.data,
                          .len = p.len,
                          .now = hub_now(c->hub),
                          .a = a };
    rc = hubstore_file_take(c->hub->store, &f, why);
    if (rc == ERR_OK && f.answer != HUB_FILE_HELD)
        (void)why_set(bad, ERR_DENIED, 0, "%s", pieces_no[f.answer]);
    else if (rc == ERR_OK && f.held < p.at + p.len)
        (void)why_set(bad, ERR_CONFLICT, 0, "what comes before it is not here yet");
    return rc;
}

enum err courier_take_files(struct courier *c, const struct hub_site *site,
                            const struct stick_folder *folder, struct why *why)
{
    struct stick_entry *rows = NULL;
    size_t count = 0;
    bool left = false;
    struct arena list, a;

    arena_init(&list, (size_t)8 * 1024 * 1024);
    arena_init(&a, PIECES_ARENA);
    enum err rc = stick_folder_list(folder->files, STICK_CHUNK, STICK_CHUNKS_MAX, &list, &rows,
                                    &count, &left, why);
    if (rc == ERR_OK)
        pieces_sort(rows, count);
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        char name[STICK_NAME_MAX + sizeof(STICK_FILES)];
        struct why bad;
        arena_reset(&a);
        rc = pieces_one(c, site, folder->files, &rows[i], &a, &bad, why);
        if (rc != ERR_OK)
            break;
        c->tally.files++;
        (void)str_format(name, sizeof(name), "%s/%s", STICK_FILES, rows[i].name);
        if (bad.text[0] != '\0')
            courier_refuse(c, site->at.site, name, bad.text);
    }
    c->tally.left += rc == ERR_OK && left ? 1 : 0;
    arena_done(&a);
    arena_done(&list);
    return rc;
}

/* ---- to the kiosks ---- */

/* One piece, unless it lies there already: pieces are as large as they can be, so the same name is the same piece. */
static enum err pieces_put(struct courier *c, const struct hub_site *site,
                           const struct stick_folder *folder, const struct courier_to *to,
                           const char *hash, uint64_t at, struct arena *a, size_t *out_len,
                           struct why *why)
{
    struct chunk p;
    char name[STICK_NAME_MAX];
    uint8_t *bytes = NULL;
    size_t len = 0;
    char path[FS_PATH_MAX];
    struct fs_stat st;
    enum err rc = hubstore_file_piece(c->hub->store, site->at.site, hash, at, a, &p, why);
    if (rc != ERR_OK)
        return rc;

    *out_len = p.len;
    stick_name_chunk(name, hash, at);
    rc = fs_join(path, folder->files, name, why);
    if (rc != ERR_OK || fs_stat(path, &st, NULL) == ERR_OK)
        return rc;
    p.site = site->at.site;
    rc = chunk_encode(a, &p, &c->hub->self, (const uint8_t(*)[KEYS_PUBLIC])to->keys,
                      to->count < BUNDLE_RECEIVERS_MAX ? to->count : BUNDLE_RECEIVERS_MAX, &bytes,
                      &len, why);
    if (rc == ERR_OK)
        rc = courier_room(c, len, why);
    if (rc == ERR_OK)
        rc = stick_folder_write(folder->files, name, bytes, len, why);
    if (rc == ERR_OK) {
        c->tally.bytes += (int64_t)len;
        c->tally.files++;
    }
    return rc;
}

static enum err pieces_whole(struct courier *c, const struct hub_site *site,
                             const struct stick_folder *folder, const struct courier_to *to,
                             const struct hub_file_row *row, struct arena *a, struct why *why)
{
    enum err rc = ERR_OK;

    for (uint64_t at = 0; at < row->bytes && rc == ERR_OK;) {
        size_t len = 0;
        arena_reset(a);
        rc = pieces_put(c, site, folder, to, row->hash, at, a, &len, why);
        if (rc == ERR_OK && len == 0)
            rc = why_set(why, ERR_IO, 0, "attachment %.8s ends early", row->hash);
        at += len;
    }
    return rc;
}

enum err courier_give_files(struct courier *c, const struct hub_site *site,
                            const struct stick_folder *folder, const struct courier_to *to,
                            struct why *why)
{
    char after[KEYS_ID_TEXT] = "";
    struct hub_file_row rows[PIECES_LIST];
    size_t count = COUNT_OF(rows);
    struct arena a;
    enum err rc = ERR_OK;

    arena_init(&a, PIECES_ARENA);
    while (count == COUNT_OF(rows) && rc == ERR_OK) {
        rc = hubstore_files(c->hub->store, site->at.site, after, COUNT_OF(rows), rows, &count, why);
        for (size_t i = 0; i < count && rc == ERR_OK; i++)
            rc = pieces_whole(c, site, folder, to, &rows[i], &a, why);
        if (rc == ERR_OK && count > 0)
            (void)str_copy(after, sizeof(after), rows[count - 1].hash);
    }
    arena_done(&a);
    if (rc != ERR_FULL)
        return rc;
    c->tally.left++;
    courier_say(c, site->at.site, STICK_FILES, "not all attachments: %s", why->text);
    return ERR_OK;
}
