#include "app/store/content_school.h"

#include <string.h>

#include "app/store/reading.h"

/* Adaptations and suggestions of the example school. A document that the content does not have (or that
   cannot be read) is left out: an example must not keep the school from being there. */

enum { SEED_GROUPS_MAX = 60 };

static enum err seed_model(struct seed *s, const struct seed_row *r, struct assessment *m,
                           bool *out_there, struct why *why)
{
    struct doc *d = arena_alloc(&s->a, sizeof *d);

    if (d == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for an assessment");
    *out_there = content_doc(s->content, seed_cell(r, "doc"), &s->a, d, NULL) == ERR_OK &&
                 assessment_from_doc(&s->a, d, m, NULL) == ERR_OK;
    return ERR_OK;
}

/* «one; two; three»: each part in turn, NULL at the end. */
static const char *seed_part(struct seed *s, const char **text)
{
    size_t len = strcspn(*text, ";");
    const char *part;

    if (**text == '\0')
        return NULL;
    part = arena_strndup(&s->a, *text, len);
    *text += len;
    *text += strspn(*text, "; ");
    return part;
}

/* «path=number» each. */
static enum err seed_changes(struct seed *s, const char *text, struct adaptation *x,
                             struct why *why)
{
    for (const char *part = seed_part(s, &text); part != NULL; part = seed_part(s, &text)) {
        size_t len = strcspn(part, "=");
        const char *path = arena_strndup(&s->a, part, len);
        double amount = 0;
        enum err rc;

        if (path == NULL || part[len] == '\0' || !str_to_f64(part + len + 1, &amount))
            return why_set(why, ERR_INPUT, 0, "changes are path=number; path=number");
        rc = adapt_amount(&s->a, x, path, amount, why);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

/* «control=Words» each. */
static enum err seed_additions(struct seed *s, const char *text, struct adaptation *x,
                               struct why *why)
{
    for (const char *part = seed_part(s, &text); part != NULL; part = seed_part(s, &text)) {
        size_t len = strcspn(part, "=");
        const char *key = arena_strndup(&s->a, part, len);
        enum err rc;

        if (key == NULL || part[len] == '\0')
            return why_set(why, ERR_INPUT, 0, "additions are control=words; step=words");
        rc = adapt_add(&s->a, x, key, part + len + 1, NULL, why);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

static enum err seed_class(struct seed *s, const struct seed_row *r, const struct assessment *m,
                           struct adaptation *x, struct why *why)
{
    const char *ticks = seed_cell(r, "ticks");
    int64_t number = 0;
    char until[CALDATE_TEXT];
    enum err rc = ERR_OK;

    if (!seed_day(s, seed_cell(r, "until"), until) || !caldate_parse(until, &x->until))
        return why_set(why, ERR_INPUT, 0, "until is a date, or a number of days from today");
    x->class_name = seed_cell(r, "class");
    x->note = seed_cell(r, "note");
    for (size_t i = 0; i < m->room_count && rc == ERR_OK; i++)
        rc = adapt_room(&s->a, x, m->rooms[i], true, why);
    for (const char *tick = seed_part(s, &ticks); tick != NULL && rc == ERR_OK;
         tick = seed_part(s, &ticks))
        rc = adapt_tick(&s->a, m, x, tick, true, why);
    if (rc == ERR_OK && str_to_i64(seed_cell(r, "groups"), &number) && number > 0 &&
        number <= SEED_GROUPS_MAX)
        rc = adapt_groups(&s->a, x, (int)number, why);
    /* Signed for an earlier revision than the content has: the kiosk asks to look again. */
    if (str_to_i64(seed_cell(r, "revision"), &number) && number > 0 && number <= x->revision)
        x->revision = (int)number;
    return rc;
}

enum err seed_adaptation(struct seed *s, const struct seed_row *r, struct why *why)
{
    char person[KEYS_RANDOM_ID];
    char id[KEYS_RANDOM_ID];
    struct assessment m;
    struct adaptation x;
    bool there = false;
    enum err rc = seed_model(s, r, &m, &there, why);

    if (rc != ERR_OK || !there)
        return rc;
    seed_id(s, "person", seed_cell(r, "person"), person);
    seed_id(s, "adaptation", seed_cell(r, "class"), id);
    rc = adapt_begin(&s->a, &m, seed_cell(r, "stage"), &x, why);
    if (rc == ERR_OK)
        rc = seed_class(s, r, &m, &x, why);
    if (rc == ERR_OK)
        rc = seed_changes(s, seed_cell(r, "changes"), &x, why);
    if (rc == ERR_OK)
        rc = seed_additions(s, seed_cell(r, "additions"), &x, why);
    if (rc != ERR_OK)
        return rc;
    return store_sign_adaptation(
        s->store, clock_read(s->clock), person,
        &(struct adaptation_draft){ .adaptation = &x, .prep = m.prep, .new_id = id }, NULL, NULL,
        NULL, why);
}

enum err seed_suggestion(struct seed *s, const struct seed_row *r, struct why *why)
{
    const struct suggestion_draft draft = { .doc = seed_cell(r, "doc"),
                                            .path = seed_cell(r, "path"),
                                            .text = seed_cell(r, "text") };
    char person[KEYS_RANDOM_ID];

    seed_id(s, "person", seed_cell(r, "person"), person);
    return store_suggest(s->store, clock_read(s->clock), person, &draft, NULL, why);
}
