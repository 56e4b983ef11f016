#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/content.h"
#include "sync/update/tuf_write.h"

/* Snapshot and timestamp. They say which versions belong together, in the hub's own name: so nothing is signed for that was
   not held against the root at this moment. Of a delegated role that kiosks would not take (it has expired, or its keys have
   been replaced) only its own publisher can do something; it is listed as it stands, because a snapshot that left it out would
   itself be refused, and the others go on. */

enum { SIGN_DAY_MS = 24 * 60 * 60 * 1000, SIGN_MINUTE_MS = 60000 };

/* ---- keys ---- */

static const char *sign_id_of(const struct tuf_signers *by, const struct keypair *key)
{
    for (size_t i = 0; i < by->count; i++)
        if (by->keys[i]->scheme == TUF_SCHEME_ED25519 &&
            memcmp(by->keys[i]->ed25519, key->pub, sizeof(key->pub)) == 0)
            return by->keys[i]->id;
    return NULL;
}

enum err content_ours_in(struct hubstore *s, const struct tuf_meta *root, struct content_ours *out,
                         struct why *why)
{
    static const enum tuf_kind kinds[] = { TUF_SNAPSHOT, TUF_TIMESTAMP };

    *out = (struct content_ours){ .keys = { .count = 0 } };
    enum err rc = hubstore_content_keys_in(s, &out->keys, why);
    for (size_t k = 0; k < COUNT_OF(kinds) && rc == ERR_OK; k++) {
        const struct tuf_signers *by = &root->roles[kinds[k]];
        size_t named = 0;
        for (size_t i = 0; i < out->keys.count; i++) {
            out->ids[kinds[k]][i] = sign_id_of(by, &out->keys.all[i]);
            named += out->ids[kinds[k]][i] != NULL;
        }
        out->enough[kinds[k]] = named >= by->threshold;
    }
    return rc;
}

/* A key goes once the root names a later one of ours, and it no more. */
static enum err sign_drop_old(struct hubstore *s, const struct content_ours *ours, struct why *why)
{
    const size_t last = ours->keys.count - 1;
    enum err rc = ERR_OK;

    if (ours->ids[TUF_SNAPSHOT][last] == NULL || ours->ids[TUF_TIMESTAMP][last] == NULL)
        return ERR_OK;
    for (size_t i = 0; i < last && rc == ERR_OK; i++)
        if (ours->ids[TUF_SNAPSHOT][i] == NULL && ours->ids[TUF_TIMESTAMP][i] == NULL)
            rc = hubstore_content_key_drop_in(s, ours->keys.numbers[i], why);
    return rc;
}

/* ---- what is verified ---- */

struct sign_work {
    struct content_signing *g;
    const struct tuf_meta *root;
    struct tuf_meta targets;
    struct content_ours ours;
    struct tuf_write_meta *metas; /* what stands, as a snapshot lists it */
    size_t count;
};

static bool sign_list(void *ctx, const struct hub_meta *held)
{
    struct sign_work *w = ctx;

    if (content_kind_of(held->role) != TUF_TARGETS)
        return true;
    w->metas[w->count++] = (struct tuf_write_meta){
        .name = arena_printf(w->g->a, "%s.json", held->role),
        .version = held->version,
        .length = -1,
    };
    return true;
}

static void sign_warn(struct content_signing *g, const char *role, const char *what)
{
    if (g->warnings++ == 0)
        (void)why_set(&g->warned, ERR_DENIED, 0, "%.80s %s", role, what);
}

/* Roles that somebody may sign for by now, and whether what stands of them would be taken. */
static enum err sign_look_roles(struct hubstore *s, struct sign_work *w, struct why *why)
{
    struct hub_meta row;
    struct tuf_meta m;

    for (size_t i = 0; i < w->targets.delegation_count; i++) {
        const struct tuf_delegation *d = &w->targets.delegations[i];
        enum err rc = content_standing(s, d->name, TUF_TARGETS, NULL, w->g->a, &row, &m, why);
        if (rc == ERR_NOT_FOUND)
            continue;
        if (rc != ERR_OK && rc != ERR_INPUT)
            return rc;
        if (rc == ERR_INPUT)
            sign_warn(w->g, d->name, "is damaged in the hub's store");
        else if (tuf_meta_verify(&m, &d->signers, NULL) != ERR_OK)
            sign_warn(w->g, d->name, "is not signed by those who sign for it now");
        else if (tuf_meta_expired(&m, w->g->now_ms))
            sign_warn(w->g, d->name, "has expired");
    }
    return ERR_OK;
}

/* false: nothing may be signed, and g says why. */
static enum err sign_look(struct hubstore *s, struct sign_work *w, bool *out_may, struct why *why)
{
    struct content_signing *g = w->g;
    struct hub_meta row;

    *out_may = false;
    if (tuf_meta_expired(w->root, g->now_ms)) {
        (void)why_set(&g->refused, ERR_DENIED, 0,
                      "root has expired; its holders sign the next one");
        return ERR_OK;
    }
    enum err rc = content_standing(s, "targets", TUF_TARGETS, &w->root->roles[TUF_TARGETS], g->a,
                                   &row, &w->targets, &g->refused);
    if (rc == ERR_NOT_FOUND) {
        (void)why_set(&g->refused, rc, 0, "there is no targets.json yet");
        return ERR_OK;
    }
    if (rc == ERR_DENIED || rc == ERR_INPUT)
        return ERR_OK;
    if (rc != ERR_OK)
        return why_set(why, rc, 0, "%s", g->refused.text);
    if (tuf_meta_expired(&w->targets, g->now_ms)) {
        (void)why_set(&g->refused, ERR_DENIED, 0,
                      "targets has expired; its holders sign the next one");
        return ERR_OK;
    }
    w->metas = arena_array(g->a, HUB_CONTENT_ROLES_MAX, sizeof(*w->metas));
    if (w->metas == NULL)
        return why_set(why, ERR_NOMEM, 0, "content: no memory");
    rc = sign_look_roles(s, w, why);
    if (rc == ERR_OK)
        rc = hubstore_content_metas(s, sign_list, w, why);
    *out_may = rc == ERR_OK;
    return rc;
}

/* ---- signing ---- */

static enum err sign_put(struct hubstore *s, struct sign_work *w, enum tuf_kind kind,
                         const struct tuf_write_listing *l, struct hub_meta *out, struct why *why)
{
    struct buf file, next;
    struct hub_meta row = {
        .version = l->version, .expires_ms = l->expires_ms, .at_ms = w->g->now_ms, .stands = true
    };

    buf_init(&file, TUF_WRITE_MAX);
    buf_init(&next, TUF_WRITE_MAX);
    enum err rc = kind == TUF_SNAPSHOT ? tuf_write_snapshot(w->g->a, l, &file, why)
                                       : tuf_write_timestamp(w->g->a, l, &file, why);
    for (size_t i = 0; i < w->ours.keys.count && rc == ERR_OK; i++) {
        if (w->ours.ids[kind][i] == NULL)
            continue;
        buf_reset(&next);
        rc = tuf_write_sign(w->g->a, file.data, file.len, w->ours.ids[kind][i],
                            &w->ours.keys.all[i], &next, why);
        if (rc == ERR_OK)
            rc = buf_done(&next, why);
        const struct buf was = file;
        file = next;
        next = was;
    }
    (void)str_copy(row.role, sizeof(row.role), tuf_kind_name(kind));
    row.body = rc == ERR_OK ? arena_strndup(w->g->a, file.data, file.len) : NULL;
    row.len = file.len;
    if (rc == ERR_OK && row.body == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "content: no memory");
    buf_free(&file);
    buf_free(&next);
    if (rc == ERR_OK)
        rc = hubstore_content_meta_put_in(s, &row, why);
    if (rc == ERR_OK)
        rc = hubstore_content_keep_in(s, row.role,
                                      kind == TUF_SNAPSHOT ? HUB_CONTENT_KEEP_SNAPSHOTS : 1, why);
    if (rc == ERR_OK)
        *out = row;
    return rc;
}

/* Minutes since 1970, unless that many were used up: so a hub that was put back from a backup goes on above what it had
   signed. */
static int64_t sign_number(const struct content_signing *g, int64_t last)
{
    const int64_t minutes = g->now_ms / SIGN_MINUTE_MS;
    const int64_t used = last > g->above ? last : g->above;

    return used >= minutes ? used + 1 : minutes;
}

static bool sign_same(const struct sign_work *w, const struct tuf_meta *snapshot)
{
    if (snapshot->file_count != w->count)
        return false;
    for (size_t i = 0; i < w->count; i++) {
        const struct tuf_file *f = tuf_meta_file(snapshot, w->metas[i].name);
        if (f == NULL || f->version != w->metas[i].version)
            return false;
    }
    return true;
}

/* What stands of a role of ours: *out_good, it need not be signed again. row.version is 0 where nothing stands. */
static enum err sign_stands(struct hubstore *s, struct sign_work *w, enum tuf_kind kind,
                            int64_t good_ms, struct hub_meta *row, struct tuf_meta *m,
                            bool *out_good, struct why *why)
{
    struct why ignored;
    enum err rc = content_standing(s, tuf_kind_name(kind), kind, NULL, w->g->a, row, m, why);

    *out_good = false;
    if (rc == ERR_NOT_FOUND) {
        row->version = 0;
        return ERR_OK;
    }
    if (rc == ERR_INPUT)
        return hubstore_content_meta(s, tuf_kind_name(kind), 0, true, w->g->a, row, why);
    if (rc != ERR_OK)
        return rc;
    *out_good = !w->g->force && tuf_meta_verify(m, &w->root->roles[kind], &ignored) == ERR_OK &&
                w->g->now_ms - row->at_ms < good_ms && row->at_ms - w->g->now_ms <= CONTENT_SKEW_MS;
    return ERR_OK;
}

static enum err sign_both(struct hubstore *s, struct sign_work *w, struct why *why)
{
    struct content_signing *g = w->g;
    struct hub_meta snapshot, timestamp;
    struct tuf_meta m;
    char hash[KEYS_ID_TEXT];
    bool good, good_timestamp;
    enum err rc =
        sign_stands(s, w, TUF_SNAPSHOT, CONTENT_SNAPSHOT_AGAIN_DAYS * (int64_t)SIGN_DAY_MS,
                    &snapshot, &m, &good, why);

    good = rc == ERR_OK && good && sign_same(w, &m);
    if (rc == ERR_OK && !good) {
        const struct tuf_write_listing l = {
            .version = sign_number(g, snapshot.version),
            .expires_ms = g->now_ms + CONTENT_SNAPSHOT_DAYS * (int64_t)SIGN_DAY_MS,
            .metas = w->metas,
            .count = w->count,
        };
        rc = sign_put(s, w, TUF_SNAPSHOT, &l, &snapshot, why);
    }
    if (rc == ERR_OK)
        rc =
            sign_stands(s, w, TUF_TIMESTAMP, CONTENT_SIGN_MS, &timestamp, &m, &good_timestamp, why);
    if (rc != ERR_OK)
        return rc;
    g->timestamp = timestamp.version;
    if (good && good_timestamp)
        return ERR_OK;
    keys_sha256_hex(hash, snapshot.body, snapshot.len);
    const struct tuf_write_meta of = {
        .name = "snapshot.json",
        .version = snapshot.version,
        .length = (int64_t)snapshot.len,
        .sha256 = hash,
    };
    const struct tuf_write_listing l = {
        .version = sign_number(g, timestamp.version),
        .expires_ms = g->now_ms + CONTENT_TIMESTAMP_DAYS * (int64_t)SIGN_DAY_MS,
        .metas = &of,
        .count = 1,
    };
    rc = sign_put(s, w, TUF_TIMESTAMP, &l, &timestamp, why);
    g->timestamp = timestamp.version;
    g->done = rc == ERR_OK;
    return rc;
}

enum err content_sign_in(struct hubstore *s, struct content_signing *g, struct why *why)
{
    struct tuf_meta root;
    struct hub_meta row;
    struct sign_work w = { .g = g, .root = &root };
    bool may = false;
    enum err rc = content_standing(s, "root", TUF_ROOT, NULL, g->a, &row, &root, why);

    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc == ERR_OK)
        rc = content_ours_in(s, &root, &w.ours, why);
    g->ours = rc == ERR_OK && w.ours.enough[TUF_SNAPSHOT] && w.ours.enough[TUF_TIMESTAMP];
    if (g->ours)
        rc = sign_look(s, &w, &may, why);
    if (rc == ERR_OK && may)
        rc = sign_both(s, &w, why);
    if (rc == ERR_OK && may)
        rc = sign_drop_old(s, &w.ours, why);
    memset(&w.ours.keys, 0, sizeof(w.ours.keys));
    if (rc == ERR_OK && g->timestamp == 0) {
        rc = hubstore_content_meta(s, "timestamp", 0, true, g->a, &row, why);
        g->timestamp = rc == ERR_OK ? row.version : 0;
        rc = rc == ERR_NOT_FOUND ? ERR_OK : rc;
    }
    return rc;
}
