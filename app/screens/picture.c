/* A picture for a row: what the camera sees, a shutter, the picture that was taken, and whether it serves. It is kept as a
   file beside the log when somebody says so; the record names it. */
#include "app/screens/shown.h"
#include "platform/base/str.h"

enum { PICTURE_ARENA_MAX = 8 * 1024 * 1024 };

struct picture_state {
    bool taken;
    struct arena arena;
    struct draw_luma luma; /* what was taken */
};

static void picture_enter(struct app *app, void *state)
{
    (void)app;
    struct picture_state *s = state;
    arena_init(&s->arena, PICTURE_ARENA_MAX);
}

static void picture_leave(struct app *app, void *state)
{
    struct picture_state *s = state;
    app->version++; /* the check below reads its answers again */
    arena_done(&s->arena);
}

static bool picture_live(struct app *app)
{
    struct why why;
    return app->luma.pixels != NULL && camera_status(app->camera, &why) == CAMERA_LIVE;
}

static void picture_take(struct app *app, struct picture_state *s)
{
    struct why why;
    arena_reset(&s->arena);
    s->taken = app_snap(app, &s->arena, &s->luma, &why) == ERR_OK;
    if (!s->taken)
        app_toast(app, TONE_BAD, "No picture was taken: %s.", why.text);
}

/* Puts it into the form. False, with a message: it stands there, but is not saved yet. */
static bool picture_answer(struct app *app, const char *answer)
{
    const struct route *route = &router_top(app)->route;
    struct why why;
    if (store_draft_put(&app->store, app->now, app->session.person, route->text2, route->form,
                        route->doc, route->text, answer, &why) == ERR_OK)
        return true;
    app_toast(app, TONE_BAD, "This answer is in the form but not saved yet: %s", why.text);
    return false;
}

/* The file first, then the answer that names it: a power cut between the two leaves a file too many and no answer too few. */
static void picture_use(struct app *app, struct picture_state *s)
{
    const struct route *route = &router_top(app)->route;
    const char *before = route->event == NULL ? "" : route->event;
    char sha[KEYS_ID_TEXT];
    struct why why;
    enum err rc = app_keep_picture(app, &s->luma, sha, &why);
    if (rc != ERR_OK) {
        app_toast(app, TONE_BAD, "The picture was not kept: %s.", why.text);
        return;
    }
    /* What is on the disk names the one before until the new one is saved. */
    if (picture_answer(app, sha) && !str_eq(before, sha))
        app_drop_file(app, before);
    router_pop(app);
}

/* Whether the check needs a picture and has none yet; one taken before stays valid. */
static bool picture_wanted(struct app *app)
{
    const struct route *route = &router_top(app)->route;
    return route->number != 0 && (route->event == NULL || route->event[0] == '\0');
}

/* Answers that there is no picture. The reason is what the camera reports: nobody has to find words, and nobody can claim it
   while the camera works. */
static void picture_without(struct app *app)
{
    struct why dark = { 0 };
    (void)camera_status(app->camera, &dark);
    const char *answer = ui_text_f(app->ui, FORM_NO_PICTURE "the camera showed nothing%s%.120s",
                                   dark.text[0] == '\0' ? "" : ": ", dark.text);
    (void)picture_answer(app, answer);
    router_pop(app);
}

/* ---- the page ---- */

static void picture_dark(struct app *app, struct rect page)
{
    bool required = picture_wanted(app);
    page_empty(app, page, ICON_CAMERA_OFF, "The camera shows nothing",
               required
                   ? "This check wants a picture. Look whether the camera is plugged in: it is "
                     "tried again by itself. If it stays dark, go on without: the record says "
                     "that there is no picture, and why, and is not a plain pass."
                   : "Look whether it is plugged in: it is tried again by itself. This check "
                     "can be signed without the picture.");
}

static void picture_shoot(struct app *app, struct picture_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    struct rect foot = ui_cut_bottom(&page, page_primary(app));
    (void)ui_cut_bottom(&page, gap);
    bool live = picture_live(app);
    if (live)
        shown_picture(app, page, "preview", "What the camera sees", &app->luma);
    else
        picture_dark(app, page);
    struct rect back = ui_cut_left(&foot, (foot.w - gap) / 3);
    (void)ui_cut_left(&foot, gap);
    if (ui_button(ui, back, "cancel", "Back", ICON_BACK, UI_PLAIN))
        router_pop(app);
    if (!live && picture_wanted(app)) {
        if (ui_button(ui, foot, "without", "Go on without a picture", ICON_CAMERA_OFF, UI_PLAIN))
            picture_without(app);
    } else if (!live)
        (void)ui_button_off(ui, foot, "take", "Take the picture", ICON_CAMERA,
                            "The camera shows nothing");
    else if (ui_button(ui, foot, "take", "Take the picture", ICON_CAMERA, UI_PRIMARY))
        picture_take(app, s);
}

static void picture_judge(struct app *app, struct picture_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    static const char words[] = "Sharp, and nobody in it? Pictures are kept in grey.";
    struct rect foot = ui_cut_bottom(&page, page_primary(app));
    (void)ui_cut_bottom(&page, gap);
    int h = ui_para_height(ui, page.w, words, SIZE_BODY, FONT_REGULAR);
    /* Where letters are large and the panel is small, the picture is worth more than words about it. */
    if (4 * h < page.h) {
        struct rect foot_words = ui_cut_bottom(&page, h);
        (void)ui_para(ui, foot_words, "words", words, SIZE_BODY, FONT_REGULAR, TONE_MUTED);
        (void)ui_cut_bottom(&page, ui_mm_y(ui, 1));
    }
    shown_picture(app, page, "taken", "The picture that was taken", &s->luma);
    if (ui_button(ui, ui_col(foot, 0, 2, gap), "again", "Again", ICON_REFRESH, UI_PLAIN))
        s->taken = false;
    if (ui_button(ui, ui_col(foot, 1, 2, gap), "use", "Use this", ICON_CHECK, UI_PRIMARY))
        picture_use(app, s);
}

static void picture_frame(struct app *app, void *state)
{
    struct picture_state *s = state;
    const struct route *route = &router_top(app)->route;
    struct rect page = page_begin(
        app, route->item == NULL || route->item[0] == '\0' ? "Take a picture" : route->item);
    if (s->taken)
        picture_judge(app, s, page);
    else
        picture_shoot(app, s, page);
}

/* A label or a badge in the picture is part of the picture. */
static bool picture_scan(struct app *app, void *state, const struct thing *thing)
{
    (void)app;
    (void)state;
    (void)thing;
    return true;
}

const struct screen screen_picture = {
    .id = "picture",
    .state_size = sizeof(struct picture_state),
    .enter = picture_enter,
    .frame = picture_frame,
    .leave = picture_leave,
    .scan = picture_scan,
    .wants_camera = true,
};
