/* The constituencies that ship, held against the published codes: a wrong one would show a school another council's contacts. */
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/service.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"

enum { ARENA_MAX = 32 * 1024 * 1024, PLACES = 34, PLACES_MAX = 100, OLD_MAX = 3 };

/* Codes of the Government Statistical Service; four of them changed with a boundary in 2018 and 2019, and some before. */
static const struct {
    const char *code, *name, *old[OLD_MAX];
} places[] = {
    { "S12000033", "Aberdeen City", { "" } },
    { "S12000034", "Aberdeenshire", { "" } },
    { "S12000041", "Angus", { "" } },
    { "S12000035", "Argyll and Bute", { "" } },
    { "S12000036", "City of Edinburgh", { "" } },
    { "S12000005", "Clackmannanshire", { "" } },
    { "S12000006", "Dumfries and Galloway", { "" } },
    { "S12000042", "Dundee City", { "" } },
    { "S12000008", "East Ayrshire", { "" } },
    { "S12000045", "East Dunbartonshire", { "S12000009" } },
    { "S12000010", "East Lothian", { "" } },
    { "S12000011", "East Renfrewshire", { "" } },
    { "S12000014", "Falkirk", { "" } },
    { "S12000047", "Fife", { "S12000015" } },
    { "S12000049", "Glasgow City", { "S12000046", "S12000043" } },
    { "S12000017", "Highland", { "" } },
    { "S12000018", "Inverclyde", { "" } },
    { "S12000019", "Midlothian", { "" } },
    { "S12000020", "Moray", { "" } },
    { "S12000013", "Na h-Eileanan Siar", { "" } },
    { "S12000021", "North Ayrshire", { "" } },
    { "S12000050", "North Lanarkshire", { "S12000044" } },
    { "S12000023", "Orkney Islands", { "" } },
    { "S12000048", "Perth and Kinross", { "S12000024" } },
    { "S12000038", "Renfrewshire", { "" } },
    { "S12000026", "Scottish Borders", { "" } },
    { "S12000027", "Shetland Islands", { "" } },
    { "S12000028", "South Ayrshire", { "" } },
    { "S12000029", "South Lanarkshire", { "" } },
    { "S12000030", "Stirling", { "" } },
    { "S12000039", "West Dunbartonshire", { "" } },
    { "S12000040", "West Lothian", { "" } },
    { "X-SCIS", "Scottish Council of Independent Schools", { "" } },
    { "X-JORDANHILL", "Jordanhill School", { "" } },
};

struct rig {
    struct arena a;
    struct doc docs[PLACES_MAX];
    size_t count;
};

static void read_folder(struct rig *rig, const char *folder, const char *kind)
{
    char path[FS_PATH_MAX];
    char file[FS_PATH_MAX];
    const char **names = NULL;
    size_t count = 0;
    struct why why = { 0 };

    memset(rig, 0, sizeof *rig);
    arena_init(&rig->a, ARENA_MAX);
    assert_non_null(getenv("CANNY_SOURCE"));
    assert_int_equal(fs_join(path, getenv("CANNY_SOURCE"), folder, NULL), ERR_OK);
    assert_int_equal(fs_list(&rig->a, path, PLACES_MAX, &names, &count, NULL), ERR_OK);
    for (size_t i = 0; i < count; i++) {
        char *text = NULL;
        size_t len = 0;

        assert_int_equal(fs_join(file, path, names[i], NULL), ERR_OK);
        assert_int_equal(fs_read(&rig->a, file, DOC_BYTES_MAX, &text, &len, &why), ERR_OK);
        if (doc_parse_front(&rig->a, text, len, &rig->docs[rig->count], &why) != ERR_OK)
            fail_msg("%s: %s", names[i], why.text);
        if (str_eq(rig->docs[rig->count].kind, kind))
            rig->count++;
    }
}

static const struct doc *place_by_code(const struct rig *rig, const char *code)
{
    const struct doc *found = NULL;

    for (size_t i = 0; i < rig->count; i++) {
        if (!str_eq(doc_text(&rig->docs[i], "code"), code) &&
            !service_names(&rig->docs[i], "old_codes", code))
            continue;
        assert_null(found);
        found = &rig->docs[i];
    }
    return found;
}

static void thirty_four_constituencies_have_the_published_codes(void **state)
{
    struct rig rig;

    (void)state;
    read_folder(&rig, "assets/content/docs/places", "place");
    assert_int_equal(COUNT_OF(places), PLACES);
    assert_int_equal(rig.count, PLACES);
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        const struct doc *d = place_by_code(&rig, places[i].code);

        if (d == NULL)
            fail_msg("%s is missing", places[i].code);
        assert_string_equal(doc_text(d, "code"), places[i].code);
        if (!str_starts(d->title, places[i].name))
            fail_msg("%s is %s, not %s", places[i].code, d->title, places[i].name);
        assert_true(doc_text(d, "ask")[0] != '\0');
    }
    arena_done(&rig.a);
}

static void thirty_two_of_them_have_a_council_s_code_and_no_other_has(void **state)
{
    struct rig rig;
    regex_t code;
    size_t councils = 0;

    (void)state;
    read_folder(&rig, "assets/content/docs/places", "place");
    assert_int_equal(regcomp(&code, "^S12[0-9]{6}$", REG_EXTENDED | REG_NOSUB), 0);
    for (size_t i = 0; i < rig.count; i++) {
        bool council = regexec(&code, doc_text(&rig.docs[i], "code"), 0, NULL, 0) == 0;

        councils += council ? 1 : 0;
        assert_int_equal(council, str_eq(doc_text(&rig.docs[i], "place_kind"), "authority"));
    }
    assert_int_equal(councils, 32);
    regfree(&code);
    arena_done(&rig.a);
}

static void old_code_leads_to_the_place_that_it_was_of(void **state)
{
    struct rig rig;
    size_t olds = 0;

    (void)state;
    read_folder(&rig, "assets/content/docs/places", "place");
    for (size_t i = 0; i < COUNT_OF(places); i++)
        for (size_t j = 0; j < OLD_MAX && places[i].old[j] != NULL; j++) {
            const struct doc *d = place_by_code(&rig, places[i].old[j]);

            if (places[i].old[j][0] == '\0')
                continue;
            olds++;
            if (d == NULL || !str_eq(doc_text(d, "code"), places[i].code))
                fail_msg("%s does not lead to %s", places[i].old[j], places[i].code);
        }
    assert_int_equal(olds, 6);
    arena_done(&rig.a);
}

static void every_contact_is_named_vacant_or_unpublished_and_marked_as_an_example(void **state)
{
    struct rig rig;
    struct rig all;

    (void)state;
    read_folder(&rig, "assets/content/docs/people", "person");
    read_folder(&all, "assets/content/docs/places", "place");
    for (size_t i = 0; i < rig.count; i++) {
        const struct doc *d = &rig.docs[i];
        const struct doc_node *codes = doc_get(d, "constituency");
        int told = (doc_text(d, "name")[0] != '\0' ? 1 : 0) +
                   (doc_node_yes(&d->front, "vacant") ? 1 : 0) +
                   (doc_node_yes(&d->front, "unpublished") ? 1 : 0);

        if (told != 1 || !str_eq(d->example, "yes"))
            fail_msg("%s", d->id);
        assert_true(service_day(d, "as_of") != CALDATE_NONE);
        for (size_t j = 0; j < doc_node_count(codes); j++)
            assert_non_null(place_by_code(&all, doc_node_at(codes, j)));
        if (doc_text(d, "email")[0] != '\0')
            assert_true(str_ends(doc_text(d, "email"), "@example.org"));
    }
    arena_done(&rig.a);
    arena_done(&all.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thirty_four_constituencies_have_the_published_codes),
        cmocka_unit_test(thirty_two_of_them_have_a_council_s_code_and_no_other_has),
        cmocka_unit_test(old_code_leads_to_the_place_that_it_was_of),
        cmocka_unit_test(every_contact_is_named_vacant_or_unpublished_and_marked_as_an_example),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
