#include "sync/log/wire.h"

#include <string.h>

struct wire_in wire_in(const void *bytes, size_t len)
{
    return (struct wire_in){ .at = bytes, .left = len };
}

const uint8_t *wire_bytes(struct wire_in *in, size_t len)
{
    const uint8_t *bytes = in->at;

    if (in->failed || len > in->left) {
        in->failed = true;
        return NULL;
    }
    in->at += len;
    in->left -= len;
    return bytes;
}

uint64_t wire_get(struct wire_in *in, size_t size)
{
    const uint8_t *bytes = wire_bytes(in, size);
    uint64_t value = 0;

    for (size_t i = bytes != NULL ? size : 0; i > 0; i--)
        value = value << 8 | bytes[i - 1];
    return value;
}

const char *wire_text(struct wire_in *in, size_t len)
{
    const uint8_t *bytes = len < in->left ? wire_bytes(in, len + 1) : NULL;

    if (bytes == NULL || memchr(bytes, '\0', len + 1) != bytes + len) {
        in->failed = true;
        return NULL;
    }
    return (const char *)bytes;
}

struct wire_out wire_out(void *bytes, size_t size)
{
    return (struct wire_out){ .at = bytes, .left = size };
}

void wire_put_bytes(struct wire_out *out, const void *bytes, size_t len)
{
    if (out->failed || len > out->left) {
        out->failed = true;
        return;
    }
    if (len > 0)
        memcpy(out->at, bytes, len);
    out->at += len;
    out->left -= len;
}

void wire_put(struct wire_out *out, size_t size, uint64_t value)
{
    uint8_t bytes[sizeof(value)];

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
    wire_put_bytes(out, bytes, size);
}

void wire_put_text(struct wire_out *out, const char *text, size_t len)
{
    wire_put_bytes(out, text, len);
    wire_put(out, 1, 0);
}
