#include <math.h>

#include "tests/app/domain/adapt_rig.h"

enum { BODY_MAX = 256 * 1024 };

static const char *write_body(struct rig *r)
{
    struct json_out j;
    struct buf b;
    const char *text;

    buf_init(&b, BODY_MAX);
    json_out_init(&j, &b);
    json_out_object(&j, NULL);
    adapt_to_json(&r->x, &j);
    json_out_end_object(&j);
    rig_ok(buf_done(&b, &r->why), &r->why);
    text = arena_strdup(&r->a, b.data);
    buf_free(&b);
    assert_non_null(text);
    return text;
}

static enum err read_body(struct rig *r, const char *text, struct adaptation *out)
{
    const struct json *body = NULL;

    rig_ok(json_parse(&r->a, text, strlen(text), BODY_MAX, &body, &r->why), &r->why);
    return adapt_from_json(&r->a, body, out, &r->why);
}

static void adaptation_comes_back_from_json_as_it_was(void **state)
{
    struct adaptation back = { 0 };
    struct rig r;

    (void)state;
    rig_open(&r, "N4");
    r.x.class_name = "4C «b»";
    r.x.note = "Bench 3, with \"care\"";
    r.x.until = RIG_TODAY;
    rig_ok(adapt_tick(&r.a, &r.m, &r.x, "asthma", true, &r.why), &r.why);
    rig_ok(adapt_room(&r.a, &r.x, "sink", true, &r.why), &r.why);
    rig_ok(adapt_groups(&r.a, &r.x, 6, &r.why), &r.why);
    rig_ok(adapt_add(&r.a, &r.x, "control", "Stand up", NULL, &r.why), &r.why);
    rig_ok(adapt_amount(&r.a, &r.x, "chemical/hydrochloric-acid/conc", 0.1, &r.why), &r.why);
    rig_ok(adapt_remove(&r.a, &r.x, "sign/w001", &r.why), &r.why);
    rig_ok(adapt_move(&r.a, &r.x, "step/1", 1, &r.why), &r.why);
    rig_ok(read_body(&r, write_body(&r), &back), &r.why);
    assert_true(adapt_same(back.base, r.x.base));
    assert_true(adapt_same(back.mine, r.x.mine));
    for (size_t i = 0; i < back.mine.count; i++)
        assert_string_equal(back.mine.line[i].path, r.x.mine.line[i].path);
    assert_true(adapt_line_of(back.mine, "chemical/sodium-hypochlorite/conc")->both_ways);
    assert_string_equal(back.class_name, r.x.class_name);
    assert_string_equal(back.note, r.x.note);
    assert_string_equal(back.model, "c99");
    assert_string_equal(back.issuer, "Example issuer");
    assert_int_equal(back.revision, 1);
    assert_int_equal(back.groups, 6);
    assert_int_equal(back.until, RIG_TODAY);
    assert_true(adapt_ticked(&back, "asthma") && adapt_has_room(&back, "sink"));
    assert_string_equal(write_body(&r), (r.x = back, write_body(&r)));
    rig_close(&r);
}

static const char head[] = "{\"model\":\"m\",\"revision\":1,";

static void body_that_is_no_adaptation_is_refused(void **state)
{
    static const char *const bodies[] = {
        "{}",
        "{\"revision\":1,\"base\":[{\"path\":\"mode\",\"text\":\"x\"}],\"mine\":[0]}",
        ("{\"model\":\"m\",\"revision\":0,"
         "\"base\":[{\"path\":\"mode\",\"text\":\"x\"}],\"mine\":[0]}"),
        "+\"base\":[],\"mine\":[]}",
        "+\"base\":{},\"mine\":[0]}",
        "+\"base\":[0],\"mine\":[0]}",
        "+\"base\":[{\"path\":\"mode\",\"text\":\"x\"}],\"mine\":[1]}",
        "+\"base\":[{\"path\":\"mode\",\"text\":\"x\"}],\"mine\":[-1]}",
        "+\"base\":[{\"path\":\"mode\",\"text\":\"x\"}],\"mine\":[0,0]}",
        "+\"base\":[{\"path\":\"mode\",\"text\":\"x\"}],\"mine\":[\"mode\"]}",
        "+\"base\":[{\"path\":\"mode\",\"text\":\"x\"}],\"mine\":[0,{\"path\":\"mode\"}]}",
        "+\"base\":[{\"path\":\"luck/1\",\"text\":\"x\"}],\"mine\":[0]}",
        "+\"base\":[{\"path\":\"control/\",\"text\":\"x\"}],\"mine\":[0]}",
        "+\"base\":[{\"path\":\"con trol/1\",\"text\":\"x\"}],\"mine\":[0]}",
        "+\"base\":[{\"path\":\"mode\",\"text\":7}],\"mine\":[0]}",
        "+\"base\":[{\"path\":\"mode\",\"text\":\"a\\nb\"}],\"mine\":[0]}",
        "+\"base\":[{\"path\":\"groups\",\"text\":\"x\",\"amount\":-1}],\"mine\":[0]}",
        "+\"base\":[{\"path\":\"groups\",\"text\":\"x\",\"amount\":\"1\"}],\"mine\":[0]}",
        "+\"until\":\"2026-02-30\",\"base\":[{\"path\":\"mode\",\"text\":\"x\"}],\"mine\":[0]}",
        "+\"ticks\":[1],\"base\":[{\"path\":\"mode\",\"text\":\"x\"}],\"mine\":[0]}",
        "+\"ticks\":\"asthma\",\"base\":[{\"path\":\"mode\",\"text\":\"x\"}],\"mine\":[0]}",
        "+\"groups\":-1,\"base\":[{\"path\":\"mode\",\"text\":\"x\"}],\"mine\":[0]}",
    };
    struct rig r;

    (void)state;
    rig_open(&r, "");
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        struct adaptation x = { 0 };
        const char *text =
            bodies[i][0] == '+' ? arena_printf(&r.a, "%s%s", head, bodies[i] + 1) : bodies[i];

        if (read_body(&r, text, &x) != ERR_INPUT)
            fail_msg("case %zu: %s", i, bodies[i]);
        assert_null(x.model);
    }
    rig_close(&r);
}

static void most_lines_are_taken_and_one_more_is_not(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "");
    for (size_t lines = ADAPT_LINES_MAX; lines <= ADAPT_LINES_MAX + 1; lines++) {
        struct adaptation x;
        struct buf b;

        buf_init(&b, BODY_MAX);
        buf_printf(&b, "%s\"base\":[", head);
        for (size_t i = 1; i <= lines; i++)
            buf_printf(&b, "%s{\"path\":\"control/%zu\",\"text\":\"x\"}", i > 1 ? "," : "", i);
        buf_str(&b, "],\"mine\":[0]}");
        assert_int_equal(read_body(&r, b.data, &x), lines == ADAPT_LINES_MAX ? ERR_OK : ERR_LIMIT);
        buf_free(&b);
    }
    rig_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adaptation_comes_back_from_json_as_it_was),
        cmocka_unit_test(body_that_is_no_adaptation_is_refused),
        cmocka_unit_test(most_lines_are_taken_and_one_more_is_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
