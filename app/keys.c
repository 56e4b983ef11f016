#include "app/keys.h"

#include <string.h>

#include "platform/base/str.h"

/* Typing that was held back goes to the focused field, in pieces that fit an event. */
static void keys_typed(struct keys *keys, const char *text, int64_t ms)
{
    size_t len = strlen(text);
    size_t pos = 0;
    while (pos < len && keys->count < INPUT_EVENTS_MAX) {
        struct input_event *e = &keys->events[keys->count++];
        *e = (struct input_event){ .kind = INPUT_TEXT, .ms = ms };
        size_t used = 0;
        while (pos < len) {
            size_t next = pos;
            (void)utf8_next(text, len, &next);
            if (used + (next - pos) >= INPUT_TEXT_MAX)
                break;
            memcpy(e->text + used, text + pos, next - pos);
            used += next - pos;
            pos = next;
        }
    }
}

static void keys_verdict(struct app *app, struct keys *keys, enum wedge_verdict verdict,
                         const char *text, int64_t ms)
{
    if (verdict == WEDGE_TYPED)
        keys_typed(keys, text, ms);
    else if (verdict == WEDGE_SCAN)
        app_enter_code(app, text, strlen(text), SYM_NONE);
}

void keys_sort(struct app *app, const struct input_event *events, size_t count, struct keys *keys)
{
    const char *text = "";
    for (size_t i = 0; i < count && keys->count < INPUT_EVENTS_MAX; i++) {
        const struct input_event *e = &events[i];
        if (e->kind == INPUT_TEXT) {
            enum wedge_verdict v = wedge_text(&app->wedge, e->text, e->ms, &text);
            keys_verdict(app, keys, v, text, e->ms);
            continue;
        }
        if (e->kind == INPUT_KEY && e->key == KEY_ENTER) {
            bool pass = false;
            enum wedge_verdict v = wedge_enter(&app->wedge, e->ms, &text, &pass);
            keys_verdict(app, keys, v, text, e->ms);
            if (!pass || keys->count == INPUT_EVENTS_MAX)
                continue;
        }
        keys->events[keys->count++] = *e;
    }
    if (!app->burst) {
        enum wedge_verdict v = wedge_tick(&app->wedge, app->now.mono_ms, &text);
        keys_verdict(app, keys, v, text, app->now.mono_ms);
    }
}
