#include "sync/client/netcheck.h"

#include <string.h>

static const char netcheck_letters[] = {
    [NET_UNKNOWN] = '.', [NET_OK] = 'y', [NET_FAILED] = 'n', [NET_NONE] = '-'
};

/* Where nobody answered in time is told by how far we got. */
static enum net_step netcheck_broken_off(const struct net_way *w)
{
    if (!w->named)
        return NET_NAME;
    if (!w->routed)
        return NET_ROUTE;
    if (w->proxied && !w->passed)
        return NET_PROXY;
    return w->plain || w->secure ? NET_HUB : NET_TLS;
}

static enum net_step netcheck_failed(enum fault fault, const struct net_way *w)
{
    switch (fault) {
    case FAULT_NO_NAME:
    case FAULT_DNS:
    case FAULT_ADDRESS:
        return NET_NAME;
    case FAULT_NO_NETWORK:
    case FAULT_NO_ADDRESS:
    case FAULT_SIGN_IN:
    case FAULT_NO_ROUTE:
        return NET_ROUTE;
    case FAULT_PROXY_NAME:
    case FAULT_PROXY_GONE:
    case FAULT_PROXY_LOGIN:
    case FAULT_PROXY_BLOCKS:
    case FAULT_PROXY_HUB:
        return NET_PROXY;
    case FAULT_TLS:
    case FAULT_OTHER_HOST:
    case FAULT_NO_TLS:
    case FAULT_CERT_DATE:
        return NET_TLS;
    case FAULT_NOT_HUB:
    case FAULT_PAGE:
    case FAULT_OTHER_HUB:
        return NET_IDENTITY;
    case FAULT_TIMEOUT:
    case FAULT_CUT:
        return netcheck_broken_off(w);
    case FAULT_REFUSED:
    case FAULT_BUSY:
    case FAULT_HUB_TROUBLE:
    case FAULT_KEY:
    case FAULT_CLOCK:
    case FAULT_REVOKED:
    case FAULT_FORK:
    case FAULT_BUNDLE:
    case FAULT_VERSION:
    case FAULT_CODE:
    case FAULT_OTHER_SITE:
        return NET_HUB;
    case FAULT_NONE:
    case FAULT_STORE:
    case FAULT_COUNT:
        break;
    }
    return NET_STEPS;
}

void netcheck_of(enum fault fault, const struct net_way *way, struct netcheck *out)
{
    const bool done[NET_STEPS] = {
        [NET_NAME] = way->named, [NET_ROUTE] = way->routed,        [NET_PROXY] = way->passed,
        [NET_TLS] = way->secure, [NET_IDENTITY] = way->identified, [NET_HUB] = way->identified,
    };
    enum net_step failed = netcheck_failed(fault, way);
    struct netcheck n;

    for (int i = 0; i < NET_STEPS; i++) {
        bool none = (i == NET_PROXY && !way->proxied) || (i == NET_TLS && way->plain);
        if (none)
            n.steps[i] = NET_NONE;
        else if ((enum net_step)i == failed)
            n.steps[i] = NET_FAILED;
        else
            n.steps[i] = (enum net_step)i < failed && done[i] ? NET_OK : NET_UNKNOWN;
    }
    *out = n;
}

void netcheck_text(const struct netcheck *n, char out[NET_STEPS + 1])
{
    for (int i = 0; i < NET_STEPS; i++)
        out[i] = netcheck_letters[n->steps[i]];
    out[NET_STEPS] = '\0';
}

bool netcheck_parse(const char *text, struct netcheck *out)
{
    struct netcheck n;

    if (strlen(text) != NET_STEPS)
        return false;
    for (int i = 0; i < NET_STEPS; i++) {
        const char *at = memchr(netcheck_letters, text[i], sizeof(netcheck_letters));
        if (at == NULL)
            return false;
        n.steps[i] = (enum net_result)(at - netcheck_letters);
    }
    *out = n;
    return true;
}
