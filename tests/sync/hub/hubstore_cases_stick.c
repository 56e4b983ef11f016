/* A stick between the hub and kiosks of a site. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_file.h"
#include "sync/hub/hubstore_stick.h"
#include "sync/log/receipt.h"
#include "tests/sync/hub/stick_scene.h"

/* ---- in ---- */

static void bundles_are_taken_once_and_whatever_else_is_told_and_left(void **state)
{
    struct scene *s = *state;
    struct store_member stranger;
    uint8_t other[1][KEYS_PUBLIC];
    static const char junk[] = "this is no bundle";
    char name[STICK_NAME_MAX];

    scene_record(s, &s->kiosks[0], 5);
    scene_record(s, &s->kiosks[1], 2);
    (void)scene_sends(s, &s->kiosks[0], 3, 5);
    (void)scene_sends(s, &s->kiosks[0], 1, 2);
    (void)scene_sends(s, &s->kiosks[1], 1, 2);
    store_member(&stranger);
    scene_record(s, &stranger, 1);
    const char *foreign = scene_sends(s, &stranger, 1, 1);
    memcpy(other[0], s->kiosks[2].key.pub, KEYS_PUBLIC);
    const char *sealed = scene_bundle(s, &s->kiosks[1], &s->kiosks[1].d, 1, 2, s->site,
                                      (const uint8_t(*)[KEYS_PUBLIC])other);
    const char *strange = scene_bundle(s, &stranger, &stranger.d, 1, 1, s->site,
                                       (const uint8_t(*)[KEYS_PUBLIC])other);
    const char *elsewhere =
        scene_bundle(s, &s->kiosks[1], &s->kiosks[1].d, 1, 2, "00000000000000ff",
                     (const uint8_t(*)[KEYS_PUBLIC])s->hub.self.pub);
    stick_name_bundle(name, s->kiosks[2].key.id, 7);
    assert_int_equal(ERR_OK,
                     stick_folder_write(s->folder.site, name, junk, sizeof(junk) - 1, NULL));
    for (size_t again = 0; again < 2; again++) {
        assert_int_equal(ERR_OK, scene_take(s));
        assert_int_equal(again == 0 ? 7 : 0, s->tally.lines);
        assert_int_equal(8, s->tally.files);
        assert_int_equal(4, s->tally.refused);
        assert_int_equal(1, s->tally.others);
        assert_non_null(strstr(s->told, arena_printf(&s->b->a, "%s\trefused: device", foreign)));
        assert_non_null(
            strstr(s->told, arena_printf(&s->b->a, "%s\tnot sealed to this hub", sealed)));
        assert_non_null(strstr(s->told, arena_printf(&s->b->a,
                                                     "%s\trefused: bundle: it is not sealed to"
                                                     " this device",
                                                     strange)));
        assert_non_null(strstr(
            s->told, arena_printf(&s->b->a, "%s\trefused: it is of another site", elsewhere)));
        assert_non_null(strstr(s->told, arena_printf(&s->b->a, "%s\trefused: ", name)));
        assert_int_equal(
            7, store_count(s->b, "select count(*) from line where line like '%check.recorded%'"));
    }
    assert_int_equal(0, store_count(s->b, arena_printf(&s->b->a,
                                                       "select count(*) from owner where device"
                                                       " = '%s'",
                                                       stranger.d.id)));
}

static void half_written_and_bent_files_change_nothing(void **state)
{
    struct scene *s = *state;
    struct stick_entry *rows;
    char *bytes;
    size_t len;
    char half[STICK_NAME_MAX];

    scene_record(s, &s->kiosks[0], 3);
    const char *name = scene_sends(s, &s->kiosks[0], 1, 3);
    assert_int_equal(ERR_OK, stick_folder_read(s->folder.site, name, BUNDLE_BYTES_MAX, &s->b->a,
                                               &bytes, &len, NULL));
    assert_int_equal(ERR_OK, stick_folder_remove(s->folder.site, name, NULL));
    (void)str_format(half, sizeof(half), "%s.part", name);
    char path[FS_PATH_MAX];
    assert_int_equal(ERR_OK, fs_join(path, s->folder.site, half, NULL));
    assert_int_equal(ERR_OK, fs_append(path, 0, bytes, len / 2, 0600, NULL));
    assert_int_equal(ERR_OK, scene_take(s));
    assert_int_equal(0, s->tally.refused);
    assert_non_null(strstr(s->told, "half written"));
    /* Cut at every length, and one bit turned in every byte. */
    assert_int_equal(ERR_OK, fs_join(path, s->folder.site, name, NULL));
    for (size_t cut = 0; cut < len; cut += len / 37 + 1) {
        assert_int_equal(ERR_OK, fs_replace(path, bytes, cut, 0600, NULL));
        assert_int_equal(ERR_OK, scene_take(s));
        assert_int_equal(1, s->tally.refused);
    }
    for (size_t at = 0; at < len; at += len / 37 + 1) {
        bytes[at] = (char)(bytes[at] ^ 0x10);
        assert_int_equal(ERR_OK, fs_replace(path, bytes, len, 0600, NULL));
        bytes[at] = (char)(bytes[at] ^ 0x10);
        assert_int_equal(ERR_OK, scene_take(s));
        assert_int_equal(1, s->tally.refused);
    }
    assert_int_equal(
        0, store_count(s->b, "select count(*) from line where line like '%check.recorded%'"));
    assert_int_equal(ERR_OK, fs_replace(path, bytes, len, 0600, NULL));
    assert_int_equal(ERR_OK, scene_take(s));
    assert_int_equal(3, s->tally.lines);
    assert_int_equal(1, scene_names(s, s->folder.site, STICK_HALF, &rows)); /* not the hub's */
}

static void kiosk_brings_its_own_admission_or_another_does(void **state)
{
    struct scene *s = *state;
    struct store_member friend, third;
    struct store_device both = { .count = 0 };

    store_member(&friend);
    store_member(&third);
    store_admit(s->b, &s->kiosks[0], &friend, s->site);
    store_admit(s->b, &friend, &third, s->site);
    scene_record(s, &third, 2);
    /* The third sends its own lines alone; the friend, whom nobody has heard of, the admissions of both. */
    (void)scene_sends(s, &third, 1, 2);
    both.lines[both.count++] = friend.d.lines[0];
    both.lines[both.count++] = s->kiosks[0].d.lines[0];
    (void)scene_bundle(s, &friend, &both, 1, 2, s->site,
                       (const uint8_t(*)[KEYS_PUBLIC])s->hub.self.pub);
    assert_int_equal(ERR_OK, scene_take(s));
    assert_int_equal(0, s->tally.refused);
    assert_int_equal(4, s->tally.lines);
    assert_int_equal(5, store_count(s->b, "select count(*) from device"));
}

static void revoked_kiosks_bundle_is_refused_and_others_bring_its_lines(void **state)
{
    struct scene *s = *state;

    scene_record(s, &s->kiosks[0], 2);
    const char *name = scene_sends(s, &s->kiosks[0], 1, 2);
    scene_revoke(s, &s->kiosks[0]);
    assert_int_equal(ERR_OK, scene_take(s));
    assert_non_null(
        strstr(s->told, arena_printf(&s->b->a, "%s\trefused: its sender was revoked", name)));
    (void)scene_bundle(s, &s->kiosks[1], &s->kiosks[0].d, 1, 2, s->site,
                       (const uint8_t(*)[KEYS_PUBLIC])s->hub.self.pub);
    assert_int_equal(ERR_OK, scene_take(s));
    assert_int_equal(2, s->tally.lines);
}

static void fork_on_a_stick_is_refused_and_alarmed(void **state)
{
    struct scene *s = *state;
    struct store_member copy = s->kiosks[0];

    scene_record(s, &s->kiosks[0], 2);
    store_write(s->b, &copy.d, "check.recorded", "another", "{}");
    (void)scene_sends(s, &s->kiosks[0], 1, 2);
    assert_int_equal(ERR_OK, scene_take(s));
    assert_int_equal(2, s->tally.lines);
    const char *name = scene_sends(s, &copy, 1, 1);
    assert_int_equal(ERR_OK, scene_take(s));
    assert_non_null(strstr(s->told, arena_printf(&s->b->a, "%s\trefused: line 1", name)));
    assert_int_equal(1,
                     store_count(s->b, "select count(*) from alarm where code = 'lines.conflict'"));
}

static void folder_of_no_site_of_ours_is_told(void **state)
{
    struct scene *s = *state;
    struct stick_folder other;

    assert_int_equal(ERR_OK, stick_folder_of(&other, s->root, "00000000000000ff", NULL));
    assert_int_equal(ERR_OK, stick_folder_make(&other, NULL));
    assert_int_equal(ERR_OK, scene_take(s));
    assert_int_equal(1, s->tally.refused);
    assert_non_null(strstr(s->told, "00000000000000ff/\trefused: it is of no site of this hub"));
    scene_empty(s->root);
    assert_int_not_equal(ERR_OK, scene_take(s));
}

/* ---- out ---- */

static void receipt_says_what_the_hub_holds_under_its_name(void **state)
{
    struct scene *s = *state;
    struct receipt r;
    char name[STICK_NAME_MAX];
    char *text;
    size_t len;
    uint8_t *sig;
    size_t sig_len;

    scene_record(s, &s->kiosks[0], 4);
    (void)scene_sends(s, &s->kiosks[0], 1, 2);
    (void)scene_sends(s, &s->kiosks[0], 4, 4);
    assert_int_equal(ERR_OK, scene_take(s));
    stick_name_receipt(name, s->hub.self.id);
    assert_int_equal(ERR_OK, stick_folder_read(s->folder.site, name, RECEIPT_BYTES_MAX, &s->b->a,
                                               &text, &len, NULL));
    assert_int_equal(ERR_OK, receipt_read(&s->b->a, text, len, &r, NULL));
    assert_string_equal(s->hub.self.id, r.device);
    assert_string_equal(s->site, r.site);
    assert_int_equal(SCENE_KIOSKS + 3, r.cursor);
    assert_int_equal(2, receipt_head_of(&r, s->kiosks[0].d.id));
    assert_string_equal(s->kiosks[0].d.id, r.heads[0].device);
    const char *head = proto_head_text(&s->b->a, s->hub.self.id, r.epoch, r.heads[0].device,
                                       r.heads[0].seq, r.heads[0].hash);
    assert_int_equal(ERR_OK, keys_unb64(&s->b->a, r.heads[0].signature, &sig, &sig_len, NULL));
    assert_int_equal(KEYS_SIG, sig_len);
    assert_true(keys_verify(sig, s->hub.self.pub, head, strlen(head)));
}

static void lines_above_each_receipt_are_put_there_in_the_sites_order(void **state)
{
    struct scene *s = *state;
    struct hub_site site;
    uint64_t first, last;

    scene_record(s, &s->kiosks[0], 300);
    assert_int_equal(ERR_OK, store_append(s->b, store_push(s->b, s->site, s->kiosks[0].d.id,
                                                           &s->kiosks[0].d, 1, 300)));
    assert_int_equal(ERR_OK, hubstore_site(s->b->store, s->site, NULL, &site, NULL));
    /* Nobody has shown anything: all of it, for each. */
    assert_int_equal(ERR_OK, scene_give(s));
    for (size_t i = 0; i < SCENE_KIOSKS; i++) {
        assert_int_equal(SCENE_KIOSKS + 300, scene_reads(s, &s->kiosks[i], &first, &last));
        assert_int_equal(1, first);
        assert_int_equal(site.last, last);
    }
    /* All have, one less than the others; one of another epoch counts as nothing. */
    scene_receipt(s, &s->kiosks[0], site.at.epoch, 200);
    scene_receipt(s, &s->kiosks[1], site.at.epoch, 120);
    scene_receipt(s, &s->kiosks[2], "00000000000000ee", 300);
    assert_int_equal(ERR_OK, scene_give(s));
    (void)scene_reads(s, &s->kiosks[0], &first, &last);
    assert_int_equal(1, first);
    scene_receipt(s, &s->kiosks[2], site.at.epoch, site.last + 50);
    assert_int_equal(ERR_OK, scene_give(s));
    assert_int_equal(site.last - 120, scene_reads(s, &s->kiosks[0], &first, &last));
    assert_int_equal(121, first);
    /* Everybody holds everything: the bundles go, the receipt stays. */
    for (size_t i = 0; i < SCENE_KIOSKS; i++)
        scene_receipt(s, &s->kiosks[i], site.at.epoch, site.last);
    assert_int_equal(ERR_OK, scene_give(s));
    assert_int_equal(0, scene_reads(s, &s->kiosks[0], &first, &last));
    struct stick_entry *rows;
    assert_int_equal(SCENE_KIOSKS + 1, scene_names(s, s->folder.site, STICK_RECEIPT, &rows));
}

static void others_files_stay_and_the_hubs_own_halves_go(void **state)
{
    struct scene *s = *state;
    struct stick_entry *rows;
    char name[STICK_NAME_MAX];
    char half[STICK_NAME_MAX];
    char path[FS_PATH_MAX];

    scene_record(s, &s->kiosks[0], 1);
    (void)scene_sends(s, &s->kiosks[0], 1, 1);
    stick_name_bundle(name, s->hub.self.id, 1);
    (void)str_format(half, sizeof(half), "%s.part", name);
    assert_int_equal(ERR_OK, fs_join(path, s->folder.site, half, NULL));
    assert_int_equal(ERR_OK, fs_append(path, 0, "half", 4, 0600, NULL));
    stick_name_bundle(name, s->kiosks[1].key.id, 1);
    (void)str_format(half, sizeof(half), "%s.part", name);
    assert_int_equal(ERR_OK, fs_join(path, s->folder.site, half, NULL));
    assert_int_equal(ERR_OK, fs_append(path, 0, "half", 4, 0600, NULL));
    assert_int_equal(ERR_OK, scene_give(s));
    assert_int_equal(1, scene_names(s, s->folder.site, STICK_HALF, &rows));
    assert_int_equal(2, scene_names(s, s->folder.site, STICK_BUNDLE, &rows));
}

static void revoked_kiosk_cannot_read_what_is_put_there(void **state)
{
    struct scene *s = *state;
    struct stick_entry *rows;
    struct bundle in;
    char *bytes;
    size_t len;

    scene_revoke(s, &s->kiosks[2]);
    assert_int_equal(ERR_OK, scene_give(s));
    assert_int_equal(1, scene_names(s, s->folder.site, STICK_BUNDLE, &rows));
    assert_int_equal(ERR_OK, stick_folder_read(s->folder.site, rows[0].name, BUNDLE_BYTES_MAX,
                                               &s->b->a, &bytes, &len, NULL));
    assert_int_equal(ERR_OK, bundle_decode(&s->b->a, bytes, len, &s->kiosks[1].key, &in, NULL));
    assert_int_equal(ERR_DENIED, bundle_decode(&s->b->a, bytes, len, &s->kiosks[2].key, &in, NULL));
}

static void revoked_kiosk_reads_of_that_and_nothing_else(void **state)
{
    struct scene *s = *state;
    const struct hub_which which = { .device = s->kiosks[2].d.id };
    struct hub_known known;
    struct stick_entry *rows;
    size_t opened = 0;

    scene_record(s, &s->kiosks[0], 2);
    assert_int_equal(ERR_OK, hubstore_which(s->hub.store, &which, &known, NULL));
    assert_int_equal(ERR_OK, hubstore_revoke(s->hub.store, &known, store_noon, NULL));
    for (size_t round = 0; round < 2; round++) {
        assert_int_equal(ERR_OK, scene_give(s));
        assert_int_equal(2, scene_names(s, s->folder.site, STICK_BUNDLE, &rows));
    }
    for (size_t i = 0; i < 2; i++) {
        struct bundle in;
        char *bytes;
        size_t len;
        assert_int_equal(ERR_OK, stick_folder_read(s->folder.site, rows[i].name, BUNDLE_BYTES_MAX,
                                                   &s->b->a, &bytes, &len, NULL));
        assert_int_equal(ERR_OK, bundle_decode(&s->b->a, bytes, len, &s->kiosks[1].key, &in, NULL));
        if (bundle_decode(&s->b->a, bytes, len, &s->kiosks[2].key, &in, NULL) != ERR_OK)
            continue;
        opened++;
        assert_int_equal(2, in.line_count); /* its enrolment, and the end of it */
        assert_int_equal(0, in.next);
        for (size_t n = 0; n < in.line_count; n++)
            assert_non_null(strstr(in.lines[n].line, s->kiosks[2].d.id));
        assert_non_null(strstr(in.lines[0].line, "\"kind\":\"kiosk.revoked\""));
    }
    assert_int_equal(1, opened);
}

static void all_kiosks_revoked_is_told_to_them(void **state)
{
    struct scene *s = *state;
    struct stick_entry *rows;

    for (size_t i = 0; i < SCENE_KIOSKS; i++) {
        const struct hub_which which = { .device = s->kiosks[i].d.id };
        struct hub_known known;
        assert_int_equal(ERR_OK, hubstore_which(s->hub.store, &which, &known, NULL));
        assert_int_equal(ERR_OK, hubstore_revoke(s->hub.store, &known, store_noon, NULL));
    }
    assert_int_equal(ERR_OK, scene_give(s));
    assert_int_equal(1, scene_names(s, s->folder.site, STICK_BUNDLE, &rows));
}

/* ---- attachments ---- */

static void attachment_comes_in_pieces_in_any_order_and_goes_out_again(void **state)
{
    struct scene *s = *state;
    const size_t size = CHUNK_DATA_MAX * 2 + 1000;
    struct store_bench *b = s->b;
    char *csv = arena_alloc(&b->a, size);
    struct chunk p = { .site = s->site, .type = FILES_CSV, .bytes = size };
    char names[3][STICK_NAME_MAX];
    struct hub_file_row row;
    size_t count = 0;

    for (size_t i = 0; i < size; i++)
        csv[i] = i % 64 == 63 ? '\n' : (char)('0' + i % 10);
    csv[size - 1] = '\n';
    keys_sha256_hex(p.hash, csv, size);
    for (size_t i = 0; i < 3; i++) {
        uint8_t *bytes;
        size_t len;
        p.at = i * CHUNK_DATA_MAX;
        p.data = (const uint8_t *)csv + p.at;
        p.len = i < 2 ? CHUNK_DATA_MAX : 1000;
        assert_int_equal(ERR_OK, chunk_encode(&b->a, &p, &s->kiosks[0].key,
                                              (const uint8_t(*)[KEYS_PUBLIC])s->hub.self.pub, 1,
                                              &bytes, &len, NULL));
        stick_name_chunk(names[i], p.hash, p.at);
        assert_int_equal(ERR_OK, stick_folder_write(s->folder.files, names[i], bytes, len, NULL));
    }
    assert_int_equal(ERR_OK, scene_take(s));
    assert_int_equal(0, s->tally.refused);
    assert_int_equal(ERR_OK, hubstore_files(b->store, s->site, "", 1, &row, &count, NULL));
    assert_int_equal(1, count);
    assert_string_equal(p.hash, row.hash);
    assert_int_equal(size, row.bytes);
    /* Who put it there hears of it by the receipt; it is named once, and what the hub has not is not. */
    struct receipt r;
    char *text;
    size_t text_len;
    char receipt[STICK_NAME_MAX];
    char part[STICK_NAME_MAX];
    char other[KEYS_ID_TEXT];
    keys_sha256_hex(other, csv, 1);
    stick_name_chunk(part, other, 0);
    assert_int_equal(ERR_OK, stick_folder_write(s->folder.files, part, csv, 100, NULL));
    assert_int_equal(ERR_OK, scene_take(s));
    stick_name_receipt(receipt, s->hub.self.id);
    assert_int_equal(ERR_OK, stick_folder_read(s->folder.site, receipt, RECEIPT_BYTES_MAX, &b->a,
                                               &text, &text_len, NULL));
    assert_int_equal(ERR_OK, receipt_read(&b->a, text, text_len, &r, NULL));
    assert_int_equal(1, r.file_count);
    assert_string_equal(p.hash, r.files[0]);
    assert_int_equal(ERR_OK, stick_folder_remove(s->folder.files, part, NULL));

    for (size_t i = 0; i < 3; i++)
        assert_int_equal(ERR_OK, stick_folder_remove(s->folder.files, names[i], NULL));
    assert_int_equal(ERR_OK, scene_give(s));
    size_t read = 0;
    for (size_t i = 0; i < 3; i++) {
        struct chunk got;
        char *bytes;
        size_t len;
        assert_int_equal(ERR_OK, stick_folder_read(s->folder.files, names[i], CHUNK_BYTES_MAX,
                                                   &b->a, &bytes, &len, NULL));
        assert_int_equal(ERR_OK, chunk_decode(&b->a, bytes, len, &s->kiosks[2].key, &got, NULL));
        assert_memory_equal(csv + read, got.data, got.len);
        read += got.len;
    }
    assert_int_equal(size, read);
    /* The hub's own pieces are no news to it. */
    assert_int_equal(ERR_OK, scene_take(s));
    assert_int_equal(0, s->tally.refused);
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, scene_new, scene_done)

int hubstore_cases_stick(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(bundles_are_taken_once_and_whatever_else_is_told_and_left),
        SCENE(half_written_and_bent_files_change_nothing),
        SCENE(kiosk_brings_its_own_admission_or_another_does),
        SCENE(revoked_kiosks_bundle_is_refused_and_others_bring_its_lines),
        SCENE(fork_on_a_stick_is_refused_and_alarmed),
        SCENE(folder_of_no_site_of_ours_is_told),
        SCENE(receipt_says_what_the_hub_holds_under_its_name),
        SCENE(lines_above_each_receipt_are_put_there_in_the_sites_order),
        SCENE(others_files_stay_and_the_hubs_own_halves_go),
        SCENE(revoked_kiosk_cannot_read_what_is_put_there),
        SCENE(revoked_kiosk_reads_of_that_and_nothing_else),
        SCENE(all_kiosks_revoked_is_told_to_them),
        SCENE(attachment_comes_in_pieces_in_any_order_and_goes_out_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
