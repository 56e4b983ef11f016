/* What a screen is, and the one table of them. A screen draws itself from the store and the session; it reads again when
   app->version has moved (screen_stale). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct app;
struct thing;

struct screen {
    const char *id;    /* never changes meaning: drive scripts name it in paths */
    size_t state_size; /* zeroed on entering, kept while the screen is on the stack */
    void (*enter)(struct app *app,
                  void *state); /* may be NULL; router_top(app)->route says what about */
    void (*frame)(struct app *app, void *state); /* draws and acts */
    void (*leave)(struct app *app, void *state); /* may be NULL */
    /* Something was scanned: true when the screen took it itself; else the app goes where it leads. May be NULL. */
    bool (*scan)(struct app *app, void *state, const struct thing *thing);
    bool wants_camera; /* shows the live picture: frames are drawn when it changes */
    bool wants_ticks;  /* shows seconds: drawn once a second */
    bool stays; /* holds what somebody typed and nothing has saved: not left for want of touches */
};

extern const struct screen screen_home, screen_item, screen_check, screen_sign_in, screen_unknown,
    screen_register, screen_link, screen_clash, screen_due, screen_items, screen_sync, screen_join,
    screen_find, screen_reader, screen_why, screen_history, screen_record, screen_kiosk,
    screen_kinds, screen_many, screen_move, screen_edit, screen_retire, screen_kit, screen_schools,
    screen_more, screen_readings, screen_lab, screen_lab_list, screen_out, screen_as_at,
    screen_people, screen_person, screen_grant, screen_touched, screen_awaiting, screen_countersign,
    screen_picture, screen_log, screen_tray, screen_import;

const struct screen *screen_by_id(const char *id); /* NULL when none */
/* The table, for the tests that visit every screen. */
const struct screen *const *screen_all(size_t *out_count);

/* Whether the store changed since *seen, which is brought up to date: read again then. Starts at 0: stale. */
bool screen_stale(struct app *app, uint64_t *seen);
