#include "sync/client/stick_content.h"

#include <stdlib.h>

#include "platform/base/str.h"
#include "sync/client/content_give.h"
#include "sync/client/stick_folder.h"

#define CONTENT_FOLDER "content"

enum { CONTENT_MEMBERS_ARENA = 256 * 1024 };

static bool content_at(const struct stick_content *w, bool school, char out[FS_PATH_MAX])
{
    return str_format(out, FS_PATH_MAX, "%s/" STICK_FOLDER "%s%s/" CONTENT_FOLDER, w->stick->root,
                      school ? "/" : "", school ? w->stick->site : "");
}

/* Of the school's own only what was written to its end: another plug may still be at it. */
static bool content_there(const struct stick_content *w, bool school, char out[FS_PATH_MAX])
{
    char path[FS_PATH_MAX];
    struct fs_stat st;

    return content_at(w, school, out) && content_folder_is(out) &&
           (!school || (fs_join(path, out, "metadata/timestamp.json", NULL) == ERR_OK &&
                        fs_stat(path, &st, NULL) == ERR_OK));
}

/* ---- taking ---- */

/* What is worth telling of two: that something new came, then what is wrong, then that nothing is. */
static int content_rank(const struct stick_tally *t)
{
    if (!t->content_done)
        return 0;
    if (t->content_new)
        return 4;
    if (t->content_fault == UPDATER_FINE)
        return 2;
    return t->content_fault == UPDATER_OLDER ? 1 : 3;
}

static void content_tell(const struct updater_report *report, struct stick_tally *out)
{
    out->content_done = true;
    out->content_fault = report->fault;
    out->content_new = report->built && report->fetched > 0;
    for (size_t i = 0; i < report->count; i++) {
        if (str_eq(report->roles[i].role, "national"))
            (void)str_copy(out->content_edition, sizeof out->content_edition,
                           report->roles[i].newest);
        if (report->roles[i].fault == report->fault && out->content_why[0] == '\0')
            (void)str_format(out->content_why, sizeof out->content_why, "%s: %s",
                             report->roles[i].role, report->roles[i].why);
    }
}

/* What kiosks gave each other, and a stick has damaged since: whoever gives next is to look into every file. */
static void content_spoilt(const char *root, enum updater_fault fault)
{
    char path[FS_PATH_MAX];

    if ((fault == UPDATER_WRONG || fault == UPDATER_MISSING || fault == UPDATER_MALFORMED) &&
        fs_join(path, root, "metadata", NULL) == ERR_OK)
        (void)!stick_folder_remove(path, "timestamp.json", NULL);
}

static void content_take(const struct stick_content *w, bool school)
{
    struct stick_tally *t = &w->stick->tally;
    struct updater_report *report = calloc(1, sizeof *report);
    struct stick_tally told = { .content = true };
    char root[FS_PATH_MAX];

    if (report == NULL || !content_there(w, school, root) ||
        (school && !content_client_can_take(w->client, root))) {
        free(report);
        return;
    }
    const struct content_folder folder = {
        .root = root,
        .source = school ? "kiosk" : "stick",
        .root_version = t->root_version,
        .root_hash = t->root_hash,
        .cancelled = w->cancelled,
        .progress = w->progress,
        .ctx = w->ctx,
    };
    content_client_folder(w->client, w->db, w->clock, &folder, report);
    content_tell(report, &told);
    if (school)
        content_spoilt(root, report->fault);
    if (content_rank(&told) > content_rank(t)) {
        t->content_done = true;
        t->content_fault = told.content_fault;
        t->content_new = told.content_new;
        (void)str_copy(t->content_edition, sizeof t->content_edition, told.content_edition);
        (void)str_copy(t->content_why, sizeof t->content_why, told.content_why);
    }
    free(report);
}

/* ---- giving ---- */

/* Whether the school has another kiosk: nobody else reads what would be put there. */
static bool content_others(const struct stick_content *w)
{
    const struct stick *s = w->stick;
    struct stick_member *rows = NULL;
    size_t count = 0;
    bool others = false;
    struct arena a;

    arena_init(&a, CONTENT_MEMBERS_ARENA);
    if (s->ports->members(s->ports->ctx, s->db, s->site, &a, &rows, &count, NULL) != ERR_OK)
        count = 0;
    for (size_t i = 0; i < count; i++)
        others = others || (rows[i].now && !str_eq(rows[i].id, s->self->id));
    arena_done(&a);
    return others;
}

/* Not what IT's own repository on this stick brings just as well: it is as new, and whole. */
static bool content_wanted(const struct stick_content *w, char root[FS_PATH_MAX])
{
    char it[FS_PATH_MAX];

    return !w->stick->tally.revoked && !w->stick->tally.protected && content_others(w) &&
           content_at(w, true, root) && content_client_can_give(w->client, root) &&
           (!content_there(w, false, it) || content_client_can_give(w->client, it));
}

static void content_put(const struct stick_content *w)
{
    struct stick_tally *t = &w->stick->tally;
    char root[FS_PATH_MAX];
    size_t files = 0;
    struct why why = { 0 };

    if (!content_wanted(w, root))
        return;
    const struct content_outlet o = {
        .root = root, .cancelled = w->cancelled, .progress = w->progress, .ctx = w->ctx
    };
    t->content_gave = content_client_give(w->client, &o, &files, &why);
    t->content_files = files;
}

/* ---- what others call ---- */

void stick_content_look(const struct stick_content *w)
{
    struct stick_tally *t = &w->stick->tally;
    char root[FS_PATH_MAX];

    t->content = content_there(w, false, root) ||
                 (content_there(w, true, root) && content_client_can_take(w->client, root));
    t->content_give = content_wanted(w, root);
}

void stick_content_go(const struct stick_content *w)
{
    stick_content_look(w);
    content_take(w, false);
    content_take(w, true);
    content_put(w);
}
