/* Any bytes as the two signature headers and the digest of a request: the first line Signature-Input, the second
   Signature, the third Content-Digest, the rest the body. What is read must hold its bounds, and what a stranger made up
   must not verify. */
#include <assert.h>
#include <string.h>

#include "platform/base/arena.h"
#include "platform/base/str.h"
#include "sync/client/httpsig.h"
#include "sync/client/proto.h"
#include "tests/fuzz/fuzz.h"

enum { FUZZ_LINES = 3 };

/* The next line of the text, NUL-terminated in the arena; "" past its end. */
static const char *next_line(struct arena *a, const char **at, const char *end)
{
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    const char *line = arena_strndup(a, *at, (size_t)((stop != NULL ? stop : end) - *at));

    *at = stop != NULL ? stop + 1 : end;
    return line != NULL ? line : "";
}

static void verify(struct arena *a, const struct httpsig_input *in, const char *signature,
                   const struct httpsig_message *m)
{
    /* The id of a key whose secret nobody has: the hash of a word. */
    uint8_t pub[KEYS_PUBLIC];
    char *base = NULL;
    size_t len = 0;
    enum err rc = httpsig_base(a, in, m, &base, &len, NULL);

    assert(rc == ERR_OK || rc == ERR_INPUT || rc == ERR_LIMIT || rc == ERR_NOMEM);
    assert(rc != ERR_OK || (len <= HTTPSIG_BASE_MAX && strlen(base) == len));
    keys_sha256(pub, "nobody", 6);
    assert(httpsig_verify(a, in, signature, m, pub, NULL) != ERR_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *at = (const char *)data;
    const char *end = at + size;
    const char *lines[FUZZ_LINES];
    struct httpsig_input in;
    struct arena a;
    if (size == 0)
        return 0;

    arena_init(&a, (size_t)1024 * 1024);
    for (size_t i = 0; i < FUZZ_LINES; i++)
        lines[i] = next_line(&a, &at, end);
    const struct httpsig_field fields[] = {
        { "content-digest", lines[2] },           { PROTO_HUB_HEADER, PROTO_HUB_UNKNOWN },
        { PROTO_EPOCH_HEADER, PROTO_EPOCH_NONE }, { "signature", lines[1] },
        { PROTO_TIME_HEADER, "1790000000000" },
    };
    const struct httpsig_message request = {
        .method = "POST", .path = PROTO_EVENTS, .fields = fields, .field_count = COUNT_OF(fields)
    };
    const struct httpsig_message reply = {
        .status = 200, .fields = fields, .field_count = COUNT_OF(fields), .request = &request
    };
    if (httpsig_parse(lines[0], &in, NULL) == ERR_OK) {
        assert(in.part_count <= HTTPSIG_PARTS_MAX && strlen(in.params) <= HTTPSIG_INPUT_MAX);
        assert(in.created >= -1 && in.created < 1000000000000);
        assert(strlen(in.keyid) < HTTPSIG_KEYID_MAX && strlen(in.nonce) < HTTPSIG_NONCE_MAX);
        verify(&a, &in, lines[1], &request);
        verify(&a, &in, lines[1], &reply);
        (void)proto_request_covered(&in);
        (void)proto_reply_covered(&in);
    }
    enum err rc = httpsig_digest_check(&a, lines[2], at, (size_t)(end - at), NULL);
    assert(rc == ERR_OK || rc == ERR_DENIED || rc == ERR_INPUT || rc == ERR_LIMIT ||
           rc == ERR_NOMEM);
    arena_done(&a);
    return 0;
}
