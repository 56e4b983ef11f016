/* Real TLS on loopback: a front with a certificate of a test authority's, and the hub behind it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/client/http.h"
#include "tests/sync/hub/hub_fixture.h"

struct scene {
    struct hub_process hub;
    struct kiosk k;
    pid_t front;
    unsigned port; /* the front's */
    char ca[FIXTURE_PATH];
    struct arena arena;
};

static const char *scene_source(struct scene *s, const char *name)
{
    const char *source = getenv("CANNY_SOURCE"); /* NOLINT(concurrency-mt-unsafe) */
    const char *path = arena_printf(&s->arena, "%s/tests/%s", source != NULL ? source : ".", name);

    assert_non_null(path);
    return path;
}

static int scene_new(void **state)
{
    static struct scene s;
    char port[16];
    char said[64];
    char code[16];
    int fd;

    arena_init(&s.arena, (size_t)1024 * 1024);
    hub_new(&s.hub);
    kiosk_new(&s.k, NULL);
    fixture_folder(s.ca);
    hub_code(&s.hub, "Example High", code);
    assert_int_equal(FAULT_NONE, kiosk_enrol(&s.k, &s.hub, code, true));
    (void)str_format(port, sizeof(port), "%u", s.hub.port);
    const char *const args[] = { scene_source(&s, "sync/client/tls_front.py"),
                                 scene_source(&s, "data/tls/hub.pem"), port, NULL };
    s.front = fixture_spawn("python3", args, &fd);
    (void)fixture_read(fd, said, sizeof(said), true);
    (void)close(fd);
    s.port = (unsigned)strtoul(said, NULL, 10);
    assert_true(s.port > 0 && s.port < 65536);
    *state = &s;
    return 0;
}

static int scene_done(void **state)
{
    struct scene *s = *state;

    fixture_kill(s->front);
    kiosk_done(&s->k);
    hub_done(&s->hub);
    fixture_remove(s->ca);
    arena_done(&s->arena);
    return 0;
}

/* Puts a file of the test data into the kiosk's folder of CAs. */
static void scene_trust(struct scene *s, const char *file, const char *as)
{
    char to[FS_PATH_MAX];
    char *text;
    size_t len;

    assert_int_equal(ERR_OK, fs_read(&s->arena, scene_source(s, file), 65536, &text, &len, NULL));
    assert_int_equal(ERR_OK, fs_join(to, s->ca, as, NULL));
    assert_int_equal(ERR_OK, fs_replace(to, text, len, 0600, NULL));
}

static enum fault scene_round(struct scene *s, const char *host, const char *ca_dir)
{
    (void)str_format(s->k.url, sizeof(s->k.url), "https://%s:%u", host, s->port);
    s->k.o.ca_dir = ca_dir;
    return kiosk_round(&s->k);
}

static void hub_with_a_certificate_of_the_folders_ca_is_verified_and_served(void **state)
{
    struct scene *s = *state;

    kiosk_record(&s->k, "check.recorded", "over TLS");
    /* Dropped in as it came, under any name, beside other things. */
    scene_trust(s, "data/tls/stranger.pem", "another.crt");
    scene_trust(s, "data/tls/authority.pem", "council.pem");
    scene_trust(s, "data/tls/README.md", "notes.pem");
    assert_int_equal(FAULT_NONE, scene_round(s, "127.0.0.1", s->ca));
    assert_int_equal(1, hub_count(&s->hub, "over TLS"));
}

static void hub_whose_ca_is_not_trusted_gets_nothing(void **state)
{
    struct scene *s = *state;
    char missing[FS_PATH_MAX];

    kiosk_record(&s->k, "check.recorded", "for the true hub only");
    assert_int_equal(FAULT_TLS, scene_round(s, "127.0.0.1", NULL));
    assert_int_equal(FAULT_TLS, scene_round(s, "127.0.0.1", s->ca)); /* empty */
    assert_int_equal(ERR_OK, fs_join(missing, s->ca, "not-there", NULL));
    assert_int_equal(FAULT_TLS, scene_round(s, "127.0.0.1", missing));
    scene_trust(s, "data/tls/stranger.pem", "another.pem");
    assert_int_equal(FAULT_TLS, scene_round(s, "127.0.0.1", s->ca));
    assert_int_equal(0, hub_count(&s->hub, "for the true hub only"));
    assert_int_equal(1, kiosk_lines(&s->k, "for the true hub only"));
}

static void certificate_of_another_host_name_is_refused(void **state)
{
    struct scene *s = *state;

    kiosk_record(&s->k, "check.recorded", "for the true hub only");
    scene_trust(s, "data/tls/authority.pem", "council.pem");
    assert_int_equal(FAULT_OTHER_HOST, scene_round(s, "localhost", s->ca));
    assert_int_equal(0, hub_count(&s->hub, "for the true hub only"));
    assert_int_equal(FAULT_NONE, scene_round(s, "127.0.0.1", s->ca));
}

/* Asks the front for /healthz as a clock of that time would. */
static enum fault scene_ask_at(struct scene *s, const char *host, int64_t cert_ms)
{
    struct http_reply r;
    const struct http_request q = {
        .method = "GET",
        .url = arena_printf(&s->arena, "https://%s:%u/healthz", host, s->port),
        .ca_dir = s->ca,
        .cert_ms = cert_ms,
    };

    assert_non_null(q.url);
    return http_ask(&s->arena, &q, &r, NULL);
}

static void certificate_is_judged_by_the_time_that_is_given(void **state)
{
    static const struct {
        int64_t cert_ms;
        enum fault fault;
    } cases[] = {
        { 0, FAULT_NONE }, /* the machine's */
        { 1, FAULT_CERT_DATE },
        { INT64_C(86400000), FAULT_CERT_DATE },
        { INT64_C(1893456000000), FAULT_NONE },      /* 2030 */
        { INT64_C(5364662400000), FAULT_CERT_DATE }, /* 2140 */
        { HTTP_CERT_ANY_DATE, FAULT_NONE },
    };
    struct scene *s = *state;

    scene_trust(s, "data/tls/authority.pem", "council.pem");
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(cases[i].fault, scene_ask_at(s, "127.0.0.1", cases[i].cert_ms));
}

static void any_date_still_wants_a_chain_and_a_name(void **state)
{
    struct scene *s = *state;

    scene_trust(s, "data/tls/stranger.pem", "another.pem");
    assert_int_equal(FAULT_TLS, scene_ask_at(s, "127.0.0.1", HTTP_CERT_ANY_DATE));
    scene_trust(s, "data/tls/authority.pem", "council.pem");
    assert_int_equal(FAULT_OTHER_HOST, scene_ask_at(s, "localhost", HTTP_CERT_ANY_DATE));
}

/* Points the kiosk's hub at the front, with a clock set to that time. */
static enum fault scene_round_at(struct scene *s, const char *now)
{
    const struct clock_options o = { .now = now };
    struct clock *was = s->k.clock;

    assert_int_equal(ERR_OK, clock_new(&o, &s->k.clock, NULL));
    s->k.o.clock = s->k.clock;
    enum fault fault = scene_round(s, "127.0.0.1", s->ca);
    clock_free(s->k.clock);
    s->k.clock = s->k.o.clock = was;
    return fault;
}

static void kiosk_of_any_year_reaches_the_hub_that_it_joined(void **state)
{
    struct scene *s = *state;

    scene_trust(s, "data/tls/authority.pem", "council.pem");
    kiosk_record(&s->k, "check.recorded", "in whatever year");
    assert_int_equal(FAULT_NONE, scene_round_at(s, "1970-01-02T00:00:00Z"));
    assert_int_equal(FAULT_NONE, scene_round_at(s, "2199-01-02T00:00:00Z"));
    assert_int_equal(1, hub_count(&s->hub, "in whatever year"));
}

static void plain_http_beyond_this_machine_is_refused_before_anything_is_sent(void **state)
{
    struct scene *s = *state;

    (void)str_copy(s->k.url, sizeof(s->k.url), "http://192.0.2.1:8080");
    assert_int_equal(FAULT_ADDRESS, kiosk_round(&s->k));
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, scene_new, scene_done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(hub_with_a_certificate_of_the_folders_ca_is_verified_and_served),
        SCENE(hub_whose_ca_is_not_trusted_gets_nothing),
        SCENE(certificate_of_another_host_name_is_refused),
        SCENE(certificate_is_judged_by_the_time_that_is_given),
        SCENE(any_date_still_wants_a_chain_and_a_name),
        SCENE(kiosk_of_any_year_reaches_the_hub_that_it_joined),
        SCENE(plain_http_beyond_this_machine_is_refused_before_anything_is_sent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
