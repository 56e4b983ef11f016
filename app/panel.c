#include "app/panel.h"

#include <math.h>
#include <stddef.h>

#include "platform/base/attr.h"

/* Active areas, from the makers' drawings: Raspberry Pi Touch Display 1 and 2 (7 and 5 inch), and the usual
   10.1-inch 1280x800 and 15.6-inch full HD panels. */
static const struct panel known[] = {
    { 800, 480, 154.08, 85.92 },   { 1280, 800, 216.96, 135.60 }, { 720, 1280, 87.0, 154.5 },
    { 1280, 720, 154.5, 87.0 },    { 1024, 600, 154.21, 85.92 },  { 1920, 1080, 344.2, 193.6 },
    { 1920, 1200, 216.81, 135.5 },
};

static bool panel_sane(double w_mm, double h_mm)
{
    return w_mm >= 30 && h_mm >= 30 && w_mm <= 3000 && h_mm <= 3000;
}

struct panel panel_of(int w, int h, double given_w_mm, double given_h_mm, double edid_w_mm,
                      double edid_h_mm)
{
    struct panel p = { .w = w, .h = h };
    if (panel_sane(given_w_mm, given_h_mm)) {
        p.w_mm = given_w_mm;
        p.h_mm = given_h_mm;
        return p;
    }
    if (panel_sane(edid_w_mm, edid_h_mm)) {
        p.w_mm = edid_w_mm;
        p.h_mm = edid_h_mm;
        return p;
    }
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (known[i].w == w && known[i].h == h)
            return known[i];
    double diagonal_px = hypot(w, h);
    p.w_mm = w / diagonal_px * 7 * 25.4;
    p.h_mm = h / diagonal_px * 7 * 25.4;
    return p;
}
