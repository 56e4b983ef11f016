#include "app/screens/facts.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/decay.h"
#include "app/domain/nuclide.h"
#include "platform/base/str.h"

static const struct {
    const char *key, *word;
} facts_words[] = {
    { "nuclide", "Nuclide" },
    { "activity_bq", "Activity when measured" },
    { "activity_day", "Measured on" },
    { "activity_date", "Measured on" },
    { "class", "Class" },
    { "use_by", "Use by" },
    { "opened", "Opened" },
    { "received", "Received" },
    { "bought", "Bought" },
    { "parent", "Made from" },
    { "organism", "Organism" },
    { "strain", "Strain" },
    { "batch", "Batch" },
    { "chemical", "Chemical" },
    { "strength", "Strength" },
    { "made_on", "Made up or filled on" },
};

/* What a key ends in says what its number is. */
static const struct {
    const char *end, *unit;
} facts_units[] = {
    { "_l", "L" },     { "_ml", "ml" },   { "_v", "V" },     { "_w", "W" },     { "_kw", "kW" },
    { "_a", "A" },     { "_m", "m" },     { "_mm2", "mm²" }, { "_kg", "kg" },   { "_g", "g" },
    { "_bar", "bar" }, { "_ohm", "ohm" }, { "_c", "°C" },    { "_min", "min" }, { "_m_s", "m/s" },
};

static bool facts_ends(const char *key, const char *end)
{
    size_t a = strlen(key);
    size_t b = strlen(end);
    return a > b && str_eq(key + a - b, end);
}

/* "Nuclide", "Bought", "Volume"; of a key nobody foresaw the key itself, readable. In the frame's arena. */
static const char *facts_word(struct app *app, const char *key)
{
    for (size_t i = 0; i < COUNT_OF(facts_words); i++)
        if (str_eq(facts_words[i].key, key))
            return facts_words[i].word;
    size_t len = strlen(key);
    for (size_t i = 0; i < COUNT_OF(facts_units); i++)
        if (facts_ends(key, facts_units[i].end) &&
            len == strlen(key)) /* only the first that fits */
            len -= strlen(facts_units[i].end);
    char *word = ui_text_f(app->ui, "%.*s", (int)len, key);
    for (char *p = word; *p != '\0'; p++)
        if (*p == '_')
            *p = ' ';
    if (word[0] != '\0')
        word[0] = (char)toupper((unsigned char)word[0]);
    return word;
}

/* "69 kBq"; in the frame's arena. */
static const char *facts_bq(struct app *app, double bq)
{
    static const struct {
        double from;
        const char *unit;
    } units[] = { { 1e9, "GBq" }, { 1e6, "MBq" }, { 1e3, "kBq" } };
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (bq >= units[i].from)
            return ui_text_f(app->ui, "%.3g %s", bq / units[i].from, units[i].unit);
    return ui_text_f(app->ui, "%.3g Bq", bq);
}

static const char *facts_parent(struct app *app, const char *id)
{
    struct item item;
    if (query_item(&app->store, id, ui_arena(app->ui), &item, NULL) != ERR_OK)
        return "an item that is not known here";
    return ui_text_f(app->ui, "%s (%s)", item.name, item.label);
}

/* "copper-ii-sulfate" as words: a line among others, and the item's page has the name itself. */
static const char *facts_plain(struct app *app, const char *id)
{
    char *words = ui_text_f(app->ui, "%s", id);
    for (char *p = words; *p != '\0'; p++)
        if (*p == '-')
            *p = ' ';
    words[0] = (char)toupper((unsigned char)words[0]);
    return words;
}

/* "69 kBq", "12 Nov 2026", "6 L", the name of the parent. In the frame's arena. */
static const char *facts_value(struct app *app, const struct fact *fact)
{
    int32_t day;
    char *end = NULL;
    double number = strtod(fact->value, &end);
    bool numeric = end != fact->value && *end == '\0';
    if (str_eq(fact->key, "parent"))
        return facts_parent(app, fact->value);
    if (str_eq(fact->key, "chemical"))
        return facts_plain(app, fact->value);
    if (caldate_parse(fact->value, &day))
        return page_day(app, day);
    if (numeric && facts_ends(fact->key, "_bq"))
        return facts_bq(app, number);
    for (size_t i = 0; numeric && i < COUNT_OF(facts_units); i++)
        if (facts_ends(fact->key, facts_units[i].end))
            return ui_text_f(app->ui, "%s %s", fact->value, facts_units[i].unit);
    return fact->value;
}

int32_t facts_day(const struct fact *facts, size_t count, const char *key)
{
    int32_t day = CALDATE_NONE;
    return caldate_parse(fact_value(facts, count, key), &day) ? day : CALDATE_NONE;
}

/* A source's activity today, from its nuclide, its activity and the day of that; false when one of them is missing or the
   content's table has no such nuclide. */
static bool facts_activity(struct app *app, const struct fact *facts, size_t count, double *out_bq)
{
    const char *text = fact_value(facts, count, "activity_bq");
    char *end = NULL;
    double a0 = strtod(text, &end);
    int32_t from = facts_day(facts, count, "activity_day");
    const struct nuclide *n =
        nuclides_find(content_nuclides(app->content), fact_value(facts, count, "nuclide"));
    struct decay_result now;
    if (from == CALDATE_NONE)
        from = facts_day(facts, count, "activity_date");
    if (end == text || from == CALDATE_NONE || n == NULL ||
        decay_on_day(a0, from, app->today, n->half_life, &now) != NULL)
        return false;
    *out_bq = now.activity_bq;
    return true;
}

void facts_lines(struct app *app, struct ui_scroll *list, const struct fact *facts, size_t count)
{
    double bq;
    if (facts_activity(app, facts, count, &bq))
        parts_line(app, list, "activity", "Activity today", facts_bq(app, bq), TONE_PLAIN);
    for (size_t i = 0; i < count; i++)
        parts_line(app, list, ui_text_f(app->ui, "fact%zu", i), facts_word(app, facts[i].key),
                   facts_value(app, &facts[i]), TONE_PLAIN);
}

const char *facts_line(struct app *app, const struct fact *facts, size_t count)
{
    struct ui *ui = app->ui;
    const char *nuclide = fact_value(facts, count, "nuclide");
    const char *class = fact_value(facts, count, "class");
    const char *organism = fact_value(facts, count, "organism");
    int32_t use_by = facts_day(facts, count, "use_by");
    const char *line = nuclide[0] != '\0' ? nuclide : organism;
    double bq;
    if (facts_activity(app, facts, count, &bq))
        line = ui_text_f(ui, "%s · %s today", line, facts_bq(app, bq));
    if (class[0] != '\0')
        line = ui_text_f(ui, "%s%sclass %s", line, line[0] == '\0' ? "" : " · ", class);
    if (use_by != CALDATE_NONE)
        line = ui_text_f(ui, "%s%suse by %s", line, line[0] == '\0' ? "" : " · ",
                         page_day(app, use_by));
    return line;
}
