#include "app/app.h"

/* What a screen lays out as a sheet becomes a file in DATA/prints; the screen `print` sends it on. A sheet printed again
   replaces the one before: the records are in the log, not in here. */

#include <string.h>
#include <unistd.h>

#include "platform/base/str.h"

/* One name for all of them: what a power cut leaves is found again at the next start. */
#define PRINT_OWN "own.pdf"

enum { PRINT_ARENA_MAX = 24 * 1024 * 1024, PRINT_FOLDERS_MAX = 50, PRINT_NAME_MAX = 60 };

/* A file's name out of a title: letters and digits, the rest as dashes. */
static void print_name(char out[PRINT_NAME_MAX + 5], const char *title)
{
    size_t len = 0;
    for (; *title != '\0' && len < PRINT_NAME_MAX; title++) {
        char c = *title;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (plain)
            out[len++] = c;
        else if (len > 0 && out[len - 1] != '-')
            out[len++] = '-';
    }
    (void)str_copy(out + len, 5, ".pdf");
}

static enum err print_make(struct app *app, const struct paper *paper, int pages_fit,
                           const char *title, struct why *why)
{
    char name[PRINT_NAME_MAX + 5];
    char dir[FS_PATH_MAX];
    char *pdf = NULL;
    size_t len = 0;
    enum err rc = paper_pdf(paper, pages_fit, &pdf, &len, &app->print.pages, why);
    if (rc == ERR_OK)
        rc = fs_join(dir, app->opt.data, "prints", why);
    if (rc == ERR_OK)
        rc = fs_mkdirs(dir, 0700, why);
    if (app->print.own)
        (void)str_copy(name, sizeof name, PRINT_OWN);
    else
        print_name(name, title);
    if (rc == ERR_OK)
        rc = fs_join(app->print.file, dir, name, why);
    if (rc == ERR_OK)
        rc = fs_replace(app->print.file, pdf, len, 0600, why);
    return rc;
}

static void print_open(struct app *app, const struct paper *paper, int pages_fit, const char *title)
{
    struct why why = { 0 };
    (void)str_copy(app->print.title, sizeof app->print.title, title);
    if (print_make(app, paper, pages_fit, title, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not printed: %s", why.text);
        return;
    }
    router_push(app, "print", NULL);
}

void app_print(struct app *app, const struct paper *paper, int pages_fit, const char *title)
{
    app->print.own = false;
    print_open(app, paper, pages_fit, title);
}

void app_print_own(struct app *app, const struct paper *paper, const char *title)
{
    app->print.own = true;
    print_open(app, paper, 0, title);
}

void app_print_drop(struct app *app)
{
    char dir[FS_PATH_MAX];
    char file[FS_PATH_MAX];
    if (fs_join(dir, app->opt.data, "prints", NULL) == ERR_OK &&
        fs_join(file, dir, PRINT_OWN, NULL) == ERR_OK)
        (void)unlink(file);
}

static void sticks_below(struct arena *a, const char *dir, int levels, struct app_sticks *out)
{
    const char **names = NULL;
    size_t count = 0;
    if (fs_list(a, dir, PRINT_FOLDERS_MAX, &names, &count, NULL) != ERR_OK)
        return;
    for (size_t i = 0; i < count && out->count < APP_STICKS_MAX; i++) {
        size_t len = strlen(names[i]);
        bool folder = len >= 2 && names[i][len - 1] == '/';
        char *name = folder ? arena_strndup(a, names[i], len - 1) : NULL;
        char path[FS_PATH_MAX];
        if (name == NULL || fs_join(path, dir, name, NULL) != ERR_OK)
            continue;
        if (levels > 1) {
            sticks_below(a, path, levels - 1, out);
            continue;
        }
        out->paths[out->count] = arena_strdup(a, path);
        out->names[out->count] = name;
        out->count += out->paths[out->count] != NULL;
    }
}

/* /media/USER/STICK and /run/media/USER/STICK; what lies directly in /media is a user's folder or a disc drive. */
void app_sticks(struct arena *a, struct app_sticks *out)
{
    *out = (struct app_sticks){ .count = 0 };
    sticks_below(a, "/media", 2, out);
    sticks_below(a, "/run/media", 2, out);
}

enum err app_print_copy(struct app *app, const char *folder, struct why *why)
{
    char name[PRINT_NAME_MAX + 5];
    char to[FS_PATH_MAX];
    struct arena a;
    char *pdf = NULL;
    size_t len = 0;
    enum err rc;
    print_name(name, app->print.title);
    arena_init(&a, PRINT_ARENA_MAX);
    rc = fs_read(&a, app->print.file, PRINT_ARENA_MAX / 2, &pdf, &len, why);
    if (rc == ERR_OK)
        rc = fs_join(to, folder, name, why);
    if (rc == ERR_OK)
        rc = fs_replace(to, pdf, len, 0644, why);
    arena_done(&a);
    return rc;
}
