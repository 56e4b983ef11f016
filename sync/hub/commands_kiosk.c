/* The commands for single kiosks: which there are, and taking one out. */
#include <stdio.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/commands.h"
#include "sync/hub/commands_parts.h"
#include "sync/hub/hub.h"
#include "sync/hub/options.h"

/* ---- kiosks ---- */

static bool kiosk_print(void *ctx, const struct hub_known *k)
{
    char seen[CLOCK_ISO] = "never";

    (void)ctx;
    if (k->seen_ms > 0)
        clock_iso(seen, k->seen_ms);
    return printf("%s\t%s\t%s\t%s\t%s\n", k->device, k->revoked ? "revoked" : "enrolled", seen,
                  k->where.site_name, k->name) > 0;
}

static enum err kiosks_run(struct hub *h, void *args, struct why *why)
{
    (void)args;
    return hubstore_kiosks_each(h->store, kiosk_print, NULL, why);
}

int command_kiosks(int argc, char **argv)
{
    struct command_where where = { .data = NULL };
    const struct option_row rows[] = { COMMAND_WHERE(where) };
    const struct command c = {
        .name = "kiosks",
        .about = "Prints every kiosk: id, state, when it last told of itself, site, name.",
        .rows = rows,
        .row_count = COUNT_OF(rows),
        .where = &where,
        .run = kiosks_run,
    };

    return command_run(&c, argc, argv);
}

/* ---- revoke ---- */

/* Whoever had a card could copy it, and the copy may have gone on under a key of its own. Which of them is the good one only
   people know. */
static bool kiosk_print_heir(void *ctx, const struct hub_known *k)
{
    const struct hub_known *of = ctx;

    if (!k->revoked && strcmp(k->was, of->device) == 0)
        (void)printf("%s goes on from its card, and is not revoked\n", k->device);
    return true;
}

static bool revoke_fits(const void *args)
{
    const struct hub_which *which = args;

    if ((which->device == NULL) != (which->name == NULL))
        return true;
    (void)fprintf(stderr, "canny-hub revoke: give --device or --name; see --help\n");
    return false;
}

static enum err revoke_run(struct hub *h, void *args, struct why *why)
{
    struct hub_known known;
    enum err rc = hubstore_which(h->store, args, &known, why);

    if (rc == ERR_OK)
        rc = hubstore_revoke(h->store, &known, hub_now(h), why);
    if (rc == ERR_OK)
        (void)printf("%s %s (%s at %s)\n", known.revoked ? "was revoked before:" : "revoked",
                     known.device, known.name, known.where.site_name);
    return rc == ERR_OK ? hubstore_kiosks_each(h->store, kiosk_print_heir, &known, why) : rc;
}

int command_revoke(int argc, char **argv)
{
    struct command_where where = { .data = NULL };
    struct hub_which which = { .device = NULL };
    const struct option_row rows[] = {
        COMMAND_WHERE(where),
        { "--device", "ID", "the kiosk's id, or the first 8 or more digits of it", false,
          &which.device },
        { "--name", "NAME", "or its name", false, &which.name },
        { "--site", "NAME", "its site's name, where a name stands at several", false,
          &which.site_name },
    };
    const struct command c = {
        .name = "revoke",
        .about = "Takes a kiosk out, for good and at once: what it recorded stays, and it wipes "
                 "itself at its next contact.",
        .rows = rows,
        .row_count = COUNT_OF(rows),
        .where = &where,
        .args = &which,
        .fits = revoke_fits,
        .run = revoke_run,
    };

    return command_run(&c, argc, argv);
}
