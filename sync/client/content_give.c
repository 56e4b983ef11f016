#include "sync/client/content_give.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/json.h"
#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/client/content_give_parts.h"
#include "sync/update/incoming.h"
#include "sync/update/updater_parts.h"

/* ---- what is here ---- */

static enum err give_add(struct give *g, const char *name, const void *bytes, size_t len)
{
    if (name == NULL || g->count == GIVE_FILES_MAX)
        return why_set(g->why, ERR_NOMEM, 0, "no memory for what is to be given");
    g->files[g->count++] = (struct give_file){ .name = name, .bytes = bytes, .len = len };
    return ERR_OK;
}

/* The stored file of a role, byte for byte. */
static enum err give_metadata(struct give *g, const char *role, struct give_file *out)
{
    char quoted[TUF_QUOTED_MAX], path[FS_PATH_MAX];
    char *bytes = NULL;
    enum err rc = tuf_quote(quoted, sizeof quoted, role, g->why);

    if (rc == ERR_OK && !str_format(path, sizeof path, "%s/%s.json", g->metadata, quoted))
        rc = why_set(g->why, ERR_LIMIT, 0, "path too long");
    if (rc == ERR_OK)
        rc = fs_read(&g->a, path, TUF_TARGETS_BYTES_MAX, &bytes, &out->len, g->why);
    out->bytes = bytes;
    return rc;
}

static enum err give_versioned(struct give *g, const char *role, int64_t version)
{
    char quoted[TUF_QUOTED_MAX];
    struct give_file f = { .len = 0 };
    enum err rc = give_metadata(g, role, &f);

    if (rc == ERR_OK)
        rc = tuf_quote(quoted, sizeof quoted, role, g->why);
    return rc == ERR_OK
               ? give_add(g, arena_printf(&g->a, "metadata/%" PRId64 ".%s.json", version, quoted),
                          f.bytes, f.len)
               : rc;
}

/* A target of the role, which lies among the manifests by its hash. */
static enum err give_target(struct give *g, const struct tuf_file *f, size_t max, uint8_t **out,
                            size_t *out_len)
{
    const char *name = NULL;
    enum err rc =
        f->hashes.has_sha256 ? ERR_OK : why_set(g->why, ERR_NOT_FOUND, 0, "%s: no hash", f->name);

    if (rc == ERR_OK)
        rc = incoming_load(g->manifests, f->hashes.sha256, max, &g->a, out, out_len, g->why);
    if (rc == ERR_OK)
        rc = tuf_client_target_name(g->tuf, f, &g->a, &name, g->why);
    return rc == ERR_OK ? give_add(g, name, *out, *out_len) : rc;
}

/* Whether what is stored of a role is what the snapshot names: a run that was cut off may have left a newer snapshot. */
static bool give_listed(struct give *g, const char *role, int64_t version)
{
    const struct tuf_meta *snapshot = tuf_client_meta(g->tuf, TUF_SNAPSHOT);
    const char *name = arena_printf(&g->a, "%s.json", role);
    const struct tuf_file *f = name != NULL ? tuf_meta_file(snapshot, name) : NULL;

    return f != NULL && f->version == version;
}

static enum err give_role(struct give *g, const char *role)
{
    struct updater_pick *pick = &g->set.roles[g->set.count];
    struct tuf_meta meta;
    uint8_t *bytes = NULL;
    size_t len = 0;
    enum err rc = tuf_client_role(g->tuf, NULL, NULL, role, &g->a, &meta, g->why);

    if (rc != ERR_OK)
        return rc;
    const struct tuf_file *manifest =
        tuf_meta_file(&meta, arena_printf(&g->a, "%s/manifest.json", role));
    const struct tuf_file *stop = tuf_meta_file(&meta, arena_printf(&g->a, "%s/stop.json", role));
    if (manifest == NULL || !give_listed(g, role, meta.version))
        return why_set(g->why, ERR_NOT_FOUND, 0, "%s is not here whole", role);
    rc = give_versioned(g, role, meta.version);
    if (rc == ERR_OK && stop != NULL)
        rc = give_target(g, stop, UPDATER_STOP_BYTES_MAX, &bytes, &len);
    if (rc == ERR_OK)
        rc = give_target(g, manifest, MANIFEST_BYTES_MAX, &bytes, &len);
    if (rc == ERR_OK)
        rc = manifest_parse(&g->a, bytes, len, &pick->m, g->why);
    if (rc != ERR_OK)
        return rc;
    hex_put(pick->hash, manifest->hashes.sha256, KEYS_HASH);
    g->set.count++;
    return ERR_OK;
}

static enum err give_roles(struct give *g)
{
    const struct tuf_meta *targets = tuf_client_meta(g->tuf, TUF_TARGETS);

    for (size_t i = 0; i < targets->delegation_count; i++) {
        const struct tuf_delegation *d = &targets->delegations[i];

        if (g->set.count == UPDATER_ROLES_MAX ||
            !updater_role_is_ours(d, g->constituency, g->school))
            continue;
        enum err rc = give_role(g, d->name);
        if (rc != ERR_OK)
            return rc;
    }
    return g->set.count > 0 ? ERR_OK
                            : why_set(g->why, ERR_NOT_FOUND, 0, "no content is for this school");
}

/* All that is signed, as one set that belongs together; else there is nothing to give until the next run has ended well. */
static enum err give_signed(struct give *g)
{
    enum err rc = tuf_client_open(g->metadata, &g->tuf, g->why);

    if (rc == ERR_OK)
        rc = tuf_client_load(g->tuf, g->why);
    if (rc != ERR_OK)
        return rc;
    const struct tuf_meta *root = tuf_client_meta(g->tuf, TUF_ROOT);
    const struct tuf_meta *timestamp = tuf_client_meta(g->tuf, TUF_TIMESTAMP);
    const struct tuf_meta *snapshot = tuf_client_meta(g->tuf, TUF_SNAPSHOT);
    const struct tuf_meta *targets = tuf_client_meta(g->tuf, TUF_TARGETS);
    const struct tuf_file *named = tuf_meta_file(timestamp, "snapshot.json");

    if (!root->consistent || named == NULL || named->version != snapshot->version ||
        !give_listed(g, "targets", targets->version))
        return why_set(g->why, ERR_NOT_FOUND, 0, "what is here does not belong together yet");
    g->root_version = root->version;
    rc = give_versioned(g, "root", root->version);
    if (rc == ERR_OK)
        rc = give_versioned(g, "snapshot", snapshot->version);
    if (rc == ERR_OK)
        rc = give_versioned(g, "targets", targets->version);
    if (rc == ERR_OK)
        rc = give_metadata(g, "timestamp", &g->timestamp);
    return rc == ERR_OK ? give_roles(g) : rc;
}

static bool give_has(void *ctx, const struct manifest_file *f)
{
    const struct give *g = ctx;

    return incoming_has(g->incoming, f->hash, f->len);
}

static enum err give_read(void *ctx, const struct manifest_file *f, struct arena *a, uint8_t **out,
                          struct why *why)
{
    const struct give *g = ctx;

    return incoming_read(g->incoming, f->hash, f->len, a, out, why);
}

int give_by_hash(const void *x, const void *y)
{
    const struct manifest_file *const *a = x;
    const struct manifest_file *const *b = y;

    return memcmp((*a)->hash, (*b)->hash, KEYS_HASH);
}

static enum err give_missing(struct give *g)
{
    const struct content_client_options *o = &g->c->o;
    const struct updater_blobs blobs = { .has = give_has, .read = give_read, .ctx = g };
    enum err rc =
        o->missing(o->ctx, &g->set, &blobs, &g->a, &g->missing, &g->missing_count, g->why);

    if (rc == ERR_OK && g->missing_count > 1)
        qsort(g->missing, g->missing_count, sizeof(*g->missing), give_by_hash);
    return rc;
}

static enum err give_begin(struct give *g)
{
    struct content_client *c = g->c;
    enum err rc = fs_join(g->metadata, c->dir, "metadata", g->why);

    if (rc == ERR_OK)
        rc = fs_join(g->manifests, c->dir, "manifests", g->why);
    if (rc == ERR_OK)
        rc = fs_join(g->incoming, c->dir, "incoming", g->why);
    if (rc == ERR_OK)
        rc = fs_join(g->roots, c->dir, "roots", g->why);
    (void)pthread_mutex_lock(&c->lock);
    (void)str_copy(g->constituency, sizeof g->constituency, c->constituency);
    (void)str_copy(g->school, sizeof g->school, c->school);
    (void)pthread_mutex_unlock(&c->lock);
    g->set = (struct updater_set){ .constituency = g->constituency, .school = g->school };
    if (rc == ERR_OK)
        rc = give_signed(g);
    if (rc == ERR_OK)
        rc = give_missing(g);
    return rc == ERR_OK ? c->o.files_open(c->o.ctx, &g->held, g->why) : rc;
}

void give_close(struct give *g)
{
    if (g == NULL)
        return;
    for (size_t i = 0; i < UPDATER_ROLES_MAX; i++)
        blob_codec_free(g->codecs[i]);
    if (g->c->o.files_close != NULL)
        g->c->o.files_close(g->held);
    tuf_client_close(g->tuf);
    arena_done(&g->a);
    arena_done(&g->scratch);
    free(g);
}

enum err give_open(struct content_client *c, struct why *why, struct give **out)
{
    struct give *g = calloc(1, sizeof *g);

    *out = g;
    if (g == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for what is to be given");
    g->c = c;
    g->why = why;
    arena_init(&g->a, GIVE_ARENA);
    arena_init(&g->scratch, GIVE_SCRATCH);
    /* Only the reading: the hub's runs need not wait for a stick. What one of them sweeps away meanwhile is in an edition. */
    (void)pthread_mutex_lock(&c->run);
    enum err rc = give_begin(g);
    (void)pthread_mutex_unlock(&c->run);
    return rc;
}

/* ---- what others call ---- */

static enum stick_gave give_outcome(const struct give *g, enum err rc)
{
    switch (rc) {
    case ERR_OK:
        return g->missing_count > 0 ? STICK_GAVE_PART : STICK_GAVE_ALL;
    case ERR_FULL:
        return STICK_GAVE_FULL;
    case ERR_OFFLINE:
        return STICK_GAVE_STOPPED;
    case ERR_INPUT:
    case ERR_LIMIT:
    case ERR_NOMEM:
    case ERR_NOT_FOUND:
    case ERR_CONFLICT:
    case ERR_DENIED:
    case ERR_IO:
        break;
    }
    return STICK_GAVE_FAILED;
}

enum stick_gave content_client_give(struct content_client *c, const struct content_outlet *o,
                                    size_t *out_files, struct why *why)
{
    struct give *g = NULL;
    enum stick_gave gave = STICK_GAVE_NOTHING;
    enum err rc = give_open(c, why, &g);

    *out_files = 0;
    if (g == NULL)
        return STICK_GAVE_FAILED;
    g->o = o;
    if (rc == ERR_OK)
        gave = give_outcome(g, give_out(g));
    else if (rc != ERR_NOT_FOUND)
        gave = STICK_GAVE_FAILED;
    *out_files = g->wrote;
    if (gave >= STICK_GAVE_PART && gave != STICK_GAVE_STOPPED && why->text[0] != '\0')
        log_line(LOG_WARN, "stick: guidance: %s", why->text);
    give_close(g);
    return gave;
}

/* The version that a file of metadata says, whoever signed it; 0: there is none. */
static int64_t give_version(const char *dir, const char *name)
{
    const struct json *node = NULL;
    char path[FS_PATH_MAX];
    char *text = NULL;
    size_t len = 0;
    int64_t version = 0;
    struct arena a;

    arena_init(&a, (size_t)4 * TUF_TIMESTAMP_BYTES_MAX);
    if (fs_join(path, dir, name, NULL) == ERR_OK &&
        fs_read(&a, path, TUF_TIMESTAMP_BYTES_MAX, &text, &len, NULL) == ERR_OK &&
        json_parse(&a, text, len, TUF_TIMESTAMP_BYTES_MAX, &node, NULL) == ERR_OK)
        version = json_int(json_get(node, "signed"), "version", 0);
    arena_done(&a);
    return version;
}

bool content_client_can_take(struct content_client *c, const char *root)
{
    return content_client_wants(c) || give_version(root, "metadata/timestamp.json") >
                                          give_version(c->dir, "metadata/timestamp.json");
}

bool content_client_can_give(struct content_client *c, const char *root)
{
    return give_version(c->dir, "metadata/timestamp.json") >
           give_version(root, "metadata/timestamp.json");
}

int64_t content_client_root(struct content_client *c, char out_hash[KEYS_ID_TEXT])
{
    struct tuf_client *tuf = NULL;
    char dir[FS_PATH_MAX], path[FS_PATH_MAX];
    char *bytes = NULL;
    size_t len = 0;
    int64_t version = 0;
    struct arena a;

    arena_init(&a, (size_t)2 * TUF_ROOT_BYTES_MAX);
    /* Replaced by rename: whatever run is under way, what is read is one root, whole. */
    if (fs_join(dir, c->dir, "metadata", NULL) == ERR_OK &&
        fs_join(path, dir, "root.json", NULL) == ERR_OK &&
        fs_read(&a, path, TUF_ROOT_BYTES_MAX, &bytes, &len, NULL) == ERR_OK &&
        tuf_client_open(dir, &tuf, NULL) == ERR_OK) {
        version = tuf_client_meta(tuf, TUF_ROOT)->version;
        keys_sha256_hex(out_hash, bytes, len);
    }
    tuf_client_close(tuf);
    arena_done(&a);
    return version;
}
