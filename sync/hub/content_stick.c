#include "sync/hub/content_stick.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/client/stick_folder.h"

enum { STICK_ARENA = 4 * HUB_CONTENT_BODY_MAX, STICK_NAMES = 500 };

struct stick {
    struct content_stick *c;
    char root[FS_PATH_MAX];
    struct arena a;     /* one file */
    struct arena roles; /* the list of them */
    struct hub_meta *metas;
    size_t count;
};

static enum err stick_folders(struct stick *s, const char *name, struct why *why)
{
    char path[FS_PATH_MAX];
    enum err rc = fs_join(path, s->root, name, why);

    if (rc != ERR_OK)
        return rc;
    *strrchr(path, '/') = '\0';
    return fs_mkdirs(path, 0755, why);
}

/* Whether it lies there with these bytes: what was half written once is written anew. */
static bool stick_has(struct stick *s, const char *path, const void *body, size_t len)
{
    char *there = NULL;
    size_t there_len = 0;

    return fs_read(&s->a, path, len, &there, &there_len, NULL) == ERR_OK && there_len == len &&
           memcmp(there, body, len) == 0;
}

/* Not synced one by one, which would take a stick minutes: all of them before the timestamp is written. */
static enum err stick_write(struct stick *s, const char *name, const void *body, size_t len,
                            struct why *why)
{
    char path[FS_PATH_MAX], part[FS_PATH_MAX];
    enum err rc = fs_join(path, s->root, name, why);

    if (rc == ERR_OK && !str_format(part, sizeof(part), "%s" STICK_PART, path))
        rc = why_set(why, ERR_LIMIT, 0, "the stick's path is too long");
    if (rc != ERR_OK || stick_has(s, path, body, len))
        return rc;
    rc = stick_folders(s, name, why);
    if (rc != ERR_OK)
        return rc;
    FILE *f = fopen(part, "wb");
    bool whole = f != NULL && fwrite(body, 1, len, f) == len;
    if (f != NULL)
        whole = fclose(f) == 0 && whole;
    if (!whole || rename(part, path) != 0) {
        const int sys = errno;
        (void)unlink(part);
        return why_set(why,
                       sys == ENOSPC  ? ERR_FULL
                       : sys == EROFS ? ERR_DENIED
                                      : ERR_IO,
                       sys, "write %s on the stick", name);
    }
    s->c->files++;
    s->c->bytes += (int64_t)len;
    return ERR_OK;
}

static enum err stick_metadata(struct stick *s, const char *role, int64_t version, struct why *why)
{
    char file[CONTENT_NAME];
    char name[CONTENT_NAME];
    struct hub_meta m;

    arena_reset(&s->a);
    enum err rc = hubstore_content_meta(s->c->store, role, version, true, &s->a, &m, why);
    if (rc != ERR_OK)
        return rc;
    content_name_metadata(file, role, strcmp(role, "timestamp") == 0 ? 0 : m.version);
    (void)str_format(name, sizeof(name), "metadata/%s", file);
    return stick_write(s, name, m.body, m.len, why);
}

static bool stick_list(void *ctx, const struct hub_meta *m)
{
    struct stick *s = ctx;

    s->metas[s->count++] = *m;
    return true;
}

static enum err stick_roots(struct stick *s, int64_t newest, struct why *why)
{
    struct hub_meta first;
    enum err rc = hubstore_content_root_first(s->c->store, &s->a, &first, why);

    for (int64_t v = first.version; rc == ERR_OK && v <= newest; v++)
        rc = stick_metadata(s, "root", v, why);
    return rc;
}

/* Of the newest version of a role. */
static enum err stick_files(struct stick *s, const struct hub_meta *m, struct why *why)
{
    const char **names = NULL;
    size_t count = STICK_NAMES;
    char after[CONTENT_NAME] = "";
    enum err rc = ERR_OK;

    while (rc == ERR_OK && count == STICK_NAMES) {
        const struct arena_mark mark = arena_mark(&s->roles);
        rc = hubstore_content_named(s->c->store, m->role, m->version, after, STICK_NAMES, &s->roles,
                                    &names, &count, why);
        for (size_t i = 0; rc == ERR_OK && i < count; i++) {
            const void *body = NULL;
            size_t len = 0;
            arena_reset(&s->a);
            rc = hubstore_content_file(s->c->store, names[i], &s->a, &body, &len, why);
            if (rc == ERR_OK)
                rc = stick_write(s, names[i], body, len, why);
            (void)str_copy(after, sizeof(after), names[i]);
        }
        arena_rewind(&s->roles, mark);
    }
    return rc;
}

static enum err stick_all(struct stick *s, struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; i < s->count && rc == ERR_OK; i++) {
        const struct hub_meta *m = &s->metas[i];
        if (strcmp(m->role, "root") == 0)
            rc = stick_roots(s, m->version, why);
        else if (strcmp(m->role, "timestamp") != 0)
            rc = stick_metadata(s, m->role, m->version, why);
        if (rc == ERR_OK)
            rc = stick_files(s, m, why);
    }
    if (rc == ERR_OK)
        rc = stick_folder_settle(s->c->stick, why);
    if (rc == ERR_OK)
        rc = stick_metadata(s, "timestamp", 0, why);
    return rc == ERR_OK ? stick_folder_settle(s->c->stick, why) : rc;
}

enum err content_stick(struct content_stick *c, struct why *why)
{
    struct stick s = { .c = c };
    struct hub_meta ignored;
    char folder[FS_PATH_MAX];

    arena_init(&s.a, STICK_ARENA);
    arena_init(&s.roles, STICK_ARENA);
    s.metas = arena_array(&s.roles, HUB_CONTENT_ROLES_MAX, sizeof(*s.metas));
    enum err rc = s.metas != NULL
                      ? hubstore_content_meta(c->store, "timestamp", 0, true, &s.a, &ignored, why)
                      : why_set(why, ERR_NOMEM, 0, "content: no memory");
    const bool none = rc == ERR_NOT_FOUND;
    if (rc == ERR_OK)
        rc = fs_join(folder, c->stick, STICK_FOLDER, why);
    if (rc == ERR_OK)
        rc = fs_join(s.root, folder, "content", why);
    if (rc == ERR_OK)
        rc = hubstore_content_metas(c->store, stick_list, &s, why);
    if (rc == ERR_OK)
        rc = stick_all(&s, why);
    arena_done(&s.roles);
    arena_done(&s.a);
    return none ? ERR_OK : rc == ERR_OK ? ERR_OK : why_in(why, rc, "content");
}
