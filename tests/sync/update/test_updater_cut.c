/* The updater's own files where the disk or the power fails: at each call that changes them one after the other. */
#include "sync/update/updater.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sync/update/content_log.h"
#include "sync/update/tuf_client.h"
#include "tests/sync/update/updater_scene.h"

/* Which call is cut, as the linker has them go by here: wrapped functions have no other place to look. */
static struct {
    int at, count; /* 0: none */
    bool kills;
} cut;

static bool cut_now(void)
{
    if (cut.at == 0 || ++cut.count != cut.at)
        return false;
    if (cut.kills)
        (void)raise(SIGKILL);
    errno = ENOSPC;
    return true;
}

int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to)
{
    return cut_now() ? -1 : __real_rename(from, to);
}

int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int __wrap_unlink(const char *path)
{
    return cut_now() ? -1 : __real_unlink(path);
}

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
    return cut_now() ? -1 : __real_fsync(fd);
}

/* Half of the bytes are there. */
ssize_t __real_write(int fd, const void *bytes, size_t len);
ssize_t __wrap_write(int fd, const void *bytes, size_t len);
ssize_t __wrap_write(int fd, const void *bytes, size_t len)
{
    if (cut.at != 0 && cut.count + 1 == cut.at && len > 1)
        (void)!__real_write(fd, bytes, len / 2);
    return cut_now() ? -1 : __real_write(fd, bytes, len);
}

static void cut_begin(int at, bool kills)
{
    cut.at = at;
    cut.count = 0;
    cut.kills = kills;
}

/* Whether a run that is cut at this call was cut; killed ones run in a process of their own, whose memory goes with it. */
static bool cut_run(struct scene *s, int at, bool kills)
{
    if (!kills) {
        cut_begin(at, false);
        (void)rig_run(&s->rig);
        const bool was = cut.count >= at;
        cut_begin(0, false);
        return was;
    }
    const pid_t child = fork();
    int status = 0;

    assert_true(child >= 0);
    if (child == 0) {
        cut_begin(at, true);
        (void)rig_run(&s->rig);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static void cut_everywhere(struct scene *s, bool kills)
{
    bool was = true;
    int at = 0;

    (void)council(s, "S12000036", "");
    assert_fault(s, UPDATER_FINE);
    const size_t base = s->rig.held_count;
    while (was) {
        char text[64], edition[16], reads[96];
        size_t lines = 0;
        struct tuf_client *c = NULL;
        char metadata[128];

        at++;
        (void)str_format(edition, sizeof edition, "%d", at + 1);
        (void)str_format(text, sizeof text, "after %d calls", at);
        const struct repo_file files[] = { { "docs/a.md", "one" }, { "docs/b.md", text } };
        if (s->rig.held_count > base + 1) { /* its list is short: what is no longer in use goes */
            memcpy(s->rig.held[base], s->rig.held[s->rig.held_count - 1], KEYS_ID_TEXT);
            s->rig.held_count = base + 1;
        }
        publish(s,
                &(struct repo_edition){
                    .edition = edition, .percent = 100, .files = files, .count = 2, .stop = "" });
        was = cut_run(s, at, kills);
        /* What is there can be opened, whatever was cut. */
        (void)str_format(metadata, sizeof metadata, "%s/metadata", s->rig.dir);
        assert_int_equal(tuf_client_open(metadata, &c, NULL), ERR_OK);
        tuf_client_close(c);
        assert_int_equal(content_log_verify(s->rig.dir, &lines, NULL), ERR_OK);
        assert_fault(s, UPDATER_FINE);
        (void)str_format(reads, sizeof reads, "national/docs/b.md=%s", text);
        assert_true(rig_reads(&s->rig, reads));
        assert_string_equal(rig_role(&s->rig, "national")->edition, edition);
        assert_int_equal(content_log_verify(s->rig.dir, &lines, NULL), ERR_OK);
    }
    assert_true(at > 20);
}

static void a_call_that_fails_anywhere_costs_one_run(void **state)
{
    cut_everywhere(*state, false);
}

static void a_power_cut_anywhere_costs_one_run(void **state)
{
    cut_everywhere(*state, true);
}

/* What the roles have reached is written down before what a hub counted is forgotten. */
static void a_change_of_hubs_that_is_cut_forgets_no_version(void **state)
{
    struct scene *s = *state;
    char path[128];
    char *want = NULL;
    char *got = NULL;
    size_t want_len = 0;
    size_t got_len = 0;
    struct arena a;
    bool was = true;
    int at = 0;

    arena_init(&a, 1 << 20);
    assert_fault(s, UPDATER_FINE);
    assert_int_equal(updater_other_hub(s->rig.dir, NULL), ERR_OK);
    (void)str_format(path, sizeof path, "%s/floor.json", s->rig.dir);
    assert_int_equal(fs_read(&a, path, 1 << 16, &want, &want_len, NULL), ERR_OK);
    while (was) {
        at++;
        assert_fault(s, UPDATER_FINE); /* the listing is there again */
        assert_int_equal(remove(path), 0);
        cut_begin(at, false);
        const enum err rc = updater_other_hub(s->rig.dir, NULL);
        was = cut.count >= at;
        cut_begin(0, false);
        assert_true(was || rc == ERR_OK);
        assert_int_equal(updater_other_hub(s->rig.dir, NULL), ERR_OK);
        assert_int_equal(fs_read(&a, path, 1 << 16, &got, &got_len, NULL), ERR_OK);
        assert_int_equal(got_len, want_len);
        assert_memory_equal(got, want, want_len);
    }
    assert_true(at > 4);
    arena_done(&a);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_call_that_fails_anywhere_costs_one_run),
        CASE(a_power_cut_anywhere_costs_one_run),
        CASE(a_change_of_hubs_that_is_cut_forgets_no_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
