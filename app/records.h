/* What the kiosk runs on in its data folder: the store, the clock that it feeds, the content, the worker and the porter of
   sticks. Opened at the start, and once more where the kiosk has wiped itself. */
#pragma once

#include "platform/base/err.h"

struct app;

/* Finishes a wipe that was cut off, then opens all of it. The window is open. */
MUST_USE enum err records_open(struct app *app, struct why *why);
void records_close(struct app *app); /* accepts half-open ones */
/* Something was recorded or taken in by another thread: the key, the school's name and the room as they are now. */
void records_changed(struct app *app);
