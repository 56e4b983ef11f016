/* Any bytes as metadata of each kind: what is read must hold its bounds, its canonical bytes must be their own canonical form,
   and looking anything up in it must neither fail nor take long. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/update/tuf_json.h"
#include "sync/update/tuf_meta.h"
#include "tests/fuzz/fuzz.h"

static void canonical_is_its_own(struct arena *a, const struct tuf_meta *m)
{
    const struct json *again = NULL;
    struct buf to;
    /* A text may hold a raw line feed in canonical JSON, which a reader of JSON refuses. */
    if (json_parse(a, m->bytes, m->len, m->len, &again, NULL) != ERR_OK)
        return;

    buf_init(&to, m->len);
    assert(tuf_json_write(&to, again, NULL) == ERR_OK);
    assert(to.len == m->len && memcmp(to.data, m->bytes, m->len) == 0);
    buf_free(&to);
}

static void signers_hold(const struct tuf_meta *m, const struct tuf_signers *s)
{
    struct why why;

    assert(s->threshold >= 1 && s->count <= TUF_ROLE_KEYS_MAX);
    for (size_t i = 0; i < s->count; i++)
        assert(s->keys[i]->id != NULL);
    const enum err rc = tuf_meta_verify(m, s, &why);
    assert(rc == ERR_OK || rc == ERR_DENIED);
}

static void rows_hold(struct arena *a, const struct tuf_meta *m, const char *path)
{
    char bin[TUF_QUOTED_MAX];

    /* Nobody has the hash of these bytes but the bytes. */
    for (size_t i = 0; i < m->file_count; i++) {
        const struct tuf_file *f = &m->files[i];

        assert(tuf_meta_file(m, f->name) == f && f->length >= -1);
        assert(i == 0 || strcmp(m->files[i - 1].name, f->name) < 0);
        assert(m->kind == TUF_TARGETS ? f->hashed && f->length >= 0 : f->version >= 1);
        const enum err rc = tuf_file_check(f, path, strlen(path), NULL);
        assert(rc == ERR_DENIED || (rc == ERR_OK && !f->hashed));
    }
    for (size_t i = 0; i < m->delegation_count; i++) {
        const struct tuf_delegation *d = &m->delegations[i];

        assert(tuf_meta_delegation(a, m, d->name) == d);
        assert((d->paths == NULL) != (d->prefixes == NULL));
        (void)tuf_delegation_covers(d, path);
        signers_hold(m, &d->signers);
    }
    if (m->bins.prefix == NULL)
        return;
    assert(m->delegation_count == 0);
    signers_hold(m, &m->bins.signers);
    if (tuf_bins_role(&m->bins, path, bin, NULL) == ERR_OK)
        assert(tuf_meta_delegation(a, m, bin) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;

    arena_init(&a, (size_t)64 * 1024 * 1024);
    for (int kind = TUF_ROOT; kind <= TUF_TARGETS; kind++) {
        struct tuf_meta m;
        struct why why;
        const enum err rc = tuf_meta_read(&a, (enum tuf_kind)kind, data, size, &m, &why);

        assert(rc == ERR_OK || rc == ERR_INPUT || rc == ERR_LIMIT || rc == ERR_NOMEM);
        if (rc == ERR_OK) {
            assert(m.kind == (enum tuf_kind)kind && m.version >= 1 && m.len <= size);
            assert(m.signature_count <= TUF_SIGNATURES_MAX);
            canonical_is_its_own(&a, &m);
            for (int role = TUF_ROOT; kind == TUF_ROOT && role <= TUF_TARGETS; role++)
                signers_hold(&m, &m.roles[role]);
            rows_hold(&a, &m, "national/manifest.json");
        }
        arena_reset(&a);
    }
    arena_done(&a);
    return 0;
}
