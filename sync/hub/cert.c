#include "sync/hub/cert.h"

#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/log/signed.h"

struct cert cert_of(const struct hub_device *where, const char *device, int64_t issued_ms)
{
    struct cert c = { .issued_ms = issued_ms };

    (void)str_copy(c.site, sizeof(c.site), where->site);
    (void)str_copy(c.site_name, sizeof(c.site_name), where->site_name);
    (void)str_copy(c.voice, sizeof(c.voice), where->voice);
    (void)str_copy(c.device, sizeof(c.device), device);
    return c;
}

enum err cert_make(struct arena *a, const struct keypair *hub, const char *type,
                   const struct cert *of, const char **out, struct why *why)
{
    struct json_out j;
    struct buf b;
    char at[CLOCK_ISO];
    char *made = NULL;
    size_t len = 0;

    clock_iso(at, of->issued_ms);
    buf_init(&b, CERT_MAX - 128);
    json_out_init(&j, &b);
    json_out_object(&j, NULL);
    json_out_int(&j, "v", 1);
    json_out_str(&j, "type", type);
    json_out_str(&j, "hub", hub->id);
    json_out_str(&j, "voice", of->voice);
    json_out_str(&j, "site", of->site);
    json_out_str(&j, "site_name", of->site_name);
    json_out_str(&j, "device", of->device);
    json_out_str(&j, "issued", at);
    json_out_end_object(&j);
    enum err rc = buf_done(&b, why);
    if (rc == ERR_OK)
        rc = signed_make(a, b.data, b.len, hub, &made, &len, why);
    buf_free(&b);
    if (rc == ERR_OK)
        *out = made;
    return rc;
}

/* An id that is one: 16 or 64 hex digits. */
static bool cert_id(char *out, size_t size, const char *text)
{
    return hex_is(text, size - 1) && str_copy(out, size, text);
}

enum err cert_read(struct arena *a, const char *text, const char *type, const char *hub,
                   struct cert *out, struct why *why)
{
    const struct json *node = NULL;
    struct cert c = { .site = "" };
    enum err rc = text != NULL
                      ? signed_read(a, text, strlen(text), CERT_MAX, type, "hub", &node, why)
                      : why_set(why, ERR_INPUT, 0, "there is no certificate");
    if (rc != ERR_OK)
        return rc;
    if (!str_eq(json_str(node, "hub"), hub))
        return why_set(why, ERR_DENIED, 0, "certificate: another hub's");
    const char *name = json_str(node, "site_name");
    const char *issued = json_str(node, "issued");
    if (!cert_id(c.site, sizeof(c.site), json_str(node, "site")) ||
        !cert_id(c.voice, sizeof(c.voice), json_str(node, "voice")) ||
        !cert_id(c.device, sizeof(c.device), json_str(node, "device")) || name == NULL ||
        !str_copy(c.site_name, sizeof(c.site_name), name) || issued == NULL ||
        !clock_parse_iso(issued, &c.issued_ms))
        return why_set(why, ERR_INPUT, 0, "certificate: a member is missing or wrong");
    *out = c;
    return ERR_OK;
}
