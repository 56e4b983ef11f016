#include <inttypes.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/client/stick_folder.h"
#include "sync/hub/api.h"
#include "sync/hub/courier_parts.h"

/* The site's lines in the site's order, from where the kiosk that has come least far stands: so each of them can go on
   from its own place. What was put there before goes once the new stands, as it begins no later. */

enum {
    GIVE_ARENA = 3 * BUNDLE_ARENA,
    GIVE_LIST_ARENA = 16 * 1024 * 1024,
    GIVE_SPARE = 1024 * 1024, /* bytes that stay free on the stick */
};

struct give_kiosk {
    const char *id;
    bool shown; /* a receipt of it is on the stick */
    int64_t at_ms;
    uint64_t cursor;
};

struct give {
    struct courier *c;
    struct hub_site site;
    struct stick_folder folder;
    char self[STICK_ID];
    struct give_kiosk *kiosks;
    struct courier_to to;
    size_t count;            /* of kiosks, as of keys */
    struct stick_entry *old; /* our own bundles of before */
    size_t old_count;
    bool full;
    struct arena list, a;
};

/* ---- for whom, and from where ---- */

static enum err give_kiosks(struct give *g, struct why *why)
{
    const char *const *ids = NULL;
    size_t count = 0;
    enum err rc = hubstore_kiosks(g->c->hub->store, g->site.at.site, &g->list, &ids, &count, why);
    if (rc != ERR_OK)
        return rc;

    g->kiosks = arena_array(&g->list, count + 1, sizeof(*g->kiosks));
    g->to.keys = arena_array(&g->list, count + 1, KEYS_PUBLIC);
    if (g->kiosks == NULL || g->to.keys == NULL)
        return why_set(why, ERR_NOMEM, 0, "kiosks: no memory");
    for (size_t i = 0; i < count; i++) {
        if (!hex_get(g->to.keys[g->count], KEYS_PUBLIC, ids[i]))
            continue;
        g->kiosks[g->count++] = (struct give_kiosk){ .id = ids[i] };
    }
    g->to.count = g->count;
    /* Where all are revoked, there is still the notice to give. */
    rc = hubstore_revoked(g->c->hub->store, g->site.at.site, 1, &g->list, &ids, &count, why);
    return rc != ERR_OK || g->count + count > 0
               ? rc
               : why_set(why, ERR_NOT_FOUND, 0, "site %s has no kiosk to send to",
                         g->site.at.site_name);
}

/* A place in the order of another epoch says nothing of ours. */
static void give_shown(struct give *g, const struct receipt *r)
{
    for (size_t i = 0; i < g->count; i++) {
        struct give_kiosk *k = &g->kiosks[i];
        if (strcmp(k->id, r->device) != 0 || (k->shown && k->at_ms >= r->at_ms))
            continue;
        k->shown = true;
        k->at_ms = r->at_ms;
        k->cursor = strcmp(r->epoch, g->site.at.epoch) != 0 ? 0
                    : r->cursor < g->site.last              ? r->cursor
                                                            : g->site.last;
    }
}

static enum err give_receipts(struct give *g, struct why *why)
{
    struct stick_entry *rows = NULL;
    size_t count = 0;
    bool left = false;
    enum err rc = stick_folder_list(g->folder.site, STICK_RECEIPT, STICK_RECEIPTS_MAX, &g->list,
                                    &rows, &count, &left, why);

    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        struct why bad = { .text = "" };
        struct receipt r;
        char *text = NULL;
        size_t len = 0;
        if (strcmp(rows[i].is.sender, g->self) == 0)
            continue;
        g->c->tally.files++;
        arena_reset(&g->a);
        enum err read = stick_folder_read(g->folder.site, rows[i].name, RECEIPT_BYTES_MAX, &g->a,
                                          &text, &len, &bad);
        if (read == ERR_OK)
            read = receipt_read(&g->a, text, len, &r, &bad);
        if (read == ERR_OK && strcmp(r.site, g->site.at.site) != 0)
            read = why_set(&bad, ERR_DENIED, 0, "it is of another site");
        if (read == ERR_NOMEM)
            return why_set(why, read, 0, "receipts: no memory");
        if (read != ERR_OK)
            courier_refuse(g->c, g->site.at.site, rows[i].name, bad.text);
        else
            give_shown(g, &r);
    }
    return rc;
}

/* From the start for whoever has never shown what it holds, if all of it fits at once. Else for those who have, so that what
   no kiosk may ever fetch does not keep the others waiting. */
static enum err give_from(struct give *g, uint64_t *out, struct why *why)
{
    uint64_t all = UINT64_MAX;
    uint64_t shown = UINT64_MAX;
    int64_t bytes = 0;

    for (size_t i = 0; i < g->count; i++) {
        const struct give_kiosk *k = &g->kiosks[i];
        uint64_t at = k->shown ? k->cursor : 0;
        all = at < all ? at : all;
        shown = k->shown && at < shown ? at : shown;
    }
    enum err rc = hubstore_bytes_above(g->c->hub->store, g->site.at.site, all, &bytes, why);
    if (rc == ERR_OK)
        *out = bytes > STICK_ROUND_MAX && shown != UINT64_MAX ? shown : all;
    return rc;
}

/* ---- what is written ---- */

enum err courier_room(const struct courier *c, size_t len, struct why *why)
{
    int64_t room = 0;
    enum err rc = fs_room(c->root, &room, why);

    if (rc == ERR_OK && room < (int64_t)len + GIVE_SPARE)
        rc = why_set(why, ERR_FULL, 0, "the stick has %" PRId64 " bytes free", room);
    if (rc == ERR_OK && c->tally.bytes + (int64_t)len > STICK_ROUND_MAX)
        rc = why_set(why, ERR_FULL, 0, "a stick takes %d bytes at a time", STICK_ROUND_MAX);
    return rc;
}

static enum err give_write(struct give *g, const struct bundle *b, size_t from, struct why *why)
{
    size_t count = g->count - from;
    char name[STICK_NAME_MAX];
    uint8_t *bytes = NULL;
    size_t len = 0;
    uint32_t dice = 0;

    if (count > BUNDLE_RECEIVERS_MAX)
        count = BUNDLE_RECEIVERS_MAX;
    enum err rc =
        bundle_encode(&g->a, b, &g->c->hub->self, (const uint8_t(*)[KEYS_PUBLIC])g->to.keys[from],
                      count, &bytes, &len, why);
    if (rc == ERR_OK)
        rc = courier_room(g->c, len, why);
    if (rc != ERR_OK)
        return rc;
    keys_random(&dice, sizeof(dice));
    stick_name_bundle(name, g->c->hub->self.id, dice);
    rc = stick_folder_write(g->folder.site, name, bytes, len, why);
    if (rc != ERR_OK)
        return rc;
    g->c->tally.bytes += (int64_t)len;
    courier_say(g->c, g->site.at.site, name, "lines %" PRIu64 " to %" PRIu64 " for %zu kiosks",
                b->lines[0].site_no, b->next, count);
    return ERR_OK;
}

/* A full stick ends the giving, which is no fault: the lines that are there are the next ones. */
static enum err give_lines(struct give *g, uint64_t after, struct why *why)
{
    struct bundle b = { .line_count = 1 };
    enum err rc = ERR_OK;

    while (b.line_count > 0 && !g->full && rc == ERR_OK) {
        arena_reset(&g->a);
        rc = hubstore_since(g->c->hub->store, g->site.at.site, after, BUNDLE_LINES_MAX, &g->a, &b,
                            why);
        b.sender = g->c->hub->self.id;
        if (rc != ERR_OK || b.line_count == 0)
            break;
        for (size_t from = 0; from < g->count && rc == ERR_OK; from += BUNDLE_RECEIVERS_MAX)
            rc = give_write(g, &b, from, why);
        g->full = rc == ERR_FULL;
        if (rc == ERR_OK) {
            g->c->tally.files++;
            g->c->tally.lines += b.line_count;
            after = b.next;
        }
    }
    if (!g->full)
        return rc;
    g->c->tally.left++;
    courier_say(g->c, g->site.at.site, "", "the lines above %" PRIu64 " next time: %s", after,
                why->text);
    return ERR_OK;
}

static enum err give_old(struct give *g, enum stick_kind kind, struct stick_entry **out,
                         size_t *out_count, struct why *why)
{
    struct stick_entry *rows = NULL;
    size_t found = 0;
    size_t count = 0;
    bool left = false;
    enum err rc = stick_folder_list(g->folder.site, kind, STICK_BUNDLES_MAX, &g->list, &rows,
                                    &found, &left, why);

    for (size_t i = 0; i < found && rc == ERR_OK; i++)
        if (strcmp(rows[i].is.sender, g->self) == 0)
            rows[count++] = rows[i];
    *out = rows;
    *out_count = count;
    return rc;
}

static enum err give_away(struct give *g, const struct stick_entry *rows, size_t count,
                          struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        rc = stick_folder_remove(g->folder.site, rows[i].name, why);
    return rc;
}

/* Half-written ones go first: they are of no use to anybody. Where there is no room for the new beside the old, the old
   goes first too: a cut in between leaves a stick with less on it, and nothing lost. */
static enum err give_all(struct give *g, uint64_t from, struct why *why)
{
    struct stick_entry *halves = NULL;
    size_t half_count = 0;
    int64_t bytes = 0;
    enum err rc = stick_folder_make(&g->folder, why);

    if (rc == ERR_OK)
        rc = give_old(g, STICK_HALF, &halves, &half_count, why);
    if (rc == ERR_OK)
        rc = give_away(g, halves, half_count, why);
    if (rc == ERR_OK)
        rc = give_old(g, STICK_BUNDLE, &g->old, &g->old_count, why);
    if (rc == ERR_OK)
        rc = hubstore_bytes_above(g->c->hub->store, g->site.at.site, from, &bytes, why);
    if (rc != ERR_OK)
        return rc;
    if (courier_room(g->c, (size_t)(bytes < STICK_ROUND_MAX ? bytes : STICK_ROUND_MAX), NULL) ==
        ERR_FULL) {
        rc = give_away(g, g->old, g->old_count, why);
        g->old_count = 0;
    }
    if (rc == ERR_OK)
        rc = courier_room(g->c, 0, why);
    if (rc == ERR_OK)
        rc = courier_give_notice(g->c, &g->site, &g->folder, &g->to, why);
    if (rc == ERR_OK && g->count > 0)
        rc = give_lines(g, from, why);
    return rc == ERR_OK ? give_away(g, g->old, g->old_count, why) : rc;
}

/* ---- the receipt ---- */

enum err courier_receipt(struct courier *c, const struct hub_site *site,
                         const struct stick_folder *folder, struct why *why)
{
    struct hub *h = c->hub;
    struct receipt r = { .device = h->self.id,
                         .site = site->at.site,
                         .at_ms = hub_now(h).wall_ms,
                         .epoch = site->at.epoch,
                         .cursor = site->last };
    struct receipt_head *heads = NULL;
    char name[STICK_NAME_MAX];
    char *text = NULL;
    size_t len = 0;
    struct arena a;

    arena_init(&a, (size_t)2 * RECEIPT_ARENA);
    enum err rc =
        hubstore_site_heads(h->store, r.site, RECEIPT_HEADS_MAX, &a, &heads, &r.head_count, why);
    for (size_t i = 0; i < r.head_count && rc == ERR_OK; i++) {
        struct hub_head head = { .seq = heads[i].seq };
        (void)str_copy(head.hash, sizeof(head.hash), heads[i].hash);
        rc = api_head_sign(h, &a, r.epoch, heads[i].device, &head, &heads[i].signature, why);
    }
    r.heads = heads;
    if (rc == ERR_OK)
        rc = courier_held(c, r.site, folder, &a, &r, why);
    if (rc == ERR_OK)
        rc = receipt_make(&a, &r, &h->self, &text, &len, why);
    if (rc == ERR_OK)
        rc = stick_folder_make(folder, why);
    stick_name_receipt(name, h->self.id);
    if (rc == ERR_OK)
        rc = stick_folder_write(folder->site, name, text, len, why);
    arena_done(&a);
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "receipt");
}

/* ---- the whole ---- */

enum err courier_give(struct courier *c, const char *site_name, struct why *why)
{
    struct give g = { .c = c };
    struct fs_stat st;
    uint64_t from = 0;
    enum err rc = fs_stat(c->root, &st, why);
    if (rc == ERR_OK && !st.is_dir)
        rc = why_set(why, ERR_INPUT, 0, "%s is no folder", c->root);
    if (rc == ERR_OK)
        rc = hubstore_site(c->hub->store, NULL, site_name, &g.site, why);
    if (rc == ERR_OK)
        rc = stick_folder_of(&g.folder, c->root, g.site.at.site, why);
    if (rc != ERR_OK)
        return rc;

    stick_name_sender(g.self, c->hub->self.id);
    arena_init(&g.list, GIVE_LIST_ARENA);
    arena_init(&g.a, GIVE_ARENA);
    rc = give_kiosks(&g, why);
    if (rc == ERR_OK)
        rc = give_receipts(&g, why);
    if (rc == ERR_OK)
        rc = give_from(&g, &from, why);
    if (rc == ERR_OK)
        rc = give_all(&g, from, why);
    if (rc == ERR_OK && g.count > 0)
        rc = courier_give_files(c, &g.site, &g.folder, &g.to, why);
    if (rc == ERR_OK)
        rc = courier_receipt(c, &g.site, &g.folder, why);
    if (rc == ERR_OK)
        rc = stick_folder_settle(c->root, why);
    arena_done(&g.a);
    arena_done(&g.list);
    return rc;
}
