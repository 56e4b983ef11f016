/* What reaches the screens: touches, keys, text, scans. Plain data, no SDL. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INPUT_TEXT_MAX = 32, INPUT_SCAN_MAX = 4096, INPUT_EVENTS_MAX = 64 };

enum input_kind {
    INPUT_PRESS,   /* finger or left button down at x, y */
    INPUT_MOVE,    /* moved while down */
    INPUT_RELEASE, /* up at x, y */
    INPUT_CANCEL,  /* the touch was lost (window left, second finger) */
    INPUT_WHEEL,   /* dy lines, positive = content moves up */
    INPUT_TEXT,    /* typed text, UTF-8 */
    INPUT_KEY,     /* a key without text */
};
enum input_key {
    KEY_NONE,
    KEY_BACKSPACE,
    KEY_ENTER,
    KEY_ESCAPE,
    KEY_TAB,
    KEY_LEFT,
    KEY_RIGHT,
    KEY_HOME,
    KEY_END,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN
};

struct input_event {
    enum input_kind kind;
    int64_t ms; /* monotonic */
    int x, y;   /* px */
    int dy;
    enum input_key key;
    char text[INPUT_TEXT_MAX]; /* NUL-terminated */
};
