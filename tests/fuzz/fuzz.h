/* What a fuzz target is: one entry that takes any bytes, returns 0, and must neither crash, leak,
   hang nor trip a sanitizer. An assert in it states what must hold of what was accepted. */
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
