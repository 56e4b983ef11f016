/* The physical size of a panel, as it tells it itself in its EDID (VESA E-EDID 1.4, section
   3.10.2). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From the first detailed timing when it is for w x h, else from the size in whole cm. False when
   the block is broken or says nothing. */
bool edid_mm(const uint8_t *edid, size_t len, int w, int h, double *out_w_mm, double *out_h_mm);
/* Of the one connected panel below dir (/sys/class/drm). False for none or several. */
bool edid_find(const char *dir, int w, int h, double *out_w_mm, double *out_h_mm);
