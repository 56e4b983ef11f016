#include "app/store/content_index.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/domain/csv.h"
#include "app/domain/doc.h"
#include "app/domain/form.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"

static const char *const content_tables[] = {
    "create table meta(key text primary key, value text not null) without rowid",
    "create table fault(place integer primary key, text text not null)",
    "create table file(path text primary key, source blob not null) without rowid",
    "create table kind(id text primary key, name text not null, plural text not null,"
    " icon integer not null, guidance text not null) without rowid",
    "create table form(id text primary key, file text not null, title text not null,"
    " applies_to text not null, interval text not null, basis integer not null,"
    " basis_text text not null, version text not null, source blob not null)",
    "create table doc(place integer primary key, id text not null unique, file text not null,"
    " kind text not null, title text not null, summary text not null, stages text not null,"
    " subjects text not null, source blob not null)",
    "create virtual table doc_fts using fts5(title, keywords, summary, body,"
    " tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')",
    "create virtual table doc_vocab using fts5vocab('doc_fts', 'row')",
};

enum { FILE_ARENA_MAX = 48 * 1024 * 1024, ID_MAX = 64 };

struct indexer {
    struct db db;
    struct db old; /* handle NULL: none */
    const char *root;
    struct arena a; /* one file at a time */
    size_t faults;
    enum err rc; /* first failure of the disk's; faults of files are not failures */
    struct why why;
};

static void index_fault(struct indexer *x, const char *text)
{
    if (x->rc != ERR_OK || x->faults++ >= CONTENT_FAULTS_MAX)
        return;
    x->rc = db_run(&x->db, &x->why, "insert into fault(text) values (?1)", text, NULL);
}

static bool index_id_ok(const char *id)
{
    size_t len = strlen(id);

    return len > 0 && len <= ID_MAX &&
           strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == len;
}

/* Each of these takes the source of one file into its table, or says why not. ERR_INPUT and
   ERR_LIMIT are the file's. */

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
    q = db_prepare(
        &x->db, "insert into kind(id, name, plural, guidance, icon) values (?1, ?2, ?3, ?4, ?5)");
    db_bind_text(&q, 1, row->cells[0]);
    db_bind_text(&q, 2, row->cells[1]);
    db_bind_text(&q, 3, row->cells[2]);
    db_bind_text(&q, 4, row->cells[4]);
    db_bind_i64(&q, 5, icon);
    (void)db_step(&q);
    if (db_end(&q, why) == ERR_CONFLICT)
        return why_set(why, ERR_INPUT, 0, "row %zu: kind %s stands twice", number, row->cells[0]);
    return q.rc;
}

static enum err index_kinds(struct indexer *x, const char *path, const char *source, size_t len,
                            struct why *why)
{
    static const struct csv_limits limits = { .rows_max = CONTENT_ROWS_MAX, .cell_max = 500 };
    static const char *const header[] = { "id", "name", "plural", "icon", "guidance" };
    struct csv csv;
    unsigned row = 0;
    enum err rc = csv_parse(&x->a, source, len, limits, &csv, &row, why);

    (void)path;
    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < COUNT_OF(header); i++) {
        if (csv.count == 0 || csv.rows[0].count <= i || !str_eq(csv.rows[0].cells[i], header[i]))
            return why_set(why, ERR_INPUT, 0,
                           "row 1: the columns are id,name,plural,icon,guidance");
    }
    for (size_t i = 1; i < csv.count && rc == ERR_OK; i++)
        rc = index_kind(x, &csv.rows[i], i + 1, why);
    return rc;
}

static enum err index_form_row(struct indexer *x, const char *path, const struct form *f,
                               const char *source, size_t len, struct why *why)
{
    struct db_stmt q;

    if (!index_id_ok(f->id))
        return why_set(why, ERR_INPUT, 0,
                       "form_id %s: use letters, digits, dot, dash and underscore", f->id);
    q = db_prepare(&x->db,
                   "insert into form(id, file, title, applies_to, interval, basis_text, version,"
                   " source, basis) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    db_bind_text(&q, 1, f->id);
    db_bind_text(&q, 2, path);
    db_bind_text(&q, 3, f->title);
    db_bind_text(&q, 4, f->applies_to == NULL ? "" : f->applies_to);
    db_bind_text(&q, 5, f->interval == NULL ? "" : f->interval);
    db_bind_text(&q, 6, f->basis_text == NULL ? "" : f->basis_text);
    db_bind_text(&q, 7, f->version == NULL ? "" : f->version);
    db_bind_blob(&q, 8, source, len);
    db_bind_i64(&q, 9, (int64_t)f->basis);
    (void)db_step(&q);
    if (db_end(&q, why) == ERR_CONFLICT)
        return why_set(why, ERR_INPUT, 0, "another file has form_id %s already; change one of them",
                       f->id);
    return q.rc;
}

static enum err index_form(struct indexer *x, const char *path, const char *source, size_t len,
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

static enum err index_doc(struct indexer *x, const char *path, const char *source, size_t len,
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

static enum err index_keep(struct indexer *x, const char *path, const char *source, size_t len,
                           struct why *why)
{
    struct db_stmt q =
        db_prepare(&x->db, "insert or replace into file(path, source) values (?1, ?2)");

    db_bind_text(&q, 1, path);
    db_bind_blob(&q, 2, source, len);
    (void)db_step(&q);
    return db_end(&q, why);
}

/* What is done with a file, by its place in the folder. */
struct shelf {
    const char *prefix;
    size_t bytes_max;
    enum err (*take)(struct indexer *x, const char *path, const char *source, size_t len,
                     struct why *why);
    const char *old_sql; /* its earlier source, by path */
    bool keep;           /* the source goes into table file */
};
static const struct shelf shelves[] = {
    { .prefix = "forms/",
      .bytes_max = FORM_BYTES_MAX,
      .take = index_form,
      .old_sql = "select source from form where file = ?1" },
    { .prefix = "docs/",
      .bytes_max = DOC_BYTES_MAX,
      .take = index_doc,
      .old_sql = "select source from doc where file = ?1" },
    { .prefix = "kinds.csv",
      .bytes_max = CONTENT_CSV_MAX,
      .take = index_kinds,
      .old_sql = "select source from file where path = ?1",
      .keep = true },
    { .prefix = "school/", .bytes_max = CONTENT_CSV_MAX, .keep = true },
};

/* One file, whole or not at all: a savepoint takes back what a faulty one has begun. */
static enum err index_take(struct indexer *x, const struct shelf *shelf, const char *path,
                           const char *source, size_t len, struct why *why)
{
    enum err rc = db_begin(&x->db, why);

    if (rc != ERR_OK)
        return ERR_IO;
    if (shelf->take != NULL)
        rc = shelf->take(x, path, source, len, why);
    if (rc == ERR_OK && shelf->keep)
        rc = index_keep(x, path, source, len, why);
    return db_finish(&x->db, rc, why);
}

static enum err index_read(struct indexer *x, const struct shelf *shelf, const char *path,
                           struct why *why)
{
    char full[FS_PATH_MAX];
    char *source = NULL;
    size_t len = 0;
    enum err rc = fs_join(full, x->root, path, why);

    if (rc == ERR_OK)
        rc = fs_read(&x->a, full, shelf->bytes_max, &source, &len, why);
    if (rc == ERR_OK)
        rc = index_take(x, shelf, path, source, len, why);
    return rc;
}

static bool index_read_old(struct indexer *x, const struct shelf *shelf, const char *path)
{
    struct db_stmt q;
    bool taken = false;

    if (x->old.handle == NULL || shelf->old_sql == NULL)
        return false;
    q = db_prepare(&x->old, shelf->old_sql);
    db_bind_text(&q, 1, path);
    if (db_step(&q)) {
        size_t len = 0;
        const void *blob = db_blob(&q, 0, &len);
        char *source = arena_strndup(&x->a, blob, len);

        taken = source != NULL && index_take(x, shelf, path, source, len, NULL) == ERR_OK;
    }
    if (db_end(&q, NULL) != ERR_OK)
        return false;
    return taken;
}

_Static_assert((int)FORM_BYTES_MAX <= (int)CONTENT_FILE_MAX &&
                   (int)DOC_BYTES_MAX <= (int)CONTENT_FILE_MAX &&
                   (int)CONTENT_CSV_MAX <= (int)CONTENT_FILE_MAX,
               "a file that is read counts among the bytes of all");

static const struct shelf *shelf_of(const char *path)
{
    for (size_t i = 0; i < COUNT_OF(shelves); i++) {
        if (str_starts(path, shelves[i].prefix))
            return &shelves[i];
    }
    return NULL;
}

/* The good files first, then what is left of the faulty ones: a form that moved to another file
   must not be shut out by its own old copy. */
static void index_all(struct indexer *x, const struct content_files *files, struct arena *keep)
{
    const char **faulty = arena_array(keep, files->count + 1, sizeof *faulty);
    size_t count = 0;

    if (faulty == NULL) {
        x->rc = why_set(&x->why, ERR_NOMEM, 0, "no room for %zu files", files->count);
        return;
    }
    for (size_t i = 0; i < files->count && x->rc == ERR_OK; i++) {
        const char *path = files->rows[i].path;
        struct why why = { 0 };
        enum err rc;

        arena_reset(&x->a);
        rc = index_read(x, shelf_of(path), path, &why);
        if (rc == ERR_OK)
            continue;
        if (rc == ERR_FULL || rc == ERR_IO) {
            x->rc = why_in(&why, rc, "%s", path);
            x->why = why;
            return;
        }
        (void)why_in(&why, rc, "%s", path);
        index_fault(x, why.text);
        faulty[count++] = path;
    }
    for (size_t i = 0; i < count && x->rc == ERR_OK; i++) {
        char text[256];

        arena_reset(&x->a);
        if (index_read_old(x, shelf_of(faulty[i]), faulty[i])) {
            (void)str_format(text, sizeof text, "%s: what was read from it earlier stays",
                             faulty[i]);
            index_fault(x, text);
        }
    }
}

static enum err index_write(struct indexer *x, const struct content_files *files,
                            const char *digest, struct why *why)
{
    struct arena keep;
    enum err rc = db_begin(&x->db, why);

    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < COUNT_OF(content_tables) && rc == ERR_OK; i++)
        rc = db_exec(&x->db, content_tables[i], why);
    if (rc == ERR_OK) {
        arena_init(&keep, (size_t)1024 * 1024);
        index_all(x, files, &keep);
        arena_done(&keep);
        rc = x->rc;
        if (rc != ERR_OK && why != NULL)
            *why = x->why;
    }
    if (rc == ERR_OK)
        rc =
            db_run(&x->db, why, "insert into meta(key, value) values ('digest', ?1)", digest, NULL);
    return db_finish(&x->db, rc, why);
}

static void index_sweep(const char *path)
{
    static const char *const tails[] = { "", "-wal", "-shm", "-journal" };

    for (size_t i = 0; i < COUNT_OF(tails); i++) {
        char name[FS_PATH_MAX + 16];

        if (str_format(name, sizeof name, "%s%s", path, tails[i]))
            (void)unlink(name);
    }
}

enum err content_index(const char *data_dir, const char *content_dir,
                       const struct content_files *files, const char *digest, struct why *why)
{
    struct indexer x = { .root = content_dir };
    char path[FS_PATH_MAX];
    char fresh[FS_PATH_MAX];
    enum err rc = fs_join(path, data_dir, "content.db", why);

    if (rc == ERR_OK)
        rc = fs_join(fresh, data_dir, "content.db.new", why);
    if (rc != ERR_OK)
        return rc;
    index_sweep(fresh);
    arena_init(&x.a, FILE_ARENA_MAX);
    if (access(path, R_OK) == 0 && db_open(&x.old, path, DB_READ, NULL) != ERR_OK)
        x.old = (struct db){ 0 };
    rc = db_open(&x.db, fresh, DB_CACHE, why);
    /* No WAL: its file would outlive the rename and be taken for another database's. */
    if (rc == ERR_OK)
        rc = db_exec(&x.db, "pragma journal_mode = delete", why);
    if (rc == ERR_OK)
        rc = index_write(&x, files, digest, why);
    db_close(&x.db);
    db_close(&x.old);
    arena_done(&x.a);
    if (rc == ERR_OK && rename(fresh, path) != 0)
        rc = why_set(why, ERR_IO, errno, "rename %s", fresh);
    if (rc != ERR_OK) {
        index_sweep(fresh);
        return why_in(why, rc, "index content %s", content_dir);
    }
    return ERR_OK;
}
