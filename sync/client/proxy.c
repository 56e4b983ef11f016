#include "sync/client/proxy.h"

#include <curl/curl.h>
#include <string.h>

#include "platform/base/fs.h"
#include "platform/base/json.h"
#include "platform/base/str.h"

#define PROXY_FILE "proxy.json"
enum { PROXY_FILE_MAX = 8192, PROXY_ARENA_MAX = 256 * 1024 };

static bool proxy_has(CURLU *u, CURLUPart part)
{
    char *text = NULL;

    if (curl_url_get(u, part, &text, 0) != CURLUE_OK)
        return false;
    bool has = text[0] != '\0';
    curl_free(text);
    return has;
}

static bool proxy_is_whole(const char *url)
{
    CURLU *u = curl_url();
    char *path = NULL;
    bool ok = false;

    if (u == NULL)
        return false;
    if (curl_url_set(u, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK &&
        proxy_has(u, CURLUPART_HOST) && proxy_has(u, CURLUPART_PORT) &&
        !proxy_has(u, CURLUPART_QUERY) && !proxy_has(u, CURLUPART_FRAGMENT) &&
        curl_url_get(u, CURLUPART_PATH, &path, 0) == CURLUE_OK)
        ok = strcmp(path, "/") == 0;
    curl_free(path);
    curl_url_cleanup(u);
    return ok;
}

bool proxy_address(const char *typed, char *out)
{
    char url[PROXY_ADDRESS_MAX];
    bool schemed = strstr(typed, "://") != NULL;

    if (typed[0] == '\0')
        return str_copy(out, PROXY_ADDRESS_MAX, "");
    if (!str_format(url, sizeof(url), "%s%s", schemed ? "" : "http://", typed))
        return false;
    if (!str_starts(url, "http://") || !proxy_is_whole(url))
        return false;
    return str_copy(out, PROXY_ADDRESS_MAX, url);
}

static bool proxy_take(const struct json *node, const char *key, char *out, size_t size)
{
    const char *text = json_str(node, key);

    return text == NULL || str_copy(out, size, text);
}

enum err proxy_load(const char *data_dir, struct proxy *out, struct why *why)
{
    struct proxy p = { .address = "" };
    char typed[PROXY_ADDRESS_MAX] = "";
    char path[FS_PATH_MAX];
    const struct json *node;
    char *text = NULL;
    size_t len = 0;
    struct arena a;

    arena_init(&a, PROXY_ARENA_MAX);
    enum err rc = fs_join(path, data_dir, PROXY_FILE, why);
    if (rc == ERR_OK)
        rc = fs_read(&a, path, PROXY_FILE_MAX, &text, &len, why);
    if (rc == ERR_NOT_FOUND) {
        *out = p;
        rc = ERR_OK;
        goto out;
    }
    if (rc == ERR_OK)
        rc = json_parse(&a, text, len, PROXY_FILE_MAX, &node, why);
    if (rc != ERR_OK)
        goto out;
    if (!proxy_take(node, "address", typed, sizeof(typed)) ||
        !proxy_take(node, "user", p.user, sizeof(p.user)) ||
        !proxy_take(node, "password", p.password, sizeof(p.password)) ||
        !proxy_address(typed, p.address)) {
        rc = why_set(why, ERR_INPUT, 0, "the proxy's address, user or password is not one");
        goto out;
    }
    *out = p;
out:
    arena_done(&a);
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "%s", PROXY_FILE);
}

enum err proxy_save(const char *data_dir, const struct proxy *p, struct why *why)
{
    char address[PROXY_ADDRESS_MAX];
    char path[FS_PATH_MAX];
    struct json_out j;
    struct buf text;
    if (!proxy_address(p->address, address))
        return why_set(why, ERR_INPUT, 0, "a proxy's address is as http://proxy.example:8080");

    buf_init(&text, PROXY_FILE_MAX);
    json_out_init(&j, &text);
    json_out_object(&j, NULL);
    json_out_str(&j, "address", address);
    json_out_str(&j, "user", p->user);
    json_out_str(&j, "password", p->password);
    json_out_end_object(&j);
    enum err rc = buf_done(&text, why);
    if (rc == ERR_OK)
        rc = fs_join(path, data_dir, PROXY_FILE, why);
    if (rc == ERR_OK)
        rc = fs_replace(path, text.data, text.len, 0600, why);
    buf_free(&text);
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "%s", PROXY_FILE);
}
