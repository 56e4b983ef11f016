#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sync/hub/content_house.h"

/* Copies of a hub on one database, each with a clock of its own: what they sign, and what a reader finds meanwhile. */

enum { TURNS = 25 };

struct apart {
    struct hubstore *store;
    struct arena a;
    int64_t now_ms;
    atomic_bool *ends; /* of the reader */
    size_t seen;
    enum err rc;
    const char *wrong;
};

static void *apart_sign(void *ctx)
{
    struct apart *s = ctx;

    for (size_t i = 0; i < TURNS && s->rc == ERR_OK; i++) {
        struct content_signing g = { .now_ms = s->now_ms, .force = true, .a = &s->a };
        arena_reset(&s->a);
        s->rc = content_sign(s->store, &g, NULL);
    }
    return NULL;
}

/* A kiosk's way, at any moment: by each timestamp to its snapshot, and never back. */
static void *apart_read(void *ctx)
{
    struct apart *r = ctx;
    int64_t last = 0;

    while (!atomic_load(r->ends) && r->wrong == NULL) {
        struct hub_meta row;
        struct tuf_meta m;
        arena_reset(&r->a);
        if (content_standing(r->store, "timestamp", TUF_TIMESTAMP, NULL, &r->a, &row, &m, NULL) !=
            ERR_OK)
            r->wrong = "no timestamp";
        else if (m.version < last)
            r->wrong = "the timestamp went back";
        else if (hubstore_content_meta(r->store, "snapshot",
                                       tuf_meta_file(&m, "snapshot.json")->version, true, &r->a,
                                       &row, NULL) != ERR_OK)
            r->wrong = "the timestamp names a snapshot that is not there";
        r->seen += m.version > last;
        last = m.version;
    }
    return NULL;
}

static bool signs_at(struct house *h, int64_t now_ms)
{
    struct content_signing g = { .now_ms = now_ms, .a = &h->b->a };

    assert_int_equal(ERR_OK, content_sign(h->b->store, &g, NULL));
    return g.done;
}

static void copies_with_clocks_apart_sign_forward_and_every_snapshot_is_there(void **state)
{
    struct house h;
    struct apart all[3];
    pthread_t threads[3];
    atomic_bool ends = false;

    house_new(&h, *state);
    for (size_t i = 0; i < 3; i++) {
        all[i] = (struct apart){ .ends = &ends,
                                 .now_ms = store_noon.wall_ms + (i == 0 ? 60000 : -60000) };
        arena_init(&all[i].a, CONTENT_ARENA);
        assert_int_equal(ERR_OK, hubstore_open(&h.b->where, HUBSTORE_LOOK, &all[i].store, NULL));
    }
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(
            0, pthread_create(&threads[i], NULL, i == 2 ? apart_read : apart_sign, &all[i]));
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(0, pthread_join(threads[i], NULL));
    atomic_store(&ends, true);
    assert_int_equal(0, pthread_join(threads[2], NULL));
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(ERR_OK, all[i].rc);
        hubstore_close(all[i].store);
        arena_done(&all[i].a);
    }
    if (all[2].wrong != NULL)
        fail_msg("%s", all[2].wrong);
    assert_true(all[2].seen > 1);
    assert_true(house_version(&h, "timestamp") >= store_noon.wall_ms / 60000 + 2 * TURNS - 2);
    assert_false(signs_at(&h, store_noon.wall_ms + 60000));
    /* Whose clock lies behind has nothing to do; what a clock a day ahead has signed is signed again. */
    assert_false(signs_at(&h, store_noon.wall_ms - 60000));
    assert_true(signs_at(&h, store_noon.wall_ms - HOUSE_DAY_MS));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, store_bench_new, store_bench_done)

int hubstore_cases_copies(void)
{
    const struct CMUnitTest tests[] = {
        CASE(copies_with_clocks_apart_sign_forward_and_every_snapshot_is_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
