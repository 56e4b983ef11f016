#include <string.h>

#include "platform/base/str.h"
#include "sync/log/files.h"
#include "sync/log/files_parts.h"

/* Taking a file in on this kiosk. */

/* Under another name until it is whole and on the disk. What a failure leaves is swept, as are pieces that had come of it
   from elsewhere. */
static enum err put_bytes(const struct files *f, const char *hash, const void *bytes, size_t len,
                          struct why *why)
{
    char tmp[FS_PATH_MAX];
    char path[FS_PATH_MAX];
    char name[KEYS_ID_TEXT + 8];

    (void)str_format(name, sizeof name, "%s.new", hash);
    enum err rc = files_part_place(f, name, true, tmp, why);
    if (rc == ERR_OK)
        rc = files_place(f, hash, true, path, why);
    if (rc == ERR_OK)
        rc = fs_append(tmp, 0, bytes, len, 0600, why);
    return rc == ERR_OK ? fs_move(tmp, path, why) : rc;
}

/* Whether it stands here whole already. A row alone is not believed: what is put in a second time may be there to heal. */
static bool put_is_here(const struct files *f, const struct file_info *info, const void *bytes,
                        size_t len)
{
    char path[FS_PATH_MAX];
    char *have = NULL;
    size_t have_len = 0;
    struct arena a;

    if (info->state != FILES_HERE && info->state != FILES_HELD)
        return false;
    arena_init(&a, (size_t)FILES_BYTES_MAX + 64 * 1024);
    bool same = files_place(f, info->hash, false, path, NULL) == ERR_OK &&
                fs_read(&a, path, FILES_BYTES_MAX, &have, &have_len, NULL) == ERR_OK &&
                have_len == len && memcmp(have, bytes, len) == 0;
    arena_done(&a);
    return same;
}

static enum err put_in(const struct files *f, enum files_type type, const char *hash,
                       const void *bytes, size_t len, int64_t now_ms, struct why *why)
{
    struct file_info info;
    enum err rc = files_info(f, hash, &info, why);

    if (rc != ERR_OK || put_is_here(f, &info, bytes, len))
        return rc;
    rc = files_make_room(f, (int64_t)len, why);
    if (rc == ERR_OK)
        rc = put_bytes(f, hash, bytes, len, why);
    if (rc == ERR_OK)
        rc = files_settle(f->db, hash, type, (int64_t)len, info.state == FILES_HELD, now_ms, why);
    return rc;
}

enum err files_put(const struct files *f, enum files_type type, const void *bytes, size_t len,
                   int64_t now_ms, char out_hash[KEYS_ID_TEXT], struct why *why)
{
    char hash[KEYS_ID_TEXT];
    enum err rc = files_check(type, bytes, len, why);

    if (rc != ERR_OK)
        return rc;
    keys_sha256_hex(hash, bytes, len);
    rc = db_begin(f->db, why);
    if (rc == ERR_OK) {
        rc = put_in(f, type, hash, bytes, len, now_ms, why);
        rc = db_finish(f->db, rc, why);
    }
    if (rc != ERR_OK)
        return rc == ERR_FULL ? rc : why_in(why, rc, "keep a file");
    (void)str_copy(out_hash, KEYS_ID_TEXT, hash);
    return ERR_OK;
}

enum err files_put_path(const struct files *f, const char *path, int64_t now_ms,
                        char out_hash[KEYS_ID_TEXT], enum files_type *out_type, int64_t *out_bytes,
                        struct why *why)
{
    enum files_type type = FILES_CSV;
    enum err rc = ERR_OK;
    char *bytes = NULL;
    size_t len = 0;
    struct arena a;

    arena_init(&a, (size_t)FILES_BYTES_MAX + 64 * 1024);
    enum err read = fs_read(&a, path, FILES_BYTES_MAX, &bytes, &len, why);
    if (read == ERR_OK) {
        type = files_sniff(bytes, len);
        rc = files_check(type, bytes, len, why);
    }
    if (read == ERR_LIMIT)
        rc = why_set(why, ERR_LIMIT, 0, "This file has more than %d MB.",
                     FILES_BYTES_MAX / 1024 / 1024);
    else if (read != ERR_OK)
        rc = read;
    else if (rc == ERR_INPUT && type == FILES_CSV)
        rc = why_set(why, ERR_INPUT, 0, "This is no picture (JPEG), PDF or table (CSV).");
    if (rc == ERR_OK)
        rc = files_put(f, type, bytes, len, now_ms, out_hash, why);
    arena_done(&a);
    if (rc != ERR_OK)
        return rc;
    *out_type = type;
    *out_bytes = (int64_t)len;
    return ERR_OK;
}

static enum err put_drop_in(const struct files *f, const char *hash, struct why *why)
{
    char path[FS_PATH_MAX];
    struct file_info info;
    enum err rc = files_info(f, hash, &info, why);

    if (rc != ERR_OK || info.state == FILES_NONE)
        return rc;
    if (info.named)
        return why_set(why, ERR_DENIED, 0, "A record names this file; it stays.");
    rc = files_place(f, hash, false, path, why);
    if (rc == ERR_OK)
        rc = fs_remove(path, why);
    return rc == ERR_OK ? db_run(f->db, why, "delete from log_file where hash = ?1", hash) : rc;
}

enum err files_drop(const struct files *f, const char *hash, struct why *why)
{
    enum err rc = hex_is(hash, KEYS_ID_TEXT - 1) ? db_begin(f->db, why) : ERR_OK;

    if (rc != ERR_OK || !hex_is(hash, KEYS_ID_TEXT - 1))
        return rc;
    rc = put_drop_in(f, hash, why);
    return db_finish(f->db, rc, why);
}
