#include "app/cmd_file.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "platform/base/db.h"
#include "platform/base/fs.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"
#include "sync/log/files.h"

struct file_ask {
    const char *data, *hash; /* hash NULL: the list is asked for */
};

static bool file_options(struct file_ask *ask, int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        if (str_eq(argv[i], "--data") && i + 1 < argc && ask->data == NULL)
            ask->data = argv[++i];
        else if (!str_starts(argv[i], "--") && ask->hash == NULL)
            ask->hash = argv[i];
        else
            return false;
    }
    return ask->data != NULL;
}

/* Reads only: a command that looks must not make or mend anything, and a running kiosk may be using it. */
static enum err file_open(const struct file_ask *ask, struct db *db, struct why *why)
{
    char path[FS_PATH_MAX];
    int64_t there = 0;
    struct fs_stat st;
    enum err rc = fs_join(path, ask->data, "canny.db", why);
    if (rc == ERR_OK && fs_stat(path, &st, NULL) != ERR_OK)
        rc = why_set(why, ERR_NOT_FOUND, 0,
                     "%s is not there; name the kiosk's data folder with --data", path);
    if (rc == ERR_OK)
        rc = db_open(db, path, DB_READ, why);
    if (rc == ERR_OK)
        rc = db_one_i64(db, "select count(*) from sqlite_master where name = 'log_file'", 0, &there,
                        why);
    if (rc == ERR_OK && there == 0)
        rc = why_set(why, ERR_INPUT, 0, "%s holds no records of this release; start the kiosk once",
                     path);
    return rc;
}

/* A line a file: its hash, type, bytes, state, and the names that records give it. */
static enum err file_list(struct db *db, struct why *why)
{
    struct db_stmt q = db_prepare(
        db, "select f.hash, f.type, f.bytes, f.state, coalesce((select group_concat(name, ', ')"
            " from (select distinct name from log_file_name n where n.hash = f.hash"
            " order by name)), '') from log_file f order by f.at_ms, f.hash");
    while (db_step(&q)) {
        (void)printf("%s\t%s\t%lld\t%s\t", db_text(&q, 0), db_text(&q, 1), (long long)db_i64(&q, 2),
                     db_text(&q, 3));
        /* A name is what somebody called a file: no control character of it reaches a terminal. */
        for (const char *at = db_text(&q, 4); *at != '\0'; at++)
            (void)putchar((unsigned char)*at < 0x20 || *at == 0x7f ? ' ' : *at);
        (void)putchar('\n');
    }
    return db_end(&q, why);
}

/* The hash, or as much of its beginning as says which. */
static enum err file_named(struct db *db, const char *begin, char out[KEYS_ID_TEXT],
                           struct why *why)
{
    enum { BEGIN_MIN = 8 };
    size_t count = 0;
    size_t len = strlen(begin);
    if (len < BEGIN_MIN || len >= KEYS_ID_TEXT || strspn(begin, "0123456789abcdef") != len)
        return why_set(why, ERR_INPUT, 0, "%.70s is no SHA-256, nor the first eight digits of one",
                       begin);
    struct db_stmt q =
        db_prepare(db, "select hash from log_file where substr(hash, 1, ?2) = ?1 limit 2");
    db_bind_text(&q, 1, begin);
    db_bind_i64(&q, 2, (int64_t)len);
    for (; db_step(&q); count++)
        (void)str_copy(out, KEYS_ID_TEXT, db_text(&q, 0));
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK && count == 0)
        rc = why_set(why, ERR_NOT_FOUND, 0, "no record names a file %s here", begin);
    if (rc == ERR_OK && count > 1)
        rc = why_set(why, ERR_CONFLICT, 0, "several files begin with %s; give more of it", begin);
    return rc;
}

static enum err file_write(const struct file_ask *ask, const char *hash, struct why *why)
{
    char path[FS_PATH_MAX];
    char found[KEYS_ID_TEXT];
    char name[KEYS_ID_TEXT + 16];
    struct arena a;
    char *bytes = NULL;
    size_t len = 0;
    arena_init(&a, (size_t)FILES_BYTES_MAX + (size_t)64 * 1024);
    (void)str_format(name, sizeof name, "files/%.2s/%s", hash, hash);
    enum err rc = fs_join(path, ask->data, name, why);
    if (rc == ERR_OK)
        rc = fs_read(&a, path, FILES_BYTES_MAX, &bytes, &len, why);
    if (rc == ERR_NOT_FOUND)
        rc = why_set(why, rc, 0,
                     "its bytes are not on this kiosk; fetch it on the record's page, or ask "
                     "another kiosk");
    if (rc == ERR_OK) {
        keys_sha256_hex(found, bytes, len);
        if (!str_eq(found, hash))
            rc = why_set(why, ERR_CONFLICT, 0,
                         "it is damaged on this kiosk, which fetches it again from the hub");
    }
    if (rc == ERR_OK && fwrite(bytes, 1, len, stdout) != len)
        rc = why_set(why, ERR_IO, errno, "standard output cannot be written");
    arena_done(&a);
    return rc;
}

int cmd_file(int argc, char **argv)
{
    struct file_ask ask = { .data = NULL };
    char hash[KEYS_ID_TEXT] = "";
    struct db db = { 0 };
    struct why why = { 0 };
    if (!file_options(&ask, argc, argv)) {
        (void)fputs("usage: canny file --data DIR [SHA256]\n", stderr);
        return 2;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    enum err rc = file_open(&ask, &db, &why);
    if (rc == ERR_OK && ask.hash == NULL)
        rc = file_list(&db, &why);
    if (rc == ERR_OK && ask.hash != NULL)
        rc = file_named(&db, ask.hash, hash, &why);
    if (rc == ERR_OK && ask.hash != NULL)
        rc = file_write(&ask, hash, &why);
    db_close(&db);
    /* A full disk must not pass for a finished copy. */
    if (rc == ERR_OK && (fflush(stdout) != 0 || ferror(stdout) != 0))
        rc = why_set(&why, ERR_IO, errno, "standard output cannot be written");
    if (rc == ERR_OK)
        return 0;
    (void)fprintf(stderr, "canny file: %s\n", why.text);
    return 1;
}
