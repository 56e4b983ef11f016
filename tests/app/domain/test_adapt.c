#include "tests/app/domain/adapt_rig.h"

/* What each kind of change does, both ways. Add: text NULL takes the line away. */
struct edit {
    const char *key, *path, *text;
    double amount;
    enum adapt_effect effect;
};

static enum err edit_make(struct rig *r, const struct edit *e)
{
    enum assessment_mode mode = ASSESSMENT_PUPILS;

    if (e->key != NULL)
        return adapt_add(&r->a, &r->x, e->key, e->text, e->path, &r->why);
    if (e->amount > 0)
        return adapt_amount(&r->a, &r->x, e->path, e->amount, &r->why);
    if (e->text == NULL)
        return adapt_remove(&r->a, &r->x, e->path, &r->why);
    if (strcmp(e->path, "mode") == 0) {
        assert_true(assessment_mode_read(e->text, &mode));
        return adapt_mode(&r->a, &r->x, mode, &r->why);
    }
    if (adapt_line_of(r->x.mine, e->path) == NULL)
        return adapt_add_path(&r->a, &r->x, e->path, e->text, &r->why);
    return adapt_text(&r->a, &r->x, e->path, e->text, &r->why);
}

static const struct edit edits[] = {
    /* Adding asks for more. */
    { "do_not", NULL, "Never run", 0, ADAPT_TIGHTENS },
    { "control", NULL, "Stand up while acid is out", 0, ADAPT_TIGHTENS },
    { "hazard", NULL, "The balance is mains powered", 0, ADAPT_TIGHTENS },
    { "emergency", NULL, "Glass breaks: nobody picks it up by hand", 0, ADAPT_TIGHTENS },
    { NULL, "ppe/m009", "m009", 0, ADAPT_TIGHTENS },
    { NULL, "sign/ghs05", "ghs05", 0, ADAPT_TIGHTENS },
    { NULL, "room/eyewash", "eyewash", 0, ADAPT_TIGHTENS },
    /* Taking away lets go. */
    { NULL, "do_not/1", NULL, 0, ADAPT_LOOSENS },
    { NULL, "control/1", NULL, 0, ADAPT_LOOSENS },
    { NULL, "control/2", NULL, 0, ADAPT_LOOSENS },
    { NULL, "stop_point/2", NULL, 0, ADAPT_LOOSENS },
    { NULL, "hazard/1", NULL, 0, ADAPT_LOOSENS },
    { NULL, "emergency/1", NULL, 0, ADAPT_LOOSENS },
    { NULL, "ppe/m004", NULL, 0, ADAPT_LOOSENS },
    { NULL, "sign/w001", NULL, 0, ADAPT_LOOSENS },
    { NULL, "room/sink", NULL, 0, ADAPT_LOOSENS },
    { NULL, "needs", NULL, 0, ADAPT_LOOSENS },
    /* Other words in a line's place may say anything. */
    { NULL, "do_not/1", "Never stopper the flask tightly", 0, ADAPT_METHOD },
    { NULL, "control/1", "Small volumes", 0, ADAPT_METHOD },
    { NULL, "if_wrong", "Tell the teacher.", 0, ADAPT_METHOD },
    { NULL, "who", "Anybody", 0, ADAPT_METHOD },
    { NULL, "emergency/1", "Acid in an eye: rinse", 0, ADAPT_METHOD },
    /* The method. */
    { "step", NULL, "Wipe the bench", 0, ADAPT_METHOD },
    { "prep", NULL, "Count the flasks", 0, ADAPT_METHOD },
    { NULL, "step/2", "Pour the acid on it slowly.", 0, ADAPT_METHOD },
    { NULL, "step/1", NULL, 0, ADAPT_METHOD },
    { NULL, "prep/1", NULL, 0, ADAPT_METHOD },
    { NULL, "disposal/1", NULL, 0, ADAPT_METHOD },
    { NULL, "quantity/1", "Flask: 2", 0, ADAPT_METHOD },
    { NULL, "equipment/balance", NULL, 0, ADAPT_METHOD },
    { NULL, "equipment/hotplate", "Hotplate", 0, ADAPT_METHOD },
    { NULL, "chemical/calcium-carbonate/conc", NULL, 0, ADAPT_METHOD },
    /* Numbers, both ways and to exactly the same. */
    { NULL, "chemical/hydrochloric-acid/conc", NULL, 0.5, ADAPT_TIGHTENS },
    { NULL, "chemical/hydrochloric-acid/conc", NULL, 1, ADAPT_NOTHING },
    { NULL, "chemical/hydrochloric-acid/conc", NULL, 1.0001, ADAPT_LOOSENS },
    { NULL, "chemical/hydrochloric-acid/conc", NULL, 2.8, ADAPT_LOOSENS }, /* another band */
    { NULL, "chemical/hydrochloric-acid/volume", NULL, 10, ADAPT_TIGHTENS },
    { NULL, "chemical/hydrochloric-acid/volume", NULL, 21, ADAPT_LOOSENS },
    { NULL, "groups", NULL, 9, ADAPT_TIGHTENS },
    { NULL, "groups", NULL, 10, ADAPT_NOTHING },
    { NULL, "groups", NULL, 11, ADAPT_LOOSENS },
    /* A disinfectant is no safer when it is weaker. */
    { NULL, "chemical/sodium-hypochlorite/conc", NULL, 0.5, ADAPT_LOOSENS },
    { NULL, "chemical/sodium-hypochlorite/conc", NULL, 2, ADAPT_LOOSENS },
    { NULL, "chemical/sodium-hypochlorite/volume", NULL, 50, ADAPT_LOOSENS },
    /* Who may do it. */
    { NULL, "mode", "demonstration", 0, ADAPT_TIGHTENS },
    { NULL, "mode", "staff", 0, ADAPT_TIGHTENS },
    { NULL, "mode", "pupils", 0, ADAPT_NOTHING },
};

static void each_change_tightens_loosens_or_changes_the_method(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(edits); i++) {
        enum adapt_effect effect;
        struct rig r;

        rig_open(&r, "");
        rig_ok(edit_make(&r, &edits[i]), &r.why);
        effect = rig_judge(&r);
        if (effect != edits[i].effect)
            fail_msg("case %zu (%s %s): %s", i, edits[i].path != NULL ? edits[i].path : "",
                     edits[i].text != NULL ? edits[i].text : "", adapt_effect_id(effect));
        assert_int_equal(adapt_needs_approval(effect),
                         effect == ADAPT_LOOSENS || effect == ADAPT_METHOD);
        rig_close(&r);
    }
}

static void demonstration_made_a_pupil_practical_loosens(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "");
    rig_read(&r, rig_other(&r, "mode: pupils", "mode: demonstration"));
    rig_ok(adapt_begin(&r.a, &r.m, "N4", &r.x, &r.why), &r.why);
    rig_ok(adapt_mode(&r.a, &r.x, ASSESSMENT_PUPILS, &r.why), &r.why);
    assert_int_equal(rig_judge(&r), ADAPT_LOOSENS);
    rig_close(&r);
}

static void added_line_that_lets_something_go_is_read_by_a_second_person(void **state)
{
    static const struct {
        const char *text;
        enum adapt_effect effect;
    } cases[] = {
        { "Goggles may be left off for the weighing", ADAPT_METHOD },
        { "Eye protection is optional here", ADAPT_METHOD },
        { "Use vinegar instead", ADAPT_METHOD },
        { "Use 2 mol/l acid", ADAPT_METHOD },
        { "Acid at 2M", ADAPT_METHOD },
        { "Never without goggles unless the teacher says so", ADAPT_METHOD },
        { "No goggles needed", ADAPT_METHOD },
        { "Never without goggles", ADAPT_TIGHTENS },
        { "Nobody may sit down while acid is out", ADAPT_TIGHTENS },
        { "No more than 1 mol/l acid in the room", ADAPT_TIGHTENS },
        { "Keep 2 metres from the screen", ADAPT_TIGHTENS },
        { "Put the scanner away", ADAPT_TIGHTENS },
        { "No goggles", ADAPT_METHOD },
        { "Goggles are not worn for the weighing", ADAPT_METHOD },
        { "Goggles only while it is heated", ADAPT_METHOD },
        { "Do not use the fume cupboard", ADAPT_METHOD },
        { "Fume cupboard off", ADAPT_METHOD },
        { "Never wait for the teacher", ADAPT_METHOD },
        { "Use 50 cm3 of ethanol", ADAPT_METHOD },
        { "Heat to 95 °C", ADAPT_METHOD },
        { "Turn the supply to 24 V", ADAPT_METHOD },
        { "Take the concentrated acid", ADAPT_METHOD },
        { "Pupils work unsupervised", ADAPT_METHOD },
        { "Do not take off goggles", ADAPT_TIGHTENS },
        { "No more than 20 cm3 in a flask", ADAPT_TIGHTENS },
        { "Never alone", ADAPT_TIGHTENS },
        { "Goggles on before the flask is opened", ADAPT_TIGHTENS },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rig r;

        rig_open(&r, "");
        rig_ok(adapt_add(&r.a, &r.x, "control", cases[i].text, NULL, &r.why), &r.why);
        if (rig_judge(&r) != cases[i].effect)
            fail_msg("%s", cases[i].text);
        rig_close(&r);
    }
}

static void note_that_lets_something_go_is_read_by_a_second_person(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "");
    r.x.note = "Bench 4 by the window";
    assert_int_equal(rig_judge(&r), ADAPT_NOTE);
    r.x.note = "Goggles are optional for this class";
    assert_int_equal(rig_judge(&r), ADAPT_METHOD);
    r.x.note = "Use 2 mol/l";
    assert_int_equal(rig_judge(&r), ADAPT_METHOD);
    rig_close(&r);
}

static void one_loosened_line_among_tightened_ones_decides(void **state)
{
    struct adapt_change *changes = NULL;
    size_t count = 0;
    struct rig r;

    (void)state;
    rig_open(&r, "");
    rig_ok(adapt_add(&r.a, &r.x, "control", "Stand up", NULL, &r.why), &r.why);
    rig_ok(adapt_amount(&r.a, &r.x, "chemical/hydrochloric-acid/conc", 0.4, &r.why), &r.why);
    assert_int_equal(rig_judge(&r), ADAPT_TIGHTENS);
    rig_ok(adapt_remove(&r.a, &r.x, "ppe/m004", &r.why), &r.why);
    assert_int_equal(rig_judge(&r), ADAPT_LOOSENS);
    rig_ok(adapt_diff(&r.a, r.x.base, r.x.mine, &changes, &count, &r.why), &r.why);
    assert_int_equal(count, 3);
    assert_string_equal(changes[0].path, "ppe/m004");
    assert_int_equal(changes[0].kind, ADAPT_REMOVE);
    assert_string_equal(adapt_change_words(&r.a, &changes[0]), "Taken away: Eye protection");
    assert_string_equal(adapt_change_words(&r.a, &changes[1]), "«1 mol/l» became «0.4 mol/l»");
    assert_string_equal(adapt_path_words(&r.a, changes[1].path), "Strength of hydrochloric acid");
    assert_string_equal(adapt_change_words(&r.a, &changes[2]), "Added: Stand up");
    assert_string_equal(adapt_path_words(&r.a, changes[2].path), "Control (added)");
    rig_close(&r);
}

static void steps_in_another_order_are_another_method(void **state)
{
    struct adapt_change *changes = NULL;
    size_t count = 0;
    struct rig r;

    (void)state;
    rig_open(&r, "");
    rig_ok(adapt_move(&r.a, &r.x, "step/1", 1, &r.why), &r.why);
    rig_ok(adapt_diff(&r.a, r.x.base, r.x.mine, &changes, &count, &r.why), &r.why);
    assert_int_equal(count, 1);
    assert_int_equal(changes[0].kind, ADAPT_MOVE);
    assert_int_equal(changes[0].effect, ADAPT_METHOD);
    assert_string_equal(adapt_change_words(&r.a, &changes[0]),
                        "«Pour the acid on it.» now comes before «Weigh the marble.»");
    rig_ok(adapt_move(&r.a, &r.x, "step/1", -1, &r.why), &r.why);
    assert_int_equal(rig_judge(&r), ADAPT_NOTHING);
    /* Neither out of its list nor over its end. */
    rig_ok(adapt_move(&r.a, &r.x, "step/1", -1, &r.why), &r.why);
    rig_ok(adapt_move(&r.a, &r.x, "step/3", 1, &r.why), &r.why);
    assert_int_equal(rig_judge(&r), ADAPT_NOTHING);
    rig_close(&r);
}

static void considerations_add_the_models_control_or_our_own(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "N5");
    rig_ok(adapt_tick(&r.a, &r.m, &r.x, "asthma", true, &r.why), &r.why);
    assert_string_equal(rig_text(&r, "consider/asthma/1"), "Seat them by the window");
    rig_ok(adapt_tick(&r.a, &r.m, &r.x, "epilepsy", true, &r.why), &r.why);
    assert_non_null(strstr(rig_text(&r, "consider/epilepsy/1"), "flickering"));
    assert_true(adapt_ticked(&r.x, "asthma"));
    assert_int_equal(rig_judge(&r), ADAPT_TIGHTENS);
    rig_ok(adapt_tick(&r.a, &r.m, &r.x, "asthma", true, &r.why), &r.why);
    assert_int_equal(r.x.tick_count, 2);
    rig_ok(adapt_tick(&r.a, &r.m, &r.x, "asthma", false, &r.why), &r.why);
    assert_string_equal(rig_text(&r, "consider/asthma/1"), "(none)");
    assert_int_equal(r.x.tick_count, 1);
    assert_int_equal(adapt_tick(&r.a, &r.m, &r.x, "flu", true, &r.why), ERR_INPUT);
    rig_close(&r);
}

static void no_consideration_of_our_own_needs_an_approval(void **state)
{
    size_t count = 0;
    const struct assessment_word *ticks = assessment_ticks(&count);
    struct rig r;

    (void)state;
    rig_open(&r, "N5");
    for (size_t i = 0; i < count; i++)
        rig_ok(adapt_tick(&r.a, &r.m, &r.x, ticks[i].id, true, &r.why), &r.why);
    assert_int_equal(r.x.tick_count, count);
    assert_int_equal(rig_judge(&r), ADAPT_TIGHTENS);
    rig_close(&r);
}

static void stage_sets_what_the_copy_is_measured_by(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "N4");
    assert_string_equal(rig_text(&r, "chemical/hydrochloric-acid/conc"), "0.5 mol/l");
    assert_int_equal(rig_judge(&r), ADAPT_NOTHING);
    /* What N5 may have loosens for N4. */
    rig_ok(adapt_amount(&r.a, &r.x, "chemical/hydrochloric-acid/conc", 1, &r.why), &r.why);
    assert_int_equal(rig_judge(&r), ADAPT_LOOSENS);
    rig_ok(adapt_rebase(&r.a, &r.m, "S2", &r.x, &r.why), &r.why);
    assert_string_equal(rig_text(&r, "mode"), "demonstration");
    assert_string_equal(r.x.stage, "S2");
    rig_ok(adapt_reset(&r.a, &r.x, "chemical/hydrochloric-acid/conc", &r.why), &r.why);
    assert_int_equal(rig_judge(&r), ADAPT_NOTHING);
    rig_ok(adapt_mode(&r.a, &r.x, ASSESSMENT_PUPILS, &r.why), &r.why);
    assert_int_equal(rig_judge(&r), ADAPT_LOOSENS);
    rig_close(&r);
}

static void demonstration_below_its_stages_loosens(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "");
    rig_read(&r, rig_other(&r, "mode: pupils", "mode: demonstration"));
    rig_ok(adapt_begin(&r.a, &r.m, "S1", &r.x, &r.why), &r.why);
    assert_string_equal(adapt_line_of(r.x.base, "stage")->text, "N4, N5");
    assert_string_equal(rig_text(&r, "stage"), "S1");
    assert_int_equal(rig_judge(&r), ADAPT_LOOSENS);
    rig_ok(adapt_begin(&r.a, &r.m, "H", &r.x, &r.why), &r.why);
    assert_int_equal(rig_judge(&r), ADAPT_NOTHING);
    rig_close(&r);
}

static void line_goes_back_to_the_models_and_to_its_place(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "N5");
    rig_ok(adapt_remove(&r.a, &r.x, "control/2", &r.why), &r.why);
    assert_string_equal(rig_text(&r, "stop_point/2"), "(none)");
    rig_ok(adapt_remove(&r.a, &r.x, "step/2", &r.why), &r.why);
    rig_ok(adapt_reset(&r.a, &r.x, "step/2", &r.why), &r.why);
    rig_ok(adapt_reset(&r.a, &r.x, "control/2", &r.why), &r.why);
    rig_ok(adapt_reset(&r.a, &r.x, "stop_point/2", &r.why), &r.why);
    assert_int_equal(rig_judge(&r), ADAPT_NOTHING);
    assert_true(adapt_same(r.x.base, r.x.mine));
    rig_ok(adapt_add(&r.a, &r.x, "control", "Stand up", NULL, &r.why), &r.why);
    rig_ok(adapt_reset(&r.a, &r.x, "control/+1", &r.why), &r.why);
    assert_true(adapt_same(r.x.base, r.x.mine));
    rig_close(&r);
}

static void edits_that_make_no_sense_change_nothing(void **state)
{
    char long_text[ADAPT_TYPED_MAX + 2];
    struct rig r;

    (void)state;
    memset(long_text, 'a', sizeof long_text);
    long_text[ADAPT_TYPED_MAX + 1] = '\0';
    rig_open(&r, "N5");
    assert_int_equal(adapt_add(&r.a, &r.x, "control", "", NULL, &r.why), ERR_INPUT);
    assert_int_equal(adapt_add(&r.a, &r.x, "control", "  ", NULL, &r.why), ERR_INPUT);
    assert_int_equal(adapt_add(&r.a, &r.x, "control", "a\nb", NULL, &r.why), ERR_INPUT);
    assert_int_equal(adapt_add(&r.a, &r.x, "control", long_text, NULL, &r.why), ERR_LIMIT);
    long_text[ADAPT_TYPED_MAX] = '\0';
    rig_ok(adapt_add(&r.a, &r.x, "control", long_text, NULL, &r.why), &r.why);
    rig_ok(adapt_remove(&r.a, &r.x, "control/+1", &r.why), &r.why);
    assert_int_equal(adapt_add(&r.a, &r.x, "mode", "anyone", NULL, &r.why), ERR_INPUT);
    assert_int_equal(adapt_add(&r.a, &r.x, "luck", "good", NULL, &r.why), ERR_INPUT);
    assert_int_equal(adapt_text(&r.a, &r.x, "mode", "anyone", &r.why), ERR_INPUT);
    assert_int_equal(adapt_text(&r.a, &r.x, "control/9", "x", &r.why), ERR_INPUT);
    assert_int_equal(adapt_remove(&r.a, &r.x, "mode", &r.why), ERR_INPUT);
    assert_int_equal(adapt_remove(&r.a, &r.x, "if_wrong", &r.why), ERR_INPUT);
    assert_int_equal(adapt_amount(&r.a, &r.x, "control/1", 3, &r.why), ERR_INPUT);
    assert_int_equal(adapt_amount(&r.a, &r.x, "groups", 0, &r.why), ERR_INPUT);
    assert_int_equal(adapt_amount(&r.a, &r.x, "chemical/hydrochloric-acid/conc", -1, &r.why),
                     ERR_INPUT);
    assert_int_equal(adapt_add_path(&r.a, &r.x, "ppe/", "x", &r.why), ERR_INPUT);
    assert_int_equal(adapt_add_path(&r.a, &r.x, "mode/x", "x", &r.why), ERR_INPUT);
    rig_ok(adapt_add(&r.a, &r.x, "do_not", "Never run", NULL, &r.why), &r.why);
    rig_ok(adapt_add(&r.a, &r.x, "do_not", "Never eat", NULL, &r.why), &r.why);
    assert_int_equal(adapt_add(&r.a, &r.x, "do_not", "Never drink", NULL, &r.why), ERR_LIMIT);
    rig_close(&r);
}

static void copy_can_be_signed_when_class_stage_day_and_room_are_in_order(void **state)
{
    char note[4 * ADAPT_NOTE_MAX];
    struct rig r;

    (void)state;
    rig_open(&r, "N5");
    assert_int_equal(adapt_fit(&r.x, false, RIG_TODAY, &r.why), ERR_INPUT);
    assert_string_equal(r.why.text, "Name the class");
    r.x.class_name = "5B1";
    r.x.stage = "";
    assert_int_equal(adapt_fit(&r.x, false, RIG_TODAY, &r.why), ERR_INPUT);
    r.x.stage = "N5";
    r.x.until = RIG_TODAY - 1;
    assert_int_equal(adapt_fit(&r.x, false, RIG_TODAY, &r.why), ERR_INPUT);
    r.x.until = RIG_TODAY;
    assert_int_equal(adapt_fit(&r.x, false, RIG_TODAY, &r.why), ERR_INPUT);
    assert_string_equal(r.why.text, "Not in this room: it has no Sink");
    rig_ok(adapt_room(&r.a, &r.x, "sink", true, &r.why), &r.why);
    assert_string_equal(adapt_room_missing(&r.x), "ventilation");
    rig_ok(adapt_room(&r.a, &r.x, "ventilation", true, &r.why), &r.why);
    rig_ok(adapt_fit(&r.x, false, RIG_TODAY, &r.why), &r.why);
    r.x.until = RIG_TODAY + ADAPT_DAYS_MAX;
    rig_ok(adapt_fit(&r.x, false, RIG_TODAY, &r.why), &r.why);
    r.x.until++;
    assert_int_equal(adapt_fit(&r.x, false, RIG_TODAY, &r.why), ERR_INPUT);
    r.x.until = RIG_TODAY;
    note[0] = '\0';
    for (size_t i = 0; i < ADAPT_NOTE_MAX; i++)
        (void)memcpy(note + 2 * i, "é", sizeof "é");
    r.x.note = note;
    rig_ok(adapt_fit(&r.x, false, RIG_TODAY, &r.why), &r.why);
    assert_int_equal(rig_judge(&r), ADAPT_NOTE);
    (void)memcpy(note + 2 * ADAPT_NOTE_MAX, "é", sizeof "é");
    assert_int_equal(adapt_fit(&r.x, false, RIG_TODAY, &r.why), ERR_INPUT);
    r.x.note = "";
    r.x.class_name = "";
    r.x.stage = "";
    rig_ok(adapt_fit(&r.x, true, RIG_TODAY, &r.why), &r.why);
    rig_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_change_tightens_loosens_or_changes_the_method),
        cmocka_unit_test(demonstration_made_a_pupil_practical_loosens),
        cmocka_unit_test(added_line_that_lets_something_go_is_read_by_a_second_person),
        cmocka_unit_test(note_that_lets_something_go_is_read_by_a_second_person),
        cmocka_unit_test(one_loosened_line_among_tightened_ones_decides),
        cmocka_unit_test(steps_in_another_order_are_another_method),
        cmocka_unit_test(considerations_add_the_models_control_or_our_own),
        cmocka_unit_test(no_consideration_of_our_own_needs_an_approval),
        cmocka_unit_test(stage_sets_what_the_copy_is_measured_by),
        cmocka_unit_test(demonstration_below_its_stages_loosens),
        cmocka_unit_test(line_goes_back_to_the_models_and_to_its_place),
        cmocka_unit_test(edits_that_make_no_sense_change_nothing),
        cmocka_unit_test(copy_can_be_signed_when_class_stage_day_and_room_are_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
