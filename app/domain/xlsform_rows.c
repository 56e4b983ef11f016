#include "app/domain/xlsform.h"

#include <string.h>

#include "app/domain/expr_lex.h"
#include "app/domain/status.h"

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
    const char *text = xls_row_cell(in, column);

    if (str_eq(text, "yes") || str_eq(text, "true") || str_eq(text, "true()"))
        return true;
    if (*text != '\0' && !str_eq(text, "no") && !str_eq(text, "false") &&
        !str_eq(text, "false()") && !str_eq(text, "TRUE") && !str_eq(text, "FALSE"))
        xls_fault(in->x, in->row, heading, "\"%.40s\" is neither yes nor no.", text);
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
                  "\"%.40s\" is not one of sure, likely, verify.", text);
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

static void choice_add(const struct xls_row *in, struct form_choices *list)
{
    struct form_choice choice = { .name = xls_row_cell(in, COL_NAME),
                                  .label = xls_row_cell(in, COL_LABEL),
                                  .image = xls_row_cell(in, COL_IMAGE) };
    const char *fault = choice_name_fault(list, choice.name);

    if (fault != NULL)
        xls_fault(in->x, in->row, "name", "%s", fault);
    else if (*choice.label == '\0' || strlen(choice.label) > XLS_LABEL_MAX)
        xls_fault(in->x, in->row, "label",
                  "A choice needs a label of 1 to %d bytes, which people read.", XLS_LABEL_MAX);
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

static void read_basis(const struct xls_row *in)
{
    static const char *const names[] = { "LAW", "SCHEME", "ACOP", "GUIDE", "PRACTICE" };
    const char *text = xls_row_cell(in, COL_BASIS);
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

/* A form's id becomes part of records and file names for years: lower-case letters, digits and
   hyphens. */
static void check_form_id(const struct xls_row *in, const char *id)
{
    if (*id == '\0' || strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(id) ||
        strlen(id) > XLS_NAME_MAX)
        xls_fault(in->x, in->row, "form_id",
                  "A form needs an id of small letters, digits and hyphens, such as el-vis.");
}

static void read_settings(const struct xls_row *in)
{
    struct form *f = in->x->f;

    f->id = xls_row_cell(in, COL_FORM_ID);
    f->title = xls_row_cell(in, COL_FORM_TITLE);
    f->version = xls_row_cell(in, COL_VERSION);
    f->applies_to = xls_row_cell(in, COL_APPLIES_TO);
    f->interval = xls_row_cell(in, COL_INTERVAL);
    f->basis_text = xls_row_cell(in, COL_BASIS_TEXT);
    f->competence = xls_row_cell(in, COL_COMPETENCE);
    f->fail_action = xls_row_cell(in, COL_FAIL_ACTION);
    f->retention = xls_row_cell(in, COL_RETENTION);
    f->source = xls_row_cell(in, COL_SOURCE);
    f->edition = xls_row_cell(in, COL_EDITION);
    f->guidance = xls_row_cell(in, COL_GUIDANCE);
    f->confidence = xls_row_confidence(in);
    f->quick_pass = xls_row_yes(in, COL_QUICK_PASS, "kiosk::quick_pass");
    f->next_due = xls_row_cell(in, COL_NEXT_DUE);
    f->interval_from = xls_row_cell(in, COL_INTERVAL_FROM);
    f->life = xls_row_cell(in, COL_LIFE);
    f->custody = xls_row_cell(in, COL_CUSTODY);
    f->makes = xls_row_cell(in, COL_MAKES);
    f->makes_label = xls_row_cell(in, COL_MAKES_LABEL);
    f->in_session = xls_row_yes(in, COL_IN_SESSION, "kiosk::in_session");
    f->birth = xls_row_yes(in, COL_BIRTH, "kiosk::birth");
    f->calibration = xls_row_yes(in, COL_CALIBRATION, "kiosk::calibration");
    f->tray = *xls_row_cell(in, COL_TRAY) != '\0' ? xls_row_yes(in, COL_TRAY, "kiosk::tray")
                                                  : f->quick_pass;
    f->default_language = xls_row_cell(in, COL_DEFAULT_LANGUAGE);
    read_basis(in);
    check_form_id(in, f->id);
    if (*f->title == '\0')
        xls_fault(in->x, in->row, "form_title", "A form needs a title.");
    if (*f->version == '\0')
        xls_fault(in->x, in->row, "version", "A form needs a version, which every record keeps.");
    if (!str_eq(f->interval, "term") && !str_eq(f->interval, "scheme") &&
        !status_interval_valid(f->interval))
        xls_fault(
            in->x, in->row, "kiosk::interval",
            "\"%.40s\" is not an interval. Write use, term, scheme, or a number with d, w, m or "
            "y, such as 12m; or leave it empty.",
            f->interval);
}

void xls_settings(struct xls *x)
{
    size_t found = 0;

    for (size_t i = x->settings.first; x->settings.header > 0 && i < x->settings.end; i++) {
        struct xls_row in = { x, &x->settings, i, (unsigned)i + 1 };

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
