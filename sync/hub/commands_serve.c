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

enum {
    SERVE_FOLLOW = 5000, /* lines or sites a second at most */
    SERVE_COUNT_S =
        5, /* how often the remembered requests are gone through: there may be millions */
};

/* What runs while the hub serves. */
struct serving {
    const char *listen, *watch_at, *content;
    struct hubstore *behind;
    struct server *server;
    struct watch *watch;
    struct keeper *keeper;
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
        rc = server_start(h, s->listen, &s->server, why);
    if (rc == ERR_OK && s->watch_at != NULL)
        rc = watch_start(h, s->server, s->watch_at, &s->watch, why);
    return rc == ERR_OK ? keeper_start(h, s->content, &s->keeper, why) : rc;
}

static void serve_stop(struct serving *s)
{
    keeper_stop(s->keeper);
    watch_stop(s->watch);
    server_stop(s->server);
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

int command_serve(int argc, char **argv)
{
    struct command_where where = { .data = NULL };
    struct serving s = { .listen = "127.0.0.1:8080" };
    const char *seconds_text = NULL;
    const char *proxy = NULL;
    const char *url = NULL;
    int64_t seconds = 0;
    const struct option_row rows[] = {
        { "--data", "DIR", "where the hub keeps its records and keys; made when it is not there",
          false, &where.data },
        COMMAND_DATABASE(where),
        { "--listen", "ADDRESS:PORT", "default 127.0.0.1:8080; port 0 takes a free one", false,
          &s.listen },
        { "--request-seconds", "N",
          "how long a client may take over a request; default 15, at most 300", false,
          &seconds_text },
        { "--behind-proxy", NULL,
          "a proxy is in front, and nobody else gets here: it says who asks in X-Forwarded-For",
          false, &proxy },
        { "--url", "URL",
          "the address by which kiosks find this hub, for those that hear of it by a stick; kept",
          false, &url },
        { "--content", "DIR",
          "a repository of signed content in a folder, as canny-pack writes it: published here at "
          "the "
          "start, daily and at SIGHUP; its first root is trusted where there is none",
          false, &s.content },
        { "--metrics-listen", "ADDRESS:PORT",
          "where /metrics for Prometheus is, open to whoever gets there; nowhere unless given",
          false, &s.watch_at },
    };
    enum options_result r = options_read(
        "serve",
        "Answers kiosks until SIGTERM; put a TLS proxy in front for other machines. Of several\n"
        "copies on one database each has limits of its own for who asks too often.",
        rows, COUNT_OF(rows), argc, argv);
    struct why why = { 0 };
    struct hub *h = NULL;
    sigset_t signals;
    if (r != OPTIONS_OK)
        return command_usage(r);

    if (seconds_text != NULL &&
        (!str_to_i64(seconds_text, &seconds) || seconds < 1 || seconds > 300)) {
        (void)fprintf(stderr, "canny-hub serve: --request-seconds is 1 to 300\n");
        return 2;
    }
    if (url != NULL && !api_url_ok(url)) {
        (void)fprintf(stderr, "canny-hub serve: --url is http:// or https:// without blanks\n");
        return 2;
    }
    if (s.content != NULL && !serve_repository(s.content))
        return 2;
    serve_signals(&signals);
    enum err rc = command_open(&where, true, &h, &why);
    if (rc == ERR_OK && url != NULL)
        rc = hubstore_url_set(h->store, url, &why);
    if (rc != ERR_OK) {
        command_close(h);
        return command_not_opened("serve", rc, &where, &why);
    }
    h->request_ms = seconds * 1000;
    h->behind_proxy = proxy != NULL;
    rc = serve_start(h, &s, &why);
    if (rc == ERR_OK) {
        serve_say(&s);
        log_line(LOG_INFO, "hub %s serves %s", h->self.id,
                 where.data != NULL ? where.data : "a database");
        serve_wait(h, &s, &signals);
    }
    serve_stop(&s);
    if (rc == ERR_OK)
        log_line(LOG_INFO, "stopped");
    command_close(h);
    if (rc == ERR_OK)
        return 0;
    return rc == ERR_INPUT ? (command_failed("serve", &why), 2) : command_failed("serve", &why);
}
