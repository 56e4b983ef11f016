#include "app/screens/shown.h"

#include <string.h>

#include "app/screens/check.h"
#include "app/ui/chart.h"
#include "platform/base/str.h"

void shown_picture(struct app *app, struct rect r, const char *id, const char *label,
                   const struct draw_luma *luma)
{
    int w = r.w;
    int h = (int)((int64_t)r.w * luma->h / luma->w);
    if (h > r.h) {
        h = r.h;
        w = (int)((int64_t)r.h * luma->w / luma->h);
    }
    ui_picture(app->ui, (struct rect){ r.x + (r.w - w) / 2, r.y + (r.h - h) / 2, w, h }, id, label,
               luma);
}

int shown_thumb_width(struct app *app)
{
    return ui_mm(app->ui, check_small(app) ? 26 : 34);
}

int shown_thumb_height(struct app *app)
{
    return ui_mm_y(app->ui, check_small(app) ? 20 : 26);
}

bool shown_thumb(struct app *app, struct rect r, const char *id, const char *label, const char *sha)
{
    struct ui *ui = app->ui;
    const struct draw_luma *photo = app_photo(app, sha, PHOTO_KEPT);
    bool tapped = ui_touch(ui, r, id, label);
    if (photo != NULL) {
        ui_picture(ui, r, ui_text_f(ui, "%s-picture", id), label, photo);
        return tapped;
    }
    ui_card(ui, r, CARD_PLAIN);
    int side = ui_mm_y(ui, 9);
    ui_icon(ui, (struct rect){ r.x, r.y + (r.h - side) / 2, r.w, side }, ICON_CAMERA_OFF,
            TONE_MUTED);
    return tapped;
}

void shown_open(struct app *app, const char *sha, const char *title, const char *name)
{
    router_push(app, "look", &(struct route){ .text = sha, .text2 = title, .doc = name });
}

static const char *shown_size(struct app *app, int64_t bytes)
{
    if (bytes >= (int64_t)1024 * 1024)
        return ui_text_f(app->ui, "%.1f\u00a0MB", (double)bytes / (1024 * 1024));
    return ui_text_f(app->ui, "%lld\u00a0KB", (long long)((bytes + 1023) / 1024));
}

const char *shown_words(struct app *app, const char *sha, const char *type, int64_t bytes)
{
    const struct files files = app_attached(app);
    struct file_info info = { .state = FILES_NONE };
    const char *what = str_eq(type, "application/pdf") ? "PDF"
                       : str_eq(type, "text/csv")      ? "Table"
                                                       : "Picture";
    if (files_info(&files, sha, &info, NULL) != ERR_OK)
        info.state = FILES_NONE;
    const char *where = "";
    switch (info.state) {
    case FILES_HERE:
    case FILES_HELD:
        break;
    case FILES_NONE:
    case FILES_NAMED:
        where = info.wanted ? ", on its way" : ", not on this kiosk";
        break;
    case FILES_LOST:
        where = ", damaged here";
        break;
    }
    return ui_text_f(app->ui, "%s, %s%s", what, shown_size(app, bytes), where);
}

/* The next number of a log, and what is behind it; false at the end. */
static bool shown_number(const char **at, double *out)
{
    char text[32];
    *at += strspn(*at, " ;,\n\r\t");
    size_t len = strcspn(*at, " ;,\n\r\t");
    if (len == 0 || len >= sizeof text)
        return false;
    memcpy(text, *at, len);
    text[len] = '\0';
    *at += len;
    return str_to_f64(text, out);
}

void shown_log(struct app *app, struct ui_scroll *list, const char *id, const char *pairs)
{
    struct ui *ui = app->ui;
    struct chart_point *points =
        arena_array(ui_arena(ui), CHART_POINTS_MAX, sizeof(struct chart_point));
    size_t all = 0;
    size_t count = 0;
    double minute = 0;
    double degrees = 0;
    double first = 0;
    double most = -1000;
    /* A summary begins with a line of words (log_file.h). */
    const char *said = strchr(pairs, '\n');
    int said_len = said == NULL ? 0 : (int)(said - pairs);
    const char *head = pairs;
    pairs = said == NULL ? pairs : said + 1;
    for (const char *at = pairs; shown_number(&at, &minute) && shown_number(&at, &degrees); all++)
        most = degrees > most ? degrees : most;
    size_t step = all / CHART_POINTS_MAX + 1;
    const char *at = pairs;
    for (size_t i = 0;
         points != NULL && i < all && shown_number(&at, &minute) && shown_number(&at, &degrees);
         i++) {
        first = i == 0 ? minute : first;
        /* The chart's days are seconds here: its axis only wants whole numbers. */
        if (i % step == 0)
            points[count++] =
                (struct chart_point){ .day = (int32_t)(minute * 60), .value = degrees };
    }
    if (count < 2)
        return;
    const struct ui_chart chart = {
        .id = id,
        .label = said_len > 0 ? ui_text_f(ui, "%.*s, at most %s °C", said_len, head,
                                          ui_chart_number(ui, most))
                              : ui_text_f(ui, "%zu readings, from %s to %s min, at most %s °C", all,
                                          ui_chart_number(ui, first), ui_chart_number(ui, minute),
                                          ui_chart_number(ui, most)),
        .points = points,
        .count = count,
        .from = ui_text_f(ui, "%s min", ui_chart_number(ui, first)),
        .to = ui_text_f(ui, "%s min", ui_chart_number(ui, minute)),
    };
    struct rect r = ui_scroll_row(list, ui_mm_y(ui, 44));
    ui_scroll_space(list, ui_gap(ui));
    if (!ui_scroll_visible(list, r))
        return;
    ui_card(ui, r, CARD_PLAIN);
    ui_chart(ui, ui_inset(r, ui_gap(ui), ui_mm_y(ui, 2)), &chart);
}
