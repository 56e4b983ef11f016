/* A stick is plugged in: what is on it, what is to go on it, one button, and when it may be pulled out. */
#include "app/screens/parts.h"
#include "platform/base/str.h"

struct stick_state {
    bool notes; /* which files were left is told too */
};

static const char *stick_count(struct app *app, uint64_t n)
{
    return ui_text_f(app->ui, "%llu record%s", (unsigned long long)n, n == 1 ? "" : "s");
}

static void stick_banner(struct app *app, struct ui_scroll *list, const char *word,
                         const char *words, enum ui_tone tone)
{
    struct ui *ui = app->ui;
    int h = ui_banner_height(ui, list->view.w, word, words, NULL);
    ui_banner(ui, ui_scroll_row(list, h), "state", word, words, tone);
    ui_scroll_space(list, ui_gap(ui));
}

static const char *stick_left(struct app *app, size_t count)
{
    return count == 1 ? "1 file was left as it is"
                      : ui_text_f(app->ui, "%zu files were left as they are", count);
}

/* What was left on it, in a line; which files and why, for whoever put them there, behind it. */
static void stick_notes(struct app *app, struct stick_state *s, struct ui_scroll *list,
                        const struct stick_tally *t)
{
    struct ui *ui = app->ui;
    if (t->note_count == 0)
        return;
    struct ui_tile tile = { .id = "left",
                            .title = stick_left(app, t->note_count),
                            .words = s->notes ? "Tap to hide which"
                                     : t->other > 0
                                         ? "By another version of Canny. Tap for which"
                                         : "Damaged, or not for this kiosk. Tap for which",
                            .icon = ICON_DOCUMENT };
    if (parts_row(app, list, &tile))
        s->notes = !s->notes;
    for (size_t i = 0; s->notes && i < t->note_count && i < STICK_NOTES_MAX; i++) {
        const char *name = t->notes[i].name;
        char *what = ui_text_f(ui, "%s", t->notes[i].what);
        if (what[0] >= 'a' && what[0] <= 'z')
            what[0] = (char)(what[0] - 'a' + 'A');
        parts_words(app, list, ui_text_f(ui, "note%zu", i), what, TONE_PLAIN);
        int h = ui_para_height(ui, list->view.w, name, SIZE_SMALL, FONT_REGULAR);
        (void)ui_para(ui, ui_scroll_row(list, h), ui_text_f(ui, "name%zu", i), name, SIZE_SMALL,
                      FONT_REGULAR, TONE_MUTED);
        ui_scroll_space(list, ui_gap(ui));
    }
    if (s->notes && t->note_count > STICK_NOTES_MAX)
        parts_words(app, list, "more",
                    ui_text_f(ui, "And %zu more.", t->note_count - STICK_NOTES_MAX), TONE_MUTED);
}

static const char *stick_put(struct app *app, const struct stick_tally *t)
{
    if (t->given > 0)
        return stick_count(app, t->given);
    return t->protected || t->full ? "Nothing" : "Nothing new";
}

/* The guidance on it was not taken, and not for being older. */
static bool stick_refused(const struct stick_tally *t)
{
    return t->content_done && t->content_fault != UPDATER_FINE && t->content_fault != UPDATER_OLDER;
}

/* What came of the signed guidance on it. One that is older than the kiosk's own is no fault of anybody's. */
static void stick_content(struct app *app, struct ui_scroll *list, const struct stick_tally *t)
{
    const struct fault_text *text = content_fault_text(t->content_fault);
    const bool older = t->content_fault == UPDATER_OLDER;
    const char *words = "Nothing newer: this kiosk has it";

    if (t->content_fault == UPDATER_FINE && t->content_new)
        words = ui_text_f(app->ui, "Edition %s taken", t->content_edition);
    else if (older)
        words = "Older than what is here: this kiosk keeps its own";
    else if (t->content_fault != UPDATER_FINE)
        words = ui_text_f(app->ui, "Not taken (%s)", text->code);
    parts_line(app, list, "guidance", "Guidance and forms", words, TONE_PLAIN);
    if (!stick_refused(t))
        return;
    parts_words(app, list, "guidance_what", ui_text_f(app->ui, "%s %s", text->what, text->todo),
                TONE_DUE);
    if (t->content_why[0] != '\0')
        parts_words(app, list, "guidance_why", ui_text_f(app->ui, "For IT: %s", t->content_why),
                    TONE_MUTED);
}

/* What this kiosk has put there of it, for the others of the school. */
static void stick_content_gave(struct app *app, struct ui_scroll *list, const struct stick_tally *t)
{
    const char *words = NULL;

    switch (t->content_gave) {
    case STICK_GAVE_NOTHING:
        return;
    case STICK_GAVE_ALL:
        words = "Put on it for the other kiosks of this school";
        break;
    case STICK_GAVE_PART:
        words = "In part: this kiosk waits for the rest itself";
        break;
    case STICK_GAVE_FULL:
        words = "No room on the stick for all of it";
        break;
    case STICK_GAVE_STOPPED:
        words = "Not all is on it yet: it goes on with the next tap";
        break;
    case STICK_GAVE_FAILED:
        words = "Could not be put on it. Try again, or take another stick";
        break;
    }
    parts_line(app, list, "guidance_out", "Guidance put on the stick", words,
               t->content_gave == STICK_GAVE_ALL ? TONE_PLAIN : TONE_DUE);
}

static void stick_did(struct app *app, struct stick_state *s, struct ui_scroll *list,
                      const struct stick_tally *t)
{
    parts_line(app, list, "taken", "Taken from the stick",
               t->here_full    ? "No room here for all of it"
               : t->taken == 0 ? "Nothing new"
                               : stick_count(app, t->taken),
               t->here_full ? TONE_LATE : TONE_PLAIN);
    parts_line(app, list, "given", "Put on the stick", stick_put(app, t), TONE_PLAIN);
    if (t->taken_files + t->given_files > 0)
        parts_line(app, list, "files", "Pictures and papers",
                   ui_text_f(app->ui, "%llu taken, %llu put on it",
                             (unsigned long long)t->taken_files,
                             (unsigned long long)t->given_files),
                   TONE_PLAIN);
    if (t->content_done)
        stick_content(app, list, t);
    stick_content_gave(app, list, t);
    ui_scroll_space(list, ui_gap(app->ui));
    if (t->forked)
        parts_words(
            app, list, "forked",
            "Records on the stick differ from those here: one of the kiosks is a copy or was "
            "put back. Both are kept. Tell IT.",
            TONE_DUE);
    stick_notes(app, s, list, t);
}

static const char *stick_to_do(struct app *app, const struct stick_tally *t)
{
    if (t->take == 0 && t->other > 0)
        return "What is on it was written by another version of Canny: update both kiosks";
    if (t->take + t->give == 0) {
        if (t->content)
            return "No records to take or to put on it. There is guidance on it";
        return t->content_give ? "No records to take or to put on it. Guidance goes on it"
                               : "Nothing new on it, and nothing to put on it";
    }
    if (t->take == 0)
        return ui_text_f(app->ui, "Nothing new on it. %s to put on it", stick_count(app, t->give));
    if (t->give == 0)
        return ui_text_f(app->ui, "%s to take. Nothing to put on it", stick_count(app, t->take));
    return ui_text_f(app->ui, "%s to take, %llu to put on it", stick_count(app, t->take),
                     (unsigned long long)t->give);
}

static void stick_found(struct app *app, struct rect page, const struct porter_view *v)
{
    const struct stick_tally *t = &v->tally;
    if (parts_foot(app, &page, "go", "Take and give", ICON_USB, NULL))
        porter_go(app->carry.porter);
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "found");
    stick_banner(app, &list, "Stick found", stick_to_do(app, t), TONE_INFO);
    parts_words(app, &list, "means",
                "It carries records between the kiosks of this school. Only they can read them.",
                TONE_MUTED);
    if (t->content)
        parts_words(app, &list, "guidance",
                    "There is signed guidance on it too: this kiosk takes what is newer than its "
                    "own.",
                    TONE_MUTED);
    if (t->content_give)
        parts_words(app, &list, "guidance_out",
                    "The signed guidance that this kiosk has goes onto it, for the other kiosks of "
                    "this school.",
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
    stick_banner(app, &list, "Leave it in", "Records and guidance are taken and given", TONE_INFO);
    uint64_t all = t->all > t->done ? t->all : t->done;
    int permille = all == 0 ? 0 : (int)(t->done * 1000 / all);
    ui_progress(ui, ui_scroll_row(&list, page_target(app)), "progress",
                ui_text_f(ui, "%llu of %llu", (unsigned long long)t->done, (unsigned long long)all),
                permille, 1000);
    ui_scroll_end(ui, &list);
}

/* «All is written» stands only where it is. */
static void stick_outcome(struct app *app, struct ui_scroll *list, const struct porter_view *v)
{
    const struct stick_tally *t = &v->tally;
    if (t->protected)
        stick_banner(app, list, "The stick is write-protected",
                     "Nothing could be put on it. Pull it out, move its switch, plug it in again",
                     TONE_LATE);
    else if (t->full || t->content_gave == STICK_GAVE_FULL)
        stick_banner(app, list, "The stick is full",
                     "Not all had room. Pull it out, take other files off it, plug it in again",
                     TONE_LATE);
    else if (t->content_gave == STICK_GAVE_FAILED)
        stick_banner(app, list, "You can pull it out now",
                     "Records are written, the guidance is not: see below", TONE_LATE);
    else if (stick_refused(t)) /* green over what was refused would hide it */
        stick_banner(app, list, "You can pull it out now",
                     "Records are written. The guidance on it was not taken: see below", TONE_LATE);
    else if (t->no_room > 0)
        stick_banner(app, list, "You can pull it out now",
                     "Records are written. Pictures or files on it had no room on this kiosk:"
                     " tell IT",
                     TONE_LATE);
    else
        stick_banner(app, list, "You can pull it out now",
                     v->waiting > 0      ? "Another stick waits: it is next once this one is out"
                     : t->more           ? "There is more than goes at once: tap again first"
                     : t->forked         ? "Records on it differ: see below"
                     : t->note_count > 0 ? stick_left(app, t->note_count)
                                         : "All is written",
                     t->forked ? TONE_LATE : TONE_GOOD);
}

static void stick_done(struct app *app, struct stick_state *s, struct rect page,
                       const struct porter_view *v)
{
    const struct stick_tally *t = &v->tally;
    if (t->more) {
        if (parts_foot(app, &page, "go", "Take and give the rest", ICON_USB, NULL))
            porter_go(app->carry.porter);
    } else if (parts_foot(app, &page, "done", "Done", ICON_CHECK, NULL)) {
        router_pop(app);
    }
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "did");
    stick_outcome(app, &list, v);
    stick_did(app, s, &list, t);
    ui_scroll_end(app->ui, &list);
}

static void stick_failed(struct app *app, struct stick_state *s, struct rect page,
                         const struct porter_view *v)
{
    const struct stick_tally *t = &v->tally;
    bool broken = !v->pulled && v->rc != ERR_OFFLINE;
    if (v->pulled) {
        if (parts_foot(app, &page, "done", "Done", ICON_CHECK, NULL))
            router_pop(app);
    } else if (parts_foot(app, &page, "go", "Try again", ICON_REFRESH, NULL)) {
        porter_go(app->carry.porter);
    }
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "failed");
    if (v->pulled)
        stick_banner(app, &list, "Pulled out too early",
                     "Nothing is lost. Plug it in again and it goes on", TONE_LATE);
    else if (v->rc == ERR_OFFLINE)
        stick_banner(app, &list, "Stopped", "Nothing is lost. It goes on with the next tap",
                     TONE_INFO);
    else if (v->rc == ERR_FULL)
        stick_banner(app, &list, "This kiosk is full",
                     t->given > 0 ? "Its records are on the stick. What is on it for this kiosk"
                                    " stays there: tell IT"
                                  : "Nothing is lost. Tell IT",
                     TONE_LATE);
    else
        stick_banner(app, &list, "This stick does not work",
                     "Nothing is lost. Try again, or take another stick", TONE_LATE);
    if (broken)
        parts_words(app, &list, "why", ui_text_f(app->ui, "For IT: %s", v->why.text), TONE_MUTED);
    if (!broken || t->taken + t->given > 0)
        stick_did(app, s, &list, t);
    ui_scroll_end(app->ui, &list);
}

static void stick_none(struct app *app, struct rect page)
{
    const struct sync_facts *f = app_facts(app);
    const char *last = "";
    if (f->stick_taken_ms != 0 && f->stick_given_ms != 0)
        last = ui_text_f(app->ui, " Last taken %s, last given %s.",
                         page_time(app, f->stick_taken_ms), page_time(app, f->stick_given_ms));
    page_empty(app, page, ICON_USB, "No stick",
               ui_text_f(app->ui, "Plug one in: it is looked through by itself.%s", last));
}

static void stick_frame(struct app *app, void *state)
{
    struct stick_state *s = state;
    const struct porter_view *v = &app->carry.view;
    struct rect page = page_begin(app, "Records by stick");
    switch (v->state) {
    case PORTER_NONE:
        stick_none(app, page);
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
        stick_done(app, s, page, v);
        return;
    case PORTER_FAILED:
        stick_failed(app, s, page, v);
        return;
    }
}

const struct screen screen_stick = {
    .id = "stick",
    .state_size = sizeof(struct stick_state),
    .frame = stick_frame,
};
