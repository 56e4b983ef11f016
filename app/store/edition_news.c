#include "app/store/edition_make.h"

/* What an edition brings: which documents are new, changed or withdrawn, and since which of the kiosk's editions. Those of some
   editions before are kept, as not everybody looks at each. */

#include "app/store/content_db.h"
#include "platform/base/str.h"

static enum err news_serial(struct db *db, bool first, struct why *why)
{
    /* The edition before counts on; the first one brings no news, as all of it is. */
    return db_exec(db,
                   first ? "insert or replace into meta(key, value) values ('serial', '1')"
                         : "insert or replace into meta(key, value) select 'serial',"
                           " cast(coalesce((select value from was.meta where key = 'serial'), '0')"
                           " as integer) + 1",
                   why);
}

/* Of documents in force; the program's own pages are no news. */
#define NEWS_SERIAL "(select cast(value as integer) from main.meta where key = 'serial')"
static const char *const news_steps[] = {
    "delete from main.news",
    "insert into main.news select * from was.news where serial > " NEWS_SERIAL " - 8",
    "insert or replace into main.news(id, how, title, serial) select d.id, 'new', d.title,"
    " " NEWS_SERIAL " from main.doc d where d.in_force = 1 and d.kind <> 'help' and d.withdrawn = 0"
    " and not exists (select 1 from was.doc o where o.id = d.id and o.in_force = 1)",
    "insert or replace into main.news(id, how, title, serial) select d.id,"
    " iif(d.withdrawn and not o.withdrawn, 'withdrawn', 'changed'), d.title, " NEWS_SERIAL
    " from main.doc d join was.doc o on o.id = d.id and o.in_force = 1"
    " join main.edition_file f on f.path = d.file join was.edition_file g on g.path = o.file"
    " where d.in_force = 1 and d.kind <> 'help' and f.sha <> g.sha",
    "insert or replace into main.news(id, how, title, serial) select o.id, 'withdrawn', o.title,"
    " " NEWS_SERIAL " from was.doc o where o.in_force = 1 and o.kind <> 'help' and o.withdrawn = 0"
    " and not exists (select 1 from main.doc d where d.id = o.id and d.in_force = 1)",
};

static enum err news_fill(struct db *db, struct why *why)
{
    enum err rc = news_serial(db, false, why);

    for (size_t i = 0; i < COUNT_OF(news_steps) && rc == ERR_OK; i++)
        rc = db_exec(db, news_steps[i], why);
    return rc;
}

enum err edition_news(struct db *db, const char *was, struct why *why)
{
    enum err rc;

    if (was == NULL)
        return news_serial(db, true, why);
    rc = db_run(db, why, "attach ?1 as was", was);
    if (rc != ERR_OK)
        return rc;
    rc = db_begin(db, why);
    if (rc == ERR_OK)
        rc = db_finish(db, news_fill(db, why), why);
    if (db_exec(db, "detach was", NULL) != ERR_OK && rc == ERR_OK)
        rc = why_set(why, ERR_IO, 0, "let go of the edition before");
    return rc;
}

/* ---- for screens ---- */

enum { NEWS_LIST_MAX = EDITION_NEWS_MAX };

static size_t *news_count(struct content_news *out, const char *how)
{
    return str_eq(how, "new")       ? &out->added
           : str_eq(how, "changed") ? &out->changed
                                    : &out->withdrawn;
}

enum err content_news(struct content *c, int64_t since, struct content_news *out, struct why *why)
{
    struct db_stmt q;
    enum err rc;

    *out = (struct content_news){ .serial = 0 };
    if (c->db.handle == NULL || !c->edition)
        return ERR_OK;
    rc = db_one_i64(&c->db, "select cast(value as integer) from meta where key = 'serial'", 0,
                    &out->serial, why);
    if (rc != ERR_OK)
        return rc;
    q = db_prepare(&c->db, "select how, count(*) from news where serial > ?1 group by how");
    db_bind_i64(&q, 1, since);
    while (db_step(&q))
        *news_count(out, db_text(&q, 0)) = (size_t)db_i64(&q, 1);
    return db_end(&q, why);
}

enum err content_news_list(struct content *c, int64_t since, struct arena *a, struct doc_news **out,
                           size_t *out_count, struct why *why)
{
    struct doc_news *rows = arena_array(a, NEWS_LIST_MAX, sizeof *rows);
    struct db_stmt q;
    size_t count = 0;
    enum err rc;

    *out = rows;
    *out_count = 0;
    if (rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for what is new");
    if (c->db.handle == NULL || !c->edition)
        return ERR_OK;
    q = db_prepare(&c->db, "select n.id, n.title, n.how, exists (select 1 from doc d where d.id ="
                           " n.id and d.in_force = 1) from news n where n.serial > ?1"
                           " order by n.how <> 'withdrawn', n.title collate nocase, n.id");
    db_bind_i64(&q, 1, since);
    while (count < NEWS_LIST_MAX && db_step(&q))
        rows[count++] = (struct doc_news){ .id = db_text_in(&q, 0, a),
                                           .title = db_text_in(&q, 1, a),
                                           .how = db_text_in(&q, 2, a),
                                           .there = db_i64(&q, 3) != 0 };
    rc = db_end(&q, why);
    if (rc == ERR_OK)
        *out_count = count;
    return rc;
}
