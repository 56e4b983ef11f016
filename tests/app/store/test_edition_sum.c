/* A card that loses a bit: SQLite notices nothing, and the edition is not shown, not begun from, and made again. */
#include <unistd.h>

#include "tests/app/store/edition_support.h"

struct card {
    struct shelf_set *s;
    char data[64];
    struct edition_name first, second; /* second is in use */
};

static void card_new(struct card *c)
{
    struct why why = { 0 };
    char hash[KEYS_ID_TEXT];

    c->s = shelf_new();
    support_dir(c->data);
    shelf_begin(c->s);
    shelf_install(c->s, c->data);
    edition_current(c->data, &c->first);
    shelf_doc(c->s, 0, "docs/new.md", "new", "A new page", "New.");
    support_ok(shelf_build(c->s, c->data, hash, NULL, &why), &why);
    assert_true(shelf_switch(c->data, NULL));
    edition_current(c->data, &c->second);
}

static void card_free(struct card *c)
{
    shelf_free(c->s);
    support_remove(c->data);
}

static bool card_fit(const struct card *c, const struct edition_name *name)
{
    struct why why = { 0 };
    bool fit = false;

    support_ok(edition_fit(c->data, name, NULL, NULL, &fit, &why), &why);
    return fit;
}

/* What a start opens. */
static void card_open(const struct card *c, struct edition_name *out)
{
    struct why why = { 0 };

    support_ok(edition_pick(c->data, out, &why), &why);
    while (out->hash[0] != '\0' && !card_fit(c, out)) {
        support_ok(edition_set_aside(c->data, out, &why), &why);
        support_ok(edition_pick(c->data, out, &why), &why);
    }
}

static void card_path(const struct card *c, const struct edition_name *name, const char *tail,
                      char out[FS_PATH_MAX])
{
    char file[KEYS_ID_TEXT + 8];
    char dir[FS_PATH_MAX];
    struct why why = { 0 };

    assert_true(str_format(file, sizeof file, "%s%s", name->hash, tail));
    support_ok(edition_dir(c->data, dir, &why), &why);
    support_ok(fs_join(out, dir, file, &why), &why);
}

static bool card_has(const struct card *c, const struct edition_name *name, const char *tail)
{
    char path[FS_PATH_MAX];

    card_path(c, name, tail, path);
    return access(path, F_OK) == 0;
}

/* The label of the form's row, as a check would show it. */
static const char *card_label(const struct card *c, const char *hash)
{
    static char label[64];
    char path[FS_PATH_MAX];
    struct content *content = NULL;
    const struct form *form = NULL;
    struct why why = { 0 };

    support_ok(edition_path(c->data, hash, path, &why), &why);
    support_ok(content_open_file(path, "S12000030", "", &content, &why), &why);
    support_ok(content_form(content, "week", &form, &why), &why);
    (void)str_copy(label, sizeof label, form->fields[0].label);
    content_close(content);
    return label;
}

/* The same in a new edition, which has one page more. */
static void card_next(struct card *c, char hash[KEYS_ID_TEXT], struct edition_refusal *refusal)
{
    struct why why = { 0 };

    shelf_doc(c->s, 0, "docs/more.md", "more", "One page more", "More.");
    support_ok(shelf_build(c->s, c->data, hash, refusal, &why), &why);
}

static void
flipped_byte_takes_an_edition_out_of_use_and_the_one_before_stands_in_if_it_is_whole(void **state)
{
    struct card c;
    struct edition_name name;

    (void)state;
    card_new(&c);
    assert_true(card_fit(&c, &c.second));
    shelf_flip(c.data, c.second.hash, "Flex", 1, 'o');
    assert_string_equal(card_label(&c, c.second.hash), "Foex"); /* nothing else notices it */
    card_open(&c, &name);
    assert_string_equal(name.hash, c.first.hash);
    edition_aside(c.data, &name);
    assert_string_equal(name.hash, c.second.hash);
    assert_true(card_has(&c, &c.second, ".aside"));
    assert_false(card_has(&c, &c.second, ".db"));
    /* And that one too. */
    shelf_flip(c.data, c.first.hash, "Flex", 1, 'o');
    card_open(&c, &name);
    assert_string_equal(name.hash, "");
    card_free(&c);
}

static void damaged_edition_is_made_again_from_what_is_whole_in_it_and_then_forgotten(void **state)
{
    struct card c;
    struct edition_name name;
    struct why why = { 0 };
    char hash[KEYS_ID_TEXT];

    (void)state;
    for (int both = 0; both < 2; both++) {
        card_new(&c);
        shelf_flip(c.data, c.second.hash, "Flex", 1, 'o');
        if (both)
            shelf_flip(c.data, c.first.hash, "Flex", 1, 'o');
        card_open(&c, &name);
        if (!both)
            assert_true(shelf_switch(c.data, NULL));
        edition_aside(c.data, &name);
        assert_string_equal(name.hash, c.second.hash);
        c.s->reads = 0;
        support_ok(shelf_build(c.s, c.data, hash, NULL, &why), &why);
        assert_string_equal(hash, c.second.hash);
        assert_true(shelf_switch(c.data, NULL));
        assert_string_equal(card_label(&c, hash), "Flex");
        assert_true(card_fit(&c, &c.second));
        edition_aside(c.data, &name);
        assert_string_equal(name.hash, "");
        assert_false(card_has(&c, &c.second, ".aside"));
        assert_false(card_has(&c, &c.first, ".aside"));
        card_free(&c);
    }
}

/* Only the form is in no edition whole: the rest need not be fetched. */
static void only_files_that_hold_their_hashes_nowhere_are_fetched_again(void **state)
{
    struct shelf_set *fetched = shelf_new();
    const struct edition_file **files = NULL;
    struct edition_set set;
    struct edition_name name;
    struct card c;
    struct arena a;
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    arena_init(&a, (size_t)4 * 1024 * 1024);
    card_new(&c);
    shelf_flip(c.data, c.second.hash, "Flex", 1, 'o');
    shelf_flip(c.data, c.first.hash, "Flex", 1, 'o');
    card_open(&c, &name);
    c.s->fetched = fetched; /* none */
    const struct edition_blobs blobs = shelf_blobs(c.s);
    support_ok(edition_missing(c.data, shelf_set(c.s, &set), &blobs, &a, &files, &count, &why),
               &why);
    assert_int_equal(count, 1);
    assert_string_equal(files[0]->path, "forms/week.csv");
    arena_done(&a);
    shelf_free(fetched);
    card_free(&c);
}

static void what_is_wrong_in_an_edition_is_not_carried_into_the_next(void **state)
{
    struct edition_refusal refusal = { .role = 0 };
    struct card c;
    struct edition_name name;
    char hash[KEYS_ID_TEXT];

    (void)state;
    card_new(&c);
    /* Found by the making itself: nobody has looked since. */
    shelf_flip(c.data, c.second.hash, "Flex", 1, 'o');
    card_next(&c, hash, &refusal);
    assert_true(refusal.damaged);
    assert_string_equal(card_label(&c, hash), "Flex");
    card_open(&c, &name);
    assert_string_equal(name.hash, hash);
    card_free(&c);
    /* Without damage it is begun from the one before. */
    card_new(&c);
    refusal = (struct edition_refusal){ .role = 0 };
    card_next(&c, hash, &refusal);
    assert_false(refusal.damaged);
    card_free(&c);
}

static void sum_that_is_lost_or_damaged_vouches_for_nothing(void **state)
{
    static const char *const sums[] = { NULL, "", "0123", "not hex at all, not hex at all" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(sums); i++) {
        struct card c;
        struct edition_name name;
        char path[FS_PATH_MAX];
        struct why why = { 0 };

        card_new(&c);
        card_path(&c, &c.second, ".sum", path);
        if (sums[i] == NULL)
            assert_int_equal(unlink(path), 0);
        else
            support_ok(fs_replace(path, sums[i], strlen(sums[i]), 0600, &why), &why);
        card_open(&c, &name);
        assert_string_equal(name.hash, c.first.hash);
        card_free(&c);
    }
}

/* An edition of a program that kept no sums. */
static void card_elder(const struct card *c, const struct edition_name *name)
{
    char path[FS_PATH_MAX];
    struct db db;
    struct why why = { 0 };

    card_path(c, name, ".sum", path);
    assert_int_equal(unlink(path), 0);
    card_path(c, name, ".db", path);
    support_ok(db_open(&db, path, DB_CACHE, &why), &why);
    support_ok(db_exec(&db,
                       "pragma journal_mode = delete;"
                       " update meta set value = '6' where key = 'version'",
                       &why),
               &why);
    db_close(&db);
}

static void edition_from_before_there_were_sums_is_read_on_and_never_begun_from(void **state)
{
    struct edition_refusal refusal = { .role = 0 };
    struct card c;
    struct edition_name name;
    struct why why = { 0 };
    char hash[KEYS_ID_TEXT];

    (void)state;
    card_new(&c);
    card_elder(&c, &c.first);
    card_elder(&c, &c.second);
    card_open(&c, &name);
    assert_string_equal(name.hash, c.second.hash);
    /* It does not stand in for another one. */
    assert_false(card_fit(&c, &c.first));
    /* What is wrong in a table of it is not carried on: all is made from files that hold their hashes. */
    shelf_flip(c.data, c.second.hash, "A new page", 2, 'N');
    card_next(&c, hash, &refusal);
    assert_false(refusal.damaged);
    name = (struct edition_name){ .hash = "" };
    (void)str_copy(name.hash, sizeof name.hash, hash);
    assert_true(card_fit(&c, &name));
    char *dump = dump_edition(c.data, hash);
    assert_null(strstr(dump, "A New page"));
    free(dump);
    card_free(&c);

    /* A file of it that does not hold its hash, and that nobody has: it is not shown any more. */
    card_new(&c);
    card_elder(&c, &c.first);
    card_elder(&c, &c.second);
    shelf_flip(c.data, c.second.hash, "Flex", 1, 'o');
    shelf_flip(c.data, c.first.hash, "Flex", 1, 'o');
    shelf_doc(c.s, 0, "docs/more.md", "more", "One page more", "More.");
    struct shelf_set *fetched = shelf_new();
    shelf_doc(fetched, 0, "docs/more.md", "more", "One page more", "More.");
    c.s->fetched = fetched;
    assert_int_equal(shelf_build(c.s, c.data, hash, &refusal, &why), ERR_NOT_FOUND);
    assert_true(refusal.damaged);
    card_open(&c, &name);
    assert_string_equal(name.hash, "");
    shelf_free(fetched);
    card_free(&c);
}

static bool stopped(void *ctx)
{
    size_t *asked = ctx;

    ++*asked;
    return true;
}

static void reading_through_stops_when_it_is_told_and_finds_nothing(void **state)
{
    struct card c;
    size_t asked = 0;
    bool fit = true;

    (void)state;
    card_new(&c);
    shelf_flip(c.data, c.second.hash, "Flex", 1, 'o');
    assert_int_equal(edition_fit(c.data, &c.second, stopped, &asked, &fit, NULL), ERR_OFFLINE);
    assert_int_equal(asked, 1);
    assert_true(fit);
    card_free(&c);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(
            flipped_byte_takes_an_edition_out_of_use_and_the_one_before_stands_in_if_it_is_whole),
        cmocka_unit_test(damaged_edition_is_made_again_from_what_is_whole_in_it_and_then_forgotten),
        cmocka_unit_test(only_files_that_hold_their_hashes_nowhere_are_fetched_again),
        cmocka_unit_test(what_is_wrong_in_an_edition_is_not_carried_into_the_next),
        cmocka_unit_test(sum_that_is_lost_or_damaged_vouches_for_nothing),
        cmocka_unit_test(edition_from_before_there_were_sums_is_read_on_and_never_begun_from),
        cmocka_unit_test(reading_through_stops_when_it_is_told_and_finds_nothing),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
