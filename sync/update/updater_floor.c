/* Which versions of the roles this kiosk has seen, over a change of hubs. A hub counts its own timestamps, so those of the hub
   before are forgotten, and with them what TUF holds the roles' versions against. But a role's versions are its own keys' and
   not the hub's: another hub, or one that was put back, cannot bring an older edition. DIR/floor.json; a row counts as long as
   the same keys sign for the role, so that a role whose keys were changed may begin anew. */
#include "sync/update/updater_parts.h"

#include <stdlib.h>
#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"

enum { FLOOR_BYTES_MAX = 64 * 1024, FLOOR_ARENA = 1024 * 1024, FLOOR_ROWS_MAX = 256 };

static int floor_cmp(const void *x, const void *y)
{
    return memcmp(x, y, KEYS_HASH);
}

/* One text for a set of keys, whatever their order. "" without memory: fits nothing. */
static void floor_keys(struct arena *a, const struct tuf_signers *s, char out[KEYS_ID_TEXT])
{
    uint8_t(*marks)[KEYS_HASH] = arena_array(a, s->count + 1, KEYS_HASH);

    out[0] = '\0';
    if (marks == NULL)
        return;
    for (size_t i = 0; i < s->count; i++)
        memcpy(marks[i], s->keys[i]->mark, KEYS_HASH);
    qsort(marks, s->count, KEYS_HASH, floor_cmp);
    keys_sha256_hex(out, marks, s->count * KEYS_HASH);
}

/* Who signs for a role, as far as the client knows. */
static const struct tuf_signers *floor_signers(struct arena *a, struct tuf_client *tuf,
                                               const char *role)
{
    const struct tuf_meta *root = tuf_client_meta(tuf, TUF_ROOT);
    const struct tuf_meta *targets = tuf_client_meta(tuf, TUF_TARGETS);

    if (str_eq(role, "targets"))
        return root != NULL ? &root->roles[TUF_TARGETS] : NULL;
    const struct tuf_delegation *d = targets != NULL ? tuf_meta_delegation(a, targets, role) : NULL;
    return d != NULL ? &d->signers : NULL;
}

static const struct json *floor_read(struct arena *a, const char *dir)
{
    char path[FS_PATH_MAX];
    char *text = NULL;
    size_t len = 0;
    const struct json *node = NULL;

    if (fs_join(path, dir, "floor.json", NULL) != ERR_OK ||
        fs_read(a, path, FLOOR_BYTES_MAX, &text, &len, NULL) != ERR_OK ||
        json_parse(a, text, len, FLOOR_BYTES_MAX, &node, NULL) != ERR_OK)
        return NULL;
    return node;
}

static int64_t floor_version(struct arena *a, struct tuf_client *tuf, const struct json *floor,
                             const char *role)
{
    const struct json *row = json_get(floor, role);
    const struct tuf_signers *s = floor_signers(a, tuf, role);
    char keys[KEYS_ID_TEXT] = "";

    if (row == NULL || s == NULL)
        return 0;
    floor_keys(a, s, keys);
    return keys[0] != '\0' && str_eq(json_str(row, "keys"), keys) ? json_int(row, "version", 0) : 0;
}

int64_t updater_floor(struct updater *u, const char *role)
{
    return floor_version(&u->arena, u->tuf, floor_read(&u->arena, u->ask->dir), role);
}

/* What the snapshot names now; where the floor is higher already, it stays. */
static void floor_write(struct arena *a, struct tuf_client *tuf, const struct json *before,
                        struct buf *out)
{
    const struct tuf_meta *snapshot = tuf_client_meta(tuf, TUF_SNAPSHOT);
    struct json_out j;

    json_out_init(&j, out);
    json_out_object(&j, NULL);
    for (size_t i = 0; snapshot != NULL && i < snapshot->file_count && i < FLOOR_ROWS_MAX; i++) {
        const struct tuf_file *f = &snapshot->files[i];
        char role[TUF_PATH_MAX];
        char keys[KEYS_ID_TEXT];

        if (!str_ends(f->name, ".json") ||
            !str_format(role, sizeof role, "%.*s", (int)(strlen(f->name) - 5), f->name))
            continue;
        const struct tuf_signers *s = floor_signers(a, tuf, role);
        if (s == NULL)
            continue;
        floor_keys(a, s, keys);
        const int64_t held = floor_version(a, tuf, before, role);
        json_out_object(&j, role);
        json_out_int(&j, "version", held > f->version ? held : f->version);
        json_out_str(&j, "keys", keys);
        json_out_end_object(&j);
    }
    json_out_end_object(&j);
}

enum err updater_other_hub(const char *dir, struct why *why)
{
    static const char *const names[] = { "metadata/timestamp.json", "metadata/snapshot.json" };
    struct tuf_client *tuf = NULL;
    char path[FS_PATH_MAX];
    struct arena a;
    struct buf text;
    enum err rc = fs_join(path, dir, "metadata", why);

    arena_init(&a, FLOOR_ARENA);
    buf_init(&text, FLOOR_BYTES_MAX);
    if (rc == ERR_OK && tuf_client_open(path, &tuf, NULL) == ERR_OK &&
        tuf_client_load(tuf, NULL) == ERR_OK) {
        floor_write(&a, tuf, floor_read(&a, dir), &text);
        rc = buf_done(&text, why);
        if (rc == ERR_OK)
            rc = fs_join(path, dir, "floor.json", why);
        if (rc == ERR_OK)
            rc = fs_replace(path, text.data, text.len, 0600, why);
    }
    tuf_client_close(tuf);
    /* Only now: a cut before leaves both, and the next try writes the same. */
    for (size_t i = 0; i < COUNT_OF(names) && rc == ERR_OK; i++) {
        rc = fs_join(path, dir, names[i], why);
        if (rc == ERR_OK)
            rc = fs_remove(path, why);
    }
    buf_free(&text);
    arena_done(&a);
    return rc;
}
