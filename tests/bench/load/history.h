/* A school's history of any length, as lines: a register, people, then checks over years from several kiosks, with fails and
   what answered them, undone ones, labels, reading. The same seed gives the same lines but for the keys. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "app/store/content.h"
#include "app/store/store.h"
#include "platform/base/err.h"

struct history {
    size_t lines, items, devices;
    int32_t last_day; /* civil day of the last of them */
    int years;
    bool checks_only; /* after the register: checks alone, all of this kiosk's */
    /* Called after the register and after each transaction of the years; may be NULL. */
    enum err (*told)(struct history *h, struct why *why);
    void *ctx; /* for told */
    /* Out. */
    size_t made, bytes, check_bytes, checks;
};
/* Lines by the store's own key and by devices - 1 others, taken in as lines that came back, STORE_INGEST_MAX at a time. */
MUST_USE enum err history_fill(struct history *h, struct store *s, struct content *content,
                               struct why *why);
