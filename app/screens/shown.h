/* Pictures, logs and papers that belong to records, as rows and lists show them; `look` shows one of them whole. */
#pragma once

#include "app/screens/parts.h"
#include "app/store/certificates.h"

/* The whole of a picture, as large as r holds, in its middle. */
void shown_picture(struct app *app, struct rect r, const char *id, const char *label,
                   const struct draw_luma *luma);
/* A small picture by its hash, cut to r; a sign where it is not on this kiosk. Returns whether it was tapped. */
bool shown_thumb(struct app *app, struct rect r, const char *id, const char *label,
                 const char *sha);
int shown_thumb_width(struct app *app);
int shown_thumb_height(struct app *app);
/* Leads to a file by its hash. title: the page's; name: of the file, for a stick. */
void shown_open(struct app *app, const char *sha, const char *title, const char *name);
/* "PDF, 128 KB", "picture on another kiosk": what there is to say about a file in a list; in the frame's arena. */
const char *shown_words(struct app *app, const char *sha, const char *type, int64_t bytes);
/* A temperature log, "0 20 1 25 …", as a curve in a scrolling list. Nothing for one without readings. */
void shown_log(struct app *app, struct ui_scroll *list, const char *id, const char *pairs);
/* A paper of an item as a row; rows are struct certificate. */
struct ui_tile certificate_tile(struct app *app, const void *rows, size_t at);
/* A logger's file as rows of the list: its values in columns where a line has at most four and they fit, else the line as it
   is. At most 400 lines. */
void shown_table(struct app *app, struct ui_scroll *list, const char *text);
