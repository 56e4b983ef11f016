/* Makes the n-th write to the disk fail once; and whether log and tables say the same afterwards. */
#pragma once

#include <errno.h>
#include <sqlite3.h>

#include "tests/app/store/support.h"

typedef ssize_t (*faults_write_at)(int fd, const void *data, size_t len, off_t at);

/* SQLite's table of system calls hands no context to its functions, hence the one static of the tests
   that include this. */
static struct faults_disk {
    faults_write_at real;
    int left; /* writes until the one that fails; 0 none */
    int error;
} disk;

static inline ssize_t disk_write(int fd, const void *data, size_t len, off_t at)
{
    if (disk.left > 0 && --disk.left == 0) {
        errno = disk.error;
        return -1;
    }
    return disk.real(fd, data, len, at);
}

static inline const char *disk_call(void)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find("unix");

    return vfs->xGetSystemCall(vfs, "pwrite64") != NULL ? "pwrite64" : "pwrite";
}

static inline void disk_begin(int left, int error)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find("unix");

    disk.left = left;
    disk.error = error;
    disk.real = (faults_write_at)vfs->xGetSystemCall(vfs, disk_call());
    assert_non_null(disk.real);
    assert_int_equal(vfs->xSetSystemCall(vfs, disk_call(), (sqlite3_syscall_ptr)disk_write),
                     SQLITE_OK);
}

/* Whether the write was reached and failed. */
static inline bool disk_end(void)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find("unix");
    bool failed = disk.left == 0;

    disk.left = 0;
    assert_int_equal(vfs->xSetSystemCall(vfs, disk_call(), NULL), SQLITE_OK);
    return failed;
}

static inline int64_t count_of(struct support_store *t, const char *sql)
{
    int64_t n = -1;
    struct why why = { 0 };

    support_ok(db_one_i64(&t->s.db, sql, 0, &n, &why), &why);
    return n;
}

static inline void assert_tables_match_the_log(struct support_store *t)
{
    char digest[KEYS_ID_TEXT];
    char rebuilt[KEYS_ID_TEXT];
    struct why why = { 0 };

    support_ok(store_digest(&t->s, digest, &why), &why);
    support_ok(store_rebuild(&t->s, &why), &why);
    support_ok(store_digest(&t->s, rebuilt, &why), &why);
    assert_string_equal(digest, rebuilt);
}
