/* What the files of the commands share. */
#pragma once

#include "platform/base/err.h"
#include "sync/hub/hub.h"
#include "sync/hub/options.h"

/* Says why on stderr; gives 1. */
int command_failed(const char *command, const struct why *why);
/* What stdio still holds may fail only at the end: gives status, or 1 when the answer did not get out. */
int command_said(const char *command, int status);
/* 0 after --help, else 2. */
int command_usage(enum options_result r);
/* make: serve and enrol found a hub where there is none; the others look at one that is there. Closed by command_close,
   which accepts NULL. */
MUST_USE enum err command_open(const char *data, bool make, struct hub **out, struct why *why);
void command_close(struct hub *h);
