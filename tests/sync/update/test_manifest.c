/* Manifests: the one way to write them, and every bound one step beyond its maximum. */
#include "sync/update/manifest.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sync/update/support.h"

static struct arena arena;

static int arena_setup(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)128 * 1024 * 1024);
    return 0;
}

static int arena_teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

#define H "0000000000000000000000000000000000000000000000000000000000000000"
#define HEAD                                                                                       \
    "{\"format\":1,\"role\":\"national\",\"edition\":\"2026-11-23\",\"percent\":100,\"needs\":1,"

/* In memory of exactly its size, so that a sanitizer sees a read past it. */
static enum err parse(const char *text, size_t len, struct manifest *out, struct why *why)
{
    struct arena *a = &arena;
    char *copy = malloc(len > 0 ? len : 1);
    enum err rc;

    assert_non_null(copy);
    memcpy(copy, text, len);
    rc = manifest_parse(a, copy, len, out, why);
    free(copy);
    return rc;
}

static enum err parse_text(const char *text)
{
    struct manifest m;

    return parse(text, strlen(text), &m, NULL);
}

static struct manifest sample(void)
{
    static const struct manifest_file files[] = {
        { .path = "docs/assessments/c04.md", .hash = { 1 }, .len = 5120 },
        { .path = "docs/\xc3\xa9.md", .hash = { 2 }, .len = 0 },
        { .path = "kinds.csv", .hash = { 3 }, .len = MANIFEST_FILE_MAX },
    };

    return (struct manifest){
        .role = "national",
        .edition = "2026-11-23",
        .percent = 25,
        .needs = 1,
        .has_dictionary = true,
        .dictionary = { .hash = { 4 }, .len = MANIFEST_DICTIONARY_MAX },
        .files = files,
        .file_count = COUNT_OF(files),
    };
}

static enum err written(const struct manifest *m, struct buf *out)
{
    buf_init(out, (size_t)MANIFEST_BYTES_MAX * 2);
    return manifest_write(m, out, NULL);
}

static enum err refused(const struct manifest *m)
{
    struct buf out;
    enum err rc = written(m, &out);

    buf_free(&out);
    return rc;
}

static void what_was_written_is_read_and_written_the_same(void **state)
{
    struct manifest m = sample();
    struct manifest back;
    struct buf one, two;

    (void)state;
    assert_ok(written(&m, &one));
    assert_ok(parse(one.data, one.len, &back, NULL));
    assert_string_equal(back.role, "national");
    assert_string_equal(back.edition, "2026-11-23");
    assert_int_equal(back.percent, 25);
    assert_true(back.has_dictionary);
    assert_int_equal(back.dictionary.len, MANIFEST_DICTIONARY_MAX);
    assert_int_equal(back.file_count, 3);
    assert_int_equal(back.total, 5120 + MANIFEST_FILE_MAX);
    assert_int_equal(manifest_find(&back, "kinds.csv")->hash[0], 3);
    assert_null(manifest_find(&back, "kinds"));
    assert_ok(written(&back, &two));
    assert_int_equal(one.len, two.len);
    assert_memory_equal(one.data, two.data, one.len);
    buf_free(&one);
    buf_free(&two);
}

static void a_manifest_without_files_is_one(void **state)
{
    struct manifest m;
    const char *text = HEAD "\"files\":[]}";

    (void)state;
    assert_ok(parse(text, strlen(text), &m, NULL));
    assert_int_equal(m.file_count, 0);
    assert_false(m.has_dictionary);
    assert_null(manifest_find(&m, "a"));
}

static void what_is_written_otherwise_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "{}",
        "<!DOCTYPE html><title>Log in</title>",
        HEAD "\"files\":[]} ",
        HEAD "\"files\":[]}\n",
        HEAD "\"files\":[",
        HEAD "\"files\":[]",
        HEAD " \"files\":[]}",
        HEAD "\"files\":[],\"more\":1}",
        HEAD "\"files\":[[\"a\",\"" H "\",1],]}",
        HEAD "\"files\":[[\"a\",\"" H "\",01]]}",
        HEAD "\"files\":[[\"a\",\"" H "\",-1]]}",
        HEAD "\"files\":[[\"a\",\"" H "\",1.0]]}",
        HEAD "\"files\":[[\"a\",\"" H "\",\"1\"]]}",
        HEAD "\"files\":[[\"a\",\"A"
             "000000000000000000000000000000000000000000000000000000000000000"
             "\",1]]}",
        HEAD "\"files\":[[\"a\",\"00\",1]]}",
        HEAD "\"files\":[[\"\\u0061\",\"" H "\",1]]}",
        HEAD "\"files\":[[\"b\",\"" H "\",1],[\"a\",\"" H "\",1]]}",
        HEAD "\"files\":[[\"a\",\"" H "\",1],[\"a\",\"" H "\",1]]}",
        HEAD "\"dictionary\":[\"" H "\"],\"files\":[]}",
        "{\"role\":\"national\",\"format\":1,\"edition\":\"1\",\"percent\":1,\"needs\":1,\"files\":"
        "[]}",
        "{\"format\":2,\"role\":\"national\",\"edition\":\"1\",\"percent\":1,\"needs\":1,\"files\":"
        "[]}",
        "{\"format\":1,\"role\":\"root\",\"edition\":\"1\",\"percent\":1,\"needs\":1,\"files\":[]}",
        "{\"format\":1,\"role\":\"national\",\"edition\":\"\",\"percent\":1,\"needs\":1,\"files\":["
        "]}",
        "{\"format\":1,\"role\":\"national\",\"edition\":\"a "
        "b\",\"percent\":1,\"needs\":1,\"files\":[]}",
        "{\"format\":1,\"role\":\"national\",\"edition\":\"1\",\"percent\":1,\"needs\":0,\"files\":"
        "[]}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (parse_text(texts[i]) != ERR_INPUT)
            fail_msg("taken, or refused for another reason: %s", texts[i]);
}

static void every_beginning_of_a_manifest_is_refused(void **state)
{
    struct manifest m = sample();
    struct manifest back;
    struct buf text;

    (void)state;
    assert_ok(written(&m, &text));
    for (size_t len = 0; len < text.len; len++)
        assert_int_equal(parse(text.data, len, &back, NULL), ERR_INPUT);
    buf_free(&text);
}

static void a_path_that_leads_elsewhere_is_refused(void **state)
{
    static const char *const paths[] = {
        "",
        "/a",
        "a/",
        "a//b",
        "../a",
        "a/../b",
        ".a",
        "a/.b",
        "./a",
        "a\\b",
        "c:a",
        "a b",
        "a\nb",
        "a\x7f",
        "a\xff",
        "\xc0\xaf",
        "a\"b",
        "employers",
        "employers/x/a.md",
        "a/b/c/d/e/f/g",
    };
    static const char *const good[] = { "a", "a/b/c/d/e/f", "a.b/c..d", "employers.csv",
                                        "\xc3\xa9" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        const struct manifest_file file = { .path = paths[i] };
        struct manifest m = sample();

        m.files = &file;
        m.file_count = 1;
        if (manifest_path_ok("national", paths[i]) || refused(&m) != ERR_INPUT)
            fail_msg("taken: %s", paths[i]);
        char *text = arena_printf(&arena, HEAD "\"files\":[[\"%s\",\"" H "\",1]]}", paths[i]);
        if (parse_text(text) != ERR_INPUT)
            fail_msg("read: %s", paths[i]);
    }
    for (size_t i = 0; i < COUNT_OF(good); i++)
        if (!manifest_path_ok("national", good[i]))
            fail_msg("refused: %s", good[i]);
}

static void an_employer_s_files_have_names_of_their_own(void **state)
{
    (void)state;
    assert_true(manifest_role_ok("employers/example-council"));
    assert_true(manifest_role_ok("national"));
    assert_true(manifest_path_ok("employers/a", "employers/b/c.md"));
    assert_false(manifest_role_ok("employers/"));
    assert_false(manifest_role_ok("employers/-a"));
    assert_false(manifest_role_ok("employers/a-"));
    assert_false(manifest_role_ok("employers/a/b"));
    assert_false(manifest_role_ok("employers/.."));
    assert_false(manifest_role_ok("employers/A"));
    assert_false(manifest_role_ok("national2"));
}

static char *repeat(char c, size_t n)
{
    char *s = arena_alloc(&arena, n + 1);

    assert_non_null(s);
    memset(s, c, n);
    return s;
}

static void each_text_has_a_length_that_it_may_not_pass(void **state)
{
    (void)state;
    for (int over = 0; over <= 1; over++) {
        const char *path = repeat('p', MANIFEST_PATH_MAX + (size_t)over);
        const char *id = repeat('i', MANIFEST_ID_MAX + (size_t)over);
        const char *edition = repeat('e', MANIFEST_EDITION_MAX + (size_t)over);
        const enum err expected = over ? ERR_LIMIT : ERR_OK;

        assert_int_equal(
            parse_text(arena_printf(&arena, HEAD "\"files\":[[\"%s\",\"" H "\",1]]}", path)),
            expected);
        assert_int_equal(
            parse_text(arena_printf(&arena,
                                    "{\"format\":1,\"role\":\"employers/%s\",\"edition\":"
                                    "\"1\",\"percent\":1,\"needs\":1,\"files\":[]}",
                                    id)),
            expected);
        assert_int_equal(
            parse_text(arena_printf(&arena,
                                    "{\"format\":1,\"role\":\"national\",\"edition\":\"%s\","
                                    "\"percent\":1,\"needs\":1,\"files\":[]}",
                                    edition)),
            expected);
        assert_int_equal(manifest_path_ok("national", path), !over);
        assert_int_equal(manifest_edition_ok(edition), !over);
        assert_int_equal(manifest_role_ok(arena_printf(&arena, "employers/%s", id)), !over);
    }
}

static void each_number_has_a_maximum(void **state)
{
    static const struct {
        const char *text;
        enum err expected;
    } cases[] = {
        { HEAD "\"files\":[[\"a\",\"" H "\",1048576]]}", ERR_OK },
        { HEAD "\"files\":[[\"a\",\"" H "\",1048577]]}", ERR_LIMIT },
        { HEAD "\"files\":[[\"a\",\"" H "\",4294967296]]}", ERR_LIMIT },
        { HEAD "\"files\":[[\"a\",\"" H "\",18446744073709551617]]}", ERR_LIMIT },
        { HEAD "\"dictionary\":[\"" H "\",262144],\"files\":[]}", ERR_OK },
        { HEAD "\"dictionary\":[\"" H "\",262145],\"files\":[]}", ERR_LIMIT },
        { "{\"format\":1,\"role\":\"national\",\"edition\":\"1\",\"percent\":101,\"needs\":1,"
          "\"files\":[]}",
          ERR_LIMIT },
        { "{\"format\":1,\"role\":\"national\",\"edition\":\"1\",\"percent\":0,\"needs\":1,"
          "\"files\":[]}",
          ERR_OK },
        { "{\"format\":1,\"role\":\"national\",\"edition\":\"1\",\"percent\":1,\"needs\":1000,"
          "\"files\":[]}",
          ERR_LIMIT },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (parse_text(cases[i].text) != cases[i].expected)
            fail_msg("not %s: %s", err_name(cases[i].expected), cases[i].text);
}

/* files of len bytes each. */
static struct manifest many(size_t count, uint32_t len)
{
    struct manifest_file *files = arena_array(&arena, count, sizeof(*files));
    struct manifest m = sample();

    assert_non_null(files);
    for (size_t i = 0; i < count; i++) {
        files[i].path = arena_printf(&arena, "docs/%06zu.md", i);
        files[i].len = len;
    }
    m.files = files;
    m.file_count = count;
    return m;
}

/* A manifest of one file too many, as somebody else's program would write it. */
static enum err one_more(const struct manifest *m, uint32_t len)
{
    struct buf text;
    struct manifest back;
    enum err rc;

    assert_ok(written(m, &text));
    text.len -= 2;
    buf_printf(&text, ",[\"z\",\"" H "\",%u]]}", (unsigned)len);
    assert_ok(buf_done(&text, NULL));
    rc = parse(text.data, text.len, &back, NULL);
    buf_free(&text);
    return rc;
}

static void twenty_thousand_files_are_the_most(void **state)
{
    struct manifest m = many(MANIFEST_FILES_MAX, 1);
    struct manifest over = many(MANIFEST_FILES_MAX + 1, 1);
    struct manifest back;
    struct buf text;

    (void)state;
    assert_ok(written(&m, &text));
    assert_ok(parse(text.data, text.len, &back, NULL));
    assert_int_equal(back.file_count, MANIFEST_FILES_MAX);
    buf_free(&text);
    assert_int_equal(one_more(&m, 1), ERR_LIMIT);
    assert_int_equal(refused(&over), ERR_LIMIT);
}

static void the_files_together_have_a_maximum(void **state)
{
    struct manifest m = many(MANIFEST_TOTAL_MAX / MANIFEST_FILE_MAX, MANIFEST_FILE_MAX);
    struct manifest over = many(MANIFEST_TOTAL_MAX / MANIFEST_FILE_MAX + 1, MANIFEST_FILE_MAX);

    (void)state;
    assert_ok(one_more(&m, 0));
    assert_int_equal(one_more(&m, 1), ERR_LIMIT);
    assert_int_equal(refused(&over), ERR_LIMIT);
}

/* 20,000 paths of the full length come to less than 8 MiB, so only bytes behind a manifest can be too many. */
static void more_than_eight_mebibytes_are_not_looked_at(void **state)
{
    char *text = repeat(' ', MANIFEST_BYTES_MAX + 1);
    struct manifest m;

    (void)state;
    memcpy(text, HEAD, sizeof HEAD - 1);
    assert_int_equal(parse(text, MANIFEST_BYTES_MAX + 1, &m, NULL), ERR_LIMIT);
    assert_int_equal(parse(text, MANIFEST_BYTES_MAX, &m, NULL), ERR_INPUT);
    assert_int_equal(manifest_head(&arena, text, MANIFEST_BYTES_MAX + 1, &m, NULL), ERR_LIMIT);
}

static void what_needs_a_newer_program_is_told_apart(void **state)
{
    static const char text[] =
        "{\"format\":1,\"role\":\"national\",\"edition\":\"2031-01\",\"percent\":7,"
        "\"needs\":2,\"tomorrow\":{}}";
    struct why why = { 0 };
    struct manifest m;

    (void)state;
    assert_int_equal(parse(text, sizeof text - 1, &m, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "newer program"));
    assert_ok(manifest_head(&arena, text, sizeof text - 1, &m, NULL));
    assert_string_equal(m.edition, "2031-01");
    assert_int_equal(m.needs, 2);
    assert_int_equal(m.percent, 7);
}

static const char *device(unsigned i)
{
    char *id = arena_alloc(&arena, KEYS_ID_TEXT);

    assert_non_null(id);
    keys_sha256_hex(id, &i, sizeof i);
    return id;
}

static size_t takers(int percent, int cap)
{
    struct manifest m = sample();
    size_t n = 0;

    m.percent = percent;
    for (unsigned i = 0; i < 200; i++)
        n += manifest_takes(&m, device(i), cap);
    return n;
}

/* Counted with a hash, so the counts never change; the tolerance is four standard deviations. */
static void about_as_many_kiosks_take_it_as_the_percent_says(void **state)
{
    (void)state;
    assert_int_equal(takers(0, 100), 0);
    assert_int_equal(takers(100, 100), 200);
    assert_in_range(takers(10, 100), 3, 37);
    assert_in_range(takers(25, 100), 25, 75);
    assert_in_range(takers(50, 100), 71, 129);
}

static void a_wider_ring_keeps_who_was_in_the_narrower(void **state)
{
    struct manifest m = sample();

    (void)state;
    for (unsigned i = 0; i < 200; i++) {
        bool before = false;

        for (m.percent = 0; m.percent <= 100; m.percent++) {
            const bool now = manifest_takes(&m, device(i), 100);

            assert_true(now || !before);
            before = now;
        }
        assert_true(before);
    }
}

static void a_hub_holds_back_and_never_widens(void **state)
{
    (void)state;
    assert_int_equal(takers(100, 0), 0);
    assert_int_equal(takers(50, 10), takers(10, 100));
    assert_int_equal(takers(10, 100), takers(10, 50));
}

/* Worked out by hand: printf 'canny-ring\ndevice-1\nnational' | sha256sum. */
static void the_ring_number_is_what_the_page_says(void **state)
{
    (void)state;
    assert_int_equal(manifest_ring("device-1", "national"), 81);
    assert_int_equal(manifest_ring("device-1", "employers/x"), 61);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)

int main(void)
{
    static const struct CMUnitTest cases[] = {
        CASE(what_was_written_is_read_and_written_the_same),
        CASE(a_manifest_without_files_is_one),
        CASE(what_is_written_otherwise_is_refused),
        CASE(every_beginning_of_a_manifest_is_refused),
        CASE(a_path_that_leads_elsewhere_is_refused),
        CASE(an_employer_s_files_have_names_of_their_own),
        CASE(each_text_has_a_length_that_it_may_not_pass),
        CASE(each_number_has_a_maximum),
        CASE(twenty_thousand_files_are_the_most),
        CASE(the_files_together_have_a_maximum),
        CASE(more_than_eight_mebibytes_are_not_looked_at),
        CASE(what_needs_a_newer_program_is_told_apart),
        CASE(about_as_many_kiosks_take_it_as_the_percent_says),
        CASE(a_wider_ring_keeps_who_was_in_the_narrower),
        CASE(a_hub_holds_back_and_never_widens),
        CASE(the_ring_number_is_what_the_page_says),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
