#include "sync/hub/qr.h"

#include "platform/base/qr.h"

/* Two rows of modules a line of text. Light is drawn and dark left, as most terminals are dark; colours are set so
   that the others show the same. */
bool qr_print(FILE *to, const char *text)
{
    static const char *const blocks[] = { "\u2588", "\u2584", "\u2580",
                                          " " }; /* upper dark 1, lower dark 2 */
    struct arena a;
    struct qr q;
    bool made;

    arena_init(&a, (size_t)64 * 1024);
    made = qr_make(text, &a, &q, NULL) == ERR_OK;
    for (int y = -QR_QUIET; made && y < q.side + QR_QUIET; y += 2) {
        (void)fputs("\033[97;40m", to);
        for (int x = -QR_QUIET; x < q.side + QR_QUIET; x++) {
            int kind = (qr_dark(&q, x, y) ? 1 : 0) + (qr_dark(&q, x, y + 1) ? 2 : 0);
            (void)fputs(blocks[kind], to);
        }
        (void)fputs("\033[0m\n", to);
    }
    arena_done(&a);
    return made && ferror(to) == 0;
}
