#include <string.h>

#include "app/domain/adapt.h"
#include "platform/base/str.h"

/* Which version of an adaptation counts. Judged from the set of its lines alone, so that kiosks that hold
   the same lines agree. */

static bool version_replaces(const struct adapt_version *x, const struct adapt_version *y)
{
    for (size_t i = 0; i < x->replaces_count; i++) {
        if (str_eq(x->replaces[i], y->event))
            return !str_eq(x->event, y->event);
    }
    return false;
}

/* Whether it was in force at any time: that does not end by its being withdrawn. */
static bool version_stood(const struct adapt_version *v)
{
    return !v->needs_approval || (v->approved && !v->declined);
}

static bool version_after(const struct adapt_version *x, const struct adapt_version *y)
{
    int by = strcmp(x->hlc, y->hlc);

    if (by == 0)
        by = strcmp(x->device, y->device);
    return by != 0 ? by > 0 : x->seq > y->seq;
}

static bool version_superseded(const struct adapt_version *versions, size_t count, size_t i)
{
    const struct adapt_version *v = &versions[i];

    for (size_t k = 0; k < count; k++) {
        const struct adapt_version *w = &versions[k];

        if (k == i)
            continue;
        /* A version that waits only takes the place of another that waits: what is in force stays so until
           somebody approves. */
        if (version_replaces(w, v) && (version_stood(w) || !version_stood(v)))
            return true;
        /* Signed while kiosks were apart, neither knowing of the other: the later one holds. */
        if (version_stood(v) && version_stood(w) && !w->withdrawn && !version_replaces(v, w) &&
            version_after(w, v))
            return true;
    }
    return false;
}

enum adapt_state adapt_state_of(const struct adapt_version *versions, size_t count, size_t i)
{
    const struct adapt_version *v = &versions[i];

    if (v->withdrawn)
        return ADAPT_WITHDRAWN;
    if (v->needs_approval && v->declined)
        return ADAPT_DECLINED;
    if (version_superseded(versions, count, i))
        return ADAPT_SUPERSEDED;
    return version_stood(v) ? ADAPT_IN_FORCE : ADAPT_AWAITING;
}

bool adapt_state_usable(enum adapt_state state)
{
    return state == ADAPT_IN_FORCE || state == ADAPT_REVIEW_DUE;
}
