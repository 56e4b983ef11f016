#include "app/store/find_build.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "app/store/find_index.h"
#include "app/store/find_old.h"
#include "app/store/find_words.h"
#include "platform/base/str.h"

enum {
    BUCKETS = 1 << 16,
    BUILD_ARENA_MAX = 256 * 1024 * 1024,
    ENTRIES_MAX = 256 * 1024 * 1024, /* bytes */
    TERMS_MAX = 2 * 1000 * 1000,
    PIECE_BYTES = 64 * 1024,
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

/* Postings are some megabytes and most of what an index is, so they go to the disk in pieces. A blob has to be made in its full
   length before it is written: everything is gone through twice, the first time for the terms and to count. */
struct build_out {
    struct buf terms;
    size_t posts_len;
    sqlite3_blob *to; /* of the second time */
    struct buf piece; /* what is not there yet */
    size_t written;
    bool failed;
    const uint8_t *in_force;
    size_t places;
};

static void out_flush(struct build_out *out)
{
    if (out->failed || out->piece.len == 0)
        return;
    out->failed = sqlite3_blob_write(out->to, out->piece.data, (int)out->piece.len,
                                     (int)out->written) != SQLITE_OK;
    out->written += out->piece.len;
    buf_reset(&out->piece);
}

static void out_byte(struct build_out *out, uint32_t byte)
{
    out->posts_len++;
    if (out->to == NULL)
        return;
    buf_char(&out->piece, (char)byte);
    if (out->piece.len >= PIECE_BYTES)
        out_flush(out);
}

static void out_varint(struct build_out *out, uint32_t n)
{
    for (; n >= 0x80; n >>= 7)
        out_byte(out, (n & 0x7f) | 0x80);
    out_byte(out, n);
}

struct build_run {
    struct build_out *out;
    size_t from;
    uint32_t last, count;
};

static struct build_run run_begin(struct build_out *out)
{
    return (struct build_run){ .out = out, .from = out->posts_len };
}

static void run_post(struct build_run *r, uint32_t place, uint32_t fields)
{
    struct build_out *out = r->out;

    if (place >= out->places || out->in_force[place] == 0)
        return;
    out_varint(out, place - r->last);
    out_byte(out, fields);
    r->last = place;
    r->count++;
}

static void run_end(struct build_run *r, const char *text)
{
    if (r->count == 0 || r->out->to != NULL)
        return;
    buf_add(&r->out->terms, text, strlen(text) + 1);
    put_varint(&r->out->terms, r->count);
    put_varint(&r->out->terms, (uint32_t)(r->out->posts_len - r->from));
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

static enum err build_failed(struct db *db, struct why *why)
{
    const int code = sqlite3_errcode(db->handle) & 0xff;

    return why_set(why, code == SQLITE_FULL ? ERR_FULL : ERR_IO, 0, "write the search's index: %s",
                   sqlite3_errmsg(db->handle));
}

/* Room to be written in place: bound to a statement, some megabytes would stand in memory three times. NULL where len is 0. */
static enum err build_blob(struct db *db, const char *part, size_t len, sqlite3_blob **out,
                           struct why *why)
{
    struct db_stmt q = db_prepare(db, "insert into find(part, data) values (?1, zeroblob(?2))");

    db_bind_text(&q, 1, part);
    db_bind_i64(&q, 2, (int64_t)len);
    (void)db_step(&q);
    *out = NULL;
    enum err rc = db_end(&q, why);
    if (rc != ERR_OK || len == 0)
        return rc;
    return sqlite3_blob_open(db->handle, "main", "find", "data",
                             sqlite3_last_insert_rowid(db->handle), 1, out) == SQLITE_OK
               ? ERR_OK
               : build_failed(db, why);
}

static enum err build_keep_terms(struct build_out *out, struct db *db, struct why *why)
{
    sqlite3_blob *blob = NULL;
    enum err rc = buf_done(&out->terms, why);

    if (rc == ERR_OK && out->posts_len > ENTRIES_MAX)
        rc = why_set(why, ERR_LIMIT, 0, "the documents hold too many words for the search");
    if (rc == ERR_OK)
        rc = build_blob(db, "terms", out->terms.len, &blob, why);
    if (rc == ERR_OK && blob != NULL &&
        sqlite3_blob_write(blob, out->terms.data, (int)out->terms.len, 0) != SQLITE_OK)
        rc = build_failed(db, why);
    (void)sqlite3_blob_close(blob);
    buf_free(&out->terms);
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

/* What goes through everything, twice the same. */
struct build_pass {
    enum err (*run)(const struct build_pass *p, struct build_out *out, struct why *why);
    struct find_build *b;
    struct build_term *const *all;
    const struct find_before *before;
};

static enum err build_two(const struct build_pass *p, const uint8_t *in_force, size_t places,
                          struct db *db, struct why *why)
{
    struct build_out out = { .in_force = in_force, .places = places };

    buf_init(&out.terms, ENTRIES_MAX);
    buf_init(&out.piece, (size_t)2 * PIECE_BYTES);
    enum err rc = p->run(p, &out, why);
    if (rc == ERR_OK)
        rc = build_keep_terms(&out, db, why);
    if (rc == ERR_OK)
        rc = build_blob(db, "posts", out.posts_len, &out.to, why);
    if (rc == ERR_OK && out.to != NULL) {
        const size_t counted = out.posts_len;

        out.posts_len = 0;
        rc = p->run(p, &out, why);
        out_flush(&out);
        if (rc == ERR_OK)
            rc = buf_done(&out.piece, why);
        if (rc == ERR_OK && out.failed)
            rc = build_failed(db, why);
        assert(rc != ERR_OK || out.posts_len == counted);
    }
    (void)sqlite3_blob_close(out.to);
    buf_free(&out.terms);
    buf_free(&out.piece);
    return rc;
}

static enum err write_all(const struct build_pass *p, struct build_out *out, struct why *why)
{
    (void)why;
    for (size_t i = 0; i < p->b->term_count; i++)
        build_posts(out, p->all[i]);
    return ERR_OK;
}

enum err find_build_write(struct find_build *b, const uint8_t *in_force, size_t places,
                          struct db *db, struct why *why)
{
    struct build_term **all = NULL;
    enum err rc = build_terms(b, &all, why);
    const struct build_pass p = { .run = write_all, .b = b, .all = all };

    return rc == ERR_OK ? build_two(&p, in_force, places, db, why) : rc;
}

/* ---- writing what is mostly as before ---- */

/* The postings of a term of before that stay, and those that are new, by place. */
static void old_posts(struct build_run *r, struct find_old *o, const struct find_before *before,
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

static enum err renew_merge(const struct build_pass *p, struct find_old *o, struct build_out *out,
                            struct why *why)
{
    const size_t count = p->b->term_count;
    size_t i = 0;

    find_old_next(o);
    while (!o->damaged && (o->text != NULL || i < count)) {
        int by = o->text == NULL ? 1 : i == count ? -1 : strcmp(o->text, p->all[i]->text);
        struct build_run r = run_begin(out);
        const struct build_term *t = by >= 0 ? p->all[i++] : NULL;
        const char *text = by <= 0 ? o->text : t->text;

        if (t != NULL)
            build_by_place(t);
        if (by > 0) {
            build_posts(out, t);
            continue;
        }
        old_posts(&r, o, p->before, t);
        run_end(&r, text);
        find_old_next(o);
    }
    return o->damaged ? why_set(why, ERR_INPUT, 0, "the index of the search is damaged") : ERR_OK;
}

static enum err renew_all(const struct build_pass *p, struct build_out *out, struct why *why)
{
    struct find_old o = { .damaged = false };
    enum err rc = find_old_open(&o, p->before->db, why);

    if (rc == ERR_OK)
        rc = renew_merge(p, &o, out, why);
    find_old_close(&o);
    return rc;
}

enum err find_build_renew(struct find_build *b, const struct find_before *before,
                          const uint8_t *in_force, size_t places, struct db *db, struct why *why)
{
    struct build_term **all = NULL;
    enum err rc = build_terms(b, &all, why);
    const struct build_pass p = { .run = renew_all, .b = b, .all = all, .before = before };

    return rc == ERR_OK ? build_two(&p, in_force, places, db, why) : rc;
}
