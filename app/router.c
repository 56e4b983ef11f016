#include "app/router.h"

#include <assert.h>
#include <string.h>

#include "app/app.h"
#include "platform/base/str.h"

enum { ROUTER_ARENA_MAX = 24 * 1024 * 1024 };

void router_init(struct router *r)
{
    *r = (struct router){ .depth = 0 };
    arena_init(&r->arena, 1024 * 1024);
}

static const char *router_copy_text(struct arena *a, const char *text)
{
    return text == NULL ? NULL : arena_strdup(a, text);
}

static struct route router_copy(struct arena *a, const struct route *from)
{
    if (from == NULL)
        return (struct route){ .item = NULL };
    return (struct route){
        .item = router_copy_text(a, from->item),
        .form = router_copy_text(a, from->form),
        .doc = router_copy_text(a, from->doc),
        .event = router_copy_text(a, from->event),
        .text = router_copy_text(a, from->text),
        .text2 = router_copy_text(a, from->text2),
        .text3 = router_copy_text(a, from->text3),
        .number = from->number,
    };
}

static void router_drop(struct app *app, struct router_entry *e)
{
    if (e->screen->leave != NULL)
        e->screen->leave(app, e->state);
    arena_done(&e->arena);
    *e = (struct router_entry){ .screen = NULL };
}

static void router_enter(struct app *app, const struct screen *screen, const struct route *route)
{
    struct router *r = &app->router;
    if (r->depth == ROUTER_DEPTH_MAX) {
        /* Deeper than anybody remembers: forget the oldest above home. */
        struct router_entry gone = r->stack[1];
        memmove(r->stack + 1, r->stack + 2, (ROUTER_DEPTH_MAX - 2) * sizeof r->stack[0]);
        r->depth--;
        router_drop(app, &gone);
    }
    struct router_entry *e = &r->stack[r->depth++];
    *e = (struct router_entry){ .screen = screen };
    arena_init(&e->arena, ROUTER_ARENA_MAX);
    e->route = router_copy(&e->arena, route);
    e->state = arena_alloc(&e->arena, screen->state_size > 0 ? screen->state_size : 1);
    assert(e->state != NULL);
    if (screen->enter != NULL)
        screen->enter(app, e->state);
}

static void router_leave(struct app *app)
{
    struct router *r = &app->router;
    router_drop(app, &r->stack[--r->depth]);
}

void router_done(struct app *app)
{
    while (app->router.depth > 0)
        router_leave(app);
    arena_done(&app->router.arena);
}

static void router_ask(struct app *app, enum router_verb verb, const char *id,
                       const struct route *route)
{
    struct router *r = &app->router;
    if (r->pending_count == ROUTER_PENDING_MAX)
        return; /* more than one frame can mean; the first ones stand */
    size_t at = r->pending_count++;
    r->pending[at].verb = verb;
    r->pending[at].screen = id == NULL ? NULL : screen_by_id(id);
    assert(id == NULL || r->pending[at].screen != NULL);
    r->pending[at].route = router_copy(&r->arena, route);
}

void router_push(struct app *app, const char *id, const struct route *route)
{
    router_ask(app, ROUTER_PUSH, id, route);
}

void router_replace(struct app *app, const char *id, const struct route *route)
{
    router_ask(app, ROUTER_REPLACE, id, route);
}

void router_pop(struct app *app)
{
    router_ask(app, ROUTER_POP, NULL, NULL);
}

void router_home(struct app *app)
{
    router_ask(app, ROUTER_HOME, NULL, NULL);
}

bool router_settle(struct app *app)
{
    struct router *r = &app->router;
    if (r->pending_count == 0)
        return false;
    for (size_t i = 0; i < r->pending_count; i++) {
        switch (r->pending[i].verb) {
        case ROUTER_HOME:
            while (r->depth > 1)
                router_leave(app);
            break;
        case ROUTER_POP:
            if (r->depth > 1)
                router_leave(app);
            break;
        case ROUTER_REPLACE:
            if (r->depth > 1)
                router_leave(app);
            router_enter(app, r->pending[i].screen, &r->pending[i].route);
            break;
        case ROUTER_PUSH:
            router_enter(app, r->pending[i].screen, &r->pending[i].route);
            break;
        }
    }
    r->pending_count = 0;
    arena_reset(&r->arena);
    return true;
}

struct router_entry *router_top(struct app *app)
{
    return &app->router.stack[app->router.depth - 1];
}
