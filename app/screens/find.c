/* One search over all documents, as you type; without a word typed, everything of the kind by title. */
#include <string.h>

#include "app/screens/parts.h"
#include "platform/base/str.h"

enum { FIND_MAX = 60 };

struct find_state {
    bool started;
    char words[128], last[128];
    struct arena arena;
    struct doc_hit *hits;
    size_t count;
    bool failed;
    struct why why;
};

static const struct {
    const char *kind, *title, *none;
} find_kinds[] = {
    { "assessment", "Risk assessments", "No assessment fits these words" },
    { "guidance", "Guidance", "No guidance fits these words" },
    { "help", "Help", "No help page fits these words" },
};

static size_t find_kind(struct app *app)
{
    const char *kind = router_top(app)->route.text;
    for (size_t i = 0; i < COUNT_OF(find_kinds); i++)
        if (str_eq(kind, find_kinds[i].kind))
            return i;
    return 0;
}

static void find_read(struct app *app, struct find_state *s)
{
    arena_reset(&s->arena);
    (void)str_copy(s->last, sizeof s->last, s->words);
    const struct find_ask ask = { .words = s->words,
                                  .kind = find_kinds[find_kind(app)].kind,
                                  .max = FIND_MAX,
                                  .today = app->today };
    s->failed = content_find(app->content, &ask, &s->arena, &s->hits, &s->count, &s->why) != ERR_OK;
    if (s->failed)
        s->count = 0;
}

static void find_enter(struct app *app, void *state)
{
    struct find_state *s = state;
    arena_init(&s->arena, 8 * 1024 * 1024);
    find_read(app, s);
}

static void find_leave(struct app *app, void *state)
{
    (void)app;
    struct find_state *s = state;
    arena_done(&s->arena);
}

static struct ui_tile find_tile(struct app *app, const void *rows, size_t at)
{
    const struct doc_hit *hit = (const struct doc_hit *)rows + at;
    if (page_cramped(app))
        return (struct ui_tile){ .id = hit->id, .title = hit->title };
    const char *gap = hit->stages[0] != '\0' && hit->subjects[0] != '\0' ? " · " : "";
    const char *words = hit->stages[0] == '\0' && hit->subjects[0] == '\0'
                            ? hit->summary
                            : ui_text_f(app->ui, "%s%s%s", hit->stages, gap, hit->subjects);
    return (struct ui_tile){
        .id = hit->id, .title = hit->title, .words = words, .icon = ICON_DOCUMENT
    };
}

static void find_list(struct app *app, const struct find_state *s, struct rect r)
{
    bool narrow = ui_portrait(app->ui) || app->opt.large || ui_small(app->ui);
    int tapped = parts_tiles(app, r, "list", s->hits, s->count, narrow ? 1 : 2, find_tile);
    if (tapped >= 0)
        router_push(app, "reader", &(struct route){ .doc = s->hits[tapped].id });
}

static void find_frame(struct app *app, void *state)
{
    struct find_state *s = state;
    size_t kind = find_kind(app);
    struct ui_field field = {
        .id = "words",
        .label = "Search",
        .placeholder = "Type a word or two",
        .keyboard = KEYBOARD_TEXT,
        .icon = ICON_SEARCH,
    };
    struct rect page =
        page_begin_search(app, find_kinds[kind].title, &field, s->words, sizeof s->words, NULL);
    if (!str_eq(s->words, s->last)) {
        find_read(app, s);
        ui_scroll_to(app->ui, "/find/list", 0); /* the best stands first */
    }
    if (s->failed)
        page_fault(app, page, "The documents could not be searched", &s->why);
    else if (s->count == 0)
        page_empty(app, page, ICON_SEARCH,
                   s->words[0] == '\0' ? "Nothing here yet" : find_kinds[kind].none,
                   s->words[0] == '\0' ? "Documents come with the content of your authority."
                                       : "Try fewer letters, or another word for it.");
    else
        find_list(app, s, page);
}

const struct screen screen_find = {
    .id = "find",
    .state_size = sizeof(struct find_state),
    .enter = find_enter,
    .frame = find_frame,
    .leave = find_leave,
};
