#include "tests/sync/hub/hub_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/clock.h"
#include "platform/base/fs.h"
#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/client/enrol.h"
#include "sync/client/httpsig.h"
#include "sync/client/proto.h"
#include "sync/client/state.h"
#include "sync/log/device_key.h"
#include "sync/log/evlog.h"

enum err kiosk_ingest(void *ctx, struct db *db, struct clock_now now,
                      const struct event_line *lines, size_t count, size_t *out_new,
                      struct why *why)
{
    struct arena a;
    size_t fresh = 0;
    enum err rc = ERR_OK;
    (void)ctx;

    arena_init(&a, (size_t)4 * 1024 * 1024);
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        enum evlog_took took = EVLOG_KNOWN;
        arena_reset(&a);
        rc = evlog_ingest(db, lines[i].line, lines[i].len, now, &a, NULL, &took, why);
        if (rc == ERR_OK && took == EVLOG_DIFFERENT)
            rc = why_set(why, ERR_CONFLICT, 0, "another line stands there");
        fresh += took == EVLOG_NEW ? 1 : 0;
    }
    arena_done(&a);
    if (rc == ERR_OK)
        *out_new = fresh;
    return rc;
}

static void kiosk_open(struct kiosk *k, const char *now)
{
    const struct clock_options clock = { .now = now };
    struct keypair pins;
    char path[FS_PATH_MAX];

    assert_int_equal(ERR_OK, http_init(NULL));
    assert_int_equal(ERR_OK, fs_join(path, k->dir, "canny.db", NULL));
    assert_int_equal(ERR_OK, db_open(&k->db, path, DB_DURABLE, NULL));
    assert_int_equal(ERR_OK, evlog_setup(&k->db, NULL));
    assert_int_equal(ERR_OK, worker_setup(&k->db, NULL));
    assert_int_equal(ERR_OK, device_key_open(k->dir, &k->db, &k->self, &pins, NULL));
    assert_int_equal(ERR_OK, clock_new(&clock, &k->clock, NULL));
    k->o = (struct worker_options){ .data_dir = k->dir,
                                    .self = k->self,
                                    .clock = k->clock,
                                    .ingest = kiosk_ingest,
                                    .version = "test" };
}

void kiosk_new(struct kiosk *k, const char *now)
{
    assert_int_equal(ERR_OK, keys_init(NULL));
    memset(k, 0, sizeof(*k));
    fixture_folder(k->dir);
    kiosk_open(k, now);
}

void kiosk_copy(struct kiosk *k, const struct kiosk *from)
{
    char path[FS_PATH_MAX];
    char to[FS_PATH_MAX];
    struct arena a;
    char *key;
    size_t len;

    memset(k, 0, sizeof(*k));
    fixture_folder(k->dir);
    arena_init(&a, 4096);
    assert_int_equal(ERR_OK, fs_join(path, from->dir, "device.key", NULL));
    assert_int_equal(ERR_OK, fs_read(&a, path, 1024, &key, &len, NULL));
    assert_int_equal(ERR_OK, fs_join(to, k->dir, "device.key", NULL));
    assert_int_equal(ERR_OK, fs_replace(to, key, len, 0600, NULL));
    assert_int_equal(ERR_OK, fs_join(to, k->dir, "canny.db", NULL));
    struct db db = from->db; /* the connection, not the file */
    assert_int_equal(ERR_OK, db_run(&db, NULL, "vacuum into ?1", to));
    arena_done(&a);
    kiosk_open(k, NULL);
    memcpy(k->site, from->site, sizeof(k->site));
    memcpy(k->hub, from->hub, sizeof(k->hub));
    memcpy(k->url, from->url, sizeof(k->url));
}

void kiosk_done(struct kiosk *k)
{
    db_close(&k->db);
    clock_free(k->clock);
    fixture_remove(k->dir);
}

static void kiosk_link(struct kiosk *k, struct link *l)
{
    struct arena a;

    *l = (struct link){ .url = k->url,
                        .self = &k->self,
                        .clock = k->clock,
                        .offset_ms = k->offset_ms,
                        .ca_dir = k->o.ca_dir };
    (void)str_copy(l->hub, sizeof(l->hub), k->hub);
    arena_init(&a, (size_t)64 * 1024);
    (void)str_copy(l->epoch, sizeof(l->epoch), kiosk_state(k, &a, "epoch"));
    arena_done(&a);
}

static void kiosk_hub_id(struct kiosk *k)
{
    struct http_reply r;
    const struct json *node;
    struct arena a;
    char url[128];

    arena_init(&a, (size_t)1024 * 1024);
    (void)str_format(url, sizeof(url), "%s/healthz", k->url);
    const struct http_request q = { .method = "GET", .url = url };
    assert_int_equal(FAULT_NONE, http_ask(&a, &q, &r, NULL));
    assert_int_equal(ERR_OK, json_parse(&a, (const char *)r.body, r.len, 4096, &node, NULL));
    assert_non_null(json_str(node, "hub"));
    (void)str_copy(k->hub, sizeof(k->hub), json_str(node, "hub"));
    arena_done(&a);
}

enum fault kiosk_enrol(struct kiosk *k, struct hub_process *h, const char *code, bool key_known)
{
    struct link l;
    struct arena a;

    (void)str_copy(k->url, sizeof(k->url), h->url);
    if (key_known)
        kiosk_hub_id(k);
    kiosk_link(k, &l);
    enum fault fault = enrol_ask(&k->db, &l, code, "Prep room 1", "test", NULL);
    k->offset_ms = l.offset_ms;
    if (fault == FAULT_NONE) {
        arena_init(&a, (size_t)64 * 1024);
        (void)str_copy(k->site, sizeof(k->site), kiosk_state(k, &a, "site.id"));
        (void)str_copy(k->hub, sizeof(k->hub), kiosk_state(k, &a, "hub.key"));
        arena_done(&a);
    }
    return fault;
}

void pair_new(struct hub_process *h, struct kiosk *a, struct kiosk *b)
{
    char code[16];

    hub_new(h);
    kiosk_new(a, NULL);
    kiosk_new(b, NULL);
    hub_code(h, "Example High", code);
    assert_int_equal(FAULT_NONE, kiosk_enrol(a, h, code, false));
    hub_code(h, "Example High", code);
    assert_int_equal(FAULT_NONE, kiosk_enrol(b, h, code, true));
}

void pair_done(struct hub_process *h, struct kiosk *a, struct kiosk *b)
{
    kiosk_done(a);
    kiosk_done(b);
    hub_done(h);
}

static void kiosk_append(struct kiosk *k, const char *kind, const char *body)
{
    const struct event_draft draft = { .kind = kind, .subject = "item1", .body = body };
    struct arena a;

    arena_init(&a, (size_t)1024 * 1024);
    assert_int_equal(ERR_OK, db_begin(&k->db, NULL));
    assert_int_equal(ERR_OK,
                     evlog_append(&k->db, &k->self, clock_read(k->clock), &draft, &a, NULL, NULL));
    assert_int_equal(ERR_OK, db_commit(&k->db, NULL));
    arena_done(&a);
}

void kiosk_record(struct kiosk *k, const char *kind, const char *text)
{
    char body[256];

    assert_true(str_format(body, sizeof(body), "{\"note\":\"%s\"}", text));
    kiosk_append(k, kind, body);
}

void kiosk_record_named(struct kiosk *k, const char *name)
{
    char hash[KEYS_ID_TEXT];
    char body[256];

    assert_int_equal(ERR_OK, evlog_blob_put(&k->db, name, hash, NULL));
    assert_true(str_format(body, sizeof(body), "{\"name\":\"%s\"}", hash));
    kiosk_append(k, "person.added", body);
}

void kiosk_outbox(struct kiosk *k, struct outbox *out)
{
    *out = (struct outbox){ .db = &k->db, .o = &k->o, .site = k->site };
    kiosk_link(k, &out->link);
}

enum fault kiosk_round(struct kiosk *k)
{
    struct outbox b;
    struct why why = { 0 };

    kiosk_outbox(k, &b);
    enum fault fault = outbox_round(&b, &why);
    if (fault != FAULT_NONE)
        print_message("round: %s %s\n", fault_text(fault)->code, why.text);
    k->offset_ms = b.link.offset_ms;
    k->self = k->o.self = b.self; /* another one, if a fork of its own lines was healed */
    k->pushed = b.pushed;
    k->pulled = b.pulled;
    return fault;
}

uint64_t kiosk_head(struct kiosk *k)
{
    uint64_t seq;
    char hash[KEYS_ID_TEXT];

    assert_int_equal(ERR_OK, evlog_head(&k->db, k->self.id, &seq, hash, NULL));
    return seq;
}

size_t kiosk_lines(struct kiosk *k, const char *text)
{
    struct db_stmt q =
        db_prepare(&k->db, "select count(*) from log_line where instr(line, ?1) > 0");
    size_t n = 0;

    db_bind_text(&q, 1, text);
    if (db_step(&q))
        n = (size_t)db_i64(&q, 0);
    assert_int_equal(ERR_OK, db_end(&q, NULL));
    return n;
}

const char *kiosk_state(struct kiosk *k, struct arena *a, const char *key)
{
    const char *value;

    assert_int_equal(ERR_OK, state_get(&k->db, key, a, &value, NULL));
    return value;
}

/* ---- bent requests ---- */

static void bent_sign(struct arena *a, struct kiosk *k, const struct bent *b,
                      struct httpsig_field *f, char *digest)
{
    const struct httpsig_message m = {
        .method = b->method, .path = b->path, .query = b->query, .fields = f, .field_count = 3
    };
    struct httpsig_input in = { .created = (clock_read(k->clock).wall_ms + k->offset_ms) / 1000 +
                                           b->created_off_s };
    char *input, *signature;
    char random[KEYS_RANDOM_ID];
    const char *epoch = b->epoch != NULL ? b->epoch : kiosk_state(k, a, "epoch");

    if (epoch[0] == '\0')
        epoch = PROTO_EPOCH_NONE;
    assert_int_equal(ERR_OK,
                     httpsig_digest(a, b->send_body != NULL ? b->send_body : b->body,
                                    b->send_body != NULL ? b->send_len : b->len, digest, NULL));
    /* A body bent in transit keeps the digest of what was signed. */
    if (b->send_body != NULL)
        assert_int_equal(ERR_OK, httpsig_digest(a, b->body, b->len, digest, NULL));
    f[0] = (struct httpsig_field){ "content-digest", digest };
    f[1] = (struct httpsig_field){ PROTO_HUB_HEADER, b->hub != NULL ? b->hub : k->hub };
    f[2] = (struct httpsig_field){ PROTO_EPOCH_HEADER, epoch };
    proto_request_parts(&in);
    if (b->no_epoch_covered)
        in.part_count--;
    if (b->no_digest_covered)
        in.parts[3] = in.parts[--in.part_count];
    keys_random_id(random);
    (void)str_copy(in.nonce, sizeof(in.nonce), b->nonce != NULL ? b->nonce : random);
    (void)str_copy(in.keyid, sizeof(in.keyid), k->self.id);
    assert_int_equal(ERR_OK, httpsig_sign(a, &in, &m, b->key != NULL ? b->key : &k->self, &input,
                                          &signature, NULL));
    f[3] = (struct httpsig_field){ "signature-input", input };
    f[4] = (struct httpsig_field){ "signature", signature };
}

int bent_ask(struct arena *a, struct kiosk *k, const struct bent *b, struct http_reply *out,
             const char **out_problem)
{
    struct httpsig_field f[6];
    char digest[HTTPSIG_DIGEST_TEXT];
    const struct json *node;
    const char *query = b->send_query != NULL ? b->send_query : b->query;

    bent_sign(a, k, b, f, digest);
    f[5] = (struct httpsig_field){ "content-type",
                                   b->type != NULL ? b->type : "application/octet-stream" };
    const struct http_request q = {
        .method = b->method,
        .url = arena_printf(a, "%s%s%s%s", k->url, b->path, query != NULL ? "?" : "",
                            query != NULL ? query : ""),
        .fields = f,
        .field_count = COUNT_OF(f),
        .body = b->send_body != NULL ? b->send_body : b->body,
        .len = b->send_body != NULL ? b->send_len : b->len,
    };
    assert_int_equal(FAULT_NONE, http_ask(a, &q, out, NULL));
    *out_problem = "";
    const char *type = http_header(out, "content-type");
    if (type != NULL && strcmp(type, "application/problem+json") == 0) {
        assert_int_equal(ERR_OK,
                         json_parse(a, (const char *)out->body, out->len, 16384, &node, NULL));
        assert_int_equal(out->status, json_int(node, "status", 0));
        assert_non_null(json_str(node, "type"));
        assert_non_null(json_str(node, "title"));
        assert_non_null(json_str(node, "detail"));
        *out_problem = json_str(node, "code");
        assert_non_null(*out_problem);
    }
    return out->status;
}
