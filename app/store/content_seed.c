#include "app/store/content_seed.h"

/* The example school: recorded as events into a store without lines. Ids come from the school's id
   and the label or name, so two kiosks that start apart mean the same things. */

#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/csv.h"
#include "app/store/content_db.h"
#include "app/store/content_index.h"
#include "app/store/store.h"

enum { SEED_ARENA_MAX = 16 * 1024 * 1024, SEED_DAYS_MAX = 3650 };

/* The setting that says that the PINs are yet to be set. */
static const char seed_pins_wait[] = "seed.pins_wait";

struct seed {
    struct content *content;
    struct store *store;
    struct clock *clock;
    struct arena a;
    const char *school;
    size_t lines;
};

/* A row by the names of its columns. */
struct seed_row {
    const struct csv_row *header, *row;
    size_t number;
};

static const char *cell(const struct seed_row *r, const char *column)
{
    for (size_t i = 0; i < r->header->count && i < r->row->count; i++) {
        if (str_eq(r->header->cells[i], column))
            return r->row->cells[i];
    }
    return "";
}

static void seed_id(const struct seed *s, const char *what, const char *name,
                    char out[KEYS_RANDOM_ID])
{
    char hex[KEYS_ID_TEXT];
    struct buf b;

    buf_init(&b, 4096);
    buf_printf(&b, "%s:%s:%s", what, s->school, name);
    keys_sha256_hex(hex, b.data, b.len);
    buf_free(&b);
    hex[KEYS_RANDOM_ID - 1] = '\0';
    (void)str_copy(out, KEYS_RANDOM_ID, hex);
}

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

static enum err seed_item(struct seed *s, const struct seed_row *r, struct why *why)
{
    char id[KEYS_RANDOM_ID];
    const struct item_draft item = {
        .id = id,
        .label = cell(r, "label"),
        .kind = cell(r, "kind"),
        .name = cell(r, "name"),
        .detail = cell(r, "detail"),
        .room = cell(r, "room"),
        .shelf = cell(r, "shelf"),
        .maker = cell(r, "maker"),
        .model = cell(r, "model"),
        .serial = cell(r, "serial"),
    };

    if (item.label[0] == '\0')
        return why_set(why, ERR_INPUT, 0, "the label is missing");
    seed_id(s, "item", item.label, id);
    return store_register_item(s->store, clock_read(s->clock), "", &item, NULL, why);
}

static enum err seed_person(struct seed *s, const struct seed_row *r, struct why *why)
{
    char id[KEYS_RANDOM_ID];
    const char *name = cell(r, "name");
    enum err rc;

    seed_id(s, "person", name, id);
    rc = store_add_person(s->store, clock_read(s->clock), "", id, name, cell(r, "role"), NULL, why);
    if (rc == ERR_OK && cell(r, "badge")[0] != '\0')
        rc = store_issue_badge(s->store, clock_read(s->clock), "", id, cell(r, "badge"), why);
    if (rc == ERR_OK && cell(r, "pin")[0] != '\0')
        rc = store_pin_fit(cell(r, "pin"), why);
    return rc;
}

static enum err seed_pin(struct seed *s, const struct seed_row *r, struct why *why)
{
    char id[KEYS_RANDOM_ID];
    struct db_stmt q;
    bool has;
    enum err rc;

    if (cell(r, "pin")[0] == '\0')
        return ERR_OK;
    seed_id(s, "person", cell(r, "name"), id);
    q = db_prepare(&s->store->db, "select 1 from local_pin where person = ?1");
    db_bind_text(&q, 1, id);
    has = db_step(&q);
    rc = db_end(&q, why);
    return rc != ERR_OK || has ? rc : store_set_pin(s->store, id, cell(r, "pin"), why);
}

static bool seed_outcome(const char *name, enum form_outcome *out)
{
    static const enum form_outcome all[] = { OUTCOME_PASS, OUTCOME_ADVISE, OUTCOME_FAIL,
                                             OUTCOME_QUARANTINE };

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        if (str_eq(form_outcome_name(all[i]), name)) {
            *out = all[i];
            return true;
        }
    }
    return false;
}

static enum err seed_check(struct seed *s, const struct seed_row *r, struct why *why)
{
    struct clock_now now = clock_read(s->clock);
    char item[KEYS_RANDOM_ID];
    char person[KEYS_RANDOM_ID];
    const struct form *form = NULL;
    struct check c = {
        .item = item, .competence = "", .signed_by = "badge", .reason = cell(r, "reason")
    };
    int64_t days = 0;
    int minutes = 0;
    enum err rc;

    if (!str_to_i64(cell(r, "days_ago"), &days) || days < 0 || days > SEED_DAYS_MAX)
        return why_set(why, ERR_INPUT, 0, "days_ago is a number from 0 to %d", SEED_DAYS_MAX);
    if (!seed_outcome(cell(r, "outcome"), &c.outcome))
        return why_set(why, ERR_INPUT, 0, "the outcome is pass, advise, fail or quarantine");
    rc = content_form(s->content, cell(r, "form"), &form, why);
    if (rc != ERR_OK)
        return rc;
    seed_id(s, "item", cell(r, "label"), item);
    seed_id(s, "person", cell(r, "person"), person);
    c.form = form->id;
    c.form_version = form->version;
    c.form_title = form->title;
    c.interval = form->interval == NULL ? "" : form->interval;
    c.basis = form_basis_name(form->basis);
    c.day = caldate_london(now.wall_ms, &minutes) - (int32_t)days;
    return store_record_check(s->store, now, person, &c, NULL, why);
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
        rc = seed_rows(s, "school/checks.csv", seed_check, why);
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
    rc = db_finish(&s->db, rc, why);
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
