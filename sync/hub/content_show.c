#include "sync/hub/content_show.h"

#include <inttypes.h>
#include <string.h>

#include "platform/base/str.h"

struct roles {
    struct arena *a;
    struct hub_meta *metas;
    size_t count;
};

static bool roles_add(void *ctx, const struct hub_meta *m)
{
    struct roles *w = ctx;

    w->metas[w->count++] = *m;
    return true;
}

/* What its manifest says at its head. false: it has none that can be read. */
static bool roles_head(struct hubstore *s, struct arena *a, const struct hub_meta *m,
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
    if (content_standing(s, m->role, TUF_TARGETS, NULL, a, &row, &meta, NULL) == ERR_OK)
        file = tuf_meta_file(&meta, path);
    if (file == NULL || !file->hashes.has_sha256)
        return false;
    hex_put(hash, file->hashes.sha256, KEYS_HASH);
    (void)str_format(name, sizeof(name), "targets/%s/%s.manifest.json", m->role, hash);
    return hubstore_content_file(s, name, a, &body, &len, NULL) == ERR_OK &&
           manifest_head(a, body, len, out, NULL) == ERR_OK;
}

static void roles_fill(struct hubstore *s, struct arena *a, const struct hub_meta *m,
                       const struct hub_hold *holds, size_t hold_count, struct content_role *out)
{
    const struct arena_mark mark = arena_mark(a);
    struct manifest head = { .edition = "" };

    *out = (struct content_role){ .version = m->version, .expires_ms = m->expires_ms, .held = -1 };
    (void)str_copy(out->role, sizeof(out->role), m->role);
    if (roles_head(s, a, m, &head)) {
        (void)str_copy(out->edition, sizeof(out->edition), head.edition);
        out->percent = head.percent;
    }
    for (size_t i = 0; i < hold_count; i++)
        if (strcmp(holds[i].role, m->role) == 0)
            out->held = holds[i].percent;
    arena_rewind(a, mark);
}

enum err content_roles(struct hubstore *s, struct arena *a, struct content_role **out,
                       size_t *out_count, struct why *why)
{
    struct content_role *rows = arena_array(a, HUB_CONTENT_ROLES_MAX, sizeof(*rows));
    struct hub_hold *holds = arena_array(a, HUB_CONTENT_ROLES_MAX, sizeof(*holds));
    struct roles w = { .a = a, .metas = arena_array(a, HUB_CONTENT_ROLES_MAX, sizeof(*w.metas)) };
    struct hub_meta root;
    size_t hold_count = 0;
    enum err rc = a->failed ? why_set(why, ERR_NOMEM, 0, "content: no memory")
                            : hubstore_content_meta(s, "root", 0, true, a, &root, why);

    if (rc == ERR_OK)
        rc = hubstore_content_metas(s, roles_add, &w, why);
    if (rc == ERR_OK)
        rc = hubstore_content_holds(s, holds, &hold_count, why);
    for (size_t i = 0; i < w.count && rc == ERR_OK; i++)
        roles_fill(s, a, &w.metas[i], holds, hold_count, &rows[i]);
    if (rc == ERR_OK) {
        *out = rows;
        *out_count = w.count;
    }
    return rc;
}

/* ---- told ---- */

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

static void show_text(const struct content_role *r, bool expired, FILE *to)
{
    char expires[CLOCK_ISO];

    clock_iso(expires, r->expires_ms);
    (void)fprintf(to, "%s\t%lld\t%s%s\t%s\t", r->role, (long long)r->version,
                  expired ? "expired " : "", expires, r->edition);
    if (r->edition[0] != '\0')
        (void)fprintf(to, "%d%%", r->percent);
    (void)fprintf(to, "\t");
    if (r->held >= 0)
        (void)fprintf(to, "held at %d%%", r->held);
    (void)fprintf(to, "\n");
}

static void show_row(struct table *t, const struct content_role *r, bool expired)
{
    char expires[CLOCK_ISO];
    char percent[8] = "";
    char held[8] = "";

    clock_iso(expires, r->expires_ms);
    if (r->edition[0] != '\0')
        (void)str_format(percent, sizeof(percent), "%d", r->percent);
    if (r->held >= 0)
        (void)str_format(held, sizeof(held), "%d", r->held);
    table_text(t, r->role);
    table_int(t, r->version);
    table_text(t, expires);
    table_text(t, expired ? "yes" : "no");
    table_text(t, r->edition);
    table_text(t, percent);
    table_text(t, held);
}

static enum err show_roles(const struct content_role *rows, size_t count,
                           const struct content_look *look, FILE *to, struct why *why)
{
    static const char *const columns[] = { "role",    "version", "expires", "expired",
                                           "edition", "percent", "held" };
    struct table t;

    if (look->format != TABLE_TEXT)
        table_begin(&t, to, look->format, columns, COUNT_OF(columns));
    for (size_t i = 0; i < count; i++) {
        const bool expired = rows[i].expires_ms <= look->now_ms;
        if ((look->role != NULL && strcmp(look->role, rows[i].role) != 0) ||
            (look->edition != NULL && strcmp(look->edition, rows[i].edition) != 0))
            continue;
        if (look->format == TABLE_TEXT)
            show_text(&rows[i], expired, to);
        else
            show_row(&t, &rows[i], expired);
    }
    return look->format == TABLE_TEXT ? ERR_OK : table_end(&t, why);
}

enum err content_show(struct hubstore *s, const struct content_look *look, FILE *to, FILE *aside,
                      struct why *why)
{
    struct arena a;
    struct content_role *rows = NULL;
    size_t count = 0;
    FILE *remarks = look->format == TABLE_TEXT ? to : aside;

    arena_init(&a, CONTENT_ARENA);
    enum err rc = content_roles(s, &a, &rows, &count, why);
    const bool none = rc == ERR_NOT_FOUND;
    if (rc == ERR_OK)
        rc = show_signs(s, look->now_ms, &a, remarks, why);
    if (rc == ERR_OK || none)
        rc = hubstore_content_behind(s, show_behind, remarks, why);
    if (rc == ERR_OK)
        rc = show_roles(rows, count, look, to, why);
    arena_done(&a);
    if (rc == ERR_OK && none)
        (void)fprintf(remarks, "no root is trusted yet\n");
    return rc;
}
