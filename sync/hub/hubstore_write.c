#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_append.h"

/* What is new of many pushes goes in together. */

enum { APPEND_WALK_MAX = 1000 };

static struct sql_value append_text(const char *text)
{
    return (struct sql_value){ .data = text, .len = strlen(text) };
}
static struct sql_value append_bytes(const void *data, size_t len)
{
    return (struct sql_value){ .data = data, .len = len };
}
static struct sql_value append_i64(uint64_t value)
{
    return (struct sql_value){ .i64 = (int64_t)value };
}

static const struct sql_table append_lines = {
    .into = "line(site, no, author, seq, hlc, hash, wanted, token, line)",
    .types = "tiiibbiit",
    .conflict = "",
};
static const struct sql_table append_authors = {
    .into = "author(site, no, device, head_seq, head_hash, mark_seq, mark_hash)",
    .types = "titibib",
    .conflict = "on conflict(site, no) do update set head_seq = excluded.head_seq,"
                " head_hash = excluded.head_hash, mark_seq = excluded.mark_seq,"
                " mark_hash = excluded.mark_hash",
};
static const struct sql_table append_blobs = {
    .into = "blob(site, hash, salt, text)",
    .types = "tttt",
    .conflict = "on conflict do nothing",
};

static size_t append_line_values(const struct append *p, struct sql_value *v)
{
    const struct lines *l = p->push->lines;
    size_t n = 0;

    for (size_t i = 0; i < l->count; i++) {
        const struct lines_one *line = &l->all[i];
        if (!line->fresh)
            continue;
        v[n++] = append_text(p->push->site);
        v[n++] = append_i64(line->no);
        v[n++] = append_i64((uint64_t)l->authors[line->author].no);
        v[n++] = append_i64(line->seq);
        v[n++] = append_bytes(line->hlc, sizeof(line->hlc));
        v[n++] = append_bytes(line->hash, sizeof(line->hash));
        v[n++] = append_i64(line->marks);
        v[n++] = append_i64(p->token);
        v[n++] = append_bytes(line->text, line->len);
    }
    return n;
}

static size_t append_author_values(const struct append *p, struct sql_value *v)
{
    const struct lines *l = p->push->lines;
    size_t n = 0;

    for (size_t i = 0; i < l->author_count; i++) {
        const struct lines_author *author = &l->authors[i];
        if (!author->changed)
            continue;
        v[n++] = append_text(p->push->site);
        v[n++] = append_i64((uint64_t)author->no);
        v[n++] = append_text(author->device);
        v[n++] = append_i64(author->head_seq);
        v[n++] = append_bytes(author->head_hash, KEYS_HASH);
        v[n++] = append_i64(author->mark_seq);
        v[n++] = append_bytes(author->mark_hash, KEYS_HASH);
    }
    return n;
}

static size_t append_blob_values(const struct append *p, struct sql_value *v)
{
    const struct lines *l = p->push->lines;
    size_t n = 0;

    for (size_t i = 0; i < l->blob_count; i++) {
        v[n++] = append_text(p->push->site);
        v[n++] = append_text(l->blobs[i].hash);
        v[n++] = append_text(l->blobs[i].salt);
        v[n++] = append_text(l->blobs[i].text);
    }
    return n;
}

static size_t append_most(const struct append *p)
{
    const struct lines *l = p->push->lines;

    return l->count + l->author_count + l->blob_count;
}

/* Writes the rows of one table, of all pushes that have not failed. PostgreSQL takes them all in one statement. SQLite takes one
   row a statement anyway: there they go push by push, as one push's values stay in the processor's cache. */
static enum err append_rows(struct append *all, size_t count, struct arena *a,
                            const struct sql_table *t,
                            size_t (*values)(const struct append *p, struct sql_value *v),
                            struct why *why)
{
    const size_t columns = strlen(t->types);
    const bool whole = sql_shared(all->s->sql);
    size_t most = 0;
    size_t n = 0;
    enum err rc = ERR_OK;

    for (size_t i = 0; i < count; i++) {
        const size_t rows = append_most(&all[i]);
        most = whole ? most + rows : rows > most ? rows : most;
    }
    struct arena_mark mark = arena_mark(a);
    struct sql_value *v = arena_array(a, most * columns + 1, sizeof(*v));
    if (v == NULL)
        return why_set(why, ERR_NOMEM, 0, "lines: no memory");
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        if (all[i].push->rc == ERR_OK)
            n += values(&all[i], v + n);
        if (!whole || i + 1 == count) {
            rc = sql_rows(all->s->sql, t, v, n / columns, why);
            n = 0;
        }
    }
    arena_rewind(a, mark);
    return rc;
}

/* The head of a device with a hole in its past goes on over what was stored behind the hole before. */
static enum err append_walk(struct append *p, struct lines_author *author, struct why *why)
{
    enum err rc = ERR_OK;
    bool more = true;

    while (more && rc == ERR_OK && author->mark_seq > author->head_seq) {
        struct sql_stmt q = sql_prepare(
            p->s->sql, "select seq, hash from line where site = $1 and author = $2 and seq > $3"
                       " order by seq limit $4");
        size_t rows = 0;
        sql_bind_text(&q, 1, p->push->site);
        sql_bind_i64(&q, 2, author->no);
        sql_bind_i64(&q, 3, (int64_t)author->head_seq);
        sql_bind_i64(&q, 4, APPEND_WALK_MAX);
        while (more && sql_step(&q)) {
            rows++;
            more = (uint64_t)sql_i64(&q, 0) == author->head_seq + 1;
            if (more) {
                author->head_seq++;
                hubstore_hash(&q, 1, author->head_hash);
            }
        }
        more = more && rows == APPEND_WALK_MAX;
        rc = sql_end(&q, why);
    }
    return rc;
}

static enum err append_site_row(struct append *p, struct why *why)
{
    char hlc[HLC_TEXT];
    struct sql_stmt q =
        sql_prepare(p->s->sql, "update site set next_no = $2, hlc = $3 where id = $1");

    hlc_text(hlc, p->clock);
    sql_bind_text(&q, 1, p->push->site);
    sql_bind_i64(&q, 2, (int64_t)p->next_no);
    sql_bind_text(&q, 3, hlc);
    return sql_done(&q, NULL, why);
}

static enum err append_tail(struct append *p, struct why *why)
{
    struct hub_push *push = p->push;
    const struct lines_author *sender = NULL;
    enum err rc = ERR_OK;

    for (size_t i = 0; i < push->lines->author_count; i++)
        if (strcmp(push->lines->authors[i].device, push->device) == 0)
            sender = &push->lines->authors[i];
    if (sender != NULL)
        hubstore_head_of(sender, &push->head);
    else
        rc = hubstore_head_in(p->s, push, why);
    return rc == ERR_OK ? hubstore_sign_in(p->s, push, why) : rc;
}

enum err hubstore_append_write(struct append *all, size_t count, struct arena *a, struct why *why)
{
    enum err rc = append_rows(all, count, a, &append_lines, append_line_values, why);

    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        struct lines *l = all[i].push->lines;
        for (size_t k = 0; k < l->author_count && rc == ERR_OK && all[i].push->rc == ERR_OK; k++)
            if (l->authors[k].changed)
                rc = append_walk(&all[i], &l->authors[k], why);
    }
    if (rc == ERR_OK)
        rc = append_rows(all, count, a, &append_authors, append_author_values, why);
    if (rc == ERR_OK)
        rc = append_rows(all, count, a, &append_blobs, append_blob_values, why);
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        if (all[i].push->rc != ERR_OK)
            continue;
        if (all[i].numbered)
            rc = append_site_row(&all[i], why);
        if (rc == ERR_OK)
            rc = append_tail(&all[i], why);
    }
    return rc;
}
