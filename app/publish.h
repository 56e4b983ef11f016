/* Signed content at the kiosk: what the updater (sync/update/updater.h) hands to the store, and when it runs at the start. */
#pragma once

#include "platform/base/err.h"

struct app;
struct db;

/* After the store and the clock, before the content is opened: a repository given with --content is installed from, and what was
   fetched before a power cut is gone on with. What is wrong with content keeps no kiosk from starting. */
MUST_USE enum err publish_open(struct app *app, struct why *why);
/* The example school that came with the content may say where the kiosk belongs: its employer's content is taken too. */
void publish_seeded(struct app *app);
void publish_close(struct app *app);
/* The same after lines came by stick: on the porter's thread, before it takes content. */
void publish_carried(struct app *app, struct db *db);
/* Where the kiosk belongs may be another: then the hub is asked anew. Between frames. */
void publish_step(struct app *app);
