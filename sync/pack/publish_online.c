#include <stdio.h>
#include <string.h>

#include "sync/pack/keyfile.h"
#include "sync/pack/publish.h"

struct online {
    struct publish *p;
    struct keypair keys[PUBLISH_ONLINE_MAX];
    size_t key_count;
    struct repo_meta root, before,
        targets; /* before: the root of the folder that is published to, or ours */
    struct tuf_write_meta *rows;
    size_t count, max;
};

/* The next number: by the minute, and above all that was signed before, here or where this goes. */
static int64_t next_version(struct publish *p, struct repo *over, const char *role)
{
    struct repo *repos[] = { &p->repo, over };
    int64_t version = p->now_ms / 60000;

    for (size_t i = 0; i < COUNT_OF(repos); i++) {
        struct repo_meta m;

        if (repos[i] != NULL && repo_published(repos[i], role, &m, NULL) == ERR_OK &&
            m.meta.version >= version)
            version = m.meta.version + 1;
    }
    return version;
}

static enum err list_add(struct online *o, const char *name, int64_t version, struct why *why)
{
    for (size_t i = 0; i < o->count; i++)
        if (str_eq(o->rows[i].name, name)) {
            if (o->rows[i].version < version)
                o->rows[i].version = version;
            return ERR_OK;
        }
    if (o->count == o->max)
        return why_set(why, ERR_LIMIT, 0, "more than %zu files of metadata", o->max);
    o->rows[o->count] =
        (struct tuf_write_meta){ arena_strdup(&o->p->repo.a, name), version, -1, NULL };
    if (o->rows[o->count++].name == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory");
    return ERR_OK;
}

/* What an earlier snapshot named it names for ever: clients refuse one that drops a name. */
static enum err list_earlier(struct online *o, struct repo *from, struct why *why)
{
    struct repo_meta m;
    enum err rc = ERR_OK;

    if (from == NULL || repo_published(from, "snapshot", &m, NULL) != ERR_OK)
        return ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < m.meta.file_count; i++)
        rc = list_add(o, m.meta.files[i].name, m.meta.files[i].version, why);
    return rc;
}

static enum err list_make(struct online *o, struct repo *over, struct why *why)
{
    const struct tuf_meta *targets = &o->targets.meta;
    enum err rc;

    o->max = (size_t)REPO_ROLES_MAX * 2;
    o->rows = arena_array(&o->p->repo.a, o->max, sizeof(*o->rows));
    if (o->rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory");
    rc = list_add(o, "targets.json", targets->version, why);
    for (size_t i = 0; rc == ERR_OK && i < targets->delegation_count; i++) {
        char name[TUF_PATH_MAX];
        struct repo_meta m;

        (void)str_format(name, sizeof name, "%s.json", targets->delegations[i].name);
        if (repo_published(&o->p->repo, targets->delegations[i].name, &m, NULL) == ERR_OK)
            rc = list_add(o, name, m.meta.version, why);
    }
    if (rc == ERR_OK)
        rc = list_earlier(o, &o->p->repo, why);
    return rc == ERR_OK ? list_earlier(o, over, why) : rc;
}

/* The id that a root has for the key in a role; NULL: it has none. */
static const char *online_id(const struct repo_meta *root, enum tuf_kind kind,
                             const struct keypair *key)
{
    const struct tuf_signers *by = &root->meta.roles[kind];

    for (size_t i = 0; i < by->count; i++)
        if (by->keys[i]->scheme == TUF_SCHEME_ED25519 &&
            memcmp(by->keys[i]->ed25519, key->pub, KEYS_PUBLIC) == 0)
            return by->keys[i]->id;
    return NULL;
}

/* Signs what was written with each key that the root names, or that the root before it did; and puts it among the published
   metadata. */
static enum err online_put(struct online *o, const char *role, enum tuf_kind kind,
                           const struct buf *file, int64_t version, struct buf *out,
                           struct why *why)
{
    struct repo *r = &o->p->repo;
    struct buf bytes;
    bool named = false;
    enum err rc = ERR_OK;

    buf_init(&bytes, TUF_WRITE_MAX);
    buf_add(out, file->data, file->len);
    for (size_t i = 0; rc == ERR_OK && i < o->key_count; i++) {
        const char *id = online_id(&o->root, kind, &o->keys[i]);

        named = named || id != NULL;
        id = id != NULL ? id : online_id(&o->before, kind, &o->keys[i]);
        if (id == NULL)
            rc = why_set(why, ERR_DENIED, 0,
                         "%s is not the key that root names for %s; canny-pack key list %s",
                         o->p->online_keys.rows[i], role, r->dir);
        buf_reset(&bytes);
        buf_add(&bytes, out->data, out->len);
        buf_reset(out);
        if (rc == ERR_OK)
            rc = tuf_write_sign(&r->a, bytes.data, bytes.len, id, &o->keys[i], out, why);
    }
    buf_free(&bytes);
    if (rc == ERR_OK && !named)
        rc = why_set(why, ERR_DENIED, 0,
                     "%s is not the key that root names for %s; canny-pack key list %s",
                     o->p->online_keys.rows[0], role, r->dir);
    return rc == ERR_OK ? repo_write(r, repo_name(r, role, version), out->data, out->len, why) : rc;
}

static enum err online_sign(struct online *o, struct repo *over, struct why *why)
{
    struct tuf_write_listing snapshot = { .metas = o->rows, .count = o->count };
    struct tuf_write_meta named = { .name = "snapshot.json" };
    struct tuf_write_listing timestamp = { .metas = &named, .count = 1 };
    char hash[KEYS_ID_TEXT];
    struct buf file, out;
    enum err rc;

    (void)repo_expires(NULL, "snapshot", o->p->now_ms, &snapshot.expires_ms);
    (void)repo_expires(NULL, "timestamp", o->p->now_ms, &timestamp.expires_ms);
    snapshot.version = next_version(o->p, over, "snapshot");
    timestamp.version = next_version(o->p, over, "timestamp");
    buf_init(&file, TUF_WRITE_MAX);
    buf_init(&out, TUF_WRITE_MAX);
    rc = tuf_write_snapshot(&o->p->repo.a, &snapshot, &file, why);
    if (rc == ERR_OK)
        rc = online_put(o, "snapshot", TUF_SNAPSHOT, &file, snapshot.version, &out, why);
    if (rc == ERR_OK) {
        keys_sha256_hex(hash, out.data, out.len);
        named.version = snapshot.version;
        named.length = (int64_t)out.len;
        named.sha256 = hash;
        buf_reset(&file);
        buf_reset(&out);
        rc = tuf_write_timestamp(&o->p->repo.a, &timestamp, &file, why);
    }
    if (rc == ERR_OK)
        rc = online_put(o, "timestamp", TUF_TIMESTAMP, &file, timestamp.version, &out, why);
    buf_free(&file);
    buf_free(&out);
    if (rc == ERR_OK)
        (void)printf("signed: snapshot and timestamp, version %lld\n",
                     (long long)timestamp.version);
    return rc;
}

static enum err online_keys(struct online *o, struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; rc == ERR_OK && i < o->p->online_keys.count; i++) {
        const char *path = o->p->online_keys.rows[i];
        struct pass pass;

        rc = pass_read(o->p->pass_file, path, false, &pass, why);
        if (rc != ERR_OK)
            return rc;
        rc = keyfile_open(&o->p->repo.a, path, &pass, &o->keys[o->key_count++], why);
        pass_done(&pass);
    }
    return rc;
}

enum err publish_online(struct publish *p, struct repo *over, struct why *why)
{
    struct online o = { .p = p };
    enum err rc = repo_published(&p->repo, "root", &o.root, why);

    if (rc == ERR_OK && (over == NULL || repo_published(over, "root", &o.before, NULL) != ERR_OK))
        o.before = o.root;
    if (rc == ERR_OK)
        rc = repo_published(&p->repo, "targets", &o.targets, why);
    if (rc == ERR_OK)
        rc = list_make(&o, over, why);
    if (rc == ERR_OK)
        rc = online_keys(&o, why);
    if (rc == ERR_OK)
        rc = online_sign(&o, over, why);
    keys_wipe(o.keys, sizeof o.keys);
    return rc;
}
