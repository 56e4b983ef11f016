#include <string.h>

#include "app/domain/xlsform.h"

/* What a follow-up row says. Its relevance is made of the row that it follows. */
struct follow {
    const char *suffix;
    enum field_type type;
    const char *label;
};

static const struct follow what = { "_what", FIELD_SELECT_ONE, "What is wrong?" };
static const struct follow note = { "_note", FIELD_TEXT, "Say what is wrong" };
static const struct follow fix = { "_fix", FIELD_SELECT_ONE, "Put right now?" };
static const struct follow done = { "_done", FIELD_TEXT, "What was done?" };
static const struct follow na = { "_na", FIELD_TEXT, "Why does it not apply?" };
static const struct follow other = { "_other", FIELD_TEXT, "Say what else" };

void xls_follow_begin(struct xls *x)
{
    static const struct follow *const all[] = { &what, &note, &fix, &done, &na, &other };

    x->suffixed = arena_array(x->a, x->survey.end - x->survey.first + 1, sizeof(*x->suffixed));
    if (x->suffixed == NULL) {
        x->out_of_memory = true;
        return;
    }
    for (size_t i = x->survey.first; i < x->survey.end; i++) {
        const char *name = xls_cell(x, &x->survey, i, COL_NAME);
        bool ends = false;

        for (size_t k = 0; k < COUNT_OF(all); k++)
            ends = ends || str_ends(name, all[k]->suffix);
        if (ends)
            x->suffixed[x->suffixed_count++] = name;
    }
}

/* Whether the author has a row of that name, further down as well. */
static bool is_written(const struct xls *x, const char *name)
{
    for (size_t i = 0; i < x->suffixed_count; i++)
        if (str_eq(x->suffixed[i], name))
            return true;
    return false;
}

static const char *joined(struct xls *x, const char *name, const char *suffix)
{
    const char *text = arena_printf(x->a, "%s%s", name, suffix);

    if (text == NULL)
        x->out_of_memory = true;
    return text != NULL ? text : "";
}

/* The row's index, or -1 when the author wrote it, or there is no room. */
static int add(const struct xls_row *in, size_t of, const struct follow *row,
               const struct form_choices *choices, const char *relevant)
{
    struct xls *x = in->x;
    const char *name = joined(x, x->f->fields[of].name, row->suffix);
    struct form_field *field;
    size_t index;

    if (x->out_of_memory || relevant == NULL || is_written(x, name))
        return -1;
    index = x->f->field_count;
    field = xls_field_new(in);
    if (field == NULL)
        return -1;
    field->type = row->type;
    field->name = name;
    field->label = row->label;
    field->choices = choices;
    field->required = true;
    field->generated = true;
    field->reason_of = (int)of;
    field->group = x->f->fields[of].group;
    field->repeat = x->f->fields[of].repeat;
    x->exprs[index].relevant = relevant;
    form_index_add(x->f, index);
    x->f->field_count++;
    return (int)index;
}

static const char *when(struct xls *x, const char *name, const char *suffix, const char *answer)
{
    const char *text = arena_printf(x->a, "${%s%s} = '%s'", name, suffix, answer);

    if (text == NULL)
        x->out_of_memory = true;
    return text;
}

/* Words are asked for where no list of faults names what is wrong, and where «other» was tapped. */
static void ask_for_words(const struct xls_row *in, size_t of, bool listed)
{
    struct xls *x = in->x;
    const char *name = x->f->fields[of].name;
    const char *relevant = when(x, name, "", "fail");

    if (listed && relevant != NULL) {
        relevant = arena_printf(x->a, "${%s} = 'fail' and ${%s_what} = 'other'", name, name);
        x->out_of_memory = x->out_of_memory || relevant == NULL;
    }
    (void)add(in, of, &note, NULL, relevant);
}

static const struct form_choices *yes_no(struct xls *x)
{
    static const struct form_choice rows[] = {
        { .name = "yes", .label = "Yes", .image = "" },
        { .name = "no", .label = "No", .image = "" },
    };

    if (x->yes_no == NULL) {
        x->yes_no = arena_alloc(x->a, sizeof(*x->yes_no));
        if (x->yes_no == NULL) {
            x->out_of_memory = true;
            return NULL;
        }
        *x->yes_no = (struct form_choices){ .list = "", .count = COUNT_OF(rows) };
        x->yes_no->rows = arena_array(x->a, COUNT_OF(rows), sizeof(rows[0]));
        if (x->yes_no->rows == NULL) {
            x->out_of_memory = true;
            return NULL;
        }
        memcpy(x->yes_no->rows, rows, sizeof(rows));
    }
    return x->yes_no;
}

/* A row of the author's own that offers «other»: words may be needed. */
static bool own_what_lists_other(struct xls *x, const char *name)
{
    const char *what_name = joined(x, name, what.suffix);

    for (size_t i = x->survey.first; is_written(x, what_name) && i < x->survey.end; i++) {
        const char *type = xls_cell(x, &x->survey, i, COL_TYPE);
        struct form_field probe = { 0 };

        if (!str_eq(xls_cell(x, &x->survey, i, COL_NAME), what_name))
            continue;
        type += strcspn(type, " ");
        probe.choices = xls_list_named(x->f, type + strspn(type, " "));
        return xls_has_choice(&probe, "other");
    }
    return false;
}

static void follow_fail(const struct xls_row *in, size_t of)
{
    struct xls *x = in->x;
    const struct form_choices *choices = NULL;
    const char *name = x->f->fields[of].name;
    bool own = is_written(x, joined(x, name, what.suffix));
    bool other_listed;

    if (*x->f->fields[of].faults != '\0')
        choices = xls_list_wanted(in, "kiosk::faults", x->f->fields[of].faults);
    if (own)
        other_listed = own_what_lists_other(x, name);
    else
        other_listed = xls_has_choice(&(struct form_field){ .choices = choices }, "other");
    if (choices != NULL && !own)
        (void)add(in, of, &what, choices, when(x, name, "", "fail"));
    if ((!own && choices == NULL) || other_listed)
        ask_for_words(in, of, other_listed);
    if (!str_eq(x->f->fields[of].fail_action, "F1"))
        return;
    x->f->fields[of].put_right = add(in, of, &fix, yes_no(x), when(x, name, "", "fail"));
    if (x->f->fields[of].put_right >= 0)
        (void)add(in, of, &done, NULL, when(x, name, fix.suffix, "yes"));
}

void xls_follow(const struct xls_row *in, size_t of)
{
    struct xls *x = in->x;
    const struct form_field *field = &x->f->fields[of];

    if (!xls_name_valid(field->name))
        return;
    if (xls_is_pass_fail(field)) {
        follow_fail(in, of);
        if (xls_has_choice(&x->f->fields[of], "na"))
            (void)add(in, of, &na, NULL, when(x, field->name, "", "na"));
        return;
    }
    if (*field->faults != '\0')
        xls_fault(x, in->row, "kiosk::faults",
                  "Only a row with the choices pass and fail, and maybe na, has a list of faults. "
                  "Empty the "
                  "cell.");
    if (str_ends(xls_row_cell(in, COL_TYPE), " or_other")) {
        const char *relevant = arena_printf(x->a, "selected(${%s}, 'other')", field->name);

        x->out_of_memory = x->out_of_memory || relevant == NULL;
        (void)add(in, of, &other, NULL, relevant);
    }
}

const struct form_choices *xls_list_with_other(const struct xls_row *in,
                                               const struct form_choices *list)
{
    struct form_choices *longer;

    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->rows[i].name, "other"))
            return list;
    longer = arena_alloc(in->x->a, sizeof(*longer));
    if (longer != NULL) {
        *longer = *list;
        longer->rows = arena_array(in->x->a, list->count + 1, sizeof(*longer->rows));
    }
    if (longer == NULL || longer->rows == NULL) {
        in->x->out_of_memory = true;
        return list;
    }
    memcpy(longer->rows, list->rows, list->count * sizeof(*list->rows));
    longer->rows[longer->count++] =
        (struct form_choice){ .name = "other", .label = "Other", .image = "" };
    return longer;
}
