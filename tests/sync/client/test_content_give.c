/* One kiosk of a school puts the signed content that it has on a stick, and another installs from there. */
#include "sync/client/content_give.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sync/client/state.h"
#include "tests/sync/client/stick_cut.h"
#include "tests/sync/update/updater_scene.h"

/* ---- a stick that is nearly full ---- */

static struct {
    unsigned long free_units; /* 0: as it is */
} disk;

int __real_statvfs(const char *path, struct statvfs *out);
int __wrap_statvfs(const char *path, struct statvfs *out);

int __wrap_statvfs(const char *path, struct statvfs *out)
{
    const int rc = __real_statvfs(path, out);

    if (disk.free_units > 0) {
        out->f_frsize = 32768;
        out->f_bavail = disk.free_units;
    }
    return rc;
}

/* ---- the first kiosk ---- */

struct hand {
    struct scene *from;
    struct db db;
    struct content_client *client;
    struct repo stick; /* where the second kiosk reads */
    struct rig to;
    char mounted[64];
    size_t stop_after, asked, files;
    struct why why;
};

static enum err hand_installed(void *ctx, struct updater_installed *out, struct why *why)
{
    (void)why;
    *out = ((struct hand *)ctx)->from->rig.installed;
    return ERR_OK;
}

static enum err hand_missing(void *ctx, const struct updater_set *set,
                             const struct updater_blobs *blobs, struct arena *a,
                             const struct manifest_file ***out, size_t *out_count, struct why *why)
{
    struct rig *g = &((struct hand *)ctx)->from->rig;

    return g->ports.missing(g, set, blobs, a, out, out_count, why);
}

static enum err hand_files_open(void *ctx, void **out, struct why *why)
{
    (void)why;
    *out = ctx;
    return ERR_OK;
}

/* The edition in use: whatever was ever published here. */
static enum err hand_files_read(void *files, const struct manifest_file *f, struct arena *a,
                                uint8_t **out, struct why *why)
{
    static const char *const texts[] = { "one", "two", "three", "two, changed", "ours" };
    uint8_t hash[KEYS_HASH];

    (void)files;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        keys_sha256(hash, texts[i], strlen(texts[i]));
        if (memcmp(hash, f->hash, sizeof hash) != 0)
            continue;
        *out = (uint8_t *)arena_strdup(a, texts[i]);
        return ERR_OK;
    }
    return why_set(why, ERR_NOT_FOUND, 0, "not here");
}

static void hand_files_close(void *files)
{
    (void)files;
}

static bool hand_cancelled(void *ctx)
{
    struct hand *h = ctx;

    return h->stop_after != 0 && ++h->asked > h->stop_after;
}

static struct hand *hand_open(struct scene *s)
{
    static struct hand h;

    h = (struct hand){ .from = s };
    (void)str_copy(h.mounted, sizeof h.mounted, "/tmp/canny_hand_XXXXXX");
    assert_non_null(mkdtemp(h.mounted));
    assert_ok(db_open(&h.db, ":memory:", DB_DURABLE, NULL));
    assert_ok(state_setup(&h.db, NULL));
    const struct content_client_options o = {
        .dir = s->rig.dir,
        .device = "device-1",
        .installed = hand_installed,
        .missing = hand_missing,
        .files_open = hand_files_open,
        .files_read = hand_files_read,
        .files_close = hand_files_close,
        .ctx = &h,
    };
    assert_ok(content_client_new(&o, &h.db, &h.client, NULL));
    (void)content_client_place(h.client, s->rig.constituency, s->rig.school);
    assert_true(str_format(h.stick.dir, sizeof h.stick.dir, "%s/CANNY/content", h.mounted));
    rig_open(&h.to, &h.stick);
    return &h;
}

static void hand_done(struct hand *h)
{
    disk.free_units = 0;
    content_client_free(h->client);
    db_close(&h->db);
    rig_done(&h->to);
    repo_remove(h->mounted);
}

static enum stick_gave hand_give(struct hand *h)
{
    const struct content_outlet o = { .root = h->stick.dir, .cancelled = hand_cancelled, .ctx = h };
    char canny[80];

    /* As the exchange of records before it makes it. */
    (void)str_format(canny, sizeof canny, "%s/CANNY", h->mounted);
    (void)mkdir(canny, 0755);
    h->asked = 0;
    return content_client_give(h->client, &o, &h->files, &h->why);
}

static bool hand_can(struct hand *h)
{
    return content_client_can_give(h->client, h->stick.dir);
}

static void fetched_in_two_runs(struct scene *s)
{
    assert_int_equal(rig_run(&s->rig), UPDATER_FINE);
    /* The second takes away what was on its way: from now on the edition alone has it. */
    assert_int_equal(rig_run(&s->rig), UPDATER_FINE);
}

/* ---- cases ---- */

static void what_one_kiosk_has_another_installs_from_the_stick_with_its_recalls(void **state)
{
    struct scene *s = *state;
    struct repo_edition e = first;

    e.dictionary = "one two three one two three";
    e.stop = "{\"id\":\"recall-1\",\"source\":\"x\"}";
    publish(s, &e);
    (void)council(s, "S12000036", "");
    (void)repo_role(&s->repo, "employers/other", "authority", "S12000030", "");
    fetched_in_two_runs(s);
    struct hand *h = hand_open(s);
    assert_true(hand_can(h));
    assert_int_equal(hand_give(h), STICK_GAVE_ALL);
    assert_false(hand_can(h));
    assert_int_equal(rig_run(&h->to), UPDATER_FINE);
    assert_true(rig_reads(&h->to, "national/docs/b.md=two"));
    assert_true(rig_reads(&h->to, "employers/example/docs/a.md=ours"));
    assert_non_null(strstr(h->to.stops_text[0], "recall-1"));
    hand_done(h);
}

static void a_kiosk_that_has_nothing_gives_nothing(void **state)
{
    struct hand *h = hand_open(*state);

    assert_false(hand_can(h));
    assert_int_equal(hand_give(h), STICK_GAVE_NOTHING);
    assert_int_equal(h->files, 0);
    hand_done(h);
}

static void a_stick_that_is_pulled_out_is_gone_on_with_and_harms_nobody(void **state)
{
    struct scene *s = *state;

    fetched_in_two_runs(s);
    struct hand *h = hand_open(s);
    h->stop_after = 2;
    assert_int_equal(hand_give(h), STICK_GAVE_STOPPED);
    assert_int_equal(h->files, 2);
    assert_int_equal(rig_run(&h->to), UPDATER_EMPTY);
    h->stop_after = 0;
    assert_true(hand_can(h));
    assert_int_equal(hand_give(h), STICK_GAVE_ALL);
    assert_int_equal(h->files, 1 + 5); /* a blob; root, snapshot, targets, role and manifest */
    assert_int_equal(rig_run(&h->to), UPDATER_FINE);
    /* A newer edition: cut off, the older one on it still stands. */
    publish(s, &second);
    fetched_in_two_runs(s);
    h->stop_after = 1;
    assert_int_equal(hand_give(h), STICK_GAVE_STOPPED);
    assert_int_equal(rig_run(&h->to), UPDATER_FINE);
    assert_true(rig_reads(&h->to, "national/docs/b.md=two"));
    h->stop_after = 0;
    assert_int_equal(hand_give(h), STICK_GAVE_ALL);
    assert_int_equal(rig_run(&h->to), UPDATER_FINE);
    assert_true(rig_reads(&h->to, "national/docs/b.md=two, changed"));
    hand_done(h);
}

/* The name of the file with that text in the stick's blobs, below it. */
static void blob_of(const char *text, char out[128])
{
    char digits[KEYS_ID_TEXT];

    keys_sha256_hex(digits, text, strlen(text));
    (void)str_format(out, 128, "blobs/%.2s/%s.zst", digits, digits);
}

static void what_a_stick_has_spoilt_is_written_anew_and_what_is_over_goes(void **state)
{
    struct scene *s = *state;
    char name[128], old[128];

    fetched_in_two_runs(s);
    struct hand *h = hand_open(s);
    assert_int_equal(hand_give(h), STICK_GAVE_ALL);
    blob_of("one", name);
    repo_put(&h->stick, name, "rubbish", 7);
    assert_int_equal(rig_run(&h->to), UPDATER_WRONG);
    /* Whoever has found that takes the timestamp away. */
    repo_drop(&h->stick, "metadata/timestamp.json");
    assert_int_equal(hand_give(h), STICK_GAVE_ALL);
    assert_int_equal(h->files, 1);
    assert_int_equal(rig_run(&h->to), UPDATER_FINE);
    publish(s, &second);
    fetched_in_two_runs(s);
    blob_of("two", old);
    assert_true(repo_has(&h->stick, old));
    assert_int_equal(hand_give(h), STICK_GAVE_ALL);
    assert_false(repo_has(&h->stick, old));
    assert_true(repo_has(&h->stick, name));
    hand_done(h);
}

/* Names are on a stick before bytes are: what a pull in the middle of the second edition left is looked into. */
static void a_blob_that_a_cut_left_empty_behind_its_name_is_written_anew(void **state)
{
    struct scene *s = *state;
    char name[128];

    fetched_in_two_runs(s);
    struct hand *h = hand_open(s);
    assert_int_equal(hand_give(h), STICK_GAVE_ALL);
    assert_false(repo_has(&h->stick, "writing"));
    publish(s, &second);
    fetched_in_two_runs(s);
    h->stop_after = 2;
    assert_int_equal(hand_give(h), STICK_GAVE_STOPPED);
    assert_true(repo_has(&h->stick, "writing"));
    blob_of("two, changed", name);
    assert_true(repo_has(&h->stick, name));
    repo_put(&h->stick, name, "\0\0\0\0\0\0\0\0", 8);
    h->stop_after = 0;
    assert_int_equal(hand_give(h), STICK_GAVE_ALL);
    assert_false(repo_has(&h->stick, "writing"));
    assert_int_equal(rig_run(&h->to), UPDATER_FINE);
    assert_true(rig_reads(&h->to, "national/docs/b.md=two, changed"));
    hand_done(h);
}

/* Whether the giving was cut at that call; killed ones run in a process of their own. */
static bool hand_cut(struct hand *h, int at, int error)
{
    bool was = false;

    cut.at = at;
    cut.count = 0;
    cut.error = error;
    if (error != 0) {
        const enum stick_gave gave = hand_give(h);

        was = cut.count >= at;
        /* What could be gone without: taking away what is over, and the folder that is there already. */
        if (was && gave != STICK_GAVE_ALL)
            assert_int_equal(gave, error == ENOSPC ? STICK_GAVE_FULL : STICK_GAVE_FAILED);
    } else {
        const pid_t child = fork();
        int status = 0;

        assert_true(child >= 0);
        if (child == 0) {
            (void)hand_give(h);
            _exit(0);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        was = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    }
    cut.at = 0;
    return was;
}

/* A stick that holds one edition is given the other, and fails, or is pulled out, at each call: whoever reads it installs the one
   or the other, whole, and the next giving ends well. */
static void a_stick_that_fails_at_any_call_holds_one_edition_or_the_other(void **state)
{
    static const int errors[] = { 0, ENOSPC };
    struct scene *s = *state;
    bool newer = true;

    fetched_in_two_runs(s);
    struct hand *h = hand_open(s);
    assert_int_equal(hand_give(h), STICK_GAVE_ALL);
    for (size_t e = 0; e < COUNT_OF(errors); e++) {
        int at = 1;

        for (bool more = true; more; at++, newer = !newer) {
            publish(s, newer ? &second : &first);
            fetched_in_two_runs(s);
            more = hand_cut(h, at, errors[e]);
            assert_int_equal(rig_run(&h->to), UPDATER_FINE);
            if (more)
                assert_int_equal(hand_give(h), STICK_GAVE_ALL);
            assert_int_equal(rig_run(&h->to), UPDATER_FINE);
            assert_string_equal(rig_role(&h->to, "national")->edition, newer ? "2" : "1");
        }
        assert_in_range(at, 20, 200);
    }
    hand_done(h);
}

static void a_stick_without_room_is_told_before_anything_is_written(void **state)
{
    struct scene *s = *state;

    fetched_in_two_runs(s);
    struct hand *h = hand_open(s);
    disk.free_units = 100;
    assert_int_equal(hand_give(h), STICK_GAVE_FULL);
    assert_int_equal(h->files, 0);
    assert_non_null(strstr(h->why.text, "MB of room"));
    disk.free_units = 0;
    assert_int_equal(hand_give(h), STICK_GAVE_ALL);
    hand_done(h);
}

static void a_file_in_the_way_fails_and_a_link_is_not_followed(void **state)
{
    struct scene *s = *state;
    char path[160];

    fetched_in_two_runs(s);
    struct hand *h = hand_open(s);
    (void)str_format(path, sizeof path, "%s/CANNY", h->mounted);
    assert_int_equal(mkdir(path, 0755), 0);
    (void)str_format(path, sizeof path, "%s/CANNY/content", h->mounted);
    assert_int_equal(symlink("/tmp", path), 0);
    assert_int_equal(hand_give(h), STICK_GAVE_FAILED);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(hand_give(h), STICK_GAVE_ALL);
    hand_done(h);
}

/* While its ring has not come the kiosk has the recalls of the newest edition, and not its files. */
static void
a_kiosk_that_waits_for_its_ring_gives_the_recalls_and_says_that_it_is_not_all(void **state)
{
    struct scene *s = *state;
    struct repo_edition e = second;

    fetched_in_two_runs(s);
    e.stop = "{\"id\":\"recall-2\",\"source\":\"x\"}";
    e.percent = 0;
    publish(s, &e);
    assert_int_equal(rig_run(&s->rig), UPDATER_FINE);
    assert_string_equal(rig_role(&s->rig, "national")->edition, "1");
    struct hand *h = hand_open(s);
    assert_int_equal(hand_give(h), STICK_GAVE_PART);
    assert_int_equal(rig_run(&h->to), UPDATER_MISSING);
    assert_non_null(strstr(h->to.stops_text[0], "recall-2"));
    hand_done(h);
}

static void
the_root_that_a_kiosk_trusts_is_told_by_its_hash_and_the_older_ones_are_kept(void **state)
{
    struct scene *s = *state;
    char hash[KEYS_ID_TEXT] = "", wanted[KEYS_ID_TEXT], path[160];
    struct arena a;
    uint8_t *bytes = NULL;
    size_t len = 0;

    struct hand *h = hand_open(s);
    assert_int_equal(content_client_root(h->client, hash), 0);
    assert_int_equal(rig_run(&s->rig), UPDATER_FINE);
    arena_init(&a, 1 << 20);
    assert_ok(
        update_folder_get(s->repo.dir, "metadata/1.root.json", 1 << 19, &a, &bytes, &len, NULL));
    keys_sha256_hex(wanted, bytes, len);
    arena_done(&a);
    assert_int_equal(content_client_root(h->client, hash), 1);
    assert_string_equal(hash, wanted);
    (void)str_format(path, sizeof path, "%s/roots/1.root.json", s->rig.dir);
    assert_int_equal(access(path, F_OK), 0);
    hand_done(h);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
    const struct CMUnitTest cases[] = {
        CASE(what_one_kiosk_has_another_installs_from_the_stick_with_its_recalls),
        CASE(a_kiosk_that_has_nothing_gives_nothing),
        CASE(a_stick_that_is_pulled_out_is_gone_on_with_and_harms_nobody),
        CASE(what_a_stick_has_spoilt_is_written_anew_and_what_is_over_goes),
        CASE(a_blob_that_a_cut_left_empty_behind_its_name_is_written_anew),
        CASE(a_stick_that_fails_at_any_call_holds_one_edition_or_the_other),
        CASE(a_stick_without_room_is_told_before_anything_is_written),
        CASE(a_file_in_the_way_fails_and_a_link_is_not_followed),
        CASE(a_kiosk_that_waits_for_its_ring_gives_the_recalls_and_says_that_it_is_not_all),
        CASE(the_root_that_a_kiosk_trusts_is_told_by_its_hash_and_the_older_ones_are_kept),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
