/* Certificates, written schemes and reports of an item: a file beside the log (sync/log/files.h) and a line that says what it
   is. The line is item.document: subject the item; body document (the id that stays), title, sort, day, valid_until, check,
   file {sha256, type, bytes, name}. One that takes it back names the line before in replaces and says why. */
#pragma once

#include "app/store/store.h"

enum { CERTIFICATES_MAX = 200 /* of one item */ };

/* Texts are never NULL, "" where there is nothing to say. */
struct certificate {
    const char *event, *item, *document;
    const char *title;
    const char *sort;   /* "calibration", "scheme", "report", "other" */
    const char *check;  /* event id of the record that it belongs to */
    int32_t day, until; /* of the paper, and until when it holds; CALDATE_NONE: it does not say */
    const char *sha256, *type, *name;
    int64_t bytes;
    const char *actor; /* who attached it */
    int64_t at_ms;
};

/* As people call it; the first is what is attached most. NULL past the last. */
const char *certificate_sort(size_t at);
const char *certificate_sort_words(const char *sort);

/* The file is kept already (files_put). out_event may be NULL. ERR_INPUT: a text is missing, or valid_until is before
   the day; ERR_LIMIT: the item has CERTIFICATES_MAX of them. */
MUST_USE enum err store_add_certificate(struct store *s, struct clock_now now, const char *actor,
                                        const struct certificate *c, char out_event[EVENT_ID_TEXT],
                                        struct why *why);
/* It is listed no longer; the line and the file stay. reason: why. ERR_NOT_FOUND: it is not in force. */
MUST_USE enum err store_withdraw_certificate(struct store *s, struct clock_now now,
                                             const char *actor, const char *event,
                                             const char *reason, struct why *why);
/* Those of an item that stand, newest paper first; check: of that record alone, "" all. */
MUST_USE enum err query_certificates(struct store *s, const char *item, const char *check,
                                     struct arena *a, struct certificate **out, size_t *out_count,
                                     struct why *why);
/* ERR_NOT_FOUND: no such one, or it was taken back. */
MUST_USE enum err query_certificate(struct store *s, const char *event, struct arena *a,
                                    struct certificate *out, struct why *why);
