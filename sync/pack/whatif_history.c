#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/db.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/pack/whatif.h"

/* Whether the line may be one that is read, by its bytes alone: most lines of a history are others. */
static bool may_be(const char *line)
{
    return strstr(line, "\"check.recorded\"") != NULL ||
           strstr(line, "\"check.withdrawn\"") != NULL ||
           strstr(line, "\"item.registered\"") != NULL;
}

static bool is_read(const struct event *e)
{
    return str_eq(e->kind, "check.recorded") || str_eq(e->kind, "check.withdrawn") ||
           str_eq(e->kind, "item.registered");
}

static enum err take_line(struct arena *a, const char *line, size_t len, whatif_take take,
                          void *ctx, struct why *why)
{
    struct event e;
    enum err rc;

    if (!may_be(line))
        return ERR_OK;
    arena_reset(a);
    rc = event_parse(a, line, len, &e, why);
    if (rc == ERR_OK && is_read(&e))
        rc = take(ctx, &e, a, why);
    return rc;
}

/* One byte more than a line may have tells a longer one, which is no event. */
static enum err history_file(const char *path, struct arena *a, whatif_take take, void *ctx,
                             struct why *why)
{
    enum { ROOM = EVENT_LINE_MAX + 3 };
    char *line = malloc(ROOM);
    FILE *file = fopen(path, "r");
    unsigned long number = 0;
    enum err rc = ERR_OK;

    if (line == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "no memory for a line");
    else if (file == NULL)
        rc = why_set(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, errno, "open %s", path);
    while (rc == ERR_OK && fgets(line, ROOM, file) != NULL) {
        size_t len = strlen(line);

        number++;
        if (len == ROOM - 1) {
            rc = why_set(why, ERR_LIMIT, 0, "longer than an event may be");
            break;
        }
        while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
            line[--len] = '\0';
        rc = take_line(a, line, len, take, ctx, why);
    }
    if (rc == ERR_OK && file != NULL && ferror(file) != 0)
        rc = why_set(why, ERR_IO, errno, "read %s", path);
    else if (rc != ERR_OK && number > 0)
        rc = why_in(why, rc, "%s line %lu", path, number);
    if (file != NULL)
        (void)fclose(file);
    free(line);
    return rc;
}

static enum err history_data(const char *path, struct arena *a, whatif_take take, void *ctx,
                             struct why *why)
{
    struct db db = { 0 };
    char name[FS_PATH_MAX];
    struct db_stmt q;
    struct fs_stat stat;
    enum err taken = ERR_OK;
    enum err rc = fs_join(name, path, "canny.db", why);

    if (rc == ERR_OK && fs_stat(name, &stat, NULL) != ERR_OK)
        rc = why_set(why, ERR_NOT_FOUND, 0,
                     "%s is not there; name a kiosk's data folder, or an export (canny export "
                     "--format ndjson)",
                     name);
    if (rc == ERR_OK)
        rc = db_open(&db, name, DB_READ, why);
    if (rc != ERR_OK)
        return rc;
    q = db_prepare(&db, "select line from log_line order by rowid");
    while (taken == ERR_OK && db_step(&q)) {
        const char *line = db_text(&q, 0);

        taken = take_line(a, line, strlen(line), take, ctx, why);
    }
    rc = db_end(&q, taken == ERR_OK ? why : NULL);
    db_close(&db);
    return taken != ERR_OK ? taken : rc;
}

enum err whatif_history(const char *path, whatif_take take, void *ctx, struct why *why)
{
    struct fs_stat stat;
    struct arena a;
    enum err rc = fs_stat(path, &stat, why);

    if (rc != ERR_OK)
        return rc;
    arena_init(&a, WHATIF_LINE_ARENA);
    rc = stat.is_dir ? history_data(path, &a, take, ctx, why)
                     : history_file(path, &a, take, ctx, why);
    arena_done(&a);
    return rc;
}
