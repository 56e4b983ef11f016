/* Content from elsewhere, and to a stick: from a folder while the hub serves, from another hub, and what `verify` and /metrics
   say of it. One hub serves; the others are folders that only commands work on. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/db.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/update/blob.h"
#include "tests/sync/hub/content_town.h"
#include "tests/sync/hub/raw.h"

enum { DOCS = 6 };

/* ---- a repository in a folder ---- */

static void write_file(const char *root, const char *name, struct repo_bytes bytes)
{
    char path[FS_PATH_MAX];
    char folder[FS_PATH_MAX];
    struct why why = { 0 };

    assert_int_equal(ERR_OK, fs_join(path, root, name, NULL));
    (void)str_copy(folder, sizeof(folder), path);
    *strrchr(folder, '/') = '\0';
    assert_int_equal(ERR_OK, fs_mkdirs(folder, 0700, NULL));
    if (fs_replace(path, bytes.data, bytes.len, 0600, &why) != ERR_OK)
        fail_msg("%s", why.text);
}

static void write_edition(struct town *t, const char *root, const struct repo_role *r)
{
    struct repo_bytes patch = { .len = 0 };
    uint8_t *packed = NULL;

    write_file(root, town_role_file(&t->a, r->role, r->version), repo_role(&t->r, r));
    write_file(root, r->edition->target, r->edition->manifest);
    for (size_t i = 0; i < r->edition->count; i++)
        write_file(root, r->edition->files[i].name, r->edition->files[i].packed);
    assert_int_equal(ERR_OK, patch_pack(&t->a, NULL, 0, r->edition->manifest.data,
                                        r->edition->manifest.len, &packed, &patch.len, NULL));
    patch.data = (const char *)packed;
    write_file(root, arena_printf(&t->a, "patches/%s.zst", r->edition->hash), patch);
}

static const char *folder_in(struct town *t, const char *name)
{
    return arena_printf(&t->a, "%s/%s", t->k.dir, name);
}

/* Until the hub serves that version: its keeper works on its own time. */
static void until_national(struct town *t, int64_t version)
{
    const struct timespec pause = { .tv_nsec = 20000000 };
    struct http_reply reply;

    for (size_t i = 0; i < 1500; i++) {
        if (town_get(t, "metadata/timestamp.json", &reply) == 200 &&
            town_whole(t, "national") == version)
            return;
        (void)nanosleep(&pause, NULL); /* a poll of a condition */
    }
    fail_msg("version %lld never came", (long long)version);
}

/* ---- cases, in this order ---- */

static void a_folder_is_published_at_the_start_and_at_a_hangup(void **state)
{
    struct town *t = *state;
    const char *root = folder_in(t, "repo");
    static struct repo_edition e[2];
    char said[4096];
    const struct json *key;

    assert_int_equal(0, town_content(t, said, sizeof(said), "key", NULL, NULL));
    assert_int_equal(ERR_OK,
                     json_parse(&t->a, said, strcspn(said, "\n"), sizeof(said), &key, NULL));
    (void)str_copy(t->online, sizeof(t->online), json_str(json_get(key, "keyval"), "public"));
    t->root = repo_root(&t->r, &(struct repo_root){ .version = 1, .online = t->online });
    write_file(root, "metadata/1.root.json", t->root);
    write_file(root, "metadata/1.targets.json",
               repo_targets(&t->r, &(struct repo_targets){ .version = 1 }));
    repo_edition(&t->r, "national", "e1", DOCS, 0, true, &e[0]);
    write_edition(t, root,
                  &(struct repo_role){ .role = "national", .version = 1, .edition = &e[0] });

    assert_int_equal(0, hub_end(&t->hub));
    t->hub.content = root;
    hub_start(&t->hub);
    until_national(t, 1);
    repo_edition(&t->r, "national", "e2", DOCS, 2, true, &e[1]);
    write_edition(t, root,
                  &(struct repo_role){ .role = "national", .version = 2, .edition = &e[1] });
    assert_int_equal(0, kill(t->hub.pid, SIGHUP));
    until_national(t, 2);
    struct http_reply reply;
    assert_int_equal(200, town_get(t, arena_printf(&t->a, "patches/%s.zst", e[1].hash), &reply));
}

static void a_folder_that_is_no_repository_is_said_at_once(void **state)
{
    struct town *t = *state;
    char said[256];
    const char *const args[] = { "serve",     "--data", folder_in(t, "nowhere"),
                                 "--content", t->k.dir, NULL };

    assert_int_equal(2, hub_run(said, sizeof(said), args));
}

static void a_mirror_serves_what_the_other_hub_has_signed(void **state)
{
    struct town *t = *state;
    char said[4096];
    char root[FS_PATH_MAX];
    struct hub_process mirror = { .pid = 0 };
    struct http_reply reply;
    const struct hub_process front = t->hub;

    fixture_folder(mirror.dir);
    t->hub = mirror;
    assert_int_equal(ERR_OK, fs_join(root, mirror.dir, "1.root.json", NULL));
    assert_int_equal(ERR_OK, fs_replace(root, t->root.data, t->root.len, 0600, NULL));
    assert_int_equal(1, town_content(t, said, sizeof(said), "mirror", front.url, NULL));
    assert_int_equal(0, town_content(t, said, sizeof(said), "trust", root, NULL));
    assert_int_equal(0, town_content(t, said, sizeof(said), "mirror", front.url, NULL));
    assert_non_null(strstr(said, "national\t2\tcounts"));
    assert_non_null(strstr(said, "timestamp"));
    assert_int_equal(0, town_content(t, said, sizeof(said), "mirror", front.url, NULL));
    assert_non_null(strstr(said, "0 counted, 0 refused, 0 files"));
    hub_start(&t->hub);
    assert_int_equal(2, town_whole(t, "national"));
    const struct tuf_meta here = town_metadata(t, "metadata/timestamp.json", TUF_TIMESTAMP);
    assert_int_equal(422, town_ask(&t->a, t->hub.url, "POST", "metadata/2.national.json",
                                   "application/json", t->root, &reply));
    mirror = t->hub;
    t->hub = front;
    const struct tuf_meta there = town_metadata(t, "metadata/timestamp.json", TUF_TIMESTAMP);
    assert_int_equal(there.version, here.version);
    hub_done(&mirror);
    assert_int_equal(1, town_content(t, said, sizeof(said), "mirror", "ftp://x", NULL));
}

static uint64_t metric(const struct hub_process *h, const char *name)
{
    char got[65536];
    const char *want;

    raw_ask(h->metrics_port, "GET /metrics HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", got,
            sizeof(got));
    want = strstr(got, name); /* a sample begins its line */
    while (want != NULL && want[-1] != '\n')
        want = strstr(want + 1, name);
    assert_non_null(want);
    return strtoull(want + strlen(name), NULL, 10);
}

static void until_metric(const struct hub_process *h, const char *name, bool some)
{
    const struct timespec pause = { .tv_nsec = 20000000 };

    for (size_t i = 0; i < 1500; i++) {
        if ((metric(h, name) > 0) == some)
            return;
        (void)nanosleep(&pause, NULL); /* a poll of a condition */
    }
    fail_msg("%s never changed", name);
}

/* Nobody runs a command for it; while the other is away, what was taken is served. */
static void a_hub_mirrors_another_by_itself_and_bears_its_absence(void **state)
{
    struct town *t = *state;
    char said[4096];
    char root[FS_PATH_MAX];
    struct hub_process mirror = { .metrics = true };
    struct hub_process front = t->hub;

    fixture_folder(mirror.dir);
    t->hub = mirror;
    assert_int_equal(ERR_OK, fs_join(root, mirror.dir, "1.root.json", NULL));
    assert_int_equal(ERR_OK, fs_replace(root, t->root.data, t->root.len, 0600, NULL));
    assert_int_equal(0, town_content(t, said, sizeof(said), "trust", root, NULL));
    t->hub.mirror = front.url;
    hub_start(&t->hub);
    until_national(t, 2);
    until_metric(&t->hub, "canny_content_mirror_failures ", false);
    assert_int_equal(0, hub_end(&front));
    assert_int_equal(0, kill(t->hub.pid, SIGHUP));
    until_metric(&t->hub, "canny_content_mirror_failures ", true);
    assert_int_equal(2, town_whole(t, "national"));
    hub_start(&front);
    assert_int_equal(0, kill(t->hub.pid, SIGHUP));
    until_metric(&t->hub, "canny_content_mirror_failures ", false);
    assert_int_equal(0, hub_end(&t->hub));
    t->hub.mirror = "http://far.example"; /* neither https nor this machine */
    const char *const bad[] = { "serve",       "--data",   t->hub.dir,    "--listen",
                                "127.0.0.1:0", "--mirror", t->hub.mirror, NULL };
    assert_int_equal(2, hub_run(said, sizeof(said), bad));
    mirror = t->hub;
    t->hub = front;
    hub_done(&mirror);
}

/* A council's own hub: the root names its key beside the national hub's. It takes what is national from there, signs for it
   itself, and its council publishes here without anybody else. */
static void a_council_publishes_at_its_own_hub_beside_the_national_files(void **state)
{
    struct town *t = *state;
    char said[4096];
    char root[FS_PATH_MAX];
    const struct json *key;
    struct hub_process own = { .pid = 0 };
    const struct hub_process front = t->hub;
    struct http_reply reply;
    static struct repo_edition national, council;

    fixture_folder(own.dir);
    t->hub = own;
    assert_int_equal(0, town_content(t, said, sizeof(said), "key", NULL, NULL));
    assert_int_equal(ERR_OK,
                     json_parse(&t->a, said, strcspn(said, "\n"), sizeof(said), &key, NULL));
    const struct repo_root two = { .version = 2,
                                   .online = t->online,
                                   .online_too = json_str(json_get(key, "keyval"), "public") };
    assert_int_equal(ERR_OK, fs_join(root, own.dir, "1.root.json", NULL));
    assert_int_equal(ERR_OK, fs_replace(root, t->root.data, t->root.len, 0600, NULL));
    assert_int_equal(0, town_content(t, said, sizeof(said), "trust", root, NULL));
    assert_int_equal(201, town_ask(&t->a, front.url, "POST", "metadata/2.root.json",
                                   "application/json", repo_root(&t->r, &two), &reply));
    repo_edition(&t->r, "national", "e3", DOCS, 3, true, &national);
    const struct repo_role n = { .role = "national", .version = 3, .edition = &national };
    assert_int_equal(201, town_publish(&t->a, front.url, &n, repo_role(&t->r, &n)));

    assert_int_equal(0, town_content(t, said, sizeof(said), "mirror", front.url, NULL));
    assert_non_null(strstr(said, "root\t2\tcounts"));
    assert_null(strstr(said, "timestamp"));
    hub_start(&t->hub);
    assert_int_equal(3, town_whole(t, "national"));
    repo_edition(&t->r, "employers/council", "c1", 2, 0, false, &council);
    const struct repo_role c = { .role = "employers/council", .version = 1, .edition = &council };
    assert_int_equal(201, town_publish(&t->a, t->hub.url, &c, repo_role(&t->r, &c)));
    assert_int_equal(1, town_whole(t, "employers/council"));
    assert_int_equal(0, town_content(t, said, sizeof(said), "show", NULL, NULL));
    assert_non_null(strstr(said, "signs\tyes"));
    /* What the national hub does not have stays, when it is asked again. */
    assert_int_equal(0, town_content(t, said, sizeof(said), "mirror", front.url, NULL));
    assert_int_equal(1, town_whole(t, "employers/council"));
    own = t->hub;
    t->hub = front;
    hub_done(&own);
}

/* A kiosk that no network reaches finds the same files. */
static void a_stick_carries_the_repository(void **state)
{
    struct town *t = *state;
    const char *stick = folder_in(t, "stick");
    char said[4096];
    char *bytes = NULL;
    size_t len = 0;
    struct http_reply reply;
    const char *const export[] = { "export",       "--data",  t->hub.dir, "--site",
                                   "Example High", "--stick", stick,      NULL };

    assert_int_equal(ERR_OK, fs_mkdirs(stick, 0700, NULL));
    assert_int_equal(0, hub_run(said, sizeof(said), export));
    assert_non_null(strstr(said, "content: "));
    assert_int_equal(200, town_get(t, "metadata/timestamp.json", &reply));
    const char *path = arena_printf(&t->a, "%s/CANNY/content/metadata/timestamp.json", stick);
    assert_int_equal(ERR_OK, fs_read(&t->a, path, 65536, &bytes, &len, NULL));
    assert_int_equal(reply.len, len);
    assert_memory_equal(reply.body, bytes, len);
    assert_int_equal(0, hub_run(said, sizeof(said), export));
    assert_null(strstr(said, "content: ")); /* nothing is written twice */

    /* What lies there is a repository: another hub publishes from it. */
    struct hub_process other = { .pid = 0 };
    const struct hub_process front = t->hub;
    char root[FS_PATH_MAX];
    fixture_folder(other.dir);
    t->hub = other;
    assert_int_equal(ERR_OK, fs_join(root, other.dir, "1.root.json", NULL));
    assert_int_equal(ERR_OK, fs_replace(root, t->root.data, t->root.len, 0600, NULL));
    assert_int_equal(0, town_content(t, said, sizeof(said), "trust", root, NULL));
    assert_int_equal(0, town_content(t, said, sizeof(said), "publish",
                                     arena_printf(&t->a, "%s/CANNY/content", stick), NULL));
    assert_non_null(strstr(said, "5 counted, 0 refused"));
    t->hub = front;
    hub_done(&other);
}

static void verify_finds_what_is_damaged_and_a_lost_file_is_asked_for_again(void **state)
{
    struct town *t = *state;
    char said[8192];
    struct db db;
    struct http_reply reply;
    const char *const verify[] = { "verify", "--data", t->hub.dir, NULL };
    static struct repo_edition e;

    assert_int_equal(0, hub_run(said, sizeof(said), verify));
    assert_int_equal(0, hub_end(&t->hub));
    assert_int_equal(ERR_OK,
                     db_open(&db, arena_printf(&t->a, "%s/hub.db", t->hub.dir), DB_DURABLE, NULL));
    assert_int_equal(ERR_OK, db_exec(&db,
                                     "create table lost as select * from content_file where name ="
                                     " (select max(name) from content_file where name like"
                                     " 'blobs/%');"
                                     "update content_file set body = x'28b52ffd00' where name ="
                                     " (select name from lost)",
                                     NULL));
    assert_int_equal(1, hub_run(said, sizeof(said), verify));
    assert_non_null(strstr(said, "1 faults"));
    assert_int_equal(ERR_OK, db_exec(&db,
                                     "delete from content_file where name = (select name from"
                                     " lost)",
                                     NULL));
    db_close(&db);
    assert_int_equal(1, hub_run(said, sizeof(said), verify));
    assert_non_null(strstr(said, "it is missing"));

    /* The publisher offers the same once more. */
    t->hub.content = NULL;
    hub_start(&t->hub);
    repo_edition(&t->r, "national", "e2", DOCS, 2, true, &e);
    char *bytes = NULL;
    size_t len = 0;
    assert_int_equal(
        ERR_OK,
        fs_read(&t->a, arena_printf(&t->a, "%s/metadata/2.national.json", folder_in(t, "repo")),
                65536, &bytes, &len, NULL));
    const struct repo_bytes again = { .data = bytes, .len = len };
    assert_int_equal(202, town_post(t, "2.national.json", again, &reply));
    assert_int_equal(1, json_get(town_body(t, &reply), "missing")->len);
    assert_true(town_put_all(&t->a, t->hub.url, &e));
    assert_int_equal(200, town_post(t, "2.national.json", again, &reply));
    assert_int_equal(2, town_whole(t, "national"));
}

static void metrics_tell_what_expires_and_what_kiosks_have(void **state)
{
    struct town *t = *state;
    struct hub_process *h = &t->hub;
    struct http_reply reply;
    const char *problem;
    char got[65536];
    static const char has[] = "{\"content\":[{\"role\":\"national\",\"edition\":\"e3\",\"version\":"
                              "3,\"state\":\"installed\"}]}";
    const struct bent status = { .method = "POST",
                                 .path = "/v1/status",
                                 .type = "application/json",
                                 .body = has,
                                 .len = sizeof(has) - 1 };

    assert_int_equal(200, bent_ask(&t->a, &t->k, &status, &reply, &problem));
    assert_int_equal(0, hub_end(h));
    h->metrics = true;
    hub_start(h);
    raw_ask(h->metrics_port, "GET /metrics HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", got,
            sizeof(got));
    assert_non_null(strstr(got, "canny_content_expires_days{role=\"national\"} 36"));
    assert_non_null(strstr(got, "canny_content_kiosks{role=\"national\",edition=\"e3\",state="
                                "\"installed\"} 1\n"));
    assert_non_null(strstr(got, "canny_content_unsigned 0\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_is_published_at_the_start_and_at_a_hangup),
        cmocka_unit_test(a_folder_that_is_no_repository_is_said_at_once),
        cmocka_unit_test(a_mirror_serves_what_the_other_hub_has_signed),
        cmocka_unit_test(a_hub_mirrors_another_by_itself_and_bears_its_absence),
        cmocka_unit_test(verify_finds_what_is_damaged_and_a_lost_file_is_asked_for_again),
        cmocka_unit_test(a_council_publishes_at_its_own_hub_beside_the_national_files),
        cmocka_unit_test(a_stick_carries_the_repository),
        cmocka_unit_test(metrics_tell_what_expires_and_what_kiosks_have),
    };

    return cmocka_run_group_tests(tests, town_new, town_done);
}
