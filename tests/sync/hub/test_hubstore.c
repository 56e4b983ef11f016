#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/hub/hubstore.h"

static const struct clock_now noon = { .wall_ms = 1795392000000, .trust = CLOCK_HUB };
enum { DAY_MS = 24 * 3600 * 1000 };

struct bench {
    char dir[64];
    struct hubstore store;
    struct arena a;
};

static int bench_new(void **state)
{
    static struct bench b;

    assert_int_equal(ERR_OK, keys_init(NULL));
    (void)str_copy(b.dir, sizeof(b.dir), "/tmp/canny-hubstore-XXXXXX");
    assert_non_null(mkdtemp(b.dir));
    assert_int_equal(ERR_OK, hubstore_sqlite_open(b.dir, true, &b.store, NULL));
    arena_init(&b.a, (size_t)8 * 1024 * 1024);
    *state = &b;
    return 0;
}

static int bench_done(void **state)
{
    struct bench *b = *state;
    const char **names;
    size_t count;
    char path[FS_PATH_MAX];

    b->store.close(b->store.ctx);
    assert_int_equal(ERR_OK, fs_list(&b->a, b->dir, 100, &names, &count, NULL));
    for (size_t i = 0; i < count; i++)
        if (fs_join(path, b->dir, names[i], NULL) == ERR_OK)
            (void)unlink(path);
    (void)rmdir(b->dir);
    arena_done(&b->a);
    return 0;
}

static enum err certify(void *ctx, struct arena *a, const struct hub_device *where,
                        const char *device, struct clock_now now, const char **out, struct why *why)
{
    (void)ctx;
    (void)now;
    *out = arena_printf(a, "%s at %s", device, where->site);
    return *out != NULL ? ERR_OK : why_set(why, ERR_NOMEM, 0, "no memory");
}

static void device_id(char out[KEYS_ID_TEXT], char digit)
{
    memset(out, digit, KEYS_ID_TEXT - 1);
    out[KEYS_ID_TEXT - 1] = '\0';
}

static struct hub_enrolled enrol(struct bench *b, const uint8_t *hash, char device,
                                 int64_t later_ms)
{
    char id[KEYS_ID_TEXT];
    struct clock_now now = noon;
    struct hub_enrolled e;

    device_id(id, device);
    now.wall_ms += later_ms;
    const struct hub_enrol ask = {
        .code_hash = hash, .device = id, .name = "Prep", .now = now, .certify = certify
    };
    assert_int_equal(ERR_OK, b->store.enrol(b->store.ctx, &ask, &b->a, &e, NULL));
    return e;
}

static void add(struct bench *b, const char *site, const uint8_t *hash)
{
    assert_int_equal(ERR_OK, b->store.code_add(b->store.ctx, site, hash,
                                               noon.wall_ms + (int64_t)7 * DAY_MS, noon, NULL));
}

static void code_enrols_once_and_answers_its_device_again(void **state)
{
    struct bench *b = *state;
    static const uint8_t hash[KEYS_HASH] = { 1 };
    static const uint8_t wrong[KEYS_HASH] = { 2 };

    add(b, "Example High", hash);
    assert_int_equal(HUB_CODE_WRONG, enrol(b, wrong, 'a', 0).answer);
    struct hub_enrolled first = enrol(b, hash, 'a', 0);
    assert_int_equal(HUB_ENROLLED, first.answer);
    assert_int_equal(HUB_CODE_USED, enrol(b, hash, 'b', 0).answer);
    struct hub_enrolled again = enrol(b, hash, 'a', 8 * (int64_t)DAY_MS);
    assert_int_equal(HUB_ENROLLED, again.answer);
    assert_string_equal(first.cert, again.cert);
    assert_string_equal(first.where.site, again.where.site);
}

static void code_runs_out_on_its_day(void **state)
{
    struct bench *b = *state;
    static const uint8_t hash[KEYS_HASH] = { 1 };

    add(b, "Example High", hash);
    assert_int_equal(HUB_CODE_EXPIRED, enrol(b, hash, 'a', (int64_t)7 * DAY_MS + 1).answer);
    assert_int_equal(HUB_ENROLLED, enrol(b, hash, 'a', (int64_t)7 * DAY_MS).answer);
}

static void site_is_found_by_name_and_device_stays_at_its_site(void **state)
{
    struct bench *b = *state;
    static const uint8_t hashes[3][KEYS_HASH] = { { 1 }, { 2 }, { 3 } };

    add(b, "Example High", hashes[0]);
    add(b, "Example High", hashes[1]);
    add(b, "Other Academy", hashes[2]);
    struct hub_enrolled one = enrol(b, hashes[0], 'a', 0);
    struct hub_enrolled two = enrol(b, hashes[1], 'b', 0);
    assert_string_equal(one.where.site, two.where.site);
    assert_int_equal(HUB_OTHER_SITE, enrol(b, hashes[2], 'a', 0).answer);
    struct hub_enrolled three = enrol(b, hashes[2], 'c', 0);
    assert_string_not_equal(one.where.site, three.where.site);
    assert_string_not_equal(one.where.voice, three.where.voice);
}

static void nonce_is_good_once_a_device_within_the_window(void **state)
{
    struct bench *b = *state;
    const struct hubstore *s = &b->store;
    int64_t now = noon.wall_ms;

    assert_int_equal(ERR_OK, s->nonce(s->ctx, "d1", "n", now, NULL));
    assert_int_equal(ERR_CONFLICT, s->nonce(s->ctx, "d1", "n", now + 1, NULL));
    assert_int_equal(ERR_OK, s->nonce(s->ctx, "d2", "n", now, NULL));
    /* Signed at one edge of the window and sent again at the other, it is remembered still. */
    assert_int_equal(ERR_CONFLICT,
                     s->nonce(s->ctx, "d1", "n", now + (int64_t)2 * PROTO_WINDOW_S * 1000, NULL));
}

static void numbers_of_a_site_rise_without_a_gap_and_end_where_they_end(void **state)
{
    struct bench *b = *state;
    static const uint8_t hashes[3][KEYS_HASH] = { { 1 }, { 2 }, { 3 } };
    struct bundle got;
    char site[KEYS_RANDOM_ID];

    for (size_t i = 0; i < 3; i++) {
        add(b, "Example High", hashes[i]);
        struct hub_enrolled e = enrol(b, hashes[i], (char)('a' + i), 0);
        (void)str_copy(site, sizeof(site), e.where.site);
    }
    assert_int_equal(ERR_OK, b->store.since(b->store.ctx, site, 0, 500, &b->a, &got, NULL));
    assert_int_equal(3, got.line_count);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(i + 1, got.lines[i].site_no);
    assert_int_equal(3, got.next);
    assert_int_equal(ERR_OK, b->store.since(b->store.ctx, site, 1, 1, &b->a, &got, NULL));
    assert_int_equal(1, got.line_count);
    assert_int_equal(2, got.next);
    assert_int_equal(ERR_OK, b->store.since(b->store.ctx, site, 99, 500, &b->a, &got, NULL));
    assert_int_equal(0, got.line_count);
    assert_int_equal(3, got.next);
}

static void folder_without_a_hub_is_not_made_one_by_looking(void **state)
{
    struct bench *b = *state;
    char dir[96];
    struct hubstore other;
    struct fs_stat st;

    (void)str_format(dir, sizeof(dir), "%s/none", b->dir);
    assert_int_equal(ERR_NOT_FOUND, hubstore_sqlite_open(dir, false, &other, NULL));
    assert_int_not_equal(ERR_OK, fs_stat(dir, &st, NULL));
}

#define BENCH(f) cmocka_unit_test_setup_teardown(f, bench_new, bench_done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH(code_enrols_once_and_answers_its_device_again),
        BENCH(code_runs_out_on_its_day),
        BENCH(site_is_found_by_name_and_device_stays_at_its_site),
        BENCH(nonce_is_good_once_a_device_within_the_window),
        BENCH(numbers_of_a_site_rise_without_a_gap_and_end_where_they_end),
        BENCH(folder_without_a_hub_is_not_made_one_by_looking),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
