#include "app/publish.h"

#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/store/edition.h"
#include "app/store/edition_files.h"
#include "app/store/edition_sum.h"
#include "app/store/stops.h"
#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/client/content.h"

enum { PUBLISH_ARENA = 32 * 1024 * 1024, PUBLISH_SMALL = 256 * 1024 };

/* ---- recalls ---- */

static enum err publish_stops_take(void *ctx, struct db *db, const char *role, const char *bytes,
                                   size_t len, struct why *why)
{
    (void)ctx;
    return stops_take(db, role, bytes, len, why);
}

static enum err publish_stops_keep(void *ctx, struct db *db, const char *const *roles, size_t count,
                                   struct why *why)
{
    (void)ctx;
    return stops_keep_roles(db, roles, count, why);
}

static void publish_changed(void *ctx)
{
    struct app *app = ctx;

    atomic_store(&app->store_changed, true);
    if (app->window != NULL)
        window_wake(app->window);
}

/* ---- editions: the same set in the store's words ---- */

static enum err publish_installed(void *ctx, struct updater_installed *out, struct why *why)
{
    const struct app *app = ctx;
    struct edition_installed now;
    struct arena a;

    arena_init(&a, PUBLISH_SMALL);
    enum err rc = edition_installed(app->opt.data, false, &a, &now, why);
    if (rc == ERR_OK) {
        *out = (struct updater_installed){ .count = 0 };
        for (size_t i = 0; i < now.set.count && i < UPDATER_ROLES_MAX; i++) {
            const struct edition_role *from = &now.set.roles[i];

            (void)str_copy(out->roles[i].role, sizeof out->roles[i].role, from->role);
            (void)str_copy(out->roles[i].edition, sizeof out->roles[i].edition, from->edition);
            (void)str_copy(out->roles[i].hash, sizeof out->roles[i].hash, from->manifest);
            out->count = i + 1;
        }
        (void)str_copy(out->refused, sizeof out->refused, now.refused != NULL ? now.refused : "");
    }
    arena_done(&a);
    return rc;
}

/* The set, and what leads back from its files to the updater's. */
struct publish_set {
    struct arena a;
    struct edition_set set;
    const struct updater_set *from;
    const struct updater_blobs *blobs;
    const struct manifest_file **by_hash;
    size_t count;
    char help[FS_PATH_MAX];
};

static int publish_cmp(const void *x, const void *y)
{
    const struct manifest_file *const *a = x;
    const struct manifest_file *const *b = y;

    return memcmp((*a)->hash, (*b)->hash, KEYS_HASH);
}

/* All files of the set in the order of their hashes: the store asks for each by its hash alone. */
static enum err publish_sort(struct publish_set *p)
{
    size_t count = 0;

    for (size_t i = 0; i < p->from->count; i++)
        count += p->from->roles[i].m.file_count;
    p->by_hash = arena_array(&p->a, count + 1, sizeof(*p->by_hash));
    if (p->by_hash == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < p->from->count; i++)
        for (size_t k = 0; k < p->from->roles[i].m.file_count; k++)
            p->by_hash[p->count++] = &p->from->roles[i].m.files[k];
    qsort(p->by_hash, p->count, sizeof(*p->by_hash), publish_cmp);
    return ERR_OK;
}

static enum err publish_role(struct publish_set *p, const struct updater_pick *pick,
                             struct edition_role *out)
{
    struct edition_file *files = arena_array(&p->a, pick->m.file_count + 1, sizeof *files);
    char(*digits)[KEYS_ID_TEXT] = arena_array(&p->a, pick->m.file_count + 1, KEYS_ID_TEXT);

    if (files == NULL || digits == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < pick->m.file_count; i++) {
        const struct manifest_file *f = &pick->m.files[i];

        hex_put(digits[i], f->hash, KEYS_HASH);
        files[i] = (struct edition_file){ .path = f->path, .sha = digits[i], .size = f->len };
    }
    *out = (struct edition_role){ .role = pick->m.role,
                                  .edition = pick->m.edition,
                                  .manifest = pick->hash,
                                  .files = files,
                                  .count = pick->m.file_count };
    return ERR_OK;
}

static enum err publish_begin(struct publish_set *p, const struct app *app,
                              const struct updater_set *set, const struct updater_blobs *blobs,
                              struct why *why)
{
    char assets[FS_PATH_MAX];

    *p = (struct publish_set){ .from = set, .blobs = blobs };
    arena_init(&p->a, PUBLISH_ARENA);
    struct edition_role *roles = arena_array(&p->a, set->count + 1, sizeof *roles);
    enum err rc = roles != NULL ? publish_sort(p) : ERR_NOMEM;
    for (size_t i = 0; i < set->count && rc == ERR_OK; i++)
        rc = publish_role(p, &set->roles[i], &roles[i]);
    if (rc == ERR_NOMEM)
        return why_set(why, rc, 0, "no memory for an edition");
    rc = app_assets(&app->opt, assets, why);
    if (rc == ERR_OK)
        rc = fs_join(p->help, assets, "help", why);
    p->set = (struct edition_set){ .roles = roles,
                                   .count = set->count,
                                   .constituency = set->constituency,
                                   .school = set->school,
                                   .help = p->help };
    return rc;
}

static bool publish_file(const char *sha, size_t len, struct manifest_file *out)
{
    *out = (struct manifest_file){ .len = (uint32_t)len };
    return hex_get(out->hash, KEYS_HASH, sha);
}

static bool publish_has(void *ctx, const char *sha)
{
    const struct publish_set *p = ctx;
    struct manifest_file f;
    const struct manifest_file *key = &f;

    if (p->count == 0 || !publish_file(sha, 0, &f))
        return false;
    const struct manifest_file **found =
        bsearch(&key, p->by_hash, p->count, sizeof(*p->by_hash), publish_cmp);
    return found != NULL && p->blobs->has(p->blobs->ctx, *found);
}

static enum err publish_read(void *ctx, const struct edition_file *file, struct arena *a,
                             const char **out, size_t *out_len, struct why *why)
{
    const struct publish_set *p = ctx;
    struct manifest_file f;
    uint8_t *bytes = NULL;

    if (!publish_file(file->sha, file->size, &f))
        return why_set(why, ERR_INPUT, 0, "%s: not a hash", file->path);
    enum err rc = p->blobs->read(p->blobs->ctx, &f, a, &bytes, why);
    if (rc == ERR_OK) {
        *out = (const char *)bytes;
        *out_len = file->size;
    }
    return rc;
}

static struct edition_blobs publish_blobs(struct publish_set *p)
{
    return (struct edition_blobs){ .has = publish_has, .read = publish_read, .ctx = p };
}

/* The updater's own file for each that is wanting: role and place in it are the same. */
static const struct manifest_file *publish_back(const struct publish_set *p,
                                                const struct edition_file *file)
{
    for (size_t i = 0; i < p->set.count; i++) {
        const struct edition_role *role = &p->set.roles[i];

        if (role->count > 0 && file >= role->files && file < role->files + role->count)
            return &p->from->roles[i].m.files[file - role->files];
    }
    return NULL;
}

static enum err publish_missing(void *ctx, const struct updater_set *set,
                                const struct updater_blobs *blobs, struct arena *a,
                                const struct manifest_file ***out, size_t *out_count,
                                struct why *why)
{
    const struct edition_file **files = NULL;
    size_t count = 0;
    struct publish_set p;
    enum err rc = publish_begin(&p, ctx, set, blobs, why);
    const struct edition_blobs have = publish_blobs(&p);

    if (rc == ERR_OK)
        rc = edition_missing(((const struct app *)ctx)->opt.data, &p.set, &have, &p.a, &files,
                             &count, why);
    const struct manifest_file **rows =
        rc == ERR_OK ? arena_array(a, count + 1, sizeof(*rows)) : NULL;
    if (rc == ERR_OK && rows == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "no memory for what is wanting");
    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        rows[i] = publish_back(&p, files[i]);
        if (rows[i] == NULL)
            rc = why_set(why, ERR_INPUT, 0, "a file that is wanting is none of the set's");
    }
    arena_done(&p.a);
    if (rc != ERR_OK)
        return rc;
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

/* The main thread sees to it at its next frame. */
static void publish_doubt(struct app *app)
{
    atomic_store(&app->edition_doubt, true);
    publish_changed(app);
}

/* ---- what is in use: whether it is still what it was ---- */

static enum err publish_check(void *ctx, bool (*stop)(void *ctx), void *stop_ctx, struct why *why)
{
    struct app *app = ctx;
    struct edition_name name;
    bool fit = true;
    enum err rc = ERR_OK;

    edition_current(app->opt.data, &name);
    if (name.hash[0] != '\0')
        rc = edition_fit(app->opt.data, &name, stop, stop_ctx, &fit, why);
    if (rc == ERR_OK && !fit)
        publish_doubt(app);
    return rc;
}

static bool publish_damaged(void *ctx)
{
    struct app *app = ctx;
    struct edition_name aside;

    edition_aside(app->opt.data, &aside);
    return aside.hash[0] != '\0' || atomic_load(&app->edition_lost);
}

static enum err publish_build(void *ctx, const struct updater_set *set,
                              const struct updater_blobs *blobs, struct updater_refusal *out,
                              struct why *why)
{
    struct edition_refusal *refusal = calloc(1, sizeof *refusal);
    char hash[KEYS_ID_TEXT];
    struct publish_set p;
    enum err rc = publish_begin(&p, ctx, set, blobs, why);
    const struct edition_blobs have = publish_blobs(&p);

    if (rc == ERR_OK && refusal == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "no memory for an edition");
    if (rc == ERR_OK)
        rc = edition_build(((const struct app *)ctx)->opt.data, &p.set, &have, hash, refusal, why);
    if (refusal != NULL && refusal->damaged)
        publish_doubt(ctx);
    if (rc == ERR_INPUT) {
        out->role = refusal->role;
        (void)str_format(out->text, sizeof out->text, "%s: %s", refusal->path, refusal->text);
    }
    free(refusal);
    arena_done(&p.a);
    return rc;
}

static enum err publish_renew(void *ctx, const char *constituency, const char *school,
                              struct why *why)
{
    return app_content_renew(ctx, constituency, school, why);
}

static enum err publish_files_open(void *ctx, void **out, struct why *why)
{
    const struct app *app = ctx;
    struct edition_files *f = NULL;
    enum err rc = edition_files_open(app->opt.data, &f, why);

    if (rc == ERR_OK)
        *out = f;
    return rc;
}

static enum err publish_files_read(void *files, const struct manifest_file *file, struct arena *a,
                                   uint8_t **out, struct why *why)
{
    const char *bytes = NULL;
    char sha[KEYS_ID_TEXT];
    size_t len = 0;

    hex_put(sha, file->hash, KEYS_HASH);
    enum err rc = edition_files_read(files, sha, a, &bytes, &len, why);
    if (rc == ERR_OK && len != file->len)
        rc = why_set(why, ERR_NOT_FOUND, 0, "a file of the content has another length");
    if (rc == ERR_OK)
        *out = (uint8_t *)arena_strndup(a, bytes, len);
    return rc == ERR_OK && *out == NULL ? why_set(why, ERR_NOMEM, 0, "no memory") : rc;
}

static void publish_files_close(void *files)
{
    edition_files_close(files);
}

/* ---- what is told ---- */

const struct content_view *app_content_view(struct app *app)
{
    if (app->published_seen != app->version) {
        content_client_view(app->publish, &app->published);
        app->published_seen = app->version;
    }
    return &app->published;
}

bool app_content_old(const struct app *app, const struct content_view *v)
{
    const int64_t old_ms = (int64_t)APP_CONTENT_OLD_DAYS * 24 * 3600 * 1000;

    return v->any && v->checked_ms != 0 && app->now.wall_ms - v->checked_ms > old_ms;
}

/* ---- the start ---- */

static void publish_from_folder(struct app *app)
{
    const struct content_folder folder = { .root = app->opt.content,
                                           .source = "folder",
                                           .trusted = true };
    struct updater_report *report = calloc(1, sizeof *report);

    if (report != NULL)
        content_client_folder(app->publish, &app->store.db, app->clock, &folder, report);
    free(report);
}

static bool publish_place(struct app *app)
{
    const struct arena_mark mark = arena_mark(&app->scratch);
    const char *constituency = "";
    const char *school = "";

    if (query_constituency(&app->store, &app->scratch, &constituency, NULL) != ERR_OK)
        constituency = "";
    if (store_get(&app->store, "site.name", &app->scratch, &school, NULL) != ERR_OK)
        school = "";
    const bool other = content_client_place(app->publish, constituency, school);
    arena_rewind(&app->scratch, mark);
    return other;
}

void publish_carried(struct app *app, struct db *db)
{
    enum { PUBLISH_PLACE = 4096 };
    const char *constituency = "";
    struct arena a;

    arena_init(&a, PUBLISH_PLACE);
    if (query_constituency_db(db, &a, &constituency, NULL) == ERR_OK)
        (void)content_client_constituency(app->publish, constituency);
    arena_done(&a);
}

enum err publish_open(struct app *app, struct why *why)
{
    char dir[FS_PATH_MAX];
    enum err rc = fs_join(dir, app->opt.data, "content", why);
    const struct content_client_options o = {
        .dir = dir,
        .device = app->store.self.id,
        .stops_take = publish_stops_take,
        .stops_keep = publish_stops_keep,
        .installed = publish_installed,
        .missing = publish_missing,
        .build = publish_build,
        .renew = publish_renew,
        .check = publish_check,
        .damaged = publish_damaged,
        .files_open = publish_files_open,
        .files_read = publish_files_read,
        .files_close = publish_files_close,
        .changed = publish_changed,
        .ctx = app,
    };

    if (rc == ERR_OK)
        rc = content_client_new(&o, &app->store.db, &app->publish, why);
    if (rc != ERR_OK)
        return rc;
    (void)publish_place(app);
    if (app->opt.content != NULL && content_folder_is(app->opt.content))
        publish_from_folder(app);
    else if (publish_damaged(app))
        content_client_mend(app->publish); /* the worker's: it may take a while */
    else
        content_client_resume(app->publish, &app->store.db, app->clock);
    return ERR_OK;
}

void publish_seeded(struct app *app)
{
    if (!publish_place(app))
        return;
    if (app->opt.content != NULL && content_folder_is(app->opt.content))
        publish_from_folder(app);
    content_client_renew(app->publish);
}

void publish_close(struct app *app)
{
    content_client_free(app->publish);
    app->publish = NULL;
}

void publish_step(struct app *app)
{
    if (app->publish_seen == app->version)
        return;
    app->publish_seen = app->version;
    if (publish_place(app) && app->worker != NULL)
        worker_wake(app->worker);
}
