/* Certificates, written schemes and reports of an item or of one record of it: the list, one of them, and attaching another
   from a stick. */
#include <string.h>

#include "app/domain/caldate.h"
#include "app/screens/check.h"
#include "app/screens/shown.h"
#include "platform/base/str.h"

enum { PAPERS_ARENA_MAX = 2 * 1024 * 1024 };

/* ---- the list ---- */

struct papers_state {
    uint64_t seen;
    bool failed;
    struct why why;
    struct arena arena;
    struct item item;
    struct certificate *rows;
    size_t count;
};

static const char *papers_record(struct app *app)
{
    const char *event = router_top(app)->route.event;
    return event == NULL ? "" : event;
}

static void papers_read(struct app *app, struct papers_state *s)
{
    const char *id = router_top(app)->route.item;
    arena_begin(&s->arena, PAPERS_ARENA_MAX);
    enum err rc = query_item(&app->store, id, &s->arena, &s->item, &s->why);
    if (rc == ERR_OK)
        rc = query_certificates(&app->store, id, papers_record(app), &s->arena, &s->rows, &s->count,
                                &s->why);
    s->failed = rc != ERR_OK;
}

static void papers_leave(struct app *app, void *state)
{
    (void)app;
    struct papers_state *s = state;
    arena_done(&s->arena);
}

struct ui_tile certificate_tile(struct app *app, const void *rows, size_t at)
{
    const struct certificate *c = (const struct certificate *)rows + at;
    struct ui *ui = app->ui;
    bool ends = c->until != CALDATE_NONE;
    bool over = ends && c->until < app->today;
    const char *sort = certificate_sort_words(c->sort);
    return (struct ui_tile){
        .id = ui_text_f(ui, "paper%zu", at),
        .title = c->title,
        .words = ui_text_f(ui, "%s%s%s%s%s%s%s", str_eq(sort, c->title) ? "" : sort,
                           str_eq(sort, c->title) ? "" : " · ",
                           c->day == CALDATE_NONE ? "" : page_date(app, c->day),
                           c->day == CALDATE_NONE ? "" : " · ",
                           ends ? ui_text_f(ui, "until %s", page_date(app, c->until)) : "",
                           ends ? " · " : "", shown_words(app, c->sha256, c->type, c->bytes)),
        .icon = ICON_DOCUMENT,
        .badge = over ? "Ran out" : NULL,
        .badge_tone = TONE_DUE,
    };
}

static void papers_frame(struct app *app, void *state)
{
    struct papers_state *s = state;
    struct ui *ui = app->ui;
    if (screen_stale(app, &s->seen))
        papers_read(app, s);
    struct rect page =
        page_begin(app, s->failed ? "Certificates" : ui_text_f(ui, "Papers · %s", s->item.name));
    if (s->failed) {
        page_fault(app, page, "The certificates could not be read", &s->why);
        return;
    }
    if (parts_foot(app, &page, "add", "Attach from a stick", ICON_USB, NULL))
        router_push(app, "certificate_add",
                    &(struct route){ .item = s->item.id, .event = papers_record(app) });
    if (s->count == 0) {
        page_empty(
            app, page, ICON_DOCUMENT, "Nothing is attached yet",
            "A calibration certificate, a written scheme or a contractor's report comes here "
            "from a stick, as a PDF.");
        return;
    }
    int tapped = parts_tiles(app, page, "papers", s->rows, s->count, 1, certificate_tile);
    if (tapped >= 0)
        router_push(app, "certificate", &(struct route){ .event = s->rows[tapped].event });
}

const struct screen screen_certificates = {
    .id = "certificates",
    .state_size = sizeof(struct papers_state),
    .frame = papers_frame,
    .leave = papers_leave,
};

/* ---- one of them ---- */

struct paper_state {
    uint64_t seen;
    bool failed, taking, pending;
    struct why why;
    struct arena arena;
    struct certificate c;
    char reason[160];
};

static void paper_leave(struct app *app, void *state)
{
    (void)app;
    struct paper_state *s = state;
    arena_done(&s->arena);
}

static void paper_withdraw(struct app *app, struct paper_state *s)
{
    struct why why;
    if (store_withdraw_certificate(&app->store, app->now, app->session.person, s->c.event,
                                   s->reason, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not taken back: %s", why.text);
        return;
    }
    app_toast(app, TONE_GOOD, "Taken back: %s", s->c.title);
    app_changed(app);
    router_pop(app);
}

static void paper_facts(struct app *app, struct ui_scroll *list, const struct certificate *c)
{
    struct ui *ui = app->ui;
    parts_line(app, list, "sort", "What it is", certificate_sort_words(c->sort), TONE_PLAIN);
    if (c->day != CALDATE_NONE)
        parts_line(app, list, "day", "Of", page_date(app, c->day), TONE_PLAIN);
    bool over = c->until != CALDATE_NONE && c->until < app->today;
    if (c->until != CALDATE_NONE)
        parts_line(app, list, "until", over ? "Ran out" : "Holds until", page_date(app, c->until),
                   over ? TONE_DUE : TONE_PLAIN);
    parts_line(app, list, "who", "Attached",
               ui_text_f(ui, "%s, %s", page_person(app, c->actor), page_time(app, c->at_ms)),
               TONE_PLAIN);
    parts_line(app, list, "file", "File",
               ui_text_f(ui, "%s%s%s", c->name, c->name[0] == '\0' ? "" : " · ",
                         shown_words(app, c->sha256, c->type, c->bytes)),
               TONE_PLAIN);
    parts_line(app, list, "hash", "SHA-256", ui_text_f(ui, "%.16s…", c->sha256), TONE_MUTED);
}

static void paper_frame(struct app *app, void *state)
{
    struct paper_state *s = state;
    struct ui *ui = app->ui;
    if (screen_stale(app, &s->seen)) {
        arena_begin(&s->arena, PAPERS_ARENA_MAX);
        s->failed = query_certificate(&app->store, router_top(app)->route.event, &s->arena, &s->c,
                                      &s->why) != ERR_OK;
    }
    if (!s->failed && parts_signed(app, &s->pending, 0))
        paper_withdraw(app, s);
    struct rect page = page_begin(app, s->failed ? "Certificate" : s->c.title);
    if (s->failed) {
        page_fault(app, page, "This paper could not be read", &s->why);
        return;
    }
    if (s->taking) {
        if (parts_foot(app, &page, "withdraw", "Take it back", ICON_UNDO,
                       s->reason[0] == '\0' ? "Write why first." : NULL) &&
            parts_sign(app, &s->pending, 0, s->c.title))
            paper_withdraw(app, s);
    } else if (parts_foot(app, &page, "look", "Look at it", ICON_EYE, NULL)) {
        shown_open(app, s->c.sha256, s->c.title, s->c.name);
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "facts");
    if (s->taking)
        (void)parts_field(app, &list, "reason", "Why is it taken back?", KEYBOARD_TEXT, s->reason,
                          sizeof s->reason);
    paper_facts(app, &list, &s->c);
    struct ui_tile back = { .id = "taking",
                            .title = s->taking ? "Keep it after all" : "Take it back",
                            .words = s->taking ? NULL : "It is of another item, or not readable",
                            .icon = ICON_UNDO };
    ui_scroll_space(&list, ui_gap(ui));
    if (parts_row(app, &list, &back))
        s->taking = !s->taking;
    ui_scroll_end(ui, &list);
}

const struct screen screen_certificate = {
    .id = "certificate",
    .state_size = sizeof(struct paper_state),
    .frame = paper_frame,
    .leave = paper_leave,
};

/* ---- attaching one ---- */

struct add_state {
    bool failed, pending;
    struct why why;
    struct arena arena, file_arena;
    struct item item;
    struct app_files files;
    char path[FS_PATH_MAX], name[FILES_NAME_MAX + 1]; /* the one that was chosen; "" none */
    size_t sort;                                      /* from 1; 0: nobody has said */
    char title[120], day[16], until[16];
};

static void add_find(struct app *app, struct add_state *s)
{
    static const char *const ends[] = { ".pdf", ".PDF", ".jpg", ".JPG", ".jpeg", NULL };
    arena_reset(&s->file_arena);
    app_found_files(app, &s->file_arena, ends, &s->files);
}

static void add_enter(struct app *app, void *state)
{
    struct add_state *s = state;
    arena_init(&s->arena, PAPERS_ARENA_MAX);
    arena_init(&s->file_arena, PAPERS_ARENA_MAX);
    s->failed = query_item(&app->store, router_top(app)->route.item, &s->arena, &s->item,
                           &s->why) != ERR_OK;
    add_find(app, s);
}

static void add_leave(struct app *app, void *state)
{
    (void)app;
    struct add_state *s = state;
    arena_done(&s->arena);
    arena_done(&s->file_arena);
}

static int32_t add_day(const char *text)
{
    int32_t day = CALDATE_NONE;
    return text[0] != '\0' && caldate_parse(text, &day) ? day : CALDATE_NONE;
}

/* The file first, then the line: one without a line is cleared away, a line without its file would be a promise. */
static void add_record(struct app *app, struct add_state *s)
{
    const struct files files = app_attached(app);
    const char *sort = certificate_sort(s->sort - 1);
    struct certificate c = {
        .item = s->item.id,
        .title = s->title[0] == '\0' ? certificate_sort_words(sort) : s->title,
        .sort = sort,
        .check = router_top(app)->route.event,
        .day = add_day(s->day),
        .until = add_day(s->until),
        .name = s->name,
    };
    char sha[KEYS_ID_TEXT] = "";
    enum files_type type = FILES_PDF;
    struct why why;
    enum err rc = files_put_path(&files, s->path, app->now.wall_ms, sha, &type, &c.bytes, &why);
    c.sha256 = sha;
    c.type = files_type_name(type);
    if (rc == ERR_OK && type == FILES_CSV) {
        app_drop_file(app, sha);
        rc = why_set(&why, ERR_INPUT, 0, "%s is no PDF and no picture", s->name);
    } else if (rc == ERR_OK) {
        rc = store_add_certificate(&app->store, app->now, app->session.person, &c, NULL, &why);
        if (rc != ERR_OK)
            app_drop_file(app, sha);
    }
    if (rc != ERR_OK) {
        app_toast(app, TONE_BAD, "Not attached: %s", why.text);
        return;
    }
    app_toast(app, TONE_GOOD, "Attached to %s", s->item.name);
    app_changed(app);
    router_pop(app);
}

static const char *add_why_not(const struct add_state *s)
{
    int32_t day = CALDATE_NONE;
    if (s->path[0] == '\0')
        return "Choose the file first.";
    if (s->sort == 0)
        return "Say what it is.";
    if ((s->day[0] != '\0' && !caldate_parse(s->day, &day)) ||
        (s->until[0] != '\0' && !caldate_parse(s->until, &day)))
        return "Write the day as 31/8/2028 or 2028-08-31.";
    if (add_day(s->until) != CALDATE_NONE && add_day(s->day) != CALDATE_NONE &&
        add_day(s->until) < add_day(s->day))
        return "It cannot run out before the day that it is of.";
    return NULL;
}

static void add_files(struct app *app, struct add_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    parts_head(app, list, "which", "Which file?");
    for (size_t i = 0; i < s->files.count; i++) {
        const struct app_file *f = &s->files.rows[i];
        bool on = str_eq(s->path, f->path);
        struct ui_tile tile = { .id = ui_text_f(ui, "file%zu", i),
                                .title = f->name,
                                .words = ui_text_f(ui, "From %s", f->where),
                                .icon = ICON_DOCUMENT,
                                .card = on ? CARD_SELECTED : CARD_PLAIN };
        if (parts_row(app, list, &tile)) {
            (void)str_copy(s->path, sizeof s->path, f->path);
            (void)str_copy(s->name, sizeof s->name, f->name);
        }
    }
    struct ui_tile again = { .id = "again",
                             .title = "Look again",
                             .words = s->files.count > 0
                                          ? NULL
                                          : "No PDF was found. Plug the stick in, wait a moment, "
                                            "then tap here.",
                             .icon = ICON_USB };
    if (parts_row(app, list, &again)) {
        add_find(app, s);
        s->path[0] = '\0';
    }
}

static void add_date(struct app *app, struct ui_scroll *list, const char *id, const char *ask,
                     char *text, size_t size)
{
    char iso[CALDATE_TEXT];
    if (parts_field(app, list, id, ask, KEYBOARD_DATE, text, size) &&
        strlen(text) >= strlen("1/1/2026") && check_day_of(text, iso))
        (void)str_copy(text, size, iso);
}

static void add_rest(struct app *app, struct add_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    parts_head(app, list, "sort", "What is it?");
    for (size_t i = 0; certificate_sort(i) != NULL; i++) {
        bool on = s->sort == i + 1;
        struct ui_tile tile = { .id = ui_text_f(ui, "sort-%s", certificate_sort(i)),
                                .title = certificate_sort_words(certificate_sort(i)),
                                .icon = ICON_DOCUMENT,
                                .card = on ? CARD_SELECTED : CARD_PLAIN };
        if (parts_row(app, list, &tile))
            s->sort = i + 1;
    }
    (void)parts_field(app, list, "title", "Its name or number, if it has one", KEYBOARD_TEXT,
                      s->title, sizeof s->title);
    add_date(app, list, "day", "Of which day? Empty if it does not say", s->day, sizeof s->day);
    add_date(app, list, "until", "Until when does it hold? Empty for no end", s->until,
             sizeof s->until);
}

static void add_frame(struct app *app, void *state)
{
    struct add_state *s = state;
    struct ui *ui = app->ui;
    if (!s->failed && parts_signed(app, &s->pending, 0))
        add_record(app, s);
    struct rect page =
        page_begin(app, s->failed ? "Attach a paper" : ui_text_f(ui, "Attach · %s", s->item.name));
    if (s->failed) {
        page_fault(app, page, "This item could not be read", &s->why);
        return;
    }
    if (parts_foot(app, &page, "attach", "Attach it", ICON_CHECK, add_why_not(s)) &&
        parts_sign(app, &s->pending, 0, s->item.name))
        add_record(app, s);
    struct ui_scroll list = ui_scroll_begin(ui, page, "form");
    add_files(app, s, &list);
    add_rest(app, s, &list);
    ui_scroll_end(ui, &list);
}

const struct screen screen_certificate_add = {
    .id = "certificate_add",
    .state_size = sizeof(struct add_state),
    .enter = add_enter,
    .frame = add_frame,
    .leave = add_leave,
    .stays = true,
};
