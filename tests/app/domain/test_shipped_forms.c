/* Every form that the product ships, whatever it is about: it is read without a fault, says what it
   rests on, is open while nothing is answered, and no answers make one of its rules break. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/nuclide.h"
#include "platform/base/fs.h"
#include "tests/app/domain/form_rig.h"

enum { FORMS_MAX = 400, ROUNDS = 24 };

struct shipped {
    struct arena arena;
    char *ids[FORMS_MAX];
    size_t count;
    struct nuclides nuclides;
};

static int id_order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void shipped_begin(struct shipped *s)
{
    char folder[FS_PATH_MAX];
    struct dirent *entry;
    size_t len;
    char *text;
    DIR *dir;

    memset(s, 0, sizeof(*s));
    arena_init(&s->arena, 8 * 1024 * 1024);
    assert_non_null(getenv("CANNY_SOURCE"));
    assert_int_equal(fs_join(folder, getenv("CANNY_SOURCE"), "assets/content/forms", NULL), ERR_OK);
    dir = opendir(folder);
    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        if (!str_ends(entry->d_name, ".csv"))
            continue;
        assert_true(s->count < FORMS_MAX);
        s->ids[s->count] = arena_strndup(&s->arena, entry->d_name, strlen(entry->d_name) - 4);
        assert_non_null(s->ids[s->count++]);
    }
    (void)closedir(dir);
    qsort(s->ids, s->count, sizeof(s->ids[0]), id_order);
    assert_true(s->count >= 100);
    text = rig_source(&s->arena, "assets/content/nuclides.csv", &len);
    assert_int_equal(nuclides_parse(&s->arena, text, len, &s->nuclides, NULL), ERR_OK);
}

static void shipped_open(const char *id, struct form_rig *rig)
{
    char path[256];
    size_t len;
    char *csv;

    memset(rig, 0, sizeof(*rig));
    arena_init(&rig->arena, 256 * 1024 * 1024);
    assert_true(str_format(path, sizeof(path), "assets/content/forms/%s.csv", id));
    csv = rig_source(&rig->arena, path, &len);
    if (form_parse(&rig->arena, csv, len, &rig->form, &rig->faults, &rig->why) != ERR_OK)
        fail_msg("%s: row %u, %s: %s", id, rig->faults.rows[0].row, rig->faults.rows[0].column,
                 rig->faults.rows[0].text);
}

static const char *fact_item(void *ctx, const char *field)
{
    (void)ctx;
    if (strcmp(field, "nuclide") == 0)
        return "Sr-90";
    if (strcmp(field, "activity_bq") == 0)
        return "185000";
    return strstr(field, "day") != NULL || strcmp(field, "use_by") == 0 ? "2020-02-29" : NULL;
}

static const char *fact_last(void *ctx, const char *reading)
{
    (void)ctx;
    return strlen(reading) % 2 == 0 ? "12.5" : NULL;
}

static const char *fact_series(void *ctx, const char *reading, size_t n)
{
    (void)ctx;
    return strlen(reading) % 2 == 0 && n > 0 ? "12.5" : NULL;
}

static const char *fact_stock(void *ctx, const char *kind)
{
    (void)ctx;
    return *kind != '\0' ? "A-1 A-2" : NULL;
}

static void every_form_is_read_and_says_what_it_rests_on(void **state)
{
    struct shipped s;

    (void)state;
    shipped_begin(&s);
    for (size_t i = 0; i < s.count; i++) {
        struct form_rig rig;

        shipped_open(s.ids[i], &rig);
        if (rig.faults.count > 0 || rig.faults.note_count > 0)
            fail_msg("%s: %s", s.ids[i],
                     rig.faults.count > 0 ? rig.faults.rows[0].text : rig.faults.notes[0].text);
        assert_string_equal(rig.form.id, s.ids[i]);
        if (*rig.form.title == '\0' || *rig.form.version == '\0')
            fail_msg("%s: no title or version", s.ids[i]);
        if (rig.form.basis == BASIS_NONE || *rig.form.competence == '\0')
            fail_msg("%s: no basis, or nobody who may sign", s.ids[i]);
        if (*rig.form.retention == '\0' || *rig.form.source == '\0')
            fail_msg("%s: no source, or no word how long it is kept", s.ids[i]);
        if (*rig.form.confidence == '\0' || *rig.form.applies_to == '\0')
            fail_msg("%s: no confidence, or no kind that it is for", s.ids[i]);
        rig_done(&rig);
    }
    arena_done(&s.arena);
}

static uint64_t next_random(uint64_t *x)
{
    *x ^= *x << 13;
    *x ^= *x >> 7;
    *x ^= *x << 17;
    return *x;
}

/* Something that the row takes, or now and then something that it does not. */
static const char *some_answer(const struct form_field *field, uint64_t *x)
{
    static const char *const numbers[] = { "0",    "1",   "0.1", "2.5",   "-1",     "20",
                                           "0.75", "100", "300", "12345", "0.0001", "121.5" };
    static const char *const dates[] = { "2026-11-22", "2024-02-29", "2027-08-31" };
    static const char *const texts[] = { "A-1", "A-1 A-2", "0 121.1 15 121.1", "0 20 5", "word" };
    uint64_t roll = next_random(x);

    if (roll % 16 == 0)
        return roll % 32 == 0 ? NULL : "zz";
    roll >>= 8;
    switch (field->type) {
    case FIELD_INTEGER:
    case FIELD_DECIMAL:
    case FIELD_RANGE:
        return numbers[roll % COUNT_OF(numbers)];
    case FIELD_DATE:
        return dates[roll % COUNT_OF(dates)];
    case FIELD_DATETIME:
        return "2026-11-22T09:30";
    case FIELD_TIME:
        return "09:30";
    case FIELD_ACKNOWLEDGE:
        return "OK";
    case FIELD_SELECT_ONE:
    case FIELD_SELECT_MULTIPLE:
        return field->choices->rows[roll % field->choices->count].name;
    case FIELD_TEXT:
    case FIELD_BARCODE:
    case FIELD_HIDDEN:
        return texts[roll % COUNT_OF(texts)];
    default:
        return NULL;
    }
}

static void assert_sound(const char *id, const struct form_rig *rig)
{
    const struct form_state *state = &rig->state;

    for (size_t i = 0; i < rig->laid.field_count; i++) {
        const char *fault = state->fields[i].fault;

        if (fault != NULL && strstr(fault, "cannot be judged") != NULL)
            fail_msg("%s: %s: %s", id, rig->laid.fields[i].name, fault);
    }
    if (state->outcome != OUTCOME_OPEN && (state->left > 0 || state->faults > 0))
        fail_msg("%s: signed with rows left", id);
    if (state->outcome == OUTCOME_PASS && state->fails > 0)
        fail_msg("%s: a pass with fails in it", id);
}

/* Judges the form laid out for one answer a row. */
static void judge_answers(struct form_rig *rig, const struct shipped *s, uint64_t *x)
{
    static const char *values[FORM_FIELDS_MAX];
    const struct form_facts facts = { .today = "2026-11-22",
                                      .now = "2026-11-22T10:42:00",
                                      .item = fact_item,
                                      .last = fact_last,
                                      .series = fact_series,
                                      .stock = fact_stock,
                                      .nuclides = &s->nuclides };

    assert_int_equal(form_unfold(&rig->form, NULL, 0, &facts, &rig->arena, &rig->laid, &rig->why),
                     ERR_OK);
    memset(values, 0, sizeof(values));
    for (size_t i = 0; x != NULL && i < rig->laid.field_count; i++)
        values[i] = some_answer(&rig->laid.fields[i], x);
    if (form_judge(&rig->laid, &(struct answers){ values }, &facts, &rig->arena, &rig->state,
                   &rig->why) != ERR_OK)
        fail_msg("%s: %s", rig->form.id, rig->why.text);
}

static void nothing_answered_is_never_a_check(void **state)
{
    struct shipped s;

    (void)state;
    shipped_begin(&s);
    for (size_t i = 0; i < s.count; i++) {
        struct form_rig rig;

        shipped_open(s.ids[i], &rig);
        judge_answers(&rig, &s, NULL);
        assert_sound(s.ids[i], &rig);
        if (rig.state.outcome != OUTCOME_OPEN)
            fail_msg("%s: %s with nothing answered", s.ids[i],
                     form_outcome_name(rig.state.outcome));
        rig_done(&rig);
    }
    arena_done(&s.arena);
}

static void no_answers_break_a_rule(void **state)
{
    uint64_t x = 0x9e3779b97f4a7c15;
    struct shipped s;

    (void)state;
    shipped_begin(&s);
    for (size_t i = 0; i < s.count; i++) {
        struct form_rig rig;

        shipped_open(s.ids[i], &rig);
        for (int round = 0; round < ROUNDS; round++) {
            struct arena_mark mark = arena_mark(&rig.arena);

            judge_answers(&rig, &s, &x);
            assert_sound(s.ids[i], &rig);
            arena_rewind(&rig.arena, mark);
        }
        rig_done(&rig);
    }
    arena_done(&s.arena);
}

static const char *fact_plate(void *ctx, const char *field)
{
    (void)ctx;
    if (strcmp(field, "maker") == 0)
        return "Acme";
    return strcmp(field, "serial") == 0 ? "S-77" : NULL;
}

static void a_row_that_compares_the_plate_shows_what_the_register_has(void **state)
{
    static const char *const ids[] = { "el-fvi", "el-cit" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        struct form_rig rig;
        const char *hint;

        shipped_open(ids[i], &rig);
        rig.facts.item = fact_plate;
        assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { NULL } }), ERR_OK);
        hint = rig_state(&rig, "identity")->hint;
        if (strstr(hint, "Acme, no model, serial number S-77") == NULL)
            fail_msg("%s: %s", ids[i], hint);
        rig_done(&rig);
    }
}

static void next_dates_lie_ahead(void **state)
{
    struct shipped s;
    size_t seen = 0;

    (void)state;
    shipped_begin(&s);
    for (size_t i = 0; i < s.count; i++) {
        struct form_rig rig;
        int due;

        shipped_open(s.ids[i], &rig);
        due = form_field_index(&rig.form, rig.form.next_due);
        if (due >= 0 && strcmp(rig.form.fields[due].appearance, "ahead") != 0)
            fail_msg("%s: the next date offers today", s.ids[i]);
        seen += due >= 0 ? 1 : 0;
        rig_done(&rig);
    }
    assert_true(seen >= 8);
    arena_done(&s.arena);
}

/* Before the day of the report is typed, its next date can be compared with nothing. */
static void a_next_date_may_be_answered_first(void **state)
{
    struct shipped s;

    (void)state;
    shipped_begin(&s);
    for (size_t i = 0; i < s.count; i++) {
        struct form_rig rig;
        const char *fault;

        shipped_open(s.ids[i], &rig);
        if (rig.form.next_due[0] != '\0') {
            assert_int_equal(
                rig_judge(&rig, (const struct rig_answer[]){ { rig.form.next_due, "2027-06-01" },
                                                             { NULL } }),
                ERR_OK);
            fault = rig_state(&rig, rig.form.next_due)->fault;
            if (fault != NULL)
                fail_msg("%s: %s", s.ids[i], fault);
        }
        rig_done(&rig);
    }
    arena_done(&s.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_read_and_says_what_it_rests_on),
        cmocka_unit_test(nothing_answered_is_never_a_check),
        cmocka_unit_test(no_answers_break_a_rule),
        cmocka_unit_test(a_row_that_compares_the_plate_shows_what_the_register_has),
        cmocka_unit_test(next_dates_lie_ahead),
        cmocka_unit_test(a_next_date_may_be_answered_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
