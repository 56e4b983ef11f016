/* Files on their way: pieces, whose turn it is, and room. */
#include "sync/log/chunk.h"
#include "tests/sync/log/files_support.h"

enum { PDF_LEN = 700000 };
static uint8_t bytes[FILES_PDF_MAX];

static void make(char hash[KEYS_ID_TEXT], size_t len, uint8_t seed)
{
    (void)files_pdf(bytes, len, seed);
    keys_sha256_hex(hash, bytes, len);
}

static struct chunk piece(const char *hash, size_t all, size_t at, size_t len)
{
    struct chunk c = {
        .site = "s", .type = FILES_PDF, .bytes = all, .at = at, .data = bytes + at, .len = len
    };

    (void)str_copy(c.hash, sizeof c.hash, hash);
    return c;
}

static enum err take(struct kept *k, const struct chunk *c, struct file_info *out)
{
    return files_take(&k->files, c, true, 9, out, NULL);
}

static void pieces_become_a_file_whatever_comes_between(void **state)
{
    struct kept k;
    char hash[KEYS_ID_TEXT];
    struct file_info info;
    char *out = NULL;
    size_t len = 0;
    static const struct {
        size_t at, len;
        int64_t moved;
    } steps[] = {
        { 1000, 10, 0 },        { 0, 200000, 200000 },      { 0, 200000, 200000 },
        { 300000, 10, 200000 }, { 200000, 262144, 462144 },
    };

    (void)state;
    kept_open(&k);
    make(hash, PDF_LEN, 1);
    const struct chunk unnamed = piece(hash, PDF_LEN, 0, 100);
    assert_int_equal(take(&k, &unnamed, &info), ERR_NOT_FOUND);
    kept_name(&k, 1, "item", hash, "application/pdf", PDF_LEN);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        const struct chunk c = piece(hash, PDF_LEN, steps[i].at, steps[i].len);
        assert_int_equal(take(&k, &c, &info), ERR_OK);
        assert_int_equal(info.moved, steps[i].moved);
        assert_int_equal(info.state, FILES_NAMED);
    }
    /* The program ends and starts again. */
    db_close(&k.db);
    k.db = files_db(k.dir);
    assert_int_equal(kept_info(&k, hash).moved, 462144);
    const struct chunk last = piece(hash, PDF_LEN, 462144, PDF_LEN - 462144);
    assert_int_equal(take(&k, &last, &info), ERR_OK);
    assert_int_equal(info.state, FILES_HELD);
    assert_ok(files_read(&k.files, hash, &k.a, &out, &len, &why));
    assert_int_equal(len, PDF_LEN);
    assert_memory_equal(out, bytes, PDF_LEN);
    assert_int_equal(take(&k, &unnamed, &info), ERR_OK); /* it is here: nothing is taken */
    kept_close(&k);
}

static void a_whole_that_is_another_file_is_thrown_away(void **state)
{
    struct kept k;
    char hash[KEYS_ID_TEXT];
    struct file_info info;

    (void)state;
    kept_open(&k);
    make(hash, 1000, 1);
    kept_name(&k, 1, "item", hash, "application/pdf", 1000);
    bytes[500] ^= 1;
    struct chunk c = piece(hash, 1000, 0, 1000);
    assert_ok(files_want(&k.files, hash, 1, &why));
    assert_int_equal(take(&k, &c, &info), ERR_CONFLICT);
    assert_int_equal(kept_info(&k, hash).state, FILES_NAMED);
    assert_int_equal(kept_info(&k, hash).moved, 0);
    assert_false(kept_info(&k, hash).wanted);
    bytes[500] ^= 1;
    c.type = FILES_JPEG; /* its bytes, and not its type */
    assert_int_equal(take(&k, &c, &info), ERR_CONFLICT);
    c.type = FILES_PDF;
    assert_int_equal(take(&k, &c, &info), ERR_OK);
    assert_int_equal(info.state, FILES_HELD);
    kept_close(&k);
}

/* A line may lie about the length; whoever has the file in hand knows. */
static void the_sender_of_a_piece_knows_its_length_better_than_a_line(void **state)
{
    struct kept k;
    char hash[KEYS_ID_TEXT];
    struct file_info info;

    (void)state;
    kept_open(&k);
    make(hash, 1000, 1);
    kept_name(&k, 1, "item", hash, "image/jpeg", 77);
    const struct chunk first = piece(hash, 1000, 0, 600);
    const struct chunk last = piece(hash, 1000, 600, 400);
    assert_int_equal(take(&k, &last, &info), ERR_OK);
    assert_int_equal(info.moved, 0);
    assert_int_equal(take(&k, &first, &info), ERR_OK);
    assert_int_equal(take(&k, &last, &info), ERR_OK);
    assert_int_equal(info.state, FILES_HELD);
    assert_int_equal(info.bytes, 1000);
    kept_close(&k);
}

/* What a torn write left in the piece's file is found by the whole's hash, and it begins again. */
static void a_piece_that_rotted_on_the_disk_begins_again(void **state)
{
    struct kept k;
    char hash[KEYS_ID_TEXT];
    char part[FS_PATH_MAX];
    struct file_info info;

    (void)state;
    kept_open(&k);
    make(hash, 1000, 1);
    kept_name(&k, 1, "item", hash, "application/pdf", 1000);
    const struct chunk first = piece(hash, 1000, 0, 600);
    const struct chunk last = piece(hash, 1000, 600, 400);
    assert_true(str_format(part, sizeof part, "%s/files/part/%s", k.dir, hash));
    assert_int_equal(take(&k, &first, &info), ERR_OK);
    assert_ok(fs_append(part, 100, bytes, 500, 0600, &why));
    assert_int_equal(take(&k, &last, &info), ERR_CONFLICT);
    /* All of it, but the row was not written: as a cut just before the end. */
    assert_ok(fs_append(part, 0, bytes, 1000, 0600, &why));
    assert_int_equal(take(&k, &last, &info), ERR_OK);
    assert_int_equal(info.moved, 0);
    assert_int_equal(take(&k, &first, &info), ERR_OK);
    assert_int_equal(take(&k, &last, &info), ERR_OK);
    assert_int_equal(info.state, FILES_HELD);
    kept_close(&k);
}

static void one_that_cannot_be_moved_goes_behind_the_others(void **state)
{
    struct kept k;
    char hashes[3][KEYS_ID_TEXT];
    char order[6][KEYS_ID_TEXT];
    struct file_info info;

    (void)state;
    kept_open(&k);
    for (size_t i = 0; i < 3; i++) {
        assert_ok(files_put(&k.files, FILES_JPEG, bytes, files_jpeg(bytes, 100, (uint8_t)i), 1,
                            hashes[i], &why));
        kept_name(&k, 1, "item", hashes[i], "image/jpeg", 100);
    }
    for (size_t round = 0, n = 0; round < 2; round++) {
        int64_t turn = 0;
        assert_ok(files_turn(&k.files, &turn, &why));
        /* The second round is cut off after one. */
        for (size_t i = 0; i < (round == 0 ? 3U : 1U); i++) {
            assert_ok(files_next_to_send(&k.files, turn, &info, &why));
            (void)str_copy(order[n++], KEYS_ID_TEXT, info.hash);
            assert_ok(files_tried(&k.files, info.hash, &why));
        }
        assert_ok(files_next_to_send(&k.files, turn, &info, &why));
        assert_int_equal(info.state == FILES_NONE, round == 0);
    }
    int64_t turn = 0;
    assert_ok(files_turn(&k.files, &turn, &why));
    assert_ok(files_next_to_send(&k.files, turn, &info, &why));
    assert_string_equal(order[3], order[0]);
    assert_string_equal(info.hash, order[1]);
    assert_ok(files_sent(&k.files, info.hash, 50, false, &why));
    assert_int_equal(kept_info(&k, info.hash).moved, 50);
    assert_ok(files_sent(&k.files, info.hash, 100, true, &why));
    assert_int_equal(kept_info(&k, info.hash).state, FILES_HELD);
    assert_ok(files_next_to_send(&k.files, turn, &info, &why));
    assert_string_equal(info.hash, order[2]);
    kept_close(&k);
}

/* ---- room ---- */

static void confirmed_files_give_way_oldest_first_and_no_other_ever(void **state)
{
    struct kept k;
    char hashes[5][KEYS_ID_TEXT];
    char refused[KEYS_ID_TEXT];
    struct files_facts facts;

    (void)state;
    kept_open(&k);
    k.files.total_max = 3000;
    for (size_t i = 0; i < 3; i++) {
        assert_ok(files_put(&k.files, FILES_JPEG, bytes, files_jpeg(bytes, 1000, (uint8_t)i),
                            (int64_t)i + 1, hashes[i], &why));
        kept_name(&k, 1, "item", hashes[i], "image/jpeg", 1000);
    }
    /* Full of what nobody else holds: no more is taken in. */
    assert_int_equal(
        files_put(&k.files, FILES_JPEG, bytes, files_jpeg(bytes, 1000, 3), 4, refused, NULL),
        ERR_FULL);
    assert_ok(files_sent(&k.files, hashes[0], 0, true, &why));
    assert_ok(files_sent(&k.files, hashes[1], 0, true, &why));
    assert_ok(
        files_put(&k.files, FILES_JPEG, bytes, files_jpeg(bytes, 1000, 3), 4, hashes[3], &why));
    assert_int_equal(kept_info(&k, hashes[0]).state, FILES_NAMED);
    assert_false(kept_stands(&k, hashes[0]));
    assert_true(kept_stands(&k, hashes[1]));
    assert_true(kept_stands(&k, hashes[2]));
    k.files.total_max = 1;
    assert_ok(files_tidy(&k.files, 0, &why));
    assert_int_equal(kept_info(&k, hashes[1]).state, FILES_NAMED);
    assert_int_equal(kept_info(&k, hashes[2]).state, FILES_HERE);
    assert_ok(files_facts(&k.files, &facts, &why));
    assert_int_equal(facts.here_bytes, 2000);
    kept_close(&k);
}

static void a_short_disk_takes_confirmed_files(void **state)
{
    struct kept k;
    char hash[KEYS_ID_TEXT];

    (void)state;
    kept_open(&k);
    assert_ok(files_put(&k.files, FILES_JPEG, bytes, files_jpeg(bytes, 1000, 1), 1, hash, &why));
    kept_name(&k, 1, "item", hash, "image/jpeg", 1000);
    k.files.free_min = INT64_MAX / 2;
    assert_ok(files_tidy(&k.files, 0, &why));
    assert_true(kept_stands(&k, hash));
    assert_ok(files_sent(&k.files, hash, 0, true, &why));
    assert_ok(files_tidy(&k.files, 0, &why));
    assert_false(kept_stands(&k, hash));
    kept_close(&k);
}

static void clearing_up_takes_what_nobody_needs_and_nothing_else(void **state)
{
    static const char *const left[] = { "files/ab/", "files/part/" };
    struct kept k;
    char kept[KEYS_ID_TEXT];
    char draft[KEYS_ID_TEXT];
    char named[KEYS_ID_TEXT];
    char path[2][FS_PATH_MAX];
    char part[FS_PATH_MAX];
    struct fs_stat st;
    struct file_info info;
    const int64_t days_ms = (int64_t)FILES_UNNAMED_DAYS * 86400 * 1000;

    (void)state;
    kept_open(&k);
    assert_ok(files_put(&k.files, FILES_JPEG, bytes, files_jpeg(bytes, 100, 1), 1, kept, &why));
    kept_name(&k, 1, "item", kept, "image/jpeg", 100);
    assert_ok(files_put(&k.files, FILES_JPEG, bytes, files_jpeg(bytes, 100, 2), 1, draft, &why));
    make(named, 1000, 1);
    kept_name(&k, 1, "item", named, "application/pdf", 1000);
    const struct chunk c = piece(named, 1000, 0, 10);
    assert_int_equal(take(&k, &c, &info), ERR_OK);
    for (size_t i = 0; i < 2; i++) { /* as power cuts leave them */
        assert_true(str_format(path[i], FS_PATH_MAX, "%s/%s", k.dir, left[i]));
        assert_ok(fs_mkdirs(path[i], 0700, &why));
        assert_true(str_format(path[i], FS_PATH_MAX, "%s/%sabcd.new", k.dir, left[i]));
        assert_ok(fs_replace(path[i], "x", 1, 0600, &why));
    }
    assert_ok(files_tidy(&k.files, 1 + days_ms, &why));
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(fs_stat(path[i], &st, NULL), ERR_NOT_FOUND);
    assert_true(kept_stands(&k, kept));
    assert_true(kept_stands(&k, draft));
    assert_true(str_format(part, sizeof part, "%s/files/part/%s", k.dir, named));
    assert_ok(fs_stat(part, &st, &why));
    /* A day later the draft's picture goes, but only where somebody vouches for the day. */
    assert_ok(files_tidy(&k.files, 0, &why));
    assert_true(kept_stands(&k, draft));
    assert_ok(files_tidy(&k.files, 2 + days_ms, &why));
    assert_false(kept_stands(&k, draft));
    assert_int_equal(kept_info(&k, draft).state, FILES_NONE);
    assert_true(kept_stands(&k, kept));
    kept_close(&k);
}

static void a_new_epoch_leaves_nothing_confirmed(void **state)
{
    struct kept k;
    char hash[KEYS_ID_TEXT];
    struct files_facts facts;

    (void)state;
    kept_open(&k);
    assert_ok(files_put(&k.files, FILES_JPEG, bytes, files_jpeg(bytes, 100, 1), 1, hash, &why));
    kept_name(&k, 1, "item", hash, "image/jpeg", 100);
    assert_ok(files_sent(&k.files, hash, 0, true, &why));
    assert_ok(files_unconfirm(&k.db, &why));
    assert_int_equal(kept_info(&k, hash).state, FILES_HERE);
    assert_ok(files_facts(&k.files, &facts, &why));
    assert_int_equal(facts.waiting, 1);
    kept_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_become_a_file_whatever_comes_between),
        cmocka_unit_test(a_whole_that_is_another_file_is_thrown_away),
        cmocka_unit_test(the_sender_of_a_piece_knows_its_length_better_than_a_line),
        cmocka_unit_test(a_piece_that_rotted_on_the_disk_begins_again),
        cmocka_unit_test(one_that_cannot_be_moved_goes_behind_the_others),
        cmocka_unit_test(confirmed_files_give_way_oldest_first_and_no_other_ever),
        cmocka_unit_test(a_short_disk_takes_confirmed_files),
        cmocka_unit_test(clearing_up_takes_what_nobody_needs_and_nothing_else),
        cmocka_unit_test(a_new_epoch_leaves_nothing_confirmed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
