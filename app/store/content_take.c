#include "app/store/content_take.h"

#include <string.h>

#include "app/domain/calendar.h"
#include "app/domain/csv.h"
#include "app/domain/form.h"
#include "app/domain/nuclide.h"
#include "app/store/content_index.h"
#include "app/store/content_layer.h"
#include "platform/base/str.h"

enum { ID_MAX = 64 };

bool index_id_ok(const char *id)
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
    const struct content_employer *e = index_employer(x, path);
    const char *layer = e != NULL ? e->kind : "national";
    struct db_stmt q;

    if (!index_id_ok(f->id))
        return why_set(why, ERR_INPUT, 0,
                       "form_id %s: use letters, digits, dot, dash and underscore", f->id);
    q = db_prepare(
        &x->db,
        "insert into form(id, file, title, applies_to, interval, basis_text, version,"
        " competence, fail_action, source_text, edition, confidence, retention, guidance,"
        " next_due, interval_from, life, custody, makes, makes_label, counts_as, basis,"
        " flags, source, layer, rank, issuer, differs) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
        " ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26,"
        " ?27, ?28)");
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        db_bind_text(&q, (int)i + 1, texts[i] == NULL ? "" : texts[i]);
    db_bind_i64(&q, 22, (int64_t)f->basis);
    db_bind_i64(&q, 23, index_form_flags(f));
    db_bind_blob(&q, 24, source, len);
    db_bind_text(&q, 25, layer);
    db_bind_i64(&q, 26,
                str_eq(layer, "national") ? RANK_NATIONAL
                : str_eq(layer, "sector") ? RANK_SECTOR
                                          : RANK_EMPLOYER);
    db_bind_text(&q, 27, e != NULL ? e->name : "");
    db_bind_text(&q, 28, f->differs);
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

/* Columns words and also, and what else an author likes to note beside them. */
enum err index_synonyms(struct indexer *x, const char *path, const char *source, size_t len,
                        struct why *why)
{
    static const struct csv_limits limits = { .rows_max = CONTENT_ROWS_MAX, .cell_max = 1000 };
    const struct content_employer *e = index_employer(x, path);
    struct csv csv;
    unsigned row = 0;
    enum err rc;

    if (e != NULL && !e->taken)
        return ERR_OK;
    rc = csv_parse(&x->a, source, len, limits, &csv, &row, why);
    if (rc != ERR_OK)
        return rc;
    if (csv.count == 0 || csv.rows[0].count < 2 || !str_eq(csv.rows[0].cells[0], "words") ||
        !str_eq(csv.rows[0].cells[1], "also"))
        return why_set(why, ERR_INPUT, 0, "row 1: the columns are words,also");
    for (size_t i = 1; i < csv.count && rc == ERR_OK; i++)
        rc = find_also_row(&x->also, csv.rows[i].cells[0], index_cell(&csv.rows[i], 1), why);
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
