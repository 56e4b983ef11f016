/* The end of an item's service: retired with its reason, or lost. A radioactive source has no bin to go to. */
#include <string.h>

#include "app/screens/change.h"
#include "platform/base/str.h"

struct retire_state {
    bool failed, pending, source;
    struct why why;
    struct arena arena;
    struct item item;
    char reason[96], note[160];
};

static const char *const retire_reasons[] = {
    "Beyond repair",           "Not wanted any more",
    "Given to another school", "Recycled as electrical waste",
    "Returned to the maker",
};
static const char *const retire_source_reasons[] = {
    "Transferred, as the RPA advised",
    "Returned to the supplier, as the RPA advised",
    "Taken by a permitted waste service, through the RPA",
};

static bool retire_is_source(struct app *app, const struct item *item)
{
    const struct kind *kind = content_kind(app->content, item->kind);
    struct fact *facts = NULL;
    size_t count = 0;
    if (kind != NULL && str_eq(kind->group, "Radiation"))
        return true;
    return query_facts(&app->store, item->id, &app->scratch, &facts, &count, NULL) == ERR_OK &&
           fact_value(facts, count, "nuclide")[0] != '\0';
}

static void retire_enter(struct app *app, void *state)
{
    struct retire_state *s = state;
    arena_init(&s->arena, 1024 * 1024);
    s->failed = query_item(&app->store, router_top(app)->route.item, &s->arena, &s->item,
                           &s->why) != ERR_OK;
    if (!s->failed)
        s->source = retire_is_source(app, &s->item);
}

static void retire_leave(struct app *app, void *state)
{
    (void)app;
    struct retire_state *s = state;
    arena_done(&s->arena);
}

static void retire_record(struct app *app, struct retire_state *s)
{
    struct item_draft draft = change_draft(&s->item);
    const char *gap = s->note[0] == '\0' ? "" : ". ";
    draft.retired = true;
    draft.retired_why = ui_text_f(app->ui, "%s%s%s", s->reason, gap, s->note);
    if (change_record(app, &draft,
                      ui_text_f(app->ui, "%s is retired. Its history stays.", s->item.name)))
        router_pop(app);
}

static void retire_reasons_list(struct app *app, struct retire_state *s, struct ui_scroll *list)
{
    const char *const *reasons = s->source ? retire_source_reasons : retire_reasons;
    size_t count = s->source ? COUNT_OF(retire_source_reasons) : COUNT_OF(retire_reasons);
    for (size_t i = 0; i < count; i++) {
        bool on = str_eq(s->reason, reasons[i]);
        struct ui_tile tile = { .id = ui_text_f(app->ui, "reason%zu", i),
                                .title = reasons[i],
                                .card = on ? CARD_SELECTED : CARD_PLAIN };
        if (parts_row(app, list, &tile))
            (void)str_copy(s->reason, sizeof s->reason, reasons[i]);
    }
}

static void retire_frame(struct app *app, void *state)
{
    struct retire_state *s = state;
    struct ui *ui = app->ui;
    if (parts_signed(app, &s->pending, 0))
        retire_record(app, s);
    struct rect page =
        page_begin(app, s->failed ? "Retire" : ui_text_f(ui, "Retire %s", s->item.name));
    if (s->failed) {
        page_fault(app, page, "This item could not be read", &s->why);
        return;
    }
    const char *why_not = s->reason[0] == '\0' ? "Choose the reason first." : NULL;
    if (s->source && why_not == NULL && s->note[0] == '\0')
        why_not = "Write who took it, and the number of the paper that says so.";
    if (parts_foot(app, &page, "record", "Retire it", ICON_SAVE, why_not) &&
        parts_sign(app, &s->pending, 0, "Retire"))
        retire_record(app, s);
    struct ui_scroll list = ui_scroll_begin(ui, page, "reasons");
    if (s->source)
        parts_words(app, &list, "no_bin",
                    "A radioactive source never goes into a bin, and never leaves the school "
                    "without the RPA. Ask the RPS before you go on.",
                    TONE_BAD);
    else
        parts_head(app, &list, "why", "Why does it go out of service?");
    retire_reasons_list(app, s, &list);
    (void)parts_field(app, &list, "note",
                      s->source ? "Who took it, and the paper's number" : "Anything to add",
                      KEYBOARD_TEXT, s->note, sizeof s->note);
    ui_scroll_end(ui, &list);
}

const struct screen screen_retire = {
    .id = "retire",
    .state_size = sizeof(struct retire_state),
    .enter = retire_enter,
    .frame = retire_frame,
    .leave = retire_leave,
    .stays = true,
};
