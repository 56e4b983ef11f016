#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/doc.h"
#include "platform/base/str.h"

enum { ARENA_MAX = 64 * 1024 * 1024 };

/* "kind level number|style:text style:text" a line, as a test reads it. */
static void describe(const struct doc *d, struct buf *to)
{
    static const char *const kinds[] = { "heading", "para",  "item", "step",   "row",
                                         "rule",    "quote", "code", "picture" };

    for (size_t i = 0; i < d->block_count; i++) {
        const struct doc_block *b = &d->blocks[i];

        buf_printf(to, "%s%s%s%s%s %d %d:", kinds[b->kind], b->table_head ? " head" : "",
                   b->picture != NULL ? " " : "", b->picture != NULL ? b->picture : "",
                   b->quoted && b->kind != DOC_QUOTE ? " quoted" : "", b->level, b->number);
        for (size_t j = 0; j < b->run_count; j++) {
            for (size_t k = 0; k < b->cell_count; k++)
                if (b->cells[k] == j)
                    buf_str(to, b->aligns[k] == DOC_ALIGN_RIGHT    ? "|>"
                                : b->aligns[k] == DOC_ALIGN_CENTRE ? "|="
                                                                   : "|");
            buf_printf(to, "[%u%s%s %.*s]", b->runs[j].style, b->runs[j].href != NULL ? " " : "",
                       b->runs[j].href != NULL ? b->runs[j].href : "", (int)b->runs[j].len,
                       b->runs[j].text);
        }
        buf_char(to, '\n');
    }
}

static void assert_blocks(const char *markdown, const char *want)
{
    struct arena a;
    struct doc d;
    struct why why = { 0 };
    struct buf text;

    arena_init(&a, ARENA_MAX);
    buf_init(&text, 65536);
    if (doc_parse(&a, markdown, strlen(markdown), &d, &why) != ERR_OK)
        fail_msg("%s: %s", markdown, why.text);
    describe(&d, &text);
    assert_int_equal(buf_done(&text, NULL), ERR_OK);
    assert_string_equal(text.data != NULL ? text.data : "", want);
    buf_free(&text);
    arena_done(&a);
}

static void markdown_becomes_blocks_and_runs(void **state)
{
    (void)state;
    assert_blocks("", "");
    assert_blocks("# Head *it*\n\nOne\ntwo **b** `m`\n",
                  "heading 1 0:[0 Head ][2 it]\npara 0 0:[0 One two ][1 b][0  ][4 m]\n");
    assert_blocks("- a\n- b\n  - c\n\n    more\n",
                  "item 0 0:[0 a]\nitem 0 0:[0 b]\nitem 1 0:[0 c]\npara 1 0:[0 more]\n");
    assert_blocks("3. x\n4. y\n\n   1. z\n", "step 0 3:[0 x]\nstep 0 4:[0 y]\nstep 1 1:[0 z]\n");
    assert_blocks("-\n- a\n", "item 0 0:[0 a]\n");
    assert_blocks("> q\n\n---\n", "quote 0 0:[0 q]\nrule 0 0:\n");
    assert_blocks("[t](doc:b03) [u](<x y>)\n", "para 0 0:[8 doc:b03 t][0  ][8 x y u]\n");
    assert_blocks("| A | B |\n|---|---|\n| 1 | **2** |\n",
                  "row head 0 0:|[0 A]|[0 B]\nrow 0 0:|[0 1]|[1 2]\n");
    assert_blocks("```\na < b\n  c\n```\n", "code 0 0:[0 a < b\n  c]\n");
    assert_blocks("a  \nb\\\nc \\*d\\* &lt; &#176; &rarr; &nosuch; &#x202e;\n",
                  "para 0 0:[0 a\nb\nc *d* < \xc2\xb0 \xe2\x86\x92 &nosuch; &#x202e;]\n");
    assert_blocks("<https://example.org> `` a`b ``\n",
                  "para 0 0:[8 https://example.org https://example.org][0  ][4 a`b]\n");
    assert_blocks("p\n\n    code\n", "para 0 0:[0 p]\ncode 0 0:[0 code]\n");
    assert_blocks("T\n=\n\n***a** b*\n", "heading 1 0:[0 T]\npara 0 0:[3 a][2  b]\n");
    assert_blocks("> - a\n>\n> ---\n", "item quoted 0 0:[0 a]\nrule quoted 0 0:\n");
    assert_blocks("|A|B|C|\n|:--|:-:|--:|\n|1|2|3|\n",
                  "row head 0 0:|[0 A]|=[0 B]|>[0 C]\nrow 0 0:|[0 1]|=[0 2]|>[0 3]\n");
}

static void what_stands_low_or_high_is_a_run_of_its_own(void **state)
{
    (void)state;
    assert_blocks("H~2~SO~4~ m^3^ x^2^y\n",
                  "para 0 0:[0 H][16 2][0 SO][16 4][0  m][32 3][0  x][32 2][0 y]\n");
    assert_blocks(
        "H\xe2\x82\x82O cm\xc2\xb3 Na\xe2\x81\xba SO\xe2\x82\x84\xc2\xb2\xe2\x81\xbb\n",
        "para 0 0:[0 H][16 2][0 O cm][32 3][0  Na][32 +][0  SO][16 4][32 2\xe2\x88\x92]\n");
    /* A minus and no hyphen, whichever way it is written. */
    assert_blocks("10\xe2\x81\xbb\xc2\xb3 10^-3^ x^a-b^\n", "para 0 0:[0 10][32 \xe2\x88\x92"
                                                            "3][0  10][32 \xe2\x88\x92"
                                                            "3][0  x][32 a-b]\n");
    assert_blocks("**x^2^** &sup2;\n", "para 0 0:[1 x][33 2][0  ][32 2]\n");
    assert_blocks("about ~5 and ~6, \\~2~ \\^3^ `a^2^` ~~x~~ ~ ~\n",
                  "para 0 0:[0 about ~5 and ~6, ~2~ ^3^ ][4 a^2^][0  ~~x~~ ~ ~]\n");
}

static void a_picture_is_a_block_with_the_words_for_it(void **state)
{
    (void)state;
    assert_blocks("![Two flasks](flasks.svg)\n", "picture flasks.svg 0 0:[2 Two flasks]\n");
    assert_blocks("a ![b](c.png) d\n",
                  "para 0 0:[0 a ]\npicture c.png 0 0:[2 b]\npara 0 0:[0  d]\n");
    assert_blocks("1. a\n\n   ![b](c.png)\n2. d\n",
                  "step 0 1:[0 a]\npicture c.png 0 0:[2 b]\nstep 0 2:[0 d]\n");
    assert_blocks("![](c.png)\n", "picture c.png 0 0:\n");
    assert_blocks("# a ![b](c.png)\n", "heading 1 0:[0 a ][2 b]\n");
}

/* What every part of a broken-up block holds: its kind and its bytes. */
static void assert_parts(const char *head, const char *line, const char *foot,
                         enum doc_block_kind first, enum doc_block_kind rest)
{
    static char text[64 * 1024];
    size_t used = strlen(head);
    size_t letters = 0;
    struct arena a;
    struct doc d;

    (void)str_copy(text, sizeof(text), head);
    for (int i = 0; i < 1000; i++) {
        (void)str_copy(text + used, sizeof(text) - used, line);
        used += strlen(line);
    }
    (void)str_copy(text + used, sizeof(text) - used, foot);
    arena_init(&a, ARENA_MAX);
    assert_int_equal(doc_parse(&a, text, strlen(text), &d, NULL), ERR_OK);
    assert_true(d.block_count > 3);
    for (size_t i = 0; i < d.block_count; i++) {
        assert_int_equal(d.blocks[i].kind, i == 0 ? first : rest);
        assert_int_equal(d.blocks[i].run_count, 1);
        assert_true(d.blocks[i].runs[0].len < 4100);
        for (size_t j = 0; j < d.blocks[i].runs[0].len; j++)
            letters += d.blocks[i].runs[0].text[j] == 'x' ? 1 : 0;
    }
    assert_int_equal(letters, 20 * 1000);
    arena_done(&a);
}

static void a_block_of_many_pages_is_broken_up_at_its_lines(void **state)
{
    static const char line[] = "xxxxxxxxxxxxxxxxxxxx\n";
    static const char inner[] = "  xxxxxxxxxxxxxxxxxxxx\n";

    (void)state;
    assert_parts("", line, "", DOC_PARA, DOC_PARA);
    assert_parts("- y\n", inner, "", DOC_ITEM, DOC_PARA);
    assert_parts("```\n", line, "```\n", DOC_CODE, DOC_CODE);
    assert_parts("> y\n", line, "", DOC_QUOTE, DOC_QUOTE);
}

static void html_stays_text(void **state)
{
    (void)state;
    assert_blocks("<script>alert(1)</script>\n", "para 0 0:[0 <script>alert(1)</script>]\n");
    assert_blocks("a <b>c</b>\n", "para 0 0:[0 a <b>c</b>]\n");
}

static void front_matter_fills_the_first_screen(void **state)
{
    static const char text[] =
        "---\r\nid: b03\nkind: assessment\ntitle: \"Leaf: starch\"\nexample: \"yes\"\n"
        "subjects: [Biology]\ndo_nots:\n  - No flame\n  - Never heat\nppe: m004\nx_tool: [1]\n"
        "equipment: []\nif_wrong: >\n  Cool\n  it.\n---\nBody\n";
    struct arena a;
    struct doc d;
    struct why why = { 0 };
    const char *plain;

    (void)state;
    arena_init(&a, ARENA_MAX);
    if (doc_parse(&a, text, sizeof(text) - 1, &d, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_string_equal(d.id, "b03");
    assert_string_equal(d.title, "Leaf: starch");
    assert_string_equal(d.example, "yes");
    assert_string_equal(d.summary, "");
    assert_int_equal(d.do_not_count, 2);
    assert_string_equal(d.do_nots[1], "Never heat");
    assert_int_equal(d.ppe_count, 1);
    assert_int_equal(d.equipment_count, 0);
    assert_string_equal(d.if_wrong, "Cool it.");
    assert_int_equal(d.block_count, 1);
    assert_int_equal(doc_plain(&a, &d, &plain, &why), ERR_OK);
    assert_string_equal(plain, "No flame\nNever heat\nm004\nCool it.\nBody\n");
    arena_done(&a);
}

static void the_whole_front_matter_stays_readable(void **state)
{
    static const char text[] =
        "---\nid: micro\nkind: course\ntitle: T\nrevision: 3\nrevised: 2026-02-30\n---\n";
    static const char right[] =
        "---\nid: micro\nkind: course\ntitle: T\nrevision: 3\nrevised: 2026-02-28\n"
        "stale_after: 2027-01-01\nscqf_level: 6\nscqf_points: 3\nprerequisites: [intro]\n"
        "relates: duty:9\nequipment: [autoclave]\n---\nBody\n";
    struct arena a;
    struct doc d;
    struct why why = { 0 };

    (void)state;
    arena_init(&a, ARENA_MAX);
    assert_int_equal(doc_parse_front(&a, text, sizeof(text) - 1, &d, &why), ERR_INPUT);
    if (doc_parse_front(&a, right, sizeof(right) - 1, &d, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_int_equal(d.block_count, 0);
    assert_int_equal(d.revision, 3);
    assert_true(d.material);
    assert_int_equal(d.revised_day, 20512);
    assert_int_equal(d.review_on, CALDATE_NONE);
    assert_string_equal(d.issuer_kind, "sample");
    assert_string_equal(d.withdrawn, "");
    assert_string_equal(d.relates[0], "duty:9");
    assert_string_equal(doc_text(&d, "scqf_level"), "6");
    assert_string_equal(doc_text(&d, "nothing"), "");
    assert_string_equal(doc_node_at(doc_get(&d, "prerequisites"), 0), "intro");
    assert_null(doc_node_at(doc_get(&d, "prerequisites"), 1));
    assert_int_equal(doc_get(&d, "scqf_points")->line, 9);
    arena_done(&a);
}

static void entries_of_maps_keep_their_keys_and_lines(void **state)
{
    static const char text[] =
        "---\nid: b03\nkind: assessment\ntitle: T\nlevel: care\nmode: pupils\nif_wrong: x\n"
        "who: y\nsigns: [ghs02]\nhazards:\n  - what: Ethanol\n    who: Pupils\n"
        "    how: Its vapour catches fire\nequipment:\n  - kind: kettle\n    need: one\n"
        "  - hotplate\nchemicals:\n  - chemical: ethanol\n    conc: 96\n    unit: \"%\"\n"
        "    by_stage: {S3: 5, H: 10}\nmaterial: no\nrevision: 2\n---\n";
    struct arena a;
    struct doc d;
    struct why why = { 0 };
    const struct doc_node *used;

    (void)state;
    arena_init(&a, ARENA_MAX);
    if (doc_parse(&a, text, sizeof(text) - 1, &d, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_false(d.material);
    assert_int_equal(d.hazard_count, 1);
    assert_string_equal(d.hazards[0], "ghs02");
    assert_int_equal(d.equipment_count, 2);
    assert_string_equal(d.equipment[0], "kettle");
    assert_string_equal(d.equipment[1], "hotplate");
    used = doc_get(&d, "chemicals");
    assert_int_equal(used->count, 1);
    assert_int_equal(used->items[0].line, 19);
    assert_string_equal(doc_node_text(&used->items[0], "unit"), "%");
    assert_string_equal(doc_node_text(doc_node_get(&used->items[0], "by_stage"), "H"), "10");
    arena_done(&a);
}

static void assert_refused(const char *text, size_t len, const char *says)
{
    struct arena a;
    struct doc d;
    struct why why = { 0 };

    arena_init(&a, ARENA_MAX);
    if (doc_parse(&a, text, len, &d, &why) != ERR_INPUT)
        fail_msg("taken: %.60s", text);
    if (strstr(why.text, says) == NULL)
        fail_msg("%.60s: says \"%s\"", text, why.text);
    arena_done(&a);
}

static void faulty_documents_are_refused_with_their_line(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        { "---\nid: a\n", "line 1: the front matter is opened" },
        { "---\nid: a\ndo_not: x\n---\n",
          "line 3: there is no key \"do_not\"; is \"do_nots\" meant?" },
        { "---\nid: a\nid: b\n---\n", "line 3: the key is there twice" },
        { "---\nid: [a]\n---\n", "line 2: id: this key takes one text" },
        { "---\nid: {a: b}\n---\n", "line 2: id: a value is a text" },
        { "---\nppe: [a, [b]]\n---\n", "line 2: ppe: a list holds plain texts" },
        { "---\nid: &x a\ntitle: *x\n---\n", "line 2: & and *" },
        { "---\ntitle: a: b\n---\n", "line 2: the front matter cannot be read" },
        { "---\n- a\n---\n", "line 2: the front matter is a list" },
        { "---\n---\n", "line 2" },
        { "---\nstale_after: soon\n---\n", "line 2: stale_after: \"soon\" is no date" },
        { "---\nkind: course\nlevel: care\n---\n", "line 3: there is no key \"level\"" },
        { "---\ncontrols:\n  - text: a\n    stop_piont: b\n---\n",
          "line 4: there is no key \"stop_piont\"; is \"stop_point\" meant?" },
        { "---\ntitle: \"a\\u202Eb\"\n---\n", "line 2: a value holds a character" },
        { "---\nx_a: [[[[[[[[1]]]]]]]]\n---\n", "line 2: lists and maps stand too deep" },
        { "a\nb\xe2\x80\xae\n", "line 2: holds a character that cannot be seen (U+202E)" },
        { "a\n\n![b](https://x.org/p.png)\n", "near line 3: a picture is named by its file" },
        { "![b](../p.png)\n", "a picture is named by its file" },
        { "a\nb\xff\n", "line 2: not UTF-8" },
        { "a\n>>>>>>>>>>>>>>> b\n", "line 2: more than 12 quotes" },
        { "a\n\n- - - - - - - - - - - - - - - b\n", "near line" },
        { "|a|b|c|d|e|f|g|h|i|j|k|l|m|\n|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
          "too many columns" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_refused(cases[i].text, strlen(cases[i].text), cases[i].says);
    assert_refused("a\0b", 3, "line 1: not UTF-8");
}

static void sizes_are_bounded(void **state)
{
    static char big[DOC_BYTES_MAX + 1];
    size_t used = 0;

    (void)state;
    memset(big, '\n', sizeof(big));
    assert_refused(big, sizeof(big), "larger than 512 KiB");
    memset(big, 'x', sizeof(big));
    big[0] = '\n';
    assert_refused(big, sizeof(big), "line 2: longer than");
    memset(big, 'x', 20000);
    assert_refused(big, 20001, "line 1: longer than");
    memset(big, '|', 200);
    big[200] = '\n';
    assert_refused(big, 201, "line 1: too many |");
    while (used + 4 < DOC_BYTES_MAX && used < 4 * (DOC_BLOCKS_MAX + 1)) {
        (void)str_copy(big + used, 5, "- a\n");
        used += 4;
    }
    assert_refused(big, used, "too many paragraphs");
    (void)str_copy(big, 32, "|a|b|\n|---|---|\n|2|3|\n");
    for (used = 22; used < 22 + 2000 * 12; used += 12)
        (void)str_copy(big + used, 13, "|1|2|3|4|5|\n");
    assert_refused(big, used, "a table has too many cells");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markdown_becomes_blocks_and_runs),
        cmocka_unit_test(what_stands_low_or_high_is_a_run_of_its_own),
        cmocka_unit_test(a_picture_is_a_block_with_the_words_for_it),
        cmocka_unit_test(a_block_of_many_pages_is_broken_up_at_its_lines),
        cmocka_unit_test(html_stays_text),
        cmocka_unit_test(the_whole_front_matter_stays_readable),
        cmocka_unit_test(entries_of_maps_keep_their_keys_and_lines),
        cmocka_unit_test(front_matter_fills_the_first_screen),
        cmocka_unit_test(faulty_documents_are_refused_with_their_line),
        cmocka_unit_test(sizes_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
