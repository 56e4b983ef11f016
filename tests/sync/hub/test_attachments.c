/* Attachments between two kiosks of a site and a real hub; on SQLite, and by postgres.sh on PostgreSQL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/client/outbox_files.h"
#include "sync/client/proto.h"
#include "sync/hub/sql.h"
#include "sync/log/chunk.h"
#include "sync/log/evlog.h"
#include "sync/log/files.h"
#include "tests/sync/hub/hub_fixture.h"
#include "tests/sync/log/files_make.h"

enum { PDF_LEN = 3 * 1024 * 1024 + 77, ROUNDS_MAX = 20 };

struct scene {
    struct hub_process hub;
    struct kiosk a, b;
    struct arena arena;
    uint8_t seed; /* another file in each case: on PostgreSQL they share a hub */
};

/* Takes lines in as the kiosk's store does: with the files that they name. */
static enum err ingest(void *ctx, struct db *db, struct clock_now now,
                       const struct event_line *lines, size_t count, size_t *out_new,
                       struct why *why)
{
    enum err rc = kiosk_ingest(ctx, db, now, lines, count, out_new, why);
    struct arena a;

    arena_init(&a, EVENT_ARENA);
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        struct event e;
        arena_reset(&a);
        rc = event_parse(&a, lines[i].line, lines[i].len, &e, why);
        if (rc == ERR_OK)
            rc = files_name(db, &e, now.wall_ms, why);
    }
    arena_done(&a);
    return rc;
}

static int scene_new(void **state)
{
    static struct scene s;
    static uint8_t seed;

    memset(&s, 0, sizeof s);
    pair_new(&s.hub, &s.a, &s.b);
    s.a.o.ingest = s.b.o.ingest = ingest;
    s.seed = ++seed;
    arena_init(&s.arena, (size_t)64 * 1024 * 1024);
    *state = &s;
    return 0;
}

static int scene_done(void **state)
{
    struct scene *s = *state;

    arena_done(&s->arena);
    pair_done(&s->hub, &s->a, &s->b);
    return 0;
}

static struct files files_of(struct kiosk *k)
{
    return (struct files){ .db = &k->db, .data = k->dir, .free_min = 1 };
}

static struct file_info info_of(struct kiosk *k, const char *hash)
{
    const struct files f = files_of(k);
    struct file_info info;

    assert_int_equal(ERR_OK, files_info(&f, hash, &info, NULL));
    return info;
}

static struct files_facts facts_of(struct kiosk *k)
{
    const struct files f = files_of(k);
    struct files_facts facts;

    assert_int_equal(ERR_OK, files_facts(&f, &facts, NULL));
    return facts;
}

/* A record with a file, as a screen writes it. */
static void record(struct kiosk *k, enum files_type type, const uint8_t *bytes, size_t len,
                   char out_hash[KEYS_ID_TEXT])
{
    const struct files f = files_of(k);
    struct clock_now now = clock_read(k->clock);
    struct why why = { 0 };
    struct event e;
    struct arena a;
    char body[512];

    if (files_put(&f, type, bytes, len, now.wall_ms, out_hash, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_true(str_format(body, sizeof body,
                           "{\"files\":[{\"sha256\":\"%s\",\"type\":\"%s\",\"bytes\":%zu,"
                           "\"name\":\"Certificate\"}]}",
                           out_hash, files_type_name(type), len));
    const struct event_draft draft = { .kind = "check.recorded", .subject = "item", .body = body };
    arena_init(&a, EVENT_ARENA);
    assert_int_equal(ERR_OK, db_begin(&k->db, NULL));
    assert_int_equal(ERR_OK, evlog_append(&k->db, &k->self, now, &draft, &a, &e, NULL));
    assert_int_equal(ERR_OK, files_name(&k->db, &e, now.wall_ms, NULL));
    assert_int_equal(ERR_OK, db_commit(&k->db, NULL));
    arena_done(&a);
}

static void same(struct scene *s, struct kiosk *k, const char *hash, const uint8_t *bytes,
                 size_t len)
{
    const struct files f = files_of(k);
    struct why why = { 0 };
    char *out = NULL;
    size_t out_len = 0;

    if (files_read(&f, hash, &s->arena, &out, &out_len, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_int_equal(out_len, len);
    assert_memory_equal(out, bytes, len);
}

/* ---- on their way ---- */

static void a_picture_is_confirmed_and_the_other_kiosk_has_it_when_it_asks(void **state)
{
    struct scene *s = *state;
    static uint8_t bytes[150000];
    char hash[KEYS_ID_TEXT];

    (void)files_jpeg(bytes, sizeof bytes, s->seed);
    /* A draft's picture, which no line names, goes nowhere. */
    const struct files f = files_of(&s->a);
    assert_int_equal(ERR_OK, files_put(&f, FILES_JPEG, bytes, sizeof bytes,
                                       clock_read(s->a.clock).wall_ms, hash, NULL));
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(info_of(&s->a, hash).state, FILES_HERE);
    record(&s->a, FILES_JPEG, bytes, sizeof bytes, hash);
    assert_int_equal(facts_of(&s->a).waiting, 1);
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(info_of(&s->a, hash).state, FILES_HELD);
    assert_int_equal(facts_of(&s->a).waiting, 0);

    assert_int_equal(FAULT_NONE, kiosk_round(&s->b));
    assert_int_equal(info_of(&s->b, hash).state, FILES_NAMED); /* nobody asked for it */
    assert_int_equal(ERR_OK, files_want(&(struct files){ .db = &s->b.db }, hash, 1, NULL));
    assert_int_equal(facts_of(&s->b).wanted, 1);
    assert_int_equal(FAULT_NONE, kiosk_round(&s->b));
    assert_int_equal(info_of(&s->b, hash).state, FILES_HELD);
    same(s, &s->b, hash, bytes, sizeof bytes);
}

/* The hub is killed and started again between the rounds: each goes on where the last one ended. */
static void a_large_file_goes_on_where_it_was_cut(void **state)
{
    struct scene *s = *state;
    uint8_t *bytes = malloc(PDF_LEN);
    char hash[KEYS_ID_TEXT];
    int64_t moved = 0;
    int rounds = 0;

    (void)files_pdf(bytes, PDF_LEN, s->seed);
    record(&s->a, FILES_PDF, bytes, PDF_LEN, hash);
    for (; info_of(&s->a, hash).state == FILES_HERE && rounds < ROUNDS_MAX; rounds++) {
        assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
        int64_t now = info_of(&s->a, hash).moved;
        assert_true(info_of(&s->a, hash).state == FILES_HELD || now > moved);
        assert_true(now - moved <= OUTBOX_FILE_BYTES_MAX);
        moved = now;
        hub_kill(&s->hub);
        hub_start(&s->hub);
    }
    assert_int_equal(rounds, 4); /* a MiB a round */

    assert_int_equal(FAULT_NONE, kiosk_round(&s->b));
    assert_int_equal(ERR_OK, files_want(&(struct files){ .db = &s->b.db }, hash, 1, NULL));
    moved = 0;
    for (rounds = 0; info_of(&s->b, hash).state == FILES_NAMED && rounds < ROUNDS_MAX; rounds++) {
        assert_int_equal(FAULT_NONE, kiosk_round(&s->b));
        int64_t now = info_of(&s->b, hash).moved;
        assert_true(info_of(&s->b, hash).state == FILES_HELD || now > moved);
        moved = now;
    }
    assert_int_equal(rounds, 4);
    same(s, &s->b, hash, bytes, PDF_LEN);
    free(bytes);
}

static void files_that_wait_do_not_hold_up_lines(void **state)
{
    struct scene *s = *state;
    uint8_t *bytes = malloc(PDF_LEN);
    char hash[KEYS_ID_TEXT];
    struct outbox b;
    struct why why = { 0 };

    (void)files_pdf(bytes, PDF_LEN, s->seed);
    record(&s->a, FILES_PDF, bytes, PDF_LEN, hash);
    kiosk_outbox(&s->a, &b);
    assert_int_equal(FAULT_NONE, outbox_round(&b, &why));
    assert_true(b.more); /* the worker comes again at once */
    kiosk_record(&s->a, "check.recorded", "behind the file");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(info_of(&s->a, hash).state, FILES_HERE);
    assert_int_equal(s->a.pushed, 1); /* the line overtook it */
    free(bytes);
}

/* More than a round asks about, and nobody has any of them: the round does not come again for that. */
static void files_that_nobody_has_are_not_asked_for_without_end(void **state)
{
    struct scene *s = *state;
    struct outbox b;
    struct why why = { 0 };

    for (unsigned i = 0; i < 2 * OUTBOX_FILES_MAX; i++)
        assert_int_equal(
            ERR_OK, db_exec(&s->a.db,
                            "insert into log_file(hash, type, bytes, state, at_ms, wanted_ms)"
                            " values(lower(hex(randomblob(32))), 'text/csv', 9, 'named', 1, 1)",
                            NULL));
    kiosk_outbox(&s->a, &b);
    assert_int_equal(FAULT_NONE, outbox_round(&b, &why));
    assert_false(b.more);
}

static void a_new_epoch_asks_for_all_and_moves_what_is_missing(void **state)
{
    struct scene *s = *state;
    static uint8_t bytes[2][50000];
    char hashes[2][KEYS_ID_TEXT];

    for (size_t i = 0; i < 2; i++) {
        (void)files_csv(bytes[i], sizeof bytes[i], (uint8_t)(s->seed + i));
        record(&s->a, FILES_CSV, bytes[i], sizeof bytes[i], hashes[i]);
    }
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(info_of(&s->a, hashes[1]).state, FILES_HELD);
    assert_int_equal(ERR_OK, files_unconfirm(&s->a.db, NULL));
    assert_int_equal(facts_of(&s->a).waiting, 2);
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(facts_of(&s->a).waiting, 0);
}

static void a_file_damaged_here_is_fetched_again_by_itself(void **state)
{
    struct scene *s = *state;
    static uint8_t bytes[60000];
    const struct files f = files_of(&s->a);
    char hash[KEYS_ID_TEXT];
    char path[FS_PATH_MAX];
    char *out = NULL;
    size_t len = 0;

    (void)files_jpeg(bytes, sizeof bytes, s->seed);
    record(&s->a, FILES_JPEG, bytes, sizeof bytes, hash);
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(ERR_OK, files_path(&f, hash, path, NULL));
    assert_int_equal(ERR_OK, fs_replace(path, "rot", 3, 0600, NULL));
    assert_int_equal(ERR_CONFLICT, files_read(&f, hash, &s->arena, &out, &len, NULL));
    assert_int_equal(facts_of(&s->a).lost, 1);
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    same(s, &s->a, hash, bytes, sizeof bytes);
    assert_int_equal(facts_of(&s->a).lost, 0);
}

/* ---- refusals ---- */

struct piece {
    struct chunk c;
    const struct keypair *sender;
    const char *query; /* NULL: what the piece says */
    size_t flip;       /* a byte of the envelope that is changed; 0 none */
    const char *type;
};

static int ask(struct scene *s, const struct piece *p, const char **out_code,
               struct http_reply *out)
{
    uint8_t hub[1][KEYS_PUBLIC];
    uint8_t *bytes = NULL;
    size_t len = 0;
    struct why why = { 0 };

    assert_true(hex_get(hub[0], KEYS_PUBLIC, s->a.hub));
    if (p->c.len > 0 &&
        chunk_encode(&s->arena, &p->c, p->sender != NULL ? p->sender : &s->a.self,
                     (const uint8_t(*)[KEYS_PUBLIC])hub, 1, &bytes, &len, &why) != ERR_OK)
        fail_msg("%s", why.text);
    if (p->flip > 0)
        bytes[p->flip] ^= 1;
    const char *query = p->query != NULL
                            ? p->query
                            : arena_printf(&s->arena, "sha256=%s&bytes=%llu&at=%llu&type=%s",
                                           p->c.hash, (unsigned long long)p->c.bytes,
                                           (unsigned long long)p->c.at, files_type_name(p->c.type));
    const struct bent b = { .method = "POST",
                            .path = PROTO_FILES,
                            .query = query,
                            .type = p->type != NULL ? p->type : "application/octet-stream",
                            .body = bytes,
                            .len = len };
    return bent_ask(&s->arena, &s->a, &b, out, out_code);
}

static struct chunk chunk_of(struct scene *s, const uint8_t *bytes, size_t len)
{
    struct chunk c = {
        .site = s->a.site, .type = FILES_JPEG, .bytes = len, .data = bytes, .len = len
    };

    keys_sha256_hex(c.hash, bytes, len);
    return c;
}

static void a_piece_that_fails_its_checks_is_refused(void **state)
{
    struct scene *s = *state;
    static uint8_t bytes[3000];
    struct chunk good, other_site, other_hash, other_at;
    struct http_reply r;
    const char *code = "";

    (void)files_jpeg(bytes, sizeof bytes, s->seed);
    good = other_site = other_hash = other_at = chunk_of(s, bytes, sizeof bytes);
    const char *query =
        arena_printf(&s->arena, "sha256=%s&bytes=3000&at=0&type=image/jpeg", good.hash);
    other_site.site = "0123456789abcdef";
    other_hash.hash[0] = good.hash[0] == 'a' ? 'b' : 'a';
    other_at.at = 10;
    other_at.len -= 10;
    const struct {
        struct piece p;
        int status;
        const char *code;
    } cases[] = {
        { { .c = good, .flip = 200 }, 422, "file.refused" },
        { { .c = good, .flip = 2 }, 422, "file.refused" },
        { { .c = good, .sender = &s->b.self }, 422, "file.refused" },
        { { .c = other_site }, 422, "file.refused" },
        { { .c = other_hash, .query = query }, 422, "file.refused" },
        { { .c = other_at, .query = query }, 422, "file.refused" },
        { { .c = other_hash }, 422, "file.wrong" },
        { { .c = good, .type = "application/json" }, 415, "body.type" },
        { { .c = good, .query = "sha256=00&bytes=1&at=0&type=image/jpeg" },
          400,
          "request.malformed" },
        { { .c = good, .query = "bytes=1&at=0&type=image/jpeg" }, 400, "request.malformed" },
        { { .query =
                arena_printf(&s->arena, "sha256=%s&bytes=204801&at=0&type=image/jpeg", good.hash) },
          422,
          "file.refused" },
        { { .query = arena_printf(&s->arena, "sha256=%s&bytes=0&at=0&type=image/jpeg", good.hash) },
          422,
          "file.refused" },
        { { .query =
                arena_printf(&s->arena, "sha256=%s&bytes=9&at=-1&type=image/jpeg", good.hash) },
          400,
          "request.malformed" },
        { { .query = arena_printf(&s->arena, "sha256=%s&bytes=9&at=0&type=image/png", good.hash) },
          400,
          "request.malformed" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int status = ask(s, &cases[i].p, &code, &r);
        if (status != cases[i].status || strcmp(code, cases[i].code) != 0)
            fail_msg("case %zu: %d %s", i, status, code);
    }
    assert_int_equal(200, ask(s, &(struct piece){ .c = good }, &code, &r));
    assert_non_null(strstr((const char *)r.body, "\"whole\":true"));
}

static int get(struct scene *s, struct kiosk *k, const char *query, const char **out_code)
{
    const struct bent b = { .method = "GET", .path = PROTO_FILES, .query = query };
    struct http_reply r;

    return bent_ask(&s->arena, k, &b, &r, out_code);
}

static void a_file_is_given_whole_and_to_its_own_site_only(void **state)
{
    struct scene *s = *state;
    struct kiosk stranger;
    static uint8_t bytes[3000];
    char code[16];
    const char *problem = "";
    struct http_reply r;

    (void)files_jpeg(bytes, sizeof bytes, s->seed);
    struct chunk c = chunk_of(s, bytes, sizeof bytes);
    const char *query = arena_printf(&s->arena, "sha256=%s&at=0", c.hash);
    assert_int_equal(404, get(s, &s->a, query, &problem));
    assert_string_equal(problem, "file.unknown");
    c.len = 1000;
    assert_int_equal(200, ask(s, &(struct piece){ .c = c }, &problem, &r));
    assert_int_equal(404, get(s, &s->a, query, &problem)); /* half of it is nobody's */
    c.at = 1000;
    c.data = bytes + 1000;
    c.len = 2000;
    assert_int_equal(200, ask(s, &(struct piece){ .c = c }, &problem, &r));
    assert_int_equal(200, get(s, &s->b, query, &problem));
    assert_int_equal(404,
                     get(s, &s->b, arena_printf(&s->arena, "sha256=%s&at=3000", c.hash), &problem));
    assert_int_equal(400, get(s, &s->b, "at=0", &problem));
    assert_int_equal(400, get(s, &s->b, arena_printf(&s->arena, "sha256=%s", c.hash), &problem));

    kiosk_new(&stranger, NULL);
    hub_code(&s->hub, "Other Academy", code);
    assert_int_equal(FAULT_NONE, kiosk_enrol(&stranger, &s->hub, code, true));
    assert_int_equal(404, get(s, &stranger, query, &problem));
    kiosk_done(&stranger);
}

/* ---- a hub without room ---- */

static void by_hand(struct scene *s, const char *text)
{
    struct sql *sql = NULL;
    struct why why = { 0 };
    char path[FS_PATH_MAX];

    sql_init();
    assert_int_equal(ERR_OK, fs_join(path, s->hub.dir, "hub.db", NULL));
    enum err rc = s->hub.database != NULL ? sql_open_pg(s->hub.database, &sql, &why)
                                          : sql_open_sqlite(path, false, &sql, &why);
    if (rc == ERR_OK)
        rc = sql_exec(sql, text, &why);
    if (rc != ERR_OK)
        fail_msg("%s", why.text);
    sql_close(sql);
}

static void a_hub_without_room_is_told_and_left_alone_and_lines_go_on(void **state)
{
    struct scene *s = *state;
    static uint8_t bytes[9000];
    char hash[KEYS_ID_TEXT];
    char text[300];

    assert_true(
        str_format(text, sizeof text,
                   "insert into file(site, hash, type, bytes, whole, device, at_ms) values('%s',"
                   " 'big', 'text/csv', 2147483648, 1, 'd', 1)",
                   s->a.site));
    by_hand(s, text);
    (void)files_jpeg(bytes, sizeof bytes, s->seed);
    record(&s->a, FILES_JPEG, bytes, sizeof bytes, hash);
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(s->a.pushed, 1);
    assert_int_equal(facts_of(&s->a).waiting, 1);
    assert_non_null(strstr(facts_of(&s->a).trouble, "no room"));

    by_hand(s, "delete from file where hash = 'big'");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a)); /* it said to come in an hour */
    assert_int_equal(facts_of(&s->a).waiting, 1);
    /* An hour later; moving its clock would only have the hub set it right. */
    assert_int_equal(ERR_OK, db_exec(&s->a.db,
                                     "update sync_state set value = value - 3600000"
                                     " where key = 'files_rest_ms'",
                                     NULL));
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(facts_of(&s->a).waiting, 0);
    assert_string_equal(facts_of(&s->a).trouble, "");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scene_new, scene_done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_picture_is_confirmed_and_the_other_kiosk_has_it_when_it_asks),
        CASE(a_large_file_goes_on_where_it_was_cut),
        CASE(files_that_wait_do_not_hold_up_lines),
        CASE(files_that_nobody_has_are_not_asked_for_without_end),
        CASE(a_new_epoch_asks_for_all_and_moves_what_is_missing),
        CASE(a_file_damaged_here_is_fetched_again_by_itself),
        CASE(a_piece_that_fails_its_checks_is_refused),
        CASE(a_file_is_given_whole_and_to_its_own_site_only),
        CASE(a_hub_without_room_is_told_and_left_alone_and_lines_go_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
