/* Rows of what people decide about documents, as the writers and the queries of this folder read them. */
#pragma once

#include "app/store/reading.h"
#include "platform/base/db.h"

/* A version of an adaptation without its lines; who and by are ids of people. */
struct version_row {
    const char *id, *author, *doc, *approver, *ended_by, *ended_why;
    int64_t signed_ms, approved_ms;
    enum clock_trust trust;
    enum adapt_effect effect;
    int32_t until;
    bool prep;
    struct adapt_version v;
    enum adapt_state state; /* from the versions alone */
};
enum { VERSION_ROWS_MAX = 10000 };
/* What is asked for; "" any. All versions of every adaptation that has such a one, by adaptation and the
   order of the lines. ERR_LIMIT: there are more than VERSION_ROWS_MAX. Which of them is in force hangs on all
   of an adaptation's versions, so that a list without its end would be wrong and not only short. */
struct version_ask {
    const char *doc, *id, *event;
};
MUST_USE enum err version_rows(struct store *s, struct version_ask ask, struct arena *a,
                               struct version_row **out, size_t *out_count, struct why *why);
/* The version of that event. ERR_NOT_FOUND. */
MUST_USE enum err version_one(struct store *s, const char *event, struct arena *a,
                              struct version_row *out, struct why *why);
/* Its adaptation, read from the line's body; in the arena. */
MUST_USE enum err version_body(struct store *s, const char *event, struct arena *a,
                               struct adaptation *out, struct why *why);
/* A copy that owes nothing to where the first one was read. */
MUST_USE enum err adaptation_copy(struct arena *a, const struct adaptation *x,
                                  struct adaptation *out, struct why *why);
/* ERR_INPUT where the text holds the name of somebody known here; texts may be NULL. */
MUST_USE enum err reading_no_names(struct store *s, const char *const *texts, size_t count,
                                   struct why *why);
/* ERR_DENIED: the person has no competence ADAPT_APPROVER in date that day. */
MUST_USE enum err reading_approver(struct store *s, const char *person, int32_t today,
                                   struct why *why);
/* Drops the draft inside the caller's transaction. */
MUST_USE enum err adaptation_draft_drop_in(struct db *db, const char *person, const char *doc,
                                           struct why *why);
