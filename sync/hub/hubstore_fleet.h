/* The fleet as people see it: kiosks with what they last said of themselves, of the schools that an account may see. No
   question here reads a record: it costs the same however many there are. */
#pragma once

#include "sync/hub/hubstore_account.h"

/* Who looks: an account, and the roles that let it (access_roles). */
struct hub_looker {
    const char *account, *roles;
};
struct hub_fleet_ask {
    struct hub_looker who;
    const char *words; /* in the kiosk's name or the school's; "" any */
    const char *site;  /* an id; "" any */
    int64_t from, max; /* of the list, by school and name */
};
struct hub_fleet_kiosk {
    const char *device, *name, *site, *site_name;
    int64_t seen_ms;     /* 0: never yet */
    const char *status;  /* what it said of itself then: JSON, "" */
    const char *edition; /* of its content, the national role's; "" not told */
};
typedef bool (*hub_fleet_visit)(void *ctx, const struct hub_fleet_kiosk *kiosk);
/* Kiosks that are not revoked. */
MUST_USE enum err hubstore_fleet(struct hubstore *s, const struct hub_fleet_ask *ask,
                                 hub_fleet_visit visit, void *ctx, struct why *why);
struct hub_fleet_count {
    int64_t kiosks, schools, seen; /* seen: since seen_since_ms */
};
/* Of kiosks that are not revoked: how many say the same of a role. */
struct hub_fleet_install {
    const char *role, *edition, *state, *why;
    int64_t kiosks;
};
typedef bool (*hub_fleet_install_visit)(void *ctx, const struct hub_fleet_install *install);
enum { HUB_FLEET_INSTALLS_MAX = 1000 };
/* By role, most kiosks first; at most HUB_FLEET_INSTALLS_MAX. */
MUST_USE enum err hubstore_fleet_installs(struct hubstore *s, const struct hub_looker *who,
                                          hub_fleet_install_visit visit, void *ctx,
                                          struct why *why);
struct hub_fleet_authority {
    const char *id, *name, *employer; /* employer: of the role employers/ID; "" */
    bool reached;                     /* he holds one of the roles there */
};
typedef bool (*hub_fleet_authority_visit)(void *ctx, const struct hub_fleet_authority *authority);
/* Every authority, by name. What is not reached is not to be told of. */
MUST_USE enum err hubstore_fleet_authorities(struct hubstore *s, const struct hub_looker *who,
                                             hub_fleet_authority_visit visit, void *ctx,
                                             struct why *why);
MUST_USE enum err hubstore_fleet_count(struct hubstore *s, const struct hub_looker *who,
                                       int64_t seen_since_ms, struct hub_fleet_count *out,
                                       struct why *why);
