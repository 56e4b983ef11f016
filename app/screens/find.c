/* One search over all documents, as you type; and without a word typed, ways in by subject and stage. */
#include "app/screens/find.h"

#include <string.h>

#include "app/domain/doc_kinds.h"
#include "app/screens/doc_open.h"
#include "platform/base/str.h"

enum { FIND_ARENA = 16 * 1024 * 1024, ITEM_LETTERS_MIN = 2 };

const char *find_kind_title(const char *kind)
{
    const struct doc_kind *k = doc_kind(kind);
    if (str_eq(kind, "assessment"))
        return "Risk assessments";
    if (str_eq(kind, "help"))
        return "Help";
    return kind[0] == '\0' ? "Everything" : k == NULL ? kind : k->plural;
}

uint32_t find_kind_icon(const char *kind)
{
    const struct doc_kind *k = doc_kind(kind);
    return k == NULL || k->icon == 0 ? ICON_DOCUMENT : k->icon;
}

/* Whether the page shows ways into the content instead of a list. */
static bool find_browses(const struct find_state *s)
{
    bool ways = s->kind[0] == '\0' || s->subject_count > 1;
    bool held = s->subject[0] != '\0' || s->stage[0] != '\0' || s->flat;
    return s->words[0] == '\0' && !held && ways && !str_eq(s->kind, "help") &&
           !str_eq(s->kind, "guidance");
}

/* ---- reading ---- */

static enum err find_groups(struct app *app, struct find_state *s)
{
    const struct find_ask ask = { .kind = s->kind, .subject = s->subject, .stage = s->stage };
    struct content *c = app->content;
    arena_reset(&s->groups);
    enum err rc = content_subjects(c, &ask, &s->groups, &s->subjects, &s->subject_count, &s->why);
    if (rc == ERR_OK)
        rc = content_stages(c, &ask, &s->groups, &s->stages, &s->stage_count, &s->why);
    if (rc == ERR_OK)
        rc = content_doc_kinds(c, &ask, &s->groups, &s->kinds, &s->kind_count, &s->why);
    return rc;
}

/* What fits beside it, of other kinds, stands behind it; help is about this kiosk, and stays out of it. */
static void find_part(struct find_state *s)
{
    size_t own = 0;
    size_t kept = 0;
    while (own < s->count && str_eq(s->hits[own].kind, s->kind))
        own++;
    s->others = s->hits + own;
    for (size_t i = own; i < s->count; i++)
        if (!str_eq(s->hits[i].kind, "help"))
            s->others[kept++] = s->hits[i];
    s->count = own;
    s->other_count = kept;
}

static void find_items(struct app *app, struct find_state *s)
{
    if (strlen(s->words) < ITEM_LETTERS_MIN || str_eq(s->kind, "help"))
        return;
    if (query_items(&app->store, s->words, &s->arena, &s->items, &s->item_count, &s->why) != ERR_OK)
        s->item_count = 0;
    s->item_count = s->item_count < FIND_ITEMS_MAX ? s->item_count : FIND_ITEMS_MAX;
}

/* Who asks for help without a word is new here: where to begin stands before what goes by name. */
static void find_first_steps(struct find_state *s)
{
    for (size_t i = 1; i < s->count; i++) {
        if (!str_eq(s->hits[i].id, "help-first-steps"))
            continue;
        struct doc_hit first = s->hits[i];
        memmove(s->hits + 1, s->hits, i * sizeof *s->hits);
        s->hits[0] = first;
        return;
    }
}

static void find_read(struct app *app, struct find_state *s, bool filters)
{
    arena_reset(&s->arena);
    (void)str_copy(s->last, sizeof s->last, s->words);
    s->count = s->other_count = s->item_count = 0;
    if (!content_find_conc(s->words, s->conc, sizeof s->conc))
        s->conc[0] = '\0';
    bool beside = s->words[0] != '\0' && s->kind[0] != '\0' && !str_eq(s->kind, "help");
    const struct find_ask ask = { .words = s->words,
                                  .kind = beside ? "" : s->kind,
                                  .first = s->kind,
                                  .subject = s->subject,
                                  .stage = s->stage,
                                  .max = s->words[0] == '\0' ? FIND_ALL_MAX : FIND_MAX,
                                  .today = app->today };
    /* The ways in depend on the filters alone, so a key does not count them anew. */
    enum err rc = filters ? find_groups(app, s) : ERR_OK;
    if (rc == ERR_OK)
        rc = content_find(app->content, &ask, &s->arena, &s->hits, &s->count, &s->why);
    s->failed = rc != ERR_OK;
    if (s->failed)
        s->count = 0;
    if (beside)
        find_part(s);
    if (s->words[0] == '\0' && str_eq(s->kind, "help"))
        find_first_steps(s);
    find_items(app, s);
}

void find_hold(struct app *app, struct find_state *s, char *filter, size_t size, const char *value)
{
    (void)str_copy(filter, size, value);
    s->pick = FIND_PICK_NONE;
    s->started = false;
    ui_scroll_to(app->ui, "/find/list", 0);
    app->busy = true; /* the next frame shows it */
}

static void find_enter(struct app *app, void *state)
{
    struct find_state *s = state;
    const struct route *route = &router_top(app)->route;
    arena_init(&s->arena, FIND_ARENA);
    arena_init(&s->groups, FIND_ARENA);
    (void)str_copy(s->kind, sizeof s->kind, route->text == NULL ? "" : route->text);
    (void)str_copy(s->words, sizeof s->words, route->text2 == NULL ? "" : route->text2);
}

static void find_leave(struct app *app, void *state)
{
    (void)app;
    struct find_state *s = state;
    arena_done(&s->arena);
    arena_done(&s->groups);
}

/* ---- the page ---- */

static const struct ui_field find_field = {
    .id = "words",
    .label = "Search",
    .placeholder = "Type a word or two",
    .keyboard = KEYBOARD_TEXT,
    .icon = ICON_SEARCH,
};

/* Subject, stage and kind, each a tap away from its choices. */
static void find_chips(struct app *app, struct find_state *s, struct rect row)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    if (ui_button(ui, ui_col(row, 0, 3, gap), "stage", s->stage[0] == '\0' ? "Stage" : s->stage,
                  ICON_DOWN, UI_PLAIN))
        s->pick = FIND_PICK_STAGE;
    if (ui_button(ui, ui_col(row, 1, 3, gap), "subject",
                  s->subject[0] == '\0' ? "Subject" : s->subject, ICON_DOWN, UI_PLAIN))
        s->pick = FIND_PICK_SUBJECT;
    if (ui_button(ui, ui_col(row, 2, 3, gap), "kind", "Kind", ICON_DOWN, UI_PLAIN))
        s->pick = FIND_PICK_KIND;
}

/* The bar, the field and the chips; gives what is left. On a wide panel the chips stand beside the field. */
static struct rect find_head(struct app *app, struct find_state *s, bool *out_entered)
{
    struct ui *ui = app->ui;
    const char *title = find_kind_title(s->kind);
    bool chips = !str_eq(s->kind, "help") && !find_browses(s);
    if (page_cramped(app) || !chips)
        return page_begin_search(app, title, &find_field, s->words, sizeof s->words, out_entered);
    struct rect page = page_begin(app, title);
    struct rect row = ui_cut_top(&page, ui_field_height(ui));
    struct rect beside = { 0 };
    bool wide = !ui_portrait(ui) && !ui_small(ui) && !app->opt.large;
    if (wide) {
        beside = ui_cut_right(&row, row.w / 2);
        (void)ui_cut_right(&row, ui_gap(ui));
    }
    (void)ui_field(ui, row, &find_field, s->words, sizeof s->words, out_entered);
    (void)ui_cut_top(&page, ui_gap(ui));
    if (!wide) {
        beside = ui_cut_top(&page, page_target(app));
        (void)ui_cut_top(&page, ui_gap(ui));
    }
    find_chips(app, s, beside);
    return page;
}

/* Nothing fits: what can be done about it. */
static void find_none(struct app *app, struct find_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    bool held = s->kind[0] != '\0' || s->subject[0] != '\0' || s->stage[0] != '\0';
    bool ask = screen_by_id("letter") != NULL;
    if (page_cramped(app)) {
        page_empty(app, page, ICON_SEARCH, "Nothing fits these words", "");
        return;
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "none");
    parts_head(app, &list, "nothing", "Nothing fits these words");
    parts_words(app, &list, "hint", "Try fewer letters, or another word for it.", TONE_MUTED);
    struct rect row = ui_scroll_row(&list, page_primary(app));
    int count = (held ? 1 : 0) + (ask ? 1 : 0);
    if (ask &&
        ui_button(ui, ui_col(row, 0, count, ui_gap(ui)), "ask", "Ask SSERC", ICON_ASK, UI_PRIMARY))
        router_push(app, "letter", &(struct route){ .form = "ask-sserc", .text2 = s->words });
    if (held && ui_button(ui, ui_col(row, count - 1, count, ui_gap(ui)), "all", "Search everything",
                          ICON_SEARCH, UI_PLAIN)) {
        s->subject[0] = s->stage[0] = '\0';
        find_hold(app, s, s->kind, sizeof s->kind, "");
    }
    ui_scroll_end(ui, &list);
}

static void find_entered(struct app *app, const struct find_state *s)
{
    const char *doc = "";
    double conc;
    bool found = false;
    if (content_code(app->content, s->words, &app->scratch, &doc, &conc, &found, NULL) == ERR_OK &&
        found)
        doc_open(app, doc);
}

static void find_frame(struct app *app, void *state)
{
    struct find_state *s = state;
    bool entered = false;
    if (screen_stale(app, &s->seen) || !s->started)
        find_read(app, s, true);
    s->started = true;
    if (s->pick != FIND_PICK_NONE) {
        find_choose(app, s,
                    page_begin(app, s->pick == FIND_PICK_KIND      ? "What kind?"
                                    : s->pick == FIND_PICK_SUBJECT ? "Which subject?"
                                                                   : "Which stage?"));
        return;
    }
    struct rect page = find_head(app, s, &entered);
    if (!str_eq(s->words, s->last)) {
        find_read(app, s, false);
        ui_scroll_to(app->ui, "/find/list", 0); /* the best stands first */
    }
    if (entered && s->words[0] != '\0')
        find_entered(app, s);
    if (content_none(app->content) && s->count + s->other_count + s->item_count == 0)
        page_no_content(app, page);
    else if (s->failed)
        page_fault(app, page, "The documents could not be searched", &s->why);
    else if (find_browses(s) && s->kind_count > 0)
        find_browse(app, s, page);
    else if (s->count + s->other_count + s->item_count > 0)
        find_list(app, s, page);
    else if (s->words[0] == '\0' && s->subject[0] == '\0' && s->stage[0] == '\0')
        page_empty(app, page, ICON_SEARCH, "Nothing here yet",
                   "No document of this sort has come with the content of your authority.");
    else
        find_none(app, s, page);
}

/* An item that is held up while something is looked for leads to what is written about its kind; a bottle or a
   code to its document. */
static bool find_scan(struct app *app, void *state, const struct thing *thing)
{
    (void)state;
    struct item *items = NULL;
    size_t count = 0;
    if (thing->kind != THING_LABEL ||
        query_label(&app->store, thing->code, &app->scratch, &items, &count, NULL) != ERR_OK)
        return false;
    if (count != 1)
        return false;
    const struct kind *kind = content_kind(app->content, items[0].kind);
    if (kind == NULL || kind->guidance[0] == '\0' || str_eq(kind->id, "bottle"))
        return false;
    doc_open(app, kind->guidance);
    return true;
}

const struct screen screen_find = {
    .id = "find",
    .state_size = sizeof(struct find_state),
    .enter = find_enter,
    .frame = find_frame,
    .leave = find_leave,
    .scan = find_scan,
};
