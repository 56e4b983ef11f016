/* A kiosk that the hub has taken out of use deletes all that it holds, and starts as a new one that says why. The worker (or
   whoever read it on a stick) has written the marker WORKER_WIPE; as long as that stands the folder is not to be used. */
#pragma once

#include <stdbool.h>

#include "platform/base/err.h"

struct app;

/* Where the marker stands: deletes everything in the folder but the lock, then turns the marker into a note for the next
   screen (wipe_told). A power cut anywhere is made good by calling it again. The folder is claimed. */
MUST_USE enum err wipe_finish(const char *data, struct why *why);
/* Whether the kiosk has wiped itself and nobody has said that he knows. */
bool wipe_told(const char *data);
/* Between two frames: where the worker has been told to, wipes and opens everything anew, on the page that says so. */
void wipe_step(struct app *app);
