#include "sync/pack/repo.h"

#include <string.h>
#include <time.h>

#include "platform/base/clock.h"
#include "sync/update/manifest.h"

static const char json_suffix[] = ".json";

enum err repo_open(const char *dir, struct repo *out, struct why *why)
{
    struct fs_stat stat;
    char path[FS_PATH_MAX];
    enum err rc = fs_join(path, dir, "metadata", why);

    if (rc != ERR_OK)
        return rc;
    if (fs_stat(path, &stat, NULL) != ERR_OK || !stat.is_dir)
        return why_set(why, ERR_INPUT, 0,
                       "%s is no repository: it has no folder \"metadata\"; canny-pack new "
                       "--repository makes one",
                       dir);
    *out = (struct repo){ .dir = dir };
    arena_init(&out->a, REPO_MEMORY);
    return ERR_OK;
}

void repo_done(struct repo *r)
{
    arena_done(&r->a);
}

bool repo_role_ok(const char *role)
{
    return str_eq(role, "root") || str_eq(role, "targets") || str_eq(role, "snapshot") ||
           str_eq(role, "timestamp") || manifest_role_ok(role);
}

enum tuf_kind repo_kind(const char *role)
{
    if (str_eq(role, "root"))
        return TUF_ROOT;
    if (str_eq(role, "snapshot"))
        return TUF_SNAPSHOT;
    return str_eq(role, "timestamp") ? TUF_TIMESTAMP : TUF_TARGETS;
}

const char *repo_name(struct repo *r, const char *role, int64_t version)
{
    char quoted[TUF_QUOTED_MAX], name[FS_PATH_MAX];
    bool fits = tuf_quote(quoted, sizeof quoted, role, NULL) == ERR_OK;

    if (fits && version > 0 && !str_eq(role, "timestamp"))
        fits = str_format(name, sizeof name, "metadata/%lld.%s.json", (long long)version, quoted);
    else if (fits)
        fits = str_format(name, sizeof name, "%s/%s.json", version > 0 ? "metadata" : "staged",
                          quoted);
    return fits ? arena_strdup(&r->a, name) : NULL;
}

const char *repo_path(struct repo *r, const char *name)
{
    char path[FS_PATH_MAX];

    return name != NULL && fs_join(path, r->dir, name, NULL) == ERR_OK ? arena_strdup(&r->a, path)
                                                                       : NULL;
}

static enum err repo_no_memory(struct why *why)
{
    return why_set(why, ERR_NOMEM, 0, "no memory for the repository");
}

enum err repo_meta_file(struct repo *r, const char *path, const char *role, struct repo_meta *out,
                        struct why *why)
{
    struct repo_meta m = { .role = role, .path = path };
    char *bytes = NULL;
    enum err rc;

    if (path == NULL)
        return repo_no_memory(why);
    rc = fs_read(&r->a, path, REPO_META_MAX, &bytes, &m.len, why);
    if (rc == ERR_OK)
        rc = tuf_meta_read(&r->a, repo_kind(role), bytes, m.len, &m.meta, why);
    if (rc != ERR_OK)
        return rc == ERR_NOT_FOUND ? rc : why_in(why, rc, "%s", path);
    m.bytes = bytes;
    *out = m;
    return ERR_OK;
}

enum err repo_version(struct repo *r, const char *role, int64_t version, struct repo_meta *out,
                      struct why *why)
{
    enum err rc = repo_meta_file(r, repo_path(r, repo_name(r, role, version)), role, out, why);

    if (rc == ERR_OK && out->meta.version != version && !str_eq(role, "timestamp"))
        return why_set(why, ERR_INPUT, 0, "%s holds version %lld", out->path,
                       (long long)out->meta.version);
    return rc;
}

/* "12.employers%2Fx.json" to 12; 0: another role's. */
static int64_t version_of(const char *name, const char *quoted)
{
    size_t digits = strspn(name, "0123456789");
    char number[24];
    int64_t version = 0;

    if (digits == 0 || digits >= sizeof number || name[digits] != '.')
        return 0;
    if (strncmp(name + digits + 1, quoted, strlen(quoted)) != 0 ||
        !str_eq(name + digits + 1 + strlen(quoted), json_suffix))
        return 0;
    memcpy(number, name, digits);
    number[digits] = '\0';
    return str_to_i64(number, &version) ? version : 0;
}

enum err repo_published(struct repo *r, const char *role, struct repo_meta *out, struct why *why)
{
    char quoted[TUF_QUOTED_MAX];
    const char *dir = repo_path(r, "metadata"), **names = NULL;
    size_t count = 0;
    int64_t newest = 0;
    enum err rc = tuf_quote(quoted, sizeof quoted, role, why);

    if (str_eq(role, "timestamp"))
        return repo_version(r, role, 1, out, why);
    if (rc == ERR_OK)
        rc = dir != NULL ? fs_list(&r->a, dir, REPO_FILES_MAX, &names, &count, why)
                         : repo_no_memory(why);
    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < count; i++) {
        int64_t version = version_of(names[i], quoted);

        newest = version > newest ? version : newest;
    }
    if (newest == 0)
        return why_set(why, ERR_NOT_FOUND, 0, "%s has no metadata of %s", r->dir, role);
    return repo_version(r, role, newest, out, why);
}

enum err repo_staged(struct repo *r, const char *role, struct repo_meta *out, struct why *why)
{
    enum err rc = repo_meta_file(r, repo_path(r, repo_name(r, role, 0)), role, out, why);

    if (rc == ERR_OK)
        out->staged = true;
    return rc;
}

enum err repo_latest(struct repo *r, const char *role, struct repo_meta *out, struct why *why)
{
    enum err rc = repo_staged(r, role, out, why);

    return rc == ERR_NOT_FOUND ? repo_published(r, role, out, why) : rc;
}

/* "employers%2Fx.json" back to its role; NULL: no role's. */
static const char *staged_role(struct repo *r, const char *name)
{
    char role[TUF_QUOTED_MAX], quoted[TUF_QUOTED_MAX];
    const char *slash = strstr(name, "%2F");
    size_t len = strlen(name);

    if (!str_ends(name, json_suffix) || len >= sizeof role)
        return NULL;
    len -= strlen(json_suffix);
    if (slash != NULL)
        (void)str_format(role, sizeof role, "%.*s/%.*s", (int)(slash - name), name,
                         (int)(name + len - slash - 3), slash + 3);
    else
        (void)str_format(role, sizeof role, "%.*s", (int)len, name);
    if (!repo_role_ok(role) || tuf_quote(quoted, sizeof quoted, role, NULL) != ERR_OK ||
        strncmp(quoted, name, len) != 0)
        return NULL;
    return arena_strdup(&r->a, role);
}

enum err repo_staged_all(struct repo *r, const char ***out, size_t *out_count, struct why *why)
{
    static const char *const first[] = { "root", "targets" };
    const char *dir = repo_path(r, "staged"), **names, **roles;
    size_t count = 0, taken = 0;
    enum err rc = dir != NULL ? fs_list(&r->a, dir, REPO_ROLES_MAX, &names, &count, why)
                              : repo_no_memory(why);

    if (rc == ERR_NOT_FOUND) {
        *out_count = 0;
        *out = NULL;
        return ERR_OK;
    }
    if (rc != ERR_OK)
        return rc;
    roles = arena_array(&r->a, count + 1, sizeof(*roles));
    if (roles == NULL)
        return repo_no_memory(why);
    for (size_t turn = 0; turn <= 2; turn++)
        for (size_t i = 0; i < count; i++) {
            const char *role = staged_role(r, names[i]);
            bool top = str_eq(role, first[0]) || str_eq(role, first[1]);

            if (role != NULL && (turn < 2 ? str_eq(role, first[turn]) : !top))
                roles[taken++] = role;
        }
    *out = roles;
    *out_count = taken;
    return ERR_OK;
}

enum err repo_write(struct repo *r, const char *name, const void *data, size_t len, struct why *why)
{
    const char *path = repo_path(r, name);
    char folder[FS_PATH_MAX];
    enum err rc;

    if (path == NULL)
        return repo_no_memory(why);
    (void)str_copy(folder, sizeof folder, path);
    *strrchr(folder, '/') = '\0';
    rc = fs_mkdirs(folder, 0755, why);
    return rc == ERR_OK ? fs_replace(path, data, len, 0644, why) : rc;
}

enum err repo_write_once(struct repo *r, const char *name, const void *data, size_t len,
                         struct why *why)
{
    const char *path = repo_path(r, name);
    struct fs_stat stat;

    if (path != NULL && fs_stat(path, &stat, NULL) == ERR_OK && stat.size == (int64_t)len)
        return ERR_OK;
    return repo_write(r, name, data, len, why);
}

enum err repo_stage(struct repo *r, const char *role, const char *bytes, size_t len,
                    size_t *out_kept, struct why *why)
{
    struct repo_meta before = { 0 };
    struct tuf_meta made = { 0 };
    enum err rc = tuf_meta_read(&r->a, repo_kind(role), bytes, len, &made, why);

    if (rc != ERR_OK)
        return why_in(why, rc, "stage %s", role);
    *out_kept = 0;
    if (repo_staged(r, role, &before, NULL) == ERR_OK && before.meta.len == made.len &&
        memcmp(before.meta.bytes, made.bytes, made.len) == 0) {
        *out_kept = before.meta.signature_count;
        return ERR_OK;
    }
    return repo_write(r, repo_name(r, role, 0), bytes, len, why);
}

static const struct tuf_signers *kept_signers(struct repo *r, const struct tuf_signers *s)
{
    struct tuf_signers *kept = arena_alloc(&r->a, sizeof(*kept));

    if (kept != NULL)
        *kept = *s;
    return kept;
}

enum err repo_need(struct repo *r, const struct repo_meta *m, struct repo_need *out,
                   struct why *why)
{
    const struct tuf_delegation *d;
    struct repo_meta over = { 0 };
    struct repo_need need = { 0 };
    enum tuf_kind kind = repo_kind(m->role);
    bool top = kind != TUF_TARGETS || str_eq(m->role, "targets");
    enum err rc;

    if (kind == TUF_ROOT) {
        need.own = kept_signers(r, &m->meta.roles[TUF_ROOT]);
        rc =
            m->meta.version > 1 ? repo_version(r, "root", m->meta.version - 1, &over, why) : ERR_OK;
        if (rc == ERR_OK && m->meta.version > 1)
            need.before = kept_signers(r, &over.meta.roles[TUF_ROOT]);
        *out = need;
        return rc;
    }
    rc = repo_latest(r, top ? "root" : "targets", &over, why);
    if (rc != ERR_OK)
        return rc;
    if (top) {
        need.own = kept_signers(r, &over.meta.roles[kind]);
    } else {
        d = tuf_meta_delegation(&r->a, &over.meta, m->role);
        if (d == NULL)
            return why_set(why, ERR_NOT_FOUND, 0,
                           "nobody signs for %s yet: canny-pack key rotate --role %s --add "
                           "FILE.pub puts it into targets",
                           m->role, m->role);
        need.own = kept_signers(r, &d->signers);
    }
    *out = need;
    return need.own != NULL ? ERR_OK : repo_no_memory(why);
}

size_t repo_signed(const struct repo_meta *m, const struct tuf_signers *by)
{
    size_t count = 0;

    for (size_t i = 0; by != NULL && i < by->count; i++)
        for (size_t s = 0; s < m->meta.signature_count; s++) {
            const struct tuf_signature *sig = &m->meta.signatures[s];

            if (str_eq(sig->keyid, by->keys[i]->id) &&
                tuf_key_verify(by->keys[i], sig->sig, sig->len, m->meta.bytes, m->meta.len))
                count++;
        }
    return count;
}

static size_t lacks(const struct repo_meta *m, const struct tuf_signers *by)
{
    size_t have = repo_signed(m, by);

    return by == NULL || have >= by->threshold ? 0 : by->threshold - have;
}

size_t repo_lacks(const struct repo_meta *m, const struct repo_need *need)
{
    size_t own = lacks(m, need->own), before = lacks(m, need->before);

    return own > before ? own : before;
}

bool repo_at(const char *at, int64_t *out_ms)
{
    struct timespec now;

    if (at != NULL)
        return clock_parse_iso(at, out_ms);
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return false;
    *out_ms = (int64_t)now.tv_sec * 1000;
    return true;
}

bool repo_expires(const char *days, const char *role, int64_t at_ms, int64_t *out_ms)
{
    static const struct {
        const char *role;
        int64_t days;
    } usual[] = { { "root", 1095 }, { "snapshot", 100 }, { "timestamp", 60 } };
    int64_t count = 396;

    for (size_t i = 0; i < COUNT_OF(usual); i++)
        if (str_eq(role, usual[i].role))
            count = usual[i].days;
    if (days != NULL && (!str_to_i64(days, &count) || count < 1 || count > 3660))
        return false;
    *out_ms = at_ms + count * 86400000;
    return true;
}
