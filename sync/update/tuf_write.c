#include "sync/update/tuf_write.h"

#include <stdlib.h>
#include <string.h>

#include "platform/base/clock.h"
#include "platform/base/json.h"
#include "sync/update/tuf_json.h"

/* Metadata is written member by member in any order, read again, and put into its canonical form from what was read: so
   that a name that stands twice, or a text that others would sign differently, is found here and not by a kiosk. */

static enum err write_no_memory(struct why *why)
{
    return why_set(why, ERR_NOMEM, 0, "no memory for metadata");
}

/* Quotes and backslashes are escaped in the same way everywhere; control characters are not. */
static bool text_ok(const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            return false;
    return utf8_valid(text, strlen(text));
}

static bool texts_ok(const struct json *node)
{
    if (node->key != NULL && !text_ok(node->key))
        return false;
    if (node->type == JNODE_STRING)
        return text_ok(node->text);
    if (node->type == JNODE_ARRAY || node->type == JNODE_OBJECT)
        for (const struct json *at = node->first; at != NULL; at = at->next)
            if (!texts_ok(at))
                return false;
    return true;
}

/* The canonical form of what stands in draft, added to out. */
static enum err write_canonical(struct arena *a, const struct buf *draft, struct buf *out,
                                struct why *why)
{
    const struct json *node = NULL;
    enum err rc = buf_done(draft, why);

    if (rc == ERR_OK)
        rc = json_parse(a, draft->data, draft->len, TUF_WRITE_MAX, &node, why);
    if (rc == ERR_OK && !texts_ok(node))
        rc = why_set(why, ERR_INPUT, 0, "a text has characters that cannot be signed");
    return rc == ERR_OK ? tuf_json_write(out, node, why) : rc;
}

/* The members stand in the order of their bytes already. */
static void key_object(struct buf *text, const char *public_hex, const char *name)
{
    struct json_out j;

    json_out_init(&j, text);
    json_out_object(&j, NULL);
    json_out_str(&j, "keytype", "ed25519");
    json_out_object(&j, "keyval");
    json_out_str(&j, "public", public_hex);
    json_out_end_object(&j);
    json_out_str(&j, "scheme", "ed25519");
    if (name != NULL) {
        json_out_object(&j, "x_canny");
        json_out_str(&j, "name", name);
        json_out_end_object(&j);
    }
    json_out_end_object(&j);
}

enum err tuf_write_key(struct arena *a, const char *public_hex, const char *name,
                       struct tuf_write_key *out, struct why *why)
{
    struct tuf_write_key made = { 0 };
    struct buf text;
    char id[KEYS_ID_TEXT];
    enum err rc;

    if (!hex_is(public_hex, (size_t)KEYS_PUBLIC * 2))
        return why_set(why, ERR_INPUT, 0, "no Ed25519 key: 64 hexadecimal digits");
    if (name != NULL && !text_ok(name))
        return why_set(why, ERR_INPUT, 0, "the name of a key has characters that cannot be signed");
    buf_init(&text, TUF_WRITE_MAX);
    key_object(&text, public_hex, NULL);
    rc = buf_done(&text, why);
    if (rc == ERR_OK) {
        keys_sha256_hex(id, text.data, text.len);
        buf_reset(&text);
        key_object(&text, public_hex, name);
        rc = buf_done(&text, why);
    }
    if (rc == ERR_OK) {
        made.id = arena_strdup(a, id);
        made.object = arena_strdup(a, text.data);
        rc = made.id != NULL && made.object != NULL ? ERR_OK : write_no_memory(why);
    }
    buf_free(&text);
    if (rc == ERR_OK)
        *out = made;
    return rc;
}

/* A value that is JSON already. */
static void write_raw(struct json_out *j, const char *key, const char *value)
{
    json_out_array(j, key); /* for its comma and its key; the bracket goes again */
    if (j->to->failed)
        return;
    j->to->len--;
    j->depth--;
    buf_str(j->to, value);
}

static void write_keys(struct json_out *j, const struct tuf_write_key *keys, size_t count)
{
    json_out_object(j, "keys");
    for (size_t i = 0; i < count; i++)
        write_raw(j, keys[i].id, keys[i].object);
    json_out_end_object(j);
}

/* The keys and the threshold of a role, inside its object. */
static void write_role(struct json_out *j, const struct tuf_write_role *r)
{
    json_out_array(j, "keyids");
    for (size_t i = 0; i < r->count; i++)
        json_out_str(j, NULL, r->keyids[i]);
    json_out_end_array(j);
    json_out_int(j, "threshold", r->threshold);
}

static void write_named_role(struct json_out *j, const char *name, const struct tuf_write_role *r)
{
    json_out_object(j, name);
    write_role(j, r);
    json_out_end_object(j);
}

/* What all roles begin with. */
static void write_head(struct json_out *j, struct buf *draft, const char *type, int64_t version,
                       int64_t expires_ms)
{
    char expires[CLOCK_ISO];

    clock_iso(expires, expires_ms);
    (void)str_copy(expires + TUF_WRITE_TIME - 2, 2, "Z"); /* whole seconds */
    json_out_init(j, draft);
    json_out_object(j, NULL);
    json_out_str(j, "_type", type);
    json_out_str(j, "spec_version", "1.0.34");
    json_out_int(j, "version", version);
    json_out_str(j, "expires", expires);
}

/* Ends the object that write_head began, and adds the file to out. */
static enum err write_file(struct arena *a, struct json_out *j, struct buf *draft, struct buf *out,
                           struct why *why)
{
    enum err rc;

    json_out_end_object(j);
    buf_str(out, "{\"signatures\":[],\"signed\":");
    rc = write_canonical(a, draft, out, why);
    buf_char(out, '}');
    buf_free(draft);
    return rc == ERR_OK ? buf_done(out, why) : rc;
}

enum err tuf_write_root(struct arena *a, const struct tuf_write_root *r, struct buf *out,
                        struct why *why)
{
    struct buf draft;
    struct json_out j;

    buf_init(&draft, TUF_WRITE_MAX);
    write_head(&j, &draft, "root", r->version, r->expires_ms);
    json_out_bool(&j, "consistent_snapshot", true);
    write_keys(&j, r->keys, r->key_count);
    json_out_object(&j, "roles");
    write_named_role(&j, "root", &r->root);
    write_named_role(&j, "snapshot", &r->snapshot);
    write_named_role(&j, "targets", &r->targets);
    write_named_role(&j, "timestamp", &r->timestamp);
    json_out_end_object(&j);
    return write_file(a, &j, &draft, out, why);
}

static void write_delegation(struct json_out *j, const struct tuf_write_delegation *d)
{
    json_out_object(j, NULL);
    json_out_str(j, "name", d->name);
    write_role(j, &d->role);
    json_out_array(j, "paths");
    for (size_t i = 0; i < d->path_count; i++)
        json_out_str(j, NULL, d->paths[i]);
    json_out_end_array(j);
    json_out_bool(j, "terminating", d->terminating);
    if (d->kind != NULL) {
        json_out_object(j, "x_canny");
        json_out_str(j, "kind", d->kind);
        json_out_str(j, "constituency", d->constituency != NULL ? d->constituency : "");
        json_out_str(j, "site", d->site != NULL ? d->site : "");
        json_out_end_object(j);
    }
    json_out_end_object(j);
}

static void write_hashes(struct json_out *j, const char *sha256)
{
    json_out_object(j, "hashes");
    json_out_str(j, "sha256", sha256);
    json_out_end_object(j);
}

enum err tuf_write_targets(struct arena *a, const struct tuf_write_targets *t, struct buf *out,
                           struct why *why)
{
    struct buf draft;
    struct json_out j;

    buf_init(&draft, TUF_WRITE_MAX);
    write_head(&j, &draft, "targets", t->version, t->expires_ms);
    json_out_object(&j, "targets");
    for (size_t i = 0; i < t->target_count; i++) {
        json_out_object(&j, t->targets[i].path);
        json_out_int(&j, "length", t->targets[i].length);
        write_hashes(&j, t->targets[i].sha256);
        json_out_end_object(&j);
    }
    json_out_end_object(&j);
    if (t->delegation_count > 0) {
        json_out_object(&j, "delegations");
        write_keys(&j, t->keys, t->key_count);
        json_out_array(&j, "roles");
        for (size_t i = 0; i < t->delegation_count; i++)
            write_delegation(&j, &t->delegations[i]);
        json_out_end_array(&j);
        json_out_end_object(&j);
    }
    return write_file(a, &j, &draft, out, why);
}

static enum err write_listing(struct arena *a, const char *type, const struct tuf_write_listing *l,
                              struct buf *out, struct why *why)
{
    struct buf draft;
    struct json_out j;

    buf_init(&draft, TUF_WRITE_MAX);
    write_head(&j, &draft, type, l->version, l->expires_ms);
    json_out_object(&j, "meta");
    for (size_t i = 0; i < l->count; i++) {
        json_out_object(&j, l->metas[i].name);
        json_out_int(&j, "version", l->metas[i].version);
        if (l->metas[i].length >= 0)
            json_out_int(&j, "length", l->metas[i].length);
        if (l->metas[i].sha256 != NULL)
            write_hashes(&j, l->metas[i].sha256);
        json_out_end_object(&j);
    }
    json_out_end_object(&j);
    return write_file(a, &j, &draft, out, why);
}

enum err tuf_write_snapshot(struct arena *a, const struct tuf_write_listing *l, struct buf *out,
                            struct why *why)
{
    return write_listing(a, "snapshot", l, out, why);
}

enum err tuf_write_timestamp(struct arena *a, const struct tuf_write_listing *l, struct buf *out,
                             struct why *why)
{
    return write_listing(a, "timestamp", l, out, why);
}

static enum err read_signatures(struct arena *a, const struct json *list,
                                struct tuf_write_signature **out, size_t *out_count,
                                struct why *why)
{
    struct tuf_write_signature *rows = NULL;
    size_t count = 0;

    if (list == NULL || list->type != JNODE_ARRAY)
        return why_set(why, ERR_INPUT, 0, "no list of signatures");
    if (list->len > TUF_WRITE_SIGNATURES_MAX)
        return why_set(why, ERR_LIMIT, 0, "more than %d signatures", TUF_WRITE_SIGNATURES_MAX);
    rows = arena_array(a, list->len + 1, sizeof(*rows));
    if (rows == NULL)
        return write_no_memory(why);
    for (const struct json *at = list->first; at != NULL; at = at->next) {
        struct tuf_write_signature row = { json_str(at, "keyid"), json_str(at, "sig") };

        if (row.keyid == NULL || row.sig == NULL)
            return why_set(why, ERR_INPUT, 0, "a signature without its key or its value");
        rows[count++] = row;
    }
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

enum err tuf_write_read(struct arena *a, const char *file, size_t len,
                        struct tuf_write_signature **out, size_t *out_count, char **out_signed,
                        size_t *out_signed_len, struct why *why)
{
    const struct json *root = NULL, *body = NULL;
    struct buf bytes;
    char *kept = NULL;
    enum err rc = json_parse(a, file, len, TUF_WRITE_MAX, &root, why);

    if (rc != ERR_OK)
        return rc;
    body = json_get(root, "signed");
    if (body == NULL || body->type != JNODE_OBJECT)
        return why_set(why, ERR_INPUT, 0, "no metadata: it has no member \"signed\"");
    rc = read_signatures(a, json_get(root, "signatures"), out, out_count, why);
    if (rc != ERR_OK)
        return rc;
    buf_init(&bytes, TUF_WRITE_MAX);
    rc = tuf_json_write(&bytes, body, why);
    if (rc == ERR_OK) {
        kept = arena_strndup(a, bytes.data, bytes.len);
        *out_signed_len = bytes.len;
        rc = kept != NULL ? ERR_OK : write_no_memory(why);
    }
    buf_free(&bytes);
    if (rc == ERR_OK)
        *out_signed = kept;
    return rc;
}

static int compare_signatures(const void *x, const void *y)
{
    const struct tuf_write_signature *a = x, *b = y;

    return strcmp(a->keyid, b->keyid);
}

enum err tuf_write_put(struct arena *a, const char *file, size_t len,
                       const struct tuf_write_signature *add, struct buf *out, struct why *why)
{
    struct tuf_write_signature *rows = NULL;
    struct json_out j;
    size_t count = 0, at = 0, signed_len = 0;
    char *body = NULL;
    enum err rc = tuf_write_read(a, file, len, &rows, &count, &body, &signed_len, why);

    if (rc != ERR_OK)
        return rc;
    while (at < count && !str_eq(rows[at].keyid, add->keyid))
        at++;
    if (at == TUF_WRITE_SIGNATURES_MAX)
        return why_set(why, ERR_LIMIT, 0, "more than %d signatures", TUF_WRITE_SIGNATURES_MAX);
    rows[at] = *add;
    count += at == count ? 1 : 0;
    qsort(rows, count, sizeof(*rows), compare_signatures);
    json_out_init(&j, out);
    json_out_object(&j, NULL);
    json_out_array(&j, "signatures");
    for (size_t i = 0; i < count; i++) {
        json_out_object(&j, NULL);
        json_out_str(&j, "keyid", rows[i].keyid);
        json_out_str(&j, "sig", rows[i].sig);
        json_out_end_object(&j);
    }
    json_out_end_array(&j);
    write_raw(&j, "signed", body);
    json_out_end_object(&j);
    return buf_done(out, why);
}

enum err tuf_write_sign(struct arena *a, const char *file, size_t len, const char *keyid,
                        const struct keypair *key, struct buf *out, struct why *why)
{
    struct tuf_write_signature *rows, made = { .keyid = keyid };
    uint8_t sig[KEYS_SIG];
    char hex[KEYS_SIG * 2 + 1];
    size_t count = 0, signed_len = 0;
    char *body = NULL;
    enum err rc = tuf_write_read(a, file, len, &rows, &count, &body, &signed_len, why);

    if (rc != ERR_OK)
        return rc;
    keys_sign(sig, key, body, signed_len);
    hex_put(hex, sig, sizeof sig);
    made.sig = hex;
    return tuf_write_put(a, file, len, &made, out, why);
}
