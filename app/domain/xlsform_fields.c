#include "app/domain/xlsform.h"

#include <string.h>

#include "app/domain/expr_lex.h"

struct type_row {
    const char *id;
    enum field_type type;
    bool has_list;
    bool shown; /* a question or a note: needs a label */
};

static const struct type_row types[] = {
    { "text", FIELD_TEXT, false, true },
    { "integer", FIELD_INTEGER, false, true },
    { "decimal", FIELD_DECIMAL, false, true },
    { "date", FIELD_DATE, false, true },
    { "time", FIELD_TIME, false, true },
    { "select_one", FIELD_SELECT_ONE, true, true },
    { "select_multiple", FIELD_SELECT_MULTIPLE, true, true },
    { "note", FIELD_NOTE, false, true },
    { "calculate", FIELD_CALCULATE, false, false },
    { "acknowledge", FIELD_ACKNOWLEDGE, false, true },
    { "barcode", FIELD_BARCODE, false, true },
    { "hidden", FIELD_HIDDEN, false, false },
    { "begin_group", FIELD_BEGIN_GROUP, false, false },
    { "begin group", FIELD_BEGIN_GROUP, false, false },
    { "end_group", FIELD_END_GROUP, false, false },
    { "end group", FIELD_END_GROUP, false, false },
};

static void refuse_type(const struct xls_row *in, const char *type)
{
    static const char *const later[] = { "begin_repeat", "end_repeat", "begin repeat", "end repeat",
                                         "image",        "range",      "dateTime",     "datetime",
                                         "rank",         "audio",      "video",        "file",
                                         "geopoint",     "start",      "end",          "deviceid",
                                         "username",     "audit" };
    const char *names[COUNT_OF(types)];
    const char *near;

    for (size_t i = 0; i < COUNT_OF(later); i++) {
        if (str_eq(type, later[i])) {
            xls_fault(in->x, in->row, "type", "The type \"%s\" is not in this profile.", type);
            return;
        }
    }
    for (size_t i = 0; i < COUNT_OF(types); i++)
        names[i] = types[i].id;
    near = text_nearest(type, names, COUNT_OF(types));
    xls_fault(in->x, in->row, "type", "There is no type \"%.40s\".%s%s%s", type,
              near != NULL ? " Is \"" : "", near != NULL ? near : "",
              near != NULL ? "\" meant?" : "");
}

/* "select_one LIST", "begin group", "text": the row's type, and the list it names in the arena. */
static const struct type_row *read_type(const struct xls_row *in, const char **out_list)
{
    const char *text = xls_row_cell(in, COL_TYPE);
    size_t word = strcspn(text, " ");

    *out_list = "";
    if (*text == '\0') {
        xls_fault(in->x, in->row, "type", "The row has no type.");
        return NULL;
    }
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        const struct type_row *type = &types[i];

        if (str_eq(type->id, text) && !type->has_list)
            return type;
        if (type->has_list && strlen(type->id) == word && strncmp(type->id, text, word) == 0) {
            *out_list = text + word + strspn(text + word, " ");
            return type;
        }
    }
    refuse_type(in, text);
    return NULL;
}

static void take_list(const struct xls_row *in, struct form_field *field, const char *list)
{
    const char *names[64];
    const char *near;
    size_t count = 0;

    field->choices = xls_list_named(in->x->f, list);
    if (field->choices != NULL && field->choices->count > 0)
        return;
    if (*list == '\0') {
        xls_fault(in->x, in->row, "type",
                  "Behind select_one or select_multiple stands the name of a list of choices.");
        return;
    }
    for (; count < in->x->f->list_count && count < COUNT_OF(names); count++)
        names[count] = in->x->f->lists[count].list;
    near = text_nearest(list, names, count);
    xls_fault(in->x, in->row, "type", "The sheet \"choices\" has no list called \"%.40s\".%s%s%s",
              list, near != NULL ? " Is \"" : "", near != NULL ? near : "",
              near != NULL ? "\" meant?" : "");
}

static void take_name(const struct xls_row *in, struct form_field *field)
{
    int other;

    field->name = xls_row_cell(in, COL_NAME);
    if (field->type == FIELD_END_GROUP)
        return;
    if (!xls_name_valid(field->name)) {
        xls_fault(in->x, in->row, "name",
                  "A row needs a name that begins with a letter: letters, digits, _ - and dots.");
        return;
    }
    other = form_field_index(in->x->f, field->name);
    if (other >= 0)
        xls_fault(in->x, in->row, "name", "The name \"%s\" is taken by row %u.", field->name,
                  in->x->f->fields[other].row);
}

static void take_texts(const struct xls_row *in, struct form_field *field, bool shown)
{
    field->label = xls_row_cell(in, COL_LABEL);
    if (*field->label == '\0' && shown)
        xls_fault(in->x, in->row, "label", "A question needs a label, which people read.");
    if (strlen(field->label) > XLS_LABEL_MAX)
        xls_fault(in->x, in->row, "label", "A label is at most %d bytes. Put the rest in hint.",
                  XLS_LABEL_MAX);
    if (*field->label == '\0')
        field->label = field->name;
    field->hint = xls_row_cell(in, COL_HINT);
    field->required_message = xls_row_cell(in, COL_REQUIRED_MESSAGE);
    field->constraint_message = xls_row_cell(in, COL_CONSTRAINT_MESSAGE);
    field->appearance = xls_row_cell(in, COL_APPEARANCE);
    field->unit = xls_row_cell(in, COL_UNIT);
    field->source = xls_row_cell(in, COL_SOURCE);
    field->edition = xls_row_cell(in, COL_EDITION);
    field->confidence = xls_row_confidence(in);
    field->guidance_hint = xls_row_cell(in, COL_GUIDANCE_HINT);
    field->fact = xls_row_cell(in, COL_FACT);
    field->fail_action = xls_row_cell(in, COL_FAIL_ACTION);
    field->kinds = xls_row_cell(in, COL_KIND);
    field->image = xls_row_cell(in, COL_IMAGE);
    field->faults = xls_row_cell(in, COL_FAULTS);
    field->instrument = xls_row_yes(in, COL_INSTRUMENT, "kiosk::instrument");
}

static bool has_answer(enum field_type type)
{
    return type != FIELD_NOTE && type != FIELD_BEGIN_GROUP && type != FIELD_END_GROUP;
}

static bool take_limit(const struct xls_row *in, enum xls_column column, const char *heading,
                       double *out)
{
    const char *text = xls_row_cell(in, column);

    if (*text == '\0')
        return false;
    if (!str_to_f64(text, out)) {
        xls_fault(in->x, in->row, heading,
                  "\"%.40s\" is not a number. Write it with a full stop, as in 0.4.", text);
        return false;
    }
    return true;
}

static bool has_fail(const struct form_field *field)
{
    for (size_t i = 0; field->choices != NULL && i < field->choices->count; i++)
        if (str_eq(field->choices->rows[i].name, "fail"))
            return true;
    return false;
}

static void take_limits(const struct xls_row *in, struct form_field *field, const char *result)
{
    bool number = field->type == FIELD_INTEGER || field->type == FIELD_DECIMAL ||
                  field->type == FIELD_CALCULATE;

    field->has_low = take_limit(in, COL_LOW, "kiosk::limit_low", &field->low);
    field->has_high = take_limit(in, COL_HIGH, "kiosk::limit_high", &field->high);
    field->critical = xls_row_yes(in, COL_CRITICAL, "kiosk::critical");
    if ((field->has_low || field->has_high) && !number)
        xls_fault(in->x, in->row, field->has_low ? "kiosk::limit_low" : "kiosk::limit_high",
                  "Only a number or a calculation has limits.");
    if (field->has_low && field->has_high && field->low > field->high)
        xls_fault(in->x, in->row, "kiosk::limit_low", "The low limit is above the high one.");
    if (*result != '\0' && !has_answer(field->type))
        xls_fault(in->x, in->row, "kiosk::result",
                  "A note or a group has no answer that could pass or fail.");
    if (field->critical && !field->has_low && !field->has_high && *result == '\0' &&
        !(field->type == FIELD_SELECT_ONE && has_fail(field)))
        xls_fault(in->x, in->row, "kiosk::critical",
                  "The row is critical, but nothing in it can fail: give a limit, a result, or a "
                  "choice named fail.");
}

/* «Pass» is a person's tap. A form that answers for them is refused. */
static void take_default(const struct xls_row *in, struct form_field *field)
{
    field->default_value = xls_row_cell(in, COL_DEFAULT);
    if (*field->default_value == '\0')
        return;
    if (strpbrk(field->default_value, "${}()") != NULL)
        xls_fault(in->x, in->row, "default",
                  "A default is a plain value here. Use calculate for anything worked out.");
    if (has_fail(field) || field->critical || field->type == FIELD_ACKNOWLEDGE)
        xls_fault(in->x, in->row, "default",
                  "An answer that passes or fails an item is given by a person, never in advance.");
}

static void take_expressions(const struct xls_row *in, const struct form_field *field,
                             struct xls_exprs *exprs)
{
    exprs->relevant = xls_row_cell(in, COL_RELEVANT);
    exprs->constraint = xls_row_cell(in, COL_CONSTRAINT);
    exprs->calculation = xls_row_cell(in, COL_CALCULATION);
    exprs->result = xls_row_cell(in, COL_RESULT);
    if (field->type == FIELD_CALCULATE && *exprs->calculation == '\0')
        xls_fault(in->x, in->row, "calculation", "A calculate row needs a calculation.");
    if (field->type != FIELD_CALCULATE && *exprs->calculation != '\0')
        xls_fault(in->x, in->row, "calculation",
                  "Only a row of the type calculate has a calculation.");
    if (!has_answer(field->type) && *exprs->constraint != '\0')
        xls_fault(in->x, in->row, "constraint", "A note or a group has no answer to constrain.");
    if (field->type == FIELD_END_GROUP && *exprs->relevant != '\0')
        xls_fault(in->x, in->row, "relevant", "Put it in the row that begins the group.");
    if (*field->constraint_message != '\0' && *exprs->constraint == '\0')
        xls_fault(in->x, in->row, "constraint_message",
                  "There is a message, but no constraint that would show it.");
}

static void read_field(const struct xls_row *in, struct form_field *field, struct xls_exprs *exprs)
{
    const char *list;
    const struct type_row *type = read_type(in, &list);

    *field = (struct form_field){ .type = FIELD_NOTE,
                                  .row = in->row,
                                  .group = -1,
                                  .name = "",
                                  .reason_of = -1,
                                  .put_right = -1,
                                  .repeat = -1 };
    if (type != NULL)
        field->type = type->type;
    if (type != NULL && type->has_list)
        take_list(in, field, list);
    take_name(in, field);
    take_texts(in, field, type != NULL && type->shown);
    take_expressions(in, field, exprs);
    take_limits(in, field, exprs->result);
    take_default(in, field);
    field->read_only = xls_row_yes(in, COL_READ_ONLY, "read_only");
    field->required = xls_row_yes(in, COL_REQUIRED, "required") && has_answer(field->type) &&
                      field->type != FIELD_CALCULATE && field->type != FIELD_HIDDEN;
    /* A row that can fail an item cannot be passed over: an unanswered one would look like a
       pass. */
    if (field->type == FIELD_SELECT_ONE && has_fail(field))
        field->required = true;
    if (field->critical && has_answer(field->type) && field->type != FIELD_CALCULATE &&
        field->type != FIELD_HIDDEN)
        field->required = true;
}

static void take_group(struct xls *x, struct form_field *field, int *group, int index)
{
    if (field->type == FIELD_END_GROUP && *group < 0) {
        xls_fault(x, field->row, "type", "A group ends here that never began.");
        return;
    }
    field->group = field->type == FIELD_END_GROUP ? x->f->fields[*group].group : *group;
    if (field->type == FIELD_BEGIN_GROUP)
        *group = index;
    if (field->type == FIELD_END_GROUP)
        *group = field->group;
}

void xls_fields(struct xls *x)
{
    size_t rows = x->survey.end - x->survey.first;
    int group = -1;

    if (x->survey.header == 0 || x->survey.at[COL_TYPE] < 0 || x->survey.at[COL_NAME] < 0 ||
        x->survey.at[COL_LABEL] < 0) {
        xls_fault(x, x->survey.header, "",
                  "The sheet \"survey\" is needed, with the columns type, name and label.");
        return;
    }
    x->f->fields = arena_array(x->a, rows + 1, sizeof(*x->f->fields));
    x->exprs = arena_array(x->a, rows + 1, sizeof(*x->exprs));
    if (x->f->fields == NULL || x->exprs == NULL) {
        x->out_of_memory = true;
        return;
    }
    for (size_t i = x->survey.first; i < x->survey.end; i++) {
        struct xls_row in = { x, &x->survey, i, (unsigned)i + 1 };
        struct form_field *field = &x->f->fields[x->f->field_count];

        if (xls_row_empty(x, i))
            continue;
        read_field(&in, field, &x->exprs[x->f->field_count]);
        take_group(x, field, &group, (int)x->f->field_count);
        x->f->field_count++;
    }
    if (group >= 0)
        xls_fault(x, x->f->fields[group].row, "type",
                  "The group \"%s\" begins here and never ends.", x->f->fields[group].name);
    if (x->f->field_count == 0)
        xls_fault(x, x->survey.header, "", "The form has no questions.");
}
