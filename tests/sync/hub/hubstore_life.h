/* What hubs' lives need in the cases of more than one file. */
#pragma once

#include "sync/hub/cert.h"
#include "tests/sync/hub/hubstore_cases.h"

/* The hub's word of a device, or another's. */
const char *life_text(struct store_bench *b, const struct keypair *hub, const char *type,
                      const char *site, const char *voice, const char *device);
/* A line of the kind with one text under one name in its body. */
void life_write(struct store_bench *b, struct store_device *d, const char *kind,
                const char *subject, const char *member, const char *text);
/* One push of lines of two devices. */
struct hub_push *life_both(struct store_bench *b, const char *site, const char *sender,
                           const struct store_device *x, const struct store_device *y);
/* How many of the site's lines have the text in them. */
size_t life_lines(struct store_bench *b, const char *site, const char *text);
struct hub_known life_known(struct store_bench *b, const char *device);
struct hub_enrolled life_enrol(struct store_bench *b, struct hub_enrol ask);
const uint8_t *life_code(struct store_bench *b, const char *site);
