/* Bytes that are files, of any length. */
#pragma once

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A small camera picture: one frame header that says its size, one scan, and filling up to the length. */
static inline size_t files_jpeg(uint8_t *out, size_t len, uint8_t seed)
{
    static const uint8_t head[] = { 0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 16, 0, 16, 1, 1,
                                    0x11, 0,    0xff, 0xda, 0, 8,  1, 1, 0,  0, 63, 0 };

    assert(len >= sizeof head + 2);
    memcpy(out, head, sizeof head);
    for (size_t i = sizeof head; i < len - 2; i++)
        out[i] = (uint8_t)((i * 31 + seed) % 251);
    out[len - 2] = 0xff;
    out[len - 1] = 0xd9;
    return len;
}

static inline size_t files_csv(uint8_t *out, size_t len, uint8_t seed)
{
    for (size_t i = 0; i < len; i++)
        out[i] = i % 8 == 7 ? '\n' : (uint8_t)('0' + (i / 8 + i * 7 + seed) % 10);
    return len;
}

/* Its bytes do not compress, as a PDF's do not. */
static inline size_t files_pdf(uint8_t *out, size_t len, uint8_t seed)
{
    uint32_t x = 2463534242U + seed;

    assert(len >= 16);
    memcpy(out, "%PDF-1.7\n", 9);
    for (size_t i = 9; i < len - 6; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        out[i] = (uint8_t)x;
    }
    memcpy(out + len - 6, "%%EOF\n", 6);
    return len;
}
