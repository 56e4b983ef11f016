#include "app/session.h"

#include "platform/base/str.h"

bool session_in(const struct session *s)
{
    return s->person[0] != '\0';
}

void session_start(struct session *s, const char *person, const char *name, const char *role,
                   enum session_proof proof, int64_t mono_ms)
{
    /* The same person showing a second proof adds to the first; another person starts anew. */
    bool same = str_eq(s->person, person);
    unsigned before = same ? s->proof : 0;
    /* Who chose a list before signing in is still looking at it. */
    struct session_lists lists =
        same || !session_in(s) ? s->lists : (struct session_lists){ .by_date = false };
    *s = (struct session){ .proof = before | (unsigned)proof,
                           .touched_ms = mono_ms,
                           .lists = lists };
    (void)str_copy(s->person, sizeof s->person, person);
    (void)str_copy(s->name, sizeof s->name, name);
    (void)str_copy(s->role, sizeof s->role, role);
}

/* When somebody last touched the panel stays known: whoever signs out by signing is still standing there, and the page in
   front of them is not left for want of touches. */
void session_end(struct session *s)
{
    *s = (struct session){ .touched_ms = s->touched_ms };
}

const char *session_proof_name(unsigned proof)
{
    static const char *const names[] = { "", "badge", "pin", "badge+pin" };
    return names[proof & (PROOF_BADGE | PROOF_PIN)];
}

int session_countdown(const struct session *s, int64_t mono_ms)
{
    int64_t idle = mono_ms - s->touched_ms;
    if (!session_in(s) || idle < SESSION_IDLE_MS)
        return -1;
    int64_t left = SESSION_IDLE_MS + SESSION_COUNTDOWN_MS - idle;
    return left <= 0 ? 0 : (int)((left + 999) / 1000);
}

int64_t session_due_ms(const struct session *s, int64_t mono_ms)
{
    if (!session_in(s))
        return INT64_MAX;
    int64_t start = s->touched_ms + SESSION_IDLE_MS;
    if (mono_ms < start)
        return start;
    return start + ((mono_ms - start) / 1000 + 1) * 1000;
}
