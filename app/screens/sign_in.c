/* Who is signing? By badge before the camera, or by name and PIN. A release asks for both. */
#include <string.h>

#include "app/screens/page.h"
#include "app/ui/theme.h"
#include "platform/base/str.h"

enum { PIN_MIN = 6, PIN_MAX = 12 };

struct sign_in_state {
    uint64_t seen;
    struct arena arena;
    struct person *people;
    size_t count;
    char chosen[40];
    char pin[PIN_MAX + 1];
};

static void sign_in_read(struct app *app, struct sign_in_state *s)
{
    arena_begin(&s->arena, 4 * 1024 * 1024);
    if (query_people(&app->store, &s->arena, &s->people, &s->count, NULL) != ERR_OK)
        s->count = 0;
    if (session_in(&app->session))
        (void)str_copy(s->chosen, sizeof s->chosen, app->session.person);
}

static void sign_in_leave(struct app *app, void *state)
{
    (void)app;
    struct sign_in_state *s = state;
    memset(s->pin, 0, sizeof s->pin);
    arena_done(&s->arena);
}

static const struct person *sign_in_chosen(const struct sign_in_state *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (str_eq(s->people[i].id, s->chosen))
            return &s->people[i];
    return NULL;
}

static bool sign_in_done(struct app *app)
{
    unsigned need = router_top(app)->route.number;
    return session_in(&app->session) && (app->session.proof & need) == need;
}

/* The other way in, for who has not used it already. */
static const char *sign_in_other(struct app *app)
{
    return (app->session.proof & PROOF_BADGE) != 0 ? "" : ", or use your badge";
}

static void sign_in_try(struct app *app, struct sign_in_state *s)
{
    const struct person *p = sign_in_chosen(s);
    enum pin_answer answer = PIN_WRONG;
    int wait_s = 0;
    struct why why;
    if (p == NULL || strlen(s->pin) < PIN_MIN)
        return;
    enum err rc = store_try_pin(&app->store, app->now, p->id, s->pin, &answer, &wait_s, &why);
    memset(s->pin, 0, sizeof s->pin);
    if (rc != ERR_OK) {
        app_toast(app, TONE_BAD, "The PIN could not be checked: %s", why.text);
        return;
    }
    /* The wrong one that locks says so too: «Try again» would send them to a closed door. */
    if (answer == PIN_WRONG && wait_s > 0)
        answer = PIN_LOCKED;
    switch (answer) {
    case PIN_RIGHT:
        app_sign_in(app, p, PROOF_PIN);
        return;
    case PIN_WRONG:
        app_toast(app, TONE_BAD, "That is not the PIN. Try again%s.", sign_in_other(app));
        return;
    case PIN_LOCKED:
        app_toast(app, TONE_BAD, "Too many wrong PINs. Wait %d s%s.", wait_s, sign_in_other(app));
        return;
    case PIN_NONE:
        app_toast(app, TONE_BAD, "No PIN is set on this kiosk. Use your badge.");
        return;
    }
}

struct sign_in_words {
    const char *title, *words;
    bool shown; /* the badge was seen already */
};

/* A second person, who shows badge and PIN for what another has signed. */
static bool sign_in_second(struct app *app)
{
    return str_eq(router_top(app)->route.text2, "countersign");
}

static struct sign_in_words sign_in_badge_words(struct app *app)
{
    unsigned need = router_top(app)->route.number;
    bool second = sign_in_second(app);
    bool shown = (app->session.proof & PROOF_BADGE) != 0;
    /* In large letters a small or narrow panel needs the room for the names. */
    bool brief = app->opt.large && (ui_small(app->ui) || ui_portrait(app->ui));
    return (struct sign_in_words){
        .title = shown                ? app->session.name
                 : brief && need == 0 ? "Show your badge"
                                      : "Hold your badge up",
        .words = shown       ? "Badge seen: now your PIN"
                 : need == 0 ? (brief ? "" : "no PIN needed")
                 : second    ? "and your PIN: both, to countersign"
                             : "and your PIN: both, to put it back into use",
        .shown = shown,
    };
}

static int sign_in_badge_text_width(struct app *app, int width)
{
    return width - 2 * ui_gap(app->ui) - ui_mm(app->ui, 15);
}

static int sign_in_badge_height(struct app *app, int width)
{
    struct sign_in_words w = sign_in_badge_words(app);
    int text_w = sign_in_badge_text_width(app, width);
    int h = ui_para_height(app->ui, text_w, w.title, SIZE_BODY, FONT_BOLD) +
            ui_para_height(app->ui, text_w, w.words, SIZE_SMALL, FONT_REGULAR) +
            ui_mm_y(app->ui, 4);
    int usual = page_primary(app) + ui_mm_y(app->ui, 4);
    return h > usual ? h : usual;
}

static void sign_in_badge(struct app *app, struct rect r)
{
    struct ui *ui = app->ui;
    struct sign_in_words w = sign_in_badge_words(app);
    ui_card(ui, r, CARD_DARK);
    struct rect in = ui_inset(r, ui_gap(ui), ui_mm_y(ui, 2));
    struct rect icon = ui_cut_left(&in, ui_mm(ui, 13));
    int side = ui_mm_y(ui, 9);
    ui_icon(ui, (struct rect){ icon.x, icon.y + (icon.h - side) / 2, icon.w, side },
            w.shown ? ICON_CHECK : ICON_BADGE, TONE_ON_DARK);
    (void)ui_cut_left(&in, ui_mm(ui, 2));
    int title_h = ui_para_height(ui, in.w, w.title, SIZE_BODY, FONT_BOLD);
    int h = title_h + ui_para_height(ui, in.w, w.words, SIZE_SMALL, FONT_REGULAR);
    in.y += h < in.h ? (in.h - h) / 2 : 0;
    (void)ui_para(ui, ui_cut_top(&in, title_h), "badge", w.title, SIZE_BODY, FONT_BOLD,
                  TONE_ON_DARK);
    (void)ui_para(ui, in, "badge_words", w.words, SIZE_SMALL, FONT_REGULAR, TONE_ON_DARK);
}

static void sign_in_people(struct app *app, struct sign_in_state *s, struct rect r)
{
    struct ui *ui = app->ui;
    bool brief = app->opt.large && ui_small(ui);
    struct ui_scroll list = ui_scroll_begin(ui, r, "people");
    for (size_t i = 0; i < s->count; i++) {
        const struct person *p = &s->people[i];
        bool on = str_eq(p->id, s->chosen);
        struct ui_tile tile = {
            .id = p->id,
            .title = p->name,
            .icon = on      ? ICON_CHECK
                    : brief ? ICON_NONE
                            : ICON_PERSON,
            .card = on ? CARD_SELECTED : CARD_PLAIN,
        };
        int h = ui_tile_height(ui, list.view.w, &tile);
        struct rect row = ui_scroll_row(&list, h > page_target(app) ? h : page_target(app));
        if (ui_tile(ui, row, &tile)) {
            (void)str_copy(s->chosen, sizeof s->chosen, p->id);
            s->pin[0] = '\0';
        }
        ui_scroll_space(&list, ui_gap(ui));
    }
    ui_scroll_end(ui, &list);
    if (s->count == 0)
        page_empty(app, r, ICON_PEOPLE, "Nobody is known here yet",
                   "People come with the school's hub, or are added when the kiosk is set up.");
}

/* One dot a digit, so that a wet finger sees that it counted. */
static void sign_in_dots(struct app *app, struct rect r, const struct sign_in_state *s)
{
    size_t len = strlen(s->pin);
    size_t dots = len > PIN_MIN ? len : PIN_MIN;
    int side = ui_mm(app->ui, 4);
    int step = side + ui_mm(app->ui, 2.2);
    const char *said = ui_text_f(app->ui, "%zu digits entered", len);
    ui_push(app->ui, "dots", ROLE_PROGRESS, said, r);
    for (size_t i = 0; i < dots; i++) {
        struct rect dot = { r.x + r.w - (int)(dots - i) * step + step - side,
                            r.y + (r.h - side) / 2, side, side };
        ui_frame_box(app->ui, dot, THEME_BAR, i < len ? side / 2 : ui_mm(app->ui, 0.5), side / 2);
    }
    ui_pop(app->ui);
}

static void sign_in_pin(struct app *app, struct sign_in_state *s, struct rect r)
{
    struct ui *ui = app->ui;
    const struct person *p = sign_in_chosen(s);
    bool large = app->opt.large;
    int line = ui_line_height(ui, large ? SIZE_BODY : SIZE_TITLE);
    /* Tall letters take what the keys need: the margin below them goes. */
    if (large && (ui_small(ui) || ui_portrait(ui)))
        r.h += ui_gap(ui) - ui_mm_y(ui, 0.5);
    /* A message of two lines above leaves less: the dots then have no more than they are high. */
    int left = r.h - 4 * ui_mm_y(ui, 12) - 3 * ui_gap(ui) - ui_mm_y(ui, 0.5);
    int dots = ui_mm_y(ui, 4);
    if (large && p != NULL && left < line)
        line = left > dots ? left : dots;
    struct rect top = ui_cut_top(&r, line);
    const char *title = p == NULL ? "Your name?" : "Your PIN";
    int w = ui_text_width(ui, title, SIZE_BODY, FONT_BOLD) + 4;
    /* Where the words and the dots do not fit side by side: whose PIN is asked first, then how much of it is typed. */
    bool both = w + ui_mm(ui, 6.2 * PIN_MIN) <= top.w;
    if (both || p == NULL)
        (void)ui_label(ui, ui_cut_left(&top, w), "pin_title", title, SIZE_BODY, FONT_BOLD,
                       TONE_PLAIN, ALIGN_LEFT);
    if (both || p != NULL)
        sign_in_dots(app, top, s);
    (void)ui_cut_top(&r, ui_mm_y(ui, large ? 0.5 : 1.5));
    char key = ui_pin_pad(ui, r, "pad", "Sign", p != NULL && strlen(s->pin) >= PIN_MIN);
    size_t len = strlen(s->pin);
    if (key == '\b' && len > 0)
        s->pin[len - 1] = '\0';
    else if (key >= '0' && key <= '9' && len < PIN_MAX && p != NULL)
        s->pin[len] = key;
    else if (key == '\n')
        sign_in_try(app, s);
}

/* Four rows of keys of their least height, and what stands above them. In large letters a bar of two lines leaves the usual
   share too small. */
static int sign_in_pin_height(struct app *app, int usual)
{
    struct ui *ui = app->ui;
    bool large = app->opt.large;
    int keys = 4 * ui_mm_y(ui, 12.2) + 3 * ui_gap(ui);
    int least = keys + ui_line_height(ui, large ? SIZE_BODY : SIZE_TITLE) + ui_mm_y(ui, 1.5);
    return usual > least ? usual : least;
}

static void sign_in_frame(struct app *app, void *state)
{
    struct sign_in_state *s = state;
    if (screen_stale(app, &s->seen))
        sign_in_read(app, s);
    struct rect page =
        page_begin(app, sign_in_second(app) ? "Who countersigns?" : "Who is signing?");
    int gap = ui_gap(app->ui);
    struct rect left = page;
    struct rect right = page;
    if (ui_portrait(app->ui)) {
        right = ui_cut_bottom(&left, sign_in_pin_height(app, page.h * 52 / 100));
        (void)ui_cut_bottom(&left, gap);
    } else {
        left = ui_cut_left(&right, (page.w - gap) * 48 / 100);
        (void)ui_cut_left(&right, gap);
    }
    sign_in_badge(app, ui_cut_top(&left, sign_in_badge_height(app, left.w)));
    (void)ui_cut_top(&left, gap);
    sign_in_people(app, s, left);
    sign_in_pin(app, s, right);
    if (sign_in_done(app))
        router_pop(app);
}

const struct screen screen_sign_in = {
    .id = "sign_in",
    .state_size = sizeof(struct sign_in_state),
    .frame = sign_in_frame,
    .leave = sign_in_leave,
};
