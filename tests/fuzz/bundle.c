/* Any bytes as a bundle. A changed bundle fails at its signature, so the same bytes are tried as
   what is inside too: as the compressed payload and as the plain one, as a sender with a good key
   might make them. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/arena.h"
#include "platform/base/str.h"
#include "sync/log/bundle.h"
#include "sync/log/bundle_payload.h"
#include "sync/log/event.h"
#include "tests/fuzz/fuzz.h"

/* The key that the corpus is sealed to, and made by. It guards nothing. */
static const struct keypair fuzz_key = {
    .pub = { 0xce, 0xcc, 0x15, 0x07, 0xdc, 0x1d, 0xdd, 0x72, 0x95, 0x95, 0x1c,
             0x29, 0x08, 0x88, 0xf0, 0x95, 0xad, 0xb9, 0x04, 0x4d, 0x1b, 0x73,
             0xd6, 0x96, 0xe6, 0xdf, 0x06, 0x5d, 0x68, 0x3b, 0xd4, 0xfc },
    .secret = { 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xce, 0xcc, 0x15, 0x07, 0xdc, 0x1d, 0xdd,
                0x72, 0x95, 0x95, 0x1c, 0x29, 0x08, 0x88, 0xf0, 0x95, 0xad, 0xb9, 0x04, 0x4d,
                0x1b, 0x73, 0xd6, 0x96, 0xe6, 0xdf, 0x06, 0x5d, 0x68, 0x3b, 0xd4, 0xfc },
};

static void fuzz_read(const struct bundle *b)
{
    uint8_t hash[KEYS_HASH];
    size_t total = 0;

    assert(b->line_count <= BUNDLE_LINES_MAX && b->blob_count <= BUNDLE_BLOBS_MAX);
    assert(utf8_valid(b->site, strlen(b->site)) && strlen(b->sender) == KEYS_ID_TEXT - 1);
    for (size_t i = 0; i < b->line_count; i++) {
        assert(b->lines[i].len > 0 && b->lines[i].len <= EVENT_LINE_MAX);
        assert(strlen(b->lines[i].line) == b->lines[i].len);
        keys_sha256(hash, b->lines[i].line, b->lines[i].len);
        assert(memcmp(hash, b->lines[i].hash, sizeof hash) == 0);
        total += b->lines[i].len;
    }
    for (size_t i = 0; i < b->blob_count; i++)
        total += strlen(b->blobs[i].salt) + strlen(b->blobs[i].text);
    assert(total <= BUNDLE_PLAIN_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bundle out;
    struct arena a;
    uint8_t *plain;

    arena_init(&a, BUNDLE_ARENA);
    if (bundle_decode(&a, data, size, &fuzz_key, &out, NULL) == ERR_OK)
        fuzz_read(&out);
    arena_reset(&a);
    if (bundle_payload_unpack(&a, data, size, fuzz_key.pub, &out, NULL) == ERR_OK)
        fuzz_read(&out);
    arena_reset(&a);
    /* What was left out is put in there; a copy of exactly its size shows a write past its end. */
    plain = malloc(size > 0 ? size : 1);
    assert(plain != NULL);
    if (size > 0)
        memcpy(plain, data, size);
    if (bundle_payload_read(&a, plain, size, fuzz_key.pub, &out, NULL) == ERR_OK)
        fuzz_read(&out);
    free(plain);
    arena_done(&a);
    return 0;
}
