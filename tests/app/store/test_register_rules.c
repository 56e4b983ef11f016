/* The projections' SQL against app/domain/register.h: kiosks apart write versions, labels and badges
   that replace each other at random, and both must give the same answers. */

#include "app/domain/register.h"
#include "platform/base/json.h"
#include "tests/app/store/support.h"

enum { ROUNDS = 12, WRITES = 40, STORES = 3, ITEMS = 4, PEOPLE = 3, NAMES = 5, ROWS_MAX = 200 };

struct rows {
    struct register_line versions[ROWS_MAX];
    const char *version_labels[ROWS_MAX];
    size_t version_count;
    struct register_label labels[ROWS_MAX];
    size_t label_count;
    struct register_badge badges[ROWS_MAX];
    size_t badge_count;
};

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 16;
}

/* The name by which lines call the badge with this code: the same on every kiosk here, so that two may issue one badge. */
static void badge_name(struct support_store *t, const char *code, char out[KEYS_ID_TEXT])
{
    static const char salt[] = "00112233445566778899aabbccddeeff";
    char hash[KEYS_ID_TEXT];
    struct why why = { 0 };

    keys_sha256_hex(hash, code, strlen(code));
    support_ok(evlog_blob_name(salt, hash, out, &why), &why);
    support_ok(evlog_blob_take(&t->s.db, salt, hash, &why), &why);
}

/* A body that replaces up to two of the lines of its kind that the writer has seen, of whatever
   subject. */
static void write_one(struct support_store *t, int64_t ms, uint32_t *seed)
{
    static const char *const kinds[] = { "item.registered", "item.labelled", "badge.issued" };
    const char *kind = kinds[next_random(seed) % 3];
    struct support_lines seen = { 0 };
    struct why why = { 0 };
    char replaces[2 * EVENT_ID_TEXT + 16] = "";
    char hash[KEYS_ID_TEXT];
    char subject[16];
    char label[16];
    char body[1024];
    struct event_draft draft = { .kind = kind, .subject = subject, .body = body };

    support_take_lines(t, &seen);
    for (size_t i = 0; i < next_random(seed) % 3 && seen.count > 0; i++) {
        size_t at = next_random(seed) % seen.count;
        char id[EVENT_ID_TEXT];
        struct event e;

        support_ok(event_parse(&t->a, seen.line[at], seen.len[at], &e, &why), &why);
        if (!str_eq(e.kind, kind))
            continue;
        event_id(id, e.device, e.seq);
        (void)str_format(replaces + strlen(replaces), sizeof replaces - strlen(replaces),
                         "%s\"%s\"", replaces[0] == '\0' ? "" : ",", id);
    }
    support_free_lines(&seen);
    (void)str_format(label, sizeof label, "Label-%u", (unsigned)(next_random(seed) % NAMES));
    badge_name(t, label, hash);
    (void)str_format(subject, sizeof subject, kind[0] == 'b' ? "person-%u" : "item-%u",
                     (unsigned)(next_random(seed) % (kind[0] == 'b' ? PEOPLE : ITEMS)));
    (void)str_format(body, sizeof body,
                     "{\"label\":\"%s\",\"kind\":\"fridge\",\"name\":\"F\",\"badge\":\"%s\","
                     "\"replaces\":[%s]}",
                     label, hash, replaces);
    support_ok(store_record(&t->s, support_now(ms), &draft, NULL, &why), &why);
}

static void rows_add(struct rows *r, struct arena *a, const char *text, size_t len)
{
    char hlc[HLC_TEXT];
    char id[EVENT_ID_TEXT];
    struct register_line line = { 0 };
    struct why why = { 0 };
    const char **replaces;
    struct event e;

    support_ok(event_parse(a, text, len, &e, &why), &why);
    event_id(id, e.device, e.seq);
    hlc_text(hlc, e.hlc);
    replaces = arena_array(a, 4, sizeof *replaces);
    assert_non_null(replaces);
    line = (struct register_line){ .event = arena_strdup(a, id),
                                   .subject = arena_strdup(a, e.subject),
                                   .hlc = arena_strdup(a, hlc),
                                   .device = arena_strdup(a, e.device),
                                   .seq = e.seq,
                                   .replaces = replaces };
    if (str_eq(e.kind, "person.added"))
        return;
    for (const struct json *n = json_get(e.body, "replaces")->first; n != NULL; n = n->next)
        replaces[line.replaces_count++] = arena_strdup(a, n->text);
    if (str_eq(e.kind, "badge.issued")) {
        r->badges[r->badge_count++] =
            (struct register_badge){ .line = line,
                                     .code = arena_strdup(a, json_get(e.body, "badge")->text) };
        return;
    }
    if (str_eq(e.kind, "item.labelled")) {
        r->labels[r->label_count++] =
            (struct register_label){ line.subject,
                                     arena_strdup(a, json_get(e.body, "label")->text) };
        return;
    }
    r->version_labels[r->version_count] = arena_strdup(a, json_get(e.body, "label")->text);
    r->versions[r->version_count++] = line;
}

/* The version of an item that the rules put in force; its row among all of them. */
static size_t rows_in_force(const struct rows *r, const char *item)
{
    struct register_line own[ROWS_MAX];
    size_t from[ROWS_MAX];
    size_t count = 0;
    size_t at;

    for (size_t i = 0; i < r->version_count; i++) {
        if (!str_eq(r->versions[i].subject, item))
            continue;
        from[count] = i;
        own[count++] = r->versions[i];
    }
    at = register_in_force(own, count);
    return at == REGISTER_NONE ? REGISTER_NONE : from[at];
}

static void compare_items(struct support_store *t, const struct rows *r)
{
    struct register_label carried[ROWS_MAX];
    size_t count = 0;
    struct why why = { 0 };

    for (int i = 0; i < ITEMS; i++) {
        struct item item = { 0 };
        char id[16];
        size_t at;
        enum err rc;

        (void)str_format(id, sizeof id, "item-%d", i);
        at = rows_in_force(r, id);
        rc = query_item(&t->s, id, &t->a, &item, &why);
        assert_int_equal(rc, at == REGISTER_NONE ? ERR_NOT_FOUND : ERR_OK);
        if (rc != ERR_OK)
            continue;
        assert_string_equal(item.event, r->versions[at].event);
        carried[count++] =
            (struct register_label){ r->versions[at].subject, r->version_labels[at] };
        for (size_t k = 0; k < r->label_count; k++)
            if (str_eq(r->labels[k].item, id))
                carried[count++] = r->labels[k];
    }
    for (int i = 0; i < NAMES; i++) {
        struct item *items = NULL;
        const char *only = NULL;
        char label[16];
        size_t found = 0;

        (void)str_format(label, sizeof label, "label-%d", i);
        support_ok(query_label(&t->s, label, &t->a, &items, &found, &why), &why);
        assert_int_equal(found, register_label_items(carried, count, label, &only));
        if (found == 1)
            assert_string_equal(items[0].id, only);
    }
}

static void compare_badges(struct support_store *t, const struct rows *r)
{
    for (int i = 0; i < NAMES; i++) {
        struct person person = { 0 };
        const char *only = NULL;
        char hash[KEYS_ID_TEXT];
        char code[16];
        enum register_holder want;
        enum err rc;

        (void)str_format(code, sizeof code, "Label-%d", i);
        badge_name(t, code, hash);
        want = register_badge_holder(r->badges, r->badge_count, hash, &only);
        rc = query_badge(&t->s, code, &t->a, &person, NULL);
        assert_int_equal(rc, want == HOLDER_ONE      ? ERR_OK
                             : want == HOLDER_NOBODY ? ERR_NOT_FOUND
                                                     : ERR_CONFLICT);
        if (rc == ERR_OK)
            assert_string_equal(person.id, only);
    }
}

static void people_add(struct support_store *t)
{
    static const char body[] = "{\"name\":\"0000000000000000000000000000000000000000000000000000000"
                               "000000000\",\"role\":\"technician\"}";
    struct why why = { 0 };

    for (int i = 0; i < PEOPLE; i++) {
        char id[16];
        const struct event_draft draft = { .kind = "person.added", .subject = id, .body = body };

        (void)str_format(id, sizeof id, "person-%d", i);
        support_ok(store_record(&t->s, support_now(i), &draft, NULL, &why), &why);
    }
}

static void register_answers_as_the_pure_rules_do(void **state)
{
    uint32_t seed = 20261123;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        static struct rows r;
        struct support_store t[STORES] = { 0 };
        struct support_lines all = { 0 };

        r = (struct rows){ 0 };
        for (int i = 0; i < STORES; i++)
            support_open(&t[i]);
        people_add(&t[0]);
        for (int i = 0; i < WRITES; i++) {
            size_t at = next_random(&seed) % STORES;

            write_one(&t[at], 100 + i / 4, &seed);
            if (next_random(&seed) % 8 == 0) {
                struct support_lines l = { 0 };

                support_take_lines(&t[at], &l);
                (void)support_give(&t[(at + 1) % STORES], &l);
                support_free_lines(&l);
            }
        }
        for (int i = 1; i < STORES; i++)
            support_take_lines(&t[i], &all);
        (void)support_give(&t[0], &all);
        support_free_lines(&all);
        support_take_lines(&t[0], &all);
        for (size_t i = 0; i < all.count; i++)
            rows_add(&r, &t[0].a, all.line[i], all.len[i]);
        assert_int_equal(all.count, WRITES + PEOPLE);
        compare_items(&t[0], &r);
        compare_badges(&t[0], &r);
        support_free_lines(&all);
        for (int i = 0; i < STORES; i++)
            support_close(&t[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(register_answers_as_the_pure_rules_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
