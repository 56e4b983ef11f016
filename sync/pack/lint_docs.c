#include "sync/pack/lint_docs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/domain/doc_lint.h"
#include "app/domain/expr_lex.h"
#include "app/domain/sign.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"

enum { NEAR_MAX = 4000 };

static void docs_say(struct lint_docs *l, const char *path, unsigned line, const char *text)
{
    (void)printf("%s:%u: %s\n", path, line, text);
    l->faults++;
}

bool lint_docs_begin(struct lint_docs *l, struct arena *kept)
{
    *l = (struct lint_docs){ .kept = kept };
    l->docs = arena_array(kept, LINT_DOCS_MAX, sizeof(*l->docs));
    l->refs = arena_array(kept, LINT_REFS_MAX, sizeof(*l->refs));
    return l->docs != NULL && l->refs != NULL;
}

/* The part of the path that is the content folder, with its "/"; 0 where the path does not say. */
static size_t docs_root(const char *path)
{
    const char *found = NULL;

    for (const char *at = path; (at = strstr(at, "docs/")) != NULL; at++)
        if (at == path || at[-1] == '/')
            found = at;
    return found != NULL ? (size_t)(found - path) : 0;
}

/* Beside the documents in the content's folder; a document that stands alone has its pictures in a
   folder beside it. */
static bool docs_picture_is(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    const char *employers = strstr(path, "employers/");
    size_t roots[] = { docs_root(path), slash != NULL ? (size_t)(slash - path) + 1 : 0,
                       employers != NULL ? (size_t)(employers - path) : docs_root(path) };

    for (size_t i = 0; i < COUNT_OF(roots); i++) {
        char full[FS_PATH_MAX];
        struct fs_stat stat;

        if (str_format(full, sizeof(full), "%.*spictures/%s", (int)roots[i], path, name) &&
            fs_stat(full, &stat, NULL) == ERR_OK && !stat.is_dir)
            return true;
    }
    return false;
}

static void docs_keep_ref(struct lint_docs *l, const struct doc_ref *ref, const char *path)
{
    char text[160];

    if (ref->kind == DOC_REF_PICTURE) {
        if (!docs_picture_is(path, ref->to) &&
            str_format(text, sizeof(text), "there is no picture \"%s\" in the folder pictures",
                       ref->to))
            docs_say(l, path, ref->line, text);
        return;
    }
    if (ref->kind == DOC_REF_SIGN) {
        if (sign_by_id(ref->to) == NULL &&
            str_format(text, sizeof(text), "%s: there is no sign \"%.60s\"", ref->from, ref->to))
            docs_say(l, path, ref->line, text);
        return;
    }
    if (l->ref_count == LINT_REFS_MAX)
        return;
    l->refs[l->ref_count] = (struct lint_docs_ref){
        .kind = (int)ref->kind,
        .line = ref->line,
        .to = arena_strdup(l->kept, ref->to),
        .from = arena_strdup(l->kept, ref->from),
        .path = path,
    };
    if (l->refs[l->ref_count].to != NULL && l->refs[l->ref_count].from != NULL)
        l->ref_count++;
}

/* Whose document it is: an employer's folder, or what the sample says of itself. */
static const char *docs_layer(struct lint_docs *l, const char *path, const struct doc *d)
{
    const char *at = strstr(path, "employers/");
    const char *kind = doc_text(d, "issuer_kind");

    if (at != NULL)
        return arena_strndup(l->kept, at, strlen("employers/") + strcspn(at + 10, "/"));
    return arena_strdup(l->kept, kind[0] == '\0' ? "sample" : kind);
}

static void docs_keep(struct lint_docs *l, const char *path, const struct doc *d)
{
    struct lint_doc row = { .path = path };

    if (l->doc_count == LINT_DOCS_MAX) {
        docs_say(l, path, 1, "more documents than can be checked at once");
        return;
    }
    row.id = arena_strdup(l->kept, doc_text(d, "id"));
    row.kind = arena_strdup(l->kept, doc_text(d, "kind"));
    row.layer = docs_layer(l, path, d);
    row.revision = d->revision;
    if (row.id == NULL || row.kind == NULL || row.layer == NULL)
        docs_say(l, path, 1, "no memory to go on");
    else if (*row.id != '\0')
        l->docs[l->doc_count++] = row;
}

void lint_docs_take(struct lint_docs *l, struct arena *a, const char *path, const char *text,
                    size_t len)
{
    const char *kept = arena_strdup(l->kept, path);
    struct doc_lint lint;
    struct why why;

    if (kept == NULL || doc_lint(a, text, len, &lint, &why) != ERR_OK) {
        docs_say(l, path, 1, kept == NULL ? "no memory to go on" : why.text);
        return;
    }
    for (size_t i = 0; i < lint.fault_count; i++)
        docs_say(l, path, lint.faults[i].line, lint.faults[i].text);
    if (lint.more)
        docs_say(l, path, 1, "more faults than are told at once");
    for (size_t i = 0; i < lint.ref_count; i++)
        docs_keep_ref(l, &lint.refs[i], kept);
    docs_keep(l, kept, &lint.doc);
}

/* ---- all together ---- */

static int docs_same(const struct lint_doc *x, const struct lint_doc *y)
{
    int by_id = strcmp(x->id, y->id);

    return by_id != 0 ? by_id : strcmp(x->layer, y->layer);
}

/* Of those with one id in one layer, the one that counts on a kiosk first: the newer revision, else the
   first path. */
static int docs_order(const void *a, const void *b)
{
    const struct lint_doc *x = a;
    const struct lint_doc *y = b;
    int by = docs_same(x, y);

    if (by == 0)
        by = (x->revision < y->revision) - (x->revision > y->revision);
    return by != 0 ? by : strcmp(x->path, y->path);
}

static const struct lint_doc *docs_find(const struct lint_docs *l, const char *id)
{
    size_t low = 0;
    size_t high = l->doc_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(l->docs[middle].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < l->doc_count && str_eq(l->docs[low].id, id) ? &l->docs[low] : NULL;
}

bool lint_docs_has(const struct lint_docs *l, const char *id)
{
    return docs_find(l, id) != NULL;
}

static void docs_say_missing(struct lint_docs *l, const struct lint_docs_ref *ref, const char *what,
                             const char *const *names, size_t count)
{
    const char *near = text_nearest(ref->to, names, count < NEAR_MAX ? count : NEAR_MAX);
    char text[256];

    (void)str_format(text, sizeof(text), "%s: there is no %s \"%.60s\"%s%.60s%s", ref->from, what,
                     ref->to, near != NULL ? "; is \"" : "", near != NULL ? near : "",
                     near != NULL ? "\" meant?" : "");
    docs_say(l, ref->path, ref->line, text);
}

static void docs_check_ref(struct lint_docs *l, const struct lint_docs_ref *ref,
                           const char *const *names, const char *const *kinds, size_t kind_count)
{
    const struct lint_doc *doc;

    switch ((enum doc_ref_kind)ref->kind) {
    case DOC_REF_KIND:
        for (size_t i = 0; i < kind_count; i++)
            if (str_eq(kinds[i], ref->to))
                return;
        if (kind_count > 0)
            docs_say_missing(l, ref, "kind of equipment", kinds, kind_count);
        return;
    case DOC_REF_DOC:
    case DOC_REF_CHEM:
        if (!l->folder)
            return;
        doc = docs_find(l, ref->to);
        if (doc == NULL)
            docs_say_missing(l, ref, "document", names, l->doc_count);
        else if (ref->kind == DOC_REF_CHEM && !str_eq(doc->kind, "chemical"))
            docs_say(l, ref->path, ref->line, "the document that is named is no chemical");
        return;
    case DOC_REF_SIGN:
    case DOC_REF_PICTURE:
        return;
    }
}

void lint_docs_end(struct lint_docs *l, const char *const *kinds, size_t kind_count)
{
    const char **names = arena_array(l->kept, l->doc_count + 1, sizeof(*names));
    const struct lint_doc *first = l->docs;

    if (names == NULL)
        return;
    if (l->doc_count > 0)
        qsort(l->docs, l->doc_count, sizeof(*l->docs), docs_order);
    for (size_t i = 0; i < l->doc_count; i++) {
        const struct lint_doc *doc = &l->docs[i];
        char text[512];

        names[i] = doc->id;
        if (i == 0 || docs_same(doc, first) != 0) {
            first = doc;
            continue;
        }
        (void)str_format(
            text, sizeof(text), "the id \"%.60s\" is taken by %.340s, which counts: %s", doc->id,
            first->path,
            first->revision > doc->revision ? "its revision is newer" : "its path comes first");
        docs_say(l, doc->path, 1, text);
    }
    for (size_t i = 0; i < l->ref_count; i++)
        docs_check_ref(l, &l->refs[i], names, kinds, kind_count);
}
