#include "app/store/stops.h"

#include <stdlib.h>
#include <string.h>

#include "platform/base/json.h"
#include "platform/base/keys.h"

enum {
    TAKE_ARENA_MAX = 64 * 1024 * 1024,
    READ_ARENA_MAX = 64 * 1024 * 1024,
    FORMAT = 1,
};

static const char version_sql[] = "select value from local_meta where key = 'stops'";

enum err stops_changed(struct db *db, struct why *why)
{
    return db_exec(db,
                   "insert into local_meta(key, value) values ('stops', 1)"
                   " on conflict(key) do update set value = value + 1",
                   why);
}

/* ---- taking one file ---- */

/* Reads a notice as its author wrote it, and holds it against its id. */
static enum err notice_read(struct arena *a, const char *id, const char *source, size_t len,
                            struct stop *out, struct why *why)
{
    struct doc d;
    enum err rc = doc_parse(a, source, len, &d, why);

    if (rc == ERR_OK && !stop_is(&d))
        rc = why_set(why, ERR_INPUT, 0, "it is neither a recall nor a stop");
    if (rc == ERR_OK && !str_eq(d.id, id))
        rc = why_set(why, ERR_INPUT, 0, "its own id is %.64s", d.id);
    if (rc == ERR_OK)
        rc = stop_from_doc(a, &d, out, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "notice %.64s", id);
}

static enum err notice_put(struct db *db, const char *role, const struct json *notice,
                           struct arena *a, struct why *why)
{
    const char *id = json_str(notice, "id");
    const struct json *source = json_get(notice, "source");
    struct arena_mark mark = arena_mark(a);
    struct stop stop;
    struct db_stmt q;
    enum err rc;

    if (id == NULL || id[0] == '\0' || strlen(id) > STOP_ID_MAX || source == NULL ||
        source->type != JNODE_STRING)
        return why_set(why, ERR_INPUT, 0, "a notice has no id or no source");
    rc = notice_read(a, id, source->text, source->len, &stop, why);
    if (rc != ERR_OK)
        return rc;
    /* A second one of the same id breaks the key, and the file is refused. */
    q = db_prepare(db, "insert into local_stop(role, id, revision, source) select ?1, ?2, ?3, ?4"
                       " where not exists (select 1 from local_stop where role = ?1 and id = ?2)");
    db_bind_text(&q, 1, role);
    db_bind_text(&q, 2, id);
    db_bind_i64(&q, 3, stop.revision);
    db_bind_text(&q, 4, source->text);
    (void)db_step(&q);
    rc = db_end(&q, why);
    if (rc == ERR_OK && sqlite3_changes(db->handle) == 0)
        rc = why_set(why, ERR_INPUT, 0, "notice %.64s stands there twice", id);
    arena_rewind(a, mark);
    return rc;
}

static enum err stops_replace(struct db *db, const char *role, const struct json *notices,
                              struct arena *a, struct why *why)
{
    enum err rc = db_run(db, why, "delete from local_stop where role = ?1", role);

    for (const struct json *n = notices->first; n != NULL && rc == ERR_OK; n = n->next)
        rc = notice_put(db, role, n, a, why);
    return rc == ERR_OK ? stops_changed(db, why) : rc;
}

static enum err file_read(struct arena *a, const char *role, const char *bytes, size_t len,
                          const struct json **out, struct why *why)
{
    const struct json *file = NULL;
    const struct json *notices;
    const char *said;
    enum err rc;

    if (len > STOP_BYTES_MAX)
        return why_set(why, ERR_LIMIT, 0, "it has %zu bytes, %d at most", len, STOP_BYTES_MAX);
    rc = json_parse(a, bytes, len, STOP_BYTES_MAX, &file, why);
    if (rc != ERR_OK)
        return rc;
    notices = json_get(file, "notices");
    said = json_str(file, "role");
    if (json_int(file, "format", 0) != FORMAT || notices == NULL || notices->type != JNODE_ARRAY)
        return why_set(why, ERR_INPUT, 0, "it is no file of notices as this release knows it");
    if (said == NULL || !str_eq(said, role))
        return why_set(why, ERR_INPUT, 0, "it names the role %.60s", said == NULL ? "" : said);
    if (notices->len > STOP_NOTICES_MAX)
        return why_set(why, ERR_LIMIT, 0, "it has %zu notices, %d at most", notices->len,
                       STOP_NOTICES_MAX);
    *out = notices;
    return ERR_OK;
}

static enum err same_as_last(struct db *db, const char *role, const char *hash, bool *out,
                             struct why *why)
{
    struct db_stmt q = db_prepare(db, "select hash from local_stop_role where role = ?1");

    db_bind_text(&q, 1, role);
    *out = db_step(&q) && str_eq(db_text(&q, 0), hash);
    return db_end(&q, why);
}

static enum err stops_take_inside(struct db *db, const char *role, const char *bytes, size_t len,
                                  struct why *why)
{
    char hash[KEYS_ID_TEXT];
    const struct json *notices = NULL;
    struct arena a;
    bool same = false;
    enum err rc;

    keys_sha256_hex(hash, bytes, len);
    rc = same_as_last(db, role, hash, &same, why);
    if (rc != ERR_OK || same)
        return rc;
    arena_init(&a, TAKE_ARENA_MAX);
    rc = file_read(&a, role, bytes, len, &notices, why);
    if (rc == ERR_OK)
        rc = stops_replace(db, role, notices, &a, why);
    if (rc == ERR_OK)
        rc = db_run(db, why, "insert or replace into local_stop_role(role, hash) values (?1, ?2)",
                    role, hash);
    arena_done(&a);
    return rc;
}

enum err stops_take(struct db *db, const char *role, const char *bytes, size_t len, struct why *why)
{
    enum err rc;

    if (role[0] == '\0' || strlen(role) > STOPS_ROLE_MAX)
        return why_set(why, ERR_INPUT, 0, "stop.json: no such role");
    rc = db_begin(db, why);
    if (rc == ERR_OK)
        rc = db_finish(db, stops_take_inside(db, role, bytes, len, why), why);
    return rc == ERR_OK ? rc : why_in(why, rc, "stop.json of %s", role);
}

static enum err stops_drop(struct db *db, const char *role, struct why *why)
{
    enum err rc = db_run(db, why, "delete from local_stop where role = ?1", role);

    if (rc == ERR_OK)
        rc = db_run(db, why, "delete from local_stop_role where role = ?1", role);
    return rc == ERR_OK ? stops_changed(db, why) : rc;
}

static bool role_kept(const char *role, const char *const *roles, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(roles[i], role))
            return true;
    return str_eq(role, STOPS_FOLDER);
}

/* One at a time: there are two or three. */
static enum err stops_gone(struct db *db, const char *const *roles, size_t count,
                           char out[STOPS_ROLE_MAX + 1], struct why *why)
{
    struct db_stmt q = db_prepare(db, "select role from local_stop_role order by role");

    out[0] = '\0';
    while (out[0] == '\0' && db_step(&q))
        if (!role_kept(db_text(&q, 0), roles, count))
            (void)str_copy(out, STOPS_ROLE_MAX + 1, db_text(&q, 0));
    return db_end(&q, why);
}

enum err stops_keep_roles(struct db *db, const char *const *roles, size_t count, struct why *why)
{
    char role[STOPS_ROLE_MAX + 1];
    enum err rc = db_begin(db, why);

    if (rc != ERR_OK)
        return why_in(why, rc, "roles of notices");
    do {
        rc = stops_gone(db, roles, count, role, why);
        if (rc == ERR_OK && role[0] != '\0')
            rc = stops_drop(db, role, why);
    } while (rc == ERR_OK && role[0] != '\0');
    rc = db_finish(db, rc, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "roles of notices");
}

/* ---- reading them ---- */

/* A folder's notice of a role whose own file was taken counts no more: that file is what holds. The rows of a folder
   have the role in their id. */
static const char read_sql[] =
    "select s.role, s.id, s.source from local_stop s where s.role <> '" STOPS_FOLDER "'"
    " or not exists (select 1 from local_stop_role r where r.role = iif(s.id glob 'employers/*',"
    " substr(s.id, 1, 9 + instr(substr(s.id, 11), '/')), 'national'))"
    " order by iif(s.role = '" STOPS_FOLDER "' or s.role not glob 'employers/*', s.id,"
    " s.role || '/' || s.id)";

static enum err stop_load(struct stops *out, struct db_stmt *q, struct why *why)
{
    struct stop *stop = &out->rows[out->count];
    const char *role = db_text_in(q, 0, &out->a);
    const char *id = db_text_in(q, 1, &out->a);
    const char *source = db_text_in(q, 2, &out->a);
    const char *own = id == NULL ? NULL : strrchr(id, '/');
    enum err rc;

    if (role == NULL || id == NULL || source == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for a notice");
    rc = notice_read(&out->a, own == NULL ? id : own + 1, source, strlen(source), stop, why);
    if (rc != ERR_OK)
        return rc;
    stop->key = str_starts(role, "employers/") ? arena_printf(&out->a, "%s/%s", role, id) : id;
    if (stop->key == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for a notice");
    out->count++;
    return ERR_OK;
}

static enum err stops_load(struct store *s, struct stops *out, struct why *why)
{
    int64_t count = 0;
    struct db_stmt q;
    enum err ended;
    enum err rc = db_one_i64(&s->db, "select count(*) from local_stop", 0, &count, why);

    if (rc != ERR_OK)
        return rc;
    out->rows = arena_array(&out->a, (size_t)count + 1, sizeof *out->rows);
    if (out->rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the notices");
    q = db_prepare(&s->db, read_sql);
    while (rc == ERR_OK && out->count < (size_t)count && db_step(&q))
        rc = stop_load(out, &q, why);
    ended = db_end(&q, rc == ERR_OK ? why : NULL);
    return rc == ERR_OK ? ended : rc;
}

enum err stops_version(struct store *s, int64_t *out, struct why *why)
{
    return db_one_i64(&s->db, version_sql, 0, out, why);
}

enum err stops_now(struct store *s, const struct stops **out, struct why *why)
{
    struct stops *fresh;
    int64_t version = 0;
    enum err rc;

    if (s->stops_lent) {
        *out = s->stops;
        return ERR_OK;
    }
    rc = stops_version(s, &version, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "notices");
    if (s->stops != NULL && s->stops->version == version) {
        *out = s->stops;
        return ERR_OK;
    }
    fresh = calloc(1, sizeof *fresh);
    if (fresh == NULL)
        return why_set(why, ERR_NOMEM, 0, "notices: no memory");
    arena_init(&fresh->a, READ_ARENA_MAX);
    fresh->version = version;
    rc = stops_load(s, fresh, why);
    if (rc != ERR_OK) {
        arena_done(&fresh->a);
        free(fresh);
        return why_in(why, rc, "notices");
    }
    stops_free(s);
    s->stops = fresh;
    *out = fresh;
    return ERR_OK;
}

void stops_free(struct store *s)
{
    if (s->stops != NULL && !s->stops_lent) {
        arena_done(&s->stops->a);
        free(s->stops);
    }
    s->stops = NULL;
}
