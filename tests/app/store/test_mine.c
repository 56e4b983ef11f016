/* What is a person's own: kept here, told to nobody, gone when it is erased but for a number. */

#include "app/store/mine.h"
#include "tests/app/store/support.h"

static void put(struct support_store *t, int64_t ms, const char *person, const char *key,
                const char *course)
{
    const struct fact fields[] = { { "course", course }, { "date", "2026-03-12" } };
    const struct mine_row row = {
        .kind = MINE_TRAINING, .key = key, .fields = fields, .field_count = COUNT_OF(fields)
    };
    struct why why = { 0 };

    support_ok(mine_put(&t->s, support_now(ms), person, &row, &why), &why);
}

static void records_are_their_persons_alone_and_in_no_line(void **state)
{
    struct support_store t;
    struct support_lines l = { 0 };
    struct mine_row *rows = NULL;
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    support_open(&t);
    put(&t, 1, "p1", "a", "Chemical Handling");
    put(&t, 2, "p1", "b", "Introductory Physics");
    put(&t, 3, "p2", "a", "Other");
    put(&t, 4, "p1", "a", "Chemical Handling, again");
    support_reopen(&t);
    support_ok(mine_list(&t.s, "p1", MINE_TRAINING, &t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 2);
    assert_string_equal(mine_value(&rows[0], "course"), "Chemical Handling, again");
    assert_int_equal(rows[0].made_ms, SUPPORT_MS + 1);
    assert_int_equal(rows[0].changed_ms, SUPPORT_MS + 4);
    assert_string_equal(mine_value(&rows[1], "nothing"), "");
    support_take_lines(&t, &l);
    assert_int_equal(l.count, 0);
    support_close(&t);
}

static void nobodys_records_and_too_long_ones_are_refused(void **state)
{
    static char longer[MINE_VALUE_MAX + 2];
    const struct fact field = { "note", longer };
    struct mine_row row = { .kind = MINE_EVENT, .key = "e1" };
    struct support_store t;
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    assert_int_equal(mine_put(&t.s, support_now(1), "", &row, &why), ERR_DENIED);
    memset(longer, 'x', MINE_VALUE_MAX + 1);
    row.fields = &field;
    row.field_count = 1;
    assert_int_equal(mine_put(&t.s, support_now(1), "p1", &row, &why), ERR_INPUT);
    longer[MINE_VALUE_MAX] = '\0';
    support_ok(mine_put(&t.s, support_now(1), "p1", &row, &why), &why);
    support_close(&t);
}

static void erasing_leaves_a_number_that_names_nobody(void **state)
{
    struct support_store t;
    struct mine_row *rows = NULL;
    struct mine_row row = { 0 };
    struct why why = { 0 };
    size_t count = 1;
    int64_t erased = 0;
    bool found = true;

    (void)state;
    support_open(&t);
    put(&t, 1, "p1", "a", "One");
    put(&t, 2, "p1", "b", "Two");
    put(&t, 3, "p2", "c", "Three");
    support_ok(mine_erase(&t.s, "p1", NULL, &why), &why);
    support_ok(mine_list(&t.s, "p1", MINE_TRAINING, &t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 0);
    support_ok(mine_get(&t.s, "p2", MINE_TRAINING, "c", &t.a, &row, &found, &why), &why);
    assert_true(found);
    support_ok(mine_count(&t.s, "erased.training", &erased, &why), &why);
    assert_int_equal(erased, 2);
    support_ok(mine_drop(&t.s, "p2", MINE_TRAINING, "c", &why), &why);
    support_ok(mine_get(&t.s, "p2", MINE_TRAINING, "c", &t.a, &row, &found, &why), &why);
    assert_false(found);
    support_close(&t);
}

static void the_export_opens_with_the_right_columns_and_runs_no_formula(void **state)
{
    static const char *const columns[] = { "course", "date", "note" };
    const struct fact fields[] = { { "course", "=HYPERLINK(\"x\")" },
                                   { "date", "2026-03-12" },
                                   { "note", "two\nlines, quoted" } };
    const struct mine_row row = {
        .kind = MINE_TRAINING, .key = "z", .fields = fields, .field_count = 3
    };
    struct support_store t;
    const char *text = NULL;
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    put(&t, 1, "p1", "a", "Chemical Handling");
    support_ok(mine_put(&t.s, support_now(2), "p1", &row, &why), &why);
    support_ok(mine_export(&t.s, "p1", MINE_TRAINING, columns, 3, &t.a, &text, &why), &why);
    assert_string_equal(
        text, "\"course\",\"date\",\"note\"\r\n\"Chemical Handling\",\"2026-03-12\",\"\"\r\n"
              "\"'=HYPERLINK(\"\"x\"\")\",\"2026-03-12\",\"two\nlines, quoted\"\r\n");
    support_close(&t);
}

static void counts_grow_and_begin_at_nothing(void **state)
{
    struct support_store t;
    struct why why = { 0 };
    int64_t n = -1;

    (void)state;
    support_open(&t);
    support_ok(mine_count(&t.s, COUNT_SHARED, &n, &why), &why);
    assert_int_equal(n, 0);
    support_ok(mine_count_add(&t.s, COUNT_SHARED, 1, &why), &why);
    support_ok(mine_count_add(&t.s, COUNT_SHARED, 2, &why), &why);
    support_ok(mine_count(&t.s, COUNT_SHARED, &n, &why), &why);
    assert_int_equal(n, 3);
    support_close(&t);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(records_are_their_persons_alone_and_in_no_line),
        cmocka_unit_test(nobodys_records_and_too_long_ones_are_refused),
        cmocka_unit_test(erasing_leaves_a_number_that_names_nobody),
        cmocka_unit_test(the_export_opens_with_the_right_columns_and_runs_no_formula),
        cmocka_unit_test(counts_grow_and_begin_at_nothing),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
