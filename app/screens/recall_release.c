/* One item back into use although a notice is about it: why, what was looked at or done, and by whom: badge and PIN, like the
   release of a failed check. */
#include "app/screens/recall.h"

#include "app/domain/competence.h"
#include "platform/base/str.h"

struct release_state {
    uint64_t seen;
    bool failed, found, pending;
    bool changed; /* the notice is another than the one that the page was opened on */
    struct why why;
    struct arena arena;
    struct item item;
    struct notice notice;
    char reason[24], note[400];
    int note_y; /* how far down the list the note stands */
};

enum { RELEASE_PROOF = PROOF_BADGE | PROOF_PIN };

static const struct {
    const char *id, *title, *words;
} release_reasons[] = {
    { "not-affected", "Looked at: not one of them",
      "The plate says another maker, model or serial" },
    { "repaired", "Put right as the notice says", "By whom, and the paper that says so" },
    { "other", "Another reason", "Say which" },
};

/* A notice that is issued anew while the page is open may be about more than it was: the reason is to be chosen with it in view,
   and what was typed stays. */
static void release_read(struct app *app, struct release_state *s)
{
    const struct route *route = &router_top(app)->route;
    const int before = s->found ? s->notice.stop.revision : 0;
    if (!screen_stale(app, &s->seen))
        return;
    arena_begin(&s->arena, (size_t)16 * 1024 * 1024);
    enum err rc = query_item(&app->store, route->item, &s->arena, &s->item, &s->why);
    if (rc == ERR_OK)
        rc = recall_read(app, route->doc, &s->arena, &s->notice, &s->found, &s->why);
    s->failed = rc != ERR_OK;
    if (s->failed || !s->found || before == 0 || before == s->notice.stop.revision)
        return;
    s->changed = true;
    s->reason[0] = '\0';
}

static void release_leave(struct app *app, void *state)
{
    (void)app;
    struct release_state *s = state;
    arena_done(&s->arena);
}

static void release_record(struct app *app, struct release_state *s)
{
    const struct stop_about about = { s->notice.stop.key, s->notice.stop.revision };
    const struct stop_release release = { s->item.id, s->reason, s->note };
    char event[1][EVENT_ID_TEXT];
    struct why why;
    if (store_stop_clear(&app->store, app->now, app->session.person, &about, &release, event[0],
                         &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not released: %s", why.text);
        return;
    }
    app_toast_undo_stop(app, "Released from this notice. Its checks say whether it may be used.",
                        (const char(*)[EVENT_ID_TEXT])event, 1);
    app_changed(app);
    router_pop(app);
}

static const char release_path[] = "/recall_release/reasons";

static const char *release_title(struct app *app, const struct release_state *s)
{
    return ui_text_f(app->ui, "Release %s", s->item.name);
}

static void release_list(struct app *app, struct release_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    const struct stop *stop = &s->notice.stop;
    const char *place = page_place(app, &s->item);
    if (s->changed) {
        parts_words(app, list, "changed",
                    "This notice was changed while this page was open. Read it again, then choose "
                    "the reason.",
                    TONE_BAD);
        const struct ui_tile read = { .id = "read", .title = "Read the notice", .icon = ICON_BOOK };
        if (parts_row(app, list, &read))
            router_push(app, "recall", &(struct route){ .doc = stop->key });
    }
    parts_words(app, list, "notice", ui_text_f(ui, "%s: %s", recall_word(stop), stop->title),
                TONE_BAD);
    const char *name =
        page_title_whole(app, release_title(app, s)) ? "" : ui_text_f(ui, " · %s", s->item.name);
    parts_words(app, list, "item",
                ui_text_f(ui, "%s%s%s%s", s->item.label[0] == '\0' ? "No label" : s->item.label,
                          name, place[0] == '\0' ? "" : " · ", place),
                TONE_MUTED);
    parts_head(app, list, "why", "Why may it be used again?");
    for (size_t i = 0; i < COUNT_OF(release_reasons); i++) {
        bool on = str_eq(s->reason, release_reasons[i].id);
        struct ui_tile tile = { .id = release_reasons[i].id,
                                .title = release_reasons[i].title,
                                .words = release_reasons[i].words,
                                .icon = on ? ICON_CHECK : ICON_NONE,
                                .card = on ? CARD_SELECTED : CARD_PLAIN };
        if (!parts_row(app, list, &tile))
            continue;
        (void)str_copy(s->reason, sizeof s->reason, release_reasons[i].id);
        /* What is asked next may lie below the panel's edge. */
        if (s->note[0] == '\0')
            ui_scroll_to(ui, release_path, s->note_y);
    }
    s->note_y = list->y - list->top;
    (void)parts_area(app, list, "note", "What you looked at, or what was done", s->note,
                     sizeof s->note);
    parts_words(app, list, "who",
                ui_text_f(ui, "It takes badge and PIN of a %s.", competence_name(STOP_RELEASERS)),
                TONE_MUTED);
}

static void release_frame(struct app *app, void *state)
{
    struct release_state *s = state;
    struct ui *ui = app->ui;
    release_read(app, s);
    /* Not of a notice that was changed, or taken back, while they signed. */
    if (parts_signed(app, &s->pending, RELEASE_PROOF) && !s->failed && s->found &&
        s->reason[0] != '\0')
        release_record(app, s);
    struct rect page = page_begin(app, s->failed ? "Release" : release_title(app, s));
    if (s->failed) {
        page_fault(app, page, "This item could not be read", &s->why);
        return;
    }
    if (!s->found) {
        page_empty(app, page, ICON_CHECK, "This notice is no longer in force",
                   "It holds nothing back any more.");
        return;
    }
    const char *why_not = s->reason[0] == '\0' ? "Choose the reason first."
                          : s->note[0] == '\0' ? "Write what you looked at, or what was done."
                                               : NULL;
    if (parts_foot(app, &page, "record", "Release it", ICON_CHECK, why_not) &&
        parts_sign(app, &s->pending, RELEASE_PROOF, "Release"))
        release_record(app, s);
    struct ui_scroll list = ui_scroll_begin(ui, page, "reasons");
    release_list(app, s, &list);
    ui_scroll_end(ui, &list);
}

const struct screen screen_recall_release = {
    .id = "recall_release",
    .state_size = sizeof(struct release_state),
    .frame = release_frame,
    .leave = release_leave,
    .stays = true,
};
