/* Signed content: which edition is read here, when newer ones were last looked for, and what is wrong with the newest. */
#include "app/screens/parts.h"
#include "app/screens/sync.h"
#include "platform/base/str.h"

/* What went wrong, in three sentences and a code; for IT the role, file and reason. */
static void content_fault(struct app *app, struct ui_scroll *list, const struct content_view *v)
{
    parts_line(app, list, "means", "Means", v->means, TONE_PLAIN);
    parts_line(app, list, "do", "Do", v->todo, TONE_PLAIN);
    parts_line(app, list, "code", "Code", v->code, TONE_PLAIN);
    if (v->why[0] != '\0')
        parts_words(app, list, "why", ui_text_f(app->ui, "For IT: %s", v->why), TONE_MUTED);
}

/* "National guidance"; an employer by its name, where the kiosk knows it. */
static const char *content_role(struct app *app, const char *role)
{
    const struct content_issuer *issuer = content_issuer(app->content);

    if (str_eq(role, "national"))
        return "National guidance";
    if (issuer != NULL && str_ends(role, issuer->id))
        return issuer->name;
    return str_starts(role, "employers/") ? role + sizeof("employers/") - 1 : role;
}

static void content_role_row(struct app *app, struct ui_scroll *list, size_t i,
                             const struct updater_role *row, bool damaged)
{
    struct ui *ui = app->ui;
    const bool none = row->edition[0] == '\0';
    /* What is here and is not shown is not nothing. */
    const char *nothing = damaged ? "Not shown: being checked again" : "Nothing yet";
    const char *words = none ? nothing : ui_text_f(ui, "Edition %s", row->edition);

    if (row->state != UPDATER_INSTALLED && row->newest[0] != '\0' &&
        !str_eq(row->newest, row->edition))
        words = none ? ui_text_f(ui, "%s; newest: %s", nothing, row->newest)
                     : ui_text_f(ui, "Edition %s; newest: %s", row->edition, row->newest);
    parts_line(app, list, ui_text_f(ui, "role%zu", i), content_role(app, row->role), words,
               row->state == UPDATER_STAYED || (none && damaged) ? TONE_DUE : TONE_PLAIN);
}

static void content_frame(struct app *app, void *state)
{
    (void)state;
    struct ui *ui = app->ui;
    struct rect page = page_begin(app, "Guidance and forms");
    const struct content_view *v = app_content_view(app);
    const struct content_words w = content_words(app, v);
    struct ui_scroll list = ui_scroll_begin(ui, page, "content");

    int h = ui_banner_height(ui, list.view.w, w.badge, w.state, NULL);
    ui_banner(ui, ui_scroll_row(&list, h), "state", w.badge, w.state, w.tone);
    ui_scroll_space(&list, ui_gap(ui));
    if (v->all > 0) {
        ui_progress(ui, ui_scroll_row(&list, page_target(app)), "fetched",
                    ui_text_f(ui, "%zu of %zu files are here", v->done, v->all),
                    (int)(v->done * 1000 / v->all), 1000);
        ui_scroll_space(&list, ui_gap(ui));
    }
    if (v->what[0] != '\0')
        content_fault(app, &list, v);
    parts_line(app, &list, "checked", "Last checked",
               v->checked_ms == 0 ? "Not yet"
                                  : ui_text_f(ui, "%s, %s", page_time(app, v->checked_ms),
                                              page_ago(app, v->checked_ms)),
               app_content_old(app, v) ? TONE_DUE : TONE_PLAIN);
    for (size_t i = 0; i < v->count; i++)
        content_role_row(app, &list, i, &v->roles[i], v->damaged);
    ui_scroll_end(ui, &list);
}

const struct screen screen_content = { .id = "content",
                                       .frame = content_frame,
                                       .wants_ticks = true };
