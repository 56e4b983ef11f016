/* Where the hub is that a command works on, and opening it. */
#include <stdlib.h>
#include <string.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/hub/commands_parts.h"
#include "sync/hub/guard.h"

void command_close(struct hub *h)
{
    if (h == NULL)
        return;
    hubstore_close(h->store);
    clock_free(h->clock);
    (void)pthread_mutex_destroy(&h->lock);
    free(h);
}

/* One place: what the arguments say, else what the environment does. */
static bool command_one_place(const struct command_where *where)
{
    int given = (where->data != NULL) + (where->database != NULL) + (where->database_file != NULL);

    return given == 1 ||
           (given == 0 && getenv("CANNY_HUB_DATABASE") != NULL); /* NOLINT(concurrency-mt-unsafe) */
}

int command_not_opened(const char *command, enum err rc, const struct command_where *where,
                       const struct why *why)
{
    int status = command_failed(command, why);

    return rc == ERR_LIMIT && !command_one_place(where) ? 2 : status;
}

int command_end(struct hub *h, const char *command, const struct command_where *where, enum err rc,
                const struct why *why)
{
    int status =
        rc == ERR_OK ? command_said(command, 0) : command_not_opened(command, rc, where, why);

    command_close(h);
    return status;
}

int command_run(const struct command *c, int argc, char **argv)
{
    enum options_result r = options_read(c->name, c->about, c->rows, c->row_count, argc, argv);
    struct why why = { 0 };
    struct hub *h = NULL;
    if (r != OPTIONS_OK)
        return command_usage(r);
    if (c->fits != NULL && !c->fits(c->args))
        return 2;

    enum err rc = command_open(c->where, false, &h, &why);
    if (rc == ERR_OK)
        rc = c->run(h, c->args, &why);
    return command_end(h, c->name, c->where, rc, &why);
}

static enum err command_address_file(struct command_where *where, struct why *why)
{
    struct arena a;
    char *text = NULL;
    size_t len = 0;

    arena_init(&a, (size_t)4 * COMMAND_ADDRESS_MAX);
    enum err rc = fs_read(&a, where->database_file, COMMAND_ADDRESS_MAX - 1, &text, &len, why);
    if (rc == ERR_OK) {
        text[strcspn(text, "\r\n")] = '\0';
        (void)str_copy(where->address, sizeof(where->address), text);
    }
    arena_done(&a);
    return rc;
}

enum err command_place(struct command_where *where, struct hubstore_where *out, struct why *why)
{
    const char *address = where->database;

    *out = (struct hubstore_where){ .data = where->data };
    if (!command_one_place(where))
        return why_set(why, ERR_LIMIT, 0,
                       "give one of --data, --database and --database-file; see --help");
    if (where->data != NULL)
        return ERR_OK;
    if (where->database_file != NULL) {
        enum err rc = command_address_file(where, why);
        if (rc != ERR_OK)
            return rc;
    } else {
        if (address == NULL)
            address = getenv("CANNY_HUB_DATABASE"); /* NOLINT(concurrency-mt-unsafe) */
        if (!str_copy(where->address, sizeof(where->address), address))
            return why_set(why, ERR_INPUT, 0, "the database's address is too long");
    }
    out->database = where->address;
    return ERR_OK;
}

static void command_advise(enum err rc, const struct hubstore_where *at, bool make, struct why *why)
{
    const struct why was = *why;

    if (at->database != NULL) {
        (void)why_in(why, rc, "open the database");
        return;
    }
    if (at->data == NULL)
        return;
    if (rc == ERR_FULL)
        (void)why_set(why, rc, 0, "%s; make room on that disk", was.text);
    else if (rc == ERR_IO || rc == ERR_DENIED || (rc == ERR_NOT_FOUND && make))
        (void)why_set(why, rc, 0, "%s; give a folder that this user can write in", was.text);
    (void)why_in(why, rc, "open --data %s", at->data);
}

enum err command_open(struct command_where *where, bool make, struct hub **out, struct why *why)
{
    const struct clock_options clock = { .now = NULL };
    struct hub *h = calloc(1, sizeof(*h));
    if (h == NULL) {
        (void)why_set(why, ERR_NOMEM, 0, "no memory");
        return ERR_NOMEM;
    }

    guard_init(h);
    atomic_store(&h->store_ms, clock_mono_ms());
    (void)pthread_mutex_init(&h->lock, NULL);
    enum err rc = command_place(where, &h->where, why);
    if (rc == ERR_OK) {
        rc = hubstore_open(&h->where, make ? HUBSTORE_MAKE : HUBSTORE_LOOK, &h->store, why);
        if (rc == ERR_INPUT && h->where.database == NULL)
            rc = why_set(why, rc, 0, "hub.db is damaged or no database; put it back from a backup");
    }
    if (rc == ERR_OK)
        rc = hubstore_key(h->store, make, &h->self, why);
    if (rc == ERR_OK)
        rc = clock_new(&clock, &h->clock, why);
    if (rc != ERR_OK) {
        command_advise(rc, &h->where, make, why);
        command_close(h);
        return rc;
    }
    *out = h;
    return ERR_OK;
}
