#include <stdlib.h>
#include <string.h>

#include <zdict.h>

#include "platform/base/fs.h"
#include "sync/pack/build.h"

/* A dictionary of 110 KiB halves a thousand short documents (the sample content: 477 KB without, 185 KB with one of 35 KB
   packed). Much larger ones gain little. It has to save a tenth to be worth a second kind of blob. */
enum {
    DICT_BYTES = 110 * 1024,
    DICT_BYTES_MIN = 4 * 1024,
    DICT_SHARE = 8,                     /* at most this part of the content */
    DICT_SAMPLE_MAX = 16 * 1024 * 1024, /* bytes it is trained on */
    DICT_TRIED_MAX = 400,               /* files that decide whether it pays */
};

struct blobs {
    struct repo *r;
    const char *dir;
    struct manifest *m;
    struct build_cost *cost;
    struct blob_codec *plain, *codec; /* codec: with the dictionary, else the plain one */
};

/* Every so many files, so that what is chosen is spread over all of them. */
static size_t stride(size_t count, size_t want)
{
    return want == 0 || count <= want ? 1 : (count + want - 1) / want;
}

/* The bytes of many files one after the other. Files of which a part is left out are left out whole. */
static enum err samples_read(struct blobs *b, struct arena *a, char **out, size_t **out_sizes,
                             size_t *out_count, struct why *why)
{
    const struct manifest *m = b->m;
    size_t step = stride((size_t)m->total, DICT_SAMPLE_MAX), used = 0, count = 0;
    char *all = arena_alloc(a, DICT_SAMPLE_MAX);
    size_t *sizes = arena_array(a, m->file_count, sizeof(*sizes));

    if (all == NULL || sizes == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory to train a dictionary");
    for (size_t i = 0; i < m->file_count; i += step) {
        struct arena_mark mark = arena_mark(a);
        char *bytes = NULL;
        enum err rc = build_file_bytes(a, b->dir, &m->files[i], &bytes, why);

        if (rc != ERR_OK)
            return rc;
        if (m->files[i].len > 0 && used + m->files[i].len <= DICT_SAMPLE_MAX) {
            memcpy(all + used, bytes, m->files[i].len);
            used += m->files[i].len;
            sizes[count++] = m->files[i].len;
        }
        arena_rewind(a, mark);
    }
    *out = all;
    *out_sizes = sizes;
    *out_count = count;
    return ERR_OK;
}

static enum err packed_size(struct blob_codec *codec, struct arena *a, const char *bytes,
                            size_t len, uint64_t *sum, struct why *why)
{
    struct arena_mark mark = arena_mark(a);
    uint8_t *packed = NULL;
    size_t packed_len = 0;
    enum err rc = blob_pack(codec, a, bytes, len, &packed, &packed_len, why);

    if (rc == ERR_OK)
        *sum += packed_len;
    arena_rewind(a, mark);
    return rc;
}

/* Packs some of the files both ways. What the dictionary costs itself is spread over all that it will serve. */
static enum err dictionary_pays(struct blobs *b, struct blob_codec *with, struct arena *a,
                                uint64_t dict_packed, bool *out, struct why *why)
{
    const struct manifest *m = b->m;
    size_t step = stride(m->file_count, DICT_TRIED_MAX);
    uint64_t plain = 0, packed = 0, tried = 0;
    enum err rc = ERR_OK;

    for (size_t i = 0; rc == ERR_OK && i < m->file_count; i += step) {
        struct arena_mark mark = arena_mark(a);
        char *bytes = NULL;

        rc = build_file_bytes(a, b->dir, &m->files[i], &bytes, why);
        if (rc == ERR_OK)
            rc = packed_size(b->plain, a, bytes, m->files[i].len, &plain, why);
        if (rc == ERR_OK)
            rc = packed_size(with, a, bytes, m->files[i].len, &packed, why);
        tried += m->files[i].len;
        arena_rewind(a, mark);
    }
    if (rc != ERR_OK)
        return rc;
    packed += m->total > 0 ? dict_packed * tried / m->total : 0;
    b->cost->tried_plain = plain;
    b->cost->tried_with = packed;
    *out = packed < plain - plain / 10;
    return ERR_OK;
}

static enum err dictionary_store(struct blobs *b, struct arena *a, const void *dict, size_t len,
                                 uint64_t *out_packed, struct why *why)
{
    struct manifest_file *d = &b->m->dictionary;
    char name[BLOB_NAME];
    uint8_t *packed = NULL;
    size_t packed_len = 0;
    enum err rc;

    d->path = NULL;
    d->len = (uint32_t)len;
    keys_sha256(d->hash, dict, len);
    blob_name(name, NULL, d->hash);
    rc = blob_pack(b->plain, a, dict, len, &packed, &packed_len, why);
    if (rc == ERR_OK && out_packed != NULL)
        *out_packed = packed_len;
    if (rc != ERR_OK || out_packed != NULL)
        return rc;
    b->cost->dictionary = len;
    b->cost->dictionary_new = true;
    b->cost->bytes_new += packed_len;
    b->m->has_dictionary = true;
    return repo_write_once(b->r, name, packed, packed_len, why);
}

static enum err dictionary_train(struct blobs *b, struct arena *a, struct why *why)
{
    size_t len = (size_t)b->m->total / DICT_SHARE, count = 0, *sizes = NULL;
    struct blob_codec *with = NULL;
    uint64_t packed;
    bool pays = false;
    char *samples = NULL;
    void *dict = NULL;
    enum err rc;

    len = len > DICT_BYTES ? DICT_BYTES : len;
    if (len < DICT_BYTES_MIN)
        return ERR_OK;
    rc = samples_read(b, a, &samples, &sizes, &count, why);
    dict = rc == ERR_OK ? arena_alloc(a, len) : NULL;
    if (rc != ERR_OK)
        return rc;
    if (dict == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory to train a dictionary");
    len = ZDICT_trainFromBuffer(dict, len, samples, sizes, (unsigned)count);
    if (ZDICT_isError(len))
        return ERR_OK; /* too little to learn from */
    rc = blob_codec_new(dict, len, &with, why);
    if (rc == ERR_OK)
        rc = dictionary_store(b, a, dict, len, &packed, why);
    if (rc == ERR_OK)
        rc = dictionary_pays(b, with, a, packed, &pays, why);
    if (rc == ERR_OK && pays)
        rc = dictionary_store(b, a, dict, len, NULL, why);
    if (rc == ERR_OK && pays) {
        b->codec = with;
        with = NULL;
    }
    blob_codec_free(with);
    return rc;
}

/* That of the edition before goes on, so that blobs of files that did not change stay what they are. */
static enum err dictionary_again(struct blobs *b, struct arena *a, const struct manifest *before,
                                 struct why *why)
{
    char name[BLOB_NAME], *packed = NULL;
    const char *path = NULL;
    uint8_t *dict = NULL;
    size_t len = 0;
    enum err rc;

    blob_name(name, NULL, before->dictionary.hash);
    path = repo_path(b->r, name);
    if (path == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for the dictionary");
    rc = fs_read(a, path, blob_packed_max(MANIFEST_DICTIONARY_MAX), &packed, &len, why);
    if (rc == ERR_OK)
        rc = blob_unpack(b->plain, a, packed, len, before->dictionary.hash, before->dictionary.len,
                         &dict, why);
    if (rc != ERR_OK)
        return why_in(why, rc,
                      "the dictionary of the edition before (%s); --new-dictionary makes "
                      "another",
                      name);
    b->m->dictionary = before->dictionary;
    b->m->has_dictionary = true;
    b->cost->dictionary = before->dictionary.len;
    return blob_codec_new(dict, before->dictionary.len, &b->codec, why);
}

static enum err blob_one(struct blobs *b, struct arena *a, const struct manifest_file *f,
                         struct why *why)
{
    char name[BLOB_NAME], *bytes;
    const char *path = NULL;
    uint8_t *packed = NULL;
    size_t packed_len = 0;
    struct fs_stat stat;
    enum err rc;

    blob_name(name, b->codec == b->plain ? NULL : b->codec, f->hash);
    path = repo_path(b->r, name);
    if (path == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for blobs");
    b->cost->blobs++;
    if (fs_stat(path, &stat, NULL) == ERR_OK && stat.size > 0)
        return ERR_OK;
    rc = build_file_bytes(a, b->dir, f, &bytes, why);
    if (rc == ERR_OK)
        rc = blob_pack(b->codec, a, bytes, f->len, &packed, &packed_len, why);
    if (rc == ERR_OK)
        rc = repo_write(b->r, name, packed, packed_len, why);
    if (rc == ERR_OK) {
        b->cost->blobs_new++;
        b->cost->bytes_new += packed_len;
    }
    return rc;
}

enum err build_blobs(struct repo *r, const char *dir, const struct manifest *before,
                     bool fresh_dictionary, struct manifest *m, struct build_cost *cost,
                     struct why *why)
{
    struct blobs b = { .r = r, .dir = dir, .m = m, .cost = cost };
    struct arena a;
    enum err rc = blob_codec_new(NULL, 0, &b.plain, why);

    if (rc != ERR_OK)
        return rc;
    b.codec = b.plain;
    arena_init(&a, BUILD_MEMORY);
    if (before != NULL && before->has_dictionary && !fresh_dictionary)
        rc = dictionary_again(&b, &a, before, why);
    else if (before == NULL || fresh_dictionary)
        rc = dictionary_train(&b, &a, why);
    arena_reset(&a);
    for (size_t i = 0; rc == ERR_OK && i < m->file_count; i++) {
        rc = blob_one(&b, &a, &m->files[i], why);
        arena_reset(&a);
    }
    if (b.codec != b.plain)
        blob_codec_free(b.codec);
    blob_codec_free(b.plain);
    arena_done(&a);
    return rc;
}
