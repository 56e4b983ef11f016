#include "sync/update/tuf_download.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/base/str.h"
#include "sync/update/tuf_client_parts.h"

enum {
    DOWNLOAD_PIECE = 64 * 1024,
    DOWNLOAD_ARENA = 64 * 1024,
    DOWNLOAD_DIR_MODE = 0755,
    DOWNLOAD_NAME = 256 /* bytes, with the NUL */
};

/* A file on its way. No path that is percent-encoded has this name. */
#define DOWNLOAD_NEW "%new"

/* Length and hashes of a stream. */
struct download_sum {
    const struct tuf_file *want;
    EVP_MD_CTX *sha256, *sha512; /* NULL: not asked for */
    uint64_t len;
    bool broken; /* libcrypto could not */
};

struct download_file {
    struct download_sum sum;
    int fd;
};

static void sum_done(struct download_sum *s)
{
    EVP_MD_CTX_free(s->sha256);
    EVP_MD_CTX_free(s->sha512);
    s->sha256 = s->sha512 = NULL;
}

static enum err sum_init(struct download_sum *s, const struct tuf_file *want, struct why *why)
{
    *s = (struct download_sum){ .want = want };
    if (want->hashes.has_sha256)
        s->broken = (s->sha256 = EVP_MD_CTX_new()) == NULL ||
                    EVP_DigestInit_ex(s->sha256, EVP_sha256(), NULL) != 1;
    if (want->hashes.has_sha512)
        s->broken = s->broken || (s->sha512 = EVP_MD_CTX_new()) == NULL ||
                    EVP_DigestInit_ex(s->sha512, EVP_sha512(), NULL) != 1;
    if (!s->broken)
        return ERR_OK;
    sum_done(s);
    return why_set(why, ERR_NOMEM, 0, "hash %.80s", want->name);
}

static void sum_add(struct download_sum *s, const void *data, size_t len)
{
    s->len += len;
    if (s->sha256 != NULL && EVP_DigestUpdate(s->sha256, data, len) != 1)
        s->broken = true;
    if (s->sha512 != NULL && EVP_DigestUpdate(s->sha512, data, len) != 1)
        s->broken = true;
}

static bool sum_hash_is(EVP_MD_CTX *ctx, const uint8_t *want, size_t size)
{
    uint8_t got[EVP_MAX_MD_SIZE];
    unsigned len = 0;

    return EVP_DigestFinal_ex(ctx, got, &len) == 1 && len == size && memcmp(got, want, size) == 0;
}

/* Once. At least one hash has to be there. */
static bool sum_right(struct download_sum *s)
{
    const struct tuf_hashes *h = &s->want->hashes;

    return !s->broken && (s->sha256 != NULL || s->sha512 != NULL) && s->want->length >= 0 &&
           s->len == (uint64_t)s->want->length &&
           (s->sha256 == NULL || sum_hash_is(s->sha256, h->sha256, KEYS_HASH)) &&
           (s->sha512 == NULL || sum_hash_is(s->sha512, h->sha512, TUF_SHA512));
}

/* Whether the file that stands there is the target. */
static bool download_has(const char *path, const struct tuf_file *target)
{
    char piece[DOWNLOAD_PIECE];
    struct download_sum s;
    struct stat st;
    ssize_t n = 0;
    bool right = false;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0)
        return false;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == target->length &&
        sum_init(&s, target, NULL) == ERR_OK) {
        while ((n = read(fd, piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR))
            if (n > 0)
                sum_add(&s, piece, (size_t)n);
        right = n == 0 && sum_right(&s);
        sum_done(&s);
    }
    (void)close(fd);
    return right;
}

static enum err download_piece(void *to, const void *piece, size_t len, struct why *why)
{
    struct download_file *f = to;
    const char *at = piece;

    if (len > (uint64_t)f->sum.want->length - f->sum.len)
        return why_set(why, ERR_LIMIT, 0, "longer than the %lld bytes that were signed for",
                       (long long)f->sum.want->length);
    sum_add(&f->sum, piece, len);
    while (len > 0) {
        const ssize_t n = write(f->fd, at, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return why_set(why, errno == ENOSPC || errno == EDQUOT ? ERR_FULL : ERR_IO, errno,
                           "write");
        at += n;
        len -= (size_t)n;
    }
    return ERR_OK;
}

/* The new file, ours alone: the lock goes with the file when it gets its name, so whoever waited for it at the old one has
   to look whether that is still the file that stands there. */
static enum err download_open(const char *path, int *out, struct why *why)
{
    struct stat ours;
    struct stat named;
    int fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644);

    if (fd < 0)
        return why_set(why, ERR_IO, errno, "make %s", path);
    enum err rc = ERR_OK;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 || fstat(fd, &ours) != 0 || lstat(path, &named) != 0 ||
        ours.st_ino != named.st_ino)
        rc = why_set(why, ERR_CONFLICT, 0, "another program downloads into this folder");
    else if (ftruncate(fd, 0) != 0)
        rc = why_set(why, ERR_IO, errno, "empty %s", path);
    if (rc != ERR_OK) {
        (void)close(fd);
        return rc;
    }
    *out = fd;
    return ERR_OK;
}

/* What a cut left behind, where nobody is writing it. */
static void download_tidy(const char *new)
{
    int fd = open(new, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0)
        return;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        (void)unlink(new);
    (void)close(fd);
}

static enum err download_fault(struct tuf_client *c, const struct download_file *f, enum err rc)
{
    if (rc == ERR_NOT_FOUND)
        return client_fail(c, TUF_MISSING, rc);
    if (rc == ERR_LIMIT || rc == ERR_DENIED)
        return client_fail(c, TUF_MIXED, rc);
    return client_fail_ours(c, f->sum.broken ? TUF_OURS : TUF_UNREACHED, rc);
}

static enum err download_fill(struct tuf_client *c, update_pour pour, void *ctx, const char *name,
                              struct download_file *f, struct why *why)
{
    enum err rc = pour(ctx, name, (size_t)f->sum.want->length, download_piece, f, why);

    if (rc == ERR_OK && !sum_right(&f->sum))
        rc = why_set(why, ERR_DENIED, 0, "is not what was signed");
    if (rc != ERR_OK)
        return download_fault(c, f, why_in(why, rc, "%.120s", name));
    if (fsync(f->fd) != 0)
        return client_fail(c, TUF_OURS, why_set(why, ERR_IO, errno, "sync"));
    return ERR_OK;
}

static enum err download_new(struct tuf_client *c, update_pour pour, void *ctx, const char *name,
                             const struct tuf_file *target, const char *new, const char *path,
                             struct why *why)
{
    struct download_file f = { .fd = -1 };
    enum err rc = download_open(new, &f.fd, why);

    if (rc != ERR_OK)
        return client_fail(c, TUF_OURS, rc);
    rc = sum_init(&f.sum, target, why);
    if (rc != ERR_OK) {
        rc = client_fail(c, TUF_OURS, rc);
    } else {
        rc = download_fill(c, pour, ctx, name, &f, why);
        sum_done(&f.sum);
    }
    if (rc == ERR_OK && (rc = fs_move(new, path, why)) != ERR_OK)
        rc = client_fail(c, TUF_OURS, rc);
    if (rc != ERR_OK)
        (void)unlink(new);
    (void)close(f.fd);
    return rc;
}

static void tuf_download_name(char out[DOWNLOAD_NAME], const char *path)
{
    char hash[KEYS_ID_TEXT];

    if (tuf_quote(out, DOWNLOAD_NAME, path, NULL) == ERR_OK)
        return;
    keys_sha256_hex(hash, path, strlen(path));
    (void)str_format(out, DOWNLOAD_NAME, "%%long-%s", hash);
}

enum err tuf_download(struct tuf_client *c, update_pour pour, void *ctx,
                      const struct tuf_file *target, const char *dir, struct why *why)
{
    char file[DOWNLOAD_NAME];
    char path[FS_PATH_MAX];
    char new[FS_PATH_MAX];
    const char *name = NULL;
    struct arena a;
    enum err rc = ERR_OK;

    arena_init(&a, DOWNLOAD_ARENA);
    rc = tuf_client_target_name(c, target, &a, &name, why);
    if (rc != ERR_OK)
        goto out;
    tuf_download_name(file, target->name);
    rc = fs_join(path, dir, file, why);
    if (rc == ERR_OK)
        rc = fs_join(new, dir, DOWNLOAD_NEW, why);
    if (rc == ERR_OK)
        rc = fs_mkdirs(dir, DOWNLOAD_DIR_MODE, why);
    if (rc != ERR_OK) {
        rc = client_fail(c, TUF_OURS, rc);
        goto out;
    }
    c->fault = TUF_FINE;
    if (download_has(path, target))
        download_tidy(new);
    else
        rc = download_new(c, pour, ctx, name, target, new, path, why);
out:
    arena_done(&a);
    return rc;
}
