#include <stdio.h>
#include <string.h>

#include "app/domain/override.h"
#include "platform/base/str.h"
#include "sync/pack/lint.h"

static bool over_read(struct lint *l, const char *path, struct form *out)
{
    struct form_faults *faults = arena_alloc(&l->file, sizeof(*faults));
    char *text;
    size_t len;

    *out = (struct form){ 0 };
    return faults != NULL && fs_read(&l->file, path, FORM_BYTES_MAX, &text, &len, NULL) == ERR_OK &&
           form_parse(&l->file, text, len, out, faults, NULL) == ERR_OK;
}

static const struct lint_id *over_base(const struct lint *l, const char *id)
{
    for (size_t i = 0; i < l->form_count; i++)
        if (str_eq(l->forms[i].id, id) && !str_starts(l->forms[i].layer, "employers/"))
            return &l->forms[i];
    return NULL;
}

static enum form_basis over_basis(void *ctx, const char *id)
{
    struct lint *l = ctx;
    const struct lint_id *row = over_base(l, id);

    return row != NULL ? row->basis : BASIS_NONE;
}

static void over_report(struct lint *l, const char *path, const struct override_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        const struct override_row *row = &report->rows[i];
        const char *sentence = override_sentence(&l->file, row);

        if (row->refused && sentence != NULL)
            lint_say(l, path, row->row, "%s%s%s%s", *row->column != '\0' ? "column " : "",
                     row->column, *row->column != '\0' ? ": " : "", sentence);
    }
}

static void over_form(struct lint *l, const struct lint_id *over)
{
    const struct lint_id *below = over_base(l, over->id);
    struct override_report report;
    struct form base, form;
    bool read;

    arena_reset(&l->file);
    read = over_read(l, over->path, &form);
    if (read && below != NULL)
        read = over_read(l, below->path, &base);
    else
        base = (struct form){ 0 };
    if (read && override_forms(&l->file,
                               &(struct override_ask){ .base = below != NULL ? &base : NULL,
                                                       .over = &form,
                                                       .basis_of = over_basis,
                                                       .ctx = l },
                               &report, NULL) == ERR_OK) {
        over_report(l, over->path, &report);
        if (below != NULL && *form.differs == '\0')
            lint_say(
                l, over->path, form.settings_row,
                "column kiosk::differs: The form stands in the place of %s. Add the column and "
                "say in one sentence why yours differs.",
                below->path);
        if (below != NULL && str_eq(base.version, form.version))
            lint_say(
                l, over->path, form.settings_row,
                "column version: \"%.40s\" is the version of %s too. Give yours one of its own: a "
                "record names its form by it.",
                form.version, below->path);
    }
    form_done(&form);
    form_done(&base);
}

void lint_over_forms(struct lint *l)
{
    size_t theirs = 0;

    for (size_t i = 0; i < l->form_count; i++)
        theirs += str_starts(l->forms[i].layer, "employers/") ? 1 : 0;
    if (theirs > 0 && l->employer_root && l->national == NULL) {
        (void)printf(
            "%s: note: Only the national content can tell whether a limit is loosened here. "
            "Say where it is: --national FOLDER.\n",
            l->root);
        return;
    }
    for (size_t i = 0; i < l->form_count; i++)
        if (str_starts(l->forms[i].layer, "employers/"))
            over_form(l, &l->forms[i]);
}
