/* A stage for the toolkit: a font of fixed width, a panel, and a page function that is run frame
   by frame. */
#pragma once

#include "app/ui/ui.h"

struct stage;
typedef void (*stage_page)(struct ui *ui, void *state);

struct stage {
    struct ui *ui;
    stage_page page;
    void *state;
    const char *screen;
    struct ui_frame frame;
    const struct draw_list *list;
    const struct ui_tree *tree;
};

/* The 7-inch panel; the other two by stage_panel. */
void stage_open(struct stage *s, stage_page page, void *state);
void stage_panel(struct stage *s, int w, int h, double w_mm, double h_mm);
void stage_close(struct stage *s);

/* One frame with these events; then more while the toolkit asks for them (at most 10, asserted). */
void stage_run(struct stage *s, const struct input_event *events, size_t count);
void stage_idle(struct stage *s);
void stage_press(struct stage *s, int x, int y);
void stage_move(struct stage *s, int x, int y);
void stage_release(struct stage *s, int x, int y);
/* Taps the middle of the one target of this label or path; asserts that there is one. */
void stage_tap(struct stage *s, const char *label);
void stage_type(struct stage *s, const char *text); /* a physical keyboard */
void stage_key(struct stage *s, enum input_key key);
const struct ui_node *stage_node(const struct stage *s,
                                 const char *path); /* NULL when it is not there */

extern const struct draw_measure stage_measure; /* every character is half its size wide */
