#include "sync/pack/publish.h"

#include <stdio.h>
#include <string.h>

#include "sync/log/stick_name.h"
#include "sync/pack/args.h"
#include "sync/pack/hub_way.h"
#include "sync/pack/pack.h"
#include "sync/pack/verify.h"

const char pack_publish_help[] =
    "usage: canny-pack publish REPOSITORY --to FOLDER|URL [--online-key FILE] [--pass-file FILE]\n"
    "                          [--proxy ADDRESS] [--ca FOLDER] [--at TIME]\n"
    "       canny-pack publish REPOSITORY --stick FOLDER [--online-key FILE] [--pass-file FILE]\n"
    "\n"
    "Verifies everything as a kiosk would, takes what is staged and signed by enough, and puts it "
    "where\n"
    "kiosks find it. What lacks a signature stays staged. Cut off in the middle, it is run again.\n"
    "\n"
    "--to URL           a hub, which signs when the content counts: https://hub.example.gov.uk "
    "(plain http\n"
    "                   only to this machine). No password: what the keys have not signed is not "
    "taken\n"
    "--to FOLDER        for a web server without a hub\n"
    "--stick FOLDER     a stick's folder: the repository goes to CANNY/content on it\n"
    "--online-key FILE  signs snapshot and timestamp where there is no hub. Given twice, when the "
    "key "
    "changes:\n"
    "                   the new one and that of before, so that no kiosk meets a moment that fits "
    "neither\n"
    "--proxy ADDRESS    the way to the hub: proxy.example:8080\n"
    "--ca FOLDER        certificates of authorities to trust beside the system's\n"
    "\n"
    "  canny-pack publish content-repository --to https://hub.example.gov.uk\n"
    "  canny-pack publish content-repository --to /srv/www/content --online-key keys/online\n"
    "  canny-pack publish content-repository --stick /media/stick --online-key keys/online\n";

bool publish_is_new(const struct publish *p, const char *role)
{
    for (size_t i = 0; i < p->taken_count; i++)
        if (str_eq(p->taken[i], role))
            return true;
    return false;
}

/* Whether enough have signed what is staged. */
static enum err staged_complete(struct repo *r, const char *role, bool *out, struct why *why)
{
    struct repo_meta m;
    struct repo_need need;
    enum err rc = repo_staged(r, role, &m, why);

    if (rc == ERR_OK)
        rc = repo_need(r, &m, &need, why);
    if (rc == ERR_NOT_FOUND) {
        /* Its role was taken out meanwhile: it holds up no other. */
        (void)printf("not published: nobody signs for %s; delete %s\n", role, m.path);
        *out = false;
        return ERR_OK;
    }
    if (rc != ERR_OK)
        return rc;
    *out = tuf_meta_verify(&m.meta, need.own, NULL) == ERR_OK &&
           (need.before == NULL || tuf_meta_verify(&m.meta, need.before, NULL) == ERR_OK);
    if (!*out)
        (void)printf("not published: %s, version %lld lacks %zu signature%s\n", role,
                     (long long)m.meta.version, repo_lacks(&m, &need),
                     repo_lacks(&m, &need) == 1 ? "" : "s");
    return ERR_OK;
}

/* Staged files that are complete become the newest published ones; the roles first, so that whoever signs the rest finds
   them. Each by one rename: run again after a cut, it goes on. */
static enum err promote(struct publish *p, const char **roles, const bool *complete, size_t count,
                        struct why *why)
{
    struct repo *r = &p->repo;

    p->taken = arena_array(&r->a, count + 1, sizeof(*p->taken));
    if (p->taken == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory");
    for (size_t i = count; i > 0; i--) {
        struct repo_meta m;
        const char *to;
        enum err rc;

        if (!complete[i - 1])
            continue;
        rc = repo_staged(r, roles[i - 1], &m, why);
        if (rc != ERR_OK)
            return rc;
        to = repo_path(r, repo_name(r, roles[i - 1], m.meta.version));
        rc = to != NULL ? fs_move(m.path, to, why) : why_set(why, ERR_NOMEM, 0, "no memory");
        if (rc != ERR_OK)
            return rc;
        p->taken[p->taken_count++] = roles[i - 1];
        (void)printf("complete: %s, version %lld\n", roles[i - 1], (long long)m.meta.version);
    }
    return ERR_OK;
}

static enum err verify_before(struct publish *p, bool staged, struct why *why)
{
    struct verify v = { .r = &p->repo,
                        .now_ms = p->now_ms,
                        .staged = staged,
                        .quiet = true,
                        .behind = true,
                        .each = true };
    enum err rc = verify_run(&v, why);

    if (rc == ERR_OK && v.faults > 0)
        rc = why_set(why, ERR_DENIED, 0,
                     "a kiosk would refuse this repository, so nothing was published (%zu fault%s)",
                     v.faults, v.faults == 1 ? "" : "s");
    return rc;
}

static enum err publish_lacking(const struct publish *p, struct why *why)
{
    return why_set(why, ERR_DENIED, 0,
                   "nothing that is staged has the signatures it needs: canny-pack sign %s",
                   p->repo.dir);
}

static enum err publish_take(struct publish *p, struct why *why)
{
    struct repo_meta m;
    const char **roles;
    size_t count, good = 0;
    bool *complete, first;
    enum err rc = repo_staged_all(&p->repo, &roles, &count, why);

    if (rc != ERR_OK)
        return rc;
    complete = arena_array(&p->repo.a, count + 1, sizeof(*complete));
    if (complete == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory");
    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        rc = staged_complete(&p->repo, roles[i], &complete[i], why);
        good += rc == ERR_OK && complete[i] ? 1 : 0;
    }
    first = repo_published(&p->repo, "root", &m, NULL) != ERR_OK;
    p->lacking = count > 0 && good == 0;
    if (rc == ERR_OK && p->lacking && first)
        return publish_lacking(p, why);
    if (rc == ERR_OK && count == 0 && first)
        return why_set(why, ERR_NOT_FOUND, 0, "%s holds nothing to publish", p->repo.dir);
    if (rc == ERR_OK && !hub_way_is(p->to) && p->online_keys.count == 0 &&
        (good > 0 || repo_published(&p->repo, "timestamp", &m, NULL) != ERR_OK))
        return why_set(why, ERR_DENIED, 0,
                       "nobody signs snapshot and timestamp for a folder or a stick: --online-key "
                       "FILE; or publish to the hub, and canny-pack new --repository COPY --from "
                       "the hub to publish that");
    if (rc == ERR_OK)
        rc = verify_before(p, true, why);
    if (rc == ERR_OK && hub_way_is(p->to) && good > 0)
        rc = publish_hub_before(p, roles, complete, count, why);
    return rc == ERR_OK ? promote(p, roles, complete, count, why) : rc;
}

/* Snapshot and timestamp, if we are to sign them, go above those of the folder that is published to. */
static enum err publish_to_folder(struct publish *p, const char *to, struct why *why)
{
    struct repo over = { 0 };
    bool there = repo_open(to, &over, NULL) == ERR_OK;
    enum err rc = ERR_OK;

    if (p->online_keys.count > 0)
        rc = publish_online(p, there ? &over : NULL, why);
    repo_done(&over);
    if (rc == ERR_OK)
        rc = verify_before(p, false, why);
    return rc == ERR_OK ? publish_folder(p, to, why) : rc;
}

static enum err publish_put(struct publish *p, struct why *why)
{
    char stick[FS_PATH_MAX];
    enum err rc;

    if (p->stick == NULL)
        return hub_way_is(p->to) ? publish_hub(p, why) : publish_to_folder(p, p->to, why);
    rc = fs_join(stick, p->stick, STICK_FOLDER "/content", why);
    return rc == ERR_OK ? publish_to_folder(p, stick, why) : rc;
}

/* What was taken by a run that was cut off is put there by the next one, whatever else is staged meanwhile. */
static enum err publish_run(struct publish *p, struct why *why)
{
    enum err rc = publish_take(p, why);

    if (rc == ERR_OK)
        rc = publish_put(p, why);
    return rc == ERR_OK && p->lacking ? publish_lacking(p, why) : rc;
}

int pack_publish(int count, char **args)
{
    struct publish p = { 0 };
    const char *at = NULL;
    const struct args_option options[] = {
        { "--to", .value = &p.to },
        { "--stick", .value = &p.stick },
        { "--online-key", .list = &p.online_keys },
        { "--pass-file", .value = &p.pass_file },
        { "--proxy", .value = &p.proxy },
        { "--ca", .value = &p.ca },
        { "--at", .value = &at },
    };
    struct args_list words = { 0 };
    struct fs_stat stat;
    struct why why;
    enum err rc;

    if (!args_read("publish", count, args, options, COUNT_OF(options), &words))
        return 2;
    if (words.count != 1 || (p.to == NULL) == (p.stick == NULL))
        return args_wrong("publish",
                          "needs REPOSITORY, and --to FOLDER, --to URL or --stick FOLDER");
    if (hub_way_is(p.to) && p.online_keys.count > 0)
        return args_wrong("publish", "a hub signs itself: --online-key is for folders and sticks");
    if (hub_way_is(p.to) && hub_way_wrong(p.to, p.proxy, false) != NULL)
        return args_wrong("publish", hub_way_wrong(p.to, p.proxy, false));
    if (!hub_way_is(p.to) && (p.proxy != NULL || p.ca != NULL))
        return args_wrong("publish", "--proxy and --ca are for the way to a hub: --to URL");
    if (p.online_keys.count > PUBLISH_ONLINE_MAX)
        return args_wrong("publish", "--online-key is given once, or twice while the key changes");
    if (p.stick != NULL && (fs_stat(p.stick, &stat, NULL) != ERR_OK || !stat.is_dir))
        return args_wrong("publish", "--stick takes the folder where the stick is mounted");
    if (!repo_at(at, &p.now_ms))
        return args_wrong("publish", "--at takes a time as 2026-11-23T10:00:00Z");
    rc = repo_open(words.rows[0], &p.repo, &why);
    if (rc == ERR_OK)
        rc = publish_run(&p, &why);
    repo_done(&p.repo);
    if (rc != ERR_OK)
        (void)fprintf(stderr, "canny-pack publish: %s\n", why.text);
    if (rc != ERR_OK && p.todo != NULL)
        (void)fprintf(stderr, "%s Nothing is lost: run it again.\n", p.todo);
    return rc == ERR_OK ? 0 : 1;
}
