#include "app/store/content_seed.h"
#include "platform/base/clock.h"
#include "tests/app/store/content_support.h"

static struct content *reopen(struct support_store *t, const char *dir)
{
    struct content *c = NULL;
    struct why why = { 0 };

    support_ok(content_open(t->dir, dir, &c, &why), &why);
    return c;
}

static const char *fault_with(struct content *c, const char *part)
{
    const char *const *faults = NULL;
    size_t count = content_faults(c, &faults);

    for (size_t i = 0; i < count; i++) {
        if (strstr(faults[i], part) != NULL)
            return faults[i];
    }
    return NULL;
}

static void file_of_100_mb_is_told_and_the_others_are_taken(void **state)
{
    struct support_store t;
    struct content_folder f;
    struct content *c;
    struct doc_hit *hits = NULL;
    struct why why = { 0 };
    size_t count = 0;
    char path[256];

    (void)state;
    support_open(&t);
    folder_open(&f);
    folder_doc(&f, "docs/good.md", "good", "Zirconium", "burning", "# Burning\n");
    folder_put(&f, "docs/big.md", "");
    (void)str_format(path, sizeof path, "%s/docs/big.md", f.dir);
    assert_int_equal(truncate(path, 100 * 1024 * 1024), 0);
    c = reopen(&t, f.dir);
    assert_non_null(fault_with(c, "docs/big.md"));
    support_ok(content_find(c, &(struct find_ask){ .words = "zirconium", .kind = "", .max = 5 },
                            &t.a, &hits, &count, &why),
               &why);
    assert_int_equal(count, 1);
    assert_string_equal(hits[0].id, "good");
    content_close(c);
    folder_close(&f);
    support_close(&t);
}

static void kinds_forms_and_documents_are_read_and_kept_without_the_folder(void **state)
{
    struct content_folder f;
    struct support_store t;
    struct content *c;
    const struct form *form = NULL;
    const struct form *again = NULL;
    struct doc doc = { 0 };
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    support_open(&t);
    folder_open(&f);
    c = folder_content(&f, &t);
    content_close(c);
    folder_close(&f);
    c = reopen(&t, NULL);
    assert_int_equal(content_kind(c, "cooker")->icon, 0xf65a);
    assert_string_equal(content_kinds(c, &count)[0].id, "chair");
    assert_int_equal(count, 2);
    assert_null(content_kind(c, "rocket"));
    assert_string_equal(content_forms(c, &count)[0].interval, "7d");
    assert_int_equal(count, 1);
    support_ok(content_form(c, "week", &form, &why), &why);
    support_ok(content_form(c, "week", &again, &why), &why);
    assert_ptr_equal(form, again);
    assert_string_equal(form->title, "Weekly look");
    assert_int_equal(content_form(c, "none", &form, &why), ERR_NOT_FOUND);
    support_ok(content_doc(c, "magnesium", &t.a, &doc, &why), &why);
    assert_string_equal(doc.title, "Burning magnesium");
    assert_int_equal(content_doc(c, "none", &t.a, &doc, &why), ERR_NOT_FOUND);
    content_close(c);
    support_close(&t);
}

static void faulty_form_is_told_and_its_earlier_version_stays(void **state)
{
    struct content_folder f;
    struct support_store t;
    struct content *c;
    const struct form *form = NULL;
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    support_open(&t);
    folder_open(&f);
    folder_form(&f, "forms/other.csv", "other", "Other look", "12m");
    content_close(folder_content(&f, &t));
    folder_put(&f, "forms/week.csv", "survey,type,name,colour\n,rocket,a,b\n");
    folder_form(&f, "forms/third.csv", "third", "Third look", "12m");
    c = reopen(&t, f.dir);
    assert_non_null(fault_with(c, "forms/week.csv"));
    assert_non_null(fault_with(c, "earlier"));
    (void)content_forms(c, &count);
    assert_int_equal(count, 3);
    support_ok(content_form(c, "week", &form, &why), &why);
    assert_string_equal(form->title, "Weekly look");
    content_close(c);
    folder_form(&f, "forms/week.csv", "week", "Mended look", "7d");
    c = folder_content(&f, &t);
    support_ok(content_form(c, "week", &form, &why), &why);
    assert_string_equal(form->title, "Mended look");
    content_close(c);
    folder_close(&f);
    support_close(&t);
}

static void form_that_moved_to_another_file_is_not_shut_out_by_its_old_copy(void **state)
{
    struct content_folder f;
    struct support_store t;
    struct content *c;
    const struct form *form = NULL;
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    folder_open(&f);
    content_close(folder_content(&f, &t));
    folder_put(&f, "forms/week.csv", "rubbish\n");
    folder_form(&f, "forms/zweek.csv", "week", "Moved look", "7d");
    c = reopen(&t, f.dir);
    support_ok(content_form(c, "week", &form, &why), &why);
    assert_string_equal(form->title, "Moved look");
    content_close(c);
    folder_form(&f, "forms/double.csv", "week", "Double", "7d");
    c = reopen(&t, f.dir);
    assert_non_null(fault_with(c, "already"));
    content_close(c);
    folder_close(&f);
    support_close(&t);
}

static void missing_folder_and_damaged_cache_are_told_or_mended(void **state)
{
    struct content_folder f;
    struct support_store t;
    struct content *c = NULL;
    struct content_folder data;
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    support_open(&t);
    folder_open(&f);
    assert_int_not_equal(content_open(t.dir, "/nonexistent/content", &c, &why), ERR_OK);
    c = reopen(&t, NULL);
    assert_non_null(fault_with(c, "No content"));
    assert_null(content_kind(c, "cooker"));
    content_close(c);
    content_close(folder_content(&f, &t));
    c = reopen(&t, "/nonexistent/content");
    assert_non_null(fault_with(c, "/nonexistent/content"));
    assert_non_null(content_kind(c, "cooker"));
    content_close(c);
    (void)str_copy(data.dir, sizeof data.dir, t.dir);
    folder_put(&data, "content.db",
               "this is no database at all, and long enough to be looked at\n");
    c = folder_content(&f, &t);
    (void)content_kinds(c, &count);
    assert_int_equal(count, 2);
    content_close(c);
    folder_put(&f, "kinds.csv", "id,name\nbroken\n");
    c = reopen(&t, f.dir);
    assert_non_null(fault_with(c, "kinds.csv"));
    assert_non_null(content_kind(c, "cooker"));
    content_close(c);
    folder_close(&f);
    support_close(&t);
}

static const char *best(struct content *c, struct support_store *t, const char *words,
                        size_t *count)
{
    struct doc_hit *hits = NULL;
    struct why why = { 0 };

    support_ok(content_find(c, &(struct find_ask){ .words = words, .kind = "", .max = 20 }, &t->a,
                            &hits, count, &why),
               &why);
    return *count == 0 ? "" : hits[0].id;
}

static void search_finds_by_title_keyword_beginning_accent_and_slip(void **state)
{
    struct stocked s;
    static const struct {
        const char *words, *want;
    } rows[] = {
        { "magnes", "magnesium" },
        { "FLARE", "magnesium" },
        { "mangesium", "magnesium" },
        { "magnesum", "magnesium" },
        { "cafe", "cafe" },
        { "café", "cafe" },
        { "burning mag", "magnesium" },
        { "crucible xyzzy", "magnesium" },
        { "xyzzy", "" },
    };
    struct doc_hit *hits = NULL;
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    stocked_open(&s);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_string_equal(best(s.c, &s.t, rows[i].words, &count), rows[i].want);
    support_ok(content_find(s.c,
                            &(struct find_ask){ .words = "light", .kind = "guidance", .max = 5 },
                            &s.t.a, &hits, &count, &why),
               &why);
    assert_int_equal(count, 1);
    assert_non_null(strstr(hits[0].snippet, "«light»"));
    assert_string_equal(hits[0].stages, "S1 S2");
    support_ok(content_find(s.c,
                            &(struct find_ask){ .words = "light", .kind = "assessment", .max = 5 },
                            &s.t.a, &hits, &count, &why),
               &why);
    assert_int_equal(count, 0);
    assert_string_equal(best(s.c, &s.t, "  ", &count), "magnesium");
    assert_int_equal(count, 2);
    stocked_close(&s);
}

static void odd_signs_in_a_search_are_never_syntax(void **state)
{
    struct stocked s;
    static const char *const odd[] = { "\"",
                                       "\"\"\"",
                                       "*",
                                       "magnes*\"",
                                       "NEAR(",
                                       "a AND",
                                       "OR",
                                       "NOT x",
                                       "^",
                                       "title:magnesium",
                                       "{}",
                                       "-",
                                       "(",
                                       "%n%s",
                                       "\x01\x02",
                                       "\xff\xfe",
                                       "';drop table doc;--",
                                       "AND AND",
                                       "«»",
                                       "+ +" };
    char huge[4097];
    size_t count = 0;

    (void)state;
    stocked_open(&s);
    for (size_t i = 0; i < COUNT_OF(odd); i++)
        (void)best(s.c, &s.t, odd[i], &count);
    memset(huge, 'm', sizeof huge - 1);
    huge[sizeof huge - 1] = '\0';
    assert_string_equal(best(s.c, &s.t, huge, &count), "");
    assert_string_equal(best(s.c, &s.t, "\"magnesium\" (ribbon)", &count), "magnesium");
    stocked_close(&s);
}

static void folder_school(struct content_folder *f)
{
    folder_put(f, "school/school.json",
               "{\"id\":\"ex\",\"name\":\"Example Academy\",\"room\":\"Prep\"}");
    folder_put(
        f, "school/items.csv",
        "label,kind,name,detail,room,shelf,maker,model,serial\n"
        "EXA-1,cooker,Cooker 1,\"6 L, steel\",Prep,B2,,,\nEXA-2,cooker,Cooker 2,,Prep,B10,,,\n");
    folder_put(f, "school/people.csv", "name,role,badge,pin\nAda Example,technician,B-1,402917\n");
    folder_put(f, "school/checks.csv",
               "label,form,days_ago,outcome,person,reason\n"
               "EXA-1,week,3,pass,Ada Example,\nEXA-2,week,1,quarantine,Ada Example,Valve\n");
}

static void seed(struct content *c, struct support_store *t, size_t want)
{
    const struct clock_options options = { .now = "2026-11-22T10:42:00Z" };
    struct clock *clock = NULL;
    struct why why = { 0 };
    size_t lines = 99;

    support_ok(clock_new(&options, &clock, &why), &why);
    support_ok(content_seed(c, &t->s, clock, &lines, &why), &why);
    assert_int_equal(lines, want);
    clock_free(clock);
}

static void example_school_is_recorded_once_and_alike_on_two_kiosks(void **state)
{
    struct content_folder f;
    struct support_store t;
    struct support_store u;
    struct support_lines l = { 0 };
    struct content *c;
    struct item *items = NULL;
    struct person person = { 0 };
    struct status status = { 0 };
    enum pin_answer answer = PIN_NONE;
    int wait_s = 0;
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    support_open(&t);
    support_open(&u);
    folder_open(&f);
    folder_school(&f);
    c = folder_content(&f, &t);
    seed(c, &t, 7);
    seed(c, &t, 0);
    seed(c, &u, 7);
    support_ok(query_badge(&t.s, "B-1", &t.a, &person, &why), &why);
    assert_string_equal(person.name, "Ada Example");
    support_give_names(&u, &t);
    support_take_lines(&u, &l);
    assert_int_equal(support_give(&t, &l), 7);
    support_ok(query_items(&t.s, "", &t.a, &items, &count, &why), &why);
    assert_int_equal(count, 2);
    assert_false(items[0].clash || items[1].clash);
    support_ok(query_status(&t.s, c, &items[0], 20779, &t.a, &status, &why), &why);
    assert_int_equal(status.cycles[0].days, 4);
    support_ok(query_status(&t.s, c, &items[1], 20779, &t.a, &status, &why), &why);
    assert_int_equal(status.use, USE_DO_NOT);
    support_ok(query_badge(&t.s, "B-1", &t.a, &person, &why), &why);
    support_ok(store_try_pin(&t.s, support_now(0), person.id, "402917", &answer, &wait_s, &why),
               &why);
    assert_int_equal(answer, PIN_RIGHT);
    support_free_lines(&l);
    content_close(c);
    folder_close(&f);
    support_close(&u);
    support_close(&t);
}

static enum pin_answer pin_of(struct support_store *t, const char *badge, const char *pin)
{
    struct person person = { 0 };
    enum pin_answer answer = PIN_NONE;
    int wait_s = 0;
    struct why why = { 0 };

    support_ok(query_badge(&t->s, badge, &t->a, &person, &why), &why);
    support_ok(store_try_pin(&t->s, support_now(0), person.id, pin, &answer, &wait_s, &why), &why);
    return answer;
}

static void pins_of_the_example_school_are_set_once_and_after_the_records(void **state)
{
    const struct clock_options options = { .now = "2026-11-22T10:42:00Z" };
    struct content_folder f;
    struct support_store t;
    struct content *c;
    struct clock *clock = NULL;
    struct person person = { 0 };
    struct why why = { 0 };
    size_t lines = 0;

    (void)state;
    support_open(&t);
    folder_open(&f);
    folder_school(&f);
    folder_put(&f, "school/people.csv",
               "name,role,badge,pin\nAda Example,technician,B-1,402917\n"
               "Bo Example,teacher,B-2,685302\nCy Example,teacher,B-3,\n");
    c = folder_content(&f, &t);
    support_ok(clock_new(&options, &clock, &why), &why);
    support_ok(content_seed_pins(c, &t.s, &why), &why); /* no school yet: nothing waits */
    support_ok(content_seed_records(c, &t.s, clock, &lines, &why), &why);
    assert_int_equal(pin_of(&t, "B-1", "402917"), PIN_NONE);
    /* One of them chose another before. */
    support_ok(query_badge(&t.s, "B-2", &t.a, &person, &why), &why);
    support_ok(store_set_pin(&t.s, person.id, "719024", &why), &why);
    support_ok(content_seed_pins(c, &t.s, &why), &why);
    assert_int_equal(pin_of(&t, "B-1", "402917"), PIN_RIGHT);
    assert_int_equal(pin_of(&t, "B-2", "719024"), PIN_RIGHT);
    assert_int_equal(pin_of(&t, "B-3", "402917"), PIN_NONE);
    /* Nothing waits any more: what a person chose later stays. */
    support_ok(query_badge(&t.s, "B-1", &t.a, &person, &why), &why);
    support_ok(store_set_pin(&t.s, person.id, "530861", &why), &why);
    support_ok(content_seed_pins(c, &t.s, &why), &why);
    assert_int_equal(pin_of(&t, "B-1", "530861"), PIN_RIGHT);
    clock_free(clock);
    content_close(c);
    folder_close(&f);
    support_close(&t);
}

static void faulty_school_records_nothing_and_names_the_row(void **state)
{
    const struct clock_options options = { .now = "2026-11-22T10:42:00Z" };
    struct content_folder f;
    struct support_store t;
    struct content *c;
    struct clock *clock = NULL;
    struct sync_facts facts = { 0 };
    struct why why = { 0 };
    size_t lines = 0;

    (void)state;
    support_open(&t);
    folder_open(&f);
    folder_school(&f);
    folder_put(&f, "school/checks.csv",
               "label,form,days_ago,outcome,person,reason\nEXA-1,week,3,grand,Ada Example,\n");
    c = folder_content(&f, &t);
    support_ok(clock_new(&options, &clock, &why), &why);
    assert_int_equal(content_seed(c, &t.s, clock, &lines, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "school/checks.csv: row 2"));
    support_ok(query_sync(&t.s, &t.a, &facts, &why), &why);
    assert_int_equal(facts.saved, 0);
    clock_free(clock);
    content_close(c);
    folder_close(&f);
    support_close(&t);
}

/* What the project brings: everything in it is read without a fault, and the school is recorded. */
static void sample_content_is_clean_and_opens_again_without_being_read(void **state)
{
    const char *source = getenv("CANNY_SOURCE");
    struct support_store t;
    struct content *c;
    const char *const *faults = NULL;
    const struct clock_options options = { .now = "2026-11-22T10:42:00Z" };
    struct clock *clock = NULL;
    char dir[512];
    struct why why = { 0 };
    int64_t before_ms;
    size_t lines = 0;
    size_t forms = 0;

    (void)state;
    (void)str_format(dir, sizeof dir, "%s/assets/content", source == NULL ? "." : source);
    support_open(&t);
    c = reopen(&t, dir);
    if (content_faults(c, &faults) > 0)
        fail_msg("%s", faults[0]);
    content_close(c);
    before_ms = clock_mono_ms();
    c = reopen(&t, dir);
    print_message("opened again in %lld ms\n", (long long)(clock_mono_ms() - before_ms));
    assert_true(content_forms(c, &forms) != NULL && forms >= 3);
    support_ok(clock_new(&options, &clock, &why), &why);
    support_ok(content_seed(c, &t.s, clock, &lines, &why), &why);
    assert_true(lines > 20);
    clock_free(clock);
    content_close(c);
    support_close(&t);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(file_of_100_mb_is_told_and_the_others_are_taken),
        cmocka_unit_test(kinds_forms_and_documents_are_read_and_kept_without_the_folder),
        cmocka_unit_test(faulty_form_is_told_and_its_earlier_version_stays),
        cmocka_unit_test(form_that_moved_to_another_file_is_not_shut_out_by_its_old_copy),
        cmocka_unit_test(missing_folder_and_damaged_cache_are_told_or_mended),
        cmocka_unit_test(search_finds_by_title_keyword_beginning_accent_and_slip),
        cmocka_unit_test(odd_signs_in_a_search_are_never_syntax),
        cmocka_unit_test(example_school_is_recorded_once_and_alike_on_two_kiosks),
        cmocka_unit_test(pins_of_the_example_school_are_set_once_and_after_the_records),
        cmocka_unit_test(faulty_school_records_nothing_and_names_the_row),
        cmocka_unit_test(sample_content_is_clean_and_opens_again_without_being_read),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
