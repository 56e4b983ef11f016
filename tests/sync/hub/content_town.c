#include "tests/sync/hub/content_town.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/client/proto.h"
#include "sync/update/blob.h"

/* ---- asking ---- */

int town_ask(struct arena *a, const char *url, const char *method, const char *name,
             const char *type, struct repo_bytes body, struct http_reply *out)
{
    const struct httpsig_field f = { "content-type", type };
    const struct http_request q = {
        .method = method,
        .url = arena_printf(a, "%s" PROTO_CONTENT "%s", url, name),
        .fields = &f,
        .field_count = type != NULL ? 1 : 0,
        .body = body.data,
        .len = body.len,
    };

    return http_ask(a, &q, out, NULL) == FAULT_NONE ? out->status : 0;
}

const char *town_type(const char *name)
{
    return str_ends(name, ".json") ? "application/json" : "application/zstd";
}

int town_get(struct town *t, const char *name, struct http_reply *out)
{
    return town_ask(&t->a, t->hub.url, "GET", name, NULL, (struct repo_bytes){ .len = 0 }, out);
}

int town_put(struct town *t, const char *name, struct repo_bytes body)
{
    struct http_reply reply;

    return town_ask(&t->a, t->hub.url, "PUT", name, town_type(name), body, &reply);
}

int town_post(struct town *t, const char *name, struct repo_bytes body, struct http_reply *out)
{
    return town_ask(&t->a, t->hub.url, "POST", arena_printf(&t->a, "metadata/%s", name),
                    "application/json", body, out);
}

const struct json *town_body(struct town *t, const struct http_reply *reply)
{
    const struct json *node = NULL;
    struct why why = { 0 };

    if (json_parse(&t->a, (const char *)reply->body, reply->len, reply->len, &node, &why) != ERR_OK)
        fail_msg("%s", why.text);
    return node;
}

const char *town_code(struct town *t, const struct http_reply *reply)
{
    const char *code = json_str(town_body(t, reply), "code");

    return code != NULL ? code : "";
}

int town_content(struct town *t, char *said, size_t size, const char *one, const char *two,
                 const char *three)
{
    const char *args[8] = { "content",
                            t->hub.database != NULL ? "--database" : "--data",
                            t->hub.database != NULL ? t->hub.database : t->hub.dir,
                            one,
                            two,
                            three };

    return hub_run(said, size, args);
}

/* ---- publishing ---- */

bool town_put_all(struct arena *a, const char *url, const struct repo_edition *e)
{
    struct http_reply reply;
    int status = town_ask(a, url, "PUT", e->target, "application/json", e->manifest, &reply);

    for (size_t i = 0; i < e->count && (status == 201 || status == 200); i++)
        status = town_ask(a, url, "PUT", e->files[i].name, "application/zstd", e->files[i].packed,
                          &reply);
    return status == 201 || status == 200;
}

const char *town_role_file(struct arena *a, const char *role, int64_t version)
{
    return strcmp(role, "national") == 0
               ? arena_printf(a, "metadata/%lld.national.json", (long long)version)
               : arena_printf(a, "metadata/%lld.employers%%2Fcouncil.json", (long long)version);
}

int town_publish(struct arena *a, const char *url, const struct repo_role *r,
                 struct repo_bytes bytes)
{
    struct http_reply reply;
    const char *name = town_role_file(a, r->role, r->version);
    int status = town_ask(a, url, "POST", name, "application/json", bytes, &reply);

    if (status != 202)
        return status;
    if (!town_put_all(a, url, r->edition))
        return 202;
    return town_ask(a, url, "POST", name, "application/json", bytes, &reply);
}

/* ---- what is served ---- */

struct tuf_meta town_metadata(struct town *t, const char *name, enum tuf_kind kind)
{
    struct http_reply reply;
    struct tuf_meta m;
    struct why why = { 0 };

    if (town_get(t, name, &reply) != 200)
        fail_msg("%s: %d", name, reply.status);
    if (tuf_meta_read(&t->a, kind, reply.body, reply.len, &m, &why) != ERR_OK)
        fail_msg("%s: %s", name, why.text);
    return m;
}

static uint8_t *town_whole_blob(struct town *t, struct blob_codec *codec,
                                const struct manifest_file *f)
{
    char name[BLOB_NAME];
    struct http_reply reply;
    uint8_t *plain = NULL;

    blob_name(name, codec, f->hash);
    if (town_get(t, name, &reply) != 200)
        fail_msg("%s: %d", name, reply.status);
    assert_int_equal(
        ERR_OK, blob_unpack(codec, &t->a, reply.body, reply.len, f->hash, f->len, &plain, NULL));
    return plain;
}

static void town_whole_edition(struct town *t, const char *role, int64_t version)
{
    struct tuf_meta m = town_metadata(t, town_role_file(&t->a, role, version), TUF_TARGETS);
    const struct tuf_file *f = tuf_meta_file(&m, arena_printf(&t->a, "%s/manifest.json", role));
    char hash[KEYS_ID_TEXT];
    struct http_reply reply;
    struct manifest files;
    struct blob_codec *codec = NULL;

    assert_non_null(f);
    hex_put(hash, f->hashes.sha256, KEYS_HASH);
    assert_int_equal(
        200, town_get(t, arena_printf(&t->a, "targets/%s/%s.manifest.json", role, hash), &reply));
    assert_int_equal(ERR_OK, tuf_file_check(f, reply.body, reply.len, NULL));
    assert_int_equal(ERR_OK, manifest_parse(&t->a, reply.body, reply.len, &files, NULL));
    assert_int_equal(ERR_OK, blob_codec_new(NULL, 0, &codec, NULL));
    if (files.has_dictionary) {
        uint8_t *words = town_whole_blob(t, codec, &files.dictionary);
        blob_codec_free(codec);
        assert_int_equal(ERR_OK, blob_codec_new(words, files.dictionary.len, &codec, NULL));
    }
    for (size_t i = 0; i < files.file_count; i++)
        (void)town_whole_blob(t, codec, &files.files[i]);
    blob_codec_free(codec);
}

int64_t town_whole(struct town *t, const char *role)
{
    struct tuf_meta timestamp = town_metadata(t, "metadata/timestamp.json", TUF_TIMESTAMP);
    const int64_t at = tuf_meta_file(&timestamp, "snapshot.json")->version;
    struct tuf_meta snapshot = town_metadata(
        t, arena_printf(&t->a, "metadata/%lld.snapshot.json", (long long)at), TUF_SNAPSHOT);
    int64_t version = 0;

    for (size_t i = 0; i < snapshot.file_count; i++) {
        const struct tuf_file *f = &snapshot.files[i];
        char name[64];
        (void)str_copy(name, sizeof(name), f->name);
        name[strlen(name) - 5] = '\0';
        if (strcmp(name, "targets") != 0)
            town_whole_edition(t, name, f->version);
        if (strcmp(name, role) == 0)
            version = f->version;
    }
    return version;
}

int town_new(void **state)
{
    static struct town t;
    char code[16];

    memset(&t, 0, sizeof(t));
    arena_init(&t.a, TOWN_ARENA);
    hub_new(&t.hub);
    hub_code(&t.hub, "Example High", code);
    kiosk_new(&t.k, NULL);
    assert_int_equal(FAULT_NONE, kiosk_enrol(&t.k, &t.hub, code, false));
    repo_new(&t.r, &t.a, clock_read(t.k.clock).wall_ms);
    *state = &t;
    return 0;
}

int town_done(void **state)
{
    struct town *t = *state;

    if (t == NULL) /* it never began */
        return 0;
    kiosk_done(&t->k);
    hub_done(&t->hub);
    arena_done(&t->a);
    return 0;
}
