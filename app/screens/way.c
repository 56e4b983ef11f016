#include "app/screens/way.h"

static const struct way_step {
    const char *id, *name, *none;
} way_steps[NET_STEPS] = {
    [NET_NAME] = { "name", "Name", "" },
    [NET_ROUTE] = { "route", "Route", "" },
    [NET_PROXY] = { "proxy", "Proxy", "Not used" },
    [NET_TLS] = { "tls", "TLS", "Not needed" },
    [NET_IDENTITY] = { "identity", "Identity", "" },
    [NET_HUB] = { "hub", "Hub", "" },
};

struct way_look {
    const char *words;
    uint32_t icon;
    enum ui_tone tone;
};

static struct way_look way_look(const struct way_step *step, enum net_result result)
{
    switch (result) {
    case NET_OK:
        return (struct way_look){ "OK", ICON_CHECK, TONE_GOOD };
    case NET_FAILED:
        return (struct way_look){ "Failed", ICON_CROSS, TONE_BAD };
    case NET_NONE:
        return (struct way_look){ step->none, ICON_SKIP, TONE_MUTED };
    case NET_UNKNOWN:
        break;
    }
    return (struct way_look){ "Not reached", ICON_MINUS, TONE_MUTED };
}

bool way_read(const struct sync_facts *f, struct netcheck *out)
{
    struct netcheck n;
    bool told = false;

    if (!netcheck_parse(f->way, &n))
        return false;
    for (int i = 0; i < NET_STEPS; i++)
        told = told || n.steps[i] == NET_OK || n.steps[i] == NET_FAILED;
    if (told)
        *out = n;
    return told;
}

static int way_icon_width(struct app *app)
{
    return ui_line_height(app->ui, SIZE_SMALL) + ui_mm(app->ui, 1);
}

/* As wide as the longest words of any step, so that columns do not change with what they say. */
static int way_columns(struct app *app, int width)
{
    struct ui *ui = app->ui;
    int words = ui_text_width(ui, "Not reached", SIZE_SMALL, FONT_MEDIUM);
    int name = ui_text_width(ui, "Identity", SIZE_BODY, FONT_BOLD) + way_icon_width(app);
    int cell = (words > name ? words : name) + ui_gap(ui);
    if (cell * 6 <= width + ui_gap(ui))
        return 6;
    if (cell * 3 <= width + ui_gap(ui))
        return 3;
    return cell * 2 <= width + ui_gap(ui) ? 2 : 1;
}

static int way_cell_height(struct app *app)
{
    struct ui *ui = app->ui;
    return ui_line_height(ui, SIZE_BODY) + ui_line_height(ui, SIZE_SMALL);
}

int way_height(struct app *app, int width)
{
    int rows = NET_STEPS / way_columns(app, width);
    return rows * way_cell_height(app) + (rows - 1) * ui_mm_y(app->ui, 1.5);
}

static void way_cell(struct app *app, struct rect r, const struct way_step *step,
                     enum net_result result)
{
    struct ui *ui = app->ui;
    struct way_look look = way_look(step, result);
    ui_push(ui, step->id, ROLE_GROUP, ui_text_f(ui, "%s: %s", step->name, look.words), r);
    struct rect head = ui_cut_top(&r, ui_line_height(ui, SIZE_BODY));
    struct rect icon = ui_cut_left(&head, way_icon_width(app));
    icon.w = ui_line_height(ui, SIZE_SMALL);
    ui_icon(ui, icon, look.icon, look.tone);
    (void)ui_label(ui, head, "step", step->name, SIZE_BODY, FONT_BOLD, TONE_PLAIN, ALIGN_LEFT);
    (void)ui_label(ui, r, "state", look.words, SIZE_SMALL, FONT_MEDIUM, look.tone, ALIGN_LEFT);
    ui_pop(ui);
}

void way_draw(struct app *app, struct rect r, const struct netcheck *n)
{
    struct ui *ui = app->ui;
    int columns = way_columns(app, r.w);
    int rows = NET_STEPS / columns;
    ui_push(ui, "way", ROLE_GROUP, "The way to the hub", r);
    for (int i = 0; i < NET_STEPS; i++) {
        struct rect row = ui_row(r, i / columns, rows, ui_mm_y(ui, 1.5));
        way_cell(app, ui_col(row, i % columns, columns, ui_gap(ui)), &way_steps[i], n->steps[i]);
    }
    ui_pop(ui);
}
