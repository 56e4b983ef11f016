/* A disk in trouble: SQLite's own way to the files, in which the n-th call that changes something fails, once or from then
   on. A disk that is full takes half of what is written. */
#pragma once

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "tests/app/store/support.h"

enum trouble_kind {
    TROUBLE_FULL_ONCE,
    TROUBLE_FULL,  /* until trouble_end */
    TROUBLE_ERROR, /* of the disk, once */
    TROUBLE_DEAD,  /* every call from then on, reads too */
    TROUBLE_KINDS,
};

/* SQLite finds its way by name and hands no context to it. */
static struct trouble {
    sqlite3_vfs vfs, *real;
    bool on;
    enum trouble_kind kind;
    int left;    /* calls until the first that fails */
    int reached; /* calls that failed */
} trouble;

struct trouble_file {
    sqlite3_file base;
    sqlite3_file *real; /* behind this struct */
};

static inline bool trouble_comes(bool changes)
{
    if (!trouble.on || (!changes && !(trouble.kind == TROUBLE_DEAD && trouble.left == 0)))
        return false;
    if (trouble.left > 0 && --trouble.left > 0)
        return false;
    if (trouble.reached > 0 && (trouble.kind == TROUBLE_FULL_ONCE || trouble.kind == TROUBLE_ERROR))
        return false;
    trouble.reached++;
    return true;
}

static inline bool trouble_full(void)
{
    return trouble.kind == TROUBLE_FULL || trouble.kind == TROUBLE_FULL_ONCE;
}

static inline sqlite3_file *trouble_of(sqlite3_file *file)
{
    return ((struct trouble_file *)(void *)file)->real;
}

static inline int trouble_close(sqlite3_file *file)
{
    return trouble_of(file)->pMethods->xClose(trouble_of(file));
}

static inline int trouble_read(sqlite3_file *file, void *data, int len, sqlite3_int64 at)
{
    if (trouble_comes(false))
        return SQLITE_IOERR_READ;
    return trouble_of(file)->pMethods->xRead(trouble_of(file), data, len, at);
}

static inline int trouble_write(sqlite3_file *file, const void *data, int len, sqlite3_int64 at)
{
    sqlite3_file *real = trouble_of(file);

    if (!trouble_comes(true))
        return real->pMethods->xWrite(real, data, len, at);
    (void)real->pMethods->xWrite(real, data, len / 2, at);
    return trouble_full() ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static inline int trouble_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    if (trouble_comes(true))
        return SQLITE_IOERR_TRUNCATE;
    return trouble_of(file)->pMethods->xTruncate(trouble_of(file), size);
}

static inline int trouble_sync(sqlite3_file *file, int flags)
{
    (void)file;
    (void)flags;
    /* Nothing here asks what a power cut leaves, and a real one takes most of the time. */
    return trouble_comes(true) ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static inline int trouble_size(sqlite3_file *file, sqlite3_int64 *out)
{
    if (trouble_comes(false))
        return SQLITE_IOERR_FSTAT;
    return trouble_of(file)->pMethods->xFileSize(trouble_of(file), out);
}

static inline int trouble_lock(sqlite3_file *file, int level)
{
    return trouble_of(file)->pMethods->xLock(trouble_of(file), level);
}

static inline int trouble_unlock(sqlite3_file *file, int level)
{
    return trouble_of(file)->pMethods->xUnlock(trouble_of(file), level);
}

static inline int trouble_reserved(sqlite3_file *file, int *out)
{
    return trouble_of(file)->pMethods->xCheckReservedLock(trouble_of(file), out);
}

static inline int trouble_control(sqlite3_file *file, int op, void *arg)
{
    if (op == SQLITE_FCNTL_SIZE_HINT && trouble_comes(true))
        return SQLITE_FULL;
    return trouble_of(file)->pMethods->xFileControl(trouble_of(file), op, arg);
}

static inline int trouble_sector(sqlite3_file *file)
{
    return trouble_of(file)->pMethods->xSectorSize(trouble_of(file));
}

static inline int trouble_traits(sqlite3_file *file)
{
    return trouble_of(file)->pMethods->xDeviceCharacteristics(trouble_of(file));
}

static inline int trouble_shm_map(sqlite3_file *file, int page, int size, int extend,
                                  void volatile **out)
{
    if (extend != 0 && trouble_comes(true))
        return SQLITE_IOERR_SHMSIZE;
    return trouble_of(file)->pMethods->xShmMap(trouble_of(file), page, size, extend, out);
}

static inline int trouble_shm_lock(sqlite3_file *file, int at, int count, int flags)
{
    /* Letting go never fails in earnest. */
    if ((flags & SQLITE_SHM_LOCK) != 0 && (flags & SQLITE_SHM_EXCLUSIVE) != 0 &&
        trouble_comes(true))
        return SQLITE_IOERR_SHMLOCK;
    return trouble_of(file)->pMethods->xShmLock(trouble_of(file), at, count, flags);
}

static inline void trouble_shm_barrier(sqlite3_file *file)
{
    trouble_of(file)->pMethods->xShmBarrier(trouble_of(file));
}

static inline int trouble_shm_unmap(sqlite3_file *file, int flag)
{
    return trouble_of(file)->pMethods->xShmUnmap(trouble_of(file), flag);
}

static const sqlite3_io_methods trouble_methods = {
    .iVersion = 2,
    .xClose = trouble_close,
    .xRead = trouble_read,
    .xWrite = trouble_write,
    .xTruncate = trouble_truncate,
    .xSync = trouble_sync,
    .xFileSize = trouble_size,
    .xLock = trouble_lock,
    .xUnlock = trouble_unlock,
    .xCheckReservedLock = trouble_reserved,
    .xFileControl = trouble_control,
    .xSectorSize = trouble_sector,
    .xDeviceCharacteristics = trouble_traits,
    .xShmMap = trouble_shm_map,
    .xShmLock = trouble_shm_lock,
    .xShmBarrier = trouble_shm_barrier,
    .xShmUnmap = trouble_shm_unmap,
};

static inline int trouble_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                               int *out_flags)
{
    struct trouble_file *f = (struct trouble_file *)(void *)file;

    (void)vfs;
    f->base.pMethods = NULL;
    f->real = (sqlite3_file *)(void *)(f + 1);
    if (trouble_comes((flags & SQLITE_OPEN_CREATE) != 0))
        return trouble_full() ? SQLITE_FULL : SQLITE_CANTOPEN;
    int rc = trouble.real->xOpen(trouble.real, name, f->real, flags, out_flags);
    if (rc == SQLITE_OK)
        f->base.pMethods = &trouble_methods;
    else if (f->real->pMethods != NULL)
        (void)f->real->pMethods->xClose(f->real);
    return rc;
}

static inline int trouble_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    if (trouble_comes(true))
        return SQLITE_IOERR_DELETE;
    return trouble.real->xDelete(trouble.real, name, sync);
}

/* Before the first database is opened. */
static inline int trouble_setup(void **state)
{
    (void)state;
    trouble.real = sqlite3_vfs_find(NULL);
    if (trouble.real == NULL)
        return -1;
    trouble.vfs = *trouble.real;
    trouble.vfs.zName = "trouble";
    trouble.vfs.szOsFile = (int)sizeof(struct trouble_file) + trouble.real->szOsFile;
    trouble.vfs.pNext = NULL;
    trouble.vfs.xOpen = trouble_open;
    trouble.vfs.xDelete = trouble_delete;
    return sqlite3_vfs_register(&trouble.vfs, 1) == SQLITE_OK ? 0 : -1;
}

static inline void trouble_begin(enum trouble_kind kind, int n)
{
    trouble.kind = kind;
    trouble.left = n;
    trouble.reached = 0;
    trouble.on = true;
}

/* Whether there was any. */
static inline bool trouble_end(void)
{
    trouble.on = false;
    return trouble.reached > 0;
}
