#include "app/store/reading_rows.h"

/* Drafts of adaptations: one row a person and document, each change its own committed transaction, so that
   a power cut a moment later costs nothing. */

#include <string.h>

#include "app/store/query_rows.h"

enum { DRAFT_ARENA_MAX = 16 * 1024 * 1024 };

enum err store_adaptation_draft_put(struct store *s, struct clock_now now, const char *person,
                                    const char *id, const struct adaptation *x, struct why *why)
{
    struct json_out j;
    struct buf body;
    struct db_stmt q;
    enum err rc;

    if (person == NULL || person[0] == '\0')
        return why_set(why, ERR_DENIED, 0, "sign in first: a draft is somebody's");
    buf_init(&body, EVENT_LINE_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    adapt_to_json(x, &j);
    json_out_end_object(&j);
    rc = buf_done(&body, why);
    if (rc == ERR_OK) {
        /* Into memory first: what a full disk refuses stands there for whoever reads it (drafts.c). */
        q = db_prepare(&s->db, "insert or replace into temp.unsaved_adaptation(person, doc, id,"
                               " saved_ms, body) values (?1, ?2, ?3, ?4, ?5)");
        db_bind_text(&q, 1, person);
        db_bind_text(&q, 2, x->model);
        db_bind_text(&q, 3, id == NULL ? "" : id);
        db_bind_i64(&q, 4, now.wall_ms);
        db_bind_text(&q, 5, body.data);
        (void)db_step(&q);
        rc = db_end(&q, why);
    }
    buf_free(&body);
    return rc == ERR_OK ? store_drafts_save(s, why) : why_in(why, rc, "keep the draft");
}

static enum err draft_read(const char *body, struct arena *a, struct adaptation *out,
                           struct why *why)
{
    const struct json *root = NULL;
    struct adaptation x;
    struct arena scratch;
    enum err rc;

    arena_init(&scratch, DRAFT_ARENA_MAX);
    rc = json_parse(&scratch, body, strlen(body), EVENT_LINE_MAX, &root, why);
    if (rc == ERR_OK)
        rc = adapt_from_json(&scratch, root, &x, why);
    if (rc == ERR_OK)
        rc = adaptation_copy(a, &x, out, why);
    arena_done(&scratch);
    return rc;
}

static enum err saved_read(struct db_stmt *q, struct arena *a, void *row, struct why *why)
{
    struct adaptation_saved *out = row;

    *out = (struct adaptation_saved){ .id = db_text_in(q, 0, a),
                                      .doc = db_text_in(q, 1, a),
                                      .saved_ms = db_i64(q, 2) };
    return draft_read(db_text(q, 3), a, &out->adaptation, why);
}

/* The person's drafts, of one document or ("") of all. */
static enum err drafts_read(struct store *s, const char *person, const char *doc, struct arena *a,
                            struct adaptation_saved **out, size_t *out_count, struct why *why)
{
    static const struct rows_of of = { "the drafts", sizeof(struct adaptation_saved),
                                       READING_ROWS_MAX, saved_read };
    struct db_stmt q = db_prepare(&s->db, "select id, doc, saved_ms, body from adaptation_draft"
                                          " where person = ?1 and (?2 = '' or doc = ?2)"
                                          " order by saved_ms desc, doc limit 500");
    void *rows = NULL;
    enum err rc;

    db_bind_text(&q, 1, person);
    db_bind_text(&q, 2, doc);
    rc = rows_read(&q, &of, a, &rows, out_count, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "read the drafts");
    *out = rows;
    return ERR_OK;
}

enum err store_adaptation_draft_get(struct store *s, const char *person, const char *doc,
                                    struct arena *a, struct adaptation_saved *out, bool *out_found,
                                    struct why *why)
{
    struct adaptation_saved *rows = NULL;
    size_t count = 0;
    enum err rc = ERR_OK;

    if (person[0] != '\0' && doc[0] != '\0')
        rc = drafts_read(s, person, doc, a, &rows, &count, why);
    if (rc != ERR_OK)
        return rc;
    *out_found = count > 0;
    if (count > 0)
        *out = rows[0];
    return ERR_OK;
}

enum err store_adaptation_draft_list(struct store *s, const char *person, struct arena *a,
                                     struct adaptation_saved **out, size_t *out_count,
                                     struct why *why)
{
    return drafts_read(s, person, "", a, out, out_count, why);
}

enum err adaptation_draft_drop_in(struct db *db, const char *person, const char *doc,
                                  struct why *why)
{
    enum err rc = db_run(db, why, "delete from local_adaptation where person = ?1 and doc = ?2",
                         person, doc, NULL);

    if (rc == ERR_OK)
        rc = db_run(db, why, "delete from temp.unsaved_adaptation where person = ?1 and doc = ?2",
                    person, doc, NULL);
    return rc;
}

enum err store_adaptation_draft_drop(struct store *s, const char *person, const char *doc,
                                     struct why *why)
{
    enum err rc = db_begin(&s->db, why);

    if (rc == ERR_OK)
        rc = db_finish(&s->db, adaptation_draft_drop_in(&s->db, person, doc, why), why);
    return rc == ERR_OK ? rc : why_in(why, rc, "drop the draft");
}
