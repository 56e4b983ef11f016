/* What people decide about documents: adaptations and their approval, suggestions, receipts, marks of
   bulletin articles. Writers first, then what screens read. Rows are in the caller's arena, text is never
   NULL.

   Event kinds: assessment.adapted, assessment.approved, assessment.declined, assessment.withdrawn,
   assessment.suggested, suggestion.answered, document.read, document.considered, document.incident,
   document.reviewed. No line holds a name: a text that contains the name of somebody known here is refused (ERR_INPUT). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/domain/adapt.h"
#include "app/store/query.h"
#include "app/store/store.h"

enum {
    READING_ROWS_MAX = 500,
    READING_TEXT_MAX = 500,     /* bytes of a why, a note */
    READING_INCIDENT_MAX = 300, /* bytes of what went wrong */
    READING_INCIDENTS_MAX = 50, /* that stand at one document, and that one review names */
};

/* ---- adaptations ---- */

struct adaptation_draft {
    const struct adaptation *adaptation;
    /* The adaptation that is signed anew (adaptation_row.id): its versions so far are replaced once this
       one is in force. NULL or "": a new one. */
    const char *id;
    bool prep;                  /* the model is one for the prep room */
    const char *const *accepts; /* suggestions (event ids) that went into it */
    size_t accept_count;
    const char *suggested_from; /* adaptation id that it was copied from; NULL or "" */
    const char *new_id;         /* of a new one; NULL: random */
};
/* Signs, in the name of an actor whose PIN the screen has proved; drops his draft of that document in the
   same transaction. ERR_INPUT: cannot be signed (adapt_fit; a person's name); ERR_LIMIT: too much for one
   line; ERR_NOT_FOUND: no such adaptation or suggestion here; ERR_CONFLICT: the adaptation is of another
   document. out_id and out_event may be NULL; *out_effect says whether it is in force (adapt_needs_approval). */
MUST_USE enum err store_sign_adaptation(struct store *s, struct clock_now now, const char *actor,
                                        const struct adaptation_draft *draft,
                                        char out_id[KEYS_RANDOM_ID], char out_event[EVENT_ID_TEXT],
                                        enum adapt_effect *out_effect, struct why *why);
/* The next three take the event of the version (adaptation_row.event). ERR_DENIED: the signer himself, or
   no competence ADAPT_APPROVER in date (approve and decline); ERR_CONFLICT: nothing is awaited of it any
   more: superseded, answered, withdrawn, or its last day has gone by; ERR_NOT_FOUND: not known here. The
   sentence says which. Withdrawing is the signer's and any approver's. */
MUST_USE enum err store_approve_adaptation(struct store *s, struct clock_now now, const char *actor,
                                           const char *event, struct why *why);
MUST_USE enum err store_decline_adaptation(struct store *s, struct clock_now now, const char *actor,
                                           const char *event, const char *reason, struct why *why);
MUST_USE enum err store_withdraw_adaptation(struct store *s, struct clock_now now,
                                            const char *actor, const char *event,
                                            const char *reason, struct why *why);

struct adaptation_row {
    const char *id;    /* of the adaptation; its versions share it */
    const char *event; /* of this version */
    const char *author, *author_name;
    const char *approver, *approver_name; /* of the approval that counts; "" none */
    const char *ended_by, *ended_why;     /* who declined or withdrew, by name, and why */
    int64_t signed_ms, approved_ms;
    enum clock_trust trust; /* of the signing's stamp */
    struct adaptation adaptation;
    enum adapt_effect effect; /* judged afresh from its lines */
    bool needs_approval;
    enum adapt_state state;
    /* What changed since, for LOOK_AGAIN and for a banner; "" nothing. "The model is at revision 3 now." */
    const char *state_why;
    bool prep;
};
struct adaptation_ask {
    const char *doc;    /* NULL or "": of all documents */
    const char *author; /* NULL or "": anybody's */
    bool awaiting;      /* only those that wait for an approval */
    bool look_again;    /* only those whose model changed since */
    bool past;          /* superseded, declined, withdrawn and ended ones too */
    int32_t today;
};
/* Usable ones first, then those that wait, then by class and title; at most READING_ROWS_MAX. content may
   be NULL: then nothing is known of the model now, and none reads LOOK_AGAIN or REVIEW_DUE. */
MUST_USE enum err query_adaptations(struct store *s, struct content *c,
                                    const struct adaptation_ask *ask, struct arena *a,
                                    struct adaptation_row **out, size_t *out_count,
                                    struct why *why);
/* By the event of a version. */
MUST_USE enum err query_adaptation(struct store *s, struct content *c, const char *event,
                                   int32_t today, struct arena *a, struct adaptation_row *out,
                                   struct why *why);
/* Every version of an adaptation, newest first. */
MUST_USE enum err query_versions(struct store *s, struct content *c, const char *id, int32_t today,
                                 struct arena *a, struct adaptation_row **out, size_t *out_count,
                                 struct why *why);
/* Whether a person may approve today: holds ADAPT_APPROVER in date. */
MUST_USE enum err query_may_approve(struct store *s, const char *person, int32_t today, bool *out,
                                    struct why *why);

/* Drafts stay on this kiosk: one a person and document, saved at each change. id is the adaptation that it
   makes anew ("" none). What could not be saved stands all the same, as that of a check does (store_drafts_save). */
MUST_USE enum err store_adaptation_draft_put(struct store *s, struct clock_now now,
                                             const char *person, const char *id,
                                             const struct adaptation *x, struct why *why);
struct adaptation_saved {
    const char *id, *doc;
    int64_t saved_ms;
    struct adaptation adaptation;
};
MUST_USE enum err store_adaptation_draft_get(struct store *s, const char *person, const char *doc,
                                             struct arena *a, struct adaptation_saved *out,
                                             bool *out_found, struct why *why);
MUST_USE enum err store_adaptation_draft_list(struct store *s, const char *person, struct arena *a,
                                              struct adaptation_saved **out, size_t *out_count,
                                              struct why *why);
MUST_USE enum err store_adaptation_draft_drop(struct store *s, const char *person, const char *doc,
                                              struct why *why);

/* ---- suggestions ---- */

struct suggestion_draft {
    const char *doc;        /* the document, always */
    const char *adaptation; /* its adaptation's id when it is about one; NULL or "" */
    const char *path;       /* the line that it is about ("control/3"); "" the whole */
    const char *text;
};
MUST_USE enum err store_suggest(struct store *s, struct clock_now now, const char *actor,
                                const struct suggestion_draft *draft, char out_id[EVENT_ID_TEXT],
                                struct why *why);
/* ERR_DENIED: his own; ERR_CONFLICT: answered already. A reason is needed to decline. */
MUST_USE enum err store_answer_suggestion(struct store *s, struct clock_now now, const char *actor,
                                          const char *suggestion, bool accepted, const char *reason,
                                          struct why *why);
enum suggestion_state { SUGGESTION_OPEN, SUGGESTION_ACCEPTED, SUGGESTION_DECLINED };
struct suggested {
    const char *id; /* its event */
    const char *doc, *adaptation, *path, *text;
    const char *author, *author_name;
    int64_t at_ms;
    enum suggestion_state state;
    const char *answered_by, *answered_name, *reason; /* the answer that stands; "" none */
    int64_t answered_ms;
    const char *taken_into; /* event of the adaptation that took it in; "" none */
};
/* Newest first. doc NULL or "": of all documents. */
MUST_USE enum err query_suggestions(struct store *s, const char *doc, bool open_only,
                                    struct arena *a, struct suggested **out, size_t *out_count,
                                    struct why *why);

/* ---- receipts ---- */

/* «I have read this», once a person and revision: said again, nothing is written. Where the employer asks
   for receipts it is a line of the log; where not, a row of this kiosk alone, which no hub ever sees. */
MUST_USE enum err store_mark_read(struct store *s, struct content *c, struct clock_now now,
                                  const char *actor, const struct doc *d, struct why *why);
/* The latest revision that the person has read of this issuer's document; 0 none. */
MUST_USE enum err query_read(struct store *s, const char *person, const char *doc,
                             const char *issuer, int *out_revision, struct why *why);
struct to_read {
    const char *doc, *kind, *title, *issuer, *what_changed;
    int revision, read_revision; /* read_revision: the latest that the person has read; 0 none */
};
/* Documents whose controls changed since the person last read them: a revision that says so and that he
   has not confirmed, also where a smaller one has come since. Withdrawn ones are left out. */
MUST_USE enum err query_to_read(struct store *s, struct content *c, const char *person,
                                struct arena *a, struct to_read **out, size_t *out_count,
                                struct why *why);
struct read_row {
    const char *doc, *issuer;
    int revision;
    int64_t at_ms;
};
/* What the person has confirmed to have read, newest first: in the log and on this kiosk. */
MUST_USE enum err query_read_by(struct store *s, const char *person, struct arena *a,
                                struct read_row **out, size_t *out_count, struct why *why);
struct read_count {
    bool asked;     /* the employer asks for receipts; else nothing is counted */
    size_t readers; /* of the revision in force */
    size_t people;  /* at the school */
};
MUST_USE enum err query_reads(struct store *s, struct content *c, const char *doc, struct arena *a,
                              struct read_count *out, struct why *why);

/* ---- marks on bulletin articles ---- */

enum considered { CONSIDERED_NOT, CONSIDERED_NO_CHANGE, CONSIDERED_CHANGED, CONSIDERED_ASK };
const char *considered_id(enum considered mark); /* "no-change"; "" not */
/* article "": the document as a whole. note may be "". */
MUST_USE enum err store_consider(struct store *s, struct clock_now now, const char *actor,
                                 const char *doc, const char *article, enum considered mark,
                                 const char *note, struct why *why);
struct considered_row {
    const char *event, *doc, *article, *note, *person, *person_name;
    enum considered mark;
    int64_t at_ms;
};
/* The mark that stands for the school (the latest); mark CONSIDERED_NOT when there is none. */
MUST_USE enum err query_considered(struct store *s, const char *doc, const char *article,
                                   struct arena *a, struct considered_row *out, struct why *why);
/* Every mark, newest first; doc "" any. */
MUST_USE enum err query_considered_all(struct store *s, const char *doc, struct arena *a,
                                       struct considered_row **out, size_t *out_count,
                                       struct why *why);

/* ---- review ---- */

/* Something went wrong in what a document is about. It stands at the document, whatever its revision,
   until a review names it. Not the accident book, and no report to anybody. */
enum incident_kind { INCIDENT_NONE, INCIDENT_NEAR_MISS, INCIDENT_ACCIDENT };
const char *incident_id(enum incident_kind kind);    /* "near-miss"; "" none */
const char *incident_words(enum incident_kind kind); /* "Near miss"; "" none */
enum incident_kind incident_by_id(const char *id);
struct incident_draft {
    const char *doc;
    enum incident_kind kind;
    int32_t day;       /* when it was; no later than today */
    const char *words; /* what went wrong, READING_INCIDENT_MAX, no name of anybody */
};
/* In the name of anybody signed in. */
MUST_USE enum err store_incident(struct store *s, struct clock_now now, const char *actor,
                                 const struct incident_draft *draft, char out_id[EVENT_ID_TEXT],
                                 struct why *why);
struct incident_row {
    const char *id; /* its event */
    const char *doc, *words, *actor, *actor_name;
    enum incident_kind kind;
    int32_t day;
    int64_t at_ms;
    bool seen; /* a review that counts named it */
};
/* Of a document, those that stand first, then newest first; at most READING_INCIDENTS_MAX. */
MUST_USE enum err query_incidents(struct store *s, const char *doc, struct arena *a,
                                  struct incident_row **out, size_t *out_count, struct why *why);

/* «Looked at again»: triggers up to that day are answered, and of the incidents those that are named
   (events; those that the person was shown). ERR_DENIED: no competence ADAPT_APPROVER in date. */
MUST_USE enum err store_review_document(struct store *s, struct clock_now now, const char *actor,
                                        const struct doc *d, const char *const *incidents,
                                        size_t incident_count, struct why *why);
enum review_trigger_kind {
    REVIEW_DATE,      /* its review day has come */
    REVIEW_MODEL,     /* an adaptation was signed for another revision; ref is its event */
    REVIEW_WITHDRAWN, /* the model was withdrawn */
    REVIEW_CHEMICAL,  /* the page of a chemical in it was revised since */
    REVIEW_EQUIPMENT, /* equipment of a kind in it failed since */
    REVIEW_BULLETIN,  /* a bulletin, a notice or an article names it */
    REVIEW_INCIDENT,  /* a near miss or an accident that nobody looked at; ref is its event */
};
struct review_trigger {
    enum review_trigger_kind kind;
    const char *ref;   /* document, item or chemical id */
    const char *words; /* "Pressure cooker 2 failed on 13 Nov 2026" */
    int32_t day;
};
/* Why a document should be looked at again: everything since its revision and since it was last reviewed.
   Who asks for an adaptation leaves out what is older than its signing. Newest first. */
MUST_USE enum err query_review_triggers(struct store *s, struct content *c, const char *doc,
                                        int32_t today, struct arena *a, struct review_trigger **out,
                                        size_t *out_count, struct why *why);
