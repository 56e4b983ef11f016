#include "sync/hub/lines.h"

#include <stdlib.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/lines_scan.h"
#include "sync/log/carried.h"
#include "sync/log/event.h"
#include "sync/log/evlog.h"

void lines_hlc(uint8_t out[LINES_HLC], struct hlc stamp)
{
    for (int i = 0; i < 6; i++)
        out[i] = (uint8_t)((uint64_t)stamp.ms >> (40 - 8 * i));
    out[6] = (uint8_t)(stamp.n >> 8);
    out[7] = (uint8_t)(stamp.n & 0xFFU);
}

static bool lines_followed(const char *kind)
{
    static const char *const kinds[] = { "letter.queued", "letter.answered", "person.added",
                                         "badge.issued",  "person.erased",   CARRIED_KIND };

    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (strcmp(kinds[i], kind) == 0)
            return true;
    return false;
}

unsigned lines_marks(const char *kind, const char *line)
{
    /* Other writers may put blanks between a member and its text. */
    const bool said = str_starts(kind, "stop.") ||
                      (strcmp(kind, CARRIED_KIND) == 0 && strstr(line, "\"stop.") != NULL);

    return (lines_followed(kind) ? LINES_FOLLOWED : 0U) | (said ? LINES_SAID : 0U);
}

static enum lines_member lines_member(const char *kind)
{
    static const struct {
        const char *kind;
        enum lines_member is;
    } kinds[] = {
        { "site.founded", LINES_FOUNDED },    { "kiosk.admitted", LINES_ADMITTED },
        { "kiosk.enrolled", LINES_ENROLLED }, { "kiosk.revoked", LINES_REVOKED },
        { "person.erased", LINES_ERASED },    { "hub.voice", LINES_VOICE },
    };

    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return kinds[i].is;
    return LINES_NO_MEMBER;
}

/* A bundle's lines are as a rule one device's, or come device by device. */
static size_t lines_author(struct lines *l, struct arena *a, const char *device, size_t last)
{
    if (last < l->author_count && strcmp(l->authors[last].device, device) == 0)
        return last;
    for (size_t i = 0; i < l->author_count; i++)
        if (strcmp(l->authors[i].device, device) == 0)
            return i;
    if (l->author_count == l->author_room) {
        struct lines_author *more = arena_array(a, 4 * l->author_room + 2, sizeof(*more));
        if (more == NULL)
            return SIZE_MAX;
        if (l->author_count > 0)
            memcpy(more, l->authors, l->author_count * sizeof(*more));
        l->authors = more;
        l->author_room = 4 * l->author_room + 2;
    }
    struct lines_author *author = &l->authors[l->author_count];
    (void)str_copy(author->device, sizeof(author->device), device);
    return l->author_count++;
}

/* What the quick look is not sure of. */
static enum err lines_slow(struct arena *scratch, const struct bundle_line *from,
                           struct lines_scan *out, struct why *why)
{
    struct event e;

    arena_reset(scratch);
    enum err rc = event_parse(scratch, from->line, from->len, &e, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "log");
    (void)str_copy(out->device, sizeof(out->device), e.device);
    (void)str_copy(out->prev, sizeof(out->prev), e.prev);
    (void)str_copy(out->kind, sizeof(out->kind), e.kind);
    out->seq = e.seq;
    out->hlc = e.hlc;
    out->moves = event_stamp_trusted(&e);
    return ERR_OK;
}

static enum err lines_one(struct lines *l, struct arena *a, struct arena *scratch,
                          const struct bundle_line *from, size_t i, struct why *why)
{
    struct lines_one *line = &l->all[i];
    struct lines_scan e;
    enum err rc =
        lines_scan(from->line, from->len, &e) ? ERR_OK : lines_slow(scratch, from, &e, why);

    if (rc != ERR_OK)
        return rc;
    line->text = from->line;
    line->len = from->len;
    line->author = lines_author(l, a, e.device, i > 0 ? l->all[i - 1].author : 0);
    if (line->author == SIZE_MAX)
        return why_set(why, ERR_NOMEM, 0, "lines: no memory");
    line->seq = e.seq;
    line->stamp = e.hlc;
    line->moves = e.moves;
    line->marks = lines_marks(e.kind, from->line);
    line->member = lines_member(e.kind);
    lines_hlc(line->hlc, e.hlc);
    if (from->hash != NULL)
        memcpy(line->hash, from->hash, KEYS_HASH);
    else
        keys_sha256(line->hash, from->line, from->len);
    if (!hex_get(line->prev, sizeof(line->prev), e.prev))
        return why_set(why, ERR_INPUT, 0, "line with a wrong \"prev\"");
    return ERR_OK;
}

static int lines_compare(const void *left, const void *right)
{
    const struct lines_one *const *x = left;
    const struct lines_one *const *y = right;

    if ((*x)->author != (*y)->author)
        return (*x)->author < (*y)->author ? -1 : 1;
    if ((*x)->seq != (*y)->seq)
        return (*x)->seq < (*y)->seq ? -1 : 1;
    return *x < *y ? -1 : *x > *y ? 1 : 0;
}

static enum err lines_blobs(struct lines *l, const struct bundle *b, struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; i < b->blob_count && rc == ERR_OK; i++) {
        l->blobs[i].salt = b->blobs[i].salt;
        l->blobs[i].text = b->blobs[i].text;
        rc = evlog_blob_name(b->blobs[i].salt, b->blobs[i].text, l->blobs[i].hash, why);
    }
    l->blob_count = b->blob_count;
    return rc;
}

enum err lines_parse(struct arena *a, const struct bundle *b, struct lines *out, struct why *why)
{
    struct lines l = {
        .all = arena_array(a, b->line_count + 1, sizeof(*l.all)),
        .by = arena_array(a, b->line_count + 1, sizeof(*l.by)),
        .blobs = arena_array(a, b->blob_count + 1, sizeof(*l.blobs)),
        .count = b->line_count,
    };
    struct arena scratch;
    enum err rc = ERR_OK;
    if (a->failed)
        return why_set(why, ERR_NOMEM, 0, "lines: no memory");

    arena_init(&scratch, EVENT_ARENA);
    for (size_t i = 0; i < l.count && rc == ERR_OK; i++) {
        rc = lines_one(&l, a, &scratch, &b->lines[i], i, why);
        l.by[i] = &l.all[i];
    }
    arena_done(&scratch);
    if (rc == ERR_OK)
        rc = lines_blobs(&l, b, why);
    if (rc != ERR_OK)
        return rc;
    qsort(l.by, l.count, sizeof(struct lines_one *), lines_compare);
    *out = l;
    return ERR_OK;
}
