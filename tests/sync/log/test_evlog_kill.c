/* The power cut: a child appends line after line and is killed in the middle of it. What it had
   reported as committed must be there, whole and chained, when the file is opened again. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/sync/log/support.h"

enum { KILL_ROUNDS = 6, KILL_LINES_MAX = 100000 };

/* Never returns. Reports the number of each line once it is committed, as a screen would say
   «Recorded». */
static void child_append(const char *path, int report)
{
    static const struct event_draft draft = { .kind = "check.recorded", .body = "{\"n\":1}" };
    struct keypair key = support_key(1);
    struct arena a;
    struct db db;
    struct event e;

    arena_init(&a, EVENT_ARENA);
    if (db_open(&db, path, DB_DURABLE, NULL) != ERR_OK || evlog_setup(&db, NULL) != ERR_OK)
        _exit(3);
    for (int i = 0; i < KILL_LINES_MAX; i++) {
        struct clock_now now = support_now(SUPPORT_MS + i, CLOCK_RTC);

        arena_reset(&a);
        if (db_begin(&db, NULL) != ERR_OK ||
            evlog_append(&db, &key, now, &draft, &a, &e, NULL) != ERR_OK ||
            db_commit(&db, NULL) != ERR_OK)
            _exit(4);
        if (write(report, &e.seq, sizeof(e.seq)) != (ssize_t)sizeof(e.seq))
            _exit(5);
    }
    _exit(0);
}

/* Kills the child after it has reported `reports` lines, and returns the last number that it had
   reported. */
static uint64_t kill_after(const char *path, int reports)
{
    int ends[2];
    uint64_t seq = 0;
    uint64_t last = 0;
    int status = 0;

    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)close(ends[0]);
        child_append(path, ends[1]);
    }
    (void)close(ends[1]);
    for (int i = 0; i < reports && read(ends[0], &seq, sizeof(seq)) == (ssize_t)sizeof(seq); i++)
        last = seq;
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    while (read(ends[0], &seq, sizeof(seq)) == (ssize_t)sizeof(seq)) /* reported before it died */
        last = seq;
    (void)close(ends[0]);
    return last;
}

static void line_reported_before_a_kill_is_there_after_it(void **state)
{
    static const int reports[KILL_ROUNDS] = { 1, 7, 2, 23, 40, 3 };
    struct keypair key = support_key(1);
    char dir[] = "/tmp/canny-kill-XXXXXX";
    char path[64];
    char file[80];
    char hash[KEYS_ID_TEXT];

    (void)state;
    assert_non_null(mkdtemp(dir));
    assert_true(str_format(path, sizeof(path), "%s/log.db", dir));
    for (size_t i = 0; i < KILL_ROUNDS; i++) {
        uint64_t last = kill_after(path, reports[i]);
        uint64_t head = 0;
        struct db db = support_db(path);
        struct support_told told = support_verify(&db);

        assert_true(last > 0);
        assert_string_equal(told.text, "");
        assert_ok(evlog_head(&db, key.id, &head, hash, &why));
        /* One more than reported may be there: committed, and killed before it could say so. */
        assert_true(head == last || head == last + 1);
        assert_int_equal(told.verdict.lines, head);
        db_close(&db);
    }
    static const char *const ends[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        assert_true(str_format(file, sizeof(file), "%s%s", path, ends[i]));
        (void)unlink(file);
    }
    assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_reported_before_a_kill_is_there_after_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
