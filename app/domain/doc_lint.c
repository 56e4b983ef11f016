#include "app/domain/doc_lint.h"

#include <stdlib.h>
#include <string.h>

#include "app/domain/assessment.h"
#include "app/domain/chemical.h"
#include "app/domain/doc_parts.h"
#include "app/domain/matrix.h"
#include "app/domain/stop.h"

struct linting {
    struct arena *a;
    const char *source;
    size_t len;
    struct doc_lint *out;
    bool failed;
};

/* ---- faults ---- */

static void lint_add(struct linting *l, unsigned line, const char *text)
{
    struct doc_lint *out = l->out;
    const char *copy = arena_strdup(l->a, text);

    if (copy == NULL)
        l->failed = true;
    else if (out->fault_count == DOC_FAULTS_MAX)
        out->more = true;
    else
        out->faults[out->fault_count++] = (struct doc_fault){ line > 0 ? line : 1, copy };
}

/* The parser's sentence: "line 7: ...", "near line 7: ..." or "ID line 7: ..."; it stops at its first fault,
   which may have been told already. */
static void lint_add_why(struct linting *l, const struct why *why)
{
    const char *text = why->text;
    const char *id = l->out->doc.id == NULL ? "" : l->out->doc.id;
    size_t id_len = strlen(id);
    unsigned long line = 1;
    char *end;

    if (id_len > 0 && str_starts(text, id) && str_starts(text + id_len, " line "))
        text += id_len + 1;
    if (str_starts(text, "near "))
        text += 5;
    if (str_starts(text, "line ")) {
        line = strtoul(text + 5, &end, 10);
        text = str_starts(end, ": ") ? end + 2 : end;
    }
    for (size_t i = 0; i < l->out->fault_count; i++)
        if (l->out->faults[i].line == line && str_eq(l->out->faults[i].text, text))
            return;
    lint_add(l, (unsigned)line, text);
}

static bool lint_tell(void *ctx, unsigned line, bool hard, const char *text)
{
    (void)hard;
    lint_add(ctx, line, text);
    return true;
}

/* ---- what the document points to ---- */

static void lint_ref(struct linting *l, enum doc_ref_kind kind, const char *to, const char *from,
                     unsigned line)
{
    if (*to == '\0' || l->out->ref_count == DOC_REFS_MAX)
        return;
    l->out->refs[l->out->ref_count++] = (struct doc_ref){ kind, to, from, line };
}

static void lint_ref_relates(struct linting *l, const struct doc_node *node, const char *from)
{
    if (str_starts(node->text, "chem:"))
        lint_ref(l, DOC_REF_CHEM, node->text + 5, from, node->line);
    else if (str_starts(node->text, "kind:"))
        lint_ref(l, DOC_REF_KIND, node->text + 5, from, node->line);
    else if (strchr(node->text, ':') == NULL)
        lint_ref(l, DOC_REF_DOC, node->text, from, node->line);
}

static void lint_ref_text(struct linting *l, const struct doc_key *key, const struct doc_node *node,
                          const char *from)
{
    switch (key->type) {
    case DOC_KEY_DOC:
    case DOC_KEY_DOCS:
        lint_ref(l,
                 str_eq(from, "chemical") || str_eq(from, "stop_chemicals") ? DOC_REF_CHEM
                                                                            : DOC_REF_DOC,
                 node->text, from, node->line);
        break;
    case DOC_KEY_RELATES:
        lint_ref_relates(l, node, from);
        break;
    case DOC_KEY_SIGNS:
        lint_ref(l, DOC_REF_SIGN, node->text, from, node->line);
        break;
    case DOC_KEY_KINDS:
        lint_ref(l, DOC_REF_KIND, node->text, from, node->line);
        break;
    case DOC_KEY_TEXT:
    case DOC_KEY_DATE:
    case DOC_KEY_MOMENT:
    case DOC_KEY_INT:
    case DOC_KEY_NUMBER:
    case DOC_KEY_YES:
    case DOC_KEY_WORD:
    case DOC_KEY_WORDS:
    case DOC_KEY_LIST:
    case DOC_KEY_LINK:
    case DOC_KEY_MAPS:
    case DOC_KEY_MAP:
    case DOC_KEY_GRID:
        break;
    }
}

/* Recursion ends with the tree, which is DOC_NODE_DEPTH_MAX deep. */
static void lint_refs(struct linting *l, const struct doc_key *key, const struct doc_node *node,
                      const char *from)
{
    if (node->kind == DOC_NODE_TEXT)
        lint_ref_text(l, key, node, from);
    for (size_t i = 0; i < node->count; i++) {
        const struct doc_node *item = &node->items[i];
        const struct doc_key *inner = NULL;

        if (node->kind == DOC_NODE_LIST) {
            lint_refs(l, key, item, from);
            continue;
        }
        inner = doc_key_inner(key, item->key);
        if (key->type == DOC_KEY_KINDS && str_eq(item->key, "kind"))
            lint_ref(l, DOC_REF_KIND, item->text, from, item->line);
        else if (inner != NULL)
            lint_refs(l, inner, item, item->key);
    }
}

static void lint_front_refs(struct linting *l)
{
    const struct doc_node *front = &l->out->doc.front;
    const struct doc_kind *kind = doc_kind(doc_node_text(front, "kind"));

    for (size_t i = 0; i < front->count; i++) {
        const struct doc_key *key = doc_kind_key(kind, front->items[i].key);

        if (key != NULL)
            lint_refs(l, key, &front->items[i], front->items[i].key);
    }
}

/* ---- the text ---- */

/* The first line that holds the words, for a fault whose line the parser no longer knows. */
static unsigned lint_line_of(const struct linting *l, const char *words)
{
    size_t len = strlen(words);
    unsigned line = 1;

    for (size_t i = 0; len > 0 && i + len <= l->len; i++) {
        if (memcmp(l->source + i, words, len) == 0)
            return line;
        line += l->source[i] == '\n' ? 1 : 0;
    }
    return 1;
}

static void lint_href(struct linting *l, const char *href)
{
    unsigned line = lint_line_of(l, href);

    if (str_starts(href, "doc:"))
        lint_ref(l, DOC_REF_DOC, href + 4, "the text", line);
    else if (href[0] == '#')
        lint_ref(l, DOC_REF_DOC, href + 1, "the text", line);
    else if (!str_starts(href, "https://") && !str_starts(href, "http://") &&
             !str_starts(href, "mailto:"))
        lint_add(l, line, "a link leads to doc:ID or begins with https://");
    else if (!str_starts(href, "mailto:") && strlen(href) > DOC_LINK_MAX)
        lint_add(l, line, "a link is too long for its QR code (62 bytes): use the shorter path");
}

static void lint_block(struct linting *l, const struct doc_block *block)
{
    const char *last = NULL;

    if (block->kind == DOC_PICTURE) {
        unsigned line = lint_line_of(l, block->picture);

        lint_ref(l, DOC_REF_PICTURE, block->picture, "the text", line);
        if (block->run_count == 0)
            lint_add(l, line,
                     "a picture needs words for who cannot see it: ![what it shows](file)");
    }
    for (size_t i = 0; i < block->run_count; i++) {
        const struct doc_run *run = &block->runs[i];

        if (run->href != NULL && run->href != last)
            lint_href(l, run->href);
        last = run->href;
        if (block->kind == DOC_PARA && (run->style & DOC_MONO) == 0 &&
            (strstr(run->text, "|-|") != NULL || strstr(run->text, "|--|") != NULL))
            lint_add(l, lint_line_of(l, "|-"),
                     "no table: the line under its head needs three dashes a column, as |---|---|");
    }
}

static void lint_text(struct linting *l)
{
    const struct doc *d = &l->out->doc;
    int level = 0;

    for (size_t i = 0; i < d->block_count; i++) {
        const struct doc_block *block = &d->blocks[i];

        lint_block(l, block);
        if (block->kind != DOC_HEADING)
            continue;
        if (level > 0 && block->level > level + 1)
            lint_add(l, lint_line_of(l, block->runs[0].text),
                     "a heading skips a level; begin it with one # fewer");
        level = block->level;
    }
}

/* What the page of its kind reads must be readable: bands that contradict their hazard codes, an
   assessment whose figures are none. */
static void lint_kind(struct linting *l)
{
    const struct doc *d = &l->out->doc;
    struct assessment assessment;
    struct chemical chemical;
    struct matrix matrix;
    struct stop stop;
    struct why said = { 0 };

    if ((str_eq(d->kind, "chemical") &&
         chemical_from_doc(l->a, d, &chemical, &said) == ERR_INPUT) ||
        (str_eq(d->kind, "assessment") &&
         (assessment_from_doc(l->a, d, &assessment, &said) == ERR_INPUT ||
          matrix_from_doc(l->a, d, &matrix, &said) == ERR_INPUT)) ||
        (stop_is(d) && stop_from_doc(l->a, d, &stop, &said) == ERR_INPUT))
        lint_add_why(l, &said);
}

/* Lists and the bar above a page have room for so many: a longer one pushes down what must be seen first. */
static void lint_title(struct linting *l)
{
    const struct doc_node *title = doc_node_get(&l->out->doc.front, "title");
    size_t len = title == NULL ? 0 : strlen(title->text);
    size_t count = 0;
    char text[96];

    for (size_t pos = 0; pos < len; count++)
        (void)utf8_next(title->text, len, &pos);
    if (count <= DOC_TITLE_MAX)
        return;
    (void)str_format(text, sizeof text, "title: it has %zu characters; %d at most", count,
                     DOC_TITLE_MAX);
    lint_add(l, title->line, text);
}

/* ---- all of it ---- */

/* The parser stops at its first hard fault of the front matter; the check tells them all. */
static enum err lint_front(struct linting *l, struct why *why)
{
    struct doc_node front;
    struct doc_split split;
    struct why said = { 0 };
    enum err rc = doc_split(l->a, l->source, l->len, false, &split, &said);

    if (rc == ERR_OK && split.has_front)
        rc = doc_nodes(l->a, split.source + split.front, split.front_len, 2, &front, &said);
    if (rc == ERR_NOMEM)
        return why_set(why, rc, 0, "%s", said.text);
    if (rc != ERR_OK)
        lint_add_why(l, &said);
    else if (!split.has_front)
        lint_add(l, 1,
                 "the document needs front matter with id, kind and title between two lines ---");
    else
        l->out->doc.front = front;
    if (l->out->doc.front.count > 0)
        (void)doc_check_front(&front, (struct doc_fault_to){ lint_tell, l });
    return ERR_OK;
}

enum err doc_lint(struct arena *a, const char *source, size_t len, struct doc_lint *out,
                  struct why *why)
{
    struct linting l = { .a = a, .source = source, .len = len, .out = out };
    struct why said = { 0 };
    struct doc whole;
    enum err rc;

    *out = (struct doc_lint){ .doc = { .front = { .key = "", .kind = DOC_NODE_MAP, .text = "" } } };
    out->faults = arena_array(a, DOC_FAULTS_MAX, sizeof(*out->faults));
    out->refs = arena_array(a, DOC_REFS_MAX, sizeof(*out->refs));
    if (out->faults == NULL || out->refs == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory to look at the document");
    rc = lint_front(&l, why);
    if (rc != ERR_OK)
        return rc;
    rc = doc_parse(a, source, len, &whole, &said);
    if (rc == ERR_OK) {
        out->readable = true;
        out->doc = whole;
        lint_text(&l);
        if (out->fault_count == 0)
            lint_kind(&l);
    } else if (rc == ERR_NOMEM) {
        return why_set(why, rc, 0, "%s", said.text);
    } else {
        lint_add_why(&l, &said);
    }
    lint_title(&l);
    lint_front_refs(&l);
    return l.failed ? why_set(why, ERR_NOMEM, 0, "no memory to look at the document") : ERR_OK;
}
