/* The shape of a picture in a text, read from its file's first bytes, so that room is kept for it. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* SVG (viewBox, else width and height), PNG or JPEG. False: none of these, or no size, or one side more than 32 times
   the other. */
bool doc_picture_shape(const char *bytes, size_t len, int *out_w, int *out_h);
