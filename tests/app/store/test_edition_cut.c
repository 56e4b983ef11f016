/* The power goes, or the disk fails, at each write, rename and sync of an install in turn: the kiosk then starts with the old
   edition or the new one, whole, and the next install ends well with nothing left lying about. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "tests/app/store/edition_support.h"

/* ---- the n-th call that changes something on the disk ---- */

enum cut { CUT_NONE, CUT_KILL, CUT_ERROR, CUT_FULL };
enum { CUT_STEP = 3 };

struct steps {
    bool each; /* every call, and not one in CUT_STEP */
};

/* SQLite's table of system calls and the linker's wrapping hand no context on. */
static struct {
    enum cut kind;
    int left;
    bool reached;
} cut;

static bool cut_here(void)
{
    if (cut.kind == CUT_NONE || cut.left == 0 || --cut.left > 0)
        return false;
    cut.reached = true;
    if (cut.kind == CUT_KILL)
        (void)raise(SIGKILL);
    errno = cut.kind == CUT_FULL ? ENOSPC : EIO;
    return true;
}

ssize_t __real_write(int fd, const void *data, size_t len);
ssize_t __wrap_write(int fd, const void *data, size_t len);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __wrap_fsync(int fd);
int __real_unlink(const char *path);
int __wrap_unlink(const char *path);

ssize_t __wrap_write(int fd, const void *data, size_t len)
{
    return cut_here() ? -1 : __real_write(fd, data, len);
}

int __wrap_rename(const char *from, const char *to)
{
    return cut_here() ? -1 : __real_rename(from, to);
}

/* Nothing is lost here that was not synced, and a real one takes most of the time. */
int __wrap_fsync(int fd)
{
    (void)fd;
    return cut_here() ? -1 : 0;
}

int __wrap_unlink(const char *path)
{
    return cut_here() ? -1 : __real_unlink(path);
}

typedef ssize_t (*pwrite_call)(int fd, const void *data, size_t len, off_t at);
typedef int (*truncate_call)(int fd, off_t len);
static pwrite_call real_pwrite;
static truncate_call real_truncate;

static ssize_t cut_pwrite(int fd, const void *data, size_t len, off_t at)
{
    /* Half of it is on the disk by then. */
    if (cut.kind != CUT_NONE && cut.left == 1)
        (void)real_pwrite(fd, data, len / 2, at);
    return cut_here() ? -1 : real_pwrite(fd, data, len, at);
}

static int cut_truncate(int fd, off_t len)
{
    return cut_here() ? -1 : real_truncate(fd, len);
}

static int cut_setup(void **state)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find("unix");
    const char *name = vfs->xGetSystemCall(vfs, "pwrite64") != NULL ? "pwrite64" : "pwrite";

    (void)state;
    real_pwrite = (pwrite_call)vfs->xGetSystemCall(vfs, name);
    real_truncate = (truncate_call)vfs->xGetSystemCall(vfs, "ftruncate");
    if (real_pwrite == NULL || real_truncate == NULL ||
        vfs->xSetSystemCall(vfs, name, (sqlite3_syscall_ptr)cut_pwrite) != SQLITE_OK)
        return -1;
    return vfs->xSetSystemCall(vfs, "ftruncate", (sqlite3_syscall_ptr)cut_truncate) == SQLITE_OK
               ? 0
               : -1;
}

/* ---- an install ---- */

struct scene {
    struct shelf_set *s;
    char data[64], from[64];                     /* from: as each install begins */
    char old[KEYS_ID_TEXT], fresh[KEYS_ID_TEXT]; /* old "": there is none */
    char *old_dump, *fresh_dump;
    bool spoilt; /* a byte of the old one is another */
};

static void scene_change(struct scene *sc)
{
    shelf_doc(sc->s, 0, "docs/magnesium.md", "magnesium", "Never burn it", "Never.");
    shelf_doc(sc->s, 0, "docs/new.md", "new", "A new page", "New.");
}

/* What a start opens: none that is not what it was when it was made. */
static enum err scene_pick(struct scene *sc, struct edition_name *out, struct why *why)
{
    enum err rc = ERR_OK;
    bool fit = false;

    while (rc == ERR_OK && !fit) {
        rc = edition_pick(sc->data, out, why);
        if (rc != ERR_OK || out->hash[0] == '\0')
            return rc;
        rc = edition_fit(sc->data, out, NULL, NULL, &fit, why);
        if (rc == ERR_OK && !fit)
            rc = edition_set_aside(sc->data, out, why);
    }
    return rc;
}

/* As the start, the worker and then the kiosk do it. False: something said that it did not work. */
static bool scene_install(struct scene *sc)
{
    struct edition_name name;
    char path[FS_PATH_MAX];
    char hash[KEYS_ID_TEXT];
    struct content *c = NULL;
    enum err rc = sc->spoilt ? scene_pick(sc, &name, NULL) : ERR_OK;

    if (rc == ERR_OK)
        rc = shelf_build(sc->s, sc->data, hash, NULL, NULL);
    if (rc == ERR_OK)
        rc = scene_pick(sc, &name, NULL);
    if (rc == ERR_OK && name.hash[0] == '\0')
        rc = ERR_NOT_FOUND;
    if (rc == ERR_OK)
        rc = edition_try(sc->data, &name, NULL);
    if (rc == ERR_OK)
        rc = edition_path(sc->data, name.hash, path, NULL);
    if (rc == ERR_OK)
        rc = content_open_file(path, "S12000030", "", &c, NULL);
    if (rc == ERR_OK)
        rc = edition_switch(sc->data, &name, NULL);
    if (rc == ERR_OK)
        edition_stands(sc->data, &name);
    content_close(c);
    return rc == ERR_OK;
}

/* An edition is never written to, so that it can be lent. */
static void scene_begin(struct scene *sc)
{
    const char **names = NULL;
    size_t count = 0;
    char dir[FS_PATH_MAX];
    char to_dir[FS_PATH_MAX];
    struct arena a;
    struct why why = { 0 };

    support_dir(sc->data);
    arena_init(&a, (size_t)1024 * 1024);
    support_ok(edition_dir(sc->from, dir, &why), &why);
    support_ok(edition_dir(sc->data, to_dir, &why), &why);
    support_ok(fs_mkdirs(dir, 0700, &why), &why);
    support_ok(fs_mkdirs(to_dir, 0700, &why), &why);
    support_ok(fs_list(&a, dir, 100, &names, &count, &why), &why);
    for (size_t i = 0; i < count; i++) {
        char path[FS_PATH_MAX];
        char to[FS_PATH_MAX];
        char *text = NULL;
        size_t len = 0;

        support_ok(fs_join(path, dir, names[i], &why), &why);
        support_ok(fs_join(to, to_dir, names[i], &why), &why);
        if (str_ends(names[i], ".db")) {
            assert_int_equal(link(path, to), 0);
            continue;
        }
        support_ok(fs_read(&a, path, 4096, &text, &len, &why), &why);
        support_ok(fs_replace(to, text, len, 0600, &why), &why);
    }
    arena_done(&a);
}

/* Whether the same one is wanted again, or a newer one, when the old one is found damaged. */
enum scene_old { OLD_NONE, OLD_GOOD, OLD_SPOILT, OLD_SPOILT_SAME };

static void scene_learn(struct scene *sc, enum scene_old kind)
{
    const bool with_old = kind != OLD_NONE;
    struct edition_name name;

    sc->s = shelf_new();
    support_dir(sc->from);
    shelf_begin(sc->s);
    if (with_old)
        shelf_install(sc->s, sc->from);
    if (kind != OLD_SPOILT_SAME)
        scene_change(sc);
    scene_begin(sc);
    edition_current(sc->data, &name);
    (void)str_copy(sc->old, sizeof sc->old, name.hash);
    sc->old_dump = with_old ? dump_edition(sc->data, name.hash) : NULL;
    assert_true(scene_install(sc));
    edition_current(sc->data, &name);
    (void)str_copy(sc->fresh, sizeof sc->fresh, name.hash);
    sc->fresh_dump = dump_edition(sc->data, name.hash);
    support_remove(sc->data);
    sc->spoilt = kind == OLD_SPOILT || kind == OLD_SPOILT_SAME;
    if (sc->spoilt)
        shelf_flip(sc->from, sc->old, "Flex", 1, 'o');
}

static void scene_forget(struct scene *sc)
{
    free(sc->old_dump);
    free(sc->fresh_dump);
    shelf_free(sc->s);
    support_remove(sc->from);
}

static void judge_edition(const struct scene *sc, const char *hash)
{
    char *dump;

    if (hash[0] == '\0') {
        assert_true(sc->spoilt || sc->old[0] == '\0');
        return;
    }
    dump = dump_edition(sc->data, hash);
    assert_string_equal(dump, str_eq(hash, sc->old) ? sc->old_dump : sc->fresh_dump);
    free(dump);
}

/* What lies in the folder in the end: two editions at most, and no piece of one. */
static void judge_folder(const struct scene *sc)
{
    static const char *const known[] = { "current", "before", "next", "making" };
    const char **names = NULL;
    size_t count = 0;
    size_t editions = 0;
    char dir[FS_PATH_MAX];
    struct arena a;
    struct why why = { 0 };

    arena_init(&a, (size_t)1024 * 1024);
    support_ok(edition_dir(sc->data, dir, &why), &why);
    support_ok(fs_list(&a, dir, 100, &names, &count, &why), &why);
    for (size_t i = 0; i < count; i++) {
        bool good = false;

        for (size_t k = 0; k < COUNT_OF(known); k++)
            good = good || str_eq(names[i], known[k]);
        if (str_ends(names[i], ".db")) {
            editions++;
            good = true;
        }
        if (str_ends(names[i], ".sum"))
            good = true;
        if (!good)
            fail_msg("%s is left", names[i]);
    }
    assert_true(editions <= 2);
    arena_done(&a);
}

/* The next start, and the next install. */
static void judge(struct scene *sc)
{
    struct edition_name name;
    struct why why = { 0 };

    cut.kind = CUT_NONE;
    support_ok(scene_pick(sc, &name, &why), &why);
    judge_edition(sc, name.hash);
    assert_false(edition_is_bad(sc->data, name.key));
    assert_true(scene_install(sc));
    edition_current(sc->data, &name);
    assert_string_equal(name.hash, sc->fresh);
    judge_edition(sc, name.hash);
    judge_folder(sc);
}

static bool install_killed_at(struct scene *sc, int n)
{
    pid_t child = fork();
    int status = 0;

    assert_true(child >= 0);
    if (child == 0) {
        cut.kind = CUT_KILL;
        cut.left = n;
        _exit(scene_install(sc) ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status)) {
        assert_int_equal(WTERMSIG(status), SIGKILL);
        return true;
    }
    assert_int_equal(status, 0);
    return false;
}

static bool install_failed_at(struct scene *sc, enum cut kind, int n)
{
    cut.kind = kind;
    cut.left = n;
    cut.reached = false;
    (void)scene_install(sc);
    return cut.reached;
}

/* first: each kind of cut begins at another call, so that those left out differ. */
static void install_with_calls_cut(const struct steps *steps, enum cut kind,
                                   enum scene_old with_old, int first)
{
    struct scene sc = { .s = NULL };
    bool reached = true;
    int n = steps->each ? 1 : first;

    scene_learn(&sc, with_old);
    while (reached) {
        scene_begin(&sc);
        reached = kind == CUT_KILL ? install_killed_at(&sc, n) : install_failed_at(&sc, kind, n);
        judge(&sc);
        support_remove(sc.data);
        n += steps->each ? 1 : CUT_STEP;
    }
    assert_true(n > 40);
    scene_forget(&sc);
}

static void kill_at_each_step_leaves_the_old_edition_or_the_new(void **state)
{
    install_with_calls_cut(*state, CUT_KILL, OLD_GOOD, 1);
}

static void kill_at_each_step_of_the_first_install_leaves_none_or_all(void **state)
{
    install_with_calls_cut(*state, CUT_KILL, OLD_NONE, 2);
}

static void error_of_the_disk_at_each_step_leaves_the_old_edition_or_the_new(void **state)
{
    install_with_calls_cut(*state, CUT_ERROR, OLD_GOOD, 3);
}

static void disk_that_fills_at_each_step_leaves_the_old_edition_or_the_new(void **state)
{
    install_with_calls_cut(*state, CUT_FULL, OLD_GOOD, 2);
    install_with_calls_cut(*state, CUT_FULL, OLD_NONE, 3);
}

/* The damaged one is shown at no step, and the one that is made has nothing of what is wrong in it. */
static void
cut_at_each_step_of_making_a_damaged_edition_again_leaves_none_or_a_whole_one(void **state)
{
    const struct steps *steps = *state;

    install_with_calls_cut(steps, CUT_KILL, OLD_SPOILT_SAME, 1);
    install_with_calls_cut(steps, CUT_FULL, OLD_SPOILT, 2);
    if (!steps->each)
        return;
    install_with_calls_cut(steps, CUT_KILL, OLD_SPOILT, 1);
    install_with_calls_cut(steps, CUT_ERROR, OLD_SPOILT_SAME, 1);
    install_with_calls_cut(steps, CUT_FULL, OLD_SPOILT_SAME, 1);
}

/* usage: test_edition_cut [all]     without it one call in CUT_STEP is cut, so that ./check stays short */
int main(int argc, char **argv)
{
    struct steps steps = { .each = argc > 1 && strcmp(argv[1], "all") == 0 };
    const struct CMUnitTest cases[] = {
        cmocka_unit_test_prestate(kill_at_each_step_leaves_the_old_edition_or_the_new, &steps),
        cmocka_unit_test_prestate(kill_at_each_step_of_the_first_install_leaves_none_or_all,
                                  &steps),
        cmocka_unit_test_prestate(error_of_the_disk_at_each_step_leaves_the_old_edition_or_the_new,
                                  &steps),
        cmocka_unit_test_prestate(disk_that_fills_at_each_step_leaves_the_old_edition_or_the_new,
                                  &steps),
        cmocka_unit_test_prestate(
            cut_at_each_step_of_making_a_damaged_edition_again_leaves_none_or_a_whole_one, &steps),
    };

    return cmocka_run_group_tests(cases, cut_setup, NULL);
}
