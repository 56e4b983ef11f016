#include "sync/pack/stage.h"

#include <stdio.h>

#include "sync/update/manifest.h"

static enum err stage_bytes(struct repo *r, const char *role, const struct buf *bytes,
                            int64_t version, struct why *why)
{
    size_t kept;
    enum err rc = repo_stage(r, role, bytes->data, bytes->len, &kept, why);

    if (rc == ERR_OK)
        (void)printf("staged: %s, version %lld%s\n", role, (long long)version,
                     kept > 0 ? " (the same as before: its signatures stay)" : "");
    return rc;
}

enum err stage_roles(struct repo *r, struct roles *roles, int64_t version, int64_t expires_ms,
                     struct why *why)
{
    struct buf bytes;
    enum err rc;

    buf_init(&bytes, TUF_WRITE_MAX);
    rc = roles_write(roles, version, expires_ms, &bytes, why);
    if (rc == ERR_OK)
        rc = stage_bytes(r, roles->root ? "root" : "targets", &bytes, version, why);
    buf_free(&bytes);
    return rc;
}

static enum err stage_content(struct repo *r, const struct repo_meta *latest, int64_t version,
                              int64_t expires_ms, struct why *why)
{
    struct tuf_write_targets t = { .version = version, .expires_ms = expires_ms };
    struct tuf_write_target *rows = arena_array(&r->a, latest->meta.file_count + 1, sizeof(*rows));
    struct buf bytes;
    enum err rc;

    if (rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for %s", latest->role);
    for (size_t i = 0; i < latest->meta.file_count; i++) {
        const struct tuf_file *f = &latest->meta.files[i];
        char *hex = arena_alloc(&r->a, KEYS_ID_TEXT);

        if (hex == NULL || !f->hashes.has_sha256)
            return why_set(why, ERR_INPUT, 0, "%s: a target without its SHA-256", latest->path);
        hex_put(hex, f->hashes.sha256, KEYS_HASH);
        rows[i] = (struct tuf_write_target){ f->name, f->length, hex };
    }
    t.targets = rows;
    t.target_count = latest->meta.file_count;
    buf_init(&bytes, TUF_WRITE_MAX);
    rc = tuf_write_targets(&r->a, &t, &bytes, why);
    if (rc == ERR_OK)
        rc = stage_bytes(r, latest->role, &bytes, version, why);
    buf_free(&bytes);
    return rc;
}

/* A role's metadata once more with the next number, for new keys to sign or before it expires. */
static enum err stage_again(struct repo *r, const char *role, int64_t expires_ms, struct why *why)
{
    struct repo_meta latest;
    struct roles *roles;
    int64_t version;
    enum err rc = repo_latest(r, role, &latest, why);

    if (rc != ERR_OK)
        return rc;
    version = latest.meta.version + (latest.staged ? 0 : 1);
    if (manifest_role_ok(role))
        return stage_content(r, &latest, version, expires_ms, why);
    rc = roles_read(&r->a, &latest.meta, &roles, why);
    return rc == ERR_OK ? stage_roles(r, roles, version, expires_ms, why) : rc;
}

/* One role that hangs on the subject. A role without metadata yet hangs on nobody. */
static enum err follow(struct repo *r, const char *role, int64_t at_ms, struct why *why)
{
    struct repo_meta latest;
    struct repo_need need;
    int64_t expires_ms;
    enum err rc = repo_latest(r, role, &latest, why);

    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc == ERR_OK)
        rc = repo_need(r, &latest, &need, why);
    if (rc != ERR_OK || latest.staged || tuf_meta_verify(&latest.meta, need.own, NULL) == ERR_OK)
        return rc;
    if (!repo_expires(NULL, role, at_ms, &expires_ms))
        return why_set(why, ERR_INPUT, 0, "no time");
    (void)printf("%s is not signed by enough of the keys that sign for it now:\n", role);
    return stage_again(r, role, expires_ms, why);
}

enum err stage_followers(struct repo *r, const char *subject, int64_t at_ms, struct why *why)
{
    struct repo_meta targets;
    enum err rc;

    if (str_eq(subject, "root"))
        return follow(r, "targets", at_ms, why);
    rc = repo_latest(r, "targets", &targets, why);
    for (size_t i = 0; rc == ERR_OK && i < targets.meta.delegation_count; i++)
        rc = follow(r, targets.meta.delegations[i].name, at_ms, why);
    return rc;
}
