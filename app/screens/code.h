/* A text as a QR on the screen, as large as there is room for. */
#pragma once

#include "app/screens/parts.h"
#include "platform/base/qr.h"

struct code_view {
    struct arena arena; /* code_init, code_done */
    struct draw_luma luma;
    char text[QR_BYTES_MAX + 1];
    int room;
    bool failed;
    struct why why;
};

void code_init(struct code_view *v);
void code_done(struct code_view *v);
/* Cuts the place for the code off the page, at the left or, in portrait, at the top, and draws it there; name is what it is
   for who cannot see it. False, with v->why: it cannot be made. */
bool code_draw(struct app *app, struct code_view *v, struct rect *page, const char *text,
               const char *name);
/* "1a2b 3c4d": the first digits of a kiosk's id as two people compare them; in the frame's arena. */
const char *code_digits(struct app *app, const char *id);
