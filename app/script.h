/* A drive script, parsed: the user in a text file, one step a line (DESIGN section 6). Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

enum { SCRIPT_BYTES_MAX = 256 * 1024, SCRIPT_STEPS_MAX = 4000, SCRIPT_WAIT_MS = 5000 };

enum step_verb {
    STEP_SHOW,  /* text: picture, or NULL for none */
    STEP_KEY,   /* text */
    STEP_TAP,   /* text: label or id path; in: row or NULL */
    STEP_TYPE,  /* text */
    STEP_SEE,   /* text */
    STEP_UNSEE, /* text */
    STEP_SWIPE, /* number: 1 up, -1 down */
    STEP_BACK,
    STEP_IDLE, /* number: ms */
    STEP_NOW,  /* number: ms forward, or text: a time */
    STEP_NET,  /* number: 1 on, 0 off */
    STEP_SYNC,
    STEP_SHOT, /* text: name */
    STEP_TREE, /* text: name */
    STEP_AUDIT,
    STEP_STICK, /* text: a folder that is plugged in as a stick, or NULL: it is pulled out */
    STEP_DIE,   /* the power is cut: the process ends at once */
};

struct step {
    enum step_verb verb;
    unsigned line;
    const char *text, *in; /* unquoted, escapes resolved */
    const char *words;     /* the line as written */
    int64_t number;
    int64_t wait_ms; /* within */
};
struct script {
    struct step *steps;
    size_t count;
};

/* ERR_INPUT: the sentence begins with the line number. In the arena; source is kept. */
MUST_USE enum err script_parse(struct arena *a, const char *source, size_t len, struct script *out,
                               struct why *why);
