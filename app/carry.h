/* The stick at the kiosk: who sees that one is plugged in, who carries records by it, and the card that comes by itself. */
#pragma once

#include <stdatomic.h>

#include "platform/stick.h"
#include "sync/client/porter.h"

struct app;

struct carry {
    struct porter *porter;
    struct stick_watch *watch;
    struct stick_mounts known; /* the watch's own thread's */
    _Atomic bool changed;
    struct porter_view view; /* as this frame sees it */
    uint64_t shown;          /* the plug whose card has come */
    char dir[FS_PATH_MAX];   /* a script's stick; "" none */
};

MUST_USE enum err carry_open(struct app *app, struct why *why);
void carry_close(struct app *app); /* accepts a half-open one */
/* At the head of a frame: what the porter says now, and whether its card comes. */
void carry_step(struct app *app);
/* A drive script's `stick DIR` and `stick out`: as if DIR had been plugged in, or pulled out. */
void carry_plug(struct app *app, const char *dir);
