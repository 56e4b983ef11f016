/* What the lines hold of one person, for whoever asks what is known of them: a JSON document with the names that the person
   was given and every line that names the person's id, as it was recorded. Kiosk and hub hand it the lines. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/json.h"

/* Who was called what. */
struct person_name {
    const char *person, *hash;
    const char *text; /* "" until its holder fills it in, and once erased */
    struct person_name *next;
};
struct person_names {
    struct arena *a;
    struct person_name *first, **end;
};

void person_names_init(struct person_names *n, struct arena *a);
/* Takes what a line says of a name: of kind person.added, else nothing. ERR_NOMEM; a line that cannot be read says
   nothing. */
MUST_USE enum err person_names_line(struct person_names *n, const char *line, size_t len,
                                    struct why *why);
/* The one person of that name; the letters A to Z in either case. ERR_NOT_FOUND; ERR_CONFLICT: several, whose ids why has. */
MUST_USE enum err person_names_who(const struct person_names *n, const char *name,
                                   const char **out_person, struct why *why);
/* Whether anybody of that id was ever named. */
bool person_names_has(const struct person_names *n, const char *person);

struct person_out {
    FILE *to;
    const char *person;
    size_t lines;
};
/* The document's parts, in this order; between the first two the caller may add members of its own. person_out_end says
   whether all of it was written. */
void person_out_begin(struct person_out *o, FILE *to, const char *person,
                      const struct person_names *n);
void person_out_lines(struct person_out *o);
void person_out_line(struct person_out *o, const char *line, size_t len);
MUST_USE enum err person_out_end(struct person_out *o, struct why *why);
/* A member of the document that is JSON text already. */
void person_out_member(struct person_out *o, const char *key, const char *json);
