/* Signed content in words: which edition, since when nobody has looked, and how it stands with the newest. */
#include "app/screens/sync.h"

#include "platform/base/str.h"

static const char *content_checked(struct app *app, const struct content_view *v)
{
    if (v->checked_ms == 0)
        return "Not checked for newer ones yet";
    return ui_text_f(app->ui, "Last checked %s, %s", page_time(app, v->checked_ms),
                     page_ago(app, v->checked_ms));
}

/* What waits, and for what: the first role that has more than is in use. */
static const char *content_waits(const struct content_view *v)
{
    for (size_t i = 0; i < v->count; i++)
        if (v->roles[i].state == UPDATER_WAITING && v->roles[i].why[0] != '\0')
            return v->roles[i].why;
    return "";
}

struct content_words content_words(struct app *app, const struct content_view *v)
{
    struct content_words w = {
        .title = v->edition[0] == '\0' ? "Guidance and forms"
                                       : ui_text_f(app->ui, "Guidance and forms: %s", v->edition),
        .checked = content_checked(app, v),
        .badge = "Up to date",
        .state = "When it was last checked, this was the newest that was signed for this school.",
        .tone = TONE_GOOD,
    };

    if (v->damaged) {
        w.badge = "Being checked again";
        w.tone = TONE_LATE;
        w.state = v->what;
    } else if (v->what[0] != '\0') {
        w.badge = v->edition[0] == '\0' ? "None yet" : "Not updated";
        w.tone = TONE_LATE;
        w.state = v->what;
    } else if (app_content_old(app, v)) {
        w.badge = "Not checked lately";
        w.tone = TONE_DUE;
        w.state = "Not checked for newer guidance for more than two weeks. Put this kiosk on the "
                  "network, or "
                  "plug in a stick with the newest. What is here can be read meanwhile.";
    } else if (v->making) {
        w.badge = "Made ready";
        w.tone = TONE_INFO;
        w.state = "What is here is being made ready for this school's employer. It can be read "
                  "meanwhile.";
    } else if (v->all > 0) {
        w.badge = "On its way";
        w.tone = TONE_INFO;
        w.state = "Newer guidance is on its way. What is here can be read meanwhile.";
    } else if (content_waits(v)[0] != '\0') {
        w.badge = "Newer waits";
        w.tone = TONE_INFO;
        w.state = ui_text_f(app->ui, "A newer edition waits: %s.", content_waits(v));
    } else if (v->edition[0] == '\0') {
        w.badge = "None yet";
        w.tone = TONE_INFO;
        w.state = "No signed guidance has come to this kiosk yet.";
    }
    return w;
}
