/* The payload, before compression. Numbers are little-endian; a text is its bytes and one NUL that its length does
   not count, so that the reader points into the payload and copies nothing.

     32  sender's public key: who seals another's payload anew under his own name is found out
      1  length of the site's id, and the text
      8  next
      4  number of lines; each:  8 site_no, 2 back, 4 length (1 to EVENT_LINE_MAX), text
     32  SHA-256 of the lines' SHA-256, in order
      4  number of blobs; each:  1 length of the salt, text, 2 length of the text, text
   and nothing after it. Compressed: one zstd frame that states its content's size, and nothing after it.

   back: to a compressor a line's prev is random, and a third of all that would travel. Mostly the line that it names is in the
   same bundle. Then the text has 64 zeros in place of the digits, and back says how many lines before that line stands. Else
   back is 0 and the text is the line as it is.

   The digits follow the first PAYLOAD_PREV of the text. Those bytes cannot stand inside a JSON string, where quotes are
   escaped. The reader hashes every line anyway, and so can put the digits back. The SHA-256 of all hashes proves that it has
   the writer's very bytes; if not, nothing of the bundle is taken. */
#include "sync/log/bundle_payload.h"

#include <string.h>

#include "platform/base/str.h"
#include "sync/log/event.h"
#include "sync/log/packed.h"
#include "sync/log/wire.h"

#define PAYLOAD_PREV "\"prev\":\""

enum {
    PAYLOAD_DIGITS = 2 * KEYS_HASH,
    PAYLOAD_BACK_MAX = 64, /* how far a writer looks: kiosks' lines come in runs */
};
static const char payload_zeros[] =
    "0000000000000000000000000000000000000000000000000000000000000000";
_Static_assert(sizeof(payload_zeros) == PAYLOAD_DIGITS + 1, "as long as a hash");

/* Where the digits of prev stand; NULL where there is no such place. */
static const char *payload_place(const char *line, size_t len)
{
    enum { NAME = sizeof(PAYLOAD_PREV) - 1 };
    const char *end = line + len;

    for (const char *at = memchr(line, '"', len); at != NULL;
         at = memchr(at + 1, '"', (size_t)(end - at - 1))) {
        if ((size_t)(end - at) < NAME + PAYLOAD_DIGITS)
            return NULL;
        if (memcmp(at, PAYLOAD_PREV, NAME) == 0)
            return at + NAME;
    }
    return NULL;
}

/* How many lines before line i the one stands that its prev (at place) names; 0: not within PAYLOAD_BACK_MAX, or none. */
static size_t payload_back(const char *place, const uint8_t (*hashes)[KEYS_HASH], size_t i)
{
    char digits[PAYLOAD_DIGITS + 1];
    uint8_t prev[KEYS_HASH];

    if (place == NULL)
        return 0;
    memcpy(digits, place, PAYLOAD_DIGITS);
    digits[PAYLOAD_DIGITS] = '\0';
    if (!hex_get(prev, sizeof(prev), digits))
        return 0;
    for (size_t back = 1; back <= i && back <= PAYLOAD_BACK_MAX; back++)
        if (memcmp(hashes[i - back], prev, KEYS_HASH) == 0)
            return back;
    return 0;
}

static bool payload_is_text(const char *text, size_t max)
{
    size_t len = strlen(text);

    return len <= max && utf8_valid(text, len);
}

static enum err payload_check(const struct bundle *b, size_t *out_size, struct why *why)
{
    size_t size = KEYS_PUBLIC + 1 + 8 + 4 + KEYS_HASH + 4;

    if (b->line_count > BUNDLE_LINES_MAX || b->blob_count > BUNDLE_BLOBS_MAX)
        return why_set(why, ERR_LIMIT, 0, "%zu lines and %zu names: too many for one bundle",
                       b->line_count, b->blob_count);
    if (!payload_is_text(b->site, BUNDLE_SITE_MAX))
        return why_set(why, ERR_INPUT, 0, "not a site's id");
    size += strlen(b->site) + 1;
    for (size_t i = 0; i < b->line_count; i++) {
        const struct bundle_line *line = &b->lines[i];

        if (line->len == 0 || line->len > EVENT_LINE_MAX)
            return why_set(why, ERR_LIMIT, 0, "line of %zu bytes", line->len);
        if (memchr(line->line, '\0', line->len) != NULL)
            return why_set(why, ERR_INPUT, 0, "line with a NUL");
        size += 8 + 2 + 4 + line->len + 1;
    }
    for (size_t i = 0; i < b->blob_count; i++) {
        if (!payload_is_text(b->blobs[i].salt, BUNDLE_SALT_MAX) ||
            !payload_is_text(b->blobs[i].text, BUNDLE_TEXT_MAX))
            return why_set(why, ERR_INPUT, 0, "name %zu is not a text, or too long", i);
        size += 1 + strlen(b->blobs[i].salt) + 1 + 2 + strlen(b->blobs[i].text) + 1;
    }
    if (size > BUNDLE_PLAIN_MAX)
        return why_set(why, ERR_LIMIT, 0, "%zu bytes, the maximum is %d", size, BUNDLE_PLAIN_MAX);
    *out_size = size;
    return ERR_OK;
}

static void payload_write_line(struct wire_out *w, const struct bundle *b,
                               const uint8_t (*hashes)[KEYS_HASH], size_t i)
{
    const struct bundle_line *line = &b->lines[i];
    const char *place = payload_place(line->line, line->len);
    const size_t back = payload_back(place, hashes, i);

    wire_put(w, 8, line->site_no);
    wire_put(w, 2, back);
    wire_put(w, 4, line->len);
    if (back == 0) {
        wire_put_text(w, line->line, line->len);
        return;
    }
    const size_t before = (size_t)(place - line->line);
    wire_put_bytes(w, line->line, before);
    wire_put_bytes(w, payload_zeros, PAYLOAD_DIGITS);
    wire_put_text(w, line->line + before + PAYLOAD_DIGITS, line->len - before - PAYLOAD_DIGITS);
}

/* hashes: room for as many as there are lines. */
static void payload_write(struct wire_out *w, const struct bundle *b,
                          const uint8_t sender[KEYS_PUBLIC], uint8_t (*hashes)[KEYS_HASH])
{
    uint8_t all[KEYS_HASH];

    wire_put_bytes(w, sender, KEYS_PUBLIC);
    wire_put(w, 1, strlen(b->site));
    wire_put_text(w, b->site, strlen(b->site));
    wire_put(w, 8, b->next);
    wire_put(w, 4, b->line_count);
    for (size_t i = 0; i < b->line_count; i++) {
        keys_sha256(hashes[i], b->lines[i].line, b->lines[i].len);
        payload_write_line(w, b, (const uint8_t(*)[KEYS_HASH])hashes, i);
    }
    keys_sha256(all, hashes, b->line_count * KEYS_HASH);
    wire_put_bytes(w, all, KEYS_HASH);
    wire_put(w, 4, b->blob_count);
    for (size_t i = 0; i < b->blob_count; i++) {
        wire_put(w, 1, strlen(b->blobs[i].salt));
        wire_put_text(w, b->blobs[i].salt, strlen(b->blobs[i].salt));
        wire_put(w, 2, strlen(b->blobs[i].text));
        wire_put_text(w, b->blobs[i].text, strlen(b->blobs[i].text));
    }
}

enum err bundle_payload_pack(struct arena *a, const struct bundle *b,
                             const uint8_t sender[KEYS_PUBLIC], uint8_t **out, size_t *out_len,
                             struct why *why)
{
    size_t size = 0;
    enum err rc = payload_check(b, &size, why);

    if (rc != ERR_OK)
        return rc;
    uint8_t *plain = arena_alloc(a, size);
    uint8_t(*hashes)[KEYS_HASH] = arena_array(a, b->line_count, KEYS_HASH);
    if (plain == NULL || hashes == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for %zu bytes", size);
    struct wire_out w = wire_out(plain, size);
    payload_write(&w, b, sender, hashes);
    return packed_put(a, plain, size, BUNDLE_BYTES_MAX, out, out_len, why);
}

/* Writes the digits of line i's prev over the zeros. text: the line's bytes in the payload; back > 0. */
static enum err payload_restore(char *text, size_t len, const uint8_t (*hashes)[KEYS_HASH],
                                size_t i, size_t back, struct why *why)
{
    const char *place = payload_place(text, len);
    char digits[PAYLOAD_DIGITS + 1];

    if (back > i)
        return why_set(why, ERR_INPUT, 0, "line %zu goes on from one that is not in the bundle",
                       i + 1);
    if (place == NULL || memcmp(place, payload_zeros, PAYLOAD_DIGITS) != 0)
        return why_set(why, ERR_INPUT, 0, "line %zu has no place for what was left out of it",
                       i + 1);
    hex_put(digits, hashes[i - back], KEYS_HASH);
    memcpy(text + (place - (const char *)text), digits, PAYLOAD_DIGITS);
    return ERR_OK;
}

/* One line, read and whole. */
static enum err payload_line(struct wire_in *in, uint8_t *plain, struct bundle_line *line,
                             uint8_t (*hashes)[KEYS_HASH], size_t i, struct why *why)
{
    enum err rc = ERR_OK;

    line->site_no = wire_get(in, 8);
    const size_t back = (size_t)wire_get(in, 2);
    line->len = (size_t)wire_get(in, 4);
    if (line->len > EVENT_LINE_MAX)
        return why_set(why, ERR_LIMIT, 0, "line of %zu bytes", line->len);
    line->line = wire_text(in, line->len);
    in->failed = in->failed || line->len == 0;
    if (in->failed)
        return ERR_OK;
    if (back > 0)
        rc = payload_restore((char *)plain + ((const uint8_t *)line->line - plain), line->len,
                             (const uint8_t(*)[KEYS_HASH])hashes, i, back, why);
    keys_sha256(hashes[i], line->line, line->len);
    line->hash = hashes[i];
    return rc;
}

/* Whether the lines are those that the writer put in. */
static enum err payload_whole(struct wire_in *in, const uint8_t (*hashes)[KEYS_HASH], size_t count,
                              struct why *why)
{
    const uint8_t *said = wire_bytes(in, KEYS_HASH);
    uint8_t all[KEYS_HASH];

    if (said == NULL)
        return ERR_OK; /* reading has failed before, and not all hashes are worked out */
    keys_sha256(all, hashes, count * KEYS_HASH);
    if (memcmp(said, all, KEYS_HASH) != 0)
        return why_set(why, ERR_INPUT, 0, "its lines are not those that were put into it");
    return ERR_OK;
}

/* plain: the whole payload. */
static enum err payload_lines(struct arena *a, struct wire_in *in, uint8_t *plain, struct bundle *b,
                              struct why *why)
{
    size_t count = (size_t)wire_get(in, 4);

    if (count > BUNDLE_LINES_MAX)
        return why_set(why, ERR_LIMIT, 0, "%zu lines, the maximum is %d", count, BUNDLE_LINES_MAX);
    b->lines = arena_array(a, count, sizeof(*b->lines));
    uint8_t(*hashes)[KEYS_HASH] = arena_array(a, count, KEYS_HASH);
    if (b->lines == NULL || hashes == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for %zu lines", count);
    for (size_t i = 0; i < count && !in->failed; i++) {
        enum err rc = payload_line(in, plain, &b->lines[i], hashes, i, why);

        if (rc != ERR_OK)
            return rc;
    }
    b->line_count = count;
    return payload_whole(in, (const uint8_t(*)[KEYS_HASH])hashes, count, why);
}

/* A short text; "" once reading has failed. */
static const char *payload_text(struct wire_in *in, size_t size_of_len, size_t max)
{
    size_t len = (size_t)wire_get(in, size_of_len);
    const char *text = wire_text(in, len);

    in->failed = in->failed || len > max || !utf8_valid(text, len);
    return in->failed ? "" : text;
}

static enum err payload_blobs(struct arena *a, struct wire_in *in, struct bundle *b,
                              struct why *why)
{
    size_t count = (size_t)wire_get(in, 4);

    if (count > BUNDLE_BLOBS_MAX)
        return why_set(why, ERR_LIMIT, 0, "%zu names, the maximum is %d", count, BUNDLE_BLOBS_MAX);
    b->blobs = arena_array(a, count, sizeof(*b->blobs));
    if (b->blobs == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for %zu names", count);
    for (size_t i = 0; i < count && !in->failed; i++) {
        b->blobs[i].salt = payload_text(in, 1, BUNDLE_SALT_MAX);
        b->blobs[i].text = payload_text(in, 2, BUNDLE_TEXT_MAX);
    }
    b->blob_count = count;
    return ERR_OK;
}

enum err bundle_payload_read(struct arena *a, void *plain, size_t len,
                             const uint8_t sender[KEYS_PUBLIC], struct bundle *out, struct why *why)
{
    struct wire_in in = wire_in(plain, len);
    const uint8_t *from = wire_bytes(&in, KEYS_PUBLIC);
    struct bundle b = { 0 };
    char *id = arena_alloc(a, KEYS_ID_TEXT);

    if (id == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for a bundle");
    if (from != NULL && memcmp(from, sender, KEYS_PUBLIC) != 0)
        return why_set(why, ERR_DENIED, 0, "its content was made by another than its sender");
    b.site = payload_text(&in, 1, BUNDLE_SITE_MAX);
    b.next = wire_get(&in, 8);
    enum err rc = payload_lines(a, &in, plain, &b, why);
    if (rc == ERR_OK)
        rc = payload_blobs(a, &in, &b, why);
    if (rc != ERR_OK)
        return rc;
    if (in.failed || in.left != 0)
        return why_set(why, ERR_INPUT, 0, "its content is not well-formed");
    hex_put(id, sender, KEYS_PUBLIC);
    b.sender = id;
    *out = b;
    return ERR_OK;
}

enum err bundle_payload_unpack(struct arena *a, const void *bytes, size_t len,
                               const uint8_t sender[KEYS_PUBLIC], struct bundle *out,
                               struct why *why)
{
    uint8_t *plain = NULL;
    size_t size = 0;
    enum err rc = packed_get(a, bytes, len, BUNDLE_PLAIN_MAX, &plain, &size, why);

    return rc == ERR_OK ? bundle_payload_read(a, plain, size, sender, out, why) : rc;
}
