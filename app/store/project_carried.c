#include "app/store/project.h"

#include <string.h>

#include "sync/log/evlog.h"
#include "sync/log/evlog_carry.h"

/* Lines that left their chain, when a card was copied or a hub put back, and stand whole in lines of another. They count like
   any other, once, as their own writer's and at their own time. Known as "<hash>:<seq>", or by the chain's name where the
   chain holds the very line. */

/* A body in which names of lines are put as the log knows them. */
struct names {
    struct db *log;
    struct arena *a;
    const struct carried *of; /* NULL: a line of its own chain */
    const struct event *by;   /* that line; NULL: a carried one */
    enum err rc;
    struct why why;
};

/* The text as it stands, or the name that is meant by it. */
static const char *names_text(struct names *n, const char *text)
{
    const char *means = n->of != NULL ? carried_means(n->of, text) : NULL;
    char first[KEYS_ID_TEXT];
    char meant[KEYS_ID_TEXT] = "";
    char name[EVENT_ID_TEXT];
    uint64_t seq = 0;
    enum err rc;

    if (n->rc != ERR_OK || !event_id_read(text, first, &seq))
        return text;
    rc = ERR_OK;
    /* Another chain's line may have left it since this one named it. */
    if (means == NULL && n->by != NULL && !str_eq(n->by->device, first)) {
        rc = evlog_carry_meant(n->log, n->by, first, seq, meant, &n->why);
        means = meant[0] != '\0' ? meant : NULL;
    }
    if (rc == ERR_OK && means != NULL)
        rc = evlog_carry_name(n->log, first, seq, means, name, &n->why);
    else if (rc == ERR_OK)
        rc = evlog_carry_name(n->log, NULL, seq, first, name, &n->why);
    if (rc == ERR_OK && str_eq(name, text))
        return text;
    const char *copy = rc == ERR_OK ? arena_strdup(n->a, name) : text;
    if (copy == NULL)
        rc = why_set(&n->why, ERR_NOMEM, 0, "no memory for the name of a line");
    n->rc = rc;
    return copy == NULL ? text : copy;
}

static const struct json *names_node(struct names *n, const struct json *node);

/* The children, copied from the first one that changes to the last; what comes before it has to be copied too. */
static const struct json *names_children(struct names *n, const struct json *node)
{
    struct json *copy = arena_array(n->a, node->len + 1, sizeof *copy);
    bool changed = false;
    size_t at = 0;

    for (const struct json *child = node->first; copy != NULL && child != NULL;
         child = child->next) {
        const struct json *meant = names_node(n, child);

        changed = changed || meant != child;
        copy[at] = *meant;
        copy[at].next = child->next == NULL ? NULL : &copy[at + 1];
        at++;
    }
    if (copy == NULL && n->rc == ERR_OK)
        n->rc = why_set(&n->why, ERR_NOMEM, 0, "no memory for a line's body");
    return changed ? copy : node->first;
}

/* At most JSON_DEPTH_MAX deep. */
static const struct json *names_node(struct names *n, const struct json *node)
{
    const char *text = NULL;
    const struct json *first = NULL;
    struct json *copy;

    if (node->type == JNODE_STRING)
        text = names_text(n, node->text);
    else if (node->first != NULL)
        first = names_children(n, node);
    if (n->rc != ERR_OK || (text == node->text && first == node->first) ||
        (node->type != JNODE_STRING && node->first == NULL))
        return node;
    copy = arena_alloc(n->a, sizeof *copy);
    if (copy == NULL) {
        n->rc = why_set(&n->why, ERR_NOMEM, 0, "no memory for a line's body");
        return node;
    }
    *copy = *node;
    if (text != NULL) {
        copy->text = text;
        copy->len = strlen(text);
    }
    copy->first = first;
    return copy;
}

/* Whether any text in it has the shape of a line's name: most lines name none, and their nodes are left alone. */
static bool names_any(const struct json *node)
{
    char first[KEYS_ID_TEXT];
    uint64_t seq = 0;

    if (node->type == JNODE_STRING && event_id_read(node->text, first, &seq))
        return true;
    for (const struct json *child = node->first; child != NULL; child = child->next)
        if (names_any(child))
            return true;
    return false;
}

static enum err meant_names(struct names *n, struct event *event, const struct project_read *read,
                            struct why *why)
{
    char first[KEYS_ID_TEXT];
    uint64_t seq = 0;

    if (event_id_read(event->subject, first, &seq))
        event->subject = names_text(n, event->subject);
    if (read != NULL && read->body == event->body ? read->names : names_any(event->body))
        event->body = names_node(n, event->body);
    return n->rc == ERR_OK ? ERR_OK : why_set(why, n->rc, n->why.sys, "%s", n->why.text);
}

/* A kiosk's word that it goes on under another key. Nothing is projected: the enrolment of the new key tells its name, the
   carried lines tell what was recorded, and the kiosk itself tells its people (query_sync). */
enum err project_kiosk_forked(struct db *db, const struct project_line *line, struct arena *a,
                              struct why *why)
{
    const char *was = "";

    (void)db;
    (void)a;
    if (!project_text(line->event->body, "was", PROJECT_ID_MAX, &was) || was[0] == '\0')
        return why_set(why, ERR_INPUT, 0, "line %s: does not say which kiosk it was", line->id);
    return ERR_OK;
}

/* A hub that began a new life says under which key it writes now. For hubs; to a kiosk it tells nothing. */
enum err project_hub_voice(struct db *db, const struct project_line *line, struct arena *a,
                           struct why *why)
{
    (void)db;
    (void)line;
    (void)a;
    (void)why;
    return ERR_OK;
}

/* Whether this line is the one that speaks for what it carries. */
static enum err meant_speaks(struct db *log, const struct event *event, const struct carried *c,
                             struct project_line *line, bool *out, struct why *why)
{
    char own[EVENT_ID_TEXT];
    char speaker[EVENT_ID_TEXT] = "";
    const char *text = NULL;
    struct arena a;
    enum err rc = evlog_carry_name(log, c->event.device, c->event.seq, c->hash, line->id, why);

    event_id(own, c->event.device, c->event.seq);
    if (rc != ERR_OK || str_eq(own, line->id)) {
        *out = false;
        return rc;
    }
    arena_init(&a, (size_t)2 * EVENT_LINE_MAX);
    event_id(own, event->device, event->seq);
    rc = evlog_carry_speaker(log, c->hash, &a, &text, speaker, why);
    *out = text == NULL || str_eq(own, speaker);
    arena_done(&a);
    return rc;
}

enum err project_meant(struct db *log, const struct event *event, const char *text, size_t len,
                       struct arena *a, struct project_line *line, struct event *out_event,
                       bool *out_speaks, struct why *why)
{
    struct names n = { .log = log, .a = a };
    struct carried c;
    enum err rc = ERR_OK;

    *out_event = *event;
    *out_speaks = true;
    event_id(line->id, event->device, event->seq);
    hlc_text(line->hlc, event->hlc);
    line->event = out_event;
    if (text != NULL && str_eq(event->kind, CARRIED_KIND)) {
        rc = carried_read(event, text, len, &c, why);
        if (rc != ERR_OK)
            return ERR_INPUT;
        rc = meant_speaks(log, event, &c, line, out_speaks, why);
        if (rc != ERR_OK || !*out_speaks)
            return rc;
        *out_event = c.event;
        hlc_text(line->hlc, c.event.hlc);
        (void)str_copy(line->hlc + strlen(line->hlc), 17, c.hash);
        line->carried = true;
        n.of = &c;
    } else {
        n.by = event;
    }
    rc = meant_names(&n, out_event, line->read, why);
    line->own = rc == ERR_OK && !line->carried && out_event->body == event->body;
    return rc;
}
