/* The updater's own files where the disk, the power or the memory fails: at each call one after the other. */
#include "sync/update/updater.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sync/update/content_log.h"
#include "sync/update/tuf_client.h"
#include "tests/sync/update/updater_scene.h"

/* What is counted and cut. */
enum cut_what {
    CUT_CHANGES, /* what changes files: fails for want of room */
    CUT_KILLS,   /* the same: the power goes */
    CUT_OPENS,   /* open, mkdir and read: fail as a broken card's do */
    CUT_MEMORY
};

/* Which call is cut, as the linker has them go by here: wrapped functions have no other place to look. */
static struct {
    int at, count; /* 0: none */
    enum cut_what what;
    bool ports,
        source; /* in the tests' own ports, or reading what a source serves: nothing fails there */
} cut;

static bool cut_now(enum cut_what what)
{
    const enum cut_what of = cut.what == CUT_KILLS ? CUT_CHANGES : cut.what;

    if (cut.at == 0 || cut.ports || (cut.source && what == CUT_OPENS) || what != of ||
        ++cut.count != cut.at)
        return false;
    if (cut.what == CUT_KILLS)
        (void)raise(SIGKILL);
    errno = what == CUT_OPENS ? EIO : what == CUT_MEMORY ? ENOMEM : ENOSPC;
    return true;
}

int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to)
{
    return cut_now(CUT_CHANGES) ? -1 : __real_rename(from, to);
}

int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int __wrap_unlink(const char *path)
{
    return cut_now(CUT_CHANGES) ? -1 : __real_unlink(path);
}

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
    return cut_now(CUT_CHANGES) ? -1 : __real_fsync(fd);
}

/* Half of the bytes are there. */
ssize_t __real_write(int fd, const void *bytes, size_t len);
ssize_t __wrap_write(int fd, const void *bytes, size_t len);
ssize_t __wrap_write(int fd, const void *bytes, size_t len)
{
    if (cut.at != 0 && cut.what <= CUT_KILLS && cut.count + 1 == cut.at && len > 1)
        (void)!__real_write(fd, bytes, len / 2);
    return cut_now(CUT_CHANGES) ? -1 : __real_write(fd, bytes, len);
}

/* The source's files are not the updater's: that they cannot be read is another matter. */
int __real_open(const char *path, int flags, mode_t mode);
int __wrap_open(const char *path, int flags, mode_t mode);
int __wrap_open(const char *path, int flags, mode_t mode)
{
    cut.source = strstr(path, "canny_repo_") != NULL;
    return cut_now(CUT_OPENS) ? -1 : __real_open(path, flags, mode);
}

int __real_mkdir(const char *path, mode_t mode);
int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_mkdir(const char *path, mode_t mode)
{
    return cut_now(CUT_OPENS) ? -1 : __real_mkdir(path, mode);
}

ssize_t __real_read(int fd, void *bytes, size_t len);
ssize_t __wrap_read(int fd, void *bytes, size_t len);
ssize_t __wrap_read(int fd, void *bytes, size_t len)
{
    return cut_now(CUT_OPENS) ? -1 : __real_read(fd, bytes, len);
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    return cut_now(CUT_MEMORY) ? NULL : __real_malloc(size);
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
    return cut_now(CUT_MEMORY) ? NULL : __real_calloc(count, size);
}

void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size)
{
    return cut_now(CUT_MEMORY) ? NULL : __real_realloc(old, size);
}

static void cut_begin(int at, enum cut_what what)
{
    cut.at = at;
    cut.count = 0;
    cut.what = what;
}

static int cut_memory_steps = 29;

/* ---- the ports, in which nothing fails ---- */

static struct updater_ports cut_real; /* the rig's */

static enum err cut_missing(void *ctx, const struct updater_set *set,
                            const struct updater_blobs *blobs, struct arena *a,
                            const struct manifest_file ***out, size_t *out_count, struct why *why)
{
    cut.ports = true;
    enum err rc = cut_real.missing(ctx, set, blobs, a, out, out_count, why);
    cut.ports = false;
    return rc;
}

static enum err cut_build(void *ctx, const struct updater_set *set,
                          const struct updater_blobs *blobs, struct updater_refusal *out,
                          struct why *why)
{
    cut.ports = true;
    enum err rc = cut_real.build(ctx, set, blobs, out, why);
    cut.ports = false;
    return rc;
}

/* Whether a run that is cut at this call was cut; killed ones run in a process of their own, whose memory goes with it. */
static bool cut_run(struct scene *s, int at, enum cut_what what)
{
    if (what != CUT_KILLS) {
        cut_begin(at, what);
        const enum updater_fault fault = rig_run(&s->rig);
        const bool was = cut.count >= at;
        cut_begin(0, what);
        /* Whatever it was, it is told as this kiosk's own: nobody is sent to look for it at the hub. */
        if (fault != UPDATER_FINE && fault != (what == CUT_CHANGES ? UPDATER_FULL : UPDATER_OURS))
            fail_msg("call %d of kind %d that failed is told as %s: %s", at, (int)what,
                     updater_fault_name(fault), s->rig.why.text);
        return was;
    }
    const pid_t child = fork();
    int status = 0;

    assert_true(child >= 0);
    if (child == 0) {
        cut_begin(at, what);
        (void)rig_run(&s->rig);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

/* The council's edition and the national one are whole, the latter as it was before the cut or as it is published. */
static void cut_whole(struct scene *s, const char *edition, const char *before, const char *after)
{
    char path[128];
    size_t lines = 0;
    struct tuf_client *c = NULL;

    (void)str_format(path, sizeof path, "%s/metadata", s->rig.dir);
    assert_int_equal(tuf_client_open(path, &c, NULL), ERR_OK);
    tuf_client_close(c);
    assert_int_equal(content_log_verify(s->rig.dir, &lines, NULL), ERR_OK);
    assert_int_equal(s->rig.installed.count, 2);
    const bool old = rig_reads(&s->rig, before);
    assert_true(old != rig_reads(&s->rig, after));
    assert_int_equal(!old, str_eq(s->rig.installed.roles[0].edition, edition));
}

/* Goes on by so many calls each time. */
static void cut_everywhere(struct scene *s, enum cut_what what, int steps)
{
    char before[96];
    bool was = true;
    int at = 0;

    (void)council(s, "S12000036", "");
    assert_fault(s, UPDATER_FINE);
    cut_real = s->rig.ports;
    s->rig.ports.missing = cut_missing;
    s->rig.ports.build = cut_build;
    const size_t base = s->rig.held_count;
    (void)str_copy(before, sizeof before, "national/docs/b.md=two");
    for (at = 1; was; at += steps) {
        char text[64], edition[16], reads[96];
        size_t lines = 0;

        (void)str_format(edition, sizeof edition, "%d", at + 1);
        (void)str_format(text, sizeof text, "after %d calls", at);
        (void)str_format(reads, sizeof reads, "national/docs/b.md=%s", text);
        const struct repo_file files[] = { { "docs/a.md", "one" }, { "docs/b.md", text } };
        if (s->rig.held_count > base + 1) { /* its list is short: what is no longer in use goes */
            memcpy(s->rig.held[base], s->rig.held[s->rig.held_count - 1], KEYS_ID_TEXT);
            s->rig.held_count = base + 1;
        }
        publish(s,
                &(struct repo_edition){
                    .edition = edition, .percent = 100, .files = files, .count = 2, .stop = "" });
        was = cut_run(s, at, what);
        cut_whole(s, edition, before, reads);
        assert_fault(s, UPDATER_FINE);
        assert_true(rig_reads(&s->rig, reads));
        assert_string_equal(rig_role(&s->rig, "national")->edition, edition);
        assert_int_equal(content_log_verify(s->rig.dir, &lines, NULL), ERR_OK);
        (void)str_copy(before, sizeof before, reads);
    }
    assert_true(at > 20);
}

static void a_call_that_fails_anywhere_costs_one_run(void **state)
{
    cut_everywhere(*state, CUT_CHANGES, 1);
}

static void a_power_cut_anywhere_costs_one_run(void **state)
{
    cut_everywhere(*state, CUT_KILLS, 1);
}

static void a_file_that_cannot_be_opened_or_read_costs_one_run(void **state)
{
    cut_everywhere(*state, CUT_OPENS, 1);
}

/* Of some two thousand allocations so many as a test has time for; another argument tries each. */
static void memory_that_runs_out_anywhere_costs_one_run(void **state)
{
    cut_everywhere(*state, CUT_MEMORY, cut_memory_steps);
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
        cut_begin(at, CUT_CHANGES);
        const enum err rc = updater_other_hub(s->rig.dir, NULL);
        was = cut.count >= at;
        cut_begin(0, CUT_CHANGES);
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

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        cut_memory_steps = 1;
    const struct CMUnitTest tests[] = {
        CASE(a_call_that_fails_anywhere_costs_one_run),
        CASE(a_power_cut_anywhere_costs_one_run),
        CASE(a_file_that_cannot_be_opened_or_read_costs_one_run),
        CASE(memory_that_runs_out_anywhere_costs_one_run),
        CASE(a_change_of_hubs_that_is_cut_forgets_no_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
