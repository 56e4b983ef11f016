/* The commands for a stick: what it brings goes in, what its site's kiosks miss goes out. */
#include <inttypes.h>
#include <stdio.h>

#include "sync/hub/commands.h"
#include "sync/hub/commands_parts.h"
#include "sync/hub/content_stick.h"
#include "sync/hub/courier.h"

static void stick_print(void *ctx, const char *file, const char *what)
{
    (void)ctx;
    (void)printf("%s\t%s\n", file, what);
}

int command_import(int argc, char **argv)
{
    struct command_where where = { .data = NULL };
    const char *stick = NULL;
    const struct option_row rows[] = {
        COMMAND_WHERE(where),
        { "--stick", "DIR", "where the stick is mounted", true, &stick },
    };
    enum options_result r = options_read(
        "import",
        "Takes in what kiosks have put on a stick; the hub may serve meanwhile. One line a file.",
        rows, COUNT_OF(rows), argc, argv);
    struct courier c = { .tell = stick_print };
    struct why why = { 0 };
    if (r != OPTIONS_OK)
        return command_usage(r);

    c.root = stick;
    enum err rc = command_open(&where, false, &c.hub, &why);
    if (rc == ERR_OK && c.hub->self.id[0] == '\0')
        rc = why_set(&why, ERR_CONFLICT, 0, "the hub's key is missing; put it back from a backup");
    if (rc == ERR_OK)
        rc = courier_take(&c, &why);
    if (rc == ERR_OK)
        (void)printf("%zu files, %" PRIu64 " new lines, %zu refused", c.tally.files, c.tally.lines,
                     c.tally.refused);
    if (rc == ERR_OK && c.tally.others > 0)
        (void)printf(", %zu for others", c.tally.others);
    if (rc == ERR_OK)
        (void)printf("\n");
    command_close(c.hub);
    if (rc != ERR_OK)
        return command_not_opened("import", rc, &where, &why);
    if (c.tally.refused == 0)
        return command_said("import", 0);
    (void)command_said("import", 1);
    (void)why_set(&why, ERR_INPUT, 0,
                  "%zu of %zu files were refused and left on the stick; why stands by each",
                  c.tally.refused, c.tally.files);
    return command_failed("import", &why);
}

int command_export_stick(struct command_where *where, const char *stick, const char *site)
{
    struct courier c = { .tell = stick_print, .root = stick };
    struct why why = { 0 };
    enum err rc = command_open(where, false, &c.hub, &why);

    if (rc == ERR_OK && c.hub->self.id[0] == '\0')
        rc = why_set(&why, ERR_CONFLICT, 0, "the hub's key is missing; put it back from a backup");
    if (rc == ERR_OK)
        rc = courier_give(&c, site, &why);
    struct content_stick content = { .stick = stick };
    if (rc == ERR_OK) {
        content.store = c.hub->store;
        rc = content_stick(&content, &why);
    }
    if (rc == ERR_OK)
        (void)printf("%" PRIu64 " lines, %" PRId64 " bytes, %zu refused%s\n", c.tally.lines,
                     c.tally.bytes, c.tally.refused, c.tally.left > 0 ? "; more next time" : "");
    if (rc == ERR_OK && content.files > 0)
        (void)printf("content: %zu files, %" PRId64 " bytes\n", content.files, content.bytes);
    command_close(c.hub);
    if (rc != ERR_OK)
        return command_not_opened("export", rc, where, &why);
    return command_said("export", c.tally.refused > 0 ? 1 : 0);
}
