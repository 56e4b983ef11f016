#include <stdio.h>
#include <string.h>

#include "app/domain/override.h"
#include "platform/base/str.h"
#include "sync/pack/lint.h"
#include "sync/pack/lint_size.h"

static void lint_rows(const struct lint *l, const char *path, const struct form_fault *rows,
                      size_t count, const char *kind)
{
    if (l->quiet)
        return;
    for (size_t i = 0; i < count; i++) {
        bool column = *rows[i].column != '\0';

        (void)printf("%s:%u: %s%s%s%s%s\n", path, rows[i].row, kind, column ? "column " : "",
                     rows[i].column, column ? ": " : "", rows[i].text);
    }
}

/* Each word of a list of kinds, once a form. */
static void lint_want_kinds(struct lint *l, const char *kinds, const char *path, unsigned row)
{
    for (const char *at = kinds + strspn(kinds, " "); *at != '\0';) {
        size_t len = strcspn(at, " ");
        const char *kind = arena_strndup(&l->kept, at, len);

        if (kind == NULL)
            lint_say(l, path, 0, "No memory to go on.");
        else if (!str_eq(kind, "*") && !str_eq(kind, "person") && !str_eq(kind, "new"))
            lint_keep(l, l->wanted_kinds, &l->wanted_kind_count, kind, path, row);
        at += len;
        at += strspn(at, " ");
    }
}

static void lint_form_picture(struct lint *l, const char *path, unsigned row, const char *name)
{
    /* A form by itself may come from elsewhere, with its pictures still to follow. */
    if (*name != '\0' && l->root != NULL && !lint_docs_picture(&l->docs, path, name))
        lint_say(
            l, path, row,
            "column image: There is no picture \"%.80s\" in the folder pictures. Put it there, or "
            "empty the cell.",
            name);
}

/* What the law sets, nobody may state from memory. */
static void lint_form_sources(struct lint *l, const struct form *form, const char *path)
{
    for (size_t i = 0; i < form->field_count; i++) {
        const struct form_field *f = &form->fields[i];
        bool limited = f->has_low || f->has_high || f->low_from != NULL || f->high_from != NULL;

        if (limited && override_binds(f->basis) && *f->source == '\0' && *form->source == '\0')
            lint_say(
                l, path, f->row,
                "column kiosk::source: The limit rests on %s, and nothing says where it stands. "
                "Write the regulation, the standard or the scheme.",
                form_basis_name(f->basis));
    }
}

static void lint_form_links(struct lint *l, const struct form *form, const char *path)
{
    if (l->quiet)
        return;
    for (size_t i = 0; i < form->field_count; i++) {
        const struct form_choices *choices = form->fields[i].choices;

        lint_form_picture(l, path, form->fields[i].row, form->fields[i].image);
        for (size_t k = 0; choices != NULL && k < choices->count; k++)
            lint_form_picture(l, path, form->fields[i].row, choices->rows[k].image);
    }
    lint_form_sources(l, form, path);
    if (*form->guidance != '\0')
        lint_keep(l, l->wanted, &l->wanted_count, form->guidance, path, form->settings_row);
    lint_want_kinds(l, form->applies_to, path, form->settings_row);
    lint_want_kinds(l, form->makes, path, form->settings_row);
    for (size_t i = 0; i < form->field_count; i++)
        lint_want_kinds(l, form->fields[i].kinds, path, form->fields[i].row);
}

/* Copies in numbers that stand in the sheet, all together: with nothing answered they must have
   room. */
static void lint_copies(struct lint *l, const struct form *form, const char *path)
{
    static const struct form_facts facts = { .today = "2026-01-01" };
    struct form laid;
    struct why why;

    if (form_unfold(form, NULL, 0, &facts, &l->file, &laid, &why) != ERR_OK) {
        lint_say(l, path, 0, "%s", why.text);
        return;
    }
    for (size_t i = 0; i < laid.field_count; i++) {
        struct form_fault fault = { laid.fields[i].row, "repeat_count",
                                    "The copies of the repeats make too many rows. Ask for "
                                    "fewer." };

        if (!laid.fields[i].crowded)
            continue;
        lint_rows(l, path, &fault, 1, "");
        l->faults += l->quiet ? 0 : 1;
        return;
    }
}

static void lint_form_define(struct lint *l, const struct form *form, const char *path)
{
    size_t before = l->form_count;

    lint_define(l, l->forms, &l->form_count, form->id, path, form->settings_row);
    if (l->form_count > before)
        l->forms[before].basis = override_basis(form);
    if (!l->quiet)
        l->told_forms++;
}

void lint_form(struct lint *l, const char *path, const char *text, size_t len)
{
    struct form_faults *faults = arena_alloc(&l->file, sizeof(*faults));
    struct form form;
    struct why why;
    enum err rc;

    if (faults == NULL) {
        lint_say(l, path, 0, "No memory to go on.");
        return;
    }
    rc = form_parse(&l->file, text, len, &form, faults, &why);
    lint_rows(l, path, faults->notes, faults->note_count, "note: ");
    if (rc == ERR_OK) {
        lint_form_define(l, &form, path);
        lint_form_links(l, &form, path);
        lint_copies(l, &form, path);
        if (!lint_record_fits(&l->file, &form))
            lint_say(l, path, 0,
                     "A record of this form does not fit into 63 KiB, so nobody could sign it: "
                     "shorten the labels, or make two forms of it.");
        form_done(&form);
        return;
    }
    lint_rows(l, path, faults->rows, faults->count, "");
    l->faults += l->quiet ? 0 : faults->count;
    if (faults->count == 0)
        lint_say(l, path, 0, "%s", why.text);
}
