#include "sync/client/enrol.h"

#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/client/adopt.h"
#include "sync/client/epoch.h"
#include "sync/client/proto.h"
#include "sync/client/state.h"

struct enrol_answer {
    const char *hub, *site, *site_name, *epoch, *cert;
};

/* A certificate is JSON text, a full stop, and the base64 of the hub's Ed25519 signature over that text. */
static enum err enrol_certificate_check(struct arena *a, const char *cert, const char *hub,
                                        const char *device, const char *site, struct why *why)
{
    const struct json *node;
    uint8_t pub[KEYS_PUBLIC];
    uint8_t *sig;
    size_t sig_len;
    const char *dot = strrchr(cert, '.'); /* base64 has none */
    if (dot == NULL || !hex_get(pub, sizeof(pub), hub))
        return why_set(why, ERR_INPUT, 0, "certificate: not of the form text.signature");

    size_t len = (size_t)(dot - cert);
    enum err rc = keys_unb64(a, dot + 1, &sig, &sig_len, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "certificate");
    if (sig_len != KEYS_SIG || !keys_verify(sig, pub, cert, len))
        return why_set(why, ERR_DENIED, 0, "certificate: not signed by this hub");
    rc = json_parse(a, cert, len, PROTO_SMALL_MAX, &node, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "certificate");
    if (!str_eq(json_str(node, "type"), "canny.certificate") ||
        !str_eq(json_str(node, "device"), device) || !str_eq(json_str(node, "site"), site) ||
        !str_eq(json_str(node, "hub"), hub))
        return why_set(why, ERR_DENIED, 0, "certificate: made out to another kiosk or site");
    return ERR_OK;
}

/* By a code, or, code "", by the certificate. */
static enum err enrol_body(struct db *db, const struct link *l, struct buf *out, const char *code,
                           const char *cert, const char *name, const char *version, struct why *why)
{
    struct json_out j;
    enum err rc = ERR_OK;

    json_out_init(&j, out);
    json_out_object(&j, NULL);
    if (code[0] != '\0')
        json_out_str(&j, "code", code);
    else
        json_out_str(&j, "certificate", cert);
    json_out_str(&j, "name", name);
    json_out_str(&j, "version", version);
    if (code[0] != '\0')
        rc = adopt_tell(db, &j, l->url, why);
    json_out_end_object(&j);
    return rc == ERR_OK ? buf_done(out, why) : rc;
}

static enum err enrol_read(const struct link *l, struct arena *a, const struct json *node,
                           const char *device, struct enrol_answer *out, struct why *why)
{
    struct enrol_answer e = {
        .hub = json_str(node, "hub"),
        .site = json_str(node, "site"),
        .site_name = json_str(node, "site_name"),
        .epoch = json_str(node, "epoch"),
        .cert = json_str(node, "certificate"),
    };
    if (e.hub == NULL || e.site == NULL || e.site_name == NULL || e.epoch == NULL ||
        e.cert == NULL || strcmp(e.hub, l->hub) != 0)
        return why_set(why, ERR_INPUT, 0,
                       "the hub's answer lacks its id, the site, the epoch or the certificate");
    enum err rc = enrol_certificate_check(a, e.cert, e.hub, device, e.site, why);
    if (rc == ERR_OK)
        *out = e;
    return rc;
}

/* Another hub or site has another order and may hold none of our lines, and so may another life of the same hub: begin at
   nothing, as sending a line twice costs nothing and skipping one would lose it. */
static enum err enrol_is_new(struct db *db, struct arena *a, const struct enrol_answer *e,
                             bool *out, struct why *why)
{
    const char *const pairs[][2] = {
        { "hub.key", e->hub },
        { "site.id", e->site },
        { "epoch", e->epoch },
    };
    enum err rc = ERR_OK;

    *out = false;
    for (size_t i = 0; i < COUNT_OF(pairs) && rc == ERR_OK; i++) {
        const char *was = "";

        rc = state_get(db, pairs[i][0], a, &was, why);
        *out = *out || !str_eq(was, pairs[i][1]);
    }
    return rc;
}

enum err enrol_take(struct db *db, struct link *l, struct arena *a, const struct json *node,
                    const char *device, struct why *why)
{
    struct enrol_answer e = { .hub = "" };
    bool anew = false;
    enum err rc = enrol_read(l, a, node, device, &e, why);

    if (rc == ERR_OK)
        rc = enrol_is_new(db, a, &e, &anew, why);
    if (rc == ERR_OK && anew)
        rc = epoch_begin(db, e.epoch, why);
    if (rc != ERR_OK)
        return rc;
    const char *const pairs[][2] = {
        { "hub.url", l->url },        { "hub.key", e.hub }, { "site.id", e.site },
        { "site.name", e.site_name }, { "cert", e.cert },
    };
    for (size_t i = 0; i < COUNT_OF(pairs) && rc == ERR_OK; i++)
        rc = state_set(db, pairs[i][0], pairs[i][1], why);
    if (rc == ERR_OK)
        (void)str_copy(l->epoch, sizeof l->epoch, e.epoch);
    return rc;
}

static enum fault enrol_refused(const struct link_answer *r, struct why *why)
{
    (void)why_set(why, ERR_DENIED, 0, "the hub refused to enrol: %d %s", r->status, r->problem);
    if (str_eq(r->problem, "device.revoked"))
        return FAULT_REVOKED;
    return r->status == 409                  ? FAULT_OTHER_SITE
           : str_starts(r->problem, "code.") ? FAULT_CODE
                                             : FAULT_KEY;
}

static enum fault enrol_keep(struct db *db, struct link *l, struct arena *a,
                             const struct link_answer *r, const char *name, struct why *why)
{
    const struct json *node;

    if (json_parse(a, r->body, r->len, PROTO_SMALL_MAX, &node, why) != ERR_OK)
        return FAULT_NOT_HUB;
    enum err rc = db_begin(db, why);
    if (rc != ERR_OK)
        return FAULT_STORE;
    rc = enrol_take(db, l, a, node, l->self->id, why);
    if (rc == ERR_OK)
        rc = state_set(db, "kiosk.name", name, why);
    rc = db_finish(db, rc, why);
    return rc == ERR_OK                          ? FAULT_NONE
           : rc == ERR_INPUT || rc == ERR_DENIED ? FAULT_NOT_HUB
                                                 : FAULT_STORE;
}

struct enrol_ask {
    const char *code, *cert, *name, *version;
};

static enum fault enrol_send(struct db *db, struct link *l, struct arena *a,
                             const struct enrol_ask *ask, struct why *why)
{
    enum fault fault = FAULT_STORE;
    struct link_answer r;
    struct buf body;

    buf_init(&body, PROTO_SMALL_MAX);
    if (enrol_body(db, l, &body, ask->code, ask->cert, ask->name, ask->version, why) == ERR_OK) {
        const struct link_ask q = { .method = "POST",
                                    .path = PROTO_ENROL,
                                    .type = "application/json",
                                    .body = body.data,
                                    .len = body.len };
        fault = link_ask(l, a, &q, &r, why);
        if (fault == FAULT_NONE)
            fault =
                r.status == 200 ? enrol_keep(db, l, a, &r, ask->name, why) : enrol_refused(&r, why);
    }
    buf_free(&body);
    return fault;
}

enum fault enrol_ask(struct db *db, struct link *l, const char *code, const char *name,
                     const char *version, struct why *why)
{
    const struct enrol_ask ask = { .code = code, .name = name, .version = version };
    struct arena a;

    if (code[0] == '\0') {
        (void)why_set(why, ERR_INPUT, 0, "no enrolment code");
        return FAULT_CODE;
    }
    arena_init(&a, (size_t)16 * 1024 * 1024);
    enum fault fault = enrol_send(db, l, &a, &ask, why);
    arena_done(&a);
    return fault;
}

enum fault enrol_rejoin(struct db *db, struct link *l, const char *version, struct why *why)
{
    struct enrol_ask ask = { .code = "", .version = version };
    enum fault fault = FAULT_STORE;
    struct arena a;

    arena_init(&a, (size_t)16 * 1024 * 1024);
    if (state_get(db, "cert", &a, &ask.cert, why) == ERR_OK &&
        state_get(db, "kiosk.name", &a, &ask.name, why) == ERR_OK) {
        if (ask.name[0] == '\0')
            ask.name = "Kiosk";
        fault = ask.cert[0] != '\0' ? enrol_send(db, l, &a, &ask, why) : FAULT_KEY;
    }
    arena_done(&a);
    return fault == FAULT_OTHER_SITE || fault == FAULT_CODE ? FAULT_KEY : fault;
}
