/* The commands that keep a hub: a copy of it, looking at one, putting one back. */
#include <inttypes.h>
#include <stdio.h>

#include "platform/base/str.h"
#include "sync/hub/commands.h"
#include "sync/hub/commands_parts.h"
#include "sync/hub/hub.h"
#include "sync/hub/hubstore_backup.h"
#include "sync/hub/options.h"

int command_backup(int argc, char **argv)
{
    struct command_where where = { .data = NULL };
    const char *out = NULL;
    const struct option_row rows[] = {
        COMMAND_WHERE(where),
        { "--out", "FILE", "where to; one of that name is replaced once the new one is whole", true,
          &out },
    };
    enum options_result r =
        options_read("backup",
                     "Copies everything that the hub holds, keys included, into one file, while it "
                     "serves. Whoever"
                     " has that file can be this hub: keep it as you keep its keys.",
                     rows, COUNT_OF(rows), argc, argv);
    struct why why = { 0 };
    struct hub *h = NULL;
    if (r != OPTIONS_OK)
        return command_usage(r);

    enum err rc = command_open(&where, false, &h, &why);
    if (rc == ERR_OK) {
        rc = hubstore_backup(h->store, out, hub_now(h).wall_ms, &why);
        if (rc != ERR_OK)
            (void)why_in(&why, rc, "write %s", out);
    }
    int status =
        rc == ERR_OK ? command_said("backup", 0) : command_not_opened("backup", rc, &where, &why);
    command_close(h);
    return status;
}

int command_verify_backup(const char *file)
{
    const struct hubstore_where where = { .file = file };
    struct hub_backup_verdict v;
    struct hubstore *s = NULL;
    char made[CLOCK_ISO] = "at no known time";
    struct why why = { 0 };
    struct fs_stat st;
    enum err rc = fs_stat(file, &st, &why);

    if (rc == ERR_OK)
        rc = hubstore_open(&where, HUBSTORE_READ, &s, &why);
    if (rc == ERR_OK)
        rc = hubstore_backup_verify(s, command_print_fault, NULL, &v, &why);
    hubstore_close(s);
    if (rc != ERR_OK) {
        (void)why_in(&why, rc, "verify %s", file);
        return command_failed("verify", &why);
    }
    if (v.made_ms > 0)
        clock_iso(made, v.made_ms);
    (void)printf("hub %s, epoch %s, made %s: %" PRIu64 " sites, %" PRIu64 " kiosks, %" PRIu64
                 " attachments\n",
                 v.hub, v.epoch, made, v.sites, v.kiosks, v.files);
    command_print_verdict(&v.log, v.faults);
    if (v.faults == 0)
        return command_said("verify", 0);
    (void)why_set(&why, ERR_CONFLICT, 0, "%" PRIu64 " faults in %s; use another backup", v.faults,
                  file);
    (void)command_said("verify", 1);
    return command_failed("verify", &why);
}

int command_restore(int argc, char **argv)
{
    struct command_where where = { .data = NULL };
    struct hubstore_where to;
    const char *from = NULL;
    const char *replace = NULL;
    const char *damaged = NULL;
    const struct option_row rows[] = {
        { "--from", "FILE", "the backup", true, &from },
        { "--data", "DIR", "the folder where the hub is to be; made when it is not there", false,
          &where.data },
        COMMAND_DATABASE(where),
        { "--replace", NULL, "a hub that is there goes aside, whole, and this one takes its place",
          false, &replace },
        { "--damaged", NULL, "as much as there is of a backup that `verify` finds faults in", false,
          &damaged },
    };
    enum options_result r = options_read(
        "restore",
        "Puts a backup back, of a folder or of a database. It begins a new epoch: its kiosks give "
        "back"
        " what they hold at their next contact, revocations first. Codes that were open are void.",
        rows, COUNT_OF(rows), argc, argv);
    const struct clock_options as = { .now = NULL };
    struct hub_restored done = { .lines = 0 };
    struct clock *clock = NULL;
    struct why why = { 0 };
    if (r != OPTIONS_OK)
        return command_usage(r);

    enum err rc = command_place(&where, &to, &why);
    if (rc == ERR_OK)
        rc = clock_new(&as, &clock, &why);
    done.damaged = damaged != NULL;
    if (rc == ERR_OK)
        rc = hubstore_restore(&to, from, replace != NULL, clock_read(clock).wall_ms, &done, &why);
    clock_free(clock);
    if (rc != ERR_OK)
        return command_not_opened("restore", rc, &where, &why);
    (void)printf("hub %s: %" PRId64 " lines of %" PRId64 " sites; epoch %s begins\n", done.hub,
                 done.lines, done.sites, done.epoch);
    if (done.erased > 0)
        (void)printf("%" PRId64 " people's names stay erased\n", done.erased);
    if (done.revoked > 0)
        (void)printf("%" PRId64 " kiosks stay revoked\n", done.revoked);
    if (done.accounts > 0)
        (void)printf("%" PRId64 " accounts of the console are as they were: look through them by"
                     " canny-hub account --list, and end again who has left since\n",
                     done.accounts);
    if (done.aside[0] != '\0')
        (void)printf("what was there before is in %s\n", done.aside);
    return command_said("restore", 0);
}
