/* What of a line needs no table: worked out on the thread that fetches lines, while the one that has the tables takes those before
   it in. */
#include "app/domain/check.h"
#include "app/store/project.h"

/* At most JSON_DEPTH_MAX deep. */
static void read_node(const struct json *node, struct project_read *r)
{
    char first[KEYS_ID_TEXT];
    uint64_t seq = 0;

    r->files = r->files || (node->key != NULL && str_eq(node->key, "sha256"));
    r->names = r->names || (node->type == JNODE_STRING && event_id_read(node->text, first, &seq));
    for (const struct json *child = node->first; child != NULL; child = child->next)
        read_node(child, r);
}

const struct project_read *project_read(struct arena *a, const struct event *event)
{
    struct project_read *r = arena_alloc(a, sizeof *r);
    struct check *c =
        r != NULL && str_eq(event->kind, "check.recorded") ? arena_alloc(a, sizeof *c) : NULL;

    if (r == NULL)
        return NULL;
    r->body = event->body;
    read_node(event->body, r);
    if (c != NULL && check_read(a, event->body, c, NULL) == ERR_OK)
        r->check = c;
    return r;
}
