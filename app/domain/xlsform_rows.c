#include "app/domain/xlsform.h"

#include <string.h>

const char *xls_row_cell(const struct xls_row *in, enum xls_column column)
{
    return xls_cell(in->x, in->sheet, in->index, column);
}

bool xls_name_valid(const char *name)
{
    size_t len = strlen(name);

    for (size_t i = 0; i < len; i++) {
        char c = name[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';

        if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '-' || c == '.')))
            return false;
    }
    return len > 0 && len <= XLS_NAME_MAX && name[len - 1] != '.';
}

bool xls_row_yes(const struct xls_row *in, enum xls_column column, const char *heading)
{
    static const char *const yes[] = { "yes", "Yes", "YES", "true", "true()" };
    static const char *const no[] = { "", "no", "No", "NO", "false", "false()", "TRUE", "FALSE" };
    const char *text = xls_row_cell(in, column);

    for (size_t i = 0; i < COUNT_OF(yes); i++)
        if (str_eq(text, yes[i]))
            return true;
    for (size_t i = 0; i < COUNT_OF(no); i++)
        if (str_eq(text, no[i]))
            return false;
    xls_fault(in->x, in->row, heading, "\"%.40s\" is neither yes nor no. Write one of them.", text);
    return false;
}

const char *xls_row_confidence(const struct xls_row *in)
{
    static const char *const words[] = { "sure", "likely", "verify" };
    const char *text = xls_row_cell(in, COL_CONFIDENCE);

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq(text, words[i]))
            return text;
    if (*text != '\0')
        xls_fault(in->x, in->row, "kiosk::confidence",
                  "\"%.40s\" is not one of sure, likely, verify. Write one of them.", text);
    return text;
}

struct form_choices *xls_list_named(struct form *f, const char *name)
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
    if (strpbrk(name, " \t\n,'\"") != NULL || strlen(name) > XLS_NAME_MAX)
        return "A choice's name is one short word, without blanks, commas or quote marks.";
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->rows[i].name, name))
            return "This list has a choice of that name already.";
    return NULL;
}

/* A choice's label in each of the form's languages. */
static const char *const *choice_labels(const struct xls_row *in)
{
    size_t count = in->x->f->language_count;
    const char **labels;

    if (count == 0)
        return NULL;
    labels = arena_array(in->x->a, count, sizeof(*labels));
    if (labels == NULL) {
        in->x->out_of_memory = true;
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        labels[i] = xls_cell_spoken(in->x, in->sheet, in->index, i, SPOKEN_LABEL);
    return labels;
}

/* What choice_filter may ask for, besides the name. */
static const char *const *choice_columns(const struct xls_row *in)
{
    size_t count = in->x->f->choice_column_count;
    const struct csv_row *row = &in->x->csv.rows[in->index];
    const char **columns;

    if (count == 0)
        return NULL;
    columns = arena_array(in->x->a, count, sizeof(*columns));
    if (columns == NULL) {
        in->x->out_of_memory = true;
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        columns[i] =
            (size_t)in->sheet->extra[i] < row->count ? row->cells[in->sheet->extra[i]] : "";
    return columns;
}

static void choice_add(const struct xls_row *in, struct form_choices *list)
{
    struct form_choice choice = { .name = xls_row_cell(in, COL_NAME),
                                  .label = xls_row_cell(in, COL_LABEL),
                                  .image = xls_row_cell(in, COL_IMAGE),
                                  .labels = choice_labels(in),
                                  .columns = choice_columns(in) };
    const char *fault = choice_name_fault(list, choice.name);

    if (fault != NULL)
        xls_fault(in->x, in->row, "name", "%s", fault);
    else if ((*choice.label == '\0' && *choice.image == '\0') ||
             strlen(choice.label) > XLS_LABEL_MAX)
        xls_fault(in->x, in->row, "label",
                  "A choice needs a label of 1 to %d bytes, which people read.", XLS_LABEL_MAX);
    else {
        if (*choice.label == '\0')
            choice.label = choice.name;
        list->rows[list->count++] = choice;
    }
    list->fills = list->fills || strstr(choice.label, "${") != NULL;
    for (size_t i = 0; choice.labels != NULL && i < in->x->f->language_count; i++)
        list->fills = list->fills || strstr(choice.labels[i], "${") != NULL;
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
    list->rows = arena_array(x->a, list_rows(x, name) + 1, sizeof(*list->rows));
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
        struct xls_row in = { x, &x->choices, i, (unsigned)i + 1 };
        const char *name = xls_row_cell(&in, COL_LIST);
        struct form_choices *list = xls_list_named(x->f, name);

        if (xls_row_empty(x, i))
            continue;
        if (!xls_name_valid(name)) {
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
