#include "app/screens/code.h"

#include <string.h>

#include "platform/base/str.h"

enum { CODE_ARENA = 8 * 1024 * 1024, CODE_SCALE_MAX = 14 };

void code_init(struct code_view *v)
{
    arena_init(&v->arena, CODE_ARENA);
}

void code_done(struct code_view *v)
{
    arena_done(&v->arena);
}

/* Whole pixels a module. */
static void code_make(struct app *app, struct code_view *v, const char *text, int room)
{
    struct qr code;
    uint8_t *px = NULL;
    int side = 0;
    if ((v->luma.pixels != NULL || v->failed) && v->room == room && str_eq(v->text, text))
        return;
    arena_reset(&v->arena);
    v->luma = (struct draw_luma){ .pixels = NULL };
    v->room = room;
    enum err rc = str_copy(v->text, sizeof v->text, text)
                      ? qr_make(text, &v->arena, &code, &v->why)
                      : why_set(&v->why, ERR_LIMIT, 0, "it is too long for a code");
    if (rc == ERR_OK) {
        int scale = room / (code.side + 2 * QR_QUIET);
        scale = scale > CODE_SCALE_MAX ? CODE_SCALE_MAX : scale < 2 ? 2 : scale;
        rc = qr_luma(&code, scale, &v->arena, &px, &side, &v->why);
    }
    v->failed = rc != ERR_OK;
    if (!v->failed)
        v->luma = (struct draw_luma){
            .pixels = px, .w = side, .h = side, .stride = side, .serial = ++app->photo_serial
        };
}

bool code_draw(struct app *app, struct code_view *v, struct rect *page, const char *text,
               const char *name)
{
    struct ui *ui = app->ui;
    bool portrait = ui_portrait(ui);
    int most = portrait ? page->w : page->w * 54 / 100;
    int room = portrait ? page->h * 56 / 100 : page->h;
    room = room < most ? room : most;
    code_make(app, v, text, room);
    if (v->failed)
        return false;
    int side = v->luma.w > room ? v->luma.w : room;
    struct rect r = portrait ? ui_cut_top(page, side) : ui_cut_left(page, side);
    (void)(portrait ? ui_cut_top(page, ui_gap(ui)) : ui_cut_left(page, ui_gap(ui)));
    struct rect at = { r.x + (r.w - v->luma.w) / 2, r.y + (r.h - v->luma.h) / 2, v->luma.w,
                       v->luma.h };
    ui_picture(ui, at, "code", ui_text_f(ui, "QR code: %s", name), &v->luma);
    return true;
}

const char *code_digits(struct app *app, const char *id)
{
    return ui_text_f(app->ui, "%.4s %.4s", id, strlen(id) > 4 ? id + 4 : "");
}
