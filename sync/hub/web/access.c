#include "sync/hub/web/access.h"

#include <string.h>

#include "platform/base/str.h"

#define MAY(act) (1U << (unsigned)(act))

enum {
    /* What people of a school read. */
    MAY_READ = MAY(ACT_SEE_KIOSKS) | MAY(ACT_SEE_SCHOOL) | MAY(ACT_SEE_RECALLS),
    MAY_READ_ALL = MAY_READ | MAY(ACT_SEE_SOURCES) | MAY(ACT_SEE_TRAINING),
    MAY_AUTHORITY = MAY_READ_ALL | MAY(ACT_SEE_CONTENT) | MAY(ACT_SEE_LETTERS) | MAY(ACT_SEE_SENT) |
                    MAY(ACT_EXPORT),
};

static const struct role_row {
    const char *id, *name;
    enum access_level level;
    unsigned may;
} role_rows[ROLE_COUNT] = {
    [ROLE_SSERC] = { "sserc", "SSERC adviser", LEVEL_NOWHERE,
                     MAY(ACT_SEE_LETTERS) | MAY(ACT_ANSWER) },
    [ROLE_IT] = { "it", "Authority IT", LEVEL_AUTHORITY,
                  MAY_AUTHORITY | MAY(ACT_ENROL) | MAY(ACT_REVOKE) | MAY(ACT_PUBLISH) |
                      MAY(ACT_SEE_AUDIT) | MAY(ACT_SETTINGS) },
    [ROLE_ADVISER] = { "adviser", "Authority adviser", LEVEL_AUTHORITY,
                       MAY_AUTHORITY | MAY(ACT_ANSWER) },
    [ROLE_HEAD] = { "head", "Head teacher", LEVEL_SCHOOL, MAY_READ_ALL | MAY(ACT_EXPORT) },
    [ROLE_TECHNICIAN] = { "technician", "Technician", LEVEL_SCHOOL, MAY_READ_ALL },
    [ROLE_TEACHER] = { "teacher", "Teacher", LEVEL_SCHOOL, MAY_READ },
    [ROLE_VIEWER] = { "viewer", "Viewer", LEVEL_SCHOOL, MAY_READ_ALL },
};

const char *access_role_id(enum access_role role)
{
    return role_rows[role].id;
}

const char *access_role_name(enum access_role role)
{
    return role_rows[role].name;
}

enum access_level access_role_level(enum access_role role)
{
    return role_rows[role].level;
}

bool access_role_find(const char *id, enum access_role *out)
{
    for (size_t i = 0; i < ROLE_COUNT; i++) {
        if (strcmp(role_rows[i].id, id) != 0)
            continue;
        *out = (enum access_role)i;
        return true;
    }
    return false;
}

static bool access_role_may(enum access_role role, enum access_act act)
{
    return act == ACT_NONE || act == ACT_OWN || (role_rows[role].may & MAY(act)) != 0;
}

bool access_anywhere(const struct access_grants *g, enum access_act act)
{
    bool may = act == ACT_NONE || act == ACT_OWN;

    for (size_t i = 0; i < g->count && !may; i++)
        may = access_role_may(g->all[i].role, act);
    return may;
}

void access_roles(char out[ACCESS_ROLES_TEXT], enum access_act act)
{
    (void)str_copy(out, ACCESS_ROLES_TEXT, ",");
    for (size_t i = 0; i < ROLE_COUNT; i++) {
        const size_t len = strlen(out);
        if (access_role_may((enum access_role)i, act))
            (void)str_format(out + len, ACCESS_ROLES_TEXT - len, "%s,", role_rows[i].id);
    }
}
