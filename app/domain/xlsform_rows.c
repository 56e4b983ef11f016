#include <stdlib.h>
#include <string.h>

#include "app/domain/expr_lex.h"
#include "app/domain/status.h"
#include "app/domain/xlsform.h"

enum { NAME_MAX_BYTES = 64, LABEL_MAX_BYTES = 300 };

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

/* A row being read, so that each check says where it is. */
struct row_in {
    struct xls *x;
    const struct xls_sheet *sheet;
    size_t index;
    unsigned row;
};

static const char *row_cell(const struct row_in *in, enum xls_column column)
{
    return xls_cell(in->x, in->sheet, in->index, column);
}

static bool name_valid(const char *name)
{
    size_t len = strlen(name);

    for (size_t i = 0; i < len; i++) {
        char c = name[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';

        if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '-' || c == '.')))
            return false;
    }
    return len > 0 && len <= NAME_MAX_BYTES && name[len - 1] != '.';
}

/* yes, no, or empty for no. */
static bool row_yes(const struct row_in *in, enum xls_column column, const char *heading)
{
    const char *text = row_cell(in, column);

    if (str_eq(text, "yes") || str_eq(text, "true") || str_eq(text, "true()"))
        return true;
    if (*text != '\0' && !str_eq(text, "no") && !str_eq(text, "false") &&
        !str_eq(text, "false()") && !str_eq(text, "TRUE") && !str_eq(text, "FALSE"))
        xls_fault(in->x, in->row, heading, "\"%.40s\" is neither yes nor no.", text);
    return false;
}

static const char *row_confidence(const struct row_in *in)
{
    static const char *const words[] = { "sure", "likely", "verify" };
    const char *text = row_cell(in, COL_CONFIDENCE);

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq(text, words[i]))
            return text;
    if (*text != '\0')
        xls_fault(in->x, in->row, "kiosk::confidence",
                  "\"%.40s\" is not one of sure, likely, verify.", text);
    return text;
}

static struct form_choices *list_named(struct form *f, const char *name)
{
    for (size_t i = 0; i < f->list_count; i++)
        if (str_eq(f->lists[i].list, name))
            return &f->lists[i];
    return NULL;
}

static const char *choice_name_fault(const struct form_choices *list, const char *name)
{
    if (*name == '\0')
        return "A choice needs a name, the short word that is recorded.";
    if (strpbrk(name, " \t\n,'\"") != NULL || strlen(name) > NAME_MAX_BYTES)
        return "A choice's name is one short word, without blanks, commas or quote marks.";
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->rows[i].name, name))
            return "This list has a choice of that name already.";
    return NULL;
}

static void choice_add(const struct row_in *in, struct form_choices *list)
{
    struct form_choice choice = { row_cell(in, COL_NAME), row_cell(in, COL_LABEL) };
    const char *fault = choice_name_fault(list, choice.name);

    if (fault != NULL)
        xls_fault(in->x, in->row, "name", "%s", fault);
    else if (*choice.label == '\0' || strlen(choice.label) > LABEL_MAX_BYTES)
        xls_fault(in->x, in->row, "label",
                  "A choice needs a label of 1 to %d bytes, which people read.", LABEL_MAX_BYTES);
    else
        list->rows[list->count++] = choice;
}

/* Room for every row in every list would be quadratic, so rows are counted first. */
static size_t list_rows(struct xls *x, const char *name)
{
    size_t count = 0;

    for (size_t i = x->choices.first; i < x->choices.end; i++)
        if (!xls_row_empty(x, i) && str_eq(xls_cell(x, &x->choices, i, COL_LIST), name))
            count++;
    return count;
}

static struct form_choices *list_add(struct xls *x, const char *name)
{
    struct form_choices *list = &x->f->lists[x->f->list_count];

    list->list = name;
    list->rows = arena_array(x->a, list_rows(x, name), sizeof(*list->rows));
    if (list->rows == NULL) {
        x->out_of_memory = true;
        return NULL;
    }
    x->f->list_count++;
    return list;
}

void xls_choices(struct xls *x)
{
    size_t rows = x->choices.end - x->choices.first;

    if (x->choices.header == 0 || rows == 0)
        return;
    if (x->choices.at[COL_LIST] < 0 || x->choices.at[COL_NAME] < 0 ||
        x->choices.at[COL_LABEL] < 0) {
        xls_fault(x, x->choices.header, "",
                  "The sheet \"choices\" needs the columns list_name, name and label.");
        return;
    }
    x->f->lists = arena_array(x->a, rows, sizeof(*x->f->lists));
    if (x->f->lists == NULL) {
        x->out_of_memory = true;
        return;
    }
    for (size_t i = x->choices.first; i < x->choices.end && !x->out_of_memory; i++) {
        struct row_in in = { x, &x->choices, i, (unsigned)i + 1 };
        const char *name = row_cell(&in, COL_LIST);
        struct form_choices *list = list_named(x->f, name);

        if (xls_row_empty(x, i))
            continue;
        if (!name_valid(name)) {
            xls_fault(x, in.row, "list_name",
                      "A list's name is one word of letters, digits, - and _.");
            continue;
        }
        if (list == NULL)
            list = list_add(x, name);
        if (list != NULL)
            choice_add(&in, list);
    }
}

static void read_basis(const struct row_in *in)
{
    static const char *const names[] = { "LAW", "SCHEME", "ACOP", "GUIDE", "PRACTICE" };
    const char *text = row_cell(in, COL_BASIS);
    const char *near;

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (str_eq(text, names[i])) {
            in->x->f->basis = (enum form_basis)(BASIS_LAW + (int)i);
            return;
        }
    }
    if (*text == '\0')
        return;
    near = text_nearest(text, names, COUNT_OF(names));
    xls_fault(in->x, in->row, "kiosk::basis",
              "\"%.40s\" is not one of LAW, SCHEME, ACOP, GUIDE, PRACTICE.%s%s%s", text,
              near != NULL ? " Is " : "", near != NULL ? near : "", near != NULL ? " meant?" : "");
}

/* A form's id becomes part of records and file names for years: lower-case letters, digits and hyphens. */
static void check_form_id(const struct row_in *in, const char *id)
{
    if (*id == '\0' || strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(id) ||
        strlen(id) > NAME_MAX_BYTES)
        xls_fault(in->x, in->row, "form_id",
                  "A form needs an id of small letters, digits and hyphens, such as el-vis.");
}

static void read_settings(const struct row_in *in)
{
    struct form *f = in->x->f;

    f->id = row_cell(in, COL_FORM_ID);
    f->title = row_cell(in, COL_FORM_TITLE);
    f->version = row_cell(in, COL_VERSION);
    f->applies_to = row_cell(in, COL_APPLIES_TO);
    f->interval = row_cell(in, COL_INTERVAL);
    f->basis_text = row_cell(in, COL_BASIS_TEXT);
    f->competence = row_cell(in, COL_COMPETENCE);
    f->fail_action = row_cell(in, COL_FAIL_ACTION);
    f->retention = row_cell(in, COL_RETENTION);
    f->source = row_cell(in, COL_SOURCE);
    f->edition = row_cell(in, COL_EDITION);
    f->guidance = row_cell(in, COL_GUIDANCE);
    f->confidence = row_confidence(in);
    f->quick_pass = row_yes(in, COL_QUICK_PASS, "kiosk::quick_pass");
    read_basis(in);
    check_form_id(in, f->id);
    if (*f->title == '\0')
        xls_fault(in->x, in->row, "form_title", "A form needs a title.");
    if (*f->version == '\0')
        xls_fault(in->x, in->row, "version", "A form needs a version, which every record keeps.");
    if (!status_interval_valid(f->interval))
        xls_fault(in->x, in->row, "kiosk::interval",
                  "\"%.40s\" is not an interval. Write use, or a number with d, w, m or y, such as "
                  "12m; or leave it empty.",
                  f->interval);
}

void xls_settings(struct xls *x)
{
    size_t found = 0;

    for (size_t i = x->settings.first; x->settings.header > 0 && i < x->settings.end; i++) {
        struct row_in in = { x, &x->settings, i, (unsigned)i + 1 };

        if (xls_row_empty(x, i))
            continue;
        if (++found == 1)
            read_settings(&in);
        else
            xls_fault(x, in.row, "",
                      "The sheet \"settings\" has one row below its headings. Take this one out.");
    }
    if (found == 0)
        xls_fault(x, x->settings.header, "",
                  "The sheet \"settings\" is missing, with form_id, form_title and version.");
}

static void refuse_type(const struct row_in *in, const char *type)
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
static const struct type_row *read_type(const struct row_in *in, const char **out_list)
{
    const char *text = row_cell(in, COL_TYPE);
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

static void take_list(const struct row_in *in, struct form_field *field, const char *list)
{
    const char *names[64];
    const char *near;
    size_t count = 0;

    field->choices = list_named(in->x->f, list);
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

static void take_name(const struct row_in *in, struct form_field *field)
{
    int other;

    field->name = row_cell(in, COL_NAME);
    if (field->type == FIELD_END_GROUP)
        return;
    if (!name_valid(field->name)) {
        xls_fault(in->x, in->row, "name",
                  "A row needs a name that begins with a letter: letters, digits, _ - and dots.");
        return;
    }
    other = form_field_index(in->x->f, field->name);
    if (other >= 0)
        xls_fault(in->x, in->row, "name", "The name \"%s\" is taken by row %u.", field->name,
                  in->x->f->fields[other].row);
}

static void take_texts(const struct row_in *in, struct form_field *field, bool shown)
{
    field->label = row_cell(in, COL_LABEL);
    if (*field->label == '\0' && shown)
        xls_fault(in->x, in->row, "label", "A question needs a label, which people read.");
    if (strlen(field->label) > LABEL_MAX_BYTES)
        xls_fault(in->x, in->row, "label", "A label is at most %d bytes. Put the rest in hint.",
                  LABEL_MAX_BYTES);
    if (*field->label == '\0')
        field->label = field->name;
    field->hint = row_cell(in, COL_HINT);
    field->required_message = row_cell(in, COL_REQUIRED_MESSAGE);
    field->constraint_message = row_cell(in, COL_CONSTRAINT_MESSAGE);
    field->appearance = row_cell(in, COL_APPEARANCE);
    field->unit = row_cell(in, COL_UNIT);
    field->source = row_cell(in, COL_SOURCE);
    field->edition = row_cell(in, COL_EDITION);
    field->confidence = row_confidence(in);
}

static bool has_answer(enum field_type type)
{
    return type != FIELD_NOTE && type != FIELD_BEGIN_GROUP && type != FIELD_END_GROUP;
}

static bool take_limit(const struct row_in *in, enum xls_column column, const char *heading,
                       double *out)
{
    const char *text = row_cell(in, column);

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

static void take_limits(const struct row_in *in, struct form_field *field, const char *result)
{
    bool number = field->type == FIELD_INTEGER || field->type == FIELD_DECIMAL ||
                  field->type == FIELD_CALCULATE;

    field->has_low = take_limit(in, COL_LOW, "kiosk::limit_low", &field->low);
    field->has_high = take_limit(in, COL_HIGH, "kiosk::limit_high", &field->high);
    field->critical = row_yes(in, COL_CRITICAL, "kiosk::critical");
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
static void take_default(const struct row_in *in, struct form_field *field)
{
    field->default_value = row_cell(in, COL_DEFAULT);
    if (*field->default_value == '\0')
        return;
    if (strpbrk(field->default_value, "${}()") != NULL)
        xls_fault(in->x, in->row, "default",
                  "A default is a plain value here. Use calculate for anything worked out.");
    if (has_fail(field) || field->critical || field->type == FIELD_ACKNOWLEDGE)
        xls_fault(in->x, in->row, "default",
                  "An answer that passes or fails an item is given by a person, never in advance.");
}

static void take_expressions(const struct row_in *in, const struct form_field *field,
                             struct xls_exprs *exprs)
{
    exprs->relevant = row_cell(in, COL_RELEVANT);
    exprs->constraint = row_cell(in, COL_CONSTRAINT);
    exprs->calculation = row_cell(in, COL_CALCULATION);
    exprs->result = row_cell(in, COL_RESULT);
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

static void read_field(const struct row_in *in, struct form_field *field, struct xls_exprs *exprs)
{
    const char *list;
    const struct type_row *type = read_type(in, &list);

    *field = (struct form_field){ .type = FIELD_NOTE, .row = in->row, .group = -1, .name = "" };
    if (type != NULL)
        field->type = type->type;
    if (type != NULL && type->has_list)
        take_list(in, field, list);
    take_name(in, field);
    take_texts(in, field, type != NULL && type->shown);
    take_expressions(in, field, exprs);
    take_limits(in, field, exprs->result);
    take_default(in, field);
    field->read_only = row_yes(in, COL_READ_ONLY, "read_only");
    field->required = row_yes(in, COL_REQUIRED, "required") && has_answer(field->type) &&
                      field->type != FIELD_CALCULATE && field->type != FIELD_HIDDEN;
    /* A row that can fail an item cannot be passed over: an unanswered one would look like a pass. */
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
        struct row_in in = { x, &x->survey, i, (unsigned)i + 1 };
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
