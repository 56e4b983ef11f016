/* The command that counts what the schools said to recalls and stop notices. */
#include <stdio.h>
#include <string.h>

#include "platform/base/clock.h"
#include "platform/base/str.h"
#include "sync/hub/commands.h"
#include "sync/hub/commands_parts.h"
#include "sync/hub/hub.h"
#include "sync/hub/options.h"
#include "sync/hub/table.h"
#include "sync/hub/tally.h"

enum { NOTICES_MAX = 2000, SITE_NAME_MAX = 200 };

struct notice_counts {
    const char *notice;
    int64_t revision;
    size_t seen, answered, held, found, gone, cleared, waiting; /* seen, answered: sites */
};

struct stops_command {
    const char *only;  /* print the sites of this notice; NULL: the notices */
    struct tally site; /* of one site at a time */
    char name[SITE_NAME_MAX];
    struct arena a;
    struct notice_counts *notices;
    size_t count;
    struct table table;
    enum err rc;
    struct why why;
};

static void stops_print_items(struct table *t, const struct notice_counts *n)
{
    table_int(t, (int64_t)n->held);
    table_int(t, (int64_t)n->found);
    table_int(t, (int64_t)n->gone);
    table_int(t, (int64_t)n->cleared);
    table_int(t, (int64_t)n->waiting);
}

static void stops_print_site(struct table *t, const struct tally_site *s)
{
    const struct notice_counts items = { .held = s->held,
                                         .found = s->found,
                                         .gone = s->gone,
                                         .cleared = s->cleared,
                                         .waiting = s->waiting };
    char at[CLOCK_ISO] = "";

    if (s->seen_ms > 0)
        clock_iso(at, s->seen_ms);
    table_text(t, s->site);
    table_text(t, at);
    table_int(t, s->revision);
    stops_print_items(t, &items);
}

static struct notice_counts *stops_notice(struct stops_command *c, const char *notice)
{
    for (size_t i = 0; i < c->count; i++)
        if (str_eq(c->notices[i].notice, notice))
            return &c->notices[i];
    if (c->count == NOTICES_MAX)
        return NULL;
    c->notices[c->count].notice = arena_strdup(&c->a, notice);
    return c->notices[c->count].notice == NULL ? NULL : &c->notices[c->count++];
}

/* The site that was read is whole: what it said is counted, and nothing of it is kept. */
static void stops_site_end(struct stops_command *c)
{
    struct tally_site *sites = NULL;
    size_t count = 0;

    if (c->name[0] != '\0')
        c->rc = tally_sites(&c->site, &sites, &count, &c->why);
    for (size_t i = 0; i < count && c->rc == ERR_OK; i++) {
        struct notice_counts *n = stops_notice(c, sites[i].notice);

        if (n == NULL) {
            c->rc = why_set(&c->why, ERR_LIMIT, 0, "more than %d notices", NOTICES_MAX);
            break;
        }
        if (c->only != NULL && str_eq(c->only, sites[i].notice))
            stops_print_site(&c->table, &sites[i]);
        n->revision = sites[i].revision > n->revision ? sites[i].revision : n->revision;
        n->seen += sites[i].seen_ms > 0 ? 1 : 0;
        n->answered += sites[i].waiting == 0 ? 1 : 0;
        n->held += sites[i].held;
        n->found += sites[i].found;
        n->gone += sites[i].gone;
        n->cleared += sites[i].cleared;
        n->waiting += sites[i].waiting;
    }
    tally_done(&c->site);
    tally_init(&c->site);
}

static bool stops_take_line(void *ctx, const struct hub_line *line)
{
    struct stops_command *c = ctx;

    if (!str_eq(line->site, c->name)) {
        stops_site_end(c);
        (void)str_copy(c->name, sizeof c->name, line->site);
    }
    if (c->rc == ERR_OK)
        c->rc = tally_add(&c->site, line->site, line->line, line->len, &c->why);
    return c->rc == ERR_OK;
}

static void stops_print(struct stops_command *c)
{
    for (size_t i = 0; i < c->count && c->only == NULL; i++) {
        const struct notice_counts *n = &c->notices[i];

        table_text(&c->table, n->notice);
        table_int(&c->table, n->revision);
        table_int(&c->table, (int64_t)n->seen);
        table_int(&c->table, (int64_t)n->answered);
        stops_print_items(&c->table, n);
    }
}

static enum err stops_count(struct hub *h, struct stops_command *c, struct why *why)
{
    enum err rc = c->notices == NULL ? why_set(why, ERR_NOMEM, 0, "no memory")
                                     : hubstore_stops(h->store, stops_take_line, c, why);

    if (rc == ERR_OK && c->rc == ERR_OK)
        stops_site_end(c);
    if (rc == ERR_OK && c->rc != ERR_OK) {
        rc = c->rc;
        *why = c->why;
    }
    if (rc == ERR_OK)
        stops_print(c);
    return rc;
}

static enum err stops_run(struct hub *h, void *args, struct why *why)
{
    static const char *const notices[] = { "notice", "revision", "seen",    "answered", "held",
                                           "found",  "gone",     "cleared", "waiting" };
    static const char *const sites[] = { "site",  "seen", "revision", "held",
                                         "found", "gone", "cleared",  "waiting" };
    struct stops_command *c = args;

    arena_init(&c->a, 4 * 1024 * 1024);
    tally_init(&c->site);
    c->notices = arena_array(&c->a, NOTICES_MAX, sizeof *c->notices);
    table_begin(&c->table, stdout, TABLE_TEXT, c->only == NULL ? notices : sites,
                c->only == NULL ? COUNT_OF(notices) : COUNT_OF(sites));
    enum err rc = stops_count(h, c, why);
    enum err ended = table_end(&c->table, rc == ERR_OK ? why : NULL);
    tally_done(&c->site);
    arena_done(&c->a);
    return rc == ERR_OK ? ended : rc;
}

int command_stops(int argc, char **argv)
{
    struct command_where where = { .data = NULL };
    struct stops_command s = { .only = NULL };
    const struct option_row rows[] = {
        COMMAND_WHERE(where),
        { "--notice", "ID",
          "the sites of one notice instead: site, when it was first seen, revision, and items as "
          "above",
          false, &s.only },
    };
    const struct command c = {
        .name = "stops",
        .about =
            "Prints what the schools said to each recall and stop notice, a line each: its id, "
            "revision, sites that have seen it, of those the ones with nothing left to answer, and "
            "items held back, found and out of use, not here, released, not answered yet.",
        .rows = rows,
        .row_count = COUNT_OF(rows),
        .where = &where,
        .args = &s,
        .run = stops_run,
    };

    return command_run(&c, argc, argv);
}
