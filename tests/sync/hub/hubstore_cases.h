/* The cases of the hub's store, the same for every engine: each begins with a store that has nothing in it. */
#pragma once

#include "platform/base/arena.h"
#include "platform/base/fs.h"
#include "platform/base/keys.h"
#include "sync/hub/commit.h"
#include "sync/hub/hubstore.h"
#include "sync/hub/sql.h"

struct store_bench {
    char dir[64];                /* a folder of the case's own */
    char address[FS_PATH_MAX];   /* "" on SQLite */
    struct hubstore_where where; /* to open it once more */
    struct hubstore *store;
    struct sql *sql; /* a second connection, for what is done by hand */
    struct arena a;
    struct keypair self; /* the hub's */
};

/* engine: an address of PostgreSQL, or NULL for SQLite. */
void store_bench_engine(const char *engine);
int store_bench_new(void **state);
int store_bench_done(void **state);

extern const struct clock_now store_noon;

/* A device that writes lines, in memory. */
enum { STORE_LINES_MAX = 400 };
struct store_device {
    char id[KEYS_ID_TEXT];
    size_t count;
    const char *lines[STORE_LINES_MAX]; /* lines[0] is line 1; in the bench's arena */
};
void store_device(struct store_device *d, char digit);
void store_write(struct store_bench *b, struct store_device *d, const char *kind,
                 const char *subject, const char *body);
/* One with a key, which can admit others. */
struct store_member {
    struct store_device d;
    struct keypair key;
};
void store_member(struct store_member *m);
/* A line of `by` that admits the other. */
void store_admit(struct store_bench *b, struct store_member *by, const struct store_member *other,
                 const char *site);
/* Enrols the device at the site by a code of its own; gives the site's id. */
void store_join(struct store_bench *b, const char *site, const char *device,
                char out_site[KEYS_RANDOM_ID]);
/* The device is known as the site's, as if it had been enrolled once and lost. */
void store_know(struct store_bench *b, const char *site, const char *device);
/* The hub's word, as it would be given; the bench is its ctx. */
enum err store_certify(void *ctx, struct arena *a, const struct hub_device *where,
                       const char *device, struct clock_now now, const char **out, struct why *why);
/* Lines first..last of the device, as a push of `sender`, in a fresh struct of the arena. */
struct hub_push *store_push(struct store_bench *b, const char *site, const char *sender,
                            const struct store_device *d, size_t first, size_t last);
enum err store_append(struct store_bench *b, struct hub_push *push);
/* A device at a site, with so many lines written. */
struct store_kiosk {
    struct store_device d;
    char site[KEYS_RANDOM_ID];
};

void store_kiosk(struct store_bench *b, struct store_kiosk *k, const char *site, char digit,
                 size_t lines);
/* A file of that name in the bench's folder; and a backup of the hub, made there. */
void store_path(struct store_bench *b, char out[FS_PATH_MAX], const char *name);
void store_backup(struct store_bench *b, char out[FS_PATH_MAX]);
int64_t store_count(struct store_bench *b, const char *select);

/* Runs them; gives how many failed. */
int hubstore_cases(void);
int hubstore_cases_lines(void); /* parts of them */
int hubstore_cases_files(void);
int hubstore_cases_adopt(void);
int hubstore_cases_content(void);
int hubstore_cases_signing(void);
int hubstore_cases_copies(void);
int hubstore_cases_failing(void);
int hubstore_cases_said(void);
int hubstore_cases_fleet(void);
int hubstore_cases_members(void);
int hubstore_cases_epoch(void);
int hubstore_cases_people(void);
int hubstore_cases_stick(void);
int hubstore_cases_backup(void);
int hubstore_cases_restore(void);
