/* A temperature log for a row: typed pair by pair, or brought in from a file. The draft keeps it from the first pair on. */
#include <string.h>

#include "app/screens/check.h"
#include "platform/base/str.h"

struct log_state {
    bool failed;
    struct why why;
    struct arena arena;
    struct app_files files;
    char pairs[FORM_ANSWER_MAX + 1];
    char file[KEYS_ID_TEXT + FILES_NAME_MAX + 1]; /* the hash and the name of what was brought in */
    char minutes[16], degrees[16];
};

/* The next number of a log, and what is behind it; false at the end. */
static bool log_next(const char **at, char *out, size_t size)
{
    *at += strspn(*at, " ;,\n\r\t");
    size_t len = strcspn(*at, " ;,\n\r\t");
    if (len == 0 || len >= size)
        return false;
    memcpy(out, *at, len);
    out[len] = '\0';
    *at += len;
    return true;
}

/* Whether the readings were made fewer when a file was read in: then a line of words comes first (log_file.h). */
static bool log_is_summary(const char *log)
{
    return strchr(log, '\n') != NULL;
}

const char *check_log_words(struct app *app, const char *log)
{
    if (log_is_summary(log))
        return ui_text_f(app->ui, "%.*s", (int)strcspn(log, "\n"), log);
    char minutes[24] = "";
    char degrees[24] = "";
    char first[24] = "";
    size_t count = 0;
    for (const char *at = log;
         log_next(&at, minutes, sizeof minutes) && log_next(&at, degrees, sizeof degrees); count++)
        if (count == 0)
            (void)str_copy(first, sizeof first, minutes);
    if (count == 0)
        return "No readings yet";
    return ui_text_f(app->ui, count == 1 ? "%zu reading" : "%zu readings, %s to %s min", count,
                     first, minutes);
}

/* Beside the row's answer in the draft. */
static const char *log_file_key(struct app *app)
{
    return ui_text_f(app->ui, CHECK_FILE "%s", router_top(app)->route.text);
}

static void log_enter(struct app *app, void *state)
{
    struct log_state *s = state;
    const struct route *route = &router_top(app)->route;
    struct draft draft;
    bool found = false;
    arena_init(&s->arena, 4 * 1024 * 1024);
    /* An empty page instead of readings that could not be read would let the next one take their place. */
    s->failed = store_draft_get(&app->store, route->text2, route->form, &s->arena, &draft, &found,
                                &s->why) != ERR_OK;
    if (s->failed)
        return;
    /* The draft of a correction has none of the corrected record's readings: what stands in the check is what a new reading
       is put to. */
    (void)str_copy(s->pairs, sizeof s->pairs, route->item == NULL ? "" : route->item);
    (void)str_copy(s->file, sizeof s->file, route->text3 == NULL ? "" : route->text3);
    const char *file = log_file_key(app);
    for (size_t i = 0; found && i < draft.count; i++) {
        if (str_eq(draft.fields[i], route->text))
            (void)str_copy(s->pairs, sizeof s->pairs, draft.values[i]);
        if (str_eq(draft.fields[i], file))
            (void)str_copy(s->file, sizeof s->file, draft.values[i]);
    }
    app_log_files(app, &s->arena, &s->files);
}

static void log_leave(struct app *app, void *state)
{
    struct log_state *s = state;
    app->version++;
    arena_done(&s->arena);
}

/* The readings, and the file that they are from, which stays with the record ("": none), together: readings of one file under
   the name of another would be a record that nobody made. */
static bool log_save(struct app *app, struct log_state *s, const char *pairs, const char *file)
{
    const struct route *route = &router_top(app)->route;
    const struct fact both[] = { { route->text, pairs }, { log_file_key(app), file } };
    size_t count = str_eq(file, s->file) ? 1 : COUNT_OF(both);
    char before[KEYS_ID_TEXT] = "";
    struct why why;
    enum err rc = store_draft_put_all(&app->store, app->now, app->session.person, route->text2,
                                      route->form, route->doc, both, count, &why);
    if (rc != ERR_OK)
        app_toast(app, TONE_BAD, "%s: %s",
                  app->store.unsaved ? "This is in the form but not saved yet" : "Not saved",
                  why.text);
    if (rc != ERR_OK && !app->store.unsaved)
        return false;
    (void)str_copy(s->pairs, sizeof s->pairs, pairs);
    (void)str_format(before, sizeof before, "%.64s", s->file);
    if (count > 1)
        (void)str_copy(s->file, sizeof s->file, file);
    /* What is on the disk names the one before until the new one is saved. */
    if (rc == ERR_OK && !str_starts(s->file, before))
        app_drop_file(app, before);
    return rc == ERR_OK;
}

static void log_add(struct app *app, struct log_state *s)
{
    char next[FORM_ANSWER_MAX + 1];
    double minutes = 0;
    double degrees = 0;
    if (!str_to_f64(s->minutes, &minutes) || !str_to_f64(s->degrees, &degrees)) {
        app_toast(app, TONE_BAD, "Two numbers: minutes from the start, and degrees.");
        return;
    }
    if (log_is_summary(s->pairs)) {
        app_toast(app, TONE_BAD, "These readings are a file's: take them off first.");
        return;
    }
    if (!str_format(next, sizeof next, "%s%s%s %s", s->pairs, s->pairs[0] == '\0' ? "" : " ",
                    s->minutes, s->degrees)) {
        app_toast(app, TONE_BAD, "The log is full: more readings than a record holds.");
        return;
    }
    if (!log_save(app, s, next, s->file) && !app->store.unsaved)
        return;
    (void)str_format(s->minutes, sizeof s->minutes, "%.6g", minutes + 1);
    s->degrees[0] = '\0';
    ui_focus(app->ui, "/log/list/degrees");
}

/* Takes the last pair off; of a summary all, as its pairs are not readings that somebody made. */
static void log_drop(struct app *app, struct log_state *s)
{
    char next[FORM_ANSWER_MAX + 1];
    (void)str_copy(next, sizeof next, log_is_summary(s->pairs) ? "" : s->pairs);
    for (int i = 0; i < 2; i++) {
        char *last = strrchr(next, ' ');
        *(last == NULL ? next : last) = '\0';
    }
    (void)log_save(app, s, next, next[0] == '\0' ? "" : s->file);
}

static void log_bring(struct app *app, struct log_state *s, const struct app_file *file)
{
    struct why why;
    char *pairs = NULL;
    size_t count = 0;
    enum err rc = app_log_read(&s->arena, file->path, &pairs, &count, &why);
    char sha[KEYS_ID_TEXT];
    char kept[sizeof s->file];
    enum files_type type = FILES_CSV;
    int64_t bytes = 0;
    const struct files files = app_attached(app);
    if (rc == ERR_OK)
        rc = files_put_path(&files, file->path, app->now.wall_ms, sha, &type, &bytes, &why);
    if (rc == ERR_OK && type != FILES_CSV)
        rc = why_set(&why, ERR_INPUT, 0, "it is no table of readings");
    if (rc != ERR_OK) {
        app_toast(app, TONE_BAD, "%s was not brought in: %s.", file->name, why.text);
        return;
    }
    (void)str_format(kept, sizeof kept, "%s %.*s", sha, FILES_NAME_MAX - 1, file->name);
    if (log_save(app, s, pairs, kept))
        app_toast(app, TONE_GOOD, "%zu readings from %s. The file stays with the record.", count,
                  file->name);
}

static bool log_field(struct app *app, struct rect r, const char *id, const char *ask, char *text,
                      size_t size, bool *entered)
{
    struct ui_field field = {
        .id = id, .label = ask, .placeholder = ask, .keyboard = KEYBOARD_PLAIN
    };
    return ui_field(app->ui, r, &field, text, size, entered);
}

static void log_typing(struct app *app, struct log_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    bool entered = false;
    bool next = false;
    int h = ui_field_height(ui) > page_target(app) ? ui_field_height(ui) : page_target(app);
    struct rect r = ui_scroll_row(list, h);
    struct rect add = ui_cut_right(&r, ui_mm(ui, 28));
    (void)ui_cut_right(&r, gap);
    (void)log_field(app, ui_col(r, 0, 2, gap), "minutes", "Minutes", s->minutes, sizeof s->minutes,
                    &next);
    (void)log_field(app, ui_col(r, 1, 2, gap), "degrees", "Degrees", s->degrees, sizeof s->degrees,
                    &entered);
    if (next)
        ui_focus(ui, "/log/list/degrees");
    if (ui_button(ui, add, "add", "Add", ICON_ADD, UI_PLAIN) || entered)
        log_add(app, s);
    ui_scroll_space(list, gap);
}

static void log_frame(struct app *app, void *state)
{
    struct log_state *s = state;
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    const char *asked = router_top(app)->route.event;
    struct rect page = page_begin(app, asked == NULL ? "Temperature log" : asked);
    if (s->failed) {
        page_fault(app, page, "The readings could not be read", &s->why);
        return;
    }
    if (!ui_keyboard_open(ui)) {
        struct rect foot = ui_cut_bottom(&page, page_primary(app));
        (void)ui_cut_bottom(&page, gap);
        if (s->pairs[0] != '\0' &&
            ui_button(ui, ui_col(foot, 0, 2, gap), "drop",
                      log_is_summary(s->pairs) ? "Take them off" : "Take the last off", ICON_UNDO,
                      UI_PLAIN))
            log_drop(app, s);
        if (ui_button(ui, ui_col(foot, 1, 2, gap), "done", "Back to the check", ICON_CHECK,
                      UI_PRIMARY))
            router_pop(app);
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "list");
    log_typing(app, s, &list);
    const char *tally = check_log_words(app, s->pairs);
    int h = ui_para_height(ui, list.view.w, tally, SIZE_BODY, FONT_SEMIBOLD);
    (void)ui_para(ui, ui_scroll_row(&list, h), "tally", tally, SIZE_BODY, FONT_SEMIBOLD,
                  TONE_PLAIN);
    ui_scroll_space(&list, gap);
    for (size_t i = 0; i < s->files.count; i++) {
        const struct app_file *f = &s->files.rows[i];
        struct ui_tile tile = { .id = ui_text_f(ui, "file%zu", i),
                                .title = f->name,
                                .words = ui_text_f(ui, "Bring it in from %s", f->where),
                                .icon = ICON_DOCUMENT };
        if (ui_tile(ui, ui_scroll_row(&list, ui_tile_height(ui, list.view.w, &tile)), &tile))
            log_bring(app, s, f);
        ui_scroll_space(&list, gap);
    }
    if (s->files.count == 0) {
        static const char none[] =
            "A file of a data logger is brought in from a stick, or from the "
            "folder import beside the records: two columns, minutes and "
            "degrees.";
        h = ui_para_height(ui, list.view.w, none, SIZE_SMALL, FONT_REGULAR);
        (void)ui_para(ui, ui_scroll_row(&list, h), "none", none, SIZE_SMALL, FONT_REGULAR,
                      TONE_MUTED);
    }
    ui_scroll_end(ui, &list);
}

const struct screen screen_log = {
    .id = "log",
    .state_size = sizeof(struct log_state),
    .enter = log_enter,
    .frame = log_frame,
    .leave = log_leave,
};
