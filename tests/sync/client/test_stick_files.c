/* Attachments by the stick: what one kiosk puts there another takes in, and nothing on it can do harm. */
#include "sync/client/stick_files.h"

#include "sync/log/chunk.h"
#include "tests/sync/log/files_support.h"

enum { PDF_LEN = 600000 };
static uint8_t bytes[PDF_LEN];

struct desk {
    struct kept a, b;
    char stick[40];
    struct stick_folder folder;
    struct keypair keys[2];
    uint8_t receivers[2][KEYS_PUBLIC];
    char hash[KEYS_ID_TEXT];
    size_t notes;
};

static bool belongs(void *ctx, const char *device)
{
    const struct desk *d = ctx;

    return strcmp(device, d->keys[0].id) == 0 || strcmp(device, d->keys[1].id) == 0;
}

static void note(void *ctx, const char *name, const char *what)
{
    struct desk *d = ctx;

    assert_true(name[0] != '\0' && what[0] != '\0');
    d->notes++;
}

static struct stick_files side(struct desk *d, size_t who)
{
    return (struct stick_files){
        .files = who == 0 ? d->a.files : d->b.files,
        .self = &d->keys[who],
        .site = "0123456789abcdef",
        .hub = "",
        .dir = d->folder.files,
        .receivers = (const uint8_t(*)[KEYS_PUBLIC])d->receivers,
        .receiver_count = 2,
        .belongs = belongs,
        .note = note,
        .ctx = d,
        .now_ms = 5,
        .left = STICK_ROUND_MAX,
    };
}

/* A has a certificate that a line names, and B has the line. */
static void desk_open(struct desk *d)
{
    *d = (struct desk){ .stick = "/tmp/canny-stick-XXXXXX",
                        .keys = { support_key(1), support_key(2) } };
    kept_open(&d->a);
    kept_open(&d->b);
    assert_non_null(mkdtemp(d->stick));
    for (size_t i = 0; i < 2; i++)
        memcpy(d->receivers[i], d->keys[i].pub, KEYS_PUBLIC);
    assert_ok(stick_files_setup(&d->a.db, &why));
    assert_ok(stick_files_setup(&d->b.db, &why));
    assert_ok(stick_folder_of(&d->folder, d->stick, "0123456789abcdef", &why));
    assert_ok(stick_folder_make(&d->folder, &why));
    (void)files_pdf(bytes, PDF_LEN, 1);
    assert_ok(files_put(&d->a.files, FILES_PDF, bytes, PDF_LEN, 1, d->hash, &why));
    kept_name(&d->a, 1, "item", d->hash, "application/pdf", PDF_LEN);
    kept_name(&d->b, 1, "item", d->hash, "application/pdf", PDF_LEN);
}

static void desk_close(struct desk *d)
{
    kept_remove(d->stick);
    kept_close(&d->a);
    kept_close(&d->b);
}

static struct stick_files give(struct desk *d, size_t who)
{
    struct stick_files s = side(d, who);

    assert_ok(stick_files_give(&s, &why));
    return s;
}

static struct stick_files take(struct desk *d, size_t who)
{
    struct stick_files s = side(d, who);

    assert_ok(stick_files_take(&s, &why));
    return s;
}

static void a_file_goes_over_and_a_second_time_changes_nothing(void **state)
{
    struct desk d;
    char *out = NULL;
    size_t len = 0;

    (void)state;
    desk_open(&d);
    assert_int_equal(give(&d, 0).moved, 1);
    assert_int_equal(give(&d, 0).left, STICK_ROUND_MAX); /* nothing is written twice */
    assert_int_equal(take(&d, 1).moved, 1);
    assert_ok(files_read(&d.b.files, d.hash, &d.b.a, &out, &len, &why));
    assert_int_equal(len, PDF_LEN);
    assert_memory_equal(out, bytes, PDF_LEN);
    assert_int_equal(kept_info(&d.b, d.hash).state, FILES_HERE); /* the hub has not said a word */
    assert_int_equal(take(&d, 1).moved, 0);
    assert_int_equal(take(&d, 0).moved, 0);
    assert_int_equal(d.notes, 0);
    desk_close(&d);
}

static void a_plug_has_its_measure_and_the_next_goes_on(void **state)
{
    struct desk d;
    struct stick_files s;

    (void)state;
    desk_open(&d);
    s = side(&d, 0);
    s.left = 2 * CHUNK_BYTES_MAX - 1;
    assert_ok(stick_files_give(&s, &why));
    assert_true(s.more);
    assert_int_equal(s.moved, 0);
    assert_false(give(&d, 0).more);
    s = side(&d, 1);
    s.left = 2 * CHUNK_BYTES_MAX - 1;
    assert_ok(stick_files_take(&s, &why));
    assert_true(s.more);
    assert_int_equal(kept_info(&d.b, d.hash).moved, CHUNK_DATA_MAX);
    assert_int_equal(take(&d, 1).moved, 1);
    desk_close(&d);
}

static void a_damaged_or_missing_piece_is_harmless_and_can_be_brought_again(void **state)
{
    struct desk d;
    char name[STICK_NAME_MAX];
    char path[FS_PATH_MAX];

    (void)state;
    desk_open(&d);
    (void)give(&d, 0);
    stick_name_chunk(name, d.hash, CHUNK_DATA_MAX);
    assert_ok(fs_join(path, d.folder.files, name, &why));
    assert_ok(fs_replace(path, "CANNYF1\nrubbish", 15, 0600, &why));
    assert_int_equal(take(&d, 1).moved, 0);
    assert_int_equal(d.notes, 1);
    assert_int_equal(kept_info(&d.b, d.hash).moved, CHUNK_DATA_MAX);
    assert_ok(fs_remove(path, &why));
    assert_int_equal(take(&d, 1).moved, 0);
    assert_int_equal(give(&d, 0).moved, 1);
    assert_int_equal(take(&d, 1).moved, 1);
    desk_close(&d);
}

static void a_stranger_is_not_listened_to_and_what_nobody_names_stays_outside(void **state)
{
    struct desk d;
    struct stick_files s;
    struct stick_files by_other;

    (void)state;
    desk_open(&d);
    /* Whoever signs is not of the site, though the site's kiosks can open it. */
    struct keypair stranger = support_key(9);
    by_other = side(&d, 0);
    by_other.self = &stranger;
    assert_ok(stick_files_give(&by_other, &why));
    assert_int_equal(take(&d, 1).moved, 0);
    assert_true(d.notes > 0);
    desk_close(&d);

    desk_open(&d);
    (void)give(&d, 0);
    assert_ok(db_exec(&d.b.db, "delete from log_file; delete from log_file_name", &why));
    s = take(&d, 1);
    assert_int_equal(s.moved, 0);
    assert_int_equal(s.left, STICK_ROUND_MAX); /* not even read */
    desk_close(&d);
}

static void a_kiosk_that_joined_since_gets_it_sealed_to_it(void **state)
{
    struct desk d;
    struct stick_files s;

    (void)state;
    desk_open(&d);
    s = side(&d, 0);
    s.receiver_count = 1;
    assert_ok(stick_files_give(&s, &why));
    assert_int_equal(take(&d, 1).moved, 0);
    assert_int_equal(give(&d, 0).moved, 1);
    assert_int_equal(take(&d, 1).moved, 1);
    desk_close(&d);
}

static void
a_file_without_room_here_is_left_and_the_others_and_a_later_plug_take_theirs(void **state)
{
    struct desk d;
    struct stick_files s;
    char small[KEYS_ID_TEXT];

    (void)state;
    desk_open(&d);
    (void)files_pdf(bytes, 2000, 2);
    assert_ok(files_put(&d.a.files, FILES_PDF, bytes, 2000, 1, small, &why));
    kept_name(&d.a, 2, "item", small, "application/pdf", 2000);
    kept_name(&d.b, 2, "item", small, "application/pdf", 2000);
    assert_int_equal(give(&d, 0).moved, 2);
    /* The one with no room is to stand first among the pieces, or a taking that ends at it would pass too. */
    assert_true(strcmp(d.hash, small) < 0);
    s = side(&d, 1);
    s.files.total_max = PDF_LEN - 1;
    assert_ok(stick_files_take(&s, &why));
    assert_int_equal(s.no_room, 1);
    assert_int_equal(s.left,
                     STICK_ROUND_MAX - 2 * CHUNK_BYTES_MAX); /* its other piece is not read */
    assert_int_equal(s.moved, 1);
    assert_int_equal(d.notes, 0);
    assert_int_equal(kept_info(&d.b, d.hash).state, FILES_NAMED);
    assert_int_equal(take(&d, 1).moved, 1);
    assert_int_equal(kept_info(&d.b, d.hash).state, FILES_HERE);
    assert_int_equal(kept_info(&d.b, small).state, FILES_HERE);
    desk_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_goes_over_and_a_second_time_changes_nothing),
        cmocka_unit_test(a_plug_has_its_measure_and_the_next_goes_on),
        cmocka_unit_test(a_damaged_or_missing_piece_is_harmless_and_can_be_brought_again),
        cmocka_unit_test(a_stranger_is_not_listened_to_and_what_nobody_names_stays_outside),
        cmocka_unit_test(a_kiosk_that_joined_since_gets_it_sealed_to_it),
        cmocka_unit_test(
            a_file_without_room_here_is_left_and_the_others_and_a_later_plug_take_theirs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
