/* Whether a screen can be used: the hard numbers of the design held against the widget tree of one
   frame. Pure; the same for a drive script's `audit` and for the tests. */
#pragma once

#include <stddef.h>

#include "app/ui/ui.h"
#include "platform/base/arena.h"
#include "platform/base/err.h"

enum { AUDIT_FAULTS_MAX = 256 };

/* The rules, by their stable names:
   target-size  a target smaller than 15 x 12 mm, a primary one than 20 x 15, a key than 8 x 11.6
   target-gap   two targets nearer than 3 mm, 6 mm about a destructive one; keys stand close, the
                nearest takes the tap
   clipped      words that were shortened or did not fit
   no-room      words in a box that is lower than one line of them
   text-size    capitals lower than 2.4 mm
   contrast     words under 4.5:1 on what they stand on
   overlap      two widgets of which neither holds the other, or words over words
   off-screen   a widget not wholly on the screen (what a scroll area can bring in is not meant)
   colour-only  a state told by colour without an icon and a word
   duplicate    two widgets of one path, or more widgets than the tree holds
   heading      a screen without a heading */
struct audit_fault {
    const char *rule; /* static */
    const char *path; /* of the widget, borrowed from the tree */
    const char *text; /* one sentence with what was measured and what is needed, in the arena */
};
struct audit_faults {
    struct audit_fault *faults; /* in the arena */
    size_t count;               /* at most AUDIT_FAULTS_MAX */
};

/* ERR_NOMEM when the arena is full. count 0 means the screen passes. */
MUST_USE enum err audit_run(const struct ui_tree *tree, const struct ui_scale *scale,
                            struct arena *arena, struct audit_faults *out);

/* WCAG 2 contrast of two colours, 1 to 21. */
double audit_contrast(color a, color b);
