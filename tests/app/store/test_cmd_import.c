/* canny import as a person runs it: what it says, what is there afterwards. */

#include <fcntl.h>
#include <sys/wait.h>

#include "tests/app/store/check_support.h"

struct run {
    int status;
    char out[64 * 1024];
    char err[4096];
};

static void slurp(const char *path, char *to, size_t size)
{
    FILE *f = fopen(path, "r");

    assert_non_null(f);
    to[fread(to, 1, size - 1, f)] = '\0';
    assert_int_equal(fclose(f), 0);
}

static void onto(const char *dir, const char *name, int fd)
{
    char path[128];
    int got;

    (void)str_format(path, sizeof path, "%s/%s", dir, name);
    got = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (got < 0 || dup2(got, fd) < 0)
        _exit(99);
}

/* Runs `canny import` in the folder of the content, where the spreadsheet lies. */
static void run(struct run *r, const struct stocked *s, const char *const *args)
{
    char program[512];
    char path[128];
    char *argv[12] = { program, NULL };
    int status = 0;
    pid_t child;

    (void)str_format(program, sizeof program, "%s/store_cli", getenv("CANNY_BIN"));
    argv[1] = strdup("import");
    for (size_t i = 0; args[i] != NULL && i < 9; i++)
        argv[i + 2] = strdup(args[i]);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        onto(s->f.dir, "out", STDOUT_FILENO);
        onto(s->f.dir, "err", STDERR_FILENO);
        (void)execv(program, argv);
        _exit(98);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    for (size_t i = 1; i < COUNT_OF(argv); i++)
        free(argv[i]);
    assert_true(WIFEXITED(status));
    r->status = WEXITSTATUS(status);
    (void)str_format(path, sizeof path, "%s/out", s->f.dir);
    slurp(path, r->out, sizeof r->out);
    (void)str_format(path, sizeof path, "%s/err", s->f.dir);
    slurp(path, r->err, sizeof r->err);
}

#define NOW "--now", "2026-11-22T10:42:00Z"
#define RUN(r, s, ...) run((r), (s), (const char *const[]){ __VA_ARGS__, NULL })

static void sheet_path(const struct stocked *s, char out[128])
{
    (void)str_format(out, 128, "%s/register.csv", s->f.dir);
}

static int64_t lines_of(struct support_store *t)
{
    struct why why = { 0 };
    int64_t count = 0;

    support_ok(db_one_i64(&t->s.db, "select count(*) from log_line", 0, &count, &why), &why);
    return count;
}

static void folder_sheet(struct stocked *s, size_t items)
{
    struct buf b;

    buf_init(&b, 1024 * 1024);
    buf_str(&b, "label,kind,name,room,shelf,school,last:week,fact:volume_l\n");
    for (size_t i = 0; i < items; i++)
        buf_printf(&b, "EXA-%04zu,cooker,O'Neill's cooker %zu – Mòr,Room %zu,,Academy,%s,6\n", i, i,
                   i % 9, i % 3 == 0 ? "20/11/2026" : "");
    folder_put(&s->f, "register.csv", b.data);
    buf_free(&b);
}

static void register_of_800_items_comes_with_its_last_dates(void **state)
{
    static struct run r;
    struct stocked s;
    struct item *items = NULL;
    struct past_check *past = NULL;
    struct fact *facts = NULL;
    char sheet[128];
    struct why why = { 0 };
    size_t count = 0;
    int64_t before;

    (void)state;
    stocked_open(&s);
    folder_sheet(&s, 800);
    sheet_path(&s, sheet);
    before = lines_of(&s.t);
    RUN(&r, &s, "--data", s.t.dir, NOW, "--check", sheet);
    assert_string_equal(r.err, "");
    assert_string_equal(r.out,
                        "800 items and 267 last dates can be imported; nothing was written\n");
    assert_int_equal(lines_of(&s.t), before);
    RUN(&r, &s, "--data", s.t.dir, NOW, sheet);
    assert_string_equal(r.err, "");
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.out, "800 items and 267 last dates imported"));
    support_reopen(&s.t);
    assert_int_equal(lines_of(&s.t), before + 800 + 267);
    support_ok(query_label(&s.t.s, "exa-0003", &s.t.a, &items, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_string_equal(items[0].name, "O'Neill's cooker 3 – Mòr");
    assert_string_equal(items[0].school, "Academy");
    support_ok(query_history(&s.t.s, items[0].id, &s.t.a, &past, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_true(past[0].imported && past[0].counts);
    assert_string_equal(past[0].reason, "register.csv");
    assert_int_equal(past[0].day, CHECK_DAY - 2);
    assert_int_equal(status_of(&s, items[0].id, CHECK_DAY).cycles[0].due_day, CHECK_DAY + 5);
    support_ok(query_facts(&s.t.s, items[0].id, &s.t.a, &facts, &count, &why), &why);
    assert_string_equal(fact_value(facts, count, "volume_l"), "6");
    /* Once more is a slip: every label is taken. */
    RUN(&r, &s, "--data", s.t.dir, NOW, sheet);
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(r.out, "row 2, column label"));
    assert_non_null(strstr(r.out, "and more"));
    support_reopen(&s.t);
    assert_int_equal(lines_of(&s.t), before + 800 + 267);
    stocked_close(&s);
}

static void one_fault_stops_all_rows(void **state)
{
    static struct run r;
    struct stocked s;
    char sheet[128];
    int64_t before;

    (void)state;
    stocked_open(&s);
    folder_put(&s.f, "register.csv",
               "label,kind,name,kit,last:week\nA-1,cooker,One,,\nA-2,coker,Two,,31/02/2026\n"
               "A-3,cooker,Three,NONE,\n");
    sheet_path(&s, sheet);
    before = lines_of(&s.t);
    RUN(&r, &s, "--data", s.t.dir, NOW, sheet);
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(r.out, "row 3, column kind: no kind is called «coker»; is it cooker"));
    assert_non_null(strstr(r.out, "row 3, column last:week: «31/02/2026»: there is no such day"));
    assert_non_null(strstr(r.out, "row 4, column kit"));
    assert_non_null(strstr(r.err, "nothing was written"));
    assert_int_equal(lines_of(&s.t), before);
    stocked_close(&s);
}

static void kits_of_the_file_and_of_the_register_are_found(void **state)
{
    static struct run r;
    struct stocked s;
    struct item *items = NULL;
    struct item *members = NULL;
    char sheet[128];
    char kit[KEYS_RANDOM_ID];
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "OLD-KIT", "chair", kit);
    folder_put(
        &s.f, "register.csv",
        "label,kind,name,kit\nA-1,cooker,One,A-2\nA-2,chair,Kit,\nA-3,cooker,Three,old-kit\n");
    sheet_path(&s, sheet);
    RUN(&r, &s, "--data", s.t.dir, NOW, sheet);
    assert_string_equal(r.err, "");
    support_reopen(&s.t);
    support_ok(query_label(&s.t.s, "A-2", &s.t.a, &items, &count, &why), &why);
    support_ok(query_members(&s.t.s, items[0].id, &s.t.a, &members, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_string_equal(members[0].label, "A-1");
    support_ok(query_members(&s.t.s, kit, &s.t.a, &members, &count, &why), &why);
    assert_int_equal(count, 1);
    stocked_close(&s);
}

static void a_label_too_short_for_a_scanner_is_noted(void **state)
{
    static struct run r;
    struct stocked s;
    char sheet[128];

    (void)state;
    stocked_open(&s);
    folder_put(&s.f, "register.csv", "label,kind,name\nD-1,cooker,One\n");
    sheet_path(&s, sheet);
    RUN(&r, &s, "--data", s.t.dir, NOW, "--check", sheet);
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.out, "note: row 2, column label: «D-1» has fewer than 4 characters"));
    assert_non_null(strstr(r.out, "1 item and 0 last dates can be imported"));
    folder_put(&s.f, "register.csv", "label,kind,name\nD-12,cooker,One\n");
    RUN(&r, &s, "--data", s.t.dir, NOW, "--check", sheet);
    assert_null(strstr(r.out, "note:"));
    stocked_close(&s);
}

static void wrong_use_and_missing_folders_are_told(void **state)
{
    static struct run r;
    struct stocked s;

    (void)state;
    stocked_open(&s);
    RUN(&r, &s, "--data", s.t.dir);
    assert_int_equal(r.status, 2);
    RUN(&r, &s, "--data", "/nonexistent", "x.csv");
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(r.err, "start the kiosk once"));
    RUN(&r, &s, "--data", s.t.dir, "/nonexistent.csv");
    assert_int_equal(r.status, 1);
    RUN(&r, &s, "--example");
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.out, "label,kind,name"));
    stocked_close(&s);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(register_of_800_items_comes_with_its_last_dates),
        cmocka_unit_test(one_fault_stops_all_rows),
        cmocka_unit_test(kits_of_the_file_and_of_the_register_are_found),
        cmocka_unit_test(a_label_too_short_for_a_scanner_is_noted),
        cmocka_unit_test(wrong_use_and_missing_folders_are_told),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
