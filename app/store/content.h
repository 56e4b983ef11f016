/* What is read: forms, kinds of equipment and documents from a content folder, indexed into
   DATA/content.db (a cache that is built again whenever the folder's names, sizes or times differ).
   A file that fails its checks is left out and told; what an earlier index had from it stays. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/domain/doc.h"
#include "app/domain/form.h"
#include "platform/base/arena.h"
#include "platform/base/err.h"

struct content; /* opaque; one thread */

/* content_dir NULL: only what was indexed before. */
MUST_USE enum err content_open(const char *data_dir, const char *content_dir, struct content **out,
                               struct why *why);
void content_close(struct content *c);
/* Faults of the last indexing, one sentence each ("forms/el-vis.csv row 12 relevant: …"); 0 when
   clean. */
size_t content_faults(const struct content *c, const char *const **out);

struct kind {
    const char *id, *name, *plural;
    uint32_t icon;        /* code point, 0 none */
    const char *guidance; /* document id */
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
};
/* Without parsing them. */
const struct form_brief *content_forms(struct content *c, size_t *out_count);

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

/* An example school that content may bring (school/school.json, items.csv, people.csv, checks.csv):
   recorded as events once, into a store that has no line yet, with ids derived from the content so
   that two kiosks agree. All of it or nothing; ERR_INPUT names file and row. *out_lines is how many
   were recorded: 0 when there is no school or the store has lines. */
struct store;
struct clock;
MUST_USE enum err content_seed(struct content *c, struct store *s, struct clock *clock,
                               size_t *out_lines, struct why *why);
