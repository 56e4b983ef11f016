/* The stick, at the kiosk: lines out and in, receipts both ways (sync/PROTOCOL.md, «The stick»). What is done here
   blocks on a stick that may be slow: the porter (porter.h) does it on a thread of its own. Everything can be cut off
   anywhere and done again. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/clock.h"
#include "platform/base/db.h"
#include "platform/base/err.h"
#include "platform/base/fs.h"
#include "platform/base/keys.h"
#include "sync/log/event.h"
#include "sync/log/stick_name.h"
#include "sync/update/updater.h"

enum {
    STICK_MEMBERS_MAX = 512,
    STICK_NOTES_MAX = 12,
    STICK_INGEST_MAX = 50, /* lines a transaction, so that a save on a screen never waits long */
};

/* What came of giving signed content. */
enum stick_gave {
    STICK_GAVE_NOTHING, /* there was nothing to give */
    STICK_GAVE_ALL,
    STICK_GAVE_PART, /* all that is here: this kiosk still waits for some of it itself */
    STICK_GAVE_FULL, /* no room on the stick */
    STICK_GAVE_STOPPED,
    STICK_GAVE_FAILED, /* the stick, or what is here */
};

struct stick_member {
    const char *id;
    bool now; /* belongs to the site; false: was revoked */
};

/* What the kiosk hands down. */
struct stick_ports {
    /* As worker_options.ingest. */
    enum err (*ingest)(void *ctx, struct db *db, struct clock_now now,
                       const struct event_line *lines, size_t count, size_t *out_new,
                       struct why *why);
    /* Whoever ever belonged to the site, at most STICK_MEMBERS_MAX, in the arena. */
    enum err (*members)(void *ctx, struct db *db, const char *site, struct arena *a,
                        struct stick_member **out, size_t *out_count, struct why *why);
    /* Whether the hub that is known has taken this kiosk out of use, as a line of its log says: then nothing is given. */
    enum err (*revoked)(void *ctx, struct db *db, const char *self, bool *out, struct why *why);
    void *ctx;
};

/* What was left, and why, for people. */
struct stick_note {
    char name[STICK_NAME_MAX];
    char what[128];
};
/* What is there to do (stick_look), and what was done (stick_exchange). */
struct stick_tally {
    uint64_t take, give;               /* lines */
    uint64_t taken, given;             /* lines new here; lines put on the stick */
    uint64_t taken_files, given_files; /* attachments that are whole now, here or there */
    uint64_t done, all;                /* of the work under way, in bytes and lines: for a bar */
    struct stick_note notes[STICK_NOTES_MAX];
    uint64_t no_room;  /* attachments that were left for want of room here */
    size_t note_count; /* all of them; only the first are kept */
    bool more;         /* a plug's bounds were reached: tap again */
    bool here_full;    /* lines were left for want of room here */
    bool forked;       /* a line on the stick differs from ours */
    size_t other;      /* bundles by another version of the program, which this one cannot read */
    bool protected;    /* nothing could be written: take-only */
    bool full;         /* not all had room on it */
    bool revoked;      /* this kiosk is out of use: nothing was given */
    /* Signed content, which is the porter's: there is some on the stick; what came of it. */
    bool content, content_done;
    enum updater_fault content_fault;
    bool content_new;                               /* an edition was made of it */
    char content_edition[MANIFEST_EDITION_MAX + 1]; /* the nation's newest on it; "" not known */
    char content_why[UPDATER_WHY_MAX];
    /* Whom a kiosk of this school trusts for it, by the receipts on the stick; version 0: none says. */
    int64_t root_version;
    char root_hash[KEYS_ID_TEXT];
    /* And what this kiosk has of it for others of its school: to be put there; files that were; what kept it back. */
    bool content_give;
    enum stick_gave content_gave;
    uint64_t content_files;
};

struct stick {
    struct db *db;
    const struct keypair *self;
    struct clock *clock;
    const struct stick_ports *ports;
    const char *data;   /* the kiosk's folder, for attachments; NULL: lines alone */
    const char *root;   /* where it is mounted */
    const char *site;   /* ours */
    const char *hub;    /* the hub's id, "" none; another once a line has told of one */
    const char *epoch;  /* "" none; as above */
    const char *trusts; /* SHA-256 of the root that this kiosk trusts for content; NULL none */
    int64_t trusts_version;
    bool (*cancelled)(void *ctx);                             /* may be NULL */
    void (*progress)(void *ctx, const struct stick_tally *t); /* may be NULL */
    void *ctx;
    struct stick_tally tally;
};

/* Tables (and those of stick_files.h): stick_receipt and stick_held (what each receiver holds, by the receipt of it that was
   read last), stick_given (whom each bundle of ours on a stick was sealed to). Idempotent. */
MUST_USE enum err stick_setup(struct db *db, struct why *why);
/* Counts tally.take and .give. Writes nothing to the stick. ERR_IO: it is gone or broken. */
MUST_USE enum err stick_look(struct stick *s, struct why *why);
/* Takes and gives; tally says what came of it, also after an error. In sync_state it keeps for the screens: stick.taken_ms, when
   something was last taken; stick.given («KEY:SEQ»), our last line that is on a stick with all before it, and
   stick.given_ms, since when. ERR_IO: the stick is gone or broken; ERR_FULL and ERR_DENIED: of our own disk, the stick's own
   are in the tally; ERR_OFFLINE: cancelled. */
MUST_USE enum err stick_exchange(struct stick *s, struct why *why);
