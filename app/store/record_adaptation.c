#include "app/store/record_parts.h"

/* The writers of adaptations and of what is said about them. */

#include <string.h>

#include "app/store/project.h"
#include "app/store/reading_rows.h"

enum { SIGN_ARENA_MAX = 32 * 1024 * 1024 };

/* ---- signing ---- */

struct sign {
    struct store *s;
    struct clock_now now;
    const char *actor;
    const struct adaptation_draft *draft;
    struct arena a;
    char id[KEYS_RANDOM_ID];
    enum adapt_effect effect;
    struct version_row *rows; /* of the adaptation that is signed anew */
    size_t row_count;
};

/* What was typed for it; what the model says is the model's. */
static enum err sign_names(struct sign *g, struct why *why)
{
    const struct adaptation *x = g->draft->adaptation;
    const char **texts = arena_array(&g->a, x->mine.count + 2, sizeof *texts);
    size_t count = 0;

    if (texts == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the adaptation");
    texts[count++] = x->class_name;
    texts[count++] = x->note;
    for (size_t i = 0; i < x->mine.count; i++) {
        const struct adapt_line *model = adapt_line_of(x->base, x->mine.line[i].path);

        if (model == NULL || !str_eq(model->text, x->mine.line[i].text))
            texts[count++] = x->mine.line[i].text;
    }
    return reading_no_names(g->s, texts, count, why);
}

static enum err sign_earlier(struct sign *g, struct why *why)
{
    const char *id = g->draft->id;
    enum err rc;

    if (id == NULL || id[0] == '\0') {
        keys_random_id(g->id);
        if (g->draft->new_id != NULL && !str_copy(g->id, sizeof g->id, g->draft->new_id))
            return why_set(why, ERR_LIMIT, 0, "the adaptation's id is too long");
        return ERR_OK;
    }
    if (!str_copy(g->id, sizeof g->id, id))
        return why_set(why, ERR_NOT_FOUND, 0, "no such adaptation on this kiosk");
    rc = version_rows(g->s, (struct version_ask){ .id = id }, &g->a, &g->rows, &g->row_count, why);
    if (rc == ERR_OK && g->row_count == 0)
        rc = why_set(why, ERR_NOT_FOUND, 0, "no such adaptation on this kiosk");
    if (rc == ERR_OK && !str_eq(g->rows[0].doc, g->draft->adaptation->model))
        rc = why_set(why, ERR_CONFLICT, 0, "that adaptation is of another document");
    return rc;
}

static enum err sign_suggestions(struct sign *g, struct why *why)
{
    for (size_t i = 0; i < g->draft->accept_count; i++) {
        struct db_stmt q =
            db_prepare(&g->s->db, "select 1 from suggestion where event = ?1 and doc = ?2");
        bool found;
        enum err rc;

        db_bind_text(&q, 1, g->draft->accepts[i]);
        db_bind_text(&q, 2, g->draft->adaptation->model);
        found = db_step(&q);
        rc = db_end(&q, why);
        if (rc == ERR_OK && !found)
            rc = why_set(why, ERR_NOT_FOUND, 0, "no such suggestion for this document");
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

/* What a recall or stop notice stops is neither adapted nor approved; an employer's version has the same id. */
static enum err stopped_not(struct store *s, const char *doc, struct clock_now now, struct arena *a,
                            struct why *why)
{
    const struct query_when when = { .today = record_today(now),
                                     .clock_untrusted = now.trust == CLOCK_NONE };
    struct stop *stops = NULL;
    size_t count = 0;
    enum err rc = query_stopped(s, doc, NULL, when, a, &stops, &count, why);

    if (rc == ERR_OK && count > 0)
        rc = why_set(why, ERR_DENIED, 0, "notice %.64s stops it: %.90s", stops[0].key,
                     stops[0].title);
    return rc;
}

static enum err sign_check(struct sign *g, struct why *why)
{
    const struct adaptation_draft *d = g->draft;
    enum err rc = record_actor(g->actor, why);

    if (rc == ERR_OK)
        rc = stopped_not(g->s, d->adaptation->model, g->now, &g->a, why);
    if (rc == ERR_OK)
        rc = adapt_fit(d->adaptation, d->prep, record_today(g->now), why);
    if (rc == ERR_OK && d->accept_count > PROJECT_REPLACES_MAX)
        rc = why_set(why, ERR_LIMIT, 0, "too many suggestions at once");
    if (rc == ERR_OK)
        rc = sign_names(g, why);
    if (rc == ERR_OK)
        rc = adapt_judge(&g->a, d->adaptation, &g->effect, why);
    if (rc == ERR_OK)
        rc = sign_earlier(g, why);
    return rc == ERR_OK ? sign_suggestions(g, why) : rc;
}

static void sign_body(const struct sign *g, struct buf *body)
{
    const struct adaptation_draft *d = g->draft;
    size_t from = g->row_count > PROJECT_REPLACES_MAX ? g->row_count - PROJECT_REPLACES_MAX : 0;
    struct json_out j;

    json_out_init(&j, body);
    json_out_object(&j, NULL);
    adapt_to_json(d->adaptation, &j);
    json_out_str(&j, "effect", adapt_effect_id(g->effect));
    json_out_bool(&j, "needs_approval", adapt_needs_approval(g->effect));
    if (d->prep)
        json_out_bool(&j, "prep", true);
    if (g->row_count > 0) {
        json_out_array(&j, "replaces");
        for (size_t i = from; i < g->row_count; i++)
            json_out_str(&j, NULL, g->rows[i].v.event);
        json_out_end_array(&j);
    }
    if (d->accept_count > 0) {
        json_out_array(&j, "accepts");
        for (size_t i = 0; i < d->accept_count; i++)
            json_out_str(&j, NULL, d->accepts[i]);
        json_out_end_array(&j);
    }
    if (d->suggested_from != NULL && d->suggested_from[0] != '\0')
        json_out_str(&j, "suggested_from", d->suggested_from);
    json_out_end_object(&j);
}

static enum err sign_inside(struct sign *g, char out_event[EVENT_ID_TEXT], struct why *why)
{
    struct buf body;
    enum err rc = sign_check(g, why);

    if (rc != ERR_OK)
        return rc;
    buf_init(&body, BODY_MAX);
    sign_body(g, &body);
    rc = record_body(
        g->s, g->now,
        (struct event_draft){ .kind = "assessment.adapted", .subject = g->id, .actor = g->actor },
        &body, out_event, why);
    if (rc == ERR_OK)
        rc = adaptation_draft_drop_in(&g->s->db, g->actor, g->draft->adaptation->model, why);
    return rc;
}

enum err store_sign_adaptation(struct store *s, struct clock_now now, const char *actor,
                               const struct adaptation_draft *draft, char out_id[KEYS_RANDOM_ID],
                               char out_event[EVENT_ID_TEXT], enum adapt_effect *out_effect,
                               struct why *why)
{
    struct sign g = { .s = s, .now = now, .actor = actor, .draft = draft };
    char event[EVENT_ID_TEXT] = "";
    enum err rc = db_begin(&s->db, why);

    if (rc != ERR_OK)
        return why_in(why, rc, "sign the adaptation");
    arena_init(&g.a, SIGN_ARENA_MAX);
    rc = store_finish(s, sign_inside(&g, event, why), why);
    arena_done(&g.a);
    if (rc != ERR_OK)
        return rc;
    if (out_id != NULL)
        (void)str_copy(out_id, KEYS_RANDOM_ID, g.id);
    if (out_event != NULL)
        (void)str_copy(out_event, EVENT_ID_TEXT, event);
    if (out_effect != NULL)
        *out_effect = g.effect;
    return ERR_OK;
}

/* ---- approving, declining, withdrawing ---- */

enum err query_may_approve(struct store *s, const char *person, int32_t today, bool *out,
                           struct why *why)
{
    struct grant *grants = NULL;
    size_t count = 0;
    struct arena a;
    enum err rc;

    arena_init(&a, SIGN_ARENA_MAX);
    rc = query_grants(s, person, &a, &grants, &count, why);
    if (rc == ERR_OK)
        *out = gate_may_countersign(ADAPT_APPROVER, grants, count, today);
    arena_done(&a);
    return rc;
}

enum err reading_approver(struct store *s, const char *person, int32_t today, struct why *why)
{
    bool may = false;
    enum err rc = query_may_approve(s, person, today, &may, why);

    if (rc == ERR_OK && !may)
        rc = why_set(why, ERR_DENIED, 0, "this wants somebody who %s",
                     competence_name(ADAPT_APPROVER));
    return rc;
}

static enum err mark_state(const struct version_row *row, int32_t today, struct why *why)
{
    switch (row->state) {
    case ADAPT_AWAITING:
        if (row->until < today)
            return why_set(why, ERR_CONFLICT, 0, "its last day has gone by; it is signed anew");
        return ERR_OK;
    case ADAPT_IN_FORCE:
        return why_set(why, ERR_CONFLICT, 0, "it is in force already");
    case ADAPT_SUPERSEDED:
        return why_set(why, ERR_CONFLICT, 0, "a later version has taken its place");
    case ADAPT_DECLINED:
        return why_set(why, ERR_CONFLICT, 0, "it was declined");
    case ADAPT_WITHDRAWN:
        return why_set(why, ERR_CONFLICT, 0, "it was withdrawn");
    case ADAPT_DRAFT:
    case ADAPT_REVIEW_DUE:
    case ADAPT_LOOK_AGAIN:
    case ADAPT_ENDED:
        break;
    }
    return why_set(why, ERR_CONFLICT, 0, "it does not wait for an approval");
}

static enum err mark_answer_check(struct store *s, const struct version_row *row, const char *actor,
                                  int32_t today, struct why *why)
{
    enum err rc;

    if (str_eq(row->author, actor))
        return why_set(why, ERR_DENIED, 0, "another person than its author approves it");
    rc = reading_approver(s, actor, today, why);
    return rc == ERR_OK ? mark_state(row, today, why) : rc;
}

static enum err mark_withdraw_check(struct store *s, const struct version_row *row,
                                    const char *actor, int32_t today, struct why *why)
{
    bool may = str_eq(row->author, actor);
    enum err rc = may ? ERR_OK : query_may_approve(s, actor, today, &may, why);

    if (rc == ERR_OK && !may)
        rc = why_set(why, ERR_DENIED, 0, "its author withdraws it, or somebody who %s",
                     competence_name(ADAPT_APPROVER));
    if (rc == ERR_OK && row->state != ADAPT_AWAITING && row->state != ADAPT_IN_FORCE)
        rc = mark_state(row, today, why);
    return rc;
}

static enum err mark_inside(struct store *s, struct clock_now now, const char *actor,
                            const char *kind, const char *event, const char *reason,
                            struct arena *a, struct why *why)
{
    struct version_row row = { 0 };
    struct json_out j;
    struct buf body;
    enum err rc = version_one(s, event, a, &row, why);

    if (rc == ERR_OK && str_eq(kind, "assessment.withdrawn"))
        rc = mark_withdraw_check(s, &row, actor, record_today(now), why);
    else if (rc == ERR_OK)
        rc = mark_answer_check(s, &row, actor, record_today(now), why);
    if (rc == ERR_OK && str_eq(kind, "assessment.approved"))
        rc = stopped_not(s, row.doc, now, a, why);
    if (rc == ERR_OK)
        rc = reading_no_names(s, &reason, 1, why);
    if (rc != ERR_OK)
        return rc;
    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "adaptation", event);
    if (reason[0] != '\0')
        json_out_str(&j, "why", reason);
    json_out_end_object(&j);
    return record_body(s, now,
                       (struct event_draft){ .kind = kind, .subject = row.id, .actor = actor },
                       &body, NULL, why);
}

static enum err mark_record(struct store *s, struct clock_now now, const char *actor,
                            const char *kind, const char *event, const char *reason,
                            struct why *why)
{
    bool needed = !str_eq(kind, "assessment.approved");
    struct arena a;
    enum err rc = record_actor(actor, why);

    if (rc == ERR_OK)
        rc = record_text_ok("reason", reason, READING_TEXT_MAX, needed, why);
    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return rc;
    arena_init(&a, SIGN_ARENA_MAX);
    rc = store_finish(s, mark_inside(s, now, actor, kind, event, reason, &a, why), why);
    arena_done(&a);
    return rc;
}

enum err store_approve_adaptation(struct store *s, struct clock_now now, const char *actor,
                                  const char *event, struct why *why)
{
    return mark_record(s, now, actor, "assessment.approved", event, "", why);
}

enum err store_decline_adaptation(struct store *s, struct clock_now now, const char *actor,
                                  const char *event, const char *reason, struct why *why)
{
    return mark_record(s, now, actor, "assessment.declined", event, reason == NULL ? "" : reason,
                       why);
}

enum err store_withdraw_adaptation(struct store *s, struct clock_now now, const char *actor,
                                   const char *event, const char *reason, struct why *why)
{
    return mark_record(s, now, actor, "assessment.withdrawn", event, reason == NULL ? "" : reason,
                       why);
}
