/* Signing in by this hub's own accounts (password and code), setting such an account up, and signing out. */
#include <string.h>

#include "platform/base/qr.h"
#include "platform/base/str.h"
#include "sync/hub/guard.h"
#include "sync/hub/hubstore_oidc.h"
#include "sync/hub/web/totp.h"
#include "sync/hub/web/web_parts.h"

enum { SIGNIN_PASSWORD_MIN = 12, SIGNIN_PASSWORD_MAX = 256 };

/* ---- sign in ---- */

const char *page_to(const char *to)
{
    return to[0] == '/' && to[1] != '/' && to[1] != '\\' && strlen(to) < 300 &&
                   strpbrk(to, "\r\n\t \\") == NULL
               ? to
               : "/";
}

static void signin_form(struct page *p, const char *wrong)
{
    const char *to = fields_get(wrong != NULL ? &p->form : &p->query, "to");

    page_begin(p, "Sign in");
    if (wrong != NULL)
        html(&p->out, "<p class=\"wrong\" role=\"alert\">%s</p>", wrong);
    oidc_out(p, fields_get(&p->query, "out"));
    const bool folded = oidc_buttons(p, page_to(to)) > 0;
    if (folded)
        html(&p->out,
             "<details class=\"own\"%s><summary>Sign in with an account of this hub</summary>",
             wrong != NULL ? " open" : "");
    html(&p->out, "<form class=\"fields\" method=\"post\" action=\"/sign-in\">");
    page_token(p);
    html(&p->out, "<input type=\"hidden\" name=\"to\" value=\"%s\">", to);
    html(&p->out,
         "<label for=\"login\">User name</label>"
         "<input id=\"login\" name=\"login\" autocomplete=\"username\" required maxlength=\"120\" "
         "value=\"%s\">"
         "<label for=\"password\">Password</label>"
         "<input id=\"password\" name=\"password\" type=\"password\" "
         "autocomplete=\"current-password\" required>"
         "<label for=\"code\">Six digits of your authenticator</label>"
         "<input id=\"code\" name=\"code\" inputmode=\"numeric\" autocomplete=\"one-time-code\" "
         "required"
         " maxlength=\"8\">"
         "<button class=\"main\">Sign in</button></form>",
         fields_get(&p->form, "login"));
    if (folded)
        html(&p->out, "</details>");
    page_end(p);
}

void signin_get(struct page *p)
{
    if (p->signed_in)
        page_go(p, "/", NULL);
    else
        signin_form(p, NULL);
}

/* The same answer, after the same work, whether the account is there or not. */
static void signin_wrong(struct page *p, const struct hub_account *account)
{
    struct hub_audit w = page_audit(p, "sign-in.refused");
    struct why why = { 0 };

    /* What was typed is not kept: it may be a password in the wrong place. */
    w.actor = account->id;
    enum err rc = account->id[0] != '\0' ? hubstore_account_failed(p->store, account->id, &w, &why)
                                         : hubstore_audit(p->store, &w, &why);
    if (rc != ERR_OK) {
        page_failed(p, rc, &why);
        return;
    }
    signin_form(p, "User name, password and code do not fit together. After eight wrong tries an "
                   "account is shut for a quarter of an hour.");
    p->reply->status = 403;
}

static bool signin_password(const struct page *p, const struct hub_account *account)
{
    static const char none[] = "$argon2id$v=19$m=16384,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                               "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    char verifier[KEYS_VERIFIER] = "";
    const char *password = fields_get(&p->form, "password");

    (void)str_copy(verifier, sizeof(verifier),
                   account->password[0] != '\0' ? account->password : none);
    return strlen(password) <= SIGNIN_PASSWORD_MAX &&
           keys_pin_ok(verifier, &p->hub->self, password) && account->password[0] != '\0';
}

static void signin_begin(struct page *p, const struct hub_account *account, int64_t step)
{
    struct hub_audit w = page_audit(p, "sign-in");
    uint8_t hash[KEYS_HASH];
    struct why why = { 0 };

    page_token_new(
        p); /* what the browser held before anybody signed in is worth nothing from here on */
    page_token_hash(p, hash);
    w.actor = account->id;
    enum err rc = hubstore_session_begin(p->store, hash, account->id, step, &w, &why);
    if (rc == ERR_CONFLICT)
        signin_wrong(p, account);
    else if (rc != ERR_OK)
        page_failed(p, rc, &why);
    else
        page_go(p, page_to(fields_get(&p->form, "to")), NULL);
}

void signin_post(struct page *p)
{
    struct hub_account account = { .id = "" };
    struct why why = { 0 };
    int64_t step = 0;
    int64_t wait_s = 0;

    if (!hub_may_try(p->hub, p->q->address, false, &wait_s)) {
        signin_form(p, "Too many wrong tries from this network. Wait a minute and try again.");
        p->reply->status = 429;
        return;
    }
    enum err rc =
        hubstore_account_by_login(p->store, "", fields_get(&p->form, "login"), &account, &why);
    if (rc != ERR_OK && rc != ERR_NOT_FOUND) {
        page_failed(p, rc, &why);
        return;
    }
    const bool password = signin_password(p, &account);
    const bool open = account.ended_ms == 0 && account.shut_ms <= p->now_ms;
    if (password && open && account.has_totp &&
        totp_ok(account.totp, fields_get(&p->form, "code"), p->now_ms, account.totp_step, &step)) {
        signin_begin(p, &account, step);
        return;
    }
    (void)hub_may_try(p->hub, p->q->address, true, &wait_s);
    signin_wrong(p, &account);
}

void signout_post(struct page *p)
{
    const struct hub_audit w = page_audit(p, "sign-out");
    uint8_t hash[KEYS_HASH];
    struct hub_oidc oidc = { .id = "" };
    struct why why = { 0 };
    enum err rc = hubstore_oidc_of(p->store, p->session.account, &oidc, &why);

    keys_wipe(oidc.secret, sizeof(oidc.secret));
    page_token_hash(p, hash);
    if (rc == ERR_OK || rc == ERR_NOT_FOUND)
        rc = hubstore_session_end(p->store, hash, &w, &why);
    page_token_new(p);
    if (rc == ERR_OK)
        page_go(p, oidc.id[0] != '\0' ? arena_printf(p->a, "/sign-in?out=%s", oidc.id) : "/sign-in",
                NULL);
    else
        page_failed(p, rc, &why);
}

/* ---- setting up an account ---- */

/* The secret stands in the form until it is proved: it is made from the invitation, so that the page may be loaded again. */
static void setup_secret(const struct page *p, const uint8_t invite[KEYS_HASH],
                         uint8_t out[TOTP_SECRET])
{
    uint8_t of[KEYS_HASH + KEYS_SECRET];
    uint8_t hash[KEYS_HASH];

    memcpy(of, invite, KEYS_HASH);
    memcpy(of + KEYS_HASH, p->hub->self.secret, KEYS_SECRET);
    keys_sha256(hash, of, sizeof(of));
    memcpy(out, hash, TOTP_SECRET);
    keys_wipe(of, sizeof(of));
    keys_wipe(hash, sizeof(hash));
}

static void setup_qr(struct page *p, const char *link)
{
    struct qr qr;

    if (qr_make(link, p->a, &qr, NULL) != ERR_OK)
        return;
    const int side = qr.side + 2 * QR_QUIET;
    html(&p->out,
         "<svg class=\"qr\" role=\"img\" aria-label=\"QR code for your authenticator\" viewBox=\"0 "
         "0 %d %d\">"
         "<path class=\"paper\" d=\"M0 0h%dv%dh-%dz\"/><path class=\"ink\" d=\"",
         side, side, side, side, side);
    for (int y = 0; y < qr.side; y++)
        for (int x = 0; x < qr.side; x++)
            if (qr_dark(&qr, x, y))
                html(&p->out, "M%d %dh1v1h-1z", x + QR_QUIET, y + QR_QUIET);
    html(&p->out, "\"/></svg>");
}

/* The invitation of this page: the token stands behind the #'s place in the address, or in the form. */
static bool setup_invited(struct page *p, const char *token, uint8_t hash[KEYS_HASH],
                          struct hub_account *out)
{
    struct why why = { 0 };

    keys_sha256(hash, token, strlen(token));
    enum err rc = hex_is(token, PAGE_TOKEN - 1)
                      ? hubstore_invite(p->store, hash, p->now_ms, out, &why)
                      : ERR_NOT_FOUND;
    if (rc == ERR_NOT_FOUND)
        page_refuse(
            p, 404, "This link is used up",
            "A link to set an account up works once and for three days. Ask whoever sent it "
            "for another one.");
    else if (rc != ERR_OK)
        page_failed(p, rc, &why);
    return rc == ERR_OK;
}

static void setup_form(struct page *p, const char *token, const struct hub_account *account,
                       const uint8_t hash[KEYS_HASH], const char *wrong)
{
    uint8_t secret[TOTP_SECRET];
    const char *link;
    const char *text;
    struct why why = { 0 };

    setup_secret(p, hash, secret);
    enum err rc = totp_link(p->a, secret, account->login, &link, &text, &why);
    keys_wipe(secret, sizeof(secret));
    if (rc != ERR_OK) {
        page_failed(p, rc, &why);
        return;
    }
    page_begin(p, "Set up your account");
    if (wrong != NULL)
        html(&p->out, "<p class=\"wrong\" role=\"alert\">%s</p>", wrong);
    html(&p->out, "<p class=\"lead\">%s, you will sign in as <b>%s</b>.</p>", account->name,
         account->login);
    html(&p->out, "<form class=\"fields\" method=\"post\" action=\"/set-up\">");
    page_token(p);
    html(&p->out,
         "<input type=\"hidden\" name=\"invite\" value=\"%s\">"
         "<label for=\"password\">A password of at least %d characters</label>"
         "<input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"new-password\""
         " required minlength=\"%d\">"
         "<label for=\"again\">The same password again</label>"
         "<input id=\"again\" name=\"again\" type=\"password\" autocomplete=\"new-password\" "
         "required>"
         "<h2>Your authenticator</h2><p>Scan this with an authenticator app, or type the key into "
         "it.</p>",
         token, SIGNIN_PASSWORD_MIN, SIGNIN_PASSWORD_MIN);
    setup_qr(p, link);
    html(&p->out,
         "<p class=\"key\"><code>%s</code></p>"
         "<label for=\"code\">The six digits that it shows now</label>"
         "<input id=\"code\" name=\"code\" inputmode=\"numeric\" autocomplete=\"one-time-code\" "
         "required"
         " maxlength=\"8\"><button class=\"main\">Set up</button></form>",
         text);
    page_end(p);
}

void setup_get(struct page *p)
{
    const char *token = fields_get(&p->query, "invite");
    struct hub_account account;
    uint8_t hash[KEYS_HASH];

    if (setup_invited(p, token, hash, &account))
        setup_form(p, token, &account, hash, NULL);
}

static const char *setup_wrong(const struct page *p, const uint8_t secret[TOTP_SECRET],
                               int64_t *out_step)
{
    const char *password = fields_get(&p->form, "password");

    if (strlen(password) < SIGNIN_PASSWORD_MIN || strlen(password) > SIGNIN_PASSWORD_MAX)
        return "A password has 12 to 256 characters.";
    if (!str_eq(password, fields_get(&p->form, "again")))
        return "The two passwords are not the same.";
    if (!totp_ok(secret, fields_get(&p->form, "code"), p->now_ms, 0, out_step))
        return "The six digits are not those of your authenticator now. Check that its clock is "
               "right.";
    return NULL;
}

void setup_post(struct page *p)
{
    const char *token = fields_get(&p->form, "invite");
    struct hub_account account;
    char verifier[KEYS_VERIFIER];
    uint8_t hash[KEYS_HASH];
    uint8_t secret[TOTP_SECRET];
    int64_t step = 0;
    struct why why = { 0 };

    if (!setup_invited(p, token, hash, &account))
        return;
    setup_secret(p, hash, secret);
    const char *wrong = setup_wrong(p, secret, &step);
    if (wrong != NULL) {
        setup_form(p, token, &account, hash, wrong);
        p->reply->status = 422;
        return;
    }
    struct hub_audit w = page_audit(p, "account.set-up");
    w.actor = account.id;
    enum err rc = keys_pin_set(verifier, &p->hub->self, fields_get(&p->form, "password"), &why);
    if (rc == ERR_OK)
        rc = hubstore_invite_use(p->store, hash, verifier, secret, step, &w, &why);
    keys_wipe(secret, sizeof(secret));
    if (rc == ERR_OK)
        page_go(p, "/sign-in", NULL);
    else
        page_failed(p, rc, &why);
}
