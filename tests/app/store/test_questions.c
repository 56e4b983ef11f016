/* What hurried teachers and technicians type, held against the sample content: tests/data/questions.tsv
   names the document that should come first. Tells each that does not. */
#include "tests/app/store/support.h"

#include <fnmatch.h>

#include "app/store/content.h"
#include "platform/base/fs.h"

enum { QUESTIONS_BYTES = 256 * 1024, FIRST_PERCENT = 95, HITS = 5 };

struct asked {
    size_t count, first, three;
};

/* The sample content, as a kiosk that starts with it has it. */
struct sample {
    struct support_store t;
    struct content *c;
    struct arena a;
};

static const char *sample_source(void)
{
    return getenv("CANNY_SOURCE"); /* NOLINT(concurrency-mt-unsafe): one thread */
}

static void sample_begin(struct sample *sample)
{
    struct why why = { 0 };
    char path[512];

    support_open(&sample->t);
    arena_init(&sample->a, (size_t)64 * 1024 * 1024);
    (void)str_format(path, sizeof path, "%s/assets/content", sample_source());
    support_ok(content_open(sample->t.dir, path, &sample->c, &why), &why);
}

static void sample_end(struct sample *sample)
{
    content_close(sample->c);
    arena_done(&sample->a);
    support_close(&sample->t);
}

/* One of ids separated by |, where * stands for anything. */
static bool answers(const char *wanted, const char *id)
{
    while (*wanted != '\0') {
        char one[96] = "";
        size_t len = strcspn(wanted, "|");

        (void)str_format(one, sizeof one, "%.*s", (int)len, wanted);
        if (fnmatch(one, id, 0) == 0)
            return true;
        wanted += len + (wanted[len] != '\0' ? 1 : 0);
    }
    return false;
}

static void ask(struct content *c, struct arena *a, const char *words, const char *wanted,
                struct asked *sum)
{
    const struct find_ask find = { .words = words, .max = HITS };
    struct doc_hit *hits = NULL;
    struct why why = { 0 };
    size_t count = 0;
    size_t place = 0;

    support_ok(content_find(c, &find, a, &hits, &count, &why), &why);
    while (place < count && !answers(wanted, hits[place].id))
        place++;
    sum->count++;
    sum->first += place == 0 && count > 0 ? 1 : 0;
    sum->three += place < 3 && place < count ? 1 : 0;
    if (place == 0 && count > 0)
        return;
    print_message("%-36s wants %s%s, has", words, wanted,
                  place < 3 && place < count ? "" : " IN THE FIRST THREE");
    for (size_t i = 0; i < count; i++)
        print_message(" %s", hits[i].id);
    print_message("\n");
}

static void questions_find_their_document(void **state)
{
    struct sample sample;
    struct asked sum = { 0 };
    struct why why = { 0 };
    char *text = NULL;
    size_t len = 0;
    char path[512];

    (void)state;
    sample_begin(&sample);
    (void)str_format(path, sizeof path, "%s/tests/data/questions.tsv", sample_source());
    support_ok(fs_read(&sample.a, path, QUESTIONS_BYTES, &text, &len, &why), &why);
    for (char *line = text; *line != '\0';) {
        char *end = line + strcspn(line, "\n");
        char *tab = memchr(line, '\t', (size_t)(end - line));
        bool last = *end == '\0';

        *end = '\0';
        if (line[0] != '#' && tab != NULL) {
            *tab = '\0';
            ask(sample.c, &sample.a, line, tab + 1, &sum);
        }
        line = last ? end : end + 1;
    }
    print_message("%zu questions: %zu first, %zu in the first three\n", sum.count, sum.first,
                  sum.three);
    assert_true(sum.count >= 190);
    assert_int_equal(sum.three, sum.count);
    assert_true(100 * sum.first >= FIRST_PERCENT * sum.count);
    sample_end(&sample);
}

static void words_with_nothing_near_them_find_nothing(void **state)
{
    /* Doubled letters are held to be one, so the first of these are a letter each. */
    static const char *const words[] = { "zzzz", "zz",     "xxxxxx",  "bbbb",    "mmmm",
                                         "qqxw", "qwerty", "asdfgh",  "1234567", "blorptang",
                                         "jjjj", "aaaa",   "ssssssss" };
    struct sample sample;
    struct why why = { 0 };

    (void)state;
    sample_begin(&sample);
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        const struct find_ask find = { .words = words[i], .max = HITS };
        struct doc_hit *hits = NULL;
        size_t count = 0;

        support_ok(content_find(sample.c, &find, &sample.a, &hits, &count, &why), &why);
        if (count > 0)
            fail_msg("%s finds %s", words[i], hits[0].id);
    }
    sample_end(&sample);
}

/* Documents of a kind that a subject's list holds. */
static size_t listed(struct content *c, struct arena *a, const char *kind, const char *subject)
{
    struct doc_head *heads = NULL;
    struct why why = { 0 };
    size_t count = 0;
    size_t shown = 0;

    support_ok(content_docs(c, kind, "subject", subject, a, &heads, &count, &why), &why);
    for (size_t i = 0; i < count; i++)
        shown += heads[i].withdrawn ? 0 : 1;
    return shown;
}

static void subjects_count_what_they_list_whichever_of_them_is_chosen(void **state)
{
    const struct find_ask find = { .kind = "assessment", .subject = "Chemistry" };
    struct sample sample;
    struct find_group *groups = NULL;
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    sample_begin(&sample);
    support_ok(content_subjects(sample.c, &find, &sample.a, &groups, &count, &why), &why);
    assert_true(count > 1);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(groups[i].count, listed(sample.c, &sample.a, find.kind, groups[i].name));
    support_ok(content_stages(sample.c, &find, &sample.a, &groups, &count, &why), &why);
    assert_true(count > 1);
    for (size_t i = 0; i < count; i++)
        assert_true(groups[i].count <= listed(sample.c, &sample.a, find.kind, find.subject));
    /* The chosen kind narrows no list of kinds. */
    support_ok(content_doc_kinds(sample.c, &find, &sample.a, &groups, &count, &why), &why);
    assert_true(count > 1);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(groups[i].count,
                         listed(sample.c, &sample.a, groups[i].name, find.subject));
    sample_end(&sample);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(questions_find_their_document),
        cmocka_unit_test(words_with_nothing_near_them_find_nothing),
        cmocka_unit_test(subjects_count_what_they_list_whichever_of_them_is_chosen),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
