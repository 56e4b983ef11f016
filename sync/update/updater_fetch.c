/* What is asked for: recalls, manifests, files. */
#include "sync/update/updater_parts.h"

#include <string.h>

#include "platform/base/str.h"
#include "sync/update/incoming.h"

enum { FETCH_SCRATCH = 4 * 1024 * 1024 };

static const char *fetch_name(struct updater *u, const struct updater_work *w, const char *name)
{
    return arena_printf(&u->arena, "%s/%s", w->row->role, name);
}

/* A target of the role that is small, by the name that the role gives it. */
static enum err fetch_target(struct updater *u, const struct tuf_file *f, size_t max, uint8_t **out,
                             size_t *out_len, struct why *why)
{
    if (f->length < 0 || (uint64_t)f->length > max || !f->hashes.has_sha256)
        return why_set(why, ERR_LIMIT, 0, "%s: larger than it may be, or without a SHA-256",
                       f->name);
    return tuf_client_target(u->tuf, u->ask->source.get, u->ask->source.ctx, f, &u->arena, out,
                             out_len, why);
}

/* What ends the whole run: the source is gone, or our own disk. */
static bool fetch_ends(struct updater *u, enum updater_fault fault, const struct why *why)
{
    if (fault != UPDATER_UNREACHED && fault != UPDATER_FULL && fault != UPDATER_OURS)
        return false;
    u->stopped = fault;
    if (u->why != NULL)
        *u->why = *why;
    return true;
}

/* ---- recalls ---- */

/* Whether its bytes are here: they stay beside the manifests: other kiosks may get them from this one. */
static bool stops_kept(struct updater *u, const struct tuf_file *f)
{
    const struct arena_mark mark = arena_mark(&u->arena);
    uint8_t *bytes = NULL;
    size_t len = 0;
    const bool kept = f->hashes.has_sha256 &&
                      incoming_load(u->manifests, f->hashes.sha256, UPDATER_STOP_BYTES_MAX,
                                    &u->arena, &bytes, &len, NULL) == ERR_OK;

    arena_rewind(&u->arena, mark);
    return kept;
}

static enum updater_fault stops_of(struct updater *u, struct updater_work *w, struct why *why)
{
    const struct updater_ports *p = u->ask->ports;
    const struct tuf_file *f = tuf_meta_file(&w->meta, fetch_name(u, w, "stop.json"));
    const char *none =
        arena_printf(&u->arena, "{\"format\":1,\"role\":\"%s\",\"notices\":[]}", w->row->role);
    char hash[KEYS_ID_TEXT];
    uint8_t *bytes = (uint8_t *)arena_strdup(&u->arena, none != NULL ? none : "");
    size_t len = none != NULL ? strlen(none) : 0;

    if (none == NULL || bytes == NULL)
        return UPDATER_OURS;
    keys_sha256_hex(hash, none, len);
    if (f != NULL) {
        hex_put(hash, f->hashes.sha256, KEYS_HASH);
        (void)str_copy(w->stop, sizeof w->stop, hash);
    }
    if (p->stops_held(p->ctx, w->row->role, hash)) {
        if (f != NULL && u->ask->source.get != NULL && !stops_kept(u, f) &&
            fetch_target(u, f, UPDATER_STOP_BYTES_MAX, &bytes, &len, NULL) == ERR_OK)
            (void)!incoming_put(u->manifests, f->hashes.sha256, bytes, len, NULL);
        return UPDATER_FINE;
    }
    if (f != NULL) {
        if (u->ask->source.get == NULL)
            return UPDATER_FINE; /* with the next contact */
        enum err rc = fetch_target(u, f, UPDATER_STOP_BYTES_MAX, &bytes, &len, why);
        if (rc == ERR_LIMIT)
            return UPDATER_MALFORMED;
        if (rc != ERR_OK)
            return updater_fault_of(tuf_client_fault(u->tuf), rc);
        /* It holds here whether or not it can be kept for others. */
        (void)!incoming_put(u->manifests, f->hashes.sha256, bytes, len, NULL);
    }
    enum err rc = p->stops_take(p->ctx, w->row->role, hash, (const char *)bytes, len, why);
    if (rc == ERR_INPUT || rc == ERR_LIMIT)
        return UPDATER_MALFORMED;
    return rc == ERR_OK ? UPDATER_FINE : updater_fault_of(TUF_OURS, rc);
}

/* All roles' before any manifest: nothing else may hold them up. */
void updater_stops(struct updater *u)
{
    const struct updater_ports *p = u->ask->ports;
    const char *roles[UPDATER_ROLES_MAX];
    struct why why = { 0 };

    for (size_t i = 0; i < u->count; i++) {
        struct updater_work *w = &u->work[i];

        roles[i] = w->row->role;
        if (!w->good)
            continue;
        enum updater_fault fault = stops_of(u, w, &why);
        if (fault == UPDATER_FINE)
            continue;
        updater_fail(w, fault, why.text);
        if (fetch_ends(u, fault, &why))
            return;
    }
    if (p->stops_keep(p->ctx, roles, u->count, &why) != ERR_OK)
        (void)fetch_ends(u, UPDATER_OURS, &why);
}

/* ---- manifests ---- */

/* The manifest of the edition in use: what a patch starts from, and what stays where the new one cannot be had. */
static void manifest_old(struct updater *u, struct updater_work *w)
{
    uint8_t hash[KEYS_HASH];
    uint8_t *bytes = NULL;

    if (!w->has_old || !hex_get(hash, sizeof hash, w->old.hash))
        return;
    if (incoming_load(u->manifests, hash, MANIFEST_BYTES_MAX, &u->arena, &bytes,
                      &w->manifest_old_len, NULL) != ERR_OK)
        return;
    w->manifest_old = bytes;
    w->old_read =
        manifest_parse(&u->arena, bytes, w->manifest_old_len, &w->old.m, NULL) == ERR_OK &&
        str_eq(w->old.m.role, w->row->role);
}

/* By a patch, if there is one that gives what is signed for. Nobody vouches for patches: whatever is wrong with one, the
   next way is tried. */
static bool manifest_patched(struct updater *u, struct updater_work *w, const struct tuf_file *f,
                             bool from_old, uint8_t **out)
{
    const struct updater_source *s = &u->ask->source;
    const size_t len = (size_t)f->length;
    uint8_t old[KEYS_HASH];
    char name[PATCH_NAME];
    uint8_t *packed = NULL;
    size_t packed_len = 0;

    if (from_old && (w->manifest_old == NULL || !hex_get(old, sizeof old, w->old.hash)))
        return false;
    patch_name(name, from_old ? old : NULL, f->hashes.sha256);
    if (s->get(s->ctx, name, blob_packed_max(len), &u->arena, &packed, &packed_len, NULL) != ERR_OK)
        return false;
    return patch_unpack(&u->arena, from_old ? w->manifest_old : NULL,
                        from_old ? w->manifest_old_len : 0, packed, packed_len, f->hashes.sha256,
                        len, out, NULL) == ERR_OK;
}

static enum updater_fault manifest_bytes(struct updater *u, struct updater_work *w,
                                         const struct tuf_file *f, uint8_t **out, size_t *out_len,
                                         struct why *why)
{
    if (f->length < 0 || f->length > MANIFEST_BYTES_MAX || !f->hashes.has_sha256) {
        (void)why_set(why, ERR_LIMIT, 0, "%s: larger than a manifest may be, or without a SHA-256",
                      f->name);
        return UPDATER_MALFORMED;
    }
    *out_len = (size_t)f->length;
    if (incoming_read(u->manifests, f->hashes.sha256, *out_len, &u->arena, out, NULL) == ERR_OK)
        return UPDATER_FINE;
    if (u->ask->source.get == NULL) {
        (void)why_set(why, ERR_OFFLINE, 0, "%s is not here yet", f->name);
        return UPDATER_UNREACHED;
    }
    if (!manifest_patched(u, w, f, true, out) && !manifest_patched(u, w, f, false, out)) {
        enum err rc = fetch_target(u, f, MANIFEST_BYTES_MAX, out, out_len, why);
        if (rc != ERR_OK)
            return updater_fault_of(tuf_client_fault(u->tuf), rc);
    }
    enum err rc = incoming_put(u->manifests, f->hashes.sha256, *out, *out_len, why);
    return rc == ERR_OK ? UPDATER_FINE : updater_fault_of(TUF_OURS, rc);
}

static enum updater_fault manifest_new(struct updater *u, struct updater_work *w, struct why *why)
{
    const struct tuf_file *f = tuf_meta_file(&w->meta, fetch_name(u, w, "manifest.json"));
    uint8_t *bytes = NULL;
    size_t len = 0;

    if (f == NULL) {
        (void)why_set(why, ERR_NOT_FOUND, 0, "%s signs no manifest", w->row->role);
        return UPDATER_MISSING;
    }
    enum updater_fault fault = manifest_bytes(u, w, f, &bytes, &len, why);
    if (fault != UPDATER_FINE)
        return fault;
    hex_put(w->new.hash, f->hashes.sha256, KEYS_HASH);
    w->new.version = w->meta.version;
    enum err rc = manifest_parse(&u->arena, bytes, len, &w->new.m, why);
    if (rc == ERR_CONFLICT && manifest_head(&u->arena, bytes, len, &w->new.m, NULL) == ERR_OK) {
        (void)str_copy(w->row->newest, sizeof w->row->newest, w->new.m.edition);
        return UPDATER_NEWER;
    }
    if (rc != ERR_OK)
        return rc == ERR_NOMEM ? UPDATER_OURS : UPDATER_MALFORMED;
    if (!str_eq(w->new.m.role, w->row->role)) {
        (void)why_set(why, ERR_INPUT, 0, "its manifest is that of %s", w->new.m.role);
        return UPDATER_MALFORMED;
    }
    w->new_read = true;
    (void)str_copy(w->row->newest, sizeof w->row->newest, w->new.m.edition);
    return UPDATER_FINE;
}

/* Whose turn it is: a kiosk without anything of the role does not wait. */
static void manifest_ring_of(struct updater *u, struct updater_work *w)
{
    const struct updater_source *s = &u->ask->source;
    int cap = 100;

    if (w->has_old && str_eq(w->old.hash, w->new.hash)) {
        w->row->state = UPDATER_INSTALLED;
        w->row->version = w->meta.version;
        w->old.version = w->meta.version;
        return;
    }
    if (s->cap != NULL)
        cap = s->cap(s->ctx, w->row->role);
    w->has_new = !w->has_old || manifest_takes(&w->new.m, u->ask->device, cap);
    if (!w->has_new)
        (void)str_format(w->row->why, sizeof w->row->why,
                         "%s goes to some kiosks first, and this one is not among them yet",
                         w->new.m.edition);
}

void updater_manifests(struct updater *u)
{
    for (size_t i = 0; i < u->count && u->stopped == UPDATER_FINE; i++) {
        struct updater_work *w = &u->work[i];
        struct why why = { 0 };

        manifest_old(u, w);
        if (!w->good || w->row->fault != UPDATER_FINE)
            continue;
        enum updater_fault fault = manifest_new(u, w, &why);
        if (fault == UPDATER_FINE) {
            manifest_ring_of(u, w);
            continue;
        }
        updater_fail(w, fault, why.text);
        (void)fetch_ends(u, fault, &why);
    }
}

/* ---- files ---- */

static bool blobs_has(void *ctx, const struct manifest_file *f)
{
    const struct updater *u = ctx;

    return incoming_has(u->incoming, f->hash, f->len);
}

static enum err blobs_read(void *ctx, const struct manifest_file *f, struct arena *a, uint8_t **out,
                           struct why *why)
{
    const struct updater *u = ctx;

    return incoming_read(u->incoming, f->hash, f->len, a, out, why);
}

struct updater_blobs updater_blobs_of(struct updater *u)
{
    return (struct updater_blobs){ .has = blobs_has, .read = blobs_read, .ctx = u };
}

/* What a network that wants somebody to sign in sends in the place of everything. */
static bool blob_is_page(const uint8_t *bytes, size_t len)
{
    size_t at = 0;

    while (at < len && (bytes[at] == ' ' || (bytes[at] >= '\t' && bytes[at] <= '\r')))
        at++;
    return at < len && bytes[at] == '<';
}

/* One file into incoming/, unless it is there. */
static enum updater_fault blob_fetch(struct updater *u, struct blob_codec *codec,
                                     const struct manifest_file *f, const char *what,
                                     struct arena *a, uint8_t **out, struct why *why)
{
    const struct updater_source *s = &u->ask->source;
    char name[BLOB_NAME];
    uint8_t *packed = NULL;
    size_t packed_len = 0;

    if (incoming_read(u->incoming, f->hash, f->len, a, out, NULL) == ERR_OK)
        return UPDATER_FINE;
    if (s->get == NULL)
        return UPDATER_UNREACHED;
    blob_name(name, codec, f->hash);
    enum err rc = s->get(s->ctx, name, blob_packed_max(f->len), a, &packed, &packed_len, why);
    if (rc == ERR_NOT_FOUND) {
        (void)why_set(why, rc, 0, "%s: the file is not there (%s)", what, name);
        return UPDATER_MISSING;
    }
    if (rc == ERR_LIMIT) {
        (void)why_set(why, rc, 0, "%s: what came is longer than the file", what);
        return UPDATER_WRONG;
    }
    if (rc != ERR_OK)
        return rc == ERR_NOMEM ? UPDATER_OURS : UPDATER_UNREACHED;
    rc = blob_unpack(codec, a, packed, packed_len, f->hash, f->len, out, why);
    if (rc != ERR_OK) {
        (void)why_in(why, rc, "%s", what);
        if (rc == ERR_NOMEM)
            return UPDATER_OURS;
        return blob_is_page(packed, packed_len) ? UPDATER_PAGE : UPDATER_WRONG;
    }
    rc = incoming_put(u->incoming, f->hash, *out, f->len, why);
    return rc == ERR_OK ? UPDATER_FINE : updater_fault_of(TUF_OURS, rc);
}

/* What packs and unpacks the role's files; its dictionary is fetched first. */
static enum updater_fault blob_codec_of(struct updater *u, struct updater_work *w,
                                        struct arena *scratch, struct why *why)
{
    struct blob_codec *plain = NULL;
    uint8_t *bytes = NULL;
    const struct manifest *m = &w->new.m;
    enum updater_fault fault = UPDATER_FINE;

    if (w->codec != NULL)
        return UPDATER_FINE;
    enum err rc = blob_codec_new(NULL, 0, &plain, why);
    if (rc != ERR_OK)
        return UPDATER_OURS;
    if (!m->has_dictionary) {
        w->codec = plain;
        return UPDATER_FINE;
    }
    fault = blob_fetch(u, plain, &m->dictionary, "the dictionary", scratch, &bytes, why);
    blob_codec_free(plain);
    if (fault == UPDATER_FINE && blob_codec_new(bytes, m->dictionary.len, &w->codec, why) != ERR_OK)
        fault = UPDATER_OURS;
    return fault;
}

static struct updater_work *blob_role(struct updater *u, const struct manifest_file *f)
{
    for (size_t i = 0; i < u->count; i++) {
        const struct manifest *m = &u->work[i].new.m;

        if (u->work[i].has_new && m->file_count > 0 && f >= m->files &&
            f < m->files + m->file_count)
            return &u->work[i];
    }
    return NULL;
}

/* Twice the bytes: beside what is fetched the new edition has to have room. */
static bool blobs_have_room(struct updater *u, const struct manifest_file *const *files,
                            size_t count)
{
    enum { ROOM_SPARE = 16 * 1024 * 1024 };
    int64_t needed = ROOM_SPARE;
    int64_t room = 0;
    struct why why = { 0 };

    for (size_t i = 0; i < count; i++)
        needed += (int64_t)files[i]->len * 2;
    if (count == 0 || fs_room(u->ask->dir, &room, &why) != ERR_OK || room >= needed)
        return true;
    (void)why_set(&why, ERR_FULL, 0, "needs %lld MB of room, %lld MB are free",
                  (long long)(needed / 1000000 + 1), (long long)(room / 1000000));
    return !fetch_ends(u, UPDATER_FULL, &why);
}

static void blobs_fetch_all(struct updater *u, const struct manifest_file *const *files,
                            size_t count)
{
    struct why why = { 0 };
    struct arena scratch;

    arena_init(&scratch, FETCH_SCRATCH);
    u->report->to_fetch = count;
    for (size_t i = 0; i < count && u->stopped == UPDATER_FINE; i++) {
        struct updater_work *w = blob_role(u, files[i]);
        uint8_t *bytes = NULL;

        if (w == NULL || w->row->fault != UPDATER_FINE)
            continue; /* that role is put off already */
        if (u->ask->yield != NULL && u->ask->yield(u->ask->ctx)) {
            u->report->more = true;
            break;
        }
        arena_reset(&scratch);
        enum updater_fault fault = blob_codec_of(u, w, &scratch, &why);
        if (fault == UPDATER_FINE)
            fault = blob_fetch(u, w->codec, files[i], files[i]->path, &scratch, &bytes, &why);
        if (fault != UPDATER_FINE) {
            updater_fail(w, fault, why.text);
            (void)fetch_ends(u, fault, &why);
            continue;
        }
        u->report->fetched++;
        if (u->ask->progress != NULL)
            u->ask->progress(u->ask->ctx, i + 1, count);
    }
    arena_done(&scratch);
    if (u->stopped != UPDATER_FINE)
        u->report->more = true;
}

void updater_blobs_fetch(struct updater *u)
{
    const struct updater_ports *p = u->ask->ports;
    const struct updater_blobs blobs = updater_blobs_of(u);
    const struct manifest_file **files = NULL;
    struct updater_set *set = arena_alloc(&u->arena, sizeof *set);
    size_t count = 0;
    struct why why = { 0 };

    u->whole = false;
    if (set == NULL || !updater_set_of(u, set))
        return;
    enum err rc = p->missing(p->ctx, set, &blobs, &u->arena, &files, &count, &why);
    if (rc != ERR_OK) {
        (void)fetch_ends(u, updater_fault_of(TUF_OURS, rc), &why);
        return;
    }
    if (!blobs_have_room(u, files, count))
        return;
    blobs_fetch_all(u, files, count);
    u->whole = !u->report->more;
}
