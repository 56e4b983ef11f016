#include <math.h>
#include <string.h>

#include "app/domain/adapt_parts.h"
#include "platform/base/attr.h"
#include "platform/base/str.h"

/* The judgement of every kind of line. Whatever is not plainly stricter goes to a second person: a typed
   line in another's place may say anything. */
static const struct adapt_key keys[] = {
    { "level", "Level", ADAPT_TIGHTENS, ADAPT_LOOSENS, ADAPT_LOOSENS, .fixed = true },
    { "mode", "Who may do it", ADAPT_TIGHTENS, ADAPT_LOOSENS, ADAPT_LOOSENS, .fixed = true },
    { "stage", "Stage", ADAPT_LOOSENS, ADAPT_LOOSENS, ADAPT_LOOSENS, .fixed = true },
    { "groups", "Groups", ADAPT_TIGHTENS, ADAPT_LOOSENS, ADAPT_LOOSENS },
    { "needs", "Training needed", ADAPT_TIGHTENS, ADAPT_LOOSENS, ADAPT_LOOSENS },
    { "who", "Who", ADAPT_METHOD, ADAPT_LOOSENS, ADAPT_METHOD, .fixed = true },
    { "if_wrong", "If it goes wrong", ADAPT_TIGHTENS, ADAPT_LOOSENS, ADAPT_METHOD, .fixed = true },
    { "do_not", "Do not", ADAPT_TIGHTENS, ADAPT_LOOSENS, ADAPT_METHOD, .numbered = true,
      .typed = true },
    { "ppe", "Wear", ADAPT_TIGHTENS, ADAPT_LOOSENS, ADAPT_METHOD },
    { "sign", "Sign", ADAPT_TIGHTENS, ADAPT_LOOSENS, ADAPT_METHOD },
    { "hazard", "Hazard", ADAPT_TIGHTENS, ADAPT_LOOSENS, ADAPT_METHOD, .numbered = true,
      .typed = true },
    { "chemical", "Chemical", ADAPT_METHOD, ADAPT_METHOD, ADAPT_METHOD },
    { "control", "Control", ADAPT_TIGHTENS, ADAPT_LOOSENS, ADAPT_METHOD, .numbered = true,
      .typed = true },
    { "stop_point", "Stop-point", ADAPT_TIGHTENS, ADAPT_LOOSENS, ADAPT_METHOD, .numbered = true },
    { "consider", "For this class", ADAPT_TIGHTENS, ADAPT_LOOSENS, ADAPT_METHOD },
    { "equipment", "Equipment", ADAPT_METHOD, ADAPT_METHOD, ADAPT_METHOD },
    { "room", "Room needs", ADAPT_TIGHTENS, ADAPT_LOOSENS, ADAPT_METHOD },
    { "emergency", "Emergency", ADAPT_TIGHTENS, ADAPT_LOOSENS, ADAPT_METHOD, .numbered = true,
      .typed = true },
    { "step", "Step", ADAPT_METHOD, ADAPT_METHOD, ADAPT_METHOD, .numbered = true, .ordered = true,
      .typed = true },
    { "prep", "Get ready", ADAPT_METHOD, ADAPT_METHOD, ADAPT_METHOD, .numbered = true,
      .ordered = true, .typed = true },
    { "disposal", "Clearing up", ADAPT_METHOD, ADAPT_METHOD, ADAPT_METHOD, .numbered = true,
      .typed = true },
    { "quantity", "Quantity", ADAPT_METHOD, ADAPT_METHOD, ADAPT_METHOD, .numbered = true,
      .typed = true },
};

const struct adapt_key *adapt_key_at(size_t place)
{
    return place < COUNT_OF(keys) ? &keys[place] : NULL;
}

const struct adapt_key *adapt_key_find(const char *id)
{
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        if (str_eq(keys[i].id, id))
            return &keys[i];
    }
    return NULL;
}

const char *adapt_path_key(const char *path)
{
    size_t len = strcspn(path, "/");

    if (strlen(path) > ADAPT_PATH_MAX || strpbrk(path, " \t\"\\") != NULL ||
        !adapt_text_ok(path, ADAPT_PATH_MAX) || str_ends(path, "/"))
        return NULL;
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        if (strlen(keys[i].id) == len && memcmp(keys[i].id, path, len) == 0)
            return keys[i].id;
    }
    return NULL;
}

bool adapt_path_known(const char *path)
{
    return adapt_path_key(path) != NULL;
}

const char *adapt_key_words(const char *key)
{
    const struct adapt_key *k = adapt_key_find(key);

    return k != NULL ? k->words : key;
}

bool adapt_text_ok(const char *text, size_t max)
{
    size_t len = strlen(text);

    if (len > max || !utf8_valid(text, len))
        return false;
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return false;
    }
    return true;
}

/* ---- lists ---- */

void adapt_list_push_at(struct adapt_list *l, size_t at, struct adapt_line line)
{
    if (l->count == l->cap && l->count < ADAPT_LINES_MAX && !l->failed) {
        size_t cap = l->cap == 0 ? 32 : l->cap * 2;
        struct adapt_line *more = arena_array(l->a, cap, sizeof *more);

        if (more != NULL && l->count > 0)
            memcpy(more, l->line, l->count * sizeof *more);
        l->failed = more == NULL;
        if (more != NULL) {
            l->line = more;
            l->cap = cap;
        }
    }
    l->failed = l->failed || l->count >= ADAPT_LINES_MAX;
    if (l->failed)
        return;
    memmove(&l->line[at + 1], &l->line[at], (l->count - at) * sizeof *l->line);
    l->line[at] = line;
    l->count++;
}

void adapt_list_push(struct adapt_list *l, struct adapt_line line)
{
    adapt_list_push_at(l, l->count, line);
}

enum err adapt_list_done(const struct adapt_list *l, struct adapt_lines *out, struct why *why)
{
    if (l->a->failed)
        return why_set(why, ERR_NOMEM, 0, "no room for an assessment's lines");
    if (l->failed)
        return why_set(why, ERR_LIMIT, 0, "more than %d lines, or one that is too long: shorten it",
                       ADAPT_LINES_MAX);
    *out = (struct adapt_lines){ .line = l->line, .count = l->count };
    return ERR_OK;
}

struct adapt_list adapt_list_of(struct arena *a, struct adapt_lines lines)
{
    struct adapt_list l = { .a = a };

    for (size_t i = 0; i < lines.count; i++)
        adapt_list_push(&l, lines.line[i]);
    return l;
}

size_t adapt_place(const struct adapt_line *line, size_t count, const char *path)
{
    size_t i = 0;

    while (i < count && !str_eq(line[i].path, path))
        i++;
    return i;
}

static size_t key_rank(const char *key)
{
    size_t i = 0;

    while (i < COUNT_OF(keys) && !str_eq(keys[i].id, key))
        i++;
    return i;
}

size_t adapt_place_end(const struct adapt_line *line, size_t count, const char *key)
{
    size_t end = count;

    while (end > 0 && key_rank(line[end - 1].key) > key_rank(key))
        end--;
    return end;
}

bool adapt_line_same(const struct adapt_line *x, const struct adapt_line *y)
{
    bool amounts = (isnan(x->amount) && isnan(y->amount)) || x->amount == y->amount;

    return amounts && str_eq(x->text, y->text) && str_eq(x->unit, y->unit) &&
           x->both_ways == y->both_ways;
}

const struct adapt_line *adapt_line_of(struct adapt_lines lines, const char *path)
{
    size_t i = adapt_place(lines.line, lines.count, path);

    return i < lines.count ? &lines.line[i] : NULL;
}
