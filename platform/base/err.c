#include "platform/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void why_cut(char text[192])
{
    /* A cut in the middle of a UTF-8 sequence would make the whole sentence invalid. */
    size_t len = strlen(text);
    while (len > 0 && ((unsigned char)text[len - 1] & 0xC0U) == 0x80U)
        len--;
    if (len == 0 || (unsigned char)text[len - 1] < 0xC0U)
        return;
    unsigned char lead = (unsigned char)text[len - 1];
    size_t want = lead >= 0xF0U ? 4 : lead >= 0xE0U ? 3 : 2;
    if (strlen(text) - (len - 1) < want)
        text[len - 1] = '\0';
}

enum err why_set(struct why *why, enum err code, int sys, const char *fmt, ...)
{
    if (why == NULL)
        return code;
    why->sys = sys;
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(why->text, sizeof why->text, fmt, args);
    va_end(args);
    size_t used = n < 0 ? 0 : (size_t)n;
    if (sys != 0 && used < sizeof why->text - 4) {
        char name[96];
        if (strerror_r(sys, name, sizeof name) == 0)
            (void)snprintf(why->text + used, sizeof why->text - used, ": %s", name);
    }
    why_cut(why->text);
    return code;
}

enum err why_in(struct why *why, enum err code, const char *fmt, ...)
{
    if (why == NULL)
        return code;
    char tail[sizeof why->text];
    memcpy(tail, why->text, sizeof tail);
    tail[sizeof tail - 1] = '\0';
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(why->text, sizeof why->text, fmt, args);
    va_end(args);
    size_t used = n < 0 ? 0 : (size_t)n;
    if (used < sizeof why->text - 4)
        (void)snprintf(why->text + used, sizeof why->text - used, ": %.180s", tail);
    why_cut(why->text);
    return code;
}

const char *err_name(enum err code)
{
    switch (code) {
    case ERR_OK:
        return "ok";
    case ERR_NOMEM:
        return "memory";
    case ERR_IO:
        return "io";
    case ERR_FULL:
        return "full";
    case ERR_INPUT:
        return "input";
    case ERR_LIMIT:
        return "limit";
    case ERR_NOT_FOUND:
        return "not-found";
    case ERR_CONFLICT:
        return "conflict";
    case ERR_DENIED:
        return "denied";
    case ERR_OFFLINE:
        return "offline";
    }
    return "unknown";
}
