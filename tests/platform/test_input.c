#include "platform/input_sdl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/attr.h"

static SDL_Event finger(Uint32 type, SDL_FingerID id, float x, float y)
{
    SDL_Event e = { .type = type };
    e.tfinger.type = type;
    e.tfinger.fingerId = id;
    e.tfinger.x = x;
    e.tfinger.y = y;
    return e;
}

static SDL_Event button(Uint32 type, Uint32 which, int x, int y)
{
    SDL_Event e = { .type = type };
    e.button.type = type;
    e.button.which = which;
    e.button.button = SDL_BUTTON_LEFT;
    e.button.x = x;
    e.button.y = y;
    return e;
}

static void a_finger_is_told_in_px(void **state)
{
    (void)state;
    struct input_state in = { .w = 800, .h = 480 };
    struct input_event out;
    SDL_Event e = finger(SDL_FINGERDOWN, 5, 0.5f, 0.25f);
    assert_true(input_from_sdl(&in, &e, &out));
    assert_int_equal(out.kind, INPUT_PRESS);
    assert_int_equal(out.x, 400);
    assert_int_equal(out.y, 120);
    e = finger(SDL_FINGERMOTION, 5, 0.75f, 0.25f);
    assert_true(input_from_sdl(&in, &e, &out));
    assert_int_equal(out.kind, INPUT_MOVE);
    assert_int_equal(out.x, 600);
    e = finger(SDL_FINGERUP, 5, 0.75f, 0.5f);
    assert_true(input_from_sdl(&in, &e, &out));
    assert_int_equal(out.kind, INPUT_RELEASE);
    assert_int_equal(out.y, 240);
}

static void a_second_finger_cancels_and_nothing_follows_until_all_are_up(void **state)
{
    (void)state;
    struct input_state in = { .w = 800, .h = 480 };
    struct input_event out;
    SDL_Event e = finger(SDL_FINGERDOWN, 1, 0, 0);
    assert_true(input_from_sdl(&in, &e, &out));
    e = finger(SDL_FINGERDOWN, 2, 0, 0);
    assert_true(input_from_sdl(&in, &e, &out));
    assert_int_equal(out.kind, INPUT_CANCEL);
    e = finger(SDL_FINGERMOTION, 1, 0.5f, 0);
    assert_false(input_from_sdl(&in, &e, &out));
    e = finger(SDL_FINGERUP, 1, 0, 0);
    assert_false(input_from_sdl(&in, &e, &out));
    e = finger(SDL_FINGERDOWN, 3, 0, 0);
    assert_false(input_from_sdl(&in, &e, &out));
    e = finger(SDL_FINGERUP, 2, 0, 0);
    assert_false(input_from_sdl(&in, &e, &out));
    e = finger(SDL_FINGERUP, 3, 0, 0);
    assert_false(input_from_sdl(&in, &e, &out));
    e = finger(SDL_FINGERDOWN, 4, 0, 0);
    assert_true(input_from_sdl(&in, &e, &out));
    assert_int_equal(out.kind, INPUT_PRESS);
}

static void the_mouse_that_sdl_makes_of_a_touch_is_not_a_second_press(void **state)
{
    (void)state;
    struct input_state in = { .w = 800, .h = 480 };
    struct input_event out;
    SDL_Event e = button(SDL_MOUSEBUTTONDOWN, SDL_TOUCH_MOUSEID, 3, 4);
    assert_false(input_from_sdl(&in, &e, &out));
    e = button(SDL_MOUSEBUTTONDOWN, 0, 3, 4);
    assert_true(input_from_sdl(&in, &e, &out));
    assert_int_equal(out.kind, INPUT_PRESS);
    assert_int_equal(out.x, 3);
    e = button(SDL_MOUSEBUTTONUP, 0, 9, 4);
    assert_true(input_from_sdl(&in, &e, &out));
    assert_int_equal(out.kind, INPUT_RELEASE);
    e = button(SDL_MOUSEBUTTONUP, 0, 9, 4);
    assert_false(input_from_sdl(&in, &e, &out));
}

static void a_press_is_cancelled_when_the_window_loses_the_focus(void **state)
{
    (void)state;
    struct input_state in = { .w = 800, .h = 480 };
    struct input_event out;
    SDL_Event e = button(SDL_MOUSEBUTTONDOWN, 0, 3, 4);
    assert_true(input_from_sdl(&in, &e, &out));
    SDL_Event lost = { .type = SDL_WINDOWEVENT };
    lost.window.event = SDL_WINDOWEVENT_FOCUS_LOST;
    assert_true(input_from_sdl(&in, &lost, &out));
    assert_int_equal(out.kind, INPUT_CANCEL);
    assert_false(input_from_sdl(&in, &lost, &out));
}

static void keys_and_text_pass_and_other_keys_do_not(void **state)
{
    (void)state;
    struct input_state in = { .w = 800, .h = 480 };
    struct input_event out;
    SDL_Event e = { .type = SDL_KEYDOWN };
    e.key.keysym.sym = SDLK_KP_ENTER;
    assert_true(input_from_sdl(&in, &e, &out));
    assert_int_equal(out.kind, INPUT_KEY);
    assert_int_equal(out.key, KEY_ENTER);
    e.key.keysym.sym = SDLK_a;
    assert_false(input_from_sdl(&in, &e, &out));
    SDL_Event typed = { .type = SDL_TEXTINPUT };
    memcpy(typed.text.text, "\xC3\xA5", 3);
    assert_true(input_from_sdl(&in, &typed, &out));
    assert_string_equal(out.text, "\xC3\xA5");
    SDL_Event wheel = { .type = SDL_MOUSEWHEEL };
    wheel.wheel.y = -2;
    assert_true(input_from_sdl(&in, &wheel, &out));
    assert_int_equal(out.dy, 2); /* turned towards the user: the content moves up */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finger_is_told_in_px),
        cmocka_unit_test(a_second_finger_cancels_and_nothing_follows_until_all_are_up),
        cmocka_unit_test(the_mouse_that_sdl_makes_of_a_touch_is_not_a_second_press),
        cmocka_unit_test(a_press_is_cancelled_when_the_window_loses_the_focus),
        cmocka_unit_test(keys_and_text_pass_and_other_keys_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
