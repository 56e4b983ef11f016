#include <stdio.h>
#include <string.h>

#include "platform/base/clock.h"
#include "platform/base/fs.h"
#include "platform/base/json.h"
#include "sync/pack/args.h"
#include "sync/pack/build.h"
#include "sync/pack/keyfile.h"
#include "sync/pack/pack.h"
#include "sync/pack/repo.h"
#include "sync/update/manifest.h"

const char pack_sign_help[] =
    "usage: canny-pack sign REPOSITORY|FILE --key FILE [--pass-file FILE]\n"
    "       canny-pack sign REPOSITORY --merge FILE...\n"
    "\n"
    "Adds the signature of one key to everything staged that this key may sign, and says what "
    "still\n"
    "lacks how many. Two people on two machines: the second signs a copy of "
    "REPOSITORY/staged/ROLE.json\n"
    "that came by mail or on a stick, sends it back, and --merge takes the signatures out of it.\n"
    "The pass phrase is asked for, or is the first line of --pass-file.\n"
    "\n"
    "  canny-pack sign content-repository --key keys/morag\n"
    "  canny-pack sign national.json --key keys/ailsa             on another machine\n"
    "  canny-pack sign content-repository --merge national.json\n";

struct sign {
    const char *path, *key_path, *pass_file;
    struct args_list merge;
    struct keypair key;
    struct keyfile pub;
    size_t count; /* signatures added */
};

static void sign_tell_meta(const struct repo_meta *m)
{
    char expires[CLOCK_ISO];

    clock_iso(expires, m->meta.expires_ms);
    (void)printf("%s, version %lld, expires %.10s", m->role, (long long)m->meta.version, expires);
    for (size_t i = 0; i < m->meta.file_count; i++) {
        char hex[KEYS_ID_TEXT];

        hex_put(hex, m->meta.files[i].hashes.sha256, KEYS_HASH);
        (void)printf("%s %s %.12s", i == 0 ? ":" : ",", m->meta.files[i].name, hex);
    }
    for (size_t i = 0; i < m->meta.delegation_count; i++)
        (void)printf("%s %s %u of %zu", i == 0 ? ":" : ",", m->meta.delegations[i].name,
                     m->meta.delegations[i].signers.threshold,
                     m->meta.delegations[i].signers.count);
    (void)printf("\n");
}

/* The id under which metadata knows this key; NULL: it does not. */
static const char *signs_as(const struct sign *s, const struct tuf_signers *by)
{
    for (size_t i = 0; by != NULL && i < by->count; i++)
        if (by->keys[i]->scheme == TUF_SCHEME_ED25519 &&
            memcmp(by->keys[i]->ed25519, s->key.pub, KEYS_PUBLIC) == 0)
            return by->keys[i]->id;
    return NULL;
}

static enum err sign_meta(struct sign *s, struct repo *r, const struct repo_meta *m,
                          const char *keyid, struct why *why)
{
    struct buf out;
    enum err rc;

    buf_init(&out, TUF_WRITE_MAX);
    rc = tuf_write_sign(&r->a, m->bytes, m->len, keyid, &s->key, &out, why);
    if (rc == ERR_OK)
        rc = fs_replace(m->path, out.data, out.len, 0644, why);
    buf_free(&out);
    s->count += rc == ERR_OK ? 1 : 0;
    return rc;
}

/* What a staged role still lacks. */
static enum err sign_tell_lacks(struct repo *r, const char *role, struct why *why)
{
    struct repo_meta m;
    struct repo_need need;
    size_t own, before;
    enum err rc = repo_staged(r, role, &m, why);

    if (rc == ERR_OK)
        rc = repo_need(r, &m, &need, why);
    if (rc == ERR_NOT_FOUND) {
        (void)printf("  %s: nobody signs for it, so it stays as it is\n", role);
        return ERR_OK;
    }
    if (rc != ERR_OK)
        return rc;
    own = repo_signed(&m, need.own);
    before = repo_signed(&m, need.before);
    if (repo_lacks(&m, &need) == 0)
        (void)printf("  %s: complete, %zu of %u signatures\n", role, own, need.own->threshold);
    else if (own < need.own->threshold)
        (void)printf("  %s: %zu of %u signatures; lacks %zu\n", role, own, need.own->threshold,
                     need.own->threshold - own);
    if (need.before != NULL && before < need.before->threshold)
        (void)printf("  %s: %zu of %u signatures of the keys before; lacks %zu\n", role, before,
                     need.before->threshold, need.before->threshold - before);
    return ERR_OK;
}

static enum err sign_tell_all(struct repo *r, const char **roles, size_t count, struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; rc == ERR_OK && i < count; i++)
        rc = sign_tell_lacks(r, roles[i], why);
    return rc;
}

static bool sign_manifest(struct repo *r, const struct repo_meta *m, struct manifest *out,
                          struct why *why)
{
    uint8_t hash[KEYS_HASH];
    char *bytes;
    size_t len;

    return build_manifest_of(r, m, &bytes, &len, hash, why) == ERR_OK &&
           manifest_parse(&r->a, bytes, len, out, why) == ERR_OK;
}

/* What the person is about to sign, from the manifest itself; what is not here, or is another role's, is not signed. */
static enum err sign_look(struct repo *r, const struct repo_meta *m, bool tell, struct why *why)
{
    struct repo_meta published;
    struct manifest now, before;

    if (!manifest_role_ok(m->role))
        return ERR_OK;
    if (!sign_manifest(r, m, &now, why))
        return why_in(why, ERR_INPUT, "%s is not signed", m->role);
    if (!str_eq(now.role, m->role))
        return why_set(why, ERR_INPUT, 0, "%s is not signed: its manifest is that of %s", m->role,
                       now.role);
    if (!tell)
        return ERR_OK;
    (void)printf("  edition %s for %d kiosks of a hundred: %zu files\n", now.edition, now.percent,
                 now.file_count);
    if (repo_published(r, m->role, &published, NULL) == ERR_OK &&
        sign_manifest(r, &published, &before, NULL))
        build_tell_changes(&before, &now);
    return ERR_OK;
}

/* Before anything is signed, all of it is looked at. */
static enum err sign_look_all(struct repo *r, const char **roles, size_t count, struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        struct repo_meta m;

        rc = repo_staged(r, roles[i], &m, why);
        if (rc == ERR_OK)
            rc = sign_look(r, &m, false, why);
    }
    return rc;
}

static enum err sign_role(struct sign *s, struct repo *r, const char *role, struct why *why)
{
    struct repo_meta m;
    struct repo_need need;
    const char *keyid;
    enum err rc = repo_staged(r, role, &m, why);

    if (rc == ERR_OK)
        rc = repo_need(r, &m, &need, why);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc != ERR_OK)
        return rc;
    keyid = signs_as(s, need.own);
    keyid = keyid != NULL ? keyid : signs_as(s, need.before);
    if (keyid == NULL)
        return ERR_OK;
    (void)printf("signing ");
    sign_tell_meta(&m);
    rc = sign_look(r, &m, true, why);
    return rc == ERR_OK ? sign_meta(s, r, &m, keyid, why) : rc;
}

static enum err sign_repository(struct sign *s, struct repo *r, struct why *why)
{
    const char **roles;
    size_t count;
    enum err rc = repo_staged_all(r, &roles, &count, why);

    if (rc == ERR_OK)
        rc = sign_look_all(r, roles, count, why);
    for (size_t i = 0; rc == ERR_OK && i < count; i++)
        rc = sign_role(s, r, roles[i], why);
    if (rc != ERR_OK)
        return rc;
    if (count == 0)
        return why_set(why, ERR_NOT_FOUND, 0,
                       "nothing is staged in %s: canny-pack build or key rotate first", r->dir);
    if (s->count == 0)
        return why_set(why, ERR_DENIED, 0,
                       "the key %.8s (%s) may sign nothing that is staged here; canny-pack key "
                       "list %s says who may",
                       s->pub.key.id, *s->pub.name != '\0' ? s->pub.name : "no name", r->dir);
    return sign_tell_all(r, roles, count, why);
}

/* Which role a carried copy is of: what it signs for says it. */
static enum err sign_file_role(struct repo *r, struct repo_meta *m, struct why *why)
{
    const char *first = m->meta.file_count > 0 ? m->meta.files[0].name : "";
    const char *slash = strrchr(first, '/');

    m->role = m->meta.kind == TUF_ROOT ? "root" : "targets";
    if (m->meta.kind != TUF_ROOT && slash != NULL)
        m->role = arena_strndup(&r->a, first, (size_t)(slash - first));
    return m->role != NULL ? ERR_OK : why_set(why, ERR_NOMEM, 0, "no memory");
}

/* A copy that was carried here: who may sign it is known where it came from. */
static enum err sign_file(struct sign *s, struct repo *r, struct why *why)
{
    struct repo_meta m;
    enum err rc = repo_meta_file(r, s->path, "root", &m, NULL);

    if (rc != ERR_OK)
        rc = repo_meta_file(r, s->path, "targets", &m, why);
    if (rc != ERR_OK)
        return rc;
    rc = sign_file_role(r, &m, why);
    if (rc == ERR_OK)
        rc = sign_meta(s, r, &m, s->pub.key.id, why);
    if (rc != ERR_OK)
        return rc;
    (void)printf("signed: ");
    sign_tell_meta(&m);
    if (m.meta.file_count > 0)
        (void)printf(
            "  which files these are, the digits say: read them out to whoever sent it, who "
            "was shown the same\n");
    (void)printf("now: send it back, and there canny-pack sign REPOSITORY --merge FILE\n");
    return ERR_OK;
}

static enum err sign_with_key(struct sign *s, struct repo *r, struct why *why)
{
    struct fs_stat stat;
    struct pass pass;
    enum err rc = fs_stat(s->path, &stat, why);

    if (rc == ERR_OK)
        rc = keyfile_public(&r->a, s->key_path, &s->pub, why);
    if (rc == ERR_OK)
        rc = pass_read(s->pass_file, s->key_path, false, &pass, why);
    if (rc != ERR_OK)
        return rc;
    rc = keyfile_open(&r->a, s->key_path, &pass, &s->key, why);
    pass_done(&pass);
    if (rc == ERR_OK)
        rc = stat.is_dir ? sign_repository(s, r, why) : sign_file(s, r, why);
    keys_wipe(&s->key, sizeof(s->key));
    return rc;
}

/* Signatures of one carried copy, into the staged file whose very content it signs. Those that are not good for it stay out. */
static enum err merge_into(struct sign *s, struct repo *r, struct repo_meta *m,
                           const struct tuf_write_signature *rows, size_t count, struct why *why)
{
    struct repo_need need;
    struct buf out;
    enum err rc = repo_need(r, m, &need, why);

    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        size_t before = repo_signed(m, need.own) + repo_signed(m, need.before);
        struct repo_meta with = *m;

        buf_init(&out, TUF_WRITE_MAX);
        rc = tuf_write_put(&r->a, m->bytes, m->len, &rows[i], &out, why);
        with.bytes = rc == ERR_OK ? arena_strndup(&r->a, out.data, out.len) : NULL;
        with.len = out.len;
        buf_free(&out);
        if (rc == ERR_OK)
            rc = with.bytes != NULL
                     ? tuf_meta_read(&r->a, with.meta.kind, with.bytes, with.len, &with.meta, why)
                     : why_set(why, ERR_NOMEM, 0, "no memory");
        if (rc != ERR_OK ||
            repo_signed(&with, need.own) + repo_signed(&with, need.before) <= before)
            continue;
        rc = fs_replace(m->path, with.bytes, with.len, 0644, why);
        *m = with;
        s->count++;
    }
    return rc;
}

static enum err merge_file(struct sign *s, struct repo *r, const char *path, const char **roles,
                           size_t count, struct why *why)
{
    struct tuf_write_signature *rows;
    size_t row_count, len, signed_len, had = s->count;
    char *file, *body;
    enum err rc = fs_read(&r->a, path, REPO_META_MAX, &file, &len, why);

    if (rc == ERR_OK)
        rc = tuf_write_read(&r->a, file, len, &rows, &row_count, &body, &signed_len, why);
    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        struct repo_meta m;

        rc = repo_staged(r, roles[i], &m, why);
        if (rc != ERR_OK || m.meta.len != signed_len || memcmp(m.meta.bytes, body, signed_len) != 0)
            continue;
        rc = merge_into(s, r, &m, rows, row_count, why);
        if (rc != ERR_OK)
            return rc;
        (void)printf("%s: %zu new signature%s for %s\n", path, s->count - had,
                     s->count - had == 1 ? "" : "s", roles[i]);
        return ERR_OK;
    }
    return rc == ERR_OK
               ? why_set(why, ERR_CONFLICT, 0,
                         "%s is not what is staged in %s (it was built anew since?)", path, r->dir)
           : rc == ERR_INPUT
               ? why_set(why, rc, 0,
                         "%s is no signed file of a repository: name the one that came "
                         "back",
                         path)
               : why_in(why, rc, "%s", path);
}

static enum err sign_merge(struct sign *s, struct repo *r, struct why *why)
{
    const char **roles;
    size_t count;
    enum err rc = repo_staged_all(r, &roles, &count, why);

    for (size_t i = 0; rc == ERR_OK && i < s->merge.count; i++)
        rc = merge_file(s, r, s->merge.rows[i], roles, count, why);
    return rc == ERR_OK ? sign_tell_all(r, roles, count, why) : rc;
}

int pack_sign(int count, char **args)
{
    struct sign s = { 0 };
    const struct args_option options[] = {
        { "--key", .value = &s.key_path },
        { "--pass-file", .value = &s.pass_file },
        { "--merge", .list = &s.merge },
    };
    struct args_list words = { 0 };
    struct repo r = { 0 };
    struct fs_stat stat;
    struct why why;
    enum err rc = ERR_OK;

    if (!args_read("sign", count, args, options, COUNT_OF(options), &words))
        return 2;
    /* --merge A B takes both. */
    for (size_t i = 1; i < words.count && s.merge.count > 0 && s.merge.count < ARGS_LIST_MAX; i++)
        s.merge.rows[s.merge.count++] = words.rows[i];
    if (words.count == 0 || (words.count > 1 && s.merge.count == 0) ||
        (s.key_path != NULL) == (s.merge.count > 0))
        return args_wrong("sign", "needs REPOSITORY or FILE, and --key FILE or --merge FILE");
    s.path = words.rows[0];
    if (fs_stat(s.path, &stat, NULL) == ERR_OK && !stat.is_dir && s.merge.count == 0)
        arena_init(&r.a, REPO_MEMORY);
    else
        rc = repo_open(s.path, &r, &why);
    if (rc == ERR_OK)
        rc = s.merge.count > 0 ? sign_merge(&s, &r, &why) : sign_with_key(&s, &r, &why);
    repo_done(&r);
    if (rc != ERR_OK)
        (void)fprintf(stderr, "canny-pack sign: %s\n", why.text);
    return rc == ERR_OK ? 0 : 1;
}
