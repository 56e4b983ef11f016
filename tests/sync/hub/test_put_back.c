/* A hub that is put back from a copy of before, by its own command or by hand, and is given back what it lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/client/proto.h"
#include "sync/client/state.h"
#include "tests/sync/hub/life_scene.h"

/* A backup is made while both kiosks push. Then more happens: records, a kiosk that joins, one that joins and is revoked, a
   code that is used. The hub is put back, and its kiosks make it what it was, to the byte. */
static void hub_put_back_ends_equal_to_what_it_was(void **state)
{
    struct life *s = *state;
    struct kiosk c, d, e;
    char path[FS_PATH_MAX], said[4096], code[16];
    struct http_reply r;
    const char *problem;
    int fd;

    (void)str_format(path, sizeof(path), "%s/backup.db", s->a.dir);
    const char *const backup[] = { "backup", "--out", path, NULL };
    const char *const verify[] = { "verify", "--backup", path, NULL };
    const char *const restore[] = { "restore", "--from", path, "--replace", NULL };
    hub_code(&s->hub, s->site, code);
    for (size_t i = 0; i < 20; i++)
        kiosk_record(&s->a, "check.recorded", "before");
    const char *bin = getenv("CANNY_BIN"); /* NOLINT(concurrency-mt-unsafe) */
    const char *program = arena_printf(&s->arena, "%s/canny-hub", bin);
    const char *const args[] = { "backup",
                                 s->hub.database != NULL ? "--database" : "--data",
                                 s->hub.database != NULL ? s->hub.database : s->hub.dir,
                                 "--out",
                                 path,
                                 NULL };
    pid_t pid = fixture_spawn(program, args, &fd);
    life_rounds(s, 3);
    assert_int_equal(0, fixture_wait(pid));
    (void)close(fd);
    assert_int_equal(0, hub_run(said, sizeof(said), verify));
    assert_non_null(strstr(said, ", 0 faults"));
    assert_int_equal(0, life_run(s, said, sizeof(said), backup));

    kiosk_new(&c, NULL);
    assert_int_equal(FAULT_NONE, kiosk_enrol(&c, &s->hub, code, true));
    life_kiosk(s, &d);
    kiosk_record(&s->a, "check.recorded", "after");
    kiosk_record(&s->b, "check.recorded", "after");
    kiosk_record(&c, "check.recorded", "of the one that joined");
    kiosk_record(&d, "check.recorded", "of the one that is revoked");
    assert_int_equal(FAULT_NONE, kiosk_round(&c));
    assert_int_equal(FAULT_NONE, kiosk_round(&d));
    const char *const revoke[] = { "revoke", "--device", d.self.id, NULL };
    assert_int_equal(0, life_run(s, said, sizeof(said), revoke));
    life_rounds(s, 2);
    const char *was = life_export(s);
    const char *epoch = life_epoch(s, &s->a);

    assert_int_equal(0, hub_end(&s->hub));
    assert_int_equal(0, life_run(s, said, sizeof(said), restore));
    hub_start(&s->hub);
    assert_true(strlen(life_export(s)) < strlen(was));
    life_rounds(s, 2);
    assert_int_equal(FAULT_NONE, kiosk_round(&c));
    life_rounds(s, 1);
    assert_string_not_equal(epoch, life_epoch(s, &s->a));
    assert_string_equal(life_epoch(s, &s->a), life_epoch(s, &c));
    assert_string_equal(was, life_export(s));
    life_verifies(s);
    /* The revocation is back, though the backup knew nothing of that kiosk; and the code is used up for good. */
    assert_int_equal(403, life_status(s, &d, &r, &problem));
    assert_string_equal("device.revoked", problem);
    kiosk_new(&e, NULL);
    assert_int_equal(FAULT_CODE, kiosk_enrol(&e, &s->hub, code, true));
    kiosk_done(&c);
    kiosk_done(&d);
    kiosk_done(&e);
}

static void life_copy(struct life *s, const char *from, const char *to)
{
    char path[FS_PATH_MAX];
    char *text = NULL;
    size_t len = 0;

    (void)str_format(path, sizeof(path), "%s/%s", s->hub.dir, from);
    assert_int_equal(ERR_OK, fs_read(&s->arena, path, (size_t)8 * 1024 * 1024, &text, &len, NULL));
    (void)str_format(path, sizeof(path), "%s/%s", s->hub.dir, to);
    assert_int_equal(ERR_OK, fs_replace(path, text, len, 0600, NULL));
}

/* Nobody tells it: the folder is copied back by hand. A kiosk shows what it holds of the hub's own hand. */
static void hub_copied_back_by_hand_is_noticed(void **state)
{
    struct life *s = *state;
    struct db db;
    char path[FS_PATH_MAX];
    int64_t alarms = 0;
    if (s->hub.database != NULL)
        return; /* there is no folder */

    kiosk_record(&s->a, "check.recorded", "before");
    life_rounds(s, 1);
    assert_int_equal(0, hub_end(&s->hub));
    life_copy(s, "hub.db", "kept.db");
    hub_start(&s->hub);
    kiosk_record(&s->a, "check.recorded", "after");
    kiosk_record(&s->b, "check.recorded", "after");
    life_rounds(s, 2);
    const char *was = life_export(s);
    const char *epoch = life_epoch(s, &s->b);
    assert_int_equal(0, hub_end(&s->hub));
    life_copy(s, "kept.db", "hub.db");
    hub_start(&s->hub);
    life_rounds(s, 2);
    assert_string_not_equal(epoch, life_epoch(s, &s->b));
    assert_string_equal(was, life_export(s));
    life_verifies(s);
    (void)str_format(path, sizeof(path), "%s/hub.db", s->hub.dir);
    assert_int_equal(ERR_OK, db_open(&db, path, DB_READ, NULL));
    assert_int_equal(ERR_OK,
                     db_one_i64(&db, "select count(*) from alarm where code = 'hub.put-back'", 0,
                                &alarms, NULL));
    assert_int_equal(1, alarms);
    db_close(&db);
}

/* To where life_back brings the hub. */
static void life_keep(struct life *s)
{
    assert_int_equal(0, hub_end(&s->hub));
    life_copy(s, "hub.db", "kept.db");
    hub_start(&s->hub);
}

static void life_back(struct life *s)
{
    assert_int_equal(0, hub_end(&s->hub));
    life_copy(s, "kept.db", "hub.db");
    hub_start(&s->hub);
}

/* Both kiosks and the hub hold the same of it, and the hub knows that it was put back. */
static void life_all_have(struct life *s, const char *text, size_t times, const char *epoch)
{
    assert_int_equal(times, kiosk_lines(&s->a, text));
    assert_int_equal(times, kiosk_lines(&s->b, text));
    assert_int_equal(times, hub_count(&s->hub, text));
    assert_string_not_equal(epoch, life_epoch(s, &s->a));
    assert_string_equal(life_epoch(s, &s->a), life_epoch(s, &s->b));
}

/* What the kiosk's own lines were numbered goes to another's, before it asks; and it gives its own back before it shows that the
   hub had signed for them, as it still owes an earlier life of the hub. */
static void lines_under_numbers_of_before_are_read_by_who_owed_its_own(void **state)
{
    struct life *s = *state;
    if (s->hub.database != NULL)
        return; /* there is no folder */

    life_rounds(s, 2);
    life_keep(s);
    for (size_t i = 0; i < 5; i++)
        kiosk_record(&s->a, "check.recorded", "of the first");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(ERR_OK, state_set_i64(&s->a.db, "debt", 1, NULL));
    const char *epoch = life_epoch(s, &s->a);
    life_back(s);
    for (size_t i = 0; i < 5; i++)
        kiosk_record(&s->b, "check.recorded", "of the second");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->b));
    life_rounds(s, 2);
    life_all_have(s, "of the second", 5, epoch);
    life_all_have(s, "of the first", 5, epoch);
    life_verifies(s);
}

/* Nobody is left whose lines the hub had signed for: what it lost is a third kiosk's, which is gone. */
static void lines_of_a_lost_kiosk_come_back_from_who_read_them(void **state)
{
    struct life *s = *state;
    struct kiosk c;
    if (s->hub.database != NULL)
        return; /* there is no folder */

    life_kiosk(s, &c);
    life_rounds(s, 2);
    life_keep(s);
    kiosk_record(&c, "check.recorded", "of the lost one");
    kiosk_record(&c, "check.recorded", "of the lost one");
    assert_int_equal(FAULT_NONE, kiosk_round(&c));
    kiosk_done(&c);
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    const char *epoch = life_epoch(s, &s->a);
    life_back(s);
    for (size_t i = 0; i < 3; i++)
        kiosk_record(&s->b, "check.recorded", "of the second");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->b));
    life_rounds(s, 2);
    life_all_have(s, "of the second", 3, epoch);
    life_all_have(s, "of the lost one", 2, epoch);
    life_verifies(s);
}

/* The hub comes back in the middle of a round: between what the kiosk shows of itself and what it asks for. */
static void hub_put_back_within_a_round_is_noticed_by_the_next_answer(void **state)
{
    struct life *s = *state;
    struct outbox out;
    struct why why;
    if (s->hub.database != NULL)
        return; /* there is no folder */

    life_rounds(s, 2);
    life_keep(s);
    kiosk_record(&s->b, "check.recorded", "before");
    life_rounds(s, 2);
    const char *epoch = life_epoch(s, &s->a);
    const uint64_t read = strtoull(kiosk_state(&s->a, &s->arena, "read"), NULL, 10);
    assert_true(read > 0);
    life_back(s);
    kiosk_outbox(&s->a, &out);
    assert_int_equal(FAULT_HUB_TROUBLE, outbox_pull(&out, &why));
    assert_non_null(strstr(why.text, "order"));
    assert_int_equal(read, strtoull(kiosk_state(&s->a, &s->arena, "read"), NULL, 10));
    life_rounds(s, 2);
    life_all_have(s, "before", 1, epoch);
}

static void hub_in_use_is_not_put_back_over(void **state)
{
    struct life *s = *state;
    char path[FS_PATH_MAX], said[4096];

    (void)str_format(path, sizeof(path), "%s/backup.db", s->a.dir);
    const char *const backup[] = { "backup", "--out", path, NULL };
    const char *const restore[] = { "restore", "--from", path, NULL };
    const char *const over[] = { "restore", "--from", path, "--replace", NULL };
    assert_int_equal(0, life_run(s, said, sizeof(said), backup));
    assert_int_equal(1, life_run(s, said, sizeof(said), restore));
    if (s->hub.database == NULL)
        assert_int_equal(1, life_run(s, said, sizeof(said), over));
    life_rounds(s, 1);
    const char *const none[] = { "restore", NULL };
    assert_int_equal(2, life_run(s, said, sizeof(said), none));
    const char *const nowhere[] = { "backup", "--out", "/proc/none/backup.db", NULL };
    assert_int_equal(1, life_run(s, said, sizeof(said), nowhere));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIFE_CASE(hub_put_back_ends_equal_to_what_it_was),
        LIFE_CASE(hub_copied_back_by_hand_is_noticed),
        LIFE_CASE(lines_under_numbers_of_before_are_read_by_who_owed_its_own),
        LIFE_CASE(lines_of_a_lost_kiosk_come_back_from_who_read_them),
        LIFE_CASE(hub_put_back_within_a_round_is_noticed_by_the_next_answer),
        LIFE_CASE(hub_in_use_is_not_put_back_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
