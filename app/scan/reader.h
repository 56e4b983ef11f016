/* zbar with our whitelist: what one packed picture holds. It knows passes and lines, not votes. */
#pragma once

#include "app/scan/decode.h"
#include "app/scan/luma.h"

/* lines: how many scan lines agreed on it (QR: 1). The payload is borrowed for the call. */
typedef void reader_found(void *ctx, enum symbology s, const char *payload, size_t len,
                          unsigned lines);

struct reader;
MUST_USE enum err reader_new(struct reader **out, struct why *why);
void reader_free(struct reader *r);

/* Linear codes along straight lines at the given angles (degrees), gap_px apart; every line is one
   vote. Within one sweep zbar may join the halves of an EAN from two lines; nothing is carried from
   one sweep or picture to the next. */
void reader_lines(struct reader *r, const struct luma *p, const int *degrees, size_t count,
                  int gap_px, reader_found *found, void *ctx);
/* QR codes; a payload that is not UTF-8 is left out: what it says would be a guess. */
void reader_qr(struct reader *r, const struct luma *p, int density, reader_found *found, void *ctx);
