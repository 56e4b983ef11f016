#include "app/store/query.h"

#include <string.h>

/* Checks: an item's history, one check, those that an instrument took part in, those that wait. */

#include "app/store/project_rules.h"
#include "app/store/query_rows.h"

/* The newest 500 of many: found by their keys alone, then read. Sorted as whole rows, an item that was checked for
   years would have every one of them read and judged for those. The keys end with the stamp, which two devices may have given
   at once, though never a device twice: so 64 more are read, and the whole order decides which of them are left out. */
#define CHECK_NEWEST(where)                                                                        \
    "select " CHECK_COLUMNS " from (select x.rowid as row from check_row x where " where           \
    " order by x.day desc, x.hlc desc limit 564) n"                                                \
    " cross join check_row c on c.rowid = n.row"                                                   \
    " order by c.day desc, c.hlc desc, c.device desc, c.seq desc limit 500"

static void check_row(struct db_stmt *q, struct arena *a, struct past_check *out)
{
    *out = (struct past_check){
        .event = db_text_in(q, 0, a),
        .form = db_text_in(q, 1, a),
        .title = db_text_in(q, 2, a),
        .person = db_text_in(q, 3, a),
        .reason = db_text_in(q, 4, a),
        .outcome = (enum form_outcome)db_i64(q, 5),
        .day = (int32_t)db_i64(q, 6),
        .at_ms = db_i64(q, 7),
        .trust = (enum clock_trust)db_i64(q, 8),
        .life = db_text_in(q, 9, a),
        .withdrawn = db_i64(q, 10) != 0,
        .answered = db_i64(q, 11) != 0,
        .item = db_text_in(q, 12, a),
        .corrects = db_text_in(q, 13, a),
        .countersign = db_text_in(q, 14, a),
        .fail_action = db_text_in(q, 15, a),
        .imported = db_i64(q, 16) != 0,
        .tray = db_text_in(q, 17, a),
        .corrected_by = db_text_in(q, 18, a),
        .countersigned_by = db_text_in(q, 19, a),
        .counts = db_i64(q, 20) != 0,
        .placed = !db_null(q, 21),
        .off_ms = db_i64(q, 21),
        .picture = db_text_in(q, 22, a),
    };
}

static enum err check_row_read(struct db_stmt *q, struct arena *a, void *row, struct why *why)
{
    (void)why;
    check_row(q, a, row);
    return ERR_OK;
}

/* Every row of a statement that begins with CHECK_COLUMNS, at most max; the statement is ended. */
static enum err check_rows(struct db_stmt *q, size_t max, struct arena *a, struct past_check **out,
                           size_t *out_count, struct why *why)
{
    const struct rows_of of = { "the checks", sizeof(struct past_check), max, check_row_read };
    void *rows = NULL;
    enum err rc = rows_read(q, &of, a, &rows, out_count, why);

    if (rc == ERR_OK)
        *out = rows;
    return rc;
}

enum err query_history(struct store *s, const char *item, struct arena *a, struct past_check **out,
                       size_t *out_count, struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, CHECK_NEWEST("x.item = ?1"));
    enum err rc;

    db_bind_text(&q, 1, item);
    rc = check_rows(&q, QUERY_HISTORY_MAX, a, out, out_count, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "read the history");
}

enum err query_recent(struct store *s, int32_t since_day, struct arena *a, struct past_check **out,
                      size_t *out_count, struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, CHECK_NEWEST("x.day >= ?1"));
    enum err rc;

    db_bind_i64(&q, 1, since_day);
    rc = check_rows(&q, QUERY_HISTORY_MAX, a, out, out_count, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "read what was done");
}

enum err query_check(struct store *s, const char *event, struct arena *a, struct past_check *out,
                     struct why *why)
{
    struct db_stmt q =
        db_prepare(&s->db, "select " CHECK_COLUMNS " from check_row c where c.event = ?1");
    struct past_check *rows = NULL;
    size_t count = 0;
    enum err rc;

    db_bind_text(&q, 1, event);
    rc = check_rows(&q, 1, a, &rows, &count, why);
    if (rc == ERR_OK && count == 0)
        rc = why_set(why, ERR_NOT_FOUND, 0, "no such check on this kiosk");
    if (rc == ERR_OK)
        *out = rows[0];
    return rc;
}

enum err query_check_body(struct store *s, const char *event, struct arena *a,
                          const struct json **out, struct why *why)
{
    struct db_stmt q =
        db_prepare(&s->db, "select " CHECK_BODY("c") " from check_row c where c.event = ?1");
    const char *body = NULL;
    enum err rc;

    db_bind_text(&q, 1, event);
    if (db_step(&q))
        body = db_text_in(&q, 0, a);
    rc = db_end(&q, why);
    if (rc == ERR_OK && body == NULL)
        rc = why_set(why, ERR_NOT_FOUND, 0, "no such check on this kiosk");
    if (rc == ERR_OK)
        rc = json_parse(a, body, strlen(body), EVENT_LINE_MAX, out, why);
    return rc;
}

enum err query_touched(struct store *s, const char *instrument_item, struct arena *a,
                       struct past_check **out, size_t *out_count, struct why *why)
{
    struct db_stmt q = db_prepare(
        &s->db, "select " CHECK_COLUMNS " from check_instrument u join check_row c on c.event ="
                " u.event where u.instrument = ?1 order by c.day desc, c.hlc desc, c.device desc,"
                " c.seq desc limit 500");
    enum err rc;

    db_bind_text(&q, 1, instrument_item);
    rc = check_rows(&q, QUERY_HISTORY_MAX, a, out, out_count, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "list what an instrument was used for");
}

enum err query_awaiting(struct store *s, struct arena *a, struct past_check **out,
                        size_t *out_count, struct why *why)
{
    struct db_stmt q = db_prepare(
        &s->db, "select " CHECK_COLUMNS " from check_row c where c.countersign <> ''"
                " and " CHECK_WAITS(
                    "c") " and not exists (select 1 from check_void v where v.event = c.event)"
                         " and not exists (select 1 from check_corrected k where k.event = c.event)"
                         " order by c.day desc, c.hlc desc, c.device desc, c.seq desc limit 500");
    enum err rc = check_rows(&q, QUERY_HISTORY_MAX, a, out, out_count, why);

    return rc == ERR_OK ? rc : why_in(why, rc, "list what waits for a countersignature");
}
