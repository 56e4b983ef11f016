/* Pictures of the content: the employer's own before the content's, and nobody else's. */
#include "tests/app/store/check_support.h"

static const char *picture_issuer(struct arena *a, const char *name, const char *constituency)
{
    return arena_printf(a,
                        "name: %s\nkind: authority\nconstituency: %s\nmatrix: \"no\"\n"
                        "receipts: \"no\"\ncontact: here\n",
                        name, constituency);
}

/* Of the employer that this kiosk works under, and of no other. */
static void picture_of_the_employer_comes_before_that_of_the_content(void **state)
{
    static const char *const folders[] = { "pictures",         "employers",
                                           "employers/ours",   "employers/ours/pictures",
                                           "employers/theirs", "employers/theirs/pictures" };
    struct support_store t;
    struct content_folder f;
    struct content *c = NULL;
    const char *const *faults = NULL;
    struct arena a;
    const char *file = NULL;
    char *bytes = NULL;
    struct why why = { 0 };
    size_t len = 0;

    (void)state;
    support_open(&t);
    folder_open(&f);
    arena_init(&a, 1024 * 1024);
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        char path[256];

        (void)str_format(path, sizeof path, "%s/%s", f.dir, folders[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    folder_put(&f, "pictures/plate.svg", "<svg/>");
    folder_put(&f, "employers/ours/issuer.yaml", picture_issuer(&a, "Ours", "S12000036"));
    folder_put(&f, "employers/theirs/issuer.yaml", picture_issuer(&a, "Theirs", "S12000049"));
    folder_put(&f, "employers/ours/pictures/plate.svg", "<svg ours>");
    folder_put(&f, "employers/ours/pictures/only.png", "png");
    folder_put(&f, "employers/theirs/pictures/plate.svg", "<svg theirs>");
    folder_put(&f, "employers/theirs/pictures/no.svg", "<svg/>");
    support_ok(content_open_for(&(struct content_ask){ .data_dir = t.dir,
                                                       .content_dir = f.dir,
                                                       .constituency = "S12000036" },
                                &c, &why),
               &why);
    /* That the other's content is refused. */
    assert_int_equal(content_faults(c, &faults), 1);
    support_ok(content_picture(c, "plate.svg", &a, &bytes, &len, &why), &why);
    assert_string_equal(bytes, "<svg ours>");
    support_ok(content_picture_file(c, "plate.svg", &a, &file, &why), &why);
    assert_string_equal(file, "employers/ours/pictures/plate.svg");
    support_ok(content_picture_file(c, "only.png", &a, &file, &why), &why);
    assert_int_equal(content_picture_file(c, "no.svg", &a, &file, &why), ERR_NOT_FOUND);
    assert_int_equal(content_picture_file(c, "../pictures/plate.svg", &a, &file, &why),
                     ERR_NOT_FOUND);
    content_close(c);
    arena_done(&a);
    folder_close(&f);
    support_close(&t);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(picture_of_the_employer_comes_before_that_of_the_content),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
