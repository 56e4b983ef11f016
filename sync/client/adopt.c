#include "sync/client/adopt.h"

#include <string.h>

#include "platform/base/str.h"
#include "sync/client/http.h"
#include "sync/client/proto.h"
#include "sync/client/state.h"
#include "sync/log/event.h"
#include "sync/log/signed.h"

enum { ADOPT_ARENA = EVENT_ARENA + 256 * 1024, ADOPT_LINES_MAX = 4096 };

struct adopt {
    const char *hub, *url, *site, *name, *founder; /* as they stand in sync_state */
};

static enum err adopt_read(struct db *db, struct arena *a, struct adopt *out, struct why *why)
{
    const struct {
        const char *key;
        const char **to;
    } rows[] = {
        { "hub.key", &out->hub },    { "hub.url", &out->url },          { "site.id", &out->site },
        { "site.name", &out->name }, { "site.founder", &out->founder },
    };
    enum err rc = ERR_OK;

    for (size_t i = 0; i < COUNT_OF(rows) && rc == ERR_OK; i++)
        rc = state_get(db, rows[i].key, a, rows[i].to, why);
    return rc;
}

enum err adopt_tell(struct db *db, struct json_out *j, const char *url, struct why *why)
{
    struct adopt is;
    struct arena a;

    arena_init(&a, (size_t)64 * 1024);
    enum err rc = adopt_read(db, &a, &is, why);
    if (rc == ERR_OK && is.hub[0] == '\0' && is.site[0] != '\0') {
        json_out_object(j, "founded");
        json_out_str(j, "site", is.site);
        json_out_str(j, "name", is.name);
        if (is.founder[0] != '\0')
            json_out_str(j, "founder", is.founder);
        json_out_str(j, "url", url);
        json_out_end_object(j);
    }
    arena_done(&a);
    return rc;
}

/* ---- the word of a hub, in a line ---- */

struct adopt_word {
    char hub[KEYS_ID_TEXT];
    char url[HTTP_URL_MAX];
    char site_name[PROTO_NAME_MAX];
    char cert[PROTO_SMALL_MAX];
    bool ours; /* it is about this kiosk */
};

/* false: it says nothing, or not by a hub. */
static bool adopt_line(struct arena *a, const char *line, size_t len, const struct adopt *is,
                       const char *self, struct adopt_word *out)
{
    const struct json *said = NULL;
    struct event e;

    if (event_parse(a, line, len, &e, NULL) != ERR_OK || e.body == NULL)
        return false;
    const char *cert = json_str(e.body, "certificate");
    const char *url = json_str(e.body, "hub_url");
    if (cert == NULL || signed_read(a, cert, strlen(cert), sizeof(out->cert) - 1,
                                    "canny.certificate", "hub", &said, NULL) != ERR_OK)
        return false;
    /* Whoever wrote the line, the hub named him as its voice, the kiosk by its id, and this site. */
    if (!str_eq(json_str(said, "voice"), e.device) ||
        !str_eq(json_str(said, "device"), e.subject) || !str_eq(json_str(said, "site"), is->site))
        return false;
    *out = (struct adopt_word){ .ours = strcmp(e.subject, self) == 0 };
    const char *name = json_str(said, "site_name");
    return str_copy(out->hub, sizeof(out->hub), json_str(said, "hub")) &&
           str_copy(out->cert, sizeof(out->cert), cert) &&
           str_copy(out->url, sizeof(out->url), url != NULL ? url : "") &&
           str_copy(out->site_name, sizeof(out->site_name), name != NULL ? name : is->name);
}

/* The newest lines first. A kiosk that knows its hub but not where that is listens to that hub alone. */
static enum err adopt_look(struct db *db, const struct adopt *is, const char *self,
                           struct adopt_word *cert, struct adopt_word *url, struct why *why)
{
    struct db_stmt q = db_prepare(db, "select line from log_line where kind = 'kiosk.enrolled'"
                                      " order by arrived desc limit ?1");
    struct adopt_word found;
    struct arena a;

    arena_init(&a, ADOPT_ARENA);
    db_bind_i64(&q, 1, ADOPT_LINES_MAX);
    while ((cert->hub[0] == '\0' || url->url[0] == '\0') && db_step(&q)) {
        const char *line = db_text(&q, 0);
        arena_reset(&a);
        if (!adopt_line(&a, line, strlen(line), is, self, &found) ||
            (is->hub[0] != '\0' && strcmp(is->hub, found.hub) != 0))
            continue;
        if (found.ours && cert->hub[0] == '\0')
            *cert = found;
        if (found.url[0] != '\0' && url->url[0] == '\0')
            *url = found;
    }
    arena_done(&a);
    return db_end(&q, why);
}

static enum err adopt_keep(struct db *db, const struct adopt *is, const struct adopt_word *cert,
                           const char *url, struct why *why)
{
    enum err rc = db_begin(db, why);
    if (rc != ERR_OK)
        return rc;

    rc = state_set(db, "hub.url", url, why);
    if (is->hub[0] == '\0') {
        const char *const pairs[][2] = {
            { "hub.key", cert->hub }, { "site.name", cert->site_name },
            { "cert", cert->cert },   { "acked", "0" },
            { "cursor", "0" },        { "read", "" },
        };
        for (size_t i = 0; i < COUNT_OF(pairs) && rc == ERR_OK; i++)
            rc = state_set(db, pairs[i][0], pairs[i][1], why);
    }
    if (rc != ERR_OK) {
        db_rollback(db);
        return rc;
    }
    return db_commit(db, why);
}

enum err adopt_taken(struct db *db, const struct keypair *self, bool *out_changed, struct why *why)
{
    struct adopt_word cert = { .hub = "" };
    struct adopt_word url = { .hub = "" };
    struct adopt is;
    struct arena a;

    *out_changed = false;
    arena_init(&a, (size_t)64 * 1024);
    enum err rc = adopt_read(db, &a, &is, why);
    if (rc == ERR_OK && is.site[0] != '\0' && (is.hub[0] == '\0' || is.url[0] == '\0')) {
        rc = adopt_look(db, &is, self->id, &cert, &url, why);
        bool knows = is.hub[0] != '\0' ? url.url[0] != '\0' : cert.hub[0] != '\0';
        bool same = is.hub[0] != '\0' || strcmp(cert.hub, url.hub) == 0;
        if (rc == ERR_OK && knows) {
            rc = adopt_keep(db, &is, &cert, same ? url.url : cert.url, why);
            *out_changed = rc == ERR_OK;
        }
    }
    arena_done(&a);
    return rc;
}
