/* Files that every page uses. The style sheet and the script are built in; the letters are Debian's, where they are
   installed: without them the browser's own serve. */
#include <string.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/hub/web/assets.h"
#include "sync/hub/web/web_parts.h"

enum { ASSETS_FONT_MAX = 1024 * 1024 };

static const struct asset_font {
    const char *name, *path, *type;
} asset_fonts[] = {
    { "inter.otf", "/usr/share/fonts/opentype/inter/Inter-Regular.otf", "font/otf" },
    { "inter-semibold.otf", "/usr/share/fonts/opentype/inter/Inter-SemiBold.otf", "font/otf" },
    { "icons.woff2",
      "/usr/share/fonts/woff/materialdesignicons-webfont/materialdesignicons-webfont.woff2",
      "font/woff2" },
};

static void asset_built_in(struct page *p, const char *type, const unsigned char *bytes, size_t len)
{
    page_file(p, type, bytes, len, NULL);
    p->reply->lasting = true;
    p->reply->cache = "public, max-age=3600";
}

static void asset_font(struct page *p, const struct asset_font *f)
{
    char *bytes;
    size_t len;

    if (fs_read(p->a, f->path, ASSETS_FONT_MAX, &bytes, &len, NULL) != ERR_OK) {
        page_refuse(p, 404, "Not found", "This hub has no such letters; the browser's own serve.");
        return;
    }
    page_file(p, f->type, bytes, len, NULL);
    p->reply->cache = "public, max-age=86400";
}

void asset_get(struct page *p)
{
    p->token_new = false; /* what is for any cache sets no cookie */
    if (str_eq(p->parts[0], "console.css")) {
        asset_built_in(p, "text/css; charset=utf-8", console_css, console_css_len);
        return;
    }
    if (str_eq(p->parts[0], "console.js")) {
        asset_built_in(p, "text/javascript; charset=utf-8", console_js, console_js_len);
        return;
    }
    for (size_t i = 0; i < COUNT_OF(asset_fonts); i++) {
        if (!str_eq(p->parts[0], asset_fonts[i].name))
            continue;
        asset_font(p, &asset_fonts[i]);
        return;
    }
    page_refuse(p, 404, "Not found", "There is no such file.");
}
