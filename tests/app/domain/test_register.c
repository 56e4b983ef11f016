#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/register.h"
#include "platform/base/str.h"

static struct register_line line(const char *event, const char *hlc, const char *device,
                                 const char *const *replaces)
{
    return (struct register_line){ .event = event,
                                   .subject = "item-1",
                                   .hlc = hlc,
                                   .device = device,
                                   .seq = (uint64_t)(event[2] - '0'),
                                   .replaces = replaces,
                                   .replaces_count = replaces == NULL ? 0 : 1 };
}

/* The event in force, asked in every rotation of the lines. */
static void want_in_force(struct register_line *lines, size_t count, const char *want)
{
    for (size_t turn = 0; turn < count; turn++) {
        struct register_line first = lines[0];
        size_t at = register_in_force(lines, count);

        assert_true(at < count);
        assert_string_equal(lines[at].event, want);
        memmove(lines, lines + 1, (count - 1) * sizeof(*lines));
        lines[count - 1] = first;
    }
}

static void line_that_nothing_replaces_is_in_force_however_old(void **state)
{
    static const char *const b2[] = { "b:2" };
    struct register_line lines[] = {
        line("a:1", "0001", "a", NULL), line("b:2", "0009", "b", NULL),
        line("a:3", "0002", "a", b2), /* an older stamp, but it knew b:2 */
    };
    struct register_line foreign = line("c:4", "0003", "c", b2);

    (void)state;
    want_in_force(lines, 2, "b:2");
    want_in_force(lines, 3, "a:3");
    lines[2] = foreign;
    lines[2].subject = "item-2"; /* another subject's line replaces nothing here */
    assert_false(register_replaced(lines, 3, 1));
}

static void concurrent_lines_are_settled_by_stamp_device_and_number(void **state)
{
    struct register_line by_stamp[] = { line("a:1", "0002", "a", NULL),
                                        line("b:1", "0001", "b", NULL) };
    struct register_line by_device[] = { line("a:1", "0001", "a", NULL),
                                         line("b:1", "0001", "b", NULL) };
    struct register_line by_number[] = { line("a:1", "0001", "a", NULL),
                                         line("a:2", "0001", "a", NULL) };

    (void)state;
    want_in_force(by_stamp, 2, "a:1");
    want_in_force(by_device, 2, "b:1");
    want_in_force(by_number, 2, "a:2");
}

static void lines_that_replace_each_other_in_a_ring_leave_one(void **state)
{
    static const char *const a1[] = { "a:1" };
    static const char *const b2[] = { "b:2" };
    struct register_line ring[] = { line("a:1", "0001", "a", b2), line("b:2", "0002", "b", a1) };
    struct register_line self[] = { line("a:1", "0001", "a", a1) };

    (void)state;
    want_in_force(ring, 2, "b:2");
    want_in_force(self, 1, "a:1");
    assert_false(register_replaced(self, 1, 0));
    assert_int_equal(register_in_force(NULL, 0), REGISTER_NONE);
}

static void label_leads_to_its_items_without_regard_to_case_or_outer_spaces(void **state)
{
    static const struct register_label labels[] = {
        { "item-1", "EXA-0042" }, { "item-2", " exa-0042 " }, { "item-1", "exa-0042" },
        { "item-3", "EXA-0043" }, { "item-4", "" },
    };
    const char *item = "untouched";
    char key[REGISTER_LABEL_MAX + 1];
    char longest[REGISTER_LABEL_MAX + 20];

    (void)state;
    assert_int_equal(register_label_items(labels, COUNT_OF(labels), "exa-0042", &item), 2);
    assert_null(item);
    assert_int_equal(register_label_items(labels, COUNT_OF(labels), "exa-0043 ", &item), 1);
    assert_string_equal(item, "item-3");
    assert_int_equal(register_label_items(labels, COUNT_OF(labels), "EXA 0043", &item), 0);
    assert_null(item);
    assert_int_equal(register_label_items(labels, COUNT_OF(labels), "  ", NULL), 0);
    register_label_key(key, " é-exa 1 ");
    assert_string_equal(key, "é-EXA 1");
    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    register_label_key(key, longest);
    assert_int_equal(strlen(key), REGISTER_LABEL_MAX);
}

static struct register_badge badge(const char *event, const char *person, const char *hlc,
                                   const char *code, const char *const *replaces)
{
    struct register_badge out = { .line = line(event, hlc, "a", replaces), .code = code };

    out.line.subject = person;
    return out;
}

static void want_holder(const struct register_badge *badges, size_t count, const char *code,
                        enum register_holder want, const char *person)
{
    const char *got = "untouched";

    assert_int_equal(register_badge_holder(badges, count, code, &got), want);
    assert_true(str_eq(got, person));
}

static void newest_badge_of_a_person_counts_alone(void **state)
{
    static const char *const a2[] = { "a:2" };
    const struct register_badge badges[] = {
        badge("a:1", "ann", "0001", "c1", NULL), badge("a:2", "ann", "0002", "c2", NULL),
        badge("a:3", "bob", "0003", "c1", NULL), /* Ann's first one, passed on */
        badge("a:4", "bob", "0004", "c4", NULL), badge("a:5", "cat", "0001", "c4", NULL),
        badge("a:6", "dan", "0009", "c6", a2), /* replaces Ann's second one */
    };

    (void)state;
    want_holder(badges, 2, "c2", HOLDER_ONE, "ann");
    want_holder(badges, 2, "c1", HOLDER_NOBODY, NULL);
    want_holder(badges, 3, "c1", HOLDER_ONE, "bob");
    want_holder(badges, 5, "c1", HOLDER_NOBODY, NULL);
    want_holder(badges, 5, "c4", HOLDER_SEVERAL, NULL);
    want_holder(badges, 5, "c9", HOLDER_NOBODY, NULL);
    /* The replaced one does not count, and the one before it is in force again: whoever replaces a
       badge because it was lost names every one of them. */
    want_holder(badges, 6, "c2", HOLDER_NOBODY, NULL);
    assert_int_equal(register_badge_of(badges, 6, "ann"), 0);
    assert_int_equal(register_badge_of(badges, 6, "eve"), REGISTER_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_that_nothing_replaces_is_in_force_however_old),
        cmocka_unit_test(concurrent_lines_are_settled_by_stamp_device_and_number),
        cmocka_unit_test(lines_that_replace_each_other_in_a_ring_leave_one),
        cmocka_unit_test(label_leads_to_its_items_without_regard_to_case_or_outer_spaces),
        cmocka_unit_test(newest_badge_of_a_person_counts_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
