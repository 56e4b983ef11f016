#include "app/store/find_index.h"

#include <stdlib.h>
#include <string.h>

#include "platform/base/str.h"

enum { INDEX_ARENA_MAX = 512 * 1024 * 1024, PLACES_MAX = 1000 * 1000 };

uint32_t find_letters(const char *key)
{
    uint32_t letters = 0;

    for (; *key != '\0'; key++) {
        unsigned char c = (unsigned char)*key;

        letters |= 1U << (c >= 'a' && c <= 'z' ? (unsigned)(c - 'a') : 26U + c % 6U);
    }
    return letters;
}

unsigned find_letter_count(uint32_t letters)
{
    unsigned count = 0;

    for (; letters != 0; letters &= letters - 1)
        count++;
    return count;
}

bool find_varint(const uint8_t **at, const uint8_t *end, uint32_t *out)
{
    uint32_t n = 0;

    for (unsigned shift = 0; shift < 32 && *at < end; shift += 7) {
        uint8_t byte = *(*at)++;

        n |= (uint32_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) {
            *out = n;
            return true;
        }
    }
    return false;
}

struct find_posts find_posts(const struct find_term *t)
{
    return (struct find_posts){ .at = t->posts, .end = t->posts + t->bytes };
}

bool find_posts_next(struct find_posts *p)
{
    uint32_t step = 0;

    if (!find_varint(&p->at, p->end, &step) || p->at >= p->end)
        return false;
    p->place += step;
    p->fields = *p->at++;
    return true;
}

enum err find_part_open(struct db *db, const char *part, sqlite3_blob **out, size_t *out_len,
                        struct why *why)
{
    struct db_stmt q = db_prepare(db, "select rowid from find where part = ?1");

    db_bind_text(&q, 1, part);
    const bool there = db_step(&q);
    const int64_t row = there ? db_i64(&q, 0) : 0;
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK && !there)
        rc = why_set(why, ERR_INPUT, 0, "the index of the search is not there");
    if (rc == ERR_OK &&
        sqlite3_blob_open(db->handle, "main", "find", "data", row, 0, out) != SQLITE_OK)
        rc = why_set(why, ERR_IO, 0, "read the search's index: %s", sqlite3_errmsg(db->handle));
    if (rc == ERR_OK)
        *out_len = (size_t)sqlite3_blob_bytes(*out);
    return rc;
}

static enum err load_part(struct find_index *x, struct db *db, const char *part, char **out,
                          size_t *out_len, struct why *why)
{
    sqlite3_blob *blob = NULL;
    size_t len = 0;
    char *bytes = NULL;
    enum err rc = find_part_open(db, part, &blob, &len, why);

    if (rc != ERR_OK)
        return rc;
    bytes = arena_alloc(&x->a, len + 1);
    if (bytes == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "no room for the index of the search");
    else if (len > 0 && sqlite3_blob_read(blob, bytes, (int)len, 0) != SQLITE_OK)
        rc = why_set(why, ERR_IO, 0, "read the search's index: %s", sqlite3_errmsg(db->handle));
    (void)sqlite3_blob_close(blob);
    *out = bytes;
    *out_len = len;
    return rc;
}

/* How many words there are, and how many of them are names. */
static enum err load_count(const char *terms, size_t len, size_t *out_terms, size_t *out_names,
                           struct why *why)
{
    const uint8_t *at = (const uint8_t *)terms;
    const uint8_t *end = at + len;

    while (at < end) {
        const uint8_t *nul = memchr(at, '\0', (size_t)(end - at));
        const bool name = *at == '=';
        uint32_t count = 0;
        uint32_t bytes = 0;

        at = nul != NULL ? nul + 1 : end;
        if (nul == NULL || !find_varint(&at, end, &count) || !find_varint(&at, end, &bytes))
            return why_set(why, ERR_INPUT, 0, "the index of the search is damaged");
        *out_names += name ? 1 : 0;
        *out_terms += name ? 0 : 1;
    }
    return ERR_OK;
}

static enum err load_terms(struct find_index *x, struct db *db, struct why *why)
{
    char *terms = NULL;
    char *posts = NULL;
    char *keys;
    size_t len = 0;
    size_t posts_len = 0;
    size_t terms_max = 0;
    size_t names_max = 0;
    size_t used = 0;
    const uint8_t *at;
    const uint8_t *end;
    enum err rc = load_part(x, db, "terms", &terms, &len, why);

    if (rc == ERR_OK)
        rc = load_part(x, db, "posts", &posts, &posts_len, why);
    if (rc == ERR_OK)
        rc = load_count(terms, len, &terms_max, &names_max, why);
    if (rc != ERR_OK)
        return rc;
    x->terms = arena_array(&x->a, terms_max + 1, sizeof *x->terms);
    x->names = arena_array(&x->a, names_max + 1, sizeof *x->names);
    keys = arena_alloc(&x->a, 2 * len + 1);
    if (x->terms == NULL || x->names == NULL || keys == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the index of the search");
    at = (const uint8_t *)terms;
    end = at + len;
    while (at < end) {
        bool name = *at == '=';
        struct find_term *t = name ? &x->names[x->name_count] : &x->terms[x->term_count];
        char key[FIND_WORD_MAX];

        t->text = (const char *)at;
        at += strlen(t->text) + 1;
        t->posts = (const uint8_t *)posts + used;
        if (!find_varint(&at, end, &t->doc_count) || !find_varint(&at, end, &t->bytes) ||
            t->bytes > posts_len - used || strlen(t->text) >= FIND_WORD_MAX)
            return why_set(why, ERR_INPUT, 0, "the index of the search is damaged");
        used += t->bytes;
        find_key(t->text, false, key);
        t->key_len = (uint8_t)strlen(key);
        t->stem_len = (uint8_t)find_stem(key);
        t->letters = find_letters(key);
        t->key = keys;
        memcpy(keys, key, (size_t)t->key_len + 1);
        keys += t->key_len + 1;
        x->name_count += name ? 1 : 0;
        x->term_count += name ? 0 : 1;
    }
    return ERR_OK;
}

static int key_order(const void *p, const void *q)
{
    const struct find_term *const *a = p;
    const struct find_term *const *b = q;

    return strcmp((*a)->key, (*b)->key);
}

static enum err load_by_key(struct find_index *x, struct why *why)
{
    x->by_key = arena_array(&x->a, x->term_count + 1, sizeof(const struct find_term *));
    if (x->by_key == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the index of the search");
    for (size_t i = 0; i < x->term_count; i++)
        x->by_key[i] = &x->terms[i];
    qsort(x->by_key, x->term_count, sizeof(const struct find_term *), key_order);
    return ERR_OK;
}

static uint8_t load_kind(struct find_index *x, const char *kind)
{
    for (size_t i = 0; i < x->kind_count; i++) {
        if (str_eq(x->kinds[i], kind))
            return (uint8_t)i;
    }
    if (x->kind_count == FIND_KINDS_MAX)
        return FIND_KINDS_MAX - 1;
    x->kinds[x->kind_count] = arena_strdup(&x->a, kind);
    return (uint8_t)x->kind_count++;
}

static uint8_t small(int64_t n)
{
    return (uint8_t)(n < 0 ? 0 : n > UINT8_MAX ? UINT8_MAX : n);
}

static enum err load_docs(struct find_index *x, struct db *db, const char *constituency,
                          struct why *why)
{
    struct db_stmt q;
    int64_t most = 0;
    enum err rc = db_one_i64(db, "select max(place) from doc", 0, &most, why);

    if (rc != ERR_OK)
        return rc;
    if (most < 0 || most > PLACES_MAX)
        return why_set(why, ERR_INPUT, 0, "the index of the search is damaged");
    x->doc_count = (size_t)most + 1;
    x->docs = arena_array(&x->a, x->doc_count, sizeof *x->docs);
    if (x->docs == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the index of the search");
    q = db_prepare(db, "select place, kind, withdrawn, title_words, plain_words, hide_after"
                       " from doc where in_force = 1 order by id");
    while (db_step(&q)) {
        int64_t place = db_i64(&q, 0);

        if (place < 0 || place > most)
            continue;
        x->docs[place] = (struct find_doc){ .there = true,
                                            .kind = load_kind(x, db_text(&q, 1)),
                                            .withdrawn = db_i64(&q, 2) != 0,
                                            .title_words = small(db_i64(&q, 3)),
                                            .plain_words = small(db_i64(&q, 4)),
                                            .hide_after = (int32_t)db_i64(&q, 5),
                                            .order = (uint32_t)x->in_force };
        x->in_force++;
    }
    rc = db_end(&q, why);
    if (rc != ERR_OK || constituency[0] == '\0')
        return rc;
    q = db_prepare(db, "select place from doc_key where key in ('constituency', 'code')"
                       " and value = ?1");
    db_bind_text(&q, 1, constituency);
    while (db_step(&q)) {
        int64_t place = db_i64(&q, 0);

        if (place >= 0 && place <= most)
            x->docs[place].ours = true;
    }
    return db_end(&q, why);
}

/* What replaces a withdrawn document, where that is in force. */
static enum err load_replaced(struct find_index *x, struct db *db, struct why *why)
{
    struct db_stmt q = db_prepare(db, "select k.place, d.place from doc_key k join doc d on"
                                      " d.id = k.value and d.in_force = 1 and d.withdrawn = 0"
                                      " where k.key = 'replacement'");

    while (db_step(&q)) {
        int64_t place = db_i64(&q, 0);
        int64_t by = db_i64(&q, 1);

        if (place >= 0 && by >= 0 && (size_t)place < x->doc_count && (size_t)by < x->doc_count &&
            x->docs[place].withdrawn)
            x->docs[place].replaced = (uint32_t)by + 1;
    }
    return db_end(&q, why);
}

enum err find_index_load(struct db *db, const char *constituency, struct find_index **out,
                         struct why *why)
{
    struct find_index *x = calloc(1, sizeof *x);
    enum err rc;

    if (x == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the index of the search");
    arena_init(&x->a, INDEX_ARENA_MAX);
    rc = load_terms(x, db, why);
    if (rc == ERR_OK)
        rc = load_by_key(x, why);
    if (rc == ERR_OK)
        rc = load_docs(x, db, constituency, why);
    if (rc == ERR_OK)
        rc = load_replaced(x, db, why);
    if (rc == ERR_OK && x->a.failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for the index of the search");
    if (rc != ERR_OK) {
        find_index_free(x);
        return rc;
    }
    *out = x;
    return ERR_OK;
}

void find_index_free(struct find_index *x)
{
    if (x == NULL)
        return;
    arena_done(&x->a);
    free(x);
}
