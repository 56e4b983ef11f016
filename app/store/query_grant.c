#include "app/store/query.h"

/* Who is competent for what, and what a scanned code is. */

#include <stdlib.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/store/judge.h"
#include "app/store/order.h"
#include "app/store/query_rows.h"

enum { GRANTS_MAX = 200, HOLDERS_MAX = 500 };

static enum err grant_read(struct db_stmt *q, struct arena *a, void *row, struct why *why)
{
    struct grant *out = row;

    (void)why;
    *out = (struct grant){ .code = db_text_in(q, 0, a),
                           .until = (int32_t)db_i64(q, 1),
                           .basis = db_text_in(q, 2, a) };
    return ERR_OK;
}

enum err query_grants(struct store *s, const char *person, struct arena *a, struct grant **out,
                      size_t *out_count, struct why *why)
{
    static const struct rows_of of = { "the competences", sizeof(struct grant), GRANTS_MAX,
                                       grant_read };
    struct db_stmt q = db_prepare(&s->db, "select code, until, basis from competence_now"
                                          " where person = ?1 order by code limit 200");
    void *rows = NULL;
    enum err rc;

    db_bind_text(&q, 1, person);
    rc = rows_read(&q, &of, a, &rows, out_count, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "read a person's competences");
    *out = rows;
    return ERR_OK;
}

static int holder_compare(const void *left, const void *right)
{
    const struct person *a = left;
    const struct person *b = right;
    int by = order_natural(a->name, b->name);

    return by != 0 ? by : strcmp(a->id, b->id);
}

enum err query_holders(struct store *s, const char *code, int32_t today, struct arena *a,
                       struct person **out, size_t *out_count, struct why *why)
{
    struct db_stmt q =
        db_prepare(&s->db, "select g.person from competence_now g join person p on p.id = g.person"
                           " where g.code = ?1 and (g.until = ?2 or g.until >= ?3) limit 500");
    const char **ids = NULL;
    struct person *rows;
    size_t count = 0;
    enum err rc;

    db_bind_text(&q, 1, code);
    db_bind_i64(&q, 2, CALDATE_NONE);
    db_bind_i64(&q, 3, today);
    rc = text_rows(&q, HOLDERS_MAX, a, &ids, &count, why);
    rows = arena_array(a, count + 1, sizeof *rows);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for the people");
    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        rc = query_person(s, ids[i], a, &rows[i], why);
    if (rc != ERR_OK)
        return why_in(why, rc, "find who has a competence");
    if (count > 1)
        qsort(rows, count, sizeof *rows, holder_compare);
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

/* An instrument is what some form of its kind keeps in calibration; of several the date that comes
   first counts. */
static void thing_calibration(struct judge *j, const struct item *item, struct form_thing *out)
{
    size_t count = 0;
    const struct form_brief *const *forms =
        j->content == NULL ? NULL : content_forms_for(j->content, item->kind, &count);

    for (size_t i = 0; i < count; i++) {
        int32_t day = CALDATE_NONE;
        int32_t due = CALDATE_NONE;

        if (!forms[i]->calibration)
            continue;
        judge_calibration(j, item->id, forms[i], &day, &due);
        if (out->is_instrument && (out->calibration_due == CALDATE_NONE ||
                                   (due != CALDATE_NONE && due >= out->calibration_due)))
            continue;
        out->is_instrument = true;
        out->calibrated_day = day;
        out->calibration_due = due;
    }
}

/* A calibration that was tried since and not passed: the pass before it speaks for nothing. */
static bool thing_miscalibrated(const struct judge *j, const struct status *status)
{
    for (size_t i = 0; i < status->fault_count && j->content != NULL; i++) {
        const struct form_brief *form = content_form_brief(j->content, status->faults[i].form);

        if (form != NULL && form->calibration)
            return true;
    }
    return false;
}

static enum err thing_item(struct store *s, struct content *c, const struct item *item,
                           const char *code, int32_t today, struct arena *a, struct form_thing *out,
                           struct why *why)
{
    const struct calendar *calendar = NULL;
    struct status status;
    struct judge j;
    enum err rc = query_calendar(s, c, &calendar, why);

    if (rc != ERR_OK)
        return rc;
    *out = (struct form_thing){
        .known = true,
        .item = item->id,
        .kind = item->kind,
        .name = item->name,
        .label = item->label[0] == '\0' ? arena_strdup(a, code) : item->label,
        .serial = item->serial,
        .calibrated_day = CALDATE_NONE,
        .calibration_due = CALDATE_NONE,
    };
    judge_begin(&j, s, c, calendar, (struct query_when){ .today = today });
    thing_calibration(&j, item, out);
    status = judge_item(&j, item, a);
    /* A lapsed calibration is told as such, by its date: only quarantine, a recall, loss, retirement and a
       calibration that was not passed put an instrument out of use here. */
    out->do_not = status.fail_count > 0 || status.stop_count > 0 || item->retired || item->lost ||
                  thing_miscalibrated(&j, &status);
    if (status.use == USE_DO_NOT && !out->is_instrument)
        out->do_not = true;
    return judge_end(&j, why);
}

static enum err thing_person(struct store *s, const char *code, struct arena *a,
                             struct form_thing *out, bool *out_found, struct why *why)
{
    struct person person = { 0 };
    enum err rc = query_badge(s, code, a, &person, why);

    if (rc == ERR_NOT_FOUND || rc == ERR_CONFLICT)
        return ERR_OK;
    if (rc != ERR_OK)
        return rc;
    *out = (struct form_thing){ .known = true,
                                .item = person.id,
                                .kind = "person",
                                .name = person.name,
                                .label = person.name,
                                .serial = "",
                                .calibrated_day = CALDATE_NONE,
                                .calibration_due = CALDATE_NONE };
    *out_found = true;
    return ERR_OK;
}

enum err query_thing(struct store *s, struct content *c, const char *code, int32_t today,
                     struct arena *a, struct form_thing *out, bool *out_found, struct why *why)
{
    struct form_thing thing = { 0 };
    struct item *items = NULL;
    bool found = false;
    size_t count = 0;
    enum err rc = query_label(s, code, a, &items, &count, why);

    if (rc == ERR_OK && count == 1) {
        found = true;
        rc = thing_item(s, c, &items[0], code, today, a, &thing, why);
    } else if (rc == ERR_OK && count == 0) {
        rc = thing_person(s, code, a, &thing, &found, why);
    }
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for a scanned thing");
    if (rc != ERR_OK)
        return why_in(why, rc, "look a scanned code up");
    *out_found = found;
    *out = thing;
    return ERR_OK;
}
