/* What outlives a hub or a card: epochs, members by evidence, revocations, enrolments without a code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/hub/cert.h"
#include "tests/sync/hub/hubstore_cases.h"

/* ---- the hub's word ---- */

static const char *life_text(struct store_bench *b, const struct keypair *hub, const char *type,
                             const char *site, const char *voice, const char *device)
{
    struct cert c = { .issued_ms = store_noon.wall_ms };
    const char *text;

    (void)str_copy(c.site, sizeof(c.site), site);
    (void)str_copy(c.site_name, sizeof(c.site_name), "Example High");
    (void)str_copy(c.voice, sizeof(c.voice), voice);
    (void)str_copy(c.device, sizeof(c.device), device);
    assert_int_equal(ERR_OK, cert_make(&b->a, hub, type, &c, &text, NULL));
    return text;
}

/* A line of the kind with one text under one name in its body. */
static void life_write(struct store_bench *b, struct store_device *d, const char *kind,
                       const char *subject, const char *member, const char *text)
{
    struct json_out j;
    struct buf body;

    buf_init(&body, 16384);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "name", "Prep 2");
    json_out_str(&j, member, text);
    json_out_end_object(&j);
    assert_int_equal(ERR_OK, buf_done(&body, NULL));
    store_write(b, d, kind, subject, body.data);
    buf_free(&body);
}

/* One push of lines of two devices. */
static struct hub_push *life_both(struct store_bench *b, const char *site, const char *sender,
                                  const struct store_device *x, const struct store_device *y)
{
    struct hub_push *push = store_push(b, site, sender, x, 1, x->count);
    struct bundle both = { .line_count = x->count + y->count };

    both.lines = arena_array(&b->a, both.line_count, sizeof(*both.lines));
    for (size_t i = 0; i < both.line_count; i++) {
        const char *line = i < x->count ? x->lines[i] : y->lines[i - x->count];
        both.lines[i] = (struct bundle_line){ .line = line, .len = strlen(line) };
    }
    assert_int_equal(ERR_OK, lines_parse(&b->a, &both, push->lines, NULL));
    return push;
}

static size_t life_lines(struct store_bench *b, const char *site, const char *text)
{
    struct bundle got;
    size_t n = 0;

    assert_int_equal(ERR_OK, hubstore_since(b->store, site, 0, 500, &b->a, &got, NULL));
    for (size_t i = 0; i < got.line_count; i++)
        n += strstr(got.lines[i].line, text) != NULL ? 1 : 0;
    return n;
}

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

/* ---- revoking ---- */

static struct hub_known life_known(struct store_bench *b, const char *device)
{
    struct hub_known known;
    struct why why = { 0 };

    if (hubstore_which(b->store, &(struct hub_which){ .device = device }, &known, &why) != ERR_OK)
        fail_msg("%s", why.text);
    return known;
}

static struct hub_enrolled life_enrol(struct store_bench *b, struct hub_enrol ask)
{
    struct hub_enrolled e = { .cert = NULL };
    struct why why = { 0 };

    ask.now = store_noon;
    ask.certify = store_certify;
    ask.ctx = b;
    if (hubstore_enrol(b->store, &ask, &b->a, &e, &why) != ERR_OK)
        fail_msg("%s", why.text);
    return e;
}

static const uint8_t *life_code(struct store_bench *b, const char *site)
{
    uint8_t *hash = arena_alloc(&b->a, KEYS_HASH);

    keys_random(hash, KEYS_HASH);
    assert_int_equal(ERR_OK, hubstore_code_add(b->store, site, hash, store_noon.wall_ms + 1000,
                                               store_noon, NULL));
    return hash;
}

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

static struct hub_push life_status(struct store_bench *b, struct store_kiosk *k, const char *epoch,
                                   uint64_t seq, const char *line)
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
    commit_group(b->store, jobs, 1);
    assert_int_equal(ERR_OK, job.rc);
    return job.push;
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

int hubstore_cases_life(void)
{
    const struct CMUnitTest tests[] = {
        CASE(unknown_author_is_taken_by_a_certificate_at_hand),
        CASE(forged_certificate_lets_nobody_in),
        CASE(revocation_that_is_given_back_holds_and_a_forged_one_does_not),
        CASE(revoked_device_is_stopped_at_once_and_keeps_its_past),
        CASE(kiosk_is_told_by_its_digits_or_its_name),
        CASE(code_that_replaces_takes_the_old_kiosk_out),
        CASE(certificate_binds_again_what_was_forgotten),
        CASE(certificate_of_another_is_refused),
        CASE(copied_card_goes_on_under_a_new_key_once),
        CASE(new_epoch_has_other_voices_and_no_open_codes),
        CASE(push_for_another_epoch_stores_nothing),
        CASE(hub_that_lacks_what_it_signed_begins_a_new_epoch),
        CASE(heads_are_without_gaps_and_of_one_site),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
