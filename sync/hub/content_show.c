#include "sync/hub/content_show.h"

#include <inttypes.h>
#include <string.h>

#include "platform/base/str.h"

struct show {
    struct arena *a;
    struct hub_meta *metas;
    size_t count;
    struct hub_hold *holds;
    size_t hold_count;
};

static bool show_list(void *ctx, const struct hub_meta *m)
{
    struct show *w = ctx;

    w->metas[w->count++] = *m;
    return true;
}

/* What its manifest says at its head. false: it has none that can be read. */
static bool show_head(struct hubstore *s, struct show *w, const struct hub_meta *m,
                      struct manifest *out)
{
    const struct tuf_file *file = NULL;
    struct hub_meta row;
    struct tuf_meta meta;
    char path[MANIFEST_ROLE + 16];
    char hash[KEYS_ID_TEXT];
    char name[CONTENT_NAME];
    const void *body = NULL;
    size_t len = 0;

    (void)str_format(path, sizeof(path), "%s/manifest.json", m->role);
    if (content_standing(s, m->role, TUF_TARGETS, NULL, w->a, &row, &meta, NULL) == ERR_OK)
        file = tuf_meta_file(&meta, path);
    if (file == NULL || !file->hashes.has_sha256)
        return false;
    hex_put(hash, file->hashes.sha256, KEYS_HASH);
    (void)str_format(name, sizeof(name), "targets/%s/%s.manifest.json", m->role, hash);
    return hubstore_content_file(s, name, w->a, &body, &len, NULL) == ERR_OK &&
           manifest_head(w->a, body, len, out, NULL) == ERR_OK;
}

static void show_role(struct hubstore *s, struct show *w, const struct hub_meta *m, int64_t now_ms,
                      FILE *to)
{
    struct manifest head = { .edition = "" };
    char expires[CLOCK_ISO];
    const struct arena_mark mark = arena_mark(w->a);
    const bool has = show_head(s, w, m, &head);

    clock_iso(expires, m->expires_ms);
    (void)fprintf(to, "%s\t%lld\t%s%s\t%s\t", m->role, (long long)m->version,
                  m->expires_ms <= now_ms ? "expired " : "", expires, has ? head.edition : "");
    if (has)
        (void)fprintf(to, "%d%%", head.percent);
    (void)fprintf(to, "\t");
    for (size_t i = 0; i < w->hold_count; i++)
        if (strcmp(w->holds[i].role, m->role) == 0)
            (void)fprintf(to, "held at %d%%", w->holds[i].percent);
    (void)fprintf(to, "\n");
    arena_rewind(w->a, mark);
}

static enum err show_signs(struct hubstore *s, int64_t now_ms, struct arena *a, FILE *to,
                           struct why *why)
{
    struct content_signing g = { .now_ms = now_ms, .a = a };
    enum err rc = content_sign(s, &g, why);

    if (rc != ERR_OK)
        return rc;
    if (!g.ours)
        (void)fprintf(to, "signs\tno: the root names no key of this hub\n");
    else if (g.refused.text[0] != '\0')
        (void)fprintf(to, "signs\tno: %s\n", g.refused.text);
    else
        (void)fprintf(to, "signs\tyes\n");
    if (g.warned.text[0] != '\0')
        (void)fprintf(to, "kiosks will not take\t%s\n", g.warned.text);
    return ERR_OK;
}

static bool show_behind(void *ctx, const struct hub_behind *b)
{
    return fprintf(ctx,
                   "behind\t%s\t%" PRId64 " kiosks hold %" PRId64 ", this hub %" PRId64 ": %s\n",
                   b->role, b->kiosks, b->version, b->held, CONTENT_BEHIND_ADVICE) > 0;
}

enum err content_show(struct hubstore *s, int64_t now_ms, FILE *to, struct why *why)
{
    struct arena a;
    struct hub_meta root;
    struct show w = { .a = &a };

    arena_init(&a, CONTENT_ARENA);
    w.metas = arena_array(&a, HUB_CONTENT_ROLES_MAX, sizeof(*w.metas));
    w.holds = arena_array(&a, HUB_CONTENT_ROLES_MAX, sizeof(*w.holds));
    enum err rc = w.metas != NULL && w.holds != NULL
                      ? hubstore_content_meta(s, "root", 0, true, &a, &root, why)
                      : why_set(why, ERR_NOMEM, 0, "content: no memory");
    const bool none = rc == ERR_NOT_FOUND;
    if (rc == ERR_OK)
        rc = show_signs(s, now_ms, &a, to, why);
    if (rc == ERR_OK || none)
        rc = hubstore_content_behind(s, show_behind, to, why);
    if (rc == ERR_OK && !none)
        rc = hubstore_content_metas(s, show_list, &w, why);
    if (rc == ERR_OK && !none)
        rc = hubstore_content_holds(s, w.holds, &w.hold_count, why);
    for (size_t i = 0; i < w.count && rc == ERR_OK; i++)
        show_role(s, &w, &w.metas[i], now_ms, to);
    arena_done(&a);
    if (rc == ERR_OK && none)
        (void)fprintf(to, "no root is trusted yet\n");
    return rc;
}

static bool show_install(void *ctx, const struct hub_install_count *c)
{
    return fprintf(ctx, "%s\t%s\t%s\t%" PRId64 "\t%s\n", c->role, c->edition, c->state, c->kiosks,
                   c->why) > 0;
}

enum err content_show_installs(struct hubstore *s, FILE *to, struct why *why)
{
    return hubstore_content_installs(s, true, show_install, to, why);
}
