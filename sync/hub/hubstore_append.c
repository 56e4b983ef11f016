#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_adopt.h"
#include "sync/hub/hubstore_append.h"
#include "sync/hub/hubstore_member.h"

/* Taking lines in, many pushes in one transaction. First each push is held against what is stored, and nothing is
   written for one that fails; then what is new of all of them goes in together. Each site is locked before its numbers
   are read, in the order of their names, and stays so until the commit: whoever reads a site's lines by number sees them
   without a gap, and can miss none that is committed later. */

enum { APPEND_SCRATCH = 8 * 1024 * 1024 };

/* What the store has next to a run of lines with rising numbers. */
struct append_near {
    bool before_known, after_known;
    uint8_t before[KEYS_HASH];     /* hash of the line before the run */
    uint8_t after_prev[KEYS_HASH]; /* what the line after it chains to */
};

static enum err append_conflict(const struct append *p, const struct lines_one *line,
                                const char *what, struct why *why)
{
    return why_set(why, ERR_CONFLICT, 0, "line %" PRIu64 " of device %.8s: %s", line->seq,
                   p->push->lines->authors[line->author].device, what);
}

/* The site is locked, and a new epoch locks all of them: what is read here stays so until the commit. */
static enum err append_site(struct append *p, struct why *why)
{
    struct sql_stmt q =
        sql_prepare(p->s->sql, "select next_no, hlc, (select value from hub_meta where key ="
                               " 'epoch'), coalesce((select revoked_ms from device"
                               " where site = $1 and id = $2), 0) from site where id = $1");
    bool found;

    sql_bind_text(&q, 1, p->push->site);
    sql_bind_text(&q, 2, p->push->device);
    found = sql_step(&q);
    if (found) {
        p->next_no = (uint64_t)sql_i64(&q, 0);
        (void)hlc_parse(sql_text(&q, 1), &p->clock);
        p->push->other_epoch =
            p->push->epoch != NULL && strcmp(p->push->epoch, sql_text(&q, 2)) != 0;
        (void)str_copy(p->push->epoch_now, sizeof(p->push->epoch_now), sql_text(&q, 2));
        p->push->revoked = sql_i64(&q, 3) != 0;
    }
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK && !found)
        rc = why_set(why, ERR_IO, 0, "site %s is not in the store", p->push->site);
    if (rc == ERR_OK && p->push->other_epoch)
        rc = why_set(why, ERR_CONFLICT, 0, "it was made for another epoch of this hub");
    if (rc == ERR_OK && p->push->revoked)
        rc = why_set(why, ERR_DENIED, 0, "device %.8s is revoked", p->push->device);
    return rc;
}

/* ---- what is stored already ---- */

static enum err append_after(struct sql_stmt *q, struct arena *scratch, struct append_near *near)
{
    size_t len = 0;
    const char *text = sql_bytes(q, 2, &len);
    struct event e;

    arena_reset(scratch);
    /* One that cannot be read any more says nothing; verify tells of it. */
    near->after_known = event_parse(scratch, text, len, &e, NULL) == ERR_OK &&
                        hex_get(near->after_prev, sizeof(near->after_prev), e.prev);
    return ERR_OK;
}

/* Bytes decide whether a line is the one that stands there, not the stored hash, which may be damaged. */
static enum err append_stored(struct append *p, struct sql_stmt *q, struct lines_one **run,
                              size_t count, size_t *at, struct why *why)
{
    const uint64_t seq = (uint64_t)sql_i64(q, 0);
    size_t len = 0;
    const void *text = sql_bytes(q, 2, &len);

    while (*at < count && run[*at]->seq < seq)
        (*at)++;
    for (size_t i = *at; i < count && run[i]->seq == seq; i++) {
        run[i]->fresh = false;
        if (run[i]->len != len || memcmp(run[i]->text, text, len) != 0)
            return append_conflict(p, run[i], "another line stands here", why);
    }
    return ERR_OK;
}

static enum err append_near(struct append *p, const struct lines_author *author,
                            struct lines_one **run, size_t count, struct arena *scratch,
                            struct append_near *near, struct why *why)
{
    const uint64_t first = run[0]->seq;
    const uint64_t last = run[count - 1]->seq;
    enum err rc = ERR_OK;
    size_t at = 0;

    if (author->mark_seq > 0 && author->mark_seq == first - 1) {
        near->before_known = true;
        memcpy(near->before, author->mark_hash, KEYS_HASH);
    }
    if (first > author->mark_seq)
        return ERR_OK; /* nothing stands there yet: the usual case needs no look */
    struct sql_stmt q =
        sql_prepare(p->s->sql, "select seq, hash, line from line where site = $1 and author = $2"
                               " and seq between $3 and $4 order by seq");
    sql_bind_text(&q, 1, p->push->site);
    sql_bind_i64(&q, 2, author->no);
    sql_bind_i64(&q, 3, (int64_t)first - 1);
    sql_bind_i64(&q, 4, (int64_t)last + 1);
    while (rc == ERR_OK && sql_step(&q)) {
        uint64_t seq = (uint64_t)sql_i64(&q, 0);
        if (seq < first) {
            near->before_known = true;
            hubstore_hash(&q, 1, near->before);
        } else if (seq > last) {
            rc = append_after(&q, scratch, near);
        } else {
            rc = append_stored(p, &q, run, count, &at, why);
        }
    }
    enum err ended = sql_end(&q, rc == ERR_OK ? why : NULL);
    return rc == ERR_OK ? ended : rc;
}

/* ---- whether it fits ---- */

static bool append_same(const uint8_t a[KEYS_HASH], const uint8_t b[KEYS_HASH])
{
    return memcmp(a, b, KEYS_HASH) == 0;
}

/* A run: lines of one author with numbers that rise by one, a number perhaps several times. */
static enum err append_run(struct append *p, struct lines_one **run, size_t count,
                           struct arena *scratch, struct why *why)
{
    const struct lines_author *author = &p->push->lines->authors[run[0]->author];
    struct append_near near = { .before_known = false };
    enum err rc = append_near(p, author, run, count, scratch, &near, why);

    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        struct lines_one *line = run[i];
        if (i > 0 && run[i - 1]->seq == line->seq) {
            if (!append_same(run[i - 1]->hash, line->hash))
                return append_conflict(p, line, "another line stands here", why);
            line->fresh = false;
            continue;
        }
        if (line->fresh && line->seq == author->mark_seq &&
            !append_same(line->hash, author->mark_hash))
            return append_conflict(p, line, "another line stands here", why);
        const struct lines_one *before = i > 0 ? run[i - 1] : NULL;
        bool known = before != NULL || near.before_known;
        if ((line->fresh || (before != NULL && before->fresh)) && known &&
            !append_same(before != NULL ? before->hash : near.before, line->prev))
            return append_conflict(p, line, "it does not chain to the line before", why);
    }
    if (rc == ERR_OK && run[count - 1]->fresh && near.after_known &&
        !append_same(near.after_prev, run[count - 1]->hash))
        return append_conflict(p, run[count - 1], "the line after does not chain to it", why);
    return rc;
}

static enum err append_runs(struct append *p, struct why *why)
{
    struct lines *l = p->push->lines;
    struct arena scratch;
    enum err rc = ERR_OK;
    size_t end;

    arena_init(&scratch, APPEND_SCRATCH);
    for (size_t at = 0; at < l->count && rc == ERR_OK; at = end) {
        for (end = at + 1; end < l->count && l->by[end]->author == l->by[at]->author &&
                           l->by[end]->seq - l->by[end - 1]->seq <= 1;)
            end++;
        rc = append_run(p, &l->by[at], end - at, &scratch, why);
    }
    arena_done(&scratch);
    return rc;
}

enum err hubstore_own(struct hubstore *s, const char *device, const char *site, struct why *why)
{
    enum err rc = sql_run(s->sql, why,
                          "insert into owner(device, site) values($1, $2) on conflict do nothing",
                          device, site, NULL);
    bool same = false;
    if (rc != ERR_OK)
        return rc;

    struct sql_stmt q = sql_prepare(s->sql, "select site from owner where device = $1");
    sql_bind_text(&q, 1, device);
    if (sql_step(&q))
        same = strcmp(sql_text(&q, 0), site) == 0;
    rc = sql_end(&q, why);
    if (rc == ERR_OK && !same)
        rc = why_set(why, ERR_DENIED, 0, "device %.8s belongs to another site", device);
    return rc;
}

static enum err append_owner(struct append *p, const char *device, struct why *why)
{
    struct sql_stmt q = sql_prepare(p->s->sql, "select site from owner where device = $1");
    bool found = false;
    bool ours = false;

    sql_bind_text(&q, 1, device);
    found = sql_step(&q);
    ours = found && strcmp(sql_text(&q, 0), p->push->site) == 0;
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK && !ours)
        rc = why_set(why, ERR_DENIED, 0,
                     found ? "device %.8s belongs to another site"
                           : "no certificate of this hub shows whose device %.8s is",
                     device);
    return rc;
}

/* A kiosk may bring what a lost kiosk or a lost hub held: of a device that the hub knows as this site's, or that a
   certificate of its own, in this push or before it, shows to be. */
static enum err append_owners(struct append *p, struct why *why)
{
    struct lines *l = p->push->lines;
    int64_t top = 0;
    struct sql_stmt q =
        sql_prepare(p->s->sql, "select coalesce(max(no), 0) from author where site = $1");
    sql_bind_text(&q, 1, p->push->site);
    if (sql_step(&q))
        top = sql_i64(&q, 0);
    enum err rc = sql_end(&q, why);
    for (size_t i = 0; i < l->author_count && rc == ERR_OK; i++) {
        if (l->authors[i].known)
            continue;
        l->authors[i].no = ++top;
        rc = append_owner(p, l->authors[i].device, why);
    }
    return rc;
}

/* Whose the lines are, by what they show of it themselves. In a transaction within, so that a push that fails here leaves
   no claim behind. */
static enum err append_judge(struct append *p, struct why *why)
{
    const struct lines *l = p->push->lines;
    bool plain = !p->push->stranger;

    for (size_t i = 0; i < l->author_count; i++)
        plain = plain && l->authors[i].known;
    for (size_t i = 0; i < l->count; i++)
        plain = plain && l->all[i].member == LINES_NO_MEMBER;
    if (plain)
        return ERR_OK; /* the usual case asks nothing */
    enum err rc = sql_begin(p->s->sql, why);
    if (rc != ERR_OK)
        return rc;

    rc = hubstore_members_in(p->s, p->push, why);
    if (rc == ERR_OK)
        rc = hubstore_admit_in(p->s, p->push, why);
    if (rc == ERR_OK && p->push->stranger)
        rc = hubstore_belongs_in(p->s, p->push, why);
    if (rc == ERR_OK)
        rc = append_owners(p, why);
    return sql_finish(p->s->sql, rc, why);
}

/* Numbers what is new, as it came. */
static void append_number(struct append *p)
{
    struct lines *l = p->push->lines;
    const struct clock_now now = p->push->now;

    keys_random(&p->token, sizeof(p->token));
    p->token = (p->token & INT64_MAX) | 1;

    for (size_t i = 0; i < l->count; i++) {
        struct lines_one *line = &l->all[i];
        struct lines_author *author = &l->authors[line->author];
        if (!line->fresh)
            continue;
        line->no = p->next_no++;
        p->numbered = true;
        p->push->head.fresh++;
        author->changed = true;
        (void)hlc_merge(&p->clock, line->stamp, line->moves,
                        now.trust >= CLOCK_NTP ? now.wall_ms : 0);
    }
    for (size_t i = 0; i < l->count; i++) {
        const struct lines_one *line = l->by[i];
        struct lines_author *author = &l->authors[line->author];
        if (line->fresh && line->seq == author->head_seq + 1) {
            author->head_seq = line->seq;
            memcpy(author->head_hash, line->hash, KEYS_HASH);
        }
        if (line->fresh && line->seq > author->mark_seq) {
            author->mark_seq = line->seq;
            memcpy(author->mark_hash, line->hash, KEYS_HASH);
        }
    }
}

/* Holds one push against the store. */
static enum err append_plan(struct append *p, struct why *why)
{
    struct lines *l = p->push->lines;
    enum err rc = append_site(p, why);

    p->push->head = (struct hub_head){ .seq = 0 };
    for (size_t i = 0; i < l->count; i++)
        l->all[i].fresh = true;
    for (size_t i = 0; i < l->author_count && rc == ERR_OK; i++)
        rc = hubstore_author(p->s, p->push->site, &l->authors[i], why);
    if (rc == ERR_OK)
        rc = append_runs(p, why);
    if (rc == ERR_OK)
        rc = append_judge(p, why);
    if (rc == ERR_OK)
        append_number(p);
    return rc;
}

/* ---- the whole ---- */

static enum err append_lock(struct hubstore *s, struct hub_push **pushes, size_t count,
                            struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        assert(i == 0 || strcmp(pushes[i - 1]->site, pushes[i]->site) < 0);
        rc = sql_lock_site(s->sql, pushes[i]->site, why);
    }
    return rc;
}

/* Whether it is this push alone that cannot be: the rest of the transaction is as sound as before. */
static bool append_alone(enum err rc)
{
    return rc == ERR_CONFLICT || rc == ERR_DENIED;
}

enum err hubstore_append_in(struct hubstore *s, struct hub_push **pushes, size_t count,
                            struct why *why)
{
    struct arena a;
    enum err rc;

    arena_init(&a, APPEND_SCRATCH * 4);
    struct append *all = arena_array(&a, count + 1, sizeof(*all));
    rc = all != NULL ? append_lock(s, pushes, count, why)
                     : why_set(why, ERR_NOMEM, 0, "lines: no memory");
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        all[i] = (struct append){ .s = s, .push = pushes[i] };
        pushes[i]->rc = append_plan(&all[i], &pushes[i]->why);
        if (pushes[i]->rc != ERR_OK && !append_alone(pushes[i]->rc)) {
            rc = pushes[i]->rc;
            if (why != NULL)
                *why = pushes[i]->why;
        }
    }
    if (rc == ERR_OK && count > 0)
        rc = hubstore_append_write(all, count, &a, why);
    arena_done(&a);
    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        rc = hubstore_admitted_in(s, pushes[i], why);
    return rc;
}

struct append_one {
    struct hub_push *push;
};

static enum err append_work(struct hubstore *s, void *ctx, struct why *why)
{
    struct append_one *one = ctx;

    return hubstore_append_in(s, &one->push, 1, why);
}

enum err hubstore_append(struct hubstore *s, struct hub_push *push, struct why *why)
{
    struct append_one one = { .push = push };

    push->rc = ERR_OK;
    return hubstore_in(s, true, append_work, &one, why);
}
