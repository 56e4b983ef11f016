/* Signed content on the stick, beside the records: what IT has put there for everybody (CANNY/content) and what kiosks of the
   school give each other (CANNY/SITE/content). Taken after the records, given last. On the porter's thread. */
#pragma once

#include "sync/client/content.h"
#include "sync/client/stick.h"

struct stick_content {
    struct content_client *client;
    struct stick *stick; /* its tally is read and written */
    struct db *db;
    struct clock *clock;
    bool (*cancelled)(void *ctx);
    void (*progress)(void *ctx, size_t done, size_t all);
    void *ctx;
};

/* Whether there is some to take, and some to give. */
void stick_content_look(const struct stick_content *w);
void stick_content_go(const struct stick_content *w);
