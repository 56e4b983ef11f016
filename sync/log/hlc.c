#include "sync/log/hlc.h"

#include <string.h>

enum {
    HLC_MS_DIGITS = 12,
    HLC_N_DIGITS = 4,
};

int hlc_cmp(struct hlc a, struct hlc b)
{
    if (a.ms != b.ms)
        return a.ms < b.ms ? -1 : 1;
    if (a.n != b.n)
        return a.n < b.n ? -1 : 1;
    return 0;
}

struct hlc hlc_tick(struct hlc *clock, int64_t now_ms)
{
    if (now_ms > HLC_MS_MAX)
        now_ms = HLC_MS_MAX;
    if (now_ms > clock->ms) {
        clock->ms = now_ms;
        clock->n = 0;
    } else if (clock->n == UINT16_MAX) {
        /* More than 65536 stamps while the wall clock stood still or lay behind: borrow from the
           next millisecond rather than repeat one. */
        clock->ms++;
        clock->n = 0;
    } else {
        clock->n++;
    }
    return *clock;
}

bool hlc_merge(struct hlc *clock, struct hlc peer, bool trusted, int64_t now_ms)
{
    if (hlc_cmp(peer, *clock) <= 0)
        return true;
    if (peer.ms > HLC_MS_MAX)
        return false;
    if (!trusted && peer.ms - HLC_COUNT_MAX_MS > clock->ms)
        return false;
    if (now_ms > 0 && peer.ms - HLC_AHEAD_MAX_MS > now_ms)
        return false;

    *clock = peer;
    return true;
}

static char *hlc_hex(char *out, uint64_t value, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        out[i] = "0123456789abcdef"[value & 15];
        value >>= 4;
    }
    return out + digits;
}

void hlc_text(char out[HLC_TEXT], struct hlc stamp)
{
    char *end = hlc_hex(out, (uint64_t)stamp.ms, HLC_MS_DIGITS);

    end = hlc_hex(end, stamp.n, HLC_N_DIGITS);
    *end = '\0';
}

bool hlc_parse(const char *text, struct hlc *out)
{
    uint64_t value = 0;

    if (strlen(text) != HLC_MS_DIGITS + HLC_N_DIGITS)
        return false;
    for (const char *p = text; *p != '\0'; p++) {
        if (*p >= '0' && *p <= '9')
            value = value << 4 | (uint64_t)(*p - '0');
        else if (*p >= 'a' && *p <= 'f')
            value = value << 4 | (uint64_t)(*p - 'a' + 10);
        else
            return false; /* capitals too: they would sort apart from the same stamp */
    }
    out->ms = (int64_t)(value >> 16);
    out->n = (uint16_t)(value & UINT16_MAX);
    return true;
}
