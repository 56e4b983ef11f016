#include <string.h>

#include "app/store/query_rows.h"
#include "app/store/reading_rows.h"

/* Suggestions, receipts and marks. */

enum { READ_ARENA_MAX = 16 * 1024 * 1024 };

static enum err reading_room(const struct arena *a, struct why *why)
{
    return a->failed ? why_set(why, ERR_NOMEM, 0, "no room for the rows") : ERR_OK;
}

/* ---- suggestions ---- */

/* Of several answers the latest stands: only kiosks that were apart give two. The suggester's own counts
   only as an adaptation that took it in. */
static const char suggestion_sql[] =
    "select x.event, x.doc, x.adaptation, x.path, x.text, x.actor, x.at_ms, n.accepted, n.actor,"
    " n.why, n.at_ms, n.taken from suggestion x left join suggestion_answer n"
    " on n.suggestion = x.event and n.event = (select o.event from suggestion_answer o"
    " where o.suggestion = x.event and (o.actor <> x.actor or o.taken <> '')"
    " order by o.hlc desc, o.device desc, o.seq desc limit 1)"
    " where (?1 = '' or x.doc = ?1) and (?2 = 0 or n.event is null)"
    " order by x.hlc desc, x.device desc, x.seq desc limit 500";

static enum err suggestion_read(struct db_stmt *q, struct arena *a, void *row, struct why *why)
{
    struct suggested *out = row;

    (void)why;
    *out = (struct suggested){ .id = db_text_in(q, 0, a),
                               .doc = db_text_in(q, 1, a),
                               .adaptation = db_text_in(q, 2, a),
                               .path = db_text_in(q, 3, a),
                               .text = db_text_in(q, 4, a),
                               .author = db_text_in(q, 5, a),
                               .at_ms = db_i64(q, 6),
                               .state = SUGGESTION_OPEN,
                               .answered_by = db_text_in(q, 8, a),
                               .reason = db_text_in(q, 9, a),
                               .answered_ms = db_i64(q, 10),
                               .taken_into = db_text_in(q, 11, a) };
    if (!db_null(q, 7))
        out->state = db_i64(q, 7) != 0 ? SUGGESTION_ACCEPTED : SUGGESTION_DECLINED;
    return ERR_OK;
}

enum err query_suggestions(struct store *s, const char *doc, bool open_only, struct arena *a,
                           struct suggested **out, size_t *out_count, struct why *why)
{
    static const struct rows_of of = { "the suggestions", sizeof(struct suggested),
                                       READING_ROWS_MAX, suggestion_read };
    struct db_stmt q = db_prepare(&s->db, suggestion_sql);
    struct suggested *rows = NULL;
    void *read = NULL;
    size_t count = 0;
    enum err rc;

    db_bind_text(&q, 1, doc != NULL ? doc : "");
    db_bind_i64(&q, 2, open_only);
    rc = rows_read(&q, &of, a, &read, &count, why);
    rows = read;
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        rows[i].author_name = query_who(s, rows[i].author, a);
        rows[i].answered_name = query_who(s, rows[i].answered_by, a);
    }
    if (rc == ERR_OK)
        rc = reading_room(a, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "read the suggestions");
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

/* ---- receipts ---- */

enum err query_read(struct store *s, const char *person, const char *doc, const char *issuer,
                    int *out_revision, struct why *why)
{
    struct db_stmt q =
        db_prepare(&s->db, "select max(revision) from (select revision from doc_read"
                           " where doc = ?2 and issuer = ?3 and person = ?1 union all"
                           " select revision from local_read"
                           " where person = ?1 and doc = ?2 and issuer = ?3)");
    int64_t revision = 0;
    enum err rc;

    db_bind_text(&q, 1, person);
    db_bind_text(&q, 2, doc);
    db_bind_text(&q, 3, issuer);
    if (db_step(&q))
        revision = db_i64(&q, 0);
    rc = db_end(&q, why);
    if (rc == ERR_OK)
        *out_revision = (int)revision;
    return rc;
}

static enum err read_row_read(struct db_stmt *q, struct arena *a, void *row, struct why *why)
{
    struct read_row *out = row;

    (void)why;
    *out = (struct read_row){ .doc = db_text_in(q, 0, a),
                              .issuer = db_text_in(q, 1, a),
                              .revision = (int)db_i64(q, 2),
                              .at_ms = db_i64(q, 3) };
    return ERR_OK;
}

enum err query_read_by(struct store *s, const char *person, struct arena *a, struct read_row **out,
                       size_t *out_count, struct why *why)
{
    static const struct rows_of of = { "what was read", sizeof(struct read_row), READING_ROWS_MAX,
                                       read_row_read };
    struct db_stmt q =
        db_prepare(&s->db, "select doc, issuer, revision, at_ms from (select doc, issuer, revision,"
                           " at_ms from doc_read where person = ?1 union all select doc, issuer,"
                           " revision, at_ms from local_read where person = ?1)"
                           " order by at_ms desc, doc, revision desc limit 500");
    void *rows = NULL;
    enum err rc;

    db_bind_text(&q, 1, person);
    rc = rows_read(&q, &of, a, &rows, out_count, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "list what was read");
    *out = rows;
    return ERR_OK;
}

/* Whether the person has read the document as another issuer has it. */
static enum err read_elsewhere(struct store *s, const char *person, const struct doc_head *head,
                               bool *out, struct why *why)
{
    struct db_stmt q = db_prepare(
        &s->db, "select exists (select 1 from doc_read where person = ?1 and doc = ?2"
                " and issuer <> ?3) or exists (select 1 from local_read where person = ?1"
                " and doc = ?2 and issuer <> ?3)");

    db_bind_text(&q, 1, person);
    db_bind_text(&q, 2, head->id);
    db_bind_text(&q, 3, head->issuer);
    *out = db_step(&q) && db_i64(&q, 0) != 0;
    return db_end(&q, why);
}

/* Notes once what a revision changed: the next one may be a small one, and the large one before it must
   still be read by whoever missed it. */
static enum err revision_note(struct store *s, struct content *c, const struct doc_head *head,
                              struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select 1 from local_revision where doc = ?1"
                                          " and issuer = ?2 and revision = ?3");
    struct doc d;
    struct arena a;
    bool there;
    enum err rc;

    db_bind_text(&q, 1, head->id);
    db_bind_text(&q, 2, head->issuer);
    db_bind_i64(&q, 3, head->revision);
    there = db_step(&q);
    rc = db_end(&q, why);
    if (rc != ERR_OK || there)
        return rc;
    arena_init(&a, READ_ARENA_MAX);
    /* What cannot be read is told by the index; nobody can confirm to have read it. */
    if (content_doc(c, head->id, &a, &d, NULL) == ERR_OK) {
        q = db_prepare(&s->db, "insert or ignore into local_revision(doc, issuer, revision,"
                               " material, what) values (?1, ?2, ?3, ?4, ?5)");
        db_bind_text(&q, 1, head->id);
        db_bind_text(&q, 2, head->issuer);
        db_bind_i64(&q, 3, head->revision);
        db_bind_i64(&q, 4, d.material);
        db_bind_text(&q, 5, d.what_changed);
        (void)db_step(&q);
        rc = db_end(&q, why);
    }
    arena_done(&a);
    return rc;
}

/* The latest revision up to the one in force that changed a control; 0 none. */
static enum err revision_material(struct store *s, const struct doc_head *head, struct arena *a,
                                  int *out_revision, const char **out_what, struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select revision, what from local_revision where doc = ?1"
                                          " and issuer = ?2 and revision <= ?3 and material <> 0"
                                          " order by revision desc limit 1");

    *out_revision = 0;
    *out_what = "";
    db_bind_text(&q, 1, head->id);
    db_bind_text(&q, 2, head->issuer);
    db_bind_i64(&q, 3, head->revision);
    if (db_step(&q)) {
        *out_revision = (int)db_i64(&q, 0);
        *out_what = db_text_in(&q, 1, a);
    }
    return db_end(&q, why);
}

static enum err to_read_one(struct store *s, struct content *c, const char *person,
                            const struct doc_head *head, struct arena *a, struct to_read *out,
                            bool *out_is, struct why *why)
{
    bool elsewhere = false;
    int material = 0;
    enum err rc = ERR_OK;

    *out_is = false;
    if (head->revision > 1)
        rc = revision_note(s, c, head, why);
    *out = (struct to_read){ .doc = head->id,
                             .kind = head->kind,
                             .title = head->title,
                             .issuer = head->issuer,
                             .revision = head->revision };
    if (rc == ERR_OK)
        rc = revision_material(s, head, a, &material, &out->what_changed, why);
    if (rc == ERR_OK)
        rc = query_read(s, person, head->id, head->issuer, &out->read_revision, why);
    if (rc == ERR_OK && head->overrules && out->read_revision == 0)
        rc = read_elsewhere(s, person, head, &elsewhere, why);
    if (rc != ERR_OK)
        return rc;
    *out_is = material > out->read_revision || elsewhere;
    if (elsewhere && material == 0)
        out->what_changed = "This issuer's document holds now in place of the one you read.";
    return ERR_OK;
}

enum err query_to_read(struct store *s, struct content *c, const char *person, struct arena *a,
                       struct to_read **out, size_t *out_count, struct why *why)
{
    struct doc_head *heads = NULL;
    struct to_read *rows = NULL;
    size_t head_count = 0;
    size_t cap = 0;
    size_t count = 0;
    enum err rc = ERR_OK;

    if (c != NULL && person[0] != '\0')
        rc = content_docs(c, "guidance,assessment,notice,bulletin,chemical", "", "", a, &heads,
                          &head_count, why);
    for (size_t i = 0; i < head_count && rc == ERR_OK && count < READING_ROWS_MAX; i++) {
        struct to_read *more;
        bool is = false;

        if (heads[i].withdrawn || (heads[i].revision < 2 && !heads[i].overrules))
            continue;
        more = rows_grow(a, rows, count, &cap, sizeof *rows);
        if (more == NULL)
            break;
        rows = more;
        rc = to_read_one(s, c, person, &heads[i], a, &rows[count], &is, why);
        count += is ? 1 : 0;
    }
    if (rc == ERR_OK)
        rc = reading_room(a, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "look for what changed");
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

enum err query_reads(struct store *s, struct content *c, const char *doc, struct arena *a,
                     struct read_count *out, struct why *why)
{
    const struct content_issuer *issuer = c != NULL ? content_issuer(c) : NULL;
    struct read_count n = { .asked = issuer != NULL && issuer->receipts };
    struct db_stmt q;
    struct doc d;
    enum err rc = ERR_OK;

    if (n.asked)
        rc = content_doc(c, doc, a, &d, why);
    if (rc != ERR_OK)
        return rc;
    if (n.asked) {
        q = db_prepare(&s->db, "select count(distinct person), (select count(*) from person)"
                               " from doc_read where doc = ?1 and issuer = ?2 and revision = ?3");
        db_bind_text(&q, 1, doc);
        db_bind_text(&q, 2, d.issuer);
        db_bind_i64(&q, 3, d.revision);
        if (db_step(&q)) {
            n.readers = (size_t)db_i64(&q, 0);
            n.people = (size_t)db_i64(&q, 1);
        }
        rc = db_end(&q, why);
    }
    if (rc == ERR_OK)
        *out = n;
    return rc;
}

/* ---- marks ---- */

static enum considered considered_of(const char *id)
{
    static const enum considered all[] = { CONSIDERED_NO_CHANGE, CONSIDERED_CHANGED,
                                           CONSIDERED_ASK };

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        if (str_eq(considered_id(all[i]), id))
            return all[i];
    }
    return CONSIDERED_NOT;
}

static enum err considered_read(struct db_stmt *q, struct arena *a, void *row, struct why *why)
{
    struct considered_row *out = row;

    (void)why;
    *out = (struct considered_row){ .event = db_text_in(q, 0, a),
                                    .doc = db_text_in(q, 1, a),
                                    .article = db_text_in(q, 2, a),
                                    .mark = considered_of(db_text(q, 3)),
                                    .note = db_text_in(q, 4, a),
                                    .person = db_text_in(q, 5, a),
                                    .at_ms = db_i64(q, 6) };
    return ERR_OK;
}

/* Marks of a document, newest first; article NULL any. */
static enum err considered_rows(struct store *s, const char *doc, const char *article, size_t max,
                                struct arena *a, struct considered_row **out, size_t *out_count,
                                struct why *why)
{
    const struct rows_of of = { "the marks", sizeof(struct considered_row), max, considered_read };
    struct db_stmt q = db_prepare(&s->db, "select event, doc, article, mark, note, actor, at_ms"
                                          " from doc_considered where (?1 = '' or doc = ?1)"
                                          " and (?2 is null or article = ?2)"
                                          " order by hlc desc, device desc, seq desc limit 500");
    struct considered_row *rows = NULL;
    void *read = NULL;
    size_t count = 0;
    enum err rc;

    db_bind_text(&q, 1, doc);
    db_bind_text(&q, 2, article);
    rc = rows_read(&q, &of, a, &read, &count, why);
    rows = read;
    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        rows[i].person_name = query_who(s, rows[i].person, a);
    if (rc == ERR_OK)
        rc = reading_room(a, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "read the marks");
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

enum err query_considered(struct store *s, const char *doc, const char *article, struct arena *a,
                          struct considered_row *out, struct why *why)
{
    struct considered_row *rows = NULL;
    size_t count = 0;
    enum err rc = considered_rows(s, doc, article != NULL ? article : "", 1, a, &rows, &count, why);

    if (rc != ERR_OK)
        return rc;
    *out = count > 0 ? rows[0]
                     : (struct considered_row){ .event = "",
                                                .doc = doc,
                                                .article = article != NULL ? article : "",
                                                .note = "",
                                                .person = "",
                                                .person_name = "",
                                                .mark = CONSIDERED_NOT };
    return ERR_OK;
}

enum err query_considered_all(struct store *s, const char *doc, struct arena *a,
                              struct considered_row **out, size_t *out_count, struct why *why)
{
    return considered_rows(s, doc != NULL ? doc : "", NULL, READING_ROWS_MAX, a, out, out_count,
                           why);
}
