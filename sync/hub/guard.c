#include "sync/hub/guard.h"

#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/problem.h"

static int64_t guard_dice(int64_t upto)
{
    uint32_t n;

    keys_random(&n, sizeof(n));
    return (int64_t)(n % (uint32_t)(upto + 1));
}

void guard_init(struct hub *h)
{
    h->requests =
        (struct limit){ .burst = GUARD_STRANGER_BURST, .per_minute = GUARD_STRANGER_MINUTE };
    h->kiosks = (struct limit){ .burst = GUARD_KIOSK_BURST, .per_minute = GUARD_KIOSK_MINUTE };
    h->claims = (struct limit){ .burst = GUARD_CLAIM_BURST, .per_minute = GUARD_CLAIM_MINUTE };
    h->content = (struct limit){ .burst = GUARD_CONTENT_BURST, .per_minute = GUARD_CONTENT_MINUTE };
    h->offers = (struct limit){ .burst = GUARD_OFFER_BURST, .per_minute = GUARD_OFFER_MINUTE };
    h->tries = (struct limit){ .burst = GUARD_TRY_BURST, .per_minute = GUARD_TRY_MINUTE };
}

/* Whose request it says it is; nothing is verified yet. who: that key from this address. */
static bool guard_claim(struct hub_request *q, char keyid[KEYS_ID_TEXT], uint8_t who[LIMIT_ADDRESS])
{
    struct httpsig_input in;
    uint8_t pub[KEYS_PUBLIC];
    const char *text = httpsig_header(&q->message, "signature-input");

    if (text == NULL || httpsig_parse(text, &in, NULL) != ERR_OK ||
        !hex_get(pub, sizeof(pub), in.keyid))
        return false;
    (void)str_copy(keyid, KEYS_ID_TEXT, in.keyid);
    for (size_t i = 0; i < LIMIT_ADDRESS; i++)
        who[i] = (uint8_t)(q->address[i] ^ pub[i]);
    return true;
}

/* From an address that is over its measure: whoever names a kiosk of ours is heard all the same, unless that name was
   used falsely from here. So a stranger behind a school's address cannot silence the school's kiosks. */
static bool guard_known(struct hub *h, struct hub_request *q)
{
    char keyid[KEYS_ID_TEXT];
    uint8_t who[LIMIT_ADDRESS];
    int64_t ignored;
    if (!guard_claim(q, keyid, who))
        return false;

    (void)pthread_mutex_lock(&h->lock);
    bool may = limit_peek(&h->claims, who, clock_mono_ms(), &ignored);
    (void)pthread_mutex_unlock(&h->lock);
    return may && hubstore_device(q->store, keyid, &q->where, NULL) == ERR_OK;
}

static bool guard_wait(const struct hub *h, struct hub_request *q, const char *detail,
                       int64_t wait_s, struct hub_reply *out)
{
    problem_reply(h, q, PROBLEM_RATE, detail, out);
    out->retry_after_s = wait_s + guard_dice(GUARD_JITTER_S);
    return false;
}

bool guard_before(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    int64_t wait_s = 1;

    (void)pthread_mutex_lock(&h->lock);
    q->charged = limit_take(&h->requests, q->address, clock_mono_ms(), &wait_s);
    (void)pthread_mutex_unlock(&h->lock);
    if (q->charged || guard_known(h, q))
        return true;
    return guard_wait(h, q, "too many requests from this address", wait_s, out);
}

bool guard_content(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    int64_t wait_s = 1;

    (void)pthread_mutex_lock(&h->lock);
    bool may = limit_take(&h->content, q->address, clock_mono_ms(), &wait_s);
    (void)pthread_mutex_unlock(&h->lock);
    return may || guard_wait(h, q, "too many files of content to this address", wait_s, out);
}

bool guard_offers(struct hub *h, struct hub_request *q, bool wrong, struct hub_reply *out)
{
    int64_t wait_s = 1;

    (void)pthread_mutex_lock(&h->lock);
    bool may = wrong ? limit_take(&h->offers, q->address, clock_mono_ms(), &wait_s)
                     : limit_peek(&h->offers, q->address, clock_mono_ms(), &wait_s);
    (void)pthread_mutex_unlock(&h->lock);
    return may ||
           guard_wait(h, q, "too much from this address that nobody has signed", wait_s, out);
}

void guard_welcome(struct hub *h, struct hub_request *q)
{
    (void)pthread_mutex_lock(&h->lock);
    if (q->charged)
        limit_give(&h->requests, q->address, clock_mono_ms());
    q->charged = false;
    (void)pthread_mutex_unlock(&h->lock);
}

/* Refused, but signed by a kiosk of ours: it has only to learn the time, or that the hub was put back. */
static bool guard_signed(const char *code)
{
    static const enum problem signed_by[] = { PROBLEM_CLOCK_STALE, PROBLEM_EPOCH_OTHER };
    int ignored;

    for (size_t i = 0; i < COUNT_OF(signed_by); i++)
        if (str_eq(code, problem_code(signed_by[i], &ignored)))
            return true;
    return false;
}

void guard_wrong(struct hub *h, struct hub_request *q, const char *code)
{
    char keyid[KEYS_ID_TEXT];
    uint8_t pub[KEYS_PUBLIC];
    uint8_t who[LIMIT_ADDRESS];
    int64_t ignored;
    int64_t now_ms = clock_mono_ms();
    if (!guard_claim(q, keyid, who) || !hex_get(pub, sizeof(pub), keyid))
        return;

    (void)pthread_mutex_lock(&h->lock);
    if (!guard_signed(code)) {
        if (!q->charged)
            (void)limit_take(&h->claims, who, now_ms, &ignored);
    } else if (limit_take(&h->kiosks, pub, now_ms, &ignored) && q->charged) {
        limit_give(&h->requests, q->address, now_ms);
        q->charged = false;
    }
    (void)pthread_mutex_unlock(&h->lock);
}

bool guard_after(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    uint8_t pub[KEYS_PUBLIC] = { 0 };
    int64_t wait_s = 1;
    int64_t now_ms = clock_mono_ms();

    if (!hex_get(pub, sizeof(pub), q->device))
        memset(pub, 0, sizeof(pub)); /* cannot be: it is verified */
    (void)pthread_mutex_lock(&h->lock);
    if (q->charged)
        limit_give(&h->requests, q->address, now_ms);
    q->charged = false;
    bool may = limit_take(&h->kiosks, pub, now_ms, &wait_s);
    (void)pthread_mutex_unlock(&h->lock);
    return may || guard_wait(h, q, "too many requests of this kiosk", wait_s, out);
}

void guard_busy(const struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    problem_reply(h, q, PROBLEM_BUSY, NULL, out);
    out->retry_after_s = GUARD_BUSY_S + guard_dice(GUARD_BUSY_JITTER_S);
}
