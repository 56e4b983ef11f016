/* Editions out of files in memory: what roles name, what has been fetched, and what an edition's database says. */
#pragma once

#include <sqlite3.h>

#include "app/store/content_db.h"
#include "app/store/edition.h"
#include "app/store/edition_state.h"
#include "app/store/edition_sum.h"
#include "platform/base/fs.h"
#include "tests/app/store/support.h"

enum { SHELF_FILES_MAX = 400, SHELF_ROLES = 2 };

struct shelf_file {
    char path[96];
    char *text;
    char sha[KEYS_ID_TEXT];
};

/* What a publisher has: files of two roles. */
struct shelf_role {
    const char *role;
    struct shelf_file files[SHELF_FILES_MAX];
    size_t count;
};
struct shelf_set {
    struct shelf_role roles[SHELF_ROLES];
    const char *constituency;
    const struct shelf_set *fetched; /* NULL: all that it names has been fetched */
    size_t reads;                    /* files that were asked for */
    struct edition_file rows[SHELF_ROLES][SHELF_FILES_MAX];
    struct edition_role edition_roles[SHELF_ROLES];
    char manifests[SHELF_ROLES][KEYS_ID_TEXT];
    const char *help;
};

static inline struct shelf_set *shelf_new(void)
{
    struct shelf_set *s = calloc(1, sizeof *s);

    assert_non_null(s);
    s->roles[0].role = "national";
    s->roles[1].role = "employers/council";
    s->constituency = "S12000030";
    return s;
}

static inline void shelf_free(struct shelf_set *s)
{
    for (size_t r = 0; r < SHELF_ROLES; r++)
        for (size_t i = 0; i < s->roles[r].count; i++)
            free(s->roles[r].files[i].text);
    free(s);
}

static inline struct shelf_file *shelf_find(struct shelf_set *s, size_t role, const char *path)
{
    for (size_t i = 0; i < s->roles[role].count; i++)
        if (str_eq(s->roles[role].files[i].path, path))
            return &s->roles[role].files[i];
    return NULL;
}

static inline void shelf_put(struct shelf_set *s, size_t role, const char *path, const char *text)
{
    struct shelf_file *f = shelf_find(s, role, path);

    if (f == NULL) {
        assert_true(s->roles[role].count < SHELF_FILES_MAX);
        f = &s->roles[role].files[s->roles[role].count++];
        (void)str_copy(f->path, sizeof f->path, path);
    }
    free(f->text);
    f->text = strdup(text);
    assert_non_null(f->text);
    keys_sha256_hex(f->sha, text, strlen(text));
}

static inline void shelf_drop(struct shelf_set *s, size_t role, size_t at)
{
    struct shelf_role *r = &s->roles[role];

    free(r->files[at].text);
    r->files[at] = r->files[--r->count];
    r->files[r->count] = (struct shelf_file){ .text = NULL };
}

/* A document with words of one's own. */
static inline void shelf_doc(struct shelf_set *s, size_t role, const char *path, const char *id,
                             const char *title, const char *body)
{
    char text[2048];

    (void)str_format(text, sizeof text,
                     "---\nid: %s\nkind: guidance\ntitle: %s\nsummary: A page.\n"
                     "revised: 2026-11-20\nsubjects: [Chemistry]\nstages: [S1, S2]\n---\n%s\n",
                     id, title, body);
    shelf_put(s, role, path, text);
}

static inline void shelf_form(struct shelf_set *s, size_t role, const char *path, const char *id,
                              const char *title)
{
    char text[1024];

    (void)str_format(text, sizeof text,
                     "survey,type,name,label,required,kiosk::critical\n"
                     ",select_one pfn,flex,Flex,yes,yes\nchoices,list_name,name,label\n"
                     ",pfn,pass,Pass\n,pfn,fail,Fail\n,pfn,na,N/A\n"
                     "settings,form_id,form_title,version,kiosk::interval,kiosk::basis,"
                     "kiosk::applies_to\n,%s,%s,1,7d,GUIDE,cooker\n",
                     id, title);
    shelf_put(s, role, path, text);
}

static inline void shelf_begin(struct shelf_set *s)
{
    shelf_put(s, 0, "kinds.csv",
              "id,name,plural,icon,guidance\ncooker,Pressure cooker,Pressure cookers,f65a,"
              "magnesium\n");
    shelf_put(s, 0, "synonyms.csv", "words,also\nmagnesium,\"Mg, flare metal\"\n");
    shelf_form(s, 0, "forms/week.csv", "week", "Weekly look");
    shelf_doc(s, 0, "docs/magnesium.md", "magnesium", "Burning magnesium", "Look away.");
    shelf_doc(s, 0, "docs/deep/cafe.md", "cafe", "Café in the lab", "No eating.");
    shelf_put(s, 1, "issuer.yaml",
              "name: Example Council\nkind: authority\nconstituency: S12000030\n");
    shelf_doc(s, 1, "docs/ours.md", "ours", "Ours alone", "Only here.");
}

static inline const struct edition_set *shelf_set(struct shelf_set *s, struct edition_set *out)
{
    for (size_t r = 0; r < SHELF_ROLES; r++) {
        struct buf b;

        buf_init(&b, (size_t)1024 * 1024);
        for (size_t i = 0; i < s->roles[r].count; i++) {
            const struct shelf_file *f = &s->roles[r].files[i];

            s->rows[r][i] =
                (struct edition_file){ .path = f->path, .sha = f->sha, .size = strlen(f->text) };
            buf_printf(&b, "%s %s\n", f->path, f->sha);
        }
        keys_sha256_hex(s->manifests[r], b.len == 0 ? "" : b.data, b.len);
        buf_free(&b);
        s->edition_roles[r] = (struct edition_role){ .role = s->roles[r].role,
                                                     .edition = "2026-11-23",
                                                     .manifest = s->manifests[r],
                                                     .files = s->rows[r],
                                                     .count = s->roles[r].count };
    }
    *out = (struct edition_set){ .roles = s->edition_roles,
                                 .count = s->roles[1].count > 0 ? 2 : 1,
                                 .constituency = s->constituency,
                                 .school = "",
                                 .help = s->help };
    return out;
}

static inline const char *shelf_text(const struct shelf_set *s, const char *sha)
{
    const struct shelf_set *from = s->fetched == NULL ? s : s->fetched;

    for (size_t r = 0; r < SHELF_ROLES; r++)
        for (size_t i = 0; i < from->roles[r].count; i++)
            if (str_eq(from->roles[r].files[i].sha, sha))
                return from->roles[r].files[i].text;
    return NULL;
}

static inline bool shelf_has(void *ctx, const char *sha)
{
    return shelf_text(ctx, sha) != NULL;
}

static inline enum err shelf_read(void *ctx, const struct edition_file *f, struct arena *a,
                                  const char **out, size_t *out_len, struct why *why)
{
    struct shelf_set *s = ctx;
    const char *text = shelf_text(s, f->sha);

    if (text == NULL)
        return why_set(why, ERR_NOT_FOUND, 0, "%s was not fetched", f->path);
    s->reads++;
    *out = arena_strdup(a, text);
    *out_len = strlen(text);
    return *out == NULL ? why_set(why, ERR_NOMEM, 0, "no room") : ERR_OK;
}

static inline struct edition_blobs shelf_blobs(struct shelf_set *s)
{
    return (struct edition_blobs){ .has = shelf_has, .read = shelf_read, .ctx = s };
}

static inline enum err shelf_build(struct shelf_set *s, const char *data, char hash[KEYS_ID_TEXT],
                                   struct edition_refusal *refusal, struct why *why)
{
    struct edition_set set;
    const struct edition_blobs blobs = shelf_blobs(s);

    return edition_build(data, shelf_set(s, &set), &blobs, hash, refusal, why);
}

/* What the kiosk does at home: opens the one that is due and takes it into use. False: it did not open. */
static inline bool shelf_switch(const char *data, struct content **out)
{
    struct edition_name name;
    char path[FS_PATH_MAX];
    struct why why = { 0 };
    struct content *c = NULL;
    enum err rc;

    support_ok(edition_pick(data, &name, &why), &why);
    assert_string_not_equal(name.hash, "");
    support_ok(edition_try(data, &name, &why), &why);
    support_ok(edition_path(data, name.hash, path, &why), &why);
    rc = content_open_file(path, "S12000030", "", &c, &why);
    if (rc != ERR_OK) {
        struct why cause = why;

        support_ok(edition_failed(data, &name, &cause, &why), &why);
        return false;
    }
    support_ok(edition_switch(data, &name, &why), &why);
    edition_stands(data, &name);
    if (out != NULL)
        *out = c;
    else
        content_close(c);
    return true;
}

static inline void shelf_install(struct shelf_set *s, const char *data)
{
    char hash[KEYS_ID_TEXT];
    struct why why = { 0 };

    support_ok(shelf_build(s, data, hash, NULL, &why), &why);
    assert_true(shelf_switch(data, NULL));
}

/* ---- what a card does to it ---- */

/* The length of a file, and its bytes; caller frees. */
static inline char *shelf_bytes(const char *path, size_t *out_len)
{
    struct fs_stat st;
    struct why why = { 0 };
    FILE *f = fopen(path, "rbe");
    char *bytes;

    support_ok(fs_stat(path, &st, &why), &why);
    bytes = malloc((size_t)st.size + 1);
    assert_true(f != NULL && bytes != NULL);
    *out_len = fread(bytes, 1, (size_t)st.size, f);
    assert_int_equal(*out_len, st.size);
    assert_int_equal(fclose(f), 0);
    return bytes;
}

/* One byte of an edition is another, wherever these words stand in it. SQLite notices nothing. */
static inline void shelf_flip(const char *data, const char *hash, const char *words, size_t at,
                              char to)
{
    char path[FS_PATH_MAX];
    struct why why = { 0 };
    size_t len = 0;
    size_t found = 0;

    support_ok(edition_path(data, hash, path, &why), &why);
    char *bytes = shelf_bytes(path, &len);
    FILE *f = fopen(path, "r+be");
    assert_non_null(f);
    for (size_t i = 0; i + strlen(words) <= len; i++) {
        if (memcmp(bytes + i, words, strlen(words)) != 0)
            continue;
        assert_int_equal(fseek(f, (long)(i + at), SEEK_SET), 0);
        assert_int_equal(fputc(to, f), (unsigned char)to);
        found++;
    }
    assert_int_equal(fclose(f), 0);
    assert_true(found > 0);
    free(bytes);
}

/* ---- what a database says ---- */

/* The columns of a table, with a document's number told by its file. */
static inline void dump_columns(struct db *db, const char *table, struct buf *out)
{
    char sql[96];
    bool doc = str_starts(table, "doc_");
    struct db_stmt q;
    struct why why = { 0 };

    (void)str_format(sql, sizeof sql, "select name from pragma_table_info('%s')", table);
    q = db_prepare(db, sql);
    while (db_step(&q)) {
        const char *name = db_text(&q, 0);

        if (str_eq(name, "place") && !doc)
            continue;
        buf_str(out, out->len == 0 ? "" : " || '|' || ");
        if (str_eq(name, "place"))
            buf_str(out, "(select file from doc d where d.place = t.place)");
        else
            buf_printf(out, "quote(t.%s)", name);
    }
    support_ok(db_end(&q, &why), &why);
}

static inline void dump_table(struct db *db, const char *table, struct buf *out)
{
    struct buf columns;
    struct buf sql;
    struct db_stmt q;
    struct why why = { 0 };

    buf_init(&columns, 8192);
    buf_init(&sql, 16384);
    dump_columns(db, table, &columns);
    buf_printf(&sql, "select %s from %s t order by 1", columns.data, table);
    q = db_prepare(db, sql.data);
    while (db_step(&q))
        buf_printf(out, "%s: %s\n", table, db_text(&q, 0));
    support_ok(db_end(&q, &why), &why);
    buf_free(&columns);
    buf_free(&sql);
}

static inline void dump_term(struct db *db, const struct find_term *t, struct buf *out)
{
    struct find_posts p = find_posts(t);
    struct db_stmt ins = db_prepare(db, "insert into temp.post select file, ?2 from doc where"
                                        " place = ?1");
    struct db_stmt q;
    struct why why = { 0 };

    while (find_posts_next(&p)) {
        db_again(&ins);
        db_bind_i64(&ins, 1, p.place);
        db_bind_i64(&ins, 2, p.fields);
        (void)db_step(&ins);
    }
    support_ok(db_end(&ins, &why), &why);
    buf_printf(out, "term %s %u:", t->text, t->doc_count);
    q = db_prepare(db, "select file || ' ' || fields from temp.post order by file");
    while (db_step(&q))
        buf_printf(out, " %s", db_text(&q, 0));
    support_ok(db_end(&q, &why), &why);
    support_ok(db_exec(db, "delete from temp.post", &why), &why);
    buf_char(out, '\n');
}

static inline void dump_find(struct db *db, struct buf *out)
{
    struct find_index *x = NULL;
    struct why why = { 0 };

    support_ok(find_index_load(db, "S12000030", &x, &why), &why);
    support_ok(db_exec(db, "create temp table post(file text, fields integer)", &why), &why);
    for (size_t i = 0; i < x->term_count; i++)
        dump_term(db, &x->terms[i], out);
    for (size_t i = 0; i < x->name_count; i++)
        dump_term(db, &x->names[i], out);
    find_index_free(x);
}

/* Everything an edition holds, in an order of its own, but for what it says of the one before. Caller frees. */
static inline char *dump_edition(const char *data, const char *hash)
{
    static const char *const tables[] = { "fault",       "file",       "kind",     "calendar",
                                          "form",        "doc",        "doc_key",  "doc_code",
                                          "meta",        "doc_source", "employer", "edition_role",
                                          "edition_file" };
    char path[FS_PATH_MAX];
    struct db db;
    struct buf out;
    struct why why = { 0 };

    support_ok(edition_path(data, hash, path, &why), &why);
    /* A copy in memory, as temporary tables are written. */
    support_ok(db_open(&db, path, DB_READ, &why), &why);
    support_ok(db_exec(&db, "pragma query_only = off; pragma temp_store = memory", &why), &why);
    buf_init(&out, (size_t)64 * 1024 * 1024);
    for (size_t i = 0; i < COUNT_OF(tables); i++)
        dump_table(&db, tables[i], &out);
    dump_find(&db, &out);
    db_close(&db);
    support_ok(buf_done(&out, &why), &why);
    /* How many editions this kiosk has had is its own affair. */
    char *serial = strstr(out.data, "meta: 'serial'|");
    if (serial != NULL) {
        const char *end = strchr(serial, '\n');

        assert_non_null(end);
        memmove(serial, end, strlen(end) + 1);
    }
    return out.data;
}
