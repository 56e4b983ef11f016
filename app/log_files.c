#include "app/app.h"

/* The files that a log can be read from: DATA/import, and sticks as desktops and the kiosk's own udev rule mount them. */

#include <string.h>

#include "app/log_file.h"
#include "platform/base/str.h"

enum {
    LOG_FOLDERS_MAX = 2000, /* names in a folder of a stick */
    LOG_LEVELS = 3,         /* below /media: a user's folder, the stick, a folder on it */
};

static bool files_wanted(const char *name, const char *const *ends)
{
    bool wanted = false;
    for (size_t i = 0; ends[i] != NULL; i++)
        wanted = wanted || str_ends(name, ends[i]);
    return wanted;
}

static void files_of(struct arena *a, const char *dir, const char *where, const char *const *ends,
                     struct app_files *out)
{
    const char **names = NULL;
    size_t count = 0;
    char path[FS_PATH_MAX];
    if (fs_list(a, dir, LOG_FOLDERS_MAX, &names, &count, NULL) != ERR_OK)
        return;
    for (size_t i = 0; i < count && out->count < APP_FILES_MAX; i++) {
        if (!files_wanted(names[i], ends))
            continue;
        if (fs_join(path, dir, names[i], NULL) != ERR_OK)
            continue;
        struct app_file f = { .path = arena_strdup(a, path), .name = names[i], .where = where };
        if (f.path != NULL)
            out->rows[out->count++] = f;
    }
}

/* Files of the folders in dir, so many levels down. */
static void files_below(struct arena *a, const char *dir, int levels, const char *const *ends,
                        struct app_files *out)
{
    const char **names = NULL;
    size_t count = 0;
    char path[FS_PATH_MAX];
    if (fs_list(a, dir, LOG_FOLDERS_MAX, &names, &count, NULL) != ERR_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(names[i]);
        if (len < 2 || names[i][len - 1] != '/')
            continue;
        char *name = arena_strndup(a, names[i], len - 1);
        if (name == NULL || fs_join(path, dir, name, NULL) != ERR_OK)
            continue;
        files_of(a, path, arena_printf(a, "a stick: %s", name), ends, out);
        if (levels > 1)
            files_below(a, path, levels - 1, ends, out);
    }
}

void app_found_files(struct app *app, struct arena *a, const char *const *ends,
                     struct app_files *out)
{
    char path[FS_PATH_MAX];
    *out = (struct app_files){ .count = 0 };
    if (fs_join(path, app->opt.data, "import", NULL) == ERR_OK)
        files_of(a, path, "this kiosk", ends, out);
    if (app->carry.dir[0] != '\0') {
        files_of(a, app->carry.dir, "the stick", ends, out);
        files_below(a, app->carry.dir, 1, ends, out);
    }
    files_below(a, "/media", LOG_LEVELS, ends, out);
    files_below(a, "/run/media", LOG_LEVELS, ends, out);
}

void app_log_files(struct app *app, struct arena *a, struct app_files *out)
{
    static const char *const ends[] = { ".csv", ".CSV", ".txt", NULL };
    app_found_files(app, a, ends, out);
}

enum err app_log_read(struct arena *a, const char *path, char **out, size_t *out_count,
                      struct why *why)
{
    char *text = NULL;
    size_t len = 0;
    enum err rc = fs_read(a, path, LOG_FILE_MAX, &text, &len, why);
    return rc == ERR_OK ? log_file_parse(a, text, len, FORM_ANSWER_MAX, out, out_count, why) : rc;
}

enum err app_log_pairs(struct arena *a, const char *text, size_t len, char **out, struct why *why)
{
    enum { PAIRS_MAX = 512 * 1024 };
    size_t count = 0;
    return log_file_parse(a, text, len, PAIRS_MAX, out, &count, why);
}
