/* The register's rules: which line of several is in force, what a label leads to, whose a badge is.
   Pure, from rows to the answer, for the kiosk and the hub alike: any two that hold the same lines
   give the same answer, in whatever order the lines came. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REGISTER_LABEL_MAX = 200 /* bytes */ };
#define REGISTER_NONE SIZE_MAX

/* A line of the register. Lines of one subject that say the same kind of thing (an item's versions,
   a person's grants of one code, a site's calendars) compete; the rest do not meet here. */
struct register_line {
    const char *event; /* "device:seq" */
    const char *subject;
    const char *hlc, *device;
    uint64_t seq;
    const char *const *replaces; /* the events it replaces */
    size_t replaces_count;
};
/* Whether another known line of the same subject replaces lines[i]. A line that names itself hides
   nothing. */
bool register_replaced(const struct register_line *lines, size_t count, size_t i);
/* The line in force among those of one subject: one that no other replaces; of several, or should all
   be replaced in a ring, the one that comes after the others. REGISTER_NONE only for no lines: nothing
   vanishes. */
size_t register_in_force(const struct register_line *lines, size_t count);

/* A label as it is compared: outer spaces off, ASCII letters raised. */
void register_label_key(char out[REGISTER_LABEL_MAX + 1], const char *label);
struct register_label {
    const char *item, *label;
};
/* How many items carry the label: 0 unknown, 1 the usual, more a clash to settle, in which none is
   taken for the other. *out_item (may be NULL) is the item when there is exactly one, else NULL. */
size_t register_label_items(const struct register_label *labels, size_t count, const char *label,
                            const char **out_item);

/* A badge as it was issued; line.subject is the person. */
struct register_badge {
    struct register_line line;
    const char *code; /* what tells it from others */
};
/* The badge of a person that counts: the newest that no other line replaced, whoever's line that is.
   REGISTER_NONE when all are replaced: a lost badge must not come back. */
size_t register_badge_of(const struct register_badge *badges, size_t count, const char *person);
enum register_holder {
    HOLDER_NOBODY,
    HOLDER_ONE,
    HOLDER_SEVERAL /* given to two people while kiosks were apart: neither signs in by it */
};
/* Who holds a code now. *out_person is set for HOLDER_ONE, else NULL. */
enum register_holder register_badge_holder(const struct register_badge *badges, size_t count,
                                           const char *code, const char **out_person);
