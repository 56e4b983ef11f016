#include <math.h>
#include <string.h>

#include "app/domain/adapt_parts.h"
#include "platform/base/attr.h"
#include "platform/base/str.h"

/* Changes to a copy. Each makes a new list, so that a change that fails leaves the old one whole. */

static enum err edit_typed(const char *text, struct why *why)
{
    if (text[0] == '\0' || strspn(text, " ") == strlen(text))
        return why_set(why, ERR_INPUT, 0, "Write something first");
    if (strlen(text) > ADAPT_TYPED_MAX)
        return why_set(why, ERR_LIMIT, 0, "Longer than %d bytes: shorten it", ADAPT_TYPED_MAX);
    if (!adapt_text_ok(text, ADAPT_TYPED_MAX))
        return why_set(why, ERR_INPUT, 0, "That is no plain text of one line");
    return ERR_OK;
}

static enum err edit_find(const struct adaptation *x, const char *path, size_t *out,
                          struct why *why)
{
    *out = adapt_place(x->mine.line, x->mine.count, path);
    return *out < x->mine.count ? ERR_OK
                                : why_set(why, ERR_INPUT, 0, "There is no line %.40s", path);
}

static enum err edit_done(struct adaptation *x, const struct adapt_list *l, struct why *why)
{
    return adapt_list_done(l, &x->mine, why);
}

/* A number that no added line of the key has had, counting from one. */
static char *edit_new_path(struct arena *a, const struct adaptation *x, const char *key)
{
    for (unsigned n = 1; n <= ADAPT_LINES_MAX; n++) {
        char *path = arena_printf(a, "%s/+%u", key, n);

        if (path == NULL || adapt_line_of(x->mine, path) == NULL)
            return path;
    }
    return NULL;
}

enum err adapt_add(struct arena *a, struct adaptation *x, const char *key, const char *text,
                   const char *after, struct why *why)
{
    const struct adapt_key *k = adapt_key_find(key);
    struct adapt_list l = adapt_list_of(a, x->mine);
    size_t at = adapt_place_end(l.line, l.count, key);
    size_t count = 0;
    char *path;
    enum err rc = edit_typed(text, why);

    if (rc != ERR_OK)
        return rc;
    if (k == NULL || !k->typed)
        return why_set(why, ERR_INPUT, 0, "Such a line cannot be added");
    for (size_t i = 0; i < l.count; i++)
        count += str_eq(l.line[i].key, key) ? 1 : 0;
    if (str_eq(key, "do_not") && count >= ASSESSMENT_DO_NOTS_MAX)
        return why_set(why, ERR_LIMIT, 0, "At most %d do-nots: write it as a control",
                       ASSESSMENT_DO_NOTS_MAX);
    if (after != NULL && adapt_place(l.line, l.count, after) < l.count)
        at = adapt_place(l.line, l.count, after) + 1;
    path = edit_new_path(a, x, key);
    if (path != NULL)
        adapt_list_push_at(&l, at,
                           (struct adapt_line){ .path = path,
                                                .key = k->id,
                                                .text = arena_strdup(a, text),
                                                .amount = NAN,
                                                .unit = "" });
    return edit_done(x, &l, why);
}

enum err adapt_add_path(struct arena *a, struct adaptation *x, const char *path, const char *text,
                        struct why *why)
{
    static const char *const keys[] = { "ppe", "sign", "room", "equipment" };
    const char *key = adapt_path_key(path);
    struct adapt_list l;
    bool may = false;

    for (size_t i = 0; key != NULL && i < COUNT_OF(keys); i++)
        may = may || str_eq(keys[i], key);
    if (!may || str_eq(path, key))
        return why_set(why, ERR_INPUT, 0, "%.40s cannot be added", path);
    if (adapt_line_of(x->mine, path) != NULL)
        return ERR_OK;
    /* A line of the model that was taken away comes back as it was. */
    if (adapt_line_of(x->base, path) != NULL)
        return adapt_reset(a, x, path, why);
    l = adapt_list_of(a, x->mine);
    adapt_list_push_at(&l, adapt_place_end(l.line, l.count, key),
                       (struct adapt_line){ .path = arena_strdup(a, path),
                                            .key = key,
                                            .text = arena_strdup(a, text),
                                            .amount = NAN,
                                            .unit = "" });
    return edit_done(x, &l, why);
}

enum err adapt_text(struct arena *a, struct adaptation *x, const char *path, const char *text,
                    struct why *why)
{
    const struct adapt_key *k;
    struct adapt_list l;
    size_t at = 0;
    enum err rc = edit_find(x, path, &at, why);

    if (rc == ERR_OK)
        rc = edit_typed(text, why);
    if (rc != ERR_OK)
        return rc;
    k = adapt_key_find(x->mine.line[at].key);
    if (k == NULL || !(k->typed || str_eq(k->id, "who") || str_eq(k->id, "if_wrong")))
        return why_set(why, ERR_INPUT, 0, "That line is not typed");
    l = adapt_list_of(a, x->mine);
    if (!l.failed)
        l.line[at].text = arena_strdup(a, text);
    return edit_done(x, &l, why);
}

enum err adapt_amount(struct arena *a, struct adaptation *x, const char *path, double amount,
                      struct why *why)
{
    struct adapt_list l;
    size_t at = 0;
    enum err rc = edit_find(x, path, &at, why);

    if (rc != ERR_OK)
        return rc;
    if (isnan(x->mine.line[at].amount))
        return why_set(why, ERR_INPUT, 0, "That line has no number");
    if (!isfinite(amount) || amount <= 0 || amount > 1e6)
        return why_set(why, ERR_INPUT, 0, "Give a number above 0");
    if (str_eq(path, "groups"))
        return adapt_groups(a, x, (int)amount, why);
    l = adapt_list_of(a, x->mine);
    if (!l.failed) {
        l.line[at].amount = amount;
        l.line[at].text = adapt_amount_text(a, amount, l.line[at].unit);
    }
    return edit_done(x, &l, why);
}

static void edit_drop(struct adapt_list *l, size_t at)
{
    memmove(&l->line[at], &l->line[at + 1], (l->count - at - 1) * sizeof *l->line);
    l->count--;
}

enum err adapt_remove(struct arena *a, struct adaptation *x, const char *path, struct why *why)
{
    struct adapt_list l;
    size_t at = 0;
    enum err rc = edit_find(x, path, &at, why);

    if (rc != ERR_OK)
        return rc;
    if (adapt_key_find(x->mine.line[at].key)->fixed)
        return why_set(why, ERR_INPUT, 0, "That line always stands there");
    l = adapt_list_of(a, x->mine);
    if (l.failed)
        return edit_done(x, &l, why);
    edit_drop(&l, at);
    /* A stop-point says why its control is one: without the control it says nothing. */
    if (str_starts(path, "control/")) {
        char stop[ADAPT_PATH_MAX + 16];

        (void)str_format(stop, sizeof stop, "stop_point/%s", path + strlen("control/"));
        at = adapt_place(l.line, l.count, stop);
        if (at < l.count)
            edit_drop(&l, at);
    }
    return edit_done(x, &l, why);
}

enum err adapt_move(struct arena *a, struct adaptation *x, const char *path, int by,
                    struct why *why)
{
    struct adapt_list l;
    struct adapt_line line;
    size_t at = 0;
    size_t to;
    enum err rc = edit_find(x, path, &at, why);

    if (rc != ERR_OK || by == 0)
        return rc;
    if ((by < 0 && at == 0) || (by > 0 && at + 1 == x->mine.count))
        return ERR_OK;
    to = by < 0 ? at - 1 : at + 1;
    if (!str_eq(x->mine.line[to].key, x->mine.line[at].key))
        return ERR_OK;
    l = adapt_list_of(a, x->mine);
    if (!l.failed) {
        line = l.line[at];
        l.line[at] = l.line[to];
        l.line[to] = line;
    }
    return edit_done(x, &l, why);
}

/* Where a line of the model that was taken away belongs: behind the nearest one before it that is still
   there. */
static size_t edit_home(const struct adaptation *x, const struct adapt_list *l, const char *path,
                        const char *key)
{
    size_t at = adapt_place(x->base.line, x->base.count, path);

    while (at-- > 0 && str_eq(x->base.line[at].key, key)) {
        size_t place = adapt_place(l->line, l->count, x->base.line[at].path);

        if (place < l->count)
            return place + 1;
    }
    at = 0;
    while (at < l->count && !str_eq(l->line[at].key, key))
        at++;
    return at < l->count ? at : adapt_place_end(l->line, l->count, key);
}

enum err adapt_reset(struct arena *a, struct adaptation *x, const char *path, struct why *why)
{
    const struct adapt_line *line = adapt_line_of(x->base, path);
    struct adapt_list l = adapt_list_of(a, x->mine);
    size_t at = adapt_place(l.line, l.count, path);

    if (str_eq(path, "stage"))
        return ERR_OK;
    if (line == NULL && at < l.count)
        edit_drop(&l, at);
    else if (line != NULL && at < l.count)
        l.line[at] = *line;
    else if (line != NULL)
        adapt_list_push_at(&l, edit_home(x, &l, path, line->key), *line);
    if (line != NULL && str_eq(path, "groups"))
        x->groups = 0;
    return edit_done(x, &l, why);
}

enum err adapt_mode(struct arena *a, struct adaptation *x, enum assessment_mode mode,
                    struct why *why)
{
    struct adapt_list l = adapt_list_of(a, x->mine);
    size_t at = adapt_place(l.line, l.count, "mode");

    if (at < l.count)
        l.line[at].text = assessment_mode_id(mode);
    return edit_done(x, &l, why);
}

static bool words_hold(const char *const *words, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(words[i], word))
            return true;
    }
    return false;
}

/* The list with the word in it, or without it; NULL: the arena is full, or the list is. */
static const char **words_put(struct arena *a, const char *const *words, size_t *count,
                              const char *word, bool on)
{
    const char **more = arena_array(a, *count + 1, sizeof *more);
    size_t kept = 0;

    if (more == NULL || (on && *count >= ADAPT_TICKS_MAX))
        return NULL;
    for (size_t i = 0; i < *count; i++) {
        if (!str_eq(words[i], word))
            more[kept++] = words[i];
    }
    if (on) {
        more[kept] = arena_strdup(a, word);
        if (more[kept++] == NULL)
            return NULL;
    }
    *count = kept;
    return more;
}

bool adapt_ticked(const struct adaptation *x, const char *tick)
{
    return words_hold(x->ticks, x->tick_count, tick);
}

bool adapt_has_room(const struct adaptation *x, const char *feature)
{
    return words_hold(x->rooms, x->room_count, feature);
}

enum err adapt_room(struct arena *a, struct adaptation *x, const char *feature, bool has,
                    struct why *why)
{
    size_t count = x->room_count;
    const char **rooms = words_put(a, x->rooms, &count, feature, has);

    if (rooms == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the room's features");
    x->rooms = rooms;
    x->room_count = count;
    return ERR_OK;
}

static const struct assessment_word *tick_find(const char *tick)
{
    size_t count = 0;
    const struct assessment_word *ticks = assessment_ticks(&count);

    for (size_t i = 0; i < count; i++) {
        if (str_eq(ticks[i].id, tick))
            return &ticks[i];
    }
    return NULL;
}

static void tick_add(struct adapt_list *l, const char *tick, size_t number, const char *text)
{
    const char *path = arena_printf(l->a, "consider/%s/%zu", tick, number);

    if (path != NULL)
        adapt_list_push_at(l, adapt_place_end(l->line, l->count, "consider"),
                           (struct adapt_line){ .path = path,
                                                .key = adapt_path_key(path),
                                                .text = text,
                                                .amount = NAN,
                                                .unit = "" });
}

enum err adapt_tick(struct arena *a, const struct assessment *m, struct adaptation *x,
                    const char *tick, bool on, struct why *why)
{
    const struct assessment_word *word = tick_find(tick);
    struct adapt_list l = adapt_list_of(a, x->mine);
    char prefix[ADAPT_PATH_MAX];
    size_t count = x->tick_count;
    size_t added = 0;
    const char **ticks;
    enum err rc;

    if (word == NULL)
        return why_set(why, ERR_INPUT, 0, "%.40s is no consideration", tick);
    (void)str_format(prefix, sizeof prefix, "consider/%s/", tick);
    for (size_t i = l.count; i-- > 0 && !l.failed;) {
        if (str_starts(l.line[i].path, prefix))
            edit_drop(&l, i);
    }
    for (size_t i = 0; on && i < m->consideration_count; i++) {
        if (str_eq(m->considerations[i].tick, tick))
            tick_add(&l, tick, ++added, m->considerations[i].adds);
    }
    if (on && added == 0)
        tick_add(&l, tick, 1, word->adds);
    ticks = words_put(a, x->ticks, &count, tick, on);
    if (ticks == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the considerations");
    rc = edit_done(x, &l, why);
    if (rc == ERR_OK) {
        x->ticks = ticks;
        x->tick_count = count;
    }
    return rc;
}

enum err adapt_groups(struct arena *a, struct adaptation *x, int groups, struct why *why)
{
    struct adapt_list l = adapt_list_of(a, x->mine);
    size_t at = adapt_place(l.line, l.count, "groups");
    const struct adapt_line line = { .path = "groups",
                                     .key = adapt_path_key("groups"),
                                     .text = adapt_amount_text(a, groups, "groups"),
                                     .amount = groups,
                                     .unit = "groups" };
    enum err rc;

    if (groups < 0 || groups > ASSESSMENT_GROUPS_MAX)
        return why_set(why, ERR_INPUT, 0, "At most %d groups", ASSESSMENT_GROUPS_MAX);
    if (groups == 0) {
        x->groups = 0;
        return adapt_reset(a, x, "groups", why);
    }
    if (at < l.count)
        l.line[at] = line;
    else
        adapt_list_push_at(&l, adapt_place_end(l.line, l.count, "groups"), line);
    rc = edit_done(x, &l, why);
    if (rc == ERR_OK)
        x->groups = groups;
    return rc;
}
