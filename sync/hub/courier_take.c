#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/client/stick_folder.h"
#include "sync/hub/api.h"
#include "sync/hub/courier_parts.h"
#include "sync/log/admission.h"

/* A bundle of a kiosk that the hub does not know yet is tried again after the others: one of those may bring the line that
   lets it in. */

enum {
    TAKE_PASSES_MAX = 8,
    TAKE_FOLDERS_MAX = 4096, /* in CANNY/ */
    TAKE_ARENA = 3 * BUNDLE_ARENA,
};

enum take_end { TAKE_DONE, TAKE_LATER };

struct take {
    struct courier *c;
    struct hub_site site;
    struct stick_folder folder;
    char self[STICK_ID]; /* how the hub's own files begin */
    struct arena list, a;
};

struct take_bundle {
    const char *name;
    bool done;
    char signer[KEYS_ID_TEXT]; /* of one that is not sealed to us; else "" */
    struct why why;
};

void courier_say(struct courier *c, const char *site, const char *name, const char *format, ...)
{
    char file[FS_PATH_MAX];
    char what[256];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    (void)str_format(file, sizeof(file), "%s/%s/%s", STICK_FOLDER, site, name);
    if (c->tell != NULL)
        c->tell(c->ctx, file, what);
}

void courier_refuse(struct courier *c, const char *site, const char *name, const char *why)
{
    c->tally.refused++;
    courier_say(c, site, name, "refused: %s", why);
}

/* Two histories of one device: whoever looks after the fleet must hear of it, as over the network. */
static enum err take_alarm(struct take *t, const struct hub_push *push, struct why *why)
{
    if (push->rc != ERR_CONFLICT)
        return ERR_OK;
    return hubstore_alarm(t->c->hub->store, push->site, push->device, "lines.conflict",
                          push->why.text, push->now.wall_ms, why);
}

static enum err take_push(struct take *t, const struct bundle *b, bool stranger, size_t *out_new,
                          struct why *bad, struct why *why)
{
    struct hub *h = t->c->hub;
    struct lines lines;
    enum err rc = lines_parse(&t->a, b, &lines, bad);
    if (rc != ERR_OK)
        return rc == ERR_NOMEM ? why_set(why, rc, 0, "no memory") : ERR_OK;

    struct hub_push push = { .device = b->sender,
                             .site = t->site.at.site,
                             .lines = &lines,
                             .now = hub_now(h),
                             .certify = auth_certify,
                             .ctx = h,
                             .a = &t->a,
                             .stranger = stranger };
    rc = hubstore_append(h->store, &push, why);
    if (rc != ERR_OK)
        return rc;
    *bad = push.why;
    *out_new = push.head.fresh;
    if (push.rc == ERR_OK)
        return ERR_OK;
    rc = take_alarm(t, &push, why);
    return rc == ERR_OK ? push.rc : rc;
}

/* Whether the file is a bundle for us at all; else its why says why not. */
static bool take_open(struct take *t, struct take_bundle *one, struct bundle *out)
{
    struct why *bad = &one->why;
    char *bytes = NULL;
    size_t len = 0;

    if (stick_folder_read(t->folder.site, one->name, BUNDLE_BYTES_MAX, &t->a, &bytes, &len, bad) !=
        ERR_OK)
        return false;
    enum err rc = bundle_decode(&t->a, bytes, len, &t->c->hub->self, out, bad);
    if (rc == ERR_DENIED && bundle_signer(bytes, len, one->signer, NULL) != ERR_OK)
        one->signer[0] = '\0';
    if (rc != ERR_OK)
        return false;
    if (strcmp(out->site, t->site.at.site) == 0)
        return true;
    (void)why_set(bad, ERR_DENIED, 0, "it is of another site");
    return false;
}

static const char *const take_no[] = {
    [HUB_REVOKED] = "its sender was revoked",
    [HUB_ELSEWHERE] = "its sender belongs to another site",
};

/* ERR_OK with a reason in its why: refused. */
static enum err take_one(struct take *t, struct take_bundle *one, enum take_end *out_end,
                         size_t *out_new, size_t *out_lines, struct why *why)
{
    struct why *bad = &one->why;
    struct bundle b;
    enum hub_standing is = HUB_STRANGER;

    *bad = (struct why){ .text = "" };
    *out_end = TAKE_DONE;
    arena_reset(&t->a);
    if (!take_open(t, one, &b)) {
        /* Who signed it may come to belong by another bundle. */
        *out_end = one->signer[0] != '\0' ? TAKE_LATER : TAKE_DONE;
        return ERR_OK;
    }
    *out_lines = b.line_count;
    enum err rc = hubstore_standing(t->c->hub->store, t->site.at.site, b.sender, &is, why);
    if (rc != ERR_OK)
        return rc;
    if (is == HUB_REVOKED || is == HUB_ELSEWHERE) {
        (void)why_set(bad, ERR_DENIED, 0, "%s", take_no[is]);
        return ERR_OK;
    }
    rc = take_push(t, &b, is == HUB_STRANGER, out_new, bad, why);
    if (rc == ERR_DENIED)
        *out_end = TAKE_LATER; /* a stranger, or lines of one */
    return rc == ERR_DENIED || rc == ERR_CONFLICT ? ERR_OK : rc;
}

static enum err take_pass(struct take *t, struct take_bundle *all, size_t count, bool *out_moved,
                          struct why *why)
{
    enum err rc = ERR_OK;

    *out_moved = false;
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        enum take_end end = TAKE_DONE;
        size_t fresh = 0;
        size_t lines = 0;
        if (all[i].done || all[i].signer[0] != '\0')
            continue;
        rc = take_one(t, &all[i], &end, &fresh, &lines, why);
        if (rc != ERR_OK)
            break;
        if (end == TAKE_LATER)
            continue;
        all[i].done = true;
        if (all[i].why.text[0] != '\0') {
            courier_refuse(t->c, t->site.at.site, all[i].name, all[i].why.text);
            continue;
        }
        *out_moved = true;
        t->c->tally.lines += fresh;
        courier_say(t->c, t->site.at.site, all[i].name, "%zu new of %zu lines", fresh, lines);
    }
    return rc;
}

/* A bundle that is still not taken in after the last pass. Sealed by a kiosk of the site that has not heard of the hub, it is no
   fault: so looks the first stick of every site that a hub takes over. The founder needs no line here to be known: the site's
   id is made of its key. */
static enum err take_unsettled(struct take *t, const struct take_bundle *one, struct why *why)
{
    enum hub_standing is = HUB_STRANGER;
    char founded[KEYS_RANDOM_ID] = "";
    enum err rc = ERR_OK;

    if (one->signer[0] != '\0') {
        admission_site(founded, one->signer);
        rc = hubstore_standing(t->c->hub->store, t->site.at.site, one->signer, &is, why);
    }
    if (rc != ERR_OK)
        return rc;
    if (is != HUB_BELONGS && is != HUB_KNOWN && strcmp(founded, t->site.at.site) != 0) {
        courier_refuse(t->c, t->site.at.site, one->name, one->why.text);
        return ERR_OK;
    }
    t->c->tally.others++;
    courier_say(t->c, t->site.at.site, one->name,
                "not sealed to this hub: it is for the other kiosks, as its own has not yet heard "
                "of the hub");
    return ERR_OK;
}

static enum err take_bundles(struct take *t, struct why *why)
{
    struct stick_entry *rows = NULL;
    size_t found = 0;
    size_t count = 0;
    bool left = false;
    bool moved = true;
    enum err rc = stick_folder_list(t->folder.site, STICK_BUNDLE, STICK_BUNDLES_MAX, &t->list,
                                    &rows, &found, &left, why);
    struct take_bundle *all = rc == ERR_OK ? arena_array(&t->list, found + 1, sizeof(*all)) : NULL;
    if (rc == ERR_OK && all == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "no memory");
    for (size_t i = 0; i < found && rc == ERR_OK; i++)
        if (strcmp(rows[i].is.sender, t->self) != 0)
            all[count++] = (struct take_bundle){ .name = rows[i].name };
    for (int pass = 0; pass < TAKE_PASSES_MAX && moved && rc == ERR_OK; pass++)
        rc = take_pass(t, all, count, &moved, why);
    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        if (!all[i].done)
            rc = take_unsettled(t, &all[i], why);
    if (rc == ERR_OK) {
        t->c->tally.files += count;
        t->c->tally.left += left ? 1 : 0;
    }
    if (rc == ERR_OK && left)
        courier_say(t->c, t->site.at.site, "", "more than %d bundles; the rest next time",
                    STICK_BUNDLES_MAX);
    return rc;
}

/* What a cut left: told, and left to whoever wrote it. */
static enum err take_halves(struct take *t, struct why *why)
{
    struct stick_entry *rows = NULL;
    size_t count = 0;
    bool left = false;
    enum err rc = stick_folder_list(t->folder.site, STICK_HALF, STICK_BUNDLES_MAX, &t->list, &rows,
                                    &count, &left, why);

    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        courier_say(t->c, t->site.at.site, rows[i].name, "half written, left alone");
    return rc;
}

/* A stick that cannot be written to is taken from all the same. */
static enum err take_receipt(struct take *t, struct why *why)
{
    struct why bad = { .text = "" };
    enum err rc = hubstore_site(t->c->hub->store, t->site.at.site, NULL, &t->site, why);
    if (rc != ERR_OK)
        return rc;
    rc = courier_receipt(t->c, &t->site, &t->folder, &bad);
    if (rc != ERR_DENIED && rc != ERR_FULL) {
        if (rc != ERR_OK && why != NULL)
            *why = bad;
        return rc;
    }
    courier_say(t->c, t->site.at.site, "", "no receipt: %s", bad.text);
    return ERR_OK;
}

static enum err take_site(struct courier *c, const char *id, struct why *why)
{
    struct take t = { .c = c };
    enum err rc = hubstore_site(c->hub->store, id, NULL, &t.site, why);

    if (rc == ERR_NOT_FOUND) {
        c->tally.files++;
        courier_refuse(c, id, "", "it is of no site of this hub");
        return ERR_OK;
    }
    if (rc == ERR_OK)
        rc = stick_folder_of(&t.folder, c->root, id, why);
    if (rc != ERR_OK)
        return rc;
    stick_name_sender(t.self, c->hub->self.id);
    arena_init(&t.list, (size_t)8 * 1024 * 1024);
    arena_init(&t.a, TAKE_ARENA);
    rc = take_bundles(&t, why);
    if (rc == ERR_OK)
        rc = take_halves(&t, why);
    if (rc == ERR_OK)
        rc = courier_take_files(c, &t.site, &t.folder, why);
    if (rc == ERR_OK)
        rc = take_receipt(&t, why);
    arena_done(&t.a);
    arena_done(&t.list);
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "site %s", id);
}

enum err courier_take(struct courier *c, struct why *why)
{
    char top[FS_PATH_MAX];
    const char **names = NULL;
    size_t count = 0;
    size_t sites = 0;
    struct arena a;
    enum err rc = fs_join(top, c->root, STICK_FOLDER, why);

    arena_init(&a, (size_t)4 * 1024 * 1024);
    if (rc == ERR_OK)
        rc = fs_list(&a, top, TAKE_FOLDERS_MAX, &names, &count, why);
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        char id[KEYS_RANDOM_ID] = "";
        size_t len = strlen(names[i]);
        if (len != KEYS_RANDOM_ID || names[i][len - 1] != '/')
            continue;
        memcpy(id, names[i], len - 1);
        if (!stick_site_ok(id))
            continue;
        sites++;
        rc = take_site(c, id, why);
    }
    arena_done(&a);
    if (rc == ERR_OK && sites == 0)
        rc = why_set(why, ERR_NOT_FOUND, 0, "there is no site's folder in %s", top);
    return rc;
}
