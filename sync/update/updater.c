#include "sync/update/updater_parts.h"

#include <string.h>

#include "platform/base/str.h"

const char *updater_fault_name(enum updater_fault fault)
{
    static const char *const names[UPDATER_FAULTS] = {
        [UPDATER_FINE] = "fine",           [UPDATER_UNREACHED] = "unreached",
        [UPDATER_NO_ROOT] = "no-root",     [UPDATER_EMPTY] = "empty",
        [UPDATER_NOBODY] = "nobody",       [UPDATER_PAGE] = "page",
        [UPDATER_MALFORMED] = "malformed", [UPDATER_UNSIGNED] = "unsigned",
        [UPDATER_OLDER] = "older",         [UPDATER_MIXED] = "mixed",
        [UPDATER_EXPIRED] = "expired",     [UPDATER_MISSING] = "missing",
        [UPDATER_WRONG] = "wrong",         [UPDATER_NEWER] = "newer",
        [UPDATER_REFUSED] = "refused",     [UPDATER_FULL] = "full",
        [UPDATER_OURS] = "ours",
    };

    return names[fault];
}

enum updater_fault updater_fault_of(enum tuf_fault fault, enum err rc)
{
    if (rc == ERR_FULL)
        return UPDATER_FULL;
    switch (fault) {
    case TUF_FINE:
        return rc == ERR_OK ? UPDATER_FINE : UPDATER_OURS;
    case TUF_UNREACHED:
        return UPDATER_UNREACHED;
    case TUF_MISSING:
    case TUF_NO_TARGET:
        return UPDATER_MISSING;
    case TUF_PAGE:
        return UPDATER_PAGE;
    case TUF_MALFORMED:
        return UPDATER_MALFORMED;
    case TUF_UNSIGNED:
        return UPDATER_UNSIGNED;
    case TUF_OLDER:
        return UPDATER_OLDER;
    case TUF_MIXED:
        return UPDATER_MIXED;
    case TUF_EXPIRED:
        return UPDATER_EXPIRED;
    case TUF_OURS:
        break;
    }
    return UPDATER_OURS;
}

/* ---- whose word counts ---- */

/* The first root, where this kiosk trusts nothing yet. */
static enum updater_fault updater_trust(struct updater *u)
{
    const struct updater_source *s = &u->ask->source;
    uint8_t *root = NULL;
    size_t len = 0;
    enum err rc = tuf_client_open(u->metadata, &u->tuf, u->why);

    if (rc == ERR_OK)
        return UPDATER_FINE;
    if (rc != ERR_NOT_FOUND)
        return rc == ERR_FULL ? UPDATER_FULL : UPDATER_OURS;
    if (s->root == NULL)
        return UPDATER_NO_ROOT;
    rc = s->root(s->ctx, &u->arena, &root, &len, u->why);
    if (rc == ERR_CONFLICT)
        return UPDATER_NO_ROOT;
    if (rc != ERR_OK)
        return rc == ERR_NOT_FOUND ? UPDATER_EMPTY : UPDATER_UNREACHED;
    rc = tuf_client_init(u->metadata, root, len, u->why);
    if (rc == ERR_INPUT || rc == ERR_LIMIT)
        return UPDATER_MALFORMED;
    if (rc == ERR_DENIED)
        return UPDATER_UNSIGNED;
    if (rc == ERR_OK)
        rc = tuf_client_open(u->metadata, &u->tuf, u->why);
    return rc == ERR_OK ? UPDATER_FINE : updater_fault_of(TUF_OURS, rc);
}

static int64_t updater_timestamp(const struct updater *u)
{
    const struct tuf_meta *m = tuf_client_meta(u->tuf, TUF_TIMESTAMP);

    return m != NULL ? m->version : 0;
}

/* The newest there is. With no source: what is stored. */
static enum updater_fault updater_refresh(struct updater *u)
{
    const struct updater_ask *ask = u->ask;

    if (ask->source.get == NULL) {
        enum err rc = tuf_client_load(u->tuf, u->why);

        u->report->timestamp = updater_timestamp(u);
        if (rc == ERR_NOT_FOUND)
            return UPDATER_EMPTY;
        return rc == ERR_OK ? UPDATER_FINE : updater_fault_of(tuf_client_fault(u->tuf), rc);
    }
    enum err rc = tuf_client_refresh(u->tuf, updater_roots_get, u, ask->now_ms, u->why);
    u->report->timestamp = updater_timestamp(u);
    u->report->checked = rc == ERR_OK;
    if (rc == ERR_OK)
        return UPDATER_FINE;
    const enum updater_fault fault = updater_fault_of(tuf_client_fault(u->tuf), rc);
    return fault == UPDATER_MISSING && u->report->timestamp == 0 ? UPDATER_EMPTY : fault;
}

/* Each role's own signatures. */
static void updater_judge(struct updater *u)
{
    const struct updater_source *s = &u->ask->source;

    for (size_t i = 0; i < u->count && u->stopped == UPDATER_FINE; i++) {
        struct updater_work *w = &u->work[i];
        struct why why = { 0 };
        enum err rc =
            tuf_client_role(u->tuf, s->get, s->ctx, w->row->role, &u->arena, &w->meta, &why);

        w->good = rc == ERR_OK;
        if (w->good && w->meta.version < updater_floor(u, w->row->role)) {
            w->good = false;
            updater_fail(w, UPDATER_OLDER, "an older edition than the one from the hub before");
            continue;
        }
        if (w->good) {
            w->row->newest_version = w->meta.version;
            continue;
        }
        const enum updater_fault fault = updater_fault_of(tuf_client_fault(u->tuf), rc);
        updater_fail(w, fault, why.text);
        if (fault == UPDATER_UNREACHED || fault == UPDATER_FULL || fault == UPDATER_OURS) {
            u->stopped = fault;
            if (u->why != NULL)
                *u->why = why;
        }
    }
}

/* ---- a run ---- */

static enum updater_fault updater_open(struct updater *u)
{
    const char *dir = u->ask->dir;
    const struct updater_ports *p = u->ask->ports;
    enum err rc = fs_join(u->incoming, dir, "incoming", u->why);

    if (rc == ERR_OK)
        rc = fs_join(u->manifests, dir, "manifests", u->why);
    if (rc == ERR_OK)
        rc = fs_join(u->metadata, dir, "metadata", u->why);
    if (rc == ERR_OK)
        rc = fs_mkdirs(dir, 0700, u->why);
    if (rc == ERR_OK)
        rc = p->installed(p->ctx, &u->installed, u->why);
    return rc == ERR_OK ? UPDATER_FINE : updater_fault_of(TUF_OURS, rc);
}

static size_t updater_failed(const struct updater *u)
{
    size_t n = 0;

    for (size_t i = 0; i < u->count; i++)
        n += u->work[i].row->fault != UPDATER_FINE;
    return n;
}

/* Roles whose files cannot be had drop out; what is left may lack a file that only they would have brought. */
static void updater_fetch(struct updater *u)
{
    for (size_t i = 0; i <= UPDATER_ROLES_MAX && u->stopped == UPDATER_FINE; i++) {
        const size_t before = updater_failed(u);

        updater_blobs_fetch(u);
        if (updater_failed(u) == before)
            return;
        u->whole = false;
    }
}

static enum updater_fault updater_all(struct updater *u)
{
    enum updater_fault fault = updater_open(u);

    if (fault == UPDATER_FINE)
        updater_log_in_use(u);
    if (fault == UPDATER_FINE)
        fault = updater_trust(u);
    if (fault == UPDATER_FINE)
        fault = updater_refresh(u);
    if (fault != UPDATER_FINE)
        return fault;
    if (u->ask->seen != 0 && u->report->timestamp == u->ask->seen) {
        u->report->same = true;
        return UPDATER_FINE;
    }
    const struct tuf_meta *targets = tuf_client_meta(u->tuf, TUF_TARGETS);
    if (targets != NULL && targets->version < updater_floor(u, "targets")) {
        (void)why_set(u->why, ERR_DENIED, 0, "targets are older than those from the hub before");
        return UPDATER_OLDER;
    }
    enum err rc = updater_roles(u);
    if (rc != ERR_OK)
        return UPDATER_MALFORMED;
    if (u->count == 0)
        return UPDATER_NOBODY;
    updater_judge(u);
    if (u->stopped == UPDATER_FINE)
        updater_stops(u);
    if (u->stopped == UPDATER_FINE)
        updater_manifests(u);
    if (u->stopped == UPDATER_FINE)
        updater_fetch(u);
    if (u->stopped == UPDATER_FINE && u->whole)
        updater_build(u);
    updater_sweep(u);
    return u->stopped;
}

/* What the rows say of the newest, for updater_settle. */
static void updater_rows(struct updater *u)
{
    for (size_t i = 0; i < u->count; i++) {
        struct updater_work *w = &u->work[i];

        (void)str_copy(w->row->hash, sizeof w->row->hash, w->new.hash);
        if (w->has_new && u->report->built)
            (void)str_copy(w->row->why, sizeof w->row->why,
                           "made, and shown when nobody is in the middle of something");
        else if (w->has_new && w->row->why[0] == '\0')
            (void)str_copy(w->row->why, sizeof w->row->why, "on its way");
    }
}

enum updater_fault updater_run(const struct updater_ask *ask, struct updater_report *out,
                               struct why *why)
{
    struct updater u = { .ask = ask, .report = out, .why = why };

    *out = (struct updater_report){ .fault = UPDATER_FINE };
    arena_init(&u.arena, UPDATER_ARENA);
    out->fault = updater_all(&u);
    updater_rows(&u);
    for (size_t i = 0; i < u.count; i++) {
        blob_codec_free(u.work[i].codec);
        if (out->fault != UPDATER_FINE || out->roles[i].fault == UPDATER_FINE)
            continue;
        out->fault = out->roles[i].fault;
        (void)why_set(why, ERR_INPUT, 0, "%s: %s", out->roles[i].role, out->roles[i].why);
    }
    tuf_client_close(u.tuf);
    arena_done(&u.arena);
    return out->fault;
}

void updater_settle(struct updater_report *report, const struct updater_installed *now)
{
    for (size_t i = 0; i < report->count; i++) {
        struct updater_role *row = &report->roles[i];

        row->edition[0] = '\0';
        for (size_t k = 0; k < now->count; k++) {
            if (!str_eq(now->roles[k].role, row->role))
                continue;
            (void)str_copy(row->edition, sizeof row->edition, now->roles[k].edition);
            if (row->hash[0] == '\0' || !str_eq(now->roles[k].hash, row->hash))
                continue;
            row->version = row->newest_version;
            if (row->fault == UPDATER_FINE) {
                row->state = UPDATER_INSTALLED;
                row->why[0] = '\0';
            }
        }
    }
}
