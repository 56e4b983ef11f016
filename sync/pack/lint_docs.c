#include "sync/pack/lint_docs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/domain/doc_lint.h"
#include "app/domain/expr_lex.h"
#include "app/domain/override.h"
#include "app/domain/sign.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"

enum { NEAR_MAX = 4000 };

static void docs_say(struct lint_docs *l, const char *path, unsigned line, const char *text)
{
    if (l->quiet)
        return;
    (void)printf("%s:%u: %s\n", path, line, text);
    l->faults++;
}

bool lint_docs_begin(struct lint_docs *l, struct arena *kept)
{
    *l = (struct lint_docs){ .kept = kept };
    l->docs = arena_array(kept, LINT_DOCS_MAX, sizeof(*l->docs));
    l->refs = arena_array(kept, LINT_REFS_MAX, sizeof(*l->refs));
    l->places = arena_array(kept, LINT_PLACES_MAX, sizeof(*l->places));
    return l->docs != NULL && l->refs != NULL && l->places != NULL;
}

/* The part of the path that is the content folder, with its "/"; 0 where the path does not say. */
static size_t docs_root(const char *path)
{
    static const char *const folders[] = { "docs/", "forms/" };
    const char *found = NULL;

    for (size_t i = 0; i < COUNT_OF(folders) && found == NULL; i++)
        for (const char *at = path; (at = strstr(at, folders[i])) != NULL; at++)
            if (at == path || at[-1] == '/')
                found = at;
    return found != NULL ? (size_t)(found - path) : 0;
}

/* Beside the documents in the content's folder; a document that stands alone has its pictures in a
   folder beside it. */
bool lint_docs_picture(const struct lint_docs *l, const char *path, const char *name)
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
        if (l->national != NULL &&
            str_format(full, sizeof(full), "%s/pictures/%s", l->national, name) &&
            fs_stat(full, &stat, NULL) == ERR_OK && !stat.is_dir)
            return true;
    }
    return false;
}

static void docs_keep_ref(struct lint_docs *l, const struct doc_ref *ref, const char *path)
{
    char text[240];

    if (l->quiet)
        return;
    if (ref->kind == DOC_REF_PICTURE) {
        if (!lint_docs_picture(l, path, ref->to) &&
            str_format(
                text, sizeof(text),
                "there is no picture \"%s\" in the folder pictures; put it there, or take it "
                "out of the text",
                ref->to))
            docs_say(l, path, ref->line, text);
        return;
    }
    if (ref->kind == DOC_REF_SIGN) {
        if (sign_by_id(ref->to) == NULL &&
            str_format(text, sizeof(text),
                       "%s: there is no sign \"%.60s\"; the signs are the files of assets/signs, "
                       "without .svg",
                       ref->from, ref->to))
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

    if (l->layer != NULL)
        return arena_strdup(l->kept, l->layer);
    if (at != NULL)
        return arena_strndup(l->kept, at, strlen("employers/") + strcspn(at + 10, "/"));
    return arena_strdup(l->kept, kind[0] == '\0' ? "sample" : kind);
}

/* The codes that a place goes by: what an employer's constituency has to be one of. */
static void docs_keep_places(struct lint_docs *l, const struct doc *d)
{
    static const char *const keys[] = { "code", "old_codes" };

    for (size_t k = 0; k < COUNT_OF(keys) && str_eq(doc_text(d, "kind"), "place"); k++)
        for (size_t i = 0; doc_node_at(doc_get(d, keys[k]), i) != NULL; i++) {
            const char *code = arena_strdup(l->kept, doc_node_at(doc_get(d, keys[k]), i));

            if (code != NULL && l->place_count < LINT_PLACES_MAX)
                l->places[l->place_count++] = code;
        }
}

/* A file's stem is its document's id, also where the document itself cannot be read: what points to it
   is not to blame. */
static const char *docs_stem(struct lint_docs *l, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');

    return arena_strndup(l->kept, name, dot != NULL ? (size_t)(dot - name) : strlen(name));
}

void lint_docs_unread(struct lint_docs *l, const char *path)
{
    const char *kept = arena_strdup(l->kept, path);
    const char *stem = docs_stem(l, path);

    if (kept != NULL && stem != NULL && l->doc_count < LINT_DOCS_MAX)
        l->docs[l->doc_count++] = (struct lint_doc){
            .id = stem, .kind = "", .path = kept, .layer = kept, .overrides = ""
        };
}

static void docs_keep(struct lint_docs *l, const char *path, const struct doc *d)
{
    struct lint_doc row = { .path = path };

    if (l->doc_count == LINT_DOCS_MAX) {
        docs_say(l, path, 1,
                 "more documents than can be checked at once; check the folder in parts");
        return;
    }
    row.id =
        *doc_text(d, "id") != '\0' ? arena_strdup(l->kept, doc_text(d, "id")) : docs_stem(l, path);
    row.kind = arena_strdup(l->kept, doc_text(d, "kind"));
    row.layer = docs_layer(l, path, d);
    row.overrides = arena_strdup(l->kept, doc_text(d, "overrides"));
    row.revision = d->revision;
    docs_keep_places(l, d);
    if (row.id == NULL || row.kind == NULL || row.layer == NULL || row.overrides == NULL)
        docs_say(l, path, 1, "no memory to go on");
    else if (*row.id != '\0')
        l->docs[l->doc_count++] = row;
}

/* "" is told as missing. */
static bool docs_id_ok(const char *id)
{
    for (; *id != '\0'; id++)
        if (!((*id >= 'a' && *id <= 'z') || (*id >= 'A' && *id <= 'Z') ||
              (*id >= '0' && *id <= '9') || *id == '-' || *id == '_'))
            return false;
    return true;
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
        docs_say(l, path, 1, "more faults than are told at once; mend these first");
    for (size_t i = 0; i < lint.ref_count; i++)
        docs_keep_ref(l, &lint.refs[i], kept);
    if (!docs_id_ok(doc_text(&lint.doc, "id")))
        docs_say(l, path, 1,
                 "id: of letters, digits, - and _ alone, so that links, files and people can "
                 "write it; give it another, and mend what points to it");
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
    size_t at = str_rows_from(l->docs, l->doc_count, sizeof *l->docs, id);

    return at < l->doc_count && str_eq(l->docs[at].id, id) ? &l->docs[at] : NULL;
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
                     near != NULL ? "\" meant?" : "; write it, or mend the id");
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
        else if (ref->kind == DOC_REF_CHEM && *doc->kind != '\0' && !str_eq(doc->kind, "chemical"))
            docs_say(l, ref->path, ref->line,
                     "the document that is named is no chemical; name one that is");
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
        (void)str_format(text, sizeof(text),
                         "the id \"%.60s\" is taken by %.300s, which counts: %s; give one of them "
                         "another id, or "
                         "take it out",
                         doc->id, first->path,
                         first->revision > doc->revision ? "its revision is newer"
                                                         : "its path comes first");
        docs_say(l, doc->path, 1, text);
    }
    for (size_t i = 0; i < l->ref_count; i++)
        docs_check_ref(l, &l->refs[i], names, kinds, kind_count);
}

/* ---- employers' documents that stand in for others ---- */

static bool docs_front(struct arena *a, const char *path, struct doc *out)
{
    char *text;
    size_t len;

    return fs_read(a, path, DOC_BYTES_MAX, &text, &len, NULL) == ERR_OK &&
           doc_parse_front(a, text, len, out, NULL) == ERR_OK;
}

static void docs_over_pair(struct lint_docs *l, struct arena *a, const struct lint_doc *base,
                           const struct lint_doc *over)
{
    struct override_report report;
    struct doc lower, upper;

    arena_reset(a);
    if (!docs_front(a, base->path, &lower) || !docs_front(a, over->path, &upper) ||
        override_docs(a, &lower, &upper, &report, NULL) != ERR_OK)
        return;
    if (*doc_text(&upper, "differs") == '\0' && report.refused == 0)
        docs_say(l, over->path, 1,
                 "it stands in the place of another document; say why in one sentence under "
                 "\"differs\"");
    for (size_t i = 0; i < report.count; i++) {
        const struct override_row *row = &report.rows[i];
        const char *sentence = row->refused ? override_sentence(a, row) : NULL;

        if (sentence != NULL)
            docs_say(l, over->path, row->row, arena_printf(a, "%s: %s", row->column, sentence));
    }
}

void lint_docs_over(struct lint_docs *l, struct arena *a)
{
    for (size_t i = 0; i < l->doc_count; i++) {
        const struct lint_doc *over = &l->docs[i];
        const char *ids[] = { over->id, over->overrides };

        if (!str_starts(over->layer, "employers/"))
            continue;
        for (size_t k = 0; k < COUNT_OF(ids); k++) {
            const struct lint_doc *base = docs_find(l, ids[k]);

            if (*ids[k] == '\0' || (k == 1 && str_eq(ids[0], ids[1])))
                continue;
            for (; base != NULL && base < l->docs + l->doc_count && str_eq(base->id, ids[k]);
                 base++)
                if (!str_starts(base->layer, "employers/"))
                    docs_over_pair(l, a, base, over);
        }
    }
}
