/* An assessment with every kind of line, for the tests of adaptations. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/adapt.h"
#include "platform/base/attr.h"
#include "platform/base/str.h"

enum { RIG_ARENA_MAX = 64 * 1024 * 1024, RIG_TODAY = 20780 };

#define RIG_FRONT                                                                                  \
    "---\n"                                                                                        \
    "id: c99\n"                                                                                    \
    "kind: assessment\n"                                                                           \
    "title: Marble and acid\n"                                                                     \
    "issuer: Example issuer\n"                                                                     \
    "stages: [N4, N5]\n"                                                                           \
    "subjects: [Chemistry]\n"                                                                      \
    "level: care\n"                                                                                \
    "mode: pupils\n"                                                                               \
    "who: Pupils from N4\n"                                                                        \
    "if_wrong: Rinse. Tell the teacher.\n"                                                         \
    "do_nots: [Never stopper the flask]\n"                                                         \
    "ppe: [m004]\n"                                                                                \
    "signs: [w001]\n"                                                                              \
    "hazards:\n"                                                                                   \
    "  - { what: Acid, who: Pupils, how: It splashes into an eye }\n"                              \
    "controls:\n"                                                                                  \
    "  - { text: Small volumes of weak acid, type: dilute }\n"                                     \
    "  - { text: The flask stays open, type: method, stop_point: A stoppered flask bursts }\n"     \
    "chemicals:\n"                                                                                 \
    "  - { chemical: hydrochloric-acid, conc: 1, unit: mol/l, volume: 20 cm3, max: 2, by_stage: "  \
    "{ N4: 0.5, H: 2 } }\n"                                                                        \
    "  - { chemical: calcium-carbonate, conc: \"\", unit: solid }\n"                               \
    "  - { chemical: sodium-hypochlorite, conc: 1, unit: \"%\", volume: 100 }\n"                   \
    "equipment:\n"                                                                                 \
    "  - eyewash\n"                                                                                \
    "  - { kind: balance, need: \"1\", name: Balance }\n"                                          \
    "emergency:\n"                                                                                 \
    "  - { see: Acid in an eye, do: Rinse for 20 minutes, then: Medical help, action: eye }\n"     \
    "prep: [Label the acid, Set out the flasks]\n"                                                 \
    "prep_minutes: 15\n"                                                                           \
    "disposal: [Down the drain with water]\n"                                                      \
    "quantities:\n"                                                                                \
    "  - { what: Flask, each: \"1\" }\n"                                                           \
    "considerations:\n"                                                                            \
    "  - { tick: asthma, adds: Seat them by the window }\n"                                        \
    "rooms: [sink, ventilation]\n"                                                                 \
    "room_missing: Use another room\n"                                                             \
    "groups: 10\n"                                                                                 \
    "needs: T\n"
#define RIG_BODY                                                                                   \
    "---\n"                                                                                        \
    "Example.\n\n## What to do\n\n"                                                                \
    "1. Weigh the marble.\n2. Pour the acid on it.\n3. Read the balance each minute.\n\n"          \
    "## Why\n\n1. This is no step.\n"

struct rig {
    struct arena a;
    struct doc doc;
    struct assessment m;
    struct adaptation x;
    struct why why;
};

static inline void rig_ok(enum err rc, const struct why *why)
{
    if (rc != ERR_OK)
        fail_msg("%s: %s", err_name(rc), why->text);
}

static inline void rig_read(struct rig *r, const char *source)
{
    rig_ok(doc_parse(&r->a, source, strlen(source), &r->doc, &r->why), &r->why);
    rig_ok(assessment_from_doc(&r->a, &r->doc, &r->m, &r->why), &r->why);
}

static inline void rig_open(struct rig *r, const char *stage)
{
    *r = (struct rig){ 0 };
    arena_init(&r->a, RIG_ARENA_MAX);
    rig_read(r, RIG_FRONT RIG_BODY);
    rig_ok(adapt_begin(&r->a, &r->m, stage, &r->x, &r->why), &r->why);
}

static inline void rig_close(struct rig *r)
{
    arena_done(&r->a);
}

/* The source with one text in another's place, which must be there. */
static inline const char *rig_other(struct rig *r, const char *from, const char *to)
{
    const char *source = RIG_FRONT RIG_BODY;
    const char *at = strstr(source, from);
    const char *out;

    assert_non_null(at);
    out = arena_printf(&r->a, "%.*s%s%s", (int)(at - source), source, to, at + strlen(from));
    assert_non_null(out);
    return out;
}

static inline enum adapt_effect rig_judge(struct rig *r)
{
    enum adapt_effect effect = ADAPT_NOTHING;

    rig_ok(adapt_judge(&r->a, &r->x, &effect, &r->why), &r->why);
    return effect;
}

static inline const char *rig_text(const struct rig *r, const char *path)
{
    const struct adapt_line *line = adapt_line_of(r->x.mine, path);

    return line != NULL ? line->text : "(none)";
}
