/* What the writers share: each builds the body of one kind of event and records it. */
#pragma once

#include "app/store/store.h"

enum { BODY_MAX = EVENT_LINE_MAX };

/* Records with the body in the buffer, which is freed. */
MUST_USE enum err record_body(struct store *s, struct clock_now now, struct event_draft draft,
                              struct buf *body, char out_id[EVENT_ID_TEXT], struct why *why);
/* The same of a body that something else had to be read for. made: how that went; anything but ERR_OK, which why tells, is
   given back, nothing is recorded, and the buffer is freed all the same. */
MUST_USE enum err record_made(struct store *s, struct clock_now now, enum err made,
                              struct event_draft draft, struct buf *body,
                              char out_id[EVENT_ID_TEXT], struct why *why);
/* A text that people typed or a label that was read, as it may enter the log. */
MUST_USE enum err record_text_ok(const char *what, const char *text, size_t max, bool needed,
                                 struct why *why);
/* The same for what was written in a field of many lines: line breaks are text too. */
MUST_USE enum err record_prose_ok(const char *what, const char *text, size_t max, bool needed,
                                  struct why *why);
/* The day in Scotland on which a line is written. */
int32_t record_today(struct clock_now now);
/* The id of whoever is signed in, who speaks in the line. ERR_DENIED: nobody is. */
MUST_USE enum err record_actor(const char *actor, struct why *why);
/* Names, as text rows of one column, into a JSON array "replaces". sql takes two text
   parameters. */
MUST_USE enum err record_list(struct db *db, const char *sql, const char *one, const char *two,
                              struct json_out *j, struct why *why);
/* A register line inside the caller's transaction; id as the item's. */
MUST_USE enum err record_item(struct store *s, struct clock_now now, const char *actor,
                              const struct item_draft *item, const char *id, struct why *why);
