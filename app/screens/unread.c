/* Something that a screen wanted to show could not be read. Its chip in the bar leads here. */
#include "app/screens/parts.h"

static void unread_frame(struct app *app, void *state)
{
    (void)state;
    struct rect page = page_begin(app, "Not all could be read");
    if (parts_foot(app, &page, "again", "Read it again", ICON_CHECK, NULL)) {
        app_changed(app);
        router_home(app);
    }
    page_empty(
        app, page, ICON_ALERT, "A part of that page could not be read (K-102)",
        "Do not rely on what is not there: a date, a fault or a recall may be missing. What is "
        "recorded is not changed by it. Read it again; if it stays, do not use what you cannot "
        "see the status of, and tell IT the code K-102: the card may be failing.");
}

const struct screen screen_unread = { .id = "unread", .frame = unread_frame };
