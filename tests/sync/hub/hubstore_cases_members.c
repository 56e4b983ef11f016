/* Who belongs to a site: by evidence, and no longer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "tests/sync/hub/hubstore_life.h"

/* ---- members by evidence ---- */

static void unknown_author_is_taken_by_a_certificate_at_hand(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;
    struct store_device voice, lost, other;
    struct hub_device where;

    store_kiosk(b, &k, "Example High", 'a', 1);
    store_device(&voice, 'c');
    store_device(&lost, 'd');
    store_device(&other, 'e');
    store_write(b, &lost, "check.recorded", "item", "{}");
    store_write(b, &other, "check.recorded", "item", "{}");
    assert_int_equal(ERR_DENIED, store_append(b, store_push(b, k.site, k.d.id, &lost, 1, 1)));
    life_write(b, &voice, "kiosk.enrolled", lost.id, "certificate",
               life_text(b, &b->self, CERT_ENROLLED, k.site, voice.id, lost.id));
    /* In the same push, which then enrols it again as it was; and later for what its voice wrote. */
    struct hub_push *push = life_both(b, k.site, k.d.id, &lost, &voice);
    assert_int_equal(ERR_OK, store_append(b, push));
    assert_int_equal(2, push->head.fresh);
    assert_int_equal(ERR_OK, hubstore_device(b->store, lost.id, &where, NULL));
    assert_string_equal(k.site, where.site);
    assert_int_equal(1, store_count(b, "select count(*) from device where name = 'Prep 2'"));
    store_write(b, &voice, "letter.answered", "L1", "{}");
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &voice, 2, 2)));
    assert_int_equal(ERR_DENIED, store_append(b, store_push(b, k.site, k.d.id, &other, 1, 1)));
}

static void forged_certificate_lets_nobody_in(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k, there;
    struct store_device voice, lost;
    struct keypair forger;
    struct hub_device where;

    store_kiosk(b, &k, "Example High", 'a', 1);
    store_kiosk(b, &there, "Other Academy", 'b', 1);
    store_device(&voice, 'c');
    store_device(&lost, 'd');
    store_write(b, &lost, "check.recorded", "item", "{}");
    assert_int_equal(ERR_OK, keys_new(&forger, NULL));
    const char *const texts[] = {
        life_text(b, &forger, CERT_ENROLLED, k.site, voice.id, lost.id),      /* another hub's */
        life_text(b, &b->self, CERT_ENROLLED, there.site, voice.id, lost.id), /* another site's */
        life_text(b, &b->self, CERT_ENROLLED, k.site, voice.id, voice.id), /* another subject's */
        life_text(b, &b->self, CERT_REVOKED, k.site, voice.id, lost.id),   /* no certificate */
        "no text at all",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct store_device liar = k.d;
        life_write(b, &liar, "kiosk.enrolled", lost.id, "certificate", texts[i]);
        assert_int_equal(ERR_DENIED, store_append(b, life_both(b, k.site, k.d.id, &liar, &lost)));
        assert_int_equal(ERR_NOT_FOUND, hubstore_device(b->store, lost.id, &where, NULL));
    }
    /* As a line of the liar's own it is kept, and believed in nothing. */
    life_write(b, &k.d, "kiosk.enrolled", lost.id, "certificate", texts[0]);
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 1, 2)));
    assert_int_equal(ERR_DENIED, store_append(b, store_push(b, k.site, k.d.id, &lost, 1, 1)));
}

static void revocation_that_is_given_back_holds_and_a_forged_one_does_not(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k, bad;
    struct store_device voice, late;
    struct keypair forger;
    struct hub_device where;

    store_kiosk(b, &k, "Example High", 'a', 1);
    store_kiosk(b, &bad, "Example High", 'b', 1);
    store_device(&voice, 'c');
    store_device(&late, 'd');
    assert_int_equal(ERR_OK, keys_new(&forger, NULL));
    life_write(b, &k.d, "kiosk.revoked", bad.d.id, "revocation",
               life_text(b, &forger, CERT_REVOKED, k.site, voice.id, bad.d.id));
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 1, 2)));
    assert_int_equal(ERR_OK, hubstore_device(b->store, bad.d.id, &where, NULL));

    life_write(b, &voice, "kiosk.revoked", bad.d.id, "revocation",
               life_text(b, &b->self, CERT_REVOKED, k.site, voice.id, bad.d.id));
    life_write(b, &voice, "kiosk.revoked", late.id, "revocation",
               life_text(b, &b->self, CERT_REVOKED, k.site, voice.id, late.id));
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &voice, 1, 2)));
    assert_int_equal(ERR_DENIED, hubstore_device(b->store, bad.d.id, &where, NULL));
    /* One that the hub had never heard of is revoked too, and its enrolment coming later changes nothing. */
    life_write(b, &voice, "kiosk.enrolled", late.id, "certificate",
               life_text(b, &b->self, CERT_ENROLLED, k.site, voice.id, late.id));
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &voice, 3, 3)));
    assert_int_equal(ERR_DENIED, hubstore_device(b->store, late.id, &where, NULL));
}

/* The hub let a copied card go on under a new key, the answer got lost, and the hub was put back from before that; then another
   kiosk gives back the line that it had written. */
static void copied_card_asks_again_at_a_hub_that_was_given_back_its_answer(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k, giver;
    struct store_device voice, anew;
    struct hub_device where;

    store_kiosk(b, &k, "Example High", 'a', 1);
    store_kiosk(b, &giver, "Example High", 'b', 1);
    store_device(&voice, 'c');
    store_device(&anew, 'd');
    assert_int_equal(ERR_OK, hubstore_device(b->store, k.d.id, &where, NULL));
    const char *cert = life_text(b, &b->self, CERT_ENROLLED, k.site, voice.id, anew.id);
    struct json_out j;
    struct buf text;
    buf_init(&text, EVENT_LINE_MAX / 2);
    json_out_init(&j, &text);
    json_out_object(&j, NULL);
    json_out_str(&j, "name", "Prep");
    json_out_str(&j, "certificate", cert);
    json_out_str(&j, "was", k.d.id);
    json_out_end_object(&j);
    assert_int_equal(ERR_OK, buf_done(&text, NULL));
    store_write(b, &voice, "kiosk.enrolled", anew.id, text.data);
    buf_free(&text);
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, giver.d.id, &voice, 1, 1)));

    struct hub_enrol ask = { .device = anew.id,
                             .was = k.d.id,
                             .at = where,
                             .fork_seq = 2,
                             .fork_ours = k.d.id,
                             .fork_theirs = giver.d.id };
    const struct hub_enrolled e = life_enrol(b, ask);
    assert_int_equal(HUB_ENROLLED, e.answer);
    assert_string_equal(cert, e.cert);
    ask.was = giver.d.id; /* nobody else's heir */
    assert_int_equal(HUB_OTHER_SITE, life_enrol(b, ask).answer);
}

/* ---- revoking ---- */

static void revoked_device_is_stopped_at_once_and_keeps_its_past(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k, bad;
    struct hub_device where;
    struct hub_enrolled e;

    store_kiosk(b, &k, "Example High", 'a', 1);
    store_kiosk(b, &bad, "Example High", 'b', 3);
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, bad.d.id, &bad.d, 1, 2)));
    const struct hub_known known = life_known(b, "bbbbbbbb");
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(ERR_OK, hubstore_revoke(b->store, &known, store_noon, NULL));
    assert_int_equal(1, life_lines(b, k.site, "\"kiosk.revoked\""));
    assert_int_equal(ERR_DENIED, hubstore_device(b->store, bad.d.id, &where, NULL));
    struct hub_push *push = store_push(b, k.site, bad.d.id, &bad.d, 3, 3);
    assert_int_equal(ERR_DENIED, store_append(b, push)); /* let in before it was revoked */
    assert_true(push->revoked);
    /* What it recorded before is taken from the others. */
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &bad.d, 1, 3)));

    e = life_enrol(b, (struct hub_enrol){ .code_hash = life_code(b, "Example High"),
                                          .device = bad.d.id,
                                          .name = "Back" });
    assert_int_equal(HUB_KIOSK_REVOKED, e.answer);
    e = life_enrol(b, (struct hub_enrol){ .cert = life_text(b, &b->self, CERT_ENROLLED, k.site,
                                                            known.where.voice, bad.d.id),
                                          .device = bad.d.id,
                                          .name = "Back" });
    assert_int_equal(HUB_KIOSK_REVOKED, e.answer);
}

static void kiosk_is_told_by_its_digits_or_its_name(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k, l;
    struct hub_known known;

    store_kiosk(b, &k, "Example High", 'a', 0);
    store_kiosk(b, &l, "Other Academy", 'b', 0);
    struct hub_which which = { .name = "Prep" };
    assert_int_equal(ERR_LIMIT, hubstore_which(b->store, &which, &known, NULL));
    which.site_name = "Other Academy";
    assert_int_equal(ERR_OK, hubstore_which(b->store, &which, &known, NULL));
    assert_string_equal(l.d.id, known.device);
    assert_string_equal("Other Academy", known.where.site_name);
    which = (struct hub_which){ .device = "aaaaaaa" };
    assert_int_equal(ERR_INPUT, hubstore_which(b->store, &which, &known, NULL));
    which.device = "aaaaaaaab";
    assert_int_equal(ERR_NOT_FOUND, hubstore_which(b->store, &which, &known, NULL));
    which.device = "aaaaaaaaa";
    assert_int_equal(ERR_OK, hubstore_which(b->store, &which, &known, NULL));
    assert_int_equal(ERR_OK, hubstore_revoke(b->store, &known, store_noon, NULL));
    which = (struct hub_which){ .name = "Prep" };
    assert_int_equal(ERR_OK, hubstore_which(b->store, &which, &known, NULL));
    assert_string_equal(l.d.id, known.device);
}

static void code_that_replaces_takes_the_old_kiosk_out(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk old;
    struct store_device anew;
    struct hub_device where;
    static const uint8_t hash[KEYS_HASH] = { 7 };
    struct bundle got;

    store_kiosk(b, &old, "Example High", 'a', 1);
    store_device(&anew, 'b');
    const struct hub_known known = life_known(b, old.d.id);
    assert_int_equal(ERR_OK, hubstore_code_replace(b->store, &known, hash,
                                                   store_noon.wall_ms + 1000, store_noon, NULL));
    assert_int_equal(ERR_OK, hubstore_device(b->store, old.d.id, &where, NULL));
    const struct hub_enrol ask = { .code_hash = hash, .device = anew.id, .name = "Prep" };
    assert_int_equal(HUB_ENROLLED, life_enrol(b, ask).answer);
    assert_int_equal(HUB_ENROLLED, life_enrol(b, ask).answer); /* its answer was lost */
    assert_int_equal(ERR_DENIED, hubstore_device(b->store, old.d.id, &where, NULL));
    assert_int_equal(ERR_OK, hubstore_device(b->store, anew.id, &where, NULL));
    assert_int_equal(ERR_OK, hubstore_since(b->store, old.site, 1, 500, &b->a, &got, NULL));
    assert_int_equal(2, got.line_count);
    assert_non_null(strstr(got.lines[0].line, "\"kiosk.revoked\""));
    assert_non_null(strstr(got.lines[1].line, "\"replaces\":\"aaaaaaaa"));
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, store_bench_new, store_bench_done)

int hubstore_cases_members(void)
{
    const struct CMUnitTest tests[] = {
        CASE(unknown_author_is_taken_by_a_certificate_at_hand),
        CASE(forged_certificate_lets_nobody_in),
        CASE(revocation_that_is_given_back_holds_and_a_forged_one_does_not),
        CASE(copied_card_asks_again_at_a_hub_that_was_given_back_its_answer),
        CASE(revoked_device_is_stopped_at_once_and_keeps_its_past),
        CASE(kiosk_is_told_by_its_digits_or_its_name),
        CASE(code_that_replaces_takes_the_old_kiosk_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
