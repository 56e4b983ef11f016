#include "app/store/edition_make.h"

#include <stdlib.h>
#include <string.h>

#include "app/store/content_index.h"
#include "app/store/content_layer.h"
#include "platform/base/str.h"

static const char *const make_tables[] = {
    "create table edition_role(role text primary key, edition text not null,"
    " manifest text not null) without rowid",
    /* role "": a page of the program's own. file: the path as the role's manifest has it. */
    "create table edition_file(path text primary key, sha text not null, size integer not null,"
    " role text not null, file text not null) without rowid",
    /* Files are asked for by their paths. */
    "create index edition_doc on doc(file)",
    "create table news(id text primary key, how text not null, title text not null,"
    " serial integer not null) without rowid",
};

/* ---- one file ---- */

/* The machine's troubles are not the content's. */
static bool make_is_machine(enum err rc)
{
    return rc == ERR_IO || rc == ERR_FULL || rc == ERR_NOMEM || rc == ERR_DENIED;
}

static enum err make_refuse(struct edition_make *m, const struct edition_item *item,
                            const char *text, struct why *why)
{
    m->refusal->role = item->role < 0 ? 0 : (size_t)item->role;
    (void)str_copy(m->refusal->path, sizeof m->refusal->path, item->path);
    (void)str_copy(m->refusal->text, sizeof m->refusal->text, text);
    return why_set(why, ERR_INPUT, 0, "%s: %s", item->path, text);
}

static bool make_same(const struct edition_item *item, const char *bytes, size_t len)
{
    char sha[KEYS_ID_TEXT];

    keys_sha256_hex(sha, bytes, len);
    return str_eq(sha, item->sha);
}

/* From the edition before, whatever its path was there. */
static bool make_from_old(struct edition_make *m, const struct edition_item *item, char **out,
                          size_t *out_len)
{
    const struct edition_held *held =
        m->x.old.handle == NULL ? NULL : edition_store_find(&m->held, item->sha);

    if (held == NULL)
        return false;
    if (index_source(&m->x.old, held->path, &m->x.a, out, out_len, NULL) == ERR_OK &&
        make_same(item, *out, *out_len))
        return true;
    buf_printf(&m->damaged, "%s\n", item->sha);
    return false;
}

/* From any edition that is here, damaged or not; held against its hash. */
static enum err make_from_any(struct edition_make *m, const struct edition_item *item,
                              const char **out, size_t *out_len, struct why *why)
{
    enum err rc = m->files == NULL ? edition_files_open(m->data_dir, &m->files, why) : ERR_OK;

    return rc == ERR_OK ? edition_files_read(m->files, item->sha, &m->x.a, out, out_len, why) : rc;
}

static enum err make_source(struct edition_make *m, const struct edition_item *item, char **out,
                            size_t *out_len, struct why *why)
{
    const char *bytes = NULL;
    size_t len = 0;
    enum err rc;

    if (item->role == EDITION_HELP)
        return edition_help(m->set, item, &m->x.a, out, out_len, why);
    if (make_from_old(m, item, out, out_len))
        return ERR_OK;
    rc = m->blobs == NULL ? why_set(why, ERR_NOT_FOUND, 0, "it is not there")
                          : m->blobs->read(m->blobs->ctx, item->file, &m->x.a, &bytes, &len, why);
    if (rc == ERR_OK && !make_same(item, bytes, len))
        rc = why_set(why, ERR_NOT_FOUND, 0, "other bytes than were signed");
    if (rc == ERR_NOT_FOUND)
        rc = make_from_any(m, item, &bytes, &len, why);
    /* Those of one without a sum, which is not read as the one before. */
    if (rc == ERR_NOT_FOUND && m->x.old.handle == NULL &&
        edition_store_find(&m->held, item->sha) != NULL)
        buf_printf(&m->damaged, "%s\n", item->sha);
    if (rc != ERR_OK)
        return rc;
    *out = arena_strndup(&m->x.a, bytes, len); /* NUL-terminated */
    *out_len = len;
    return *out == NULL ? why_set(why, ERR_NOMEM, 0, "no room") : ERR_OK;
}

/* What was told of a file that was taken all the same: an edition takes none such. */
static enum err make_told(struct edition_make *m, const struct edition_item *item, struct why *why)
{
    struct db_stmt q = db_prepare(&m->x.db, "select text from fault order by place desc limit 1");
    const char *text = "";
    enum err rc;

    if (db_step(&q))
        text = db_text_in(&q, 0, &m->x.a);
    rc = db_end(&q, why);
    return rc == ERR_OK ? make_refuse(m, item, text, why) : rc;
}

static enum err make_take(struct edition_make *m, const struct edition_item *item,
                          const char *source, size_t len, struct why *why)
{
    struct indexer *x = &m->x;
    size_t faults = x->faults;
    struct why cause = { .sys = 0 };
    const struct content_employer *e;
    enum err rc = index_file(x, item->path, source, len, &cause);

    if (rc == ERR_OK && x->rc != ERR_OK) {
        rc = x->rc;
        cause = x->why;
    }
    if (make_is_machine(rc)) {
        if (why != NULL)
            *why = cause;
        return why_in(why, rc, "%s", item->path);
    }
    /* The program's own page: it came with the program, and no edition is to blame. */
    if (item->role == EDITION_HELP)
        return ERR_OK;
    if (rc != ERR_OK)
        return make_refuse(m, item, cause.text, why);
    if (x->faults > faults)
        return make_told(m, item, why);
    /* Another employer's file counts for nothing, but is held: it must not be fetched again. */
    e = index_employer(x, item->path);
    return e != NULL && !e->taken ? index_keep(x, item->path, source, len, why) : ERR_OK;
}

static const char *make_role(const struct edition_make *m, const struct edition_item *item)
{
    return item->role == EDITION_HELP ? "" : m->set->roles[item->role].role;
}

static enum err make_list_file(struct edition_make *m, const struct edition_item *item,
                               struct why *why)
{
    struct db_stmt q = db_prepare(&m->x.db, "insert or replace into edition_file(path, sha, size,"
                                            " role, file) values (?1, ?2, ?3, ?4, ?5)");

    db_bind_text(&q, 1, item->path);
    db_bind_text(&q, 2, item->sha);
    db_bind_i64(&q, 3, item->file == NULL ? 0 : (int64_t)item->file->size);
    db_bind_text(&q, 4, make_role(m, item));
    db_bind_text(&q, 5, item->file == NULL ? "" : item->file->path);
    (void)db_step(&q);
    return db_end(&q, why);
}

/* Files that are missing are all asked for before the making is given up. */
static enum err make_item(struct edition_make *m, const struct edition_item *item, size_t *missing,
                          struct why *why)
{
    char *source = NULL;
    size_t len = 0;
    enum err rc;

    arena_reset(&m->x.a);
    rc = make_source(m, item, &source, &len, why);
    if (rc == ERR_NOT_FOUND) {
        ++*missing;
        return ERR_OK;
    }
    if (rc == ERR_OK && *missing == 0)
        rc = make_take(m, item, source, len, why);
    return rc == ERR_OK && *missing == 0 ? make_list_file(m, item, why) : rc;
}

static enum err make_missing(size_t missing, struct why *why)
{
    return missing == 0 ? ERR_OK
                        : why_set(why, ERR_NOT_FOUND, 0, "%zu files are not there", missing);
}

/* ---- what stands beside the files ---- */

static enum err make_meta(struct db *db, const char *key, const char *value, struct why *why)
{
    return db_run(db, why, "insert or replace into meta(key, value) values (?1, ?2)", key,
                  value == NULL ? "" : value);
}

static enum err make_roles(struct edition_make *m, struct why *why)
{
    enum err rc = db_exec(&m->x.db, "delete from edition_role", why);

    for (size_t i = 0; i < m->set->count && rc == ERR_OK; i++) {
        const struct edition_role *r = &m->set->roles[i];

        rc = db_run(&m->x.db, why,
                    "insert into edition_role(role, edition, manifest) values (?1, ?2, ?3)",
                    r->role, r->edition, r->manifest);
    }
    return rc;
}

static enum err make_names(struct edition_make *m, struct why *why)
{
    char version[16];
    enum err rc = make_roles(m, why);

    (void)str_format(version, sizeof version, "%d", CONTENT_VERSION);
    if (rc == ERR_OK)
        rc = make_meta(&m->x.db, "digest", m->list->hash, why);
    if (rc == ERR_OK)
        rc = make_meta(&m->x.db, "key", m->list->key, why);
    if (rc == ERR_OK)
        rc = make_meta(&m->x.db, "base", m->list->base, why);
    if (rc == ERR_OK)
        rc = make_meta(&m->x.db, "help", m->list->help, why);
    if (rc == ERR_OK)
        rc = make_meta(&m->x.db, "version", version, why);
    if (rc == ERR_OK)
        rc = make_meta(&m->x.db, "constituency", m->set->constituency, why);
    return rc == ERR_OK ? make_meta(&m->x.db, "school", m->set->school, why) : rc;
}

static enum err make_begin(struct edition_make *m, struct why *why)
{
    m->x.keep = &m->keep;
    m->x.find = find_build_new();
    find_also_init(&m->x.also, &m->keep);
    return m->x.find == NULL ? why_set(why, ERR_NOMEM, 0, "no room for the index of the search")
                             : db_begin(&m->x.db, why);
}

static enum err make_end(struct edition_make *m, enum err rc, struct why *why)
{
    if (rc == ERR_OK) {
        index_refusals(&m->x);
        rc = m->x.rc;
        if (rc != ERR_OK && why != NULL)
            *why = m->x.why;
    }
    if (rc == ERR_OK)
        rc = make_names(m, why);
    find_build_free(m->x.find);
    m->x.find = NULL;
    return db_finish(&m->x.db, rc, why);
}

/* ---- from nothing ---- */

enum err edition_make_all(struct edition_make *m, struct why *why)
{
    uint8_t *in_force = NULL;
    size_t places = 0;
    size_t missing = 0;
    enum err rc = make_begin(m, why);

    if (rc != ERR_OK)
        return rc;
    rc = index_tables(&m->x.db, why);
    for (size_t i = 0; i < COUNT_OF(make_tables) && rc == ERR_OK; i++)
        rc = db_exec(&m->x.db, make_tables[i], why);
    for (size_t i = 0; i < m->list->count && rc == ERR_OK; i++)
        rc = make_item(m, &m->list->items[i], &missing, why);
    if (rc == ERR_OK)
        rc = make_missing(missing, why);
    if (rc == ERR_OK)
        rc = index_settle(&m->x, why);
    if (rc == ERR_OK)
        rc = index_in_force(&m->x, &in_force, &places, why);
    if (rc == ERR_OK)
        rc = find_build_write(m->x.find, in_force, places, &m->x.db, why);
    return make_end(m, rc, why);
}

/* ---- from the one before ---- */

static bool meta_is(struct db *db, const char *key, const char *value)
{
    struct db_stmt q = db_prepare(db, "select 1 from meta where key = ?1 and value = ?2");
    bool same;

    db_bind_text(&q, 1, key);
    db_bind_text(&q, 2, value);
    same = db_step(&q);
    return db_end(&q, NULL) == ERR_OK && same;
}

bool edition_make_can_change(struct edition_make *m)
{
    struct db *old = &m->x.old;
    int64_t most = 0;
    int64_t count = 0;

    /* Places that were given up cost memory in every search: once in a while all are numbered anew. */
    return old->handle != NULL && meta_is(old, "base", m->list->base) &&
           db_one_i64(old, "select max(place) from doc", 0, &most, NULL) == ERR_OK &&
           db_one_i64(old, "select count(*) from doc", 0, &count, NULL) == ERR_OK &&
           most <= 2 * count + 1000;
}

struct change {
    struct edition_make *m;
    uint8_t *drop, *was; /* by place: its words go; it was in force */
    size_t places;
    bool *take; /* by item: it is taken in */
};

/* What is in the edition before under the same path and hash stays; but who the employers are and what means the same is
   said again each time, as the new files need it. */
static enum err change_compare(struct change *ch, struct why *why)
{
    struct edition_make *m = ch->m;
    struct db_stmt q = db_prepare(
        &m->x.db, "select 1 from edition_file where path = ?1 and sha = ?2 and role = ?3");
    struct db_stmt keep = db_prepare(&m->x.db, "insert into temp.kept(path) values (?1)");
    enum err ended;
    enum err rc;

    for (size_t i = 0; i < m->list->count; i++) {
        const struct edition_item *item = &m->list->items[i];

        db_again(&q);
        db_bind_text(&q, 1, item->path);
        db_bind_text(&q, 2, item->sha);
        db_bind_text(&q, 3, make_role(m, item));
        ch->take[i] = content_turn_shapes(item->turn) || !db_step(&q);
        if (ch->take[i])
            continue;
        db_again(&keep);
        db_bind_text(&keep, 1, item->path);
        (void)db_step(&keep);
    }
    rc = db_end(&q, why);
    ended = db_end(&keep, rc == ERR_OK ? why : NULL);
    return rc == ERR_OK ? ended : rc;
}

static enum err change_places(struct change *ch, struct why *why)
{
    struct edition_make *m = ch->m;
    struct db_stmt q;
    int64_t most = 0;
    enum err rc = db_one_i64(&m->x.db, "select max(place) from doc", 0, &most, why);

    if (rc != ERR_OK)
        return rc;
    ch->places = (size_t)most + 1;
    ch->drop = arena_alloc(&m->keep, ch->places);
    ch->was = arena_alloc(&m->keep, ch->places);
    if (ch->drop == NULL || ch->was == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for %zu documents", ch->places);
    q = db_prepare(&m->x.db, "select place, in_force, place in (select place from temp.gone)"
                             " from doc");
    while (db_step(&q)) {
        ch->was[db_i64(&q, 0)] = db_i64(&q, 1) != 0;
        ch->drop[db_i64(&q, 0)] = db_i64(&q, 2) != 0;
    }
    return db_end(&q, why);
}

static enum err change_delete(struct change *ch, struct why *why)
{
    static const char *const steps[] = {
        ("insert into temp.gone(place) select place from doc where file not in"
         " (select path from temp.kept)"),
        "delete from doc_source where place in (select place from temp.gone)",
        "delete from doc_key where place in (select place from temp.gone)",
        "delete from doc_code where place in (select place from temp.gone)",
    };
    static const char *const rest[] = {
        "delete from doc where place in (select place from temp.gone)",
        "delete from form where file not in (select path from temp.kept)",
        "delete from calendar where file not in (select path from temp.kept)",
        "delete from file where path not in (select path from temp.kept)",
        "delete from edition_file where path not in (select path from temp.kept)",
        "delete from kind",
        "delete from employer",
        "delete from fault",
        "delete from find",
    };
    enum err rc = ERR_OK;

    for (size_t i = 0; i < COUNT_OF(steps) && rc == ERR_OK; i++)
        rc = db_exec(&ch->m->x.db, steps[i], why);
    if (rc == ERR_OK)
        rc = change_places(ch, why);
    for (size_t i = 0; i < COUNT_OF(rest) && rc == ERR_OK; i++)
        rc = db_exec(&ch->m->x.db, rest[i], why);
    return rc;
}

/* A document that is as it was, but was not in force before and is now, has no words in the index yet. */
static enum err change_reword(struct change *ch, const uint8_t *in_force, size_t places,
                              struct why *why)
{
    struct indexer *x = &ch->m->x;
    struct db_stmt q = db_prepare(&x->db, "select file from doc where place = ?1");
    enum err ended;
    enum err rc = ERR_OK;

    for (size_t place = 0; place < ch->places && place < places && rc == ERR_OK; place++) {
        char *source = NULL;
        size_t len = 0;

        if (in_force[place] == 0 || ch->was[place] != 0 || ch->drop[place] != 0)
            continue;
        arena_reset(&x->a);
        db_again(&q);
        db_bind_i64(&q, 1, (int64_t)place);
        if (db_step(&q))
            rc = index_source(&x->db, db_text(&q, 0), &x->a, &source, &len, why);
        if (rc == ERR_OK && source != NULL)
            rc = index_words(x, place, source, len, why);
    }
    ended = db_end(&q, rc == ERR_OK ? why : NULL);
    return rc == ERR_OK ? ended : rc;
}

static enum err change_search(struct change *ch, struct why *why)
{
    struct edition_make *m = ch->m;
    uint8_t *in_force = NULL;
    size_t places = 0;
    struct find_before before = { .db = &m->x.old, .drop = ch->drop, .drop_places = ch->places };
    enum err rc = index_settle(&m->x, why);

    if (rc == ERR_OK)
        rc = index_in_force(&m->x, &in_force, &places, why);
    if (rc == ERR_OK)
        rc = change_reword(ch, in_force, places, why);
    return rc == ERR_OK ? find_build_renew(m->x.find, &before, in_force, places, &m->x.db, why)
                        : rc;
}

static enum err change_all(struct change *ch, struct why *why)
{
    struct edition_make *m = ch->m;
    size_t missing = 0;
    enum err rc = change_compare(ch, why);

    if (rc == ERR_OK)
        rc = change_delete(ch, why);
    for (size_t i = 0; i < m->list->count && rc == ERR_OK; i++)
        if (ch->take[i])
            rc = make_item(m, &m->list->items[i], &missing, why);
    if (rc == ERR_OK)
        rc = make_missing(missing, why);
    return rc == ERR_OK ? change_search(ch, why) : rc;
}

enum err edition_make_changed(struct edition_make *m, struct why *why)
{
    struct change ch = { .m = m };
    enum err rc = db_exec(&m->x.db,
                          "create temp table kept(path text primary key) without rowid;"
                          "create temp table gone(place integer primary key)",
                          why);

    if (rc == ERR_OK)
        rc = make_begin(m, why);
    if (rc != ERR_OK)
        return rc;
    ch.take = arena_array(&m->keep, m->list->count + 1, sizeof *ch.take);
    rc = ch.take == NULL ? why_set(why, ERR_NOMEM, 0, "no room for the files of an edition")
                         : change_all(&ch, why);
    return make_end(m, rc, why);
}
