#include <stdlib.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/store/project_rules.h"
#include "app/store/query_rows.h"
#include "app/store/reading_rows.h"

/* Why a document should be looked at again. */

struct review {
    struct store *s;
    struct content *c;
    struct arena *a;
    const struct doc *doc;
    int32_t since, today;
    struct review_trigger *row;
    size_t count, cap;
};

static const char *review_day(struct arena *a, int32_t day)
{
    struct caldate d = caldate_from_day(day);

    return arena_printf(a, "%d %s %d", d.day, caldate_month_short(d.month), d.year);
}

static void review_put(struct review *r, enum review_trigger_kind kind, const char *ref,
                       int32_t day, const char *words)
{
    struct review_trigger *more;

    if (r->count == READING_ROWS_MAX || words == NULL)
        return;
    more = rows_grow(r->a, r->row, r->count, &r->cap, sizeof *r->row);
    if (more == NULL)
        return;
    r->row = more;
    r->row[r->count++] =
        (struct review_trigger){ .kind = kind, .ref = ref, .words = words, .day = day };
}

/* The day from which on something is new: the document's own, or that of the last review of this revision
   or an earlier one. */
static enum err review_since(struct review *r, struct why *why)
{
    struct db_stmt q = db_prepare(&r->s->db, "select max(day) from doc_reviewed where doc = ?1");

    r->since = r->doc->revised_day;
    db_bind_text(&q, 1, r->doc->id);
    if (db_step(&q) && !db_null(&q, 0) && (int32_t)db_i64(&q, 0) > r->since)
        r->since = (int32_t)db_i64(&q, 0);
    return db_end(&q, why);
}

static void review_days(struct review *r)
{
    const struct doc *d = r->doc;

    if (d->withdrawn[0] != '\0')
        review_put(r, REVIEW_WITHDRAWN, d->id, d->revised_day,
                   arena_printf(r->a, "Withdrawn: %s", d->withdrawn));
    if (d->review_on != CALDATE_NONE && d->review_on <= r->today && d->review_on > r->since)
        review_put(r, REVIEW_DATE, d->id, d->review_on,
                   arena_printf(r->a, "Its review day was %s", review_day(r->a, d->review_on)));
}

static void review_chemicals(struct review *r)
{
    const struct doc_node *list = doc_get(r->doc, "chemicals");

    for (size_t i = 0; list != NULL && list->kind == DOC_NODE_LIST && i < list->count; i++) {
        const char *id = list->items[i].kind == DOC_NODE_MAP
                             ? doc_node_text(&list->items[i], "chemical")
                             : list->items[i].text;
        struct doc d;

        if (content_doc(r->c, id, r->a, &d, NULL) == ERR_OK && d.revised_day > r->since &&
            d.revised_day <= r->today)
            review_put(r, REVIEW_CHEMICAL, d.id, d.revised_day,
                       arena_printf(r->a, "The page of %s was revised on %s", d.title,
                                    review_day(r->a, d.revised_day)));
    }
}

/* The last fail of each item of the kind, whether it was put right since or not. */
static enum err review_kind(struct review *r, const char *kind, struct why *why)
{
    struct db_stmt q = db_prepare(
        &r->s->db,
        "select i.id, i.name, max(c.day) from item i join check_row c on c.item = i.id"
        " where i.kind = ?1 and not i.retired and c.outcome > 2 and c.day > ?2"
        " and c.day <= ?3 and " CHECK_COUNTS("c") " group by i.id order by i.id limit 50");

    db_bind_text(&q, 1, kind);
    db_bind_i64(&q, 2, r->since);
    db_bind_i64(&q, 3, r->today);
    while (db_step(&q)) {
        int32_t day = (int32_t)db_i64(&q, 2);

        review_put(
            r, REVIEW_EQUIPMENT, db_text_in(&q, 0, r->a), day,
            arena_printf(r->a, "%s failed a check on %s", db_text(&q, 1), review_day(r->a, day)));
    }
    return db_end(&q, why);
}

static enum err review_equipment(struct review *r, struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; i < r->doc->equipment_count && rc == ERR_OK; i++)
        rc = review_kind(r, r->doc->equipment[i], why);
    return rc;
}

static bool relates_to(const struct doc_node *list, const char *id)
{
    for (size_t i = 0; i < doc_node_count(list); i++) {
        if (str_eq(doc_node_at(list, i), id))
            return true;
    }
    return false;
}

static enum err review_piece(struct review *r, const struct doc *d, const char *article,
                             const char *title, int32_t day, struct why *why)
{
    struct considered_row mark;
    enum err rc = query_considered(r->s, d->id, article, r->a, &mark, why);

    /* Who asks has not answered yet. */
    if (rc == ERR_OK && (mark.mark == CONSIDERED_NOT || mark.mark == CONSIDERED_ASK))
        review_put(r, REVIEW_BULLETIN, d->id, day,
                   arena_printf(r->a, "«%s» may affect this (%s)", title,
                                day != CALDATE_NONE ? review_day(r->a, day) : d->title));
    return rc;
}

/* A bulletin names documents article by article; marks are set so too. */
static enum err review_bulletin(struct review *r, const char *id, struct why *why)
{
    const struct doc_node *articles;
    int32_t day = CALDATE_NONE;
    struct doc d;
    enum err rc = content_doc(r->c, id, r->a, &d, why);

    if (rc != ERR_OK)
        return rc;
    if (!caldate_parse(doc_text(&d, "published"), &day))
        day = d.revised_day;
    if (d.withdrawn[0] != '\0' || (day != CALDATE_NONE && (day <= r->since || day > r->today)))
        return ERR_OK;
    articles = doc_get(&d, "articles");
    for (size_t i = 0; articles != NULL && articles->kind == DOC_NODE_LIST && i < articles->count;
         i++) {
        const struct doc_node *one = &articles->items[i];

        if (relates_to(doc_node_get(one, "relates"), r->doc->id))
            rc = review_piece(r, &d, doc_node_text(one, "id"), doc_node_text(one, "title"), day,
                              why);
        if (rc != ERR_OK)
            return rc;
    }
    return relates_to(doc_get(&d, "relates"), r->doc->id)
               ? review_piece(r, &d, "", d.title, day, why)
               : ERR_OK;
}

/* Each that no review named, whatever was revised since. */
static enum err review_incidents(struct review *r, struct why *why)
{
    struct incident_row *rows = NULL;
    size_t count = 0;
    enum err rc = query_incidents(r->s, r->doc->id, r->a, &rows, &count, why);

    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        if (!rows[i].seen)
            review_put(r, REVIEW_INCIDENT, rows[i].id, rows[i].day,
                       arena_printf(r->a, "%s on %s", incident_words(rows[i].kind),
                                    review_day(r->a, rows[i].day)));
    }
    return rc;
}

static enum err review_bulletins(struct review *r, struct why *why)
{
    struct doc_head *heads = NULL;
    size_t count = 0;
    enum err rc = content_docs(r->c, "bulletin,notice,article", "relates", r->doc->id, r->a, &heads,
                               &count, why);

    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        rc = review_bulletin(r, heads[i].id, why);
    return rc;
}

static enum err review_adaptations(struct review *r, struct why *why)
{
    const struct adaptation_ask ask = { .doc = r->doc->id, .look_again = true, .today = r->today };
    struct adaptation_row *rows = NULL;
    size_t count = 0;
    enum err rc = query_adaptations(r->s, r->c, &ask, r->a, &rows, &count, why);

    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        review_put(r, REVIEW_MODEL, rows[i].event,
                   r->doc->revised_day != CALDATE_NONE ? r->doc->revised_day : r->today,
                   arena_printf(r->a, "The adaptation for %s: %s",
                                rows[i].adaptation.class_name[0] != '\0'
                                    ? rows[i].adaptation.class_name
                                    : "the prep room",
                                rows[i].state_why));
    return rc;
}

static int trigger_compare(const void *left, const void *right)
{
    const struct review_trigger *x = left;
    const struct review_trigger *y = right;

    if (x->day != y->day)
        return x->day > y->day ? -1 : 1;
    return strcmp(x->words, y->words);
}

enum err query_incidents(struct store *s, const char *doc, struct arena *a,
                         struct incident_row **out, size_t *out_count, struct why *why)
{
    struct incident_row *rows = arena_array(a, READING_INCIDENTS_MAX, sizeof *rows);
    size_t count = 0;
    enum err rc;
    struct db_stmt q = db_prepare(
        &s->db, "select x.event, x.doc, x.kind, x.day, x.words, x.actor, x.at_ms,"
                " exists (select 1 from incident_seen n where n.incident = x.event) as seen"
                " from doc_incident x where x.doc = ?1"
                " order by seen, x.hlc desc, x.device desc, x.seq desc limit ?2");

    db_bind_text(&q, 1, doc);
    db_bind_i64(&q, 2, READING_INCIDENTS_MAX);
    while (rows != NULL && db_step(&q) && count < READING_INCIDENTS_MAX) {
        rows[count++] = (struct incident_row){ .id = db_text_in(&q, 0, a),
                                               .doc = db_text_in(&q, 1, a),
                                               .kind = incident_by_id(db_text(&q, 2)),
                                               .day = (int32_t)db_i64(&q, 3),
                                               .words = db_text_in(&q, 4, a),
                                               .actor = db_text_in(&q, 5, a),
                                               .at_ms = db_i64(&q, 6),
                                               .seen = db_i64(&q, 7) != 0 };
    }
    rc = db_end(&q, why);
    if (rc == ERR_OK && (rows == NULL || a->failed))
        rc = why_set(why, ERR_NOMEM, 0, "no room for what went wrong");
    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < count; i++)
        rows[i].actor_name = query_who(s, rows[i].actor, a);
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

enum err query_review_triggers(struct store *s, struct content *c, const char *doc, int32_t today,
                               struct arena *a, struct review_trigger **out, size_t *out_count,
                               struct why *why)
{
    struct review r = { .s = s, .c = c, .a = a, .today = today };
    struct doc d;
    enum err rc = content_doc(c, doc, a, &d, why);

    if (rc != ERR_OK)
        return rc;
    r.doc = &d;
    rc = review_since(&r, why);
    if (rc == ERR_OK) {
        review_days(&r);
        review_chemicals(&r);
        rc = review_equipment(&r, why);
    }
    if (rc == ERR_OK)
        rc = review_bulletins(&r, why);
    if (rc == ERR_OK)
        rc = review_incidents(&r, why);
    if (rc == ERR_OK)
        rc = review_adaptations(&r, why);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for the reasons");
    if (rc != ERR_OK)
        return why_in(why, rc, "look for reasons to review");
    if (r.count > 1)
        qsort(r.row, r.count, sizeof *r.row, trigger_compare);
    *out = r.row;
    *out_count = r.count;
    return ERR_OK;
}
