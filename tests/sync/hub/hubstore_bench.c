#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/hub/cert.h"
#include "sync/hub/hubstore_backup.h"
#include "sync/log/admission.h"
#include "sync/log/event.h"
#include "tests/sync/hub/hubstore_cases.h"

const struct clock_now store_noon = { .wall_ms = 1795392000000, .trust = CLOCK_HUB };

/* Which engine this process tests: cmocka hands a case nothing of ours. */
static const char **store_engine(void)
{
    static const char *engine;

    return &engine;
}

void store_bench_engine(const char *engine)
{
    *store_engine() = engine;
}

/* Each case has a schema of its own, so that one server serves them all. */
static void store_schema(struct store_bench *b, const char *engine)
{
    char name[KEYS_RANDOM_ID];
    char make[64];
    struct sql *s;
    struct why why = { 0 };

    keys_random_id(name);
    (void)str_format(make, sizeof(make), "create schema t%s", name);
    if (sql_open_pg(engine, &s, &why) != ERR_OK || sql_exec(s, make, &why) != ERR_OK)
        fail_msg("%s", why.text);
    sql_close(s);
    assert_true(str_format(b->address, sizeof(b->address), "%s%soptions=-csearch_path%%3Dt%s",
                           engine, strchr(engine, '?') != NULL ? "&" : "?", name));
    b->where.database = b->address;
}

int store_bench_new(void **state)
{
    static struct store_bench b;
    char path[FS_PATH_MAX];
    struct why why = { 0 };

    memset(&b, 0, sizeof(b));
    assert_int_equal(ERR_OK, keys_init(NULL));
    (void)str_copy(b.dir, sizeof(b.dir), "/tmp/canny-hubstore-XXXXXX");
    assert_non_null(mkdtemp(b.dir));
    arena_init(&b.a, (size_t)256 * 1024 * 1024);
    b.where.data = b.dir;
    if (*store_engine() != NULL)
        store_schema(&b, *store_engine());
    if (hubstore_open(&b.where, HUBSTORE_MAKE, &b.store, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_int_equal(ERR_OK, hubstore_key(b.store, true, &b.self, NULL));
    assert_int_equal(ERR_OK, fs_join(path, b.dir, "hub.db", NULL));
    if (*store_engine() != NULL)
        assert_int_equal(ERR_OK, sql_open_pg(b.address, &b.sql, NULL));
    else
        assert_int_equal(ERR_OK, sql_open_sqlite(path, false, &b.sql, NULL));
    *state = &b;
    return 0;
}

int store_bench_done(void **state)
{
    struct store_bench *b = *state;
    const char **names;
    size_t count;
    char path[FS_PATH_MAX];

    hubstore_close(b->store);
    sql_close(b->sql);
    assert_int_equal(ERR_OK, fs_list(&b->a, b->dir, 100, &names, &count, NULL));
    for (size_t i = 0; i < count; i++)
        if (fs_join(path, b->dir, names[i], NULL) == ERR_OK)
            (void)unlink(path);
    (void)rmdir(b->dir);
    arena_done(&b->a);
    return 0;
}

void store_device(struct store_device *d, char digit)
{
    *d = (struct store_device){ .count = 0 };
    memset(d->id, digit, KEYS_ID_TEXT - 1);
}

void store_write(struct store_bench *b, struct store_device *d, const char *kind,
                 const char *subject, const char *body)
{
    char prev[KEYS_ID_TEXT] = EVENT_NO_PREV;
    struct clock_now now = store_noon;
    struct hlc stamp = { .ms = store_noon.wall_ms + (int64_t)d->count };
    const struct event_draft draft = { .kind = kind, .subject = subject, .body = body };
    char *line;
    size_t len;

    assert_true(d->count < STORE_LINES_MAX);
    if (d->count > 0)
        keys_sha256_hex(prev, d->lines[d->count - 1], strlen(d->lines[d->count - 1]));
    now.trust = CLOCK_NTP;
    assert_int_equal(ERR_OK, event_build(&b->a, &draft, d->id, d->count + 1, stamp, now, prev,
                                         &line, &len, NULL));
    d->lines[d->count++] = line;
}

void store_member(struct store_member *m)
{
    assert_int_equal(ERR_OK, keys_new(&m->key, NULL));
    m->d = (struct store_device){ .count = 0 };
    (void)str_copy(m->d.id, sizeof(m->d.id), m->key.id);
}

void store_admit(struct store_bench *b, struct store_member *by, const struct store_member *other,
                 const char *site)
{
    const struct admission said = { .site = site,
                                    .site_name = "Example High",
                                    .by = by->d.id,
                                    .device = other->d.id,
                                    .issued_ms = store_noon.wall_ms };
    struct json_out j;
    struct buf body;
    char *text;
    size_t len;

    assert_int_equal(ERR_OK, admission_make(&b->a, &said, &by->key, &text, &len, NULL));
    buf_init(&body, 8192);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "device", other->d.id);
    json_out_str(&j, "name", "Admitted");
    json_out_str(&j, "site", site);
    json_out_str(&j, "admission", text);
    json_out_end_object(&j);
    assert_int_equal(ERR_OK, buf_done(&body, NULL));
    store_write(b, &by->d, "kiosk.admitted", other->d.id, body.data);
    buf_free(&body);
}

enum err store_certify(void *ctx, struct arena *a, const struct hub_device *where,
                       const char *device, struct clock_now now, const char **out, struct why *why)
{
    const struct store_bench *b = ctx;
    struct cert c = { .issued_ms = now.wall_ms };

    (void)str_copy(c.site, sizeof(c.site), where->site);
    (void)str_copy(c.site_name, sizeof(c.site_name), where->site_name);
    (void)str_copy(c.voice, sizeof(c.voice), where->voice);
    (void)str_copy(c.device, sizeof(c.device), device);
    return cert_make(a, &b->self, CERT_ENROLLED, &c, out, why);
}

void store_know(struct store_bench *b, const char *site, const char *device)
{
    assert_int_equal(ERR_OK, sql_run(b->sql, NULL, "insert into owner(device, site) values($1, $2)",
                                     device, site, NULL));
}

void store_join(struct store_bench *b, const char *site, const char *device,
                char out_site[KEYS_RANDOM_ID])
{
    uint8_t hash[KEYS_HASH];
    struct hub_enrolled e;
    struct why why = { 0 };

    keys_random(hash, sizeof(hash));
    if (hubstore_code_add(b->store, site, hash, store_noon.wall_ms + 1000, store_noon, &why) !=
        ERR_OK)
        fail_msg("%s", why.text);
    const struct hub_enrol ask = { .code_hash = hash,
                                   .device = device,
                                   .name = "Prep",
                                   .now = store_noon,
                                   .certify = store_certify,
                                   .ctx = b };
    if (hubstore_enrol(b->store, &ask, &b->a, &e, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_int_equal(HUB_ENROLLED, e.answer);
    memcpy(out_site, e.where.site, KEYS_RANDOM_ID);
}

struct hub_push *store_push(struct store_bench *b, const char *site, const char *sender,
                            const struct store_device *d, size_t first, size_t last)
{
    struct hub_push *push = arena_alloc(&b->a, sizeof(*push));
    struct lines *lines = arena_alloc(&b->a, sizeof(*lines));
    struct bundle bundle = { .line_count = last - first + 1 };

    bundle.lines = arena_array(&b->a, bundle.line_count, sizeof(*bundle.lines));
    assert_non_null(push);
    assert_non_null(lines);
    assert_non_null(bundle.lines);
    for (size_t i = 0; i < bundle.line_count; i++) {
        const char *line = d->lines[first - 1 + i];
        bundle.lines[i] = (struct bundle_line){ .line = line, .len = strlen(line) };
    }
    assert_int_equal(ERR_OK, lines_parse(&b->a, &bundle, lines, NULL));
    *push = (struct hub_push){
        .device = sender, .site = site, .lines = lines, .now = store_noon, .a = &b->a
    };
    return push;
}

enum err store_append(struct store_bench *b, struct hub_push *push)
{
    struct why why = { 0 };

    if (hubstore_append(b->store, push, &why) != ERR_OK)
        fail_msg("%s", why.text);
    return push->rc;
}

void store_path(struct store_bench *b, char out[FS_PATH_MAX], const char *name)
{
    assert_int_equal(ERR_OK, fs_join(out, b->dir, name, NULL));
}

void store_backup(struct store_bench *b, char out[FS_PATH_MAX])
{
    struct why why = { 0 };

    store_path(b, out, "backup.db");
    if (hubstore_backup(b->store, out, store_noon.wall_ms, &why) != ERR_OK)
        fail_msg("%s", why.text);
}

int64_t store_count(struct store_bench *b, const char *select)
{
    int64_t n = -1;
    struct why why = { 0 };

    if (sql_one_i64(b->sql, select, 0, &n, &why) != ERR_OK)
        fail_msg("%s", why.text);
    return n;
}

void store_kiosk(struct store_bench *b, struct store_kiosk *k, const char *site, char digit,
                 size_t lines)
{
    char body[64];

    store_device(&k->d, digit);
    store_join(b, site, k->d.id, k->site);
    for (size_t i = 0; i < lines; i++) {
        (void)str_format(body, sizeof(body), "{\"n\":%zu}", i);
        store_write(b, &k->d, "check.recorded", "item", body);
    }
}
