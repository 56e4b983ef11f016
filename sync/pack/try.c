#include "sync/pack/try.h"

#include <stdio.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/schedule.h"
#include "platform/base/clock.h"
#include "platform/base/fs.h"
#include "sync/pack/pack.h"

const char pack_try_help[] =
    "usage: canny-pack try FORM.csv --answers FILE.json [--today YYYY-MM-DD] [--now "
    "YYYY-MM-DDTHH:MM]\n"
    "                      [--facts FILE.json] [--language NAME] [--nuclides FILE.csv]\n"
    "       canny-pack try FORM.csv --cases FILE.json\n"
    "\n"
    "Fills the form without a screen: relevance, faults, calculated values, outcome and next date, "
    "as JSON.\n"
    "The answers are one JSON object: {\"question\": \"answer\"}; a repeat is a list,\n"
    "{\"readings\": [{\"v\": \"1\"}, {\"v\": \"2\"}]}, and \"v#2\" is its second copy. Facts are "
    "what the kiosk would\n"
    "know: {\"item\": {}, \"last\": {}, \"series\": {}, \"stock\": {}, \"things\": {}}.\n"
    "With --cases it fills the form once for each of a list: [{\"answers\": {}, \"facts\": {},\n"
    "\"today\": \"YYYY-MM-DD\", \"now\": \"YYYY-MM-DDTHH:MM\"}]. What a case leaves out is as the "
    "options say. One\n"
    "line of JSON for each, in their order; {\"error\": \"...\"} for one that cannot be filled in, "
    "which makes\n"
    "the status 1.\n"
    "\n"
    "  canny-pack try forms/fc-use.csv --answers answers.json --today 2026-11-23\n";

struct try_args {
    const char *form, *answers, *cases, *today, *now, *facts, *language, *nuclides;
};

struct try_run {
    struct try_args args;
    struct arena arena;
    struct form form, laid;
    struct try_answers answers;
    const char **values; /* by row of the laid out form */
    struct try_facts known;
    struct form_facts facts;
    char today[CALDATE_TEXT];
    int32_t day, asked_day;
    struct why why;
};

static int try_usage(const char *text)
{
    (void)fprintf(stderr, "canny-pack try: %s; see canny-pack try --help\n", text);
    return 2;
}

static int try_fail(const struct try_run *t, const char *file)
{
    (void)fprintf(stderr, "canny-pack try: %s: %s\n", file, t->why.text);
    return 1;
}

static bool try_options(int count, char **args, struct try_args *out)
{
    const struct {
        const char *id;
        const char **to;
    } options[] = {
        { "--answers", &out->answers },   { "--cases", &out->cases },
        { "--today", &out->today },       { "--now", &out->now },
        { "--facts", &out->facts },       { "--language", &out->language },
        { "--nuclides", &out->nuclides },
    };

    for (int i = 0; i < count; i++) {
        const char **to = NULL;

        for (size_t k = 0; k < COUNT_OF(options); k++)
            if (strcmp(args[i], options[k].id) == 0)
                to = options[k].to;
        if (to != NULL && i + 1 < count)
            *to = args[++i];
        else if (to == NULL && args[i][0] != '-' && out->form == NULL)
            out->form = args[i];
        else
            return false;
    }
    return out->form != NULL && (out->answers != NULL) != (out->cases != NULL);
}

static enum err try_form(struct try_run *t)
{
    struct form_faults *faults = arena_alloc(&t->arena, sizeof(*faults));
    char *text;
    size_t len;
    enum err rc;

    if (faults == NULL)
        return why_set(&t->why, ERR_NOMEM, 0, "no memory");
    rc = fs_read(&t->arena, t->args.form, FORM_BYTES_MAX, &text, &len, &t->why);
    if (rc != ERR_OK)
        return rc;
    return form_parse(&t->arena, text, len, &t->form, faults, &t->why);
}

static enum err try_json(struct try_run *t, const char *path, const struct json **out)
{
    char *text;
    size_t len;
    enum err rc = fs_read(&t->arena, path, TRY_FILE_MAX, &text, &len, &t->why);

    return rc == ERR_OK ? json_parse(&t->arena, text, len, TRY_FILE_MAX, out, &t->why) : rc;
}

static enum err try_facts(struct try_run *t)
{
    enum err rc = ERR_OK;

    t->known.a = &t->arena;
    if (t->args.facts != NULL)
        rc = try_json(t, t->args.facts, &t->known.root);
    try_facts_bind(&t->known, &t->facts);
    t->facts.today = t->today;
    t->facts.now = t->args.now;
    t->facts.language = t->args.language;
    if (rc == ERR_OK)
        rc = try_nuclides(&t->arena, t->args.form, t->args.nuclides, &t->facts.nuclides, &t->why);
    return rc;
}

/* Repeats get their copies, and each answer finds its row. */
static enum err try_answers(struct try_run *t, const struct json *root)
{
    enum err rc = try_answers_read(&t->arena, &t->form, root, &t->answers, &t->why);

    if (rc == ERR_OK)
        rc = form_unfold(&t->form, t->answers.rows, t->answers.count, &t->facts, &t->arena,
                         &t->laid, &t->why);
    if (rc != ERR_OK)
        return rc;
    t->values = arena_array(&t->arena, t->laid.field_count + 1, sizeof(*t->values));
    if (t->values == NULL)
        return why_set(&t->why, ERR_NOMEM, 0, "no memory");
    for (size_t i = 0; i < t->answers.count; i++) {
        int index = form_field_index(&t->laid, t->answers.rows[i].key);

        if (index < 0)
            return why_set(&t->why, ERR_INPUT, 0, "the form has no question \"%.60s\"",
                           t->answers.rows[i].key);
        t->values[index] = t->answers.rows[i].value;
    }
    return ERR_OK;
}

static const char *try_value(const struct try_run *t, const struct form_state *s, const char *name)
{
    int index = *name != '\0' ? form_field_index(&t->laid, name) : -1;

    return index >= 0 && s->fields[index].relevant ? s->fields[index].value : NULL;
}

/* The interval of this record, and the next date where the check counts as done. No calendar is
   known here. */
static void try_write_due(const struct try_run *t, const struct form_state *s, struct json_out *j)
{
    const char *interval = try_value(t, s, t->form.interval_from);
    const char *entered = try_value(t, s, t->form.next_due);
    int32_t entered_day = CALDATE_NONE;
    struct due due = { .lawful = CALDATE_NONE };
    char text[CALDATE_TEXT];

    if (interval == NULL)
        interval = t->form.interval;
    if (entered != NULL && !caldate_parse(entered, &entered_day))
        entered_day = CALDATE_NONE;
    if (s->outcome == OUTCOME_PASS || s->outcome == OUTCOME_ADVISE)
        due = schedule_due(interval, t->form.in_session, t->form.basis, t->day, entered_day, NULL);
    if (due.lawful != CALDATE_NONE)
        caldate_iso(text, due.lawful);
    json_out_str(j, "interval", interval);
    json_out_str(j, "next_due", due.lawful != CALDATE_NONE ? text : NULL);
}

static void try_write_field(const struct form_field *field, const struct field_state *s,
                            struct json_out *j)
{
    static const char *const verdicts[] = {
        [VERDICT_NONE] = NULL,
        [VERDICT_PASS] = "pass",
        [VERDICT_FAIL] = "fail",
        [VERDICT_ADVISE] = "advise",
    };

    json_out_object(j, NULL);
    json_out_str(j, "name", field->name);
    json_out_str(j, "label", s->label);
    json_out_bool(j, "relevant", s->relevant);
    json_out_bool(j, "missing", s->missing);
    json_out_str(j, "value", s->value);
    json_out_str(j, "verdict", verdicts[s->verdict]);
    json_out_str(j, "fault", s->fault);
    if (*s->limit != '\0')
        json_out_str(j, "limit", s->limit);
    if (field->choice_filter != NULL && s->relevant) {
        json_out_array(j, "choices");
        for (size_t i = 0; i < s->choice_count; i++)
            json_out_str(j, NULL, s->choices[i].name);
        json_out_end_array(j);
    }
    json_out_end_object(j);
}

static void try_write(const struct try_run *t, const struct form_state *s, struct buf *out)
{
    struct json_out j;

    json_out_init(&j, out);
    json_out_object(&j, NULL);
    json_out_str(&j, "form", t->form.id);
    json_out_str(&j, "version", t->form.version);
    json_out_str(&j, "outcome", form_outcome_name(s->outcome));
    json_out_str(&j, "reason", s->reason);
    json_out_str(&j, "fail_action", s->fail_action);
    try_write_due(t, s, &j);
    json_out_int(&j, "left", (int64_t)s->left);
    json_out_int(&j, "faults", (int64_t)s->faults);
    json_out_int(&j, "fails", (int64_t)s->fails);
    json_out_array(&j, "fields");
    for (size_t i = 0; i < t->laid.field_count; i++)
        if (t->laid.fields[i].type != FIELD_END_GROUP && t->laid.fields[i].type != FIELD_END_REPEAT)
            try_write_field(&t->laid.fields[i], &s->fields[i], &j);
    json_out_end_array(&j);
    json_out_end_object(&j);
    buf_char(out, '\n');
}

static enum err try_judge(struct try_run *t, const struct json *answered, struct buf *out)
{
    struct answers answers;
    struct form_state state;
    enum err rc = try_answers(t, answered);

    if (rc != ERR_OK)
        return rc;
    answers = (struct answers){ t->values };
    rc = form_judge(&t->laid, &answers, &t->facts, &t->arena, &state, &t->why);
    if (rc == ERR_OK)
        try_write(t, &state, out);
    return rc;
}

static bool try_print(const struct buf *out)
{
    struct why why = { 0 };
    bool printed = buf_done(out, &why) == ERR_OK &&
                   fwrite(out->data, 1, out->len, stdout) == out->len && fflush(stdout) == 0;

    if (!printed)
        (void)fprintf(stderr, "canny-pack try: the result could not be written\n");
    return printed;
}

static int try_alone(struct try_run *t)
{
    const struct json *root = NULL;
    struct buf out;
    int status;

    if (try_json(t, t->args.answers, &root) != ERR_OK)
        return try_fail(t, t->args.answers);
    buf_init(&out, TRY_OUT_MAX);
    if (try_judge(t, root, &out) != ERR_OK)
        status = try_fail(t, t->args.answers);
    else
        status = try_print(&out) ? 0 : 1;
    buf_free(&out);
    return status;
}

/* What a case does not say is as the options have it. */
static enum err try_case(struct try_run *t, const struct json *one, struct buf *out)
{
    const struct json *const known = t->known.root;
    const struct json *facts = json_get(one, "facts");
    const char *today = json_str(one, "today");
    const char *now = json_str(one, "now");
    enum err rc;

    if (json_get(one, "answers") == NULL)
        return why_set(&t->why, ERR_INPUT, 0, "a case is an object with \"answers\"");
    t->day = t->asked_day;
    if (today != NULL && !caldate_parse(today, &t->day))
        return why_set(&t->why, ERR_INPUT, 0, "\"today\" is a date such as 2026-11-22");
    caldate_iso(t->today, t->day);
    t->facts.now = now != NULL ? now : t->args.now;
    t->known.root = facts != NULL ? facts : known;
    try_facts_bind(&t->known, &t->facts);
    rc = try_judge(t, json_get(one, "answers"), out);
    t->known.root = known;
    return rc;
}

/* A line for each, also for one that cannot be filled in, so that the lines count the cases. */
static bool try_line(struct try_run *t, const struct json *one, bool *all)
{
    struct arena_mark mark = arena_mark(&t->arena);
    struct json_out j;
    struct buf out;
    bool printed;

    t->why = (struct why){ 0 };
    buf_init(&out, TRY_OUT_MAX);
    if (try_case(t, one, &out) != ERR_OK) {
        *all = false;
        json_out_init(&j, &out);
        json_out_object(&j, NULL);
        json_out_str(&j, "error", t->why.text);
        json_out_end_object(&j);
        buf_char(&out, '\n');
    }
    printed = try_print(&out);
    buf_free(&out);
    arena_rewind(&t->arena, mark);
    return printed;
}

static int try_cases(struct try_run *t)
{
    const struct json *list = NULL;
    bool all = true;

    if (try_json(t, t->args.cases, &list) != ERR_OK)
        return try_fail(t, t->args.cases);
    if (list->type != JNODE_ARRAY || list->len == 0) {
        (void)why_set(&t->why, ERR_INPUT, 0, "the cases are a list, one of them at least");
        return try_fail(t, t->args.cases);
    }
    for (const struct json *one = list->first; one != NULL; one = one->next)
        if (!try_line(t, one, &all))
            return 1;
    return all ? 0 : 1;
}

static bool try_today(struct try_run *t)
{
    struct clock *clock;

    if (t->args.today != NULL) {
        if (!caldate_parse(t->args.today, &t->day))
            return false;
    } else {
        if (clock_new(&(struct clock_options){ 0 }, &clock, &t->why) != ERR_OK)
            return false;
        t->day = caldate_london(clock_read(clock).wall_ms, NULL);
        clock_free(clock);
    }
    t->asked_day = t->day;
    caldate_iso(t->today, t->day);
    return true;
}

int pack_try(int count, char **args)
{
    struct try_run t = { 0 };
    int status;

    if (!try_options(count, args, &t.args))
        return try_usage("needs FORM.csv and --answers FILE.json or --cases FILE.json");
    if (!try_today(&t))
        return try_usage("--today takes a date such as 2026-11-22");

    arena_init(&t.arena, TRY_ARENA);
    if (try_form(&t) != ERR_OK)
        status = try_fail(&t, t.args.form);
    else if (try_facts(&t) != ERR_OK)
        status = try_fail(&t, t.args.facts != NULL ? t.args.facts : t.args.form);
    else
        status = t.args.cases != NULL ? try_cases(&t) : try_alone(&t);
    form_done(&t.form);
    arena_done(&t.arena);
    return status;
}
