#include <string.h>

#include "app/domain/caldate.h"
#include "app/screens/letter.h"
#include "platform/base/str.h"

/* A letter in words: for the phone, for a file, and for who answers it. */

const char *letter_to(const char *to)
{
    static const struct {
        const char *id, *name;
    } rows[] = { { "sserc", "SSERC" },
                 { "stac", "STAC" },
                 { "authority", "the authority" },
                 { LETTER_SELF, "you" } };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_eq(rows[i].id, to))
            return rows[i].name;
    return to;
}

static size_t letter_words(const char *text)
{
    size_t count = 0;
    bool in = false;
    for (; *text != '\0'; text++) {
        bool blank = *text == ' ' || *text == '\n' || *text == '\t';
        count += !blank && !in ? 1 : 0;
        in = !blank;
    }
    return count;
}

static bool text_is(const struct form_field *f, const char *word)
{
    return strstr(f->appearance, word) != NULL;
}

static bool text_said(const struct letter_page *s, size_t at)
{
    const struct form_field *f = &s->check.form.fields[at];
    switch (f->type) {
    case FIELD_NOTE:
    case FIELD_BEGIN_GROUP:
    case FIELD_END_GROUP:
    case FIELD_BEGIN_REPEAT:
    case FIELD_END_REPEAT:
    case FIELD_HIDDEN:
        return false;
    default:
        return s->check.state.fields[at].relevant && check_value(&s->check, at)[0] != '\0';
    }
}

size_t letter_written(const struct letter_page *s)
{
    size_t words = 0;
    for (size_t i = 0; i < s->check.form.field_count; i++)
        if (text_said(s, i) && s->check.form.fields[i].type == FIELD_TEXT)
            words += letter_words(check_value(&s->check, i));
    return words;
}

const char *letter_value(const struct letter_page *s, size_t at)
{
    const struct field_state *state = &s->check.state.fields[at];
    const char *value = check_value(&s->check, at);
    for (size_t i = 0; state->choices != NULL && i < state->choice_count; i++)
        if (str_eq(state->choices[i].name, value))
            return state->choices[i].label;
    return value;
}

static void text_about(struct buf *out, const struct ask_about *about)
{
    if (about->id[0] == '\0')
        return;
    buf_printf(out, "About: %s", about->title);
    if (about->concentration[0] != '\0')
        buf_printf(out, ", %s", about->concentration);
    if (!about->item)
        buf_printf(out, " [%s]", about->id);
    if (about->revision[0] != '\0')
        buf_printf(out, " (%s)", about->revision);
    buf_str(out, "\n\n");
}

/* Only numbers, of the whole kiosk, and only where the person that they speak for agreed. */
static enum err text_counts(struct app *app, struct buf *out, struct why *why)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct due_ask ask = { .when = parts_when(app),
                           .lists = 1u << LIST_NOW,
                           .term_time = parts_term_time(app) };
    struct due_row *rows = NULL;
    size_t count = 0;
    size_t late = 0;
    size_t made = 0;
    enum err rc = query_due(&app->store, app->content, &ask, &app->scratch, &rows, &count, why);
    for (size_t i = 0; rc == ERR_OK && i < count; i++)
        late += rows[i].status.state == CYCLE_OVERDUE ? 1 : 0;
    if (rc == ERR_OK)
        rc = query_checks_made(&app->store, app->today - 365, &made, why);
    if (rc == ERR_OK)
        buf_printf(out,
                   "From the kiosk: %zu checks recorded in the last twelve months, %zu checks "
                   "late today.\n",
                   made, late);
    arena_rewind(&app->scratch, mark);
    return rc;
}

/* Prose stands alone, everything else with its question; what only steers the form is left out. */
enum err letter_text(struct app *app, const struct letter_page *s, struct buf *out, struct why *why)
{
    const struct form *f = &s->check.form;
    bool counts = false;
    enum err rc = ERR_OK;
    if (!letter_is_self(s))
        buf_printf(out, "%s\n\n", s->check.base->title);
    text_about(out, &s->about);
    for (size_t i = 0; i < f->field_count; i++) {
        if (!text_said(s, i))
            continue;
        counts = counts ||
                 (str_eq(f->fields[i].name, "consent") && str_eq(check_value(&s->check, i), "yes"));
        if (text_is(&f->fields[i], "unsaid"))
            continue;
        if (text_is(&f->fields[i], "prose"))
            buf_printf(out, "%s\n\n", letter_value(s, i));
        else
            buf_printf(out, "%s\n%s\n\n", s->check.state.fields[i].label, letter_value(s, i));
    }
    if (counts)
        rc = text_counts(app, out, why);
    return rc == ERR_OK ? buf_done(out, why) : rc;
}

const char *letter_gist(const struct draft *d)
{
    static const char *const first[] = { "heading", "title", "nominee", "question", "course" };
    for (size_t k = 0; k < COUNT_OF(first); k++)
        for (size_t i = 0; i < d->count; i++)
            if (str_eq(d->fields[i], first[k]) && d->values[i][0] != '\0')
                return d->values[i];
    for (size_t i = 0; i < d->count; i++)
        if (strchr(d->fields[i], ':') == NULL && d->values[i][0] != '\0')
            return d->values[i];
    return "Nothing written yet";
}
