#include "platform/camera_look.h"

#include <stdlib.h>
#include <string.h>

enum {
    LOOK_MEAN = 2,  /* a mean difference of more greys is a visible change */
    LOOK_SPOT = 20, /* or that much in one of the 32 x 24 spots */
};

bool camera_differs(const struct camera_frame *f, const uint8_t before[LOOK_W * LOOK_H],
                    uint8_t look[LOOK_W * LOOK_H])
{
    int w = f->w < LOOK_W ? f->w : LOOK_W, h = f->h < LOOK_H ? f->h : LOOK_H;
    int across = f->w / w, down = f->h / h;
    long sum = 0, most = 0;
    memset(look, 0, (size_t)LOOK_W * LOOK_H);
    for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
            long spot = 0, n = 0;
            /* Every second pixel of every second row tells as much. */
            for (int sy = 0; sy < down; sy += 2)
                for (int sx = 0; sx < across; sx += 2, n++)
                    spot += f->luma[(size_t)(y * down + sy) * (size_t)f->stride +
                                    (size_t)(x * across + sx)];
            /* across and down are 1 at least. NOLINTNEXTLINE(clang-analyzer-core.DivideZero) */
            look[y * LOOK_W + x] = (uint8_t)(spot / n);
            long by = labs(spot / n - (long)before[y * LOOK_W + x]);
            sum += by;
            most = by > most ? by : most;
        }
    }
    return sum > (long)LOOK_MEAN * w * h || most > LOOK_SPOT;
}
