/* SVG pictures, and PNG and JPEG ones, drawn at the wished size and kept, within bounds. A name is below the
   assets folder unless it begins with / or ./ . */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { SVG_ENTRIES_MAX = 96, SVG_PX_MAX = 2 * 1024 * 1024, SVG_BYTES_MAX = 1024 * 1024 };
enum { SVG_BITMAP_BYTES_MAX = 4 * 1024 * 1024, SVG_BITMAP_PX_MAX = 16 * 1024 * 1024 };

struct svg_picture {
    int w, h;
    const uint32_t *argb; /* not premultiplied; NULL: cannot be read */
};

struct svg_cache; /* opaque */
struct svg_cache *
svg_cache_new(const char *assets); /* NULL when memory ran out; assets is borrowed */
void svg_cache_free(struct svg_cache *c);
/* As large as fits into w x h in its own shape. Borrowed until the next call; NULL for no such
   name. */
const struct svg_picture *svg_cache_get(struct svg_cache *c, const char *name, size_t len, int w,
                                        int h);
