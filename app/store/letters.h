/* Letters: what is asked or told of somebody outside the school. A letter is begun as a draft (drafts.c, private to its
   person), queued as the line letter.queued, answered by letter.answered (by the hub or typed in by hand) and filed at
   what it was about. An anonymous voice is no line: it waits in the postbox (sync/log/postbox.h).
   Rows are in the caller's arena; text is never NULL. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/store/store.h"

/* The drafts table's item for a letter that is being written: LETTER_DRAFT "<letter id>". */
#define LETTER_DRAFT "letter:"

/* The form of the draft of an answer that is being typed in: its letter's item. */
#define LETTER_ANSWER_FORM "answer"

enum {
    LETTER_ABOUT_MAX = 8,
    LETTER_ANSWERS_MAX = 64,
    LETTER_TEXT_MAX = 4000, /* bytes of an answer to us; may have line breaks */
    LETTERS_MAX = 500,
};

/* Whom a form's letter goes to (the form's kiosk::letter). LETTER_SELF never leaves by itself: it is handed over. */
#define LETTER_SELF "self"

enum letter_state {
    LETTER_QUEUED,   /* in this kiosk's log; the hub has not said that it holds it */
    LETTER_SENT,     /* the hub holds it */
    LETTER_ANSWERED, /* an answer is filed */
    LETTER_WITHDRAWN,
};
const char *letter_state_words(enum letter_state state); /* "Queued", "Sent", "Answered" ... */

struct letter_draft {
    const char *letter; /* its id: of the draft; KEYS_RANDOM_ID of keys_random_id */
    const char *form, *version, *title, *to;
    const char *const *about; /* document and item ids */
    size_t about_count;
    const struct fact *answers; /* by the name of the form's row */
    size_t answer_count;
    const struct fact *facts; /* "concentration" "1 mol/l", "revision" "3" */
    size_t fact_count;
};
/* Queues it and drops its draft, both or neither. ERR_CONFLICT: it was queued before; nothing is written then. ERR_DENIED:
   nobody is named as its writer. */
MUST_USE enum err store_letter_queue(struct store *s, struct clock_now now, const char *actor,
                                     const struct letter_draft *d, char out_id[EVENT_ID_TEXT],
                                     struct why *why);
/* Files an answer that came by telephone or mail. by: the body or the post that answered, not a person's name.
   ERR_NOT_FOUND: no such letter here. */
MUST_USE enum err store_letter_answer(struct store *s, struct clock_now now, const char *actor,
                                      const char *letter, const char *text, const char *by,
                                      struct why *why);
/* Takes a letter back: its writer alone. ERR_DENIED for another; what was sent stays sent, and says so. */
MUST_USE enum err store_letter_withdraw(struct store *s, struct clock_now now, const char *actor,
                                        const char *letter, struct why *why);

struct letter {
    const char *id, *event, *form, *title, *to, *person;
    const char *question;     /* the answer of its row `question`, else its longest one */
    const char *const *about; /* document and item ids */
    size_t about_count;
    const struct fact *answers, *facts;
    size_t answer_count, fact_count;
    int64_t at_ms;
    int32_t day;
    enum letter_state state;
    bool handed; /* its QR code was shown on this kiosk */
    bool unread; /* an answer that its writer has not opened on this kiosk */
    size_t replies;
};
struct letters_ask {
    const char *person; /* "" or NULL: everybody's */
    const char *about;  /* "" or NULL: about anything */
    const char *form;   /* "" or NULL: any */
    bool withdrawn;     /* those too */
};
/* Newest first, at most LETTERS_MAX. */
MUST_USE enum err query_letters(struct store *s, const struct letters_ask *ask, struct arena *a,
                                struct letter **out, size_t *out_count, struct why *why);
/* ERR_NOT_FOUND: none of that id is known here. */
MUST_USE enum err query_letter(struct store *s, const char *id, struct arena *a, struct letter *out,
                               struct why *why);

struct letter_reply {
    const char *event, *letter, *text, *by;
    bool from_hub; /* else typed in by hand */
    const char *question, *form, *person;
    int64_t at_ms;
    int32_t day;
};
/* The answers of one letter, oldest first. */
MUST_USE enum err query_replies(struct store *s, const char *letter, struct arena *a,
                                struct letter_reply **out, size_t *out_count, struct why *why);
/* The answers filed at a document or an item, newest first: each is an answer to this school, not general guidance. */
MUST_USE enum err query_answers(struct store *s, const char *about, struct arena *a,
                                struct letter_reply **out, size_t *out_count, struct why *why);
/* How many of the person's letters have an answer not yet opened here; person "": of everybody's. */
MUST_USE enum err query_unread(struct store *s, const char *person, size_t *out, struct why *why);

/* Letters that the person has begun, the latest first; person "": those that nobody has put a name to yet. */
MUST_USE enum err store_letter_drafts(struct store *s, const char *person, struct arena *a,
                                      struct draft **out, size_t *out_count, struct why *why);
/* Writes a text file into DATA/export, by a name that is not there yet: "article-2026-11-23-1.txt". out_path is where. */
MUST_USE enum err store_export_text(struct store *s, const char *stem, const char *text,
                                    char out_path[512], struct why *why);

/* Marks of this kiosk alone. */
MUST_USE enum err store_letter_handed(struct store *s, struct clock_now now, const char *letter,
                                      struct why *why);
MUST_USE enum err store_letter_seen(struct store *s, const char *letter, struct why *why);
/* Whether a letter or its draft was handed to a phone here. */
MUST_USE enum err query_handed(struct store *s, const char *letter, bool *out, struct why *why);

/* How many checks that count were made since that day, by anybody: for a nomination, as a number alone. */
MUST_USE enum err query_checks_made(struct store *s, int32_t since_day, size_t *out,
                                    struct why *why);

/* An anonymous voice: into the postbox, and its draft away, both or neither. Nothing of it names a person. */
MUST_USE enum err store_voice_post(struct store *s, struct clock_now now,
                                   const struct letter_draft *d, struct why *why);
/* How many wait here and how many the hub has taken since ever. */
MUST_USE enum err query_voices(struct store *s, size_t *out_waiting, size_t *out_sent,
                               struct why *why);
