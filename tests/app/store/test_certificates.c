/* Certificates of items: what is attached is listed, what is taken back is not, in whatever order the lines came. */
#include "app/domain/caldate.h"
#include "app/store/certificates.h"
#include "tests/app/store/support.h"

#define HASH "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static struct certificate paper(const char *title, int32_t day)
{
    return (struct certificate){ .item = "I1",
                                 .title = title,
                                 .sort = "calibration",
                                 .day = day,
                                 .until = CALDATE_NONE,
                                 .sha256 = HASH,
                                 .type = "application/pdf",
                                 .name = "scan 1.pdf",
                                 .bytes = 5000 };
}

static size_t listed(struct support_store *t, const char *check, struct certificate **out)
{
    size_t count = 0;
    struct why why = { 0 };
    support_ok(query_certificates(&t->s, "I1", check, &t->a, out, &count, &why), &why);
    return count;
}

static void what_is_attached_is_listed_by_its_day_and_read_back(void **state)
{
    struct certificate old = paper("Certificate 2025", 20400);
    struct certificate fresh = paper("Certificate 2026", 20765);
    struct certificate *rows = NULL;
    struct certificate one;
    struct support_store t;
    char event[EVENT_ID_TEXT];
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    fresh.until = 21130;
    fresh.check = "dev:7";
    support_ok(store_add_certificate(&t.s, support_now(0), "P1", &fresh, event, &why), &why);
    support_ok(store_add_certificate(&t.s, support_now(1), "P1", &old, NULL, &why), &why);
    assert_int_equal(listed(&t, "", &rows), 2);
    assert_string_equal(rows[0].title, "Certificate 2026");
    assert_string_equal(rows[1].title, "Certificate 2025");
    assert_int_equal(rows[1].until, CALDATE_NONE);
    assert_int_equal(listed(&t, "dev:7", &rows), 1);
    assert_int_equal(listed(&t, "dev:8", &rows), 0);
    support_ok(query_certificate(&t.s, event, &t.a, &one, &why), &why);
    assert_string_equal(one.sha256, HASH);
    assert_string_equal(one.name, "scan 1.pdf");
    assert_string_equal(one.actor, "P1");
    assert_int_equal(one.until, 21130);
    assert_int_equal(one.bytes, 5000);
    support_close(&t);
}

static void what_is_taken_back_is_listed_no_longer_and_only_once(void **state)
{
    struct certificate c = paper("Wrong item", 20765);
    struct certificate *rows = NULL;
    struct support_store t;
    char event[EVENT_ID_TEXT];
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    support_ok(store_add_certificate(&t.s, support_now(0), "P1", &c, event, &why), &why);
    assert_int_equal(store_withdraw_certificate(&t.s, support_now(1), "P1", event, "", &why),
                     ERR_INPUT);
    assert_int_equal(store_withdraw_certificate(&t.s, support_now(1), "", event, "Slip", &why),
                     ERR_DENIED);
    support_ok(store_withdraw_certificate(&t.s, support_now(1), "P1", event, "Slip", &why), &why);
    assert_int_equal(listed(&t, "", &rows), 0);
    assert_int_equal(store_withdraw_certificate(&t.s, support_now(2), "P1", event, "Slip", &why),
                     ERR_NOT_FOUND);
    support_close(&t);
}

static void what_is_not_whole_is_refused(void **state)
{
    struct certificate bad[4];
    struct certificate *rows = NULL;
    struct support_store t;
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        bad[i] = paper("Title", 20765);
    bad[0].title = "";
    bad[1].item = "";
    bad[2].until = 20764;
    bad[3].sha256 = "";
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(store_add_certificate(&t.s, support_now(0), "P1", &bad[i], NULL, &why),
                         ERR_INPUT);
    bad[0] = paper("Title", 20765);
    assert_int_equal(store_add_certificate(&t.s, support_now(0), NULL, &bad[0], NULL, &why),
                     ERR_DENIED);
    bad[0].type = "text/html";
    assert_int_equal(store_add_certificate(&t.s, support_now(0), "P1", &bad[0], NULL, &why),
                     ERR_INPUT);
    assert_int_equal(listed(&t, "", &rows), 0);
    support_close(&t);
}

static void another_kiosk_shows_the_same_whichever_line_came_first(void **state)
{
    struct certificate stays = paper("Stays", 20765);
    struct certificate goes = paper("Goes", 20766);
    struct support_lines lines = { .count = 0 };
    struct certificate *rows = NULL;
    struct support_store t;
    struct support_store other;
    char event[EVENT_ID_TEXT];
    char ours[KEYS_ID_TEXT];
    char theirs[KEYS_ID_TEXT];
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    support_open(&other);
    support_ok(store_add_certificate(&t.s, support_now(0), "P1", &stays, NULL, &why), &why);
    support_ok(store_add_certificate(&t.s, support_now(1), "P1", &goes, event, &why), &why);
    support_ok(store_withdraw_certificate(&t.s, support_now(2), "P1", event, "Slip", &why), &why);
    support_take_lines(&t, &lines);
    assert_int_equal(lines.count, 3);
    (void)support_give(&other, &lines);
    assert_int_equal(listed(&other, "", &rows), 1);
    assert_string_equal(rows[0].title, "Stays");
    support_ok(store_rebuild(&other.s, &why), &why);
    support_ok(store_digest(&t.s, ours, &why), &why);
    support_ok(store_digest(&other.s, theirs, &why), &why);
    assert_string_equal(ours, theirs);
    support_free_lines(&lines);
    support_close(&other);
    support_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_attached_is_listed_by_its_day_and_read_back),
        cmocka_unit_test(what_is_taken_back_is_listed_no_longer_and_only_once),
        cmocka_unit_test(what_is_not_whole_is_refused),
        cmocka_unit_test(another_kiosk_shows_the_same_whichever_line_came_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
