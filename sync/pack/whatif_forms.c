#include <stdio.h>
#include <string.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/pack/build.h"
#include "sync/pack/whatif.h"

enum { FOLDER_FILES_MAX = 20000, FOLDER_DEPTH_MAX = 6 };

const struct form *whatif_form(const struct whatif_forms *f, const char *id)
{
    for (size_t i = 0; i < f->count; i++)
        if (str_eq(f->rows[i].form.id, id))
            return &f->rows[i].form;
    return NULL;
}

/* A table beside the forms begins otherwise. */
static bool is_form(const char *text)
{
    static const char bom[] = "\xef\xbb\xbf";

    if (str_starts(text, bom))
        text += strlen(bom);
    return str_starts(text, "survey") || str_starts(text, "choices") ||
           str_starts(text, "settings");
}

static enum err forms_file(struct whatif_forms *f, const char *path, struct why *why)
{
    struct form_faults *faults = arena_alloc(&f->a, sizeof *faults);
    struct form form = { 0 };
    char *text;
    size_t len;
    enum err rc;

    if (faults == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for the forms");
    rc = fs_read(&f->a, path, FORM_BYTES_MAX, &text, &len, why);
    if (rc != ERR_OK || !is_form(text))
        return rc;
    rc = form_parse(&f->a, text, len, &form, faults, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "%s", path);
    if (whatif_form(f, form.id) != NULL) {
        form_done(&form);
        return ERR_OK;
    }
    if (f->count == WHATIF_FORMS_MAX) {
        form_done(&form);
        return why_set(why, ERR_LIMIT, 0, "more than %d forms", WHATIF_FORMS_MAX);
    }
    f->rows[f->count++] = (struct whatif_form){ .form = form, .path = arena_strdup(&f->a, path) };
    return ERR_OK;
}

static enum err forms_nuclides(struct whatif_forms *f, const char *path, struct why *why)
{
    char *text;
    size_t len;
    enum err rc;

    if (f->nuclides.count > 0)
        return ERR_OK;
    rc = fs_read(&f->a, path, FORM_BYTES_MAX, &text, &len, why);
    if (rc == ERR_OK)
        rc = nuclides_parse(&f->a, text, len, &f->nuclides, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "%s", path);
}

/* Recursion is bounded by FOLDER_DEPTH_MAX. Another employer's forms are not the nation's. */
static enum err forms_folder(struct whatif_forms *f, const char *path, int depth, struct why *why)
{
    const char **names;
    size_t count;
    enum err rc = fs_list(&f->a, path, FOLDER_FILES_MAX, &names, &count, why);

    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        char full[FS_PATH_MAX];

        rc = fs_join(full, path, names[i], why);
        if (rc != ERR_OK)
            break;
        if (str_ends(full, "/")) {
            full[strlen(full) - 1] = '\0';
            if (depth < FOLDER_DEPTH_MAX && !str_eq(names[i], "employers/") &&
                !str_eq(names[i], "docs/"))
                rc = forms_folder(f, full, depth + 1, why);
        } else if (str_eq(names[i], "nuclides.csv")) {
            rc = forms_nuclides(f, full, why);
        } else if (str_ends(full, ".csv")) {
            rc = forms_file(f, full, why);
        }
    }
    return rc;
}

/* The national content as it is published in a repository. */
static enum err forms_repository(struct whatif_forms *f, const char *path, struct why *why)
{
    char dir[BUILD_TEMPORARY];
    struct repo r;
    enum err rc = repo_open(path, &r, why);

    if (rc != ERR_OK)
        return rc;
    rc = build_national(&r, dir, why);
    if (rc == ERR_NOT_FOUND)
        rc = why_set(why, rc, 0, "%s holds no national content yet: publish it first", path);
    else if (rc == ERR_OK) {
        rc = forms_folder(f, dir, 0, why);
        build_national_done(dir);
    }
    repo_done(&r);
    return rc;
}

static enum err forms_path(struct whatif_forms *f, const char *path, struct why *why)
{
    struct fs_stat stat;
    char metadata[FS_PATH_MAX];
    enum err rc = fs_stat(path, &stat, why);

    if (rc != ERR_OK)
        return rc;
    if (!stat.is_dir)
        return forms_file(f, path, why);
    if (fs_join(metadata, path, "metadata", NULL) == ERR_OK &&
        fs_stat(metadata, &stat, NULL) == ERR_OK && stat.is_dir)
        return forms_repository(f, path, why);
    return forms_folder(f, path, 0, why);
}

enum err whatif_forms_read(struct whatif_forms *f, const char *changed, const char *national,
                           struct why *why)
{
    enum err rc;

    *f = (struct whatif_forms){ .count = 0 };
    arena_init(&f->a, WHATIF_FORM_ARENA);
    f->rows = arena_array(&f->a, WHATIF_FORMS_MAX, sizeof *f->rows);
    if (f->rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for the forms");
    rc = forms_path(f, changed, why);
    if (rc == ERR_OK && f->count == 0)
        rc = why_set(why, ERR_INPUT, 0, "%s holds no form; name a form or a folder with forms",
                     changed);
    if (rc == ERR_OK && national != NULL)
        rc = forms_path(f, national, why);
    return rc;
}

void whatif_forms_done(struct whatif_forms *f)
{
    for (size_t i = 0; i < f->count; i++)
        form_done(&f->rows[i].form);
    arena_done(&f->a);
}
