/* A real canny-hub on loopback with a fresh folder, and kiosks with a log of their own that talk to it. Everything
   fails the running test by itself; nothing sleeps: reads have a deadline. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "platform/base/arena.h"
#include "platform/base/db.h"
#include "platform/base/keys.h"
#include "sync/client/http.h"
#include "sync/client/outbox.h"
#include "sync/client/worker.h"

enum { FIXTURE_PATH = 256, FIXTURE_TEXT = 1024 * 1024 };

void fixture_folder(char out[FIXTURE_PATH]); /* a fresh one */
void fixture_remove(const char *dir);        /* with the files in it */
/* A child that is killed when this test ends, however it ends. */
pid_t fixture_fork(void);
/* Starts a program with stdout in a pipe; stderr goes to the file CANNY_TEST_LOG names, or nowhere. */
pid_t fixture_spawn(const char *program, const char *const *args, int *out_fd);
/* Reads until the pipe closes, or (line) until a line feed is in. */
size_t fixture_read(int fd, char *out, size_t size, bool line);
int fixture_wait(pid_t pid); /* the exit status, or 128 and the signal */
/* A child that serves every connection to the port with the same function, one after the other. */
pid_t fixture_serve(void (*serve)(int fd, const void *ctx), const void *ctx, uint16_t *out_port);
void fixture_kill(pid_t pid);
uint16_t fixture_port_free(void); /* of this machine, for a server that may be started again */

struct hub_process {
    char dir[FIXTURE_PATH]; /* its --data */
    char url[64];
    uint16_t port;
    pid_t pid;             /* 0: not running */
    const char *request_s; /* --request-seconds, NULL: the usual */
    const char *content;   /* --content, NULL none */
    const char *mirror;    /* --mirror, NULL none */
    bool metrics;          /* with /metrics, on a port of its own */
    uint16_t metrics_port;
    const char *database; /* on PostgreSQL (a test run by postgres.sh); NULL: in its folder */
};
void hub_new(struct hub_process *h);   /* a fresh folder, started */
void hub_start(struct hub_process *h); /* again, on the same folder and port */
void hub_kill(struct hub_process *h);  /* SIGKILL */
int hub_end(struct hub_process *h);    /* SIGTERM: the exit status */
void hub_done(struct hub_process *h);  /* ends it if it runs, removes the folder */
void hub_code(struct hub_process *h, const char *site, char out[16]);
/* Runs canny-hub with these arguments (NULL at the end); stdout in out; the exit status. */
int hub_run(char *out, size_t size, const char *const *args);
/* How often a text stands in the hub's export. */
size_t hub_count(struct hub_process *h, const char *text);

struct kiosk {
    char dir[FIXTURE_PATH];
    struct db db;
    struct keypair self;
    struct clock *clock;
    struct worker_options o;
    char site[KEYS_RANDOM_ID];
    char hub[KEYS_ID_TEXT];
    char url[64];
    int64_t offset_ms;
    uint64_t pushed, pulled; /* of the last round */
};
void kiosk_new(struct kiosk *k, const char *now);           /* now: NULL or a time for its clock */
void kiosk_copy(struct kiosk *k, const struct kiosk *from); /* the card copied as it is */
void kiosk_done(struct kiosk *k);
enum fault kiosk_enrol(struct kiosk *k, struct hub_process *h, const char *code, bool key_known);
/* A hub, and two kiosks enrolled at one site: by a typed code, and by a code that came with the hub's key. */
void pair_new(struct hub_process *h, struct kiosk *a, struct kiosk *b);
void pair_done(struct hub_process *h, struct kiosk *a, struct kiosk *b);
/* Records a line; its text is in the body. */
void kiosk_record(struct kiosk *k, const char *kind, const char *text);
void kiosk_record_named(struct kiosk *k, const char *name); /* a line that names a blob */
enum fault kiosk_round(struct kiosk *k);
void kiosk_outbox(struct kiosk *k, struct outbox *out); /* for single steps */
uint64_t kiosk_head(struct kiosk *k);
size_t kiosk_lines(struct kiosk *k, const char *text); /* lines whose text holds this */
const char *kiosk_state(struct kiosk *k, struct arena *a, const char *key);
enum err kiosk_ingest(void *ctx, struct db *db, struct clock_now now,
                      const struct event_line *lines, size_t count, size_t *out_new,
                      struct why *why);

/* One request signed by the kiosk, by hand: what it carries can be bent. */
struct bent {
    const char *method, *path, *query, *type;
    const void *body;
    size_t len;
    const char *hub;   /* NULL: the right one */
    const char *nonce; /* NULL: a fresh one */
    int64_t created_off_s;
    const char *send_query; /* what is sent instead of what was signed; NULL the same */
    const void *send_body;  /* likewise */
    size_t send_len;
    const struct keypair *key; /* signs instead of the kiosk's own */
    bool no_digest_covered;
    bool no_epoch_covered;
    const char *epoch; /* NULL: the one that the kiosk knows */
};
/* The reply, in the arena; fails the test when none comes. out_problem: its code, "" none. */
int bent_ask(struct arena *a, struct kiosk *k, const struct bent *b, struct http_reply *out,
             const char **out_problem);
