/* Recalls and stop notices: what a notice is about, and whether it is about an item. Pure.

   A notice may name items (their kind, and of that kind makers, models and serial numbers), activities and
   chemicals. An item is held against each thing that the notice names of items; what it does not name, it does
   not ask for. One thing that is known to be another lets the item go; everything known and as named means that
   it is affected; anything else, that it may be: nobody has written down its maker, or wrote it in another way.
   What may be affected is held back like what is, until somebody has looked at the plate.

   Texts (makers, models) are compared by their ASCII letters and digits alone, small and capital alike: «PSU-30 B»
   is «psu30b». One that begins with the other, or holds it where that is three characters or more, is neither the
   same nor another; nor is one with the same digits whose letters, five or more, are two slips of the keys away (a
   shorter name without a number: one), one whose signs are taken for each other on a worn plate (O and 0, I and 1),
   a number alone where the other has that number, or a maker with a word of the other's name or its initials.
   Where one has letters beyond ASCII, the same consonants are enough for that too. Nothing, «unknown», «n/a» and
   the like are not known, nor is what somebody wrote with a question mark. What stands as maker is held against the
   models too, and the other way round: two cells change places in a list easily.

   Serial numbers are taken apart into runs of letters and runs of digits; a new run begins with each change, and
   after anything that is neither. Numbers are compared as numbers, however many noughts stand before them, and
   letters as letters. A serial is in a range or outside it only where its runs are of the same sorts as those of
   both ends, and its letters as many; any other is neither. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/domain/doc.h"

enum {
    STOP_BYTES_MAX = 1024 * 1024, /* of stop.json */
    STOP_NOTICES_MAX = 500,
    STOP_ID_MAX = 64, /* bytes */
    STOP_KEY_MAX = 160,
    STOP_DO_MAX = 3,
    STOP_NAMES_MAX = 200, /* entries of one list, as the front matter has them */
    STOP_RUNS_MAX = 16,   /* of a serial number */
};

/* Who may put back into use what a notice holds back, in the words of competence.h; by badge and PIN. */
#define STOP_RELEASERS "T"

enum stop_match {
    STOP_OUT,   /* it is about something else */
    STOP_MAYBE, /* it cannot be told: look at the plate */
    STOP_IN,
};

struct stop_range {
    const char *from, *to; /* both are in it */
};

struct stop {
    const char *id, *title, *issuer;
    const char *
        key; /* as lines and screens name it: of an employer's with its role before it; the reader sets the id */
    const char *body; /* its text, plain, a line a paragraph */
    int revision;
    bool recall; /* else a stop */
    bool withdrawn;
    bool example;        /* made up: it is told only where it is about something here */
    int32_t day;         /* of this revision; CALDATE_NONE */
    int32_t ends;        /* the last day that it holds; CALDATE_NONE: until it is taken back */
    const char **now_do; /* what to do now */
    size_t do_count;
    /* Items. Without kinds it is about none. */
    const char **kinds, **makers, **models;
    size_t kind_count, maker_count, model_count;
    struct stop_range *serials;
    size_t serial_count;
    const char **activities, **chemicals; /* ids of documents */
    size_t activity_count, chemical_count;
};

/* Whether a document is such a notice. */
bool stop_is(const struct doc *d);
/* Reads one. In the arena; strings are the document's. ERR_INPUT: it says what nobody could follow; why begins with
   «line N: » where the fault has a line. ERR_NOMEM. */
MUST_USE enum err stop_from_doc(struct arena *a, const struct doc *d, struct stop *out,
                                struct why *why);

/* A copy in the arena of what is told of it with an item (what it is about and its text stay behind); false: the arena is
   full. */
bool stop_told(struct arena *a, const struct stop *s, struct stop *out);

/* Whether it still holds. Where today is not sure, no date ends it. */
bool stop_holds(const struct stop *s, int32_t today, bool clock_untrusted);

/* What is known of an item; "" or NULL: nothing. */
struct stop_item {
    const char *kind, *maker, *model, *serial;
    const char *const *chemicals; /* ids of what is in it */
    size_t chemical_count;
};
enum stop_match stop_match(const struct stop *s, const struct stop_item *item);
/* What has to be read from the plate before it can be told: "maker, model and serial number"; "" where nothing is
   missing. In the arena. */
const char *stop_missing(struct arena *a, const struct stop *s, const struct stop_item *item);
/* Whether it is about the activity or the chemical of that id. */
bool stop_names_doc(const struct stop *s, const char *id);
/* What it is about, in a line: "Power supply · Example maker · PSU-30, PSU-31 · serial PS1000 to PS1999". Kinds are
   as name() tells them; NULL: their ids. In the arena. */
const char *stop_about(struct arena *a, const struct stop *s,
                       const char *(*name)(void *ctx, const char *kind), void *ctx);

/* stop_match.c. One text against one that the notice names. */
enum stop_match stop_text(const char *named, const char *known);
enum stop_match stop_maker(const char *named, const char *known);
enum stop_match stop_serial(const struct stop_range *range, const char *known);
/* Whether a range can hold anything: both ends of the same sorts of runs, the first not after the last. */
bool stop_range_fits(const struct stop_range *range);
/* Whether a text tells nothing: "", "?", "unknown". */
bool stop_unknown(const char *text);
