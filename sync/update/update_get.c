#include "sync/update/update_get.h"

#include <string.h>

/* What stands in the path of a URL as it is (RFC 3986: pchar and '/'); '%' where the name is escaped already. */
static bool url_plain(char c, bool escaped)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("_.-~/!$&'()*+,;=:@", c) != NULL) || (escaped && c == '%');
}

void update_url(struct buf *url, const char *name)
{
    const bool escaped = str_starts(name, "metadata/");

    for (const char *c = name; *c != '\0'; c++) {
        if (url_plain(*c, escaped))
            buf_char(url, *c);
        else
            buf_printf(url, "%%%02X", (unsigned)(unsigned char)*c);
    }
}
