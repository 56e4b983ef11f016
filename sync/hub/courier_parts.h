/* What the files of the courier share. */
#pragma once

#include "platform/base/attr.h"
#include "sync/hub/courier.h"
#include "sync/hub/hubstore_stick.h"

/* name "": the folder. */
void courier_say(struct courier *c, const char *site, const char *name, const char *format, ...)
    PRINTF_LIKE(4, 5);
void courier_refuse(struct courier *c, const char *site, const char *name, const char *why);
/* Whether the stick has room for so many bytes more, in this round and at all. ERR_FULL. */
MUST_USE enum err courier_room(const struct courier *c, size_t len, struct why *why);

struct stick_folder;
/* The kiosks that everything is sealed to. */
struct courier_to {
    uint8_t (*keys)[KEYS_PUBLIC];
    size_t count;
};
/* courier_files.c: pieces of attachments, in and out; out as many as there is room for, to the first BUNDLE_RECEIVERS_MAX
   kiosks. */
MUST_USE enum err courier_take_files(struct courier *c, const struct hub_site *site,
                                     const struct stick_folder *folder, struct why *why);
MUST_USE enum err courier_give_files(struct courier *c, const struct hub_site *site,
                                     const struct stick_folder *folder, const struct courier_to *to,
                                     struct why *why);
/* courier_notice.c: a bundle of the lines that revoke, sealed to the revoked kiosks, and to the others (`to`), so that nobody
   reports it as a file that he cannot open. A full stick is no error: it counts in tally.left. */
MUST_USE enum err courier_give_notice(struct courier *c, const struct hub_site *site,
                                      const struct stick_folder *folder,
                                      const struct courier_to *to, struct why *why);
/* courier_held.c: of the attachments that have a piece on the stick, those that the hub holds whole, for its receipt; at most
   RECEIPT_FILES_MAX, from another place each time where there are more. In the arena. */
MUST_USE enum err courier_held(struct courier *c, const char *site,
                               const struct stick_folder *folder, struct arena *a,
                               struct receipt *out, struct why *why);
