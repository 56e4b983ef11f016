#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/doc_kinds.h"
#include "app/domain/doc_lint.h"
#include "app/domain/doc_picture.h"
#include "platform/base/str.h"

enum { ARENA_MAX = 64 * 1024 * 1024 };

/* Every fault as "line: text". */
static void assert_faults(const char *text, const char *want)
{
    struct arena a;
    struct doc_lint lint;
    struct buf said;

    arena_init(&a, ARENA_MAX);
    buf_init(&said, 65536);
    assert_int_equal(doc_lint(&a, text, strlen(text), &lint, NULL), ERR_OK);
    for (size_t i = 0; i < lint.fault_count; i++)
        buf_printf(&said, "%u: %s\n", lint.faults[i].line, lint.faults[i].text);
    assert_string_equal(said.data != NULL ? said.data : "", want);
    buf_free(&said);
    arena_done(&a);
}

static void a_right_document_has_no_faults(void **state)
{
    (void)state;
    assert_faults(
        "---\nid: a\nkind: guidance\ntitle: T\nduty: [5]\nrelates: [b03, \"chem:ammonia\", "
        "\"kind:kettle\", \"duty:6\"]\nlink: https://example.org/a\n---\n# A\n\n[x](doc:b03)\n",
        "");
}

static void every_fault_is_told_and_not_only_the_first(void **state)
{
    (void)state;
    assert_faults("---\nid: a\nkind: course\nscqf_level: 13\nrevised: soon\nprerequisite: x\n"
                  "link: example.org\nrelates: [\"duty:10\"]\nsubjects: [Cookery]\n---\n",
                  "4: scqf_level: 13 is not within 1 to 12\n"
                  "5: revised: \"soon\" is no date; write it as 2026-11-23\n"
                  "6: there is no key \"prerequisite\"; is \"prerequisites\" meant?\n"
                  "7: link: a link begins with https://\n"
                  "8: relates: the duties are duty:1 to duty:9\n"
                  "9: subjects: \"Cookery\" is none of Biology|Chemistry|Physics|Technology|Whole "
                  "department; write one of them\n"
                  "2: the front matter has no \"title\"; add it\n"
                  "2: scqf_level and scqf_points stand together or not at all\n");
}

static void what_an_entry_lacks_is_told_at_the_entry(void **state)
{
    (void)state;
    assert_faults(
        "---\nid: b\nkind: assessment\ntitle: T\nlevel: risky\nmode: pupils\nif_wrong: x\n"
        "who: y\ncontrols:\n  - text: a\n    type: ppe\n  - text: b\n"
        "do_nots: [a, b, c, d]\n---\n",
        "5: level: \"risky\" is none of routine|care|stop-points; write one of them\n"
        "12: controls: the entry has no \"type\"; add it\n"
        "13: do_nots: at most 3 entries\n");
}

static void a_gist_has_forty_words_and_a_link_62_bytes(void **state)
{
    char text[1200];
    char gist[400] = "";
    size_t used = 0;

    (void)state;
    for (int i = 0; i < 41; i++) {
        (void)str_copy(gist + used, sizeof gist - used, "word ");
        used += 5;
    }
    (void)str_format(text, sizeof text,
                     "---\nid: a\nkind: bulletin\ntitle: T\nseries: SSERC Bulletin\nnumber: 1\n"
                     "published: 2026-01-01\narticles:\n  - id: x\n    title: X\n    gist: %s\n"
                     "    link: https://example.org/%s\n---\n",
                     gist, "0123456789012345678901234567890123456789012");
    assert_faults(text, "11: gist: 41 words; at most 40\n"
                        "12: link: the link has 63 bytes; the QR code holds 62: use the site's "
                        "shorter path\n");
}

static void a_contact_is_a_name_a_vacancy_or_not_published(void **state)
{
    static const char head[] =
        "---\nid: p\nkind: person\ntitle: T\nrole: stac\nas_of: 2026-01-01\n";
    char text[400];

    (void)state;
    (void)str_format(text, sizeof text, "%svacant: yes\n---\n", head);
    assert_faults(text, "");
    (void)str_format(text, sizeof text, "%s---\n", head);
    assert_faults(text, "2: a contact has exactly one of name, vacant: yes and unpublished: yes\n");
    (void)str_format(text, sizeof text, "%sname: A. Example\n---\n", head);
    assert_faults(text,
                  "2: name: a name is shown only with consent: yes; else write unpublished: yes\n");
}

static void faults_of_the_text_have_lines(void **state)
{
    static const char head[] = "---\nid: a\nkind: guidance\ntitle: T\n---\n";
    char text[600];

    (void)state;
    (void)str_format(text, sizeof text, "%s# A\n\n### B\n\n![](p.png)\n\n[x](y)\n\n|a|b|\n|-|-|\n",
                     head);
    assert_faults(text, "8: a heading skips a level; begin it with one # fewer\n"
                        "10: a picture needs words for who cannot see it: ![what it shows](file)\n"
                        "12: a link leads to doc:ID or begins with https://\n"
                        "15: no table: the line under its head needs three dashes a column, as "
                        "|---|---|\n");
}

static void hostile_documents_are_one_fault_with_a_line(void **state)
{
    (void)state;
    assert_faults("# No front\n",
                  "1: the document needs front matter with id, kind and title between two lines "
                  "---\n");
    assert_faults("---\nid: a\n", "1: the front matter is opened by --- and never closed\n");
    assert_faults("---\nid: a\nkind: guidance\ntitle: T\n---\nb\xff\n",
                  "6: not UTF-8 text; save the file as UTF-8\n");
}

static void a_chemical_that_contradicts_itself_is_refused(void **state)
{
    (void)state;
    assert_faults("---\nid: c\nkind: chemical\ntitle: T\nbands:\n  - strength: 2 mol/l\n"
                  "    h_codes: [H314]\n    pictograms: [ghs05]\n    signal: danger\n    "
                  "confidence: sure\n---\n",
                  "");
    struct arena a;
    struct doc_lint lint;
    static const char wrong[] =
        "---\nid: c\nkind: chemical\ntitle: T\nbands:\n  - strength: 2 mol/l\n"
        "    h_codes: [H314]\n    pictograms: [ghs07]\n    signal: warning\n    confidence: "
        "sure\n---\n";

    arena_init(&a, ARENA_MAX);
    assert_int_equal(doc_lint(&a, wrong, sizeof(wrong) - 1, &lint, NULL), ERR_OK);
    assert_int_equal(lint.fault_count, 1);
    assert_in_range(lint.faults[0].line, 6, 9);
    arena_done(&a);
}

static void what_the_page_cannot_read_is_told_at_its_line(void **state)
{
    (void)state;
    assert_faults("---\nid: b\nkind: assessment\ntitle: T\nlevel: care\nmode: pupils\n"
                  "if_wrong: x\nwho: y\nchemicals:\n  - chemical: ethanol\n    by_stage:\n"
                  "      N5: weak\n---\n",
                  "12: a number was wanted\n");
}

static void a_title_has_eighty_characters_at_most(void **state)
{
    char text[400];
    char title[200] = "";

    (void)state;
    /* Characters, not bytes. */
    for (int i = 0; i < 81; i++) {
        (void)str_format(text, sizeof text, "---\nid: a\nkind: guidance\ntitle: %s\n---\n", title);
        if (i > 0)
            assert_faults(text, "");
        (void)str_copy(title + strlen(title), sizeof title - strlen(title), "é");
    }
    (void)str_format(text, sizeof text, "---\nid: a\nkind: guidance\ntitle: %s\n---\n", title);
    assert_faults(text, "4: title: it has 81 characters; 80 at most\n");
}

static void references_are_gathered_with_their_kind(void **state)
{
    static const char text[] =
        "---\nid: b\nkind: assessment\ntitle: T\nlevel: care\nmode: pupils\nif_wrong: x\nwho: y\n"
        "replacement: b2\nrelates: [\"kind:kettle\", c04]\nppe: [m004]\nequipment:\n"
        "  - kind: hotplate\n  - incubator\nchemicals:\n  - chemical: ethanol\n---\n"
        "![a](p.svg)\n\n[x](doc:d1)\n";
    static const struct doc_ref want[] = {
        { DOC_REF_PICTURE, "p.svg", "the text", 18 },
        { DOC_REF_DOC, "d1", "the text", 20 },
        { DOC_REF_DOC, "b2", "replacement", 9 },
        { DOC_REF_KIND, "kettle", "relates", 10 },
        { DOC_REF_DOC, "c04", "relates", 10 },
        { DOC_REF_SIGN, "m004", "ppe", 11 },
        { DOC_REF_KIND, "hotplate", "equipment", 13 },
        { DOC_REF_KIND, "incubator", "equipment", 14 },
        { DOC_REF_CHEM, "ethanol", "chemical", 16 },
    };
    struct arena a;
    struct doc_lint lint;

    (void)state;
    arena_init(&a, ARENA_MAX);
    assert_int_equal(doc_lint(&a, text, sizeof(text) - 1, &lint, NULL), ERR_OK);
    assert_int_equal(lint.fault_count, 0);
    assert_int_equal(lint.ref_count, COUNT_OF(want));
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        assert_int_equal(lint.refs[i].kind, want[i].kind);
        assert_string_equal(lint.refs[i].to, want[i].to);
        assert_string_equal(lint.refs[i].from, want[i].from);
        assert_int_equal(lint.refs[i].line, want[i].line);
    }
    arena_done(&a);
}

static void every_kind_has_names_and_keys_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; doc_kind_at(i) != NULL; i++) {
        const struct doc_kind *kind = doc_kind_at(i);
        const struct doc_key *key;

        assert_ptr_equal(doc_kind(kind->id), kind);
        assert_true(*kind->name != '\0' && *kind->plural != '\0' && kind->icon != 0);
        for (size_t j = 0; (key = doc_kind_key_at(kind, j)) != NULL; j++) {
            assert_non_null(doc_kind_key(kind, key->id));
            assert_true((key->type != DOC_KEY_WORD && key->type != DOC_KEY_WORDS) ||
                        key->words != NULL);
            assert_true(key->type != DOC_KEY_MAPS || key->key_count > 0);
        }
    }
    assert_null(doc_kind("cookery"));
    assert_null(doc_kind_key(doc_kind("course"), "level"));
    assert_non_null(doc_kind_key(NULL, "level"));
}

static void shapes_of_pictures_are_read_from_their_files(void **state)
{
    static const char svg[] = "<?xml?><svg width=\"9\" height=\"9\" viewBox=\"0 0 200, 120\"><p/>";
    static const char plain[] = "<svg xmlns=\"x\" width=\"30mm\" height=\"10mm\">";
    static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\0\x80\x08\2\0\0\0";
    static const char jpeg[] = "\xff\xd8\xff\xe0\0\4ab\xff\xc0\0\x11\x08\0\x40\0\x80\3";
    static const char *const bad[] = { "",
                                       "text",
                                       "<svg>",
                                       "<svg viewBox=\"0 0 1 0\">",
                                       "<svg viewBox=\"0 0 1000 1\">",
                                       "\xff\xd8\xff" };
    int w = 0;
    int h = 0;

    (void)state;
    assert_true(doc_picture_shape(svg, sizeof(svg) - 1, &w, &h));
    assert_int_equal(w * 120, h * 200);
    assert_true(doc_picture_shape(plain, sizeof(plain) - 1, &w, &h));
    assert_int_equal(w, 3 * h);
    assert_true(doc_picture_shape(png, sizeof(png) - 1, &w, &h));
    assert_int_equal(w, 2 * h);
    assert_true(doc_picture_shape(jpeg, sizeof(jpeg) - 1, &w, &h));
    assert_int_equal(w, 2 * h);
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(doc_picture_shape(bad[i], strlen(bad[i]), &w, &h));
}

static void a_recall_that_nobody_could_follow_is_told_with_its_line(void **state)
{
#define RECALL "---\nid: r\nkind: notice\ntitle: T\nnotice_kind: recall\n"
    (void)state;
    assert_faults(RECALL "stop_kinds: [kettle]\nstop_do: [Unplug it.]\n---\nx\n", "");
    assert_faults(RECALL "stop_kind: [kettle]\n---\nx\n",
                  "6: there is no key \"stop_kind\"; is \"stop_kinds\" meant?\n");
    assert_faults(RECALL "stop_kinds: [kettle]\n---\nx\n",
                  "5: notice_kind: say what to do now: stop_do, one to three short lines\n");
    assert_faults(RECALL "stop_makers: [Acme]\nstop_do: [x]\n---\nx\n",
                  "6: stop_makers: it narrows a kind of equipment: name the kinds, stop_kinds: "
                  "[...]\n");
    assert_faults(RECALL "stop_kinds: [kettle]\nstop_do: [x]\nstop_serials:\n  - from: A9\n"
                         "    to: A1\n---\nx\n",
                  "9: stop_serials: no serial lies from \"A9\" to \"A1\"; write both ends alike, "
                  "the lower first, or make two ranges of it\n");
    assert_faults(RECALL "stop_kinds: [kettle]\nstop_do: [x]\nstop_ends: soon\n---\nx\n",
                  "8: stop_ends: \"soon\" is no date; write it as 2026-11-23\n");
#undef RECALL
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_right_document_has_no_faults),
        cmocka_unit_test(every_fault_is_told_and_not_only_the_first),
        cmocka_unit_test(what_an_entry_lacks_is_told_at_the_entry),
        cmocka_unit_test(a_gist_has_forty_words_and_a_link_62_bytes),
        cmocka_unit_test(a_contact_is_a_name_a_vacancy_or_not_published),
        cmocka_unit_test(faults_of_the_text_have_lines),
        cmocka_unit_test(hostile_documents_are_one_fault_with_a_line),
        cmocka_unit_test(a_chemical_that_contradicts_itself_is_refused),
        cmocka_unit_test(what_the_page_cannot_read_is_told_at_its_line),
        cmocka_unit_test(a_title_has_eighty_characters_at_most),
        cmocka_unit_test(references_are_gathered_with_their_kind),
        cmocka_unit_test(every_kind_has_names_and_keys_of_its_own),
        cmocka_unit_test(shapes_of_pictures_are_read_from_their_files),
        cmocka_unit_test(a_recall_that_nobody_could_follow_is_told_with_its_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
