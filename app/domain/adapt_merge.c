#include <ctype.h>
#include <string.h>

#include "app/domain/adapt_parts.h"
#include "platform/base/attr.h"
#include "platform/base/str.h"

/* The model as it was, the model as it is, and mine. Numbered lines move when a model is revised: they are
   found again by their words, first exactly, then by the words that two lines share. */

enum { WORDS_MAX = 64, WORD_MAX = 24 };

struct words {
    char word[WORDS_MAX][WORD_MAX];
    size_t count;
};

static void words_of(struct words *w, const char *text)
{
    size_t len = 0;

    w->count = 0;
    for (;; text++) {
        bool letter = isalnum((unsigned char)*text) || (unsigned char)*text >= 0x80;

        if (letter && len < WORD_MAX - 1)
            w->word[w->count][len++] = (char)tolower((unsigned char)*text);
        if (!letter && len > 0) {
            w->word[w->count++][len] = '\0';
            len = 0;
        }
        if (*text == '\0' || w->count == WORDS_MAX)
            return;
    }
}

/* Hundredths of the longer line's words that the other has too. */
static size_t words_shared(const struct words *x, const struct words *y)
{
    size_t most = x->count > y->count ? x->count : y->count;
    size_t shared = 0;

    for (size_t i = 0; i < x->count; i++) {
        for (size_t j = 0; j < y->count; j++) {
            if (!str_eq(x->word[i], y->word[j]))
                continue;
            shared++;
            break;
        }
    }
    return most == 0 ? 0 : shared * 100 / most;
}

struct align {
    struct adapt_lines base, now;
    size_t *place; /* of each line of now */
    bool *taken;   /* each line of base */
};

static void align_take(struct align *al, size_t j, size_t i)
{
    al->place[j] = i;
    al->taken[i] = true;
}

static void align_exact(struct align *al, bool numbered)
{
    for (size_t j = 0; j < al->now.count; j++) {
        const struct adapt_line *line = &al->now.line[j];

        if (al->place[j] < al->base.count || adapt_key_find(line->key)->numbered != numbered)
            continue;
        for (size_t i = 0; i < al->base.count; i++) {
            const struct adapt_line *old = &al->base.line[i];

            if (al->taken[i] || !str_eq(old->key, line->key) ||
                !str_eq(numbered ? old->text : old->path, numbered ? line->text : line->path))
                continue;
            align_take(al, j, i);
            break;
        }
    }
}

static void align_near(struct align *al, size_t j)
{
    struct words mine;
    struct words other;
    size_t best = al->base.count;
    size_t most = 49;

    words_of(&mine, al->now.line[j].text);
    for (size_t i = 0; i < al->base.count; i++) {
        size_t shared;

        if (al->taken[i] || !str_eq(al->base.line[i].key, al->now.line[j].key))
            continue;
        words_of(&other, al->base.line[i].text);
        shared = words_shared(&mine, &other);
        if (shared <= most)
            continue;
        most = shared;
        best = i;
    }
    if (best < al->base.count)
        align_take(al, j, best);
}

/* places[j]: which of base the line j of now is, base.count when it is new. */
static enum err adapt_align(struct arena *a, struct adapt_lines base, struct adapt_lines now,
                            size_t **out_places, struct why *why)
{
    struct align al = { .base = base,
                        .now = now,
                        .place = arena_array(a, now.count + 1, sizeof *al.place),
                        .taken = arena_array(a, base.count + 1, sizeof *al.taken) };

    if (al.place == NULL || al.taken == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room to compare the model's revisions");
    for (size_t j = 0; j < now.count; j++)
        al.place[j] = base.count;
    align_exact(&al, false);
    align_exact(&al, true);
    for (size_t j = 0; j < now.count; j++) {
        if (al.place[j] == base.count && adapt_key_find(now.line[j].key)->numbered)
            align_near(&al, j);
    }
    *out_places = al.place;
    return ERR_OK;
}

/* The line of now that the line i of base has become; now's count when it is gone. */
static size_t align_of(const size_t *places, size_t count, size_t i)
{
    size_t j = 0;

    while (j < count && places[j] != i)
        j++;
    return j;
}

/* A line that I added which says what the model says now too; NULL none. */
static const struct adapt_line *added_same(struct adapt_lines base, struct adapt_lines mine,
                                           const struct adapt_line *line)
{
    for (size_t i = 0; i < mine.count; i++) {
        if (str_eq(mine.line[i].key, line->key) && str_eq(mine.line[i].text, line->text) &&
            adapt_line_of(base, mine.line[i].path) == NULL)
            return &mine.line[i];
    }
    return NULL;
}

static bool lines_differ(const struct adapt_line *x, const struct adapt_line *y)
{
    if (x == NULL || y == NULL)
        return x != y;
    return !adapt_line_same(x, y);
}

struct rows {
    struct adapt_row *row;
    size_t count;
};

static void rows_put(struct rows *r, const struct adapt_line *base, const struct adapt_line *now,
                     const struct adapt_line *mine)
{
    const struct adapt_line *any = now != NULL ? now : base != NULL ? base : mine;
    bool moved = lines_differ(base, now);
    bool changed = lines_differ(base, mine);

    if (!moved && !changed)
        return;
    r->row[r->count++] =
        (struct adapt_row){ .path = any->path,
                            .key = any->key,
                            .base = base != NULL ? base->text : "",
                            .model_now = now != NULL ? now->text : "",
                            .mine = mine != NULL ? mine->text : "",
                            .in_base = base != NULL,
                            .in_now = now != NULL,
                            .in_mine = mine != NULL,
                            .conflict = moved && changed && lines_differ(now, mine) };
}

enum err adapt_three_way(struct arena *a, struct adapt_lines base, struct adapt_lines now,
                         struct adapt_lines mine, struct adapt_row **out, size_t *out_count,
                         struct why *why)
{
    struct rows r = { .row =
                          arena_array(a, base.count + now.count + mine.count + 1, sizeof *r.row) };
    size_t *places = NULL;
    enum err rc = adapt_align(a, base, now, &places, why);

    if (rc == ERR_OK && r.row == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "no room to compare the model's revisions");
    if (rc != ERR_OK)
        return rc;
    for (size_t j = 0; j < now.count; j++) {
        const struct adapt_line *old = places[j] < base.count ? &base.line[places[j]] : NULL;

        rows_put(&r, old, &now.line[j],
                 old != NULL ? adapt_line_of(mine, old->path)
                             : added_same(base, mine, &now.line[j]));
    }
    for (size_t i = 0; i < base.count; i++) {
        if (align_of(places, now.count, i) == now.count)
            rows_put(&r, &base.line[i], NULL, adapt_line_of(mine, base.line[i].path));
    }
    for (size_t i = 0; i < mine.count; i++) {
        if (adapt_line_of(base, mine.line[i].path) == NULL &&
            added_same((struct adapt_lines){ 0 }, now, &mine.line[i]) == NULL)
            rows_put(&r, NULL, NULL, &mine.line[i]);
    }
    *out = r.row;
    *out_count = r.count;
    return ERR_OK;
}

/* ---- the copy on the model as it is now ---- */

struct merge {
    struct arena *a;
    struct adapt_lines base, now, mine;
    const size_t *places;
    struct adapt_list out;
};

/* Mine in place of the model's line, under the name that it has now; the model's own where I had not
   touched it. */
static void merge_line(struct merge *m, const struct adapt_line *old, const struct adapt_line *now)
{
    const struct adapt_line *mine = adapt_line_of(m->mine, old->path);
    struct adapt_line line = *now;

    if (mine == NULL)
        return;
    if (!adapt_line_same(mine, old)) {
        line = *mine;
        line.path = now->path;
        /* That a substance makes safe is for the model to say. */
        line.both_ways = now->both_ways;
    }
    adapt_list_push(&m->out, line);
}

/* The lines that I added behind place `after` of mine, up to the next one of the model's. */
static void merge_added(struct merge *m, size_t after, const char *key)
{
    for (size_t i = after; i < m->mine.count; i++) {
        const struct adapt_line *line = &m->mine.line[i];

        if (!str_eq(line->key, key) || adapt_line_of(m->base, line->path) != NULL)
            return;
        if (adapt_place(m->out.line, m->out.count, line->path) == m->out.count &&
            added_same((struct adapt_lines){ 0 }, m->now, line) == NULL)
            adapt_list_push(&m->out, *line);
    }
}

/* Whether the model still has the same lines of that key, in the same order, whatever they say. */
static bool merge_stands(const struct merge *m, const char *key)
{
    size_t i = 0;

    for (size_t j = 0; j < m->now.count; j++) {
        if (!str_eq(m->now.line[j].key, key))
            continue;
        while (i < m->base.count && !str_eq(m->base.line[i].key, key))
            i++;
        /* A new line has no place in base: where base has none of the key, that place looks like the next. */
        if (m->places[j] == m->base.count || m->places[j] != i++)
            return false;
    }
    while (i < m->base.count && !str_eq(m->base.line[i].key, key))
        i++;
    return i >= m->base.count;
}

/* My order holds where the model's did not change. */
static void merge_mine(struct merge *m, const char *key)
{
    for (size_t i = 0; i < m->mine.count; i++) {
        const struct adapt_line *line = &m->mine.line[i];
        size_t at = adapt_place(m->base.line, m->base.count, line->path);

        if (!str_eq(line->key, key))
            continue;
        if (at == m->base.count)
            adapt_list_push(&m->out, *line);
        else
            merge_line(m, &m->base.line[at], &m->now.line[align_of(m->places, m->now.count, at)]);
    }
}

/* A line that I changed and that the model has no longer stays as one of mine. */
static void merge_orphans(struct merge *m, const char *key, bool numbered)
{
    for (size_t i = 0; i < m->base.count; i++) {
        const struct adapt_line *old = &m->base.line[i];
        const struct adapt_line *mine = adapt_line_of(m->mine, old->path);
        struct adapt_line line;

        if (!str_eq(old->key, key) || align_of(m->places, m->now.count, i) < m->now.count ||
            mine == NULL || adapt_line_same(old, mine))
            continue;
        line = *mine;
        for (unsigned n = 1; numbered && n <= ADAPT_LINES_MAX; n++) {
            line.path = arena_printf(m->a, "%s/+%u", key, n);
            if (line.path == NULL ||
                (adapt_line_of(m->mine, line.path) == NULL &&
                 adapt_place(m->out.line, m->out.count, line.path) == m->out.count))
                break;
        }
        if (line.path != NULL)
            adapt_list_push(&m->out, line);
    }
}

static void merge_key(struct merge *m, const struct adapt_key *key)
{
    if (merge_stands(m, key->id)) {
        merge_mine(m, key->id);
        return;
    }
    for (size_t j = 0; j < m->now.count && !m->out.failed; j++) {
        const struct adapt_line *now = &m->now.line[j];
        const struct adapt_line *old;

        if (!str_eq(now->key, key->id))
            continue;
        if (m->places[j] == m->base.count) {
            adapt_list_push(&m->out, *now);
            continue;
        }
        old = &m->base.line[m->places[j]];
        merge_line(m, old, now);
        merge_added(m, adapt_place(m->mine.line, m->mine.count, old->path) + 1, key->id);
    }
    merge_orphans(m, key->id, key->numbered);
    for (size_t i = 0; i < m->mine.count; i++)
        merge_added(m, i, key->id);
}

static enum err merge_finish(struct arena *a, const struct assessment *model, const char *stage,
                             struct adaptation *x, struct why *why)
{
    const char *const *ticks = x->ticks;
    size_t count = x->tick_count;
    enum err rc = ERR_OK;
    struct adapt_list mine = adapt_list_of(a, x->mine);
    size_t at = adapt_place(mine.line, mine.count, "stage");

    if (at < mine.count)
        mine.line[at].text = stage;
    rc = adapt_list_done(&mine, &x->mine, why);
    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        rc = adapt_tick(a, model, x, ticks[i], true, why);
    if (rc == ERR_OK && x->groups > 0)
        rc = adapt_groups(a, x, x->groups, why);
    return rc;
}

enum err adapt_rebase(struct arena *a, const struct assessment *m, const char *stage,
                      struct adaptation *x, struct why *why)
{
    struct adaptation next = *x;
    size_t *places = NULL;
    struct merge g;
    enum err rc = adapt_lines(a, m, stage, &next.base, why);

    if (rc == ERR_OK)
        rc = adapt_align(a, x->base, next.base, &places, why);
    if (rc != ERR_OK)
        return rc;
    g = (struct merge){ .a = a,
                        .base = x->base,
                        .now = next.base,
                        .mine = x->mine,
                        .places = places,
                        .out = { .a = a } };
    for (size_t i = 0; adapt_key_at(i) != NULL; i++)
        merge_key(&g, adapt_key_at(i));
    rc = adapt_list_done(&g.out, &next.mine, why);
    next.model = m->doc->id;
    next.title = m->doc->title;
    next.issuer = m->doc->issuer;
    next.revision = m->doc->revision;
    next.stage = stage;
    if (rc == ERR_OK)
        rc = merge_finish(a, m, stage, &next, why);
    if (rc == ERR_OK)
        *x = next;
    return rc;
}
