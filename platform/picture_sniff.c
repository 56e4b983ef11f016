#include "platform/picture.h"

#include <string.h>

static int64_t sniff_le(const uint8_t *p, int bytes)
{
    int64_t value = 0;
    for (int i = bytes - 1; i >= 0; i--)
        value = value << 8 | p[i];
    return value;
}

static int64_t sniff_be32(const uint8_t *p)
{
    return (int64_t)p[0] << 24 | (int64_t)p[1] << 16 | (int64_t)p[2] << 8 | p[3];
}

static bool sniff_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* "P5", white space and # comments, width, the same, height. */
static struct picture_head sniff_pnm(const uint8_t *p, size_t len)
{
    int64_t numbers[2] = { 0 };
    size_t at = 2;
    for (int i = 0; i < 2; i++) {
        while (at < len && (sniff_space(p[at]) || p[at] == '#')) {
            if (p[at] == '#')
                while (at < len && p[at] != '\n')
                    at++;
            else
                at++;
        }
        for (; at < len && p[at] >= '0' && p[at] <= '9' && numbers[i] < INT32_MAX; at++)
            numbers[i] = numbers[i] * 10 + (p[at] - '0');
    }
    return (struct picture_head){ PICTURE_PNM, numbers[0], numbers[1] };
}

static struct picture_head sniff_bmp(const uint8_t *p, size_t len)
{
    struct picture_head head = { .kind = PICTURE_BMP };
    if (len >= 26 && sniff_le(p + 14, 4) == 12) {
        head.w = sniff_le(p + 18, 2);
        head.h = sniff_le(p + 20, 2);
    } else if (len >= 26) {
        head.w = sniff_le(p + 18, 4);
        int64_t h = (int32_t)sniff_le(p + 22, 4);
        head.h = h < 0 ? -h : h; /* negative: top row first */
    }
    return head;
}

static size_t sniff_gif_skip(const uint8_t *p, size_t len, size_t at)
{
    while (at < len && p[at] != 0)
        at += (size_t)p[at] + 1;
    return at + 1;
}

static size_t sniff_gif_palette(uint8_t flags)
{
    return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

/* Every frame may be larger than the screen it stands on: the largest counts. */
static struct picture_head sniff_gif(const uint8_t *p, size_t len)
{
    struct picture_head head = { .kind = PICTURE_GIF };
    if (len < 13)
        return head;

    head.w = sniff_le(p + 6, 2);
    head.h = sniff_le(p + 8, 2);
    for (size_t at = 13 + sniff_gif_palette(p[10]); at + 10 <= len;) {
        if (p[at] == 0x21) {
            at = sniff_gif_skip(p, len, at + 2);
        } else if (p[at] == 0x2C) {
            int64_t w = sniff_le(p + at + 5, 2), h = sniff_le(p + at + 7, 2);
            head.w = w > head.w ? w : head.w;
            head.h = h > head.h ? h : head.h;
            at = sniff_gif_skip(p, len, at + 11 + sniff_gif_palette(p[at + 9]));
        } else {
            break;
        }
    }
    return head;
}

static struct picture_head sniff_webp(const uint8_t *p, size_t len)
{
    struct picture_head head = { .kind = PICTURE_WEBP };
    if (len < 30)
        return head;

    if (memcmp(p + 12, "VP8X", 4) == 0) {
        head.w = sniff_le(p + 24, 3) + 1;
        head.h = sniff_le(p + 27, 3) + 1;
    } else if (memcmp(p + 12, "VP8L", 4) == 0) {
        int64_t bits = sniff_le(p + 21, 4);
        head.w = (bits & 0x3FFF) + 1;
        head.h = (bits >> 14 & 0x3FFF) + 1;
    } else if (memcmp(p + 12, "VP8 ", 4) == 0) {
        head.w = sniff_le(p + 26, 2) & 0x3FFF;
        head.h = sniff_le(p + 28, 2) & 0x3FFF;
    }
    return head;
}

struct picture_head picture_sniff(const uint8_t *bytes, size_t len)
{
    static const uint8_t png[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n' };
    if (len >= 24 && memcmp(bytes, png, sizeof(png)) == 0)
        return (struct picture_head){ PICTURE_PNG, sniff_be32(bytes + 16), sniff_be32(bytes + 20) };
    if (len >= 3 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF)
        return (struct picture_head){ .kind = PICTURE_JPEG };
    if (len >= 6 && (memcmp(bytes, "GIF87a", 6) == 0 || memcmp(bytes, "GIF89a", 6) == 0))
        return sniff_gif(bytes, len);
    if (len >= 16 && memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WEBP", 4) == 0)
        return sniff_webp(bytes, len);
    if (len >= 3 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6' &&
        (sniff_space(bytes[2]) || bytes[2] == '#'))
        return sniff_pnm(bytes, len);
    if (len >= 18 && bytes[0] == 'B' && bytes[1] == 'M')
        return sniff_bmp(bytes, len);
    return (struct picture_head){ 0 };
}

/* Weighted by how much of each source row and column an output pixel covers, in 1/256.
   NOLINTNEXTLINE(readability-function-size): one picture by another is four loops. */
void picture_shrink(const uint8_t *luma, int w, int h, int stride, uint8_t *out, int to_w, int to_h)
{
    for (int y = 0; y < to_h; y++) {
        int64_t top = (int64_t)y * h * 256 / to_h, bottom = (int64_t)(y + 1) * h * 256 / to_h;
        for (int x = 0; x < to_w; x++) {
            int64_t left = (int64_t)x * w * 256 / to_w, right = (int64_t)(x + 1) * w * 256 / to_w;
            int64_t sum = 0;
            for (int64_t sy = top >> 8; sy << 8 < bottom; sy++) {
                int64_t from = sy << 8 > top ? sy << 8 : top;
                int64_t to = (sy + 1) << 8 < bottom ? (sy + 1) << 8 : bottom;
                const uint8_t *row = luma + sy * stride;
                int64_t across = 0;
                for (int64_t sx = left >> 8; sx << 8 < right; sx++) {
                    int64_t a = sx << 8 > left ? sx << 8 : left;
                    int64_t b = (sx + 1) << 8 < right ? (sx + 1) << 8 : right;
                    across += row[sx] * (b - a);
                }
                sum += across * (to - from);
            }
            int64_t area = (bottom - top) * (right - left);
            out[(size_t)y * (size_t)to_w + (size_t)x] = (uint8_t)((sum + area / 2) / area);
        }
    }
}

void picture_divide(const uint8_t *luma, int w, int h, int stride, uint8_t *out, int factor)
{
    int to_w = w / factor, to_h = h / factor;
    uint32_t area = (uint32_t)factor * (uint32_t)factor;
    for (int y = 0; y < to_h; y++) {
        for (int x = 0; x < to_w; x++) {
            uint32_t sum = 0;
            for (int sy = 0; sy < factor; sy++) {
                const uint8_t *row =
                    luma + ((size_t)y * (size_t)factor + (size_t)sy) * (size_t)stride;
                for (int sx = 0; sx < factor; sx++)
                    sum += row[x * factor + sx];
            }
            out[(size_t)y * (size_t)to_w + (size_t)x] = (uint8_t)(sum / area);
        }
    }
}

bool picture_jpeg_size(const uint8_t *bytes, size_t len, int64_t *out_w, int64_t *out_h)
{
    for (size_t at = 2; at + 9 < len && bytes[at] == 0xFF;) {
        uint8_t marker = bytes[at + 1];
        size_t size = (size_t)bytes[at + 2] << 8 | bytes[at + 3];
        /* SOF0 to SOF15, but for the three that are tables. */
        if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 &&
            marker != 0xCC) {
            *out_h = (int64_t)bytes[at + 5] << 8 | bytes[at + 6];
            *out_w = (int64_t)bytes[at + 7] << 8 | bytes[at + 8];
            return *out_w > 0 && *out_h > 0;
        }
        at += 2 + size;
    }
    return false;
}
