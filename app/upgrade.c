#include "app/upgrade.h"

#include "app/app.h"
#include "app/screens/page.h"

enum { UPGRADE_EVERY_MS = 200 };

static void upgrade_page(struct app *app, uint64_t done, uint64_t total)
{
    static const char words[] =
        "Canny was updated and reads its records once more. Nothing is lost. Please leave it "
        "switched on: it goes on by itself.";
    struct ui *ui = app->ui;
    struct rect page = ui_inset(ui_page(ui), 2 * ui_gap(ui), 2 * ui_gap(ui));
    const char *far =
        ui_text_f(ui, "%llu of %llu records", (unsigned long long)done, (unsigned long long)total);

    (void)ui_heading(ui, ui_cut_top(&page, ui_line_height(ui, SIZE_TITLE)), "title",
                     "Updating the records", SIZE_TITLE, FONT_BOLD, TONE_PLAIN, ALIGN_LEFT);
    (void)ui_cut_top(&page, ui_gap(ui));
    int h = ui_para_height(ui, page.w, words, SIZE_BODY, FONT_REGULAR);
    (void)ui_para(ui, ui_cut_top(&page, h), "words", words, SIZE_BODY, FONT_REGULAR, TONE_PLAIN);
    (void)ui_cut_top(&page, 2 * ui_gap(ui));
    (void)ui_label(ui, ui_cut_top(&page, ui_line_height(ui, SIZE_BODY)), "far", far, SIZE_BODY,
                   FONT_SEMIBOLD, TONE_PLAIN, ALIGN_LEFT);
    (void)ui_cut_top(&page, ui_gap(ui));
    /* In thousandths: a count of lines may be more than an int holds. */
    ui_progress(ui, ui_cut_top(&page, ui_mm_y(ui, 4)), "progress", far,
                total == 0 ? 0 : (int)(done * 1000 / total), 1000);
}

void upgrade_tell(void *ctx, uint64_t done, uint64_t total)
{
    struct upgrade *u = ctx;
    struct app *app = u->app;
    struct input_event events[INPUT_EVENTS_MAX];
    const struct draw_list *list = NULL;
    const int64_t now_ms = clock_mono_ms();
    bool quit = false;

    if (u->drawn_ms != 0 && now_ms - u->drawn_ms < UPGRADE_EVERY_MS)
        return;
    u->drawn_ms = now_ms;
    ui_begin(app->ui, &(struct ui_frame){
                          .w = window_width(app->window),
                          .h = window_height(app->window),
                          .scale = app_scale(app),
                          .ms = now_ms,
                          .screen = "upgrade",
                      });
    upgrade_page(app, done, total);
    ui_end(app->ui, &list, &app->tree);
    (void)window_present(app->window, list);
    (void)window_wait(app->window, 0, events, INPUT_EVENTS_MAX, &quit);
    app->quit = app->quit || quit;
}
