/* Whether a picture is worth showing: it differs visibly from the one that is shown. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "platform/camera.h"

enum { LOOK_W = 32, LOOK_H = 24 };

/* before: the shown picture, small. look: this one, for the next time. Noise of the sensor averages out over a spot; a slow
   change adds up, as it is the shown picture that is compared with. */
bool camera_differs(const struct camera_frame *f, const uint8_t before[LOOK_W * LOOK_H],
                    uint8_t look[LOOK_W * LOOK_H]);
