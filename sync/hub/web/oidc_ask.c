#include "sync/hub/web/oidc_ask.h"

#include <string.h>

#include "platform/base/str.h"
#include "sync/client/http.h"
#include "sync/hub/web/html.h"
#include "sync/hub/web/oidc_token.h"

enum { ASK_WORD_MAX = 64 };

/* ---- addresses ---- */

/* Its scheme and host are what http.h may ask, and nothing in it could be read in two ways. */
static bool ask_url_ok(const char *url)
{
    char origin[HTTP_URL_MAX];
    const char *host = url != NULL ? strstr(url, "://") : NULL;

    if (host == NULL || strlen(url) >= HTTP_URL_MAX)
        return false;
    for (const char *c = url; *c != '\0'; c++)
        if (*c <= ' ' || *c > '~' || *c == '\\' || *c == '#' || *c == '"')
            return false;
    host += strlen("://");
    const size_t len = (size_t)(host - url) + strcspn(host, "/?");
    memcpy(origin, url, len);
    origin[len] = '\0';
    return http_address_ok(origin);
}

bool oidc_issuer_ok(const char *url)
{
    return ask_url_ok(url) && strchr(url, '?') == NULL && strlen(url) < HUB_ISSUER_MAX;
}

const char *oidc_endpoint(const struct oidc_ask *k, const char *name)
{
    const char *url = json_str(k->config, name);

    if (!ask_url_ok(url))
        return NULL;
    /* An issuer on the network does not send anybody to this machine. */
    return str_starts(k->oidc->issuer, "https://") && !str_starts(url, "https://") ? NULL : url;
}

/* ---- one request ---- */

static enum oidc_fault ask_http(struct oidc_ask *k, struct http_request *q, struct http_reply *out,
                                struct why *why)
{
    struct proxy proxy = { .address = "" };

    if (k->oidc->proxy[0] != '\0' && !proxy_address(k->oidc->proxy, proxy.address)) {
        (void)why_set(why, ERR_INPUT, 0, "its proxy is not HOST:PORT");
        return OIDC_UNREACHED;
    }
    q->proxy = &proxy;
    q->total_ms = OIDC_ASK_MS;
    q->reply_max = OIDC_ANSWER_MAX;
    return http_ask(k->a, q, out, why) == FAULT_NONE ? OIDC_OK : OIDC_UNREACHED;
}

/* The answer, where it is a JSON object. */
static const struct json *ask_object(struct oidc_ask *k, const void *body, size_t len)
{
    const struct json *node = NULL;

    return json_parse(k->a, body, len, OIDC_ANSWER_MAX, &node, NULL) == ERR_OK &&
                   node->type == JNODE_OBJECT
               ? node
               : NULL;
}

/* GET of an object; fault: what it is that it is none. out_text: as it came. */
static enum oidc_fault ask_get(struct oidc_ask *k, const char *url, enum oidc_fault bad,
                               const struct json **out, const char **out_text, struct why *why)
{
    const struct httpsig_field fields[] = { { .name = "Accept", .value = "application/json" } };
    struct http_request q = {
        .method = "GET", .url = url, .fields = fields, .field_count = COUNT_OF(fields)
    };
    struct http_reply r;
    enum oidc_fault fault = ask_http(k, &q, &r, why);

    if (fault != OIDC_OK)
        return fault;
    *out = r.status == 200 ? ask_object(k, r.body, r.len) : NULL;
    *out_text = *out != NULL ? (const char *)r.body : NULL;
    if (*out != NULL)
        return OIDC_OK;
    (void)why_set(why, ERR_INPUT, 0, "%s: status %d, or no JSON object", url, r.status);
    return bad;
}

/* ---- what it tells of itself ---- */

static enum oidc_fault ask_store(struct oidc_ask *k, struct why *why)
{
    return hubstore_oidc_tell(k->store, k->oidc->id, &k->told, why) == ERR_OK ? OIDC_OK
                                                                              : OIDC_STORE;
}

static bool ask_fresh(const struct oidc_ask *k, int64_t at_ms)
{
    return at_ms <= k->now_ms && k->now_ms - at_ms < OIDC_TOLD_MS;
}

enum oidc_fault oidc_ask_config(struct oidc_ask *k, struct why *why)
{
    if (hubstore_oidc_told(k->store, k->oidc->id, k->a, &k->told, why) != ERR_OK)
        return OIDC_STORE;
    if (ask_fresh(k, k->told.config_ms))
        k->config = ask_object(k, k->told.config, strlen(k->told.config));
    if (k->config != NULL)
        return OIDC_OK;

    const size_t len = strlen(k->oidc->issuer);
    const bool slash = len > 0 && k->oidc->issuer[len - 1] == '/';
    const char *url = arena_printf(k->a, "%s%s.well-known/openid-configuration", k->oidc->issuer,
                                   slash ? "" : "/");
    const char *text = NULL;
    enum oidc_fault fault =
        url != NULL ? ask_get(k, url, OIDC_CONFIG, &k->config, &text, why) : OIDC_CONFIG;
    if (fault != OIDC_OK)
        return fault;
    if (!str_eq(json_str(k->config, "issuer"), k->oidc->issuer)) {
        (void)why_set(why, ERR_INPUT, 0, "it says that it is another issuer");
        return OIDC_CONFIG;
    }
    if (oidc_endpoint(k, "authorization_endpoint") == NULL ||
        oidc_endpoint(k, "token_endpoint") == NULL || oidc_endpoint(k, "jwks_uri") == NULL) {
        (void)why_set(why, ERR_INPUT, 0, "an endpoint is missing, or is not https");
        return OIDC_CONFIG;
    }
    k->told = (struct hub_oidc_told){ .config = text, .config_ms = k->now_ms, .keys = "" };
    return ask_store(k, why);
}

enum oidc_fault oidc_ask_keys(struct oidc_ask *k, bool again, struct why *why)
{
    const char *text = NULL;

    if (!again && ask_fresh(k, k->told.keys_ms))
        k->keys = ask_object(k, k->told.keys, strlen(k->told.keys));
    if (!again && k->keys != NULL)
        return OIDC_OK;
    enum oidc_fault fault =
        ask_get(k, oidc_endpoint(k, "jwks_uri"), OIDC_KEYS, &k->keys, &text, why);
    if (fault != OIDC_OK)
        return fault;
    k->told.keys = text;
    k->told.keys_ms = k->now_ms;
    return ask_store(k, why);
}

/* ---- a token for a code ---- */

static void ask_field(struct html *body, const char *name, const char *value)
{
    if (body->out.len > 0)
        html(body, "&");
    html_url(body, name);
    html(body, "=");
    html_url(body, value);
}

static bool ask_posts(const struct oidc_ask *k)
{
    const struct json *ways = json_get(k->config, "token_endpoint_auth_methods_supported");
    bool basic = ways == NULL; /* what counts where it says nothing */
    bool post = false;

    if (ways != NULL && ways->type == JNODE_ARRAY)
        for (const struct json *one = ways->first; one != NULL; one = one->next) {
            basic =
                basic || (one->type == JNODE_STRING && str_eq(one->text, "client_secret_basic"));
            post = post || (one->type == JNODE_STRING && str_eq(one->text, "client_secret_post"));
        }
    return post && !basic;
}

/* «Basic», of the client and its secret as RFC 6749, 2.3.1 wants them written. NULL: no memory. */
static const char *ask_basic(struct oidc_ask *k, struct why *why)
{
    struct html both;
    char *text = NULL;

    html_init(&both);
    html_url(&both, k->oidc->client);
    html(&both, ":");
    html_url(&both, k->oidc->secret);
    enum err rc = buf_done(&both.out, why);
    if (rc == ERR_OK)
        rc = keys_b64(k->a, both.out.data, both.out.len, &text, why);
    if (both.out.data != NULL)
        keys_wipe(both.out.data, both.out.len);
    html_done(&both);
    return rc == ERR_OK ? arena_printf(k->a, "Basic %s", text) : NULL;
}

/* What a stranger's machine calls its fault, as far as it may stand in our log. */
static void ask_word(char out[ASK_WORD_MAX], const char *word)
{
    size_t n = 0;

    for (; word != NULL && *word != '\0' && n + 1 < ASK_WORD_MAX; word++)
        if ((*word >= 'a' && *word <= 'z') || *word == '_' || (*word >= 'A' && *word <= 'Z'))
            out[n++] = *word;
    out[n] = '\0';
}

static enum oidc_fault ask_token_in(struct oidc_ask *k, const struct http_reply *r,
                                    const char **out, struct why *why)
{
    const struct json *reply = ask_object(k, r->body, r->len);
    const char *token = json_str(reply, "id_token");
    char word[ASK_WORD_MAX];

    ask_word(word, json_str(reply, "error"));
    if (r->status != 200 || token == NULL) {
        (void)why_set(why, ERR_DENIED, 0, "its token endpoint answered %d%s%s", r->status,
                      word[0] != '\0' ? ", " : "", word);
        return OIDC_NO_TOKEN;
    }
    *out = token;
    return OIDC_OK;
}

enum oidc_fault oidc_ask_token(struct oidc_ask *k, const char *code, const char *back,
                               const char *verifier, const char **out, struct why *why)
{
    const bool secret = k->oidc->secret[0] != '\0';
    const bool posts = ask_posts(k);
    struct httpsig_field fields[] = {
        { .name = "Accept", .value = "application/json" },
        { .name = "Content-Type", .value = "application/x-www-form-urlencoded" },
        { .name = "Authorization", .value = secret && !posts ? ask_basic(k, why) : NULL },
    };
    struct http_request q = { .method = "POST",
                              .url = oidc_endpoint(k, "token_endpoint"),
                              .fields = fields,
                              .field_count = COUNT_OF(fields) };
    enum oidc_fault fault = OIDC_NO_TOKEN;
    struct http_reply r;
    struct html body;

    if (fields[2].value == NULL)
        q.field_count--;
    html_init(&body);
    ask_field(&body, "grant_type", "authorization_code");
    ask_field(&body, "code", code);
    ask_field(&body, "redirect_uri", back);
    ask_field(&body, "code_verifier", verifier);
    if (!secret || posts)
        ask_field(&body, "client_id", k->oidc->client);
    if (secret && posts)
        ask_field(&body, "client_secret", k->oidc->secret);
    if (buf_done(&body.out, why) == ERR_OK && (!secret || posts || fields[2].value != NULL)) {
        q.body = body.out.data;
        q.len = body.out.len;
        fault = ask_http(k, &q, &r, why);
        if (fault == OIDC_OK)
            fault = ask_token_in(k, &r, out, why);
    }
    if (body.out.data != NULL)
        keys_wipe(body.out.data, body.out.len);
    html_done(&body);
    return fault;
}
