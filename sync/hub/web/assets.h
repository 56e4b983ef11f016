/* Files that are built into the program: CMake makes them from web/assets. */
#pragma once

#include <stddef.h>

extern const unsigned char console_css[], console_js[];
extern const size_t console_css_len, console_js_len;
