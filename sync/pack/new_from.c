#include <stdio.h>
#include <string.h>

#include "sync/pack/args.h"
#include "sync/pack/build.h"
#include "sync/pack/hub_way.h"
#include "sync/pack/new.h"
#include "sync/pack/verify.h"
#include "sync/update/update_folder.h"
#include "sync/update/update_get.h"

/* A copy of a published repository to work in: what somebody needs who signs a role of it, and neither founded it nor holds
   its other keys. */
struct copy {
    const char *dir, *from, *root;
    bool web;
    struct hub_way way;
    struct repo repo;
    struct arena a; /* one file at a time */
    size_t files;
    int64_t now_ms;
};

static enum err copy_web(struct copy *c, const char *name, size_t max, uint8_t **out, size_t *len,
                         struct why *why)
{
    struct http_request q = { .method = "GET", .reply_max = max };
    struct http_reply r;
    bool over = false;
    struct buf url;
    enum err rc;

    buf_init(&url, HTTP_URL_MAX);
    buf_str(&url, c->from);
    if (!str_ends(c->from, "/"))
        buf_str(&url, "/v1/content/");
    update_url(&url, name);
    q.url = buf_done(&url, why) == ERR_OK ? arena_strdup(&c->a, url.data) : NULL;
    buf_free(&url);
    if (q.url == NULL)
        return why_set(why, ERR_LIMIT, 0, "%s: the address is too long", c->from);
    q.over = &over;
    rc = hub_way_ask(&c->way, &c->a, &q, &r, why);
    if (over)
        return why_set(why, ERR_LIMIT, 0, "%s: larger than it may be", name);
    if (rc == ERR_OK && (r.status == 403 || r.status == 404))
        return why_set(why, ERR_NOT_FOUND, 0, "%s has no %s", c->from, name);
    if (rc == ERR_OK && r.status != 200)
        rc = hub_way_fault(&c->way, FAULT_PAGE, &(struct why){ 0 }, why);
    if (rc != ERR_OK)
        return rc;
    *out = r.body;
    *len = r.len;
    return ERR_OK;
}

static bool copy_has(struct copy *c, const char *name)
{
    const char *path = repo_path(&c->repo, name);
    struct fs_stat stat;

    return path != NULL && fs_stat(path, &stat, NULL) == ERR_OK && !stat.is_dir;
}

/* Fetches one file, and keeps it. */
static enum err copy_file(struct copy *c, const char *name, size_t max, struct why *why)
{
    char folder[FS_PATH_MAX];
    uint8_t *bytes;
    size_t len;
    enum err rc;

    if (name == NULL || !str_copy(folder, sizeof folder, c->from))
        return why_set(why, ERR_NOMEM, 0, "no memory");
    /* What has its hash in its name came by an earlier try; all of it is verified in the end. */
    if (!str_starts(name, "metadata/") && copy_has(c, name)) {
        c->files++;
        return ERR_OK;
    }
    arena_reset(&c->a);
    rc = c->web ? copy_web(c, name, max, &bytes, &len, why)
                : update_folder_get(folder, name, max, &c->a, &bytes, &len, why);
    if (rc == ERR_OK)
        rc = repo_write(&c->repo, name, bytes, len, why);
    c->files += rc == ERR_OK ? 1 : 0;
    return rc;
}

static enum err copy_meta(struct copy *c, const char *role, int64_t version, struct repo_meta *out,
                          struct why *why)
{
    enum err rc = copy_file(c, repo_name(&c->repo, role, version), REPO_META_MAX, why);

    return rc == ERR_OK ? repo_version(&c->repo, role, version, out, why) : rc;
}

static enum err copy_roots(struct copy *c, struct why *why)
{
    struct repo_meta root;
    enum err rc = copy_meta(c, "root", 1, &root, why);

    for (int64_t v = 2; rc == ERR_OK; v++) {
        rc = copy_meta(c, "root", v, &root, why);
        if (rc == ERR_NOT_FOUND)
            return ERR_OK;
    }
    return rc;
}

static enum err copy_blobs(struct copy *c, const struct manifest *m, struct why *why)
{
    struct arena_mark mark = arena_mark(&c->repo.a);
    const char **names;
    char name[BLOB_NAME];
    size_t count;
    enum err rc = ERR_OK;

    if (m->has_dictionary) {
        blob_name(name, NULL, m->dictionary.hash);
        rc = copy_file(c, name, blob_packed_max(m->dictionary.len), why);
    }
    if (rc == ERR_OK)
        rc = publish_blob_names(&c->repo, m, &names, &count, why);
    for (size_t i = 0; rc == ERR_OK && i < count; i++)
        rc = copy_file(c, names[i], blob_packed_max(MANIFEST_FILE_MAX), why);
    arena_rewind(&c->repo.a, mark);
    return rc;
}

static enum err copy_role(struct copy *c, const char *role, int64_t version, struct why *why)
{
    struct repo_meta meta;
    struct manifest m;
    uint8_t hash[KEYS_HASH];
    char *bytes;
    size_t len;
    enum err rc = copy_meta(c, role, version, &meta, why);

    for (size_t i = 0; rc == ERR_OK && i < meta.meta.file_count; i++) {
        const struct tuf_file *f = &meta.meta.files[i];
        char hex[KEYS_ID_TEXT];

        if (!str_starts(f->name, role) || !tuf_path_ok(f->name) || !f->hashes.has_sha256)
            return why_set(why, ERR_INPUT, 0, "%s names %s", role, f->name);
        hex_put(hex, f->hashes.sha256, KEYS_HASH);
        rc = copy_file(
            c, arena_printf(&c->repo.a, "targets/%s/%s.%s", role, hex, f->name + strlen(role) + 1),
            MANIFEST_BYTES_MAX, why);
    }
    if (rc == ERR_OK)
        rc = build_manifest_of(&c->repo, &meta, &bytes, &len, hash, why);
    if (rc == ERR_OK)
        rc = manifest_parse(&c->repo.a, bytes, len, &m, why);
    return rc == ERR_OK ? copy_blobs(c, &m, why) : rc;
}

static enum err copy_all(struct copy *c, struct why *why)
{
    struct repo_meta timestamp, snapshot, targets;
    const struct tuf_file *f;
    enum err rc = copy_roots(c, why);

    if (rc == ERR_OK)
        rc = copy_meta(c, "timestamp", 1, &timestamp, why);
    f = rc == ERR_OK ? tuf_meta_file(&timestamp.meta, "snapshot.json") : NULL;
    if (rc == ERR_OK && f != NULL)
        rc = copy_meta(c, "snapshot", f->version, &snapshot, why);
    f = rc == ERR_OK && f != NULL ? tuf_meta_file(&snapshot.meta, "targets.json") : NULL;
    if (rc == ERR_OK && f == NULL)
        return why_set(why, ERR_INPUT, 0, "%s is no repository", c->from);
    if (rc == ERR_OK)
        rc = copy_meta(c, "targets", f->version, &targets, why);
    for (size_t i = 0; rc == ERR_OK && i < targets.meta.delegation_count; i++) {
        const char *role = targets.meta.delegations[i].name;
        char name[TUF_PATH_MAX];

        if (!manifest_role_ok(role))
            return why_set(why, ERR_INPUT, 0, "%s has a role that is none of ours", c->from);
        (void)str_format(name, sizeof name, "%s.json", role);
        f = tuf_meta_file(&snapshot.meta, name);
        if (f != NULL)
            rc = copy_role(c, role, f->version, why);
    }
    return rc;
}

/* The root that the person knows must be one of those that came. */
static enum err copy_trust(struct copy *c, struct why *why)
{
    struct repo_meta known, ours;
    enum err rc;

    if (c->root == NULL)
        return ERR_OK;
    rc = repo_meta_file(&c->repo, c->root, "root", &known, why);
    if (rc == ERR_OK)
        rc = repo_version(&c->repo, "root", known.meta.version, &ours, why);
    if (rc == ERR_OK && (known.meta.len != ours.meta.len ||
                         memcmp(known.meta.bytes, ours.meta.bytes, known.meta.len) != 0))
        rc = why_set(why, ERR_DENIED, 0, "%s does not begin with the root %s: another repository",
                     c->from, c->root);
    return rc;
}

/* Without the slashes behind it. */
static size_t dir_len(const char *dir)
{
    size_t len = strlen(dir);

    while (len > 1 && dir[len - 1] == '/')
        len--;
    return len;
}

/* It has its name only when all of it is there and good: until then it lies beside, and a run after a cut goes on with it. */
static enum err copy_run(struct copy *c, struct why *why)
{
    struct verify v = { .r = &c->repo, .now_ms = c->now_ms, .quiet = true, .each = true };
    struct fs_stat stat;
    char part[FS_PATH_MAX], metadata[FS_PATH_MAX];
    enum err rc = ERR_OK;

    if (fs_stat(c->dir, &stat, NULL) == ERR_OK)
        return why_set(why, ERR_CONFLICT, 0, "%s is there already; nothing was written", c->dir);
    if (!str_format(part, sizeof part, "%.*s.part", (int)dir_len(c->dir), c->dir))
        rc = why_set(why, ERR_LIMIT, 0, "%s: the path is too long", c->dir);
    if (rc == ERR_OK)
        rc = fs_join(metadata, part, "metadata", why);
    if (rc == ERR_OK)
        rc = fs_mkdirs(metadata, 0755, why);
    c->repo.dir = part;
    if (rc == ERR_OK)
        rc = copy_all(c, why);
    if (rc == ERR_OK)
        rc = copy_trust(c, why);
    if (rc == ERR_OK)
        rc = verify_run(&v, why);
    if (rc == ERR_OK && v.faults > 0)
        rc = why_set(why, ERR_DENIED, 0,
                     "%s: what came does not verify; delete %s, and ask who "
                     "keeps it",
                     c->from, part);
    return rc == ERR_OK ? fs_move(part, c->dir, why) : rc;
}

int pack_new_from(int count, char **args)
{
    struct copy c = { 0 };
    char quoted[ARGS_QUOTED];
    const char *proxy = NULL, *ca = NULL, *at = NULL;
    const struct args_option options[] = {
        { "--repository", .value = &c.dir },
        { "--from", .value = &c.from },
        { "--root", .value = &c.root },
        { "--proxy", .value = &proxy },
        { "--ca", .value = &ca },
        { "--at", .value = &at },
    };
    struct args_list words = { 0 };
    struct why why;
    enum err rc;

    if (!args_read("new", count, args, options, COUNT_OF(options), &words))
        return 2;
    if (words.count != 0 || c.dir == NULL || c.from == NULL)
        return args_wrong("new", "--from goes with --repository REPOSITORY");
    if (!repo_at(at, &c.now_ms))
        return args_wrong("new", "--at takes a time as 2026-11-23T10:00:00Z");
    c.web = hub_way_is(c.from);
    if (c.web && hub_way_wrong(c.from, proxy, true) != NULL)
        return args_wrong("new", hub_way_wrong(c.from, proxy, true));
    rc = c.web ? hub_way_open(c.from, proxy, ca, &c.way, &why) : ERR_OK;
    if (rc == ERR_OK) {
        arena_init(&c.repo.a, REPO_MEMORY);
        arena_init(&c.a, BUILD_MEMORY);
        rc = copy_run(&c, &why);
        arena_done(&c.a);
        repo_done(&c.repo);
    }
    if (rc != ERR_OK) {
        (void)fprintf(stderr, "canny-pack new: %s%s%s\n", why.text, c.way.todo != NULL ? "\n" : "",
                      c.way.todo != NULL ? c.way.todo : "");
        hub_way_close(&c.way);
        return 1;
    }
    hub_way_close(&c.way);
    (void)printf("%s: %zu files, verified. Whose keys it goes by: canny-pack key list %s\n", c.dir,
                 c.files, args_quoted(quoted, c.dir));
    return 0;
}
