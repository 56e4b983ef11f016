/* The payload, before compression. Numbers are little-endian; a text is its bytes and one NUL that its length does
   not count, so that the reader points into the payload and copies nothing.

     32  sender's public key: who seals another's payload anew under his own name is found out
      1  length of the site's id, and the text
      8  next
      4  number of lines; each:  8 site_no, 4 length (1 to EVENT_LINE_MAX), text
      4  number of blobs; each:  1 length of the salt, text, 2 length of the text, text
   and nothing after it. Compressed: one zstd frame that states its content's size, and nothing after it. */
#include "sync/log/bundle_payload.h"

#include <string.h>

#include "platform/base/str.h"
#include "sync/log/event.h"
#include "sync/log/packed.h"
#include "sync/log/wire.h"

static bool payload_is_text(const char *text, size_t max)
{
    size_t len = strlen(text);

    return len <= max && utf8_valid(text, len);
}

static enum err payload_check(const struct bundle *b, size_t *out_size, struct why *why)
{
    size_t size = KEYS_PUBLIC + 1 + 8 + 4 + 4;

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
        size += 8 + 4 + line->len + 1;
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

static void payload_write(struct wire_out *w, const struct bundle *b,
                          const uint8_t sender[KEYS_PUBLIC])
{
    wire_put_bytes(w, sender, KEYS_PUBLIC);
    wire_put(w, 1, strlen(b->site));
    wire_put_text(w, b->site, strlen(b->site));
    wire_put(w, 8, b->next);
    wire_put(w, 4, b->line_count);
    for (size_t i = 0; i < b->line_count; i++) {
        wire_put(w, 8, b->lines[i].site_no);
        wire_put(w, 4, b->lines[i].len);
        wire_put_text(w, b->lines[i].line, b->lines[i].len);
    }
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
    if (plain == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for %zu bytes", size);
    struct wire_out w = wire_out(plain, size);
    payload_write(&w, b, sender);
    return packed_put(a, plain, size, BUNDLE_BYTES_MAX, out, out_len, why);
}

static enum err payload_lines(struct arena *a, struct wire_in *in, struct bundle *b,
                              struct why *why)
{
    size_t count = (size_t)wire_get(in, 4);

    if (count > BUNDLE_LINES_MAX)
        return why_set(why, ERR_LIMIT, 0, "%zu lines, the maximum is %d", count, BUNDLE_LINES_MAX);
    b->lines = arena_array(a, count, sizeof(*b->lines));
    if (b->lines == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for %zu lines", count);
    for (size_t i = 0; i < count && !in->failed; i++) {
        struct bundle_line *line = &b->lines[i];

        line->site_no = wire_get(in, 8);
        line->len = (size_t)wire_get(in, 4);
        if (line->len > EVENT_LINE_MAX)
            return why_set(why, ERR_LIMIT, 0, "line of %zu bytes", line->len);
        line->line = wire_text(in, line->len);
        in->failed = in->failed || line->len == 0;
    }
    b->line_count = count;
    return ERR_OK;
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

enum err bundle_payload_read(struct arena *a, const void *plain, size_t len,
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
    enum err rc = payload_lines(a, &in, &b, why);
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
