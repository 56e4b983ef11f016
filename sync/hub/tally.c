#include "sync/hub/tally.h"

#include <stdlib.h>
#include <string.h>

#include "platform/base/json.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"
#include "sync/log/carried.h"
#include "sync/log/event.h"

enum { TALLY_ARENA_MAX = 512 * 1024 * 1024, UNDO_MS = 8000, NAME_MAX_BYTES = 160 };

enum tally_kind { TALLY_SEEN, TALLY_ANSWERED, TALLY_CLEARED, TALLY_WITHDRAWN };

struct tally_line {
    const char *site, *device, *actor, *item, *notice, *stamp;
    const char *hash;
    uint64_t seq;
    enum tally_kind kind;
    int64_t revision, at_ms;
    bool found;                 /* of an answer */
    bool carried;               /* it stands in no chain of the hub's */
    const struct json *items;   /* of a seen */
    const struct json *names;   /* lines that it replaces, answers or takes back */
    const struct json *means;   /* of a carried one */
    bool gone, replaced, named; /* gone: taken back */
};
struct tally_carried {
    const char *site, *device, *original, *hash;
    uint64_t seq;
};

void tally_init(struct tally *s)
{
    *s = (struct tally){ .line_count = 0 };
    arena_init(&s->a, TALLY_ARENA_MAX);
}

void tally_done(struct tally *s)
{
    arena_done(&s->a);
    *s = (struct tally){ .line_count = 0 };
}

/* ---- taking lines in ---- */

static void *tally_grow(struct tally *s, void *rows, size_t count, size_t *cap, size_t size)
{
    void *grown;

    if (count < *cap)
        return rows;
    grown = arena_array(&s->a, *cap == 0 ? 64 : *cap * 2, size);
    if (grown != NULL && count > 0)
        memcpy(grown, rows, count * size);
    if (grown != NULL)
        *cap = *cap == 0 ? 64 : *cap * 2;
    return grown;
}

static bool tally_kind_of(const char *kind, enum tally_kind *out)
{
    static const char *const kinds[] = {
        [TALLY_SEEN] = "stop.seen",
        [TALLY_ANSWERED] = "stop.answered",
        [TALLY_CLEARED] = "stop.cleared",
        [TALLY_WITHDRAWN] = "stop.withdrawn",
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq(kinds[i], kind)) {
            *out = (enum tally_kind)i;
            return true;
        }
    return false;
}

static const char *tally_text(const struct json *body, const char *key)
{
    const char *text = json_str(body, key);

    return text == NULL || strlen(text) > NAME_MAX_BYTES ? "" : text;
}

/* false: it is none of ours, or says nothing that this release understands. */
static bool tally_read(const struct event *e, struct tally_line *out)
{
    const char *answer = tally_text(e->body, "answer");

    if (e->version > EVENT_VERSION || !tally_kind_of(e->kind, &out->kind) ||
        !clock_parse_iso(e->at, &out->at_ms))
        return false;
    out->device = e->device;
    out->seq = e->seq;
    out->actor = e->actor;
    out->revision = json_int(e->body, "revision", 1);
    out->item = e->subject;
    out->notice = tally_text(e->body, "notice");
    switch (out->kind) {
    case TALLY_SEEN:
        out->notice = e->subject;
        out->item = "";
        out->items = json_get(e->body, "items");
        return e->subject[0] != '\0';
    case TALLY_ANSWERED:
        out->found = str_eq(answer, "found");
        out->names = json_get(e->body, "replaces");
        return out->notice[0] != '\0' && e->subject[0] != '\0' && e->actor[0] != '\0' &&
               (out->found || str_eq(answer, "gone"));
    case TALLY_CLEARED:
        out->names = json_get(e->body, "answers");
        return out->notice[0] != '\0' && e->subject[0] != '\0' && e->actor[0] != '\0';
    case TALLY_WITHDRAWN:
        out->names = json_get(e->body, "line");
        return out->names != NULL;
    }
    return false;
}

static enum err tally_full(struct why *why)
{
    return why_set(why, ERR_NOMEM, 0, "no room for what was said of notices");
}

/* The same line from several that carry it, and from its own chain: once. Its chain's speaks before any other. */
static bool tally_known(struct tally *s, const struct tally_line *line)
{
    for (size_t i = s->line_count; i-- > 0;) {
        struct tally_line *known = &s->lines[i];

        if (!str_eq(known->hash, line->hash) || !str_eq(known->site, line->site))
            continue;
        if (known->carried && !line->carried)
            *known = *line;
        return true;
    }
    return false;
}

static enum err tally_put(struct tally *s, const struct tally_line *line, struct why *why)
{
    struct tally_line *rows;

    if (tally_known(s, line))
        return ERR_OK;
    if (s->line_count >= TALLY_LINES_MAX)
        return why_set(why, ERR_LIMIT, 0, "more than %d lines about notices", TALLY_LINES_MAX);
    rows = tally_grow(s, s->lines, s->line_count, &s->line_cap, sizeof *s->lines);
    if (rows == NULL)
        return tally_full(why);
    s->lines = rows;
    s->lines[s->line_count++] = *line;
    return ERR_OK;
}

static enum err tally_carry(struct tally *s, const struct event *e, const char *hash,
                            const char *site, struct why *why)
{
    struct tally_carried *rows =
        tally_grow(s, s->carried, s->carried_count, &s->carried_cap, sizeof *s->carried);

    if (rows == NULL)
        return tally_full(why);
    s->carried = rows;
    s->carried[s->carried_count++] = (struct tally_carried){
        .site = site, .device = e->device, .original = e->subject, .hash = hash, .seq = e->seq
    };
    return ERR_OK;
}

enum err tally_add(struct tally *s, const char *site, const char *line, size_t len, struct why *why)
{
    struct arena_mark mark = arena_mark(&s->a);
    char *hash = arena_alloc(&s->a, KEYS_ID_TEXT);
    char *stamp = arena_alloc(&s->a, HLC_TEXT);
    struct tally_line one = { .site = arena_strdup(&s->a, site), .hash = hash, .stamp = stamp };
    struct carried carried = { .line = NULL };
    struct event e;
    enum err rc = ERR_OK;

    if (hash == NULL || stamp == NULL || one.site == NULL)
        return tally_full(why);
    if (event_parse(&s->a, line, len, &e, NULL) != ERR_OK) {
        arena_rewind(&s->a, mark);
        return s->a.failed ? tally_full(why) : ERR_OK;
    }
    if (str_eq(e.kind, CARRIED_KIND)) {
        if (carried_read(&e, line, len, &carried, NULL) != ERR_OK) {
            arena_rewind(&s->a, mark);
            return s->a.failed ? tally_full(why) : ERR_OK;
        }
        (void)str_copy(hash, KEYS_ID_TEXT, carried.hash);
        one.carried = true;
        one.means = carried.means;
    } else {
        keys_sha256_hex(hash, line, len);
    }
    hlc_text(stamp, one.carried ? carried.event.hlc : e.hlc);
    if (!tally_read(one.carried ? &carried.event : &e, &one)) {
        arena_rewind(&s->a, mark);
        return ERR_OK;
    }
    if (one.carried)
        rc = tally_carry(s, &e, hash, one.site, why);
    return rc == ERR_OK ? tally_put(s, &one, why) : rc;
}

/* ---- which line is meant ---- */

static struct tally_line *tally_by_hash(const struct tally *s, const char *site, const char *hash)
{
    for (size_t i = 0; hash != NULL && i < s->line_count; i++)
        if (str_eq(s->lines[i].hash, hash) && str_eq(s->lines[i].site, site))
            return &s->lines[i];
    return NULL;
}

static struct tally_line *tally_by_name(const struct tally *s, const char *site, const char *device,
                                        uint64_t seq)
{
    for (size_t i = 0; i < s->line_count; i++)
        if (!s->lines[i].carried && s->lines[i].seq == seq && str_eq(s->lines[i].device, device) &&
            str_eq(s->lines[i].site, site))
            return &s->lines[i];
    return NULL;
}

/* The first line of that name that the device has carried after the one that names it. */
static const char *tally_carried_since(const struct tally *s, const struct tally_line *from,
                                       const char *name)
{
    const struct tally_carried *best = NULL;

    for (size_t i = 0; i < s->carried_count; i++) {
        const struct tally_carried *c = &s->carried[i];

        if (c->seq > from->seq && str_eq(c->device, from->device) && str_eq(c->original, name) &&
            str_eq(c->site, from->site) && (best == NULL || c->seq < best->seq))
            best = c;
    }
    return best == NULL ? NULL : best->hash;
}

static struct tally_line *tally_meant(const struct tally *s, const struct tally_line *from,
                                      const char *name)
{
    const struct carried in = { .means = from->means };
    char id[KEYS_ID_TEXT];
    struct tally_line *line;
    uint64_t seq = 0;

    if (!event_id_read(name, id, &seq))
        return NULL;
    line = tally_by_hash(s, from->site, id);
    if (line != NULL && line->seq == seq)
        return line;
    if (from->carried && from->means != NULL && carried_means(&in, name) != NULL)
        return tally_by_hash(s, from->site, carried_means(&in, name));
    line = tally_by_hash(s, from->site,
                         str_eq(id, from->device) ? NULL : tally_carried_since(s, from, name));
    return line != NULL ? line : tally_by_name(s, from->site, id, seq);
}

/* ---- what counts ---- */

static bool tally_undoes(const struct tally_line *undo, const struct tally_line *line)
{
    return str_eq(undo->actor, line->actor) && str_eq(undo->device, line->device) &&
           undo->at_ms - line->at_ms >= 0 && undo->at_ms - line->at_ms <= UNDO_MS;
}

static void tally_names(struct tally *s, const struct tally_line *from, const struct json *name)
{
    struct tally_line *line;

    if (name == NULL || name->type != JNODE_STRING)
        return;
    line = tally_meant(s, from, name->text);
    if (line == NULL || line == from)
        return;
    if (from->kind == TALLY_WITHDRAWN) {
        line->gone = line->gone || tally_undoes(from, line);
        return;
    }
    if (from->gone || line->kind != TALLY_ANSWERED || !str_eq(line->item, from->item) ||
        !str_eq(line->notice, from->notice))
        return;
    if (from->kind == TALLY_ANSWERED)
        line->replaced = true;
    else
        line->named = true;
}

static void tally_name_all(struct tally *s, bool undone)
{
    for (size_t i = 0; i < s->line_count; i++) {
        const struct tally_line *from = &s->lines[i];

        if ((from->kind == TALLY_WITHDRAWN) != undone || from->names == NULL)
            continue;
        if (from->names->type != JNODE_ARRAY) {
            tally_names(s, from, from->names);
            continue;
        }
        for (const struct json *n = from->names->first; n != NULL; n = n->next)
            tally_names(s, from, n);
    }
}

static int tally_order(const void *left, const void *right)
{
    const struct tally_line *x = left;
    const struct tally_line *y = right;
    int by = strcmp(x->notice, y->notice);

    by = by == 0 ? strcmp(x->site, y->site) : by;
    by = by == 0 ? strcmp(x->item, y->item) : by;
    by = by == 0 ? strcmp(x->stamp, y->stamp) : by;
    by = by == 0 ? strcmp(x->device, y->device) : by;
    return by == 0 ? strcmp(x->hash, y->hash) : by;
}

/* What was said of one item under one notice. */
struct tally_item {
    bool answered, found, open, cleared;
};

static void tally_judge(const struct tally_line *line, int64_t revision, struct tally_item *out)
{
    if (line->gone)
        return;
    if (line->kind == TALLY_CLEARED) {
        out->cleared = out->cleared || line->revision >= revision;
        return;
    }
    if (line->kind != TALLY_ANSWERED || line->replaced)
        return;
    out->open = out->open || !line->named;
    if (line->revision < revision)
        return;
    out->answered = true;
    out->found = line->found;
}

static void tally_count(struct tally_site *site, const struct tally_item *item)
{
    site->held++;
    if (item->cleared && !item->open)
        site->cleared++;
    else if (!item->answered)
        site->waiting++;
    else if (item->found)
        site->found++;
    else
        site->gone++;
}

static bool tally_listed(const struct json *items, const char *item)
{
    for (const struct json *n = items == NULL || items->type != JNODE_ARRAY ? NULL : items->first;
         n != NULL; n = n->next)
        if (n->type == JNODE_STRING && str_eq(n->text, item))
            return true;
    return false;
}

/* The lines of one notice at one site, in order: what was seen (its item is ""), then item by item. */
static void tally_site_of(const struct tally_line *lines, size_t count, struct tally_site *out)
{
    const struct tally_line *last = NULL;
    size_t at = 0;
    size_t known = 0;

    *out = (struct tally_site){ .site = lines[0].site, .notice = lines[0].notice };
    for (; at < count && lines[at].kind == TALLY_SEEN; at++) {
        if (out->seen_ms == 0 || lines[at].at_ms < out->seen_ms)
            out->seen_ms = lines[at].at_ms;
        if (lines[at].revision > out->revision)
            out->revision = lines[at].revision;
        last = &lines[at];
    }
    while (at < count) {
        struct tally_item item = { .answered = false };
        const char *id = lines[at].item;
        size_t from = at;

        for (; at < count && str_eq(lines[at].item, id); at++)
            tally_judge(&lines[at], out->revision, &item);
        /* All that was said of it was taken back, and it is held back no more. */
        if (!item.answered && !item.open && !item.cleared &&
            !tally_listed(last == NULL ? NULL : last->items, lines[from].item))
            continue;
        known += tally_listed(last == NULL ? NULL : last->items, id) ? 1 : 0;
        tally_count(out, &item);
    }
    if (last == NULL || last->items == NULL || last->items->type != JNODE_ARRAY)
        return;
    /* Those of which nobody has said anything. */
    out->held += last->items->len - known;
    out->waiting += last->items->len - known;
}

enum err tally_sites(struct tally *s, struct tally_site **out, size_t *out_count, struct why *why)
{
    struct tally_site *sites = arena_array(&s->a, s->line_count + 1, sizeof *sites);
    struct tally_line *lines = arena_array(&s->a, s->line_count + 1, sizeof *lines);
    size_t used = 0;
    size_t count = 0;

    if (sites == NULL || lines == NULL)
        return tally_full(why);
    tally_name_all(s, true);
    tally_name_all(s, false);
    for (size_t i = 0; i < s->line_count; i++)
        if (s->lines[i].kind != TALLY_WITHDRAWN)
            lines[used++] = s->lines[i];
    if (used > 0)
        qsort(lines, used, sizeof *lines, tally_order);
    for (size_t i = 0; i < used;) {
        size_t n = 1;

        while (i + n < used && str_eq(lines[i + n].notice, lines[i].notice) &&
               str_eq(lines[i + n].site, lines[i].site))
            n++;
        tally_site_of(&lines[i], n, &sites[count++]);
        i += n;
    }
    *out = sites;
    *out_count = count;
    return ERR_OK;
}
