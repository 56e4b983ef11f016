#include <stdlib.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/update/tuf_meta_parts.h"

enum { ROLES_THRESHOLD_MAX = 1000000, ROLES_PATHS_MAX = 20000, ROLES_BITS_MAX = 32 };

static int roles_key_order(const void *x, const void *y)
{
    const struct tuf_key *a = x;
    const struct tuf_key *b = y;

    return strcmp(a->id, b->id);
}

enum err tuf_keys_read(struct arena *a, const struct json *node, struct tuf_keys *out,
                       struct why *why)
{
    struct tuf_key *rows = NULL;
    size_t count = 0;

    if (node == NULL || node->type != JNODE_OBJECT)
        return why_set(why, ERR_INPUT, 0, "keys are missing");
    if (node->len > TUF_KEYS_MAX)
        return why_set(why, ERR_LIMIT, 0, "%zu keys, the maximum is %d", node->len, TUF_KEYS_MAX);
    rows = arena_array(a, node->len + 1, sizeof *rows);
    if (rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "keys");
    for (const struct json *m = node->first; m != NULL && count < node->len; m = m->next) {
        enum err rc = tuf_key_read(a, m->key, m, &rows[count], why);

        if (rc != ERR_OK)
            return rc;
        count++;
    }
    if (count > 1)
        qsort(rows, count, sizeof *rows, roles_key_order);
    *out = (struct tuf_keys){ rows, count };
    return ERR_OK;
}

/* An array of non-empty texts. */
static enum err tuf_texts_read(struct arena *a, const struct json *node, size_t max,
                               const char *what, const char ***out, size_t *out_count,
                               struct why *why)
{
    const char **rows = NULL;
    size_t count = 0;

    if (node == NULL || node->type != JNODE_ARRAY)
        return why_set(why, ERR_INPUT, 0, "%s: not a list", what);
    if (node->len > max)
        return why_set(why, ERR_LIMIT, 0, "%s: %zu, the maximum is %zu", what, node->len, max);
    rows = arena_array(a, node->len + 1, sizeof *rows);
    if (rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "%s", what);
    for (const struct json *m = node->first; m != NULL && count < node->len; m = m->next) {
        if (m->type != JNODE_STRING)
            return why_set(why, ERR_INPUT, 0, "%s: not a list of texts", what);
        rows[count++] = m->text;
    }
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

enum err tuf_signers_read(struct arena *a, const struct json *node, const struct tuf_keys *keys,
                          const char *what, struct tuf_signers *out, struct why *why)
{
    const int64_t threshold = json_int(node, "threshold", 0);
    const struct tuf_key **rows = NULL;
    const char **ids = NULL;
    size_t id_count = 0;
    size_t count = 0;
    enum err rc = tuf_texts_read(a, json_get(node, "keyids"), TUF_ROLE_KEYS_MAX, "keyids", &ids,
                                 &id_count, why);

    if (rc != ERR_OK)
        return why_in(why, rc, "role %.64s", what);
    if (threshold < 1 || threshold > ROLES_THRESHOLD_MAX)
        return why_set(why, ERR_INPUT, 0, "role %.64s: threshold under 1", what);
    rows = arena_array(a, id_count + 1, sizeof(const struct tuf_key *));
    if (rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "role %.64s", what);
    /* A keyid without a key is nobody's: it makes the role harder to sign and not easier. */
    for (size_t i = 0; i < id_count && keys->count > 0; i++) {
        const struct tuf_key *key = bsearch(&(struct tuf_key){ .id = ids[i] }, keys->rows,
                                            keys->count, sizeof *keys->rows, roles_key_order);
        if (key != NULL)
            rows[count++] = key;
    }
    *out = (struct tuf_signers){ rows, count, (unsigned)threshold };
    return ERR_OK;
}

/* ---- delegations ---- */

static bool roles_name_ok(const char *name)
{
    static const char *const top[] = { "root", "timestamp", "snapshot", "targets" };

    for (size_t i = 0; i < COUNT_OF(top); i++)
        if (str_eq(name, top[i]))
            return false;
    return name != NULL && name[0] != '\0';
}

/* Which targets a row is for: either patterns of paths or beginnings of the hashes of paths. */
static enum err roles_scope_read(struct arena *a, const struct json *node, struct tuf_delegation *d,
                                 struct why *why)
{
    const struct json *paths = json_get(node, "paths");
    const struct json *prefixes = json_get(node, "path_hash_prefixes");
    enum err rc = ERR_OK;

    if ((paths == NULL) == (prefixes == NULL))
        return why_set(why, ERR_INPUT, 0, "role %.64s: either paths or path_hash_prefixes",
                       d->name);
    if (paths != NULL)
        return tuf_texts_read(a, paths, ROLES_PATHS_MAX, "paths", &d->paths, &d->path_count, why);
    rc = tuf_texts_read(a, prefixes, ROLES_PATHS_MAX, "path_hash_prefixes", &d->prefixes,
                        &d->prefix_count, why);
    return rc;
}

static enum err roles_row_read(struct arena *a, const struct json *node,
                               const struct tuf_keys *keys, struct tuf_delegation *out,
                               struct why *why)
{
    const struct json *terminating = json_get(node, "terminating");
    struct tuf_delegation d = { .name = json_str(node, "name"), .node = node };

    if (!roles_name_ok(d.name))
        return why_set(why, ERR_INPUT, 0, "a delegation without a name, or to a top-level role");
    if (terminating != NULL && terminating->type != JNODE_BOOL)
        return why_set(why, ERR_INPUT, 0, "role %.64s: terminating is neither true nor false",
                       d.name);
    d.terminating = terminating != NULL && terminating->integer != 0;
    enum err rc = tuf_signers_read(a, node, keys, d.name, &d.signers, why);
    if (rc == ERR_OK)
        rc = roles_scope_read(a, node, &d, why);
    if (rc == ERR_OK)
        *out = d;
    return rc;
}

static int roles_name_order(const void *x, const void *y)
{
    const char *const *a = x;
    const char *const *b = y;

    return strcmp(*a, *b);
}

/* Two rows of one name would make two answers to who may sign it. */
static enum err roles_names_once(struct arena *a, const struct tuf_delegation *rows, size_t count,
                                 struct why *why)
{
    const char **names = arena_array(a, count + 1, sizeof(const char *));

    if (names == NULL)
        return why_set(why, ERR_NOMEM, 0, "delegations");
    for (size_t i = 0; i < count; i++)
        names[i] = rows[i].name;
    if (count > 1)
        qsort(names, count, sizeof(const char *), roles_name_order);
    for (size_t i = 1; i < count; i++)
        if (str_eq(names[i], names[i - 1]))
            return why_set(why, ERR_INPUT, 0, "role %.64s is delegated twice", names[i]);
    return ERR_OK;
}

static enum err roles_rows_read(struct arena *a, const struct json *node,
                                const struct tuf_keys *keys, struct tuf_meta *out, struct why *why)
{
    struct tuf_delegation *rows = NULL;
    size_t count = 0;

    if (node->type != JNODE_ARRAY)
        return why_set(why, ERR_INPUT, 0, "delegations: roles is not a list");
    if (node->len > TUF_ROLES_MAX)
        return why_set(why, ERR_LIMIT, 0, "%zu delegations, the maximum is %d", node->len,
                       TUF_ROLES_MAX);
    rows = arena_array(a, node->len + 1, sizeof *rows);
    if (rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "delegations");
    for (const struct json *m = node->first; m != NULL && count < node->len; m = m->next) {
        enum err rc = roles_row_read(a, m, keys, &rows[count], why);

        if (rc != ERR_OK)
            return rc;
        count++;
    }
    out->delegations = rows;
    out->delegation_count = count;
    return roles_names_once(a, rows, count, why);
}

static enum err roles_bins_read(struct arena *a, const struct json *node,
                                const struct tuf_keys *keys, struct tuf_bins *out, struct why *why)
{
    const int64_t bits = json_int(node, "bit_length", 0);
    struct tuf_bins b = { .prefix = json_str(node, "name_prefix"), .bits = (unsigned)bits };

    if (b.prefix == NULL || b.prefix[0] == '\0' || bits < 1 || bits > ROLES_BITS_MAX)
        return why_set(why, ERR_INPUT, 0, "hash bins without a name, or not of 1 to 32 bits");
    enum err rc = tuf_signers_read(a, node, keys, b.prefix, &b.signers, why);
    if (rc == ERR_OK)
        *out = b;
    return rc;
}

enum err tuf_delegations_read(struct arena *a, const struct json *node, struct tuf_meta *out,
                              struct why *why)
{
    const struct json *rows = json_get(node, "roles");
    const struct json *bins = json_get(node, "succinct_roles");
    struct tuf_keys keys = { 0 };

    if (node == NULL)
        return ERR_OK;
    if (node->type != JNODE_OBJECT || (rows == NULL) == (bins == NULL))
        return why_set(why, ERR_INPUT, 0, "delegations: either roles or succinct_roles");
    enum err rc = tuf_keys_read(a, json_get(node, "keys"), &keys, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "delegations");
    return rows != NULL ? roles_rows_read(a, rows, &keys, out, why)
                        : roles_bins_read(a, bins, &keys, &out->bins, why);
}

/* Whether the name is one that tuf_bins_role could give. */
static bool roles_is_bin(const struct tuf_bins *b, const char *role)
{
    const size_t digits = (b->bits + 3) / 4;
    const size_t head = strlen(b->prefix);

    if (!str_starts(role, b->prefix) || role[head] != '-' || !hex_is(role + head + 1, digits))
        return false;
    return strtoull(role + head + 1, NULL, 16) >> b->bits == 0;
}

const struct tuf_delegation *tuf_meta_delegation(struct arena *a, const struct tuf_meta *m,
                                                 const char *role)
{
    for (size_t i = 0; i < m->delegation_count; i++)
        if (str_eq(m->delegations[i].name, role))
            return &m->delegations[i];
    if (m->bins.prefix == NULL || !roles_is_bin(&m->bins, role))
        return NULL;
    struct tuf_delegation *d = arena_alloc(a, sizeof *d);
    if (d != NULL)
        *d = (struct tuf_delegation){ .name = arena_strdup(a, role), .signers = m->bins.signers };
    return d != NULL && d->name != NULL ? d : NULL;
}
