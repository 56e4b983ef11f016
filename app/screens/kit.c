/* A kit and its members: scan what belongs into it, tap a member to see it. */
#include <string.h>

#include "app/screens/change.h"
#include "platform/base/str.h"

struct kit_state {
    uint64_t seen;
    bool failed, pending;
    struct why why;
    struct arena arena;
    struct item kit;
    struct item *members;
    enum use *uses;
    size_t count;
    char adding[KEYS_RANDOM_ID]; /* waits for a signature */
};

static void kit_read(struct app *app, struct kit_state *s)
{
    const char *id = router_top(app)->route.item;
    arena_begin(&s->arena, 8 * 1024 * 1024);
    enum err rc = query_item(&app->store, id, &s->arena, &s->kit, &s->why);
    if (rc == ERR_OK)
        rc = query_members(&app->store, id, &s->arena, &s->members, &s->count, &s->why);
    if (rc == ERR_OK)
        s->uses = arena_array(&s->arena, s->count + 1, sizeof *s->uses);
    for (size_t i = 0; rc == ERR_OK && s->uses != NULL && i < s->count; i++) {
        struct status status;
        rc = parts_status(app, &s->members[i], &s->arena, &status, &s->why);
        s->uses[i] = status.use;
    }
    s->failed = rc != ERR_OK || s->uses == NULL;
}

static void kit_leave(struct app *app, void *state)
{
    (void)app;
    struct kit_state *s = state;
    arena_done(&s->arena);
}

static void kit_add(struct app *app, struct kit_state *s)
{
    struct item item;
    struct why why;
    if (query_item(&app->store, s->adding, &app->scratch, &item, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not added: %s", why.text);
        return;
    }
    struct item_draft draft = change_draft(&item);
    draft.kit = s->kit.id;
    (void)change_record(app, &draft, ui_text_f(app->ui, "%s is in this kit", item.name));
}

static bool kit_scan(struct app *app, void *state, const struct thing *thing)
{
    struct kit_state *s = state;
    struct item *items = NULL;
    size_t count = 0;
    if (s->failed || thing->kind != THING_LABEL)
        return false;
    if (query_label(&app->store, thing->code, &app->scratch, &items, &count, NULL) != ERR_OK)
        return false;
    if (count == 0)
        app_toast(app, TONE_INFO, "%s is on nothing yet: register it first", thing->shown);
    else if (count > 1)
        return false;
    else if (str_eq(items[0].id, s->kit.id))
        app_toast(app, TONE_INFO, "This is the kit itself. Scan what belongs into it");
    else if (str_eq(items[0].kit, s->kit.id))
        app_toast(app, TONE_INFO, "%s is in this kit already", items[0].name);
    else {
        (void)str_copy(s->adding, sizeof s->adding, items[0].id);
        if (parts_sign(app, &s->pending, 0, "Kit"))
            kit_add(app, s);
    }
    return true;
}

struct kit_rows {
    const struct item *members;
    const enum use *uses;
};

static struct ui_tile kit_tile(struct app *app, const void *rows, size_t at)
{
    const struct kit_rows *r = rows;
    struct ui_tile tile = parts_item(app, &r->members[at]);
    tile.badge = page_use_word(r->uses[at]);
    tile.badge_tone = page_use_tone(r->uses[at]);
    return tile;
}

static void kit_frame(struct app *app, void *state)
{
    struct kit_state *s = state;
    struct ui *ui = app->ui;
    if (screen_stale(app, &s->seen))
        kit_read(app, s);
    if (parts_signed(app, &s->pending, 0))
        kit_add(app, s);
    struct rect page = page_begin(app, s->failed ? "Kit" : ui_text_f(ui, "Kit · %s", s->kit.name));
    if (s->failed) {
        page_fault(app, page, "The kit could not be read", &s->why);
        return;
    }
    if (s->count == 0) {
        page_empty(app, page, ICON_LINK, "Nothing is in this kit yet",
                   "Scan the label of each thing that belongs into it.");
        return;
    }
    const char *words = "Scan a label to add it. To take one out, tap it, then More.";
    int h = ui_para_height(ui, page.w, words, SIZE_BODY, FONT_REGULAR);
    (void)ui_para(ui, ui_cut_top(&page, h), "words", words, SIZE_BODY, FONT_REGULAR, TONE_MUTED);
    (void)ui_cut_top(&page, ui_gap(ui));
    struct kit_rows rows = { s->members, s->uses };
    int tapped = parts_tiles(app, page, "members", &rows, s->count, 1, kit_tile);
    if (tapped >= 0)
        router_push(app, "item", &(struct route){ .item = s->members[tapped].id });
}

const struct screen screen_kit = {
    .id = "kit",
    .state_size = sizeof(struct kit_state),
    .frame = kit_frame,
    .leave = kit_leave,
    .scan = kit_scan,
};
