/* An employer's forms: which one counts on this kiosk, what is refused, and what a record says. */
#include "tests/app/store/content_support.h"

#include "app/domain/check.h"
#include "app/domain/override.h"

#define COLUMNS "survey,type,name,label,required,kiosk::unit,kiosk::limit_high,kiosk::critical\n"
#define SETTINGS                                                                                   \
    "choices,list_name,name,label\n,pf,pass,Pass\n,pf,fail,Fail\n"                                 \
    "settings,form_id,form_title,version,kiosk::interval,kiosk::basis,kiosk::applies_to,"          \
    "kiosk::differs\n"

static void over_form(struct content_folder *f, const char *file, const char *version,
                      const char *limit, const char *interval, const char *basis)
{
    char text[1024];

    (void)str_format(text, sizeof text,
                     COLUMNS ",select_one pf,seal,Seal whole,yes,,,yes\n"
                             ",decimal,leak,Leak,yes,Bq,%s,yes\n" SETTINGS
                             ",leak,Leak test,%s,%s,%s,cooker,Ours are older.\n",
                     limit, version, interval, basis);
    folder_put(f, file, text);
}

static void over_employer(struct content_folder *f)
{
    static const char *const dirs[] = { "employers", "employers/ours", "employers/ours/forms",
                                        "employers/ours/docs" };

    for (size_t i = 0; i < COUNT_OF(dirs); i++) {
        char path[128];

        (void)str_format(path, sizeof path, "%s/%s", f->dir, dirs[i]);
        (void)mkdir(path, 0700);
    }
    folder_put(f, "employers/ours/issuer.yaml",
               "name: Our Council\nkind: authority\nconstituency: S12000049\n");
}

static struct content *over_open(struct stocked *s, const char *constituency)
{
    const struct content_ask ask = { .data_dir = s->t.dir,
                                     .content_dir = s->f.dir,
                                     .constituency = constituency };
    struct content *c = NULL;
    struct why why = { 0 };

    support_ok(content_open_for(&ask, &c, &why), &why);
    return c;
}

static const struct form *over_in_force(struct content *c)
{
    const struct form *form = NULL;
    struct why why = { 0 };

    support_ok(content_form(c, "leak", &form, &why), &why);
    return form;
}

static bool over_told(struct content *c, const char *words)
{
    const char *const *faults = NULL;
    size_t count = content_faults(c, &faults);

    for (size_t i = 0; i < count; i++)
        if (strstr(faults[i], words) != NULL)
            return true;
    return false;
}

static void an_employers_stricter_form_stands_in_the_nations_place(void **state)
{
    struct stocked s;
    struct why why = { 0 };
    struct form_differs *rows = NULL;
    const struct form_brief *brief;
    size_t count = 0;
    struct content *c;

    (void)state;
    stocked_open(&s);
    over_form(&s.f, "forms/leak.csv", "1", "200", "24m", "LAW");
    over_employer(&s.f);
    over_form(&s.f, "employers/ours/forms/leak.csv", "1-ours", "100", "12m", "LAW");
    c = over_open(&s, "S12000049");
    assert_false(over_told(c, ""));
    assert_string_equal(over_in_force(c)->version, "1-ours");
    assert_true(over_in_force(c)->fields[form_field_index(over_in_force(c), "leak")].high == 100);
    brief = content_form_brief(c, "leak");
    assert_string_equal(brief->issuer, "Our Council");
    assert_string_equal(brief->verdict, "stricter than");
    assert_string_equal(brief->differs, "Ours are older.");
    assert_string_equal(brief->interval, "12m");
    support_ok(content_form_differs(c, "leak", &s.t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 2);
    assert_string_equal(rows[0].words,
                        "It comes round every 12 months in place of every 24 months");
    assert_string_equal(rows[1].words, "Leak, most allowed: 100 Bq in place of 200 Bq");
    content_close(c);

    /* Another council's kiosk keeps the nation's. */
    c = over_open(&s, "S12000036");
    assert_string_equal(over_in_force(c)->version, "1");
    assert_string_equal(content_form_brief(c, "leak")->issuer, "");
    assert_string_equal(content_form_brief(c, "leak")->verdict, "");
    content_close(c);
    stocked_close(&s);
}

static void a_form_that_loosens_the_law_is_refused_and_the_nations_stays(void **state)
{
    static const struct {
        const char *limit, *interval, *basis, *words;
    } cases[] = {
        { "201", "24m", "LAW",
          "employers/ours/forms/leak.csv row 3 kiosk::limit_high: \"leak\", most allowed: \"201 "
          "Bq\" in place of \"200 Bq\"" },
        { "200", "25m", "LAW", "kiosk::interval" },
        { "200", "24m", "GUIDE", "kiosk::basis" },
    };
    struct stocked s;

    (void)state;
    stocked_open(&s);
    over_form(&s.f, "forms/leak.csv", "1", "200", "24m", "LAW");
    over_employer(&s.f);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char version[16];
        struct content *c;

        (void)str_format(version, sizeof version, "looser-%zu", i);
        over_form(&s.f, "employers/ours/forms/leak.csv", version, cases[i].limit, cases[i].interval,
                  cases[i].basis);
        c = over_open(&s, "S12000049");
        assert_string_equal(over_in_force(c)->version, "1");
        assert_string_equal(content_form_brief(c, "leak")->issuer, "");
        if (!over_told(c, cases[i].words))
            fail_msg("not told: %s", cases[i].words);
        assert_true(over_told(c, "employers/ours/forms/leak.csv is left out"));
        content_close(c);
    }
    stocked_close(&s);
}

static void what_rests_on_advice_may_be_looser_and_the_kiosk_says_so(void **state)
{
    struct stocked s;
    struct content *c;

    (void)state;
    stocked_open(&s);
    over_form(&s.f, "forms/leak.csv", "1", "200", "24m", "GUIDE");
    over_employer(&s.f);
    over_form(&s.f, "employers/ours/forms/leak.csv", "2", "300", "24m", "GUIDE");
    c = over_open(&s, "S12000049");
    assert_string_equal(over_in_force(c)->version, "2");
    assert_string_equal(content_form_brief(c, "leak")->verdict, "other than");
    content_close(c);
    stocked_close(&s);
}

static void an_employers_own_check_never_serves_for_one_that_the_law_asks_for(void **state)
{
    struct stocked s;
    struct content *c;

    (void)state;
    stocked_open(&s);
    over_form(&s.f, "forms/leak.csv", "1", "200", "24m", "LAW");
    over_employer(&s.f);
    folder_put(&s.f, "employers/ours/forms/quick.csv",
               "survey,type,name,label,required\n,select_one pf,seal,Seal,yes\n"
               "choices,list_name,name,label\n,pf,pass,Pass\n,pf,fail,Fail\n"
               "settings,form_id,form_title,version,kiosk::applies_to,kiosk::counts_as\n"
               ",quick,Quick look,1,cooker,leak\n");
    c = over_open(&s, "S12000049");
    assert_null(content_form_brief(c, "quick"));
    assert_true(over_told(c, "kiosk::counts_as"));
    content_close(c);

    /* Where advice alone asks for the other check, it may. */
    over_form(&s.f, "forms/leak.csv", "1b", "200", "24m", "GUIDE");
    c = over_open(&s, "S12000049");
    assert_non_null(content_form_brief(c, "quick"));
    assert_string_equal(content_form_brief(c, "quick")->issuer, "Our Council");
    assert_string_equal(content_form_brief(c, "quick")->verdict, "");
    content_close(c);
    stocked_close(&s);
}

static void a_record_says_whose_form_it_was(void **state)
{
    struct stocked s;
    struct why why = { 0 };
    struct check c;
    struct check back;
    const struct json *json = NULL;
    struct content *content;
    struct buf body;

    (void)state;
    stocked_open(&s);
    over_form(&s.f, "forms/leak.csv", "1", "200", "24m", "LAW");
    over_employer(&s.f);
    over_form(&s.f, "employers/ours/forms/leak.csv", "1-ours", "100", "24m", "LAW");
    content = over_open(&s, "S12000049");
    c = check_begin(over_in_force(content), "0123456789abcdef", 20000);
    c.outcome = OUTCOME_PASS;
    buf_init(&body, CHECK_BYTES_MAX);
    check_write(&c, &body);
    support_ok(buf_done(&body, &why), &why);
    support_ok(json_parse(&s.t.a, body.data, body.len, CHECK_BYTES_MAX, &json, &why), &why);
    assert_string_equal(json_str(json, "form_issuer"), "Our Council");
    support_ok(check_read(&s.t.a, json, &back, &why), &why);
    assert_string_equal(back.form_issuer, "Our Council");
    buf_free(&body);
    content_close(content);

    /* The nation's own says nothing, as older records do. */
    content = over_open(&s, "");
    c = check_begin(over_in_force(content), "0123456789abcdef", 20000);
    buf_init(&body, CHECK_BYTES_MAX);
    check_write(&c, &body);
    assert_null(strstr(body.data, "form_issuer"));
    buf_free(&body);
    content_close(content);
    stocked_close(&s);
}

/* ---- documents ---- */

static void over_recall(struct content_folder *f, const char *file, const char *title,
                        const char *kind, const char *more)
{
    char text[600];

    (void)str_format(text, sizeof text,
                     "---\nid: psu-recall\nkind: notice\ntitle: %s\nsummary: S.\nnotice_kind: %s\n"
                     "%s---\nText.\n",
                     title, kind, more);
    folder_put(f, file, text);
}

static void a_recall_stays_whatever_an_employer_says(void **state)
{
    struct stocked s;
    struct why why = { 0 };
    struct doc_head *heads = NULL;
    struct doc d;
    size_t count = 0;
    struct content *c;

    (void)state;
    stocked_open(&s);
    over_recall(&s.f, "docs/psu-recall.md", "Do not use", "recall",
                "stop_kinds: [cooker]\nstop_do:\n  - Unplug it.\n");
    over_employer(&s.f);
    over_recall(&s.f, "employers/ours/docs/psu-recall.md", "All is well", "news", "");
    c = over_open(&s, "S12000049");
    support_ok(content_doc(c, "psu-recall", &s.t.a, &d, &why), &why);
    assert_string_equal(d.title, "Do not use");
    assert_true(over_told(c, "Nobody stands in for such a notice"));
    support_ok(content_layers(c, "psu-recall", &s.t.a, &heads, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_false(heads[0].overruled);
    content_close(c);

    /* Nor under another name. */
    over_recall(&s.f, "employers/ours/docs/psu-recall.md", "All is well", "news", "");
    folder_put(&s.f, "employers/ours/docs/psu-recall.md",
               "---\nid: other\nkind: notice\ntitle: All is well\nsummary: S.\nnotice_kind: news\n"
               "overrides: psu-recall\n---\nText.\n");
    c = over_open(&s, "S12000049");
    support_ok(content_doc(c, "psu-recall", &s.t.a, &d, &why), &why);
    assert_string_equal(d.title, "Do not use");
    support_ok(content_layers(c, "psu-recall", &s.t.a, &heads, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_false(heads[0].overruled);
    content_close(c);
    stocked_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_employers_stricter_form_stands_in_the_nations_place),
        cmocka_unit_test(a_form_that_loosens_the_law_is_refused_and_the_nations_stays),
        cmocka_unit_test(what_rests_on_advice_may_be_looser_and_the_kiosk_says_so),
        cmocka_unit_test(an_employers_own_check_never_serves_for_one_that_the_law_asks_for),
        cmocka_unit_test(a_record_says_whose_form_it_was),
        cmocka_unit_test(a_recall_stays_whatever_an_employer_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
