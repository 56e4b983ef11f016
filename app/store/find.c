#include "app/store/content_db.h"

/* Search over documents, as somebody types. Each word is held against every word that the documents have
   (find_match.h); a document is worth what its words say, more for its title than for its text, and most
   when it is called what was typed. One that lacks a word comes after those that have all. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/store/content_heads.h"
#include "app/store/find_match.h"
#include "app/store/find_show.h"
#include "platform/base/str.h"

enum { HITS_MAX = 200, FIELD_MASKS = 128, SQUEEZED_MIN = 6, WEAK_WORTH = 5 };

struct score {
    float total, cover;                 /* over the words so far */
    float title, plain;                 /* how much of either was typed */
    float name;                         /* how well it is called what was typed */
    float best, best_title, best_plain; /* of the word at hand */
};

struct search {
    const struct find_index *x;
    const struct find_query *q;
    struct score *scores; /* by place */
    uint8_t *wanted;      /* by place: passes the filters */
    uint8_t *of_unit;     /* by place: a chemical that comes in the unit that was typed */
    float weights[FIELD_MASKS];
    float all; /* what a document is worth that has every word */
};

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
    for (unsigned mask = 0; mask < FIELD_MASKS; mask++) {
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
        float worth = quality * s->weights[p.fields % FIELD_MASKS];

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

        (void)str_format(both, sizeof both, "%s%s", s->q->words[from].word.text,
                         s->q->words[from + 1].word.text);
        if (strlen(both) >= FIND_WORD_MAX)
            continue;
        whole = find_term_of(both, key);
        for (size_t i = 0; i < s->x->term_count; i++) {
            const struct find_term *t = &s->x->terms[i];

            if (t->key_len == whole.key_len && memcmp(t->key, whole.key, whole.key_len) == 0)
                search_term(s, t, 0.9F);
        }
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

        for (size_t i = 0; i < s->x->term_count; i++) {
            const struct find_term *t = &s->x->terms[i];
            size_t len;
            float quality = t->text[0] == '=' ? 0 : find_quality(sought, t, &len);

            if (quality > 0)
                search_term(s, t, quality);
        }
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

    for (size_t i = find_term_at(s->x, name);
         i < s->x->term_count && str_starts(s->x->terms[i].text, name); i++) {
        const struct find_term *t = &s->x->terms[i];

        name_take(s, t, worth * (0.5F + 0.5F * (float)len / (float)strlen(t->text)));
    }
}

/* A name written as one word, or with its gaps elsewhere: «vandegraaff», «teachmeet». */
static void search_squeezed(struct search *s, const char *name)
{
    char typed[FIND_WORD_MAX];
    size_t len = 0;

    for (const char *c = name; *c != '\0'; c++) {
        if (*c != ' ' && *c != '=')
            typed[len++] = *c;
    }
    typed[len] = '\0';
    for (size_t i = find_term_at(s->x, "=");
         len >= SQUEEZED_MIN && i < s->x->term_count && s->x->terms[i].text[0] == '='; i++) {
        const char *text = s->x->terms[i].text;
        char other[FIND_WORD_MAX];
        size_t n = 0;

        for (const char *c = text; *c != '\0' && n <= len + 1; c++) {
            if (*c != ' ' && *c != '=')
                other[n++] = *c;
        }
        other[n] = '\0';
        if (n + 1 < len || n > len + 1)
            continue;
        if (str_eq(typed, other))
            name_take(s, &s->x->terms[i], 0.9F);
        else if (find_slip(typed, other, false))
            name_take(s, &s->x->terms[i], 0.7F);
    }
}

/* The word of the documents that a misspelt one most likely is. */
static const char *search_meant(const struct search *s, const struct find_sought *sought)
{
    const char *best = sought->key;
    float most = 0;
    uint32_t docs = 0;

    for (size_t i = 0; i < s->x->term_count; i++) {
        const struct find_term *t = &s->x->terms[i];
        size_t len;
        float quality = t->text[0] == '=' ? 0 : find_quality(sought, t, &len);

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

static float search_boost(const struct search *s, size_t place, int32_t today)
{
    const struct find_doc *d = &s->x->docs[place];
    const char *kind = d->kind < s->x->kind_count ? s->x->kinds[d->kind] : "";
    float boost = 1;

    for (size_t i = 0; i < COUNT_OF(kind_boosts); i++) {
        if (str_eq(kind_boosts[i].kind, kind))
            boost = kind_boosts[i].boost;
    }
    /* Who names a strength asks about the substance. */
    if (s->q->has_conc && str_eq(kind, "chemical"))
        boost *= s->of_unit[place] != 0 ? 2.5F : 2;
    if (s->q->who && (str_eq(kind, "person") || str_eq(kind, "link")))
        boost *= 1.5F;
    if (d->ours)
        boost *= 1.3F;
    if (d->withdrawn)
        boost *= 0.3F;
    if (today != 0 && d->hide_after != CALDATE_NONE && d->hide_after < today)
        boost *= 0.3F;
    return boost;
}

struct ranked {
    uint32_t place;
    float score;
};

static int rank_order(const void *p, const void *q)
{
    const struct ranked *a = p;
    const struct ranked *b = q;

    if (a->score > b->score || a->score < b->score)
        return a->score < b->score ? 1 : -1;
    return (a->place > b->place) - (a->place < b->place);
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

static size_t search_rank(struct search *s, const struct find_ask *ask, struct ranked *out)
{
    size_t typed = 0;
    size_t count = 0;
    size_t kept = 0;
    float most = 0;

    for (size_t i = 0; i < s->q->count; i++)
        typed += s->q->words[i].minor ? 0 : 1;
    for (size_t i = 0; i < s->x->doc_count; i++) {
        const struct score *d = &s->scores[i];

        if (d->total <= 0 && d->name <= 0)
            continue;
        out[count++] =
            (struct ranked){ .place = (uint32_t)i, .score = search_score(s, i, typed, ask->today) };
        most = max2(most, ratio(d->cover, s->all));
    }
    /* What has hardly anything of it is noise beneath what has all of it. */
    for (size_t i = 0; i < count; i++) {
        const struct score *d = &s->scores[out[i].place];

        if (ratio(d->cover, s->all) >= 0.5F * most || d->name > 0)
            out[kept++] = out[i];
    }
    qsort(out, kept, sizeof *out, rank_order);
    return kept;
}

/* ---- filters ---- */

static bool kind_listed(const char *list, const char *kind)
{
    size_t len = strlen(kind);

    while (*list != '\0') {
        size_t n = strcspn(list, ",");

        if (n == len && memcmp(list, kind, n) == 0)
            return true;
        list += n + (list[n] != '\0' ? 1 : 0);
    }
    return false;
}

static bool asked(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static enum err filter_key(struct content *c, struct search *s, const char *key, const char *value,
                           struct why *why)
{
    struct db_stmt q;

    if (!asked(value))
        return ERR_OK;
    q = db_prepare(&c->db, "select place from doc_key where key = ?1 and value = ?2");
    db_bind_text(&q, 1, key);
    db_bind_text(&q, 2, value);
    while (db_step(&q)) {
        int64_t place = db_i64(&q, 0);

        if (place >= 0 && (size_t)place < s->x->doc_count && s->wanted[place] != 0)
            s->wanted[place] |= 2;
    }
    for (size_t i = 0; i < s->x->doc_count; i++)
        s->wanted[i] = s->wanted[i] == 3 ? 1 : 0;
    return db_end(&q, why);
}

static enum err search_filter(struct content *c, struct search *s, const struct find_ask *ask,
                              struct why *why)
{
    bool kinds[FIND_KINDS_MAX] = { false };
    enum err rc;

    for (size_t i = 0; i < s->x->kind_count; i++)
        kinds[i] = !asked(ask->kind) || kind_listed(ask->kind, s->x->kinds[i]);
    for (size_t i = 0; i < s->x->doc_count; i++)
        s->wanted[i] = s->x->docs[i].there && kinds[s->x->docs[i].kind] ? 1 : 0;
    rc = filter_key(c, s, "subject", ask->subject, why);
    if (rc == ERR_OK)
        rc = filter_key(c, s, "stage", ask->stage, why);
    return rc;
}

static enum err search_unit(struct content *c, struct search *s, struct why *why)
{
    struct db_stmt q;

    if (!s->q->has_conc)
        return ERR_OK;
    q = db_prepare(&c->db, "select place from doc_key where key = 'unit' and value = ?1");
    db_bind_text(&q, 1, strchr(s->q->conc.text, ' ') + 1);
    while (db_step(&q)) {
        int64_t place = db_i64(&q, 0);

        if (place >= 0 && (size_t)place < s->x->doc_count)
            s->of_unit[place] = 1;
    }
    return db_end(&q, why);
}

/* ---- the answer ---- */

static struct doc_hit hit_of(struct doc_head head)
{
    return (struct doc_hit){ .id = head.id,
                             .kind = head.kind,
                             .title = head.title,
                             .summary = head.summary,
                             .stages = head.stages,
                             .subjects = head.subjects,
                             .snippet = "",
                             .head = head };
}

static enum err find_all(struct content *c, const struct find_ask *ask, struct arena *a,
                         struct doc_hit *rows, size_t max, size_t *out_count, struct why *why)
{
    struct db_stmt q = db_prepare(
        &c->db, "select " CONTENT_HEAD " from doc d where d.in_force = 1"
                " and (?1 = '' or instr(',' || ?1 || ',', ',' || d.kind || ',') > 0)"
                " and (?2 = '' or d.place in (select place from doc_key where key = 'subject'"
                " and value = ?2))"
                " and (?3 = '' or d.place in (select place from doc_key where key = 'stage'"
                " and value = ?3))"
                " order by d.withdrawn, (?4 <> 0 and d.hide_after <> ?5 and d.hide_after < ?4),"
                " d.title collate nocase, d.id limit ?6");
    size_t count = 0;

    db_bind_text(&q, 1, ask->kind == NULL ? "" : ask->kind);
    db_bind_text(&q, 2, ask->subject == NULL ? "" : ask->subject);
    db_bind_text(&q, 3, ask->stage == NULL ? "" : ask->stage);
    db_bind_i64(&q, 4, ask->today);
    db_bind_i64(&q, 5, CALDATE_NONE);
    db_bind_i64(&q, 6, (int64_t)max);
    while (count < max && db_step(&q))
        rows[count++] = hit_of(content_head(&q, 0, a));
    *out_count = count;
    return db_end(&q, why);
}

static enum err find_rows(struct content *c, const struct find_query *query,
                          const struct ranked *ranked, size_t count, struct arena *a,
                          struct doc_hit *rows, struct why *why)
{
    struct db_stmt q = db_prepare(&c->db, "select " CONTENT_HEAD " from doc d where d.place = ?1");
    struct db_stmt text = db_prepare(&c->db, "select source from doc_source where place = ?1");
    enum err rc;

    for (size_t i = 0; i < count; i++) {
        db_again(&q);
        db_bind_i64(&q, 1, ranked[i].place);
        if (!db_step(&q))
            break;
        rows[i] = hit_of(content_head(&q, 0, a));
        if (find_show(&rows[i], query, a))
            continue;
        db_again(&text);
        db_bind_i64(&text, 1, ranked[i].place);
        if (db_step(&text)) {
            size_t len = 0;
            const void *packed = db_blob(&text, 0, &len);

            find_show_text(&rows[i], query, packed, len, a);
        }
    }
    rc = db_end(&q, why);
    return db_end(&text, rc == ERR_OK ? why : NULL) == ERR_OK ? rc : rc == ERR_OK ? text.rc : rc;
}

static enum err find_words(struct content *c, const struct find_ask *ask, struct arena *a,
                           struct doc_hit *rows, size_t max, size_t *out_count, struct why *why)
{
    const struct find_index *x = c->find;
    struct find_query query;
    struct search s = { .x = x, .q = &query };
    struct ranked *ranked;
    struct arena work;
    enum err rc = ERR_OK;
    size_t count = 0;

    arena_init(&work, (size_t)64 * 1024 * 1024);
    s.scores = arena_array(&work, x->doc_count + 1, sizeof *s.scores);
    s.wanted = arena_array(&work, x->doc_count + 1, sizeof *s.wanted);
    s.of_unit = arena_array(&work, x->doc_count + 1, sizeof *s.of_unit);
    ranked = arena_array(&work, x->doc_count + 1, sizeof *ranked);
    if (s.scores == NULL || s.wanted == NULL || s.of_unit == NULL || ranked == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "no room for what was found");
    if (rc == ERR_OK)
        rc = search_filter(c, &s, ask, why);
    if (rc == ERR_OK) {
        search_weights(&s);
        find_query_read(&query, ask->words, x);
        rc = search_unit(c, &s, why);
    }
    if (rc == ERR_OK) {
        search_words(&s);
        if (search_weak(&s)) {
            memset(s.scores, 0, (x->doc_count + 1) * sizeof *s.scores);
            s.all = 0;
            for (size_t i = 0; i < query.count; i++)
                query.words[i].slips = true;
            search_words(&s);
        }
        search_names(&s);
        count = search_rank(&s, ask, ranked);
        count = count < max ? count : max;
        rc = find_rows(c, &query, ranked, count, a, rows, why);
    }
    arena_done(&work);
    *out_count = count;
    return rc;
}

enum err content_find(struct content *c, const struct find_ask *ask, struct arena *a,
                      struct doc_hit **out, size_t *out_count, struct why *why)
{
    const char *words = ask->words == NULL ? "" : ask->words;
    size_t max = ask->max < HITS_MAX ? ask->max : HITS_MAX;
    struct doc_hit *rows = arena_array(a, max + 1, sizeof *rows);
    size_t count = 0;
    enum err rc = ERR_OK;

    if (rows == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "no room for what was found");
    if (rc == ERR_OK && c->db.handle != NULL && c->find == NULL)
        rc = find_index_load(&c->db, c->constituency, &c->find, why);
    if (rc == ERR_OK && c->db.handle != NULL)
        rc = words[strspn(words, " \t\n")] == '\0' ? find_all(c, ask, a, rows, max, &count, why)
                                                   : find_words(c, ask, a, rows, max, &count, why);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for what was found");
    if (rc != ERR_OK)
        return why_in(why, rc, "search");
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

bool content_find_conc(const char *words, char *out, size_t size)
{
    struct find_query q;

    find_query_read(&q, words, NULL);
    return q.has_conc && str_copy(out, size, q.conc.text);
}
