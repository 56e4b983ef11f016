#include "app/store/find_build.h"

#include <stdlib.h>
#include <string.h>

#include "app/store/find_index.h"
#include "app/store/find_words.h"
#include "platform/base/str.h"

enum {
    BUCKETS = 1 << 16,
    BUILD_ARENA_MAX = 256 * 1024 * 1024,
    ENTRIES_MAX = 256 * 1024 * 1024, /* bytes */
    TERMS_MAX = 2 * 1000 * 1000,
};

struct build_term {
    struct build_term *next; /* in its bucket */
    const char *text;
    uint32_t number, uses;
    uint32_t place;  /* the document that had it last */
    size_t entry;    /* and where in entries that stands */
    uint32_t *posts; /* of find_build_write: its first entry there, sorted */
};

struct build_entry {
    uint32_t term, place;
    uint32_t fields;
};

struct find_build {
    struct arena a;
    struct build_term *buckets[BUCKETS];
    size_t term_count;
    struct buf entries;
    bool failed;
};

struct find_build *find_build_new(void)
{
    struct find_build *b = calloc(1, sizeof *b);

    if (b == NULL)
        return NULL;
    arena_init(&b->a, BUILD_ARENA_MAX);
    buf_init(&b->entries, ENTRIES_MAX);
    return b;
}

void find_build_free(struct find_build *b)
{
    if (b == NULL)
        return;
    buf_free(&b->entries);
    arena_done(&b->a);
    free(b);
}

static struct build_term *build_term(struct find_build *b, const char *word)
{
    uint32_t hash = 2166136261U;
    struct build_term *t;

    for (const char *c = word; *c != '\0'; c++)
        hash = (hash ^ (unsigned char)*c) * 16777619U;
    hash = (hash ^ (hash >> 16)) % BUCKETS;
    for (t = b->buckets[hash]; t != NULL; t = t->next) {
        if (str_eq(t->text, word))
            return t;
    }
    t = b->term_count < TERMS_MAX ? arena_alloc(&b->a, sizeof *t) : NULL;
    if (t == NULL)
        return NULL;
    *t = (struct build_term){ .next = b->buckets[hash],
                              .text = arena_strdup(&b->a, word),
                              .number = (uint32_t)b->term_count,
                              .place = UINT32_MAX };
    if (t->text == NULL)
        return NULL;
    b->buckets[hash] = t;
    b->term_count++;
    return t;
}

void find_build_word(struct find_build *b, uint32_t place, const char *word, unsigned fields)
{
    struct build_term *t = build_term(b, word);

    if (t == NULL) {
        b->failed = true;
        return;
    }
    if (t->place == place && t->uses > 0) {
        struct build_entry e;

        memcpy(&e, b->entries.data + t->entry, sizeof e);
        e.fields |= fields;
        memcpy(b->entries.data + t->entry, &e, sizeof e);
        return;
    }
    t->place = place;
    t->entry = b->entries.len;
    t->uses++;
    buf_add(&b->entries,
            &(struct build_entry){ .term = t->number, .place = place, .fields = fields },
            sizeof(struct build_entry));
    b->failed = b->failed || b->entries.failed;
}

size_t find_build_add(struct find_build *b, uint32_t place, const char *text, unsigned fields)
{
    struct find_word word;
    size_t len = strlen(text);
    size_t pos = 0;
    size_t count = 0;

    while (!b->failed && find_word_next(text, len, &pos, &word)) {
        find_build_word(b, place, word.text, fields);
        count += find_is_stop(word.text) ? 0 : 1;
    }
    return count;
}

/* ---- writing ---- */

static int build_order(const void *p, const void *q)
{
    const struct build_term *const *a = p;
    const struct build_term *const *b = q;

    return strcmp((*a)->text, (*b)->text);
}

static void put_varint(struct buf *out, uint32_t n)
{
    while (n >= 0x80) {
        buf_char(out, (char)((n & 0x7f) | 0x80));
        n >>= 7;
    }
    buf_char(out, (char)n);
}

struct build_out {
    struct buf terms, posts;
    const uint8_t *in_force;
    size_t places;
};

struct build_run {
    struct build_out *out;
    size_t from;
    uint32_t last, count;
};

static struct build_run run_begin(struct build_out *out)
{
    return (struct build_run){ .out = out, .from = out->posts.len };
}

static void run_post(struct build_run *r, uint32_t place, uint32_t fields)
{
    struct build_out *out = r->out;

    if (place >= out->places || out->in_force[place] == 0)
        return;
    put_varint(&out->posts, place - r->last);
    buf_char(&out->posts, (char)fields);
    r->last = place;
    r->count++;
}

static void run_end(struct build_run *r, const char *text)
{
    if (r->count == 0)
        return;
    buf_add(&r->out->terms, text, strlen(text) + 1);
    put_varint(&r->out->terms, r->count);
    put_varint(&r->out->terms, (uint32_t)(r->out->posts.len - r->from));
}

/* The postings of one term: place after place, as differences, and the fields of each. */
static void build_posts(struct build_out *out, const struct build_term *t)
{
    struct build_run r = run_begin(out);

    for (uint32_t i = 0; i < t->uses; i++)
        run_post(&r, t->posts[2 * i], t->posts[2 * i + 1]);
    run_end(&r, t->text);
}

/* The entries by term, in the order they came, which is by place. */
static bool build_sort(struct find_build *b, struct build_term **by_text)
{
    struct build_term **by_number = arena_array(&b->a, b->term_count + 1, sizeof(void *));
    size_t count = b->entries.len / sizeof(struct build_entry);
    uint32_t *posts = arena_array(&b->a, 2 * count + 1, sizeof *posts);
    uint32_t *at = arena_array(&b->a, b->term_count + 1, sizeof *at);
    size_t used = 0;

    if (by_number == NULL || posts == NULL || at == NULL)
        return false;
    for (size_t i = 0; i < b->term_count; i++)
        by_number[by_text[i]->number] = by_text[i];
    for (size_t i = 0; i < b->term_count; i++) {
        by_number[i]->posts = posts + 2 * used;
        used += by_number[i]->uses;
    }
    for (size_t i = 0; i < count; i++) {
        struct build_entry e;
        uint32_t *to;

        memcpy(&e, b->entries.data + i * sizeof e, sizeof e);
        to = by_number[e.term]->posts + (size_t)2 * at[e.term]++;
        to[0] = e.place;
        to[1] = e.fields;
    }
    return true;
}

/* Written in place: bound to a statement, some megabytes would stand in memory three times. */
static enum err build_keep(struct db *db, const char *part, const struct buf *data, struct why *why)
{
    struct db_stmt q = db_prepare(db, "insert into find(part, data) values (?1, zeroblob(?2))");
    sqlite3_blob *blob = NULL;
    enum err rc;

    db_bind_text(&q, 1, part);
    db_bind_i64(&q, 2, (int64_t)data->len);
    (void)db_step(&q);
    rc = db_end(&q, why);
    if (rc != ERR_OK || data->len == 0)
        return rc;
    if (sqlite3_blob_open(db->handle, "main", "find", "data", sqlite3_last_insert_rowid(db->handle),
                          1, &blob) != SQLITE_OK ||
        sqlite3_blob_write(blob, data->data, (int)data->len, 0) != SQLITE_OK) {
        int code = sqlite3_errcode(db->handle) & 0xff;

        rc = why_set(why, code == SQLITE_FULL ? ERR_FULL : ERR_IO, 0,
                     "write the search's index: %s", sqlite3_errmsg(db->handle));
    }
    (void)sqlite3_blob_close(blob);
    return rc;
}

/* The terms in the order of their texts, each with its entries sorted. */
static enum err build_terms(struct find_build *b, struct build_term ***out, struct why *why)
{
    struct build_term **all = arena_array(&b->a, b->term_count + 1, sizeof(void *));
    size_t count = 0;

    if (b->failed || all == NULL)
        return why_set(why, ERR_LIMIT, 0, "the documents hold too many words for the search");
    for (size_t i = 0; i < BUCKETS; i++) {
        for (struct build_term *t = b->buckets[i]; t != NULL; t = t->next)
            all[count++] = t;
    }
    qsort(all, count, sizeof(struct build_term *), build_order);
    if (!build_sort(b, all))
        return why_set(why, ERR_NOMEM, 0, "no room for the index of the search");
    *out = all;
    return ERR_OK;
}

static void out_begin(struct build_out *out)
{
    buf_init(&out->terms, ENTRIES_MAX);
    buf_init(&out->posts, ENTRIES_MAX);
}

static enum err out_end(struct build_out *out, struct db *db, enum err rc, struct why *why)
{
    if (rc == ERR_OK)
        rc = buf_done(&out->terms, why);
    if (rc == ERR_OK)
        rc = buf_done(&out->posts, why);
    if (rc == ERR_OK)
        rc = build_keep(db, "terms", &out->terms, why);
    if (rc == ERR_OK)
        rc = build_keep(db, "posts", &out->posts, why);
    buf_free(&out->terms);
    buf_free(&out->posts);
    return rc;
}

enum err find_build_write(struct find_build *b, const uint8_t *in_force, size_t places,
                          struct db *db, struct why *why)
{
    struct build_out out = { .in_force = in_force, .places = places };
    struct build_term **all = NULL;
    enum err rc = build_terms(b, &all, why);

    if (rc != ERR_OK)
        return rc;
    out_begin(&out);
    for (size_t i = 0; i < b->term_count; i++)
        build_posts(&out, all[i]);
    return out_end(&out, db, rc, why);
}

/* ---- writing what is mostly as before ---- */

/* Reads the terms of before one after the other. */
struct build_old {
    const uint8_t *at, *end, *posts, *posts_end;
    const char *text; /* NULL: no more */
    const uint8_t *post, *post_end;
    bool damaged;
};

static void old_next(struct build_old *o)
{
    const uint8_t *nul = o->at < o->end ? memchr(o->at, '\0', (size_t)(o->end - o->at)) : NULL;
    uint32_t count = 0;
    uint32_t bytes = 0;

    o->text = NULL;
    if (o->at == o->end)
        return;
    if (nul == NULL)
        o->damaged = true;
    if (o->damaged)
        return;
    o->text = (const char *)o->at;
    o->at = nul + 1;
    o->damaged = !find_varint(&o->at, o->end, &count) || !find_varint(&o->at, o->end, &bytes) ||
                 bytes > (size_t)(o->posts_end - o->posts);
    if (o->damaged)
        return;
    o->post = o->posts;
    o->posts += bytes;
    o->post_end = o->posts;
}

/* The postings of a term of before that stay, and those that are new, by place. */
static void old_posts(struct build_run *r, struct build_old *o, const struct find_before *before,
                      const struct build_term *t)
{
    uint32_t place = 0;
    uint32_t i = 0;

    while (o->post < o->post_end) {
        uint32_t step = 0;

        o->damaged = !find_varint(&o->post, o->post_end, &step) || o->post == o->post_end;
        if (o->damaged)
            return;
        place += step;
        for (; t != NULL && i < t->uses && t->posts[2 * i] < place; i++)
            run_post(r, t->posts[2 * i], t->posts[2 * i + 1]);
        if (place < before->drop_places && before->drop[place] == 0)
            run_post(r, place, *o->post);
        o->post++;
    }
    for (; t != NULL && i < t->uses; i++)
        run_post(r, t->posts[2 * i], t->posts[2 * i + 1]);
}

/* What was taken in later may have been given an earlier place. */
static void build_by_place(const struct build_term *t)
{
    for (uint32_t i = 1; i < t->uses; i++) {
        for (uint32_t k = i; k > 0 && t->posts[2 * k] < t->posts[2 * k - 2]; k--) {
            uint32_t place = t->posts[2 * k];
            uint32_t fields = t->posts[2 * k + 1];

            memcpy(t->posts + (size_t)2 * k, t->posts + (size_t)2 * k - 2, 2 * sizeof place);
            t->posts[2 * k - 2] = place;
            t->posts[2 * k - 1] = fields;
        }
    }
}

static enum err renew_merge(struct find_build *b, struct build_term *const *all,
                            struct build_old *o, const struct find_before *before,
                            struct build_out *out, struct why *why)
{
    size_t i = 0;

    old_next(o);
    while (!o->damaged && (o->text != NULL || i < b->term_count)) {
        int by = o->text == NULL ? 1 : i == b->term_count ? -1 : strcmp(o->text, all[i]->text);
        struct build_run r = run_begin(out);
        const struct build_term *t = by >= 0 ? all[i++] : NULL;
        const char *text = by <= 0 ? o->text : t->text;

        if (t != NULL)
            build_by_place(t);
        if (by > 0) {
            build_posts(out, t);
            continue;
        }
        old_posts(&r, o, before, t);
        run_end(&r, text);
        old_next(o);
    }
    return o->damaged ? why_set(why, ERR_INPUT, 0, "the index of the search is damaged") : ERR_OK;
}

static bool old_part(struct db_stmt *q, const char *part, const uint8_t **out, size_t *out_len)
{
    db_bind_text(q, 1, part);
    if (!db_step(q))
        return false;
    *out = db_blob(q, 0, out_len);
    return true;
}

enum err find_build_renew(struct find_build *b, const struct find_before *before,
                          const uint8_t *in_force, size_t places, struct db *db, struct why *why)
{
    static const char sql[] = "select data from find where part = ?1";
    struct db_stmt terms = db_prepare(before->db, sql);
    struct db_stmt posts = db_prepare(before->db, sql);
    struct build_out out = { .in_force = in_force, .places = places };
    struct build_old o = { .damaged = false };
    struct build_term **all = NULL;
    size_t len = 0;
    size_t posts_len = 0;
    enum err rc = build_terms(b, &all, why);
    bool there =
        old_part(&terms, "terms", &o.at, &len) && old_part(&posts, "posts", &o.posts, &posts_len);

    out_begin(&out);
    if (rc == ERR_OK && !there)
        rc = why_set(why, ERR_INPUT, 0, "the index of the search is not there");
    if (rc == ERR_OK) {
        o.end = o.at + len;
        o.posts_end = o.posts + posts_len;
        rc = renew_merge(b, all, &o, before, &out, why);
    }
    if (db_end(&terms, NULL) != ERR_OK || db_end(&posts, NULL) != ERR_OK)
        rc = rc == ERR_OK ? why_set(why, ERR_IO, 0, "read the index of the search") : rc;
    return out_end(&out, db, rc, why);
}
