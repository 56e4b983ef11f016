/* Whose document is in force: layers of issuers, and folders of employers that this kiosk is not of. */
#include "tests/app/store/content_support.h"

#include <math.h>

#include "app/store/query.h"

static void layers_dirs(struct content_folder *f, const char *employer)
{
    char path[192];

    (void)str_format(path, sizeof path, "%s/employers", f->dir);
    (void)mkdir(path, 0700);
    (void)str_format(path, sizeof path, "%s/employers/%s", f->dir, employer);
    (void)mkdir(path, 0700);
    (void)str_format(path, sizeof path, "%s/employers/%s/docs", f->dir, employer);
    (void)mkdir(path, 0700);
}

static void layers_put(struct content_folder *f, const char *employer, const char *issuer,
                       const char *title)
{
    char name[96];
    char text[256];

    layers_dirs(f, employer);
    (void)str_format(name, sizeof name, "employers/%s/issuer.yaml", employer);
    folder_put(f, name, issuer);
    (void)str_format(name, sizeof name, "employers/%s/docs/magnesium.md", employer);
    (void)str_format(text, sizeof text,
                     "---\nid: magnesium\nkind: guidance\ntitle: %s\nsummary: Theirs.\n"
                     "overrides: magnesium\ndiffers: No ribbon here.\n---\nNever.\n",
                     title);
    folder_put(f, name, text);
}

static struct content *layers_open(struct stocked *s, const char *constituency, const char *school)
{
    const struct content_ask ask = { .data_dir = s->t.dir,
                                     .content_dir = s->f.dir,
                                     .constituency = constituency,
                                     .school = school };
    struct content *c = NULL;
    struct why why = { 0 };

    support_ok(content_open_for(&ask, &c, &why), &why);
    return c;
}

static const char *layers_title(struct content *c, struct stocked *s, const char **out_layer)
{
    struct doc d = { 0 };
    struct why why = { 0 };

    support_ok(content_doc(c, "magnesium", &s->t.a, &d, &why), &why);
    *out_layer = d.issuer_kind;
    return d.title;
}

static void employer_stands_over_the_sample_on_its_own_kiosk_alone(void **state)
{
    struct stocked s;
    struct doc_head *heads = NULL;
    const char *const *faults = NULL;
    const char *layer = "";
    struct doc_hit *hits = NULL;
    struct doc d = { 0 };
    struct why why = { 0 };
    size_t count = 0;
    struct content *c;

    (void)state;
    stocked_open(&s);
    layers_put(&s.f, "glasgow",
               "name: Glasgow City\nkind: authority\nconstituency: S12000049\nreceipts: \"yes\"\n",
               "No magnesium in Glasgow");
    c = layers_open(&s, "S12000049", "");
    assert_string_equal(layers_title(c, &s, &layer), "No magnesium in Glasgow");
    assert_string_equal(layer, "authority");
    assert_int_equal(content_faults(c, &faults), 0);
    support_ok(content_layers(c, "magnesium", &s.t.a, &heads, &count, &why), &why);
    assert_int_equal(count, 2);
    assert_true(heads[0].overrules && !heads[0].overruled && heads[1].overruled);
    assert_string_equal(heads[0].issuer, "Glasgow City");
    support_ok(content_doc_of(c, "magnesium", "sample", &s.t.a, &d, &why), &why);
    assert_string_equal(d.title, "Burning magnesium");
    assert_true(content_issuer(c) != NULL && content_issuer(c)->receipts);
    support_ok(content_find(c, &(struct find_ask){ .words = "magnesium", .max = 9 }, &s.t.a, &hits,
                            &count, &why),
               &why);
    assert_string_equal(hits[0].title, "No magnesium in Glasgow");
    for (size_t i = 1; i < count; i++)
        assert_string_not_equal(hits[i].id, "magnesium");
    content_close(c);

    c = layers_open(&s, "X-JORDANHILL", "Jordanhill School");
    assert_string_equal(layers_title(c, &s, &layer), "Burning magnesium");
    assert_string_equal(layer, "sample");
    assert_int_equal(content_faults(c, &faults), 1);
    assert_string_equal(faults[0],
                        "Glasgow City's content is left out: this kiosk belongs to X-JORDANHILL");
    assert_null(content_issuer(c));
    content_close(c);
    stocked_close(&s);
}

static void independent_school_reads_its_own_pack_and_no_other_schools(void **state)
{
    struct stocked s;
    const char *layer = "";
    struct content *c;

    (void)state;
    stocked_open(&s);
    layers_put(&s.f, "school",
               "name: Fettle School\nkind: school\nconstituency: X-SCIS\nsite: Fettle School\n",
               "Fettle's magnesium");
    c = layers_open(&s, "X-SCIS", "Fettle School");
    assert_string_equal(layers_title(c, &s, &layer), "Fettle's magnesium");
    assert_string_equal(layer, "school");
    content_close(c);
    c = layers_open(&s, "X-SCIS", "Another School");
    assert_string_equal(layers_title(c, &s, &layer), "Burning magnesium");
    content_close(c);
    stocked_close(&s);
}

static void base_folder_cannot_speak_for_an_authority(void **state)
{
    struct stocked s;
    const char *const *faults = NULL;
    struct content *c;

    (void)state;
    stocked_open(&s);
    folder_put(
        &s.f, "docs/claim.md",
        "---\nid: claim\nkind: guidance\ntitle: A claim\nissuer_kind: authority\n---\nText.\n");
    c = layers_open(&s, "", "");
    assert_int_equal(content_faults(c, &faults), 1);
    assert_non_null(strstr(faults[0], "docs/claim.md"));
    content_close(c);
    stocked_close(&s);
}

static void codes_lead_to_the_document_that_names_them(void **state)
{
    struct stocked s;
    struct why why = { 0 };
    const char *doc = "";
    double conc = 0;
    bool found = false;
    struct content *c;

    (void)state;
    stocked_open(&s);
    folder_put(&s.f, "docs/acid.md",
               "---\nid: some-acid\nkind: chemical\ntitle: Some acid\ncas: \"7647-01-0\"\n"
               "codes: [\"5012345678900\"]\n---\nText.\n");
    c = layers_open(&s, "", "");
    support_ok(content_code(c, "7647-01-0", &s.t.a, &doc, &conc, &found, &why), &why);
    assert_true(found && isnan(conc));
    assert_string_equal(doc, "some-acid");
    support_ok(content_code(c, "5012345678900", &s.t.a, &doc, &conc, &found, &why), &why);
    assert_true(found);
    support_ok(content_code(c, "chem:some-acid@2.5", &s.t.a, &doc, &conc, &found, &why), &why);
    assert_true(found && conc > 2.4 && conc < 2.6);
    support_ok(content_code(c, "EXA-0001", &s.t.a, &doc, &conc, &found, &why), &why);
    assert_false(found);
    content_close(c);
    stocked_close(&s);
}

/* A document of the sample's layer with a revision and a word that is its alone. */
static void layers_revision(struct content_folder *f, const char *file, const char *id,
                            int revision, const char *title)
{
    char text[256];

    (void)str_format(text, sizeof text,
                     "---\nid: %s\nkind: guidance\ntitle: %s\nrevision: %d\n---\nText.\n", id,
                     title, revision);
    folder_put(f, file, text);
}

static size_t layers_found(struct content *c, struct stocked *s, const char *words)
{
    struct doc_hit *hits = NULL;
    struct why why = { 0 };
    size_t count = 0;

    support_ok(content_find(c, &(struct find_ask){ .words = words, .max = 5 }, &s->t.a, &hits,
                            &count, &why),
               &why);
    return count;
}

static size_t layers_told(struct content *c, const char *part)
{
    const char *const *faults = NULL;
    size_t count = content_faults(c, &faults);
    size_t told = 0;

    for (size_t i = 0; i < count; i++)
        told += strstr(faults[i], part) != NULL ? 1 : 0;
    return told;
}

static void of_two_files_with_an_id_the_newer_revision_counts_and_the_other_is_told(void **state)
{
    struct stocked s;
    struct content *c;
    struct doc_head *heads = NULL;
    struct why why = { 0 };
    const char *layer = "";
    size_t count = 0;

    (void)state;
    stocked_open(&s);
    layers_revision(&s.f, "docs/magnesium.md", "magnesium", 2, "Zirconium as it was");
    layers_revision(&s.f, "docs/zz.md", "magnesium", 3, "Hafnium now");
    layers_revision(&s.f, "docs/zzz.md", "other", 1, "Vanadium beside it");
    c = layers_open(&s, "", "");
    assert_string_equal(layers_title(c, &s, &layer), "Hafnium now");
    assert_int_equal(layers_told(c, "docs/magnesium.md: another file has id magnesium already"), 1);
    assert_int_equal(layers_told(c, "already"), 1);
    assert_int_equal(layers_found(c, &s, "zirconium"), 0);
    assert_int_equal(layers_found(c, &s, "hafnium"), 1);
    assert_int_equal(layers_found(c, &s, "vanadium"), 1);
    support_ok(content_layers(c, "magnesium", &s.t.a, &heads, &count, &why), &why);
    assert_int_equal(count, 1);
    content_close(c);
    /* The same revision in both: the first path, and nothing of the other that was read earlier. */
    layers_revision(&s.f, "docs/zz.md", "magnesium", 2, "Hafnium as old");
    c = layers_open(&s, "", "");
    assert_string_equal(layers_title(c, &s, &layer), "Zirconium as it was");
    assert_int_equal(layers_told(c, "docs/zz.md: another file has id magnesium already"), 1);
    assert_int_equal(layers_found(c, &s, "hafnium"), 0);
    content_close(c);
    stocked_close(&s);
}

static void what_replaces_a_withdrawn_document_is_found_before_it(void **state)
{
    struct stocked s;
    struct content *c;
    struct doc_hit *hits = NULL;
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    stocked_open(&s);
    folder_put(&s.f, "docs/old.md",
               "---\nid: old\nkind: guidance\ntitle: Zirconium dust\nwithdrawn: It was wrong.\n"
               "replacement: new\n---\nZirconium dust.\n");
    folder_put(&s.f, "docs/new.md", "---\nid: new\nkind: guidance\ntitle: Fine metals\n---\nX.\n");
    c = layers_open(&s, "", "");
    support_ok(content_find(c, &(struct find_ask){ .words = "zirconium dust", .max = 5 }, &s.t.a,
                            &hits, &count, &why),
               &why);
    assert_int_equal(count, 2);
    assert_string_equal(hits[0].id, "new");
    assert_string_equal(hits[1].id, "old");
    content_close(c);
    stocked_close(&s);
}

static void constituency_is_the_last_that_was_recorded(void **state)
{
    struct support_store t;
    struct why why = { 0 };
    const char *code = "";

    (void)state;
    support_open(&t);
    support_ok(query_constituency(&t.s, &t.a, &code, &why), &why);
    assert_string_equal(code, "");
    support_ok(store_set_constituency(&t.s, support_now(1), "", "S12000049", &why), &why);
    support_ok(store_set_constituency(&t.s, support_now(2), "", "X-JORDANHILL", &why), &why);
    support_ok(query_constituency(&t.s, &t.a, &code, &why), &why);
    assert_string_equal(code, "X-JORDANHILL");
    support_close(&t);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(employer_stands_over_the_sample_on_its_own_kiosk_alone),
        cmocka_unit_test(independent_school_reads_its_own_pack_and_no_other_schools),
        cmocka_unit_test(base_folder_cannot_speak_for_an_authority),
        cmocka_unit_test(codes_lead_to_the_document_that_names_them),
        cmocka_unit_test(of_two_files_with_an_id_the_newer_revision_counts_and_the_other_is_told),
        cmocka_unit_test(what_replaces_a_withdrawn_document_is_found_before_it),
        cmocka_unit_test(constituency_is_the_last_that_was_recorded),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
