/* Any bytes as a piece of a file, as what is inside one, and as a file of each type. A changed piece fails at its
   signature, so the same bytes are tried as the plain content too, as a sender with a good key might make it. */
#include <assert.h>
#include <string.h>

#include "platform/base/arena.h"
#include "platform/base/str.h"
#include "sync/log/chunk.h"
#include "tests/fuzz/fuzz.h"

static const struct keypair fuzz_key = { .pub = { 1 } };

static void fuzz_piece(const struct chunk *c)
{
    assert(c->len > 0 && c->len <= CHUNK_DATA_MAX && c->at + c->len <= c->bytes);
    assert(c->bytes <= files_type_max(c->type));
    assert(utf8_valid(c->site, strlen(c->site)) && strlen(c->hash) == KEYS_ID_TEXT - 1);
    assert(c->data[c->len - 1] == c->data[c->len - 1]); /* a sanitizer sees a read past the end */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct chunk out;
    struct arena a;

    arena_init(&a, CHUNK_ARENA);
    if (chunk_decode(&a, data, size, &fuzz_key, &out, NULL) == ERR_OK)
        fuzz_piece(&out);
    arena_reset(&a);
    if (chunk_read(&a, data, size, fuzz_key.pub, &out, NULL) == ERR_OK)
        fuzz_piece(&out);
    arena_done(&a);
    for (int type = 0; type < FILES_TYPES; type++)
        (void)(files_check((enum files_type)type, data, size, NULL) == ERR_OK);
    return 0;
}
