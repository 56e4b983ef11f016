#include "app/store/content_over.h"

#include <string.h>

#include "app/domain/override.h"
#include "app/store/content_db.h"
#include "app/store/content_index.h"
#include "app/store/content_layer.h"
#include "app/store/content_pack.h"
#include "platform/base/str.h"

enum {
    OVER_LAYERS_MAX = 8, /* of one id; there are four ranks */
    OVER_IDS_MAX = 20000,
    OVER_TOLD_MAX = 5, /* faults of one file */
};

/* One row of an id, the lowest layer first. */
struct over_file {
    int64_t place;
    int rank;
    const char *file, *issuer, *source;
    size_t len;
};

static void over_tell_faults(struct indexer *x, const struct over_file *f, bool form,
                             const struct override_report *report)
{
    size_t told = 0;

    for (size_t i = 0; i < report->count && told < OVER_TOLD_MAX; i++) {
        const struct override_row *row = &report->rows[i];
        const char *sentence = row->refused ? override_sentence(&x->a, row) : NULL;
        char text[700];

        if (sentence == NULL)
            continue;
        told++;
        (void)str_format(text, sizeof text, "%s %s %u %s: %s", f->file, form ? "row" : "line",
                         row->row, row->column, sentence);
        index_fault(x, text);
    }
    if (report->refused > 0) {
        char text[400];

        (void)str_format(text, sizeof text,
                         "%s is left out, and the one that it was to stand in for stays in force",
                         f->file);
        index_fault(x, text);
    }
}

/* The ids that several layers, or an employer alone, have; kept. */
static enum err over_ids(struct indexer *x, const char *sql, const char ***out, size_t *out_count,
                         struct why *why)
{
    struct db_stmt q = db_prepare(&x->db, sql);
    const char **ids = arena_array(x->keep, OVER_IDS_MAX, sizeof *ids);
    size_t count = 0;
    enum err rc;

    while (ids != NULL && count < OVER_IDS_MAX && db_step(&q))
        ids[count++] = db_text_in(&q, 0, x->keep);
    rc = db_end(&q, why);
    if (ids == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for overrides");
    *out = ids;
    *out_count = count;
    return rc;
}

static enum err over_files(struct indexer *x, const char *sql, const char *id, bool packed,
                           struct over_file *out, size_t *out_count, struct why *why)
{
    struct db_stmt q = db_prepare(&x->db, sql);
    enum err rc = ERR_OK;
    enum err ended;

    *out_count = 0;
    db_bind_text(&q, 1, id);
    while (rc == ERR_OK && *out_count < OVER_LAYERS_MAX && db_step(&q)) {
        struct over_file *f = &out[(*out_count)++];
        size_t len = 0;
        const void *blob = db_blob(&q, 4, &len);
        char *source = NULL;

        *f = (struct over_file){ .place = db_i64(&q, 0),
                                 .rank = (int)db_i64(&q, 1),
                                 .file = db_text_in(&q, 2, &x->a),
                                 .issuer = db_text_in(&q, 3, &x->a) };
        if (packed) {
            rc = content_unpack(&x->a, blob, len, DOC_BYTES_MAX, &source, &f->len, why);
        } else {
            source = arena_strndup(&x->a, blob, len);
            f->len = len;
            if (source == NULL)
                rc = why_set(why, ERR_NOMEM, 0, "no room for %s", id);
        }
        f->source = source;
    }
    ended = db_end(&q, rc == ERR_OK ? why : NULL);
    return rc == ERR_OK ? ended : rc;
}

/* word: the statement's second parameter; NULL: it has none. */
static enum err over_mark(struct indexer *x, const char *sql, int64_t place, const char *word,
                          struct why *why)
{
    struct db_stmt q = db_prepare(&x->db, sql);

    db_bind_i64(&q, 1, place);
    if (word != NULL)
        db_bind_text(&q, 2, word);
    (void)db_step(&q);
    return db_end(&q, why);
}

/* ---- documents ---- */

static enum err over_docs_pair(struct indexer *x, const struct over_file *base,
                               const struct over_file *over, bool *out_taken, struct why *why)
{
    struct doc lower, upper;
    struct override_report report;
    enum err rc = doc_parse_front(&x->a, base->source, base->len, &lower, why);

    if (rc == ERR_OK)
        rc = doc_parse_front(&x->a, over->source, over->len, &upper, why);
    if (rc == ERR_OK)
        rc = override_docs(&x->a, &lower, &upper, &report, why);
    *out_taken = true;
    if (rc != ERR_OK || report.refused == 0)
        return rc;
    *out_taken = false;
    over_tell_faults(x, over, false, &report);
    return over_mark(x, "update doc set refused = 1 where place = ?1", over->place, NULL, why);
}

/* Each against the nearest one below it that counts. */
static enum err over_docs_chain(struct indexer *x, const char *sql, const char *id, struct why *why)
{
    struct over_file files[OVER_LAYERS_MAX];
    size_t count = 0;
    size_t base = 0;
    enum err rc;

    arena_reset(&x->a);
    rc = over_files(x, sql, id, true, files, &count, why);
    for (size_t i = 1; i < count && rc == ERR_OK; i++) {
        bool taken = true;

        if (files[i].rank > files[base].rank)
            rc = over_docs_pair(x, &files[base], &files[i], &taken, why);
        if (taken)
            base = i;
    }
    return rc;
}

enum err index_over_docs(struct indexer *x, struct why *why)
{
    static const struct {
        const char *ids, *files;
    } ways[] = {
        { "select id from doc group by id having count(*) > 1",
          "select d.place, d.rank, d.file, d.issuer, s.source from doc d join doc_source s on"
          " s.place = d.place where d.id = ?1 and d.refused = 0 order by d.rank" },
        /* One that names another document to stand over. */
        { "select distinct overrides from doc where overrides <> '' and overrides <> id",
          "select d.place, d.rank, d.file, d.issuer, s.source from doc d join doc_source s on"
          " s.place = d.place where (d.id = ?1 or d.overrides = ?1) and d.refused = 0"
          " order by d.rank, d.id <> ?1, d.id" },
    };
    enum err rc = ERR_OK;

    for (size_t w = 0; w < COUNT_OF(ways) && rc == ERR_OK; w++) {
        const char **ids = NULL;
        size_t count = 0;

        rc = over_ids(x, ways[w].ids, &ids, &count, why);
        for (size_t i = 0; i < count && rc == ERR_OK; i++)
            rc = over_docs_chain(x, ways[w].files, ids[i], why);
    }
    return rc;
}

/* ---- forms ---- */

static const char forms_sql[] =
    "select place, rank, file, issuer, source from form where id = ?1 order by rank";

static enum err over_differs(struct indexer *x, const char *id,
                             const struct override_report *report, struct why *why)
{
    struct db_stmt q = db_prepare(&x->db, "insert or replace into form_differs(id, ord, kind,"
                                          " words) values (?1, ?2, ?3, ?4)");

    for (size_t i = 0; i < report->count; i++) {
        const char *words = override_words(&x->a, &report->rows[i]);

        if (words == NULL)
            continue;
        db_again(&q);
        db_bind_text(&q, 1, id);
        db_bind_i64(&q, 2, (int64_t)i);
        db_bind_i64(&q, 3, (int64_t)report->rows[i].kind);
        db_bind_text(&q, 4, words);
        (void)db_step(&q);
    }
    return db_end(&q, why);
}

static enum err over_parse(struct indexer *x, const struct over_file *f, struct form *out,
                           struct why *why)
{
    struct form_faults *faults = arena_alloc(&x->a, sizeof *faults);

    if (faults == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for a form");
    return form_parse(&x->a, f->source, f->len, out, faults, why);
}

/* What the lowest layer's form rests on, its rows included. */
static enum form_basis over_basis(void *ctx, const char *id)
{
    struct indexer *x = ctx;
    struct over_file files[OVER_LAYERS_MAX];
    struct form form = { 0 };
    size_t count = 0;
    enum form_basis basis = BASIS_NONE;
    enum err rc = over_files(x, forms_sql, id, false, files, &count, NULL);

    if (rc == ERR_OK && count > 0)
        rc = over_parse(x, &files[0], &form, NULL);
    if (rc == ERR_OK && count > 0)
        basis = override_basis(&form);
    form_done(&form);
    /* What cannot be asked counts as set by law. */
    return rc == ERR_OK ? basis : BASIS_LAW;
}

/* base NULL: the employer's own form. */
static enum err over_forms_pair(struct indexer *x, const char *id, const struct over_file *base,
                                const struct over_file *over, bool *out_taken, struct why *why)
{
    struct form lower = { 0 };
    struct form upper = { 0 };
    struct override_report report = { 0 };
    enum err rc = base != NULL ? over_parse(x, base, &lower, why) : ERR_OK;

    if (rc == ERR_OK)
        rc = over_parse(x, over, &upper, why);
    if (rc == ERR_OK)
        rc = override_forms(&x->a,
                            &(struct override_ask){ .base = base != NULL ? &lower : NULL,
                                                    .over = &upper,
                                                    .basis_of = over_basis,
                                                    .ctx = x },
                            &report, why);
    *out_taken = rc == ERR_OK && report.refused == 0;
    if (rc == ERR_OK && report.refused > 0) {
        over_tell_faults(x, over, true, &report);
        rc = over_mark(x, "update form set refused = 1, in_force = 0 where place = ?1", over->place,
                       NULL, why);
    } else if (rc == ERR_OK && base != NULL) {
        rc = over_mark(x, "update form set in_force = 0 where place = ?1", base->place, NULL, why);
        if (rc == ERR_OK)
            rc = over_mark(x, "update form set verdict = ?2 where place = ?1", over->place,
                           override_verdict(&report), why);
        if (rc == ERR_OK)
            rc = over_differs(x, id, &report, why);
    }
    form_done(&upper);
    form_done(&lower);
    return rc;
}

static enum err over_forms_chain(struct indexer *x, const char *id, struct why *why)
{
    struct over_file files[OVER_LAYERS_MAX];
    const struct over_file *base = NULL;
    size_t count = 0;
    enum err rc;

    arena_reset(&x->a);
    rc = over_files(x, forms_sql, id, false, files, &count, why);
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        bool taken = true;

        if (files[i].rank >= RANK_SECTOR)
            rc = over_forms_pair(x, id, base, &files[i], &taken, why);
        if (taken)
            base = &files[i];
    }
    return rc;
}

enum err index_over_forms(struct indexer *x, struct why *why)
{
    const char **ids = NULL;
    size_t count = 0;
    enum err rc = db_exec(&x->db,
                          "update form set in_force = 1, refused = 0, verdict = '' where"
                          " in_force = 0 or refused = 1 or verdict <> ''",
                          why);

    if (rc == ERR_OK)
        rc = db_exec(&x->db, "delete from form_differs", why);
    if (rc == ERR_OK)
        rc = over_ids(x, "select distinct id from form where rank >= 2", &ids, &count, why);
    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        rc = over_forms_chain(x, ids[i], why);
    return rc;
}

_Static_assert(RANK_SECTOR == 2, "the statement above asks for what is an employer's");

/* ---- for screens ---- */

enum err content_form_differs(struct content *c, const char *id, struct arena *a,
                              struct form_differs **out, size_t *out_count, struct why *why)
{
    struct db_stmt q;
    struct form_differs *rows = arena_array(a, OVERRIDE_ROWS_MAX, sizeof *rows);
    size_t count = 0;
    enum err rc;

    *out = rows;
    *out_count = 0;
    if (rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for what differs");
    if (c->db.handle == NULL)
        return ERR_OK;
    q = db_prepare(&c->db, "select kind, words from form_differs where id = ?1 order by ord");
    db_bind_text(&q, 1, id);
    while (count < OVERRIDE_ROWS_MAX && db_step(&q))
        rows[count++] =
            (struct form_differs){ .kind = (int)db_i64(&q, 0), .words = db_text_in(&q, 1, a) };
    rc = db_end(&q, why);
    if (rc == ERR_OK)
        *out_count = count;
    return rc;
}
