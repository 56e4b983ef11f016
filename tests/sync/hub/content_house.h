/* A hub's store that trusts a root of ours, and what is offered and put there: by commits, as requests are. */
#pragma once

#include "sync/hub/content.h"
#include "tests/sync/hub/content_repo.h"
#include "tests/sync/hub/hubstore_cases.h"

#define HOUSE_DAY_MS INT64_C(86400000)

struct house {
    struct store_bench *b;
    struct repo s;
    struct clock_now now;
    struct keypair online; /* the hub's, of which the root knows */
};

struct content_offer house_offer(struct house *h, const char *role, int64_t version,
                                 struct repo_bytes bytes);
enum content_answer house_put(struct house *h, const char *name, struct repo_bytes bytes);
/* Fails the test, with the reason, on any other answer. */
void house_is(enum content_answer answer, const struct content_offer *o);
/* The key that the hub made last. */
void house_online(struct house *h, struct keypair *out);
/* A first root. */
void house_trust(struct house *h, struct repo_bytes root);
/* Its root names the hub's key, and there are targets. */
void house_new(struct house *h, struct store_bench *b);
/* Puts all that an offer lacks, and gives what the hub then says. */
struct content_offer house_publish(struct house *h, const struct repo_role *r);
bool house_holds(struct house *h, const char *name);
/* 0: nothing stands of it. */
int64_t house_version(struct house *h, const char *role);
/* What stands of the hub's own, judged as a client would. */
struct tuf_meta house_signed(struct house *h, enum tuf_kind kind);
