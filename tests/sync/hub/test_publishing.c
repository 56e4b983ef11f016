/* Content by HTTP: published, served, told of; on SQLite, and by postgres.sh on PostgreSQL. All cases go on with one hub, as
   it trusts one first root in its life. */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/client/proto.h"
#include "tests/sync/hub/content_town.h"
#include "tests/sync/hub/raw.h"

enum { DOCS = 8, PUBLISHERS = 4, KILLS = 6 };

static void before_a_root_nothing_is_served_and_nothing_taken(void **state)
{
    struct town *t = *state;
    struct http_reply reply;
    const char *problem;
    const struct bent root = { .method = "GET", .path = PROTO_CONTENT "root" };

    assert_int_equal(404, town_get(t, "metadata/timestamp.json", &reply));
    assert_string_equal("content.unknown", town_code(t, &reply));
    assert_int_equal(409, town_post(t, "1.targets.json",
                                    repo_targets(&t->r, &(struct repo_targets){ .version = 1 }),
                                    &reply));
    assert_string_equal("content.root", town_code(t, &reply));
    assert_int_equal(404, bent_ask(&t->a, &t->k, &root, &reply, &problem));
    assert_string_equal("content.none", problem);
    const struct bent status = {
        .method = "POST", .path = PROTO_STATUS, .type = "application/json", .body = "{}", .len = 2
    };
    assert_int_equal(200, bent_ask(&t->a, &t->k, &status, &reply, &problem));
    assert_null(json_get(town_body(t, &reply), "content"));
}

static void a_hub_tells_its_key_and_trusts_one_first_root(void **state)
{
    struct town *t = *state;
    char said[4096];
    char again[4096];
    char path[FS_PATH_MAX];
    const struct json *key;
    struct http_reply reply;

    assert_int_equal(0, town_content(t, said, sizeof(said), "key", NULL, NULL));
    assert_int_equal(0, town_content(t, again, sizeof(again), "key", NULL, NULL));
    assert_string_equal(said, again);
    assert_int_equal(ERR_OK,
                     json_parse(&t->a, said, strcspn(said, "\n"), sizeof(said), &key, NULL));
    assert_string_equal("ed25519", json_str(key, "keytype"));
    (void)str_copy(t->online, sizeof(t->online), json_str(json_get(key, "keyval"), "public"));

    t->root = repo_root(&t->r, &(struct repo_root){ .version = 1, .online = t->online });
    assert_int_equal(ERR_OK, fs_join(path, t->hub.dir, "1.root.json", NULL));
    assert_int_equal(ERR_OK, fs_replace(path, t->root.data, t->root.len, 0600, NULL));
    assert_int_equal(0, town_content(t, said, sizeof(said), "trust", path, NULL));
    assert_int_equal(1, town_content(t, said, sizeof(said), "trust", path, NULL));
    assert_int_equal(201, town_post(t, "1.targets.json",
                                    repo_targets(&t->r, &(struct repo_targets){ .version = 1 }),
                                    &reply));
    assert_int_equal(0, town_whole(t, "national"));
}

static void an_edition_goes_in_and_is_served_to_anybody(void **state)
{
    struct town *t = *state;
    struct repo_edition e;
    struct http_reply reply;

    repo_edition(&t->r, "national", "e1", DOCS, 0, false, &e);
    const struct repo_role r = { .role = "national", .version = 1, .edition = &e };
    const struct repo_bytes bytes = repo_role(&t->r, &r);
    assert_int_equal(202, town_post(t, "1.national.json", bytes, &reply));
    const struct json *missing = json_get(town_body(t, &reply), "missing");
    assert_int_equal(1, missing->len);
    assert_string_equal(e.target, missing->first->text);
    assert_int_equal(404, town_get(t, e.target, &reply));
    assert_int_equal(201, town_put(t, e.target, e.manifest));
    assert_int_equal(200, town_put(t, e.target, e.manifest));
    assert_int_equal(202, town_post(t, "1.national.json", bytes, &reply));
    assert_int_equal(DOCS, json_get(town_body(t, &reply), "missing")->len);
    assert_true(town_put_all(&t->a, t->hub.url, &e));
    assert_int_equal(404,
                     town_get(t, "metadata/1.national.json", &reply)); /* it does not count yet */
    assert_int_equal(201, town_post(t, "1.national.json", bytes, &reply));
    const int64_t timestamp = json_int(town_body(t, &reply), "timestamp", 0);
    assert_int_equal(200, town_post(t, "1.national.json", bytes, &reply));
    assert_int_equal(timestamp, json_int(town_body(t, &reply), "timestamp", 0));
    assert_int_equal(1, town_whole(t, "national"));
}

static void what_never_changes_may_be_kept_and_the_timestamp_is_asked_for(void **state)
{
    struct town *t = *state;
    struct http_reply reply;
    char got[8192];
    const char *etag;

    assert_int_equal(200, town_get(t, "metadata/1.national.json", &reply));
    assert_string_equal("max-age=31536000,immutable", http_header(&reply, "cache-control"));
    assert_string_equal("application/json", http_header(&reply, "content-type"));
    /* Every file has them: few and short. */
    assert_true(reply.field_count <= 5);
    assert_null(http_header(&reply, "signature"));
    assert_int_equal(200, town_get(t, "metadata/timestamp.json", &reply));
    assert_string_equal("no-cache", http_header(&reply, "cache-control"));
    etag = http_header(&reply, "etag");
    assert_non_null(etag);
    const struct httpsig_field same = { "if-none-match", etag };
    const struct http_request q = {
        .method = "GET",
        .url = arena_printf(&t->a, "%s" PROTO_CONTENT "metadata/timestamp.json", t->hub.url),
        .fields = &same,
        .field_count = 1,
    };
    assert_int_equal(FAULT_NONE, http_ask(&t->a, &q, &reply, NULL));
    assert_int_equal(304, reply.status);
    assert_int_equal(0, reply.len);
    raw_ask(t->hub.port,
            "HEAD /v1/content/metadata/1.root.json HTTP/1.1\r\nHost: h\r\nConnection: "
            "close\r\n\r\n",
            got, sizeof(got));
    assert_non_null(strstr(got, "200 OK"));
    const char *length = arena_printf(&t->a, "Content-Length: %zu", t->root.len);
    assert_non_null(strstr(got, length));
    assert_null(strstr(got, "signatures"));
}

static void what_nobody_signed_for_is_refused_with_a_reason(void **state)
{
    struct town *t = *state;
    struct http_reply reply;
    struct repo_edition e;
    static char noise[900000];
    const struct repo_bytes big = { .data = noise, .len = sizeof(noise) };
    static const char *const names[] = {
        "blobs/aa/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.zst",
        "blobs/x",
        "patches/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.zst",
        ("targets/national/"
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.manifest.json"),
    };

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (town_ask(&t->a, t->hub.url, "PUT", names[i], town_type(names[i]), big, &reply) != 422)
            fail_msg("%s: %d", names[i], reply.status);
        assert_string_equal("content.unwanted", town_code(t, &reply));
        assert_int_equal(404, town_get(t, names[i], &reply));
    }
    assert_int_equal(405, town_ask(&t->a, t->hub.url, "PUT", "metadata/1.root.json",
                                   "application/json", big, &reply));
    assert_int_equal(
        415, town_ask(&t->a, t->hub.url, "POST", "metadata/2.root.json", "text/html", big, &reply));
    assert_int_equal(422, town_post(t, "2.national.json", big, &reply));
    assert_string_equal("content.malformed", town_code(t, &reply));
    assert_int_equal(422, town_post(t, "2.somebody.json", t->root, &reply));

    repo_edition(&t->r, "national", "e1", 1, 0, false, &e);
    struct repo_role r = { .role = "national", .version = 2, .edition = &e, .sign = &t->r.council };
    assert_int_equal(422, town_post(t, "2.national.json", repo_role(&t->r, &r), &reply));
    assert_string_equal("content.unsigned", town_code(t, &reply));
    r = (struct repo_role){ .role = "employers/council",
                            .version = 1,
                            .edition = &e,
                            .manifest_path = "national/manifest.json" };
    assert_int_equal(422, town_post(t, "1.employers%2Fcouncil.json", repo_role(&t->r, &r), &reply));
    assert_string_equal("content.path", town_code(t, &reply));
    r = (struct repo_role){ .role = "national", .version = 1, .edition = &e };
    assert_int_equal(409, town_post(t, "1.national.json", repo_role(&t->r, &r), &reply));
    assert_string_equal("content.version", town_code(t, &reply));
    assert_int_equal(1, json_int(town_body(t, &reply), "version", 0));
    r.version = 2;
    r.expires_ms = 1000;
    assert_int_equal(422, town_post(t, "2.national.json", repo_role(&t->r, &r), &reply));
    assert_string_equal("content.expired", town_code(t, &reply));
    assert_int_equal(1, town_whole(t, "national"));
}

static void a_kiosk_learns_the_root_and_tells_what_it_has(void **state)
{
    struct town *t = *state;
    struct http_reply reply;
    const char *problem;
    char said[4096];
    static const char has[] =
        "{\"content\":[{\"role\":\"national\",\"edition\":\"e1\",\"version\":1,\"state\":"
        "\"refused\",\"why\":\"no room on the card\"},{\"role\":\"../x\",\"edition\":\"e1\","
        "\"state\":\"installed\"},{\"role\":\"employers/council\",\"edition\":\"e\\u0022x\","
        "\"state\":\"installed\"},7]}";
    const struct bent root = { .method = "GET", .path = PROTO_CONTENT "root" };
    const struct bent status = { .method = "POST",
                                 .path = PROTO_STATUS,
                                 .type = "application/json",
                                 .body = has,
                                 .len = sizeof(has) - 1 };

    assert_int_equal(200, bent_ask(&t->a, &t->k, &root, &reply, &problem));
    assert_int_equal(t->root.len, reply.len);
    assert_memory_equal(t->root.data, reply.body, reply.len);
    assert_non_null(http_header(&reply, "signature"));
    assert_int_equal(0, town_content(t, said, sizeof(said), "hold", "national", "20"));
    assert_int_equal(200, bent_ask(&t->a, &t->k, &status, &reply, &problem));
    const struct json *told = json_get(town_body(t, &reply), "content");
    assert_int_equal(20, json_int(json_get(told, "hold"), "national", -1));
    struct tuf_meta timestamp = town_metadata(t, "metadata/timestamp.json", TUF_TIMESTAMP);
    assert_int_equal(timestamp.version, json_int(told, "timestamp", 0));
    assert_int_equal(0, town_content(t, said, sizeof(said), "installs", NULL, NULL));
    assert_string_equal("national\te1\trefused\t1\tno room on the card\n", said);
    assert_int_equal(0, town_content(t, said, sizeof(said), "show", NULL, NULL));
    assert_non_null(strstr(said, "signs\tyes"));
    assert_non_null(strstr(said, "\te1\t100%\theld at 20%"));
    assert_null(strstr(said, "behind"));
    static const char later[] =
        "{\"content\":[{\"role\":\"national\",\"edition\":\"e9\",\"version\":9,"
        "\"state\":\"installed\",\"why\":\"\"}]}";
    const struct bent ahead = { .method = "POST",
                                .path = PROTO_STATUS,
                                .type = "application/json",
                                .body = later,
                                .len = sizeof(later) - 1 };
    assert_int_equal(200, bent_ask(&t->a, &t->k, &ahead, &reply, &problem));
    assert_int_equal(0, town_content(t, said, sizeof(said), "show", NULL, NULL));
    assert_non_null(strstr(said, "behind\tnational\t1 kiosks hold 9, this hub 1: publish"));
    assert_int_equal(0, town_content(t, said, sizeof(said), "hold", "national", "off"));
    assert_int_equal(200, bent_ask(&t->a, &t->k, &status, &reply, &problem));
    assert_int_equal(0, json_get(json_get(town_body(t, &reply), "content"), "hold")->len);
    const char *place = t->hub.database != NULL ? "--database" : "--data";
    const char *at = t->hub.database != NULL ? t->hub.database : t->hub.dir;
    const char *const each[] = { "content", place,      at,    "installs", "--each", "--state",
                                 "refused", "--format", "csv", "--ring",   "100",    NULL };
    assert_int_equal(0, hub_run(said, sizeof(said), each));
    assert_non_null(strstr(said, "\"Example High\""));
    assert_non_null(strstr(said, "\"no room on the card\"\r\n"));
    static const char *const wrong[][3] = {
        { "show", "--site", "Example High" }, { "key", "--format", "csv" },
        { "installs", "--state", "gone" },    { "installs", "--format", "xml" },
        { "installs", "--ring", "0" },        { "installs", "--ring", "101" },
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        const char *const words[] = { "content",   place,       at,  wrong[i][0],
                                      wrong[i][1], wrong[i][2], NULL };
        assert_int_equal(2, hub_run(said, sizeof(said), words));
    }
    assert_int_equal(2, town_content(t, said, sizeof(said), "hold", "national", NULL));
    assert_int_equal(1, town_content(t, said, sizeof(said), "hold", "national", "120"));
}

/* ---- many at once ---- */

struct publisher {
    struct town *t;
    char url[64];
    struct arena a;
    const char *role;
    struct repo_edition editions[3];
    struct repo_bytes bytes[3];
    int64_t versions[3];
    int statuses[3];
};

static void *publisher_run(void *ctx)
{
    struct publisher *p = ctx;

    for (size_t i = 0; i < 3; i++) {
        const struct repo_role r = { .role = p->role,
                                     .version = p->versions[i],
                                     .edition = &p->editions[i] };
        p->statuses[i] = town_publish(&p->a, p->url, &r, p->bytes[i]);
    }
    return NULL;
}

/* On PostgreSQL by two copies of the hub. Whoever was overtaken is told so; nobody waits for ever, and what is served belongs
   together. */
static void publishers_at_once_leave_one_whole_repository(void **state)
{
    struct town *t = *state;
    static struct publisher all[PUBLISHERS];
    pthread_t threads[PUBLISHERS];
    struct hub_process second = { .pid = 0 };

    if (t->hub.database != NULL) {
        second = (struct hub_process){ .database = t->hub.database };
        fixture_folder(second.dir);
        hub_start(&second);
    }
    for (size_t p = 0; p < PUBLISHERS; p++) {
        const bool national = p % 2 == 0;
        all[p] = (struct publisher){ .t = t, .role = national ? "national" : "employers/council" };
        (void)str_copy(all[p].url, sizeof(all[p].url),
                       p >= 2 && second.pid != 0 ? second.url : t->hub.url);
        arena_init(&all[p].a, TOWN_ARENA);
        for (size_t i = 0; i < 3; i++) {
            char edition[16];
            (void)str_format(edition, sizeof(edition), "p%zu-%zu", p, i);
            repo_edition(&t->r, all[p].role, edition, DOCS, 3, false, &all[p].editions[i]);
            all[p].versions[i] = 10 + (int64_t)(3 * (p / 2) + i);
            const struct repo_role r = { .role = all[p].role,
                                         .version = all[p].versions[i],
                                         .edition = &all[p].editions[i] };
            all[p].bytes[i] = repo_role(&t->r, &r);
        }
    }
    for (size_t p = 0; p < PUBLISHERS; p++)
        assert_int_equal(0, pthread_create(&threads[p], NULL, publisher_run, &all[p]));
    for (size_t p = 0; p < PUBLISHERS; p++)
        assert_int_equal(0, pthread_join(threads[p], NULL));
    for (size_t p = 0; p < PUBLISHERS; p++) {
        for (size_t i = 0; i < 3; i++) {
            const int s = all[p].statuses[i];
            /* 202: another's offer took the place of this one meanwhile. */
            if (s != 201 && s != 409 && s != 202)
                fail_msg("publisher %zu, edition %zu: %d", p, i, s);
        }
        /* Two that overtook each other at every offer both went without; once it is quiet, either gets in. */
        publisher_run(&all[p]);
        arena_done(&all[p].a);
    }
    assert_true(town_whole(t, "national") >= 10);
    assert_true(town_whole(t, "employers/council") >= 10);
    if (second.pid != 0)
        hub_done(&second);
}

/* Cut in the middle of any request: what stands is the old or the new, whole, and publishing goes on. */
static void a_hub_that_is_killed_while_publishing_serves_the_old_or_the_new(void **state)
{
    struct town *t = *state;
    char *head;

    for (size_t i = 0; i < KILLS; i++) {
        struct repo_edition e;
        struct http_reply reply;
        char edition[16];
        const int64_t before = town_whole(t, "national");
        (void)str_format(edition, sizeof(edition), "k%zu", i);
        repo_edition(&t->r, "national", edition, DOCS, 4, true, &e);
        const struct repo_role r = { .role = "national", .version = before + 1, .edition = &e };
        const struct repo_bytes bytes = repo_role(&t->r, &r);
        const char *name = arena_printf(&t->a, "%lld.national.json", (long long)r.version);
        assert_int_equal(202, town_post(t, name, bytes, &reply));
        assert_int_equal(201, town_put(t, e.target, e.manifest));
        const size_t cut = i * e.count / (KILLS - 1);
        for (size_t f = 0; f < cut; f++)
            assert_true(town_put(t, e.files[f].name, e.files[f].packed) < 300);
        head = cut < e.count
                   ? arena_printf(&t->a,
                                  "PUT /v1/content/%s HTTP/1.1\r\nHost: h\r\nContent-Type: "
                                  "application/zstd\r\nContent-Length: %zu\r\n\r\n",
                                  e.files[cut].name, e.files[cut].packed.len)
                   : arena_printf(&t->a,
                                  "POST /v1/content/metadata/%s HTTP/1.1\r\nHost: "
                                  "h\r\nContent-Type: application/json\r\nContent-Length: "
                                  "%zu\r\n\r\n",
                                  name, bytes.len);
        const int fd = raw_connect(t->hub.port);
        assert_true(raw_send(fd, head, strlen(head)));
        assert_true(cut < e.count ? raw_send(fd, e.files[cut].packed.data, e.files[cut].packed.len)
                                  : raw_send(fd, bytes.data, bytes.len));
        hub_kill(&t->hub);
        (void)close(fd);
        hub_start(&t->hub);
        const int64_t after = town_whole(t, "national");
        assert_true(after == before || after == before + 1);
        const int status = town_publish(&t->a, t->hub.url, &r, bytes);
        assert_true(status == 201 || status == 200);
        assert_int_equal(before + 1, town_whole(t, "national"));
    }
}

static void a_backup_has_all_of_it_and_a_restored_hub_goes_on(void **state)
{
    struct town *t = *state;
    char file[FS_PATH_MAX], said[4096];
    struct hub_process back = { .pid = 0 };
    const struct hub_process front = t->hub;
    struct http_reply reply;
    const char *const backup[] = { "backup",
                                   t->hub.database != NULL ? "--database" : "--data",
                                   t->hub.database != NULL ? t->hub.database : t->hub.dir,
                                   "--out",
                                   file,
                                   NULL };
    const char *const verify[] = { "verify", "--backup", file, NULL };
    const struct tuf_meta was = town_metadata(t, "metadata/timestamp.json", TUF_TIMESTAMP);

    assert_int_equal(ERR_OK, fs_join(file, t->hub.dir, "backup", NULL));
    assert_int_equal(0, hub_run(said, sizeof(said), backup));
    assert_int_equal(0, hub_run(said, sizeof(said), verify));
    fixture_folder(back.dir);
    const char *const restore[] = { "restore", "--from", file, "--data", back.dir, NULL };
    assert_int_equal(0, hub_run(said, sizeof(said), restore));
    hub_start(&back);
    const int64_t version = town_whole(t, "national");
    t->hub = back; /* asked in place of the other from here on */
    assert_int_equal(version, town_whole(t, "national"));
    /* It holds the key, and numbers on above what it had signed. */
    const struct repo_bytes targets = repo_targets(&t->r, &(struct repo_targets){ .version = 2 });
    assert_int_equal(201, town_post(t, "2.targets.json", targets, &reply));
    const struct tuf_meta now = town_metadata(t, "metadata/timestamp.json", TUF_TIMESTAMP);
    assert_true(now.version > was.version);
    back = t->hub;
    t->hub = front;
    hub_done(&back);
}

/* ---- slow readers ---- */

/* So few that never read, as each is given some thousand files, and an address has a measure of those. */
enum { SLOW = 30, SLOW_DEAF = 4, SLOW_ASKS = 20000 };

/* A connection that asks for a file again and again and reads nothing of it; that stops within its request; or within the
   file that it puts. */
static int slow_client(struct town *t, size_t i, const char *file, size_t len)
{
    const int fd = raw_connect(t->hub.port);
    const char *ask = arena_printf(&t->a, "GET /v1/content/%s HTTP/1.1\r\nHost: h\r\n\r\n", file);
    const char *put = arena_printf(&t->a,
                                   "PUT /v1/content/%s HTTP/1.1\r\nHost: h\r\nContent-Type: "
                                   "application/json\r\nContent-Length: %zu\r\n\r\n{",
                                   file, len);

    (void)fcntl(fd, F_SETFL, O_NONBLOCK);
    if (i < SLOW_DEAF)
        for (size_t n = 0; n < SLOW_ASKS && send(fd, ask, strlen(ask), MSG_NOSIGNAL) > 0; n++)
            continue;
    else if (i % 2 == 0)
        assert_true(raw_send(fd, ask, strlen(ask) - 2));
    else
        assert_true(raw_send(fd, put, strlen(put)));
    return fd;
}

/* They are cut in the end (test_guards); until then whoever reads is served, and whoever publishes is listened to. */
static void slow_and_half_open_clients_keep_nobody_from_content(void **state)
{
    struct town *t = *state;
    struct repo_edition e;
    struct http_reply reply;
    int fds[SLOW];
    const int64_t before = town_whole(t, "national");

    repo_edition(&t->r, "national", "slow", DOCS, DOCS, true, &e);
    const struct repo_role r = { .role = "national", .version = before + 1, .edition = &e };
    const struct repo_bytes bytes = repo_role(&t->r, &r);
    assert_int_equal(202,
                     town_post(t, arena_printf(&t->a, "%lld.national.json", (long long)r.version),
                               bytes, &reply));
    for (size_t i = 0; i < SLOW; i++)
        fds[i] = slow_client(t, i, i < SLOW_DEAF || i % 2 == 0 ? "metadata/1.root.json" : e.target,
                             e.manifest.len);
    assert_int_equal(before, town_whole(t, "national"));
    assert_int_equal(201, town_publish(&t->a, t->hub.url, &r, bytes));
    assert_int_equal(before + 1, town_whole(t, "national"));
    for (size_t i = 0; i < SLOW; i++)
        (void)close(fds[i]);
}

static void an_address_that_offers_what_nobody_signed_has_to_wait(void **state)
{
    struct town *t = *state;
    struct http_reply reply = { .status = 0 };
    size_t tries = 0;

    while (tries < 200 && town_post(t, "99.national.json", t->root, &reply) == 422)
        tries++;
    assert_int_equal(429, reply.status);
    assert_non_null(http_header(&reply, "retry-after"));
    assert_true(tries >= 50);
    assert_int_equal(200, town_get(t, "metadata/timestamp.json", &reply)); /* reading goes on */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_a_root_nothing_is_served_and_nothing_taken),
        cmocka_unit_test(a_hub_tells_its_key_and_trusts_one_first_root),
        cmocka_unit_test(an_edition_goes_in_and_is_served_to_anybody),
        cmocka_unit_test(what_never_changes_may_be_kept_and_the_timestamp_is_asked_for),
        cmocka_unit_test(what_nobody_signed_for_is_refused_with_a_reason),
        cmocka_unit_test(a_kiosk_learns_the_root_and_tells_what_it_has),
        cmocka_unit_test(publishers_at_once_leave_one_whole_repository),
        cmocka_unit_test(a_hub_that_is_killed_while_publishing_serves_the_old_or_the_new),
        cmocka_unit_test(a_backup_has_all_of_it_and_a_restored_hub_goes_on),
        cmocka_unit_test(slow_and_half_open_clients_keep_nobody_from_content),
        cmocka_unit_test(an_address_that_offers_what_nobody_signed_has_to_wait),
    };

    return cmocka_run_group_tests(tests, town_new, town_done);
}
