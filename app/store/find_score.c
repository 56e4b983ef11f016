#include "app/store/find_score.h"

/* Each word is held against every word that the documents have (find_match.h); a document is worth what its
   words say, more for its title than for its text, and most when it is called what was typed. One that
   lacks a word comes after those that have all. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "platform/base/str.h"

enum { SQUEEZED_MIN = 6, WEAK_WORTH = 5, NAME_KEY_MIN = 3, LETTERS_AZ = (1 << 26) - 1 };

/* ---- what a word is worth ---- */

static const struct {
    unsigned field;
    float weight;
} field_weights[] = {
    { FIND_BODY, 1 },    { FIND_SUMMARY, 3 }, { FIND_KIND, 3.5F }, { FIND_ALSO, 6 },
    { FIND_KEYWORD, 7 }, { FIND_PLAIN, 9 },   { FIND_TITLE, 10 },
};

static void search_weights(struct search *s)
{
    for (unsigned mask = 0; mask < FIND_FIELD_MASKS; mask++) {
        for (size_t i = 0; i < COUNT_OF(field_weights); i++) {
            if ((mask & field_weights[i].field) != 0)
                s->weights[mask] = field_weights[i].weight;
        }
    }
}

static void search_term(struct search *s, const struct find_term *t, float quality)
{
    struct find_posts p = find_posts(t);

    while (find_posts_next(&p)) {
        struct score *d;
        float worth = quality * s->weights[p.fields % FIND_FIELD_MASKS];

        if (p.place >= s->x->doc_count || s->wanted[p.place] == 0)
            continue;
        d = &s->scores[p.place];
        d->best = d->best < worth ? worth : d->best;
        if ((p.fields & FIND_TITLE) != 0 && d->best_title < quality)
            d->best_title = quality;
        if ((p.fields & FIND_PLAIN) != 0 && d->best_plain < quality)
            d->best_plain = quality;
    }
}

/* «data logger» is also datalogger. */
static void search_joined(struct search *s, size_t at)
{
    for (size_t from = at == 0 ? 0 : at - 1; from <= at && from + 1 < s->q->count; from++) {
        char both[2 * FIND_WORD_MAX];
        char key[FIND_WORD_MAX];
        struct find_term whole;
        size_t at_key = 0;
        size_t same;

        (void)str_format(both, sizeof both, "%s%s", s->q->words[from].word.text,
                         s->q->words[from + 1].word.text);
        if (strlen(both) >= FIND_WORD_MAX)
            continue;
        whole = find_term_of(both, key);
        same = find_keyed(s->x, whole.key, &at_key);
        for (size_t i = 0; i < same; i++)
            search_term(s, s->x->by_key[at_key + i], 0.9F);
    }
}

/* Takes the word at hand into the sums. A word that few documents have says more. */
static void search_sum(struct search *s, bool minor)
{
    size_t having = 0;
    float says;

    for (size_t i = 0; i < s->x->doc_count; i++)
        having += s->scores[i].best > 0 ? 1 : 0;
    if (having == 0)
        return;
    says = 1 + 0.5F * logf((float)(s->x->in_force + 1) / (float)having);
    says *= minor ? 0.05F : 1;
    s->all += minor ? 0 : says;
    for (size_t i = 0; i < s->x->doc_count; i++) {
        struct score *d = &s->scores[i];

        if (d->best <= 0)
            continue;
        d->total += says * d->best;
        d->cover += minor ? 0 : says;
        if (!minor) {
            d->title += d->best_title;
            d->plain += d->best_plain;
        }
        d->best = d->best_title = d->best_plain = 0;
    }
}

static void search_words(struct search *s)
{
    for (size_t w = 0; w < s->q->count; w++) {
        const struct find_sought *sought = &s->q->words[w];

        struct find_scan scan = find_scan(s->x, sought);
        const struct find_term *t;
        float quality = 0;

        while ((t = find_scan_next(&scan, &quality)) != NULL)
            search_term(s, t, quality);
        search_joined(s, w);
        search_sum(s, sought->minor);
    }
}

/* Whether no document has all words where they say something: then even a word that is one may have been
   meant as another («hooks law»). */
static bool search_weak(const struct search *s)
{
    float most = 0;

    if (s->q->count < 2)
        return false;
    for (size_t i = 0; i < s->x->doc_count; i++)
        most = s->scores[i].total > most ? s->scores[i].total : most;
    return most < WEAK_WORTH * s->all;
}

/* ---- names ---- */

/* A title is more of a name than one keyword of many. */
static float name_weight(unsigned fields)
{
    return (fields & (FIND_TITLE | FIND_PLAIN)) != 0 ? 1 : (fields & FIND_ALSO) != 0 ? 0.95F : 0.8F;
}

static void name_take(struct search *s, const struct find_term *t, float quality)
{
    struct find_posts p = find_posts(t);

    while (find_posts_next(&p)) {
        float worth = quality * name_weight(p.fields);

        if (p.place < s->x->doc_count && s->wanted[p.place] != 0 && s->scores[p.place].name < worth)
            s->scores[p.place].name = worth;
    }
}

static void search_name(struct search *s, const char *name, float worth)
{
    size_t len = strlen(name);

    for (size_t i = find_term_at(s->x->names, s->x->name_count, name);
         i < s->x->name_count && str_starts(s->x->names[i].text, name); i++) {
        const struct find_term *t = &s->x->names[i];

        name_take(s, t, worth * (0.5F + 0.5F * (float)len / (float)strlen(t->text)));
    }
}

/* A name written as one word, or with its gaps elsewhere: «vandegraaff», «teachmeet». */
static void search_squeezed(struct search *s, const char *name)
{
    char typed[FIND_WORD_MAX];
    uint32_t letters;
    size_t len = 0;

    for (const char *c = name; *c != '\0'; c++) {
        if (*c != ' ' && *c != '=')
            typed[len++] = *c;
    }
    typed[len] = '\0';
    letters = find_letters(typed);
    for (size_t i = 0; len >= SQUEEZED_MIN && i < s->x->name_count; i++) {
        const char *text = s->x->names[i].text;
        char other[FIND_WORD_MAX];
        size_t n = 0;

        /* A quick no: one slip, and a plural's end, bring no more letters in. */
        if (find_letter_count((letters ^ s->x->names[i].letters) & LETTERS_AZ) > 4)
            continue;
        for (const char *c = text; *c != '\0' && n <= len + 1; c++) {
            if (*c != ' ' && *c != '=')
                other[n++] = *c;
        }
        other[n] = '\0';
        /* Only where the gaps differ: one word against one is the words' own affair. */
        if (n + 1 < len || n > len + 1 || (strchr(name, ' ') == NULL && strchr(text, ' ') == NULL))
            continue;
        if (str_eq(typed, other))
            name_take(s, &s->x->names[i], 0.9F);
        else if (find_slip(typed, other, false))
            name_take(s, &s->x->names[i], 0.7F);
    }
}

/* The word of the documents that a misspelt one most likely is. */
static const char *search_meant(const struct search *s, const struct find_sought *sought)
{
    const char *best = sought->key;
    float most = 0;
    uint32_t docs = 0;

    struct find_scan scan = find_scan(s->x, sought);
    const struct find_term *t;
    float quality = 0;

    while ((t = find_scan_next(&scan, &quality)) != NULL) {
        if (quality > most || (quality > 0 && quality >= most && t->doc_count > docs)) {
            most = quality;
            docs = t->doc_count;
            best = t->key;
        }
    }
    return best;
}

static void search_names(struct search *s)
{
    char typed[FIND_WORD_MAX] = "";
    char meant[FIND_WORD_MAX] = "";

    for (size_t i = 0; i < s->q->count; i++) {
        const struct find_sought *w = &s->q->words[i];
        const char *key = w->open ? w->open_key : w->key;
        size_t len = strlen(typed);
        size_t len_meant = strlen(meant);

        if (w->minor)
            continue;
        /* «zzzz», whose key is s, begins no name. */
        if (w->slips && !w->fits && w->key_len < NAME_KEY_MIN)
            return;
        (void)str_format(typed + len, sizeof typed - len, "%c%s", len == 0 ? '=' : ' ', key);
        (void)str_format(meant + len_meant, sizeof meant - len_meant, "%c%s",
                         len_meant == 0 ? '=' : ' ', w->slips ? search_meant(s, w) : w->key);
    }
    if (typed[0] == '\0')
        return;
    search_name(s, typed, 1);
    if (!str_eq(typed, meant))
        search_name(s, meant, 0.95F);
    search_squeezed(s, typed);
}

/* ---- which documents, and in which order ---- */

/* Somebody who types in a prep room most often means an activity, then the rules for it. */
static const struct {
    const char *kind;
    float boost;
} kind_boosts[] = {
    { "assessment", 1.3F }, { "guidance", 1.1F }, { "chemical", 1.1F }, { "help", 0.8F },
    { "link", 1.05F },      { "person", 1.05F },  { "article", 0.95F },
};

/* What a kind is worth for what was typed; the same for all documents of it. */
static void search_kinds(struct search *s, const struct find_ask *ask)
{
    for (size_t k = 0; k < s->x->kind_count; k++) {
        const char *kind = s->x->kinds[k];

        s->kinds[k] = (struct search_kind){ .boost = 1 };
        for (size_t i = 0; i < COUNT_OF(kind_boosts); i++) {
            if (str_eq(kind_boosts[i].kind, kind))
                s->kinds[k].boost = kind_boosts[i].boost;
        }
        if (s->q->who && (str_eq(kind, "person") || str_eq(kind, "link")))
            s->kinds[k].boost *= 1.5F;
        s->kinds[k].chemical = str_eq(kind, "chemical");
        s->kinds[k].first = ask->first != NULL && str_eq(ask->first, kind);
    }
}

static float search_boost(const struct search *s, size_t place, int32_t today)
{
    const struct find_doc *d = &s->x->docs[place];
    float boost = s->kinds[d->kind].boost;

    /* Who names a strength asks about the substance. */
    if (s->q->has_conc && s->kinds[d->kind].chemical)
        boost *= s->of_unit[place] != 0 ? 2.5F : 2;
    if (d->ours)
        boost *= 1.3F;
    if (d->withdrawn)
        boost *= 0.3F;
    if (today != 0 && d->hide_after != CALDATE_NONE && d->hide_after < today)
        boost *= 0.3F;
    return boost;
}

static int rank_order(const void *p, const void *q)
{
    const struct ranked *a = p;
    const struct ranked *b = q;

    if (a->first != b->first)
        return a->first ? -1 : 1;
    if (a->score > b->score || a->score < b->score)
        return a->score < b->score ? 1 : -1;
    return (a->order > b->order) - (a->order < b->order);
}

static float ratio(float part, float whole)
{
    return whole <= 0 ? 0 : part < whole ? part / whole : 1;
}

static float max2(float a, float b)
{
    return a > b ? a : b;
}

static float search_score(const struct search *s, size_t place, size_t typed, int32_t today)
{
    const struct find_doc *doc = &s->x->docs[place];
    const struct score *d = &s->scores[place];
    float base;
    float cover;
    float fit = max2(ratio(d->title, max2((float)doc->title_words, (float)typed)),
                     ratio(d->plain, max2((float)doc->plain_words, (float)typed)));

    /* A title that has every word says so too, however long it is. */
    if (typed > 0 && max2(d->title, d->plain) >= 0.6F * (float)typed)
        fit = max2(fit, 0.75F * max2(d->title, d->plain) / (float)typed);

    base = max2(d->total, 10 * s->all * d->name);
    cover = max2(ratio(d->cover, s->all), d->name);
    return base * cover * cover * (1 + 0.6F * max2(fit, d->name)) * search_boost(s, place, today);
}

/* What replaces a withdrawn document is found where that is, and stands before it. */
static size_t search_replaced(struct search *s, struct ranked *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t by = s->x->docs[out[i].place].replaced;
        size_t at = 0;

        if (by == 0 || s->wanted[by - 1] == 0)
            continue;
        while (at < count && out[at].place != by - 1)
            at++;
        if (at == count) {
            out[count++] = out[i];
            out[at].place = by - 1;
            out[at].order = s->x->docs[by - 1].order;
        }
        out[at].first = out[at].first || out[i].first;
        out[at].score = max2(out[at].score, 1.01F * out[i].score);
    }
    return count;
}

static size_t search_rank(struct search *s, const struct find_ask *ask, struct ranked *out)
{
    size_t typed = 0;
    size_t count = 0;
    size_t kept = 0;
    float most = 0;

    search_kinds(s, ask);
    for (size_t i = 0; i < s->q->count; i++)
        typed += s->q->words[i].minor ? 0 : 1;
    for (size_t i = 0; i < s->x->doc_count; i++) {
        const struct score *d = &s->scores[i];

        if (d->total <= 0 && d->name <= 0)
            continue;
        out[count++] = (struct ranked){ .place = (uint32_t)i,
                                        .order = s->x->docs[i].order,
                                        .first = s->kinds[s->x->docs[i].kind].first,
                                        .score = search_score(s, i, typed, ask->today) };
        most = max2(most, ratio(d->cover, s->all));
    }
    /* What has hardly anything of it is noise beneath what has all of it. */
    for (size_t i = 0; i < count; i++) {
        const struct score *d = &s->scores[out[i].place];

        if (ratio(d->cover, s->all) >= 0.5F * most || d->name > 0)
            out[kept++] = out[i];
    }
    kept = search_replaced(s, out, kept);
    qsort(out, kept, sizeof *out, rank_order);
    return kept;
}

size_t find_score(struct search *s, const struct find_ask *ask, struct ranked *out)
{
    search_weights(s);
    search_words(s);
    if (search_weak(s)) {
        memset(s->scores, 0, s->x->doc_count * sizeof *s->scores);
        s->all = 0;
        for (size_t i = 0; i < s->q->count; i++)
            s->q->words[i].slips = true;
        search_words(s);
    }
    search_names(s);
    return search_rank(s, ask, out);
}
