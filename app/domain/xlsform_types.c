#include <string.h>

#include "app/domain/expr_lex.h"
#include "app/domain/xlsform.h"

static const struct xls_type types[] = {
    { "text", FIELD_TEXT, false, true },
    { "string", FIELD_TEXT, false, true },
    { "integer", FIELD_INTEGER, false, true },
    { "int", FIELD_INTEGER, false, true },
    { "decimal", FIELD_DECIMAL, false, true },
    { "range", FIELD_RANGE, false, true },
    { "date", FIELD_DATE, false, true },
    { "time", FIELD_TIME, false, true },
    { "dateTime", FIELD_DATETIME, false, true },
    { "datetime", FIELD_DATETIME, false, true },
    { "select_one", FIELD_SELECT_ONE, true, true },
    { "select_multiple", FIELD_SELECT_MULTIPLE, true, true },
    { "note", FIELD_NOTE, false, true },
    { "calculate", FIELD_CALCULATE, false, false },
    { "acknowledge", FIELD_ACKNOWLEDGE, false, true },
    { "barcode", FIELD_BARCODE, false, true },
    { "image", FIELD_IMAGE, false, true },
    { "photo", FIELD_IMAGE, false, true },
    { "hidden", FIELD_HIDDEN, false, false },
    { "begin_group", FIELD_BEGIN_GROUP, false, false },
    { "begin group", FIELD_BEGIN_GROUP, false, false },
    { "end_group", FIELD_END_GROUP, false, false },
    { "end group", FIELD_END_GROUP, false, false },
    { "begin_repeat", FIELD_BEGIN_REPEAT, false, false },
    { "begin repeat", FIELD_BEGIN_REPEAT, false, false },
    { "end_repeat", FIELD_END_REPEAT, false, false },
    { "end repeat", FIELD_END_REPEAT, false, false },
};

/* Types that other tools have and this profile has not. A row of such a type is left out, with a
   note, as long as nothing refers to it. */
static const char *const left_out[] = {
    "geopoint",
    "geotrace",
    "geoshape",
    "start-geopoint",
    "audio",
    "video",
    "file",
    "rank",
    "background-audio",
    "start",
    "end",
    "today",
    "deviceid",
    "username",
    "subscriberid",
    "simserial",
    "phonenumber",
    "email",
    "audit",
    "osm",
    "xml-external",
    "csv-external",
    "select_one_from_file",
    "select_multiple_from_file",
    "select_one_external",
    "rank_from_file",
};

static bool word_is(const char *word, size_t len, const char *id)
{
    return strlen(id) == len && memcmp(word, id, len) == 0;
}

static void drop(const struct xls_row *in, const char *type)
{
    struct form *f = in->x->f;

    f->dropped[f->dropped_count++] =
        (struct form_dropped){ .name = xls_row_cell(in, COL_NAME), .type = type, .row = in->row };
}

static void refuse_type(const struct xls_row *in, const char *type)
{
    const char *names[COUNT_OF(types) + COUNT_OF(left_out)];
    const char *near;
    size_t count = 0;

    for (size_t i = 0; i < COUNT_OF(types); i++)
        names[count++] = types[i].id;
    for (size_t i = 0; i < COUNT_OF(left_out); i++)
        names[count++] = left_out[i];
    near = text_nearest(type, names, count);
    xls_fault(in->x, in->row, "type", "There is no type \"%.40s\".%s%s%s", type,
              near != NULL ? " Is \"" : "", near != NULL ? near : "",
              near != NULL ? "\" meant?" : "");
    drop(in, "a type that there is not");
}

/* A row whose answer decides or is kept cannot go missing without its author knowing. */
static bool may_leave_out(const struct xls_row *in)
{
    static const enum xls_column weighty[] = { COL_CRITICAL, COL_RESULT, COL_FACT, COL_KIND,
                                               COL_INSTRUMENT };

    for (size_t i = 0; i < COUNT_OF(weighty); i++)
        if (*xls_row_cell(in, weighty[i]) != '\0')
            return false;
    return true;
}

static void leave_out(const struct xls_row *in, const char *type, const char *why)
{
    struct xls *x = in->x;

    if (!may_leave_out(in)) {
        xls_fault(x, in->row, "type", "The type \"%.40s\" is not in this profile%s.", type, why);
        drop(in, type);
        return;
    }
    xls_note(x, in->row, "type", "Left out: %.40s%s%s%s. This profile has no such rows%s.", type,
             *xls_row_cell(in, COL_NAME) != '\0' ? " \"" : "", xls_row_cell(in, COL_NAME),
             *xls_row_cell(in, COL_NAME) != '\0' ? "\"" : "", why);
    drop(in, type);
}

/* A drawn signature proves nobody here; the one that counts is the signing itself. */
static bool is_signature(const struct xls_row *in, const struct xls_type *type)
{
    return type->type == FIELD_IMAGE &&
           strstr(xls_row_cell(in, COL_APPEARANCE), "signature") != NULL;
}

const struct xls_type *xls_type_read(const struct xls_row *in, const char **out_list)
{
    const char *text = xls_row_cell(in, COL_TYPE);
    size_t word = strcspn(text, " ");

    *out_list = "";
    if (*text == '\0') {
        xls_fault(in->x, in->row, "type", "The row has no type.");
        return NULL;
    }
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        const struct xls_type *type = &types[i];

        if (str_eq(type->id, text) && !type->has_list && is_signature(in, type)) {
            leave_out(in, "image with the appearance signature",
                      ": the badge or the PIN signs a check");
            return NULL;
        }
        if (str_eq(type->id, text) && !type->has_list)
            return type;
        if (type->has_list && word_is(text, word, type->id)) {
            *out_list = text + word + strspn(text + word, " ");
            return type;
        }
    }
    for (size_t i = 0; i < COUNT_OF(left_out); i++) {
        if (word_is(text, word, left_out[i])) {
            leave_out(in, left_out[i], "");
            return NULL;
        }
    }
    refuse_type(in, text);
    return NULL;
}
