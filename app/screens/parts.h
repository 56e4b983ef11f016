/* Parts that several screens are made of: a list of tiles, a field with its question above. */
#pragma once

#include "app/screens/page.h"

/* The tile of row `at`; its strings live in the frame's arena or with the rows. */
typedef struct ui_tile (*parts_tile)(struct app *app, const void *rows, size_t at);

enum { PARTS_NONE = -1 };

/* A scrolling list of tiles, `columns` abreast and as high as the highest of their line. Returns the row that was
   tapped, PARTS_NONE otherwise. */
int parts_tiles(struct app *app, struct rect r, const char *id, const void *rows, size_t count,
                int columns, parts_tile tile);

/* A question and the field for its answer, in a scrolling list. Returns whether the answer changed. */
bool parts_field(struct app *app, struct ui_scroll *list, const char *id, const char *label,
                 enum ui_keyboard keyboard, char *text, size_t size);
