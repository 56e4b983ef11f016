#include <stdio.h>
#include <string.h>

#include "app/domain/doc.h"
#include "app/domain/form.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/pack/pack.h"

enum {
    LINT_ARENA = 64 * 1024 * 1024, /* for one file */
    LINT_KEPT = 8 * 1024 * 1024,   /* for names */
    LINT_NAMES_MAX = 5000,         /* in one folder */
    LINT_IDS_MAX = 5000,           /* forms and documents in all */
    LINT_DEPTH_MAX = 8,
};

/* An id that was defined, or that a form points to. */
struct lint_id {
    const char *id, *path;
};

struct lint {
    struct arena kept, file;
    struct lint_id *forms, *docs, *wanted;
    size_t form_count, doc_count, wanted_count;
    size_t faults;
};

static void lint_fault(struct lint *l, const char *path, const char *text)
{
    (void)printf("%s: %s\n", path, text);
    l->faults++;
}

static void lint_keep(struct lint *l, struct lint_id *rows, size_t *count, const char *id,
                      const char *path)
{
    if (*count == LINT_IDS_MAX) {
        lint_fault(l, path, "More files than can be checked at once.");
        return;
    }
    rows[*count].id = arena_strdup(&l->kept, id);
    rows[*count].path = arena_strdup(&l->kept, path);
    if (rows[*count].id == NULL || rows[*count].path == NULL)
        lint_fault(l, path, "No memory to go on.");
    else
        (*count)++;
}

static const struct lint_id *lint_find(const struct lint_id *rows, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(rows[i].id, id))
            return &rows[i];
    return NULL;
}

static void lint_define(struct lint *l, struct lint_id *rows, size_t *count, const char *id,
                        const char *path)
{
    const struct lint_id *other = lint_find(rows, *count, id);

    if (other != NULL) {
        (void)printf("%s: The id \"%s\" is taken by %s.\n", path, id, other->path);
        l->faults++;
        return;
    }
    lint_keep(l, rows, count, id, path);
}

static void lint_rows(const char *path, const struct form_fault *rows, size_t count,
                      const char *kind)
{
    for (size_t i = 0; i < count; i++) {
        bool column = *rows[i].column != '\0';

        (void)printf("%s:%u: %s%s%s%s%s\n", path, rows[i].row, kind, column ? "column " : "",
                     rows[i].column, column ? ": " : "", rows[i].text);
    }
}

static void lint_form(struct lint *l, const char *path, const char *text, size_t len)
{
    struct form_faults *faults = arena_alloc(&l->file, sizeof(*faults));
    struct form form;
    struct why why;
    enum err rc;

    if (faults == NULL) {
        lint_fault(l, path, "No memory to go on.");
        return;
    }
    rc = form_parse(&l->file, text, len, &form, faults, &why);
    lint_rows(path, faults->notes, faults->note_count, "note: ");
    if (rc == ERR_OK) {
        lint_define(l, l->forms, &l->form_count, form.id, path);
        if (*form.guidance != '\0')
            lint_keep(l, l->wanted, &l->wanted_count, form.guidance, path);
        form_done(&form);
        return;
    }
    lint_rows(path, faults->rows, faults->count, "");
    l->faults += faults->count;
    if (faults->count == 0)
        lint_fault(l, path, why.text);
}

static void lint_doc(struct lint *l, const char *path, const char *text, size_t len)
{
    struct doc doc;
    struct why why;

    if (doc_parse(&l->file, text, len, &doc, &why) != ERR_OK) {
        lint_fault(l, path, why.text);
        return;
    }
    if (*doc.id == '\0' || *doc.kind == '\0' || *doc.title == '\0')
        lint_fault(l, path, "line 1: The front matter needs id, kind and title.");
    else
        lint_define(l, l->docs, &l->doc_count, doc.id, path);
}

/* Tables that are no forms lie beside them; a form's first cell is a sheet's name. In a folder called forms all
   are forms, however they begin. */
static bool lint_is_form(const char *path, const char *text)
{
    static const char *const sheets[] = { "survey", "choices", "settings", "\xef\xbb\xbfsurvey" };

    for (size_t i = 0; i < COUNT_OF(sheets); i++)
        if (str_starts(text, sheets[i]))
            return true;
    return strstr(path, "forms/") != NULL;
}

static void lint_file(struct lint *l, const char *path, bool named)
{
    struct why why;
    char *text;
    size_t len;

    if (!str_ends(path, ".csv") && !str_ends(path, ".md")) {
        if (named)
            lint_fault(l, path, "Neither a form (.csv) nor a document (.md).");
        return;
    }
    arena_reset(&l->file);
    if (fs_read(&l->file, path, FORM_BYTES_MAX, &text, &len, &why) != ERR_OK)
        lint_fault(l, path, why.text);
    else if (str_ends(path, ".md"))
        lint_doc(l, path, text, len);
    else if (named || lint_is_form(path, text))
        lint_form(l, path, text, len);
}

static void lint_path(struct lint *l, const char *path, bool named, unsigned depth);

static void lint_folder(struct lint *l, const char *path, unsigned depth)
{
    struct why why;
    const char **names;
    size_t count;

    if (depth == LINT_DEPTH_MAX) {
        lint_fault(l, path, "Folders stand too deep inside each other.");
        return;
    }
    if (fs_list(&l->kept, path, LINT_NAMES_MAX, &names, &count, &why) != ERR_OK) {
        lint_fault(l, path, why.text);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        char joined[FS_PATH_MAX];

        if (str_starts(names[i], "README"))
            continue;
        if (fs_join(joined, path, names[i], &why) != ERR_OK)
            lint_fault(l, path, why.text);
        else
            lint_path(l, joined, false, depth + 1);
    }
}

static void lint_path(struct lint *l, const char *path, bool named, unsigned depth)
{
    struct fs_stat stat;
    struct why why;

    if (fs_stat(path, &stat, &why) != ERR_OK)
        lint_fault(l, path, why.text);
    else if (stat.is_dir)
        lint_folder(l, path, depth);
    else
        lint_file(l, path, named);
}

/* A form's guidance must be a document, as far as documents were looked at. */
static void lint_links(struct lint *l)
{
    for (size_t i = 0; l->doc_count > 0 && i < l->wanted_count; i++) {
        if (lint_find(l->docs, l->doc_count, l->wanted[i].id) != NULL)
            continue;
        (void)printf("%s: column kiosk::guidance: No document has the id \"%s\".\n",
                     l->wanted[i].path, l->wanted[i].id);
        l->faults++;
    }
}

int pack_lint(int count, char **paths)
{
    struct lint l = { 0 };
    int status = 1;

    if (count == 0 || paths[0][0] == '-') {
        (void)fprintf(stderr, "canny-pack lint: needs folders or files; see canny-pack --help\n");
        return 2;
    }
    arena_init(&l.kept, LINT_KEPT);
    arena_init(&l.file, LINT_ARENA);
    l.forms = arena_array(&l.kept, LINT_IDS_MAX, sizeof(*l.forms));
    l.docs = arena_array(&l.kept, LINT_IDS_MAX, sizeof(*l.docs));
    l.wanted = arena_array(&l.kept, LINT_IDS_MAX, sizeof(*l.wanted));
    if (l.forms != NULL && l.docs != NULL && l.wanted != NULL) {
        for (int i = 0; i < count; i++)
            lint_path(&l, paths[i], true, 0);
        lint_links(&l);
        (void)printf("%zu forms, %zu documents, %zu faults\n", l.form_count, l.doc_count, l.faults);
        status = l.faults > 0 ? 1 : 0;
    }
    arena_done(&l.file);
    arena_done(&l.kept);
    return status;
}
