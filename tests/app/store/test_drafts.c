#include <signal.h>
#include <sys/wait.h>

#include "tests/app/store/faults.h"
#include "tests/app/store/small_adaptation.h"

static void put(struct support_store *t, int64_t ms, const char *person, const char *field,
                const char *value)
{
    struct why why = { 0 };

    support_ok(
        store_draft_put(&t->s, support_now(ms), person, "i1", "el-fvi", "3", field, value, &why),
        &why);
}

static void draft_keeps_answers_person_and_the_version_it_began_with(void **state)
{
    struct support_store t;
    struct draft d = { 0 };
    struct why why = { 0 };
    bool found = false;

    (void)state;
    support_open(&t);
    support_ok(store_draft_get(&t.s, "i1", "el-fvi", &t.a, &d, &found, &why), &why);
    assert_false(found);
    put(&t, 10, "p1", "flex", "pass");
    put(&t, 20, "", "note", "line one\nline \"two\" %n");
    put(&t, 30, "p2", "flex", "fail");
    put(&t, 40, "", "gone", "x");
    put(&t, 50, "", "gone", NULL);
    support_ok(store_draft_put(&t.s, support_now(60), "", "i1", "el-fvi", "4", "plug", "na", &why),
               &why);
    support_ok(store_draft_get(&t.s, "i1", "el-fvi", &t.a, &d, &found, &why), &why);
    assert_true(found);
    assert_string_equal(d.form_version, "3");
    assert_string_equal(d.person, "p2");
    assert_int_equal(d.started_ms, SUPPORT_MS + 10);
    assert_int_equal(d.saved_ms, SUPPORT_MS + 60);
    assert_int_equal(d.count, 3);
    assert_string_equal(d.fields[0], "flex");
    assert_string_equal(d.values[0], "fail");
    assert_string_equal(d.values[1], "line one\nline \"two\" %n");
    assert_string_equal(d.fields[2], "plug");
    support_close(&t);
}

static void draft_is_gone_with_the_record_and_not_before(void **state)
{
    struct support_store t;
    struct draft *drafts = NULL;
    char event[EVENT_ID_TEXT];
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    support_open(&t);
    put(&t, 1, "p1", "flex", "pass");
    support_ok(
        store_draft_put(&t.s, support_now(2), "p1", "i2", "el-fvi", "3", "flex", "pass", &why),
        &why);
    support_check(&t, 3, "i1", "el-fvi", OUTCOME_PASS, NULL, event);
    support_ok(store_draft_list(&t.s, &t.a, &drafts, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_string_equal(drafts[0].item, "i2");
    assert_int_equal(drafts[0].count, 1);
    support_ok(store_draft_drop(&t.s, "i2", "el-fvi", &why), &why);
    support_ok(store_draft_list(&t.s, &t.a, &drafts, &count, &why), &why);
    assert_int_equal(count, 0);
    support_close(&t);
}

static void answers_survive_a_kill_at_any_moment(void **state)
{
    struct support_store t = { 0 };
    struct draft d = { 0 };
    struct why why = { 0 };
    bool found = false;
    int status = 0;
    int told[2];
    char told_byte = 0;
    pid_t child;

    (void)state;
    support_dir(t.dir);
    arena_init(&t.a, 1024 * 1024);
    assert_int_equal(pipe(told), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (store_open(&t.s, t.dir, &why) != ERR_OK)
            _exit(1);
        for (int i = 0; i < 5; i++) {
            char field[16];

            (void)str_format(field, sizeof field, "f%d", i);
            if (store_draft_put(&t.s, support_now(i), "p1", "i1", "el-fvi", "3", field, "pass",
                                &why) != ERR_OK)
                _exit(1);
        }
        if (write(told[1], "x", 1) != 1)
            _exit(1);
        (void)raise(SIGKILL);
    }
    (void)close(told[1]);
    assert_int_equal(read(told[0], &told_byte, 1), 1);
    (void)close(told[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    support_ok(store_open(&t.s, t.dir, &why), &why);
    support_ok(store_draft_get(&t.s, "i1", "el-fvi", &t.a, &d, &found, &why), &why);
    assert_true(found);
    assert_int_equal(d.count, 5);
    support_close(&t);
}

static const char *answer_of(struct support_store *t, const char *field)
{
    struct draft d = { 0 };
    struct why why = { 0 };
    bool found = false;

    support_ok(store_draft_get(&t->s, "i1", "el-fvi", &t->a, &d, &found, &why), &why);
    for (size_t i = 0; found && i < d.count; i++)
        if (strcmp(d.fields[i], field) == 0)
            return d.values[i];
    return "none";
}

/* Nothing may go back to what stood there before: somebody would sign it. */
static void what_a_full_disk_refuses_stands_in_the_draft_and_is_saved_later(void **state)
{
    struct support_store t;
    struct draft *drafts = NULL;
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    support_open(&t);
    put(&t, 10, "p1", "velocity", "0.4");
    put(&t, 20, "p1", "note", "begun");
    disk_begin(1, ENOSPC);
    assert_int_equal(
        store_draft_put(&t.s, support_now(30), "p2", "i1", "el-fvi", "4", "velocity", "0.43", &why),
        ERR_FULL);
    assert_true(disk_end());
    assert_true(t.s.unsaved);
    assert_string_equal(answer_of(&t, "velocity"), "0.43");
    disk_begin(1, ENOSPC);
    assert_int_equal(
        store_draft_put(&t.s, support_now(40), "", "i1", "el-fvi", "4", "note", NULL, &why),
        ERR_FULL);
    assert_true(disk_end());
    assert_string_equal(answer_of(&t, "note"), "none");
    assert_string_equal(answer_of(&t, "velocity"), "0.43");
    support_ok(store_draft_list(&t.s, &t.a, &drafts, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_string_equal(drafts[0].person, "p2");
    assert_string_equal(drafts[0].form_version, "3");
    assert_int_equal(drafts[0].saved_ms, SUPPORT_MS + 40);

    support_ok(store_drafts_save(&t.s, &why), &why);
    assert_false(t.s.unsaved);
    support_reopen(&t);
    assert_string_equal(answer_of(&t, "velocity"), "0.43");
    assert_string_equal(answer_of(&t, "note"), "none");
    support_close(&t);
}

/* The next answer takes it along, whichever draft it is of; and a record ends it as it ends the others. */
static void an_unsaved_draft_is_listed_saved_with_the_next_and_gone_with_the_record(void **state)
{
    struct support_store t;
    struct draft *drafts = NULL;
    char event[EVENT_ID_TEXT];
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    support_open(&t);
    disk_begin(1, ENOSPC);
    assert_int_equal(
        store_draft_put(&t.s, support_now(10), "p1", "i2", "el-fvi", "3", "flex", "fail", &why),
        ERR_FULL);
    assert_true(disk_end());
    support_ok(store_draft_list(&t.s, &t.a, &drafts, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_string_equal(drafts[0].item, "i2");
    assert_string_equal(drafts[0].values[0], "fail");
    put(&t, 20, "p1", "velocity", "0.5");
    support_reopen(&t);
    support_ok(store_draft_list(&t.s, &t.a, &drafts, &count, &why), &why);
    assert_int_equal(count, 2);
    disk_begin(1, ENOSPC);
    assert_int_equal(
        store_draft_put(&t.s, support_now(30), "p1", "i1", "el-fvi", "3", "velocity", "0.6", &why),
        ERR_FULL);
    assert_true(disk_end());
    support_check(&t, 40, "i1", "el-fvi", OUTCOME_PASS, NULL, event);
    assert_string_equal(answer_of(&t, "velocity"), "none");
    support_ok(store_drafts_save(&t.s, &why), &why);
    assert_string_equal(answer_of(&t, "velocity"), "none");
    support_close(&t);
}

/* Readings of one file under another one's name would be a record that nobody made. */
static void answers_that_belong_together_never_part_on_a_full_disk(void **state)
{
    static const struct fact both[] = { { "log", "0 20" }, { "file:log", "second" } };
    struct support_store t;
    struct why why = { 0 };
    enum err rc = ERR_FULL;

    (void)state;
    support_open(&t);
    put(&t, 1, "p1", "log", "0 19");
    put(&t, 2, "p1", "file:log", "first");
    for (int at = 1; rc != ERR_OK; at++) {
        assert_true(at < 50);
        disk_begin(at, ENOSPC);
        rc = store_draft_put_all(&t.s, support_now(3), "p1", "i1", "el-fvi", "3", both, 2, &why);
        assert_int_equal(disk_end(), rc != ERR_OK);
        assert_int_equal(t.s.unsaved, rc != ERR_OK);
        assert_string_equal(answer_of(&t, "log"), "0 20");
        assert_string_equal(answer_of(&t, "file:log"), "second");
        /* Without what is in memory: what a power cut leaves. */
        if (rc != ERR_OK) {
            support_reopen(&t);
            assert_string_equal(answer_of(&t, "log"), "0 19");
            assert_string_equal(answer_of(&t, "file:log"), "first");
        }
    }
    support_reopen(&t);
    assert_string_equal(answer_of(&t, "log"), "0 20");
    assert_string_equal(answer_of(&t, "file:log"), "second");
    support_close(&t);
}

static const char *class_of(struct support_store *t, const char *person)
{
    struct adaptation_saved saved = { 0 };
    struct why why = { 0 };
    bool found = false;

    support_ok(store_adaptation_draft_get(&t->s, person, "c04", &t->a, &saved, &found, &why), &why);
    return found ? saved.adaptation.class_name : "none";
}

static void an_adaptation_that_a_full_disk_refuses_stands_and_is_saved_later(void **state)
{
    struct adaptation_saved *all = NULL;
    struct adaptation x;
    struct support_store t;
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    support_open(&t);
    x = small_adaptation(&t);
    support_ok(store_adaptation_draft_put(&t.s, support_now(10), "p1", "", &x, &why), &why);
    x.class_name = "5B2";
    disk_begin(1, ENOSPC);
    assert_int_equal(store_adaptation_draft_put(&t.s, support_now(20), "p1", "", &x, &why),
                     ERR_FULL);
    assert_true(disk_end());
    assert_true(t.s.unsaved);
    assert_string_equal(class_of(&t, "p1"), "5B2");
    support_ok(store_adaptation_draft_list(&t.s, "p1", &t.a, &all, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_int_equal(all[0].saved_ms, SUPPORT_MS + 20);

    support_ok(store_drafts_save(&t.s, &why), &why);
    assert_false(t.s.unsaved);
    support_reopen(&t);
    assert_string_equal(class_of(&t, "p1"), "5B2");

    /* Thrown away, it is not saved behind anybody's back. */
    disk_begin(1, ENOSPC);
    assert_int_equal(store_adaptation_draft_put(&t.s, support_now(30), "p2", "", &x, &why),
                     ERR_FULL);
    assert_true(disk_end());
    support_ok(store_adaptation_draft_drop(&t.s, "p2", "c04", &why), &why);
    support_ok(store_drafts_save(&t.s, &why), &why);
    assert_string_equal(class_of(&t, "p2"), "none");
    support_close(&t);
}

static void settings_are_kept_and_empty_when_absent(void **state)
{
    struct support_store t;
    const char *value = NULL;
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    support_ok(store_get(&t.s, "hub.url", &t.a, &value, &why), &why);
    assert_string_equal(value, "");
    support_ok(store_set(&t.s, "hub.url", "http://127.0.0.1:1", &why), &why);
    support_ok(store_set(&t.s, "hub.url", "http://127.0.0.1:2", &why), &why);
    support_reopen(&t);
    support_ok(store_get(&t.s, "hub.url", &t.a, &value, &why), &why);
    assert_string_equal(value, "http://127.0.0.1:2");
    support_close(&t);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(draft_keeps_answers_person_and_the_version_it_began_with),
        cmocka_unit_test(draft_is_gone_with_the_record_and_not_before),
        cmocka_unit_test(answers_survive_a_kill_at_any_moment),
        cmocka_unit_test(answers_that_belong_together_never_part_on_a_full_disk),
        cmocka_unit_test(what_a_full_disk_refuses_stands_in_the_draft_and_is_saved_later),
        cmocka_unit_test(an_unsaved_draft_is_listed_saved_with_the_next_and_gone_with_the_record),
        cmocka_unit_test(an_adaptation_that_a_full_disk_refuses_stands_and_is_saved_later),
        cmocka_unit_test(settings_are_kept_and_empty_when_absent),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
