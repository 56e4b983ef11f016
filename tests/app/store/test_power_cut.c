/* Every write to the disk fails once: what is there afterwards is the old state or the new one,
   never between. */

#include <signal.h>
#include <sys/wait.h>

#include "tests/app/store/faults.h"
#include "tests/app/store/small_adaptation.h"

static enum err record_one(struct support_store *t, int n, struct why *why)
{
    char label[24];
    struct item_draft item = { .label = label, .kind = "fridge", .name = "One" };

    (void)str_format(label, sizeof label, "L-%d", n);
    return store_register_item(&t->s, support_now(n), "p1", &item, NULL, why);
}

static void record_with_every_write_failing_once(int error, enum err want)
{
    struct support_store t;
    enum err rc = ERR_IO;
    int faults = 0;

    support_open(&t);
    for (int n = 1; n < 200 && rc != ERR_OK; n++) {
        struct why why = { 0 };
        int64_t lines = count_of(&t, "select count(*) from log_line");

        disk_begin(n, error);
        rc = record_one(&t, n, &why);
        (void)disk_end();
        if (rc != ERR_OK) {
            faults++;
            assert_int_equal(rc, want);
            assert_true(strlen(why.text) > 10);
        }
        support_reopen(&t);
        assert_int_equal(count_of(&t, "select count(*) from log_line"), lines + (rc == ERR_OK));
        assert_int_equal(count_of(&t, "select count(*) from item"), lines + (rc == ERR_OK));
        assert_tables_match_the_log(&t);
    }
    assert_int_equal(rc, ERR_OK);
    assert_true(faults > 3);
    support_close(&t);
}

static void disk_error_in_the_middle_leaves_the_old_state(void **state)
{
    (void)state;
    record_with_every_write_failing_once(EIO, ERR_IO);
}

static void disk_that_fills_in_the_middle_leaves_the_old_state(void **state)
{
    (void)state;
    record_with_every_write_failing_once(ENOSPC, ERR_FULL);
}

static void answer_that_could_not_be_saved_is_told_and_the_earlier_ones_stay(void **state)
{
    struct support_store t;
    struct draft d = { 0 };
    struct why why = { 0 };
    bool found = false;

    (void)state;
    support_open(&t);
    support_ok(store_draft_put(&t.s, support_now(1), "", "i", "f", "1", "a", "pass", &why), &why);
    disk_begin(1, ENOSPC);
    assert_int_equal(store_draft_put(&t.s, support_now(2), "", "i", "f", "1", "b", "fail", &why),
                     ERR_FULL);
    assert_true(disk_end());
    support_reopen(&t);
    support_ok(store_draft_get(&t.s, "i", "f", &t.a, &d, &found, &why), &why);
    assert_true(found);
    assert_int_equal(d.count, 1);
    assert_string_equal(d.values[0], "pass");
    support_close(&t);
}

/* The parts of a draft that the kiosk's own reader takes: no document is needed. */
/* The child's draft was saved when it says so; then it is killed. */
static void draft_of_an_adaptation_outlives_a_kill(void **state)
{
    struct support_store t;
    struct adaptation_saved saved;
    struct adaptation x;
    struct why why = { 0 };
    bool found = false;
    int told[2];
    char ready = 0;
    pid_t child;

    (void)state;
    support_open(&t);
    x = small_adaptation(&t);
    assert_int_equal(pipe(told), 0);
    store_close(&t.s);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        x.class_name = "5B2";
        if (store_open(&t.s, t.dir, &why) != ERR_OK ||
            store_adaptation_draft_put(&t.s, support_now(1), "p1", "", &x, &why) != ERR_OK ||
            write(told[1], "1", 1) != 1)
            _exit(1);
        (void)pause();
        _exit(2);
    }
    assert_int_equal(close(told[1]), 0);
    assert_int_equal(read(told[0], &ready, 1), 1);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(close(told[0]), 0);
    support_ok(store_open(&t.s, t.dir, &why), &why);
    support_ok(store_adaptation_draft_get(&t.s, "p1", "c04", &t.a, &saved, &found, &why), &why);
    assert_true(found);
    assert_string_equal(saved.adaptation.class_name, "5B2");
    support_close(&t);
}

/* Signed, or a draft as before: never both, never neither. */
static void signing_that_fails_in_the_middle_leaves_the_draft(void **state)
{
    struct support_store t;
    struct adaptation x;
    const struct adaptation_draft draft = { .adaptation = &x };
    enum err rc = ERR_IO;
    int faults = 0;

    (void)state;
    support_open(&t);
    x = small_adaptation(&t);
    for (int n = 1; n < 200 && rc != ERR_OK; n++) {
        struct why why = { 0 };

        support_ok(store_adaptation_draft_put(&t.s, support_now(n), "p1", "", &x, &why), &why);
        disk_begin(n, EIO);
        rc = store_sign_adaptation(&t.s, support_now(n), "p1", &draft, NULL, NULL, NULL, &why);
        (void)disk_end();
        faults += rc != ERR_OK ? 1 : 0;
        support_reopen(&t);
        assert_int_equal(count_of(&t, "select count(*) from local_adaptation"), rc != ERR_OK);
        assert_int_equal(count_of(&t, "select count(*) from adaptation"), rc == ERR_OK);
        assert_tables_match_the_log(&t);
    }
    assert_int_equal(rc, ERR_OK);
    assert_true(faults > 3);
    support_close(&t);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(disk_error_in_the_middle_leaves_the_old_state),
        cmocka_unit_test(disk_that_fills_in_the_middle_leaves_the_old_state),
        cmocka_unit_test(draft_of_an_adaptation_outlives_a_kill),
        cmocka_unit_test(signing_that_fails_in_the_middle_leaves_the_draft),
        cmocka_unit_test(answer_that_could_not_be_saved_is_told_and_the_earlier_ones_stay),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
