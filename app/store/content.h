/* What is read: forms, kinds of equipment and documents from a content folder, indexed into
   DATA/content.db (a cache that is built again whenever the folder's names, sizes or times differ).
   A file that fails its checks is left out and told; what an earlier index had from it stays. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/domain/calendar.h"
#include "app/domain/doc.h"
#include "app/domain/form.h"
#include "app/domain/nuclide.h"
#include "platform/base/arena.h"
#include "platform/base/err.h"

struct content; /* opaque; one thread */

/* content_dir NULL, or a repository: the edition in use (edition.h), else what was indexed before. */
MUST_USE enum err content_open(const char *data_dir, const char *content_dir, struct content **out,
                               struct why *why);
/* The same on a kiosk that belongs somewhere: an employer's folder counts only where its constituency is
   this one (and, in the independent sector, its school this one by name); any other is refused and told. */
struct content_ask {
    const char *data_dir, *content_dir;
    const char *constituency, *school; /* "" or NULL: not known */
};
MUST_USE enum err content_open_for(const struct content_ask *ask, struct content **out,
                                   struct why *why);
/* An index that is there already, and is not changed: an edition's. */
MUST_USE enum err content_open_file(const char *path, const char *constituency, const char *school,
                                    struct content **out, struct why *why);
/* None at all, where what there was must not be shown: what stands in it is not known. */
MUST_USE enum err content_open_none(const char *constituency, const char *school,
                                    struct content **out, struct why *why);
/* Whether a folder is a repository of signed content (it has metadata in it), from which editions are made, and not a folder of
   sources. */
bool content_is_repository(const char *content_dir);
void content_close(struct content *c);
bool content_is_lost(const struct content *c); /* accepts NULL */
/* Faults of the last indexing, one sentence each ("forms/el-fvi.csv row 12 relevant: …"); 0 when
   clean. */
size_t content_faults(const struct content *c, const char *const **out);

/* Whether nothing has come yet: no kinds, no forms, no documents but the program's help. */
/* How many of its own questions have failed so far: what was read of it may lack something. */
unsigned content_unread(const struct content *c);
bool content_none(const struct content *c);

struct kind {
    const char *id, *name, *plural;
    uint32_t icon;        /* code point, 0 none */
    const char *guidance; /* document id */
    const char *group;    /* heading in pickers: "Electrical" */
    const char *ends;     /* life stage that ends it; "" for kinds without a line of life */
};
/* By name; live until close. */
const struct kind *content_kinds(struct content *c, size_t *out_count);
const struct kind *content_kind(struct content *c, const char *id); /* NULL when unknown */

/* Parsed on first use, live until close. */
MUST_USE enum err content_form(struct content *c, const char *id, const struct form **out,
                               struct why *why);
struct form_brief {
    const char *id, *title, *applies_to, *interval, *basis_text, *version;
    enum form_basis basis;
    const char *competence, *fail_action, *source, *edition, *confidence, *retention, *guidance;
    const char *next_due, *interval_from, *life, *custody, *makes, *makes_label;
    const char *counts_as; /* other forms that a pass of this one serves for */
    bool in_session, birth, calibration, tray, quick_pass;
    /* Whose it is: an employer's name, "" the nation's. verdict: "stricter than" where it stands in the
       place of the nation's (override_verdict), "" where it does not; differs: why, in its words. */
    const char *issuer, *verdict, *differs;
};
/* Without parsing them. */
const struct form_brief *content_forms(struct content *c, size_t *out_count);
const struct form_brief *content_form_brief(struct content *c, const char *id); /* NULL unknown */
/* Those that apply to a kind (those for `*` to any), by title; live until close. */
const struct form_brief *const *content_forms_for(struct content *c, const char *kind,
                                                  size_t *out_count);

/* What such a form says otherwise than the one it stands in for, one sentence each, in the order of its
   rows; in the arena. */
struct form_differs {
    int kind; /* enum override_kind */
    const char *words;
};
MUST_USE enum err content_form_differs(struct content *c, const char *id, struct arena *a,
                                       struct form_differs **out, size_t *out_count,
                                       struct why *why);

/* School calendars, by id (calendars/ID.csv); live until close. */
const struct calendar *content_calendars(struct content *c, size_t *out_count);
const struct calendar *content_calendar(struct content *c, const char *id); /* NULL unknown */
/* nuclides.csv; an empty table when the content brings none. Lives until close. */
const struct nuclides *content_nuclides(struct content *c);
/* A file of pictures/ by its name, whole, in the arena: that of the employer whose content counts here
   before the content's own. ERR_NOT_FOUND: the content has none. */
MUST_USE enum err content_picture(struct content *c, const char *name, struct arena *a, char **out,
                                  size_t *out_len, struct why *why);
/* Where that file lies in the content's folder: "employers/example-council/pictures/plate.svg". */
MUST_USE enum err content_picture_file(struct content *c, const char *name, struct arena *a,
                                       const char **out, struct why *why);

/* The same of an edition, whose pictures lie in no folder: "content/pictures/SHA.svg" below data_dir, put there when it is first
   asked for. Another picture has another name. */
MUST_USE enum err content_picture_kept(struct content *c, const char *data_dir, const char *name,
                                       struct arena *a, const char **out, struct why *why);
/* Whether what is open was made of signed content. */
bool content_is_edition(const struct content *c);

/* What came with the editions after that number: documents that are new, changed, or withdrawn. serial: that of the newest edition;
   0 where no edition is open. What is open for the first time brings no news. */
struct content_news {
    size_t added, changed, withdrawn;
    int64_t serial;
};
MUST_USE enum err content_news(struct content *c, int64_t since, struct content_news *out,
                               struct why *why);
struct doc_news {
    const char *id, *title;
    const char *how; /* "new", "changed" or "withdrawn" */
    bool there;      /* it can be opened */
};
/* By title, the withdrawn ones first; in the arena. */
MUST_USE enum err content_news_list(struct content *c, int64_t since, struct arena *a,
                                    struct doc_news **out, size_t *out_count, struct why *why);

/* ---- documents ----

   Several layers may hold a document of the same id: that of the employer (authority or school) is in
   force before that of the sector, the nation and the sample. The ones that it overrules stay readable. */

/* What a list shows of a document. Text is never NULL, "" when absent; days are CALDATE_NONE. */
struct doc_head {
    const char *id, *kind, *title, *summary, *issuer;
    const char *layer;             /* "sample", "national", "sector", "authority" or "school" */
    const char *stages, *subjects; /* "S3 N4", "Biology, Chemistry" */
    const char *revised;
    int revision;
    int32_t revised_day, stale_after, hide_after;
    bool withdrawn;
    bool overrules;           /* a lower layer has the same id */
    bool overruled;           /* a higher one has */
    const char *level, *mode; /* of an assessment */

    const char *plain_title, *example;
    int32_t review_on;
    /* What lists of services are ordered by: "273"; "2026-12-02T16:00". */
    const char *number, *starts;
    const char *overrides; /* id of the document that it stands over; "" none */
};

/* Bytes of a text that matched: [from, to). */
struct find_span {
    size_t from, to;
};
enum { FIND_SPANS_MAX = 12 };

struct doc_hit {
    const char *id, *kind, *title, *summary, *stages, *subjects;
    const char *snippet; /* the words that matched stand in «...»; "" when the title says it */
    struct doc_head head;
    struct find_span bold[FIND_SPANS_MAX]; /* of the title */
    size_t bold_count;
};

/* Members that are NULL or 0 ask nothing. */
struct find_ask {
    const char *words;   /* as typed so far: the last word by its beginning. "": all, by title */
    const char *kind;    /* "assessment"; several with commas: "guidance,notice" */
    const char *subject; /* "Chemistry" */
    const char *stage;   /* "N5" */
    size_t max;
    int32_t today;     /* documents whose hide_after has gone by stand last */
    const char *first; /* of this kind before all others that fit; with words only */
};
/* As-you-type search over the documents in force, best first: accents, plurals and one slip a word are
   forgiven, the content's synonyms count, words like «the» do not. */
MUST_USE enum err content_find(struct content *c, const struct find_ask *ask, struct arena *a,
                               struct doc_hit **out, size_t *out_count, struct why *why);
/* The concentration among what was typed, as the chemical's screen takes it: "2 mol/l". */
bool content_find_conc(const char *words, char *out, size_t size);
/* Documents in force of a kind ("": any; several with commas) by a key of their front matter, by number
   (highest first), start and title. value "": all that have the key; key "": all of the kind. Keys:
   subject stage relates equipment chemicals constituency code number starts closes_on role series course
   duty audience level mode needs. For ids of equipment kinds and chemicals the plain id is the value;
   relates is as written ("chem:ammonia"). */
MUST_USE enum err content_docs(struct content *c, const char *kind, const char *key,
                               const char *value, struct arena *a, struct doc_head **out,
                               size_t *out_count, struct why *why);
/* The one in force; out->issuer_kind is its layer. ERR_NOT_FOUND: the content has none. */
MUST_USE enum err content_doc(struct content *c, const char *id, struct arena *a, struct doc *out,
                              struct why *why);
/* That of one layer, in force or overruled. */
MUST_USE enum err content_doc_of(struct content *c, const char *id, const char *layer,
                                 struct arena *a, struct doc *out, struct why *why);
/* Every layer's document of this id, the one in force first. */
MUST_USE enum err content_layers(struct content *c, const char *id, struct arena *a,
                                 struct doc_head **out, size_t *out_count, struct why *why);
/* The document that a code on a label stands for: one of its codes[], a CAS number, or
   "chem:hydrochloric-acid@1". *conc is the number after the @, NAN without one. */
MUST_USE enum err content_code(struct content *c, const char *code, struct arena *a,
                               const char **out_doc, double *out_conc, bool *out_found,
                               struct why *why);

/* For browsing without typing: how many documents in force each subject, stage and kind has, under the
   rest of the ask (its words are not looked at). Those with none are left out. In the order that schools
   use: S1 S2 S3 N3 N4 N5 H AH. */
struct find_group {
    const char *name;
    size_t count;
};
MUST_USE enum err content_subjects(struct content *c, const struct find_ask *ask, struct arena *a,
                                   struct find_group **out, size_t *out_count, struct why *why);
MUST_USE enum err content_stages(struct content *c, const struct find_ask *ask, struct arena *a,
                                 struct find_group **out, size_t *out_count, struct why *why);
MUST_USE enum err content_doc_kinds(struct content *c, const struct find_ask *ask, struct arena *a,
                                    struct find_group **out, size_t *out_count, struct why *why);
/* The constituency and the school's name that the index was made for; "" when none was known. */
const char *content_constituency(const struct content *c);
const char *content_school(const struct content *c);
/* The employer whose content counts here; NULL when none's does. Lives until close. */
struct content_issuer {
    const char *id, *name, *kind, *constituency, *contact;
    bool matrix;   /* its assessments show their matrix */
    bool receipts; /* it asks for counts of what was read */
};
const struct content_issuer *content_issuer(const struct content *c);

/* An example school that content may bring (school/school.json, items.csv, people.csv,
   competences.csv, checks.csv, adaptations.csv, suggestions.csv):
   recorded as events once, into a store that has no line yet, with ids derived from the content so
   that two kiosks agree. All of it or nothing; ERR_INPUT names file and row. *out_lines is how many
   were recorded: 0 when there is no school or the store has lines. */
struct store;
struct clock;
MUST_USE enum err content_seed(struct content *c, struct store *s, struct clock *clock,
                               size_t *out_lines, struct why *why);
