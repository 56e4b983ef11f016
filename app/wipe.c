#include "app/wipe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app.h"
#include "app/records.h"
#include "platform/base/fs.h"
#include "platform/base/log.h"
#include "platform/base/str.h"

enum { WIPE_DEPTH_MAX = 8 };

static const char wiped_note[] = "wiped";

static bool wipe_stands(const char *data, const char *name)
{
    char path[FS_PATH_MAX];
    struct fs_stat st;

    return fs_join(path, data, name, NULL) == ERR_OK && fs_stat(path, &st, NULL) == ERR_OK;
}

/* The lock is held by ourselves, and the marker goes last. */
static bool wipe_keeps(const char *name, int depth)
{
    return str_eq(name, ".") || str_eq(name, "..") ||
           (depth == 0 && (str_eq(name, "lock") || str_eq(name, WORKER_WIPE)));
}

/* Links are deleted, never followed. Takes fd. */
static enum err wipe_in(int fd, int depth, struct why *why)
{
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    enum err rc = ERR_OK;

    if (dir == NULL) {
        if (fd >= 0)
            (void)close(fd);
        return why_set(why, ERR_IO, errno, "open a folder to delete what is in it");
    }
    if (depth > WIPE_DEPTH_MAX)
        rc = why_set(why, ERR_LIMIT, 0, "folders more than %d deep", WIPE_DEPTH_MAX);
    for (;;) {
        struct stat st;
        /* One thread at a time has this folder. NOLINTNEXTLINE(concurrency-mt-unsafe) */
        const struct dirent *e = rc == ERR_OK ? readdir(dir) : NULL;

        if (e == NULL)
            break;
        if (wipe_keeps(e->d_name, depth))
            continue;
        bool folder = fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
        if (folder)
            rc = wipe_in(openat(fd, e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
                         depth + 1, why);
        if (rc == ERR_OK && unlinkat(fd, e->d_name, folder ? AT_REMOVEDIR : 0) != 0 &&
            errno != ENOENT)
            rc = why_set(why, ERR_IO, errno, "delete %s", e->d_name);
    }
    if (rc == ERR_OK && fsync(fd) != 0)
        rc = why_set(why, ERR_IO, errno, "sync a folder");
    (void)closedir(dir);
    return rc;
}

enum err wipe_finish(const char *data, struct why *why)
{
    char from[FS_PATH_MAX];
    char to[FS_PATH_MAX];

    if (!wipe_stands(data, WORKER_WIPE))
        return ERR_OK;
    enum err rc = wipe_in(open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC), 0, why);
    if (rc == ERR_OK)
        rc = fs_join(from, data, WORKER_WIPE, why);
    if (rc == ERR_OK)
        rc = fs_join(to, data, wiped_note, why);
    if (rc == ERR_OK)
        rc = fs_move(from, to, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "wipe this kiosk, which is out of use");
}

bool wipe_told(const char *data)
{
    return wipe_stands(data, wiped_note);
}

void app_wipe_seen(struct app *app)
{
    char path[FS_PATH_MAX];
    struct why why;
    enum err rc = fs_join(path, app->opt.data, wiped_note, &why);

    if (rc == ERR_OK)
        rc = fs_remove(path, &why);
    if (rc != ERR_OK)
        app_toast(app, TONE_BAD, "It will be told again at the next start: %s", why.text);
}

/* What the frames remember of a kiosk that is no more. */
static void wipe_forget(struct app *app)
{
    session_end(&app->session);
    app->toast = (struct toast){ .until_ms = 0 };
    app->timers = (struct timers){ .count = 0 };
    app_photos_done(app);
    memset(app->photos, 0, sizeof app->photos);
    app->school[0] = app->room[0] = app->check_row[0] = '\0';
    app->content_seen = 0;
    app->facts_seen = 0;
    app->told = false;
    app->version++;
}

void wipe_step(struct app *app)
{
    struct why why;

    if (app->worker == NULL || !worker_revoked(app->worker))
        return;
    log_line(LOG_WARN, "the hub has taken this kiosk out of use: all it holds is deleted");
    /* Screens borrow from the store and the content. */
    router_done(app);
    router_init(&app->router);
    records_close(app);
    wipe_forget(app);
    if (records_open(app, &why) != ERR_OK) {
        log_line(LOG_ERROR, "%s", why.text);
        app->quit = true; /* the next start goes on with it */
        return;
    }
    records_changed(app);
    app_clock_read(app);
    router_push(app, "home", NULL);
    router_push(app, "wiped", NULL);
    (void)router_settle(app);
}
