/* What kind of equipment is it? Groups first, as there are many kinds; a word or two finds one at once. */
#include <ctype.h>
#include <string.h>

#include "app/screens/parts.h"
#include "platform/base/str.h"

enum { KINDS_FLAT = 16 /* so few are shown without groups */, KINDS_GROUPS_MAX = 32 };

struct kinds_state {
    char words[64];
};

static const char *const kinds_order[] = {
    "Electrical",         "Pressure",     "Radiation", "Microbiology", "Fume and dust",
    "Emergency and fire", "High voltage", "Gas",       "Chemicals",    "Workshop",
    "Laboratory",         "Instruments",  "Premises",
};

struct kinds_groups {
    const char *names[KINDS_GROUPS_MAX];
    size_t kinds[KINDS_GROUPS_MAX];
    uint32_t icons[KINDS_GROUPS_MAX];
    size_t count;
};

static const char *kinds_group(const struct kind *k)
{
    return k->group[0] == '\0' ? "Other" : k->group;
}

static void kinds_add(struct kinds_groups *g, const char *name, const struct kind *kinds,
                      size_t count)
{
    size_t n = 0;
    uint32_t icon = 0;
    for (size_t i = 0; i < g->count; i++)
        if (str_eq(g->names[i], name))
            return;
    for (size_t i = 0; i < count; i++) {
        if (!str_eq(kinds_group(&kinds[i]), name))
            continue;
        n++;
        icon = icon == 0 ? kinds[i].icon : icon;
    }
    if (n == 0 || g->count == KINDS_GROUPS_MAX)
        return;
    g->names[g->count] = name;
    g->icons[g->count] = icon;
    g->kinds[g->count++] = n;
}

static struct ui_tile kinds_group_tile(struct app *app, const void *rows, size_t at)
{
    const struct kinds_groups *g = rows;
    return (struct ui_tile){ .id = g->names[at],
                             .title = g->names[at],
                             .right = ui_text_f(app->ui, "%zu", g->kinds[at]),
                             .icon = g->icons[at] == 0 ? ICON_TAG : g->icons[at] };
}

static struct ui_tile kinds_tile(struct app *app, const void *rows, size_t at)
{
    const struct kind *k = ((const struct kind *const *)rows)[at];
    if (page_cramped(app))
        return (struct ui_tile){ .id = k->id, .title = k->name };
    return (
        struct ui_tile){ .id = k->id, .title = k->name, .icon = k->icon == 0 ? ICON_TAG : k->icon };
}

/* Letters and digits of both, without regard to case, word by word from anywhere in the name or the group. */
static bool kinds_fits(const struct kind *k, const char *words)
{
    char text[256];
    char word[64];
    (void)str_format(text, sizeof text, "%s %s %s %s", k->name, k->plural, k->group, k->id);
    for (char *c = text; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    for (const char *p = words + strspn(words, " "); *p != '\0'; p += strspn(p, " ")) {
        size_t len = strcspn(p, " ");
        size_t kept = len < sizeof word ? len : sizeof word - 1;
        for (size_t i = 0; i < kept; i++)
            word[i] = (char)tolower((unsigned char)p[i]);
        word[kept] = '\0';
        if (strstr(text, word) == NULL)
            return false;
        p += len;
    }
    return true;
}

static void kinds_choose(struct app *app, const struct kind *k)
{
    const struct route *route = &router_top(app)->route;
    const char *label = route->text == NULL ? "" : route->text;
    struct route on = { .text = label, .form = k->id };
    router_push(app, route->number == 1 ? "many" : "register", &on);
}

static void kinds_list(struct app *app, const struct kinds_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    const char *group = router_top(app)->route.text2;
    bool narrow = ui_portrait(ui) || app->opt.large || page_cramped(app);
    size_t count = 0;
    size_t shown = 0;
    const struct kind *kinds = content_kinds(app->content, &count);
    const struct kind **fit = arena_array(ui_arena(ui), count + 1, sizeof(const struct kind *));
    if (fit == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        if (kinds_fits(&kinds[i], s->words) &&
            (group == NULL || s->words[0] != '\0' || str_eq(kinds_group(&kinds[i]), group)))
            fit[shown++] = &kinds[i];
    if (shown == 0) {
        page_empty(app, page, ICON_TAG, "No kind fits these words",
                   "Try another word for it, or go back and choose a group.");
        return;
    }
    int tapped = parts_tiles(app, page, "list", fit, shown, narrow ? 1 : 2, kinds_tile);
    if (tapped >= 0)
        kinds_choose(app, fit[tapped]);
}

static void kinds_groups(struct app *app, struct rect page)
{
    struct ui *ui = app->ui;
    bool narrow = ui_portrait(ui) || app->opt.large;
    struct kinds_groups *groups = arena_alloc(ui_arena(ui), sizeof *groups);
    size_t count = 0;
    const struct kind *kinds = content_kinds(app->content, &count);
    if (groups == NULL)
        return;
    *groups = (struct kinds_groups){ .count = 0 };
    for (size_t i = 0; i < COUNT_OF(kinds_order); i++)
        kinds_add(groups, kinds_order[i], kinds, count);
    for (size_t i = 0; i < count; i++)
        kinds_add(groups, kinds_group(&kinds[i]), kinds, count);
    int tapped =
        parts_tiles(app, page, "list", groups, groups->count, narrow ? 1 : 2, kinds_group_tile);
    if (tapped < 0)
        return;
    struct route on = router_top(app)->route;
    on.text2 = groups->names[tapped];
    router_push(app, "kinds", &on);
}

static void kinds_frame(struct app *app, void *state)
{
    struct kinds_state *s = state;
    const struct route *route = &router_top(app)->route;
    size_t count = 0;
    (void)content_kinds(app->content, &count);
    struct ui_field field = {
        .id = "words",
        .label = "Find a kind",
        .placeholder = "Find a kind",
        .keyboard = KEYBOARD_TEXT,
        .icon = ICON_SEARCH,
    };
    const char *title = route->text2 != NULL ? route->text2 : "What kind is it?";
    struct rect page = page_begin_search(app, title, &field, s->words, sizeof s->words, NULL);
    if (page_lacks_content(app, page))
        return;
    if (route->text2 == NULL && s->words[0] == '\0' && count > KINDS_FLAT)
        kinds_groups(app, page);
    else
        kinds_list(app, s, page);
}

const struct screen screen_kinds = {
    .id = "kinds",
    .state_size = sizeof(struct kinds_state),
    .frame = kinds_frame,
};
