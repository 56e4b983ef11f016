#include "app/domain/caldate.h"
#include "tests/app/store/content_support.h"

enum { TODAY = 20779 };

static void items_are_listed_in_walking_order_and_found_by_words(void **state)
{
    static const struct item_draft items[] = {
        { .label = "L1",
          .kind = "fridge",
          .name = "Fridge 10",
          .room = "Prep room 10",
          .shelf = "A1" },
        { .label = "L2",
          .kind = "fridge",
          .name = "Fridge 9",
          .room = "Prep room 2",
          .shelf = "B10" },
        { .label = "L3",
          .kind = "fridge",
          .name = "Fridge 2",
          .room = "prep room 2",
          .shelf = "B2" },
        { .label = "L4",
          .kind = "oven",
          .name = "Alpha",
          .room = "Prep room 2",
          .shelf = "B2",
          .serial = "SN-77" },
    };
    static const char *const want[] = { "L4", "L3", "L2", "L1" };
    struct support_store t;
    struct item *rows = NULL;
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    support_open(&t);
    for (size_t i = 0; i < COUNT_OF(items); i++)
        support_ok(store_register_item(&t.s, support_now(1), "p1", &items[i], NULL, &why), &why);
    support_ok(query_items(&t.s, "", &t.a, &rows, &count, &why), &why);
    assert_int_equal(count, COUNT_OF(want));
    for (size_t i = 0; i < count; i++)
        assert_string_equal(rows[i].label, want[i]);
    support_ok(query_items(&t.s, " sn-77 OVEN", &t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_string_equal(rows[0].label, "L4");
    support_ok(query_items(&t.s, "oven fridge", &t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 0);
    support_close(&t);
}

static void unknown_things_are_not_found(void **state)
{
    struct support_store t;
    struct item item = { 0 };
    struct item *items = NULL;
    struct person person = { 0 };
    struct past_check check = { 0 };
    char huge[4097];
    size_t count = 9;
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    memset(huge, 'A', sizeof huge - 1);
    huge[sizeof huge - 1] = '\0';
    assert_int_equal(query_item(&t.s, "nothing", &t.a, &item, &why), ERR_NOT_FOUND);
    assert_int_equal(query_check(&t.s, "x:1", &t.a, &check, &why), ERR_NOT_FOUND);
    assert_int_equal(query_person(&t.s, "x", &t.a, &person, &why), ERR_NOT_FOUND);
    assert_int_equal(query_badge(&t.s, "x", &t.a, &person, &why), ERR_NOT_FOUND);
    support_ok(query_label(&t.s, huge, &t.a, &items, &count, &why), &why);
    assert_int_equal(count, 0);
    support_ok(query_label(&t.s, "", &t.a, &items, &count, &why), &why);
    assert_int_equal(count, 0);
    support_close(&t);
}

static struct status status_of(struct support_store *t, struct content *c, const char *id,
                               int32_t today)
{
    struct item item = { 0 };
    struct status status = { 0 };
    struct why why = { 0 };

    support_ok(query_item(&t->s, id, &t->a, &item, &why), &why);
    support_ok(query_status(&t->s, c, &item, today, &t->a, &status, &why), &why);
    return status;
}

static void fail_stops_the_item_until_a_release_names_it(void **state)
{
    struct stocked s;
    struct status status;
    struct past_check *rows = NULL;
    const struct json *body = NULL;
    char item[KEYS_RANDOM_ID];
    char fail_a[EVENT_ID_TEXT];
    char fail_b[EVENT_ID_TEXT];
    char pass[EVENT_ID_TEXT];
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "EXA-1", "cooker", item);
    assert_int_equal(status_of(&s.t, s.c, item, TODAY).use, USE_NEVER_CHECKED);
    support_check(&s.t, 10, item, "week", OUTCOME_PASS, NULL, pass);
    assert_int_equal(status_of(&s.t, s.c, item, TODAY + 30).use, USE_OVERDUE);
    support_check(&s.t, 20, item, "week", OUTCOME_QUARANTINE, NULL, fail_a);
    support_check(&s.t, 30, item, "week", OUTCOME_QUARANTINE, NULL, fail_b);
    status = status_of(&s.t, s.c, item, TODAY);
    assert_int_equal(status.use, USE_DO_NOT);
    assert_int_equal(status.fail_count, 2);
    assert_string_equal(status.fails[0].event, fail_b);
    assert_string_equal(status.fails[0].reason, "Valve sticks");
    /* A pass that names nothing leaves both; one that names the first leaves the second. */
    support_check(&s.t, 40, item, "week", OUTCOME_PASS, NULL, pass);
    assert_int_equal(status_of(&s.t, s.c, item, TODAY).fail_count, 2);
    support_check(&s.t, 50, item, "week", OUTCOME_PASS, fail_a, pass);
    assert_int_equal(status_of(&s.t, s.c, item, TODAY).use, USE_DO_NOT);
    support_check(&s.t, 60, item, "week", OUTCOME_PASS, fail_b, pass);
    assert_int_not_equal(status_of(&s.t, s.c, item, TODAY).use, USE_DO_NOT);
    /* The release is taken back within eight seconds: the fail stands again. */
    support_ok(store_withdraw_check(&s.t.s, support_now(8060), "p1", pass, &why), &why);
    assert_int_equal(status_of(&s.t, s.c, item, TODAY).use, USE_DO_NOT);
    support_ok(query_history(&s.t.s, item, &s.t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 6);
    assert_string_equal(rows[0].event, pass);
    assert_true(rows[0].withdrawn);
    assert_true(rows[4].answered && !rows[3].answered);
    support_ok(query_check_body(&s.t.s, pass, &s.t.a, &body, &why), &why);
    assert_string_equal(json_str(body, "form"), "week");
    assert_int_equal(query_check_body(&s.t.s, "nobody:1", &s.t.a, &body, &why), ERR_NOT_FOUND);
    stocked_close(&s);
}

static void release_of_another_item_answers_nothing(void **state)
{
    struct stocked s;
    char cooker[KEYS_RANDOM_ID];
    char other[KEYS_RANDOM_ID];
    char fail[EVENT_ID_TEXT];
    char pass[EVENT_ID_TEXT];

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "EXA-1", "cooker", cooker);
    support_item(&s.t, 2, "EXA-2", "cooker", other);
    support_check(&s.t, 10, cooker, "week", OUTCOME_QUARANTINE, NULL, fail);
    support_check(&s.t, 20, other, "week", OUTCOME_PASS, fail, pass);
    assert_int_equal(status_of(&s.t, s.c, cooker, TODAY).use, USE_DO_NOT);
    support_check(&s.t, 30, cooker, "week", OUTCOME_FAIL, fail, pass);
    assert_int_equal(status_of(&s.t, s.c, cooker, TODAY).use, USE_DO_NOT);
    stocked_close(&s);
}

static void undo_is_for_the_signer_within_eight_seconds(void **state)
{
    struct support_store t;
    struct past_check row = { 0 };
    char item[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    support_item(&t, 1, "EXA-1", "cooker", item);
    support_check(&t, 1000, item, "week", OUTCOME_QUARANTINE, NULL, event);
    assert_int_equal(store_withdraw_check(&t.s, support_now(2000), "p2", event, &why), ERR_DENIED);
    assert_int_equal(store_withdraw_check(&t.s, support_now(9001), "p1", event, &why), ERR_DENIED);
    assert_int_equal(store_withdraw_check(&t.s, support_now(2000), "p1", "no:1", &why),
                     ERR_NOT_FOUND);
    support_ok(query_check(&t.s, event, &t.a, &row, &why), &why);
    assert_false(row.withdrawn);
    support_ok(store_withdraw_check(&t.s, support_now(9000), "p1", event, &why), &why);
    support_ok(query_check(&t.s, event, &t.a, &row, &why), &why);
    assert_true(row.withdrawn);
    support_close(&t);
}

/* What was recorded before this start may stand a little ahead of the clock, and pushes the stamp of the next along. */
static void undo_works_where_the_stamp_is_ahead_of_the_clock(void **state)
{
    struct support_store t;
    char item[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    support_item(&t, 1900, "EXA-1", "cooker", item);
    support_check(&t, 1000, item, "week", OUTCOME_QUARANTINE, NULL, event);
    support_ok(store_withdraw_check(&t.s, support_now(1100), "p1", event, &why), &why);
    support_item(&t, 500000, "EXA-2", "cooker", item);
    support_check(&t, 1000, item, "week", OUTCOME_QUARANTINE, NULL, event);
    assert_int_equal(store_withdraw_check(&t.s, support_now(1100), "p1", event, &why), ERR_DENIED);
    support_close(&t);
}

static void due_list_holds_what_is_due_now_and_every_stopped_item(void **state)
{
    struct stocked s;
    struct due_ask ask = { .when = { .today = TODAY }, .lists = 1u << LIST_NOW };
    struct due_row *rows = NULL;
    char stopped[KEYS_RANDOM_ID];
    char fresh[KEYS_RANDOM_ID];
    char never[KEYS_RANDOM_ID];
    char free_kind[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "C stopped", "cooker", stopped);
    support_item(&s.t, 2, "A fresh", "cooker", fresh);
    support_item(&s.t, 3, "B never", "cooker", never);
    support_item(&s.t, 4, "D no form", "chair", free_kind);
    support_check(&s.t, 10, fresh, "week", OUTCOME_PASS, NULL, event);
    support_check(&s.t, 20, stopped, "retired-form", OUTCOME_QUARANTINE, NULL, event);
    support_check(&s.t, 30, stopped, "week", OUTCOME_PASS, NULL, event);
    support_ok(query_due(&s.t.s, s.c, &ask, &s.t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 2);
    assert_string_equal(rows[0].item.id, never);
    assert_false(rows[0].do_not);
    assert_string_equal(rows[1].item.id, stopped);
    assert_true(rows[1].do_not);
    assert_string_equal(rows[1].form, "retired-form");
    ask.lists = 1u << LIST_HALF_TERM;
    support_ok(query_due(&s.t.s, s.c, &ask, &s.t.a, &rows, &count, &why), &why);
    assert_string_equal(rows[0].item.id, fresh);
    assert_int_equal(rows[0].status.due_day, TODAY + 7);
    stocked_close(&s);
}

static void people_are_listed_by_name_and_names_stay_out_of_the_lines(void **state)
{
    struct support_store t;
    struct support_lines l = { 0 };
    struct person *people = NULL;
    char person[KEYS_RANDOM_ID];
    struct why why = { 0 };
    char badge[KEYS_ID_TEXT];
    size_t count = 0;

    (void)state;
    support_open(&t);
    support_ok(store_add_person(&t.s, support_now(1), "", NULL, "Mòrag Zed Sample (example)",
                                "technician", person, &why),
               &why);
    support_ok(store_add_person(&t.s, support_now(2), "", NULL, "Éan", "teacher", NULL, &why),
               &why);
    support_ok(store_issue_badge(&t.s, support_now(3), "", person, "BADGE-77", &why), &why);
    support_ok(store_set_pin(&t.s, person, "402917", &why), &why);
    support_ok(query_people(&t.s, &t.a, &people, &count, &why), &why);
    assert_int_equal(count, 2);
    assert_string_equal(people[0].name, "Mòrag Zed Sample (example)");
    assert_string_equal(people[0].initials, "MS");
    assert_true(people[0].has_pin && !people[1].has_pin);
    assert_string_equal(people[1].initials, "É");
    support_take_lines(&t, &l);
    keys_sha256_hex(badge, "BADGE-77", strlen("BADGE-77"));
    for (size_t i = 0; i < l.count; i++) {
        assert_null(strstr(l.line[i], "rag"));
        assert_null(strstr(l.line[i], "BADGE-77"));
        assert_null(strstr(l.line[i], badge)); /* whoever holds the card could be told by it */
        assert_null(strstr(l.line[i], "402917"));
    }
    support_free_lines(&l);
    support_close(&t);
}

static void sync_facts_come_from_the_workers_table(void **state)
{
    struct support_store t;
    struct sync_facts facts = { 0 };
    char id[KEYS_RANDOM_ID];
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    for (int i = 1; i <= 3; i++) {
        char label[8];

        (void)str_format(label, sizeof label, "L%d", i);
        support_item(&t, i, label, "fridge", id);
    }
    support_ok(
        db_exec(&t.s.db,
                "create table sync_state(key text primary key, value) without rowid;"
                "insert into sync_state values ('acked', 2), ('hub.url', 'http://127.0.0.1:8080'),"
                " ('site.id', 's1'), ('last_success_ms', '1795344120000'), ('fault_code', 'S-203')",
                &why),
        &why);
    support_ok(query_sync(&t.s, &t.a, &facts, &why), &why);
    assert_int_equal(facts.saved, 3);
    assert_int_equal(facts.waiting, 1);
    assert_int_equal(facts.oldest_waiting_ms, SUPPORT_MS + 3);
    assert_int_equal(facts.last_success_ms, SUPPORT_MS);
    assert_string_equal(facts.hub, "http://127.0.0.1:8080");
    assert_string_equal(facts.fault_code, "S-203");
    assert_string_equal(facts.fault, "");
    support_close(&t);
}

/* Without a hub: what no stick has had yet is told apart from what nobody has confirmed. A card that goes on under another key
   has given nothing under it. */
static void what_no_stick_has_had_yet_is_counted(void **state)
{
    static const struct {
        const char *key; /* NULL: ours */
        int64_t given, held;
        uint64_t to_put, waiting;
    } cases[] = {
        { NULL, 0, 0, 3, 3 },
        { NULL, 2, 0, 1, 3 },
        { NULL, 3, 1, 0, 2 },
        { NULL, 1, 3, 0, 0 },
        { "0011223344556677889900112233445566778899001122334455667788990011", 3, 0, 3, 3 },
    };
    struct support_store t;
    struct sync_facts facts = { 0 };
    char id[KEYS_RANDOM_ID];
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    for (int i = 1; i <= 3; i++) {
        char label[8];

        (void)str_format(label, sizeof label, "L%d", i);
        support_item(&t, i, label, "fridge", id);
    }
    support_ok(db_exec(&t.s.db,
                       "create table sync_state(key text primary key, value) without rowid;"
                       "insert into sync_state values ('site.id', 's1'),"
                       " ('stick.taken_ms', '1795344120001'), ('stick.given_ms', '1795344120000');"
                       "create table stick_held(member text not null, device text not null,"
                       " seq integer not null, primary key (member, device)) without rowid",
                       &why),
               &why);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char sql[512];

        assert_true(
            str_format(sql, sizeof sql,
                       "insert or replace into sync_state values ('stick.given', '%s:%lld');"
                       "insert or replace into stick_held values ('m', '%s', %lld)",
                       cases[i].key == NULL ? t.s.self.id : cases[i].key, (long long)cases[i].given,
                       t.s.self.id, (long long)cases[i].held));
        support_ok(db_exec(&t.s.db, sql, &why), &why);
        support_ok(query_sync(&t.s, &t.a, &facts, &why), &why);
        assert_int_equal(facts.to_put, cases[i].to_put);
        assert_int_equal(facts.waiting, cases[i].waiting);
        assert_int_equal(facts.stick_taken_ms, SUPPORT_MS + 1);
        assert_int_equal(facts.stick_given_ms, SUPPORT_MS);
    }
    support_close(&t);
}

/* Two kiosks give the same stamps, the first one more. Whoever has the lines shows the newest 500 of 501: of the two oldest, which
   have one stamp, the one whose kiosk's id comes later. */
static void newest_of_many_checks_are_the_same_whichever_kiosk_came_first(void **state)
{
    enum { EACH = QUERY_HISTORY_MAX / 2 };
    static const char item[] = "0123456789abcdef";
    struct support_store from[2];
    struct support_lines lines[2] = { { .count = 0 }, { .count = 0 } };
    char oldest[2][EVENT_ID_TEXT];
    char id[EVENT_ID_TEXT];

    (void)state;
    for (size_t k = 0; k < 2; k++) {
        support_open(&from[k]);
        for (size_t i = 0; i < EACH + (k == 0 ? 1 : 0); i++)
            support_check(&from[k], (int64_t)i * 10, item, "week", OUTCOME_PASS, NULL,
                          i == 0 ? oldest[k] : id);
        support_take_lines(&from[k], &lines[k]);
        support_close(&from[k]);
    }
    const char *kept = strcmp(oldest[0], oldest[1]) > 0 ? oldest[0] : oldest[1];

    for (size_t first = 0; first < 2; first++) {
        struct support_store t;
        struct past_check *rows = NULL;
        struct why why = { 0 };
        size_t count = 0;

        support_open(&t);
        assert_int_equal(support_give(&t, &lines[first]), lines[first].count);
        assert_int_equal(support_give(&t, &lines[1 - first]), lines[1 - first].count);
        support_ok(query_history(&t.s, item, &t.a, &rows, &count, &why), &why);
        assert_int_equal(count, QUERY_HISTORY_MAX);
        assert_string_equal(rows[count - 1].event, kept);
        for (size_t i = 2; i < count; i += 2) /* the newest has no other beside it */
            assert_true(strcmp(rows[i - 1].event, rows[i].event) > 0 &&
                        rows[i - 1].at_ms == rows[i].at_ms);
        support_close(&t);
    }
    support_free_lines(&lines[0]);
    support_free_lines(&lines[1]);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(items_are_listed_in_walking_order_and_found_by_words),
        cmocka_unit_test(unknown_things_are_not_found),
        cmocka_unit_test(fail_stops_the_item_until_a_release_names_it),
        cmocka_unit_test(release_of_another_item_answers_nothing),
        cmocka_unit_test(undo_is_for_the_signer_within_eight_seconds),
        cmocka_unit_test(undo_works_where_the_stamp_is_ahead_of_the_clock),
        cmocka_unit_test(due_list_holds_what_is_due_now_and_every_stopped_item),
        cmocka_unit_test(people_are_listed_by_name_and_names_stay_out_of_the_lines),
        cmocka_unit_test(sync_facts_come_from_the_workers_table),
        cmocka_unit_test(what_no_stick_has_had_yet_is_counted),
        cmocka_unit_test(newest_of_many_checks_are_the_same_whichever_kiosk_came_first),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
