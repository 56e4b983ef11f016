/* Whose content a kiosk takes, and what one authority can do to another. */
#include "tests/sync/update/updater_scene.h"

/* ---- whose content ---- */

static void a_council_s_content_comes_to_its_own_schools(void **state)
{
    struct scene *s = *state;

    (void)council(s, "S12000036", "");
    assert_fault(s, UPDATER_FINE);
    assert_true(rig_reads(&s->rig, "national/docs/a.md=one"));
    assert_true(rig_reads(&s->rig, "employers/example/docs/a.md=ours"));
}

static void another_council_s_does_not(void **state)
{
    struct scene *s = *state;

    (void)council(s, "S12000049", "");
    assert_fault(s, UPDATER_FINE);
    assert_int_equal(s->rig.report.count, 1);
    assert_int_equal(rig_asked(&s->rig, "metadata/1.employers"), 0);
    s->rig.constituency = "";
    assert_fault(s, UPDATER_FINE);
    assert_int_equal(s->rig.report.count, 1);
}

static void a_school_s_own_comes_to_that_school_alone(void **state)
{
    struct scene *s = *state;

    (void)council(s, "S12000036", "Example High School");
    assert_fault(s, UPDATER_FINE);
    assert_int_equal(s->rig.report.count, 2);
    s->rig.school = "Another School";
    assert_fault(s, UPDATER_FINE);
    assert_int_equal(s->rig.report.count, 1);
    assert_false(rig_reads(&s->rig, "employers/example/docs/a.md=ours"));
}

static void an_authority_at_fault_holds_up_nobody_else(void **state)
{
    struct scene *s = *state;

    (void)council(s, "S12000036", "");
    assert_fault(s, UPDATER_FINE);
    /* Somebody else signs the council's next edition. */
    const struct keypair good = s->council->key;
    assert_ok(keys_new(&s->council->key, NULL));
    repo_edition(&s->repo, s->council, &second);
    s->council->key = good;
    publish(s, &second);
    assert_fault(s, UPDATER_UNSIGNED);
    assert_int_equal(rig_role(&s->rig, "employers/example")->fault, UPDATER_UNSIGNED);
    assert_int_equal(rig_role(&s->rig, "national")->fault, UPDATER_FINE);
    assert_string_equal(rig_role(&s->rig, "national")->edition, "2");
    assert_string_equal(rig_role(&s->rig, "employers/example")->edition, "c1");
    assert_true(rig_reads(&s->rig, "national/docs/b.md=two, changed"));
    assert_true(rig_reads(&s->rig, "employers/example/docs/a.md=ours"));
}

static void an_authority_has_no_name_for_another_s_files(void **state)
{
    static const char *const names[] = { "national", "employers/other" };
    struct scene *s = *state;

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char text[400];

        if (i == 0)
            (void)council(s, "S12000036", "");
        (void)str_format(
            text, sizeof text,
            "{\"format\":1,\"role\":\"%s\",\"edition\":\"9\",\"percent\":100,\"needs\":1,"
            "\"files\":[]}",
            names[i]);
        repo_manifest(&s->repo, s->council, text, strlen(text), NULL);
        repo_commit(&s->repo);
        assert_fault(s, UPDATER_MALFORMED);
        assert_int_equal(rig_role(&s->rig, "national")->fault, UPDATER_FINE);
        assert_true(rig_reads(&s->rig, "national/docs/a.md=one") || i > 0);
    }
    const char *climbs =
        "{\"format\":1,\"role\":\"employers/example\",\"edition\":\"9\",\"percent\":100,"
        "\"needs\":1,\"files\":[[\"../../national/docs/a.md\",\""
        "0000000000000000000000000000000000000000000000000000000000000000\",1]]}";
    repo_manifest(&s->repo, s->council, climbs, strlen(climbs), NULL);
    repo_commit(&s->repo);
    assert_fault(s, UPDATER_MALFORMED);
    assert_int_equal(rig_asked(&s->rig, "blobs/"), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int main(void)
{
    static const struct CMUnitTest cases[] = {
        CASE(a_council_s_content_comes_to_its_own_schools),
        CASE(another_council_s_does_not),
        CASE(a_school_s_own_comes_to_that_school_alone),
        CASE(an_authority_at_fault_holds_up_nobody_else),
        CASE(an_authority_has_no_name_for_another_s_files),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
