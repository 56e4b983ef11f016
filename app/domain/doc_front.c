#include <stddef.h>
#include <string.h>

#include <yaml.h>

#include "app/domain/doc_parts.h"
#include "app/domain/expr_lex.h"

/* The keys that a document may have. A key that is misspelt would silently take a warning off the
   screen, so an unknown one is refused; "x_…" is free for other tools. */
static const struct front_key {
    const char *id;
    size_t text; /* offset of a text member */
    size_t list; /* offset of a list member, and of its count; 0 with a text */
    size_t count;
} keys[] = {
    { "id", offsetof(struct doc, id) },
    { "kind", offsetof(struct doc, kind) },
    { "title", offsetof(struct doc, title) },
    { "issuer", offsetof(struct doc, issuer) },
    { "summary", offsetof(struct doc, summary) },
    { "revised", offsetof(struct doc, revised) },
    { "example", offsetof(struct doc, example) },
    { "if_wrong", offsetof(struct doc, if_wrong) },
    { "who", offsetof(struct doc, who) },
    { "subjects", 0, offsetof(struct doc, subjects), offsetof(struct doc, subject_count) },
    { "stages", 0, offsetof(struct doc, stages), offsetof(struct doc, stage_count) },
    { "equipment", 0, offsetof(struct doc, equipment), offsetof(struct doc, equipment_count) },
    { "keywords", 0, offsetof(struct doc, keywords), offsetof(struct doc, keyword_count) },
    { "do_nots", 0, offsetof(struct doc, do_nots), offsetof(struct doc, do_not_count) },
    { "hazards", 0, offsetof(struct doc, hazards), offsetof(struct doc, hazard_count) },
    { "ppe", 0, offsetof(struct doc, ppe), offsetof(struct doc, ppe_count) },
};

struct front {
    struct arena *a;
    yaml_parser_t *parser;
    unsigned first_line;
    unsigned line; /* of the event in hand */
    bool seen[COUNT_OF(keys)];
    struct doc *out;
    struct why *why;
};

static enum err front_refuse(const struct front *in, const char *text)
{
    return why_set(in->why, ERR_INPUT, 0, "line %u: %s", in->line, text);
}

/* The next event; the caller deletes it. Aliases and anchors can grow without bound and are not for
   authors. */
static enum err front_next(struct front *in, yaml_event_t *out)
{
    bool anchored;

    if (yaml_parser_parse(in->parser, out) != 1) {
        in->line = in->first_line + (unsigned)in->parser->problem_mark.line;
        return why_set(in->why, in->parser->error == YAML_MEMORY_ERROR ? ERR_NOMEM : ERR_INPUT, 0,
                       "line %u: the front matter cannot be read: %s", in->line,
                       in->parser->problem != NULL ? in->parser->problem : "unknown");
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
    return front_refuse(
        in, "& and * (anchors) are not used in the front matter; put the text in quotes");
}

static enum err front_text(struct front *in, const yaml_event_t *event, const char **out)
{
    const char *text = (const char *)event->data.scalar.value;
    size_t len = event->data.scalar.length;

    if (len > DOC_TEXT_MAX)
        return front_refuse(in, "a value is too long for the front matter");
    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == ' '))
        len--;
    if (memchr(text, '\0', len) != NULL)
        return front_refuse(in, "a value holds a NUL");
    *out = arena_strndup(in->a, text, len);
    return *out != NULL ? ERR_OK : why_set(in->why, ERR_NOMEM, 0, "no memory for the front matter");
}

static enum err front_sequence(struct front *in, const char **items, size_t *out_count)
{
    for (;;) {
        yaml_event_t event;
        enum err rc = front_next(in, &event);
        yaml_event_type_t type;

        if (rc != ERR_OK)
            return rc;
        type = event.type;
        if (type == YAML_SCALAR_EVENT && *out_count < DOC_LIST_MAX)
            rc = front_text(in, &event, &items[(*out_count)++]);
        else if (type == YAML_SCALAR_EVENT)
            rc = front_refuse(in, "the list is too long");
        else if (type != YAML_SEQUENCE_END_EVENT)
            rc = front_refuse(in,
                              "a list holds plain texts only; put a text with a colon in quotes");
        yaml_event_delete(&event);
        if (rc != ERR_OK || type == YAML_SEQUENCE_END_EVENT)
            return rc;
    }
}

static enum err front_put_list(struct front *in, const struct front_key *key, const char **items,
                               size_t count)
{
    char *doc = (char *)in->out;
    const char **list = arena_array(in->a, count + 1, sizeof(*list));

    if (list == NULL)
        return why_set(in->why, ERR_NOMEM, 0, "no memory for the front matter");
    memcpy(list, items, count * sizeof(*list));
    memcpy(doc + key->list, &list, sizeof(list));
    memcpy(doc + key->count, &count, sizeof(count));
    return ERR_OK;
}

/* The value behind a key; NULL for a key that is skipped. */
static enum err front_value(struct front *in, const struct front_key *key)
{
    const char *items[DOC_LIST_MAX] = { "" };
    size_t count = 0;
    yaml_event_t event;
    enum err rc = front_next(in, &event);
    bool list;

    if (rc != ERR_OK)
        return rc;
    list = event.type == YAML_SEQUENCE_START_EVENT;
    if (event.type == YAML_SCALAR_EVENT)
        rc = front_text(in, &event, &items[0]);
    else if (!list)
        rc = front_refuse(
            in, "a value is a text or a list of texts; put a text with a colon in quotes");
    else if (key != NULL && key->list == 0)
        rc = front_refuse(in, "this key takes one text, not a list");
    yaml_event_delete(&event);
    if (rc == ERR_OK && list)
        rc = front_sequence(in, items, &count);
    else if (rc == ERR_OK && *items[0] != '\0')
        count = 1;
    if (rc != ERR_OK || key == NULL)
        return rc;
    if (key->list != 0)
        return front_put_list(in, key, items, count);
    if (count == 1)
        memcpy((char *)in->out + key->text, &items[0], sizeof(items[0]));
    return ERR_OK;
}

static enum err front_unknown(struct front *in, const char *name)
{
    const char *names[COUNT_OF(keys)];
    const char *near;

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        names[i] = keys[i].id;
    near = text_nearest(name, names, COUNT_OF(keys));
    return why_set(in->why, ERR_INPUT, 0, "line %u: there is no key \"%.40s\"%s%s%s", in->line,
                   name, near != NULL ? "; is \"" : "", near != NULL ? near : "",
                   near != NULL ? "\" meant?" : "");
}

static enum err front_pair(struct front *in, const char *name)
{
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        if (!str_eq(keys[i].id, name))
            continue;
        if (in->seen[i])
            return front_refuse(in, "the key is there twice");
        in->seen[i] = true;
        return front_value(in, &keys[i]);
    }
    return str_starts(name, "x_") ? front_value(in, NULL) : front_unknown(in, name);
}

/* The key in hand, copied so that its event can go. */
static enum err front_key_name(struct front *in, const yaml_event_t *event, char *name, size_t size)
{
    if (event->type != YAML_SCALAR_EVENT)
        return front_refuse(in, "a key is a plain word");
    if (!str_copy(name, size, (const char *)event->data.scalar.value))
        return front_refuse(in, "a key is too long");
    return ERR_OK;
}

static enum err front_mapping(struct front *in)
{
    for (;;) {
        char name[64];
        yaml_event_t event;
        enum err rc = front_next(in, &event);
        yaml_event_type_t type;

        if (rc != ERR_OK)
            return rc;
        type = event.type;
        if (type != YAML_MAPPING_END_EVENT)
            rc = front_key_name(in, &event, name, sizeof(name));
        yaml_event_delete(&event);
        if (rc != ERR_OK || type == YAML_MAPPING_END_EVENT)
            return rc;
        rc = front_pair(in, name);
        if (rc != ERR_OK)
            return rc;
    }
}

static enum err front_document(struct front *in)
{
    static const yaml_event_type_t opening[] = { YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT,
                                                 YAML_MAPPING_START_EVENT };

    for (size_t i = 0; i < COUNT_OF(opening); i++) {
        yaml_event_t event;
        enum err rc = front_next(in, &event);
        bool right;

        if (rc != ERR_OK)
            return rc;
        right = event.type == opening[i];
        yaml_event_delete(&event);
        if (!right)
            return front_refuse(in, "the front matter is a list of \"key: value\" lines");
    }
    return front_mapping(in);
}

enum err doc_front(struct arena *a, const char *yaml, size_t len, unsigned first_line,
                   struct doc *out, struct why *why)
{
    yaml_parser_t parser;
    struct front in = { .a = a,
                        .parser = &parser,
                        .first_line = first_line,
                        .line = first_line,
                        .out = out,
                        .why = why };
    enum err rc;

    if (yaml_parser_initialize(&parser) != 1)
        return why_set(why, ERR_NOMEM, 0, "no memory for the front matter");
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)yaml, len);
    rc = front_document(&in);
    yaml_parser_delete(&parser);
    return rc;
}
