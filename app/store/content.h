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

/* content_dir NULL: only what was indexed before. */
MUST_USE enum err content_open(const char *data_dir, const char *content_dir, struct content **out,
                               struct why *why);
void content_close(struct content *c);
/* Faults of the last indexing, one sentence each ("forms/el-fvi.csv row 12 relevant: …"); 0 when
   clean. */
size_t content_faults(const struct content *c, const char *const **out);

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
};
/* Without parsing them. */
const struct form_brief *content_forms(struct content *c, size_t *out_count);
const struct form_brief *content_form_brief(struct content *c, const char *id); /* NULL unknown */
/* Those that apply to a kind (those for `*` to any), by title; live until close. */
const struct form_brief *const *content_forms_for(struct content *c, const char *kind,
                                                  size_t *out_count);

/* School calendars, by id (calendars/ID.csv); live until close. */
const struct calendar *content_calendars(struct content *c, size_t *out_count);
const struct calendar *content_calendar(struct content *c, const char *id); /* NULL unknown */
/* nuclides.csv; an empty table when the content brings none. Lives until close. */
const struct nuclides *content_nuclides(struct content *c);
/* A file of pictures/ by its name, whole, in the arena. ERR_NOT_FOUND: the content has none. */
MUST_USE enum err content_picture(struct content *c, const char *name, struct arena *a, char **out,
                                  size_t *out_len, struct why *why);

struct doc_hit {
    const char *id, *kind, *title, *summary, *stages, *subjects,
        *snippet; /* snippet: matching words in «...» */
};
/* As-you-type search: accents folded, last word by prefix, best first. kind "" = any. words "" =
   all by title. */
MUST_USE enum err content_find(struct content *c, const char *words, const char *kind, size_t max,
                               struct arena *a, struct doc_hit **out, size_t *out_count,
                               struct why *why);
MUST_USE enum err content_doc(struct content *c, const char *id, struct arena *a, struct doc *out,
                              struct why *why);

/* An example school that content may bring (school/school.json, items.csv, people.csv,
   competences.csv, checks.csv):
   recorded as events once, into a store that has no line yet, with ids derived from the content so
   that two kiosks agree. All of it or nothing; ERR_INPUT names file and row. *out_lines is how many
   were recorded: 0 when there is no school or the store has lines. */
struct store;
struct clock;
MUST_USE enum err content_seed(struct content *c, struct store *s, struct clock *clock,
                               size_t *out_lines, struct why *why);
