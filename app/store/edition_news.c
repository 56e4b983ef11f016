#include "app/store/edition_make.h"

/* What an edition brings: which documents are new, changed or withdrawn, and since which of the kiosk's editions. Those of some
   editions before are kept, as not everybody looks at each. */

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
