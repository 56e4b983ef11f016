/* Content at the hub, told to who runs it: a line a role, and a line an edition, or a kiosk, of what kiosks have. */
#pragma once

#include "sync/hub/content.h"
#include "sync/hub/table.h"

enum { CONTENT_SILENT_DAYS = 7 };

/* Which of it, and how; NULL and 0 leave nothing out. */
struct content_look {
    const char *role, *edition;
    /* Of installs alone. */
    const char *site, *state; /* its name; a word of content_state_ok */
    int ring;                 /* kiosks that an edition of so many per cent reaches */
    bool each;                /* a line a kiosk, else they are counted */
    enum table_format format;
    int64_t now_ms;
};
/* What a kiosk told (installed, waiting, refused), none: it told of no content, silent: it was not heard of for
   CONTENT_SILENT_DAYS, not-installed: it has another edition than the newest that the hub holds, or none. */
bool content_state_ok(const char *word);

/* A role of which something counts. */
struct content_role {
    char role[MANIFEST_ROLE];
    int64_t version, expires_ms;
    char edition[HUB_CONTENT_EDITION]; /* the newest; "": it has no manifest that can be read */
    int percent;
    int held; /* at most so many per cent take it; -1: it is not held */
};
/* By name, in the arena. ERR_NOT_FOUND: no root is trusted yet. */
MUST_USE enum err content_roles(struct hubstore *s, struct arena *a, struct content_role **out,
                                size_t *out_count, struct why *why);
/* Role, version, when it expires, edition, percent, hold. As text "signs" and how that stands comes first, and what kiosks will
   not take, or hold a later version of; as a table these are said to `aside`. */
MUST_USE enum err content_show(struct hubstore *s, const struct content_look *look, FILE *to,
                               FILE *aside, struct why *why);
/* Role, edition, state, kiosks, why not; or of each kiosk role, edition, state, site, name, id, ring, last status, why not
   (content_installs.c). ERR_LIMIT: too many different ones to be counted. */
MUST_USE enum err content_installs(struct hubstore *s, const struct content_look *look, FILE *to,
                                   struct why *why);
