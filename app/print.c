#include "app/app.h"

/* What a screen lays out as a sheet becomes a file in DATA/prints; the screen `print` sends it on. A sheet printed again
   replaces the one before: the records are in the log, not in here. */

#include <string.h>
#include <unistd.h>

#include "platform/base/str.h"

/* One name for all of them: what a power cut leaves is found again at the next start. */
#define PRINT_OWN "own.pdf"

enum {
    PRINT_ARENA_MAX = 24 * 1024 * 1024,
    PRINT_FOLDERS_MAX = 50,
    PRINT_NAME_MAX = 60,
    PRINT_FILE_MAX = PRINT_NAME_MAX + 30,
};

/* A form has a file of its own, so that the sheet is still there after the cards were made. */
static const char *print_form_name(enum paper_form form)
{
    switch (form) {
    case PAPER_A4:
        break;
    case PAPER_CARD_A6:
        return "-cards-A6";
    case PAPER_CARDS_A4:
        return "-cards";
    case PAPER_ROLL_58:
        return "-receipt-58";
    case PAPER_ROLL_80:
        return "-receipt-80";
    }
    return "";
}

/* A file's name out of a title: letters and digits, the rest as dashes. */
static void print_name(char out[PRINT_FILE_MAX], const char *title, enum paper_form form)
{
    char name[PRINT_NAME_MAX + 1];
    size_t len = 0;
    for (; *title != '\0' && len < PRINT_NAME_MAX; title++) {
        char c = *title;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (plain)
            name[len++] = c;
        else if (len > 0 && name[len - 1] != '-')
            name[len++] = '-';
    }
    if (len > 0 && name[len - 1] == '-')
        len--;
    name[len] = '\0';
    (void)str_format(out, PRINT_FILE_MAX, "%s%s.pdf", name, print_form_name(form));
}

static enum err print_path(const struct app *app, enum paper_form form, char out[FS_PATH_MAX],
                           struct why *why)
{
    char name[PRINT_FILE_MAX];
    char dir[FS_PATH_MAX];
    enum err rc = fs_join(dir, app->opt.data, "prints", why);
    if (rc == ERR_OK)
        rc = fs_mkdirs(dir, 0700, why);
    if (app->print.own)
        (void)str_copy(name, sizeof name, PRINT_OWN);
    else
        print_name(name, app->print.title, form);
    return rc == ERR_OK ? fs_join(out, dir, name, why) : rc;
}

/* The file of that paper, which is what the screen sends on from now on. */
static enum err print_make(struct app *app, const struct paper *paper, int pages_fit,
                           struct why *why)
{
    char path[FS_PATH_MAX];
    struct paper_made made;
    char *pdf = NULL;
    size_t len = 0;
    enum err rc = paper_pdf(paper, pages_fit, &pdf, &len, &made, why);
    if (rc == ERR_OK)
        rc = print_path(app, paper->form, path, why);
    if (rc == ERR_OK)
        rc = fs_replace(path, pdf, len, 0600, why);
    if (rc != ERR_OK)
        return rc;
    (void)str_copy(app->print.file, sizeof app->print.file, path);
    app->print.form = paper->form;
    app->print.made = made;
    return ERR_OK;
}

static void print_open(struct app *app, const struct paper *paper, int pages_fit, const char *title)
{
    struct why why = { 0 };
    (void)str_copy(app->print.title, sizeof app->print.title, title);
    if (print_make(app, paper, pages_fit, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not printed: %s", why.text);
        return;
    }
    app->print.sheet = app->print.made;
    router_push(app, "print", NULL);
}

struct arena *app_print_arena(struct app *app)
{
    struct print *p = &app->print;
    arena_done(&p->arena);
    arena_init(&p->arena, PRINT_ARENA_MAX);
    p->more = (struct print_more){ .card = NULL };
    return &p->arena;
}

void app_print_more(struct app *app, const struct paper *paper, int pages_fit, const char *title,
                    const struct print_more *more)
{
    app->print.own = false;
    app->print.more = *more;
    print_open(app, paper, pages_fit, title);
}

void app_print(struct app *app, const struct paper *paper, int pages_fit, const char *title)
{
    (void)app_print_arena(app);
    app->print.own = false;
    print_open(app, paper, pages_fit, title);
}

void app_print_own(struct app *app, const struct paper *paper, const char *title)
{
    (void)app_print_arena(app);
    app->print.own = true;
    print_open(app, paper, 0, title);
}

enum err app_print_form(struct app *app, enum paper_form form, int groups, struct why *why)
{
    struct print *p = &app->print;
    bool card = form == PAPER_CARD_A6 || form == PAPER_CARDS_A4;
    const struct paper *from = card ? p->more.card : p->more.strip;
    if (form == PAPER_A4) {
        enum err rc = print_path(app, form, p->file, why);
        if (rc != ERR_OK)
            return rc;
        p->form = form;
        p->made = p->sheet;
        return ERR_OK;
    }
    if (from == NULL)
        return why_set(why, ERR_NOT_FOUND, 0, "this sheet has no such form");
    /* What making it takes is gone after this frame: however often somebody changes their mind. */
    struct paper paper = *from;
    paper.a = &app->scratch;
    paper.form = form;
    paper.groups = card ? groups : 0;
    return print_make(app, &paper, 1, why);
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
    char name[PRINT_FILE_MAX];
    char to[FS_PATH_MAX];
    struct arena a;
    char *pdf = NULL;
    size_t len = 0;
    enum err rc;
    print_name(name, app->print.title, app->print.form);
    arena_init(&a, PRINT_ARENA_MAX);
    rc = fs_read(&a, app->print.file, PRINT_ARENA_MAX / 2, &pdf, &len, why);
    if (rc == ERR_OK)
        rc = fs_join(to, folder, name, why);
    if (rc == ERR_OK)
        rc = fs_replace(to, pdf, len, 0644, why);
    arena_done(&a);
    return rc;
}
