/* A kiosk without a network hears that a hub has taken its site over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/client/adopt.h"
#include "sync/client/state.h"
#include "sync/log/evlog.h"
#include "sync/log/signed.h"
#include "tests/sync/hub/hub_fixture.h"

struct scene {
    struct kiosk k;
    struct keypair hub, voice;
    struct arena a;
};

static const char site[] = "0123456789abcdef";

static int scene_new(void **state)
{
    static struct scene s;

    memset(&s, 0, sizeof(s));
    kiosk_new(&s.k, NULL);
    assert_int_equal(ERR_OK, keys_new(&s.hub, NULL));
    assert_int_equal(ERR_OK, keys_new(&s.voice, NULL));
    arena_init(&s.a, (size_t)64 * 1024 * 1024);
    assert_int_equal(ERR_OK, state_set(&s.k.db, "site.id", site, NULL));
    assert_int_equal(ERR_OK, state_set(&s.k.db, "acked", "7", NULL));
    *state = &s;
    return 0;
}

static int scene_done(void **state)
{
    struct scene *s = *state;

    arena_done(&s->a);
    kiosk_done(&s->k);
    return 0;
}

struct word {
    const char *voice, *site, *device; /* of the certificate; NULL: the right one */
    const struct keypair *signer;      /* NULL: the hub */
    const char *url;                   /* NULL: none */
    const char *subject;               /* NULL: this kiosk */
};

/* A kiosk.enrolled of the hub's voice, as it stands in the log. */
static void scene_hear(struct scene *s, const struct word *w)
{
    const char *device = w->device != NULL ? w->device : s->k.self.id;
    const char *text = arena_printf(
        &s->a,
        "{\"v\":1,\"type\":\"canny.certificate\",\"hub\":\"%s\",\"voice\":\"%s\",\"site\":\"%s\","
        "\"site_name\":\"Example High\",\"device\":\"%s\"}",
        s->hub.id, w->voice != NULL ? w->voice : s->voice.id, w->site != NULL ? w->site : site,
        device);
    char *cert;
    size_t len;

    assert_int_equal(ERR_OK,
                     signed_make(&s->a, text, strlen(text), w->signer != NULL ? w->signer : &s->hub,
                                 &cert, &len, NULL));
    struct json_out j;
    struct buf body;
    buf_init(&body, 8192);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "certificate", cert);
    if (w->url != NULL)
        json_out_str(&j, "hub_url", w->url);
    json_out_end_object(&j);
    assert_int_equal(ERR_OK, buf_done(&body, NULL));
    const struct event_draft draft = { .kind = "kiosk.enrolled",
                                       .subject = w->subject != NULL ? w->subject : device,
                                       .body = body.data };
    char prev[KEYS_ID_TEXT] = EVENT_NO_PREV;
    uint64_t head = 0;
    char *line;
    size_t fresh = 0;
    assert_int_equal(ERR_OK, evlog_head(&s->k.db, s->voice.id, &head, prev, NULL));
    if (head == 0)
        (void)str_copy(prev, sizeof(prev), EVENT_NO_PREV);
    assert_int_equal(ERR_OK, event_build(&s->a, &draft, s->voice.id, head + 1,
                                         (struct hlc){ .ms = (int64_t)head + 1 },
                                         clock_read(s->k.clock), prev, &line, &len, NULL));
    const struct event_line in = { .line = line, .len = len };
    assert_int_equal(ERR_OK, db_begin(&s->k.db, NULL));
    assert_int_equal(ERR_OK,
                     kiosk_ingest(NULL, &s->k.db, clock_read(s->k.clock), &in, 1, &fresh, NULL));
    assert_int_equal(1, fresh);
    assert_int_equal(ERR_OK, db_commit(&s->k.db, NULL));
    buf_free(&body);
}

static bool scene_taken(struct scene *s)
{
    bool changed = false;

    assert_int_equal(ERR_OK, adopt_taken(&s->k.db, &s->k.self, &changed, NULL));
    return changed;
}

static void expect(struct scene *s, const char *key, const char *value)
{
    assert_string_equal(value, kiosk_state(&s->k, &s->a, key));
}

static void good_word_enrols_once(void **state)
{
    struct scene *s = *state;

    assert_false(scene_taken(s));
    scene_hear(s, &(struct word){ .url = "https://hub.test" });
    assert_true(scene_taken(s));
    expect(s, "hub.key", s->hub.id);
    expect(s, "hub.url", "https://hub.test");
    expect(s, "site.id", site);
    expect(s, "site.name", "Example High");
    expect(s, "acked", "0");
    expect(s, "cursor", "0");
    assert_false(scene_taken(s));
}

static void word_that_is_not_the_hubs_about_this_kiosk_here_changes_nothing(void **state)
{
    struct scene *s = *state;
    const struct word bad[] = {
        { .signer = &s->voice, .url = "https://a.test" },   /* nobody's hub */
        { .voice = s->k.self.id, .url = "https://b.test" }, /* another wrote the line */
        { .site = "fedcba9876543210", .url = "https://c.test" },
        { .device = s->hub.id, .subject = s->k.self.id, .url = "https://d.test" },
        { .device = s->hub.id, .url = "https://e.test" }, /* good, of another kiosk */
    };

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        scene_hear(s, &bad[i]);
        assert_false(scene_taken(s));
    }
    expect(s, "hub.key", "");
    expect(s, "acked", "7");
}

static void address_may_come_later_and_of_the_same_hub_alone(void **state)
{
    struct scene *s = *state;
    struct keypair other;
    const struct keypair ours = s->hub;

    scene_hear(s, &(struct word){ .url = NULL });
    assert_true(scene_taken(s));
    expect(s, "hub.key", s->hub.id);
    expect(s, "hub.url", "");
    assert_false(scene_taken(s));
    assert_int_equal(ERR_OK, keys_new(&other, NULL));
    s->hub = other;
    scene_hear(s, &(struct word){ .url = "https://other.test" });
    assert_false(scene_taken(s));
    s->hub = ours;
    scene_hear(s, &(struct word){ .device = other.id, .url = "https://hub.test" });
    assert_true(scene_taken(s));
    expect(s, "hub.url", "https://hub.test");
    expect(s, "hub.key", ours.id);
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, scene_new, scene_done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(good_word_enrols_once),
        SCENE(word_that_is_not_the_hubs_about_this_kiosk_here_changes_nothing),
        SCENE(address_may_come_later_and_of_the_same_hub_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
