#include "app/store/find_also.h"

#include <stdlib.h>
#include <string.h>

#include "app/store/find_match.h"
#include "platform/base/str.h"

enum { ALSO_TEXT_MAX = 4000, ALSO_TOKENS_MAX = 200 };

struct also_phrase {
    const char *keys[FIND_ALSO_WORDS_MAX]; /* first: phrases are found by keys[0] */
    const char *words[FIND_ALSO_WORDS_MAX];
    size_t count;
    uint32_t group;
    const char *name; /* as one term; NULL: too long for one */
};

void find_also_init(struct find_also *s, struct arena *a)
{
    *s = (struct find_also){ .a = a };
}

static enum err also_room(struct find_also *s, struct why *why)
{
    struct also_phrase *rows;
    size_t cap = s->cap == 0 ? 256 : 2 * s->cap;

    if (s->count < s->cap)
        return ERR_OK;
    if (s->count >= FIND_ALSO_PHRASES_MAX)
        return why_set(why, ERR_LIMIT, 0, "more than %d phrases", FIND_ALSO_PHRASES_MAX);
    rows = arena_array(s->a, cap, sizeof *rows);
    if (rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for synonyms");
    if (s->count > 0)
        memcpy(rows, s->rows, s->count * sizeof *rows);
    s->rows = rows;
    s->cap = cap;
    return ERR_OK;
}

static enum err also_phrase(struct find_also *s, const char *text, size_t len, uint32_t group,
                            struct why *why)
{
    struct also_phrase p = { .group = group };
    struct find_word word;
    size_t pos = 0;
    enum err rc = also_room(s, why);

    while (rc == ERR_OK && p.count < FIND_ALSO_WORDS_MAX &&
           find_word_next(text, len, &pos, &word)) {
        char key[FIND_WORD_MAX];

        find_key(word.text, false, key);
        p.keys[p.count] = arena_strdup(s->a, key);
        p.words[p.count] = arena_strdup(s->a, word.text);
        if (p.keys[p.count] == NULL || p.words[p.count] == NULL)
            rc = why_set(why, ERR_NOMEM, 0, "no room for synonyms");
        p.count++;
    }
    if (rc == ERR_OK && p.count > 0) {
        char name[FIND_WORD_MAX];
        const char *whole = arena_strndup(s->a, text, len);

        if (whole != NULL && find_name(whole, name))
            p.name = arena_strdup(s->a, name);
        s->rows[s->count++] = p;
    }
    return rc;
}

enum err find_also_row(struct find_also *s, const char *words, const char *also, struct why *why)
{
    uint32_t group = s->groups++;
    enum err rc = also_phrase(s, words, strlen(words), group, why);

    s->sorted = false;
    while (rc == ERR_OK && *also != '\0') {
        size_t len = strcspn(also, ",;");

        rc = also_phrase(s, also, len, group, why);
        also += len + (also[len] != '\0' ? 1 : 0);
    }
    return rc;
}

static int also_order(const void *p, const void *q)
{
    const struct also_phrase *a = p;
    const struct also_phrase *b = q;
    int by = strcmp(a->keys[0], b->keys[0]);

    return by != 0 ? by : (a->group > b->group) - (a->group < b->group);
}

/* By their first words, and by group apart. */
static bool also_sort(struct find_also *s)
{
    if (s->sorted)
        return true;
    qsort(s->rows, s->count, sizeof *s->rows, also_order);
    s->seen = arena_array(s->a, (size_t)s->groups + 1, sizeof *s->seen);
    s->sorted = s->seen != NULL;
    return s->sorted;
}

/* The words of all phrases of a group; once a document, unless more can be said the second time. */
static void also_add(struct find_also *s, struct find_build *b, uint32_t place, uint32_t group,
                     unsigned words, unsigned name)
{
    uint32_t level = name == FIND_ALSO ? 3 : name != 0 ? 2 : words == FIND_ALSO ? 1 : 0;

    if (s->seen[group] / 4 == place && s->seen[group] % 4 >= level)
        return;
    s->seen[group] = place * 4 + level;
    for (size_t i = 0; i < s->count; i++) {
        const struct also_phrase *p = &s->rows[i];

        if (p->group != group)
            continue;
        for (size_t w = 0; w < p->count; w++)
            find_build_word(b, place, p->words[w], words);
        if (name != 0 && p->name != NULL)
            find_build_word(b, place, p->name, name);
    }
}

void find_also_text(struct find_also *s, struct find_build *b, uint32_t place, const char *text,
                    unsigned field)
{
    static const struct find_word none = { .from = 0 };
    char keys[ALSO_TOKENS_MAX][FIND_WORD_MAX];
    struct find_word word = none;
    const unsigned names = FIND_TITLE | FIND_PLAIN | FIND_KEYWORD;
    const unsigned words = (field & names) != 0 ? FIND_ALSO : field;
    size_t len = strlen(text);
    size_t pos = 0;
    size_t count = 0;

    if (s->count == 0 || !also_sort(s))
        return;
    len = len < ALSO_TEXT_MAX ? len : ALSO_TEXT_MAX;
    while (count < ALSO_TOKENS_MAX && find_word_next(text, len, &pos, &word))
        find_key(word.text, false, keys[count++]);
    for (size_t i = 0; i < count; i++) {
        for (size_t r = str_rows_from(s->rows, s->count, sizeof *s->rows, keys[i]);
             r < s->count && str_eq(s->rows[r].keys[0], keys[i]); r++) {
            const struct also_phrase *p = &s->rows[r];
            size_t same = 1;

            while (same < p->count && i + same < count && str_eq(p->keys[same], keys[i + same]))
                same++;
            if (same == p->count)
                also_add(s, b, place, p->group, words,
                         i > 0 || same < count || words != FIND_ALSO ? 0
                         : (field & (FIND_TITLE | FIND_PLAIN)) != 0  ? FIND_ALSO
                                                                     : FIND_KEYWORD);
        }
    }
}
