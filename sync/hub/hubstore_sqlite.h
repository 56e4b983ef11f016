/* The parts of the SQLite store, for its own files only. */
#pragma once

#include "platform/base/db.h"
#include "platform/base/fs.h"
#include "sync/hub/hubstore.h"

struct hubstore_sqlite {
    struct db db;
    char dir[FS_PATH_MAX];
};

/* Ends the transaction that the caller began: commits when rc is ERR_OK, else rolls back; tells how it went. */
MUST_USE enum err hubstore_end(struct hubstore_sqlite *s, enum err rc, struct why *why);
/* Gives a line just stored the site's next number, inside the caller's transaction. */
MUST_USE enum err hubstore_number(struct hubstore_sqlite *s, const char *site, const char *device,
                                  uint64_t seq, struct why *why);

/* hubstore_enrol.c */
MUST_USE enum err hubstore_code_add(void *ctx, const char *site_name,
                                    const uint8_t code_hash[KEYS_HASH], int64_t expires_ms,
                                    struct clock_now now, struct why *why);
MUST_USE enum err hubstore_enrol(void *ctx, const struct hub_enrol *ask, struct arena *a,
                                 struct hub_enrolled *out, struct why *why);
/* hubstore_lines.c */
MUST_USE enum err hubstore_append(void *ctx, const struct hub_push *push, struct hub_head *out,
                                  struct why *why);
MUST_USE enum err hubstore_head(void *ctx, const char *device, struct hub_head *out,
                                struct why *why);
MUST_USE enum err hubstore_head_signed(void *ctx, const char *device, const struct hub_head *head,
                                       const char *signature, struct why *why);
MUST_USE enum err hubstore_since(void *ctx, const char *site, uint64_t after, size_t max,
                                 struct arena *a, struct bundle *out, struct why *why);

/* Writes a line by the voice of the site, inside the caller's transaction (hubstore_enrol.c). */
MUST_USE enum err hubstore_say(struct hubstore_sqlite *s, const struct hub_device *where,
                               const struct event_draft *draft, struct clock_now now,
                               struct arena *a, struct why *why);
/* hubstore_letter.c */
MUST_USE enum err hubstore_post_take(void *ctx, const struct hub_post *post, struct clock_now now,
                                     struct why *why);
MUST_USE enum err hubstore_posts(void *ctx, hub_post_visit visit, void *visit_ctx, struct why *why);
MUST_USE enum err hubstore_letters(void *ctx, hub_letter_visit visit, void *visit_ctx,
                                   struct why *why);
MUST_USE enum err hubstore_answer(void *ctx, const struct hub_answer *answer, struct clock_now now,
                                  struct why *why);
