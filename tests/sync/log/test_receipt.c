#include "sync/log/receipt.h"

#include <stdlib.h>

#include "sync/log/signed.h"
#include "tests/sync/log/support.h"

#define SITE "00112233445566aa"
#define HASH "000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f"

struct rig {
    struct arena a;
    struct keypair key;
    struct receipt_head heads[RECEIPT_HEADS_MAX + 1];
    struct receipt r;
    char *text;
    size_t len;
};

static struct rig *rig_new(size_t heads)
{
    struct rig *rig = calloc(1, sizeof *rig);
    assert_non_null(rig);
    arena_init(&rig->a, 4 * (size_t)RECEIPT_ARENA);
    rig->key = support_key(7);
    for (size_t i = 0; i < COUNT_OF(rig->heads); i++) {
        struct keypair one = support_key((uint8_t)(i % 200));
        rig->heads[i] = (struct receipt_head){ .device = arena_strdup(&rig->a, one.id),
                                               .seq = i + 1,
                                               .hash = HASH,
                                               .signature = i == 0 ? "c2ln" : "" };
    }
    rig->r = (struct receipt){ .site = SITE,
                               .at_ms = SUPPORT_MS,
                               .epoch = "none",
                               .cursor = 12,
                               .heads = rig->heads,
                               .head_count = heads };
    return rig;
}

static void rig_free(struct rig *rig)
{
    arena_done(&rig->a);
    free(rig);
}

static enum err rig_make(struct rig *rig)
{
    return receipt_make(&rig->a, &rig->r, &rig->key, &rig->text, &rig->len, NULL);
}

static void receipt_is_read_back_as_it_was_made(void **state)
{
    struct rig *rig = rig_new(2);
    struct receipt got;

    (void)state;
    assert_int_equal(ERR_OK, rig_make(rig));
    assert_ok(receipt_read(&rig->a, rig->text, rig->len, &got, &why));
    assert_string_equal(rig->key.id, got.device);
    assert_string_equal(SITE, got.site);
    assert_string_equal("none", got.epoch);
    assert_int_equal(12, got.cursor);
    assert_int_equal(2, got.head_count);
    assert_string_equal("c2ln", got.heads[0].signature);
    assert_string_equal("", got.heads[1].signature);
    assert_int_equal(2, receipt_head_of(&got, rig->heads[1].device));
    assert_int_equal(0, receipt_head_of(&got, HASH));
    rig_free(rig);
}

static void receipt_tells_of_the_root_that_is_trusted_and_one_that_is_none_is_refused(void **state)
{
    struct rig *rig = rig_new(1);
    struct receipt got;

    (void)state;
    assert_int_equal(ERR_OK, rig_make(rig));
    assert_ok(receipt_read(&rig->a, rig->text, rig->len, &got, &why));
    assert_null(got.root);
    rig->r.root = HASH;
    rig->r.root_version = 3;
    assert_int_equal(ERR_OK, rig_make(rig));
    assert_ok(receipt_read(&rig->a, rig->text, rig->len, &got, &why));
    assert_string_equal(HASH, got.root);
    assert_int_equal(3, got.root_version);
    rig->r.root_version = 0;
    assert_int_equal(ERR_INPUT, rig_make(rig));
    rig->r.root_version = 3;
    rig->r.root = "abc";
    assert_int_equal(ERR_INPUT, rig_make(rig));
    rig_free(rig);
}

static void receipt_of_the_most_devices_fits_and_one_more_does_not(void **state)
{
    struct rig *rig = rig_new(RECEIPT_HEADS_MAX);
    struct receipt got;

    (void)state;
    assert_int_equal(ERR_OK, rig_make(rig));
    assert_ok(receipt_read(&rig->a, rig->text, rig->len, &got, &why));
    assert_int_equal(RECEIPT_HEADS_MAX, got.head_count);
    rig->r.head_count++;
    assert_int_equal(ERR_LIMIT, rig_make(rig));
    assert_int_equal(ERR_LIMIT,
                     receipt_read(&rig->a, rig->text, RECEIPT_BYTES_MAX + 1, &got, NULL));
    rig_free(rig);
}

static void receipt_of_the_most_files_fits_and_one_more_does_not(void **state)
{
    struct rig *rig = rig_new(RECEIPT_HEADS_MAX);
    const char *files[RECEIPT_FILES_MAX + 1];
    struct receipt got;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(files); i++)
        files[i] = HASH;
    /* The hub's heads are the longest: each has its counter-signature. */
    for (size_t i = 0; i < RECEIPT_HEADS_MAX; i++)
        rig->heads[i].signature = "YWJjZGVmYWJjZGVmYWJjZGVmYWJjZGVmYWJjZGVmYWJjZGVmYWJjZGVmYWJjZGVm"
                                  "YWJjZGVmYWJjZGVmYWJjZA==";
    rig->r.files = files;
    rig->r.file_count = RECEIPT_FILES_MAX;
    assert_int_equal(ERR_OK, rig_make(rig));
    assert_ok(receipt_read(&rig->a, rig->text, rig->len, &got, &why));
    assert_int_equal(RECEIPT_FILES_MAX, got.file_count);
    assert_string_equal(HASH, got.files[RECEIPT_FILES_MAX - 1]);
    rig->r.file_count++;
    assert_int_equal(ERR_LIMIT, rig_make(rig));
    rig->r.file_count = 1;
    files[0] = "no hash";
    assert_int_equal(ERR_INPUT, rig_make(rig));
    rig_free(rig);
}

static void receipt_of_which_any_byte_was_changed_or_cut_is_refused(void **state)
{
    struct rig *rig = rig_new(1);
    struct receipt got;

    (void)state;
    assert_int_equal(ERR_OK, rig_make(rig));
    for (size_t i = 0; i < rig->len; i++) {
        char *other = arena_strndup(&rig->a, rig->text, rig->len);
        assert_non_null(other);
        other[i] = (char)(other[i] ^ 1);
        if (receipt_read(&rig->a, other, rig->len, &got, NULL) == ERR_OK)
            fail_msg("byte %zu may be changed", i);
    }
    for (size_t len = 0; len < rig->len; len++) {
        /* In memory of exactly that size, so that a sanitizer sees a read past it. */
        char *exact = malloc(len > 0 ? len : 1);
        assert_non_null(exact);
        memcpy(exact, rig->text, len);
        assert_int_not_equal(ERR_OK, receipt_read(&rig->a, exact, len, &got, NULL));
        free(exact);
    }
    rig_free(rig);
}

/* Signed well, and not a receipt. */
static void signed_text_of_another_shape_is_no_receipt(void **state)
{
    static const char *const bodies[] = {
        "{\"type\":\"canny.certificate\",\"device\":\"%s\"}",
        "{\"type\":\"canny.receipt\",\"device\":\"%s\"}",
        "{\"type\":\"canny.receipt\",\"device\":\"%s\",\"site\":\"../../../../etc/\",\"epoch\":"
        "\"none\",\"cursor\":0,\"heads\":[]}",
        "{\"type\":\"canny.receipt\",\"device\":\"%s\",\"site\":\"" SITE "\",\"epoch\":\"new\","
        "\"cursor\":0,\"heads\":[]}",
        "{\"type\":\"canny.receipt\",\"device\":\"%s\",\"site\":\"" SITE "\",\"epoch\":\"none\","
        "\"cursor\":-1,\"heads\":[]}",
        "{\"type\":\"canny.receipt\",\"device\":\"%s\",\"site\":\"" SITE "\",\"epoch\":\"none\","
        "\"cursor\":0,\"heads\":[{\"device\":\"x\",\"seq\":1,\"hash\":\"" HASH "\"}]}",
        "{\"type\":\"canny.receipt\",\"device\":\"%s\",\"site\":\"" SITE "\",\"epoch\":\"none\","
        "\"cursor\":0,\"heads\":[],\"files\":{}}",
        "{\"type\":\"canny.receipt\",\"device\":\"%s\",\"site\":\"" SITE "\",\"epoch\":\"none\","
        "\"cursor\":0,\"heads\":[],\"files\":[\"../..\"]}",
        "{\"type\":\"canny.receipt\",\"device\":\"%s\",\"site\":\"" SITE "\",\"epoch\":\"none\","
        "\"cursor\":0,\"heads\":[{\"device\":\"" HASH "\",\"seq\":0,\"hash\":\"" HASH "\"}]}",
        "[]",
    };
    struct rig *rig = rig_new(0);
    struct receipt got;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        char body[600];
        char *text = NULL;
        size_t len = 0;
        const char *at = strstr(bodies[i], "%s");
        if (at == NULL)
            (void)str_copy(body, sizeof body, bodies[i]);
        else
            (void)str_format(body, sizeof body, "%.*s%s%s", (int)(at - bodies[i]), bodies[i],
                             rig->key.id, at + 2);
        assert_ok(signed_make(&rig->a, body, strlen(body), &rig->key, &text, &len, &why));
        if (receipt_read(&rig->a, text, len, &got, NULL) != ERR_INPUT)
            fail_msg("taken: %s", body);
    }
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(receipt_is_read_back_as_it_was_made),
        cmocka_unit_test(receipt_tells_of_the_root_that_is_trusted_and_one_that_is_none_is_refused),
        cmocka_unit_test(receipt_of_the_most_devices_fits_and_one_more_does_not),
        cmocka_unit_test(receipt_of_the_most_files_fits_and_one_more_does_not),
        cmocka_unit_test(receipt_of_which_any_byte_was_changed_or_cut_is_refused),
        cmocka_unit_test(signed_text_of_another_shape_is_no_receipt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
