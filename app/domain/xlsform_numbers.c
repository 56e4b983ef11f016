#include <string.h>

#include "app/domain/xlsform.h"

/* Spreadsheets take 1/2 for the first of February, and give a date back. */
static bool looks_like_date(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    if (digits == 0 || digits > 4 || (text[digits] != '/' && text[digits] != '-'))
        return false;
    text += digits + 1;
    return *text != '\0' && strspn(text, "0123456789/-JanFebMrApyulgSOctNovDuh") == strlen(text);
}

/* A number in a cell; false with a fault. */
static bool xls_number(const struct xls_row *in, const char *heading, const char *text, double *out)
{
    if (str_to_f64(text, out))
        return true;
    if (looks_like_date(text))
        xls_fault(in->x, in->row, heading,
                  "\"%.40s\" is a date that the spreadsheet made of something like 1/2. Format the "
                  "cell as text and write 0.5.",
                  text);
    else
        xls_fault(in->x, in->row, heading,
                  "\"%.40s\" is not a number. Write it with a full stop, as in 0.4.", text);
    return false;
}

/* A number, or an expression over other answers, which goes to *out_from. */
static bool take_limit(const struct xls_row *in, enum xls_column column, const char *heading,
                       double *out, const char **out_from)
{
    const char *text = xls_row_cell(in, column);

    *out_from = "";
    if (*text == '\0')
        return false;
    if (strpbrk(text, "$(") == NULL)
        return xls_number(in, heading, text, out);
    *out_from = text;
    return false;
}

static bool is_number(enum field_type type)
{
    return type == FIELD_INTEGER || type == FIELD_DECIMAL || type == FIELD_RANGE;
}

void xls_limits(const struct xls_row *in, struct form_field *field, struct xls_exprs *exprs)
{
    bool number = is_number(field->type) || field->type == FIELD_CALCULATE;
    bool low, high;

    field->has_low = take_limit(in, COL_LOW, "kiosk::limit_low", &field->low, &exprs->low_from);
    field->has_high =
        take_limit(in, COL_HIGH, "kiosk::limit_high", &field->high, &exprs->high_from);
    low = field->has_low || *exprs->low_from != '\0';
    high = field->has_high || *exprs->high_from != '\0';
    field->critical = xls_row_yes(in, COL_CRITICAL, "kiosk::critical");
    if ((low || high) && !number)
        xls_fault(in->x, in->row, low ? "kiosk::limit_low" : "kiosk::limit_high",
                  "Only a number or a calculation has limits. Empty the cell, or mend the type.");
    if (field->has_low && field->has_high && field->low > field->high)
        xls_fault(in->x, in->row, "kiosk::limit_low",
                  "The low limit is above the high one. Swap them, or mend one of them.");
    if (*exprs->result != '\0' && !xls_takes_answer(field->type))
        xls_fault(in->x, in->row, "kiosk::result",
                  "A note or a group has no answer that could pass or fail. Empty the cell.");
}

/* One of "start=0 end=10 step=0.5"; false at the end. */
static bool next_parameter(const char **at, char *key, size_t size, const char **out_value,
                           size_t *out_len)
{
    const char *from = *at + strspn(*at, " ,;");
    size_t len = strcspn(from, " ,;=");
    const char *value = from + len + strspn(from + len, " ");

    if (len == 0 || len >= size)
        return false;
    memcpy(key, from, len);
    key[len] = '\0';
    *out_value = "";
    *out_len = 0;
    if (*value == '=') {
        value += 1 + strspn(value + 1, " ");
        *out_value = value;
        *out_len = strcspn(value, " ,;");
        value += *out_len;
    }
    *at = value;
    return true;
}

static void take_range(const struct xls_row *in, struct form_field *field, const char *text)
{
    struct {
        const char *id;
        double *to;
    } known[] = { { "start", &field->range_start },
                  { "end", &field->range_end },
                  { "step", &field->range_step } };
    const char *value;
    size_t len;
    char key[20];

    field->range_start = 1;
    field->range_end = 10;
    field->range_step = 1;
    while (next_parameter(&text, key, sizeof(key), &value, &len)) {
        char number[40] = "";
        size_t k = 0;

        while (k < COUNT_OF(known) && !str_eq(known[k].id, key))
            k++;
        if (k == COUNT_OF(known)) {
            xls_note(in->x, in->row, "parameters",
                     "Left out: \"%s\". A range has start, end and step.", key);
            continue;
        }
        if (len < sizeof(number))
            memcpy(number, value, len);
        if (!xls_number(in, "parameters", number, known[k].to))
            return;
    }
    if (!(field->range_step > 0) || field->range_end < field->range_start ||
        (field->range_end - field->range_start) / field->range_step > FORM_RANGE_STEPS_MAX)
        xls_fault(in->x, in->row, "parameters",
                  "A range goes up from start to end by a step above 0, in at most %d steps.",
                  FORM_RANGE_STEPS_MAX);
}

void xls_parameters(const struct xls_row *in, struct form_field *field)
{
    const char *text = xls_row_cell(in, COL_PARAMETERS);

    if (field->type == FIELD_RANGE)
        take_range(in, field, text);
    else if (*text != '\0')
        xls_note(in->x, in->row, "parameters",
                 "Left out: \"%.60s\". Only a range has parameters here.", text);
}

void xls_timer(const struct xls_row *in, struct form_field *field)
{
    const char *text = xls_row_cell(in, COL_TIMER);
    bool timed = str_eq(field->unit, "s") || str_eq(field->unit, "min");
    double seconds;

    if (*text == '\0' || !xls_number(in, "kiosk::timer", text, &seconds))
        return;
    if (!is_number(field->type) || !timed)
        xls_fault(in->x, in->row, "kiosk::timer",
                  "A timer belongs in an integer or decimal row with the unit s or min.");
    else if (!(seconds >= 1 && seconds <= 86400) || seconds != (double)(int)seconds)
        xls_fault(in->x, in->row, "kiosk::timer", "A timer runs for 1 to 86400 whole seconds.");
    else
        field->timer_s = (int)seconds;
}

/* A number of copies that stands in the sheet is judged there, not when the form is opened. */
void xls_copies(const struct xls_row *in, const char *text)
{
    double number;

    if (!str_to_f64(text, &number))
        return;
    if (!(number >= 0 && number <= FORM_REPEAT_MAX) || number != (double)(int)number)
        xls_fault(in->x, in->row, "repeat_count",
                  "A repeat has a whole number of copies, at most %d.", FORM_REPEAT_MAX);
}
