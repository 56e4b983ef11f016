/* One run of a kiosk's updater over a published folder, into an edition that is switched to: what it asks for, how long it takes
   and how much memory above what the program had before.
   usage: bench-content DATA FOLDER */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "app/store/content.h"
#include "app/store/edition.h"
#include "app/store/edition_state.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/update/update_folder.h"
#include "sync/update/updater.h"

struct took {
    double wall_ms, cpu_ms;
};

struct bench {
    const char *data;
    char dir[FS_PATH_MAX];
    size_t asked, bytes, blobs, blob_bytes, manifest_bytes, metadata_bytes;
    struct took missing, build, open, all;
};

/* ---- what the machine says ---- */

static struct took took_now(void)
{
    struct timespec t;
    struct rusage u;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    (void)getrusage(RUSAGE_SELF, &u);
    return (struct took){
        .wall_ms = (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6,
        .cpu_ms = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
                  (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3,
    };
}

static struct took took_since(struct took from)
{
    struct took now = took_now();

    return (struct took){ now.wall_ms - from.wall_ms, now.cpu_ms - from.cpu_ms };
}

/* "VmHWM:" or "VmRSS:" in KiB. */
static long memory(const char *which)
{
    char line[256];
    long kib = 0;
    FILE *f = fopen("/proc/self/status", "r");

    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (str_starts(line, which))
            kib = strtol(line + strlen(which), NULL, 10);
    if (f != NULL)
        (void)fclose(f);
    return kib;
}

/* From here on the peak is counted anew. */
static void memory_mark(void)
{
    FILE *f = fopen("/proc/self/clear_refs", "w");

    if (f != NULL) {
        (void)fputs("5", f);
        (void)fclose(f);
    }
}

/* ---- the source ---- */

static enum err bench_get(void *ctx, const char *name, size_t max, struct arena *a, uint8_t **out,
                          size_t *out_len, struct why *why)
{
    struct bench *b = ctx;
    enum err rc = update_folder_get(b->dir, name, max, a, out, out_len, why);

    b->asked++;
    if (rc != ERR_OK)
        return rc;
    b->bytes += *out_len;
    if (str_starts(name, "blobs/")) {
        b->blobs++;
        b->blob_bytes += *out_len;
    } else if (str_starts(name, "metadata/")) {
        b->metadata_bytes += *out_len;
    } else {
        b->manifest_bytes += *out_len;
    }
    return rc;
}

static enum err bench_root(void *ctx, struct arena *a, uint8_t **out, size_t *out_len,
                           struct why *why)
{
    struct bench *b = ctx;

    return update_folder_get(b->dir, "metadata/1.root.json", 1000000, a, out, out_len, why);
}

/* ---- the ports: an edition in the updater's words ---- */

struct ported {
    struct arena a;
    struct edition_set set;
    const struct updater_set *from;
    const struct updater_blobs *blobs;
};

static enum err port_begin(struct ported *p, const struct updater_set *set,
                           const struct updater_blobs *blobs, struct why *why)
{
    struct edition_role *roles;

    *p = (struct ported){ .from = set, .blobs = blobs };
    arena_init(&p->a, (size_t)64 * 1024 * 1024);
    roles = arena_array(&p->a, set->count + 1, sizeof *roles);
    for (size_t i = 0; roles != NULL && i < set->count; i++) {
        const struct manifest *m = &set->roles[i].m;
        struct edition_file *files = arena_array(&p->a, m->file_count + 1, sizeof *files);

        for (size_t k = 0; files != NULL && k < m->file_count; k++) {
            char *sha = arena_alloc(&p->a, KEYS_ID_TEXT);

            if (sha != NULL)
                hex_put(sha, m->files[k].hash, KEYS_HASH);
            files[k] = (struct edition_file){ m->files[k].path, sha, m->files[k].len };
        }
        roles[i] = (struct edition_role){ .role = m->role,
                                          .edition = m->edition,
                                          .manifest = set->roles[i].hash,
                                          .files = files,
                                          .count = m->file_count };
    }
    p->set = (struct edition_set){ .roles = roles, .count = set->count };
    return p->a.failed ? why_set(why, ERR_NOMEM, 0, "no room") : ERR_OK;
}

static bool port_has(void *ctx, const char *sha)
{
    struct ported *p = ctx;
    struct manifest_file f = { .len = 0 };

    return hex_get(f.hash, KEYS_HASH, sha) && p->blobs->has(p->blobs->ctx, &f);
}

static enum err port_read(void *ctx, const struct edition_file *file, struct arena *a,
                          const char **out, size_t *out_len, struct why *why)
{
    struct ported *p = ctx;
    struct manifest_file f = { .len = (uint32_t)file->size };
    uint8_t *bytes = NULL;
    enum err rc = hex_get(f.hash, KEYS_HASH, file->sha)
                      ? p->blobs->read(p->blobs->ctx, &f, a, &bytes, why)
                      : ERR_INPUT;

    if (rc == ERR_OK) {
        *out = (const char *)bytes;
        *out_len = file->size;
    }
    return rc;
}

static enum err bench_missing(void *ctx, const struct updater_set *set,
                              const struct updater_blobs *blobs, struct arena *a,
                              const struct manifest_file ***out, size_t *out_count, struct why *why)
{
    struct bench *b = ctx;
    struct took from = took_now();
    const struct edition_file **files = NULL;
    const struct manifest_file **rows = NULL;
    size_t count = 0;
    struct ported p;
    const struct edition_blobs have = { .has = port_has, .read = port_read, .ctx = &p };
    enum err rc = port_begin(&p, set, blobs, why);

    if (rc == ERR_OK)
        rc = edition_missing(b->data, &p.set, &have, &p.a, &files, &count, why);
    if (rc == ERR_OK) {
        rows = arena_array(a, count + 1, sizeof(const struct manifest_file *));
        for (size_t i = 0; rows != NULL && i < count; i++)
            for (size_t r = 0; r < set->count; r++)
                if (files[i] >= p.set.roles[r].files &&
                    files[i] < p.set.roles[r].files + p.set.roles[r].count)
                    rows[i] = &set->roles[r].m.files[files[i] - p.set.roles[r].files];
    }
    arena_done(&p.a);
    *out = rows;
    *out_count = count;
    b->missing = took_since(from);
    return rc == ERR_OK && rows == NULL ? ERR_NOMEM : rc;
}

static enum err bench_build(void *ctx, const struct updater_set *set,
                            const struct updater_blobs *blobs, struct updater_refusal *out,
                            struct why *why)
{
    struct bench *b = ctx;
    struct took from = took_now();
    struct edition_refusal refusal;
    char hash[KEYS_ID_TEXT];
    struct ported p;
    const struct edition_blobs have = { .has = port_has, .read = port_read, .ctx = &p };
    enum err rc = port_begin(&p, set, blobs, why);

    if (rc == ERR_OK)
        rc = edition_build(b->data, &p.set, &have, hash, &refusal, why);
    if (rc == ERR_INPUT) {
        out->role = refusal.role;
        (void)str_format(out->text, sizeof out->text, "%s: %.100s", refusal.path, refusal.text);
    }
    arena_done(&p.a);
    b->build = took_since(from);
    return rc;
}

static enum err bench_installed(void *ctx, struct updater_installed *out, struct why *why)
{
    struct bench *b = ctx;
    struct edition_installed now;
    struct arena a;
    enum err rc;

    *out = (struct updater_installed){ .count = 0 };
    arena_init(&a, (size_t)1024 * 1024);
    rc = edition_installed(b->data, false, &a, &now, why);
    for (size_t i = 0; rc == ERR_OK && i < now.set.count; i++, out->count++) {
        (void)str_copy(out->roles[i].role, sizeof out->roles[i].role, now.set.roles[i].role);
        (void)str_copy(out->roles[i].edition, sizeof out->roles[i].edition,
                       now.set.roles[i].edition);
        (void)str_copy(out->roles[i].hash, sizeof out->roles[i].hash, now.set.roles[i].manifest);
    }
    arena_done(&a);
    return rc;
}

static bool stops_held(void *ctx, const char *role, const char *hash)
{
    (void)ctx;
    (void)role;
    (void)hash;
    return true;
}

static enum err stops_take(void *ctx, const char *role, const char *hash, const char *bytes,
                           size_t len, struct why *why)
{
    (void)ctx;
    (void)role;
    (void)hash;
    (void)bytes;
    (void)len;
    (void)why;
    return ERR_OK;
}

static enum err stops_keep(void *ctx, const char *const *roles, size_t count, struct why *why)
{
    (void)ctx;
    (void)roles;
    (void)count;
    (void)why;
    return ERR_OK;
}

/* ---- the run ---- */

static enum err bench_update(struct bench *b, struct updater_report *report, struct why *why)
{
    const struct updater_ports ports = { .stops_held = stops_held,
                                         .stops_take = stops_take,
                                         .stops_keep = stops_keep,
                                         .installed = bench_installed,
                                         .missing = bench_missing,
                                         .build = bench_build,
                                         .ctx = b };
    char content[FS_PATH_MAX];
    struct timespec now;
    struct updater_ask ask;
    enum err rc = edition_dir(b->data, content, why);

    if (rc == ERR_OK)
        rc = fs_mkdirs(content, 0700, why);
    if (rc != ERR_OK)
        return rc;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    ask = (struct updater_ask){
        .dir = content,
        .device = "0000000000000000000000000000000000000000000000000000000000000000",
        .constituency = "",
        .school = "",
        .ports = &ports,
        .source = { .get = bench_get, .ctx = b, .name = "folder", .root = bench_root },
        .now_ms = (int64_t)now.tv_sec * 1000,
        .at = "2026-11-24T08:00:00.000Z",
        .trust = "ntp",
    };
    return updater_run(&ask, report, why) == UPDATER_FINE ? ERR_OK : ERR_IO;
}

static enum err bench_switch(struct bench *b, struct why *why)
{
    struct took from = took_now();
    struct edition_name name;
    struct content *c = NULL;
    char path[FS_PATH_MAX];
    enum err rc = edition_pick(b->data, &name, why);

    if (rc == ERR_OK)
        rc = edition_try(b->data, &name, why);
    if (rc == ERR_OK)
        rc = edition_path(b->data, name.hash, path, why);
    if (rc == ERR_OK)
        rc = content_open_file(path, "", "", &c, why);
    if (rc == ERR_OK)
        rc = edition_switch(b->data, &name, why);
    if (rc == ERR_OK)
        edition_stands(b->data, &name);
    content_close(c);
    b->open = took_since(from);
    return rc;
}

static void bench_tell(const struct bench *b, const struct updater_report *report, long peak)
{
    (void)printf("%zu requests, %zu bytes: %zu blobs %zu, manifest %zu, metadata %zu\n", b->asked,
                 b->bytes, b->blobs, b->blob_bytes, b->manifest_bytes, b->metadata_bytes);
    (void)printf(
        "fetched %zu of %zu; fetch and verify %.0f ms (processor's %.0f); what is missing"
        " %.0f (%.0f)\n",
        report->fetched, report->to_fetch, b->all.wall_ms - b->build.wall_ms - b->missing.wall_ms,
        b->all.cpu_ms - b->build.cpu_ms - b->missing.cpu_ms, b->missing.wall_ms, b->missing.cpu_ms);
    (void)printf("edition made and checked %.0f ms (processor's %.0f); opened and switched %.0f"
                 " (%.0f)\n",
                 b->build.wall_ms, b->build.cpu_ms, b->open.wall_ms, b->open.cpu_ms);
    (void)printf("memory above the program's own at its peak: %.1f MB\n", (double)peak / 1024);
}

int main(int argc, char **argv)
{
    static struct bench b; /* large: not for the stack */
    static struct updater_report report;
    struct why why = { .sys = 0 };
    struct took from;
    long before;
    enum err rc;

    if (argc != 3) {
        (void)fprintf(stderr, "usage: bench-content DATA FOLDER\n");
        return 2;
    }
    b.data = argv[1];
    (void)str_copy(b.dir, sizeof b.dir, argv[2]);
    rc = keys_init(&why);
    memory_mark();
    before = memory("VmRSS:");
    from = took_now();
    if (rc == ERR_OK)
        rc = bench_update(&b, &report, &why);
    b.all = took_since(from);
    if (rc == ERR_OK)
        rc = bench_switch(&b, &why);
    if (rc == ERR_OK)
        bench_tell(&b, &report, memory("VmHWM:") - before);
    else
        (void)fprintf(stderr, "bench-content: %s\n", why.text);
    return rc == ERR_OK ? 0 : 1;
}
