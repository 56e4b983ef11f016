/* The touch toolkit: input in; a draw list and a widget tree out. Pure: no SDL, no clock, no I/O.
   Immediate: a screen calls widgets each frame with rectangles it cut; a widget returns true on the frame in
   which it was tapped (pressed and released inside). All ordinary sizes are in millimetres.

   Layout is by cutting: take a strip off a rectangle and go on with the rest.
       struct rect page = ui_page(ui);
       struct rect bar = ui_cut_top(&page, ui_mm(ui, 12));
       if (ui_button(ui, ui_cut_right(&bar, ui_mm(ui, 30)), "save", "Save", ICON_CHECK, UI_PRIMARY)) ...

   Ids: each widget has an id unique among its siblings; ui_push/ui_pop make the path ("/check/sign"). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/draw.h"
#include "platform/input.h"

enum { UI_DEPTH_MAX = 12, UI_NODES_MAX = 4096, UI_ID_MAX = 160, UI_FIELD_TEXT_MAX = 2048 };

/* The widget tree that every frame leaves behind: what taps, tests, audit and demos use. */
enum ui_role {
    ROLE_SCREEN,
    ROLE_GROUP,
    ROLE_ROW,
    ROLE_TEXT,
    ROLE_HEADING,
    ROLE_BUTTON,
    ROLE_CHOICE,
    ROLE_FIELD,
    ROLE_KEY,
    ROLE_BADGE,
    ROLE_BANNER,
    ROLE_PICTURE,
    ROLE_SCROLL,
    ROLE_PROGRESS
};
enum ui_state {
    STATE_DISABLED = 1,
    STATE_SELECTED = 2,
    STATE_FOCUSED = 4,
    STATE_PRESSED = 8,
    STATE_PRIMARY = 16,
    STATE_DESTRUCTIVE = 32,
    STATE_ICON = 64 /* an icon stands with the words */,
    STATE_CLIPPED = 128 /* text did not fit and was shortened */,
    STATE_STATUS = 256, /* carries a meaning by colour (badge, banner, verdict) */
    /* Inside a scroll area but scrolled out of view: seen is empty, see ui_scroll_into_view. */
    STATE_OFFPAGE = 512,
};
struct ui_node {
    const char *path; /* "/item/start" */
    int parent;       /* index, -1 for the screen */
    enum ui_role role;
    const char *label; /* the words on it, as a person reads them */
    struct rect r;     /* as laid out */
    struct rect seen;  /* the part inside all clips */
    unsigned state;
    color ink, paper; /* of its text; for contrast */
    int text_px;      /* em size of its text, 0 without */
    bool target;      /* takes taps */
};
struct ui_tree {
    struct ui_node *nodes; /* [0] is the screen */
    size_t count;
    bool full; /* more widgets than UI_NODES_MAX: the rest are missing, which audit reports */
};

struct ui_scale {
    double px_per_mm_x, px_per_mm_y; /* of the panel */
    bool large;                      /* large mode */
};

struct ui; /* opaque; lives across frames */
struct ui *
ui_new(const struct draw_measure *measure); /* measure borrowed for its life; NULL: no memory */
void ui_free(struct ui *ui);

/* One frame. The list and tree are valid until the next ui_begin. */
struct ui_frame {
    int w, h;
    struct ui_scale scale;
    int64_t ms; /* for cursor and repeat; the same value gives the same picture */
    const struct input_event *events;
    size_t event_count;
    const char *screen; /* id of the screen; a change of it drops focus and press */
};
void ui_begin(struct ui *ui, const struct ui_frame *frame);
void ui_end(struct ui *ui, const struct draw_list **out_list, const struct ui_tree **out_tree);
/* True when something inside needs one more frame without new input (focus moved, a press ended,
   keyboard opened). */
bool ui_again(const struct ui *ui);
struct arena *
ui_arena(struct ui *ui); /* the frame's arena, for strings that live until the next ui_begin */
/* printf into the frame's arena; "" when it is full. */
char *ui_text_f(struct ui *ui, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Sizes. */
int ui_mm(const struct ui *ui, double mm); /* horizontal px of so many millimetres, rounded up */
int ui_mm_y(const struct ui *ui, double mm);
struct rect
ui_page(const struct ui *ui); /* the whole screen, less the on-screen keyboard when it is open */
bool ui_portrait(const struct ui *ui);
bool ui_small(const struct ui *ui); /* a 7-inch panel: fewer things on a page */
enum ui_size {
    SIZE_BODY,
    SIZE_SMALL /* still 2.4 mm capitals, secondary words */,
    SIZE_TITLE,
    SIZE_BIG /* status word */,
    SIZE_HUGE
};
/* The em in px; body capitals are 3 mm high (6.1 in large mode). */
int ui_px(const struct ui *ui, enum ui_size size);
int ui_gap(const struct ui *ui); /* 3 mm: between targets */

/* Cutting. Negative results are clamped to nothing. */
struct rect ui_cut_top(struct rect *r, int h);
struct rect ui_cut_bottom(struct rect *r, int h);
struct rect ui_cut_left(struct rect *r, int w);
struct rect ui_cut_right(struct rect *r, int w);
struct rect ui_inset(struct rect r, int dx, int dy);
struct rect ui_col(struct rect r, int index, int count, int gap); /* equal columns */
struct rect ui_row(struct rect r, int index, int count, int gap);

/* Tree and ids. */
void ui_push(struct ui *ui, const char *id, enum ui_role role, const char *label, struct rect r);
void ui_pop(struct ui *ui);

/* Words. Kinds carry colour, weight and icon; see theme.h. */
enum ui_tone {
    TONE_PLAIN,
    TONE_MUTED,
    TONE_GOOD /* In date */,
    TONE_DUE,
    TONE_LATE /* overdue: solid brown */,
    TONE_BAD /* Do not use */,
    TONE_INFO,
    TONE_ON_DARK,
    TONE_ACCENT,
    TONE_OFFLINE /* grey: no network is nobody's fault */
};
enum ui_align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };

/* One line, vertically centred in r, shortened with … when it does not fit (marks STATE_CLIPPED).
   Returns its width. */
int ui_label(struct ui *ui, struct rect r, const char *id, const char *text, enum ui_size size,
             enum draw_font font, enum ui_tone tone, enum ui_align align);
/* Wrapped, from the top of r; returns the height used. Past r's bottom, lines are not drawn and it
   is clipped. */
int ui_para(struct ui *ui, struct rect r, const char *id, const char *text, enum ui_size size,
            enum draw_font font, enum ui_tone tone);
int ui_para_height(const struct ui *ui, int width, const char *text, enum ui_size size,
                   enum draw_font font);
int ui_text_width(const struct ui *ui, const char *text, enum ui_size size, enum draw_font font);
int ui_line_height(const struct ui *ui, enum ui_size size);

/* Rich text for the reader: runs of one paragraph, wrapped. ink per run by style. Returns height;
   measures only when draw is false. Blanks at a line's begin are kept in FONT_MONO alone. */
enum ui_script { SCRIPT_NONE, SCRIPT_SUB /* low and small, as in H2O */, SCRIPT_SUP };
struct ui_run {
    const char *text;
    size_t len;
    enum draw_font font;
    enum ui_tone tone;
    bool underline;
    enum ui_script script;
};
int ui_runs(struct ui *ui, struct rect r, const char *id, const struct ui_run *runs, size_t count,
            enum ui_size size, bool draw);

/* The width of runs if they stood on one line, and of their longest word. */
int ui_runs_width(const struct ui *ui, const struct ui_run *runs, size_t count, enum ui_size size,
                  int *out_longest_word);

/* Boxes and pictures. */
enum ui_card {
    CARD_PLAIN,
    CARD_GOOD,
    CARD_DUE,
    CARD_BAD,
    CARD_BAD_SOLID,
    CARD_INFO,
    CARD_DARK,
    CARD_SELECTED,
    CARD_LATE,
    CARD_GOOD_SOLID,
    CARD_ACCENT /* solid teal: the main one of several tiles */
};
/* Paper with border and round corners. */
void ui_card(struct ui *ui, struct rect r, enum ui_card kind);
void ui_line(struct ui *ui, struct rect r); /* a hairline rule, as high as r */
/* Centred glyph filling r's height. */
void ui_icon(struct ui *ui, struct rect r, uint32_t icon, enum ui_tone tone);
void ui_picture(struct ui *ui, struct rect r, const char *id, const char *label,
                const struct draw_luma *luma);
void ui_svg(struct ui *ui, struct rect r, const char *id, const char *label, const char *file);
/* An outline. */
void ui_frame_box(struct ui *ui, struct rect r, color border, int border_px, int radius);

/* Taps. Return true on the frame of the release inside. */
enum ui_look {
    UI_PLAIN,
    UI_PRIMARY,
    UI_DESTRUCTIVE,
    UI_QUIET /* words without a box, underlined */,
    UI_ON_DARK /* white outline */,
    UI_CHIP /* rounded, for the bar */,
    UI_ICON /* the icon alone, no box; the label is its name */
};
bool ui_button(struct ui *ui, struct rect r, const char *id, const char *label, uint32_t icon,
               enum ui_look look);
/* Disabled: a tap shows why as a toast; always false. */
bool ui_button_off(struct ui *ui, struct rect r, const char *id, const char *label, uint32_t icon,
                   const char *why);
/* Looks disabled, as ui_button_off, but says itself what a tap does: true when it was tapped. For a button that leads to
   what is still missing. */
bool ui_button_wait(struct ui *ui, struct rect r, const char *id, const char *label, uint32_t icon);
/* A card that is a button: title, words under it, icon, an optional badge; as the home tiles and
   list rows. */
struct ui_tile {
    const char *id, *title, *words; /* words may be NULL */
    uint32_t icon;                  /* 0: none */
    const char *badge;              /* NULL: none */
    enum ui_tone badge_tone;
    enum ui_card card;
    bool tall;         /* icon and badge above, words below (home); else one row */
    const char *right; /* row: words at the right end, e.g. a date */
    /* Row: the title and the words as runs, with what was sought in bold. They say the same as title and
       words, which stay what the tree and the measuring know. */
    const struct ui_run *title_runs, *words_runs;
    size_t title_run_count, words_run_count;
};
bool ui_tile(struct ui *ui, struct rect r, const struct ui_tile *tile);
/* Natural height as a row. */
int ui_tile_height(const struct ui *ui, int width, const struct ui_tile *tile);

/* Pass | Fail | N/A or any few choices, side by side. Returns the index tapped, -1 otherwise. */
struct ui_option {
    const char *id, *label;
    enum ui_tone tone; /* GOOD and BAD get icon and colour; PLAIN */
    bool selected;
};
int ui_segments(struct ui *ui, struct rect r, const char *id, const struct ui_option *options,
                size_t count);

/* Status words: icon + word + colour. Returns the badge's width; right-aligned ones: measure
   first. */
int ui_badge(struct ui *ui, struct rect r, const char *id, const char *text, enum ui_tone tone);
int ui_badge_width(const struct ui *ui, const char *text, enum ui_tone tone);
int ui_badge_height(const struct ui *ui);
/* The big status: icon, big word, one or two lines. tone GOOD, DUE, LATE, BAD, INFO. */
void ui_banner(struct ui *ui, struct rect r, const char *id, const char *word, const char *words,
               enum ui_tone tone);
/* One message at the foot of the screen, for some seconds by the caller's state: called each frame
   while it shows. It covers nothing: ui_page() is shorter by it from the next frame. Returns true
   when its action was tapped. */
bool ui_toast(struct ui *ui, const char *text, const char *action, enum ui_tone tone);
void ui_progress(struct ui *ui, struct rect r, const char *id, const char *label, int done, int of);
/* The same as a ring with words in its middle, as large as r's smaller side; the part done is filled clockwise from the
   top. words and under (NULL: none) are the caller's to keep short. */
void ui_ring(struct ui *ui, struct rect r, const char *id, const char *words, const char *under,
             int done, int of);

/* Fields. text is the caller's array of size bytes; returns true when it changed. Tapping focuses
   it and opens the keyboard (or pad). Enter leaves it and sets *entered when not NULL. label is the
   field's name in the tree; visible words beside it are the caller's, placeholder stands inside
   while it is empty. */
enum ui_keyboard {
    KEYBOARD_TEXT,
    KEYBOARD_NUMBER /* digits, point, minus, < > */,
    KEYBOARD_DATE,
    KEYBOARD_CODE /* capitals, digits, - */,
    KEYBOARD_PLAIN /* as NUMBER without < > */
};
struct ui_field {
    const char *id, *label, *placeholder, *unit; /* unit NULL: none */
    enum ui_keyboard keyboard;
    uint32_t icon;
    bool secret;
    bool bad; /* drawn as faulty; the fault's words are the caller's */
};
bool ui_field(struct ui *ui, struct rect r, const struct ui_field *f, char *text, size_t size,
              bool *entered);
int ui_field_height(const struct ui *ui);
/* A field of many lines, for the rows of a scroll area: the text wraps, Enter begins a new line, a tap places the caret, and
   the area around it scrolls so that the caret stays in sight with a line above and below. It grows with its text: r is as
   high as ui_area_height says for the same width, text and size. Neither secret nor with icon or unit. Once no more
   fits into size it says so. */
bool ui_area(struct ui *ui, struct rect r, const struct ui_field *f, char *text, size_t size);
int ui_area_height(const struct ui *ui, int width, const char *text, size_t size);
void ui_focus(struct ui *ui, const char *path); /* "/find/words", NULL: none */
const char *ui_focused(const struct ui *ui);    /* NULL when none */
bool ui_keyboard_open(const struct ui *ui);
void ui_keyboard_hide(struct ui *ui);
/* Digits 0-9, backspace and an enter key, laid out inside r (PIN entry). Returns the digit's char,
   '\b', '\n' or 0. */
char ui_pin_pad(struct ui *ui, struct rect r, const char *id, const char *enter_label,
                bool enter_on);

/* Scrolling. Content taller than r moves by drag, wheel, PAGE keys, and by page buttons that appear at the right
   edge. Rows are laid out by the caller from the y it gets; those outside are clipped and can be skipped.
       struct ui_scroll s = ui_scroll_begin(ui, r, "list");
       for (...) { struct rect row = ui_scroll_row(&s, height); if (ui_scroll_visible(&s, row)) ... }
       ui_scroll_end(ui, &s);                                                                       */
struct ui_scroll {
    struct rect view; /* inside, without the page buttons */
    int y;            /* where the next row starts on the screen */
    int top;          /* y of the content's start on the screen */
    int slot, row;    /* internal */
};
struct ui_scroll ui_scroll_begin(struct ui *ui, struct rect r, const char *id);
struct rect ui_scroll_row(struct ui_scroll *s, int height);
void ui_scroll_space(struct ui_scroll *s, int height);
bool ui_scroll_visible(const struct ui_scroll *s, struct rect row);
void ui_scroll_end(struct ui *ui, struct ui_scroll *s);
/* For drive's swipe and for «go to the first fault». */
void ui_scroll_to(struct ui *ui, const char *path, int offset_px);

/* Pages the first scroll area of the last frame: direction > 0 goes on (a finger swiping up), < 0
   goes back. Returns whether it moved. Between frames, for drive's `swipe`; draw a frame after
   it. */
bool ui_swipe(struct ui *ui, int direction);
/* Scrolls so that the widget of the last frame with this path is in view. Returns whether anything
   moved. */
bool ui_scroll_into_view(struct ui *ui, const char *path);
/* px; 0 when unknown. A change of screen starts at 0. */
int ui_scroll_offset(const struct ui *ui, const char *path);

/* A heading: as ui_label, with its role. Labels of SIZE_TITLE and larger are headings too. Each
   screen needs one. */
int ui_heading(struct ui *ui, struct rect r, const char *id, const char *text, enum ui_size size,
               enum draw_font font, enum ui_tone tone, enum ui_align align);
/* The banner with one button inside its right end, as «Why?». Returns true when that was tapped. */
bool ui_banner_action(struct ui *ui, struct rect r, const char *id, const char *word,
                      const char *words, enum ui_tone tone, const char *action, uint32_t icon);
int ui_banner_height(const struct ui *ui, int width, const char *word, const char *words,
                     const char *action);
/* When the toolkit itself wants a frame although nothing happens (a message goes away): its ms, 0
   for never. */
int64_t ui_wake_ms(const struct ui *ui);

/* How the on-screen keyboard types this code point: the key to tap next, of the keyboard as the
   last frame shows it. */
enum ui_reach {
    REACH_NOT, /* no keyboard, or it cannot type this */
    REACH_KEY, /* out_key types it */
    REACH_WAY  /* out_key leads there (Shift, 123, abc): tap it, draw a frame, ask again */
};
enum ui_reach ui_keyboard_reach(const struct ui *ui, uint32_t code_point, struct rect *out_key);

/* Tree queries (tree.c). */
/* The one enabled target whose label equals `label` (or whose path does when it starts with '/'; two
   stars for an element of it are any way down, or none); inside the row whose label starts with `in`
   (a trailing … or ... is a prefix mark) when in is not NULL. -1 none, -2 several. */
int ui_tree_find(const struct ui_tree *t, const char *label, const char *in);
/* Some visible widget's label contains it. */
bool ui_tree_shows(const struct ui_tree *t, const char *text);

/* An area that takes a tap and draws nothing of its own but a tint while it is held: the words of a
   row that unfold. What stands on it is drawn after it. */
bool ui_touch(struct ui *ui, struct rect r, const char *id, const char *label);

/* Buttons that are read together: type of one size on all of them, and the icon on the same side. Returns the index of
   the one that was tapped, -1 otherwise. */
struct ui_act {
    struct rect r;
    const char *id, *label;
    uint32_t icon;
};
int ui_buttons(struct ui *ui, const struct ui_act *acts, size_t count);
