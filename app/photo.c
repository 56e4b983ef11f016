#include "app/app.h"

/* Photographs: what the camera shows kept as a JPEG beside the log, and read again; pictures that forms bring. */

#include <string.h>

#include "platform/base/str.h"
#include "platform/jpeg.h"

enum { PHOTO_SIDE_MAX = 640 };

enum err app_capture(struct app *app, char out_sha[KEYS_ID_TEXT], struct why *why)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    const struct jpeg_grey grey = {
        .luma = app->luma.pixels, .w = app->luma.w, .h = app->luma.h, .stride = app->luma.stride
    };
    struct why fault;
    if (grey.luma == NULL || camera_status(app->camera, &fault) != CAMERA_LIVE)
        return why_set(why, ERR_NOT_FOUND, 0, "the camera shows nothing");
    enum err rc = jpeg_write(&app->scratch, &grey, STORE_PICTURE_MAX, &bytes, &len, why);
    return rc == ERR_OK ? store_keep_picture(&app->store, bytes, len, out_sha, why) : rc;
}

/* Where a picture of the content's lies in its folder: the employer's before the content's own. NULL: it is no name. */
static const char *photo_file(struct app *app, const char *name)
{
    const char *file = NULL;
    if (strchr(name, '/') != NULL || name[0] == '.')
        return NULL;
    if (app->content == NULL ||
        content_picture_file(app->content, name, ui_arena(app->ui), &file, NULL) != ERR_OK)
        file = ui_text_f(app->ui, "pictures/%s", name);
    return file;
}

const char *app_drawing(struct app *app, const char *name)
{
    char path[FS_PATH_MAX];
    const char *file = photo_file(app, name);
    if (file == NULL || app->opt.content == NULL ||
        fs_join(path, app->opt.content, file, NULL) != ERR_OK)
        return "";
    /* A path, not a name among the program's own drawings: content may lie anywhere. */
    return ui_text_f(app->ui, "%s%s", path[0] == '/' ? "" : "./", path);
}

/* A photograph that was kept, from its bytes; a form's picture, of whatever kind, as the camera would see it. */
static void photo_read(struct app *app, struct photo *p, enum photo_from from)
{
    char *bytes = NULL;
    size_t len = 0;
    uint8_t *luma = NULL;
    int w = 0;
    int h = 0;
    union {
        const char *in;
        const uint8_t *out;
    } data;
    struct camera_frame frame;
    char path[FS_PATH_MAX];
    if (from == PHOTO_CONTENT) {
        if (app->opt.content != NULL && fs_join(path, app->opt.content, p->name, NULL) == ERR_OK &&
            camera_read_picture(&p->arena, path, &frame, NULL) == ERR_OK)
            p->luma = (struct draw_luma){
                .pixels = frame.luma, .w = frame.w, .h = frame.h, .stride = frame.stride
            };
        return;
    }
    if (store_picture(&app->store, p->name, &p->arena, &bytes, &len, NULL) != ERR_OK)
        return;
    data.in = bytes;
    if (jpeg_read(&p->arena, data.out, len, PHOTO_SIDE_MAX, &luma, &w, &h, NULL) == ERR_OK)
        p->luma = (struct draw_luma){ .pixels = luma, .w = w, .h = h, .stride = w };
}

const struct draw_luma *app_photo(struct app *app, const char *name, enum photo_from from)
{
    struct photo *oldest = &app->photos[0];
    /* Kept by its file, so that another employer's picture of the same name is another picture. */
    if (from == PHOTO_CONTENT)
        name = photo_file(app, name);
    if (name == NULL)
        return NULL;
    for (size_t i = 0; i < APP_PHOTOS_MAX; i++) {
        struct photo *p = &app->photos[i];
        if (str_eq(p->name, name)) {
            p->used = app->now.mono_ms;
            return p->luma.pixels == NULL ? NULL : &p->luma;
        }
        if (p->used < oldest->used)
            oldest = p;
    }
    arena_done(&oldest->arena);
    *oldest = (struct photo){ .used = app->now.mono_ms };
    arena_init(&oldest->arena, 16 * 1024 * 1024);
    if (!str_copy(oldest->name, sizeof oldest->name, name))
        return NULL;
    photo_read(app, oldest, from);
    oldest->luma.serial = ++app->photo_serial;
    return oldest->luma.pixels == NULL ? NULL : &oldest->luma;
}

void app_photos_done(struct app *app)
{
    for (size_t i = 0; i < APP_PHOTOS_MAX; i++)
        arena_done(&app->photos[i].arena);
}
