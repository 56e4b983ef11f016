/* Any bytes as a form. What is accepted must be judged, unanswered and with every choice taken, its
   repeats laid out, without an outcome that nobody gave. */
#include <assert.h>
#include <string.h>

#include "app/domain/form.h"
#include "tests/fuzz/fuzz.h"

/* Some of what a person may answer: the first choice, a number, or a reading over its range. */
static const char *answer_for(const struct form_field *field, bool over)
{
    if (field->choices != NULL && field->choices->count > 0)
        return field->choices->rows[over ? field->choices->count - 1 : 0].name;
    return over && field->over ? ">2" : "1";
}

static void judge(struct arena *a, const struct form *f, const struct form_facts *facts,
                  bool answered, bool over)
{
    const char **values = arena_array(a, f->field_count + 1, sizeof(*values));
    struct form_state state;

    if (values == NULL)
        return;
    for (size_t i = 0; answered && i < f->field_count; i++)
        values[i] = answer_for(&f->fields[i], over);
    if (form_judge(f, &(struct answers){ values }, facts, a, &state, NULL) != ERR_OK)
        return;
    assert(state.outcome == OUTCOME_OPEN || (state.left == 0 && state.faults == 0));
    assert(state.outcome != OUTCOME_PASS || (state.fails == 0 && *state.fail_action == '\0'));
    for (size_t i = 0; i < f->field_count; i++) {
        assert(state.fields[i].label != NULL && state.fields[i].hint != NULL);
        assert(state.fields[i].fault == NULL || state.outcome == OUTCOME_OPEN);
    }
}

/* Lays the form out with some copies of each repeat and judges that. Every row lies in its group. */
static void unfold(struct arena *a, const struct form *f, const struct form_facts *facts)
{
    struct form_answer *answers = arena_array(a, f->field_count + 1, sizeof(*answers));
    struct form laid;
    size_t count = 0;

    if (answers == NULL)
        return;
    for (size_t i = 0; i < f->field_count; i++)
        if (f->fields[i].type == FIELD_BEGIN_REPEAT)
            answers[count++] = (struct form_answer){ f->fields[i].name, i % 2 == 0 ? "2" : "3" };
    if (form_unfold(f, answers, count, facts, a, &laid, NULL) != ERR_OK)
        return;
    assert(laid.field_count <= FORM_FIELDS_MAX);
    for (size_t i = 0; i < laid.field_count; i++) {
        assert(laid.fields[i].origin < f->field_count);
        assert(laid.fields[i].group < (int)i);
        assert(laid.order[i] < laid.field_count);
    }
    judge(a, &laid, facts, false, false);
    judge(a, &laid, facts, true, false);
    judge(a, &laid, facts, true, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct form_faults faults;
    struct form_facts facts = { .today = "2026-11-22", .language = "gd" };
    struct arena a;
    struct form f;

    arena_init(&a, 64 * 1024 * 1024);
    if (form_parse(&a, (const char *)data, size, &f, &faults, NULL) == ERR_OK) {
        assert(faults.count == 0 && f.field_count > 0 && f.field_count <= FORM_FIELDS_MAX);
        judge(&a, &f, &facts, false, false);
        judge(&a, &f, &facts, true, false);
        unfold(&a, &f, &facts);
        form_done(&f);
    }
    arena_done(&a);
    return 0;
}
