#include "sync/update/tuf_client.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/update/tuf_client_parts.h"

enum { CLIENT_DIR_MODE = 0755 };

static const size_t client_bytes_max[] = { TUF_ROOT_BYTES_MAX, TUF_TIMESTAMP_BYTES_MAX,
                                           TUF_SNAPSHOT_BYTES_MAX, TUF_TARGETS_BYTES_MAX };

/* The slot in which the next file is judged, empty. */
static struct client_slot *client_next(struct tuf_client *c)
{
    arena_reset(&c->next.a);
    c->next.have = false;
    c->next.raw = NULL;
    c->next.raw_len = 0;
    return &c->next;
}

/* What was judged is trusted from here on. */
static void client_trust(struct tuf_client *c, enum tuf_kind kind)
{
    const struct client_slot before = c->slots[kind];

    c->next.have = true;
    c->slots[kind] = c->next;
    c->next = before;
}

static void client_forget(struct tuf_client *c, enum tuf_kind kind)
{
    arena_reset(&c->slots[kind].a);
    c->slots[kind].have = false;
}

/* ---- the first root ---- */

/* A root that its own keys have signed, into the slot that is judged. */
static enum err client_root_self(struct tuf_client *c, const void *bytes, size_t len,
                                 struct why *why)
{
    struct client_slot *s = client_next(c);
    enum err rc = len > TUF_ROOT_BYTES_MAX ? why_set(why, ERR_LIMIT, 0, "too long")
                                           : tuf_meta_read(&s->a, TUF_ROOT, bytes, len, &s->m, why);

    if (rc != ERR_OK)
        return client_fail_ours(c, TUF_MALFORMED, rc);
    rc = tuf_meta_verify(&s->m, &s->m.roles[TUF_ROOT], why);
    return rc == ERR_OK ? ERR_OK : client_fail(c, TUF_UNSIGNED, rc);
}

static enum err client_new(const char *dir, struct tuf_client **out, struct why *why)
{
    struct tuf_client *c = calloc(1, sizeof *c);

    if (c == NULL)
        return why_set(why, ERR_NOMEM, 0, "open %.80s", dir);
    if (!str_copy(c->dir, sizeof c->dir, dir)) {
        free(c);
        return why_set(why, ERR_LIMIT, 0, "path too long: %.80s...", dir);
    }
    for (size_t i = 0; i < COUNT_OF(c->slots); i++)
        arena_init(&c->slots[i].a, TUF_MEMORY_MAX);
    arena_init(&c->next.a, TUF_MEMORY_MAX);
    *out = c;
    return ERR_OK;
}

void tuf_client_close(struct tuf_client *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < COUNT_OF(c->slots); i++)
        arena_done(&c->slots[i].a);
    arena_done(&c->next.a);
    free(c);
}

enum err tuf_client_init(const char *dir, const void *root, size_t len, struct why *why)
{
    struct tuf_client *c = NULL;
    enum err rc = client_new(dir, &c, why);

    if (rc != ERR_OK)
        return rc;
    rc = client_root_self(c, root, len, why);
    if (rc == ERR_OK)
        rc = fs_mkdirs(dir, CLIENT_DIR_MODE, why);
    if (rc == ERR_OK)
        rc = client_store(c, "root", root, len, why);
    tuf_client_close(c);
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "first root");
}

enum err tuf_client_open(const char *dir, struct tuf_client **out, struct why *why)
{
    struct tuf_client *c = NULL;
    char path[FS_PATH_MAX];
    char *bytes = NULL;
    size_t len = 0;
    enum err rc = client_new(dir, &c, why);

    if (rc != ERR_OK)
        return rc;
    rc = client_path(c, "root", path, why);
    if (rc == ERR_OK)
        rc = fs_read(&c->slots[TUF_TARGETS].a, path, TUF_ROOT_BYTES_MAX, &bytes, &len, why);
    if (rc == ERR_OK) {
        rc = client_root_self(c, bytes, len, why);
        if (rc != ERR_OK)
            rc = why_in(why, rc, "root.json");
    }
    if (rc != ERR_OK) {
        tuf_client_close(c);
        return rc;
    }
    client_trust(c, TUF_ROOT);
    client_forget(c, TUF_TARGETS); /* which lent its memory */
    *out = c;
    return ERR_OK;
}

/* ---- root ---- */

static bool client_has_mark(const struct tuf_signers *s, const uint8_t mark[KEYS_HASH])
{
    for (size_t i = 0; i < s->count; i++)
        if (memcmp(s->keys[i]->mark, mark, KEYS_HASH) == 0)
            return true;
    return false;
}

/* Somebody may no longer sign: what they signed may be ahead of what their successors will. A key more, or another threshold,
   takes nothing back. */
static bool client_rotated(const struct tuf_signers *before, const struct tuf_signers *after)
{
    for (size_t i = 0; i < before->count; i++)
        if (!client_has_mark(after, before->keys[i]->mark))
            return true;
    return false;
}

/* Fast-forward recovery: versions that a stolen key drove up to the end of all numbers are forgotten with the key. Before the
   new root is stored: were it after, a cut between the two would leave a root that no longer says what it took away. */
static enum err client_recover(struct tuf_client *c, const struct tuf_meta *before,
                               const struct tuf_meta *after, struct why *why)
{
    static const enum tuf_kind kinds[] = { TUF_TIMESTAMP, TUF_SNAPSHOT };
    char path[FS_PATH_MAX];
    enum err rc = ERR_OK;

    if (!client_rotated(&before->roles[TUF_TIMESTAMP], &after->roles[TUF_TIMESTAMP]) &&
        !client_rotated(&before->roles[TUF_SNAPSHOT], &after->roles[TUF_SNAPSHOT]))
        return ERR_OK;
    for (size_t i = 0; i < COUNT_OF(kinds) && rc == ERR_OK; i++) {
        rc = client_path(c, tuf_kind_name(kinds[i]), path, why);
        if (rc == ERR_OK)
            rc = fs_remove(path, why);
    }
    return rc == ERR_OK ? ERR_OK : client_fail(c, TUF_OURS, rc);
}

/* The root behind the trusted one. */
static enum err client_root_step(struct tuf_client *c, const void *bytes, size_t len,
                                 struct why *why)
{
    const struct tuf_meta *old = &c->slots[TUF_ROOT].m;
    struct client_slot *s = &c->next;
    enum err rc = client_judge(c, &s->a, TUF_ROOT, bytes, len, &old->roles[TUF_ROOT], &s->m, why);

    if (rc != ERR_OK)
        return rc;
    if (s->m.version != old->version + 1)
        return client_fail(c, s->m.version <= old->version ? TUF_OLDER : TUF_MIXED,
                           why_set(why, ERR_CONFLICT, 0, "version %" PRId64 " in place of %" PRId64,
                                   s->m.version, old->version + 1));
    rc = tuf_meta_verify(&s->m, &s->m.roles[TUF_ROOT], why);
    if (rc != ERR_OK)
        return client_fail(c, TUF_UNSIGNED, why_in(why, rc, "by its own keys"));
    rc = client_recover(c, old, &s->m, why);
    if (rc == ERR_OK)
        rc = client_store(c, "root", bytes, len, why);
    return rc;
}

static enum err client_roots(struct tuf_client *c, const struct client_source *from,
                             struct why *why)
{
    uint8_t *bytes = NULL;
    size_t len = 0;

    for (unsigned i = 0; i < TUF_ROOTS_MAX && c->slots[TUF_ROOT].m.version < INT64_MAX; i++) {
        struct client_slot *s = client_next(c);
        enum err rc = client_ask(c, from, "root", c->slots[TUF_ROOT].m.version + 1,
                                 TUF_ROOT_BYTES_MAX, &s->a, &bytes, &len, why);

        if (rc == ERR_NOT_FOUND)
            break;
        if (rc == ERR_OK)
            rc = client_root_step(c, bytes, len, why);
        if (rc != ERR_OK)
            return why_in(why, rc, "root");
        client_trust(c, TUF_ROOT);
    }
    if (tuf_meta_expired(&c->slots[TUF_ROOT].m, c->now_ms))
        return client_fail(c, TUF_EXPIRED, why_set(why, ERR_DENIED, 0, "root: expired"));
    return ERR_OK;
}

/* ---- timestamp and snapshot ---- */

/* What is stored, if those have signed it who may today: a guard even when it has expired. */
static enum err client_guard(struct tuf_client *c, enum tuf_kind kind, struct why *why)
{
    struct client_slot *s = client_next(c);
    char *bytes = NULL;
    size_t len = 0;
    enum err rc =
        client_stored(c, tuf_kind_name(kind), client_bytes_max[kind], &s->a, &bytes, &len, why);

    client_forget(c, kind);
    if (rc != ERR_OK)
        return client_fail(c, TUF_OURS, why_in(why, rc, "%s", tuf_kind_name(kind)));
    if (bytes == NULL)
        return ERR_OK;
    rc = client_judge(c, &s->a, kind, bytes, len, &c->slots[TUF_ROOT].m.roles[kind], &s->m, why);
    if (rc == ERR_NOMEM)
        return rc; /* it might guard */
    if (rc == ERR_OK) {
        s->raw = bytes;
        s->raw_len = len;
        client_trust(c, kind);
    }
    c->fault = TUF_FINE;
    return ERR_OK;
}

static enum err client_older(struct tuf_client *c, const char *what, int64_t is, int64_t was,
                             struct why *why)
{
    return client_fail(c, TUF_OLDER,
                       why_set(why, ERR_CONFLICT, 0,
                               "%.64s is version %" PRId64 ", known is %" PRId64, what, is, was));
}

static enum err client_timestamp_step(struct tuf_client *c, const void *bytes, size_t len,
                                      struct why *why)
{
    const struct client_slot *old = &c->slots[TUF_TIMESTAMP];
    struct client_slot *s = &c->next;
    enum err rc = client_judge(c, &s->a, TUF_TIMESTAMP, bytes, len,
                               &c->slots[TUF_ROOT].m.roles[TUF_TIMESTAMP], &s->m, why);

    if (rc != ERR_OK)
        return rc;
    if (old->have) {
        const int64_t is = tuf_meta_file(&s->m, "snapshot.json")->version;
        const int64_t was = tuf_meta_file(&old->m, "snapshot.json")->version;

        if (s->m.version < old->m.version)
            return client_older(c, "timestamp", s->m.version, old->m.version, why);
        if (s->m.version == old->m.version)
            return ERR_OK; /* whatever it says now: the one that is stored holds */
        if (is < was)
            return client_older(c, "its snapshot", is, was, why);
    }
    if (tuf_meta_expired(&s->m, c->now_ms))
        return client_fail(c, TUF_EXPIRED, why_set(why, ERR_DENIED, 0, "expired"));
    rc = client_store(c, "timestamp", bytes, len, why);
    if (rc == ERR_OK)
        client_trust(c, TUF_TIMESTAMP);
    return rc;
}

static enum err client_timestamp(struct tuf_client *c, const struct client_source *from,
                                 struct why *why)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    enum err rc = client_guard(c, TUF_TIMESTAMP, why);

    if (rc != ERR_OK)
        return rc;
    rc = client_ask(c, from, "timestamp", 0, TUF_TIMESTAMP_BYTES_MAX, &client_next(c)->a, &bytes,
                    &len, why);
    if (rc == ERR_OK)
        rc = client_timestamp_step(c, bytes, len, why);
    if (rc == ERR_OK && tuf_meta_expired(&c->slots[TUF_TIMESTAMP].m, c->now_ms))
        rc = client_fail(c, TUF_EXPIRED, why_set(why, ERR_DENIED, 0, "expired, and no newer one"));
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "timestamp");
}

/* No file that was listed may go back or go away. */
static enum err client_snapshot_forward(struct tuf_client *c, const struct tuf_meta *old,
                                        const struct tuf_meta *new, struct why *why)
{
    for (size_t i = 0; i < old->file_count; i++) {
        const struct tuf_file *was = &old->files[i];
        const struct tuf_file *is = tuf_meta_file(new, was->name);

        if (is == NULL)
            return client_fail(
                c, TUF_OLDER,
                why_set(why, ERR_CONFLICT, 0, "%.64s is no longer listed", was->name));
        if (is->version < was->version)
            return client_older(c, was->name, is->version, was->version, why);
    }
    return ERR_OK;
}

static enum err client_snapshot_step(struct tuf_client *c, const struct tuf_file *f,
                                     const void *bytes, size_t len, struct why *why)
{
    const struct client_slot *old = &c->slots[TUF_SNAPSHOT];
    struct client_slot *s = &c->next;
    struct why unlike = { 0 };
    const enum err same = tuf_file_check(f, bytes, len, &unlike);
    enum err rc = client_judge(c, &s->a, TUF_SNAPSHOT, bytes, len,
                               &c->slots[TUF_ROOT].m.roles[TUF_SNAPSHOT], &s->m, why);

    if (same != ERR_OK && c->fault != TUF_PAGE)
        return client_fail(c, TUF_MIXED, why_set(why, same, 0, "%s", unlike.text));
    if (rc != ERR_OK)
        return rc;
    if (s->m.version != f->version)
        return client_fail(c, TUF_MIXED,
                           why_set(why, ERR_CONFLICT, 0,
                                   "version %" PRId64 ", the timestamp names %" PRId64,
                                   s->m.version, f->version));
    if (old->have)
        rc = client_snapshot_forward(c, &old->m, &s->m, why);
    if (rc != ERR_OK)
        return rc;
    if (tuf_meta_expired(&s->m, c->now_ms))
        return client_fail(c, TUF_EXPIRED, why_set(why, ERR_DENIED, 0, "expired"));
    rc = client_store(c, "snapshot", bytes, len, why);
    if (rc == ERR_OK)
        client_trust(c, TUF_SNAPSHOT);
    return rc;
}

static enum err client_snapshot(struct tuf_client *c, const struct client_source *from,
                                struct why *why)
{
    const struct tuf_file *f = tuf_meta_file(&c->slots[TUF_TIMESTAMP].m, "snapshot.json");
    const struct client_slot *s = &c->slots[TUF_SNAPSHOT];
    uint8_t *bytes = NULL;
    size_t len = 0;
    enum err rc = client_guard(c, TUF_SNAPSHOT, why);

    if (rc != ERR_OK)
        return rc;
    if (s->have && s->m.version == f->version && !tuf_meta_expired(&s->m, c->now_ms) &&
        tuf_file_check(f, s->raw, s->raw_len, NULL) == ERR_OK)
        return ERR_OK;
    if (f->length > TUF_SNAPSHOT_BYTES_MAX)
        return client_fail(c, TUF_MALFORMED, why_set(why, ERR_LIMIT, 0, "snapshot: too long"));
    rc = client_ask(c, from, "snapshot", c->slots[TUF_ROOT].m.consistent ? f->version : 0,
                    f->length >= 0 ? (size_t)f->length : TUF_SNAPSHOT_BYTES_MAX, &client_next(c)->a,
                    &bytes, &len, why);
    if (rc == ERR_OK)
        rc = client_snapshot_step(c, f, bytes, len, why);
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "snapshot");
}

/* ---- the whole ---- */

static enum err client_top_targets(struct tuf_client *c, const struct client_source *from,
                                   struct why *why)
{
    struct client_slot *s = client_next(c);
    enum err rc = client_targets(c, from, "targets", &c->slots[TUF_ROOT].m.roles[TUF_TARGETS],
                                 &s->a, &s->m, why);

    if (rc == ERR_OK)
        client_trust(c, TUF_TARGETS);
    return rc;
}

static void client_begin(struct tuf_client *c, bool stored_only)
{
    for (size_t i = TUF_TIMESTAMP; i < COUNT_OF(c->slots); i++)
        client_forget(c, (enum tuf_kind)i);
    c->stored_only = stored_only;
    c->ready = false;
    c->fault = TUF_FINE;
}

enum err tuf_client_refresh(struct tuf_client *c, update_get get, void *ctx, int64_t now_ms,
                            struct why *why)
{
    const struct client_source from = { get, ctx };

    client_begin(c, false);
    c->now_ms = now_ms;
    enum err rc = client_roots(c, &from, why);
    if (rc == ERR_OK)
        rc = client_timestamp(c, &from, why);
    if (rc == ERR_OK)
        rc = client_snapshot(c, &from, why);
    if (rc == ERR_OK)
        rc = client_top_targets(c, &from, why);
    if (rc == ERR_OK)
        c->fault = TUF_FINE;
    c->ready = rc == ERR_OK;
    return rc;
}

enum err tuf_client_load(struct tuf_client *c, struct why *why)
{
    static const enum tuf_kind kinds[] = { TUF_TIMESTAMP, TUF_SNAPSHOT };
    const struct client_source nobody = { 0 };
    enum err rc = ERR_OK;

    client_begin(c, true);
    for (size_t i = 0; i < COUNT_OF(kinds) && rc == ERR_OK; i++) {
        rc = client_guard(c, kinds[i], why);
        if (rc == ERR_OK && !c->slots[kinds[i]].have)
            rc = client_fail(
                c, TUF_MISSING,
                why_set(why, ERR_NOT_FOUND, 0, "%s is not stored", tuf_kind_name(kinds[i])));
    }
    if (rc == ERR_OK)
        rc = client_top_targets(c, &nobody, why);
    c->ready = rc == ERR_OK;
    return rc;
}

enum tuf_fault tuf_client_fault(const struct tuf_client *c)
{
    return c->fault;
}

const struct tuf_meta *tuf_client_meta(const struct tuf_client *c, enum tuf_kind kind)
{
    return c->slots[kind].have ? &c->slots[kind].m : NULL;
}
