#include "sync/log/carried.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    CARRIED_ENVELOPE = 640, /* bytes of a line that carries another and names nothing, and more */
    CARRIED_NAME = 160,     /* bytes of one member of `means` */
    CARRIED_DEEPER = 2,     /* levels: the body and the line in it */
    CARRIED_TRIES = 4,
};

/* Nodes do not say where in the line they stood. The member is the last of the last member, so its bytes end before the two
   braces; they begin behind the first `,"line":`, which cannot stand in a text, where its quotes would be escaped. Should
   another member of that name stand before it, the hash finds the right one. */
static bool carried_bytes(struct carried *c, const char *line, size_t len)
{
    static const char mark[] = ",\"line\":";
    const size_t mark_len = sizeof mark - 1;
    int tries = 0;

    if (len < 2 || line[len - 1] != '}' || line[len - 2] != '}')
        return false;
    for (size_t at = 0; at + mark_len + 2 < len && tries < CARRIED_TRIES; at++) {
        char hash[KEYS_ID_TEXT];

        if (line[at] != ',' || memcmp(line + at, mark, mark_len) != 0)
            continue;
        tries++;
        c->line = line + at + mark_len;
        c->len = len - 2 - (at + mark_len);
        keys_sha256_hex(hash, c->line, c->len);
        if (str_eq(hash, c->hash))
            return true;
    }
    return false;
}

enum err carried_read(const struct event *e, const char *line, size_t len, struct carried *out,
                      struct why *why)
{
    const struct json *inner = json_get(e->body, "line");
    const char *hash = json_str(e->body, "sha256");
    struct carried c = { .means = json_get(e->body, "means") };
    char subject[EVENT_ID_TEXT];

    if (!str_eq(e->kind, CARRIED_KIND) || !hex_is(hash, KEYS_ID_TEXT - 1) || inner == NULL ||
        inner->type != JNODE_OBJECT || inner->next != NULL)
        return why_set(why, ERR_INPUT, 0, "carried line: no hash or no line in it");
    (void)str_copy(c.hash, sizeof c.hash, hash);
    enum err rc = event_from_json(inner, &c.event, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "carried line");
    event_id(subject, c.event.device, c.event.seq);
    if (!str_eq(subject, e->subject) || str_eq(c.event.kind, CARRIED_KIND) ||
        !carried_bytes(&c, line, len))
        return why_set(why, ERR_INPUT, 0, "carried line: not the line that it says");
    *out = c;
    return ERR_OK;
}

const char *carried_means(const struct carried *c, const char *name)
{
    const char *hash = json_str(c->means, name);

    return hex_is(hash, KEYS_ID_TEXT - 1) ? hash : NULL;
}

struct carried_seen {
    const struct event *e;
    uint64_t *numbers;
    size_t count;
};

static void carried_see(struct carried_seen *s, const char *text)
{
    char device[KEYS_ID_TEXT];
    uint64_t seq = 0;

    if (s->count < CARRIED_NAMES_MAX && event_id_read(text, device, &seq) &&
        str_eq(device, s->e->device) && seq < s->e->seq)
        s->numbers[s->count++] = seq;
}

static void carried_walk(struct carried_seen *s, const struct json *node)
{
    if (node->type == JNODE_STRING)
        carried_see(s, node->text);
    for (const struct json *child = node->first; child != NULL; child = child->next)
        carried_walk(s, child); /* at most JSON_DEPTH_MAX deep */
}

static int carried_by_number(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

size_t carried_names(const struct event *e, uint64_t out[CARRIED_NAMES_MAX])
{
    struct carried_seen s = { .e = e, .numbers = out };
    size_t count = 0;

    carried_see(&s, e->subject);
    carried_walk(&s, e->body);
    qsort(out, s.count, sizeof *out, carried_by_number);
    for (size_t i = 0; i < s.count; i++)
        if (count == 0 || out[count - 1] != out[i])
            out[count++] = out[i];
    return count;
}

static unsigned carried_depth(const struct json *node)
{
    unsigned most = 0;

    if (node->type != JNODE_OBJECT && node->type != JNODE_ARRAY)
        return 0;
    for (const struct json *child = node->first; child != NULL; child = child->next) {
        unsigned depth = carried_depth(child);

        most = depth > most ? depth : most;
    }
    return most + 1;
}

bool carried_fits(const struct event *e, size_t len)
{
    uint64_t numbers[CARRIED_NAMES_MAX];
    size_t names = carried_names(e, numbers);
    size_t more = CARRIED_ENVELOPE + names * CARRIED_NAME;

    if (more < CARRIED_ROOM)
        more = CARRIED_ROOM;
    return len + more <= EVENT_LINE_MAX &&
           1 + carried_depth(e->body) + CARRIED_DEEPER <= JSON_DEPTH_MAX;
}

void carried_write(struct buf *out, const struct carried_draft *d)
{
    char name[EVENT_ID_TEXT];
    struct json_out j;

    json_out_init(&j, out);
    json_out_object(&j, NULL);
    json_out_str(&j, "sha256", d->hash);
    json_out_object(&j, "means");
    for (size_t i = 0; i < d->count; i++) {
        event_id(name, d->device, d->numbers[i]);
        if (d->hashes[i][0] != '\0')
            json_out_str(&j, name, d->hashes[i]);
    }
    json_out_end_object(&j);
    /* Byte for byte: it is these bytes that have the hash. */
    buf_str(out, ",\"line\":");
    buf_add(out, d->line, d->len);
    buf_char(out, '}');
}
