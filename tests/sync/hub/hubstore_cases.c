#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/log/event.h"
#include "tests/sync/hub/hubstore_cases.h"

enum { DAY_MS = 24 * 3600 * 1000 };

/* ---- enrolment ---- */

static enum err certify(void *ctx, struct arena *a, const struct hub_device *where,
                        const char *device, struct clock_now now, const char **out, struct why *why)
{
    (void)ctx;
    (void)now;
    *out = arena_printf(a, "%s at %s", device, where->site);
    return *out != NULL ? ERR_OK : why_set(why, ERR_NOMEM, 0, "no memory");
}

static struct hub_enrolled enrol(struct store_bench *b, const uint8_t *hash, char device,
                                 int64_t later_ms)
{
    struct store_device d;
    struct clock_now now = store_noon;
    struct hub_enrolled e;
    struct why why = { 0 };

    store_device(&d, device);
    now.wall_ms += later_ms;
    const struct hub_enrol ask = {
        .code_hash = hash, .device = d.id, .name = "Prep", .now = now, .certify = certify
    };
    if (hubstore_enrol(b->store, &ask, &b->a, &e, &why) != ERR_OK)
        fail_msg("%s", why.text);
    return e;
}

static void add(struct store_bench *b, const char *site, const uint8_t *hash)
{
    struct why why = { 0 };

    if (hubstore_code_add(b->store, site, hash, store_noon.wall_ms + (int64_t)7 * DAY_MS,
                          store_noon, &why) != ERR_OK)
        fail_msg("%s", why.text);
}

static void code_enrols_once_and_answers_its_device_again(void **state)
{
    struct store_bench *b = *state;
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
    struct store_bench *b = *state;
    static const uint8_t hash[KEYS_HASH] = { 1 };

    add(b, "Example High", hash);
    assert_int_equal(HUB_CODE_EXPIRED, enrol(b, hash, 'a', (int64_t)7 * DAY_MS + 1).answer);
    assert_int_equal(HUB_ENROLLED, enrol(b, hash, 'a', (int64_t)7 * DAY_MS).answer);
}

static void site_is_found_by_name_and_device_stays_at_its_site(void **state)
{
    struct store_bench *b = *state;
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

static void device_is_known_once_enrolled_and_until_revoked(void **state)
{
    struct store_bench *b = *state;
    struct store_device d;
    struct hub_device where;
    char site[KEYS_RANDOM_ID];

    store_device(&d, 'a');
    assert_int_equal(ERR_NOT_FOUND, hubstore_device(b->store, d.id, &where, NULL));
    store_join(b, "Example High", d.id, site);
    assert_int_equal(ERR_OK, hubstore_device(b->store, d.id, &where, NULL));
    assert_string_equal(site, where.site);
    assert_string_equal("Example High", where.site_name);
    assert_int_equal(ERR_OK, sql_exec(b->sql, "update device set revoked_ms = 1", NULL));
    assert_int_equal(ERR_DENIED, hubstore_device(b->store, d.id, &where, NULL));
}

static void keys_are_the_same_when_opened_again(void **state)
{
    struct store_bench *b = *state;
    struct keypair first, again;
    struct hubstore *other;

    assert_int_equal(ERR_OK, hubstore_key(b->store, true, &first, NULL));
    assert_int_equal(ERR_OK, hubstore_open(&b->where, HUBSTORE_LOOK, &other, NULL));
    assert_int_equal(ERR_OK, hubstore_key(other, true, &again, NULL));
    hubstore_close(other);
    assert_memory_equal(&first, &again, sizeof(first));
}

static void nonce_is_good_once_a_device_within_the_window(void **state)
{
    struct store_bench *b = *state;
    struct hubstore *s = b->store;
    int64_t now = store_noon.wall_ms;
    const int64_t window_ms = (int64_t)2 * PROTO_WINDOW_S * 1000;
    bool full = true;

    assert_int_equal(ERR_OK, hubstore_nonce(s, "d1", "n", now, NULL));
    assert_int_equal(ERR_CONFLICT, hubstore_nonce(s, "d1", "n", now + 1, NULL));
    assert_int_equal(ERR_OK, hubstore_nonce(s, "d2", "n", now, NULL));
    /* Signed at one edge of the window and sent again at the other, it is remembered still. */
    assert_int_equal(ERR_OK, hubstore_nonces_old(s, now + window_ms, &full, NULL));
    assert_false(full);
    assert_int_equal(ERR_CONFLICT, hubstore_nonce(s, "d1", "n", now + window_ms, NULL));
    assert_int_equal(ERR_OK, hubstore_nonces_old(s, now + window_ms + 2000, &full, NULL));
    assert_int_equal(0, store_count(b, "select count(*) from nonce"));
}

static void numbers_of_a_site_rise_without_a_gap_and_end_where_they_end(void **state)
{
    struct store_bench *b = *state;
    static const uint8_t hashes[3][KEYS_HASH] = { { 1 }, { 2 }, { 3 } };
    struct bundle got;
    char site[KEYS_RANDOM_ID];

    for (size_t i = 0; i < 3; i++) {
        add(b, "Example High", hashes[i]);
        struct hub_enrolled e = enrol(b, hashes[i], (char)('a' + i), 0);
        (void)str_copy(site, sizeof(site), e.where.site);
    }
    assert_int_equal(ERR_OK, hubstore_since(b->store, site, 0, 500, &b->a, &got, NULL));
    assert_int_equal(3, got.line_count);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(i + 1, got.lines[i].site_no);
    assert_int_equal(3, got.next);
    assert_int_equal(ERR_OK, hubstore_since(b->store, site, 1, 1, &b->a, &got, NULL));
    assert_int_equal(1, got.line_count);
    assert_int_equal(2, got.next);
    assert_int_equal(ERR_OK, hubstore_since(b->store, site, 99, 500, &b->a, &got, NULL));
    assert_int_equal(0, got.line_count);
    assert_int_equal(3, got.next);
}

/* ---- status, alarms, voices, letters ---- */

static enum err sign(void *ctx, struct arena *a, const char *epoch, const char *device,
                     const struct hub_head *head, const char **out, struct why *why)
{
    size_t *times = ctx;
    (void)epoch;

    (*times)++;
    *out = arena_printf(a, "%.4s %llu", device, (unsigned long long)head->seq);
    return *out != NULL ? ERR_OK : why_set(why, ERR_NOMEM, 0, "no memory");
}

static void head_is_signed_once_and_then_known(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;
    size_t times = 0;
    static const char json[] = "{\"version\":\"0.1.0\"}";

    store_kiosk(b, &k, "Example High", 'a', 3);
    struct hub_push *push = store_push(b, k.site, k.d.id, &k.d, 1, 3);
    push->sign = sign;
    push->ctx = &times;
    assert_int_equal(ERR_OK, hubstore_status(b->store, push, json, strlen(json), NULL));
    assert_int_equal(0, push->head.seq);
    assert_string_equal("aaaa 0", push->signature);
    assert_int_equal(ERR_OK, store_append(b, push));
    assert_string_equal("aaaa 3", push->signature);
    assert_int_equal(2, times);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(ERR_OK, hubstore_status(b->store, push, json, strlen(json), NULL));
        assert_int_equal(3, push->head.seq);
        assert_string_equal("aaaa 3", push->signature);
    }
    assert_int_equal(2, times);
    assert_int_equal(1, store_count(b, "select count(*) from status"));
}

static void alarms_give_way_to_newer_ones(void **state)
{
    struct store_bench *b = *state;
    char site[KEYS_RANDOM_ID];
    struct store_device d;

    store_device(&d, 'a');
    store_join(b, "Example High", d.id, site);
    for (size_t i = 0; i < HUB_ALARMS_MAX + 2; i++)
        assert_int_equal(
            ERR_OK, hubstore_alarm(b->store, site, d.id, "lines.conflict", "x", (int64_t)i, NULL));
    assert_int_equal(HUB_ALARMS_MAX, store_count(b, "select count(*) from alarm"));
    assert_int_equal(2, store_count(b, "select min(at_ms) from alarm"));
}

static bool count_post(void *ctx, const struct hub_post *post)
{
    size_t *n = ctx;

    if (strcmp(post->month, "2026-11") == 0 && strcmp(post->body, "{\"a\":1}") == 0)
        (*n)++;
    return true;
}

static void voice_is_kept_once_with_its_month_alone(void **state)
{
    struct store_bench *b = *state;
    const struct hub_post post = { .key = "0123456789abcdef",
                                   .kind = "voice",
                                   .body = "{\"a\":1}" };
    size_t n = 0;

    for (size_t i = 0; i < 2; i++)
        assert_int_equal(ERR_OK, hubstore_post_take(b->store, &post, store_noon, NULL));
    assert_int_equal(ERR_OK, hubstore_posts(b->store, count_post, &n, NULL));
    assert_int_equal(1, n);
}

struct letters {
    size_t count;
    size_t answers;
    char first[64];
};

static bool letters_see(void *ctx, const struct hub_letter *l)
{
    struct letters *seen = ctx;

    if (seen->count++ == 0)
        (void)str_format(seen->first, sizeof(seen->first), "%s %s %s %s %s", l->id, l->site_name,
                         l->to, l->about, l->question);
    seen->answers += l->answers;
    return true;
}

static void letter_is_found_behind_its_line_and_answered_at_its_site(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;
    struct letters seen = { 0 };
    struct bundle got;
    struct hub_answer answer = { .letter = "L1", .text = "Yes", .by = "SSERC" };

    store_kiosk(b, &k, "Example High", 'a', 1);
    store_write(b, &k.d, "letter.queued", "L1",
                "{\"to\":\"sserc\",\"facts\":{\"about\":\"A\"},\"answers\":{\"question\":\"Q\"}}");
    store_write(b, &k.d, "letter.queued", "L2", "{}");
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 1, 3)));
    assert_int_equal(ERR_NOT_FOUND, hubstore_answer(b->store, &answer, store_noon, NULL));
    assert_int_equal(ERR_OK, hubstore_follow(b->store, 0, NULL));
    assert_int_equal(ERR_OK, hubstore_letters(b->store, letters_see, &seen, NULL));
    assert_int_equal(2, seen.count);
    assert_int_equal(0, seen.answers);
    assert_string_equal("L1 Example High sserc A Q", seen.first);

    assert_int_equal(ERR_OK, hubstore_answer(b->store, &answer, store_noon, NULL));
    assert_int_equal(ERR_OK, hubstore_follow(b->store, 0, NULL));
    seen = (struct letters){ 0 };
    assert_int_equal(ERR_OK, hubstore_letters(b->store, letters_see, &seen, NULL));
    assert_int_equal(1, seen.answers);
    assert_int_equal(ERR_OK, hubstore_since(b->store, k.site, 4, 500, &b->a, &got, NULL));
    assert_int_equal(1, got.line_count);
    assert_non_null(strstr(got.lines[0].line, "letter.answered"));
    assert_int_equal(5, got.lines[0].site_no);

    /* Dropped and followed again from the first line, the same stands there. */
    assert_int_equal(ERR_OK, sql_exec(b->sql, "delete from follow", NULL));
    assert_int_equal(ERR_OK, sql_exec(b->sql, "delete from letter", NULL));
    assert_int_equal(ERR_OK, hubstore_follow(b->store, 0, NULL));
    seen = (struct letters){ 0 };
    assert_int_equal(ERR_OK, hubstore_letters(b->store, letters_see, &seen, NULL));
    assert_int_equal(2, seen.count);
    assert_int_equal(1, seen.answers);
}

static void hubs_own_lines_come_after_what_it_has_seen(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;
    struct bundle got;
    struct event last, before;
    struct hub_answer answer = { .letter = "L1", .text = "Yes", .by = "" };
    struct clock_now earlier = store_noon;

    store_kiosk(b, &k, "Example High", 'a', 5);
    store_write(b, &k.d, "letter.queued", "L1", "{}");
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 1, 6)));
    assert_int_equal(ERR_OK, hubstore_follow(b->store, 0, NULL));
    earlier.wall_ms -= 60000;
    assert_int_equal(ERR_OK, hubstore_answer(b->store, &answer, earlier, NULL));
    assert_int_equal(ERR_OK, hubstore_since(b->store, k.site, 6, 500, &b->a, &got, NULL));
    assert_int_equal(2, got.line_count);
    assert_int_equal(ERR_OK,
                     event_parse(&b->a, got.lines[0].line, got.lines[0].len, &before, NULL));
    assert_int_equal(ERR_OK, event_parse(&b->a, got.lines[1].line, got.lines[1].len, &last, NULL));
    assert_true(hlc_cmp(last.hlc, before.hlc) > 0);
    assert_int_equal(2, last.seq);
}

/* ---- sql.h itself ---- */

static void parameters_go_by_their_numbers(void **state)
{
    struct store_bench *b = *state;
    static const uint8_t bytes[] = { 0, 255, 0, 39 };
    size_t len = 0;

    assert_int_equal(ERR_OK, sql_exec(b->sql, "create table p(a text, b bigint, c bytea)", NULL));
    struct sql_stmt q = sql_prepare(b->sql, "insert into p(c, a, b) values($3, $1, $2)");
    sql_bind_text(&q, 1, "it's \xc3\xa9");
    sql_bind_i64(&q, 2, INT64_MIN);
    sql_bind_bytes(&q, 3, bytes, sizeof(bytes));
    assert_int_equal(ERR_OK, sql_done(&q, NULL, NULL));
    q = sql_prepare(b->sql, "select c, b, a from p where b = $2 and a = $1 and $2 < 0");
    sql_bind_text(&q, 1, "it's \xc3\xa9");
    sql_bind_i64(&q, 2, INT64_MIN);
    assert_true(sql_step(&q));
    assert_memory_equal(bytes, sql_bytes(&q, 0, &len), sizeof(bytes));
    assert_int_equal(sizeof(bytes), len);
    assert_true(sql_i64(&q, 1) == INT64_MIN);
    assert_string_equal("it's \xc3\xa9", sql_text(&q, 2));
    assert_false(sql_step(&q));
    assert_int_equal(ERR_OK, sql_end(&q, NULL));
    assert_int_equal(ERR_OK, sql_exec(b->sql, "drop table p", NULL));
}

static void rolled_back_within_leaves_what_is_around(void **state)
{
    struct store_bench *b = *state;
    static const char insert[] = "insert into secrets(a) values($1)";

    assert_int_equal(ERR_OK, sql_exec(b->sql, "create table secrets(a text primary key)", NULL));
    assert_int_equal(ERR_OK, sql_begin(b->sql, NULL));
    assert_int_equal(ERR_OK, sql_run(b->sql, NULL, insert, "one", NULL));
    assert_int_equal(ERR_OK, sql_begin(b->sql, NULL));
    assert_int_equal(ERR_OK, sql_run(b->sql, NULL, insert, "two", NULL));
    enum err rc = sql_run(b->sql, NULL, insert, "one", NULL);
    assert_int_equal(ERR_CONFLICT, rc);
    assert_int_equal(ERR_CONFLICT, sql_finish(b->sql, rc, NULL));
    assert_int_equal(ERR_OK, sql_run(b->sql, NULL, insert, "three", NULL));
    assert_int_equal(ERR_OK, sql_finish(b->sql, ERR_OK, NULL));
    assert_int_equal(2, store_count(b, "select count(*) from secrets"));
    assert_int_equal(1, store_count(b, "select count(*) from secrets where a = 'three'"));
    assert_int_equal(ERR_OK, sql_exec(b->sql, "drop table secrets", NULL));
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, store_bench_new, store_bench_done)

int hubstore_cases(void)
{
    const struct CMUnitTest tests[] = {
        CASE(code_enrols_once_and_answers_its_device_again),
        CASE(code_runs_out_on_its_day),
        CASE(site_is_found_by_name_and_device_stays_at_its_site),
        CASE(device_is_known_once_enrolled_and_until_revoked),
        CASE(keys_are_the_same_when_opened_again),
        CASE(nonce_is_good_once_a_device_within_the_window),
        CASE(numbers_of_a_site_rise_without_a_gap_and_end_where_they_end),
        CASE(head_is_signed_once_and_then_known),
        CASE(alarms_give_way_to_newer_ones),
        CASE(voice_is_kept_once_with_its_month_alone),
        CASE(letter_is_found_behind_its_line_and_answered_at_its_site),
        CASE(hubs_own_lines_come_after_what_it_has_seen),
        CASE(parameters_go_by_their_numbers),
        CASE(rolled_back_within_leaves_what_is_around),
    };

    return hubstore_cases_lines() + hubstore_cases_files() + hubstore_cases_content() +
           hubstore_cases_signing() + hubstore_cases_copies() + hubstore_cases_failing() +
           hubstore_cases_said() + hubstore_cases_fleet() + hubstore_cases_adopt() +
           hubstore_cases_stick() + hubstore_cases_members() + hubstore_cases_epoch() +
           hubstore_cases_people() + hubstore_cases_backup() + hubstore_cases_restore() +
           cmocka_run_group_tests(tests, NULL, NULL);
}
