#include "app/domain/import.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/csv.h"
#include "app/domain/form.h"
#include "platform/base/attr.h"
#include "platform/base/str.h"

enum { COMMA_AWAY = 0x1f };

struct column {
    const char *heading; /* as the file writes it */
    size_t offset;       /* of a text in struct import_item; SIZE_MAX: a fact, a date, or nothing */
    const char *fact;    /* key, or NULL */
    const char *form;    /* id, or NULL */
    bool next;           /* of the form: the next date, not the last */
};

struct reading {
    struct arena *a;
    const struct import_known *known;
    struct import *out;
    struct csv csv;
    struct column columns[IMPORT_COLUMNS_MAX];
    size_t column_count;
};

void import_fault(struct arena *a, struct import *in, unsigned row, const char *column,
                  const char *fmt, ...)
{
    char text[400];
    const char *copy;
    va_list args;

    if (in->fault_count == IMPORT_FAULTS_MAX) {
        in->more_faults = true;
        return;
    }
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (!utf8_valid(text, strlen(text)))
        (void)str_copy(text, sizeof text, "this cell cannot be taken");
    copy = arena_strdup(a, text);
    if (copy != NULL)
        in->faults[in->fault_count++] =
            (struct import_fault){ .row = row, .column = column, .text = copy };
}

static int fold(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

static bool same(const char *a, const char *b)
{
    while (*a != '\0' && fold(*a) == fold(*b)) {
        a++;
        b++;
    }
    return fold(*a) == fold(*b);
}

/* Whether more than the beginning stands there. */
static bool begins(const char *text, const char *with)
{
    while (*with != '\0' && fold(*text) == fold(*with)) {
        text++;
        with++;
    }
    return *with == '\0' && *text != '\0';
}

/* ---- the header ---- */

static const struct {
    const char *heading;
    size_t offset;
} texts[] = {
    { "label", offsetof(struct import_item, label) },
    { "kind", offsetof(struct import_item, kind) },
    { "name", offsetof(struct import_item, name) },
    { "detail", offsetof(struct import_item, detail) },
    { "room", offsetof(struct import_item, room) },
    { "shelf", offsetof(struct import_item, shelf) },
    { "maker", offsetof(struct import_item, maker) },
    { "model", offsetof(struct import_item, model) },
    { "serial", offsetof(struct import_item, serial) },
    { "school", offsetof(struct import_item, school) },
    { "kit", offsetof(struct import_item, kit) },
};

static void column_last(struct reading *r, struct column *c, const char *id)
{
    const struct import_known *k = r->known;
    size_t near;

    for (size_t i = 0; i < k->form_count; i++) {
        if (same(id, k->forms[i].id)) {
            c->form = k->forms[i].id;
            if (c->next && !k->forms[i].entered)
                import_fault(r->a, r->out, 1, c->heading,
                             "the next date of this check is worked out; take the column out");
            return;
        }
    }
    near = import_nearest(id, k->forms, k->form_count);
    if (near < k->form_count)
        import_fault(r->a, r->out, 1, c->heading, "no check is called %.60s; is it %s:%s?", id,
                     c->next ? "next" : "last", k->forms[near].id);
    else
        import_fault(r->a, r->out, 1, c->heading, "no check is called %.60s", id);
}

static void column_read(struct reading *r, struct column *c)
{
    struct import_name names[COUNT_OF(texts)];
    size_t near;

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        names[i] = (struct import_name){ .id = texts[i].heading, .name = texts[i].heading };
        if (same(c->heading, texts[i].heading)) {
            c->offset = texts[i].offset;
            return;
        }
    }
    if (c->heading[0] == '\0')
        return;
    if (begins(c->heading, "fact:")) {
        c->fact = c->heading + strlen("fact:");
        return;
    }
    c->next = begins(c->heading, "next:");
    if (c->next || begins(c->heading, "last:")) {
        column_last(r, c, c->heading + strlen("last:"));
        return;
    }
    near = import_nearest(c->heading, names, COUNT_OF(names));
    if (near < COUNT_OF(names))
        import_fault(r->a, r->out, 1, c->heading, "not a column of a register; is it %s?",
                     names[near].id);
    else
        import_fault(r->a, r->out, 1, c->heading,
                     "not a column of a register; delete it, or call it fact:%.40s", c->heading);
}

/* Without the blanks around a cell and the no-break spaces that web pages leave. */
static const char *trim(struct arena *a, const char *text)
{
    size_t len = strlen(text);
    char *out;

    for (;;) {
        if (*text == ' ' || *text == '\t') {
            text++;
            len--;
        } else if (len >= 2 && strncmp(text, "\xc2\xa0", 2) == 0) {
            text += 2;
            len -= 2;
        } else {
            break;
        }
    }
    while (len > 0) {
        if (text[len - 1] == ' ' || text[len - 1] == '\t')
            len--;
        else if (len >= 2 && strncmp(text + len - 2, "\xc2\xa0", 2) == 0)
            len -= 2;
        else
            break;
    }
    out = arena_strndup(a, text, len);
    for (size_t i = 0; out != NULL && i < len; i++)
        out[i] = (char)(out[i] == COMMA_AWAY ? ',' : out[i]);
    return out == NULL ? "" : out;
}

static void header_read(struct reading *r)
{
    const struct csv_row *row = &r->csv.rows[0];

    r->column_count = row->count < IMPORT_COLUMNS_MAX ? row->count : IMPORT_COLUMNS_MAX;
    for (size_t i = 0; i < r->column_count; i++) {
        struct column *c = &r->columns[i];

        *c = (struct column){ .heading = trim(r->a, row->cells[i]), .offset = SIZE_MAX };
        if (strlen(c->heading) > IMPORT_CELL_MAX) {
            c->heading = "";
            import_fault(r->a, r->out, 1, "", "heading %zu is longer than %d bytes", i + 1,
                         IMPORT_CELL_MAX);
        }
        column_read(r, c);
        for (size_t k = 0; k < i; k++) {
            if (c->heading[0] != '\0' && same(c->heading, r->columns[k].heading))
                import_fault(r->a, r->out, 1, c->heading, "the column stands twice");
        }
    }
    for (size_t t = 1; t <= 2; t++) { /* kind and name */
        bool there = false;

        for (size_t i = 0; i < r->column_count; i++)
            there = there || r->columns[i].offset == texts[t].offset;
        if (!there)
            import_fault(r->a, r->out, 1, texts[t].heading,
                         "the column is missing; canny import --example prints a sheet to begin "
                         "with");
    }
}

/* ---- the rows ---- */

/* "1.23457E+12": a long number of a label that the spreadsheet has shortened for good. */
static bool cell_shortened(const char *text)
{
    size_t n = strspn(text, "0123456789.");

    return n > 0 && (text[n] == 'E' || text[n] == 'e') && text[n + 1] == '+' &&
           strspn(text + n + 2, "0123456789") == strlen(text + n + 2) && text[n + 2] != '\0';
}

static bool kind_check(struct reading *r, struct import_item *item, const char *heading)
{
    const struct import_known *k = r->known;
    size_t near;

    for (size_t i = 0; i < k->kind_count; i++) {
        if (same(item->kind, k->kinds[i].id) || same(item->kind, k->kinds[i].name)) {
            item->kind = k->kinds[i].id;
            return true;
        }
    }
    near = import_nearest(item->kind, k->kinds, k->kind_count);
    if (near < k->kind_count)
        import_fault(r->a, r->out, item->row, heading, "no kind is called «%.60s»; is it %s (%s)?",
                     item->kind, k->kinds[near].id, k->kinds[near].name);
    else
        import_fault(r->a, r->out, item->row, heading,
                     "no kind is called «%.60s»; «Add many» on the kiosk shows all kinds",
                     item->kind);
    return false;
}

static bool applies(const struct import_known *k, const char *form, const char *kind)
{
    for (size_t i = 0; i < k->form_count; i++)
        if (str_eq(k->forms[i].id, form))
            return form_is_for(k->forms[i].applies_to, kind);
    return false;
}

/* Whether the form's next date is entered and never worked out. */
static bool entered(const struct import_known *k, const char *form)
{
    for (size_t i = 0; i < k->form_count; i++)
        if (str_eq(k->forms[i].id, form))
            return k->forms[i].entered;
    return false;
}

static void date_put(struct import_item *item, const struct column *c, int32_t day)
{
    struct import_last *last = item->lasts;

    while (last < item->lasts + item->last_count && !str_eq(last->form, c->form))
        last++;
    if (last == item->lasts + item->last_count) {
        *last =
            (struct import_last){ .form = c->form, .day = CALDATE_NONE, .next_day = CALDATE_NONE };
        item->last_count++;
    }
    if (c->next)
        last->next_day = day;
    else
        last->day = day;
}

/* A use-by date decides by itself whether the item may be used, so it has to be one. */
static void fact_put(struct reading *r, struct import_item *item, const struct column *c,
                     const char *text)
{
    const char *fault = NULL;
    int32_t day = CALDATE_NONE;

    if (strcmp(c->fact, "use_by") == 0) {
        char *iso = arena_alloc(r->a, CALDATE_TEXT);

        fault = import_day(text, INT32_MAX, &day);
        if (fault == NULL && iso != NULL) {
            caldate_iso(iso, day);
            text = iso;
        }
    }
    if (fault != NULL)
        import_fault(r->a, r->out, item->row, c->heading, "«%.40s»: %s", text, fault);
    else
        item->facts[item->fact_count++] = (struct import_pair){ .key = c->fact, .value = text };
}

static void cell_read(struct reading *r, struct import_item *item, const struct column *c,
                      const char *text)
{
    const char *fault = import_cell_fault(text);
    int32_t day = CALDATE_NONE;

    if (fault != NULL) {
        import_fault(r->a, r->out, item->row, c->heading, "%s", fault);
    } else if (c->offset != SIZE_MAX) {
        *(const char **)(void *)((char *)item + c->offset) = text;
        if (c->offset == offsetof(struct import_item, label) && str_starts(text, "CANNY-P:"))
            import_fault(r->a, r->out, item->row, c->heading,
                         "this is a person's badge; give the item a label of its own");
        if (cell_shortened(text) && (c->offset == offsetof(struct import_item, label) ||
                                     c->offset == offsetof(struct import_item, serial)))
            import_fault(r->a, r->out, item->row, c->heading,
                         "the spreadsheet has shortened this number; format the column as text and "
                         "type it again");
    } else if (c->fact != NULL) {
        fact_put(r, item, c, text);
    } else if (c->form != NULL) {
        /* A next date lies ahead as a rule: a blank or a slip there never becomes today. */
        fault = import_day(text, c->next ? INT32_MAX : r->known->today, &day);
        if (fault != NULL)
            import_fault(r->a, r->out, item->row, c->heading, "«%.40s»: %s", text, fault);
        else
            date_put(item, c, day);
    }
}

/* Whether a cell of the row is refused already: what it holds is then no more than missing. */
static bool told(const struct reading *r, unsigned row, const char *before, const char *id)
{
    for (size_t i = r->out->fault_count; i > 0 && r->out->faults[i - 1].row == row; i--) {
        const char *column = r->out->faults[i - 1].column;

        if (*before == '\0' ? same(column, id)
                            : begins(column, before) && same(column + strlen(before), id))
            return true;
    }
    return false;
}

static void last_check(struct reading *r, const struct import_item *item,
                       const struct import_last *last)
{
    bool last_told = told(r, item->row, "last:", last->form);
    bool next_told = told(r, item->row, "next:", last->form);

    if (last->day == CALDATE_NONE && !last_told)
        import_fault(r->a, r->out, item->row, "", "next:%s has a date and last:%s has none",
                     last->form, last->form);
    else if (last->day != CALDATE_NONE && last->next_day == CALDATE_NONE && !next_told &&
             entered(r->known, last->form))
        import_fault(r->a, r->out, item->row, "",
                     "last:%s has a date and next:%s has none; the next date of this check is "
                     "read from its report or scheme: put it in, or empty the last date",
                     last->form, last->form);
}

static void item_check(struct reading *r, struct import_item *item)
{
    bool known = false;

    if (item->name[0] == '\0' && !told(r, item->row, "", "name"))
        import_fault(r->a, r->out, item->row, "name", "the name is missing");
    if (item->kind[0] != '\0')
        known = kind_check(r, item, "kind");
    else if (!told(r, item->row, "", "kind"))
        import_fault(r->a, r->out, item->row, "kind", "the kind is missing");
    for (size_t i = 0; i < item->last_count; i++) {
        last_check(r, item, &item->lasts[i]);
        /* A mistaken kind is told once, not again by each of its dates. */
        if (known && !applies(r->known, item->lasts[i].form, item->kind))
            import_fault(r->a, r->out, item->row, "kind",
                         "check %s is not made on this kind; empty its date, or change the kind",
                         item->lasts[i].form);
    }
    for (size_t i = 0; item->label[0] != '\0' && i < r->out->item_count; i++) {
        if (same(item->label, r->out->items[i].label)) {
            import_fault(r->a, r->out, item->row, "label", "«%.60s» is in row %u already",
                         item->label, r->out->items[i].row);
            break;
        }
    }
}

static void row_read(struct reading *r, size_t at)
{
    const struct csv_row *row = &r->csv.rows[at];
    struct import_item item = { .row = (unsigned)at + 1,
                                .label = "",
                                .kind = "",
                                .name = "",
                                .detail = "",
                                .room = "",
                                .shelf = "",
                                .maker = "",
                                .model = "",
                                .serial = "",
                                .school = "",
                                .kit = "" };
    bool empty = true;

    for (size_t i = 0; i < row->count; i++)
        empty = empty && trim(r->a, row->cells[i])[0] == '\0';
    if (empty) /* what a spreadsheet leaves below its last row */
        return;
    item.facts = arena_array(r->a, r->column_count + 1, sizeof *item.facts);
    item.lasts = arena_array(r->a, r->column_count + 1, sizeof *item.lasts);
    if (item.facts == NULL || item.lasts == NULL)
        return;
    for (size_t i = 0; i < row->count; i++) {
        const char *text = trim(r->a, row->cells[i]);

        if (text[0] == '\0')
            continue;
        if (i < r->column_count)
            cell_read(r, &item, &r->columns[i], text);
        else
            import_fault(r->a, r->out, item.row, "",
                         "the row has more cells than the header; is a text with a comma not in "
                         "quotes?");
    }
    item_check(r, &item);
    r->out->items[r->out->item_count++] = item;
}

/* A spreadsheet of some countries parts cells by semicolons, a copy from a table by tabs: the first
   line tells. Outside quotes they become commas; commas that are text wait as COMMA_AWAY until the
   cells are apart. */
static const char *import_commas(struct arena *a, const char *text, size_t len)
{
    static const char marks[] = ",;\t";
    size_t counts[sizeof marks] = { 0 };
    bool quoted = false;
    char *out;
    char mark;

    for (size_t i = 0; i < len && text[i] != '\r' && text[i] != '\n'; i++)
        for (size_t m = 0; m + 1 < sizeof marks; m++)
            counts[m] += text[i] == marks[m];
    if (counts[0] >= counts[1] && counts[0] >= counts[2])
        return text;
    mark = counts[1] >= counts[2] ? ';' : '\t';
    out = arena_strndup(a, text, len);
    for (size_t i = 0; out != NULL && i < len; i++) {
        quoted = quoted != (out[i] == '"');
        if (out[i] == ',')
            out[i] = COMMA_AWAY;
        else if (out[i] == mark && !quoted)
            out[i] = ',';
    }
    return out;
}

enum err import_parse(struct arena *a, const char *text, size_t len,
                      const struct import_known *known, struct import *out, struct why *why)
{
    /* A cell that is too long is told with the others, by import_cell_fault. */
    static const struct csv_limits limits = { .rows_max = IMPORT_ROWS_MAX + 1,
                                              .cell_max = IMPORT_BYTES_MAX };
    struct reading r = { .a = a, .known = known, .out = out };
    unsigned row = 0;
    enum err rc;

    *out = (struct import){ .item_count = 0 };
    if (len > IMPORT_BYTES_MAX)
        return why_set(why, ERR_LIMIT, 0, "the file is larger than %d MB",
                       IMPORT_BYTES_MAX / (1024 * 1024));
    if (len >= 4 && memcmp(text, "PK\x03\x04", 4) == 0)
        return why_set(why, ERR_INPUT, 0,
                       "this is a workbook; save the sheet as CSV (UTF-8) and import that");
    if (!utf8_valid(text, len))
        return why_set(why, ERR_INPUT, 0,
                       "the text is not UTF-8; save the sheet as «CSV UTF-8» and import that");
    text = import_commas(a, text, len);
    if (text == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the rows");
    rc = csv_parse(a, text, len, limits, &r.csv, &row, why);
    if (rc != ERR_OK)
        return rc;
    out->items = arena_array(a, r.csv.count + 1, sizeof *out->items);
    out->faults = arena_array(a, IMPORT_FAULTS_MAX, sizeof *out->faults);
    if (out->items == NULL || out->faults == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the rows");
    if (r.csv.count == 0)
        return why_set(why, ERR_INPUT, 0, "the file is empty");
    header_read(&r);
    for (size_t i = 1; i < r.csv.count; i++)
        row_read(&r, i);
    if (out->item_count == 0)
        import_fault(a, out, 0, "", "the file holds no items");
    return a->failed ? why_set(why, ERR_NOMEM, 0, "no room for the rows") : ERR_OK;
}
