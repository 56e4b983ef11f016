/* What the end of a transfer means for whoever has to mend it. Pure. */
#include "sync/client/http.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>

#include "platform/base/attr.h"

enum {
    /* OpenSSL's numbers (x509_vfy.h), which libcurl passes on. */
    HTTP_CERT_GOOD = 0,
    HTTP_CERT_NOT_ASKED = 1,
    HTTP_CERT_NOT_YET = 9,
    HTTP_CERT_RUN_OUT = 10,
};

static enum fault http_fault_of_net(enum net_state net)
{
    switch (net) {
    case NET_STATE_NONE:
        return FAULT_NO_NETWORK;
    case NET_STATE_NO_ADDRESS:
        return FAULT_NO_ADDRESS;
    case NET_STATE_SIGN_IN:
        return FAULT_SIGN_IN;
    case NET_STATE_UP:
        break;
    }
    return FAULT_NONE;
}

/* What the proxy's answer to CONNECT means, or that none came. */
static enum fault http_fault_of_proxy(int status)
{
    if (status == 0)
        return FAULT_PROXY_GONE;
    if (status == 407)
        return FAULT_PROXY_LOGIN;
    return status >= 502 && status <= 504 ? FAULT_PROXY_HUB : FAULT_PROXY_BLOCKS;
}

static enum fault http_fault_of_connect(const struct http_end *e)
{
    enum fault net = http_fault_of_net(e->net);

    if (e->sys == ECONNREFUSED)
        return e->way.proxied ? FAULT_PROXY_GONE : FAULT_REFUSED;
    if (net != FAULT_NONE)
        return net;
    if (e->way.proxied)
        return FAULT_PROXY_GONE;
    return e->sys == ETIMEDOUT ? FAULT_TIMEOUT : FAULT_NO_ROUTE;
}

static enum fault http_fault_of_time(const struct http_end *e)
{
    enum fault net = http_fault_of_net(e->net);

    if (!e->way.named && net != FAULT_NONE)
        return net;
    if (e->way.proxied && !e->way.named)
        return FAULT_PROXY_NAME;
    if (e->way.proxied && !e->way.passed)
        return e->way.routed ? FAULT_PROXY_HUB : FAULT_PROXY_GONE;
    return e->way.named ? FAULT_TIMEOUT : FAULT_DNS;
}

/* OpenSSL's words for an answer that is no TLS, and for none at all. */
static enum fault http_fault_of_handshake(const struct http_end *e)
{
    static const char *const plain[] = { "wrong version number", "unknown protocol", "http request",
                                         "packet length too long", "record layer failure" };
    static const char *const cut[] = { "SSL_ERROR_SYSCALL", "unexpected eof", "reset by peer" };

    for (size_t i = 0; i < COUNT_OF(plain); i++)
        if (strstr(e->text, plain[i]) != NULL)
            return FAULT_NO_TLS;
    for (size_t i = 0; i < COUNT_OF(cut); i++)
        if (strstr(e->text, cut[i]) != NULL)
            return FAULT_CUT;
    return FAULT_TLS;
}

static enum fault http_fault_of_certificate(const struct http_end *e)
{
    /* The chain is good: it is the name that is not. libcurl compares names before it fetches OpenSSL's number, and has only its
       own «not known yet» to tell. */
    if (e->verify == HTTP_CERT_GOOD || e->verify == HTTP_CERT_NOT_ASKED)
        return FAULT_OTHER_HOST;
    return e->verify == HTTP_CERT_NOT_YET || e->verify == HTTP_CERT_RUN_OUT ? FAULT_CERT_DATE
                                                                            : FAULT_TLS;
}

enum fault http_fault_of(const struct http_end *e)
{
    enum fault net = http_fault_of_net(e->net);

    switch (e->code) {
    case CURLE_OK:
        return FAULT_NONE;
    case CURLE_COULDNT_RESOLVE_HOST:
        return net != FAULT_NONE ? net : FAULT_NO_NAME;
    case CURLE_COULDNT_RESOLVE_PROXY:
        return net != FAULT_NONE ? net : FAULT_PROXY_NAME;
    case CURLE_COULDNT_CONNECT:
        return http_fault_of_connect(e);
    case CURLE_OPERATION_TIMEDOUT:
        return http_fault_of_time(e);
    case CURLE_ABORTED_BY_CALLBACK:
    case CURLE_INTERFACE_FAILED:
        return FAULT_NO_NETWORK;
    case CURLE_SSL_CONNECT_ERROR:
        return http_fault_of_handshake(e);
    case CURLE_PEER_FAILED_VERIFICATION:
        return http_fault_of_certificate(e);
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return FAULT_TLS;
    case CURLE_URL_MALFORMAT:
        return FAULT_ADDRESS;
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
        return e->way.proxied && !e->way.passed ? http_fault_of_proxy(e->proxy_status) : FAULT_CUT;
    default:
        /* Rubbish instead of HTTP, a reply too large: whoever that is, it is not our hub, nor a proxy. */
        return e->way.proxied && !e->way.passed ? http_fault_of_proxy(e->proxy_status)
                                                : FAULT_NOT_HUB;
    }
}
