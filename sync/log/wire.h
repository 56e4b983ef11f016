/* Bytes of a fixed layout: little-endian numbers and runs of bytes, read and written with a sticky
   failure. Reading never goes past the end; after a failure numbers are 0 and pointers NULL. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wire_in {
    const uint8_t *at; /* borrowed: pointers handed out live as long as the bytes */
    size_t left;
    bool failed;
};
struct wire_in wire_in(const void *bytes, size_t len);
uint64_t wire_get(struct wire_in *in, size_t size); /* size 1, 2, 4 or 8 bytes */
const uint8_t *wire_bytes(struct wire_in *in, size_t len);
/* len bytes that hold no NUL, and one NUL after them: a text that needs no copy. */
const char *wire_text(struct wire_in *in, size_t len);

struct wire_out {
    uint8_t *at;
    size_t left;
    bool failed;
};
struct wire_out wire_out(void *bytes, size_t size);
void wire_put(struct wire_out *out, size_t size, uint64_t value);
void wire_put_bytes(struct wire_out *out, const void *bytes, size_t len);
void wire_put_text(struct wire_out *out, const char *text, size_t len); /* and a NUL */
