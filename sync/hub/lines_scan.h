/* A quick look at a line. Taking one apart as JSON costs more than everything else the hub does with it; most lines are
   plain enough to be judged in one pass over their bytes. Whoever is not sure asks event_parse, which has the last word:
   this only ever says what that would say. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/keys.h"
#include "sync/log/event.h"

struct lines_scan {
    char device[KEYS_ID_TEXT];
    char prev[KEYS_ID_TEXT];
    char kind[EVENT_KIND_MAX + 1];
    uint64_t seq;
    struct hlc hlc;
    bool moves; /* event_stamp_trusted */
};

/* true: event_parse takes the line, and these are its values. false: not sure. */
bool lines_scan(const char *line, size_t len, struct lines_scan *out);
