#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/content.h"
#include "sync/update/blob.h"

/* Files that a signed one names. Nobody signs them: what comes out of one is held against its hash and its length. */

static enum err content_file_answer(struct content_put *p, enum content_answer answer)
{
    p->answer = answer;
    return ERR_OK;
}

static enum err content_file_wrong(struct content_put *p)
{
    p->answer = CONTENT_WRONG;
    return ERR_OK;
}

enum { CONTENT_NAMERS_MAX = 8 };

/* ---- targets ---- */

static enum err content_target_look(struct content_put *p)
{
    char hash[KEYS_ID_TEXT];

    keys_sha256_hex(hash, p->body, p->len);
    if ((int64_t)p->len != p->wanted.bytes || strcmp(hash, p->name.hash) != 0) {
        (void)why_set(&p->reason, ERR_INPUT, 0, "it is not the file with that hash");
        return content_file_wrong(p);
    }
    if (p->name.stop)
        return content_file_answer(p, CONTENT_COUNTS);
    p->manifest = arena_alloc(p->a, sizeof(*p->manifest));
    if (p->manifest == NULL) {
        p->answer = CONTENT_NO_ROOM;
        return ERR_OK;
    }
    if (manifest_parse(p->a, p->body, p->len, p->manifest, &p->reason) != ERR_OK)
        return content_file_wrong(p);
    if (strcmp(p->manifest->role, p->name.role) != 0) {
        (void)why_set(&p->reason, ERR_INPUT, 0, "it is the manifest of %.80s", p->manifest->role);
        return content_file_wrong(p);
    }
    return content_file_answer(p, CONTENT_COUNTS);
}

enum err content_names_in(struct hubstore *s, const char *role, int64_t version,
                          const struct manifest *m, struct arena *a, struct why *why)
{
    struct hub_named *named = arena_array(a, m->file_count + 1, sizeof(*named));
    char dict[KEYS_ID_TEXT] = "";
    size_t count = 0;
    if (named == NULL)
        return why_set(why, ERR_NOMEM, 0, "content: no memory");

    if (m->has_dictionary) {
        hex_put(dict, m->dictionary.hash, KEYS_HASH);
        named[count++] = (struct hub_named){
            .name = arena_printf(a, "blobs/%.2s/%s.zst", dict, dict),
            .bytes = m->dictionary.len,
        };
    }
    for (size_t i = 0; i < m->file_count; i++) {
        char hash[KEYS_ID_TEXT];
        hex_put(hash, m->files[i].hash, KEYS_HASH);
        named[count++] = (struct hub_named){
            .name = arena_printf(a, "blobs/%.2s/%s%s%.8s.zst", hash, hash,
                                 m->has_dictionary ? "-" : "", dict),
            .bytes = m->files[i].len,
        };
    }
    return a->failed ? why_set(why, ERR_NOMEM, 0, "content: no memory")
                     : hubstore_content_name_in(s, role, version, named, count, why);
}

/* ---- blobs ---- */

/* The dictionary that its name tells of: eight digits of one that its role's version names. */
static enum err content_dictionary(struct hubstore *s, struct content_put *p, const void **out,
                                   size_t *out_len, struct why *why)
{
    const char *name = NULL;
    const void *packed = NULL;
    size_t packed_len = 0;
    struct hub_wanted of;
    struct content_name parts;
    struct blob_codec *codec = NULL;
    uint8_t hash[KEYS_HASH];
    uint8_t *plain = NULL;
    enum err rc = hubstore_content_dictionary(s, p->wanted.role, p->wanted.version, p->name.dict,
                                              p->a, &name, why);

    if (rc == ERR_OK)
        rc = hubstore_content_wanted(s, name, &of, why);
    if (rc == ERR_OK)
        rc = hubstore_content_file(s, name, p->a, &packed, &packed_len, why);
    if (rc != ERR_OK)
        return rc;
    if (!content_name_read(name, &parts) || !hex_get(hash, sizeof(hash), parts.hash))
        return why_set(why, ERR_INPUT, 0, "the dictionary's name is damaged");
    rc = blob_codec_new(NULL, 0, &codec, why);
    if (rc == ERR_OK)
        rc = blob_unpack(codec, p->a, packed, packed_len, hash, (size_t)of.bytes, &plain, why);
    blob_codec_free(codec);
    if (rc == ERR_OK) {
        *out = plain;
        *out_len = (size_t)of.bytes;
    }
    return rc;
}

static enum err content_blob_look(struct hubstore *s, struct content_put *p, struct why *why)
{
    struct blob_codec *codec = NULL;
    const void *dictionary = NULL;
    uint8_t hash[KEYS_HASH];
    uint8_t *plain = NULL;
    size_t len = 0;
    enum err rc = ERR_OK;

    if (!hex_get(hash, sizeof(hash), p->name.hash))
        return content_file_wrong(p);
    if (p->name.dict[0] != '\0') {
        rc = content_dictionary(s, p, &dictionary, &len, &p->reason);
        if (rc == ERR_NOT_FOUND) {
            (void)why_set(&p->reason, rc, 0, "its dictionary has to come before it");
            return content_file_wrong(p);
        }
        if (rc != ERR_OK)
            return why_set(why, rc, 0, "%s", p->reason.text);
    }
    rc = blob_codec_new(dictionary, len, &codec, why);
    if (rc != ERR_OK)
        return rc;
    if (p->len > blob_packed_max((size_t)p->wanted.bytes))
        rc = why_set(&p->reason, ERR_INPUT, 0, "it is longer than it can be");
    else
        rc = blob_unpack(codec, p->a, p->body, p->len, hash, (size_t)p->wanted.bytes, &plain,
                         &p->reason);
    blob_codec_free(codec);
    return rc == ERR_OK ? content_file_answer(p, CONTENT_COUNTS) : content_file_wrong(p);
}

/* ---- patches ---- */

static enum err content_manifest_of(struct hubstore *s, const char *hash, struct arena *a,
                                    struct hub_wanted *out, const void **out_bytes, size_t *out_len,
                                    struct why *why)
{
    const char *name = NULL;
    enum err rc = hubstore_content_manifest(s, hash, a, &name, why);

    if (rc == ERR_OK)
        rc = hubstore_content_wanted(s, name, out, why);
    return rc == ERR_OK ? hubstore_content_file(s, name, a, out_bytes, out_len, why) : rc;
}

/* A patch belongs to the manifest that comes out of it, and is worth something only where that one is here. */
static enum err content_patch_look(struct hubstore *s, struct content_put *p, struct why *why)
{
    const void *old = NULL;
    const void *plain = NULL;
    size_t old_len = 0;
    size_t len = 0;
    uint8_t hash[KEYS_HASH];
    uint8_t *got = NULL;
    struct hub_wanted ignored;
    enum err rc = content_manifest_of(s, p->name.hash, p->a, &p->wanted, &plain, &len, &p->reason);

    if (rc == ERR_OK)
        rc = hubstore_content_held(s, p->name.text, &p->wanted.held, why);
    if (rc == ERR_OK && p->wanted.held && !p->again)
        return content_file_answer(p, CONTENT_STOOD);
    bool here = rc == ERR_OK;
    if (here && p->name.old[0] != '\0')
        rc = content_manifest_of(s, p->name.old, p->a, &ignored, &old, &old_len, &p->reason);
    /* The manifest that it begins with goes with its version, while kiosks that are two editions behind still ask for the patch:
       it was held against both when it came, and is held against its hash by whoever fetches it. */
    if (here && rc == ERR_NOT_FOUND && p->again)
        return content_file_answer(p, CONTENT_COUNTS);
    if (rc == ERR_NOT_FOUND) {
        (void)why_set(&p->reason, rc, 0, "it is of a manifest that the hub does not hold");
        return content_file_answer(p, CONTENT_UNWANTED);
    }
    if (rc != ERR_OK)
        return why_set(why, rc, 0, "%s", p->reason.text);
    if (!hex_get(hash, sizeof(hash), p->name.hash) || p->len > blob_packed_max(len) ||
        patch_unpack(p->a, old, old_len, p->body, p->len, hash, len, &got, &p->reason) != ERR_OK)
        return content_file_wrong(p);
    p->wanted.bytes = (int64_t)len;
    return content_file_answer(p, CONTENT_COUNTS);
}

/* ---- all of them ---- */

enum err content_file_look(struct hubstore *s, struct content_put *p, struct why *why)
{
    if (p->name.kind == CONTENT_PATCH)
        return content_patch_look(s, p, why);
    enum err rc = hubstore_content_wanted(s, p->name.text, &p->wanted, why);
    if (rc != ERR_OK)
        return rc;
    if (!p->wanted.named) {
        (void)why_set(&p->reason, ERR_NOT_FOUND, 0, "no role that the hub knows names this file");
        return content_file_answer(p, CONTENT_UNWANTED);
    }
    if (p->wanted.held && !p->again)
        return content_file_answer(p, CONTENT_STOOD);
    return p->name.kind == CONTENT_TARGET ? content_target_look(p) : content_blob_look(s, p, why);
}

/* The same manifest may be that of several versions of its role: one that was signed again. */
static enum err content_manifest_names(struct hubstore *s, struct content_put *p, struct why *why)
{
    int64_t versions[CONTENT_NAMERS_MAX];
    size_t count = 0;
    enum err rc = hubstore_content_namers(s, p->name.text, p->name.role, versions,
                                          CONTENT_NAMERS_MAX, &count, why);

    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        rc = content_names_in(s, p->name.role, versions[i], p->manifest, p->a, why);
    return rc;
}

/* What was looked at may have gone since: an offer can be replaced by another. */
enum err content_file_in(struct hubstore *s, struct content_put *p, struct why *why)
{
    p->answer = CONTENT_COUNTS; /* a transaction may be run again */
    const struct hub_named patch = { .name = p->name.text, .bytes = 0 };
    struct hub_wanted now = p->wanted;
    enum err rc = ERR_OK;

    if (p->name.kind != CONTENT_BLOB)
        rc = hubstore_content_lock_in(s, why);
    if (rc == ERR_OK && p->name.kind != CONTENT_PATCH)
        rc = hubstore_content_wanted(s, p->name.text, &now, why);
    if (rc != ERR_OK)
        return rc;
    if (!now.named || now.held)
        return content_file_answer(p, now.named ? CONTENT_STOOD : CONTENT_UNWANTED);
    if (p->name.kind == CONTENT_PATCH)
        rc = hubstore_content_name_in(s, now.role, now.version, &patch, 1, why);
    if (rc == ERR_OK && p->manifest != NULL) {
        struct why room = { 0 };
        rc = content_manifest_names(s, p, why);
        if (rc != ERR_OK)
            return rc;
        rc = hubstore_content_room_in(s, &room);
        if (rc == ERR_LIMIT) {
            p->reason = room;
            p->answer = CONTENT_NO_ROOM;
            return hubstore_content_drop_in(s, now.role, why);
        }
        if (rc != ERR_OK)
            return why_set(why, rc, 0, "%s", room.text);
    }
    return rc == ERR_OK ? hubstore_content_file_put_in(s, p->name.text, p->body, p->len, why) : rc;
}
