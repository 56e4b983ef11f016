/* What canny-hub says, and where it stops, when its folder or its address cannot be used. */
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
#include "tests/sync/hub/hub_fixture.h"

struct scene {
    struct hub_process hub; /* founded, not running */
    char log[FIXTURE_PATH];
    char log_file[FS_PATH_MAX];
    struct arena arena;
};

static int scene_new(void **state)
{
    static struct scene s;

    memset(&s, 0, sizeof(s));
    fixture_folder(s.log);
    assert_int_equal(ERR_OK, fs_join(s.log_file, s.log, "log", NULL));
    hub_new(&s.hub);
    assert_int_equal(0, hub_end(&s.hub));
    arena_init(&s.arena, (size_t)1024 * 1024);
    *state = &s;
    return 0;
}

static int scene_done(void **state)
{
    struct scene *s = *state;

    hub_done(&s->hub);
    fixture_remove(s->log);
    arena_done(&s->arena);
    return 0;
}

static void scene_path(struct scene *s, const char *name, char out[FS_PATH_MAX])
{
    assert_int_equal(ERR_OK, fs_join(out, s->hub.dir, name, NULL));
}

/* The status; stderr in the scene's arena. Nothing is said on stdout. */
static int said_by(struct scene *s, const char *const *args, const char **out_said)
{
    char out[256];
    char *said;
    size_t len;

    assert_int_equal(0,
                     setenv("CANNY_TEST_LOG", s->log_file, 1)); /* NOLINT(concurrency-mt-unsafe) */
    int got = hub_run(out, sizeof(out), args);
    (void)unsetenv("CANNY_TEST_LOG"); /* NOLINT(concurrency-mt-unsafe) */
    assert_int_equal(ERR_OK, fs_read(&s->arena, s->log_file, 65536, &said, &len, NULL));
    (void)unlink(s->log_file);
    assert_string_equal("", out);
    *out_said = said;
    return got;
}

/* The status, and that stderr is one line that holds both texts. */
static void expect_serve_fails(struct scene *s, const char *data, const char *listen, int status,
                               const char *what, const char *todo)
{
    const char *const args[] = { "serve", "--data", data, "--listen", listen, NULL };
    const char *said;

    assert_int_equal(status, said_by(s, args, &said));
    const char *end = strchr(said, '\n');
    if (end == NULL || end[1] != '\0' || strstr(said, what) == NULL || strstr(said, todo) == NULL)
        fail_msg("not one line with «%s» and «%s»: %s", what, todo, said);
}

static void folder_of_a_newer_program_is_left_alone(void **state)
{
    struct scene *s = *state;
    char path[FS_PATH_MAX];
    struct db db;

    scene_path(s, "hub.db", path);
    assert_int_equal(ERR_OK, db_open(&db, path, DB_DURABLE, NULL));
    assert_int_equal(ERR_OK, db_exec(&db, "pragma user_version = 99", NULL));
    db_close(&db);
    expect_serve_fails(s, s->hub.dir, "127.0.0.1:0", 1, "version 99", "use the newer program");
}

static void folder_that_cannot_be_written_is_named(void **state)
{
    struct scene *s = *state;
    char path[FS_PATH_MAX];
    char under[FS_PATH_MAX];

    expect_serve_fails(s, "/proc/canny-hub", "127.0.0.1:0", 1, "/proc/canny-hub",
                       "give a folder that this user can write in");
    scene_path(s, "hub.key", path); /* a file where a folder must be, also for root */
    assert_int_equal(ERR_OK, fs_join(under, path, "hub", NULL));
    expect_serve_fails(s, under, "127.0.0.1:0", 1, "hub.key/hub", "give a folder");
}

static void port_in_use_is_told_apart(void **state)
{
    struct scene *s = *state;
    struct hub_process other;
    char listen[32];

    hub_new(&other);
    (void)str_format(listen, sizeof(listen), "127.0.0.1:%u", other.port);
    expect_serve_fails(s, s->hub.dir, listen, 1, "another program listens on",
                       "give --listen another port");
    hub_done(&other);
    /* Freed, it can be taken at once. */
    s->hub.port = other.port;
    hub_start(&s->hub);
}

static void address_of_no_use_is_told_apart(void **state)
{
    struct scene *s = *state;

    expect_serve_fails(s, s->hub.dir, "192.0.2.1:8080", 1, "192.0.2.1:8080",
                       "not an address of this machine");
    expect_serve_fails(s, s->hub.dir, "nowhere", 2, "nowhere", "ADDRESS:PORT");
}

static void hub_that_lost_its_key_does_not_become_another_hub(void **state)
{
    struct scene *s = *state;
    char path[FS_PATH_MAX];
    char out[256];
    const char *const verify[] = { "verify", "--data", s->hub.dir, NULL };

    scene_path(s, "hub.key", path);
    assert_int_equal(ERR_OK, fs_replace(path, "short", 5, 0600, NULL));
    expect_serve_fails(s, s->hub.dir, "127.0.0.1:0", 1, "hub.key is damaged", "from a backup");
    assert_int_equal(0, unlink(path));
    expect_serve_fails(s, s->hub.dir, "127.0.0.1:0", 1, "hub.key is missing", "from a backup");
    assert_int_equal(-1, access(path, F_OK));
    assert_int_equal(0, hub_run(out, sizeof(out), verify)); /* reading needs no key */
}

static void damaged_database_is_named(void **state)
{
    struct scene *s = *state;
    char path[FS_PATH_MAX];
    static const char rubbish[] = "this was a database before the card wore out, or so one hopes";

    scene_path(s, "hub.db", path);
    assert_int_equal(ERR_OK, fs_replace(path, rubbish, sizeof(rubbish), 0600, NULL));
    expect_serve_fails(s, s->hub.dir, "127.0.0.1:0", 1, "hub.db is damaged", "from a backup");
}

static void hub_has_one_place(void **state)
{
    struct scene *s = *state;
    const char *said;
    const char *const none[] = { "verify", NULL };
    const char *const two[] = { "verify",     "--data",          s->hub.dir,
                                "--database", "postgresql:///x", NULL };

    assert_int_equal(2, said_by(s, none, &said));
    assert_non_null(strstr(said, "give one of --data, --database and --database-file"));
    assert_int_equal(2, said_by(s, two, &said));
    assert_non_null(strstr(said, "give one of --data, --database and --database-file"));
}

static void database_that_is_not_there_is_told_without_its_password(void **state)
{
    struct scene *s = *state;
    static const char address[] = "postgresql://canny:secret@127.0.0.1:1/canny\n";
    char file[FS_PATH_MAX];
    const char *said;
    const char *const by_file[] = { "verify", "--database-file", file, NULL };
    const char *const by_place[] = { "verify", NULL };

    assert_int_equal(ERR_OK, fs_join(file, s->log, "address", NULL));
    assert_int_equal(ERR_OK, fs_replace(file, address, strlen(address), 0600, NULL));
    assert_int_equal(1, said_by(s, by_file, &said));
    assert_non_null(strstr(said, "open the database"));
    assert_null(strstr(said, "secret"));
    assert_int_equal(
        0, setenv("CANNY_HUB_DATABASE", "no address", 1)); /* NOLINT(concurrency-mt-unsafe) */
    assert_int_equal(1, said_by(s, by_place, &said));
    (void)unsetenv("CANNY_HUB_DATABASE"); /* NOLINT(concurrency-mt-unsafe) */
    assert_non_null(strstr(said, "postgresql://USER@HOST/NAME"));
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, scene_new, scene_done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(folder_of_a_newer_program_is_left_alone),
        SCENE(folder_that_cannot_be_written_is_named),
        SCENE(port_in_use_is_told_apart),
        SCENE(address_of_no_use_is_told_apart),
        SCENE(hub_that_lost_its_key_does_not_become_another_hub),
        SCENE(damaged_database_is_named),
        SCENE(hub_has_one_place),
        SCENE(database_that_is_not_there_is_told_without_its_password),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
