#include "app/domain/check.h"

#include <string.h>

#include "app/domain/caldate.h"

enum { CHECK_TEXT_MAX = 4096 };

static bool is_recorded(const struct form_field *field, const struct field_state *state)
{
    if (field->type == FIELD_NOTE || field->type == FIELD_BEGIN_GROUP ||
        field->type == FIELD_END_GROUP)
        return false;
    return state->relevant && state->value != NULL;
}

enum err check_from_form(struct arena *a, const struct form *f, const struct form_state *s,
                         const char *item, int32_t day, struct check *out, struct why *why)
{
    struct check c = {
        .form = f->id,
        .form_version = f->version,
        .form_title = f->title,
        .item = item,
        .day = day,
        .outcome = s->outcome,
        .reason = s->outcome == OUTCOME_FAIL || s->outcome == OUTCOME_QUARANTINE ? s->reason : "",
        .competence = "",
        .signed_by = "",
        .interval = f->interval,
        .basis = form_basis_name(f->basis),
    };

    if (s->outcome == OUTCOME_OPEN)
        return why_set(why, ERR_INPUT, 0, "the form is not complete");
    c.answers = arena_array(a, f->field_count + 1, sizeof(*c.answers));
    if (c.answers == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for a check");
    for (size_t i = 0; i < f->field_count; i++) {
        const struct form_field *field = &f->fields[i];

        if (!is_recorded(field, &s->fields[i]))
            continue;
        if (c.answer_count == CHECK_ANSWERS_MAX)
            return why_set(why, ERR_LIMIT, 0, "more than %d answers", CHECK_ANSWERS_MAX);
        c.answers[c.answer_count++] = (struct check_answer){
            .field = field->name,
            .label = field->label,
            .value = s->fields[i].value,
            .unit = field->unit,
            .verdict = s->fields[i].verdict,
            .critical = field->critical,
            .has_low = field->has_low,
            .has_high = field->has_high,
            .low = field->low,
            .high = field->high,
        };
    }
    *out = c;
    return ERR_OK;
}

static const char *const verdict_names[] = {
    [VERDICT_NONE] = "",
    [VERDICT_PASS] = "pass",
    [VERDICT_FAIL] = "fail",
    [VERDICT_ADVISE] = "advise",
};

/* Members that say nothing are left out: a line holds 64 KiB. */
static void write_some(struct json_out *j, const char *key, const char *value)
{
    if (value != NULL && *value != '\0')
        json_out_str(j, key, value);
}

static void write_answer(struct json_out *j, const struct check_answer *answer)
{
    json_out_object(j, NULL);
    json_out_str(j, "field", answer->field);
    json_out_str(j, "label", answer->label);
    json_out_str(j, "value", answer->value);
    write_some(j, "unit", answer->unit);
    write_some(j, "verdict", verdict_names[answer->verdict]);
    if (answer->critical)
        json_out_bool(j, "critical", true);
    if (answer->has_low)
        json_out_num(j, "low", answer->low);
    if (answer->has_high)
        json_out_num(j, "high", answer->high);
    json_out_end_object(j);
}

void check_write(const struct check *c, struct buf *body)
{
    struct json_out j;
    char day[CALDATE_TEXT];

    caldate_iso(day, c->day);
    json_out_init(&j, body);
    json_out_object(&j, NULL);
    json_out_str(&j, "form", c->form);
    json_out_str(&j, "form_version", c->form_version);
    json_out_str(&j, "form_title", c->form_title);
    json_out_str(&j, "item", c->item);
    json_out_str(&j, "day", day);
    json_out_str(&j, "outcome", form_outcome_name(c->outcome));
    write_some(&j, "reason", c->reason);
    write_some(&j, "competence", c->competence);
    write_some(&j, "signed_by", c->signed_by);
    write_some(&j, "interval", c->interval);
    write_some(&j, "basis", c->basis);
    json_out_array(&j, "answers");
    for (size_t i = 0; i < c->answer_count; i++)
        write_answer(&j, &c->answers[i]);
    json_out_end_array(&j);
    if (c->release_count > 0) {
        json_out_array(&j, "releases");
        for (size_t i = 0; i < c->release_count; i++)
            json_out_str(&j, NULL, c->releases[i]);
        json_out_end_array(&j);
    }
    json_out_end_object(&j);
}

/* Reads one body; the first thing that is wrong stays, and later reads do nothing. */
struct check_in {
    struct arena *a;
    struct why *why;
    enum err rc;
};

static void check_refuse(struct check_in *in, enum err code, const char *what, const char *key)
{
    if (in->rc == ERR_OK)
        in->rc = why_set(in->why, code, 0, "check: %s: %s", key, what);
}

/* A text member; must: it may be neither absent nor empty. */
static const char *read_text(struct check_in *in, const struct json *object, const char *key,
                             bool must)
{
    const struct json *node = json_get(object, key);
    char *copy;

    if (node == NULL && !must)
        return "";
    if (node == NULL || node->type != JNODE_STRING || (must && node->len == 0)) {
        check_refuse(in, ERR_INPUT, "a text is missing", key);
        return "";
    }
    if (node->len > CHECK_TEXT_MAX) {
        check_refuse(in, ERR_LIMIT, "the text is too long", key);
        return "";
    }
    copy = arena_strndup(in->a, node->text, node->len);
    if (copy == NULL)
        check_refuse(in, ERR_NOMEM, "no memory", key);
    return copy != NULL ? copy : "";
}

static void read_limit(struct check_in *in, const struct json *object, const char *key,
                       bool *out_has, double *out)
{
    const struct json *node = json_get(object, key);

    if (node == NULL)
        return;
    if (node->type != JNODE_INT && node->type != JNODE_REAL)
        check_refuse(in, ERR_INPUT, "not a number", key);
    *out_has = true;
    *out = node->real;
}

static void read_answer(struct check_in *in, const struct json *node, struct check_answer *out)
{
    const char *verdict = read_text(in, node, "verdict", false);
    size_t i = 0;

    out->field = read_text(in, node, "field", true);
    out->label = read_text(in, node, "label", true);
    out->value = read_text(in, node, "value", true);
    out->unit = read_text(in, node, "unit", false);
    out->critical = json_bool(node, "critical", false);
    read_limit(in, node, "low", &out->has_low, &out->low);
    read_limit(in, node, "high", &out->has_high, &out->high);
    while (i < COUNT_OF(verdict_names) && !str_eq(verdict, verdict_names[i]))
        i++;
    if (i == COUNT_OF(verdict_names))
        check_refuse(in, ERR_INPUT, "not known", "verdict");
    else
        out->verdict = (enum field_verdict)i;
}

static size_t list_size(struct check_in *in, const struct json *node, const char *key, size_t max,
                        bool must)
{
    if (node == NULL && !must)
        return 0;
    if (node == NULL || node->type != JNODE_ARRAY) {
        check_refuse(in, ERR_INPUT, "a list is missing", key);
        return 0;
    }
    if (node->len > max) {
        check_refuse(in, ERR_LIMIT, "the list is too long", key);
        return 0;
    }
    return node->len;
}

static void read_answers(struct check_in *in, const struct json *body, struct check *out)
{
    const struct json *list = json_get(body, "answers");
    size_t count = list_size(in, list, "answers", CHECK_ANSWERS_MAX, true);

    out->answers = arena_array(in->a, count + 1, sizeof(*out->answers));
    if (out->answers == NULL) {
        check_refuse(in, ERR_NOMEM, "no memory", "answers");
        return;
    }
    for (const struct json *node = count > 0 ? list->first : NULL; node != NULL; node = node->next)
        read_answer(in, node, &out->answers[out->answer_count++]);
}

static void read_releases(struct check_in *in, const struct json *body, struct check *out)
{
    const struct json *list = json_get(body, "releases");
    size_t count = list_size(in, list, "releases", CHECK_RELEASES_MAX, false);

    out->releases = arena_array(in->a, count + 1, sizeof(*out->releases));
    if (out->releases == NULL) {
        check_refuse(in, ERR_NOMEM, "no memory", "releases");
        return;
    }
    for (const struct json *node = count > 0 ? list->first : NULL; node != NULL;
         node = node->next) {
        if (node->type != JNODE_STRING || node->len == 0 || node->len > 256) {
            check_refuse(in, ERR_INPUT, "not the name of an event", "releases");
            return;
        }
        out->releases[out->release_count] = arena_strndup(in->a, node->text, node->len);
        if (out->releases[out->release_count++] == NULL)
            check_refuse(in, ERR_NOMEM, "no memory", "releases");
    }
}

static enum form_outcome read_outcome(struct check_in *in, const struct json *body)
{
    static const enum form_outcome closed[] = { OUTCOME_PASS, OUTCOME_ADVISE, OUTCOME_FAIL,
                                                OUTCOME_QUARANTINE };
    const char *name = read_text(in, body, "outcome", true);

    for (size_t i = 0; i < COUNT_OF(closed); i++)
        if (str_eq(name, form_outcome_name(closed[i])))
            return closed[i];
    check_refuse(in, ERR_INPUT, "not known", "outcome");
    return OUTCOME_OPEN;
}

enum err check_read(struct arena *a, const struct json *body, struct check *out, struct why *why)
{
    struct check_in in = { .a = a, .why = why, .rc = ERR_OK };
    struct check c = { 0 };

    if (body == NULL || body->type != JNODE_OBJECT)
        return why_set(why, ERR_INPUT, 0, "check: not an object");
    c.form = read_text(&in, body, "form", true);
    c.form_version = read_text(&in, body, "form_version", true);
    c.form_title = read_text(&in, body, "form_title", true);
    c.item = read_text(&in, body, "item", true);
    if (!caldate_parse(read_text(&in, body, "day", true), &c.day))
        check_refuse(&in, ERR_INPUT, "not a date", "day");
    c.outcome = read_outcome(&in, body);
    c.reason = read_text(&in, body, "reason", false);
    c.competence = read_text(&in, body, "competence", false);
    c.signed_by = read_text(&in, body, "signed_by", false);
    c.interval = read_text(&in, body, "interval", false);
    c.basis = read_text(&in, body, "basis", false);
    read_answers(&in, body, &c);
    read_releases(&in, body, &c);
    if (in.rc == ERR_OK)
        *out = c;
    return in.rc;
}
