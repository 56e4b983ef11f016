/* Carries records by stick on a thread of its own, with its own database connection: screens only look at what it says.
   A stick that is plugged in is looked through at once; nothing is taken or given before somebody says so. */
#pragma once

#include "sync/client/stick.h"

enum { PORTER_STICKS_MAX = 8, PORTER_NAME_MAX = 64 };

enum porter_state {
    PORTER_NONE,    /* no stick */
    PORTER_NO_SITE, /* a stick, and this kiosk belongs to no school yet */
    PORTER_LOOKING,
    PORTER_FOUND, /* tally.take and .give say what there is to do */
    PORTER_BUSY,
    PORTER_DONE,   /* all that was written is on the stick: it may be pulled out */
    PORTER_FAILED, /* rc and why; tally says what was done before */
};

struct porter_view {
    enum porter_state state;
    char name[PORTER_NAME_MAX]; /* of the stick: its folder's name */
    struct stick_tally tally;
    enum err rc;
    struct why why;
    bool pulled;      /* FAILED: the stick was pulled out in the middle */
    unsigned waiting; /* further sticks */
    uint64_t serial;  /* moves whenever anything of this does */
    uint64_t plugs;   /* how many sticks were plugged in since start */
};

struct content_client;
struct porter_options {
    const char *data_dir; /* canny.db is inside */
    struct keypair self;
    struct clock *clock;
    struct stick_ports ports;
    struct content_client *content; /* takes signed content from a stick; NULL: none is taken */
    /* After each exchange, on the porter's connection. May be NULL. */
    enum err (*settled)(void *ctx, struct db *db, struct why *why);
    /* The view has changed (called on the porter's thread). */
    void (*changed)(void *ctx, bool records);
    void *ctx;
};

struct porter;
MUST_USE enum err porter_start(const struct porter_options *o, struct porter **out,
                               struct why *why);
/* Ends what is under way between two steps, none of which is long. NULL is fine. */
void porter_stop(struct porter *p);

/* A stick's folder appeared or went. More than PORTER_STICKS_MAX are not looked at. */
void porter_plug(struct porter *p, const char *root);
void porter_unplug(struct porter *p, const char *root);
/* «Take and give»: while FOUND, DONE or FAILED; else nothing. */
void porter_go(struct porter *p);
/* Stop after the step under way. */
void porter_cancel(struct porter *p);
/* Looks through the stick again, as after this kiosk came to belong to a school. */
void porter_again(struct porter *p);
void porter_look(struct porter *p, struct porter_view *out);
