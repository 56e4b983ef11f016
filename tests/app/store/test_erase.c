/* A person is named no longer: whatever the order in which the lines and the names come to a kiosk. */

#include <string.h>

#include "app/store/letters.h"
#include "app/store/mine.h"
#include "app/store/project.h"
#include "app/store/query.h"
#include "tests/app/store/faults.h"
#include "tests/app/store/small_adaptation.h"

#define ERASE_NAME "Morag O'Sample"
#define ERASE_BADGE "BADGE-12"

struct erasing {
    struct support_store from, to;
    char person[KEYS_RANDOM_ID];
    struct support_lines lines;
};

static void erasing_open(struct erasing *t)
{
    struct why why = { 0 };

    *t = (struct erasing){ .person = "" };
    support_open(&t->from);
    support_open(&t->to);
    support_ok(store_add_person(&t->from.s, support_now(1), "", NULL, ERASE_NAME, "technician",
                                t->person, &why),
               &why);
    support_ok(store_issue_badge(&t->from.s, support_now(2), "", t->person, ERASE_BADGE, &why),
               &why);
}

static void erasing_close(struct erasing *t)
{
    support_free_lines(&t->lines);
    support_close(&t->from);
    support_close(&t->to);
}

static void erase(struct erasing *t)
{
    struct why why = { 0 };

    support_ok(store_erase_person(&t->from.s, support_now(9), "head", t->person, "asked", &why),
               &why);
    support_take_lines(&t->from, &t->lines);
}

static bool blob_none(void *ctx, const struct evlog_blob *blob)
{
    (void)ctx;
    fail_msg("still here: %s", blob->text);
    return false;
}

/* No name in any table, no badge that signs in, nobody in the list; and the lines are whole. */
static void nobody(struct support_store *s, const char *id)
{
    struct evlog_verdict v = { 0 };
    struct person person = { 0 };
    struct person *people = NULL;
    struct why why = { 0 };
    size_t count = 1;

    support_ok(evlog_blob_each(&s->s.db, NULL, 0, blob_none, NULL, &why), &why);
    assert_int_equal(query_badge(&s->s, ERASE_BADGE, &s->a, &person, &why), ERR_NOT_FOUND);
    support_ok(query_people(&s->s, &s->a, &people, &count, &why), &why);
    assert_int_equal(count, 0);
    support_ok(query_person(&s->s, id, &s->a, &person, &why), &why);
    assert_string_equal(person.name, "");
    assert_false(person.has_pin);
    support_ok(evlog_verify(&s->s.db, NULL, NULL, &v, &why), &why);
    assert_int_equal(v.faults, 0);
}

static void a_name_goes_with_badge_pin_and_what_is_their_own(void **state)
{
    const struct mine_row row = { .kind = MINE_TRAINING, .key = "k" };
    struct mine_row *rows = NULL;
    struct why why = { 0 };
    struct erasing t;
    size_t count = 1;

    (void)state;
    erasing_open(&t);
    support_ok(store_set_pin(&t.from.s, t.person, "402917", &why), &why);
    support_ok(mine_put(&t.from.s, support_now(3), t.person, &row, &why), &why);
    erase(&t);
    nobody(&t.from, t.person);
    support_ok(mine_list(&t.from.s, t.person, MINE_TRAINING, &t.from.a, &rows, &count, &why), &why);
    assert_int_equal(count, 0);
    erasing_close(&t);
}

static bool file_holds(const char *dir, const char *name, const char *text)
{
    char path[FS_PATH_MAX];
    struct why why = { 0 };
    struct arena a;
    char *data = NULL;
    size_t len = 0;
    bool found = false;
    const size_t want = strlen(text);

    arena_init(&a, 64 * 1024 * 1024);
    support_ok(fs_join(path, dir, name, &why), &why);
    if (fs_read(&a, path, 32 * 1024 * 1024, &data, &len, &why) == ERR_OK)
        for (size_t i = 0; i + want <= len && !found; i++)
            found = memcmp(data + i, text, want) == 0;
    arena_done(&a);
    return found;
}

static void the_bytes_of_a_name_leave_the_files(void **state)
{
    struct erasing t;

    (void)state;
    erasing_open(&t);
    assert_true(file_holds(t.from.s.dir, "canny.db", ERASE_NAME) ||
                file_holds(t.from.s.dir, "canny.db-wal", ERASE_NAME));
    erase(&t);
    assert_false(file_holds(t.from.s.dir, "canny.db", ERASE_NAME));
    assert_false(file_holds(t.from.s.dir, "canny.db-wal", ERASE_NAME));
    erasing_close(&t);
}

/* As where somebody's `canny export` runs: the erasure and later records do not wait for it, and once it has ended the next
   record sweeps up. */
static void a_long_reader_keeps_the_bytes_only_until_it_ends(void **state)
{
    struct erasing t;
    struct db reader;
    char path[FS_PATH_MAX];
    struct why why = { 0 };

    (void)state;
    erasing_open(&t);
    (void)snprintf(path, sizeof path, "%s/canny.db", t.from.s.dir);
    support_ok(db_open(&reader, path, DB_READ, &why), &why);
    support_ok(db_exec(&reader, "begin; select count(*) from log_blob", &why), &why);
    erase(&t);
    assert_true(file_holds(t.from.s.dir, "canny.db", ERASE_NAME) ||
                file_holds(t.from.s.dir, "canny.db-wal", ERASE_NAME));
    db_close(&reader);
    support_ok(store_add_person(&t.from.s, support_now(10), "", NULL, "Isla Other", "technician",
                                NULL, &why),
               &why);
    assert_false(file_holds(t.from.s.dir, "canny.db", ERASE_NAME));
    assert_false(file_holds(t.from.s.dir, "canny.db-wal", ERASE_NAME));
    erasing_close(&t);
}

static void another_kiosk_forgets_whatever_comes_first(void **state)
{
    (void)state;
    for (int names_last = 0; names_last < 2; names_last++) {
        struct erasing t;
        struct support_lines back = { 0 };

        erasing_open(&t);
        support_give_names(&t.from, &t.to);
        erase(&t);
        if (names_last == 0) {
            (void)support_give(&t.to, &t.lines);
        } else { /* the erasure first, and the person after it */
            for (size_t i = t.lines.count; i > 0; i--) {
                back = (struct support_lines){ .count = 1 };
                back.line[0] = t.lines.line[i - 1];
                back.len[0] = t.lines.len[i - 1];
                (void)support_give(&t.to, &back);
            }
        }
        nobody(&t.to, t.person);
        erasing_close(&t);
    }
}

static void a_name_given_apart_goes_too_and_tables_built_anew_say_the_same(void **state)
{
    char before[KEYS_ID_TEXT];
    char after[KEYS_ID_TEXT];
    struct why why = { 0 };
    struct erasing t;

    (void)state;
    erasing_open(&t);
    support_take_lines(&t.from, &t.lines);
    (void)support_give(&t.to, &t.lines);
    support_free_lines(&t.lines);
    support_ok(store_add_person(&t.to.s, support_now(5), "", t.person, "Morag Married", "teacher",
                                NULL, &why),
               &why);
    erase(&t);
    (void)support_give(&t.to, &t.lines);
    nobody(&t.to, t.person);
    support_ok(store_digest(&t.to.s, before, &why), &why);
    support_ok(store_rebuild(&t.to.s, &why), &why);
    support_ok(store_digest(&t.to.s, after, &why), &why);
    assert_string_equal(before, after);
    nobody(&t.to, t.person);
    erasing_close(&t);
}

static size_t drafts_of(struct support_store *t, const char *person)
{
    struct adaptation_saved *copies = NULL;
    struct draft *drafts = NULL;
    struct why why = { 0 };
    size_t copy_count = 0;
    size_t count = 0;

    support_ok(store_draft_list(&t->s, &t->a, &drafts, &count, &why), &why);
    support_ok(store_adaptation_draft_list(&t->s, person, &t->a, &copies, &copy_count, &why), &why);
    return count + copy_count;
}

/* Each is refused by a full disk, and stands in memory alone. */
static void erasing_hold(struct erasing *t, struct support_store *at)
{
    const struct adaptation x = small_adaptation(at);
    struct why why = { 0 };

    disk_begin(1, ENOSPC);
    assert_int_equal(store_draft_put(&at->s, support_now(5), t->person, "i1", "el-fvi", "3", "note",
                                     "Mine", &why),
                     ERR_FULL);
    assert_true(disk_end());
    disk_begin(1, ENOSPC);
    assert_int_equal(store_adaptation_draft_put(&at->s, support_now(6), t->person, "", &x, &why),
                     ERR_FULL);
    assert_true(disk_end());
    assert_int_equal(drafts_of(at, t->person), 2);
}

/* As the worker takes lines in: on another connection to the same file. */
static void erasing_give_apart(struct erasing *t, struct support_store *to)
{
    char path[FS_PATH_MAX];
    struct event_line in = { 0 };
    struct why why = { 0 };
    struct db db;

    (void)snprintf(path, sizeof path, "%s/canny.db", to->s.dir);
    support_ok(db_open(&db, path, DB_DURABLE, &why), &why);
    for (size_t i = 0; i < t->lines.count; i++) {
        in = (struct event_line){ .line = t->lines.line[i], .len = t->lines.len[i] };
        support_ok(store_ingest_db(&db, support_now(0), &in, 1, NULL, &why), &why);
    }
    db_close(&db);
}

static void what_is_in_memory_alone_goes_with_the_name(void **state)
{
    enum { HERE, TOLD, SAVED_FIRST, WAYS };
    struct why why = { 0 };

    (void)state;
    for (int way = HERE; way < WAYS; way++) {
        struct erasing t;

        erasing_open(&t);
        struct support_store *at = way == HERE ? &t.from : &t.to;
        erasing_hold(&t, at);
        erase(&t);
        if (way != HERE)
            erasing_give_apart(&t, at);
        if (way == TOLD)
            support_ok(store_drafts_forget(&at->s, &why), &why);
        if (way == SAVED_FIRST)
            support_ok(store_drafts_save(&at->s, &why), &why);
        assert_int_equal(drafts_of(at, t.person), 0);
        support_ok(store_drafts_save(&at->s, &why), &why);
        support_reopen(at);
        assert_int_equal(drafts_of(at, t.person), 0);
        erasing_close(&t);
    }
}

static void an_erasure_needs_somebody_who_says_so_and_somebody_to_erase(void **state)
{
    struct why why = { 0 };
    struct erasing t;

    (void)state;
    erasing_open(&t);
    assert_int_equal(store_erase_person(&t.from.s, support_now(9), "", t.person, "asked", &why),
                     ERR_DENIED);
    assert_int_equal(store_erase_person(&t.from.s, support_now(9), "head", "nobody", "asked", &why),
                     ERR_NOT_FOUND);
    assert_int_equal(store_erase_person(&t.from.s, support_now(9), "head", t.person, "", &why),
                     ERR_INPUT);
    erasing_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_goes_with_badge_pin_and_what_is_their_own),
        cmocka_unit_test(the_bytes_of_a_name_leave_the_files),
        cmocka_unit_test(a_long_reader_keeps_the_bytes_only_until_it_ends),
        cmocka_unit_test(another_kiosk_forgets_whatever_comes_first),
        cmocka_unit_test(a_name_given_apart_goes_too_and_tables_built_anew_say_the_same),
        cmocka_unit_test(what_is_in_memory_alone_goes_with_the_name),
        cmocka_unit_test(an_erasure_needs_somebody_who_says_so_and_somebody_to_erase),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
