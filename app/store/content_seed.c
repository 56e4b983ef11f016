#include "app/store/content_seed.h"

/* The example school: recorded as events into a store without lines. Ids come from the school's id
   and the label or name, so two kiosks that start apart mean the same things. */

#include <string.h>

#include "app/domain/csv.h"
#include "app/store/content_db.h"
#include "app/store/content_index.h"
#include "app/store/content_school.h"
#include "app/store/store.h"

enum { SEED_ARENA_MAX = 16 * 1024 * 1024 };

/* The setting that says that the PINs are yet to be set. */
static const char seed_pins_wait[] = "seed.pins_wait";

/* A file of the school as indexed; NULL when the content brings none. */
static enum err seed_source(struct seed *s, const char *path, char **out, size_t *out_len,
                            struct why *why)
{
    struct db_stmt q = db_prepare(&s->content->db, "select source from file where path = ?1");
    char *source = NULL;
    bool found;
    size_t len = 0;
    enum err rc;

    db_bind_text(&q, 1, path);
    found = db_step(&q);
    if (found) {
        const void *blob = db_blob(&q, 0, &len);

        source = arena_strndup(&s->a, blob, len);
    }
    rc = db_end(&q, why);
    if (rc == ERR_OK && found && source == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "no room for %s", path);
    if (rc == ERR_OK) {
        *out = source;
        *out_len = len;
    }
    return rc;
}

static enum err seed_rows(struct seed *s, const char *path,
                          enum err (*take)(struct seed *s, const struct seed_row *r,
                                           struct why *why),
                          struct why *why)
{
    static const struct csv_limits limits = { .rows_max = CONTENT_ROWS_MAX, .cell_max = 500 };
    struct csv csv = { 0 };
    char *source = NULL;
    size_t len = 0;
    unsigned at = 0;
    enum err rc = seed_source(s, path, &source, &len, why);

    if (rc != ERR_OK || source == NULL)
        return rc;
    rc = csv_parse(&s->a, source, len, limits, &csv, &at, why);
    for (size_t i = 1; i < csv.count && rc == ERR_OK; i++) {
        const struct seed_row r = { .header = &csv.rows[0], .row = &csv.rows[i], .number = i + 1 };

        if (r.row->count == 1 && r.row->cells[0][0] == '\0')
            continue;
        rc = take(s, &r, why);
        if (rc != ERR_OK)
            (void)why_in(why, rc, "row %zu", r.number);
    }
    return rc == ERR_OK ? rc : why_in(why, rc, "%s", path);
}

/* The school's own file; *out_root NULL when the content brings none. */
static enum err seed_read_school(struct seed *s, const struct json **out_root, struct why *why)
{
    const struct json *root = NULL;
    char *source = NULL;
    size_t len = 0;
    enum err rc = seed_source(s, "school/school.json", &source, &len, why);

    *out_root = NULL;
    if (rc != ERR_OK || source == NULL)
        return rc;
    rc = json_parse(&s->a, source, len, (size_t)64 * 1024, &root, why);
    s->school = json_str(root, "id");
    if (rc == ERR_OK && (s->school == NULL || json_str(root, "name") == NULL))
        rc = why_set(why, ERR_INPUT, 0, "wants \"id\" and \"name\"");
    if (rc != ERR_OK)
        return why_in(why, rc, "school/school.json");
    *out_root = root;
    return ERR_OK;
}

static enum err seed_school(struct seed *s, bool *out_there, struct why *why)
{
    const struct json *root = NULL;
    const char *name;
    enum err rc = seed_read_school(s, &root, why);

    *out_there = false;
    if (rc != ERR_OK || root == NULL)
        return rc;
    name = json_str(root, "name");
    rc = store_found_site(s->store, clock_read(s->clock), s->school, name, why);
    if (rc == ERR_OK)
        rc = store_set(s->store, "site.name", name, why);
    if (rc == ERR_OK && json_str(root, "room") != NULL)
        rc = store_set(s->store, "room", json_str(root, "room"), why);
    if (rc == ERR_OK && json_str(root, "calendar") != NULL)
        rc =
            store_set_calendar(s->store, clock_read(s->clock), "", json_str(root, "calendar"), why);
    *out_there = rc == ERR_OK;
    return rc == ERR_OK ? rc : why_in(why, rc, "school/school.json");
}

/* All of it or nothing: half a school would never be finished, since the store then has lines. */
static enum err seed_all(struct seed *s, struct why *why)
{
    int64_t before = 0;
    int64_t after = 0;
    bool there = false;
    enum err rc = db_one_i64(&s->store->db, "select count(*) from log_line", 0, &before, why);

    if (rc != ERR_OK || before != 0)
        return rc;
    rc = seed_school(s, &there, why);
    if (rc != ERR_OK || !there)
        return rc;
    rc = seed_rows(s, "school/items.csv", seed_item, why);
    if (rc == ERR_OK)
        rc = seed_rows(s, "school/people.csv", seed_person, why);
    if (rc == ERR_OK)
        rc = seed_rows(s, "school/competences.csv", seed_grant, why);
    if (rc == ERR_OK)
        rc = seed_rows(s, "school/checks.csv", seed_check, why);
    if (rc == ERR_OK)
        rc = seed_rows(s, "school/adaptations.csv", seed_adaptation, why);
    if (rc == ERR_OK)
        rc = seed_rows(s, "school/suggestions.csv", seed_suggestion, why);
    if (rc == ERR_OK)
        rc = store_set(s->store, seed_pins_wait, "1", why);
    if (rc == ERR_OK)
        rc = db_one_i64(&s->store->db, "select count(*) from log_line", 0, &after, why);
    s->lines = (size_t)after;
    return rc;
}

enum err content_seed_records(struct content *c, struct store *s, struct clock *clock,
                              size_t *out_lines, struct why *why)
{
    struct seed seed = { .content = c, .store = s, .clock = clock };
    enum err rc;

    *out_lines = 0;
    if (c->db.handle == NULL)
        return ERR_OK;
    rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "record the example school");
    arena_init(&seed.a, SEED_ARENA_MAX);
    rc = seed_all(&seed, why);
    arena_done(&seed.a);
    rc = store_finish(s, rc, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "record the example school");
    *out_lines = seed.lines;
    return ERR_OK;
}

static enum err seed_waiting_pins(struct seed *s, struct why *why)
{
    const struct json *root = NULL;
    const char *wait = "";
    enum err rc = store_get(s->store, seed_pins_wait, &s->a, &wait, why);

    if (rc != ERR_OK || wait[0] == '\0')
        return rc;
    rc = seed_read_school(s, &root, why);
    if (rc != ERR_OK || root == NULL)
        return rc;
    rc = db_begin(&s->store->db, why);
    if (rc != ERR_OK)
        return rc;
    rc = seed_rows(s, "school/people.csv", seed_pin, why);
    if (rc == ERR_OK)
        rc = store_set(s->store, seed_pins_wait, "", why);
    return db_finish(&s->store->db, rc, why);
}

enum err content_seed_pins(struct content *c, struct store *s, struct why *why)
{
    struct seed seed = { .content = c, .store = s };
    enum err rc;

    if (c->db.handle == NULL)
        return ERR_OK;
    arena_init(&seed.a, SEED_ARENA_MAX);
    rc = seed_waiting_pins(&seed, why);
    arena_done(&seed.a);
    return rc == ERR_OK ? rc : why_in(why, rc, "PINs of the example school");
}

enum err content_seed(struct content *c, struct store *s, struct clock *clock, size_t *out_lines,
                      struct why *why)
{
    enum err rc = content_seed_records(c, s, clock, out_lines, why);

    return rc == ERR_OK ? content_seed_pins(c, s, why) : rc;
}
