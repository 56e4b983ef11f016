/* Plays a drive script on the kiosk: touches, keys and pictures by the same way in as a person's. */
#pragma once

#include "app/app.h"
#include "platform/base/err.h"

/* Runs the script at path to its end. A step that cannot be done in its time ends it: the sentence names file, line and
   what was wanted; what was on the screen goes to stderr, a picture to failed-LINE.png in the folder of pictures. */
MUST_USE enum err drive_run(struct app *app, const char *path, const char *shots, struct why *why);
