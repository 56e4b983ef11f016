/* Home: the live picture that waits for a label, what will not wait, and the ways on. */
#include "app/screens/alarms.h"
#include "app/screens/board.h"
#include "app/store/letters.h"
#include "app/ui/fill.h"
#include "app/ui/theme.h"
#include "platform/base/str.h"

struct home_state {
    uint64_t seen;
    struct query_when when;
    size_t due, overdue, do_not, begun;
    struct alarms alarms;
    char recall[STOP_KEY_MAX + 1]; /* the notice that waits for answers; "" none */
    bool damaged;                  /* content: none is shown, or the edition before */
    size_t news, replies;
    size_t edition; /* documents of a new edition that nobody has looked at */
    bool comes;     /* something within two weeks */
    struct board_coming coming;
};

static void home_read_board(struct app *app, struct home_state *s)
{
    s->news = board_news(app);
    s->damaged = app_content_view(app)->damaged;
    const struct content_news *edition = app_news(app);
    s->edition = edition->added + edition->changed + edition->withdrawn;
    s->comes = board_coming(app, &s->coming);
    if (query_unread(&app->store, app->session.person, &s->replies, NULL) != ERR_OK)
        s->replies = 0;
}

static void home_read(struct app *app, struct home_state *s)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct due_row *rows = NULL;
    size_t count = 0;
    const char *last_late = "";
    s->due = s->overdue = s->do_not = 0;
    struct due_ask ask = { .when = parts_when(app),
                           .lists = 1u << LIST_NOW,
                           .term_time = parts_term_time(app) };
    if (query_due(&app->store, app->content, &ask, &app->scratch, &rows, &count, NULL) == ERR_OK) {
        for (size_t i = 0; i < count; i++) {
            enum cycle_state state = rows[i].status.state;
            s->do_not += state == CYCLE_FAILED ? 1 : 0;
            bool late = state == CYCLE_OVERDUE || state == CYCLE_FAULT;
            /* An item that is late twice is one place to go to, as the list has it. */
            s->overdue += late && !str_eq(rows[i].item.id, last_late) ? 1 : 0;
            if (late)
                last_late = rows[i].item.id;
            s->due += state == CYCLE_DUE || state == CYCLE_NEVER || state == CYCLE_FIRST_USE;
        }
    }
    struct draft *drafts = NULL;
    s->begun = 0;
    if (store_draft_list(&app->store, &app->scratch, &drafts, &count, NULL) == ERR_OK)
        s->begun = count;
    alarms_read(app, &app->scratch, &s->alarms);
    (void)str_copy(s->recall, sizeof s->recall, s->alarms.recall);
    home_read_board(app, s);
    arena_rewind(&app->scratch, mark);
}

/* The sight on the picture: where to hold the label. */
static void home_sight(struct app *app, struct rect r)
{
    int w = r.w * 64 / 100;
    int h = r.h * 56 / 100;
    struct rect box = { r.x + (r.w - w) / 2, r.y + (r.h - h) / 2, w, h };
    ui_frame_box(app->ui, box, THEME_ON_DARK, ui_mm(app->ui, 0.8), ui_mm(app->ui, 3));
}

/* Large letters on a small or narrow panel: eight tiles have no room side by side, nor have long sentences. */
static bool home_listed(const struct app *app)
{
    return app->opt.large && (ui_small(app->ui) || ui_portrait(app->ui));
}

static const char *home_camera_words(struct app *app)
{
    switch (camera_status(app->camera, NULL)) {
    case CAMERA_OFF:
        return home_listed(app) ? "No camera" : "No camera: type the number, or use a scanner";
    case CAMERA_LOST:
        return home_listed(app) ? "The camera is not answering"
                                : "The camera is not answering: type the number, or use a scanner";
    case CAMERA_STARTING:
    case CAMERA_LIVE:
        break;
    }
    return NULL;
}

static void home_camera(struct app *app, struct rect r)
{
    struct ui *ui = app->ui;
    const char *trouble = home_camera_words(app);
    const char *words = home_listed(app) && !ui_portrait(ui) ? "Scan a label"
                        : ui_small(ui) || ui_portrait(ui) || app->opt.large
                            ? "Show me a label"
                            : "Hold a label up to the camera";
    int pad = ui_gap(ui);
    int button_h = page_target(app);
    ui_card(ui, r, CARD_DARK);
    int inner = r.w - 2 * pad;
    const char *said = trouble != NULL ? trouble : words;
    enum ui_size size = trouble != NULL ? SIZE_BODY : SIZE_TITLE;
    enum draw_font font = trouble != NULL ? FONT_MEDIUM : FONT_BOLD;
    int words_h = ui_para_height(ui, inner, said, size, font);
    /* Nobody can aim by a strip of a picture: what would take its room goes first. */
    if (trouble == NULL && r.h - words_h - button_h - 3 * pad < button_h)
        words_h = 0;
    struct rect foot = ui_cut_bottom(&r, words_h + button_h + 3 * pad);
    bool live = app->luma.serial != 0 && trouble == NULL;
    if (live)
        ui_picture(ui, r, "picture", "Camera picture", &app->luma);
    if (trouble == NULL)
        home_sight(app, r);
    else if (r.h >= button_h) /* below that it would be a speck; the words say it */
        ui_icon(ui, ui_inset(r, r.w / 4, r.h / 4), ICON_CAMERA_OFF, TONE_ON_DARK);
    foot = ui_inset(foot, pad, pad);
    struct rect button = ui_cut_bottom(&foot, button_h);
    /* In large letters the small card has room for the button alone, which says what to do. */
    if (words_h > 0 && foot.h >= words_h && ui_text_width(ui, said, size, font) <= 2 * foot.w)
        (void)ui_para(ui, foot, "words", said, size, font, TONE_ON_DARK);
    const char *type = home_listed(app) && !ui_portrait(ui) ? "Type it" : "Type the number";
    if (ui_button(ui, button, "type", type, ICON_KEYBOARD, UI_ON_DARK))
        router_push(app, "items", &(struct route){ .number = 1 });
}

static const struct home_tile {
    const char *id, *title;
    const char *small, *large; /* on a small panel, in large letters; NULL as the title */
    uint32_t icon;
    const char *screen;
    struct route route;
} home_ways[] = {
    { "due", "Checks due", NULL, NULL, ICON_CHECKLIST, "due", { .number = 0 } },
    { "assessments",
      "Risk assessments",
      NULL,
      "Assessments",
      ICON_FLASK,
      "find",
      { .text = "assessment" } },
    { "guidance", "Guidance", NULL, NULL, ICON_BOOK, "find", { .text = "guidance" } },
    { "board", "Noticeboard", "Notices", "Notices", ICON_BELL, "board", { .number = 0 } },
    { "lab", "Lab work", NULL, NULL, ICON_TUBE, "lab", { .number = 0 } },
    { "ask", "Ask SSERC", NULL, NULL, ICON_ASK, "letters", { .number = 0 } },
    { "duties", "Nine duties", NULL, NULL, ICON_BADGE, "duties", { .number = 0 } },
    { "menu", "More", NULL, NULL, ICON_MORE, "menu", { .number = 0 } },
};

/* "3 late", "1 reply"; nothing where the count is 0. */
static void home_count(struct app *app, struct ui_tile *tile, size_t count, const char *words,
                       enum ui_tone tone)
{
    if (count == 0 || tile->badge != NULL)
        return;
    tile->badge = ui_text_f(app->ui, "%zu %s", count, words);
    tile->badge_tone = tone;
}

/* What waits behind a tile; of several the first that there is. */
static void home_badge(struct app *app, const struct home_state *s, struct ui_tile *tile)
{
    size_t work = s->due + s->overdue + s->do_not;
    if (str_eq(tile->id, "due")) {
        home_count(app, tile, s->overdue, "late", TONE_LATE);
        home_count(app, tile, s->begun, "begun", TONE_DUE);
        home_count(app, tile, work, "due", TONE_DUE);
        tile->card = work > 0 ? CARD_DUE : CARD_PLAIN;
    } else if (str_eq(tile->id, "guidance")) {
        home_count(app, tile, s->edition, "new", TONE_INFO);
    } else if (str_eq(tile->id, "board")) {
        home_count(app, tile, s->news, "new", TONE_INFO);
    } else if (str_eq(tile->id, "lab")) {
        home_count(app, tile, s->alarms.late, "late", TONE_LATE);
        home_count(app, tile, s->alarms.alive, "alive", TONE_DUE);
    } else if (str_eq(tile->id, "ask")) {
        home_count(app, tile, s->replies, s->replies == 1 ? "reply" : "replies", TONE_INFO);
    } else if (str_eq(tile->id, "menu")) {
        home_count(app, tile, s->alarms.awaiting, "to sign", TONE_DUE);
    }
}

static struct ui_tile home_tile(struct app *app, const void *rows, size_t at)
{
    const struct home_tile *way = &home_ways[at];
    const char *other = app->opt.large ? way->large : ui_small(app->ui) ? way->small : NULL;
    struct ui_tile tile = { .id = way->id,
                            .title = other == NULL ? way->title : other,
                            .icon = way->icon };
    home_badge(app, rows, &tile);
    return tile;
}

static void home_tiles(struct app *app, struct rect r, const struct home_state *s)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int lines = (int)COUNT_OF(home_ways) / 2;
    int tapped = PARTS_NONE;
    if (home_listed(app))
        tapped = parts_tiles(app, r, "ways", s, COUNT_OF(home_ways), 1, home_tile);
    for (size_t i = 0; i < COUNT_OF(home_ways) && !home_listed(app); i++) {
        struct rect cell = ui_col(ui_row(r, (int)i / 2, lines, gap), (int)i % 2, 2, gap);
        struct ui_tile tile = home_tile(app, s, i);
        tile.tall = true;
        if (ui_tile(ui, cell, &tile))
            tapped = (int)i;
    }
    if (tapped != PARTS_NONE)
        router_push(app, home_ways[tapped].screen, &home_ways[tapped].route);
}

static bool home_alarmed(const struct home_state *s)
{
    return s->damaged || s->alarms.late > 0 || s->alarms.clock || s->alarms.lone ||
           s->recall[0] != '\0';
}

/* The worst of what will not wait. */
static struct ui_tile home_alarm_tile(struct app *app, const struct home_state *s)
{
    struct ui *ui = app->ui;
    const struct alarms *alarms = &s->alarms;
    if (alarms->lone)
        return (struct ui_tile){ .id = "lone",
                                 .title = "Working alone: check in now",
                                 .icon = ICON_TIMER,
                                 .card = CARD_BAD_SOLID };
    if (s->recall[0] != '\0')
        return (struct ui_tile){ .id = "recalls",
                                 .title = ui_text_f(ui,
                                                    alarms->recalls == 1
                                                        ? "Recall: %zu item to answer for"
                                                        : "Recall: %zu items to answer for",
                                                    alarms->recalls),
                                 .icon = ICON_ALERT,
                                 .card = CARD_BAD_SOLID };
    if (s->damaged)
        return (struct ui_tile){ .id = "damaged",
                                 .title = "Guidance and forms are being checked again",
                                 .icon = ICON_ALERT,
                                 .card = CARD_LATE };
    if (alarms->late == 0)
        return alarms_clock();
    return (struct ui_tile){ .id = "late",
                             .title = ui_text_f(ui,
                                                alarms->late == 1 ? "%zu thing is not back"
                                                                  : "%zu things are not back",
                                                alarms->late),
                             .icon = ICON_ALERT,
                             .card = CARD_LATE };
}

/* What is out past its time is told here, over the picture: nobody should have to look for it. */
static void home_alarm(struct app *app, struct rect *r, const struct home_state *s)
{
    if (!home_alarmed(s))
        return;
    struct ui_tile tile = home_alarm_tile(app, s);
    int h = ui_tile_height(app->ui, r->w, &tile);
    struct rect at = ui_cut_top(r, h > page_target(app) ? h : page_target(app));
    (void)ui_cut_top(r, ui_gap(app->ui));
    if (!ui_tile(app->ui, at, &tile))
        return;
    if (s->alarms.lone)
        router_push(app, "prep", NULL);
    else if (s->recall[0] != '\0')
        router_push(app, "recall", &(struct route){ .doc = s->recall });
    else if (s->damaged)
        router_push(app, "content", NULL);
    else
        router_push(app, s->alarms.late > 0 ? "out" : "sync", NULL);
}

/* What comes within two weeks, above the picture where there is room for it; the noticeboard has it always. */
static void home_coming(struct app *app, struct rect *r, const struct home_state *s)
{
    struct ui_tile tile = { .id = "coming",
                            .title = s->coming.title,
                            .words = s->coming.when,
                            .icon = ICON_CALENDAR,
                            .card = CARD_INFO };
    if (!s->comes || ui_small(app->ui) || app->opt.large)
        return;
    int h = ui_tile_height(app->ui, r->w, &tile);
    struct rect at = ui_cut_top(r, h > page_target(app) ? h : page_target(app));
    (void)ui_cut_top(r, ui_gap(app->ui));
    if (ui_tile(app->ui, at, &tile))
        router_push(app, "reader", &(struct route){ .doc = s->coming.doc });
}

static void home_frame(struct app *app, void *state)
{
    struct home_state *s = state;
    bool stale = screen_stale(app, &s->seen);
    if (parts_moved(app, &s->when, false) || stale)
        home_read(app, s);
    bool roomy = !ui_small(app->ui) && !ui_portrait(app->ui);
    const char *place = app->room[0] != '\0' ? app->room : app->school;
    const char *title = place[0] == '\0' ? "Canny" : place;
    if (roomy && app->school[0] != '\0' && app->room[0] != '\0')
        title = ui_text_f(app->ui, "%s · %s", app->school, app->room);
    struct rect page = page_begin(app, title);
    int gap = ui_gap(app->ui);
    if (ui_portrait(app->ui)) {
        home_alarm(app, &page, s);
        home_coming(app, &page, s);
        home_camera(app, ui_cut_top(&page, page.h * (home_alarmed(s) ? 30 : 36) / 100));
        (void)ui_cut_top(&page, gap);
        home_tiles(app, page, s);
    } else {
        int part = home_listed(app) ? 32 : app->opt.large ? 34 : roomy ? 52 : 44;
        if (home_listed(app))
            home_alarm(app, &page, s);
        struct rect left = ui_cut_left(&page, page.w * part / 100);
        if (!home_listed(app))
            home_alarm(app, &left, s);
        home_coming(app, &left, s);
        home_camera(app, left);
        (void)ui_cut_left(&page, gap);
        home_tiles(app, page, s);
    }
}

const struct screen screen_home = {
    .id = "home",
    .state_size = sizeof(struct home_state),
    .frame = home_frame,
    .wants_camera = true,
};
