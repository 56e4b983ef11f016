#include "app/domain/chemical.h"

#include <math.h>
#include <string.h>

#include "app/domain/sign.h"
#include "platform/base/str.h"

static enum err chem_refuse(struct why *why, const struct doc_node *node, const char *text)
{
    return why_set(why, ERR_INPUT, 0, "line %u: %s", node->line, text);
}

static enum err chem_list(struct arena *a, const struct doc_node *list, size_t max,
                          const char ***out, size_t *out_count, struct why *why)
{
    *out = NULL;
    *out_count = 0;
    if (list == NULL || (list->kind == DOC_NODE_TEXT && list->text[0] == '\0'))
        return ERR_OK;
    if (list->kind == DOC_NODE_MAP)
        return chem_refuse(why, list, "a list of words belongs here");
    size_t count = list->kind == DOC_NODE_TEXT ? 1 : list->count;
    if (count > max)
        return chem_refuse(why, list, "the list is too long");
    const char **texts = arena_array(a, count, sizeof *texts);
    if (texts == NULL && count > 0)
        return why_set(why, ERR_NOMEM, 0, "no memory for a chemical");
    for (size_t i = 0; i < count; i++) {
        const struct doc_node *item = list->kind == DOC_NODE_TEXT ? list : &list->items[i];
        if (item->kind != DOC_NODE_TEXT || item->text[0] == '\0')
            return chem_refuse(why, item, "a list of words belongs here");
        texts[i] = item->text;
    }
    *out = texts;
    *out_count = count;
    return ERR_OK;
}

/* A number of the map, at least 0; `none` where the key is absent. */
static enum err chem_number(const struct doc_node *map, const char *key, double none, double *out,
                            struct why *why)
{
    const struct doc_node *node = doc_node_get(map, key);
    *out = none;
    if (node == NULL)
        return ERR_OK;
    if (node->kind != DOC_NODE_TEXT || !str_to_f64(node->text, out) || *out < 0)
        return chem_refuse(why, node, "a strength is a number such as 0.4");
    return ERR_OK;
}

static enum err chem_range(const struct doc_node *map, const char *from, const char *to,
                           struct chem_range *out, struct why *why)
{
    enum err rc = chem_number(map, from, NAN, &out->from, why);
    if (rc == ERR_OK)
        rc = chem_number(map, to, isnan(out->from) ? NAN : INFINITY, &out->to, why);
    if (rc != ERR_OK)
        return rc;
    if (isnan(out->from) != isnan(out->to))
        return chem_refuse(why, map, "a band that says where it ends also says where it begins");
    if (out->to < out->from)
        return chem_refuse(why, map, "this band ends below where it begins");
    return ERR_OK;
}

static enum err chem_signal(const struct doc_node *map, enum hazard_signal *out, struct why *why)
{
    const char *text = doc_node_text(map, "signal");
    if (str_eq(text, "danger"))
        *out = HAZARD_DANGER;
    else if (str_eq(text, "warning"))
        *out = HAZARD_WARNING;
    else if (str_eq(text, "none"))
        *out = HAZARD_NO_SIGNAL;
    else
        return chem_refuse(why, map, "the signal is danger, warning or none");
    return ERR_OK;
}

/* What a label shows follows from its codes: where the document says otherwise, one of the two is mistyped, and nobody can
   know which. */
static enum err chem_agrees(const struct doc_node *map, const struct chem_band *b, struct why *why)
{
    const char *derived[HAZARD_PICTOGRAMS_MAX];
    size_t count = hazard_pictograms(b->h_codes, b->h_code_count, derived);
    for (size_t i = 0; i < b->h_code_count; i++)
        if (hazard_code_words(b->h_codes[i]) == NULL)
            return why_set(why, ERR_INPUT, 0, "line %u: there is no hazard code \"%.16s\"",
                           map->line, b->h_codes[i]);
    for (size_t i = 0; i < b->pictogram_count; i++)
        if (sign_by_id(b->pictograms[i]) == NULL)
            return why_set(why, ERR_INPUT, 0, "line %u: there is no sign \"%.16s\"", map->line,
                           b->pictograms[i]);
    bool same = count == b->pictogram_count;
    for (size_t i = 0; same && i < count; i++)
        same = str_eq(derived[i], b->pictograms[i]);
    if (!same)
        return chem_refuse(why, map, "the pictograms are not those that the hazard codes give");
    if (b->signal < hazard_signal_of(b->h_codes, b->h_code_count) ||
        (b->h_code_count == 0 && b->signal != HAZARD_NO_SIGNAL))
        return chem_refuse(why, map, "the signal word is not the one that the hazard codes give");
    return ERR_OK;
}

static enum err chem_band_read(struct arena *a, const struct doc_node *map, struct chem_band *out,
                               struct why *why)
{
    static const struct {
        const char *from, *to;
    } keys[CHEM_SCALES] = {
        [CHEM_MOL_L] = { "from", "to" },
        [CHEM_PERCENT] = { "pct_from", "pct_to" },
        [CHEM_VOL] = { "vol_from", "vol_to" },
    };
    if (map->kind != DOC_NODE_MAP)
        return chem_refuse(why, map, "a band has keys: strength, signal, h_codes");
    *out = (struct chem_band){ .row = doc_node_text(map, "row"),
                               .strength = doc_node_text(map, "strength"),
                               .formula = doc_node_text(map, "formula"),
                               .cas = doc_node_text(map, "cas"),
                               .limit_basis = doc_node_text(map, "limit_basis"),
                               .storage = doc_node_text(map, "storage"),
                               .disposal = doc_node_text(map, "disposal"),
                               .wel = doc_node_text(map, "wel"),
                               .confidence = doc_node_text(map, "confidence"),
                               .note = doc_node_text(map, "note") };
    if (out->strength[0] == '\0')
        return chem_refuse(why, map, "a band says its strength in words");
    if (!str_eq(out->confidence, "sure") && !str_eq(out->confidence, "likely") &&
        !str_eq(out->confidence, "verify"))
        return chem_refuse(why, map, "a band says how sure it is: sure, likely or verify");
    enum err rc = ERR_OK;
    for (size_t i = 0; i < CHEM_SCALES && rc == ERR_OK; i++)
        rc = chem_range(map, keys[i].from, keys[i].to, &out->in[i], why);
    if (rc == ERR_OK)
        rc = chem_signal(map, &out->signal, why);
    if (rc == ERR_OK)
        rc = chem_list(a, doc_node_get(map, "pictograms"), HAZARD_PICTOGRAMS_MAX, &out->pictograms,
                       &out->pictogram_count, why);
    if (rc == ERR_OK)
        rc = chem_list(a, doc_node_get(map, "h_codes"), HAZARD_CODES_MAX, &out->h_codes,
                       &out->h_code_count, why);
    return rc == ERR_OK ? chem_agrees(map, out, why) : rc;
}

/* Two bands of one scale that overlap would make the answer hang on their order. They may touch. */
static enum err chem_apart(const struct doc_node *list, const struct chemical *c, struct why *why)
{
    for (size_t s = 0; s < CHEM_SCALES; s++)
        for (size_t i = 0; i < c->band_count; i++)
            for (size_t j = i + 1; j < c->band_count; j++) {
                const struct chem_range *x = &c->bands[i].in[s];
                const struct chem_range *y = &c->bands[j].in[s];
                if (x->from < y->to && y->from < x->to)
                    return chem_refuse(why, &list->items[j], "this band overlaps another");
                if (x->from == y->from)
                    return chem_refuse(why, &list->items[j], "two bands begin at one strength");
            }
    return ERR_OK;
}

enum err chemical_from_doc(struct arena *a, const struct doc *d, struct chemical *out,
                           struct why *why)
{
    const struct doc_node *list = doc_get(d, "bands");
    struct chemical c = { .id = d->id, .name = d->title, .formula = doc_text(d, "formula") };
    if (list == NULL || list->kind != DOC_NODE_LIST || list->count == 0)
        return why_set(why, ERR_INPUT, 0, "%.64s: a chemical has bands", d->id);
    if (list->count > CHEM_BANDS_MAX)
        return chem_refuse(why, list, "there are too many bands");
    c.band_count = list->count;
    c.bands = arena_array(a, c.band_count, sizeof *c.bands);
    if (c.bands == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for a chemical");
    enum err rc = chem_list(a, doc_get(d, "also"), 32, &c.also, &c.also_count, why);
    for (size_t i = 0; i < c.band_count && rc == ERR_OK; i++)
        rc = chem_band_read(a, &list->items[i], &c.bands[i], why);
    if (rc == ERR_OK)
        rc = chem_apart(list, &c, why);
    if (rc == ERR_OK)
        *out = c;
    return rc;
}
