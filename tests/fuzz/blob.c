/* Any bytes as a blob: alone, by a dictionary, and as a patch. Nothing but the signed length is ever written, and only what has
   the signed hash comes out. */
#include "sync/update/blob.h"

#include <assert.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

static const char fuzz_plain[] = "Read the label. Read the label. Read the label. Wear goggles.";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const size_t len = sizeof fuzz_plain - 1;
    uint8_t hash[KEYS_HASH];
    struct blob_codec *codec = NULL;
    uint8_t *out = NULL;
    struct arena a;

    arena_init(&a, 4096);
    keys_sha256(hash, fuzz_plain, len);
    assert(blob_codec_new(fuzz_plain, 20, &codec, NULL) == ERR_OK);
    if (blob_unpack(codec, &a, data, size, hash, len, &out, NULL) == ERR_OK)
        assert(memcmp(out, fuzz_plain, len + 1) == 0);
    if (patch_unpack(&a, fuzz_plain, 33, data, size, hash, len, &out, NULL) == ERR_OK)
        assert(memcmp(out, fuzz_plain, len + 1) == 0);
    if (patch_unpack(&a, NULL, 0, data, size, hash, len, &out, NULL) == ERR_OK)
        assert(memcmp(out, fuzz_plain, len + 1) == 0);
    assert(!a.failed);
    blob_codec_free(codec);
    arena_done(&a);
    return 0;
}
