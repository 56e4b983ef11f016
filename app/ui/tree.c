/* Finding widgets as a person names them. */
#include <string.h>

#include "app/ui/inner.h"
#include "platform/base/str.h"

/* The length of a wanted name without the … that marks it as a beginning; *out_open tells of the
   mark. */
static size_t tree_name(const char *name, bool *out_open)
{
    static const char *const marks[] = { "…", "..." };

    *out_open = false;
    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        if (!str_ends(name, marks[i]))
            continue;
        *out_open = true;
        return strlen(name) - strlen(marks[i]);
    }
    return strlen(name);
}

enum tree_match { MATCH_WHOLE, MATCH_START };

static bool tree_row_matches(const struct ui_node *row, const char *in, size_t len,
                             enum tree_match match)
{
    if (row->label[0] == '\0' || strncmp(row->label, in, len) != 0)
        return false;
    return match == MATCH_START || row->label[len] == '\0';
}

static bool tree_inside(const struct ui_tree *t, const struct ui_node *n, const char *in,
                        size_t len, enum tree_match match)
{
    for (int up = n->parent; up >= 0; up = t->nodes[up].parent)
        if (t->nodes[up].role != ROLE_SCREEN && tree_row_matches(&t->nodes[up], in, len, match))
            return true;
    return false;
}

/* The same widget stands in a list on one panel and beside it on another: two stars for an element
   of a path are any way down, or none. */
static bool tree_path_is(const char *path, const char *wanted)
{
    const char *any = strstr(wanted, "/**/");

    if (any == NULL)
        return strcmp(path, wanted) == 0;
    size_t head = (size_t)(any - wanted);
    const char *tail = any + strlen("/**");
    return strncmp(path, wanted, head) == 0 && path[head] == '/' &&
           strlen(path) >= head + strlen(tail) &&
           strcmp(path + strlen(path) - strlen(tail), tail) == 0;
}

static bool tree_named(const struct ui_node *n, const char *label)
{
    if (!n->target || (n->state & STATE_DISABLED) != 0)
        return false;
    return label[0] == '/' && label[1] != '\0' ? tree_path_is(n->path, label)
                                               : strcmp(n->label, label) == 0;
}

static int tree_pick(const struct ui_tree *t, const char *label, const char *in, size_t len,
                     enum tree_match match)
{
    int found = -1;

    for (size_t i = 0; i < t->count; i++) {
        const struct ui_node *n = &t->nodes[i];

        if (!tree_named(n, label) || (in != NULL && !tree_inside(t, n, in, len, match)))
            continue;
        if (found >= 0)
            return -2;
        found = (int)i;
    }
    return found;
}

/* A row's whole name goes before a beginning: «EXA-1» must not be taken for «EXA-10» when both
   are there. */
int ui_tree_find(const struct ui_tree *t, const char *label, const char *in)
{
    bool open = false;
    size_t len = in == NULL ? 0 : tree_name(in, &open);
    int found;

    if (in == NULL || open)
        return tree_pick(t, label, in, len, MATCH_START);
    found = tree_pick(t, label, in, len, MATCH_WHOLE);
    return found != -1 ? found : tree_pick(t, label, in, len, MATCH_START);
}

bool ui_tree_shows(const struct ui_tree *t, const char *text)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->nodes[i].role != ROLE_SCREEN && !rect_empty(t->nodes[i].seen) &&
            strstr(t->nodes[i].label, text) != NULL)
            return true;
    return false;
}
