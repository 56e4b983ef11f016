#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sync/pack/verify.h"
#include "sync/update/tuf_client.h"

static const char sign_online[] = "publish with --online-key, or to a hub, which signs it";

static bool online_meta(struct verify *v, const char *role, int64_t version, enum tuf_kind kind,
                        struct repo_meta *out)
{
    struct why why;
    enum err rc = repo_version(v->r, role, version, out, &why);

    if (rc == ERR_OK)
        rc = tuf_meta_verify(&out->meta, &v->root_meta.meta.roles[kind], &why);
    if (rc != ERR_OK) {
        verify_fault(v, role, "%s; %s", why.text, sign_online);
        return false;
    }
    verify_expiry(v, out);
    return true;
}

/* Whether the snapshot names what is newest here. A cut while publishing leaves newer files that nobody reads yet. */
static void online_names(struct verify *v, const char *role)
{
    struct repo_meta newest = { 0 }, named = { 0 };
    char name[TUF_PATH_MAX];
    const struct tuf_file *f = NULL;

    if (repo_published(v->r, role, &newest, NULL) != ERR_OK)
        return;
    (void)str_format(name, sizeof name, "%s.json", role);
    f = tuf_meta_file(&v->snapshot.meta, name);
    if ((f == NULL || f->version < newest.meta.version) && v->behind)
        verify_fault(v, newest.path, "the snapshot does not name it yet; %s", sign_online);
    else if ((f == NULL || f->version < newest.meta.version) && !v->quiet)
        (void)printf("%s, version %lld is here, and the snapshot does not name it yet: publish\n",
                     role, (long long)newest.meta.version);
    if (f != NULL && repo_version(v->r, role, f->version, &named, NULL) == ERR_OK &&
        tuf_file_check(f, named.bytes, named.len, NULL) != ERR_OK)
        verify_fault(v, named.path,
                     "its bytes are not those that the snapshot names; take it "
                     "from a copy");
}

static enum err folder_get(void *ctx, const char *name, size_t max, struct arena *a, uint8_t **out,
                           size_t *out_len, struct why *why)
{
    const char *path = repo_path(ctx, name);
    char *bytes = NULL;
    enum err rc = path != NULL ? fs_read(a, path, max, &bytes, out_len, why)
                               : why_set(why, ERR_NOMEM, 0, "no memory");

    if (rc == ERR_OK)
        *out = (uint8_t *)bytes;
    return rc;
}

static enum err client_roles(struct verify *v, struct tuf_client *client, struct why *why)
{
    const struct tuf_meta *targets = &v->targets_meta.meta;
    enum err rc = ERR_OK;

    for (size_t i = 0; rc == ERR_OK && i < targets->delegation_count; i++) {
        const char *role = targets->delegations[i].name;
        struct arena_mark mark = arena_mark(&v->r->a);
        struct repo_meta m = { 0 };
        struct tuf_meta meta = { 0 };

        if (verify_meta(v, role, &m, NULL) == ERR_OK &&
            (!v->each || verify_stands(v, &targets->delegations[i], &m, NULL) == ERR_OK))
            rc = why_in(why, tuf_client_role(client, folder_get, v->r, role, &v->r->a, &meta, why),
                        "%s", role);
        arena_rewind(&v->r->a, mark);
    }
    return rc;
}

static void remove_folder(const char *dir)
{
    struct arena a;
    const char **names = NULL;
    size_t count = 0;
    char path[FS_PATH_MAX];

    arena_init(&a, (size_t)4 * 1024 * 1024);
    if (fs_list(&a, dir, REPO_FILES_MAX, &names, &count, NULL) == ERR_OK)
        for (size_t i = 0; i < count; i++)
            if (fs_join(path, dir, names[i], NULL) == ERR_OK)
                (void)unlink(path);
    arena_done(&a);
    (void)rmdir(dir);
}

/* All of it once more, as a kiosk that trusts nothing but the first root. */
static void online_client(struct verify *v)
{
    char dir[] = "/tmp/canny-verify-XXXXXX";
    struct tuf_client *client = NULL;
    struct repo_meta first = { 0 };
    struct why why;
    enum err rc = v->root != NULL ? repo_meta_file(v->r, v->root, "root", &first, &why)
                                  : repo_version(v->r, "root", 1, &first, &why);

    if (rc != ERR_OK || mkdtemp(dir) == NULL)
        return;
    rc = tuf_client_init(dir, first.bytes, first.len, &why);
    if (rc == ERR_OK)
        rc = tuf_client_open(dir, &client, &why);
    if (rc == ERR_OK)
        rc = tuf_client_refresh(client, folder_get, v->r, v->now_ms, &why);
    if (rc == ERR_OK)
        rc = client_roles(v, client, &why);
    if (rc != ERR_OK)
        verify_fault(v, "as a kiosk reads it", "%s; %s", why.text, sign_online);
    tuf_client_close(client);
    remove_folder(dir);
}

bool verify_online(struct verify *v)
{
    struct repo_meta timestamp = { 0 };
    const struct tuf_file *f = NULL;
    struct why why;

    if (repo_published(v->r, "timestamp", &timestamp, &why) == ERR_NOT_FOUND) {
        if (!v->quiet)
            (void)printf(
                "no snapshot and timestamp here: a hub signs them itself; for a folder or a "
                "stick publish with --online-key\n");
        return true;
    }
    if (!online_meta(v, "timestamp", 1, TUF_TIMESTAMP, &timestamp))
        return false;
    f = tuf_meta_file(&timestamp.meta, "snapshot.json");
    if (f == NULL || !online_meta(v, "snapshot", f->version, TUF_SNAPSHOT, &v->snapshot))
        return false;
    if (tuf_file_check(f, v->snapshot.bytes, v->snapshot.len, &why) != ERR_OK) {
        verify_fault(v, v->snapshot.path, "%s; %s", why.text, sign_online);
        return false;
    }
    v->online = true;
    return true;
}

void verify_client(struct verify *v)
{
    online_names(v, "targets");
    for (size_t i = 0; i < v->targets_meta.meta.delegation_count; i++)
        online_names(v, v->targets_meta.meta.delegations[i].name);
    if (v->faults == 0)
        online_client(v);
}
