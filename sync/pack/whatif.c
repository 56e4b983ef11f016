#include "sync/pack/whatif.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "platform/base/clock.h"
#include "platform/base/json.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"
#include "sync/pack/pack.h"

const char pack_whatif_help[] =
    "usage: canny-pack what-if --history EXPORT.ndjson|DATA --forms FOLDER|FORM.csv\n"
    "                          [--national FOLDER] [--from DAY] [--to DAY] [--csv]\n"
    "\n"
    "Judges the records of a history again, by forms as they would be, and lists those whose "
    "outcome\n"
    "would differ: which record, which rows, and what each was held against. Nothing is written.\n"
    "\n"
    "  --history   what `canny export --format ndjson` wrote, or a kiosk's data folder\n"
    "  --forms     the changed forms\n"
    "  --national  where the forms are that did not change, a folder or a repository; records of "
    "them\n"
    "              are judged too\n"
    "  --from --to the first and the last day of the records to judge, as 2026-08-01\n"
    "  --csv       a table for a spreadsheet, in the place of lines to read\n"
    "\n"
    "What a form asks of the item is what the register and the records before said. A calculation "
    "that\n"
    "asked for more (last(), stock()) keeps what it gave on the day, which the record holds. A "
    "record that was corrected or undone later is left out and counted. "
    "One\n"
    "whose answers do not settle the changed form is told with the reason.\n"
    "\n"
    "  canny export --data /var/lib/canny --format ndjson >history.ndjson\n"
    "  canny-pack what-if --history history.ndjson --forms our-council/forms\n"
    "\n"
    "Exit status: 0 done, 1 it could not be read, 2 wrong usage.\n";

struct reason {
    const char *form, *text;
    size_t count;
};

struct whatif {
    const char *history, *changed, *national;
    int32_t from, to;
    bool csv;
    struct whatif_forms forms;
    struct whatif_facts *facts;
    struct arena kept;
    uint64_t *gone; /* names of events that count no more, sorted once all are read */
    size_t gone_count;
    size_t first, second; /* records met each time the history was read */
    size_t records, judged, differ, unknown, left_out, elsewhere, unread;
    struct reason reasons[WHATIF_REASONS_MAX];
    size_t reason_count;
};

/* ---- what counts no more ---- */

/* Eight bytes stand for an event's name: two of a million being alike is beyond belief. */
static uint64_t name_of(const char *event)
{
    uint8_t hash[KEYS_HASH];
    uint64_t out = 0;

    keys_sha256(hash, event, strlen(event));
    memcpy(&out, hash, sizeof out);
    return out;
}

static int names_order(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;

    return (*x > *y) - (*x < *y);
}

static bool is_gone(const struct whatif *w, const char *event)
{
    uint64_t name = name_of(event);

    return w->gone_count > 0 &&
           bsearch(&name, w->gone, w->gone_count, sizeof name, names_order) != NULL;
}

static enum err take_gone(void *ctx, const struct event *e, struct arena *a, struct why *why)
{
    struct whatif *w = ctx;
    const char *target =
        json_str(e->body, str_eq(e->kind, "check.withdrawn") ? "check" : "corrects");

    (void)a;
    if (str_eq(e->kind, "item.registered"))
        return ERR_OK;
    w->first += str_eq(e->kind, "check.recorded") ? 1 : 0;
    if (target == NULL || *target == '\0')
        return ERR_OK;
    if (w->gone_count == WHATIF_GONE_MAX)
        return why_set(why, ERR_LIMIT, 0,
                       "more than %d corrections; judge a part, with --from and --to",
                       WHATIF_GONE_MAX);
    w->gone[w->gone_count++] = name_of(target);
    return ERR_OK;
}

/* ---- what is told ---- */

/* A cell that would start a formula gets an apostrophe in front. */
static void put_cell(const char *text, bool last)
{
    (void)putchar('"');
    if (text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL)
        (void)putchar('\'');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            (void)putchar('"');
        (void)putchar(*text);
    }
    (void)fputs(last ? "\"\r\n" : "\",", stdout);
}

static void tell_row(const struct whatif *w, const char *event, const struct check *c,
                     const struct form *f, const struct whatif_result *r)
{
    bool unknown = r->verdict == WHATIF_UNKNOWN;
    const char *now = unknown ? "" : form_outcome_name(r->now);
    const char *words = unknown ? r->reason : r->rows;
    char day[CALDATE_TEXT];

    caldate_iso(day, c->day);
    if (w->csv) {
        const char *const cells[] = {
            event, day, c->item, c->form, c->form_version, f->version, form_outcome_name(c->outcome)
        };

        for (size_t i = 0; i < COUNT_OF(cells); i++)
            put_cell(cells[i], false);
        put_cell(now, false);
        put_cell(words, true);
    } else if (!unknown) {
        (void)printf("%s  %s  item %s  %s %s -> %s  %s -> %s: %s\n", event, day, c->item, c->form,
                     c->form_version, f->version, form_outcome_name(c->outcome), now,
                     *words != '\0' ? words : "no row decides otherwise");
    }
}

static void keep_reason(struct whatif *w, const char *form, const char *text)
{
    struct reason *r;

    for (size_t i = 0; i < w->reason_count; i++) {
        if (str_eq(w->reasons[i].form, form) && str_eq(w->reasons[i].text, text)) {
            w->reasons[i].count++;
            return;
        }
    }
    if (w->reason_count == WHATIF_REASONS_MAX)
        return;
    r = &w->reasons[w->reason_count];
    *r = (struct reason){ .form = arena_strdup(&w->kept, form),
                          .text = arena_strdup(&w->kept, text),
                          .count = 1 };
    if (r->form != NULL && r->text != NULL)
        w->reason_count++;
}

static const char *s_of(size_t count)
{
    return count == 1 ? "" : "s";
}

static void tell_sum(const struct whatif *w)
{
    FILE *to = w->csv ? stderr : stdout;

    for (size_t i = 0; i < w->reason_count; i++)
        (void)fprintf(to, "not judged: %zu of %s: %s\n", w->reasons[i].count, w->reasons[i].form,
                      w->reasons[i].text);
    if (w->unread > 0)
        (void)fprintf(to, "not read: %zu record%s of a newer program\n", w->unread,
                      s_of(w->unread));
    (void)fprintf(
        to,
        "%zu record%s: %zu judged again, %zu differ%s, %zu could not be judged, %zu corrected "
        "or undone later, %zu of forms that are not here\n",
        w->records, s_of(w->records), w->judged, w->differ, w->differ == 1 ? "s" : "", w->unknown,
        w->left_out, w->elsewhere);
}

/* ---- one record ---- */

enum { NOW_TEXT = CALDATE_TEXT + 16 };

/* When it was signed, as the person's clock on the wall had it: forms ask whether a time is still to come.
   A record of an earlier day was typed in afterwards, and nobody knows the hour. */
static const char *signed_at(const struct event *e, const struct check *c, char out[NOW_TEXT])
{
    char day[CALDATE_TEXT];
    int64_t ms = 0;
    int minutes = 0;

    if (!clock_parse_iso(e->at, &ms) || caldate_london(ms, &minutes) != c->day)
        return NULL;
    caldate_iso(day, c->day);
    (void)str_format(out, NOW_TEXT, "%sT%02d:%02d:00", day, minutes / 60, minutes % 60);
    return out;
}

static enum err judge_record(struct whatif *w, const struct event *e, const char *event,
                             const struct check *c, struct arena *a, struct why *why)
{
    const struct form *f = whatif_form(&w->forms, c->form);
    char now[NOW_TEXT];
    const struct whatif_known known = {
        .event = e, .now = signed_at(e, c, now), .nuclides = &w->forms.nuclides, .facts = w->facts
    };
    struct whatif_result result;
    enum err rc;

    if (f == NULL) {
        w->elsewhere++;
        return ERR_OK;
    }
    rc = whatif_judge(a, f, c, &known, &result, why);
    if (rc != ERR_OK)
        return rc;
    if (result.verdict == WHATIF_UNKNOWN) {
        w->unknown++;
        keep_reason(w, c->form, result.reason);
    } else {
        w->judged++;
        w->differ += result.verdict == WHATIF_DIFFERS ? 1 : 0;
    }
    if (result.verdict != WHATIF_SAME)
        tell_row(w, event, c, f, &result);
    return ERR_OK;
}

/* What a record found of its item is known to those after it, whether it is judged here or not. */
static enum err take_record(void *ctx, const struct event *e, struct arena *a, struct why *why)
{
    struct whatif *w = ctx;
    char event[EVENT_ID_TEXT];
    struct check c;
    bool wanted, gone;
    enum err rc = ERR_OK;

    if (str_eq(e->kind, "item.registered"))
        whatif_facts_item(w->facts, e);
    if (!str_eq(e->kind, "check.recorded"))
        return ERR_OK;
    w->second++;
    if (check_read(a, e->body, &c, NULL) != ERR_OK) {
        w->records++;
        w->unread++;
        return ERR_OK;
    }
    wanted =
        (w->from == CALDATE_NONE || c.day >= w->from) && (w->to == CALDATE_NONE || c.day <= w->to);
    event_id(event, e->device, e->seq);
    gone = is_gone(w, event);
    w->records += wanted ? 1 : 0;
    w->left_out += wanted && gone ? 1 : 0;
    if (wanted && !gone)
        rc = judge_record(w, e, event, &c, a, why);
    if (!gone)
        whatif_facts_check(w->facts, e, &c);
    return rc;
}

/* ---- options ---- */

static bool day_option(const char *text, int32_t *out)
{
    return caldate_parse(text, out);
}

static bool whatif_options(struct whatif *w, int count, char **args)
{
    for (int i = 0; i < count; i++) {
        const char *value = i + 1 < count ? args[i + 1] : NULL;

        if (str_eq(args[i], "--csv")) {
            w->csv = true;
            continue;
        }
        if (value == NULL)
            return false;
        i++;
        if (str_eq(args[i - 1], "--history"))
            w->history = value;
        else if (str_eq(args[i - 1], "--forms"))
            w->changed = value;
        else if (str_eq(args[i - 1], "--national"))
            w->national = value;
        else if (str_eq(args[i - 1], "--from") ? !day_option(value, &w->from)
                 : str_eq(args[i - 1], "--to") ? !day_option(value, &w->to)
                                               : true)
            return false;
    }
    return w->history != NULL && w->changed != NULL;
}

static enum err whatif_run(struct whatif *w, struct why *why)
{
    enum err rc = whatif_forms_read(&w->forms, w->changed, w->national, why);

    if (rc == ERR_OK)
        rc = whatif_history(w->history, take_gone, w, why);
    if (rc != ERR_OK)
        return rc;
    qsort(w->gone, w->gone_count, sizeof *w->gone, names_order);
    if (w->csv)
        (void)fputs("event,day,item,form,version_then,version_now,outcome_then,outcome_now,why\r\n",
                    stdout);
    rc = whatif_history(w->history, take_record, w, why);
    if (rc == ERR_OK && w->first != w->second)
        rc = why_set(why, ERR_INPUT, 0,
                     "%s was not the same when it was read again; name a file and no pipe, that "
                     "nothing writes to",
                     w->history);
    if (rc == ERR_OK)
        tell_sum(w);
    if (rc == ERR_OK && (fflush(stdout) != 0 || ferror(stdout) != 0))
        rc = why_set(why, ERR_IO, 0, "the list could not be written");
    return rc;
}

int pack_whatif(int count, char **args)
{
    struct whatif *w = calloc(1, sizeof *w);
    struct why why = { 0 };
    int status = 1;

    if (w == NULL)
        return 1;
    w->from = w->to = CALDATE_NONE;
    arena_init(&w->kept, (size_t)32 * 1024 * 1024);
    if (!whatif_options(w, count, args)) {
        (void)fprintf(stderr, "canny-pack what-if: needs --history and --forms, and days as "
                              "2026-08-01; see canny-pack what-if --help\n");
        status = 2;
    } else {
        w->gone = arena_array(&w->kept, WHATIF_GONE_MAX, sizeof *w->gone);
        w->facts = whatif_facts_new();
        if (w->gone == NULL || w->facts == NULL)
            (void)why_set(&why, ERR_NOMEM, 0, "no memory");
        else if (whatif_run(w, &why) == ERR_OK)
            status = 0;
        if (status != 0)
            (void)fprintf(stderr, "canny-pack what-if: %s\n", why.text);
        whatif_forms_done(&w->forms);
        whatif_facts_free(w->facts);
    }
    arena_done(&w->kept);
    free(w);
    return status;
}
