/* Lines that leave a chain, and stand whole in lines of another. */
#include "sync/log/carried.h"
#include "sync/log/evlog_carry.h"
#include "sync/log/evlog_fork.h"
#include "tests/sync/log/support.h"

enum { OUR_LINES = 6, FORK_AT = 4 };

struct scene {
    struct keypair x, other, fresh;
    struct db db;
    struct support_lines before;            /* ours, as they stood */
    struct support_lines theirs;            /* the other copy's, from FORK_AT on */
    char hash[OUR_LINES + 1][KEYS_ID_TEXT]; /* of our line n */
    struct arena a;
};

static void scene_record(struct db *db, const struct keypair *key, int n, const char *body)
{
    support_append(db, key, support_now(SUPPORT_MS + n, CLOCK_NTP),
                   &(struct event_draft){ .kind = "check.recorded", .body = body });
}

/* Six lines of a device, the fifth of which names the second and the fourth; and the same device's lines on a copy of
   the card, which differ from the fourth on. */
static int scene_new(void **state)
{
    static struct scene s;
    struct db copy;
    char body[300];

    memset(&s, 0, sizeof s);
    s.x = support_key(1);
    s.other = support_key(2);
    s.fresh = support_key(3);
    arena_init(&s.a, (size_t)4 * EVENT_ARENA);
    s.db = support_db(":memory:");
    copy = support_db(":memory:");
    for (int n = 1; n <= OUR_LINES; n++) {
        (void)str_format(body, sizeof body,
                         n == 5 ? "{\"names\":[\"%s:2\",\"%s:4\",\"%s:4\"]}" : "{\"n\":\"%.1s\"}",
                         s.x.id, s.x.id, s.x.id);
        scene_record(&s.db, &s.x, n, body);
        scene_record(&copy, &s.x, n, n < FORK_AT ? body : "{\"copy\":1}");
    }
    assert_ok(evlog_set_self(&s.db, s.x.id, &why));
    assert_ok(evlog_each_of(&s.db, s.x.id, 0, support_collect, &s.before, &why));
    assert_ok(evlog_each_of(&copy, s.x.id, FORK_AT - 1, support_collect, &s.theirs, &why));
    for (size_t i = 0; i < s.before.count; i++)
        keys_sha256_hex(s.hash[i + 1], s.before.line[i], strlen(s.before.line[i]));
    db_close(&copy);
    *state = &s;
    return 0;
}

static int scene_done(void **state)
{
    struct scene *s = *state;

    db_close(&s->db);
    arena_done(&s->a);
    return 0;
}

static void scene_heal(struct scene *s, const struct keypair *as)
{
    const struct evlog_fork f = { .as = as,
                                  .device = s->x.id,
                                  .seq = FORK_AT,
                                  .line = s->theirs.line[0],
                                  .len = strlen(s->theirs.line[0]) };
    bool rekeyed = false;

    assert_ok(db_begin(&s->db, &why));
    assert_ok(evlog_fork(&s->db, support_now(SUPPORT_MS + 9000, CLOCK_NTP), &f, &rekeyed, &why));
    assert_int_equal(rekeyed, !str_eq(as->id, s->other.id));
    for (size_t i = 0; i < s->theirs.count; i++) {
        enum evlog_took took = EVLOG_KNOWN;

        assert_int_equal(
            support_ingest(&s->db, s->theirs.line[i], strlen(s->theirs.line[i]), &took), ERR_OK);
        assert_int_equal(took, EVLOG_NEW);
    }
    assert_ok(db_commit(&s->db, &why));
    struct support_told told = support_verify(&s->db);
    assert_string_equal(told.text, "");
}

static void scene_read(struct scene *s, const char *line, struct carried *out)
{
    struct event e;

    arena_reset(&s->a);
    assert_ok(event_parse(&s->a, line, strlen(line), &e, &why));
    assert_ok(carried_read(&e, line, strlen(line), out, &why));
}

/* ---- cases ---- */

static void lines_that_differ_leave_their_chain_and_stand_whole_under_the_new_key(void **state)
{
    struct scene *s = *state;
    struct support_lines now = { .count = 0 };
    struct support_lines carried = { .count = 0 };
    char self[KEYS_ID_TEXT];
    uint64_t count = 0;
    int64_t rows = 0;

    scene_heal(s, &s->fresh);
    assert_ok(evlog_count(&s->db, &count, &why));
    assert_ok(db_one_i64(&s->db, "select count(*) from log_line", 0, &rows, &why));
    assert_int_equal(count, rows);
    assert_ok(evlog_self(&s->db, self, &why));
    assert_string_equal(self, s->fresh.id);
    assert_ok(evlog_each_of(&s->db, s->x.id, FORK_AT - 1, support_collect, &now, &why));
    assert_int_equal(now.count, s->theirs.count);
    for (size_t i = 0; i < now.count; i++)
        assert_string_equal(now.line[i], s->theirs.line[i]);
    assert_ok(evlog_each_of(&s->db, s->fresh.id, 0, support_collect, &carried, &why));
    assert_int_equal(carried.count, 1 + OUR_LINES - FORK_AT + 1);
    assert_non_null(strstr(carried.line[0], "\"kind\":\"kiosk.forked\""));
    assert_non_null(strstr(carried.line[0], s->hash[FORK_AT]));
    for (size_t i = 1; i < carried.count; i++) {
        const char *was = s->before.line[FORK_AT + i - 2];
        struct carried c;

        scene_read(s, carried.line[i], &c);
        assert_int_equal(c.len, strlen(was));
        assert_memory_equal(c.line, was, c.len);
        assert_string_equal(c.hash, s->hash[FORK_AT + i - 1]);
        assert_int_equal(c.event.seq, FORK_AT + i - 1);
    }
}

static void carried_line_says_which_lines_of_its_own_chain_it_names(void **state)
{
    struct scene *s = *state;
    struct support_lines carried = { .count = 0 };
    char name[EVENT_ID_TEXT];
    struct carried c;

    scene_heal(s, &s->fresh);
    assert_ok(evlog_each_of(&s->db, s->fresh.id, 0, support_collect, &carried, &why));
    scene_read(s, carried.line[2], &c); /* line 5 */
    event_id(name, s->x.id, 2);
    assert_string_equal(carried_means(&c, name), s->hash[2]);
    event_id(name, s->x.id, 4);
    assert_string_equal(carried_means(&c, name), s->hash[4]);
    assert_int_equal(c.means->len, 2);
    /* The second is still the chain's; the fourth is known by its hash alone. */
    assert_ok(evlog_carry_name(&s->db, s->x.id, 2, s->hash[2], name, &why));
    assert_true(str_starts(name, s->x.id));
    assert_ok(evlog_carry_name(&s->db, s->x.id, 4, s->hash[4], name, &why));
    assert_true(str_starts(name, s->hash[4]));
}

static void another_devices_lines_are_carried_under_our_own_key(void **state)
{
    struct scene *s = *state;
    uint64_t head = 0;
    char hash[KEYS_ID_TEXT];

    assert_ok(evlog_set_self(&s->db, s->other.id, &why));
    scene_heal(s, &s->other);
    assert_ok(evlog_head(&s->db, s->other.id, &head, hash, &why));
    assert_int_equal(head, OUR_LINES - FORK_AT + 1);
}

static void what_is_carried_is_never_carried_inside_another(void **state)
{
    struct scene *s = *state;
    struct keypair last = support_key(4);
    struct support_lines carried = { .count = 0 };

    /* Our new chain is itself another one on the hub, from its first line on. */
    scene_heal(s, &s->fresh);
    assert_ok(db_begin(&s->db, &why));
    assert_ok(evlog_set_self(&s->db, last.id, &why));
    assert_ok(evlog_carry(&s->db, &last, support_now(SUPPORT_MS + 9999, CLOCK_NTP), s->fresh.id, 1,
                          NULL, &why));
    assert_ok(db_commit(&s->db, &why));
    assert_ok(evlog_each_of(&s->db, last.id, 0, support_collect, &carried, &why));
    assert_int_equal(carried.count, 1 + OUR_LINES - FORK_AT + 1);
    for (size_t i = 0; i < carried.count; i++) {
        struct carried c;

        scene_read(s, carried.line[i], &c);
        assert_string_not_equal(c.event.kind, CARRIED_KIND);
        if (i == 2) { /* line 5, with what it means */
            char name[EVENT_ID_TEXT];

            event_id(name, s->x.id, 4);
            assert_string_equal(carried_means(&c, name), s->hash[4]);
        }
    }
    assert_string_equal(support_verify(&s->db).text, "");
}

static void line_that_is_carried_already_is_not_carried_twice(void **state)
{
    struct scene *s = *state;
    struct support_lines carried = { .count = 0 };
    struct db mine = support_db(":memory:");
    enum evlog_took took;
    uint64_t head = 0;
    char hash[KEYS_ID_TEXT];

    /* Another kiosk has healed the same fork, and we read its lines before we come to ours. */
    for (size_t i = 0; i < s->before.count; i++)
        assert_int_equal(support_ingest(&mine, s->before.line[i], strlen(s->before.line[i]), &took),
                         ERR_OK);
    scene_heal(s, &s->fresh);
    assert_ok(evlog_each_of(&s->db, s->fresh.id, 0, support_collect, &carried, &why));
    for (size_t i = 0; i + 1 < carried.count; i++)
        assert_int_equal(support_ingest(&mine, carried.line[i], strlen(carried.line[i]), &took),
                         ERR_OK);
    assert_ok(db_begin(&mine, &why));
    assert_ok(evlog_set_self(&mine, s->other.id, &why));
    assert_ok(evlog_carry(&mine, &s->other, support_now(SUPPORT_MS + 9999, CLOCK_NTP), s->x.id,
                          FORK_AT, NULL, &why));
    assert_ok(db_commit(&mine, &why));
    assert_ok(evlog_head(&mine, s->other.id, &head, hash, &why));
    assert_int_equal(head, 1); /* the last one, which had not come yet */
    db_close(&mine);
}

static void carried_line_that_was_bent_is_none(void **state)
{
    static const struct {
        const char *from, *to;
    } bent[] = {
        { "\"copied\"", "\"c0pied\"" },
        { "\"line\":{", "\"line\": {" },
        { "\"kind\":\"note\"", "\"kind\":\"line.carried\"" },
        { ":7\",\"actor\"", ":8\",\"actor\"" },
    };
    struct scene *s = *state;
    char text[2048];
    char line[700];
    char hash[KEYS_ID_TEXT];

    (void)str_format(line, sizeof line,
                     "{\"v\":1,\"device\":\"%s\",\"seq\":7,\"hlc\":\"0193506f1a2b0001\",\"at\":"
                     "\"2026-11-22T10:42:07.120Z\",\"clock\":\"hub\",\"kind\":\"note\",\"subject\":"
                     "\"\",\"actor\":\"\",\"prev\":\"%s\",\"body\":{\"text\":\"copied\"}}",
                     s->x.id, s->x.id);
    keys_sha256_hex(hash, line, strlen(line));
    for (size_t i = 0; i <= COUNT_OF(bent); i++) {
        struct carried c;
        struct event e;
        char *at;

        (void)str_format(text, sizeof text,
                         "{\"v\":1,\"device\":\"%s\",\"seq\":1,\"hlc\":\"0193506f1a2b0001\",\"at\":"
                         "\"2026-11-22T10:42:07.120Z\",\"clock\":\"hub\",\"kind\":\"line.carried\","
                         "\"subject\":\"%s:7\",\"actor\":\"\",\"prev\":\"%s\",\"body\":{\"sha256\":"
                         "\"%s\",\"means\":{},\"line\":%s}}",
                         s->other.id, s->x.id, EVENT_NO_PREV, hash, line);
        if (i < COUNT_OF(bent)) {
            at = strstr(text, bent[i].from);
            assert_non_null(at);
            char rest[2048];
            (void)str_copy(rest, sizeof rest, at + strlen(bent[i].from));
            (void)str_format(at, sizeof text - (size_t)(at - text), "%s%s", bent[i].to, rest);
        }
        arena_reset(&s->a);
        assert_ok(event_parse(&s->a, text, strlen(text), &e, &why));
        assert_int_equal(carried_read(&e, text, strlen(text), &c, NULL),
                         i < COUNT_OF(bent) ? ERR_INPUT : ERR_OK);
    }
}

/* What is written can always be carried: the longest, the deepest, and one that names much. */
static void longest_line_that_can_be_written_can_be_carried(void **state)
{
    struct scene *s = *state;
    static char body[EVENT_LINE_MAX];
    struct event_draft draft = { .kind = "check.recorded", .body = body };
    size_t longest = 0;
    uint64_t left = 0;

    for (size_t filler = EVENT_LINE_MAX - 4096; filler < EVENT_LINE_MAX - 300; filler += 16) {
        (void)str_format(body, sizeof body, "{\"r\":[\"%s:1\",\"%s:2\",\"%s:3\"],\"x\":\"", s->x.id,
                         s->x.id, s->x.id);
        size_t len = strlen(body);
        memset(body + len, 'x', filler);
        (void)str_copy(body + len + filler, 3, "\"}");
        arena_reset(&s->a);
        assert_ok(db_begin(&s->db, &why));
        enum err rc = evlog_append(&s->db, &s->x, support_now(SUPPORT_MS + 99, CLOCK_NTP), &draft,
                                   &s->a, NULL, NULL);
        if (rc == ERR_OK)
            longest = filler;
        else
            assert_int_equal(rc, ERR_LIMIT);
        db_rollback(&s->db);
        if (rc == ERR_OK && filler + 16 >= EVENT_LINE_MAX - 300)
            fail_msg("no limit");
        if (rc != ERR_OK)
            break;
    }
    assert_true(longest > EVENT_LINE_MAX - 4096);
    (void)str_format(body, sizeof body, "{\"r\":[\"%s:1\",\"%s:2\",\"%s:3\"],\"x\":\"", s->x.id,
                     s->x.id, s->x.id);
    size_t len = strlen(body);
    memset(body + len, 'x', longest);
    (void)str_copy(body + len + longest, 3, "\"}");
    support_append(&s->db, &s->x, support_now(SUPPORT_MS + 99, CLOCK_NTP), &draft);
    assert_ok(db_begin(&s->db, &why));
    assert_ok(evlog_set_self(&s->db, s->fresh.id, &why));
    assert_ok(evlog_carry(&s->db, &s->fresh, support_now(SUPPORT_MS + 99, CLOCK_NTP), s->x.id,
                          OUR_LINES + 1, &left, &why));
    assert_ok(db_commit(&s->db, &why));
    assert_int_equal(left, 1);
}

static void line_under_a_key_that_is_no_longer_ours_is_refused(void **state)
{
    struct scene *s = *state;
    uint64_t head = 0;
    char hash[KEYS_ID_TEXT];
    struct event_draft draft = { .kind = "check.recorded" };

    assert_ok(evlog_set_self(&s->db, s->fresh.id, &why));
    assert_ok(db_begin(&s->db, &why));
    assert_int_equal(
        evlog_append(&s->db, &s->x, support_now(SUPPORT_MS, CLOCK_NTP), &draft, &s->a, NULL, NULL),
        ERR_CONFLICT);
    assert_ok(db_commit(&s->db, &why));
    assert_ok(evlog_head(&s->db, s->x.id, &head, hash, &why));
    assert_int_equal(head, OUR_LINES);
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, scene_new, scene_done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(lines_that_differ_leave_their_chain_and_stand_whole_under_the_new_key),
        SCENE(carried_line_says_which_lines_of_its_own_chain_it_names),
        SCENE(another_devices_lines_are_carried_under_our_own_key),
        SCENE(what_is_carried_is_never_carried_inside_another),
        SCENE(line_that_is_carried_already_is_not_carried_twice),
        SCENE(carried_line_that_was_bent_is_none),
        SCENE(longest_line_that_can_be_written_can_be_carried),
        SCENE(line_under_a_key_that_is_no_longer_ours_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
