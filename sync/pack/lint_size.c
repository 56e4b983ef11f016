#include "sync/pack/lint_size.h"

#include <string.h>

#include "app/domain/check.h"
#include "platform/base/str.h"

/* The shortest answer that a row can be given. */
static const char *shortest(const struct form_field *field)
{
    const char *name = "1";

    if (field->type == FIELD_DATE)
        return "2026-11-22";
    for (size_t i = 0; field->choices != NULL && i < field->choices->count; i++)
        if (i == 0 || strlen(field->choices->rows[i].name) < strlen(name))
            name = field->choices->rows[i].name;
    return name;
}

/* Rows that everybody answers; what a fail brings up, and what only some answers ask for, come on top. */
static bool always_recorded(const struct form_field *field)
{
    return (field->required || field->type == FIELD_CALCULATE) && field->relevant == NULL &&
           !field->generated;
}

bool lint_record_fits(struct arena *a, const struct form *form)
{
    struct check c = check_begin(form, "0123456789abcdef", 0);
    struct buf body;
    bool fits;

    c.outcome = OUTCOME_PASS;
    c.answers = arena_array(a, form->field_count + 1, sizeof *c.answers);
    for (size_t i = 0; c.answers != NULL && i < form->field_count; i++) {
        const struct form_field *field = &form->fields[i];

        if (!always_recorded(field))
            continue;
        c.answers[c.answer_count++] = (struct check_answer){
            .field = field->name,
            .label = field->label,
            .value = shortest(field),
            .unit = field->unit,
            .verdict = VERDICT_PASS,
            .critical = field->critical,
            .has_low = field->has_low,
            .has_high = field->has_high,
            .low = field->low,
            .high = field->high,
        };
    }
    buf_init(&body, CHECK_BYTES_MAX);
    check_write(&c, &body);
    fits = buf_done(&body, NULL) == ERR_OK;
    buf_free(&body);
    return fits;
}
