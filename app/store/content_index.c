#include "app/store/content_index.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/domain/calendar.h"
#include "app/domain/doc.h"
#include "app/domain/form.h"
#include "app/store/content_take.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"

static const char *const content_tables[] = {
    "create table meta(key text primary key, value text not null) without rowid",
    "create table fault(place integer primary key, text text not null)",
    "create table file(path text primary key, source blob not null) without rowid",
    "create table kind(id text primary key, name text not null, plural text not null,"
    " icon integer not null, guidance text not null, grp text not null, ends text not null)"
    " without rowid",
    "create table calendar(id text primary key, file text not null, source blob not null)",
    "create table form(id text primary key, file text not null, title text not null,"
    " applies_to text not null, interval text not null, basis integer not null,"
    " basis_text text not null, version text not null, competence text not null,"
    " fail_action text not null, source_text text not null, edition text not null,"
    " confidence text not null, retention text not null, guidance text not null,"
    " next_due text not null, interval_from text not null, life text not null,"
    " custody text not null, makes text not null, makes_label text not null,"
    " counts_as text not null,"
    " flags integer not null, source blob not null)",
    "create table doc(place integer primary key, id text not null unique, file text not null,"
    " kind text not null, title text not null, summary text not null, stages text not null,"
    " subjects text not null, source blob not null)",
    ("create virtual table doc_fts using fts5(title, keywords, summary, body,"
     " tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"),
    "create virtual table doc_vocab using fts5vocab('doc_fts', 'row')",
};

enum { FILE_ARENA_MAX = 48 * 1024 * 1024 };

void index_fault(struct indexer *x, const char *text)
{
    if (x->rc != ERR_OK || x->faults++ >= CONTENT_FAULTS_MAX)
        return;
    x->rc = db_run(&x->db, &x->why, "insert into fault(text) values (?1)", text, NULL);
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
    { .prefix = "../help/",
      .bytes_max = DOC_BYTES_MAX,
      .take = index_doc,
      .old_sql = "select source from doc where file = ?1" },
    { .prefix = "kinds.csv",
      .bytes_max = CONTENT_CSV_MAX,
      .take = index_kinds,
      .old_sql = "select source from file where path = ?1",
      .keep = true },
    { .prefix = "nuclides.csv",
      .bytes_max = CONTENT_CSV_MAX,
      .take = index_nuclides,
      .old_sql = "select source from file where path = ?1",
      .keep = true },
    { .prefix = "calendars/",
      .bytes_max = CALENDAR_BYTES_MAX,
      .take = index_calendar,
      .old_sql = "select source from calendar where file = ?1" },
    { .prefix = "pictures/",
      .bytes_max = CONTENT_PICTURE_MAX,
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
