/* Who may say what a target is. */
#include <assert.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/update/tuf_client_parts.h"

/* A role that the search has yet to look into, by the word of one delegator. */
struct find_role {
    const char *name;
    const struct tuf_signers *by;
    struct find_role *next;
};

struct find {
    struct tuf_client *c;
    const struct client_source *from;
    struct arena *a;
    const char *path;
    struct find_role *left; /* in the order in which they are looked into */
    const char *seen[TUF_VISITS_MAX];
    size_t seen_count;
};

enum err tuf_client_role(struct tuf_client *c, update_get get, void *ctx, const char *role,
                         struct arena *a, struct tuf_meta *out, struct why *why)
{
    const struct client_source from = { get, ctx };
    const struct tuf_delegation *d = NULL;

    assert(c->ready && (get != NULL || c->stored_only));
    d = tuf_meta_delegation(a, &c->slots[TUF_TARGETS].m, role);
    if (d == NULL)
        return client_fail(c, TUF_NO_TARGET,
                           why_set(why, ERR_NOT_FOUND, 0, "nobody delegates to %.80s", role));
    return client_targets(c, &from, role, &d->signers, a, out, why);
}

static enum err find_push(struct find *f, const char *name, const struct tuf_signers *by,
                          struct find_role **list_end, struct why *why)
{
    struct find_role *r = arena_alloc(f->a, sizeof *r);

    if (r == NULL)
        return client_fail(f->c, TUF_OURS, why_set(why, ERR_NOMEM, 0, "find %.80s", f->path));
    *r = (struct find_role){ .name = name, .by = by };
    *list_end = r;
    return ERR_OK;
}

/* Puts the roles that these targets delegate the path to in front of what is left; behind a terminating one nothing is. */
static enum err find_descend(struct find *f, const struct tuf_meta *m, struct why *why)
{
    struct find_role *first = NULL;
    struct find_role **end = &first;
    bool terminating = false;
    enum err rc = ERR_OK;

    for (size_t i = 0; i < m->delegation_count && !terminating && rc == ERR_OK; i++) {
        const struct tuf_delegation *d = &m->delegations[i];

        if (!tuf_delegation_covers(d, f->path))
            continue;
        rc = find_push(f, d->name, &d->signers, end, why);
        if (rc == ERR_OK)
            end = &(*end)->next;
        terminating = d->terminating;
    }
    if (rc == ERR_OK && m->bins.prefix != NULL) {
        char name[TUF_QUOTED_MAX];

        rc = tuf_bins_role(&m->bins, f->path, name, why);
        const char *kept = rc == ERR_OK ? arena_strdup(f->a, name) : NULL;
        if (rc == ERR_OK && kept == NULL)
            rc = why_set(why, ERR_NOMEM, 0, "find %.80s", f->path);
        if (rc != ERR_OK)
            return client_fail_ours(f->c, TUF_MALFORMED, rc);
        rc = find_push(f, kept, &m->bins.signers, end, why);
        if (rc == ERR_OK)
            end = &(*end)->next;
    }
    if (rc == ERR_OK) {
        *end = terminating ? NULL : f->left;
        f->left = first;
    }
    return rc;
}

static bool find_seen(const struct find *f, const char *name)
{
    for (size_t i = 0; i < f->seen_count; i++)
        if (str_eq(f->seen[i], name))
            return true;
    return false;
}

/* The metadata of the next role, or none when it was looked into before: a circle ends. */
static enum err find_visit(struct find *f, const struct find_role *r, struct tuf_meta **out,
                           struct why *why)
{
    *out = NULL;
    if (find_seen(f, r->name))
        return ERR_OK;
    if (f->seen_count == TUF_VISITS_MAX)
        return client_fail(f->c, TUF_NO_TARGET,
                           why_set(why, ERR_LIMIT, 0,
                                   "not found in the first %d roles that it is delegated to",
                                   TUF_VISITS_MAX));
    f->seen[f->seen_count++] = r->name;
    struct tuf_meta *m = arena_alloc(f->a, sizeof *m);
    if (m == NULL)
        return client_fail(f->c, TUF_OURS, why_set(why, ERR_NOMEM, 0, "role %.80s", r->name));
    enum err rc = client_targets(f->c, f->from, r->name, r->by, f->a, m, why);
    if (rc == ERR_OK)
        *out = m;
    return rc;
}

static enum err find_walk(struct find *f, struct tuf_target *out, struct why *why)
{
    const struct tuf_meta *m = &f->c->slots[TUF_TARGETS].m;
    const char *role = "targets";

    for (;;) {
        const struct tuf_file *file = m != NULL ? tuf_meta_file(m, f->path) : NULL;
        struct tuf_meta *next = NULL;
        enum err rc = ERR_OK;

        if (file != NULL) {
            *out = (struct tuf_target){ .role = role, .file = *file };
            return ERR_OK;
        }
        if (m != NULL)
            rc = find_descend(f, m, why);
        if (rc != ERR_OK)
            return rc;
        const struct find_role *r = f->left;
        if (r == NULL)
            return client_fail(f->c, TUF_NO_TARGET,
                               why_set(why, ERR_NOT_FOUND, 0, "nobody has signed it"));
        f->left = r->next;
        rc = find_visit(f, r, &next, why);
        if (rc != ERR_OK)
            return rc;
        m = next;
        role = r->name;
    }
}

enum err tuf_client_find(struct tuf_client *c, update_get get, void *ctx, const char *path,
                         struct arena *a, struct tuf_target *out, struct why *why)
{
    const struct client_source from = { get, ctx };
    struct find f = { .c = c, .from = &from, .a = a, .path = path };

    assert(c->ready && (get != NULL || c->stored_only));
    c->fault = TUF_FINE;
    enum err rc = find_walk(&f, out, why);
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "target %.80s", path);
}

enum err tuf_client_target_name(struct tuf_client *c, const struct tuf_file *target,
                                struct arena *a, const char **out, struct why *why)
{
    char hex[2 * TUF_SHA512 + 1];
    const char *slash = strrchr(target->name, '/');
    const char *base = slash != NULL ? slash + 1 : target->name;
    const char *name = NULL;

    if (!tuf_path_ok(target->name))
        return client_fail(
            c, TUF_MALFORMED,
            why_set(why, ERR_INPUT, 0, "a path that leads elsewhere: %.80s", target->name));
    if (!target->hashes.has_sha256 && !target->hashes.has_sha512)
        return client_fail(
            c, TUF_MALFORMED,
            why_set(why, ERR_INPUT, 0, "%.80s has no hash of a known kind", target->name));
    if (target->hashes.has_sha256)
        hex_put(hex, target->hashes.sha256, KEYS_HASH);
    else
        hex_put(hex, target->hashes.sha512, TUF_SHA512);
    if (c->slots[TUF_ROOT].m.consistent)
        name = arena_printf(a, "targets/%.*s%s.%s", (int)(base - target->name), target->name, hex,
                            base);
    else
        name = arena_printf(a, "targets/%s", target->name);
    if (name == NULL)
        return client_fail(c, TUF_OURS, why_set(why, ERR_NOMEM, 0, "target %.80s", target->name));
    *out = name;
    return ERR_OK;
}

enum err tuf_client_target(struct tuf_client *c, update_get get, void *ctx,
                           const struct tuf_file *target, struct arena *a, uint8_t **out,
                           size_t *out_len, struct why *why)
{
    const char *name = NULL;
    uint8_t *bytes = NULL;
    size_t len = 0;
    enum err rc = tuf_client_target_name(c, target, a, &name, why);

    if (rc != ERR_OK)
        return rc;
    rc = get(ctx, name, (size_t)target->length, a, &bytes, &len, why);
    if (rc != ERR_OK) {
        c->fault = rc == ERR_NOT_FOUND ? TUF_MISSING
                   : rc == ERR_LIMIT   ? TUF_MIXED
                   : rc == ERR_NOMEM   ? TUF_OURS
                                       : TUF_UNREACHED;
        return why_in(why, rc, "%.120s", name);
    }
    rc = tuf_file_check(target, bytes, len, why);
    if (rc != ERR_OK)
        return client_fail(c, TUF_MIXED, rc);
    c->fault = TUF_FINE;
    *out = bytes;
    *out_len = len;
    return ERR_OK;
}
