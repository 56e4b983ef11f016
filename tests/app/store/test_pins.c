#include "tests/app/store/support.h"

static enum pin_answer try_pin(struct support_store *t, int64_t ms, const char *pin, int *wait_s)
{
    enum pin_answer answer = PIN_NONE;
    struct why why = { 0 };

    support_ok(store_try_pin(&t->s, support_now(ms), "p1", pin, &answer, wait_s, &why), &why);
    return answer;
}

static void pin_is_refused_when_short_or_easy(void **state)
{
    static const char *const bad[] = { "",       "12345",  "000000",  "123456",
                                       "654321", "890123", "210987",  "12a456",
                                       "111111", "49 271", "7777777", "１２３４５６" };
    struct why why = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        why.text[0] = '\0';
        assert_int_equal(store_pin_fit(bad[i], &why), ERR_INPUT);
        assert_true(strlen(why.text) > 10);
    }
    assert_int_equal(store_pin_fit("402917", &why), ERR_OK);
    assert_int_equal(store_pin_fit("123457", &why), ERR_OK);
}

static void right_pin_is_right_and_others_are_wrong(void **state)
{
    struct support_store t;
    struct why why = { 0 };
    int wait_s = -1;

    (void)state;
    support_open(&t);
    assert_int_equal(try_pin(&t, 0, "402917", &wait_s), PIN_NONE);
    assert_int_equal(store_set_pin(&t.s, "p1", "123456", &why), ERR_INPUT);
    support_ok(store_set_pin(&t.s, "p1", "402917", &why), &why);
    assert_int_equal(try_pin(&t, 0, "402918", &wait_s), PIN_WRONG);
    assert_int_equal(try_pin(&t, 0, "402917", &wait_s), PIN_RIGHT);
    assert_int_equal(wait_s, 0);
    support_close(&t);
}

static void fifth_wrong_pin_locks_for_a_minute_then_two_and_a_restart_does_not_help(void **state)
{
    struct support_store t;
    struct why why = { 0 };
    int wait_s = -1;

    (void)state;
    support_open(&t);
    support_ok(store_set_pin(&t.s, "p1", "402917", &why), &why);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(try_pin(&t, i, "999998", &wait_s), PIN_WRONG);
        assert_int_equal(wait_s, 0);
    }
    support_reopen(&t);
    assert_int_equal(try_pin(&t, 5, "999998", &wait_s), PIN_WRONG);
    assert_int_equal(wait_s, 60);
    support_reopen(&t);
    assert_int_equal(try_pin(&t, 1000, "402917", &wait_s), PIN_LOCKED);
    assert_in_range(wait_s, 58, 60);
    assert_int_equal(try_pin(&t, 61000, "999998", &wait_s), PIN_WRONG);
    assert_int_equal(wait_s, 120);
    /* A clock set back neither opens the lock nor stretches it. */
    assert_int_equal(try_pin(&t, -INT64_C(86400000), "402917", &wait_s), PIN_LOCKED);
    assert_int_equal(wait_s, 120);
    assert_int_equal(try_pin(&t, -INT64_C(86400000) + 121000, "402917", &wait_s), PIN_RIGHT);
    assert_int_equal(try_pin(&t, 61000, "999998", &wait_s), PIN_WRONG);
    assert_int_equal(wait_s, 0);
    support_close(&t);
}

static void verifier_is_no_pin_in_the_clear(void **state)
{
    struct support_store t;
    struct why why = { 0 };
    struct db_stmt q;

    (void)state;
    support_open(&t);
    support_ok(store_set_pin(&t.s, "p1", "402917", &why), &why);
    q = db_prepare(&t.s.db, "select verifier from local_pin");
    assert_true(db_step(&q));
    assert_true(str_starts(db_text(&q, 0), "$argon2id$"));
    assert_null(strstr(db_text(&q, 0), "402917"));
    support_ok(db_end(&q, &why), &why);
    support_close(&t);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(pin_is_refused_when_short_or_easy),
        cmocka_unit_test(right_pin_is_right_and_others_are_wrong),
        cmocka_unit_test(fifth_wrong_pin_locks_for_a_minute_then_two_and_a_restart_does_not_help),
        cmocka_unit_test(verifier_is_no_pin_in_the_clear),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
