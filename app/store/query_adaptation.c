#include <stdlib.h>
#include <string.h>

#include "app/store/order.h"
#include "app/store/query_rows.h"
#include "app/store/reading_rows.h"

/* Adaptations as screens see them: what the lines say of a version, and what its model has become since. */

enum { MODEL_ARENA_MAX = 32 * 1024 * 1024 };

/* The model that was read last: versions of one document stand together. */
struct model_now {
    struct content *content;
    struct arena a;
    const char *doc, *stage; /* NULL: nothing was read yet */
    enum err rc; /* of the reading; ERR_NOT_FOUND, ERR_INPUT: there is no such model now */
    struct doc found;
    struct adapt_lines lines;
};

static void model_load(struct model_now *m, const char *doc, const char *stage)
{
    struct assessment assessment;

    if (m->doc != NULL && str_eq(m->doc, doc) && str_eq(m->stage, stage))
        return;
    arena_reset(&m->a);
    m->doc = arena_strdup(&m->a, doc);
    m->stage = arena_strdup(&m->a, stage);
    m->rc = content_doc(m->content, doc, &m->a, &m->found, NULL);
    if (m->rc == ERR_OK)
        m->rc = assessment_from_doc(&m->a, &m->found, &assessment, NULL);
    if (m->rc == ERR_OK)
        m->rc = adapt_lines(&m->a, &assessment, stage, &m->lines, NULL);
}

/* Why the adaptation does not speak of the model that is in force now; "" it does. */
static const char *model_changed(const struct model_now *m, const struct adaptation *x,
                                 struct arena *a)
{
    if (m->rc == ERR_NOT_FOUND)
        return "The model is not on this kiosk any more.";
    if (m->rc != ERR_OK)
        return "The model cannot be read on this kiosk.";
    if (m->found.withdrawn[0] != '\0')
        return arena_printf(a, "The model was withdrawn: %s", m->found.withdrawn);
    if (!str_eq(m->found.issuer, x->issuer))
        return arena_printf(a, "Another model holds now: that of %s.", m->found.issuer);
    if (m->found.revision != x->revision)
        return arena_printf(a, "The model is at revision %d now; this was signed at revision %d.",
                            m->found.revision, x->revision);
    if (!adapt_same(m->lines, x->base))
        return "The model does not say any more what it said when this was signed.";
    return "";
}

/* What the days and the model make of a version that would be in force, or that waits. */
static void row_judge(struct adaptation_row *row, struct model_now *m, int32_t today,
                      struct arena *a)
{
    bool open = row->state == ADAPT_IN_FORCE || row->state == ADAPT_AWAITING;

    if (!open)
        return;
    if (row->adaptation.until < today) {
        row->state = ADAPT_ENDED;
        return;
    }
    if (m->content == NULL)
        return;
    model_load(m, row->adaptation.model, row->adaptation.stage);
    row->state_why = model_changed(m, &row->adaptation, a);
    if (row->state == ADAPT_AWAITING)
        return;
    if (row->state_why == NULL || row->state_why[0] != '\0')
        row->state = ADAPT_LOOK_AGAIN;
    else if (m->found.review_on != CALDATE_NONE && m->found.review_on <= today)
        row->state = ADAPT_REVIEW_DUE;
}

static enum err row_fill(struct store *s, const struct version_row *v, struct model_now *m,
                         int32_t today, struct arena *a, struct adaptation_row *out,
                         struct why *why)
{
    struct adaptation_row row = { .id = v->id,
                                  .event = v->v.event,
                                  .author = v->author,
                                  .approver = v->v.approved ? v->approver : "",
                                  .ended_why = v->ended_why,
                                  .signed_ms = v->signed_ms,
                                  .approved_ms = v->approved_ms,
                                  .trust = v->trust,
                                  .effect = v->effect,
                                  .needs_approval = v->v.needs_approval,
                                  .state = v->state,
                                  .state_why = "",
                                  .prep = v->prep };
    enum err rc = version_body(s, v->v.event, a, &row.adaptation, why);

    if (rc != ERR_OK)
        return rc;
    row.author_name = query_who(s, v->author, a);
    row.approver_name = query_who(s, row.approver, a);
    row.ended_by = query_who(s, v->ended_by, a);
    row_judge(&row, m, today, a);
    if (a->failed || row.state_why == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the adaptations");
    *out = row;
    return ERR_OK;
}

static int version_by_doc(const void *left, const void *right)
{
    const struct version_row *x = left;
    const struct version_row *y = right;

    return strcmp(x->doc, y->doc);
}

static int row_rank(const struct adaptation_row *row)
{
    if (adapt_state_usable(row->state))
        return 0;
    return row->state == ADAPT_AWAITING ? 1 : row->state == ADAPT_LOOK_AGAIN ? 2 : 3;
}

static int row_compare(const void *left, const void *right)
{
    const struct adaptation_row *x = left;
    const struct adaptation_row *y = right;
    int by = row_rank(x) - row_rank(y);

    if (by == 0)
        by = order_natural(x->adaptation.class_name, y->adaptation.class_name);
    if (by == 0)
        by = order_natural(x->adaptation.title, y->adaptation.title);
    if (by == 0 && x->signed_ms != y->signed_ms)
        by = x->signed_ms > y->signed_ms ? -1 : 1;
    return by != 0 ? by : strcmp(x->event, y->event);
}

static bool row_asked(const struct adaptation_ask *ask, const struct adaptation_row *row)
{
    bool past = !adapt_state_usable(row->state) && row->state != ADAPT_AWAITING &&
                row->state != ADAPT_LOOK_AGAIN;

    if (ask->awaiting || ask->look_again)
        return (ask->awaiting && row->state == ADAPT_AWAITING) ||
               (ask->look_again && row->state == ADAPT_LOOK_AGAIN);
    return ask->past || !past;
}

/* Whether the lines alone rule it out, so that its body need not be read. */
static bool version_asked(const struct adaptation_ask *ask, const struct version_row *v)
{
    bool open = v->state == ADAPT_IN_FORCE || v->state == ADAPT_AWAITING;

    if (ask->author != NULL && ask->author[0] != '\0' && !str_eq(ask->author, v->author))
        return false;
    return open || (ask->past && !ask->awaiting && !ask->look_again);
}

enum err query_adaptations(struct store *s, struct content *c, const struct adaptation_ask *ask,
                           struct arena *a, struct adaptation_row **out, size_t *out_count,
                           struct why *why)
{
    struct model_now model = { .content = c };
    struct version_row *versions = NULL;
    struct adaptation_row *rows = NULL;
    size_t version_count = 0;
    size_t cap = 0;
    size_t count = 0;
    enum err rc =
        version_rows(s, (struct version_ask){ .doc = ask->doc }, a, &versions, &version_count, why);

    if (rc != ERR_OK)
        return rc;
    arena_init(&model.a, MODEL_ARENA_MAX);
    if (version_count > 1)
        qsort(versions, version_count, sizeof *versions, version_by_doc);
    for (size_t i = 0; i < version_count && count < READING_ROWS_MAX && rc == ERR_OK; i++) {
        struct adaptation_row *more;

        if (!version_asked(ask, &versions[i]))
            continue;
        more = rows_grow(a, rows, count, &cap, sizeof *rows);
        if (more == NULL) {
            rc = why_set(why, ERR_NOMEM, 0, "no room for the adaptations");
            break;
        }
        rows = more;
        rc = row_fill(s, &versions[i], &model, ask->today, a, &rows[count], why);
        if (rc == ERR_OK && row_asked(ask, &rows[count]))
            count++;
    }
    arena_done(&model.a);
    if (rc != ERR_OK)
        return why_in(why, rc, "list the adaptations");
    if (count > 1)
        qsort(rows, count, sizeof *rows, row_compare);
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

enum err query_adaptation(struct store *s, struct content *c, const char *event, int32_t today,
                          struct arena *a, struct adaptation_row *out, struct why *why)
{
    struct model_now model = { .content = c };
    struct version_row version = { 0 };
    enum err rc = version_one(s, event, a, &version, why);

    if (rc != ERR_OK)
        return rc;
    arena_init(&model.a, MODEL_ARENA_MAX);
    rc = row_fill(s, &version, &model, today, a, out, why);
    arena_done(&model.a);
    return rc;
}

enum err query_versions(struct store *s, struct content *c, const char *id, int32_t today,
                        struct arena *a, struct adaptation_row **out, size_t *out_count,
                        struct why *why)
{
    struct model_now model = { .content = c };
    struct version_row *versions = NULL;
    struct adaptation_row *rows;
    size_t count = 0;
    enum err rc = version_rows(s, (struct version_ask){ .id = id }, a, &versions, &count, why);

    if (rc == ERR_OK && (id[0] == '\0' || count == 0))
        rc = why_set(why, ERR_NOT_FOUND, 0, "no such adaptation on this kiosk");
    if (rc != ERR_OK)
        return rc;
    if (count > READING_ROWS_MAX) {
        versions += count - READING_ROWS_MAX;
        count = READING_ROWS_MAX;
    }
    rows = arena_array(a, count, sizeof *rows);
    if (rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the adaptations");
    arena_init(&model.a, MODEL_ARENA_MAX);
    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        rc = row_fill(s, &versions[count - 1 - i], &model, today, a, &rows[i], why);
    arena_done(&model.a);
    if (rc != ERR_OK)
        return why_in(why, rc, "read the versions");
    *out = rows;
    *out_count = count;
    return ERR_OK;
}
