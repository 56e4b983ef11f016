#include "app/store/project_standing.h"

#include "app/store/project_rules.h"

/* The newest pass or advice of each check of each item, until when each fail stands, and what was last said of an item: who
   has it, its stage of life, its use-by date. Kept, so that a list of what is due reads a row for each and not years of
   records. All follow from the rules of project_rules.h alone; nothing that is here depends on the day on which it is asked,
   or on the order in which lines came.

   A rebuild works them out from the records at its end. Between rebuilds each line puts right what it can have changed: all
   its rules stay within one item, and those of the first two within one check (form) of it. test_any_order and test_converge
   hold the two ways to each other. */

/* The conditions under which a fail f in quarantine keeps its item out of use, as the view check_stops has them. */
#define STANDING_STOPS(f) "exists (select 1 from check_stops o where o.event = " f ".event)"

/* From which day on a fail f stands no more: the day of the first pass that closes a fault. A pass of tomorrow does not close
   it today; so the day is kept and not whether it is closed. */
#define STANDING_SHUT(f)                                                                           \
    "case when " f ".outcome = 4 then iif(" STANDING_STOPS(                                        \
        f) ", " STANDING_NEVER ", " STANDING_NOT                                                   \
           ") when not " CHECK_COUNTS(                                                             \
               f) " then " STANDING_NOT                                                            \
                  " else coalesce((select p.day from check_row p where p.item = " f                \
                  ".item and p.form = " f ".form and p.outcome in (1, 2) and p.day >= " f          \
                  ".day and (p.hlc, p.device, p.seq) > (" f ".hlc, " f ".device, " f               \
                  ".seq) and " CHECK_COUNTS("p") " order by p.day limit 1), " STANDING_NEVER       \
                                                 ") end"

#define STANDING_FAIL                                                                              \
    "insert or replace into check_fail(event, item, form, day, hlc, device, seq, outcome, shut)"   \
    " select f.event, f.item, f.form, f.day, f.hlc, f.device, f.seq, f.outcome, " STANDING_SHUT(   \
        "f") " from check_row f where f.outcome > 2"

#define STANDING_LAST                                                                              \
    "insert into check_last(item, form, day, hlc, device, seq, next_due, interval)"                \
    " select c.item, c.form, c.day, c.hlc, c.device, c.seq, c.next_due, c.interval"                \
    " from check_row c where "

/* The newest of one check of one item, of all that count. */
#define STANDING_NEWEST(item_, form_)                                                              \
    "(select x.rowid from check_row x where x.item = " item_ " and x.form = " form_                \
    " and x.outcome in (1, 2) and " CHECK_COUNTS(                                                  \
        "x") " order by x.day desc, x.hlc desc, x.device desc, x.seq desc limit 1)"

/* What was last said of the items d. Of a record's date of use the stamp alone decides (query_facts has the same order), of
   the others the day first. */
#define STATE_INTO "insert into check_state(item, what, value, day, hlc, tie, seq, event) "
#define STATE_LATEST(what, items, where)                                                           \
    STATE_INTO "select c.item, '" what "', c." what                                                \
               ", c.day, c.hlc, c.device, c.seq, c.event from check_row c where c.rowid in"        \
               " (select (select x.rowid from check_row x where x.item = d.item and x." what       \
               " <> '' and " where " order by x.day desc, x.hlc desc, x.device desc, x.seq desc"   \
               " limit 1) from (" items ") d)"
#define STATE_CUSTODY(items)                                                                       \
    STATE_LATEST("custody", items, "not " CHECK_VOID("x") " and not " CHECK_CORRECTED("x"))
#define STATE_LIFE(items) STATE_LATEST("life", items, "x.outcome in (1, 2) and " CHECK_COUNTS("x"))
#define STATE_USE_BY(items)                                                                        \
    STATE_INTO                                                                                     \
    "select f.item, 'use_by', f.value, 0, f.hlc, f.event, 0, f.event from (" items                 \
    ") d cross join check_fact f on f.item = d.item and f.key = 'use_by'"                          \
    " and (f.hlc, f.event) = (select g.hlc, g.event from check_fact g where g.item = d.item"       \
    " and g.key = 'use_by' and exists (select 1 from check_counts n where n.event = g.event)"      \
    " order by g.hlc desc, g.event desc limit 1)"

/* All that was said of one item, afresh. */
static enum err standing_states_again(struct db *db, const char *item, struct why *why)
{
    enum err rc = db_run(db, why, "delete from check_state where item = ?1", item);

    if (rc == ERR_OK)
        rc = db_run(db, why, STATE_CUSTODY("select ?1 as item"), item);
    if (rc == ERR_OK)
        rc = db_run(db, why, STATE_LIFE("select ?1 as item"), item);
    if (rc == ERR_OK)
        rc = db_run(db, why, STATE_USE_BY("select ?1 as item"), item);
    return rc;
}

/* Everything about one check of one item, afresh: what a correction or an undo changes. */
static enum err standing_again(struct db *db, const char *item, const char *form, struct why *why)
{
    enum err rc =
        db_run(db, why, "delete from check_last where item = ?1 and form = ?2", item, form);

    if (rc == ERR_OK)
        rc = db_run(db, why, STANDING_LAST "c.rowid = " STANDING_NEWEST("?1", "?2"), item, form);
    if (rc == ERR_OK)
        rc = db_run(db, why, STANDING_FAIL " and f.item = ?1 and f.form = ?2", item, form);
    return rc == ERR_OK ? standing_states_again(db, item, why) : rc;
}

/* What was here before the record. */
struct standing_before {
    bool touched; /* a line says something of it: an undo, a correction, a countersignature */
    bool open;    /* its item has a fail that a pass of this day could close */
};

static enum err standing_look(struct db *db, const struct project_line *line, const struct check *c,
                              struct standing_before *out, struct why *why)
{
    struct db_stmt q = db_prepare(
        db, "select exists (select 1 from check_withdrawn w where w.target = ?1)"
            " or exists (select 1 from check_countersigned s where s.target = ?1)"
            " or exists (select 1 from check_row k where k.corrects <> '' and k.corrects = ?1),"
            " exists (select 1 from check_fail f where f.item = ?2 and f.shut > ?3)");
    struct standing_before before = { .touched = false };
    enum err rc;

    db_lend_text(&q, 1, line->id);
    db_lend_text(&q, 2, line->event->subject);
    db_bind_i64(&q, 3, c->day);
    if (db_step(&q)) {
        before.touched = db_i64(&q, 0) != 0;
        before.open = db_i64(&q, 1) != 0;
    }
    rc = db_end(&q, why);
    if (rc == ERR_OK)
        *out = before;
    return rc;
}

static void standing_bind(struct db_stmt *q, const struct project_line *line, const struct check *c)
{
    db_lend_text(q, 1, line->event->subject);
    db_lend_text(q, 2, c->form);
    db_bind_i64(q, 3, c->day);
    db_lend_text(q, 4, line->hlc);
    db_lend_text(q, 5, line->event->device);
    db_bind_i64(q, 6, (int64_t)line->event->seq);
}

/* A pass or an advice that counts, and which no other line speaks of: it may be the newest, and closes the faults before it
   where any are open. */
static enum err standing_pass(struct db *db, const struct project_line *line, const struct check *c,
                              bool open, struct why *why)
{
    struct db_stmt q = db_prepare(
        db, "insert into check_last(item, form, day, hlc, device, seq, next_due, interval)"
            " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
            " on conflict(item, form) do update set day = excluded.day, hlc = excluded.hlc,"
            " device = excluded.device, seq = excluded.seq, next_due = excluded.next_due,"
            " interval = excluded.interval where (excluded.day, excluded.hlc, excluded.device,"
            " excluded.seq) > (check_last.day, check_last.hlc, check_last.device,"
            " check_last.seq)");
    enum err rc;

    standing_bind(&q, line, c);
    db_bind_i64(&q, 7, c->next_due);
    db_lend_text(&q, 8, c->interval == NULL ? "" : c->interval);
    (void)db_step(&q);
    rc = db_end(&q, why);
    if (rc != ERR_OK || !open)
        return rc;
    q = db_prepare(db, "update check_fail set shut = ?3 where item = ?1 and shut > ?3 and form = ?2"
                       " and outcome = 3 and day <= ?3 and (hlc, device, seq) < (?4, ?5, ?6)");
    standing_bind(&q, line, c);
    (void)db_step(&q);
    return db_end(&q, why);
}

struct standing_state {
    const char *what, *value;
    int64_t day, seq;
    const char *tie;
};

/* It may be the last that was said. */
static enum err standing_said(struct db *db, const struct project_line *line,
                              const struct standing_state *said, struct why *why)
{
    struct db_stmt q =
        db_prepare(db, STATE_INTO "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
                                  " on conflict(item, what) do update set value = excluded.value,"
                                  " day = excluded.day, hlc = excluded.hlc, tie = excluded.tie,"
                                  " seq = excluded.seq, event = excluded.event where (excluded.day,"
                                  " excluded.hlc, excluded.tie, excluded.seq) > (check_state.day,"
                                  " check_state.hlc, check_state.tie, check_state.seq)");

    db_bind_text(&q, 1, line->event->subject);
    db_bind_text(&q, 2, said->what);
    db_bind_text(&q, 3, said->value);
    db_bind_i64(&q, 4, said->day);
    db_bind_text(&q, 5, line->hlc);
    db_bind_text(&q, 6, said->tie);
    db_bind_i64(&q, 7, said->seq);
    db_bind_text(&q, 8, line->id);
    (void)db_step(&q);
    return db_end(&q, why);
}

/* What a record that no other line speaks of says of its item. counts: it stands as it is, and waits for nobody. */
static enum err standing_says(struct db *db, const struct project_line *line, const struct check *c,
                              bool counts, struct why *why)
{
    const bool passed = c->outcome == OUTCOME_PASS || c->outcome == OUTCOME_ADVISE;
    struct standing_state said = { .day = c->day,
                                   .tie = line->event->device,
                                   .seq = (int64_t)line->event->seq };
    enum err rc = ERR_OK;

    if (c->custody != NULL && c->custody[0] != '\0') {
        said.what = "custody";
        said.value = c->custody;
        rc = standing_said(db, line, &said, why);
    }
    if (rc == ERR_OK && counts && passed && c->life != NULL && c->life[0] != '\0') {
        said.what = "life";
        said.value = c->life;
        rc = standing_said(db, line, &said, why);
    }
    for (size_t i = 0; i < c->answer_count && counts && rc == ERR_OK; i++)
        if (c->answers[i].fact != NULL && str_eq(c->answers[i].fact, "use_by"))
            return standing_states_again(db, line->event->subject, why);
    return rc;
}

enum err standing_check(struct db *db, const struct project_line *line, const struct check *c,
                        struct why *why)
{
    struct standing_before before = { .touched = false };
    const bool corrects = c->corrects != NULL && c->corrects[0] != '\0';
    const bool waits = c->countersign != NULL && c->countersign[0] != '\0';
    enum err rc = ERR_OK;

    if (line->rebuild)
        return ERR_OK;
    if (!corrects)
        rc = standing_look(db, line, c, &before, why);
    if (rc != ERR_OK)
        return rc;
    if (corrects || before.touched)
        return standing_again(db, line->event->subject, c->form, why);
    rc = standing_says(db, line, c, c->outcome > OUTCOME_ADVISE || !waits, why);
    if (rc != ERR_OK)
        return rc;
    if (c->outcome > OUTCOME_ADVISE)
        return db_run(db, why, STANDING_FAIL " and f.event = ?1", line->id);
    if (c->outcome == OUTCOME_OPEN || waits)
        return ERR_OK; /* it counts once it is countersigned: standing_moved */
    rc = standing_pass(db, line, c, before.open, why);
    if (rc != ERR_OK || c->release_count == 0)
        return rc;
    return db_run(db, why,
                  STANDING_FAIL
                  " and f.event in (select r.target from check_release r where r.event = ?1)",
                  line->id);
}

enum err standing_moved(struct db *db, const struct project_line *line, const char *check,
                        struct arena *a, struct why *why)
{
    struct db_stmt q;
    const char *item = NULL;
    const char *form = NULL;
    enum err rc;

    if (line->rebuild)
        return ERR_OK;
    q = db_prepare(db, "select item, form from check_row where event = ?1");
    db_bind_text(&q, 1, check);
    if (db_step(&q)) {
        item = db_text_in(&q, 0, a);
        form = db_text_in(&q, 1, a);
    }
    rc = db_end(&q, why);
    if (rc != ERR_OK || item == NULL)
        return rc; /* the check is yet to come, and looks for this line when it does */
    return standing_again(db, item, form, why);
}

enum err standing_build(struct db *db, struct why *why)
{
    enum err rc =
        db_exec(db, "delete from check_last; delete from check_fail; delete from check_state", why);

    if (rc == ERR_OK)
        rc = db_exec(db,
                     STANDING_LAST "c.rowid in (select " STANDING_NEWEST(
                         "d.item", "d.form") " from (select distinct item, form from check_row) d)",
                     why);
    if (rc == ERR_OK)
        rc = db_exec(db, STANDING_FAIL, why);
    if (rc == ERR_OK)
        rc = db_exec(db, STATE_CUSTODY("select distinct item from check_row where custody <> ''"),
                     why);
    if (rc == ERR_OK)
        rc = db_exec(db, STATE_LIFE("select distinct item from check_row where life <> ''"), why);
    if (rc == ERR_OK)
        rc = db_exec(db, STATE_USE_BY("select distinct item from check_fact where key = 'use_by'"),
                     why);
    return rc == ERR_OK ? rc : why_in(why, rc, "what stands of the checks");
}
