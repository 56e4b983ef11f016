/* The table of chemicals against the documents: every row stands in a document word for word, and no document holds a band
   that the table has not. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "tests/app/domain/chem_rig.h"

enum { ROWS = 184, NAMES = 132, COLUMNS = 17, ROWS_MAX = 400 };
enum {
    COL_ROW,
    COL_NAME,
    COL_ALSO,
    COL_FORMULA,
    COL_CAS,
    COL_STRENGTH,
    COL_FROM,
    COL_TO,
    COL_PICTOGRAMS,
    COL_SIGNAL,
    COL_CODES,
    COL_BASIS,
    COL_STORAGE,
    COL_DISPOSAL,
    COL_WEL,
    COL_CONFIDENCE,
    COL_NOTE,
};

struct table {
    char *cells[ROWS_MAX][COLUMNS];
    size_t count;
};

static struct chem_rig rig;
static struct table table;

/* Cuts the text at every `by`; at most max pieces. */
static size_t cut(char *text, char by, char **out, size_t max)
{
    size_t count = 0;
    for (char *at = text; at != NULL && count < max; count++) {
        out[count] = at;
        at = strchr(at, by);
        if (at != NULL)
            *at++ = '\0';
    }
    return count;
}

static int begin(void **state)
{
    (void)state;
    size_t len = 0;
    char *lines[ROWS_MAX];
    chem_rig_begin(&rig);
    size_t count =
        cut(chem_rig_source(&rig.arena, "tests/data/chemicals.tsv", &len), '\n', lines, ROWS_MAX);
    memset(&table, 0, sizeof table);
    for (size_t i = 1; i < count; i++) {
        if (lines[i][0] == '\0')
            continue;
        assert_int_equal(cut(lines[i], '\t', table.cells[table.count], COLUMNS), COLUMNS);
        table.count++;
    }
    return 0;
}

static int end(void **state)
{
    (void)state;
    chem_rig_end(&rig);
    return 0;
}

static const struct chemical *named(const char *name)
{
    for (size_t i = 0; i < rig.count; i++)
        if (str_eq(rig.all[i].name, name))
            return &rig.all[i];
    fail_msg("no document for %s", name);
    return NULL;
}

static const struct doc_node *band_node(const struct chemical *c, const char *row)
{
    const struct doc_node *bands = doc_get(chem_rig_doc(&rig, c->id), "bands");
    for (size_t i = 0; i < bands->count; i++)
        if (str_eq(doc_node_text(&bands->items[i], "row"), row))
            return &bands->items[i];
    fail_msg("%s has no row %s", c->id, row);
    return NULL;
}

/* A list of the document as the table writes it: upper case for signs, blanks between. */
static const char *joined(const struct doc_node *map, const char *key, const char *none, bool upper)
{
    struct buf text;
    const struct doc_node *list = doc_node_get(map, key);
    buf_init(&text, 512);
    for (size_t i = 0; list != NULL && i < list->count; i++)
        buf_printf(&text, "%s%s", i > 0 ? " " : "", list->items[i].text);
    assert_int_equal(buf_done(&text, NULL), ERR_OK);
    bool any = text.len > 0;
    char *out = arena_strdup(&rig.arena, any ? text.data : none);
    buf_free(&text);
    for (char *at = out; upper && any && *at != '\0'; at++)
        *at = *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at;
    return out;
}

static void row_stands(char *const *row)
{
    static const struct {
        size_t column;
        const char *key;
    } texts[] = {
        { COL_ROW, "row" },
        { COL_FORMULA, "formula" },
        { COL_CAS, "cas" },
        { COL_STRENGTH, "strength" },
        { COL_FROM, "from" },
        { COL_TO, "to" },
        { COL_BASIS, "limit_basis" },
        { COL_STORAGE, "storage" },
        { COL_DISPOSAL, "disposal" },
        { COL_WEL, "wel" },
        { COL_CONFIDENCE, "confidence" },
        { COL_NOTE, "note" },
    };
    const struct chemical *c = named(row[COL_NAME]);
    const struct doc_node *band = band_node(c, row[COL_ROW]);
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (!str_eq(doc_node_text(band, texts[i].key), row[texts[i].column]))
            fail_msg("%s %s: document \"%s\", table \"%s\"", row[COL_ROW], texts[i].key,
                     doc_node_text(band, texts[i].key), row[texts[i].column]);
    assert_string_equal(joined(band, "pictograms", "none", true), row[COL_PICTOGRAMS]);
    assert_string_equal(joined(band, "h_codes", "not classified", false), row[COL_CODES]);
    assert_string_equal(doc_node_text(band, "signal"), str_eq(row[COL_SIGNAL], "Danger") ? "danger"
                                                       : str_eq(row[COL_SIGNAL], "Warning")
                                                           ? "warning"
                                                           : "none");
}

static void every_row_of_the_table_stands_in_its_document_word_for_word(void **state)
{
    (void)state;
    assert_int_equal(table.count, ROWS);
    for (size_t i = 0; i < table.count; i++)
        row_stands(table.cells[i]);
}

static void no_document_holds_a_band_that_the_table_has_not(void **state)
{
    (void)state;
    size_t bands = 0;
    assert_int_equal(rig.count, NAMES);
    for (size_t i = 0; i < rig.count; i++)
        bands += rig.all[i].band_count;
    /* Each row stands in some document and is looked up by its own id: as many bands as rows means no more than those. */
    assert_int_equal(bands, ROWS);
}

static void every_other_name_in_the_table_is_kept(void **state)
{
    (void)state;
    for (size_t i = 0; i < table.count; i++) {
        char *names[8];
        const struct chemical *c = named(table.cells[i][COL_NAME]);
        size_t count = table.cells[i][COL_ALSO][0] == '\0'
                           ? 0
                           : cut(arena_strdup(&rig.arena, table.cells[i][COL_ALSO]), ';', names, 8);
        for (size_t n = 0; n < count; n++) {
            bool found = false;
            const char *name = names[n] + (names[n][0] == ' ');
            for (size_t k = 0; k < c->also_count; k++)
                found = found || str_eq(c->also[k], name);
            if (!found)
                fail_msg("%s is not also called %s", c->id, name);
        }
    }
}

static bool cas_digit_right(const char *cas)
{
    unsigned sum = 0, place = 0;
    size_t len = strlen(cas);
    for (size_t i = len - 1; i-- > 0;)
        if (cas[i] != '-')
            sum += (unsigned)(cas[i] - '0') * ++place;
    return len > 4 && sum % 10 == (unsigned)(cas[len - 1] - '0');
}

static void every_cas_number_has_its_check_digit(void **state)
{
    (void)state;
    size_t without = 0;
    for (size_t i = 0; i < table.count; i++) {
        if (table.cells[i][COL_CAS][0] == '\0')
            without++;
        else if (!cas_digit_right(table.cells[i][COL_CAS]))
            fail_msg("%s: %s", table.cells[i][COL_ROW], table.cells[i][COL_CAS]);
    }
    assert_int_equal(without, 1);
}

/* A CAS number on a bottle leads to one document, and a mixture is never taken for what is in it. */
static void a_cas_number_leads_to_one_document(void **state)
{
    (void)state;
    for (size_t i = 0; i < rig.count; i++)
        for (size_t j = i + 1; j < rig.count; j++)
            for (size_t m = 0; m < rig.docs[i].code_count; m++)
                for (size_t n = 0; n < rig.docs[j].code_count; n++)
                    if (str_eq(rig.docs[i].codes[m], rig.docs[j].codes[n]))
                        fail_msg("%s and %s both say %s", rig.docs[i].id, rig.docs[j].id,
                                 rig.docs[i].codes[m]);
    assert_int_equal(chem_rig_doc(&rig, "sodium-hydroxide")->code_count, 1);
    assert_int_equal(chem_rig_doc(&rig, "biuret-reagent")->code_count, 0);
}

static bool has_keyword(const struct doc *d, const char *word)
{
    for (size_t i = 0; i < d->keyword_count; i++)
        if (str_eq(d->keywords[i], word))
            return true;
    return false;
}

static void a_substance_is_found_by_formula_and_by_either_spelling(void **state)
{
    (void)state;
    const struct doc *acid = chem_rig_doc(&rig, "sulfuric-acid");
    const struct doc *copper = chem_rig_doc(&rig, "copper-ii-sulfate");
    assert_true(has_keyword(acid, "H2SO4"));
    assert_true(has_keyword(acid, "H₂SO₄"));
    assert_true(has_keyword(acid, "Sulphuric acid"));
    assert_true(has_keyword(copper, "Copper sulphate"));
    assert_true(has_keyword(copper, "bluestone"));
    assert_true(
        has_keyword(chem_rig_doc(&rig, "potassium-manganate-vii"), "potassium permanganate"));
}

/* What was not checked is told with the document, not only in the notes of whoever made it. */
static void each_document_says_how_sure_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < rig.count; i++) {
        const char *plain = "";
        assert_int_equal(doc_plain(&rig.arena, &rig.docs[i], &plain, NULL), ERR_OK);
        assert_non_null(strstr(plain, "The British list"));
        assert_true(rig.docs[i].confidence[0] != '\0');
        assert_string_equal(rig.docs[i].example, "yes");
        for (size_t b = 0; b < rig.all[i].band_count; b++)
            if (rig.all[i].bands[b].wel[0] != '\0' && strstr(plain, "likely") == NULL)
                fail_msg("%s does not say that its limit is likely at best", rig.docs[i].id);
    }
}

/* What an assessment says of one chemical leads to a row of the table that holds there, and not to a guess. */
static void assessed(const char *file, const struct doc_node *use)
{
    double conc = NAN;
    const char *id = doc_node_text(use, "chemical");
    const char *number = doc_node_text(use, "conc");
    const struct chemical *c = chem_rig_get(&rig, id);
    if (number[0] != '\0' && !str_to_f64(number, &conc))
        fail_msg("%s line %u: %s is no number", file, use->line, number);
    struct chem_at at = chemical_band(c, conc, doc_node_text(use, "unit"));
    if (!chemical_known(&at))
        fail_msg("%s line %u: the table does not know %s at %s %s", file, use->line, id, number,
                 doc_node_text(use, "unit"));
}

static void each_chemical_of_an_assessment_stands_in_the_table(void **state)
{
    (void)state;
    char folder[FS_PATH_MAX];
    const char **names = NULL;
    size_t count = 0, uses = 0;
    assert_int_equal(
        fs_join(folder, getenv("CANNY_SOURCE"), "assets/content/docs/assessments", NULL), ERR_OK);
    assert_int_equal(fs_list(&rig.arena, folder, ROWS_MAX, &names, &count, NULL), ERR_OK);
    for (size_t i = 0; i < count; i++) {
        struct doc d;
        struct why why = { 0 };
        size_t len = 0;
        const char *text = chem_rig_source(
            &rig.arena, arena_printf(&rig.arena, "assets/content/docs/assessments/%s", names[i]),
            &len);
        if (doc_parse_front(&rig.arena, text, len, &d, &why) != ERR_OK)
            fail_msg("%s: %s", names[i], why.text);
        const struct doc_node *list = doc_get(&d, "chemicals");
        for (size_t k = 0; list != NULL && k < list->count; k++, uses++)
            assessed(names[i], &list->items[k]);
    }
    assert_true(uses > 40);
}

/* A bottle's form names each chemical of the table and no other: what it records is the id of a document. */
static void the_form_of_bottles_offers_each_chemical(void **state)
{
    (void)state;
    size_t len = 0, offered = 0;
    const char *form = chem_rig_source(&rig.arena, "assets/content/forms/ch-bottle.csv", &len);
    for (size_t i = 0; i < rig.count; i++) {
        const char *name = rig.all[i].name;
        const char *quote = strchr(name, ',') != NULL ? "\"" : "";
        const char *row =
            arena_printf(&rig.arena, "\n,chemical,%s,%s%s%s,%c,", rig.all[i].id, quote, name, quote,
                         name[0] >= 'A' ? name[0] - 'A' + 'a' : name[0]);
        if (strstr(form, row) == NULL)
            fail_msg("ch-bottle.csv has no row %s", row + 1);
    }
    for (const char *at = form; (at = strstr(at, "\n,chemical,")) != NULL; at++)
        offered++;
    assert_int_equal(offered, rig.count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_the_table_stands_in_its_document_word_for_word),
        cmocka_unit_test(no_document_holds_a_band_that_the_table_has_not),
        cmocka_unit_test(every_other_name_in_the_table_is_kept),
        cmocka_unit_test(every_cas_number_has_its_check_digit),
        cmocka_unit_test(a_cas_number_leads_to_one_document),
        cmocka_unit_test(a_substance_is_found_by_formula_and_by_either_spelling),
        cmocka_unit_test(each_document_says_how_sure_it_is),
        cmocka_unit_test(each_chemical_of_an_assessment_stands_in_the_table),
        cmocka_unit_test(the_form_of_bottles_offers_each_chemical),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
