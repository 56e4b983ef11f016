#include "app/store/edition.h"

#include <stdlib.h>
#include <string.h>

#include "app/store/content_index.h"
#include "app/store/edition_files.h"
#include "app/store/edition_list.h"
#include "app/store/edition_state.h"
#include "app/store/edition_sum.h"
#include "platform/base/db.h"
#include "platform/base/str.h"

enum { LIST_ARENA_MAX = 32 * 1024 * 1024, DAMAGED_MAX = 64 * 1024 };

static enum err edition_open(const char *data_dir, const struct edition_name *name, struct db *out,
                             struct why *why)
{
    char path[FS_PATH_MAX];
    enum err rc = edition_path(data_dir, name->hash, path, why);

    return rc == ERR_OK ? db_open(out, path, DB_READ, why) : rc;
}

/* ---- what is missing ---- */

/* Hashes of files that the last making found damaged in the edition that has them. */
static const char *damaged_read(const char *data_dir, struct arena *a)
{
    char dir[FS_PATH_MAX];
    char path[FS_PATH_MAX];
    char *text = NULL;
    size_t len = 0;

    if (edition_dir(data_dir, dir, NULL) != ERR_OK ||
        fs_join(path, dir, "damaged", NULL) != ERR_OK ||
        fs_read(a, path, DAMAGED_MAX, &text, &len, NULL) != ERR_OK)
        return "";
    return text;
}

static int by_sha(const void *p, const void *q)
{
    const struct edition_file *const *a = p;
    const struct edition_file *const *b = q;

    return strcmp((*a)->sha, (*b)->sha);
}

static size_t each_once(const struct edition_file **rows, size_t count)
{
    size_t kept = 0;

    qsort(rows, count, sizeof(const struct edition_file *), by_sha);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !str_eq(rows[kept - 1]->sha, rows[i]->sha))
            rows[kept++] = rows[i];
    return kept;
}

/* Whether any edition here has it, damaged or not. */
static bool missing_has(const char *data_dir, struct edition_files **files, const char *sha)
{
    const char *bytes = NULL;
    size_t len = 0;
    struct arena a;
    bool has;

    if (*files == NULL && edition_files_open(data_dir, files, NULL) != ERR_OK)
        return false;
    arena_init(&a, (size_t)4 * CONTENT_FILE_MAX);
    has = edition_files_read(*files, sha, &a, &bytes, &len, NULL) == ERR_OK;
    arena_done(&a);
    return has;
}

enum err edition_missing(const char *data_dir, const struct edition_set *set,
                         const struct edition_blobs *blobs, struct arena *a,
                         const struct edition_file ***out, size_t *out_count, struct why *why)
{
    struct edition_store held = { .count = 0 };
    struct edition_name newest;
    struct edition_list list;
    struct db db = { 0 };
    const struct edition_file **rows = NULL;
    const char *damaged = "";
    size_t count = 0;
    struct edition_files *files = NULL;
    struct arena work;
    enum err rc;

    arena_init(&work, LIST_ARENA_MAX);
    rc = edition_list(set, &work, &list, why);
    edition_newest(data_dir, &newest);
    /* One that cannot be read holds nothing. */
    if (rc == ERR_OK && newest.hash[0] != '\0') {
        if (edition_open(data_dir, &newest, &db, NULL) != ERR_OK ||
            edition_store_read(&db, &work, &held, NULL) != ERR_OK)
            held.count = 0;
        damaged = damaged_read(data_dir, &work);
        /* What it says that it holds may not be so: each of its files is looked at. */
        if (!edition_sum_there(data_dir, newest.hash))
            held.count = 0;
    }
    db_close(&db);
    if (rc == ERR_OK) {
        rows = arena_array(a, list.count + 1, sizeof *rows);
        if (rows == NULL)
            rc = why_set(why, ERR_NOMEM, 0, "no room for the list of files");
    }
    for (size_t i = 0; rc == ERR_OK && i < list.count; i++) {
        const struct edition_item *item = &list.items[i];
        bool there =
            item->role == EDITION_HELP ||
            (edition_store_find(&held, item->sha) != NULL && strstr(damaged, item->sha) == NULL) ||
            (blobs != NULL && blobs->has(blobs->ctx, item->sha));

        if (!there && !missing_has(data_dir, &files, item->sha))
            rows[count++] = item->file;
    }
    edition_files_close(files);
    arena_done(&work);
    if (rc != ERR_OK)
        return rc;
    *out = rows;
    *out_count = each_once(rows, count);
    return ERR_OK;
}

/* ---- what is in use ---- */

static enum err installed_role(struct db *db, struct edition_role *r, struct arena *a,
                               struct why *why)
{
    struct db_stmt q;
    struct edition_file *files;
    size_t cap = CONTENT_FILES_MAX;
    enum err rc;

    files = arena_array(a, cap, sizeof *files);
    if (files == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the files of %s", r->role);
    q = db_prepare(db, "select file, sha, size from edition_file where role = ?1 order by file");
    db_bind_text(&q, 1, r->role);
    while (r->count < cap && db_step(&q))
        files[r->count++] = (struct edition_file){ .path = db_text_in(&q, 0, a),
                                                   .sha = db_text_in(&q, 1, a),
                                                   .size = (size_t)db_i64(&q, 2) };
    r->files = files;
    rc = db_end(&q, why);
    return rc;
}

static enum err installed_read(struct db *db, bool with_files, struct arena *a,
                               struct edition_set *out, struct why *why)
{
    struct edition_role *roles = arena_array(a, EDITION_ROLES_MAX, sizeof *roles);
    struct db_stmt q;
    size_t count = 0;
    enum err rc;

    if (roles == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the roles of an edition");
    q = db_prepare(db, "select role, edition, manifest from edition_role order by role");
    while (count < EDITION_ROLES_MAX && db_step(&q))
        roles[count++] = (struct edition_role){ .role = db_text_in(&q, 0, a),
                                                .edition = db_text_in(&q, 1, a),
                                                .manifest = db_text_in(&q, 2, a) };
    rc = db_end(&q, why);
    q = db_prepare(db, "select (select value from meta where key = 'constituency'),"
                       " (select value from meta where key = 'school')");
    if (rc == ERR_OK && db_step(&q)) {
        out->constituency = db_text_in(&q, 0, a);
        out->school = db_text_in(&q, 1, a);
    }
    if (db_end(&q, rc == ERR_OK ? why : NULL) != ERR_OK && rc == ERR_OK)
        rc = q.rc;
    for (size_t i = 0; i < count && with_files && rc == ERR_OK; i++)
        rc = installed_role(db, &roles[i], a, why);
    out->roles = roles;
    out->count = count;
    return rc;
}

static enum err installed_of(const char *data_dir, const struct edition_name *name, bool with_files,
                             struct arena *a, struct edition_set *out, struct why *why)
{
    struct db db = { 0 };
    enum err rc = edition_open(data_dir, name, &db, why);

    if (rc == ERR_OK)
        rc = installed_read(&db, with_files, a, out, why);
    db_close(&db);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for the edition in use");
    return rc;
}

enum err edition_installed(const char *data_dir, bool with_files, struct arena *a,
                           struct edition_installed *out, struct why *why)
{
    struct edition_name current;
    struct edition_name next;

    *out = (struct edition_installed){ .refused = edition_refused_text(data_dir, a),
                                       .set = { .constituency = "", .school = "" } };
    edition_current(data_dir, &current);
    edition_next(data_dir, &next);
    (void)str_copy(out->hash, sizeof out->hash, current.hash);
    (void)str_copy(out->next, sizeof out->next, next.hash);
    return current.hash[0] == '\0'
               ? ERR_OK
               : installed_of(data_dir, &current, with_files, a, &out->set, why);
}

/* ---- the same content for another place or program ---- */

static bool meta_is(struct db *db, const char *key, const char *value)
{
    struct db_stmt q = db_prepare(db, "select 1 from meta where key = ?1 and value = ?2");
    bool same;

    db_bind_text(&q, 1, key);
    db_bind_text(&q, 2, value == NULL ? "" : value);
    same = db_step(&q);
    return db_end(&q, NULL) == ERR_OK && same;
}

static bool renew_is_due(const char *data_dir, const struct edition_name *newest,
                         const struct edition_set *place, const char *help)
{
    struct db db = { 0 };
    char version[16];
    bool same;

    (void)str_format(version, sizeof version, "%d", CONTENT_VERSION);
    if (edition_open(data_dir, newest, &db, NULL) != ERR_OK)
        return false;
    same = meta_is(&db, "version", version) && meta_is(&db, "help", help) &&
           meta_is(&db, "constituency", place->constituency) &&
           (!str_eq(place->constituency, "X-SCIS") || meta_is(&db, "school", place->school));
    db_close(&db);
    return !same;
}

enum err edition_renew(const char *data_dir, const struct edition_set *place, struct why *why)
{
    struct edition_set set = { .count = 0 };
    struct edition_name newest;
    struct edition_list list;
    enum edition_sum sum = EDITION_DIFFERS;
    struct arena a;
    enum err rc;

    edition_newest(data_dir, &newest);
    if (newest.hash[0] == '\0')
        return ERR_OK;
    rc = edition_list_help(place, &list, why);
    if (rc != ERR_OK || !renew_is_due(data_dir, &newest, place, list.help))
        return rc;
    rc = edition_sum_hold(data_dir, newest.hash, NULL, NULL, &sum, why);
    if (rc != ERR_OK || sum != EDITION_HOLDS)
        return rc;
    arena_init(&a, LIST_ARENA_MAX);
    rc = installed_of(data_dir, &newest, true, &a, &set, why);
    set.constituency = place->constituency;
    set.school = place->school;
    set.help = place->help;
    if (rc == ERR_OK)
        rc = edition_build(data_dir, &set, NULL, NULL, NULL, why);
    arena_done(&a);
    return rc;
}
