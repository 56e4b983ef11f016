/* When a kiosk looks for content at a hub that tells nothing of it with its rounds: an older one, or one that has none. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sync/client/content.h"
#include "sync/client/http.h"
#include "sync/client/state.h"
#include "tests/sync/hub/hub_fixture.h"
#include "tests/sync/update/updater_scene.h"

struct silent {
    struct scene *s;
    struct db db;
    struct clock *clock;
    struct content_client *client;
    unsigned *requests; /* of the child too */
    pid_t pid;
    char url[64];
    char folder[64];
};

/* Files of a repository, and nothing else of a hub. */
static void silent_serve(int fd, const void *ctx)
{
    const struct silent *h = *(struct silent *const *)ctx;
    char in[4096], out[256], path[FS_PATH_MAX];
    size_t len = 0;

    for (;;) {
        const ssize_t n = read(fd, in + len, sizeof in - 1 - len);
        if (n <= 0)
            return;
        len += (size_t)n;
        in[len] = '\0';
        if (strstr(in, "\r\n\r\n") == NULL)
            continue;
        ++*h->requests;
        const char *name = in + strlen("GET /v1/content/");
        struct arena a;
        char *bytes = NULL;
        size_t size = 0;
        (void)snprintf(path, sizeof path, "%s/%.*s", h->folder, (int)strcspn(name, " "), name);
        arena_init(&a, 1 << 20);
        const bool there = fs_read(&a, path, 1 << 19, &bytes, &size, NULL) == ERR_OK;
        const int head = snprintf(out, sizeof out, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n",
                                  there ? "200 OK" : "404 Not Found", size);
        const bool sent = write(fd, out, (size_t)head) == head &&
                          (size == 0 || write(fd, bytes, size) == (ssize_t)size);
        arena_done(&a);
        if (!sent)
            return;
        len = 0;
    }
}

/* ---- ports: those of the updater's own rig ---- */

static enum err silent_stops_take(void *ctx, struct db *db, const char *role, const char *bytes,
                                  size_t len, struct why *why)
{
    struct rig *g = &((struct silent *)ctx)->s->rig;

    (void)db;
    return g->ports.stops_take(g, role, "", bytes, len, why);
}

static enum err silent_stops_keep(void *ctx, struct db *db, const char *const *roles, size_t count,
                                  struct why *why)
{
    struct rig *g = &((struct silent *)ctx)->s->rig;

    (void)db;
    return g->ports.stops_keep(g, roles, count, why);
}

static enum err silent_installed(void *ctx, struct updater_installed *out, struct why *why)
{
    struct rig *g = &((struct silent *)ctx)->s->rig;

    return g->ports.installed(g, out, why);
}

static enum err silent_missing(void *ctx, const struct updater_set *set,
                               const struct updater_blobs *blobs, struct arena *a,
                               const struct manifest_file ***out, size_t *out_count,
                               struct why *why)
{
    struct rig *g = &((struct silent *)ctx)->s->rig;

    return g->ports.missing(g, set, blobs, a, out, out_count, why);
}

static enum err silent_build(void *ctx, const struct updater_set *set,
                             const struct updater_blobs *blobs, struct updater_refusal *out,
                             struct why *why)
{
    struct rig *g = &((struct silent *)ctx)->s->rig;

    return g->ports.build(g, set, blobs, out, why);
}

/* A kiosk with the first edition, from its set-up; the hub serves `folder`. */
static struct silent *silent_open(struct scene *s, const char *folder)
{
    static struct silent h;
    static struct silent *self = &h;
    uint16_t port = 0;

    h = (struct silent){ .s = s };
    h.requests =
        mmap(NULL, sizeof(*h.requests), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(h.requests, MAP_FAILED);
    (void)str_copy(h.folder, sizeof h.folder, folder);
    assert_ok(http_init(NULL));
    assert_ok(clock_new(&(struct clock_options){ .now = "2026-11-23T10:00:00Z" }, &h.clock, NULL));
    assert_ok(db_open(&h.db, ":memory:", DB_DURABLE, NULL));
    assert_ok(state_setup(&h.db, NULL));
    assert_int_equal(rig_run(&s->rig), UPDATER_FINE);
    const struct content_client_options o = {
        .dir = s->rig.dir,
        .device = s->rig.device,
        .stops_take = silent_stops_take,
        .stops_keep = silent_stops_keep,
        .installed = silent_installed,
        .missing = silent_missing,
        .build = silent_build,
        .ctx = &h,
    };
    assert_ok(content_client_new(&o, &h.db, &h.client, NULL));
    (void)content_client_place(h.client, s->rig.constituency, s->rig.school);
    h.pid = fixture_serve(silent_serve, &self, &port);
    (void)str_format(h.url, sizeof h.url, "http://127.0.0.1:%u", (unsigned)port);
    return &h;
}

static void silent_done(struct silent *h)
{
    fixture_kill(h->pid);
    content_client_free(h->client);
    db_close(&h->db);
    clock_free(h->clock);
    (void)munmap(h->requests, sizeof(*h->requests));
}

/* What the answer to a round says of content: 0 nothing at all. */
static void told(struct silent *h, int64_t timestamp)
{
    char text[64] = "{}";
    const struct json *node = NULL;
    struct arena a;

    arena_init(&a, 1 << 16);
    if (timestamp > 0)
        (void)str_format(text, sizeof text, "{\"content\":{\"timestamp\":%lld}}",
                         (long long)timestamp);
    assert_ok(json_parse(&a, text, strlen(text), sizeof text, &node, NULL));
    content_client_told(h->client, node);
    arena_done(&a);
}

/* A round; how many files were asked for. */
static unsigned round_of(struct silent *h)
{
    const unsigned before = *h->requests;
    struct link l = { .url = h->url, .hub = "hub", .clock = h->clock, .total_ms = 5000 };
    struct content_turn turn = { .link = &l };

    content_client_hub(h->client, &h->db, &turn);
    return *h->requests - before;
}

static void a_hub_that_tells_nothing_is_asked_now_and_again_and_not_with_each_round(void **state)
{
    struct scene *s = *state;
    struct silent *h = silent_open(s, s->repo.dir);
    struct content_view v;

    publish(s, &second);
    told(h, 0);
    assert_true(round_of(h) > 0);
    assert_true(rig_reads(&s->rig, "national/docs/b.md=two, changed"));
    content_client_view(h->client, &v);
    assert_string_equal(v.code, "");
    assert_int_not_equal(v.checked_ms, 0);
    for (int i = 0; i < 3; i++) {
        told(h, 0);
        assert_int_equal(round_of(h), 0);
    }
    /* It was updated, and tells: then at once. */
    publish(s, &first);
    told(h, s->repo.listing_version);
    assert_true(round_of(h) > 0);
    silent_done(h);
}

static void a_hub_without_content_is_told_where_some_was_here_and_nothing_is_lost(void **state)
{
    struct scene *s = *state;
    struct silent *h = silent_open(s, "/nowhere");
    struct content_view v;

    told(h, 0);
    content_client_resume(h->client, &h->db, h->clock);
    assert_true(round_of(h) > 0);
    content_client_view(h->client, &v);
    assert_string_equal(v.code, "S-503");
    assert_string_equal(v.edition, "1");
    told(h, 0);
    assert_int_equal(round_of(h), 0);
    silent_done(h);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
    const struct CMUnitTest cases[] = {
        CASE(a_hub_that_tells_nothing_is_asked_now_and_again_and_not_with_each_round),
        CASE(a_hub_without_content_is_told_where_some_was_here_and_nothing_is_lost),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
