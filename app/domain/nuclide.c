#include "app/domain/nuclide.h"

#include <stdbool.h>
#include <string.h>

#include "app/domain/csv.h"
#include "platform/base/str.h"

enum column {
    COLUMN_ID,
    COLUMN_VALUE,
    COLUMN_U,
    COLUMN_UNIT,
    COLUMN_SOURCE,
    COLUMN_EDITION,
    COLUMN_CONFIDENCE,
    COLUMN_VERSION,
    COLUMN_NOTE,
    COLUMN_COUNT,
};

static const struct {
    const char *id;
    bool may_be_empty;
} columns[COLUMN_COUNT] = {
    [COLUMN_ID] = { "nuclide", false },
    [COLUMN_VALUE] = { "half_life", false },
    [COLUMN_U] = { "half_life_u", true },
    [COLUMN_UNIT] = { "unit", false },
    [COLUMN_SOURCE] = { "source", false },
    [COLUMN_EDITION] = { "edition", false },
    [COLUMN_CONFIDENCE] = { "confidence", false },
    [COLUMN_VERSION] = { "version", false },
    [COLUMN_NOTE] = { "note", true },
};

/* at[column] is the cell it stands in. */
static enum err nuclide_header(const struct csv_row *row, size_t at[COLUMN_COUNT], struct why *why)
{
    for (size_t c = 0; c < COLUMN_COUNT; c++) {
        size_t seen = 0;

        for (size_t i = 0; i < row->count; i++)
            if (strcmp(row->cells[i], columns[c].id) == 0) {
                at[c] = i;
                seen++;
            }
        if (seen != 1)
            return why_set(why, ERR_INPUT, 0, "row 1: %s column \"%s\"",
                           seen == 0 ? "there is no" : "twice the", columns[c].id);
    }
    if (row->count != COLUMN_COUNT)
        return why_set(why, ERR_INPUT, 0, "row 1: a column that nothing reads; take it out");
    return ERR_OK;
}

static bool nuclide_half_life(const struct nuclide *n, struct decay_half_life *out)
{
    double value, u = 0, unit_s;

    if (!str_to_f64(n->value, &value) || !(value > 0) || !decay_unit_s(n->unit, &unit_s))
        return false;
    if (*n->u != '\0' && (!str_to_f64(n->u, &u) || !(u > 0)))
        return false;
    *out = (struct decay_half_life){ .s = value * unit_s, .u_s = u * unit_s };
    return true;
}

static enum err nuclide_row(const struct csv_row *row, const size_t at[COLUMN_COUNT],
                            struct nuclide *out, struct why *why)
{
    const char *cell[COLUMN_COUNT];

    for (size_t c = 0; c < COLUMN_COUNT; c++) {
        cell[c] = at[c] < row->count ? row->cells[at[c]] : "";
        if (*cell[c] == '\0' && !columns[c].may_be_empty)
            return why_set(why, ERR_INPUT, 0, "column %s is empty; fill it in", columns[c].id);
    }
    *out = (struct nuclide){
        .id = cell[COLUMN_ID],
        .value = cell[COLUMN_VALUE],
        .u = cell[COLUMN_U],
        .unit = cell[COLUMN_UNIT],
        .source = cell[COLUMN_SOURCE],
        .edition = cell[COLUMN_EDITION],
        .confidence = cell[COLUMN_CONFIDENCE],
        .version = cell[COLUMN_VERSION],
        .note = cell[COLUMN_NOTE],
    };
    if (!nuclide_half_life(out, &out->half_life))
        return why_set(
            why, ERR_INPUT, 0,
            "%.20s: the half-life and its uncertainty are numbers above 0, the unit is one "
            "of s, min, h, d, a",
            out->id);
    return ERR_OK;
}

const struct nuclide *nuclides_find(const struct nuclides *table, const char *id)
{
    for (size_t i = 0; id != NULL && i < table->count; i++)
        if (str_eq(table->rows[i].id, id))
            return &table->rows[i];
    return NULL;
}

enum err nuclides_parse(struct arena *a, const char *text, size_t len, struct nuclides *out,
                        struct why *why)
{
    struct csv_limits limits = { .rows_max = NUCLIDE_ROWS_MAX, .cell_max = NUCLIDE_CELL_MAX };
    struct nuclides table = { 0 };
    size_t at[COLUMN_COUNT] = { 0 };
    struct csv csv = { 0 };
    unsigned row = 0;
    enum err rc = csv_parse(a, text, len, limits, &csv, &row, why);

    if (rc != ERR_OK)
        return rc;
    if (csv.count == 0)
        return why_set(why, ERR_INPUT, 0, "the table is empty");
    rc = nuclide_header(&csv.rows[0], at, why);
    if (rc != ERR_OK)
        return rc;
    table.rows = arena_array(a, csv.count, sizeof(*table.rows));
    if (table.rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory");
    for (size_t i = 1; i < csv.count; i++) {
        struct nuclide n = { 0 };

        if (csv.rows[i].count == 1 && *csv.rows[i].cells[0] == '\0')
            continue;
        rc = nuclide_row(&csv.rows[i], at, &n, why);
        if (rc == ERR_OK && nuclides_find(&table, n.id) != NULL)
            rc = why_set(why, ERR_INPUT, 0,
                         "%.20s is in the table already; take one of the two out", n.id);
        if (rc != ERR_OK)
            return why_in(why, rc, "row %zu", i + 1);
        table.rows[table.count++] = n;
    }
    *out = table;
    return ERR_OK;
}
