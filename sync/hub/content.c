#include "sync/hub/content_parts.h"

#include <string.h>

#include "platform/base/str.h"

/* Judging what is offered. The lock is held: what is read here stands until the transaction ends. */

enum tuf_kind content_kind_of(const char *role)
{
    for (enum tuf_kind k = TUF_ROOT; k < TUF_TARGETS; k++)
        if (strcmp(tuf_kind_name(k), role) == 0)
            return k;
    return TUF_TARGETS;
}

enum err content_answer(struct content_offer *o, enum content_answer answer)
{
    o->answer = answer;
    return ERR_OK;
}

enum err content_standing(struct hubstore *s, const char *role, enum tuf_kind kind,
                          const struct tuf_signers *by, struct arena *a, struct hub_meta *out,
                          struct tuf_meta *out_meta, struct why *why)
{
    enum err rc = hubstore_content_meta(s, role, 0, true, a, out, why);

    if (rc == ERR_OK)
        rc = tuf_meta_read(a, kind, out->body, out->len, out_meta, why);
    if (rc == ERR_OK && by != NULL)
        rc = tuf_meta_verify(out_meta, by, why);
    return rc == ERR_OK || rc == ERR_NOT_FOUND ? rc : why_in(why, rc, "%s", role);
}

/* What every offer is held against, whoever signs for it. false: o says why not. */
bool content_read(struct content_offer *o, enum tuf_kind kind, struct tuf_meta *out)
{
    if (tuf_meta_read(o->a, kind, o->body, o->len, out, &o->reason) != ERR_OK) {
        o->answer = CONTENT_MALFORMED;
        return false;
    }
    if (kind != TUF_TIMESTAMP && out->version != o->version) {
        (void)why_set(&o->reason, ERR_INPUT, 0, "it is version %lld and called %lld",
                      (long long)out->version, (long long)o->version);
        o->answer = CONTENT_MALFORMED;
        return false;
    }
    o->version = out->version;
    return true;
}

bool content_signed(struct content_offer *o, const struct tuf_meta *m, const struct tuf_signers *by)
{
    if (tuf_meta_verify(m, by, &o->reason) == ERR_OK)
        return true;
    o->answer = CONTENT_UNSIGNED;
    return false;
}

bool content_good(struct content_offer *o, const struct tuf_meta *m)
{
    if (!tuf_meta_expired(m, o->now_ms))
        return true;
    (void)why_set(&o->reason, ERR_DENIED, 0, "it has expired");
    o->answer = CONTENT_EXPIRED;
    return false;
}

/* Whether the version may come after what stands. held NULL: nothing does. */
bool content_newer(struct content_offer *o, const struct hub_meta *held)
{
    if (held == NULL || o->version > held->version)
        return true;
    o->held = held->version;
    if (o->version == held->version && o->len == held->len &&
        memcmp(o->body, held->body, o->len) == 0) {
        o->answer = CONTENT_STOOD;
        return false;
    }
    (void)why_set(&o->reason, ERR_CONFLICT, 0, "the hub holds version %lld%s",
                  (long long)held->version,
                  o->version == held->version ? ", and it is another" : "");
    o->answer = CONTENT_OLDER;
    return false;
}

enum err content_keep(struct hubstore *s, const struct content_offer *o, const struct tuf_meta *m,
                      bool stands, struct why *why)
{
    struct hub_meta row = {
        .version = m->version,
        .expires_ms = m->expires_ms,
        .at_ms = o->now_ms,
        .stands = stands,
        .body = o->body,
        .len = o->len,
    };

    (void)str_copy(row.role, sizeof(row.role), o->role);
    return hubstore_content_meta_put_in(s, &row, why);
}

/* ---- root ---- */

static bool content_root_fits(struct content_offer *o, const struct tuf_meta *m)
{
    if (m->consistent)
        return true;
    (void)why_set(&o->reason, ERR_INPUT, 0, "consistent_snapshot has to be true");
    o->answer = CONTENT_MALFORMED;
    return false;
}

enum err content_trust_in(struct hubstore *s, struct content_offer *o, struct why *why)
{
    struct tuf_meta m;
    struct hub_meta held;
    enum err rc = hubstore_content_lock_in(s, why);

    if (rc == ERR_OK)
        rc = hubstore_content_meta(s, "root", 0, true, o->a, &held, why);
    if (rc == ERR_OK) {
        o->held = held.version;
        (void)why_set(&o->reason, ERR_CONFLICT, 0, "the hub trusts version %lld of a root already",
                      (long long)held.version);
        return content_answer(o, CONTENT_OLDER);
    }
    if (rc != ERR_NOT_FOUND)
        return rc;
    if (tuf_meta_read(o->a, TUF_ROOT, o->body, o->len, &m, &o->reason) != ERR_OK)
        return content_answer(o, CONTENT_MALFORMED);
    o->role = "root";
    o->version = m.version;
    if (!content_root_fits(o, &m) || !content_signed(o, &m, &m.roles[TUF_ROOT]))
        return ERR_OK;
    o->answer = CONTENT_COUNTS;
    return content_keep(s, o, &m, true, why);
}

/* What an old hub missed may come one after the other, so one that has expired is fine as long as the next follows: none is
   signed for meanwhile. */
static enum err content_root(struct hubstore *s, struct content_offer *o,
                             const struct tuf_meta *root, const struct hub_meta *held,
                             struct why *why)
{
    struct tuf_meta m;

    if (!content_read(o, TUF_ROOT, &m) || !content_newer(o, held))
        return ERR_OK;
    if (o->version != held->version + 1) {
        o->held = held->version;
        (void)why_set(&o->reason, ERR_CONFLICT, 0, "version %lld has to come first",
                      (long long)held->version + 1);
        return content_answer(o, CONTENT_UNTRUSTED);
    }
    if (!content_root_fits(o, &m) || !content_signed(o, &m, &root->roles[TUF_ROOT]) ||
        !content_signed(o, &m, &m.roles[TUF_ROOT]))
        return ERR_OK;
    o->answer = CONTENT_COUNTS;
    return o->look ? ERR_OK : content_keep(s, o, &m, true, why);
}

/* ---- targets ---- */

bool content_outside(struct content_offer *o, const char *role, const char *what)
{
    (void)why_set(&o->reason, ERR_DENIED, 0, "%.80s: %s", role, what);
    o->answer = CONTENT_OUTSIDE;
    return false;
}

/* The layout's own rules: what a role may sign is its own folder, and nothing that another's patterns could reach into. */
static bool content_delegation_fits(struct content_offer *o, const struct tuf_delegation *d)
{
    static const char *const kinds[] = { "national", "authority", "sector", "school" };
    const char *kind = json_str(json_get(d->node, "x_canny"), "kind");
    char path[MANIFEST_ROLE + 2];
    bool known = false;

    if (!manifest_role_ok(d->name))
        return content_outside(o, d->name, "a role is called national or employers/ID");
    (void)str_format(path, sizeof(path), "%s/*", d->name);
    if (d->prefix_count > 0 || d->path_count != 1 || strcmp(d->paths[0], path) != 0)
        return content_outside(o, d->name, "it may be given its own folder and no other paths");
    if (!d->terminating)
        return content_outside(o, d->name, "it has to be terminating");
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        known = known || (kind != NULL && strcmp(kind, kinds[i]) == 0);
    if (!known || (strcmp(kind, "national") == 0) != (strcmp(d->name, "national") == 0))
        return content_outside(o, d->name,
                               "x_canny.kind is national of national, else authority, sector or "
                               "school");
    return true;
}

static bool content_targets_fit(struct content_offer *o, const struct tuf_meta *m)
{
    if (m->file_count > 0)
        return content_outside(o, "targets", "it may sign no targets of its own");
    if (m->bins.prefix != NULL)
        return content_outside(o, "targets", "it may have no hash bins");
    if (m->delegation_count > HUB_CONTENT_ROLES_MAX - 4)
        return content_outside(o, "targets", "it delegates too many roles");
    for (size_t i = 0; i < m->delegation_count; i++)
        if (!content_delegation_fits(o, &m->delegations[i]))
            return false;
    return true;
}

static enum err content_targets(struct hubstore *s, struct content_offer *o,
                                const struct tuf_meta *root, const struct hub_meta *held,
                                struct why *why)
{
    struct tuf_meta m;

    if (!content_read(o, TUF_TARGETS, &m) || !content_signed(o, &m, &root->roles[TUF_TARGETS]) ||
        !content_newer(o, held) || !content_good(o, &m) || !content_targets_fit(o, &m))
        return ERR_OK;
    o->answer = CONTENT_COUNTS;
    if (o->look)
        return ERR_OK;
    enum err rc = content_keep(s, o, &m, true, why);
    return rc == ERR_OK ? hubstore_content_keep_in(s, o->role, HUB_CONTENT_KEEP, why) : rc;
}

/* ---- a delegated role ---- */

static bool content_role_fits(struct content_offer *o, const struct tuf_meta *m,
                              const struct tuf_delegation *d)
{
    char manifest[MANIFEST_ROLE + 16];
    char stop[MANIFEST_ROLE + 16];

    (void)str_format(manifest, sizeof(manifest), "%s/manifest.json", o->role);
    (void)str_format(stop, sizeof(stop), "%s/stop.json", o->role);
    if (m->delegation_count > 0 || m->bins.prefix != NULL)
        return content_outside(o, o->role, "it may delegate to nobody");
    for (size_t i = 0; i < m->file_count; i++) {
        const struct tuf_file *f = &m->files[i];
        const bool is_manifest = strcmp(f->name, manifest) == 0;
        if ((!is_manifest && strcmp(f->name, stop) != 0) || !tuf_delegation_covers(d, f->name))
            return content_outside(o, o->role,
                                   "it may sign manifest.json and stop.json of its own folder");
        if (!f->hashes.has_sha256 || f->length < 0 ||
            f->length > (is_manifest ? MANIFEST_BYTES_MAX : 1024 * 1024))
            return content_outside(o, f->name, "its length or its SHA-256 is missing or too large");
    }
    return tuf_meta_file(m, manifest) != NULL ||
           content_outside(o, o->role, "it has no manifest.json");
}

/* What it names: its targets, and of a manifest that the hub holds from before everything that this names. */
static enum err content_role_names(struct hubstore *s, const struct content_offer *o,
                                   const struct tuf_meta *m, struct why *why)
{
    struct hub_named named[2];
    enum err rc = ERR_OK;

    for (size_t i = 0; i < m->file_count && rc == ERR_OK; i++) {
        const struct tuf_file *f = &m->files[i];
        char hash[KEYS_ID_TEXT];
        const void *body = NULL;
        size_t len = 0;
        struct manifest files;
        hex_put(hash, f->hashes.sha256, KEYS_HASH);
        const char *name =
            arena_printf(o->a, "targets/%s/%s.%s", o->role, hash, strrchr(f->name, '/') + 1);
        if (name == NULL)
            return why_set(why, ERR_NOMEM, 0, "content: no memory");
        named[i] = (struct hub_named){ .name = name, .bytes = f->length };
        rc = hubstore_content_name_in(s, o->role, m->version, &named[i], 1, why);
        if (rc != ERR_OK || !str_ends(name, ".manifest.json"))
            continue;
        rc = hubstore_content_file(s, name, o->a, &body, &len, why);
        if (rc == ERR_NOT_FOUND) {
            rc = ERR_OK;
            continue;
        }
        if (rc == ERR_OK)
            rc = manifest_parse(o->a, body, len, &files, why);
        if (rc == ERR_OK)
            rc = content_names_in(s, o->role, m->version, &files, o->a, why);
        if (rc == ERR_OK)
            rc = hubstore_content_patches_in(s, o->role, m->version, hash, why);
    }
    return rc;
}

/* An offer stays one until all that it names is there. */
static enum err content_role_stage(struct hubstore *s, struct content_offer *o,
                                   const struct tuf_meta *m, struct why *why)
{
    struct hub_meta offered;
    enum err rc = hubstore_content_meta(s, o->role, o->version, false, o->a, &offered, why);
    const bool again =
        rc == ERR_OK && offered.len == o->len && memcmp(offered.body, o->body, o->len) == 0;

    if (rc == ERR_NOT_FOUND || (rc == ERR_OK && !again)) {
        rc = content_keep(s, o, m, false, why);
        if (rc == ERR_OK)
            rc = content_role_names(s, o, m, why);
        if (rc != ERR_OK)
            return rc;
        rc = hubstore_content_room_in(s, &o->reason);
        if (rc == ERR_LIMIT) {
            o->answer = CONTENT_NO_ROOM;
            return hubstore_content_drop_in(s, o->role, why);
        }
        if (rc != ERR_OK)
            return why_set(why, rc, 0, "%s", o->reason.text);
    }
    if (rc == ERR_OK)
        rc = hubstore_content_missing(s, o->role, o->version, CONTENT_MISSING_MAX, o->a,
                                      &o->missing, &o->missing_count, why);
    if (rc != ERR_OK)
        return rc;
    o->answer = o->missing_count > 0 ? CONTENT_MISSING : CONTENT_COUNTS;
    if (o->answer == CONTENT_COUNTS)
        return hubstore_content_stand_in(s, o->role, o->version, HUB_CONTENT_KEEP, why);
    return ERR_OK;
}

/* A file that the hub has lost is asked for when its role is offered once more. */
static enum err content_role_whole(struct hubstore *s, struct content_offer *o, struct why *why)
{
    enum err rc = hubstore_content_missing(s, o->role, o->version, CONTENT_MISSING_MAX, o->a,
                                           &o->missing, &o->missing_count, why);

    if (rc == ERR_OK && o->missing_count > 0)
        o->answer = CONTENT_MISSING;
    return rc;
}

static enum err content_role(struct hubstore *s, struct content_offer *o,
                             const struct tuf_meta *root, const struct hub_meta *held,
                             struct why *why)
{
    struct hub_meta row;
    struct tuf_meta targets, m;
    enum err rc = content_standing(s, "targets", TUF_TARGETS, &root->roles[TUF_TARGETS], o->a, &row,
                                   &targets, &o->reason);

    if (rc == ERR_NOT_FOUND || rc == ERR_DENIED) {
        (void)why_set(&o->reason, rc, 0,
                      "the hub has no targets.json that its root has signed for");
        return content_answer(o, CONTENT_UNTRUSTED);
    }
    if (rc != ERR_OK)
        return why_set(why, rc, 0, "%s", o->reason.text);
    const struct tuf_delegation *d = tuf_meta_delegation(o->a, &targets, o->role);
    if (d == NULL) {
        (void)content_outside(o, o->role, "nobody has given this role a word here");
        return ERR_OK;
    }
    if (!content_read(o, TUF_TARGETS, &m) || !content_signed(o, &m, &d->signers))
        return ERR_OK;
    if (!content_newer(o, held))
        return o->answer == CONTENT_STOOD ? content_role_whole(s, o, why) : ERR_OK;
    if (!content_good(o, &m) || !content_role_fits(o, &m, d))
        return ERR_OK;
    o->answer = CONTENT_COUNTS;
    return o->look ? ERR_OK : content_role_stage(s, o, &m, why);
}

/* ---- all of them ---- */

static enum err content_judge(struct hubstore *s, struct content_offer *o, struct why *why)
{
    const enum tuf_kind kind = content_kind_of(o->role);
    struct hub_meta root_row, row;
    struct tuf_meta root;
    enum err rc = content_standing(s, "root", TUF_ROOT, NULL, o->a, &root_row, &root, why);

    if (rc == ERR_NOT_FOUND) {
        (void)why_set(&o->reason, rc, 0,
                      "the hub trusts no root yet; `canny-hub content trust` gives it one");
        return content_answer(o, CONTENT_UNTRUSTED);
    }
    if (rc != ERR_OK)
        return rc;
    rc = hubstore_content_meta(s, o->role, 0, true, o->a, &row, why);
    if (rc != ERR_OK && rc != ERR_NOT_FOUND)
        return rc;
    const struct hub_meta *held = rc == ERR_OK ? &row : NULL;
    if (kind == TUF_ROOT)
        return content_root(s, o, &root, &root_row, why);
    if (kind == TUF_SNAPSHOT || kind == TUF_TIMESTAMP)
        return content_mirrored(s, o, kind, &root, held, why);
    return strcmp(o->role, "targets") == 0 ? content_targets(s, o, &root, held, why)
                                           : content_role(s, o, &root, held, why);
}

enum err content_offer_look(struct hubstore *s, struct content_offer *o, struct why *why)
{
    o->look = true;
    enum err rc = content_judge(s, o, why);
    o->look = false;
    return rc;
}

enum err content_offer_in(struct hubstore *s, struct content_offer *o, struct why *why)
{
    struct content_signing g = { .now_ms = o->now_ms, .a = o->a };
    o->missing_count = 0; /* a transaction may be run again */
    o->timestamp = 0;
    o->above = 0;
    enum err rc = hubstore_content_lock_in(s, why);

    if (rc == ERR_OK)
        rc = content_judge(s, o, why);
    if (rc != ERR_OK || (o->answer != CONTENT_COUNTS && o->answer != CONTENT_STOOD))
        return rc;
    if (o->answer == CONTENT_COUNTS)
        rc = hubstore_content_sweep_in(s, o->now_ms, why);
    g.above = o->above;
    g.force = o->above > 0;
    if (rc == ERR_OK)
        rc = content_sign_in(s, &g, why);
    o->timestamp = g.timestamp;
    return rc;
}
