#include "platform/base/log.h"

#include <stdarg.h>
#include <stdio.h>

void log_line(enum log_level level, const char *fmt, ...)
{
    /* journald reads the priority from the angle brackets. */
    static const int priority[] = { 3, 4, 6, 7 };
    char text[1024];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    (void)fprintf(stderr, "<%d>%s\n", priority[level], text);
}
