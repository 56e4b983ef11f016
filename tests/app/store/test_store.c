#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/app/store/support.h"

static void write_file(const char *dir, const char *name, const char *text)
{
    char path[256];
    FILE *f;

    (void)str_format(path, sizeof path, "%s/%s", dir, name);
    f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void folder_is_made_for_its_owner_only(void **state)
{
    struct support_store t = { 0 };
    char dir[96];
    struct why why = { 0 };
    struct stat st;

    (void)state;
    support_dir(t.dir);
    (void)str_format(dir, sizeof dir, "%s/new/data", t.dir);
    support_ok(store_open(&t.s, dir, &why), &why);
    assert_int_equal(stat(dir, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    store_close(&t.s);
    support_remove(t.dir);
}

static void file_in_place_of_the_folder_is_told(void **state)
{
    struct store s;
    struct why why = { 0 };
    char dir[64];
    char path[96];

    (void)state;
    support_dir(dir);
    write_file(dir, "data", "not a folder\n");
    (void)str_format(path, sizeof path, "%s/data", dir);
    assert_int_not_equal(store_open(&s, path, &why), ERR_OK);
    assert_non_null(strstr(why.text, "--data"));
    support_remove(dir);
}

/* As root every folder can be written, so the test gives the rights up in a child. */
static void second_kiosk_on_one_folder_is_refused(void **state)
{
    struct fs_lock first = { .held = false };
    struct fs_lock second = { .held = false };
    struct why why = { 0 };
    char dir[64];

    (void)state;
    support_dir(dir);
    support_ok(store_claim(dir, &first, &why), &why);
    assert_int_equal(store_claim(dir, &second, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, dir));
    assert_non_null(strstr(why.text, "another kiosk"));
    fs_unlock(&first);
    support_ok(store_claim(dir, &second, &why), &why);
    fs_unlock(&second);
    support_remove(dir);
}

static void read_only_folder_is_denied(void **state)
{
    char dir[64];
    int status = 0;
    pid_t child;

    (void)state;
    support_dir(dir);
    assert_int_equal(chmod(dir, 0555), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct store s;
        struct why why = { 0 };

        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(3);
        _exit(store_open(&s, dir, &why) == ERR_DENIED && strstr(why.text, "writ") != NULL ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(chmod(dir, 0700), 0);
    support_remove(dir);
}

static void damaged_database_is_named_and_left_alone(void **state)
{
    static const char rubbish[] = "This is no database, and it is longer than a header would be.\n"
                                  "This is no database, and it is longer than a header would be.\n";
    struct store s;
    struct why why = { 0 };
    char dir[64];
    char path[96];
    char got[sizeof rubbish] = "";
    FILE *f;

    (void)state;
    support_dir(dir);
    write_file(dir, "canny.db", rubbish);
    assert_int_equal(store_open(&s, dir, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "canny.db"));
    assert_non_null(strstr(why.text, "move it away"));
    (void)str_format(path, sizeof path, "%s/canny.db", dir);
    f = fopen(path, "r");
    assert_non_null(f);
    assert_int_equal(fread(got, 1, sizeof got, f), sizeof rubbish - 1);
    assert_string_equal(got, rubbish);
    assert_int_equal(fclose(f), 0);
    support_remove(dir);
}

static int64_t lines_of(struct support_store *t)
{
    int64_t n = -1;
    struct why why = { 0 };

    support_ok(db_one_i64(&t->s.db, "select count(*) from log_line", 0, &n, &why), &why);
    return n;
}

static void full_disk_keeps_what_was_there_and_recovers(void **state)
{
    struct support_store t;
    char before[KEYS_ID_TEXT];
    char after[KEYS_ID_TEXT];
    char id[KEYS_RANDOM_ID];
    char long_text[400];
    struct item_draft item = { .label = "B", .kind = "fridge", .name = "B", .detail = long_text };
    struct why why = { 0 };
    enum err rc = ERR_OK;
    int64_t lines;

    (void)state;
    support_open(&t);
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    support_item(&t, 1, "EXA-1", "fridge", id);
    /* SQLite counts pages as a disk counts blocks: no page more than there are. */
    support_ok(db_exec(&t.s.db, "pragma max_page_count = 1", &why), &why);
    item.label = NULL;
    for (int i = 0; i < 200 && rc == ERR_OK; i++) {
        lines = lines_of(&t);
        support_ok(store_digest(&t.s, before, &why), &why);
        rc = store_register_item(&t.s, support_now(10 + i), "p1", &item, NULL, &why);
    }
    assert_int_equal(rc, ERR_FULL);
    assert_int_equal(lines_of(&t), lines);
    support_ok(store_digest(&t.s, after, &why), &why);
    assert_string_equal(after, before);
    support_ok(db_exec(&t.s.db, "pragma max_page_count = 100000", &why), &why);
    support_ok(store_register_item(&t.s, support_now(500), "p1", &item, NULL, &why), &why);
    assert_int_equal(lines_of(&t), lines + 1);
    support_close(&t);
}

static void what_was_recorded_is_there_after_opening_again(void **state)
{
    struct support_store t;
    char item[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];
    char self[KEYS_ID_TEXT];
    struct past_check *rows = NULL;
    struct why why = { 0 };
    size_t count = 0;
    int64_t latest_ms = 0;

    (void)state;
    support_open(&t);
    (void)str_copy(self, sizeof self, t.s.self.id);
    support_item(&t, 1, "EXA-1", "fridge", item);
    support_check(&t, 2500, item, "el-fvi", OUTCOME_PASS, NULL, event);
    support_reopen(&t);
    assert_string_equal(t.s.self.id, self);
    support_ok(query_history(&t.s, item, &t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_string_equal(rows[0].event, event);
    assert_int_equal(rows[0].trust, CLOCK_NTP);
    support_ok(store_latest_ms(&t.s, &latest_ms, &why), &why);
    assert_int_equal(latest_ms, SUPPORT_MS + 2500);
    support_close(&t);
}

static void two_connections_see_each_others_lines(void **state)
{
    struct support_store t;
    struct support_store other;
    struct support_lines l = { 0 };
    struct store second;
    struct item item = { 0 };
    char id[KEYS_RANDOM_ID];
    struct why why = { 0 };
    size_t new_count = 0;

    (void)state;
    support_open(&t);
    support_open(&other);
    support_item(&other, 1, "EXA-9", "fridge", id);
    support_take_lines(&other, &l);
    support_ok(store_open(&second, t.dir, &why), &why);
    support_ok(store_ingest(&second, support_now(2), (const char *const *)l.line, l.len, l.count,
                            &new_count, &why),
               &why);
    assert_int_equal(new_count, 1);
    support_ok(query_item(&t.s, id, &t.a, &item, &why), &why);
    store_close(&second);
    support_free_lines(&l);
    support_close(&other);
    support_close(&t);
}

static void different_line_under_a_taken_number_refuses_the_whole_call(void **state)
{
    struct support_store t;
    struct support_store other;
    struct support_lines l = { 0 };
    char id[KEYS_RANDOM_ID];
    struct why why = { 0 };
    size_t new_count = 77;
    char *at;

    (void)state;
    support_open(&t);
    support_open(&other);
    support_item(&other, 1, "EXA-1", "fridge", id);
    support_take_lines(&other, &l);
    assert_int_equal(support_give(&t, &l), 1);
    support_free_lines(&l);
    support_item(&other, 2, "EXA-2", "fridge", id);
    support_take_lines(&other, &l);
    /* The second line is good, the first was changed: neither is taken. */
    at = strstr(l.line[0], "EXA-1");
    assert_non_null(at);
    at[4] = '7';
    assert_int_equal(store_ingest(&t.s, support_now(3),
                                  (const char *const[]){ l.line[1], l.line[0] },
                                  (const size_t[]){ l.len[1], l.len[0] }, 2, &new_count, &why),
                     ERR_CONFLICT);
    assert_non_null(strstr(why.text, "line 1 "));
    assert_non_null(strstr(why.text, other.s.self.id));
    assert_int_equal(lines_of(&t), 1);
    assert_int_equal(new_count, 77);
    support_free_lines(&l);
    support_close(&other);
    support_close(&t);
}

static void lines_not_understood_are_kept_and_counted(void **state)
{
    static const struct event_draft drafts[] = {
        { .kind = "kettle.descaled", .subject = "x", .body = "{\"a\":1}" },
        { .kind = "award.nominated" },
        /* What a hub writes of a kiosk that joined is understood, and does not count. */
        { .kind = "kiosk.enrolled",
          .subject = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
          .body = "{\"site\":\"2ec682043ae0dc54\",\"name\":\"Prep room\"}" },
    };
    struct support_store t;
    struct sync_facts facts = { 0 };
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    for (size_t i = 0; i < COUNT_OF(drafts); i++)
        support_ok(store_record(&t.s, support_now(1), &drafts[i], NULL, &why), &why);
    support_ok(query_sync(&t.s, &t.a, &facts, &why), &why);
    assert_int_equal(facts.saved, 3);
    assert_int_equal(facts.not_understood, 2);
    assert_int_equal(facts.waiting, 3);
    assert_int_equal(facts.oldest_waiting_ms, SUPPORT_MS + 1);
    assert_string_equal(facts.hub, "");
    support_close(&t);
}

/* Another kiosk's lines whose bodies are of no shape we know: taken in, waiting, visible, and no
   error. Written by a log alone, since our own store refuses to write such. */
static void malformed_bodies_of_others_wait_and_ours_are_refused(void **state)
{
    static const struct event_draft bad[] = {
        { .kind = "item.registered", .subject = "i1", .body = "{\"name\":7,\"kind\":\"x\"}" },
        { .kind = "item.registered", .subject = "", .body = "{\"name\":\"n\",\"kind\":\"x\"}" },
        { .kind = "item.labelled", .subject = "i1", .body = "{}" },
        { .kind = "person.added", .subject = "p", .body = "{\"name\":\"Plain Name\"}" },
        { .kind = "badge.issued", .subject = "p", .body = "{\"badge\":\"1234\"}" },
        { .kind = "check.recorded", .subject = "i1", .body = "{\"outcome\":\"grand\"}" },
        { .kind = "check.withdrawn", .subject = "i1", .body = "{\"check\":[]}" },
        { .kind = "site.founded", .subject = "", .body = "{}" },
    };
    struct support_store t;
    struct support_store other;
    struct support_lines l = { 0 };
    struct sync_facts facts = { 0 };
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    support_open(&other);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(store_record(&t.s, support_now(1), &bad[i], NULL, &why), ERR_INPUT);
        support_ok(db_begin(&other.s.db, &why), &why);
        support_ok(
            evlog_append(&other.s.db, &other.s.self, support_now(1), &bad[i], &other.a, NULL, &why),
            &why);
        support_ok(db_commit(&other.s.db, &why), &why);
    }
    assert_int_equal(lines_of(&t), 0);
    support_take_lines(&other, &l);
    assert_int_equal(support_give(&t, &l), COUNT_OF(bad));
    support_ok(query_sync(&t.s, &t.a, &facts, &why), &why);
    assert_int_equal(facts.not_understood, COUNT_OF(bad));
    assert_int_equal(facts.waiting, 0);
    support_free_lines(&l);
    support_close(&other);
    support_close(&t);
}

static void label_of_another_item_is_refused_and_odd_labels_are_told(void **state)
{
    struct support_store t;
    char one[KEYS_RANDOM_ID];
    char two[KEYS_RANDOM_ID];
    char huge[4097];
    struct why why = { 0 };
    struct item_draft item = { .label = "exa-1", .kind = "fridge", .name = "Another" };

    (void)state;
    support_open(&t);
    support_item(&t, 1, "EXA-1", "fridge", one);
    support_item(&t, 2, "EXA-2", "fridge", two);
    assert_int_equal(store_register_item(&t.s, support_now(3), "p1", &item, NULL, &why),
                     ERR_CONFLICT);
    assert_int_equal(store_link_label(&t.s, support_now(3), "p1", two, "EXA-1", &why),
                     ERR_CONFLICT);
    memset(huge, '%', sizeof huge - 1);
    huge[sizeof huge - 1] = '\0';
    item.label = huge;
    assert_int_equal(store_register_item(&t.s, support_now(3), "p1", &item, NULL, &why), ERR_LIMIT);
    item.label = "bell\a";
    assert_int_equal(store_register_item(&t.s, support_now(3), "p1", &item, NULL, &why), ERR_INPUT);
    item.label = "%n'\"; drop table item; --";
    support_ok(store_register_item(&t.s, support_now(3), "p1", &item, NULL, &why), &why);
    assert_int_equal(lines_of(&t), 3);
    assert_int_equal(store_link_label(&t.s, support_now(4), "p1", "nobody", "L", &why),
                     ERR_NOT_FOUND);
    support_close(&t);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(folder_is_made_for_its_owner_only),
        cmocka_unit_test(file_in_place_of_the_folder_is_told),
        cmocka_unit_test(second_kiosk_on_one_folder_is_refused),
        cmocka_unit_test(read_only_folder_is_denied),
        cmocka_unit_test(damaged_database_is_named_and_left_alone),
        cmocka_unit_test(full_disk_keeps_what_was_there_and_recovers),
        cmocka_unit_test(what_was_recorded_is_there_after_opening_again),
        cmocka_unit_test(two_connections_see_each_others_lines),
        cmocka_unit_test(different_line_under_a_taken_number_refuses_the_whole_call),
        cmocka_unit_test(lines_not_understood_are_kept_and_counted),
        cmocka_unit_test(malformed_bodies_of_others_wait_and_ours_are_refused),
        cmocka_unit_test(label_of_another_item_is_refused_and_odd_labels_are_told),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
