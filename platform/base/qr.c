#include "platform/base/qr.h"

#include <qrencode.h>
#include <string.h>

enum { QR_SCALE_MAX = 40 };

enum err qr_make(const char *text, struct arena *a, struct qr *out, struct why *why)
{
    size_t len = strlen(text);
    QRcode *code;
    uint8_t *dark;

    if (len == 0)
        return why_set(why, ERR_INPUT, 0, "a QR code needs some text");
    if (len > QR_BYTES_MAX)
        return why_set(why, ERR_LIMIT, 0, "a QR code holds at most %d bytes", QR_BYTES_MAX);
    code = QRcode_encodeData((int)len, (const unsigned char *)text, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return why_set(why, ERR_NOMEM, 0, "make a QR code");
    dark = arena_alloc(a, (size_t)code->width * (size_t)code->width);
    for (int i = 0; dark != NULL && i < code->width * code->width; i++)
        dark[i] = code->data[i] & 1;
    *out = (struct qr){ .side = code->width, .dark = dark };
    QRcode_free(code);
    return dark == NULL ? why_set(why, ERR_NOMEM, 0, "make a QR code") : ERR_OK;
}

bool qr_dark(const struct qr *q, int x, int y)
{
    if (x < 0 || y < 0 || x >= q->side || y >= q->side)
        return false;
    return q->dark[y * q->side + x] != 0;
}

enum err qr_luma(const struct qr *q, int scale, struct arena *a, uint8_t **out, int *out_side,
                 struct why *why)
{
    int n = scale < 1 ? 1 : scale > QR_SCALE_MAX ? QR_SCALE_MAX : scale;
    int side = (q->side + 2 * QR_QUIET) * n;
    uint8_t *px = arena_alloc(a, (size_t)side * (size_t)side);

    if (px == NULL)
        return why_set(why, ERR_NOMEM, 0, "draw a QR code");
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++)
            px[y * side + x] = qr_dark(q, x / n - QR_QUIET, y / n - QR_QUIET) ? 0 : 255;
    *out = px;
    *out_side = side;
    return ERR_OK;
}
