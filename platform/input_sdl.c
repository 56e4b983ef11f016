#include "platform/input_sdl.h"

#include "platform/base/attr.h"
#include "platform/base/str.h"

static const struct input_key_row {
    SDL_Keycode sdl;
    enum input_key key;
} input_keys[] = {
    { SDLK_BACKSPACE, KEY_BACKSPACE }, { SDLK_RETURN, KEY_ENTER },
    { SDLK_KP_ENTER, KEY_ENTER },      { SDLK_ESCAPE, KEY_ESCAPE },
    { SDLK_AC_BACK, KEY_ESCAPE },      { SDLK_TAB, KEY_TAB },
    { SDLK_LEFT, KEY_LEFT },           { SDLK_RIGHT, KEY_RIGHT },
    { SDLK_HOME, KEY_HOME },           { SDLK_END, KEY_END },
    { SDLK_PAGEUP, KEY_PAGE_UP },      { SDLK_PAGEDOWN, KEY_PAGE_DOWN },
};

static bool input_key(const SDL_KeyboardEvent *e, struct input_event *out)
{
    for (size_t i = 0; i < COUNT_OF(input_keys); i++) {
        if (input_keys[i].sdl == e->keysym.sym) {
            out->kind = INPUT_KEY;
            out->key = input_keys[i].key;
            return true;
        }
    }
    return false;
}

static bool input_cancel(struct input_state *in, struct input_event *out)
{
    if (!in->down)
        return false;

    in->down = false;
    out->kind = INPUT_CANCEL;
    return true;
}

static bool input_finger(struct input_state *in, const SDL_TouchFingerEvent *e,
                         struct input_event *out)
{
    out->x = (int)(e->x * (float)in->w);
    out->y = (int)(e->y * (float)in->h);
    if (e->type == SDL_FINGERDOWN) {
        in->fingers++;
        if (in->fingers > 1 || in->lost) {
            in->lost = true;
            return input_cancel(in, out);
        }
        in->finger = e->fingerId;
        in->down = true;
        out->kind = INPUT_PRESS;
        return true;
    }
    if (e->type == SDL_FINGERUP) {
        in->fingers = in->fingers > 0 ? in->fingers - 1 : 0;
        bool ours = in->down && e->fingerId == in->finger;
        if (in->fingers == 0)
            in->lost = false;
        if (ours)
            in->down = false;
        out->kind = INPUT_RELEASE;
        return ours;
    }
    out->kind = INPUT_MOVE;
    return in->down && e->fingerId == in->finger;
}

static bool input_button(struct input_state *in, const SDL_MouseButtonEvent *e,
                         struct input_event *out)
{
    /* SDL's own mouse made from touches would press everything twice. */
    if (e->which == SDL_TOUCH_MOUSEID || e->button != SDL_BUTTON_LEFT || in->fingers > 0)
        return false;

    bool press = e->type == SDL_MOUSEBUTTONDOWN;
    if (press == in->down)
        return false;
    in->down = press;
    out->kind = press ? INPUT_PRESS : INPUT_RELEASE;
    out->x = e->x;
    out->y = e->y;
    return true;
}

bool input_from_sdl(struct input_state *in, const SDL_Event *e, struct input_event *out)
{
    *out = (struct input_event){ 0 };
    switch (e->type) {
    case SDL_FINGERDOWN:
    case SDL_FINGERUP:
    case SDL_FINGERMOTION:
        return input_finger(in, &e->tfinger, out);
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        return input_button(in, &e->button, out);
    case SDL_MOUSEMOTION:
        out->kind = INPUT_MOVE;
        out->x = e->motion.x;
        out->y = e->motion.y;
        return in->down && in->fingers == 0 && e->motion.which != SDL_TOUCH_MOUSEID;
    case SDL_MOUSEWHEEL:
        out->kind = INPUT_WHEEL;
        out->dy = e->wheel.direction == SDL_MOUSEWHEEL_FLIPPED ? e->wheel.y : -e->wheel.y;
        (void)SDL_GetMouseState(&out->x, &out->y);
        return out->dy != 0;
    case SDL_TEXTINPUT:
        out->kind = INPUT_TEXT;
        return str_copy(out->text, sizeof(out->text), e->text.text) && out->text[0] != '\0';
    case SDL_KEYDOWN:
        return input_key(&e->key, out);
    case SDL_WINDOWEVENT:
        if (e->window.event == SDL_WINDOWEVENT_FOCUS_LOST ||
            e->window.event == SDL_WINDOWEVENT_HIDDEN ||
            e->window.event == SDL_WINDOWEVENT_MINIMIZED)
            return input_cancel(in, out);
        return false;
    default:
        return false;
    }
}
