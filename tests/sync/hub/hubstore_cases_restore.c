/* A backup put back, and given back what it lacks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_backup.h"
#include "sync/hub/hubstore_parts.h"
#include "sync/log/evlog.h"
#include "tests/sync/hub/hubstore_cases.h"

/* A folder below the bench's, gone with it. */
static void backup_folder_gone(struct store_bench *b, const char *folder)
{
    const char **names;
    size_t count;
    char path[FS_PATH_MAX];

    if (fs_list(&b->a, folder, 100, &names, &count, NULL) == ERR_OK)
        for (size_t i = 0; i < count; i++)
            if (fs_join(path, folder, names[i], NULL) == ERR_OK)
                (void)unlink(path);
    (void)rmdir(folder);
}

/* Everything that one store holds of a site, for another to be given; as a kiosk would hold it. */
struct backup_all {
    struct store_bench *b;
    struct bundle_line lines[400];
    char devices[400][KEYS_ID_TEXT];
    uint64_t seqs[400];
    size_t count;
};

static bool backup_see(void *ctx, const struct hub_line *line)
{
    struct backup_all *all = ctx;

    assert_true(all->count < COUNT_OF(all->lines));
    all->lines[all->count] =
        (struct bundle_line){ .line = arena_strndup(&all->b->a, line->line, line->len),
                              .len = line->len };
    (void)str_copy(all->devices[all->count], KEYS_ID_TEXT, line->device);
    all->seqs[all->count++] = line->seq;
    return true;
}

static struct backup_all *backup_all(struct store_bench *b, struct hubstore *s)
{
    struct backup_all *all = arena_alloc(&b->a, sizeof(*all));

    assert_non_null(all);
    *all = (struct backup_all){ .b = b };
    assert_int_equal(ERR_OK, hubstore_each(s, NULL, backup_see, all, NULL));
    return all;
}

static bool backup_holds(const struct backup_all *all, const struct bundle_line *line)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->lines[i].len == line->len &&
            memcmp(all->lines[i].line, line->line, line->len) == 0)
            return true;
    return false;
}

static enum err backup_give(struct store_bench *b, struct hubstore *s, const char *site,
                            const char *sender, struct bundle_line *lines, size_t count)
{
    struct lines *parsed = arena_alloc(&b->a, sizeof(*parsed));
    struct bundle bundle = { .lines = lines, .line_count = count };
    struct hub_push push = {
        .device = sender, .site = site, .lines = parsed, .now = store_noon, .a = &b->a
    };
    struct why why = { 0 };

    assert_int_equal(ERR_OK, lines_parse(&b->a, &bundle, parsed, NULL));
    if (hubstore_append(s, &push, &why) != ERR_OK)
        fail_msg("%s", why.text);
    return push.rc;
}

/* As PROTOCOL.md has it: who belongs to the site first, then every chain in its order. */
static void backup_give_back(struct store_bench *b, struct hubstore *to, const char *site,
                             const char *sender, struct backup_all *all)
{
    struct bundle_line some[400];
    size_t count = 0;

    for (size_t i = 0; i < all->count; i++)
        if (strstr(all->lines[i].line, "\"kind\":\"kiosk.") != NULL ||
            strstr(all->lines[i].line, "\"kind\":\"hub.voice\"") != NULL)
            some[count++] = all->lines[i];
    assert_int_equal(ERR_OK, backup_give(b, to, site, sender, some, count));
    for (size_t i = 0; i < all->count; i++) {
        bool first = true;
        for (size_t k = 0; k < i; k++)
            first = first && strcmp(all->devices[k], all->devices[i]) != 0;
        count = 0;
        for (size_t k = i; first && k < all->count; k++)
            if (strcmp(all->devices[k], all->devices[i]) == 0)
                some[count++] = all->lines[k];
        if (count > 0)
            assert_int_equal(ERR_OK, backup_give(b, to, site, sender, some, count));
    }
}

struct backup_scene {
    struct store_kiosk k, bad;
    struct hub_device where;
    const uint8_t *open;
    char path[FS_PATH_MAX];
};

/* A hub with a past, a backup of it, and more that happened since: lines, a letter's answer, an enrolment, a revocation. */
static void backup_scene(struct store_bench *b, struct backup_scene *s)
{
    static const uint8_t open[KEYS_HASH] = { 5 };
    struct store_kiosk late;
    struct hub_known known;
    const struct hub_answer answer = { .letter = "L1", .text = "Yes", .by = "" };

    store_kiosk(b, &s->k, "Example High", 'a', 6);
    store_kiosk(b, &s->bad, "Example High", 'b', 2);
    store_write(b, &s->k.d, "letter.queued", "L1", "{}");
    assert_int_equal(ERR_OK, store_append(b, store_push(b, s->k.site, s->k.d.id, &s->k.d, 1, 4)));
    s->open = open;
    assert_int_equal(ERR_OK, hubstore_code_add(b->store, "Example High", open,
                                               store_noon.wall_ms + 1000, store_noon, NULL));
    assert_int_equal(ERR_OK, hubstore_device(b->store, s->k.d.id, &s->where, NULL));
    store_backup(b, s->path);

    assert_int_equal(ERR_OK, store_append(b, store_push(b, s->k.site, s->k.d.id, &s->k.d, 5, 7)));
    assert_int_equal(ERR_OK,
                     store_append(b, store_push(b, s->k.site, s->bad.d.id, &s->bad.d, 1, 2)));
    assert_int_equal(ERR_OK, hubstore_follow(b->store, 0, NULL));
    assert_int_equal(ERR_OK, hubstore_answer(b->store, &answer, store_noon, NULL));
    store_kiosk(b, &late, "Example High", 'c', 2);
    assert_int_equal(ERR_OK, store_append(b, store_push(b, late.site, late.d.id, &late.d, 1, 2)));
    assert_int_equal(ERR_OK, hubstore_which(b->store, &(struct hub_which){ .device = s->bad.d.id },
                                            &known, NULL));
    assert_int_equal(ERR_OK, hubstore_revoke(b->store, &known, store_noon, NULL));
}

/* What stands in `to` after its kiosks gave everything back, against the hub as it was. */
static void backup_compare(struct store_bench *b, struct backup_scene *s, struct hubstore *to)
{
    struct backup_all *was = backup_all(b, b->store);
    struct hub_device where;
    struct hub_enrolled e;
    struct evlog_verdict v;
    struct keypair self;
    static const char *const stays[] = { "aaaaaaaa", "cccccccc" };

    assert_int_equal(ERR_OK, hubstore_key(to, true, &self, NULL));
    assert_string_equal(b->self.id, self.id);
    assert_int_equal(ERR_OK, hubstore_device(to, s->k.d.id, &where, NULL));
    assert_string_not_equal(s->where.epoch, where.epoch);
    assert_string_not_equal(s->where.voice, where.voice);
    /* The code that stood open when the copy was made may have been used since. */
    const struct hub_enrol ask = { .code_hash = s->open,
                                   .device = self.id,
                                   .name = "Prep",
                                   .now = store_noon,
                                   .certify = store_certify,
                                   .ctx = b };
    assert_int_equal(ERR_OK, hubstore_enrol(to, &ask, &b->a, &e, NULL));
    assert_int_equal(HUB_CODE_EXPIRED, e.answer);

    backup_give_back(b, to, s->k.site, s->k.d.id, was);
    struct backup_all *now = backup_all(b, to);
    assert_int_equal(was->count, now->count);
    for (size_t i = 0; i < was->count; i++)
        assert_true(backup_holds(now, &was->lines[i]));
    assert_int_equal(ERR_OK, hubstore_verify(to, NULL, NULL, &v, NULL));
    assert_int_equal(0, v.faults);
    assert_int_equal(ERR_DENIED, hubstore_device(to, s->bad.d.id, &where, NULL));
    for (size_t i = 0; i < COUNT_OF(stays); i++) {
        struct hub_known known;
        assert_int_equal(
            ERR_OK, hubstore_which(to, &(struct hub_which){ .device = stays[i] }, &known, NULL));
        assert_false(known.revoked);
        assert_int_equal(ERR_OK, hubstore_device(to, known.device, &where, NULL));
    }
}

static void restored_hub_is_given_back_what_it_lost(void **state)
{
    struct store_bench *b = *state;
    struct backup_scene s;
    struct hub_restored done = { .lines = 0 };
    struct hubstore *to;
    char folder[FS_PATH_MAX];
    struct why why = { 0 };

    backup_scene(b, &s);
    store_path(b, folder, "again");
    const struct hubstore_where where = { .data = folder };
    if (hubstore_restore(&where, s.path, false, store_noon.wall_ms, &done, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_string_equal("", done.aside);
    assert_int_equal(1, done.sites);
    assert_int_equal(ERR_OK, hubstore_open(&where, HUBSTORE_LOOK, &to, NULL));
    backup_compare(b, &s, to);
    hubstore_close(to);
    /* What was put back is a hub like any other: it can be kept and put back in turn. */
    assert_int_equal(ERR_CONFLICT,
                     hubstore_restore(&where, s.path, false, store_noon.wall_ms, &done, NULL));
    assert_int_equal(ERR_OK,
                     hubstore_restore(&where, s.path, true, store_noon.wall_ms, &done, NULL));
    assert_int_equal(ERR_OK, hubstore_open(&where, HUBSTORE_LOOK, &to, NULL));
    backup_compare(b, &s, to);
    hubstore_close(to);
    backup_folder_gone(b, done.aside);
    backup_folder_gone(b, folder);
}

static void hub_at_work_is_not_replaced(void **state)
{
    struct store_bench *b = *state;
    struct backup_scene s;
    struct hub_restored done = { .lines = 0 };
    struct hubstore *to;
    char folder[FS_PATH_MAX];
    char epoch[KEYS_RANDOM_ID];
    struct why why = { 0 };

    backup_scene(b, &s);
    store_path(b, folder, "again");
    const struct hubstore_where where = { .data = folder };
    assert_int_equal(ERR_OK,
                     hubstore_restore(&where, s.path, false, store_noon.wall_ms, &done, NULL));
    assert_int_equal(ERR_OK, hubstore_open(&where, HUBSTORE_LOOK, &to, NULL));
    assert_int_equal(ERR_CONFLICT,
                     hubstore_restore(&where, s.path, true, store_noon.wall_ms, &done, &why));
    assert_non_null(strstr(why.text, "stop it first"));
    assert_int_equal(ERR_OK, hubstore_epoch(to, epoch, NULL)); /* it goes on */
    hubstore_close(to);
    backup_folder_gone(b, folder);
}

static void file_that_is_no_backup_changes_nothing(void **state)
{
    struct store_bench *b = *state;
    struct hub_restored done = { .lines = 0 };
    char folder[FS_PATH_MAX], path[FS_PATH_MAX], db[FS_PATH_MAX];
    struct fs_stat st;

    store_path(b, folder, "again");
    store_path(b, path, "backup.db");
    const struct hubstore_where where = { .data = folder };
    assert_int_not_equal(ERR_OK,
                         hubstore_restore(&where, path, false, store_noon.wall_ms, &done, NULL));
    assert_int_equal(ERR_OK, fs_replace(path, "no database", 11, 0600, NULL));
    assert_int_not_equal(ERR_OK,
                         hubstore_restore(&where, path, false, store_noon.wall_ms, &done, NULL));
    assert_int_equal(ERR_OK, fs_join(db, folder, "hub.db", NULL));
    assert_int_not_equal(ERR_OK, fs_stat(db, &st, NULL));
    backup_folder_gone(b, folder);
}

static void damaged_backup_is_put_back_only_when_asked(void **state)
{
    struct store_bench *b = *state;
    struct backup_scene s;
    struct hub_restored done = { .lines = 0 };
    struct hubstore *to;
    char folder[FS_PATH_MAX];
    struct why why = { 0 };

    backup_scene(b, &s);
    store_path(b, folder, "again");
    const struct hubstore_where where = { .data = folder };
    const struct hubstore_where file = { .file = s.path };
    assert_int_equal(ERR_OK, hubstore_open(&file, HUBSTORE_LOOK, &to, NULL));
    assert_int_equal(ERR_OK, sql_exec(to->sql, "delete from line where seq = 1", NULL));
    hubstore_close(to);
    assert_int_equal(ERR_CONFLICT,
                     hubstore_restore(&where, s.path, false, store_noon.wall_ms, &done, &why));
    assert_non_null(strstr(why.text, "--damaged"));
    assert_int_equal(ERR_NOT_FOUND, hubstore_open(&where, HUBSTORE_LOOK, &to, NULL));
    done.damaged = true;
    assert_int_equal(ERR_OK,
                     hubstore_restore(&where, s.path, false, store_noon.wall_ms, &done, NULL));
    assert_int_equal(ERR_OK, hubstore_open(&where, HUBSTORE_LOOK, &to, NULL));
    hubstore_close(to);
    backup_folder_gone(b, folder);
}

/* ---- names that were erased since ---- */

static int64_t backup_names(struct hubstore *s)
{
    struct sql_stmt q = sql_prepare(s->sql, "select count(*) from blob where text <> ''");
    int64_t n = -1;

    assert_int_equal(ERR_OK, hubstore_follow(s, 0, NULL));
    if (sql_step(&q))
        n = sql_i64(&q, 0);
    assert_int_equal(ERR_OK, sql_end(&q, NULL));
    return n;
}

static void backup_name(struct store_bench *b, struct store_kiosk *k)
{
    static const char salt[] = "00112233445566778899aabbccddeeff";
    struct lines_blob *blob = arena_alloc(&b->a, sizeof(*blob));
    char body[200];

    *blob = (struct lines_blob){ .salt = salt, .text = "Mrs Example" };
    assert_int_equal(ERR_OK, evlog_blob_name(salt, blob->text, blob->hash, NULL));
    (void)str_format(body, sizeof(body), "{\"name\":\"%s\"}", blob->hash);
    store_write(b, &k->d, "person.added", "p1", body);
    struct hub_push *push = store_push(b, k->site, k->d.id, &k->d, 1, k->d.count);
    push->lines->blobs = blob;
    push->lines->blob_count = 1;
    assert_int_equal(ERR_OK, store_append(b, push));
}

static void backup_erase(struct hubstore *s)
{
    struct why why = { 0 };

    assert_int_equal(1, backup_names(s));
    if (hubstore_erase(s, "p1", "asked", store_noon, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_int_equal(0, backup_names(s));
}

/* Erased at the hub that is replaced: at once. Erased at a hub that is gone: once its kiosks have given the line back. */
static void name_erased_since_the_backup_does_not_come_back_with_it(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;
    struct hub_restored done = { .lines = 0 };
    struct hubstore *to;
    char folder[FS_PATH_MAX], path[FS_PATH_MAX];

    store_kiosk(b, &k, "Example High", 'a', 2);
    backup_name(b, &k);
    store_backup(b, path);
    store_path(b, folder, "again");
    const struct hubstore_where where = { .data = folder };
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(ERR_OK,
                         hubstore_restore(&where, path, i > 0, store_noon.wall_ms, &done, NULL));
        assert_int_equal(i, done.erased);
        assert_int_equal(ERR_OK, hubstore_open(&where, HUBSTORE_LOOK, &to, NULL));
        if (i == 0)
            backup_erase(to);
        assert_int_equal(0, backup_names(to));
        hubstore_close(to);
    }
    backup_folder_gone(b, done.aside);
    backup_folder_gone(b, folder);

    backup_erase(b->store);
    assert_int_equal(ERR_OK,
                     hubstore_restore(&where, path, false, store_noon.wall_ms, &done, NULL));
    assert_int_equal(ERR_OK, hubstore_open(&where, HUBSTORE_LOOK, &to, NULL));
    assert_int_equal(1, backup_names(to));
    backup_give_back(b, to, k.site, k.d.id, backup_all(b, b->store));
    assert_int_equal(0, backup_names(to));
    hubstore_close(to);
    backup_folder_gone(b, folder);
}

static void backup_revoke(struct hubstore *s, const char *device)
{
    const struct hub_which which = { .device = device };
    struct hub_known known;
    struct why why = { 0 };

    assert_int_equal(ERR_OK, hubstore_which(s, &which, &known, NULL));
    if (hubstore_revoke(s, &known, store_noon, &why) != ERR_OK)
        fail_msg("%s", why.text);
}

static int64_t backup_count(struct hubstore *s, const char *query)
{
    int64_t n = -1;

    assert_int_equal(ERR_OK, sql_one_i64(s->sql, query, -1, &n, NULL));
    return n;
}

/* A stolen kiosk must not be let in before another has given the line back; nor one that was enrolled after the backup. The
   line is there too, also where the hub that is replaced has lost it, and once. */
static void revocation_since_the_backup_stands_when_it_is_put_back(void **state)
{
    static const char said[] = "select count(*) from line where line like '%\"kiosk.revoked\"%'";
    struct store_bench *b = *state;
    struct store_kiosk k;
    struct store_kiosk bad;
    struct store_kiosk late;
    struct hub_restored done = { .lines = 0 };
    struct hub_device where;
    struct hubstore *to;
    char folder[FS_PATH_MAX], path[FS_PATH_MAX];

    store_kiosk(b, &k, "Example High", 'a', 2);
    store_kiosk(b, &bad, "Example High", 'b', 2);
    store_backup(b, path);
    store_path(b, folder, "again");
    const struct hubstore_where at = { .data = folder };
    assert_int_equal(ERR_OK, hubstore_restore(&at, path, false, store_noon.wall_ms, &done, NULL));
    assert_int_equal(0, done.revoked);
    assert_int_equal(ERR_OK, hubstore_open(&at, HUBSTORE_LOOK, &to, NULL));
    struct store_bench again = *b;
    again.store = to;
    again.sql = to->sql;
    store_kiosk(&again, &late, "Example High", 'c', 2);
    backup_revoke(to, bad.d.id);
    backup_revoke(to, late.d.id);
    hubstore_close(to);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(ERR_OK, hubstore_restore(&at, path, true, store_noon.wall_ms + (int64_t)i,
                                                  &done, NULL));
        assert_int_equal(2, done.revoked);
        backup_folder_gone(b, done.aside);
        assert_int_equal(ERR_OK, hubstore_open(&at, HUBSTORE_LOOK, &to, NULL));
        assert_int_equal(2, backup_count(to, "select count(*) from device where revoked_ms <> 0"));
        assert_int_equal(2, backup_count(to, said));
        assert_int_equal(ERR_OK, hubstore_device(to, k.d.id, &where, NULL));
        backup_revoke(to, bad.d.id);
        assert_int_equal(2, backup_count(to, said));
        /* The next time it has the flags alone. */
        assert_int_equal(
            ERR_OK, sql_exec(to->sql, "delete from line where line like '%kiosk.revoked%'", NULL));
        hubstore_close(to);
    }
    backup_folder_gone(b, folder);
}

/* Only where there is a server: into a schema of its own, from a backup of the schema that the case has. */
static void backup_goes_to_the_other_engine(void **state)
{
    struct store_bench *b = *state;
    struct backup_scene s;
    struct hub_restored done = { .lines = 0 };
    struct hubstore *to;
    char folder[FS_PATH_MAX], path[FS_PATH_MAX], address[FS_PATH_MAX], name[KEYS_RANDOM_ID];
    char make[64];
    struct why why = { 0 };
    if (b->address[0] == '\0')
        return;

    /* PostgreSQL to a folder is what the cases above do here; from that folder to PostgreSQL again. */
    backup_scene(b, &s);
    store_path(b, folder, "again");
    store_path(b, path, "folder.db");
    const struct hubstore_where where = { .data = folder };
    assert_int_equal(ERR_OK,
                     hubstore_restore(&where, s.path, false, store_noon.wall_ms, &done, NULL));
    assert_int_equal(ERR_OK, hubstore_open(&where, HUBSTORE_LOOK, &to, NULL));
    assert_int_equal(ERR_OK, hubstore_backup(to, path, store_noon.wall_ms, NULL));
    hubstore_close(to);
    keys_random_id(name);
    (void)str_format(make, sizeof(make), "create schema t%s", name);
    assert_int_equal(ERR_OK, sql_exec(b->sql, make, NULL));
    (void)str_copy(address, sizeof(address), b->address);
    memcpy(strrchr(address, 't') + 1, name, strlen(name));
    const struct hubstore_where there = { .database = address };
    for (size_t i = 0; i < 2; i++) {
        if (hubstore_restore(&there, path, i > 0, store_noon.wall_ms, &done, &why) != ERR_OK)
            fail_msg("%s", why.text);
        assert_int_equal(i > 0, done.aside[0] != '\0');
        assert_int_equal(ERR_OK, hubstore_open(&there, HUBSTORE_LOOK, &to, NULL));
        backup_compare(b, &s, to);
        hubstore_close(to);
    }
    assert_int_equal(ERR_CONFLICT,
                     hubstore_restore(&there, path, false, store_noon.wall_ms, &done, NULL));
    backup_folder_gone(b, folder);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, store_bench_new, store_bench_done)

int hubstore_cases_restore(void)
{
    const struct CMUnitTest tests[] = {
        CASE(restored_hub_is_given_back_what_it_lost),
        CASE(hub_at_work_is_not_replaced),
        CASE(file_that_is_no_backup_changes_nothing),
        CASE(damaged_backup_is_put_back_only_when_asked),
        CASE(name_erased_since_the_backup_does_not_come_back_with_it),
        CASE(revocation_since_the_backup_stands_when_it_is_put_back),
        CASE(backup_goes_to_the_other_engine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
