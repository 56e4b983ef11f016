/* What the hub keeps, in a SQLite file of its own or in a PostgreSQL that it shares with copies of itself. Every call
   is one transaction unless it says otherwise; outputs are in the caller's arena. One for one thread at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/clock.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"
#include "sync/client/proto.h"
#include "sync/hub/lines.h"
#include "sync/log/bundle.h"
#include "sync/log/evlog.h"

enum {
    HUB_NONCES_MAX = 1000000,        /* remembered at once, over all devices */
    HUB_NONCES_SHARED_MAX = 4000000, /* the same for all copies of a hub on one database */
    HUB_CODES_MAX = 1000,            /* codes that may still be used, over all sites */
    HUB_ALARMS_MAX = 1000,           /* kept a site; older ones give way */
    HUB_POSTS_MAX = 100000,          /* kept without a name; more are refused */
    HUB_HEADS_MAX = 4000,            /* of one site, told at once */
    HUB_FORKS_MAX = 16,              /* keys that one device may be followed by */
    HUB_DEVICE_PREFIX = 8,           /* digits that tell a device */
    HUB_URL_MAX = 301,               /* the address by which kiosks find the hub, with NUL */
};

/* A kiosk that may speak for a site. */
struct hub_device {
    char site[KEYS_RANDOM_ID];
    char site_name[PROTO_NAME_MAX];
    char voice[KEYS_ID_TEXT];   /* the device id under which the hub writes this site's lines */
    char epoch[KEYS_RANDOM_ID]; /* the hub's, as it was when it was asked */
};

enum hub_enrol_answer {
    HUB_ENROLLED,
    HUB_CODE_WRONG,
    HUB_CODE_USED,
    HUB_CODE_EXPIRED,
    HUB_OTHER_SITE,
    HUB_KIOSK_REVOKED,
    HUB_CERT_WRONG,  /* not this hub's, or another device's */
    HUB_FORKS,       /* the card was copied too often */
    HUB_EPOCH_OTHER, /* it is another by now; where has it */
};

/* Makes a certificate's text for a device that is about to be enrolled; in the arena. */
typedef enum err (*hub_certify)(void *ctx, struct arena *a, const struct hub_device *where,
                                const char *device, struct clock_now now, const char **out,
                                struct why *why);
/* A site that the asker belongs to already, and that no hub has made. */
struct hub_founded {
    const char *site; /* NULL: none */
    const char *
        founder; /* "": the asker does not know; then only a site that is taken over already fits */
    const char *url; /* where the asker reaches the hub; "" not told */
};
struct hub_enrol {
    const uint8_t *code_hash; /* KEYS_HASH bytes */
    const char *device;
    const char *name;
    struct clock_now now;
    hub_certify certify;
    void *ctx;
    struct hub_founded founded;
    const char *cert;     /* instead of a code: what this hub gave the device before; NULL none */
    const char *was;      /* instead of a code: the device that lets this one in; NULL none */
    struct hub_device at; /* was: where that one is */
    uint64_t fork_seq;    /* was: the first line that differs, and what it is to either */
    const char *fork_ours, *fork_theirs;
    const char *replaces; /* the store's: whom the code replaces */
};
struct hub_enrolled {
    enum hub_enrol_answer answer;
    struct hub_device where;
    const char *cert;
};

/* A kiosk, as whoever looks after the fleet names it. */
struct hub_which {
    const char *device;           /* HUB_DEVICE_PREFIX digits of its id or more; NULL any */
    const char *name, *site_name; /* NULL any */
};
struct hub_known {
    char device[KEYS_ID_TEXT];
    char name[PROTO_NAME_MAX];
    struct hub_device where;
    bool revoked;
    char was[KEYS_ID_TEXT]; /* whose card it goes on from, "" nobody's; of hubstore_kiosks_each */
    int64_t seen_ms;        /* when it last told its status; 0 never */
};
typedef bool (*hub_kiosk_visit)(void *ctx, const struct hub_known *known);

/* For whoever looks after the fleet. */
struct hub_alarm {
    const char *site, *device, *code, *text;
    int64_t now_ms;
};

/* What the hub holds of a device. */
struct hub_head {
    uint64_t seq; /* the highest below which none is missing */
    char hash[KEYS_ID_TEXT];
    size_t fresh; /* lines that were new */
};
typedef bool (*hub_head_visit)(void *ctx, const char *device, const struct hub_head *head);
/* The hub's name under a head in one of its epochs, in base64; in the arena. */
typedef enum err (*hub_sign)(void *ctx, struct arena *a, const char *epoch, const char *device,
                             const struct hub_head *head, const char **out, struct why *why);

/* A number of a site's order, and the token that was given with it, in hex; "": none is known of that number. */
struct hub_place {
    uint64_t no;
    char token[PROTO_TOKEN];
};

/* Lines to store, and how that went. */
struct hub_push {
    const char *device; /* the sender */
    const char *site;
    const char *epoch; /* the hub's that this was made for; NULL: whatever it is */
    struct lines *lines;
    struct clock_now now;
    hub_sign sign; /* NULL: nothing is signed */
    void *ctx;
    struct arena *a; /* for the signature */
    /* A head of the sender that this hub has signed in this epoch; 0: none is shown. */
    uint64_t proof_seq;
    uint8_t proof_hash[KEYS_HASH];
    /* How far it has read the site, as this hub has signed it in this epoch; 0: is not shown. */
    struct hub_place read;
    hub_certify certify; /* for whom its lines admit, with the same ctx; NULL: that waits */
    bool stranger;       /* the sender must turn out to be the site's, by its own lines */
    bool admits;         /* the store's, while it works on it */
    /* Out. */
    struct hub_head head;
    const char *signature; /* NULL for a head of nothing */
    bool put_back;         /* the proof is of a line that is not here, or not under its number */
    char epoch_now[KEYS_RANDOM_ID]; /* where other_epoch or put_back says so */
    bool revoked;     /* the sender was, meanwhile: nothing was done; rc is ERR_DENIED */
    bool other_epoch; /* it is another by now: nothing was done; rc is ERR_CONFLICT */
    enum err rc;
    struct why why;
};

/* What came without a name: neither person nor kiosk nor moment is kept. */
struct hub_post {
    const char *key, *kind, *body; /* body: a JSON object */
    const char *month;             /* "2026-11"; out only */
};
typedef bool (*hub_post_visit)(void *ctx, const struct hub_post *post);

/* A letter that a school queued, and an answer to one. */
struct hub_letter {
    const char *id, *site_name, *at, *to, *about, *question;
    size_t answers;
};
typedef bool (*hub_letter_visit)(void *ctx, const struct hub_letter *letter);
struct hub_answer {
    const char *letter, *text, *by;
};

/* A line as it was recorded. */
struct hub_line {
    const char *site, *device;
    uint64_t no, seq;
    const char *line;
    size_t len;
};
typedef bool (*hub_line_visit)(void *ctx, const struct hub_line *line);

struct hubstore;
struct hubstore_where {
    const char *data;     /* a folder: hub.db and the keys are in it */
    const char *database; /* an address: everything is there; NULL: in the folder */
    const char *file;     /* a single file that holds it all, as a backup does; NULL none */
};
enum hubstore_mode {
    HUBSTORE_MAKE, /* a place with no hub in it becomes one */
    HUBSTORE_LOOK, /* ERR_NOT_FOUND there */
    HUBSTORE_READ, /* the same, beside one that is open already; writes nothing on SQLite */
};
/* ERR_CONFLICT: a newer program's. */
MUST_USE enum err hubstore_open(const struct hubstore_where *where, enum hubstore_mode mode,
                                struct hubstore **out, struct why *why);
void hubstore_close(struct hubstore *s); /* accepts NULL */

/* The key that the kiosks know this hub by. needed: a hub that has lost it is ERR_CONFLICT, as a new one would turn every
   kiosk away; else its id is "" then. */
MUST_USE enum err hubstore_key(struct hubstore *s, bool needed, struct keypair *out,
                               struct why *why);

/* A code for the site of that name, which is made when there is none. ERR_LIMIT: HUB_CODES_MAX are open. */
MUST_USE enum err hubstore_code_add(struct hubstore *s, const char *site_name,
                                    const uint8_t code_hash[KEYS_HASH], int64_t expires_ms,
                                    struct clock_now now, struct why *why);
/* The same for a kiosk that takes the place of another of that site: once it is in, the other is revoked. */
MUST_USE enum err hubstore_code_replace(struct hubstore *s, const struct hub_known *old,
                                        const uint8_t code_hash[KEYS_HASH], int64_t expires_ms,
                                        struct clock_now now, struct why *why);
/* Uses the code up, binds the device, writes the kiosk.enrolled line; or says why not. The same device with the same
   code again gets the same answer. */
MUST_USE enum err hubstore_enrol(struct hubstore *s, const struct hub_enrol *ask, struct arena *a,
                                 struct hub_enrolled *out, struct why *why);
/* Where kiosks find this hub, for those that learn of it by a stick; all copies share it. */
MUST_USE enum err hubstore_url_set(struct hubstore *s, const char *url, struct why *why);
/* Leaves out as it is where nobody has said. */
MUST_USE enum err hubstore_url(struct hubstore *s, char out[HUB_URL_MAX], struct why *why);
/* Which of its lives this hub is in: its first, or the one that began when it was put back from a copy. */
MUST_USE enum err hubstore_epoch(struct hubstore *s, char out[KEYS_RANDOM_ID], struct why *why);
/* Another epoch, with another voice for each site; codes that stand open are void. Only from the epoch `was` ("": from any):
   of several that find out at once, one does it. alarm: raised with it; NULL none. */
MUST_USE enum err hubstore_epoch_new(struct hubstore *s, const char *was,
                                     const struct hub_alarm *alarm, int64_t now_ms,
                                     bool *out_changed, struct why *why);
/* The heads of a site's devices. */
MUST_USE enum err hubstore_heads(struct hubstore *s, const char *site, hub_head_visit visit,
                                 void *ctx, struct why *why);
/* Every kiosk, by site and name. */
MUST_USE enum err hubstore_kiosks_each(struct hubstore *s, hub_kiosk_visit visit, void *ctx,
                                       struct why *why);
/* The one that is meant. ERR_INPUT: no id; ERR_NOT_FOUND; ERR_LIMIT: there are several. A name means one that is not
   revoked. */
MUST_USE enum err hubstore_which(struct hubstore *s, const struct hub_which *which,
                                 struct hub_known *out, struct why *why);
/* Stops it at once, with a line that tells its site. Does nothing where it was revoked. */
MUST_USE enum err hubstore_revoke(struct hubstore *s, const struct hub_known *known,
                                  struct clock_now now, struct why *why);
/* ERR_NOT_FOUND: not enrolled. ERR_DENIED: revoked; out is filled all the same. */
MUST_USE enum err hubstore_device(struct hubstore *s, const char *device, struct hub_device *out,
                                  struct why *why);
/* ERR_CONFLICT: this device used the nonce within the window already. */
MUST_USE enum err hubstore_nonce(struct hubstore *s, const char *device, const char *nonce,
                                 int64_t now_ms, struct why *why);
/* Forgets the nonces whose window has passed; *out_full: so many are left that no more should be taken. */
MUST_USE enum err hubstore_nonces_old(struct hubstore *s, int64_t now_ms, bool *out_full,
                                      struct why *why);

/* Stores all lines of a push or none. push->rc, ERR_CONFLICT: another line stands there, or one does not chain.
   ERR_DENIED: a line of another site's device. */
MUST_USE enum err hubstore_append(struct hubstore *s, struct hub_push *push, struct why *why);
/* The site's lines with numbers above `after`, at most max of them, with their blobs: fills out->lines, ->blobs and
   ->next (the last number read; at the end the site's highest, which may be below `after`). */
MUST_USE enum err hubstore_since(struct hubstore *s, const char *site, uint64_t after, size_t max,
                                 struct arena *a, struct bundle *out, struct why *why);
/* The same without the lines of a device up to its `own`th, which it has itself. ->next is the number up to which was
   looked: at most HUB_LOOK_MAX numbers at once, so that a bundle may have few lines or none and not be the last. */
enum { HUB_LOOK_MAX = 20000 };
struct hub_since {
    const char *site, *device;
    uint64_t after, own; /* own 0: nothing is left out */
    size_t max;
};
MUST_USE enum err hubstore_since_but(struct hubstore *s, const struct hub_since *ask,
                                     struct arena *a, struct bundle *out, struct why *why);
/* The token of out->no. */
MUST_USE enum err hubstore_place(struct hubstore *s, const char *site, struct hub_place *out,
                                 struct why *why);
/* What a kiosk says of its health; gives the head we hold of it, as an append does (no lines in the push). */
MUST_USE enum err hubstore_status(struct hubstore *s, struct hub_push *push, const char *json,
                                  size_t len, struct why *why);
/* For whoever looks after the fleet. */
MUST_USE enum err hubstore_alarm(struct hubstore *s, const char *site, const char *device,
                                 const char *code, const char *text, int64_t now_ms,
                                 struct why *why);

/* Lines in (hlc, device, seq) order; of one site by its name, or all (NULL). ERR_NOT_FOUND: no such site. */
MUST_USE enum err hubstore_each(struct hubstore *s, const char *site_name, hub_line_visit visit,
                                void *ctx, struct why *why);
/* Those that say something of recalls and stop notices, and perhaps some others, site by site; each line's site is its name. */
MUST_USE enum err hubstore_stops(struct hubstore *s, hub_line_visit visit, void *ctx,
                                 struct why *why);
MUST_USE enum err hubstore_verify(struct hubstore *s, evlog_tell tell, void *ctx,
                                  struct evlog_verdict *out, struct why *why);

/* Keeps it; the same key again changes nothing. ERR_FULL: HUB_POSTS_MAX are there. */
MUST_USE enum err hubstore_post_take(struct hubstore *s, const struct hub_post *post,
                                     struct clock_now now, struct why *why);
/* By month. */
MUST_USE enum err hubstore_posts(struct hubstore *s, hub_post_visit visit, void *ctx,
                                 struct why *why);

/* What is read from lines' bodies follows behind them: takes in what came since, in short transactions of its own, about
   `most` lines or sites of them at a time (0: all there are). Two at once do no harm. */
MUST_USE enum err hubstore_follow(struct hubstore *s, size_t most, struct why *why);
/* Outside of a transaction, now and then: moves SQLite's write-ahead log into the file, and removes from the files what was
   blanked, as an erased name. What cannot be done yet is tried again by a later call. */
void hubstore_tidy(struct hubstore *s);
/* Oldest first; as far as hubstore_follow has come. */
MUST_USE enum err hubstore_letters(struct hubstore *s, hub_letter_visit visit, void *ctx,
                                   struct why *why);
/* A line by the voice of the letter's site, which its kiosks pull. ERR_NOT_FOUND: no such letter came. */
MUST_USE enum err hubstore_answer(struct hubstore *s, const struct hub_answer *answer,
                                  struct clock_now now, struct why *why);

/* How much there is. Reads only; a few tables' worth of work. */
struct hub_counts {
    int64_t sites, devices, revoked, nonces, nonces_max;
    int64_t bytes;    /* of the store on its disk */
    int64_t epoch_ms; /* when this epoch began, -1 not known */
};
MUST_USE enum err hubstore_count(struct hubstore *s, struct hub_counts *out, struct why *why);

/* A name that a person was given; text "" once erased, or where it never came. */
struct hub_name {
    const char *site_name, *person, *hash, *text;
};
typedef bool (*hub_name_visit)(void *ctx, const struct hub_name *name);
/* Of one site by its name, or all (NULL); as far as hubstore_follow has come. */
MUST_USE enum err hubstore_names(struct hubstore *s, const char *site_name, hub_name_visit visit,
                                 void *ctx, struct why *why);
/* A line in every site that knows the person, and their names and badges are gone here when this returns; kiosks follow as
   they read it. reason: a word ("asked", "left"). ERR_NOT_FOUND: nobody of that id. */
MUST_USE enum err hubstore_erase(struct hubstore *s, const char *person, const char *reason,
                                 struct clock_now now, struct why *why);
