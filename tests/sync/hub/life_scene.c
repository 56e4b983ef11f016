#include "tests/sync/hub/life_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/client/proto.h"

/* canny-hub COMMAND at the hub's place, with what follows (NULL at the end). */
int life_run(struct life *s, char *out, size_t size, const char *const *args)
{
    const char *all[12] = { args[0], s->hub.database != NULL ? "--database" : "--data",
                            s->hub.database != NULL ? s->hub.database : s->hub.dir };

    for (size_t i = 1; args[i] != NULL; i++) {
        assert_true(i + 3 < COUNT_OF(all));
        all[i + 2] = args[i];
    }
    return hub_run(out, size, all);
}

static int life_compare(const void *left, const void *right)
{
    const char *const *x = left;
    const char *const *y = right;

    return strcmp(*x, *y);
}

/* The site's lines as the hub exports them, sorted, one text. */
char *life_export(struct life *s)
{
    const char *const args[] = { "export", "--site", s->site, NULL };
    char *out = arena_alloc(&s->arena, FIXTURE_TEXT);
    char *sorted = arena_alloc(&s->arena, FIXTURE_TEXT);
    const char **lines = arena_array(&s->arena, 2000, sizeof(char *));
    size_t count = 0;
    size_t used = 0;

    assert_non_null(lines);
    assert_int_equal(0, life_run(s, out, FIXTURE_TEXT, args));
    for (char *at = out; *at != '\0'; at += strlen(at) + 1) {
        assert_true(count < 2000);
        lines[count++] = at;
        at[strcspn(at, "\n")] = '\0';
    }
    qsort(lines, count, sizeof(char *), life_compare);
    for (size_t i = 0; i < count; i++, used += strlen(sorted + used))
        assert_true(str_format(sorted + used, FIXTURE_TEXT - used, "%s\n", lines[i]));
    return sorted;
}

void life_verifies(struct life *s)
{
    const char *const args[] = { "verify", NULL };
    char said[1024];

    assert_int_equal(0, life_run(s, said, sizeof(said), args));
}

void life_kiosk(struct life *s, struct kiosk *k)
{
    char code[16];

    kiosk_new(k, NULL);
    hub_code(&s->hub, s->site, code);
    assert_int_equal(FAULT_NONE, kiosk_enrol(k, &s->hub, code, true));
}

int life_new(void **state)
{
    static struct life s;

    memset(&s, 0, sizeof(s));
    arena_init(&s.arena, (size_t)64 * 1024 * 1024);
    hub_new(&s.hub);
    (void)str_format(s.site, sizeof(s.site), "Example High %s", strrchr(s.hub.dir, '-') + 1);
    life_kiosk(&s, &s.a);
    life_kiosk(&s, &s.b);
    *state = &s;
    return 0;
}

int life_done(void **state)
{
    struct life *s = *state;

    kiosk_done(&s->a);
    kiosk_done(&s->b);
    hub_done(&s->hub);
    arena_done(&s->arena);
    return 0;
}

void life_rounds(struct life *s, size_t times)
{
    for (size_t i = 0; i < times; i++) {
        assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
        assert_int_equal(FAULT_NONE, kiosk_round(&s->b));
    }
}

/* Asks the hub for its head by hand. */
int life_status(struct life *s, struct kiosk *k, struct http_reply *r, const char **problem)
{
    const struct bent b = {
        .method = "POST", .path = PROTO_STATUS, .type = "application/json", .body = "{}", .len = 2
    };

    return bent_ask(&s->arena, k, &b, r, problem);
}

const char *life_epoch(struct life *s, struct kiosk *k)
{
    return kiosk_state(k, &s->arena, "epoch");
}
