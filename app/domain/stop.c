#include "app/domain/stop.h"

#include <string.h>

#include "platform/base/str.h"

enum { MISSING_MAX = 64, ABOUT_MAX = 600, ABOUT_NAMES = 4 };

bool stop_is(const struct doc *d)
{
    const char *kind = doc_text(d, "notice_kind");

    return str_eq(d->kind, "notice") && (str_eq(kind, "recall") || str_eq(kind, "stop"));
}

/* ---- reading one ---- */

static enum err stop_bad(const struct doc *d, const struct doc_node *node, const char *text,
                         struct why *why)
{
    if (node != NULL && node->line > 0)
        return why_set(why, ERR_INPUT, 0, "line %u: %s: %s", node->line, node->key, text);
    return why_set(why, ERR_INPUT, 0, "line %u: %s", d->front.line > 0 ? d->front.line : 1, text);
}

/* The texts under a key. */
static enum err stop_list(struct arena *a, const struct doc *d, const char *key, const char ***out,
                          size_t *out_count, struct why *why)
{
    const struct doc_node *node = doc_get(d, key);
    const size_t count = doc_node_count(node);
    const char **list;

    *out = NULL;
    *out_count = 0;
    if (count == 0 || (node->kind == DOC_NODE_TEXT && node->text[0] == '\0'))
        return ERR_OK;
    if (count > STOP_NAMES_MAX)
        return stop_bad(d, node, "too many entries", why);
    list = arena_array(a, count, sizeof *list);
    if (list == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for a notice");
    for (size_t i = 0; i < count; i++) {
        list[i] = doc_node_at(node, i);
        if (list[i][0] == '\0')
            return stop_bad(d, node, "an entry is empty, or no text", why);
    }
    *out = list;
    *out_count = count;
    return ERR_OK;
}

/* Names that say nothing would be about everything. */
static enum err stop_named(struct arena *a, const struct doc *d, const char *key, const char ***out,
                           size_t *out_count, struct why *why)
{
    enum err rc = stop_list(a, d, key, out, out_count, why);

    for (size_t i = 0; rc == ERR_OK && i < *out_count; i++)
        if (stop_unknown((*out)[i]))
            rc = stop_bad(d, doc_get(d, key),
                          "an entry tells nothing; leave the key out where any is meant", why);
    return rc;
}

static enum err stop_serials(struct arena *a, const struct doc *d, struct stop *out,
                             struct why *why)
{
    const struct doc_node *node = doc_get(d, "stop_serials");
    const bool any = node != NULL && (node->count > 0 || node->text[0] != '\0');

    if (!any)
        return ERR_OK;
    if (node->kind != DOC_NODE_LIST || node->count > STOP_NAMES_MAX)
        return stop_bad(d, node, "write each range as \"- from: PS1000\" and \"to: PS1999\"", why);
    out->serials = arena_array(a, node->count, sizeof *out->serials);
    if (out->serials == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for a notice");
    for (size_t i = 0; i < node->count; i++) {
        const struct doc_node *item = &node->items[i];
        struct stop_range *range = &out->serials[i];

        range->from = doc_node_text(item, "from");
        range->to = doc_node_text(item, "to");
        if (item->kind != DOC_NODE_MAP || range->from[0] == '\0' || range->to[0] == '\0')
            return why_set(why, ERR_INPUT, 0,
                           "line %u: stop_serials: an entry has \"from\" and \"to\", the first and "
                           "the last; one number alone stands in both",
                           item->line);
        if (!stop_range_fits(range))
            return why_set(why, ERR_INPUT, 0,
                           "line %u: stop_serials: no serial lies from \"%.30s\" to \"%.30s\"; "
                           "write both ends alike, the lower first, or make two ranges of it",
                           item->line, range->from, range->to);
    }
    out->serial_count = node->count;
    return ERR_OK;
}

static enum err stop_whole(const struct doc *d, const struct stop *s, struct why *why)
{
    const struct doc_node *narrow = s->maker_count > 0    ? doc_get(d, "stop_makers")
                                    : s->model_count > 0  ? doc_get(d, "stop_models")
                                    : s->serial_count > 0 ? doc_get(d, "stop_serials")
                                                          : NULL;

    if (s->id[0] == '\0' || strlen(s->id) > STOP_ID_MAX)
        return stop_bad(d, doc_get(d, "id"), "a notice has an id of 1 to 64 bytes", why);
    if (s->withdrawn)
        return ERR_OK;
    if (s->kind_count == 0 && narrow != NULL)
        return stop_bad(d, narrow,
                        "it narrows a kind of equipment: name the kinds, stop_kinds: [...]", why);
    if (s->kind_count == 0 && s->activity_count == 0 && s->chemical_count == 0)
        return stop_bad(d, doc_get(d, "notice_kind"),
                        "say what it is about: stop_kinds, stop_activities or stop_chemicals", why);
    if (s->do_count == 0)
        return stop_bad(d, doc_get(d, "notice_kind"),
                        "say what to do now: stop_do, one to three short lines", why);
    if (s->do_count > STOP_DO_MAX)
        return stop_bad(d, doc_get(d, "stop_do"), "at most three lines", why);
    return ERR_OK;
}

enum err stop_from_doc(struct arena *a, const struct doc *d, struct stop *out, struct why *why)
{
    struct stop s = {
        .id = d->id,
        .key = d->id,
        .title = d->title,
        .issuer = d->issuer,
        .body = "",
        .revision = d->revision,
        .recall = str_eq(doc_text(d, "notice_kind"), "recall"),
        .withdrawn = d->withdrawn != NULL && d->withdrawn[0] != '\0',
        .example = str_eq(d->example, "yes"),
        .day = d->revised_day,
        .ends = CALDATE_NONE,
    };
    const char *ends = doc_text(d, "stop_ends");
    enum err rc = ERR_OK;

    if (ends[0] != '\0' && !caldate_parse(ends, &s.ends))
        rc = stop_bad(d, doc_get(d, "stop_ends"), "no date; write it as 2026-11-23", why);
    if (rc == ERR_OK)
        rc = stop_list(a, d, "stop_do", &s.now_do, &s.do_count, why);
    if (rc == ERR_OK)
        rc = stop_list(a, d, "stop_kinds", &s.kinds, &s.kind_count, why);
    if (rc == ERR_OK)
        rc = stop_named(a, d, "stop_makers", &s.makers, &s.maker_count, why);
    if (rc == ERR_OK)
        rc = stop_named(a, d, "stop_models", &s.models, &s.model_count, why);
    if (rc == ERR_OK)
        rc = stop_serials(a, d, &s, why);
    if (rc == ERR_OK)
        rc = stop_list(a, d, "stop_activities", &s.activities, &s.activity_count, why);
    if (rc == ERR_OK)
        rc = stop_list(a, d, "stop_chemicals", &s.chemicals, &s.chemical_count, why);
    if (rc == ERR_OK)
        rc = stop_whole(d, &s, why);
    if (rc == ERR_OK)
        rc = doc_plain(a, d, &s.body, why);
    if (rc == ERR_OK)
        *out = s;
    return rc;
}

/* ---- what it says ---- */

bool stop_told(struct arena *a, const struct stop *s, struct stop *out)
{
    const char **lines = arena_array(a, s->do_count + 1, sizeof *lines);

    for (size_t i = 0; i < s->do_count && lines != NULL; i++)
        lines[i] = arena_strdup(a, s->now_do[i]);
    *out = (struct stop){
        .id = arena_strdup(a, s->id),
        .key = arena_strdup(a, s->key),
        .title = arena_strdup(a, s->title),
        .issuer = arena_strdup(a, s->issuer),
        .body = "",
        .revision = s->revision,
        .recall = s->recall,
        .withdrawn = s->withdrawn,
        .example = s->example,
        .day = s->day,
        .ends = s->ends,
        .now_do = lines,
        .do_count = lines == NULL ? 0 : s->do_count,
    };
    return lines != NULL && !a->failed;
}

bool stop_holds(const struct stop *s, int32_t today, bool clock_untrusted)
{
    return !s->withdrawn && (s->ends == CALDATE_NONE || clock_untrusted || today <= s->ends);
}

static bool stop_has(const char *const *list, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i], id))
            return true;
    return false;
}

/* Any of those that are named is enough; what none is named of asks nothing. aside: what stands in the other of the two
   cells, as a list that was taken in may have the two the wrong way round. */
static enum stop_match stop_any(const char *const *named, size_t count,
                                enum stop_match (*one_of)(const char *named, const char *known),
                                const char *known, const char *aside)
{
    enum stop_match best = count == 0 ? STOP_IN : STOP_OUT;

    for (size_t i = 0; i < count && best != STOP_IN; i++) {
        enum stop_match one = one_of(named[i], known);

        if (one == STOP_OUT && !stop_unknown(aside) && stop_text(named[i], aside) == STOP_IN)
            one = STOP_MAYBE;
        best = one > best ? one : best;
    }
    return best;
}

static enum stop_match stop_any_maker(const struct stop *s, const struct stop_item *item)
{
    return stop_any(s->makers, s->maker_count, stop_maker, item->maker, item->model);
}

static enum stop_match stop_any_model(const struct stop *s, const struct stop_item *item)
{
    return stop_any(s->models, s->model_count, stop_text, item->model, item->maker);
}

static enum stop_match stop_any_serial(const struct stop *s, const char *known)
{
    enum stop_match best = s->serial_count == 0 ? STOP_IN : STOP_OUT;

    for (size_t i = 0; i < s->serial_count && best != STOP_IN; i++) {
        enum stop_match one = stop_serial(&s->serials[i], known);

        best = one > best ? one : best;
    }
    return best;
}

static enum stop_match stop_lesser(enum stop_match x, enum stop_match y)
{
    return x < y ? x : y;
}

enum stop_match stop_match(const struct stop *s, const struct stop_item *item)
{
    enum stop_match m;

    for (size_t i = 0; i < item->chemical_count; i++)
        if (stop_has(s->chemicals, s->chemical_count, item->chemicals[i]))
            return STOP_IN;
    if (!stop_has(s->kinds, s->kind_count, item->kind))
        return STOP_OUT;
    m = stop_any_maker(s, item);
    m = stop_lesser(m, stop_any_model(s, item));
    m = stop_lesser(m, stop_any_serial(s, item->serial));
    return s->example && m == STOP_MAYBE ? STOP_OUT : m;
}

const char *stop_missing(struct arena *a, const struct stop *s, const struct stop_item *item)
{
    const char *names[3];
    size_t count = 0;
    const char *out;

    if (stop_match(s, item) != STOP_MAYBE)
        return "";
    if (stop_any_maker(s, item) == STOP_MAYBE)
        names[count++] = "maker";
    if (stop_any_model(s, item) == STOP_MAYBE)
        names[count++] = "model";
    if (stop_any_serial(s, item->serial) == STOP_MAYBE)
        names[count++] = "serial number";
    out = count == 1   ? names[0]
          : count == 2 ? arena_printf(a, "%s and %s", names[0], names[1])
                       : arena_printf(a, "%s, %s and %s", names[0], names[1], names[2]);
    return out == NULL ? "" : out;
}

bool stop_names_doc(const struct stop *s, const char *id)
{
    return stop_has(s->activities, s->activity_count, id) ||
           stop_has(s->chemicals, s->chemical_count, id);
}

static void about_part(struct buf *text)
{
    if (text->len > 0)
        buf_str(text, " · ");
}

static void about_names(struct buf *text, const char *const *names, size_t count)
{
    if (count > 0)
        about_part(text);
    for (size_t i = 0; i < count && i < ABOUT_NAMES; i++)
        buf_printf(text, "%s%.60s", i > 0 ? ", " : "", names[i]);
    if (count > ABOUT_NAMES)
        buf_printf(text, " and %zu more", count - ABOUT_NAMES);
}

const char *stop_about(struct arena *a, const struct stop *s,
                       const char *(*name)(void *ctx, const char *kind), void *ctx)
{
    struct buf text;
    const char *out;

    buf_init(&text, ABOUT_MAX * 8);
    for (size_t i = 0; i < s->kind_count && i < ABOUT_NAMES; i++)
        buf_printf(&text, "%s%.60s", i > 0 ? ", " : "",
                   name == NULL ? s->kinds[i] : name(ctx, s->kinds[i]));
    if (s->kind_count > ABOUT_NAMES)
        buf_printf(&text, " and %zu more kinds", s->kind_count - ABOUT_NAMES);
    about_names(&text, s->makers, s->maker_count);
    about_names(&text, s->models, s->model_count);
    for (size_t i = 0; i < s->serial_count && i < ABOUT_NAMES; i++) {
        about_part(&text);
        buf_printf(&text, "serial %.40s to %.40s", s->serials[i].from, s->serials[i].to);
    }
    if (s->serial_count > ABOUT_NAMES)
        buf_printf(&text, " and %zu more ranges", s->serial_count - ABOUT_NAMES);
    out = arena_strndup(a, text.len > 0 ? text.data : "", text.len);
    buf_free(&text);
    return out == NULL ? "" : out;
}
