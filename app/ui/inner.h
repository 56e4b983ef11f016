/* What the files of the toolkit share. Not for screens. State across frames: where the finger is
   and what it holds, which field has the focus, how far areas are scrolled, what the keyboard
   shows. All of it bounded; paths are copied, because a frame's strings go with it. */
#pragma once

#include "app/ui/icons.h"
#include "app/ui/theme.h"
#include "app/ui/ui.h"

enum {
    UI_QUEUE_MAX = 256,
    UI_SCROLLS_MAX = 16,
    UI_KEYS_MAX = 64,
    UI_TYPED_MAX = 64,
    UI_ARENA_MAX = 4 << 20,
    UI_MESSAGE_MS = 4000,
};

struct ui_press {
    bool down, released;
    int x0, y0, x, y;
    int64_t ms0, ms;
    char path[UI_ID_MAX]; /* what the finger holds; empty: nothing, or cancelled */
    int key;              /* of the keyboard, -1 none */
    int slot;             /* scroll area under the press, -1 none */
    bool scrolling;
    int offset0;
};

struct ui_slot {
    char path[UI_ID_MAX]; /* empty: free */
    struct rect view;     /* of the last frame that drew it */
    int offset, content_h, row_h;
    bool seen, buttons; /* drawn this frame; with page buttons */
};

enum ui_key_act { ACT_TEXT, ACT_BACKSPACE, ACT_ENTER, ACT_HIDE, ACT_SHIFT, ACT_PAGE };
struct ui_key {
    struct rect r;
    enum ui_key_act act;
    int page; /* ACT_PAGE: where it leads */
    uint32_t icon;
    char text[8]; /* ACT_TEXT: what it types */
    const char *label;
};

struct ui_board {
    bool shown;
    enum ui_keyboard kind;
    int page;
    struct rect r;
    struct ui_key keys[UI_KEYS_MAX];
    size_t count;
};

struct ui_focus_state {
    char path[UI_ID_MAX]; /* empty: none */
    size_t caret;         /* byte */
    bool fresh;           /* set since the field was last drawn: caret goes to the end */
    int patience;         /* frames that may still pass without its field, 0: drop it */
    bool seen;            /* the field was drawn this frame */
    bool reveal;          /* scroll the field into view when it is drawn next */
    int follow; /* frames in which a field of many lines still brings its caret into view */
    enum ui_keyboard kind;
    bool kind_known;
};

struct ui {
    const struct draw_measure *measure;
    struct arena arena;
    struct ui_frame frame; /* events are NULL: they are in the queue */
    struct draw_list list;
    struct ui_tree tree;
    struct input_event queue[UI_QUEUE_MAX];
    size_t queued;
    char screen[UI_ID_MAX];
    bool again, drawing;

    char path[UI_ID_MAX];
    size_t path_len[UI_DEPTH_MAX];
    int parent[UI_DEPTH_MAX];
    struct rect clips[UI_DEPTH_MAX];
    size_t depth, clip_depth, too_deep;
    unsigned auto_id;

    struct ui_press press;
    struct ui_slot slots[UI_SCROLLS_MAX];
    int first_slot; /* of the last frame, -1 none */
    int open_slot;  /* being drawn, -1 none */
    struct ui_focus_state focus;
    struct ui_board board;
    struct input_event typed[UI_TYPED_MAX]; /* for the field with the focus */
    size_t typed_count;

    int toast_h, toast_next_h; /* room kept at the foot; wanted for the next frame */
    bool toast_drawn;
    char message[UI_FIELD_TEXT_MAX / 8];
    int64_t message_until_ms; /* 0: none */
};

/* How words look. */
struct text_style {
    enum draw_font font;
    int px;
    color ink;
    enum ui_align align;
};

/* frame.c */
bool rect_has(struct rect r, int x, int y);
bool rect_empty(struct rect r);
struct rect rect_meet(struct rect a, struct rect b);
int imin(int a, int b);
int imax(int a, int b);
struct rect frame_clip(const struct ui *ui);
void frame_clip_push(struct ui *ui, struct rect r);
void frame_clip_pop(struct ui *ui);
void frame_cmd(struct ui *ui, const struct draw_cmd *cmd);
void frame_box(struct ui *ui, struct rect r, color fill, color border, int border_px, int radius);
void frame_text(struct ui *ui, int x, int y, const char *text, size_t len, struct text_style style);
void frame_glyph(struct ui *ui, struct rect r, uint32_t icon, int px, color ink);
/* Where the icon of words stands, whose text is so high: half way down r; beside their begin where they run long, as half way
   down it would be scrolled away from the word that it belongs to. */
struct rect frame_icon_box(struct rect r, int icon_px, int text_h);
/* The full path of a child, in the arena; id NULL makes one up. */
const char *frame_path(struct ui *ui, const char *id);
/* NULL when the tree is full; else valid until the next node. */
struct ui_node *frame_node(struct ui *ui, const char *id, enum ui_role role, const char *label,
                           struct rect r);
bool frame_dark(color c);
const char *frame_copy(struct ui *ui, const char *text); /* in the arena; "" for NULL */
int frame_radius(const struct ui *ui);
int frame_border(const struct ui *ui);

/* press.c */
void press_frame(struct ui *ui); /* takes the queue up to what may change the screen */
/* Whether the widget was tapped in this frame. */
bool press_tap(struct ui *ui, const char *path, struct rect seen, bool *out_pressed);

/* layout.c */
int layout_px(const struct ui_scale *scale, enum ui_size size);

/* text.c */
struct draw_metrics text_metrics(const struct ui *ui, enum draw_font font, int px);
int text_width(const struct ui *ui, enum draw_font font, int px, const char *text, size_t len);
/* Where to break a word of len bytes of which only fit have room: after its last hyphen that fits, else at fit. *out_soft: it
   breaks between letters at a hyphen, so that both parts can be read as they stand. */
size_t text_joint(const char *text, size_t len, size_t fit, bool *out_soft);
/* One line of at most width: returns its bytes; *pos moves past it and the blank that ends it.
   *out_hard is set when a word had to be cut (may be NULL). */
size_t text_break(const struct ui *ui, struct text_style style, const char *text, size_t *pos,
                  int width, bool *out_hard);
int text_lines(const struct ui *ui, enum draw_font font, int px, const char *text, int width,
               bool *out_hard);
/* The text, or its beginning with … that fits into width, in the arena. */
const char *text_fit(struct ui *ui, enum draw_font font, int px, const char *text, int width,
                     bool *out_clipped);
color text_ink(enum ui_tone tone);
/* The largest letters, from px on, in which the whole text stands in so much room without a word
   broken: in large letters only, and never smaller than the body of the normal ones. */
int text_shrink(const struct ui *ui, enum draw_font font, int px, const char *text, int width,
                int height);
/* The least px that text_shrink() comes to; px itself where nothing is made smaller. */
int text_least(const struct ui *ui, int px);

/* Words of a widget that has its own node: wrapped, centred vertically in r. Returns whether
   something was left out. */
bool text_block(struct ui *ui, struct rect r, const char *text, struct text_style style);

/* tone.c */
struct tone_look {
    color ink;             /* of words on paper */
    color soft, soft_ink;  /* badge */
    color solid, on_solid; /* banner, chosen answer */
    color line;
    uint32_t icon;
    bool status;
};
const struct tone_look *tone_of(enum ui_tone tone);
struct card_look {
    color fill, line, ink, muted, icon;
};
const struct card_look *card_of(enum ui_card card);

/* scroll.c */
void scroll_begin_frame(struct ui *ui);
void scroll_end_frame(struct ui *ui);
void scroll_reset(struct ui *ui);
int scroll_slot_at(const struct ui *ui, int x, int y);
bool scroll_set(struct ui *ui, int slot, int offset);
bool scroll_page(struct ui *ui, int slot, int direction);

/* board.c: the on-screen keyboard */
void board_begin_frame(struct ui *ui); /* decides whether it shows, and where its keys are */
int board_nearest(const struct ui_board *board, int x, int y);
void board_tap(struct ui *ui, int key);
void board_draw(struct ui *ui);
/* keys.c: which keys stand where */
void keys_lay(const struct ui *ui, struct ui_board *board);
int keys_height(const struct ui *ui, enum ui_keyboard kind);

/* field.c */
void field_type(struct ui *ui, const struct input_event *e);
void field_drop(struct ui *ui);
void field_end_frame(struct ui *ui); /* drops the focus when its field is no longer on the screen */
/* The field with this frame's focus: its keyboard, and a caret that stands between characters. */
void field_focus_keep(struct ui *ui, const struct ui_field *f, const char *text);
/* Does what was typed. Returns whether the text changed; *out_entered when Enter was among the keys,
   which is a new line where out_entered is NULL. */
bool field_edit(struct ui *ui, const struct ui_field *f, char *text, size_t size,
                bool *out_entered);
/* Where in so many bytes of one line a finger x px from its start points. */
size_t field_caret_at(const struct ui *ui, const char *text, size_t len, int px, int x);
/* toast.c */
void toast_end_frame(struct ui *ui);
