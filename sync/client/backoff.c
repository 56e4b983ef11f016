#include "sync/client/backoff.h"

int64_t backoff_next(struct backoff *b, uint64_t random, int64_t retry_after_ms)
{
    int64_t most = BACKOFF_BASE_MS;

    for (uint32_t i = 0; i < b->failures && most < BACKOFF_CAP_MS; i++)
        most *= 2;
    if (most > BACKOFF_CAP_MS)
        most = BACKOFF_CAP_MS;
    if (b->failures < UINT32_MAX)
        b->failures++;

    int64_t wait = (int64_t)(random % (uint64_t)(most + 1));
    if (wait < BACKOFF_FLOOR_MS)
        wait = BACKOFF_FLOOR_MS;
    if (retry_after_ms > BACKOFF_RETRY_AFTER_MAX_MS)
        retry_after_ms = BACKOFF_RETRY_AFTER_MAX_MS;
    return wait < retry_after_ms ? retry_after_ms : wait;
}

void backoff_clear(struct backoff *b)
{
    b->failures = 0;
}

int64_t backoff_spread(int64_t every_ms, uint64_t random)
{
    int64_t quarter = every_ms / 4;

    return every_ms - quarter + (int64_t)(random % (uint64_t)(2 * quarter + 1));
}
