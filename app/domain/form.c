#include "app/domain/form.h"

#include <string.h>

#include "app/domain/form_judge.h"

/* A rule that cannot be worked out is a fault of its row: the form stays open rather than pass
   without it. */
static enum err judge_expr_fault(struct judge *j, size_t i, enum err rc, const struct why *local)
{
    if (rc == ERR_NOMEM)
        return why_set(j->why, rc, 0, "row %u: %s", j->f->fields[i].row, local->text);
    /* A formula of the trade that would not answer says why in words of its own. */
    if (rc == ERR_DENIED)
        j->s->fields[i].fault = arena_strdup(j->a, local->text);
    else
        j->s->fields[i].fault = arena_printf(
            j->a, "Row %u of the form cannot be judged: %s. Tell whoever keeps the form.",
            j->f->fields[i].row, local->text);
    return ERR_OK;
}

static enum err judge_relevance(struct judge *j, size_t i)
{
    const struct form_field *field = &j->f->fields[i];
    bool relevant = field->group < 0 || j->s->fields[field->group].relevant;
    struct why local = { 0 };
    enum err rc = ERR_OK;

    if (relevant && field->relevant != NULL)
        rc = expr_test(j->env, field->relevant, i, &relevant, &local);
    j->s->fields[i].relevant = relevant;
    return rc == ERR_OK ? ERR_OK : judge_expr_fault(j, i, rc, &local);
}

/* today() and now() are read when the form is judged; any other default is the answer itself. */
static const char *default_of(struct judge *j, const struct form_field *field)
{
    const char *now = j->facts != NULL ? j->facts->now : NULL;
    const char *today = j->facts != NULL ? j->facts->today : NULL;

    if (!str_eq(field->default_value, "today()") && !str_eq(field->default_value, "now()"))
        return field->default_value;
    if (field->type == FIELD_TIME)
        return now != NULL && strlen(now) >= 16 ? arena_strndup(j->a, now + 11, 5) : NULL;
    if (field->type != FIELD_DATETIME)
        return today;
    if (now != NULL)
        return now;
    return today != NULL ? arena_printf(j->a, "%sT00:00", today) : NULL;
}

static const char *answer_of(struct judge *j, size_t i)
{
    const struct form_field *field = &j->f->fields[i];
    const char *answer = j->answers->values[i];

    if (answer == NULL || (field->type == FIELD_HIDDEN && form_blank(answer)))
        answer = default_of(j, field);
    if (form_blank(answer))
        return NULL;
    if (strnlen(answer, FORM_ANSWER_MAX + 1) > FORM_ANSWER_MAX) {
        j->s->fields[i].fault = "This answer is too long. Shorten it.";
        return NULL;
    }
    if (!utf8_valid(answer, strlen(answer))) {
        j->s->fields[i].fault = "This answer holds something that is not text. Type it again.";
        return NULL;
    }
    return answer;
}

/* What is worked out: always for a calculate or a read-only row, else until somebody types. */
static enum err calculated_value(struct judge *j, size_t i, const char **out)
{
    const struct form_field *field = &j->f->fields[i];
    struct why local = { 0 };
    enum err rc;

    if (field->type != FIELD_CALCULATE && !field->read_only && j->answers->values[i] != NULL) {
        *out = answer_of(j, i);
        return ERR_OK;
    }
    rc = expr_text(j->env, field->calculation, i, j->a, out, &local);
    if (rc == ERR_OK && *out == NULL && expr_no_number(j->env))
        j->s->fields[i].fault = form_no_figure_fault(j, i);
    return rc == ERR_OK ? ERR_OK : judge_expr_fault(j, i, rc, &local);
}

static enum err judge_value(struct judge *j, size_t i)
{
    const struct form_field *field = &j->f->fields[i];
    const char *value = NULL;
    enum err rc = ERR_OK;

    j->values[i] = NULL;
    if (!j->s->fields[i].relevant)
        return ERR_OK;
    j->values[i] = "";
    if (field->type == FIELD_BEGIN_REPEAT && j->f->base != NULL)
        value = arena_printf(j->a, "%d", field->copies);
    else if (!form_takes_answer(field->type))
        return ERR_OK;
    else if (field->calculation != NULL)
        rc = calculated_value(j, i, &value);
    else
        value = answer_of(j, i);
    if (rc != ERR_OK || value == NULL)
        return rc;

    value = arena_strdup(j->a, value);
    if (value == NULL)
        return why_set(j->why, ERR_NOMEM, 0, "no memory for an answer");
    j->s->fields[i].value = value;
    j->values[i] = form_over_number(j, field, value);
    return j->values[i] != NULL ? ERR_OK : why_set(j->why, ERR_NOMEM, 0, "no memory for an answer");
}

static enum err judge_constraint(struct judge *j, size_t i)
{
    const struct form_field *field = &j->f->fields[i];
    struct why local = { 0 };
    bool holds = false;
    enum err rc = expr_test(j->env, field->constraint, i, &holds, &local);

    if (rc != ERR_OK)
        return judge_expr_fault(j, i, rc, &local);
    if (!holds)
        j->s->fields[i].fault = *form_constraint_message(j, i) != '\0'
                                    ? form_constraint_message(j, i)
                                    : "This answer is outside what the form allows.";
    return ERR_OK;
}

static enum field_verdict verdict_named(const char *word)
{
    if (str_eq(word, "pass"))
        return VERDICT_PASS;
    if (str_eq(word, "fail"))
        return VERDICT_FAIL;
    return str_eq(word, "advise") ? VERDICT_ADVISE : VERDICT_NONE;
}

static enum err judge_result(struct judge *j, size_t i)
{
    const char *word = NULL;
    struct why local = { 0 };
    enum err rc = expr_text(j->env, j->f->fields[i].result, i, j->a, &word, &local);

    if (rc != ERR_OK)
        return judge_expr_fault(j, i, rc, &local);
    j->s->fields[i].verdict = verdict_named(word);
    if (word != NULL && j->s->fields[i].verdict == VERDICT_NONE) {
        (void)why_set(&local, ERR_INPUT, 0, "its result is \"%.40s\", not pass, fail or advise",
                      word);
        return judge_expr_fault(j, i, ERR_INPUT, &local);
    }
    return ERR_OK;
}

/* A fault put right on the spot passes with its note. */
static bool is_put_right(const struct judge *j, size_t i)
{
    int fix = j->f->fields[i].put_right;

    if (fix >= 0)
        fix = form_place(j->f, i, (size_t)fix);
    return fix >= 0 && j->s->fields[fix].relevant && str_eq(j->s->fields[fix].value, "yes");
}

static enum err judge_verdict(struct judge *j, size_t i)
{
    const struct form_field *field = &j->f->fields[i];
    struct field_state *state = &j->s->fields[i];

    if (field->result != NULL)
        return judge_result(j, i);
    if (form_limited(field)) {
        form_limits_verdict(j, i);
        return ERR_OK;
    }
    if (field->type == FIELD_SELECT_ONE)
        state->verdict = verdict_named(state->value);
    if (state->verdict == VERDICT_FAIL && is_put_right(j, i))
        state->verdict = VERDICT_ADVISE;
    return ERR_OK;
}

static bool can_be_chosen(const struct field_state *state, const char *word, size_t len)
{
    for (size_t i = 0; i < state->choice_count; i++)
        if (strlen(state->choices[i].name) == len && memcmp(state->choices[i].name, word, len) == 0)
            return true;
    return false;
}

/* An answer that the filter no longer lets through, since another answer changed. */
static const char *filter_fault(const struct field_state *state)
{
    for (const char *at = state->value; *at != '\0';) {
        size_t len = strcspn(at, " ");

        if (!can_be_chosen(state, at, len))
            return "This answer is not among the choices any more. Choose again.";
        at += len;
        at += strspn(at, " ");
    }
    return NULL;
}

static const char *answer_fault(const struct judge *j, const struct form_field *field,
                                const struct field_state *state)
{
    const char *fault = form_type_fault(field, state->value);

    if (fault == NULL && field->choice_filter != NULL)
        fault = filter_fault(state);
    if (fault == NULL && field->type == FIELD_BARCODE && j->facts != NULL)
        fault = form_scan_fault(j, field, state->value);
    return fault;
}

static enum err judge_field(struct judge *j, size_t i)
{
    const struct form_field *field = &j->f->fields[i];
    struct field_state *state = &j->s->fields[i];
    struct why local = { 0 };
    enum err rc = form_words(j, i, &local);

    if (rc == ERR_OK)
        rc = form_limits(j, i, &local);
    if (rc != ERR_OK)
        rc = judge_expr_fault(j, i, rc, &local);
    if (rc != ERR_OK || !state->relevant || !form_takes_answer(field->type))
        return rc;
    if (state->value == NULL) {
        /* A critical calculation without a value has judged nothing: that is not a pass. */
        bool wanted = field->required || field->critical;

        if (!wanted && field->required_if != NULL)
            rc = expr_test(j->env, field->required_if, i, &wanted, &local);
        if (rc != ERR_OK)
            return judge_expr_fault(j, i, rc, &local);
        state->missing = state->fault == NULL && wanted;
        return ERR_OK;
    }
    if (!j->beyond && state->fault == NULL)
        state->fault = answer_fault(j, field, state);
    if (!j->beyond && state->fault == NULL && field->constraint != NULL)
        rc = judge_constraint(j, i);
    if (rc == ERR_OK && state->fault == NULL)
        state->fault = form_next_due_fault(j, i);
    if (rc == ERR_OK && state->fault == NULL)
        rc = judge_verdict(j, i);
    return rc;
}

static bool is_pass_fail(const struct form_field *field)
{
    return field->type == FIELD_SELECT_ONE && field->choices != NULL &&
           form_type_fault(field, "fail") == NULL;
}

/* A form on which every pass or fail row was answered «not applicable» has checked nothing, and
   must not be recorded as a pass. */
static void judge_emptiness(struct judge *j)
{
    size_t first = SIZE_MAX;

    for (size_t i = 0; i < j->f->field_count; i++) {
        const struct field_state *state = &j->s->fields[i];

        if (state->relevant && state->verdict != VERDICT_NONE)
            return;
        if (first == SIZE_MAX && state->relevant && state->value != NULL && state->fault == NULL &&
            is_pass_fail(&j->f->fields[i]))
            first = i;
    }
    if (first != SIZE_MAX)
        j->s->fields[first].fault = "Nothing was checked: every row is answered as not applicable.";
}

/* F2 to F5 take the item out of use, as a critical row does. */
static bool quarantines(const struct form_field *field)
{
    return field->critical || (field->fail_action[0] == 'F' && field->fail_action[1] > '1');
}

/* Codes are F1 to F5, so their order is that of their letters. */
static void judge_action(struct judge *j, size_t i)
{
    const struct form_field *field = &j->f->fields[i];
    const struct field_state *state = &j->s->fields[i];
    bool failed = state->verdict == VERDICT_FAIL ||
                  (state->verdict == VERDICT_ADVISE && field->put_right >= 0);

    if (failed && strcmp(field->fail_action, j->s->fail_action) > 0)
        j->s->fail_action = field->fail_action;
}

static enum err judge_sum(struct judge *j)
{
    struct form_state *s = j->s;
    size_t failing = SIZE_MAX;
    bool quarantine = false;
    bool advise = false;

    for (size_t i = 0; i < j->f->field_count; i++) {
        const struct field_state *state = &s->fields[i];

        s->left += state->missing ? 1 : 0;
        s->faults += state->fault != NULL ? 1 : 0;
        advise = advise || state->verdict == VERDICT_ADVISE ||
                 (state->relevant && j->f->fields[i].type == FIELD_IMAGE &&
                  form_no_picture(state->value));
        judge_action(j, i);
        if (state->verdict != VERDICT_FAIL)
            continue;
        s->fails++;
        if (failing == SIZE_MAX || (quarantines(&j->f->fields[i]) && !quarantine))
            failing = i;
        quarantine = quarantine || quarantines(&j->f->fields[i]);
    }
    s->reason = failing == SIZE_MAX ? "" : form_reason(j->f, s, failing, j->a);
    if (s->left > 0 || s->faults > 0)
        s->outcome = OUTCOME_OPEN;
    else if (s->fails > 0)
        s->outcome = quarantine ? OUTCOME_QUARANTINE : OUTCOME_FAIL;
    else
        s->outcome = advise ? OUTCOME_ADVISE : OUTCOME_PASS;
    return s->reason != NULL ? ERR_OK : why_set(j->why, ERR_NOMEM, 0, "no memory for the reason");
}

/* Values, each behind all that it depends on, so that one pass settles them. */
static enum err judge_values(struct judge *j)
{
    enum err rc = ERR_OK;

    expr_bind(j->env, j->values, j->answers->values, j->facts);
    for (size_t k = 0; k < j->f->field_count && rc == ERR_OK; k++) {
        rc = judge_relevance(j, j->f->order[k]);
        if (rc == ERR_OK)
            rc = judge_value(j, j->f->order[k]);
    }
    return rc;
}

/* The answers that ask for more copies than may be, or their repeat where none of them is asked. */
static void judge_crowded(struct judge *j, size_t i)
{
    const struct form_expr *count = j->f->fields[i].repeat_count;
    const char *fault =
        arena_printf(j->a, "More «%.60s» than this form holds. Enter fewer, %d at the most.",
                     j->f->fields[i].label, FORM_REPEAT_MAX);
    bool told = false;

    for (size_t k = 0; k < count->ref_count; k++) {
        int place = form_place(j->f, i, count->refs[k]);

        if (place < 0 || !j->s->fields[place].relevant)
            continue;
        if (j->s->fields[place].fault == NULL)
            j->s->fields[place].fault = fault;
        told = true;
    }
    if (!told)
        j->s->fields[i].fault = fault;
}

static enum err judge_rows(struct judge *j)
{
    enum err rc = judge_values(j);

    for (size_t i = 0; i < j->f->field_count && rc == ERR_OK; i++)
        if (j->f->fields[i].crowded && j->s->fields[i].relevant)
            judge_crowded(j, i);

    for (size_t i = 0; i < j->f->field_count && rc == ERR_OK; i++)
        rc = judge_field(j, i);
    return rc;
}

static enum err judge_begin(struct judge *j)
{
    j->language = form_language_of(j->f, j->facts != NULL ? j->facts->language : NULL);
    j->s->fields = arena_array(j->a, j->f->field_count + 1, sizeof(*j->s->fields));
    j->values = arena_array(j->a, j->f->field_count + 1, sizeof(*j->values));
    if (j->s->fields == NULL || j->values == NULL)
        return why_set(j->why, ERR_NOMEM, 0, "no memory to judge the form");
    return expr_env_new(j->f, &j->env, j->why);
}

/* Once more, with the readings that ran off their scale far beyond it: where that turns a verdict,
   nobody knows it. */
static enum err judge_beyond(const struct judge *first)
{
    struct form_state s = { .fail_action = "", .reason = "" };
    struct judge j = *first;
    enum err rc;

    j.s = &s;
    j.beyond = true;
    j.env = NULL;
    rc = judge_begin(&j);
    if (rc == ERR_OK)
        rc = judge_rows(&j);
    expr_env_free(j.env);
    if (rc == ERR_OK)
        form_over_compare(j.f, first->s, &s);
    return rc;
}

static enum err judge_all(struct judge *j)
{
    enum err rc = judge_rows(j);

    if (rc == ERR_OK && form_over_any(j->f, j->s))
        rc = judge_beyond(j);
    if (rc != ERR_OK)
        return rc;
    judge_emptiness(j);
    rc = judge_sum(j);
    if (rc == ERR_OK && j->a->failed)
        rc = why_set(j->why, ERR_NOMEM, 0, "no memory to judge the form");
    return rc;
}

enum err form_judge(const struct form *f, const struct answers *answers,
                    const struct form_facts *facts, struct arena *a, struct form_state *out,
                    struct why *why)
{
    struct form_state s = { .fail_action = "" };
    struct judge j = { .f = f, .answers = answers, .facts = facts, .a = a, .s = &s, .why = why };
    enum err rc = judge_begin(&j);

    if (rc == ERR_OK)
        rc = judge_all(&j);
    expr_env_free(j.env);
    if (rc == ERR_OK)
        *out = s;
    return rc;
}

static enum err count_copies(struct judge *j, size_t i, int *out)
{
    const struct form_field *field = &j->f->fields[i];
    const char *text = NULL;
    double number;
    struct why local = { 0 };
    enum err rc;

    *out = -1;
    if (field->type != FIELD_BEGIN_REPEAT || field->repeat_count == NULL)
        return ERR_OK;
    *out = 0;
    if (!j->s->fields[i].relevant)
        return ERR_OK;
    rc = expr_text(j->env, field->repeat_count, i, j->a, &text, &local);
    if (rc != ERR_OK)
        return why_set(j->why, rc, 0, "row %u: repeat_count: %s", field->row, local.text);
    if (text != NULL && str_to_f64(text, &number) && number >= 1)
        *out = number > FORM_REPEAT_MAX ? FORM_REPEAT_MAX + 1 : (int)number;
    return ERR_OK;
}

enum err form_count(const struct form *f, const struct answers *answers,
                    const struct form_facts *facts, struct arena *a, int *out_counts,
                    struct why *why)
{
    struct form_state s = { .fail_action = "" };
    struct judge j = { .f = f, .answers = answers, .facts = facts, .a = a, .s = &s, .why = why };
    enum err rc = judge_begin(&j);

    if (rc == ERR_OK)
        rc = judge_values(&j);
    for (size_t i = 0; i < f->field_count && rc == ERR_OK; i++)
        rc = count_copies(&j, i, &out_counts[i]);
    expr_env_free(j.env);
    return rc;
}

const char *form_outcome_name(enum form_outcome outcome)
{
    switch (outcome) {
    case OUTCOME_OPEN:
        return "open";
    case OUTCOME_PASS:
        return "pass";
    case OUTCOME_ADVISE:
        return "advise";
    case OUTCOME_FAIL:
        return "fail";
    case OUTCOME_QUARANTINE:
        return "quarantine";
    }
    return "";
}
