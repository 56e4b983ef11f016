/* Content from a repository in a folder: one that was handed over at the start, or a stick's. */
#include <string.h>

#include "platform/base/str.h"
#include "sync/client/content_parts.h"
#include "sync/update/tuf_client.h"
#include "sync/update/update_folder.h"

static enum err content_folder_root(void *ctx, struct arena *a, uint8_t **out, size_t *out_len,
                                    struct why *why)
{
    struct content_run *r = ctx;
    const struct content_folder *f = r->folder;
    const int64_t version = f->trusted ? 1 : f->root_version;
    char *root = arena_strdup(a, f->root);
    char *name = arena_printf(a, "metadata/%lld.root.json", (long long)version);
    char hash[KEYS_ID_TEXT];

    if (root == NULL || name == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory");
    enum err rc = update_folder_get(root, name, TUF_ROOT_BYTES_MAX, a, out, out_len, why);
    if (rc != ERR_OK || f->trusted)
        return rc;
    keys_sha256_hex(hash, *out, *out_len);
    return str_eq(hash, f->root_hash)
               ? ERR_OK
               : why_set(why, ERR_CONFLICT, 0, "another root than the one that counts here");
}

static enum err content_folder_get(void *ctx, const char *name, size_t max, struct arena *a,
                                   uint8_t **out, size_t *out_len, struct why *why)
{
    struct content_run *r = ctx;
    char root[FS_PATH_MAX];

    if (r->folder->cancelled != NULL && r->folder->cancelled(r->folder->ctx))
        return why_set(why, ERR_OFFLINE, 0, "stopped");
    (void)str_copy(root, sizeof root, r->folder->root);
    return update_folder_get(root, name, max, a, out, out_len, why);
}

bool content_folder_is(const char *root)
{
    char path[FS_PATH_MAX];
    struct fs_stat st;

    return fs_join(path, root, "metadata", NULL) == ERR_OK && fs_stat(path, &st, NULL) == ERR_OK &&
           st.is_dir != 0;
}

void content_client_folder(struct content_client *c, struct db *db, struct clock *clock,
                           const struct content_folder *f, struct updater_report *out)
{
    struct content_run r = { .c = c, .db = db, .folder = f };
    const struct updater_source source = {
        .get = content_folder_get,
        .ctx = &r,
        .name = f->source,
        .root = f->trusted || f->root_version > 0 ? content_folder_root : NULL,
        .cap = content_cap,
    };

    (void)pthread_mutex_lock(&c->run);
    content_do(&r, clock, 0, &source, true, out);
    (void)pthread_mutex_unlock(&c->run);
}
