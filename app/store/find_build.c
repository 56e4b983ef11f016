#include "app/store/find_build.h"

#include <stdlib.h>
#include <string.h>

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

/* The postings of one term: place after place, as differences, and the fields of each. */
static void build_posts(struct build_out *out, const struct build_term *t, const uint32_t *posts)
{
    size_t from = out->posts.len;
    uint32_t last = 0;
    uint32_t count = 0;

    for (uint32_t i = 0; i < t->uses; i++) {
        uint32_t place = posts[2 * i];

        if (place >= out->places || out->in_force[place] == 0)
            continue;
        put_varint(&out->posts, place - last);
        buf_char(&out->posts, (char)posts[2 * i + 1]);
        last = place;
        count++;
    }
    if (count == 0)
        return;
    buf_add(&out->terms, t->text, strlen(t->text) + 1);
    put_varint(&out->terms, count);
    put_varint(&out->terms, (uint32_t)(out->posts.len - from));
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

static enum err build_keep(struct db *db, const char *part, const struct buf *data, struct why *why)
{
    struct db_stmt q = db_prepare(db, "insert into find(part, data) values (?1, ?2)");

    db_bind_text(&q, 1, part);
    db_bind_blob(&q, 2, data->len == 0 ? "" : data->data, data->len);
    (void)db_step(&q);
    return db_end(&q, why);
}

enum err find_build_write(struct find_build *b, const uint8_t *in_force, size_t places,
                          struct db *db, struct why *why)
{
    struct build_term **all = arena_array(&b->a, b->term_count + 1, sizeof(void *));
    struct build_out out = { .in_force = in_force, .places = places };
    size_t count = 0;
    enum err rc = ERR_OK;

    if (b->failed || all == NULL)
        return why_set(why, ERR_LIMIT, 0, "the documents hold too many words for the search");
    for (size_t i = 0; i < BUCKETS; i++) {
        for (struct build_term *t = b->buckets[i]; t != NULL; t = t->next)
            all[count++] = t;
    }
    qsort(all, count, sizeof(struct build_term *), build_order);
    if (!build_sort(b, all))
        return why_set(why, ERR_NOMEM, 0, "no room for the index of the search");
    buf_init(&out.terms, ENTRIES_MAX);
    buf_init(&out.posts, ENTRIES_MAX);
    for (size_t i = 0; i < count; i++)
        build_posts(&out, all[i], all[i]->posts);
    rc = buf_done(&out.terms, why);
    if (rc == ERR_OK)
        rc = buf_done(&out.posts, why);
    if (rc == ERR_OK)
        rc = build_keep(db, "terms", &out.terms, why);
    if (rc == ERR_OK)
        rc = build_keep(db, "posts", &out.posts, why);
    buf_free(&out.terms);
    buf_free(&out.posts);
    return rc;
}
