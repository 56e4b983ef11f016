#include "sync/update/manifest.h"

#include <stdlib.h>
#include <string.h>

enum { MANIFEST_DIGITS_MAX = 9 };

/* Reads on from at. The first thing that is not as it must be stays as the failure. */
struct manifest_in {
    const char *text;
    size_t len;
    size_t at;
    struct arena *arena;
    enum err rc;
    struct why *why;
};

bool manifest_role_ok(const char *role)
{
    const char *id = role + sizeof("employers/") - 1;
    size_t len;

    if (str_eq(role, "national"))
        return true;
    if (!str_starts(role, "employers/"))
        return false;
    len = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return len > 0 && len <= MANIFEST_ID_MAX && id[len] == '\0' && id[0] != '-' &&
           id[len - 1] != '-';
}

bool manifest_edition_ok(const char *edition)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-";
    size_t len = strspn(edition, allowed);

    return len > 0 && len <= MANIFEST_EDITION_MAX && edition[len] == '\0';
}

/* Nobody's name for another's files, and no name that any of the file systems which content passes through could take for
   something else. */
bool manifest_path_ok(const char *role, const char *path)
{
    size_t len = strlen(path);
    size_t parts = 1;

    if (len == 0 || len > MANIFEST_PATH_MAX || !utf8_valid(path, len) || path[0] == '.')
        return false;
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)path[i];

        if (c <= ' ' || c == '\\' || c == ':' || c == '"' || c == 0x7f)
            return false;
        if (c != '/')
            continue;
        parts++;
        if (i == 0 || path[i + 1] == '\0' || path[i + 1] == '/' || path[i + 1] == '.')
            return false;
    }
    return parts <= MANIFEST_PARTS_MAX &&
           (!str_eq(role, "national") ||
            (!str_starts(path, "employers/") && !str_eq(path, "employers")));
}

static void manifest_fail(struct manifest_in *in, enum err rc, const char *what)
{
    if (in->rc == ERR_OK)
        in->rc = why_set(in->why, rc, 0, "manifest, byte %zu: %s", in->at, what);
}

static bool manifest_next_is(const struct manifest_in *in, const char *literal)
{
    const size_t len = strlen(literal);

    return in->rc == ERR_OK && in->len - in->at >= len &&
           memcmp(in->text + in->at, literal, len) == 0;
}

static void manifest_literal(struct manifest_in *in, const char *literal)
{
    if (manifest_next_is(in, literal))
        in->at += strlen(literal);
    else
        manifest_fail(in, ERR_INPUT, "not written as a manifest is");
}

/* The text up to the closing quote, which is read too; "" after a failure. */
static const char *manifest_text(struct manifest_in *in, size_t max)
{
    size_t len = 0;

    if (in->rc != ERR_OK)
        return "";
    while (in->at + len < in->len && in->text[in->at + len] != '"') {
        if (in->text[in->at + len] == '\\' || in->text[in->at + len] == '\0') {
            manifest_fail(in, ERR_INPUT, "a text with what no text of a manifest has");
            return "";
        }
        if (++len > max) {
            manifest_fail(in, ERR_LIMIT, "a text that is too long");
            return "";
        }
    }
    char *text = arena_strndup(in->arena, in->text + in->at, len);
    if (text == NULL) {
        manifest_fail(in, ERR_NOMEM, "no memory");
        return "";
    }
    in->at += len;
    manifest_literal(in, "\"");
    return text;
}

static uint32_t manifest_number(struct manifest_in *in, uint32_t max)
{
    uint32_t value = 0;
    size_t digits = 0;

    if (in->rc != ERR_OK)
        return 0;
    while (in->at + digits < in->len && digits <= MANIFEST_DIGITS_MAX) {
        const char c = in->text[in->at + digits];

        if (c < '0' || c > '9')
            break;
        if (digits < MANIFEST_DIGITS_MAX)
            value = value * 10 + (uint32_t)(c - '0');
        digits++;
    }
    if (digits == 0 || (digits > 1 && in->text[in->at] == '0')) {
        manifest_fail(in, ERR_INPUT, "not a number");
        return 0;
    }
    if (digits > MANIFEST_DIGITS_MAX || value > max) {
        manifest_fail(in, ERR_LIMIT, "a number above its maximum");
        return 0;
    }
    in->at += digits;
    return value;
}

/* `<64 digits>",LENGTH]` */
static void manifest_sum(struct manifest_in *in, uint32_t max, struct manifest_file *out)
{
    char digits[KEYS_ID_TEXT];

    if (in->rc != ERR_OK)
        return;
    if (in->len - in->at < KEYS_ID_TEXT - 1) {
        manifest_fail(in, ERR_INPUT, "not a hash");
        return;
    }
    memcpy(digits, in->text + in->at, KEYS_ID_TEXT - 1);
    digits[KEYS_ID_TEXT - 1] = '\0';
    if (!hex_is(digits, KEYS_ID_TEXT - 1) || !hex_get(out->hash, KEYS_HASH, digits)) {
        manifest_fail(in, ERR_INPUT, "not a hash");
        return;
    }
    in->at += KEYS_ID_TEXT - 1;
    manifest_literal(in, "\",");
    out->len = manifest_number(in, max);
    manifest_literal(in, "]");
}

static void manifest_read_head(struct manifest_in *in, struct manifest *m)
{
    manifest_literal(in, "{\"format\":1,\"role\":\"");
    m->role = manifest_text(in, MANIFEST_ROLE - 1);
    if (in->rc == ERR_OK && !manifest_role_ok(m->role))
        manifest_fail(in, ERR_INPUT, "no role has this name");
    manifest_literal(in, ",\"edition\":\"");
    m->edition = manifest_text(in, MANIFEST_EDITION_MAX);
    if (in->rc == ERR_OK && !manifest_edition_ok(m->edition))
        manifest_fail(in, ERR_INPUT, "no edition has this name");
    manifest_literal(in, ",\"percent\":");
    m->percent = (int)manifest_number(in, 100);
    manifest_literal(in, ",\"needs\":");
    m->needs = (int)manifest_number(in, 999);
    if (in->rc == ERR_OK && m->needs == 0)
        manifest_fail(in, ERR_INPUT, "it needs nothing");
    manifest_literal(in, ",");
}

static void manifest_read_file(struct manifest_in *in, const struct manifest *m,
                               const struct manifest_file *before, struct manifest_file *out)
{
    const size_t at = in->at;

    manifest_literal(in, "[\"");
    out->path = manifest_text(in, MANIFEST_PATH_MAX);
    manifest_literal(in, ",\"");
    manifest_sum(in, MANIFEST_FILE_MAX, out);
    if (in->rc != ERR_OK)
        return;
    if (!manifest_path_ok(m->role, out->path)) {
        in->at = at;
        manifest_fail(in, ERR_INPUT, "no file of this role may have this path");
    } else if (before != NULL && strcmp(before->path, out->path) >= 0) {
        in->at = at;
        manifest_fail(in, ERR_INPUT, "a path twice, or out of its order");
    }
}

/* How many files there are at the most: each has a bracket. */
static size_t manifest_brackets(const struct manifest_in *in)
{
    size_t n = 0;

    for (size_t i = in->at; i < in->len && n <= MANIFEST_FILES_MAX; i++)
        n += in->text[i] == '[';
    return n;
}

static void manifest_read_files(struct manifest_in *in, struct manifest *m)
{
    const size_t room = manifest_brackets(in);
    struct manifest_file *files = arena_array(in->arena, room + 1, sizeof(*files));

    if (files == NULL) {
        manifest_fail(in, ERR_NOMEM, "no memory");
        return;
    }
    manifest_literal(in, "\"files\":[");
    while (in->rc == ERR_OK && !manifest_next_is(in, "]")) {
        if (m->file_count == MANIFEST_FILES_MAX || m->file_count == room) {
            manifest_fail(in, ERR_LIMIT, "too many files");
            return;
        }
        if (m->file_count > 0)
            manifest_literal(in, ",");
        manifest_read_file(in, m, m->file_count > 0 ? &files[m->file_count - 1] : NULL,
                           &files[m->file_count]);
        m->total += files[m->file_count].len;
        m->file_count++;
        if (m->total > MANIFEST_TOTAL_MAX)
            manifest_fail(in, ERR_LIMIT, "its files are too large together");
    }
    manifest_literal(in, "]}");
    m->files = files;
}

static enum err manifest_begin(struct manifest_in *in, struct manifest *m)
{
    if (in->len > MANIFEST_BYTES_MAX)
        return why_set(in->why, ERR_LIMIT, 0, "manifest of %zu bytes, the maximum is %d", in->len,
                       MANIFEST_BYTES_MAX);
    manifest_read_head(in, m);
    return in->rc;
}

enum err manifest_head(struct arena *a, const void *bytes, size_t len, struct manifest *out,
                       struct why *why)
{
    struct manifest_in in = { .text = bytes, .len = len, .arena = a, .why = why };
    struct manifest m = { .role = NULL };
    enum err rc = manifest_begin(&in, &m);

    if (rc == ERR_OK)
        *out = m;
    return rc;
}

enum err manifest_parse(struct arena *a, const void *bytes, size_t len, struct manifest *out,
                        struct why *why)
{
    struct manifest_in in = { .text = bytes, .len = len, .arena = a, .why = why };
    struct manifest m = { .role = NULL };
    enum err rc = manifest_begin(&in, &m);

    if (rc != ERR_OK)
        return rc;
    if (m.needs > MANIFEST_NEEDS)
        return why_set(why, ERR_CONFLICT, 0,
                       "edition %s of %s needs a newer program: it is in format %d, this program "
                       "knows %d",
                       m.edition, m.role, m.needs, MANIFEST_NEEDS);
    m.has_dictionary = manifest_next_is(&in, "\"dictionary\":[\"");
    if (m.has_dictionary) {
        manifest_literal(&in, "\"dictionary\":[\"");
        manifest_sum(&in, MANIFEST_DICTIONARY_MAX, &m.dictionary);
        manifest_literal(&in, ",");
    }
    manifest_read_files(&in, &m);
    if (in.rc == ERR_OK && in.at != in.len)
        manifest_fail(&in, ERR_INPUT, "something stands behind it");
    if (in.rc == ERR_OK)
        *out = m;
    return in.rc;
}

static void manifest_put_sum(const struct manifest_file *f, struct buf *out)
{
    char digits[KEYS_ID_TEXT];

    hex_put(digits, f->hash, KEYS_HASH);
    buf_printf(out, "%s\",%u]", digits, (unsigned)f->len);
}

static enum err manifest_write_head(const struct manifest *m, struct buf *out, struct why *why)
{
    if (!manifest_role_ok(m->role) || !manifest_edition_ok(m->edition))
        return why_set(why, ERR_INPUT, 0, "role \"%s\", edition \"%s\": no manifest has these",
                       m->role, m->edition);
    if (m->percent < 0 || m->percent > 100 || m->needs < 1 || m->needs > MANIFEST_NEEDS)
        return why_set(why, ERR_INPUT, 0, "percent %d, needs %d: no manifest has these", m->percent,
                       m->needs);
    buf_printf(out, "{\"format\":1,\"role\":\"%s\",\"edition\":\"%s\",\"percent\":%d,\"needs\":%d,",
               m->role, m->edition, m->percent, m->needs);
    if (!m->has_dictionary)
        return ERR_OK;
    if (m->dictionary.len > MANIFEST_DICTIONARY_MAX)
        return why_set(why, ERR_LIMIT, 0, "dictionary of %u bytes, the maximum is %d",
                       (unsigned)m->dictionary.len, MANIFEST_DICTIONARY_MAX);
    buf_str(out, "\"dictionary\":[\"");
    manifest_put_sum(&m->dictionary, out);
    buf_char(out, ',');
    return ERR_OK;
}

static enum err manifest_write_files(const struct manifest *m, struct buf *out, struct why *why)
{
    uint64_t total = 0;

    if (m->file_count > MANIFEST_FILES_MAX)
        return why_set(why, ERR_LIMIT, 0, "%zu files, the maximum is %d", m->file_count,
                       MANIFEST_FILES_MAX);
    buf_str(out, "\"files\":[");
    for (size_t i = 0; i < m->file_count; i++) {
        const struct manifest_file *f = &m->files[i];

        if (!manifest_path_ok(m->role, f->path))
            return why_set(why, ERR_INPUT, 0, "%s: no file of %s may have this path", f->path,
                           m->role);
        if (i > 0 && strcmp(f[-1].path, f->path) >= 0)
            return why_set(why, ERR_INPUT, 0, "%s: twice, or out of its order", f->path);
        if (f->len > MANIFEST_FILE_MAX)
            return why_set(why, ERR_LIMIT, 0, "%s: %u bytes, the maximum is %d", f->path,
                           (unsigned)f->len, MANIFEST_FILE_MAX);
        total += f->len;
        buf_printf(out, "%s[\"%s\",\"", i > 0 ? "," : "", f->path);
        manifest_put_sum(f, out);
    }
    buf_str(out, "]}");
    if (total > MANIFEST_TOTAL_MAX)
        return why_set(why, ERR_LIMIT, 0, "%llu bytes in all, the maximum is %d",
                       (unsigned long long)total, MANIFEST_TOTAL_MAX);
    return ERR_OK;
}

enum err manifest_write(const struct manifest *m, struct buf *out, struct why *why)
{
    const size_t before = out->len;
    enum err rc = manifest_write_head(m, out, why);

    if (rc == ERR_OK)
        rc = manifest_write_files(m, out, why);
    if (rc == ERR_OK)
        rc = buf_done(out, why);
    if (rc == ERR_OK && out->len - before > MANIFEST_BYTES_MAX)
        return why_set(why, ERR_LIMIT, 0, "manifest of %zu bytes, the maximum is %d",
                       out->len - before, MANIFEST_BYTES_MAX);
    return rc;
}

static int manifest_path_cmp(const void *path, const void *file)
{
    return strcmp(path, ((const struct manifest_file *)file)->path);
}

const struct manifest_file *manifest_find(const struct manifest *m, const char *path)
{
    if (m->file_count == 0)
        return NULL;
    return bsearch(path, m->files, m->file_count, sizeof(*m->files), manifest_path_cmp);
}

int manifest_ring(const char *device_id, const char *role)
{
    char text[KEYS_ID_TEXT + MANIFEST_ROLE + 16];
    uint8_t hash[KEYS_HASH];

    (void)str_format(text, sizeof text, "canny-ring\n%s\n%s", device_id, role);
    keys_sha256(hash, text, strlen(text));
    const uint32_t n = (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 | (uint32_t)hash[2] << 8 |
                       (uint32_t)hash[3];
    return (int)(n % MANIFEST_RINGS);
}

bool manifest_takes(const struct manifest *m, const char *device_id, int cap)
{
    return manifest_ring(device_id, m->role) < (m->percent < cap ? m->percent : cap);
}
