#include "app/store/content_db.h"

/* Documents one by one, and lists of them by what their front matter says. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/store/content_heads.h"
#include "app/store/content_pack.h"
#include "platform/base/str.h"

enum { HEADS_MAX = 20000, GROUPS_MAX = 200 };

struct doc_head content_head(struct db_stmt *q, int col, struct arena *a)
{
    struct doc_head h = { .id = db_text_in(q, col, a) };
    const char **const texts[] = {
        &h.kind,        &h.title,    &h.summary, &h.issuer, &h.layer,
        &h.stages,      &h.subjects, &h.revised, &h.level,  &h.mode,
        &h.plain_title, &h.example,  &h.number,  &h.starts, &h.overrides
    };
    int at = col + 1;

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        *texts[i] = db_text_in(q, at++, a);
    h.revision = (int)db_i64(q, at++);
    h.revised_day = (int32_t)db_i64(q, at++);
    h.stale_after = (int32_t)db_i64(q, at++);
    h.hide_after = (int32_t)db_i64(q, at++);
    h.review_on = (int32_t)db_i64(q, at++);
    h.withdrawn = db_i64(q, at++) != 0;
    h.overrules = db_i64(q, at++) != 0;
    h.overruled = db_i64(q, at) != 0;
    return h;
}

static enum err heads_read(struct db_stmt *q, struct arena *a, struct doc_head **out,
                           size_t *out_count, struct why *why)
{
    struct doc_head *rows = NULL;
    size_t count = 0;
    size_t cap = 0;
    enum err rc;

    while (count < HEADS_MAX && db_step(q)) {
        if (count == cap) {
            struct doc_head *more = arena_array(a, cap == 0 ? 32 : 2 * cap, sizeof *more);

            if (more == NULL)
                break;
            if (count > 0)
                memcpy(more, rows, count * sizeof *rows);
            cap = cap == 0 ? 32 : 2 * cap;
            rows = more;
        }
        rows[count++] = content_head(q, 0, a);
    }
    rc = db_end(q, why);
    if (rc == ERR_OK && a->failed)
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
    bool all = key == NULL || key[0] == '\0';
    bool any = value == NULL || value[0] == '\0';
    struct db_stmt q;

    *out = NULL;
    *out_count = 0;
    if (c->db.handle == NULL)
        return ERR_OK;
    q = db_prepare(
        &c->db,
        all   ? "select " CONTENT_HEAD " from doc d where d.in_force = 1"
                " and (?1 = '' or instr(',' || ?1 || ',', ',' || d.kind || ',') > "
                "0)" CONTENT_HEAD_ORDER
        : any ? "select " CONTENT_HEAD " from doc d where d.in_force = 1"
                " and (?1 = '' or instr(',' || ?1 || ',', ',' || d.kind || ',') > 0)"
                " and d.place in (select place from doc_key where key = ?2)" CONTENT_HEAD_ORDER
              : "select " CONTENT_HEAD " from doc d where d.in_force = 1"
                " and (?1 = '' or instr(',' || ?1 || ',', ',' || d.kind || ',') > 0)"
                " and d.place in (select place from doc_key where key = ?2"
                " and value = ?3)" CONTENT_HEAD_ORDER);
    db_bind_text(&q, 1, kind == NULL ? "" : kind);
    if (!all)
        db_bind_text(&q, 2, key);
    if (!all && !any)
        db_bind_text(&q, 3, value);
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
    q = db_prepare(&c->db, "select " CONTENT_HEAD " from doc d where d.id = ?1 and d.refused = 0"
                           " order by d.rank desc");
    db_bind_text(&q, 1, id);
    return heads_read(&q, a, out, out_count, why);
}

/* ---- one document ---- */

static enum err doc_open_row(struct content *c, const char *sql, const char *id, const char *layer,
                             struct arena *a, struct doc *out, struct why *why)
{
    struct db_stmt q;
    const char *kind = "";
    const char *issuer = "";
    char *source = NULL;
    size_t len = 0;
    bool found;
    enum err rc = ERR_OK;
    enum err ended;

    if (c->db.handle == NULL)
        return why_set(why, ERR_NOT_FOUND, 0, "no content has come to this kiosk yet");
    q = db_prepare(&c->db, sql);
    db_bind_text(&q, 1, id);
    if (layer != NULL)
        db_bind_text(&q, 2, layer);
    found = db_step(&q);
    if (found) {
        const void *blob = db_blob(&q, 0, &len);

        rc = content_unpack(a, blob, len, DOC_BYTES_MAX, &source, &len, why);
        kind = db_text_in(&q, 1, a);
        issuer = db_text_in(&q, 2, a);
    }
    ended = db_end(&q, why);
    if (ended != ERR_OK)
        return ended;
    if (!found)
        return why_set(why, ERR_NOT_FOUND, 0, "the content has no %s", id);
    if (rc == ERR_OK)
        rc = doc_parse(a, source, len, out, why);
    if (rc == ERR_OK) {
        out->issuer_kind = kind;
        out->issuer = issuer;
    }
    return rc;
}

enum err content_doc(struct content *c, const char *id, struct arena *a, struct doc *out,
                     struct why *why)
{
    /* One that another document stands over is still the only one of its id. */
    enum err rc = doc_open_row(
        c,
        "select s.source, d.layer, d.issuer from doc d join doc_source s on s.place = d.place"
        " where d.id = ?1"
        " order by d.in_force desc, d.rank desc limit 1",
        id, NULL, a, out, why);

    return rc == ERR_OK ? rc : why_in(why, rc, "open document %s", id);
}

enum err content_doc_of(struct content *c, const char *id, const char *layer, struct arena *a,
                        struct doc *out, struct why *why)
{
    enum err rc = doc_open_row(
        c,
        "select s.source, d.layer, d.issuer from doc d join doc_source s on s.place = d.place"
        " where d.id = ?1"
        " and d.layer = ?2",
        id, layer, a, out, why);

    return rc == ERR_OK ? rc : why_in(why, rc, "open document %s (%s)", id, layer);
}

/* ---- codes ---- */

/* "chem:hydrochloric-acid@1" to its id and number; false for any other code. */
static bool code_chem(const char *code, struct arena *a, const char **out_id, double *out_conc)
{
    size_t len;

    if (!str_starts(code, "chem:"))
        return false;
    code += strlen("chem:");
    len = strcspn(code, "@");
    *out_conc = (double)NAN;
    if (code[len] == '@' && !str_to_f64(code + len + 1, out_conc))
        return false;
    *out_id = arena_strndup(a, code, len);
    return len > 0 && *out_id != NULL;
}

enum err content_code(struct content *c, const char *code, struct arena *a, const char **out_doc,
                      double *out_conc, bool *out_found, struct why *why)
{
    const char *id = code;
    double conc = (double)NAN;
    bool chem = code_chem(code, a, &id, &conc);
    struct db_stmt q;
    enum err rc;

    *out_found = false;
    if (c->db.handle == NULL)
        return ERR_OK;
    q = db_prepare(&c->db, chem ? "select id from doc where id = ?1 and in_force = 1"
                                : "select d.id from doc_code k join doc d on d.place = k.place"
                                  " where k.code = ?1 and d.in_force = 1"
                                  " order by d.withdrawn, k.cas, d.id limit 1");
    db_bind_text(&q, 1, id);
    if (db_step(&q)) {
        *out_doc = db_text_in(&q, 0, a);
        *out_conc = conc;
        *out_found = *out_doc != NULL;
    }
    rc = db_end(&q, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "look up the code");
}

/* ---- browsing ---- */

/* Schools count stages so; a subject or kind not named here comes after, by its letters. */
static const char *const group_order[] = {
    "Biology", "Chemistry", "Physics", "Technology", "Whole department", "S1", "S2", "S3", "N3",
    "N4",      "N5",        "H",       "AH",
};

static size_t group_place(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(group_order); i++) {
        if (str_eq(group_order[i], name))
            return i;
    }
    return COUNT_OF(group_order);
}

static int group_compare(const void *p, const void *q)
{
    const struct find_group *a = p;
    const struct find_group *b = q;
    size_t x = group_place(a->name);
    size_t y = group_place(b->name);

    return x != y ? (x > y) - (x < y) : strcmp(a->name, b->name);
}

static enum err groups_read(struct content *c, const char *sql, const struct find_ask *ask,
                            struct arena *a, struct find_group **out, size_t *out_count,
                            struct why *why)
{
    struct db_stmt q;
    size_t count = 0;
    enum err rc;

    *out = arena_array(a, GROUPS_MAX, sizeof **out);
    *out_count = 0;
    if (*out == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the subjects");
    if (c->db.handle == NULL)
        return ERR_OK;
    q = db_prepare(&c->db, sql);
    db_bind_text(&q, 1, ask->kind == NULL ? "" : ask->kind);
    db_bind_text(&q, 2, ask->subject == NULL ? "" : ask->subject);
    db_bind_text(&q, 3, ask->stage == NULL ? "" : ask->stage);
    while (count < GROUPS_MAX && db_step(&q))
        (*out)[count++] =
            (struct find_group){ .name = db_text_in(&q, 0, a), .count = (size_t)db_i64(&q, 1) };
    rc = db_end(&q, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "count documents");
    qsort(*out, count, sizeof **out, group_compare);
    *out_count = count;
    return ERR_OK;
}

/* What the ask narrows by. A list of subjects is not narrowed by the subject that is chosen, nor one of stages
   by the stage: who looks for another finds it. */
#define GROUP_OF                                                                                   \
    " d.in_force = 1 and d.withdrawn = 0"                                                          \
    " and (?1 = '' or instr(',' || ?1 || ',', ',' || d.kind || ',') > 0)"                          \
    " and (?2 = '' or exists (select 1 from doc_key s where s.key = 'subject' and s.value = ?2"    \
    " and s.place = d.place))"                                                                     \
    " and (?3 = '' or exists (select 1 from doc_key s where s.key = 'stage' and s.value = ?3"      \
    " and s.place = d.place))"
#define GROUP_OF_KEY(key)                                                                          \
    "select k.value, count(*) from doc_key k join doc d on d.place = k.place where k.key = '" key  \
    "' and" GROUP_OF " group by k.value"

enum err content_subjects(struct content *c, const struct find_ask *ask, struct arena *a,
                          struct find_group **out, size_t *out_count, struct why *why)
{
    struct find_ask any = *ask;

    any.subject = "";
    return groups_read(c, GROUP_OF_KEY("subject"), &any, a, out, out_count, why);
}

enum err content_stages(struct content *c, const struct find_ask *ask, struct arena *a,
                        struct find_group **out, size_t *out_count, struct why *why)
{
    struct find_ask any = *ask;

    any.stage = "";
    return groups_read(c, GROUP_OF_KEY("stage"), &any, a, out, out_count, why);
}

enum err content_doc_kinds(struct content *c, const struct find_ask *ask, struct arena *a,
                           struct find_group **out, size_t *out_count, struct why *why)
{
    struct find_ask any = *ask;

    any.kind = "";
    return groups_read(c, "select d.kind, count(*) from doc d where" GROUP_OF " group by d.kind",
                       &any, a, out, out_count, why);
}
