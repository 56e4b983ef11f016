/* The hub's store on SQLite, and what only a folder can be asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "tests/sync/hub/hubstore_cases.h"

static void folder_without_a_hub_is_not_made_one_by_looking(void **state)
{
    struct store_bench *b = *state;
    char dir[96];
    struct hubstore *other;
    struct fs_stat st;

    (void)str_format(dir, sizeof(dir), "%s/none", b->dir);
    const struct hubstore_where where = { .data = dir };
    assert_int_equal(ERR_NOT_FOUND, hubstore_open(&where, HUBSTORE_LOOK, &other, NULL));
    assert_int_not_equal(ERR_OK, fs_stat(dir, &st, NULL));
}

static void reader_beside_a_writer_sees_what_is_committed_and_writes_nothing(void **state)
{
    struct store_bench *b = *state;
    struct store_device d;
    struct hub_device where;
    struct hubstore *reader;
    char site[KEYS_RANDOM_ID];

    assert_int_equal(ERR_OK, hubstore_open(&b->where, HUBSTORE_READ, &reader, NULL));
    store_device(&d, 'a');
    store_join(b, "Example High", d.id, site);
    assert_int_equal(ERR_OK, hubstore_device(reader, d.id, &where, NULL));
    assert_int_not_equal(ERR_OK, hubstore_nonce(reader, d.id, "n", store_noon.wall_ms, NULL));
    hubstore_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(folder_without_a_hub_is_not_made_one_by_looking,
                                        store_bench_new, store_bench_done),
        cmocka_unit_test_setup_teardown(
            reader_beside_a_writer_sees_what_is_committed_and_writes_nothing, store_bench_new,
            store_bench_done),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    return failed + hubstore_cases();
}
