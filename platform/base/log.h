/* Lines for the operator of the machine, on stderr (journald reads it). Only programs call it, and
   only where they stop passing an error up. No personal data, no secrets. */
#pragma once

#include "platform/base/attr.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };
void log_line(enum log_level level, const char *fmt, ...) PRINTF_LIKE(2, 3);
