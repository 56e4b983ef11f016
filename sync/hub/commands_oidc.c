/* The command for who else may vouch for people at the console: issuers of OpenID Connect, and what of their claims grants
   which role. */
#include <stdio.h>
#include <string.h>

#include "platform/base/fs.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"
#include "sync/client/proxy.h"
#include "sync/hub/commands.h"
#include "sync/hub/commands_parts.h"
#include "sync/hub/hubstore_oidc.h"
#include "sync/hub/web/access.h"
#include "sync/hub/web/oidc_ask.h"

static const char oidc_scopes[] = "openid profile email";

struct oidc_args {
    struct command_where where;
    const char *name, *issuer, *client, *secret_file, *scopes, *proxy;
    const char *claim, *value, *role, *authority, *site;
    enum access_role as;
};

static bool oidc_wrong(const char *what)
{
    (void)fprintf(stderr, "canny-hub oidc: %s; see canny-hub oidc --help\n", what);
    return false;
}

/* ---- add, list, remove ---- */

static bool oidc_scopes_ok(const char *scopes)
{
    return command_text_ok(scopes, HUB_OIDC_SCOPES_MAX, true) &&
           (str_eq(scopes, "openid") || str_starts(scopes, "openid ") ||
            strstr(scopes, " openid") != NULL);
}

static bool oidc_add_fits(const void *args)
{
    const struct oidc_args *o = args;
    char proxy[PROXY_ADDRESS_MAX];

    if (!command_text_ok(o->name, PROTO_NAME_MAX, true))
        return oidc_wrong("--name is at most 120 bytes");
    if (!oidc_issuer_ok(o->issuer))
        return oidc_wrong("--issuer is the issuer's address, https://, as it writes it itself");
    if (!command_text_ok(o->client, HUB_OIDC_CLIENT_MAX, false))
        return oidc_wrong("--client is the name that the issuer gave this hub");
    if (o->scopes != NULL && !oidc_scopes_ok(o->scopes))
        return oidc_wrong("--scopes are words, and openid is one of them");
    if (o->proxy != NULL &&
        (!command_text_ok(o->proxy, PROTO_NAME_MAX, false) || !proxy_address(o->proxy, proxy)))
        return oidc_wrong("--proxy is HOST:PORT");
    return true;
}

/* Its first line; an argument would stand in a list of processes. */
static enum err oidc_secret(const char *file, char out[HUB_OIDC_SECRET_MAX], struct why *why)
{
    struct arena a;
    char *bytes = NULL;
    size_t len = 0;

    out[0] = '\0';
    if (file == NULL)
        return ERR_OK;
    arena_init(&a, (size_t)64 * 1024);
    enum err rc = fs_read(&a, file, 4096, &bytes, &len, why);
    if (rc == ERR_OK) {
        const size_t end = strcspn(bytes, "\r\n");
        size_t plain = 0;
        while (plain < end && bytes[plain] > ' ' && bytes[plain] <= '~')
            plain++;
        /* A secret that was cut short would be refused by the issuer, and nobody would know why. */
        if (plain == 0 || plain < end || end >= HUB_OIDC_SECRET_MAX ||
            strspn(bytes + end, "\r\n") != len - end)
            rc = why_set(why, ERR_INPUT, 0, "%s: the secret is one word of at most 511 letters",
                         file);
        else
            memcpy(out, bytes, end);
        out[rc == ERR_OK ? end : 0] = '\0';
        keys_wipe(bytes, len);
    }
    arena_done(&a);
    return rc;
}

/* The id of an authority that is made where there is none; "" for NULL. */
static enum err oidc_authority(struct hub *h, const char *name, char out[KEYS_RANDOM_ID],
                               struct why *why)
{
    const struct hub_audit w = { .now = hub_now(h), .act = "authority.added", .about = name };

    out[0] = '\0';
    return name != NULL ? hubstore_authority_make(h->store, name, &w, out, why) : ERR_OK;
}

static enum err oidc_add(struct hub *h, void *args, struct why *why)
{
    const struct oidc_args *o = args;
    struct hub_oidc oidc = { .id = "" };
    char url[HUB_URL_MAX] = "";

    (void)str_copy(oidc.name, sizeof(oidc.name), o->name);
    (void)str_copy(oidc.issuer, sizeof(oidc.issuer), o->issuer);
    (void)str_copy(oidc.client, sizeof(oidc.client), o->client);
    (void)str_copy(oidc.scopes, sizeof(oidc.scopes), o->scopes != NULL ? o->scopes : oidc_scopes);
    (void)str_copy(oidc.proxy, sizeof(oidc.proxy), o->proxy != NULL ? o->proxy : "");
    enum err rc = oidc_secret(o->secret_file, oidc.secret, why);
    if (rc == ERR_OK)
        rc = oidc_authority(h, o->authority, oidc.authority, why);
    const struct hub_audit w = { .now = hub_now(h),
                                 .act = "issuer.added",
                                 .authority = oidc.authority,
                                 .about = oidc.name,
                                 .detail = oidc.issuer };
    if (rc == ERR_OK)
        rc = hubstore_oidc_add(h->store, &oidc, &w, why);
    keys_wipe(oidc.secret, sizeof(oidc.secret));
    if (rc == ERR_OK)
        rc = hubstore_url(h->store, url, why);
    if (rc != ERR_OK)
        return rc;
    (void)printf("%s is added. Give it this as the redirect URI:\n%s/sign-in/back/%s\n", oidc.name,
                 url[0] != '\0' ? url : "https://THIS-HUB", oidc.id);
    (void)printf("Nobody gets a role by it yet: see canny-hub oidc map.\n");
    return ERR_OK;
}

static bool oidc_print_map(void *ctx, const struct hub_oidc_map *map, const char *place)
{
    (void)ctx;
    return printf("  %s = %s: %s%s%s\n", map->claim, map->value, map->grant.role,
                  place[0] != '\0' ? " at " : "", place) > 0;
}

struct oidc_list {
    struct hub_oidc all[HUB_OIDC_ISSUERS_MAX];
    size_t count;
};

static bool oidc_listed(void *ctx, const struct hub_oidc *oidc)
{
    struct oidc_list *l = ctx;

    l->all[l->count++] = *oidc;
    return l->count < HUB_OIDC_ISSUERS_MAX;
}

static enum err oidc_list(struct hub *h, void *args, struct why *why)
{
    struct oidc_list l = { .count = 0 };
    enum err rc = hubstore_oidc_each(h->store, oidc_listed, &l, why);

    (void)args;
    for (size_t i = 0; i < l.count && rc == ERR_OK; i++) {
        (void)printf("%s: %s, client %s\n", l.all[i].name, l.all[i].issuer, l.all[i].client);
        rc = hubstore_oidc_maps(h->store, l.all[i].id, oidc_print_map, NULL, why);
    }
    return rc;
}

static enum err oidc_remove(struct hub *h, void *args, struct why *why)
{
    const struct oidc_args *o = args;
    struct hub_oidc oidc;
    enum err rc = hubstore_oidc(h->store, NULL, o->name, &oidc, why);
    if (rc != ERR_OK)
        return rc;

    const struct hub_audit w = { .now = hub_now(h),
                                 .act = "issuer.removed",
                                 .authority = oidc.authority,
                                 .about = oidc.name,
                                 .detail = oidc.issuer };
    keys_wipe(oidc.secret, sizeof(oidc.secret));
    return hubstore_oidc_remove(h->store, &oidc, &w, why);
}

/* ---- map and unmap ---- */

static bool oidc_map_fits(const void *args)
{
    const struct oidc_args *o = args;
    enum access_role role;

    if (!command_text_ok(o->claim, HUB_OIDC_CLAIM_MAX, false) ||
        !command_text_ok(o->value, HUB_OIDC_VALUE_MAX, true))
        return oidc_wrong("--claim is at most 63 bytes, --value at most 255");
    if (!access_role_find(o->role, &role))
        return oidc_wrong("--role is sserc, it, adviser, head, technician, teacher or viewer");
    const enum access_level level = access_role_level(role);
    if ((level == LEVEL_AUTHORITY) != (o->authority != NULL) ||
        (level == LEVEL_SCHOOL) != (o->site != NULL))
        return oidc_wrong("it and adviser are held at an --authority, sserc nowhere, the others at "
                          "a school: --site");
    return true;
}

/* on: it is granted from now on; else no longer. */
static enum err oidc_map_set(struct hub *h, const struct oidc_args *o, bool on, struct why *why)
{
    char place[KEYS_RANDOM_ID] = "";
    char detail[HUB_OIDC_CLAIM_MAX + HUB_OIDC_VALUE_MAX + PROTO_NAME_MAX + 64];
    struct hub_oidc oidc;
    enum err rc = hubstore_oidc(h->store, NULL, o->name, &oidc, why);
    if (rc != ERR_OK)
        return rc;

    keys_wipe(oidc.secret, sizeof(oidc.secret));
    rc = o->site != NULL ? hubstore_site_find(h->store, o->site, place, why)
                         : oidc_authority(h, o->authority, place, why);
    const char *at = o->site != NULL ? o->site : o->authority != NULL ? o->authority : "";
    (void)str_format(detail, sizeof(detail), "%s = %s: %s%s%s", o->claim, o->value, o->role,
                     at[0] != '\0' ? " at " : "", at);
    const struct hub_oidc_map map = { .claim = o->claim,
                                      .value = o->value,
                                      .grant = { .role = o->role,
                                                 .authority = o->authority != NULL ? place : "",
                                                 .site = o->site != NULL ? place : "" } };
    const struct hub_audit w = { .now = hub_now(h),
                                 .act = on ? "issuer.map-added" : "issuer.map-removed",
                                 .authority = oidc.authority,
                                 .about = oidc.name,
                                 .detail = detail };
    if (rc != ERR_OK)
        return rc;
    return on ? hubstore_oidc_map(h->store, &oidc, &map, &w, why)
              : hubstore_oidc_unmap(h->store, &oidc, &map, &w, why);
}

static enum err oidc_map(struct hub *h, void *args, struct why *why)
{
    return oidc_map_set(h, args, true, why);
}

static enum err oidc_unmap(struct hub *h, void *args, struct why *why)
{
    return oidc_map_set(h, args, false, why);
}

/* ---- the command ---- */

enum { OIDC_ADD = 1, OIDC_MAP = 2, OIDC_NAMED = 4, OIDC_ROWS_MAX = 16 };

static const struct oidc_word {
    const char *name, *about;
    unsigned takes;
    bool (*fits)(const void *args);
    enum err (*run)(struct hub *h, void *args, struct why *why);
} oidc_words[] = {
    { "add",
      "Adds an issuer of OpenID Connect, by whom people may sign in. With --authority it gives "
      "roles\nthere and at its schools alone, and that authority's IT staff read of its refusals.",
      OIDC_ADD | OIDC_NAMED, oidc_add_fits, oidc_add },
    { "list", "Lists the issuers, and what of their claims grants which role.", 0, NULL,
      oidc_list },
    { "remove", "Removes an issuer: whoever came by it may nothing any more, and is signed out.",
      OIDC_NAMED, NULL, oidc_remove },
    { "map",
      "Says that whoever's claim has that value has a role. Roles are looked at anew at each "
      "sign-in.",
      OIDC_MAP | OIDC_NAMED, oidc_map_fits, oidc_map },
    { "unmap", "Takes that back, and signs out whoever came by the issuer.", OIDC_MAP | OIDC_NAMED,
      oidc_map_fits, oidc_unmap },
};

struct oidc_rows {
    struct option_row all[OIDC_ROWS_MAX];
    size_t count;
};

/* The options of words that take any of these. */
static struct oidc_rows oidc_rows(struct oidc_args *o, unsigned takes)
{
    const struct {
        struct option_row row;
        unsigned of;
    } all[] = {
        { { "--name", "NAME", "what people call the issuer: it stands on the button", true,
            &o->name },
          OIDC_NAMED },
        { { "--issuer", "URL", "of add: its address, exactly as it writes it itself", true,
            &o->issuer },
          OIDC_ADD },
        { { "--client", "ID", "of add: what it calls this hub", true, &o->client }, OIDC_ADD },
        { { "--secret-file", "FILE",
            "of add: a file with the client's secret; without one PKCE alone proves the hub", false,
            &o->secret_file },
          OIDC_ADD },
        { { "--scopes", "WORDS", "of add: default \"openid profile email\"", false, &o->scopes },
          OIDC_ADD },
        { { "--proxy", "HOST:PORT", "of add: the proxy by which this hub asks it", false,
            &o->proxy },
          OIDC_ADD },
        { { "--claim", "NAME", "of map: \"groups\", \"roles\", \"hd\", \"email\"", true,
            &o->claim },
          OIDC_MAP },
        { { "--value", "TEXT", "of map: what stands in the claim, or in its list", true,
            &o->value },
          OIDC_MAP },
        { { "--role", "ROLE", "of map: sserc, it, adviser; head, technician, teacher, viewer", true,
            &o->role },
          OIDC_MAP },
        { { "--authority", "NAME", "an authority; made where there is none", false, &o->authority },
          OIDC_ADD | OIDC_MAP },
        { { "--site", "NAME", "of map: a school", false, &o->site }, OIDC_MAP },
    };
    struct oidc_rows rows = { .all = { COMMAND_WHERE(o->where) } };

    while (rows.all[rows.count].name != NULL)
        rows.count++;
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if ((all[i].of & takes) != 0)
            rows.all[rows.count++] = all[i].row;
    return rows;
}

static int oidc_run(const struct oidc_word *word, int argc, char **argv)
{
    struct oidc_args o = { .where = { .data = NULL } };
    const struct oidc_rows rows = oidc_rows(&o, word->takes);
    char title[32];

    (void)str_format(title, sizeof(title), "oidc %s", word->name);
    const struct command c = {
        .name = title,
        .about = word->about,
        .rows = rows.all,
        .row_count = rows.count,
        .where = &o.where,
        .args = &o,
        .fits = word->fits,
        .run = word->run,
    };
    return command_run(&c, argc, argv);
}

static int oidc_help(void)
{
    struct oidc_args o = { .where = { .data = NULL } };
    const struct oidc_rows rows = oidc_rows(&o, OIDC_ADD | OIDC_MAP | OIDC_NAMED);

    (void)printf("usage: canny-hub oidc --data DIR add|list|remove|map|unmap ...\n\n"
                 "Who else may vouch for people at the console: issuers of OpenID Connect.\n\n");
    for (size_t i = 0; i < COUNT_OF(oidc_words); i++)
        (void)printf("%s: %s\n", oidc_words[i].name, oidc_words[i].about);
    (void)printf("\n");
    options_print(rows.all, rows.count);
    return 0;
}

static const struct oidc_word *oidc_word(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(oidc_words); i++)
        if (str_eq(oidc_words[i].name, name))
            return &oidc_words[i];
    return NULL;
}

/* The word stands among the options, each of which takes a value: as `canny-hub content` has it. */
int command_oidc(int argc, char **argv)
{
    char *options[2 * OIDC_ROWS_MAX];
    const struct oidc_word *word = NULL;
    bool help = false;
    bool fits = true;
    int count = 0;

    for (int i = 0; i < argc && fits; i++) {
        const bool option = str_starts(argv[i], "--");
        help = help || str_eq(argv[i], "--help");
        if (!option) {
            fits = word == NULL && (word = oidc_word(argv[i])) != NULL;
            continue;
        }
        fits = count + 2 <= (int)COUNT_OF(options);
        if (fits)
            options[count++] = argv[i];
        if (fits && i + 1 < argc && !str_eq(argv[i], "--help"))
            options[count++] = argv[++i];
    }
    if (word != NULL && fits)
        return oidc_run(word, count, options);
    if (help && fits)
        return oidc_help();
    (void)oidc_wrong("say what to do: add, list, remove, map or unmap");
    return 2;
}
