/* The files of metadata, one at a time: stored, asked for, judged. */
#include <inttypes.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/update/tuf_client_parts.h"

const char *tuf_fault_name(enum tuf_fault fault)
{
    static const char *const names[] = {
        [TUF_FINE] = "fine",           [TUF_UNREACHED] = "unreached", [TUF_MISSING] = "missing",
        [TUF_PAGE] = "page",           [TUF_MALFORMED] = "malformed", [TUF_UNSIGNED] = "unsigned",
        [TUF_OLDER] = "older",         [TUF_MIXED] = "mixed",         [TUF_EXPIRED] = "expired",
        [TUF_NO_TARGET] = "no target", [TUF_OURS] = "ours",
    };

    return names[fault];
}

enum err client_fail(struct tuf_client *c, enum tuf_fault fault, enum err rc)
{
    c->fault = fault;
    return rc;
}

enum err client_fail_ours(struct tuf_client *c, enum tuf_fault otherwise, enum err rc)
{
    const bool ours = rc == ERR_NOMEM || rc == ERR_IO || rc == ERR_FULL;

    return client_fail(c, ours ? TUF_OURS : otherwise, rc);
}

enum err client_path(const struct tuf_client *c, const char *role, char out[FS_PATH_MAX],
                     struct why *why)
{
    char quoted[TUF_QUOTED_MAX];
    char name[TUF_QUOTED_MAX + sizeof ".json"];
    enum err rc = tuf_quote(quoted, sizeof quoted, role, why);

    if (rc != ERR_OK)
        return rc;
    (void)str_format(name, sizeof name, "%s.json", quoted);
    return fs_join(out, c->dir, name, why);
}

enum err client_stored(const struct tuf_client *c, const char *role, size_t max, struct arena *a,
                       char **out, size_t *out_len, struct why *why)
{
    char path[FS_PATH_MAX];
    enum err rc = client_path(c, role, path, why);

    if (rc != ERR_OK)
        return rc;
    *out = NULL;
    *out_len = 0;
    rc = fs_read(a, path, max, out, out_len, why);
    /* What nobody has stored guards nothing. What cannot be read is something else: it might have. */
    return rc == ERR_NOT_FOUND || rc == ERR_LIMIT || rc == ERR_INPUT ? ERR_OK : rc;
}

enum err client_store(struct tuf_client *c, const char *role, const void *bytes, size_t len,
                      struct why *why)
{
    char path[FS_PATH_MAX];
    enum err rc = client_path(c, role, path, why);

    if (rc == ERR_OK)
        rc = fs_replace(path, bytes, len, 0644, why);
    return rc == ERR_OK ? ERR_OK : client_fail(c, TUF_OURS, rc);
}

enum err client_ask(struct tuf_client *c, const struct client_source *from, const char *role,
                    int64_t version, size_t max, struct arena *a, uint8_t **out, size_t *out_len,
                    struct why *why)
{
    char quoted[TUF_QUOTED_MAX];
    char name[TUF_QUOTED_MAX + 48];
    enum err rc = tuf_quote(quoted, sizeof quoted, role, why);

    if (rc != ERR_OK)
        return client_fail(c, TUF_MALFORMED, rc);
    if (version > 0)
        (void)str_format(name, sizeof name, "metadata/%" PRId64 ".%s.json", version, quoted);
    else
        (void)str_format(name, sizeof name, "metadata/%s.json", quoted);
    rc = from->get(from->ctx, name, max, a, out, out_len, why);
    if (rc == ERR_OK)
        return ERR_OK;
    c->fault = rc == ERR_NOT_FOUND ? TUF_MISSING
               : rc == ERR_LIMIT   ? TUF_MALFORMED
               : rc == ERR_NOMEM   ? TUF_OURS
                                   : TUF_UNREACHED;
    return why_in(why, rc, "%s", name);
}

/* What a proxy, a login or a hotel puts in place of any file. */
static bool files_is_page(const char *bytes, size_t len)
{
    size_t i = 0;

    while (i < len && strchr(" \t\r\n\xef\xbb\xbf", bytes[i]) != NULL && bytes[i] != '\0')
        i++;
    return i < len && bytes[i] == '<';
}

enum err client_judge(struct tuf_client *c, struct arena *a, enum tuf_kind kind, const void *bytes,
                      size_t len, const struct tuf_signers *by, struct tuf_meta *out,
                      struct why *why)
{
    struct tuf_meta m;
    enum err rc = tuf_meta_read(a, kind, bytes, len, &m, why);

    if (rc == ERR_INPUT && files_is_page(bytes, len))
        return client_fail(c, TUF_PAGE,
                           why_set(why, rc, 0, "a web page stands in place of the file"));
    if (rc != ERR_OK)
        return client_fail_ours(c, TUF_MALFORMED, rc);
    rc = tuf_meta_verify(&m, by, why);
    if (rc != ERR_OK)
        return client_fail(c, TUF_UNSIGNED, rc);
    *out = m;
    return ERR_OK;
}

/* ---- targets and delegated roles ---- */

/* Is this what the snapshot names, signed by whom it takes today, and good now? */
static enum err files_targets_judge(struct tuf_client *c, struct arena *a, const struct tuf_file *f,
                                    const void *bytes, size_t len, const struct tuf_signers *by,
                                    struct tuf_meta *out, struct why *why)
{
    struct tuf_meta m;
    enum err rc = tuf_file_check(f, bytes, len, why);

    if (rc != ERR_OK && files_is_page(bytes, len))
        return client_fail(c, TUF_PAGE,
                           why_set(why, rc, 0, "a web page stands in place of the file"));
    if (rc != ERR_OK)
        return client_fail(c, TUF_MIXED, rc);
    rc = client_judge(c, a, TUF_TARGETS, bytes, len, by, &m, why);
    if (rc != ERR_OK)
        return rc;
    if (m.version != f->version)
        return client_fail(c, TUF_MIXED,
                           why_set(why, ERR_CONFLICT, 0,
                                   "version %" PRId64 ", the snapshot names %" PRId64, m.version,
                                   f->version));
    if (tuf_meta_expired(&m, c->now_ms))
        return client_fail(c, TUF_EXPIRED, why_set(why, ERR_DENIED, 0, "expired"));
    *out = m;
    return ERR_OK;
}

/* After a load: whatever version is stored, if those have signed it who may today. */
static enum err files_targets_load(struct tuf_client *c, const char *role,
                                   const struct tuf_signers *by, const char *stored, size_t len,
                                   struct arena *a, struct tuf_meta *out, struct why *why)
{
    if (stored == NULL)
        return client_fail(c, TUF_MISSING,
                           why_set(why, ERR_NOT_FOUND, 0, "%.80s is not stored", role));
    return client_judge(c, a, TUF_TARGETS, stored, len, by, out, why);
}

enum err client_targets(struct tuf_client *c, const struct client_source *from, const char *role,
                        const struct tuf_signers *by, struct arena *a, struct tuf_meta *out,
                        struct why *why)
{
    char name[TUF_QUOTED_MAX + sizeof ".json"];
    const struct tuf_file *f = NULL;
    const struct arena_mark mark = arena_mark(a);
    char *stored = NULL;
    uint8_t *asked = NULL;
    size_t len = 0;

    if (!str_format(name, sizeof name, "%s.json", role))
        return client_fail(c, TUF_MALFORMED,
                           why_set(why, ERR_LIMIT, 0, "role %.40s...: name too long", role));
    enum err rc = client_stored(c, role, TUF_TARGETS_BYTES_MAX, a, &stored, &len, why);
    if (rc != ERR_OK)
        return client_fail(c, TUF_OURS, rc);
    if (c->stored_only)
        return files_targets_load(c, role, by, stored, len, a, out, why);
    f = tuf_meta_file(&c->slots[TUF_SNAPSHOT].m, name);
    if (f == NULL)
        return client_fail(
            c, TUF_MIXED, why_set(why, ERR_NOT_FOUND, 0, "the snapshot does not list %.80s", role));
    if (stored != NULL && files_targets_judge(c, a, f, stored, len, by, out, NULL) == ERR_OK) {
        c->fault = TUF_FINE;
        return ERR_OK;
    }
    arena_rewind(a, mark);
    if (f->length > TUF_TARGETS_BYTES_MAX)
        return client_fail(c, TUF_MALFORMED, why_set(why, ERR_LIMIT, 0, "%.80s is too long", name));
    rc = client_ask(c, from, role, c->slots[TUF_ROOT].m.consistent ? f->version : 0,
                    f->length >= 0 ? (size_t)f->length : TUF_TARGETS_BYTES_MAX, a, &asked, &len,
                    why);
    if (rc != ERR_OK)
        return rc;
    rc = files_targets_judge(c, a, f, asked, len, by, out, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "%.80s", role);
    rc = client_store(c, role, asked, len, why);
    if (rc == ERR_OK)
        c->fault = TUF_FINE;
    return rc;
}
