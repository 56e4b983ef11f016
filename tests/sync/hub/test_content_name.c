#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/hub/content_name.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER "abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789"

static void a_name_says_what_it_is_of(void **state)
{
    static const struct {
        const char *name;
        enum content_kind kind;
        const char *role;
        int64_t version;
        const char *hash, *old, *dict;
        bool stop;
    } good[] = {
        { "metadata/timestamp.json", CONTENT_METADATA, "timestamp", 0, "", "", "" },
        { "metadata/1.root.json", CONTENT_METADATA, "root", 1, "", "", "" },
        { "metadata/29924272.snapshot.json", CONTENT_METADATA, "snapshot", 29924272, "", "", "" },
        { "metadata/7.national.json", CONTENT_METADATA, "national", 7, "", "", "" },
        { "metadata/3.employers%2Fa-b.json", CONTENT_METADATA, "employers/a-b", 3, "", "", "" },
        { "metadata/3.employers/a-b.json", CONTENT_METADATA, "employers/a-b", 3, "", "", "" },
        { "targets/national/" HASH ".manifest.json", CONTENT_TARGET, "national", 0, HASH, "", "" },
        { "targets/employers/x/" HASH ".stop.json", CONTENT_TARGET, "employers/x", 0, HASH, "", "",
          true },
        { "blobs/01/" HASH ".zst", CONTENT_BLOB, "", 0, HASH, "", "" },
        { "blobs/01/" HASH "-89abcdef.zst", CONTENT_BLOB, "", 0, HASH, "", "89abcdef" },
        { "patches/" HASH ".zst", CONTENT_PATCH, "", 0, HASH, "", "" },
        { "patches/" OTHER "-" HASH ".zst", CONTENT_PATCH, "", 0, HASH, OTHER, "" },
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct content_name n;
        if (!content_name_read(good[i].name, &n))
            fail_msg("%s", good[i].name);
        assert_int_equal(good[i].kind, n.kind);
        assert_string_equal(good[i].role, n.role);
        assert_int_equal(good[i].version, n.version);
        assert_string_equal(good[i].hash, n.hash);
        assert_string_equal(good[i].old, n.old);
        assert_string_equal(good[i].dict, n.dict);
        assert_int_equal(good[i].stop, n.stop);
    }
}

static void what_no_repository_has_is_no_name(void **state)
{
    static const char *const bad[] = {
        "",
        "metadata/",
        "metadata/root.json",
        "metadata/0.root.json",
        "metadata/01.root.json",
        "metadata/-1.root.json",
        "metadata/99999999999999999.root.json",
        "metadata/1.timestamp.json",
        "metadata/1..json",
        "metadata/1.json",
        "metadata/1.root.jsonx",
        "metadata/1.national.json/x",
        "metadata/1.employers%2F.json",
        "metadata/1.employers%2f..%2fnational.json",
        "metadata/1.employers%00x.json",
        "metadata/1.Employers%2Fx.json",
        "metadata/1.%2Fnational.json",
        "metadata/../1.root.json",
        "targets/national/manifest.json",
        "targets/national/x/" HASH ".manifest.json",
        "targets/employers/" HASH ".manifest.json",
        "targets/" HASH ".manifest.json",
        "targets/national/" HASH ".other.json",
        "targets/national/" HASH "0.manifest.json",
        "blobs/02/" HASH ".zst",
        "blobs/01/" HASH,
        "blobs/01/" HASH "-89abcde.zst",
        "blobs/01/" HASH "-89abcdef0.zst",
        "blobs/01/../01/" HASH ".zst",
        "blobs/0",
        "patches/" HASH "-.zst",
        "patches/" HASH "-" HASH "-" HASH ".zst",
        "patches/x.zst",
        "other/" HASH ".zst",
        "root",
    };
    char name[2 * CONTENT_NAME];
    struct content_name n;
    (void)state;

    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (content_name_read(bad[i], &n))
            fail_msg("%s", bad[i]);
    for (size_t len = 1; len < sizeof(name); len++) { /* of any length */
        memset(name, 'a', len);
        memcpy(name, "targets/", len < 8 ? len : 8);
        name[len - 1] = '\0';
        assert_false(content_name_read(name, &n));
    }
}

static void metadata_is_called_as_it_is_asked_for(void **state)
{
    static const struct {
        const char *role;
        int64_t version;
        const char *name;
    } rows[] = {
        { "timestamp", 0, "timestamp.json" },
        { "root", 3, "3.root.json" },
        { "employers/a-b", 12, "12.employers%2Fa-b.json" },
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char file[CONTENT_NAME], name[2 * CONTENT_NAME];
        struct content_name n;
        content_name_metadata(file, rows[i].role, rows[i].version);
        assert_string_equal(rows[i].name, file);
        (void)str_format(name, sizeof(name), "metadata/%s", file);
        assert_true(content_name_read(name, &n));
        assert_string_equal(rows[i].role, n.role);
        assert_int_equal(rows[i].version, n.version);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_says_what_it_is_of),
        cmocka_unit_test(what_no_repository_has_is_no_name),
        cmocka_unit_test(metadata_is_called_as_it_is_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
