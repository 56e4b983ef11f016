#include <stdio.h>
#include <string.h>

#include "app/domain/expr_lex.h"
#include "app/domain/xlsform.h"

static const struct xls_column_row survey_columns[] = {
    { "type", COL_TYPE, CELL_WORD },
    { "name", COL_NAME, CELL_WORD },
    { "label", COL_LABEL, CELL_TEXT },
    { "hint", COL_HINT, CELL_TEXT },
    { "required", COL_REQUIRED, CELL_WORD },
    { "required_message", COL_REQUIRED_MESSAGE, CELL_TEXT },
    { "relevant", COL_RELEVANT, CELL_EXPR },
    { "constraint", COL_CONSTRAINT, CELL_EXPR },
    { "constraint_message", COL_CONSTRAINT_MESSAGE, CELL_TEXT },
    { "calculation", COL_CALCULATION, CELL_EXPR },
    { "default", COL_DEFAULT, CELL_WORD },
    { "read_only", COL_READ_ONLY, CELL_WORD },
    { "readonly", COL_READ_ONLY, CELL_WORD },
    { "appearance", COL_APPEARANCE, CELL_WORD },
    { "kiosk::unit", COL_UNIT, CELL_TEXT },
    { "kiosk::limit_low", COL_LOW, CELL_WORD },
    { "kiosk::limit_high", COL_HIGH, CELL_WORD },
    { "kiosk::result", COL_RESULT, CELL_EXPR },
    { "kiosk::critical", COL_CRITICAL, CELL_WORD },
    { "kiosk::fail_action", COL_FAIL_ACTION, CELL_WORD },
    { "kiosk::faults", COL_FAULTS, CELL_WORD },
    { "kiosk::fact", COL_FACT, CELL_WORD },
    { "kiosk::kind", COL_KIND, CELL_WORD },
    { "kiosk::instrument", COL_INSTRUMENT, CELL_WORD },
    { "kiosk::timer", COL_TIMER, CELL_WORD },
    { "choice_filter", COL_CHOICE_FILTER, CELL_EXPR },
    { "repeat_count", COL_REPEAT_COUNT, CELL_EXPR },
    { "parameters", COL_PARAMETERS, CELL_WORD },
    { "image", COL_IMAGE, CELL_WORD },
    { "media::image", COL_IMAGE, CELL_WORD },
    { "guidance_hint", COL_GUIDANCE_HINT, CELL_TEXT },
    { "kiosk::source", COL_SOURCE, CELL_TEXT },
    { "kiosk::edition", COL_EDITION, CELL_TEXT },
    { "kiosk::confidence", COL_CONFIDENCE, CELL_WORD },
    { "kiosk::basis", COL_BASIS, CELL_WORD },
};

static const struct xls_column_row choices_columns[] = {
    { "list_name", COL_LIST, CELL_WORD }, { "list name", COL_LIST, CELL_WORD },
    { "name", COL_NAME, CELL_WORD },      { "label", COL_LABEL, CELL_TEXT },
    { "image", COL_IMAGE, CELL_WORD },    { "media::image", COL_IMAGE, CELL_WORD },
};

static const struct xls_column_row settings_columns[] = {
    { "form_id", COL_FORM_ID, CELL_WORD },
    { "form_title", COL_FORM_TITLE, CELL_TEXT },
    { "version", COL_VERSION, CELL_WORD },
    { "default_language", COL_DEFAULT_LANGUAGE, CELL_WORD },
    { "kiosk::applies_to", COL_APPLIES_TO, CELL_WORD },
    { "kiosk::interval", COL_INTERVAL, CELL_WORD },
    { "kiosk::basis", COL_BASIS, CELL_WORD },
    { "kiosk::basis_text", COL_BASIS_TEXT, CELL_TEXT },
    { "kiosk::competence", COL_COMPETENCE, CELL_WORD },
    { "kiosk::fail_action", COL_FAIL_ACTION, CELL_WORD },
    { "kiosk::retention", COL_RETENTION, CELL_TEXT },
    { "kiosk::quick_pass", COL_QUICK_PASS, CELL_WORD },
    { "kiosk::source", COL_SOURCE, CELL_TEXT },
    { "kiosk::edition", COL_EDITION, CELL_TEXT },
    { "kiosk::confidence", COL_CONFIDENCE, CELL_WORD },
    { "kiosk::guidance", COL_GUIDANCE, CELL_WORD },
    { "kiosk::next_due", COL_NEXT_DUE, CELL_WORD },
    { "kiosk::interval_from", COL_INTERVAL_FROM, CELL_WORD },
    { "kiosk::in_session", COL_IN_SESSION, CELL_WORD },
    { "kiosk::life", COL_LIFE, CELL_WORD },
    { "kiosk::custody", COL_CUSTODY, CELL_WORD },
    { "kiosk::birth", COL_BIRTH, CELL_WORD },
    { "kiosk::makes", COL_MAKES, CELL_WORD },
    { "kiosk::makes_label", COL_MAKES_LABEL, CELL_WORD },
    { "kiosk::calibration", COL_CALIBRATION, CELL_WORD },
    { "kiosk::tray", COL_TRAY, CELL_WORD },
    { "kiosk::counts_as", COL_COUNTS_AS, CELL_WORD },
    { "kiosk::letter", COL_LETTER, CELL_WORD },
    { "kiosk::differs", COL_DIFFERS, CELL_TEXT },
};

struct sheet_table {
    const char *id;
    const struct xls_column_row *columns;
    size_t count;
};

static const struct sheet_table sheet_tables[] = {
    { "survey", survey_columns, COUNT_OF(survey_columns) },
    { "choices", choices_columns, COUNT_OF(choices_columns) },
    { "settings", settings_columns, COUNT_OF(settings_columns) },
};

/* Columns that other tools read. What they ask for is not done here, and the author is told. */
static const char *const left_out[] = {
    "audio",
    "video",
    "big-image",
    "media::audio",
    "media::video",
    "media::big-image",
    "trigger",
    "save_to",
    "autoplay",
    "rows",
    "noAppErrorString",
    "style",
    "instance_name",
    "public_key",
    "submission_url",
    "auto_send",
    "auto_delete",
    "client_editable",
    "namespaces",
    "allow_choice_duplicates",
    "entity_type",
    "clean_text_values",
    "sms_keyword",
    "prefix",
    "delimiter",
};
static const char *const left_out_families[] = {
    "bind::",         "instance::",         "body::",     "audio::", "video::", "media::audio::",
    "media::video::", "media::big-image::", "big-image::"
};

static const struct {
    const char *id;
    enum xls_spoken spoken;
    enum xls_column column;
} spoken_columns[] = {
    { "label", SPOKEN_LABEL, COL_LABEL },
    { "hint", SPOKEN_HINT, COL_HINT },
    { "constraint_message", SPOKEN_CONSTRAINT_MESSAGE, COL_CONSTRAINT_MESSAGE },
    { "required_message", SPOKEN_REQUIRED_MESSAGE, COL_REQUIRED_MESSAGE },
    { "guidance_hint", SPOKEN_GUIDANCE_HINT, COL_GUIDANCE_HINT },
};

static const struct xls_column_row *column_of(const struct xls_sheet *sheet, const char *heading)
{
    for (size_t i = 0; i < sheet->column_count; i++)
        if (str_eq(sheet->columns[i].id, heading))
            return &sheet->columns[i];
    return NULL;
}

void xls_sheet_init(struct xls_sheet *sheet, const char *id)
{
    *sheet = (struct xls_sheet){ .id = id };
    for (size_t i = 0; i < COUNT_OF(sheet_tables); i++) {
        if (str_eq(sheet_tables[i].id, id)) {
            sheet->columns = sheet_tables[i].columns;
            sheet->column_count = sheet_tables[i].count;
        }
    }
    for (size_t i = 0; i < COL_COUNT; i++)
        sheet->at[i] = -1;
    for (size_t i = 0; i < FORM_LANGUAGES_MAX; i++)
        for (size_t k = 0; k < SPOKEN_COUNT; k++)
            sheet->spoken[i][k] = -1;
}

static bool choices_sheet(const struct xls_sheet *sheet)
{
    return str_eq(sheet->id, "choices");
}

/* The spoken column in front of "::"; -1 when the heading is none. */
static int spoken_of(const struct xls_sheet *sheet, const char *heading)
{
    const char *colons = strstr(heading, "::");

    for (size_t i = 0; colons != NULL && i < COUNT_OF(spoken_columns); i++)
        if (strlen(spoken_columns[i].id) == (size_t)(colons - heading) &&
            str_starts(heading, spoken_columns[i].id) &&
            column_of(sheet, spoken_columns[i].id) != NULL)
            return (int)i;
    return -1;
}

enum xls_kind xls_heading_kind(const struct xls_sheet *sheet, const char *heading)
{
    const struct xls_column_row *column = column_of(sheet, heading);

    if (column != NULL)
        return column->kind;
    if (spoken_of(sheet, heading) >= 0 || choices_sheet(sheet))
        return CELL_TEXT;
    return CELL_WORD;
}

/* "Gaidhlig (gd)": its number among the form's languages; -1 when there are too many. */
static int language_of(struct xls *x, unsigned row, const char *heading, const char *text)
{
    struct form *f = x->f;
    size_t len = strcspn(text, "(");
    const char *code = "";
    char *name;

    while (len > 0 && text[len - 1] == ' ')
        len--;
    name = arena_strndup(x->a, text, len);
    if (text[strcspn(text, "(")] == '(')
        code = arena_strndup(x->a, strchr(text, '(') + 1, strcspn(strchr(text, '(') + 1, ")"));
    if (name == NULL || code == NULL) {
        x->out_of_memory = true;
        return -1;
    }
    for (size_t i = 0; i < f->language_count; i++)
        if (str_eq(f->languages[i].name, name))
            return (int)i;
    if (len == 0)
        xls_fault(x, row, heading,
                  "Behind the two colons stands a language, as in label::Gaidhlig (gd).");
    else if (f->language_count == FORM_LANGUAGES_MAX)
        xls_fault(x, row, heading, "A form has at most %d languages. Take some out.",
                  FORM_LANGUAGES_MAX);
    if (len == 0 || f->language_count == FORM_LANGUAGES_MAX)
        return -1;
    f->languages[f->language_count] = (struct form_language){ name, code };
    return (int)f->language_count++;
}

static void take_spoken(struct xls *x, struct xls_sheet *sheet, size_t cell, const char *heading,
                        size_t spoken)
{
    int language = language_of(x, sheet->header, heading, strstr(heading, "::") + 2);
    int *at;

    if (language < 0)
        return;
    at = &sheet->spoken[language][spoken_columns[spoken].spoken];
    if (*at >= 0)
        xls_fault(x, sheet->header, heading, "The column \"%.60s\" is there twice. Keep one.",
                  heading);
    *at = (int)cell;
}

static bool is_left_out(const char *heading)
{
    for (size_t i = 0; i < COUNT_OF(left_out); i++)
        if (str_eq(heading, left_out[i]))
            return true;
    for (size_t i = 0; i < COUNT_OF(left_out_families); i++)
        if (str_starts(heading, left_out_families[i]))
            return true;
    return false;
}

/* A choice_filter that speaks of the column: a name so used is no slip of the pen. */
static bool is_filtered_by(struct xls *x, const char *heading)
{
    int at = x->survey.at[COL_CHOICE_FILTER];

    for (size_t i = x->survey.first; at >= 0 && i < x->survey.end; i++)
        if ((size_t)at < x->csv.rows[i].count && strstr(x->csv.rows[i].cells[at], heading) != NULL)
            return true;
    return false;
}

static void take_extra(struct xls *x, struct xls_sheet *sheet, size_t cell, const char *heading)
{
    if (!xls_name_valid(heading)) {
        xls_fault(
            x, sheet->header, heading,
            "A further column of the choices has a name of one word: letters, digits, - and _.");
        return;
    }
    for (size_t i = 0; i < x->f->choice_column_count; i++) {
        if (str_eq(x->f->choice_columns[i], heading)) {
            xls_fault(x, sheet->header, heading, "The column \"%.60s\" is there twice. Keep one.",
                      heading);
            return;
        }
    }
    sheet->extra[x->f->choice_column_count] = (int)cell;
    x->choice_columns[x->f->choice_column_count++] = heading;
}

static void refuse_heading(struct xls *x, struct xls_sheet *sheet, size_t cell, const char *heading)
{
    const char *names[COUNT_OF(survey_columns)];
    const char *near;
    char kiosk[64];

    for (size_t i = 0; i < sheet->column_count; i++)
        names[i] = sheet->columns[i].id;
    near = text_nearest(heading, names, sheet->column_count);
    (void)str_format(kiosk, sizeof(kiosk), "kiosk::%.40s", heading);
    if (column_of(sheet, kiosk) != NULL)
        near = column_of(sheet, kiosk)->id;
    if (strchr(heading, ';') != NULL)
        xls_fault(x, sheet->header, "", XLS_SEMICOLONS);
    else if (choices_sheet(sheet) && (near == NULL || is_filtered_by(x, heading)))
        take_extra(x, sheet, cell, heading);
    else if (near != NULL)
        xls_fault(x, sheet->header, heading,
                  "The sheet \"%s\" has no column called \"%.40s\". Is \"%s\" meant?", sheet->id,
                  heading, near);
    else
        xls_fault(x, sheet->header, heading,
                  "The sheet \"%s\" has no column called \"%.40s\". Take it out.", sheet->id,
                  heading);
}

void xls_heading(struct xls *x, struct xls_sheet *sheet, size_t cell, const char *heading)
{
    const struct xls_column_row *column = column_of(sheet, heading);
    int spoken = spoken_of(sheet, heading);

    if (column != NULL && sheet->at[column->column] >= 0)
        xls_fault(x, sheet->header, heading, "The column \"%s\" is there twice. Keep one.",
                  heading);
    else if (column != NULL)
        sheet->at[column->column] = (int)cell;
    else if (spoken >= 0)
        take_spoken(x, sheet, cell, heading, (size_t)spoken);
    else if ((str_starts(heading, "image::") || str_starts(heading, "media::image::")) &&
             sheet->at[COL_IMAGE] < 0 && column_of(sheet, "image") != NULL)
        sheet->at[COL_IMAGE] = (int)cell;
    else if (is_left_out(heading) || str_starts(heading, "image::") ||
             str_starts(heading, "media::image::"))
        xls_note(x, sheet->header, heading,
                 "Left out: the column \"%.60s\". This profile has none.", heading);
    else
        refuse_heading(x, sheet, cell, heading);
}

/* The number of the language that the settings call the form's own; else the first. */
static size_t default_language(struct xls *x)
{
    const char *text = "";
    size_t len;

    for (size_t i = x->settings.first; i < x->settings.end && *text == '\0'; i++)
        text = xls_cell(x, &x->settings, i, COL_DEFAULT_LANGUAGE);
    len = strcspn(text, "(");
    while (len > 0 && text[len - 1] == ' ')
        len--;
    for (size_t i = 0; i < x->f->language_count; i++)
        if (str_eq(x->f->languages[i].code, text) ||
            (strlen(x->f->languages[i].name) == len &&
             strncmp(x->f->languages[i].name, text, len) == 0))
            return i;
    return 0;
}

/* An unused column may be a slip of the pen, and is told as one that does nothing. */
static void note_unused(struct xls *x)
{
    for (size_t i = 0; i < x->f->choice_column_count; i++)
        if (!is_filtered_by(x, x->f->choice_columns[i]))
            xls_note(x, x->choices.header, x->f->choice_columns[i],
                     "Left out: the column \"%.40s\" of the choices. No choice_filter asks for it.",
                     x->f->choice_columns[i]);
}

void xls_languages(struct xls *x)
{
    struct xls_sheet *sheets[] = { &x->survey, &x->choices };
    size_t own = default_language(x);

    note_unused(x);
    if (x->f->language_count == 0)
        return;

    for (size_t i = 0; i < COUNT_OF(sheets); i++) {
        for (size_t k = 0; k < COUNT_OF(spoken_columns); k++) {
            int *at = &sheets[i]->at[spoken_columns[k].column];

            if (*at < 0)
                *at = sheets[i]->spoken[own][spoken_columns[k].spoken];
            for (size_t n = 0; n < x->f->language_count && *at < 0; n++)
                *at = sheets[i]->spoken[n][spoken_columns[k].spoken];
        }
    }
}
