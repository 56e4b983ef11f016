#include <stdio.h>
#include <string.h>

#include "sync/pack/args.h"
#include "sync/pack/key.h"
#include "sync/pack/keyfile.h"
#include "sync/pack/stage.h"
#include "sync/update/manifest.h"

struct rotate {
    const char *repo, *role;
    struct args_list remove, add;
    const char *constituency, *kind, *site;
    bool drop;
    int64_t threshold, at_ms, expires_ms; /* threshold 0: as it was */
};

static const char *rotate_subject(const struct rotate *o)
{
    return manifest_role_ok(o->role) ? "targets" : "root";
}

/* Whose content a role holds; a new one of an employer must say it. */
static enum err rotate_whose(const struct rotate *o, struct roles_row *row, struct why *why)
{
    bool national = str_eq(o->role, "national");

    if (o->kind != NULL)
        row->kind = o->kind;
    else if (row->kind == NULL)
        row->kind = national ? "national" : "authority";
    if (o->constituency != NULL)
        row->constituency = o->constituency;
    if (o->site != NULL)
        row->site = o->site;
    if (!national && (row->constituency == NULL || *row->constituency == '\0'))
        return why_set(why, ERR_INPUT, 0,
                       "%s is new: whose schools is it for? --constituency CODE, as S12000036",
                       o->role);
    if (!national && str_eq(row->kind, "school") && (row->site == NULL || *row->site == '\0'))
        return why_set(why, ERR_INPUT, 0, "%s is a school's: --site NAME, as its kiosk has it",
                       o->role);
    return ERR_OK;
}

static enum err rotate_row(struct repo *r, const struct rotate *o, struct roles *roles,
                           const char *name, struct why *why)
{
    struct roles_row *row = NULL;
    enum err rc = roles->root && roles_find(roles, name) == NULL
                      ? why_set(why, ERR_INPUT, 0, "root has no role %s", name)
                      : roles_row(roles, name, &row, why);

    for (size_t i = 0; rc == ERR_OK && i < o->remove.count; i++)
        rc = roles_remove(row, o->remove.rows[i], why);
    for (size_t i = 0; rc == ERR_OK && i < o->add.count; i++) {
        struct keyfile key = { 0 };

        rc = keyfile_public(&r->a, o->add.rows[i], &key, why);
        if (rc == ERR_OK)
            rc = roles_add(roles, row, &key.key, why);
    }
    if (rc == ERR_OK)
        rc = roles_settle(row, o->threshold, why);
    return rc == ERR_OK && row != NULL && !roles->root ? rotate_whose(o, row, why) : rc;
}

static enum err rotate_run(struct repo *r, const struct rotate *o, struct why *why)
{
    const char *subject = rotate_subject(o);
    struct repo_meta latest = { 0 };
    struct roles *roles = NULL;
    enum err rc = repo_latest(r, subject, &latest, why);

    if (rc == ERR_OK)
        rc = roles_read(&r->a, &latest.meta, &roles, why);
    if (rc == ERR_OK && o->drop) {
        rc = roles_drop(roles, o->role, why);
    } else if (rc == ERR_OK && str_eq(o->role, "online")) {
        rc = rotate_row(r, o, roles, "snapshot", why);
        if (rc == ERR_OK)
            rc = rotate_row(r, o, roles, "timestamp", why);
    } else if (rc == ERR_OK) {
        rc = rotate_row(r, o, roles, o->role, why);
    }
    if (rc == ERR_OK)
        rc = stage_roles(r, roles, latest.meta.version + (latest.staged ? 0 : 1), o->expires_ms,
                         why);
    return rc == ERR_OK ? stage_followers(r, subject, o->at_ms, why) : rc;
}

static int rotate_options(int count, char **args, struct rotate *o)
{
    const char *threshold = NULL, *expires = NULL, *at = NULL;
    const struct args_option options[] = {
        { "--role", .value = &o->role },
        { "--remove", .list = &o->remove },
        { "--add", .list = &o->add },
        { "--threshold", .value = &threshold },
        { "--constituency", .value = &o->constituency },
        { "--kind", .value = &o->kind },
        { "--site", .value = &o->site },
        { "--drop", .flag = &o->drop },
        { "--expires", .value = &expires },
        { "--at", .value = &at },
    };
    struct args_list words = { 0 };

    if (!args_read("key", count, args, options, COUNT_OF(options), &words))
        return 2;
    if (words.count != 1 || o->role == NULL)
        return args_wrong("key", "rotate needs REPOSITORY and --role ROLE");
    if (!repo_role_ok(o->role) && !str_eq(o->role, "online"))
        return args_wrong("key", "--role takes root, targets, online, national or employers/ID");
    if (threshold != NULL && (!str_to_i64(threshold, &o->threshold) || o->threshold < 1))
        return args_wrong("key", "--threshold takes a number from 1");
    if (o->kind != NULL && !str_eq(o->kind, "authority") && !str_eq(o->kind, "sector") &&
        !str_eq(o->kind, "school"))
        return args_wrong("key", "--kind takes authority, sector or school");
    if (o->drop && (!manifest_role_ok(o->role) || o->add.count + o->remove.count > 0))
        return args_wrong("key", "--drop takes out national or employers/ID, and goes alone");
    if (!repo_at(at, &o->at_ms))
        return args_wrong("key", "--at takes a time as 2026-11-23T10:00:00Z");
    if (!repo_expires(expires, rotate_subject(o), o->at_ms, &o->expires_ms))
        return args_wrong("key", "--expires takes 1 to 3660 days");
    o->repo = words.rows[0];
    return 0;
}

int pack_key_rotate(int count, char **args)
{
    struct rotate o = { 0 };
    struct repo r = { 0 };
    char quoted[ARGS_QUOTED];
    struct why why;
    int status = rotate_options(count, args, &o);
    enum err rc;

    if (status != 0)
        return status;
    rc = repo_open(o.repo, &r, &why);
    if (rc == ERR_OK)
        rc = rotate_run(&r, &o, &why);
    if (rc == ERR_OK)
        (void)printf("now: canny-pack sign %s --key FILE\n", args_quoted(quoted, o.repo));
    else
        (void)fprintf(stderr, "canny-pack key: %s\n", why.text);
    repo_done(&r);
    return rc == ERR_OK ? 0 : 1;
}
