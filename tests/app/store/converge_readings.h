/* Lines about documents on three kiosks that do not know of each other, for test_converge. */
#pragma once

#include "app/store/reading.h"
#include "tests/app/store/support.h"

/* The smallest body of an adaptation; loose: it takes the signs away. */
static inline void adapt_raw(struct support_store *t, int64_t ms, const char *actor, bool loose,
                             const char *replaces, char out[EVENT_ID_TEXT])
{
    char body[1024];
    const struct event_draft draft = {
        .kind = "assessment.adapted", .subject = "a1", .actor = actor, .body = body
    };
    struct why why = { 0 };

    (void)str_format(body, sizeof body,
                     "{\"model\":\"c04\",\"revision\":1,\"class\":\"5B\",\"stage\":\"N5\","
                     "\"until\":\"2027-06-25\",\"base\":[{\"path\":\"ppe/m004\",\"text\":\"m004\"},"
                     "{\"path\":\"mode\",\"text\":\"pupils\"}],\"mine\":[%s1],"
                     "\"replaces\":[%s%s%s]}",
                     loose ? "" : "0,", replaces != NULL ? "\"" : "",
                     replaces != NULL ? replaces : "", replaces != NULL ? "\"" : "");
    support_ok(store_record(&t->s, support_now(ms), &draft, out, &why), &why);
}

static inline void mark_raw(struct support_store *t, int64_t ms, const char *kind,
                            const char *actor, const char *member, const char *id, const char *more)
{
    char body[512];
    const struct event_draft draft = { .kind = kind, .actor = actor, .body = body };
    struct why why = { 0 };

    (void)str_format(body, sizeof body, "{\"%s\":\"%s\"%s}", member, id, more);
    support_ok(store_record(&t->s, support_now(ms), &draft, NULL, &why), &why);
}

struct converge_ids {
    char first[EVENT_ID_TEXT], second[EVENT_ID_TEXT], told[EVENT_ID_TEXT], seen[EVENT_ID_TEXT];
};

static inline void incident_raw(struct support_store *t, int64_t ms, char out[EVENT_ID_TEXT])
{
    const struct event_draft draft = {
        .kind = "document.incident",
        .subject = "c04",
        .actor = "p4",
        .body = "{\"doc\":\"c04\",\"day\":\"2026-11-20\",\"kind\":\"near-miss\","
                "\"words\":\"A spill\"}",
    };
    struct why why = { 0 };

    support_ok(store_record(&t->s, support_now(ms), &draft, out, &why), &why);
}

static inline void reviewed_raw(struct support_store *t, int64_t ms, const char *actor,
                                const char *incident)
{
    char more[EVENT_ID_TEXT + 64];

    (void)str_format(more, sizeof more, ",\"revision\":2,\"incidents\":[\"%s\"]", incident);
    mark_raw(t, ms, "document.reviewed", actor, "doc", "c04", more);
}

/* What the first kiosk has before the third hears of it. */
static inline void converge_readings(struct support_store *a, struct converge_ids *ids)
{
    const struct suggestion_draft draft = { .doc = "c04", .text = "A tray beneath" };
    struct why why = { 0 };

    adapt_raw(a, 1000, "p1", false, NULL, ids->first);
    support_ok(store_suggest(&a->s, support_now(1001), "p4", &draft, ids->told, &why), &why);
}

/* Signed, approved and withdrawn apart; the approver's competence may come after the approval, and the
   answer before what it answers. */
static inline void converge_readings_apart(struct support_store *a, struct support_store *b,
                                           struct support_store *c, struct converge_ids *ids)
{
    char third[EVENT_ID_TEXT];
    struct why why = { 0 };

    adapt_raw(a, 1002, "p1", true, ids->first, ids->second);
    adapt_raw(c, 1002, "p2", false, ids->first, third);
    support_ok(store_grant(&a->s, support_now(1003), "", "p3", "PT", "", "", &why), &why);
    mark_raw(a, 1004, "assessment.approved", "p3", "adaptation", ids->second, "");
    mark_raw(b, 1005, "assessment.approved", "p1", "adaptation", ids->second, "");
    mark_raw(c, 1006, "assessment.withdrawn", "p2", "adaptation", third, ",\"why\":\"Not now\"");
    adapt_raw(b, 1007, "p4", true, NULL, third);
    mark_raw(c, 1008, "assessment.declined", "p3", "adaptation", third, "");
    mark_raw(b, 1010, "suggestion.answered", "p1", "suggestion", ids->told, ",\"accepted\":true");
    mark_raw(c, 1011, "suggestion.answered", "p2", "suggestion", ids->told, ",\"accepted\":false");
    mark_raw(c, 1012, "document.read", "p2", "doc", "c04", ",\"revision\":2");
    mark_raw(b, 1013, "document.reviewed", "p2", "doc", "c04", ",\"revision\":2");
    incident_raw(b, 1015, ids->seen);
    incident_raw(c, 1016, third);
    /* The first is looked at by whom the third kiosk knows to be competent, the second by nobody who is. */
    reviewed_raw(c, 1017, "p3", ids->seen);
    reviewed_raw(b, 1018, "p1", third);
    support_ok(
        store_consider(&b->s, support_now(1014), "p2", "b273", "a1", CONSIDERED_ASK, "", &why),
        &why);
    support_ok(
        store_consider(&c->s, support_now(1014), "p3", "b273", "a1", CONSIDERED_CHANGED, "", &why),
        &why);
}

/* What the screens would say of the adaptations, the suggestion and the mark. */
static inline void converge_readings_say(struct support_store *t, char out[512])
{
    const struct adaptation_ask ask = { .past = true, .today = 20783 };
    struct adaptation_row *rows = NULL;
    struct suggested *told = NULL;
    struct considered_row mark;
    struct incident_row *incidents = NULL;
    struct why why = { 0 };
    size_t count = 0;
    size_t used = 0;

    support_ok(query_adaptations(&t->s, NULL, &ask, &t->a, &rows, &count, &why), &why);
    for (size_t i = 0; i < count; i++) {
        (void)str_format(out + used, 512 - used, "%s:%s by %s; ", rows[i].author,
                         adapt_state_words(rows[i].state), rows[i].approver);
        used += strlen(out + used);
    }
    support_ok(query_suggestions(&t->s, "", false, &t->a, &told, &count, &why), &why);
    assert_int_equal(count, 1);
    support_ok(query_considered(&t->s, "b273", "a1", &t->a, &mark, &why), &why);
    (void)str_format(out + used, 512 - used, "%d by %s; %s", (int)told[0].state,
                     told[0].answered_by, considered_id(mark.mark));
    used += strlen(out + used);
    support_ok(query_incidents(&t->s, "c04", &t->a, &incidents, &count, &why), &why);
    assert_int_equal(count, 2);
    (void)str_format(out + used, 512 - used, "; %d %d", incidents[0].seen, incidents[1].seen);
}
