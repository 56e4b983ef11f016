#include "sync/client/httpsig.h"

#include <string.h>

#include "platform/base/str.h"

/* Structured Fields (RFC 8941), the little of it that these two headers use. The first failure stays: `bad`
   names it, and everything after does nothing. */
struct httpsig_reader {
    const char *at;
    const char *bad;
};

static void httpsig_fail(struct httpsig_reader *r, const char *what)
{
    if (r->bad == NULL)
        r->bad = what;
}

static bool httpsig_eat(struct httpsig_reader *r, char c)
{
    if (r->bad != NULL || *r->at != c)
        return false;
    r->at++;
    return true;
}

static void httpsig_need(struct httpsig_reader *r, char c, const char *what)
{
    if (!httpsig_eat(r, c))
        httpsig_fail(r, what);
}

static bool httpsig_is_key(char c, bool first)
{
    if ((c >= 'a' && c <= 'z') || c == '*')
        return true;
    return !first && ((c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.');
}

static void httpsig_key(struct httpsig_reader *r, char *out, size_t size)
{
    size_t n = 0;

    while (r->bad == NULL && httpsig_is_key(r->at[0], n == 0)) {
        if (n + 1 >= size) {
            httpsig_fail(r, "a name is too long");
            return;
        }
        out[n++] = *r->at++;
    }
    if (n == 0)
        httpsig_fail(r, "a name is missing");
    out[n] = '\0';
}

/* A quoted string. Escapes are refused: nothing that we or the RFC's examples write needs one, and a string with
   none in it means the same to every reader. */
static void httpsig_string(struct httpsig_reader *r, char *out, size_t size)
{
    size_t n = 0;

    httpsig_need(r, '"', "a quoted string is missing");
    while (r->bad == NULL && *r->at != '"') {
        unsigned char c = (unsigned char)*r->at;
        if (c < 0x20 || c > 0x7e || c == '\\') {
            httpsig_fail(r, "a quoted string holds a forbidden character or does not end");
            return;
        }
        if (n + 1 >= size) {
            httpsig_fail(r, "a quoted string is too long");
            return;
        }
        out[n++] = *r->at++;
    }
    out[n] = '\0';
    httpsig_need(r, '"', "a quoted string does not end");
}

/* At most twelve digits, so that no sum of it can overflow. */
static int64_t httpsig_integer(struct httpsig_reader *r)
{
    int64_t value = 0;
    size_t n = 0;

    while (r->bad == NULL && *r->at >= '0' && *r->at <= '9') {
        if (++n > 12) {
            httpsig_fail(r, "a number is too long");
            return 0;
        }
        value = value * 10 + (*r->at++ - '0');
    }
    if (n == 0)
        httpsig_fail(r, "a number is missing");
    return value;
}

static void httpsig_part(struct httpsig_reader *r, struct httpsig_input *in)
{
    if (in->part_count >= HTTPSIG_PARTS_MAX) {
        httpsig_fail(r, "too many covered parts");
        return;
    }

    struct httpsig_part part = { .req = false };
    httpsig_string(r, part.name, sizeof(part.name));
    if (httpsig_eat(r, ';')) {
        char key[8];
        httpsig_key(r, key, sizeof(key));
        if (r->bad == NULL && strcmp(key, "req") != 0)
            httpsig_fail(r, "a covered part has a parameter other than req");
        part.req = true;
    }
    if (r->bad != NULL)
        return;
    if (httpsig_covers(in, part.name, part.req)) {
        httpsig_fail(r, "a part is covered twice"); /* RFC 9421, 2.5: must not */
        return;
    }
    in->parts[in->part_count++] = part;
}

static void httpsig_list(struct httpsig_reader *r, struct httpsig_input *in)
{
    httpsig_need(r, '(', "the list of covered parts is missing");
    if (httpsig_eat(r, ')'))
        return;
    do
        httpsig_part(r, in);
    while (httpsig_eat(r, ' '));
    httpsig_need(r, ')', "the list of covered parts does not end");
}

static void httpsig_param(struct httpsig_reader *r, struct httpsig_input *in, unsigned *seen)
{
    static const char *const names[] = { "created", "nonce", "keyid", "alg", "expires", "tag" };
    char key[16];
    char ignored[64];
    size_t which = 0;

    httpsig_key(r, key, sizeof(key));
    if (r->bad != NULL)
        return;
    while (which < COUNT_OF(names) && strcmp(names[which], key) != 0)
        which++;
    if (which == COUNT_OF(names) || (*seen & (1U << which)) != 0) {
        httpsig_fail(r, "a parameter is unknown or there twice");
        return;
    }
    *seen |= 1U << which;
    httpsig_need(r, '=', "a parameter has no value");
    switch (which) {
    case 0:
        in->created = httpsig_integer(r);
        break;
    case 1:
        httpsig_string(r, in->nonce, sizeof(in->nonce));
        break;
    case 2:
        httpsig_string(r, in->keyid, sizeof(in->keyid));
        break;
    case 3:
        httpsig_string(r, in->alg, sizeof(in->alg));
        break;
    case 4:
        (void)httpsig_integer(r); /* our own window on `created` is the narrower one */
        break;
    default:
        httpsig_string(r, ignored, sizeof(ignored));
        break;
    }
}

enum err httpsig_parse(const char *header, struct httpsig_input *out, struct why *why)
{
    if (strlen(header) > HTTPSIG_INPUT_MAX)
        return why_set(why, ERR_LIMIT, 0, "Signature-Input is longer than %d bytes",
                       HTTPSIG_INPUT_MAX);

    struct httpsig_reader r = { .at = header };
    struct httpsig_input in = { .created = -1 };
    unsigned seen = 0;
    httpsig_key(&r, in.label, sizeof(in.label));
    httpsig_need(&r, '=', "the label has no value");
    const char *params = r.at;
    httpsig_list(&r, &in);
    while (httpsig_eat(&r, ';'))
        httpsig_param(&r, &in, &seen);
    if (*r.at != '\0')
        httpsig_fail(&r, "something follows the parameters");
    if (r.bad != NULL)
        return why_set(why, ERR_INPUT, 0, "Signature-Input, byte %zu: %s", (size_t)(r.at - header),
                       r.bad);
    (void)str_copy(in.params, sizeof(in.params), params);
    *out = in;
    return ERR_OK;
}

bool httpsig_covers(const struct httpsig_input *in, const char *name, bool req)
{
    for (size_t i = 0; i < in->part_count; i++)
        if (in->parts[i].req == req && strcmp(in->parts[i].name, name) == 0)
            return true;
    return false;
}

const char *httpsig_header(const struct httpsig_message *m, const char *name)
{
    for (size_t i = 0; i < m->field_count; i++)
        if (strcmp(m->fields[i].name, name) == 0)
            return m->fields[i].value;
    return NULL;
}

/* The value of a derived component (RFC 9421, 2.2) or a header; false when the message has none. */
static bool httpsig_value(struct buf *b, const char *name, const struct httpsig_message *m)
{
    const char *value = NULL;

    if (strcmp(name, "@method") == 0) {
        value = m->method;
    } else if (strcmp(name, "@authority") == 0) {
        value = m->authority;
    } else if (strcmp(name, "@path") == 0) {
        value = m->path != NULL && m->path[0] == '\0' ? "/" : m->path;
    } else if (strcmp(name, "@query") == 0) {
        if (m->method == NULL)
            return false;
        buf_char(b, '?'); /* an absent query is a lone question mark (2.2.7) */
        value = m->query != NULL ? m->query : "";
    } else if (strcmp(name, "@status") == 0) {
        if (m->status < 100 || m->status > 999)
            return false;
        buf_printf(b, "%d", m->status);
        value = "";
    } else if (name[0] != '@') {
        value = httpsig_header(m, name);
    }
    /* A line break inside a value would let one part pass for two. */
    if (value == NULL || strpbrk(value, "\r\n") != NULL)
        return false;
    buf_str(b, value);
    return true;
}

enum err httpsig_base(struct arena *a, const struct httpsig_input *in,
                      const struct httpsig_message *m, char **out, size_t *out_len, struct why *why)
{
    struct buf b;
    enum err rc = ERR_OK;

    buf_init(&b, HTTPSIG_BASE_MAX);
    for (size_t i = 0; i < in->part_count; i++) {
        const struct httpsig_part *part = &in->parts[i];
        const struct httpsig_message *from = part->req ? m->request : m;
        buf_printf(&b, "\"%s\"%s: ", part->name, part->req ? ";req" : "");
        if (from == NULL || !httpsig_value(&b, part->name, from)) {
            rc = why_set(why, ERR_INPUT, 0, "the signature covers %s, which is not there",
                         part->name);
            goto out;
        }
        buf_char(&b, '\n');
    }
    buf_printf(&b, "\"@signature-params\": %s", in->params);
    rc = buf_done(&b, why);
    if (rc != ERR_OK)
        goto out;

    char *text = arena_strndup(a, b.data, b.len);
    if (text == NULL) {
        rc = why_set(why, ERR_NOMEM, 0, "signature base: no memory");
        goto out;
    }
    *out = text;
    *out_len = b.len;
out:
    buf_free(&b);
    return rc;
}

static enum err httpsig_write_params(struct httpsig_input *in, struct why *why)
{
    struct buf b;

    buf_init(&b, HTTPSIG_INPUT_MAX);
    buf_char(&b, '(');
    for (size_t i = 0; i < in->part_count; i++)
        buf_printf(&b, "%s\"%s\"%s", i == 0 ? "" : " ", in->parts[i].name,
                   in->parts[i].req ? ";req" : "");
    buf_char(&b, ')');
    if (in->created >= 0)
        buf_printf(&b, ";created=%lld", (long long)in->created);
    if (in->nonce[0] != '\0')
        buf_printf(&b, ";nonce=\"%s\"", in->nonce);
    if (in->keyid[0] != '\0')
        buf_printf(&b, ";keyid=\"%s\"", in->keyid);
    if (in->alg[0] != '\0')
        buf_printf(&b, ";alg=\"%s\"", in->alg);
    enum err rc = buf_done(&b, why);
    if (rc == ERR_OK)
        (void)str_copy(in->params, sizeof(in->params), b.data);
    buf_free(&b);
    return rc;
}

enum err httpsig_sign(struct arena *a, struct httpsig_input *in, const struct httpsig_message *m,
                      const struct keypair *key, char **out_input, char **out_signature,
                      struct why *why)
{
    char *base, *b64;
    size_t len;
    uint8_t sig[KEYS_SIG];
    enum err rc = httpsig_write_params(in, why);
    if (rc != ERR_OK)
        return rc;
    rc = httpsig_base(a, in, m, &base, &len, why);
    if (rc != ERR_OK)
        return rc;
    keys_sign(sig, key, base, len);
    rc = keys_b64(a, sig, sizeof(sig), &b64, why);
    if (rc != ERR_OK)
        return rc;

    char *input = arena_printf(a, "%s=%s", in->label, in->params);
    char *signature = arena_printf(a, "%s=:%s:", in->label, b64);
    if (input == NULL || signature == NULL)
        return why_set(why, ERR_NOMEM, 0, "sign: no memory");
    *out_input = input;
    *out_signature = signature;
    return ERR_OK;
}

/* The bytes of `label=:base64:`, which must be all there is. */
static enum err httpsig_bytes(struct arena *a, const char *header, const char *label, size_t want,
                              uint8_t **out, struct why *why)
{
    size_t label_len = strlen(label);
    size_t len = strlen(header);
    size_t got = 0;
    if (len > HTTPSIG_SIGNATURE_MAX)
        return why_set(why, ERR_LIMIT, 0, "%s: longer than %d bytes", label, HTTPSIG_SIGNATURE_MAX);
    if (len < label_len + 3 || strncmp(header, label, label_len) != 0 || header[label_len] != '=' ||
        header[label_len + 1] != ':' || header[len - 1] != ':')
        return why_set(why, ERR_INPUT, 0, "%s: not of the form %s=:…:", label, label);

    char *text = arena_strndup(a, header + label_len + 2, len - label_len - 3);
    if (text == NULL)
        return why_set(why, ERR_NOMEM, 0, "%s: no memory", label);
    enum err rc = keys_unb64(a, text, out, &got, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "%s", label);
    if (got != want)
        return why_set(why, ERR_INPUT, 0, "%s: %zu bytes, not %zu", label, got, want);
    return ERR_OK;
}

enum err httpsig_verify(struct arena *a, const struct httpsig_input *in, const char *signature,
                        const struct httpsig_message *m, const uint8_t pub[KEYS_PUBLIC],
                        struct why *why)
{
    uint8_t *sig = NULL;
    char *base = NULL;
    size_t len = 0;
    enum err rc = httpsig_bytes(a, signature, in->label, KEYS_SIG, &sig, why);
    if (rc != ERR_OK)
        return rc;
    if (in->alg[0] != '\0' && strcmp(in->alg, "ed25519") != 0)
        return why_set(why, ERR_INPUT, 0, "signature algorithm %s is not ed25519", in->alg);
    rc = httpsig_base(a, in, m, &base, &len, why);
    if (rc != ERR_OK)
        return rc;
    if (!keys_verify(sig, pub, base, len))
        return why_set(why, ERR_DENIED, 0, "the signature does not fit the message");
    return ERR_OK;
}

enum err httpsig_digest(struct arena *a, const void *body, size_t len,
                        char out[HTTPSIG_DIGEST_TEXT], struct why *why)
{
    uint8_t hash[KEYS_HASH];
    char *b64;

    keys_sha256(hash, body, len);
    enum err rc = keys_b64(a, hash, sizeof(hash), &b64, why);
    if (rc == ERR_OK)
        (void)str_format(out, HTTPSIG_DIGEST_TEXT, "sha-256=:%s:", b64);
    return rc;
}

enum err httpsig_digest_check(struct arena *a, const char *header, const void *body, size_t len,
                              struct why *why)
{
    uint8_t hash[KEYS_HASH];
    uint8_t *said = NULL;
    enum err rc = httpsig_bytes(a, header, "sha-256", KEYS_HASH, &said, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "Content-Digest");

    keys_sha256(hash, body, len);
    if (!keys_equal(hash, said, KEYS_HASH))
        return why_set(why, ERR_DENIED, 0, "Content-Digest is not this body's");
    return ERR_OK;
}
