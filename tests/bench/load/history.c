#include "tests/bench/load/history.h"

#include <stdlib.h>
#include <string.h>

#include "platform/base/str.h"
#include "tests/bench/load/checks.h"

enum { HISTORY_ARENA = 256 * 1024 * 1024, HISTORY_DEVICES = 8, HISTORY_PEOPLE = 12 };
static const int64_t day_ms = INT64_C(86400000);

struct author {
    struct keypair key;
    uint64_t seq;
    char prev[KEYS_ID_TEXT];
};
struct thing {
    char id[KEYS_RANDOM_ID];
    size_t first, forms;           /* in the checks of its kind */
    char (*failed)[EVENT_ID_TEXT]; /* by form: a fail that waits for its release */
};
struct maker {
    struct history *h;
    struct store *s;
    struct content *content;
    struct checks checks;
    struct author authors[HISTORY_DEVICES];
    struct thing *things;
    char people[HISTORY_PEOPLE][KEYS_RANDOM_ID];
    struct arena kept, a; /* a: the lines of one transaction */
    uint64_t dice;
    int64_t at_ms;
    uint16_t n;
    const char **lines;
    size_t *lens;
    size_t count;
    struct why *why;
};

/* xorshift64*: enough for a history that nobody has to guess. */
static uint64_t maker_dice(struct maker *m, uint64_t sides)
{
    m->dice ^= m->dice >> 12;
    m->dice ^= m->dice << 25;
    m->dice ^= m->dice >> 27;
    return (m->dice * UINT64_C(2685821657736338717) >> 33) % sides;
}

static enum err maker_flush(struct maker *m)
{
    const struct clock_now now = { .wall_ms = m->at_ms, .trust = CLOCK_NTP };
    enum err rc = store_ingest(m->s, now, m->lines, m->lens, m->count, NULL, m->why);

    m->count = 0;
    arena_reset(&m->a);
    return rc == ERR_OK && m->h->told != NULL ? m->h->told(m->h, m->why) : rc;
}

static enum err maker_line(struct maker *m, struct author *by, const struct event_draft *draft)
{
    const struct clock_now now = { .wall_ms = m->at_ms, .trust = CLOCK_NTP };
    const struct hlc stamp = { .ms = m->at_ms, .n = m->n++ };
    char *line = NULL;
    size_t len = 0;
    enum err rc = event_build(&m->a, draft, by->key.id, by->seq + 1, stamp, now, by->prev, &line,
                              &len, m->why);

    if (rc != ERR_OK)
        return rc;
    by->seq++;
    keys_sha256_hex(by->prev, line, len);
    m->lines[m->count] = line;
    m->lens[m->count++] = len;
    m->h->made++;
    m->h->bytes += len;
    if (str_eq(draft->kind, "check.recorded")) {
        m->h->checks++;
        m->h->check_bytes += len;
    }
    return ERR_OK;
}

static enum err maker_say(struct maker *m, const char *kind, const char *subject, const char *body)
{
    if (body == NULL)
        return why_set(m->why, ERR_NOMEM, 0, "no memory");
    return maker_line(m, &m->authors[0],
                      &(struct event_draft){
                          .kind = kind, .subject = subject, .actor = m->people[0], .body = body });
}

/* ---- the register ---- */

static enum err maker_item(struct maker *m, size_t at)
{
    static const char *const rooms[] = {
        "Prep room", "Lab 1", "Lab 2", "Lab 3", "Store", "Workshop"
    };
    struct thing *t = &m->things[at];
    const char *kind = NULL;
    size_t kinds = 0;
    const struct kind *all = content_kinds(m->content, &kinds);

    for (size_t i = at; kind == NULL; i++) {
        t->forms = checks_of(&m->checks, all[i % kinds].id, &t->first);
        kind = t->forms > 0 ? all[i % kinds].id : NULL;
    }
    keys_random_id(t->id);
    t->failed = arena_array(&m->kept, t->forms, sizeof *t->failed);
    if (t->failed == NULL)
        return why_set(m->why, ERR_NOMEM, 0, "no memory");
    return maker_say(m, "item.registered", t->id,
                     arena_printf(&m->a,
                                  "{\"label\":\"EXA-%04zu\",\"kind\":\"%s\",\"name\":\"%s %zu\","
                                  "\"detail\":\"As bought\",\"room\":\"%s\",\"shelf\":\"%c%zu\","
                                  "\"maker\":\"Irwin\",\"model\":\"EA%zu\",\"serial\":\"%zu\"}",
                                  at, kind, kind, at, rooms[at % COUNT_OF(rooms)],
                                  (char)('A' + at % 6), at % 9, at % 40, 100000 + at));
}

static enum err maker_register(struct maker *m)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; i < HISTORY_PEOPLE; i++)
        keys_random_id(m->people[i]);
    for (size_t i = 0; i < HISTORY_PEOPLE && rc == ERR_OK; i++) {
        char name[32];
        char hash[KEYS_ID_TEXT];

        (void)str_format(name, sizeof name, "Technician %zu", i);
        rc = evlog_blob_put(&m->s->db, name, hash, m->why);
        if (rc == ERR_OK)
            rc = maker_say(m, "person.added", m->people[i],
                           arena_printf(&m->a, "{\"name\":\"%s\",\"role\":\"technician\"}", hash));
    }
    for (size_t i = 0; i < m->h->items && rc == ERR_OK; i++)
        rc = maker_item(m, i);
    return rc;
}

/* ---- years ---- */

static const char *maker_with(struct maker *m, const char *body, const char *member)
{
    return body == NULL ? NULL
                        : arena_printf(&m->a, "%.*s,%s}", (int)strlen(body) - 1, body, member);
}

static enum err maker_check(struct maker *m, struct author *by)
{
    struct thing *t = &m->things[maker_dice(m, m->h->items)];
    const size_t at = maker_dice(m, t->forms);
    const struct checks_form *f = &m->checks.forms[t->first + at];
    const bool answers = t->failed[at][0] != '\0';
    const bool fail = !answers && maker_dice(m, 100) == 0;
    const char *actor = m->people[maker_dice(m, HISTORY_PEOPLE)];
    enum form_outcome outcome = OUTCOME_OPEN;
    const char *body = checks_body(f, fail, t->id, (int32_t)(m->at_ms / day_ms),
                                   maker_dice(m, UINT32_MAX), &m->a, &outcome);

    if (answers)
        body = maker_with(m, body, arena_printf(&m->a, "\"releases\":[\"%s\"]", t->failed[at]));
    if (body == NULL)
        return why_set(m->why, ERR_NOMEM, 0, "no memory");
    enum err rc =
        maker_line(m, by,
                   &(struct event_draft){
                       .kind = "check.recorded", .subject = t->id, .actor = actor, .body = body });
    if (rc != ERR_OK)
        return rc;
    t->failed[at][0] = '\0';
    if (outcome > OUTCOME_ADVISE)
        event_id(t->failed[at], by->key.id, by->seq);
    if (m->h->checks_only || m->count + 2 > STORE_INGEST_MAX || maker_dice(m, 300) != 0)
        return ERR_OK;
    /* A slip of the finger, taken back within its eight seconds. */
    char id[EVENT_ID_TEXT];
    event_id(id, by->key.id, by->seq);
    m->at_ms += 3000;
    t->failed[at][0] = '\0';
    return maker_line(
        m, by,
        &(struct event_draft){ .kind = "check.withdrawn",
                               .subject = t->id,
                               .actor = actor,
                               .body = arena_printf(&m->a, "{\"check\":\"%s\"}", id) });
}

static enum err maker_day(struct maker *m, struct author *by)
{
    const struct thing *t = &m->things[maker_dice(m, m->h->items)];

    if (m->h->checks_only || maker_dice(m, 1000) != 0)
        return maker_check(m, by);
    return maker_line(m, by,
                      &(struct event_draft){
                          .kind = "item.labelled",
                          .subject = t->id,
                          .actor = m->people[1],
                          .body = arena_printf(&m->a, "{\"label\":\"NEW-%zu\"}", m->h->made) });
}

static enum err maker_years(struct maker *m)
{
    const int64_t end_ms = ((int64_t)m->h->last_day * 24 + 15) * 3600000;
    const int64_t begin_ms = end_ms - (int64_t)m->h->years * 365 * day_ms;
    const size_t first = m->h->made;
    enum err rc = ERR_OK;

    while (m->h->made < m->h->lines && rc == ERR_OK) {
        const int64_t due_ms =
            begin_ms + (int64_t)((double)(end_ms - begin_ms) * (double)(m->h->made - first) /
                                 (double)(m->h->lines - first));
        const uint64_t who = m->h->checks_only ? 0 : maker_dice(m, m->h->devices * 2);

        if (due_ms > m->at_ms)
            m->at_ms = due_ms;
        /* Half of all is done at the kiosk that is measured. */
        rc = maker_day(m, &m->authors[who < m->h->devices ? who : 0]);
        if (rc == ERR_OK && (m->count + 2 > STORE_INGEST_MAX || m->h->made >= m->h->lines))
            rc = maker_flush(m);
    }
    return rc;
}

static enum err maker_begin(struct maker *m)
{
    enum err rc = ERR_OK;

    arena_init(&m->kept, HISTORY_ARENA);
    arena_init(&m->a, HISTORY_ARENA);
    m->things = arena_array(&m->kept, m->h->items, sizeof *m->things);
    m->lines = arena_array(&m->kept, STORE_INGEST_MAX, sizeof *m->lines);
    m->lens = arena_array(&m->kept, STORE_INGEST_MAX, sizeof *m->lens);
    if (m->things == NULL || m->lines == NULL || m->lens == NULL || m->h->devices < 1 ||
        m->h->devices > HISTORY_DEVICES || m->h->items + HISTORY_PEOPLE > STORE_INGEST_MAX)
        return why_set(m->why, ERR_LIMIT, 0, "a history of another size");
    for (size_t i = 0; i < m->h->devices && rc == ERR_OK; i++) {
        (void)str_copy(m->authors[i].prev, sizeof m->authors[i].prev, EVENT_NO_PREV);
        if (i == 0)
            m->authors[i].key = m->s->self;
        else
            rc = keys_new(&m->authors[i].key, m->why);
    }
    return rc == ERR_OK ? checks_open(&m->checks, m->content, m->why) : rc;
}

enum err history_fill(struct history *h, struct store *s, struct content *content, struct why *why)
{
    struct maker m = { .h = h, .s = s, .content = content, .dice = 88172645463325252U, .why = why };
    enum err rc = maker_begin(&m);

    m.at_ms = ((int64_t)h->last_day - (int64_t)h->years * 365) * day_ms;
    if (rc == ERR_OK)
        rc = maker_register(&m);
    if (rc == ERR_OK)
        rc = maker_flush(&m);
    if (rc == ERR_OK)
        rc = maker_years(&m);
    checks_close(&m.checks);
    arena_done(&m.a);
    arena_done(&m.kept);
    return rc;
}
