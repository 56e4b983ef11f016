/* The register from a spreadsheet: which file, what is in it and what is wrong with it by row and column, and then all of
   it or none. The technician has no shell: this is the program's `canny import` on the screen. */
#include <string.h>

#include "app/screens/parts.h"
#include "app/store/import_take.h"
#include "platform/base/str.h"

enum {
    IMPORT_PROOF = PROOF_BADGE | PROOF_PIN,
    IMPORT_SLICE_MS = 40,   /* of work between two frames */
    IMPORT_PIECE = 4,       /* items between two looks at the clock */
    IMPORT_TOLD_MS = 1000,  /* then the progress shows */
    IMPORT_CANCEL_MS = 3000 /* then it can be stopped */
};

struct import_kind {
    const char *name;
    uint32_t icon;
    size_t count;
};
struct import_state {
    bool open, pending, read, taken, failed;
    struct why why;
    struct arena files_arena, arena;
    struct app_files files;
    const struct app_file *file; /* the one that is open; NULL: none */
    struct import in;
    struct import_kind *kinds;
    size_t kind_count, lasts;
    struct import_run run;
    int64_t began_ms;
    char person[40];
};

static void import_enter(struct app *app, void *state)
{
    struct import_state *s = state;
    arena_init(&s->files_arena, 1024 * 1024);
    arena_init(&s->arena, (size_t)128 * 1024 * 1024);
    s->open = true;
    app_log_files(app, &s->files_arena, &s->files);
}

static void import_leave(struct app *app, void *state)
{
    struct import_state *s = state;
    if (s->run.open)
        app_toast(app, TONE_INFO, "Stopped: nothing was taken in");
    (void)import_end(&s->run, false, NULL);
    arena_done(&s->arena);
    arena_done(&s->files_arena);
}

/* ---- the dry run ---- */

static void import_count(struct app *app, struct import_state *s)
{
    size_t most = 0;
    const struct kind *kinds = content_kinds(app->content, &most);
    s->kinds = arena_array(&s->arena, most + 1, sizeof *s->kinds);
    s->kind_count = s->lasts = 0;
    for (size_t k = 0; s->kinds != NULL && k < most; k++) {
        struct import_kind row = { .name = kinds[k].plural, .icon = kinds[k].icon };
        for (size_t i = 0; i < s->in.item_count; i++)
            row.count += str_eq(s->in.items[i].kind, kinds[k].id) ? 1 : 0;
        if (row.count > 0)
            s->kinds[s->kind_count++] = row;
    }
    for (size_t i = 0; i < s->in.item_count; i++)
        s->lasts += s->in.items[i].last_count;
}

static void import_read(struct app *app, struct import_state *s, const struct app_file *file)
{
    struct import_known known;
    char *text = NULL;
    size_t len = 0;
    arena_reset(&s->arena);
    s->file = file;
    s->in = (struct import){ .item_count = 0 };
    enum err rc = fs_read(&s->arena, file->path, IMPORT_BYTES_MAX, &text, &len, &s->why);
    if (rc == ERR_OK)
        rc = import_known_names(app->content, app->today, &s->arena, &known, &s->why);
    if (rc == ERR_OK)
        rc = import_parse(&s->arena, text, len, &known, &s->in, &s->why);
    if (rc == ERR_OK)
        rc = import_check_store(&app->store, &s->arena, &s->in, &s->why);
    s->failed = rc != ERR_OK;
    if (!s->failed)
        import_count(app, s);
}

/* ---- taking it in ---- */

static void import_start(struct app *app, struct import_state *s)
{
    struct why why;
    s->began_ms = app->now.mono_ms;
    (void)str_copy(s->person, sizeof s->person, app->session.person);
    if (import_begin(&s->run, &app->store, app->content, app->now, &s->in, s->person, s->file->name,
                     &why) != ERR_OK)
        app_toast(app, TONE_BAD, "Nothing was taken in: %s", why.text);
}

static void import_stop(struct app *app, struct import_state *s)
{
    (void)import_end(&s->run, false, NULL);
    app_toast(app, TONE_INFO, "Stopped: nothing was taken in");
}

/* One slice. All rows stand in one transaction: a power cut on the way leaves none of them. */
static void import_work(struct app *app, struct import_state *s)
{
    struct why why;
    int64_t until = clock_mono_ms() + IMPORT_SLICE_MS;
    enum err rc = ERR_OK;
    while (rc == ERR_OK && s->run.done < s->in.item_count && clock_mono_ms() < until)
        rc = import_step(&s->run, IMPORT_PIECE, &why);
    if (rc == ERR_OK && s->run.done < s->in.item_count) {
        app->busy = true;
        return;
    }
    if (rc == ERR_OK)
        rc = import_end(&s->run, true, &why);
    else
        (void)import_end(&s->run, false, NULL);
    if (rc != ERR_OK) {
        app_toast(app, TONE_BAD, "Nothing was taken in: %s", why.text);
        return;
    }
    s->taken = true;
    app_changed(app);
}

static bool import_scan(struct app *app, void *state, const struct thing *thing)
{
    struct import_state *s = state;
    if (!s->run.open)
        return false;
    app_toast(app, TONE_INFO, "The register is being taken in: scan %s again in a moment",
              thing->shown);
    return true;
}

static void import_working(struct app *app, struct import_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int64_t ms = app->now.mono_ms - s->began_ms;
    struct rect foot = ui_cut_bottom(&page, page_primary(app));
    (void)ui_cut_bottom(&page, gap);
    if (ms >= IMPORT_CANCEL_MS &&
        ui_button(ui, foot, "stop", "Stop: take in nothing", ICON_CROSS, UI_PLAIN)) {
        import_stop(app, s);
        return;
    }
    if (ms >= IMPORT_TOLD_MS) {
        const char *words = ui_text_f(ui, "%zu of %zu items", s->run.done, s->in.item_count);
        struct rect line = ui_cut_top(&page, ui_line_height(ui, SIZE_TITLE));
        (void)ui_label(ui, line, "words", words, SIZE_TITLE, FONT_BOLD, TONE_PLAIN, ALIGN_LEFT);
        (void)ui_cut_top(&page, gap);
        ui_progress(ui, ui_cut_top(&page, ui_mm_y(ui, 4)), "progress", words, (int)s->run.done,
                    (int)s->in.item_count);
    }
    import_work(app, s);
}

/* ---- the pages ---- */

static void import_files(struct app *app, struct import_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    if (s->files.count == 0) {
        page_empty(app, page, ICON_DOCUMENT, "No spreadsheet is here",
                   "Save the register as CSV. It is looked for on a stick, and in the folder "
                   "import beside this kiosk's records. Columns: kind and name; also label, room, "
                   "shelf, maker, model, serial, and last: with a check's name for its last day.");
        return;
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "files");
    parts_words(app, &list, "words",
                "Which file? It is looked through first, and nothing is written.", TONE_PLAIN);
    for (size_t i = 0; i < s->files.count; i++) {
        struct ui_tile tile = { .id = ui_text_f(ui, "file%zu", i),
                                .title = s->files.rows[i].name,
                                .words = ui_text_f(ui, "On %s", s->files.rows[i].where),
                                .icon = ICON_DOCUMENT };
        if (parts_row(app, &list, &tile))
            import_read(app, s, &s->files.rows[i]);
    }
    ui_scroll_end(ui, &list);
}

static void import_faults(struct app *app, const struct import_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    for (size_t i = 0; i < s->in.fault_count; i++) {
        const struct import_fault *f = &s->in.faults[i];
        const char *where = f->row == 0 ? "The whole file"
                            : f->column[0] == '\0'
                                ? ui_text_f(ui, "Row %u", f->row)
                                : ui_text_f(ui, "Row %u, column %s", f->row, f->column);
        parts_line(app, list, ui_text_f(ui, "fault%zu", i), where, f->text, TONE_PLAIN);
    }
    if (s->in.more_faults)
        parts_words(app, list, "more", "And more: mend these first.", TONE_MUTED);
}

static void import_found(struct app *app, const struct import_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    size_t faults = s->in.fault_count;
    struct ui_scroll list = ui_scroll_begin(ui, page, "found");
    const char *word = faults > 0 ? ui_text_f(ui, "%zu%s %s", faults, s->in.more_faults ? "+" : "",
                                              faults == 1 ? "fault" : "faults")
                                  : ui_text_f(ui, "%zu items", s->in.item_count);
    const char *words =
        faults > 0 ? "Nothing is taken in until they are mended in the spreadsheet."
                   : ui_text_f(ui, "%zu last dates of checks. Nothing is written yet.", s->lasts);
    ui_banner(ui, ui_scroll_row(&list, ui_banner_height(ui, list.view.w, word, words, NULL)), "sum",
              word, words, faults > 0 ? TONE_LATE : TONE_INFO);
    ui_scroll_space(&list, ui_gap(ui));
    if (faults > 0) {
        import_faults(app, s, &list);
    } else {
        for (size_t i = 0; i < s->kind_count; i++)
            parts_line(app, &list, ui_text_f(ui, "kind%zu", i), s->kinds[i].name,
                       ui_text_f(ui, "%zu", s->kinds[i].count), TONE_PLAIN);
    }
    ui_scroll_end(ui, &list);
}

static const char *import_why_not(const struct import_state *s)
{
    if (s->in.fault_count > 0)
        return "Mend the faults in the spreadsheet, save it as CSV and open it again here.";
    return s->in.item_count == 0 ? "There is no item in this file." : NULL;
}

static void import_looked(struct app *app, struct import_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    if (s->failed) {
        if (parts_foot(app, &page, "other", "Another file", ICON_DOCUMENT, NULL))
            s->file = NULL;
        page_fault(app, page, "This file could not be read", &s->why);
        return;
    }
    const char *label = s->in.item_count == 1
                            ? "Take in 1 item"
                            : ui_text_f(ui, "Take in %zu items", s->in.item_count);
    if (parts_foot(app, &page, "take", label, ICON_PENCIL, import_why_not(s)) &&
        parts_sign(app, &s->pending, IMPORT_PROOF, "The register from a spreadsheet"))
        import_start(app, s);
    import_found(app, s, page);
}

static void import_done(struct app *app, const struct import_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    struct rect foot = ui_cut_bottom(&page, page_primary(app));
    (void)ui_cut_bottom(&page, gap);
    if (ui_button(ui, ui_col(foot, 0, 2, gap), "register", "The register", ICON_TAG, UI_PLAIN))
        router_replace(app, "items", NULL);
    if (ui_button(ui, ui_col(foot, 1, 2, gap), "due", "Checks due", ICON_CHECKLIST, UI_PRIMARY))
        router_replace(app, "due", NULL);
    page_empty(app, page, ICON_CHECK,
               ui_text_f(ui, s->in.item_count == 1 ? "%zu item taken in" : "%zu items taken in",
                         s->in.item_count),
               ui_text_f(ui,
                         "With %zu last dates, from %s. Each is marked as coming from the "
                         "spreadsheet: nobody here signed for it.",
                         s->lasts, s->file->name));
}

static void import_frame(struct app *app, void *state)
{
    struct import_state *s = state;
    if (parts_signed(app, &s->pending, IMPORT_PROOF) && s->file != NULL && !s->failed)
        import_start(app, s);
    struct rect page = page_begin(app, s->file == NULL ? "From a spreadsheet" : s->file->name);
    if (s->run.open)
        import_working(app, s, page);
    else if (s->taken)
        import_done(app, s, page);
    else if (s->file == NULL)
        import_files(app, s, page);
    else
        import_looked(app, s, page);
}

const struct screen screen_import = {
    .id = "import",
    .state_size = sizeof(struct import_state),
    .enter = import_enter,
    .frame = import_frame,
    .leave = import_leave,
    .scan = import_scan,
};
