/* A picture for a row: what the camera sees, and one button. The picture is kept beside the log; the record names it. */
#include "app/screens/page.h"
#include "platform/base/str.h"

static void picture_take(struct app *app)
{
    const struct route *route = &router_top(app)->route;
    char sha[KEYS_ID_TEXT];
    struct why why;
    enum err rc = app_capture(app, sha, &why);
    if (rc == ERR_OK)
        rc = store_draft_put(&app->store, app->now, app->session.person, route->text2, route->form,
                             route->doc, route->text, sha, &why);
    if (rc != ERR_OK) {
        app_toast(app, TONE_BAD, "No picture was kept: %s.", why.text);
        return;
    }
    app->version++; /* the check below reads its answers again */
    router_pop(app);
}

static void picture_frame(struct app *app, void *state)
{
    (void)state;
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    struct rect page = page_begin(app, "Take a picture");
    struct rect foot = ui_cut_bottom(&page, page_primary(app));
    (void)ui_cut_bottom(&page, gap);
    struct why why;
    bool live = app->luma.pixels != NULL && camera_status(app->camera, &why) == CAMERA_LIVE;
    if (live)
        ui_picture(ui, page, "preview", "What the camera sees", &app->luma);
    else
        page_empty(
            app, page, ICON_CAMERA_OFF, "The camera shows nothing",
            "Look whether it is plugged in. The check can go on without the picture where it "
            "is not asked for.");
    if (ui_button(ui, ui_col(foot, 0, 2, gap), "cancel", "No picture", ICON_BACK, UI_PLAIN))
        router_pop(app);
    struct rect take = ui_col(foot, 1, 2, gap);
    if (!live)
        (void)ui_button_off(ui, take, "take", "Keep this picture", ICON_CAMERA,
                            "The camera shows nothing");
    else if (ui_button(ui, take, "take", "Keep this picture", ICON_CAMERA, UI_PRIMARY))
        picture_take(app);
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
    .frame = picture_frame,
    .scan = picture_scan,
    .wants_camera = true,
};
