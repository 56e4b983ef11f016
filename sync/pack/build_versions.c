#include <stdio.h>
#include <string.h>

#include "app/domain/csv.h"
#include "app/domain/doc.h"
#include "app/domain/form.h"
#include "app/domain/stop.h"
#include "sync/pack/build.h"

/* A form as one edition has it. */
struct version_form {
    const char *path, *id, *version;
    struct csv cells;
};

/* A recall or stop notice as the edition before has it. */
struct version_notice {
    const char *id;
    int revision;
    uint8_t hash[KEYS_HASH];
};

struct versions {
    struct repo *r;
    const char *dir;
    const struct manifest *before;
    const struct build_files *files;
    struct build_unpack unpack;
    struct arena kept; /* the forms that may have changed */
    struct arena a;    /* one file at a time */
    struct version_form *old;
    struct version_notice *notices;
    size_t old_count, notice_count, faults;
};

static const struct manifest_file *now_find(const struct build_files *files, const char *path)
{
    for (size_t i = 0; i < files->count; i++)
        if (str_eq(files->rows[i].path, path))
            return &files->rows[i];
    return NULL;
}

static bool same_file(const struct manifest_file *x, const struct manifest_file *y)
{
    return x != NULL && y != NULL && memcmp(x->hash, y->hash, KEYS_HASH) == 0;
}

/* False: it is no form, as a table beside forms is none. */
static bool form_of(struct versions *v, const char *path, const char *text, size_t len,
                    struct version_form *out)
{
    static const struct csv_limits limits = { FORM_ROWS_MAX, FORM_CELL_MAX };
    struct form_faults *faults = arena_alloc(&v->a, sizeof *faults);
    struct form form = { 0 };
    unsigned row;
    bool is;

    if (faults == NULL || !str_ends(path, ".csv") ||
        form_parse(&v->a, text, len, &form, faults, NULL) != ERR_OK)
        return false;
    *out = (struct version_form){ .path = arena_strdup(&v->kept, path),
                                  .id = arena_strdup(&v->kept, form.id),
                                  .version = arena_strdup(&v->kept, form.version) };
    is = out->path != NULL && out->id != NULL && *out->id != '\0' && out->version != NULL &&
         csv_parse(&v->kept, text, len, limits, &out->cells, &row, NULL) == ERR_OK;
    form_done(&form);
    return is;
}

static const char *cell(const struct csv *t, size_t row, size_t column)
{
    return row < t->count && column < t->rows[row].count ? t->rows[row].cells[column] : "";
}

/* Empty rows and cells at the ends are what a spreadsheet adds by itself. */
static bool same_cells(const struct csv *x, const struct csv *y)
{
    const size_t rows = x->count > y->count ? x->count : y->count;

    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < CSV_CELLS_MAX; k++)
            if (!str_eq(cell(x, i, k), cell(y, i, k)))
                return false;
    return true;
}

/* The forms of the edition before whose files are not the same any more. */
static enum err versions_old(struct versions *v, struct why *why)
{
    v->old = arena_array(&v->kept, v->before->file_count + 1, sizeof(*v->old));
    if (v->old == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for forms");
    for (size_t i = 0; i < v->before->file_count; i++) {
        const struct manifest_file *f = &v->before->files[i];
        uint8_t *bytes;
        enum err rc;

        if (!str_ends(f->path, ".csv") || same_file(f, now_find(v->files, f->path)))
            continue;
        arena_reset(&v->a);
        rc = build_unpack_file(&v->unpack, &v->a, f, &bytes, why);
        if (rc != ERR_OK)
            return rc;
        if (form_of(v, f->path, (const char *)bytes, f->len, &v->old[v->old_count]))
            v->old_count++;
    }
    return ERR_OK;
}

static enum err versions_form(struct versions *v, const struct manifest_file *f, struct why *why)
{
    struct version_form now;
    char *text;
    enum err rc;

    arena_reset(&v->a);
    rc = build_file_bytes(&v->a, v->dir, f, &text, why);
    if (rc != ERR_OK || !form_of(v, f->path, text, f->len, &now))
        return rc;
    for (size_t i = 0; i < v->old_count; i++) {
        if (!str_eq(v->old[i].id, now.id) || !str_eq(v->old[i].version, now.version) ||
            same_cells(&v->old[i].cells, &now.cells))
            continue;
        (void)printf("%s/%s: The form has changed since it was published, and its version is still "
                     "%s. Write another one under settings, version: each record keeps the version "
                     "that it was judged by.\n",
                     v->dir, f->path, now.version);
        v->faults++;
    }
    return ERR_OK;
}

/* ---- notices ---- */

/* False: it is none. */
static bool notice_of(struct versions *v, const char *text, size_t len, struct stop *out)
{
    struct doc doc;

    return doc_parse_front(&v->a, text, len, &doc, NULL) == ERR_OK && stop_is(&doc) &&
           stop_from_doc(&v->a, &doc, out, NULL) == ERR_OK;
}

/* The notices of the edition before, wherever their files are by now. */
static enum err notices_old(struct versions *v, struct why *why)
{
    v->notices = arena_array(&v->kept, v->before->file_count + 1, sizeof(*v->notices));
    if (v->notices == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for notices");
    for (size_t i = 0; i < v->before->file_count; i++) {
        const struct manifest_file *f = &v->before->files[i];
        struct version_notice *n = &v->notices[v->notice_count];
        struct stop stop;
        uint8_t *bytes;
        enum err rc;

        if (!str_ends(f->path, ".md") || same_file(f, now_find(v->files, f->path)))
            continue;
        arena_reset(&v->a);
        rc = build_unpack_file(&v->unpack, &v->a, f, &bytes, why);
        if (rc != ERR_OK)
            return rc;
        if (!notice_of(v, (const char *)bytes, f->len, &stop))
            continue;
        *n = (struct version_notice){ .id = arena_strdup(&v->kept, stop.id),
                                      .revision = stop.revision };
        memcpy(n->hash, f->hash, KEYS_HASH);
        if (n->id == NULL)
            return why_set(why, ERR_NOMEM, 0, "no memory for notices");
        v->notice_count++;
    }
    return ERR_OK;
}

/* A kiosk covers its screen with a notice once per revision: what holds more back, or asks for something else, under the
   same one would be read by nobody. One that is taken back asks for nothing. */
static bool notice_is_faulty(struct versions *v, const struct manifest_file *f, const char *text)
{
    struct stop now;

    if (v->notice_count == 0 || !notice_of(v, text, f->len, &now) || now.withdrawn)
        return false;
    for (size_t i = 0; i < v->notice_count; i++) {
        const struct version_notice *old = &v->notices[i];

        if (!str_eq(old->id, now.id) || now.revision > old->revision ||
            memcmp(old->hash, f->hash, KEYS_HASH) == 0)
            continue;
        (void)printf(
            "%s/%s: The notice has changed since it was published, and its revision is %d: a "
            "kiosk shows each revision once, and whoever saw that one would not see this "
            "one. Write revision: %d.\n",
            v->dir, f->path, now.revision, old->revision + 1);
        return true;
    }
    return false;
}

/* ---- documents ---- */

/* A revision is not owed by other documents, but readers go by it. before: its file in the edition before, or NULL. */
static enum err versions_doc(struct versions *v, const struct manifest_file *f,
                             const struct manifest_file *before, struct why *why)
{
    struct doc old, now;
    uint8_t *bytes;
    char *text;
    enum err rc;

    arena_reset(&v->a);
    rc = build_file_bytes(&v->a, v->dir, f, &text, why);
    if (rc != ERR_OK)
        return rc;
    if (notice_is_faulty(v, f, text)) {
        v->faults++;
        return ERR_OK;
    }
    if (before == NULL)
        return ERR_OK;
    rc = build_unpack_file(&v->unpack, &v->a, before, &bytes, why);
    if (rc != ERR_OK)
        return rc;
    if (doc_parse_front(&v->a, (const char *)bytes, before->len, &old, NULL) == ERR_OK &&
        doc_parse_front(&v->a, text, f->len, &now, NULL) == ERR_OK && old.revision > 0 &&
        now.revision == old.revision)
        (void)printf("%s/%s: note: It has changed, and its revision is still %u: who has read "
                     "or adapted it is not asked to look again.\n",
                     v->dir, f->path, (unsigned)now.revision);
    return ERR_OK;
}

static enum err versions_all(struct versions *v, struct why *why)
{
    enum err rc = versions_old(v, why);

    if (rc == ERR_OK)
        rc = notices_old(v, why);
    for (size_t i = 0; rc == ERR_OK && i < v->files->count; i++) {
        const struct manifest_file *f = &v->files->rows[i];
        const struct manifest_file *before = manifest_find(v->before, f->path);

        if (same_file(f, before))
            continue;
        if (str_ends(f->path, ".csv") && v->old_count > 0)
            rc = versions_form(v, f, why);
        else if (str_ends(f->path, ".md") && (before != NULL || v->notice_count > 0))
            rc = versions_doc(v, f, before, why);
    }
    return rc;
}

enum err build_versions(struct repo *r, const char *dir, const struct manifest *before,
                        const struct build_files *files, size_t *out_faults, struct why *why)
{
    struct versions v = { .r = r, .dir = dir, .before = before, .files = files };
    enum err rc;

    arena_init(&v.kept, BUILD_MEMORY);
    arena_init(&v.a, BUILD_MEMORY);
    rc = build_unpack_open(r, before, &v.kept, &v.unpack, why);
    if (rc == ERR_OK) {
        rc = versions_all(&v, why);
        build_unpack_close(&v.unpack);
    }
    arena_done(&v.a);
    arena_done(&v.kept);
    if (rc == ERR_OK)
        *out_faults = v.faults;
    return rc;
}
