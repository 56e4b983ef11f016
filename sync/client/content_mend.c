#include "sync/client/content_parts.h"

#include "platform/base/log.h"

/* What is installed and is not what it was: found by reading it through, made again from what is whole. */

void content_client_mend(struct content_client *c)
{
    (void)pthread_mutex_lock(&c->lock);
    c->mend = true;
    c->full = true;
    c->failures = 0;
    c->next_ms = 0;
    (void)pthread_mutex_unlock(&c->lock);
}

void content_client_mend_here(struct content_client *c, struct db *db, struct clock *clock)
{
    (void)pthread_mutex_lock(&c->lock);
    const bool mend = c->mend;
    c->mend = false;
    (void)pthread_mutex_unlock(&c->lock);
    if (mend)
        content_client_resume(c, db, clock);
}

enum content_checked content_client_check(struct content_client *c, bool (*stop)(void *ctx),
                                          void *ctx)
{
    struct why why = { 0 };
    enum err rc = ERR_OK;

    if (c->o.check != NULL) {
        (void)pthread_mutex_lock(&c->run);
        rc = c->o.check(c->o.ctx, stop, ctx, &why);
        (void)pthread_mutex_unlock(&c->run);
    }
    if (rc != ERR_OK && rc != ERR_OFFLINE)
        log_line(LOG_WARN, "content: check it: %s", why.text);
    if (rc == ERR_OFFLINE)
        return CONTENT_CHECK_STOPPED;
    /* It could not be made again so far, as the card was full, say: a kiosk that asks nobody tries by itself. */
    if (c->o.damaged == NULL || !c->o.damaged(c->o.ctx))
        return CONTENT_CHECKED;
    content_client_mend(c);
    return CONTENT_CHECK_DAMAGED;
}
