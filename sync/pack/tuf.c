/* canny-pack tuf: a plain TUF client on the kiosk's own code, so that anybody can hold it against the specification and its
   public tests. Its exit status is 0 or exactly 1, whatever went wrong. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/pack/pack.h"
#include "sync/pack/tuf_http.h"
#include "sync/update/tuf_client.h"
#include "sync/update/tuf_download.h"

const char pack_tuf_help[] =
    "usage: canny-pack tuf --metadata-dir DIR init ROOTFILE\n"
    "       canny-pack tuf --metadata-url URL --metadata-dir DIR refresh\n"
    "       canny-pack tuf --metadata-url URL --metadata-dir DIR --target-name NAME...\n"
    "                      --target-dir DIR --target-base-url URL download\n"
    "\n"
    "A plain client of any repository of The Update Framework (TUF 1.0), on the same code as the\n"
    "kiosk's. init trusts a root and asks nobody; refresh brings the metadata up to date; "
    "download\n"
    "refreshes, then fetches each target whose length and hashes somebody entitled has signed.\n"
    "DIR of the metadata holds root.json, timestamp.json, snapshot.json, targets.json and one "
    "file\n"
    "for each delegated role, as they were served. Keys: Ed25519, ECDSA on P-256, RSA-PSS.\n"
    "\n"
    "  canny-pack tuf --metadata-dir trusted init 1.root.json\n"
    "  canny-pack tuf --metadata-url https://hub.example/v1/content/metadata/ --metadata-dir "
    "trusted refresh\n"
    "  canny-pack tuf --metadata-url https://hub.example/v1/content/metadata/ --metadata-dir "
    "trusted\n"
    "                 --target-base-url https://hub.example/v1/content/targets/ --target-dir "
    "files\n"
    "                 --target-name national/manifest.json download\n"
    "\n"
    "Exit status: 0 done, 1 anything else; one line on standard error says what.\n";

enum { TUF_NAMES_MAX = 1024, TUF_FIND_MEMORY_MAX = 256 * 1024 * 1024 };

struct tuf_args {
    const char *metadata_dir, *target_dir;
    struct tuf_http from;
    const char *names[TUF_NAMES_MAX];
    size_t name_count;
    const char *command, *root; /* root: init's file */
};

/* One line; what a server has put into it does not reach the terminal as commands. */
static int tuf_say(const char *what, const struct why *why)
{
    (void)fprintf(stderr, "canny-pack tuf: %s%s", what, why != NULL ? ": " : "");
    for (const char *c = why != NULL ? why->text : ""; *c != '\0'; c++)
        (void)fputc((unsigned char)*c < 0x20 || *c == 0x7f ? '?' : *c, stderr);
    (void)fputc('\n', stderr);
    return 1;
}

static bool tuf_option(struct tuf_args *o, const char *name, const char *value)
{
    if (str_eq(name, "--metadata-dir"))
        o->metadata_dir = value;
    else if (str_eq(name, "--metadata-url"))
        o->from.metadata_url = value;
    else if (str_eq(name, "--target-dir"))
        o->target_dir = value;
    else if (str_eq(name, "--target-base-url"))
        o->from.targets_url = value;
    else if (str_eq(name, "--target-name") && o->name_count < TUF_NAMES_MAX)
        o->names[o->name_count++] = value;
    else
        return false;
    return true;
}

static bool tuf_args_read(struct tuf_args *o, int count, char **args)
{
    for (int i = 0; i < count; i++) {
        if (str_starts(args[i], "--")) {
            if (i + 1 == count || !tuf_option(o, args[i], args[i + 1]))
                return false;
            i++;
        } else if (o->command == NULL) {
            o->command = args[i];
        } else if (o->root == NULL && str_eq(o->command, "init")) {
            o->root = args[i];
        } else {
            return false;
        }
    }
    return o->command != NULL && o->metadata_dir != NULL;
}

static enum err tuf_init(const struct tuf_args *o, struct why *why)
{
    struct arena a;
    char *root = NULL;
    size_t len = 0;

    arena_init(&a, TUF_ROOT_BYTES_MAX + 4096);
    enum err rc = fs_read(&a, o->root, TUF_ROOT_BYTES_MAX, &root, &len, why);
    if (rc == ERR_OK)
        rc = tuf_client_init(o->metadata_dir, root, len, why);
    arena_done(&a);
    return rc;
}

static enum err tuf_targets(const struct tuf_args *o, struct tuf_client *c, struct tuf_http *from,
                            struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; i < o->name_count && rc == ERR_OK; i++) {
        struct tuf_target t;
        struct arena a;

        arena_init(&a, TUF_FIND_MEMORY_MAX);
        rc = tuf_client_find(c, tuf_http_get, from, o->names[i], &a, &t, why);
        if (rc == ERR_OK)
            rc = tuf_download(c, tuf_http_pour, from, &t.file, o->target_dir, why);
        arena_done(&a);
    }
    return rc;
}

static enum err tuf_update(const struct tuf_args *o, bool download, struct why *why)
{
    struct tuf_http from = o->from;
    struct tuf_client *c = NULL;
    struct timespec now;
    /* Two of us in one folder would write each other's new files. The lock is the folder's own and leaves nothing in it. */
    const int lock = open(o->metadata_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum err rc = ERR_OK;

    if (lock < 0)
        return why_set(why, ERR_NOT_FOUND, errno, "open %.120s", o->metadata_dir);
    if (flock(lock, LOCK_EX | LOCK_NB) != 0)
        rc = why_set(why, ERR_CONFLICT, 0, "%.120s is in use by another one", o->metadata_dir);
    if (rc == ERR_OK && clock_gettime(CLOCK_REALTIME, &now) != 0)
        rc = why_set(why, ERR_IO, errno, "clock");
    if (rc == ERR_OK)
        rc = tuf_http_init(why);
    if (rc == ERR_OK)
        rc = tuf_client_open(o->metadata_dir, &c, why);
    if (rc == ERR_OK)
        rc = tuf_client_refresh(c, tuf_http_get, &from, (int64_t)now.tv_sec * 1000, why);
    if (rc == ERR_OK && download)
        rc = tuf_targets(o, c, &from, why);
    tuf_client_close(c);
    (void)close(lock);
    return rc;
}

int pack_tuf(int count, char **args)
{
    struct tuf_args o = { 0 };
    struct why why = { 0 };
    const bool read = tuf_args_read(&o, count, args);
    const bool download = read && str_eq(o.command, "download");
    enum err rc = ERR_OK;

    (void)signal(SIGPIPE, SIG_IGN); /* a server or a reader that hangs up is status 1 too */
    if (read && str_eq(o.command, "init") && o.root != NULL)
        rc = tuf_init(&o, &why);
    else if (read && str_eq(o.command, "refresh") && o.from.metadata_url != NULL)
        rc = tuf_update(&o, false, &why);
    else if (download && o.from.metadata_url != NULL && o.from.targets_url != NULL &&
             o.target_dir != NULL && o.name_count > 0)
        rc = tuf_update(&o, true, &why);
    else
        return tuf_say("wrong usage; see canny-pack tuf --help", NULL);
    return rc == ERR_OK ? 0 : tuf_say(o.command, &why);
}
