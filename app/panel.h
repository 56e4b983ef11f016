/* The panel's physical size: what was said, what the display says, or a table of known panels. */
#pragma once

#include <stdbool.h>

struct panel {
    int w, h; /* px */
    double w_mm, h_mm;
};

/* Fills w_mm and h_mm: given (0 = not), then EDID's (0 = unknown), then the table, then 7 inches across the
   diagonal: too large a target is better than one too small. */
struct panel panel_of(int w, int h, double given_w_mm, double given_h_mm, double edid_w_mm,
                      double edid_h_mm);
