#include "platform/base/clock.h"
#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"

/* An erased name must not stay in any file.

   SQLite writes zeros over it (secure_delete), and it is gone once the write-ahead log has gone into the file.

   PostgreSQL keeps the old row until a vacuum, and even then its bytes until something else lands on them. So the table of
   names, which is small, is written anew (vacuum full). That this is still to be done stands in hub_meta: «blanked», with the
   id of the transaction that erased. Another copy of the hub, or the next start, goes on where one was cut off. */

enum { BLANK_AGAIN_MS = 60 * 1000 };

enum err hubstore_blanking_in(struct hubstore *s, struct why *why)
{
    struct db *db = sql_db(s->sql);

    if (db == NULL)
        return sql_run(s->sql, why,
                       "insert into hub_meta(key, value) values('blanked', txid_current()::text)"
                       " on conflict(key) do update set value = excluded.value",
                       NULL);
    enum err rc = db_exec(db, "pragma secure_delete = on", why);
    if (rc == ERR_OK)
        db->blanked = true;
    return rc;
}

/* out: the last transaction that blanked something, "" when nothing is to be swept. *out_seen: a snapshot that is older is still
   open, of which vacuum would keep the old rows. */
static enum err blank_look(struct hubstore *s, char out[32], bool *out_seen)
{
    struct sql_stmt q = sql_prepare(
        s->sql,
        "select value, exists(select 1 from pg_stat_activity where backend_xmin is not null and"
        " datname = current_database() and pid <> pg_backend_pid() and age(blanked) between 0 and"
        " age(backend_xmin))::int::bigint from (select value, (value::bigint %"
        " 4294967296)::text::xid as blanked from hub_meta where key = 'blanked') as b");

    out[0] = '\0';
    if (sql_step(&q)) {
        (void)str_copy(out, 32, sql_text(&q, 0));
        *out_seen = sql_i64(&q, 1) != 0;
    }
    return sql_end(&q, NULL);
}

/* Readers and writers of names wait while it runs. Nobody waits for its result: where no lock is given in time, it is tried
   again after BLANK_AGAIN_MS. The note goes only if no newer erasure has replaced it meanwhile. */
static void blank_sweep(struct hubstore *s)
{
    char swept[32];
    bool seen = false;
    const int64_t now_ms = clock_mono_ms();

    if (now_ms < s->sweep_ms || blank_look(s, swept, &seen) != ERR_OK || swept[0] == '\0' || seen)
        return;
    s->sweep_ms = now_ms + BLANK_AGAIN_MS;
    if (sql_exec(s->sql, "vacuum full blob", NULL) != ERR_OK)
        return;
    if (sql_run(s->sql, NULL, "delete from hub_meta where key = 'blanked' and value = $1", swept,
                NULL) == ERR_OK)
        s->sweep_ms = 0;
}

void hubstore_tidy(struct hubstore *s)
{
    sql_tidy(s->sql);
    if (sql_shared(s->sql))
        blank_sweep(s);
}
