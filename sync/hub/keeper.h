/* What the hub does for its content by itself while it serves: signs daily, publishes from a folder and takes what another hub
   has, when asked to, and says when kiosks hold newer content than it. A thread of its own with a store of its own, so that
   nobody waits for it. Of several copies on one database each has one: whoever comes second finds nothing left to do. */
#pragma once

#include "platform/base/err.h"
#include "sync/hub/hub.h"

enum {
    KEEPER_LOOK_S = 60,            /* how often it looks whether anything is due */
    KEEPER_FOLDER_S = 24 * 3600,   /* how often it reads the folder again */
    KEEPER_MIRROR_MS = 15 * 60000, /* how often it asks the other hub, spread by a quarter */
    KEEPER_AGAIN_MS = 60000,       /* after a failure; doubled with each more, spread, up to: */
    KEEPER_AGAIN_MAX_MS = 3600000,
};

/* All borrowed until keeper_stop; NULL none. */
struct keeper_options {
    const char *folder; /* a repository that `canny-pack` wrote */
    const char *mirror; /* the address of another hub, or of a web server that has a repository */
    const char *ca, *proxy; /* of mirror: a folder of further CAs; HOST:PORT */
};

struct keeper;
/* ERR_INPUT: mirror is no address that may be asked, or proxy none. */
MUST_USE enum err keeper_start(struct hub *h, const struct keeper_options *o, struct keeper **out,
                               struct why *why);
/* Look now, at folder and mirror too. */
void keeper_poke(struct keeper *k);
void keeper_stop(struct keeper *k); /* accepts NULL */
/* How long until the other hub is asked again, after so many failures in a row. Pure. */
int64_t keeper_wait_ms(unsigned failures, uint64_t random);
