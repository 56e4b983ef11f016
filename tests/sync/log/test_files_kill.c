/* The power cut: a child keeps files, names them and takes pieces in, and is killed in the middle of it. Whatever a
   line names and the table calls here must stand there whole; what is left over is swept. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "sync/log/chunk.h"
#include "tests/sync/log/files_support.h"

enum { KILL_ROUNDS = 8, KILL_LEN = 20000, KILL_PIECE = 6000, KILL_MAX = 200 };

static void child_bytes(uint8_t *out, unsigned n)
{
    (void)files_pdf(out, KILL_LEN, (uint8_t)n);
    out[20] = (uint8_t)(n >> 8);
}

/* Even ones are put and named, odd ones named and fetched piece by piece. Never returns. */
static void child_run(struct kept *k, unsigned from, int report)
{
    static uint8_t bytes[KILL_LEN];

    k->db = files_db(k->dir);
    for (unsigned n = from; n < from + KILL_MAX; n++) {
        char hash[KEYS_ID_TEXT];
        child_bytes(bytes, n);
        keys_sha256_hex(hash, bytes, KILL_LEN);
        if (n % 2 == 0 && files_put(&k->files, FILES_PDF, bytes, KILL_LEN, 1, hash, NULL) != ERR_OK)
            _exit(3);
        kept_name(k, 1, "item", hash, "application/pdf", KILL_LEN);
        for (size_t at = 0; n % 2 == 1 && at < KILL_LEN; at += KILL_PIECE) {
            struct file_info info;
            struct chunk c = { .site = "s",
                               .type = FILES_PDF,
                               .bytes = KILL_LEN,
                               .at = at,
                               .data = bytes + at,
                               .len = KILL_LEN - at < KILL_PIECE ? KILL_LEN - at : KILL_PIECE };
            (void)str_copy(c.hash, sizeof c.hash, hash);
            if (files_take(&k->files, &c, true, 1, &info, NULL) != ERR_OK)
                _exit(4);
        }
        if (write(report, &n, sizeof n) != (ssize_t)sizeof n)
            _exit(5);
    }
    _exit(0);
}

static unsigned kill_after(struct kept *k, unsigned from, unsigned reports)
{
    int ends[2];
    unsigned n = 0;
    unsigned last = 0;
    int status = 0;

    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)close(ends[0]);
        child_run(k, from, ends[1]);
    }
    (void)close(ends[1]);
    for (unsigned i = 0; i < reports && read(ends[0], &n, sizeof n) == (ssize_t)sizeof n; i++)
        last = n;
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    while (read(ends[0], &n, sizeof n) == (ssize_t)sizeof n)
        last = n;
    (void)close(ends[0]);
    return last;
}

static void what_a_line_names_stands_whole_after_a_kill(void **state)
{
    static uint8_t bytes[KILL_LEN];
    struct kept k;
    unsigned from = 0;

    (void)state;
    kept_open(&k);
    db_close(&k.db); /* no connection goes through a fork */
    for (unsigned round = 0; round < KILL_ROUNDS; round++) {
        struct support_told told = { 0 };
        uint64_t files = 0;
        uint64_t faults = 0;
        unsigned last = kill_after(&k, from, 1 + round * 3 % 7);
        k.db = files_db(k.dir);
        assert_ok(files_verify(&k.files, support_tell, &told, &files, &faults, &why));
        assert_string_equal(told.text, "");
        for (unsigned n = from; n <= last; n++) {
            char hash[KEYS_ID_TEXT];
            child_bytes(bytes, n);
            keys_sha256_hex(hash, bytes, KILL_LEN);
            assert_int_equal(kept_info(&k, hash).state, n % 2 == 0 ? FILES_HERE : FILES_HELD);
        }
        assert_ok(files_tidy(&k.files, 0, &why));
        assert_ok(files_verify(&k.files, support_tell, &told, &files, &faults, &why));
        assert_string_equal(told.text, "");
        assert_true(files >= last - from + 1);
        from = last + 2; /* the one under way may have been named */
        db_close(&k.db);
    }
    k.db = files_db(k.dir);
    kept_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_line_names_stands_whole_after_a_kill),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
