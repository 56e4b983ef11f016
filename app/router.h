/* Where the person is: a stack of screens with home at its foot. Changes asked for while a screen draws take effect after
   the frame, so that no screen's state goes away under its own feet. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "app/screens/screen.h"
#include "platform/base/arena.h"

enum { ROUTER_DEPTH_MAX = 10, ROUTER_PENDING_MAX = 4 };

/* What a screen is about; copied into its arena. Members that a screen does not use stay NULL. */
struct route {
    const char *item, *form, *doc, *event, *text, *text2, *text3;
    unsigned number;
};

enum router_verb { ROUTER_PUSH, ROUTER_POP, ROUTER_HOME, ROUTER_REPLACE };

struct router_entry {
    const struct screen *screen;
    void *state; /* screen->state_size zeroed bytes */
    struct arena arena;
    struct route route;
    struct typed_field *typed; /* in the arena (typed.h) */
    bool unread; /* a read failed while it was opened or drawn: what it shows may lack something */
};

struct router {
    struct router_entry stack[ROUTER_DEPTH_MAX];
    size_t depth; /* at least 1 once started */
    struct {
        enum router_verb verb;
        const struct screen *screen;
        struct route route;
    } pending[ROUTER_PENDING_MAX];
    size_t pending_count;
    struct arena arena; /* strings of pending routes */
};

struct app;
void router_init(struct router *r);
void router_done(struct app *app);
/* Asks for a change; id must be in screens[]. */
void router_push(struct app *app, const char *id, const struct route *route);
void router_replace(struct app *app, const char *id,
                    const struct route *route); /* instead of the top one */
void router_pop(struct app *app);
void router_home(struct app *app);
/* Carries out what was asked for. Returns whether anything changed. */
bool router_settle(struct app *app);
struct router_entry *router_top(struct app *app);
