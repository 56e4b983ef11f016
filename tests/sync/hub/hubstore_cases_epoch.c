/* What outlives a hub or a card: enrolments without a code, epochs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "tests/sync/hub/hubstore_life.h"

/* ---- enrolments without a code ---- */

static void certificate_binds_again_what_was_forgotten(void **state)
{
    struct store_bench *b = *state;
    static const char site[] = "0123456789abcdef";
    struct store_device d, voice;
    struct hub_device where;
    struct hub_enrolled e;
    uint8_t used[KEYS_HASH] = { 9 };

    store_device(&d, 'a');
    store_device(&voice, 'c');
    const char *text = life_text(b, &b->self, CERT_ENROLLED, site, voice.id, d.id);
    /* Somebody has made another site of that name since. */
    assert_int_equal(ERR_OK, hubstore_code_add(b->store, "Example High", used,
                                               store_noon.wall_ms + 1000, store_noon, NULL));
    for (size_t i = 0; i < 2; i++) {
        e = life_enrol(b, (struct hub_enrol){ .cert = text, .device = d.id, .name = "Prep" });
        assert_int_equal(HUB_ENROLLED, e.answer);
        assert_string_equal(site, e.where.site);
        assert_string_equal("Example High (2)", e.where.site_name);
        assert_string_equal(text, e.cert);
        assert_int_equal(16, strlen(e.where.epoch));
    }
    assert_int_equal(ERR_OK, hubstore_device(b->store, d.id, &where, NULL));
    assert_int_equal(0, store_count(b, "select count(*) from line"));
    /* What its voice of then wrote is taken, and what it wrote itself. */
    store_write(b, &d, "check.recorded", "item", "{}");
    store_write(b, &voice, "letter.answered", "L1", "{}");
    assert_int_equal(ERR_OK, store_append(b, life_both(b, site, d.id, &d, &voice)));
}

static void certificate_of_another_is_refused(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;
    struct store_device d;
    struct keypair forger;

    store_kiosk(b, &k, "Example High", 'a', 0);
    store_device(&d, 'd');
    assert_int_equal(ERR_OK, keys_new(&forger, NULL));
    const char *const texts[] = {
        life_text(b, &b->self, CERT_ENROLLED, k.site, k.d.id, k.d.id), /* another device's */
        life_text(b, &forger, CERT_ENROLLED, k.site, k.d.id, d.id),
        life_text(b, &b->self, CERT_REVOKED, k.site, k.d.id, d.id),
        "",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_int_equal(
            HUB_CERT_WRONG,
            life_enrol(b, (struct hub_enrol){ .cert = texts[i], .device = d.id, .name = "Prep" })
                .answer);
    const char *elsewhere =
        life_text(b, &b->self, CERT_ENROLLED, "0123456789abcdef", k.d.id, k.d.id);
    assert_int_equal(
        HUB_OTHER_SITE,
        life_enrol(b, (struct hub_enrol){ .cert = elsewhere, .device = k.d.id, .name = "Prep" })
            .answer);
}

static void copied_card_goes_on_under_a_new_key_once(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k, other;
    struct store_device anew;
    struct hub_device where;
    struct hub_enrolled e;

    store_kiosk(b, &k, "Example High", 'a', 1);
    store_kiosk(b, &other, "Other Academy", 'b', 1);
    assert_int_equal(ERR_OK, hubstore_device(b->store, k.d.id, &where, NULL));
    struct hub_enrol ask = {
        .was = k.d.id, .at = where, .fork_seq = 2, .fork_ours = k.d.id, .fork_theirs = other.d.id
    };
    for (size_t i = 0; i < HUB_FORKS_MAX + 1; i++) {
        store_device(&anew, '0');
        anew.id[0] = "0123456789abcdefg"[i];
        ask.device = anew.id;
        e = life_enrol(b, ask);
        assert_int_equal(i < HUB_FORKS_MAX ? HUB_ENROLLED : HUB_FORKS, e.answer);
        if (i >= HUB_FORKS_MAX)
            break;
        struct hub_enrolled again = life_enrol(b, ask);
        assert_string_equal(e.cert, again.cert);
        assert_string_equal(k.site, e.where.site);
        assert_int_equal(ERR_OK, hubstore_device(b->store, anew.id, &where, NULL));
    }
    assert_int_equal(HUB_FORKS_MAX, life_lines(b, k.site, "\"was\":\"aaaaaaaa"));
    assert_int_equal(HUB_FORKS_MAX,
                     store_count(b, "select count(*) from alarm where code = 'fork'"));
    assert_int_equal(HUB_FORKS_MAX + 1,
                     store_count(b,
                                 "select count(*) from device where name = 'Prep'"
                                 " and site = (select site from device where was <> '' limit 1)"));
    ask.device = other.d.id; /* somebody else's key */
    assert_int_equal(HUB_OTHER_SITE, life_enrol(b, ask).answer);
    const struct hub_known known = life_known(b, k.d.id);
    assert_int_equal(ERR_OK, hubstore_revoke(b->store, &known, store_noon, NULL));
    ask.device = anew.id;
    assert_int_equal(HUB_KIOSK_REVOKED, life_enrol(b, ask).answer);
}

/* ---- epochs ---- */

static void new_epoch_has_other_voices_and_no_open_codes(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;
    struct hub_device was, now;
    struct bundle got;
    bool changed = false;
    const struct hub_answer answer = { .letter = "L1", .text = "Yes", .by = "" };

    store_kiosk(b, &k, "Example High", 'a', 0);
    store_write(b, &k.d, "letter.queued", "L1", "{}");
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 1, 1)));
    assert_int_equal(ERR_OK, hubstore_follow(b->store, 0, NULL));
    const uint8_t *open = life_code(b, "Example High");
    assert_int_equal(ERR_OK, hubstore_device(b->store, k.d.id, &was, NULL));
    const struct hub_alarm alarm = { .site = k.site, .device = k.d.id, .code = "x", .text = "y" };
    assert_int_equal(ERR_OK, hubstore_epoch_new(b->store, was.epoch, &alarm, store_noon.wall_ms,
                                                &changed, NULL));
    assert_true(changed);
    assert_int_equal(ERR_OK, hubstore_epoch_new(b->store, was.epoch, &alarm, store_noon.wall_ms,
                                                &changed, NULL));
    assert_false(changed); /* of two that find out, one does it */
    assert_int_equal(1, store_count(b, "select count(*) from alarm"));
    assert_int_equal(ERR_OK, hubstore_device(b->store, k.d.id, &now, NULL));
    assert_string_not_equal(was.epoch, now.epoch);
    assert_string_not_equal(was.voice, now.voice);
    assert_int_equal(1, store_count(b, "select count(*) from secret where name like 'voice-%'"));
    assert_int_equal(
        HUB_CODE_EXPIRED,
        life_enrol(b, (struct hub_enrol){ .code_hash = open, .device = was.voice, .name = "Prep" })
            .answer);

    /* The new voice says whose it is before it says anything else. */
    assert_int_equal(ERR_OK, hubstore_answer(b->store, &answer, store_noon, NULL));
    assert_int_equal(ERR_OK, hubstore_since(b->store, k.site, 2, 500, &b->a, &got, NULL));
    assert_int_equal(2, got.line_count);
    assert_non_null(strstr(got.lines[0].line, "\"kind\":\"hub.voice\""));
    assert_non_null(strstr(got.lines[0].line, now.voice));
    assert_non_null(strstr(got.lines[1].line, "\"kind\":\"letter.answered\""));
}

static void push_for_another_epoch_stores_nothing(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;
    char epoch[KEYS_RANDOM_ID];

    store_kiosk(b, &k, "Example High", 'a', 1);
    assert_int_equal(ERR_OK, hubstore_epoch(b->store, epoch, NULL));
    struct hub_push *push = store_push(b, k.site, k.d.id, &k.d, 1, 1);
    push->epoch = "0123456789abcdef";
    assert_int_equal(ERR_CONFLICT, store_append(b, push));
    assert_true(push->other_epoch);
    assert_string_equal(epoch, push->epoch_now);
    push->epoch = epoch;
    assert_int_equal(ERR_OK, store_append(b, push));
    assert_false(push->other_epoch);
}

/* What the kiosk shows: line seq of its own, and how far it has read (NULL: neither). */
static struct hub_push life_shows(struct store_bench *b, struct store_kiosk *k, const char *epoch,
                                  uint64_t seq, const char *line, const struct hub_place *read)
{
    static const char nonces[] = "0123456789";
    static size_t asked;
    char nonce[2] = { nonces[asked++ % 10] };
    struct hub_push *push = store_push(b, k->site, k->d.id, &k->d, 1, 1);
    struct commit_job job = { .kind = COMMIT_STATUS,
                              .device = k->d.id,
                              .nonce = nonce,
                              .now = store_noon,
                              .push = *push,
                              .json = "{}",
                              .json_len = 2 };
    struct commit_job *jobs[] = { &job };

    job.push.epoch = epoch;
    job.push.proof_seq = seq;
    if (line != NULL)
        keys_sha256(job.push.proof_hash, line, strlen(line));
    if (read != NULL)
        job.push.read = *read;
    commit_group(b->store, jobs, 1);
    assert_int_equal(ERR_OK, job.rc);
    return job.push;
}

static struct hub_push life_status(struct store_bench *b, struct store_kiosk *k, const char *epoch,
                                   uint64_t seq, const char *line)
{
    return life_shows(b, k, epoch, seq, line, NULL);
}

static void hub_whose_number_means_another_line_begins_a_new_epoch(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;
    struct hub_place read = { .no = 3 };
    struct hub_place other = { .no = 3 };
    char was[KEYS_RANDOM_ID], now[KEYS_RANDOM_ID];

    store_kiosk(b, &k, "Example High", 'a', 3);
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 1, 2)));
    assert_int_equal(ERR_OK, hubstore_place(b->store, k.site, &read, NULL));
    assert_int_equal(PROTO_TOKEN - 1, strlen(read.token));
    assert_int_equal(ERR_OK, hubstore_epoch(b->store, was, NULL));
    assert_false(life_shows(b, &k, was, 2, k.d.lines[1], &read).put_back);
    /* As a hub that was put back gives the number out once more. */
    assert_int_equal(ERR_OK, sql_exec(b->sql, "delete from line where no >= 2", NULL));
    assert_int_equal(ERR_OK, sql_exec(b->sql,
                                      "update author set head_seq = 0, mark_seq = 0;"
                                      "update site set next_no = 2",
                                      NULL));
    assert_int_equal(ERR_OK, hubstore_place(b->store, k.site, &other, NULL));
    assert_string_equal("", other.token);
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 1, 2)));
    assert_int_equal(ERR_OK, hubstore_place(b->store, k.site, &other, NULL));
    assert_int_equal(PROTO_TOKEN - 1, strlen(other.token));
    assert_string_not_equal(read.token, other.token);
    assert_true(life_shows(b, &k, was, 2, k.d.lines[1], &read).put_back);
    assert_int_equal(ERR_OK, hubstore_epoch(b->store, now, NULL));
    assert_string_not_equal(was, now);
    read.no = 99;
    assert_true(life_shows(b, &k, now, 0, NULL, &read).put_back);
    assert_false(life_shows(b, &k, now, 0, NULL, &other).put_back);
}

static void hub_that_lacks_what_it_signed_begins_a_new_epoch(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;
    char was[KEYS_RANDOM_ID], now[KEYS_RANDOM_ID];

    store_kiosk(b, &k, "Example High", 'a', 3);
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 1, 2)));
    assert_int_equal(ERR_OK, hubstore_epoch(b->store, was, NULL));
    assert_false(life_status(b, &k, was, 0, NULL).put_back);
    assert_false(life_status(b, &k, was, 1, k.d.lines[0]).put_back);
    assert_false(life_status(b, &k, was, 2, k.d.lines[1]).put_back);
    struct hub_push told = life_status(b, &k, was, 3, k.d.lines[2]);
    assert_true(told.put_back);
    assert_int_equal(ERR_OK, hubstore_epoch(b->store, now, NULL));
    assert_string_not_equal(was, now);
    assert_string_equal(now, told.epoch_now);
    assert_int_equal(1, store_count(b, "select count(*) from alarm where code = 'hub.put-back'"));
    /* A second kiosk finds the same out at the same time. */
    told = life_status(b, &k, was, 3, k.d.lines[2]);
    assert_string_equal(now, told.epoch_now);
    assert_int_equal(1, store_count(b, "select count(*) from alarm"));
    /* Another line under that number is as good a proof. */
    assert_true(life_status(b, &k, now, 2, k.d.lines[2]).put_back);
}

struct life_heads {
    size_t count;
    uint64_t seq;
    char device[KEYS_ID_TEXT];
};

static bool life_head(void *ctx, const char *device, const struct hub_head *head)
{
    struct life_heads *seen = ctx;

    seen->count++;
    if (strcmp(device, seen->device) == 0)
        seen->seq = head->seq;
    return true;
}

static void heads_are_without_gaps_and_of_one_site(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k, other;
    struct life_heads seen = { .count = 0 };

    store_kiosk(b, &k, "Example High", 'a', 4);
    store_kiosk(b, &other, "Other Academy", 'b', 1);
    (void)str_copy(seen.device, sizeof(seen.device), k.d.id);
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 1, 2)));
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 4, 4)));
    assert_int_equal(ERR_OK, hubstore_heads(b->store, k.site, life_head, &seen, NULL));
    assert_int_equal(2, seen.count); /* and the voice */
    assert_int_equal(2, seen.seq);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, store_bench_new, store_bench_done)

int hubstore_cases_epoch(void)
{
    const struct CMUnitTest tests[] = {
        CASE(certificate_binds_again_what_was_forgotten),
        CASE(certificate_of_another_is_refused),
        CASE(copied_card_goes_on_under_a_new_key_once),
        CASE(new_epoch_has_other_voices_and_no_open_codes),
        CASE(push_for_another_epoch_stores_nothing),
        CASE(hub_that_lacks_what_it_signed_begins_a_new_epoch),
        CASE(hub_whose_number_means_another_line_begins_a_new_epoch),
        CASE(heads_are_without_gaps_and_of_one_site),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
