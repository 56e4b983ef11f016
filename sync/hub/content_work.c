#include "sync/hub/content.h"
#include "sync/hub/hubstore_parts.h"

/* What commands and the keeper do, each in a transaction of its own; requests come by the committer instead. */

static enum err work_offer(struct hubstore *s, void *ctx, struct why *why)
{
    return content_offer_in(s, ctx, why);
}

enum err content_offer(struct hubstore *s, struct content_offer *o, struct why *why)
{
    return hubstore_in(s, true, work_offer, o, why);
}

static enum err work_trust(struct hubstore *s, void *ctx, struct why *why)
{
    return content_trust_in(s, ctx, why);
}

enum err content_trust(struct hubstore *s, struct content_offer *o, struct why *why)
{
    return hubstore_in(s, true, work_trust, o, why);
}

static enum err work_keys(struct hubstore *s, void *ctx, struct why *why)
{
    enum err rc = hubstore_content_lock_in(s, why);

    return rc == ERR_OK ? hubstore_content_keys_in(s, ctx, why) : rc;
}

enum err content_keys(struct hubstore *s, struct hub_content_keys *out, struct why *why)
{
    return hubstore_in(s, true, work_keys, out, why);
}

static enum err work_key_new(struct hubstore *s, void *ctx, struct why *why)
{
    (void)ctx;
    enum err rc = hubstore_content_lock_in(s, why);
    return rc == ERR_OK ? hubstore_content_key_new_in(s, why) : rc;
}

enum err content_key_new(struct hubstore *s, struct why *why)
{
    return hubstore_in(s, false, work_key_new, NULL, why);
}

static enum err work_sign(struct hubstore *s, void *ctx, struct why *why)
{
    enum err rc = hubstore_content_lock_in(s, why);

    return rc == ERR_OK ? content_sign_in(s, ctx, why) : rc;
}

enum err content_sign(struct hubstore *s, struct content_signing *g, struct why *why)
{
    return hubstore_in(s, true, work_sign, g, why);
}
