#include "sync/pack/roles.h"

#include <stdlib.h>
#include <string.h>

#include "sync/update/tuf_json.h"

static enum err roles_no_memory(struct why *why)
{
    return why_set(why, ERR_NOMEM, 0, "no memory for roles");
}

struct roles *roles_new(struct arena *a, bool root)
{
    struct roles *r = arena_alloc(a, sizeof(*r));

    if (r != NULL) {
        r->a = a;
        r->root = root;
    }
    return r;
}

struct roles_row *roles_find(struct roles *r, const char *name)
{
    for (size_t i = 0; i < r->count; i++)
        if (str_eq(r->rows[i].name, name))
            return &r->rows[i];
    return NULL;
}

enum err roles_row(struct roles *r, const char *name, struct roles_row **out, struct why *why)
{
    struct roles_row *row = roles_find(r, name);

    if (row == NULL) {
        if (r->count == ROLES_MAX)
            return why_set(why, ERR_LIMIT, 0, "more than %d roles", ROLES_MAX);
        row = &r->rows[r->count];
        row->name = arena_strdup(r->a, name);
        if (row->name == NULL)
            return roles_no_memory(why);
        r->count++;
    }
    *out = row;
    return ERR_OK;
}

static bool row_has(const struct roles_row *row, const char *id)
{
    for (size_t i = 0; i < row->count; i++)
        if (str_eq(row->ids[i], id))
            return true;
    return false;
}

static const struct tuf_write_key *key_find(const struct roles *r, const char *id)
{
    for (size_t i = 0; i < r->key_count; i++)
        if (str_eq(r->keys[i].id, id))
            return &r->keys[i];
    return NULL;
}

enum err roles_add(struct roles *r, struct roles_row *row, const struct tuf_write_key *key,
                   struct why *why)
{
    if (row_has(row, key->id))
        return ERR_OK;
    if (row->count == ROLES_OF_ONE_MAX || r->key_count == ROLES_KEYS_MAX)
        return why_set(why, ERR_LIMIT, 0, "%s: too many keys", row->name);
    if (key_find(r, key->id) == NULL)
        r->keys[r->key_count++] = *key;
    row->ids[row->count++] = key->id;
    return ERR_OK;
}

enum err roles_remove(struct roles_row *row, const char *id, struct why *why)
{
    size_t found = row->count;

    for (size_t i = 0; i < row->count && strlen(id) >= 6; i++) {
        if (!str_starts(row->ids[i], id))
            continue;
        if (found < row->count)
            return why_set(why, ERR_INPUT, 0, "%s: several keys begin with %s", row->name, id);
        found = i;
    }
    if (found == row->count)
        return why_set(why, ERR_NOT_FOUND, 0,
                       "%s: no key of it begins with %s; canny-pack key list "
                       "says which there are",
                       row->name, id);
    row->count--;
    memmove(&row->ids[found], &row->ids[found + 1], (row->count - found) * sizeof(row->ids[0]));
    return ERR_OK;
}

enum err roles_drop(struct roles *r, const char *name, struct why *why)
{
    struct roles_row *row = roles_find(r, name);

    if (row == NULL)
        return why_set(why, ERR_NOT_FOUND, 0, "targets delegate nothing to %s", name);
    r->count--;
    memmove(row, row + 1, (size_t)(&r->rows[r->count] - row) * sizeof(*row));
    memset(&r->rows[r->count], 0, sizeof(*row));
    return ERR_OK;
}

enum err roles_settle(struct roles_row *row, int64_t threshold, struct why *why)
{
    if (threshold > 0)
        row->threshold = threshold;
    else if (row->threshold == 0)
        row->threshold = (int64_t)row->count / 2 + 1;
    if (row->count == 0)
        return why_set(why, ERR_INPUT, 0, "%s would have no key left: put one in with --add",
                       row->name);
    if (row->threshold > (int64_t)row->count)
        return why_set(why, ERR_INPUT, 0,
                       "%s would need %lld signatures and have %zu key%s: say fewer with "
                       "--threshold, or put keys in",
                       row->name, (long long)row->threshold, row->count,
                       row->count == 1 ? "" : "s");
    return ERR_OK;
}

/* The keys by their ids, each object in its canonical form. */
static enum err read_keys(struct roles *r, const struct json *keys, struct why *why)
{
    struct buf text;
    enum err rc = ERR_OK;

    if (keys == NULL)
        return ERR_OK;
    buf_init(&text, TUF_WRITE_MAX);
    for (const struct json *at = keys->first; rc == ERR_OK && at != NULL; at = at->next) {
        struct tuf_write_key *key = &r->keys[r->key_count];

        if (r->key_count == ROLES_KEYS_MAX) {
            rc = why_set(why, ERR_LIMIT, 0, "more than %d keys", ROLES_KEYS_MAX);
            break;
        }
        buf_reset(&text);
        rc = tuf_json_write(&text, at, why);
        if (rc != ERR_OK)
            break;
        key->id = at->key;
        key->object = arena_strdup(r->a, text.data);
        rc = key->object != NULL ? ERR_OK : roles_no_memory(why);
        r->key_count++;
    }
    buf_free(&text);
    return rc;
}

static enum err read_row(struct roles *r, const char *name, const struct json *node,
                         struct roles_row **out, struct why *why)
{
    const struct json *ids = json_get(node, "keyids");
    struct roles_row *row = NULL;
    enum err rc = roles_row(r, name, &row, why);

    if (rc != ERR_OK || row == NULL)
        return rc;
    for (const struct json *at = ids != NULL ? ids->first : NULL; at != NULL; at = at->next) {
        const struct tuf_write_key *key = key_find(r, at->text);

        if (key == NULL)
            return why_set(why, ERR_INPUT, 0, "%s names a key that is not there", name);
        rc = roles_add(r, row, key, why);
        if (rc != ERR_OK)
            return rc;
    }
    row->threshold = json_int(node, "threshold", 1);
    *out = row;
    return ERR_OK;
}

static enum err read_delegations(struct roles *r, const struct tuf_meta *m, struct why *why)
{
    for (size_t i = 0; i < m->delegation_count; i++) {
        const struct tuf_delegation *d = &m->delegations[i];
        const struct json *ours = json_get(d->node, "x_canny");
        struct roles_row *row = NULL;
        char path[TUF_PATH_MAX];
        enum err rc;

        (void)str_format(path, sizeof path, "%s/*", d->name);
        if (d->path_count != 1 || !str_eq(d->paths[0], path) || !d->terminating)
            return why_set(why, ERR_INPUT, 0,
                           "targets delegate %s in a way that this tool does not write", d->name);
        rc = read_row(r, d->name, d->node, &row, why);
        if (rc != ERR_OK || row == NULL)
            return rc;
        row->kind = json_str(ours, "kind");
        row->constituency = json_str(ours, "constituency");
        row->site = json_str(ours, "site");
    }
    return ERR_OK;
}

enum err roles_read(struct arena *a, const struct tuf_meta *m, struct roles **out, struct why *why)
{
    struct roles *r = roles_new(a, m->kind == TUF_ROOT);
    const struct json *from = m->kind == TUF_ROOT ? m->node : json_get(m->node, "delegations"),
                      *rows;
    struct roles_row *row = NULL;
    enum err rc;

    if (r == NULL)
        return roles_no_memory(why);
    rc = read_keys(r, json_get(from, "keys"), why);
    rows = json_get(m->node, "roles");
    if (rc == ERR_OK && !r->root)
        rc = read_delegations(r, m, why);
    for (const struct json *at = r->root && rows != NULL ? rows->first : NULL;
         rc == ERR_OK && at != NULL; at = at->next)
        rc = read_row(r, at->key, at, &row, why);
    if (rc == ERR_OK)
        *out = r;
    return rc;
}

static int compare_rows(const void *x, const void *y)
{
    const struct roles_row *a = x, *b = y;
    bool first = str_eq(a->name, "national"), second = str_eq(b->name, "national");

    if (first != second)
        return first ? -1 : 1;
    return strcmp(a->name, b->name);
}

static struct tuf_write_role row_role(const struct roles_row *row)
{
    return (struct tuf_write_role){ row->ids, row->count, row->threshold };
}

static bool key_in_use(const struct roles *r, const char *id)
{
    for (size_t i = 0; i < r->count; i++)
        if (row_has(&r->rows[i], id))
            return true;
    return false;
}

static enum err write_targets(struct roles *r, struct tuf_write_targets *t, struct buf *out,
                              struct why *why)
{
    struct tuf_write_delegation *rows = arena_array(r->a, r->count + 1, sizeof(*rows));

    if (rows == NULL)
        return roles_no_memory(why);
    for (size_t i = 0; i < r->count; i++) {
        const struct roles_row *row = &r->rows[i];
        const char **paths = arena_array(r->a, 1, sizeof(*paths));

        if (paths == NULL)
            return roles_no_memory(why);
        paths[0] = arena_printf(r->a, "%s/*", row->name);
        if (paths[0] == NULL)
            return roles_no_memory(why);
        rows[i] = (struct tuf_write_delegation){ .name = row->name,
                                                 .role = row_role(row),
                                                 .paths = paths,
                                                 .path_count = 1,
                                                 .terminating = true,
                                                 .kind = row->kind,
                                                 .constituency = row->constituency,
                                                 .site = row->site };
    }
    t->delegations = rows;
    t->delegation_count = r->count;
    return tuf_write_targets(r->a, t, out, why);
}

static enum err write_root(struct roles *r, struct tuf_write_root *t, struct buf *out,
                           struct why *why)
{
    static const char *const names[] = { "root", "snapshot", "targets", "timestamp" };
    struct tuf_write_role *to[] = { &t->root, &t->snapshot, &t->targets, &t->timestamp };

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct roles_row *row = roles_find(r, names[i]);

        if (row == NULL || row->count == 0)
            return why_set(why, ERR_INPUT, 0, "root names no key for %s", names[i]);
        *to[i] = row_role(row);
    }
    return tuf_write_root(r->a, t, out, why);
}

enum err roles_write(struct roles *r, int64_t version, int64_t expires_ms, struct buf *out,
                     struct why *why)
{
    struct tuf_write_key *keys = arena_array(r->a, r->key_count + 1, sizeof(*keys));
    struct tuf_write_root root = { .version = version, .expires_ms = expires_ms, .keys = keys };
    struct tuf_write_targets targets = { .version = version,
                                         .expires_ms = expires_ms,
                                         .keys = keys };
    size_t count = 0;

    if (keys == NULL)
        return roles_no_memory(why);
    for (size_t i = 0; i < r->key_count; i++)
        if (key_in_use(r, r->keys[i].id))
            keys[count++] = r->keys[i];
    root.key_count = targets.key_count = count;
    if (r->count > 1)
        qsort(r->rows, r->count, sizeof(r->rows[0]), compare_rows);
    return r->root ? write_root(r, &root, out, why) : write_targets(r, &targets, out, why);
}
