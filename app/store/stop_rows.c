#include "app/store/stop_rows.h"

#include <string.h>

#include "app/domain/caldate.h"
#include "app/store/query_rows.h"

enum { ROWS_BYTES_MAX = 32 * 1024 * 1024 };

#define SAID_WORDS                                                                                 \
    "select item, notice, mark, event, actor, revision, open, at_ms from stop_now where "
#define SAID_ORDER " order by item, hlc, device, seq"

/* As the register line in force says, and as any check ever said: a bottle that once held it is looked at. */
#define INSIDE_WORDS(register, checks)                                                             \
    "select i.id, f.value from item i cross join item_fact f on f.event = i.event"                 \
    " and f.key = 'chemical' where " register " union select k.item, k.value from check_fact k "   \
                                              "where k.key = 'chemical' and " checks               \
                                              " order by 1, 2"

static const char *row_text(struct stop_rows *r, struct db_stmt *q, int col)
{
    const char *text = arena_strdup(&r->a, db_text(q, col));

    return text == NULL ? "" : text; /* the arena's failed flag tells */
}

static void said_fill(struct stop_rows *r)
{
    while (db_step(&r->ask)) {
        struct stop_said_row *rows =
            rows_grow(&r->a, r->said, r->said_count, &r->said_cap, sizeof *r->said);

        if (rows == NULL)
            return;
        r->said = rows;
        rows[r->said_count++] = (struct stop_said_row){
            .item = row_text(r, &r->ask, 0),
            .notice = row_text(r, &r->ask, 1),
            .mark = row_text(r, &r->ask, 2),
            .event = row_text(r, &r->ask, 3),
            .actor = row_text(r, &r->ask, 4),
            .revision = (int)db_i64(&r->ask, 5),
            .open = db_i64(&r->ask, 6) != 0,
            .at_ms = db_i64(&r->ask, 7),
        };
    }
}

static void inside_fill(struct stop_rows *r)
{
    while (db_step(&r->ask_inside)) {
        struct stop_inside *rows =
            rows_grow(&r->a, r->inside, r->inside_count, &r->inside_cap, sizeof *r->inside);

        if (rows == NULL)
            return;
        r->inside = rows;
        rows[r->inside_count++] = (struct stop_inside){
            .item = row_text(r, &r->ask_inside, 0),
            .chemical = row_text(r, &r->ask_inside, 1),
        };
    }
}

/* On a day gone by what had not come yet said nothing. */
static bool stop_counts(const struct stop_rows *r, const struct stop *s)
{
    if (r->store->stops_lent && s->day != CALDATE_NONE && s->day > r->when.today)
        return false;
    return stop_holds(s, r->when.today, r->when.clock_untrusted);
}

void stop_rows_begin(struct stop_rows *r, struct store *s, struct query_when when, bool all)
{
    bool any = false;

    *r = (struct stop_rows){ .store = s, .when = when, .all = all };
    arena_init(&r->a, ROWS_BYTES_MAX);
    r->rc = stops_now(s, &r->stops, &r->why);
    if (r->rc != ERR_OK || r->stops == NULL)
        return;
    for (size_t i = 0; i < r->stops->count; i++) {
        any = any || stop_counts(r, &r->stops->rows[i]);
        r->chemicals = r->chemicals || r->stops->rows[i].chemical_count > 0;
    }
    if (!any) {
        r->stops = NULL;
        return;
    }
    r->ask =
        db_prepare(&s->db, all ? SAID_WORDS "true" SAID_ORDER : SAID_WORDS "item = ?1" SAID_ORDER);
    if (all)
        said_fill(r);
    if (!r->chemicals)
        return;
    r->ask_inside = db_prepare(&s->db, all ? INSIDE_WORDS("true", "true")
                                           : INSIDE_WORDS("i.id = ?1", "k.item = ?1"));
    if (all)
        inside_fill(r);
}

static void rows_one(struct stop_rows *r, const char *item)
{
    if (r->all)
        return;
    r->said_count = 0;
    db_again(&r->ask);
    db_bind_text(&r->ask, 1, item);
    said_fill(r);
    if (!r->chemicals)
        return;
    r->inside_count = 0;
    db_again(&r->ask_inside);
    db_bind_text(&r->ask_inside, 1, item);
    inside_fill(r);
}

/* Every chemical that is or was in it: none may be left out, as it may be the one that is named. In the arena. */
static const char **inside_of(const struct stop_rows *r, const char *item, struct arena *a,
                              size_t *out_count)
{
    size_t from = str_rows_from(r->inside, r->inside_count, sizeof *r->inside, item);
    size_t to = from;
    const char **out;

    *out_count = 0;
    for (; to < r->inside_count && str_eq(r->inside[to].item, item);)
        to++;
    out = to == from ? NULL : arena_array(a, to - from, sizeof *out);
    for (; out != NULL && from < to; from++)
        out[(*out_count)++] = r->inside[from].chemical;
    return out;
}

/* What people said of it under this notice. */
static void hit_said(const struct stop_rows *r, const char *item, const struct stop *s,
                     struct stop_hit *out)
{
    for (size_t i = str_rows_from(r->said, r->said_count, sizeof *r->said, item);
         i < r->said_count && str_eq(r->said[i].item, item); i++) {
        const struct stop_said_row *said = &r->said[i];
        int minutes = 0;

        if (!str_eq(said->notice, s->key))
            continue;
        if (str_eq(said->mark, "cleared")) {
            out->cleared = out->cleared || said->revision >= s->revision;
            continue;
        }
        out->open = out->open || said->open;
        out->found = out->found || (said->open && str_eq(said->mark, "found"));
        if (said->revision < s->revision)
            continue;
        out->answered = true;
        out->gone = str_eq(said->mark, "gone");
        out->day = caldate_london(said->at_ms, &minutes);
        out->actor = said->actor;
    }
}

/* Whether the notice holds it back. What was found to be affected stays so whatever its plate is said to be afterwards: only
   a release lets it go, and one that knew of every answer. */
static bool hit_one(struct stop_rows *r, const struct item *item, const struct stop_item *known,
                    const struct stop *s, struct stop_hit *out)
{
    *out = (struct stop_hit){ .match = stop_match(s, known), .day = CALDATE_NONE, .actor = "" };
    hit_said(r, item->id, s, out);
    if (out->found)
        out->match = STOP_IN;
    return out->match != STOP_OUT && !(out->cleared && !out->open);
}

const struct stop_hit *stop_rows_hits(struct stop_rows *r, const struct item *item, struct arena *a,
                                      size_t *out_count)
{
    struct stop_item known = {
        .kind = item->kind, .maker = item->maker, .model = item->model, .serial = item->serial
    };
    struct stop_hit *hits = NULL;
    size_t count = 0;
    size_t cap = 0;

    *out_count = 0;
    if (r->rc != ERR_OK || r->stops == NULL || item->retired)
        return NULL;
    rows_one(r, item->id);
    known.chemicals = inside_of(r, item->id, a, &known.chemical_count);
    for (size_t i = 0; i < r->stops->count; i++) {
        const struct stop *s = &r->stops->rows[i];
        struct stop_hit hit;

        if (!stop_counts(r, s) || !hit_one(r, item, &known, s, &hit))
            continue;
        hits = rows_grow(a, hits, count, &cap, sizeof *hits);
        if (hits == NULL || !stop_told(a, s, &hits[count].stop))
            return NULL; /* the arena's failed flag tells */
        hit.stop = hits[count].stop;
        hit.missing = stop_missing(a, s, &known);
        hit.actor = arena_strdup(a, hit.actor);
        hits[count++] = hit;
    }
    *out_count = count;
    return hits;
}

enum err stop_rows_end(struct stop_rows *r, struct why *why)
{
    enum err one = r->ask.db == NULL ? ERR_OK : db_end(&r->ask, r->rc == ERR_OK ? &r->why : NULL);

    r->rc = r->rc == ERR_OK ? one : r->rc;
    one = r->ask_inside.db == NULL ? ERR_OK
                                   : db_end(&r->ask_inside, r->rc == ERR_OK ? &r->why : NULL);
    r->rc = r->rc == ERR_OK ? one : r->rc;
    if (r->rc == ERR_OK && r->a.failed)
        r->rc = why_set(&r->why, ERR_NOMEM, 0, "no room for what notices hold back");
    arena_done(&r->a);
    if (r->rc != ERR_OK && why != NULL)
        *why = r->why;
    return r->rc;
}
