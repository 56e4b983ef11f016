/* Whose content a kiosk takes: the nation's, and that of the employer to whom its school belongs. */
#include "sync/update/updater_parts.h"

#include <string.h>

#include "platform/base/str.h"

/* Whether a delegation's x_canny is for a kiosk that belongs there. Pure. */
bool updater_role_is_ours(const struct tuf_delegation *d, const char *constituency,
                          const char *school)
{
    const struct json *x = json_get(d->node, "x_canny");
    const char *kind = json_str(x, "kind");
    const char *place = json_str(x, "constituency");
    const char *site = json_str(x, "site");

    if (kind == NULL || !manifest_role_ok(d->name))
        return false;
    if (str_eq(d->name, "national"))
        return str_eq(kind, "national");
    if (!str_eq(kind, "authority") && !str_eq(kind, "sector") && !str_eq(kind, "school"))
        return false;
    if (place == NULL || place[0] == '\0' || !str_eq(place, constituency))
        return false;
    /* A school's own; and any role that names a site is that site's alone. */
    if (str_eq(kind, "school") && (site == NULL || site[0] == '\0'))
        return false;
    return site == NULL || site[0] == '\0' || str_eq(site, school);
}

static enum err roles_add(struct updater *u, const char *role)
{
    struct updater_role *row = &u->report->roles[u->count];

    if (u->count == UPDATER_ROLES_MAX)
        return why_set(u->why, ERR_LIMIT, 0, "more than %d roles sign content for this kiosk",
                       UPDATER_ROLES_MAX);
    *row = (struct updater_role){ .state = UPDATER_WAITING };
    (void)str_copy(row->role, sizeof row->role, role);
    u->work[u->count] = (struct updater_work){ .row = row };
    for (size_t i = 0; i < u->installed.count; i++) {
        if (!str_eq(u->installed.roles[i].role, role))
            continue;
        u->work[u->count].has_old = true;
        (void)str_copy(u->work[u->count].old.hash, KEYS_ID_TEXT, u->installed.roles[i].hash);
        (void)str_copy(row->edition, sizeof row->edition, u->installed.roles[i].edition);
    }
    u->count++;
    u->report->count = u->count;
    return ERR_OK;
}

enum err updater_roles(struct updater *u)
{
    const struct tuf_meta *targets = tuf_client_meta(u->tuf, TUF_TARGETS);

    for (size_t i = 0; targets != NULL && i < targets->delegation_count; i++) {
        const struct tuf_delegation *d = &targets->delegations[i];

        if (!updater_role_is_ours(d, u->ask->constituency, u->ask->school))
            continue;
        enum err rc = roles_add(u, d->name);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}
