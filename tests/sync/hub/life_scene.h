/* A hub that serves, and two kiosks of a site of the case's own: on whichever engine CANNY_POSTGRES says. Everything fails the
   running test by itself. */
#pragma once

#include "tests/sync/hub/hub_fixture.h"

struct life {
    struct hub_process hub;
    struct kiosk a, b;
    struct arena arena;
    char site[40]; /* each case's own: on PostgreSQL they share a hub */
};
int life_new(void **state); /* gives a struct life */
int life_done(void **state);
#define LIFE_CASE(f) cmocka_unit_test_setup_teardown(f, life_new, life_done)

/* canny-hub COMMAND at the hub's place, with what follows (NULL at the end): its exit status. */
int life_run(struct life *s, char *out, size_t size, const char *const *args);
/* The site's lines as the hub exports them, sorted, one text. */
char *life_export(struct life *s);
void life_verifies(struct life *s);
/* One kiosk more. */
void life_kiosk(struct life *s, struct kiosk *k);
void life_rounds(struct life *s, size_t times);
/* Asks the hub for its head by hand. */
int life_status(struct life *s, struct kiosk *k, struct http_reply *r, const char **problem);
/* Which of the hub's epochs the kiosk goes by. */
const char *life_epoch(struct life *s, struct kiosk *k);
