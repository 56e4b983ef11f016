/* A kiosk that runs for days: what is installed is read through again, though no hub was ever set. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "platform/base/fs.h"
#include "sync/client/content.h"
#include "tests/sync/hub/hub_fixture.h"

enum { CHECK_WAIT_S = 20 };

struct counted {
    pthread_mutex_t lock;
    pthread_cond_t turn;
    unsigned checks;
    unsigned mends; /* runs over what is here */
};

static bool damaged_still(void *ctx)
{
    (void)ctx;
    return true;
}

static enum err installed_none(void *ctx, struct updater_installed *out, struct why *why)
{
    struct counted *c = ctx;

    (void)why;
    (void)pthread_mutex_lock(&c->lock);
    c->mends++;
    (void)pthread_cond_broadcast(&c->turn);
    (void)pthread_mutex_unlock(&c->lock);
    *out = (struct updater_installed){ .count = 0 };
    return ERR_OK;
}

static enum err check_counted(void *ctx, bool (*stop)(void *ctx), void *stop_ctx, struct why *why)
{
    struct counted *c = ctx;

    (void)stop, (void)stop_ctx, (void)why;
    (void)pthread_mutex_lock(&c->lock);
    c->checks++;
    (void)pthread_cond_broadcast(&c->turn);
    (void)pthread_mutex_unlock(&c->lock);
    return ERR_OK;
}

static void counted_until(struct counted *c, const unsigned *count, unsigned least)
{
    struct timespec until;
    int rc = 0;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += CHECK_WAIT_S;
    (void)pthread_mutex_lock(&c->lock);
    while (*count < least && rc == 0)
        rc = pthread_cond_timedwait(&c->turn, &c->lock, &until);
    (void)pthread_mutex_unlock(&c->lock);
    assert_int_equal(rc, 0);
}

/* Something was fetched once, or there is nothing to go on with. */
static void fetched(const char *dir)
{
    char path[FS_PATH_MAX];

    assert_int_equal(ERR_OK, fs_join(path, dir, "metadata", NULL));
    assert_int_equal(ERR_OK, fs_mkdirs(path, 0700, NULL));
    assert_int_equal(ERR_OK, fs_join(path, dir, "metadata/snapshot.json", NULL));
    assert_int_equal(ERR_OK, fs_replace(path, "{}", 2, 0600, NULL));
}

/* after: how long until it is looked at again, each time. */
static void kiosk_runs(struct counted *c, bool damaged, const int64_t *after_ms, size_t count,
                       const unsigned *counted)
{
    struct content_client *content = NULL;
    struct worker *w = NULL;
    struct kiosk k;
    char dir[FS_PATH_MAX];

    kiosk_new(&k, NULL);
    assert_int_equal(ERR_OK, fs_join(dir, k.dir, "content", NULL));
    fetched(dir);
    const struct content_client_options o = { .dir = dir,
                                              .device = "kiosk",
                                              .installed = installed_none,
                                              .check = check_counted,
                                              .damaged = damaged ? damaged_still : NULL,
                                              .ctx = c };
    assert_int_equal(ERR_OK, content_client_new(&o, &k.db, &content, NULL));
    k.o.content = content;
    c->mends = 0; /* it looks at what is installed as it is made */
    assert_int_equal(ERR_OK, worker_start(&k.o, &w, NULL));
    for (unsigned i = 0; i < count; i++) {
        clock_shift(k.o.clock, after_ms[i]);
        worker_wake(w);
        counted_until(c, counted, i + 1);
    }
    worker_stop(w);
    content_client_free(content);
    k.o.content = NULL;
    kiosk_done(&k);
    assert_int_equal(*counted, count);
}

static void content_that_stays_installed_is_read_through_once_a_day(void **state)
{
    static const int64_t days_ms[] = { CONTENT_CHECK_MS, CONTENT_CHECK_MS };
    struct counted c = { .lock = PTHREAD_MUTEX_INITIALIZER, .turn = PTHREAD_COND_INITIALIZER };

    (void)state;
    kiosk_runs(&c, false, days_ms, COUNT_OF(days_ms), &c.checks);
    assert_int_equal(c.mends, 0);
}

static void what_could_not_be_made_again_is_tried_again_each_hour(void **state)
{
    static const int64_t hours_ms[] = { CONTENT_CHECK_MS, 3600000, 3600000 };
    struct counted c = { .lock = PTHREAD_MUTEX_INITIALIZER, .turn = PTHREAD_COND_INITIALIZER };

    (void)state;
    kiosk_runs(&c, true, hours_ms, COUNT_OF(hours_ms), &c.mends);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(content_that_stays_installed_is_read_through_once_a_day),
        cmocka_unit_test(what_could_not_be_made_again_is_tried_again_each_hour),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
