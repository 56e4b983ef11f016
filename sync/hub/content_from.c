#include "sync/hub/content_from.h"

#include <string.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"
#include "sync/update/blob.h"

enum {
    FROM_ROOTS_MAX = 256,
    FROM_ROUNDS_MAX = 64, /* offers of one role: each tells of up to a thousand files */
    FROM_BATCH = 64,      /* files in one transaction */
    FROM_BATCH_BYTES = 24 * 1024 * 1024,
    FROM_ARENA = 192 * 1024 * 1024,
    FROM_NAMES_MAX = 20000, /* of a folder of metadata */
    FROM_STOP_MAX = 1024 * 1024,
};

struct from {
    struct content_from *f;
    struct arena lists; /* as long as the run */
    struct arena a;     /* one file of metadata, or one batch */
    const char **names; /* of a folder */
    size_t name_count;
    struct tuf_meta snapshot; /* of another hub */
    bool has_snapshot;
};

/* ---- offers ---- */

static enum err from_get(struct from *r, const char *name, size_t max, uint8_t **out,
                         size_t *out_len, struct why *why)
{
    return r->f->get(r->f->ctx, name, max, &r->a, out, out_len, why);
}

static enum err from_offer_bytes(struct from *r, const char *role, int64_t version,
                                 const void *body, size_t len, struct content_offer *out,
                                 struct why *why)
{
    struct content_from *f = r->f;

    *out = (struct content_offer){
        .role = role,
        .version = version,
        .body = body,
        .len = len,
        .now_ms = f->now_ms,
        .a = &r->a,
    };
    return content_offer(f->store, out, why);
}

static void from_tell(struct from *r, const struct content_offer *o)
{
    struct content_from *f = r->f;

    const bool older = o->answer == CONTENT_OLDER && o->held > o->version;

    f->counted += o->answer == CONTENT_COUNTS;
    f->older += older;
    f->refused += !older && o->answer != CONTENT_COUNTS && o->answer != CONTENT_STOOD;
    if (f->tell != NULL && o->answer != CONTENT_STOOD)
        f->tell(f->tell_ctx, o->role, o->version, o->answer, o->reason.text);
}

static enum err from_metadata(struct from *r, const char *role, int64_t version, uint8_t **out,
                              size_t *out_len, struct why *why)
{
    char file[CONTENT_NAME];
    char name[CONTENT_NAME];

    content_name_metadata(file, role, version);
    (void)str_format(name, sizeof(name), "metadata/%s", file);
    return from_get(r, name, CONTENT_META_MAX, out, out_len, why);
}

/* One that needs no files. *out_there: the repository has it. */
static enum err from_offer(struct from *r, const char *role, int64_t version, bool *out_there,
                           enum content_answer *out_answer, struct why *why)
{
    struct content_offer o;
    uint8_t *body = NULL;
    size_t len = 0;

    arena_reset(&r->a);
    enum err rc = from_metadata(r, role, version, &body, &len, why);
    *out_there = rc == ERR_OK;
    if (rc != ERR_OK)
        return rc == ERR_NOT_FOUND ? ERR_OK : rc;
    rc = from_offer_bytes(r, role, version, body, len, &o, why);
    if (rc == ERR_OK)
        from_tell(r, &o);
    *out_answer = rc == ERR_OK ? o.answer : CONTENT_MALFORMED;
    return rc;
}

/* ---- which versions there are ---- */

static enum err from_list(struct from *r, struct why *why)
{
    char path[FS_PATH_MAX];
    enum err rc = fs_join(path, r->f->folder, "metadata", why);

    return rc == ERR_OK ? fs_list(&r->lists, path, FROM_NAMES_MAX, &r->names, &r->name_count, why)
                        : rc;
}

/* Of a folder: the highest that lies there, or (lowest) the lowest. 0: none. */
static int64_t from_listed(const struct from *r, const char *role, bool lowest)
{
    int64_t found = 0;

    for (size_t i = 0; i < r->name_count; i++) {
        char name[CONTENT_NAME];
        struct content_name n;
        if (!str_format(name, sizeof(name), "metadata/%s", r->names[i]) ||
            !content_name_read(name, &n) || strcmp(n.role, role) != 0)
            continue;
        if (found == 0 || (lowest ? n.version < found : n.version > found))
            found = n.version;
    }
    return found;
}

static int64_t from_version(const struct from *r, const char *role)
{
    char name[MANIFEST_ROLE + 8];

    if (r->f->folder != NULL)
        return from_listed(r, role, false);
    (void)str_format(name, sizeof(name), "%s.json", role);
    const struct tuf_file *file = r->has_snapshot ? tuf_meta_file(&r->snapshot, name) : NULL;
    return file != NULL ? file->version : 0;
}

/* What another hub has signed, so that nobody between makes us fetch what it does not serve. */
static enum err from_snapshot(struct from *r, struct why *why)
{
    struct hub_meta row;
    struct tuf_meta root, timestamp;
    uint8_t *body = NULL;
    size_t len = 0;
    arena_reset(&r->a);
    enum err rc = content_standing(r->f->store, "root", TUF_ROOT, NULL, &r->a, &row, &root, why);

    if (rc == ERR_OK)
        rc = from_metadata(r, "timestamp", 0, &body, &len, why);
    if (rc == ERR_OK)
        rc = tuf_meta_read(&r->a, TUF_TIMESTAMP, body, len, &timestamp, why);
    if (rc == ERR_OK)
        rc = tuf_meta_verify(&timestamp, &root.roles[TUF_TIMESTAMP], why);
    if (rc != ERR_OK)
        return why_in(why, rc, "its timestamp");
    const struct tuf_file *file = tuf_meta_file(&timestamp, "snapshot.json");
    if (file == NULL)
        return why_set(why, ERR_INPUT, 0, "its timestamp names no snapshot");
    rc = from_metadata(r, "snapshot", file->version, &body, &len, why);
    if (rc == ERR_OK)
        rc = tuf_meta_read(&r->lists, TUF_SNAPSHOT, body, len, &r->snapshot, why);
    if (rc == ERR_OK)
        rc = tuf_meta_verify(&r->snapshot, &root.roles[TUF_SNAPSHOT], why);
    r->has_snapshot = rc == ERR_OK;
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "its snapshot");
}

/* ---- roots ---- */

static enum err from_root_first(struct from *r, struct why *why)
{
    const int64_t first = r->f->folder != NULL ? from_listed(r, "root", true) : 1;
    struct content_offer o = {
        .role = "root", .version = first, .now_ms = r->f->now_ms, .a = &r->a
    };
    uint8_t *body = NULL;

    arena_reset(&r->a);
    enum err rc = first > 0 ? from_metadata(r, "root", first, &body, &o.len, why)
                            : why_set(why, ERR_NOT_FOUND, 0, "there is no root");
    o.body = body;
    if (rc == ERR_OK)
        rc = content_trust(r->f->store, &o, why);
    if (rc == ERR_OK)
        from_tell(r, &o);
    return rc == ERR_OK && o.answer != CONTENT_COUNTS
               ? why_set(why, ERR_INPUT, 0, "its first root: %s", o.reason.text)
               : rc;
}

static enum err from_roots(struct from *r, struct why *why)
{
    struct hub_meta row;
    bool there = true;
    enum content_answer answer = CONTENT_COUNTS;
    enum err rc = hubstore_content_meta(r->f->store, "root", 0, true, &r->a, &row, why);

    if (rc == ERR_NOT_FOUND && !r->f->trust)
        return why_set(why, ERR_CONFLICT, 0,
                       "this hub trusts no root yet; give it one with `canny-hub content trust`");
    if (rc == ERR_NOT_FOUND) {
        rc = from_root_first(r, why);
        if (rc == ERR_OK)
            rc = hubstore_content_meta(r->f->store, "root", 0, true, &r->a, &row, why);
    }
    if (rc != ERR_OK)
        return rc;
    for (int64_t next = row.version + 1, i = 0;
         i < FROM_ROOTS_MAX && there && rc == ERR_OK && answer == CONTENT_COUNTS; i++, next++)
        rc = from_offer(r, "root", next, &there, &answer, why);
    return rc;
}

/* ---- files ---- */

struct from_batch {
    struct content_put *puts[FROM_BATCH];
    size_t count;
};

static enum err from_batch_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct from_batch *b = ctx;
    enum err rc = ERR_OK;

    for (size_t i = 0; i < b->count && rc == ERR_OK; i++)
        rc = content_file_in(s, b->puts[i], why);
    return rc;
}

static enum err from_flush(struct from *r, struct from_batch *b, struct why *why)
{
    enum err rc = b->count > 0 ? hubstore_in(r->f->store, true, from_batch_work, b, why) : ERR_OK;

    for (size_t i = 0; i < b->count && rc == ERR_OK; i++) {
        const struct content_put *p = b->puts[i];
        if (p->answer != CONTENT_COUNTS && p->answer != CONTENT_STOOD)
            rc = why_set(why, ERR_INPUT, 0, "%s: %s", p->name.text, p->reason.text);
        r->f->files += p->answer == CONTENT_COUNTS;
        r->f->bytes += (int64_t)p->len;
    }
    b->count = 0;
    arena_reset(&r->a);
    return rc;
}

/* A manifest as it travels is a third of itself. */
static enum err from_manifest(struct from *r, const struct content_put *p, uint8_t **out,
                              size_t *out_len, struct why *why)
{
    uint8_t hash[KEYS_HASH];
    char name[PATCH_NAME];
    uint8_t *packed = NULL;
    size_t len = 0;
    const size_t plain = (size_t)p->wanted.bytes;

    if (hex_get(hash, sizeof(hash), p->name.hash)) {
        patch_name(name, NULL, hash);
        if (from_get(r, name, blob_packed_max(plain), &packed, &len, NULL) == ERR_OK &&
            patch_unpack(&r->a, NULL, 0, packed, len, hash, plain, out, NULL) == ERR_OK) {
            *out_len = plain;
            return ERR_OK;
        }
    }
    return from_get(r, p->name.text, MANIFEST_BYTES_MAX, out, out_len, why);
}

static enum err from_file(struct from *r, const char *name, struct from_batch *b, struct why *why)
{
    struct content_put *p = arena_alloc(&r->a, sizeof(*p));
    uint8_t *body = NULL;
    if (p == NULL)
        return why_set(why, ERR_NOMEM, 0, "content: no memory");

    *p = (struct content_put){ .a = &r->a };
    if (!content_name_read(name, &p->name))
        return why_set(why, ERR_INPUT, 0, "%s is no file of a repository", name);
    enum err rc = hubstore_content_wanted(r->f->store, name, &p->wanted, why);
    if (rc == ERR_OK && p->name.kind == CONTENT_TARGET && !p->name.stop)
        rc = from_manifest(r, p, &body, &p->len, why);
    else if (rc == ERR_OK)
        rc = from_get(r, name,
                      p->name.kind == CONTENT_TARGET ? FROM_STOP_MAX
                                                     : blob_packed_max((size_t)p->wanted.bytes),
                      &body, &p->len, why);
    p->body = body;
    if (rc == ERR_OK)
        rc = content_file_look(r->f->store, p, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "%s", name);
    if (p->answer == CONTENT_STOOD)
        return ERR_OK;
    if (p->answer != CONTENT_COUNTS)
        return why_set(why, ERR_INPUT, 0, "%s: %s", name, p->reason.text);
    b->puts[b->count++] = p;
    /* What others are held against has to be there before them: a manifest, a dictionary. */
    const bool first = p->name.kind != CONTENT_BLOB || p->name.dict[0] == '\0';
    return first || b->count == FROM_BATCH || r->a.used > FROM_BATCH_BYTES ? from_flush(r, b, why)
                                                                           : ERR_OK;
}

/* Of the manifest that this version names, where the repository has them; the hub needs none. */
static enum err from_patches(struct from *r, const char *role, struct why *why)
{
    const char *names[HUB_CONTENT_KEEP + 1];
    struct from_batch b = { .count = 0 };
    size_t count = 0;
    enum err rc = hubstore_content_patchable(r->f->store, role, &r->lists, names, COUNT_OF(names),
                                             &count, why);

    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        struct content_put *p = arena_alloc(&r->a, sizeof(*p));
        uint8_t *body = NULL;
        struct why ignored;
        if (p == NULL)
            return why_set(why, ERR_NOMEM, 0, "content: no memory");
        *p = (struct content_put){ .a = &r->a };
        if (!content_name_read(names[i], &p->name) ||
            from_get(r, names[i], MANIFEST_BYTES_MAX, &body, &p->len, &ignored) != ERR_OK)
            continue;
        p->body = body;
        rc = content_file_look(r->f->store, p, why);
        if (rc == ERR_OK && p->answer == CONTENT_COUNTS)
            b.puts[b.count++] = p;
    }
    return rc == ERR_OK ? from_flush(r, &b, why) : rc;
}

static enum err from_missing(struct from *r, const struct content_offer *o, struct why *why)
{
    struct from_batch b = { .count = 0 };
    const char **names = arena_array(&r->lists, o->missing_count, sizeof(*names));
    enum err rc = ERR_OK;

    for (size_t i = 0; i < o->missing_count && names != NULL; i++) /* past the next flush */
        names[i] = arena_strdup(&r->lists, o->missing[i]);
    if (names == NULL || r->lists.failed)
        return why_set(why, ERR_NOMEM, 0, "content: no memory");
    arena_reset(&r->a);
    for (size_t i = 0; i < o->missing_count && rc == ERR_OK; i++)
        rc = from_file(r, names[i], &b, why);
    return rc == ERR_OK ? from_flush(r, &b, why) : rc;
}

/* ---- a delegated role ---- */

static enum err from_role(struct from *r, const char *role, struct why *why)
{
    const int64_t version = from_version(r, role);
    const struct arena_mark mark = arena_mark(&r->lists);
    struct content_offer o = { .answer = CONTENT_MISSING };
    uint8_t *body = NULL;
    size_t len = 0;
    enum err rc = ERR_OK;
    if (version == 0)
        return ERR_OK;

    for (size_t i = 0; i < FROM_ROUNDS_MAX && rc == ERR_OK && o.answer == CONTENT_MISSING; i++) {
        arena_reset(&r->a);
        arena_rewind(&r->lists, mark);
        if (i == 1) /* the manifest is there now */
            rc = from_patches(r, role, why);
        if (rc == ERR_OK)
            rc = from_metadata(r, role, version, &body, &len, why);
        if (rc == ERR_OK)
            rc = from_offer_bytes(r, role, version, body, len, &o, why);
        if (rc == ERR_OK && o.answer == CONTENT_MISSING)
            rc = from_missing(r, &o, why);
    }
    if (rc == ERR_OK)
        from_tell(r, &o);
    arena_rewind(&r->lists, mark);
    return rc == ERR_NOT_FOUND || rc == ERR_OK ? rc : why_in(why, rc, "%s", role);
}

/* One role that cannot be had does not keep the others back; the first one's reason is told. */
static enum err from_roles(struct from *r, struct why *why)
{
    struct hub_meta row;
    struct tuf_meta targets;
    struct why said = { 0 };
    enum err first = ERR_OK;
    enum err rc =
        content_standing(r->f->store, "targets", TUF_TARGETS, NULL, &r->lists, &row, &targets, why);

    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    for (size_t i = 0; i < targets.delegation_count && rc == ERR_OK; i++) {
        enum err one = from_role(r, targets.delegations[i].name, &said);
        if (one == ERR_OK)
            continue;
        r->f->refused++;
        if (r->f->tell != NULL)
            r->f->tell(r->f->tell_ctx, targets.delegations[i].name, 0, CONTENT_WRONG, said.text);
        if (first == ERR_OK) {
            first = one;
            (void)why_set(why, one, 0, "%s", said.text);
        }
    }
    return rc == ERR_OK ? first : rc;
}

/* Where the root names no key of this hub it serves what the other has signed. */
static enum err from_signed(struct from *r, struct why *why)
{
    struct content_signing g = { .now_ms = r->f->now_ms, .a = &r->a };
    bool there = false;
    enum content_answer answer;
    arena_reset(&r->a);
    enum err rc = content_sign(r->f->store, &g, why);

    if (rc != ERR_OK || g.ours)
        return rc;
    const int64_t version =
        r->f->folder != NULL ? from_listed(r, "snapshot", false) : r->snapshot.version;
    if (version == 0)
        return ERR_OK;
    rc = from_offer(r, "snapshot", version, &there, &answer, why);
    return rc == ERR_OK && there ? from_offer(r, "timestamp", 0, &there, &answer, why) : rc;
}

enum err content_from(struct content_from *f, struct why *why)
{
    struct from r = { .f = f };
    bool there = false;
    enum content_answer answer;

    arena_init(&r.lists, FROM_ARENA);
    arena_init(&r.a, FROM_ARENA);
    enum err rc = f->folder != NULL ? from_list(&r, why) : ERR_OK;
    if (rc == ERR_OK)
        rc = from_roots(&r, why);
    if (rc == ERR_OK && f->folder == NULL)
        rc = from_snapshot(&r, why);
    const int64_t targets = rc == ERR_OK ? from_version(&r, "targets") : 0;
    if (targets > 0)
        rc = from_offer(&r, "targets", targets, &there, &answer, why);
    if (rc == ERR_OK)
        rc = from_roles(&r, why);
    if (rc == ERR_OK)
        rc = from_signed(&r, why);
    arena_done(&r.a);
    arena_done(&r.lists);
    return rc;
}
