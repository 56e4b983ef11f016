/* Signing in by somebody who vouches: to the issuer, and back with a code. What the screen says of a failure is a code alone;
   what exactly was wrong stands in the audit log. */
#include <stdatomic.h>
#include <string.h>

#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/hub/hubstore_oidc.h"
#include "sync/hub/web/oidc_ask.h"
#include "sync/hub/web/oidc_token.h"
#include "sync/hub/web/oidc_way.h"
#include "sync/hub/web/web_parts.h"

enum { OIDC_CODE_MAX = 3000, OIDC_BACK_MAX = HUB_URL_MAX + 64 };

/* ---- what they share ---- */

static void oidc_failed(struct page *p, const struct hub_oidc *oidc, const char *account,
                        enum oidc_fault fault, const struct why *why)
{
    const struct oidc_fault_text *text = oidc_fault_text(fault);
    struct hub_audit w = page_audit(p, "sign-in.refused");
    struct why failed = { 0 };

    w.actor = account;
    w.authority = oidc->authority;
    w.about = oidc->name;
    w.detail = arena_printf(p->a, "%s: %s%s%s", text->code, text->words,
                            why->text[0] != '\0' ? ": " : "", why->text);
    log_line(LOG_WARN, "console: sign-in by %s: %s", oidc->name, w.detail != NULL ? w.detail : "-");
    if (hubstore_audit(p->store, &w, &failed) != ERR_OK) {
        page_failed(p, ERR_IO, &failed);
        return;
    }
    page_begin(p, "You are not signed in");
    html(&p->out,
         "<p class=\"wrong\" role=\"alert\">Signing in with %s did not work. Code <b>%s</b>.</p>"
         "<p class=\"lead\">Try again; if it stays, tell your IT staff the code and the time. This "
         "hub's audit log says what was wrong.</p>"
         "<p><a class=\"button main\" href=\"/sign-in\">Back to signing in</a></p>",
         oidc->name, text->code);
    page_end(p);
    p->reply->status = fault == OIDC_UNREACHED || fault == OIDC_BUSY ? 503 : 400;
}

static bool oidc_back(struct page *p, const struct hub_oidc *oidc, char out[OIDC_BACK_MAX],
                      struct why *why)
{
    char url[HUB_URL_MAX] = "";

    if (hubstore_url(p->store, url, why) != ERR_OK || url[0] == '\0')
        return false;
    const size_t len = strlen(url);
    return str_format(out, OIDC_BACK_MAX, "%.*s/sign-in/back/%s",
                      (int)(url[len - 1] == '/' ? len - 1 : len), url, oidc->id);
}

/* Each wait for an issuer holds one of the console's threads: the last is never held. */
static bool oidc_enter(struct page *p)
{
    if (atomic_fetch_add(&p->hub->away, 1) < WEB_THREADS - 1)
        return true;
    (void)atomic_fetch_sub(&p->hub->away, 1);
    return false;
}

/* The issuer of the address; answers where there is none. */
static bool oidc_find(struct page *p, struct hub_oidc *out)
{
    struct why why = { 0 };
    enum err rc = hubstore_oidc(p->store, p->parts[0], NULL, out, &why);

    if (rc != ERR_OK)
        page_failed(p, rc, &why);
    return rc == ERR_OK;
}

/* ---- there ---- */

static void oidc_send(struct page *p, const struct oidc_ask *k, const char *back)
{
    const char *to = oidc_endpoint(k, "authorization_endpoint");
    uint8_t browser[KEYS_HASH];
    uint8_t challenge[KEYS_HASH];
    struct oidc_way way;
    struct html at;

    page_token_hash(p, browser);
    oidc_way_new(&way, &p->hub->self, browser, k->oidc->id, page_to(fields_get(&p->query, "to")),
                 p->now_ms);
    keys_sha256(challenge, way.verifier, strlen(way.verifier));
    const char *const fields[][2] = {
        { "response_type", "code" },
        { "client_id", k->oidc->client },
        { "redirect_uri", back },
        { "scope", k->oidc->scopes },
        { "state", way.state },
        { "nonce", way.nonce },
        { "code_challenge", oidc_b64url(p->a, challenge, sizeof(challenge)) },
        { "code_challenge_method", "S256" },
    };
    html_init(&at);
    buf_str(&at.out, to);
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        buf_char(&at.out, i == 0 && strchr(to, '?') == NULL ? '?' : '&');
        html_url(&at, fields[i][0]);
        buf_char(&at.out, '=');
        html_url(&at, fields[i][1] != NULL ? fields[i][1] : "");
    }
    struct why why = { 0 };
    if (buf_done(&at.out, &why) == ERR_OK)
        page_go(p, arena_strdup(p->a, at.out.data), NULL);
    else
        page_failed(p, ERR_NOMEM, &why);
    html_done(&at);
    keys_wipe(&way, sizeof(way));
}

void oidc_with_get(struct page *p)
{
    struct hub_oidc oidc = { .id = "" };
    struct why why = { 0 };
    char back[OIDC_BACK_MAX];
    int64_t wait_s = 0;
    enum oidc_fault fault = OIDC_OK;

    if (!oidc_find(p, &oidc))
        return;
    struct oidc_ask k = { .store = p->store, .a = p->a, .oidc = &oidc, .now_ms = p->now_ms };
    if (!hub_may_try(p->hub, p->q->address, false, &wait_s) || !oidc_enter(p)) {
        fault = OIDC_BUSY;
    } else {
        fault = oidc_back(p, &oidc, back, &why) ? oidc_ask_config(&k, &why) : OIDC_NO_ADDRESS;
        (void)atomic_fetch_sub(&p->hub->away, 1);
    }
    if (fault == OIDC_OK)
        oidc_send(p, &k, back);
    else
        oidc_failed(p, &oidc, "", fault, &why);
    keys_wipe(oidc.secret, sizeof(oidc.secret));
}

/* ---- back ---- */

/* What came back belongs to a sign-in that this browser began, with this issuer, just now, for the first time. */
static enum oidc_fault oidc_came(struct page *p, const struct hub_oidc *oidc, struct oidc_way *way,
                                 struct why *why)
{
    const char *state = fields_get(&p->query, "state");
    uint8_t browser[KEYS_HASH];
    uint8_t hash[KEYS_HASH];

    page_token_hash(p, browser);
    if (!oidc_way_read(way, &p->hub->self, browser, oidc->id, state))
        return OIDC_STATE;
    if (!oidc_way_open(way, p->now_ms))
        return OIDC_STATE_OLD;
    keys_sha256(hash, state, strlen(state));
    enum err rc =
        hubstore_oidc_use(p->store, hash, p->now_ms, way->begun_ms + (int64_t)2 * OIDC_WAY_MS, why);
    return rc == ERR_OK ? OIDC_OK : rc == ERR_CONFLICT ? OIDC_STATE_USED : OIDC_STORE;
}

/* RFC 9207: an issuer that says who answers is held to it. */
static enum oidc_fault oidc_answer(struct page *p, const struct oidc_ask *k, struct why *why)
{
    const char *iss = fields_get(&p->query, "iss");
    const bool says = json_bool(k->config, "authorization_response_iss_parameter_supported", false);

    if ((says || iss[0] != '\0') && !str_eq(iss, k->oidc->issuer)) {
        (void)why_set(why, ERR_INPUT, 0, "iss of the answer is not the issuer that was asked");
        return OIDC_MIX_UP;
    }
    if (fields_get(&p->query, "error")[0] != '\0') {
        char word[64] = "";
        const char *error = fields_get(&p->query, "error");
        (void)str_copy(word, sizeof(word), error);
        (void)why_set(why, ERR_DENIED, 0, "%s", word);
        return OIDC_REFUSED;
    }
    const size_t len = strlen(fields_get(&p->query, "code"));
    return len > 0 && len <= OIDC_CODE_MAX ? OIDC_OK : OIDC_REFUSED;
}

/* The claims of a verified token for the code. Where its key is not known, the issuer may have changed its keys: they are
   asked for once more. */
static enum oidc_fault oidc_exchange(struct page *p, struct oidc_ask *k, const struct oidc_way *way,
                                     const struct json **out, struct why *why)
{
    struct oidc_token_ask ask = { .issuer = k->oidc->issuer,
                                  .client = k->oidc->client,
                                  .nonce = way->nonce,
                                  .now_ms = p->now_ms };
    char back[OIDC_BACK_MAX];

    if (!oidc_back(p, k->oidc, back, why))
        return OIDC_NO_ADDRESS;
    enum oidc_fault fault = oidc_ask_config(k, why);
    if (fault == OIDC_OK)
        fault = oidc_answer(p, k, why);
    if (fault == OIDC_OK)
        fault =
            oidc_ask_token(k, fields_get(&p->query, "code"), back, way->verifier, &ask.token, why);
    for (int again = 0; fault == OIDC_OK && again < 2; again++) {
        fault = oidc_ask_keys(k, again > 0, why);
        ask.keys = k->keys;
        if (fault == OIDC_OK)
            fault = oidc_token(p->a, &ask, out, why);
        if (fault != OIDC_KEY_UNKNOWN)
            break;
        fault = again == 0 ? OIDC_OK : fault;
    }
    return fault;
}

/* ---- what the claims say ---- */

struct oidc_claims {
    struct hub_oidc_claim all[HUB_OIDC_CLAIMS_MAX];
    size_t count;
    bool over;
};

static void oidc_claim(struct oidc_claims *c, const char *claim, const struct json *value)
{
    if (value->type != JNODE_STRING || value->len >= HUB_OIDC_VALUE_MAX)
        return;
    c->over = c->over || c->count == HUB_OIDC_CLAIMS_MAX;
    if (c->count < HUB_OIDC_CLAIMS_MAX)
        c->all[c->count++] = (struct hub_oidc_claim){ .claim = claim, .value = value->text };
}

/* Each text and each text of a list that stands at the top. An address that nobody has proved is anybody's. */
static void oidc_claims(const struct json *token, struct oidc_claims *out)
{
    for (const struct json *one = token->first; one != NULL; one = one->next) {
        if (str_eq(one->key, "email") && !json_bool(token, "email_verified", false))
            continue;
        oidc_claim(out, one->key, one);
        if (one->type == JNODE_ARRAY)
            for (const struct json *value = one->first; value != NULL; value = value->next)
                oidc_claim(out, one->key, value);
    }
}

static void oidc_name(const struct json *token, char out[PROTO_NAME_MAX])
{
    static const char *const names[] = { "name", "preferred_username", "email", "sub" };
    const char *name = NULL;

    for (size_t i = 0; i < COUNT_OF(names) && (name == NULL || name[0] == '\0'); i++)
        name = json_str(token, names[i]);
    (void)str_copy(out, PROTO_NAME_MAX, name != NULL ? name : "");
    for (char *c = out; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = ' ';
}

static enum oidc_fault oidc_begin(struct page *p, const struct hub_oidc *oidc,
                                  const struct json *token, char account[KEYS_RANDOM_ID],
                                  struct why *why)
{
    struct oidc_claims *claims = arena_alloc(p->a, sizeof(*claims));
    const bool left_out = json_get(json_get(token, "_claim_names"), "groups") != NULL;
    enum hub_oidc_answer answer = HUB_OIDC_NO_ROLE;
    char name[PROTO_NAME_MAX];
    uint8_t before[KEYS_HASH];
    uint8_t hash[KEYS_HASH];

    if (claims == NULL)
        return OIDC_STORE;
    oidc_claims(token, claims);
    oidc_name(token, name);
    if (claims->over)
        return OIDC_CLAIMS;
    page_token_hash(p, before);
    page_token_new(p); /* what the browser held before anybody signed in is worth nothing */
    page_token_hash(p, hash);
    const struct hub_oidc_person person = {
        .oidc = oidc,
        .subject = json_str(token, "sub"),
        .name = name,
        .claims = claims->all,
        .claim_count = claims->count,
        .session = hash,
        .before = p->signed_in ? before : NULL,
        .now = hub_now(p->hub),
    };
    enum err rc = hubstore_oidc_sign_in(p->store, &person, &answer, account, why);
    if (rc != ERR_OK)
        return rc == ERR_LIMIT ? OIDC_TOO_MANY : OIDC_STORE;
    if (answer == HUB_OIDC_ENDED)
        return OIDC_ENDED;
    if (answer == HUB_OIDC_IN)
        return OIDC_OK;
    return left_out ? OIDC_NO_GROUPS : OIDC_NO_ROLE;
}

void oidc_back_get(struct page *p)
{
    struct hub_oidc oidc = { .id = "" };
    char account[KEYS_RANDOM_ID] = "";
    const struct json *token = NULL;
    struct why why = { 0 };
    struct oidc_way way = { .to = "" };
    int64_t wait_s = 0;
    enum oidc_fault fault = OIDC_BUSY;

    if (!oidc_find(p, &oidc))
        return;
    struct oidc_ask k = { .store = p->store, .a = p->a, .oidc = &oidc, .now_ms = p->now_ms };
    if (hub_may_try(p->hub, p->q->address, false, &wait_s) && oidc_enter(p)) {
        fault = oidc_came(p, &oidc, &way, &why);
        if (fault == OIDC_OK)
            fault = oidc_exchange(p, &k, &way, &token, &why);
        (void)atomic_fetch_sub(&p->hub->away, 1);
        if (fault == OIDC_OK)
            fault = oidc_begin(p, &oidc, token, account, &why);
        if (fault != OIDC_OK)
            (void)hub_may_try(p->hub, p->q->address, true, &wait_s);
    }
    keys_wipe(oidc.secret, sizeof(oidc.secret));
    if (fault == OIDC_OK)
        page_go(p, arena_strdup(p->a, page_to(way.to)), NULL);
    else
        oidc_failed(p, &oidc, account, fault, &why);
    keys_wipe(&way, sizeof(way));
}

/* ---- on the page to sign in ---- */

struct oidc_buttons {
    struct page *p;
    const char *to;
    size_t count;
};

static bool oidc_button(void *ctx, const struct hub_oidc *oidc)
{
    struct oidc_buttons *b = ctx;

    if (b->count++ == 0)
        html(&b->p->out, "<ul class=\"plain ways\">");
    html(&b->p->out, "<li><a class=\"button main\" href=\"/sign-in/with/%s?to=", oidc->id);
    html_url(&b->p->out, b->to);
    html(&b->p->out, "\">Sign in with %s</a></li>", oidc->name);
    return true;
}

size_t oidc_buttons(struct page *p, const char *to)
{
    struct oidc_buttons b = { .p = p, .to = to };
    struct why why = { 0 };

    /* Where they cannot be read, this hub's own accounts are left to sign in by. */
    if (hubstore_oidc_each(p->store, oidc_button, &b, &why) != ERR_OK)
        log_line(LOG_ERROR, "console: %s", why.text);
    if (b.count > 0)
        html(&p->out, "</ul>");
    return b.count;
}

void oidc_out(struct page *p, const char *id)
{
    struct hub_oidc oidc = { .id = "" };
    struct why why = { 0 };

    if (id[0] == '\0' || hubstore_oidc(p->store, id, NULL, &oidc, &why) != ERR_OK)
        return;
    keys_wipe(oidc.secret, sizeof(oidc.secret));
    struct oidc_ask k = { .store = p->store, .a = p->a, .oidc = &oidc };
    if (hubstore_oidc_told(p->store, oidc.id, p->a, &k.told, &why) != ERR_OK ||
        json_parse(p->a, k.told.config, strlen(k.told.config), OIDC_ANSWER_MAX, &k.config, NULL) !=
            ERR_OK)
        k.config = NULL;
    const char *end = oidc_endpoint(&k, "end_session_endpoint");
    html(&p->out, "<p class=\"note\" role=\"status\">You are signed out of this hub.");
    if (end != NULL) {
        html(&p->out, " On a computer that others use, <a href=\"%s%sclient_id=", end,
             strchr(end, '?') != NULL ? "&" : "?");
        html_url(&p->out, oidc.client);
        html(&p->out, "\">sign out of %s too</a>.", oidc.name);
    }
    html(&p->out, "</p>");
}
