/* Power cuts in mid-round, on either side: the kiosk is killed at its n-th commit, the hub while it is asked. In the end
   every line is in the hub exactly once. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/client/state.h"
#include "sync/log/device_key.h"
#include "sync/log/evlog.h"
#include "tests/sync/hub/hub_fixture.h"

enum { KILLS = 20, TRIES_MAX = 60, LINES_FIRST = 300, LINES_EACH = 8, FORK_KILLS = 16 };

/* ---- the child that is killed ---- */

struct victim {
    int before; /* dies before its n-th commit; 0 never */
    int after;  /* dies once its n-th commit is on the disk; 0 never */
    int commits;
};

/* SQLite's hook for new connections takes no argument: the one exception to «no statics» is in a child that dies. */
static struct victim victim;

static int victim_on_commit(void *ctx)
{
    struct victim *v = ctx;

    if (++v->commits == v->before)
        (void)raise(SIGKILL);
    return 0;
}

static int victim_on_wal(void *ctx, sqlite3 *db, const char *name, int pages)
{
    struct victim *v = ctx;
    (void)db, (void)name, (void)pages;

    if (v->after > 0 && v->commits >= v->after)
        (void)raise(SIGKILL);
    return SQLITE_OK;
}

static int victim_on_open(sqlite3 *db, const char **error, const void *api)
{
    (void)error, (void)api;
    (void)sqlite3_commit_hook(db, victim_on_commit, &victim);
    (void)sqlite3_wal_hook(db, victim_on_wal, &victim);
    return SQLITE_OK;
}

struct done {
    pthread_mutex_t lock;
    pthread_cond_t turn;
    unsigned changes;
};

static void done_changed(void *ctx)
{
    struct done *d = ctx;

    (void)pthread_mutex_lock(&d->lock);
    d->changes++;
    (void)pthread_cond_broadcast(&d->turn);
    (void)pthread_mutex_unlock(&d->lock);
}

/* The kiosk's worker, until a round has succeeded or the hook strikes. */
static _Noreturn void victim_run(const struct kiosk *k, const struct victim *plan)
{
    struct done d = { .lock = PTHREAD_MUTEX_INITIALIZER, .turn = PTHREAD_COND_INITIALIZER };
    struct worker_options o = k->o;
    struct worker *w;
    bool success = false;
    union {
        int (*in)(sqlite3 *, const char **, const void *);
        void (*out)(void);
    } open = { .in = victim_on_open };

    victim = *plan;
    if (sqlite3_auto_extension(open.out) != SQLITE_OK)
        _exit(3);
    o.changed = done_changed;
    o.ctx = &d;
    if (worker_start(&o, &w, NULL) != ERR_OK)
        _exit(4);
    worker_wake(w);
    (void)pthread_mutex_lock(&d.lock);
    for (unsigned seen = d.changes;; seen = d.changes) {
        (void)pthread_mutex_unlock(&d.lock);
        if (worker_rounds(w, &success) > 0)
            _exit(success ? 0 : 5);
        (void)pthread_mutex_lock(&d.lock);
        while (d.changes == seen)
            (void)pthread_cond_wait(&d.turn, &d.lock);
    }
}

/* ---- the scene ---- */

struct scene {
    struct hub_process hub;
    struct kiosk a, b;
    uint64_t recorded; /* by a */
};

static int scene_new(void **state)
{
    static struct scene s;

    memset(&s, 0, sizeof(s));
    pair_new(&s.hub, &s.a, &s.b);
    for (int i = 0; i < 120; i++)
        kiosk_record(&s.b, "check.recorded", "the other kiosk");
    assert_int_equal(FAULT_NONE, kiosk_round(&s.b));
    *state = &s;
    return 0;
}

static int scene_done(void **state)
{
    struct scene *s = *state;

    pair_done(&s->hub, &s->a, &s->b);
    return 0;
}

static void scene_record(struct scene *s, int count)
{
    char text[32];

    assert_int_equal(
        ERR_OK, db_begin(&s->a.db, NULL)); /* one commit for all: it is not they that are tested */
    for (int i = 0; i < count; i++) {
        (void)str_format(text, sizeof(text), "line %llu of a", (unsigned long long)++s->recorded);
        kiosk_record(&s->a, "check.recorded", text);
    }
    assert_int_equal(ERR_OK, db_commit(&s->a.db, NULL));
}

/* SQLite must not cross a fork: closed before, opened again after. */
static void scene_close(struct scene *s)
{
    db_close(&s->a.db);
}

static void scene_open(struct scene *s)
{
    char path[FIXTURE_PATH + 16];
    struct evlog_verdict v;
    int64_t acked = 0;

    (void)str_format(path, sizeof(path), "%s/canny.db", s->a.dir);
    assert_int_equal(ERR_OK, db_open(&s->a.db, path, DB_DURABLE, NULL));
    assert_int_equal(ERR_OK, evlog_verify(&s->a.db, NULL, NULL, &v, NULL));
    assert_int_equal(0, v.faults);
    assert_int_equal(ERR_OK, state_get_i64(&s->a.db, "acked", 0, &acked, NULL));
    assert_true(acked >= 0 && (uint64_t)acked <= kiosk_head(&s->a));
}

static void expect_all_in_the_hub_once(struct scene *s)
{
    char out[4096];
    char text[160];
    int64_t acked = 0;
    int64_t cursor = 0;
    const char *const args[] = { "verify", "--data", s->hub.dir, NULL };

    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(ERR_OK, state_get_i64(&s->a.db, "acked", 0, &acked, NULL));
    assert_int_equal(s->recorded, kiosk_head(&s->a));
    assert_int_equal(s->recorded, acked);
    assert_int_equal(0, hub_run(out, sizeof(out), args));
    assert_non_null(strstr(out, " 0 faults\n"));
    (void)str_format(text, sizeof(text), "\"device\":\"%s\"", s->a.self.id);
    assert_int_equal(s->recorded, hub_count(&s->hub, text));
    for (uint64_t n = 1; n <= s->recorded; n += 97) {
        (void)str_format(text, sizeof(text), "\"line %llu of a\"", (unsigned long long)n);
        assert_int_equal(1, hub_count(&s->hub, text));
    }
    /* The hub's order of the site, to its end: nothing twice, nothing jumped over. */
    size_t lines = hub_count(&s->hub, "{\"v\":1,");
    assert_int_equal(lines, kiosk_lines(&s->a, "{\"v\":1,"));
    assert_int_equal(ERR_OK, state_get_i64(&s->a.db, "cursor", 0, &cursor, NULL));
    assert_int_equal(lines, cursor);
}

static void expect_hub_holds_what_kiosks_do(struct scene *s)
{
    const char *const args[] = { "verify", "--data", s->hub.dir, NULL };
    char out[4096];

    assert_int_equal(0, hub_run(out, sizeof(out), args));
    assert_non_null(strstr(out, " 0 faults"));
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    /* One that is carried stands inside another. */
    assert_int_equal(hub_count(&s->hub, "{\"v\":1,") -
                         hub_count(&s->hub, "\"kind\":\"line.carried\""),
                     kiosk_lines(&s->a, "{\"v\":1,"));
}

/* ---- cases ---- */

static void kiosk_killed_in_mid_round_loses_and_doubles_nothing(void **state)
{
    struct scene *s = *state;
    int killed = 0;

    scene_record(s, LINES_FIRST);
    for (int i = 0; killed < KILLS; i++) {
        const int n = 1 + i / 2 % 4;
        const struct victim plan = { .before = i % 2 == 0 ? n : 0, .after = i % 2 == 1 ? n : 0 };
        assert_true(i < TRIES_MAX);
        scene_record(s, LINES_EACH);
        scene_close(s);
        pid_t pid = fixture_fork();
        if (pid == 0)
            victim_run(&s->a, &plan);
        int status = fixture_wait(pid);
        scene_open(s);
        assert_true(status == 0 || status == 128 + SIGKILL);
        killed += status != 0 ? 1 : 0;
    }
    expect_all_in_the_hub_once(s);
}

/* The card was copied, and the copy, which has recorded apart, is killed at each commit of the round that makes another
   device of it: the next starts and rounds end what was begun, with one new key and every line once. */
static void copied_card_killed_while_it_becomes_another_device_keeps_all(void **state)
{
    struct scene *s = *state;
    struct scene c = { .recorded = 0 };
    char text[64];
    char was[KEYS_ID_TEXT];
    int killed = 0;

    kiosk_record(&s->a, "check.recorded", "common past");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    for (int i = 0; i < FORK_KILLS; i++) {
        const int n = 1 + i / 2;
        const struct victim plan = { .before = i % 2 == 0 ? n : 0, .after = i % 2 == 1 ? n : 0 };

        kiosk_copy(&c.a, &s->a);
        (void)str_copy(was, sizeof was, c.a.self.id);
        (void)str_format(text, sizeof text, "the first after copy %d", i);
        kiosk_record(&s->a, "check.recorded", text);
        assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
        (void)str_format(text, sizeof text, "copy %d apart", i);
        kiosk_record(&c.a, "check.recorded", text);
        scene_close(&c);
        pid_t pid = fixture_fork();
        if (pid == 0)
            victim_run(&c.a, &plan);
        killed += fixture_wait(pid) == 128 + SIGKILL ? 1 : 0;
        scene_open(&c);
        /* The next start. */
        struct keypair pins;
        assert_int_equal(ERR_OK, device_key_open(c.a.dir, &c.a.db, &c.a.self, &pins, NULL));
        c.a.o.self = c.a.self;
        assert_int_equal(FAULT_NONE, kiosk_round(&c.a));
        assert_string_not_equal(was, c.a.self.id);
        assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
        (void)str_format(text, sizeof text, "\"copy %d apart\"", i);
        assert_int_equal(1, hub_count(&s->hub, text));
        assert_int_equal(1, kiosk_lines(&s->a, text));
        assert_int_equal(1, kiosk_lines(&c.a, text));
        (void)str_format(text, sizeof text, "\"kind\":\"kiosk.forked\"");
        assert_int_equal(i + 1, hub_count(&s->hub, text));
        scene_close(&c);
        scene_open(&c); /* verifies */
        kiosk_done(&c.a);
    }
    assert_true(killed >= FORK_KILLS / 2);
    expect_hub_holds_what_kiosks_do(s);
}

/* Rounds without a pause, until one succeeds; the hub is dead for part of the time. */
static _Noreturn void rounds_run(struct scene *s)
{
    struct kiosk *k = &s->a;
    char path[FIXTURE_PATH + 16];

    (void)str_format(path, sizeof(path), "%s/canny.db", k->dir);
    if (db_open(&k->db, path, DB_DURABLE, NULL) != ERR_OK)
        _exit(3);
    for (int i = 0; i < 5000; i++) {
        struct outbox b;
        kiosk_outbox(k, &b);
        if (outbox_round(&b, NULL) == FAULT_NONE)
            _exit(0);
        (void)poll(NULL, 0, 2);
    }
    _exit(5);
}

static void hub_killed_in_mid_request_loses_and_doubles_nothing(void **state)
{
    struct scene *s = *state;

    for (int i = 0; i < KILLS; i++) {
        scene_record(s, LINES_EACH);
        scene_close(s);
        pid_t pid = fixture_fork();
        if (pid == 0)
            rounds_run(s);
        (void)poll(NULL, 0, 2 * i); /* another moment of the round each time */
        hub_kill(&s->hub);
        hub_start(&s->hub);
        assert_int_equal(0, fixture_wait(pid));
        scene_open(s);
    }
    expect_all_in_the_hub_once(s);
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, scene_new, scene_done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(kiosk_killed_in_mid_round_loses_and_doubles_nothing),
        SCENE(copied_card_killed_while_it_becomes_another_device_keeps_all),
        SCENE(hub_killed_in_mid_request_loses_and_doubles_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
