#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync/pack/build.h"
#include "sync/pack/publish.h"

struct names {
    struct repo *r;
    const char **rows;
    size_t count, max;
};

static enum err names_add(struct names *n, const char *name, struct why *why)
{
    if (n->count == n->max) {
        size_t max = n->max == 0 ? 1024 : n->max * 2;
        const char **rows = arena_array(&n->r->a, max, sizeof(*rows));

        if (rows == NULL)
            return why_set(why, ERR_NOMEM, 0, "no memory for names");
        if (n->count > 0)
            memcpy(rows, n->rows, n->count * sizeof(*rows));
        n->rows = rows;
        n->max = max;
    }
    if (name == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for names");
    n->rows[n->count++] = name;
    return ERR_OK;
}

static enum err names_blobs(struct names *n, const struct manifest *m, struct why *why)
{
    struct blob_codec *plain = NULL, *with = NULL;
    char name[BLOB_NAME], *packed = NULL;
    const char *path = NULL;
    uint8_t *dict = NULL;
    size_t len = 0;
    enum err rc = ERR_OK;

    if (m->has_dictionary) {
        blob_name(name, NULL, m->dictionary.hash);
        path = repo_path(n->r, name);
        rc = path != NULL
                 ? fs_read(&n->r->a, path, blob_packed_max(m->dictionary.len), &packed, &len, why)
                 : why_set(why, ERR_NOMEM, 0, "no memory");
        if (rc == ERR_OK)
            rc = blob_codec_new(NULL, 0, &plain, why);
        if (rc == ERR_OK)
            rc = blob_unpack(plain, &n->r->a, packed, len, m->dictionary.hash, m->dictionary.len,
                             &dict, why);
        if (rc == ERR_OK)
            rc = blob_codec_new(dict, m->dictionary.len, &with, why);
        if (rc == ERR_OK)
            rc = names_add(n, arena_strdup(&n->r->a, name), why);
    }
    for (size_t i = 0; rc == ERR_OK && i < m->file_count; i++) {
        blob_name(name, with, m->files[i].hash);
        rc = names_add(n, arena_strdup(&n->r->a, name), why);
    }
    blob_codec_free(plain);
    blob_codec_free(with);
    return rc;
}

enum err publish_blob_names(struct repo *r, const struct manifest *m, const char ***out,
                            size_t *out_count, struct why *why)
{
    struct names n = { .r = r };
    enum err rc = names_blobs(&n, m, why);

    if (rc != ERR_OK)
        return rc;
    *out = n.rows;
    *out_count = n.count;
    return ERR_OK;
}

/* Those that lead to this manifest. */
static enum err names_patches(struct names *n, const uint8_t hash[KEYS_HASH], struct why *why)
{
    char ending[KEYS_ID_TEXT + 8], hex[KEYS_ID_TEXT];
    const char *dir = repo_path(n->r, "patches"), **names;
    size_t count = 0;
    enum err rc;

    hex_put(hex, hash, KEYS_HASH);
    (void)str_format(ending, sizeof ending, "%s.zst", hex);
    if (dir == NULL || fs_list(&n->r->a, dir, REPO_FILES_MAX, &names, &count, NULL) != ERR_OK)
        return ERR_OK;
    rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < count; i++)
        if (str_ends(names[i], ending))
            rc = names_add(n, arena_printf(&n->r->a, "patches/%s", names[i]), why);
    return rc;
}

static enum err names_role(struct names *n, const struct repo_meta *m, struct why *why)
{
    struct manifest manifest = { 0 };
    uint8_t hash[KEYS_HASH];
    char *bytes = NULL;
    size_t len = 0;
    enum err rc = build_manifest_of(n->r, m, &bytes, &len, hash, why);

    if (rc == ERR_OK)
        rc = manifest_parse(&n->r->a, bytes, len, &manifest, why);
    if (rc == ERR_OK)
        rc = names_blobs(n, &manifest, why);
    if (rc == ERR_OK)
        rc = names_patches(n, hash, why);
    for (size_t i = 0; rc == ERR_OK && i < m->meta.file_count; i++) {
        const struct tuf_file *f = &m->meta.files[i];
        char hex[KEYS_ID_TEXT];

        hex_put(hex, f->hashes.sha256, KEYS_HASH);
        rc = names_add(
            n,
            arena_printf(&n->r->a, "targets/%s/%s.%s", m->role, hex, f->name + strlen(m->role) + 1),
            why);
    }
    return rc;
}

static enum err names_meta(struct names *n, const struct repo_meta *m, struct why *why)
{
    return names_add(n, repo_name(n->r, m->role, m->meta.version), why);
}

static enum err names_roles(struct names *n, const struct repo_meta *targets, struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; rc == ERR_OK && i < targets->meta.delegation_count; i++) {
        struct repo_meta m = { 0 };

        rc = repo_published(n->r, targets->meta.delegations[i].name, &m, why);
        if (rc == ERR_NOT_FOUND) {
            rc = ERR_OK;
            continue;
        }
        if (rc == ERR_OK)
            rc = names_role(n, &m, why);
        if (rc == ERR_OK)
            rc = names_meta(n, &m, why);
    }
    return rc;
}

/* The files that are the repository as it is published now, in the order in which they may be seen: blobs, patches and targets,
   metadata of roles, targets, snapshot, roots, and last the timestamp. Names below the repository, in its arena. */
static enum err publish_names(struct repo *r, const char ***out, size_t *out_count, struct why *why)
{
    struct names n = { .r = r };
    struct repo_meta root = { 0 }, targets = { 0 }, snapshot = { 0 }, timestamp = { 0 };
    bool online = repo_published(r, "snapshot", &snapshot, NULL) == ERR_OK &&
                  repo_published(r, "timestamp", &timestamp, NULL) == ERR_OK;
    enum err rc = repo_published(r, "targets", &targets, why);

    if (rc == ERR_OK)
        rc = names_roles(&n, &targets, why);
    if (rc == ERR_OK)
        rc = names_meta(&n, &targets, why);
    if (rc == ERR_OK && online)
        rc = names_meta(&n, &snapshot, why);
    if (rc == ERR_OK)
        rc = repo_published(r, "root", &root, why);
    for (int64_t v = 1; rc == ERR_OK && v <= root.meta.version; v++)
        rc = names_add(&n, repo_name(r, "root", v), why);
    if (rc == ERR_OK && online)
        rc = names_add(&n, repo_name(r, "timestamp", 1), why);
    if (rc != ERR_OK)
        return rc;
    *out = n.rows;
    *out_count = n.count;
    return ERR_OK;
}

/* Another's later work must not be put aside: theirs is taken over first, and built on. */
static enum err folder_newer(struct publish *p, struct repo *over, const char *role,
                             struct why *why)
{
    struct repo_meta ours = { 0 }, theirs = { 0 };

    if (repo_published(over, role, &theirs, NULL) != ERR_OK)
        return ERR_OK;
    if (repo_published(&p->repo, role, &ours, NULL) == ERR_OK &&
        (ours.meta.version > theirs.meta.version ||
         (ours.meta.version == theirs.meta.version && ours.len == theirs.len &&
          memcmp(ours.bytes, theirs.bytes, ours.len) == 0)))
        return ERR_OK;
    return why_set(why, ERR_CONFLICT, 0,
                   "%s holds %s, version %lld, which is not from this repository: copy it here and "
                   "build on it",
                   over->dir, role, (long long)theirs.meta.version);
}

static enum err folder_check(struct publish *p, const char *to, struct why *why)
{
    static const char *const tops[] = { "root", "targets", "snapshot", "timestamp" };
    struct repo over = { 0 };
    struct repo_meta targets = { 0 };
    enum err rc = ERR_OK;

    if (repo_open(to, &over, NULL) != ERR_OK)
        return ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < COUNT_OF(tops); i++)
        rc = folder_newer(p, &over, tops[i], why);
    if (rc == ERR_OK && repo_published(&over, "targets", &targets, NULL) == ERR_OK)
        for (size_t i = 0; rc == ERR_OK && i < targets.meta.delegation_count; i++)
            rc = folder_newer(p, &over, targets.meta.delegations[i].name, why);
    repo_done(&over);
    return rc;
}

/* What has its hash in its name is there already when its length is right: it came by a rename. */
static enum err folder_copy(struct publish *p, struct repo *to, const char *name, bool *out_new,
                            struct why *why)
{
    struct arena_mark mark = arena_mark(&p->repo.a);
    const char *from = repo_path(&p->repo, name), *there = repo_path(to, name);
    struct fs_stat a, b;
    char *bytes = NULL, *before = NULL;
    size_t len = 0, before_len = 0;
    enum err rc;

    *out_new = false;
    if (from == NULL || there == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory");
    rc = fs_stat(from, &a, why);
    if (rc == ERR_OK && !str_starts(name, "metadata/") && fs_stat(there, &b, NULL) == ERR_OK &&
        a.size == b.size)
        return ERR_OK;
    if (rc == ERR_OK)
        rc = fs_read(&p->repo.a, from, REPO_META_MAX, &bytes, &len, why);
    *out_new = rc == ERR_OK &&
               (fs_read(&to->a, there, REPO_META_MAX, &before, &before_len, NULL) != ERR_OK ||
                before_len != len || memcmp(before, bytes, len) != 0);
    if (*out_new)
        rc = repo_write(to, name, bytes, len, why);
    arena_rewind(&p->repo.a, mark);
    arena_reset(&to->a);
    return rc;
}

/* Snapshot, timestamp and targets of one repository, and whether a root would have them. */
struct chain {
    struct repo_meta targets, snapshot, timestamp;
};

static bool chain_read(struct repo *r, struct chain *out)
{
    return repo_published(r, "targets", &out->targets, NULL) == ERR_OK &&
           repo_published(r, "snapshot", &out->snapshot, NULL) == ERR_OK &&
           repo_published(r, "timestamp", &out->timestamp, NULL) == ERR_OK;
}

static bool chain_stands(const struct chain *c, const struct repo_meta *root)
{
    const struct tuf_signers *by = root->meta.roles;

    return tuf_meta_verify(&c->targets.meta, &by[TUF_TARGETS], NULL) == ERR_OK &&
           tuf_meta_verify(&c->snapshot.meta, &by[TUF_SNAPSHOT], NULL) == ERR_OK &&
           tuf_meta_verify(&c->timestamp.meta, &by[TUF_TIMESTAMP], NULL) == ERR_OK;
}

/* A reader asks for the roots first and the timestamp next, and somebody always reads between two renames. So the roots go
   first where the new one still takes what was signed before; else the timestamp, where the old root takes what is signed
   now, as it does when the key of before has signed too. Where neither is so, the reader in between is refused, keeps what
   it has, and asks again: that is said. Returns whether the timestamp goes first. */
static bool timestamp_first(struct publish *p, const char *to)
{
    struct repo over = { 0 };
    struct repo_meta old_root, new_root;
    struct chain old, now;
    bool first = false;

    if (repo_open(to, &over, NULL) != ERR_OK)
        return false;
    if (repo_published(&over, "root", &old_root, NULL) == ERR_OK &&
        repo_published(&p->repo, "root", &new_root, NULL) == ERR_OK &&
        old_root.meta.version < new_root.meta.version && chain_read(&over, &old) &&
        chain_read(&p->repo, &now) && !chain_stands(&old, &new_root)) {
        first = chain_stands(&now, &old_root);
        if (!first)
            (void)printf("note: a kiosk that asks between the new root and the new timestamp is "
                         "refused, keeps what it has and asks again\n");
    }
    repo_done(&over);
    return first;
}

/* The timestamp is the last of the names, and the roots stand before it. */
static void put_timestamp_first(const char **names, size_t count)
{
    const char *timestamp = names[count - 1];
    size_t at = count - 1;

    while (at > 0 && str_ends(names[at - 1], ".root.json")) {
        names[at] = names[at - 1];
        at--;
    }
    names[at] = timestamp;
}

enum err publish_folder(struct publish *p, const char *to, struct why *why)
{
    struct repo target = { .dir = to };
    const char **names = NULL;
    size_t count, fresh = 0;
    enum err rc = folder_check(p, to, why);

    if (rc == ERR_OK)
        rc = publish_names(&p->repo, &names, &count, why);
    if (rc != ERR_OK)
        return rc;
    if (timestamp_first(p, to))
        put_timestamp_first(names, count);
    arena_init(&target.a, BUILD_MEMORY);
    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        bool copied = false;

        rc = folder_copy(p, &target, names[i], &copied, why);
        fresh += copied ? 1 : 0;
    }
    arena_done(&target.a);
    if (rc == ERR_OK)
        (void)printf("%s: %zu of %zu files are new there\n", to, fresh, count);
    return rc == ERR_OK ? rc : why_in(why, rc, "run it again when this is put right");
}
