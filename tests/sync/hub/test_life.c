/* A hub's lives, as its kiosks meet them: kept while it serves, put back, given back what it lost; a kiosk that is revoked, a
   card that is copied. On whichever engine CANNY_POSTGRES says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/fs.h"
#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/client/enrol.h"
#include "sync/client/proto.h"
#include "sync/client/state.h"
#include "tests/sync/hub/hub_fixture.h"

struct scene {
    struct hub_process hub;
    struct kiosk a, b;
    struct arena arena;
    char site[40]; /* each case's own: on PostgreSQL they share a hub */
};

/* ---- the programs ---- */

/* canny-hub COMMAND at the hub's place, with what follows (NULL at the end). */
static int life_run(struct scene *s, char *out, size_t size, const char *const *args)
{
    const char *all[12] = { args[0], s->hub.database != NULL ? "--database" : "--data",
                            s->hub.database != NULL ? s->hub.database : s->hub.dir };

    for (size_t i = 1; args[i] != NULL; i++) {
        assert_true(i + 3 < COUNT_OF(all));
        all[i + 2] = args[i];
    }
    return hub_run(out, size, all);
}

static int life_compare(const void *left, const void *right)
{
    const char *const *x = left;
    const char *const *y = right;

    return strcmp(*x, *y);
}

/* The site's lines as the hub exports them, sorted, one text. */
static char *life_export(struct scene *s)
{
    const char *const args[] = { "export", "--site", s->site, NULL };
    char *out = arena_alloc(&s->arena, FIXTURE_TEXT);
    char *sorted = arena_alloc(&s->arena, FIXTURE_TEXT);
    const char **lines = arena_array(&s->arena, 2000, sizeof(char *));
    size_t count = 0;
    size_t used = 0;

    assert_non_null(lines);
    assert_int_equal(0, life_run(s, out, FIXTURE_TEXT, args));
    for (char *at = out; *at != '\0'; at += strlen(at) + 1) {
        assert_true(count < 2000);
        lines[count++] = at;
        at[strcspn(at, "\n")] = '\0';
    }
    qsort(lines, count, sizeof(char *), life_compare);
    for (size_t i = 0; i < count; i++, used += strlen(sorted + used))
        assert_true(str_format(sorted + used, FIXTURE_TEXT - used, "%s\n", lines[i]));
    return sorted;
}

static void life_verifies(struct scene *s)
{
    const char *const args[] = { "verify", NULL };
    char said[1024];

    assert_int_equal(0, life_run(s, said, sizeof(said), args));
}

static void life_kiosk(struct scene *s, struct kiosk *k)
{
    char code[16];

    kiosk_new(k, NULL);
    hub_code(&s->hub, s->site, code);
    assert_int_equal(FAULT_NONE, kiosk_enrol(k, &s->hub, code, true));
}

static int scene_new(void **state)
{
    static struct scene s;

    memset(&s, 0, sizeof(s));
    arena_init(&s.arena, (size_t)64 * 1024 * 1024);
    hub_new(&s.hub);
    (void)str_format(s.site, sizeof(s.site), "Example High %s", strrchr(s.hub.dir, '-') + 1);
    life_kiosk(&s, &s.a);
    life_kiosk(&s, &s.b);
    *state = &s;
    return 0;
}

static int scene_done(void **state)
{
    struct scene *s = *state;

    kiosk_done(&s->a);
    kiosk_done(&s->b);
    hub_done(&s->hub);
    arena_done(&s->arena);
    return 0;
}

static void life_rounds(struct scene *s, size_t times)
{
    for (size_t i = 0; i < times; i++) {
        assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
        assert_int_equal(FAULT_NONE, kiosk_round(&s->b));
    }
}

/* Asks the hub for its head by hand. */
static int life_status(struct scene *s, struct kiosk *k, struct http_reply *r, const char **problem)
{
    const struct bent b = {
        .method = "POST", .path = PROTO_STATUS, .type = "application/json", .body = "{}", .len = 2
    };

    return bent_ask(&s->arena, k, &b, r, problem);
}

static const char *life_epoch(struct scene *s, struct kiosk *k)
{
    return kiosk_state(k, &s->arena, "epoch");
}

/* ---- put back ---- */

/* A backup is made while both kiosks push. Then more happens: records, a kiosk that joins, one that joins and is revoked, a
   code that is used. The hub is put back, and its kiosks make it what it was, to the byte. */
static void hub_put_back_ends_equal_to_what_it_was(void **state)
{
    struct scene *s = *state;
    struct kiosk c, d, e;
    char path[FS_PATH_MAX], said[4096], code[16];
    struct http_reply r;
    const char *problem;
    int fd;

    (void)str_format(path, sizeof(path), "%s/backup.db", s->a.dir);
    const char *const backup[] = { "backup", "--out", path, NULL };
    const char *const verify[] = { "verify", "--backup", path, NULL };
    const char *const restore[] = { "restore", "--from", path, "--replace", NULL };
    hub_code(&s->hub, s->site, code);
    for (size_t i = 0; i < 20; i++)
        kiosk_record(&s->a, "check.recorded", "before");
    const char *bin = getenv("CANNY_BIN"); /* NOLINT(concurrency-mt-unsafe) */
    const char *program = arena_printf(&s->arena, "%s/canny-hub", bin);
    const char *const args[] = { "backup",
                                 s->hub.database != NULL ? "--database" : "--data",
                                 s->hub.database != NULL ? s->hub.database : s->hub.dir,
                                 "--out",
                                 path,
                                 NULL };
    pid_t pid = fixture_spawn(program, args, &fd);
    life_rounds(s, 3);
    assert_int_equal(0, fixture_wait(pid));
    (void)close(fd);
    assert_int_equal(0, hub_run(said, sizeof(said), verify));
    assert_non_null(strstr(said, ", 0 faults"));
    assert_int_equal(0, life_run(s, said, sizeof(said), backup));

    kiosk_new(&c, NULL);
    assert_int_equal(FAULT_NONE, kiosk_enrol(&c, &s->hub, code, true));
    life_kiosk(s, &d);
    kiosk_record(&s->a, "check.recorded", "after");
    kiosk_record(&s->b, "check.recorded", "after");
    kiosk_record(&c, "check.recorded", "of the one that joined");
    kiosk_record(&d, "check.recorded", "of the one that is revoked");
    assert_int_equal(FAULT_NONE, kiosk_round(&c));
    assert_int_equal(FAULT_NONE, kiosk_round(&d));
    const char *const revoke[] = { "revoke", "--device", d.self.id, NULL };
    assert_int_equal(0, life_run(s, said, sizeof(said), revoke));
    life_rounds(s, 2);
    const char *was = life_export(s);
    const char *epoch = life_epoch(s, &s->a);

    assert_int_equal(0, hub_end(&s->hub));
    assert_int_equal(0, life_run(s, said, sizeof(said), restore));
    hub_start(&s->hub);
    assert_true(strlen(life_export(s)) < strlen(was));
    life_rounds(s, 2);
    assert_int_equal(FAULT_NONE, kiosk_round(&c));
    life_rounds(s, 1);
    assert_string_not_equal(epoch, life_epoch(s, &s->a));
    assert_string_equal(life_epoch(s, &s->a), life_epoch(s, &c));
    assert_string_equal(was, life_export(s));
    life_verifies(s);
    /* The revocation is back, though the backup knew nothing of that kiosk; and the code is used up for good. */
    assert_int_equal(403, life_status(s, &d, &r, &problem));
    assert_string_equal("device.revoked", problem);
    kiosk_new(&e, NULL);
    assert_int_equal(FAULT_CODE, kiosk_enrol(&e, &s->hub, code, true));
    kiosk_done(&c);
    kiosk_done(&d);
    kiosk_done(&e);
}

static void life_copy(struct scene *s, const char *from, const char *to)
{
    char path[FS_PATH_MAX];
    char *text = NULL;
    size_t len = 0;

    (void)str_format(path, sizeof(path), "%s/%s", s->hub.dir, from);
    assert_int_equal(ERR_OK, fs_read(&s->arena, path, (size_t)8 * 1024 * 1024, &text, &len, NULL));
    (void)str_format(path, sizeof(path), "%s/%s", s->hub.dir, to);
    assert_int_equal(ERR_OK, fs_replace(path, text, len, 0600, NULL));
}

/* Nobody tells it: the folder is copied back by hand. A kiosk shows what it holds of the hub's own hand. */
static void hub_copied_back_by_hand_is_noticed(void **state)
{
    struct scene *s = *state;
    struct db db;
    char path[FS_PATH_MAX];
    int64_t alarms = 0;
    if (s->hub.database != NULL)
        return; /* there is no folder */

    kiosk_record(&s->a, "check.recorded", "before");
    life_rounds(s, 1);
    assert_int_equal(0, hub_end(&s->hub));
    life_copy(s, "hub.db", "kept.db");
    hub_start(&s->hub);
    kiosk_record(&s->a, "check.recorded", "after");
    kiosk_record(&s->b, "check.recorded", "after");
    life_rounds(s, 2);
    const char *was = life_export(s);
    const char *epoch = life_epoch(s, &s->b);
    assert_int_equal(0, hub_end(&s->hub));
    life_copy(s, "kept.db", "hub.db");
    hub_start(&s->hub);
    life_rounds(s, 2);
    assert_string_not_equal(epoch, life_epoch(s, &s->b));
    assert_string_equal(was, life_export(s));
    life_verifies(s);
    (void)str_format(path, sizeof(path), "%s/hub.db", s->hub.dir);
    assert_int_equal(ERR_OK, db_open(&db, path, DB_READ, NULL));
    assert_int_equal(ERR_OK,
                     db_one_i64(&db, "select count(*) from alarm where code = 'hub.put-back'", 0,
                                &alarms, NULL));
    assert_int_equal(1, alarms);
    db_close(&db);
}

static void hub_in_use_is_not_put_back_over(void **state)
{
    struct scene *s = *state;
    char path[FS_PATH_MAX], said[4096];

    (void)str_format(path, sizeof(path), "%s/backup.db", s->a.dir);
    const char *const backup[] = { "backup", "--out", path, NULL };
    const char *const restore[] = { "restore", "--from", path, NULL };
    const char *const over[] = { "restore", "--from", path, "--replace", NULL };
    assert_int_equal(0, life_run(s, said, sizeof(said), backup));
    assert_int_equal(1, life_run(s, said, sizeof(said), restore));
    if (s->hub.database == NULL)
        assert_int_equal(1, life_run(s, said, sizeof(said), over));
    life_rounds(s, 1);
    const char *const none[] = { "restore", NULL };
    assert_int_equal(2, life_run(s, said, sizeof(said), none));
    const char *const nowhere[] = { "backup", "--out", "/proc/none/backup.db", NULL };
    assert_int_equal(1, life_run(s, said, sizeof(said), nowhere));
}

/* ---- revoked ---- */

static void revoked_kiosk_is_refused_and_told_to_wipe(void **state)
{
    struct scene *s = *state;
    char said[16384], code[16], body[4096];
    struct http_reply r;
    const char *problem;

    kiosk_record(&s->b, "check.recorded", "of the lost kiosk");
    life_rounds(s, 1);
    hub_code(&s->hub, s->site, code);
    const char *const unclear[] = { "revoke", "--name", "Prep room 1", "--site", s->site, NULL };
    assert_int_equal(1, life_run(s, said, sizeof(said), unclear)); /* both are called that */
    const char *const revoke[] = { "revoke", "--device", s->b.self.id, NULL };
    assert_int_equal(0, life_run(s, said, sizeof(said), revoke));
    assert_int_equal(403, life_status(s, &s->b, &r, &problem));
    assert_string_equal("device.revoked", problem);
    assert_non_null(strstr((const char *)r.body, "\"wipe\":true"));
    assert_non_null(http_header(&r, "signature"));
    /* Neither a code nor what it was given once lets it in again. */
    (void)str_format(body, sizeof(body), "{\"code\":\"%s\",\"name\":\"Back\"}", code);
    struct bent b = {
        .method = "POST", .path = PROTO_ENROL, .type = "application/json", .body = body
    };
    b.len = strlen(body);
    assert_int_equal(403, bent_ask(&s->arena, &s->b, &b, &r, &problem));
    assert_string_equal("device.revoked", problem);
    struct json_out j;
    struct buf cert;
    buf_init(&cert, 8192);
    json_out_init(&j, &cert);
    json_out_object(&j, NULL);
    json_out_str(&j, "certificate", kiosk_state(&s->b, &s->arena, "cert"));
    json_out_str(&j, "name", "Back");
    json_out_end_object(&j);
    b.body = cert.data;
    b.len = cert.len;
    assert_int_equal(403, bent_ask(&s->arena, &s->b, &b, &r, &problem));
    assert_string_equal("device.revoked", problem);
    /* Another's certificate is no more use to whoever has it. */
    assert_int_equal(403, bent_ask(&s->arena, &s->a, &b, &r, &problem));
    assert_string_equal("certificate.wrong", problem);
    buf_free(&cert);
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(1, kiosk_lines(&s->a, "kiosk.revoked"));
    assert_int_equal(1, kiosk_lines(&s->a, "of the lost kiosk"));
    const char *const kiosks[] = { "kiosks", NULL };
    assert_int_equal(0, life_run(s, said, sizeof(said), kiosks));
    assert_non_null(strstr(said, "\trevoked\t"));
}

static void code_that_replaces_ends_the_old_card(void **state)
{
    struct scene *s = *state;
    char said[256];
    struct kiosk anew;
    struct http_reply r;
    const char *problem;

    kiosk_record(&s->b, "check.recorded", "of the old card");
    life_rounds(s, 1);
    const char *const enrol[] = { "enrol", "--site", s->site, "--replaces", s->b.self.id, NULL };
    assert_int_equal(0, life_run(s, said, sizeof(said), enrol));
    said[strcspn(said, "\n")] = '\0';
    kiosk_new(&anew, NULL);
    assert_int_equal(FAULT_NONE, kiosk_enrol(&anew, &s->hub, said, true));
    assert_int_equal(403, life_status(s, &s->b, &r, &problem));
    assert_string_equal("device.revoked", problem);
    assert_int_equal(FAULT_NONE, kiosk_round(&anew));
    assert_int_equal(1, kiosk_lines(&anew, "of the old card"));
    assert_int_equal(1, kiosk_lines(&anew, "\"replaces\":"));
    const char *const nobody[] = { "enrol", "--site", s->site, "--replaces", "Nobody", NULL };
    assert_int_equal(1, life_run(s, said, sizeof(said), nobody));
    kiosk_done(&anew);
}

/* ---- forks ---- */

static int life_fork(struct scene *s, const struct keypair *anew, const char *said_old,
                     struct http_reply *r, const char **problem)
{
    uint8_t sig[KEYS_SIG];
    char *b64;
    const char *text =
        arena_printf(&s->arena, "canny fork 1\n%s\n%s\n%s\n", s->a.hub, said_old, anew->id);

    keys_sign(sig, anew, text, strlen(text));
    assert_int_equal(ERR_OK, keys_b64(&s->arena, sig, sizeof(sig), &b64, NULL));
    const char *body = arena_printf(&s->arena,
                                    "{\"device\":\"%s\",\"proof\":\"%s\",\"seq\":2,\"ours\":\"%s\","
                                    "\"theirs\":\"%s\"}",
                                    anew->id, b64, anew->id, anew->id);
    const struct bent b = { .method = "POST",
                            .path = PROTO_FORK,
                            .type = "application/json",
                            .body = body,
                            .len = strlen(body) };
    return bent_ask(&s->arena, &s->a, &b, r, problem);
}

static void copied_card_is_let_in_by_its_old_key_alone(void **state)
{
    struct scene *s = *state;
    struct keypair anew;
    struct http_reply first, again;
    const char *problem;

    assert_int_equal(ERR_OK, keys_new(&anew, NULL));
    assert_int_equal(400, life_fork(s, &anew, s->b.self.id, &first, &problem)); /* another's heir */
    assert_string_equal("request.malformed", problem);
    assert_int_equal(200, life_fork(s, &anew, s->a.self.id, &first, &problem));
    assert_int_equal(200, life_fork(s, &anew, s->a.self.id, &again, &problem));
    assert_int_equal(first.len, again.len);
    assert_memory_equal(first.body, again.body, first.len);
    assert_int_equal(409, life_fork(s, &s->b.self, s->a.self.id, &again, &problem));
    assert_string_equal("site.other", problem);
    life_rounds(s, 1);
    assert_int_equal(1, kiosk_lines(&s->b, "\"was\":"));
    /* Who revokes the card is told of the one that goes on from it. */
    char out[1024];
    const char *const revoke[] = { "revoke", "--device", s->a.self.id, NULL };
    assert_int_equal(0, life_run(s, out, sizeof(out), revoke));
    assert_non_null(strstr(out, anew.id));
}

static void heads_tell_what_to_give_back(void **state)
{
    struct scene *s = *state;
    const struct bent b = { .method = "GET", .path = PROTO_HEADS };
    struct http_reply r;
    const char *problem;
    const struct json *node;

    kiosk_record(&s->a, "check.recorded", "one");
    life_rounds(s, 1);
    assert_int_equal(200, bent_ask(&s->arena, &s->a, &b, &r, &problem));
    assert_int_equal(ERR_OK,
                     json_parse(&s->arena, (const char *)r.body, r.len, 65536, &node, NULL));
    assert_string_equal(life_epoch(s, &s->a), json_str(node, "epoch"));
    assert_string_equal(s->a.site, json_str(node, "site"));
    size_t found = 0;
    for (const struct json *h = json_get(node, "heads")->first; h != NULL; h = h->next)
        if (strcmp(json_str(h, "device"), s->a.self.id) == 0) {
            found++;
            assert_int_equal(kiosk_head(&s->a), json_int(h, "seq", 0));
            assert_int_equal(KEYS_ID_TEXT - 1, strlen(json_str(h, "hash")));
        }
    assert_int_equal(1, found);
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, scene_new, scene_done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(hub_put_back_ends_equal_to_what_it_was),
        SCENE(hub_copied_back_by_hand_is_noticed),
        SCENE(hub_in_use_is_not_put_back_over),
        SCENE(revoked_kiosk_is_refused_and_told_to_wipe),
        SCENE(code_that_replaces_ends_the_old_card),
        SCENE(copied_card_is_let_in_by_its_old_key_alone),
        SCENE(heads_tell_what_to_give_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
