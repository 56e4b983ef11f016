/* The kiosk was taken out of use and has deleted all that it held: whoever stands before it reads why. */
#include "app/screens/parts.h"

static void wiped_frame(struct app *app, void *state)
{
    (void)state;
    struct rect page = page_begin(app, "Taken out of use");
    if (parts_foot(app, &page, "fresh", "Start as a new kiosk", ICON_CHECK, NULL)) {
        app_wipe_seen(app);
        router_home(app);
    }
    page_empty(app, page, ICON_LOCK, "The hub has taken this kiosk out of use",
               "Everything on it has been deleted. What it had sent is kept at the hub. To use it "
               "again, ask IT for a new code and join the hub with it. If it should not have been "
               "taken out of use, tell IT.");
}

const struct screen screen_wiped = { .id = "wiped", .frame = wiped_frame, .stays = true };
