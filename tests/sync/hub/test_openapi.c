/* The description that the hub serves against the tables that it works by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/json.h"
#include "sync/hub/api.h"
#include "sync/hub/openapi.h"
#include "sync/hub/problem.h"

struct openapi {
    struct arena a;
    const struct json *doc;
};

static int openapi_read(void **state)
{
    struct openapi *o = calloc(1, sizeof(*o));
    struct why why = { 0 };
    if (o == NULL)
        return -1;

    arena_init(&o->a, 8 * 1024 * 1024);
    *state = o;
    if (json_parse(&o->a, (const char *)openapi_json, openapi_len, 1024 * 1024, &o->doc, &why) ==
        ERR_OK)
        return 0;
    print_error("openapi.json: %s\n", why.text);
    return -1;
}

static int openapi_done(void **state)
{
    struct openapi *o = *state;

    arena_done(&o->a);
    free(o);
    return 0;
}

static const char *openapi_method(const struct api_route *route)
{
    return strcmp(route->method, "POST") == 0  ? "post"
           : strcmp(route->method, "PUT") == 0 ? "put"
                                               : "get";
}

static void every_route_is_described_with_its_maximum_and_who_may_ask(void **state)
{
    struct openapi *o = *state;
    const struct json *paths = json_get(o->doc, "paths");
    const struct api_route *route;
    size_t described = 0;
    size_t routes = 0;

    for (; (route = api_route_at(routes)) != NULL; routes++) {
        const char *path =
            route->prefix ? arena_printf(&o->a, "%s{name}", route->path) : route->path;
        const struct json *op = json_get(json_get(paths, path), openapi_method(route));
        if (op == NULL)
            fail_msg("%s %s is not described", route->method, route->path);
        const struct json *body = json_get(op, "requestBody");
        assert_int_equal(route->body_max, (size_t)json_int(body, "x-canny-body-max", 0));
        if (route->type != NULL)
            assert_non_null(json_get(json_get(body, "content"), route->type));
        assert_int_equal(route->needs == AUTH_NONE ? 0 : 1, json_get(op, "security")->len);
    }
    for (const struct json *path = paths->first; path != NULL; path = path->next)
        described += path->len;
    assert_int_equal(described, routes);
}

static bool openapi_lists(const struct json *schema, const char *code)
{
    const struct json *all = json_get(schema, "allOf");
    const struct json *narrow = all == NULL ? NULL : all->first->next;
    const struct json *codes = json_get(json_get(json_get(narrow, "properties"), "code"), "enum");

    for (const struct json *c = codes == NULL ? NULL : codes->first; c != NULL; c = c->next)
        if (strcmp(c->text, code) == 0)
            return true;
    return false;
}

static void every_refusal_is_described_under_its_status(void **state)
{
    const struct openapi *o = *state;
    const struct json *responses = json_get(json_get(o->doc, "components"), "responses");
    size_t codes = 0;

    for (int i = 0; i < PROBLEM_COUNT; i++) {
        int status;
        bool found = false;
        const char *code = problem_code((enum problem)i, &status);
        for (const struct json *r = responses->first; r != NULL; r = r->next) {
            const struct json *schema =
                json_get(json_get(json_get(r, "content"), "application/problem+json"), "schema");
            const struct json *narrow = json_get(schema, "allOf")->first->next;
            const struct json *is = json_get(json_get(narrow, "properties"), "status");
            if (!openapi_lists(schema, code))
                continue;
            assert_int_equal(status, json_int(is, "const", 0));
            found = true;
            codes++;
        }
        if (!found)
            fail_msg("%s is described nowhere", code);
    }
    assert_int_equal(PROBLEM_COUNT, codes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_is_described_with_its_maximum_and_who_may_ask),
        cmocka_unit_test(every_refusal_is_described_under_its_status),
    };

    return cmocka_run_group_tests(tests, openapi_read, openapi_done);
}
