#include "app/store/project.h"

#include <string.h>

#include "sync/log/evlog.h"
#include "sync/log/evlog_carry.h"

/* Lines that this release does not understand: kept, sent on and exported like any other, and counted
   where a screen says so. A newer release takes them up by itself at its first start. */

enum err project_wait(struct db *db, const struct project_line *line, const char *reason,
                      struct why *why)
{
    return db_run(db, why,
                  "insert or replace into waiting_line(event, kind, subject, reason)"
                  " values (?1, ?2, ?3, ?4)",
                  line->id, line->event->kind, line->event->subject, reason, NULL);
}

enum { WAIT_ARENA_MAX = 32 * 1024 * 1024 };

/* The line that waits under this name; one that left its chain stands in the line that carries it. NULL: none. */
static enum err wait_line(struct db *db, const char *id, struct arena *a, const char **out,
                          struct why *why)
{
    struct db_stmt q = db_prepare(db, "select line from log_line where device = substr(?1, 1, 64)"
                                      " and seq = cast(substr(?1, 66) as integer)");
    char first[KEYS_ID_TEXT];
    char by[EVENT_ID_TEXT];
    uint64_t seq = 0;
    enum err rc;

    *out = NULL;
    db_bind_text(&q, 1, id);
    if (db_step(&q))
        *out = db_text_in(&q, 0, a);
    rc = db_end(&q, why);
    if (rc == ERR_OK && *out == NULL && event_id_read(id, first, &seq))
        rc = evlog_carry_speaker(db, first, a, out, by, why);
    return rc;
}

/* One that may be understood now. It stays where it is when it is not. */
static enum err wait_again(struct db *db, const char *id, struct arena *a, struct why *why)
{
    struct event event = { .seq = 0 };
    enum project_took took = PROJECT_UNKNOWN;
    const char *line = NULL;
    enum err rc = wait_line(db, id, a, &line, why);

    if (rc != ERR_OK || line == NULL)
        return rc;
    rc = event_parse(a, line, strlen(line), &event, why);
    if (rc == ERR_OK)
        rc = project_apply(db, &event, line, strlen(line), &took, why);
    if (rc == ERR_OK && took == PROJECT_APPLIED)
        rc = db_run(db, why, "delete from waiting_line where event = ?1", id, NULL);
    return rc;
}

/* Those of a kind that a newer release knows, and of a version of the line that it reads. What waits
   for its shape waits for other rules, and they build everything again (PROJECT_VERSION). */
static enum err wait_next(struct db *db, const char *after, struct arena *a, const char **out,
                          struct why *why)
{
    struct db_stmt q = db_prepare(
        db, "select event, kind from waiting_line where event > ?1 and reason <> 'malformed'"
            " order by event");

    *out = NULL;
    db_bind_text(&q, 1, after);
    while (*out == NULL && db_step(&q))
        if (project_knows(db_text(&q, 1)))
            *out = db_text_in(&q, 0, a);
    return db_end(&q, why);
}

enum err project_catch_up(struct db *db, struct why *why)
{
    char after[EVENT_ID_TEXT] = "";
    int64_t waits = 0;
    struct arena a;
    enum err rc = db_one_i64(db, "select exists (select 1 from waiting_line)", 0, &waits, why);

    if (rc != ERR_OK || waits == 0)
        return rc;
    rc = db_begin(db, why);
    if (rc != ERR_OK)
        return rc;
    arena_init(&a, WAIT_ARENA_MAX);
    while (rc == ERR_OK) {
        const char *id = NULL;

        arena_reset(&a);
        rc = wait_next(db, after, &a, &id, why);
        if (rc != ERR_OK || id == NULL)
            break;
        (void)str_copy(after, sizeof after, id);
        rc = wait_again(db, after, &a, why);
    }
    arena_done(&a);
    rc = db_finish(db, rc, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "take up what waited");
}
