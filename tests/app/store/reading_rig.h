/* A store with people, and a content folder with an assessment that can be revised. */
#pragma once

#include "tests/app/store/content_support.h"

#include "app/domain/caldate.h"
#include "app/store/reading.h"

enum { RIG_DAY = 20779 }; /* Sunday 22 November 2026 */
#define RIG_DAY_MS INT64_C(86400000)

struct rig {
    struct support_store t;
    struct content_folder f;
    struct content *c;
    char teacher[KEYS_RANDOM_ID], head[KEYS_RANDOM_ID], technician[KEYS_RANDOM_ID];
    struct why why;
};

static inline void rig_ok(const struct rig *r, enum err rc)
{
    support_ok(rc, &r->why);
}

/* Front matter members besides those that stand in every revision. */
static inline void rig_doc(struct rig *r, const char *more, const char *conc)
{
    char text[4096];

    (void)str_format(text, sizeof text,
                     "---\nid: c99\nkind: assessment\ntitle: Marble and acid\nissuer: Test\n"
                     "summary: A page.\nlevel: care\nmode: pupils\nstages: [N4, N5]\n"
                     "subjects: [Chemistry]\nwho: Pupils\nif_wrong: Rinse.\nppe: [m004]\n"
                     "controls:\n  - { text: Small volumes, type: dilute }\n"
                     "chemicals:\n  - { chemical: acid, conc: %s, unit: mol/l }\n"
                     "equipment: [cooker]\n%s---\n## What to do\n\n1. Weigh it.\n2. Pour acid.\n",
                     conc, more);
    folder_put(&r->f, "docs/c99.md", text);
}

static inline void rig_index(struct rig *r)
{
    content_close(r->c);
    r->c = NULL;
    rig_ok(r, content_open(r->t.dir, r->f.dir, &r->c, &r->why));
}

static inline void rig_open(struct rig *r)
{
    *r = (struct rig){ 0 };
    support_open(&r->t);
    folder_open(&r->f);
    rig_doc(r, "revised: 2026-11-01\n", "1");
    rig_index(r);
    rig_ok(r, store_add_person(&r->t.s, support_now(1), "", NULL, "Ada Example (test)", "teacher",
                               r->teacher, &r->why));
    rig_ok(r, store_add_person(&r->t.s, support_now(2), "", NULL, "Bea Sample", "teacher", r->head,
                               &r->why));
    rig_ok(r, store_add_person(&r->t.s, support_now(3), "", NULL, "Cal Trial", "technician",
                               r->technician, &r->why));
    rig_ok(r, store_grant(&r->t.s, support_now(4), "", r->head, "PT", "", "Principal", &r->why));
}

static inline void rig_close(struct rig *r)
{
    content_close(r->c);
    folder_close(&r->f);
    support_close(&r->t);
}

/* A copy for a class, without a difference yet. */
static inline struct adaptation rig_copy(struct rig *r, const char *class_name)
{
    struct assessment *m = arena_alloc(&r->t.a, sizeof *m);
    struct doc *d = arena_alloc(&r->t.a, sizeof *d);
    struct adaptation x;

    assert_true(m != NULL && d != NULL);
    rig_ok(r, content_doc(r->c, "c99", &r->t.a, d, &r->why));
    rig_ok(r, assessment_from_doc(&r->t.a, d, m, &r->why));
    rig_ok(r, adapt_begin(&r->t.a, m, "N5", &x, &r->why));
    x.class_name = class_name;
    x.until = RIG_DAY + 30;
    return x;
}

struct rig_signed {
    char id[KEYS_RANDOM_ID], event[EVENT_ID_TEXT];
    enum adapt_effect effect;
};

static inline struct rig_signed rig_sign(struct rig *r, int64_t ms, const char *actor,
                                         const struct adaptation *x, const char *id)
{
    const struct adaptation_draft draft = { .adaptation = x, .id = id };
    struct rig_signed out;

    rig_ok(r, store_sign_adaptation(&r->t.s, support_now(ms), actor, &draft, out.id, out.event,
                                    &out.effect, &r->why));
    return out;
}

static inline struct adaptation_row rig_row(struct rig *r, const char *event, int32_t today)
{
    struct adaptation_row row;

    rig_ok(r, query_adaptation(&r->t.s, r->c, event, today, &r->t.a, &row, &r->why));
    return row;
}

static inline enum adapt_state rig_state(struct rig *r, const char *event)
{
    return rig_row(r, event, RIG_DAY).state;
}

static inline struct adaptation rig_tight(struct rig *r, const char *class_name)
{
    struct adaptation x = rig_copy(r, class_name);

    rig_ok(r, adapt_add(&r->t.a, &x, "control", "Stand up", NULL, &r->why));
    return x;
}

static inline struct adaptation rig_loose(struct rig *r, const char *class_name)
{
    struct adaptation x = rig_copy(r, class_name);

    rig_ok(r, adapt_amount(&r->t.a, &x, "chemical/acid/conc", 2, &r->why));
    return x;
}
