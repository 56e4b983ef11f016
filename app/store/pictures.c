#include "app/store/store.h"

/* Pictures that records name: JPEG files beside the log, by the hash of their bytes. */

#include <string.h>

static enum err picture_path(struct store *s, const char *sha, char out[FS_PATH_MAX],
                             struct why *why)
{
    char name[KEYS_ID_TEXT + 16];

    if (strlen(sha) != KEYS_ID_TEXT - 1 || strspn(sha, "0123456789abcdef") != KEYS_ID_TEXT - 1)
        return why_set(why, ERR_NOT_FOUND, 0, "%.70s is not the name of a picture", sha);
    (void)str_format(name, sizeof name, "pictures/%s.jpg", sha);
    return fs_join(out, s->dir, name, why);
}

enum err store_keep_picture(struct store *s, const void *jpeg, size_t len,
                            char out_sha[KEYS_ID_TEXT], struct why *why)
{
    static const unsigned char magic[] = { 0xff, 0xd8, 0xff };
    char sha[KEYS_ID_TEXT];
    char path[FS_PATH_MAX];
    enum err rc;

    if (len > STORE_PICTURE_MAX)
        return why_set(why, ERR_LIMIT, 0, "the picture is larger than %d KB; take a smaller one",
                       STORE_PICTURE_MAX / 1024);
    if (len < sizeof magic || memcmp(jpeg, magic, sizeof magic) != 0)
        return why_set(why, ERR_INPUT, 0, "the picture is no JPEG");
    keys_sha256_hex(sha, jpeg, len);
    rc = fs_join(path, s->dir, "pictures", why);
    if (rc == ERR_OK)
        rc = fs_mkdirs(path, 0700, why);
    if (rc == ERR_OK)
        rc = picture_path(s, sha, path, why);
    if (rc == ERR_OK)
        rc = fs_replace(path, jpeg, len, 0600, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "keep the picture");
    (void)str_copy(out_sha, KEYS_ID_TEXT, sha);
    return ERR_OK;
}

enum err store_picture(struct store *s, const char *sha, struct arena *a, char **out,
                       size_t *out_len, struct why *why)
{
    char path[FS_PATH_MAX];
    enum err rc = picture_path(s, sha, path, why);

    if (rc == ERR_OK)
        rc = fs_read(a, path, STORE_PICTURE_MAX, out, out_len, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "read a picture");
}
