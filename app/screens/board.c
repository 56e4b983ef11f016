/* The noticeboard: what is new first, then the doors to everything that SSERC and its partners offer technicians. */
#include "app/screens/board.h"
#include "app/screens/board_rows.h"
#include "app/screens/doc_open.h"
#include "platform/base/str.h"

enum { BOARD_ARENA = 4 * 1024 * 1024 };

struct board_state {
    uint64_t seen;
    struct query_when when;
    struct arena arena;
    size_t news;
    struct board_coming coming;
    bool comes;
    struct board_place place;
};

static void board_enter(struct app *app, void *state)
{
    (void)app;
    struct board_state *s = state;
    arena_init(&s->arena, BOARD_ARENA);
}

static void board_leave(struct app *app, void *state)
{
    (void)app;
    struct board_state *s = state;
    arena_done(&s->arena);
}

static void board_read(struct app *app, struct board_state *s)
{
    arena_reset(&s->arena);
    s->news = board_news(app);
    s->comes = board_coming(app, &s->coming);
    board_place(app, &s->arena, &s->place);
}

/* Where a section leads: a list, a document or a screen; the first that is named. */
struct board_section {
    const char *id, *title, *words;
    uint32_t icon;
    const char *list, *doc, *screen, *form;
};

static const struct board_section sections[] = {
    { "bulletin", "SSERC Bulletin", "What it may change here", ICON_DOCUMENT,
      .list = BOARD_BULLETIN },
    { "law", "Law changes", "To come, and now in force", ICON_CALENDAR, .list = BOARD_LAW },
    { "rep", "My STAC representative", "Who speaks for you", ICON_PERSON,
      .screen = "representative" },
    { "stac", "STAC", "The technicians' council", ICON_PEOPLE, .doc = "stac" },
    { "courses", "Courses", "Levels, points, places", ICON_SCHOOL, .list = BOARD_COURSES },
    { "events", "Tech Meets and events", "What comes, and what was", ICON_CALENDAR,
      .list = BOARD_EVENTS },
    { "tv", "SSERC TV", "Short films, on your phone", ICON_CAMERA, .list = BOARD_TV },
    { "stst", "The School STEM Technician", "Read it, write for it", ICON_BOOK,
      .list = BOARD_STST },
    { "techne", "Techné", "Join, and post from here", ICON_CLOUD, .doc = "techne" },
    { "schemes", "Bursaries and subsidies", "What your school may apply for", ICON_TAG,
      .list = BOARD_SCHEMES },
    { "centres", "Accredited Centres", "Courses nearer to you", ICON_PLACE, .list = BOARD_CENTRES },
    { "awards", "Awards", "Put a colleague forward", ICON_BADGE, .list = BOARD_AWARDS },
    { "voice", "Tell STAC", "A problem, or what worked", ICON_PENCIL, .form = "stac-voice" },
    { "challenges", "Five challenges", "Yours to tick", ICON_CHECKLIST, .screen = "challenges" },
    { "bodies", "Who is who", "SSERC, SCIS and the others", ICON_INFO, .list = BOARD_BODIES },
    { "contacts", "Contacts", "Advice line and advisers", ICON_PHONE, .list = BOARD_CONTACTS },
    { "considered", "What was considered", "The log, newest first", ICON_HISTORY,
      .list = BOARD_CONSIDERED },
};

/* A small panel has room for the names alone. */
static struct ui_tile board_tile(struct app *app, const struct board_section *s)
{
    return (struct ui_tile){ .id = s->id,
                             .title = s->title,
                             .words = ui_small(app->ui) || app->opt.large ? NULL : s->words,
                             .icon = s->icon };
}

static void board_go(struct app *app, const struct board_section *s)
{
    if (s->list != NULL)
        board_list_open(app, s->list);
    else if (s->doc != NULL)
        doc_open(app, s->doc);
    else if (s->form != NULL)
        board_letter(app, s->form, "");
    else
        router_push(app, s->screen, NULL);
}

/* Two tiles abreast, or one where the letters are large. Returns the one that was tapped, -1 otherwise. */
static int board_pair(struct app *app, struct ui_scroll *list, const struct ui_tile *tiles,
                      size_t count)
{
    struct ui *ui = app->ui;
    int columns = ui_portrait(ui) || app->opt.large || count == 1 ? 1 : 2;
    int gap = ui_gap(ui);
    int width = (list->view.w - gap * (columns - 1)) / columns;
    int tapped = -1;
    for (size_t from = 0; from < count; from += (size_t)columns) {
        int h = page_target(app);
        for (size_t i = from; i < from + (size_t)columns && i < count; i++) {
            int need = ui_tile_height(ui, width, &tiles[i]);
            h = need > h ? need : h;
        }
        struct rect line = ui_scroll_row(list, h);
        ui_scroll_space(list, gap);
        for (size_t i = from; i < from + (size_t)columns && i < count; i++)
            if (ui_tile(ui, ui_col(line, (int)(i - from), columns, gap), &tiles[i]))
                tapped = (int)i;
    }
    return tapped;
}

/* What is new and what comes stand first; a heading would only take room from them. */
static void board_first(struct app *app, const struct board_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    const struct ui_tile tiles[] = {
        { .id = "news",
          .title = s->news == 0 ? "Nothing new" : "To consider",
          .words = s->news == 0 ? "All of it was considered" : "Bulletins and notices",
          .icon = ICON_BELL,
          .badge = s->news == 0 ? NULL : ui_text_f(ui, "%zu new", s->news),
          .badge_tone = TONE_INFO,
          .card = s->news == 0 ? CARD_PLAIN : CARD_INFO },
        { .id = "coming",
          .title = s->coming.title,
          .words = s->coming.when,
          .icon = ICON_CALENDAR },
    };
    int tapped = board_pair(app, list, tiles, s->comes ? COUNT_OF(tiles) : 1);
    if (tapped == 0)
        board_list_open(app, BOARD_NEWS);
    else if (tapped == 1)
        doc_open(app, s->coming.doc);
}

static void board_place_row(struct app *app, const struct board_state *s, struct ui_scroll *list)
{
    bool set = s->place.code[0] != '\0';
    struct ui_tile tile = {
        .id = "constituency",
        .title = set ? s->place.name : "Which constituency is this?",
        .words = set ? "The constituency of this kiosk"
                     : "Choose it once: contacts and bursaries go by it",
        .icon = ICON_PLACE,
        .badge = set ? NULL : "Not set",
        .badge_tone = TONE_DUE,
    };
    if (parts_row(app, list, &tile))
        router_push(app, "constituency", NULL);
}

static void board_frame(struct app *app, void *state)
{
    struct board_state *s = state;
    struct ui *ui = app->ui;
    bool stale = screen_stale(app, &s->seen);
    if (parts_moved(app, &s->when, true) || stale)
        board_read(app, s);
    struct rect page = page_begin(app, "Noticeboard");
    if (page_lacks_content(app, page))
        return;
    struct ui_scroll list = ui_scroll_begin(ui, page, "rows");
    board_first(app, s, &list);
    if (s->place.code[0] == '\0')
        board_place_row(app, s, &list);
    struct ui_tile tiles[COUNT_OF(sections)];
    for (size_t i = 0; i < COUNT_OF(sections); i++)
        tiles[i] = board_tile(app, &sections[i]);
    int tapped = board_pair(app, &list, tiles, COUNT_OF(tiles));
    if (tapped >= 0)
        board_go(app, &sections[tapped]);
    if (s->place.code[0] != '\0')
        board_place_row(app, s, &list);
    ui_scroll_end(ui, &list);
}

const struct screen screen_board = {
    .id = "board",
    .state_size = sizeof(struct board_state),
    .enter = board_enter,
    .frame = board_frame,
    .leave = board_leave,
};
