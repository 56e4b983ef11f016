/* The forms that the product ships, held against tests/data/forms/expect.tsv: form, answers,
   outcome, why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "platform/base/json.h"
#include "tests/app/domain/form_rig.h"

enum { COLUMNS = 4 };

static void open_form(struct form_rig *rig, const char *id)
{
    char path[256];
    size_t len;
    char *csv;

    memset(rig, 0, sizeof(*rig));
    arena_init(&rig->arena, 64 * 1024 * 1024);
    assert_true(str_format(path, sizeof(path), "assets/content/forms/%s.csv", id));
    csv = rig_source(&rig->arena, path, &len);
    if (form_parse(&rig->arena, csv, len, &rig->form, &rig->faults, &rig->why) != ERR_OK)
        fail_msg("%s: %s", id, rig->why.text);
}

static size_t split(char *line, char *columns[COLUMNS])
{
    size_t count = 0;

    while (line != NULL && count < COLUMNS) {
        char *tab = strchr(line, '\t');

        columns[count++] = line;
        if (tab != NULL)
            *tab++ = '\0';
        line = tab;
    }
    return count;
}

static void assert_expected(char *columns[COLUMNS], size_t line)
{
    static struct rig_answer answers[RIG_ANSWERS_MAX + 1];
    struct form_rig rig;
    const struct json *root;
    size_t count = 0;

    open_form(&rig, columns[0]);
    if (json_parse(&rig.arena, columns[1], strlen(columns[1]), RIG_FILE_MAX, &root, &rig.why) !=
        ERR_OK)
        fail_msg("line %zu: %s", line, rig.why.text);
    for (const struct json *node = root->first; node != NULL && count < RIG_ANSWERS_MAX;
         node = node->next)
        answers[count++] = (struct rig_answer){ node->key, node->text };
    answers[count] = (struct rig_answer){ NULL, NULL };
    assert_int_equal(rig_judge(&rig, answers), ERR_OK);
    if (!str_eq(form_outcome_name(rig.state.outcome), columns[2]))
        fail_msg("line %zu, %s: %s (%zu left, %zu faults, \"%s\"), not %s: %s", line, columns[0],
                 form_outcome_name(rig.state.outcome), rig.state.left, rig.state.faults,
                 rig.state.reason, columns[2], columns[3]);
    rig_done(&rig);
}

static void shipped_forms_judge_as_their_table_says(void **state)
{
    struct arena a;
    size_t len;
    size_t number = 1;
    size_t cases = 0;
    char *next;

    (void)state;
    arena_init(&a, 4 * 1024 * 1024);
    for (char *line = rig_source(&a, "tests/data/forms/expect.tsv", &len); line != NULL;
         line = next, number++) {
        char *columns[COLUMNS];

        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        if (*line == '#' || *line == '\0')
            continue;
        assert_int_equal(split(line, columns), COLUMNS);
        assert_expected(columns, number);
        cases++;
    }
    assert_true(cases > 20);
    arena_done(&a);
}

static void a_failed_valve_is_told_in_the_words_that_were_tapped(void **state)
{
    struct form_rig rig;

    (void)state;
    open_form(&rig, "pr-use-ac");
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "vent", "fail" },
                                                                  { "vent_what", "valve" },
                                                                  { NULL } }),
                     ERR_OK);
    assert_string_equal(rig.state.reason, "Safety valve sticking");
    assert_int_equal(rig.state.outcome, OUTCOME_OPEN);
    rig_done(&rig);
}

/* 500 rows, each with relevance, limits and a calculation between. The bound is generous:
   sanitizers are slow. */
static void a_form_of_500_rows_is_judged_within_a_frame(void **state)
{
    static char rows[200 * 1024];
    struct form_rig rig;
    struct timespec from, to;
    size_t used = 0;
    int64_t us;

    (void)state;
    for (int i = 0; i < 250; i++) {
        assert_true(str_format(
            rows + used, sizeof(rows) - used,
            ",decimal,n%d,Number %d,yes,%s,. >= 0 and . <= 100,,1,50,,yes\n"
            ",calculate,k%d,,,,,\"if(${n%d} = '', '', round(${n%d} * 1.5 + 2, 2))\",,,,\n",
            i, i, i > 0 ? "${n0} > 0" : "", i, i, i));
        used += strlen(rows + used);
    }
    rig_form(&rig, rows);
    assert_int_equal(rig.form.field_count, 500);
    (void)clock_gettime(CLOCK_MONOTONIC, &from);
    assert_int_equal(
        rig_judge(&rig, (const struct rig_answer[]){ { "n0", "5" }, { "n7", "6" }, { NULL } }),
        ERR_OK);
    (void)clock_gettime(CLOCK_MONOTONIC, &to);
    us = (to.tv_sec - from.tv_sec) * 1000000 + (to.tv_nsec - from.tv_nsec) / 1000;
    print_message("500 rows judged in %lld us\n", (long long)us);
    assert_int_equal(rig.state.left, 248);
    assert_true(us < 200000);
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_forms_judge_as_their_table_says),
        cmocka_unit_test(a_failed_valve_is_told_in_the_words_that_were_tapped),
        cmocka_unit_test(a_form_of_500_rows_is_judged_within_a_frame),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
