#include <math.h>
#include <string.h>

#include "app/domain/adapt_parts.h"
#include "platform/base/attr.h"
#include "platform/base/str.h"

/* An assessment as lines. */

enum { LINE_UNIT_MAX = 32 /* bytes; a volume with more words behind it is no number */ };

const char *adapt_amount_text(struct arena *a, double amount, const char *unit)
{
    const char *text = isnan(amount)
                           ? arena_strdup(a, unit)
                           : arena_printf(a, "%.6g%s%s", amount, unit[0] != '\0' ? " " : "", unit);

    return text != NULL ? text : "";
}

/* A document's text may be folded over lines; a line of ours is one. */
static const char *line_text(struct arena *a, const char *text)
{
    char *copy = arena_strdup(a, text);

    for (char *c = copy; c != NULL && *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    }
    return copy != NULL ? copy : "";
}

static void lines_put(struct adapt_list *l, const char *path, const char *text)
{
    const char *key = path != NULL ? adapt_path_key(path) : NULL;

    if (key == NULL) {
        l->failed = true;
        return;
    }
    adapt_list_push(
        l,
        (struct adapt_line){
            .path = path, .key = key, .text = line_text(l->a, text), .amount = NAN, .unit = "" });
}

static void lines_number(struct adapt_list *l, const char *key, size_t number, const char *text)
{
    lines_put(l, arena_printf(l->a, "%s/%zu", key, number), text);
}

static void lines_list(struct adapt_list *l, const char *key, const char *const *texts,
                       size_t count)
{
    for (size_t i = 0; i < count; i++)
        lines_number(l, key, i + 1, texts[i]);
}

/* key/ID, or key/ID#2 where the same stands a second time; end: what follows the id. */
static const char *lines_path(struct adapt_list *l, const char *key, const char *id,
                              const char *end)
{
    const char *path = arena_printf(l->a, "%s/%s%s", key, id, end);

    for (unsigned n = 2; path != NULL && adapt_place(l->line, l->count, path) < l->count; n++)
        path = arena_printf(l->a, "%s/%s#%u%s", key, id, n, end);
    return path;
}

static void lines_ids(struct adapt_list *l, const char *key, const char *const *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        lines_put(l, lines_path(l, key, ids[i], ""), ids[i]);
}

static void lines_amount(struct adapt_list *l, const char *path, double amount, const char *unit,
                         bool both_ways)
{
    lines_put(l, path, adapt_amount_text(l->a, amount, unit));
    if (l->failed)
        return;
    l->line[l->count - 1].amount = amount;
    l->line[l->count - 1].unit = unit;
    l->line[l->count - 1].both_ways = both_ways;
}

/* Substances that schools use to make safe: their strength is a control, whether the document says so or
   not. */
static bool chemical_makes_safe(const struct assessment_chemical *c)
{
    static const char *const ids[] = { "hypochlorite",      "bleach",    "virkon", "disinfect",
                                       "peroxymonosulfate", "chlorate-i" };

    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        if (strstr(c->chemical, ids[i]) != NULL)
            return true;
    }
    return c->makes_safe;
}

static void lines_chemicals(struct adapt_list *l, const struct assessment *m, const char *stage)
{
    for (size_t i = 0; i < m->chemical_count && !l->failed; i++) {
        const struct assessment_chemical *c = &m->chemicals[i];
        bool both = chemical_makes_safe(c);
        const char *path = lines_path(l, "chemical", c->chemical, "/conc");

        lines_amount(l, path, assessment_conc_for(c, stage), c->unit, both);
        if (c->volume[0] == '\0' || l->failed)
            continue;
        /* The same use of the substance as the line just put: ID#2 keeps with ID#2. */
        path = arena_strndup(l->a, path, strlen(path) - strlen("/conc"));
        path = path == NULL ? NULL : arena_printf(l->a, "%s/volume", path);
        if (isnan(c->volume_amount) || strlen(c->volume_unit) > LINE_UNIT_MAX)
            lines_put(l, path, c->volume);
        else
            lines_amount(l, path, c->volume_amount, c->volume_unit, both);
    }
}

static void lines_head(struct adapt_list *l, const struct assessment *m, const char *stage)
{
    enum assessment_mode mode = assessment_mode_for(m, stage);

    lines_put(l, "level", assessment_level_id(m->level));
    lines_put(l, "mode", assessment_mode_id(mode));
    if (stage[0] != '\0') {
        /* Younger than the model was written for, and not made a demonstration by that: the line says the
           model's stages, so that a copy for this one differs from it. */
        bool fits = assessment_for_stage(m, stage) || mode != m->mode;
        const char *text = stage;

        for (size_t i = 0; !fits && i < m->doc->stage_count; i++)
            text = arena_printf(l->a, "%s%s%s",
                                i == 0         ? ""
                                : text == NULL ? ""
                                               : text,
                                i == 0 ? "" : ", ", m->doc->stages[i]);
        lines_put(l, "stage", text == NULL ? "" : text);
    }
    if (m->groups > 0)
        lines_amount(l, "groups", m->groups, "groups", false);
    if (m->needs[0] != '\0')
        lines_put(l, "needs", m->needs);
    lines_put(l, "who", m->who);
    lines_put(l, "if_wrong", m->if_wrong);
}

static void lines_controls(struct adapt_list *l, const struct assessment *m)
{
    for (size_t i = 0; i < m->control_count; i++)
        lines_number(l, "control", i + 1, m->controls[i].text);
    for (size_t i = 0; i < m->control_count; i++) {
        if (m->controls[i].stop_point[0] != '\0')
            lines_number(l, "stop_point", i + 1, m->controls[i].stop_point);
    }
}

static void lines_hazards(struct adapt_list *l, const struct assessment *m)
{
    for (size_t i = 0; i < m->hazard_count; i++) {
        const struct assessment_hazard *h = &m->hazards[i];
        const char *text =
            arena_printf(l->a, "%s%s%s%s%s", h->what, h->who[0] != '\0' ? " (" : "", h->who,
                         h->who[0] != '\0' ? ")" : "", h->how[0] != '\0' ? ": " : "");

        text = text == NULL ? NULL : arena_printf(l->a, "%s%s", text, h->how);
        lines_number(l, "hazard", i + 1, text == NULL ? "" : text);
    }
}

static void lines_rest(struct adapt_list *l, const struct assessment *m)
{
    for (size_t i = 0; i < m->equipment_count; i++) {
        const struct assessment_equipment *e = &m->equipment[i];
        const char *text = arena_printf(l->a, "%s%s%s", e->name[0] != '\0' ? e->name : e->kind,
                                        e->need[0] != '\0' ? ": " : "", e->need);

        lines_put(l, lines_path(l, "equipment", e->kind[0] != '\0' ? e->kind : "other", ""),
                  text == NULL ? "" : text);
    }
    lines_ids(l, "room", m->rooms, m->room_count);
    for (size_t i = 0; i < m->emergency_count; i++) {
        const struct assessment_emergency *e = &m->emergency[i];
        const char *text = arena_printf(l->a, "%s: %s%s%s", e->see, e->act,
                                        e->then[0] != '\0' ? " " : "", e->then);

        lines_number(l, "emergency", i + 1, text == NULL ? "" : text);
    }
    for (size_t i = 0; i < m->step_count; i++)
        lines_number(l, "step", i + 1, m->steps[i].text);
    lines_list(l, "prep", m->prep_steps, m->prep_step_count);
    lines_list(l, "disposal", m->disposal, m->disposal_count);
    for (size_t i = 0; i < m->quantity_count; i++) {
        const char *text =
            arena_printf(l->a, "%s: %s", m->quantities[i].what, m->quantities[i].each);

        lines_number(l, "quantity", i + 1, text == NULL ? "" : text);
    }
}

enum err adapt_lines(struct arena *a, const struct assessment *m, const char *stage,
                     struct adapt_lines *out, struct why *why)
{
    struct adapt_list l = { .a = a };
    enum err rc;

    lines_head(&l, m, stage);
    lines_list(&l, "do_not", m->do_nots, m->do_not_count);
    lines_ids(&l, "ppe", m->ppe, m->ppe_count);
    lines_ids(&l, "sign", m->signs, m->sign_count);
    lines_hazards(&l, m);
    lines_chemicals(&l, m, stage);
    lines_controls(&l, m);
    lines_rest(&l, m);
    rc = adapt_list_done(&l, out, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "%s", m->doc->id);
}

enum err adapt_begin(struct arena *a, const struct assessment *m, const char *stage,
                     struct adaptation *out, struct why *why)
{
    struct adaptation x = { .model = m->doc->id,
                            .title = m->doc->title,
                            .issuer = m->doc->issuer,
                            .revision = m->doc->revision,
                            .class_name = "",
                            .stage = stage,
                            .note = "",
                            .until = CALDATE_NONE };
    struct adapt_list mine;
    size_t at;
    enum err rc = adapt_lines(a, m, stage, &x.base, why);

    if (rc != ERR_OK)
        return rc;
    mine = adapt_list_of(a, x.base);
    at = adapt_place(mine.line, mine.count, "stage");
    if (at < mine.count)
        mine.line[at].text = stage;
    rc = adapt_list_done(&mine, &x.mine, why);
    if (rc == ERR_OK)
        *out = x;
    return rc;
}
