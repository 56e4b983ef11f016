/* The command that lets go of what was kept long enough. It first says what would go, with a code of just that; only with
   this code does it do it, so that nothing goes which nobody has looked at. */
#include <stdio.h>
#include <string.h>

#include "platform/base/fs.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"
#include "sync/hub/commands.h"
#include "sync/hub/commands_parts.h"
#include "sync/hub/hub.h"
#include "sync/hub/hubstore_retention.h"
#include "sync/hub/options.h"

enum {
    RETENTION_RULES_MAX = 16,
    RETENTION_FILE_MAX = 16 * 1024,
    RETENTION_MONTHS_MAX = 1200,
    RETENTION_CODE = 8, /* hex digits */
    RETENTION_ROWS_ARENA = 64 * 1024 * 1024,
};

struct retention_rule {
    enum hub_old_what what;
    const char *name, *source;
    int months;
};

static const struct {
    const char *name;
    enum hub_old_what what;
} retention_whats[] = {
    { "names", HUB_OLD_NAMES },
    { "voices", HUB_OLD_VOICES },
    { "alarms", HUB_OLD_ALARMS },
};

struct retention_row {
    struct hub_old old;
    struct retention_row *next;
};

struct retention {
    struct arena a;
    struct retention_rule rules[RETENTION_RULES_MAX];
    size_t rule_count;
    struct retention_row *first, **end;
    size_t at; /* rule under way */
    struct buf told;
};

/* "names 72 whose rule it is", a line each. */
static enum err retention_rule(struct retention *r, char *line, int no, struct why *why)
{
    struct retention_rule *rule = &r->rules[r->rule_count];
    char *save = NULL;
    const char *name = strtok_r(line, " \t", &save);
    const char *months = strtok_r(NULL, " \t", &save);
    const char *source = strtok_r(NULL, "", &save);
    int64_t n = 0;

    if (name == NULL || name[0] == '#')
        return ERR_OK;
    if (r->rule_count == RETENTION_RULES_MAX)
        return why_set(why, ERR_LIMIT, 0, "line %d: more than %d rules", no, RETENTION_RULES_MAX);
    for (size_t i = 0; i < COUNT_OF(retention_whats); i++)
        if (strcmp(retention_whats[i].name, name) == 0)
            *rule = (struct retention_rule){ .what = retention_whats[i].what,
                                             .name = retention_whats[i].name };
    if (rule->name == NULL)
        return why_set(why, ERR_INPUT, 0, "line %d: %.40s is not one of names, voices, alarms", no,
                       name);
    if (months == NULL || !str_to_i64(months, &n) || n < 1 || n > RETENTION_MONTHS_MAX)
        return why_set(why, ERR_INPUT, 0, "line %d: say for how many months, 1 to %d", no,
                       RETENTION_MONTHS_MAX);
    if (source == NULL || source[strspn(source, " \t")] == '\0')
        return why_set(why, ERR_INPUT, 0, "line %d: say whose rule it is", no);
    rule->months = (int)n;
    rule->source = source + strspn(source, " \t");
    r->rule_count++;
    return ERR_OK;
}

static enum err retention_read(struct retention *r, const char *path, struct why *why)
{
    char *text = NULL;
    size_t len = 0;
    int no = 0;
    enum err rc = fs_read(&r->a, path, RETENTION_FILE_MAX, &text, &len, why);

    while (rc == ERR_OK && text != NULL) {
        char *next = strchr(text, '\n');
        if (next != NULL)
            *next++ = '\0';
        text[strcspn(text, "\r")] = '\0';
        rc = retention_rule(r, text, ++no, why);
        text = next;
    }
    if (rc == ERR_OK && r->rule_count == 0)
        rc = why_set(why, ERR_INPUT, 0, "there is no rule in it");
    return rc == ERR_OK ? rc : why_in(why, rc, "%s", path);
}

/* A number that stands in our own text. */
static int retention_digits(const char *at, int count)
{
    int n = 0;

    while (count-- > 0)
        n = n * 10 + (*at++ - '0');
    return n;
}

/* So many months before now, on the same day of the month or the last one that it has. */
static int64_t retention_before(int64_t now_ms, int months)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    char iso[CLOCK_ISO];
    int64_t ms = 0;

    clock_iso(iso, now_ms); /* 2026-11-23T... */
    int all = retention_digits(iso, 4) * 12 + retention_digits(iso + 5, 2) - 1 - months;
    int day = retention_digits(iso + 8, 2);
    int year = all / 12;
    int month = all % 12 + 1;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    int last = days[month - 1] + (month == 2 && leap ? 1 : 0);

    (void)str_format(iso, sizeof(iso), "%04d-%02d-%02dT00:00:00.000Z", year, month,
                     day > last ? last : day);
    return year >= 1970 && clock_parse_iso(iso, &ms) ? ms : 0;
}

static enum err retention_row(void *ctx, const struct hub_old *old, struct why *why)
{
    struct retention *r = ctx;
    struct retention_row *row = arena_alloc(&r->a, sizeof(*row));
    char at[CLOCK_ISO];

    if (row != NULL) {
        *row = (struct retention_row){ .old = *old };
        row->old.id = arena_strdup(&r->a, old->id);
        row->old.site_name = arena_strdup(&r->a, old->site_name);
    }
    if (r->a.failed)
        return why_set(why, ERR_NOMEM, 0, "no room for what is old enough");
    *r->end = row;
    r->end = &row->next;
    clock_iso(at, old->at_ms);
    at[strlen("2026-11-23")] = '\0';
    if (old->what == HUB_OLD_NAMES)
        buf_printf(&r->told, "names\t%s\t%s\tlast named in a line on %s\n", old->id, old->site_name,
                   old->at_ms > 0 ? at : "no day that is known");
    else
        buf_printf(&r->told, "%s\t%zu\tfrom before %s\n", r->rules[r->at].name, old->count, at);
    return ERR_OK;
}

static enum err retention_look(struct retention *r, struct hub *h, struct why *why)
{
    int64_t now_ms = hub_now(h).wall_ms;
    enum err rc = hubstore_follow(h->store, 0, why);

    for (r->at = 0; r->at < r->rule_count && rc == ERR_OK; r->at++) {
        const struct retention_rule *rule = &r->rules[r->at];
        buf_printf(&r->told, "# %s: %d months (%s)\n", rule->name, rule->months, rule->source);
        rc = hubstore_old_each(h->store, rule->what, retention_before(now_ms, rule->months),
                               retention_row, r, why);
    }
    return rc == ERR_OK ? buf_done(&r->told, why) : rc;
}

static enum err retention_do(struct retention *r, struct hub *h, const char *run, struct why *why)
{
    char hash[KEYS_ID_TEXT];
    enum err rc = ERR_OK;

    keys_sha256_hex(hash, r->told.data, r->told.len);
    hash[RETENTION_CODE] = '\0';
    (void)fwrite(r->told.data, 1, r->told.len, stdout);
    if (r->first == NULL) {
        (void)printf("nothing is old enough\n");
        return ERR_OK;
    }
    if (run == NULL) {
        (void)printf("nothing was done yet; to do just this, add --run %s\n", hash);
        return ERR_OK;
    }
    if (strcmp(run, hash) != 0)
        return why_set(why, ERR_CONFLICT, 0,
                       "what would go is not what was looked at with %.20s; look at it above, and"
                       " say --run %s if it shall go",
                       run, hash);
    for (const struct retention_row *row = r->first; row != NULL && rc == ERR_OK; row = row->next)
        rc = hubstore_old_drop(h->store, &row->old, hub_now(h), why);
    if (rc == ERR_OK)
        (void)printf("done\n");
    return rc;
}

int command_retention(int argc, char **argv)
{
    struct command_where where = { .data = NULL };
    const char *rules = NULL;
    const char *run = NULL;
    const struct option_row rows[] = {
        COMMAND_WHERE(where),
        { "--rules", "FILE", "a rule a line: names|voices|alarms MONTHS WHOSE-RULE-IT-IS", true,
          &rules },
        { "--run", "CODE", "do what the last look, which gave this code, said", false, &run },
    };
    enum options_result o = options_read(
        "retention",
        "Says what has been kept long enough; with --run erases the names and deletes the rest.",
        rows, COUNT_OF(rows), argc, argv);
    struct retention r = { .rule_count = 0 };
    struct why why = { 0 };
    struct hub *h = NULL;
    if (o != OPTIONS_OK)
        return command_usage(o);

    r.end = &r.first;
    arena_init(&r.a, RETENTION_ROWS_ARENA);
    buf_init(&r.told, RETENTION_ROWS_ARENA);
    enum err rc = retention_read(&r, rules, &why);
    bool opened = rc == ERR_OK;
    if (opened)
        rc = command_open(&where, false, &h, &why);
    if (rc == ERR_OK)
        rc = retention_look(&r, h, &why);
    if (rc == ERR_OK)
        rc = retention_do(&r, h, run, &why);
    int status = rc == ERR_OK ? command_said("retention", 0)
                 : opened     ? command_not_opened("retention", rc, &where, &why)
                              : command_failed("retention", &why);
    buf_free(&r.told);
    arena_done(&r.a);
    command_close(h);
    return status;
}
