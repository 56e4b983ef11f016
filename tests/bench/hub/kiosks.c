#include "tests/bench/hub/kiosks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "platform/base/str.h"
#include "sync/client/httpsig.h"
#include "sync/client/proto.h"
#include "sync/log/bundle.h"
#include "sync/log/event.h"

enum { KIOSKS_ARENA = 2000 * 1024 * 1024, KIOSKS_SCRATCH = 64 * 1024 * 1024 };

void kiosks_must(enum err rc, const struct why *why, const char *what)
{
    if (rc == ERR_OK)
        return;
    (void)fprintf(stderr, "bench-hub: %s: %s\n", what, why->text);
    exit(1);
}

static struct clock_now kiosks_now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (struct clock_now){ .wall_ms = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000,
                               .trust = CLOCK_NTP };
}

static enum err kiosks_certify(void *ctx, struct arena *a, const struct hub_device *where,
                               const char *device, struct clock_now now, const char **out,
                               struct why *why)
{
    (void)ctx;
    (void)now;
    *out = arena_printf(a, "%s at %s", device, where->site);
    return *out != NULL ? ERR_OK : why_set(why, ERR_NOMEM, 0, "no memory");
}

static void kiosks_enrol(struct kiosks *k, struct hubstore *s, struct kiosks_one *one, size_t site)
{
    uint8_t hash[KEYS_HASH];
    struct hub_enrolled e;
    struct why why = { 0 };
    char name[32];
    const struct clock_now now = kiosks_now();

    (void)str_format(name, sizeof(name), "School %zu", site);
    kiosks_must(keys_new(&one->key, &why), &why, "a key");
    keys_random(hash, sizeof(hash));
    kiosks_must(hubstore_code_add(s, name, hash, now.wall_ms + 60000, now, &why), &why, "a code");
    const struct hub_enrol ask = { .code_hash = hash,
                                   .device = one->key.id,
                                   .name = "Prep room",
                                   .now = now,
                                   .certify = kiosks_certify };
    kiosks_must(hubstore_enrol(s, &ask, &k->a, &e, &why), &why, "enrol");
    memcpy(one->site, e.where.site, sizeof(one->site));
    memcpy(one->epoch, e.where.epoch, sizeof(one->epoch));
}

/* A check as a technician records one: ids differ, the words repeat. */
static void kiosks_line(struct kiosks *k, const struct kiosks_one *one, size_t seq, char *prev,
                        struct arena *a, struct bundle_line *out)
{
    char item[KEYS_RANDOM_ID], person[KEYS_RANDOM_ID];
    char body[512];
    char *line;
    struct why why = { 0 };
    struct clock_now now = kiosks_now();
    const struct hlc stamp = { .ms = now.wall_ms, .n = (uint16_t)(seq & 0xFFFFU) };

    keys_random_id(item);
    keys_random_id(person);
    (void)str_format(body, sizeof(body),
                     "{\"form\":\"visual\",\"earth\":0.%02zu,\"outcome\":\"pass\"}", seq % 97);
    const struct event_draft draft = {
        .kind = "check.recorded", .subject = item, .actor = person, .body = body
    };
    kiosks_must(event_build(a, &draft, one->key.id, seq, stamp, now, prev, &line, &out->len, &why),
                &why, "a line");
    out->line = line;
    keys_sha256_hex(prev, line, out->len);
    k->line_bytes += out->len;
}

char *kiosks_signed(const struct kiosks *k, const struct kiosks_one *one,
                    const struct kiosks_ask *ask, struct arena *a, size_t *out_len)
{
    struct httpsig_input in = { .created = kiosks_now().wall_ms / 1000 };
    struct httpsig_field fields[3];
    struct httpsig_message m = { .method = ask->method,
                                 .path = ask->path,
                                 .query = ask->query,
                                 .fields = fields,
                                 .field_count = COUNT_OF(fields) };
    char digest[HTTPSIG_DIGEST_TEXT];
    uint8_t nonce[16];
    char *input, *signature;
    struct why why = { 0 };

    kiosks_must(httpsig_digest(a, ask->body, ask->len, digest, &why), &why, "a digest");
    proto_request_parts(&in);
    keys_random(nonce, sizeof(nonce));
    hex_put(in.nonce, nonce, sizeof(nonce));
    (void)str_copy(in.keyid, sizeof(in.keyid), one->key.id);
    fields[0] = (struct httpsig_field){ .name = "content-digest", .value = digest };
    fields[1] = (struct httpsig_field){ .name = PROTO_HUB_HEADER, .value = k->hub.id };
    fields[2] = (struct httpsig_field){ .name = PROTO_EPOCH_HEADER, .value = one->epoch };
    kiosks_must(httpsig_sign(a, &in, &m, &one->key, &input, &signature, &why), &why, "a signature");
    const char *head = arena_printf(
        a,
        "%s %s%s%s HTTP/1.1\r\nHost: hub\r\n%s%s%s%s%s%sContent-Length: %zu\r\n"
        "Content-Digest: %s\r\n%s: %s\r\n%s: %s\r\nSignature-Input: %s\r\nSignature: %s\r\n\r\n",
        ask->method, ask->path, ask->query != NULL ? "?" : "", ask->query != NULL ? ask->query : "",
        ask->from != NULL ? "X-Forwarded-For: " : "", ask->from != NULL ? ask->from : "",
        ask->from != NULL ? "\r\n" : "", ask->type != NULL ? "Content-Type: " : "",
        ask->type != NULL ? ask->type : "", ask->type != NULL ? "\r\n" : "", ask->len, digest,
        PROTO_HUB_HEADER, k->hub.id, PROTO_EPOCH_HEADER, one->epoch, input, signature);
    const size_t head_len = head != NULL ? strlen(head) : 0;
    char *whole = arena_alloc(a, head_len + ask->len + 1);
    if (head == NULL || whole == NULL)
        kiosks_must(ERR_NOMEM, &why, "memory");
    memcpy(whole, head, head_len);
    if (ask->len > 0)
        memcpy(whole + head_len, ask->body, ask->len);
    *out_len = head_len + ask->len;
    return whole;
}

static void kiosks_request(struct kiosks *k, struct kiosks_one *one, size_t at, const void *body,
                           size_t len)
{
    const size_t number = (size_t)(one - k->all);
    char from[32];

    (void)str_format(from, sizeof(from), "10.%zu.%zu.%zu", at % 250, number / 250, number % 250);
    const struct kiosks_ask ask = { .method = "POST",
                                    .path = PROTO_EVENTS,
                                    .type = "application/octet-stream",
                                    .from = from,
                                    .body = body,
                                    .len = len };
    one->requests[at] = kiosks_signed(k, one, &ask, &k->a, &one->lens[at]);
    one->bodies[at] = one->requests[at] + one->lens[at] - len;
    one->body_lens[at] = len;
    k->total_bytes += one->lens[at];
}

static void kiosks_bundles(struct kiosks *k, struct kiosks_one *one, size_t requests)
{
    char prev[KEYS_ID_TEXT] = EVENT_NO_PREV;
    struct arena a;
    struct why why = { 0 };

    arena_init(&a, KIOSKS_SCRATCH);
    for (size_t i = 0; i < requests; i++) {
        struct bundle b = { .site = one->site, .line_count = k->lines };
        uint8_t *bytes;
        size_t len;
        arena_reset(&a);
        b.lines = arena_array(&a, k->lines, sizeof(*b.lines));
        for (size_t n = 0; n < k->lines; n++)
            kiosks_line(k, one, i * k->lines + n + 1, prev, &a, &b.lines[n]);
        kiosks_must(bundle_encode(&a, &b, &one->key, (const uint8_t(*)[KEYS_PUBLIC])k->hub.pub, 1,
                                  &bytes, &len, &why),
                    &why, "a bundle");
        kiosks_request(k, one, i, bytes, len);
    }
    one->count = requests;
    arena_done(&a);
}

void kiosks_make(struct kiosks *k, const struct hubstore_where *where, size_t count, size_t sites,
                 size_t requests, size_t lines)
{
    struct hubstore *s;
    struct why why = { 0 };

    *k = (struct kiosks){ .count = count, .lines = lines };
    arena_init(&k->a, KIOSKS_ARENA);
    kiosks_must(hubstore_open(where, HUBSTORE_MAKE, &s, &why), &why, "open the store");
    kiosks_must(hubstore_key(s, true, &k->hub, &why), &why, "the hub's key");
    k->all = arena_array(&k->a, count, sizeof(*k->all));
    for (size_t i = 0; i < count; i++) {
        struct kiosks_one *one = &k->all[i];
        one->requests = arena_array(&k->a, requests, sizeof(char *));
        one->lens = arena_array(&k->a, requests, sizeof(size_t));
        one->bodies = arena_array(&k->a, requests, sizeof(char *));
        one->body_lens = arena_array(&k->a, requests, sizeof(size_t));
        kiosks_enrol(k, s, one, i % sites);
        kiosks_bundles(k, one, requests);
    }
    hubstore_close(s);
}

void kiosks_done(struct kiosks *k)
{
    arena_done(&k->a);
}
