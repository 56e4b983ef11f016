/* What the tests of attachments share: a DATA folder with its log, and bytes that are files. */
#pragma once

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "platform/base/fs.h"
#include "sync/log/files.h"
#include "tests/sync/log/files_make.h"
#include "tests/sync/log/support.h"

struct kept {
    char dir[40];
    struct db db;
    struct files files;
    struct arena a;
};

static inline struct db files_db(const char *dir)
{
    char path[FS_PATH_MAX];

    assert_ok(fs_join(path, dir, "canny.db", &why));
    struct db db = support_db(path);
    assert_ok(files_setup(&db, &why));
    return db;
}

/* In place, as files borrows its database. */
static inline void kept_open(struct kept *k)
{
    *k = (struct kept){ .dir = "/tmp/canny-files-XXXXXX" };
    assert_non_null(mkdtemp(k->dir));
    k->db = files_db(k->dir);
    /* Whatever disk the tests run on. */
    k->files = (struct files){ .db = &k->db, .data = k->dir, .free_min = 1 };
    arena_init(&k->a, (size_t)8 * FILES_BYTES_MAX);
}

static inline void kept_remove(const char *dir)
{
    struct arena a;
    const char **names;
    size_t count;

    arena_init(&a, 1 << 20);
    assert_ok(fs_list(&a, dir, 1000, &names, &count, &why));
    for (size_t i = 0; i < count; i++) {
        char path[FS_PATH_MAX];
        assert_true(str_format(path, sizeof path, "%s/%s", dir, names[i]));
        if (!str_ends(names[i], "/")) {
            assert_int_equal(unlink(path), 0);
            continue;
        }
        path[strlen(path) - 1] = '\0';
        kept_remove(path);
    }
    arena_done(&a);
    assert_int_equal(rmdir(dir), 0);
}

static inline void kept_close(struct kept *k)
{
    arena_done(&k->a);
    db_close(&k->db);
    kept_remove(k->dir);
}

static inline void kept_place(const struct kept *k, const char *hash, char out[FS_PATH_MAX])
{
    assert_true(str_format(out, FS_PATH_MAX, "%s/files/%.2s/%s", k->dir, hash, hash));
}

static inline bool kept_stands(const struct kept *k, const char *hash)
{
    char path[FS_PATH_MAX];

    kept_place(k, hash, path);
    return access(path, F_OK) == 0;
}

static inline struct file_info kept_info(const struct kept *k, const char *hash)
{
    struct file_info info;

    assert_ok(files_info(&k->files, hash, &info, &why));
    return info;
}

/* A line that names a file, as a record does: appended and followed in one transaction. */
static inline void kept_name(struct kept *k, uint8_t device, const char *subject, const char *hash,
                             const char *type, size_t bytes)
{
    struct keypair key = support_key(device);
    struct event e;
    char body[512];
    struct arena a;

    arena_init(&a, EVENT_ARENA);
    assert_true(str_format(body, sizeof body,
                           "{\"files\":[{\"sha256\":\"%s\",\"type\":\"%s\",\"bytes\":%zu,"
                           "\"name\":\"Shelf %s\"}]}",
                           hash, type, bytes, subject));
    const struct event_draft draft = { .kind = "check.recorded", .subject = subject, .body = body };
    assert_ok(db_begin(&k->db, &why));
    assert_ok(evlog_append(&k->db, &key, support_now(SUPPORT_MS, CLOCK_NTP), &draft, &a, &e, &why));
    assert_ok(files_name(&k->db, &e, SUPPORT_MS, &why));
    assert_ok(db_commit(&k->db, &why));
    arena_done(&a);
}
