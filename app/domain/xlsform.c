#include "app/domain/xlsform.h"

#include <string.h>

/* A vague XPath fault gets the cell's own place; the sentence comes from expr_lex.c or
   expr_check.c. */
static struct form_expr *compile_cell(struct xls *x, struct expr_env *env, size_t field,
                                      enum expr_place place, const char *heading, const char *text)
{
    struct form_expr *out = NULL;
    struct why why = { 0 };
    enum err rc;

    /* A cell that was refused as it stands would be refused again for the same sign. */
    if (text == NULL || *text == '\0' || xls_told(x, x->f->fields[field].row, heading))
        return NULL;
    rc = expr_compile(env, x->a, field, place, text, &out, &why);
    if (rc == ERR_OK)
        return out;
    if (rc == ERR_NOMEM)
        x->out_of_memory = true;
    else
        xls_fault(x, x->f->fields[field].row, heading, "In this expression: %s%s", why.text,
                  str_ends(why.text, "?") ? "" : ".");
    return NULL;
}

static void compile_all(struct xls *x, struct expr_env *env)
{
    for (size_t i = 0; i < x->f->field_count && !x->out_of_memory; i++) {
        struct form_field *field = &x->f->fields[i];
        const struct xls_exprs *text = &x->exprs[i];

        field->relevant = compile_cell(x, env, i, EXPR_TEST, "relevant", text->relevant);
        field->constraint =
            compile_cell(x, env, i, EXPR_CONSTRAINT, "constraint", text->constraint);
        field->calculation = compile_cell(x, env, i, EXPR_VALUE, "calculation", text->calculation);
        field->result = compile_cell(x, env, i, EXPR_VALUE, "kiosk::result", text->result);
        field->choice_filter =
            compile_cell(x, env, i, EXPR_CHOICE, "choice_filter", text->choice_filter);
        field->required_if = compile_cell(x, env, i, EXPR_TEST, "required", text->required_if);
        field->low_from = compile_cell(x, env, i, EXPR_VALUE, "kiosk::limit_low", text->low_from);
        field->high_from =
            compile_cell(x, env, i, EXPR_VALUE, "kiosk::limit_high", text->high_from);
        field->repeat_count =
            compile_cell(x, env, i, EXPR_COUNT, "repeat_count", text->repeat_count);
    }
}

/* Depth-first order of what a field waits for: its group, the answers its relevance names, and
   those its calculation names. Each field is entered once, with an explicit stack, so depth costs
   no C stack. */
struct order {
    struct xls *x;
    unsigned char *seen; /* 0 not yet, 1 on the way, 2 placed */
    size_t *stack, *next;
    size_t depth, placed;
};

enum { SEEN_NOT, SEEN_ON_THE_WAY, SEEN_PLACED };

/* The nth thing a field waits for; false when there are no more. */
static bool waits_for(const struct form_field *field, size_t n, size_t *out)
{
    const struct form_expr *const rules[] = { field->relevant, field->calculation,
                                              field->repeat_count };

    if (field->group >= 0) {
        if (n == 0) {
            *out = (size_t)field->group;
            return true;
        }
        n--;
    }
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        if (rules[i] == NULL)
            continue;
        if (n < rules[i]->ref_count) {
            *out = rules[i]->refs[n];
            return true;
        }
        n -= rules[i]->ref_count;
    }
    return false;
}

static void order_enter(struct order *o, size_t field)
{
    o->seen[field] = SEEN_ON_THE_WAY;
    o->stack[o->depth] = field;
    o->next[o->depth] = 0;
    o->depth++;
}

static const char *circle_column(const struct form_field *field)
{
    if (field->repeat_count != NULL)
        return "repeat_count";
    return field->calculation != NULL ? "calculation" : "relevant";
}

static void refuse_circle(struct order *o, size_t field, size_t back)
{
    const struct form_field *fields = o->x->f->fields;

    if (field == back)
        xls_fault(o->x, fields[field].row, circle_column(&fields[field]),
                  "\"%s\" depends on itself. Take its own name out of the expression.",
                  fields[field].name);
    else
        xls_fault(o->x, fields[field].row, circle_column(&fields[field]),
                  "\"%s\" and \"%s\" (row %u) depend on each other in a circle. Let one of them do "
                  "without "
                  "the other.",
                  fields[field].name, fields[back].name, fields[back].row);
}

static void order_from(struct order *o, size_t start)
{
    struct form *f = o->x->f;

    order_enter(o, start);
    while (o->depth > 0) {
        size_t field = o->stack[o->depth - 1];
        size_t other;

        if (!waits_for(&f->fields[field], o->next[o->depth - 1]++, &other)) {
            o->seen[field] = SEEN_PLACED;
            f->order[o->placed++] = field;
            o->depth--;
        } else if (o->seen[other] == SEEN_NOT) {
            order_enter(o, other);
        } else if (o->seen[other] == SEEN_ON_THE_WAY) {
            refuse_circle(o, field, other);
        }
    }
}

static void order_fields(struct xls *x)
{
    size_t count = x->f->field_count;
    struct order o = { .x = x };

    o.seen = arena_array(x->a, count, sizeof(*o.seen));
    o.stack = arena_array(x->a, count, sizeof(*o.stack));
    o.next = arena_array(x->a, count, sizeof(*o.next));
    x->f->order = arena_array(x->a, count, sizeof(*x->f->order));
    if (o.seen == NULL || o.stack == NULL || o.next == NULL || x->f->order == NULL) {
        x->out_of_memory = true;
        return;
    }
    for (size_t i = 0; i < count; i++)
        if (o.seen[i] == SEEN_NOT)
            order_from(&o, i);
}

/* «All good» answers every pass or fail row with pass; a form that allows it must have such
   rows. */
static void check_quick_pass(struct xls *x)
{
    if (!x->f->quick_pass)
        return;
    for (size_t i = 0; i < x->f->field_count; i++)
        for (size_t j = 0; x->f->fields[i].choices != NULL && j < x->f->fields[i].choices->count;
             j++)
            if (str_eq(x->f->fields[i].choices->rows[j].name, "pass"))
                return;
    xls_fault(x, x->settings.header + 1, "kiosk::quick_pass",
              "No question of the form has a choice named pass. Write no.");
}

/* Whether some row begins with the character: a form's rows begin with an empty cell. */
static bool row_begins(const char *csv, size_t len, char with)
{
    for (size_t i = 1; i < len; i++)
        if (csv[i] == with && (csv[i - 1] == '\n' || csv[i - 1] == '\r'))
            return true;
    return false;
}

static enum err read_csv(struct xls *x, const char *csv, size_t len, struct why *why)
{
    static const struct csv_limits limits = { FORM_ROWS_MAX, FORM_CELL_MAX };
    unsigned row = 0;
    enum err rc;

    if (len > FORM_BYTES_MAX) {
        xls_fault(x, 0, "", "The file is larger than %d KiB.", FORM_BYTES_MAX / 1024);
        return why_set(why, ERR_INPUT, 0, "larger than %d KiB", FORM_BYTES_MAX / 1024);
    }
    rc = csv_parse(x->a, csv, len, limits, &x->csv, &row, why);
    if (rc == ERR_OK && len >= 3 && memcmp(csv, "\xef\xbb\xbf", 3) == 0)
        xls_note(x, 1, "",
                 "The file begins with a byte order mark, as some spreadsheets save it. It "
                 "does no harm.");
    if (rc == ERR_NOMEM || rc == ERR_OK)
        return rc;
    if (row_begins(csv, len, ';')) {
        xls_fault(x, 1, "", XLS_SEMICOLONS);
        return ERR_INPUT;
    }
    xls_fault(x, row, "", "%s.",
              why->text + strcspn(why->text, ":") +
                  strspn(why->text + strcspn(why->text, ":"), ": "));
    return ERR_INPUT;
}

static enum err build(struct xls *x, struct why *why)
{
    struct expr_env *env = NULL;
    enum err rc;

    xls_sheets(x);
    xls_languages(x);
    if (x->survey.header == 0 && x->faults->count > 0)
        return ERR_OK; /* not a form at all: the first fault says why, more would hide it */
    xls_choices(x);
    xls_settings(x);
    xls_fields(x);
    if (x->out_of_memory || x->f->field_count == 0)
        return ERR_OK;
    xls_links(x);
    rc = expr_env_new(x->f, &env, why);
    if (rc != ERR_OK)
        return rc;
    compile_all(x, env);
    expr_env_free(env);
    if (!x->out_of_memory && x->faults->count == 0)
        order_fields(x);
    check_quick_pass(x);
    return ERR_OK;
}

static void form_begin(struct form *f)
{
    *f = (struct form){ .id = "",
                        .title = "",
                        .version = "",
                        .applies_to = "",
                        .interval = "",
                        .basis_text = "",
                        .competence = "",
                        .fail_action = "",
                        .retention = "",
                        .source = "",
                        .edition = "",
                        .confidence = "",
                        .guidance = "",
                        .next_due = "",
                        .interval_from = "",
                        .life = "",
                        .custody = "",
                        .makes = "",
                        .makes_label = "",
                        .differs = "",
                        .issuer = "",
                        .letter = "",
                        .default_language = "" };
}

static enum err first_fault(const struct form_faults *faults, struct why *why)
{
    const struct form_fault *fault = &faults->rows[0];

    if (fault->row == 0)
        return why_set(why, ERR_INPUT, 0, "%s", fault->text);
    if (*fault->column == '\0')
        return why_set(why, ERR_INPUT, 0, "row %u: %s", fault->row, fault->text);
    return why_set(why, ERR_INPUT, 0, "row %u, column %s: %s", fault->row, fault->column,
                   fault->text);
}

enum err form_parse(struct arena *a, const char *csv, size_t len, struct form *out,
                    struct form_faults *out_faults, struct why *why)
{
    struct form f;
    struct xls x = { .a = a, .f = &f, .faults = out_faults };
    struct why local = { 0 };
    enum err rc;

    form_begin(&f);
    f.languages = arena_array(a, FORM_LANGUAGES_MAX, sizeof(*f.languages));
    x.choice_columns = arena_array(a, CSV_CELLS_MAX, sizeof(*x.choice_columns));
    f.choice_columns = x.choice_columns;
    if (f.languages == NULL || x.choice_columns == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for the form");
    out_faults->count = 0;
    out_faults->note_count = 0;
    rc = read_csv(&x, csv, len, &local);
    if (rc == ERR_OK)
        rc = build(&x, &local);
    if (rc == ERR_OK && (x.out_of_memory || a->failed))
        rc = why_set(&local, ERR_NOMEM, 0, "no memory for the form");
    if (rc == ERR_OK && out_faults->count > 0)
        rc = ERR_INPUT;
    if (rc == ERR_OK) {
        *out = f;
        return ERR_OK;
    }

    form_done(&f);
    if (rc == ERR_INPUT)
        return first_fault(out_faults, why);
    return why_set(why, rc, 0, "%s", local.text);
}

void form_done(struct form *f)
{
    for (size_t i = 0; i < f->field_count; i++) {
        expr_free(f->fields[i].relevant);
        expr_free(f->fields[i].constraint);
        expr_free(f->fields[i].calculation);
        expr_free(f->fields[i].result);
        expr_free(f->fields[i].choice_filter);
        expr_free(f->fields[i].repeat_count);
        expr_free(f->fields[i].required_if);
        expr_free(f->fields[i].low_from);
        expr_free(f->fields[i].high_from);
    }
    *f = (struct form){ 0 };
}

const char *form_basis_name(enum form_basis basis)
{
    switch (basis) {
    case BASIS_LAW:
        return "LAW";
    case BASIS_SCHEME:
        return "SCHEME";
    case BASIS_ACOP:
        return "ACOP";
    case BASIS_GUIDE:
        return "GUIDE";
    case BASIS_PRACTICE:
        return "PRACTICE";
    case BASIS_NONE:
        break;
    }
    return "";
}
