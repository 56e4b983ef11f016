#include "sync/client/porter.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "platform/base/fs.h"
#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/client/content_give.h"
#include "sync/client/state.h"
#include "sync/client/stick_content.h"
#include "sync/log/device_key.h"

enum porter_ask { PORTER_ASK_NOTHING, PORTER_ASK_LOOK, PORTER_ASK_GO };

struct porter {
    struct porter_options o;
    char *data_dir;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t turn;

    /* Under the lock. */
    char roots[PORTER_STICKS_MAX][FS_PATH_MAX]; /* the first is the one that is worked on */
    size_t count;
    bool stop, cancel;
    enum porter_ask ask;
    struct porter_view view;

    /* The thread's own. */
    struct db db;
    char root[FS_PATH_MAX];
};

static void porter_told(struct porter *p, bool records)
{
    if (p->o.changed != NULL)
        p->o.changed(p->o.ctx, records);
}

/* ---- the sticks; with the lock held ---- */

static void porter_name(const char *root, char out[PORTER_NAME_MAX])
{
    const char *slash = strrchr(root, '/');
    (void)str_copy(out, PORTER_NAME_MAX, slash == NULL || slash[1] == '\0' ? root : slash + 1);
}

static void porter_next(struct porter *p)
{
    uint64_t serial = p->view.serial + 1;
    uint64_t plugs = p->view.plugs;
    p->view = (struct porter_view){ .serial = serial, .plugs = plugs };
    p->ask = PORTER_ASK_NOTHING;
    if (p->count == 0)
        return;
    porter_name(p->roots[0], p->view.name);
    p->view.waiting = (unsigned)p->count - 1;
    p->view.state = PORTER_LOOKING;
    p->ask = PORTER_ASK_LOOK;
    (void)pthread_cond_broadcast(&p->turn);
}

void porter_plug(struct porter *p, const char *root)
{
    (void)pthread_mutex_lock(&p->lock);
    bool known = p->count == PORTER_STICKS_MAX;
    for (size_t i = 0; i < p->count; i++)
        known = known || str_eq(p->roots[i], root);
    if (!known && str_copy(p->roots[p->count], FS_PATH_MAX, root)) {
        p->count++;
        p->view.plugs++;
        if (p->count == 1)
            porter_next(p);
        p->view.waiting = (unsigned)p->count - 1;
        p->view.serial++;
    }
    (void)pthread_mutex_unlock(&p->lock);
    porter_told(p, false);
}

void porter_unplug(struct porter *p, const char *root)
{
    (void)pthread_mutex_lock(&p->lock);
    for (size_t i = 0; i < p->count; i++) {
        if (!str_eq(p->roots[i], root))
            continue;
        p->count--;
        memmove(p->roots[i], p->roots[i + 1], (p->count - i) * sizeof p->roots[0]);
        p->view.waiting = p->count == 0 ? 0 : (unsigned)p->count - 1;
        p->view.serial++;
        if (i > 0)
            break;
        /* The work under way ends by itself, and says how: a failure stays on the screen until the next stick. */
        if (p->view.state == PORTER_BUSY) {
            p->cancel = true;
            p->view.pulled = true;
        } else if (p->view.state != PORTER_FAILED || p->count > 0) {
            porter_next(p);
        }
        break;
    }
    (void)pthread_mutex_unlock(&p->lock);
    porter_told(p, false);
}

/* ---- the thread ---- */

static bool porter_cancelled(void *ctx)
{
    struct porter *p = ctx;
    (void)pthread_mutex_lock(&p->lock);
    bool over = p->stop || p->cancel || p->count == 0 || !str_eq(p->roots[0], p->root);
    (void)pthread_mutex_unlock(&p->lock);
    return over;
}

static void porter_progress(void *ctx, const struct stick_tally *t)
{
    struct porter *p = ctx;
    (void)pthread_mutex_lock(&p->lock);
    p->view.tally = *t;
    p->view.serial++;
    (void)pthread_mutex_unlock(&p->lock);
    porter_told(p, t->taken > 0);
}

static void porter_content_progress(void *ctx, size_t done, size_t all)
{
    struct porter *p = ctx;
    (void)pthread_mutex_lock(&p->lock);
    p->view.tally.done = done;
    p->view.tally.all = all;
    p->view.serial++;
    (void)pthread_mutex_unlock(&p->lock);
    porter_told(p, false);
}

static void porter_content(struct porter *p, bool go, struct stick *s)
{
    const struct stick_content work = {
        .client = p->o.content,
        .stick = s,
        .db = &p->db,
        .clock = p->o.clock,
        .cancelled = porter_cancelled,
        .progress = porter_content_progress,
        .ctx = p,
    };

    if (work.client == NULL)
        return;
    if (go)
        stick_content_go(&work);
    else
        stick_content_look(&work);
}

static enum err porter_read(struct porter *p, struct arena *a, struct stick *s, struct why *why)
{
    enum err rc = state_get(&p->db, "site.id", a, &s->site, why);
    if (rc == ERR_OK)
        rc = state_get(&p->db, "hub.key", a, &s->hub, why);
    return rc == ERR_OK ? state_get(&p->db, "epoch", a, &s->epoch, why) : rc;
}

/* The stick that was worked on: gone from the list, or its folder gone. With the lock held. */
static bool porter_gone(const struct porter *p)
{
    return p->count == 0 || !str_eq(p->roots[0], p->root) || access(p->root, F_OK) != 0;
}

static void porter_work(struct porter *p, bool go)
{
    struct why why = { 0 };
    char root_hash[KEYS_ID_TEXT];
    struct arena a;
    arena_init(&a, (size_t)64 * 1024);
    struct stick s = { .db = &p->db,
                       .self = &p->o.self,
                       .clock = p->o.clock,
                       .ports = &p->o.ports,
                       .data = p->data_dir,
                       .root = p->root,
                       .cancelled = porter_cancelled,
                       .progress = porter_progress,
                       .ctx = p };
    (void)pthread_mutex_lock(&p->lock);
    s.tally = p->view.tally;
    (void)pthread_mutex_unlock(&p->lock);

    /* The worker may have changed the key since (a healed fork); a test's may stand in no file. */
    enum err rc = device_key_again(p->data_dir, &p->db, &p->o.self, &why);
    if (rc == ERR_OK || rc == ERR_NOT_FOUND)
        rc = porter_read(p, &a, &s, &why);
    bool nowhere = rc == ERR_OK && s.site[0] == '\0';
    if (p->o.content != NULL) {
        s.trusts_version = content_client_root(p->o.content, root_hash);
        s.trusts = s.trusts_version > 0 ? root_hash : NULL;
    }
    if (rc == ERR_OK && !nowhere)
        rc = go ? stick_exchange(&s, &why) : stick_look(&s, &why);
    if (go && p->o.settled != NULL) {
        struct why said = { 0 };
        if (p->o.settled(p->o.ctx, &p->db, &said) != ERR_OK)
            log_line(LOG_WARN, "stick: %s", said.text);
    }
    /* After the records, and what they settle: whose content it is to be may stand among them. */
    if ((rc == ERR_OK || rc == ERR_FULL) && !nowhere)
        porter_content(p, go, &s);
    /* The records are all there by now, but nobody is to pull it out for that. */
    if (go && rc == ERR_OK && s.tally.content_gave == STICK_GAVE_STOPPED)
        rc = why_set(&why, ERR_OFFLINE, 0, "stopped");
    else if (go && rc == ERR_OK && s.tally.content_gave == STICK_GAVE_FAILED &&
             access(p->root, F_OK) != 0)
        rc = why_set(&why, ERR_IO, 0, "the stick is gone");
    if (rc != ERR_OK && rc != ERR_OFFLINE)
        log_line(LOG_WARN, "stick: %s", why.text);

    (void)pthread_mutex_lock(&p->lock);
    bool pulled = p->view.pulled || porter_gone(p);
    p->cancel = false;
    p->view.serial++;
    if (pulled && !go) {
        porter_next(p);
    } else {
        p->view.tally = s.tally;
        p->view.rc = rc;
        p->view.why = why;
        p->view.pulled = pulled && rc != ERR_OK;
        p->view.state = nowhere        ? PORTER_NO_SITE
                        : rc != ERR_OK ? PORTER_FAILED
                        : go           ? PORTER_DONE
                                       : PORTER_FOUND;
        if (pulled && rc == ERR_OK)
            porter_next(p);
    }
    (void)pthread_mutex_unlock(&p->lock);
    arena_done(&a);
    /* What was given changes what the screens tell, too. */
    porter_told(p, go || s.tally.taken > 0);
}

static void *porter_main(void *ctx)
{
    struct porter *p = ctx;
    (void)prctl(PR_SET_NAME, "stick", 0, 0, 0);
    for (;;) {
        (void)pthread_mutex_lock(&p->lock);
        while (!p->stop && p->ask == PORTER_ASK_NOTHING)
            (void)pthread_cond_wait(&p->turn, &p->lock);
        enum porter_ask ask = p->ask;
        bool stop = p->stop;
        p->ask = PORTER_ASK_NOTHING;
        bool some = p->count > 0;
        if (some)
            (void)str_copy(p->root, sizeof p->root, p->roots[0]);
        (void)pthread_mutex_unlock(&p->lock);
        if (stop)
            return NULL;
        if (some)
            porter_work(p, ask == PORTER_ASK_GO);
    }
}

/* ---- what others call ---- */

void porter_go(struct porter *p)
{
    (void)pthread_mutex_lock(&p->lock);
    enum porter_state state = p->view.state;
    if (p->count > 0 && (state == PORTER_FOUND || state == PORTER_DONE || state == PORTER_FAILED)) {
        p->view.state = PORTER_BUSY;
        p->view.serial++;
        p->view.pulled = false;
        p->cancel = false;
        p->ask = PORTER_ASK_GO;
        (void)pthread_cond_broadcast(&p->turn);
    }
    (void)pthread_mutex_unlock(&p->lock);
    porter_told(p, false);
}

void porter_cancel(struct porter *p)
{
    (void)pthread_mutex_lock(&p->lock);
    p->cancel = p->view.state == PORTER_BUSY;
    (void)pthread_mutex_unlock(&p->lock);
}

void porter_again(struct porter *p)
{
    (void)pthread_mutex_lock(&p->lock);
    if (p->view.state != PORTER_BUSY && p->view.state != PORTER_LOOKING)
        porter_next(p);
    (void)pthread_mutex_unlock(&p->lock);
    porter_told(p, false);
}

void porter_look(struct porter *p, struct porter_view *out)
{
    (void)pthread_mutex_lock(&p->lock);
    *out = p->view;
    (void)pthread_mutex_unlock(&p->lock);
}

static void porter_free(struct porter *p)
{
    db_close(&p->db);
    (void)pthread_cond_destroy(&p->turn);
    (void)pthread_mutex_destroy(&p->lock);
    free(p->data_dir);
    free(p);
}

enum err porter_start(const struct porter_options *o, struct porter **out, struct why *why)
{
    char path[FS_PATH_MAX];
    struct porter *p = calloc(1, sizeof *p);
    if (p == NULL)
        return why_set(why, ERR_NOMEM, 0, "stick: no memory");
    (void)pthread_mutex_init(&p->lock, NULL);
    (void)pthread_cond_init(&p->turn, NULL);
    p->o = *o;
    p->data_dir = strdup(o->data_dir);
    p->o.data_dir = p->data_dir;
    enum err rc = p->data_dir == NULL ? why_set(why, ERR_NOMEM, 0, "stick: no memory") : ERR_OK;
    if (rc == ERR_OK)
        rc = fs_join(path, p->data_dir, "canny.db", why);
    if (rc == ERR_OK)
        rc = db_open(&p->db, path, DB_DURABLE, why);
    if (rc == ERR_OK)
        rc = stick_setup(&p->db, why);
    if (rc == ERR_OK && pthread_create(&p->thread, NULL, porter_main, p) != 0)
        rc = why_set(why, ERR_NOMEM, 0, "start the stick's thread");
    if (rc != ERR_OK) {
        porter_free(p);
        return why_in(why, rc, "stick");
    }
    *out = p;
    return ERR_OK;
}

void porter_stop(struct porter *p)
{
    if (p == NULL)
        return;
    (void)pthread_mutex_lock(&p->lock);
    p->stop = true;
    (void)pthread_cond_broadcast(&p->turn);
    (void)pthread_mutex_unlock(&p->lock);
    (void)pthread_join(p->thread, NULL);
    porter_free(p);
}
