#include "sync/update/tuf_meta.h"

#include <stdlib.h>
#include <string.h>

#include "platform/base/clock.h"
#include "platform/base/str.h"
#include "sync/update/tuf_json.h"
#include "sync/update/tuf_meta_parts.h"

static const char *const meta_names[] = { "root", "timestamp", "snapshot", "targets" };

const char *tuf_kind_name(enum tuf_kind kind)
{
    return meta_names[kind];
}

/* ---- what every kind has ---- */

/* "1.0.34", "1.0": any version of the first; the second may mean other things by the same words. */
static bool meta_spec_ok(const char *text)
{
    if (text == NULL || !str_starts(text, "1."))
        return false;
    for (const char *c = text + 2;; c++) {
        if (*c < '0' || *c > '9')
            return false; /* each part has a digit */
        while (c[1] >= '0' && c[1] <= '9')
            c++;
        if (*++c == '\0')
            return true;
        if (*c != '.')
            return false;
    }
}

/* "2026-11-22T10:42:07Z" and nothing else: a date that one reader takes for another is a freeze. */
static bool meta_date(const char *text, int64_t *out_ms)
{
    static const char shape[] = "0000-00-00T00:00:00Z";

    if (text == NULL || strlen(text) != sizeof shape - 1)
        return false;
    for (size_t i = 0; shape[i] != '\0'; i++)
        if (shape[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
            return false;
    return clock_parse_iso(text, out_ms);
}

static enum err meta_common(const struct json *node, struct tuf_meta *m, struct why *why)
{
    const char *type = json_str(node, "_type");
    const char *spec = json_str(node, "spec_version");

    if (node == NULL || node->type != JNODE_OBJECT)
        return why_set(why, ERR_INPUT, 0, "nothing is signed");
    if (!str_eq(type, meta_names[m->kind]))
        return why_set(why, ERR_INPUT, 0, "is %.32s and not %s", type != NULL ? type : "of no type",
                       meta_names[m->kind]);
    if (!meta_spec_ok(spec))
        return why_set(why, ERR_INPUT, 0, "follows version %.16s of TUF, known is 1",
                       spec != NULL ? spec : "(none)");
    m->version = json_int(node, "version", 0);
    if (m->version < 1)
        return why_set(why, ERR_INPUT, 0, "has no version");
    if (!meta_date(json_str(node, "expires"), &m->expires_ms))
        return why_set(why, ERR_INPUT, 0, "does not say when it expires");
    return ERR_OK;
}

static enum err meta_canonical(struct arena *a, const struct json *node, size_t max,
                               struct tuf_meta *m, struct why *why)
{
    struct buf text;

    buf_init(&text, max);
    enum err rc = tuf_json_write(&text, node, why);
    /* Without spaces and escapes it is no longer than what it was read from: it was memory that ended. */
    if (rc == ERR_LIMIT)
        rc = why_set(why, ERR_NOMEM, 0, "metadata");
    if (rc == ERR_OK) {
        m->bytes = arena_strndup(a, text.data, text.len);
        m->len = text.len;
        if (m->bytes == NULL)
            rc = why_set(why, ERR_NOMEM, 0, "metadata");
    }
    buf_free(&text);
    return rc;
}

/* ---- signatures ---- */

static enum err meta_signature(struct arena *a, const struct json *node, struct tuf_signature *out,
                               struct why *why)
{
    const char *hex = json_str(node, "sig");
    struct tuf_signature s = { .keyid = json_str(node, "keyid") };

    if (s.keyid == NULL || hex == NULL)
        return why_set(why, ERR_INPUT, 0, "a signature without a keyid or without a text");
    const size_t len = strlen(hex) / 2;
    if (len > 0 && len <= TUF_SIG_MAX) {
        uint8_t *bytes = arena_alloc(a, len);

        if (bytes == NULL)
            return why_set(why, ERR_NOMEM, 0, "signatures");
        if (tuf_hex(bytes, len, hex)) {
            s.sig = bytes;
            s.len = len;
        }
    }
    *out = s;
    return ERR_OK;
}

static enum err meta_signatures(struct arena *a, const struct json *node, struct tuf_meta *m,
                                struct why *why)
{
    struct tuf_signature *rows = NULL;
    size_t count = 0;

    if (node == NULL || node->type != JNODE_ARRAY)
        return why_set(why, ERR_INPUT, 0, "has no list of signatures");
    if (node->len > TUF_SIGNATURES_MAX)
        return why_set(why, ERR_LIMIT, 0, "has %zu signatures, the maximum is %d", node->len,
                       TUF_SIGNATURES_MAX);
    rows = arena_array(a, node->len + 1, sizeof *rows);
    if (rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "signatures");
    for (const struct json *s = node->first; s != NULL && count < node->len; s = s->next) {
        enum err rc = meta_signature(a, s, &rows[count], why);

        if (rc != ERR_OK)
            return rc;
        for (size_t i = 0; i < count; i++)
            if (str_eq(rows[i].keyid, rows[count].keyid))
                return why_set(why, ERR_INPUT, 0, "has two signatures of one keyid");
        count++;
    }
    m->signatures = rows;
    m->signature_count = count;
    return ERR_OK;
}

/* ---- files and targets ---- */

static enum err meta_hashes(const struct json *node, struct tuf_hashes *out, struct why *why)
{
    struct tuf_hashes h = { 0 };

    if (node->type != JNODE_OBJECT || node->len == 0)
        return why_set(why, ERR_INPUT, 0, "hashes are no object, or none");
    for (const struct json *m = node->first; m != NULL; m = m->next) {
        uint8_t *to = str_eq(m->key, "sha256")   ? h.sha256
                      : str_eq(m->key, "sha512") ? h.sha512
                                                 : NULL;

        if (m->type != JNODE_STRING)
            return why_set(why, ERR_INPUT, 0, "a hash that is no text");
        if (to == NULL)
            continue;
        if (!hex_get(to, to == h.sha256 ? KEYS_HASH : TUF_SHA512, m->text))
            return why_set(why, ERR_INPUT, 0, "%s is not its hex digits", m->key);
        h.has_sha256 = h.has_sha256 || to == h.sha256;
        h.has_sha512 = h.has_sha512 || to == h.sha512;
    }
    *out = h;
    return ERR_OK;
}

static enum err meta_file(const struct json *node, bool target, struct tuf_file *out,
                          struct why *why)
{
    const struct json *length = json_get(node, "length");
    const struct json *hashes = json_get(node, "hashes");
    struct tuf_file f = { .name = node->key, .length = -1, .node = node };
    enum err rc = ERR_OK;

    if (node->type != JNODE_OBJECT)
        return why_set(why, ERR_INPUT, 0, "%.80s: not an object", f.name);
    if (!target && (f.version = json_int(node, "version", 0)) < 1)
        return why_set(why, ERR_INPUT, 0, "%.80s: no version", f.name);
    if (length != NULL) {
        if (length->type != JNODE_INT || length->integer < 0)
            return why_set(why, ERR_INPUT, 0, "%.80s: length", f.name);
        f.length = length->integer;
    }
    if (target && (length == NULL || hashes == NULL))
        return why_set(why, ERR_INPUT, 0, "%.80s: no length or no hashes", f.name);
    if (hashes != NULL) {
        f.hashed = true;
        rc = meta_hashes(hashes, &f.hashes, why);
    }
    if (rc != ERR_OK)
        return why_in(why, rc, "%.80s", f.name);
    *out = f;
    return ERR_OK;
}

static int meta_file_order(const void *x, const void *y)
{
    const struct tuf_file *a = x;
    const struct tuf_file *b = y;

    return strcmp(a->name, b->name);
}

static enum err meta_files(struct arena *a, const struct json *node, bool target,
                           struct tuf_meta *m, struct why *why)
{
    struct tuf_file *rows = NULL;
    size_t count = 0;

    if (node == NULL || node->type != JNODE_OBJECT)
        return why_set(why, ERR_INPUT, 0, "names no files");
    rows = arena_array(a, node->len + 1, sizeof *rows);
    if (rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "files");
    for (const struct json *f = node->first; f != NULL && count < node->len; f = f->next) {
        enum err rc = meta_file(f, target, &rows[count], why);

        if (rc != ERR_OK)
            return rc;
        count++;
    }
    if (count > 1)
        qsort(rows, count, sizeof *rows, meta_file_order);
    m->files = rows;
    m->file_count = count;
    return ERR_OK;
}

const struct tuf_file *tuf_meta_file(const struct tuf_meta *m, const char *name)
{
    return m->file_count == 0 ? NULL
                              : bsearch(&(struct tuf_file){ .name = name }, m->files, m->file_count,
                                        sizeof *m->files, meta_file_order);
}

/* ---- kinds ---- */

static enum err meta_root(struct arena *a, const struct json *node, struct tuf_meta *m,
                          struct why *why)
{
    const struct json *consistent = json_get(node, "consistent_snapshot");
    const struct json *roles = json_get(node, "roles");
    struct tuf_keys keys = { 0 };
    enum err rc = tuf_keys_read(a, json_get(node, "keys"), &keys, why);

    if (consistent != NULL && consistent->type != JNODE_BOOL)
        return why_set(why, ERR_INPUT, 0, "consistent_snapshot is neither true nor false");
    m->consistent = consistent != NULL && consistent->integer != 0;
    for (size_t i = 0; i < COUNT_OF(meta_names) && rc == ERR_OK; i++)
        rc = tuf_signers_read(a, json_get(roles, meta_names[i]), &keys, meta_names[i], &m->roles[i],
                              why);
    return rc;
}

static enum err meta_kind(struct arena *a, const struct json *node, struct tuf_meta *m,
                          struct why *why)
{
    enum err rc = ERR_OK;

    switch (m->kind) {
    case TUF_ROOT:
        return meta_root(a, node, m, why);
    case TUF_TIMESTAMP:
        rc = meta_files(a, json_get(node, "meta"), false, m, why);
        if (rc == ERR_OK && tuf_meta_file(m, "snapshot.json") == NULL)
            rc = why_set(why, ERR_INPUT, 0, "names no snapshot");
        return rc;
    case TUF_SNAPSHOT:
        return meta_files(a, json_get(node, "meta"), false, m, why);
    case TUF_TARGETS:
        rc = meta_files(a, json_get(node, "targets"), true, m, why);
        return rc != ERR_OK ? rc : tuf_delegations_read(a, json_get(node, "delegations"), m, why);
    }
    return why_set(why, ERR_INPUT, 0, "no such kind");
}

enum err tuf_meta_read(struct arena *a, enum tuf_kind kind, const void *bytes, size_t len,
                       struct tuf_meta *out, struct why *why)
{
    struct tuf_meta m = { .kind = kind };
    const struct json *whole = NULL;
    enum err rc = json_parse(a, bytes, len, len, &whole, why);

    if (rc != ERR_OK)
        return rc;
    m.node = json_get(whole, "signed");
    rc = meta_common(m.node, &m, why);
    if (rc == ERR_OK)
        rc = meta_signatures(a, json_get(whole, "signatures"), &m, why);
    if (rc == ERR_OK)
        rc = meta_canonical(a, m.node, len, &m, why);
    if (rc == ERR_OK)
        rc = meta_kind(a, m.node, &m, why);
    if (rc == ERR_OK)
        *out = m;
    return rc;
}
