#include "app/store/stops.h"

/* The notices that stand among a folder's documents. */

#include <string.h>

#include "app/store/content_db.h"
#include "app/store/content_pack.h"
#include "platform/base/str.h"

enum { FOLDER_ARENA_MAX = 64 * 1024 * 1024 };

/* "employers/ID/docs/x.md" to "employers/ID/"; "" for what is the nation's or the sample's. */
static const char *folder_role(struct arena *a, const char *file)
{
    static const char employers[] = "employers/";
    size_t len;
    const char *role;

    if (!str_starts(file, employers))
        return "";
    len = strlen(employers) + strcspn(file + strlen(employers), "/");
    role = arena_printf(a, "%.*s/", (int)len, file);
    return role == NULL ? "" : role;
}

/* One that nobody could follow says so to the linter and to nobody else. */
static bool folder_fits(struct arena *a, const char *source, size_t len, const char **out_id)
{
    struct doc d;
    struct stop stop;

    if (doc_parse(a, source, len, &d, NULL) != ERR_OK || !stop_is(&d) ||
        stop_from_doc(a, &d, &stop, NULL) != ERR_OK)
        return false;
    *out_id = stop.id;
    return true;
}

struct folder_row {
    const char *key, *source;
};
struct folder {
    struct folder_row rows[STOP_NOTICES_MAX];
    size_t count;
};

static bool folder_has(const struct folder *f, const char *key)
{
    for (size_t i = 0; i < f->count; i++)
        if (str_eq(f->rows[i].key, key))
            return true;
    return false;
}

/* The sample's and the nation's of one id: the higher layer comes first. */
static enum err folder_one(struct folder *f, struct db_stmt *q, struct arena *a, struct why *why)
{
    const char *role = folder_role(a, db_text(q, 0));
    const char *id = NULL;
    const char *key;
    char *source = NULL;
    size_t len = 0;
    const void *blob = db_blob(q, 1, &len);
    enum err rc = content_unpack(a, blob, len, DOC_BYTES_MAX, &source, &len, why);

    if (rc != ERR_OK || !folder_fits(a, source, len, &id))
        return rc;
    key = arena_printf(a, "%s%s", role, id);
    if (key == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for a notice");
    if (!folder_has(f, key))
        f->rows[f->count++] = (struct folder_row){ key, source };
    return ERR_OK;
}

static enum err folder_read(struct folder *f, struct content *c, struct arena *a, struct why *why)
{
    struct db_stmt q;
    enum err rc = ERR_OK;
    enum err ended;

    if (c == NULL || c->db.handle == NULL)
        return ERR_OK;
    q = db_prepare(&c->db,
                   "select d.file, s.source from doc d join doc_source s on s.place = d.place"
                   " where d.kind = 'notice' and exists (select 1 from doc_key k where k.key ="
                   " 'notice_kind' and k.value in ('recall', 'stop') and k.place = d.place)"
                   " order by d.rank desc, d.id");
    while (rc == ERR_OK && f->count < STOP_NOTICES_MAX && db_step(&q))
        rc = folder_one(f, &q, a, why);
    ended = db_end(&q, rc == ERR_OK ? why : NULL);
    return rc == ERR_OK ? ended : rc;
}

/* What is the same is written by nobody, and is no reason to draw. */
static enum err folder_same(struct db *db, const struct folder *f, bool *out, struct why *why)
{
    struct db_stmt q =
        db_prepare(db, "select id, source from local_stop where role = '" STOPS_FOLDER "'");
    size_t count = 0;
    bool same = true;

    for (; db_step(&q); count++) {
        bool found = false;

        for (size_t i = 0; i < f->count && !found; i++)
            found =
                str_eq(f->rows[i].key, db_text(&q, 0)) && str_eq(f->rows[i].source, db_text(&q, 1));
        same = same && found;
    }
    *out = same && count == f->count;
    return db_end(&q, why);
}

static enum err folder_put(struct db *db, const struct folder *f, struct why *why)
{
    enum err rc = db_exec(db, "delete from local_stop where role = '" STOPS_FOLDER "'", why);

    for (size_t i = 0; i < f->count && rc == ERR_OK; i++)
        rc = db_run(db, why,
                    "insert into local_stop(role, id, revision, source)"
                    " values ('" STOPS_FOLDER "', ?1, 0, ?2)",
                    f->rows[i].key, f->rows[i].source);
    return rc == ERR_OK ? stops_changed(db, why) : rc;
}

enum err stops_take_content(struct db *db, struct content *c, struct why *why)
{
    struct arena a;
    struct folder *f;
    bool same = false;
    enum err rc;

    arena_init(&a, FOLDER_ARENA_MAX);
    f = arena_alloc(&a, sizeof *f);
    rc = f == NULL ? why_set(why, ERR_NOMEM, 0, "no room") : folder_read(f, c, &a, why);
    if (rc == ERR_OK)
        rc = folder_same(db, f, &same, why);
    if (rc == ERR_OK && !same) {
        rc = db_begin(db, why);
        if (rc == ERR_OK)
            rc = db_finish(db, folder_put(db, f, why), why);
    }
    arena_done(&a);
    return rc == ERR_OK ? rc : why_in(why, rc, "notices of the content");
}
