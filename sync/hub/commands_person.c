/* The commands for a person's data: all of it out, and the name erased. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/commands.h"
#include "sync/hub/commands_parts.h"
#include "sync/hub/hub.h"
#include "sync/hub/options.h"
#include "sync/log/person.h"

enum { PERSON_ARENA_MAX = 256 * 1024 * 1024 };

struct person_ask {
    struct command_where where;
    const char *person, *name, *site;
    const char *reason; /* of erase */
    struct arena a;
    struct person_names names;
};

static bool person_add(void *ctx, const struct hub_name *name)
{
    struct person_ask *ask = ctx;
    struct person_name *row = arena_alloc(&ask->a, sizeof(*row));

    if (row != NULL)
        *row = (struct person_name){ .person = arena_strdup(&ask->a, name->person),
                                     .hash = arena_strdup(&ask->a, name->hash),
                                     .text = arena_strdup(&ask->a, name->text) };
    if (ask->a.failed)
        return false;
    *ask->names.end = row;
    ask->names.end = &row->next;
    return true;
}

/* Who is meant: an id that somebody has, or the one person of that name. */
static enum err person_find(struct person_ask *ask, struct hub *h, struct why *why)
{
    arena_init(&ask->a, PERSON_ARENA_MAX);
    person_names_init(&ask->names, &ask->a);
    enum err rc = hubstore_follow(h->store, 0, why);
    if (rc == ERR_OK)
        rc = hubstore_names(h->store, ask->site, person_add, ask, why);
    if (rc == ERR_OK && ask->a.failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for the names; give --site");
    if (rc == ERR_OK && ask->person == NULL)
        rc = person_names_who(&ask->names, ask->name, &ask->person, why);
    if (rc == ERR_OK && !person_names_has(&ask->names, ask->person))
        rc = why_set(why, ERR_NOT_FOUND, 0, "nobody here has the id %.100s", ask->person);
    return rc;
}

static bool person_line(void *ctx, const struct hub_line *row)
{
    person_out_line(ctx, row->line, row->len);
    return true;
}

static enum err person_print(struct person_ask *ask, struct hub *h, struct why *why)
{
    struct person_out out;

    person_out_begin(&out, stdout, ask->person, &ask->names);
    person_out_lines(&out);
    enum err rc = hubstore_each(h->store, ask->site, person_line, &out, why);
    return rc == ERR_OK ? person_out_end(&out, why) : rc;
}

#define PERSON_OPTIONS(ask)                                                                        \
    COMMAND_WHERE((ask).where),                                                                    \
        { "--person", "ID", "the person's id, as it stands in the lines", false, &(ask).person },  \
        { "--name", "NAME", "or the name", false, &(ask).name },                                   \
    {                                                                                              \
        "--site", "NAME", "only what this site knows", false, &(ask).site                          \
    }

static bool person_one_way(const char *command, const struct person_ask *ask)
{
    if ((ask->person != NULL) != (ask->name != NULL))
        return true;
    (void)fprintf(stderr, "canny-hub %s: give one of --person and --name\n", command);
    return false;
}

static bool person_fits(const void *args)
{
    return person_one_way("person", args);
}

static enum err person_run(struct hub *h, void *args, struct why *why)
{
    enum err rc = person_find(args, h, why);

    return rc == ERR_OK ? person_print(args, h, why) : rc;
}

int command_person(int argc, char **argv)
{
    struct person_ask ask = { .person = NULL };
    const struct option_row rows[] = { PERSON_OPTIONS(ask) };
    const struct command c = {
        .name = "person",
        .about = "Prints all that is known of a person, as JSON: names, and every line with them.",
        .rows = rows,
        .row_count = COUNT_OF(rows),
        .where = &ask.where,
        .args = &ask,
        .fits = person_fits,
        .run = person_run,
    };

    (void)signal(SIGPIPE, SIG_IGN);
    int status = command_run(&c, argc, argv);
    arena_done(&ask.a);
    return status;
}

static bool erase_fits(const void *args)
{
    static const char *const reasons[] = { "asked", "left", "retention" };
    const struct person_ask *ask = args;

    if (!person_one_way("erase", ask))
        return false;
    for (size_t i = 0; i < COUNT_OF(reasons); i++)
        if (strcmp(reasons[i], ask->reason) == 0)
            return true;
    (void)fprintf(stderr, "canny-hub erase: --reason is asked, left or retention\n");
    return false;
}

static enum err erase_run(struct hub *h, void *args, struct why *why)
{
    struct person_ask *ask = args;
    enum err rc = person_find(ask, h, why);

    if (rc == ERR_OK)
        rc = hubstore_erase(h->store, ask->person, ask->reason, hub_now(h), why);
    if (rc == ERR_OK)
        (void)printf("%s is named no longer\n", ask->person);
    return rc;
}

int command_erase(int argc, char **argv)
{
    struct person_ask ask = { .reason = "asked" };
    const struct option_row rows[] = {
        PERSON_OPTIONS(ask),
        { "--reason", "WORD", "asked (the default), left or retention: it stands in the record",
          false, &ask.reason },
    };
    const struct command c = {
        .name = "erase",
        .about = "Erases a person's names and badges here and, as they read of it, on every kiosk; "
                 "the lines stay.",
        .rows = rows,
        .row_count = COUNT_OF(rows),
        .where = &ask.where,
        .args = &ask,
        .fits = erase_fits,
        .run = erase_run,
    };
    int status = command_run(&c, argc, argv);

    arena_done(&ask.a);
    return status;
}
