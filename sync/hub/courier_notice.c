#include <string.h>

#include "sync/client/stick_folder.h"
#include "sync/hub/courier_parts.h"
#include "sync/log/bundle.h"

/* A bundle that tells revoked kiosks so. Nothing else on the stick is sealed to them, and a kiosk without a network has no other
   way to hear of it. */

enum { NOTICE_ARENA = 3 * BUNDLE_ARENA };

struct notice {
    struct courier *c;
    const struct hub_site *site;
    const struct stick_folder *folder;
    struct courier_to to;
    size_t revoked; /* how many of to are; they come first */
    struct arena a, one;
};

/* One group of receivers. */
static enum err notice_write(struct notice *n, const struct bundle *b, size_t from, struct why *why)
{
    struct courier *c = n->c;
    char name[STICK_NAME_MAX];
    size_t count = n->to.count - from;
    uint8_t *bytes = NULL;
    size_t len = 0;
    uint32_t dice = 0;

    if (count > BUNDLE_RECEIVERS_MAX)
        count = BUNDLE_RECEIVERS_MAX;
    arena_reset(&n->one);
    enum err rc =
        bundle_encode(&n->one, b, &c->hub->self, (const uint8_t(*)[KEYS_PUBLIC])n->to.keys[from],
                      count, &bytes, &len, why);
    if (rc == ERR_OK)
        rc = courier_room(c, len, why);
    if (rc != ERR_OK)
        return rc;
    keys_random(&dice, sizeof(dice));
    stick_name_bundle(name, c->hub->self.id, dice);
    rc = stick_folder_write(n->folder->site, name, bytes, len, why);
    if (rc != ERR_OK)
        return rc;
    c->tally.files++;
    c->tally.bytes += (int64_t)len;
    courier_say(c, n->site->at.site, name, "%zu lines for %zu revoked kiosks", b->line_count,
                n->revoked);
    return ERR_OK;
}

static enum err notice_all(struct notice *n, const struct courier_to *to, struct why *why)
{
    const char *const *ids = NULL;
    struct bundle b = { .line_count = 0 };
    enum err rc = hubstore_revoked(n->c->hub->store, n->site->at.site, HUB_KIOSKS_MAX, &n->a, &ids,
                                   &n->revoked, why);

    if (rc != ERR_OK || n->revoked == 0)
        return rc;
    rc = hubstore_notice(n->c->hub->store, n->site->at.site, ids, n->revoked, &n->a, &b, why);
    if (rc != ERR_OK || b.line_count == 0)
        return rc;
    n->to.keys = arena_array(&n->a, n->revoked + to->count, KEYS_PUBLIC);
    if (n->to.keys == NULL)
        return why_set(why, ERR_NOMEM, 0, "notice: no memory");
    for (size_t i = 0; i < n->revoked; i++)
        n->to.count += hex_get(n->to.keys[n->to.count], KEYS_PUBLIC, ids[i]) ? 1 : 0;
    if (to->count > 0)
        memcpy(n->to.keys[n->to.count], to->keys, to->count * KEYS_PUBLIC);
    n->to.count += to->count;
    for (size_t from = 0; from < n->to.count && rc == ERR_OK; from += BUNDLE_RECEIVERS_MAX)
        rc = notice_write(n, &b, from, why);
    return rc;
}

enum err courier_give_notice(struct courier *c, const struct hub_site *site,
                             const struct stick_folder *folder, const struct courier_to *to,
                             struct why *why)
{
    struct notice n = { .c = c, .site = site, .folder = folder };
    struct why said = { .text = "" };

    arena_init(&n.a, NOTICE_ARENA);
    arena_init(&n.one, NOTICE_ARENA);
    enum err rc = notice_all(&n, to, &said);
    if (rc == ERR_FULL) {
        c->tally.left++;
        courier_say(c, site->at.site, "", "what tells the revoked next time: %s", said.text);
        rc = ERR_OK;
    }
    if (rc != ERR_OK && why != NULL)
        *why = said;
    arena_done(&n.one);
    arena_done(&n.a);
    return rc;
}
