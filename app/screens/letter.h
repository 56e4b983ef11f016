/* A letter on the screen: what its files share. letter.c opens and draws it over the rows of a check, letter_text.c puts it
   into words for people, letter_send.c queues it or hands it over. The drafts keep what it is about under names that no row
   of a form has. */
#pragma once

#include "app/screens/ask.h"
#include "app/screens/check.h"
#include "app/store/letters.h"

#define LETTER_KEY_ABOUT "letter:about"
#define LETTER_KEY_ITEM "letter:item" /* "yes": what it is about is an item */
#define LETTER_KEY_STRENGTH "letter:concentration"
#define LETTER_KEY_DONE "letter:done" /* the day on which its writer says that it was handed in */

enum letter_wish { LETTER_WISH_NONE, LETTER_WISH_QUEUE };

struct letter_page {
    struct check_state check;
    char id[KEYS_RANDOM_ID];
    char owner[40]; /* whose draft it is; "" nobody's yet */
    struct ask_about about;
    bool kept;     /* what it is about is in the draft */
    bool pending;  /* a signature is waited for */
    bool throwing; /* the next tap throws the draft away */
    bool handed;
    bool gone; /* queued or thrown away: nothing more is saved */
};

/* Opens the letter of a form about something; about NULL: nothing in particular. */
void letter_open(struct app *app, const char *form, const struct ask_about *about);
/* The same with words for the first row that is written in; NULL: none. */
void letter_open_with(struct app *app, const char *form, const struct ask_about *about,
                      const char *words);

/* letter_text.c: all of it as people read it, with a heading, what it is about, and what was answered. counts: the
   kiosk's figures are added where the form's `consent` says yes. Freed by the caller. */
MUST_USE enum err letter_text(struct app *app, const struct letter_page *s, struct buf *out,
                              struct why *why);
/* What a row was answered: a choice by its words, anything else as it was typed. */
const char *letter_value(const struct letter_page *s, size_t at);
/* Words in all the longer answers. */
size_t letter_written(const struct letter_page *s);
/* A draft of the form (its rows by name) as one line: its first long answer, or its heading. */
const char *letter_gist(const struct draft *d);
/* "SSERC", "STAC", "the authority", "you". */
const char *letter_to(const char *to);

/* letter_send.c */
/* What its writer says was done with it: "posted", "handed in". */
const char *letter_done_words(const struct letter_page *s);
bool letter_is_self(const struct letter_page *s);
void letter_foot(struct app *app, struct letter_page *s, struct rect r);
int letter_foot_height(struct app *app, const struct letter_page *s);
void letter_send(struct app *app, struct letter_page *s);
