#include "tests/sync/update/updater_rig.h"

#include <stdlib.h>
#include <string.h>

#include "platform/base/str.h"

static const char rig_page[] = "\r\n<!DOCTYPE html><html><title>Sign in</title></html>";

static enum err rig_get(void *ctx, const char *name, size_t max, struct arena *a, uint8_t **out,
                        size_t *out_len, struct why *why)
{
    struct rig *g = ctx;

    if (g->get_count < RIG_GETS_MAX)
        (void)str_copy(g->gets[g->get_count], sizeof g->gets[0], name);
    g->get_count++;
    if (g->cut_after != 0 && g->get_count >= g->cut_after)
        return why_set(why, ERR_OFFLINE, 0, "the cable was pulled");
    if (g->page != NULL && str_starts(name, g->page)) {
        if (sizeof rig_page - 1 > max)
            return why_set(why, ERR_LIMIT, 0, "too long");
        *out = (uint8_t *)arena_strdup(a, rig_page);
        *out_len = sizeof rig_page - 1;
        return ERR_OK;
    }
    enum err rc = update_folder_get(g->repo->dir, name, max, a, out, out_len, why);
    if (rc == ERR_OK)
        g->bytes += *out_len;
    return rc;
}

static enum err rig_root(void *ctx, struct arena *a, uint8_t **out, size_t *out_len,
                         struct why *why)
{
    struct rig *g = ctx;

    return update_folder_get(g->repo->dir, "metadata/1.root.json", 1000000, a, out, out_len, why);
}

static int rig_cap(void *ctx, const char *role)
{
    (void)role;
    return ((struct rig *)ctx)->cap;
}

static bool rig_yield(void *ctx)
{
    struct rig *g = ctx;

    return g->yield_after != 0 && g->report.fetched >= g->yield_after;
}

/* ---- ports ---- */

static size_t rig_stop_row(struct rig *g, const char *role)
{
    size_t i = 0;

    while (i < g->stops_count && !str_eq(g->stops_role[i], role))
        i++;
    return i;
}

static bool rig_stops_held(void *ctx, const char *role, const char *hash)
{
    struct rig *g = ctx;
    const size_t i = rig_stop_row(g, role);

    return i < g->stops_count && str_eq(g->stops[i], hash);
}

static enum err rig_stops_take(void *ctx, const char *role, const char *hash, const char *bytes,
                               size_t len, struct why *why)
{
    struct rig *g = ctx;
    const size_t i = rig_stop_row(g, role);

    if (memchr(bytes, '!', len) != NULL)
        return why_set(why, ERR_INPUT, 0, "a notice that none can be");
    if (i == g->stops_count)
        g->stops_count++;
    (void)str_copy(g->stops_role[i], sizeof g->stops_role[i], role);
    (void)str_copy(g->stops[i], sizeof g->stops[i], hash);
    (void)str_format(g->stops_text[i], sizeof g->stops_text[i], "%.*s", (int)len, bytes);
    g->stops_taken++;
    return ERR_OK;
}

static enum err rig_stops_keep(void *ctx, const char *const *roles, size_t count, struct why *why)
{
    (void)roles;
    (void)why;
    ((struct rig *)ctx)->stops_kept = count;
    return ERR_OK;
}

static enum err rig_installed(void *ctx, struct updater_installed *out, struct why *why)
{
    (void)why;
    *out = ((struct rig *)ctx)->installed;
    return ERR_OK;
}

/* The bytes of a file of the edition in use; NULL: it has no such file. */
static const char *rig_held(const struct rig *g, const struct manifest_file *f)
{
    char hash[KEYS_ID_TEXT];

    hex_put(hash, f->hash, KEYS_HASH);
    for (size_t i = 0; i < g->held_count; i++)
        if (str_eq(g->held[i], hash))
            return g->held_text[i];
    return NULL;
}

static enum err rig_missing(void *ctx, const struct updater_set *set,
                            const struct updater_blobs *blobs, struct arena *a,
                            const struct manifest_file ***out, size_t *out_count, struct why *why)
{
    struct rig *g = ctx;
    size_t n = 0;
    const struct manifest_file **rows = arena_array(a, 1024, sizeof(*rows));

    (void)why;
    for (size_t i = 0; i < set->count; i++)
        for (size_t k = 0; k < set->roles[i].m.file_count; k++) {
            const struct manifest_file *f = &set->roles[i].m.files[k];

            if (rig_held(g, f) == NULL && !blobs->has(blobs->ctx, f))
                rows[n++] = f;
        }
    *out = rows;
    *out_count = n;
    return ERR_OK;
}

static enum err rig_build(void *ctx, const struct updater_set *set,
                          const struct updater_blobs *blobs, struct updater_refusal *out,
                          struct why *why)
{
    struct rig *g = ctx;
    struct arena a;

    g->builds++;
    if (g->build_rc != ERR_OK)
        return why_set(why, g->build_rc, 0, "the build failed");
    for (size_t i = 0; i < set->count; i++)
        for (size_t k = 0; g->refuse != NULL && k < set->roles[i].m.file_count; k++)
            if (str_eq(set->roles[i].m.files[k].path, g->refuse)) {
                out->role = i;
                (void)str_format(out->text, sizeof out->text, "%s: no heading", g->refuse);
                return why_set(why, ERR_INPUT, 0, "%s", out->text);
            }
    arena_init(&a, 1 << 20);
    g->text_count = 0;
    g->installed.count = set->count;
    for (size_t i = 0; i < set->count; i++) {
        const struct updater_pick *p = &set->roles[i];

        (void)str_copy(g->installed.roles[i].role, MANIFEST_ROLE, p->m.role);
        (void)str_copy(g->installed.roles[i].edition, MANIFEST_EDITION_MAX + 1, p->m.edition);
        (void)str_copy(g->installed.roles[i].hash, KEYS_ID_TEXT, p->hash);
        for (size_t k = 0; k < p->m.file_count; k++) {
            const struct manifest_file *f = &p->m.files[k];
            uint8_t *bytes = NULL;
            const char *text = rig_held(g, f);

            if (blobs->read(blobs->ctx, f, &a, &bytes, why) == ERR_OK)
                text = (const char *)bytes;
            else if (text == NULL)
                fail_msg("built without %s", f->path);
            (void)str_format(g->texts[g->text_count++], 128, "%s/%s=%s", p->m.role, f->path, text);
            if (rig_held(g, f) == NULL) {
                (void)str_copy(g->held_text[g->held_count], sizeof g->held_text[0], text);
                hex_put(g->held[g->held_count++], f->hash, KEYS_HASH);
            }
        }
    }
    arena_done(&a);
    return ERR_OK;
}

/* ---- */

void rig_open(struct rig *g, struct repo *r)
{
    *g = (struct rig){
        .repo = r,
        .device = "device-1",
        .constituency = "S12000036",
        .school = "Example High School",
        .now_ms = REPO_NOW_MS,
        .cap = 100,
    };
    (void)str_copy(g->dir, sizeof g->dir, "/tmp/canny_updater_XXXXXX");
    assert_non_null(mkdtemp(g->dir));
    g->ports = (struct updater_ports){
        .stops_held = rig_stops_held,
        .stops_take = rig_stops_take,
        .stops_keep = rig_stops_keep,
        .installed = rig_installed,
        .missing = rig_missing,
        .build = rig_build,
        .ctx = g,
    };
}

void rig_done(struct rig *g)
{
    repo_remove(g->dir);
}

enum updater_fault rig_run(struct rig *g)
{
    const struct updater_ask ask = {
        .dir = g->dir,
        .device = g->device,
        .constituency = g->constituency,
        .school = g->school,
        .ports = &g->ports,
        .source = { .get = g->no_source ? NULL : rig_get,
                    .ctx = g,
                    .name = "folder",
                    .root = g->no_root ? NULL : rig_root,
                    .cap = rig_cap },
        .now_ms = g->now_ms,
        .seen = g->seen,
        .at = "2026-11-23T00:00:00Z",
        .trust = "hub",
        .yield = rig_yield,
        .ctx = g,
    };

    g->get_count = 0;
    g->bytes = 0;
    g->why = (struct why){ 0 };
    enum updater_fault fault = updater_run(&ask, &g->report, &g->why);
    assert_int_equal(fault, g->report.fault);
    updater_settle(&g->report, &g->installed);
    return fault;
}

size_t rig_asked(const struct rig *g, const char *prefix)
{
    size_t n = 0;

    for (size_t i = 0; i < g->get_count && i < RIG_GETS_MAX; i++)
        n += str_starts(g->gets[i], prefix);
    return n;
}

bool rig_reads(const struct rig *g, const char *text)
{
    for (size_t i = 0; i < g->text_count; i++)
        if (str_eq(g->texts[i], text))
            return true;
    return false;
}

const struct updater_role *rig_role(const struct rig *g, const char *role)
{
    for (size_t i = 0; i < g->report.count; i++)
        if (str_eq(g->report.roles[i].role, role))
            return &g->report.roles[i];
    fail_msg("the report does not tell of %s", role);
    return NULL;
}
