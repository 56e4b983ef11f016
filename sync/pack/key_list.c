#include <stdio.h>
#include <string.h>

#include "sync/pack/args.h"
#include "sync/pack/key.h"
#include "sync/pack/keyfile.h"
#include "sync/pack/repo.h"
#include "sync/pack/roles.h"

enum { LIST_ARENA = 1024 * 1024 };

static enum err list_file(const char *path, struct why *why)
{
    struct keyfile key;
    struct arena a;
    enum err rc;

    arena_init(&a, LIST_ARENA);
    rc = keyfile_public(&a, path, &key, why);
    if (rc == ERR_OK)
        (void)printf("%s  %s  (%s)\n", key.key.id, *key.name != '\0' ? key.name : "no name", path);
    arena_done(&a);
    return rc;
}

static void list_row(struct repo *r, const struct roles *roles, const struct roles_row *row)
{
    (void)printf("%s: %lld of %zu\n", row->name, (long long)row->threshold, row->count);
    for (size_t i = 0; i < row->count; i++) {
        const char *name = "no name";

        for (size_t k = 0; k < roles->key_count; k++) {
            const char *object = roles->keys[k].object;
            const struct json *node;
            const char *said;

            if (!str_eq(roles->keys[k].id, row->ids[i]) ||
                json_parse(&r->a, object, strlen(object), TUF_WRITE_MAX, &node, NULL) != ERR_OK)
                continue;
            said = json_str(json_get(node, "x_canny"), "name");
            name = said != NULL && *said != '\0' ? said : name;
        }
        (void)printf("  %s  %s\n", row->ids[i], name);
    }
}

static enum err list_meta(struct repo *r, const char *role, struct why *why)
{
    struct repo_meta meta;
    struct roles *roles;
    enum err rc = repo_latest(r, role, &meta, why);

    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc == ERR_OK)
        rc = roles_read(&r->a, &meta.meta, &roles, why);
    if (rc != ERR_OK)
        return rc;
    if (meta.staged)
        (void)printf("(%s is staged, and not published yet)\n", role);
    for (size_t i = 0; i < roles->count; i++)
        list_row(r, roles, &roles->rows[i]);
    return ERR_OK;
}

static enum err list_path(const char *path, struct why *why)
{
    struct fs_stat stat;
    struct repo r = { 0 };
    enum err rc = fs_stat(path, &stat, why);

    if (rc != ERR_OK)
        return rc;
    if (!stat.is_dir)
        return list_file(path, why);
    rc = repo_open(path, &r, why);
    if (rc == ERR_OK)
        rc = list_meta(&r, "root", why);
    if (rc == ERR_OK)
        rc = list_meta(&r, "targets", why);
    repo_done(&r);
    return rc;
}

int pack_key_list(int count, char **args)
{
    struct args_list words = { 0 };
    struct why why;
    int status = 0;

    if (!args_read("key", count, args, NULL, 0, &words))
        return 2;
    if (words.count == 0)
        return args_wrong("key", "list needs key files or repositories");
    for (size_t i = 0; i < words.count; i++) {
        if (list_path(words.rows[i], &why) == ERR_OK)
            continue;
        (void)fprintf(stderr, "canny-pack key: %s\n", why.text);
        status = 1;
    }
    return status;
}
