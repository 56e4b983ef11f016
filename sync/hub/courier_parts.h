/* What the files of the courier share. */
#pragma once

#include "platform/base/attr.h"
#include "sync/hub/courier.h"
#include "sync/hub/hubstore_stick.h"

/* name "": the folder. */
void courier_say(struct courier *c, const char *site, const char *name, const char *format, ...)
    PRINTF_LIKE(4, 5);
void courier_refuse(struct courier *c, const char *site, const char *name, const char *why);
