#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/domain/expr_lex.h"
#include "app/domain/form.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/pack/lint.h"
#include "sync/pack/pack.h"

const char pack_lint_help[] =
    "usage: canny-pack lint [--national FOLDER] FOLDER|FILE...\n"
    "\n"
    "Reads content and says what is wrong, one line each: the file, the row or line, what is wrong "
    "and\n"
    "what to do. Of a folder it also looks at names, sizes, tables and pictures, and holds forms "
    "and\n"
    "documents against each other: references, kinds of equipment, ids. An employer's forms and\n"
    "documents that stand in for others are held against those: what the law (LAW) or a written "
    "scheme\n"
    "(SCHEME) sets may be tightened, never loosened.\n"
    "\n"
    "  --national FOLDER   the national content beside an employer's own folder; it is not judged "
    "itself\n"
    "\n"
    "  canny-pack lint assets/content                    all of a folder\n"
    "  canny-pack lint content/docs/assessments/c04.md   one document\n"
    "  canny-pack lint --national content our-council    an employer's folder\n"
    "\n"
    "Exit status: 0 nothing is wrong, 1 something is, 2 wrong usage. The last line counts.\n";

void lint_say(struct lint *l, const char *path, unsigned row, const char *fmt, ...)
{
    va_list args;

    if (l->quiet)
        return;
    if (row > 0)
        (void)printf("%s:%u: ", path, row);
    else
        (void)printf("%s: ", path);
    va_start(args, fmt);
    (void)vprintf(fmt, args);
    va_end(args);
    (void)putchar('\n');
    l->faults++;
}

void lint_why(struct lint *l, const char *path, const char *text, const char *todo)
{
    static const char *const leads[] = { "row ", "line ", "near line " };
    unsigned row = 0;

    for (size_t i = 0; i < COUNT_OF(leads) && row == 0; i++) {
        char *end;
        const char *at = text + strlen(leads[i]);

        if (!str_starts(text, leads[i]) || *at < '0' || *at > '9')
            continue;
        row = (unsigned)strtoul(at, &end, 10);
        text = end + strspn(end, ":, ");
    }
    lint_say(l, path, row, "%s%s%s", text, todo != NULL && *todo != '\0' ? ". " : "",
             todo != NULL ? todo : "");
}

static void lint_fault(struct lint *l, const char *path, const char *text)
{
    lint_say(l, path, 0, "%s", text);
}

const char *lint_below(const struct lint *l, const char *path)
{
    if (l->root == NULL || !str_starts(path, l->root))
        return path;
    path += strlen(l->root);
    return path + strspn(path, "/");
}

/* Whose file it is: "national" or "employers/ID". Kept. */
static const char *lint_layer(struct lint *l, const char *path)
{
    const char *at = strstr(lint_below(l, path), "employers/");
    const char *layer = NULL;

    if (at == NULL)
        at = strstr(path, "/employers/") != NULL ? strstr(path, "/employers/") + 1 : NULL;
    if (at != NULL)
        layer = arena_strndup(&l->kept, at,
                              strlen("employers/") + strcspn(at + strlen("employers/"), "/"));
    else if (l->employer_root)
        layer = "employers/this";
    return layer != NULL ? layer : "national";
}

void lint_keep(struct lint *l, struct lint_id *rows, size_t *count, const char *id,
               const char *path, unsigned row)
{
    if (*count == LINT_IDS_MAX) {
        lint_fault(l, path, "More files than can be checked at once. Check the folder in parts.");
        return;
    }
    rows[*count].id = arena_strdup(&l->kept, id);
    rows[*count].path = arena_strdup(&l->kept, path);
    rows[*count].layer = lint_layer(l, path);
    rows[*count].row = row;
    rows[*count].basis = BASIS_NONE;
    if (rows[*count].id == NULL || rows[*count].path == NULL)
        lint_fault(l, path, "No memory to go on.");
    else
        (*count)++;
}

const struct lint_id *lint_find(const struct lint_id *rows, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(rows[i].id, id))
            return &rows[i];
    return NULL;
}

void lint_define(struct lint *l, struct lint_id *rows, size_t *count, const char *id,
                 const char *path, unsigned row)
{
    const char *layer = lint_layer(l, path);

    for (size_t i = 0; i < *count; i++) {
        if (!str_eq(rows[i].id, id) || !str_eq(rows[i].layer, layer))
            continue;
        lint_say(l, path, row, "The id \"%s\" is taken by %s. Give one of them another id.", id,
                 rows[i].path);
        return;
    }
    lint_keep(l, rows, count, id, path, row);
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

    if (named && !str_ends(path, ".csv") && !str_ends(path, ".md")) {
        lint_fault(l, path,
                   "Neither a form (.csv) nor a document (.md). Name such a file, or a folder.");
        return;
    }
    if (!named && str_starts(lint_below(l, path), "README"))
        return;
    arena_reset(&l->file);
    l->docs.layer =
        l->employer_root && strstr(path, "employers/") == NULL ? "employers/this" : NULL;
    if (!named && lint_table(l, path))
        return;
    if (!str_ends(path, ".csv") && !str_ends(path, ".md"))
        return;
    if (fs_read(&l->file, path, str_ends(path, ".md") ? LINT_FILE_MAX : FORM_BYTES_MAX, &text, &len,
                &why) != ERR_OK) {
        lint_fault(l, path, why.text);
    } else if (str_ends(path, ".md")) {
        lint_docs_take(&l->docs, &l->file, path, text, len);
        l->told_docs += l->quiet ? 0 : 1;
    } else if (named || lint_is_form(path, text)) {
        lint_form(l, path, text, len);
    }
}

static void lint_path(struct lint *l, const char *path, bool named, unsigned depth);

/* What was read so far is told; what points to the rest is not. */
static void lint_crowded(struct lint *l, const char *path)
{
    char text[128];

    if (l->crowded)
        return;
    l->crowded = true;
    (void)str_format(text, sizeof text,
                     "More than %d files: a kiosk takes no content so large. Take some out.",
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
        lint_fault(l, path, "Folders stand too deep inside each other. Put it further up.");
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
        if (fs_join(joined, path, names[i], &why) != ERR_OK) {
            lint_fault(l, path, why.text);
            continue;
        }
        /* With its slash a folder would have no name, and a link to one would not be seen. */
        if (str_ends(joined, "/"))
            joined[strlen(joined) - 1] = '\0';
        lint_path(l, joined, false, depth + 1);
    }
}

static void lint_path(struct lint *l, const char *path, bool named, unsigned depth)
{
    struct fs_stat stat = { .size = 0 };
    struct why why;
    enum err rc = fs_stat(path, &stat, &why);

    if (rc != ERR_OK && named) {
        lint_say(l, path, 0, "%s. Look whether the name is right.", why.text);
        return;
    }
    if (!stat.is_dir && l->files++ == LINT_FILES_MAX)
        lint_crowded(l, path);
    if (l->crowded)
        return;
    if (!named && !lint_tree(l, path, stat.is_dir)) {
        if (str_ends(path, ".md"))
            lint_docs_unread(&l->docs, path);
    } else if (stat.is_dir) {
        l->docs.folder = true;
        lint_folder(l, path, depth);
    } else {
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
        if (near != NULL)
            lint_say(l, l->wanted_kinds[i].path, l->wanted_kinds[i].row,
                     "No kind has the id \"%s\". Is \"%s\" meant?", kind, near);
        else
            lint_say(l, l->wanted_kinds[i].path, l->wanted_kinds[i].row,
                     "No kind has the id \"%s\". Add a row to kinds.csv, or mend the id.", kind);
    }
}

/* A form's guidance must be a document, as far as documents were looked at. */
static void lint_links(struct lint *l)
{
    lint_kind_links(l);
    for (size_t i = 0; l->docs.doc_count > 0 && i < l->wanted_count; i++) {
        if (lint_docs_has(&l->docs, l->wanted[i].id))
            continue;
        lint_say(
            l, l->wanted[i].path, 0,
            "column kiosk::guidance: No document has the id \"%s\". Write that document, or mend "
            "the id.",
            l->wanted[i].id);
    }
}

static const char *s_of(size_t count)
{
    return count == 1 ? "" : "s";
}

/* A folder with an issuer.yaml in it is one employer's own. */
static bool lint_is_employer(const char *path)
{
    char name[FS_PATH_MAX];
    struct fs_stat stat;

    return fs_join(name, path, "issuer.yaml", NULL) == ERR_OK &&
           fs_stat(name, &stat, NULL) == ERR_OK;
}

static void lint_root(struct lint *l, const char *path)
{
    const size_t before = l->files;
    struct fs_stat stat;

    l->root = fs_stat(path, &stat, NULL) == ERR_OK && stat.is_dir ? path : NULL;
    l->employer_root = l->root != NULL && lint_is_employer(path);
    lint_path(l, path, true, 0);
    if (l->root != NULL && l->files == before && l->faults == 0)
        lint_say(l, path, 0, "It holds no file of content. Is it the right folder?");
}

/* What the national content holds is known from here on; what is wrong with it is its own editors'. */
static void lint_national(struct lint *l)
{
    if (l->national == NULL)
        return;
    l->quiet = l->docs.quiet = true;
    l->docs.national = l->national;
    lint_root(l, l->national);
    l->quiet = l->docs.quiet = false;
    l->files = 0;
}

static void lint_all(struct lint *l, int count, char **paths)
{
    lint_national(l);
    for (int i = 0; i < count; i++)
        if (paths[i] != NULL)
            lint_root(l, paths[i]);
    /* Of an employer's folder by itself nobody knows what the rest of the content has. */
    if (l->employer_root && l->national == NULL)
        l->docs.folder = false;
    if (l->crowded)
        return;
    if (l->docs.folder)
        lint_links(l);
    else
        lint_docs_end(&l->docs, NULL, 0);
    lint_tables_end(l);
    lint_over_forms(l);
    lint_docs_over(&l->docs, &l->file);
}

/* Takes --national out of the arguments. False: it has no folder behind it, or is an option that is none. */
static bool lint_options(struct lint *l, int *count, char **paths)
{
    int kept = 0;

    for (int i = 0; i < *count; i++) {
        if (str_eq(paths[i], "--national") && i + 1 < *count)
            l->national = paths[++i];
        else if (paths[i][0] == '-' || paths[i][0] == '\0')
            return false;
        else
            paths[kept++] = paths[i];
    }
    *count = kept;
    return kept > 0;
}

int pack_lint(int count, char **paths)
{
    struct lint l = { 0 };
    int status = 1;

    if (!lint_options(&l, &count, paths)) {
        (void)fprintf(stderr,
                      "canny-pack lint: needs folders or files, and has no option but --national "
                      "FOLDER; see canny-pack lint --help\n");
        return 2;
    }
    arena_init(&l.kept, LINT_KEPT);
    arena_init(&l.file, LINT_ARENA);
    l.forms = arena_array(&l.kept, LINT_IDS_MAX, sizeof(*l.forms));
    l.wanted = arena_array(&l.kept, LINT_IDS_MAX, sizeof(*l.wanted));
    l.kinds = arena_array(&l.kept, LINT_IDS_MAX, sizeof(*l.kinds));
    l.wanted_kinds = arena_array(&l.kept, LINT_IDS_MAX, sizeof(*l.wanted_kinds));
    l.guides = arena_array(&l.kept, LINT_IDS_MAX, sizeof(*l.guides));
    if (lint_docs_begin(&l.docs, &l.kept) && l.forms != NULL && l.wanted != NULL &&
        l.kinds != NULL && l.wanted_kinds != NULL && l.guides != NULL) {
        lint_all(&l, count, paths);
        l.faults += l.docs.faults;
        (void)printf("%zu form%s, %zu document%s, %zu fault%s\n", l.told_forms, s_of(l.told_forms),
                     l.told_docs, s_of(l.told_docs), l.faults, s_of(l.faults));
        status = l.faults > 0 ? 1 : 0;
    }
    arena_done(&l.file);
    arena_done(&l.kept);
    return status;
}
