/* A kiosk's signed content, put on a stick: files first, what is signed then, the timestamp last. */
#include "sync/client/content_give_parts.h"

#include <stdlib.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/client/stick_folder.h"
#include "sync/update/incoming.h"

enum {
    GIVE_ROOTS_MAX = 4 * TUF_ROOTS_MAX,
    GIVE_SPARE = 8 * 1024 * 1024,
    GIVE_NAMES_MAX = 20000,
};

static bool give_stopped(const struct give *g)
{
    return g->o->cancelled != NULL && g->o->cancelled(g->o->ctx);
}

/* Files get their names before their bytes are on the stick: one that is pulled out then may hold neither old bytes nor new ones
   under a good name. As long as this file stands there, whoever writes next looks into every blob. */
static const char give_writing[] = "writing";

static enum err give_put(struct give *g, const char *name, const void *bytes, size_t len)
{
    enum err rc = ERR_OK;

    if (!g->writing)
        rc = stick_folder_write(g->o->root, give_writing, give_writing, strlen(give_writing),
                                g->why);
    g->writing = g->writing || rc == ERR_OK;
    if (rc == ERR_OK)
        rc = stick_folder_put(g->o->root, name, bytes, len, g->why);

    g->wrote += rc == ERR_OK ? 1 : 0;
    return rc;
}

/* Whether the file is there with these bytes. */
static bool give_is_there(struct give *g, const char *name, const void *bytes, size_t len)
{
    const struct arena_mark mark = arena_mark(&g->scratch);
    char *found = NULL;
    size_t found_len = 0;
    const bool same =
        stick_folder_read(g->o->root, name, len, &g->scratch, &found, &found_len, NULL) == ERR_OK &&
        found_len == len && memcmp(found, bytes, len) == 0;

    arena_rewind(&g->scratch, mark);
    return same;
}

static enum err give_file(struct give *g, const struct give_file *f)
{
    return give_is_there(g, f->name, f->bytes, f->len) ? ERR_OK
                                                       : give_put(g, f->name, f->bytes, f->len);
}

/* Whether a blob stands there. Its name says what is in it; only where a writing was cut off before its end, or somebody found
   the stick damaged, it is looked into. */
static bool give_blob_there(struct give *g, struct blob_codec *codec, const char *name,
                            const struct manifest_file *f)
{
    char path[FS_PATH_MAX];
    struct fs_stat st;
    char *packed = NULL;
    uint8_t *plain = NULL;
    size_t len = 0;

    if (fs_join(path, g->o->root, name, NULL) != ERR_OK || fs_stat(path, &st, NULL) != ERR_OK ||
        st.is_dir != 0 || st.size == 0)
        return false;
    return !g->verify ||
           (stick_folder_read(g->o->root, name, blob_packed_max(f->len), &g->scratch, &packed, &len,
                              NULL) == ERR_OK &&
            blob_unpack(codec, &g->scratch, packed, len, f->hash, f->len, &plain, NULL) == ERR_OK);
}

static bool give_is_missing(const struct give *g, const struct manifest_file *f)
{
    return g->missing_count > 0 &&
           bsearch(&f, g->missing, g->missing_count, sizeof(*g->missing), give_by_hash) != NULL;
}

/* From what waits to be made into an edition, else from one that is here. */
enum err give_plain(struct give *g, const struct manifest_file *f, uint8_t **out)
{
    const struct content_client_options *o = &g->c->o;
    enum err rc = incoming_read(g->incoming, f->hash, f->len, &g->scratch, out, NULL);

    return rc == ERR_NOT_FOUND ? o->files_read(g->held, f, &g->scratch, out, g->why) : rc;
}

/* One that no edition reads is nobody's. */
static enum err give_blob(struct give *g, struct blob_codec *codec, const struct manifest_file *f)
{
    char name[BLOB_NAME];
    uint8_t *plain = NULL;
    uint8_t *packed = NULL;
    size_t len = 0;

    arena_reset(&g->scratch);
    blob_name(name, codec, f->hash);
    if (give_is_missing(g, f) || give_blob_there(g, codec, name, f))
        return ERR_OK;
    enum err rc = give_plain(g, f, &plain);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc == ERR_OK)
        rc = blob_pack(codec, &g->scratch, plain, f->len, &packed, &len, g->why);
    return rc == ERR_OK ? give_put(g, name, packed, len) : rc;
}

/* ---- the blobs of a role ---- */

enum err give_codec(struct give *g, const struct manifest *m, struct blob_codec **out)
{
    uint8_t *bytes = NULL;

    if (!m->has_dictionary)
        return blob_codec_new(NULL, 0, out, g->why);
    arena_reset(&g->scratch);
    enum err rc = incoming_read(g->incoming, m->dictionary.hash, m->dictionary.len, &g->scratch,
                                &bytes, NULL);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    return rc == ERR_OK ? blob_codec_new(bytes, m->dictionary.len, out, g->why) : rc;
}

/* The dictionary is a blob too, without one. */
static enum err give_dictionary(struct give *g, const struct manifest *m)
{
    struct blob_codec *plain = NULL;
    enum err rc = m->has_dictionary ? blob_codec_new(NULL, 0, &plain, g->why) : ERR_OK;

    if (rc == ERR_OK && plain != NULL)
        rc = give_blob(g, plain, &m->dictionary);
    blob_codec_free(plain);
    return rc;
}

static enum err give_blobs(struct give *g, size_t role)
{
    const struct manifest *m = &g->set.roles[role].m;
    struct blob_codec *codec = g->codecs[role];
    enum err rc = give_dictionary(g, m);

    if (codec == NULL)
        g->missing_count += m->file_count;
    for (size_t i = 0; codec != NULL && i < m->file_count && rc == ERR_OK; i++) {
        if (give_stopped(g))
            rc = why_set(g->why, ERR_OFFLINE, 0, "stopped");
        else
            rc = give_blob(g, codec, &m->files[i]);
        g->done++;
        if (g->o->progress != NULL)
            g->o->progress(g->o->ctx, g->done, g->all);
    }
    return rc;
}

/* Each file takes whole units of the stick. Packed they are smaller; a stick that this fills is too small in any case. */
static enum err give_room(struct give *g)
{
    int64_t room = 0;
    int64_t unit = 1;
    int64_t needed = GIVE_SPARE;
    enum err rc = stick_folder_room(g->o->root, &room, &unit, g->why);

    for (size_t i = 0; i < g->set.count && rc == ERR_OK; i++) {
        const struct manifest *m = &g->set.roles[i].m;

        g->all += m->file_count;
        for (size_t k = 0; k < m->file_count; k++) {
            char name[BLOB_NAME], path[FS_PATH_MAX];
            struct fs_stat st;

            blob_name(name, g->codecs[i], m->files[k].hash);
            if (fs_join(path, g->o->root, name, NULL) != ERR_OK ||
                fs_stat(path, &st, NULL) != ERR_OK)
                needed += ((int64_t)m->files[k].len / unit + 1) * unit;
        }
    }
    if (rc == ERR_OK && room < needed)
        rc = why_set(g->why, ERR_FULL, 0, "needs %lld MB of room, %lld MB are free",
                     (long long)(needed / 1000000 + 1), (long long)(room / 1000000));
    return rc;
}

/* ---- what is signed ---- */

/* Those that this kiosk has followed: one that trusts an older one goes by them. */
static enum err give_roots(struct give *g)
{
    const char **names = NULL;
    size_t count = 0;
    enum err rc = fs_list(&g->a, g->roots, GIVE_ROOTS_MAX, &names, &count, NULL);

    if (rc != ERR_OK)
        return ERR_OK; /* none were kept */
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        struct give_file f = { .name = arena_printf(&g->a, "metadata/%s", names[i]) };
        char path[FS_PATH_MAX];
        char *bytes = NULL;

        if (f.name == NULL || !str_ends(names[i], ".root.json") ||
            fs_join(path, g->roots, names[i], NULL) != ERR_OK ||
            fs_read(&g->a, path, TUF_ROOT_BYTES_MAX, &bytes, &f.len, NULL) != ERR_OK)
            continue;
        f.bytes = bytes;
        rc = give_file(g, &f);
    }
    return rc;
}

static enum err give_signed(struct give *g)
{
    enum err rc = give_roots(g);

    for (size_t i = 0; i < g->count && rc == ERR_OK; i++)
        rc = give_file(g, &g->files[i]);
    if (rc == ERR_OK)
        rc = stick_folder_settle(g->o->root, g->why);
    /* From here on it is the newest for whoever reads it, and all that it names is there. */
    if (rc == ERR_OK)
        rc = stick_folder_put(g->o->root, "metadata/timestamp.json", g->timestamp.bytes,
                              g->timestamp.len, g->why);
    if (rc == ERR_OK)
        rc = stick_folder_settle(g->o->root, g->why);
    /* One that stays costs the next writer a look at every blob, and nothing else. */
    if (rc == ERR_OK)
        (void)!stick_folder_remove(g->o->root, give_writing, NULL);
    return rc;
}

/* ---- what is no longer wanted ---- */

struct give_wanted {
    const struct manifest_file **files; /* by hash */
    size_t count;
};

static enum err give_wanted(struct give *g, struct give_wanted *out)
{
    size_t room = UPDATER_ROLES_MAX;

    for (size_t i = 0; i < g->set.count; i++)
        room += g->set.roles[i].m.file_count;
    out->files = arena_array(&g->a, room, sizeof(*out->files));
    if (out->files == NULL)
        return why_set(g->why, ERR_NOMEM, 0, "no memory for the list of files");
    for (size_t i = 0; i < g->set.count; i++) {
        const struct manifest *m = &g->set.roles[i].m;

        if (m->has_dictionary)
            out->files[out->count++] = &m->dictionary;
        for (size_t k = 0; k < m->file_count; k++)
            out->files[out->count++] = &m->files[k];
    }
    qsort(out->files, out->count, sizeof(*out->files), give_by_hash);
    return ERR_OK;
}

/* A name that is none of ours stays. */
static bool give_is_old(const struct give_wanted *w, const char *name)
{
    struct manifest_file f = { .len = 0 };
    const struct manifest_file *key = &f;
    char digits[KEYS_ID_TEXT];

    (void)str_format(digits, sizeof digits, "%.*s", KEYS_ID_TEXT - 1, name);
    return str_ends(name, ".zst") && hex_is(digits, KEYS_ID_TEXT - 1) &&
           hex_get(f.hash, sizeof f.hash, digits) &&
           bsearch(&key, w->files, w->count, sizeof(*w->files), give_by_hash) == NULL;
}

/* Blobs of editions that are over: the stick would fill. What cannot be deleted stays for the next time. */
static void give_sweep(struct give *g)
{
    struct give_wanted wanted = { .count = 0 };

    if (give_wanted(g, &wanted) != ERR_OK)
        return;
    for (unsigned i = 0; i < 256; i++) {
        char part[16], dir[FS_PATH_MAX];
        const char **names = NULL;
        size_t count = 0;

        arena_reset(&g->scratch);
        (void)str_format(part, sizeof part, "blobs/%02x", i);
        if (fs_join(dir, g->o->root, part, NULL) != ERR_OK ||
            fs_list(&g->scratch, dir, GIVE_NAMES_MAX, &names, &count, NULL) != ERR_OK)
            continue;
        for (size_t k = 0; k < count; k++)
            if (give_is_old(&wanted, names[k]))
                (void)!stick_folder_remove(dir, names[k], NULL);
    }
}

/* ---- all of it ---- */

static bool give_stands(const struct give *g, const char *name)
{
    char path[FS_PATH_MAX];
    struct fs_stat st;

    return fs_join(path, g->o->root, name, NULL) == ERR_OK && fs_stat(path, &st, NULL) == ERR_OK;
}

enum err give_out(struct give *g)
{
    enum err rc = ERR_OK;

    g->writing = give_stands(g, give_writing);
    g->verify = g->writing || !give_stands(g, "metadata/timestamp.json");
    for (size_t i = 0; i < g->set.count && rc == ERR_OK; i++)
        rc = give_codec(g, &g->set.roles[i].m, &g->codecs[i]);
    if (rc == ERR_OK)
        rc = stick_folder_under(g->o->root, "metadata", g->why);
    if (rc == ERR_OK)
        rc = give_room(g);
    for (size_t i = 0; i < g->set.count && rc == ERR_OK; i++)
        rc = give_blobs(g, i);
    if (rc == ERR_OK)
        rc = give_signed(g);
    if (rc == ERR_OK)
        give_sweep(g);
    return rc;
}
