/* Every route of the console, a line each: METHOD PATH. For the test that holds them against a table written by hand. */
#include <stdio.h>

#include "sync/hub/web/page.h"

int main(void)
{
    const struct page_route *r;

    for (size_t i = 0; (r = page_route_at(i)) != NULL; i++)
        if (printf("%s %s\n", r->method, r->path) < 0)
            return 1;
    return 0;
}
