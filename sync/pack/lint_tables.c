#include <stdio.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/calendar.h"
#include "app/domain/csv.h"
#include "app/domain/expr_lex.h"
#include "app/domain/issuer.h"
#include "app/domain/nuclide.h"
#include "platform/base/str.h"
#include "sync/pack/lint.h"

static const struct csv_limits table_limits = { LINT_IDS_MAX, FORM_CELL_MAX };

static const char *cell(const struct csv_row *row, size_t at)
{
    return at < row->count ? row->cells[at] : "";
}

static bool table_csv(struct lint *l, const char *path, const char *text, size_t len,
                      struct csv *out)
{
    struct why why;
    unsigned row = 0;

    if (csv_parse(&l->file, text, len, table_limits, out, &row, &why) == ERR_OK)
        return true;
    lint_why(l, path, why.text, "");
    return false;
}

/* ---- kinds.csv ---- */

static bool hex_digits(const char *text)
{
    return *text != '\0' && strlen(text) <= 6 &&
           strspn(text, "0123456789abcdefABCDEF") == strlen(text);
}

static void kind_row(struct lint *l, const char *path, const struct csv_row *row, unsigned number)
{
    const char *id = cell(row, 0);
    const char *guide = cell(row, 4);

    if (row->count == 1 && *id == '\0')
        return;
    if (*id == '\0' || strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-_.") != strlen(id))
        lint_say(l, path, number,
                 "column id: \"%.60s\" is no id. Write small letters, digits and -, as in "
                 "pressure-cooker.",
                 id);
    else if (lint_find(l->kinds, l->kind_count, id) != NULL && !l->quiet)
        lint_say(l, path, number, "column id: The kind \"%.60s\" stands here twice. Take one out.",
                 id);
    else
        lint_keep(l, l->kinds, &l->kind_count, id, path, number);
    if (*cell(row, 1) == '\0' || *cell(row, 2) == '\0')
        lint_say(l, path, number, "column %s: It is empty. Write what people call %s of this kind.",
                 *cell(row, 1) == '\0' ? "name" : "plural",
                 *cell(row, 1) == '\0' ? "one thing" : "several things");
    if (!hex_digits(cell(row, 3)))
        lint_say(l, path, number,
                 "column icon: \"%.20s\" is no code of the icon font. Write it in hexadecimal, as "
                 "f241, or copy that of a kind that is like it.",
                 cell(row, 3));
    if (*guide == '\0')
        lint_say(l, path, number,
                 "column guidance: It is empty. Write the id of the document that says how to look "
                 "after this kind.");
    else
        lint_keep(l, l->guides, &l->guide_count, guide, path, number);
}

/* A kind that the table lacks can never be scanned, and its form never be signed. */
static void table_kinds(struct lint *l, const char *path, const char *text, size_t len)
{
    static const char *const header[] = { "id",       "name",  "plural", "icon",
                                          "guidance", "group", "ends" };
    struct csv csv;

    if (!table_csv(l, path, text, len, &csv))
        return;
    for (size_t i = 0; i < COUNT_OF(header); i++) {
        const char *found = csv.count > 0 ? cell(&csv.rows[0], i) : "";

        /* The last two came later, and may be wanting. */
        if (str_eq(found, header[i]) || (i >= 5 && *found == '\0'))
            continue;
        lint_say(l, path, 1,
                 "Column %zu is \"%.40s\". The columns are id,name,plural,icon,guidance,group,ends "
                 "in this order: put it right.",
                 i + 1, found);
        return;
    }
    for (size_t i = 1; i < csv.count; i++)
        kind_row(l, path, &csv.rows[i], (unsigned)i + 1);
}

/* ---- nuclides.csv, synonyms.csv ---- */

static void table_nuclides(struct lint *l, const char *path, const char *text, size_t len)
{
    struct nuclides table = { .count = 0 };
    struct why why;

    if (nuclides_parse(&l->file, text, len, &table, &why) != ERR_OK)
        lint_why(l, path, why.text, "");
}

static void table_synonyms(struct lint *l, const char *path, const char *text, size_t len)
{
    struct csv csv;

    if (!table_csv(l, path, text, len, &csv))
        return;
    if (csv.count == 0 || !str_eq(cell(&csv.rows[0], 0), "words") ||
        !str_eq(cell(&csv.rows[0], 1), "also")) {
        lint_say(l, path, 1, "The first row is words,also. Write that above the others.");
        return;
    }
    for (size_t i = 1; i < csv.count; i++) {
        const struct csv_row *row = &csv.rows[i];

        if ((*cell(row, 0) == '\0') != (*cell(row, 1) == '\0'))
            lint_say(
                l, path, (unsigned)i + 1,
                "column %s: It is empty. A row has a phrase, and others that mean the same with "
                "commas between them.",
                *cell(row, 0) == '\0' ? "words" : "also");
    }
}

/* ---- calendars ---- */

/* The row that a day stands in, for a message; 1 where it is not found. */
static unsigned row_of(const char *text, const char *day)
{
    const char *found = strstr(text, day);
    unsigned row = 1;

    for (const char *c = text; found != NULL && c < found; c++)
        row += *c == '\n' ? 1 : 0;
    return row;
}

static bool covered(const struct calendar *c, int32_t day)
{
    for (size_t i = 0; i < c->count; i++)
        if (day >= c->spans[i].first_day && day <= c->spans[i].last_day)
            return true;
    return false;
}

/* 1970-01-01 was a Thursday. */
static bool weekend(int32_t day)
{
    int weekday = (int)((day % 7 + 7 + 3) % 7); /* 0 Monday */

    return weekday >= 5;
}

static void calendar_gap(struct lint *l, const char *path, const char *text,
                         const struct calendar *c, int32_t from, int32_t to)
{
    char first[CALDATE_TEXT], last[CALDATE_TEXT], before[CALDATE_TEXT];
    int32_t ended = c->spans[0].first_day;

    for (size_t i = 0; i < c->count; i++)
        if (c->spans[i].last_day < from && c->spans[i].last_day > ended)
            ended = c->spans[i].last_day;
    caldate_iso(first, from);
    caldate_iso(last, to);
    caldate_iso(before, ended);
    lint_say(
        l, path, row_of(text, before),
        "Behind this row, no row says what the days from %s to %s are. Add a row for them with the "
        "kind holiday, or mend the dates.",
        first, last);
}

/* Between the first and the last row every working day is a term's or a holiday's: a day that nobody
   thought of counts as closed, and moves dates. */
static void calendar_gaps(struct lint *l, const char *path, const char *text,
                          const struct calendar *c)
{
    int32_t from = CALDATE_NONE;
    int32_t to = CALDATE_NONE;

    for (int32_t day = c->spans[0].first_day; day <= calendar_ends(c); day++) {
        if (!covered(c, day) && !weekend(day)) {
            from = from == CALDATE_NONE ? day : from;
            to = day;
        } else if (covered(c, day) && from != CALDATE_NONE) {
            calendar_gap(l, path, text, c, from, to);
            from = CALDATE_NONE;
        }
    }
}

/* A fault of two rows names them: the second one's line is told. */
static void calendar_say(struct lint *l, const char *path, const char *text, const char *fault)
{
    const char *from = strstr(fault, "» and «");
    const char *to = from != NULL ? strstr(from + strlen("» and «"), "»") : NULL;
    char name[128];

    if (from == NULL || to == NULL) {
        lint_why(l, path, fault, "");
        return;
    }
    from += strlen("» and «");
    (void)str_format(name, sizeof name, "%.*s", (int)(to - from), from);
    lint_say(l, path, row_of(text, name), "%s", fault);
}

static void table_calendar(struct lint *l, const char *path, const char *text, size_t len)
{
    struct calendar calendar = { .count = 0 };
    struct why why;

    if (calendar_parse(&l->file, text, len, &calendar, &why) != ERR_OK)
        calendar_say(l, path, text, why.text);
    else if (calendar.count > 0)
        calendar_gaps(l, path, text, &calendar);
}

/* ---- issuer.yaml ---- */

static void table_issuer(struct lint *l, const char *path, const char *text, size_t len)
{
    struct issuer i;
    struct why why;

    if (issuer_parse(&l->file, text, len, &i, &why) != ERR_OK) {
        lint_why(l, path, why.text, "");
        return;
    }
    if (str_eq(i.constituency, "X-SCIS") && str_eq(i.kind, "school") && *i.site == '\0')
        lint_say(
            l, path, 0,
            "An independent school also gives \"site\", its name as its kiosks have it. Add the "
            "line: without it no kiosk takes this folder.");
    if (l->employer_count == LINT_EMPLOYERS_MAX || l->quiet)
        return;
    l->employers[l->employer_count] = (struct lint_employer){
        .path = arena_strdup(&l->kept, path),
        .constituency = arena_strdup(&l->kept, i.constituency),
        .row = row_of(text, "constituency"),
    };
    if (l->employers[l->employer_count].path != NULL &&
        l->employers[l->employer_count].constituency != NULL)
        l->employer_count++;
}

/* ---- all ---- */

bool lint_table(struct lint *l, const char *path)
{
    static const struct {
        const char *name;
        void (*read)(struct lint *l, const char *path, const char *text, size_t len);
    } tables[] = {
        { "kinds.csv", table_kinds },
        { "nuclides.csv", table_nuclides },
        { "synonyms.csv", table_synonyms },
        { "issuer.yaml", table_issuer },
    };
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    void (*read)(struct lint *, const char *, const char *, size_t) = NULL;
    struct why why;
    char *text;
    size_t len;

    for (size_t i = 0; i < COUNT_OF(tables); i++)
        if (str_eq(name, tables[i].name))
            read = tables[i].read;
    if (str_ends(path, ".csv") && strstr(path, "calendars/") != NULL)
        read = table_calendar;
    if (read == NULL)
        return false;
    if (fs_read(&l->file, path, FORM_BYTES_MAX, &text, &len, &why) != ERR_OK)
        lint_say(l, path, 0, "%s", why.text);
    else
        read(l, path, text, len);
    return true;
}

void lint_tables_end(struct lint *l)
{
    for (size_t i = 0; l->docs.doc_count > 0 && i < l->guide_count; i++)
        if (!lint_docs_has(&l->docs, l->guides[i].id))
            lint_say(l, l->guides[i].path, l->guides[i].row,
                     "column guidance: No document has the id \"%s\". Write that document, or mend "
                     "the id.",
                     l->guides[i].id);
    for (size_t i = 0; l->docs.place_count > 0 && i < l->employer_count; i++) {
        const struct lint_employer *e = &l->employers[i];
        bool found = false;

        for (size_t k = 0; k < l->docs.place_count; k++)
            found = found || str_eq(l->docs.places[k], e->constituency);
        if (!found)
            lint_say(l, e->path, e->row,
                     "constituency: No place has the code \"%.40s\". Write the code of one of the "
                     "documents in docs/places: no kiosk would take this folder.",
                     e->constituency);
    }
}
