#include "sync/pack/build.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "platform/base/clock.h"
#include "platform/base/fs.h"
#include "sync/pack/args.h"
#include "sync/pack/pack.h"

const char pack_build_help[] =
    "usage: canny-pack build SOURCE --into REPOSITORY --role national|employers/ID [--edition "
    "TEXT]\n"
    "                        [--percent N] [--renew] [--new-dictionary] [--expires DAYS] [--at "
    "TIME]\n"
    "\n"
    "Makes the next edition of a role's content from a folder of documents, forms and tables. What "
    "lint\n"
    "finds wrong stops it. The files go into the repository packed, the list of them is written, "
    "and\n"
    "the role's metadata is staged for signing. Nothing is published yet.\n"
    "\n"
    "--role             national takes SOURCE without SOURCE/employers; employers/ID takes\n"
    "                   SOURCE/employers/ID, or SOURCE itself where issuer.yaml lies in it\n"
    "--edition TEXT     what kiosks call it: letters, digits, dots and dashes (the date)\n"
    "--percent N        how many kiosks of a hundred may install it now (100). Build again with "
    "more\n"
    "                   when the first ones do well\n"
    "--renew            also when nothing has changed, so that it is signed before it expires\n"
    "--new-dictionary   trains the compression anew: everybody fetches everything once\n"
    "--expires DAYS     how long no newer edition may be needed (396)\n"
    "--at TIME          in the place of now: the same source at the same time gives the same "
    "bytes\n"
    "\n"
    "  canny-pack build content --into content-repository --role national\n"
    "  canny-pack build content --into content-repository --role national --percent 10\n"
    "  canny-pack build council --into content-repository --role employers/example-council\n";

struct build {
    struct repo repo;
    struct arena a;
    const char *source, *role, *edition, *dir; /* dir: the folder of the role's own files */
    int64_t percent, at_ms, expires_ms;
    bool renew, new_dictionary;

    struct build_files files;
    struct manifest m, before; /* before.role NULL: none is published */
    struct buf bytes, stop;
    size_t notices;
    struct build_cost cost;
};

static bool is_folder(const char *path)
{
    struct fs_stat stat;

    return fs_stat(path, &stat, NULL) == ERR_OK && stat.is_dir;
}

/* Where the role's own files lie. */
static enum err build_folder(struct build *b, struct why *why)
{
    char path[FS_PATH_MAX];
    struct fs_stat stat;

    if (!is_folder(b->source))
        return why_set(why, ERR_NOT_FOUND, 0, "%s is no folder", b->source);
    b->dir = b->source;
    if (str_eq(b->role, "national"))
        return ERR_OK;
    if (fs_join(path, b->source, b->role, NULL) == ERR_OK && is_folder(path))
        b->dir = arena_strdup(&b->a, path);
    if (b->dir == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory");
    if (fs_join(path, b->dir, "issuer.yaml", why) != ERR_OK)
        return ERR_LIMIT;
    if (fs_stat(path, &stat, NULL) != ERR_OK)
        return why_set(why, ERR_NOT_FOUND, 0,
                       "%s has neither a folder %s nor an issuer.yaml: whose content is it?",
                       b->source, b->role);
    return ERR_OK;
}

/* An employer's folder by itself is held against the national content that is published: what it may tighten, and never
   loosen, stands there. */
static enum err build_lint(struct build *b, struct why *why)
{
    char path[FS_PATH_MAX], national[BUILD_TEMPORARY], option[] = "--national";
    char *args[] = { path, option, national };
    bool alone = b->dir == b->source && !str_eq(b->role, "national");
    enum err rc = alone ? build_national(&b->repo, national, why) : ERR_NOT_FOUND;
    int status;

    if (rc != ERR_OK && rc != ERR_NOT_FOUND)
        return rc;
    (void)str_copy(path, sizeof path, b->source);
    (void)fflush(stdout);
    status = pack_lint(rc == ERR_OK ? 3 : 1, args);
    if (rc == ERR_OK)
        build_national_done(national);
    if (status != 0)
        return why_set(why, ERR_INPUT, 0, "nothing is built until what stands above is put right");
    return ERR_OK;
}

/* The edition that is published, or the one staged after it. */
static bool manifest_read(struct build *b, bool staged, struct manifest *out)
{
    struct repo_meta meta;
    uint8_t hash[KEYS_HASH];
    char *bytes;
    size_t len;
    enum err rc = staged ? repo_staged(&b->repo, b->role, &meta, NULL)
                         : repo_published(&b->repo, b->role, &meta, NULL);

    return rc == ERR_OK && build_manifest_of(&b->repo, &meta, &bytes, &len, hash, NULL) == ERR_OK &&
           manifest_parse(&b->repo.a, bytes, len, out, NULL) == ERR_OK;
}

static bool stop_is_same(struct build *b, bool staged)
{
    char target[MANIFEST_ROLE + 16];
    struct repo_meta meta;
    const struct tuf_file *file;
    enum err rc = staged ? repo_staged(&b->repo, b->role, &meta, NULL)
                         : repo_published(&b->repo, b->role, &meta, NULL);

    (void)str_format(target, sizeof target, "%s/stop.json", b->role);
    file = rc == ERR_OK ? tuf_meta_file(&meta.meta, target) : NULL;
    return file != NULL && tuf_file_check(file, b->stop.data, b->stop.len, NULL) == ERR_OK;
}

static bool files_are_same(const struct manifest *old, const struct build_files *files)
{
    if (old->file_count != files->count)
        return false;
    for (size_t i = 0; i < old->file_count; i++)
        if (!str_eq(old->files[i].path, files->rows[i].path) ||
            memcmp(old->files[i].hash, files->rows[i].hash, KEYS_HASH) != 0)
            return false;
    return true;
}

static bool build_is_same(struct build *b, bool staged)
{
    struct manifest old;

    return manifest_read(b, staged, &old) && old.percent == b->percent &&
           (b->edition == NULL || str_eq(old.edition, b->edition)) &&
           files_are_same(&old, &b->files) && stop_is_same(b, staged);
}

/* The date, with a number behind it for the next edition of a day. What goes to more kiosks keeps its name. */
static const char *edition_name(struct build *b)
{
    const char *last = b->before.role != NULL ? b->before.edition : "";
    char day[CLOCK_ISO];
    int64_t number = 1;

    if (b->edition != NULL)
        return b->edition;
    if (b->before.role != NULL && files_are_same(&b->before, &b->files))
        return last;
    clock_iso(day, b->at_ms);
    day[10] = '\0';
    if (!str_starts(last, day))
        return arena_strdup(&b->a, day);
    if (last[10] == '.' && !str_to_i64(last + 11, &number))
        number = 1;
    return arena_printf(&b->a, "%s.%lld", day, (long long)number + 1);
}

static enum err build_manifest(struct build *b, struct why *why)
{
    enum err rc;

    b->m = (struct manifest){ .role = b->role,
                              .edition = edition_name(b),
                              .percent = (int)b->percent,
                              .needs = MANIFEST_NEEDS,
                              .files = b->files.rows,
                              .file_count = b->files.count,
                              .total = b->files.total };
    rc = build_blobs(&b->repo, b->dir, b->before.role != NULL ? &b->before : NULL,
                     b->new_dictionary, &b->m, &b->cost, why);
    if (rc == ERR_OK)
        rc = manifest_write(&b->m, &b->bytes, why);
    return rc == ERR_OK ? build_patches(&b->repo, &b->m, &b->bytes, &b->cost, why) : rc;
}

static enum err write_target(struct build *b, const char *name, const struct buf *bytes,
                             struct tuf_write_target *out, struct why *why)
{
    char hex[KEYS_ID_TEXT], path[FS_PATH_MAX];

    keys_sha256_hex(hex, bytes->data, bytes->len);
    (void)str_format(path, sizeof path, "targets/%s/%s.%s", b->role, hex, name);
    out->path = arena_printf(&b->a, "%s/%s", b->role, name);
    out->sha256 = arena_strdup(&b->a, hex);
    out->length = (int64_t)bytes->len;
    if (out->path == NULL || out->sha256 == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory");
    return repo_write_once(&b->repo, path, bytes->data, bytes->len, why);
}

static enum err build_stage(struct build *b, size_t *out_kept, struct why *why)
{
    struct tuf_write_target targets[2];
    struct tuf_write_targets t = {
        .version = 1, .expires_ms = b->expires_ms, .targets = targets, .target_count = 2
    };
    struct repo_meta published;
    struct buf file;
    enum err rc = repo_published(&b->repo, b->role, &published, why);

    if (rc == ERR_OK)
        t.version = published.meta.version + 1;
    else if (rc != ERR_NOT_FOUND)
        return rc;
    rc = write_target(b, "manifest.json", &b->bytes, &targets[0], why);
    if (rc == ERR_OK)
        rc = write_target(b, "stop.json", &b->stop, &targets[1], why);
    if (rc != ERR_OK)
        return rc;
    buf_init(&file, TUF_WRITE_MAX);
    rc = tuf_write_targets(&b->a, &t, &file, why);
    if (rc == ERR_OK)
        rc = repo_stage(&b->repo, b->role, file.data, file.len, out_kept, why);
    buf_free(&file);
    return rc;
}

static void build_tell(const struct build *b, size_t kept)
{
    const struct build_cost *c = &b->cost;
    char quoted[ARGS_QUOTED];

    (void)printf("%s, edition %s for %d kiosks of a hundred: %zu files, %" PRIu64 " bytes, %zu "
                 "recall or stop notice%s\n",
                 b->role, b->m.edition, b->m.percent, b->files.count, b->files.total, b->notices,
                 b->notices == 1 ? "" : "s");
    if (b->before.role != NULL)
        build_tell_changes(&b->before, &b->m);
    (void)printf("  %zu of %zu blobs are new: %" PRIu64 " bytes\n", c->blobs_new, c->blobs,
                 c->bytes_new);
    if (c->tried_plain > 0)
        (void)printf("  a dictionary %s: %" PRIu64 " bytes with it, %" PRIu64 " without\n",
                     c->dictionary_new ? "pays" : "does not pay", c->tried_with, c->tried_plain);
    if (c->patches > 0)
        (void)printf("  %zu patch%s from earlier editions, the smallest %zu bytes\n", c->patches,
                     c->patches == 1 ? "" : "es", c->patch_smallest);
    (void)printf("staged for signing%s: canny-pack sign %s --key FILE\n",
                 kept > 0 ? " (the same as before: its signatures stay)" : "",
                 args_quoted(quoted, b->repo.dir));
}

static enum err build_against(struct build *b, struct why *why)
{
    size_t faults = 0;
    enum err rc = build_versions(&b->repo, b->dir, &b->before, &b->files, &faults, why);

    if (rc == ERR_OK && faults > 0)
        rc = why_set(why, ERR_INPUT, 0, "nothing is built until what stands above is put right");
    return rc;
}

/* What nobody could ever sign would lie among the staged. */
static enum err build_role(struct build *b, struct why *why)
{
    const struct repo_meta m = { .role = b->role };
    struct repo_need need;

    return repo_need(&b->repo, &m, &need, why);
}

static enum err build_run(struct build *b, struct why *why)
{
    size_t kept = 0;
    bool published, staged;
    enum err rc = build_role(b, why);

    if (rc == ERR_OK)
        rc = build_folder(b, why);

    if (rc == ERR_OK)
        rc = build_lint(b, why);
    if (rc == ERR_OK)
        rc = build_files_read(&b->a, b->dir, b->role, &b->files, why);
    if (rc == ERR_OK)
        rc = build_stop(b->dir, b->role, &b->files, &b->stop, &b->notices, why);
    if (rc != ERR_OK)
        return rc;
    staged = build_is_same(b, true);
    published = build_is_same(b, false);
    if ((staged || published) && !b->renew) {
        (void)printf("%s: nothing has changed since the edition that is %s\n", b->role,
                     staged ? "staged" : "published");
        return ERR_OK;
    }
    if (!manifest_read(b, false, &b->before))
        b->before.role = NULL;
    if (b->before.role != NULL)
        rc = build_against(b, why);
    if (rc == ERR_OK)
        rc = build_manifest(b, why);
    if (rc == ERR_OK)
        rc = build_stage(b, &kept, why);
    if (rc == ERR_OK)
        build_tell(b, kept);
    return rc;
}

/* 0: read; else the status. */
static int build_options(struct build *b, int count, char **args, const char **out_into)
{
    const char *percent = NULL, *expires = NULL, *at = NULL;
    const struct args_option options[] = {
        { "--into", .value = out_into },       { "--role", .value = &b->role },
        { "--edition", .value = &b->edition }, { "--percent", .value = &percent },
        { "--renew", .flag = &b->renew },      { "--new-dictionary", .flag = &b->new_dictionary },
        { "--expires", .value = &expires },    { "--at", .value = &at },
    };
    struct args_list words = { 0 };

    if (!args_read("build", count, args, options, COUNT_OF(options), &words))
        return 2;
    if (words.count != 1 || *out_into == NULL || b->role == NULL)
        return args_wrong("build", "needs SOURCE, --into REPOSITORY and --role ROLE");
    b->source = words.rows[0];
    b->percent = 100;
    if (!manifest_role_ok(b->role))
        return args_wrong("build", "--role takes national, or employers/ID with an ID of small "
                                   "letters, digits and dashes");
    if (b->edition != NULL && !manifest_edition_ok(b->edition))
        return args_wrong("build", "--edition takes up to 40 letters, digits, dots and dashes");
    if (percent != NULL &&
        (!str_to_i64(percent, &b->percent) || b->percent < 0 || b->percent > 100))
        return args_wrong("build", "--percent takes 0 to 100");
    if (!repo_at(at, &b->at_ms))
        return args_wrong("build", "--at takes a time as 2026-11-23T10:00:00Z");
    if (!repo_expires(expires, b->role, b->at_ms, &b->expires_ms))
        return args_wrong("build", "--expires takes 1 to 3660 days");
    return 0;
}

int pack_build(int count, char **args)
{
    struct build b = { 0 };
    const char *into = NULL;
    struct why why;
    int status = build_options(&b, count, args, &into);
    enum err rc;

    if (status != 0)
        return status;
    rc = repo_open(into, &b.repo, &why);
    if (rc == ERR_OK) {
        arena_init(&b.a, BUILD_MEMORY);
        buf_init(&b.bytes, MANIFEST_BYTES_MAX);
        buf_init(&b.stop, BUILD_STOP_MAX);
        rc = build_run(&b, &why);
        buf_free(&b.stop);
        buf_free(&b.bytes);
        arena_done(&b.a);
    }
    repo_done(&b.repo);
    if (rc != ERR_OK)
        (void)fprintf(stderr, "canny-pack build: %s\n", why.text);
    return rc == ERR_OK ? 0 : 1;
}
