#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_retention.h"
#include "sync/log/evlog.h"
#include "tests/sync/hub/hubstore_cases.h"

/* People at the hub, on each engine: what they are called, and that a name which is erased goes in whatever order the lines
   come. */

#define CASE(f) cmocka_unit_test_setup_teardown(f, store_bench_new, store_bench_done)
#define PEOPLE_SALT "00112233445566778899aabbccddeeff"

struct people {
    size_t count;
    char last[200];
};

static bool people_see(void *ctx, const struct hub_name *name)
{
    struct people *seen = ctx;

    seen->count++;
    (void)str_format(seen->last, sizeof(seen->last), "%s|%s|%s", name->site_name, name->person,
                     name->text);
    return true;
}

static struct people people_now(struct store_bench *b, const char *site)
{
    struct people seen = { .count = 0 };

    assert_int_equal(ERR_OK, hubstore_follow(b->store, 0, NULL));
    assert_int_equal(ERR_OK, hubstore_names(b->store, site, people_see, &seen, NULL));
    return seen;
}

/* A person.added or badge.issued whose blob is the text. */
static void people_add(struct store_bench *b, struct store_device *d, const char *kind,
                       const char *person, const char *text)
{
    char hash[KEYS_ID_TEXT];
    char body[200];

    assert_int_equal(ERR_OK, evlog_blob_name(PEOPLE_SALT, text, hash, NULL));
    (void)str_format(body, sizeof(body), "{\"%s\":\"%s\"}",
                     strcmp(kind, "badge.issued") == 0 ? "badge" : "name", hash);
    store_write(b, d, kind, person, body);
}

/* Those lines with the texts that they name. */
static void people_push(struct store_bench *b, const struct store_kiosk *k, size_t first,
                        size_t last, const char *const *texts, size_t count)
{
    struct hub_push *push = store_push(b, k->site, k->d.id, &k->d, first, last);
    struct lines_blob *blobs = arena_array(&b->a, count + 1, sizeof(*blobs));

    for (size_t i = 0; i < count; i++) {
        blobs[i] = (struct lines_blob){ .salt = PEOPLE_SALT, .text = texts[i] };
        assert_int_equal(ERR_OK, evlog_blob_name(PEOPLE_SALT, texts[i], blobs[i].hash, NULL));
    }
    push->lines->blobs = blobs;
    push->lines->blob_count = count;
    assert_int_equal(ERR_OK, store_append(b, push));
}

static void a_name_is_found_behind_its_line_and_a_badge_is_no_name(void **state)
{
    static const char *const texts[] = { "Mòrag O'Sample", "badge" };
    struct store_bench *b = *state;
    struct store_kiosk k;

    store_kiosk(b, &k, "Example High", 'a', 0);
    people_add(b, &k.d, "person.added", "p1", texts[0]);
    people_add(b, &k.d, "badge.issued", "p1", texts[1]);
    people_push(b, &k, 1, 2, texts, 2);
    struct people seen = people_now(b, NULL);
    assert_int_equal(1, seen.count);
    assert_string_equal("Example High|p1|Mòrag O'Sample", seen.last);
    assert_int_equal(0, people_now(b, "Another").count);
}

static void an_erased_name_goes_whatever_comes_first(void **state)
{
    static const char *const texts[] = { "First", "Second", "badge" };
    struct store_bench *b = *state;
    struct store_kiosk k;

    store_kiosk(b, &k, "Example High", 'a', 0);
    people_add(b, &k.d, "person.added", "p1", "First");
    store_write(b, &k.d, "person.erased", "p1", "{\"reason\":\"asked\",\"hashes\":[]}");
    people_add(b, &k.d, "person.added", "p1", "Second");
    people_add(b, &k.d, "badge.issued", "p1", "badge");
    people_push(b, &k, 3, 4, texts, 3);
    assert_int_equal(3, store_count(b, "select count(*) from blob where text <> ''"));
    people_push(b, &k, 1, 2, texts, 3);
    struct people seen = people_now(b, NULL);
    assert_int_equal(2, seen.count);
    assert_string_equal("Example High|p1|", seen.last);
    assert_int_equal(0, store_count(b, "select count(*) from blob where text <> ''"));
    /* Pushed once more by a kiosk that has not read of it, nothing comes back. */
    people_push(b, &k, 1, 4, texts, 3);
    assert_int_equal(0, store_count(b, "select count(*) from blob where text <> '' or salt <> ''"));
}

static void the_hub_erases_by_a_line_that_kiosks_read(void **state)
{
    static const char *const texts[] = { "Name" };
    struct store_bench *b = *state;
    struct store_kiosk k;
    struct bundle got;
    char hash[KEYS_ID_TEXT];

    store_kiosk(b, &k, "Example High", 'a', 0);
    people_add(b, &k.d, "person.added", "p1", "Name");
    people_push(b, &k, 1, 1, texts, 1);
    assert_int_equal(ERR_NOT_FOUND, hubstore_erase(b->store, "p2", "asked", store_noon, NULL));
    assert_int_equal(ERR_OK, hubstore_erase(b->store, "p1", "asked", store_noon, NULL));
    assert_int_equal(0, store_count(b, "select count(*) from blob where text <> ''"));
    assert_int_equal(ERR_OK, hubstore_since(b->store, k.site, 0, 500, &b->a, &got, NULL));
    assert_int_equal(ERR_OK, evlog_blob_name(PEOPLE_SALT, "Name", hash, NULL));
    const char *line = got.lines[got.line_count - 1].line;
    assert_non_null(strstr(line, "\"kind\":\"person.erased\""));
    assert_non_null(strstr(line, hash));
    assert_int_equal(0, got.blob_count);
}

static enum err people_old(void *ctx, const struct hub_old *old, struct why *why)
{
    struct people *seen = ctx;

    (void)why;
    seen->count += old->count;
    (void)str_format(seen->last, sizeof(seen->last), "%s|%s", old->id, old->site_name);
    return ERR_OK;
}

static size_t people_older(struct store_bench *b, enum hub_old_what what, int64_t ms)
{
    struct people seen = { .count = 0 };

    assert_int_equal(ERR_OK, hubstore_old_each(b->store, what, ms, people_old, &seen, NULL));
    return seen.count;
}

static void old_is_who_stands_in_no_later_line(void **state)
{
    static const char *const texts[] = { "One", "Two" };
    const int64_t noon = store_noon.wall_ms;
    const struct hub_post post = { .key = "0011223344556677", .kind = "voice", .body = "{}" };
    struct store_bench *b = *state;
    struct store_kiosk k;

    store_kiosk(b, &k, "Example High", 'a', 0);
    people_add(b, &k.d, "person.added", "p1", "One");
    people_add(b, &k.d, "person.added", "p2", "Two");
    people_push(b, &k, 1, 2, texts, 2);
    assert_int_equal(ERR_OK, hubstore_follow(b->store, 0, NULL));
    assert_int_equal(0, people_older(b, HUB_OLD_NAMES, noon));
    assert_int_equal(2, people_older(b, HUB_OLD_NAMES, noon + 1));

    const struct hub_old p1 = { .what = HUB_OLD_NAMES, .id = "p1" };
    assert_int_equal(ERR_OK, hubstore_old_drop(b->store, &p1, store_noon, NULL));
    assert_int_equal(1, people_older(b, HUB_OLD_NAMES, noon + 1));
    assert_int_equal(1, store_count(b, "select count(*) from blob where text <> ''"));

    assert_int_equal(ERR_OK, hubstore_post_take(b->store, &post, store_noon, NULL));
    assert_int_equal(0, people_older(b, HUB_OLD_VOICES, noon));
    assert_int_equal(1, people_older(b, HUB_OLD_VOICES, noon + INT64_C(32) * 24 * 3600 * 1000));
    assert_int_equal(ERR_OK, hubstore_alarm(b->store, k.site, k.d.id, "fork", "x", noon, NULL));
    assert_int_equal(0, people_older(b, HUB_OLD_ALARMS, noon));
    const struct hub_old alarms = { .what = HUB_OLD_ALARMS, .at_ms = noon + 1 };
    assert_int_equal(1, people_older(b, HUB_OLD_ALARMS, noon + 1));
    assert_int_equal(ERR_OK, hubstore_old_drop(b->store, &alarms, store_noon, NULL));
    assert_int_equal(0, people_older(b, HUB_OLD_ALARMS, noon + 1));
}

int hubstore_cases_people(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_name_is_found_behind_its_line_and_a_badge_is_no_name),
        CASE(an_erased_name_goes_whatever_comes_first),
        CASE(the_hub_erases_by_a_line_that_kiosks_read),
        CASE(old_is_who_stands_in_no_later_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
