/* Attachments beside the log: what is taken, how it stands on the disk, and what is found out when it does not. */
#include "tests/sync/log/files_support.h"

static uint8_t bytes[FILES_PDF_MAX + 1];

static size_t csv_of(const char *text)
{
    memcpy(bytes, text, strlen(text));
    return strlen(text);
}

static void the_bytes_decide_what_a_file_is(void **state)
{
    (void)state;
    assert_ok(files_check(FILES_JPEG, bytes, files_jpeg(bytes, 1000, 1), &why));
    assert_int_equal(files_check(FILES_PDF, bytes, 1000, NULL), ERR_INPUT);
    assert_int_equal(files_check(FILES_CSV, bytes, 1000, NULL), ERR_INPUT);
    assert_int_equal(files_check(FILES_JPEG, bytes, 999, NULL), ERR_INPUT); /* cut short */
    bytes[7] = bytes[8] = 0;                                                /* no height */
    assert_int_equal(files_check(FILES_JPEG, bytes, 1000, NULL), ERR_INPUT);
    for (size_t len = 0; len < 27; len++) {
        uint8_t *exact = malloc(len + 1); /* a sanitizer sees a read past it */
        (void)files_jpeg(bytes, 27, 1);
        memcpy(exact, bytes, len);
        assert_int_equal(files_check(FILES_JPEG, exact, len, NULL), ERR_INPUT);
        free(exact);
    }

    assert_ok(files_check(FILES_PDF, bytes, files_pdf(bytes, 5000, 1), &why));
    assert_int_equal(files_check(FILES_PDF, bytes, 4999 - 6, NULL), ERR_INPUT);
    assert_int_equal(files_check(FILES_PDF, "%PDF-", 5, NULL), ERR_INPUT);

    assert_ok(files_check(FILES_CSV, bytes, csv_of("time;\xb0\x43\r\n10:00;4,1\r\n"), &why));
    assert_ok(files_check(FILES_CSV, bytes, csv_of("\xef\xbb\xbftime,°C\n10:00,4.1\n"), &why));
    assert_int_equal(files_check(FILES_CSV, "", 0, NULL), ERR_INPUT);
    assert_int_equal(files_check(FILES_CSV, "a\0b", 3, NULL), ERR_INPUT);
    assert_int_equal(files_check(FILES_CSV, "PK\3\4zip", 7, NULL), ERR_INPUT);
}

static void one_byte_over_its_maximum_is_refused(void **state)
{
    static size_t (*const makers[])(uint8_t *, size_t, uint8_t) = {
        [FILES_JPEG] = files_jpeg, [FILES_CSV] = files_csv, [FILES_PDF] = files_pdf
    };

    (void)state;
    for (size_t i = 0; i < FILES_TYPES; i++) {
        const enum files_type type = (enum files_type)i;
        const size_t max = files_type_max(type);
        enum files_type same;

        assert_ok(files_check(type, bytes, makers[i](bytes, max, 1), &why));
        assert_int_equal(files_check(type, bytes, makers[i](bytes, max + 1, 1), NULL), ERR_LIMIT);
        assert_true(files_type_from(files_type_name(type), &same));
        assert_int_equal(same, type);
    }
    assert_false(files_type_from("image/png", &(enum files_type){ 0 }));
}

static void a_file_is_kept_by_its_hash_and_comes_back_byte_for_byte(void **state)
{
    struct kept k;
    char hash[KEYS_ID_TEXT];
    char again[KEYS_ID_TEXT];
    char expected[KEYS_ID_TEXT];
    char *out = NULL;
    size_t len = files_jpeg(bytes, 90000, 3);
    size_t out_len = 0;

    (void)state;
    kept_open(&k);
    keys_sha256_hex(expected, bytes, len);
    assert_int_equal(kept_info(&k, expected).state, FILES_NONE);
    assert_ok(files_put(&k.files, FILES_JPEG, bytes, len, 7, hash, &why));
    assert_string_equal(hash, expected);
    assert_ok(files_put(&k.files, FILES_JPEG, bytes, len, 8, again, &why));
    assert_string_equal(again, expected);
    assert_true(kept_stands(&k, hash));
    struct file_info info = kept_info(&k, hash);
    assert_int_equal(info.state, FILES_HERE);
    assert_int_equal(info.bytes, len);
    assert_int_equal(info.at_ms, 7);
    assert_false(info.named);
    assert_ok(files_read(&k.files, hash, &k.a, &out, &out_len, &why));
    assert_int_equal(out_len, len);
    assert_memory_equal(out, bytes, len);

    bytes[0] = 'x';
    assert_int_equal(files_put(&k.files, FILES_JPEG, bytes, len, 9, again, NULL), ERR_INPUT);
    kept_close(&k);
}

static void a_file_from_a_folder_says_its_type_by_its_bytes(void **state)
{
    struct kept k;
    char path[FS_PATH_MAX];
    char hash[KEYS_ID_TEXT];
    enum files_type type = FILES_JPEG;
    int64_t size = 0;

    (void)state;
    kept_open(&k);
    assert_ok(fs_join(path, k.dir, "certificate.jpg", &why));
    assert_ok(fs_replace(path, bytes, files_pdf(bytes, 70000, 1), 0600, &why));
    assert_ok(files_put_path(&k.files, path, 1, hash, &type, &size, &why));
    assert_int_equal(type, FILES_PDF);
    assert_int_equal(size, 70000);
    assert_ok(fs_replace(path, bytes, files_pdf(bytes, FILES_PDF_MAX, 1), 0600, &why));
    assert_ok(files_put_path(&k.files, path, 1, hash, &type, &size, &why));
    assert_ok(fs_replace(path, bytes, files_jpeg(bytes, FILES_JPEG_MAX + 1, 1), 0600, &why));
    assert_int_equal(files_put_path(&k.files, path, 1, hash, &type, &size, NULL), ERR_LIMIT);
    assert_ok(fs_replace(path, "time,C\n1,2\n", 11, 0600, &why));
    assert_ok(files_put_path(&k.files, path, 1, hash, &type, &size, &why));
    assert_int_equal(type, FILES_CSV);
    assert_ok(fs_replace(path, "PK\3\4", 4, 0600, &why));
    assert_int_equal(files_put_path(&k.files, path, 1, hash, &type, &size, NULL), ERR_INPUT);
    memset(bytes, 'x', sizeof bytes);
    assert_ok(fs_replace(path, bytes, sizeof bytes, 0600, &why));
    assert_int_equal(files_put_path(&k.files, path, 1, hash, &type, &size, NULL), ERR_LIMIT);
    assert_ok(fs_join(path, k.dir, "none", &why));
    assert_int_equal(files_put_path(&k.files, path, 1, hash, &type, &size, NULL), ERR_NOT_FOUND);
    kept_close(&k);
}

static void only_a_file_that_no_line_names_goes_again(void **state)
{
    struct kept k;
    char first[KEYS_ID_TEXT];
    char second[KEYS_ID_TEXT];
    struct files_facts facts;

    (void)state;
    kept_open(&k);
    assert_ok(files_put(&k.files, FILES_JPEG, bytes, files_jpeg(bytes, 100, 1), 1, first, &why));
    assert_ok(files_put(&k.files, FILES_JPEG, bytes, files_jpeg(bytes, 100, 2), 1, second, &why));
    assert_ok(files_facts(&k.files, &facts, &why));
    assert_int_equal(facts.waiting, 0); /* a draft's picture is nobody else's yet */
    kept_name(&k, 1, "item", second, "image/jpeg", 100);
    assert_ok(files_drop(&k.files, first, &why));
    assert_ok(files_drop(&k.files, first, &why));
    assert_int_equal(kept_info(&k, first).state, FILES_NONE);
    assert_false(kept_stands(&k, first));
    assert_int_equal(files_drop(&k.files, second, NULL), ERR_DENIED);
    assert_true(kept_stands(&k, second));
    assert_ok(files_facts(&k.files, &facts, &why));
    assert_int_equal(facts.waiting, 1);
    assert_int_equal(facts.waiting_bytes, 100);
    assert_int_equal(facts.here_bytes, 100);
    kept_close(&k);
}

static void a_damaged_file_is_found_told_and_wanted_again(void **state)
{
    static const char *const ways[] = { "changed", "cut", "gone" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        struct kept k;
        char hash[KEYS_ID_TEXT];
        char path[FS_PATH_MAX];
        char *out = NULL;
        size_t len = 0;
        struct file_info next;
        struct files_facts facts;
        struct why said = { 0 };
        kept_open(&k);
        assert_ok(files_put(&k.files, FILES_JPEG, bytes, files_jpeg(bytes, 900, 1), 1, hash, &why));
        kept_name(&k, 1, "item", hash, "image/jpeg", 900);
        kept_place(&k, hash, path);
        bytes[500] ^= 1;
        if (i == 2)
            assert_ok(fs_remove(path, &why));
        else
            assert_ok(fs_replace(path, bytes, i == 0 ? 900 : 300, 0600, &why));

        assert_int_equal(files_read(&k.files, hash, &k.a, &out, &len, &said), ERR_CONFLICT);
        assert_non_null(strstr(said.text, "damaged"));
        assert_int_equal(kept_info(&k, hash).state, FILES_LOST);
        assert_false(kept_stands(&k, hash));
        assert_ok(files_facts(&k.files, &facts, &why));
        assert_int_equal(facts.lost, 1);
        assert_int_equal(facts.wanted_bytes, 900);
        assert_ok(files_next_to_fetch(&k.files, 0, &next, &why));
        assert_string_equal(next.hash, hash);
        assert_int_equal(files_read(&k.files, hash, &k.a, &out, &len, NULL), ERR_NOT_FOUND);
        /* The same picture put in by hand heals it as well. */
        bytes[500] ^= 1;
        assert_ok(files_put(&k.files, FILES_JPEG, bytes, 900, 2, hash, &why));
        assert_int_equal(kept_info(&k, hash).state, FILES_HERE);
        kept_close(&k);
    }
}

static void verify_reads_all_and_tells_of_each_fault(void **state)
{
    struct kept k;
    char hashes[3][KEYS_ID_TEXT];
    char path[FS_PATH_MAX];
    struct support_told told = { 0 };
    uint64_t count = 0;
    uint64_t faults = 0;

    (void)state;
    kept_open(&k);
    for (size_t i = 0; i < 3; i++)
        assert_ok(files_put(&k.files, FILES_JPEG, bytes, files_jpeg(bytes, 900, (uint8_t)i), 1,
                            hashes[i], &why));
    kept_place(&k, hashes[1], path);
    assert_ok(fs_replace(path, "x", 1, 0600, &why));
    assert_ok(files_verify(&k.files, support_tell, &told, &count, &faults, &why));
    assert_int_equal(count, 3);
    assert_int_equal(faults, 1);
    assert_non_null(strstr(told.text, "damaged"));
    assert_int_equal(kept_info(&k, hashes[1]).state, FILES_LOST);
    assert_ok(files_verify(&k.files, support_tell, &told, &count, &faults, &why));
    assert_int_equal(count, 2);
    assert_int_equal(faults, 0);
    kept_close(&k);
}

struct seen {
    char text[512];
};
static bool see(void *ctx, const struct file_named *file)
{
    struct seen *s = ctx;
    size_t used = strlen(s->text);

    (void)snprintf(s->text + used, sizeof s->text - used, "%.4s %s %.4s:%llu;", file->info.hash,
                   file->name, file->device, (unsigned long long)file->seq);
    return true;
}

static void the_files_of_a_thing_are_those_that_its_lines_name(void **state)
{
    struct kept k;
    char hash[KEYS_ID_TEXT];
    char expected[128];
    struct seen seen = { 0 };
    struct keypair one = support_key(1);
    struct keypair two = support_key(2);

    (void)state;
    kept_open(&k);
    assert_ok(files_put(&k.files, FILES_JPEG, bytes, files_jpeg(bytes, 100, 1), 1, hash, &why));
    kept_name(&k, 1, "A", hash, "image/jpeg", 100);
    kept_name(&k, 2, "A", hash, "image/jpeg", 100);
    kept_name(&k, 2, "B", hash, "image/jpeg", 100);
    assert_ok(files_each(&k.files, "A", see, &seen, &why));
    assert_true(str_format(expected, sizeof expected, "%.4s Shelf A %.4s:1;%.4s Shelf A %.4s:1;",
                           hash, one.id, hash, two.id));
    assert_string_equal(seen.text, expected);
    kept_close(&k);
}

/* What a line may say, and how many files of it are followed. */
static void name_by(struct kept *k, const char *kind, const char *body)
{
    struct arena a;
    struct event e = { .seq = 5, .kind = kind, .subject = "outer" };
    struct keypair key = support_key(3);

    e.device = key.id;
    arena_init(&a, EVENT_ARENA);
    assert_ok(json_parse(&a, body, strlen(body), EVENT_LINE_MAX, &e.body, &why));
    assert_ok(files_name(&k->db, &e, 1, &why));
    assert_ok(files_name(&k->db, &e, 1, &why));
    arena_done(&a);
}

static int64_t rows(struct kept *k, const char *sql)
{
    int64_t count = -1;

    assert_ok(db_one_i64(&k->db, sql, -1, &count, &why));
    return count;
}

#define HASH_TAIL "0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab"
static void a_claim_that_cannot_be_a_file_is_passed_over(void **state)
{
    static const char *const claims[] = {
        "{\"sha256\":\"0000" HASH_TAIL "\",\"type\":\"image/png\",\"bytes\":9}",
        "{\"sha256\":\"0000" HASH_TAIL "\",\"type\":\"image/jpeg\",\"bytes\":0}",
        "{\"sha256\":\"0000" HASH_TAIL "\",\"type\":\"image/jpeg\",\"bytes\":204801}",
        "{\"sha256\":\"0000" HASH_TAIL "\",\"type\":\"image/jpeg\"}",
        "{\"sha256\":\"../" HASH_TAIL "\",\"type\":\"image/jpeg\",\"bytes\":9}",
        "{\"sha256\":\"0000\",\"type\":\"image/jpeg\",\"bytes\":9}",
        "{\"sha256\":7,\"type\":\"image/jpeg\",\"bytes\":9}",
    };
    struct kept k;
    struct buf b;

    (void)state;
    kept_open(&k);
    for (size_t i = 0; i < COUNT_OF(claims); i++)
        name_by(&k, "check.recorded", claims[i]);
    assert_int_equal(rows(&k, "select count(*) from log_file"), 0);

    buf_init(&b, EVENT_LINE_MAX);
    buf_str(&b, "{\"files\":[");
    for (unsigned i = 0; i <= FILES_LINE_MAX; i++)
        buf_printf(&b,
                   "%s{\"sha256\":\"%04x" HASH_TAIL "\",\"type\":\"text/csv\",\"bytes\":9,"
                   "\"name\":\"log\"}",
                   i > 0 ? "," : "", i);
    buf_str(&b, "]}");
    assert_ok(buf_done(&b, &why));
    name_by(&k, "check.recorded", b.data);
    buf_free(&b);
    assert_int_equal(rows(&k, "select count(*) from log_file where state = 'named'"),
                     FILES_LINE_MAX);
    assert_int_equal(rows(&k, "select count(*) from log_file_name"), FILES_LINE_MAX);
    kept_close(&k);
}

static void a_carried_line_names_its_files_as_the_line_in_it_did(void **state)
{
    struct kept k;
    struct seen seen = { 0 };
    char body[600];

    (void)state;
    kept_open(&k);
    assert_true(str_format(body, sizeof body,
                           "{\"sha256\":\"aaaa" HASH_TAIL "\",\"line\":{\"device\":\"bbbb" HASH_TAIL
                           "\",\"seq\":17,\"subject\":\"inner\",\"body\":{\"files\":[{\"sha256\":"
                           "\"0001" HASH_TAIL "\",\"type\":\"application/pdf\",\"bytes\":100,"
                           "\"name\":\"Cert\"}]}}}"));
    name_by(&k, "line.carried", body);
    assert_ok(files_each(&k.files, "outer", see, &seen, &why));
    assert_string_equal(seen.text, "");
    assert_ok(files_each(&k.files, "inner", see, &seen, &why));
    assert_string_equal(seen.text, "0001 Cert bbbb:17;");
    kept_close(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_decide_what_a_file_is),
        cmocka_unit_test(one_byte_over_its_maximum_is_refused),
        cmocka_unit_test(a_file_is_kept_by_its_hash_and_comes_back_byte_for_byte),
        cmocka_unit_test(a_file_from_a_folder_says_its_type_by_its_bytes),
        cmocka_unit_test(only_a_file_that_no_line_names_goes_again),
        cmocka_unit_test(a_damaged_file_is_found_told_and_wanted_again),
        cmocka_unit_test(verify_reads_all_and_tells_of_each_fault),
        cmocka_unit_test(the_files_of_a_thing_are_those_that_its_lines_name),
        cmocka_unit_test(a_claim_that_cannot_be_a_file_is_passed_over),
        cmocka_unit_test(a_carried_line_names_its_files_as_the_line_in_it_did),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
