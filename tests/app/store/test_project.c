/* Lines of every kind whose bodies are not what this release writes: a member missing, or of another
   type or size. They are taken or they wait, never stop the log, and the tables built again say the
   same. The bodies are those of the fuzz corpus (tests/data/fuzz/project). */

#include <dirent.h>

#include "app/store/project.h"
#include "tests/app/store/faults.h"

enum { BODY_MAX = 16 * 1024, DEVICE_LINES_MAX = 100000 };

/* In a member's place; NULL takes it away. */
static const char *const odd[] = { NULL,
                                   "null",
                                   "true",
                                   "-1",
                                   "1e308",
                                   "\"\"",
                                   "\"2026-02-30\"",
                                   "\"a\\tb\"",
                                   "[]",
                                   "[1]",
                                   "{}",
                                   "{\"a\":{\"a\":[{}]}}" };

struct bench {
    struct support_store t;
    uint64_t seq;
    size_t applied, malformed, unknown;
};

static void bench_apply(struct bench *b, const char *kind, const char *subject, const char *body)
{
    struct event e = { .device = EVENT_NO_PREV,
                       .seq = ++b->seq,
                       .hlc = { .ms = SUPPORT_MS, .n = (uint16_t)b->seq },
                       .at = "2026-11-22T10:42:00.000Z",
                       .clock = CLOCK_NTP,
                       .kind = kind,
                       .subject = subject,
                       .actor = "p1",
                       .prev = EVENT_NO_PREV,
                       .version = EVENT_VERSION };
    enum project_took took = PROJECT_APPLIED;
    struct why why = { 0 };
    struct arena a;

    assert_true(b->seq < DEVICE_LINES_MAX);
    arena_init(&a, EVENT_ARENA);
    support_ok(json_parse(&a, body, strlen(body), EVENT_LINE_MAX, &e.body, &why), &why);
    support_ok(project_apply(&b->t.s.db, &e, NULL, 0, &took, &why), &why);
    if (took == PROJECT_MALFORMED)
        assert_string_not_equal(why.text, "");
    b->applied += took == PROJECT_APPLIED;
    b->malformed += took == PROJECT_MALFORMED;
    b->unknown += took == PROJECT_UNKNOWN;
    arena_done(&a);
}

/* The body with its member at that place written so, or without it. */
static const char *body_with(const struct json *body, size_t at, const char *value, char *out)
{
    struct buf b;
    size_t place = 0;

    buf_init(&b, BODY_MAX - 1);
    buf_char(&b, '{');
    for (const struct json *m = body->first; m != NULL; m = m->next, place++) {
        struct json_out j;

        if (place == at && value == NULL)
            continue;
        if (b.len > 1)
            buf_char(&b, ',');
        if (place == at) {
            buf_printf(&b, "\"%s\":%s", m->key, value);
            continue;
        }
        buf_printf(&b, "\"%s\":", m->key);
        json_out_init(&j, &b);
        json_out_node(&j, NULL, m);
    }
    buf_char(&b, '}');
    assert_int_equal(buf_done(&b, NULL), ERR_OK);
    (void)str_copy(out, BODY_MAX, b.data);
    buf_free(&b);
    return out;
}

static void bench_file(struct bench *b, const char *path)
{
    static char text[BODY_MAX], changed[BODY_MAX];
    FILE *f = fopen(path, "r");
    const struct json *body = NULL;
    struct why why = { 0 };
    struct arena a;
    char *subject;
    char *line;

    assert_non_null(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    assert_int_equal(fclose(f), 0);
    subject = strchr(text, ' ');
    assert_non_null(subject);
    *subject++ = '\0';
    line = strchr(subject, '\n');
    assert_non_null(line);
    *line++ = '\0';
    arena_init(&a, EVENT_ARENA);
    support_ok(json_parse(&a, line, strlen(line), EVENT_LINE_MAX, &body, &why), &why);
    bench_apply(b, text, subject, line);
    bench_apply(b, text, "", line);
    for (size_t at = 0; at < body->len; at++)
        for (size_t i = 0; i < COUNT_OF(odd); i++)
            bench_apply(b, text, subject, body_with(body, at, odd[i], changed));
    arena_done(&a);
}

static void bench_folder(struct bench *b)
{
    char folder[512];
    char path[1024];
    const struct dirent *entry;
    size_t files = 0;
    DIR *dir;

    (void)str_format(folder, sizeof folder, "%s/tests/data/fuzz/project", getenv("CANNY_SOURCE"));
    dir = opendir(folder);
    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) { /* NOLINT(concurrency-mt-unsafe): one thread */
        if (entry->d_name[0] == '.')
            continue;
        (void)str_format(path, sizeof path, "%s/%s", folder, entry->d_name);
        bench_file(b, path);
        files++;
    }
    (void)closedir(dir);
    assert_true(files >= 12); /* each kind of this release, and one of a later */
}

static void line_of_another_shape_is_taken_or_waits(void **state)
{
    struct bench b = { .seq = 0 };
    char digest[KEYS_ID_TEXT];
    struct why why = { 0 };

    (void)state;
    support_open(&b.t);
    support_ok(db_begin(&b.t.s.db, &why), &why);
    bench_folder(&b);
    support_ok(db_commit(&b.t.s.db, &why), &why);
    assert_true(b.applied > 100 && b.malformed > 100 && b.unknown > 10);
    assert_int_equal(count_of(&b.t, "select count(*) from waiting_line"), b.malformed + b.unknown);
    support_ok(store_digest(&b.t.s, digest, &why), &why);
    support_close(&b.t);
}

/* Written through the log, so that the tables can be built again from it. */
static void tables_built_again_say_what_odd_lines_said(void **state)
{
    static const struct event_draft drafts[] = {
        { .kind = "competence.granted", .subject = "p1", .body = "{\"code\":\"T\",\"until\":5}" },
        { .kind = "competence.granted",
          .subject = "p1",
          .body = "{\"code\":\"T\",\"until\":\"\"}" },
        { .kind = "site.calendar",
          .subject = "s1",
          .body = "{\"calendar\":\"x\",\"replaces\":[7]}" },
        { .kind = "site.constituency",
          .subject = "s1",
          .body = "{\"constituency\":\"S12000030\",\"replaces\":[7]}" },
        { .kind = "check.countersigned", .subject = "i1", .body = "{\"check\":\"none:1\"}" },
        { .kind = "check.withdrawn", .subject = "i1", .body = "{}" },
        { .kind = "item.registered",
          .subject = "i1",
          .body = "{\"kind\":\"cooker\",\"name\":\"A\",\"facts\":{\"a\":1,\"b\":\"2\"}}" },
        { .kind = "item.registered",
          .subject = "i1",
          .body = "{\"kind\":\"cooker\",\"name\":\"A\",\"retired\":\"yes\",\"kit\":\"i1\"}" },
        { .kind = "check.dreamt", .subject = "i1", .body = "{\"a\":[[[[]]]]}" },
    };
    struct support_store t;

    (void)state;
    support_open(&t);
    for (size_t i = 0; i < COUNT_OF(drafts); i++) {
        enum err rc = store_record(&t.s, support_now((int64_t)i), &drafts[i], NULL, NULL);

        assert_true(rc == ERR_OK || rc == ERR_INPUT);
    }
    assert_tables_match_the_log(&t);
    support_close(&t);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(line_of_another_shape_is_taken_or_waits),
        cmocka_unit_test(tables_built_again_say_what_odd_lines_said),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
