/* What the schools said about recalls and stop notices, counted from their lines. Names nobody.

   The rules are the kiosks' (sync/PROTOCOL.md, «Notices»): an answer counts that nobody took back within eight seconds and no
   other replaces; a release counts that names every answer which stands. A line that left its chain counts once, as its own
   writer's, however many carry it; lines are looked for one by one, so that a site at a time is counted. What a school holds back is what its latest stop.seen says. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

enum { TALLY_LINES_MAX = 20000 /* of one site */ };

struct tally_line;    /* opaque */
struct tally_carried; /* opaque */
struct tally {
    struct arena a;
    struct tally_line *lines;
    size_t line_count, line_cap;
    struct tally_carried *carried;
    size_t carried_count, carried_cap;
};
void tally_init(struct tally *s);
void tally_done(struct tally *s);
/* A line of a site, all of one site's or of several; one of another kind, or of no kind that this release knows, is passed over. ERR_NOMEM, ERR_LIMIT. */
MUST_USE enum err tally_add(struct tally *s, const char *site, const char *line, size_t len,
                            struct why *why);

struct tally_site {
    const char *site, *notice;
    int64_t revision; /* the highest that the site has seen */
    int64_t seen_ms;  /* when it was first seen there, in any revision */
    size_t held;      /* items that it holds back, or held back before they were released */
    size_t found, gone, cleared, waiting;
};
/* By notice, then site. In the arena of s. */
MUST_USE enum err tally_sites(struct tally *s, struct tally_site **out, size_t *out_count,
                              struct why *why);
