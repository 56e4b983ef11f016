#include "app/screens/affects.h"

size_t affects_draw(struct app *app, struct ui_scroll *list, const char *ref)
{
    (void)app;
    (void)list;
    (void)ref;
    return 0;
}
