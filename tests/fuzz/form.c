/* Any bytes as a form. What is accepted must be judged, unanswered and with every choice taken,
   without an outcome that nobody gave. */
#include <assert.h>
#include <string.h>

#include "app/domain/form.h"
#include "tests/fuzz/fuzz.h"

static void judge(struct arena *a, const struct form *f, bool answered)
{
    const char **values = arena_array(a, f->field_count + 1, sizeof(*values));
    struct form_facts facts = { .today = "2026-11-22" };
    struct form_state state;

    if (values == NULL)
        return;
    for (size_t i = 0; answered && i < f->field_count; i++)
        values[i] = f->fields[i].choices != NULL ? f->fields[i].choices->rows[0].name : "1";
    if (form_judge(f, &(struct answers){ values }, &facts, a, &state, NULL) != ERR_OK)
        return;
    assert(state.outcome == OUTCOME_OPEN || (state.left == 0 && state.faults == 0));
    assert(state.outcome != OUTCOME_PASS || state.fails == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct form_faults faults;
    struct arena a;
    struct form f;

    arena_init(&a, 32 * 1024 * 1024);
    if (form_parse(&a, (const char *)data, size, &f, &faults, NULL) == ERR_OK) {
        assert(faults.count == 0 && f.field_count > 0 && f.field_count <= FORM_ROWS_MAX);
        judge(&a, &f, false);
        judge(&a, &f, true);
        form_done(&f);
    }
    arena_done(&a);
    return 0;
}
