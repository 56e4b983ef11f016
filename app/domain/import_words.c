/* What an import says about a word or a day that it cannot take. */

#include "app/domain/import.h"

#include <string.h>

#include "app/domain/caldate.h"
#include "platform/base/str.h"

const char import_example[] =
    "label,kind,name,room,shelf,maker,model,serial,school,kit,last:el-fvi\r\n"
    "EXA-0201,appliance-class-1,Hotplate 3,Chemistry prep room,C2,Example maker,HP-3,HP3-001,,,"
    "2026-09-14\r\n"
    "EXA-0202,fridge,Staff fridge,Biology prep room,,Example maker,RF-90,RF9-118,,,14/09/2026\r\n"
    ",microscope,\"Microscope, binocular\",Biology prep room,B1,,,,,,\r\n";

static int fold(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

/* Steps that turn one word into the other, at most 40 letters of each; case ignored. */
static size_t distance(const char *a, const char *b)
{
    enum { LETTERS_MAX = 40 };
    size_t row[LETTERS_MAX + 1];
    size_t len_a = strlen(a);
    size_t len_b = strlen(b);

    if (len_a > LETTERS_MAX || len_b > LETTERS_MAX)
        return LETTERS_MAX;
    for (size_t j = 0; j <= len_b; j++)
        row[j] = j;
    for (size_t i = 1; i <= len_a; i++) {
        size_t corner = row[0];

        row[0] = i;
        for (size_t j = 1; j <= len_b; j++) {
            size_t step = corner + (fold(a[i - 1]) != fold(b[j - 1]) ? 1 : 0);

            corner = row[j];
            if (row[j] + 1 < step)
                step = row[j] + 1;
            if (row[j - 1] + 1 < step)
                step = row[j - 1] + 1;
            row[j] = step;
        }
    }
    return row[len_b];
}

size_t import_nearest(const char *text, const struct import_name *names, size_t count)
{
    size_t best = count;
    size_t best_steps = strlen(text) / 3 + 2;

    for (size_t i = 0; i < count; i++) {
        size_t by_id = distance(text, names[i].id);
        size_t by_name = distance(text, names[i].name);
        size_t steps = by_id < by_name ? by_id : by_name;

        if (steps < best_steps) {
            best_steps = steps;
            best = i;
        }
    }
    return best;
}

/* ---- cells ---- */

/* Text that a spreadsheet would run when the register is opened in one again. A sign in front of a
   number or a word is none: "-20 freezer". */
static bool is_formula(const char *text)
{
    size_t word;

    if (*text == '=' || *text == '@')
        return true;
    if (*text != '+' && *text != '-')
        return false;
    word = strspn(text + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    return word > 0 && (text[1 + word] == '(' || text[1 + word] == '|');
}

const char *import_cell_fault(const char *text)
{
    _Static_assert(IMPORT_CELL_MAX == 500, "the sentence below names it");
    if (strlen(text) > IMPORT_CELL_MAX)
        return "the cell is longer than 500 bytes; shorten it";
    if (strcmp(text, "#REF!") == 0 || strcmp(text, "#N/A") == 0 || strcmp(text, "#NAME?") == 0 ||
        strcmp(text, "#VALUE!") == 0 || strcmp(text, "#DIV/0!") == 0)
        return "the spreadsheet could not work this cell out; type its value";
    if (is_formula(text))
        return "a spreadsheet formula; type what the cell should say";
    if (text[0] == '#' && strspn(text, "#") == strlen(text))
        return "the column was too narrow to show it; widen it and save again";
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return "the cell holds a line break or a control character; put it on one line";
    }
    return NULL;
}

/* ---- days ---- */

static bool digits(const char **at, size_t min, size_t max, int *out)
{
    size_t n = strspn(*at, "0123456789");

    if (n < min || n > max)
        return false;
    *out = 0;
    for (size_t i = 0; i < n; i++)
        *out = *out * 10 + (*at)[i] - '0';
    *at += n;
    return true;
}

static const char *day_check(int year, int month, int day, int32_t today, int32_t *out)
{
    char iso[CALDATE_TEXT];

    if (!str_format(iso, sizeof iso, "%04d-%02d-%02d", year, month, day) ||
        !caldate_parse(iso, out))
        return "there is no such day; check day and month";
    if (*out > today)
        return "the day is yet to come; a last date is one that has been";
    if (year < 1950)
        return "the year is before 1950; check it";
    return NULL;
}

const char *import_day(const char *text, int32_t today, int32_t *out)
{
    static const char wanted[] = "not a date; write it as 2026-11-22 or 22/11/2026";
    const char *at = text;
    int first = 0;
    int month = 0;
    int last = 0;
    char mark;

    if (strspn(text, "0123456789") == strlen(text))
        return strlen(text) == 5 ? "a number in place of a date: format the column as text or as a "
                                   "date before saving"
                                 : wanted;
    if (!digits(&at, 1, 4, &first) || (*at != '-' && *at != '/' && *at != '.'))
        return wanted;
    mark = *at++;
    if (!digits(&at, 1, 2, &month) || *at++ != mark || !digits(&at, 1, 4, &last))
        return wanted;
    /* A spreadsheet may add midnight to a day. */
    if (strcmp(at, "") != 0 && strcmp(at, " 00:00:00") != 0 && strcmp(at, " 00:00") != 0 &&
        strcmp(at, "T00:00:00") != 0)
        return wanted;
    if (first > 999)
        return day_check(first, month, last, today, out);
    if (last < 100)
        return "the year has two digits; write all four";
    if (first > 31)
        return wanted;
    if (month > 12 && first <= 12)
        return "the month comes first; write the day first, as 22/11/2026";
    return day_check(last, month, first, today, out);
}
