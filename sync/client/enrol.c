#include "sync/client/enrol.h"

#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/client/adopt.h"
#include "sync/client/proto.h"
#include "sync/client/state.h"

struct enrol_answer {
    const char *hub, *site, *site_name, *epoch, *cert;
};

enum err enrol_certificate_check(struct arena *a, const char *cert, const char *hub,
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

static enum err enrol_body(struct db *db, const struct link *l, struct buf *out, const char *code,
                           const char *name, const char *version, struct why *why)
{
    struct json_out j;
    enum err rc;

    json_out_init(&j, out);
    json_out_object(&j, NULL);
    json_out_str(&j, "code", code);
    json_out_str(&j, "name", name);
    json_out_str(&j, "version", version);
    rc = adopt_tell(db, &j, l->url, why);
    json_out_end_object(&j);
    return rc == ERR_OK ? buf_done(out, why) : rc;
}

static enum err enrol_read(struct link *l, struct arena *a, const struct link_answer *r,
                           struct enrol_answer *out, struct why *why)
{
    const struct json *node;
    enum err rc = json_parse(a, r->body, r->len, PROTO_SMALL_MAX, &node, why);
    if (rc != ERR_OK)
        return rc;

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
    rc = enrol_certificate_check(a, e.cert, e.hub, l->self->id, e.site, why);
    if (rc == ERR_OK)
        *out = e;
    return rc;
}

static enum err enrol_keep(struct db *db, struct link *l, struct arena *a,
                           const struct enrol_answer *e, struct why *why)
{
    const char *old_hub = "";
    const char *old_site = "";
    enum err rc = db_begin(db, why);
    if (rc != ERR_OK)
        return rc;

    const char *const pairs[][2] = {
        { "hub.url", l->url },         { "hub.key", e->hub }, { "site.id", e->site },
        { "site.name", e->site_name }, { "cert", e->cert },   { "epoch", e->epoch },
    };
    rc = state_get(db, "hub.key", a, &old_hub, why);
    if (rc == ERR_OK)
        rc = state_get(db, "site.id", a, &old_site, why);
    /* Another hub or site has another order and may hold none of our lines: start both at nothing, as sending a
       line twice costs nothing and skipping one would lose it. */
    if (rc == ERR_OK && (strcmp(old_hub, e->hub) != 0 || strcmp(old_site, e->site) != 0)) {
        rc = state_set_i64(db, "acked", 0, why);
        if (rc == ERR_OK)
            rc = state_set_i64(db, "cursor", 0, why);
    }
    for (size_t i = 0; i < COUNT_OF(pairs) && rc == ERR_OK; i++)
        rc = state_set(db, pairs[i][0], pairs[i][1], why);
    if (rc != ERR_OK) {
        db_rollback(db);
        return rc;
    }
    return db_commit(db, why);
}

enum fault enrol_ask(struct db *db, struct link *l, const char *code, const char *name,
                     const char *version, struct why *why)
{
    enum fault fault = FAULT_STORE;
    struct link_answer r;
    struct enrol_answer e = { .hub = "", .site = "" };
    struct buf body;
    struct arena a;

    buf_init(&body, PROTO_SMALL_MAX);
    arena_init(&a, (size_t)16 * 1024 * 1024);
    if (enrol_body(db, l, &body, code, name, version, why) != ERR_OK)
        goto out;
    const struct link_ask q = { .method = "POST",
                                .path = PROTO_ENROL,
                                .type = "application/json",
                                .body = body.data,
                                .len = body.len };
    fault = link_ask(l, &a, &q, &r, why);
    if (fault != FAULT_NONE)
        goto out;
    if (r.status != 200) {
        (void)why_set(why, ERR_DENIED, 0, "the hub refused to enrol: %d %s", r.status, r.problem);
        fault = r.status == 409                  ? FAULT_OTHER_SITE
                : str_starts(r.problem, "code.") ? FAULT_CODE
                                                 : FAULT_KEY;
        goto out;
    }
    if (enrol_read(l, &a, &r, &e, why) != ERR_OK)
        fault = FAULT_NOT_HUB;
    else if (enrol_keep(db, l, &a, &e, why) != ERR_OK)
        fault = FAULT_STORE;
out:
    arena_done(&a);
    buf_free(&body);
    return fault;
}
