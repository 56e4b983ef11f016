#include "app/store/content_take.h"

#include <string.h>

#include "app/domain/calendar.h"
#include "app/domain/csv.h"
#include "app/domain/doc.h"
#include "app/domain/form.h"
#include "app/domain/nuclide.h"
#include "app/store/content_index.h"
#include "platform/base/str.h"

enum { ID_MAX = 64 };

static bool index_id_ok(const char *id)
{
    size_t len = strlen(id);

    return len > 0 && len <= ID_MAX &&
           strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == len;
}

static bool index_hex(const char *text, int64_t *out)
{
    int64_t value = 0;

    if (strlen(text) > 6 || strspn(text, "0123456789abcdefABCDEF") != strlen(text))
        return false;
    for (; *text != '\0'; text++) {
        int digit = *text <= '9' ? *text - '0' : (*text | 0x20) - 'a' + 10;

        value = value * 16 + digit;
    }
    *out = value;
    return true;
}

static const char *index_cell(const struct csv_row *row, size_t at)
{
    return at < row->count ? row->cells[at] : "";
}

static enum err index_kind(struct indexer *x, const struct csv_row *row, size_t number,
                           struct why *why)
{
    struct db_stmt q;
    int64_t icon = 0;

    if (row->count == 1 && row->cells[0][0] == '\0')
        return ERR_OK;
    if (row->count < 5 || !index_id_ok(row->cells[0]) || row->cells[1][0] == '\0' ||
        !index_hex(row->cells[3], &icon))
        return why_set(why, ERR_INPUT, 0, "row %zu: wants id, name, plural, icon (hex), guidance",
                       number);
    q = db_prepare(&x->db, "insert into kind(id, name, plural, guidance, grp, ends, icon)"
                           " values (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    db_bind_text(&q, 1, row->cells[0]);
    db_bind_text(&q, 2, row->cells[1]);
    db_bind_text(&q, 3, row->cells[2]);
    db_bind_text(&q, 4, row->cells[4]);
    db_bind_text(&q, 5, index_cell(row, 5));
    db_bind_text(&q, 6, index_cell(row, 6));
    db_bind_i64(&q, 7, icon);
    (void)db_step(&q);
    if (db_end(&q, why) == ERR_CONFLICT)
        return why_set(why, ERR_INPUT, 0, "row %zu: kind %s stands twice", number, row->cells[0]);
    return q.rc;
}

enum err index_kinds(struct indexer *x, const char *path, const char *source, size_t len,
                     struct why *why)
{
    static const struct csv_limits limits = { .rows_max = CONTENT_ROWS_MAX, .cell_max = 500 };
    static const char *const header[] = { "id",       "name",  "plural", "icon",
                                          "guidance", "group", "ends" };
    struct csv csv;
    unsigned row = 0;
    enum err rc = csv_parse(&x->a, source, len, limits, &csv, &row, why);

    (void)path;
    if (rc != ERR_OK)
        return rc;
    /* The last two came later, and may be wanting. */
    for (size_t i = 0; i < COUNT_OF(header); i++) {
        if (csv.count > 0 && i >= 5 && csv.rows[0].count <= i)
            break;
        if (csv.count == 0 || csv.rows[0].count <= i || !str_eq(csv.rows[0].cells[i], header[i]))
            return why_set(why, ERR_INPUT, 0,
                           "row 1: the columns are id,name,plural,icon,guidance,group,ends");
    }
    for (size_t i = 1; i < csv.count && rc == ERR_OK; i++)
        rc = index_kind(x, &csv.rows[i], i + 1, why);
    return rc;
}

static int64_t index_form_flags(const struct form *f)
{
    return (f->in_session ? FORM_IN_SESSION : 0) | (f->birth ? FORM_BIRTH : 0) |
           (f->calibration ? FORM_CALIBRATION : 0) | (f->tray ? FORM_TRAY : 0) |
           (f->quick_pass ? FORM_QUICK_PASS : 0);
}

static enum err index_form_row(struct indexer *x, const char *path, const struct form *f,
                               const char *source, size_t len, struct why *why)
{
    const char *const texts[] = {
        f->id,        path,           f->title,       f->applies_to,    f->interval, f->basis_text,
        f->version,   f->competence,  f->fail_action, f->source,        f->edition,  f->confidence,
        f->retention, f->guidance,    f->next_due,    f->interval_from, f->life,     f->custody,
        f->makes,     f->makes_label, f->counts_as,
    };
    struct db_stmt q;

    if (!index_id_ok(f->id))
        return why_set(why, ERR_INPUT, 0,
                       "form_id %s: use letters, digits, dot, dash and underscore", f->id);
    q = db_prepare(
        &x->db,
        "insert into form(id, file, title, applies_to, interval, basis_text, version,"
        " competence, fail_action, source_text, edition, confidence, retention, guidance,"
        " next_due, interval_from, life, custody, makes, makes_label, counts_as, basis,"
        " flags, source) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
        " ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)");
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        db_bind_text(&q, (int)i + 1, texts[i] == NULL ? "" : texts[i]);
    db_bind_i64(&q, 22, (int64_t)f->basis);
    db_bind_i64(&q, 23, index_form_flags(f));
    db_bind_blob(&q, 24, source, len);
    (void)db_step(&q);
    if (db_end(&q, why) == ERR_CONFLICT)
        return why_set(why, ERR_INPUT, 0, "another file has form_id %s already; change one of them",
                       f->id);
    return q.rc;
}

enum err index_form(struct indexer *x, const char *path, const char *source, size_t len,
                    struct why *why)
{
    struct form_faults *faults = arena_alloc(&x->a, sizeof *faults);
    struct form form = { 0 };
    enum err rc;

    if (faults == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for a form");
    rc = form_parse(&x->a, source, len, &form, faults, why);
    if (rc == ERR_OK)
        rc = index_form_row(x, path, &form, source, len, why);
    /* The first fault is in why; the others are told beside it. */
    for (size_t i = rc == ERR_OK ? 0 : 1; i < faults->count && i < FORM_FAULTS_MAX; i++) {
        char text[512];
        const struct form_fault *f = &faults->rows[i];

        (void)str_format(text, sizeof text, "%s row %u %s: %s", path, f->row,
                         f->column == NULL ? "" : f->column, f->text);
        index_fault(x, text);
    }
    form_done(&form);
    return rc;
}

static void index_join(struct buf *b, const char **list, size_t count, const char *between)
{
    for (size_t i = 0; i < count; i++) {
        if (b->len > 0)
            buf_str(b, between);
        buf_str(b, list[i]);
    }
}

static enum err index_doc_row(struct indexer *x, const char *path, const struct doc *d,
                              const char *source, size_t len, struct why *why)
{
    struct buf stages;
    struct buf subjects;
    struct db_stmt q;
    enum err rc;

    buf_init(&stages, DOC_BYTES_MAX);
    buf_init(&subjects, DOC_BYTES_MAX);
    index_join(&stages, d->stages, d->stage_count, " ");
    index_join(&subjects, d->subjects, d->subject_count, ", ");
    q = db_prepare(&x->db,
                   "insert into doc(id, file, kind, title, summary, stages, subjects, source)"
                   " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    db_bind_text(&q, 1, d->id);
    db_bind_text(&q, 2, path);
    db_bind_text(&q, 3, d->kind);
    db_bind_text(&q, 4, d->title);
    db_bind_text(&q, 5, d->summary);
    db_bind_text(&q, 6, stages.len == 0 ? "" : stages.data);
    db_bind_text(&q, 7, subjects.len == 0 ? "" : subjects.data);
    db_bind_blob(&q, 8, source, len);
    (void)db_step(&q);
    rc = db_end(&q, why);
    buf_free(&stages);
    buf_free(&subjects);
    if (rc == ERR_CONFLICT)
        return why_set(why, ERR_INPUT, 0, "another file has id %s already; change one of them",
                       d->id);
    return rc;
}

static enum err index_doc_words(struct indexer *x, const struct doc *d, const char *body,
                                struct why *why)
{
    struct buf keywords;
    struct db_stmt q;
    enum err rc;

    buf_init(&keywords, DOC_BYTES_MAX);
    index_join(&keywords, d->keywords, d->keyword_count, ", ");
    index_join(&keywords, d->subjects, d->subject_count, ", ");
    index_join(&keywords, d->equipment, d->equipment_count, ", ");
    q = db_prepare(&x->db, "insert into doc_fts(rowid, title, keywords, summary, body)"
                           " values ((select place from doc where id = ?1), ?2, ?3, ?4, ?5)");
    db_bind_text(&q, 1, d->id);
    db_bind_text(&q, 2, d->title);
    db_bind_text(&q, 3, keywords.len == 0 ? "" : keywords.data);
    db_bind_text(&q, 4, d->summary);
    db_bind_text(&q, 5, body);
    (void)db_step(&q);
    rc = db_end(&q, why);
    buf_free(&keywords);
    return rc;
}

enum err index_doc(struct indexer *x, const char *path, const char *source, size_t len,
                   struct why *why)
{
    struct doc d = { 0 };
    const char *body = "";
    enum err rc = doc_parse(&x->a, source, len, &d, why);

    if (rc == ERR_OK && (!index_id_ok(d.id) || d.title[0] == '\0'))
        rc = why_set(why, ERR_INPUT, 0, "the front matter needs a plain id and a title");
    if (rc == ERR_OK)
        rc = doc_plain(&x->a, &d, &body, why);
    if (rc == ERR_OK)
        rc = index_doc_row(x, path, &d, source, len, why);
    if (rc == ERR_OK)
        rc = index_doc_words(x, &d, body, why);
    return rc;
}

/* The calendar's id is its file's name without the end. */
enum err index_calendar(struct indexer *x, const char *path, const char *source, size_t len,
                        struct why *why)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    struct calendar calendar = { .count = 0 };
    char id[ID_MAX + 1];
    struct db_stmt q;
    enum err rc = calendar_parse(&x->a, source, len, &calendar, why);

    if (rc != ERR_OK)
        return rc;
    if (strlen(name) > ID_MAX || !str_ends(name, ".csv"))
        return why_set(why, ERR_INPUT, 0, "the file's name is too long for a calendar");
    (void)str_copy(id, sizeof id, name);
    id[strlen(id) - strlen(".csv")] = '\0';
    if (!index_id_ok(id))
        return why_set(why, ERR_INPUT, 0,
                       "the file's name: use letters, digits, dot, dash and underscore");
    q = db_prepare(&x->db, "insert into calendar(id, file, source) values (?1, ?2, ?3)");
    db_bind_text(&q, 1, id);
    db_bind_text(&q, 2, path);
    db_bind_blob(&q, 3, source, len);
    (void)db_step(&q);
    return db_end(&q, why);
}

/* Kept whole; read here so that a faulty table is told and its earlier state stays. */
enum err index_nuclides(struct indexer *x, const char *path, const char *source, size_t len,
                        struct why *why)
{
    struct nuclides table = { .count = 0 };

    (void)path;
    return nuclides_parse(&x->a, source, len, &table, why);
}
