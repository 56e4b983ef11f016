/* Pictures instead of a camera: those of a folder one after the other, or one that is held before
   it. */
#include "platform/camera_driver.h"

#include <stdbool.h>
#include <stdlib.h>

#include "platform/base/clock.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"

enum {
    FILES_MAX = 10000,
    FILES_SHOW_MS = 1000, /* how long each is shown */
    FILES_QUICK_MS = 40,  /* between frames of a new picture: the votes of scanning go fast */
    FILES_SLOW_MS = 200,  /* and when it has been there for FILES_SHOW_MS: it costs little */
};

struct files_camera {
    struct arena names_memory;
    struct arena picture_memory;
    char dir[FS_PATH_MAX]; /* empty: one picture is held */
    const char **names;
    size_t count, next;
    struct camera_frame picture;
    int64_t since_ms; /* when it came; 0: none yet */
    int64_t last_ms;  /* the last frame */
};

static void files_close(void *self)
{
    struct files_camera *f = self;
    if (!f)
        return;

    arena_done(&f->picture_memory);
    arena_done(&f->names_memory);
    free(f);
}

static struct files_camera *files_new(void)
{
    struct files_camera *f = calloc(1, sizeof(*f));
    if (!f)
        return NULL;

    arena_init(&f->names_memory, (size_t)4 * 1024 * 1024);
    arena_init(&f->picture_memory, (size_t)CAMERA_SIDE_MAX * CAMERA_SIDE_MAX + 65536);
    return f;
}

static enum err held_open(const struct camera_wish *wish, void **out, struct why *why)
{
    struct files_camera *f = files_new();
    if (!f)
        return why_set(why, ERR_NOMEM, 0, "picture");

    enum err rc = camera_read_picture(&f->picture_memory, wish->argument, &f->picture, why);
    if (rc != ERR_OK) {
        files_close(f);
        return rc;
    }
    f->since_ms = clock_mono_ms();
    *out = f;
    return ERR_OK;
}

static enum err files_open(const struct camera_wish *wish, void **out, struct why *why)
{
    struct files_camera *f = files_new();
    if (!f)
        return why_set(why, ERR_NOMEM, 0, "pictures");

    enum err rc = ERR_OK;
    if (!str_copy(f->dir, sizeof(f->dir), wish->argument))
        rc = why_set(why, ERR_LIMIT, 0, "folder of pictures: name too long");
    if (rc == ERR_OK)
        rc = fs_list(&f->names_memory, f->dir, FILES_MAX, &f->names, &f->count, why);
    if (rc == ERR_OK && f->count == 0)
        rc = why_set(why, ERR_NOT_FOUND, 0, "no pictures in %s", f->dir);
    if (rc != ERR_OK) {
        files_close(f);
        return rc;
    }
    *out = f;
    return ERR_OK;
}

/* The next picture that can be read; the others are passed over, the last one's fault is told if
   all are bad. */
static enum err files_turn(struct files_camera *f, struct why *why)
{
    enum err rc = why_set(why, ERR_NOT_FOUND, 0, "no pictures in %s", f->dir);
    for (size_t tried = 0; tried < f->count; tried++) {
        const char *name = f->names[f->next];
        char path[FS_PATH_MAX];
        f->next = (f->next + 1) % f->count;
        if (str_ends(name, "/"))
            continue;
        arena_reset(&f->picture_memory);
        f->picture = (struct camera_frame){ 0 };
        rc = fs_join(path, f->dir, name, why);
        if (rc == ERR_OK)
            rc = camera_read_picture(&f->picture_memory, path, &f->picture, why);
        if (rc == ERR_OK)
            return rc;
    }
    return rc;
}

static enum grab files_grab(void *self, int wake_fd, struct camera_frame *out, struct why *why)
{
    struct files_camera *f = self;
    int64_t now = clock_mono_ms();
    bool alone = f->names == NULL || f->count == 1;
    bool quick = f->since_ms == 0 || now - f->since_ms < FILES_SHOW_MS;
    int64_t due = f->last_ms == 0 ? now : f->last_ms + (quick ? FILES_QUICK_MS : FILES_SLOW_MS);
    if (camera_nap(wake_fd, due - now))
        return GRAB_WOKEN;

    now = clock_mono_ms();
    if (f->names && (f->since_ms == 0 || (!alone && now - f->since_ms >= FILES_SHOW_MS))) {
        if (files_turn(f, why) != ERR_OK)
            return GRAB_LOST;
        f->since_ms = now;
    }
    f->last_ms = now;
    *out = f->picture;
    out->ms = now;
    return GRAB_FRAME;
}

const struct camera_driver camera_files = {
    .prefix = "files:",
    .open = files_open,
    .grab = files_grab,
    .close = files_close,
};

const struct camera_driver camera_held = {
    .prefix = "held:",
    .open = held_open,
    .grab = files_grab,
    .close = files_close,
};
