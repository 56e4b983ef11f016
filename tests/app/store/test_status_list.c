/* A list of all items reads what stands of them at once, an item's page reads one: over random histories and on days before
   and after what was recorded both say the same, and the same as the records themselves. */

#include "app/store/judge.h"
#include "tests/app/store/check_support.h"
#include "tests/app/store/random_history.h"

enum { HISTORIES = 30, LINES = 200, LINES_FEW = 40 };

static void form_for(struct content_folder *f, const char *id, const char *interval,
                     const char *kinds, const char *counts_as)
{
    char name[32];
    char text[1024];

    (void)str_format(name, sizeof name, "forms/%s.csv", id);
    (void)str_format(text, sizeof text,
                     "survey,type,name,label,required\n,text,note,Note,yes\n"
                     "settings,form_id,form_title,version,kiosk::interval,kiosk::basis,"
                     "kiosk::applies_to,kiosk::counts_as\n"
                     ",%s,Form %s,1,%s,GUIDE,%s,%s\n",
                     id, id, interval, kinds, counts_as);
    folder_put(f, name, text);
}

/* The forms and kinds that random histories speak of. */
static void folder_random(struct content_folder *f)
{
    folder_open(f);
    folder_put(f, "kinds.csv",
               "id,name,plural,icon,guidance,group,ends\n"
               "cooker,Cooker,Cookers,f1,,,\n"
               "k1,One,Ones,f1,,,\nk2,Two,Twos,f1,,,l1\nk3,Three,Threes,f1,,,l2\n"
               "k4,Four,Fours,f1,,,\n");
    form_for(f, "f1", "1m", "*", "f2");
    form_for(f, "f2", "12m", "*", "");
    form_for(f, "f3", "7d", "k1 k2", "");
    form_for(f, "f4", "6m", "k1 k3", "");
}

static void same_text(const char *one, const char *other)
{
    assert_string_equal(one == NULL ? "(none)" : one, other == NULL ? "(none)" : other);
}

static void same_fails(const struct open_fail *one, const struct open_fail *other, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(one[i].event, other[i].event);
        assert_string_equal(one[i].form, other[i].form);
        assert_int_equal(one[i].day, other[i].day);
    }
}

static void same_status(const struct status *one, const struct status *other)
{
    const struct status_facts *f = one->facts;
    const struct status_facts *g = other->facts;

    assert_int_equal(one->use, other->use);
    assert_int_equal(one->cause, other->cause);
    same_text(one->why_short, other->why_short);
    assert_int_equal(one->cycle_count, other->cycle_count);
    for (size_t i = 0; i < one->cycle_count; i++) {
        const struct cycle_status *c = &one->cycles[i];
        const struct cycle_status *d = &other->cycles[i];
        assert_string_equal(c->cycle->form, d->cycle->form);
        same_text(c->cycle->interval, d->cycle->interval);
        same_text(c->cycle->served_by, d->cycle->served_by);
        assert_int_equal(c->cycle->last_day, d->cycle->last_day);
        assert_int_equal(c->cycle->first_day, d->cycle->first_day);
        assert_int_equal(c->state, d->state);
        assert_int_equal(c->due_day, d->due_day);
    }
    assert_int_equal(one->fail_count, other->fail_count);
    assert_int_equal(one->fault_count, other->fault_count);
    same_fails(one->fails, other->fails, one->fail_count);
    same_fails(one->faults, other->faults, one->fault_count);
    assert_string_equal(f->life, g->life);
    assert_int_equal(f->life_day, g->life_day);
    assert_int_equal(f->life_ended, g->life_ended);
    assert_int_equal(f->out, g->out);
    assert_string_equal(f->out_who, g->out_who);
    assert_string_equal(f->out_place, g->out_place);
    assert_int_equal(f->out_day, g->out_day);
    assert_int_equal(f->use_by, g->use_by);
}

/* The first column of the first row; "" where there is none. */
static const char *asked(struct support_store *t, const char *sql, const struct item *item,
                         int32_t today)
{
    struct db_stmt q = db_prepare(&t->s.db, sql);
    const char *text = "";
    struct why why = { 0 };

    db_bind_text(&q, 1, item->id);
    db_bind_i64(&q, 2, today);
    db_bind_text(&q, 3, item->event);
    if (db_step(&q))
        text = db_text_in(&q, 0, &t->a);
    support_ok(db_end(&q, &why), &why);
    return text;
}

/* What the records say, by the rules' own views. The first part of each order: a day after tomorrow has the last word only
   where nothing else is known. */
#define LAST_SAID " order by c.day > ?2 + 1, c.day desc, c.hlc desc, c.device desc, c.seq desc, ?3"
static void as_the_records_say(struct support_store *t, const struct item *item,
                               const struct status *status, int32_t today)
{
    const struct status_facts *f = status->facts;
    const char *who = asked(t,
                            "select custody from check_row c where c.item = ?1 and c.custody <> ''"
                            " and c.event not in (select event from check_void)"
                            " and c.event not in (select event from check_corrected)" LAST_SAID,
                            item, today);
    const char *life = asked(t,
                             "select life from check_row c where c.item = ?1 and c.life <> ''"
                             " and c.outcome in (1, 2)"
                             " and c.event in (select event from check_counts)" LAST_SAID,
                             item, today);
    const char *use_by =
        asked(t,
              "select value from (select f.value, 1 as way, f.hlc, f.event from check_fact f where"
              " f.item = ?1 and f.key = 'use_by' and f.event in (select event from check_counts)"
              " union all select r.value, 2, '', '' from item_fact r where r.event = ?3"
              " and r.key = 'use_by') order by way, hlc desc, event desc, ?2",
              item, today);
    int32_t day = CALDATE_NONE;

    assert_int_equal(f->out, strcmp(who, "out") == 0);
    if (f->life_kind)
        assert_string_equal(f->life, life);
    assert_true(use_by[0] == '\0' || caldate_parse(use_by, &day));
    assert_int_equal(f->use_by, day);
}

struct seen {
    size_t out, life, use_by, fails, faults, cycles;
};

static void list_and_page(struct support_store *t, struct content *c, int32_t today,
                          struct seen *seen)
{
    const struct query_when when = { .today = today, .minutes = 600 };
    struct item *items = NULL;
    struct judge j;
    struct why why = { 0 };
    size_t count = 0;

    support_ok(query_items(&t->s, "", &t->a, &items, &count, &why), &why);
    judge_begin_all(&j, &t->s, c, NULL, when);
    for (size_t i = 0; i < count; i++) {
        struct status listed = judge_item(&j, &items[i], &t->a);
        struct status single;
        support_ok(query_status_now(&t->s, c, &items[i], when, &t->a, &single, &why), &why);
        assert_non_null(single.facts);
        same_status(&single, &listed);
        as_the_records_say(t, &items[i], &single, today);
        seen->out += single.facts->out;
        seen->life += single.facts->life[0] != '\0';
        seen->use_by += single.facts->use_by != CALDATE_NONE;
        seen->fails += single.fail_count;
        seen->faults += single.fault_count;
        for (size_t k = 0; k < single.cycle_count; k++)
            seen->cycles += single.cycles[k].cycle->last_day != CALDATE_NONE;
    }
    support_ok(judge_end(&j, &why), &why);
    arena_reset(&t->a);
}

static void a_list_says_of_each_item_what_its_page_and_its_records_say(void **state)
{
    static struct history h;
    /* 1 January 1970, 20 to 23 November 2026, a year later, 2099. */
    static const int32_t days[] = { 0, 20776, 20777, 20778, 20779, 21143, 47298 };
    struct content_folder f;
    struct seen seen = { 0 };

    (void)state;
    folder_random(&f);
    for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
        struct support_store t;
        struct support_lines lines = { 0 };
        support_open(&t);
        struct content *c = folder_content(&f, &t);
        /* Of few lines, so that an item has one fail at the most, and of many. */
        history_make(&h, seed, seed % 3 == 0 ? LINES : LINES_FEW);
        for (size_t i = 0; i < h.count; i++) {
            lines.line[i] = h.line[i].text;
            lines.len[i] = h.line[i].len;
        }
        lines.count = h.count;
        assert_int_equal(support_give(&t, &lines), h.count);
        for (size_t i = 0; i < COUNT_OF(days); i++)
            list_and_page(&t, c, days[i], &seen);
        history_free(&h);
        content_close(c);
        support_close(&t);
    }
    print_message("out %zu, life %zu, use by %zu, fails %zu, faults %zu, cycles %zu\n", seen.out,
                  seen.life, seen.use_by, seen.fails, seen.faults, seen.cycles);
    /* Each of them was there to be compared. */
    assert_true(seen.out > 10 && seen.life > 10 && seen.use_by > 10);
    assert_true(seen.fails > 10 && seen.faults > 10 && seen.cycles > 10);
    folder_close(&f);
}

static void a_fault_closed_on_a_day_to_come_stands_in_the_list_until_the_day_before(void **state)
{
    struct stocked s;
    struct seen seen = { 0 };
    char item[KEYS_RANDOM_ID];

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "C-1", "cooker", item);
    struct check c = check_of(item, "week");
    c.outcome = OUTCOME_FAIL;
    check_put(&s.t, 2, "p1", &c, NULL);
    c.outcome = OUTCOME_PASS;
    c.day = CHECK_DAY + 5;
    check_put(&s.t, 3, "p1", &c, NULL);
    list_and_page(&s.t, s.c, CHECK_DAY + 3, &seen);
    assert_int_equal(seen.faults, 1);
    list_and_page(&s.t, s.c, CHECK_DAY + 4, &seen);
    assert_int_equal(seen.faults, 1);
    stocked_close(&s);
}

/* A million lines would be applied on the screen's own thread, for minutes and into gigabytes. */
static void register_of_today_needs_no_log_and_one_gone_by_not_too_long_a_log(void **state)
{
    struct stocked s;
    struct as_at_row *rows = NULL;
    char item[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];
    char sql[96];
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "EXA-1", "cooker", item);
    support_check(&s.t, 10, item, "week", OUTCOME_QUARANTINE, NULL, event);
    /* Numbers that were given to no line count as lines here. */
    (void)str_format(sql, sizeof sql, "update log_meta set value = %d where key = 'gone'",
                     2 - AS_AT_LINES_MAX);
    support_ok(db_exec(&s.t.s.db, sql, &why), &why);
    support_ok(query_as_at(&s.t.s, s.c, CHECK_DAY, CHECK_DAY + 1, &s.t.a, &rows, &count, &why),
               &why);
    assert_int_equal(rows[0].status.use, USE_DO_NOT);
    support_check(&s.t, 20, item, "week", OUTCOME_PASS, NULL, event);
    assert_int_equal(
        query_as_at(&s.t.s, s.c, CHECK_DAY, CHECK_DAY + 1, &s.t.a, &rows, &count, &why), ERR_LIMIT);
    count = 0;
    support_ok(query_as_at(&s.t.s, s.c, CHECK_DAY, CHECK_DAY, &s.t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].status.use, USE_DO_NOT);
    stocked_close(&s);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(a_list_says_of_each_item_what_its_page_and_its_records_say),
        cmocka_unit_test(a_fault_closed_on_a_day_to_come_stands_in_the_list_until_the_day_before),
        cmocka_unit_test(register_of_today_needs_no_log_and_one_gone_by_not_too_long_a_log),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
