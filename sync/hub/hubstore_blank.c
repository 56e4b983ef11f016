#include "platform/base/clock.h"
#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"

/* What was overwritten must not stay anywhere. SQLite puts zeros in its place, once its log has gone into the file.
   PostgreSQL leaves the old row where it is until it is swept up, and even then its bytes in the page where nothing new
   comes to lie over them; so the small table is written anew. That something is to be swept stands in a row, by the number
   of the transaction that blanked it: whoever is cut off in between, another copy or the next start goes on. */

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

/* The transaction after which nothing was blanked, "" when all is swept; and whether somebody may still see what it
   blanked: then sweeping would keep it. */
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

/* Nobody waits for it, and who reads or writes names waits while it runs: what fails, as no lock was given in time, is
   tried again after a while. */
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
