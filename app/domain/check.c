#include "app/domain/check.h"

#include <string.h>
#include <strings.h>

#include "app/domain/caldate.h"

enum { CHECK_LABEL_MAX = 600 /* bytes: a label with answers filled in */ };

/* What a row leaves in the record. A repeat's opening row keeps its number of copies. */
static bool is_recorded(const struct form_field *field, const struct field_state *state)
{
    if (field->type == FIELD_NOTE || field->type == FIELD_BEGIN_GROUP ||
        field->type == FIELD_END_GROUP || field->type == FIELD_END_REPEAT)
        return false;
    return state->relevant && state->value != NULL && state->value[0] != '\0';
}

static const char *text_or(const char *text, const char *other)
{
    return text != NULL && text[0] != '\0' ? text : other;
}

static bool is_fail(enum form_outcome outcome)
{
    return outcome == OUTCOME_FAIL || outcome == OUTCOME_QUARANTINE;
}

/* As the person saw it, with answers filled in; cut where those make it long. */
static const char *label_of(struct arena *a, const struct form_field *field,
                            const struct field_state *state)
{
    const char *label = text_or(state->label, text_or(field->label, field->name));
    char cut[CHECK_LABEL_MAX + 1];

    if (strlen(label) <= CHECK_LABEL_MAX)
        return label;
    (void)str_copy(cut, sizeof cut, label);
    return arena_strdup(a, cut);
}

/* The form's own source stands once in the record; a row tells only what differs from it. */
static const char *unless_same(const char *text, const char *form_text)
{
    return text == NULL || str_eq(text, form_text) ? "" : text;
}

static const struct form_choice *choice_named(const struct form_choice *choices, size_t count,
                                              const char *name, size_t len)
{
    for (size_t i = 0; choices != NULL && i < count; i++) {
        if (strlen(choices[i].name) == len && memcmp(choices[i].name, name, len) == 0)
            return &choices[i];
    }
    return NULL;
}

/* What the person read where the value is a choice's code: the record is to be understood when the form is gone. Of
   several, one after the other. "" where the words say no more than the code: «Pass». */
static const char *shown_of(struct arena *a, const struct form_field *field,
                            const struct field_state *state)
{
    char words[CHECK_LABEL_MAX + 1];
    const char *at = state->value;
    size_t used = 0;

    if (field->type != FIELD_SELECT_ONE && field->type != FIELD_SELECT_MULTIPLE)
        return "";
    words[0] = '\0';
    while (*at != '\0') {
        size_t len = strcspn(at, " ");
        const struct form_choice *choice =
            choice_named(state->choices, state->choice_count, at, len);

        if (choice == NULL && field->choices != NULL)
            choice = choice_named(field->choices->rows, field->choices->count, at, len);
        if (choice == NULL || choice->label == NULL ||
            used + strlen(choice->label) + strlen(", ") > CHECK_LABEL_MAX)
            return "";
        (void)str_format(words + used, sizeof words - used, "%s%s", used > 0 ? ", " : "",
                         choice->label);
        used = strlen(words);
        at += len;
        at += strspn(at, " ");
    }
    return strcasecmp(words, state->value) == 0 ? "" : arena_strdup(a, words);
}

static struct check_answer answer_of(struct arena *a, const struct form *f,
                                     const struct form_field *field,
                                     const struct field_state *state)
{
    return (struct check_answer){
        .field = field->name,
        .label = label_of(a, field, state),
        .value = state->value,
        .unit = field->unit,
        .verdict = state->verdict,
        .critical = field->critical,
        .has_low = state->has_low,
        .has_high = state->has_high,
        .low = state->low,
        .high = state->high,
        .fact = text_or(field->fact, ""),
        .source = unless_same(field->source, f->source),
        .edition = unless_same(field->edition, f->edition),
        .confidence = unless_same(field->confidence, f->confidence),
        .limit = text_or(state->limit, ""),
        .shown = shown_of(a, field, state),
    };
}

static enum err take_answers(struct arena *a, const struct form *f, const struct form_state *s,
                             struct check *c, struct why *why)
{
    c->answers = arena_array(a, f->field_count + 1, sizeof(*c->answers));
    if (c->answers == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for a check");
    for (size_t i = 0; i < f->field_count; i++) {
        if (!is_recorded(&f->fields[i], &s->fields[i]))
            continue;
        if (c->answer_count == CHECK_ANSWERS_MAX)
            return why_set(why, ERR_LIMIT, 0, "more than %d answers", CHECK_ANSWERS_MAX);
        c->answers[c->answer_count++] = answer_of(a, f, &f->fields[i], &s->fields[i]);
    }
    return ERR_OK;
}

static bool has_instrument(const struct check *c, const char *item)
{
    for (size_t i = 0; i < c->instrument_count; i++) {
        if (str_eq(c->instruments[i].item, item))
            return true;
    }
    return false;
}

/* One scanned code; a row with appearance `many` holds several, with blanks between. */
static enum err take_instrument(struct arena *a, const struct form_facts *facts, const char *code,
                                struct check *c, struct why *why)
{
    struct form_thing thing = { 0 };

    if (facts == NULL || facts->thing == NULL || !facts->thing(facts->ctx, code, &thing) ||
        !thing.known || thing.item == NULL || has_instrument(c, thing.item))
        return ERR_OK;
    if (c->instrument_count == CHECK_INSTRUMENTS_MAX)
        return why_set(why, ERR_LIMIT, 0, "more than %d instruments", CHECK_INSTRUMENTS_MAX);
    c->instruments[c->instrument_count++] = (struct check_instrument){
        .item = arena_strdup(a, thing.item),
        .label = arena_strdup(a, text_or(thing.label, code)),
        .name = arena_strdup(a, text_or(thing.name, "")),
        .serial = arena_strdup(a, text_or(thing.serial, "")),
        .calibrated_day = thing.calibrated_day,
        .due_day = thing.calibration_due,
    };
    return ERR_OK;
}

static enum err take_instruments(struct arena *a, const struct form *f, const struct form_state *s,
                                 const struct form_facts *facts, struct check *c, struct why *why)
{
    enum err rc = ERR_OK;

    c->instruments = arena_array(a, CHECK_INSTRUMENTS_MAX, sizeof(*c->instruments));
    if (c->instruments == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for a check");
    for (size_t i = 0; i < f->field_count && rc == ERR_OK; i++) {
        const char *codes = s->fields[i].value;

        if (!f->fields[i].instrument || !is_recorded(&f->fields[i], &s->fields[i]))
            continue;
        /* A label may hold blanks: as a whole first, then what stands between the blanks. */
        rc = take_instrument(a, facts, codes, c, why);
        while (rc == ERR_OK && *codes != '\0') {
            size_t len = strcspn(codes, " ");
            const char *one = arena_strndup(a, codes, len);

            if (one != NULL && len > 0)
                rc = take_instrument(a, facts, one, c, why);
            codes += len;
            codes += strspn(codes, " ");
        }
    }
    return rc;
}

/* The recorded value of the row so named; "" when it has none. */
static const char *value_of(const struct form *f, const struct form_state *s, const char *name)
{
    int at = name == NULL || name[0] == '\0' ? -1 : form_field_index(f, name);

    return at < 0 || !s->fields[at].relevant || s->fields[at].value == NULL ? ""
                                                                            : s->fields[at].value;
}

/* Of a date, or of a date with a time. */
static int32_t day_in(const char *text)
{
    char iso[CALDATE_TEXT];
    int32_t day = CALDATE_NONE;

    (void)str_copy(iso, sizeof iso, text);
    return caldate_parse(iso, &day) ? day : CALDATE_NONE;
}

bool check_of_form(const struct check *c, const struct form *f)
{
    return str_eq(f->id, c->form) && str_eq(f->version, c->form_version) &&
           str_eq(text_or(f->issuer, ""), text_or(c->form_issuer, ""));
}

struct check check_begin(const struct form *f, const char *item, int32_t day)
{
    return (struct check){
        .form = f->id,
        .form_version = f->version,
        .form_title = f->title,
        .form_issuer = text_or(f->issuer, ""),
        .item = item,
        .day = day,
        .reason = "",
        .competence = "",
        .signed_by = "",
        .interval = text_or(f->interval, ""),
        .basis = form_basis_name(f->basis),
        .fail_action = "",
        .source = text_or(f->source, ""),
        .edition = text_or(f->edition, ""),
        .confidence = text_or(f->confidence, ""),
        .retention = text_or(f->retention, ""),
        .needs = text_or(f->competence, ""),
        .life = text_or(f->life, ""),
        .custody = text_or(f->custody, ""),
        .next_due = CALDATE_NONE,
        .in_session = f->in_session,
        .calibration = f->calibration,
        .countersign = "",
        .corrects = "",
        .corrects_why = "",
        .tray = "",
        .made = "",
    };
}

enum err check_from_form(struct arena *a, const struct form *f, const struct form_state *s,
                         const char *item, const struct form_facts *facts, int32_t day,
                         struct check *out, struct why *why)
{
    struct check c = check_begin(f, item, day);
    enum err rc;

    c.outcome = s->outcome;
    c.reason = is_fail(s->outcome) ? s->reason : "";
    c.interval = text_or(value_of(f, s, f->interval_from), c.interval);
    c.fail_action = text_or(s->fail_action, "");
    c.next_due = day_in(value_of(f, s, f->next_due));

    if (s->outcome == OUTCOME_OPEN)
        return why_set(why, ERR_INPUT, 0, "the form is not complete");
    rc = take_answers(a, f, s, &c, why);
    if (rc == ERR_OK)
        rc = take_instruments(a, f, s, facts, &c, why);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no memory for a check");
    if (rc == ERR_OK)
        *out = c;
    return rc;
}

const struct check_file *check_file_of(const struct check *c, const char *field)
{
    for (size_t i = 0; i < c->file_count; i++) {
        if (c->files[i].field != NULL && str_eq(c->files[i].field, field))
            return &c->files[i];
    }
    return NULL;
}

const struct check_answer *check_answer(const struct check *c, const char *field)
{
    for (size_t i = 0; i < c->answer_count; i++) {
        if (str_eq(c->answers[i].field, field))
            return &c->answers[i];
    }
    return NULL;
}

bool check_number(const char *value, double *out)
{
    if (value == NULL)
        return false;
    if (*value == '>' || *value == '<')
        value++;
    if (*value == '=')
        value++;
    while (*value == ' ')
        value++;
    return str_to_f64(value, out);
}
