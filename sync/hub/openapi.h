/* The description of the hub's requests (OpenAPI 3.1, openapi.json), as it is built into the program. */
#pragma once

#include <stddef.h>

extern const unsigned char openapi_json[];
extern const size_t openapi_len; /* bytes */
