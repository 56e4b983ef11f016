#include <string.h>

#include "sync/pack/publish_hub_parts.h"

/* What the hub serves now, by its own snapshot. Nothing is trusted for it: it only tells early what the hub would refuse. */
struct hub_now {
    struct tuf_meta snapshot;
    bool known;
};

enum err hub_compare(struct hub *h, const struct repo_meta *m, enum hub_same *out, struct why *why)
{
    const char *name = repo_name(&h->p->repo, m->role, m->meta.version);
    struct hub_answer answer = { 0 };
    enum err rc;

    arena_reset(&h->a);
    rc = hub_ask(h, "GET", name, NULL, 0, &answer, why);
    if (rc == ERR_OK)
        *out = answer.status != 200                                                ? HUB_NONE
               : answer.len == m->len && memcmp(answer.raw, m->bytes, m->len) == 0 ? HUB_SAME
                                                                                   : HUB_OTHER;
    return rc;
}

enum err hub_overtaken(const struct hub *h, const char *role, int64_t version, struct why *why)
{
    return why_set(why, ERR_CONFLICT, 0,
                   "%s has another %s of version %lld or later: somebody else has published; "
                   "canny-pack new --repository COPY --from takes theirs: build and sign there",
                   h->p->to, role, (long long)version);
}

enum err hub_stranger(const struct hub *h, int64_t root, struct why *why)
{
    return why_set(why, ERR_DENIED, 0,
                   "%s trusts another repository: its root %lld is not ours. Is this the right "
                   "hub?",
                   h->p->to, (long long)root);
}

/* One file of the hub's as metadata, kept with the repository's. False: it has none, or it is none. */
static enum err now_meta(struct hub *h, const char *role, int64_t version, struct tuf_meta *out,
                         bool *out_there, struct why *why)
{
    struct hub_answer answer = { 0 };
    const char *bytes;
    enum err rc;

    *out_there = false;
    arena_reset(&h->a);
    rc = hub_ask(h, "GET", repo_name(&h->p->repo, role, version), NULL, 0, &answer, why);
    if (rc != ERR_OK || answer.status != 200)
        return rc;
    bytes = arena_strndup(&h->p->repo.a, (const char *)answer.raw, answer.len);
    if (bytes == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory");
    *out_there =
        tuf_meta_read(&h->p->repo.a, repo_kind(role), bytes, answer.len, out, NULL) == ERR_OK;
    return ERR_OK;
}

static enum err now_read(struct hub *h, struct hub_now *now, struct why *why)
{
    struct tuf_meta timestamp;
    const struct tuf_file *f;
    bool there;
    enum err rc = now_meta(h, "timestamp", 1, &timestamp, &there, why);

    if (rc != ERR_OK || !there)
        return rc;
    f = tuf_meta_file(&timestamp, "snapshot.json");
    return f != NULL ? now_meta(h, "snapshot", f->version, &now->snapshot, &now->known, why)
                     : ERR_OK;
}

static enum err before_role(struct hub *h, const struct hub_now *now, const char *role,
                            struct why *why)
{
    struct repo_meta m = { 0 };
    char name[TUF_PATH_MAX];
    const struct tuf_file *f = NULL;
    enum hub_same same = HUB_NONE;
    enum err rc = repo_staged(&h->p->repo, role, &m, why);

    (void)str_format(name, sizeof name, "%s.json", role);
    if (now->known)
        f = tuf_meta_file(&now->snapshot, name);
    if (rc == ERR_OK && (str_eq(role, "root") || (f != NULL && f->version >= m.meta.version)))
        rc = hub_compare(h, &m, &same, why);
    if (rc == ERR_OK && same == HUB_OTHER && str_eq(role, "root") && m.meta.version == 1)
        return hub_stranger(h, 1, why);
    if (rc == ERR_OK && (same == HUB_OTHER || (f != NULL && f->version > m.meta.version)))
        rc = hub_overtaken(h, role, m.meta.version, why);
    return rc;
}

enum err hub_before(struct hub *h, const char *const *roles, const bool *complete, size_t count,
                    struct why *why)
{
    struct hub_now now = { .known = false };
    enum err rc = now_read(h, &now, why);

    for (size_t i = 0; rc == ERR_OK && i < count; i++)
        if (complete[i])
            rc = before_role(h, &now, roles[i], why);
    return rc;
}
