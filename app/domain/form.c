#include "app/domain/form.h"

#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/form_judge.h"

struct judge {
    const struct form *f;
    const struct answers *answers;
    struct arena *a;
    struct form_state *s;
    struct expr_env *env;
    const char **values; /* what expressions see */
    struct why *why;
};

static bool blank_text(const char *s)
{
    return s == NULL || s[strspn(s, " \t\r\n")] == '\0';
}

static bool takes_answer(enum field_type type)
{
    return type != FIELD_NOTE && type != FIELD_BEGIN_GROUP && type != FIELD_END_GROUP;
}

/* A rule that cannot be worked out is a fault of its row: the form stays open rather than pass
   without it. */
static enum err judge_expr_fault(struct judge *j, size_t i, enum err rc, const struct why *local)
{
    if (rc == ERR_NOMEM)
        return why_set(j->why, rc, 0, "row %u: %s", j->f->fields[i].row, local->text);
    j->s->fields[i].fault =
        arena_printf(j->a, "Row %u of the form cannot be judged: %s. Tell whoever keeps the form.",
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

static const char *answer_of(struct judge *j, size_t i)
{
    const char *answer = j->answers->values[i];

    if (blank_text(answer) && j->f->fields[i].type == FIELD_HIDDEN)
        answer = j->f->fields[i].default_value;
    if (blank_text(answer))
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

static enum err judge_value(struct judge *j, size_t i)
{
    const struct form_field *field = &j->f->fields[i];
    const char *value = NULL;
    struct why local = { 0 };
    enum err rc = ERR_OK;

    if (!j->s->fields[i].relevant || !takes_answer(field->type))
        return ERR_OK;
    if (field->type == FIELD_CALCULATE) {
        rc = expr_text(j->env, field->calculation, i, j->a, &value, &local);
        if (rc != ERR_OK)
            return judge_expr_fault(j, i, rc, &local);
    } else {
        const char *answer = answer_of(j, i);

        if (answer == NULL)
            return ERR_OK;
        value = arena_strdup(j->a, answer);
        if (value == NULL)
            return why_set(j->why, ERR_NOMEM, 0, "no memory for an answer");
    }
    j->s->fields[i].value = value;
    j->values[i] = value;
    return ERR_OK;
}

static bool is_number(const char *s, bool whole)
{
    size_t digits;
    size_t more = 0;

    if (*s == '-')
        s++;
    digits = strspn(s, "0123456789");
    s += digits;
    if (*s == '.' && !whole) {
        more = strspn(s + 1, "0123456789");
        s += 1 + more;
    }
    return *s == '\0' && digits + more > 0 && digits + more <= 15;
}

static const char *number_fault(const char *value, bool whole)
{
    if (is_number(value, whole))
        return NULL;
    if (strchr(value, ',') != NULL)
        return "Write decimals with a full stop, as in 0.5.";
    return whole ? "This must be a whole number." : "This must be a number, as in 0.5.";
}

static bool has_choice(const struct form_choices *choices, const char *name, size_t len)
{
    for (size_t i = 0; i < choices->count; i++)
        if (strlen(choices->rows[i].name) == len && memcmp(choices->rows[i].name, name, len) == 0)
            return true;
    return false;
}

static const char *choices_fault(const struct form_choices *choices, const char *value)
{
    for (const char *at = value; *at != '\0';) {
        size_t len = strcspn(at, " ");

        if (!has_choice(choices, at, len))
            return "This answer is not one of the choices.";
        at += len;
        if (*at == ' ')
            at++;
    }
    return NULL;
}

static bool is_time(const char *s)
{
    if (strlen(s) != 5 || s[2] != ':' || strspn(s, "0123456789:") != 5)
        return false;
    return (s[0] - '0') * 10 + (s[1] - '0') < 24 && s[3] < '6';
}

/* What is wrong with an answer by its type; NULL when nothing. */
static const char *type_fault(const struct form_field *field, const char *value)
{
    int32_t day;

    switch (field->type) {
    case FIELD_INTEGER:
        return number_fault(value, true);
    case FIELD_DECIMAL:
        return number_fault(value, false);
    case FIELD_DATE:
        return caldate_parse(value, &day) ? NULL : "This must be a date, as in 2026-11-22.";
    case FIELD_TIME:
        return is_time(value) ? NULL : "This must be a time, as in 09:30.";
    case FIELD_SELECT_ONE:
        return has_choice(field->choices, value, strlen(value))
                   ? NULL
                   : "This answer is not one of the choices.";
    case FIELD_SELECT_MULTIPLE:
        return choices_fault(field->choices, value);
    case FIELD_ACKNOWLEDGE:
        return str_eq(value, "OK") ? NULL : "This must be confirmed.";
    case FIELD_TEXT:
    case FIELD_NOTE:
    case FIELD_CALCULATE:
    case FIELD_BARCODE:
    case FIELD_HIDDEN:
    case FIELD_BEGIN_GROUP:
    case FIELD_END_GROUP:
    case FIELD_RANGE:
    case FIELD_DATETIME:
    case FIELD_IMAGE:
    case FIELD_BEGIN_REPEAT:
    case FIELD_END_REPEAT:
        break;
    }
    return NULL;
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
        j->s->fields[i].fault = *field->constraint_message != '\0'
                                    ? field->constraint_message
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

static enum err judge_verdict(struct judge *j, size_t i)
{
    const struct form_field *field = &j->f->fields[i];
    struct field_state *state = &j->s->fields[i];
    double number;

    if (field->result != NULL)
        return judge_result(j, i);
    if (field->has_low || field->has_high) {
        if (!str_to_f64(state->value, &number)) {
            state->fault = "This is not a number, so it cannot be held against its limit.";
            return ERR_OK;
        }
        state->verdict =
            (field->has_low && number < field->low) || (field->has_high && number > field->high)
                ? VERDICT_FAIL
                : VERDICT_PASS;
        return ERR_OK;
    }
    if (field->type == FIELD_SELECT_ONE)
        state->verdict = verdict_named(state->value);
    return ERR_OK;
}

static enum err judge_field(struct judge *j, size_t i)
{
    const struct form_field *field = &j->f->fields[i];
    struct field_state *state = &j->s->fields[i];
    enum err rc = ERR_OK;

    if (!state->relevant || !takes_answer(field->type))
        return ERR_OK;
    if (state->value == NULL) {
        /* A critical calculation without a value has judged nothing: that is not a pass. */
        state->missing = state->fault == NULL && (field->required || field->critical);
        return ERR_OK;
    }
    if (state->fault == NULL)
        state->fault = type_fault(field, state->value);
    if (state->fault == NULL && field->constraint != NULL)
        rc = judge_constraint(j, i);
    if (rc == ERR_OK && state->fault == NULL)
        rc = judge_verdict(j, i);
    return rc;
}

static bool is_pass_fail(const struct form_field *field)
{
    return field->type == FIELD_SELECT_ONE && has_choice(field->choices, "fail", 4);
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
        if (first == SIZE_MAX && state->relevant && is_pass_fail(&j->f->fields[i]) &&
            state->value != NULL && state->fault == NULL)
            first = i;
    }
    if (first != SIZE_MAX)
        j->s->fields[first].fault = "Nothing was checked: every row is answered as not applicable.";
}

static enum err judge_sum(struct judge *j)
{
    struct form_state *s = j->s;
    size_t failing = SIZE_MAX;
    bool critical = false;
    bool advise = false;

    for (size_t i = 0; i < j->f->field_count; i++) {
        const struct field_state *state = &s->fields[i];

        s->left += state->missing ? 1 : 0;
        s->faults += state->fault != NULL ? 1 : 0;
        advise = advise || state->verdict == VERDICT_ADVISE;
        if (state->verdict != VERDICT_FAIL)
            continue;
        s->fails++;
        if (failing == SIZE_MAX || (j->f->fields[i].critical && !critical))
            failing = i;
        critical = critical || j->f->fields[i].critical;
    }
    s->reason = failing == SIZE_MAX ? "" : form_reason(j->f, s, failing, j->a);
    if (s->left > 0 || s->faults > 0)
        s->outcome = OUTCOME_OPEN;
    else if (s->fails > 0)
        s->outcome = critical ? OUTCOME_QUARANTINE : OUTCOME_FAIL;
    else
        s->outcome = advise ? OUTCOME_ADVISE : OUTCOME_PASS;
    return s->reason != NULL ? ERR_OK : why_set(j->why, ERR_NOMEM, 0, "no memory for the reason");
}

/* Values first, each behind all that it depends on, so that one pass settles them; then every row
   is judged. */
static enum err judge_all(struct judge *j)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; i < j->f->field_count; i++) {
        j->s->fields[i].label = j->f->fields[i].label;
        j->s->fields[i].hint = j->f->fields[i].hint;
        j->s->fields[i].limit = "";
        if (j->f->fields[i].choices != NULL) {
            j->s->fields[i].choices = j->f->fields[i].choices->rows;
            j->s->fields[i].choice_count = j->f->fields[i].choices->count;
        }
    }
    for (size_t k = 0; k < j->f->field_count && rc == ERR_OK; k++) {
        rc = judge_relevance(j, j->f->order[k]);
        if (rc == ERR_OK)
            rc = judge_value(j, j->f->order[k]);
    }
    for (size_t i = 0; i < j->f->field_count && rc == ERR_OK; i++)
        rc = judge_field(j, i);
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
    struct judge j = { .f = f, .answers = answers, .a = a, .s = &s, .why = why };
    enum err rc;

    s.fields = arena_array(a, f->field_count + 1, sizeof(*s.fields));
    j.values = arena_array(a, f->field_count + 1, sizeof(*j.values));
    if (s.fields == NULL || j.values == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory to judge the form");
    rc = expr_env_new(f, &j.env, why);
    if (rc != ERR_OK)
        return rc;

    expr_bind(j.env, j.values, answers->values, facts);
    rc = judge_all(&j);
    expr_env_free(j.env);
    if (rc == ERR_OK)
        *out = s;
    return rc;
}

enum err form_unfold(const struct form *base, const struct form_answer *answers, size_t count,
                     const struct form_facts *facts, struct arena *a, struct form *out,
                     struct why *why)
{
    (void)answers;
    (void)count;
    (void)facts;
    (void)a;
    (void)why;
    *out = *base;
    return ERR_OK;
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
