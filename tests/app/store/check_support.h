/* Records of checks with the members that a case is about. */
#pragma once

#include "app/domain/caldate.h"
#include "tests/app/store/content_support.h"

enum { CHECK_DAY = 20779 /* 22 November 2026 */ };

/* A check of form `week` that passed; a case changes what it is about. */
static inline struct check check_of(const char *item, const char *form)
{
    return (struct check){
        .form = form,
        .form_version = "1",
        .form_title = form,
        .item = item,
        .day = CHECK_DAY,
        .outcome = OUTCOME_PASS,
        .reason = "",
        .interval = "7d",
        .basis = "GUIDE",
        .signed_by = "badge",
        .next_due = CALDATE_NONE,
    };
}

static inline void check_put(struct support_store *t, int64_t ms, const char *actor,
                             const struct check *c, char id[EVENT_ID_TEXT])
{
    struct why why = { 0 };

    support_ok(store_record_check(&t->s, support_now(ms), actor, c, id, &why), &why);
}

static inline struct status status_of(struct stocked *s, const char *id, int32_t today)
{
    struct item item = { 0 };
    struct status status = { 0 };
    struct why why = { 0 };

    support_ok(query_item(&s->t.s, id, &s->t.a, &item, &why), &why);
    support_ok(query_status(&s->t.s, s->c, &item, today, &s->t.a, &status, &why), &why);
    return status;
}

static inline struct past_check past_of(struct support_store *t, const char *event)
{
    struct past_check row = { 0 };
    struct why why = { 0 };

    support_ok(query_check(&t->s, event, &t->a, &row, &why), &why);
    return row;
}

static inline void person_with(struct support_store *t, const char *id, const char *name,
                               const char *code, const char *until)
{
    struct why why = { 0 };

    support_ok(store_add_person(&t->s, support_now(0), "", id, name, "technician", NULL, &why),
               &why);
    if (code != NULL)
        support_ok(store_grant(&t->s, support_now(0), "", id, code, until, "course", &why), &why);
}
