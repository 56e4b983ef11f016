/* `canny-pack publish`: what its files share. */
#pragma once

#include "sync/pack/args.h"
#include "sync/pack/repo.h"

enum { PUBLISH_ONLINE_MAX = 2 };

struct publish {
    struct repo repo;
    const char *to, *stick;       /* a folder or a URL; a stick's mount point */
    struct args_list online_keys; /* one; two while the online key changes */
    const char *pass_file;
    const char *proxy, *ca; /* of the way to a hub */
    int64_t now_ms;
    const char *todo;   /* where the hub could not be reached: what to do, of fault.h */
    bool lacking;       /* something is staged, and none of it has its signatures */
    const char **taken; /* roles that were staged, and are published by this run */
    size_t taken_count;
};
bool publish_is_new(const struct publish *p, const char *role);

/* Signs snapshot and timestamp with the online key, into the repository. over: the repository that is published to, whose
   versions these go above; NULL none. */
MUST_USE enum err publish_online(struct publish *p, struct repo *over, struct why *why);
/* Puts the repository into a folder, each file by a rename; ERR_CONFLICT: what is there is newer. */
MUST_USE enum err publish_folder(struct publish *p, const char *to, struct why *why);
/* Whether a hub would take those staged roles that are complete: ERR_CONFLICT where somebody else has published meanwhile. */
MUST_USE enum err publish_hub_before(struct publish *p, const char *const *roles,
                                     const bool *complete, size_t count, struct why *why);
/* Offers it to a hub. */
MUST_USE enum err publish_hub(struct publish *p, struct why *why);
