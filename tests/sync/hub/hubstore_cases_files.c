#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_file.h"
#include "tests/sync/hub/hubstore_cases.h"
#include "tests/sync/log/files_make.h"

/* Attachments at the hub, on each engine. */

enum { PDF_LEN = 3 * CHUNK_DATA_MAX + 1234 };

struct sent {
    uint8_t bytes[PDF_LEN];
    char hash[KEYS_ID_TEXT];
    char site[KEYS_RANDOM_ID];
    struct store_device d;
};

static struct sent *sent_new(struct store_bench *b, const char *site)
{
    struct sent *x = calloc(1, sizeof *x);

    assert_non_null(x);
    (void)files_pdf(x->bytes, PDF_LEN, 1);
    keys_sha256_hex(x->hash, x->bytes, PDF_LEN);
    store_device(&x->d, site[0] == 'O' ? 'b' : 'a');
    store_join(b, site, x->d.id, x->site);
    return x;
}

static struct hub_file piece(struct store_bench *b, const struct sent *x, size_t at, size_t len)
{
    return (struct hub_file){
        .site = x->site,
        .device = x->d.id,
        .hash = x->hash,
        .type = FILES_PDF,
        .bytes = PDF_LEN,
        .at = at,
        .data = x->bytes + at,
        .len = len,
        .now = store_noon,
        .a = &b->a,
    };
}

static void take(struct store_bench *b, struct hub_file *f)
{
    struct why why = { 0 };

    if (hubstore_file_take(b->store, f, &why) != ERR_OK)
        fail_msg("%s", why.text);
}

static void send_all(struct store_bench *b, const struct sent *x)
{
    struct hub_file f = piece(b, x, 0, 0);

    for (size_t at = 0; at < PDF_LEN; at = f.held) {
        size_t len = PDF_LEN - at < CHUNK_DATA_MAX ? PDF_LEN - at : CHUNK_DATA_MAX;
        f = piece(b, x, at, len);
        take(b, &f);
        assert_int_equal(f.answer, HUB_FILE_HELD);
        assert_int_equal(f.held, at + len);
    }
    assert_true(f.whole);
}

static void pieces_make_a_file_that_comes_back_from_any_byte(void **state)
{
    struct store_bench *b = *state;
    struct sent *x = sent_new(b, "Example High");
    struct chunk c;
    struct why why = { 0 };
    struct hub_file ask = piece(b, x, 0, 0);

    take(b, &ask);
    assert_int_equal(ask.held, 0);
    assert_int_equal(store_count(b, "select count(*) from file"),
                     0); /* a question leaves nothing */
    send_all(b, x);
    for (size_t at = 0; at < PDF_LEN; at += c.len) {
        if (hubstore_file_piece(b->store, x->site, x->hash, at, &b->a, &c, &why) != ERR_OK)
            fail_msg("%s", why.text);
        assert_int_equal(c.at, at);
        assert_int_equal(c.bytes, PDF_LEN);
        assert_int_equal(c.type, FILES_PDF);
        assert_memory_equal(c.data, x->bytes + at, c.len);
    }
    assert_int_equal(ERR_OK,
                     hubstore_file_piece(b->store, x->site, x->hash, 300000, &b->a, &c, NULL));
    assert_memory_equal(c.data, x->bytes + 300000, c.len);
    assert_int_equal(ERR_LIMIT,
                     hubstore_file_piece(b->store, x->site, x->hash, PDF_LEN, &b->a, &c, NULL));
    /* Once whole, nothing changes it. */
    struct hub_file again = piece(b, x, 0, 100);
    take(b, &again);
    assert_true(again.whole);
    assert_int_equal(again.held, PDF_LEN);
    free(x);
}

static void a_piece_elsewhere_than_at_the_end_changes_nothing(void **state)
{
    struct store_bench *b = *state;
    struct sent *x = sent_new(b, "Example High");
    static const struct {
        size_t at, len, held;
    } steps[] = {
        { 500, 100, 0 },   { 0, 1000, 1000 },  { 0, 1000, 1000 },
        { 2000, 1, 1000 }, { 999, 500, 1000 }, { 1000, 500, 1500 },
    };
    struct chunk c;

    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        struct hub_file f = piece(b, x, steps[i].at, steps[i].len);
        take(b, &f);
        assert_int_equal(f.held, steps[i].held);
        assert_false(f.whole);
    }
    assert_int_equal(store_count(b, "select count(*) from file_part"), 2);
    /* What is not whole is given to nobody. */
    assert_int_equal(ERR_NOT_FOUND,
                     hubstore_file_piece(b->store, x->site, x->hash, 0, &b->a, &c, NULL));
    free(x);
}

static void a_whole_that_is_not_its_name_is_dropped_and_can_begin_again(void **state)
{
    struct store_bench *b = *state;
    struct sent *x = sent_new(b, "Example High");
    struct hub_file f = piece(b, x, 0, CHUNK_DATA_MAX);

    take(b, &f);
    x->bytes[CHUNK_DATA_MAX + 7] ^= 1;
    f = piece(b, x, CHUNK_DATA_MAX, CHUNK_DATA_MAX);
    take(b, &f);
    f = piece(b, x, (size_t)2 * CHUNK_DATA_MAX, CHUNK_DATA_MAX);
    take(b, &f);
    f = piece(b, x, (size_t)3 * CHUNK_DATA_MAX, PDF_LEN - (size_t)3 * CHUNK_DATA_MAX);
    take(b, &f);
    assert_int_equal(f.answer, HUB_FILE_WRONG);
    assert_int_equal(store_count(b, "select count(*) from file"), 0);
    assert_int_equal(store_count(b, "select count(*) from file_part"), 0);

    x->bytes[CHUNK_DATA_MAX + 7] ^= 1;
    send_all(b, x);
    /* The right bytes under the wrong type are no file of that type. */
    char hash[KEYS_ID_TEXT];
    keys_sha256_hex(hash, x->bytes, 1000);
    f = piece(b, x, 0, 1000);
    f.hash = hash;
    f.bytes = 1000;
    take(b, &f);
    assert_int_equal(f.answer, HUB_FILE_WRONG);
    free(x);
}

static void an_upload_announced_otherwise_begins_again(void **state)
{
    struct store_bench *b = *state;
    struct sent *x = sent_new(b, "Example High");
    struct hub_file f = piece(b, x, 0, 1000);

    f.bytes = 5000; /* a wrong claim */
    take(b, &f);
    assert_int_equal(f.held, 1000);
    f = piece(b, x, 1000, 1000);
    take(b, &f);
    assert_int_equal(f.held, 0);
    send_all(b, x);
    free(x);
}

static void a_file_is_its_sites_own(void **state)
{
    struct store_bench *b = *state;
    struct sent *x = sent_new(b, "Example High");
    struct sent *other = sent_new(b, "Other Academy");
    struct chunk c;
    struct hub_file_row rows[4];
    size_t count = 0;

    send_all(b, x);
    struct hub_file ask = piece(b, other, 0, 0);
    take(b, &ask);
    assert_int_equal(ask.held, 0);
    assert_int_equal(ERR_NOT_FOUND,
                     hubstore_file_piece(b->store, other->site, x->hash, 0, &b->a, &c, NULL));
    send_all(b, other);
    assert_int_equal(ERR_OK, hubstore_files(b->store, x->site, "", 4, rows, &count, NULL));
    assert_int_equal(count, 1);
    assert_string_equal(rows[0].hash, x->hash);
    assert_int_equal(rows[0].bytes, PDF_LEN);
    assert_int_equal(ERR_OK, hubstore_files(b->store, x->site, x->hash, 4, rows, &count, NULL));
    assert_int_equal(count, 0);
    free(other);
    free(x);
}

static void by_hand(struct store_bench *b, const char *sql)
{
    struct why why = { 0 };

    if (sql_exec(b->sql, sql, &why) != ERR_OK)
        fail_msg("%s", why.text);
}

static void a_site_has_so_much_room_and_no_more(void **state)
{
    struct store_bench *b = *state;
    struct sent *x = sent_new(b, "Example High");
    char sql[256];
    struct hub_file f = piece(b, x, 0, 1000);

    /* As many bytes as leave room for one byte less than this file. */
    assert_true(str_format(sql, sizeof sql,
                           "insert into file(site, hash, type, bytes, device, at_ms) values('%s',"
                           " 'big', 'text/csv', %lld, 'd', 1)",
                           x->site, (long long)(HUB_FILES_BYTES_MAX - PDF_LEN + 1)));
    by_hand(b, sql);
    take(b, &f);
    assert_int_equal(f.answer, HUB_FILE_NO_ROOM);
    assert_int_equal(store_count(b, "select count(*) from file"), 1);
    by_hand(b, "update file set bytes = bytes - 1");
    f = piece(b, x, 0, 1000);
    take(b, &f);
    assert_int_equal(f.answer, HUB_FILE_HELD);
    assert_int_equal(f.held, 1000);
    free(x);
}

static void an_upload_that_stopped_is_dropped_after_its_days(void **state)
{
    struct store_bench *b = *state;
    struct sent *x = sent_new(b, "Example High");
    struct hub_file f = piece(b, x, 0, 1000);
    const int64_t days_ms = (int64_t)HUB_FILE_OPEN_DAYS * 86400 * 1000;

    take(b, &f);
    assert_int_equal(ERR_OK, hubstore_files_old(b->store, store_noon.wall_ms + days_ms, NULL));
    assert_int_equal(store_count(b, "select count(*) from file_part"), 1);
    assert_int_equal(ERR_OK, hubstore_files_old(b->store, store_noon.wall_ms + days_ms + 1, NULL));
    assert_int_equal(store_count(b, "select count(*) from file_part"), 0);
    assert_int_equal(store_count(b, "select count(*) from file"), 0);
    send_all(b, x);
    assert_int_equal(ERR_OK, hubstore_files_old(b->store, store_noon.wall_ms + 9 * days_ms, NULL));
    assert_int_equal(store_count(b, "select count(*) from file"), 1);
    free(x);
}

static void tell(void *ctx, const char *sentence)
{
    (void)str_copy(ctx, 128, sentence);
}

static void verify_finds_a_file_that_was_changed(void **state)
{
    struct store_bench *b = *state;
    struct sent *x = sent_new(b, "Example High");
    char told[128] = "";
    uint64_t files = 0;
    uint64_t faults = 0;

    send_all(b, x);
    assert_int_equal(ERR_OK, hubstore_files_verify(b->store, tell, told, &files, &faults, NULL));
    assert_int_equal(files, 1);
    assert_int_equal(faults, 0);
    by_hand(b, "delete from file_part where at > 0");
    assert_int_equal(ERR_OK, hubstore_files_verify(b->store, tell, told, &files, &faults, NULL));
    assert_int_equal(faults, 1);
    assert_non_null(strstr(told, "damaged"));
    free(x);
}

/* ---- two at once ---- */

struct rival {
    struct store_bench *b;
    const struct sent *x;
    struct hubstore *store;
    struct arena a;
    size_t step;
    enum err rc;
    struct why why;
    bool whole;
};

static void *rival_run(void *ctx)
{
    struct rival *r = ctx;
    struct hub_file f = piece(r->b, r->x, 0, 0);

    while (r->rc == ERR_OK && !r->whole) {
        size_t at = f.held;
        size_t len = PDF_LEN - at < r->step ? PDF_LEN - at : r->step;
        f = piece(r->b, r->x, at, len);
        f.a = &r->a;
        r->rc = hubstore_file_take(r->store, &f, &r->why);
        r->whole = f.whole;
        if (f.answer != HUB_FILE_HELD)
            r->rc = why_set(&r->why, ERR_CONFLICT, 0, "refused");
    }
    return NULL;
}

/* Two kiosks that hold the same picture, each at another copy of the hub, with pieces of other lengths. */
static void two_that_bring_the_same_file_make_one(void **state)
{
    struct store_bench *b = *state;
    struct sent *x = sent_new(b, "Example High");
    struct rival rivals[2];
    pthread_t threads[2];

    for (size_t i = 0; i < 2; i++) {
        rivals[i] = (struct rival){ .b = b, .x = x, .step = i == 0 ? 30000 : 70001 };
        arena_init(&rivals[i].a, (size_t)16 * 1024 * 1024);
        assert_int_equal(ERR_OK, hubstore_open(&b->where, HUBSTORE_LOOK, &rivals[i].store, NULL));
    }
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, rival_run, &rivals[i]), 0);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        if (rivals[i].rc != ERR_OK)
            fail_msg("%s", rivals[i].why.text);
        hubstore_close(rivals[i].store);
        arena_done(&rivals[i].a);
    }
    char told[128] = "";
    uint64_t files = 0;
    uint64_t faults = 0;
    assert_int_equal(ERR_OK, hubstore_files_verify(b->store, tell, told, &files, &faults, NULL));
    assert_string_equal(told, "");
    assert_int_equal(files, 1);
    assert_int_equal(store_count(b, "select cast(sum(length(data)) as bigint) from file_part"),
                     PDF_LEN);
    free(x);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, store_bench_new, store_bench_done)

int hubstore_cases_files(void)
{
    const struct CMUnitTest tests[] = {
        CASE(pieces_make_a_file_that_comes_back_from_any_byte),
        CASE(a_piece_elsewhere_than_at_the_end_changes_nothing),
        CASE(a_whole_that_is_not_its_name_is_dropped_and_can_begin_again),
        CASE(an_upload_announced_otherwise_begins_again),
        CASE(a_file_is_its_sites_own),
        CASE(a_site_has_so_much_room_and_no_more),
        CASE(an_upload_that_stopped_is_dropped_after_its_days),
        CASE(verify_finds_a_file_that_was_changed),
        CASE(two_that_bring_the_same_file_make_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
