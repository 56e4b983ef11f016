/* A QR code in block characters, for a terminal. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

bool qr_print(FILE *to, const char *text); /* false: too long, or it could not be written */
