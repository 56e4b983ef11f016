#include "sync/pack/verify.h"

#include <stdarg.h>
#include <stdio.h>

#include "platform/base/clock.h"
#include "sync/pack/args.h"
#include "sync/pack/pack.h"

const char pack_verify_help[] =
    "usage: canny-pack verify REPOSITORY [--root FILE] [--at TIME]\n"
    "\n"
    "Reads a whole repository as a kiosk would: the chain of roots from the first (or from --root, "
    "the\n"
    "one that a kiosk is known to trust), who has signed what, every file of every edition against "
    "its\n"
    "hash, the patches; then fetches all of it with the kiosks' own client. Says what expires "
    "when.\n"
    "The status is 1 where anything is wrong; each line says what to do.\n"
    "\n"
    "  canny-pack verify content-repository\n"
    "  canny-pack verify /media/stick/CANNY/content --root 1.root.json\n"
    "  canny-pack verify content-repository --at 2027-06-01     how it stands by then\n";

void verify_fault(struct verify *v, const char *what, const char *todo, ...)
{
    va_list args;

    v->faults++;
    if (v->faults > VERIFY_TOLD_MAX)
        return;
    (void)printf("fault: %s: ", what);
    va_start(args, todo);
    (void)vprintf(todo, args);
    va_end(args);
    (void)printf("\n");
}

enum { RENEW_TEXT = ARGS_QUOTED + 160 };

/* What stages a role once more. */
static void verify_renew(char out[RENEW_TEXT], const struct verify *v, const char *role)
{
    char quoted[ARGS_QUOTED];

    (void)args_quoted(quoted, v->r->dir);
    if (manifest_role_ok(role))
        (void)str_format(out, RENEW_TEXT,
                         "canny-pack build SOURCE --into %s --role %s --renew, sign "
                         "and publish",
                         quoted, role);
    else if (str_eq(role, "snapshot") || str_eq(role, "timestamp"))
        (void)str_format(out, RENEW_TEXT,
                         "publish it again with --online-key; a hub signs it every day");
    else
        (void)str_format(out, RENEW_TEXT, "canny-pack key rotate %s --role %s, sign and publish",
                         quoted, role);
}

void verify_expiry(struct verify *v, const struct repo_meta *m)
{
    char day[CLOCK_ISO], renew[RENEW_TEXT];
    int64_t left = (m->meta.expires_ms - v->now_ms) / 86400000;

    clock_iso(day, m->meta.expires_ms);
    verify_renew(renew, v, m->role);
    if (tuf_meta_expired(&m->meta, v->now_ms))
        verify_fault(v, m->path, "it expired on %.10s: %s", day, renew);
    else if (!v->quiet)
        (void)printf("%s, version %lld, expires %.10s%s%s%s\n", m->role, (long long)m->meta.version,
                     day, left < VERIFY_SOON_DAYS ? " (soon: " : "",
                     left < VERIFY_SOON_DAYS ? renew : "", left < VERIFY_SOON_DAYS ? ")" : "");
    else if (v->staged && left < VERIFY_SOON_DAYS)
        (void)printf("note: %s expires on %.10s: %s\n", m->role, day, renew);
}

/* Whether enough have signed what is staged, so that it would be published. */
static bool staged_counts(struct verify *v, const struct repo_meta *m)
{
    struct repo_need need = { 0 };

    return repo_need(v->r, m, &need, NULL) == ERR_OK &&
           tuf_meta_verify(&m->meta, need.own, NULL) == ERR_OK &&
           (need.before == NULL || tuf_meta_verify(&m->meta, need.before, NULL) == ERR_OK);
}

enum err verify_meta(struct verify *v, const char *role, struct repo_meta *out, struct why *why)
{
    struct repo_meta m = { 0 };

    if (v->staged && repo_staged(v->r, role, &m, NULL) == ERR_OK && staged_counts(v, &m)) {
        *out = m;
        return ERR_OK;
    }
    if (v->online) {
        char name[TUF_PATH_MAX];
        const struct tuf_file *f = NULL;

        (void)str_format(name, sizeof name, "%s.json", role);
        f = tuf_meta_file(&v->snapshot.meta, name);
        if (f == NULL)
            return why_set(why, ERR_NOT_FOUND, 0, "the snapshot does not name %s", role);
        return repo_version(v->r, role, f->version, out, why);
    }
    return repo_published(v->r, role, out, why);
}

/* The root after one, by its number; the staged one may be it. */
static enum err root_after(struct verify *v, const struct repo_meta *before, struct repo_meta *out,
                           struct why *why)
{
    int64_t version = before->meta.version + 1;
    struct repo_meta m = { 0 };

    if (v->staged && repo_staged(v->r, "root", &m, NULL) == ERR_OK && m.meta.version == version &&
        staged_counts(v, &m)) {
        *out = m;
        return ERR_OK;
    }
    return repo_version(v->r, "root", version, out, why);
}

static enum err root_first(struct verify *v, struct repo_meta *out, struct why *why)
{
    enum err rc;

    if (v->root != NULL)
        return repo_meta_file(v->r, v->root, "root", out, why);
    rc = repo_version(v->r, "root", 1, out, why);
    if (rc == ERR_NOT_FOUND && v->staged)
        rc = repo_staged(v->r, "root", out, why);
    return rc;
}

/* From the first root to the last one that is there. False: the chain breaks. */
static bool verify_roots(struct verify *v)
{
    struct repo_meta at = { 0 }, next = { 0 };
    struct why why;

    if (v->root == NULL && !v->staged && repo_version(v->r, "root", 1, &at, NULL) != ERR_OK &&
        repo_staged(v->r, "root", &next, NULL) == ERR_OK && next.meta.version == 1) {
        verify_fault(v, next.path,
                     "nothing is published yet; canny-pack sign says which signatures it lacks, "
                     "then canny-pack publish");
        return false;
    }
    if (root_first(v, &at, &why) != ERR_OK) {
        verify_fault(v, v->root != NULL ? v->root : "metadata/1.root.json",
                     "%s; a repository keeps all its roots, take it from a copy", why.text);
        return false;
    }
    if (tuf_meta_verify(&at.meta, &at.meta.roles[TUF_ROOT], &why) != ERR_OK) {
        verify_fault(v, at.path, "%s; sign it with the keys that it names", why.text);
        return false;
    }
    for (;;) {
        enum err rc = root_after(v, &at, &next, &why);

        if (rc == ERR_NOT_FOUND)
            break;
        if (rc == ERR_OK)
            rc = tuf_meta_verify(&next.meta, &at.meta.roles[TUF_ROOT], &why);
        if (rc == ERR_OK)
            rc = tuf_meta_verify(&next.meta, &next.meta.roles[TUF_ROOT], &why);
        if (rc != ERR_OK) {
            verify_fault(v, rc == ERR_DENIED ? next.path : "the next root",
                         "%s; a root is signed by the keys of the one before and by its own",
                         why.text);
            return false;
        }
        at = next;
    }
    v->root_meta = at;
    verify_expiry(v, &at);
    return true;
}

static bool verify_targets(struct verify *v)
{
    struct why why;

    if (verify_meta(v, "targets", &v->targets_meta, &why) != ERR_OK) {
        verify_fault(v, "targets", "%s; sign what is staged, and publish", why.text);
        return false;
    }
    if (tuf_meta_verify(&v->targets_meta.meta, &v->root_meta.meta.roles[TUF_TARGETS], &why) !=
        ERR_OK) {
        verify_fault(v, v->targets_meta.path,
                     "%s; canny-pack key rotate --role targets stages it once more for signing",
                     why.text);
        return false;
    }
    verify_expiry(v, &v->targets_meta);
    return true;
}

enum err verify_stands(const struct verify *v, const struct tuf_delegation *d,
                       const struct repo_meta *m, struct why *why)
{
    char day[CLOCK_ISO];

    if (!tuf_meta_expired(&m->meta, v->now_ms))
        return tuf_meta_verify(&m->meta, &d->signers, why);
    clock_iso(day, m->meta.expires_ms);
    return why_set(why, ERR_DENIED, 0, "it expired on %.10s", day);
}

/* Whether it may be at fault without holding up the rest. Not what this run would publish; and not the national content when
   this run gives it other keys: those who do so can sign it as well. */
static bool verify_alone(const struct verify *v, const struct tuf_delegation *d,
                         const struct repo_meta *m)
{
    return v->each && !m->staged && !(v->targets_meta.staged && str_eq(d->name, "national"));
}

static void verify_role(struct verify *v, const struct tuf_delegation *d)
{
    struct repo_meta m = { 0 };
    struct why why;
    enum err rc = verify_meta(v, d->name, &m, &why);

    if (rc == ERR_NOT_FOUND) {
        if (!v->quiet)
            (void)printf("%s: nothing is published yet\n", d->name);
        return;
    }
    if (rc == ERR_OK && verify_alone(v, d, &m) && verify_stands(v, d, &m, &why) != ERR_OK) {
        (void)printf("note: %s: %s: kiosks keep what they have of it until its own people sign it "
                     "once more\n",
                     d->name, why.text);
        return;
    }
    if (rc == ERR_OK)
        rc = tuf_meta_verify(&m.meta, &d->signers, &why);
    if (rc != ERR_OK) {
        verify_fault(v, d->name,
                     "%s; build it once more (--renew), and sign it with the keys that "
                     "targets name",
                     why.text);
        return;
    }
    verify_expiry(v, &m);
    verify_content(v, &m);
}

enum err verify_run(struct verify *v, struct why *why)
{
    if (verify_roots(v) && (v->staged || verify_online(v)) && verify_targets(v)) {
        for (size_t i = 0; i < v->targets_meta.meta.delegation_count; i++)
            verify_role(v, &v->targets_meta.meta.delegations[i]);
        if (v->online)
            verify_client(v);
    }
    return v->r->a.failed ? why_set(why, ERR_NOMEM, 0, "no memory for the repository") : ERR_OK;
}

int pack_verify(int count, char **args)
{
    struct verify v = { 0 };
    const char *at = NULL;
    const struct args_option options[] = {
        { "--root", .value = &v.root },
        { "--at", .value = &at },
    };
    struct args_list words = { 0 };
    struct repo r = { 0 };
    struct why why;
    enum err rc;

    if (!args_read("verify", count, args, options, COUNT_OF(options), &words))
        return 2;
    if (words.count != 1)
        return args_wrong("verify", "needs one REPOSITORY");
    if (!repo_at(at, &v.now_ms))
        return args_wrong("verify", "--at takes a time as 2026-11-23T10:00:00Z");
    rc = repo_open(words.rows[0], &r, &why);
    v.r = &r;
    if (rc == ERR_OK)
        rc = verify_run(&v, &why);
    repo_done(&r);
    if (rc != ERR_OK) {
        (void)fprintf(stderr, "canny-pack verify: %s\n", why.text);
        return 1;
    }
    if (v.faults > VERIFY_TOLD_MAX)
        (void)printf("and %zu more\n", v.faults - VERIFY_TOLD_MAX);
    (void)printf("%zu files and %zu patches verified, %zu fault%s\n", v.files, v.patches, v.faults,
                 v.faults == 1 ? "" : "s");
    return v.faults == 0 ? 0 : 1;
}
