#include "sync/log/evlog.h"

#include <stdlib.h>

#include "tests/sync/log/support.h"

/* Five lines each of two devices; then somebody with a database shell. */
struct edited {
    struct db db;
    struct keypair keys[2];
};

static struct edited edited_open(void)
{
    struct edited e = { .db = support_db(":memory:"), .keys = { support_key(1), support_key(2) } };

    support_fill(&e.db, &e.keys[0], 5);
    support_fill(&e.db, &e.keys[1], 5);
    return e;
}

/* sha(text) in SQL: what a careful forger has too. */
static void edited_sha(sqlite3_context *ctx, int count, sqlite3_value **values)
{
    char hash[KEYS_ID_TEXT];

    assert_int_equal(count, 1);
    keys_sha256_hex(hash, sqlite3_value_text(values[0]), (size_t)sqlite3_value_bytes(values[0]));
    sqlite3_result_text(ctx, hash, -1, SQLITE_TRANSIENT);
}

static void edited_run(struct edited *e, const char *sql)
{
    char text[1024];
    const char *at = strchr(sql, '@');

    assert_non_null(at);
    assert_true(
        str_format(text, sizeof(text), "%.*s%s%s", (int)(at - sql), sql, e->keys[0].id, at + 1));
    assert_int_equal(
        sqlite3_create_function(e->db.handle, "sha", 1, SQLITE_UTF8, NULL, edited_sha, NULL, NULL),
        SQLITE_OK);
    assert_ok(db_exec(&e->db, text, &why));
}

static void whole_log_has_no_fault(void **state)
{
    struct edited e = edited_open();
    struct support_told told = support_verify(&e.db);

    (void)state;
    assert_int_equal(told.verdict.devices, 2);
    assert_int_equal(told.verdict.lines, 10);
    assert_int_equal(told.verdict.faults, 0);
    assert_string_equal(told.text, "");
    db_close(&e.db);
}

/* @ in an edit is the first device's id. Each says what must be told, in order, and how many faults
   in all. */
static const struct {
    const char *what, *sql;
    const char *told[3];
    uint64_t faults;
} edits[] = {
    { "a byte of a line in the middle",
      "update log_line set line = replace(line, '\"n\":1', '\"n\":2') where device = '@' and "
      "seq = 3",
      { "line 3 was changed: its hash is" },
      1 },
    { "a byte of the last line",
      "update log_line set line = replace(line, '\"n\":1', '\"n\":2') where device = '@' and "
      "seq = 5",
      { "line 5 was changed: its hash is" },
      1 },
    { "a byte of the first line",
      "update log_line set line = replace(line, '\"n\":1', '\"n\":2') where device = '@' and "
      "seq = 1",
      { "line 1 was changed: its hash is" },
      1 },
    { "a byte in the middle, and its hash set to fit",
      "update log_line set line = replace(line, '\"n\":1', '\"n\":2'), hash = sha(replace(line,"
      " '\"n\":1', '\"n\":2')) where device = '@' and seq = 3",
      { "line 3 was changed together with its stored hash, or line 4 was" },
      1 },
    { "a byte of the last line, and its hash set to fit",
      "update log_line set line = replace(line, '\"n\":1', '\"n\":2'), hash = sha(replace(line,"
      " '\"n\":1', '\"n\":2')) where device = '@' and seq = 5",
      { "line 5 was changed together with its stored hash" },
      1 },
    { "a line that is no JSON any more",
      "update log_line set line = substr(line, 1, 50) where device = '@' and seq = 3",
      { "line 3 was changed and cannot be read" },
      1 },
    { "a line made a blob with a NUL",
      "update log_line set line = x'7b00' where device = '@' and seq = 3",
      { "line 3 was changed and cannot be read" },
      1 },
    { "a line removed",
      "delete from log_line where device = '@' and seq = 3",
      { "line 3 is missing" },
      1 },
    { "lines removed at the front",
      "delete from log_line where device = '@' and seq < 3",
      { "lines 1 to 2 are missing" },
      1 },
    { "lines removed at the end",
      "delete from log_line where device = '@' and seq > 3",
      { "lines 4 to 5 are missing" },
      1 },
    { "every line removed",
      "delete from log_line where device = '@'",
      { "lines 1 to 5 are missing" },
      1 },
    { "two lines' numbers exchanged",
      "update log_line set seq = -seq where device = '@' and seq in (2, 3);"
      "update log_line set seq = seq + 5 where seq < 0",
      { "in the place of line 2 stands line 3", "in the place of line 3 stands line 2" },
      2 },
    { "two lines' texts exchanged",
      "create temp table t as select device, 7 - seq as seq, line from log_line where device = "
      "'@'"
      " and seq in (3, 4); update log_line set line = t.line from t where t.device ="
      " log_line.device and t.seq = log_line.seq",
      { "in the place of line 3 stands line 4", "in the place of line 4 stands line 3" },
      2 },
    { "a line put under another number",
      "update log_line set seq = 9 where device = '@' and seq = 4",
      { "line 4 is missing", "lines 6 to 8 are missing", "in the place of line 9 stands line 4" },
      3 },
    { "a line put under a number that cannot be",
      "update log_line set seq = -1 where device = '@' and seq = 4",
      { "a line stands under the number -1", "line 4 is missing" },
      2 },
    { "a stored hash",
      "update log_line set hash = replace(hash, substr(hash, 1, 4), 'beef') where device = '@' "
      "and"
      " seq = 3",
      { "the stored hash of line 3 was changed" },
      1 },
    { "the stored stamp",
      "update log_line set hlc = '0000000000000001' where device = '@' and seq = 3",
      { "the stamp stored beside line 3" },
      1 },
    { "the stored kind",
      "update log_line set kind = 'item.retired' where device = '@' and seq = 3",
      { "the kind stored beside line 3" },
      1 },
};

static void every_edit_is_found_and_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(edits); i++) {
        struct edited e = edited_open();
        char named[128];

        edited_run(&e, edits[i].sql);
        struct support_told told = support_verify(&e.db);
        for (size_t t = 0; t < COUNT_OF(edits[i].told) && edits[i].told[t] != NULL; t++) {
            assert_true(str_format(named, sizeof(named), "device %.8s: %s", e.keys[0].id,
                                   edits[i].told[t]));
            if (strstr(told.text, named) == NULL)
                fail_msg("%s: want «%s», told:\n%s", edits[i].what, named, told.text);
        }
        if (told.verdict.faults != edits[i].faults)
            fail_msg("%s: %d faults:\n%s", edits[i].what, (int)told.verdict.faults, told.text);
        db_close(&e.db);
    }
}

/* Every byte of every line, one at a time: none can change without its line being named. */
static void any_changed_byte_names_its_line(void **state)
{
    static struct support_lines lines;
    struct edited e = edited_open();
    char named[128];

    (void)state;
    lines.count = 0;
    assert_ok(evlog_each_of(&e.db, e.keys[0].id, 0, support_collect, &lines, &why));
    for (size_t at = 0; at < strlen(lines.line[2]); at++) {
        char line[SUPPORT_LINE_MAX];

        assert_true(str_copy(line, sizeof(line), lines.line[2]));
        line[at] = (char)(line[at] ^ 1);
        assert_ok(db_run(&e.db, &why, "update log_line set line = ?1 where seq = 3 and device = ?2",
                         line, e.keys[0].id));
        struct support_told told = support_verify(&e.db);
        assert_true(told.verdict.faults > 0);
        assert_true(str_format(named, sizeof(named), "device %.8s: ", e.keys[0].id));
        assert_true(str_starts(told.text, named));
        assert_non_null(strstr(told.text, "line 3"));
    }
    db_close(&e.db);
}

static void fault_in_one_device_is_not_laid_on_another(void **state)
{
    struct edited e = edited_open();
    char other[EVLOG_SHORT];

    (void)state;
    evlog_short(other, e.keys[1].id);
    edited_run(&e, "delete from log_line where device = '@' and seq = 5");
    struct support_told told = support_verify(&e.db);
    assert_int_equal(told.verdict.devices, 2);
    assert_int_equal(told.verdict.lines, 9);
    assert_int_equal(told.verdict.faults, 1);
    assert_null(strstr(told.text, other));
    db_close(&e.db);
}

static void device_id_is_shown_short_and_without_control_characters(void **state)
{
    char out[EVLOG_SHORT];

    (void)state;
    evlog_short(out, "ab12cd34ef");
    assert_string_equal(out, "ab12cd34");
    evlog_short(out, "a\x1b[2J");
    assert_string_equal(out, "a??2?");
    evlog_short(out, "");
    assert_string_equal(out, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_log_has_no_fault),
        cmocka_unit_test(every_edit_is_found_and_named),
        cmocka_unit_test(any_changed_byte_names_its_line),
        cmocka_unit_test(fault_in_one_device_is_not_laid_on_another),
        cmocka_unit_test(device_id_is_shown_short_and_without_control_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
