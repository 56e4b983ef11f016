/* The inside of an open content, for the files of this module. */
#pragma once

#include "app/store/content.h"
#include "app/store/find_index.h"
#include "platform/base/db.h"

struct content_form_loaded {
    struct content_form_loaded *next;
    struct arena a;
    struct form form;
};

/* The forms that apply to a kind; made when it is first asked for. */
struct kind_forms {
    struct kind_forms *next;
    const char *kind;
    const struct form_brief **forms;
    size_t count;
};

struct content {
    struct db db; /* handle NULL: nothing was ever indexed */
    struct arena a;
    struct kind *kinds;
    size_t kind_count;
    struct form_brief *forms;
    size_t form_count;
    struct calendar *calendars;
    size_t calendar_count;
    struct nuclides nuclides;
    struct kind_forms *by_kind; /* of each kind asked for so far */
    const char **faults;
    size_t fault_count;
    struct content_form_loaded *loaded;
    struct find_index *find; /* loaded when something is searched first */
    struct content_issuer *issuer;
    char constituency[64], school[160];
    bool lost;      /* what there was is damaged: that nothing is here says nothing */
    bool edition;   /* made of signed content (edition.h) */
    bool some_docs; /* besides the program's own help */
};

/* Rows of a table, for lists that are small and live as long as the content: at most 5000. */
MUST_USE enum err content_count(struct content *c, const char *table, size_t *out, struct why *why);
/* One source by the statement's first parameter, NUL-terminated, in the arena. */
MUST_USE enum err content_source(struct content *c, const char *sql, const char *id,
                                 struct arena *a, char **out, size_t *out_len, struct why *why);
/* Calendars and nuclides (content_tables.c). */
MUST_USE enum err content_load_tables(struct content *c, struct why *why);
