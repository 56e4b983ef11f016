/* export, verify and find as a person runs them: exit status, what is printed, one line on
   stderr. */

#include <fcntl.h>
#include <sys/wait.h>

#include "tests/app/store/content_support.h"

enum { OUT_MAX = 256 * 1024 };

struct run {
    int status;
    char out[OUT_MAX];
    char err[4096];
};

static void slurp(const char *path, char *to, size_t size)
{
    FILE *f = fopen(path, "r");

    assert_non_null(f);
    to[fread(to, 1, size - 1, f)] = '\0';
    assert_int_equal(fclose(f), 0);
}

static void onto(const char *path, int flags, int fd)
{
    int got = open(path, flags, 0600);

    if (got < 0 || dup2(got, fd) < 0)
        _exit(99);
}

/* args is a NULL-terminated list after the program's name; out NULL: a file that is read back. */
static void run(struct run *r, const char *const *args, const char *out)
{
    char dir[64];
    char program[512];
    char out_path[96];
    char err_path[96];
    char *argv[12] = { program };
    int status = 0;
    pid_t child;

    support_dir(dir);
    (void)str_format(program, sizeof program, "%s/store_cli", getenv("CANNY_BIN"));
    (void)str_format(out_path, sizeof out_path, "%s/out", dir);
    (void)str_format(err_path, sizeof err_path, "%s/err", dir);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        for (size_t i = 0; args[i] != NULL && i < 10; i++)
            argv[i + 1] = strdup(args[i]);
        onto(out == NULL ? out_path : out, O_WRONLY | O_CREAT, STDOUT_FILENO);
        onto(err_path, O_WRONLY | O_CREAT, STDERR_FILENO);
        (void)execv(program, argv);
        _exit(98);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    r->status = WEXITSTATUS(status);
    r->out[0] = '\0';
    if (out == NULL)
        slurp(out_path, r->out, sizeof r->out);
    slurp(err_path, r->err, sizeof r->err);
    support_remove(dir);
}

#define RUN(r, ...) run((r), (const char *const[]){ __VA_ARGS__, NULL }, NULL)

static size_t count_lines(const char *text)
{
    size_t n = 0;

    for (; *text != '\0'; text++)
        n += *text == '\n';
    return n;
}

/* Five lines, a folder closed again. */
static void made(struct support_store *t)
{
    char id[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];
    struct item_draft item = { .label = "=cmd()", .kind = "cooker", .name = "say \"hi\", all" };
    struct why why = { 0 };

    support_open(t);
    for (int i = 1; i <= 3; i++) {
        char label[8];

        (void)str_format(label, sizeof label, "EXA-%d", i);
        support_item(t, i, label, "cooker", id);
    }
    support_check(t, 10, id, "week", OUTCOME_PASS, NULL, event);
    item.id = "=1+1";
    support_ok(store_register_item(&t->s, support_now(20), "@sum", &item, NULL, &why), &why);
}

static void export_gives_the_lines_as_they_are_stored(void **state)
{
    struct support_lines l = { 0 };
    struct support_store t;
    struct run r;
    char *at = r.out;

    (void)state;
    made(&t);
    support_take_lines(&t, &l);
    RUN(&r, "export", "--data", t.dir, "--format", "ndjson");
    assert_int_equal(r.status, 0);
    assert_string_equal(r.err, "");
    for (size_t i = 0; i < l.count; i++) {
        assert_memory_equal(at, l.line[i], l.len[i]);
        at += l.len[i];
        assert_int_equal(*at++, '\n');
    }
    assert_int_equal(*at, '\0');
    RUN(&r, "export", "--data", t.dir, "--format", "ndjson", "--kind", "check.recorded");
    assert_int_equal(count_lines(r.out), 1);
    RUN(&r, "export", "--data", t.dir, "--format", "ndjson", "--kind", "nothing");
    assert_int_equal(r.status, 0);
    assert_string_equal(r.out, "");
    support_free_lines(&l);
    support_close(&t);
}

static void csv_cells_are_quoted_and_never_a_formula(void **state)
{
    struct support_store t;
    struct run r;

    (void)state;
    made(&t);
    RUN(&r, "export", "--data", t.dir, "--format", "csv");
    assert_int_equal(r.status, 0);
    assert_int_equal(count_lines(r.out), 6);
    assert_true(str_starts(r.out, "device,seq,hlc,at,clock,kind,subject,actor,prev,body\r\n"));
    assert_non_null(strstr(r.out, "\"'=1+1\""));
    assert_non_null(strstr(r.out, "\"'@sum\""));
    assert_non_null(strstr(r.out, "say \\\"\"hi\\\"\", all"));
    assert_null(strstr(r.out, "\"=1+1\""));
    support_close(&t);
}

static void export_that_cannot_be_written_fails_with_a_sentence(void **state)
{
    struct content_folder f;
    struct support_store t;
    struct run r;

    (void)state;
    made(&t);
    folder_open(&f);
    content_close(folder_content(&f, &t));
    run(&r, (const char *const[]){ "export", "--data", t.dir, "--format", "ndjson", NULL },
        "/dev/full");
    assert_int_equal(r.status, 1);
    assert_int_equal(count_lines(r.err), 1);
    assert_non_null(strstr(r.err, "standard output"));
    run(&r, (const char *const[]){ "find", "--data", t.dir, "magnesium", NULL }, "/dev/full");
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(r.err, "standard output"));
    run(&r, (const char *const[]){ "verify", "--data", t.dir, NULL }, "/dev/full");
    assert_int_equal(r.status, 1);
    assert_int_equal(count_lines(r.err), 1);
    assert_non_null(strstr(r.err, "standard output"));
    folder_close(&f);
    support_close(&t);
}

/* The reader is gone before the first byte. */
static void closed_pipe_fails_with_a_sentence(void **state)
{
    struct support_store t;
    char program[512];
    char text[512] = "";
    int out[2];
    int err[2];
    int status = 0;
    pid_t child;

    (void)state;
    made(&t);
    (void)str_format(program, sizeof program, "%s/store_cli", getenv("CANNY_BIN"));
    assert_int_equal(pipe(out), 0);
    assert_int_equal(pipe(err), 0);
    (void)close(out[0]);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)dup2(out[1], STDOUT_FILENO);
        (void)dup2(err[1], STDERR_FILENO);
        (void)execl(program, program, "export", "--data", t.dir, "--format", "csv", (char *)NULL);
        _exit(98);
    }
    (void)close(out[1]);
    (void)close(err[1]);
    assert_true(read(err[0], text, sizeof text - 1) > 0);
    (void)close(err[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_int_equal(count_lines(text), 1);
    support_close(&t);
}

static void change(struct support_store *t, const char *sql)
{
    struct why why = { 0 };

    support_ok(db_exec(&t->s.db, sql, &why), &why);
}

static void verify_names_a_changed_byte_a_missing_line_and_swapped_lines(void **state)
{
    static const struct {
        const char *sql, *names;
    } rows[] = {
        { "update log_line set line = replace(line, 'EXA-2', 'EXA-7') where seq = 2", "line 2" },
        { "delete from log_line where seq = 3", "3" },
        { "update log_line set seq = 100 where seq = 2; update log_line set seq = 2 where seq = 4;"
          "update log_line set seq = 4 where seq = 100",
          "line 2" },
        { "delete from log_line where seq = 5", "5" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct support_store t;
        struct run r;

        made(&t);
        RUN(&r, "verify", "--data", t.dir);
        assert_int_equal(r.status, 0);
        assert_non_null(strstr(r.out, "5 lines of 1 devices"));
        change(&t, rows[i].sql);
        RUN(&r, "verify", "--data", t.dir);
        assert_int_equal(r.status, 1);
        assert_int_equal(count_lines(r.err), 1);
        if (strstr(r.out, rows[i].names) == NULL)
            fail_msg("case %zu does not name «%s»: %s", i, rows[i].names, r.out);
        assert_non_null(strstr(r.out, "device"));
        support_close(&t);
    }
}

static void wrong_use_is_two_and_a_missing_folder_is_one(void **state)
{
    struct run r;

    (void)state;
    RUN(&r, "export", "--format", "ndjson");
    assert_int_equal(r.status, 2);
    RUN(&r, "export", "--data", "/nonexistent", "--format", "xml");
    assert_int_equal(r.status, 2);
    RUN(&r, "export", "--data", "/nonexistent", "--format");
    assert_int_equal(r.status, 2);
    RUN(&r, "verify", "--data", "/nonexistent", "more");
    assert_int_equal(r.status, 2);
    RUN(&r, "find", "--data", "/nonexistent");
    assert_int_equal(r.status, 2);
    RUN(&r, "verify", "--data", "/nonexistent");
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(r.err, "/nonexistent/canny.db"));
    RUN(&r, "find", "--data", "/nonexistent", "word");
    assert_int_equal(r.status, 1);
    assert_int_equal(count_lines(r.err), 1);
}

static void rubbish_for_a_log_is_told(void **state)
{
    struct content_folder f;
    struct run r;

    (void)state;
    support_dir(f.dir);
    folder_put(&f, "canny.db",
               "This is not a database, though it is long enough to be taken for one.\n");
    RUN(&r, "verify", "--data", f.dir);
    assert_int_equal(r.status, 1);
    assert_int_equal(count_lines(r.err), 1);
    assert_non_null(strstr(r.err, "canny.db"));
    folder_put(&f, "canny.db", "");
    RUN(&r, "export", "--data", f.dir);
    assert_int_equal(r.status, 1);
    support_remove(f.dir);
}

static void find_prints_ids_and_titles_best_first(void **state)
{
    struct content_folder f;
    struct support_store t;
    struct run r;

    (void)state;
    support_open(&t);
    folder_open(&f);
    content_close(folder_content(&f, &t));
    RUN(&r, "find", "--data", t.dir, "burning", "magnes");
    assert_int_equal(r.status, 0);
    assert_string_equal(r.out, "magnesium\tBurning magnesium\n");
    RUN(&r, "find", "--data", t.dir, "magnesium");
    assert_string_equal(r.out, "magnesium\tBurning magnesium\ncafe\tCafé in the lab\n");
    RUN(&r, "find", "--data", t.dir, "xyzzy");
    assert_int_equal(r.status, 0);
    assert_string_equal(r.out, "");
    folder_close(&f);
    support_close(&t);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(export_gives_the_lines_as_they_are_stored),
        cmocka_unit_test(csv_cells_are_quoted_and_never_a_formula),
        cmocka_unit_test(export_that_cannot_be_written_fails_with_a_sentence),
        cmocka_unit_test(closed_pipe_fails_with_a_sentence),
        cmocka_unit_test(verify_names_a_changed_byte_a_missing_line_and_swapped_lines),
        cmocka_unit_test(wrong_use_is_two_and_a_missing_folder_is_one),
        cmocka_unit_test(rubbish_for_a_log_is_told),
        cmocka_unit_test(find_prints_ids_and_titles_best_first),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
