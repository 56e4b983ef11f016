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
};

static enum err installed_none(void *ctx, struct updater_installed *out, struct why *why)
{
    (void)ctx, (void)why;
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

static void counted_until(struct counted *c, unsigned checks)
{
    struct timespec until;
    int rc = 0;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += CHECK_WAIT_S;
    (void)pthread_mutex_lock(&c->lock);
    while (c->checks < checks && rc == 0)
        rc = pthread_cond_timedwait(&c->turn, &c->lock, &until);
    (void)pthread_mutex_unlock(&c->lock);
    assert_int_equal(rc, 0);
}

static void content_that_stays_installed_is_read_through_once_a_day(void **state)
{
    struct counted c = { .lock = PTHREAD_MUTEX_INITIALIZER, .turn = PTHREAD_COND_INITIALIZER };
    struct content_client *content = NULL;
    struct worker *w = NULL;
    struct kiosk k;
    char dir[FS_PATH_MAX];

    (void)state;
    kiosk_new(&k, NULL);
    assert_int_equal(ERR_OK, fs_join(dir, k.dir, "content", NULL));
    const struct content_client_options o = { .dir = dir,
                                              .device = "kiosk",
                                              .installed = installed_none,
                                              .check = check_counted,
                                              .ctx = &c };
    assert_int_equal(ERR_OK, content_client_new(&o, &k.db, &content, NULL));
    k.o.content = content;
    assert_int_equal(ERR_OK, worker_start(&k.o, &w, NULL));
    for (unsigned day = 1; day <= 2; day++) {
        clock_shift(k.o.clock, CONTENT_CHECK_MS);
        worker_wake(w);
        counted_until(&c, day);
    }
    worker_stop(w);
    content_client_free(content);
    k.o.content = NULL;
    kiosk_done(&k);
    assert_int_equal(c.checks, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(content_that_stays_installed_is_read_through_once_a_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
