#include <stdio.h>
#include <string.h>

#include "app/domain/csv.h"
#include "app/domain/expr_lex.h"
#include "app/domain/form.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/pack/lint_docs.h"
#include "sync/pack/lint_size.h"
#include "sync/pack/pack.h"

const char pack_lint_help[] =
    "usage: canny-pack lint FOLDER|FILE...\n"
    "\n"
    "Reads forms (.csv) and documents (.md) and says what is wrong, by file and row or line. Of a "
    "folder\n"
    "it also holds the documents against each other: references, kinds of equipment, pictures, "
    "ids.\n"
    "\n"
    "  canny-pack lint assets/content                    all of a folder\n"
    "  canny-pack lint content/docs/assessments/c04.md   one document\n";

enum {
    LINT_ARENA = 64 * 1024 * 1024, /* for one file */
    LINT_KEPT = 64 * 1024 * 1024,  /* for names */
    LINT_FILES_MAX = 20000,        /* in all, as on a kiosk (CONTENT_FILES_MAX) */
    LINT_FILE_MAX = 16 * 1024 * 1024,
    LINT_IDS_MAX = 5000, /* forms in all */
    LINT_DEPTH_MAX = 8,
};

/* An id that was defined, or that a form points to. */
struct lint_id {
    const char *id, *path;
};

struct lint {
    struct arena kept, file;
    struct lint_docs docs;
    struct lint_id *forms, *wanted;
    struct lint_id *kinds, *wanted_kinds; /* of kinds.csv, and those that forms name */
    size_t form_count, wanted_count, kind_count, wanted_kind_count;
    size_t files, faults;
    bool
        crowded; /* more than LINT_FILES_MAX: nothing more is read, and nothing is missing for that */
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

/* Each word of a list of kinds, once a form. */
static void lint_want_kinds(struct lint *l, const char *kinds, const char *path)
{
    for (const char *at = kinds + strspn(kinds, " "); *at != '\0';) {
        size_t len = strcspn(at, " ");
        const char *kind = arena_strndup(&l->kept, at, len);

        if (kind == NULL)
            lint_fault(l, path, "No memory to go on.");
        else if (!str_eq(kind, "*") && !str_eq(kind, "person") && !str_eq(kind, "new"))
            lint_keep(l, l->wanted_kinds, &l->wanted_kind_count, kind, path);
        at += len;
        at += strspn(at, " ");
    }
}

static void lint_form_links(struct lint *l, const struct form *form, const char *path)
{
    if (*form->guidance != '\0')
        lint_keep(l, l->wanted, &l->wanted_count, form->guidance, path);
    lint_want_kinds(l, form->applies_to, path);
    lint_want_kinds(l, form->makes, path);
    for (size_t i = 0; i < form->field_count; i++)
        lint_want_kinds(l, form->fields[i].kinds, path);
}

/* The table of kinds beside the forms: a kind that it lacks can never be scanned, and its form never
   be signed. */
static void lint_kinds(struct lint *l, const char *path, const char *text, size_t len)
{
    static const struct csv_limits limits = { LINT_IDS_MAX, FORM_CELL_MAX };
    struct csv csv;
    struct why why;
    unsigned row;

    if (csv_parse(&l->file, text, len, limits, &csv, &row, &why) != ERR_OK) {
        lint_fault(l, path, why.text);
        return;
    }
    for (size_t i = 1; i < csv.count; i++)
        if (*csv.rows[i].cells[0] != '\0')
            lint_define(l, l->kinds, &l->kind_count, csv.rows[i].cells[0], path);
}

/* Copies in numbers that stand in the sheet, all together: with nothing answered they must have
   room. */
static void lint_copies(struct lint *l, const struct form *form, const char *path)
{
    static const struct form_facts facts = { .today = "2026-01-01" };
    struct form laid;
    struct why why;

    if (form_unfold(form, NULL, 0, &facts, &l->file, &laid, &why) != ERR_OK) {
        lint_fault(l, path, why.text);
        return;
    }
    for (size_t i = 0; i < laid.field_count; i++) {
        struct form_fault fault = { laid.fields[i].row, "repeat_count",
                                    "The copies of the repeats make too many rows." };

        if (!laid.fields[i].crowded)
            continue;
        lint_rows(path, &fault, 1, "");
        l->faults++;
        return;
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
        lint_form_links(l, &form, path);
        lint_copies(l, &form, path);
        if (!lint_record_fits(&l->file, &form))
            lint_fault(l, path,
                       "A record of this form does not fit into 63 KiB, so nobody could sign it: "
                       "shorten the labels, or make two forms of it.");
        form_done(&form);
        return;
    }
    lint_rows(path, faults->rows, faults->count, "");
    l->faults += faults->count;
    if (faults->count == 0)
        lint_fault(l, path, why.text);
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
    if (!named && (str_ends(path, "/README.md") || str_eq(path, "README.md")))
        return;
    arena_reset(&l->file);
    if (fs_read(&l->file, path, str_ends(path, ".md") ? LINT_FILE_MAX : FORM_BYTES_MAX, &text, &len,
                &why) != ERR_OK)
        lint_fault(l, path, why.text);
    else if (str_ends(path, ".md"))
        lint_docs_take(&l->docs, &l->file, path, text, len);
    else if (str_ends(path, "/kinds.csv") && str_starts(text, "id,"))
        lint_kinds(l, path, text, len);
    else if (named || lint_is_form(path, text))
        lint_form(l, path, text, len);
}

static void lint_path(struct lint *l, const char *path, bool named, unsigned depth);

/* What was read so far is told; what points to the rest is not. */
static void lint_crowded(struct lint *l, const char *path)
{
    char text[128];

    if (l->crowded)
        return;
    l->crowded = true;
    (void)str_format(text, sizeof text, "More than %d files: a kiosk takes no content so large.",
                     LINT_FILES_MAX);
    lint_fault(l, path, text);
}

static void lint_folder(struct lint *l, const char *path, unsigned depth)
{
    struct why why;
    enum err rc;
    const char **names;
    size_t count;

    if (depth == LINT_DEPTH_MAX) {
        lint_fault(l, path, "Folders stand too deep inside each other.");
        return;
    }
    rc = fs_list(&l->kept, path, LINT_FILES_MAX + 1, &names, &count, &why);
    if (rc == ERR_LIMIT)
        lint_crowded(l, path);
    else if (rc != ERR_OK)
        lint_fault(l, path, why.text);
    for (size_t i = 0; rc == ERR_OK && i < count && !l->crowded; i++) {
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
    else if (stat.is_dir) {
        l->docs.folder = true;
        lint_folder(l, path, depth);
    } else if (l->files++ == LINT_FILES_MAX) {
        lint_crowded(l, path);
    } else if (!l->crowded) {
        lint_file(l, path, named);
    }
}

/* A kind that a form names must be in the table, where one was looked at. */
static void lint_kind_links(struct lint *l)
{
    const char **names = arena_array(&l->kept, l->kind_count + 1, sizeof(*names));

    if (names == NULL)
        return;
    for (size_t i = 0; i < l->kind_count; i++)
        names[i] = l->kinds[i].id;
    lint_docs_end(&l->docs, names, l->kind_count);
    if (l->kind_count == 0)
        return;
    for (size_t i = 0; i < l->wanted_kind_count; i++) {
        const char *kind = l->wanted_kinds[i].id;
        const char *near;

        if (lint_find(l->kinds, l->kind_count, kind) != NULL)
            continue;
        near = text_nearest(kind, names, l->kind_count);
        (void)printf("%s: No kind has the id \"%s\".%s%s%s\n", l->wanted_kinds[i].path, kind,
                     near != NULL ? " Is \"" : "", near != NULL ? near : "",
                     near != NULL ? "\" meant?" : "");
        l->faults++;
    }
}

/* A form's guidance must be a document, as far as documents were looked at. */
static void lint_links(struct lint *l)
{
    lint_kind_links(l);
    for (size_t i = 0; l->docs.doc_count > 0 && i < l->wanted_count; i++) {
        if (lint_docs_has(&l->docs, l->wanted[i].id))
            continue;
        (void)printf("%s: column kiosk::guidance: No document has the id \"%s\".\n",
                     l->wanted[i].path, l->wanted[i].id);
        l->faults++;
    }
}

static const char *s_of(size_t count)
{
    return count == 1 ? "" : "s";
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
    l.wanted = arena_array(&l.kept, LINT_IDS_MAX, sizeof(*l.wanted));
    l.kinds = arena_array(&l.kept, LINT_IDS_MAX, sizeof(*l.kinds));
    l.wanted_kinds = arena_array(&l.kept, LINT_IDS_MAX, sizeof(*l.wanted_kinds));
    if (lint_docs_begin(&l.docs, &l.kept) && l.forms != NULL && l.wanted != NULL &&
        l.kinds != NULL && l.wanted_kinds != NULL) {
        for (int i = 0; i < count; i++)
            lint_path(&l, paths[i], true, 0);
        if (!l.crowded)
            lint_links(&l);
        l.faults += l.docs.faults;
        (void)printf("%zu form%s, %zu document%s, %zu fault%s\n", l.form_count, s_of(l.form_count),
                     l.docs.doc_count, s_of(l.docs.doc_count), l.faults, s_of(l.faults));
        status = l.faults > 0 ? 1 : 0;
    }
    arena_done(&l.file);
    arena_done(&l.kept);
    return status;
}
