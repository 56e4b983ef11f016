#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "platform/base/fs.h"
#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/hub/api.h"
#include "sync/hub/commands.h"
#include "sync/hub/commands_parts.h"
#include "sync/hub/hubstore_file.h"
#include "sync/hub/keeper.h"
#include "sync/hub/options.h"
#include "sync/hub/server.h"
#include "sync/hub/watch.h"
#include "sync/hub/web/web.h"

enum {
    SERVE_FOLLOW = 5000, /* lines or sites a second at most */
    SERVE_COUNT_S =
        5, /* how often the remembered requests are gone through: there may be millions */
};

/* What runs while the hub serves. */
struct serving {
    const char *listen, *watch_at;
    struct keeper_options keep;
    struct hubstore *behind;
    struct server *server;
    struct watch *watch;
    struct keeper *keeper;
    struct web *web;
};

/* What follows behind the requests, on a connection of its own. */
static void serve_follow(struct hub *h, struct hubstore *s, bool count, bool *told)
{
    struct why why = { 0 };
    bool crowded = atomic_load(&h->crowded);

    hubstore_tidy(s);
    enum err rc = hubstore_follow(s, SERVE_FOLLOW, &why);

    if (rc == ERR_OK && count)
        rc = hubstore_nonces_old(s, hub_now(h).wall_ms, &crowded, &why);
    if (rc == ERR_OK)
        rc = hubstore_files_old(s, hub_now(h).wall_ms, &why);
    if (rc == ERR_OK) {
        atomic_store(&h->crowded, crowded);
        atomic_store(&h->store_ms, clock_mono_ms());
    } else if (!*told) {
        log_line(LOG_ERROR, "follow behind the lines: %s", why.text);
    }
    *told = rc != ERR_OK;
}

/* SIGHUP: --content is read again. */
static void serve_wait(struct hub *h, const struct serving *s, const sigset_t *signals)
{
    const struct timespec second = { .tv_sec = 1 };
    bool told = false;
    unsigned seconds = 0;

    int got = -1;

    while (got < 0 || got == SIGHUP) {
        if (got == SIGHUP)
            keeper_poke(s->keeper);
        else
            serve_follow(h, s->behind, seconds++ % SERVE_COUNT_S == 0, &told);
        got = sigtimedwait(signals, NULL, &second);
    }
}

static enum err serve_start(struct hub *h, struct serving *s, struct why *why)
{
    enum err rc = hubstore_open(&h->where, HUBSTORE_LOOK, &s->behind, why);

    if (rc == ERR_OK)
        rc = web_start(h, &s->web, why);
    if (rc == ERR_OK) {
        h->pages = web_pages(s->web);
        rc = server_start(h, s->listen, &s->server, why);
    }
    if (rc == ERR_OK && s->watch_at != NULL)
        rc = watch_start(h, s->server, s->watch_at, &s->watch, why);
    return rc == ERR_OK ? keeper_start(h, &s->keep, &s->keeper, why) : rc;
}

static void serve_stop(struct serving *s)
{
    keeper_stop(s->keeper);
    watch_stop(s->watch);
    server_stop(s->server);
    web_free(s->web);
    hubstore_close(s->behind);
}

static void serve_say(const struct serving *s)
{
    if (s->watch != NULL)
        (void)printf("metrics on http://%.*s:%u/metrics\n",
                     (int)(strrchr(s->watch_at, ':') - s->watch_at), s->watch_at,
                     (unsigned)watch_port(s->watch));
    (void)printf("listening on http://%.*s:%u\n", (int)(strrchr(s->listen, ':') - s->listen),
                 s->listen, (unsigned)server_port(s->server));
    (void)fflush(stdout);
}

/* Blocked before any thread starts, so that only serve_wait takes them. */
static void serve_signals(sigset_t *out)
{
    (void)sigemptyset(out);
    (void)sigaddset(out, SIGTERM);
    (void)sigaddset(out, SIGINT);
    (void)sigaddset(out, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, out, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

static bool serve_repository(const char *folder)
{
    char path[FS_PATH_MAX];
    struct fs_stat st;

    if (fs_join(path, folder, "metadata", NULL) == ERR_OK && fs_stat(path, &st, NULL) == ERR_OK &&
        st.is_dir)
        return true;
    (void)fprintf(stderr,
                  "canny-hub serve: --content %s is no repository (it has no folder metadata); "
                  "canny-pack publish makes one\n",
                  folder);
    return false;
}

/* What is said beside where the records are. */
struct serve_args {
    struct command_where where;
    struct serving s;
    const char *seconds, *proxy, *url;
    int64_t request_s;
};

static enum options_result serve_read(int argc, char **argv, struct serve_args *o)
{
    const struct option_row rows[] = {
        { "--data", "DIR", "where the hub keeps its records and keys; made when it is not there",
          false, &o->where.data },
        COMMAND_DATABASE(o->where),
        { "--listen", "ADDRESS:PORT", "default 127.0.0.1:8080; port 0 takes a free one", false,
          &o->s.listen },
        { "--request-seconds", "N",
          "how long a client may take over a request; default 15, at most 300", false,
          &o->seconds },
        { "--behind-proxy", NULL,
          "a proxy is in front, and nobody else gets here: it says who asks in X-Forwarded-For",
          false, &o->proxy },
        { "--url", "URL",
          "the address by which kiosks find this hub, for those that hear of it by a stick; kept",
          false, &o->url },
        { "--content", "DIR",
          "a repository of signed content in a folder, as canny-pack writes it: published here at "
          "the "
          "start, daily and at SIGHUP; its first root is trusted where there is none",
          false, &o->s.keep.folder },
        { "--mirror", "URL",
          "another hub, or a web server with a repository: what it has and this hub lacks is taken "
          "at the start, every quarter of an hour and at SIGHUP; needs a root (content trust)",
          false, &o->s.keep.mirror },
        { "--ca", "DIR", "of --mirror: a folder of further CAs", false, &o->s.keep.ca },
        { "--proxy", "HOST:PORT", "of --mirror: the proxy to go by", false, &o->s.keep.proxy },
        { "--metrics-listen", "ADDRESS:PORT",
          "where /metrics for Prometheus is, open to whoever gets there; nowhere unless given",
          false, &o->s.watch_at },
    };

    return options_read(
        "serve",
        "Answers kiosks until SIGTERM; put a TLS proxy in front for other machines. Of several\n"
        "copies on one database each has limits of its own for who asks too often.",
        rows, COUNT_OF(rows), argc, argv);
}

static bool serve_args_ok(struct serve_args *o)
{
    if (o->seconds != NULL &&
        (!str_to_i64(o->seconds, &o->request_s) || o->request_s < 1 || o->request_s > 300)) {
        (void)fprintf(stderr, "canny-hub serve: --request-seconds is 1 to 300\n");
        return false;
    }
    if (o->url != NULL && !api_url_ok(o->url)) {
        (void)fprintf(stderr, "canny-hub serve: --url is http:// or https:// without blanks\n");
        return false;
    }
    return o->s.keep.folder == NULL || serve_repository(o->s.keep.folder);
}

/* From what is open to SIGTERM; gives the status. */
static int serve_run(struct hub *h, struct serve_args *o, const sigset_t *signals)
{
    struct why why = { 0 };

    h->request_ms = o->request_s * 1000;
    h->behind_proxy = o->proxy != NULL;
    enum err rc = serve_start(h, &o->s, &why);
    if (rc == ERR_OK) {
        serve_say(&o->s);
        log_line(LOG_INFO, "hub %s serves %s", h->self.id,
                 o->where.data != NULL ? o->where.data : "a database");
        serve_wait(h, &o->s, signals);
    }
    serve_stop(&o->s);
    if (rc == ERR_OK) {
        log_line(LOG_INFO, "stopped");
        return 0;
    }
    (void)command_failed("serve", &why);
    return rc == ERR_INPUT ? 2 : 1;
}

int command_serve(int argc, char **argv)
{
    struct serve_args o = { .s = { .listen = "127.0.0.1:8080" } };
    struct why why = { 0 };
    struct hub *h = NULL;
    sigset_t signals;
    const enum options_result r = serve_read(argc, argv, &o);

    if (r != OPTIONS_OK)
        return command_usage(r);
    if (!serve_args_ok(&o))
        return 2;
    serve_signals(&signals);
    enum err rc = command_open(&o.where, true, &h, &why);
    if (rc == ERR_OK && o.url != NULL)
        rc = hubstore_url_set(h->store, o.url, &why);
    if (rc != ERR_OK) {
        command_close(h);
        return command_not_opened("serve", rc, &o.where, &why);
    }
    const int status = serve_run(h, &o, &signals);
    command_close(h);
    return status;
}
