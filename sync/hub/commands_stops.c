/* The command that counts what the schools said to recalls and stop notices. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "platform/base/clock.h"
#include "platform/base/str.h"
#include "sync/hub/commands.h"
#include "sync/hub/commands_parts.h"
#include "sync/hub/hub.h"
#include "sync/hub/options.h"
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
    enum err rc;
    struct why why;
};

static void stops_cell(const char *text)
{
    for (; *text != '\0'; text++)
        (void)putchar((unsigned char)*text < 0x20 ? ' ' : *text);
}

static void stops_print_site(const struct tally_site *s)
{
    char at[CLOCK_ISO] = "";

    if (s->seen_ms > 0)
        clock_iso(at, s->seen_ms);
    stops_cell(s->site);
    (void)printf("\t%s\t%" PRId64 "\t%zu\t%zu\t%zu\t%zu\t%zu\n", at, s->revision, s->held, s->found,
                 s->gone, s->cleared, s->waiting);
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
            stops_print_site(&sites[i]);
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

static void stops_print(const struct stops_command *c)
{
    for (size_t i = 0; i < c->count && c->only == NULL; i++) {
        const struct notice_counts *n = &c->notices[i];

        stops_cell(n->notice);
        (void)printf("\t%" PRId64 "\t%zu\t%zu\t%zu\t%zu\t%zu\t%zu\t%zu\n", n->revision, n->seen,
                     n->answered, n->held, n->found, n->gone, n->cleared, n->waiting);
    }
}

static enum err stops_read_all(struct hub *h, const char *only, struct why *why)
{
    struct stops_command c = { .only = only };
    enum err rc = ERR_OK;

    arena_init(&c.a, 4 * 1024 * 1024);
    tally_init(&c.site);
    c.notices = arena_array(&c.a, NOTICES_MAX, sizeof *c.notices);
    if (c.notices == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "no memory");
    if (rc == ERR_OK)
        rc = hubstore_stops(h->store, stops_take_line, &c, why);
    if (rc == ERR_OK && c.rc == ERR_OK)
        stops_site_end(&c);
    if (rc == ERR_OK && c.rc != ERR_OK) {
        rc = c.rc;
        *why = c.why;
    }
    if (rc == ERR_OK)
        stops_print(&c);
    tally_done(&c.site);
    arena_done(&c.a);
    return rc;
}

int command_stops(int argc, char **argv)
{
    struct command_where where = { .data = NULL };
    const char *only = NULL;
    const struct option_row rows[] = {
        COMMAND_WHERE(where),
        { "--notice", "ID",
          "the sites of one notice instead: site, when it was first seen, revision, and items as "
          "above",
          false, &only },
    };
    enum options_result r = options_read(
        "stops",
        "Prints what the schools said to each recall and stop notice, a line each: its id, "
        "revision, "
        "sites that have seen it, of those the ones with nothing left to answer, and items held "
        "back, found and out of use, not here, released, not answered yet.",
        rows, COUNT_OF(rows), argc, argv);
    struct why why = { 0 };
    struct hub *h = NULL;
    if (r != OPTIONS_OK)
        return command_usage(r);

    enum err rc = command_open(&where, false, &h, &why);
    if (rc == ERR_OK)
        rc = stops_read_all(h, only, &why);
    return command_end(h, "stops", &where, rc, &why);
}
