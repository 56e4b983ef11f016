/* The answers of a check, in memory and as a draft, and what the form makes of them. */
#include "app/screens/check.h"

#include <string.h>

#include "platform/base/str.h"

static struct check_text *check_find(const struct check_state *s, const char *key)
{
    for (size_t i = 0; i < s->text_count; i++)
        if (str_eq(s->texts[i].key, key))
            return &s->texts[i];
    return NULL;
}

const char *check_text(const struct check_state *s, const char *key)
{
    const struct check_text *t = check_find(s, key);
    return t == NULL ? "" : t->text;
}

/* A default, and what the register filled in, stand as answers until somebody types: they are shown as such. */
const char *check_value(const struct check_state *s, size_t at)
{
    const char *value = s->values[at];
    if (value == NULL && !s->failed && s->form.fields[at].type != FIELD_CALCULATE)
        value = s->state.fields[at].value;
    return value == NULL ? "" : value;
}

const char *check_typed(const struct check_state *s, size_t at, const char *text)
{
    const char *given = s->values[at] == NULL ? check_value(s, at) : "";
    size_t len = strlen(given);
    return len > 0 && strlen(text) > len && str_starts(text, given) ? text + len : text;
}

uint64_t check_hash(uint64_t hash, const char *text)
{
    /* FNV-1a */
    hash = hash == 0 ? 0xcbf29ce484222325u : hash;
    for (const char *at = text; *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * 0x100000001b3u;
    return (hash ^ 0xffu) * 0x100000001b3u;
}

bool check_keep(struct check_state *s, const char *key, const char *value)
{
    struct check_text *t = check_find(s, key);
    if (t == NULL && value[0] == '\0')
        return true;
    if (t == NULL) {
        if (s->text_count == s->text_max)
            return false;
        struct check_text fresh = { .key = arena_strdup(&s->arena, key),
                                    .text = arena_alloc(&s->arena, FORM_ANSWER_MAX + 1) };
        if (fresh.key == NULL || fresh.text == NULL)
            return false;
        t = &s->texts[s->text_count++];
        *t = fresh;
    }
    (void)str_copy(t->text, FORM_ANSWER_MAX + 1, value);
    return true;
}

void check_put(struct app *app, struct check_state *s, const char *key, const char *value)
{
    struct why why;
    s->dirty = true;
    if (!check_keep(s, key, value)) {
        app_toast(app, TONE_BAD, "This answer is not kept: the form holds no more");
        return;
    }
    enum err rc = store_draft_put(&app->store, app->now, app->session.person, s->draft_item,
                                  s->base->id, s->version, key, value, &why);
    if (rc != ERR_OK)
        app_toast(app, TONE_BAD, "This answer is on the screen but not saved yet: %s", why.text);
}

bool check_is_pass_fail(const struct form_field *f)
{
    if (f->type != FIELD_SELECT_ONE || f->choices == NULL)
        return false;
    bool fail = false;
    for (size_t i = 0; i < f->choices->count; i++) {
        const char *name = f->choices->rows[i].name;
        if (!str_eq(name, "pass") && !str_eq(name, "fail") && !str_eq(name, "na"))
            return false;
        fail = fail || str_eq(name, "fail");
    }
    return fail;
}

/* ---- judging ---- */

/* What is answered, for the engine to lay out repeats by. */
static struct form_answer *check_answers(struct check_state *s, size_t *out_count)
{
    struct form_answer *rows = arena_array(&s->judged, s->text_count + 1, sizeof *rows);
    *out_count = 0;
    for (size_t i = 0; rows != NULL && i < s->text_count; i++)
        if (s->texts[i].text[0] != '\0')
            rows[(*out_count)++] = (struct form_answer){ s->texts[i].key, s->texts[i].text };
    return rows;
}

/* The rows' answers by their place, through a table of hashes: a form may have thousands of both. */
static bool check_place(struct check_state *s)
{
    size_t slots = 64;
    while (slots < 2 * s->text_count + 2)
        slots *= 2;
    const struct check_text **table =
        arena_array(&s->judged, slots, sizeof(const struct check_text *));
    s->values = arena_array(&s->judged, s->form.field_count + 1, sizeof *s->values);
    if (table == NULL || s->values == NULL)
        return false;
    for (size_t i = 0; i < s->text_count; i++) {
        size_t at = (size_t)check_hash(0, s->texts[i].key) & (slots - 1);
        while (table[at] != NULL)
            at = (at + 1) & (slots - 1);
        table[at] = &s->texts[i];
    }
    for (size_t i = 0; i < s->form.field_count; i++) {
        const char *name = s->form.fields[i].name;
        size_t at = (size_t)check_hash(0, name) & (slots - 1);
        while (table[at] != NULL && !str_eq(table[at]->key, name))
            at = (at + 1) & (slots - 1);
        /* An answer that was emptied stays empty: its default does not come back. */
        if (table[at] != NULL)
            s->values[i] = table[at]->text;
    }
    return true;
}

static enum err check_judge_form(struct check_state *s)
{
    size_t count = 0;
    struct form_answer *rows = check_answers(s, &count);
    if (rows == NULL)
        return why_set(&s->why, ERR_NOMEM, 0, "check: no memory");
    enum err rc = form_unfold(s->base, rows, count, &s->facts, &s->judged, &s->form, &s->why);
    if (rc != ERR_OK)
        return rc;
    if (!check_place(s))
        return why_set(&s->why, ERR_NOMEM, 0, "check: no memory");
    struct answers answers = { .values = s->values };
    return form_judge(&s->form, &answers, &s->facts, &s->judged, &s->state, &s->why);
}

/* A place for each row that is laid out: a form grows with its repeats and its follow-up rows. */
static bool check_plan_room(struct check_state *s)
{
    if (s->plans == NULL || s->form.field_count <= s->plan_max)
        return true;
    size_t most = s->form.field_count + s->form.field_count / 2;
    struct row_plan *plans = arena_array(&s->arena, most, sizeof *plans);
    if (plans == NULL) {
        (void)why_set(&s->why, ERR_NOMEM, 0, "check: no memory");
        return false;
    }
    s->plans = plans;
    s->plan_max = most;
    return true;
}

void check_judge(struct app *app, struct check_state *s)
{
    check_read_facts(app, s);
    /* The picture of this frame still points into what it was drawn from. */
    struct arena older = s->before;
    s->before = s->judged;
    s->judged = older;
    arena_reset(&s->judged);
    s->failed = check_judge_form(s) != ERR_OK || !check_plan_room(s);
    s->dirty = false;
    s->judgement++;
}

/* A pass may bring up further rows, which then want theirs. */
void check_pass_rest(struct app *app, struct check_state *s)
{
    enum { ROUNDS_MAX = 10 };
    bool some = true;
    for (int round = 0; round < ROUNDS_MAX && some && !s->failed; round++) {
        some = false;
        for (size_t i = 0; i < s->form.field_count; i++)
            if (s->state.fields[i].missing && check_is_pass_fail(&s->form.fields[i]))
                some = check_keep(s, s->form.fields[i].name, "pass") || some;
        if (some)
            check_judge(app, s);
    }
}
