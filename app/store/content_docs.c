#include "app/store/content_db.h"

/* Lists of documents by what their front matter says. */

#include <math.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "platform/base/str.h"

enum { HEADS_MAX = 5000 };

static struct doc_head head_row(struct db_stmt *q, struct arena *a)
{
    return (struct doc_head){
        .id = db_text_in(q, 0, a),
        .kind = db_text_in(q, 1, a),
        .title = db_text_in(q, 2, a),
        .summary = db_text_in(q, 3, a),
        .stages = db_text_in(q, 4, a),
        .subjects = db_text_in(q, 5, a),
        .issuer = "",
        .layer = "sample",
        .revised = "",
        .revision = 1,
        .revised_day = CALDATE_NONE,
        .stale_after = CALDATE_NONE,
        .hide_after = CALDATE_NONE,
        .review_on = CALDATE_NONE,
        .level = "",
        .mode = "",
        .plain_title = "",
        .example = "",
        .number = "",
        .starts = "",
    };
}

static enum err heads_read(struct db_stmt *q, struct arena *a, struct doc_head **out,
                           size_t *out_count, struct why *why)
{
    struct doc_head *rows = arena_array(a, HEADS_MAX, sizeof *rows);
    size_t count = 0;
    enum err rc;

    while (rows != NULL && count < HEADS_MAX && db_step(q))
        rows[count++] = head_row(q, a);
    rc = db_end(q, why);
    if (rc == ERR_OK && (rows == NULL || a->failed))
        rc = why_set(why, ERR_NOMEM, 0, "no room for the list of documents");
    if (rc != ERR_OK)
        return why_in(why, rc, "list documents");
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

enum err content_docs(struct content *c, const char *kind, const char *key, const char *value,
                      struct arena *a, struct doc_head **out, size_t *out_count, struct why *why)
{
    struct db_stmt q;

    (void)value;
    *out = NULL;
    *out_count = 0;
    if (c->db.handle == NULL || (key != NULL && key[0] != '\0'))
        return ERR_OK;
    q = db_prepare(&c->db, "select id, kind, title, summary, stages, subjects from doc"
                           " where ?1 = '' or instr(',' || ?1 || ',', ',' || kind || ',') > 0"
                           " order by title, id");
    db_bind_text(&q, 1, kind == NULL ? "" : kind);
    return heads_read(&q, a, out, out_count, why);
}

enum err content_layers(struct content *c, const char *id, struct arena *a, struct doc_head **out,
                        size_t *out_count, struct why *why)
{
    struct db_stmt q;

    *out = NULL;
    *out_count = 0;
    if (c->db.handle == NULL)
        return ERR_OK;
    q = db_prepare(&c->db, "select id, kind, title, summary, stages, subjects from doc"
                           " where id = ?1");
    db_bind_text(&q, 1, id);
    return heads_read(&q, a, out, out_count, why);
}

enum err content_doc_of(struct content *c, const char *id, const char *layer, struct arena *a,
                        struct doc *out, struct why *why)
{
    (void)layer;
    return content_doc(c, id, a, out, why);
}

enum err content_code(struct content *c, const char *code, struct arena *a, const char **out_doc,
                      double *out_conc, bool *out_found, struct why *why)
{
    (void)c;
    (void)code;
    (void)a;
    (void)why;
    *out_doc = "";
    *out_conc = (double)NAN;
    *out_found = false;
    return ERR_OK;
}

static enum err groups_none(struct find_group **out, size_t *out_count)
{
    *out = NULL;
    *out_count = 0;
    return ERR_OK;
}

enum err content_subjects(struct content *c, const struct find_ask *ask, struct arena *a,
                          struct find_group **out, size_t *out_count, struct why *why)
{
    (void)c;
    (void)ask;
    (void)a;
    (void)why;
    return groups_none(out, out_count);
}

enum err content_stages(struct content *c, const struct find_ask *ask, struct arena *a,
                        struct find_group **out, size_t *out_count, struct why *why)
{
    (void)c;
    (void)ask;
    (void)a;
    (void)why;
    return groups_none(out, out_count);
}

enum err content_doc_kinds(struct content *c, const struct find_ask *ask, struct arena *a,
                           struct find_group **out, size_t *out_count, struct why *why)
{
    (void)c;
    (void)ask;
    (void)a;
    (void)why;
    return groups_none(out, out_count);
}
