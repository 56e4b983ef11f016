#include "app/store/site.h"

#include "tests/app/store/support.h"

static const char sync_tables[] =
    "create table if not exists sync_state(key text primary key, value text not null) without "
    "rowid;"
    "create table if not exists stick_receipt(member text primary key, at_ms integer not null,"
    " read_ms integer not null) without rowid";

static void site_open(struct support_store *t)
{
    struct why why = { 0 };
    support_open(t);
    support_ok(db_exec(&t->s.db, sync_tables, &why), &why);
}

static struct site_code admitted(struct support_store *by, struct support_store *to)
{
    struct site_code code;
    struct why why = { 0 };
    support_ok(site_admit(&by->s, support_now(1000), "p1", to->s.self.id, "Biology", "Our school",
                          "Chemistry", &code, &why),
               &why);
    return code;
}

static void give(struct support_store *from, struct support_store *to)
{
    struct support_lines l = { 0 };
    support_take_lines(from, &l);
    (void)support_give(to, &l);
    support_free_lines(&l);
}

static size_t kiosks(struct support_store *t, struct site_kiosk **out)
{
    size_t count = 0;
    struct why why = { 0 };
    support_ok(site_kiosks(&t->s, &t->a, out, &count, &why), &why);
    return count;
}

static void first_admission_founds_the_site_of_the_kiosks_own_key(void **state)
{
    struct support_store a;
    struct support_store b;
    struct site_kiosk *rows = NULL;
    struct site site;
    char id[KEYS_RANDOM_ID];
    struct why why = { 0 };

    (void)state;
    site_open(&a);
    site_open(&b);
    support_ok(site_read(&a.s, &a.a, &site, &why), &why);
    assert_string_equal("", site.id);
    assert_false(site.member);
    const struct site_code code = admitted(&a, &b);
    admission_site(id, a.s.self.id);
    assert_string_equal(id, code.site);
    assert_string_equal("Our school", code.name);
    assert_memory_equal(b.s.self.id, code.to, 8);
    support_ok(site_read(&a.s, &a.a, &site, &why), &why);
    assert_string_equal(id, site.id);
    assert_true(site.member);
    assert_int_equal(2, kiosks(&a, &rows));
    assert_true(rows[0].self);
    assert_true(rows[0].founder);
    assert_string_equal("Chemistry", rows[0].name);
    assert_string_equal("Biology", rows[1].name);
    assert_false(rows[1].revoked);
    assert_int_equal(0, rows[1].heard_ms);

    support_ok(site_join(&b.s, support_now(2000), &code, &why), &why);
    support_ok(site_read(&b.s, &b.a, &site, &why), &why);
    assert_string_equal(id, site.id);
    assert_string_equal(a.s.self.id, site.by);
    assert_false(site.member); /* the lines have yet to come */
    give(&a, &b);
    support_ok(site_read(&b.s, &b.a, &site, &why), &why);
    assert_true(site.member);
    support_close(&a);
    support_close(&b);
}

static void answer_for_another_kiosk_or_changed_or_old_is_refused_and_changes_nothing(void **state)
{
    struct support_store a;
    struct support_store b;
    struct support_store c;
    struct site_code bad;
    struct site site;
    struct why why = { 0 };

    (void)state;
    site_open(&a);
    site_open(&b);
    site_open(&c);
    const struct site_code code = admitted(&a, &b);
    assert_int_equal(ERR_DENIED, site_join(&c.s, support_now(0), &code, &why));
    assert_non_null(strstr(why.text, "for another kiosk"));
    bad = code;
    bad.at_ms++;
    assert_int_equal(ERR_DENIED, site_join(&b.s, support_now(0), &bad, &why));
    assert_non_null(strstr(why.text, "signature"));
    bad = code;
    bad.name[0] = 'X';
    assert_int_equal(ERR_DENIED, site_join(&b.s, support_now(0), &bad, &why));
    bad = code;
    (void)str_copy(bad.by, sizeof bad.by, c.s.self.id);
    assert_int_equal(ERR_DENIED, site_join(&b.s, support_now(0), &bad, &why));
    bad = code;
    bad.sig[0] = '\0';
    assert_int_equal(ERR_DENIED, site_join(&b.s, support_now(0), &bad, &why));
    const int64_t later = (int64_t)(SITE_ADMIT_DAYS + 1) * 86400000;
    assert_int_equal(ERR_INPUT, site_join(&b.s, support_now(later), &code, &why));
    assert_non_null(strstr(why.text, "old"));
    support_ok(site_read(&b.s, &b.a, &site, &why), &why);
    assert_string_equal("", site.id);
    /* A clock that nobody vouches for cannot say what is old. */
    struct clock_now untold = support_now(later);
    untold.trust = CLOCK_NONE;
    support_ok(site_join(&b.s, untold, &code, &why), &why);
    /* Once it belongs, another school's answer is refused. */
    const struct site_code other = admitted(&c, &b);
    assert_int_equal(ERR_CONFLICT, site_join(&b.s, support_now(0), &other, &why));
    support_close(&a);
    support_close(&b);
    support_close(&c);
}

static void admission_needs_a_person_a_key_and_a_kiosk_that_belongs(void **state)
{
    struct support_store a;
    struct support_store b;
    struct site_code code;
    struct why why = { 0 };

    (void)state;
    site_open(&a);
    site_open(&b);
    assert_int_equal(ERR_DENIED,
                     site_admit(&a.s, support_now(0), "", b.s.self.id, "B", "S", "A", &code, &why));
    assert_int_equal(ERR_CONFLICT, site_admit(&a.s, support_now(0), "p1", a.s.self.id, "B", "S",
                                              "A", &code, &why));
    assert_int_equal(ERR_INPUT,
                     site_admit(&a.s, support_now(0), "p1", "abc", "B", "S", "A", &code, &why));
    assert_int_equal(
        ERR_INPUT, site_admit(&a.s, support_now(0), "p1", b.s.self.id, "", "S", "A", &code, &why));
    /* All or nothing: what was refused founded nothing. */
    struct site site;
    support_ok(site_read(&a.s, &a.a, &site, &why), &why);
    assert_string_equal("", site.id);
    /* The second kiosk may admit a third once it has heard of itself. */
    code = admitted(&a, &b);
    support_ok(site_join(&b.s, support_now(0), &code, &why), &why);
    struct support_store c;
    site_open(&c);
    assert_int_equal(ERR_CONFLICT, site_admit(&b.s, support_now(0), "p1", c.s.self.id, "C", "S",
                                              "B", &code, &why));
    give(&a, &b);
    code = admitted(&b, &c);
    assert_string_equal("Our school", code.name);
    struct site_kiosk *rows = NULL;
    assert_int_equal(3, kiosks(&b, &rows));
    support_close(&a);
    support_close(&b);
    support_close(&c);
}

/* A admits B, B admits C: whichever lines come first. */
static void members_are_the_same_in_whatever_order_the_lines_came(void **state)
{
    struct support_store a;
    struct support_store b;
    struct support_store c;
    struct support_store forth;
    struct support_store back;
    struct support_lines l = { 0 };
    char one[KEYS_ID_TEXT];
    char two[KEYS_ID_TEXT];
    struct why why = { 0 };

    (void)state;
    site_open(&a);
    site_open(&b);
    site_open(&c);
    site_open(&forth);
    site_open(&back);
    const struct site_code code = admitted(&a, &b);
    support_ok(site_join(&b.s, support_now(0), &code, &why), &why);
    give(&a, &b);
    (void)admitted(&b, &c);
    support_take_lines(&b, &l);
    assert_true(l.count >= 3);
    for (size_t i = 0; i < l.count; i++) {
        const char *line = l.line[i];
        support_ok(store_ingest(&forth.s, support_now(5), &line, &l.len[i], 1, NULL, &why), &why);
        line = l.line[l.count - 1 - i];
        support_ok(
            store_ingest(&back.s, support_now(5), &line, &l.len[l.count - 1 - i], 1, NULL, &why),
            &why);
    }
    support_ok(store_digest(&forth.s, one, &why), &why);
    support_ok(store_digest(&back.s, two, &why), &why);
    assert_string_equal(one, two);
    struct site_member *rows = NULL;
    size_t count = 0;
    support_ok(site_members(&back.s.db, code.site, &back.a, 10, &rows, &count, &why), &why);
    assert_int_equal(3, count);
    for (size_t i = 0; i < count; i++)
        assert_true(rows[i].now);
    support_free_lines(&l);
    support_close(&a);
    support_close(&b);
    support_close(&c);
    support_close(&forth);
    support_close(&back);
}

/* A line that claims to be an admission, a founding or a revocation, without the signature for it. */
static void claims_without_a_signature_make_nobody_a_member(void **state)
{
    struct support_store a;
    struct support_store b;
    struct support_store z;
    struct site_kiosk *rows = NULL;
    char body[512];
    struct why why = { 0 };

    (void)state;
    site_open(&a);
    site_open(&b);
    site_open(&z);
    const struct site_code code = admitted(&a, &b);
    (void)str_format(body, sizeof body,
                     "{\"name\":\"Z\",\"site\":\"%s\",\"device\":\"%s\",\"admission\":\"{}.AAAA\"}",
                     code.site, z.s.self.id);
    const struct event_draft drafts[] = {
        { .kind = "kiosk.admitted", .subject = z.s.self.id, .body = body },
        { .kind = "kiosk.enrolled", .subject = z.s.self.id, .body = body },
        { .kind = "site.founded", .subject = code.site, .body = "{\"name\":\"Mine\"}" },
        { .kind = "kiosk.revoked", .subject = b.s.self.id, .body = body },
    };
    for (size_t i = 0; i < COUNT_OF(drafts); i++)
        support_ok(store_record(&z.s, support_now(1), &drafts[i], NULL, &why), &why);
    give(&z, &a);
    assert_int_equal(2, kiosks(&a, &rows));
    assert_false(rows[0].revoked);
    assert_false(rows[1].revoked);
    support_close(&a);
    support_close(&b);
    support_close(&z);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_admission_founds_the_site_of_the_kiosks_own_key),
        cmocka_unit_test(answer_for_another_kiosk_or_changed_or_old_is_refused_and_changes_nothing),
        cmocka_unit_test(admission_needs_a_person_a_key_and_a_kiosk_that_belongs),
        cmocka_unit_test(members_are_the_same_in_whatever_order_the_lines_came),
        cmocka_unit_test(claims_without_a_signature_make_nobody_a_member),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
