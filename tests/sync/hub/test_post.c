/* Letters at the hub: an answer typed there reaches the kiosks, and what names nobody is kept once and names nobody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/client/proto.h"
#include "sync/log/postbox.h"
#include "tests/sync/hub/hub_fixture.h"

struct scene {
    struct hub_process hub;
    struct kiosk a, b;
};

static int scene_new(void **state)
{
    static struct scene s;

    pair_new(&s.hub, &s.a, &s.b);
    assert_int_equal(ERR_OK, postbox_setup(&s.a.db, NULL));
    assert_int_equal(ERR_OK, postbox_setup(&s.b.db, NULL));
    *state = &s;
    return 0;
}

static int scene_done(void **state)
{
    struct scene *s = *state;

    pair_done(&s->hub, &s->a, &s->b);
    return 0;
}

static int64_t waiting(struct kiosk *k)
{
    int64_t n = -1;
    int64_t sent = 0;

    assert_int_equal(ERR_OK, postbox_counts(&k->db, &n, &sent, NULL));
    return n;
}

static size_t voices(struct scene *s, char *out, size_t size)
{
    const char *const args[] = { "voices", "--data", s->hub.dir, NULL };
    size_t count = 0;

    assert_int_equal(0, hub_run(out, size, args));
    for (const char *at = out; *at != '\0'; at++)
        count += *at == '\n' ? 1 : 0;
    return count;
}

static void voice_is_held_once_however_often_it_is_sent(void **state)
{
    static char out[FIXTURE_TEXT];
    struct scene *s = *state;
    struct postbox_row row;
    struct arena a;
    bool found = false;

    arena_init(&a, (size_t)64 * 1024);
    assert_int_equal(ERR_OK, postbox_put(&s->a.db, "voice", "{\"words\":\"no cover\"}", NULL));
    assert_int_equal(ERR_OK, postbox_next(&s->a.db, &a, &row, &found, NULL));
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(0, waiting(&s->a));
    assert_int_equal(1, voices(s, out, sizeof(out)));
    /* As if the answer had been lost on its way: the kiosk still has it. */
    assert_int_equal(ERR_OK, db_run(&s->a.db, NULL, "insert into postbox values (?1, ?2, ?3)",
                                    row.key, row.kind, row.body, NULL));
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(0, waiting(&s->a));
    assert_int_equal(1, voices(s, out, sizeof(out)));
    assert_non_null(strstr(out, "\"body\":{\"words\":\"no cover\"}}\n"));
    arena_done(&a);
}

/* Every byte that the hub keeps of it: neither the kiosk's id nor the moment. */
static void voice_names_neither_kiosk_nor_moment(void **state)
{
    static char out[FIXTURE_TEXT];
    struct scene *s = *state;

    assert_int_equal(ERR_OK, postbox_put(&s->a.db, "voice", "{\"words\":\"well done\"}", NULL));
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(1, voices(s, out, sizeof(out)));
    assert_null(strstr(out, s->a.self.id));
    assert_null(strstr(out, s->a.site));
    assert_int_equal(strlen("{\"kind\":\"voice\",\"month\":\"2026-11\",\"body\":{\"words\":\"well "
                            "done\"}}\n"),
                     strlen(out));
    assert_int_equal(0, hub_count(&s->hub, "well done"));
}

static void voice_waits_while_the_hub_is_away(void **state)
{
    static char out[FIXTURE_TEXT];
    struct scene *s = *state;

    assert_int_equal(ERR_OK, postbox_put(&s->a.db, "voice", "{\"words\":\"later\"}", NULL));
    hub_kill(&s->hub);
    assert_true(kiosk_round(&s->a) != FAULT_NONE);
    assert_int_equal(1, waiting(&s->a));
    hub_start(&s->hub);
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(0, waiting(&s->a));
    assert_int_equal(1, voices(s, out, sizeof(out)));
}

static void voice_that_is_none_is_refused(void **state)
{
    static const char *const bodies[] = {
        "{}",
        "{\"key\":\"00112233aabbccdd\",\"kind\":\"voice\"}",
        "{\"key\":\"00112233aabbccdd\",\"kind\":\"voice\",\"body\":\"text\"}",
        "{\"key\":\"not a key\",\"kind\":\"voice\",\"body\":{}}",
        "{\"key\":\"00112233aabbccdd\",\"kind\":\"a b\",\"body\":{}}",
        "rubbish",
    };
    static char out[FIXTURE_TEXT];
    struct scene *s = *state;
    struct http_reply reply;
    const char *problem;
    struct arena a;

    arena_init(&a, (size_t)1024 * 1024);
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        const struct bent b = { .method = "POST",
                                .path = PROTO_POST,
                                .type = "application/json",
                                .body = bodies[i],
                                .len = strlen(bodies[i]) };
        assert_int_equal(400, bent_ask(&a, &s->a, &b, &reply, &problem));
        assert_string_equal("request.malformed", problem);
    }
    assert_int_equal(0, voices(s, out, sizeof(out)));
    arena_done(&a);
}

static void answer_typed_at_the_hub_reaches_every_kiosk_of_the_site(void **state)
{
    static char out[FIXTURE_TEXT];
    struct scene *s = *state;
    const char *const list[] = { "letters", "--data", s->hub.dir, NULL };
    const char *const answer[] = { "answer", "--data",           s->hub.dir, "--letter", "item1",
                                   "--text", "Yes.\nCarefully.", "--by",     "Example",  NULL };

    kiosk_record(&s->a, "letter.queued", "May we?");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(0, hub_run(out, sizeof(out), list));
    assert_non_null(strstr(out, "item1\topen\t"));
    assert_int_equal(0, hub_run(out, sizeof(out), answer));
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(FAULT_NONE, kiosk_round(&s->b));
    assert_int_equal(1, kiosk_lines(&s->a, "\"kind\":\"letter.answered\""));
    assert_int_equal(1, kiosk_lines(&s->b, "Carefully."));
    assert_int_equal(0, hub_run(out, sizeof(out), list));
    assert_string_equal("", out);
    const char *const verify[] = { "verify", "--data", s->hub.dir, NULL };
    assert_int_equal(0, hub_run(out, sizeof(out), verify));
}

static void answer_to_a_letter_that_never_came_is_refused(void **state)
{
    static char out[FIXTURE_TEXT];
    struct scene *s = *state;
    const char *const unknown[] = { "answer",   "--data", s->hub.dir, "--letter",
                                    "ffffffff", "--text", "Yes",      NULL };
    const char *const empty[] = { "answer", "--data", s->hub.dir, "--letter",
                                  "item1",  "--text", "",         NULL };

    kiosk_record(&s->a, "letter.queued", "May we?");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(1, hub_run(out, sizeof(out), unknown));
    assert_int_equal(2, hub_run(out, sizeof(out), empty));
    assert_int_equal(0, hub_count(&s->hub, "letter.answered"));
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test_setup_teardown(voice_is_held_once_however_often_it_is_sent, scene_new,
                                        scene_done),
        cmocka_unit_test_setup_teardown(voice_names_neither_kiosk_nor_moment, scene_new,
                                        scene_done),
        cmocka_unit_test_setup_teardown(voice_waits_while_the_hub_is_away, scene_new, scene_done),
        cmocka_unit_test_setup_teardown(voice_that_is_none_is_refused, scene_new, scene_done),
        cmocka_unit_test_setup_teardown(answer_typed_at_the_hub_reaches_every_kiosk_of_the_site,
                                        scene_new, scene_done),
        cmocka_unit_test_setup_teardown(answer_to_a_letter_that_never_came_is_refused, scene_new,
                                        scene_done),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
