#include "platform/luma.h"

#include <linux/videodev2.h>
#include <string.h>

#include "platform/base/attr.h"

static const struct luma_layout luma_layouts[] = {
    { V4L2_PIX_FMT_GREY, 1, 0 },   { V4L2_PIX_FMT_NV12, 1, 0 },   { V4L2_PIX_FMT_NV21, 1, 0 },
    { V4L2_PIX_FMT_YUV420, 1, 0 }, { V4L2_PIX_FMT_YVU420, 1, 0 }, { V4L2_PIX_FMT_YUYV, 2, 0 },
    { V4L2_PIX_FMT_UYVY, 2, 1 },
};

const struct luma_layout *luma_layout_for(uint32_t fourcc)
{
    for (size_t i = 0; i < COUNT_OF(luma_layouts); i++)
        if (luma_layouts[i].fourcc == fourcc)
            return &luma_layouts[i];
    return NULL;
}

bool luma_take(const struct luma_layout *layout, const uint8_t *bytes, size_t len, size_t pitch,
               uint8_t *out, int w, int h)
{
    size_t row = (size_t)w * (size_t)layout->step;
    /* The last row need not be padded. */
    if (w <= 0 || h <= 0 || pitch < row || len < row || (len - row) / pitch < (size_t)h - 1)
        return false;

    for (int y = 0; y < h; y++) {
        const uint8_t *from = bytes + (size_t)y * pitch + layout->offset;
        uint8_t *to = out + (size_t)y * (size_t)w;
        if (layout->step == 1)
            memcpy(to, from, (size_t)w);
        else
            for (int x = 0; x < w; x++)
                to[x] = from[(size_t)x * (size_t)layout->step];
    }
    return true;
}
