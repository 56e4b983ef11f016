/* What the screen of records says: the four facts, and what the state is called, means and wants. */
#pragma once

#include "app/screens/page.h"

enum { SYNC_FACTS = 4 };

/* Its strings are static or in the frame's arena. */
struct sync_fact {
    const char *id;
    uint32_t icon;
    const char *name, *big, *small;
};
/* Saved here, waiting, last success, next try. Where records go by stick: last taken and last given in place of the last two. */
void sync_tell_facts(struct app *app, const struct sync_facts *f, struct sync_fact out[SYNC_FACTS]);

struct sync_words {
    const char *badge, *title, *means, *do_this, *code;
    enum ui_tone tone;
    enum ui_card card;
};
struct sync_words sync_words(struct app *app, const struct sync_facts *f);

/* Signed content in words; in the frame's arena or static. */
struct content_words {
    const char *title;   /* "Guidance and forms: 2026-11-23" */
    const char *checked; /* "Last checked 18:02, 3 min ago" */
    const char *badge;
    const char *state; /* a sentence more */
    enum ui_tone tone;
};
struct content_words content_words(struct app *app, const struct content_view *v);

/* A hub is known and the last try failed. */
bool sync_failed(const struct sync_facts *f);
/* A school without a hub: its kiosks share by stick. */
bool sync_by_stick(const struct sync_facts *f);
/* A stick is in, or has just been pulled out too early. */
bool sync_stick_in(const struct app *app);
