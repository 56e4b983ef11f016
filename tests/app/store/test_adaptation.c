#include "tests/app/store/reading_rig.h"

static void copy_that_tightens_is_in_force_by_its_author(void **state)
{
    struct adaptation_row row;
    struct rig_signed got;
    struct adaptation x;
    struct rig r;

    (void)state;
    rig_open(&r);
    x = rig_tight(&r, "5B1");
    got = rig_sign(&r, 100, r.teacher, &x, NULL);
    assert_int_equal(got.effect, ADAPT_TIGHTENS);
    row = rig_row(&r, got.event, RIG_DAY);
    assert_int_equal(row.state, ADAPT_IN_FORCE);
    assert_false(row.needs_approval);
    assert_string_equal(row.author_name, "Ada Example (test)");
    assert_string_equal(row.approver, "");
    assert_string_equal(row.adaptation.class_name, "5B1");
    assert_true(adapt_same(row.adaptation.mine, x.mine));
    assert_true(adapt_same(row.adaptation.base, x.base));
    assert_string_equal(row.state_why, "");
    /* On its last day still, and not on the next. */
    assert_int_equal(rig_row(&r, got.event, RIG_DAY + 30).state, ADAPT_IN_FORCE);
    assert_int_equal(rig_row(&r, got.event, RIG_DAY + 31).state, ADAPT_ENDED);
    rig_close(&r);
}

static void copy_that_loosens_waits_for_another_person_with_the_competence(void **state)
{
    struct adaptation_row row;
    struct rig_signed got;
    struct adaptation x;
    struct rig r;

    (void)state;
    rig_open(&r);
    x = rig_loose(&r, "5B1");
    got = rig_sign(&r, 100, r.head, &x, NULL);
    assert_int_equal(got.effect, ADAPT_LOOSENS);
    assert_int_equal(rig_state(&r, got.event), ADAPT_AWAITING);
    /* Its author may not, though she has the competence; the others have none. */
    assert_int_equal(store_approve_adaptation(&r.t.s, support_now(200), r.head, got.event, &r.why),
                     ERR_DENIED);
    assert_int_equal(
        store_approve_adaptation(&r.t.s, support_now(200), r.teacher, got.event, &r.why),
        ERR_DENIED);
    assert_non_null(strstr(r.why.text, "may approve"));
    assert_int_equal(store_approve_adaptation(&r.t.s, support_now(200), "", got.event, &r.why),
                     ERR_DENIED);
    rig_ok(&r,
           store_grant(&r.t.s, support_now(300), "", r.teacher, "PT", "2026-11-21", "", &r.why));
    assert_int_equal(
        store_approve_adaptation(&r.t.s, support_now(400), r.teacher, got.event, &r.why),
        ERR_DENIED);
    assert_int_equal(rig_state(&r, got.event), ADAPT_AWAITING);
    rig_ok(&r,
           store_grant(&r.t.s, support_now(500), "", r.teacher, "PT", "2026-11-22", "", &r.why));
    rig_ok(&r, store_approve_adaptation(&r.t.s, support_now(600), r.teacher, got.event, &r.why));
    row = rig_row(&r, got.event, RIG_DAY);
    assert_int_equal(row.state, ADAPT_IN_FORCE);
    assert_string_equal(row.approver_name, "Ada Example (test)");
    /* The competence that lapses later does not undo what was approved in its time. */
    rig_ok(&r,
           store_grant(&r.t.s, support_now(700), "", r.teacher, "PT", "2026-01-01", "", &r.why));
    assert_int_equal(rig_state(&r, got.event), ADAPT_IN_FORCE);
    assert_int_equal(
        store_approve_adaptation(&r.t.s, support_now(800), r.teacher, got.event, &r.why),
        ERR_DENIED);
    rig_close(&r);
}

static void record_mark(struct rig *r, int64_t ms, const char *kind, const char *actor,
                        const char *event)
{
    char body[256];
    const struct event_draft draft = { .kind = kind, .actor = actor, .body = body };

    (void)str_format(body, sizeof body, "{\"adaptation\":\"%s\"}", event);
    rig_ok(r, store_record(&r->t.s, support_now(ms), &draft, NULL, &r->why));
}

static void approval_line_that_should_not_have_been_written_does_not_count(void **state)
{
    struct rig_signed got;
    struct adaptation x;
    struct rig r;

    (void)state;
    rig_open(&r);
    x = rig_loose(&r, "5B1");
    got = rig_sign(&r, 100, r.head, &x, NULL);
    record_mark(&r, 200, "assessment.approved", r.head, got.event);
    assert_int_equal(rig_state(&r, got.event), ADAPT_AWAITING);
    record_mark(&r, 201, "assessment.approved", r.technician, got.event);
    assert_int_equal(rig_state(&r, got.event), ADAPT_AWAITING);
    rig_close(&r);
}

static void line_that_claims_to_tighten_is_judged_by_what_it_changes(void **state)
{
    char body[EVENT_LINE_MAX];
    struct event_draft draft = { .kind = "assessment.adapted", .subject = "a1", .body = body };
    char id[EVENT_ID_TEXT];
    struct rig r;

    (void)state;
    rig_open(&r);
    draft.actor = r.teacher;
    (void)str_format(body, sizeof body,
                     "{\"model\":\"c99\",\"revision\":1,\"issuer\":\"Test\",\"class\":\"5B1\","
                     "\"stage\":\"N5\",\"until\":\"2026-12-24\",\"effect\":\"tightens\","
                     "\"needs_approval\":false,"
                     "\"base\":[{\"path\":\"ppe/m004\",\"text\":\"m004\"},"
                     "{\"path\":\"mode\",\"text\":\"pupils\"}],\"mine\":[1]}");
    rig_ok(&r, store_record(&r.t.s, support_now(100), &draft, id, &r.why));
    assert_int_equal(rig_state(&r, id), ADAPT_AWAITING);
    assert_int_equal(rig_row(&r, id, RIG_DAY).effect, ADAPT_LOOSENS);
    rig_close(&r);
}

static void signed_anew_the_earlier_version_is_superseded_and_not_approved_any_more(void **state)
{
    struct rig_signed first;
    struct rig_signed second;
    struct rig_signed third;
    struct adaptation_row *rows = NULL;
    struct adaptation x;
    size_t count = 0;
    struct rig r;

    (void)state;
    rig_open(&r);
    x = rig_tight(&r, "5B1");
    first = rig_sign(&r, 100, r.teacher, &x, NULL);
    x = rig_loose(&r, "5B1");
    second = rig_sign(&r, 200, r.teacher, &x, first.id);
    assert_string_equal(second.id, first.id);
    /* What waits leaves the earlier one in force. */
    assert_int_equal(rig_state(&r, first.event), ADAPT_IN_FORCE);
    assert_int_equal(rig_state(&r, second.event), ADAPT_AWAITING);
    x = rig_tight(&r, "5B1");
    third = rig_sign(&r, 300, r.teacher, &x, first.id);
    assert_int_equal(rig_state(&r, first.event), ADAPT_SUPERSEDED);
    assert_int_equal(rig_state(&r, second.event), ADAPT_SUPERSEDED);
    assert_int_equal(
        store_approve_adaptation(&r.t.s, support_now(400), r.head, second.event, &r.why),
        ERR_CONFLICT);
    assert_int_equal(
        store_approve_adaptation(&r.t.s, support_now(400), r.head, third.event, &r.why),
        ERR_CONFLICT);
    rig_ok(&r, query_versions(&r.t.s, r.c, first.id, RIG_DAY, &r.t.a, &rows, &count, &r.why));
    assert_int_equal(count, 3);
    assert_string_equal(rows[0].event, third.event);
    assert_string_equal(rows[2].event, first.event);
    rig_close(&r);
}

static void declined_and_withdrawn_ones_say_who_and_why_and_never_come_back(void **state)
{
    struct rig_signed first;
    struct rig_signed second;
    struct adaptation_row row;
    struct adaptation x;
    struct rig r;

    (void)state;
    rig_open(&r);
    x = rig_tight(&r, "5B1");
    first = rig_sign(&r, 100, r.teacher, &x, NULL);
    x = rig_loose(&r, "5B1");
    second = rig_sign(&r, 200, r.teacher, &x, first.id);
    assert_int_equal(
        store_decline_adaptation(&r.t.s, support_now(300), r.head, second.event, "", &r.why),
        ERR_INPUT);
    rig_ok(&r, store_decline_adaptation(&r.t.s, support_now(300), r.head, second.event,
                                        "Too strong for them", &r.why));
    row = rig_row(&r, second.event, RIG_DAY);
    assert_int_equal(row.state, ADAPT_DECLINED);
    assert_string_equal(row.ended_by, "Bea Sample");
    assert_string_equal(row.ended_why, "Too strong for them");
    assert_int_equal(
        store_approve_adaptation(&r.t.s, support_now(400), r.head, second.event, &r.why),
        ERR_CONFLICT);
    assert_int_equal(rig_state(&r, first.event), ADAPT_IN_FORCE);
    assert_int_equal(store_withdraw_adaptation(&r.t.s, support_now(500), r.technician, first.event,
                                               "Class changed", &r.why),
                     ERR_DENIED);
    rig_ok(&r, store_withdraw_adaptation(&r.t.s, support_now(500), r.teacher, first.event,
                                         "Class changed", &r.why));
    assert_int_equal(rig_state(&r, first.event), ADAPT_WITHDRAWN);
    assert_int_equal(store_withdraw_adaptation(&r.t.s, support_now(600), r.teacher, first.event,
                                               "Again", &r.why),
                     ERR_CONFLICT);
    rig_close(&r);
}

static void what_cannot_be_signed_is_refused_and_nothing_is_written(void **state)
{
    struct adaptation_draft draft = { 0 };
    const char *none = "x:1";
    struct rig_signed got;
    struct adaptation x;
    struct adaptation_row *rows = NULL;
    size_t count = 0;
    struct rig r;

    (void)state;
    rig_open(&r);
    x = rig_tight(&r, "5B1");
    draft.adaptation = &x;
#define REFUSED(actor_, rc_)                                                                       \
    assert_int_equal(                                                                              \
        store_sign_adaptation(&r.t.s, support_now(100), actor_, &draft, NULL, NULL, NULL, &r.why), \
        rc_)
    REFUSED("", ERR_DENIED);
    draft.id = "nobody";
    REFUSED(r.teacher, ERR_NOT_FOUND);
    draft.id = NULL;
    draft.accepts = &none;
    draft.accept_count = 1;
    REFUSED(r.teacher, ERR_NOT_FOUND);
    draft.accept_count = 0;
    x.until = RIG_DAY - 1;
    REFUSED(r.teacher, ERR_INPUT);
    x.until = RIG_DAY;
    x.class_name = "";
    REFUSED(r.teacher, ERR_INPUT);
    x.class_name = "5B1";
    x.note = "bea sample takes the left bench";
    REFUSED(r.teacher, ERR_INPUT);
    assert_non_null(strstr(r.why.text, "Leave names out"));
    x.note = "ADA EXAMPLE holds the flask";
    REFUSED(r.teacher, ERR_INPUT);
    x.note = "";
    got = rig_sign(&r, 200, r.teacher, &x, NULL);
    x.model = "c98";
    draft.id = got.id;
    REFUSED(r.teacher, ERR_CONFLICT);
#undef REFUSED
    assert_int_equal(store_approve_adaptation(&r.t.s, support_now(300), r.head, "x:1", &r.why),
                     ERR_NOT_FOUND);
    assert_int_equal(store_approve_adaptation(&r.t.s, support_now(300), r.head, "", &r.why),
                     ERR_NOT_FOUND);
    rig_ok(&r, query_adaptations(&r.t.s, r.c,
                                 &(struct adaptation_ask){ .past = true, .today = RIG_DAY }, &r.t.a,
                                 &rows, &count, &r.why));
    assert_int_equal(count, 1);
    rig_close(&r);
}

static void copy_too_large_for_a_line_is_refused_and_its_draft_stays(void **state)
{
    struct adaptation_draft draft = { 0 };
    struct adaptation_saved saved;
    char text[ADAPT_TYPED_MAX + 1];
    struct adaptation x;
    bool found = false;
    struct rig r;

    (void)state;
    rig_open(&r);
    x = rig_tight(&r, "5B1");
    rig_ok(&r, store_adaptation_draft_put(&r.t.s, support_now(1), r.teacher, "", &x, &r.why));
    memset(text, '"', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (int i = 0; i < 200; i++)
        rig_ok(&r, adapt_add(&r.t.a, &x, "control", text, NULL, &r.why));
    draft.adaptation = &x;
    assert_int_equal(store_sign_adaptation(&r.t.s, support_now(100), r.teacher, &draft, NULL, NULL,
                                           NULL, &r.why),
                     ERR_LIMIT);
    rig_ok(&r,
           store_adaptation_draft_get(&r.t.s, r.teacher, "c99", &r.t.a, &saved, &found, &r.why));
    assert_true(found);
    rig_close(&r);
}

static void revised_model_asks_to_look_again_until_signed_anew(void **state)
{
    struct rig_signed got;
    struct rig_signed again;
    struct adaptation_row row;
    struct adaptation_row *rows = NULL;
    struct adaptation x;
    size_t count = 0;
    struct rig r;

    (void)state;
    rig_open(&r);
    x = rig_tight(&r, "5B1");
    got = rig_sign(&r, 100, r.teacher, &x, NULL);
    rig_doc(&r, "revision: 2\nrevised: 2026-11-21\nwhat_changed: Weaker acid\n", "0.5");
    rig_index(&r);
    row = rig_row(&r, got.event, RIG_DAY);
    assert_int_equal(row.state, ADAPT_LOOK_AGAIN);
    assert_false(adapt_state_usable(row.state));
    assert_string_equal(row.state_why,
                        "The model is at revision 2 now; this was signed at revision 1.");
    rig_ok(&r, query_adaptations(&r.t.s, r.c,
                                 &(struct adaptation_ask){ .look_again = true, .today = RIG_DAY },
                                 &r.t.a, &rows, &count, &r.why));
    assert_int_equal(count, 1);
    x = rig_tight(&r, "5B1");
    again = rig_sign(&r, 200, r.teacher, &x, got.id);
    assert_int_equal(rig_state(&r, again.event), ADAPT_IN_FORCE);
    assert_int_equal(rig_state(&r, got.event), ADAPT_SUPERSEDED);
    /* Changed without a new number: the lines tell. */
    rig_doc(&r, "revision: 2\nrevised: 2026-11-21\nwhat_changed: Weaker acid\n", "0.4");
    rig_index(&r);
    assert_int_equal(rig_state(&r, again.event), ADAPT_LOOK_AGAIN);
    rig_doc(&r, "withdrawn: A better way was found\n", "0.5");
    rig_index(&r);
    row = rig_row(&r, again.event, RIG_DAY);
    assert_string_equal(row.state_why, "The model was withdrawn: A better way was found");
    rig_close(&r);
}

static void review_day_of_the_model_shows(void **state)
{
    struct rig_signed got;
    struct adaptation x;
    struct rig r;

    (void)state;
    rig_open(&r);
    rig_doc(&r, "review_on: 2026-11-30\n", "1");
    rig_index(&r);
    x = rig_tight(&r, "5B1");
    got = rig_sign(&r, 100, r.teacher, &x, NULL);
    assert_int_equal(rig_row(&r, got.event, RIG_DAY + 7).state, ADAPT_IN_FORCE);
    assert_int_equal(rig_row(&r, got.event, RIG_DAY + 8).state, ADAPT_REVIEW_DUE);
    rig_close(&r);
}

static void lists_show_what_is_asked_for_usable_ones_first(void **state)
{
    struct adaptation_row *rows = NULL;
    struct adaptation x;
    size_t count = 0;
    struct rig r;

    (void)state;
    rig_open(&r);
    x = rig_loose(&r, "4A");
    (void)rig_sign(&r, 100, r.teacher, &x, NULL);
    x = rig_tight(&r, "5B10");
    (void)rig_sign(&r, 101, r.teacher, &x, NULL);
    x = rig_tight(&r, "5B9");
    (void)rig_sign(&r, 102, r.head, &x, NULL);
    rig_ok(&r, query_adaptations(&r.t.s, r.c,
                                 &(struct adaptation_ask){ .doc = "c99", .today = RIG_DAY }, &r.t.a,
                                 &rows, &count, &r.why));
    assert_int_equal(count, 3);
    assert_string_equal(rows[0].adaptation.class_name, "5B9");
    assert_string_equal(rows[1].adaptation.class_name, "5B10");
    assert_string_equal(rows[2].adaptation.class_name, "4A");
    rig_ok(&r, query_adaptations(&r.t.s, NULL,
                                 &(struct adaptation_ask){ .awaiting = true, .today = RIG_DAY },
                                 &r.t.a, &rows, &count, &r.why));
    assert_int_equal(count, 1);
    rig_ok(&r, query_adaptations(&r.t.s, r.c,
                                 &(struct adaptation_ask){ .author = r.head, .today = RIG_DAY },
                                 &r.t.a, &rows, &count, &r.why));
    assert_int_equal(count, 1);
    rig_ok(&r, query_adaptations(&r.t.s, r.c,
                                 &(struct adaptation_ask){ .doc = "c98", .today = RIG_DAY }, &r.t.a,
                                 &rows, &count, &r.why));
    assert_int_equal(count, 0);
    rig_close(&r);
}

static void draft_is_kept_for_each_person_and_document_until_it_is_signed(void **state)
{
    struct adaptation_saved saved;
    struct adaptation_saved *list = NULL;
    struct adaptation x;
    size_t count = 0;
    bool found = false;
    struct rig r;

    (void)state;
    rig_open(&r);
    x = rig_tight(&r, "5B1");
    x.until = CALDATE_NONE;
    rig_ok(&r, store_adaptation_draft_put(&r.t.s, support_now(1), r.teacher, "", &x, &r.why));
    x.class_name = "5B2";
    rig_ok(&r, store_adaptation_draft_put(&r.t.s, support_now(2), r.teacher, "", &x, &r.why));
    x.class_name = "4C";
    rig_ok(&r, store_adaptation_draft_put(&r.t.s, support_now(3), r.head, "a9", &x, &r.why));
    assert_int_equal(store_adaptation_draft_put(&r.t.s, support_now(3), "", "", &x, &r.why),
                     ERR_DENIED);
    support_reopen(&r.t);
    rig_ok(&r,
           store_adaptation_draft_get(&r.t.s, r.teacher, "c99", &r.t.a, &saved, &found, &r.why));
    assert_true(found);
    assert_string_equal(saved.adaptation.class_name, "5B2");
    assert_true(adapt_same(saved.adaptation.mine, x.mine));
    rig_ok(&r, store_adaptation_draft_list(&r.t.s, r.head, &r.t.a, &list, &count, &r.why));
    assert_int_equal(count, 1);
    assert_string_equal(list[0].id, "a9");
    saved.adaptation.until = RIG_DAY;
    (void)rig_sign(&r, 100, r.teacher, &saved.adaptation, NULL);
    rig_ok(&r,
           store_adaptation_draft_get(&r.t.s, r.teacher, "c99", &r.t.a, &saved, &found, &r.why));
    assert_false(found);
    rig_ok(&r, store_adaptation_draft_drop(&r.t.s, r.head, "c99", &r.why));
    rig_ok(&r, store_adaptation_draft_get(&r.t.s, r.head, "c99", &r.t.a, &saved, &found, &r.why));
    assert_false(found);
    rig_close(&r);
}

static void prep_room_assessment_needs_no_class(void **state)
{
    struct adaptation_draft draft = { .prep = true };
    char event[EVENT_ID_TEXT];
    struct adaptation x;
    struct rig r;

    (void)state;
    rig_open(&r);
    x = rig_tight(&r, "");
    draft.adaptation = &x;
    rig_ok(&r, store_sign_adaptation(&r.t.s, support_now(100), r.technician, &draft, NULL, event,
                                     NULL, &r.why));
    assert_true(rig_row(&r, event, RIG_DAY).prep);
    assert_int_equal(rig_state(&r, event), ADAPT_IN_FORCE);
    rig_close(&r);
}

/* Which version is in force hangs on all of them: a list that lost its end would show an old one as current. */
static void more_versions_than_are_read_are_refused_in_words_and_never_cut(void **state)
{
    static const char many[] =
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < %d)"
        " insert into adaptation select event || ':' || i, adaptation || i, hlc, device, seq, "
        "actor,"
        " at_ms, trust, doc, effect, needs, until, prep, '', body from adaptation, n"
        " where event = '%s'";
    struct adaptation_ask ask = { .today = RIG_DAY };
    struct adaptation_row *rows = NULL;
    char sql[512];
    size_t count = 0;
    struct rig r;

    (void)state;
    rig_open(&r);
    struct adaptation x = rig_tight(&r, "4B1");
    struct rig_signed got = rig_sign(&r, 100, r.teacher, &x, NULL);
    assert_true(str_format(sql, sizeof sql, many, 10000, got.event));
    rig_ok(&r, db_exec(&r.t.s.db, sql, &r.why));
    assert_int_equal(query_adaptations(&r.t.s, r.c, &ask, &r.t.a, &rows, &count, &r.why),
                     ERR_LIMIT);
    assert_non_null(strstr(r.why.text, "more than 10000 versions"));
    /* Of one document by its id they are read as ever. */
    rig_ok(&r, query_versions(&r.t.s, r.c, got.id, RIG_DAY, &r.t.a, &rows, &count, &r.why));
    assert_int_equal(count, 1);
    rig_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copy_that_tightens_is_in_force_by_its_author),
        cmocka_unit_test(copy_that_loosens_waits_for_another_person_with_the_competence),
        cmocka_unit_test(approval_line_that_should_not_have_been_written_does_not_count),
        cmocka_unit_test(line_that_claims_to_tighten_is_judged_by_what_it_changes),
        cmocka_unit_test(signed_anew_the_earlier_version_is_superseded_and_not_approved_any_more),
        cmocka_unit_test(declined_and_withdrawn_ones_say_who_and_why_and_never_come_back),
        cmocka_unit_test(what_cannot_be_signed_is_refused_and_nothing_is_written),
        cmocka_unit_test(copy_too_large_for_a_line_is_refused_and_its_draft_stays),
        cmocka_unit_test(revised_model_asks_to_look_again_until_signed_anew),
        cmocka_unit_test(review_day_of_the_model_shows),
        cmocka_unit_test(lists_show_what_is_asked_for_usable_ones_first),
        cmocka_unit_test(draft_is_kept_for_each_person_and_document_until_it_is_signed),
        cmocka_unit_test(prep_room_assessment_needs_no_class),
        cmocka_unit_test(more_versions_than_are_read_are_refused_in_words_and_never_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
