#include "app/domain/override.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "app/domain/competence.h"
#include "app/domain/fail_action.h"
#include "app/domain/override_parts.h"
#include "app/domain/schedule.h"
#include "platform/base/str.h"

bool override_binds(enum form_basis basis)
{
    return basis == BASIS_LAW || basis == BASIS_SCHEME;
}

enum form_basis override_basis(const struct form *f)
{
    enum form_basis basis = f->basis;

    for (size_t i = 0; i < f->field_count && !override_binds(basis); i++)
        if (override_binds(f->fields[i].basis) && over_compared(&f->fields[i]))
            basis = f->fields[i].basis;
    return basis;
}

static bool report_begin(struct arena *a, struct override_report *out)
{
    *out = (struct override_report){ .rows = arena_array(a, OVERRIDE_ROWS_MAX, sizeof *out->rows) };
    return out->rows != NULL;
}

/* Where there is no room, a refused row takes the place of one that is only told. */
static struct override_row *report_room(struct override_report *r, bool refused)
{
    if (r->count < OVERRIDE_ROWS_MAX)
        return &r->rows[r->count++];
    r->more = true;
    for (size_t i = r->count; refused && i > 0; i--)
        if (!r->rows[i - 1].refused)
            return &r->rows[i - 1];
    return NULL;
}

void over_tell(struct over *o, int kind, const struct over_point *point)
{
    struct override_row *row;
    bool refused = point->bound && (kind == OVERRIDE_LOOSER || kind == OVERRIDE_OTHER);

    if (kind == OVER_SAME)
        return;
    o->out->kinds[kind]++;
    o->out->refused += refused ? 1 : 0;
    row = report_room(o->out, refused);
    if (row == NULL)
        return;
    *row = (struct override_row){
        .kind = (enum override_kind)kind,
        .refused = refused,
        .row = point->row,
        .name = point->name != NULL ? point->name : "",
        .label = point->label != NULL ? point->label : "",
        .column = point->column,
        .what = point->what,
        .base = point->base != NULL ? point->base : "",
        .over = point->over != NULL ? point->over : "",
        .todo = refused && point->todo != NULL ? point->todo : "",
        .basis = point->basis,
    };
}

/* ---- settings ---- */

/* basis: of the form for a setting of its own; of all its rows (override_basis) for one by which any row is left unasked, as
   one row that the law asks for is enough. */
static void setting(struct over *o, enum form_basis basis, int kind, const char *column,
                    const char *what, const char *base, const char *over, const char *todo)
{
    struct over_point point = { .row = o->over->settings_row,
                                .column = column,
                                .what = what,
                                .base = base,
                                .over = over,
                                .todo = todo,
                                .basis = basis,
                                .bound = override_binds(basis) };

    over_tell(o, kind, &point);
}

/* A setting that is either as it was or cannot be compared. */
static void setting_same(struct over *o, const char *column, const char *what, const char *base,
                         const char *over)
{
    setting(o, o->base->basis, str_eq(base, over) ? OVER_SAME : OVERRIDE_OTHER, column, what, base,
            over, "Keep it as it stands there.");
}

/* strict: the value of the two that asks for more. */
static void setting_yes(struct over *o, const char *column, const char *what, bool base, bool over,
                        bool strict)
{
    if (base != over)
        setting(o, o->base->basis, over == strict ? OVERRIDE_STRICTER : OVERRIDE_LOOSER, column,
                what, base ? "yes" : "no", over ? "yes" : "no",
                strict ? "Write yes." : "Write no.");
}

/* Fewer people may sign, or somebody must countersign besides. */
static int competence_compare(const char *base, const char *over)
{
    struct competence_needs x, y;
    bool anybody = false;

    if (str_eq(base, over))
        return OVER_SAME;
    if (!competence_parse(base, &x) || !competence_parse(over, &y))
        return OVERRIDE_OTHER;
    for (size_t i = 0; i < x.count; i++)
        anybody = anybody || str_eq(x.codes[i], "U");
    anybody = anybody || x.count == 0;
    if (y.count == 0 && !anybody)
        return OVERRIDE_LOOSER;
    for (size_t i = 0; i < y.count && !anybody; i++) {
        bool known = false;

        for (size_t k = 0; k < x.count; k++)
            known = known || str_eq(x.codes[k], y.codes[i]);
        if (!known)
            return OVERRIDE_LOOSER;
    }
    if (x.countersign[0] != '\0' && !str_eq(x.countersign, y.countersign))
        return OVERRIDE_LOOSER;
    return OVERRIDE_STRICTER;
}

static int retention_compare(const char *base, const char *over)
{
    char *end_x;
    char *end_y;
    long x, y;

    if (str_eq(base, over))
        return OVER_SAME;
    x = strtol(base, &end_x, 10);
    y = strtol(over, &end_y, 10);
    if (*base == '\0')
        return OVERRIDE_STRICTER;
    if (end_x == base || end_y == over || !str_eq(end_x, "y") || !str_eq(end_y, "y"))
        return OVERRIDE_OTHER;
    return y > x ? OVERRIDE_STRICTER : OVERRIDE_LOOSER;
}

/* Each word of `of` that `in` lacks, the first one in out. */
static bool word_lacking(const char *of, const char *in, char *out, size_t size)
{
    while (*of != '\0') {
        size_t len = strcspn(of, " ,");

        if (len > 0 && len < size) {
            memcpy(out, of, len);
            out[len] = '\0';
            if (!form_is_for(in, out))
                return true;
        }
        of += len;
        of += strspn(of, " ,");
    }
    return false;
}

static void settings_time(struct over *o)
{
    const struct form *x = o->base;
    const struct form *y = o->over;

    setting(o, x->basis, over_interval(x->interval, y->interval), "kiosk::interval", "interval",
            x->interval, y->interval,
            "Write that interval or a shorter one, in the same unit where the two cannot be "
            "compared.");
    setting_same(o, "kiosk::interval_from", "row that holds the interval", x->interval_from,
                 y->interval_from);
    setting_same(o, "kiosk::next_due", "row that holds the next date", x->next_due, y->next_due);
    setting_yes(o, "kiosk::in_session", "counts only while the school is open", x->in_session,
                y->in_session, false);
    setting(o, x->basis, retention_compare(x->retention, y->retention), "kiosk::retention",
            "records are kept for", x->retention, y->retention,
            "Keep them for that long or longer, in the same words.");
    if (x->basis != y->basis)
        setting(o, x->basis,
                override_binds(x->basis) && y->basis != BASIS_LAW ? OVERRIDE_LOOSER
                : override_binds(y->basis)                        ? OVERRIDE_STRICTER
                                                                  : OVERRIDE_OTHER,
                "kiosk::basis", "what it rests on", form_basis_name(x->basis),
                form_basis_name(y->basis), "Keep the basis as it stands.");
}

static void settings_people(struct over *o)
{
    const struct form *x = o->base;
    const struct form *y = o->over;
    int rank = fail_action_rank(y->fail_action) - fail_action_rank(x->fail_action);

    setting(o, x->basis, competence_compare(x->competence, y->competence), "kiosk::competence",
            "who may sign", x->competence, y->competence,
            "Name the same codes or fewer of them, and keep the countersignature behind the +.");
    if (rank != 0)
        setting(o, x->basis, rank > 0 ? OVERRIDE_STRICTER : OVERRIDE_LOOSER, "kiosk::fail_action",
                "what a fail asks for", x->fail_action, y->fail_action,
                "Write that action or a graver one.");
    if (x->quick_pass != y->quick_pass)
        setting(o, override_basis(x), y->quick_pass ? OVERRIDE_LOOSER : OVERRIDE_STRICTER,
                "kiosk::quick_pass", "«All good» may answer every row",
                x->quick_pass ? "yes" : "no", y->quick_pass ? "yes" : "no", "Write no.");
    if (x->tray != y->tray)
        setting(o, override_basis(x), y->tray ? OVERRIDE_LOOSER : OVERRIDE_STRICTER, "kiosk::tray",
                "a tray may be signed as one", x->tray ? "yes" : "no", y->tray ? "yes" : "no",
                "Write no.");
}

static void settings_use(struct over *o)
{
    const struct form *x = o->base;
    const struct form *y = o->over;
    char word[128];

    if (word_lacking(x->applies_to, y->applies_to, word, sizeof word)) {
        const char *lacking = arena_strdup(o->a, word);

        setting(o, override_basis(x), OVERRIDE_LOOSER, "kiosk::applies_to", "kinds that it is for",
                lacking != NULL ? lacking : "", "left out",
                "Name that kind too: it would be left without this check.");
    } else if (word_lacking(y->applies_to, x->applies_to, word, sizeof word)) {
        setting(o, x->basis, OVERRIDE_STRICTER, "kiosk::applies_to", "kinds that it is for",
                x->applies_to, y->applies_to, "");
    }
    setting_same(o, "kiosk::life", "stage of life that it sets", x->life, y->life);
    setting_same(o, "kiosk::custody", "hands the item over", x->custody, y->custody);
    setting_same(o, "kiosk::makes", "kind that it registers", x->makes, y->makes);
    setting_same(o, "kiosk::makes_label", "row with the new label", x->makes_label, y->makes_label);
    setting_same(o, "kiosk::letter", "whom its letter goes to", x->letter, y->letter);
    /* A check of the first day does not come round. */
    if (x->birth != y->birth)
        setting(o, override_basis(x), OVERRIDE_OTHER, "kiosk::birth", "first check of an item",
                x->birth ? "yes" : "no", y->birth ? "yes" : "no", "Keep it as it stands there.");
    setting_same(o, "kiosk::calibration", "keeps an instrument in calibration",
                 x->calibration ? "yes" : "no", y->calibration ? "yes" : "no");
    if (!str_eq(x->title, y->title))
        setting(o, x->basis, OVERRIDE_WORDS, "form_title", "the title", x->title, y->title, "");
}

/* A pass that serves for another check is a loosening of that one, whoever's form gives it. */
static void settings_counts(struct over *o)
{
    const char *base = o->base != NULL ? o->base->counts_as : "";
    const char *at = o->over->counts_as;

    while (*at != '\0') {
        char id[128];
        size_t len = strcspn(at, " ,");

        if (len > 0 && len < sizeof id) {
            enum form_basis basis = BASIS_LAW;

            memcpy(id, at, len);
            id[len] = '\0';
            if (o->ask->basis_of != NULL)
                basis = o->ask->basis_of(o->ask->ctx, id);
            if (!form_has_word(base, id))
                over_tell(
                    o, OVERRIDE_LOOSER,
                    &(struct over_point){
                        .row = o->over->settings_row,
                        .column = "kiosk::counts_as",
                        .what = "checks that a pass serves for",
                        .base = "not this one",
                        .over = arena_strdup(o->a, id),
                        .todo = "Take that form out of the cell: its own check has to be made.",
                        .basis = basis,
                        .bound = override_binds(basis),
                    });
        }
        at += len;
        at += strspn(at, " ,");
    }
}

enum err override_forms(struct arena *a, const struct override_ask *ask,
                        struct override_report *out, struct why *why)
{
    struct over o = { .a = a, .ask = ask, .base = ask->base, .over = ask->over, .out = out };

    if (!report_begin(a, out))
        return why_set(why, ERR_NOMEM, 0, "no memory to compare two forms");
    settings_counts(&o);
    if (o.base != NULL) {
        settings_time(&o);
        settings_people(&o);
        settings_use(&o);
        over_rows(&o);
    }
    return o.out_of_memory ? why_set(why, ERR_NOMEM, 0, "no memory to compare two forms") : ERR_OK;
}

/* ---- words ---- */

const char override_row_words[] = "the row";

static const char *set_by(enum form_basis basis)
{
    return basis == BASIS_LAW      ? "set by law (LAW)"
           : basis == BASIS_SCHEME ? "set by a written scheme (SCHEME)"
                                   : "what the law or a scheme hangs on";
}

static const char *said(const char *text)
{
    return *text != '\0' ? text : "nothing";
}

const char *override_sentence(struct arena *a, const struct override_row *row)
{
    const char *what =
        *row->name != '\0' ? arena_printf(a, "\"%s\", %s", row->name, row->what) : row->what;

    if (what == NULL)
        return NULL;
    if (!row->refused)
        return arena_printf(a, "%s: \"%s\" in place of \"%s\".", what, said(row->over),
                            said(row->base));
    if (str_eq(row->what, override_row_words))
        return arena_printf(a, "The row \"%s\" is left out, but it is %s. %s", row->name,
                            set_by(row->basis), row->todo);
    if (str_eq(row->column, "kiosk::counts_as"))
        return arena_printf(a, "A pass may not serve for \"%s\", which is %s. %s", row->over,
                            set_by(row->basis), row->todo);
    if (row->basis == BASIS_NONE && *row->over == '\0')
        return arena_printf(a, "\"%s\" is left out (%s). %s", row->base, what, row->todo);
    if (row->basis == BASIS_NONE)
        return arena_printf(a, "%s: \"%s\" in place of \"%s\". %s", what, said(row->over),
                            said(row->base), row->todo);
    return arena_printf(a,
                        "%s: \"%s\" in place of \"%s\", which is %s and may be tightened, never "
                        "loosened. %s",
                        what, said(row->over), said(row->base), set_by(row->basis), row->todo);
}

const char *override_words(struct arena *a, const struct override_row *row)
{
    const char *label = *row->label != '\0' ? row->label : "";
    const char *comma = *row->label != '\0' ? ", " : "";
    /* A setting has no label to begin the sentence. */
    char first = (char)(*row->label == '\0' ? toupper((unsigned char)*row->what) : *row->what);

    if (str_eq(row->what, override_row_words))
        return arena_printf(a, "%s: %s", label,
                            str_eq(row->over, "added") ? "asked besides" : "not asked");
    if (str_eq(row->column, "kiosk::interval")) {
        const char *often = interval_text(a, row->over);
        const char *instead = interval_text(a, row->base);

        return often == NULL || instead == NULL
                   ? NULL
                   : arena_printf(a, "It comes round %s in place of %s", often, instead);
    }
    return arena_printf(a, "%s%s%c%s: %s in place of %s", label, comma, first, row->what + 1,
                        said(row->over), said(row->base));
}

const char *override_verdict(const struct override_report *r)
{
    if (r->kinds[OVERRIDE_OTHER] > 0 || r->kinds[OVERRIDE_LOOSER] > 0)
        return "other than";
    if (r->kinds[OVERRIDE_STRICTER] > 0)
        return "stricter than";
    return r->kinds[OVERRIDE_WORDS] > 0 ? "worded otherwise than" : "the same as";
}
