#include <inttypes.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"
#include "sync/log/evlog_check.h"

/* Giving lines out: to a site's kiosks by number, to an export, to verify. */

enum {
    LINES_PULL_BYTES =
        2 * 1024 * 1024, /* of lines in one answer, so that it fits a bundle however it packs */
};

static enum err lines_highest(struct hubstore *s, const char *site, uint64_t *out, struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select next_no - 1 from site where id = $1");
    uint64_t highest = 0;

    sql_bind_text(&q, 1, site);
    if (sql_step(&q))
        highest = (uint64_t)sql_i64(&q, 0);
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK)
        *out = highest;
    return rc;
}

/* ---- the names beside the lines ---- */

struct lines_gather {
    struct hubstore *s;
    const char *site;
    struct arena *a;
    struct bundle_blob *blobs;
    const char **hashes;
    size_t count;
};

static enum err lines_gather_one(struct lines_gather *g, const char *hash, struct why *why)
{
    struct bundle_blob blob = { .salt = NULL };

    for (size_t i = 0; i < g->count; i++)
        if (strcmp(g->hashes[i], hash) == 0)
            return ERR_OK;
    if (g->count >= BUNDLE_LINES_MAX)
        return ERR_OK;
    struct sql_stmt q = sql_prepare(
        g->s->sql, "select salt, text from blob where site = $1 and hash = $2 and text <> ''");
    sql_bind_text(&q, 1, g->site);
    sql_bind_text(&q, 2, hash);
    if (sql_step(&q)) {
        blob.salt = sql_text_in(&q, 0, g->a);
        blob.text = sql_text_in(&q, 1, g->a);
    }
    enum err rc = sql_end(&q, why);
    if (rc != ERR_OK || blob.salt == NULL)
        return rc;
    g->hashes[g->count] = arena_strdup(g->a, hash);
    if (g->hashes[g->count] == NULL)
        return why_set(why, ERR_NOMEM, 0, "names beside the lines: no memory");
    g->blobs[g->count++] = blob;
    return ERR_OK;
}

static enum err lines_blobs(struct hubstore *s, const char *site, struct arena *a,
                            struct bundle *out, struct why *why)
{
    struct lines_gather g = {
        .s = s,
        .site = site,
        .a = a,
        .blobs = arena_array(a, BUNDLE_LINES_MAX, sizeof(struct bundle_blob)),
        .hashes = arena_array(a, BUNDLE_LINES_MAX, sizeof(char *)),
    };
    struct arena scratch;
    enum err rc = g.blobs != NULL && g.hashes != NULL
                      ? ERR_OK
                      : why_set(why, ERR_NOMEM, 0, "names beside the lines: no memory");

    arena_init(&scratch, EVENT_ARENA);
    for (size_t i = 0; i < out->line_count && rc == ERR_OK; i++) {
        const struct bundle_line *line = &out->lines[i];
        const char *const *hashes = NULL;
        size_t count = 0;
        struct event e;
        if (!event_may_name(line->line))
            continue;
        arena_reset(&scratch);
        if (event_parse(&scratch, line->line, line->len, &e, NULL) != ERR_OK)
            continue; /* it names nothing that could be found */
        rc = event_hashes(&scratch, &e, &hashes, &count, why);
        for (size_t k = 0; k < count && rc == ERR_OK; k++)
            rc = lines_gather_one(&g, hashes[k], why);
    }
    arena_done(&scratch);
    out->blobs = g.blobs;
    out->blob_count = g.count;
    return rc;
}

/* ---- by number ---- */

static bool lines_copy(struct sql_stmt *q, struct arena *a, struct bundle_line *out)
{
    size_t len = 0;
    const char *text = sql_bytes(q, 1, &len);

    *out = (struct bundle_line){ .site_no = (uint64_t)sql_i64(q, 0),
                                 .line = arena_strndup(a, text, len),
                                 .len = len };
    return out->line != NULL;
}

static struct sql_stmt lines_ask(struct hubstore *s, const struct hub_since *ask, int64_t to)
{
    struct sql_stmt q = sql_prepare(
        s->sql, ask->own == 0
                    ? "select no, line from line where site = $1 and no > $2 order by no limit $3"
                    : "select no, line from line where site = $1 and no > $2 and no <= $4"
                      " and not (seq <= $5 and author = coalesce((select a.no from author a where"
                      " a.site = $1 and a.device = $6), -1)) order by no limit $3");

    sql_bind_text(&q, 1, ask->site);
    sql_bind_i64(&q, 2, ask->after > INT64_MAX ? INT64_MAX : (int64_t)ask->after);
    sql_bind_i64(&q, 3, (int64_t)ask->max);
    if (ask->own > 0) {
        sql_bind_i64(&q, 4, to);
        sql_bind_i64(&q, 5, ask->own > INT64_MAX ? INT64_MAX : (int64_t)ask->own);
        sql_bind_text(&q, 6, ask->device);
    }
    return q;
}

/* The highest number is read first: what is committed in between stands above it, and is the next answer's. */
static enum err lines_since(struct hubstore *s, const struct hub_since *ask, struct arena *a,
                            struct bundle *out, struct why *why)
{
    const uint64_t after = ask->after;
    size_t bytes = 0;
    bool full = false;
    bool more = true;
    uint64_t highest = 0;
    enum err rc = lines_highest(s, ask->site, &highest, why);
    if (rc != ERR_OK)
        return rc;
    const uint64_t to =
        after < highest && highest - after > HUB_LOOK_MAX ? after + HUB_LOOK_MAX : highest;
    out->next = after < highest ? after : highest;
    out->lines = arena_array(a, ask->max, sizeof(*out->lines));
    if (out->lines == NULL)
        return why_set(why, ERR_NOMEM, 0, "lines since %" PRIu64 ": no memory", after);

    struct sql_stmt q = lines_ask(s, ask, (int64_t)to);
    while (!full && bytes < LINES_PULL_BYTES && (more = sql_step(&q))) {
        struct bundle_line *line = &out->lines[out->line_count];
        full = !lines_copy(&q, a, line);
        out->line_count++;
        bytes += line->len;
        out->next = line->site_no;
    }
    /* All up to there was looked through, and what is not among the lines was left out. */
    if (ask->own > 0 && !more && out->line_count < ask->max && after < highest)
        out->next = to;
    rc = sql_end(&q, why);
    if (rc == ERR_OK && full)
        rc = why_set(why, ERR_NOMEM, 0, "lines since %" PRIu64 ": no memory", after);
    return rc == ERR_OK ? lines_blobs(s, ask->site, a, out, why) : rc;
}

enum err hubstore_since_but(struct hubstore *s, const struct hub_since *ask, struct arena *a,
                            struct bundle *out, struct why *why)
{
    struct bundle b = { .site = ask->site };
    enum err rc = lines_since(s, ask, a, &b, why);

    if (rc == ERR_OK)
        *out = b;
    return rc;
}

enum err hubstore_since(struct hubstore *s, const char *site, uint64_t after, size_t max,
                        struct arena *a, struct bundle *out, struct why *why)
{
    const struct hub_since ask = { .site = site, .device = "", .after = after, .max = max };

    return hubstore_since_but(s, &ask, a, out, why);
}

enum err hubstore_place(struct hubstore *s, const char *site, struct hub_place *out,
                        struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "select token from line where site = $1 and no = $2 and token <> 0");

    out->token[0] = '\0';
    sql_bind_text(&q, 1, site);
    sql_bind_i64(&q, 2, out->no > INT64_MAX ? INT64_MAX : (int64_t)out->no);
    if (sql_step(&q))
        (void)str_format(out->token, sizeof(out->token), "%016llx",
                         (unsigned long long)sql_i64(&q, 0));
    return sql_end(&q, why);
}

/* ---- all of them ---- */

#define LINES_SELECT                                                                               \
    "select l.site, l.no, a.device, l.seq, l.line from line l"                                     \
    " join author a on a.site = l.site and a.no = l.author"

enum err hubstore_site_there(struct hubstore *s, const char *name, struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select 1 from site where name = $1");
    bool found;

    sql_bind_text(&q, 1, name);
    found = sql_step(&q);
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK && !found)
        rc = why_set(why, ERR_NOT_FOUND, 0, "there is no site named %s", name);
    return rc;
}

enum err hubstore_each(struct hubstore *s, const char *site_name, hub_line_visit visit, void *ctx,
                       struct why *why)
{
    bool go_on = true;
    enum err rc = site_name != NULL ? hubstore_site_there(s, site_name, why) : ERR_OK;
    if (rc != ERR_OK)
        return rc;

    struct sql_stmt q = sql_prepare_wide(
        s->sql, site_name == NULL ? LINES_SELECT " order by l.hlc, a.device, l.seq"
                                  : LINES_SELECT " join site on site.id = l.site where"
                                                 " site.name = $1 order by l.hlc, a.device,"
                                                 " l.seq");
    if (site_name != NULL)
        sql_bind_text(&q, 1, site_name);
    while (go_on && sql_step(&q)) {
        struct hub_line line = {
            .site = sql_text(&q, 0),
            .no = (uint64_t)sql_i64(&q, 1),
            .device = sql_text(&q, 2),
            .seq = (uint64_t)sql_i64(&q, 3),
        };
        line.line = sql_bytes(&q, 4, &line.len);
        go_on = visit(ctx, &line);
    }
    return sql_end(&q, why);
}

enum err hubstore_stops(struct hubstore *s, hub_line_visit visit, void *ctx, struct why *why)
{
    bool go_on = true;
    struct sql_stmt q = sql_prepare_wide(
        s->sql, "select site.name, l.no, a.device, l.seq, l.line from line l join author a on"
                " a.site = l.site and a.no = l.author join site on site.id = l.site"
                " where l.wanted >= 2 order by site.name, l.site, l.no");

    while (go_on && sql_step(&q)) {
        struct hub_line line = {
            .site = sql_text(&q, 0),
            .no = (uint64_t)sql_i64(&q, 1),
            .device = sql_text(&q, 2),
            .seq = (uint64_t)sql_i64(&q, 3),
        };
        line.line = sql_bytes(&q, 4, &line.len);
        go_on = visit(ctx, &line);
    }
    return sql_end(&q, why);
}

/* ---- verify ---- */

struct lines_mark {
    int64_t seq;
    char hash[KEYS_ID_TEXT];
};

static void lines_hex(struct sql_stmt *q, int col, char out[KEYS_ID_TEXT])
{
    size_t len = 0;
    const void *data = sql_bytes(q, col, &len);

    out[0] = '\0';
    if (len == KEYS_HASH)
        hex_put(out, data, len);
}

static enum err lines_verify_row(struct evlog_check *c, struct sql_stmt *q, struct why *why)
{
    char hash[KEYS_ID_TEXT];
    struct evlog_check_line at = { .seq = sql_i64(q, 3), .hash = hash };

    lines_hex(q, 4, hash);
    at.line = sql_bytes(q, 5, &at.len);
    return evlog_check_line(c, &at, why);
}

/* An author of whom every line is gone has a row of its own here, without a line. */
enum err hubstore_verify(struct hubstore *s, evlog_tell tell, void *ctx, struct evlog_verdict *out,
                         struct why *why)
{
    struct sql_stmt q = sql_prepare_wide(
        s->sql, "select a.device, a.mark_seq, a.mark_hash, coalesce(l.seq, 0), l.hash, l.line,"
                " a.head_seq"
                " from author a left join line l on l.site = a.site and l.author = a.no"
                " order by a.site, a.device, l.seq");
    struct evlog_check c;
    struct lines_mark mark = { .seq = 0 };
    enum err rc = ERR_OK;

    evlog_check_begin(&c, tell, ctx);
    while (rc == ERR_OK && sql_step(&q)) {
        if (c.verdict.devices == 0 || strcmp(c.device, sql_text(&q, 0)) != 0) {
            if (c.verdict.devices > 0)
                evlog_check_device_end(&c, mark.seq, mark.hash);
            evlog_check_device(&c, sql_text(&q, 0), sql_i64(&q, 6));
            mark.seq = sql_i64(&q, 1);
            lines_hex(&q, 2, mark.hash);
        }
        if (sql_i64(&q, 3) != 0)
            rc = lines_verify_row(&c, &q, why);
    }
    enum err ended = sql_end(&q, rc == ERR_OK ? why : NULL);
    rc = rc == ERR_OK ? ended : rc;
    if (rc == ERR_OK && c.verdict.devices > 0)
        evlog_check_device_end(&c, mark.seq, mark.hash);
    evlog_check_end(&c);
    if (rc != ERR_OK)
        return why_in(why, rc, "verify the log");
    *out = c.verdict;
    return ERR_OK;
}
