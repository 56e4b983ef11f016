/* Editions made of what the manifests name: whole, the same however they were come to, and refused whole. */
#include "tests/app/store/edition_support.h"

static uint32_t random_next(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % below;
}

static const char *one_hit(struct content *c, struct arena *a, const char *words, size_t *count)
{
    struct doc_hit *hits = NULL;
    struct why why = { 0 };

    support_ok(
        content_find(c, &(struct find_ask){ .words = words, .max = 20 }, a, &hits, count, &why),
        &why);
    return *count == 0 ? "" : hits[0].id;
}

static void first_edition_is_read_as_a_folder_would_be(void **state)
{
    struct shelf_set *s = shelf_new();
    char data[64];
    char hash[KEYS_ID_TEXT];
    struct content *c = NULL;
    struct doc doc = { 0 };
    struct arena a;
    struct why why = { 0 };
    const struct form *form = NULL;
    size_t count = 0;

    (void)state;
    support_dir(data);
    arena_init(&a, (size_t)16 * 1024 * 1024);
    shelf_begin(s);
    support_ok(shelf_build(s, data, hash, NULL, &why), &why);
    assert_true(shelf_switch(data, &c));
    assert_string_equal(content_kind(c, "cooker")->name, "Pressure cooker");
    support_ok(content_form(c, "week", &form, &why), &why);
    assert_string_equal(form->title, "Weekly look");
    support_ok(content_doc(c, "ours", &a, &doc, &why), &why);
    assert_string_equal(doc.issuer_kind, "authority");
    assert_string_equal(one_hit(c, &a, "flare metal", &count), "magnesium");
    content_close(c);
    /* A command beside the kiosk opens the same one. */
    support_ok(content_open(data, NULL, &c, &why), &why);
    assert_string_equal(one_hit(c, &a, "magnes", &count), "magnesium");
    content_close(c);
    arena_done(&a);
    shelf_free(s);
    support_remove(data);
}

static void only_what_is_held_nowhere_is_missing(void **state)
{
    struct shelf_set *s = shelf_new();
    struct shelf_set *nothing = shelf_new();
    struct edition_set set;
    const struct edition_file **rows = NULL;
    struct edition_blobs blobs = shelf_blobs(s);
    char data[64];
    struct arena a;
    struct why why = { 0 };
    size_t count = 99;

    (void)state;
    support_dir(data);
    arena_init(&a, (size_t)16 * 1024 * 1024);
    shelf_begin(s);
    s->fetched = nothing;
    support_ok(edition_missing(data, shelf_set(s, &set), &blobs, &a, &rows, &count, &why), &why);
    assert_int_equal(count, 7);
    s->fetched = NULL;
    shelf_install(s, data);
    s->fetched = nothing;
    /* One changed, one moved with its bytes, one under two names, one that this program does not read. */
    shelf_doc(s, 0, "docs/magnesium.md", "magnesium", "Burning it", "Look away.");
    (void)str_copy(shelf_find(s, 0, "docs/deep/cafe.md")->path, 96, "docs/cafe.md");
    shelf_put(s, 0, "pictures/a.svg", "<svg/>");
    shelf_put(s, 0, "pictures/b.svg", "<svg/>");
    shelf_put(s, 0, "later/thing.bin", "of a program to come");
    support_ok(edition_missing(data, shelf_set(s, &set), &blobs, &a, &rows, &count, &why), &why);
    assert_int_equal(count, 2);
    s->fetched = NULL;
    s->reads = 0;
    shelf_install(s, data);
    assert_int_equal(s->reads, 3); /* the picture for each of its names */
    arena_done(&a);
    shelf_free(nothing);
    shelf_free(s);
    support_remove(data);
}

static void edition_with_a_faulty_file_is_refused_whole_and_says_which(void **state)
{
    static const struct {
        size_t role;
        const char *path, *text, *says;
    } rows[] = {
        { 0, "docs/bad.md", "no front matter at all\n", "docs/bad.md" },
        { 0, "forms/bad.csv", "survey,type,name,colour\n,rocket,a,b\n", "forms/bad.csv" },
        { 0, "kinds.csv", "id,name\nbroken\n", "kinds.csv" },
        { 1, "issuer.yaml", "name: nobody\n", "employers/council/issuer.yaml" },
        { 1, "docs/ours2.md",
          "---\nid: ours\nkind: guidance\ntitle: Twice\nrevision: 9\n---\nTwice.\n",
          "employers/council/docs/ours2.md" },
        { 0, "docs/authority.md",
          "---\nid: auth\nkind: guidance\ntitle: Auth\nissuer_kind: authority\n---\nNo.\n",
          "docs/authority.md" },
    };
    struct arena a;
    struct why why = { 0 };

    (void)state;
    arena_init(&a, (size_t)16 * 1024 * 1024);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct shelf_set *s = shelf_new();
        struct edition_refusal refusal;
        struct edition_installed installed;
        char data[64];
        char hash[KEYS_ID_TEXT];
        char old[KEYS_ID_TEXT];

        support_dir(data);
        shelf_begin(s);
        shelf_install(s, data);
        support_ok(edition_installed(data, false, &a, &installed, &why), &why);
        (void)str_copy(old, sizeof old, installed.hash);
        shelf_doc(s, 0, "docs/good.md", "good", "A good one", "Fine.");
        shelf_put(s, rows[i].role, rows[i].path, rows[i].text);
        assert_int_equal(shelf_build(s, data, hash, &refusal, &why), ERR_INPUT);
        assert_int_equal(refusal.role, rows[i].role);
        assert_string_equal(refusal.path, rows[i].says);
        assert_true(strlen(refusal.text) > 10);
        assert_non_null(strstr(why.text, rows[i].says));
        support_ok(edition_installed(data, false, &a, &installed, &why), &why);
        assert_string_equal(installed.hash, old);
        assert_string_equal(installed.next, "");
        assert_non_null(strstr(installed.refused, rows[i].says));
        shelf_free(s);
        support_remove(data);
    }
    arena_done(&a);
}

static void role_as_it_is_installed_stands_in_for_one_that_is_refused(void **state)
{
    struct shelf_set *s = shelf_new();
    struct shelf_set *nothing = shelf_new();
    struct edition_installed installed;
    struct edition_refusal refusal;
    struct edition_set set;
    struct edition_role roles[2];
    struct edition_blobs blobs = shelf_blobs(s);
    struct content *c = NULL;
    struct doc doc = { 0 };
    char data[64];
    char hash[KEYS_ID_TEXT];
    struct arena a;
    struct why why = { 0 };

    (void)state;
    support_dir(data);
    arena_init(&a, (size_t)32 * 1024 * 1024);
    shelf_begin(s);
    shelf_install(s, data);
    shelf_doc(s, 0, "docs/magnesium.md", "magnesium", "Stricter", "Never.");
    shelf_put(s, 1, "docs/ours.md", "rubbish\n");
    assert_int_equal(shelf_build(s, data, hash, &refusal, &why), ERR_INPUT);
    assert_int_equal(refusal.role, 1);
    support_ok(edition_installed(data, true, &a, &installed, &why), &why);
    assert_int_equal(installed.set.count, 2);
    assert_string_equal(installed.set.constituency, "S12000030");
    (void)shelf_set(s, &set);
    roles[0] = set.roles[0];
    for (size_t i = 0; i < installed.set.count; i++)
        if (str_eq(installed.set.roles[i].role, "employers/council"))
            roles[1] = installed.set.roles[i];
    assert_int_equal(roles[1].count, 2);
    set.roles = roles;
    support_ok(edition_build(data, &set, &blobs, hash, &refusal, &why), &why);
    assert_true(shelf_switch(data, &c));
    support_ok(content_doc(c, "magnesium", &a, &doc, &why), &why);
    assert_string_equal(doc.title, "Stricter");
    support_ok(content_doc(c, "ours", &a, &doc, &why), &why);
    assert_string_equal(doc.title, "Ours alone");
    content_close(c);
    arena_done(&a);
    shelf_free(nothing);
    shelf_free(s);
    support_remove(data);
}

static void move_to_another_place_needs_no_file_again(void **state)
{
    struct shelf_set *s = shelf_new();
    struct edition_set set;
    struct content *c = NULL;
    struct doc doc = { 0 };
    char data[64];
    char hash[KEYS_ID_TEXT];
    struct arena a;
    struct why why = { 0 };

    (void)state;
    support_dir(data);
    arena_init(&a, (size_t)16 * 1024 * 1024);
    shelf_begin(s);
    shelf_install(s, data);
    s->constituency = "S12000049";
    support_ok(edition_build(data, shelf_set(s, &set), NULL, hash, NULL, &why), &why);
    assert_true(shelf_switch(data, &c));
    assert_int_equal(content_doc(c, "ours", &a, &doc, &why), ERR_NOT_FOUND);
    support_ok(content_doc(c, "magnesium", &a, &doc, &why), &why);
    content_close(c);
    /* And back: what counted for nothing was held all the same. */
    s->constituency = "S12000030";
    shelf_doc(s, 0, "docs/new.md", "new", "New one", "New.");
    s->reads = 0;
    shelf_install(s, data);
    assert_int_equal(s->reads, 1);
    support_ok(content_open(data, NULL, &c, &why), &why);
    support_ok(content_doc(c, "ours", &a, &doc, &why), &why);
    content_close(c);
    arena_done(&a);
    shelf_free(s);
    support_remove(data);
}

/* ---- however it was come to ---- */

static const char *const words[] = { "acid",  "alkali", "burner",  "centrifuge", "dropper",
                                     "egg",   "flask",  "goggles", "heat",       "iodine",
                                     "jar",   "kettle", "litmus",  "mortar",     "nitrate",
                                     "oven",  "pestle", "quartz",  "ribbon",     "sulfur",
                                     "tongs", "urea",   "voltage", "water" };

static void random_doc(struct shelf_set *s, size_t role, const char *path, unsigned id,
                       uint32_t *seed)
{
    char text[2048];
    char over[48] = "";
    char body[512] = "";

    for (int i = 0; i < 20; i++) {
        size_t len = strlen(body);

        (void)str_format(body + len, sizeof body - len, "%s ",
                         words[random_next(seed, COUNT_OF(words))]);
    }
    if (random_next(seed, 8) == 0)
        (void)str_format(over, sizeof over, "overrides: doc-%u\n", random_next(seed, 30));
    (void)str_format(
        text, sizeof text,
        "---\nid: doc-%u\nkind: %s\ntitle: %s %s\nplain_title: %s\n"
        "summary: Of %s.\nrevised: 2026-11-20\n%s%s%skeywords: [%s, %s]\n"
        "codes: [C-%u]\nsubjects: [Physics]\nstages: [S%u]\n---\n%s\n",
        id, random_next(seed, 3) == 0 ? "notice" : "guidance",
        words[random_next(seed, COUNT_OF(words))], words[random_next(seed, COUNT_OF(words))],
        words[random_next(seed, COUNT_OF(words))], words[random_next(seed, COUNT_OF(words))], over,
        role == 0 && random_next(seed, 2) == 0 ? "issuer_kind: national\n" : "",
        random_next(seed, 9) == 0 ? "withdrawn: no longer\n" : "",
        words[random_next(seed, COUNT_OF(words))], words[random_next(seed, COUNT_OF(words))],
        random_next(seed, 9), 1 + random_next(seed, 3), body);
    shelf_put(s, role, path, text);
}

/* One small thing that a publisher may do. */
static void random_change(struct shelf_set *s, uint32_t *seed)
{
    char path[96];
    size_t role = random_next(seed, 4) == 0 ? 1 : 0;
    unsigned id = random_next(seed, 30);
    struct shelf_file *f;

    (void)str_format(path, sizeof path, "docs/%sdoc-%u.md", id % 3 == 0 ? "deep/" : "", id);
    f = shelf_find(s, role, path);
    switch (random_next(seed, 12)) {
    case 0:
    case 1:
        if (f != NULL)
            shelf_drop(s, role, (size_t)(f - s->roles[role].files));
        break;
    case 2:
        if (f != NULL && shelf_find(s, role, "docs/moved.md") == NULL)
            (void)str_copy(f->path, sizeof f->path, "docs/moved.md");
        break;
    case 3:
        (void)str_format(path, sizeof path, "forms/%s.csv", words[id % 4]);
        shelf_form(s, role, path, words[id % 4], words[random_next(seed, COUNT_OF(words))]);
        break;
    case 4:
        (void)str_format(path, sizeof path, "pictures/p%u.svg", id % 3);
        shelf_put(s, role, path, words[random_next(seed, COUNT_OF(words))]);
        break;
    case 5:
        if (random_next(seed, 3) == 0) {
            char text[160];

            (void)str_format(text, sizeof text, "words,also\n%s,\"%s, %s\"\n",
                             words[random_next(seed, COUNT_OF(words))],
                             words[random_next(seed, COUNT_OF(words))],
                             words[random_next(seed, COUNT_OF(words))]);
            shelf_put(s, role, "synonyms.csv", text);
        }
        break;
    default:
        if (f != NULL || shelf_find(s, role, "docs/moved.md") == NULL)
            random_doc(s, role, path, id, seed);
        break;
    }
}

static void assert_same_answers(const char *one, const char *other)
{
    struct content *c = NULL;
    struct content *d = NULL;
    struct arena a;
    struct why why = { 0 };

    arena_init(&a, (size_t)32 * 1024 * 1024);
    support_ok(content_open(one, NULL, &c, &why), &why);
    support_ok(content_open(other, NULL, &d, &why), &why);
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        struct doc_hit *x = NULL;
        struct doc_hit *y = NULL;
        size_t count = 0;
        size_t others = 0;
        char typed[64];

        (void)str_format(typed, sizeof typed, "%s %.3s", words[i], words[(i + 5) % 24]);
        support_ok(
            content_find(c, &(struct find_ask){ .words = typed, .max = 50 }, &a, &x, &count, &why),
            &why);
        support_ok(
            content_find(d, &(struct find_ask){ .words = typed, .max = 50 }, &a, &y, &others, &why),
            &why);
        assert_int_equal(count, others);
        for (size_t k = 0; k < count; k++) {
            assert_string_equal(x[k].id, y[k].id);
            assert_string_equal(x[k].snippet, y[k].snippet);
        }
    }
    content_close(c);
    content_close(d);
    arena_done(&a);
}

static void assert_same_dump(const char *one, const char *other, const char *hash)
{
    char *x = dump_edition(one, hash);
    char *y = dump_edition(other, hash);
    const char *p = x;
    const char *q = y;

    while (*p != '\0' && *p == *q) {
        p++;
        q++;
    }
    if (*p != *q) {
        while (p > x && p[-1] != '\n') {
            p--;
            q--;
        }
        fail_msg("changed:      %.300s\nfrom nothing: %.300s", p, q);
    }
    free(x);
    free(y);
}

static void changed_edition_holds_what_one_from_nothing_would(void **state)
{
    const int rounds = *state != NULL ? *(const int *)*state : 25;
    struct shelf_set *s = shelf_new();
    char data[64];
    uint32_t seed = 20261123;
    struct why why = { 0 };
    int refused = 0;

    support_dir(data);
    shelf_begin(s);
    shelf_install(s, data);
    for (int round = 0; round < rounds; round++) {
        char hash[KEYS_ID_TEXT];
        char again[KEYS_ID_TEXT];
        char fresh[64];
        uint32_t changes = 1 + random_next(&seed, 8);
        enum err rc;

        for (uint32_t i = 0; i < changes; i++)
            random_change(s, &seed);
        rc = shelf_build(s, data, hash, NULL, &why);
        support_dir(fresh);
        /* What one way refuses the other does too. */
        if (rc != ERR_OK) {
            assert_int_equal(rc, ERR_INPUT);
            assert_int_equal(shelf_build(s, fresh, again, NULL, &why), ERR_INPUT);
            support_remove(fresh);
            refused++;
            /* Two files of one id: the moved one's old place was filled again. */
            for (size_t role = 0; role < SHELF_ROLES; role++) {
                struct shelf_file *moved = shelf_find(s, role, "docs/moved.md");

                if (moved != NULL)
                    shelf_drop(s, role, (size_t)(moved - s->roles[role].files));
            }
            continue;
        }
        assert_true(shelf_switch(data, NULL));
        shelf_install(s, fresh);
        assert_same_dump(data, fresh, hash);
        assert_same_answers(data, fresh);
        support_remove(fresh);
    }
    assert_true(refused < rounds / 2);
    shelf_free(s);
    support_remove(data);
}

static void unchanged_documents_are_not_fetched_nor_parsed_again(void **state)
{
    struct shelf_set *s = shelf_new();
    char data[64];
    char path[96];
    char title[32];

    (void)state;
    support_dir(data);
    shelf_begin(s);
    for (int i = 0; i < 200; i++) {
        (void)str_format(path, sizeof path, "docs/d%d.md", i);
        (void)str_format(title, sizeof title, "Title %d", i);
        shelf_doc(s, 0, path, path + 5, title, "Words.");
    }
    shelf_install(s, data);
    s->reads = 0;
    shelf_doc(s, 0, "docs/d7.md", "d7.md", "Other", "Other words.");
    shelf_install(s, data);
    assert_int_equal(s->reads, 1);
    shelf_free(s);
    support_remove(data);
}

/* usage: test_edition [ROUNDS of the random changes] */
int main(int argc, char **argv)
{
    int64_t given = 0;
    int rounds = 25;

    if (argc == 2 && str_to_i64(argv[1], &given) && given > 0 && given < 100000)
        rounds = (int)given;
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(first_edition_is_read_as_a_folder_would_be),
        cmocka_unit_test(only_what_is_held_nowhere_is_missing),
        cmocka_unit_test(edition_with_a_faulty_file_is_refused_whole_and_says_which),
        cmocka_unit_test(role_as_it_is_installed_stands_in_for_one_that_is_refused),
        cmocka_unit_test(move_to_another_place_needs_no_file_again),
        cmocka_unit_test_prestate(changed_edition_holds_what_one_from_nothing_would, &rounds),
        cmocka_unit_test(unchanged_documents_are_not_fetched_nor_parsed_again),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
