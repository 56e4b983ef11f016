#include <stdio.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/form.h"
#include "platform/base/clock.h"
#include "platform/base/fs.h"
#include "platform/base/json.h"
#include "sync/pack/pack.h"

enum {
    TRY_ARENA = 64 * 1024 * 1024,
    TRY_ANSWERS_MAX = 4 * 1024 * 1024,
    TRY_OUT_MAX = 16 * 1024 * 1024
};

struct try_args {
    const char *form, *answers, *today;
};

struct try_run {
    struct try_args args;
    struct arena arena;
    struct form form;
    const char **values; /* by field */
    char today[CALDATE_TEXT];
    struct why why;
};

static int try_usage(const char *text)
{
    (void)fprintf(stderr, "canny-pack try: %s; see canny-pack --help\n", text);
    return 2;
}

static int try_fail(const struct try_run *t, const char *file)
{
    (void)fprintf(stderr, "canny-pack try: %s: %s\n", file, t->why.text);
    return 1;
}

static bool try_options(int count, char **args, struct try_args *out)
{
    for (int i = 0; i < count; i++) {
        const char **to = strcmp(args[i], "--answers") == 0 ? &out->answers
                          : strcmp(args[i], "--today") == 0 ? &out->today
                                                            : NULL;

        if (to != NULL && i + 1 < count)
            *to = args[++i];
        else if (to == NULL && args[i][0] != '-' && out->form == NULL)
            out->form = args[i];
        else
            return false;
    }
    return out->form != NULL && out->answers != NULL;
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

static enum err try_answer(struct try_run *t, const struct json *node)
{
    int index = form_field_index(&t->form, node->key);
    char *text;

    if (index < 0)
        return why_set(&t->why, ERR_INPUT, 0, "the form has no question \"%.60s\"", node->key);
    if (node->type == JNODE_NULL)
        return ERR_OK;
    if (node->type == JNODE_STRING)
        text = arena_strdup(&t->arena, node->text);
    else if (node->type == JNODE_INT)
        text = arena_printf(&t->arena, "%lld", (long long)node->integer);
    else if (node->type == JNODE_REAL)
        text = arena_printf(&t->arena, "%.15g", node->real);
    else
        return why_set(&t->why, ERR_INPUT, 0, "\"%.60s\": an answer is a text or a number",
                       node->key);
    t->values[index] = text;
    return text != NULL ? ERR_OK : why_set(&t->why, ERR_NOMEM, 0, "no memory");
}

static enum err try_answers(struct try_run *t)
{
    const struct json *root;
    char *text;
    size_t len;
    enum err rc = fs_read(&t->arena, t->args.answers, TRY_ANSWERS_MAX, &text, &len, &t->why);

    if (rc == ERR_OK)
        rc = json_parse(&t->arena, text, len, TRY_ANSWERS_MAX, &root, &t->why);
    if (rc != ERR_OK)
        return rc;
    if (root->type != JNODE_OBJECT)
        return why_set(&t->why, ERR_INPUT, 0,
                       "the answers are one JSON object: {\"question\": \"answer\"}");
    t->values = arena_array(&t->arena, t->form.field_count + 1, sizeof(*t->values));
    if (t->values == NULL)
        return why_set(&t->why, ERR_NOMEM, 0, "no memory");
    for (const struct json *node = root->first; node != NULL && rc == ERR_OK; node = node->next)
        rc = try_answer(t, node);
    return rc;
}

static void try_write(const struct try_run *t, const struct form_state *s, struct buf *out)
{
    static const char *const verdicts[] = {
        [VERDICT_NONE] = NULL,
        [VERDICT_PASS] = "pass",
        [VERDICT_FAIL] = "fail",
        [VERDICT_ADVISE] = "advise",
    };
    struct json_out j;

    json_out_init(&j, out);
    json_out_object(&j, NULL);
    json_out_str(&j, "form", t->form.id);
    json_out_str(&j, "version", t->form.version);
    json_out_str(&j, "outcome", form_outcome_name(s->outcome));
    json_out_str(&j, "reason", s->reason);
    json_out_int(&j, "left", (int64_t)s->left);
    json_out_int(&j, "faults", (int64_t)s->faults);
    json_out_int(&j, "fails", (int64_t)s->fails);
    json_out_array(&j, "fields");
    for (size_t i = 0; i < t->form.field_count; i++) {
        if (t->form.fields[i].type == FIELD_END_GROUP)
            continue;
        json_out_object(&j, NULL);
        json_out_str(&j, "name", t->form.fields[i].name);
        json_out_bool(&j, "relevant", s->fields[i].relevant);
        json_out_bool(&j, "missing", s->fields[i].missing);
        json_out_str(&j, "value", s->fields[i].value);
        json_out_str(&j, "verdict", verdicts[s->fields[i].verdict]);
        json_out_str(&j, "fault", s->fields[i].fault);
        json_out_end_object(&j);
    }
    json_out_end_array(&j);
    json_out_end_object(&j);
    buf_char(out, '\n');
}

static int try_judge(struct try_run *t)
{
    struct answers answers = { t->values };
    struct form_facts facts = { .today = t->today };
    struct form_state state;
    struct buf out;
    int status = 1;

    if (form_judge(&t->form, &answers, &facts, &t->arena, &state, &t->why) != ERR_OK)
        return try_fail(t, t->args.form);
    buf_init(&out, TRY_OUT_MAX);
    try_write(t, &state, &out);
    if (buf_done(&out, &t->why) == ERR_OK && fwrite(out.data, 1, out.len, stdout) == out.len &&
        fflush(stdout) == 0)
        status = 0;
    else
        (void)fprintf(stderr, "canny-pack try: the result could not be written\n");
    buf_free(&out);
    return status;
}

static bool try_today(struct try_run *t)
{
    struct clock *clock;
    int32_t day;

    if (t->args.today != NULL) {
        if (!caldate_parse(t->args.today, &day))
            return false;
    } else {
        if (clock_new(&(struct clock_options){ 0 }, &clock, &t->why) != ERR_OK)
            return false;
        day = caldate_london(clock_read(clock).wall_ms, NULL);
        clock_free(clock);
    }
    caldate_iso(t->today, day);
    return true;
}

int pack_try(int count, char **args)
{
    struct try_run t = { 0 };
    int status;

    if (!try_options(count, args, &t.args))
        return try_usage("needs FORM.csv --answers FILE.json");
    if (!try_today(&t))
        return try_usage("--today takes a date such as 2026-11-22");

    arena_init(&t.arena, TRY_ARENA);
    if (try_form(&t) != ERR_OK)
        status = try_fail(&t, t.args.form);
    else if (try_answers(&t) != ERR_OK)
        status = try_fail(&t, t.args.answers);
    else
        status = try_judge(&t);
    form_done(&t.form);
    arena_done(&t.arena);
    return status;
}
