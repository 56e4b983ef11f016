#include "app/store/content_db.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/store/content_index.h"
#include "app/store/content_take.h"
#include "app/store/edition_sum.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"

enum { CONTENT_ARENA_MAX = 16 * 1024 * 1024, FORM_ARENA_MAX = 16 * 1024 * 1024, LIST_MAX = 5000 };

enum err content_count(struct content *c, const char *table, size_t *out, struct why *why)
{
    char sql[64];
    int64_t n = 0;
    enum err rc;

    (void)str_format(sql, sizeof sql, "select count(*) from %s", table);
    rc = db_one_i64(&c->db, sql, 0, &n, why);
    if (rc == ERR_OK)
        *out = n > LIST_MAX ? LIST_MAX : (size_t)n;
    return rc;
}

static enum err load_kinds(struct content *c, struct why *why)
{
    struct db_stmt q;
    size_t max = 0;
    enum err rc = content_count(c, "kind", &max, why);

    if (rc != ERR_OK)
        return rc;
    c->kinds = arena_array(&c->a, max + 1, sizeof *c->kinds);
    q = db_prepare(&c->db, "select id, name, plural, icon, guidance, grp, ends"
                           " from kind order by name, id");
    while (c->kinds != NULL && c->kind_count < max && db_step(&q)) {
        c->kinds[c->kind_count++] = (struct kind){
            .id = db_text_in(&q, 0, &c->a),
            .name = db_text_in(&q, 1, &c->a),
            .plural = db_text_in(&q, 2, &c->a),
            .icon = (uint32_t)db_i64(&q, 3),
            .guidance = db_text_in(&q, 4, &c->a),
            .group = db_text_in(&q, 5, &c->a),
            .ends = db_text_in(&q, 6, &c->a),
        };
    }
    return db_end(&q, why);
}

static void load_form(struct content *c, struct db_stmt *q)
{
    int64_t flags = db_i64(q, 21);

    c->forms[c->form_count++] = (struct form_brief){
        .id = db_text_in(q, 0, &c->a),
        .title = db_text_in(q, 1, &c->a),
        .applies_to = db_text_in(q, 2, &c->a),
        .interval = db_text_in(q, 3, &c->a),
        .basis_text = db_text_in(q, 4, &c->a),
        .version = db_text_in(q, 5, &c->a),
        .competence = db_text_in(q, 6, &c->a),
        .fail_action = db_text_in(q, 7, &c->a),
        .source = db_text_in(q, 8, &c->a),
        .edition = db_text_in(q, 9, &c->a),
        .confidence = db_text_in(q, 10, &c->a),
        .retention = db_text_in(q, 11, &c->a),
        .guidance = db_text_in(q, 12, &c->a),
        .next_due = db_text_in(q, 13, &c->a),
        .interval_from = db_text_in(q, 14, &c->a),
        .life = db_text_in(q, 15, &c->a),
        .custody = db_text_in(q, 16, &c->a),
        .makes = db_text_in(q, 17, &c->a),
        .makes_label = db_text_in(q, 18, &c->a),
        .counts_as = db_text_in(q, 19, &c->a),
        .basis = (enum form_basis)db_i64(q, 20),
        .in_session = (flags & FORM_IN_SESSION) != 0,
        .birth = (flags & FORM_BIRTH) != 0,
        .calibration = (flags & FORM_CALIBRATION) != 0,
        .tray = (flags & FORM_TRAY) != 0,
        .quick_pass = (flags & FORM_QUICK_PASS) != 0,
        .issuer = db_text_in(q, 22, &c->a),
        .verdict = db_text_in(q, 23, &c->a),
        .differs = db_text_in(q, 24, &c->a),
    };
}

static enum err load_forms(struct content *c, struct why *why)
{
    struct db_stmt q;
    size_t max = 0;
    enum err rc = content_count(c, "form", &max, why);

    if (rc != ERR_OK)
        return rc;
    c->forms = arena_array(&c->a, max + 1, sizeof *c->forms);
    q = db_prepare(&c->db,
                   "select id, title, applies_to, interval, basis_text, version, competence,"
                   " fail_action, source_text, edition, confidence, retention, guidance, next_due,"
                   " interval_from, life, custody, makes, makes_label, counts_as, basis, flags,"
                   " issuer, verdict, differs"
                   " from form where in_force = 1"
                   " order by title, id");
    while (c->forms != NULL && c->form_count < max && db_step(&q))
        load_form(c, &q);
    return db_end(&q, why);
}

static enum err load_issuer(struct content *c, struct why *why)
{
    struct db_stmt q = db_prepare(&c->db, "select id, name, kind, constituency, contact, matrix,"
                                          " receipts from employer order by rank desc, id limit 1");

    if (db_step(&q)) {
        c->issuer = arena_alloc(&c->a, sizeof *c->issuer);
        if (c->issuer != NULL)
            *c->issuer = (struct content_issuer){ .id = db_text_in(&q, 0, &c->a),
                                                  .name = db_text_in(&q, 1, &c->a),
                                                  .kind = db_text_in(&q, 2, &c->a),
                                                  .constituency = db_text_in(&q, 3, &c->a),
                                                  .contact = db_text_in(&q, 4, &c->a),
                                                  .matrix = db_i64(&q, 5) != 0,
                                                  .receipts = db_i64(&q, 6) != 0 };
    }
    return db_end(&q, why);
}

static enum err load_faults(struct content *c, struct why *why)
{
    struct db_stmt q;
    size_t max = 0;
    enum err rc = content_count(c, "fault", &max, why);

    if (rc != ERR_OK)
        return rc;
    /* One place more, for a fault of this opening. */
    c->faults = arena_array(&c->a, max + 2, sizeof *c->faults);
    q = db_prepare(&c->db, "select text from fault order by place");
    while (c->faults != NULL && c->fault_count < max && db_step(&q))
        c->faults[c->fault_count++] = db_text_in(&q, 0, &c->a);
    return db_end(&q, why);
}

static enum err load_some_docs(struct content *c, struct why *why)
{
    int64_t some = 0;
    enum err rc =
        db_one_i64(&c->db, "select exists (select 1 from doc where kind <> 'help')", 0, &some, why);

    c->some_docs = some != 0;
    return rc;
}

static enum err load_edition(struct content *c, struct why *why)
{
    int64_t is = 0;
    enum err rc = db_one_i64(
        &c->db, "select exists (select 1 from sqlite_schema where name = 'edition_file')", 0, &is,
        why);

    c->edition = is != 0;
    return rc;
}

static enum err content_load(struct content *c, const char *path, struct why *why)
{
    enum err rc = db_open(&c->db, path, DB_READ, why);

    if (rc == ERR_OK)
        rc = load_kinds(c, why);
    if (rc == ERR_OK)
        rc = load_forms(c, why);
    if (rc == ERR_OK)
        rc = content_load_tables(c, why);
    if (rc == ERR_OK)
        rc = load_issuer(c, why);
    if (rc == ERR_OK)
        rc = load_some_docs(c, why);
    if (rc == ERR_OK)
        rc = load_edition(c, why);
    if (rc == ERR_OK)
        rc = load_faults(c, why);
    if (rc == ERR_OK && c->a.failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for the content's lists");
    return rc == ERR_OK ? rc : why_in(why, rc, "open content");
}

/* Whether the index is there and was built from exactly this folder. A damaged one is as good as
   none: the folder makes it again. */
static bool content_fresh(const char *path, const char *digest)
{
    struct db db = { 0 };
    struct db_stmt q;
    bool same = false;

    if (access(path, F_OK) != 0 || db_open(&db, path, DB_READ, NULL) != ERR_OK)
        return false;
    q = db_prepare(&db, "select value from meta where key = 'digest'");
    if (db_step(&q))
        same = str_eq(db_text(&q, 0), digest);
    if (db_end(&q, NULL) != ERR_OK)
        same = false;
    db_close(&db);
    return same;
}

static enum err content_refresh(const struct content_ask *ask, const char *path, struct why *why)
{
    char digest[KEYS_ID_TEXT];
    struct content_files *files = NULL;
    struct arena a;
    enum err rc;

    arena_init(&a, CONTENT_ARENA_MAX);
    rc = content_files(ask, &a, &files, digest, why);
    if (rc == ERR_OK && !content_fresh(path, digest))
        rc = content_index(ask, files, digest, why);
    arena_done(&a);
    return rc;
}

static void content_add_fault(struct content *c, const char *text)
{
    const char *copy = arena_strdup(&c->a, text);

    if (c->faults == NULL)
        c->faults = arena_array(&c->a, 2, sizeof *c->faults);
    if (c->faults != NULL && copy != NULL)
        c->faults[c->fault_count++] = copy;
}

static enum err content_new(const char *constituency, const char *school, struct content **out,
                            struct why *why)
{
    struct content *c = calloc(1, sizeof *c);

    if (c == NULL)
        return why_set(why, ERR_NOMEM, 0, "open content");
    arena_init(&c->a, CONTENT_ARENA_MAX);
    (void)str_copy(c->constituency, sizeof c->constituency,
                   constituency == NULL ? "" : constituency);
    (void)str_copy(c->school, sizeof c->school, school == NULL ? "" : school);
    *out = c;
    return ERR_OK;
}

enum err content_open_file(const char *path, const char *constituency, const char *school,
                           struct content **out, struct why *why)
{
    struct content *c = NULL;
    enum err rc = content_new(constituency, school, &c, why);

    if (rc == ERR_OK)
        rc = content_load(c, path, why);
    if (rc != ERR_OK) {
        content_close(c);
        return rc;
    }
    *out = c;
    return ERR_OK;
}

enum err content_open_for(const struct content_ask *ask, struct content **out, struct why *why)
{
    struct edition_name edition = { .hash = "" };
    char path[FS_PATH_MAX];
    struct why folder = { 0 };
    struct content *c = NULL;
    bool fit = false;
    enum err indexed = ERR_OK;
    enum err rc = fs_join(path, ask->data_dir, "content.db", why);

    if (rc != ERR_OK)
        return rc;
    if (ask->content_dir == NULL || content_is_repository(ask->content_dir))
        edition_current(ask->data_dir, &edition);
    else
        indexed = content_refresh(ask, path, &folder);
    if (edition.hash[0] != '\0')
        rc = edition_path(ask->data_dir, edition.hash, path, why);
    if (rc != ERR_OK)
        return rc;
    if (edition.hash[0] != '\0' &&
        (edition_fit(ask->data_dir, &edition, NULL, NULL, &fit, NULL) != ERR_OK || !fit)) {
        rc = content_open_none(ask->constituency, ask->school, &c, why);
        if (rc != ERR_OK)
            return rc;
        content_add_fault(c, "The content is damaged and not shown; it is made again (S-517)");
        *out = c;
        return ERR_OK;
    }
    /* A folder that cannot be read leaves what was there before, and says so. */
    if (indexed != ERR_OK && access(path, F_OK) != 0)
        return why_set(why, indexed, 0, "%s", folder.text);
    rc = access(path, F_OK) == 0 ? content_open_file(path, ask->constituency, ask->school, &c, why)
                                 : content_new(ask->constituency, ask->school, &c, why);
    if (rc != ERR_OK)
        return rc;
    if (indexed != ERR_OK)
        content_add_fault(c, folder.text);
    else if (content_none(c))
        content_add_fault(c, "No content has come to this kiosk yet; name a folder with --content");
    *out = c;
    return ERR_OK;
}

enum err content_open_none(const char *constituency, const char *school, struct content **out,
                           struct why *why)
{
    struct content *c = NULL;
    enum err rc = content_new(constituency, school, &c, why);

    if (rc != ERR_OK)
        return rc;
    c->lost = true;
    *out = c;
    return ERR_OK;
}

bool content_is_lost(const struct content *c)
{
    return c != NULL && c->lost;
}

bool content_is_repository(const char *content_dir)
{
    char path[FS_PATH_MAX];
    struct fs_stat st;

    return fs_join(path, content_dir, "metadata", NULL) == ERR_OK &&
           fs_stat(path, &st, NULL) == ERR_OK && st.is_dir;
}

enum err content_open(const char *data_dir, const char *content_dir, struct content **out,
                      struct why *why)
{
    return content_open_for(
        &(struct content_ask){ .data_dir = data_dir, .content_dir = content_dir }, out, why);
}

unsigned content_unread(const struct content *c)
{
    return c->db.unread;
}

bool content_none(const struct content *c)
{
    return c->kind_count == 0 && c->form_count == 0 && !c->some_docs;
}

const char *content_constituency(const struct content *c)
{
    return c->constituency;
}

const char *content_school(const struct content *c)
{
    return c->school;
}

const struct content_issuer *content_issuer(const struct content *c)
{
    return c->issuer;
}

void content_close(struct content *c)
{
    if (c == NULL)
        return;
    while (c->loaded != NULL) {
        struct content_form_loaded *l = c->loaded;

        c->loaded = l->next;
        form_done(&l->form);
        arena_done(&l->a);
    }
    find_index_free(c->find);
    db_close(&c->db);
    arena_done(&c->a);
    free(c);
}

size_t content_faults(const struct content *c, const char *const **out)
{
    *out = (const char *const *)c->faults;
    return c->fault_count;
}

const struct kind *content_kinds(struct content *c, size_t *out_count)
{
    *out_count = c->kind_count;
    return c->kinds;
}

const struct kind *content_kind(struct content *c, const char *id)
{
    for (size_t i = 0; i < c->kind_count; i++) {
        if (str_eq(c->kinds[i].id, id))
            return &c->kinds[i];
    }
    return NULL;
}

const struct form_brief *content_forms(struct content *c, size_t *out_count)
{
    *out_count = c->form_count;
    return c->forms;
}

enum err content_source(struct content *c, const char *sql, const char *id, struct arena *a,
                        char **out, size_t *out_len, struct why *why)
{
    struct db_stmt q;
    char *source = NULL;
    size_t len = 0;
    bool found;
    enum err rc;

    if (c->db.handle == NULL)
        return why_set(why, ERR_NOT_FOUND, 0, "no content has come to this kiosk yet");
    q = db_prepare(&c->db, sql);
    db_bind_text(&q, 1, id);
    found = db_step(&q);
    if (found) {
        const void *blob = db_blob(&q, 0, &len);

        source = arena_strndup(a, blob, len);
    }
    rc = db_end(&q, why);
    if (rc != ERR_OK)
        return rc;
    if (!found)
        return why_set(why, ERR_NOT_FOUND, 0, "the content has no %s", id);
    if (source == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for %s", id);
    *out = source;
    *out_len = len;
    return ERR_OK;
}

enum err content_form(struct content *c, const char *id, const struct form **out, struct why *why)
{
    struct content_form_loaded *l;
    struct form_faults *faults;
    char *source = NULL;
    size_t len = 0;
    enum err rc;

    for (l = c->loaded; l != NULL; l = l->next) {
        if (str_eq(l->form.id, id)) {
            *out = &l->form;
            return ERR_OK;
        }
    }
    l = arena_alloc(&c->a, sizeof *l);
    if (l == NULL)
        return why_set(why, ERR_NOMEM, 0, "open form %s", id);
    arena_init(&l->a, FORM_ARENA_MAX);
    faults = arena_alloc(&l->a, sizeof *faults);
    rc = faults == NULL
             ? ERR_NOMEM
             : content_source(c, "select source from form where id = ?1 and in_force = 1", id,
                              &l->a, &source, &len, why);
    if (rc == ERR_OK)
        rc = form_parse(&l->a, source, len, &l->form, faults, why);
    if (rc == ERR_OK && content_form_brief(c, id) != NULL)
        l->form.issuer = content_form_brief(c, id)->issuer;
    if (rc != ERR_OK) {
        form_done(&l->form);
        arena_done(&l->a);
        return why_in(why, rc, "open form %s", id);
    }
    l->next = c->loaded;
    c->loaded = l;
    *out = &l->form;
    return ERR_OK;
}
