#include "sync/hub/web/html.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

void html_init(struct html *h)
{
    buf_init(&h->out, HTML_MAX);
}

void html_done(struct html *h)
{
    buf_free(&h->out);
}

/* The text escaped. */
static void html_text(struct html *h, const char *text)
{
    const char *from = text;

    if (text == NULL)
        return;
    for (;; text++) {
        const char *as = *text == '&'    ? "&amp;"
                         : *text == '<'  ? "&lt;"
                         : *text == '>'  ? "&gt;"
                         : *text == '"'  ? "&quot;"
                         : *text == '\'' ? "&#39;"
                                         : NULL;
        if (as == NULL && *text != '\0')
            continue;
        buf_add(&h->out, from, (size_t)(text - from));
        if (*text == '\0')
            return;
        buf_str(&h->out, as);
        from = text + 1;
    }
}

void html_url(struct html *h, const char *text)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    for (; *text != '\0'; text++) {
        if (strchr(plain, *text) != NULL)
            buf_char(&h->out, *text);
        else
            buf_printf(&h->out, "%%%02X", (unsigned)(unsigned char)*text);
    }
}

/* One conversion, from behind its %; returns what follows it. */
static const char *html_put(struct html *h, const char *at, va_list *args)
{
    if (*at == 's') {
        html_text(h, va_arg(*args, const char *));
        return at + 1;
    }
    if (*at == 'd') {
        buf_printf(&h->out, "%d", va_arg(*args, int));
        return at + 1;
    }
    if (*at == 'u') {
        buf_printf(&h->out, "%u", va_arg(*args, unsigned));
        return at + 1;
    }
    if (strncmp(at, "zu", 2) == 0) {
        buf_printf(&h->out, "%zu", va_arg(*args, size_t));
        return at + 2;
    }
    if (strncmp(at, "lld", 3) == 0) {
        buf_printf(&h->out, "%lld", va_arg(*args, long long));
        return at + 3;
    }
    assert(*at == '%');
    buf_char(&h->out, '%');
    return at + 1;
}

void html(struct html *h, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    while (*fmt != '\0') {
        const char *next = strchr(fmt, '%');
        if (next == NULL)
            next = fmt + strlen(fmt);
        buf_add(&h->out, fmt, (size_t)(next - fmt));
        fmt = *next == '%' ? html_put(h, next + 1, &args) : next;
    }
    va_end(args);
}
