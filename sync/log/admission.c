#include "sync/log/admission.h"

#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/log/signed.h"

void admission_site(char out[KEYS_RANDOM_ID], const char *founder)
{
    char text[128];
    char hash[KEYS_ID_TEXT];

    (void)str_format(text, sizeof text, "canny site 1\n%s\n", founder);
    keys_sha256_hex(hash, text, strlen(text));
    (void)str_copy(out, KEYS_RANDOM_ID, hash);
}

static bool admission_name_ok(const char *name)
{
    if (name == NULL || strlen(name) > ADMISSION_NAME_MAX || !utf8_valid(name, strlen(name)))
        return false;
    for (const char *c = name; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return false;
    return true;
}

static enum err admission_ok(const struct admission *d, struct why *why)
{
    if (!hex_is(d->site, KEYS_RANDOM_ID - 1) || !hex_is(d->by, KEYS_ID_TEXT - 1) ||
        !hex_is(d->device, KEYS_ID_TEXT - 1) || !admission_name_ok(d->site_name) ||
        d->issued_ms <= 0)
        return why_set(why, ERR_INPUT, 0, "admission: a member of it is not what it should be");
    return ERR_OK;
}

/* The one spelling of it: a code carries only the parts. */
static enum err admission_text(const struct admission *d, struct buf *out, struct why *why)
{
    struct json_out j;
    enum err rc = admission_ok(d, why);
    if (rc != ERR_OK)
        return rc;
    json_out_init(&j, out);
    json_out_object(&j, NULL);
    json_out_str(&j, "type", "canny.admission");
    json_out_str(&j, "site", d->site);
    json_out_str(&j, "site_name", d->site_name);
    json_out_str(&j, "by", d->by);
    json_out_str(&j, "device", d->device);
    json_out_int(&j, "issued", d->issued_ms);
    json_out_end_object(&j);
    return buf_done(out, why);
}

enum err admission_make(struct arena *a, const struct admission *d, const struct keypair *key,
                        char **out, size_t *out_len, struct why *why)
{
    struct admission own = *d;
    struct buf text;
    own.by = key->id;
    buf_init(&text, ADMISSION_BYTES_MAX);
    enum err rc = admission_text(&own, &text, why);
    if (rc == ERR_OK)
        rc = signed_make(a, text.data, text.len, key, out, out_len, why);
    buf_free(&text);
    return rc;
}

enum err admission_join(struct arena *a, const struct admission *d, const uint8_t sig[KEYS_SIG],
                        char **out, size_t *out_len, struct why *why)
{
    uint8_t pub[KEYS_PUBLIC];
    struct buf text;
    buf_init(&text, ADMISSION_BYTES_MAX);
    enum err rc = admission_text(d, &text, why);
    if (rc == ERR_OK &&
        (!hex_get(pub, sizeof pub, d->by) || !keys_verify(sig, pub, text.data, text.len)))
        rc = why_set(why, ERR_DENIED, 0, "admission: the signature is not of these words");
    if (rc == ERR_OK)
        rc = signed_join(a, text.data, text.len, sig, out, out_len, why);
    buf_free(&text);
    return rc;
}

enum err admission_read(struct arena *a, const char *text, size_t len, struct admission *out,
                        struct why *why)
{
    const struct json *node = NULL;
    enum err rc =
        signed_read(a, text, len, ADMISSION_BYTES_MAX, "canny.admission", "by", &node, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "admission");
    const struct admission d = { .site = json_str(node, "site"),
                                 .site_name = json_str(node, "site_name"),
                                 .by = json_str(node, "by"),
                                 .device = json_str(node, "device"),
                                 .issued_ms = json_int(node, "issued", 0) };
    rc = admission_ok(&d, why);
    if (rc == ERR_OK)
        *out = d;
    return rc;
}
