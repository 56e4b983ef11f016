#include "sync/log/device_key.h"

#include <string.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/log/evlog.h"

enum { KEY_AGAIN_MAX = 3 };

static const char key_now[] = "device.key";
static const char key_next[] = "device.key.next";
static const char key_pins[] = "pin.key";

/* ERR_NOT_FOUND: no such file. Never makes one: a file that is being renamed would come back with another key in it. */
static enum err key_read(const char *dir, const char *name, struct keypair *out, struct why *why)
{
    char path[FS_PATH_MAX];
    struct arena a;
    char *bytes = NULL;
    size_t len = 0;
    enum err rc = fs_join(path, dir, name, why);

    arena_init(&a, (size_t)64 * 1024);
    if (rc == ERR_OK)
        rc = fs_read(&a, path, KEYS_SECRET, &bytes, &len, why);
    if (rc == ERR_OK && len != KEYS_SECRET)
        rc = why_set(why, ERR_INPUT, 0, "%s is damaged: put it back from a backup", path);
    if (rc == ERR_OK)
        rc = keys_from_secret((const uint8_t *)bytes, out, why);
    if (bytes != NULL)
        memset(bytes, 0, len);
    arena_done(&a);
    return rc;
}

static enum err key_path(const char *dir, const char *name, char out[FS_PATH_MAX], struct why *why)
{
    return fs_join(out, dir, name, why);
}

enum err device_key_next(const char *dir, struct keypair *out, struct why *why)
{
    char path[FS_PATH_MAX];
    enum err rc = key_path(dir, key_next, path, why);

    return rc == ERR_OK ? keys_load_or_make(path, out, why) : rc;
}

/* The verifiers of PINs go on with the key that they were made with. */
static enum err key_keep_for_pins(const char *dir, struct why *why)
{
    char from[FS_PATH_MAX];
    char to[FS_PATH_MAX];
    struct fs_stat st;
    struct arena a;
    char *bytes = NULL;
    size_t len = 0;
    enum err rc = key_path(dir, key_now, from, why);

    if (rc == ERR_OK)
        rc = key_path(dir, key_pins, to, why);
    if (rc != ERR_OK || fs_stat(to, &st, NULL) == ERR_OK)
        return rc;
    arena_init(&a, (size_t)64 * 1024);
    rc = fs_read(&a, from, KEYS_SECRET, &bytes, &len, why);
    if (rc == ERR_OK)
        rc = fs_replace(to, bytes, len, 0600, why);
    if (bytes != NULL)
        memset(bytes, 0, len);
    arena_done(&a);
    return rc;
}

enum err device_key_finish(const char *dir, struct db *db, struct why *why)
{
    char from[FS_PATH_MAX];
    char to[FS_PATH_MAX];
    char self[KEYS_ID_TEXT];
    struct keypair next;
    enum err rc = evlog_self(db, self, why);

    if (rc == ERR_OK)
        rc = key_read(dir, key_next, &next, why);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc != ERR_OK || !str_eq(next.id, self))
        return rc;
    rc = key_keep_for_pins(dir, why);
    if (rc == ERR_OK)
        rc = key_path(dir, key_next, from, why);
    if (rc == ERR_OK)
        rc = key_path(dir, key_now, to, why);
    return rc == ERR_OK ? fs_move(from, to, why) : rc;
}

enum err device_key_open(const char *dir, struct db *db, struct keypair *out,
                         struct keypair *out_pins, struct why *why)
{
    char path[FS_PATH_MAX];
    char self[KEYS_ID_TEXT];
    struct keypair own;
    struct keypair pins;
    enum err rc = device_key_finish(dir, db, why);

    if (rc == ERR_OK)
        rc = key_path(dir, key_now, path, why);
    if (rc == ERR_OK)
        rc = keys_load_or_make(path, &own, why);
    if (rc == ERR_OK)
        rc = evlog_self(db, self, why);
    /* A file from elsewhere beside another's key: whoever put it there wants the key. Its lines then are another's. */
    if (rc == ERR_OK && !str_eq(self, own.id))
        rc = evlog_set_self(db, own.id, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "the kiosk's key");
    pins = own;
    rc = key_read(dir, key_pins, &pins, why);
    if (rc != ERR_OK && rc != ERR_NOT_FOUND)
        return why_in(why, rc, "the key of the PINs");
    *out = own;
    *out_pins = pins;
    return ERR_OK;
}

enum err device_key_again(const char *dir, struct db *db, struct keypair *out, struct why *why)
{
    char self[KEYS_ID_TEXT];
    struct keypair key;
    enum err rc = evlog_self(db, self, why);

    if (rc != ERR_OK)
        return rc;
    /* Between two looks the one may have become the other. */
    for (int i = 0; i < KEY_AGAIN_MAX; i++) {
        if ((key_read(dir, key_now, &key, NULL) == ERR_OK && str_eq(key.id, self)) ||
            (key_read(dir, key_next, &key, NULL) == ERR_OK && str_eq(key.id, self))) {
            *out = key;
            return ERR_OK;
        }
    }
    return why_set(why, ERR_NOT_FOUND, 0, "the kiosk's key is in no file of %s", dir);
}
