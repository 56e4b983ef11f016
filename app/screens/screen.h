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

extern const struct screen screen_home;
extern const struct screen screen_edition_news;
extern const struct screen screen_handover;
extern const struct screen screen_cover;
extern const struct screen screen_head;
extern const struct screen screen_challenges;
extern const struct screen screen_training_add;
extern const struct screen screen_training;
extern const struct screen screen_duty;
extern const struct screen screen_duties;
extern const struct screen screen_menu;
extern const struct screen screen_item;
extern const struct screen screen_check;
extern const struct screen screen_sign_in;
extern const struct screen screen_unknown;
extern const struct screen screen_register;
extern const struct screen screen_link;
extern const struct screen screen_clash;
extern const struct screen screen_due;
extern const struct screen screen_items;
extern const struct screen screen_sync;
extern const struct screen screen_content;
extern const struct screen screen_wiped;
extern const struct screen screen_unread;
extern const struct screen screen_join;
extern const struct screen screen_find;
extern const struct screen screen_reader;
extern const struct screen screen_why;
extern const struct screen screen_differs;
extern const struct screen screen_history;
extern const struct screen screen_record;
extern const struct screen screen_kiosk;
extern const struct screen screen_network;
extern const struct screen screen_kiosks;
extern const struct screen screen_hello;
extern const struct screen screen_admit;
extern const struct screen screen_stick;
extern const struct screen screen_kinds;
extern const struct screen screen_many;
extern const struct screen screen_move;
extern const struct screen screen_edit;
extern const struct screen screen_retire;
extern const struct screen screen_kit;
extern const struct screen screen_schools;
extern const struct screen screen_more;
extern const struct screen screen_readings;
extern const struct screen screen_lab;
extern const struct screen screen_lab_list;
extern const struct screen screen_out;
extern const struct screen screen_as_at;
extern const struct screen screen_people;
extern const struct screen screen_person;
extern const struct screen screen_grant;
extern const struct screen screen_erase;
extern const struct screen screen_touched;
extern const struct screen screen_awaiting;
extern const struct screen screen_countersign;
extern const struct screen screen_picture;
extern const struct screen screen_look;
extern const struct screen screen_send_on;
extern const struct screen screen_certificates;
extern const struct screen screen_certificate;
extern const struct screen screen_certificate_add;
extern const struct screen screen_print;
extern const struct screen screen_log;
extern const struct screen screen_tray;
extern const struct screen screen_import;
extern const struct screen screen_board;
extern const struct screen screen_board_list;
extern const struct screen screen_article;
extern const struct screen screen_constituency;
extern const struct screen screen_representative;
extern const struct screen screen_handoff;
extern const struct screen screen_letter_read;
extern const struct screen screen_letters;
extern const struct screen screen_letter;
extern const struct screen screen_ask;
extern const struct screen screen_chemical;
extern const struct screen screen_assessment;
extern const struct screen screen_steps;
extern const struct screen screen_emergency;
extern const struct screen screen_adapt;
extern const struct screen screen_adapt_lines;
extern const struct screen screen_adapt_line;
extern const struct screen screen_adaptation;
extern const struct screen screen_adaptations;
extern const struct screen screen_versions;
extern const struct screen screen_version;
extern const struct screen screen_draft;
extern const struct screen screen_approve;
extern const struct screen screen_three_way;
extern const struct screen screen_suggest;
extern const struct screen screen_suggestion;
extern const struct screen screen_suggestions;
extern const struct screen screen_incident;
extern const struct screen screen_look_again;
extern const struct screen screen_prep;
extern const struct screen screen_recall_cover;
extern const struct screen screen_recall;
extern const struct screen screen_recall_news;
extern const struct screen screen_recall_release;

const struct screen *screen_by_id(const char *id); /* NULL when none */

/* Whether the store changed since *seen, which is brought up to date: read again then. Starts at 0: stale. */
bool screen_stale(struct app *app, uint64_t *seen);
