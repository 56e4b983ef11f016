/* A picture, a log or a paper whole: as large as the screen holds, and closer. What is not on this kiosk is fetched
   from here. */
#include <string.h>

#include "app/screens/shown.h"
#include "platform/base/str.h"
#include "platform/pdf.h"

enum {
    LOOK_ARENA_MAX = 32 * 1024 * 1024,
    LOOK_SIDE_MAX = 1600,
    LOOK_PDF_WIDTH = 1500, /* px of a page: small print is read two times closer */
    LOOK_CLOSEST = 4,
    LOOK_GRID = 3,
    LOOK_WAIT_MS = 30, /* for the process that draws, between two frames */
};

struct look_state {
    uint64_t seen;
    bool open, failed;
    struct why why;
    struct file_info info;
    struct arena arena;         /* the file, as it is read */
    struct draw_luma luma;      /* the picture or the page; pixels NULL: not yet */
    struct arena fit_arena;     /* the same as large as it is shown whole */
    struct draw_luma fit, crop; /* crop: what is shown closer */
    int closer;                 /* 1 whole, 2, 4 */
    double x, y;                /* the middle of what is shown closer, 0 to 1 */
    struct pdf_work *work;
    int page, pages;
    char *text, *pairs; /* of a table; its readings, NULL where it is no log */
};

/* ---- reading ---- */

static void look_forget(struct look_state *s)
{
    pdf_end(s->work);
    s->work = NULL;
    s->luma.pixels = NULL;
    s->fit.pixels = NULL;
    s->text = s->pairs = NULL;
    arena_reset(&s->arena);
    arena_reset(&s->fit_arena);
    s->closer = 1;
}

static bool look_here(const struct look_state *s)
{
    return s->info.state == FILES_HERE || s->info.state == FILES_HELD;
}

static void look_pdf_begin(struct app *app, struct look_state *s)
{
    const struct files files = app_attached(app);
    char path[FS_PATH_MAX];
    look_forget(s);
    enum err rc = files_path(&files, s->info.hash, path, &s->why);
    if (rc == ERR_OK && s->pages == 0)
        rc = pdf_count(path, &s->work, &s->why);
    else if (rc == ERR_OK)
        rc = pdf_draw(path, s->page, LOOK_PDF_WIDTH, &s->work, &s->why);
    s->failed = rc != ERR_OK;
}

static void look_pdf_step(struct app *app, struct look_state *s)
{
    enum err rc = ERR_OK;
    if (s->work == NULL)
        return;
    if (!pdf_done(s->work, LOOK_WAIT_MS, &rc, &s->why)) {
        app->busy = true;
        return;
    }
    s->failed = rc != ERR_OK;
    if (s->failed) {
        pdf_end(s->work);
        s->work = NULL;
        return;
    }
    if (s->pages == 0) {
        s->pages = pdf_pages(s->work) < PDF_PAGES_MAX ? pdf_pages(s->work) : PDF_PAGES_MAX;
        s->page = 1;
        look_pdf_begin(app, s);
        app->busy = true;
        return;
    }
    int w = 0;
    int h = 0;
    const uint8_t *pixels = pdf_luma(s->work, &w, &h);
    uint8_t *copy = arena_alloc(&s->arena, (size_t)w * (size_t)h);
    if (copy != NULL) {
        memcpy(copy, pixels, (size_t)w * (size_t)h);
        s->luma = (struct draw_luma){
            .pixels = copy, .w = w, .h = h, .stride = w, .serial = app_picture_serial(app)
        };
    }
    pdf_end(s->work);
    s->work = NULL;
}

static void look_open(struct app *app, struct look_state *s)
{
    const struct files files = app_attached(app);
    size_t len = 0;
    enum err rc = ERR_OK;
    look_forget(s);
    s->failed = false;
    switch (s->info.type) {
    case FILES_JPEG:
        rc = app_read_picture(app, s->info.hash, LOOK_SIDE_MAX, &s->arena, &s->luma, &s->why);
        break;
    case FILES_CSV:
        rc = files_read(&files, s->info.hash, &s->arena, &s->text, &len, &s->why);
        if (rc == ERR_OK && app_log_pairs(&s->arena, s->text, len, &s->pairs, NULL) != ERR_OK)
            s->pairs = NULL;
        break;
    case FILES_PDF:
    case FILES_TYPES:
        s->pages = 0;
        look_pdf_begin(app, s);
        return;
    }
    s->failed = rc != ERR_OK;
}

static void look_read(struct app *app, struct look_state *s)
{
    const struct files files = app_attached(app);
    const char *sha = router_top(app)->route.text;
    if (!s->open) {
        arena_init(&s->arena, LOOK_ARENA_MAX);
        arena_init(&s->fit_arena, LOOK_ARENA_MAX);
    }
    bool was = s->open && look_here(s);
    s->open = true;
    if (files_info(&files, sha, &s->info, &s->why) != ERR_OK)
        s->info.state = FILES_NONE;
    if (look_here(s) && !was)
        look_open(app, s);
    /* Reading it may have shown that it is damaged: then it is fetched again, and no longer here. */
    if (s->failed && files_info(&files, sha, &s->info, NULL) != ERR_OK)
        s->info.state = FILES_NONE;
}

static void look_leave(struct app *app, void *state)
{
    (void)app;
    struct look_state *s = state;
    pdf_end(s->work);
    arena_done(&s->arena);
    arena_done(&s->fit_arena);
}

/* ---- a picture or a page ---- */

/* As large as it is shown, made once: a page that is made smaller by leaving out dots cannot be read. */
static const struct draw_luma *look_fitted(struct app *app, struct look_state *s, int w, int h)
{
    if (s->fit.pixels != NULL && s->fit.w == w && s->fit.h == h)
        return &s->fit;
    arena_reset(&s->fit_arena);
    s->fit.pixels = NULL;
    return app_shrink(app, &s->luma, w, h, &s->fit_arena, &s->fit) ? &s->fit : &s->luma;
}

static double look_within(double at, double half)
{
    return at < half ? half : at > 1 - half ? 1 - half : at;
}

/* The part around the middle that fills r, which gets as small as what there is to show. */
static void look_cut(struct app *app, struct look_state *s, struct rect *r)
{
    double across = (double)r->w / s->luma.w;
    double down = (double)r->h / s->luma.h;
    /* A page was as wide as the screen before, a picture was whole. */
    double whole = s->info.type == FILES_PDF || across < down ? across : down;
    double scale = whole * s->closer;
    int w = (int)(r->w / scale);
    int h = (int)(r->h / scale);
    w = w < 1 ? 1 : w > s->luma.w ? s->luma.w : w;
    h = h < 1 ? 1 : h > s->luma.h ? s->luma.h : h;
    s->x = look_within(s->x, (double)w / s->luma.w / 2);
    s->y = look_within(s->y, (double)h / s->luma.h / 2);
    int left = (int)(s->x * s->luma.w) - w / 2;
    int top = (int)(s->y * s->luma.h) - h / 2;
    left = left < 0 ? 0 : left + w > s->luma.w ? s->luma.w - w : left;
    top = top < 0 ? 0 : top + h > s->luma.h ? s->luma.h - h : top;
    struct draw_luma now = {
        .pixels = s->luma.pixels + (size_t)top * (size_t)s->luma.stride + (size_t)left,
        .w = w,
        .h = h,
        .stride = s->luma.stride,
        .serial = s->crop.serial,
    };
    if (now.pixels != s->crop.pixels || now.w != s->crop.w || now.h != s->crop.h)
        now.serial = app_picture_serial(app);
    s->crop = now;
    int shown_w = (int)(w * scale) < r->w ? (int)(w * scale) : r->w;
    int shown_h = (int)(h * scale) < r->h ? (int)(h * scale) : r->h;
    *r =
        (struct rect){ r->x + (r->w - shown_w) / 2, r->y + (r->h - shown_h) / 2, shown_w, shown_h };
}

/* A tap brings what is under it into the middle; on the whole picture it also goes closer. */
static void look_touches(struct app *app, struct look_state *s, struct rect r)
{
    static const char *const names[LOOK_GRID][LOOK_GRID] = {
        { "Upper left", "Up", "Upper right" },
        { "Left", "Middle", "Right" },
        { "Lower left", "Down", "Lower right" },
    };
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    for (int y = 0; y < LOOK_GRID; y++) {
        struct rect row = ui_row(r, y, LOOK_GRID, gap);
        for (int x = 0; x < LOOK_GRID; x++) {
            struct rect cell = ui_col(row, x, LOOK_GRID, gap);
            if (!ui_touch(ui, cell, ui_text_f(ui, "at%d%d", x, y), names[y][x]))
                continue;
            bool whole = s->closer == 1;
            double step = whole ? 1.0 / LOOK_GRID : 0.5 / s->closer;
            double from_x = whole ? 0.5 : s->x;
            double from_y = whole ? 0.5 : s->y;
            s->x = from_x + (x - 1) * step;
            s->y = from_y + (y - 1) * step;
            s->closer = whole ? 2 : s->closer;
        }
    }
}

static void look_picture(struct app *app, struct look_state *s, struct rect r)
{
    const struct route *route = &router_top(app)->route;
    const char *label = route->text2 == NULL ? "Picture" : route->text2;
    if (s->closer > 1) {
        look_cut(app, s, &r);
        look_touches(app, s, r);
        ui_picture(app->ui, r, "picture", label, &s->crop);
        return;
    }
    int w = r.w;
    int h = (int)((int64_t)r.w * s->luma.h / s->luma.w);
    if (h > r.h) {
        h = r.h;
        w = (int)((int64_t)r.h * s->luma.w / s->luma.h);
    }
    struct rect at = { r.x + (r.w - w) / 2, r.y + (r.h - h) / 2, w, h };
    look_touches(app, s, at);
    ui_picture(app->ui, at, "picture", label, look_fitted(app, s, w, h));
}

/* A page as wide as the screen is scrolled down. */
static void look_page(struct app *app, struct look_state *s, struct rect r)
{
    struct ui *ui = app->ui;
    if (s->closer > 1) {
        look_picture(app, s, r);
        return;
    }
    struct ui_scroll list = ui_scroll_begin(ui, r, "page");
    int w = list.view.w < s->luma.w ? list.view.w : s->luma.w;
    struct rect row = ui_scroll_row(&list, (int)((int64_t)w * s->luma.h / s->luma.w));
    row.x += (row.w - w) / 2;
    row.w = w;
    ui_picture(ui, row, "picture", ui_text_f(ui, "Page %d of %d", s->page, s->pages),
               look_fitted(app, s, row.w, row.h));
    ui_scroll_end(ui, &list);
}

/* ---- a table ---- */

static void look_table(struct app *app, struct look_state *s, struct rect r)
{
    struct ui_scroll list = parts_scroll(app, r, "table");
    if (s->pairs != NULL)
        shown_log(app, &list, "curve", s->pairs);
    shown_table(app, &list, s->text);
    ui_scroll_end(app->ui, &list);
}

/* ---- what is not here ---- */

static const char *look_contact(struct app *app)
{
    const struct sync_facts *f = app_facts(app);
    if (f->hub[0] == '\0')
        return "This kiosk has no hub: files come by stick.";
    return f->last_success_ms == 0 ? "This kiosk has not met its hub yet."
                                   : ui_text_f(app->ui, "Last contact with the hub: %s.",
                                               page_ago(app, f->last_success_ms));
}

static void look_fetch(struct app *app, struct look_state *s)
{
    struct why why;
    if (app_want_file(app, s->info.hash, &why) != ERR_OK)
        app_toast(app, TONE_BAD, "It cannot be fetched: %s.", why.text);
}

static void look_away(struct app *app, struct look_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    if (s->info.state == FILES_NONE) {
        page_empty(app, page, ICON_CAMERA_OFF, "Nobody knows this file here",
                   "The record that names it has not come to this kiosk, or it was taken back.");
        return;
    }
    if (s->info.wanted || s->info.state == FILES_LOST) {
        struct rect bar = ui_cut_bottom(&page, page_target(app));
        bool begun = s->info.moved > 0;
        bool lost = s->info.state == FILES_LOST;
        page_empty(app, page, lost ? ICON_ALERT : ICON_WAITING,
                   lost    ? "It was damaged on this kiosk"
                   : begun ? "It is coming"
                           : "It comes with the next contact",
                   ui_text_f(ui, "%s It is fetched by itself; you can go on meanwhile.",
                             look_contact(app)));
        if (begun)
            ui_progress(
                ui,
                (struct rect){ bar.x, bar.y + (bar.h - ui_mm_y(ui, 3)) / 2, bar.w, ui_mm_y(ui, 3) },
                "progress",
                ui_text_f(ui, "%lld of %lld KB", (long long)(s->info.moved / 1024),
                          (long long)(s->info.bytes / 1024)),
                (int)(s->info.moved / 1024), (int)(s->info.bytes / 1024) + 1);
        return;
    }
    if (parts_foot(app, &page, "fetch", "Fetch it", ICON_SYNC, NULL))
        look_fetch(app, s);
    page_empty(app, page, ICON_SYNC, "Not on this kiosk",
               ui_text_f(ui,
                         "It was given on another kiosk of this school. Fetch it, and it comes "
                         "with the next contact. %s",
                         look_contact(app)));
}

/* ---- the page ---- */

static void look_turn(struct app *app, struct look_state *s, int by)
{
    int page = s->page + by;
    if (page < 1 || page > s->pages || s->work != NULL)
        return;
    s->page = page;
    ui_scroll_to(app->ui, "/look/page", 0);
    look_pdf_begin(app, s);
}

/* What was in sight stays in sight: of a page the part that was scrolled to, from where its lines begin. */
static void look_begin_close(struct app *app, struct look_state *s)
{
    if (s->closer > 1)
        return;
    s->x = 0.5;
    s->y = 0.5;
    if (s->info.type != FILES_PDF || s->fit.pixels == NULL)
        return;
    int view = page_target(app) * 2;
    s->x = 0.35;
    s->y = (double)(ui_scroll_offset(app->ui, "/look/page") + view) / s->fit.h;
}

static void look_foot(struct app *app, struct look_state *s, struct rect foot)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    bool turns = s->info.type == FILES_PDF && s->pages > 1;
    bool closer = s->info.type != FILES_CSV && s->luma.pixels != NULL;
    int count = 1 + (closer ? 1 : 0) + (turns ? 2 : 0);
    int at = 0;
    if (closer) {
        bool back = s->closer == LOOK_CLOSEST;
        if (ui_button(ui, ui_col(foot, at++, count, gap), "closer", back ? "Whole" : "Closer",
                      back ? ICON_UNDO : ICON_SEARCH, UI_PLAIN)) {
            look_begin_close(app, s);
            s->closer = back ? 1 : s->closer * 2;
        }
    }
    if (turns) {
        const char *none = "There is no further page.";
        struct rect r = ui_col(foot, at++, count, gap);
        if (s->page <= 1)
            (void)ui_button_off(ui, r, "before", "Page", ICON_LEFT, none);
        else if (ui_button(ui, r, "before", ui_text_f(ui, "Page %d", s->page - 1), ICON_LEFT,
                           UI_PLAIN))
            look_turn(app, s, -1);
        r = ui_col(foot, at++, count, gap);
        if (s->page >= s->pages)
            (void)ui_button_off(ui, r, "on", "Page", ICON_RIGHT, none);
        else if (ui_button(ui, r, "on", ui_text_f(ui, "Page %d", s->page + 1), ICON_RIGHT,
                           UI_PLAIN))
            look_turn(app, s, 1);
    }
    const struct route *route = &router_top(app)->route;
    if (ui_button(ui, ui_col(foot, at, count, gap), "send", "Send on", ICON_USB, UI_PLAIN))
        router_push(
            app, "send_on",
            &(struct route){ .text = s->info.hash, .text2 = route->text2, .doc = route->doc });
}

static void look_body(struct app *app, struct look_state *s, struct rect page)
{
    if (s->failed)
        page_fault(app, page, "It could not be shown", &s->why);
    else if (s->text != NULL)
        look_table(app, s, page);
    else if (s->luma.pixels == NULL)
        page_empty(app, page, ICON_WAITING, "One moment", "The page is being drawn.");
    else if (s->info.type == FILES_PDF)
        look_page(app, s, page);
    else
        look_picture(app, s, page);
}

static void look_frame(struct app *app, void *state)
{
    struct look_state *s = state;
    struct ui *ui = app->ui;
    const struct route *route = &router_top(app)->route;
    if (screen_stale(app, &s->seen) || (s->open && s->info.wanted))
        look_read(app, s);
    look_pdf_step(app, s);
    struct rect page = page_begin(app, route->text2 == NULL ? "Picture" : route->text2);
    if (!look_here(s)) {
        look_away(app, s, page);
        return;
    }
    struct rect foot = ui_cut_bottom(&page, page_target(app));
    (void)ui_cut_bottom(&page, ui_gap(ui));
    look_foot(app, s, foot);
    look_body(app, s, page);
}

const struct screen screen_look = {
    .id = "look",
    .state_size = sizeof(struct look_state),
    .frame = look_frame,
    .leave = look_leave,
    .wants_ticks = true,
};
