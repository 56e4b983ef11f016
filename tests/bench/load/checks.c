#include "tests/bench/load/checks.h"

#include <stdlib.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "platform/base/str.h"

enum { CHECKS_ARENA = 64 * 1024 * 1024, CHECKS_TRIES = 12, CHECKS_TODAY = 20779 };

/* ---- filling a form in ---- */

static bool checks_thing(void *ctx, const char *code, struct form_thing *out)
{
    (void)ctx;
    *out = (struct form_thing){ .known = true,
                                .is_instrument = true,
                                .item = "0123456789abcdef0123456789abcdef",
                                .kind = "person",
                                .name = "Insulation tester",
                                .label = code,
                                .serial = "IT-1041",
                                .calibrated_day = CHECKS_TODAY - 90,
                                .calibration_due = CHECKS_TODAY + 275 };
    return true;
}

/* The words to try in a row, one after the other, until the engine has no fault to find. */
static const char *checks_try(const struct form_field *f, const struct field_state *s, int at,
                              bool fail, struct arena *a)
{
    static const char *const numbers[] = { "1", "0.2",  "5",   "20",  "100",
                                           "0", "0.05", "121", "250", "6" };

    switch (f->type) {
    case FIELD_SELECT_ONE:
    case FIELD_SELECT_MULTIPLE:
        for (size_t i = 0; i < s->choice_count && at == 0; i++)
            if (str_eq(s->choices[i].name, fail ? "fail" : "pass"))
                return s->choices[i].name;
        return s->choice_count == 0 ? NULL : s->choices[(size_t)at % s->choice_count].name;
    case FIELD_INTEGER:
    case FIELD_DECIMAL:
    case FIELD_RANGE:
        if (at == 0 && (s->has_low || s->has_high)) {
            double low = s->has_low ? s->low : s->high / 2;
            double high = s->has_high ? s->high : s->low * 2;
            double mid = fail ? high * 2 + 1 : (low + high) / 2;

            return f->type == FIELD_INTEGER ? arena_printf(a, "%ld", (long)mid)
                                            : arena_printf(a, "%.2f", mid);
        }
        return numbers[(size_t)at % COUNT_OF(numbers)];
    case FIELD_DATE:
        return at % 2 == 0 ? "2026-11-22" : "2027-11-22";
    case FIELD_TIME:
        return "10:40";
    case FIELD_DATETIME:
        return "2026-11-23T10:40";
    case FIELD_ACKNOWLEDGE:
        return "OK";
    case FIELD_BARCODE:
        return "EXA-0042";
    case FIELD_TEXT:
        return at % 2 == 0 ? "Looked at on the bench, nothing loose" : "12";
    case FIELD_NOTE:
    case FIELD_CALCULATE:
    case FIELD_HIDDEN:
    case FIELD_BEGIN_GROUP:
    case FIELD_END_GROUP:
    case FIELD_IMAGE:
    case FIELD_BEGIN_REPEAT:
    case FIELD_END_REPEAT:
        return NULL;
    }
    return NULL;
}

/* Answers what is asked for and changes what has a fault, until the form is complete. fail: the first row that can fails. */
static enum err checks_fill(struct checks *c, const struct form *f, const struct form_facts *facts,
                            bool fail, struct check *out, bool *out_done, struct why *why)
{
    const struct answers answers = { .values = arena_array(&c->a, f->field_count + 1,
                                                           sizeof(const char *)) };
    int *tries = arena_array(&c->a, f->field_count + 1, sizeof *tries);
    struct form_state s;
    bool failed = !fail;
    enum err rc = ERR_OK;

    *out_done = false;
    if (answers.values == NULL || tries == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for answers");
    for (int turn = 0; turn < CHECKS_TRIES && rc == ERR_OK && !*out_done; turn++) {
        rc = form_judge(f, &answers, facts, &c->a, &s, why);
        for (size_t i = 0; i < f->field_count && rc == ERR_OK; i++) {
            bool want = s.fields[i].relevant && (s.fields[i].missing || s.fields[i].fault != NULL);
            const bool first = want && answers.values[i] == NULL;
            const bool fails = !failed && first && f->fields[i].fail_action[0] != '\0' &&
                               f->fields[i].type == FIELD_SELECT_ONE;

            if (!want)
                continue;
            answers.values[i] = checks_try(&f->fields[i], &s.fields[i], tries[i]++, fails, &c->a);
            failed = failed || fails;
        }
        *out_done = rc == ERR_OK && s.left == 0 && s.faults == 0 && s.outcome != OUTCOME_OPEN;
    }
    if (rc != ERR_OK || !*out_done)
        return rc;
    rc = check_from_form(&c->a, f, &s, "", facts, CHECKS_TODAY, out, why);
    *out_done = rc == ERR_OK && (out->outcome > OUTCOME_ADVISE) == fail;
    return rc;
}

static int checks_days(const char *interval)
{
    static const struct {
        char ends;
        int days;
    } words[] = { { 'd', 1 }, { 'w', 7 }, { 'm', 30 }, { 'y', 365 } };
    const long n = interval == NULL ? 0 : strtol(interval, NULL, 10);

    for (size_t i = 0; i < COUNT_OF(words) && n > 0; i++)
        if (strchr(interval, words[i].ends) != NULL)
            return (int)n * words[i].days;
    return 2; /* before each use */
}

static enum err checks_add(struct checks *c, struct content *content, const char *kind,
                           const struct form_brief *brief, struct why *why)
{
    const struct form_facts facts = { .today = "2026-11-23",
                                      .now = "2026-11-23T10:42:00",
                                      .thing = checks_thing,
                                      .nuclides = content_nuclides(content) };
    struct checks_form one = { .kind = kind, .days = checks_days(brief->interval) };
    const struct form *base = NULL;
    struct form laid;
    bool done = false;
    enum err rc = content_form(content, brief->id, &base, why);

    if (rc == ERR_OK)
        rc = form_unfold(base, NULL, 0, &facts, &c->a, &laid, why);
    if (rc == ERR_OK)
        rc = checks_fill(c, &laid, &facts, false, &one.pass, &done, why);
    if (rc == ERR_OK && done)
        rc = checks_fill(c, &laid, &facts, true, &one.fail, &one.fails, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "form %s", brief->id);
    /* What changes the item's own standing would retire half the register in a year. */
    if (!done || brief->life[0] != '\0' || brief->makes[0] != '\0')
        c->left_out++;
    else
        c->forms[c->count++] = one;
    return ERR_OK;
}

enum err checks_open(struct checks *c, struct content *content, struct why *why)
{
    size_t kind_count = 0;
    size_t form_count = 0;
    const struct kind *kinds = content_kinds(content, &kind_count);
    enum err rc = ERR_OK;

    *c = (struct checks){ .count = 0 };
    arena_init(&c->a, CHECKS_ARENA);
    (void)content_forms(content, &form_count);
    c->forms = arena_array(&c->a, kind_count * form_count + 1, sizeof *c->forms);
    if (c->forms == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the forms");
    for (size_t i = 0; i < kind_count && rc == ERR_OK; i++) {
        const struct form_brief *const *forms =
            content_forms_for(content, kinds[i].id, &form_count);

        for (size_t k = 0; k < form_count && rc == ERR_OK; k++)
            rc = checks_add(c, content, kinds[i].id, forms[k], why);
    }
    if (rc != ERR_OK)
        checks_close(c);
    return rc;
}

void checks_close(struct checks *c)
{
    arena_done(&c->a);
}

size_t checks_of(const struct checks *c, const char *kind, size_t *out_first)
{
    size_t count = 0;

    for (size_t i = 0; i < c->count; i++) {
        if (!str_eq(c->forms[i].kind, kind))
            continue;
        if (count++ == 0)
            *out_first = i;
    }
    return count;
}

/* ---- a body ---- */

/* A reading a little off: the last digit of each decimal. */
static void checks_differ(struct check *c, uint64_t dice, struct arena *a)
{
    struct check_answer *answers = arena_array(a, c->answer_count + 1, sizeof *answers);

    if (answers == NULL)
        return;
    if (c->answer_count > 0)
        memcpy(answers, c->answers, c->answer_count * sizeof *answers);
    for (size_t i = 0; i < c->answer_count; i++) {
        char *value =
            strchr(answers[i].value, '.') == NULL || !(answers[i].has_low || answers[i].has_high)
                ? NULL
                : arena_strdup(a, answers[i].value);

        if (value == NULL)
            continue;
        value[strlen(value) - 1] = (char)('0' + dice % 10);
        dice /= 10;
        answers[i].value = value;
    }
    c->answers = answers;
}

const char *checks_body(const struct checks_form *f, bool fail, const char *item, int32_t day,
                        uint64_t dice, struct arena *a, enum form_outcome *out)
{
    struct check c = fail && f->fails ? f->fail : f->pass;
    const char *text = NULL;
    struct buf body;

    c.item = item;
    c.day = day;
    c.signed_by = "badge";
    checks_differ(&c, dice, a);
    buf_init(&body, CHECK_BYTES_MAX);
    check_write(&c, &body);
    if (buf_done(&body, NULL) == ERR_OK)
        text = arena_strdup(a, body.data);
    buf_free(&body);
    *out = c.outcome;
    return text;
}
