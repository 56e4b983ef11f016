#include "app/domain/doc_picture.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SHAPE_SIDE_MAX = 100000, SHAPE_ASPECT_MAX = 32 };

static unsigned shape_byte(const char *bytes, size_t at)
{
    return (unsigned)(unsigned char)bytes[at];
}

static long shape_be(const char *bytes, size_t at, int count)
{
    long value = 0;

    for (int i = 0; i < count; i++)
        value = value << 8 | (long)shape_byte(bytes, at + (size_t)i);
    return value;
}

static bool shape_jpeg(const char *bytes, size_t len, double *w, double *h)
{
    for (size_t at = 2; at + 9 < len && shape_byte(bytes, at) == 0xff;) {
        unsigned marker = shape_byte(bytes, at + 1);

        if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
            marker != 0xcc) {
            *h = (double)shape_be(bytes, at + 5, 2);
            *w = (double)shape_be(bytes, at + 7, 2);
            return true;
        }
        at += 2 + (size_t)shape_be(bytes, at + 2, 2);
    }
    return false;
}

/* Number `place` behind name=" in the root element; 0: there is none. text ends in a NUL. */
static double shape_number(const char *root, const char *end, const char *name, int place)
{
    const char *at = strstr(root, name);
    char *rest = NULL;
    double value = 0;

    if (at == NULL || at >= end)
        return 0;
    at += strlen(name) + 1;
    for (int i = 0; i <= place; i++) {
        at += strspn(at, ", \n\t");
        value = strtod(at, &rest);
        if (rest == at)
            return 0;
        at = rest;
    }
    return value;
}

static bool shape_svg(const char *bytes, size_t len, double *w, double *h)
{
    enum { ROOT_MAX = 2000 };
    char text[ROOT_MAX + 1];
    size_t n = len < ROOT_MAX ? len : ROOT_MAX;
    const char *root, *end;

    memcpy(text, bytes, n);
    text[n] = '\0';
    root = strstr(text, "<svg");
    end = root != NULL ? strchr(root, '>') : NULL;
    if (end == NULL)
        return false;
    *w = shape_number(root, end, " viewBox=", 2);
    *h = shape_number(root, end, " viewBox=", 3);
    if (*w > 0 && *h > 0)
        return true;
    *w = shape_number(root, end, " width=", 0);
    *h = shape_number(root, end, " height=", 0);
    return true;
}

bool doc_picture_shape(const char *bytes, size_t len, int *out_w, int *out_h)
{
    double w = 0;
    double h = 0;

    if (len > 24 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0) {
        w = (double)shape_be(bytes, 16, 4);
        h = (double)shape_be(bytes, 20, 4);
    } else if (len > 4 && memcmp(bytes, "\xff\xd8", 2) == 0) {
        if (!shape_jpeg(bytes, len, &w, &h))
            return false;
    } else if (!shape_svg(bytes, len, &w, &h)) {
        return false;
    }
    if (!(w > 0) || !(h > 0) || w > SHAPE_SIDE_MAX || h > SHAPE_SIDE_MAX ||
        w > h * SHAPE_ASPECT_MAX || h > w * SHAPE_ASPECT_MAX)
        return false;
    while (w < 1000 && h < 1000) { /* an icon's 0.5 x 0.5 keeps its shape in whole numbers */
        w *= 2;
        h *= 2;
    }
    *out_w = (int)w;
    *out_h = (int)h;
    return true;
}
