#include "sync/log/evlog.h"

#include <stdlib.h>
#include <unistd.h>

#include "platform/base/fs.h"
#include "tests/sync/log/support.h"

struct seen {
    size_t count;
    char salt[2 * EVLOG_SALT + 1];
    char text[EVLOG_BLOB_MAX + 1];
};

static bool see(void *ctx, const struct evlog_blob *blob)
{
    struct seen *seen = ctx;

    seen->count++;
    assert_true(str_copy(seen->salt, sizeof(seen->salt), blob->salt));
    assert_true(str_copy(seen->text, sizeof(seen->text), blob->text));
    return true;
}

static void assert_text(struct db *db, const char *hash, const char *expected)
{
    struct arena a;
    const char *text = NULL;

    arena_init(&a, 4096);
    assert_ok(evlog_blob_get(db, hash, &a, &text, &why));
    assert_string_equal(text, expected);
    arena_done(&a);
}

static void name_is_found_by_its_hash_here_and_where_it_was_sent(void **state)
{
    struct db here = support_db(":memory:");
    struct db there = support_db(":memory:");
    struct seen seen = { 0 };
    char hash[KEYS_ID_TEXT];
    char again[KEYS_ID_TEXT];

    (void)state;
    assert_ok(evlog_blob_put(&here, "Mòrag NicDhòmhnaill", hash, &why));
    assert_ok(evlog_blob_put(&here, "Mòrag NicDhòmhnaill", again, &why));
    assert_string_not_equal(hash, again); /* salted: one name does not show as the same twice */
    const char *const wanted[] = { hash, EVENT_NO_PREV };
    assert_ok(evlog_blob_each(&here, wanted, COUNT_OF(wanted), see, &seen, &why));
    assert_int_equal(seen.count, 1);
    assert_ok(evlog_blob_take(&there, seen.salt, seen.text, &why));
    assert_ok(evlog_blob_take(&there, seen.salt, seen.text, &why));
    assert_text(&there, hash, "Mòrag NicDhòmhnaill");
    assert_text(&there, again, "");
    seen.count = 0;
    assert_ok(evlog_blob_each(&here, NULL, 0, see, &seen, &why));
    assert_int_equal(seen.count, 2);
    db_close(&here);
    db_close(&there);
}

static void hash_is_sha256_over_salt_and_text(void **state)
{
    struct db db = support_db(":memory:");
    uint8_t bytes[EVLOG_SALT + 3] = { 0xab, 0xcd, [EVLOG_SALT] = 'A', 'n', 'n' };
    char hash[KEYS_ID_TEXT];

    (void)state;
    keys_sha256_hex(hash, bytes, sizeof(bytes));
    assert_ok(evlog_blob_take(&db, "abcd0000000000000000000000000000", "Ann", &why));
    assert_text(&db, hash, "Ann");
    db_close(&db);
}

static void erased_name_stays_erased_and_the_chain_whole(void **state)
{
    struct keypair key = support_key(1);
    struct db db = support_db(":memory:");
    struct seen seen = { 0 };
    char hash[KEYS_ID_TEXT];
    char body[128];

    (void)state;
    assert_ok(evlog_blob_put(&db, "Ann", hash, &why));
    assert_true(str_format(body, sizeof(body), "{\"name\":\"%s\"}", hash));
    support_append(&db, &key, support_now(SUPPORT_MS, CLOCK_NTP),
                   &(struct event_draft){ .kind = "person.named", .body = body });
    assert_ok(evlog_blob_each(&db, NULL, 0, see, &seen, &why));

    assert_ok(evlog_blob_erase(&db, hash, &why));
    assert_text(&db, hash, "");
    assert_ok(evlog_blob_take(&db, seen.salt, seen.text, &why)); /* an old bundle brings it again */
    assert_text(&db, hash, "");
    seen.count = 0;
    assert_ok(evlog_blob_each(&db, NULL, 0, see, &seen, &why));
    assert_int_equal(seen.count, 0);
    assert_int_equal(support_verify(&db).verdict.faults, 0);

    /* Erased before it ever came. */
    assert_ok(evlog_blob_erase(&db, EVENT_NO_PREV, &why));
    assert_text(&db, EVENT_NO_PREV, "");
    db_close(&db);
}

/* As often as the bytes stand in the file and in its log. */
static size_t found(const char *path, const char *text)
{
    char log[64];
    size_t count = 0;

    assert_true(str_format(log, sizeof(log), "%s-wal", path));
    for (size_t i = 0; i < 2; i++) {
        struct arena a;
        char *bytes = NULL;
        size_t len = 0;
        arena_init(&a, (size_t)16 * 1024 * 1024);
        if (fs_read(&a, i == 0 ? path : log, (size_t)8 * 1024 * 1024, &bytes, &len, NULL) == ERR_OK)
            for (size_t at = 0; at + strlen(text) <= len; at++)
                count += memcmp(bytes + at, text, strlen(text)) == 0;
        arena_done(&a);
    }
    return count;
}

static void erased_name_stands_in_no_file_though_somebody_has_it_open(void **state)
{
    char folder[] = "/tmp/canny-blob-XXXXXX";
    char path[64];
    char hash[KEYS_ID_TEXT];

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_true(str_format(path, sizeof(path), "%s/log.db", folder));
    struct db db = support_db(path);
    struct db other;
    assert_ok(db_open(&other, path, DB_DURABLE, &why));
    assert_ok(evlog_blob_put(&db, "Ann Onymous", hash, &why));
    assert_text(&other, hash, "Ann Onymous");
    assert_true(found(path, "Ann Onymous") > 0);
    assert_ok(evlog_blob_erase(&db, hash, &why));
    db_settle(&db);
    assert_false(db.blanked);
    assert_int_equal(found(path, "Ann Onymous"), 0);
    assert_text(&other, hash, "");
    db_close(&other);
    db_close(&db);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void name_that_is_none_is_refused(void **state)
{
    static const struct {
        const char *salt, *text;
        enum err rc;
    } rows[] = {
        { "00000000000000000000000000000000", "Ann", ERR_OK },
        { "00000000000000000000000000000000", "", ERR_INPUT },
        { "00000000000000000000000000000000", "\xff", ERR_INPUT },
        { "", "Ann", ERR_INPUT },
        { "0000000000000000000000000000000", "Ann", ERR_INPUT },
        { "0000000000000000000000000000000G", "Ann", ERR_INPUT },
        { "000000000000000000000000000000000", "Ann", ERR_INPUT },
    };
    struct db db = support_db(":memory:");
    char text[EVLOG_BLOB_MAX + 2] = { 0 };
    char hash[KEYS_ID_TEXT];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(evlog_blob_take(&db, rows[i].salt, rows[i].text, NULL), rows[i].rc);
    memset(text, 'x', EVLOG_BLOB_MAX);
    assert_ok(evlog_blob_put(&db, text, hash, &why));
    text[EVLOG_BLOB_MAX] = 'x';
    assert_int_equal(evlog_blob_put(&db, text, hash, NULL), ERR_LIMIT);
    db_close(&db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(name_is_found_by_its_hash_here_and_where_it_was_sent),
        cmocka_unit_test(hash_is_sha256_over_salt_and_text),
        cmocka_unit_test(erased_name_stays_erased_and_the_chain_whole),
        cmocka_unit_test(erased_name_stands_in_no_file_though_somebody_has_it_open),
        cmocka_unit_test(name_that_is_none_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
