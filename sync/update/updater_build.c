/* What becomes of what was fetched: an edition, a line in the log, and what is no longer wanted. */
#include "sync/update/updater_parts.h"

#include <stdlib.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/update/content_log.h"
#include "sync/update/incoming.h"

void updater_fail(struct updater_work *w, enum updater_fault fault, const char *why)
{
    if (w->row->fault != UPDATER_FINE)
        return;
    w->row->fault = fault;
    w->row->state = UPDATER_STAYED;
    (void)str_copy(w->row->why, sizeof w->row->why, why);
    w->has_new = false;
}

bool updater_set_of(struct updater *u, struct updater_set *out)
{
    *out = (struct updater_set){ .constituency = u->ask->constituency, .school = u->ask->school };
    for (size_t i = 0; i < u->count; i++) {
        const struct updater_work *w = &u->work[i];

        if (w->has_new)
            out->roles[out->count++] = w->new;
        else if (w->old_read)
            out->roles[out->count++] = w->old;
        else if (w->has_old)
            return false; /* an edition without it would take away what is being read */
    }
    return out->count > 0;
}

/* ---- the log ---- */

/* Those of the role's keys whose signature it bears. */
static void build_keys(struct updater *u, const struct updater_work *w,
                       struct content_log_line *line)
{
    const struct tuf_meta *targets = tuf_client_meta(u->tuf, TUF_TARGETS);
    const struct tuf_delegation *d =
        targets != NULL ? tuf_meta_delegation(&u->arena, targets, w->row->role) : NULL;
    size_t n = 0;

    for (size_t i = 0; d != NULL && i < d->signers.count; i++)
        for (size_t k = 0; k < w->meta.signature_count && n < CONTENT_LOG_KEYS_MAX; k++)
            if (str_eq(d->signers.keys[i]->id, w->meta.signatures[k].keyid))
                line->keys[n++] = d->signers.keys[i]->id;
}

static void build_log(struct updater *u, const struct updater_work *w)
{
    struct content_log_line line = {
        .what = "made",
        .role = w->row->role,
        .edition = w->new.m.edition,
        .manifest = w->new.hash,
        .version = w->new.version,
        .source = u->ask->source.name,
        .at = u->ask->at,
        .trust = u->ask->trust,
    };
    char last[KEYS_ID_TEXT];

    build_keys(u, w, &line);
    if (content_log_last(u->ask->dir, line.role, line.what, last, NULL) == ERR_OK &&
        str_eq(last, line.manifest))
        return; /* made again, after a switch that is still to come */
    enum err rc = content_log_add(u->ask->dir, &line, u->why);
    if (rc != ERR_OK && u->stopped == UPDATER_FINE)
        u->stopped = updater_fault_of(TUF_OURS, rc);
}

void updater_log_in_use(struct updater *u)
{
    for (size_t i = 0; i < u->installed.count; i++) {
        const struct content_log_line line = {
            .what = "in use",
            .role = u->installed.roles[i].role,
            .edition = u->installed.roles[i].edition,
            .manifest = u->installed.roles[i].hash,
            .source = "",
            .at = u->ask->at,
            .trust = u->ask->trust,
        };
        char last[KEYS_ID_TEXT];

        if (content_log_last(u->ask->dir, line.role, line.what, last, u->why) != ERR_OK ||
            str_eq(last, line.manifest))
            continue;
        if (content_log_add(u->ask->dir, &line, u->why) != ERR_OK)
            return; /* the next run tries again */
    }
}

/* ---- the edition ---- */

static struct updater_work *build_work(struct updater *u, const char *role)
{
    for (size_t i = 0; i < u->count; i++)
        if (str_eq(u->work[i].row->role, role))
            return &u->work[i];
    return NULL;
}

/* Whether another try makes sense: a role that was refused stays as it is, and the others go on. */
static bool build_refused(struct updater *u, const struct updater_set *set, enum err rc,
                          const struct updater_refusal *refusal, const struct why *why)
{
    if (rc == ERR_INPUT && refusal->role < set->count) {
        struct updater_work *w = build_work(u, set->roles[refusal->role].m.role);

        if (w == NULL || !w->has_new)
            return false;
        updater_fail(w, UPDATER_REFUSED, refusal->text);
        return true;
    }
    if (rc == ERR_INPUT || rc == ERR_CONFLICT) {
        for (size_t i = 0; i < u->count; i++)
            if (u->work[i].has_new)
                updater_fail(&u->work[i], UPDATER_REFUSED, why->text);
        return false;
    }
    u->stopped = updater_fault_of(TUF_OURS, rc);
    if (u->why != NULL)
        *u->why = *why;
    return false;
}

void updater_build(struct updater *u)
{
    const struct updater_ports *p = u->ask->ports;
    const struct updater_blobs blobs = updater_blobs_of(u);
    struct updater_set *set = arena_alloc(&u->arena, sizeof *set);

    /* Each turn but the last takes one role back. */
    for (size_t i = 0; set != NULL && i <= u->count && updater_set_of(u, set); i++) {
        struct updater_refusal refusal = { .role = UPDATER_ROLES_MAX };
        struct why why = { 0 };
        enum err rc = p->build(p->ctx, set, &blobs, &refusal, &why);

        if (rc == ERR_OK) {
            u->report->built = true;
            for (size_t k = 0; k < u->count; k++)
                if (u->work[k].has_new)
                    build_log(u, &u->work[k]);
            return;
        }
        if (!build_refused(u, set, rc, &refusal, &why))
            return;
    }
}

/* ---- what is no longer wanted ---- */

struct build_wanted {
    const uint8_t **hashes;
    size_t count;
};

static int build_cmp(const void *x, const void *y)
{
    const uint8_t *const *a = x;
    const uint8_t *const *b = y;

    return memcmp(*a, *b, KEYS_HASH);
}

static bool build_keep(void *ctx, const uint8_t hash[KEYS_HASH])
{
    const struct build_wanted *w = ctx;

    return w->count > 0 &&
           bsearch(&hash, w->hashes, w->count, sizeof(*w->hashes), build_cmp) != NULL;
}

static void build_want(struct build_wanted *w, const struct manifest *m, bool files)
{
    if (m->has_dictionary)
        w->hashes[w->count++] = m->dictionary.hash;
    for (size_t i = 0; files && i < m->file_count; i++)
        w->hashes[w->count++] = m->files[i].hash;
}

static bool build_keep_manifest(void *ctx, const uint8_t hash[KEYS_HASH])
{
    const struct updater *u = ctx;
    char digits[KEYS_ID_TEXT];

    hex_put(digits, hash, KEYS_HASH);
    for (size_t i = 0; i < u->count; i++)
        if (str_eq(u->work[i].new.hash, digits) || str_eq(u->work[i].old.hash, digits) ||
            str_eq(u->work[i].stop, digits))
            return true;
    for (size_t i = 0; i < u->installed.count; i++)
        if (str_eq(u->installed.roles[i].hash, digits))
            return true;
    return false;
}

/* Files of an edition stay until it is in use: one that is taken back, or put off, would have to be fetched anew. Dictionaries
   stay as long as a manifest names them. */
void updater_sweep(struct updater *u)
{
    struct build_wanted wanted = { .count = 0 };
    size_t room = 0;

    for (size_t i = 0; i < u->count; i++) {
        if (!u->work[i].new_read && (u->work[i].row->fault != UPDATER_FINE || u->stopped))
            return; /* what it wants is not known now */
        room += u->work[i].new.m.file_count + 2;
    }
    wanted.hashes = arena_array(&u->arena, room + 1, sizeof(*wanted.hashes));
    if (wanted.hashes == NULL)
        return;
    for (size_t i = 0; i < u->count; i++) {
        const struct updater_work *w = &u->work[i];

        build_want(&wanted, &w->old.m, false);
        build_want(&wanted, &w->new.m, !str_eq(w->new.hash, w->old.hash));
    }
    qsort(wanted.hashes, wanted.count, sizeof(*wanted.hashes), build_cmp);
    incoming_sweep(u->incoming, build_keep, &wanted);
    incoming_sweep(u->manifests, build_keep_manifest, u);
}
