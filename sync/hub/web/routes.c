/* Every page: one row each. Who may see it is said here, and held against a table of its own by the tests. */
#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/web/web_parts.h"

static const struct page_route page_routes[] = {
    { .method = "GET", .path = "/", .act = ACT_OWN, .serve = home_get },
    { .method = "GET", .path = "/sign-in", .act = ACT_NONE, .serve = signin_get },
    { .method = "POST", .path = "/sign-in", .act = ACT_NONE, .serve = signin_post },
    { .method = "GET", .path = "/sign-in/with/{}", .act = ACT_NONE, .serve = oidc_with_get },
    { .method = "GET", .path = "/sign-in/back/{}", .act = ACT_NONE, .serve = oidc_back_get },
    { .method = "POST", .path = "/sign-out", .act = ACT_OWN, .serve = signout_post },
    { .method = "GET", .path = "/set-up", .act = ACT_NONE, .serve = setup_get },
    { .method = "POST", .path = "/set-up", .act = ACT_NONE, .serve = setup_post },
    { .method = "GET", .path = "/assets/{}", .act = ACT_NONE, .serve = asset_get },
    { .method = "GET", .path = "/account", .act = ACT_OWN, .serve = account_get },
    { .method = "POST", .path = "/account/end", .act = ACT_OWN, .serve = account_end_post },
    { .method = "GET", .path = "/kiosks", .act = ACT_SEE_KIOSKS, .serve = kiosks_get },
    { .method = "GET", .path = "/content", .act = ACT_SEE_CONTENT, .serve = content_get },
    { .method = "POST", .path = "/content/hold", .act = ACT_PUBLISH, .serve = content_hold_post },
    { .method = "GET", .path = "/audit", .act = ACT_SEE_AUDIT, .serve = audit_get },
};

const struct page_route *page_route_at(size_t at)
{
    return at < COUNT_OF(page_routes) ? &page_routes[at] : NULL;
}

/* Whether the path is one of the pattern's; parts: what stands for its {}. */
static bool route_fits(struct arena *a, const char *pattern, const char *path,
                       const char *parts[PAGE_PARTS_MAX])
{
    size_t part = 0;

    for (;;) {
        const size_t plain = strcspn(pattern, "{");
        if (strncmp(pattern, path, plain) != 0)
            return false;
        pattern += plain;
        path += plain;
        if (*pattern == '\0')
            return *path == '\0';
        const size_t len = strcspn(path, "/");
        if (len == 0 || part == PAGE_PARTS_MAX)
            return false;
        parts[part] = arena_strndup(a, path, len);
        if (parts[part++] == NULL)
            return false;
        path += len;
        pattern += strlen("{}");
    }
}

const struct page_route *page_route_find(struct arena *a, const char *method, const char *path,
                                         const char *parts[PAGE_PARTS_MAX], bool *out_other)
{
    const char *as = str_eq(method, "HEAD") ? "GET" : method;

    *out_other = false;
    for (size_t i = 0; i < COUNT_OF(page_routes); i++) {
        if (!route_fits(a, page_routes[i].path, path, parts))
            continue;
        if (str_eq(page_routes[i].method, as))
            return &page_routes[i];
        *out_other = true;
    }
    return NULL;
}
