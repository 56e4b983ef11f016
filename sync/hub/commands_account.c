/* The commands for people at the hub: authorities, and who may sign in to the console. */
#include <stdio.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/commands.h"
#include "sync/hub/commands_parts.h"
#include "sync/hub/hub.h"
#include "sync/hub/hubstore_account.h"
#include "sync/hub/options.h"
#include "sync/hub/web/access.h"
#include "sync/update/manifest.h"

/* ---- authority ---- */

struct authority_args {
    struct command_where where;
    const char *name, *site, *employer;
};

static enum err authority_set(struct hub *h, const struct authority_args *o, struct why *why)
{
    char id[KEYS_RANDOM_ID];
    char site[KEYS_RANDOM_ID] = "";
    struct hub_audit w = { .now = hub_now(h), .act = "authority.added", .about = o->name };
    enum err rc = o->site != NULL ? hubstore_site_find(h->store, o->site, site, why) : ERR_OK;

    if (rc == ERR_OK)
        rc = hubstore_authority_make(h->store, o->name, &w, id, why);
    w = (struct hub_audit){
        .now = w.now, .act = "school.joined", .authority = id, .site = site, .about = o->name
    };
    if (rc == ERR_OK && o->site != NULL)
        rc = hubstore_site_join(h->store, site, id, &w, why);
    w.act = "authority.employer";
    w.site = NULL;
    w.detail = o->employer;
    if (rc == ERR_OK && o->employer != NULL)
        rc = hubstore_authority_employer(h->store, id, o->employer, &w, why);
    return rc;
}

/* Said when it is not. */
static bool authority_args_ok(const struct authority_args *o)
{
    char role[MANIFEST_ROLE];

    if (!command_text_ok(o->name, PROTO_NAME_MAX, true)) {
        (void)fprintf(stderr, "canny-hub authority: --authority is at most 120 bytes\n");
        return false;
    }
    if (o->site == NULL && o->employer == NULL) {
        (void)fprintf(stderr, "canny-hub authority: give --site, --employer or both; see --help\n");
        return false;
    }
    if (o->employer == NULL || o->employer[0] == '\0' ||
        (str_format(role, sizeof(role), "employers/%s", o->employer) && manifest_role_ok(role)))
        return true;
    (void)fprintf(stderr, "canny-hub authority: --employer is the ID of a role employers/ID: small "
                          "letters, digits and -\n");
    return false;
}

int command_authority(int argc, char **argv)
{
    struct authority_args o = { .where = { .data = NULL } };
    const struct option_row rows[] = {
        COMMAND_WHERE(o.where),
        { "--authority", "NAME", "the authority; made where there is none of that name", true,
          &o.name },
        { "--site", "NAME", "the school", false, &o.site },
        { "--employer", "ID", "its people publish as the role employers/ID; \"\": as none", false,
          &o.employer },
    };
    enum options_result r = options_read("authority",
                                         "Says which authority a school belongs to, and so whose "
                                         "people see it in the console; and as\n"
                                         "which role its people publish content. While there is "
                                         "one authority only, every school is its.",
                                         rows, COUNT_OF(rows), argc, argv);
    struct why why = { 0 };
    struct hub *h = NULL;
    if (r != OPTIONS_OK)
        return command_usage(r);
    if (!authority_args_ok(&o))
        return 2;
    enum err rc = command_open(&o.where, true, &h, &why);
    if (rc == ERR_OK)
        rc = authority_set(h, &o, &why);
    return command_end(h, "authority", &o.where, rc, &why);
}

/* ---- account ---- */

struct account_args {
    struct command_where where;
    const char *login, *name, *role, *authority, *site;
    const char *issuer, *list, *end, *again;
};

/* Words of it stand in addresses and in codes: letters, digits and .-_@ */
static bool account_login_ok(const char *login)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_@";

    return login[0] != '\0' && strlen(login) <= 120 && strspn(login, plain) == strlen(login);
}

/* The place of the role: an authority by its name, which is made where there is none; or a school that is there. */
static enum err account_place(struct hub *h, const struct account_args *o, enum access_level level,
                              struct hub_grant *grant, char id[KEYS_RANDOM_ID], struct why *why)
{
    const struct hub_audit w = { .now = hub_now(h),
                                 .act = "authority.added",
                                 .about = o->authority };

    if (level == LEVEL_AUTHORITY) {
        grant->authority = id;
        return hubstore_authority_make(h->store, o->authority, &w, id, why);
    }
    if (level == LEVEL_SCHOOL) {
        grant->site = id;
        return hubstore_site_find(h->store, o->site, id, why);
    }
    return ERR_OK;
}

/* What opens the page on which a password is set: it is printed, and the store has its hash alone. */
struct account_link {
    char token[KEYS_ID_TEXT];
    uint8_t hash[KEYS_HASH];
};

static void account_link_new(struct account_link *out)
{
    uint8_t random[KEYS_HASH];

    keys_random(random, sizeof(random));
    hex_put(out->token, random, sizeof(random));
    keys_sha256(out->hash, out->token, strlen(out->token));
}

static enum err account_link_print(struct hub *h, const char *name, const struct account_link *link,
                                   struct why *why)
{
    char url[HUB_URL_MAX] = "";
    enum err rc = hubstore_url(h->store, url, why);

    if (rc == ERR_OK)
        (void)printf(
            "%s may set this account up within three days, once, at\n%s/set-up?invite=%s\n", name,
            url, link->token);
    return rc;
}

static enum err account_add(struct hub *h, const struct account_args *o, enum access_role role,
                            struct why *why)
{
    char id[KEYS_RANDOM_ID] = "";
    char account[KEYS_RANDOM_ID];
    struct account_link link;
    struct hub_account_new ask = {
        .login = o->login,
        .issuer = "",
        .name = o->name,
        .grant = { .role = access_role_id(role), .authority = "", .site = "" },
        .invite = link.hash,
        .now = hub_now(h),
    };
    enum err rc = account_place(h, o, access_role_level(role), &ask.grant, id, why);
    const struct hub_audit w = { .now = ask.now,
                                 .act = "account.added",
                                 .authority = ask.grant.authority,
                                 .site = ask.grant.site,
                                 .about = o->login };

    account_link_new(&link);
    if (rc == ERR_OK)
        rc = hubstore_account_add(h->store, &ask, &w, account, why);
    return rc == ERR_OK ? account_link_print(h, o->name, &link, why) : rc;
}

/* ---- one that is there ---- */

struct account_where {
    char authority[KEYS_RANDOM_ID];
    char site[KEYS_RANDOM_ID];
};

/* Whose matter it is: where the account has its first role. */
static bool account_where_visit(void *ctx, const struct hub_grant *grant)
{
    struct account_where *w = ctx;

    (void)str_copy(w->authority, sizeof(w->authority), grant->authority);
    (void)str_copy(w->site, sizeof(w->site), grant->site);
    return false;
}

static enum err account_change(struct hub *h, const struct account_args *o, struct why *why)
{
    struct account_where where = { .site = "" };
    struct account_link link;
    struct hub_account account;
    const char *issuer = o->issuer != NULL ? o->issuer : "";
    enum err rc = hubstore_account_by_login(h->store, issuer, o->login, &account, why);

    if (rc == ERR_OK)
        rc = hubstore_grants(h->store, account.id, account_where_visit, &where, why);
    if (rc != ERR_OK)
        return rc;
    const struct hub_audit w = { .now = hub_now(h),
                                 .act = o->end != NULL ? "account.ended" : "account.again",
                                 .authority = where.authority,
                                 .site = where.site,
                                 .about = o->login };
    const bool own = issuer[0] == '\0';

    if (o->end != NULL)
        return hubstore_account_end(h->store, account.id, &w, why);
    account_link_new(&link);
    rc = hubstore_account_again(h->store, account.id, own ? link.hash : NULL, &w, why);
    return rc == ERR_OK && own ? account_link_print(h, account.name, &link, why) : rc;
}

static void account_day(char out[CLOCK_ISO], int64_t ms, const char *never)
{
    if (ms == 0)
        (void)str_copy(out, CLOCK_ISO, never);
    else
        clock_iso(out, ms);
    out[strcspn(out, "T")] = '\0';
}

static bool account_line(void *ctx, const struct hub_account_line *l)
{
    char seen[CLOCK_ISO], ended[CLOCK_ISO];

    (void)ctx;
    account_day(seen, l->seen_ms, "-");
    account_day(ended, l->ended_ms, "-");
    (void)printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", l->login,
                 l->issuer[0] == '\0' ? "-" : l->issuer, l->name,
                 l->role[0] == '\0' ? "-" : l->role,
                 l->authority[0] != '\0' ? l->authority
                 : l->site[0] != '\0'    ? l->site
                                         : "-",
                 l->ended_ms != 0 ? "ended"
                 : l->set_up      ? "in use"
                                  : "not set up",
                 seen, ended);
    return true;
}

static enum err account_list(struct hub *h, struct why *why)
{
    (void)printf("login\tissuer\tname\trole\tplace\tstate\tsigned in\tended\n");
    return hubstore_accounts(h->store, account_line, NULL, why);
}

/* ---- the command ---- */

/* Said when it is not. */
static bool account_words_ok(const struct account_args *o)
{
    const int asked = (o->list != NULL) + (o->end != NULL) + (o->again != NULL);

    if (asked > 1 || o->name != NULL || o->role != NULL || o->authority != NULL || o->site != NULL)
        (void)fprintf(stderr, "canny-hub account: --list, --end and --again go alone, the last two "
                              "with --login and --issuer; see --help\n");
    else if (o->list == NULL && o->login == NULL)
        (void)fprintf(stderr, "canny-hub account: whose? give --login; see --list\n");
    else
        return true;
    return false;
}

static bool account_args_ok(const struct account_args *o, enum access_role *out)
{
    if (o->issuer != NULL) {
        (void)fprintf(stderr, "canny-hub account: an issuer's people come by its groups: see "
                              "canny-hub oidc --help\n");
        return false;
    }
    if (o->login == NULL || o->name == NULL || o->role == NULL || !account_login_ok(o->login)) {
        (void)fprintf(stderr, "canny-hub account: give --login (letters, digits and .-_@), --name "
                              "and --role; see --help\n");
        return false;
    }
    if (!access_role_find(o->role, out)) {
        (void)fprintf(stderr, "canny-hub account: there is no role %s; see --help\n", o->role);
        return false;
    }
    const enum access_level level = access_role_level(*out);
    if ((level == LEVEL_AUTHORITY) != (o->authority != NULL) ||
        (level == LEVEL_SCHOOL) != (o->site != NULL)) {
        (void)fprintf(stderr, "canny-hub account: the role %s is held %s\n", o->role,
                      level == LEVEL_AUTHORITY ? "at an authority: give --authority"
                      : level == LEVEL_SCHOOL  ? "at a school: give --site"
                                               : "nowhere: give neither --authority nor --site");
        return false;
    }
    return true;
}

int command_account(int argc, char **argv)
{
    struct account_args o = { .where = { .data = NULL } };
    enum access_role role = ROLE_VIEWER;
    const struct option_row rows[] = {
        COMMAND_WHERE(o.where),
        { "--login", "NAME", "what the person signs in by", false, &o.login },
        { "--name", "NAME", "what the person is called", false, &o.name },
        { "--role", "ROLE", "sserc, it, adviser; head, technician, teacher, viewer", false,
          &o.role },
        { "--authority", "NAME", "of it and adviser: which; made where there is none", false,
          &o.authority },
        { "--site", "NAME", "of the others but sserc: which school", false, &o.site },
        { "--list", NULL, "who may sign in, as what and where, and when they last did", false,
          &o.list },
        { "--end", NULL, "nobody signs in by it from now on, and its sessions end", false, &o.end },
        { "--again", NULL, "a new link to set it up by: after a lost password or phone, or an end",
          false, &o.again },
        { "--issuer", "URL", "of --end and --again: the account is that issuer's", false,
          &o.issuer },
    };
    enum options_result r =
        options_read("account",
                     "Adds an account of this hub's own to its console, and prints the link by "
                     "which the person\n"
                     "sets a password and a second factor. People of an authority that has a "
                     "sign-in of its own\n"
                     "use that; such an account is for when it cannot be reached.",
                     rows, COUNT_OF(rows), argc, argv);
    struct why why = { 0 };
    struct hub *h = NULL;
    if (r != OPTIONS_OK)
        return command_usage(r);
    const bool change = o.end != NULL || o.again != NULL;
    if (o.list != NULL || change ? !account_words_ok(&o) : !account_args_ok(&o, &role))
        return 2;
    enum err rc = command_open(&o.where, true, &h, &why);
    if (rc == ERR_OK)
        rc = o.list != NULL ? account_list(h, &why)
             : change       ? account_change(h, &o, &why)
                            : account_add(h, &o, role, &why);
    return command_end(h, "account", &o.where, rc, &why);
}
