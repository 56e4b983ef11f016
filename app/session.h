/* Who is at the kiosk, and how they showed it. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    SESSION_IDLE_MS = 90 * 1000,      /* without a touch: the countdown starts */
    SESSION_COUNTDOWN_MS = 20 * 1000, /* then the person is signed out, drafts kept */
    /* Nobody signed in, nobody touching: back to the first screen. */
    SESSION_HOME_MS = 5 * 60 * 1000,
};

enum session_proof { PROOF_BADGE = 1, PROOF_PIN = 2 };

/* How whoever stands here wants lists of checks: kept until they sign out, or somebody else signs in. */
struct session_lists {
    unsigned departments; /* a set of department.h; 0: all */
    bool by_date;         /* by date, then danger; else in walking order */
};

struct session {
    char person[40]; /* "" nobody */
    char name[128];
    char role[32];
    unsigned proof; /* of enum session_proof */
    int64_t touched_ms;
    struct session_lists lists;
};

void session_start(struct session *s, const char *person, const char *name, const char *role,
                   enum session_proof proof, int64_t mono_ms);
void session_end(struct session *s);
bool session_in(const struct session *s);
/* "badge", "pin", "badge+pin", "". */
const char *session_proof_name(unsigned proof);
/* Seconds left of the countdown, 1 to 20; 0 when it has run out; -1 when it does not show. */
int session_countdown(const struct session *s, int64_t mono_ms);
/* When session_countdown gives another answer; INT64_MAX when nobody is signed in. */
int64_t session_due_ms(const struct session *s, int64_t mono_ms);
