/* A check that holds another one serves for it: who tested a lamp today has looked at it today. */

#include "tests/app/store/check_support.h"

#define ROWS                                                                                       \
    "survey,type,name,label,required,kiosk::critical\n,select_one pfn,flex,Flex,yes,yes\n"         \
    "choices,list_name,name,label\n,pfn,pass,Pass\n,pfn,fail,Fail\n,pfn,na,N/A\n"

static void lamp_open(struct stocked *s, char item[KEYS_RANDOM_ID])
{
    support_open(&s->t);
    folder_open(&s->f);
    folder_put(&s->f, "kinds.csv",
               "id,name,plural,icon,guidance\nlamp,Lamp,Lamps,f65a,magnesium\n");
    folder_put(&s->f, "forms/look.csv",
               ROWS "settings,form_id,form_title,version,kiosk::interval,kiosk::basis,"
                    "kiosk::applies_to\n,look,Look,1,4m,GUIDE,lamp\n");
    folder_put(&s->f, "forms/test.csv",
               ROWS "settings,form_id,form_title,version,kiosk::interval,kiosk::basis,"
                    "kiosk::applies_to,kiosk::counts_as\n,test,Test,1,12m,GUIDE,lamp,look\n");
    s->c = folder_content(&s->f, &s->t);
    support_item(&s->t, 1, "LAMP-1", "lamp", item);
}

static const struct cycle *cycle_of(const struct status *status, const char *form)
{
    for (size_t i = 0; i < status->cycle_count; i++)
        if (str_eq(status->cycles[i].cycle->form, form))
            return status->cycles[i].cycle;
    fail_msg("no cycle of %s", form);
    return NULL;
}

static void pass_of_the_wider_check_serves_for_the_one_it_holds(void **state)
{
    struct stocked s;
    struct status status;
    struct check c;
    char item[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];

    (void)state;
    lamp_open(&s, item);
    assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_NEVER_CHECKED);
    c = check_of(item, "test");
    check_put(&s.t, 10, "p1", &c, event);
    status = status_of(&s, item, CHECK_DAY);
    assert_int_equal(status.use, USE_OK);
    assert_int_equal(cycle_of(&status, "look")->last_day, CHECK_DAY);
    assert_string_equal(cycle_of(&status, "look")->served_by, "Test");
    assert_null(cycle_of(&status, "test")->served_by);
    stocked_close(&s);
}

static void the_narrower_check_never_serves_for_the_wider(void **state)
{
    struct stocked s;
    struct status status;
    struct check c;
    char item[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];

    (void)state;
    lamp_open(&s, item);
    c = check_of(item, "look");
    check_put(&s.t, 10, "p1", &c, event);
    status = status_of(&s, item, CHECK_DAY);
    assert_int_equal(status.use, USE_NEVER_CHECKED);
    assert_int_equal(cycle_of(&status, "test")->last_day, CALDATE_NONE);
    stocked_close(&s);
}

static void a_wider_check_that_does_not_count_serves_for_nothing(void **state)
{
    struct stocked s;
    struct status status;
    struct check c;
    char item[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];

    (void)state;
    lamp_open(&s, item);
    c = check_of(item, "test");
    c.countersign = "P";
    check_put(&s.t, 10, "p1", &c, event);
    c = check_of(item, "test");
    c.outcome = OUTCOME_FAIL;
    c.reason = "Dusty";
    check_put(&s.t, 20, "p1", &c, event);
    status = status_of(&s, item, CHECK_DAY);
    assert_int_equal(cycle_of(&status, "look")->last_day, CALDATE_NONE);
    stocked_close(&s);
}

static void of_the_two_the_later_pass_counts(void **state)
{
    struct stocked s;
    struct status status;
    struct check c;
    char item[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];

    (void)state;
    lamp_open(&s, item);
    c = check_of(item, "test");
    c.day = CHECK_DAY - 100;
    check_put(&s.t, 10, "p1", &c, event);
    c = check_of(item, "look");
    c.day = CHECK_DAY - 10;
    check_put(&s.t, 20, "p1", &c, event);
    status = status_of(&s, item, CHECK_DAY);
    assert_int_equal(cycle_of(&status, "look")->last_day, CHECK_DAY - 10);
    assert_null(cycle_of(&status, "look")->served_by);
    stocked_close(&s);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(pass_of_the_wider_check_serves_for_the_one_it_holds),
        cmocka_unit_test(the_narrower_check_never_serves_for_the_wider),
        cmocka_unit_test(a_wider_check_that_does_not_count_serves_for_nothing),
        cmocka_unit_test(of_the_two_the_later_pass_counts),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
