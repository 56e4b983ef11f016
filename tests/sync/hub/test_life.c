/* A hub's lives, as its kiosks meet them: a kiosk that is revoked, a card that is copied, heads to give back by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/client/enrol.h"
#include "sync/client/proto.h"
#include "tests/sync/hub/life_scene.h"

/* ---- revoked ---- */

static void revoked_kiosk_is_refused_and_told_to_wipe(void **state)
{
    struct life *s = *state;
    char said[16384], code[16], body[4096];
    struct http_reply r;
    const char *problem;

    kiosk_record(&s->b, "check.recorded", "of the lost kiosk");
    life_rounds(s, 1);
    hub_code(&s->hub, s->site, code);
    const char *const unclear[] = { "revoke", "--name", "Prep room 1", "--site", s->site, NULL };
    assert_int_equal(1, life_run(s, said, sizeof(said), unclear)); /* both are called that */
    const char *const revoke[] = { "revoke", "--device", s->b.self.id, NULL };
    assert_int_equal(0, life_run(s, said, sizeof(said), revoke));
    assert_int_equal(403, life_status(s, &s->b, &r, &problem));
    assert_string_equal("device.revoked", problem);
    assert_non_null(strstr((const char *)r.body, "\"wipe\":true"));
    assert_non_null(http_header(&r, "signature"));
    /* Neither a code nor what it was given once lets it in again. */
    (void)str_format(body, sizeof(body), "{\"code\":\"%s\",\"name\":\"Back\"}", code);
    struct bent b = {
        .method = "POST", .path = PROTO_ENROL, .type = "application/json", .body = body
    };
    b.len = strlen(body);
    assert_int_equal(403, bent_ask(&s->arena, &s->b, &b, &r, &problem));
    assert_string_equal("device.revoked", problem);
    struct json_out j;
    struct buf cert;
    buf_init(&cert, 8192);
    json_out_init(&j, &cert);
    json_out_object(&j, NULL);
    json_out_str(&j, "certificate", kiosk_state(&s->b, &s->arena, "cert"));
    json_out_str(&j, "name", "Back");
    json_out_end_object(&j);
    b.body = cert.data;
    b.len = cert.len;
    assert_int_equal(403, bent_ask(&s->arena, &s->b, &b, &r, &problem));
    assert_string_equal("device.revoked", problem);
    /* Another's certificate is no more use to whoever has it. */
    assert_int_equal(403, bent_ask(&s->arena, &s->a, &b, &r, &problem));
    assert_string_equal("certificate.wrong", problem);
    buf_free(&cert);
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(1, kiosk_lines(&s->a, "kiosk.revoked"));
    assert_int_equal(1, kiosk_lines(&s->a, "of the lost kiosk"));
    const char *const kiosks[] = { "kiosks", NULL };
    assert_int_equal(0, life_run(s, said, sizeof(said), kiosks));
    assert_non_null(strstr(said, "\trevoked\t"));
}

static void code_that_replaces_ends_the_old_card(void **state)
{
    struct life *s = *state;
    char said[256];
    struct kiosk anew;
    struct http_reply r;
    const char *problem;

    kiosk_record(&s->b, "check.recorded", "of the old card");
    life_rounds(s, 1);
    const char *const enrol[] = { "enrol", "--site", s->site, "--replaces", s->b.self.id, NULL };
    assert_int_equal(0, life_run(s, said, sizeof(said), enrol));
    said[strcspn(said, "\n")] = '\0';
    kiosk_new(&anew, NULL);
    assert_int_equal(FAULT_NONE, kiosk_enrol(&anew, &s->hub, said, true));
    assert_int_equal(403, life_status(s, &s->b, &r, &problem));
    assert_string_equal("device.revoked", problem);
    assert_int_equal(FAULT_NONE, kiosk_round(&anew));
    assert_int_equal(1, kiosk_lines(&anew, "of the old card"));
    assert_int_equal(1, kiosk_lines(&anew, "\"replaces\":"));
    const char *const nobody[] = { "enrol", "--site", s->site, "--replaces", "Nobody", NULL };
    assert_int_equal(1, life_run(s, said, sizeof(said), nobody));
    kiosk_done(&anew);
}

/* ---- forks ---- */

static int life_fork(struct life *s, const struct keypair *anew, const char *said_old,
                     struct http_reply *r, const char **problem)
{
    uint8_t sig[KEYS_SIG];
    char *b64;
    const char *text =
        arena_printf(&s->arena, "canny fork 1\n%s\n%s\n%s\n", s->a.hub, said_old, anew->id);

    keys_sign(sig, anew, text, strlen(text));
    assert_int_equal(ERR_OK, keys_b64(&s->arena, sig, sizeof(sig), &b64, NULL));
    const char *body = arena_printf(&s->arena,
                                    "{\"device\":\"%s\",\"proof\":\"%s\",\"seq\":2,\"ours\":\"%s\","
                                    "\"theirs\":\"%s\"}",
                                    anew->id, b64, anew->id, anew->id);
    const struct bent b = { .method = "POST",
                            .path = PROTO_FORK,
                            .type = "application/json",
                            .body = body,
                            .len = strlen(body) };
    return bent_ask(&s->arena, &s->a, &b, r, problem);
}

static void copied_card_is_let_in_by_its_old_key_alone(void **state)
{
    struct life *s = *state;
    struct keypair anew;
    struct http_reply first, again;
    const char *problem;

    assert_int_equal(ERR_OK, keys_new(&anew, NULL));
    assert_int_equal(400, life_fork(s, &anew, s->b.self.id, &first, &problem)); /* another's heir */
    assert_string_equal("request.malformed", problem);
    assert_int_equal(200, life_fork(s, &anew, s->a.self.id, &first, &problem));
    assert_int_equal(200, life_fork(s, &anew, s->a.self.id, &again, &problem));
    assert_int_equal(first.len, again.len);
    assert_memory_equal(first.body, again.body, first.len);
    assert_int_equal(409, life_fork(s, &s->b.self, s->a.self.id, &again, &problem));
    assert_string_equal("site.other", problem);
    life_rounds(s, 1);
    assert_int_equal(1, kiosk_lines(&s->b, "\"was\":"));
    /* Who revokes the card is told of the one that goes on from it. */
    char out[1024];
    const char *const revoke[] = { "revoke", "--device", s->a.self.id, NULL };
    assert_int_equal(0, life_run(s, out, sizeof(out), revoke));
    assert_non_null(strstr(out, anew.id));
}

static void heads_tell_what_to_give_back(void **state)
{
    struct life *s = *state;
    const struct bent b = { .method = "GET", .path = PROTO_HEADS };
    struct http_reply r;
    const char *problem;
    const struct json *node;

    kiosk_record(&s->a, "check.recorded", "one");
    life_rounds(s, 1);
    assert_int_equal(200, bent_ask(&s->arena, &s->a, &b, &r, &problem));
    assert_int_equal(ERR_OK,
                     json_parse(&s->arena, (const char *)r.body, r.len, 65536, &node, NULL));
    assert_string_equal(life_epoch(s, &s->a), json_str(node, "epoch"));
    assert_string_equal(s->a.site, json_str(node, "site"));
    size_t found = 0;
    for (const struct json *h = json_get(node, "heads")->first; h != NULL; h = h->next)
        if (strcmp(json_str(h, "device"), s->a.self.id) == 0) {
            found++;
            assert_int_equal(kiosk_head(&s->a), json_int(h, "seq", 0));
            assert_int_equal(KEYS_ID_TEXT - 1, strlen(json_str(h, "hash")));
        }
    assert_int_equal(1, found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIFE_CASE(revoked_kiosk_is_refused_and_told_to_wipe),
        LIFE_CASE(code_that_replaces_ends_the_old_card),
        LIFE_CASE(copied_card_is_let_in_by_its_old_key_alone),
        LIFE_CASE(heads_tell_what_to_give_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
