#include "app/app.h"

/* Evidence: what the camera shows kept as a JPEG beside the log, and read again; pictures that forms bring. */

#include <string.h>
#include <strings.h>

#include "platform/base/str.h"
#include "platform/jpeg.h"
#include "platform/picture.h"

enum {
    PHOTO_THUMB_MAX = 480, /* px a side of what rows and lists show */
    PHOTO_SIDE_MAX = 1600, /* of what is kept: a label is readable, and 200 KiB hold it */
    /* Long enough for a busy kiosk to get a frame. A camera that is unplugged ends the wait at once. */
    PHOTO_WAIT_MS = 2000,
    PHOTO_ARENA_MAX = 16 * 1024 * 1024,
};
/* Pictures that were kept and those of the camera are counted apart, as two of one number look the same. */
#define PHOTO_SERIALS (UINT64_C(1) << 62)

struct files app_attached(struct app *app)
{
    return (struct files){ .db = &app->store.db, .data = app->opt.data };
}

uint64_t app_picture_serial(struct app *app)
{
    return PHOTO_SERIALS + ++app->photo_serial;
}

enum err app_snap(struct app *app, struct arena *a, struct draw_luma *out, struct why *why)
{
    struct camera_frame frame;
    enum err rc = camera_snap(app->camera, a, PHOTO_SIDE_MAX, PHOTO_WAIT_MS, &frame, why);
    if (rc != ERR_OK)
        return rc;
    *out = (struct draw_luma){ .pixels = frame.luma,
                               .w = frame.w,
                               .h = frame.h,
                               .stride = frame.stride,
                               .serial = app_picture_serial(app) };
    return ERR_OK;
}

enum err app_keep_picture(struct app *app, const struct draw_luma *picture,
                          char out_sha[KEYS_ID_TEXT], struct why *why)
{
    const struct files files = app_attached(app);
    const struct jpeg_grey grey = {
        .luma = picture->pixels, .w = picture->w, .h = picture->h, .stride = picture->stride
    };
    uint8_t *bytes = NULL;
    size_t len = 0;
    struct arena a;
    arena_init(&a, PHOTO_ARENA_MAX);
    enum err rc = jpeg_fit(&a, &grey, FILES_JPEG_MAX, &bytes, &len, NULL, NULL, why);
    if (rc == ERR_OK)
        rc = files_put(&files, FILES_JPEG, bytes, len, app->now.wall_ms, out_sha, why);
    arena_done(&a);
    return rc;
}

void app_drop_file(struct app *app, const char *sha)
{
    const struct files files = app_attached(app);
    /* One that a record names stays, which is what this asks for. */
    if (hex_is(sha, KEYS_ID_TEXT - 1))
        (void)!files_drop(&files, sha, NULL);
}

enum err app_want_file(struct app *app, const char *sha, struct why *why)
{
    const struct files files = app_attached(app);
    enum err rc = files_want(&files, sha, app->now.wall_ms, why);
    if (rc == ERR_OK)
        worker_wake(app->worker);
    app->version++;
    return rc;
}

enum err app_read_picture(struct app *app, const char *sha, int side_max, struct arena *a,
                          struct draw_luma *out, struct why *why)
{
    const struct files files = app_attached(app);
    union {
        const char *in;
        const uint8_t *out;
    } data;
    char *bytes = NULL;
    size_t len = 0;
    uint8_t *luma = NULL;
    int w = 0;
    int h = 0;
    enum err rc = files_read(&files, sha, a, &bytes, &len, why);
    if (rc != ERR_OK)
        return rc;
    data.in = bytes;
    rc = jpeg_read(a, data.out, len, side_max, &luma, &w, &h, why);
    if (rc == ERR_OK)
        *out = (struct draw_luma){
            .pixels = luma, .w = w, .h = h, .stride = w, .serial = app_picture_serial(app)
        };
    return rc;
}

/* A name for any file system: letters, digits, dots and dashes. */
static void photo_plain(char *out, size_t size, const char *name)
{
    size_t len = 0;
    for (; *name != '\0' && len + 1 < size; name++) {
        bool plain = (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') ||
                     (*name >= '0' && *name <= '9') || (*name == '.' && len > 0);
        if (plain)
            out[len++] = *name;
        else if (len > 0 && out[len - 1] != '-')
            out[len++] = '-';
    }
    out[len] = '\0';
}

enum err app_copy_file(struct app *app, const char *sha, const char *name, const char *folder,
                       struct why *why)
{
    const struct files files = app_attached(app);
    static const char *const ends[] = {
        [FILES_JPEG] = ".jpg", [FILES_CSV] = ".csv", [FILES_PDF] = ".pdf"
    };
    char plain[FILES_NAME_MAX + 1];
    char whole[FILES_NAME_MAX + 32];
    char to[FS_PATH_MAX];
    struct file_info info;
    struct arena a;
    char *bytes = NULL;
    size_t len = 0;
    arena_init(&a, FILES_BYTES_MAX + 64 * 1024);
    photo_plain(plain, sizeof plain, name[0] == '\0' ? "file" : name);
    enum err rc = files_info(&files, sha, &info, why);
    if (rc == ERR_OK)
        rc = files_read(&files, sha, &a, &bytes, &len, why);
    if (rc == ERR_OK) {
        const char *end = info.type < FILES_TYPES ? ends[info.type] : "";
        size_t at = strlen(plain);
        bool has = at >= strlen(end) && strcasecmp(plain + at - strlen(end), end) == 0;
        plain[has ? at - strlen(end) : at] = '\0';
        /* Two papers may have one name, and neither is to take the other's place. */
        (void)str_format(whole, sizeof whole, "%s-%.8s%s", plain, sha, end);
        rc = fs_join(to, folder, whole, why);
    }
    if (rc == ERR_OK)
        rc = fs_replace(to, bytes, len, 0644, why);
    arena_done(&a);
    return rc;
}

bool app_shrink(struct app *app, const struct draw_luma *from, int w, int h, struct arena *a,
                struct draw_luma *out)
{
    if (w < 1 || h < 1 || w > from->w || h > from->h)
        return false;
    uint8_t *less = arena_alloc(a, (size_t)w * (size_t)h);
    if (less == NULL)
        return false;
    picture_shrink(from->pixels, from->w, from->h, from->stride, less, w, h);
    *out = (struct draw_luma){
        .pixels = less, .w = w, .h = h, .stride = w, .serial = app_picture_serial(app)
    };
    return true;
}

/* What the pictures of the content lie below: an edition's are put beside it, a folder's are its own. NULL: nothing. */
static const char *photo_below(const struct app *app)
{
    return app->content != NULL && content_is_edition(app->content) ? app->opt.data
                                                                    : app->opt.content;
}

/* Where a picture of the content's lies there: the employer's before the content's own. NULL: it is no name. */
static const char *photo_file(struct app *app, const char *name)
{
    const char *file = NULL;
    if (strchr(name, '/') != NULL || name[0] == '.')
        return NULL;
    if (app->content != NULL && content_is_edition(app->content))
        return content_picture_kept(app->content, app->opt.data, name, ui_arena(app->ui), &file,
                                    NULL) == ERR_OK
                   ? file
                   : NULL;
    if (app->content == NULL ||
        content_picture_file(app->content, name, ui_arena(app->ui), &file, NULL) != ERR_OK)
        file = ui_text_f(app->ui, "pictures/%s", name);
    return file;
}

const char *app_drawing(struct app *app, const char *name)
{
    char path[FS_PATH_MAX];
    const char *file = photo_file(app, name);
    if (file == NULL || photo_below(app) == NULL ||
        fs_join(path, photo_below(app), file, NULL) != ERR_OK)
        return "";
    /* A path, not a name among the program's own drawings: content may lie anywhere. */
    return ui_text_f(app->ui, "%s%s", path[0] == '/' ? "" : "./", path);
}

/* A photograph that was kept; a form's picture, of whatever kind, as the camera would see it. */
static void photo_read(struct app *app, struct photo *p, enum photo_from from)
{
    struct camera_frame frame;
    char path[FS_PATH_MAX];
    if (from == PHOTO_KEPT) {
        if (app_read_picture(app, p->name, PHOTO_THUMB_MAX, &p->arena, &p->luma, NULL) != ERR_OK)
            p->luma.pixels = NULL;
        return;
    }
    if (photo_below(app) != NULL && fs_join(path, photo_below(app), p->name, NULL) == ERR_OK &&
        camera_read_picture(&p->arena, path, &frame, NULL) == ERR_OK)
        p->luma = (struct draw_luma){
            .pixels = frame.luma, .w = frame.w, .h = frame.h, .stride = frame.stride
        };
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
        /* One that was not here may have come since. */
        bool stale = p->luma.pixels == NULL && p->version != app->version;
        if (str_eq(p->name, name) && !stale) {
            p->used = app->now.mono_ms;
            return p->luma.pixels == NULL ? NULL : &p->luma;
        }
        if (str_eq(p->name, name)) {
            oldest = p;
            break;
        }
        if (p->used < oldest->used)
            oldest = p;
    }
    arena_done(&oldest->arena);
    *oldest = (struct photo){ .used = app->now.mono_ms, .version = app->version };
    arena_init(&oldest->arena, PHOTO_ARENA_MAX);
    if (!str_copy(oldest->name, sizeof oldest->name, name))
        return NULL;
    photo_read(app, oldest, from);
    oldest->luma.serial = app_picture_serial(app);
    return oldest->luma.pixels == NULL ? NULL : &oldest->luma;
}

void app_photos_done(struct app *app)
{
    for (size_t i = 0; i < APP_PHOTOS_MAX; i++)
        arena_done(&app->photos[i].arena);
}
