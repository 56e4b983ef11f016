#include "sync/log/files.h"
#include "tests/sync/client/stick_rig.h"

/* What the screens are told: up to which of its lines a kiosk has all on a stick, -1 none; whether anything came by one. */
static int64_t told_given(struct rig *rig, size_t kiosk)
{
    const char *given = "";
    int64_t seq = -1;
    struct arena a;
    arena_init(&a, 4096);
    assert_ok(state_get(&rig->db[kiosk], "stick.given", &a, &given, &why));
    if (given[0] != '\0') {
        assert_true(str_starts(given, rig->key[kiosk].id));
        assert_true(str_to_i64(given + strlen(rig->key[kiosk].id) + 1, &seq));
    }
    arena_done(&a);
    return seq;
}

static bool told_taken(struct rig *rig, size_t kiosk)
{
    int64_t ms = 0;
    assert_ok(state_get_i64(&rig->db[kiosk], "stick.taken_ms", 0, &ms, &why));
    return ms != 0;
}

/* ---- cases ---- */

static void lines_go_both_ways_and_once_all_hold_them_nothing_is_left_to_do(void **state)
{
    struct rig *rig = rig_open();
    struct stick_entry *rows = NULL;
    struct arena a;

    (void)state;
    arena_init(&a, (size_t)4 * 1024 * 1024);
    record(rig, 0, "check.recorded", 120);
    record(rig, 1, "check.recorded", 3);
    plug(rig, 0);
    assert_int_equal(0, rig->tally.take);
    assert_int_equal(120, rig->tally.give);
    assert_int_equal(120, rig->tally.given);
    assert_int_equal(120, told_given(rig, 0));
    assert_false(told_taken(rig, 0));
    plug(rig, 1);
    assert_int_equal(120, rig->tally.take);
    assert_int_equal(120, rig->tally.taken);
    assert_int_equal(3, rig->tally.given);
    assert_int_equal(3, told_given(rig, 1));
    assert_true(told_taken(rig, 1));
    plug(rig, 0);
    assert_int_equal(3, rig->tally.taken);
    assert_int_equal(0, rig->tally.given);
    assert_int_equal(123, lines(rig, 0));
    assert_int_equal(123, lines(rig, 1));
    plug(rig, 1);
    assert_int_equal(0, rig->tally.take + rig->tally.give + rig->tally.taken + rig->tally.given);
    /* What everybody holds has been taken away by who put it there. */
    plug(rig, 0);
    assert_int_equal(0, bundles(rig, &a, &rows));
    assert_int_equal(0, rig->tally.note_count);
    arena_done(&a);
    rig_close(rig);
}

static void what_is_on_the_stick_already_is_not_put_there_again_and_the_rest_is(void **state)
{
    struct rig *rig = rig_open();
    struct stick_entry *rows = NULL;
    struct arena a;

    (void)state;
    arena_init(&a, (size_t)4 * 1024 * 1024);
    record(rig, 0, "check.recorded", 10);
    plug(rig, 0);
    plug(rig, 0);
    assert_int_equal(0, rig->tally.give);
    assert_int_equal(1, bundles(rig, &a, &rows));
    record(rig, 0, "check.recorded", 5);
    plug(rig, 0);
    assert_int_equal(5, rig->tally.given);
    assert_int_equal(2, bundles(rig, &a, &rows));
    /* Another kiosk belongs now: it cannot open what was sealed before, so that is put there anew. */
    record(rig, 0, "kiosk.admitted", 1);
    plug(rig, 0);
    assert_int_equal(16, rig->tally.given);
    plug(rig, 2);
    assert_int_equal(16, rig->tally.taken);
    arena_done(&a);
    rig_close(rig);
}

static void bundle_that_is_cut_anywhere_is_told_and_changes_nothing(void **state)
{
    struct rig *rig = rig_open();
    struct stick_entry *rows = NULL;
    struct stick_folder f;
    struct arena a;
    char *bytes = NULL;
    size_t len = 0;

    (void)state;
    arena_init(&a, (size_t)16 * 1024 * 1024);
    record(rig, 0, "check.recorded", 4);
    plug(rig, 0);
    assert_int_equal(1, bundles(rig, &a, &rows));
    assert_ok(stick_folder_of(&f, rig->stick, SITE, &why));
    assert_ok(stick_folder_read(f.site, rows[0].name, BUNDLE_BYTES_MAX, &a, &bytes, &len, &why));
    for (size_t part = 0; part < 16; part++) {
        put(rig, rows[0].name, bytes, len * part / 16);
        plug(rig, 1);
        assert_int_equal(0, rig->tally.taken);
        assert_int_equal(1, rig->tally.note_count);
        assert_string_equal(rows[0].name, rig->tally.notes[0].name);
        assert_int_equal(0, lines(rig, 1));
    }
    /* Whole, and of another version: not called damaged. */
    bytes[strlen("CANNYB")]--;
    put(rig, rows[0].name, bytes, len);
    plug(rig, 1);
    assert_int_equal(1, rig->tally.note_count);
    assert_non_null(strstr(rig->tally.notes[0].what, "another version of Canny"));
    assert_int_equal(1, rig->tally.other);
    assert_int_equal(0, lines(rig, 1));
    /* Its sender sees that it is no good and puts another there. */
    plug(rig, 0);
    assert_int_equal(4, rig->tally.given);
    plug(rig, 1);
    assert_int_equal(4, rig->tally.taken);
    arena_done(&a);
    rig_close(rig);
}

/* The admission of the sender stands in another bundle, whose name sorts after it or before it. */
static void bundle_of_who_belongs_by_another_bundle_is_taken_after_it(void **state)
{
    struct rig *rig = rig_open();

    (void)state;
    record(rig, 2, "check.recorded", 2);
    record(rig, 2, "kiosk.admitted", 1); /* it knows itself */
    plug(rig, 2);
    plug(rig, 1);
    assert_int_equal(0, rig->tally.taken);
    assert_int_equal(2, rig->tally.note_count);
    record(rig, 0, "kiosk.admitted", 1);
    plug(rig, 0);
    assert_int_equal(3, rig->tally.taken);
    plug(rig, 1);
    assert_int_equal(4, rig->tally.taken);
    assert_int_equal(0, rig->tally.note_count);
    rig_close(rig);
}

static void revoked_and_strange_senders_are_left_and_get_nothing(void **state)
{
    struct rig *rig = rig_open();

    (void)state;
    record(rig, 3, "check.recorded", 2);
    plug(rig, 3);
    record(rig, 0, "check.recorded", 2);
    plug(rig, 0);
    assert_int_equal(0, rig->tally.taken);
    assert_int_equal(1, rig->tally.note_count);
    plug(rig, 3);
    assert_int_equal(0, rig->tally.taken);
    assert_int_equal(2, lines(rig, 3));
    rig_close(rig);
}

static void revoked_kiosk_is_told_that_and_nothing_else(void **state)
{
    struct rig *rig = rig_open();
    struct stick_entry *rows = NULL;
    struct event_draft draft = { .kind = "kiosk.revoked", .body = "{}" };
    struct arena a;

    (void)state;
    arena_init(&a, (size_t)4 * 1024 * 1024);
    draft.subject = rig->key[3].id;
    record(rig, 0, "check.recorded", 2);
    record(rig, 0, "kiosk.revoked", 1); /* of somebody else */
    support_append(&rig->db[0], &rig->key[0], support_now(SUPPORT_MS, CLOCK_NTP), &draft);
    plug(rig, 0);
    assert_int_equal(5, rig->tally.given);
    assert_int_equal(3, bundles(rig, &a, &rows));
    /* It stands, and is not put there again; nor does it stand for what the others miss. */
    plug(rig, 0);
    assert_int_equal(0, rig->tally.give + rig->tally.given);
    assert_int_equal(3, bundles(rig, &a, &rows));
    plug(rig, 1);
    assert_int_equal(4, rig->tally.taken);
    assert_int_equal(0, rig->tally.note_count);
    plug(rig, 3);
    assert_int_equal(1, rig->tally.taken);
    assert_int_equal(1, lines(rig, 3));
    /* One that is cut is put there anew. */
    for (size_t i = 0, count = bundles(rig, &a, &rows); i < count; i++)
        put(rig, rows[i].name, "cut", 3);
    plug(rig, 0);
    assert_int_equal(1, rig->tally.given);
    arena_done(&a);
    rig_close(rig);
}

static void line_that_differs_is_told_as_a_fork_and_keeps_nothing_else_out(void **state)
{
    struct rig *rig = rig_open();
    const struct event_draft other = { .kind = "check.recorded", .subject = "y", .body = "{}" };

    (void)state;
    /* Kiosk 1 holds another first line of kiosk 0: the card was copied. */
    support_append(&rig->db[1], &rig->key[0], support_now(SUPPORT_MS, CLOCK_NTP), &other);
    record(rig, 0, "check.recorded", 3);
    plug(rig, 0);
    plug(rig, 1);
    assert_true(rig->tally.forked);
    assert_int_equal(0, rig->tally.taken);
    assert_int_equal(1, lines(rig, 1));
    rig_close(rig);
}

/* ---- the hub's ---- */

static void hub_bundle(struct rig *rig, uint64_t first, size_t count, size_t from, uint32_t dice)
{
    struct bundle_line *rows;
    struct db_stmt q;
    struct arena a;
    uint8_t *bytes = NULL;
    size_t len = 0;
    size_t at = 0;
    char name[STICK_NAME_MAX];
    uint8_t to[1][KEYS_PUBLIC];

    arena_init(&a, 2 * (size_t)BUNDLE_ARENA);
    rows = arena_array(&a, count, sizeof *rows);
    assert_non_null(rows);
    /* The lines of kiosk 1, as the hub numbered them. */
    q = db_prepare(&rig->db[1], "select line from log_line order by seq limit ?1 offset ?2");
    db_bind_i64(&q, 1, (int64_t)count);
    db_bind_i64(&q, 2, (int64_t)from);
    for (; db_step(&q); at++) {
        rows[at].line = db_text_in(&q, 0, &a);
        rows[at].len = strlen(rows[at].line);
        rows[at].site_no = first + at;
    }
    assert_ok(db_end(&q, &why));
    assert_int_equal(count, at);
    const struct bundle b = {
        .site = SITE, .next = first + count - 1, .lines = rows, .line_count = count
    };
    memcpy(to[0], rig->key[0].pub, KEYS_PUBLIC);
    assert_ok(bundle_encode(&a, &b, &rig->key[HUB], (const uint8_t(*)[KEYS_PUBLIC])to, 1, &bytes,
                            &len, &why));
    stick_name_bundle(name, rig->key[HUB].id, dice);
    put(rig, name, bytes, len);
    arena_done(&a);
}

static void hub_receipt(struct rig *rig, const char *epoch, int64_t at_ms, uint64_t acked)
{
    struct receipt r = { .site = SITE, .at_ms = at_ms, .epoch = epoch };
    struct receipt_head head = { .device = rig->key[0].id, .seq = acked };
    char hash[KEYS_ID_TEXT] = "";
    uint8_t sig[KEYS_SIG];
    struct arena a;
    char *signature = NULL;
    char *text = NULL;
    size_t len = 0;
    char name[STICK_NAME_MAX];

    arena_init(&a, (size_t)RECEIPT_ARENA);
    struct db_stmt q =
        db_prepare(&rig->db[0], "select hash from log_line where device = ?1 and seq = ?2");
    db_bind_text(&q, 1, rig->key[0].id);
    db_bind_i64(&q, 2, (int64_t)acked);
    if (db_step(&q))
        (void)str_copy(hash, sizeof hash, db_text(&q, 0));
    assert_ok(db_end(&q, &why));
    const char *said = proto_head_text(&a, rig->key[HUB].id, epoch, rig->key[0].id, acked, hash);
    assert_non_null(said);
    keys_sign(sig, &rig->key[HUB], said, strlen(said));
    assert_ok(keys_b64(&a, sig, sizeof sig, &signature, &why));
    head.hash = hash;
    head.signature = signature;
    r.heads = &head;
    r.head_count = acked > 0 ? 1 : 0;
    assert_ok(receipt_make(&a, &r, &rig->key[HUB], &text, &len, &why));
    stick_name_receipt(name, rig->key[HUB].id);
    put(rig, name, text, len);
    arena_done(&a);
}

static void attachments_wait(struct rig *rig, const char *const *hashes, size_t count, size_t named)
{
    assert_ok(files_setup(&rig->db[0], &why));
    for (size_t i = 0; i < count; i++) {
        assert_ok(db_run(&rig->db[0], &why,
                         "insert into log_file(hash, type, bytes, state, at_ms) values(?1,"
                         " 'text/csv', 10, 'here', 1)",
                         hashes[i]));
        if (i < named)
            assert_ok(db_run(&rig->db[0], &why,
                             "insert into log_file_name(hash, device, seq, subject, name)"
                             " values(?1, 'x', 1, 'x', 'x')",
                             hashes[i]));
    }
}

static bool attachment_held(struct rig *rig, const char *hash)
{
    struct db_stmt q =
        db_prepare(&rig->db[0], "select state = 'held' from log_file where hash = ?1");
    db_bind_text(&q, 1, hash);
    bool held = db_step(&q) && db_i64(&q, 0) != 0;
    assert_ok(db_end(&q, &why));
    return held;
}

static void files_receipt(struct rig *rig, const char *epoch, const char *const *files,
                          size_t count)
{
    const struct receipt r = {
        .site = SITE, .at_ms = 1, .epoch = epoch, .files = files, .file_count = count
    };
    struct arena a;
    char *text = NULL;
    size_t len = 0;
    char name[STICK_NAME_MAX];

    arena_init(&a, (size_t)RECEIPT_ARENA);
    assert_ok(receipt_make(&a, &r, &rig->key[HUB], &text, &len, &why));
    stick_name_receipt(name, rig->key[HUB].id);
    put(rig, name, text, len);
    arena_done(&a);
}

/* The first and the second are named by a line; the hub tells of the first and the third. */
static void attachments_that_the_hub_holds_wait_no_longer(void **state)
{
    struct rig *rig = rig_open();
    const struct stick_ports ports = { .ingest = rig_ingest, .members = rig_members, .ctx = rig };
    const char *hashes[] = { rig->key[0].id, rig->key[1].id, rig->key[2].id };
    const char *told[] = { rig->key[0].id, rig->key[2].id, rig->key[3].id };

    (void)state;
    attachments_wait(rig, hashes, COUNT_OF(hashes), 2);
    assert_ok(state_set_i64(&rig->db[0], "last_success_ms", 100, &why));
    for (size_t round = 0; round < 2; round++) {
        struct stick s = work(rig, 0, &ports);
        s.hub = rig->key[HUB].id;
        s.epoch = EPOCH;
        s.data = rig->dir;
        files_receipt(rig, round == 0 ? "ffffeeee00002222" : EPOCH, told, COUNT_OF(told));
        assert_ok(stick_look(&s, &why));
        assert_false(attachment_held(rig, hashes[0]));
        /* A receipt of a time that is over says nothing of now. */
        assert_ok(stick_exchange(&s, &why));
        assert_int_equal(round == 1, attachment_held(rig, hashes[0]));
        assert_false(attachment_held(rig, hashes[1]));
        assert_false(attachment_held(rig, hashes[2]));
        /* The one that could not be given, as there is no file, was marked. */
        assert_ok(db_exec(&rig->db[0], "update log_file set state = 'here'", &why));
    }
    rig_close(rig);
}

static int64_t place(struct rig *rig, const char *key)
{
    int64_t value = 0;
    assert_ok(state_get_i64(&rig->db[0], key, 0, &value, &why));
    return value;
}

static void cursor_goes_over_the_hubs_lines_only_without_a_gap_and_in_its_epoch(void **state)
{
    struct rig *rig = rig_open();
    const char *hub = rig->key[HUB].id;

    (void)state;
    record(rig, 1, "check.recorded", 9);
    /* Numbers 1 to 3 are missing. */
    hub_bundle(rig, 4, 3, 3, 1);
    hub_receipt(rig, EPOCH, SUPPORT_MS, 0);
    assert_int_equal(ERR_OK, plug_as(rig, 0, hub, EPOCH));
    assert_int_equal(3, rig->tally.taken);
    assert_int_equal(0, place(rig, "cursor"));
    /* They come, under a name that sorts behind; and 7 to 9 beside them. */
    hub_bundle(rig, 1, 3, 0, 9);
    hub_bundle(rig, 7, 3, 6, 0);
    assert_int_equal(ERR_OK, plug_as(rig, 0, hub, EPOCH));
    assert_int_equal(6, rig->tally.taken);
    assert_int_equal(9, place(rig, "cursor"));
    rig_close(rig);

    /* The stick is of another time of the hub: the lines are taken, the place is not. */
    rig = rig_open();
    record(rig, 1, "check.recorded", 3);
    hub_bundle(rig, 1, 3, 0, 1);
    assert_ok(state_set_i64(&rig->db[0], "last_success_ms", SUPPORT_MS + 5, &why));
    hub_receipt(rig, EPOCH, SUPPORT_MS, 0);
    assert_int_equal(ERR_OK, plug_as(rig, 0, rig->key[HUB].id, "aaaabbbbccccdddd"));
    assert_int_equal(3, rig->tally.taken);
    assert_int_equal(0, place(rig, "cursor"));
    assert_int_equal(0, place(rig, "debt"));
    rig_close(rig);
}

static void hubs_receipt_acknowledges_with_its_own_signature_alone(void **state)
{
    struct rig *rig = rig_open();

    (void)state;
    record(rig, 0, "check.recorded", 5);
    hub_receipt(rig, EPOCH, SUPPORT_MS, 4);
    assert_int_equal(ERR_OK, plug_as(rig, 0, rig->key[HUB].id, EPOCH));
    assert_int_equal(4, place(rig, "acked"));
    /* An older one takes nothing back; one whose counter-signature is of another epoch says nothing. */
    hub_receipt(rig, EPOCH, SUPPORT_MS, 2);
    assert_int_equal(ERR_OK, plug_as(rig, 0, rig->key[HUB].id, EPOCH));
    assert_int_equal(4, place(rig, "acked"));
    hub_receipt(rig, "0000111122223333", SUPPORT_MS - 5, 5);
    assert_int_equal(ERR_OK, plug_as(rig, 0, rig->key[HUB].id, EPOCH));
    assert_int_equal(4, place(rig, "acked"));
    rig_close(rig);
}

/* ---- sticks that are no good ---- */

static void stick_that_cannot_be_written_is_told(void **state)
{
    struct rig *rig = rig_open();
    char path[FS_PATH_MAX];

    (void)state;
    (void)str_format(path, sizeof path, "%s/CANNY", rig->stick);
    assert_ok(fs_replace(path, "x", 1, 0644, &why));
    record(rig, 0, "check.recorded", 1);
    /* A file in the way: reading and writing both say so. */
    enum err rc = plug_as(rig, 0, "", "");
    assert_true(rc != ERR_OK || rig->tally.protected);
    assert_int_equal(0, rig->tally.given);
    assert_int_equal(-1, told_given(rig, 0));
    rig_close(rig);
}

static void stick_that_went_is_an_error_and_another_try_goes_on(void **state)
{
    struct rig *rig = rig_open();

    (void)state;
    record(rig, 0, "check.recorded", 1);
    assert_int_equal(0, rmdir(rig->stick));
    assert_int_not_equal(ERR_OK, plug_as(rig, 0, "", ""));
    assert_int_equal(0, rig->tally.given);
    assert_int_equal(0, mkdir(rig->stick, 0755));
    plug(rig, 0);
    assert_int_equal(1, rig->tally.given);
    rig_close(rig);
}

static void more_bundles_than_are_read_at_once_wait(void **state)
{
    struct rig *rig = rig_open();
    char name[STICK_NAME_MAX];

    (void)state;
    for (uint32_t i = 0; i <= STICK_BUNDLES_MAX; i++) {
        stick_name_bundle(name, rig->key[1].id, i);
        put(rig, name, "x", 1);
    }
    plug(rig, 0);
    assert_true(rig->tally.more);
    assert_int_equal(STICK_BUNDLES_MAX, rig->tally.note_count);
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_go_both_ways_and_once_all_hold_them_nothing_is_left_to_do),
        cmocka_unit_test(what_is_on_the_stick_already_is_not_put_there_again_and_the_rest_is),
        cmocka_unit_test(bundle_that_is_cut_anywhere_is_told_and_changes_nothing),
        cmocka_unit_test(bundle_of_who_belongs_by_another_bundle_is_taken_after_it),
        cmocka_unit_test(revoked_and_strange_senders_are_left_and_get_nothing),
        cmocka_unit_test(attachments_that_the_hub_holds_wait_no_longer),
        cmocka_unit_test(revoked_kiosk_is_told_that_and_nothing_else),
        cmocka_unit_test(line_that_differs_is_told_as_a_fork_and_keeps_nothing_else_out),
        cmocka_unit_test(cursor_goes_over_the_hubs_lines_only_without_a_gap_and_in_its_epoch),
        cmocka_unit_test(hubs_receipt_acknowledges_with_its_own_signature_alone),
        cmocka_unit_test(stick_that_cannot_be_written_is_told),
        cmocka_unit_test(stick_that_went_is_an_error_and_another_try_goes_on),
        cmocka_unit_test(more_bundles_than_are_read_at_once_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
