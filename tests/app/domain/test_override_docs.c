/* What an employer's document may change of the one whose place it takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/override.h"
#include "platform/base/str.h"

/* The text with its first `from` made `to`. */
static const char *edited(struct arena *a, const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);

    if (at == NULL)
        fail_msg("nothing to edit: %s", from);
    return arena_printf(a, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

#define FRONT "---\nid: b99\nkind: assessment\ntitle: T\nmode: demonstration\n"
static const char assessment[] =
    FRONT "level: stop-points\ndo_nots:\n  - Never heat a closed vessel.\ncontrols:\n"
          "  - text: Valve open\n    type: method\n    stop_point: Steam burns.\n"
          "  - text: Goggles\n    type: ppe\nppe: [eye-protection]\nif_wrong: Stop.\nwho: Anybody\n"
          "---\nText.\n";

static size_t docs_refused(const char *base, const char *over, struct arena *a)
{
    struct doc x, y;
    struct override_report report;
    struct why why = { 0 };

    if (doc_parse(a, base, strlen(base), &x, &why) != ERR_OK ||
        doc_parse(a, over, strlen(over), &y, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_int_equal(override_docs(a, &x, &y, &report, &why), ERR_OK);
    for (size_t i = 0; i < report.count; i++)
        assert_true(!report.rows[i].refused || strlen(report.rows[i].todo) >= 9);
    return report.refused;
}

static void an_assessment_keeps_its_level_its_stop_points_and_what_is_never_done(void **state)
{
    static const struct {
        const char *from, *to;
        size_t refused;
    } cases[] = {
        { "title: T", "title: Other", 0 },
        { "stop-points", "care", 1 },
        { "    stop_point: Steam burns.\n", "", 1 },
        { "    stop_point: Steam burns.\n", "    stop_point: Steam burns and blinds.\n", 0 },
        { "text: Valve open", "text: Open the valve", 0 },
        { "  - text: Valve open\n    type: method\n    stop_point: Steam burns.\n", "", 1 },
        { "do_nots:\n  - Never heat a closed vessel.\n", "", 1 },
        { "Never heat a closed vessel.", "never heat  a closed vessel", 0 },
        { "  - Never heat a closed vessel.\n",
          "  - Never heat a closed vessel.\n  - Never leave it alone.\n", 0 },
        { "ppe: [eye-protection]", "ppe: [face-shield]", 0 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena a;
        size_t refused;

        arena_init(&a, 4 * 1024 * 1024);
        refused = docs_refused(assessment, edited(&a, assessment, cases[i].from, cases[i].to), &a);
        if (refused != cases[i].refused)
            fail_msg("%s -> %s: %zu", cases[i].from, cases[i].to, refused);
        arena_done(&a);
    }
}

static void an_assessment_is_not_made_a_page_of_guidance(void **state)
{
    struct arena a;

    (void)state;
    arena_init(&a, 4 * 1024 * 1024);
    assert_int_equal(
        docs_refused(assessment, "---\nid: b99\nkind: guidance\ntitle: T\n---\nText.\n", &a), 1);
    arena_done(&a);
}

static void a_recall_and_a_stop_notice_have_no_override(void **state)
{
    static const char *const kinds[] = { "recall", "stop", "news", "law" };
    struct arena a;

    (void)state;
    arena_init(&a, 4 * 1024 * 1024);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const char *notice = arena_printf(
            &a, "---\nid: n1\nkind: notice\ntitle: T\nnotice_kind: %s\n---\nText.\n", kinds[i]);
        const char *softer = "---\nid: n1\nkind: notice\ntitle: All is well\nnotice_kind: news\n"
                             "---\nText.\n";

        assert_int_equal(docs_refused(notice, softer, &a), i < 2 ? 1 : 0);
        assert_int_equal(docs_refused(notice, notice, &a), i < 2 ? 1 : 0);
    }
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_assessment_keeps_its_level_its_stop_points_and_what_is_never_done),
        cmocka_unit_test(an_assessment_is_not_made_a_page_of_guidance),
        cmocka_unit_test(a_recall_and_a_stop_notice_have_no_override),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
