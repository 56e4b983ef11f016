/* A tray: many items, one form, one answer for all, the odd one out by its row, one signature. tray_rows.c keeps the rows,
   tray.c draws them and signs. */
#pragma once

#include "app/screens/check.h"

enum { TRAY_TEXT = 160 };

struct tray_row {
    char item[KEYS_ID_TEXT], label[TRAY_TEXT], name[TRAY_TEXT];
    char reason[TRAY_TEXT];    /* of a fail; of what is missing */
    enum form_outcome outcome; /* with everything unanswered passed; OPEN: more must be answered */
    size_t left;
    bool held;   /* a notice came since it was put on */
    bool marked; /* something was answered for it by itself */
};

struct tray_state {
    bool ready, failed;
    bool sign_pending, gate_shown, signed_all;
    struct why why;
    struct arena arena;
    uint64_t seen;
    const struct form *form;
    struct tray_row *rows; /* STORE_TRAY_MAX; in the order of scanning */
    size_t count;
    char last[TRAY_TEXT]; /* what the last scan came to */
    enum ui_tone last_tone;
    char typing[128];
    bool typing_on;
    struct gate_answer gate;
    char gate_person[40]; /* whom it was judged for */
    const char *holders;
};

/* Why the form cannot be made for a tray; "" when it can. */
const char *tray_refusal(struct app *app, const struct form *f);
void tray_open(struct app *app, struct tray_state *s);
/* A scanned or typed label: a row, or words about why not. */
void tray_add(struct app *app, struct tray_state *s, const char *code);
/* Judges a row again: somebody answered for it. */
void tray_look(struct app *app, struct tray_state *s, size_t at);
/* Takes off what a notice holds back by now, and says so. */
void tray_drop_held(struct app *app, struct tray_state *s);
/* What was answered for the row goes: it passes with the rest. */
void tray_forgive(struct app *app, struct tray_state *s, size_t at);
void tray_count(const struct tray_state *s, size_t *out_pass, size_t *out_fail, size_t *out_open);
/* All of it in one transaction; false with words in a message. */
bool tray_record(struct app *app, struct tray_state *s);
