#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/api.h"
#include "sync/log/stick_name.h"

bool api_url_ok(const char *url)
{
    size_t len = strlen(url);

    if (len >= HUB_URL_MAX || !utf8_valid(url, len))
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)url[i] <= 0x20 || url[i] == 0x7f || url[i] == '&')
            return false;
    return str_starts(url, "https://") || str_starts(url, "http://");
}

bool api_founded(const struct json *body, struct hub_founded *out)
{
    const struct json *node = json_get(body, "founded");
    uint8_t key[KEYS_PUBLIC];

    *out = (struct hub_founded){ .site = NULL };
    if (node == NULL)
        return true;
    const char *site = json_str(node, "site");
    const char *founder = json_str(node, "founder");
    const char *url = json_str(node, "url");
    if (site == NULL || !stick_site_ok(site))
        return false;
    if (founder != NULL &&
        (!hex_get(key, sizeof(key), founder) || strcspn(founder, "ABCDEF") != strlen(founder)))
        return false;
    *out = (struct hub_founded){ .site = site,
                                 .founder = founder != NULL ? founder : "",
                                 .url = url != NULL && api_url_ok(url) ? url : "" };
    return true;
}
