#include "platform/base/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/sha.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"

enum { BOX_NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };
enum { BOX_TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES };
enum { FILE_PIECE = 256 * 1024 };

_Static_assert(KEYS_HASH == crypto_hash_sha256_BYTES, "SHA-256");
_Static_assert(KEYS_PUBLIC == crypto_sign_PUBLICKEYBYTES, "Ed25519 public key");
_Static_assert(KEYS_SECRET == crypto_sign_SECRETKEYBYTES, "Ed25519 secret key");
_Static_assert(KEYS_SIG == crypto_sign_BYTES, "Ed25519 signature");
_Static_assert(KEYS_BOX == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "a box's key");
_Static_assert(KEYS_SALT == crypto_pwhash_SALTBYTES, "a pass phrase's salt");
_Static_assert(KEYS_VERIFIER >= crypto_pwhash_STRBYTES, "Argon2id text");

enum err keys_init(struct why *why)
{
    if (sodium_init() < 0)
        return why_set(why, ERR_IO, 0, "no source of random numbers");
    return ERR_OK;
}

/* libcrypto's SHA-256 uses the processor's own instructions and takes a fifth of the time of libsodium's plain C; every line is
   hashed wherever it arrives. libcurl brings libcrypto along anyway. These are its calls from before OpenSSL 3: the new ones
   (EVP) cost 2 MiB in each program, look the digest up by name each time, and can fail for lack of memory. */
void keys_sha256(uint8_t out[KEYS_HASH], const void *data, size_t len)
{
    SHA256_CTX sha;

    (void)SHA256_Init(&sha);
    (void)SHA256_Update(&sha, data, len);
    (void)SHA256_Final(out, &sha);
}

void keys_sha256_hex(char out[KEYS_ID_TEXT], const void *data, size_t len)
{
    uint8_t hash[KEYS_HASH];
    keys_sha256(hash, data, len);
    hex_put(out, hash, sizeof hash);
}

static enum err sha256_fd(int fd, bool (*stop)(void *ctx), void *ctx, uint8_t out[KEYS_HASH],
                          struct why *why)
{
    uint8_t *piece = malloc(FILE_PIECE);
    enum err rc = piece == NULL ? why_set(why, ERR_NOMEM, 0, "no memory") : ERR_OK;
    SHA256_CTX sha;
    ssize_t n = 1;

    (void)SHA256_Init(&sha);
    while (rc == ERR_OK && n != 0) {
        n = read(fd, piece, FILE_PIECE);
        if (n < 0 && errno != EINTR)
            rc = why_set(why, ERR_IO, errno, "read");
        if (n > 0)
            (void)SHA256_Update(&sha, piece, (size_t)n);
        if (rc == ERR_OK && n != 0 && stop != NULL && stop(ctx))
            rc = why_set(why, ERR_OFFLINE, 0, "stopped");
    }
    free(piece);
    (void)SHA256_Final(out, &sha);
    return rc;
}

enum err keys_sha256_file(const char *path, bool (*stop)(void *ctx), void *ctx,
                          char out[KEYS_ID_TEXT], struct why *why)
{
    uint8_t hash[KEYS_HASH];
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum err rc;

    if (fd < 0)
        return why_set(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, errno, "open %s", path);
    rc = sha256_fd(fd, stop, ctx, hash, why);
    (void)close(fd);
    if (rc != ERR_OK)
        return why_in(why, rc, "%s", path);
    hex_put(out, hash, sizeof hash);
    return ERR_OK;
}

void keys_random(void *out, size_t len)
{
    randombytes_buf(out, len);
}

void keys_random_id(char out[KEYS_RANDOM_ID])
{
    uint8_t bytes[(KEYS_RANDOM_ID - 1) / 2];
    keys_random(bytes, sizeof bytes);
    hex_put(out, bytes, sizeof bytes);
}

enum err keys_new(struct keypair *out, struct why *why)
{
    struct keypair made;
    if (crypto_sign_keypair(made.pub, made.secret) != 0)
        return why_set(why, ERR_IO, 0, "make a key pair");
    hex_put(made.id, made.pub, sizeof made.pub);
    *out = made;
    sodium_memzero(&made, sizeof made);
    return ERR_OK;
}

/* The secret holds its seed and its public half: a damaged one does not agree with itself. */
enum err keys_from_secret(const uint8_t secret[KEYS_SECRET], struct keypair *out, struct why *why)
{
    struct keypair loaded;
    uint8_t seed[crypto_sign_SEEDBYTES];
    bool good = crypto_sign_ed25519_sk_to_seed(seed, secret) == 0 &&
                crypto_sign_seed_keypair(loaded.pub, loaded.secret, seed) == 0 &&
                sodium_memcmp(loaded.secret, secret, KEYS_SECRET) == 0;
    sodium_memzero(seed, sizeof seed);
    if (good) {
        hex_put(loaded.id, loaded.pub, sizeof loaded.pub);
        *out = loaded;
    }
    sodium_memzero(&loaded, sizeof loaded);
    return good ? ERR_OK : why_set(why, ERR_INPUT, 0, "the secret key is damaged");
}

static enum err keys_make(const char *path, struct keypair *out, struct why *why)
{
    struct keypair made;
    enum err rc = keys_new(&made, why);
    if (rc == ERR_OK)
        rc = fs_replace(path, made.secret, sizeof made.secret, 0600, why);
    if (rc == ERR_OK)
        *out = made;
    sodium_memzero(&made, sizeof made);
    return why_in(why, rc, "device key");
}

enum err keys_load_or_make(const char *path, struct keypair *out, struct why *why)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return keys_make(path, out, why);
    if (fd < 0)
        return why_set(why, ERR_IO, errno, "open %s", path);
    uint8_t bytes[KEYS_SECRET + 1];
    ssize_t n = read(fd, bytes, sizeof bytes);
    (void)close(fd);
    bool good = n == KEYS_SECRET && keys_from_secret(bytes, out, NULL) == ERR_OK;
    sodium_memzero(bytes, sizeof bytes);
    if (!good)
        return why_set(why, ERR_INPUT, 0, "%s is damaged: put it back from a backup", path);
    return ERR_OK;
}

void keys_sign(uint8_t sig[KEYS_SIG], const struct keypair *key, const void *data, size_t len)
{
    (void)crypto_sign_detached(sig, NULL, data, len, key->secret);
}

bool keys_verify(const uint8_t sig[KEYS_SIG], const uint8_t pub[KEYS_PUBLIC], const void *data,
                 size_t len)
{
    return crypto_sign_verify_detached(sig, data, len, pub) == 0;
}

enum err keys_seal(struct arena *a, const uint8_t pub[KEYS_PUBLIC], const void *data, size_t len,
                   uint8_t **out, size_t *out_len, struct why *why)
{
    uint8_t curve[crypto_box_PUBLICKEYBYTES];
    if (crypto_sign_ed25519_pk_to_curve25519(curve, pub) != 0)
        return why_set(why, ERR_INPUT, 0, "seal: not a public key");
    uint8_t *sealed = arena_alloc(a, len + crypto_box_SEALBYTES);
    if (sealed == NULL)
        return why_set(why, ERR_NOMEM, 0, "seal: no memory");
    if (crypto_box_seal(sealed, data, len, curve) != 0)
        return why_set(why, ERR_INPUT, 0, "seal: not a public key");
    *out = sealed;
    *out_len = len + crypto_box_SEALBYTES;
    return ERR_OK;
}

enum err keys_unseal(struct arena *a, const struct keypair *key, const void *data, size_t len,
                     uint8_t **out, size_t *out_len, struct why *why)
{
    if (len < crypto_box_SEALBYTES)
        return why_set(why, ERR_INPUT, 0, "sealed box of %zu bytes", len);
    uint8_t pub[crypto_box_PUBLICKEYBYTES];
    uint8_t secret[crypto_box_SECRETKEYBYTES];
    /* The public half is worked out of the secret one. Converting key->pub gives the same point and costs more than twice as
       much, as libsodium checks that it is a safe one; of our own key that is known. */
    if (crypto_sign_ed25519_sk_to_curve25519(secret, key->secret) != 0 ||
        crypto_scalarmult_curve25519_base(pub, secret) != 0)
        return why_set(why, ERR_INPUT, 0, "unseal: not a key pair");
    uint8_t *plain = arena_alloc(a, len - crypto_box_SEALBYTES + 1);
    if (plain == NULL)
        return why_set(why, ERR_NOMEM, 0, "unseal: no memory");
    int bad = crypto_box_seal_open(plain, data, len, pub, secret);
    sodium_memzero(secret, sizeof secret);
    if (bad != 0)
        return why_set(why, ERR_DENIED, 0, "the box is sealed to another key, or was changed");
    *out = plain;
    *out_len = len - crypto_box_SEALBYTES;
    return ERR_OK;
}

enum err keys_box(struct arena *a, const uint8_t key[32], const void *data, size_t len,
                  uint8_t **out, size_t *out_len, struct why *why)
{
    uint8_t *boxed = arena_alloc(a, BOX_NONCE + len + BOX_TAG);
    if (boxed == NULL)
        return why_set(why, ERR_NOMEM, 0, "encrypt: no memory");
    keys_random(boxed, BOX_NONCE);
    unsigned long long made = 0;
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(boxed + BOX_NONCE, &made, data, len, NULL, 0,
                                                     NULL, boxed, key);
    *out = boxed;
    *out_len = BOX_NONCE + (size_t)made;
    return ERR_OK;
}

enum err keys_unbox(struct arena *a, const uint8_t key[32], const void *data, size_t len,
                    uint8_t **out, size_t *out_len, struct why *why)
{
    if (len < (size_t)BOX_NONCE + BOX_TAG)
        return why_set(why, ERR_INPUT, 0, "box of %zu bytes", len);
    uint8_t *plain = arena_alloc(a, len - BOX_NONCE - BOX_TAG + 1);
    if (plain == NULL)
        return why_set(why, ERR_NOMEM, 0, "decrypt: no memory");
    const uint8_t *bytes = data;
    unsigned long long made = 0;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, &made, NULL, bytes + BOX_NONCE,
                                                   len - BOX_NONCE, NULL, 0, bytes, key) != 0)
        return why_set(why, ERR_DENIED, 0, "the box was made with another key, or was changed");
    *out = plain;
    *out_len = (size_t)made;
    return ERR_OK;
}

enum err keys_pass(uint8_t out[KEYS_BOX], const char *pass, size_t len,
                   const uint8_t salt[KEYS_SALT], unsigned passes, unsigned mib, struct why *why)
{
    if (crypto_pwhash(out, KEYS_BOX, pass, len, salt, passes, (size_t)mib * 1024 * 1024,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        return why_set(why, ERR_NOMEM, 0, "a pass phrase needs %u MiB of memory", mib);
    return ERR_OK;
}

void keys_wipe(void *secret, size_t len)
{
    sodium_memzero(secret, len);
}

/* A verifier copied off this kiosk cannot be tried elsewhere: what Argon2id sees needs the device's
   key. */
static void pin_keyed(char out[KEYS_ID_TEXT], const struct keypair *device, const char *pin)
{
    uint8_t mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    (void)crypto_auth_hmacsha256_init(&state, device->secret, sizeof device->secret);
    (void)crypto_auth_hmacsha256_update(&state, (const unsigned char *)pin, strlen(pin));
    (void)crypto_auth_hmacsha256_final(&state, mac);
    hex_put(out, mac, sizeof mac);
    sodium_memzero(&state, sizeof state);
}

enum err keys_pin_set(char out[KEYS_VERIFIER], const struct keypair *device, const char *pin,
                      struct why *why)
{
    char keyed[KEYS_ID_TEXT];
    pin_keyed(keyed, device, pin);
    memset(out, 0, KEYS_VERIFIER);
    int bad = crypto_pwhash_str(out, keyed, strlen(keyed), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                crypto_pwhash_MEMLIMIT_INTERACTIVE / 4);
    sodium_memzero(keyed, sizeof keyed);
    if (bad != 0)
        return why_set(why, ERR_NOMEM, 0, "PIN: no memory for Argon2id");
    return ERR_OK;
}

bool keys_pin_ok(const char verifier[KEYS_VERIFIER], const struct keypair *device, const char *pin)
{
    char keyed[KEYS_ID_TEXT];
    pin_keyed(keyed, device, pin);
    bool same = crypto_pwhash_str_verify(verifier, keyed, strlen(keyed)) == 0;
    sodium_memzero(keyed, sizeof keyed);
    return same;
}

enum err keys_b64(struct arena *a, const void *data, size_t len, char **out, struct why *why)
{
    size_t size = sodium_base64_encoded_len(len, sodium_base64_VARIANT_ORIGINAL);
    char *text = arena_alloc(a, size);
    if (text == NULL)
        return why_set(why, ERR_NOMEM, 0, "base64: no memory");
    (void)sodium_bin2base64(text, size, data, len, sodium_base64_VARIANT_ORIGINAL);
    *out = text;
    return ERR_OK;
}

enum err keys_unb64(struct arena *a, const char *text, uint8_t **out, size_t *out_len,
                    struct why *why)
{
    size_t len = strlen(text);
    uint8_t *bytes = arena_alloc(a, len / 4 * 3 + 3);
    if (bytes == NULL)
        return why_set(why, ERR_NOMEM, 0, "base64: no memory");
    size_t made = 0;
    if (sodium_base642bin(bytes, len / 4 * 3 + 3, text, len, NULL, &made, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return why_set(why, ERR_INPUT, 0, "not base64");
    *out = bytes;
    *out_len = made;
    return ERR_OK;
}

bool keys_equal(const void *a, const void *b, size_t len)
{
    return sodium_memcmp(a, b, len) == 0;
}
