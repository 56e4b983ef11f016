#include <math.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/form_judge.h"

bool form_blank(const char *s)
{
    return s == NULL || s[strspn(s, " \t\r\n")] == '\0';
}

static bool has_word(const char *list, const char *word, const char *gaps)
{
    size_t len = strlen(word);

    if (list == NULL)
        return false;
    for (const char *at = list + strspn(list, gaps); *at != '\0'; at += strspn(at, gaps)) {
        size_t n = strcspn(at, gaps);

        if (n == len && memcmp(at, word, len) == 0)
            return true;
        at += n;
    }
    return false;
}

bool form_has_word(const char *list, const char *word)
{
    return has_word(list, word, " ");
}

bool form_is_for(const char *applies_to, const char *kind)
{
    return has_word(applies_to, "*", " \t,") ||
           (*kind != '\0' && has_word(applies_to, kind, " \t,"));
}

bool form_takes_answer(enum field_type type)
{
    return type != FIELD_NOTE && type != FIELD_BEGIN_GROUP && type != FIELD_END_GROUP &&
           type != FIELD_BEGIN_REPEAT && type != FIELD_END_REPEAT;
}

static bool is_number(const char *s, bool whole)
{
    size_t digits;
    size_t more = 0;

    if (*s == '-')
        s++;
    digits = strspn(s, "0123456789");
    s += digits;
    if (*s == '.' && !whole) {
        more = strspn(s + 1, "0123456789");
        s += 1 + more;
    }
    return *s == '\0' && digits + more > 0 && digits + more <= 15;
}

static const char *number_fault(const struct form_field *field, const char *value, bool whole)
{
    bool out_of_range = *value == '>' || *value == '<';

    (void)form_over_sign(field, value, &value);
    if (is_number(value, whole))
        return NULL;
    if (strchr(value, ',') != NULL)
        return "Write decimals with a full stop, as in 0.5.";
    if (out_of_range && !field->over)
        return "This row takes a number and not a reading over or under the range.";
    return whole ? "This must be a whole number." : "This must be a number, as in 0.5.";
}

static bool has_choice(const struct form_choices *choices, const char *name, size_t len)
{
    for (size_t i = 0; i < choices->count; i++)
        if (strlen(choices->rows[i].name) == len && memcmp(choices->rows[i].name, name, len) == 0)
            return true;
    return false;
}

static const char *choices_fault(const struct form_choices *choices, const char *value)
{
    for (const char *at = value; *at != '\0';) {
        size_t len = strcspn(at, " ");

        if (!has_choice(choices, at, len))
            return "This answer is not one of the choices.";
        at += len;
        if (*at == ' ')
            at++;
    }
    return NULL;
}

static const char *range_fault(const struct form_field *field, const char *value)
{
    double number, steps;

    if (!is_number(value, false) || !str_to_f64(value, &number))
        return number_fault(field, value, false);
    steps = (number - field->range_start) / field->range_step;
    if (number < field->range_start || number > field->range_end ||
        fabs(steps - round(steps)) > 1e-6)
        return "This is not one of the range's steps.";
    return NULL;
}

/* "09:30", and with seconds where a clock gave them. */
static bool is_time(const char *s, bool seconds)
{
    size_t len = strlen(s);

    if ((len != 5 && !(seconds && len == 8)) || s[2] != ':' || strspn(s, "0123456789:") != len ||
        s[3] == ':' || s[4] == ':')
        return false;
    if (len == 8 && (s[5] != ':' || s[6] >= '6' || s[6] == ':' || s[7] == ':'))
        return false;
    return s[0] != ':' && s[1] != ':' && (s[0] - '0') * 10 + (s[1] - '0') < 24 && s[3] < '6';
}

static bool is_moment(const char *s)
{
    char date[CALDATE_TEXT];
    int32_t day;

    if (strlen(s) < CALDATE_TEXT || (s[CALDATE_TEXT - 1] != 'T' && s[CALDATE_TEXT - 1] != ' '))
        return false;
    memcpy(date, s, CALDATE_TEXT - 1);
    date[CALDATE_TEXT - 1] = '\0';
    return caldate_parse(date, &day) && is_time(s + CALDATE_TEXT, true);
}

const char *form_type_fault(const struct form_field *field, const char *value)
{
    int32_t day;

    switch (field->type) {
    case FIELD_INTEGER:
        return number_fault(field, value, true);
    case FIELD_DECIMAL:
        return number_fault(field, value, false);
    case FIELD_RANGE:
        return range_fault(field, value);
    case FIELD_DATE:
        return caldate_parse(value, &day) ? NULL : "This must be a date, as in 22/11/2026.";
    case FIELD_TIME:
        return is_time(value, false) ? NULL : "This must be a time, as in 09:30.";
    case FIELD_DATETIME:
        return is_moment(value) ? NULL : "This must be a date and a time, as in 22/11/2026 09:30.";
    case FIELD_SELECT_ONE:
        return field->choices != NULL && has_choice(field->choices, value, strlen(value))
                   ? NULL
                   : "This answer is not one of the choices.";
    case FIELD_SELECT_MULTIPLE:
        return field->choices != NULL ? choices_fault(field->choices, value) : NULL;
    case FIELD_ACKNOWLEDGE:
        return str_eq(value, "OK") ? NULL : "This must be confirmed.";
    case FIELD_TEXT:
    case FIELD_NOTE:
    case FIELD_CALCULATE:
    case FIELD_BARCODE:
    case FIELD_HIDDEN:
    case FIELD_IMAGE:
    case FIELD_BEGIN_GROUP:
    case FIELD_END_GROUP:
    case FIELD_BEGIN_REPEAT:
    case FIELD_END_REPEAT:
        break;
    }
    return NULL;
}

bool form_no_picture(const char *value)
{
    return value != NULL && str_starts(value, FORM_NO_PICTURE);
}
