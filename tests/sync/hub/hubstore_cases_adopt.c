/* A site that kiosks founded without a hub, and the hub that takes it over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/log/admission.h"
#include "sync/log/event.h"
#include "tests/sync/hub/hubstore_cases.h"

/* ---- a school without a hub ---- */

static void found(struct store_bench *b, struct store_member *m, char out_site[KEYS_RANDOM_ID])
{
    store_member(m);
    admission_site(out_site, m->d.id);
    store_write(b, &m->d, "site.founded", out_site,
                "{\"name\":\"Example High\",\"kiosk\":\"First\"}");
}

static struct hub_enrolled adopt(struct store_bench *b, const char *name, const char *device,
                                 const char *site, const char *founder)
{
    uint8_t hash[KEYS_HASH];
    struct hub_enrolled e;
    struct why why = { 0 };

    keys_random(hash, sizeof(hash));
    if (hubstore_code_add(b->store, name, hash, store_noon.wall_ms + 1000, store_noon, &why) !=
        ERR_OK)
        fail_msg("%s", why.text);
    const struct hub_enrol ask = {
        .code_hash = hash,
        .device = device,
        .name = "Prep",
        .now = store_noon,
        .certify = store_certify,
        .ctx = b,
        .founded = { .site = site, .founder = founder, .url = "https://hub.test" }
    };
    if (hubstore_enrol(b->store, &ask, &b->a, &e, &why) != ERR_OK)
        fail_msg("%s", why.text);
    return e;
}

static enum err give(struct store_bench *b, const char *site, const char *sender,
                     const struct store_device *d, size_t first, size_t last)
{
    struct hub_push *push = store_push(b, site, sender, d, first, last);

    push->certify = store_certify;
    push->ctx = b;
    return store_append(b, push);
}

static size_t enrolments(struct store_bench *b, const char *site, const char *device)
{
    struct bundle got;
    size_t n = 0;

    assert_int_equal(ERR_OK, hubstore_since(b->store, site, 0, 500, &b->a, &got, NULL));
    for (size_t i = 0; i < got.line_count; i++)
        n += strstr(got.lines[i].line, "\"kiosk.enrolled\"") != NULL &&
                     strstr(got.lines[i].line, arena_printf(&b->a, "\"subject\":\"%s\"", device))
                 ? 1
                 : 0;
    return n;
}

/* ---- cases ---- */

static void empty_site_takes_the_founded_one_over_with_its_codes(void **state)
{
    struct store_bench *b = *state;
    struct store_member f;
    struct hub_device where;
    char site[KEYS_RANDOM_ID];
    uint8_t spare[KEYS_HASH] = { 7 };

    found(b, &f, site);
    assert_int_equal(ERR_OK, hubstore_code_add(b->store, "Example High", spare,
                                               store_noon.wall_ms + 1000, store_noon, NULL));
    struct hub_enrolled e = adopt(b, "Example High", f.d.id, site, f.d.id);
    assert_int_equal(HUB_ENROLLED, e.answer);
    assert_string_equal(site, e.where.site);
    assert_string_equal("Example High", e.where.site_name);
    assert_int_equal(ERR_OK, hubstore_device(b->store, f.d.id, &where, NULL));
    assert_string_equal(site, where.site);
    assert_int_equal(1, store_count(b, "select count(*) from site"));
    assert_int_equal(1, enrolments(b, site, f.d.id));

    /* A code that was given out before the site had this id joins to it still. */
    const struct hub_enrol later = { .code_hash = spare,
                                     .device = "dd",
                                     .name = "Prep",
                                     .now = store_noon,
                                     .certify = store_certify,
                                     .ctx = b };
    assert_int_equal(ERR_OK, hubstore_enrol(b->store, &later, &b->a, &e, NULL));
    assert_int_equal(HUB_ENROLLED, e.answer);
    assert_string_equal(site, e.where.site);
}

static void site_that_is_not_empty_or_not_the_founders_is_not_taken_over(void **state)
{
    struct store_bench *b = *state;
    struct store_member f, other;
    struct store_device d;
    char site[KEYS_RANDOM_ID];
    char there[KEYS_RANDOM_ID];

    found(b, &f, site);
    store_device(&d, 'a');
    store_join(b, "Example High", d.id, there);
    assert_int_equal(HUB_OTHER_SITE, adopt(b, "Example High", f.d.id, site, f.d.id).answer);
    /* An id that is not this founder's is nobody's to claim. */
    store_member(&other);
    assert_int_equal(HUB_OTHER_SITE, adopt(b, "Other Academy", f.d.id, site, other.d.id).answer);
    /* Nor one whose founder the asker does not know, before the hub has it. */
    assert_int_equal(HUB_OTHER_SITE, adopt(b, "Third School", other.d.id, site, "").answer);
    assert_int_equal(HUB_ENROLLED, adopt(b, "Third School", f.d.id, site, f.d.id).answer);
    assert_int_equal(HUB_ENROLLED, adopt(b, "Third School", other.d.id, site, "").answer);
    /* Two schools cannot both be it. */
    assert_int_equal(HUB_OTHER_SITE, adopt(b, "Fourth School", "dd", site, f.d.id).answer);
    assert_int_equal(4, store_count(b, "select count(*) from site"));
}

static void who_was_admitted_comes_with_its_lines_and_is_enrolled(void **state)
{
    struct store_bench *b = *state;
    struct store_member f, second, third;
    struct hub_device where;
    char site[KEYS_RANDOM_ID];

    found(b, &f, site);
    store_member(&second);
    store_member(&third);
    store_admit(b, &f, &second, site);
    store_write(b, &second.d, "check.recorded", "item", "{}");
    store_admit(b, &second, &third, site);
    store_write(b, &third.d, "check.recorded", "item", "{}");

    /* The second has a code; what it holds of the others goes up with its own. */
    assert_int_equal(HUB_ENROLLED, adopt(b, "Example High", second.d.id, site, f.d.id).answer);
    assert_int_equal(ERR_OK, give(b, site, second.d.id, &second.d, 1, 2));
    assert_int_equal(ERR_NOT_FOUND, hubstore_device(b->store, f.d.id, &where, NULL));
    assert_int_equal(ERR_OK, hubstore_device(b->store, third.d.id, &where, NULL));
    assert_int_equal(ERR_OK, give(b, site, second.d.id, &third.d, 1, 1));
    assert_int_equal(ERR_OK, give(b, site, second.d.id, &f.d, 1, 2));
    assert_int_equal(ERR_OK, hubstore_device(b->store, f.d.id, &where, NULL));
    assert_int_equal(
        1, store_count(b, "select count(*) from device where name = 'First' and cert <> ''"));
    for (size_t again = 0; again < 2; again++) {
        assert_int_equal(1, enrolments(b, site, f.d.id));
        assert_int_equal(1, enrolments(b, site, second.d.id));
        assert_int_equal(1, enrolments(b, site, third.d.id));
        assert_int_equal(ERR_OK, give(b, site, second.d.id, &f.d, 1, 2));
        assert_int_equal(ERR_OK, give(b, site, second.d.id, &second.d, 1, 2));
    }
    /* A code of its own gives the same certificate again, and no further line. */
    assert_int_equal(HUB_ENROLLED, adopt(b, "Example High", third.d.id, site, f.d.id).answer);
    assert_int_equal(1, enrolments(b, site, third.d.id));
}

static void chain_of_admissions_may_come_in_one_bundle_and_any_order(void **state)
{
    struct store_bench *b = *state;
    struct store_member f, second, third;
    struct store_device mix = { .count = 0 };
    struct hub_device where;
    char site[KEYS_RANDOM_ID];

    found(b, &f, site);
    store_member(&second);
    store_member(&third);
    store_admit(b, &f, &second, site);
    store_admit(b, &second, &third, site);
    store_write(b, &third.d, "check.recorded", "item", "{}");
    mix.lines[mix.count++] = third.d.lines[0];
    mix.lines[mix.count++] = second.d.lines[0];
    mix.lines[mix.count++] = f.d.lines[0];
    mix.lines[mix.count++] = f.d.lines[1];

    assert_int_equal(HUB_ENROLLED, adopt(b, "Example High", f.d.id, site, f.d.id).answer);
    /* By a stick the third itself may bring it all, which nobody here has heard of. */
    struct hub_push *push = store_push(b, site, third.d.id, &mix, 1, mix.count);
    push->certify = store_certify;
    push->ctx = b;
    push->stranger = true;
    assert_int_equal(ERR_OK, store_append(b, push));
    assert_int_equal(ERR_OK, hubstore_device(b->store, third.d.id, &where, NULL));
}

static void admission_that_is_forged_or_of_another_site_lets_nobody_in(void **state)
{
    struct store_bench *b = *state;
    struct store_member f, stranger, friend, g, theirs;
    char site[KEYS_RANDOM_ID];
    char other[KEYS_RANDOM_ID];

    found(b, &f, site);
    found(b, &g, other);
    store_member(&stranger);
    store_member(&friend);
    store_member(&theirs);
    assert_int_equal(HUB_ENROLLED, adopt(b, "Example High", f.d.id, site, f.d.id).answer);
    assert_int_equal(HUB_ENROLLED, adopt(b, "Other Academy", g.d.id, other, g.d.id).answer);

    /* A stranger admits a friend, and signs it well. */
    store_admit(b, &stranger, &friend, site);
    struct hub_push *push = store_push(b, site, stranger.d.id, &stranger.d, 1, 1);
    push->stranger = true;
    assert_int_equal(ERR_DENIED, store_append(b, push));
    /* What the founder signed for one is no word for another. */
    store_admit(b, &f, &theirs, site);
    char *line = arena_strdup(&b->a, f.d.lines[1]);
    char *subject = strstr(line, theirs.d.id);
    assert_non_null(subject);
    memcpy(subject, friend.d.id, KEYS_ID_TEXT - 1);
    struct store_device bent = f.d;
    bent.lines[1] = line;
    push = store_push(b, site, friend.d.id, &bent, 1, 2);
    push->stranger = true;
    assert_int_equal(ERR_DENIED, store_append(b, push));
    /* Nor does an admission to one site open another. */
    store_admit(b, &g, &friend, other);
    push = store_push(b, site, friend.d.id, &g.d, 1, 2);
    push->stranger = true;
    assert_int_equal(ERR_DENIED, store_append(b, push));
    assert_int_equal(0, store_count(b, arena_printf(&b->a,
                                                    "select count(*) from admitted where"
                                                    " device = '%s'",
                                                    friend.d.id)));
}

static void revoked_kiosks_word_keeps_the_lines_and_gives_no_certificate(void **state)
{
    struct store_bench *b = *state;
    struct store_member f, late;
    struct hub_device where;
    char site[KEYS_RANDOM_ID];

    found(b, &f, site);
    store_member(&late);
    struct store_device d;
    store_device(&d, 'a');
    assert_int_equal(HUB_ENROLLED, adopt(b, "Example High", f.d.id, site, f.d.id).answer);
    char same[KEYS_RANDOM_ID];
    store_join(b, "Example High", d.id, same);
    assert_string_equal(site, same);
    assert_int_equal(ERR_OK, sql_exec(b->sql,
                                      arena_printf(&b->a,
                                                   "update device set revoked_ms = 1 where id"
                                                   " = '%s'",
                                                   f.d.id),
                                      NULL));
    store_admit(b, &f, &late, site);
    store_write(b, &late.d, "check.recorded", "item", "{}");
    assert_int_equal(ERR_OK, give(b, site, d.id, &f.d, 1, 2));
    assert_int_equal(ERR_OK, give(b, site, d.id, &late.d, 1, 1));
    assert_int_equal(ERR_NOT_FOUND, hubstore_device(b->store, late.d.id, &where, NULL));
    assert_int_equal(0, enrolments(b, site, late.d.id));
}

static void enrolment_tells_where_the_hub_is(void **state)
{
    struct store_bench *b = *state;
    struct store_member f;
    struct bundle got;
    char site[KEYS_RANDOM_ID];
    struct store_device d;

    found(b, &f, site);
    assert_int_equal(HUB_ENROLLED, adopt(b, "Example High", f.d.id, site, f.d.id).answer);
    assert_int_equal(ERR_OK, hubstore_since(b->store, site, 0, 10, &b->a, &got, NULL));
    assert_non_null(strstr(got.lines[0].line, "\"hub_url\":\"https://hub.test\""));
    /* What the hub itself was told comes before what a kiosk said. */
    assert_int_equal(ERR_OK, hubstore_url_set(b->store, "https://canny.council.test", NULL));
    store_device(&d, 'a');
    store_join(b, "Example High", d.id, site);
    assert_int_equal(ERR_OK, hubstore_since(b->store, site, 1, 10, &b->a, &got, NULL));
    assert_non_null(strstr(got.lines[0].line, "\"hub_url\":\"https://canny.council.test\""));
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, store_bench_new, store_bench_done)

int hubstore_cases_adopt(void)
{
    const struct CMUnitTest tests[] = {
        CASE(empty_site_takes_the_founded_one_over_with_its_codes),
        CASE(site_that_is_not_empty_or_not_the_founders_is_not_taken_over),
        CASE(who_was_admitted_comes_with_its_lines_and_is_enrolled),
        CASE(chain_of_admissions_may_come_in_one_bundle_and_any_order),
        CASE(admission_that_is_forged_or_of_another_site_lets_nobody_in),
        CASE(revoked_kiosks_word_keeps_the_lines_and_gives_no_certificate),
        CASE(enrolment_tells_where_the_hub_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
