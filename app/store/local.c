#include "app/store/local.h"

#include "app/store/store.h"
#include "sync/log/postbox.h"

/* Idempotent rather than by user_version: other parts keep tables in the same file. A table that
   has to change gets a new name and a copy. */
static const char *const local_tables[] = {
    "create table if not exists local_meta(key text primary key, value) without rowid",
    "create table if not exists local_setting(key text primary key, value text not null) without "
    "rowid",
    "create table if not exists local_pin(person text primary key, verifier text not null,"
    " wrong integer not null default 0, locked_from_ms integer not null default 0,"
    " locked_ms integer not null default 0) without rowid",
    "create table if not exists local_draft(item text not null, form text not null,"
    " person text not null, version text not null, started_ms integer not null,"
    " saved_ms integer not null, primary key (item, form)) without rowid",
    "create table if not exists local_draft_answer(item text not null, form text not null,"
    " field text not null, value text not null, primary key (item, form, field),"
    " foreign key (item, form) references local_draft(item, form) on delete cascade) without rowid",
    /* A person's own: mine.c. */
    "create table if not exists local_mine(person text not null, kind text not null,"
    " key text not null, body text not null, made_ms integer not null,"
    " changed_ms integer not null, primary key (person, kind, key)) without rowid",
    /* Counts that name nobody. */
    "create table if not exists local_count(name text primary key, n integer not null) without "
    "rowid",
    /* What this kiosk alone knows of a letter: shown to a phone, its answer opened. */
    "create table if not exists local_letter(letter text primary key,"
    " handed_ms integer not null default 0, seen integer not null default 0) without rowid",
    /* Reading: drafts of adaptations, receipts that nobody asked for, and which revisions changed a
       control. */
    "create table if not exists local_adaptation(person text not null, doc text not null,"
    " id text not null, saved_ms integer not null, body text not null, primary key (person, doc))"
    " without rowid",
    "create table if not exists local_read(person text not null, doc text not null,"
    " issuer text not null, revision integer not null, at_ms integer not null,"
    " primary key (person, doc, issuer, revision)) without rowid",
    "create table if not exists local_revision(doc text not null, issuer text not null,"
    " revision integer not null, material integer not null, what text not null,"
    " primary key (doc, issuer, revision)) without rowid",
    /* Recalls and stop notices by the role that signed them: stops.c. */
    "create table if not exists local_stop(role text not null, id text not null,"
    " revision integer not null, source text not null, primary key (role, id)) without rowid",
    "create table if not exists local_stop_role(role text primary key, hash text not null)"
    " without rowid",
    /* Our own lines of untrusted time, and the time that was told last: times.c. */
    "create table if not exists local_time(seq integer primary key, boot integer not null,"
    " boot_ms integer not null, at_ms integer not null, trust integer not null)",
    "create table if not exists local_told(id integer primary key check (id = 1),"
    " boot integer not null, boot_ms integer not null, wall_ms integer not null,"
    " trust integer not null)",
};

/* Of this connection, and in memory while it is small: what was answered and found no way to the disk yet (drafts.c), and
   drafts as they stand with it. */
static const char held_sql[] =
    "create temp table unsaved(item text not null, form text not null, person text not null,"
    " version text not null, at_ms integer not null, field text not null, value text,"
    " primary key (item, form, field)) without rowid;"
    /* Its person is whoever answered last; nobody signed in does not take it from somebody. */
    "create temp view unsaved_draft as select item, form, person, version, started_ms, saved_ms"
    "  from (select *, min(at_ms) over w as started_ms, max(at_ms) over w as saved_ms,"
    "   row_number() over (w order by person <> '' desc, at_ms desc) as place from unsaved"
    "   window w as (partition by item, form)) where place = 1;"
    "create temp view draft as select d.item, d.form,"
    "  iif(u.person <> '', u.person, d.person) as person, d.version, d.started_ms,"
    "  coalesce(u.saved_ms, d.saved_ms) as saved_ms from local_draft d"
    "  left join unsaved_draft u on u.item = d.item and u.form = d.form"
    " union all select item, form, person, version, started_ms, saved_ms from unsaved_draft u"
    "  where not exists (select 1 from local_draft d where d.item = u.item and d.form = u.form);"
    "create temp view draft_answer as select item, form, field, value from local_draft_answer a"
    "  where not exists (select 1 from unsaved u where u.item = a.item and u.form = a.form"
    "  and u.field = a.field)"
    " union all select item, form, field, value from unsaved where value is not null;"
    "create temp table unsaved_adaptation(person text not null, doc text not null, id text not "
    "null,"
    " saved_ms integer not null, body text not null, primary key (person, doc)) without rowid;"
    "create temp view adaptation_draft as select person, doc, id, saved_ms, body"
    "  from local_adaptation a where not exists (select 1 from unsaved_adaptation u"
    "  where u.person = a.person and u.doc = a.doc)"
    " union all select person, doc, id, saved_ms, body from unsaved_adaptation";

static enum err local_tables_make(struct db *db, struct why *why)
{
    /* A kiosk that an older release set up lacks the later ones. */
    static const char have_sql[] = "select count(*) from sqlite_master where type = 'table'"
                                   " and name glob 'local_*'";
    int64_t have = 0;
    enum err rc = db_one_i64(db, have_sql, 0, &have, why);

    if (rc != ERR_OK || have >= (int64_t)COUNT_OF(local_tables))
        return rc;
    rc = db_begin(db, why);
    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < COUNT_OF(local_tables) && rc == ERR_OK; i++)
        rc = db_exec(db, local_tables[i], why);
    if (rc == ERR_OK)
        rc = postbox_setup(db, why);
    return db_finish(db, rc, why);
}

enum err local_setup(struct db *db, struct why *why)
{
    enum err rc = local_tables_make(db, why);

    return rc == ERR_OK ? db_exec(db, held_sql, why) : rc;
}

enum err store_set(struct store *s, const char *key, const char *value, struct why *why)
{
    enum err rc =
        db_run(&s->db, why, "insert or replace into local_setting(key, value) values (?1, ?2)", key,
               value == NULL ? "" : value, NULL);

    return rc == ERR_OK ? rc : why_in(why, rc, "save setting %s", key);
}

enum err store_get(struct store *s, const char *key, struct arena *a, const char **out,
                   struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select value from local_setting where key = ?1");
    const char *value = "";
    enum err rc;

    db_bind_text(&q, 1, key);
    if (db_step(&q))
        value = db_text_in(&q, 0, a);
    rc = db_end(&q, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "read setting %s", key);
    if (value == NULL)
        return why_set(why, ERR_NOMEM, 0, "read setting %s", key);
    *out = value;
    return ERR_OK;
}
