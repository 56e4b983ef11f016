/* What stands on the screen while a new release builds its tables from the records. */
#include "app/upgrade.h"

#include <stdlib.h>

#include "app/app.h"
#include "app/store/project.h"
#include "tests/app/store/support.h"

/* Starts the kiosk on the folder, drawn to memory, and ends it: whether the page stood before its first frame. */
static bool kiosk_starts_told(const char *dir)
{
    static struct app app; /* large: not for the stack */
    char content[FS_PATH_MAX];
    struct why why = { 0 };
    const struct options o = {
        .data = dir, .content = content, .camera = "none", .w = 800, .h = 480, .drive = ""
    };
    bool told = false;

    support_ok(fs_join(content, getenv("CANNY_SOURCE"), "assets/content", &why), &why);
    support_ok(app_open(&app, &o, &why), &why);
    for (size_t i = 0; app.tree != NULL && i < app.tree->count; i++)
        told = told || strcmp(app.tree->nodes[i].label, "Updating the records") == 0;
    app_start(&app);
    assert_string_equal(router_top(&app)->screen->id, "home");
    app_close(&app);
    return told;
}

static void tables_of_another_release_are_built_behind_a_page_that_says_so(void **state)
{
    struct support_store t;
    struct why why = { 0 };
    char id[KEYS_RANDOM_ID];

    (void)state;
    support_open(&t);
    support_item(&t, 0, "EXA-1", "drill", id);
    store_close(&t.s);
    assert_false(kiosk_starts_told(t.dir));
    support_ok(store_open(&t.s, t.dir, &why), &why);
    support_ok(db_exec(&t.s.db, "update local_meta set value = 1 where key = 'project'", &why),
               &why);
    store_close(&t.s);
    assert_true(kiosk_starts_told(t.dir));
    assert_false(kiosk_starts_told(t.dir));
    support_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_of_another_release_are_built_behind_a_page_that_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
