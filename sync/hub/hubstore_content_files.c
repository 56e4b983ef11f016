#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_content.h"
#include "sync/hub/hubstore_parts.h"

/* The files of content, as they travel, and which version of which role names them. */

enum { CONTENT_ROWS = 2000 /* named in one statement */ };

static const struct sql_table content_refs = {
    .into = "content_ref(role, version, name, bytes)",
    .types = "titi",
    .conflict = "on conflict do nothing",
};

enum err hubstore_content_name_in(struct hubstore *s, const char *role, int64_t version,
                                  const struct hub_named *files, size_t count, struct why *why)
{
    struct sql_value values[4 * CONTENT_ROWS];
    enum err rc = ERR_OK;

    for (size_t at = 0; at < count && rc == ERR_OK; at += CONTENT_ROWS) {
        const size_t rows = count - at < CONTENT_ROWS ? count - at : CONTENT_ROWS;
        for (size_t i = 0; i < rows; i++) {
            struct sql_value *v = &values[4 * i];
            const struct hub_named *f = &files[at + i];
            v[0] = (struct sql_value){ .data = role, .len = strlen(role) };
            v[1] = (struct sql_value){ .data = "", .i64 = version };
            v[2] = (struct sql_value){ .data = f->name, .len = strlen(f->name) };
            v[3] = (struct sql_value){ .data = "", .i64 = f->bytes };
        }
        rc = sql_rows(s->sql, &content_refs, values, rows, why);
    }
    return rc;
}

enum err hubstore_content_room_in(struct hubstore *s, struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, "select count(*), cast(coalesce(sum(r.bytes), 0) as bigint),"
                " cast(coalesce(sum(case when m.stands = 0 then r.bytes else 0 end), 0) as bigint)"
                " from content_ref r join content_meta m on m.role = r.role"
                " and m.version = r.version");
    int64_t names = 0;
    int64_t bytes = 0;
    int64_t staged = 0;

    if (sql_step(&q)) {
        names = sql_i64(&q, 0);
        bytes = sql_i64(&q, 1);
        staged = sql_i64(&q, 2);
    }
    enum err rc = sql_end(&q, why);
    if (rc != ERR_OK)
        return rc;
    if (names > HUB_CONTENT_NAMES_MAX)
        return why_set(why, ERR_LIMIT, 0, "%lld files would be named; this hub keeps %d",
                       (long long)names, HUB_CONTENT_NAMES_MAX);
    if (bytes > HUB_CONTENT_BYTES_MAX)
        return why_set(why, ERR_LIMIT, 0, "%lld bytes would be named; this hub keeps %lld",
                       (long long)bytes, (long long)HUB_CONTENT_BYTES_MAX);
    if (staged > HUB_CONTENT_STAGED_MAX)
        return why_set(why, ERR_LIMIT, 0, "%lld bytes would be on offer; this hub takes %lld",
                       (long long)staged, (long long)HUB_CONTENT_STAGED_MAX);
    return ERR_OK;
}

enum err hubstore_content_wanted(struct hubstore *s, const char *name, struct hub_wanted *out,
                                 struct why *why)
{
    struct hub_wanted w = { .named = false };
    struct sql_stmt q = sql_prepare(
        s->sql, "select r.role, r.version, r.bytes, m.stands, (select count(*) from content_file"
                " where name = $1) from content_ref r join content_meta m on m.role = r.role and"
                " m.version = r.version where r.name = $1 order by m.stands, r.version desc"
                " limit 1");

    sql_bind_text(&q, 1, name);
    if (sql_step(&q)) {
        w.named = true;
        (void)str_copy(w.role, sizeof(w.role), sql_text(&q, 0));
        w.version = sql_i64(&q, 1);
        w.bytes = sql_i64(&q, 2);
        w.offered = sql_i64(&q, 3) == 0;
        w.held = sql_i64(&q, 4) != 0;
    }
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK)
        *out = w;
    return rc;
}

enum err hubstore_content_size(struct hubstore *s, const char *name, size_t *out, struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select size from content_file where name = $1");
    bool found;
    size_t size = 0;

    sql_bind_text(&q, 1, name);
    found = sql_step(&q);
    if (found)
        size = (size_t)sql_i64(&q, 0);
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK && !found)
        rc = why_set(why, ERR_NOT_FOUND, 0, "the hub does not hold this file");
    if (rc == ERR_OK)
        *out = size;
    return rc;
}

enum err hubstore_content_held(struct hubstore *s, const char *name, bool *out, struct why *why)
{
    size_t size;
    enum err rc = hubstore_content_size(s, name, &size, why);

    if (rc == ERR_OK || rc == ERR_NOT_FOUND)
        *out = rc == ERR_OK;
    return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

enum err hubstore_content_namers(struct hubstore *s, const char *name, const char *role,
                                 int64_t *out, size_t max, size_t *out_count, struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "select version from content_ref where name = $1 and role = $2"
                            " order by version desc limit $3");
    size_t count = 0;

    sql_bind_text(&q, 1, name);
    sql_bind_text(&q, 2, role);
    sql_bind_i64(&q, 3, (int64_t)max);
    while (count < max && sql_step(&q))
        out[count++] = sql_i64(&q, 0);
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK)
        *out_count = count;
    return rc;
}

/* The one name that the statement gives. */
static enum err content_one_name(struct sql_stmt *q, struct arena *a, const char **out,
                                 struct why *why)
{
    const char *name = sql_step(q) ? sql_text_in(q, 0, a) : NULL;
    enum err rc = sql_end(q, why);

    if (rc == ERR_OK && name == NULL)
        rc = why_set(why, ERR_NOT_FOUND, 0, "no role that the hub knows names it");
    if (rc == ERR_OK)
        *out = name;
    return rc;
}

enum err hubstore_content_manifest(struct hubstore *s, const char *hash, struct arena *a,
                                   const char **out, struct why *why)
{
    char like[CONTENT_NAME];
    struct sql_stmt q =
        sql_prepare(s->sql, "select name from content_ref where name like 'targets/%' and name like"
                            " $1 order by version desc limit 1");

    (void)str_format(like, sizeof(like), "targets/%%/%s.manifest.json", hash);
    sql_bind_text(&q, 1, like);
    return content_one_name(&q, a, out, why);
}

enum err hubstore_content_dictionary(struct hubstore *s, const char *role, int64_t version,
                                     const char *digits, struct arena *a, const char **out,
                                     struct why *why)
{
    char from[CONTENT_NAME];
    char to[CONTENT_NAME];
    struct sql_stmt q =
        sql_prepare(s->sql, "select name from content_ref where role = $1 and version = $2"
                            " and name >= $3 and name < $4 and name not like '%-%' limit 1");

    (void)str_format(from, sizeof(from), "blobs/%.2s/%s", digits, digits);
    (void)str_format(to, sizeof(to), "%s~", from); /* behind every digit */
    sql_bind_text(&q, 1, role);
    sql_bind_i64(&q, 2, version);
    sql_bind_text(&q, 3, from);
    sql_bind_text(&q, 4, to);
    return content_one_name(&q, a, out, why);
}

enum err hubstore_content_patchable(struct hubstore *s, const char *role, struct arena *a,
                                    const char **out, size_t max, size_t *out_count,
                                    struct why *why)
{
    struct content_name n;
    char newest[KEYS_ID_TEXT] = "";
    size_t count = 0;
    struct sql_stmt q =
        sql_prepare(s->sql, "select name from content_ref where role = $1 and name like"
                            " 'targets/%.manifest.json' order by version desc limit 8");

    sql_bind_text(&q, 1, role);
    while (count < max && sql_step(&q)) {
        if (!content_name_read(sql_text(&q, 0), &n) || strcmp(n.hash, newest) == 0)
            continue;
        out[count++] = newest[0] == '\0' ? arena_printf(a, "patches/%s.zst", n.hash)
                                         : arena_printf(a, "patches/%s-%s.zst", n.hash, newest);
        if (newest[0] == '\0')
            (void)str_copy(newest, sizeof(newest), n.hash);
    }
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "content: no memory");
    if (rc == ERR_OK)
        *out_count = count;
    return rc;
}

enum err hubstore_content_patches_in(struct hubstore *s, const char *role, int64_t version,
                                     const char *hash, struct why *why)
{
    char like[CONTENT_NAME];
    struct sql_stmt q = sql_prepare(
        s->sql, "insert into content_ref(role, version, name, bytes) select distinct role,"
                " cast($2 as bigint), name, bytes from content_ref where role = $1"
                " and name like $3 on conflict do nothing");

    (void)str_format(like, sizeof(like), "patches/%%%s.zst", hash);
    sql_bind_text(&q, 1, role);
    sql_bind_i64(&q, 2, version);
    sql_bind_text(&q, 3, like);
    return sql_done(&q, NULL, why);
}

/* The names that the statement gives, at most max, in the arena. */
static enum err content_list(struct sql_stmt *q, size_t max, struct arena *a, const char ***out,
                             size_t *out_count, struct why *why)
{
    const char **names = arena_array(a, max, sizeof(*names));
    size_t count = 0;

    while (names != NULL && count < max && sql_step(q))
        names[count++] = sql_text_in(q, 0, a);
    enum err rc = sql_end(q, why);
    if (rc == ERR_OK && names == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "content: no memory");
    if (rc == ERR_OK) {
        *out = names;
        *out_count = count;
    }
    return rc;
}

enum err hubstore_content_missing(struct hubstore *s, const char *role, int64_t version, size_t max,
                                  struct arena *a, const char ***out, size_t *out_count,
                                  struct why *why)
{
    /* Targets first: of a manifest that is not there nothing else is known. Then the dictionary, without which no blob can be
       looked at. */
    struct sql_stmt q =
        sql_prepare(s->sql, "select name from content_ref where role = $1 and version = $2"
                            " and name not like 'patches/%' and not exists (select 1 from"
                            " content_file f where f.name = content_ref.name)"
                            " order by case when name like '%.manifest.json' then 0"
                            " when name like 'targets/%' then 1 when name like '%-%' then 3"
                            " else 2 end, name"
                            " limit $3");
    sql_bind_text(&q, 1, role);
    sql_bind_i64(&q, 2, version);
    sql_bind_i64(&q, 3, (int64_t)max);
    return content_list(&q, max, a, out, out_count, why);
}

enum err hubstore_content_file(struct hubstore *s, const char *name, struct arena *a,
                               const void **out, size_t *out_len, struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select body from content_file where name = $1");
    const char *body = NULL;
    size_t len = 0;
    bool found;

    sql_bind_text(&q, 1, name);
    found = sql_step(&q);
    if (found) {
        const void *bytes = sql_bytes(&q, 0, &len);
        body = arena_strndup(a, bytes, len);
    }
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK && !found)
        rc = why_set(why, ERR_NOT_FOUND, 0, "the hub does not hold this file");
    else if (rc == ERR_OK && body == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "content: no memory for %zu bytes", len);
    if (rc == ERR_OK) {
        *out = body;
        *out_len = len;
    }
    return rc;
}

enum err hubstore_content_file_put_in(struct hubstore *s, const char *name, const void *body,
                                      size_t len, struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "insert into content_file(name, size, body)"
                                            " values($1, $2, $3) on conflict do nothing");

    sql_bind_text(&q, 1, name);
    sql_bind_i64(&q, 2, (int64_t)len);
    sql_bind_bytes(&q, 3, body, len);
    return sql_done(&q, NULL, why);
}

enum err hubstore_content_named(struct hubstore *s, const char *role, int64_t version,
                                const char *after, size_t max, struct arena *a, const char ***out,
                                size_t *out_count, struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "select name from content_ref where role = $1 and version = $2 and"
                            " name > $3 and exists (select 1 from content_file f where f.name ="
                            " content_ref.name) order by name limit $4");

    sql_bind_text(&q, 1, role);
    sql_bind_i64(&q, 2, version);
    sql_bind_text(&q, 3, after);
    sql_bind_i64(&q, 4, (int64_t)max);
    return content_list(&q, max, a, out, out_count, why);
}

enum err hubstore_content_names(struct hubstore *s, const char *after, size_t max, struct arena *a,
                                const char ***out, size_t *out_count, struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "select name from content_file where name > $1 order by name limit $2");

    sql_bind_text(&q, 1, after);
    sql_bind_i64(&q, 2, (int64_t)max);
    return content_list(&q, max, a, out, out_count, why);
}
