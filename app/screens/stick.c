/* A stick is plugged in: what is on it, what is to go on it, one button, and when it may be pulled out. */
#include "app/screens/parts.h"
#include "platform/base/str.h"

static const char *stick_count(struct app *app, uint64_t n)
{
    return ui_text_f(app->ui, "%llu record%s", (unsigned long long)n, n == 1 ? "" : "s");
}

static void stick_banner(struct app *app, struct ui_scroll *list, const char *word,
                         const char *words, enum ui_tone tone)
{
    struct ui *ui = app->ui;
    int h = ui_banner_height(ui, list->view.w, word, words, "");
    ui_banner(ui, ui_scroll_row(list, h), "state", word, words, tone);
    ui_scroll_space(list, ui_gap(ui));
}

/* What was left on it, and why: for whoever put it there. */
static void stick_notes(struct app *app, struct ui_scroll *list, const struct stick_tally *t)
{
    if (t->note_count == 0)
        return;
    parts_head(app, list, "left", "Left as they are on the stick");
    for (size_t i = 0; i < t->note_count && i < STICK_NOTES_MAX; i++)
        parts_line(app, list, ui_text_f(app->ui, "note%zu", i), t->notes[i].name, t->notes[i].what,
                   TONE_PLAIN);
    if (t->note_count > STICK_NOTES_MAX)
        parts_words(app, list, "more",
                    ui_text_f(app->ui, "And %zu more.", t->note_count - STICK_NOTES_MAX),
                    TONE_MUTED);
}

static void stick_trouble(struct app *app, struct ui_scroll *list, const struct stick_tally *t)
{
    if (t->protected)
        parts_words(
            app, list, "protected",
            "The stick is write-protected: nothing could be put on it. Move its switch, and "
            "plug it in again.",
            TONE_DUE);
    if (t->full)
        parts_words(app, list, "full",
                    "The stick is full: not all had room. Take other files off it, and plug it in "
                    "again.",
                    TONE_DUE);
    if (t->forked)
        parts_words(
            app, list, "forked",
            "Records on the stick differ from those here: one of the kiosks is a copy or was "
            "put back. Both are kept. Tell IT.",
            TONE_DUE);
}

static void stick_did(struct app *app, struct ui_scroll *list, const struct stick_tally *t)
{
    parts_line(app, list, "taken", "Taken from the stick", stick_count(app, t->taken), TONE_PLAIN);
    parts_line(app, list, "given", "Put on the stick", stick_count(app, t->given), TONE_PLAIN);
    if (t->taken_files + t->given_files > 0)
        parts_line(app, list, "files", "Pictures and papers",
                   ui_text_f(app->ui, "%llu taken, %llu put on it",
                             (unsigned long long)t->taken_files,
                             (unsigned long long)t->given_files),
                   TONE_PLAIN);
    ui_scroll_space(list, ui_gap(app->ui));
    stick_trouble(app, list, t);
    stick_notes(app, list, t);
}

static void stick_found(struct app *app, struct rect page, const struct porter_view *v)
{
    const struct stick_tally *t = &v->tally;
    if (parts_foot(app, &page, "go", "Take and give", ICON_USB, NULL))
        porter_go(app->carry.porter);
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "found");
    bool nothing = t->take + t->give == 0;
    stick_banner(app, &list, "Stick found",
                 nothing ? "Nothing new on it, and nothing to put on it"
                         : ui_text_f(app->ui, "%s to take, %llu to put on it",
                                     stick_count(app, t->take), (unsigned long long)t->give),
                 TONE_INFO);
    parts_words(app, &list, "means",
                "It carries records between the kiosks of this school. Only they can read them.",
                TONE_MUTED);
    ui_scroll_end(app->ui, &list);
}

static void stick_busy(struct app *app, struct rect page, const struct porter_view *v)
{
    struct ui *ui = app->ui;
    const struct stick_tally *t = &v->tally;
    if (parts_foot(app, &page, "stop", "Stop", ICON_CROSS, NULL))
        porter_cancel(app->carry.porter);
    struct ui_scroll list = ui_scroll_begin(ui, page, "busy");
    stick_banner(app, &list, "Leave it in", "Records are taken and given", TONE_INFO);
    uint64_t all = t->all > t->done ? t->all : t->done;
    int permille = all == 0 ? 0 : (int)(t->done * 1000 / all);
    ui_progress(ui, ui_scroll_row(&list, page_target(app)), "progress",
                ui_text_f(ui, "%llu of %llu", (unsigned long long)t->done, (unsigned long long)all),
                permille, 1000);
    ui_scroll_end(ui, &list);
}

static void stick_done(struct app *app, struct rect page, const struct porter_view *v)
{
    const struct stick_tally *t = &v->tally;
    if (t->more) {
        if (parts_foot(app, &page, "go", "Take and give the rest", ICON_USB, NULL))
            porter_go(app->carry.porter);
    } else if (parts_foot(app, &page, "done", "Done", ICON_CHECK, NULL)) {
        router_pop(app);
    }
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "did");
    bool part = t->protected || t->full || t->forked;
    const char *words = v->waiting > 0 ? "Another stick waits: it is next once this one is out"
                        : t->more      ? "There is more than goes at once: tap again first"
                        : t->protected ? "What was on it is taken. Nothing could be written"
                        : t->full      ? "Not all had room on it: see below"
                        : part || t->note_count > 0 ? "Something was left as it was: see below"
                                                    : "All is written";
    stick_banner(app, &list, "You can pull it out now", words, part ? TONE_DUE : TONE_GOOD);
    stick_did(app, &list, t);
    ui_scroll_end(app->ui, &list);
}

static void stick_failed(struct app *app, struct rect page, const struct porter_view *v)
{
    if (v->pulled) {
        if (parts_foot(app, &page, "done", "Done", ICON_CHECK, NULL))
            router_pop(app);
    } else if (parts_foot(app, &page, "go", "Try again", ICON_REFRESH, NULL)) {
        porter_go(app->carry.porter);
    }
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "failed");
    if (v->pulled)
        stick_banner(app, &list, "Pulled out too early",
                     "Nothing is lost. Plug it in again and it goes on", TONE_DUE);
    else if (v->rc == ERR_OFFLINE)
        stick_banner(app, &list, "Stopped", "Nothing is lost. It goes on with the next tap",
                     TONE_INFO);
    else
        stick_banner(app, &list, "This stick does not work", v->why.text, TONE_LATE);
    stick_did(app, &list, &v->tally);
    ui_scroll_end(app->ui, &list);
}

static void stick_frame(struct app *app, void *state)
{
    const struct porter_view *v = &app->carry.view;
    struct rect page = page_begin(app, "Records by stick");
    (void)state;
    switch (v->state) {
    case PORTER_NONE:
        page_empty(app, page, ICON_USB, "No stick", "Plug one in: it is looked through by itself.");
        return;
    case PORTER_NO_SITE:
        page_empty(app, page, ICON_USB, "This kiosk belongs to no school yet",
                   "Records, then «Kiosks of this school», says how it comes to one.");
        return;
    case PORTER_LOOKING:
        page_empty(app, page, ICON_USB, "Looking at the stick", "This takes a moment.");
        return;
    case PORTER_FOUND:
        stick_found(app, page, v);
        return;
    case PORTER_BUSY:
        stick_busy(app, page, v);
        return;
    case PORTER_DONE:
        stick_done(app, page, v);
        return;
    case PORTER_FAILED:
        stick_failed(app, page, v);
        return;
    }
}

const struct screen screen_stick = { .id = "stick", .frame = stick_frame };
