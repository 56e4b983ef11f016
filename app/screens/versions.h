/* The versions of a copy for a class: who signed which when and why, and what was different in it. */
#pragma once

#include "app/domain/adapt.h"
#include "app/screens/parts.h"

/* How many versions there are of an adaptation; 0 when they cannot be read. For when a screen reads, not for each frame. */
size_t versions_count(struct app *app, const char *id);
/* «Every version (2)», which leads to them; nothing where there was never another. */
void versions_tile(struct app *app, struct ui_scroll *list, const char *id, size_t count);
/* As a list's badge says it, in one or two words, and its tone. */
const char *versions_badge(enum adapt_state state);
enum ui_tone versions_tone(enum adapt_state state);
