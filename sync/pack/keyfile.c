#include "sync/pack/keyfile.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "platform/base/fs.h"
#include "platform/base/json.h"
#include "sync/pack/args.h"

/* What opening a box costs: RFC 9106's second choice, a fifth of a second and 64 MiB. A file says its own, so that it may be
   raised; what a file may ask for is bounded. */
enum { COST_PASSES = 3, COST_MIB = 64, COST_PASSES_MAX = 20, COST_MIB_MAX = 1024 };
enum { KEYFILE_SALT = KEYS_SALT };

static const char pub_suffix[] = ".pub";

static enum err pub_path(const char *path, char out[FS_PATH_MAX], struct why *why)
{
    if (!str_format(out, FS_PATH_MAX, "%s%s", path, pub_suffix))
        return why_set(why, ERR_LIMIT, 0, "the path is too long");
    return ERR_OK;
}

static enum err absent(const char *path, struct why *why)
{
    struct fs_stat stat;

    if (fs_stat(path, &stat, NULL) == ERR_OK)
        return why_set(why, ERR_CONFLICT, 0,
                       "%s is there already; a key is never written over: choose another name",
                       path);
    return ERR_OK;
}

/* Keys of a folder that is made for them are for nobody else to see. */
static enum err folder_of(const char *path, struct why *why)
{
    char folder[FS_PATH_MAX];
    char *slash;

    if (!str_copy(folder, sizeof folder, path))
        return why_set(why, ERR_LIMIT, 0, "the path is too long");
    slash = strrchr(folder, '/');
    if (slash == NULL || slash == folder)
        return ERR_OK;
    *slash = '\0';
    return fs_mkdirs(folder, 0700, why);
}

static bool name_ok(const char *name)
{
    if (strlen(name) > KEYFILE_NAME_MAX || !utf8_valid(name, strlen(name)))
        return false;
    for (const char *c = name; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            return false;
    return true;
}

/* The secret half as a file's text. */
static enum err secret_text(struct arena *a, const struct keypair *pair, const char *name,
                            const struct pass *pass, struct buf *out, struct why *why)
{
    uint8_t salt[KEYFILE_SALT], key[KEYS_BOX];
    char salt_hex[KEYFILE_SALT * 2 + 1];
    uint8_t *box;
    size_t box_len;
    char *b64;
    struct json_out j;
    enum err rc;

    keys_random(salt, sizeof salt);
    hex_put(salt_hex, salt, sizeof salt);
    rc = keys_pass(key, pass->text, pass->len, salt, COST_PASSES, COST_MIB, why);
    if (rc == ERR_OK)
        rc = keys_box(a, key, pair->secret, sizeof pair->secret, &box, &box_len, why);
    keys_wipe(key, sizeof key);
    if (rc == ERR_OK)
        rc = keys_b64(a, box, box_len, &b64, why);
    if (rc != ERR_OK)
        return rc;
    json_out_init(&j, out);
    json_out_object(&j, NULL);
    json_out_int(&j, "canny_key", 1);
    json_out_str(&j, "name", name);
    json_out_str(&j, "public", pair->id);
    json_out_str(&j, "salt", salt_hex);
    json_out_int(&j, "passes", COST_PASSES);
    json_out_int(&j, "mib", COST_MIB);
    json_out_str(&j, "box", b64);
    json_out_end_object(&j);
    buf_char(out, '\n');
    return buf_done(out, why);
}

/* The public half last: who finds it may trust that there is a secret one. */
static enum err write_both(struct arena *a, const char *path, const char *pub,
                           const struct keypair *pair, const char *name, const struct pass *pass,
                           struct keyfile *out, struct why *why)
{
    struct buf text;
    enum err rc = tuf_write_key(a, pair->id, *name != '\0' ? name : NULL, &out->key, why);

    if (rc != ERR_OK)
        return rc;
    buf_init(&text, KEYFILE_MAX);
    rc = secret_text(a, pair, name, pass, &text, why);
    if (rc == ERR_OK)
        rc = fs_replace(path, text.data, text.len, 0600, why);
    buf_reset(&text);
    buf_printf(&text, "%s\n", out->key.object);
    if (rc == ERR_OK)
        rc = buf_done(&text, why);
    if (rc == ERR_OK)
        rc = fs_replace(pub, text.data, text.len, 0644, why);
    buf_free(&text);
    return rc;
}

enum err keyfile_make(struct arena *a, const char *path, const char *name, const struct pass *pass,
                      struct keyfile *out, struct why *why)
{
    struct keypair pair;
    struct keyfile made = { 0 };
    char pub[FS_PATH_MAX];
    enum err rc = pub_path(path, pub, why);

    if (rc == ERR_OK && !name_ok(name))
        rc = why_set(why, ERR_INPUT, 0, "the name is too long, or has characters that no name has");
    if (rc == ERR_OK)
        rc = absent(path, why);
    if (rc == ERR_OK)
        rc = absent(pub, why);
    if (rc == ERR_OK)
        rc = folder_of(path, why);
    if (rc == ERR_OK)
        rc = keys_new(&pair, why);
    if (rc != ERR_OK)
        return rc;
    rc = write_both(a, path, pub, &pair, name, pass, &made, why);
    made.public_hex = arena_strdup(a, pair.id);
    made.name = arena_strdup(a, name);
    keys_wipe(&pair, sizeof pair);
    if (rc == ERR_OK && (made.public_hex == NULL || made.name == NULL))
        rc = why_set(why, ERR_NOMEM, 0, "no memory");
    if (rc == ERR_OK)
        *out = made;
    return rc;
}

static enum err keyfile_take(struct arena *a, const char *public_hex, const char *name,
                             struct keyfile *out, struct why *why)
{
    struct keyfile made = { .public_hex = public_hex, .name = name != NULL ? name : "" };
    enum err rc = tuf_write_key(a, public_hex, *made.name != '\0' ? name : NULL, &made.key, why);

    if (rc == ERR_OK)
        *out = made;
    return rc;
}

/* The public half from a key's object in metadata; ERR_INPUT: it is no Ed25519 key. */
static enum err keyfile_of(struct arena *a, const struct json *object, struct keyfile *out,
                           struct why *why)
{
    const char *type = json_str(object, "keytype"), *scheme = json_str(object, "scheme");
    const char *hex = json_str(json_get(object, "keyval"), "public");

    if (!str_eq(type, "ed25519") || !str_eq(scheme, "ed25519") || hex == NULL)
        return why_set(why, ERR_INPUT, 0, "no Ed25519 key");
    return keyfile_take(a, hex, json_str(json_get(object, "x_canny"), "name"), out, why);
}

static enum err read_json(struct arena *a, const char *path, const struct json **out,
                          struct why *why)
{
    char *text;
    size_t len;
    enum err rc = fs_read(a, path, KEYFILE_MAX, &text, &len, why);

    if (rc != ERR_OK)
        return rc;
    rc = json_parse(a, text, len, KEYFILE_MAX, out, why);
    return rc == ERR_OK ? rc : why_set(why, ERR_INPUT, 0, "%s is no key file", path);
}

enum err keyfile_public(struct arena *a, const char *path, struct keyfile *out, struct why *why)
{
    const struct json *root;
    enum err rc = read_json(a, path, &root, why);

    if (rc != ERR_OK)
        return rc;
    if (json_int(root, "canny_key", 0) == 1 && json_str(root, "public") != NULL)
        rc = keyfile_take(a, json_str(root, "public"), json_str(root, "name"), out, why);
    else
        rc = keyfile_of(a, root, out, why);
    return rc == ERR_OK ? rc : why_set(why, ERR_INPUT, 0, "%s is no key file", path);
}

static enum err box_open(struct arena *a, const char *path, const struct json *root,
                         const struct pass *pass, struct keypair *out, struct why *why)
{
    uint8_t salt[KEYFILE_SALT], key[KEYS_BOX];
    uint8_t *box, *secret;
    size_t box_len, len;
    int64_t passes = json_int(root, "passes", 0), mib = json_int(root, "mib", 0);
    const char *salt_hex = json_str(root, "salt"), *b64 = json_str(root, "box");
    enum err rc;

    if (passes < 1 || passes > COST_PASSES_MAX || mib < 1 || mib > COST_MIB_MAX || b64 == NULL ||
        !hex_is(salt_hex, sizeof(salt) * 2) || !hex_get(salt, sizeof salt, salt_hex))
        return why_set(why, ERR_INPUT, 0, "%s is damaged: put it back from a copy", path);
    rc = keys_unb64(a, b64, &box, &box_len, why);
    if (rc == ERR_OK)
        rc = keys_pass(key, pass->text, pass->len, salt, (unsigned)passes, (unsigned)mib, why);
    if (rc != ERR_OK)
        return rc;
    rc = keys_unbox(a, key, box, box_len, &secret, &len, why);
    keys_wipe(key, sizeof key);
    if (rc != ERR_OK)
        return why_set(why, ERR_DENIED, 0, "%s: this is not its pass phrase", path);
    if (len != KEYS_SECRET || keys_from_secret(secret, out, NULL) != ERR_OK ||
        !str_eq(out->id, json_str(root, "public")))
        rc = why_set(why, ERR_INPUT, 0, "%s is damaged: put it back from a copy", path);
    keys_wipe(secret, len);
    return rc;
}

/* Its box keeps it, and a stick's file system keeps no rights: it is told and no more. */
static void tell_open_file(const char *path)
{
    struct stat st;
    char quoted[ARGS_QUOTED];

    if (stat(path, &st) == 0 && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        (void)fprintf(stderr, "note: others than its owner may read %s: chmod 600 %s\n", path,
                      args_quoted(quoted, path));
}

enum err keyfile_open(struct arena *a, const char *path, const struct pass *pass,
                      struct keypair *out, struct why *why)
{
    const struct json *root;
    enum err rc = read_json(a, path, &root, why);

    if (rc != ERR_OK)
        return rc;
    if (json_int(root, "canny_key", 0) != 1)
        return why_set(why, ERR_INPUT, 0, "%s holds no secret key%s", path,
                       str_ends(path, pub_suffix) ? ": give the file without .pub" : "");
    tell_open_file(path);
    return box_open(a, path, root, pass, out, why);
}
