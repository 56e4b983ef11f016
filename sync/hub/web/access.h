/* Who may do what. A person holds grants: a role at a place. What a role may do is one table; where it may is the grant's
   place: an authority with all of its schools, or one school, which the store's questions hold against each row
   (HUB_SITE_SEEN). Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "platform/base/arena.h"
#include "platform/base/keys.h"

enum access_role {
    ROLE_SSERC,   /* sees the questions that were sent to it, and nothing else of a school */
    ROLE_IT,      /* of an authority: enrols, publishes, revokes */
    ROLE_ADVISER, /* of an authority: reads and answers */
    ROLE_HEAD,    /* of a school, as are those below */
    ROLE_TECHNICIAN,
    ROLE_TEACHER, /* no sources' places and no people's training */
    ROLE_VIEWER,
    ROLE_COUNT,
};
/* Where a role may be held. */
enum access_level { LEVEL_NOWHERE, LEVEL_AUTHORITY, LEVEL_SCHOOL };

/* What a page shows or does. */
enum access_act {
    ACT_NONE, /* anybody, signed in or not */
    ACT_OWN,  /* what is one's own: whoever is signed in */
    ACT_SEE_KIOSKS,
    ACT_ENROL,
    ACT_REVOKE,
    ACT_SEE_SCHOOL,  /* register, checks, what is due */
    ACT_SEE_SOURCES, /* where radioactive sources are kept */
    ACT_SEE_TRAINING,
    ACT_SEE_CONTENT,
    ACT_PUBLISH,
    ACT_SEE_LETTERS,
    ACT_ANSWER,
    ACT_SEE_SENT, /* nominations, articles and the like */
    ACT_SEE_RECALLS,
    ACT_EXPORT,
    ACT_SEE_AUDIT,
    ACT_SETTINGS, /* accounts, authorities, what the hub is told */
    ACT_COUNT,
};

enum { ACCESS_GRANTS_MAX = 64, ACCESS_ROLES_TEXT = 96 };

struct access_grant {
    enum access_role role;
    char authority[KEYS_RANDOM_ID]; /* "" of a role without a place, and of LEVEL_SCHOOL */
    char site[KEYS_RANDOM_ID];      /* of LEVEL_SCHOOL */
};
struct access_grants {
    struct access_grant all[ACCESS_GRANTS_MAX];
    size_t count;
};
/* "it"; what people call it: "Authority IT". */
const char *access_role_id(enum access_role role);
const char *access_role_name(enum access_role role);
enum access_level access_role_level(enum access_role role);
bool access_role_find(const char *id, enum access_role *out);

/* Whether he may somewhere: what makes a page's entry show. ACT_NONE and ACT_OWN: always. */
bool access_anywhere(const struct access_grants *g, enum access_act act);
/* The roles that may, as ",it,adviser,": what the store's questions hold a grant's role against. */
void access_roles(char out[ACCESS_ROLES_TEXT], enum access_act act);
