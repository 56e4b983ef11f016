#include "app/store/content_index.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/domain/calendar.h"
#include "app/domain/doc.h"
#include "app/domain/form.h"
#include "app/domain/issuer.h"
#include "app/store/content_layer.h"
#include "app/store/content_pack.h"
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
    /* in_force: the one of its id that counts; refused: it would loosen what it stands in for
       (content_over.c). verdict: "stricter than" what it stands in for. */
    "create table form(place integer primary key, id text not null, file text not null,"
    " layer text not null, rank integer not null, issuer text not null, differs text not null,"
    " in_force integer not null default 1, refused integer not null default 0,"
    " verdict text not null default '', title text not null,"
    " applies_to text not null, interval text not null, basis integer not null,"
    " basis_text text not null, version text not null, competence text not null,"
    " fail_action text not null, source_text text not null, edition text not null,"
    " confidence text not null, retention text not null, guidance text not null,"
    " next_due text not null, interval_from text not null, life text not null,"
    " custody text not null, makes text not null, makes_label text not null,"
    " counts_as text not null,"
    " flags integer not null, source blob not null, unique(id, rank))",
    "create table form_differs(id text not null, ord integer not null, kind integer not null,"
    " words text not null, primary key(id, ord)) without rowid",
    "create table doc(place integer primary key, id text not null, file text not null,"
    " layer text not null, rank integer not null, kind text not null, title text not null,"
    " plain_title text not null, summary text not null, issuer text not null,"
    " stages text not null, subjects text not null, revised text not null, level text not null,"
    " mode text not null, example text not null, number text not null, starts text not null,"
    " overrides text not null, revision integer not null, revised_day integer not null,"
    " stale_after integer not null, hide_after integer not null, review_on integer not null,"
    " withdrawn integer not null, title_words integer not null, plain_words integer not null,"
    " in_force integer not null default 1, overrules integer not null default 0,"
    " overruled integer not null default 0, refused integer not null default 0,"
    " unique(id, rank))",
    /* Apart, so that looking through the documents does not read their texts. */
    "create table doc_source(place integer primary key, source blob not null)",
    /* Asked without looking at the case of letters: «chemistry» is «Chemistry». */
    "create table doc_key(key text not null, value text not null collate nocase,"
    " place integer not null, primary key(key, value, place)) without rowid",
    /* cas: the number stands for a substance in it, and another document may be of that one alone. */
    "create table doc_code(code text not null collate nocase, place integer not null,"
    " cas integer not null, primary key(code, place)) without rowid",
    "create table employer(id text primary key, rank integer not null, name text not null,"
    " kind text not null, constituency text not null, contact text not null,"
    " matrix integer not null, receipts integer not null) without rowid",
    "create table find(part text primary key, data blob not null)",
};

enum { FILE_ARENA_MAX = 48 * 1024 * 1024, KEEP_ARENA_MAX = 64 * 1024 * 1024 };

void index_fault(struct indexer *x, const char *text)
{
    if (x->rc != ERR_OK || x->faults++ >= CONTENT_FAULTS_MAX)
        return;
    x->rc = db_run(&x->db, &x->why, "insert into fault(text) values (?1)", text, NULL);
}

enum err index_keep(struct indexer *x, const char *path, const char *source, size_t len,
                    struct why *why)
{
    struct db_stmt q =
        db_prepare(&x->db, "insert or replace into file(path, source) values (?1, ?2)");

    db_bind_text(&q, 1, path);
    db_bind_blob(&q, 2, source, len);
    (void)db_step(&q);
    return db_end(&q, why);
}

static enum err index_theirs(struct indexer *x, const char *path, const char *source, size_t len,
                             struct why *why);
static enum err index_their_form(struct indexer *x, const char *path, const char *source,
                                 size_t len, struct why *why);
static enum err index_picture(struct indexer *x, const char *path, const char *source, size_t len,
                              struct why *why);

/* What is done with a file, by its place in the folder. */
struct shelf {
    const char *prefix;
    const char *name; /* of the file, where the folder holds several sorts */
    size_t bytes_max;
    enum err (*take)(struct indexer *x, const char *path, const char *source, size_t len,
                     struct why *why);
    const char *old_sql; /* its earlier source, by path */
    bool keep;           /* the source goes into table file */
    bool packed;         /* its earlier source is compressed */
};
static const char old_doc[] =
    "select s.source from doc d join doc_source s on s.place = d.place where d.file = ?1";
static const char old_file[] = "select source from file where path = ?1";
static const struct shelf shelves[] = {
    { .prefix = "forms/",
      .bytes_max = FORM_BYTES_MAX,
      .take = index_form,
      .old_sql = "select source from form where file = ?1" },
    { .prefix = "docs/",
      .bytes_max = DOC_BYTES_MAX,
      .take = index_doc,
      .old_sql = old_doc,
      .packed = true },
    { .prefix = "../help/",
      .bytes_max = DOC_BYTES_MAX,
      .take = index_doc,
      .old_sql = old_doc,
      .packed = true },
    { .prefix = "employers/",
      .name = "/issuer.yaml",
      .bytes_max = ISSUER_BYTES_MAX,
      .take = index_issuer,
      .old_sql = old_file,
      .keep = true },
    { .prefix = "employers/",
      .name = "/synonyms.csv",
      .bytes_max = CONTENT_CSV_MAX,
      .take = index_synonyms,
      .old_sql = old_file,
      .keep = true },
    { .prefix = "employers/",
      .name = ".csv",
      .bytes_max = FORM_BYTES_MAX,
      .take = index_their_form,
      .old_sql = "select source from form where file = ?1" },
    { .prefix = "employers/",
      .name = ".svg",
      .bytes_max = CONTENT_PICTURE_MAX,
      .take = index_picture,
      .old_sql = old_file },
    { .prefix = "employers/",
      .name = ".png",
      .bytes_max = CONTENT_PICTURE_MAX,
      .take = index_picture,
      .old_sql = old_file },
    { .prefix = "employers/",
      .name = ".jpg",
      .bytes_max = CONTENT_PICTURE_MAX,
      .take = index_picture,
      .old_sql = old_file },
    { .prefix = "employers/",
      .bytes_max = DOC_BYTES_MAX,
      .take = index_theirs,
      .old_sql = old_doc,
      .packed = true },
    { .prefix = "kinds.csv",
      .bytes_max = CONTENT_CSV_MAX,
      .take = index_kinds,
      .old_sql = old_file,
      .keep = true },
    { .prefix = "synonyms.csv",
      .bytes_max = CONTENT_CSV_MAX,
      .take = index_synonyms,
      .old_sql = old_file,
      .keep = true },
    { .prefix = "nuclides.csv",
      .bytes_max = CONTENT_CSV_MAX,
      .take = index_nuclides,
      .old_sql = old_file,
      .keep = true },
    { .prefix = "calendars/",
      .bytes_max = CALENDAR_BYTES_MAX,
      .take = index_calendar,
      .old_sql = "select source from calendar where file = ?1" },
    { .prefix = "pictures/", .bytes_max = CONTENT_PICTURE_MAX, .old_sql = old_file, .keep = true },
    { .prefix = "school/", .bytes_max = CONTENT_CSV_MAX, .keep = true },
};

/* A document of an employer that this kiosk works under; another's is not looked at. */
static enum err index_theirs(struct indexer *x, const char *path, const char *source, size_t len,
                             struct why *why)
{
    const struct content_employer *e = index_employer(x, path);

    if (e == NULL)
        return why_set(why, ERR_INPUT, 0, "the employer's issuer.yaml is missing or faulty");
    return e->taken ? index_doc(x, path, source, len, why) : ERR_OK;
}

static enum err index_their_form(struct indexer *x, const char *path, const char *source,
                                 size_t len, struct why *why)
{
    const struct content_employer *e = index_employer(x, path);

    if (e == NULL)
        return why_set(why, ERR_INPUT, 0, "the employer's issuer.yaml is missing or faulty");
    return e->taken ? index_form(x, path, source, len, why) : ERR_OK;
}

/* A picture of such an employer, which stands in the place of the content's own of the same name. */
static enum err index_picture(struct indexer *x, const char *path, const char *source, size_t len,
                              struct why *why)
{
    const struct content_employer *e = index_employer(x, path);

    if (e == NULL)
        return why_set(why, ERR_INPUT, 0, "the employer's issuer.yaml is missing or faulty");
    return e->taken ? index_keep(x, path, source, len, why) : ERR_OK;
}

static const struct shelf *shelf_of(const char *path)
{
    for (size_t i = 0; i < COUNT_OF(shelves); i++) {
        if (str_starts(path, shelves[i].prefix) &&
            (shelves[i].name == NULL || str_ends(path, shelves[i].name)))
            return &shelves[i];
    }
    return NULL;
}

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

enum err index_file(struct indexer *x, const char *path, const char *source, size_t len,
                    struct why *why)
{
    const struct shelf *shelf = shelf_of(path);

    if (shelf == NULL)
        return why_set(why, ERR_NOT_FOUND, 0, "%s is nothing that this program reads", path);
    if (len > shelf->bytes_max)
        return why_set(why, ERR_LIMIT, 0, "%zu bytes, the maximum is %zu", len, shelf->bytes_max);
    return index_take(x, shelf, path, source, len, why);
}

/* The first row of a statement by path, as it was before it was packed. */
static enum err index_source_by(struct db *db, const char *sql, bool packed, const char *path,
                                struct arena *a, char **out, size_t *out_len, struct why *why)
{
    struct db_stmt q = db_prepare(db, sql);
    enum err taken = ERR_NOT_FOUND;
    enum err rc;

    db_bind_text(&q, 1, path);
    if (db_step(&q)) {
        size_t len = 0;
        const void *blob = db_blob(&q, 0, &len);

        if (packed) {
            taken = content_unpack(a, blob, len, CONTENT_FILE_MAX, out, out_len, why);
        } else {
            *out = arena_strndup(a, blob, len);
            *out_len = len;
            taken = *out != NULL ? ERR_OK : why_set(why, ERR_NOMEM, 0, "no room for %s", path);
        }
    }
    rc = db_end(&q, taken == ERR_OK || taken == ERR_NOT_FOUND ? why : NULL);
    return rc == ERR_OK ? taken : rc;
}

enum err index_source(struct db *db, const char *path, struct arena *a, char **out, size_t *out_len,
                      struct why *why)
{
    const struct shelf *shelf = shelf_of(path);
    enum err rc = ERR_NOT_FOUND;

    if (shelf != NULL && shelf->old_sql != NULL)
        rc = index_source_by(db, shelf->old_sql, shelf->packed, path, a, out, out_len, why);
    /* What is kept of another employer's stands there too. */
    if (rc == ERR_NOT_FOUND)
        rc = index_source_by(db, old_file, false, path, a, out, out_len, why);
    return rc == ERR_NOT_FOUND ? why_set(why, rc, 0, "%s is not there", path) : rc;
}

static bool index_read_old(struct indexer *x, const struct shelf *shelf, const char *path)
{
    char *source = NULL;
    size_t len = 0;

    return x->old.handle != NULL && shelf->old_sql != NULL &&
           index_source(&x->old, path, &x->a, &source, &len, NULL) == ERR_OK &&
           index_take(x, shelf, path, source, len, NULL) == ERR_OK;
}

_Static_assert((int)FORM_BYTES_MAX <= (int)CONTENT_FILE_MAX &&
                   (int)DOC_BYTES_MAX <= (int)CONTENT_FILE_MAX &&
                   (int)CONTENT_CSV_MAX <= (int)CONTENT_FILE_MAX,
               "a file that is read counts among the bytes of all");

/* The good files first, then what is left of the faulty ones: a form that moved to another file
   must not be shut out by its own old copy. */
static void index_all(struct indexer *x, const struct content_files *files)
{
    struct faulty {
        const char *path;
        bool twice; /* its id is another file's */
    } *faulty = arena_array(x->keep, files->count + 1, sizeof *faulty);
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
        faulty[count++] = (struct faulty){ .path = path, .twice = rc == ERR_CONFLICT };
    }
    for (size_t i = 0; i < count && x->rc == ERR_OK; i++) {
        char text[256];

        arena_reset(&x->a);
        x->twice = faulty[i].twice;
        if (index_read_old(x, shelf_of(faulty[i].path), faulty[i].path)) {
            (void)str_format(text, sizeof text, "%s: what was read from it earlier stays",
                             faulty[i].path);
            index_fault(x, text);
        }
    }
}

enum err index_in_force(struct indexer *x, uint8_t **out, size_t *out_places, struct why *why)
{
    struct db_stmt q;
    int64_t most = 0;
    uint8_t *in_force;
    enum err rc = db_one_i64(&x->db, "select max(place) from doc", 0, &most, why);

    if (rc != ERR_OK)
        return rc;
    in_force = arena_alloc(x->keep, (size_t)most + 1);
    if (in_force == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for %lld documents", (long long)most);
    q = db_prepare(&x->db, "select place from doc where in_force = 1");
    while (db_step(&q))
        in_force[db_i64(&q, 0)] = 1;
    *out = in_force;
    *out_places = (size_t)most + 1;
    return db_end(&q, why);
}

/* What can be said only when every document is known: which ones are in force, and where which words
   stand in those. */
static enum err index_search(struct indexer *x, struct why *why)
{
    uint8_t *in_force = NULL;
    size_t places = 0;
    enum err rc = index_settle(x, why);

    if (rc == ERR_OK)
        rc = index_in_force(x, &in_force, &places, why);
    return rc == ERR_OK ? find_build_write(x->find, in_force, places, &x->db, why) : rc;
}

static enum err index_files(struct indexer *x, const struct content_files *files, struct why *why)
{
    enum err rc;

    index_all(x, files);
    if (x->rc == ERR_OK)
        index_refusals(x);
    rc = x->rc;
    if (rc != ERR_OK && why != NULL)
        *why = x->why;
    return rc == ERR_OK ? index_search(x, why) : rc;
}

enum err index_tables(struct db *db, struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; i < COUNT_OF(content_tables) && rc == ERR_OK; i++)
        rc = db_exec(db, content_tables[i], why);
    return rc;
}

static enum err index_write(struct indexer *x, const struct content_files *files,
                            const char *digest, struct why *why)
{
    struct arena keep;
    enum err rc = db_begin(&x->db, why);

    if (rc != ERR_OK)
        return rc;
    rc = index_tables(&x->db, why);
    if (rc == ERR_OK) {
        arena_init(&keep, KEEP_ARENA_MAX);
        x->keep = &keep;
        x->find = find_build_new();
        find_also_init(&x->also, &keep);
        rc = x->find == NULL ? why_set(why, ERR_NOMEM, 0, "no room for the index of the search")
                             : index_files(x, files, why);
        find_build_free(x->find);
        arena_done(&keep);
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

enum err content_index(const struct content_ask *ask, const struct content_files *files,
                       const char *digest, struct why *why)
{
    const char *data_dir = ask->data_dir;
    const char *content_dir = ask->content_dir;
    struct indexer x = { .root = content_dir,
                         .constituency = ask->constituency == NULL ? "" : ask->constituency,
                         .school = ask->school == NULL ? "" : ask->school };
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
