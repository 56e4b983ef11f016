/* Letters: queued once, told honestly, answered by hub or hand, filed at what they were about. */

#include "app/store/import_take.h"
#include "app/store/letters.h"
#include "sync/log/postbox.h"
#include "tests/app/store/support.h"

static const char *const about[] = { "hydrochloric-acid" };
static const struct fact answers[] = {
    { "topic", "chemical" },
    { "question", "May we dilute it in the classroom?" },
};
static const struct fact facts[] = { { "concentration", "2 mol/l" }, { "revision", "3" } };

static struct letter_draft draft_of(const char *id)
{
    return (struct letter_draft){
        .letter = id,
        .form = "ask-sserc",
        .version = "1",
        .title = "Hydrochloric acid",
        .to = "sserc",
        .about = about,
        .about_count = COUNT_OF(about),
        .answers = answers,
        .answer_count = COUNT_OF(answers),
        .facts = facts,
        .fact_count = COUNT_OF(facts),
    };
}

static void queue(struct support_store *t, int64_t ms, const char *id, const char *person)
{
    const struct letter_draft d = draft_of(id);
    struct why why = { 0 };

    support_ok(store_letter_queue(&t->s, support_now(ms), person, &d, NULL, &why), &why);
}

static struct letter letter_of(struct support_store *t, const char *id)
{
    struct letter l = { 0 };
    struct why why = { 0 };

    support_ok(query_letter(&t->s, id, &t->a, &l, &why), &why);
    return l;
}

static void acked(struct support_store *t, const char *seq)
{
    struct why why = { 0 };

    support_ok(db_exec(&t->s.db,
                       "create table if not exists sync_state(key text primary key, value text)",
                       &why),
               &why);
    support_ok(
        db_run(&t->s.db, &why, "insert or replace into sync_state values ('acked', ?1)", seq, NULL),
        &why);
}

static void a_letter_is_queued_with_all_that_it_says_and_its_draft_goes(void **state)
{
    struct support_store t;
    struct draft *drafts = NULL;
    struct why why = { 0 };
    size_t count = 0;
    struct letter l;

    (void)state;
    support_open(&t);
    support_ok(store_draft_put(&t.s, support_now(1), "p1", "letter:l1", "ask-sserc", "1",
                               "question", "May", &why),
               &why);
    queue(&t, 2, "l1", "p1");
    support_ok(store_draft_list(&t.s, &t.a, &drafts, &count, &why), &why);
    assert_int_equal(count, 0);
    l = letter_of(&t, "l1");
    assert_string_equal(l.person, "p1");
    assert_string_equal(l.question, "May we dilute it in the classroom?");
    assert_int_equal(l.about_count, 1);
    assert_string_equal(l.about[0], "hydrochloric-acid");
    assert_string_equal(fact_value(l.facts, l.fact_count, "concentration"), "2 mol/l");
    assert_int_equal(l.state, LETTER_QUEUED);
    support_close(&t);
}

static void the_same_letter_is_never_queued_twice(void **state)
{
    const struct letter_draft d = draft_of("l1");
    struct support_store t;
    struct letter *rows = NULL;
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    support_open(&t);
    queue(&t, 1, "l1", "p1");
    assert_int_equal(store_letter_queue(&t.s, support_now(2), "p1", &d, NULL, &why), ERR_CONFLICT);
    support_ok(query_letters(&t.s, &(struct letters_ask){ .about = "" }, &t.a, &rows, &count, &why),
               &why);
    assert_int_equal(count, 1);
    support_close(&t);
}

static void a_letter_without_a_writer_is_refused(void **state)
{
    const struct letter_draft d = draft_of("l1");
    struct support_store t;
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    assert_int_equal(store_letter_queue(&t.s, support_now(1), "", &d, NULL, &why), ERR_DENIED);
    support_close(&t);
}

static void sent_is_said_only_when_the_hub_has_acknowledged_the_line(void **state)
{
    struct support_store t;

    (void)state;
    support_open(&t);
    queue(&t, 1, "l1", "p1");
    queue(&t, 2, "l2", "p1");
    acked(&t, "1");
    assert_int_equal(letter_of(&t, "l1").state, LETTER_SENT);
    assert_int_equal(letter_of(&t, "l2").state, LETTER_QUEUED);
    support_close(&t);
}

static void an_answer_is_filed_at_what_was_asked_about_and_marked_until_read(void **state)
{
    struct support_store t;
    struct letter_reply *rows = NULL;
    struct why why = { 0 };
    size_t count = 0;
    size_t unread = 0;

    (void)state;
    support_open(&t);
    queue(&t, 1, "l1", "p1");
    support_ok(store_letter_answer(&t.s, support_now(2), "p2", "l1", "Yes.\nIn small amounts.",
                                   "SSERC by telephone", &why),
               &why);
    support_ok(query_answers(&t.s, "hydrochloric-acid", &t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_string_equal(rows[0].text, "Yes.\nIn small amounts.");
    assert_false(rows[0].from_hub);
    assert_int_equal(rows[0].day, 20779);
    support_ok(query_answers(&t.s, "sulfuric-acid", &t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 0);
    support_ok(query_unread(&t.s, "p1", &unread, &why), &why);
    assert_int_equal(unread, 1);
    support_ok(query_unread(&t.s, "p2", &unread, &why), &why);
    assert_int_equal(unread, 0);
    support_ok(store_letter_seen(&t.s, "l1", &why), &why);
    support_ok(query_unread(&t.s, "p1", &unread, &why), &why);
    assert_int_equal(unread, 0);
    assert_int_equal(letter_of(&t, "l1").state, LETTER_ANSWERED);
    support_close(&t);
}

static void an_answer_needs_a_letter_and_words(void **state)
{
    struct support_store t;
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    queue(&t, 1, "l1", "p1");
    assert_int_equal(store_letter_answer(&t.s, support_now(2), "p1", "l9", "Yes", "", &why),
                     ERR_NOT_FOUND);
    assert_int_equal(store_letter_answer(&t.s, support_now(2), "p1", "l1", "", "", &why),
                     ERR_INPUT);
    assert_int_equal(store_letter_answer(&t.s, support_now(2), "p1", "l1", "a\001b", "", &why),
                     ERR_INPUT);
    support_close(&t);
}

static void only_its_writer_takes_a_letter_back(void **state)
{
    struct support_store t;
    struct letter *rows = NULL;
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    support_open(&t);
    queue(&t, 1, "l1", "p1");
    assert_int_equal(store_letter_withdraw(&t.s, support_now(2), "p2", "l1", &why), ERR_DENIED);
    support_ok(store_letter_withdraw(&t.s, support_now(3), "p1", "l1", &why), &why);
    support_ok(query_letters(&t.s, &(struct letters_ask){ .about = "" }, &t.a, &rows, &count, &why),
               &why);
    assert_int_equal(count, 0);
    assert_int_equal(letter_of(&t, "l1").state, LETTER_WITHDRAWN);
    support_close(&t);
}

static void an_answer_that_comes_before_its_letter_waits_for_it(void **state)
{
    struct support_store a, b, c;
    struct support_lines l = { 0 };
    char there[KEYS_ID_TEXT], here[KEYS_ID_TEXT];
    struct letter_reply *rows = NULL;
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    support_open(&a);
    support_open(&b);
    support_open(&c);
    queue(&a, 1, "l1", "p1");
    support_take_lines(&a, &l);
    (void)support_give(&b, &l);
    support_ok(store_letter_answer(&b.s, support_now(2), "p2", "l1", "Yes", "SSERC", &why), &why);
    support_free_lines(&l);
    support_take_lines(&b, &l);
    for (size_t i = l.count; i-- > 0;) {
        size_t fresh = 0;
        support_ok(store_ingest(&c.s, support_now(3), (const char *const *)&l.line[i], &l.len[i], 1,
                                &fresh, &why),
                   &why);
    }
    support_ok(query_answers(&c.s, "hydrochloric-acid", &c.a, &rows, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_int_equal(letter_of(&c, "l1").state, LETTER_ANSWERED);
    support_ok(store_digest(&b.s, there, &why), &why);
    support_ok(store_digest(&c.s, here, &why), &why);
    assert_string_equal(there, here);
    support_free_lines(&l);
    support_close(&a);
    support_close(&b);
    support_close(&c);
}

static void an_anonymous_voice_is_in_no_line_and_names_nobody(void **state)
{
    const struct letter_draft d = draft_of("l1");
    struct postbox_row row = { 0 };
    struct support_store t;
    struct why why = { 0 };
    size_t waiting = 0;
    size_t sent = 0;
    bool found = false;

    (void)state;
    support_open(&t);
    support_ok(store_draft_put(&t.s, support_now(1), "p1", "letter:l1", "ask-sserc", "1",
                               "question", "May", &why),
               &why);
    support_ok(store_voice_post(&t.s, support_now(2), &d, &why), &why);
    support_ok(postbox_next(&t.s.db, &t.a, &row, &found, &why), &why);
    assert_true(found);
    assert_null(strstr(row.body, "p1"));
    assert_null(strstr(row.body, "l1"));
    assert_null(strstr(row.body, t.s.self.id));
    assert_null(strstr(row.body, "at"));
    assert_non_null(strstr(row.body, "May we dilute"));
    support_ok(query_voices(&t.s, &waiting, &sent, &why), &why);
    assert_int_equal(waiting, 1);
    support_ok(postbox_sent(&t.s.db, row.key, &why), &why);
    support_ok(postbox_sent(&t.s.db, row.key, &why), &why);
    support_ok(query_voices(&t.s, &waiting, &sent, &why), &why);
    assert_int_equal(waiting, 0);
    assert_int_equal(sent, 1);
    support_close(&t);
}

static void voice_is_kept_after_an_import_was_taken_back(void **state)
{
    const struct letter_draft d = draft_of("l1");
    struct import_item item = {
        .row = 2,
        .label = "EXA-0001",
        .kind = "goggles",
        .name = "Goggles",
        .detail = "",
        .room = "",
        .shelf = "",
        .maker = "",
        .model = "",
        .serial = "",
        .school = "",
        .kit = "",
    };
    const struct import in = { .items = &item, .item_count = 1 };
    struct import_run run;
    struct support_store t;
    struct why why = { 0 };
    uint64_t lines = 1;
    size_t waiting = 0;
    size_t sent = 0;

    (void)state;
    support_open(&t);
    support_ok(import_begin(&run, &t.s, NULL, support_now(1), &in, "p1", "items.csv", &why), &why);
    support_ok(import_step(&run, 1, &why), &why);
    support_ok(import_end(&run, false, &why), &why);
    support_ok(evlog_count(&t.s.db, &lines, &why), &why);
    assert_int_equal(lines, 0);
    support_ok(store_voice_post(&t.s, support_now(2), &d, &why), &why);
    support_ok(query_voices(&t.s, &waiting, &sent, &why), &why);
    assert_int_equal(waiting, 1);
    support_close(&t);
}

/* A line is kept for good: a name that is known here is stopped before it gets there, line breaks are not. */
static void a_letter_may_have_lines_and_no_name_of_anybody_known_here(void **state)
{
    static const char *const good[] = { "One.\nTwo.", "Ask Ada", "An example, Ada said" };
    static const char *const bad[] = { "Ada Example said so", "said\nADA EXAMPLE", "a\tb" };
    struct fact said[] = { { "question", NULL } };
    struct letter_draft d = draft_of("l1");
    struct support_store t;
    char person[KEYS_RANDOM_ID];
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    support_ok(store_add_person(&t.s, support_now(1), "p1", NULL, "Ada Example (sample)", "",
                                person, &why),
               &why);
    d.answers = said;
    d.answer_count = 1;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        said[0].value = bad[i];
        assert_int_equal(store_letter_queue(&t.s, support_now(2), "p1", &d, NULL, &why), ERR_INPUT);
        assert_int_equal(store_voice_post(&t.s, support_now(2), &d, &why), ERR_INPUT);
    }
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        char id[] = { 'g', (char)('0' + i), '\0' };

        d.letter = id;
        said[0].value = good[i];
        support_ok(store_letter_queue(&t.s, support_now(3), "p1", &d, NULL, &why), &why);
        assert_string_equal(letter_of(&t, id).answers[0].value, good[i]);
    }
    assert_int_equal(
        store_letter_answer(&t.s, support_now(4), "p1", "g0", "Yes, says Ada Example", "", &why),
        ERR_INPUT);
    assert_int_equal(
        store_letter_answer(&t.s, support_now(4), "p1", "g0", "Yes", "ada example", &why),
        ERR_INPUT);
    support_close(&t);
}

static void letters_are_the_same_after_a_rebuild(void **state)
{
    struct support_store t;
    char before[KEYS_ID_TEXT], after[KEYS_ID_TEXT];
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    queue(&t, 1, "l1", "p1");
    support_ok(store_letter_answer(&t.s, support_now(2), "p1", "l1", "Yes", "SSERC", &why), &why);
    support_ok(store_digest(&t.s, before, &why), &why);
    support_ok(store_rebuild(&t.s, &why), &why);
    support_ok(store_digest(&t.s, after, &why), &why);
    assert_string_equal(before, after);
    support_close(&t);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(a_letter_is_queued_with_all_that_it_says_and_its_draft_goes),
        cmocka_unit_test(the_same_letter_is_never_queued_twice),
        cmocka_unit_test(a_letter_without_a_writer_is_refused),
        cmocka_unit_test(sent_is_said_only_when_the_hub_has_acknowledged_the_line),
        cmocka_unit_test(an_answer_is_filed_at_what_was_asked_about_and_marked_until_read),
        cmocka_unit_test(an_answer_needs_a_letter_and_words),
        cmocka_unit_test(only_its_writer_takes_a_letter_back),
        cmocka_unit_test(an_answer_that_comes_before_its_letter_waits_for_it),
        cmocka_unit_test(an_anonymous_voice_is_in_no_line_and_names_nobody),
        cmocka_unit_test(voice_is_kept_after_an_import_was_taken_back),
        cmocka_unit_test(a_letter_may_have_lines_and_no_name_of_anybody_known_here),
        cmocka_unit_test(letters_are_the_same_after_a_rebuild),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
