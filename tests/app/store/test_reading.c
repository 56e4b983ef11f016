#include "tests/app/store/reading_rig.h"

static size_t lines_of(struct rig *r, const char *kind)
{
    struct support_lines l = { 0 };
    char want[96];
    size_t count = 0;

    (void)str_format(want, sizeof want, "\"kind\":\"%s\"", kind);
    support_take_lines(&r->t, &l);
    for (size_t i = 0; i < l.count; i++)
        count += strstr(l.line[i], want) != NULL ? 1 : 0;
    support_free_lines(&l);
    return count;
}

static void suggest(struct rig *r, int64_t ms, const char *text, char out[EVENT_ID_TEXT])
{
    const struct suggestion_draft draft = { .doc = "c99", .path = "control/1", .text = text };

    rig_ok(r, store_suggest(&r->t.s, support_now(ms), r->technician, &draft, out, &r->why));
}

static void suggestions_are_accepted_or_declined_and_both_are_kept(void **state)
{
    char yes[EVENT_ID_TEXT];
    char no[EVENT_ID_TEXT];
    char open[EVENT_ID_TEXT];
    struct suggested *rows = NULL;
    size_t count = 0;
    struct rig r;

    (void)state;
    rig_open(&r);
    suggest(&r, 10, "A tray under the flask", yes);
    suggest(&r, 11, "Half the acid", no);
    suggest(&r, 12, "Label the tubes", open);
    assert_int_equal(
        store_answer_suggestion(&r.t.s, support_now(20), r.technician, yes, true, "", &r.why),
        ERR_DENIED);
    assert_int_equal(
        store_answer_suggestion(&r.t.s, support_now(20), r.teacher, "x:1", true, "", &r.why),
        ERR_NOT_FOUND);
    assert_int_equal(
        store_answer_suggestion(&r.t.s, support_now(20), r.teacher, no, false, "", &r.why),
        ERR_INPUT);
    rig_ok(&r, store_answer_suggestion(&r.t.s, support_now(21), r.teacher, yes, true, "", &r.why));
    rig_ok(&r, store_answer_suggestion(&r.t.s, support_now(22), r.teacher, no, false,
                                       "Too slow then", &r.why));
    assert_int_equal(store_answer_suggestion(&r.t.s, support_now(23), r.head, no, true, "", &r.why),
                     ERR_CONFLICT);
    rig_ok(&r, query_suggestions(&r.t.s, "c99", false, &r.t.a, &rows, &count, &r.why));
    assert_int_equal(count, 3);
    assert_string_equal(rows[0].id, open);
    assert_int_equal(rows[0].state, SUGGESTION_OPEN);
    assert_int_equal(rows[1].state, SUGGESTION_DECLINED);
    assert_string_equal(rows[1].reason, "Too slow then");
    assert_string_equal(rows[1].answered_name, "Ada Example (test)");
    assert_int_equal(rows[2].state, SUGGESTION_ACCEPTED);
    assert_string_equal(rows[2].author_name, "Cal Trial");
    assert_string_equal(rows[2].path, "control/1");
    rig_ok(&r, query_suggestions(&r.t.s, "", true, &r.t.a, &rows, &count, &r.why));
    assert_int_equal(count, 1);
    rig_ok(&r, query_suggestions(&r.t.s, "c98", false, &r.t.a, &rows, &count, &r.why));
    assert_int_equal(count, 0);
    rig_close(&r);
}

static void suggestion_taken_into_an_adaptation_is_answered_by_it(void **state)
{
    char id[EVENT_ID_TEXT];
    char event[EVENT_ID_TEXT];
    const char *accepts = id;
    struct suggested *rows = NULL;
    struct adaptation x;
    struct adaptation_draft draft = { .adaptation = &x, .accepts = &accepts, .accept_count = 1 };
    size_t count = 0;
    struct rig r;

    (void)state;
    rig_open(&r);
    suggest(&r, 10, "A tray under the flask", id);
    x = rig_tight(&r, "5B1");
    rig_ok(&r, store_sign_adaptation(&r.t.s, support_now(20), r.teacher, &draft, NULL, event, NULL,
                                     &r.why));
    rig_ok(&r, query_suggestions(&r.t.s, "c99", false, &r.t.a, &rows, &count, &r.why));
    assert_int_equal(rows[0].state, SUGGESTION_ACCEPTED);
    assert_string_equal(rows[0].taken_into, event);
    assert_int_equal(
        store_answer_suggestion(&r.t.s, support_now(30), r.head, id, false, "No", &r.why),
        ERR_CONFLICT);
    rig_close(&r);
}

static void suggestion_without_text_or_with_a_name_is_refused(void **state)
{
    struct suggestion_draft draft = { .doc = "c99", .text = "" };
    struct rig r;

    (void)state;
    rig_open(&r);
    assert_int_equal(store_suggest(&r.t.s, support_now(1), r.teacher, &draft, NULL, &r.why),
                     ERR_INPUT);
    draft.text = "Ask Cal Trial to hold it";
    assert_int_equal(store_suggest(&r.t.s, support_now(1), r.teacher, &draft, NULL, &r.why),
                     ERR_INPUT);
    draft.text = "Hold it";
    draft.path = "luck/1";
    assert_int_equal(store_suggest(&r.t.s, support_now(1), r.teacher, &draft, NULL, &r.why),
                     ERR_INPUT);
    draft.path = "";
    assert_int_equal(store_suggest(&r.t.s, support_now(1), "", &draft, NULL, &r.why), ERR_DENIED);
    rig_ok(&r, store_suggest(&r.t.s, support_now(1), r.teacher, &draft, NULL, &r.why));
    rig_close(&r);
}

static size_t to_read(struct rig *r, const char *person, struct to_read *first)
{
    struct to_read *rows = NULL;
    size_t count = 0;

    rig_ok(r, query_to_read(&r->t.s, r->c, person, &r->t.a, &rows, &count, &r->why));
    if (count > 0 && first != NULL)
        *first = rows[0];
    return count;
}

static void mark_read(struct rig *r, int64_t ms, const char *person)
{
    struct doc d;

    rig_ok(r, content_doc(r->c, "c99", &r->t.a, &d, &r->why));
    rig_ok(r, store_mark_read(&r->t.s, r->c, support_now(ms), person, &d, &r->why));
}

static void only_a_revision_that_changed_a_control_is_asked_for_and_once(void **state)
{
    struct to_read one;
    struct rig r;

    (void)state;
    rig_open(&r);
    assert_int_equal(to_read(&r, r.teacher, NULL), 0);
    rig_doc(&r, "revision: 2\nwhat_changed: Weaker acid\n", "0.5");
    rig_index(&r);
    assert_int_equal(to_read(&r, r.teacher, &one), 1);
    assert_string_equal(one.doc, "c99");
    assert_string_equal(one.what_changed, "Weaker acid");
    assert_int_equal(one.revision, 2);
    assert_int_equal(one.read_revision, 0);
    mark_read(&r, 10, r.teacher);
    assert_int_equal(to_read(&r, r.teacher, NULL), 0);
    assert_int_equal(to_read(&r, r.head, NULL), 1);
    /* A small one: whoever read the large one is not asked again, whoever missed it still is. */
    rig_doc(&r, "revision: 3\nmaterial: \"no\"\nwhat_changed: A comma\n", "0.5");
    rig_index(&r);
    assert_int_equal(to_read(&r, r.teacher, NULL), 0);
    assert_int_equal(to_read(&r, r.head, &one), 1);
    assert_string_equal(one.what_changed, "Weaker acid");
    mark_read(&r, 20, r.head);
    assert_int_equal(to_read(&r, r.head, NULL), 0);
    rig_doc(&r, "revision: 4\nwhat_changed: No acid\n", "0.1");
    rig_index(&r);
    assert_int_equal(to_read(&r, r.head, &one), 1);
    assert_int_equal(one.read_revision, 3);
    rig_doc(&r, "revision: 4\nwithdrawn: Not done any more\n", "0.1");
    rig_index(&r);
    assert_int_equal(to_read(&r, r.head, NULL), 0);
    rig_close(&r);
}

static void receipt_that_nobody_asks_for_never_leaves_the_kiosk(void **state)
{
    struct read_count n;
    struct read_row *rows = NULL;
    size_t count = 0;
    int revision = 0;
    struct rig r;

    (void)state;
    rig_open(&r);
    mark_read(&r, 10, r.teacher);
    mark_read(&r, 11, r.teacher);
    assert_int_equal(lines_of(&r, "document.read"), 0);
    rig_ok(&r, query_read(&r.t.s, r.teacher, "c99", "Test", &revision, &r.why));
    assert_int_equal(revision, 1);
    rig_ok(&r, query_read(&r.t.s, r.head, "c99", "Test", &revision, &r.why));
    assert_int_equal(revision, 0);
    rig_ok(&r, query_reads(&r.t.s, r.c, "c99", &r.t.a, &n, &r.why));
    assert_false(n.asked);
    assert_int_equal(n.readers, 0);
    rig_ok(&r, query_read_by(&r.t.s, r.teacher, &r.t.a, &rows, &count, &r.why));
    assert_int_equal(count, 1);
    assert_string_equal(rows[0].doc, "c99");
    rig_close(&r);
}

static void ask_for_receipts(struct rig *r, const char *yes)
{
    char path[128];
    char text[256];

    (void)str_format(path, sizeof path, "%s/employers", r->f.dir);
    (void)mkdir(path, 0700);
    (void)str_format(path, sizeof path, "%s/employers/one", r->f.dir);
    (void)mkdir(path, 0700);
    (void)str_format(text, sizeof text,
                     "name: Example Council\nkind: authority\nconstituency: S12000033\n"
                     "matrix: no\nreceipts: %s\ncontact: here\n",
                     yes);
    folder_put(&r->f, "employers/one/issuer.yaml", text);
    content_close(r->c);
    r->c = NULL;
    rig_ok(r, content_open_for(&(struct content_ask){ .data_dir = r->t.dir,
                                                      .content_dir = r->f.dir,
                                                      .constituency = "S12000033",
                                                      .school = "" },
                               &r->c, &r->why));
}

static void receipts_are_lines_and_counted_where_the_employer_asks(void **state)
{
    struct read_count n;
    struct rig r;

    (void)state;
    rig_open(&r);
    ask_for_receipts(&r, "yes");
    mark_read(&r, 10, r.teacher);
    mark_read(&r, 11, r.teacher);
    mark_read(&r, 12, r.head);
    assert_int_equal(lines_of(&r, "document.read"), 2);
    rig_ok(&r, query_reads(&r.t.s, r.c, "c99", &r.t.a, &n, &r.why));
    assert_true(n.asked);
    assert_int_equal(n.readers, 2);
    assert_int_equal(n.people, 3);
    ask_for_receipts(&r, "no");
    mark_read(&r, 13, r.technician);
    assert_int_equal(lines_of(&r, "document.read"), 2);
    rig_ok(&r, query_reads(&r.t.s, r.c, "c99", &r.t.a, &n, &r.why));
    assert_false(n.asked);
    rig_close(&r);
}

static void latest_mark_stands_and_all_are_kept(void **state)
{
    struct considered_row row;
    struct considered_row *rows = NULL;
    size_t count = 0;
    struct rig r;

    (void)state;
    rig_open(&r);
    rig_ok(&r, query_considered(&r.t.s, "b273", "a1", &r.t.a, &row, &r.why));
    assert_int_equal(row.mark, CONSIDERED_NOT);
    rig_ok(&r, store_consider(&r.t.s, support_now(1), r.teacher, "b273", "a1", CONSIDERED_ASK, "",
                              &r.why));
    rig_ok(&r, store_consider(&r.t.s, support_now(2), r.head, "b273", "a1", CONSIDERED_CHANGED,
                              "New screens bought", &r.why));
    assert_int_equal(
        store_consider(&r.t.s, support_now(3), r.head, "b273", "a1", CONSIDERED_NOT, "", &r.why),
        ERR_INPUT);
    rig_ok(&r, query_considered(&r.t.s, "b273", "a1", &r.t.a, &row, &r.why));
    assert_int_equal(row.mark, CONSIDERED_CHANGED);
    assert_string_equal(row.person_name, "Bea Sample");
    assert_string_equal(row.note, "New screens bought");
    rig_ok(&r, query_considered(&r.t.s, "b273", "a2", &r.t.a, &row, &r.why));
    assert_int_equal(row.mark, CONSIDERED_NOT);
    rig_ok(&r, query_considered_all(&r.t.s, "", &r.t.a, &rows, &count, &r.why));
    assert_int_equal(count, 2);
    assert_int_equal(rows[1].mark, CONSIDERED_ASK);
    rig_close(&r);
}

/* ---- review ---- */

static size_t triggers(struct rig *r, int32_t today, struct review_trigger **out)
{
    size_t count = 0;

    rig_ok(r, query_review_triggers(&r->t.s, r->c, "c99", today, &r->t.a, out, &count, &r->why));
    return count;
}

static void put_bulletin(struct rig *r)
{
    folder_put(
        &r->f, "docs/b273.md",
        "---\nid: b273\nkind: bulletin\ntitle: Bulletin 273\nissuer: Test\nsummary: S.\n"
        "series: SSERC Bulletin\nnumber: 273\npublished: 2026-11-10\narticles:\n"
        "  - { id: a1, title: Marble revisited, gist: Words, relates: [c99] }\n"
        "  - { id: a2, title: Other things, gist: Words, relates: [magnesium] }\n---\nBody\n");
}

static void document_is_reviewed_when_something_it_stands_on_changed(void **state)
{
    struct review_trigger *rows = NULL;
    char cooker[KEYS_RANDOM_ID];
    char fail[EVENT_ID_TEXT];
    struct adaptation x;
    struct doc d;
    struct rig r;

    (void)state;
    rig_open(&r);
    assert_int_equal(triggers(&r, RIG_DAY, &rows), 0);
    put_bulletin(&r);
    rig_index(&r);
    assert_int_equal(triggers(&r, RIG_DAY, &rows), 1);
    assert_int_equal(rows[0].kind, REVIEW_BULLETIN);
    assert_string_equal(rows[0].words, "«Marble revisited» may affect this (10 Nov 2026)");
    rig_ok(&r, store_consider(&r.t.s, support_now(1), r.head, "b273", "a2", CONSIDERED_NO_CHANGE,
                              "", &r.why));
    assert_int_equal(triggers(&r, RIG_DAY, &rows), 1);
    rig_ok(&r, store_consider(&r.t.s, support_now(2), r.head, "b273", "a1", CONSIDERED_NO_CHANGE,
                              "", &r.why));
    assert_int_equal(triggers(&r, RIG_DAY, &rows), 0);
    support_item(&r.t, 10, "EXA-1", "cooker", cooker);
    support_check(&r.t, 11, cooker, "week", OUTCOME_FAIL, NULL, fail);
    assert_int_equal(triggers(&r, RIG_DAY, &rows), 1);
    assert_int_equal(rows[0].kind, REVIEW_EQUIPMENT);
    assert_string_equal(rows[0].words, "EXA-1 failed a check on 22 Nov 2026");
    /* Before that day it has not. */
    assert_int_equal(triggers(&r, RIG_DAY - 1, &rows), 0);
    rig_ok(&r, content_doc(r.c, "c99", &r.t.a, &d, &r.why));
    rig_ok(&r, store_review_document(&r.t.s, support_now(20), r.head, &d, NULL, 0, &r.why));
    assert_int_equal(triggers(&r, RIG_DAY, &rows), 0);
    x = rig_tight(&r, "5B1");
    (void)rig_sign(&r, 30, r.teacher, &x, NULL);
    rig_doc(&r, "revision: 2\nrevised: 2026-11-12\nreview_on: 2026-12-24\n", "0.5");
    rig_index(&r);
    assert_int_equal(triggers(&r, RIG_DAY, &rows), 1);
    assert_int_equal(rows[0].kind, REVIEW_MODEL);
    assert_int_equal(triggers(&r, RIG_DAY + 40, &rows), 1);
    assert_int_equal(rows[0].kind, REVIEW_DATE);
    rig_close(&r);
}

static void tell(struct rig *r, int64_t ms, enum incident_kind kind, int32_t day, const char *words,
                 char out[EVENT_ID_TEXT])
{
    const struct incident_draft draft = { .doc = "c99", .kind = kind, .day = day, .words = words };

    rig_ok(r, store_incident(&r->t.s, support_now(ms), r->technician, &draft, out, &r->why));
}

static void incident_stands_until_somebody_competent_looked_at_that_one(void **state)
{
    struct review_trigger *rows = NULL;
    struct incident_row *told = NULL;
    char first[EVENT_ID_TEXT];
    char second[EVENT_ID_TEXT];
    const char *seen[1] = { first };
    size_t count = 0;
    struct doc d;
    struct rig r;

    (void)state;
    rig_open(&r);
    tell(&r, 10, INCIDENT_NEAR_MISS, RIG_DAY - 2, "A tube cracked in the clamp", first);
    assert_int_equal(triggers(&r, RIG_DAY, &rows), 1);
    assert_int_equal(rows[0].kind, REVIEW_INCIDENT);
    assert_string_equal(rows[0].words, "Near miss on 20 Nov 2026");
    assert_string_equal(rows[0].ref, first);
    rig_ok(&r, content_doc(r.c, "c99", &r.t.a, &d, &r.why));
    /* Nobody without the competence, whoever told it. */
    assert_int_equal(
        store_review_document(&r.t.s, support_now(11), r.technician, &d, seen, 1, &r.why),
        ERR_DENIED);
    assert_int_equal(triggers(&r, RIG_DAY, &rows), 1);
    /* A review that was made before one was told of the second leaves the second. */
    tell(&r, 12, INCIDENT_ACCIDENT, RIG_DAY, "Acid on a hand", second);
    rig_ok(&r, store_review_document(&r.t.s, support_now(13), r.head, &d, seen, 1, &r.why));
    assert_int_equal(triggers(&r, RIG_DAY, &rows), 1);
    assert_string_equal(rows[0].ref, second);
    rig_ok(&r, query_incidents(&r.t.s, "c99", &r.t.a, &told, &count, &r.why));
    assert_int_equal(count, 2);
    assert_string_equal(told[0].id, second);
    assert_false(told[0].seen);
    assert_string_equal(told[0].words, "Acid on a hand");
    assert_int_equal(told[0].kind, INCIDENT_ACCIDENT);
    assert_int_equal(told[0].day, RIG_DAY);
    assert_true(told[1].seen);
    /* A new revision of the document is no look at what went wrong. */
    rig_doc(&r, "revision: 2\nrevised: 2026-11-22\n", "0.5");
    rig_index(&r);
    assert_int_equal(triggers(&r, RIG_DAY, &rows), 1);
    rig_close(&r);
}

static void incident_names_nobody_and_lies_in_no_future(void **state)
{
    char words[READING_INCIDENT_MAX + 2];
    struct incident_draft draft = {
        .doc = "c99", .kind = INCIDENT_NEAR_MISS, .day = RIG_DAY, .words = words
    };
    struct rig r;

    (void)state;
    rig_open(&r);
    memset(words, 'x', sizeof words);
    words[READING_INCIDENT_MAX + 1] = '\0';
    assert_int_not_equal(store_incident(&r.t.s, support_now(10), r.teacher, &draft, NULL, &r.why),
                         ERR_OK);
    words[READING_INCIDENT_MAX] = '\0';
    rig_ok(&r, store_incident(&r.t.s, support_now(10), r.teacher, &draft, NULL, &r.why));
    draft.words = "bea sample dropped the flask";
    assert_int_equal(store_incident(&r.t.s, support_now(11), r.teacher, &draft, NULL, &r.why),
                     ERR_INPUT);
    draft.words = "";
    assert_int_not_equal(store_incident(&r.t.s, support_now(11), r.teacher, &draft, NULL, &r.why),
                         ERR_OK);
    draft.words = "A flask fell";
    draft.day = RIG_DAY + 1;
    assert_int_equal(store_incident(&r.t.s, support_now(11), r.teacher, &draft, NULL, &r.why),
                     ERR_INPUT);
    draft.day = RIG_DAY;
    draft.kind = INCIDENT_NONE;
    assert_int_equal(store_incident(&r.t.s, support_now(11), r.teacher, &draft, NULL, &r.why),
                     ERR_INPUT);
    draft.kind = INCIDENT_ACCIDENT;
    assert_int_equal(store_incident(&r.t.s, support_now(11), "", &draft, NULL, &r.why), ERR_DENIED);
    rig_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(suggestions_are_accepted_or_declined_and_both_are_kept),
        cmocka_unit_test(suggestion_taken_into_an_adaptation_is_answered_by_it),
        cmocka_unit_test(suggestion_without_text_or_with_a_name_is_refused),
        cmocka_unit_test(only_a_revision_that_changed_a_control_is_asked_for_and_once),
        cmocka_unit_test(receipt_that_nobody_asks_for_never_leaves_the_kiosk),
        cmocka_unit_test(receipts_are_lines_and_counted_where_the_employer_asks),
        cmocka_unit_test(latest_mark_stands_and_all_are_kept),
        cmocka_unit_test(document_is_reviewed_when_something_it_stands_on_changed),
        cmocka_unit_test(incident_stands_until_somebody_competent_looked_at_that_one),
        cmocka_unit_test(incident_names_nobody_and_lies_in_no_future),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
