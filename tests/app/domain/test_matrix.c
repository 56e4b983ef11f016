#include "app/domain/doc_lint.h"
#include "app/domain/matrix.h"
#include "tests/app/domain/adapt_rig.h"

static enum err read_matrix(struct arena *a, const char *words, struct matrix *out, struct why *why)
{
    char *text = arena_printf(a, "%s%s%s", RIG_FRONT, words, RIG_BODY);
    struct doc d;

    assert_int_equal(doc_parse(a, text, strlen(text), &d, why), ERR_OK);
    return matrix_from_doc(a, &d, out, why);
}

static void words_of_a_matrix_are_read_row_by_row(void **state)
{
    struct matrix m;
    struct why why;
    struct arena a;

    (void)state;
    arena_init(&a, RIG_ARENA_MAX);
    assert_int_equal(read_matrix(&a,
                                 "matrix:\n  rows: [Fire, Scald]\n  cols: [How likely, How bad]\n"
                                 "  words:\n    - [Unlikely (2), Major (5)]\n"
                                 "    - [Possible (3), Minor (2)]\n",
                                 &m, &why),
                     ERR_OK);
    assert_int_equal(m.row_count, 2);
    assert_int_equal(m.col_count, 2);
    assert_string_equal(m.rows[1], "Scald");
    assert_string_equal(m.cols[0], "How likely");
    assert_string_equal(matrix_at(&m, 0, 1), "Major (5)");
    assert_string_equal(matrix_at(&m, 1, 0), "Possible (3)");
    assert_int_equal(read_matrix(&a, "", &m, &why), ERR_OK);
    assert_int_equal(m.row_count, 0);
    arena_done(&a);
}

static void matrix_of_numbers_or_of_another_shape_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *words, *says;
    } rows[] = {
        { "matrix:\n  rows: [Fire]\n  cols: [How bad]\n  words: [[5]]\n", "words come first" },
        { "matrix:\n  rows: [Fire]\n  cols: [How bad]\n  words: [[\"\"]]\n", "words come first" },
        { "matrix:\n  rows: [Fire]\n  cols: [How bad]\n  words: [[Major, Minor]]\n",
          "another number of cells" },
        { "matrix:\n  rows: [Fire]\n  cols: [How bad]\n  words: [Major]\n",
          "another number of cells" },
        { "matrix:\n  rows: [Fire, Scald]\n  cols: [How bad]\n  words: [[Major]]\n",
          "another number of rows" },
        { "matrix:\n  rows: [Fire]\n  cols: [A, B, C, D, E, F]\n  words: [[A, B, C, D, E, F]]\n",
          "1 to 5 cols" },
        { "matrix:\n  rows: []\n  cols: [A]\n  words: []\n", "1 to 12 rows" },
    };
    struct matrix m;
    struct arena a;

    (void)state;
    arena_init(&a, RIG_ARENA_MAX);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct why why = { 0 };

        assert_int_equal(read_matrix(&a, rows[i].words, &m, &why), ERR_INPUT);
        assert_int_equal(strncmp(why.text, "line ", 5), 0);
        if (strstr(why.text, rows[i].says) == NULL)
            fail_msg("row %zu: %s", i, why.text);
    }
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_a_matrix_are_read_row_by_row),
        cmocka_unit_test(matrix_of_numbers_or_of_another_shape_is_refused_with_its_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
