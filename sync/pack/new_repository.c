#include <stdio.h>
#include <string.h>

#include "platform/base/fs.h"
#include "sync/pack/args.h"
#include "sync/pack/keyfile.h"
#include "sync/pack/new.h"
#include "sync/pack/stage.h"
#include "sync/update/manifest.h"

struct founding {
    const char *dir;
    struct args_list keys, thresholds, constituencies, kinds, sites, online;
    int64_t root_expires_ms, targets_expires_ms;
    struct repo repo;
    struct roles *root, *targets;
};

/* "NAME=VALUE"; false: it is not so. */
static bool split(const char *arg, char name[TUF_PATH_MAX], const char **out_value)
{
    const char *equals = strchr(arg, '=');

    if (equals == NULL || equals == arg || equals[1] == '\0')
        return false;
    *out_value = equals + 1;
    return str_format(name, TUF_PATH_MAX, "%.*s", (int)(equals - arg), arg);
}

/* What a list of NAME=VALUE says of a name; NULL nothing. */
static const char *said_of(const struct args_list *list, const char *name)
{
    char at[TUF_PATH_MAX];
    const char *value;

    for (size_t i = 0; i < list->count; i++)
        if (split(list->rows[i], at, &value) && str_eq(at, name))
            return value;
    return NULL;
}

static enum err found_key(struct founding *f, const char *role, const char *path, struct why *why)
{
    struct roles *in = manifest_role_ok(role) ? f->targets : f->root;
    struct keyfile key;
    struct roles_row *row;
    enum err rc;

    if (!repo_role_ok(role))
        return why_set(why, ERR_INPUT, 0,
                       "\"%s\" is no role: root, targets, national or employers/ID", role);
    rc = keyfile_public(&f->repo.a, path, &key, why);
    if (rc == ERR_OK)
        rc = roles_row(in, role, &row, why);
    return rc == ERR_OK ? roles_add(in, row, &key.key, why) : rc;
}

/* One key for one role, or for several with commas between them. */
static enum err found_key_roles(struct founding *f, const char *said, struct why *why)
{
    char roles[TUF_PATH_MAX], role[TUF_PATH_MAX];
    const char *path;
    enum err rc = ERR_OK;

    if (!split(said, roles, &path))
        return why_set(why, ERR_INPUT, 0, "--key %s: as ROLE=FILE.pub", said);
    for (const char *at = roles; rc == ERR_OK && *at != '\0';) {
        size_t len = strcspn(at, ",");

        (void)str_format(role, sizeof role, "%.*s", (int)len, at);
        rc = found_key(f, role, path, why);
        at += len + (at[len] == ',' ? 1 : 0);
    }
    return rc;
}

static enum err found_keys(struct founding *f, struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; rc == ERR_OK && i < f->keys.count; i++)
        rc = found_key_roles(f, f->keys.rows[i], why);
    for (size_t i = 0; rc == ERR_OK && i < f->online.count; i++) {
        rc = found_key(f, "snapshot", f->online.rows[i], why);
        if (rc == ERR_OK)
            rc = found_key(f, "timestamp", f->online.rows[i], why);
    }
    return rc;
}

/* Of the online roles one key is enough, however many hubs there are. */
static enum err found_thresholds(struct founding *f, struct roles *in, struct why *why)
{
    for (size_t i = 0; i < in->count; i++) {
        struct roles_row *row = &in->rows[i];
        const char *said = said_of(&f->thresholds, row->name);
        bool online = str_eq(row->name, "snapshot") || str_eq(row->name, "timestamp");
        int64_t threshold = online ? 1 : 0;
        enum err rc;

        if (said != NULL && (!str_to_i64(said, &threshold) || threshold < 1))
            return why_set(why, ERR_INPUT, 0, "--threshold %s=%s: a number from 1", row->name,
                           said);
        rc = roles_settle(row, threshold, why);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

static enum err found_whose(struct founding *f, struct why *why)
{
    for (size_t i = 0; i < f->targets->count; i++) {
        struct roles_row *row = &f->targets->rows[i];
        bool national = str_eq(row->name, "national");
        const char *id = national ? row->name : row->name + strlen("employers/");
        const char *kind = said_of(&f->kinds, id);

        row->kind = national ? "national" : kind != NULL ? kind : "authority";
        row->constituency = said_of(&f->constituencies, id);
        row->site = said_of(&f->sites, id);
        if (national)
            continue;
        if (!str_eq(row->kind, "authority") && !str_eq(row->kind, "sector") &&
            !str_eq(row->kind, "school"))
            return why_set(why, ERR_INPUT, 0, "--kind %s=%s: authority, sector or school", id,
                           row->kind);
        if (row->constituency == NULL)
            return why_set(why, ERR_INPUT, 0,
                           "%s: whose schools is it for? --constituency %s=CODE, as S12000036",
                           row->name, id);
        if (str_eq(row->kind, "school") && row->site == NULL)
            return why_set(why, ERR_INPUT, 0, "%s: --site %s=NAME, as its kiosk has it", row->name,
                           id);
    }
    return ERR_OK;
}

/* A slip in a name would leave a threshold or a school's place as it was, and nobody would know. */
static enum err found_names(const struct founding *f, struct why *why)
{
    const struct {
        const char *option;
        const struct args_list *list;
        const char *before; /* the name */
    } lists[] = {
        { "--threshold", &f->thresholds, "" },
        { "--constituency", &f->constituencies, "employers/" },
        { "--kind", &f->kinds, "employers/" },
        { "--site", &f->sites, "employers/" },
    };

    for (size_t i = 0; i < COUNT_OF(lists); i++)
        for (size_t k = 0; k < lists[i].list->count; k++) {
            char name[TUF_PATH_MAX], role[2 * TUF_PATH_MAX];
            const char *value;

            if (!split(lists[i].list->rows[k], name, &value))
                return why_set(why, ERR_INPUT, 0, "%s %s: as NAME=VALUE", lists[i].option,
                               lists[i].list->rows[k]);
            (void)str_format(role, sizeof role, "%s%s", lists[i].before, name);
            if (roles_find(f->root, role) == NULL && roles_find(f->targets, role) == NULL)
                return why_set(why, ERR_INPUT, 0,
                               "%s %s: nobody signs for %s; put its keys in with --key, or mend "
                               "the name",
                               lists[i].option, lists[i].list->rows[k], role);
        }
    return ERR_OK;
}

static enum err found_check(const struct founding *f, struct why *why)
{
    static const char *const needed[] = { "root", "targets", "snapshot", "timestamp" };

    for (size_t i = 0; i < COUNT_OF(needed); i++)
        if (roles_find(f->root, needed[i]) == NULL)
            return why_set(why, ERR_INPUT, 0, "nobody signs for %s: %s", needed[i],
                           i < 2 ? "--key root=FILE.pub and --key targets=FILE.pub"
                                 : "--online FILE.pub");
    if (f->targets->count == 0)
        return why_set(why, ERR_INPUT, 0,
                       "nobody signs any content: --key national=FILE.pub or --key "
                       "employers/ID=FILE.pub");
    return ERR_OK;
}

static enum err found(struct founding *f, struct why *why)
{
    char path[FS_PATH_MAX];
    struct fs_stat stat;
    enum err rc;

    f->root = roles_new(&f->repo.a, true);
    f->targets = roles_new(&f->repo.a, false);
    if (f->root == NULL || f->targets == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for roles");
    if (fs_stat(f->dir, &stat, NULL) == ERR_OK)
        return why_set(why, ERR_CONFLICT, 0, "%s is there already; nothing was written", f->dir);
    rc = found_keys(f, why);
    if (rc == ERR_OK)
        rc = found_check(f, why);
    if (rc == ERR_OK)
        rc = found_names(f, why);
    if (rc == ERR_OK)
        rc = found_thresholds(f, f->root, why);
    if (rc == ERR_OK)
        rc = found_thresholds(f, f->targets, why);
    if (rc == ERR_OK)
        rc = found_whose(f, why);
    if (rc == ERR_OK)
        rc = fs_join(path, f->dir, "metadata", why);
    if (rc == ERR_OK)
        rc = fs_mkdirs(path, 0755, why);
    if (rc == ERR_OK)
        rc = stage_roles(&f->repo, f->root, 1, f->root_expires_ms, why);
    return rc == ERR_OK ? stage_roles(&f->repo, f->targets, 1, f->targets_expires_ms, why) : rc;
}

int pack_new_repository(int count, char **args)
{
    struct founding f = { 0 };
    char quoted[ARGS_QUOTED];
    const char *expires = NULL, *at = NULL;
    const struct args_option options[] = {
        { "--repository", .value = &f.dir },
        { "--key", .list = &f.keys },
        { "--threshold", .list = &f.thresholds },
        { "--constituency", .list = &f.constituencies },
        { "--kind", .list = &f.kinds },
        { "--site", .list = &f.sites },
        { "--online", .list = &f.online },
        { "--expires", .value = &expires },
        { "--at", .value = &at },
    };
    struct args_list words = { 0 };
    struct why why;
    int64_t at_ms;
    enum err rc;

    if (!args_read("new", count, args, options, COUNT_OF(options), &words))
        return 2;
    if (words.count != 0 || f.dir == NULL)
        return args_wrong("new", "--repository takes one folder, and no other is named");
    if (!repo_at(at, &at_ms))
        return args_wrong("new", "--at takes a time as 2026-11-23T10:00:00Z");
    if (!repo_expires(expires, "root", at_ms, &f.root_expires_ms) ||
        !repo_expires(expires, "targets", at_ms, &f.targets_expires_ms))
        return args_wrong("new", "--expires takes 1 to 3660 days");
    f.repo.dir = f.dir;
    arena_init(&f.repo.a, REPO_MEMORY);
    rc = found(&f, &why);
    repo_done(&f.repo);
    if (rc != ERR_OK) {
        (void)fprintf(stderr, "canny-pack new: %s\n", why.text);
        return 1;
    }
    (void)printf("now: canny-pack build SOURCE --into %s --role national, then canny-pack sign %s "
                 "--key FILE\n",
                 args_quoted(quoted, f.dir), quoted);
    return 0;
}
