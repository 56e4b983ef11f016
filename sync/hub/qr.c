#include "sync/hub/qr.h"

#include <qrencode.h>

enum { QR_QUIET = 4 }; /* light modules around it, as the standard asks for */

static bool qr_dark(const QRcode *q, int x, int y)
{
    if (x < 0 || y < 0 || x >= q->width || y >= q->width)
        return false;
    return (q->data[y * q->width + x] & 1) != 0;
}

/* Two rows of modules a line of text. Light is drawn and dark left, as most terminals are dark; colours are set so
   that the others show the same. */
bool qr_print(FILE *to, const char *text)
{
    static const char *const blocks[] = { "\u2588", "\u2584", "\u2580",
                                          " " }; /* upper dark 1, lower dark 2 */
    QRcode *q = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (q == NULL)
        return false;

    for (int y = -QR_QUIET; y < q->width + QR_QUIET; y += 2) {
        (void)fputs("\033[97;40m", to);
        for (int x = -QR_QUIET; x < q->width + QR_QUIET; x++) {
            int kind = (qr_dark(q, x, y) ? 1 : 0) + (qr_dark(q, x, y + 1) ? 2 : 0);
            (void)fputs(blocks[kind], to);
        }
        (void)fputs("\033[0m\n", to);
    }
    QRcode_free(q);
    return ferror(to) == 0;
}
