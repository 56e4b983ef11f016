/* The front matter against the table of keys. What would change the meaning of what is shown (a key
   nobody knows, a date that is none, a list where one text belongs) is a hard fault: the document
   is not shown. The rest is for the author. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app/domain/doc_parts.h"
#include "app/domain/expr_lex.h"

enum { CHECK_TEXT_MAX = 180, CHECK_NAMES_MAX = 250 };

struct checking {
    struct doc_fault_to to;
    bool stopped;
};

static void check_say(struct checking *c, unsigned line, bool hard, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

static void check_say(struct checking *c, unsigned line, bool hard, const char *fmt, ...)
{
    char text[CHECK_TEXT_MAX];
    va_list args;

    if (c->stopped)
        return;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    c->stopped = !c->to.tell(c->to.ctx, line, hard, text);
}

/* ---- words, dates and numbers ---- */

static bool check_among(const char *words, const char *text)
{
    size_t len = strlen(text);

    for (const char *at = words; len > 0;) {
        size_t n = strcspn(at, "|");

        if (n == len && memcmp(at, text, n) == 0)
            return true;
        if (at[n] == '\0')
            return false;
        at += n + 1;
    }
    return false;
}

static bool check_moment(const char *text)
{
    char day[CALDATE_TEXT];
    int32_t parsed;
    const char *t = text + CALDATE_TEXT - 1;

    if (strlen(text) < CALDATE_TEXT - 1)
        return false;
    memcpy(day, text, CALDATE_TEXT - 1);
    day[CALDATE_TEXT - 1] = '\0';
    if (!caldate_parse(day, &parsed))
        return false;
    if (*t == '\0')
        return true;
    return strlen(t) == 6 && t[0] == 'T' && t[3] == ':' && t[1] >= '0' && t[1] <= '2' &&
           t[2] >= '0' && t[2] <= '9' && (t[1] < '2' || t[2] <= '3') && t[4] >= '0' &&
           t[4] <= '5' && t[5] >= '0' && t[5] <= '9';
}

static size_t check_count_words(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; text += strspn(text, " \n\t")) {
        count++;
        text += strcspn(text, " \n\t");
    }
    return count;
}

static void check_link(struct checking *c, const struct doc_node *node, const char *name)
{
    size_t len = strlen(node->text);

    if (!str_starts(node->text, "https://") && !str_starts(node->text, "http://"))
        check_say(c, node->line, false, "%s: a link begins with https://", name);
    else if (strcspn(node->text, " \n\t<>\"") < len)
        check_say(c, node->line, false, "%s: a link has no blanks or quotes in it", name);
    else if (len > DOC_LINK_MAX)
        check_say(c, node->line, false,
                  "%s: the link has %zu bytes; the QR code holds %d: use the site's shorter path",
                  name, len, DOC_LINK_MAX);
}

static void check_int(struct checking *c, const struct doc_key *key, const struct doc_node *node,
                      const char *name)
{
    int64_t value;

    if (!str_to_i64(node->text, &value))
        check_say(c, node->line, true, "%s: \"%.30s\" is no whole number; write one, such as 3",
                  name, node->text);
    else if (value < key->min || value > key->max)
        check_say(c, node->line, true, "%s: %s is not within %d to %d", name, node->text, key->min,
                  key->max);
}

static void check_number(struct checking *c, const struct doc_key *key, const struct doc_node *node,
                         const char *name)
{
    double value;

    if (!str_to_f64(node->text, &value))
        check_say(c, node->line, true, "%s: \"%.30s\" is no number (write 0.5, not .5 or 0,5)",
                  name, node->text);
    else if (value < (double)key->min)
        check_say(c, node->line, true, "%s: %s is below %d", name, node->text, key->min);
}

static void check_relates(struct checking *c, const struct doc_node *node, const char *name)
{
    const char *text = node->text;
    bool duty = str_starts(text, "duty:");

    if (duty && (strlen(text) != 6 || text[5] < '1' || text[5] > '9'))
        check_say(c, node->line, false, "%s: the duties are duty:1 to duty:9", name);
    else if (strchr(text, ':') != NULL && !duty && !str_starts(text, "chem:") &&
             !str_starts(text, "kind:"))
        check_say(c, node->line, false,
                  "%s: \"%.30s\" is neither a document's id nor chem:, kind: or duty:", name, text);
}

/* One text that is not empty. */
static void check_text(struct checking *c, const struct doc_key *key, const struct doc_node *node,
                       const char *name)
{
    int32_t day;

    switch (key->type) {
    case DOC_KEY_DATE:
        if (!caldate_parse(node->text, &day))
            check_say(c, node->line, true, "%s: \"%.30s\" is no date; write it as 2026-11-23", name,
                      node->text);
        break;
    case DOC_KEY_MOMENT:
        if (!check_moment(node->text))
            check_say(c, node->line, true,
                      "%s: \"%.30s\" is no date and time; write it as 2026-11-23T16:00", name,
                      node->text);
        break;
    case DOC_KEY_INT:
        check_int(c, key, node, name);
        break;
    case DOC_KEY_NUMBER:
        check_number(c, key, node, name);
        break;
    case DOC_KEY_YES:
        if (!check_among("yes|no|true|false", node->text))
            check_say(c, node->line, true, "%s: is it yes or no?", name);
        break;
    case DOC_KEY_WORD:
    case DOC_KEY_WORDS:
        if (!check_among(key->words, node->text))
            check_say(c, node->line, false, "%s: \"%.30s\" is none of %s; write one of them", name,
                      node->text, key->words);
        break;
    case DOC_KEY_LINK:
        check_link(c, node, name);
        break;
    case DOC_KEY_RELATES:
        check_relates(c, node, name);
        break;
    case DOC_KEY_TEXT:
    case DOC_KEY_LIST:
    case DOC_KEY_DOC:
    case DOC_KEY_DOCS:
    case DOC_KEY_SIGNS:
    case DOC_KEY_KINDS:
    case DOC_KEY_MAPS:
    case DOC_KEY_MAP:
    case DOC_KEY_GRID:
        break;
    }
    if (key->words_max > 0 && check_count_words(node->text) > (size_t)key->words_max)
        check_say(c, node->line, false, "%s: %zu words; at most %d", name,
                  check_count_words(node->text), key->words_max);
}

/* ---- lists and maps ---- */

static void check_node(struct checking *c, const struct doc_key *key, const struct doc_node *node,
                       const char *name);

static void check_unknown(struct checking *c, const struct doc_node *node, const char *const *names,
                          size_t count)
{
    const char *near = text_nearest(node->key, names, count);

    check_say(c, node->line, true, "there is no key \"%.40s\"%s%s%s", node->key,
              near != NULL ? "; is \"" : "", near != NULL ? near : "",
              near != NULL ? "\" meant?" : "; take it out");
}

static void check_inner(struct checking *c, const struct doc_key *key, const struct doc_node *map,
                        const char *name)
{
    const char *names[CHECK_NAMES_MAX];
    size_t count = 0;

    for (; count < key->key_count && count < CHECK_NAMES_MAX; count++)
        names[count] = key->keys[count].id;
    for (size_t i = 0; i < map->count; i++) {
        const struct doc_node *node = &map->items[i];
        const struct doc_key *inner = doc_key_inner(key, node->key);

        if (inner != NULL)
            check_node(c, inner, node, node->key);
        else if (!str_starts(node->key, "x_"))
            check_unknown(c, node, names, count);
        if (key->key_count == 0 && key->words != NULL && !check_among(key->words, node->key))
            check_say(c, node->line, false, "%s: \"%.30s\" is none of %s; write one of them", name,
                      node->key, key->words);
    }
    for (size_t i = 0; i < key->key_count; i++)
        if (key->keys[i].required && doc_node_get(map, key->keys[i].id) == NULL)
            check_say(c, map->line, false, "%s: the entry has no \"%s\"; add it", name,
                      key->keys[i].id);
}

static void check_entry(struct checking *c, const struct doc_key *key, const struct doc_node *item,
                        const char *name)
{
    bool maps = key->type == DOC_KEY_MAPS || key->type == DOC_KEY_KINDS;

    if (item->kind == DOC_NODE_TEXT && key->type == DOC_KEY_MAPS)
        check_say(c, item->line, false, "%s: each entry is a map, as \"- %s: ...\"", name,
                  key->keys[0].id);
    else if (item->kind == DOC_NODE_TEXT && *item->text == '\0')
        check_say(c, item->line, false, "%s: an entry is empty; fill it in, or take it out", name);
    else if (item->kind == DOC_NODE_TEXT)
        check_text(c, key, item, name);
    else if (item->kind == DOC_NODE_MAP && maps && key->key_count > 0)
        check_inner(c, key, item, name);
    else if (item->kind == DOC_NODE_LIST && key->type == DOC_KEY_GRID) {
        for (size_t i = 0; i < item->count; i++)
            if (item->items[i].kind != DOC_NODE_TEXT)
                check_say(c, item->line, true, "%s: a row holds plain texts only", name);
    } else
        check_say(c, item->line, true,
                  "%s: a list holds plain texts only; put a text with a colon in quotes", name);
}

static bool check_takes_list(const struct doc_key *key)
{
    switch (key->type) {
    case DOC_KEY_WORDS:
    case DOC_KEY_LIST:
    case DOC_KEY_DOCS:
    case DOC_KEY_RELATES:
    case DOC_KEY_SIGNS:
    case DOC_KEY_KINDS:
    case DOC_KEY_MAPS:
    case DOC_KEY_GRID:
        return true;
    case DOC_KEY_TEXT:
    case DOC_KEY_DATE:
    case DOC_KEY_MOMENT:
    case DOC_KEY_INT:
    case DOC_KEY_NUMBER:
    case DOC_KEY_YES:
    case DOC_KEY_WORD:
    case DOC_KEY_LINK:
    case DOC_KEY_DOC:
    case DOC_KEY_MAP:
        break;
    }
    return false;
}

static void check_node(struct checking *c, const struct doc_key *key, const struct doc_node *node,
                       const char *name)
{
    if (node->kind == DOC_NODE_MAP && key->type == DOC_KEY_MAP) {
        check_inner(c, key, node, name);
    } else if (node->kind == DOC_NODE_MAP) {
        check_say(c, node->line, true, "%s: a value is a text%s; put a text with a colon in quotes",
                  name, check_takes_list(key) ? " or a list" : "");
    } else if (node->kind == DOC_NODE_LIST && !check_takes_list(key)) {
        check_say(c, node->line, true, "%s: this key takes one text, not a list", name);
    } else if (node->kind == DOC_NODE_LIST) {
        if (key->max > 0 && key->type != DOC_KEY_INT && node->count > (size_t)key->max)
            check_say(c, node->line, false, "%s: at most %d entries", name, key->max);
        for (size_t i = 0; i < node->count; i++)
            check_entry(c, key, &node->items[i], name);
    } else if (*node->text != '\0') {
        if (key->type == DOC_KEY_MAP)
            check_say(c, node->line, true, "%s: this key takes a map", name);
        else if (check_takes_list(key))
            check_entry(c, key, node, name);
        else
            check_text(c, key, node, name);
    }
}

/* A contact is a name, a vacancy, or a name that is not published: blank would leave open which. */
static void check_person(struct checking *c, const struct doc_node *front)
{
    int ways = (*doc_node_text(front, "name") != '\0' ? 1 : 0) +
               (doc_node_yes(front, "vacant") ? 1 : 0) +
               (doc_node_yes(front, "unpublished") ? 1 : 0);

    if (ways != 1)
        check_say(c, front->line, false,
                  "a contact has exactly one of name, vacant: yes and unpublished: yes");
    if (*doc_node_text(front, "name") != '\0' && !doc_node_yes(front, "consent"))
        check_say(c, front->line, false,
                  "name: a name is shown only with consent: yes; else write unpublished: yes");
}

static void check_whole(struct checking *c, const struct doc_kind *kind,
                        const struct doc_node *front)
{
    static const struct doc_kind none = { "" };
    const struct doc_key *key;
    const struct doc_node *node;

    for (size_t i = 0; (key = doc_kind_key_at(kind != NULL ? kind : &none, i)) != NULL; i++)
        if (key->required && ((node = doc_node_get(front, key->id)) == NULL ||
                              (node->count == 0 && *node->text == '\0')))
            check_say(c, front->line, false, "the front matter has no \"%s\"; add it", key->id);
    if (kind != NULL && str_eq(kind->id, "person"))
        check_person(c, front);
    if (kind != NULL && str_eq(kind->id, "course") &&
        (doc_node_get(front, "scqf_level") == NULL) != (doc_node_get(front, "scqf_points") == NULL))
        check_say(c, front->line, false, "scqf_level and scqf_points stand together or not at all");
}

bool doc_check_front(const struct doc_node *front, struct doc_fault_to to)
{
    struct checking c = { .to = to };
    const struct doc_kind *kind = doc_kind(doc_node_text(front, "kind"));
    const struct doc_node *said = doc_node_get(front, "kind");
    const char *names[CHECK_NAMES_MAX];
    const struct doc_key *key;
    size_t count = 0;

    if (kind == NULL && said != NULL)
        check_say(&c, said->line, false, "kind: there is no kind of document \"%.30s\"",
                  said->text);
    for (; count < CHECK_NAMES_MAX && (key = doc_kind_key_at(kind, count)) != NULL; count++)
        names[count] = key->id;
    for (size_t i = 0; i < front->count; i++) {
        const struct doc_node *node = &front->items[i];

        key = doc_kind_key(kind, node->key);
        if (key != NULL)
            check_node(&c, key, node, node->key);
        else if (!str_starts(node->key, "x_"))
            check_unknown(&c, node, names, count);
    }
    check_whole(&c, kind, front);
    return !c.stopped;
}
