#include <string.h>

#include "app/domain/expr_lex.h"
#include "app/domain/xlsform.h"

/* The row of that name, for a setting that must have one; NULL with a fault. */
static const struct form_field *row_wanted(struct xls *x, const char *setting, const char *name)
{
    const char *names[200];
    const char *near;
    size_t count = 0;
    int index = form_field_index(x->f, name);

    if (index >= 0)
        return &x->f->fields[index];
    for (; count < x->f->field_count && count < COUNT_OF(names); count++)
        names[count] = x->f->fields[count].name;
    near = text_nearest(name, names, count);
    xls_fault(x, x->settings.header + 1, setting, "The form has no row called \"%.40s\".%s%s%s",
              name, near != NULL ? " Is \"" : "", near != NULL ? near : "",
              near != NULL ? "\" meant?" : "");
    return NULL;
}

/* A setting that names a row of one type, which stands once. */
static const struct form_field *link_row(struct xls *x, const char *setting, const char *name,
                                         enum field_type type, const char *type_name)
{
    const struct form_field *field;

    if (*name == '\0')
        return NULL;
    field = row_wanted(x, setting, name);
    if (field == NULL)
        return NULL;
    if (field->type != type)
        xls_fault(x, field->row, "type",
                  "The setting %s names this row, so its type is %s. Mend the type or the setting.",
                  setting, type_name);
    else if (field->repeat >= 0)
        xls_fault(x, field->row, "name",
                  "The setting %s names this row, so it cannot stand in a repeat. Move it out.",
                  setting);
    return field;
}

static void link_dates(struct xls *x)
{
    const struct form *f = x->f;
    const struct form_field *due = link_row(x, "kiosk::next_due", f->next_due, FIELD_DATE, "date");

    (void)link_row(x, "kiosk::interval_from", f->interval_from, FIELD_CALCULATE, "calculate");
    if (due != NULL && *due->default_value != '\0')
        xls_fault(x, due->row, "default",
                  "The next date is read from the report and typed, never given in advance. Empty "
                  "the cell.");
    if (str_eq(f->interval, "scheme") && *f->next_due == '\0')
        xls_fault(x, x->settings.header + 1, "kiosk::next_due",
                  "An interval of scheme needs the name of the date row for the next date. Write "
                  "it here.");
}

static void link_making(struct xls *x)
{
    const struct form *f = x->f;
    const struct form_field *label =
        link_row(x, "kiosk::makes_label", f->makes_label, FIELD_BARCODE, "barcode");

    if ((*f->makes != '\0') != (*f->makes_label != '\0'))
        xls_fault(x, x->settings.header + 1,
                  *f->makes != '\0' ? "kiosk::makes_label" : "kiosk::makes",
                  "kiosk::makes and kiosk::makes_label belong together. Fill both, or neither.");
    if (label != NULL && !str_eq(label->kinds, "new"))
        xls_fault(x, label->row, "kiosk::kind",
                  "The label of the new item is one that nothing carries yet: write new.");
    if (label != NULL && !label->required)
        xls_fault(x, label->row, "required", "The new item needs its label: write yes.");
}

static bool is_one_of(enum field_type type, const enum field_type *types, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (types[i] == type)
            return true;
    return false;
}

static void link_custody(struct xls *x)
{
    static const enum field_type who[] = { FIELD_TEXT, FIELD_BARCODE, FIELD_SELECT_ONE };
    static const enum field_type place[] = { FIELD_TEXT, FIELD_SELECT_ONE, FIELD_CALCULATE };
    static const enum field_type back[] = { FIELD_DATETIME, FIELD_DATE, FIELD_CALCULATE };
    static const struct {
        const char *name;
        const enum field_type *types;
        size_t count;
        const char *words;
    } rows[] = {
        { "who", who, COUNT_OF(who), "text, select_one or barcode" },
        { "place", place, COUNT_OF(place), "text, select_one or calculate" },
        { "back_by", back, COUNT_OF(back), "dateTime, date or calculate" },
    };

    if (!str_eq(x->f->custody, "out"))
        return;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int index = form_field_index(x->f, rows[i].name);

        if (index < 0)
            xls_fault(x, x->settings.header + 1, "kiosk::custody",
                      "A form that takes an item out has a row called \"%s\" (%s).", rows[i].name,
                      rows[i].words);
        else if (!is_one_of(x->f->fields[index].type, rows[i].types, rows[i].count))
            xls_fault(x, x->f->fields[index].row, "type",
                      "In a form that takes an item out, \"%s\" is %s.", rows[i].name,
                      rows[i].words);
    }
}

static void check_scan(struct xls *x, const struct form_field *field)
{
    bool barcode = field->type == FIELD_BARCODE;

    if (*field->kinds != '\0' && !barcode)
        xls_fault(x, field->row, "kiosk::kind",
                  "Only a barcode row says what may be scanned. Empty the cell.");
    if (field->instrument && !barcode)
        xls_fault(x, field->row, "kiosk::instrument",
                  "Only a barcode row can scan an instrument. Empty the cell.");
    if (field->instrument &&
        (form_has_word(field->kinds, "person") || form_has_word(field->kinds, "new")))
        xls_fault(
            x, field->row, "kiosk::kind",
            "A person or a new label is no instrument. Name kinds, or empty kiosk::instrument.");
    if (strchr(field->kinds, ' ') != NULL &&
        (form_has_word(field->kinds, "person") || form_has_word(field->kinds, "new")))
        xls_fault(x, field->row, "kiosk::kind",
                  "person and new stand alone. Take the other words out.");
    if (strspn(field->kinds, "abcdefghijklmnopqrstuvwxyz0123456789-_ ") != strlen(field->kinds))
        xls_fault(
            x, field->row, "kiosk::kind",
            "Kinds are written in small letters with blanks between, as in the list of kinds.");
}

static void check_appearance(struct xls *x, struct form_field *field)
{
    field->over = form_has_word(field->appearance, "over");
    field->many = form_has_word(field->appearance, "many");
    if (field->many && field->type != FIELD_BARCODE)
        xls_fault(x, field->row, "appearance",
                  "Only a barcode row takes many scans. Take the word many out.");
    if (field->over && field->type != FIELD_DECIMAL && field->type != FIELD_INTEGER)
        xls_fault(x, field->row, "appearance",
                  "Only a number can be over its range. Take the word over out.");
    if (form_has_word(field->appearance, "log") && field->type != FIELD_TEXT)
        xls_fault(x, field->row, "appearance",
                  "A log is typed into a text row. Make the type text, or take the word log out.");
    if (form_has_word(field->appearance, "ahead") && field->type != FIELD_DATE &&
        field->type != FIELD_DATETIME)
        xls_fault(x, field->row, "appearance",
                  "Only a date or a dateTime lies ahead. Take the word ahead out.");
    if (form_has_word(field->appearance, "results") && field->type != FIELD_BEGIN_GROUP)
        xls_fault(x, field->row, "appearance",
                  "Only a begin_group shows its rows as results. Take the word results out.");
}

/* A card of results shows what was worked out: a question inside it could never be answered. */
static void check_results(struct xls *x, const struct form_field *field)
{
    const struct form_field *group = field->group < 0 ? NULL : &x->f->fields[field->group];

    if (group == NULL || group->type != FIELD_BEGIN_GROUP ||
        !form_has_word(group->appearance, "results") || field->type == FIELD_CALCULATE ||
        field->type == FIELD_HIDDEN || field->type == FIELD_END_GROUP)
        return;
    xls_fault(x, field->row, "type",
              "A group of results holds calculate rows only: this one could not be answered there. "
              "Move it out of the group.");
}

static void check_fact(struct xls *x, const struct form_field *field)
{
    if (*field->fact == '\0')
        return;
    if (!xls_name_valid(field->fact))
        xls_fault(x, field->row, "kiosk::fact",
                  "Write a fact's name as one word: letters, digits, - and _.");
    if (!xls_takes_answer(field->type))
        xls_fault(x, field->row, "kiosk::fact",
                  "A note or a group has no answer to keep. Empty the cell.");
    if (field->repeat >= 0)
        xls_fault(
            x, field->row, "kiosk::fact",
            "A fact has one value; this row stands in a repeat. Move it out, or empty the cell.");
    if (str_eq(field->fact, "use_by") && field->type != FIELD_DATE &&
        field->type != FIELD_CALCULATE)
        xls_fault(x, field->row, "kiosk::fact",
                  "use_by is a date: make the row's type date or calculate.");
}

static bool is_dropped(const struct xls *x, const char *name, size_t len)
{
    for (size_t i = 0; i < x->f->dropped_count; i++)
        if (strlen(x->f->dropped[i].name) == len && memcmp(x->f->dropped[i].name, name, len) == 0)
            return true;
    return false;
}

/* ${name} in a text that people read must name a row with an answer. */
static void check_text(struct xls *x, unsigned row, const char *column, const char *text)
{
    for (const char *at = text; (at = strstr(at, "${")) != NULL;) {
        char name[XLS_NAME_MAX + 8];
        size_t len = strcspn(at + 2, "}");
        int index = -1;

        at += 2;
        if (at[len] == '}' && len < sizeof(name)) {
            memcpy(name, at, len);
            name[len] = '\0';
            index = form_field_index(x->f, name);
        }
        if (index < 0 && is_dropped(x, at, len))
            xls_fault(x, row, column,
                      "In this text ${%.*s} names a row that is left out. Take it out.",
                      (int)(len < 40 ? len : 40), at);
        else if (index < 0 || !xls_takes_answer(x->f->fields[index].type))
            xls_fault(x, row, column,
                      "In this text ${%.*s} names no question of the form. Mend the name, or take "
                      "it out.",
                      (int)(len < 40 ? len : 40), at);
    }
}

static void check_texts(struct xls *x, const struct form_field *field)
{
    if (!field->fills)
        return;
    check_text(x, field->row, "label", field->label);
    check_text(x, field->row, "hint", field->hint);
    for (size_t i = 0; field->words != NULL && i < x->f->language_count; i++) {
        check_text(x, field->row, "label", field->words[i].label);
        check_text(x, field->row, "hint", field->words[i].hint);
    }
}

/* The author may have written the row «put right now?» himself. */
static void link_put_right(struct xls *x, struct form_field *field)
{
    char name[XLS_NAME_MAX + 8];
    int index;

    if (field->put_right >= 0 || !xls_is_pass_fail(field) || !str_eq(field->fail_action, "F1") ||
        !str_format(name, sizeof(name), "%s_fix", field->name))
        return;
    index = form_field_index(x->f, name);
    if (index >= 0 && x->f->fields[index].type == FIELD_SELECT_ONE &&
        x->f->fields[index].repeat == field->repeat)
        field->put_right = index;
}

void xls_links(struct xls *x)
{
    for (size_t i = 0; i < x->f->field_count; i++) {
        struct form_field *field = &x->f->fields[i];

        check_scan(x, field);
        check_appearance(x, field);
        check_results(x, field);
        check_fact(x, field);
        check_texts(x, field);
        link_put_right(x, field);
    }
    for (size_t i = 0; i < x->f->list_count; i++)
        for (size_t k = 0; x->f->lists[i].fills && k < x->f->lists[i].count; k++)
            check_text(x, x->choices.header, "label", x->f->lists[i].rows[k].label);
    link_dates(x);
    link_making(x);
    link_custody(x);
}
