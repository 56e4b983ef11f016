#include <string.h>

#include "app/domain/competence.h"
#include "app/domain/expr_lex.h"
#include "app/domain/status.h"
#include "app/domain/xlsform.h"

enum form_basis xls_row_basis(const struct xls_row *in)
{
    static const char *const names[] = { "LAW", "SCHEME", "ACOP", "GUIDE", "PRACTICE" };
    const char *text = xls_row_cell(in, COL_BASIS);
    const char *near;

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (str_eq(text, names[i]))
            return (enum form_basis)(BASIS_LAW + (int)i);
    }
    if (*text == '\0')
        return BASIS_NONE;
    near = text_nearest(text, names, COUNT_OF(names));
    xls_fault(in->x, in->row, "kiosk::basis",
              "\"%.40s\" is not one of LAW, SCHEME, ACOP, GUIDE, PRACTICE.%s%s%s", text,
              near != NULL ? " Is " : "", near != NULL ? near : "", near != NULL ? " meant?" : "");
    return BASIS_NONE;
}

/* A form's id becomes part of records and file names for years. */
static void check_form_id(const struct xls_row *in, const char *id)
{
    if (!xls_name_valid(id) || strchr(id, '.') != NULL)
        xls_fault(in->x, in->row, "form_id",
                  "A form needs an id of letters, digits, - and _, such as el-fvi.");
}

/* A form of the kiosk has a version, since each record names it; one that came from elsewhere and
   serves no item may lack it. */
static void check_title(const struct xls_row *in)
{
    struct form *f = in->x->f;

    if (*f->title == '\0') {
        xls_note(in->x, in->row, "form_title", "The form has no title; its id stands for one.");
        f->title = f->id;
    }
    if (*f->version != '\0')
        return;
    if (*f->applies_to != '\0')
        xls_fault(in->x, in->row, "version",
                  "A form needs a version, which every record keeps. Write one, such as 2026.1.");
    else
        xls_note(in->x, in->row, "version", "The form has no version; 1 stands for it.");
    f->version = "1";
}

/* A wish that cannot be read would keep everybody from signing; a code that this program has no name
   for may be an employer's own. */
static void check_competence(const struct xls_row *in)
{
    struct competence_needs needs;

    if (!competence_parse(in->x->f->competence, &needs)) {
        xls_fault(in->x, in->row, "kiosk::competence",
                  "\"%.40s\" cannot be read. Write codes such as T, T/P for either, T+R for a "
                  "countersignature.",
                  in->x->f->competence);
        return;
    }
    for (size_t i = 0; i <= needs.count; i++) {
        const char *code = i < needs.count ? needs.codes[i] : needs.countersign;

        if (*code != '\0' && !competence_known(code))
            xls_note(
                in->x, in->row, "kiosk::competence",
                "No competence is known by the code \"%.30s\". Somebody must have been granted "
                "it, or nobody can sign.",
                code);
    }
}

bool xls_is_action(const char *code)
{
    return code[0] == 'F' && code[1] >= '1' && code[1] <= '5' && code[2] == '\0';
}

/* A letter goes to somebody that the kiosk knows, and is never due at an item. */
static void check_letter(const struct xls_row *in)
{
    static const char *const names[] = { "sserc", "stac", "authority", "self" };
    const struct form *f = in->x->f;

    if (*f->letter == '\0')
        return;
    if (*f->applies_to != '\0')
        xls_fault(in->x, in->row, "kiosk::letter",
                  "A letter is about things, and belongs to no kind. Leave applies_to empty.");
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(f->letter, names[i]))
            return;
    xls_fault(in->x, in->row, "kiosk::letter",
              "\"%.40s\" is not one of sserc, stac, authority, self. Write one of them.",
              f->letter);
}

static void read_settings(const struct xls_row *in)
{
    struct form *f = in->x->f;

    f->settings_row = in->row;
    f->id = xls_row_cell(in, COL_FORM_ID);
    f->title = xls_row_cell(in, COL_FORM_TITLE);
    f->version = xls_row_cell(in, COL_VERSION);
    f->applies_to = xls_row_cell(in, COL_APPLIES_TO);
    f->interval = xls_row_cell(in, COL_INTERVAL);
    f->basis_text = xls_row_cell(in, COL_BASIS_TEXT);
    f->competence = xls_row_cell(in, COL_COMPETENCE);
    f->fail_action = xls_row_cell(in, COL_FAIL_ACTION);
    f->retention = xls_row_cell(in, COL_RETENTION);
    f->source = xls_row_cell(in, COL_SOURCE);
    f->edition = xls_row_cell(in, COL_EDITION);
    f->guidance = xls_row_cell(in, COL_GUIDANCE);
    f->confidence = xls_row_confidence(in);
    f->quick_pass = xls_row_yes(in, COL_QUICK_PASS, "kiosk::quick_pass");
    f->next_due = xls_row_cell(in, COL_NEXT_DUE);
    f->interval_from = xls_row_cell(in, COL_INTERVAL_FROM);
    f->life = xls_row_cell(in, COL_LIFE);
    f->custody = xls_row_cell(in, COL_CUSTODY);
    f->makes = xls_row_cell(in, COL_MAKES);
    f->makes_label = xls_row_cell(in, COL_MAKES_LABEL);
    f->counts_as = xls_row_cell(in, COL_COUNTS_AS);
    f->letter = xls_row_cell(in, COL_LETTER);
    f->differs = xls_row_cell(in, COL_DIFFERS);
    f->in_session = xls_row_yes(in, COL_IN_SESSION, "kiosk::in_session");
    f->birth = xls_row_yes(in, COL_BIRTH, "kiosk::birth");
    f->calibration = xls_row_yes(in, COL_CALIBRATION, "kiosk::calibration");
    f->tray = *xls_row_cell(in, COL_TRAY) != '\0' ? xls_row_yes(in, COL_TRAY, "kiosk::tray")
                                                  : f->quick_pass;
    f->default_language = xls_row_cell(in, COL_DEFAULT_LANGUAGE);
    f->basis = xls_row_basis(in);
    check_form_id(in, f->id);
    check_title(in);
    check_competence(in);
    if (*f->fail_action != '\0' && !xls_is_action(f->fail_action))
        xls_fault(in->x, in->row, "kiosk::fail_action",
                  "\"%.40s\" is not one of F1 to F5. Write one of them.", f->fail_action);
    check_letter(in);
    if (form_has_word(f->counts_as, f->id))
        xls_fault(in->x, in->row, "kiosk::counts_as",
                  "A form serves for itself already. Name the others only.");
    if (*f->custody != '\0' && !str_eq(f->custody, "out") && !str_eq(f->custody, "in"))
        xls_fault(in->x, in->row, "kiosk::custody",
                  "\"%.40s\" is neither out nor in. Write one of them.", f->custody);
    if (!str_eq(f->interval, "term") && !str_eq(f->interval, "scheme") &&
        !status_interval_valid(f->interval))
        xls_fault(
            in->x, in->row, "kiosk::interval",
            "\"%.40s\" is not an interval. Write use, term, scheme, or a number with d, w, m or "
            "y, such as 12m; or leave it empty.",
            f->interval);
}

void xls_settings(struct xls *x)
{
    size_t found = 0;

    for (size_t i = x->settings.first; x->settings.header > 0 && i < x->settings.end; i++) {
        struct xls_row in = { x, &x->settings, i, (unsigned)i + 1 };

        if (xls_row_empty(x, i))
            continue;
        if (++found == 1)
            read_settings(&in);
        else
            xls_fault(x, in.row, "",
                      "The sheet \"settings\" has one row below its headings. Take this one out.");
    }
    if (found == 0)
        xls_fault(x, x->settings.header, "",
                  "The sheet \"settings\" is missing, with form_id, form_title and version. Add it "
                  "below.");
}
