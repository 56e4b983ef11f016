#include "sync/pack/vectors.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "platform/base/fs.h"
#include "sync/pack/pack.h"

const char pack_vectors_help[] =
    "usage: canny-pack vectors FILE.json\n"
    "\n"
    "Holds the formulas of the trade against worked examples and says each difference, then\n"
    "`N passed, N failed`. The file is one object of lists: leak_test, leak_test_errors, "
    "dead_time, decay,\n"
    "decay_inverse, f0, pat_earth, interval. Each example has \"id\", \"in\" and \"expect\" (to "
    "5e-4),\n"
    "\"expect_full\" (to 1e-9; best estimate and coverage to 1e-6) or \"expect_error\".\n"
    "\n"
    "  canny-pack vectors tests/data/vectors.json\n";

enum { VECTORS_BYTES_MAX = 4 * 1024 * 1024, VECTORS_ARENA = 64 * 1024 * 1024, VECTORS_NAME = 64 };

/* A rounded figure has four significant digits. A full one came from another program by the same
   closed form, or by quadrature. */
static const double rounded_rel = 5e-4;
static const double full_rel = 1e-9;
static const double integral_rel = 1e-6;
/* Nothing is near zero by a share of it. */
static const double zero_abs = 1e-12;

struct vectors {
    struct arena arena;
    size_t passed, failed;
    char name[VECTORS_NAME]; /* of the example at hand, fit to print */
    size_t differences;      /* in it */
};

/* What the file says goes to a terminal: without control characters, and not for ever. */
static void vectors_clean(char to[VECTORS_NAME], const char *text)
{
    (void)str_copy(to, VECTORS_NAME, text);
    for (char *c = to; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
}

static void vectors_differ(struct vectors *s, const char *what, const char *text)
{
    char cleaned[VECTORS_NAME];

    vectors_clean(cleaned, what);
    (void)printf("%s%s%s: %s\n", s->name, *cleaned != '\0' ? " " : "", cleaned, text);
    s->differences++;
}

static bool vectors_near(double got, double want, double rel)
{
    /* Written so that what is no number is near nothing. */
    return fabs(got - want) <= fmax(rel * fabs(want), want > 0 || want < 0 ? 0 : zero_abs);
}

static void vectors_number(struct vectors *s, const struct vec_value *got, const struct json *want,
                           double rel)
{
    char text[160];

    if (want->type != JNODE_INT && want->type != JNODE_REAL)
        vectors_differ(s, got->name, "a number is what is calculated here");
    else if (!vectors_near(got->number, want->real, rel)) {
        (void)str_format(text, sizeof(text),
                         "expected %.12g, got %.12g (%.2g of it; %.0e is allowed)", want->real,
                         got->number, fabs(got->number / want->real - 1), rel);
        vectors_differ(s, got->name, text);
    }
}

static void vectors_text(struct vectors *s, const struct vec_value *got, const char *want)
{
    char text[160], cleaned[VECTORS_NAME];

    if (want != NULL && strcmp(want, got->text) == 0)
        return;
    vectors_clean(cleaned, want != NULL ? want : "something that is no text");
    (void)str_format(text, sizeof(text), "expected %s, got %s", cleaned, got->text);
    vectors_differ(s, got->name, text);
}

static void vectors_compare(struct vectors *s, const struct vec_value *got, const struct json *want,
                            bool full)
{
    switch (got->kind) {
    case VEC_NUMBER:
        vectors_number(s, got, want, !full ? rounded_rel : got->integral ? integral_rel : full_rel);
        break;
    case VEC_COUNT:
        vectors_number(s, got, want, 0);
        break;
    case VEC_TEXT:
        vectors_text(s, got, want->type == JNODE_STRING ? want->text : NULL);
        break;
    case VEC_FLAG:
        if (want->type != JNODE_BOOL || (want->integer != 0) != got->flag)
            vectors_differ(s, got->name, got->flag ? "got true" : "got false");
        break;
    }
}

static const struct vec_value *vectors_value(const struct vec *v, const char *name)
{
    for (size_t i = 0; i < v->value_count; i++)
        if (strcmp(v->values[i].name, name) == 0)
            return &v->values[i];
    return NULL;
}

/* Compares each figure that is expected, and returns how many that were. A name that nothing
   calculates is a difference: it may be a slip of the pen that would hide a wrong one. */
static size_t vectors_expected(struct vectors *s, const struct vec *v, const struct json *expect,
                               bool full)
{
    size_t count = 0;

    for (const struct json *want = expect != NULL ? expect->first : NULL; want != NULL;
         want = want->next, count++) {
        const struct vec_value *got = want->key != NULL ? vectors_value(v, want->key) : NULL;

        if (got != NULL)
            vectors_compare(s, got, want, full);
        else
            vectors_differ(s, want->key != NULL ? want->key : "",
                           "nothing of this name is calculated");
    }
    return count;
}

/* An input that the formula does not ask for would be ignored, and the example would prove less than
   it seems to. The nuclide only says what the half-life is of. */
static void vectors_inputs(struct vectors *s, const struct vec *v)
{
    for (const struct json *in = v->in->first; in != NULL; in = in->next) {
        bool asked = strcmp(in->key, "nuclide") == 0;

        for (size_t i = 0; i < v->input_count && !asked; i++)
            asked = strcmp(in->key, v->inputs[i]) == 0;
        if (!asked)
            vectors_differ(s, in->key, "an input that the formula does not take");
    }
}

static void vectors_judge(struct vectors *s, const struct vec *v, const struct json *example)
{
    const struct json *error = json_get(example, "expect_error");
    size_t expected;

    if (v->faulty) {
        vectors_differ(s, "", v->fault.text);
        return;
    }
    vectors_inputs(s, v);
    if (error != NULL) {
        struct vec_value got = { .name = "expect_error",
                                 .text = v->refusal != NULL ? v->refusal->id : "an answer" };

        vectors_text(s, &got, error->type == JNODE_STRING ? error->text : NULL);
        return;
    }
    if (v->refusal != NULL) {
        vectors_differ(s, v->refusal->id, v->refusal->text);
        return;
    }
    expected = vectors_expected(s, v, json_get(example, "expect"), false);
    expected += vectors_expected(s, v, json_get(example, "expect_full"), true);
    if (expected == 0)
        vectors_differ(s, "", "nothing is expected");
}

static void vectors_example(struct vectors *s, const struct vec_section *section,
                            const struct json *example, size_t number)
{
    struct arena_mark mark = arena_mark(&s->arena);
    struct vec v = { .arena = &s->arena, .in = json_get(example, "in") };
    const char *id = json_str(example, "id");

    if (id != NULL)
        vectors_clean(s->name, id);
    else
        (void)str_format(s->name, sizeof(s->name), "%s[%zu]", section->id, number);
    s->differences = 0;
    if (v.in == NULL || v.in->type != JNODE_OBJECT) {
        vectors_differ(s, "in", "missing");
    } else {
        section->run(&v);
        vectors_judge(s, &v, example);
    }
    if (s->differences == 0)
        s->passed++;
    else
        s->failed++;
    arena_rewind(&s->arena, mark);
}

static void vectors_section(struct vectors *s, const struct json *list)
{
    const struct vec_section *section = vec_section_find(list->key);
    size_t number = 1;

    vectors_clean(s->name, list->key);
    if (section == NULL || list->type != JNODE_ARRAY || list->len == 0) {
        vectors_differ(s, "",
                       section == NULL ? "no formula has this name" : "not a list of examples");
        s->failed++;
        return;
    }
    for (const struct json *example = list->first; example != NULL; example = example->next)
        vectors_example(s, section, example, number++);
}

static enum err vectors_file(struct vectors *s, const char *path, struct why *why)
{
    const struct json *root;
    char *text;
    size_t len;
    enum err rc = fs_read(&s->arena, path, VECTORS_BYTES_MAX, &text, &len, why);

    if (rc == ERR_OK)
        rc = json_parse(&s->arena, text, len, VECTORS_BYTES_MAX, &root, why);
    if (rc != ERR_OK)
        return rc;
    if (root->type != JNODE_OBJECT)
        return why_set(why, ERR_INPUT, 0,
                       "worked examples are one JSON object: {\"decay\": [...]}");
    for (const struct json *member = root->first; member != NULL; member = member->next)
        if (strcmp(member->key, "meta") != 0)
            vectors_section(s, member);
    /* A file that proves nothing must not look like one that agrees. */
    if (s->passed + s->failed == 0)
        return why_set(why, ERR_INPUT, 0, "the file holds no worked example");
    return ERR_OK;
}

int pack_vectors(int count, char **args)
{
    struct vectors s = { 0 };
    struct why why;
    int status = 1;

    if (count != 1 || args[0][0] == '-') {
        (void)fprintf(stderr,
                      "canny-pack vectors: needs one FILE.json; see canny-pack vectors --help\n");
        return 2;
    }
    arena_init(&s.arena, VECTORS_ARENA);
    if (vectors_file(&s, args[0], &why) != ERR_OK) {
        (void)fprintf(stderr, "canny-pack vectors: %s: %s\n", args[0], why.text);
    } else {
        (void)printf("%zu passed, %zu failed\n", s.passed, s.failed);
        status = s.failed == 0 && fflush(stdout) == 0 ? 0 : 1;
    }
    arena_done(&s.arena);
    return status;
}
