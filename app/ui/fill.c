#include "app/ui/fill.h"

#include "app/ui/inner.h"

void ui_fill(struct ui *ui, struct rect r, color fill)
{
    frame_box(ui, r, fill, fill, 0, 0);
}
