#include "app/domain/xlsform.h"

#include <string.h>

#include "app/domain/expr_lex.h"

const struct form_choices *xls_list_wanted(const struct xls_row *in, const char *column,
                                           const char *list)
{
    const struct form_choices *choices = xls_list_named(in->x->f, list);
    const char *names[64];
    const char *near;
    size_t count = 0;

    if (choices != NULL && choices->count > 0)
        return choices;
    for (; count < in->x->f->list_count && count < COUNT_OF(names); count++)
        names[count] = in->x->f->lists[count].list;
    near = text_nearest(list, names, count);
    xls_fault(in->x, in->row, column, "The sheet \"choices\" has no list called \"%.40s\".%s%s%s",
              list, near != NULL ? " Is \"" : "", near != NULL ? near : "",
              near != NULL ? "\" meant?" : "");
    return NULL;
}

static void take_list(const struct xls_row *in, struct form_field *field, const char *list)
{
    static const char or_other[] = " or_other";

    if (*list == '\0') {
        xls_fault(in->x, in->row, "type",
                  "Behind select_one or select_multiple stands the name of a list of choices.");
        return;
    }
    if (!str_ends(list, or_other)) {
        field->choices = xls_list_wanted(in, "type", list);
        return;
    }
    list = arena_strndup(in->x->a, list, strlen(list) - strlen(or_other));
    if (list == NULL)
        in->x->out_of_memory = true;
    else
        field->choices = xls_list_wanted(in, "type", list);
    if (field->choices != NULL)
        field->choices = xls_list_with_other(in, field->choices);
}

static bool is_end(enum field_type type)
{
    return type == FIELD_END_GROUP || type == FIELD_END_REPEAT;
}

static void take_name(const struct xls_row *in, struct form_field *field)
{
    int other;

    field->name = xls_row_cell(in, COL_NAME);
    if (is_end(field->type))
        return;
    /* Nothing refers to a note, so it may go without. */
    if (*field->name == '\0' && field->type == FIELD_NOTE) {
        field->name = arena_printf(in->x->a, "note_%u", in->row);
        if (field->name == NULL) {
            field->name = "";
            in->x->out_of_memory = true;
        }
        return;
    }
    if (!xls_name_valid(field->name)) {
        xls_fault(in->x, in->row, "name",
                  "A row needs a name that begins with a letter: letters, digits, _ - and dots.");
        return;
    }
    other = form_field_index(in->x->f, field->name);
    if (other >= 0)
        xls_fault(in->x, in->row, "name",
                  "The name \"%s\" is taken by row %u. Give one of them another name.", field->name,
                  in->x->f->fields[other].row);
}

static bool holds_answer(const struct form_words *words)
{
    return strstr(words->label, "${") != NULL || strstr(words->hint, "${") != NULL;
}

static void take_words(const struct xls_row *in, struct form_field *field)
{
    size_t count = in->x->f->language_count;
    struct form_words *words;

    field->fills = holds_answer(&(struct form_words){ .label = field->label, .hint = field->hint });
    if (count == 0)
        return;
    words = arena_array(in->x->a, count, sizeof(*words));
    if (words == NULL) {
        in->x->out_of_memory = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const char *texts[SPOKEN_COUNT];

        for (size_t k = 0; k < SPOKEN_COUNT; k++)
            texts[k] = xls_cell_spoken(in->x, in->sheet, in->index, i, (enum xls_spoken)k);
        words[i] = (struct form_words){ .label = texts[SPOKEN_LABEL],
                                        .hint = texts[SPOKEN_HINT],
                                        .constraint_message = texts[SPOKEN_CONSTRAINT_MESSAGE],
                                        .required_message = texts[SPOKEN_REQUIRED_MESSAGE],
                                        .guidance_hint = texts[SPOKEN_GUIDANCE_HINT] };
        field->fills = field->fills || holds_answer(&words[i]);
    }
    field->words = words;
}

static void take_texts(const struct xls_row *in, struct form_field *field, bool shown)
{
    field->label = xls_row_cell(in, COL_LABEL);
    field->image = xls_row_cell(in, COL_IMAGE);
    if (*field->label == '\0' && *field->image == '\0' && shown)
        xls_fault(in->x, in->row, "label",
                  "A question needs a label, which people read. Write it here.");
    if (strlen(field->label) > (field->type == FIELD_NOTE ? XLS_NOTE_MAX : XLS_LABEL_MAX))
        xls_fault(in->x, in->row, "label", "A label is at most %d bytes. Put the rest in hint.",
                  field->type == FIELD_NOTE ? XLS_NOTE_MAX : XLS_LABEL_MAX);
    if (strpbrk(field->image, "/\\") != NULL || *field->image == '.')
        xls_fault(in->x, in->row, "image",
                  "A picture is named by its file alone, such as plug.png.");
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
    field->basis = xls_row_basis(in);
    if (field->basis == BASIS_NONE)
        field->basis = in->x->f->basis;
    field->guidance_hint = xls_row_cell(in, COL_GUIDANCE_HINT);
    field->fact = xls_row_cell(in, COL_FACT);
    field->fail_action = xls_row_cell(in, COL_FAIL_ACTION);
    field->kinds = xls_row_cell(in, COL_KIND);
    field->faults = xls_row_cell(in, COL_FAULTS);
    field->instrument = xls_row_yes(in, COL_INSTRUMENT, "kiosk::instrument");
}

bool xls_takes_answer(enum field_type type)
{
    return type != FIELD_NOTE && type != FIELD_BEGIN_GROUP && type != FIELD_END_GROUP &&
           type != FIELD_BEGIN_REPEAT && type != FIELD_END_REPEAT;
}

bool xls_has_choice(const struct form_field *field, const char *name)
{
    for (size_t i = 0; field->choices != NULL && i < field->choices->count; i++)
        if (str_eq(field->choices->rows[i].name, name))
            return true;
    return false;
}

bool xls_is_pass_fail(const struct form_field *field)
{
    if (field->type != FIELD_SELECT_ONE || !xls_has_choice(field, "pass") ||
        !xls_has_choice(field, "fail"))
        return false;
    return field->choices->count == 2 ||
           (field->choices->count == 3 && xls_has_choice(field, "na"));
}

/* What a failure of this row leads to. A critical row is never put right on the spot: its fail
   takes the item out of use. */
static void take_action(const struct xls_row *in, struct form_field *field,
                        const struct xls_exprs *exprs)
{
    bool may_fail = field->has_low || field->has_high || *exprs->low_from != '\0' ||
                    *exprs->high_from != '\0' || *exprs->result != '\0' ||
                    (field->type == FIELD_SELECT_ONE && xls_has_choice(field, "fail"));
    const char *form = in->x->f->fail_action;

    if (field->critical && !may_fail && !xls_told_row(in->x, in->row))
        xls_fault(in->x, in->row, "kiosk::critical",
                  "The row is critical, but nothing in it can fail: give a limit, a result, or a "
                  "choice named fail.");
    if (*field->fail_action == '\0') {
        if (field->critical)
            field->fail_action = *form != '\0' && !str_eq(form, "F1") ? form : "F2";
        else
            field->fail_action = may_fail ? "F1" : "";
        return;
    }
    if (!xls_is_action(field->fail_action))
        xls_fault(in->x, in->row, "kiosk::fail_action",
                  "\"%.40s\" is not one of F1 to F5. Write one of them.", field->fail_action);
    else if (!may_fail)
        xls_fault(in->x, in->row, "kiosk::fail_action",
                  "Nothing in this row can fail: give a limit, a result, or a choice named fail.");
    else if (field->critical && str_eq(field->fail_action, "F1"))
        xls_fault(in->x, in->row, "kiosk::fail_action",
                  "A critical row takes the item out of use: write F2 or graver.");
}

/* «Pass» is a person's tap. A form that answers for them is refused. */
static void take_default(const struct xls_row *in, struct form_field *field)
{
    const char *text = xls_row_cell(in, COL_DEFAULT);
    const char *fault;

    field->default_value = text;
    if (*text == '\0')
        return;
    if (!xls_takes_answer(field->type) || field->type == FIELD_CALCULATE) {
        xls_fault(in->x, in->row, "default",
                  "A note, a group or a calculation has no answer to begin with. Empty the cell.");
        return;
    }
    if (xls_has_choice(field, "fail") || field->critical || field->type == FIELD_ACKNOWLEDGE)
        xls_fault(in->x, in->row, "default",
                  "An answer that passes or fails an item is given by a person, never in advance. "
                  "Empty the "
                  "cell.");
    if (str_eq(text, "today()") || str_eq(text, "now()"))
        return;
    if (strstr(text, "${") != NULL || (strchr(text, '(') != NULL && str_ends(text, ")"))) {
        xls_fault(
            in->x, in->row, "default",
            "A default is a plain value, or today() or now(). Anything else that is worked out "
            "goes into calculation.");
        return;
    }
    fault = form_type_fault(field, text);
    /* A sheet holds days as they are kept, not as people type them. */
    if (fault != NULL && field->type == FIELD_DATE)
        fault = "A date is written here as in 2026-11-22.";
    else if (fault != NULL && field->type == FIELD_DATETIME)
        fault = "A date and a time are written here as in 2026-11-22T09:30.";
    if (fault != NULL)
        xls_fault(in->x, in->row, "default", "The default does not fit the row's type. %s", fault);
}

/* A row that can fail an item is answered by a person; what is worked out beside it may decide. */
static void take_calculation(const struct xls_row *in, struct form_field *field, const char *text)
{
    if (field->type == FIELD_CALCULATE && *text == '\0')
        xls_fault(in->x, in->row, "calculation",
                  "A calculate row needs a calculation. Write one, or take the row out.");
    if (*text == '\0' || field->type == FIELD_CALCULATE)
        return;
    if (!xls_takes_answer(field->type) || field->type == FIELD_BARCODE ||
        field->type == FIELD_IMAGE)
        xls_fault(in->x, in->row, "calculation",
                  "A row of this type has no answer to work out. Empty the cell.");
    else if (xls_has_choice(field, "fail") || field->type == FIELD_ACKNOWLEDGE)
        xls_fault(
            in->x, in->row, "calculation",
            "An answer that passes or fails an item is given by a person, never worked out. Empty "
            "the cell.");
}

static void take_expressions(const struct xls_row *in, struct form_field *field,
                             struct xls_exprs *exprs)
{
    bool selects = field->type == FIELD_SELECT_ONE || field->type == FIELD_SELECT_MULTIPLE;

    exprs->relevant = xls_row_cell(in, COL_RELEVANT);
    exprs->constraint = xls_row_cell(in, COL_CONSTRAINT);
    exprs->calculation = xls_row_cell(in, COL_CALCULATION);
    exprs->result = xls_row_cell(in, COL_RESULT);
    exprs->choice_filter = xls_row_cell(in, COL_CHOICE_FILTER);
    exprs->repeat_count = xls_row_cell(in, COL_REPEAT_COUNT);
    take_calculation(in, field, exprs->calculation);
    if (!xls_takes_answer(field->type) && *exprs->constraint != '\0')
        xls_fault(in->x, in->row, "constraint",
                  "A note or a group has no answer to constrain. Empty the cell.");
    if (is_end(field->type) && *exprs->relevant != '\0')
        xls_fault(in->x, in->row, "relevant", "Put it in the row that begins the group.");
    if (*field->constraint_message != '\0' && *exprs->constraint == '\0')
        xls_fault(in->x, in->row, "constraint_message",
                  "There is a message, but no constraint that would show it. Write one, or empty "
                  "the cell.");
    if (*exprs->choice_filter != '\0' && !selects)
        xls_fault(in->x, in->row, "choice_filter",
                  "Only a row with a list of choices can filter it. Empty the cell.");
    if (*exprs->repeat_count != '\0' && field->type != FIELD_BEGIN_REPEAT)
        xls_fault(in->x, in->row, "repeat_count", "It belongs in the row that begins a repeat.");
    else
        xls_copies(in, exprs->repeat_count);
}

static void take_required(const struct xls_row *in, struct form_field *field,
                          struct xls_exprs *exprs)
{
    const char *text = xls_row_cell(in, COL_REQUIRED);
    bool asked = xls_takes_answer(field->type) && field->type != FIELD_CALCULATE &&
                 field->type != FIELD_HIDDEN;

    if (strstr(text, "${") == NULL)
        field->required = xls_row_yes(in, COL_REQUIRED, "required") && asked;
    else if (asked)
        exprs->required_if = text;
    /* A row that can fail an item cannot be passed over: an unanswered one would look like a
       pass. */
    if (field->type == FIELD_SELECT_ONE && xls_has_choice(field, "fail"))
        field->required = true;
    if (field->critical && asked)
        field->required = true;
}

/* false: the row is left out. */
static bool read_field(const struct xls_row *in, struct form_field *field, struct xls_exprs *exprs)
{
    const char *list;
    const struct xls_type *type = xls_type_read(in, &list);

    if (type == NULL)
        return false;
    field->type = type->type;
    if (type->has_list)
        take_list(in, field, list);
    take_name(in, field);
    take_texts(in, field, type->shown);
    take_words(in, field);
    take_expressions(in, field, exprs);
    xls_limits(in, field, exprs);
    take_action(in, field, exprs);
    take_default(in, field);
    xls_parameters(in, field);
    xls_timer(in, field);
    field->read_only = xls_row_yes(in, COL_READ_ONLY, "read_only");
    take_required(in, field, exprs);
    return true;
}

/* Which groups and repeats are open while the rows are read. */
struct nesting {
    int open; /* index of the innermost, -1 */
    int depth, repeats;
};

static void begin_nest(struct xls *x, struct form_field *field, struct nesting *n, int index)
{
    if (++n->depth > FORM_GROUP_DEPTH)
        xls_fault(x, field->row, "type", "Groups inside groups, more than %d deep. Take some out.",
                  FORM_GROUP_DEPTH);
    if (field->type == FIELD_BEGIN_REPEAT && ++n->repeats > FORM_REPEAT_DEPTH)
        xls_fault(x, field->row, "type",
                  "A repeat may hold one more repeat, and that one none. Take \"%s\" out of them.",
                  field->name);
    n->open = index;
}

static void end_nest(struct xls *x, struct form_field *field, struct nesting *n)
{
    const char *what = field->type == FIELD_END_REPEAT ? "repeat" : "group";
    const struct form_field *begin;

    if (n->open < 0) {
        xls_fault(x, field->row, "type",
                  "A %s ends here that never began. Take the row out, or begin it above.", what);
        return;
    }
    begin = &x->f->fields[n->open];
    if ((begin->type == FIELD_BEGIN_REPEAT) != (field->type == FIELD_END_REPEAT))
        xls_fault(x, field->row, "type",
                  "A %s ends here, but the %s \"%s\" (row %u) is still open. End that one first.",
                  what, begin->type == FIELD_BEGIN_REPEAT ? "repeat" : "group", begin->name,
                  begin->row);
    n->depth--;
    if (begin->type == FIELD_BEGIN_REPEAT)
        n->repeats--;
    field->group = begin->group;
    field->repeat = begin->repeat;
    n->open = begin->group;
}

static void take_place(struct xls *x, struct form_field *field, struct nesting *n, int index)
{
    const struct form_field *open = n->open >= 0 ? &x->f->fields[n->open] : NULL;

    field->group = n->open;
    field->repeat = open == NULL ? -1 : open->type == FIELD_BEGIN_REPEAT ? n->open : open->repeat;
    if (field->type == FIELD_BEGIN_GROUP || field->type == FIELD_BEGIN_REPEAT)
        begin_nest(x, field, n, index);
    else if (is_end(field->type))
        end_nest(x, field, n);
    x->f->repeat_total += field->type == FIELD_BEGIN_REPEAT ? 1 : 0;
}

struct form_field *xls_field_new(const struct xls_row *in)
{
    struct xls *x = in->x;
    struct form_field *field;

    if (x->f->field_count == x->room) {
        xls_fault(x, in->row, "",
                  "The form is too long: %zu rows with the follow-up rows. Make two forms of it.",
                  x->room);
        return NULL;
    }
    field = &x->f->fields[x->f->field_count];
    x->exprs[x->f->field_count] = (struct xls_exprs){ "", "", "", "", "", "", "", "", "" };
    *field = (struct form_field){ .type = FIELD_NOTE,
                                  .name = "",
                                  .label = "",
                                  .hint = "",
                                  .required_message = "",
                                  .constraint_message = "",
                                  .default_value = "",
                                  .appearance = "",
                                  .unit = "",
                                  .source = "",
                                  .edition = "",
                                  .confidence = "",
                                  .fact = "",
                                  .fail_action = "",
                                  .kinds = "",
                                  .image = "",
                                  .faults = "",
                                  .guidance_hint = "",
                                  .row = in->row,
                                  .group = -1,
                                  .reason_of = -1,
                                  .put_right = -1,
                                  .repeat = -1,
                                  .origin = x->f->field_count };
    return field;
}

/* A pass or fail row brings up to five follow-up rows, any other row one at the most. */
static bool make_room(struct xls *x)
{
    size_t rows = x->survey.end - x->survey.first;
    size_t room = 2 * rows + 1;
    struct why why;

    for (size_t i = x->survey.first; i < x->survey.end; i++)
        if (str_starts(xls_cell(x, &x->survey, i, COL_TYPE), "select_one"))
            room += 4;
    x->room = room < FORM_FIELDS_MAX ? room : FORM_FIELDS_MAX;
    x->f->fields = arena_array(x->a, x->room, sizeof(*x->f->fields));
    x->exprs = arena_array(x->a, x->room, sizeof(*x->exprs));
    x->f->dropped = arena_array(x->a, rows + 1, sizeof(*x->f->dropped));
    if (x->f->fields == NULL || x->exprs == NULL || x->f->dropped == NULL ||
        form_index_new(x->a, x->f, x->room, &why) != ERR_OK)
        x->out_of_memory = true;
    xls_follow_begin(x);
    return !x->out_of_memory;
}

static bool read_row(const struct xls_row *in, struct nesting *nesting)
{
    struct xls *x = in->x;
    struct form_field *field = xls_field_new(in);
    size_t index = x->f->field_count;

    if (field == NULL)
        return false;
    if (!read_field(in, field, &x->exprs[index]))
        return true;
    take_place(x, field, nesting, (int)index);
    form_index_add(x->f, index);
    x->f->field_count++;
    xls_follow(in, index);
    return true;
}

void xls_fields(struct xls *x)
{
    struct nesting nesting = { .open = -1 };

    if (x->survey.header == 0 || x->survey.at[COL_TYPE] < 0 || x->survey.at[COL_NAME] < 0 ||
        x->survey.at[COL_LABEL] < 0) {
        xls_fault(x, x->survey.header, "",
                  "The sheet \"survey\" is needed, with the columns type, name and label.");
        return;
    }
    if (!make_room(x))
        return;
    for (size_t i = x->survey.first; i < x->survey.end; i++) {
        struct xls_row in = { x, &x->survey, i, (unsigned)i + 1 };

        if (!xls_row_empty(x, i) && !read_row(&in, &nesting))
            return;
    }
    if (nesting.open >= 0)
        xls_fault(x, x->f->fields[nesting.open].row, "type",
                  "The %s \"%s\" begins here and never ends. Add the row that ends it.",
                  x->f->fields[nesting.open].type == FIELD_BEGIN_REPEAT ? "repeat" : "group",
                  x->f->fields[nesting.open].name);
    if (x->f->field_count == 0)
        xls_fault(x, x->survey.header, "",
                  "The form has no questions. Write some below the headings.");
}
