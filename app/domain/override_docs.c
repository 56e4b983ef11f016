#include <ctype.h>
#include <string.h>

#include "app/domain/override_parts.h"
#include "app/domain/stop.h"
#include "platform/base/str.h"

/* A document carries no basis. What is judged here is what an author marked as a matter of life and
   limb: the level, the steps at which to stop, and what is never done. The rest is told. */

struct docs {
    struct arena *a;
    const struct doc *base, *over;
    struct override_report *out;
};

static void docs_tell(struct docs *d, enum override_kind kind, bool refused, const char *key,
                      const char *what, const char *base, const char *over, const char *todo)
{
    const struct doc_node *node = doc_get(d->over, key);
    struct override_report *r = d->out;

    r->kinds[kind]++;
    r->refused += refused ? 1 : 0;
    if (r->count == OVERRIDE_ROWS_MAX) {
        r->more = true;
        return;
    }
    r->rows[r->count++] = (struct override_row){
        .kind = kind,
        .refused = refused,
        .row = node != NULL ? node->line : 1,
        .name = "",
        .label = "",
        .column = key,
        .what = what,
        .base = base,
        .over = over,
        .todo = refused ? todo : "",
    };
}

/* The same words, however they are spaced and whatever their case. */
static bool same_words(const char *x, const char *y)
{
    for (;;) {
        while (isspace((unsigned char)*x) || *x == '.')
            x++;
        while (isspace((unsigned char)*y) || *y == '.')
            y++;
        if (*x == '\0' || *y == '\0')
            return *x == *y;
        if (tolower((unsigned char)*x) != tolower((unsigned char)*y))
            return false;
        x++;
        y++;
    }
}

static bool list_has(const char *const *list, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (same_words(list[i], text))
            return true;
    return false;
}

static int level_rank(const char *level)
{
    static const char *const levels[] = { "routine", "care", "stop-points" };

    for (size_t i = 0; i < COUNT_OF(levels); i++)
        if (str_eq(levels[i], level))
            return (int)i;
    return -1;
}

static void docs_level(struct docs *d)
{
    const char *x = doc_text(d->base, "level");
    const char *y = doc_text(d->over, "level");
    int by = level_rank(y) - level_rank(x);

    if (by != 0)
        docs_tell(d, by > 0 ? OVERRIDE_STRICTER : OVERRIDE_LOOSER, by < 0, "level", "level", x, y,
                  "Write the level of the document that it stands in for, or a higher one.");
}

/* Whether some control of the document stops for that reason, or is that control and stops at all. */
static bool stops(const struct doc *d, const char *reason, const char *text)
{
    const struct doc_node *controls = doc_get(d, "controls");

    for (size_t i = 0; i < doc_node_count(controls); i++) {
        const struct doc_node *one = &controls->items[i];
        const char *stop = doc_node_text(one, "stop_point");

        if (one->kind == DOC_NODE_MAP && *stop != '\0' &&
            (same_words(stop, reason) || same_words(doc_node_text(one, "text"), text)))
            return true;
    }
    return false;
}

static void docs_stop_points(struct docs *d)
{
    const struct doc_node *controls = doc_get(d->base, "controls");

    for (size_t i = 0; i < doc_node_count(controls); i++) {
        const struct doc_node *one = &controls->items[i];
        const char *stop = one->kind == DOC_NODE_MAP ? doc_node_text(one, "stop_point") : "";

        if (*stop != '\0' && !stops(d->over, stop, doc_node_text(one, "text")))
            docs_tell(
                d, OVERRIDE_LOOSER, true, "controls", "stop point", stop, "",
                "Put the control back with its stop_point, in the same words; what you ask for "
                "besides goes beside it.");
    }
}

static void docs_never(struct docs *d)
{
    for (size_t i = 0; i < d->base->do_not_count; i++)
        if (!list_has(d->over->do_nots, d->over->do_not_count, d->base->do_nots[i]))
            docs_tell(d, OVERRIDE_LOOSER, true, "do_nots", "what is never done",
                      d->base->do_nots[i], "",
                      "Put the line back under do_nots, in the same words.");
    for (size_t i = 0; i < d->over->do_not_count; i++)
        if (!list_has(d->base->do_nots, d->base->do_not_count, d->over->do_nots[i]))
            docs_tell(d, OVERRIDE_STRICTER, false, "do_nots", "what is never done", "",
                      d->over->do_nots[i], "");
}

/* Signs that are worn: told where they go or come, since a sign may stand for another one. */
static void docs_ppe(struct docs *d)
{
    for (size_t i = 0; i < d->base->ppe_count; i++)
        if (!list_has(d->over->ppe, d->over->ppe_count, d->base->ppe[i]))
            docs_tell(d, OVERRIDE_OTHER, false, "ppe", "to wear", d->base->ppe[i], "", "");
    for (size_t i = 0; i < d->over->ppe_count; i++)
        if (!list_has(d->base->ppe, d->base->ppe_count, d->over->ppe[i]))
            docs_tell(d, OVERRIDE_STRICTER, false, "ppe", "to wear", "", d->over->ppe[i], "");
}

enum err override_docs(struct arena *a, const struct doc *base, const struct doc *over,
                       struct override_report *out, struct why *why)
{
    struct docs d = { .a = a, .base = base, .over = over, .out = out };

    *out = (struct override_report){ .rows = arena_array(a, OVERRIDE_ROWS_MAX, sizeof *out->rows) };
    if (out->rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory to compare two documents");
    if (base == NULL)
        return ERR_OK;
    /* A recall says what must not be used anywhere, and a stop notice what must not be done. */
    if (stop_is(base)) {
        docs_tell(&d, OVERRIDE_LOOSER, true, "id", "a recall or stop notice", base->id,
                  "another text",
                  "Nobody stands in for such a notice: give yours an id of its own, without "
                  "overrides.");
        return ERR_OK;
    }
    if (!str_eq(base->kind, over->kind)) {
        docs_tell(&d, OVERRIDE_OTHER, true, "kind", "kind of document", base->kind, over->kind,
                  "Keep the kind of the document that it stands in for.");
        return ERR_OK;
    }
    docs_level(&d);
    docs_stop_points(&d);
    docs_never(&d);
    docs_ppe(&d);
    if (!str_eq(doc_text(base, "mode"), doc_text(over, "mode")))
        docs_tell(&d, OVERRIDE_OTHER, false, "mode", "who does it", doc_text(base, "mode"),
                  doc_text(over, "mode"), "");
    return ERR_OK;
}
