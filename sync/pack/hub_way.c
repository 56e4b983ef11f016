#include "sync/pack/hub_way.h"

#include <string.h>

#include "platform/base/str.h"

/* By fault; the others cannot come before anything was judged, or say enough by themselves. */
static const struct words {
    const char *what; /* NULL: as fault.h has it */
    const char *todo;
} tool_words[FAULT_COUNT] = {
    [FAULT_NO_NETWORK] = { NULL, "Connect this machine to the network." },
    [FAULT_NO_NAME] = { NULL, "Is the address right? Ask whether this network's DNS knows it." },
    [FAULT_REFUSED] = { "The machine answered, but nothing listens there.",
                        "Is the port right, and does the hub run?" },
    [FAULT_TIMEOUT] = { NULL, "Is the address right? A firewall may be in the way." },
    [FAULT_NO_ROUTE] = { NULL, "Ask for a way to the hub, or give the proxy with --proxy." },
    [FAULT_CUT] = { NULL, "If it goes on, ask whether a filter cuts the connection." },
    [FAULT_DNS] = { NULL, "Look whether the network is up." },
    [FAULT_NO_ADDRESS] = { "This machine has no address on its network.",
                           "Look whether the network is up." },
    [FAULT_SIGN_IN] = { "The network asks this machine to sign in.", "Sign in to it." },
    [FAULT_NOT_HUB] = { NULL, "Is the address right, and is a proxy in the way?" },
    [FAULT_PAGE] = { NULL, "Is the address right? Sign in to the network, or give the proxy with "
                           "--proxy." },
    [FAULT_TLS] = { NULL, "If this network inspects traffic, or the hub has a certificate of your "
                          "own authority, give the folder with that authority's: --ca FOLDER." },
    [FAULT_OTHER_HOST] = { NULL, "Write the name that stands in the hub's certificate." },
    [FAULT_NO_TLS] = { NULL, "Is the address right, and is a sign-in page in the way?" },
    [FAULT_CERT_DATE] = { "TLS: the hub's certificate is not valid on the date that this machine "
                          "has, so nothing was sent.",
                          "Look at the date of this machine; else the hub's certificate is to be "
                          "renewed." },
    [FAULT_PROXY_NAME] = { NULL, "Look at what is given with --proxy." },
    [FAULT_PROXY_GONE] = { NULL, "Look at what is given with --proxy." },
    [FAULT_PROXY_LOGIN] = { "The proxy wants a user and a password.",
                            "Ask for a way without: canny-pack has none to give it." },
    [FAULT_PROXY_BLOCKS] = { "The proxy does not let this machine through to the hub.",
                             "Ask IT to allow the hub's address on the proxy." },
    [FAULT_PROXY_HUB] = { NULL, "Is the hub up, and does the proxy know its name?" },
};

bool hub_way_is(const char *to)
{
    return to != NULL && strstr(to, "://") != NULL;
}

const char *hub_way_wrong(const char *to, const char *proxy, bool path)
{
    static const char wrong[] = "an address is as https://hub.example.gov.uk; plain http only to "
                                "this machine";
    char origin[HTTP_URL_MAX], address[PROXY_ADDRESS_MAX];
    const char *host = strstr(to, "://");
    size_t len = strlen(to);

    if (host != NULL && path)
        len = (size_t)(host - to) + 3 + strcspn(host + 3, "/");
    if (!str_format(origin, sizeof origin, "%.*s", (int)len, to) || !http_address_ok(origin))
        return wrong;
    if (proxy != NULL && !proxy_address(proxy, address))
        return "--proxy takes an address as proxy.example:8080";
    return NULL;
}

enum err hub_way_open(const char *to, const char *proxy, const char *ca, struct hub_way *out,
                      struct why *why)
{
    struct hub_way w = { .to = to, .ca = ca };
    enum err rc = http_init(why);

    if (rc == ERR_OK && proxy != NULL && !proxy_address(proxy, w.proxy.address))
        rc = why_set(why, ERR_INPUT, 0, "--proxy %s: no address", proxy);
    if (rc == ERR_OK)
        rc = http_keep_new(&w.keep, why);
    if (rc == ERR_OK)
        *out = w;
    return rc;
}

void hub_way_close(struct hub_way *w)
{
    http_keep_free(w->keep);
    *w = (struct hub_way){ 0 };
}

enum err hub_way_fault(struct hub_way *w, enum fault fault, const struct why *said, struct why *why)
{
    const struct fault_text *t = fault_text(fault);
    const struct words *words = &tool_words[fault];
    const char *detail = said->text;

    /* The code stands in libcurl's words already. */
    if (str_starts(detail, t->code))
        detail += strlen(t->code) + strspn(detail + strlen(t->code), ": ");
    w->todo = words->todo;
    return why_set(why, ERR_OFFLINE, 0, "%s: %s (%s%s%s)", w->to,
                   words->what != NULL ? words->what : t->what, t->code,
                   *detail != '\0' ? ": " : "", detail);
}

enum err hub_way_ask(struct hub_way *w, struct arena *a, struct http_request *q,
                     struct http_reply *out, struct why *why)
{
    struct why said = { 0 };
    enum fault fault;

    q->ca_dir = w->ca;
    q->proxy = &w->proxy;
    q->keep = w->keep;
    fault = http_ask(a, q, out, &said);
    return fault == FAULT_NONE ? ERR_OK : hub_way_fault(w, fault, &said, why);
}
