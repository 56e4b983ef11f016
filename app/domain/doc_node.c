#include <string.h>

#include <yaml.h>

#include "app/domain/doc_parts.h"

struct nodes {
    struct arena *a;
    yaml_parser_t *parser;
    unsigned first_line;
    unsigned line; /* of the event in hand */
    unsigned depth;
    size_t count;
    struct why *why;
};

static enum err nodes_refuse(const struct nodes *in, const char *text)
{
    return why_set(in->why, ERR_INPUT, 0, "line %u: %s", in->line, text);
}

static enum err nodes_nomem(const struct nodes *in)
{
    return why_set(in->why, ERR_NOMEM, 0, "no memory for the front matter");
}

/* The next event; the caller deletes it. Aliases and anchors can grow without bound and are not for
   authors. */
static enum err nodes_next(struct nodes *in, yaml_event_t *out)
{
    bool anchored;

    if (yaml_parser_parse(in->parser, out) != 1) {
        in->line = in->first_line + (unsigned)in->parser->problem_mark.line;
        return why_set(in->why, in->parser->error == YAML_MEMORY_ERROR ? ERR_NOMEM : ERR_INPUT, 0,
                       "line %u: the front matter cannot be read (%s); put a text with a colon, a "
                       "bracket or a # in it into quotes",
                       in->line, in->parser->problem != NULL ? in->parser->problem : "unknown");
    }
    in->line = in->first_line + (unsigned)out->start_mark.line;
    anchored =
        out->type == YAML_ALIAS_EVENT ||
        (out->type == YAML_SCALAR_EVENT && out->data.scalar.anchor != NULL) ||
        (out->type == YAML_SEQUENCE_START_EVENT && out->data.sequence_start.anchor != NULL) ||
        (out->type == YAML_MAPPING_START_EVENT && out->data.mapping_start.anchor != NULL);
    if (!anchored)
        return ERR_OK;
    yaml_event_delete(out);
    return nodes_refuse(
        in, "& and * (anchors) are not used in the front matter; put the text in quotes");
}

static enum err nodes_text(const struct nodes *in, const yaml_event_t *event, const char **out)
{
    const char *text = (const char *)event->data.scalar.value;
    size_t len = event->data.scalar.length;

    if (len > DOC_TEXT_MAX)
        return nodes_refuse(in, "a value is too long for the front matter");
    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == ' '))
        len--;
    for (size_t at = 0; at < len;)
        if (doc_char_hidden(utf8_next(text, len, &at)))
            return nodes_refuse(in, "a value holds a character that cannot be seen");
    *out = arena_strndup(in->a, text, len);
    return *out != NULL ? ERR_OK : nodes_nomem(in);
}

struct node_link {
    struct doc_node node;
    struct node_link *next;
};

static enum err nodes_array(const struct nodes *in, const struct node_link *first,
                            struct doc_node *list)
{
    struct doc_node *items = arena_array(in->a, list->count + 1, sizeof(*items));
    size_t i = 0;

    if (items == NULL)
        return nodes_nomem(in);
    for (; first != NULL; first = first->next)
        items[i++] = first->node;
    list->items = items;
    return ERR_OK;
}

static enum err nodes_value(struct nodes *in, const yaml_event_t *event, struct doc_node *out);

/* The key in hand becomes the node's; the next event is its value. */
static enum err nodes_key(struct nodes *in, const yaml_event_t *event,
                          const struct node_link *before, struct node_link *link)
{
    if (event->type != YAML_SCALAR_EVENT)
        return nodes_refuse(in, "a key is a plain word");
    if (event->data.scalar.length > 60)
        return nodes_refuse(in, "a key is too long");
    link->node.line = in->line;
    if (nodes_text(in, event, &link->node.key) != ERR_OK)
        return nodes_refuse(in, "a key is a plain word");
    for (; before != NULL; before = before->next)
        if (str_eq(before->node.key, link->node.key))
            return nodes_refuse(in, "the key is there twice");
    return ERR_OK;
}

static enum err nodes_item(struct nodes *in, yaml_event_t *event, const struct node_link *before,
                           struct node_link *link, bool map)
{
    enum err rc = ERR_OK;

    link->node = (struct doc_node){ .key = "", .text = "", .line = in->line };
    if (map) {
        rc = nodes_key(in, event, before, link);
        if (rc != ERR_OK)
            return rc;
        yaml_event_delete(event);
        rc = nodes_next(in, event);
        if (rc != ERR_OK) {
            *event = (yaml_event_t){ 0 };
            return rc;
        }
    }
    return nodes_value(in, event, &link->node);
}

/* The entries of a list or a map, up to its end. */
static enum err nodes_inside(struct nodes *in, struct doc_node *out)
{
    bool map = out->kind == DOC_NODE_MAP;
    struct node_link *first = NULL;
    struct node_link **last = &first;
    enum err rc = ERR_OK;

    if (++in->depth > DOC_NODE_DEPTH_MAX)
        return nodes_refuse(in, "lists and maps stand too deep inside each other");
    while (rc == ERR_OK) {
        yaml_event_t event;
        struct node_link *link;

        rc = nodes_next(in, &event);
        if (rc != ERR_OK)
            break;
        if (event.type == (map ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT)) {
            yaml_event_delete(&event);
            in->depth--;
            return nodes_array(in, first, out);
        }
        link = arena_alloc(in->a, sizeof(*link));
        if (link == NULL)
            rc = nodes_nomem(in);
        else if (++out->count > DOC_LIST_MAX)
            rc = nodes_refuse(in, "the list is too long");
        else if (++in->count > DOC_NODES_MAX)
            rc = nodes_refuse(in, "the front matter has too many entries");
        else
            rc = nodes_item(in, &event, first, link, map);
        yaml_event_delete(&event);
        if (rc == ERR_OK) {
            *last = link;
            last = &link->next;
        }
    }
    return rc;
}

static enum err nodes_value(struct nodes *in, const yaml_event_t *event, struct doc_node *out)
{
    if (event->type == YAML_SCALAR_EVENT)
        return nodes_text(in, event, &out->text);
    if (event->type != YAML_SEQUENCE_START_EVENT && event->type != YAML_MAPPING_START_EVENT)
        return nodes_refuse(in, "the front matter is a list of \"key: value\" lines");
    out->kind = event->type == YAML_MAPPING_START_EVENT ? DOC_NODE_MAP : DOC_NODE_LIST;
    return nodes_inside(in, out);
}

static enum err nodes_document(struct nodes *in, struct doc_node *out)
{
    static const yaml_event_type_t opening[] = { YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT,
                                                 YAML_MAPPING_START_EVENT };

    for (size_t i = 0; i < COUNT_OF(opening); i++) {
        yaml_event_t event;
        enum err rc = nodes_next(in, &event);
        bool right;

        if (rc != ERR_OK)
            return rc;
        right = event.type == opening[i];
        yaml_event_delete(&event);
        if (!right)
            return nodes_refuse(in, "the front matter is a list of \"key: value\" lines");
    }
    *out = (struct doc_node){ .key = "", .kind = DOC_NODE_MAP, .text = "", .line = in->line };
    return nodes_inside(in, out);
}

enum err doc_nodes(struct arena *a, const char *yaml, size_t len, unsigned first_line,
                   struct doc_node *out, struct why *why)
{
    yaml_parser_t parser;
    struct nodes in = {
        .a = a, .parser = &parser, .first_line = first_line, .line = first_line, .why = why
    };
    struct doc_node whole;
    enum err rc;

    if (yaml_parser_initialize(&parser) != 1)
        return why_set(why, ERR_NOMEM, 0, "no memory for the front matter");
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)yaml, len);
    rc = nodes_document(&in, &whole);
    yaml_parser_delete(&parser);
    if (rc == ERR_OK)
        *out = whole;
    return rc;
}

const struct doc_node *doc_node_get(const struct doc_node *map, const char *key)
{
    for (size_t i = 0; map != NULL && map->kind == DOC_NODE_MAP && i < map->count; i++)
        if (str_eq(map->items[i].key, key))
            return &map->items[i];
    return NULL;
}

const char *doc_node_text(const struct doc_node *map, const char *key)
{
    const struct doc_node *node = doc_node_get(map, key);

    return node != NULL ? node->text : "";
}

const struct doc_node *doc_get(const struct doc *d, const char *key)
{
    return doc_node_get(&d->front, key);
}

const char *doc_text(const struct doc *d, const char *key)
{
    return doc_node_text(&d->front, key);
}

size_t doc_node_count(const struct doc_node *node)
{
    if (node == NULL)
        return 0;
    return node->kind == DOC_NODE_LIST ? node->count : *node->text != '\0' ? 1 : 0;
}

const char *doc_node_at(const struct doc_node *node, size_t i)
{
    if (i >= doc_node_count(node))
        return NULL;
    return node->kind == DOC_NODE_LIST ? node->items[i].text : node->text;
}

bool doc_node_yes(const struct doc_node *map, const char *key)
{
    const char *text = doc_node_text(map, key);

    return str_eq(text, "yes") || str_eq(text, "true");
}
