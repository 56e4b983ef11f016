/* What kiosks say that they have of content, and what who runs the hub is told of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/hub/content_show.h"
#include "tests/sync/hub/content_house.h"

static int64_t told(struct store_bench *b, const char *edition, const char *state)
{
    const char *text = arena_printf(&b->a,
                                    "select count(*) from content_install where edition = '%s'"
                                    " and state = '%s'",
                                    edition, state);

    return store_count(b, text);
}

static void say(struct store_bench *b, const struct store_kiosk *k,
                const struct hub_install *installs, size_t count)
{
    struct hub_push push = { .device = k->d.id, .site = k->site, .now = store_noon, .a = &b->a };
    struct commit_job job = {
        .kind = COMMIT_STATUS,
        .device = k->d.id,
        .nonce = "",
        .now = store_noon,
        .push = push,
        .json = "{}",
        .json_len = 2,
        .installs = installs,
        .install_count = count,
    };
    struct commit_job *jobs[] = { &job };

    commit_group(b->store, jobs, 1);
    if (job.rc != ERR_OK)
        fail_msg("%s", job.why.text);
}

struct counted {
    int64_t kiosks;
    size_t rows;
};

static bool count_row(void *ctx, const struct hub_install_count *c)
{
    struct counted *n = ctx;

    n->kiosks += c->kiosks;
    n->rows++;
    return true;
}

static void what_kiosks_have_is_counted_without_the_revoked(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k[2];
    struct hub_known known = { .revoked = false };
    struct counted n = { 0 };
    const struct hub_install now[] = {
        { .role = "national", .edition = "e2", .state = "installed", .why = "", .version = 2 },
        { .role = "employers/x", .edition = "e1", .state = "refused", .why = "full", .version = 1 },
    };

    store_kiosk(b, &k[0], "Example High", 'a', 0);
    store_kiosk(b, &k[1], "Other High", 'b', 0);
    say(b, &k[0], now, 2);
    say(b, &k[1], now, 1);
    assert_int_equal(2, told(b, "e2", "installed"));
    assert_int_equal(1, told(b, "e1", "refused"));
    say(b, &k[0], now, 1); /* the other role is no longer its own */
    assert_int_equal(0, told(b, "e1", "refused"));
    say(b, &k[0], NULL, 0); /* an old kiosk says nothing of content, and takes nothing back */
    assert_int_equal(2, told(b, "e2", "installed"));
    (void)str_copy(known.device, sizeof(known.device), k[1].d.id);
    (void)str_copy(known.where.site, sizeof(known.where.site), k[1].site);
    assert_int_equal(ERR_OK, sql_run(b->sql, NULL, "update device set revoked_ms = 1 where id = $1",
                                     k[1].d.id, NULL));
    assert_int_equal(ERR_OK, hubstore_content_installs(b->store, count_row, &n, NULL));
    assert_int_equal(1, n.rows);
    assert_int_equal(1, n.kiosks);
}

static bool behind_row(void *ctx, const struct hub_behind *row)
{
    struct hub_behind *out = ctx;

    assert_string_equal("national", row->role);
    *out = *row;
    return true;
}

static struct hub_behind behind(struct house *h)
{
    struct hub_behind b = { .kiosks = 0 };

    assert_int_equal(ERR_OK, hubstore_content_behind(h->b->store, behind_row, &b, NULL));
    return b;
}

/* As after it was put back from an older backup. */
static void a_hub_that_lies_behind_its_kiosks_is_told_until_it_does_not(void **state)
{
    struct house h;
    struct store_kiosk k[3];
    struct repo_edition e;
    struct hub_install has = {
        .role = "national", .edition = "n1", .state = "installed", .why = "", .version = 1
    };

    house_new(&h, *state);
    repo_edition(&h.s, "national", "n1", 1, 0, false, &e);
    struct repo_role r = { .role = "national", .version = 1, .edition = &e };
    struct content_offer o = house_publish(&h, &r);
    house_is(CONTENT_COUNTS, &o);
    for (size_t i = 0; i < 3; i++) {
        store_kiosk(h.b, &k[i], "Example High", (char)('a' + i), 0);
        has.version = (int64_t)i + 1;
        say(h.b, &k[i], &has, 1);
    }
    struct hub_behind b = behind(&h);
    assert_int_equal(2, b.kiosks);
    assert_int_equal(3, b.version);
    assert_int_equal(1, b.held);
    r.version = 3;
    o = house_offer(&h, "national", 3, repo_role(&h.s, &r));
    house_is(CONTENT_COUNTS, &o); /* the same files */
    assert_int_equal(0, behind(&h).kiosks);
}

static void an_edition_is_held_back_and_let_go(void **state)
{
    struct store_bench *b = *state;
    static struct hub_hold holds[HUB_CONTENT_ROLES_MAX];
    size_t count = 9;

    assert_int_equal(ERR_OK, hubstore_content_hold(b->store, "national", 20, NULL, NULL));
    assert_int_equal(ERR_OK, hubstore_content_hold(b->store, "national", 5, NULL, NULL));
    assert_int_equal(ERR_OK, hubstore_content_holds(b->store, holds, &count, NULL));
    assert_int_equal(1, count);
    assert_int_equal(5, holds[0].percent);
    assert_int_equal(ERR_OK, hubstore_content_hold(b->store, "national", -1, NULL, NULL));
    assert_int_equal(ERR_OK, hubstore_content_holds(b->store, holds, &count, NULL));
    assert_int_equal(0, count);
}

/* ---- which kiosks those are ---- */

enum { SAID_MAX = 4096 };

/* What a person is told, without the device ids of the cases; the text is the arena's. */
static const char *installs(struct store_bench *b, struct content_look look)
{
    char *text = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&text, &len);

    assert_non_null(to);
    look.now_ms = store_noon.wall_ms;
    assert_int_equal(ERR_OK, content_installs(b->store, &look, to, NULL));
    assert_int_equal(0, fclose(to));
    const char *out = arena_strndup(&b->a, text, len);
    free(text);
    assert_non_null(out);
    return out;
}

static size_t installs_lines(struct store_bench *b, struct content_look look)
{
    size_t n = 0;

    for (const char *c = installs(b, look); *c != '\0'; c++)
        n += *c == '\n' ? 1 : 0;
    return n;
}

/* Five kiosks of two schools: a has the newest edition, b the one before it, c refused the newest, d told of nothing, e has
   the newest and was last heard of a month ago. */
static void fleet_of_five(struct house *h, struct store_kiosk k[5])
{
    static const struct hub_install says[5] = {
        { "national", "n2", "installed", "", 2 },
        { "national", "n1", "installed", "", 1 },
        { "national", "n1", "refused", "=no room, \"Prep\"", 1 },
        { NULL, NULL, NULL, NULL, 0 },
        { "national", "n2", "installed", "", 2 },
    };
    struct repo_edition e;

    repo_edition(&h->s, "national", "n2", 1, 0, false, &e);
    const struct repo_role r = { .role = "national", .version = 2, .edition = &e };
    const struct content_offer o = house_publish(h, &r);
    house_is(CONTENT_COUNTS, &o);
    for (size_t i = 0; i < 5; i++) {
        store_kiosk(h->b, &k[i], i < 3 ? "Example High" : "Other High", (char)('a' + i), 0);
        say(h->b, &k[i], says[i].role == NULL ? NULL : &says[i], says[i].role == NULL ? 0 : 1);
    }
    assert_int_equal(ERR_OK, sql_run(h->b->sql, NULL,
                                     "update status set at_ms = at_ms - 2592000000 where device ="
                                     " $1",
                                     k[4].d.id, NULL));
}

static void which_kiosks_lack_an_edition_is_told_by_site_ring_edition_and_state(void **state)
{
    struct house h;
    struct store_kiosk k[5];
    static const struct {
        struct content_look look;
        const char *who; /* the kiosks' letters */
    } looks[] = {
        { { .state = "installed" }, "abe" },
        { { .state = "refused" }, "c" },
        { { .state = "waiting" }, "" },
        { { .state = "none" }, "d" },
        { { .state = "not-installed" }, "bcd" },
        { { .state = "not-installed", .role = "national" }, "bcd" },
        { { .state = "not-installed", .site = "Other High" }, "d" },
        { { .state = "silent" }, "e" },
        { { .site = "Example High" }, "abc" },
        { { .edition = "n2" }, "ae" },
        { { .role = "national" }, "abcde" },
        { { .role = "employers/council" }, "d" },
        { { .ring = 100 }, "abcde" },
    };

    house_new(&h, *state);
    fleet_of_five(&h, k);
    for (size_t i = 0; i < COUNT_OF(looks); i++) {
        struct content_look look = looks[i].look;
        look.each = true;
        const char *said = installs(h.b, look);
        for (size_t n = 0; n < 5; n++) {
            const bool told = strstr(said, k[n].d.id) != NULL;
            if (told != (strchr(looks[i].who, 'a' + (int)n) != NULL))
                fail_msg("look %zu, kiosk %c: %s", i, 'a' + (char)n, said);
        }
    }
    /* Rings: so many kiosks as lie below it, and the one of the kiosk's own number is out. */
    for (size_t n = 0; n < 5; n++) {
        const int ring = manifest_ring(k[n].d.id, "national");
        const struct content_look in = { .role = "national", .each = true, .ring = ring + 1 };
        const struct content_look out = { .role = "national", .each = true, .ring = ring };
        assert_non_null(strstr(installs(h.b, in), k[n].d.id));
        if (ring > 0)
            assert_null(strstr(installs(h.b, out), k[n].d.id));
    }
    struct content_look nowhere = { .site = "Nowhere High" };
    assert_int_equal(ERR_NOT_FOUND, content_installs(h.b->store, &nowhere, stderr, NULL));
}

static void installs_are_counted_and_told_as_text_csv_and_json(void **state)
{
    struct house h;
    struct store_kiosk k[5];
    const struct json *json = NULL;

    house_new(&h, *state);
    fleet_of_five(&h, k);
    assert_string_equal("\t\tnone\t1\t\n"
                        "national\tn2\tinstalled\t2\t\n"
                        "national\tn1\tinstalled\t1\t\n"
                        "national\tn1\trefused\t1\t=no room, \"Prep\"\n",
                        installs(h.b, (struct content_look){ .site = NULL }));
    assert_string_equal(
        "\"role\",\"edition\",\"state\",\"kiosks\",\"why\"\r\n"
        "\"national\",\"n1\",\"refused\",1,\"'=no room, \"\"Prep\"\"\"\r\n",
        installs(h.b, (struct content_look){ .state = "refused", .format = TABLE_CSV }));
    const char *said = installs(h.b, (struct content_look){ .format = TABLE_JSON, .each = true });
    assert_int_equal(ERR_OK, json_parse(&h.b->a, said, strlen(said), SAID_MAX, &json, NULL));
    assert_int_equal(5, json->len);
    assert_string_equal("none", json_str(json->first, "state"));
    assert_string_equal(k[3].d.id, json_str(json->first, "device"));
    assert_string_equal("Other High", json_str(json->first, "site"));
    said = installs(h.b, (struct content_look){ .format = TABLE_JSON, .state = "waiting" });
    assert_int_equal(ERR_OK, json_parse(&h.b->a, said, strlen(said), SAID_MAX, &json, NULL));
    assert_int_equal(0, json->len);
    assert_int_equal(
        1, installs_lines(h.b, (struct content_look){ .format = TABLE_CSV, .state = "waiting" }));
}

static void roles_are_told_as_a_table_too(void **state)
{
    struct house h;
    struct store_kiosk k[5];
    char *text = NULL;
    char *beside = NULL;
    size_t len = 0;
    const struct content_look look = {
        .role = "national", .edition = "n2", .format = TABLE_CSV, .now_ms = store_noon.wall_ms
    };
    const struct content_look other = { .edition = "n1",
                                        .format = TABLE_CSV,
                                        .now_ms = store_noon.wall_ms };

    house_new(&h, *state);
    fleet_of_five(&h, k);
    assert_int_equal(ERR_OK, hubstore_content_hold(h.b->store, "national", 20, NULL, NULL));
    FILE *to = open_memstream(&text, &len);
    FILE *aside = open_memstream(&beside, &len);
    assert_int_equal(ERR_OK, content_show(h.b->store, &look, to, aside, NULL));
    assert_int_equal(ERR_OK, content_show(h.b->store, &other, to, aside, NULL));
    assert_int_equal(0, fclose(to));
    assert_int_equal(0, fclose(aside));
    assert_true(str_starts(text, "\"role\",\"version\",\"expires\",\"expired\",\"edition\","
                                 "\"percent\",\"held\"\r\n\"national\",2,\""));
    assert_non_null(strstr(text, "Z\",\"no\",\"n2\",\"100\",\"20\"\r\n\"role\""));
    assert_true(str_ends(text, "\"held\"\r\n"));
    assert_non_null(strstr(beside, "signs\tyes\n"));
    free(text);
    free(beside);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, store_bench_new, store_bench_done)

int hubstore_cases_fleet(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_kiosks_have_is_counted_without_the_revoked),
        CASE(a_hub_that_lies_behind_its_kiosks_is_told_until_it_does_not),
        CASE(an_edition_is_held_back_and_let_go),
        CASE(which_kiosks_lack_an_edition_is_told_by_site_ring_edition_and_state),
        CASE(installs_are_counted_and_told_as_text_csv_and_json),
        CASE(roles_are_told_as_a_table_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
