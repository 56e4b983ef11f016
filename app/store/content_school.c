#include "app/store/content_school.h"

#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/check.h"

enum { SEED_DAYS_MAX = 3650, SEED_ANSWERS_MAX = 40, SEED_INSTRUMENTS_MAX = 8 };

const char *seed_cell(const struct seed_row *r, const char *column)
{
    for (size_t i = 0; i < r->header->count && i < r->row->count; i++) {
        if (str_eq(r->header->cells[i], column))
            return r->row->cells[i];
    }
    return "";
}

void seed_id(const struct seed *s, const char *what, const char *name, char out[KEYS_RANDOM_ID])
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

/* Columns «fact:nuclide» and so on; an empty cell is no fact. */
static size_t seed_facts(const struct seed_row *r, struct fact *out)
{
    size_t count = 0;

    for (size_t i = 0; i < r->header->count && i < r->row->count && count < STORE_FACTS_MAX; i++) {
        if (str_starts(r->header->cells[i], "fact:") && r->row->cells[i][0] != '\0')
            out[count++] = (struct fact){ .key = r->header->cells[i] + strlen("fact:"),
                                          .value = r->row->cells[i] };
    }
    return count;
}

enum err seed_item(struct seed *s, const struct seed_row *r, struct why *why)
{
    struct fact facts[STORE_FACTS_MAX];
    char id[KEYS_RANDOM_ID];
    char kit[KEYS_RANDOM_ID] = "";
    const struct item_draft item = {
        .id = id,
        .label = seed_cell(r, "label"),
        .kind = seed_cell(r, "kind"),
        .name = seed_cell(r, "name"),
        .detail = seed_cell(r, "detail"),
        .room = seed_cell(r, "room"),
        .shelf = seed_cell(r, "shelf"),
        .maker = seed_cell(r, "maker"),
        .model = seed_cell(r, "model"),
        .serial = seed_cell(r, "serial"),
        .school = seed_cell(r, "school"),
        .kit = kit,
        .facts = facts,
        .fact_count = seed_facts(r, facts),
    };

    if (item.label[0] == '\0')
        return why_set(why, ERR_INPUT, 0, "the label is missing");
    seed_id(s, "item", item.label, id);
    if (seed_cell(r, "kit")[0] != '\0')
        seed_id(s, "item", seed_cell(r, "kit"), kit);
    return store_register_item(s->store, clock_read(s->clock), "", &item, NULL, why);
}

enum err seed_person(struct seed *s, const struct seed_row *r, struct why *why)
{
    char id[KEYS_RANDOM_ID];
    const char *name = seed_cell(r, "name");
    enum err rc;

    seed_id(s, "person", name, id);
    rc = store_add_person(s->store, clock_read(s->clock), "", id, name, seed_cell(r, "role"), NULL,
                          why);
    if (rc == ERR_OK && seed_cell(r, "badge")[0] != '\0')
        rc = store_issue_badge(s->store, clock_read(s->clock), "", id, seed_cell(r, "badge"), why);
    if (rc == ERR_OK && seed_cell(r, "pin")[0] != '\0')
        rc = store_pin_fit(seed_cell(r, "pin"), why);
    return rc;
}

enum err seed_pin(struct seed *s, const struct seed_row *r, struct why *why)
{
    char id[KEYS_RANDOM_ID];
    struct db_stmt q;
    bool has;
    enum err rc;

    if (seed_cell(r, "pin")[0] == '\0')
        return ERR_OK;
    seed_id(s, "person", seed_cell(r, "name"), id);
    q = db_prepare(&s->store->db, "select 1 from local_pin where person = ?1");
    db_bind_text(&q, 1, id);
    has = db_step(&q);
    rc = db_end(&q, why);
    return rc != ERR_OK || has ? rc : store_set_pin(s->store, id, seed_cell(r, "pin"), why);
}

/* A day as 2027-06-30, or as days from today: 400, -30. "" stays "". */
bool seed_day(struct seed *s, const char *text, char out[CALDATE_TEXT])
{
    int64_t days = 0;
    int32_t day = CALDATE_NONE;
    int minutes = 0;

    out[0] = '\0';
    if (text[0] == '\0')
        return true;
    if (str_to_i64(text, &days) && days >= -SEED_DAYS_MAX && days <= SEED_DAYS_MAX)
        day = caldate_london(clock_read(s->clock).wall_ms, &minutes) + (int32_t)days;
    else if (!caldate_parse(text, &day))
        return false;
    caldate_iso(out, day);
    return true;
}

enum err seed_grant(struct seed *s, const struct seed_row *r, struct why *why)
{
    char person[KEYS_RANDOM_ID];
    char until[CALDATE_TEXT];

    if (seed_cell(r, "person")[0] == '\0')
        return why_set(why, ERR_INPUT, 0, "the person is missing");
    if (!seed_day(s, seed_cell(r, "until"), until))
        return why_set(why, ERR_INPUT, 0, "until is a date, or a number of days from today");
    seed_id(s, "person", seed_cell(r, "person"), person);
    return store_grant(s->store, clock_read(s->clock), "", person, seed_cell(r, "code"), until,
                       seed_cell(r, "basis"), why);
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

/* «@-26» in an answer is the day so many days from today. */
static const char *seed_value(struct seed *s, const char *value)
{
    char day[CALDATE_TEXT];

    if (value[0] != '@' || !seed_day(s, value + 1, day))
        return value;
    value = arena_strdup(&s->a, day);
    return value == NULL ? "" : value;
}

/* «name=value; name=value»: the form's rows with these answers. */
static enum err seed_answers(struct seed *s, const struct form *f, const char *text,
                             struct check *c, struct why *why)
{
    c->answers = arena_array(&s->a, SEED_ANSWERS_MAX, sizeof *c->answers);
    if (c->answers == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for a check");
    while (*text != '\0') {
        size_t len = strcspn(text, ";");
        char *pair = arena_strndup(&s->a, text, len);
        char *value = pair == NULL ? NULL : strchr(pair, '=');
        int at;

        text += len + strspn(text + len, "; ");
        if (value == NULL || value[1] == '\0' || c->answer_count == SEED_ANSWERS_MAX)
            return why_set(why, ERR_INPUT, 0, "answers are name=value; name=value");
        *value++ = '\0';
        at = form_field_index(f, pair);
        if (at < 0)
            return why_set(why, ERR_INPUT, 0, "form %s has no row %s", f->id, pair);
        c->answers[c->answer_count++] = (struct check_answer){
            .field = f->fields[at].name,
            .label = f->fields[at].label,
            .value = seed_value(s, value),
            .unit = f->fields[at].unit,
            .critical = f->fields[at].critical,
            .has_low = f->fields[at].has_low,
            .has_high = f->fields[at].has_high,
            .low = f->fields[at].low,
            .high = f->fields[at].high,
            .fact = f->fields[at].fact,
        };
    }
    return ERR_OK;
}

/* The test instrument, by its label among the items. */
static enum err seed_instrument(struct seed *s, const char *label, struct check *c, struct why *why)
{
    struct check_instrument *one;
    char id[KEYS_RANDOM_ID];

    if (label[0] == '\0')
        return ERR_OK;
    seed_id(s, "item", label, id);
    one = arena_alloc(&s->a, sizeof *one);
    if (one == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for a check");
    *one = (struct check_instrument){ .item = arena_strdup(&s->a, id), .label = label };
    c->instruments = one;
    c->instrument_count = 1;
    return one->item == NULL ? ERR_NOMEM : ERR_OK;
}

static enum err seed_check_fill(struct seed *s, const struct seed_row *r, const struct form *form,
                                struct check *c, struct why *why)
{
    char next_due[CALDATE_TEXT];
    enum err rc = ERR_OK;

    if (!seed_day(s, seed_cell(r, "next_due"), next_due))
        return why_set(why, ERR_INPUT, 0, "next_due is a date, or a number of days from today");
    if (next_due[0] != '\0' && !caldate_parse(next_due, &c->next_due))
        rc = ERR_INPUT;
    if (seed_cell(r, "interval")[0] != '\0')
        c->interval = seed_cell(r, "interval");
    if (c->outcome == OUTCOME_FAIL || c->outcome == OUTCOME_QUARANTINE)
        c->fail_action = form->fail_action == NULL ? "" : form->fail_action;
    c->reason = seed_cell(r, "reason");
    c->signed_by = "badge";
    if (rc == ERR_OK)
        rc = seed_answers(s, form, seed_cell(r, "answers"), c, why);
    return rc == ERR_OK ? seed_instrument(s, seed_cell(r, "instrument"), c, why) : rc;
}

enum err seed_check(struct seed *s, const struct seed_row *r, struct why *why)
{
    struct clock_now now = clock_read(s->clock);
    char item[KEYS_RANDOM_ID];
    char person[KEYS_RANDOM_ID];
    const struct form *form = NULL;
    enum form_outcome outcome = OUTCOME_OPEN;
    struct check c;
    int64_t days = 0;
    int minutes = 0;
    enum err rc;

    if (!str_to_i64(seed_cell(r, "days_ago"), &days) || days < 0 || days > SEED_DAYS_MAX)
        return why_set(why, ERR_INPUT, 0, "days_ago is a number from 0 to %d", SEED_DAYS_MAX);
    if (!seed_outcome(seed_cell(r, "outcome"), &outcome))
        return why_set(why, ERR_INPUT, 0, "the outcome is pass, advise, fail or quarantine");
    rc = content_form(s->content, seed_cell(r, "form"), &form, why);
    if (rc != ERR_OK)
        return rc;
    seed_id(s, "item", seed_cell(r, "label"), item);
    seed_id(s, "person", seed_cell(r, "person"), person);
    c = check_begin(form, item, caldate_london(now.wall_ms, &minutes) - (int32_t)days);
    c.outcome = outcome;
    rc = seed_check_fill(s, r, form, &c, why);
    return rc == ERR_OK ? store_record_check(s->store, now, person, &c, NULL, why) : rc;
}
