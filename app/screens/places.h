/* Rooms and schools that the register knows, for picking instead of typing; and which school the lists are about. */
#pragma once

#include "app/screens/parts.h"

enum { PLACES_MAX = 40 };

struct places {
    const char *rooms[PLACES_MAX]; /* by how many items stand there, most first */
    const char **schools;          /* by name */
    size_t room_count, school_count;
};

/* In the arena; nothing when the register cannot be read. */
void places_read(struct app *app, struct arena *a, struct places *out);

/* The school that lists are held to: "" for all. A technician who serves several chooses it on the screen "schools". */
const char *places_school(struct app *app, struct arena *a);
/* Whether an item of this school belongs on the lists. One without a school belongs on all. */
bool places_listed(const char *chosen, const char *school);
/* «All schools» or the chosen one, as a button that leads to the choice; only where there are several. */
void places_button(struct app *app, struct rect r, const char *chosen);

/* Names to choose from, as tiles in a scrolling list; a tap puts one into text. Returns whether one was tapped. */
bool places_picks(struct app *app, struct ui_scroll *list, const char *id, const char *const *names,
                  size_t count, char *text, size_t size);
