/* Content beside records: what stands between the hub and the kiosk lets a file through byte by byte. */
#include "sync/client/content.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/client/worker.h"
#include "sync/update/tuf_client.h"
#include "tests/sync/hub/hub_fixture.h"
#include "tests/sync/update/content_repo.h"

/* Shared with the server. */
struct served {
    unsigned requests;
    bool drips;  /* each file, from now on */
    bool closes; /* the connection, where a role's metadata is asked for */
    char dir[FS_PATH_MAX];
};

struct scene {
    struct served *served;
    struct repo repo;
    struct content_client *content;
    struct db db;
    struct clock *clock;
    struct keypair self;
    struct link link;
    pid_t pid;
    bool waits; /* somebody has something to send */
    char dir[64], path[FS_PATH_MAX], content_dir[FS_PATH_MAX], url[64];
};

static void serve_drip(int fd)
{
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n";

    if (send(fd, head, sizeof head - 1, MSG_NOSIGNAL) < 0)
        return;
    while (send(fd, " ", 1, MSG_NOSIGNAL) == 1)
        (void)poll(NULL, 0, 20);
}

static void serve_file(int fd, const char *dir, const char *name)
{
    static const char none[] = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    char path[FS_PATH_MAX], head[96];
    char *bytes = NULL;
    size_t len = 0;
    struct arena a;

    arena_init(&a, 1 << 20);
    if (fs_join(path, dir, name, NULL) != ERR_OK ||
        fs_read(&a, path, 1 << 19, &bytes, &len, NULL) != ERR_OK) {
        (void)!write(fd, none, sizeof none - 1);
    } else {
        (void)str_format(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", len);
        (void)!write(fd, head, strlen(head));
        (void)!write(fd, bytes, len);
    }
    arena_done(&a);
}

static void serve(int fd, const void *ctx)
{
    struct served *s = *(struct served *const *)ctx;
    char in[4096];
    size_t len = 0;

    for (;;) {
        const ssize_t n = read(fd, in + len, sizeof in - 1 - len);

        if (n <= 0)
            return;
        len += (size_t)n;
        in[len] = '\0';
        if (strstr(in, "\r\n\r\n") == NULL)
            continue;
        s->requests++;
        if (s->drips) {
            serve_drip(fd);
            return;
        }
        in[strcspn(in + 4, " ") + 4] = '\0';
        if (s->closes && strstr(in, "national.json") != NULL)
            return;
        serve_file(fd, s->dir, in + strlen("GET /v1/content/"));
        len = 0;
    }
}

/* ---- a kiosk that has no edition yet and can make one of anything ---- */

static enum err no_stops(void *ctx, struct db *db, const char *role, const char *bytes, size_t len,
                         struct why *why)
{
    (void)ctx, (void)db, (void)role, (void)bytes, (void)len, (void)why;
    return ERR_OK;
}

static enum err no_keep(void *ctx, struct db *db, const char *const *roles, size_t count,
                        struct why *why)
{
    (void)ctx, (void)db, (void)roles, (void)count, (void)why;
    return ERR_OK;
}

static enum err nothing_installed(void *ctx, struct updater_installed *out, struct why *why)
{
    (void)ctx, (void)why;
    *out = (struct updater_installed){ .count = 0 };
    return ERR_OK;
}

static enum err nothing_missing(void *ctx, const struct updater_set *set,
                                const struct updater_blobs *blobs, struct arena *a,
                                const struct manifest_file ***out, size_t *out_count,
                                struct why *why)
{
    (void)ctx, (void)set, (void)blobs, (void)a, (void)why;
    *out = NULL;
    *out_count = 0;
    return ERR_OK;
}

static enum err builds(void *ctx, const struct updater_set *set, const struct updater_blobs *blobs,
                       struct updater_refusal *out, struct why *why)
{
    (void)ctx, (void)set, (void)blobs, (void)out, (void)why;
    return ERR_OK;
}

static void publish(struct scene *s)
{
    static const struct repo_file files[] = { { "docs/a.md", "one" } };
    const struct repo_edition e = {
        .edition = "2026-11-23", .percent = 100, .files = files, .count = COUNT_OF(files)
    };
    char root[FS_PATH_MAX];
    char *bytes = NULL;
    size_t len = 0;
    struct arena a;

    repo_open(&s->repo);
    repo_edition(&s->repo, repo_role(&s->repo, "national", "national", "", ""), &e);
    repo_commit(&s->repo);
    arena_init(&a, 1 << 20);
    assert_int_equal(fs_join(root, s->repo.dir, "metadata/1.root.json", NULL), ERR_OK);
    assert_int_equal(fs_read(&a, root, 1 << 19, &bytes, &len, NULL), ERR_OK);
    assert_int_equal(fs_join(s->content_dir, s->dir, "content", NULL), ERR_OK);
    assert_int_equal(fs_join(root, s->content_dir, "metadata", NULL), ERR_OK);
    assert_int_equal(tuf_client_init(root, bytes, len, NULL), ERR_OK);
    arena_done(&a);
}

static int scene_setup(void **state)
{
    static struct scene s;
    const struct clock_options now = { .now = "2026-11-23T00:00:00Z" };
    uint16_t port = 0;

    s = (struct scene){ .served = mmap(NULL, sizeof(struct served), PROT_READ | PROT_WRITE,
                                       MAP_SHARED | MAP_ANONYMOUS, -1, 0) };
    assert_ptr_not_equal(s.served, MAP_FAILED);
    assert_int_equal(keys_init(NULL), ERR_OK);
    assert_int_equal(http_init(NULL), ERR_OK);
    (void)str_copy(s.dir, sizeof s.dir, "/tmp/turn-XXXXXX");
    assert_non_null(mkdtemp(s.dir));
    publish(&s);
    (void)str_copy(s.served->dir, sizeof s.served->dir, s.repo.dir);
    assert_int_equal(fs_join(s.path, s.dir, "canny.db", NULL), ERR_OK);
    assert_int_equal(db_open(&s.db, s.path, DB_CACHE, NULL), ERR_OK);
    assert_int_equal(worker_setup(&s.db, NULL), ERR_OK);
    assert_int_equal(clock_new(&now, &s.clock, NULL), ERR_OK);
    const struct content_client_options o = { .dir = s.content_dir,
                                              .device = "kiosk",
                                              .stops_take = no_stops,
                                              .stops_keep = no_keep,
                                              .installed = nothing_installed,
                                              .missing = nothing_missing,
                                              .build = builds };
    assert_int_equal(content_client_new(&o, &s.db, &s.content, NULL), ERR_OK);
    s.pid = fixture_serve(serve, &s.served, &port);
    (void)str_format(s.url, sizeof s.url, "http://127.0.0.1:%u", (unsigned)port);
    s.link =
        (struct link){ .url = s.url, .hub = "hub", .self = &s.self, .clock = s.clock, .ctx = &s };
    *state = &s;
    return 0;
}

static int scene_teardown(void **state)
{
    struct scene *s = *state;

    fixture_kill(s->pid);
    content_client_free(s->content);
    clock_free(s->clock);
    db_close(&s->db);
    repo_done(&s->repo);
    repo_remove(s->dir);
    return munmap(s->served, sizeof(struct served));
}

static bool somebody_waits(void *ctx)
{
    const struct scene *s = ctx;

    return s->waits;
}

/* One turn after a round in which the hub has told of something new. */
static struct content_turn turn(struct scene *s, int64_t turn_ms, int64_t end_ms)
{
    static const char told[] = "{\"content\":{\"timestamp\":1}}";
    struct content_turn t = {
        .link = &s->link, .yield = somebody_waits, .turn_ms = turn_ms, .end_ms = end_ms
    };
    const struct json *node = NULL;
    struct arena a;

    arena_init(&a, 4096);
    assert_int_equal(json_parse(&a, told, sizeof told - 1, sizeof told, &node, NULL), ERR_OK);
    content_client_told(s->content, node);
    arena_done(&a);
    content_client_hub(s->content, &s->db, &t);
    return t;
}

static void a_file_that_drips_makes_way_for_a_record_and_is_asked_for_again(void **state)
{
    struct scene *s = *state;
    struct content_view view;

    s->served->drips = true;
    s->waits = true;
    assert_true(turn(s, 200, 0).more);
    content_client_view(s->content, &view);
    assert_string_equal(view.what, "");
    s->served->drips = false;
    s->waits = false;
    assert_false(turn(s, 0, 0).more);
    content_client_view(s->content, &view);
    assert_string_equal(view.newest, "2026-11-23");
    assert_string_equal(view.what, "");
}

static void
a_turn_of_files_that_drip_ends_though_nobody_waits_and_the_next_one_is_later(void **state)
{
    struct scene *s = *state;
    struct content_view view;

    s->served->drips = true;
    assert_false(turn(s, 100, 300).more);
    content_client_view(s->content, &view);
    assert_true(view.any);
    assert_string_not_equal(view.what, "");
    const unsigned requests = s->served->requests;
    assert_int_equal(requests, 1);
    (void)turn(s, 100, 300);
    assert_int_equal(s->served->requests, requests);
}

/* What the hub is told of the only role, and a part of why. */
static void told_is(struct scene *s, const char *state, const char *why)
{
    const struct json *node = NULL;
    struct json_out j;
    struct buf b;
    struct arena a;

    arena_init(&a, 1 << 20);
    buf_init(&b, 4096);
    json_out_init(&j, &b);
    json_out_object(&j, NULL);
    content_client_status(s->content, &j);
    json_out_end_object(&j);
    assert_int_equal(buf_done(&b, NULL), ERR_OK);
    assert_int_equal(json_parse(&a, b.data, b.len, b.len, &node, NULL), ERR_OK);
    const struct json *row = json_get(node, "content")->first;
    assert_string_equal(json_str(row, "state"), state);
    assert_non_null(strstr(json_str(row, "why"), why));
    buf_free(&b);
    arena_done(&a);
}

static void what_could_not_be_fetched_to_its_end_waits_and_is_not_refused(void **state)
{
    struct scene *s = *state;

    s->served->closes = true;
    (void)turn(s, 0, 0);
    told_is(s, "waiting", "Empty reply");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_file_that_drips_makes_way_for_a_record_and_is_asked_for_again),
        CASE(a_turn_of_files_that_drip_ends_though_nobody_waits_and_the_next_one_is_later),
        CASE(what_could_not_be_fetched_to_its_end_waits_and_is_not_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
